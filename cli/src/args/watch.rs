//! The command line of `watch`, `backup` and `restore`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use fulgurite_core::gossip::verdict::{RELEASES, Release};

use super::{now, size};

/// Arguments of `watch`.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The directory in which lightningd keeps its gossip_store (such as ~/.lightning/bitcoin)
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Print each event as a line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Look until nothing is in doubt, then end: with 1 if anything is wrong
    #[arg(long)]
    pub(crate) once: bool,
    /// Seconds between two looks
    #[arg(long, value_name = "SECONDS", default_value = "10",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) interval: u64,
    /// After each look, write the figures to this file for Prometheus; it is replaced each time
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Option<PathBuf>,
    /// So many looks a record may seem unfinished before that is told
    #[arg(long, value_name = "LOOKS", default_value = "6",
          value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(crate) patience: u32,
    /// Read so much again at each look of what was read before; 0 for nothing
    #[arg(long, value_name = "SIZE", default_value = "4M", value_parser = size)]
    pub(crate) recheck: u64,
    /// Tell if more than this is appended in an hour
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size)]
    pub(crate) growth_limit: u64,
}

/// Arguments of `backup`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).args(["file", "verify"])))]
pub(crate) struct Backup {
    /// The gossip_store; lightningd may be running
    #[arg(value_name = "FILE", requires = "folder")]
    pub(crate) file: Option<PathBuf>,
    /// The directory for copies: gossip_store.TIME, with its SHA-256 and its figures beside it
    #[arg(value_name = "DEST")]
    pub(crate) folder: Option<PathBuf>,
    /// Keep so many copies in DEST, the newest; older ones that this command made are removed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep: Option<u32>,
    /// Verify this copy instead: its SHA-256, its records, and whether lightningd would accept it
    #[arg(long, value_name = "BACKUP", conflicts_with_all = ["file", "folder", "keep"])]
    pub(crate) verify: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The copy to restore
    #[arg(value_name = "BACKUP")]
    pub(crate) backup: PathBuf,
    /// The directory in which lightningd keeps its gossip_store; there must be none in it
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The release of lightningd that will read it (lightningd --version): one loses a store that
    /// is newer than itself
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    pub(crate) for_release: &'static Release,
    /// Restore it though lightningd would soon drop most of its channels as too old
    #[arg(long)]
    pub(crate) even_if_old: bool,
    /// What counts as now: seconds since 1970 or a date; without it, the time of this computer
    #[arg(long, value_name = "TIME", value_parser = now)]
    pub(crate) now: Option<u32>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn release(text: &str) -> Result<&'static Release, String> {
    Release::find(text).ok_or_else(|| {
        let known: Vec<&str> = RELEASES.iter().map(|release| release.name).collect();
        format!("no known line of releases; known are {}", known.join(", "))
    })
}
