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

    // bbolt files.

    // (end)

    // SQLite files.

    // (end)

    // dumps.

    // (end)

    // LND's invoices, and its native SQL.

    // (end)

    // LND's migration.

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

    // bbolt files.

    // (end)

    // SQLite files.

    // (end)

    // dumps.

    // (end)

    // LND's invoices, and its native SQL.

    // (end)

    // LND's migration.

    // (end)
}
