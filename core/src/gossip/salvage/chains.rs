//! Inputs, and the chains of records that they hold.
//!
//! A file is usually one chain. It is two where two stores were joined, or where v24.02 to v24.11.2
//! wrote a new chain over the start of the old one. Chains are taken newest first.

use alloc::vec::Vec;

use crate::finding::{Code, Confidence, Span};
use crate::gossip::format::{Layout, Version};
use crate::report::Report;
use crate::sorting::sort;

/// At most so many chains are told apart; what lies beyond belongs to the last.
pub(super) const CHAINS: usize = 64;

/// One input, once it has been looked at.
#[derive(Clone, Debug)]
pub(super) struct Inspected {
    pub(super) size: u64,
    pub(super) sha256: [u8; 32],
    pub(super) report: Report,
    pub(super) layout: Layout,
    pub(super) version: Version,
    /// Where records lie inside a span that a wounded header claims, and nothing disproves it.
    pub(super) suspects: Vec<Span>,
    /// Records whose DELETED bit other records contradict, ascending.
    pub(super) undeleted: Vec<u64>,
}

/// A run of records that one program wrote one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    /// Index of the input.
    pub(super) source: u8,
    /// From the first header to the end.
    pub(super) span: Span,
    pub(super) version: Version,
    /// The newest timestamp of a live 257 or 258.
    pub(super) newest: u32,
}

impl Inspected {
    /// Its chains, in the order of the file. None where no record was found.
    pub(super) fn chains(&self, source: u8) -> Vec<Chain> {
        if self.report.gossip.is_none() || self.size <= 1 {
            return Vec::new();
        }
        let mut starts = alloc::vec![(1, self.version)];
        for finding in &self.report.findings {
            let values = &finding.values;
            match finding.code {
                Code::SecondStore => {
                    let at = values.number("store_start").unwrap_or(0);
                    let version = values.number("version").and_then(|byte| u8::try_from(byte).ok());
                    // The version byte, where there is one, is no record.
                    let first = at + u64::from(version.is_some());
                    starts.push((first, version.map_or(self.version, Version)));
                }
                Code::Overlay => {
                    starts.push((values.number("old_chain_start").unwrap_or(0), self.version));
                }
                _ => {}
            }
        }
        starts.retain(|(at, _)| (1..self.size).contains(at));
        sort(&mut starts);
        starts.dedup_by_key(|(at, _)| *at);
        starts.truncate(CHAINS);
        let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([self.size]);
        let chain = |((start, version), end): (&(u64, Version), u64)| Chain {
            source,
            span: Span::new(*start, end),
            // Framed as the rest is, or it would not have been read.
            version: if version.layout() == self.layout { *version } else { self.version },
            newest: 0,
        };
        starts.iter().zip(ends).map(chain).collect()
    }
}

/// The records whose DELETED bit a report does not believe.
pub(super) fn undeleted(report: &Report) -> Vec<u64> {
    let mut found: Vec<u64> = report
        .findings
        .iter()
        .filter(|finding| {
            finding.code == Code::DeletedFlip && finding.confidence >= Confidence::Likely
        })
        .filter_map(|finding| finding.place.record)
        .collect();
    sort(&mut found);
    found
}
