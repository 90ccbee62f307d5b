//! The flag bits of a record header, as the 16 bits that they are on disk in every version from 5.

/// The record is dead. The CRC does not cover flags, so it stays as it was.
pub const DELETED: u16 = 0x8000;
/// Own gossip, sent to every peer (versions 7 to 14).
pub const PUSH: u16 = 0x4000;
/// Written to its end: on every finished record from version 15.
pub const COMPLETED: u16 = 0x2000;
/// Sent too often to be relayed (versions 10 to 13): the bit that later became [`COMPLETED`].
pub const RATELIMIT: u16 = 0x2000;
/// Of a channel that was pruned but remembered (versions 12 and 13).
pub const ZOMBIE: u16 = 0x1000;
/// The funding output is spent (from version 12).
pub const DYING: u16 = 0x0800;
