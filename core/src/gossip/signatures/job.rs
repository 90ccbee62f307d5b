//! Verifying the live records of a whole source, step by step, in one thread.

use alloc::vec::Vec;

use super::{Ledger, VerifySignature};
use crate::gossip::network::Network;
use crate::gossip::scan::{Batch, Scanner};
use crate::job::{Job, Progress, Step, Work};
use crate::source::{Source, SourceError};

/// How far verifying a source has come. It borrows nothing: whoever steps it brings along what it
/// works on, the same every time.
#[derive(Debug)]
pub struct Verification {
    scanner: Scanner,
    batch: Batch,
    window: Vec<u8>,
    ledger: Ledger,
    done: u64,
}

impl Verification {
    /// Bytes read at a time.
    const WINDOW: usize = 64 * 1024;

    /// Verifying takes some hundred times as long as walking, so a step reads this much less than
    /// it may: the default work is one window, some 400 signatures, 15 ms natively.
    const SHARE: u64 = 64;

    /// From the first byte on. Of invalid records the first `limit` are kept, all are counted.
    pub fn new(limit: u32) -> Verification {
        Verification {
            scanner: Scanner::new(),
            batch: Batch::new(),
            window: Vec::new(),
            ledger: Ledger::new(limit),
            done: 0,
        }
    }

    /// Goes on. `network` is what the whole of `source` adds up to.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read. Nothing is lost: it may be stepped again.
    pub fn step(
        &mut self,
        work: Work,
        source: &dyn Source,
        network: &Network,
        verifier: &dyn VerifySignature,
    ) -> Result<Step<Ledger>, SourceError> {
        let total = source.len();
        let share = (work.bytes / Self::SHARE).max(1);
        let until = total.min(self.done.saturating_add(share));
        while self.done < until {
            let left = usize::try_from(until - self.done).unwrap_or(usize::MAX);
            self.window.resize(Self::WINDOW.min(left), 0);
            source.read_at(self.done, &mut self.window)?;
            self.scanner.push(&self.window, &mut self.batch);
            self.ledger.take(network, &self.window, &self.batch, verifier);
            self.done += self.window.len() as u64;
        }
        if self.done < total {
            return Ok(Step::More(Progress { done: self.done, total }));
        }
        self.scanner.finish(&mut self.batch);
        self.ledger.take(network, &[], &self.batch, verifier);
        Ok(Step::Done(core::mem::replace(&mut self.ledger, Ledger::new(0))))
    }
}

/// Verifies the live records of a source whose network is known already.
pub struct VerifyJob<'a> {
    source: &'a dyn Source,
    network: &'a Network,
    verifier: &'a dyn VerifySignature,
    verification: Verification,
}

impl<'a> VerifyJob<'a> {
    /// `network` is what the whole of `source` adds up to: it names the keys of updates, also of
    /// those that stand before their announcement. Of invalid records the first `limit` are kept,
    /// all are counted.
    pub fn new(
        source: &'a dyn Source,
        network: &'a Network,
        verifier: &'a dyn VerifySignature,
        limit: u32,
    ) -> VerifyJob<'a> {
        VerifyJob { source, network, verifier, verification: Verification::new(limit) }
    }
}

impl Job for VerifyJob<'_> {
    type Out = Ledger;

    fn step(&mut self, work: Work) -> Result<Step<Ledger>, SourceError> {
        self.verification.step(work, self.source, self.network, self.verifier)
    }
}
