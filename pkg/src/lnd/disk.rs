//! A file of JavaScript's, read by whatever can answer at once.

use std::cell::RefCell;

use fulgurite_core::source::{Source, SourceError, SourceErrorKind};

use crate::repair::Read;

/// So much is read ahead at most.
const AHEAD: u64 = 4 << 20;

/// A file that can be read anywhere. Where reads follow one another, more and more is read ahead;
/// in a tree, where they jump, nothing is.
pub struct Disk {
    size: u64,
    read: Read,
    ahead: RefCell<Ahead>,
}

#[derive(Default)]
struct Ahead {
    at: u64,
    bytes: Vec<u8>,
    /// Where the last read ended.
    end: u64,
    /// How much the next one that goes on there takes.
    next: u64,
}

impl Disk {
    /// A file of that many bytes.
    pub fn new(size: u64, read: Read) -> Disk {
        Disk { size, read, ahead: RefCell::default() }
    }

    fn fetch(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let len = buf.len() as u64;
        let medium = |text| SourceError::new(at, len, SourceErrorKind::Medium(text));
        (self.read)(at, buf).map_err(medium)
    }
}

impl Source for Disk {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let len = buf.len() as u64;
        let Some(end) = at.checked_add(len).filter(|end| *end <= self.size) else {
            let kind = SourceErrorKind::PastEnd { source_len: self.size };
            return Err(SourceError::new(at, len, kind));
        };
        let mut ahead = self.ahead.borrow_mut();
        let goes_on = at == ahead.end && at > 0;
        ahead.end = end;
        let there = |ahead: &Ahead| {
            let from = usize::try_from(at.checked_sub(ahead.at)?).ok()?;
            Some(from..from.checked_add(buf.len())?).filter(|span| span.end <= ahead.bytes.len())
        };
        if there(&ahead).is_none() {
            ahead.next =
                if goes_on { (ahead.next * 2).clamp(2 * len, AHEAD.max(len)) } else { len };
            if ahead.next <= len {
                return self.fetch(at, buf);
            }
            let block = ahead.next.min(self.size - at);
            ahead.at = at;
            ahead.bytes.resize(usize::try_from(block).unwrap_or(0), 0);
            if let Err(error) = self.fetch(at, &mut ahead.bytes) {
                ahead.bytes.clear();
                return Err(error);
            }
        }
        if let Some(bytes) = there(&ahead).and_then(|span| ahead.bytes.get(span)) {
            buf.copy_from_slice(bytes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn what_follows_is_read_ahead_and_jumps_are_not() {
        let bytes: Rc<Vec<u8>> = Rc::new((0..3_000_000_u32).map(|n| n.to_le_bytes()[1]).collect());
        let reads = Rc::new(RefCell::new(Vec::new()));
        let (all, log) = (bytes.clone(), reads.clone());
        let disk = Disk::new(
            bytes.len() as u64,
            Box::new(move |at, buf| {
                log.borrow_mut().push((at, buf.len()));
                let at = usize::try_from(at).unwrap();
                buf.copy_from_slice(&all[at..at + buf.len()]);
                Ok(())
            }),
        );
        let mut block = vec![0; 1_000];
        for at in [0, 1_000, 2_000, 3_000, 4_000] {
            disk.read_at(at, &mut block).unwrap();
            let from = usize::try_from(at).unwrap();
            assert_eq!(block, bytes[from..from + 1_000]);
        }
        disk.read_at(2_000_000, &mut block).unwrap();
        assert_eq!(block, bytes[2_000_000..2_001_000]);
        let expected = [(0, 1_000), (1_000, 2_000), (3_000, 4_000), (2_000_000, 1_000)];
        assert_eq!(*reads.borrow(), expected);
        assert!(disk.read_at(2_999_001, &mut block).is_err());
    }
}
