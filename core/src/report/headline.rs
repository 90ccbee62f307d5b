//! The one sentence that stands first: what kind of day it was.

use serde::{Serialize, Serializer};

macro_rules! headlines {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// The verdict on a file. The names are stable; variants may be added. V1 to V11 are the
        /// kinds of trouble that operators report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Headline { $($(#[$doc])* $variant,)* }

        impl Headline {
            /// Every headline.
            pub const ALL: &'static [Headline] = &[$(Headline::$variant),*];

            /// The stable name, as in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Headline::$variant => $name,)* }
            }
        }
    };
}

headlines! {
    /// V1: every checksum holds, and nothing speaks against the file.
    Healthy = "healthy";
    /// V2: only the end is torn.
    TornTail = "torn_tail";
    /// V3: runs of zeros.
    ZeroRun = "zero_run";
    /// V4: damaged inside.
    Damaged = "damaged";
    /// V5: a second store begins inside the file.
    SecondStore = "second_store";
    /// V6: channels are announced twice.
    Duplicates = "duplicates";
    /// V7: records without, or before, what they belong to.
    Orphans = "orphans";
    /// V8: aliases hidden by the order of records.
    HiddenAlias = "hidden_alias";
    /// V9: mostly dead records.
    Bloat = "bloat";
    /// V10: the node tells its peers the same again and again.
    Readvertising = "readvertising";
    /// V11: a version that current releases do not read, or that is not that of the records.
    Version = "version";
    /// Readable, but too old to be worth restoring.
    TooOld = "too_old";
    /// Every checksum holds, not every signature. Only where signatures were verified.
    BadSignatures = "bad_signatures";
    /// No bytes.
    Empty = "empty";
    /// Nothing but zeros.
    AllZero = "all_zero";
    /// Another file than a gossip_store.
    WrongFile = "wrong_file";
    /// It changed while it was read.
    NotStill = "not_still";
    /// LND: migrated to native SQL, nothing left behind.
    LndMigrated = "lnd_migrated";
    /// LND: invoices in the key-value store, nothing migrated.
    LndNotMigrated = "lnd_not_migrated";
    /// LND: nothing to migrate.
    LndNative = "lnd_native";
    /// LND: the migration did not commit, though the invoice tombstone stands.
    LndCrashWindow = "lnd_crash_window";
    /// LND: the migration was passed over; invoices are out of sight.
    LndPassedOver = "lnd_passed_over";
    /// LND: both stores went on by themselves.
    LndSplitBrain = "lnd_split_brain";
    /// LND: a bbolt file that was retired after a copy.
    LndRetired = "lnd_retired";
    /// LND: a copy to another backend that was never finished.
    LndHalfCopied = "lnd_half_copied";
    /// LND: would not start.
    LndRefuses = "lnd_refuses";
    /// LND: a start would do harm.
    LndDoNotStart = "lnd_do_not_start";
    /// LND: a file of which everything stood in a log that was not given.
    LndIncomplete = "lnd_incomplete";
    /// LND: one side was not given.
    LndUnread = "lnd_unread";
    /// LND: damaged.
    LndDamaged = "lnd_damaged";
    /// LND: both sides have the same invoices.
    LndSidesAgree = "lnd_sides_agree";
    /// LND: the sides do not have the same invoices.
    LndSidesDiffer = "lnd_sides_differ";
    /// LND: the migration would succeed.
    LndWouldMigrate = "lnd_would_migrate";
    /// LND: the migration would succeed, and lose or change invoices.
    LndWouldLose = "lnd_would_lose";
    /// LND: the migration would fail.
    LndWouldFail = "lnd_would_fail";
    /// LND: there would be no migration.
    LndNoRehearsal = "lnd_no_rehearsal";
    /// A log: lightningd gave its store up.
    LogStoreLost = "log_store_lost";
    /// A log: the store is damaged, and was not given up.
    LogStoreDamaged = "log_store_damaged";
    /// A log: nothing of a damaged store, but not all is as it should be.
    LogTrouble = "log_trouble";
    /// A log: much noise, nothing wrong.
    LogFlood = "log_flood";
    /// A log: nothing wrong.
    LogCalm = "log_calm";
    /// A log of which no line is known.
    LogUnknown = "log_unknown";
    /// A log of LND's: a migration or a start failed.
    LogLndFailed = "log_lnd_failed";
    /// A log of LND's: a migration was not finished.
    LogLndUnfinished = "log_lnd_unfinished";
    /// A log of LND's: a migration was finished.
    LogLndMigrated = "log_lnd_migrated";
}

crate::finding::by_name!(Headline);

impl Serialize for Headline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
