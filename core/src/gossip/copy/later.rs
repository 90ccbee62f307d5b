//! What the late records of a copy replace or end, and the marks that follow from it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::gossip::follow::live::{Live, Window};
use crate::gossip::follow::record::{Format, Found, Record, judge};
use crate::gossip::format::{Flags, RecordType, be16};
use crate::source::SourceError;

/// Two bytes to write into the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Their offset.
    pub at: u64,
    /// The flags of a record, as they stand in the file.
    pub bytes: [u8; 2],
}

/// So many of a kind are noted.
const MOST: usize = 1_000_000;

/// The newest of whatever came late, by its offset in the copy.
#[derive(Debug, Default)]
pub(super) struct Later {
    updates: BTreeMap<(u64, u8), u64>,
    nodes: BTreeMap<[u8; 33], u64>,
    ends: BTreeMap<u64, u64>,
}

impl Later {
    /// Notes a record that is at that place in the copy.
    pub(super) fn note(&mut self, record: &Record<'_>, place: u64) {
        if record.header.flags.is_deleted() {
            return;
        }
        match key(record) {
            Some(Key::Update(scid, direction)) => {
                self.updates.insert((scid, direction), place);
            }
            Some(Key::Node(id)) => {
                self.nodes.insert(id, place);
            }
            Some(Key::End(scid)) => {
                self.ends.insert(scid, place);
            }
            Some(Key::Channel(_) | Key::Dying(_)) | None => {}
        }
    }

    pub(super) fn is_full(&self) -> bool {
        [self.updates.len(), self.nodes.len(), self.ends.len()].iter().any(|len| *len > MOST)
    }

    fn is_empty(&self) -> bool {
        self.updates.is_empty() && self.nodes.is_empty() && self.ends.is_empty()
    }

    /// Whether something behind `at` replaces or ends the record there.
    fn overtakes(&self, key: Key, at: u64) -> bool {
        let behind = |place: Option<&u64>| place.is_some_and(|place| *place > at);
        let ended = |scid: u64| behind(self.ends.get(&scid));
        match key {
            Key::Update(scid, direction) => {
                ended(scid) || behind(self.updates.get(&(scid, direction)))
            }
            Key::Node(id) => behind(self.nodes.get(&id)),
            Key::Channel(scid) | Key::Dying(scid) => ended(scid),
            Key::End(_) => false,
        }
    }
}

/// What a record is about.
#[derive(Clone, Copy, Debug)]
enum Key {
    Channel(u64),
    Update(u64, u8),
    Node([u8; 33]),
    Dying(u64),
    End(u64),
}

fn key(record: &Record<'_>) -> Option<Key> {
    let body = record.body;
    let scid = |at: usize| body.get(at..)?.first_chunk().map(|bytes| u64::from_be_bytes(*bytes));
    let features = |at: usize| be16(body, at).map(usize::from);
    match record.kind {
        RecordType::CHANNEL_ANNOUNCEMENT => scid(292 + features(258)?).map(Key::Channel),
        RecordType::CHANNEL_UPDATE => Some(Key::Update(scid(98)?, body.get(111).copied()? & 1)),
        RecordType::NODE_ANNOUNCEMENT => {
            body.get(72 + features(66)?..)?.first_chunk().map(|id| Key::Node(*id))
        }
        RecordType::CHAN_DYING => scid(2).map(Key::Dying),
        RecordType::DELETE_CHAN => scid(2).map(Key::End),
        _ => None,
    }
}

/// Sets in a copy the marks that lightningd was about to set.
#[derive(Debug)]
pub struct Mender {
    format: Format,
    at: u64,
    until: u64,
    later: Later,
    window: Window,
    /// The announcement before was marked: its amount follows.
    marked: bool,
}

impl Mender {
    pub(super) fn new(format: Format, until: u64, later: Later) -> Mender {
        let until = if later.is_empty() || !format.layout.has_flags() { 0 } else { until };
        Mender { format, at: 1, until, later, window: Window::default(), marked: false }
    }

    /// The next marks to set in the copy; empty once there are no more.
    ///
    /// # Errors
    /// What reading the copy failed with.
    pub fn step(&mut self, copy: &dyn Live) -> Result<Vec<Patch>, SourceError> {
        let mut patches = Vec::new();
        while self.at < self.until && patches.len() < 1_000 {
            let at = self.at;
            let found = judge(&mut self.window, copy, self.format, at, self.until)?;
            let Found::Record(record) = found else { break };
            self.at = record.end;
            let marked = core::mem::take(&mut self.marked);
            let deleted = record.header.flags.is_deleted();
            let amount = record.kind == RecordType::CHANNEL_AMOUNT && marked;
            let overtaken = key(&record).is_some_and(|key| self.later.overtakes(key, at));
            if (amount || overtaken) && !deleted {
                let flags = record.header.flags.0 | Flags::DELETED.0;
                patches.push(Patch { at, bytes: flags.to_be_bytes() });
                self.marked = record.kind == RecordType::CHANNEL_ANNOUNCEMENT;
            }
        }
        Ok(patches)
    }
}
