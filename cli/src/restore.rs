//! `fulgurite restore`: puts a copy in the place of a store that is not there, unless that would do
//! harm.

mod running;

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fulgurite_core::gossip::verdict::Choice;
use fulgurite_core::report::Report;
use fulgurite_core::source::Source as _;
use serde::Serialize;

use crate::args::Restore;
use crate::backup::{Judged, Manifest, hash, judge, open, refusal};
use crate::cancel;
use crate::exit::{Code, Trouble, shown};
use crate::new_file::{NewFile, must_be_new};
use crate::output::{Face, STRONG, fine, stdout};
use crate::source::FileSource;
use crate::watch::seconds;
use crate::words::backup as words;

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// Whether the store is there now.
    restored: bool,
    /// Why it is not.
    refused: &'a [String],
    sha256: &'a str,
}

/// Restores a copy, or says why not.
pub(crate) fn run(arguments: &Restore, face: Face, seed: u64) -> Result<Code, Trouble> {
    if !arguments.folder.is_dir() {
        return Err(Trouble::with(&arguments.folder, words::NO_FOLDER.get(face.language)));
    }
    let new = arguments.folder.join("gossip_store");
    must_be_new(&new, face)?;
    let backup = &arguments.backup;
    let file = open(backup)?;
    let now = arguments.now.or_else(|| u32::try_from(seconds()).ok());
    let releases = Choice::Some(vec![arguments.for_release]);
    let judged = judge(&file, backup, releases, now, seed)?;
    let manifest = Manifest::beside(backup)?;
    let mut reasons = reasons(arguments, &judged, manifest.as_ref(), face);
    if let Some(sign) = running::sign(&arguments.folder) {
        reasons.insert(0, words::runs(face.language, &sign));
    }
    let restored = reasons.is_empty();
    if restored {
        let taken = manifest.map(|manifest| manifest.taken).filter(|taken| *taken > 0);
        put(&file, backup, &new, &judged.sha256, taken, face)?;
    }
    let mut out = stdout();
    if arguments.json {
        let (refused, sha256) = (reasons.as_slice(), judged.sha256.as_str());
        let document = Document { schema: "fulgurite-restore/1", restored, refused, sha256 };
        crate::records::json(&mut out, &document)?;
    } else if restored {
        let (style, sign) = fine();
        let word = words::RESTORED.get(face.language);
        writeln!(out, "{style}{sign} {word}{style:#} {STRONG}{}{STRONG:#}", shown(&new))?;
        writeln!(out, "  {}", words::OWNER.get(face.language))?;
    } else {
        refusal(&mut out, words::NOT_RESTORED.get(face.language), backup, &reasons, face)?;
    }
    out.flush()?;
    Ok(if restored { Code::Fine } else { Code::Found })
}

/// Why the copy should not become a store.
fn reasons(
    arguments: &Restore,
    judged: &Judged,
    manifest: Option<&Manifest>,
    face: Face,
) -> Vec<String> {
    let language = face.language;
    let report = &judged.report;
    let release = arguments.for_release;
    let mut reasons = Vec::new();
    if manifest.is_some_and(|manifest| manifest.sha256 != judged.sha256) {
        reasons.push(words::OTHER_HASH.get(language).to_owned());
    }
    let version = report.gossip.as_ref().map(|gossip| &gossip.version);
    let foreign = version
        .filter(|version| version.byte != release.writes && !release.can_upgrade(version.byte));
    if let Some(version) = foreign {
        let (byte, read_by) = (version.byte, &version.read_by);
        reasons.push(words::cannot_read(language, release.name, byte, read_by));
    }
    let others = judged.reasons(face);
    // That a version is not read says why the release would not take it.
    let told = usize::from(foreign.is_some() && !others.is_empty());
    reasons.extend(others.iter().take(others.len() - told).cloned());
    reasons.extend(age(arguments, report, face));
    reasons
}

/// A store of which little would stay.
fn age(arguments: &Restore, report: &Report, face: Face) -> Option<String> {
    let network = &report.gossip.as_ref()?.network;
    let (stay, all) = (network.channels_after_prune, network.channels);
    let old = stay.saturating_mul(2) < all && !arguments.even_if_old;
    old.then(|| words::too_old(face.language, &face.count(stay), &face.count(all)))
}

/// When what the copy holds was written: when it was taken, by its document, and no later than the
/// file's own time. A clock that was ahead says nothing, and what has no other is very old.
fn age_of(taken: Option<u64>, modified: Option<SystemTime>) -> SystemTime {
    let now = SystemTime::now();
    let taken = taken.and_then(|taken| UNIX_EPOCH.checked_add(Duration::from_secs(taken)));
    let times = [taken, modified].into_iter().flatten();
    times.filter(|time| *time <= now).min().unwrap_or(UNIX_EPOCH)
}

/// Writes the store beside its place, reads it back, and gives it its name.
fn put(
    file: &std::fs::File,
    backup: &Path,
    new: &Path,
    sha256: &str,
    taken: Option<u64>,
    face: Face,
) -> Result<(), Trouble> {
    let fail = |error: io::Error| Trouble::with(new, error);
    let metadata = file.metadata().map_err(|error| Trouble::with(backup, error))?;
    let source = FileSource::new(file, metadata.len());
    let mut copy = NewFile::beside(new)?;
    let mut window = vec![0; 256 * 1024];
    let mut at = 0;
    while at < source.len() {
        cancel::check()?;
        let left = usize::try_from(source.len() - at).unwrap_or(usize::MAX);
        let Some(part) = window.get_mut(..left.min(256 * 1024)) else { break };
        source.read_at(at, part).map_err(|error| Trouble::source(backup, &error))?;
        copy.as_mut().write_all(part).map_err(fail)?;
        at += part.len() as u64;
    }
    // From v24.02 on gossipd takes a file that is less than an hour old for up to date, and asks
    // its peers for less (`gossip_store_compact`, `gossip_store_upgrade`: populated).
    copy.as_ref().set_modified(age_of(taken, metadata.modified().ok())).map_err(fail)?;
    copy.sync()?;
    if hash(FileSource::new(copy.as_ref(), metadata.len()), new)? != sha256 {
        let text = crate::words::read_back_wrong(face.language, "sha256");
        return Err(Trouble::with(new, text));
    }
    copy.keep(face)
}
