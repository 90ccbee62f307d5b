//! Core Lightning's gossip_store: format → wire → scan → damage · network.

pub mod atlas;
pub mod check;
pub mod checkpoints;
pub mod compare;
pub mod crc;
pub mod damage;
pub mod format;
pub mod listing;
pub mod network;
pub mod report;
pub mod scan;
pub mod tally;
pub mod wire;
