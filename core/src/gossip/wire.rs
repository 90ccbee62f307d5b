//! What a record says: the body of a record as a BOLT 7 message, or as one of the store's own.
//!
//! [`decode`] borrows everything from the body and allocates nothing, so that it serves the walk
//! over millions of records. [`fields`] is for showing one record: it names every byte of a body,
//! and is the same reading, so that the two never disagree. Numbers are big-endian throughout.
//!
//! Sources: BOLT 7 for the three public messages, BOLT 1 for TLV records, BOLT 9 for feature bits;
//! upstream's `common/gossip_store_wire.csv` (before v0.12.0 `gossipd/gossip_store*.csv`) for the
//! store's own records.

mod address;
mod alias;
mod announcement;
mod error;
mod features;
mod fields;
mod message;
mod node;
mod reader;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tlv;
mod update;
mod wrapped;

pub use address::{Address, Addresses};
pub use alias::Alias;
pub use announcement::ChannelAnnouncement;
pub use error::WireError;
pub use features::feature_bits;
pub use fields::{Field, FieldValue, fields};
pub use message::{Message, decode};
pub use node::NodeAnnouncement;
pub use store::{
    ChanDying, ChannelAmount, DeleteChan, Ended, LocalAddChannel, Uuid, V3ChannelDelete,
};
pub use tlv::{Tlv, Tlvs};
pub use update::ChannelUpdate;
pub use wrapped::{
    PrivateChannel, PrivateUpdate, V3ChannelAnnouncement, V3ChannelUpdate, V3LocalAddChannel,
    V3NodeAnnouncement,
};
