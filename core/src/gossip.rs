//! Core Lightning's gossip_store: format → wire → scan → damage · network.

pub mod crc;
pub mod format;
pub mod network;
pub mod scan;
pub mod wire;
