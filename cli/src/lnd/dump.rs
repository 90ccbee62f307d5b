//! `fulgurite lnd dump`: a redacted dump of buckets in a new file, read back before it gets its
//! name.

use std::io::{BufWriter, Write};

use fulgurite_core::finding::Code as FindingCode;
use fulgurite_core::kv::dump::DumpJob;
use fulgurite_core::lnd::pace::Pace;
use fulgurite_core::lnd::save::{self, Ended, Options, Saved, Which};
use fulgurite_core::source::Source as _;
use sha2::{Digest as _, Sha256};

use super::files::{Gathered, Set, given};
use crate::args::Dump;
use crate::cancel;
use crate::exit::{Code, Trouble, shown};
use crate::new_file::{NewFile, must_be_new};
use crate::output::{FAINT, Face, STRONG, columns, fine, paragraph, severity, stdout};
use crate::progress::Progress;
use crate::records::json;
use crate::source::FileSource;
use crate::words::{self as common, lnd as words};

/// Bytes read at a time to be hashed.
const WINDOW: usize = 256 * 1024;

/// What `--json` prints.
#[derive(serde::Serialize)]
struct Document<'a> {
    schema: &'static str,
    kind: &'a str,
    redaction: Option<&'a str>,
    bytes: u64,
    values: u64,
    written: &'a [String],
    left_out: &'a [String],
    missing: &'a [String],
}

/// Writes the dump of one file.
pub(super) fn run(arguments: &Dump, face: Face) -> Result<Code, Trouble> {
    // Before any work is done in vain.
    must_be_new(&arguments.output, face)?;
    let mut gathered = Gathered::default();
    gathered.take(super::ours(&arguments.file, &arguments.reading, face)?);
    let sets = gathered.sets(arguments.reading.max_unpacked, face)?;
    let Some(set) = sets.first() else { return Ok(Code::Fine) };
    let options = Options {
        tree: arguments.which.tree(),
        which: which(arguments),
        reveal: arguments.reveal,
        tool: concat!("fulgurite ", env!("CARGO_PKG_VERSION")).to_owned(),
        sha256: Some(hash(set)?),
    };
    let mut file = NewFile::beside(&arguments.output)?;
    let saved = write(set, &options, &mut file, arguments, face)?;
    file.sync()?;
    if !set.is_still() {
        return Err(Trouble::with(set.blamed(), common::CHANGED_MEANWHILE.get(face.language)));
    }
    verify(file.as_ref(), arguments, face)?;
    file.keep(face)?;
    let mut out = stdout();
    if arguments.reading.json {
        let Saved { kind, redaction, bytes, values, written, left_out, missing } = &saved;
        let document = Document {
            schema: "fulgurite-lnd-dump/1",
            kind,
            redaction: redaction.as_deref(),
            bytes: *bytes,
            values: *values,
            written,
            left_out,
            missing,
        };
        json(&mut out, &document)?;
    } else {
        human(&mut out, &saved, arguments, face)?;
    }
    out.flush()?;
    Ok(if saved.missing.is_empty() { Code::Fine } else { Code::Found })
}

fn which(arguments: &Dump) -> Which {
    match arguments.buckets.as_slice() {
        _ if arguments.all => Which::All,
        [] => Which::Judged,
        names => Which::Named(names.iter().map(|name| name.clone().into_bytes()).collect()),
    }
}

/// Writes it to the file that has no name yet.
fn write(
    set: &Set,
    options: &Options,
    file: &mut NewFile<'_>,
    arguments: &Dump,
    face: Face,
) -> Result<Saved, Trouble> {
    let fail = |error: std::io::Error| Trouble::with(&arguments.output, error);
    let sources = set.sources();
    let given = given(&sources);
    let mut out = BufWriter::with_capacity(WINDOW, file.as_mut());
    let mut written = Ok(());
    let progress = Progress::of(set.first(), set.size());
    let ended = super::watched(set, progress, |watch| {
        save::save(&given, options, watch, &mut |piece| {
            written = out.write_all(piece.as_bytes());
            written.is_ok()
        })
    })?;
    written.map_err(fail)?;
    out.flush().map_err(fail)?;
    match ended {
        Ended::Stopped => Err(Trouble::Cancelled),
        Ended::NoTree => Err(Trouble::with(&arguments.file, words::NO_TREE.get(face.language))),
        Ended::Saved(saved) => Ok(saved),
    }
}

/// Of the database, without its log.
fn hash(set: &Set) -> Result<[u8; 32], Trouble> {
    let mut hash = Sha256::new();
    let Some(member) = set.members.first() else { return Ok(hash.finalize().into()) };
    let (path, source) = (member.input.path(), member.input.source());
    let mut progress = Progress::of(path, source.len());
    let mut window = vec![0; WINDOW];
    let mut at = 0;
    while at < source.len() {
        cancel::check()?;
        let read = source.read_up_to(at, &mut window);
        let read = read.map_err(|error| Trouble::with(path, error))?;
        if read == 0 {
            break;
        }
        hash.update(window.get(..read).unwrap_or_default());
        at += read as u64;
        progress.at(at);
    }
    Ok(hash.finalize().into())
}

/// Reads back what was written.
fn verify(file: &std::fs::File, arguments: &Dump, face: Face) -> Result<(), Trouble> {
    let new = arguments.output.as_path();
    let len = file.metadata().map_err(|error| Trouble::with(new, error))?.len();
    let source = FileSource::new(file, len);
    let mut progress = Progress::of(new, len);
    let mut watch = |at: fulgurite_core::job::Progress| {
        progress.share(at.done, at.total);
        cancel::check().is_ok()
    };
    let mut pace = Pace::new(&mut watch, len);
    let read =
        pace.run(len, DumpJob::new(&source)).map_err(|error| Trouble::source(new, &error))?;
    let Some(dump) = read else { return Err(Trouble::Cancelled) };
    let faults = [
        FindingCode::BucketDumpCutShort,
        FindingCode::BucketDumpBadLine,
        FindingCode::BucketDumpChanged,
        FindingCode::BucketDumpVersion,
    ];
    if faults.iter().any(|fault| dump.findings().count(*fault) > 0) {
        return Err(Trouble::with(new, words::READ_BACK.get(face.language)));
    }
    Ok(())
}

fn human(out: &mut impl Write, saved: &Saved, arguments: &Dump, face: Face) -> Result<(), Trouble> {
    let language = face.language;
    let (style, sign) = fine();
    let word = common::WRITTEN.get(language);
    let new = shown(&arguments.output);
    writeln!(out, "{style}{sign} {word}{style:#} {STRONG}{new}{STRONG:#}")?;
    let (values, bytes) = (face.count(saved.values), face.count(saved.bytes));
    writeln!(out, "  {FAINT}{}{FAINT:#}", words::saved(language, &values, &bytes))?;
    if let Some(rules) = &saved.redaction {
        paragraph(out, "  ", &words::redacted(language, rules), columns())?;
    } else {
        let (style, sign) = severity(fulgurite_core::finding::Severity::Warning);
        writeln!(out, "  {style}{sign}{style:#} {}", words::REVEALED.get(language))?;
    }
    let lists = [
        (words::BUCKETS_WRITTEN, &saved.written),
        (words::LEFT_OUT, &saved.left_out),
        (words::MISSING, &saved.missing),
    ];
    for (title, names) in lists {
        if !names.is_empty() {
            let text = format!("{}{}", title.get(language), names.join(", "));
            paragraph(out, "  ", &text, columns())?;
        }
    }
    Ok(())
}
