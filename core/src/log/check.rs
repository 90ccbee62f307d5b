//! A report on a log, alone or with the store that it is about.

use super::course::Course;
use super::findings;
use super::kind::Program;
use super::reader::{LogReader, Options};
use super::report::LogReport;
use super::tie::Ties;
use super::upload::Upload;
use crate::finding::{Severity, Step};
use crate::gossip::report::Sync;
use crate::report::{Input, Report};

/// A log that is being read for a report.
#[derive(Debug)]
pub struct LogCheck {
    reader: LogReader,
}

/// A log that was read.
#[derive(Clone, Debug)]
pub struct LogRead {
    /// What it says.
    pub log: LogReport,
    course: Course,
}

/// What was given beside the log.
#[derive(Debug, Default)]
pub struct Given {
    /// The store, if one was.
    pub store: Option<Input>,
    /// What a peer is sent of it.
    pub sync: Option<Sync>,
    /// The records that the log's offsets lead to.
    pub ties: Ties,
    /// How many peers the node has; without it, as many as the log tells apart, or ten.
    pub peers: Option<u64>,
}

impl LogCheck {
    /// Nothing read yet.
    pub fn new(options: Options) -> LogCheck {
        LogCheck { reader: LogReader::new(options) }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.reader.push(chunk);
    }

    /// The same, where somebody knows already where lines end: [`lines::ends`](super::lines::ends).
    pub fn push_with_ends(&mut self, chunk: &[u8], ends: &[usize]) {
        self.reader.push_with_ends(chunk, ends);
    }

    /// All was pushed.
    pub fn finish(self) -> LogRead {
        let (log, course) = self.reader.finish_with_course();
        LogRead { log, course }
    }
}

impl LogRead {
    /// The report; `input` is the log.
    pub fn conclude(mut self, input: Input, given: &Given) -> Report {
        if given.store.is_some() {
            for event in &mut self.log.events {
                let at = event.values.number("store_offset");
                event.record = at.and_then(|at| given.ties.record(at)).cloned();
            }
        }
        let beside = |sync: &Sync| Upload::beside(&self.log, sync, given.peers);
        self.log.upload = given.sync.as_ref().map(beside);
        let (headline, values, found) = findings::draw(&self.log, &self.course, input, given);
        let mut report = Report::new(input, headline, values, found, None);
        if report.verdict.severity == Severity::Info {
            report.verdict.next = match self.log.program {
                _ if self.log.known == 0 => alloc::vec![Step::LogWhichLog],
                Some(Program::Lnd) | None => alloc::vec![Step::Nothing],
                Some(Program::Lightningd) => alloc::vec![Step::Nothing, Step::AlertOnLog],
            };
        }
        if let Some(store) = given.store {
            report.inputs = alloc::vec![input, store];
        }
        report.log = Some(self.log);
        report
    }
}
