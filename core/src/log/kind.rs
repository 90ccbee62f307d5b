//! What a known line says, and what that is worth.

use crate::finding::serialize_by_name;

/// Whose log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// Core Lightning.
    Lightningd,
    /// LND.
    Lnd,
}

impl Program {
    /// Both.
    pub const ALL: &'static [Program] = &[Program::Lightningd, Program::Lnd];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Program::Lightningd => "lightningd",
            Program::Lnd => "lnd",
        }
    }
}

/// What a line is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It looks bad, and is not.
    Harmless,
    /// How things go.
    Note,
    /// Something is not as it should be.
    Trouble,
    /// The store is damaged or given up, or a start failed.
    Damage,
}

impl Weight {
    /// All of them, the mildest first.
    pub const ALL: &'static [Weight] =
        &[Weight::Harmless, Weight::Note, Weight::Trouble, Weight::Damage];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Weight::Harmless => "harmless",
            Weight::Note => "note",
            Weight::Trouble => "trouble",
            Weight::Damage => "damage",
        }
    }
}

macro_rules! says {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $weight:ident;)*) => {
        /// What a known line says. The names are stable; variants may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Says { $($(#[$doc])* $variant,)* }

        impl Says {
            /// All of them.
            pub const ALL: &'static [Says] = &[$(Says::$variant),*];

            /// The stable name, as in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Says::$variant => $name,)* }
            }

            /// What it is worth.
            pub const fn weight(self) -> Weight {
                match self { $(Says::$variant => Weight::$weight,)* }
            }
        }
    };
}

says! {
    // Starts and ends.
    /// A start is complete.
    Started = "started", Note;
    /// bitcoind answers: a start is under way.
    BackendReady = "backend_ready", Note;
    /// Somebody asked lightningd to stop.
    ShutdownAsked = "shutdown_asked", Note;
    /// The system asked it to stop.
    Sigterm = "sigterm", Note;
    /// The main loop ended.
    LoopEnded = "loop_ended", Note;
    /// It crashed.
    FatalSignal = "fatal_signal", Damage;
    /// A line of the list of calls that follows a crash.
    Backtrace = "backtrace", Note;
    /// A daemon gave up, for a reason that is not in this list.
    DaemonFailed = "daemon_failed", Trouble;
    /// A daemon ended, and lightningd with it.
    DaemonExited = "daemon_exited", Damage;
    /// A plugin did not answer in time.
    PluginTimeout = "plugin_timeout", Trouble;

    // The store, at a start.
    /// What was read from it.
    StoreRead = "store_read", Note;
    /// How many records are live and deleted.
    LiveRecords = "live_records", Note;
    /// How long compaction took.
    CompactTime = "compact_time", Note;
    /// Compacted, with counts.
    Compacted = "compacted", Note;
    /// Compaction begins.
    CompactBegins = "compact_begins", Note;
    /// Compaction failed.
    CompactFailed = "compact_failed", Trouble;
    /// How long an upgrade of the store took.
    Converted = "converted", Note;
    /// The store ends early: its beginning is kept.
    EndsEarly = "ends_early", Trouble;
    /// A record's checksum does not hold.
    Checksum = "checksum", Damage;
    /// A record that is not as its type demands, or of no known type.
    BadRecord = "bad_record", Damage;
    /// An announcement without its amount.
    NoAmount = "no_amount", Damage;
    /// The file ends inside a record.
    Truncated = "truncated", Damage;
    /// An announcement or a node without the update that it needs.
    Unfinished = "unfinished", Damage;
    /// The store was moved aside, and an empty one begun.
    Moved = "moved", Damage;
    /// A version that this release does not read: the store is gone, or moved aside.
    Version = "version", Damage;
    /// Bytes that were not understood, or not all of them read.
    NotAll = "not_all", Damage;
    /// A channel is announced twice.
    Redundant = "redundant", Trouble;

    // The store, while running.
    /// A record that was asked for is marked as deleted: the index is of another file.
    StaleIndex = "stale_index", Damage;
    /// A place in the store cannot be read.
    CannotRead = "cannot_read", Damage;
    /// Another record stands where one was expected.
    WrongRecord = "wrong_record", Damage;
    /// The file is not as long as what was written.
    WrongLength = "wrong_length", Damage;
    /// Writing failed.
    WriteFailed = "write_failed", Damage;
    /// The file was replaced, and readers follow.
    Reopened = "reopened", Note;
    /// Readers found that the replaced file lacks something.
    ReopenedLess = "reopened_less", Trouble;

    // Gossip.
    /// A message out of order, from a peer.
    BadOrder = "bad_order", Harmless;
    /// Updates with values out of bounds.
    BadUpdates = "bad_updates", Harmless;
    /// Updates or announcements that come too often.
    Spam = "spam", Harmless;
    /// More messages than are taken.
    Flooded = "flooded", Trouble;
    /// Flooding is over.
    FloodOver = "flood_over", Note;
    /// A channel was dropped: no update for too long.
    Pruned = "pruned", Note;
    /// A channel of this node was dropped.
    PrunedLocal = "pruned_local", Trouble;
    /// A channel was dropped: its funding is spent.
    Spent = "spent", Note;
    /// gossipd does not know a channel of this node any more; it is announced again.
    LostTrack = "lost_track", Trouble;
    /// A peer is asked for everything.
    AsksEverything = "asks_everything", Note;
    /// A peer is asked for what is new.
    AsksNew = "asks_new", Note;
    /// A peer was chosen to sync from at the start.
    StartupPeer = "startup_peer", Note;
    /// A peer was chosen for the regular full sync.
    FullSync = "full_sync", Note;

    // LND.
    /// LND's version: a start begins.
    LndVersion = "lnd_version", Note;
    /// LND opens its databases.
    LndOpening = "lnd_opening", Note;
    /// LND was asked to stop.
    LndShutdownAsked = "lnd_shutdown_asked", Note;
    /// LND has stopped.
    LndStopped = "lnd_stopped", Note;
    /// The schema is brought to a version.
    LndSchema = "lnd_schema", Note;
    /// A migration is done already.
    LndMigrationSkipped = "lnd_migration_skipped", Note;
    /// A migration begins.
    LndMigrationBegins = "lnd_migration_begins", Note;
    /// A migration is applied.
    LndMigrationApplied = "lnd_migration_applied", Note;
    /// A dirty schema is put right.
    LndDirtyReset = "lnd_dirty_reset", Trouble;
    /// The migration of invoices begins.
    LndInvoicesBegin = "lnd_invoices_begin", Note;
    /// The index of payment hashes is built.
    LndInvoicesIndex = "lnd_invoices_index", Note;
    /// How fast invoices come over.
    LndInvoicesRate = "lnd_invoices_rate", Note;
    /// All invoices are over.
    LndInvoicesTotal = "lnd_invoices_total", Note;
    /// The migration of invoices is done.
    LndInvoicesDone = "lnd_invoices_done", Note;
    /// An invoice is left out.
    LndInvoiceLeftOut = "lnd_invoice_left_out", Trouble;
    /// The invoice tombstone is set.
    LndTombstone = "lnd_tombstone", Note;
    /// Release candidates of v0.19 say whether it is set.
    LndTombstoneState = "lnd_tombstone_state", Harmless;
    /// The migration of the graph begins.
    LndGraphBegin = "lnd_graph_begin", Note;
    /// How fast the graph comes over.
    LndGraphRate = "lnd_graph_rate", Note;
    /// A part of the graph is over.
    LndGraphPart = "lnd_graph_part", Note;
    /// The migration of the graph is done.
    LndGraphDone = "lnd_graph_done", Note;
    /// A node or a channel is left out.
    LndGraphLeftOut = "lnd_graph_left_out", Harmless;
    /// The migration of payments begins.
    LndPaymentsBegin = "lnd_payments_begin", Note;
    /// How fast payments come over.
    LndPaymentsRate = "lnd_payments_rate", Note;
    /// A figure of what was migrated.
    LndPaymentsPart = "lnd_payments_part", Note;
    /// The migration of payments is done.
    LndPaymentsDone = "lnd_payments_done", Note;
    /// A payment that was not as it should be.
    LndPaymentOdd = "lnd_payment_odd", Trouble;
    /// A migration of the key-value store.
    LndKvMigration = "lnd_kv_migration", Note;
    /// A migration of the key-value store failed.
    LndKvMigrationFailed = "lnd_kv_migration_failed", Damage;
    /// A migration to native SQL failed.
    LndMigrationFailed = "lnd_migration_failed", Damage;
    /// LND refuses to start with these stores.
    LndRefuses = "lnd_refuses", Damage;
    /// LND stops because of an error.
    LndStopsOnError = "lnd_stops_on_error", Trouble;
    /// A bbolt database lies beside the one in use.
    LndBoltBeside = "lnd_bolt_beside", Trouble;
    /// bbolt found its file damaged.
    LndBoltDamaged = "lnd_bolt_damaged", Damage;
    /// A transaction of Postgres clashed with another; it is tried again.
    LndSerialization = "lnd_serialization", Harmless;
}

/// Of what kind a message out of order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// An update before the announcement of its channel.
    Update,
    /// A node's announcement before any channel of its.
    Node,
    /// An announcement of a channel in a block that is not here yet.
    Early,
    /// An update of a channel of this node's that it does not know (any more).
    OwnUnknown,
    /// A peer's update that names a channel by the peer's own alias.
    OwnAlias,
    /// An update from a peer that does not own the channel.
    Foreign,
    /// Anything else.
    Other,
}

impl Order {
    /// All of them.
    pub const ALL: &'static [Order] = &[
        Order::Update,
        Order::Node,
        Order::Early,
        Order::OwnUnknown,
        Order::OwnAlias,
        Order::Foreign,
        Order::Other,
    ];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Order::Update => "update",
            Order::Node => "node",
            Order::Early => "early",
            Order::OwnUnknown => "own_unknown",
            Order::OwnAlias => "own_alias",
            Order::Foreign => "foreign",
            Order::Other => "other",
        }
    }
}

serialize_by_name!(Program, Weight, Says, Order);
