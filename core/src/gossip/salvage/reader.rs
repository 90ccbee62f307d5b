//! Reads one chain record by record, mending what can be proven.

use alloc::vec::Vec;

use super::chains::{Chain, Inspected};
use super::item::{Item, Mend, Mends, Patch, Proof};
use super::mend::{Bench, Mended};
use crate::finding::Span;
use crate::gossip::damage::flips::{Against, contradiction};
use crate::gossip::format::{
    Flags, Layout, MAX_RECORD, RecordHeader, RecordType, ShortChannelId, be16,
};
use crate::gossip::scan::{Batch, RecordRef, Scanner, Wound};
use crate::gossip::signatures::VerifySignature;
use crate::source::{Source, SourceError, read_span};

/// Who is told of each record, in the order of the file.
pub(super) trait Visit {
    /// A record; `body` is the whole body, mended.
    fn record(&mut self, item: &Item, body: &[u8]) -> Result<(), SourceError>;

    /// Bytes of which no record could be made.
    fn lost(&mut self, source: u8, span: Span) -> Result<(), SourceError>;

    /// The keys of a channel's nodes, where they are known.
    fn keys(&self, scid: ShortChannelId) -> Option<[[u8; 33]; 2]>;
}

/// What a chain is read from, and with.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) input: &'a Inspected,
    pub(super) verifier: Option<&'a dyn VerifySignature>,
}

/// Reads a chain. See the [module](self).
#[derive(Debug)]
pub(super) struct Reader {
    chain: Chain,
    layout: Layout,
    scanner: Scanner,
    batch: Batch,
    window: Vec<u8>,
    /// File offset up to which bytes were pushed.
    pushed: u64,
    /// The claim of a wound that was mended otherwise: nothing before it is suspect.
    cleared_until: u64,
}

impl Reader {
    /// Bytes read at a time.
    const WINDOW: u64 = 256 * 1024;

    pub(super) fn new(chain: Chain, layout: Layout) -> Reader {
        Reader {
            chain,
            layout,
            scanner: Scanner::resume(chain.version, layout, chain.span.start),
            batch: Batch::new(),
            window: Vec::new(),
            pushed: chain.span.start,
            cleared_until: 0,
        }
    }

    /// Bytes of the chain that are behind.
    pub(super) fn done(&self) -> u64 {
        self.pushed - self.chain.span.start
    }

    /// Reads up to `bytes` more; false once the chain is at its end.
    pub(super) fn step(
        &mut self,
        desk: Desk<'_>,
        bytes: u64,
        visitor: &mut dyn Visit,
    ) -> Result<bool, SourceError> {
        let until = self.chain.span.end.min(self.pushed.saturating_add(bytes.max(1)));
        let mut batch = core::mem::take(&mut self.batch);
        while self.pushed < until {
            let len = usize::try_from(Self::WINDOW.min(until - self.pushed)).unwrap_or(0);
            self.window.resize(len, 0);
            desk.source.read_at(self.pushed, &mut self.window)?;
            self.scanner.push(&self.window, &mut batch);
            let window = core::mem::take(&mut self.window);
            self.pass_on(desk, &window, &batch, visitor)?;
            self.window = window;
            self.pushed += len as u64;
        }
        let more = self.pushed < self.chain.span.end;
        if !more {
            self.scanner.finish(&mut batch);
            self.pass_on(desk, &[], &batch, visitor)?;
        }
        self.batch = batch;
        Ok(more)
    }

    fn pass_on(
        &mut self,
        desk: Desk<'_>,
        chunk: &[u8],
        batch: &Batch,
        visitor: &mut dyn Visit,
    ) -> Result<(), SourceError> {
        let mut wounds = batch.wounds.iter().peekable();
        for record in &batch.records {
            while let Some(wound) = wounds.next_if(|wound| wound.start < record.offset) {
                self.wound(desk, wound, visitor)?;
            }
            self.record(desk, record, batch.body(chunk, record), visitor)?;
        }
        for wound in wounds {
            self.wound(desk, wound, visitor)?;
        }
        Ok(())
    }

    /// A record whose checksum holds.
    fn record(
        &mut self,
        desk: Desk<'_>,
        record: &RecordRef,
        body: &[u8],
        visitor: &mut dyn Visit,
    ) -> Result<(), SourceError> {
        let suspect = record.resynchronised
            && record.offset >= self.cleared_until
            && desk.input.suspects.iter().any(|span| span.contains(record.offset));
        let mut item =
            self.item(desk, record.offset, record.header, Mends::default(), Patch::default());
        item.intact = true;
        item.suspect = suspect;
        let against = contradiction(self.layout, self.chain.version, record.header.timestamp, body);
        let odd = against.filter(|against| *against != Against::Malformed);
        let mended = match odd {
            Some(_) if !record.header.flags.is_deleted() => {
                let keys = |scid| visitor.keys(scid);
                let bench = self.bench(desk, &keys);
                bench
                    .timestamp_pair(record.header, body)
                    .or_else(|| bench.header_timestamp(record.header, body))
            }
            _ => None,
        };
        match mended {
            Some(mended) => {
                let mut whole = Vec::from(body);
                mended.patch.apply(&mut whole);
                let mut item =
                    self.item(desk, record.offset, record.header, mended.mends, mended.patch);
                item.header = RecordHeader { flags: item.header.flags, ..mended.header };
                pass(item, &whole, visitor)
            }
            None => pass(item, body, visitor),
        }
    }

    /// A span of which the scanner made no record: the records that it begins with are mended as
    /// far as that goes, the rest is lost.
    fn wound(
        &mut self,
        desk: Desk<'_>,
        wound: &Wound,
        visitor: &mut dyn Visit,
    ) -> Result<(), SourceError> {
        let mut at = wound.start;
        let mut bytes = look(desk, at, wound.end)?;
        let mut framed = wound.framed;
        loop {
            let mended = {
                let keys = |scid| visitor.keys(scid);
                self.bench(desk, &keys).mend(&bytes, framed)
            };
            let Some(mended) = mended else { break };
            self.mended(desk, at, &bytes, mended.clone(), visitor)?;
            at += mended.len as u64;
            if at >= wound.end {
                if let Some(header) = wound.header {
                    let claim = self.header_len() + u64::from(header.len);
                    self.cleared_until = self.cleared_until.max(wound.start + claim);
                }
                return Ok(());
            }
            // A length that was too long hid what follows.
            at = self.inside(desk, at, wound.end, visitor)?;
            if at >= wound.end {
                return Ok(());
            }
            framed = false;
            bytes = look(desk, at, wound.end)?;
        }
        visitor.lost(self.chain.source, Span::new(at, wound.end))
    }

    /// The intact records from `at` on, a proven boundary; where they end.
    fn inside(
        &mut self,
        desk: Desk<'_>,
        mut at: u64,
        end: u64,
        visitor: &mut dyn Visit,
    ) -> Result<u64, SourceError> {
        loop {
            let bytes = look(desk, at, end)?;
            let mut scanner = Scanner::resume(self.chain.version, self.layout, at);
            let mut batch = Batch::new();
            scanner.push(&bytes, &mut batch);
            let stop = batch.wounds.first().map_or(u64::MAX, |wound| wound.start);
            let mut next = at;
            for record in batch.records.iter().take_while(|record| record.offset < stop) {
                self.record(desk, record, batch.body(&bytes, record), visitor)?;
                next = record.end;
            }
            if next == at || next >= end {
                return Ok(next);
            }
            at = next;
        }
    }

    fn mended(
        &mut self,
        desk: Desk<'_>,
        at: u64,
        bytes: &[u8],
        mended: Mended,
        visitor: &mut dyn Visit,
    ) -> Result<(), SourceError> {
        let header_len = self.layout.header_len();
        let mut body = Vec::from(bytes.get(header_len..mended.len).unwrap_or_default());
        mended.patch.apply(&mut body);
        let Some(stored) = RecordHeader::parse(self.layout, bytes) else { return Ok(()) };
        let mut item = self.item(desk, at, stored, mended.mends, mended.patch);
        item.header = RecordHeader { flags: item.header.flags, ..mended.header };
        item.end = at + mended.len as u64;
        pass(item, &body, visitor)
    }

    /// What is known before the body is looked at; flags are mended here.
    fn item(
        &self,
        desk: Desk<'_>,
        at: u64,
        stored: RecordHeader,
        mut mends: Mends,
        patch: Patch,
    ) -> Item {
        let mut flags = stored.flags.0;
        if flags & Flags::DELETED.0 != 0 && desk.input.undeleted.binary_search(&at).is_ok() {
            flags &= !Flags::DELETED.0;
            mends.add(Mend::Deleted, Proof::Records);
        }
        let live = flags & Flags::DELETED.0 == 0;
        if self.chain.version.has_completed() && flags & Flags::COMPLETED.0 == 0 && live {
            flags |= Flags::COMPLETED.0;
            mends.add(Mend::Completed, Proof::Checksum);
        }
        let header = RecordHeader { flags: Flags(flags), ..stored };
        Item {
            source: self.chain.source,
            at,
            end: at + self.header_len() + u64::from(stored.len),
            stored,
            header,
            record_type: None,
            message_at: at + self.header_len(),
            message_len: stored.len,
            patch,
            mends,
            intact: false,
            suspect: false,
        }
    }

    fn bench<'b>(
        &self,
        desk: Desk<'b>,
        keys: &'b dyn Fn(ShortChannelId) -> Option<[[u8; 33]; 2]>,
    ) -> Bench<'b> {
        Bench { layout: self.layout, version: self.chain.version, verifier: desk.verifier, keys }
    }

    fn header_len(&self) -> u64 {
        self.layout.header_len() as u64
    }
}

/// The bytes `at .. end`, as many as a record can have.
fn look(desk: Desk<'_>, at: u64, end: u64) -> Result<Vec<u8>, SourceError> {
    let len = usize::try_from(end - at).map_or(MAX_RECORD, |len| len.min(MAX_RECORD));
    read_span(desk.source, at, len)
}

/// Hands a record on, now that its body is known.
fn pass(mut item: Item, body: &[u8], visitor: &mut dyn Visit) -> Result<(), SourceError> {
    item.record_type = be16(body, 0).map(RecordType);
    item.message_len = u32::try_from(body.len()).unwrap_or(u32::MAX);
    visitor.record(&item, body)
}
