//! LND's migrations to native SQL, as its log tells them: begun, how fast, how they ended.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::course::Spot;
use super::kind::Says;
use crate::finding::serialize_by_name;

/// So many are kept.
const PARTS: usize = 100;

/// What is brought over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Invoices.
    Invoices,
    /// The network graph.
    Graph,
    /// Payments.
    Payments,
}

impl What {
    /// All of them.
    pub const ALL: &'static [What] = &[What::Invoices, What::Graph, What::Payments];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            What::Invoices => "invoices",
            What::Graph => "graph",
            What::Payments => "payments",
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Done.
    Done,
    /// With an error.
    Failed,
    /// LND stopped or started again before the end.
    Interrupted,
    /// The log ends before it.
    Open,
}

impl Outcome {
    /// All of them.
    pub const ALL: &'static [Outcome] =
        &[Outcome::Done, Outcome::Failed, Outcome::Interrupted, Outcome::Open];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Failed => "failed",
            Outcome::Interrupted => "interrupted",
            Outcome::Open => "open",
        }
    }
}

serialize_by_name!(What, Outcome);

/// One migration, from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What is brought over.
    pub what: What,
    /// How it ended.
    pub outcome: Outcome,
    /// The number of its first line.
    pub line: u64,
    /// The offset of that line in the log.
    pub offset: u64,
    /// When it began, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// When it ended, or was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
    /// The highest count that was told.
    pub count: u64,
    /// How many rates were told.
    pub rates: u64,
    /// The lowest rate, in things an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slowest_per_hour: Option<u64>,
    /// The highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fastest_per_hour: Option<u64>,
    /// The number of the line that tells the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_line: Option<u64>,
    /// That error, made visible and shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Follows migrations.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) all: Vec<Part>,
    open: Option<Part>,
    /// How many parts were there when LND last started.
    before: usize,
}

impl Parts {
    /// A known line; `count` and `per_hour` are what its gaps say.
    pub(super) fn take(
        &mut self,
        says: Says,
        spot: Spot,
        count: Option<u64>,
        per_hour: Option<u64>,
        error: impl FnOnce() -> String,
    ) {
        match says {
            Says::LndInvoicesBegin => self.begin(What::Invoices, spot),
            Says::LndGraphBegin => self.begin(What::Graph, spot),
            Says::LndPaymentsBegin => self.begin(What::Payments, spot),
            Says::LndVersion | Says::LndStopped => self.end(Outcome::Interrupted, None),
            _ => {}
        }
        if says == Says::LndVersion {
            self.before = self.all.len();
        }
        if says == Says::LndMigrationFailed && self.open.is_none() {
            return self.take_back(spot, error());
        }
        let Some(part) = &mut self.open else { return };
        let at = spot.at.map(|at| at / 1_000);
        part.until = at.or(part.until);
        // Nodes, channels and the rest of a graph are counted apart: the sum is nobody's.
        part.count = part.count.max(count.unwrap_or_default());
        if let Some(rate) = per_hour {
            part.rates += 1;
            part.slowest_per_hour =
                Some(part.slowest_per_hour.map_or(rate, |least| least.min(rate)));
            part.fastest_per_hour = Some(part.fastest_per_hour.map_or(rate, |most| most.max(rate)));
        }
        match says {
            Says::LndInvoicesDone | Says::LndGraphDone | Says::LndPaymentsDone => {
                self.end(Outcome::Done, at);
            }
            Says::LndMigrationFailed => {
                part.error_line = Some(spot.line);
                part.error = Some(error());
                self.end(Outcome::Failed, at);
            }
            _ => {}
        }
    }

    /// "Completed" is logged before the transaction is committed: an error behind it that names the
    /// migration says that nothing of it was kept.
    fn take_back(&mut self, spot: Spot, error: String) {
        let Some(part) = self.all.iter_mut().skip(self.before).last() else { return };
        let named = match part.what {
            What::Invoices => "'kv_invoice_migration'",
            What::Graph => "'kv_graph_migration'",
            What::Payments => "'kv_payments_migration'",
        };
        if part.outcome == Outcome::Done && error.contains(named) {
            part.outcome = Outcome::Failed;
            part.until = spot.at.map(|at| at / 1_000).or(part.until);
            part.error_line = Some(spot.line);
            part.error = Some(error);
        }
    }

    fn begin(&mut self, what: What, spot: Spot) {
        self.end(Outcome::Interrupted, None);
        let at = spot.at.map(|at| at / 1_000);
        self.open = Some(Part {
            what,
            outcome: Outcome::Open,
            line: spot.line,
            offset: spot.offset,
            at,
            until: at,
            count: 0,
            rates: 0,
            slowest_per_hour: None,
            fastest_per_hour: None,
            error_line: None,
            error: None,
        });
    }

    fn end(&mut self, outcome: Outcome, at: Option<u64>) {
        let Some(mut part) = self.open.take() else { return };
        part.outcome = outcome;
        part.until = at.or(part.until);
        if self.all.len() < PARTS {
            self.all.push(part);
        }
    }

    /// The log is over.
    pub(super) fn finish(&mut self) {
        self.end(Outcome::Open, None);
    }
}
