//! `fulgurite repair`: a plan, and a new file made by it. The inputs are only read.

mod human;
mod write;

use std::io::Write as _;

use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::salvage::{Options, Plan, PlanJob, Planned, SalvageError};
use fulgurite_core::gossip::verdict::ReleaseVerdict;
use fulgurite_core::job::{Job as _, Step, Work};
use fulgurite_core::source::{Source, SourceError};
use serde::Serialize;

use crate::args::Repair;
use crate::cancel;
use crate::exit::{Code, Trouble, shown};
use crate::input::Input;
use crate::libsecp::Libsecp;
use crate::new_file::must_be_new;
use crate::output::{Face, stdout};
use crate::progress::Progress;
use crate::source::FileSource;
use crate::words;

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    plan: &'a Plan,
    /// Of the file that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    /// What releases of lightningd do with it, as in reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    releases: Option<&'a [ReleaseVerdict]>,
}

/// Plans, and unless only the plan is wanted, writes.
pub(crate) fn run(arguments: &Repair, face: Face, seed: u64) -> Result<Code, Trouble> {
    // Before any work is done in vain.
    if let Some(new) = &arguments.output {
        must_be_new(new, face)?;
    }
    let mut inputs = Vec::new();
    for path in &arguments.files {
        let input = Input::open(path, arguments.reading.max_unpacked, face)?;
        input.must_be_store(face)?;
        inputs.push(input);
    }
    let files: Vec<FileSource<'_>> = inputs.iter().map(Input::source).collect();
    let sources: Vec<&dyn Source> = files.iter().map(|file| file as &dyn Source).collect();
    let verifier = Libsecp::new();
    let options = Options {
        seed,
        now: arguments.now,
        version: arguments.version(),
        compact: arguments.compact,
        verifier: Some(&verifier),
        ..Options::default()
    };
    let planned = plan(&sources, options, &inputs, face)?;
    must_be_still(&inputs, face)?;
    let written = match &arguments.output {
        Some(new) => {
            let written = write::write(&planned, &sources, new, &inputs, face)?;
            // What was read meanwhile is of no use if it changed.
            Some(written)
        }
        None => None,
    };
    let mut out = stdout();
    if arguments.reading.json {
        let document = Document {
            schema: "fulgurite-repair/1",
            plan: &planned.plan,
            sha256: written.as_ref().map(|written| written.sha256.as_str()),
            releases: written.as_ref().map(|written| written.releases.as_slice()),
        };
        let line =
            serde_json::to_string(&document).map_err(|error| Trouble::Failed(error.to_string()))?;
        writeln!(out, "{line}")?;
    } else {
        human::print(&mut out, &planned.plan, arguments, written.as_ref(), face)?;
    }
    out.flush()?;
    Ok(Code::Fine)
}

fn plan<'a>(
    sources: &'a [&'a dyn Source],
    options: Options<'a>,
    inputs: &[Input],
    face: Face,
) -> Result<Planned<'a>, Trouble> {
    let refuse = |error: SalvageError| match error {
        SalvageError::Nothing { headline } => {
            let path = inputs.first().map(|input| shown(input.path())).unwrap_or_default();
            let text = words::nothing_to_repair(face.language, headline.name());
            Trouble::Failed(format!("{path}: {text}"))
        }
        other => Trouble::Usage(other.to_string()),
    };
    let mut job = PlanJob::new(sources, options).map_err(refuse)?;
    let first = inputs.first().map_or_else(|| std::path::Path::new(""), Input::path);
    let total: u64 = sources.iter().copied().map(Source::len).sum();
    let mut progress = Progress::of(first, 3 * total);
    loop {
        cancel::check()?;
        match job.step(Work::default()).map_err(|error| unreadable(inputs, &error))? {
            Step::More(at) => progress.at(at.done),
            Step::Done(planned) => return planned.map_err(refuse),
        }
    }
}

/// An input could not be read: it failed, or became shorter.
fn unreadable(inputs: &[Input], error: &SourceError) -> Trouble {
    let changed = inputs.iter().find(|input| !input.is_still());
    match changed.or(inputs.first()) {
        Some(input) => Trouble::source(input.path(), error),
        None => Trouble::Failed(error.to_string()),
    }
}

/// A plan made of a file that changed meanwhile is of no use.
fn must_be_still(inputs: &[Input], face: Face) -> Result<(), Trouble> {
    match inputs.iter().find(|input| !input.is_still()) {
        Some(input) => {
            Err(Trouble::with(input.path(), words::CHANGED_MEANWHILE.get(face.language)))
        }
        None => Ok(()),
    }
}

impl Repair {
    /// The version to write, where one was asked for.
    fn version(&self) -> Option<Version> {
        self.for_release.or(self.store_version).map(Version)
    }
}
