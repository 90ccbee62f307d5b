//! gossip_stores as chains of records: plain changes to bytes nearly always break a checksum, and
//! then what a record says is never looked at.

use fulgurite_tests::sqlite::Seeded;
use fulgurite_tests::{crc, frame, header_len, walk};

/// A record of its own: flags, timestamp, body.
type Record = (u16, u32, Vec<u8>);

/// The same store with the checksums that its records ought to have, as far as one header leads to
/// the next.
pub(crate) fn sealed(data: &[u8]) -> Vec<u8> {
    let mut bytes = data.to_vec();
    let Some(&version) = data.first().filter(|version| (2..=16).contains(*version)) else {
        return bytes;
    };
    let header = header_len(version);
    let word = |bytes: &[u8], at: usize| {
        bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
    };
    let mut at = 1;
    loop {
        let start = at + header;
        let Some(len) = word(&bytes, at) else { break };
        let len = if version <= 4 { len as usize } else { (len & 0xffff) as usize };
        let timestamp = if version <= 4 { Some(0) } else { word(&bytes, at + 8) };
        let body = start.checked_add(len).and_then(|end| bytes.get(start..end));
        let (Some(timestamp), Some(body)) = (timestamp, body) else { break };
        let sum = crc(version, timestamp, body).to_be_bytes();
        bytes[at + 4..at + 8].copy_from_slice(&sum);
        at = start + len;
    }
    bytes
}

/// This store with one to five of its records changed, moved, doubled, left out, or taken from
/// another; their checksums hold. Nothing where it is no sound store of several records.
pub(crate) fn changed(store: &[u8], seeds: &[Vec<u8>], rng: &mut Seeded) -> Option<Vec<u8>> {
    let mut records = records(store)?;
    for _ in 0..=rng.below(5) {
        change(&mut records, seeds, rng);
    }
    let version = *store.first()?;
    let fits = |record: &&Record| record.2.len() <= 65_535;
    let framed = records.iter().filter(fits).flat_map(|(flags, timestamp, body)| {
        let (flags, timestamp) = if version <= 4 { (0, 0) } else { (*flags, *timestamp) };
        frame(version, flags, timestamp, body)
    });
    Some(std::iter::once(version).chain(framed).collect())
}

fn records(store: &[u8]) -> Option<Vec<Record>> {
    store.first().filter(|version| (2..=16).contains(*version))?;
    let records = walk(store).ok().filter(|records| records.len() > 1)?;
    let own = |record: &fulgurite_tests::Record<'_>| {
        record.crc_ok.then(|| (record.flags, record.timestamp, record.body.to_vec()))
    };
    records.iter().map(own).collect()
}

fn change(records: &mut Vec<Record>, seeds: &[Vec<u8>], rng: &mut Seeded) {
    if records.is_empty() {
        return;
    }
    let at = rng.index(records.len());
    let to = rng.index(records.len());
    match rng.below(10) {
        0 => drop(records.remove(at)),
        1 => records.swap(at, to),
        2 => records.insert(to, records[at].clone()),
        3 => {
            let record = records.remove(at);
            records.insert(to.min(records.len()), record);
        }
        4 => records[at].0 ^= 1 << rng.below(16),
        5 => records[at].1 = records[at].1.wrapping_add(1 << rng.below(24)).wrapping_sub(256),
        6 => {
            // The timestamp of the message and of the header, by the same.
            let (_, header, body) = &mut records[at];
            let place = if body.starts_with(&[1, 2]) { 106 } else { 2 + 64 + 2 };
            if let Some(own) = body.get_mut(place..).and_then(<[u8]>::first_chunk_mut) {
                let moved = u32::from_be_bytes(*own).wrapping_add(1 << rng.below(20));
                (*own, *header) = (moved.to_be_bytes(), moved);
            }
        }
        7 => {
            // A record of another store, or of this one's other end.
            let other = &seeds[rng.index(seeds.len())];
            if let Some(other) = self::records(other).filter(|other| !other.is_empty()) {
                records.insert(to, other[rng.index(other.len())].clone());
            }
        }
        _ => {
            let body = &mut records[at].2;
            if !body.is_empty() {
                let byte = rng.index(body.len());
                body[byte] ^= 1 << rng.below(8);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus;

    #[test]
    fn a_sound_store_is_sealed_already_and_a_wounded_body_is_sealed_again() {
        let mut wounds = 0;
        for seed in corpus::gossip() {
            let Some(records) = records(&seed) else { continue };
            assert_eq!(sealed(&seed), seed);
            let mut bytes = seed.clone();
            *bytes.last_mut().expect("records") ^= 1;
            let bytes = sealed(&bytes);
            let again = walk(&bytes).expect("a chain");
            assert_eq!(again.len(), records.len());
            assert!(again.iter().all(|record| record.crc_ok));
            wounds += 1;
        }
        assert!(wounds > 10, "{wounds}");
    }

    #[test]
    fn changed_records_keep_their_checksums() {
        let seeds = corpus::gossip();
        let mut stores = 0;
        for (number, seed) in (0..).zip(seeds.iter().cycle().take(500)) {
            let Some(store) = changed(seed, &seeds, &mut Seeded(number)) else { continue };
            assert!(walk(&store).expect("a chain").iter().all(|record| record.crc_ok));
            stores += 1;
        }
        assert!(stores > 100, "{stores}");
    }
}
