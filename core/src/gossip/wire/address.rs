//! Where a node can be reached: the address descriptors of a `node_announcement` (BOLT 7).

use super::reader::Reader;
use crate::text::visible;
use core::fmt::{self, Write as _};
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddrV6};

/// One address. [`fmt::Display`] gives it as text that is safe to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address<'a> {
    /// Type 1.
    Ipv4 {
        /// The address.
        ip: Ipv4Addr,
        /// The port.
        port: u16,
    },
    /// Type 2.
    Ipv6 {
        /// The address.
        ip: Ipv6Addr,
        /// The port.
        port: u16,
    },
    /// Type 3, deprecated: the network no longer serves such names.
    TorV2 {
        /// The name before it is put into base32.
        onion: &'a [u8; 10],
        /// The port.
        port: u16,
    },
    /// Type 4.
    TorV3 {
        /// Key, checksum and version byte: the name before it is put into base32.
        onion: &'a [u8; 35],
        /// The port.
        port: u16,
    },
    /// Type 5.
    Dns {
        /// Meant to be ASCII; it may be anything.
        hostname: &'a [u8],
        /// The port.
        port: u16,
    },
    /// A type without a known length, or a known one that is cut short. Where the next address
    /// would begin cannot be told, so that this is always the last.
    Unknown {
        /// Everything from the type on.
        rest: &'a [u8],
    },
}

impl<'a> Address<'a> {
    /// Its length in bytes as stored, with the type.
    pub const fn wire_len(&self) -> usize {
        match self {
            Address::Ipv4 { .. } => 7,
            Address::Ipv6 { .. } => 19,
            Address::TorV2 { .. } => 13,
            Address::TorV3 { .. } => 38,
            Address::Dns { hostname, .. } => hostname.len().saturating_add(4),
            Address::Unknown { rest } => rest.len(),
        }
    }

    /// Reads one known address; `None` leaves it to the caller to keep the rest.
    fn read(r: &mut Reader<'a, ()>) -> Option<Address<'a>> {
        Some(match take::<1>(r)? {
            [1] => Address::Ipv4 { ip: Ipv4Addr::from(*take::<4>(r)?), port: port(r)? },
            [2] => Address::Ipv6 { ip: Ipv6Addr::from(*take::<16>(r)?), port: port(r)? },
            [3] => Address::TorV2 { onion: take(r)?, port: port(r)? },
            [4] => Address::TorV3 { onion: take(r)?, port: port(r)? },
            [5] => {
                let [len] = *take::<1>(r)?;
                let hostname = r.silent(len.into(), "hostname").ok()?;
                Address::Dns { hostname, port: port(r)? }
            }
            _ => return None,
        })
    }
}

fn take<'a, const N: usize>(r: &mut Reader<'a, ()>) -> Option<&'a [u8; N]> {
    r.hex("address").ok()
}

fn port(r: &mut Reader<'_, ()>) -> Option<u16> {
    r.u16("port").ok()
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Address::Ipv4 { ip, port } => write!(f, "{ip}:{port}"),
            Address::Ipv6 { ip, port } => SocketAddrV6::new(ip, port, 0, 0).fmt(f),
            Address::TorV2 { onion, port } => {
                base32(onion, f)?;
                write!(f, ".onion:{port}")
            }
            Address::TorV3 { onion, port } => {
                base32(onion, f)?;
                write!(f, ".onion:{port}")
            }
            Address::Dns { hostname, port } => write!(f, "{}:{port}", visible(hostname)),
            Address::Unknown { rest } => match rest {
                [kind @ 1..=5, ..] => {
                    write!(f, "address of type {kind}, cut short: {} bytes", rest.len())
                }
                [kind, ..] => write!(f, "address of unknown type {kind}: {} bytes", rest.len()),
                [] => f.write_str("no address"),
            },
        }
    }
}

/// Writes RFC 4648 base32 in lower case, without padding, as onion names have it.
fn base32(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let digit = |value: u32| match u8::try_from(value & 31).unwrap_or(0) {
        letter @ 0..=25 => char::from(b'a' + letter),
        number => char::from(b'2' + (number - 26)),
    };
    // The low `held` bits of `bits` are not yet written.
    let (mut bits, mut held) = (0u32, 0u32);
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            f.write_char(digit(bits >> held))?;
        }
    }
    if held > 0 {
        f.write_char(digit(bits << (5 - held)))?;
    }
    Ok(())
}

/// The addresses of a `node_announcement`, in their order.
#[derive(Clone, Debug)]
pub struct Addresses<'a> {
    rest: &'a [u8],
}

impl<'a> Addresses<'a> {
    /// Reads the bytes between `addrlen` and the TLVs.
    pub const fn new(bytes: &'a [u8]) -> Addresses<'a> {
        Addresses { rest: bytes }
    }
}

impl<'a> Iterator for Addresses<'a> {
    type Item = Address<'a>;

    fn next(&mut self) -> Option<Address<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(self.rest, 0, ());
        let Some(address) = Address::read(&mut reader) else {
            let rest = core::mem::take(&mut self.rest);
            return Some(Address::Unknown { rest });
        };
        self.rest = reader.unread();
        Some(address)
    }
}

impl core::iter::FusedIterator for Addresses<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::wire::testing::Bytes;
    use alloc::string::{String, ToString as _};
    use alloc::vec::Vec;

    fn shown(bytes: &[u8]) -> Vec<String> {
        let total: usize = Addresses::new(bytes).map(|address| address.wire_len()).sum();
        assert_eq!(total, bytes.len());
        Addresses::new(bytes).map(|address| address.to_string()).collect()
    }

    #[test]
    fn every_type_has_its_text() {
        let mut loopback = [0; 16];
        loopback[15] = 1;
        let bytes = Bytes::default()
            .u8(1)
            .bytes(&[1, 2, 3, 4])
            .u16(9735)
            .u8(2)
            .bytes(&loopback)
            .u16(9736)
            .u8(3)
            .bytes(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 0xff])
            .u16(1)
            .u8(4)
            .bytes(&[0xff; 35])
            .u16(2)
            .u8(5)
            .u8(11)
            .bytes(b"example.com")
            .u16(65_535)
            .0;
        let v3 = alloc::format!("{}.onion:2", "7".repeat(56));
        let expected =
            ["1.2.3.4:9735", "[::1]:9736", "aaaqeayeaudaoch7.onion:1", &v3, "example.com:65535"];
        assert_eq!(shown(&bytes), expected);
    }

    #[test]
    fn base32_agrees_with_rfc_4648() {
        struct Base32<'a>(&'a [u8]);
        impl fmt::Display for Base32<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                base32(self.0, f)
            }
        }
        let vectors = [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ];
        for (plain, encoded) in vectors {
            assert_eq!(Base32(plain.as_bytes()).to_string(), encoded);
        }
    }

    #[test]
    fn a_host_name_cannot_act_on_a_terminal() {
        let bytes = Bytes::default().u8(5).u8(6).bytes(b"a\x1b[2J\n").u16(80).0;
        assert_eq!(shown(&bytes), [r"a\u{1b}[2J\u{a}:80"]);
    }

    #[test]
    fn an_unknown_type_keeps_the_rest() {
        let bytes = Bytes::default().u8(1).bytes(&[1, 2, 3, 4]).u16(5).bytes(&[6, 1, 2]).0;
        let all: Vec<_> = Addresses::new(&bytes).collect();
        assert_eq!(all.len(), 2);
        assert_eq!(all[1], Address::Unknown { rest: &[6, 1, 2] });
        assert_eq!(all[1].to_string(), "address of unknown type 6: 3 bytes");
    }

    #[test]
    fn a_known_type_cut_short_keeps_the_rest() {
        for (kind, len) in [(1, 7), (2, 19), (3, 13), (4, 38), (5, 4)] {
            for cut in 1..len {
                let bytes = Bytes::default().u8(kind).zeros(cut - 1).0;
                let expected = alloc::format!("address of type {kind}, cut short: {cut} bytes");
                assert_eq!(shown(&bytes), [expected]);
            }
        }
    }
}
