//! `node_announcement` (257): features, colour, alias of any bytes, and addresses of every type.

use crate::fake::{Key, Signature, key};
use crate::wire::counted;

/// Where a node says it can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Type 1.
    Ipv4([u8; 4], u16),
    /// Type 2.
    Ipv6([u8; 16], u16),
    /// Type 3: a version 2 onion service, long gone from Tor and still in stores.
    TorV2([u8; 10], u16),
    /// Type 4: a version 3 onion service.
    TorV3([u8; 35], u16),
    /// Type 5: a host name, meant to be ASCII; any bytes will do here.
    Dns(Vec<u8>, u16),
    /// Any other bytes, type first: unknown types, and addresses cut short.
    Raw(Vec<u8>),
}

impl Address {
    /// The descriptor, type first.
    ///
    /// # Panics
    /// On a host name over 255 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let (descriptor, host, port) = match self {
            Address::Ipv4(host, port) => (1, host.to_vec(), port),
            Address::Ipv6(host, port) => (2, host.to_vec(), port),
            Address::TorV2(host, port) => (3, host.to_vec(), port),
            Address::TorV3(host, port) => (4, host.to_vec(), port),
            Address::Dns(host, port) => {
                let len = u8::try_from(host.len()).expect("a host name of at most 255 bytes");
                (5, [&[len][..], host].concat(), port)
            }
            Address::Raw(bytes) => return bytes.clone(),
        };
        [&[descriptor][..], &host, &port.to_be_bytes()].concat()
    }
}

/// A `node_announcement` in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct NodeBuilder {
    /// Of the node's key.
    pub signature: Signature,
    /// Feature bits, big-endian.
    pub features: Vec<u8>,
    /// Seconds since 1970.
    pub timestamp: u32,
    /// The node.
    pub key: Key,
    /// Its colour.
    pub rgb: [u8; 3],
    /// Its name, padded with zeros.
    pub alias: [u8; 32],
    /// All its address descriptors.
    pub addresses: Vec<u8>,
    /// Bytes behind the known fields (TLVs, in the messages of today).
    pub extra: Vec<u8>,
}

impl NodeBuilder {
    /// Node `number` without alias, features or addresses, coloured after its key.
    pub fn new(number: u32, timestamp: u32) -> NodeBuilder {
        NodeBuilder::of(key(number), timestamp)
    }

    /// The node with this key.
    pub fn of(key: Key, timestamp: u32) -> NodeBuilder {
        NodeBuilder {
            signature: Signature::Fake,
            features: Vec::new(),
            timestamp,
            key,
            rgb: [key[1], key[2], key[3]],
            alias: [0; 32],
            addresses: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// Sets the alias: any bytes.
    ///
    /// # Panics
    /// If there are more than 32.
    pub fn alias(mut self, alias: impl AsRef<[u8]>) -> NodeBuilder {
        let alias = alias.as_ref();
        assert!(alias.len() <= 32, "an alias has 32 bytes, not {}", alias.len());
        self.alias = [0; 32];
        self.alias[..alias.len()].copy_from_slice(alias);
        self
    }

    /// Sets the feature bits.
    pub fn features(mut self, features: &[u8]) -> NodeBuilder {
        self.features = features.to_vec();
        self
    }

    /// Sets the colour.
    pub fn rgb(mut self, red: u8, green: u8, blue: u8) -> NodeBuilder {
        self.rgb = [red, green, blue];
        self
    }

    /// Adds an address.
    #[expect(clippy::needless_pass_by_value, reason = "reads better at the call, and is written")]
    pub fn address(mut self, address: Address) -> NodeBuilder {
        self.addresses.extend(address.encode());
        self
    }

    /// Appends bytes behind the known fields.
    pub fn extra(mut self, bytes: &[u8]) -> NodeBuilder {
        self.extra.extend(bytes);
        self
    }

    /// Sets the signature.
    pub fn signed(mut self, signature: Signature) -> NodeBuilder {
        self.signature = signature;
        self
    }

    /// The message.
    pub fn encode(&self) -> Vec<u8> {
        let signed = [
            &counted(&self.features)[..],
            &self.timestamp.to_be_bytes(),
            &self.key,
            &self.rgb,
            &self.alias,
            &counted(&self.addresses),
            &self.extra,
        ]
        .concat();
        [&257u16.to_be_bytes()[..], &self.signature.bytes(0, &signed), &signed].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_stand_where_bolt_7_puts_them() {
        let message = NodeBuilder::new(1, 0x0102_0304)
            .features(&[0x80])
            .rgb(1, 2, 3)
            .alias("ALICE")
            .address(Address::Ipv4([127, 0, 0, 1], 9735))
            .extra(&[9])
            .encode();
        assert_eq!(message.len(), 142 + 1 + 7 + 1);
        assert_eq!(message[66..73], [0, 1, 0x80, 1, 2, 3, 4]);
        assert_eq!(message[73..106], key(1));
        assert_eq!(message[106..109], [1, 2, 3]);
        assert_eq!(&message[109..115], b"ALICE\0");
        assert_eq!(message[141..], [0, 7, 1, 127, 0, 0, 1, 0x26, 0x07, 9]);
    }

    #[test]
    fn each_address_type_has_its_length() {
        let lengths = [
            Address::Ipv4([0; 4], 1),
            Address::Ipv6([0; 16], 1),
            Address::TorV2([0; 10], 1),
            Address::TorV3([0; 35], 1),
            Address::Dns(b"a.example".to_vec(), 1),
            Address::Raw(vec![77, 1]),
        ]
        .map(|address| address.encode().len());
        assert_eq!(lengths, [7, 19, 13, 38, 13, 2]);
    }
}
