//! The stable codes: of findings with their usual severity, the values each always carries and
//! the next steps it calls for; and of the steps.

use super::Severity::{self, Damage, Info, Warning};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident, [$($value:literal),*], [$($step:ident),*];)*) => {
        /// What was found. The names are stable; variants may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The stable name, as in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// How bad a finding of this code usually is.
            pub const fn severity(self) -> Severity {
                match self { $(Code::$variant => $severity,)* }
            }

            /// The names of the values that every finding of this code carries.
            pub const fn values(self) -> &'static [&'static str] {
                match self { $(Code::$variant => &[$($value),*],)* }
            }

            /// What to do about it, the safest first.
            pub const fn steps(self) -> &'static [Step] {
                match self { $(Code::$variant => &[$(Step::$step),*],)* }
            }
        }
    };
}

codes! {
    /// The file has no bytes.
    EmptyFile = "gossip.empty_file", Damage, [], [RenameAndRestart, WatchUpload, CheckDisk];
    /// Every byte is zero.
    AllZero = "gossip.all_zero", Damage, ["len"], [RenameAndRestart, WatchUpload, CheckDisk, Ups];
    /// The file ends inside a record, or between an announcement and its amount.
    TornTail = "gossip.torn_tail", Damage, ["part", "have", "lost"], [KeepCopy, Repair, CutTail, RenameAndRestart, Ups, StopCleanly];
    /// A record's checksum holds, but its COMPLETED bit is not set.
    UncompletedRecord = "gossip.uncompleted_record", Damage, ["byte", "bit", "at_tail", "lost"], [KeepCopy, Repair, RenameAndRestart, Ups, StopCleanly];
    /// A run of zero bytes where records were, or behind them.
    ZeroRun = "gossip.zero_run", Damage, ["zeros_start", "zeros_len", "alignment"], [KeepCopy, Repair, RenameAndRestart, CheckDisk, Ups];
    /// One bit of a record's body, checksum or timestamp is wrong.
    BitFlip = "gossip.bit_flip", Damage, ["explanations", "lost"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// Two wrong bits would explain the record's checksum; so would chance.
    TwoBitFlip = "gossip.two_bit_flip", Damage, ["explanations", "lost"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// One bit of a header's length is wrong.
    LengthFlip = "gossip.length_flip", Damage, ["byte", "bit", "stored_len", "true_len", "lost"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// A DELETED bit contradicts the other records.
    DeletedFlip = "gossip.deleted_flip", Damage, ["byte", "bit", "because"], [KeepCopy, Repair, CheckDisk];
    /// Other bytes stand where records were.
    OverwrittenSpan = "gossip.overwritten_span", Damage, ["len", "alignment"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// Bytes that stand in the file already stand there again.
    DuplicatedSpan = "gossip.duplicated_span", Damage, ["copy_of", "copied_at", "copied_len"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// Bytes that ought to be there are not.
    MissingSpan = "gossip.missing_span", Damage, ["what"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// A record goes on elsewhere in the file: pages in the wrong order.
    MovedSpan = "gossip.moved_span", Damage, ["broken_at", "continues_at"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// A new chain of records written over the beginning of an old one.
    Overlay = "gossip.overlay", Damage, ["new_chain_end", "old_chain_start", "announced_twice"], [KeepCopy, Repair, UpgradeLightningd, RenameAndRestart];
    /// A second store begins inside the file.
    SecondStore = "gossip.second_store", Damage, ["store_start", "store_end"], [KeepCopy, Repair, RenameAndRestart];
    /// The marker of a file that has been replaced, at the end of this one.
    EndedLeft = "gossip.ended_left", Damage, ["equivalent_offset"], [KeepCopy, Repair, CutTail, RenameAndRestart];
    /// The header's timestamp is not the message's, though the checksum holds.
    TimestampContradiction = "gossip.timestamp_contradiction", Damage, ["header_timestamp", "message_timestamp"], [KeepCopy, Repair, CheckDisk];
    /// The version byte is not the version of the records.
    WrongVersion = "gossip.wrong_version", Damage, ["version", "evidence", "fits"], [KeepCopy, Repair, RenameAndRestart, CheckDisk];
    /// Bytes behind the last record that are no part of one.
    TrailingGarbage = "gossip.trailing_garbage", Damage, ["len"], [KeepCopy, Repair, CutTail, RenameAndRestart];
    /// The checksum holds, but the content cannot be what its type says.
    MalformedRecord = "gossip.malformed_record", Damage, ["len"], [KeepCopy, Repair, RenameAndRestart, ReportUpstream];
    /// A type that no release knows.
    UnknownRecord = "gossip.unknown_record", Damage, ["type"], [KeepCopy, Repair, RenameAndRestart, StayCurrent];
    /// Flag bits that the releases which write this version take for a part of the length.
    FlagsInLength = "gossip.flags_in_length", Damage, ["count", "flags"], [KeepCopy, Repair, UpgradeLightningd, RenameAndRestart];
    /// A live record that its signers did not sign like this.
    BadSignature = "gossip.bad_signature", Damage, ["signers"], [KeepCopy, RenameAndRestart, CheckDisk, ReportUpstream];
    /// A tombstone whose channel's records are not marked deleted.
    UnfinishedDelete = "gossip.unfinished_delete", Warning, ["announcement"], [KeepCopy, Repair, StopCleanly];
    /// An update stands before the announcement that it needs.
    OutOfOrder = "gossip.out_of_order", Warning, ["announcement"], [KeepCopy, Repair, HealsByItself];
    /// An update of a channel that is not announced anywhere.
    OrphanUpdate = "gossip.orphan_update", Warning, [], [HealsByItself];
    /// A node_announcement of a node without channels.
    OrphanNode = "gossip.orphan_node", Info, [], [HealsByItself];
    /// An amount that does not follow an announcement.
    OrphanAmount = "gossip.orphan_amount", Warning, [], [KeepCopy, Repair, RenameAndRestart];
    /// A node_announcement stands before its node's first channel, so that the alias is not shown.
    HiddenAlias = "gossip.hidden_alias", Warning, ["alias", "first_channel"], [UpgradeLightningd, HealsByItself];
    /// A channel is announced twice.
    DuplicateAnnouncement = "gossip.duplicate_announcement", Damage, ["first"], [KeepCopy, Repair, UpgradeLightningd, RenameAndRestart];
    /// Live updates that newer ones replace.
    SupersededUpdates = "gossip.superseded_updates", Info, ["count", "bytes"], [Nothing];
    /// A version that no current release reads.
    UnsupportedVersion = "gossip.unsupported_version", Warning, ["version", "written_by", "read_by"], [KeepCopy, DoNotDowngrade, UpgradeLightningd, BackUpBeforeUpgrade];
    /// Not the newest version, and current releases upgrade it.
    OlderVersion = "gossip.older_version", Info, ["version", "written_by", "read_by"], [BackUpBeforeUpgrade];
    /// Mostly dead records.
    Bloat = "gossip.bloat", Warning, ["size", "live", "dead", "live_bytes"], [UpgradeLightningd, WatchSize];
    /// The node tells its peers the same again and again.
    Readvertising = "gossip.readvertising", Warning, ["push", "messages", "sync_bytes"], [WatchUpload, UpgradeLightningd, LowerGossip];
    /// Hardly a channel would survive the next prune.
    TooOld = "gossip.too_old", Warning, ["newest_timestamp", "channels", "survive"], [DoNotRestore, RenameAndRestart, WatchUpload];
    /// Records of channels that are not announced.
    PrivateRecords = "gossip.private_records", Info, ["count"], [Redact];
    /// Own gossip, marked PUSH.
    PushRecords = "gossip.push_records", Info, ["count"], [Redact];
    /// Flag bits that no release gives a meaning in this version.
    UnknownFlags = "gossip.unknown_flags", Info, ["count", "flags"], [Nothing];
    /// Channels whose funding is spent.
    DyingChannels = "gossip.dying_channels", Info, ["count"], [Nothing];
    /// Records found inside a span that a wounded header claims.
    Resynchronised = "gossip.resynchronised", Info, ["count"], [KeepCopy];
    /// Records whose signatures are all zero.
    ZeroSignatures = "gossip.zero_signatures", Info, ["count", "records"], [DoNotRestore];
    /// A limit on memory was reached: what is beyond was not looked at.
    LimitReached = "gossip.limit_reached", Warning, ["what", "limit"], [Nothing];
    /// Nothing in the file is a gossip_store, nor anything else that is known.
    NotAStore = "input.not_a_store", Damage, [], [WhichFile];
    /// Core Lightning's database: channels, payments, invoices.
    LightningdSqlite = "input.lightningd_sqlite", Warning, [], [NeverShare, WhichFile];
    /// An SQLite database that is not Core Lightning's.
    Sqlite = "input.sqlite", Warning, [], [NeverShare, WhichFile];
    /// What may be Core Lightning's key.
    HsmSecret = "input.hsm_secret", Warning, [], [NeverShareKeys, WhichFile];
    /// LND's wallet.
    WalletDb = "input.wallet_db", Warning, [], [NeverShareKeys, WhichFile];
    /// A bbolt database that is not LND's wallet.
    Bolt = "input.bolt", Warning, [], [NeverShare, WhichFile];
    /// What may be LND's channel backup: bytes without any structure.
    ChannelBackup = "input.channel_backup", Warning, [], [NeverShare, WhichFile];
    /// A macaroon: whoever has it may command the node.
    Macaroon = "input.macaroon", Warning, [], [NeverShareKeys, WhichFile];
    /// A compressed file.
    Compressed = "input.compressed", Warning, ["kind"], [Unpack];
    /// Upstream's compressed test topology, not a store.
    GossmapCompressed = "input.gossmap_compressed", Warning, [], [WhichFile];
    /// The file changed while it was read.
    NotStill = "input.not_still", Warning, [], [CopyAgain, StopCleanly];
    /// The write-ahead log of an SQLite database, without the database.
    SqliteWal = "input.sqlite_wal", Warning, [], [WhichDatabase];

    // bbolt files.
    /// Neither meta page holds: bbolt refuses the file.
    BoltNoMeta = "bbolt.no_meta", Damage, ["meta_fault", "upstream", "read_on", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndNoOldCopy, LndSalvage, LndChannelBackup, CheckDisk];
    /// One meta page does not hold.
    BoltMetaDamaged = "bbolt.meta_damaged", Damage, ["pgid", "meta_fault", "lost_newer", "txid", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndNoOldCopy, CheckDisk];
    /// The two meta pages are not of two transactions that follow each other.
    BoltMetaPair = "bbolt.meta_pair", Warning, ["txid", "other_txid"], [LndDoNotStart, LndKeepCopy, LndCopyAgain];
    /// A file of a big-endian machine.
    BoltBigEndian = "bbolt.big_endian", Warning, [], [LndKeepCopy];
    /// The file ends before its pages do.
    BoltTruncated = "bbolt.truncated", Damage, ["need", "have", "pages", "hwm"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndNoOldCopy, LndSalvage, CheckDisk];
    /// A page in use is not in the file, or not all of it.
    BoltMissingPage = "bbolt.missing_page", Damage, ["pgid", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage];
    /// Something leads to a page that does not exist.
    BoltOutOfBounds = "bbolt.out_of_bounds", Damage, ["pgid", "parent", "hwm", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage];
    /// Two places lead to the same page.
    BoltMultipleReferences = "bbolt.multiple_references", Damage, ["pgid", "parent", "first_parent", "first_bucket", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage];
    /// A page in use stands in the freelist.
    BoltReachableFreed = "bbolt.reachable_freed", Damage, ["pgid", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndFreelist];
    /// A page in use is all zeros.
    BoltZeroPage = "bbolt.zero_page", Damage, ["pgid", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// A page in use is neither branch nor leaf.
    BoltPageType = "bbolt.page_type", Damage, ["pgid", "page_flags", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// A page says that it is another one.
    BoltPageId = "bbolt.page_id", Damage, ["pgid", "says", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// A page claims more pages behind it than it needs, or than there are.
    BoltOverflow = "bbolt.overflow", Damage, ["pgid", "overflow", "needed", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// A page claims more elements than it has room for, or is a branch without any.
    BoltCount = "bbolt.count", Damage, ["pgid", "elements", "fitting", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// An element of a page cannot be as it is.
    BoltElement = "bbolt.element", Damage, ["pgid", "element", "element_fault", "count", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// A key is not where it belongs.
    BoltKeyOrder = "bbolt.key_order", Damage, ["pgid", "element", "order_fault", "count", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// A small bucket that stands in its element is not as it must be.
    BoltInline = "bbolt.inline_bucket", Damage, ["pgid", "element", "inline_fault", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];
    /// Pages or buckets are nested deeper than any store's.
    BoltTooDeep = "bbolt.too_deep", Damage, ["pgid", "limit", "bucket", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage];
    /// The freelist cannot be read as one.
    BoltFreelist = "bbolt.freelist", Damage, ["pgid", "freelist_fault", "hits"], [LndDoNotStart, LndKeepCopy, LndFreelist, CheckDisk];
    /// A page stands in the freelist twice.
    BoltFreeTwice = "bbolt.free_twice", Damage, ["pgid", "hits"], [LndDoNotStart, LndKeepCopy, LndFreelist, CheckDisk];
    /// The freelist has a page that cannot be free.
    BoltBadFreePage = "bbolt.bad_free_page", Damage, ["pgid", "hwm", "hits"], [LndDoNotStart, LndKeepCopy, LndFreelist, CheckDisk];
    /// Pages that nothing leads to and that are not free.
    BoltUnreachable = "bbolt.unreachable", Info, ["pgid", "pages", "leak_cause", "hits"], [LndCompact];
    /// All faults together: the state of channels is hit.
    BoltChannelStateHit = "bbolt.channel_state_hit", Damage, ["faults", "buckets", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndNoOldCopy, LndSalvage, LndChannelBackup, CheckDisk];
    /// All faults together: only the graph is hit.
    BoltGraphHit = "bbolt.graph_hit", Damage, ["faults", "buckets", "hits"], [LndKeepCopy, LndCopyAgain, LndDropGraph, CheckDisk];
    /// All faults together: no channel state, but more than the graph.
    BoltRecordsHit = "bbolt.records_hit", Damage, ["faults", "buckets", "hits"], [LndDoNotStart, LndKeepCopy, LndCopyAgain, LndSalvage, CheckDisk];

    // (end)

    // SQLite files.

    /// A field of the header cannot be as it stands there.
    SqliteHeader = "sqlite.header", Damage, ["sqlite_fault", "read_as_page_size"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover, CheckDisk];
    /// The file ends before its last page.
    SqliteTruncated = "sqlite.truncated", Damage, ["pages_told", "pages_missing", "need", "have"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover, CheckDisk];
    /// Bytes behind the database's last page.
    SqliteTrailing = "sqlite.trailing", Info, ["pages_told"], [Nothing];
    /// In WAL mode, and no log was given.
    SqliteStaleCopy = "sqlite.stale_copy", Info, [], [SqliteCopyWithWal];
    /// The log does not belong to the file.
    SqliteWalForeign = "sqlite.wal_foreign", Warning, ["sqlite_fault"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal];
    /// The log ends with changes that were never finished.
    SqliteWalTail = "sqlite.wal_tail", Info, ["frames", "commits"], [Nothing];
    /// The log breaks off before changes that were finished.
    SqliteWalBroken = "sqlite.wal_broken", Damage, ["commits_lost", "commits"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, CheckDisk];
    /// A statement in sqlite_schema cannot be read.
    SqliteSchema = "sqlite.schema", Damage, ["object"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover];
    /// A page in use is not what it should be.
    SqlitePage = "sqlite.page", Damage, ["page_no", "in_wal", "sqlite_fault"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover, CheckDisk];
    /// A page in use is all zeros.
    SqliteZeroPage = "sqlite.zero_page", Damage, ["page_no", "in_wal"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover, CheckDisk];
    /// A cell, or the record in it, cannot be read.
    SqliteCell = "sqlite.cell", Damage, ["page_no", "in_wal", "cell", "sqlite_fault"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover, CheckDisk];
    /// A page leads to one that cannot be beneath it.
    SqliteChild = "sqlite.child", Damage, ["page_no", "in_wal", "leads_to", "sqlite_fault"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover];
    /// Two places lead to one page.
    SqliteUsedTwice = "sqlite.used_twice", Damage, ["page_no", "in_wal"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover];
    /// The pages over which a record goes on are not as many as they should be.
    SqliteOverflow = "sqlite.overflow", Damage, ["page_no", "in_wal", "cell", "sqlite_fault", "chain_pages", "chain_found"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover];
    /// A rowid or a key is not where it belongs.
    SqliteOrder = "sqlite.order", Damage, ["page_no", "in_wal", "cell"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover];
    /// A row holds a value that its table does not allow.
    SqliteValue = "sqlite.impossible_value", Damage, ["page_no", "in_wal", "cell"], [SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, CheckDisk];
    /// An index has not the entries of its table.
    SqliteIndex = "sqlite.index_differs", Damage, ["index_missing", "index_extra"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteReindex];
    /// A key stands twice in an index that allows it once.
    SqliteDuplicateKey = "sqlite.duplicate_key", Damage, ["page_no", "in_wal", "cell"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal];
    /// The list of free pages is not as it must be.
    SqliteFreelist = "sqlite.freelist", Damage, ["sqlite_fault"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRecover];
    /// The pointer map contradicts the pages.
    SqlitePointerMap = "sqlite.pointer_map", Warning, ["page_no", "in_wal", "map_wrong"], [SqliteKeepCopy, SqliteRecover];
    /// Rows on a page that nothing leads to.
    SqliteLostPage = "sqlite.lost_page", Damage, ["page_no", "in_wal", "rows_lost"], [SqliteDoNotStart, SqliteKeepCopy, SqliteCopyWithWal, SqliteRestore, SqliteRecover];
    /// Pages that nothing leads to and that hold no rows.
    SqliteUnusedPages = "sqlite.unused_pages", Info, ["unused_pages"], [Nothing];

    // (end)

    // dumps.
    /// A dump of Postgres that is not plain text.
    PgDumpPacked = "pgdump.packed", Warning, ["dump_format"], [PgRestore];
    /// A dump of Postgres that ends too early.
    PgDumpCutShort = "pgdump.cut_short", Damage, ["cut_part"], [DumpAgain];
    /// A row of a dump of Postgres that cannot be read, or a value in it.
    PgDumpBadRow = "pgdump.bad_row", Damage, ["row_fault"], [DumpAgain];
    /// A stretch of a dump of Postgres that is not read.
    PgDumpUnread = "pgdump.unread", Damage, ["unread"], [DumpAgain];
    /// Nothing says what the columns of a table are called.
    PgDumpNoColumns = "pgdump.no_columns", Warning, [], [DumpAgain];
    /// A dump holds more than is taken.
    DumpLimitReached = "dump.limit_reached", Warning, ["what", "limit"], [Nothing];
    /// The rows of a key-value table are no tree.
    KvSqlTreeBroken = "kvsql.tree_broken", Damage, ["tree_fault", "row_id"], [KeepLndStopped, CheckDisk];
    /// A bucket dump without its last line.
    BucketDumpCutShort = "bucket_dump.cut_short", Damage, ["lines"], [ExportAgain];
    /// A line of a bucket dump that cannot be read.
    BucketDumpBadLine = "bucket_dump.bad_line", Damage, ["line_fault"], [ExportAgain];
    /// A bucket dump is not what its last line says.
    BucketDumpChanged = "bucket_dump.changed", Damage, ["differs"], [ExportAgain];
    /// A bucket dump of a format that is not known.
    BucketDumpVersion = "bucket_dump.version", Warning, ["dump_format"], [UpgradeFulgurite];
    /// A bucket dump in which secrets and names were replaced.
    BucketDumpRedacted = "bucket_dump.redacted", Info, ["redaction"], [Nothing];

    // (end)

    // LND's invoices, and its native SQL.

    /// How many invoices, rows of indexes and HTLCs a key-value store has.
    LndKvCounts = "lnd.kv_counts", Info, ["invoices", "open", "settled", "canceled", "accepted", "adds", "hashes", "settles", "amp_settles", "orphans", "undecodable"], [Nothing];
    /// How many invoices and HTLCs native SQL has.
    LndSqlCounts = "lnd.sql_counts", Info, ["invoices", "open", "settled", "canceled", "accepted", "from_kv", "made_here", "htlcs"], [Nothing];
    /// An invoice or a set of HTLCs that LND would refuse to read.
    LndUndecodable = "lnd.undecodable", Damage, ["field", "value_offset", "problem", "listed", "fails", "only_logged"], [LndCopyFirst, LndDoNotMigrate, CheckDisk];
    /// Canceled invoices that LND's own clean-up left behind.
    LndOrphanCanceled = "lnd.orphan_canceled", Info, ["count", "numbers"], [LndRedactDump];
    /// An invoice that was not canceled, and to which no index leads.
    LndOrphanLost = "lnd.orphan_lost", Damage, ["state", "made", "amount_msat"], [LndCopyFirst, LndListFromCopy, LndDoNotMigrate, CheckDisk];
    /// An index of the invoices does not fit the invoices.
    LndBrokenIndex = "lnd.broken_index", Damage, ["fault"], [LndCopyFirst, LndDoNotMigrate, CheckDisk];
    /// An invoice's value ends before the end that it announces, and LND reads it all the same.
    LndCutShort = "lnd.cut_short", Warning, ["missing_bytes", "listed"], [LndCopyFirst, CheckDisk];
    /// Several invoices have what native SQL allows once.
    LndDuplicate = "lnd.duplicate", Damage, ["twice", "numbers", "count"], [LndCopyFirst, LndDoNotMigrate];
    /// A counter is behind the numbers that it handed out.
    LndSequenceBehind = "lnd.sequence_behind", Damage, ["counter", "sequence", "greatest"], [LndKeepStopped, LndCopyFirst];
    /// An invoice's state or amount does not fit its HTLCs.
    LndHtlcSum = "lnd.htlc_sum", Warning, ["sum", "amount_msat", "settled_msat", "htlcs"], [LndCopyFirst, LndWatchAccepted];
    /// Settle indexes begin anew behind a migration.
    LndSettleSequence = "lnd.settle_sequence", Damage, ["sequence", "greatest", "repeated", "from_kv", "made_here"], [LndRescanSettled, LndNoHandEdit, LndReport];
    /// Native SQL has lost the row that counts settle indexes.
    LndNoSettleSequence = "lnd.no_settle_sequence", Damage, [], [LndKeepStopped, LndCopyFirst, LndReport];
    /// A row of native SQL whose payment hash is all zeros.
    LndZeroHash = "lnd.zero_hash", Damage, ["row", "state", "provenance"], [LndCopyFirst, LndNoHandEdit, LndReport];
    /// A migration of LND's set all expiries to its defaults.
    LndExpiryReset = "lnd.expiry_reset", Info, ["count"], [Nothing];
    /// LND's scratch table for the migration is not empty.
    LndHashScratch = "lnd.hash_scratch", Warning, ["count"], [LndCopyFirst, LndReport];
    /// Events that are older than the invoice whose number they have.
    LndReusedId = "lnd.reused_id", Info, ["count", "numbers"], [Nothing];
    /// The migration to native SQL gave invoices other numbers.
    LndRenumbered = "lnd.renumbered", Warning, ["count", "most"], [LndResyncAdd];
    /// A row of native SQL that cannot be read as what its table says.
    LndBadRow = "lnd.bad_row", Damage, ["row", "field"], [LndCopyFirst, CheckDisk];

    // (end)

    // LND's migration.
    /// The invoice tombstone stands, but the tracker does not say that the migration ended.
    LndTombstoneWithoutTracker = "lnd.tombstone_without_tracker", Damage, ["kv_invoices", "sql_invoices"], [LndCopyAll, LndNeverSkip, LndMigrateWithoutSkip, LndNeverEditMarks, LndStayNative];
    /// The migration was passed over: invoices of the key-value store are out of LND's sight.
    LndMigrationSkipped = "lnd.migration_skipped", Damage, ["kv_invoices", "sql_invoices", "left_behind", "how"], [LndCopyAll, LndKeepLeftBehind, LndNeverEditMarks, LndAskDevelopers];
    /// Migrated, but the invoice tombstone is not there (any more).
    LndTombstoneLost = "lnd.tombstone_lost", Warning, ["kv_invoices", "sql_invoices"], [LndCopyAll, LndStayNative, LndOneStore];
    /// Invoices were made on both sides after the migration.
    LndSplitBrain = "lnd.split_brain", Damage, ["migrated_at", "kv_newest", "created", "left_behind"], [LndCopyAll, LndOneStore, LndKeepLeftBehind];
    /// LND's tracker and golang-migrate's schema contradict each other.
    LndTrackerSchemaDisagree = "lnd.tracker_schema_disagree", Damage, ["tracker", "schema", "expected_schema", "missing_tables", "clashes"], [LndDoNotStart, LndCopyAll, LndRestoreNative, LndAskDevelopers];
    /// The schema is marked as half done.
    LndDirtySchema = "lnd.dirty_schema", Damage, ["schema", "blocks"], [LndCopyAll, LndRestoreNative, LndAskDevelopers];
    /// The stores belong to another network than the one LND is configured for.
    LndWrongNetwork = "lnd.wrong_network", Damage, ["named_by", "network", "other_named_by", "other_network"], [LndCopyAll, LndRightNetwork];
    /// A store that was retired after its data was copied to another backend.
    LndDataMigrationTombstone = "lnd.data_migration_tombstone", Damage, ["reads", "destination"], [LndUseDestination, LndNeverEditMarks, LndRestoreSource];
    /// A copy to another backend that was never finished.
    LndHalfCopied = "lnd.half_copied", Damage, ["kv_invoices"], [LndDoNotStart, LndCopyAll, LndFinishCopy, LndNeverRunBoth];
    /// The source of a copy is retired, but the copy lacks the mark of a finished one.
    LndCopyUnmarked = "lnd.copy_unmarked", Warning, [], [LndUseDestination, LndNeverRunBoth];
    /// What was read may be older than what LND would find.
    LndStaleCopy = "lnd.stale_copy", Damage, ["sign"], [LndCopyWithWal];
    /// Newer than what a release knows.
    LndNewerThanRelease = "lnd.newer_than_release", Damage, ["which", "found", "known", "release"], [LndNewerRelease];
    /// The key-value store has no version.
    LndMissingDbp = "lnd.missing_dbp", Info, [], [LndCopyAll, LndNewerRelease];
    /// A bbolt file that is not retired, beside a key-value store in SQL.
    LndBoltBesideSql = "lnd.bolt_beside_sql", Warning, ["newer_channels"], [LndNeverRunBoth, LndCopyAll];
    /// A mark that is not LND's.
    LndForeignMarker = "lnd.foreign_marker", Info, ["marker"], [Nothing];
    /// Closed channels whose data stays.
    LndClosedChannelTombstones = "lnd.closed_channel_tombstones", Info, ["count"], [Nothing];

    // (end)

    // LND's two sides compared, and its migration rehearsed.
    /// How many invoices both sides have, and how many fit together.
    LndCompared = "lnd.compared", Info, ["old_invoices", "new_invoices", "same", "differing", "missing", "gone", "left_behind", "orphans", "made_here", "extra", "unexplained"], [Nothing];
    /// An invoice that the newer side ought to have, and has not.
    LndInvoiceMissing = "lnd.invoice_missing", Damage, ["state", "made", "amount_msat", "cost", "number", "may_be_deleted"], [LndCopyAll, LndKeepLeftBehind, LndReport];
    /// Canceled or expired invoices that were deleted since.
    LndInvoicesDeleted = "lnd.invoices_deleted", Info, ["count", "numbers"], [Nothing];
    /// A field of an invoice that is not what it was.
    LndInvoiceDiffers = "lnd.invoice_differs", Damage, ["differing_field", "part_of", "old_value", "new_value", "cost", "number", "provenance"], [LndCopyAll, LndNoHandEdit, LndReport];
    /// A field of an invoice in which the older side is further on.
    LndKvAhead = "lnd.kv_ahead", Damage, ["differing_field", "part_of", "old_value", "new_value", "cost", "number", "provenance"], [LndCopyAll, LndOneStore, LndAskDevelopers];
    /// An invoice that a migration is said to have brought, and that was not there.
    LndInvoiceExtra = "lnd.invoice_extra", Warning, ["state", "made", "amount_msat", "cost", "number"], [LndCopyAll, LndGiveBothSides];
    /// An invoice that the migration did not see, and that was not canceled.
    LndLeftBehind = "lnd.left_behind", Damage, ["state", "made", "amount_msat", "cost", "number"], [LndCopyAll, LndKeepLeftBehind];
    /// Invoices that could not be read, and so were not compared.
    LndNotCompared = "lnd.not_compared", Warning, ["count"], [LndCopyAgain];
    /// What the migration would have to do, and how long it would take.
    LndRehearsal = "lnd.rehearsal", Info, ["release", "engine", "invoices", "htlcs", "brought", "seconds_least", "seconds_most"], [LndCopyAll];
    /// LND's migration would stop at this invoice.
    LndMigrationFails = "lnd.migration_fails", Damage, ["rule", "number", "add_index", "lnd_error", "lnd_crashes", "stops_here", "fixed_in"], [LndCopyAll, LndDoNotMigrate, LndNoHandEdit, LndAskDevelopers];
    /// LND's migration would leave this invoice out without a word.
    LndMigrationLoses = "lnd.migration_loses", Damage, ["rule", "number", "add_index", "state"], [LndCopyAll, LndListFromCopy, LndDoNotMigrate];
    /// LND's migration would bring this invoice over as another.
    LndMigrationAlters = "lnd.migration_alters", Warning, ["rule", "number", "add_index", "state"], [LndCopyAll, LndListFromCopy];

    // (end)

    // Logs.

    /// A log: it is read by itself, or beside the store that it is about.
    InputLog = "input.log", Warning, [], [LogHow];
    /// A checksum that did not hold, as the log tells it.
    LogChecksum = "log.checksum", Damage, ["said", "line", "logged_at", "store_offset", "stored_crc", "moved", "emptied", "record", "record_type", "wound"], [LogKeepCorrupt, Repair, CheckDisk, Ups, StopCleanly];
    /// A record that was not understood, as the log tells it.
    LogBadRecord = "log.bad_record", Damage, ["said", "line", "logged_at", "store_offset", "moved", "emptied", "record", "record_type", "wound", "words"], [LogKeepCorrupt, Repair, CheckDisk, Ups, StopCleanly];
    /// The store was given up.
    LogStoreLost = "log.store_lost", Damage, ["said", "line", "logged_at", "moved", "emptied", "version"], [LogKeepCorrupt, Repair, LogGentleRebuild, WatchUpload, StopCleanly];
    /// The index in memory is of another file.
    LogStaleIndex = "log.stale_index", Damage, ["said", "line", "logged_at", "store_offset", "store_len", "record", "record_type", "wound"], [KeepCopy, Repair, UpgradeLightningd, RenameAndRestart];
    /// A place in the store that could not be read, or where something else stood.
    LogCannotRead = "log.cannot_read", Damage, ["said", "line", "logged_at", "store_offset", "store_len", "record", "record_type", "wound", "words"], [KeepCopy, Repair, CheckDisk, UpgradeLightningd];
    /// The store could not be written.
    LogWriteFailed = "log.write_failed", Damage, ["line", "logged_at", "store_offset", "why"], [CheckDisk, KeepCopy, StopCleanly];
    /// The end of the store was cut off at a start.
    LogEndsEarly = "log.ends_early", Warning, ["line", "logged_at", "store_offset"], [HealsByItself, Ups, StopCleanly];
    /// Announced twice.
    LogDuplicate = "log.duplicate", Warning, ["line", "logged_at", "store_offset", "other_offset", "scid", "record"], [KeepCopy, Repair, UpgradeLightningd];
    /// Compaction failed.
    LogCompactionFailed = "log.compaction_failed", Warning, ["line", "logged_at", "store_offset"], [CheckDisk, UpgradeLightningd, ReportUpstream];
    /// A daemon crashed or gave up.
    LogCrash = "log.crash", Damage, ["said", "line", "logged_at", "signal", "words"], [KeepCopy, UpgradeLightningd, ReportUpstream];
    /// A start without a stop before it.
    LogUncleanRestart = "log.unclean_restart", Warning, ["line", "logged_at", "before_at", "gap", "crashed", "stops_logged"], [StopCleanly, Ups];
    /// What most likely damaged the store.
    LogLikelyCause = "log.likely_cause", Warning, ["said", "line", "logged_at", "store_offset", "cause_line", "cause_at", "before_at", "crashed"], [StopCleanly, Ups, CheckDisk];
    /// Messages out of order.
    LogFlood = "log.flood", Info, ["count", "order", "peers", "talkative", "talkative_count", "per_second"], [Nothing, LowerGossip];
    /// Lines that look bad and are not.
    LogHarmless = "log.harmless", Info, ["said", "count", "line"], [Nothing];
    /// Lines that mean trouble.
    LogTrouble = "log.trouble", Warning, ["said", "count", "line"], [LogReadLines];
    /// Starts that were held up.
    LogSlowStart = "log.slow_start", Warning, ["count", "longest", "longest_seconds"], [UpgradeLightningd, WatchSize];
    /// Lines longer than is kept.
    LogCutLines = "log.cut_lines", Info, ["count"], [Nothing];
    /// Not a line that is known.
    LogNothingKnown = "log.nothing_known", Info, ["lines"], [LogWhichLog];
    /// Offsets beyond the end of the store that was given.
    LogOtherStore = "log.other_store", Warning, ["count", "line", "store_offset", "size"], [LogGiveStore];
    /// What gossip costs.
    LogUpload = "log.upload", Info, ["peers", "wire_bytes", "least_seconds", "all_sync_bytes", "rebuild_received_least", "rebuild_received_most", "rebuild_sent_most", "regular_received_most", "asked_everything"], [LogGentleRebuild, WatchUpload];
    /// A migration to native SQL that was finished.
    LogLndMigrated = "log.lnd_migrated", Info, ["what_moves", "line", "logged_at", "count", "seconds", "slowest_per_hour", "fastest_per_hour"], [Nothing];
    /// A migration to native SQL that failed.
    LogLndFailed = "log.lnd_failed", Damage, ["what_moves", "line", "logged_at", "count", "seconds", "slowest_per_hour", "fastest_per_hour", "error_line", "lnd_error"], [LndCopyAll, LndNeverSkip, LogGiveLndStores, LndAskDevelopers];
    /// A migration to native SQL that did not come to its end.
    LogLndUnfinished = "log.lnd_unfinished", Warning, ["what_moves", "line", "logged_at", "count", "seconds", "slowest_per_hour", "fastest_per_hour", "interrupted"], [LndNeverSkip, LndCopyAll, LogGiveLndStores];
    /// Invoices that a migration left out.
    LogLndLeftOut = "log.lnd_left_out", Warning, ["said", "count", "line"], [LndCopyAll, LndListFromCopy];
    /// LND refused to start.
    LogLndRefuses = "log.lnd_refuses", Damage, ["said", "line", "logged_at", "words"], [LndCopyAll, LogGiveLndStores, LndNoHandEdit];

    // (end)
}

macro_rules! steps {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What to do next. The names are stable; variants may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Step { $($(#[$doc])* $variant,)* }

        impl Step {
            /// Every step.
            pub const ALL: &'static [Step] = &[$(Step::$variant),*];

            /// The stable name, as in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Step::$variant => $name,)* }
            }
        }
    };
}

steps! {
    /// Nothing needs doing.
    Nothing = "nothing";
    /// Keep the damaged file, work on a copy.
    KeepCopy = "keep_copy";
    /// Write a repaired store from the copy.
    Repair = "repair";
    /// Cut the copy at the offset named.
    CutTail = "cut_tail";
    /// Stop lightningd, move the file aside, start: it is rebuilt from peers.
    RenameAndRestart = "rename_and_restart";
    /// Watch and limit upload, or turn Tor off, while the rebuild lasts.
    WatchUpload = "watch_upload";
    /// A power supply that outlasts an outage.
    Ups = "ups";
    /// Stop lightningd before the machine.
    StopCleanly = "stop_cleanly";
    /// Copy what cannot be rebuilt before an upgrade.
    BackUpBeforeUpgrade = "back_up_before_upgrade";
    /// Alert on the log line of a failed checksum.
    AlertOnLog = "alert_on_log";
    /// Watch the file's size.
    WatchSize = "watch_size";
    /// Run a current release.
    StayCurrent = "stay_current";
    /// Lower gossip settings on a small machine.
    LowerGossip = "lower_gossip";
    /// Look at the disk, its file system and memory.
    CheckDisk = "check_disk";
    /// A newer release mends the cause.
    UpgradeLightningd = "upgrade_lightningd";
    /// Do not start an older release on this file.
    DoNotDowngrade = "do_not_downgrade";
    /// Do not put this file back.
    DoNotRestore = "do_not_restore";
    /// Gossip heals by itself.
    HealsByItself = "heals_by_itself";
    /// Tell the developers of Core Lightning.
    ReportUpstream = "report_upstream";
    /// Leave this out of what you share.
    Redact = "redact";
    /// Which file to look for, and where.
    WhichFile = "which_file";
    /// Holds channel secrets: do not share.
    NeverShare = "never_share";
    /// Holds keys: never share, with anyone.
    NeverShareKeys = "never_share_keys";
    /// Unpack it first.
    Unpack = "unpack";
    /// Copy again, from a stopped node.
    CopyAgain = "copy_again";
    /// Which files belong together.
    WhichDatabase = "which_database";

    // bbolt files.
    /// Stop lnd, and do not start it on this file.
    LndDoNotStart = "lnd_do_not_start";
    /// Keep the file, work on a copy.
    LndKeepCopy = "lnd_keep_copy";
    /// Copy again from a stopped lnd: the damage may be the copy's.
    LndCopyAgain = "lnd_copy_again";
    /// Never run lnd on an older copy of its channels.
    LndNoOldCopy = "lnd_no_old_copy";
    /// Copy what can be read into a new file.
    LndSalvage = "lnd_salvage";
    /// Get the money back by channel.backup, as the last resort.
    LndChannelBackup = "lnd_channel_backup";
    /// Leave the graph out of a copy: peers send it again.
    LndDropGraph = "lnd_drop_graph";
    /// Let bbolt make the freelist anew.
    LndFreelist = "lnd_freelist";
    /// Compact the file to get the room back.
    LndCompact = "lnd_compact";

    // (end)

    // SQLite files.

    /// Stop, and do not start the node on this database.
    SqliteDoNotStart = "sqlite_do_not_start";
    /// Keep database, log and index of the log together, work on a copy.
    SqliteKeepCopy = "sqlite_keep_copy";
    /// Copy again, with the log, from a stopped node.
    SqliteCopyWithWal = "sqlite_copy_with_wal";
    /// Put back a backup, if an old one does no harm.
    SqliteRestore = "sqlite_restore";
    /// Let sqlite3 write what can be read into a new database.
    SqliteRecover = "sqlite_recover";
    /// Let sqlite3 write the indexes anew.
    SqliteReindex = "sqlite_reindex";

    // (end)

    // dumps.
    /// Convert a packed Postgres dump to text.
    PgRestore = "pg_restore";
    /// Dump the Postgres database again.
    DumpAgain = "dump_again";
    /// Write the bucket dump again.
    ExportAgain = "export_again";
    /// Keep lnd stopped and the database as it is.
    KeepLndStopped = "keep_lnd_stopped";
    /// A newer Fulgurite reads it.
    UpgradeFulgurite = "upgrade_fulgurite";

    // (end)

    // LND's invoices, and its native SQL.

    /// Work on a copy of LND's folder, made while it is stopped.
    LndCopyFirst = "lnd_copy_first";
    /// Do not start LND on this store.
    LndKeepStopped = "lnd_keep_stopped";
    /// Do not turn native SQL on before this is settled.
    LndDoNotMigrate = "lnd_do_not_migrate";
    /// List the invoices from the copy.
    LndListFromCopy = "lnd_list_from_copy";
    /// Share only the redacted dump.
    LndRedactDump = "lnd_redact_dump";
    /// Resolve held HTLCs before they expire.
    LndWatchAccepted = "lnd_watch_accepted";
    /// Look for settled invoices by date or hash, not by settle index.
    LndRescanSettled = "lnd_rescan_settled";
    /// Take the add indexes anew.
    LndResyncAdd = "lnd_resync_add";
    /// Do not edit the database by hand while LND runs.
    LndNoHandEdit = "lnd_no_hand_edit";
    /// Tell the developers of LND.
    LndReport = "lnd_report";

    // (end)

    // LND's migration.
    /// LND: copy everything before anything else.
    LndCopyAll = "lnd_copy_all";
    /// LND: start with native SQL and let the migration run.
    LndMigrateWithoutSkip = "lnd_migrate_without_skip";
    /// LND: never skip the migration.
    LndNeverSkip = "lnd_never_skip";
    /// LND: never edit the marks.
    LndNeverEditMarks = "lnd_never_edit_marks";
    /// LND: stay with native SQL.
    LndStayNative = "lnd_stay_native";
    /// LND: keep what was left behind.
    LndKeepLeftBehind = "lnd_keep_left_behind";
    /// LND: choose one of the two stores.
    LndOneStore = "lnd_one_store";
    /// LND: put back a native database from before.
    LndRestoreNative = "lnd_restore_native";
    /// LND: ask its developers.
    LndAskDevelopers = "lnd_ask_developers";
    /// LND: the database of the network it is configured for.
    LndRightNetwork = "lnd_right_network";
    /// LND: look at the network before the next start.
    LndCheckNetwork = "lnd_check_network";
    /// LND: use the backend that the data was copied to.
    LndUseDestination = "lnd_use_destination";
    /// LND: put back a copy from before.
    LndRestoreSource = "lnd_restore_source";
    /// LND: finish the copy.
    LndFinishCopy = "lnd_finish_copy";
    /// LND: never run two copies of one node.
    LndNeverRunBoth = "lnd_never_run_both";
    /// LND: copy again, with the write-ahead log.
    LndCopyWithWal = "lnd_copy_with_wal";
    /// LND: a release that is new enough.
    LndNewerRelease = "lnd_newer_release";
    /// LND: give both sides.
    LndGiveBothSides = "lnd_give_both_sides";

    // (end)

    // Logs.
    /// How a log is read.
    LogHow = "log_how";
    /// Which log to give.
    LogWhichLog = "log_which_log";
    /// Keep gossip_store.corrupt before the next one replaces it.
    LogKeepCorrupt = "log_keep_corrupt";
    /// Give the store that the log speaks of.
    LogGiveStore = "log_give_store";
    /// Read the lines themselves.
    LogReadLines = "log_read_lines";
    /// Settings that make fetching the graph anew gentler.
    LogGentleRebuild = "log_gentle_rebuild";
    /// Check LND's stores, too.
    LogGiveLndStores = "log_give_lnd_stores";

    // (end)
}
