//! The TLV records that may follow the last field of a message (BOLT 1).

use super::error::WireError;
use super::fields::FieldValue;
use super::reader::{Reader, Sink};

/// One TLV record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The type. BOLT 1 lets a reader ignore an odd one that it does not know.
    pub tlv_type: u64,
    /// The value.
    pub value: &'a [u8],
}

/// The TLV records of a message. The first malformed one is given as an error, and is the last.
#[derive(Clone, Debug)]
pub struct Tlvs<'a> {
    reader: Reader<'a, ()>,
    previous: Option<u64>,
    ordered: bool,
}

impl<'a> Tlvs<'a> {
    /// Reads `bytes`, whose first byte errors are to call byte `at`.
    pub fn new(bytes: &'a [u8], at: usize) -> Tlvs<'a> {
        Tlvs { reader: Reader::new(bytes, at, ()), previous: None, ordered: true }
    }

    /// The same of records whose order nobody looks at.
    pub(in crate::gossip) fn in_any_order(bytes: &'a [u8]) -> Tlvs<'a> {
        Tlvs { ordered: false, ..Tlvs::new(bytes, 0) }
    }
}

impl<'a> Iterator for Tlvs<'a> {
    type Item = Result<Tlv<'a>, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.reader.is_empty() {
            return None;
        }
        let next = self.reader.tlv(self.previous);
        match &next {
            Ok(tlv) => self.previous = Some(tlv.tlv_type).filter(|_| self.ordered),
            Err(_) => self.reader.stop(),
        }
        Some(next)
    }
}

impl core::iter::FusedIterator for Tlvs<'_> {}

impl<'a, S: Sink> Reader<'a, S> {
    /// All that is left. It is shown record by record; what is malformed stays unread.
    #[inline]
    pub(super) fn tlvs(&mut self) -> &'a [u8] {
        if !S::SHOWS {
            return self.rest("tlvs", FieldValue::Hex);
        }
        let all = self.unread();
        let mut previous = None;
        while !self.is_empty() {
            let Ok(tlv) = self.tlv(previous) else { break };
            previous = Some(tlv.tlv_type);
        }
        all
    }

    /// One record. What is refused stays unread, from where the error says.
    fn tlv(&mut self, previous: Option<u64>) -> Result<Tlv<'a>, WireError> {
        let (tlv_type, width) = self.peek_big_size("tlv_type")?;
        if let Some(previous) = previous.filter(|previous| *previous >= tlv_type) {
            return Err(WireError::NotAscending { at: self.at(), previous, found: tlv_type });
        }
        self.bytes(width, "tlv_type", |_| FieldValue::Number(tlv_type))?;
        let (len, width) = self.peek_big_size("tlv_length")?;
        self.bytes(width, "tlv_length", |_| FieldValue::Number(len))?;
        // A length beyond the address space is beyond the body as well.
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let value = self.bytes(len, "tlv_value", |_| FieldValue::Hex)?;
        Ok(Tlv { tlv_type, value })
    }

    /// BOLT 1's number of 1, 3, 5 or 9 bytes, and how many these are. They stay unread.
    fn peek_big_size(&self, field: &'static str) -> Result<(u64, usize), WireError> {
        let at = self.at();
        let mut ahead = Reader::new(self.unread(), at, ());
        let width = match self.unread().first() {
            Some(0xfd) => 3,
            Some(0xfe) => 5,
            Some(0xff) => 9,
            _ => 1,
        };
        let value = match ahead.silent(width, field)?.split_first() {
            Some((&first, [])) => u64::from(first),
            Some((_, tail)) => tail.iter().fold(0, |value, &byte| value << 8 | u64::from(byte)),
            None => 0,
        };
        let needed = match value {
            0..0xfd => 1,
            0xfd..0x1_0000 => 3,
            0x1_0000..0x1_0000_0000 => 5,
            _ => 9,
        };
        if width > needed {
            return Err(WireError::NotMinimal { field, at, needed, found: width });
        }
        Ok((value, width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn read(bytes: &[u8]) -> Vec<Result<Tlv<'_>, WireError>> {
        Tlvs::new(bytes, 100).collect()
    }

    #[test]
    fn records_follow_each_other() {
        assert_eq!(read(&[]), []);
        let bytes = [1, 0, 3, 2, 0xaa, 0xbb, 0xfd, 0x01, 0x00, 1, 0xcc];
        let expected = [
            Ok(Tlv { tlv_type: 1, value: &[] }),
            Ok(Tlv { tlv_type: 3, value: &[0xaa, 0xbb] }),
            Ok(Tlv { tlv_type: 256, value: &[0xcc] }),
        ];
        assert_eq!(read(&bytes), expected);
    }

    #[test]
    fn big_sizes_agree_with_bolt_1() {
        let widest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0];
        assert_eq!(read(&widest), [Ok(Tlv { tlv_type: u64::MAX, value: &[] })]);
        // The least value of each width.
        let least: [(&[u8], u64); 3] = [
            (&[0xfd, 0, 0xfd, 0], 0xfd),
            (&[0xfe, 0, 1, 0, 0, 0], 0x1_0000),
            (&[0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0], 0x1_0000_0000),
        ];
        for (bytes, tlv_type) in least {
            assert_eq!(read(bytes), [Ok(Tlv { tlv_type, value: &[] })]);
        }
        let error = |needed, found| {
            Err(WireError::NotMinimal { field: "tlv_type", at: 100, needed, found })
        };
        assert_eq!(read(&[0xfd, 0, 0xfc, 0]), [error(1, 3)]);
        assert_eq!(read(&[0xfe, 0, 0, 0xff, 0xff, 0]), [error(3, 5)]);
        assert_eq!(read(&[0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0]), [error(5, 9)]);
    }

    #[test]
    fn the_first_fault_is_the_last_word() {
        let order = WireError::NotAscending { at: 102, previous: 3, found: 3 };
        assert_eq!(read(&[3, 0, 3, 0, 5, 0]).last(), Some(&Err(order)));
        let cut = WireError::Short { field: "tlv_length", at: 101, needed: 1, found: 0 };
        assert_eq!(read(&[3]), [Err(cut)]);
        let torn = WireError::Short { field: "tlv_type", at: 100, needed: 3, found: 2 };
        assert_eq!(read(&[0xfd, 1]), [Err(torn)]);
        let huge = read(&[1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]);
        assert_eq!(huge.len(), 1);
        assert_eq!(huge[0].unwrap_err().field(), "tlv_value");
    }
}
