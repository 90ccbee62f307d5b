//! Every finding, verdict and step in English and 简体中文, from one catalogue keyed by code.
//!
//! Faces write no sentences of their own about a finding: they call [`title`], [`meaning`],
//! [`heading`] and [`step`]. The catalogue is complete by construction: [`entry`], [`step`] and
//! [`headline`] match every code without a wildcard, and an empty text does not compile.
//!
//! Texts are templates; [`render`](fn@render) fills them from a finding's values. What stands in
//! a value has been made visible by [`crate::text`]; escaping for HTML or Markdown is the face's.
//!
//! ```
//! use fulgurite_core::finding::{Code, Finding, Place, Values};
//! use fulgurite_core::words::{self, Language};
//!
//! let values = Values::new().with("part", "body").with("have", 130_u64).with("lost", 1_u64);
//! let finding = Finding::new(Code::TornTail, Place::span(295_290, 295_420)).values(values);
//! assert_eq!(words::title(&finding, Language::English), "The file ends in the middle of a record");
//! assert_eq!(words::title(&finding, Language::from_tag("zh-CN")), "文件在一条记录中间中断");
//! assert!(words::meaning(&finding, Language::English).contains("130 bytes"));
//! ```

use alloc::string::String;

use crate::finding::{Code, Confidence, Finding, Place, Severity, Step, Values};
use crate::report::Headline;

// The macros stand before the modules that use them.

/// A [`Text`] checked while compiling.
macro_rules! text {
    ($en:expr, $zh:expr $(,)?) => {
        const { $crate::words::Text::new($en, $zh) }
    };
}

/// An [`Entry`] checked while compiling: title and meaning, language by language.
macro_rules! entry {
    (en: $title:expr, $meaning:expr; zh: $title_zh:expr, $meaning_zh:expr;) => {
        const {
            $crate::words::Entry {
                title: $crate::words::Text::new($title, $title_zh),
                meaning: $crate::words::Text::new($meaning, $meaning_zh),
            }
        }
    };
}

mod bolt;
pub mod compare;
mod damage;
mod dumps;
mod headlines;
mod input;
mod invoices;
mod labels;
mod log;
pub mod migration;
mod order;
pub mod plan;
pub mod rehearse;
pub mod releases;
mod render;
mod sqlite;
mod state;
mod steps;
#[cfg(test)]
mod tests;

pub use labels::{label, value, word};
pub use render::{outline, render};

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 简体中文.
    SimplifiedChinese,
}

impl Language {
    /// Both.
    pub const ALL: [Language; 2] = [Language::English, Language::SimplifiedChinese];

    /// The language nearest to a BCP 47 tag or a POSIX locale: any Chinese gets simplified
    /// Chinese, everything else (`C` and the empty text included) English.
    ///
    /// ```
    /// use fulgurite_core::words::Language;
    ///
    /// assert_eq!(Language::from_tag("zh_CN.UTF-8"), Language::SimplifiedChinese);
    /// assert_eq!(Language::from_tag("de-AT"), Language::English);
    /// ```
    pub fn from_tag(tag: &str) -> Language {
        let primary = tag.trim().split(['-', '_', '.', '@', ':']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") || primary.eq_ignore_ascii_case("cmn") {
            Language::SimplifiedChinese
        } else {
            Language::English
        }
    }

    /// Its name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::SimplifiedChinese => "简体中文",
        }
    }

    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::SimplifiedChinese => "zh-CN",
        }
    }
}

/// The same in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// 简体中文.
    pub zh: &'static str,
}

impl Text {
    /// Both or neither: an empty text in a constant fails the build.
    const fn new(en: &'static str, zh: &'static str) -> Text {
        assert!(!en.is_empty(), "a text of the catalogue is missing in English");
        assert!(!zh.is_empty(), "a text of the catalogue is missing in Chinese");
        Text { en, zh }
    }

    /// In that language.
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::SimplifiedChinese => self.zh,
        }
    }
}

/// What the catalogue says about one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is, in a few words.
    pub title: Text,
    /// What that means, how it comes about, what lightningd does with it: one to three sentences.
    pub meaning: Text,
}

/// What the catalogue says about a code.
pub fn entry(code: Code) -> Entry {
    match code {
        Code::EmptyFile => damage::EMPTY_FILE,
        Code::AllZero => damage::ALL_ZERO,
        Code::TornTail => damage::TORN_TAIL,
        Code::UncompletedRecord => damage::UNCOMPLETED_RECORD,
        Code::ZeroRun => damage::ZERO_RUN,
        Code::BitFlip => damage::BIT_FLIP,
        Code::TwoBitFlip => damage::TWO_BIT_FLIP,
        Code::LengthFlip => damage::LENGTH_FLIP,
        Code::DeletedFlip => damage::DELETED_FLIP,
        Code::OverwrittenSpan => damage::OVERWRITTEN_SPAN,
        Code::DuplicatedSpan => damage::DUPLICATED_SPAN,
        Code::MissingSpan => damage::MISSING_SPAN,
        Code::MovedSpan => damage::MOVED_SPAN,
        Code::Overlay => damage::OVERLAY,
        Code::SecondStore => damage::SECOND_STORE,
        Code::EndedLeft => damage::ENDED_LEFT,
        Code::TimestampContradiction => damage::TIMESTAMP_CONTRADICTION,
        Code::WrongVersion => damage::WRONG_VERSION,
        Code::TrailingGarbage => damage::TRAILING_GARBAGE,
        Code::MalformedRecord => damage::MALFORMED_RECORD,
        Code::UnknownRecord => damage::UNKNOWN_RECORD,
        Code::FlagsInLength => damage::FLAGS_IN_LENGTH,
        Code::BadSignature => damage::BAD_SIGNATURE,
        Code::UnfinishedDelete => order::UNFINISHED_DELETE,
        Code::OutOfOrder => order::OUT_OF_ORDER,
        Code::OrphanUpdate => order::ORPHAN_UPDATE,
        Code::OrphanNode => order::ORPHAN_NODE,
        Code::OrphanAmount => order::ORPHAN_AMOUNT,
        Code::HiddenAlias => order::HIDDEN_ALIAS,
        Code::DuplicateAnnouncement => order::DUPLICATE_ANNOUNCEMENT,
        Code::SupersededUpdates => order::SUPERSEDED_UPDATES,
        Code::UnsupportedVersion => state::UNSUPPORTED_VERSION,
        Code::OlderVersion => state::OLDER_VERSION,
        Code::Bloat => state::BLOAT,
        Code::Readvertising => state::READVERTISING,
        Code::TooOld => state::TOO_OLD,
        Code::PrivateRecords => state::PRIVATE_RECORDS,
        Code::PushRecords => state::PUSH_RECORDS,
        Code::UnknownFlags => state::UNKNOWN_FLAGS,
        Code::DyingChannels => state::DYING_CHANNELS,
        Code::Resynchronised => state::RESYNCHRONISED,
        Code::ZeroSignatures => state::ZERO_SIGNATURES,
        Code::LimitReached => state::LIMIT_REACHED,
        Code::NotAStore => input::NOT_A_STORE,
        Code::LightningdSqlite => input::LIGHTNINGD_SQLITE,
        Code::Sqlite => input::SQLITE,
        Code::HsmSecret => input::HSM_SECRET,
        Code::WalletDb => input::WALLET_DB,
        Code::Bolt => input::BOLT,
        Code::ChannelBackup => input::CHANNEL_BACKUP,
        Code::Macaroon => input::MACAROON,
        Code::Compressed => input::COMPRESSED,
        Code::GossmapCompressed => input::GOSSMAP_COMPRESSED,
        Code::NotStill => input::NOT_STILL,
        Code::SqliteWal => input::SQLITE_WAL,
        // bbolt files.
        Code::BoltNoMeta => bolt::NO_META,
        Code::BoltMetaDamaged => bolt::META_DAMAGED,
        Code::BoltMetaPair => bolt::META_PAIR,
        Code::BoltBigEndian => bolt::BIG_ENDIAN,
        Code::BoltTruncated => bolt::TRUNCATED,
        Code::BoltMissingPage => bolt::MISSING_PAGE,
        Code::BoltOutOfBounds => bolt::OUT_OF_BOUNDS,
        Code::BoltMultipleReferences => bolt::MULTIPLE_REFERENCES,
        Code::BoltReachableFreed => bolt::REACHABLE_FREED,
        Code::BoltZeroPage => bolt::ZERO_PAGE,
        Code::BoltPageType => bolt::PAGE_TYPE,
        Code::BoltPageId => bolt::PAGE_ID,
        Code::BoltOverflow => bolt::OVERFLOW,
        Code::BoltCount => bolt::COUNT,
        Code::BoltElement => bolt::ELEMENT,
        Code::BoltKeyOrder => bolt::KEY_ORDER,
        Code::BoltInline => bolt::INLINE,
        Code::BoltTooDeep => bolt::TOO_DEEP,
        Code::BoltFreelist => bolt::FREELIST,
        Code::BoltFreeTwice => bolt::FREE_TWICE,
        Code::BoltBadFreePage => bolt::BAD_FREE_PAGE,
        Code::BoltUnreachable => bolt::UNREACHABLE,
        Code::BoltChannelStateHit => bolt::CHANNEL_STATE_HIT,
        Code::BoltGraphHit => bolt::GRAPH_HIT,
        Code::BoltRecordsHit => bolt::RECORDS_HIT,
        // (end)

        // SQLite files.
        Code::SqliteHeader => sqlite::HEADER,
        Code::SqliteTruncated => sqlite::TRUNCATED,
        Code::SqliteTrailing => sqlite::TRAILING,
        Code::SqliteStaleCopy => sqlite::STALE_COPY,
        Code::SqliteWalForeign => sqlite::WAL_FOREIGN,
        Code::SqliteWalTail => sqlite::WAL_TAIL,
        Code::SqliteWalBroken => sqlite::WAL_BROKEN,
        Code::SqliteSchema => sqlite::SCHEMA,
        Code::SqlitePage => sqlite::PAGE,
        Code::SqliteZeroPage => sqlite::ZERO_PAGE,
        Code::SqliteCell => sqlite::CELL,
        Code::SqliteChild => sqlite::CHILD,
        Code::SqliteUsedTwice => sqlite::USED_TWICE,
        Code::SqliteOverflow => sqlite::OVERFLOW,
        Code::SqliteOrder => sqlite::ORDER,
        Code::SqliteValue => sqlite::VALUE,
        Code::SqliteIndex => sqlite::INDEX,
        Code::SqliteDuplicateKey => sqlite::DUPLICATE_KEY,
        Code::SqliteFreelist => sqlite::FREELIST,
        Code::SqlitePointerMap => sqlite::POINTER_MAP,
        Code::SqliteLostPage => sqlite::LOST_PAGE,
        Code::SqliteUnusedPages => sqlite::UNUSED_PAGES,
        // (end)

        // dumps.
        Code::PgDumpPacked => dumps::PACKED,
        Code::PgDumpCutShort => dumps::CUT_SHORT,
        Code::PgDumpBadRow => dumps::BAD_ROW,
        Code::PgDumpUnread => dumps::UNREAD,
        Code::PgDumpNoColumns => dumps::NO_COLUMNS,
        Code::DumpLimitReached => dumps::LIMIT_REACHED,
        Code::KvSqlTreeBroken => dumps::TREE_BROKEN,
        Code::BucketDumpCutShort => dumps::BUCKETS_CUT_SHORT,
        Code::BucketDumpBadLine => dumps::BAD_LINE,
        Code::BucketDumpChanged => dumps::CHANGED,
        Code::BucketDumpVersion => dumps::VERSION,
        Code::BucketDumpRedacted => dumps::REDACTED,
        // (end)

        // LND's invoices, and its native SQL.
        Code::LndKvCounts => invoices::KV_COUNTS,
        Code::LndSqlCounts => invoices::SQL_COUNTS,
        Code::LndUndecodable => invoices::UNDECODABLE,
        Code::LndOrphanCanceled => invoices::ORPHAN_CANCELED,
        Code::LndOrphanLost => invoices::ORPHAN_LOST,
        Code::LndBrokenIndex => invoices::BROKEN_INDEX,
        Code::LndDuplicate => invoices::DUPLICATE,
        Code::LndSequenceBehind => invoices::SEQUENCE_BEHIND,
        Code::LndHtlcSum => invoices::HTLC_SUM,
        Code::LndSettleSequence => invoices::SETTLE_SEQUENCE,
        Code::LndNoSettleSequence => invoices::NO_SETTLE_SEQUENCE,
        Code::LndCutShort => invoices::CUT_SHORT,
        Code::LndZeroHash => invoices::ZERO_HASH,
        Code::LndExpiryReset => invoices::EXPIRY_RESET,
        Code::LndHashScratch => invoices::HASH_SCRATCH,
        Code::LndReusedId => invoices::REUSED_ID,
        Code::LndRenumbered => invoices::RENUMBERED,
        Code::LndBadRow => invoices::BAD_ROW,
        // (end)

        // LND's migration.
        Code::LndTombstoneWithoutTracker => migration::TOMBSTONE_WITHOUT_TRACKER,
        Code::LndMigrationSkipped => migration::MIGRATION_SKIPPED,
        Code::LndTombstoneLost => migration::TOMBSTONE_LOST,
        Code::LndSplitBrain => migration::SPLIT_BRAIN,
        Code::LndTrackerSchemaDisagree => migration::TRACKER_SCHEMA_DISAGREE,
        Code::LndDirtySchema => migration::DIRTY_SCHEMA,
        Code::LndWrongNetwork => migration::WRONG_NETWORK,
        Code::LndDataMigrationTombstone => migration::DATA_MIGRATION_TOMBSTONE,
        Code::LndHalfCopied => migration::HALF_COPIED,
        Code::LndCopyUnmarked => migration::COPY_UNMARKED,
        Code::LndStaleCopy => migration::STALE_COPY,
        Code::LndNewerThanRelease => migration::NEWER_THAN_RELEASE,
        Code::LndMissingDbp => migration::MISSING_DBP,
        Code::LndBoltBesideSql => migration::BOLT_BESIDE_SQL,
        Code::LndForeignMarker => migration::FOREIGN_MARKER,
        Code::LndClosedChannelTombstones => migration::CLOSED_CHANNEL_TOMBSTONES,
        // (end)

        // LND's two sides compared, and its migration rehearsed.
        Code::LndCompared => compare::COMPARED,
        Code::LndInvoiceMissing => compare::INVOICE_MISSING,
        Code::LndInvoicesDeleted => compare::INVOICES_DELETED,
        Code::LndInvoiceDiffers => compare::INVOICE_DIFFERS,
        Code::LndKvAhead => compare::KV_AHEAD,
        Code::LndInvoiceExtra => compare::INVOICE_EXTRA,
        Code::LndLeftBehind => compare::LEFT_BEHIND,
        Code::LndNotCompared => compare::NOT_COMPARED,
        Code::LndRehearsal => rehearse::REHEARSAL,
        Code::LndMigrationFails => rehearse::FAILS,
        Code::LndMigrationLoses => rehearse::LOSES,
        Code::LndMigrationAlters => rehearse::ALTERS,
        // (end)

        // Logs.
        Code::InputLog => log::INPUT,
        Code::LogChecksum => log::CHECKSUM,
        Code::LogBadRecord => log::BAD_RECORD,
        Code::LogStoreLost => log::STORE_LOST,
        Code::LogStaleIndex => log::STALE_INDEX,
        Code::LogCannotRead => log::CANNOT_READ,
        Code::LogWriteFailed => log::WRITE_FAILED,
        Code::LogEndsEarly => log::ENDS_EARLY,
        Code::LogDuplicate => log::DUPLICATE,
        Code::LogCompactionFailed => log::COMPACTION_FAILED,
        Code::LogCrash => log::CRASH,
        Code::LogUncleanRestart => log::UNCLEAN_RESTART,
        Code::LogLikelyCause => log::LIKELY_CAUSE,
        Code::LogFlood => log::FLOOD,
        Code::LogHarmless => log::HARMLESS,
        Code::LogTrouble => log::TROUBLE,
        Code::LogSlowStart => log::SLOW_START,
        Code::LogCutLines => log::CUT_LINES,
        Code::LogNothingKnown => log::NOTHING_KNOWN,
        Code::LogOtherStore => log::OTHER_STORE,
        Code::LogUpload => log::UPLOAD,
        Code::LogLndMigrated => log::LND_MIGRATED,
        Code::LogLndFailed => log::LND_FAILED,
        Code::LogLndUnfinished => log::LND_UNFINISHED,
        Code::LogLndLeftOut => log::LND_LEFT_OUT,
        Code::LogLndRefuses => log::LND_REFUSES,
        // (end)
    }
}

/// What to do: one step, in words.
pub fn step(step: Step) -> Text {
    steps::step(step)
}

/// The template of a verdict; [`heading`] fills it.
pub fn headline(headline: Headline) -> Text {
    headlines::headline(headline)
}

/// How bad, in a word.
pub fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Info => text!("note", "提示"),
        Severity::Warning => text!("warning", "警告"),
        Severity::Damage => text!("damage", "损坏"),
    }
}

/// How sure, in a word.
pub fn confidence(confidence: Confidence) -> Text {
    match confidence {
        Confidence::Possible => text!("possible", "可能"),
        Confidence::Likely => text!("likely", "很可能"),
        Confidence::Certain => text!("certain", "确定"),
    }
}

/// The title of a finding, its values filled in.
pub fn title(finding: &Finding, language: Language) -> String {
    fill(entry(finding.code).title, finding, language)
}

/// The meaning of a finding, its values filled in.
pub fn meaning(finding: &Finding, language: Language) -> String {
    fill(entry(finding.code).meaning, finding, language)
}

/// The verdict, its values filled in: `size`, `version`, `records`, `live`, `channels`, `nodes`,
/// `wounds`, `lost` (records known to be lost), `uncounted` (wounds whose loss cannot be counted),
/// and `offset` and `bytes` of the main finding.
pub fn heading(verdict: Headline, values: &Values, language: Language) -> String {
    render(headline(verdict).get(language), values, language)
}

fn fill(text: Text, finding: &Finding, language: Language) -> String {
    render::fill(text.get(language), &[&finding.values, &place_values(&finding.place)], language)
}

/// What templates may say of a place, beside the finding's own values (which go before).
fn place_values(place: &Place) -> Values {
    Values::new()
        .with("start", place.span.start)
        .with("end", place.span.end)
        .with("bytes", place.span.len())
        .with_some("record_type", place.record_type.as_deref())
        .with_some("key", place.key.as_deref())
}
