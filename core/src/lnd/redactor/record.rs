//! Invoice bodies and HTLCs, record by record; lengths stay what they are.

use alloc::vec::Vec;

use super::{CHANNEL, LndRedactor, REQUEST, blank, unreadable};
use crate::kv::dump::Tag;

/// The prefixes of payment requests, the longer ones first; they tell the network.
const NETWORKS: [&[u8]; 5] = [b"lnbcrt", b"lntbs", b"lnsb", b"lnbc", b"lntb"];

/// `HTLC settled` (invoices.HtlcState at v0.21.2).
const SETTLED: u8 = 2;

/// Far more bits than an invoice has features: three or four, in those that LND v0.21 made for our
/// fixtures.
const FEATURES: u32 = 40;

impl LndRedactor {
    /// `u64 bodyLen || TLV || HTLC*`. What cannot be walked stays unreadable.
    pub(super) fn invoice(&mut self, value: &[u8]) -> Vec<u8> {
        self.body(value).unwrap_or_else(|| unreadable(value))
    }

    fn body(&mut self, value: &[u8]) -> Option<Vec<u8>> {
        let (body, htlcs) = framed(value)?;
        let paid = self.paid(htlcs)?;
        let new = rewrite(body, &mut |kind, bytes| self.body_record(kind, bytes, paid))?;
        let mut out = (body.len() as u64).to_be_bytes().to_vec();
        out.extend(new);
        out.extend(self.htlcs(htlcs)?);
        Some(out)
    }

    /// The sum of the settled HTLCs as it is, and as it will be.
    fn paid(&self, mut htlcs: &[u8]) -> Option<(u64, u64)> {
        let (mut old, mut new) = (0_u64, 0_u64);
        while !htlcs.is_empty() {
            let (htlc, rest) = framed(htlcs)?;
            let (mut amount, mut state) = (0, None);
            rewrite(htlc, &mut |kind, bytes| {
                match kind {
                    5 => amount = bytes.try_into().map_or(0, u64::from_be_bytes),
                    15 => state = bytes.first().copied(),
                    _ => {}
                }
                Some(bytes.to_vec())
            })?;
            if state == Some(SETTLED) {
                old = old.saturating_add(amount);
                new = new.saturating_add(self.bucketed(amount));
            }
            htlcs = rest;
        }
        Some((old, new))
    }

    fn body_record(&mut self, kind: u64, bytes: &[u8], paid: (u64, u64)) -> Option<Vec<u8>> {
        Some(match kind {
            0 => filler(bytes),
            1 => self.request(bytes),
            2 | 3 => time(bytes),
            // Add index, settle index, expiry; CLTV delta; state, hodl.
            4 | 5 | 9 => only::<8>(bytes),
            8 => only::<4>(bytes),
            12 | 14 => only::<1>(bytes),
            11 => features(bytes),
            6 => self.preimage(bytes),
            7 => self.amount(bytes),
            10 => self.stand_in(Tag::Address, bytes),
            13 => match bytes.try_into().map(u64::from_be_bytes) {
                Ok(amount) if amount == paid.0 && amount > 0 => paid.1.to_be_bytes().to_vec(),
                _ => self.amount(bytes),
            },
            15 => self.sets(bytes)?,
            _ => blank(bytes),
        })
    }

    /// `(u64 len || TLV)*`.
    pub(super) fn htlcs(&mut self, mut htlcs: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        while !htlcs.is_empty() {
            let (htlc, rest) = framed(htlcs)?;
            out.extend((htlc.len() as u64).to_be_bytes());
            out.extend(rewrite(htlc, &mut |kind, bytes| Some(self.htlc_record(kind, bytes)))?);
            htlcs = rest;
        }
        Some(out)
    }

    fn htlc_record(&mut self, kind: u64, bytes: &[u8]) -> Vec<u8> {
        match kind {
            1 => self.channel(bytes),
            // The HTLC's number in its channel, times; heights; state.
            3 | 9 | 11 => only::<8>(bytes),
            7 | 13 => only::<4>(bytes),
            15 => only::<1>(bytes),
            5 | 17 => self.amount(bytes),
            // rootShare || setID || childIndex, the index without its leading zeros.
            19 => match (bytes.get(..32), bytes.get(32..64), bytes.get(64..)) {
                (Some(share), Some(set), Some(child)) if child.len() <= 4 => {
                    [&self.stand_in(Tag::Other, share), &self.stand_in(Tag::Set, set), child]
                        .concat()
                }
                _ => blank(bytes),
            },
            21 => self.stand_in(Tag::Hash, bytes),
            23 => self.preimage(bytes),
            _ => blank(bytes),
        }
    }

    /// `BigSize count || (BigSize len || TLV)*`.
    fn sets(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let (_, mut rest) = big_size(bytes)?;
        let mut out = bytes.get(..bytes.len() - rest.len())?.to_vec();
        while !rest.is_empty() {
            let (len, after) = big_size(rest)?;
            let set = after.get(..usize::try_from(len).ok()?)?;
            out.extend_from_slice(rest.get(..rest.len() - after.len())?);
            out.extend(rewrite(set, &mut |kind, bytes| {
                Some(match kind {
                    0 => self.stand_in(Tag::Set, bytes),
                    1 => only::<1>(bytes),
                    2 => only::<8>(bytes),
                    3 => time(bytes),
                    4 => self.circuits(bytes)?,
                    5 => self.amount(bytes),
                    _ => blank(bytes),
                })
            })?);
            rest = after.get(set.len()..)?;
        }
        Some(out)
    }

    /// `BigSize count || (u64 scid || u64 htlcID)*`.
    fn circuits(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let (_, rest) = big_size(bytes)?;
        let mut out = bytes.get(..bytes.len() - rest.len())?.to_vec();
        let pairs = rest.chunks_exact(16);
        if !pairs.remainder().is_empty() {
            return None;
        }
        for pair in pairs {
            let (channel, number) = pair.split_at_checked(8)?;
            out.extend(self.channel(channel));
            out.extend_from_slice(number);
        }
        Some(out)
    }

    /// A short channel id: its ordinal as an output number.
    fn channel(&mut self, bytes: &[u8]) -> Vec<u8> {
        match bytes.len() {
            8 => u64::from(self.ordinal(CHANNEL, bytes)).to_be_bytes().to_vec(),
            _ => blank(bytes),
        }
    }

    /// A payment request: its network, and an ordinal by which equal ones are equal.
    pub(super) fn request(&mut self, bytes: &[u8]) -> Vec<u8> {
        if bytes.is_empty() {
            return Vec::new();
        }
        let lower = bytes.to_ascii_lowercase();
        let network = NETWORKS.into_iter().find(|network| lower.starts_with(network));
        let network = network.unwrap_or_default();
        let ordinal = alloc::format!("{:08x}", self.ordinal(REQUEST, bytes));
        let mut out = filler(bytes);
        for (out, byte) in out.iter_mut().rev().zip(ordinal.bytes().rev()) {
            *out = byte;
        }
        for (out, byte) in out.iter_mut().zip(network) {
            *out = *byte;
        }
        out
    }
}

/// These bytes, if they are as many as LND writes; else zeros. A record of another length is damaged,
/// perhaps in its type, and may be any record, a preimage among them.
fn only<const LEN: usize>(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() == LEN { bytes.to_vec() } else { blank(bytes) }
}

/// A time as Go's `MarshalBinary` writes it, in 15 or 16 bytes.
fn time(bytes: &[u8]) -> Vec<u8> {
    if matches!(bytes.len(), 15 | 16) { bytes.to_vec() } else { blank(bytes) }
}

/// Feature bits: a few. A secret of 32 bytes has some 128 bits set.
fn features(bytes: &[u8]) -> Vec<u8> {
    let set: u32 = bytes.iter().map(|byte| byte.count_ones()).sum();
    if set <= FEATURES { bytes.to_vec() } else { blank(bytes) }
}

/// A text of the same length. What Postgres does not take stays so: a NUL, bytes that are not
/// UTF-8.
fn filler(bytes: &[u8]) -> Vec<u8> {
    let mut out = alloc::vec![b'x'; bytes.len()];
    let flaw = if core::str::from_utf8(bytes).is_err() {
        Some(0xff)
    } else {
        bytes.contains(&0).then_some(0)
    };
    if let (Some(first), Some(flaw)) = (out.first_mut(), flaw) {
        *first = flaw;
    }
    out
}

/// `u64 len || bytes`, and what follows.
fn framed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_be_bytes(*len)).ok()?)
}

/// BOLT 1's BigSize, and what follows.
fn big_size(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let width = match first {
        0..=0xfc => return Some((u64::from(*first), rest)),
        0xfd => 2,
        0xfe => 4,
        0xff => 8,
    };
    let (number, rest) = rest.split_at_checked(width)?;
    Some((number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), rest))
}

/// What becomes of a record of that type.
type With<'a> = dyn FnMut(u64, &[u8]) -> Option<Vec<u8>> + 'a;

/// The TLV stream with every value replaced by one of the same length; `None` if it is none.
fn rewrite(stream: &[u8], with: &mut With<'_>) -> Option<Vec<u8>> {
    let (mut rest, mut out) = (stream, Vec::with_capacity(stream.len()));
    while !rest.is_empty() {
        let (kind, after) = big_size(rest)?;
        let (len, after) = big_size(after)?;
        let (value, next) = after.split_at_checked(usize::try_from(len).ok()?)?;
        out.extend_from_slice(rest.get(..rest.len() - after.len())?);
        let new = with(kind, value)?;
        // Whatever a rule forgets, the length must not change.
        out.extend(if new.len() == value.len() { new } else { blank(value) });
        rest = next;
    }
    Some(out)
}
