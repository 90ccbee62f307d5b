//! Long work in steps: a face can show how far it is, and stop it, without sharing memory.

use crate::source::SourceError;

/// How much a step may do. It is counted, never timed, so that every run takes the same steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// At most so many bytes are read from the source.
    pub bytes: u64,
}

impl Default for Work {
    /// 4 MiB: about 5 ms natively, 20 ms in a browser.
    fn default() -> Self {
        Work { bytes: 4 << 20 }
    }
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes done.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// What a step came to.
#[derive(Debug)]
pub enum Step<T> {
    /// There is more to do.
    More(Progress),
    /// This is the result; the job must not be stepped again.
    Done(T),
}

/// Work that goes on step by step. To cancel it, drop it.
pub trait Job {
    /// The result.
    type Out;

    /// Does at most `work`.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read; the job must not be stepped again.
    fn step(&mut self, work: Work) -> Result<Step<Self::Out>, SourceError>;

    /// Does all of it.
    ///
    /// # Errors
    /// As [`Job::step`].
    fn run(mut self) -> Result<Self::Out, SourceError>
    where
        Self: Sized,
    {
        loop {
            if let Step::Done(out) = self.step(Work::default())? {
                return Ok(out);
            }
        }
    }
}
