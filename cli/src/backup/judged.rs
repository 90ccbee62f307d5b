//! Whether a copy is worth restoring: our own check, and the loader of the release that wrote it.

use std::fs::File;
use std::path::Path;

use fulgurite_core::finding::{Code as FindingCode, Severity};
use fulgurite_core::gossip::check::Options;
use fulgurite_core::gossip::verdict::Choice;
use fulgurite_core::report::Report;
use fulgurite_core::source::Source as _;
use fulgurite_core::text::hex;
use fulgurite_core::words as engine_words;
use sha2::{Digest as _, Sha256};

use crate::args::Work;
use crate::cancel;
use crate::exit::Trouble;
use crate::output::Face;
use crate::source::FileSource;
use crate::stages;
use crate::words::backup as words;

/// A copy, read as a whole.
pub(crate) struct Judged {
    /// Its hash, as 64 hexadecimal digits.
    pub(crate) sha256: String,
    /// What the check found, and what the releases that were asked for would do.
    pub(crate) report: Report,
}

/// Reads a copy; `now` is for what is too old.
pub(crate) fn judge(
    file: &File,
    path: &Path,
    releases: Choice,
    now: Option<u32>,
    seed: u64,
) -> Result<Judged, Trouble> {
    let len = file.metadata().map_err(|error| Trouble::with(path, error))?.len();
    let source = FileSource::new(file, len);
    let sha256 = hash(source, path)?;
    let options = Options { seed, now, releases, ..Options::default() };
    let report = stages::check(path, source, options, &Work::READING)?;
    cancel::check()?;
    Ok(Judged { sha256, report })
}

/// The SHA-256 of a file.
pub(crate) fn hash(source: FileSource<'_>, path: &Path) -> Result<String, Trouble> {
    let mut window = vec![0; 256 * 1024];
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < source.len() {
        cancel::check()?;
        let left = usize::try_from(source.len() - at).unwrap_or(usize::MAX);
        let Some(part) = window.get_mut(..left.min(256 * 1024)) else { break };
        source.read_at(at, part).map_err(|error| Trouble::source(path, &error))?;
        hash.update(&*part);
        at += part.len() as u64;
    }
    Ok(hex(&hash.finalize()))
}

impl Judged {
    /// Why it is not worth restoring; nothing if it is.
    pub(crate) fn reasons(&self, face: Face) -> Vec<String> {
        let language = face.language;
        let mut reasons = Vec::new();
        for finding in &self.report.findings {
            if finding.severity < Severity::Damage || reasons.len() == 5 {
                continue;
            }
            reasons.push(if finding.code == FindingCode::EndedLeft {
                words::ENDED.get(language).to_owned()
            } else {
                let title = engine_words::title(finding, language);
                words::damaged(language, &title, finding.place.span.start)
            });
        }
        let gossip = self.report.gossip.as_ref();
        if gossip.is_none() && reasons.is_empty() {
            let finding = self.report.findings.first();
            let title = finding.map(|finding| engine_words::title(finding, language));
            let headline = || engine_words::headline(self.report.verdict.headline).get(language);
            reasons.push(title.unwrap_or_else(|| headline().into()));
        }
        // Nobody needs it, and with --keep it would take the place of one that somebody may need.
        if gossip.is_some_and(|gossip| gossip.network.channels == 0) {
            reasons.push(words::EMPTY.get(language).to_owned());
        }
        // The first is the line that wrote it, where there is one.
        let verdict = self.report.releases.first();
        if let Some(verdict) = verdict.filter(|verdict| !verdict.accepted) {
            let fate = engine_words::releases::gossipd(verdict, language);
            reasons.push(words::not_accepted(language, &verdict.release, &fate));
        }
        reasons
    }
}
