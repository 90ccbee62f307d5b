//! The command line of `fulgurite lnd`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use fulgurite_core::lnd::migration::{Asked, Backend, RELEASES, Release, SqlEngine, Store};
use fulgurite_core::lnd::rehearse::{Options, Target};
use fulgurite_core::lnd::stores::Tree;

use super::Reading;

/// Arguments of `lnd`.
#[derive(Debug, Args)]
pub(crate) struct Lnd {
    /// What to look at.
    #[command(subcommand)]
    pub(crate) command: LndCommand,
}

/// What to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum LndCommand {
    /// Say where the migration to native SQL is, what each configuration would do, and the way on
    State(StateOf),
    /// List the invoices of the store that LND would use
    Invoices(Invoices),
    /// Show the tree of buckets: names, counts, sequences
    Buckets(Buckets),
    /// Write a redacted dump of buckets: what you can send instead of a channel.db
    Dump(Dump),
    /// Compare the invoices of both sides, field by field: was anything lost, changed, left behind?
    Compare(Compare),
    /// Say how LND's migration of invoices would end, and over which invoices it would stumble
    Rehearse(Rehearse),
    /// Look at a copied data directory before an upgrade: complete, of one moment, and what the
    /// migration would do; with the SHA-256 of every file
    Preflight(Preflight),
}

/// Arguments of `lnd state`.
#[derive(Debug, Args)]
pub(crate) struct StateOf {
    /// Copies of LND's databases and dumps, or a copied data directory; a -wal that lies beside a
    /// database is read with it
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Only what this release does (v0.21, v0.19.3)
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    release: Option<&'static Release>,
    /// Only with this db.backend
    #[arg(long, value_name = "BACKEND", value_parser = backend())]
    backend: Option<Backend>,
    /// Only with db.use-native-sql on, or off
    #[arg(long, value_name = "ON|OFF", value_parser = switch())]
    native: Option<bool>,
    /// Only with db.skip-native-sql-migration on, or off
    #[arg(long, value_name = "ON|OFF", value_parser = switch())]
    skip: Option<bool>,
    /// Tell hashes, addresses and amounts in findings
    #[arg(long)]
    pub(crate) reveal: bool,
}

impl StateOf {
    /// For which releases and configurations.
    pub(crate) fn asked(&self) -> Asked {
        let StateOf { release, backend, native, skip, .. } = *self;
        Asked { release, backend, native, skip }
    }
}

/// Arguments of `lnd invoices`.
#[derive(Debug, Args)]
pub(crate) struct Invoices {
    /// Copies of LND's databases and dumps, or a copied data directory
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Tell payment hashes and addresses, preimages, amounts, memos and payment requests; without
    /// it, hashes and addresses are counted through (hash#1), of amounts only the magnitude is told
    #[arg(long)]
    pub(crate) reveal: bool,
    /// Those of the key-value store, or those of native SQL; without it, those of the one that LND
    /// would use
    #[arg(long, value_name = "SIDE", value_parser = side())]
    pub(crate) side: Option<Store>,
    /// Begin with this one, counted from 0
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true)]
    pub(crate) from: u64,
    /// List so many at most, or `all`
    #[arg(long, value_name = "N", default_value = "all", value_parser = count)]
    pub(crate) count: Count,
}

/// Arguments of `lnd compare`.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// Copies of LND's databases and dumps, or a copied data directory; instead of one side what
    /// `lncli listinvoices` printed (JSON)
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Tell the values that differ, hashes and amounts among them; without it, hashes and addresses
    /// are counted through (hash#1), of amounts only the magnitude is told
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// Arguments of `lnd rehearse`.
#[derive(Debug, Args)]
pub(crate) struct Rehearse {
    /// A copy of the key-value store (channel.sqlite, channel.db, a pg_dump, a bucket dump); with
    /// lnd.sqlite if there is one, or a copied data directory
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The release that is to migrate (v0.21.3, v0.20); without it, the newest
    #[arg(long, value_name = "RELEASE", value_parser = target)]
    release: Option<Target>,
    /// The backend that is to migrate; without it, Postgres for a dump of Postgres, else SQLite
    #[arg(long, value_name = "ENGINE", value_parser = engine())]
    backend: Option<SqlEngine>,
    /// Tell payment hashes in LND's words
    #[arg(long)]
    reveal: bool,
}

impl Rehearse {
    /// By which release.
    pub(crate) fn target(&self) -> Target {
        self.release.clone().unwrap_or_else(Target::newest)
    }

    /// What else was chosen.
    pub(crate) fn options(&self) -> Options {
        Options { reveal: self.reveal, engine: self.backend, network: None }
    }
}

/// Arguments of `lnd preflight`.
#[derive(Debug, Args)]
pub(crate) struct Preflight {
    /// A copy of LND's folder, made while LND was stopped
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The release that is to migrate (v0.21.3, v0.20); without it, the newest
    #[arg(long, value_name = "RELEASE", value_parser = target)]
    release: Option<Target>,
}

impl Preflight {
    /// By which release.
    pub(crate) fn target(&self) -> Target {
        self.release.clone().unwrap_or_else(Target::newest)
    }
}

/// So many, or all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count(pub(crate) Option<u64>);

/// Arguments of `lnd buckets`.
#[derive(Debug, Args)]
pub(crate) struct Buckets {
    /// A copy of channel.db or another bbolt file, of channel.sqlite, a pg_dump, or a bucket dump
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The bucket to begin with: keys parted by /, those that are no names as 0x and hexadecimal
    /// digits (invoices/paymenthashes)
    #[arg(value_name = "PATH", value_parser = path)]
    pub(crate) path: Option<KeyPath>,
    /// How the file is read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Show so many levels
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) depth: u8,
    /// Which of the key-value tables of a database (channeldb, macaroondb)
    #[command(flatten)]
    pub(crate) which: Which,
    /// Tell keys as they are, and the first 4,096 bytes of values; without it, keys that identify
    /// or pay are renamed (hash#1), and of values only the length is told
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// Keys from the root.
#[derive(Clone, Debug)]
pub(crate) struct KeyPath(pub(crate) Vec<Vec<u8>>);

/// Arguments of `lnd dump`.
#[derive(Debug, Args)]
pub(crate) struct Dump {
    /// A copy of channel.db or another bbolt file, of channel.sqlite, a pg_dump, or a bucket dump
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Write the dump to this new file; nothing is ever overwritten
    #[arg(short, long, value_name = "NEW")]
    pub(crate) output: PathBuf,
    /// How the file is read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Write this top-level bucket (may be given several times); without it, those that the
    /// migration is judged by: invoices and their indexes, versions and marks
    #[arg(long = "bucket", value_name = "NAME", conflicts_with = "all")]
    pub(crate) buckets: Vec<String>,
    /// Write all buckets
    #[arg(long)]
    pub(crate) all: bool,
    /// Which of the key-value tables of a database (channeldb, macaroondb)
    #[command(flatten)]
    pub(crate) which: Which,
    /// Write keys and values as they are. Whoever has such a dump has your preimages, and with
    /// `--all` the state of your channels
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// Which tree of buckets of a database.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Which key-value table of a database that has several: channeldb for channeldb_kv; without
    /// it, channeldb or the first
    #[arg(long = "store", value_name = "PREFIX")]
    store: Option<String>,
}

impl Which {
    /// The engine's word for it.
    pub(crate) fn tree(&self) -> Tree {
        self.store.clone().map_or(Tree::First, Tree::Named)
    }
}

fn release(text: &str) -> Result<&'static Release, String> {
    Release::named(text).ok_or_else(|| {
        let known: Vec<&str> = RELEASES.iter().map(|release| release.name).collect();
        format!("not a known release of LND; the rows are {}", known.join(", "))
    })
}

fn target(text: &str) -> Result<Target, String> {
    Target::named(text).ok_or_else(|| {
        let migrates = RELEASES.iter().filter(|release| release.tracker.is_some());
        let known: Vec<&str> = migrates.map(|release| release.name).collect();
        format!("not a release of LND that migrates; the rows are {}", known.join(", "))
    })
}

fn engine() -> impl TypedValueParser<Value = SqlEngine> {
    PossibleValuesParser::new(SqlEngine::ALL.iter().map(|engine| engine.name())).map(|name| {
        let named = SqlEngine::ALL.iter().find(|engine| engine.name() == name);
        // Other names are not accepted.
        named.copied().unwrap_or(SqlEngine::Sqlite)
    })
}

fn backend() -> impl TypedValueParser<Value = Backend> {
    PossibleValuesParser::new(Backend::ALL.iter().map(|backend| backend.name())).map(|name| {
        let named = Backend::ALL.iter().find(|backend| backend.name() == name);
        // Other names are not accepted.
        named.copied().unwrap_or(Backend::Bolt)
    })
}

fn side() -> impl TypedValueParser<Value = Store> {
    PossibleValuesParser::new(Store::ALL.iter().map(|store| store.name())).map(|name| {
        let named = Store::ALL.iter().find(|store| store.name() == name);
        // Other names are not accepted.
        named.copied().unwrap_or(Store::Kv)
    })
}

fn switch() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["on", "off"]).map(|word| word == "on")
}

fn count(text: &str) -> Result<Count, String> {
    if text == "all" {
        return Ok(Count(None));
    }
    let number = text.parse().map_err(|_| "neither a number nor all".to_owned())?;
    Ok(Count(Some(number)))
}

fn path(text: &str) -> Result<KeyPath, String> {
    let keys = text.split('/').filter(|key| !key.is_empty());
    keys.map(key).collect::<Result<_, _>>().map(KeyPath)
}

fn key(text: &str) -> Result<Vec<u8>, String> {
    let Some(digits) = text.strip_prefix("0x") else { return Ok(text.as_bytes().to_vec()) };
    let digits: Option<Vec<u8>> = digits
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    match digits {
        Some(digits) if digits.len() % 2 == 0 && !digits.is_empty() => {
            Ok(digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect())
        }
        _ => Err("not an even number of hexadecimal digits behind 0x".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_names_and_of_bytes() {
        assert_eq!(path("invoices/paymenthashes").unwrap().0, [&b"invoices"[..], b"paymenthashes"]);
        assert_eq!(
            path("/open-chan-bucket/0x02fF/").unwrap().0,
            [&b"open-chan-bucket"[..], &[2, 255]]
        );
        assert!(path("").unwrap().0.is_empty());
        assert!(path("0x123").is_err() && path("0x").is_err() && path("0xzz").is_err());
    }

    #[test]
    fn counts_and_releases() {
        assert_eq!(count("all").unwrap().0, None);
        assert_eq!(count("7").unwrap().0, Some(7));
        assert!(count("some").is_err());
        assert_eq!(release("v0.21").unwrap().name, "v0.21.2");
        assert!(release("v0.17").unwrap_err().contains("v0.18.0"));
    }
}
