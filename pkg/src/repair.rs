//! Repair for JavaScript: several files, read as the work calls for it.
//!
//! Reads must answer at once: a browser's worker has `FileReaderSync`, Node has `readSync`, and
//! bytes in memory are there anyway. Between two steps everything else has its turn.

use std::cell::RefCell;

use fulgurite_core::gossip::salvage::{Options, Planned, Planner, SalvageError, Segment, Writer};
use fulgurite_core::gossip::signatures::K256;
use fulgurite_core::job::{Progress, Step, Work};
use fulgurite_core::source::{Source, SourceError, SourceErrorKind};

/// A few milliseconds of work: what a page does meanwhile stays smooth, and cancel is quick.
const WORK: Work = Work { bytes: 2 << 20 };

/// Reads `buf.len()` bytes from an offset on, or says why not.
pub type Read = Box<dyn Fn(u64, &mut [u8]) -> Result<(), String>>;

/// A file that can be read anywhere, with the block that is read from front to back kept.
pub struct ReadFile {
    size: u64,
    read: Read,
    ahead: RefCell<Ahead>,
}

#[derive(Default)]
struct Ahead {
    at: u64,
    bytes: Vec<u8>,
}

impl ReadFile {
    /// Windows are asked for one after the other: so much is read at a time.
    const BLOCK: u64 = 4 << 20;
    /// Shorter reads are second looks anywhere, for which nothing is read ahead.
    const WINDOW: usize = 64 * 1024;

    /// A file of that many bytes.
    pub fn new(size: u64, read: Read) -> ReadFile {
        ReadFile { size, read, ahead: RefCell::default() }
    }

    fn fetch(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let len = buf.len() as u64;
        (self.read)(at, buf)
            .map_err(|text| SourceError::new(at, len, SourceErrorKind::Medium(text)))
    }
}

impl Source for ReadFile {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        let len = buf.len() as u64;
        if at.checked_add(len).is_none_or(|end| end > self.size) {
            let kind = SourceErrorKind::PastEnd { source_len: self.size };
            return Err(SourceError::new(at, len, kind));
        }
        let mut ahead = self.ahead.borrow_mut();
        let inside = |ahead: &Ahead| {
            let from = usize::try_from(at.checked_sub(ahead.at)?).ok()?;
            Some(from..from.checked_add(buf.len())?).filter(|span| span.end <= ahead.bytes.len())
        };
        if inside(&ahead).is_none() {
            if buf.len() < Self::WINDOW {
                return self.fetch(at, buf);
            }
            let block = Self::BLOCK.max(len).min(self.size - at);
            ahead.at = at;
            ahead.bytes.resize(usize::try_from(block).unwrap_or(0), 0);
            if let Err(error) = self.fetch(at, &mut ahead.bytes) {
                ahead.bytes.clear();
                return Err(error);
            }
        }
        if let Some(bytes) = inside(&ahead).and_then(|span| ahead.bytes.get(span)) {
            buf.copy_from_slice(bytes);
        }
        Ok(())
    }
}

/// A repair: a plan first, then the pieces of the new store.
pub struct Repair {
    files: Vec<ReadFile>,
    state: State,
}

enum State {
    Planning(Box<Planner<'static>>),
    Planned(Box<Planned<'static>>),
    Writing(Box<Planned<'static>>, Box<Writer>),
    Over,
}

/// Why there is no repair.
#[derive(Debug, PartialEq, Eq)]
pub enum RepairError {
    /// Nothing can be repaired.
    Salvage(SalvageError),
    /// A file cannot be read.
    Source(SourceError),
}

impl std::fmt::Display for RepairError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RepairError::Salvage(error) => error.fmt(f),
            RepairError::Source(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RepairError {}

impl Repair {
    /// Of these files, newest message first where they contradict each other.
    ///
    /// # Errors
    /// No file, too many, or a version that is not written.
    pub fn new(files: Vec<ReadFile>, options: Options<'static>) -> Result<Repair, RepairError> {
        let sizes = files.iter().map(Source::len).collect();
        let options = Options { verifier: Some(&K256), ..options };
        let planner = Planner::new(sizes, options).map_err(RepairError::Salvage)?;
        Ok(Repair { files, state: State::Planning(Box::new(planner)) })
    }

    /// Goes on planning; how far it is, or `None` once the plan is there.
    ///
    /// # Errors
    /// A file cannot be read, or there is nothing to keep.
    pub fn step(&mut self) -> Result<Option<Progress>, RepairError> {
        let State::Planning(planner) = &mut self.state else { return Ok(None) };
        let sources: Vec<&dyn Source> = self.files.iter().map(|file| file as &dyn Source).collect();
        match planner.step(&sources, WORK).map_err(RepairError::Source)? {
            Step::More(progress) => Ok(Some(progress)),
            Step::Done(planned) => {
                self.state = State::Planned(Box::new(planned.map_err(RepairError::Salvage)?));
                Ok(None)
            }
        }
    }

    /// The plan, once it is there.
    pub fn planned(&self) -> Option<&Planned<'static>> {
        match &self.state {
            State::Planned(planned) | State::Writing(planned, _) => Some(planned),
            _ => None,
        }
    }

    /// Begins to write, or begins anew.
    pub fn rewind(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            State::Planned(planned) | State::Writing(planned, _) => {
                let writer = Box::new(planned.writer());
                State::Writing(planned, writer)
            }
            other => other,
        };
    }

    /// The next pieces; `None` once there are no more, or before [`Repair::rewind`].
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn pieces(&mut self) -> Result<Option<(Vec<Segment>, Progress)>, RepairError> {
        let State::Writing(planned, writer) = &mut self.state else { return Ok(None) };
        let sources: Vec<&dyn Source> = self.files.iter().map(|file| file as &dyn Source).collect();
        writer.step(planned, &sources, WORK).map_err(RepairError::Source)
    }
}

impl std::fmt::Debug for Repair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repair").field("files", &self.files.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: Vec<u8>) -> ReadFile {
        let size = bytes.len() as u64;
        ReadFile::new(
            size,
            Box::new(move |at, buf| {
                let at = usize::try_from(at).map_err(|error| error.to_string())?;
                let from = bytes.get(at..at + buf.len()).ok_or("past the end")?;
                buf.copy_from_slice(from);
                Ok(())
            }),
        )
    }

    #[test]
    fn windows_are_read_ahead_and_second_looks_are_not() {
        let bytes: Vec<u8> = (0..200_000u32).map(|n| n.to_le_bytes()[0]).collect();
        let file = file(bytes.clone());
        let mut window = vec![0; 100_000];
        file.read_at(0, &mut window).unwrap();
        assert_eq!(window, bytes[..100_000]);
        let mut few = [0; 10];
        file.read_at(150_000, &mut few).unwrap();
        assert_eq!(few, bytes[150_000..150_010]);
        assert!(file.read_at(199_995, &mut few).is_err());
    }

    #[test]
    fn what_is_written_is_what_core_writes() {
        use fulgurite_core::gossip::salvage::salvage;
        for fixture in fulgurite_tests::fixtures::HEADLINES {
            let bytes = (fixture.build)().bytes;
            let source: &dyn Source = &bytes;
            let options = Options { verifier: Some(&K256), ..Options::default() };
            let expected = salvage(&[source], options).unwrap();
            let mut repair = Repair::new(vec![file(bytes.clone())], Options::default()).unwrap();
            let planned = loop {
                match repair.step() {
                    Ok(Some(_)) => {}
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            let Ok((plan, written)) = expected else {
                assert!(planned.is_err(), "{}", fixture.name);
                continue;
            };
            assert_eq!(repair.planned().unwrap().plan, plan, "{}", fixture.name);
            let mut out = Vec::new();
            repair.rewind();
            while let Some((pieces, _)) = repair.pieces().unwrap() {
                for piece in pieces {
                    match piece {
                        Segment::Bytes(bytes) => out.extend(bytes),
                        Segment::Copy { at, len, .. } => {
                            let at = usize::try_from(at).unwrap();
                            out.extend(&bytes[at..at + usize::try_from(len).unwrap()]);
                        }
                    }
                }
            }
            assert_eq!(out, written, "{}", fixture.name);
        }
    }
}
