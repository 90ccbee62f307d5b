//! 257, `node_announcement` (BOLT 7).

use super::address::Addresses;
use super::alias::Alias;
use super::error::WireError;
use super::features;
use super::fields::FieldValue;
use super::reader::{Body, Reader, Sink, write_counted};
use super::tlv::Tlvs;
use crate::gossip::format::RecordType;
use alloc::string::ToString as _;
use alloc::vec::Vec;

/// What a node says of itself: its name and where to reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeAnnouncement<'a> {
    /// By `node_id`.
    pub signature: &'a [u8; 64],
    /// Feature bits of the node (BOLT 9); see [`super::feature_bits`].
    pub features: &'a [u8],
    /// Seconds since 1970; the greater one wins.
    pub timestamp: u32,
    /// The node's key.
    pub node_id: &'a [u8; 33],
    /// A colour: red, green, blue.
    pub rgb: [u8; 3],
    /// The name as stored, usually filled up with NULs; see [`NodeAnnouncement::alias_text`].
    pub alias: &'a [u8; 32],
    /// The addresses as stored; see [`NodeAnnouncement::address_list`].
    pub addresses: &'a [u8],
    /// Whatever follows; signed like the rest.
    pub tlvs: &'a [u8],
}

impl<'a> NodeAnnouncement<'a> {
    /// The signature is over the double SHA-256 of the message from this byte on (the type is
    /// byte 0).
    pub const SIGNED_FROM: usize = 66;

    /// The name, which its owner chose: data, not to be printed as it is.
    pub fn alias_text(&self) -> Alias<'a> {
        Alias::new(self.alias)
    }

    /// The addresses one by one.
    pub fn address_list(&self) -> Addresses<'a> {
        Addresses::new(self.addresses)
    }

    /// The TLV records after the last field. Offsets in errors are those of this message.
    pub fn tlv_records(&self) -> Tlvs<'a> {
        let lists = self.features.len().saturating_add(self.addresses.len());
        Tlvs::new(self.tlvs, lists.saturating_add(142))
    }
}

impl<'a> Body<'a> for NodeAnnouncement<'a> {
    const TYPE: RecordType = RecordType::NODE_ANNOUNCEMENT;

    #[inline]
    fn read<S: Sink>(r: &mut Reader<'a, S>) -> Result<Self, WireError> {
        let signature = r.signature("signature")?;
        let flen = r.u16("flen")?;
        Ok(NodeAnnouncement {
            signature,
            features: r.bytes(flen.into(), "features", features::show)?,
            timestamp: r.timestamp()?,
            node_id: r.node_id("node_id")?,
            rgb: *r.hex("rgb_color")?,
            alias: r.array("alias", |alias| FieldValue::Text(Alias::new(alias).visible()))?,
            addresses: read_addresses(r)?,
            tlvs: r.tlvs(),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.signature);
        write_counted(out, self.features);
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(self.node_id);
        out.extend_from_slice(&self.rgb);
        out.extend_from_slice(self.alias);
        write_counted(out, self.addresses);
        out.extend_from_slice(self.tlvs);
    }
}

#[inline]
fn read_addresses<'a, S: Sink>(r: &mut Reader<'a, S>) -> Result<&'a [u8], WireError> {
    let addrlen = r.u16("addrlen")?;
    let mut at = r.at();
    let addresses = r.silent(addrlen.into(), "addresses")?;
    if S::SHOWS {
        for address in Addresses::new(addresses) {
            let len = address.wire_len();
            r.show("address", at, len, || FieldValue::Address(address.to_string()));
            at += len;
        }
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use crate::gossip::wire::testing::{Bytes, V16};
    use crate::gossip::wire::{Alias, FieldValue, Message, WireError, decode, fields};

    #[test]
    fn every_field_is_in_its_place() {
        let addresses = [1, 127, 0, 0, 1, 0x26, 0x07];
        let body = Bytes::node_announcement(b"fulgurite", &addresses).u8(1).u8(0).0;
        let Ok(Message::NodeAnnouncement(message)) = decode(V16, &body) else {
            panic!("it is well formed")
        };
        assert_eq!(message.signature, &[1; 64]);
        assert_eq!(message.features, [0x80]);
        assert_eq!(message.timestamp, 1_700_000_001);
        assert_eq!(message.node_id, &[6; 33]);
        assert_eq!(message.rgb, [0xab, 0xcd, 0xef]);
        assert_eq!(message.alias_text(), Alias::Utf8("fulgurite"));
        assert_eq!(message.addresses, addresses);
        assert_eq!(message.address_list().count(), 1);
        assert_eq!(message.tlvs, [1, 0]);
        assert_eq!(message.tlv_records().next().unwrap().unwrap().tlv_type, 1);
    }

    #[test]
    fn both_lengths_are_checked() {
        let body = Bytes::node_announcement(b"", &[]).0;
        let last = body.len() - 1;
        let mut wrong = body.clone();
        wrong[last] = 1;
        let error = WireError::Short { field: "addresses", at: 143, needed: 1, found: 0 };
        assert_eq!(decode(V16, &wrong), Err(error));
        let mut wrong = body;
        wrong[66] = 1;
        let error = decode(V16, &wrong).unwrap_err();
        assert_eq!((error.field(), error.at()), ("features", 68));
    }

    #[test]
    fn a_hostile_alias_is_shown_safely() {
        let body = Bytes::node_announcement(b"\x1b[2J\xff\\", &[]).0;
        let alias = fields(V16, &body).into_iter().find(|field| field.name == "alias").unwrap();
        assert_eq!(alias.len, 32);
        assert_eq!(alias.value, FieldValue::Text(r"\u{1b}[2J\xff\\".into()));
    }

    #[test]
    fn each_address_is_a_field() {
        let body = Bytes::node_announcement(b"", &[1, 1, 2, 3, 4, 0x26, 0x07, 9, 9, 9]).0;
        let all = fields(V16, &body);
        let [first, second] = &all[all.len() - 2..] else { panic!("two addresses") };
        assert_eq!((first.name, first.at, first.len), ("address", 143, 7));
        assert_eq!(first.value, FieldValue::Address("1.2.3.4:9735".into()));
        assert_eq!((second.name, second.at, second.len), ("address", 150, 3));
    }
}
