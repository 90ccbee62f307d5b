//! Which of LND's stores a bbolt file is, and what its top-level buckets mean to the node.
//!
//! Names of buckets: lnd at 90ea05d5a (2026-08), channeldb, graph/db, payments/db, contractcourt,
//! htlcswitch, aliasmgr, sweep, watchtower/wtdb, macaroons; btcwallet's walletdb; neutrino's
//! headerfs and filterdb.

use alloc::vec::Vec;

use super::Bolt;
use crate::kv::bucket::{Buckets, Room};
use crate::source::{Source, SourceError};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        crate::finding::serialize_by_name!($name);
    };
}
pub(super) use named;

named! {
    /// Which store it is.
    BoltKind {
        /// `channel.db`: channels, graph, payments, invoices.
        ChannelDb = "channel_db";
        /// `macaroons.db`.
        Macaroons = "macaroons";
        /// `sphinxreplay.db`: onions that were seen.
        SphinxReplay = "sphinx_replay";
        /// `wtclient.db`: what was sent to watchtowers.
        WtClient = "wt_client";
        /// `watchtower.db`: what a watchtower keeps for others.
        Watchtower = "watchtower";
        /// `wallet.db`: keys and addresses.
        Wallet = "wallet";
        /// `neutrino.db`: an index of block headers.
        Neutrino = "neutrino";
        /// None of these.
        Other = "other";
    }
}

named! {
    /// What damage in some place hits, the mildest first.
    Hits {
        /// Pages that nothing needs.
        Unused = "unused";
        /// The graph of the network, which peers send again.
        Graph = "graph";
        /// Anything else: forwarding history, addresses of peers, caches, or another store.
        Other = "other";
        /// Payments of this node.
        Payments = "payments";
        /// Invoices of this node.
        Invoices = "invoices";
        /// The state of channels: money.
        ChannelState = "channel_state";
        /// The tree of top-level buckets itself: all of them.
        Everything = "everything";
    }
}

/// The stores by their top-level buckets. The first row of which a bucket is there decides.
const KINDS: &[(BoltKind, &[&[u8]])] = &[
    (BoltKind::Wallet, &[b"waddrmgr", b"wtxmgr"]),
    (
        BoltKind::ChannelDb,
        &[
            b"open-chan-bucket",
            b"closed-chan-bucket",
            b"fwd-packages",
            b"invoices",
            b"graph-node",
            b"graph-edge",
        ],
    ),
    (BoltKind::Macaroons, &[b"macrootkeys"]),
    (BoltKind::SphinxReplay, &[b"shared-hash", b"batch-replay"]),
    (
        BoltKind::WtClient,
        &[
            b"client-session-bucket",
            b"client-tower-bucket",
            b"client-channel-summary",
            b"client-channel-detail-bucket",
            b"client-session-key-index-bucket",
        ],
    ),
    (BoltKind::Watchtower, &[b"sessions-bucket", b"updates-bucket", b"lookout-tip-bucket"]),
    (BoltKind::Neutrino, &[b"header-index", b"filter-store"]),
];

/// Top-level buckets of `channel.db` by what they hold. Those that are not named are `Other`.
const BUCKETS: &[(Hits, &[&[u8]])] = &[
    (Hits::Graph, &[b"graph-node", b"graph-edge", b"graph-meta", b"closed-scid"]),
    (
        Hits::ChannelState,
        &[
            b"open-chan-bucket",
            b"fwd-packages",
            b"circuit-adds",
            b"circuit-keystones",
            b"outpoint-bucket",
            b"chan-id-bucket",
            b"closed-chan-bucket",
            b"close-summaries",
            b"historical-chan-bucket",
            b"channelOpeningState",
            b"initialChannelFwdingPolicy",
            b"final-htlcs",
            b"resolution-store-bucket-key",
            b"network-result-store-bucket",
            b"retribution",
            b"tap-retribution",
            b"byte",
            b"alias-bucket",
            b"base-bucket",
            b"alias-alloc-bucket",
            b"invoice-alias-bucket",
            b"metadata",
        ],
    ),
    (Hits::Invoices, &[b"invoices", b"pay-addr-index", b"set-id-index"]),
    (
        Hits::Payments,
        &[
            b"payments-root-bucket",
            b"payments-index-bucket",
            b"payments",
            b"payment-status",
            b"next-payment-id-key",
        ],
    ),
];

/// Bytes of a contract court's bucket: chain hash and channel point, one for each channel that is
/// being closed (contractcourt/briefcase.go, `logScope`).
const CONTRACT_COURT: usize = 32 + 36;

/// What damage in this top-level bucket of `channel.db` hits. In another store it is `Other`.
pub fn hits(kind: BoltKind, top_level: &[u8]) -> Hits {
    if kind != BoltKind::ChannelDb {
        return Hits::Other;
    }
    let named = BUCKETS.iter().find(|(_, names)| names.contains(&top_level));
    // The nursery of outputs that wait for their lock time, one for each chain: "utxn" and a hash.
    let nursery = top_level.starts_with(b"utxn");
    match named {
        Some((hits, _)) => *hits,
        None if nursery || top_level.len() == CONTRACT_COURT => Hits::ChannelState,
        None => Hits::Other,
    }
}

/// Which store has these top-level buckets.
pub(super) fn kind_of(names: &[&[u8]]) -> BoltKind {
    let known = |(_, any): &&(BoltKind, &[&[u8]])| names.iter().any(|name| any.contains(name));
    KINDS.iter().find(known).map_or(BoltKind::Other, |(kind, _)| *kind)
}

/// Which of LND's stores it is, by its top-level buckets.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn identify<S: Source>(bolt: &Bolt<S>) -> Result<BoltKind, SourceError> {
    let names = top_level(bolt)?;
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    Ok(kind_of(&names))
}

/// So many top-level buckets are looked at; contract courts are the reason why there may be many.
const MANY: usize = 16_384;

/// The names of the top-level buckets, in their order.
pub(super) fn top_level<S: Source>(bolt: &Bolt<S>) -> Result<Vec<Vec<u8>>, SourceError> {
    let mut names = Vec::new();
    let mut from = None;
    loop {
        let room = Room { value: 0, ..Room::default() };
        let page = bolt.entries(bolt.root(), from.as_ref(), room)?;
        names.extend(page.entries.into_iter().map(|entry| entry.key));
        match page.next {
            Some(next) if names.len() < MANY => from = Some(next),
            _ => return Ok(names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bucket_of_channel_db_means() {
        for (name, expected) in [
            (&b"graph-edge"[..], Hits::Graph),
            (b"open-chan-bucket", Hits::ChannelState),
            (b"circuit-keystones", Hits::ChannelState),
            (b"circuit-fwd-log", Hits::Other),
            (&[7; 68], Hits::ChannelState),
            (b"utxn\x01\x02", Hits::ChannelState),
            (b"pay-addr-index", Hits::Invoices),
            (b"payments-index-bucket", Hits::Payments),
            (b"nib", Hits::Other),
        ] {
            assert_eq!(hits(BoltKind::ChannelDb, name), expected);
        }
        assert_eq!(hits(BoltKind::Wallet, b"open-chan-bucket"), Hits::Other);
    }

    #[test]
    fn stores_are_known_by_their_buckets() {
        assert_eq!(kind_of(&[b"invoices", b"metadata"]), BoltKind::ChannelDb);
        assert_eq!(kind_of(&[b"metadata", b"sessions-bucket"]), BoltKind::Watchtower);
        assert_eq!(kind_of(&[b"client-tower-bucket", b"metadata"]), BoltKind::WtClient);
        assert_eq!(kind_of(&[b"metadata"]), BoltKind::Other);
        assert_eq!(kind_of(&[]), BoltKind::Other);
    }
}
