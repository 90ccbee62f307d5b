//! How far the reading of several files is, over all jobs that go through them, and whether
//! somebody has stopped it.

use crate::job::{Job, Progress, Step, Work};
use crate::source::SourceError;

/// Called between two steps with how far it is; `false` stops the work.
pub type Watch<'w> = dyn FnMut(Progress) -> bool + 'w;

/// Work that is watched.
pub struct Pace<'r, 'w> {
    watch: &'r mut Watch<'w>,
    done: u64,
    total: u64,
    stopped: bool,
}

impl<'r, 'w> Pace<'r, 'w> {
    /// With so many bytes to go through, each as often as it is gone through.
    pub fn new(watch: &'r mut Watch<'w>, total: u64) -> Pace<'r, 'w> {
        Pace { watch, done: 0, total, stopped: false }
    }

    /// Whether somebody has stopped it.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Does a job over an input of that many bytes. `None` if it was stopped.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn run<J: Job>(&mut self, size: u64, mut job: J) -> Result<Option<J::Out>, SourceError> {
        self.steps(size, &mut |work| job.step(work))
    }

    /// The same for a job that is lent what it reads at each step.
    ///
    /// # Errors
    /// As [`Pace::run`].
    pub fn steps<T>(
        &mut self,
        size: u64,
        step: &mut dyn FnMut(Work) -> Result<Step<T>, SourceError>,
    ) -> Result<Option<T>, SourceError> {
        loop {
            match step(Work::default())? {
                Step::Done(out) => {
                    self.done = self.done.saturating_add(size);
                    return Ok(Some(out));
                }
                Step::More(progress) => {
                    if !self.part(size, progress) {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Says that something was done whose share is not known; whether to go on.
    pub fn tick(&mut self) -> bool {
        self.tell(0)
    }

    /// Says how far work over an input of that many bytes is, which is not done yet; whether to go
    /// on.
    pub fn part(&mut self, size: u64, progress: Progress) -> bool {
        self.tell(share(size, progress))
    }

    fn tell(&mut self, share: u64) -> bool {
        let done = self.done.saturating_add(share);
        let total = self.total.max(done);
        self.stopped |= !(self.watch)(Progress { done, total });
        !self.stopped
    }
}

/// Work counts in units of its own; what counts here is its share of the input.
fn share(size: u64, Progress { done, total }: Progress) -> u64 {
    let share = u128::from(done) * u128::from(size) / u128::from(total.max(1));
    u64::try_from(share).unwrap_or(size).min(size)
}

/// A watch that remembers whether it stopped the work.
pub(in crate::lnd) fn remembering<'w>(
    watch: &'w mut Watch<'_>,
    stopped: &'w mut bool,
) -> impl FnMut(Progress) -> bool + 'w {
    move |progress| {
        let go_on = watch(progress);
        *stopped |= !go_on;
        go_on
    }
}
