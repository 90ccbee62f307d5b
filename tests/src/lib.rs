//! Stores to test with: a readable builder for the gossip_stores of every version, ways to damage
//! them, a generator of whole networks, and the named fixtures made with all three.
//!
//! Nothing here imports the engine. Headers, both CRCs and every message are written a second
//! time, from the format's description, so that what the engine reads was not made by the engine.
//!
//! ```
//! use fulgurite_tests::{Direction, Store, T0, nodes, scid};
//!
//! let store = Store::new(14)
//!     .announce(scid("103x1x0"), nodes(1, 2), 1_000_000)
//!     .update("103x1x0", Direction::One, T0)
//!     .update("103x1x0", Direction::Two, T0)
//!     .node(1, T0, "ALICE")
//!     .build();
//! assert_eq!(store.types(), [256, 4101, 258, 258, 257]);
//!
//! let last = store.records[4];
//! let torn = store.cut(last.offset + 100);
//! assert_eq!(torn.records.len(), 4);
//! ```
#![forbid(unsafe_code)]

pub mod bolt;
mod built;
mod crc;
mod damage;
pub mod fake;
pub mod fixtures;
pub mod flags;
mod frame;
pub mod life;
pub mod lnd;
mod network;
mod node;
mod signed;
pub mod sqlite;
mod store;
mod vectors;
mod walk;
pub mod wire;
mod wounds;

#[cfg(test)]
mod upstream;

pub use built::{Built, Span};
pub use crc::crc;
pub use damage::{Damage, Note, overlay};
pub use fake::nodes;
pub use frame::{frame, header_len};
pub use network::{Network, network};
pub use node::{Address, NodeBuilder};
pub use signed::signed;
pub use store::Store;
pub use vectors::{Vector, vectors};
pub use walk::{Record, intact, walk};
pub use wire::{Announcement, Direction, Scid, Update, scid};
pub use wounds::{Wounded, wounded};

/// The "now" of every fixture: 2026-02-02 02:40:00 UTC. No generated message is newer.
pub const T0: u32 = 1_770_000_000;
