//! The command line of `fulgurite log`.

use std::path::PathBuf;

use clap::Args;

use super::Reading;

/// Arguments of `log`.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Logs of lightningd or of LND: plain, from journalctl (short, short-iso, short-full, export,
    /// json) or docker, packed or not. Each gets a report of its own
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The gossip_store that the log is about (often gossip_store.corrupt): offsets in the log lead
    /// to its records, and what syncing peers are sent is estimated
    #[arg(long, value_name = "STORE")]
    pub(crate) store: Option<PathBuf>,
    /// Estimate upload for so many peers; without it, as many as the log tells apart, or ten
    #[arg(long, value_name = "N", requires = "store")]
    pub(crate) peers: Option<u64>,
    /// How files are read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Show every finding and every line that is kept, not the first few
    #[arg(long)]
    pub(crate) all: bool,
}
