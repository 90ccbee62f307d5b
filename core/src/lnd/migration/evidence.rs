//! What was found on either side of the migration: plain data, filled by whoever read the files.
//!
//! `None` is "not read", never "not there": the verdict says what it does not know. What can be
//! counted stands as a number, what proves something by its mere presence as a flag.

use crate::sorting::sort;
use alloc::string::String;
use alloc::vec::Vec;

use super::network::{Census, Network};
use super::releases::{Backend, INVOICES};

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The key-value stores: at most one of each kind is looked at.
    pub kv: Vec<KvSide>,
    /// The native SQL databases: at most one of each engine is looked at.
    pub sql: Vec<SqlSide>,
    /// What is known of the files themselves.
    pub files: Files,
}

/// What is known of the files, and of where they came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// A whole data directory (or a whole Postgres database) was given: what was not found in it
    /// does not exist. Else what was not found may lie elsewhere.
    pub whole: bool,
    /// The network that LND is configured for, as the directory is called, if a face knows.
    pub network: Option<Network>,
    /// Those of the report's inputs that hold nothing, because all of it stood in a log that was
    /// not given.
    pub emptied: Vec<u32>,
    /// lndinit's own notes say that its copy never finished.
    pub copy_unfinished: bool,
}

/// A key-value store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KvSide {
    /// What kind.
    pub store: KvStore,
    /// Which of the report's inputs.
    pub input: u32,
    /// The bucket `invoices` is there.
    pub invoices_bucket: bool,
    /// The value of the key `invoice-tombstone` in it. LND asks only whether the key is there.
    pub invoice_tombstone: Option<Vec<u8>>,
    /// The bucket `metadata` is there.
    pub metadata: bool,
    /// Its version, `metadata`/`dbp`.
    pub dbp: Option<u32>,
    /// The optional migrations that it records, `metadata`/`ovk`.
    pub optional: Vec<u64>,
    /// The text of lndinit's data-migration tombstone (`data-migration-tombstone`), not empty.
    pub data_migration_tombstone: Option<String>,
    /// The text of lndinit's mark of a finished copy (`data-migration-already-migrated`).
    pub already_migrated: Option<String>,
    /// Keys that other tools or people wrote where LND's marks are, such as `migration_complete`.
    pub foreign_markers: Vec<String>,
    /// Counts.
    pub ledger: Ledger,
    /// When the newest invoice was made: seconds since 1970.
    pub newest_creation: Option<u64>,
    /// The payment hashes of the invoices that the migration would reach.
    pub hashes: Option<Hashes>,
    /// Those of them that are settled: no release ever deletes such an invoice.
    pub settled_hashes: Option<Hashes>,
    /// The networks named by payment requests.
    pub networks: Census,
    /// Open channels.
    pub open_channels: Option<u64>,
    /// The block in which the newest open channel was funded.
    pub newest_channel_block: Option<u32>,
    /// Closed channels whose data stays (closed-channel tombstones; SQL backends since v0.21).
    pub closed_channel_tombstones: Option<u64>,
    /// Payments.
    pub payments: Option<u64>,
    /// Channels of the graph.
    pub graph_channels: Option<u64>,
    /// How good a copy the file is.
    pub copy: Copy,
}

impl KvSide {
    /// One of which nothing is known yet, sound as far as that goes.
    pub fn new(store: KvStore) -> KvSide {
        KvSide {
            store,
            input: 0,
            invoices_bucket: true,
            invoice_tombstone: None,
            metadata: true,
            dbp: None,
            optional: Vec::new(),
            data_migration_tombstone: None,
            already_migrated: None,
            foreign_markers: Vec::new(),
            ledger: Ledger::default(),
            newest_creation: None,
            hashes: None,
            settled_hashes: None,
            networks: Census::default(),
            open_channels: None,
            newest_channel_block: None,
            closed_channel_tombstones: None,
            payments: None,
            graph_channels: None,
            copy: Copy::default(),
        }
    }
}

/// What kind of key-value store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KvStore {
    /// A bbolt file.
    Bolt,
    /// Tables in SQLite.
    Sqlite,
    /// Tables in Postgres.
    Postgres,
    /// A dump of buckets, of which nothing says what it was taken from: it stands for whichever
    /// backend is asked about.
    Dump,
}

/// The counts of a key-value store's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Invoices.
    pub bodies: u64,
    /// Rows of the add index that lead to an invoice: what the migration reaches.
    pub reachable: u64,
    /// Settled ones among those.
    pub settled: u64,
    /// Invoices that no index leads to, canceled: left behind by LND's own clean-up.
    pub canceled_orphans: u64,
}

/// A native SQL database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlSide {
    /// Which engine.
    pub engine: SqlEngine,
    /// Which of the report's inputs.
    pub input: u32,
    /// The tables that are there, if they could be listed.
    pub tables: Option<Vec<String>>,
    /// golang-migrate's row (`schema_migrations`).
    pub schema: Option<Schema>,
    /// LND's tracker (`migration_tracker`), in any order.
    pub tracker: Vec<Track>,
    /// The sequence of settle indexes (`invoice_sequences`).
    pub settle_sequence: Option<u64>,
    /// The highest settle index that any invoice has.
    pub highest_settle_index: Option<u64>,
    /// The network it was used with (`chain_params`).
    pub network: Option<String>,
    /// Rows of the scratch table `invoice_payment_hashes`.
    pub scratch_rows: u64,
    /// Invoices.
    pub invoices: u64,
    /// Those that came by the migration: no event says that they were created.
    pub migrated: u64,
    /// Those that LND created here.
    pub created: u64,
    /// When the newest invoice was made: seconds since 1970.
    pub newest_creation: Option<u64>,
    /// The payment hashes of all invoices.
    pub hashes: Option<Hashes>,
    /// The networks named by payment requests.
    pub networks: Census,
    /// Payments.
    pub payments: Option<u64>,
    /// Channels of the graph.
    pub graph_channels: Option<u64>,
    /// How good a copy the file is.
    pub copy: Copy,
}

impl SqlSide {
    /// An empty one.
    pub fn new(engine: SqlEngine) -> SqlSide {
        SqlSide {
            engine,
            input: 0,
            tables: None,
            schema: None,
            tracker: Vec::new(),
            settle_sequence: None,
            highest_settle_index: None,
            network: None,
            scratch_rows: 0,
            invoices: 0,
            migrated: 0,
            created: 0,
            newest_creation: None,
            hashes: None,
            networks: Census::default(),
            payments: None,
            graph_channels: None,
            copy: Copy::default(),
        }
    }

    /// The highest version of the tracker: the only one that LND looks at.
    pub fn tracker_max(&self) -> Option<u32> {
        self.tracker.iter().map(|row| row.version).max()
    }

    /// Whether the tracker says that the invoices were migrated, or passed over.
    pub fn past_invoices(&self) -> bool {
        self.tracker_max() >= Some(INVOICES)
    }

    /// When the tracker went past the invoices: seconds since 1970.
    pub fn past_invoices_at(&self) -> Option<u64> {
        let row = self.tracker.iter().find(|row| row.version == INVOICES);
        row.and_then(|row| row.time)
    }

    /// Whether the table is known not to be there.
    pub fn lacks(&self, table: &str) -> bool {
        self.tables.as_ref().is_some_and(|tables| !tables.iter().any(|known| known == table))
    }

    /// Whether new settlements are numbered from below the highest that there is.
    pub fn settle_sequence_behind(&self) -> bool {
        let highest = self.highest_settle_index.unwrap_or(0);
        self.settle_sequence.is_some_and(|sequence| sequence < highest)
    }
}

/// Which engine native SQL runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SqlEngine {
    /// `lnd.sqlite`.
    Sqlite,
    /// Postgres.
    Postgres,
}

/// golang-migrate's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The schema file that was applied last.
    pub version: u32,
    /// It was begun and not finished.
    pub dirty: bool,
}

/// One row of the tracker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track {
    /// The version.
    pub version: u32,
    /// When: seconds since 1970, where it can be read.
    pub time: Option<u64>,
}

/// How good a copy a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copy {
    /// Its write-ahead log.
    pub wal: Wal,
    /// The newest state could not be read, an older one was (bbolt: the other meta page).
    pub rolled_back: bool,
    /// It is shorter than it says.
    pub short: bool,
    /// Parts could not be read: counts may be too low.
    pub unreadable: bool,
    /// Why bbolt does not open it at all, in its own words.
    pub refused: Option<&'static str>,
}

/// The write-ahead log beside an SQLite file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wal {
    /// There is none by the nature of the file, or it is known that there was none.
    #[default]
    None,
    /// It was given, and what it holds was applied.
    Applied,
    /// The file is one that may have a log, and none was given.
    NotGiven,
    /// There is one, and it was not given.
    Missing,
}

/// Payment hashes, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hashes(Vec<[u8; 32]>);

impl Hashes {
    /// Those, in any order.
    pub fn new(mut hashes: Vec<[u8; 32]>) -> Hashes {
        sort(&mut hashes);
        hashes.dedup();
        Hashes(hashes)
    }

    /// How many.
    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of these the others have too.
    pub fn shared_with(&self, others: &Hashes) -> u64 {
        let mut others = others.0.iter().peekable();
        let mut shared = 0;
        for hash in &self.0 {
            while others.next_if(|other| *other < hash).is_some() {}
            shared += u64::from(others.peek() == Some(&hash));
        }
        shared
    }

    /// How many of these the others lack.
    pub fn missing_from(&self, others: &Hashes) -> u64 {
        self.len() - self.shared_with(others)
    }
}

impl Evidence {
    /// The key-value store that LND would open with this backend.
    pub fn kv_of(&self, backend: Backend) -> Option<&KvSide> {
        let wanted = match backend {
            Backend::Bolt => KvStore::Bolt,
            Backend::Sqlite => KvStore::Sqlite,
            Backend::Postgres => KvStore::Postgres,
            Backend::Etcd => return None,
        };
        let of = |store| self.kv.iter().find(move |side| side.store == store);
        of(wanted).or_else(|| of(KvStore::Dump))
    }

    /// The native SQL database that LND would open with this backend.
    pub fn sql_of(&self, backend: Backend) -> Option<&SqlSide> {
        let wanted = match backend {
            Backend::Sqlite => SqlEngine::Sqlite,
            Backend::Postgres => SqlEngine::Postgres,
            Backend::Bolt | Backend::Etcd => return None,
        };
        self.sql.iter().find(|side| side.engine == wanted)
    }

    /// The backends of which something was read, in the order of [`Backend::ALL`].
    pub fn backends(&self) -> impl Iterator<Item = Backend> + '_ {
        Backend::ALL
            .iter()
            .copied()
            .filter(|backend| self.kv_of(*backend).is_some() || self.sql_of(*backend).is_some())
    }

    /// The backend that is in force, as far as the files say: that of native SQL, else the SQL
    /// key-value store, else bbolt.
    pub fn backend(&self) -> Option<Backend> {
        let order = [Backend::Sqlite, Backend::Postgres, Backend::Bolt];
        let with = |has: &dyn Fn(Backend) -> bool| order.into_iter().find(|one| has(*one));
        let dumped = |side: &KvSide| side.store == KvStore::Dump;
        with(&|one| self.sql_of(one).is_some())
            .or_else(|| with(&|one| self.kv_of(one).is_some_and(|side| !dumped(side))))
            .or_else(|| self.kv.iter().any(dumped).then_some(Backend::Sqlite))
    }

    /// The bbolt file.
    pub fn bolt(&self) -> Option<&KvSide> {
        self.kv.iter().find(|side| side.store == KvStore::Bolt)
    }

    /// The network that payment requests on both sides name, and how many do.
    pub fn network_seen(&self) -> Option<(Network, u64)> {
        let kv = self.kv.iter().map(|side| side.networks);
        let sql = self.sql.iter().map(|side| side.networks);
        kv.chain(sql).fold(Census::default(), Census::with).majority()
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn hashes_are_compared_as_sets() {
        let of = |bytes: &[u8]| Hashes::new(bytes.iter().map(|byte| [*byte; 32]).collect());
        let (kv, sql) = (of(&[5, 1, 3, 3]), of(&[3, 9, 1]));
        assert_eq!((kv.len(), kv.shared_with(&sql), kv.missing_from(&sql)), (3, 2, 1));
        assert_eq!(sql.missing_from(&of(&[])), 3);
        assert_eq!(of(&[]).missing_from(&sql), 0);
    }

    #[test]
    fn only_the_highest_row_of_the_tracker_counts() {
        let mut sql = SqlSide::new(SqlEngine::Sqlite);
        assert!(!sql.past_invoices());
        sql.tracker = vec![Track { version: 18, time: None }, Track { version: 7, time: Some(5) }];
        assert_eq!((sql.tracker_max(), sql.past_invoices_at()), (Some(18), Some(5)));
        sql.tracker.pop();
        assert!(sql.past_invoices(), "row 7 itself need not be there");
    }
}
