//! What nodes' logs say: lines of lightningd and of LND that tell of damaged stores, floods,
//! restarts and migrations, counted and timed.
//!
//! A log is pushed in chunks of any size ([`LogReader::push`]); memory stays bounded, and time
//! linear. Known lines stand in two tables, [`lightningd::LINES`] and [`lnd::LINES`], each row with
//! the source file and the releases that have it. Other lines are counted. Logs come plain, through
//! docker, or from journald; see `log/frame.rs`.
//!
//! ```
//! use fulgurite_core::log::{LogReader, Options, Says};
//!
//! let mut reader = LogReader::new(Options::default());
//! reader.push(b"2024-02-28T10:15:30.123Z **BROKEN** gossipd: gossip_store: bad chec");
//! reader.push(b"ksum offset 14396: 0100\n2024-02-28T10:15:31.000Z INFO    other: line\n");
//! let report = reader.finish();
//! assert_eq!((report.lines, report.unknown), (2, 1));
//! let event = &report.events[0];
//! assert_eq!((event.says, event.line), (Says::Checksum, 1));
//! assert_eq!(event.values.number("store_offset"), Some(14_396));
//! ```

mod check;
mod course;
mod findings;
mod frame;
mod kind;
mod known;
pub mod lightningd;
pub mod lines;
pub mod lnd;
mod migration;
mod pattern;
mod peers;
mod reader;
mod report;
mod sniff;
mod tie;
mod time;
mod timeline;
mod upload;

#[cfg(test)]
mod tests;

pub use check::{Given, LogCheck, LogRead};
pub use course::{Ended, Run};
pub use frame::{Form, Level};
pub use kind::{Order, Program, Says, Weight};
pub use known::Known;
pub use migration::{Outcome, Part, What};
pub use reader::{LogReader, Options};
pub use report::{
    Compaction, Event, Flood, LevelCount, LogReport, OrderCount, PeerCount, SaysCount, TiedRecord,
};
pub use sniff::sniff;
pub use tie::Ties;
pub use timeline::Timeline;
pub use upload::{GOSSIPERS, STREAM_LIMIT, Upload};
