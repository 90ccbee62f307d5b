//! Core Lightning's gossip_store: format → wire → scan → damage · network → verdict.

pub mod atlas;
pub mod check;
pub mod checkpoints;
pub mod compare;
pub mod copy;
pub mod crc;
pub mod damage;
pub mod follow;
pub mod format;
pub mod listing;
pub mod network;
pub mod report;
pub mod salvage;
pub mod scan;
pub mod signatures;
pub mod tally;
pub mod verdict;
pub mod wire;
