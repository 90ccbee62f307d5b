//! The command line. Help, completions and man pages all come from these definitions.

mod lnd;
mod log;
mod watch;

use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand};
use fulgurite_core::gossip::format::{RecordType, ShortChannelId};
use fulgurite_core::gossip::listing::State;
use fulgurite_core::gossip::verdict::{Choice, RELEASES, Release};
use fulgurite_core::text::visible;
use fulgurite_core::words::Language;

pub(crate) use self::lnd::{
    Buckets, Compare, Dump, Invoices, Lnd, LndCommand, Preflight, Rehearse, StateOf,
};
pub(crate) use self::log::Log;
pub(crate) use self::watch::{Backup, Restore, Watch};
use crate::exit::{Code, complain};

/// Diagnose what a Lightning node left on disk after a bad day.
///
/// Reads Core Lightning's gossip_store, of every version, and says whether it is healthy, where it
/// is damaged, what is lost and what to do next. Reads LND's databases (bbolt, SQLite, dumps of
/// Postgres), and says where its invoices are on the one-way migration to native SQL, and what each
/// release of LND would do with them. Files are opened read-only. Files packed by gzip, xz, zip or
/// zstd are unpacked to a temporary file first.
#[derive(Debug, Parser)]
#[command(name = "fulgurite", version, after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The language of the output; without it, that of the locale
    #[arg(long, global = true, value_name = "LANG", ignore_case = true,
          value_parser = PossibleValuesParser::new(["en", "zh-CN"]).map(|tag| Language::from_tag(&tag)))]
    pub(crate) lang: Option<Language>,
    /// Seed for hashing; no output depends on it
    #[arg(long, global = true, hide = true, value_name = "N")]
    seed: Option<u64>,
}

impl Arguments {
    /// The seed for hashing: one that whoever made the file cannot know.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(|| RandomState::new().hash_one(0u8))
    }
}

const AFTER: &str = "\
Exit codes: 0 nothing above a note was found; 1 a warning or damage; 2 a file cannot be read, or is \
neither a gossip_store nor a store of LND's; 64 the command line was not understood; 130 cancelled. Of several files the \
highest counts.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say whether files are healthy, where they are damaged, and what to do next
    Check(Check),
    /// Save what can be saved: plan a repair, and write a store that lightningd accepts
    Repair(Repair),
    /// Say what only one of two stores has, or has newer
    Diff(Diff),
    /// List records and wounds in the order of the file
    Records(Records),
    /// List the nodes that have channels
    Nodes(List),
    /// List the live channels
    Channels(List),
    /// Show one record or wound, byte by byte
    Show(Show),
    /// Say what logs of lightningd or LND tell of stores, restarts, floods and migrations
    Log(Log),
    /// Look into LND's databases: state of the migration, invoices, buckets, redacted dumps
    Lnd(Lnd),
    /// Follow a store that lightningd is using: one line for each event, without touching it
    Watch(Watch),
    /// Copy a store that lightningd may be using, consistently, and verify the copy
    Backup(Backup),
    /// Put a copy in the place of a lost store, unless that would do harm
    Restore(Restore),
    /// Print completions for a shell
    #[command(hide = true)]
    Completions(Completions),
    /// Write man pages
    #[command(hide = true)]
    Man(Man),
}

/// How any file is read.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Unpack packed files to at most so many bytes (suffixes K, M, G, T), and never to more than
    /// 1,000 times their size
    #[arg(long, value_name = "SIZE", default_value = "40G", value_parser = size)]
    pub(crate) max_unpacked: u64,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Copies of a gossip_store: each gets a report of its own. Copies of LND's databases and dumps
    /// (channel.db, channel.sqlite, lnd.sqlite with their -wal, a plain pg_dump, a bucket dump), or
    /// a copied data directory of LND: these are judged together, in one report after the others
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Show every finding that is kept (1,000 of each kind), not the first three
    #[arg(long)]
    pub(crate) all: bool,
    /// What counts as now for the next prune: seconds since 1970, a date (RFC 3339), or `today`;
    /// without it, the newest timestamp in the file
    #[arg(long, value_name = "TIME", value_parser = now)]
    pub(crate) now: Option<u32>,
    /// Name your own channels and nodes in findings: those of private records, those marked PUSH,
    /// and those of `--own`; without it they are counted through (channel#1). Of LND's invoices:
    /// tell hashes, addresses and amounts
    #[arg(long)]
    pub(crate) reveal: bool,
    /// A node of yours: findings do not name it nor its channels, unless with `--reveal`
    #[arg(long = "own", value_name = "NODE_ID", value_parser = node_id)]
    pub(crate) own: Vec<[u8; 33]>,
    /// What a release of lightningd does with the file (v25.12; may be given several times), or
    /// `all` of them; without it, the newest that writes the file's version, and the newest
    #[arg(long = "release", value_name = "RELEASE", value_parser = release)]
    pub(crate) releases: Vec<Asked>,
    /// Also verify the signatures of all live records: some 30,000 a second on each processor
    #[arg(long)]
    pub(crate) verify_signatures: bool,
    /// Use so many threads; without it, two for reading (more are of no use there), and one for
    /// each processor to verify signatures
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

impl Check {
    /// How the work is done.
    pub(crate) fn work(&self) -> Work {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        Work {
            walk_in_two: self.threads != Some(1),
            verifiers: self
                .verify_signatures
                .then(|| self.threads.map_or_else(processors, usize::from)),
        }
    }
}

/// How the work of a check is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Walk and fold are threads of their own.
    pub(crate) walk_in_two: bool,
    /// How many threads verify signatures, if they are to be verified.
    pub(crate) verifiers: Option<usize>,
}

impl Work {
    /// Reading in two threads, nothing else.
    pub(crate) const READING: Work = Work { walk_in_two: true, verifiers: None };
}

/// Arguments of `repair`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["output", "plan"])))]
pub(crate) struct Repair {
    /// Copies of a gossip_store. Of several (a store, its gossip_store.corrupt, a backup) the
    /// newest message wins, and what the newer has deleted stays deleted
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Write the repaired store to this new file; nothing is ever overwritten
    #[arg(short, long, value_name = "NEW", conflicts_with = "plan")]
    pub(crate) output: Option<PathBuf>,
    /// Only show what would be done
    #[arg(long)]
    pub(crate) plan: bool,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Write the version that this release of lightningd writes (v26.06, v25.12, v24.11); without
    /// it, the version that the newest input has. A release loses a store that is newer than itself
    #[arg(long, value_name = "RELEASE", value_parser = written_version, conflicts_with = "store_version")]
    pub(crate) for_release: Option<u8>,
    /// Write this version of the store
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(9..=16))]
    pub(crate) store_version: Option<u8>,
    /// Drop what newer records replace, and tombstones
    #[arg(long)]
    pub(crate) compact: bool,
    /// Show every row of the plan (4,096 are kept)
    #[arg(long)]
    pub(crate) all: bool,
    /// What counts as now for the next prune: seconds since 1970, a date (RFC 3339), or `today`;
    /// without it, the newest timestamp in the files
    #[arg(long, value_name = "TIME", value_parser = now)]
    pub(crate) now: Option<u32>,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// A copy of a gossip_store
    #[arg(value_name = "A")]
    pub(crate) first: PathBuf,
    /// Another
    #[arg(value_name = "B")]
    pub(crate) second: PathBuf,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Show every short channel id that is kept (1,000 of each side)
    #[arg(long)]
    pub(crate) all: bool,
}

/// A release that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    One(&'static Release),
    All,
}

impl Check {
    /// The releases that verdicts are given for.
    pub(crate) fn choice(&self) -> Choice {
        if self.releases.contains(&Asked::All) {
            return Choice::All;
        }
        let one = |asked: &Asked| match asked {
            Asked::One(release) => Some(*release),
            Asked::All => None,
        };
        match self.releases.as_slice() {
            [] => Choice::Default,
            some => Choice::Some(some.iter().filter_map(one).collect()),
        }
    }
}

/// Arguments of `records`. Filters of one kind are alternatives; those of different kinds must all
/// hold.
#[derive(Debug, Args)]
#[command(
    after_help = "Filters of one kind are alternatives; filters of different kinds must all hold."
)]
pub(crate) struct Records {
    /// A copy of a gossip_store
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How the file is read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Only records of this type, by name or number
    #[arg(long = "type", value_name = "TYPE", value_parser = record_type)]
    pub(crate) types: Vec<u16>,
    /// Only records of this channel
    #[arg(long = "scid", value_name = "BLOCKxTXxOUT", value_parser = scid)]
    pub(crate) scids: Vec<ShortChannelId>,
    /// Only records that name this node (updates name none); the first digits of its key will do
    #[arg(long = "node", value_name = "HEX", value_parser = node_prefix)]
    pub(crate) nodes: Vec<String>,
    /// Only from this offset on
    #[arg(long, value_name = "OFFSET", default_value = "0", hide_default_value = true, value_parser = offset)]
    pub(crate) from: u64,
    /// Only before this offset
    #[arg(long, value_name = "OFFSET", value_parser = offset)]
    pub(crate) to: Option<u64>,
    /// Only in this state
    #[arg(long = "state", value_name = "STATE", value_parser = state())]
    pub(crate) states: Vec<State>,
    /// Stop after so many rows
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Also show channels of your own that are not announced
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// Arguments of `nodes` and `channels`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// A copy of a gossip_store
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How the file is read.
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A copy of a gossip_store
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Any byte of the record or wound (0x for hexadecimal)
    #[arg(value_name = "OFFSET", value_parser = offset)]
    pub(crate) offset: u64,
    /// How the file is read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Also show channels of your own that are not announced
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder to write to; files that are there are left alone
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

/// Reads the command line. Otherwise what clap had to say has been said, and this is the code to
/// end with.
pub(crate) fn parse() -> Result<Arguments, Code> {
    Arguments::try_parse().map_err(|error| {
        if !error.use_stderr() {
            // Help or version, wanted. If stdout is closed, nobody wanted it after all.
            let _ = error.print();
            return Code::Fine;
        }
        // It quotes what was typed, or what a shell made of file names.
        let text = error.render().to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
        let lines: Vec<String> = text.lines().map(|line| visible(line.as_bytes())).collect();
        complain(&lines.join("\n"));
        Code::Usage
    })
}

fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.to_ascii_uppercase().strip_suffix(['K', 'M', 'G', 'T']) {
        Some(digits) => {
            let suffix = text.chars().last().map(|suffix| suffix.to_ascii_uppercase());
            let shift = match suffix {
                Some('K') => 10,
                Some('M') => 20,
                Some('G') => 30,
                _ => 40,
            };
            (digits.to_owned(), shift)
        }
        None => (text.to_owned(), 0),
    };
    let number: u64 = digits.parse().map_err(|_| "not a size such as 500M or 40G".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "too large".to_owned())
}

fn offset(text: &str) -> Result<u64, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| "not an offset such as 4096 or 0x1000".to_owned())
}

fn release(text: &str) -> Result<Asked, String> {
    if text == "all" {
        return Ok(Asked::All);
    }
    Release::find(text).map(Asked::One).ok_or_else(|| {
        let known: Vec<&str> = RELEASES.iter().map(|release| release.name).collect();
        format!("no known line of releases; known are {}, and all", known.join(", "))
    })
}

fn now(text: &str) -> Result<u32, String> {
    use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
    // A date is its midnight, and what names no zone is in UTC; jiff would pass over a zone's name.
    let in_utc = || {
        let time = text.parse::<DateTime>().ok().filter(|_| !text.contains('['))?;
        time.to_zoned(TimeZone::UTC).ok()
    };
    let seconds = if text == "today" {
        Timestamp::now().as_second()
    } else if let Ok(seconds) = text.parse::<u32>() {
        seconds.into()
    } else if let Ok(timestamp) = text.parse::<Timestamp>() {
        timestamp.as_second()
    } else if let Some(time) = in_utc() {
        time.timestamp().as_second()
    } else {
        return Err("not seconds since 1970, 2026-02-28T12:00:00Z, 2026-02-28 or today".to_owned());
    };
    u32::try_from(seconds).map_err(|_| "beyond what a timestamp of gossip can say".to_owned())
}

fn record_type(text: &str) -> Result<u16, String> {
    let named = RecordType::ALL.iter().find(|known| known.name() == text).map(|known| known.0);
    named.or_else(|| text.parse().ok()).ok_or_else(|| {
        let names: Vec<String> =
            RecordType::ALL.iter().map(|known| format!("{} ({})", known.name(), known.0)).collect();
        format!("neither a number nor one of {}", names.join(", "))
    })
}

/// The version that a release writes.
fn written_version(text: &str) -> Result<u8, String> {
    use fulgurite_core::gossip::salvage::OLDEST_TARGET;
    let lines = || {
        let lines = RELEASES.iter().filter(|line| line.writes >= OLDEST_TARGET.0);
        lines.map(|line| line.name).collect::<Vec<_>>().join(", ")
    };
    match Release::find(text) {
        Some(line) if line.writes >= OLDEST_TARGET.0 => Ok(line.writes),
        Some(line) => Err(format!(
            "{} writes version {}, which no current release reads; the lines are {}",
            line.name,
            line.writes,
            lines()
        )),
        None => Err(format!("not a known release of lightningd; the lines are {}", lines())),
    }
}

fn scid(text: &str) -> Result<ShortChannelId, String> {
    ShortChannelId::parse(text).ok_or_else(|| "not of the form 899494x897x1".to_owned())
}

fn node_prefix(text: &str) -> Result<String, String> {
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex && (1..=66).contains(&text.len()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err("not the first digits of a key of 66 hexadecimal digits".to_owned())
}

fn node_id(text: &str) -> Result<[u8; 33], String> {
    let wrong = || "not a key of 66 hexadecimal digits".to_owned();
    let digits = text.bytes().filter_map(|byte| char::from(byte).to_digit(16));
    let digits: Vec<u8> = digits.filter_map(|digit| u8::try_from(digit).ok()).collect();
    if text.len() != 66 || digits.len() != 66 {
        return Err(wrong());
    }
    let bytes: Vec<u8> =
        digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().map_err(|_| wrong())
}

fn state() -> impl clap::builder::TypedValueParser<Value = State> {
    let names = State::ALL.iter().map(|state| state.name());
    PossibleValuesParser::new(names).map(|name| {
        // Other names are not accepted.
        State::from_name(&name).unwrap_or(State::Live)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn releases_by_name() {
        assert_eq!(release("all"), Ok(Asked::All));
        assert_eq!(release("25.12.1"), Ok(Asked::One(Release::find("v25.12").unwrap())));
        let unknown = release("v26.03").unwrap_err();
        assert!(unknown.contains("v0.6.2") && unknown.contains("v26.06"), "{unknown}");
    }

    #[test]
    fn sizes_offsets_and_times() {
        assert_eq!(size("40G"), Ok(40 << 30));
        assert_eq!(size("12"), Ok(12));
        assert!(size("99999999T").is_err() && size("G").is_err() && size("").is_err());
        assert_eq!(offset("0x10"), Ok(16));
        assert!(offset("-1").is_err());
        assert_eq!(node_id(&"0a".repeat(33)), Ok([10; 33]));
        assert!(node_id(&"0a".repeat(32)).is_err() && node_id(&"0g".repeat(33)).is_err());
        assert_eq!(now("1770000000"), Ok(1_770_000_000));
        assert_eq!(now("2026-02-02T02:40:00Z"), Ok(1_770_000_000));
        assert_eq!(now("2026-02-02"), Ok(1_769_990_400));
        assert_eq!(now("2026-02-02T02:40:00"), Ok(1_770_000_000));
        assert_eq!(now("2026-02-02T03:40:00+01:00"), Ok(1_770_000_000));
        assert!(now("2026-02-02[Asia/Tokyo]").is_err());
        assert!(now("1969-12-31").is_err() && now("2200-01-01").is_err() && now("soon").is_err());
    }
}
