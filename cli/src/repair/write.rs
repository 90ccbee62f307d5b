//! The repaired store: written beside its place, read back, and only then given its name.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use fulgurite_core::finding::Severity;
use fulgurite_core::gossip::check::{self, CheckJob};
use fulgurite_core::gossip::salvage::{Plan, Planned, Segment};
use fulgurite_core::gossip::verdict::ReleaseVerdict;
use fulgurite_core::job::{Job as _, Step, Work};
use fulgurite_core::source::{Source, SourceError};
use fulgurite_core::text::hex;
use sha2::{Digest as _, Sha256};

use super::{must_be_still, unreadable};
use crate::cancel;
use crate::exit::Trouble;
use crate::input::Input;
use crate::new_file::NewFile;
use crate::output::Face;
use crate::progress::Progress;
use crate::source::FileSource;
use crate::words;

/// What was written.
pub(super) struct Written {
    /// Its hash, as 64 hexadecimal digits.
    pub(super) sha256: String,
    /// What lightningd does with it: the newest release that writes its version, and the newest.
    pub(super) releases: Vec<ReleaseVerdict>,
}

/// Pieces of inputs are copied so many bytes at a time.
const WINDOW: usize = 256 * 1024;

/// Writes the repaired store, checks what was written, and gives it its name.
pub(super) fn write(
    planned: &Planned<'_>,
    sources: &[&dyn Source],
    new: &Path,
    inputs: &[Input],
    face: Face,
) -> Result<Written, Trouble> {
    // Made with mode 0600: a store may hold channels that are not announced.
    let mut file = NewFile::beside(new)?;
    let sha256 = stream(planned, sources, file.as_mut(), new, inputs)?;
    file.sync()?;
    must_be_still(inputs, face)?;
    let releases = verify(file.as_ref(), &planned.plan, &sha256, new, face)?;
    file.keep(face)?;
    Ok(Written { sha256, releases })
}

/// Writes every piece, and hashes it on the way.
fn stream(
    planned: &Planned<'_>,
    sources: &[&dyn Source],
    file: &mut File,
    new: &Path,
    inputs: &[Input],
) -> Result<String, Trouble> {
    let fail = |error: io::Error| Trouble::with(new, error);
    let mut out = Hashing { file: BufWriter::with_capacity(WINDOW, file), hash: Sha256::new() };
    let total = inputs.iter().map(|input| input.source().len()).sum();
    let mut progress = Progress::of(new, total);
    let mut writer = planned.writer();
    let mut window = vec![0; WINDOW];
    let stop = |error: &SourceError| unreadable(inputs, error);
    while let Some((segments, at)) =
        writer.step(planned, sources, Work::default()).map_err(|error| stop(&error))?
    {
        for segment in segments {
            cancel::check()?;
            match segment {
                Segment::Bytes(bytes) => out.put(&bytes).map_err(fail)?,
                Segment::Copy { source, at, len } => {
                    let Some(source) = sources.get(usize::from(source)) else { continue };
                    let mut done = 0;
                    while done < len {
                        cancel::check()?;
                        let more = usize::try_from(len - done).unwrap_or(WINDOW).min(WINDOW);
                        let window = &mut window[..more];
                        source.read_at(at + done, window).map_err(|error| stop(&error))?;
                        out.put(window).map_err(fail)?;
                        done += more as u64;
                    }
                }
            }
        }
        progress.at(at.done);
    }
    out.file.flush().map_err(fail)?;
    Ok(hex(&out.hash.finalize()))
}

/// Reads back what was written: the same bytes, and a store that is as the plan says; and what
/// releases do with it.
fn verify(
    file: &File,
    plan: &Plan,
    sha256: &str,
    new: &Path,
    face: Face,
) -> Result<Vec<ReleaseVerdict>, Trouble> {
    let wrong = |what: &str| {
        let text = words::read_back_wrong(face.language, what);
        Err(Trouble::with(new, text))
    };
    let len = file.metadata().map_err(|error| Trouble::with(new, error))?.len();
    let source = FileSource::new(file, len);
    let fail = |error: &SourceError| Trouble::source(new, error);
    let mut hash = Sha256::new();
    let mut window = vec![0; WINDOW];
    let mut at = 0;
    while at < len {
        cancel::check()?;
        let more = usize::try_from(len - at).unwrap_or(WINDOW).min(WINDOW);
        source.read_at(at, &mut window[..more]).map_err(|error| fail(&error))?;
        hash.update(&window[..more]);
        at += more as u64;
    }
    if hex(&hash.finalize()) != sha256 {
        return wrong("sha256");
    }
    let mut job = CheckJob::new(&source, check::Options::default());
    let mut progress = Progress::of(new, len);
    let report = loop {
        cancel::check()?;
        match job.step(Work::default()).map_err(|error| fail(&error))? {
            Step::More(at) => progress.at(at.done),
            Step::Done(report) => break report,
        }
    };
    let Some(gossip) = &report.gossip else { return wrong("version") };
    let network = &gossip.network;
    let pairs = [
        ("size", len, plan.size),
        ("channels", network.channels, plan.channels),
        ("updates", network.updates, plan.updates),
        ("nodes", network.nodes, plan.nodes),
        ("announced_nodes", network.announced_nodes, plan.announced_nodes),
    ];
    // What is handed back as it was is as it was.
    for (what, found, expected) in pairs {
        if found != expected && (!plan.unchanged || what == "size") {
            return wrong(what);
        }
    }
    let damage = report.findings.iter().find(|finding| finding.severity == Severity::Damage);
    match damage.filter(|finding| {
        !plan.unchanged && finding.code != fulgurite_core::finding::Code::UnsupportedVersion
    }) {
        Some(finding) => wrong(finding.code.name()),
        None => Ok(report.releases),
    }
}

/// A writer that hashes.
struct Hashing<W: Write> {
    file: BufWriter<W>,
    hash: Sha256,
}

impl<W: Write> Hashing<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.file.write_all(bytes)
    }
}
