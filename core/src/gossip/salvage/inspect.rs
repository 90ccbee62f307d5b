//! The first look at an input: its report, its hash, and what wounded headers claim.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::chains::{Inspected, undeleted};
use super::claims::Claims;
use crate::gossip::check::{Fold, Options};
use crate::gossip::format::Version;
use crate::gossip::scan::{Batch, Scanner};
use crate::source::{Source, SourceError};

/// Looks at one input, step by step.
pub(super) struct Inspector {
    scanner: Scanner,
    fold: Fold,
    claims: Claims,
    sha256: Sha256,
    batch: Batch,
    window: Vec<u8>,
    done: u64,
}

impl Inspector {
    /// Bytes read at a time.
    const WINDOW: u64 = 256 * 1024;

    pub(super) fn new(options: Options) -> Inspector {
        Inspector {
            scanner: Scanner::new(),
            fold: Fold::new(options),
            claims: Claims::default(),
            sha256: Sha256::new(),
            batch: Batch::new(),
            window: Vec::new(),
            done: 0,
        }
    }

    pub(super) fn done(&self) -> u64 {
        self.done
    }

    /// Reads up to `bytes` more; the outcome once the source is at its end.
    pub(super) fn step(
        &mut self,
        source: &dyn Source,
        bytes: u64,
    ) -> Result<Option<Inspected>, SourceError> {
        let total = source.len();
        let until = total.min(self.done.saturating_add(bytes.max(1)));
        while self.done < until {
            let len = usize::try_from(Self::WINDOW.min(until - self.done)).unwrap_or(0);
            self.window.resize(len, 0);
            source.read_at(self.done, &mut self.window)?;
            self.sha256.update(&self.window);
            self.scanner.push(&self.window, &mut self.batch);
            self.take();
            self.done += len as u64;
        }
        if self.done < total {
            return Ok(None);
        }
        self.scanner.finish(&mut self.batch);
        self.window.clear();
        self.take();
        let report = self.fold.conclude(source)?;
        let read_as = report.gossip.as_ref().map(|gossip| Version(gossip.version.read_as));
        Ok(Some(Inspected {
            size: total,
            sha256: core::mem::take(&mut self.sha256).finalize().into(),
            undeleted: undeleted(&report),
            layout: self.scanner.layout(),
            version: read_as.unwrap_or(Version::NEWEST),
            suspects: core::mem::take(&mut self.claims).finish(),
            report,
        }))
    }

    fn take(&mut self) {
        self.fold.take(&self.scanner, &self.window, &self.batch);
        self.claims.take(self.scanner.layout(), &self.batch);
    }
}
