//! Reads a dump: one pass makes an index of keys and lines; values are read when they are asked
//! for.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::super::bucket::{At, BucketId, Buckets, Cursor, Entries, Entry, Room, Value};
use super::super::feed::Feed;
use super::line::{RawHeader, RawLine, hex, is_hex};
use super::{FORMAT, Header};
use crate::finding::{Code, Finding, Findings, Place, Values};
use crate::job::{Job, Progress, Step, Work};
use crate::sorting::{sort_by, sort_by_key};
use crate::source::{Source, SourceError, read_span};
use crate::text::visible;

/// A longer line is reported and not read.
const LINE_CAP: u64 = 64 << 20;

/// Bytes read at a time.
const WINDOW: u64 = 256 * 1024;

/// What stands in a bucket.
#[derive(Clone, Copy, Debug)]
struct Item {
    parent: u32,
    key: usize,
    key_len: u32,
    /// The bucket that the line opens; 0 for a value.
    bucket: u32,
    line: u64,
    line_len: u32,
}

#[derive(Debug)]
struct Opened {
    number: u32,
    sequence: u64,
    lost: u64,
}

/// Reads a dump.
pub struct DumpJob<'a> {
    source: &'a dyn Source,
    feed: Feed,
    line: u64,
    scanned: u64,
    long: bool,
    digest: Sha256,
    lines: u64,
    values: u64,
    ended: bool,
    dump: Dump<'a>,
}

impl<'a> DumpJob<'a> {
    /// Of the dump in that source.
    pub fn new(source: &'a dyn Source) -> DumpJob<'a> {
        let root = Opened { number: 0, sequence: 0, lost: 0 };
        DumpJob {
            source,
            feed: Feed::new(0, source.len()),
            line: 0,
            scanned: 0,
            long: false,
            digest: Sha256::new(),
            lines: 0,
            values: 0,
            ended: false,
            dump: Dump {
                source,
                header: None,
                opened: alloc::vec![root],
                items: Vec::new(),
                by_key: Vec::new(),
                keys: Vec::new(),
                findings: Findings::default(),
            },
        }
    }

    /// Takes the next line from the buffer; `false` if it is not there yet.
    fn advance(&mut self) -> bool {
        let bytes = self.feed.from(self.scanned);
        let Some(len) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.scanned += bytes.len() as u64;
            if !self.long && self.scanned - self.line > LINE_CAP {
                // What is let go of must have been hashed.
                self.digest.update(self.feed.from(self.line));
                self.long = true;
            } else if self.long {
                self.digest.update(bytes);
            }
            return false;
        };
        let next = self.scanned + len as u64 + 1;
        self.take(next);
        true
    }

    /// The line that ends before `next`.
    fn take(&mut self, next: u64) {
        let start = self.line;
        let long = core::mem::take(&mut self.long);
        let hashed = if long { self.scanned } else { start };
        self.line = next;
        self.scanned = next;
        self.lines += 1;
        let fault = if long || next - start > LINE_CAP {
            Err("too_long")
        } else {
            self.understand(start, next)
        };
        if let Err(fault) = fault {
            let values = Values::new().with("line_fault", fault);
            let place = Place::span(start, next);
            self.dump.findings.push(Finding::new(Code::BucketDumpBadLine, place).values(values));
        }
        self.digest.update(self.feed.span(hashed, next).unwrap_or_default());
    }

    fn understand(&mut self, start: u64, end: u64) -> Result<(), &'static str> {
        let bytes = self.feed.span(start, end).unwrap_or_default().trim_ascii();
        if bytes.is_empty() {
            return Ok(());
        }
        if self.ended {
            return Err("behind_end");
        }
        if self.lines == 1 {
            let raw: RawHeader<'_> = serde_json::from_slice(bytes).map_err(|_| "header")?;
            let version = (*raw.format != *FORMAT).then(|| visible(raw.format.as_bytes()));
            self.dump.header = Some(raw.header());
            self.dump.judge(version, Place::span(start, end));
            return Ok(());
        }
        let raw: RawLine<'_> = serde_json::from_slice(bytes).map_err(|_| "json")?;
        if raw.end {
            let digest = raw.sha256.as_deref().and_then(hex);
            let counts = (raw.buckets, raw.entries);
            self.finish(digest.as_deref(), counts, Place::span(start, end));
            return Ok(());
        }
        let parent = self.dump.opened_at(raw.parent.ok_or("field")?).ok_or("bucket")?;
        if let Some(lost) = raw.lost {
            if let Some(opened) = self.dump.opened.get_mut(parent) {
                opened.lost = opened.lost.saturating_add(lost);
            }
            return Ok(());
        }
        let key = raw.key.as_deref().and_then(hex).ok_or("field")?;
        let sequence = raw.sequence.as_deref().map(str::parse);
        if let Some(number) = raw.bucket {
            let sequence = sequence.ok_or("field")?.map_err(|_| "field")?;
            if self.dump.opened.last().is_none_or(|last| last.number >= number) {
                return Err("number");
            }
            self.dump.opened.push(Opened { number, sequence, lost: 0 });
        } else {
            let whole = raw.value.as_deref().is_some_and(is_hex);
            if !whole && !raw.unreadable {
                return Err("field");
            }
            self.values += 1;
        }
        let item = Item {
            parent: u32::try_from(parent).unwrap_or(u32::MAX),
            key: self.dump.keys.len(),
            key_len: u32::try_from(key.len()).unwrap_or(u32::MAX),
            bucket: raw.bucket.unwrap_or(0),
            line: start,
            line_len: u32::try_from(end - start).unwrap_or(u32::MAX),
        };
        self.dump.keys.extend_from_slice(&key);
        self.dump.items.push(item);
        Ok(())
    }

    /// The last line: is what it says of the others so?
    fn finish(&mut self, digest: Option<&[u8]>, counts: (Option<u64>, Option<u64>), place: Place) {
        self.ended = true;
        let found = self.digest.finalize_reset();
        let buckets = self.dump.opened.len() as u64 - 1;
        let differs = if digest != Some(found.as_slice()) {
            "digest"
        } else if counts != (Some(buckets), Some(self.values)) {
            "counts"
        } else {
            return;
        };
        let values = Values::new().with("differs", differs);
        self.dump.findings.push(Finding::new(Code::BucketDumpChanged, place).values(values));
    }
}

impl<'a> Job for DumpJob<'a> {
    type Out = Dump<'a>;

    fn step(&mut self, work: Work) -> Result<Step<Dump<'a>>, SourceError> {
        let mut left = work.bytes.max(1);
        loop {
            while self.advance() {}
            if self.feed.is_through() {
                break;
            }
            if left == 0 {
                let total = self.source.len();
                return Ok(Step::More(Progress { done: self.feed.reach(), total }));
            }
            let keep = if self.long { self.scanned } else { self.line };
            left -= self.feed.more(self.source, keep, left.min(WINDOW))?;
        }
        // A last line without its end: it may be whole, or cut.
        let end = self.source.len();
        if self.line < end {
            self.take(end);
        }
        let empty = DumpJob::new(self.source).dump;
        let mut dump = core::mem::replace(&mut self.dump, empty);
        if !self.ended {
            let values = Values::new().with("lines", self.lines);
            let place = Place::span(end, end);
            dump.findings.push(Finding::new(Code::BucketDumpCutShort, place).values(values));
        }
        dump.sort();
        Ok(Step::Done(dump))
    }
}

/// A dump as a tree of buckets.
///
/// Entries come in the order of the lines, which is that of the store it was written from; in a
/// redacted dump keys are therefore not in their own order. [`Entry::at`] is where the entry stood
/// in that store, if the line says so, else where the line stands.
pub struct Dump<'a> {
    source: &'a dyn Source,
    header: Option<Header>,
    opened: Vec<Opened>,
    /// By parent, then in the order of the lines.
    items: Vec<Item>,
    /// The same by parent and key.
    by_key: Vec<u32>,
    keys: Vec<u8>,
    findings: Findings,
}

impl Dump<'_> {
    /// The first line, if it could be read.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Whether it is redacted: then hashes, addresses and sets are pseudonyms.
    pub fn is_redacted(&self) -> bool {
        self.header.as_ref().is_some_and(|header| header.redaction.is_some())
    }

    /// What is wrong with the dump.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The same, taken out of it.
    pub fn take_findings(&mut self) -> Findings {
        core::mem::take(&mut self.findings)
    }

    fn judge(&mut self, version: Option<alloc::string::String>, place: Place) {
        if let Some(version) = version {
            let values = Values::new().with("dump_format", version);
            let finding = Finding::new(Code::BucketDumpVersion, place.clone()).values(values);
            self.findings.push(finding);
        }
        let rules = self.header.as_ref().and_then(|header| header.redaction.as_ref());
        if let Some(rules) = rules {
            let values = Values::new().with("redaction", visible(rules.as_bytes()));
            self.findings.push(Finding::new(Code::BucketDumpRedacted, place).values(values));
        }
    }

    /// Which of [`Dump::opened`] has that number.
    fn opened_at(&self, number: u32) -> Option<usize> {
        self.opened.binary_search_by_key(&number, |opened| opened.number).ok()
    }

    fn sort(&mut self) {
        sort_by_key(&mut self.items, |item| item.parent);
        let count = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let mut by_key: Vec<u32> = (0..count).collect();
        sort_by(&mut by_key, |a, b| self.place(*a).cmp(&self.place(*b)));
        self.by_key = by_key;
    }

    fn place(&self, item: u32) -> (u32, &[u8]) {
        let item = self.items.get(item as usize);
        item.map_or((u32::MAX, &[]), |item| (item.parent, self.key(item)))
    }

    fn key(&self, item: &Item) -> &[u8] {
        let rest = self.keys.get(item.key..);
        rest.and_then(|rest| rest.get(..item.key_len as usize)).unwrap_or_default()
    }

    /// The entry of a line, of its value at most `cap` bytes.
    fn read(&self, item: &Item, cap: usize) -> Result<Entry, SourceError> {
        let key = self.key(item).to_vec();
        let line_end = item.line + u64::from(item.line_len);
        let bytes = read_span(self.source, item.line, item.line_len as usize)?;
        let raw: Option<RawLine<'_>> = serde_json::from_slice(&bytes).ok();
        let at = raw.as_ref().and_then(|raw| raw.at).filter(|(start, end)| start <= end);
        let at = at.map_or(At::new(item.line, line_end), |(start, end)| At::new(start, end));
        if item.bucket > 0 {
            let opened = self.opened_at(item.bucket).and_then(|number| self.opened.get(number));
            let sequence = opened.map_or(0, |opened| opened.sequence);
            let value = Value::Bucket { id: BucketId(u64::from(item.bucket)), sequence };
            return Ok(Entry { key, at, value });
        }
        let value = raw.and_then(|raw| {
            let text = raw.value?;
            let whole = (text.len() / 2) as u64;
            let text = text.get(..cap.saturating_mul(2)).unwrap_or(&text);
            Some(Value::Bytes { bytes: hex(text)?, len: raw.len.unwrap_or(0).max(whole) })
        });
        Ok(Entry { key, at, value: value.unwrap_or(Value::Unreadable) })
    }

    fn items_of(&self, bucket: BucketId) -> Option<(usize, usize, u64)> {
        let number = u32::try_from(bucket.0).ok()?;
        let index = self.opened_at(number)?;
        let parent = u32::try_from(index).ok()?;
        let start = self.items.partition_point(|item| item.parent < parent);
        let end = self.items.partition_point(|item| item.parent <= parent);
        Some((start, end, self.opened.get(index)?.lost))
    }
}

impl Buckets for Dump<'_> {
    fn root(&self) -> BucketId {
        BucketId(0)
    }

    fn entries(
        &self,
        bucket: BucketId,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<Entries, SourceError> {
        let mut page = Entries::default();
        let Some((start, end, lost)) = self.items_of(bucket) else { return Ok(page) };
        let first = from.and_then(|from| from.0.first()).copied().unwrap_or(0);
        let first = start.saturating_add(usize::try_from(first).unwrap_or(usize::MAX));
        let mut bytes = 0;
        for (index, item) in self.items.get(first..end).unwrap_or_default().iter().enumerate() {
            if page.entries.len() >= room.entries.max(1) || bytes >= room.bytes.max(1) {
                page.next = Some(Cursor(alloc::vec![(first + index - start) as u64]));
                return Ok(page);
            }
            let entry = self.read(item, room.value)?;
            bytes += entry.key.len();
            if let Value::Bytes { bytes: value, .. } = &entry.value {
                bytes += value.len();
            }
            page.entries.push(entry);
        }
        page.unreadable = lost;
        Ok(page)
    }

    fn get(&self, bucket: BucketId, key: &[u8]) -> Result<Option<Entry>, SourceError> {
        let Some((start, end, _)) = self.items_of(bucket) else { return Ok(None) };
        let sorted = self.by_key.get(start..end).unwrap_or_default();
        let first = sorted.partition_point(|item| self.place(*item).1 < key);
        let item = sorted.get(first).and_then(|item| self.items.get(*item as usize));
        item.filter(|item| self.key(item) == key)
            .map(|item| self.read(item, usize::MAX))
            .transpose()
    }
}
