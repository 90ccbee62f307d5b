//! Writes a dump, in pieces of text.

use alloc::string::String;
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::super::bucket::{BucketId, Buckets, Cursor, Entry, Room, Value};
use super::redact::Redactor;
use super::{DEPTH, Header, VALUE_CAP, line};
use crate::job::Work;
use crate::source::SourceError;

/// A bucket that is being walked.
struct Level {
    id: BucketId,
    number: u32,
    /// Its key in the store; the root has none.
    key: Vec<u8>,
    /// Entries that are read and not written yet, the next one last.
    waiting: Vec<Entry>,
    next: Next,
    lost: u64,
}

enum Next {
    From(Option<Cursor>),
    Nothing,
}

/// Walks a store and writes its dump piece by piece.
///
/// ```
/// # use fulgurite_core::kv::bucket::Buckets;
/// use fulgurite_core::job::Work;
/// use fulgurite_core::kv::dump::{Header, Writer};
///
/// # fn save(store: &dyn Buckets) -> Result<String, fulgurite_core::source::SourceError> {
/// let header = Header { kind: "bolt".into(), ..Header::default() };
/// let mut writer = Writer::new(store, header, None);
/// let mut text = String::new();
/// while let Some(piece) = writer.next(Work::default())? {
///     text.push_str(&piece);
/// }
/// # Ok(text)
/// # }
/// ```
pub struct Writer<'a> {
    store: &'a dyn Buckets,
    header: Option<Header>,
    chosen: Option<Vec<Vec<u8>>>,
    redactor: Option<&'a mut dyn Redactor>,
    levels: Vec<Level>,
    digest: Sha256,
    buckets: u32,
    entries: u64,
    written: u64,
    ended: bool,
}

impl<'a> Writer<'a> {
    /// Writes the top-level buckets that the header names, through that redactor if there is one.
    /// The header's `redaction` is the redactor's name, whatever it was.
    pub fn new(
        store: &'a dyn Buckets,
        mut header: Header,
        redactor: Option<&'a mut dyn Redactor>,
    ) -> Writer<'a> {
        if let Some(redactor) = &redactor {
            header.redaction = Some(redactor.name().into());
        }
        let root = Level {
            id: store.root(),
            number: 0,
            key: Vec::new(),
            waiting: Vec::new(),
            next: Next::From(None),
            lost: 0,
        };
        Writer {
            store,
            chosen: header.buckets.clone(),
            header: Some(header),
            redactor,
            levels: alloc::vec![root],
            digest: Sha256::new(),
            buckets: 0,
            entries: 0,
            written: 0,
            ended: false,
        }
    }

    /// How many bytes of text there are so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// How many values there are so far.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The next piece, of about `work.bytes` bytes; `None` after the last. A piece may be empty
    /// where much was read and nothing of it is to be written.
    ///
    /// # Errors
    /// [`SourceError`] where the store cannot be read; the writer must not be asked again.
    pub fn next(&mut self, work: Work) -> Result<Option<String>, SourceError> {
        if self.ended {
            return Ok(None);
        }
        let mut out = String::new();
        if let Some(header) = self.header.take() {
            line::header(&mut out, &header);
        }
        // Pages count, too: of a scanned table most yield nothing.
        let mut read = 0;
        while !self.levels.is_empty() && (out.len() as u64).max(read) < work.bytes.max(1) {
            read += self.walk(&mut out, work)?;
        }
        self.digest.update(out.as_bytes());
        if self.levels.is_empty() {
            let digest = self.digest.finalize_reset();
            line::end(&mut out, u64::from(self.buckets), self.entries, &digest);
            self.ended = true;
        }
        self.written += out.len() as u64;
        Ok(Some(out))
    }

    /// One entry, or one page read; how much was read by it.
    fn walk(&mut self, out: &mut String, work: Work) -> Result<u64, SourceError> {
        let Some(level) = self.levels.last_mut() else { return Ok(0) };
        if let Some(entry) = level.waiting.pop() {
            self.entry(out, entry);
            return Ok(0);
        }
        let bytes = usize::try_from(work.bytes.clamp(1, 1 << 20)).unwrap_or(1 << 20);
        let room = Room { bytes, value: VALUE_CAP, ..Room::default() };
        let Next::From(from) = core::mem::replace(&mut level.next, Next::Nothing) else {
            if level.lost > 0 {
                line::lost(out, level.number, level.lost);
            }
            self.levels.pop();
            return Ok(0);
        };
        let page = self.store.entries(level.id, from.as_ref(), room)?;
        level.lost = level.lost.saturating_add(page.unreadable);
        level.waiting = page.entries;
        level.waiting.reverse();
        if let Some(next) = page.next {
            level.next = Next::From(Some(next));
        }
        Ok(64 * 1_024)
    }

    fn entry(&mut self, out: &mut String, entry: Entry) {
        let Entry { key, at, value } = entry;
        let at_top = self.levels.len() == 1;
        if at_top && self.chosen.as_ref().is_some_and(|chosen| !chosen.contains(&key)) {
            return;
        }
        let parent = self.levels.last().map_or(0, |level| level.number);
        // The root has no key.
        let path: Vec<&[u8]> =
            self.levels.iter().skip(1).map(|level| level.key.as_slice()).collect();
        match value {
            Value::Bytes { bytes, len } => {
                self.entries += 1;
                match &mut self.redactor {
                    Some(redactor) => {
                        let cut = len.saturating_sub(bytes.len() as u64);
                        let (key, bytes) = redactor.redact(&path, &key, &bytes);
                        let len = cut + bytes.len() as u64;
                        line::value(out, parent, &key, &bytes, len, at);
                    }
                    None => line::value(out, parent, &key, &bytes, len, at),
                }
            }
            Value::Unreadable => {
                self.entries += 1;
                let name = match &mut self.redactor {
                    Some(redactor) => redactor.redact(&path, &key, &[]).0,
                    None => key,
                };
                line::unreadable(out, parent, &name, at);
            }
            Value::Bucket { id, sequence } => {
                let Some(number) = self.buckets.checked_add(1) else { return };
                self.buckets = number;
                let name = match &mut self.redactor {
                    Some(redactor) => redactor.redact_bucket(&path, &key),
                    None => key.clone(),
                };
                line::bucket(out, number, parent, &name, sequence, at);
                if self.levels.len() > DEPTH {
                    line::lost(out, number, 1);
                    return;
                }
                let next = Next::From(None);
                self.levels.push(Level { id, number, key, waiting: Vec::new(), next, lost: 0 });
            }
        }
    }
}
