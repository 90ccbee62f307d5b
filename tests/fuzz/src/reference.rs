//! A second scanner, as slow as it likes: written from `docs/format/gossip_store.md` and the four
//! rules of resynchronisation, without the engine, and with its own checksums. At each place it
//! tries each thing.

use fulgurite_tests::{crc, header_len};

/// Start and end of the records, and of what lies between; whether the wounded header's own length
/// led out of that.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Scan {
    pub(crate) records: Vec<(u64, u64)>,
    pub(crate) wounds: Vec<(u64, u64, bool)>,
}

const LONGEST: usize = 65_535;
/// What is looked at to tell how records are framed.
const START: usize = 3 * 65_547;
const KNOWN: [u16; 16] =
    [256, 257, 258, 3503, 4096, 4097, 4098, 4099, 4100, 4101, 4102, 4103, 4104, 4105, 4106, 4107];

/// Reads the whole file.
pub(crate) fn scan(file: &[u8]) -> Scan {
    let mut scan = Scan::default();
    let Some(byte) = file.first() else { return scan };
    // A version that stands for each of the three layouts, section 10.
    let own = match byte {
        2..=4 => 3,
        5 | 6 => 6,
        _ => 16,
    };
    let store = Store { file, version: framing(file, own), ends: true };
    let mut at = 1;
    while at < file.len() {
        if let Some(end) = store.record(at) {
            scan.records.push((at as u64, end as u64));
            at = end;
            continue;
        }
        // Rule 1, where nothing stands inside; else rules 2 and 3. Rule 4, the zeros, changes nothing of
        // what is found.
        let kept = store.claim(at).filter(|end| *end == file.len() || store.stands(*end));
        let upto = kept.unwrap_or(file.len());
        let fits = |at: usize| {
            store
                .proven(at)
                .is_some_and(|(end, known)| kept.is_none_or(|upto| end <= upto && known))
        };
        let inside = (at..upto).find(|&at| store.found(at) && fits(at));
        let end = inside.unwrap_or(upto);
        scan.wounds.push((at as u64, end as u64, kept.is_some() && inside.is_none()));
        at = end;
    }
    scan
}

/// Section 14: where the first record does not hold as the first byte says, the framing that makes
/// records of the most bytes at the start of the file.
fn framing(file: &[u8], own: u8) -> u8 {
    if (Store { file, version: own, ends: true }).proven(1).is_some() {
        return own;
    }
    let start = &file[..file.len().min(START)];
    let covered = |version: &u8| {
        let store = Store { file: start, version: *version, ends: start.len() == file.len() };
        let (mut at, mut sum) = (1, 0);
        while at < start.len() {
            let end = Some(at).filter(|at| store.found(*at)).and_then(|at| store.proven(at));
            sum += end.map_or(0, |(end, _)| end - at);
            at = end.map_or(at + 1, |(end, _)| end);
        }
        sum
    };
    // Of equals the last counts.
    [3, 6, 16, own].into_iter().max_by_key(covered).unwrap_or(own)
}

struct Store<'a> {
    file: &'a [u8],
    version: u8,
    /// The file ends where these bytes do.
    ends: bool,
}

/// Section 2, and the checksum of section 4.
struct Record<'a> {
    flags: u16,
    zero: bool,
    body: &'a [u8],
    end: usize,
    holds: bool,
}

impl<'a> Store<'a> {
    fn word(&self, at: usize) -> Option<u32> {
        self.file.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
    }

    /// Flags, length, checksum, timestamp.
    fn header(&self, at: usize) -> Option<(u16, usize, u32, u32)> {
        let long = header_len(self.version) == 12;
        let first = self.word(at)?;
        let timestamp = if long { self.word(at + 8)? } else { 0 };
        let (flags, len) = if long { (first >> 16, first & 0xffff) } else { (0, first) };
        Some((
            u16::try_from(flags).ok()?,
            usize::try_from(len).ok()?,
            self.word(at + 4)?,
            timestamp,
        ))
    }

    fn read(&self, at: usize) -> Option<Record<'a>> {
        let (flags, len, stored, timestamp) = self.header(at)?;
        if len > LONGEST {
            return None;
        }
        let start = at + header_len(self.version);
        let body = self.file.get(start..start + len)?;
        let zero = flags == 0 && len == 0 && stored == 0 && timestamp == 0;
        let holds = crc(self.version, timestamp, body) == stored;
        Some(Record { flags, zero, body, end: start + len, holds })
    }

    /// The end of the record that stands at a boundary. An empty body proves little: then its flags
    /// must be known ones, and not all may be zero.
    fn record(&self, at: usize) -> Option<usize> {
        let record = self.read(at)?;
        let empty = record.body.is_empty() && record.flags & 0x07ff != 0;
        (record.holds && !record.zero && !empty).then_some(record.end)
    }

    /// Where the header at a wound says that its record ends.
    fn claim(&self, at: usize) -> Option<usize> {
        let (flags, len, stored, timestamp) = self.header(at)?;
        let zero = flags == 0 && len == 0 && stored == 0 && timestamp == 0;
        (!zero && len <= LONGEST).then_some(at + header_len(self.version) + len)
    }

    /// The end of a record that has the right shape and checksum, and whether its type is known.
    fn proven(&self, at: usize) -> Option<(usize, bool)> {
        let record = self.read(at)?;
        let kind = u16::from_be_bytes(*record.body.first_chunk()?);
        (shaped(kind, record.body) && record.holds).then_some((record.end, KNOWN.contains(&kind)))
    }

    fn stands(&self, at: usize) -> bool {
        let followed = |at| {
            (self.ends && at == self.file.len()) || self.proven(at).is_some_and(|(_, known)| known)
        };
        self.proven(at).is_some_and(|(end, known)| known || followed(end))
    }

    fn found(&self, at: usize) -> bool {
        // Checksums at every byte would take long.
        self.read_flags(at).is_some_and(|flags| flags.trailing_zeros() >= 11) && self.stands(at)
    }

    fn read_flags(&self, at: usize) -> Option<u16> {
        self.header(at).map(|(flags, ..)| flags)
    }
}

/// Whether a body has a length that its type can have, section 6.
fn shaped(kind: u16, body: &[u8]) -> bool {
    let be16 = |at: usize| {
        let bytes = body.get(at..)?.first_chunk()?;
        Some(usize::from(u16::from_be_bytes(*bytes)))
    };
    let len = body.len();
    let counted = |at: usize| be16(at).is_some_and(|inner| len == at + 2 + inner);
    match kind {
        256 => be16(258).is_some_and(|features| len >= 432 + features),
        257 => be16(66).is_some_and(|features| {
            be16(140 + features).is_some_and(|addresses| len >= 142 + features + addresses)
        }),
        258 => len == 130 || len >= 138,
        3503 => len == 51 || counted(51),
        // An amount of 8 bytes follows the message.
        4096 => be16(2).is_some_and(|inner| len == 12 + inner),
        4097 | 4098 | 4100 | 4102 => counted(2),
        4099 | 4101 | 4103 => len == 10,
        4104 => counted(10),
        4105 => len == 10 || len == 42,
        4106 => len == 14,
        4107 => len == 34,
        _ => true,
    }
}
