//! The engine's work on a set of files: shown, cancelled, and told whose fault it was.

use fulgurite_core::finding::{Findings, Values};
use fulgurite_core::job;
use fulgurite_core::lnd::check::{self, Options, Watch};
use fulgurite_core::lnd::migration::Asked;
use fulgurite_core::report::{Headline, Input, Report};
use fulgurite_core::source::{SourceError, SourceErrorKind};

use super::files::{Set, given};
use crate::cancel;
use crate::exit::Trouble;
use crate::progress::Progress;

/// Checks a set. If a file changed meanwhile, the report says that it is not a still copy.
pub(crate) fn check(set: &Set, reveal: bool, asked: Asked) -> Result<Report, Trouble> {
    let sources = set.sources();
    let given = given(&sources);
    let options = Options { reveal, whole: set.files.whole, network: set.files.network, asked };
    let done =
        work(Progress::of(set.first(), set.size()), |watch| check::check(&given, &options, watch))?;
    match done {
        Ok(Some(checked)) if set.is_still() => Ok(checked.report),
        Ok(Some(checked)) => Ok(checked.report.not_still()),
        Ok(None) => Err(Trouble::Cancelled),
        Err(error) if shrank(&error, set) => {
            let kind = set.members.first().map(|member| member.input.kind());
            let kind = kind.unwrap_or(fulgurite_core::detect::Kind::Unknown);
            let input = Input { kind, size: set.size() };
            let (headline, none) = (Headline::NotStill, Findings::default());
            Ok(Report::new(input, headline, Values::new(), none, None).not_still())
        }
        Err(error) => Err(Trouble::source(set.blamed(), &error)),
    }
}

/// Does what `run` does with whoever watches; an error names the file that is to blame.
pub(crate) fn watched<T>(
    set: &Set,
    progress: Progress,
    run: impl FnOnce(&mut Watch<'_>) -> Result<T, SourceError>,
) -> Result<T, Trouble> {
    work(progress, run)?.map_err(|error| Trouble::source(set.blamed(), &error))
}

fn work<T>(
    mut progress: Progress,
    run: impl FnOnce(&mut Watch<'_>) -> Result<T, SourceError>,
) -> Result<Result<T, SourceError>, Trouble> {
    cancel::check()?;
    let done = run(&mut |job::Progress { done, total }| {
        progress.share(done, total);
        cancel::check().is_ok()
    });
    cancel::check()?;
    Ok(done)
}

/// Whether a file became shorter while it was read.
fn shrank(error: &SourceError, set: &Set) -> bool {
    matches!(error.kind, SourceErrorKind::PastEnd { .. }) && !set.is_still()
}
