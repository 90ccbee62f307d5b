//! One message with all that verifying it needs.

use core::fmt;

use sha2::{Digest as _, Sha256};

use super::{Reason, Signer, Signers, Verdict, VerifySignature};
use crate::gossip::format::{ShortChannelId, Version};
use crate::gossip::wire::{
    ChannelAnnouncement, ChannelUpdate, Message, NodeAnnouncement, WireError, decode,
};
use crate::text::hex;

/// A message that somebody signed: the signed bytes, and who claims to have signed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    about: About<'a>,
    bytes: &'a [u8],
    claims: [Option<Claim<'a>>; 4],
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// A channel.
    Channel(ShortChannelId),
    /// A node.
    Node(&'a [u8; 33]),
}

impl fmt::Display for About<'_> {
    /// The short channel id, or the node's key in hexadecimal digits: as findings name them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            About::Channel(scid) => scid.fmt(f),
            About::Node(id) => f.write_str(&hex(*id)),
        }
    }
}

/// One signature of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Whose it is.
    pub signer: Signer,
    /// r and s, 32 bytes each, big-endian.
    pub signature: &'a [u8; 64],
    /// The signer's compressed key. `None` in an update of a channel whose announcement is not
    /// known.
    pub key: Option<[u8; 33]>,
}

impl Claim<'_> {
    fn holds(&self, digest: &[u8; 32], verifier: &dyn VerifySignature) -> bool {
        self.key.is_some_and(|key| verifier.verify(digest, self.signature, &key))
    }
}

impl<'a> Signed<'a> {
    /// Of any signed message, bare or wrapped (256, 257, 258, 4096, 4097, 4098, 4102). `nodes` is
    /// asked for `node_id_1` and `node_id_2` of a channel where the message is an update.
    ///
    /// # Errors
    /// [`Reason::NotSigned`] for any other type (a private channel, 4104, has no signatures by
    /// design), [`Reason::Malformed`] where the body is too short.
    pub fn of(
        body: &'a [u8],
        nodes: impl FnOnce(ShortChannelId) -> Option<[[u8; 33]; 2]>,
    ) -> Result<Signed<'a>, Reason> {
        match open(body)? {
            (Message::ChannelAnnouncement(message), bytes) => Signed::by_channel(&message, bytes),
            (Message::ChannelUpdate(message), bytes) => {
                Signed::by_direction(&message, bytes, nodes(message.scid).as_ref())
            }
            (Message::NodeAnnouncement(message), bytes) => Signed::by_node(&message, bytes),
            _ => Err(Reason::NotSigned),
        }
    }

    /// Of a `channel_announcement`, bare or wrapped.
    ///
    /// # Errors
    /// As [`Signed::of`]; other messages are [`Reason::NotSigned`].
    pub fn announcement(body: &'a [u8]) -> Result<Signed<'a>, Reason> {
        match open(body)? {
            (Message::ChannelAnnouncement(message), bytes) => Signed::by_channel(&message, bytes),
            _ => Err(Reason::NotSigned),
        }
    }

    /// Of a `channel_update`, bare or wrapped; `nodes` are `node_id_1` and `node_id_2` of its
    /// channel.
    ///
    /// # Errors
    /// As [`Signed::of`]; other messages are [`Reason::NotSigned`].
    pub fn update(body: &'a [u8], nodes: Option<&[[u8; 33]; 2]>) -> Result<Signed<'a>, Reason> {
        match open(body)? {
            (Message::ChannelUpdate(message), bytes) => {
                Signed::by_direction(&message, bytes, nodes)
            }
            _ => Err(Reason::NotSigned),
        }
    }

    /// Of a `node_announcement`, bare or wrapped.
    ///
    /// # Errors
    /// As [`Signed::of`]; other messages are [`Reason::NotSigned`].
    pub fn node(body: &'a [u8]) -> Result<Signed<'a>, Reason> {
        match open(body)? {
            (Message::NodeAnnouncement(message), bytes) => Signed::by_node(&message, bytes),
            _ => Err(Reason::NotSigned),
        }
    }

    fn by_channel(message: &ChannelAnnouncement<'a>, bytes: &'a [u8]) -> Result<Self, Reason> {
        let claim =
            |signer, signature, key: &[u8; 33]| Some(Claim { signer, signature, key: Some(*key) });
        let bytes = bytes.get(ChannelAnnouncement::SIGNED_FROM..).ok_or(Reason::Malformed)?;
        let claims = [
            claim(Signer::Node1, message.node_signature_1, message.node_id_1),
            claim(Signer::Node2, message.node_signature_2, message.node_id_2),
            claim(Signer::Bitcoin1, message.bitcoin_signature_1, message.bitcoin_key_1),
            claim(Signer::Bitcoin2, message.bitcoin_signature_2, message.bitcoin_key_2),
        ];
        Ok(Signed { about: About::Channel(message.scid), bytes, claims })
    }

    fn by_direction(
        message: &ChannelUpdate<'a>,
        bytes: &'a [u8],
        nodes: Option<&[[u8; 33]; 2]>,
    ) -> Result<Self, Reason> {
        let (signer, index) = match message.direction() {
            0 => (Signer::Node1, 0),
            _ => (Signer::Node2, 1),
        };
        let key = nodes.map(|nodes| nodes[index]);
        let bytes = bytes.get(ChannelUpdate::SIGNED_FROM..).ok_or(Reason::Malformed)?;
        let about = About::Channel(message.scid);
        let claim = Claim { signer, signature: message.signature, key };
        Ok(Signed { about, bytes, claims: [Some(claim), None, None, None] })
    }

    fn by_node(message: &NodeAnnouncement<'a>, bytes: &'a [u8]) -> Result<Self, Reason> {
        let bytes = bytes.get(NodeAnnouncement::SIGNED_FROM..).ok_or(Reason::Malformed)?;
        let (signature, key) = (message.signature, Some(*message.node_id));
        let about = About::Node(message.node_id);
        let claim = Claim { signer: Signer::Node, signature, key };
        Ok(Signed { about, bytes, claims: [Some(claim), None, None, None] })
    }

    /// What it is about.
    pub fn about(&self) -> About<'a> {
        self.about
    }

    /// The bytes that were signed: from behind the signatures to the end of the message.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Their double SHA-256: what each signature is on.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(Sha256::digest(self.bytes)).into()
    }

    /// Each signature, in the order of the message: four of an announcement, else one.
    pub fn claims(&self) -> impl Iterator<Item = &Claim<'a>> {
        self.claims.iter().flatten()
    }

    /// Whether every byte of every signature is zero.
    pub fn is_all_zero(&self) -> bool {
        self.claims().all(|claim| *claim.signature == [0; 64])
    }

    /// Verifies it. Every signature is tried, also behind one that does not hold: which of them
    /// hold tells what was changed.
    pub fn verdict(&self, verifier: &dyn VerifySignature) -> Verdict {
        if self.is_all_zero() {
            return Verdict::AllZero;
        }
        if self.claims().any(|claim| claim.key.is_none()) {
            return Verdict::Unverifiable(Reason::NoAnnouncement);
        }
        let digest = self.digest();
        let bad = self.claims().filter(|claim| !claim.holds(&digest, verifier));
        let by = bad.fold(Signers::NONE, |by, claim| by.with(claim.signer));
        if by.is_empty() { Verdict::Valid } else { Verdict::Invalid { by } }
    }
}

/// A body as the message in it and that message's own bytes, its type first.
fn open(body: &[u8]) -> Result<(Message<'_>, &[u8]), Reason> {
    let malformed = |_: WireError| Reason::Malformed;
    // The version decides nothing in reading a body.
    let message = decode(Version::NEWEST, body).map_err(malformed)?;
    let bytes = match message {
        Message::V3ChannelAnnouncement(outer) => outer.announcement,
        Message::V3ChannelUpdate(outer) => outer.update,
        Message::V3NodeAnnouncement(outer) => outer.announcement,
        Message::PrivateUpdate(outer) => outer.update,
        Message::PrivateChannel(_) => return Err(Reason::NotSigned),
        _ => return Ok((message, body)),
    };
    match message.inner() {
        Some(inner) => Ok((inner.map_err(malformed)?, bytes)),
        None => Ok((message, bytes)),
    }
}
