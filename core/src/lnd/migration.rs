//! What will LND do with these stores?
//!
//! LND keeps its invoices (since v0.20 its graph, since v0.21 its payments too) in one of two
//! places: as keys and values in the channel database, or in tables of their own. The way from
//! the first to the second is one way only, and what LND knows of it stands in several marks that
//! were written at different moments. So the answer is not read off one mark:
//!
//! 1. [`Evidence`] is what was found on either side, as plain data.
//! 2. [`state`] says which of the states S0 to S16 that is.
//! 3. [`decide`] walks through LND's start-up, stage by stage, as one release does it in one
//!    configuration, and says where that ends; [`board()`] does it for all of them.
//! 4. [`diagnose`] says what is wrong, as findings; [`way`] what to do, as numbered steps.
//!
//! All facts about LND's releases stand in [`releases`], and LND's own words in [`texts`]; a row
//! that turns out wrong is corrected there.
//!
//! # Three tombstones
//!
//! LND and its tools use the word for three things that have nothing to do with one another. Here
//! each has its own name: the *invoice tombstone* (the key in the bucket `invoices` that says
//! "invoices live in native SQL now"), the *data-migration tombstone* (lndinit's mark in a bbolt
//! file that was copied to another backend) and the *closed-channel tombstone* (a channel that is
//! closed but whose data stays, on SQL backends since v0.21).

pub mod board;
mod decision;
pub mod evidence;
mod findings;
pub mod network;
pub mod releases;
mod schema;
mod startup;
mod state;
pub mod texts;
mod way;

pub use board::{Asked, Board, Row, When, board};
pub(in crate::lnd) use decision::names;
pub use decision::{Caution, Decision, Loss, Mark, Outcome, Part, Stage, Store, What};
pub use evidence::{
    Copy, Evidence, Files, Hashes, KvSide, KvStore, Ledger, Schema, SqlEngine, SqlSide, Track, Wal,
};
pub use findings::diagnose;
pub use network::{Census, Network};
pub use releases::{Backend, RELEASES, Release};
pub use startup::decide;
pub use state::{State, StateKind, state};
pub use way::way;
