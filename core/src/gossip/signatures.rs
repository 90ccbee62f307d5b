//! Who signed what: the signatures of BOLT 7 messages, and whether they hold.
//!
//! A checksum proves nothing against a peer who chooses the bytes, nor against a program that
//! wrote a wrong record with a right checksum. A signature proves both.
//!
//! - [`Signed`] is one message with all that verifying it needs: the signed bytes, and each
//!   signature with its key and whose it is.
//! - [`announcement_verifies`], [`update_verifies`], [`node_verifies`] answer for one body: is
//!   this candidate what its signers signed? Repair asks them.
//! - [`Ledger`] counts the verdicts on the live records of a whole store; [`VerifyJob`] fills one
//!   from a source, step by step. A face with threads gives each its own ledger and merges them:
//!   the outcome is the same.
//!
//! The arithmetic is behind [`VerifySignature`]: the command uses libsecp256k1, and `K256`
//! (feature `signatures`) is Rust alone, for wasm and whoever has no C compiler.
//!
//! # What is signed
//!
//! BOLT 7: the double SHA-256 of the message from behind its signatures to its end, unknown
//! trailing bytes included. That is from byte 258 on for 256, and from byte 66 on for 257 and 258,
//! where the type is byte 0. A `channel_update` is signed by the node of its direction, whose key
//! only the announcement of its channel names.
//!
//! # Which signatures hold
//!
//! What upstream accepts from a peer (v26.06): `wire/fromwire.c` parses 64 bytes, r and s as
//! big-endian numbers of 32 bytes each, by `secp256k1_ecdsa_signature_parse_compact`, which refuses
//! numbers that are not below the order of the group; `bitcoin/signature.c` (`check_signed_hash`)
//! and `common/node_id.c` call `secp256k1_ecdsa_verify` on it as it is, which refuses r = 0, s = 0
//! and *high S* (s above half the order). Nothing normalises S in between, so a message whose S is
//! high is not accepted, though ECDSA as such would. Keys have 33 bytes, begin with 2 or 3, and are
//! points of the curve.
//!
//! lightningd verifies a message when it arrives (`gossipd/sigcheck.c`) and never again: not when
//! it loads the store, nor before it sends a record on.

mod job;
#[cfg(feature = "signatures")]
mod k256;
mod ledger;
mod signed;

pub use job::{Verification, VerifyJob};
#[cfg(feature = "signatures")]
pub use k256::K256;
pub use ledger::{BadSignature, Ledger, SignatureReport, SignatureRow};
pub use signed::{About, Claim, Signed};

use super::format::ShortChannelId;

/// One ECDSA signature on the curve secp256k1.
///
/// Implementations accept exactly what libsecp256k1's `secp256k1_ecdsa_verify` accepts; the
/// [module](self) says what that is.
pub trait VerifySignature {
    /// Whether `signature` (r, then s, each 32 bytes, big-endian) is one on `digest` by `key` (a
    /// compressed point: 2 or 3, then x in 32 bytes, big-endian). Never panics, whatever the bytes.
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool;
}

impl<V: VerifySignature + ?Sized> VerifySignature for &V {
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool {
        (**self).verify(digest, signature, key)
    }
}

/// Whose signature it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signer {
    /// `node_id_1` of the channel.
    Node1,
    /// `node_id_2` of the channel.
    Node2,
    /// `bitcoin_key_1` of the channel.
    Bitcoin1,
    /// `bitcoin_key_2` of the channel.
    Bitcoin2,
    /// The node that the message announces.
    Node,
}

impl Signer {
    /// Every signer.
    pub const ALL: [Signer; 5] =
        [Signer::Node1, Signer::Node2, Signer::Bitcoin1, Signer::Bitcoin2, Signer::Node];

    /// The stable name, as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Signer::Node1 => "node_1",
            Signer::Node2 => "node_2",
            Signer::Bitcoin1 => "bitcoin_1",
            Signer::Bitcoin2 => "bitcoin_2",
            Signer::Node => "node",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Some of the signers of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signers(u8);

impl Signers {
    /// Nobody.
    pub const NONE: Signers = Signers(0);

    /// With one more.
    #[must_use]
    pub const fn with(self, signer: Signer) -> Signers {
        Signers(self.0 | signer.bit())
    }

    /// Whether this one is among them.
    pub const fn contains(self, signer: Signer) -> bool {
        self.0 & signer.bit() != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of the message.
    pub fn iter(self) -> impl Iterator<Item = Signer> {
        Signer::ALL.into_iter().filter(move |signer| self.contains(*signer))
    }
}

/// What became of verifying one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every signature holds: these are the bytes that were signed.
    Valid,
    /// Some signature does not hold. Where the signed bytes were changed none of a message holds;
    /// one alone means that its own bytes, or its key, are wrong.
    Invalid {
        /// Whose.
        by: Signers,
    },
    /// Every byte of every signature is zero: nobody signed it. Stores have such messages whose
    /// signatures were left out (upstream's compressed test topologies), or that were made up.
    AllZero,
    /// Nothing to verify it by.
    Unverifiable(Reason),
}

impl Verdict {
    /// Whether every signature holds.
    pub const fn is_valid(self) -> bool {
        matches!(self, Verdict::Valid)
    }
}

/// Why a message cannot be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An update of a channel whose announcement is not known, so that the key is not.
    NoAnnouncement,
    /// Too short for its type.
    Malformed,
    /// Not a message that carries a signature.
    NotSigned,
}

/// Whether a `channel_announcement` is what its four keys signed. `body` is the message, or a
/// record of type 4096 around it.
pub fn announcement_verifies(body: &[u8], verifier: &dyn VerifySignature) -> Verdict {
    verdict(Signed::announcement(body), verifier)
}

/// Whether a `channel_update` is what the node of its direction signed: `node_1` where bit 0 of
/// `channel_flags` is clear, else `node_2`. `body` is the message, or a record of type 4097 or 4102
/// around it.
pub fn update_verifies(
    body: &[u8],
    node_1: &[u8; 33],
    node_2: &[u8; 33],
    verifier: &dyn VerifySignature,
) -> Verdict {
    verdict(Signed::update(body, Some(&[*node_1, *node_2])), verifier)
}

/// Whether a `node_announcement` is what its node signed. `body` is the message, or a record of
/// type 4098 around it.
pub fn node_verifies(body: &[u8], verifier: &dyn VerifySignature) -> Verdict {
    verdict(Signed::node(body), verifier)
}

/// Whether a message of any of these types is what its signers signed. `nodes` is asked for
/// `node_id_1` and `node_id_2` of a channel where the message is an update.
pub fn verifies(
    body: &[u8],
    nodes: impl FnOnce(ShortChannelId) -> Option<[[u8; 33]; 2]>,
    verifier: &dyn VerifySignature,
) -> Verdict {
    verdict(Signed::of(body, nodes), verifier)
}

fn verdict(signed: Result<Signed<'_>, Reason>, verifier: &dyn VerifySignature) -> Verdict {
    signed.map_or_else(Verdict::Unverifiable, |signed| signed.verdict(verifier))
}
