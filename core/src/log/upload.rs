//! What gossip costs: what each peer that syncs is sent, and what a graph fetched anew takes.
//!
//! These are bounds with their assumptions, not forecasts. From upstream's source:
//!
//! - A peer whose filter begins at 0 is sent every live message of the store; one that asks for
//!   what is new gets the last two hours and what is appended from then on (connectd/multiplex.c,
//!   v23.11 and later).
//! - From v24.11 one peer's stream is held to 1,000,000 bytes a second (connectd/connectd.c,
//!   `gossip_stream_limit`). Only `dev-throttle-gossip` changes that, which is for tests.
//! - From v24.11 one peer an hour, taken at random, is asked for everything (gossipd/seeker.c,
//!   `full_sync_random_peer`).
//! - With an empty store every peer is asked for everything (gossipd/seeker.c,
//!   `enable_gossip_stream`). Up to 5 are asked at a time, from v24.11 up to 10.
//! - A message is not sent back to the peer that sent it (`gossip_rcvd_filter_del`).

use serde::{Deserialize, Serialize};

use super::kind::Says;
use super::report::LogReport;
use crate::finding::Values;
use crate::gossip::report::Sync;

/// The most that a peer is sent in a second.
pub const STREAM_LIMIT: u64 = 1_000_000;

/// How many peers are asked at a time, by the release.
pub const GOSSIPERS: u64 = 10;

/// What gossip costs, for a store as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// How many peers were assumed.
    pub peers: u64,
    /// Messages that a peer is sent which asks for everything.
    pub messages: u64,
    /// Their bytes, with what encryption adds.
    pub wire_bytes: u64,
    /// Sent, if each of these peers asks for everything once.
    pub all_sync_bytes: u64,
    /// How many seconds one such peer takes at least, at [`STREAM_LIMIT`].
    pub least_seconds: u64,
    /// A graph fetched anew: received at least, if every message comes once.
    pub rebuild_received_least: u64,
    /// Received at most, if each peer that is asked sends everything before it is known.
    pub rebuild_received_most: u64,
    /// Sent on meanwhile at least: nothing, if peers ask for nothing.
    pub rebuild_sent_least: u64,
    /// Sent on at most: each message to every peer but the one it came from.
    pub rebuild_sent_most: u64,
    /// Received in a day at most by the regular full sync of v24.11 and later.
    pub regular_received_most: u64,
    /// How many times the log says that a peer was asked for everything.
    pub asked_everything: u64,
}

impl Upload {
    /// For that many peers.
    pub fn estimate(sync: &Sync, peers: u64, asked_everything: u64) -> Upload {
        let whole = sync.wire_bytes;
        let asked = peers.min(GOSSIPERS);
        Upload {
            peers,
            messages: sync.messages,
            wire_bytes: whole,
            all_sync_bytes: whole.saturating_mul(peers),
            least_seconds: sync.bytes.div_ceil(STREAM_LIMIT),
            rebuild_received_least: if peers == 0 { 0 } else { whole },
            rebuild_received_most: whole.saturating_mul(asked),
            rebuild_sent_least: 0,
            rebuild_sent_most: whole.saturating_mul(peers.saturating_sub(1)),
            regular_received_most: if peers == 0 { 0 } else { whole.saturating_mul(24) },
            asked_everything,
        }
    }

    /// For that many peers, or else as many as the log tells apart, or ten: what `fulgurite log
    /// --store` says.
    pub fn beside(log: &LogReport, sync: &Sync, peers: Option<u64>) -> Upload {
        let count = |says| {
            let row = log.says.iter().find(|row| row.says == says);
            row.map_or(0, |row| row.count)
        };
        let asked = count(Says::AsksEverything) + count(Says::FullSync);
        let told = log.flood.as_ref().map(|flood| flood.peers).filter(|peers| *peers > 0);
        Upload::estimate(sync, peers.or(told).unwrap_or(10), asked)
    }

    /// The values of the finding [`Code::LogUpload`](crate::finding::Code::LogUpload).
    pub fn values(&self) -> Values {
        Values::new()
            .with("peers", self.peers)
            .with("wire_bytes", self.wire_bytes)
            .with("least_seconds", self.least_seconds)
            .with("all_sync_bytes", self.all_sync_bytes)
            .with("rebuild_received_least", self.rebuild_received_least)
            .with("rebuild_received_most", self.rebuild_received_most)
            .with("rebuild_sent_most", self.rebuild_sent_most)
            .with("regular_received_most", self.regular_received_most)
            .with("asked_everything", self.asked_everything)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_follow_from_what_a_store_is_sent_as() {
        // 100 messages of 20,030 bytes in all, with 34 bytes each around them.
        let sync = Sync { messages: 100, bytes: 20_030, wire_bytes: 23_430 };
        let upload = Upload::estimate(&sync, 23, 4);
        assert_eq!(upload.all_sync_bytes, 23 * 23_430);
        assert_eq!(upload.least_seconds, 1);
        assert_eq!(upload.rebuild_received_least, 23_430);
        assert_eq!(upload.rebuild_received_most, 10 * 23_430);
        assert_eq!(upload.rebuild_sent_most, 22 * 23_430);
        assert_eq!(upload.asked_everything, 4);
        let alone = Upload::estimate(&sync, 0, 0);
        assert_eq!((alone.rebuild_received_most, alone.rebuild_sent_most), (0, 0));
        let sync = Sync { messages: u64::MAX, bytes: u64::MAX, wire_bytes: u64::MAX };
        assert_eq!(Upload::estimate(&sync, 9, 0).all_sync_bytes, u64::MAX);
    }
}
