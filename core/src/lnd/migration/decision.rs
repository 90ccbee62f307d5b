//! Where a start of LND ends: codes and LND's own words, no prose of ours.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::releases::Custom;
use crate::finding::Confidence;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$variant),*];

            /// The stable name, as in reports.
            pub const fn name(self) -> &'static str {
                match self { $($type::$variant => $name,)* }
            }
        }

        $crate::finding::serialize_by_name!($type);
    };
}
pub(in crate::lnd) use names;

names! {
    /// A stage of LND's start-up, in their order.
    Stage {
        /// The configuration is looked at.
        Config = "config",
        /// The databases are opened.
        Open = "open",
        /// The channel database: data-migration tombstone, version, optional migrations.
        ChannelDb = "channel_db",
        /// Native SQL: schema and migrations.
        Migrations = "migrations",
        /// Native SQL: the network that it was used with.
        Network = "network",
        /// Key-value only: the invoice tombstone.
        Tombstone = "tombstone",
    }
}

names! {
    /// Where LND keeps its invoices once it runs.
    Store {
        /// The key-value store.
        Kv = "kv",
        /// Native SQL.
        Sql = "sql",
    }
}

names! {
    /// What is meant.
    What {
        /// Invoices.
        Invoices = "invoices",
        /// The graph.
        Graph = "graph",
        /// Payments.
        Payments = "payments",
    }
}

impl From<Custom> for What {
    fn from(custom: Custom) -> What {
        match custom {
            Custom::Invoices => What::Invoices,
            Custom::Graph => What::Graph,
            Custom::Payments => What::Payments,
        }
    }
}

/// How many of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What.
    pub what: What,
    /// How many, if they could be counted. Of the graph: channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// Where it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// LND runs.
    Proceeds {
        /// Its invoices are here.
        on: Store,
        /// What lies on the other side, and is not looked at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ignored: Vec<Part>,
    },
    /// LND brings this over into native SQL, then runs on it.
    Migrates {
        /// What.
        parts: Vec<Part>,
    },
    /// LND does not start.
    Refuses {
        /// Where it stops.
        at: Stage,
        /// Its error, as the database builder (or the check of the configuration) gives it.
        error: String,
        /// Whether that is the whole text up to the first line end; else only its beginning is
        /// certain.
        exact: bool,
        /// What it logs before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<String>,
    },
    /// The databases open, and LND stops at the first query of a table that is not there.
    Breaks {
        /// The table.
        table: String,
        /// What the driver says of it.
        error: String,
    },
    /// Nothing can be said: that side was not read.
    Unknown {
        /// Which.
        unread: Store,
    },
}

/// What would be lost, or out of LND's sight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "loss", rename_all = "snake_case")]
pub enum Loss {
    /// The migration is recorded as done though nothing was brought over, and is never run again:
    /// this stays behind for good (on disk, out of sight).
    PassedOver {
        /// What.
        part: Part,
    },
    /// LND runs on the key-value store and does not see what native SQL has.
    Unseen {
        /// What.
        part: Part,
    },
}

/// What stays on disk of this start, and cannot be undone by changing the configuration back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Mark {
    /// The invoice tombstone: from then on LND does not run without native SQL.
    InvoiceTombstone,
    /// The tracker's new version.
    Tracker {
        /// Which.
        version: u32,
    },
    /// The key-value store's new version: older releases refuse it.
    Dbp {
        /// Which.
        version: u32,
    },
    /// The network that the database belongs to from then on.
    Network {
        /// Which; absent where the configuration is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        network: Option<String>,
    },
}

names! {
    /// What to know beside the outcome.
    Caution {
        /// The first invoice settled after the migration gets settle index 1 again.
        SettleSequenceRestarts = "settle_sequence_restarts",
        /// The sequence of settle indexes is behind already.
        SettleSequenceBehind = "settle_sequence_behind",
        /// Both sides go their own way from here.
        SplitBrain = "split_brain",
        /// The tracker is newer than this release, and it does not notice.
        NewerTracker = "newer_tracker",
        /// The graph in the key-value store is used, which is older than that in native SQL.
        StaleGraph = "stale_graph",
        /// The payments in the key-value store are used, which are older than those in native SQL.
        StalePayments = "stale_payments",
        /// This release does not know the invoice tombstone.
        TombstoneUnknown = "tombstone_unknown",
        /// The schema is marked as half done, and nobody looks.
        DirtyIgnored = "dirty_ignored",
        /// The schema is marked as half done, and LND puts that right by itself.
        DirtyReset = "dirty_reset",
        /// A migration runs although its tables hold rows already.
        RunsAgain = "runs_again",
        /// Native SQL has invoices of its own: those brought over get higher numbers than newer ones.
        AddedBehind = "added_behind",
        /// The key-value store is a copy that may never have been finished.
        PartialCopy = "partial_copy",
        /// A bbolt file that is not retired lies beside; LND only warns.
        BoltBeside = "bolt_beside",
        /// The database is of another network, and this start does not notice.
        WrongNetwork = "wrong_network",
        /// No version in the key-value store: taken as the newest, mandatory migrations are passed
        /// over.
        DbpTakenAsLatest = "dbp_taken_as_latest",
        /// No version in the key-value store: recovered.
        DbpRecovered = "dbp_recovered",
        /// This backend has no store there: LND begins an empty one.
        EmptyStore = "empty_store",
        /// The key-value store was not given; taken to be sound.
        KvUnread = "kv_unread",
        /// Native SQL was not given; taken not to exist.
        SqlUnread = "sql_unread",
        /// Parts could not be read: counts may be too low.
        PartlyRead = "partly_read",
        /// What was read may be older than what LND would find.
        MaybeStale = "maybe_stale",
    }
}

/// What one release does in one configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Where it ends.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What would be lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loses: Vec<Loss>,
    /// What stays on disk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// What to know beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Caution>,
    /// How sure: what was read in upstream's code and not seen happening is only likely.
    pub confidence: Confidence,
}

impl Decision {
    /// Whether LND runs afterwards.
    pub fn runs(&self) -> bool {
        matches!(self.outcome, Outcome::Proceeds { .. } | Outcome::Migrates { .. })
    }

    /// LND's error.
    pub fn error(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Refuses { error, .. } | Outcome::Breaks { error, .. } => Some(error),
            Outcome::Proceeds { .. } | Outcome::Migrates { .. } | Outcome::Unknown { .. } => None,
        }
    }
}
