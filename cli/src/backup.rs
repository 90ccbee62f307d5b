//! `fulgurite backup`: a consistent copy of a store that may be in use, verified before it gets its
//! name, with its SHA-256 and its figures beside it.

mod judged;
mod manifest;
mod rotate;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use fulgurite_core::gossip::copy::{Copier, Patch, Refused, Step};
use fulgurite_core::gossip::verdict::Choice;
use serde::Serialize;

use crate::args::Backup;
use crate::cancel;
use crate::exit::{Code, Trouble, shown};
use crate::live::{LiveFile, Own};
use crate::new_file::{NewFile, must_be_new};
use crate::output::{DAMAGE, Face, STRONG, columns, fine, paragraph, stdout};
use crate::watch::{seconds, wait};
use crate::words::backup as words;
pub(crate) use judged::{Judged, hash, judge};
pub(crate) use manifest::Manifest;

/// A copy of a store that was at something unusual is tried so often.
const TRIES: u32 = 3;

/// So long a copy waits for what is under way.
const REST: Duration = Duration::from_millis(100);

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// The copy, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<&'a Manifest>,
    /// Why there is none, or why it is worth nothing.
    refused: &'a [String],
    /// The store was replaced while it was copied.
    replaced: bool,
    /// Older copies that are gone.
    removed: &'a [String],
}

/// Makes a copy, or verifies one.
pub(crate) fn run(arguments: &Backup, face: Face, seed: u64) -> Result<Code, Trouble> {
    if let Some(copy) = &arguments.verify {
        return verify(copy, arguments.json, face, seed);
    }
    let (Some(store), Some(folder)) = (&arguments.file, &arguments.folder) else {
        return Err(Trouble::Usage("FILE and DEST are needed".to_owned()));
    };
    if !folder.is_dir() {
        return Err(Trouble::with(folder, words::NO_FOLDER.get(face.language)));
    }
    let taken = seconds();
    let name = manifest::name(taken);
    let new = folder.join(&name);
    must_be_new(&new, face)?;
    let mut made = make(store, &new, face, seed)?;
    for _ in 1..TRIES {
        if made.reasons.is_empty() {
            break;
        }
        if !wait(REST * 10) {
            return Err(Trouble::Cancelled);
        }
        made = make(store, &new, face, seed)?;
    }
    let Made { copy, reasons, replaced } = made;
    let Some((file, judged)) = copy.filter(|_| reasons.is_empty()) else {
        tell(arguments.json, None, &reasons, replaced, &[], store, face)?;
        return Ok(Code::Found);
    };
    let manifest = Manifest::new(name, taken, &judged);
    file.keep(face)?;
    // A copy without its document is nobody's: it would never be rotated.
    manifest.put(folder, face).inspect_err(|_| {
        let _ = std::fs::remove_file(&new);
    })?;
    let (removed, trouble) = match arguments.keep {
        Some(keep) => rotate::rotate(folder, &new, keep),
        None => (Vec::new(), None),
    };
    // The copy is made, whatever became of the older ones.
    tell(arguments.json, Some(&manifest), &[], replaced, &removed, &new, face)?;
    trouble.map_or(Ok(Code::Fine), Err)
}

/// A copy without a name yet, or why there is none.
struct Made<'p> {
    copy: Option<(NewFile<'p>, Judged)>,
    reasons: Vec<String>,
    replaced: bool,
}

fn make<'p>(store: &Path, new: &'p Path, face: Face, seed: u64) -> Result<Made<'p>, Trouble> {
    let live = LiveFile::open(store).map_err(|error| Trouble::with(store, error))?;
    let mut file = NewFile::beside(new)?;
    let fail = |error: io::Error| Trouble::with(new, error);
    let mut copier = Copier::new();
    let refused = loop {
        cancel::check()?;
        match copier.step(&live).map_err(|error| Trouble::source(store, &error))? {
            Step::Write(bytes) => file.as_mut().write_all(&bytes).map_err(fail)?,
            Step::Rest if wait(REST) => {}
            Step::Rest => return Err(Trouble::Cancelled),
            Step::Done => break None,
            Step::Refused(why) => break Some(why),
        }
    };
    let replaced = copier.was_replaced();
    if let Some(why) = refused {
        let reasons = vec![words::refused(face.language, why)];
        return Ok(Made { copy: None, reasons, replaced });
    }
    let Some(mut mender) = copier.mender() else {
        let reasons = vec![words::refused(face.language, Refused::Empty)];
        return Ok(Made { copy: None, reasons, replaced });
    };
    loop {
        cancel::check()?;
        let patches = mender.step(&Own(file.as_ref()));
        let patches = patches.map_err(|error| Trouble::source(new, &error))?;
        if patches.is_empty() {
            break;
        }
        for Patch { at, bytes } in patches {
            write_at(file.as_mut(), at, bytes).map_err(fail)?;
        }
    }
    file.sync()?;
    let judged = judge(file.as_ref(), new, Choice::Default, None, seed)?;
    let reasons = judged.reasons(face);
    Ok(Made { copy: Some((file, judged)), reasons, replaced })
}

fn write_at(file: &mut File, at: u64, bytes: [u8; 2]) -> io::Result<()> {
    use std::io::{Seek as _, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&bytes)
}

/// Looks at a copy again: the same bytes, sound, and acceptable.
fn verify(copy: &Path, json: bool, face: Face, seed: u64) -> Result<Code, Trouble> {
    let file = open(copy)?;
    let judged = judge(&file, copy, Choice::Default, None, seed)?;
    let mut reasons = judged.reasons(face);
    let manifest = Manifest::beside(copy)?;
    if manifest.as_ref().is_some_and(|manifest| manifest.sha256 != judged.sha256) {
        reasons.insert(0, words::OTHER_HASH.get(face.language).to_owned());
    }
    let without = manifest.is_none();
    let name = copy.file_name().map(|name| name.to_string_lossy().into_owned());
    // Only when it was taken stands in the document alone; all else is what the copy says.
    let taken = manifest.map_or(0, |manifest| manifest.taken);
    let manifest = Manifest::new(name.unwrap_or_default(), taken, &judged);
    let mut out = stdout();
    if json {
        let document = Document {
            schema: "fulgurite-backup-verified/1",
            manifest: Some(&manifest),
            refused: &reasons,
            replaced: false,
            removed: &[],
        };
        crate::records::json(&mut out, &document)?;
    } else if reasons.is_empty() {
        let (style, sign) = fine();
        let word = words::SOUND.get(face.language);
        writeln!(out, "{style}{sign} {word}{style:#} {STRONG}{}{STRONG:#}", shown(copy))?;
        content(&mut out, &manifest, face)?;
        if without {
            writeln!(out, "  {}", words::NO_HASH.get(face.language))?;
        }
    } else {
        refusal(&mut out, words::NOT_SOUND.get(face.language), copy, &reasons, face)?;
    }
    out.flush()?;
    Ok(if reasons.is_empty() { Code::Fine } else { Code::Found })
}

/// Opens a file that is one.
pub(crate) fn open(path: &Path) -> Result<File, Trouble> {
    let fail = |error: io::Error| Trouble::with(path, error);
    if !std::fs::metadata(path).map_err(fail)?.is_file() {
        return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    File::open(path).map_err(fail)
}

fn tell(
    json: bool,
    manifest: Option<&Manifest>,
    reasons: &[String],
    replaced: bool,
    removed: &[PathBuf],
    path: &Path,
    face: Face,
) -> Result<(), Trouble> {
    let mut out = stdout();
    let removed: Vec<String> = removed.iter().map(|path| shown(path)).collect();
    if json {
        let schema = "fulgurite-backup-made/1";
        let document = Document { schema, manifest, refused: reasons, replaced, removed: &removed };
        crate::records::json(&mut out, &document)?;
    } else if let Some(manifest) = manifest {
        let (style, sign) = fine();
        let word = words::COPIED.get(face.language);
        writeln!(out, "{style}{sign} {word}{style:#} {STRONG}{}{STRONG:#}", shown(path))?;
        content(&mut out, manifest, face)?;
        if replaced {
            writeln!(out, "  {}", words::MEANWHILE.get(face.language))?;
        }
        for path in removed {
            writeln!(out, "  {} ({})", path, words::REMOVED.get(face.language))?;
        }
    } else {
        refusal(&mut out, words::NOT_COPIED.get(face.language), path, reasons, face)?;
    }
    out.flush()?;
    Ok(())
}

/// What is in a copy.
pub(crate) fn content(
    out: &mut impl io::Write,
    manifest: &Manifest,
    face: Face,
) -> Result<(), Trouble> {
    let counts = [manifest.size, manifest.records, manifest.channels, manifest.nodes];
    let counts = counts.map(|count| face.count(count));
    let counts = [0, 1, 2, 3].map(|index| counts[index].as_str());
    writeln!(out, "  {}", words::content(face.language, manifest.version, counts))?;
    writeln!(out, "  {} {}", words::HASH.get(face.language), manifest.sha256)?;
    Ok(())
}

/// A path, what is not done with it, and why.
pub(crate) fn refusal(
    out: &mut impl io::Write,
    what: &str,
    path: &Path,
    reasons: &[String],
    face: Face,
) -> Result<(), Trouble> {
    writeln!(out, "{DAMAGE}✗ {what}{DAMAGE:#} {STRONG}{}{STRONG:#}", shown(path))?;
    for reason in reasons {
        paragraph(out, "  · ", reason, columns())?;
    }
    let _ = face;
    Ok(())
}
