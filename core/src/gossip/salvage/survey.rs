//! What all chains say of each channel, before anything is decided.

use hashbrown::HashMap;

use super::chains::Chain;
use super::item::Item;
use super::mend::Bench;
use super::message::Said;
use super::reader::{Desk, Visit};
use super::target;
use crate::finding::Span;
use crate::gossip::damage::flips::{MAX_SATOSHI, contradiction};
use crate::gossip::format::{RecordHeader, ShortChannelId, Version};
use crate::gossip::network::Limits;
use crate::gossip::wire::{Message, decode};
use crate::source::{Source, SourceError, read_span};
use alloc::vec::Vec;
use core::cell::Cell;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// No offset, no amount.
const NONE: u64 = u64::MAX;

/// Versions whose releases judge what they read: there is no rate limit in 9, and 12 is like 11.
const JUDGED: [Version; 3] = [Version(9), Version(10), Version(12)];

/// Whether releases that write it judge what they read, and what newer records replace is left out.
pub(super) fn is_judged(target: Version) -> bool {
    JUDGED.iter().any(|judge| target <= *judge)
}

/// Which of them judges like this one.
fn judge(target: Version) -> usize {
    JUDGED.iter().position(|judge| target <= *judge).unwrap_or(JUDGED.len() - 1)
}

/// Versions that differ in which updates may stand in them: from 11 on they name a maximum, and
/// releases that write up to 12 hold it against the channel's capacity.
const STANDING: [Version; 3] = [Version(10), Version(12), Version::NEWEST];

/// Which of them takes updates like this one.
fn standing(target: Version) -> usize {
    STANDING.iter().position(|version| target <= *version).unwrap_or(STANDING.len() - 1)
}

/// What is known of one channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// Chains, by number, at whose end it is announced and not deleted.
    alive: u64,
    satoshis: u64,
    /// Where an announcement stands as it was written: input and offset of the message.
    announcement: (u8, u64, u16),
    /// The timestamp of its first update, for headers that have none.
    pub(super) first_update: u32,
    /// The newest update of each direction that nothing speaks against, for each of [`STANDING`].
    newest: [[u32; 2]; STANDING.len()],
    /// The newest of each direction that will not be rate-limited either, for each of [`JUDGED`].
    plain: [[u32; 2]; JUDGED.len()],
}

/// How a chain lets a channel go.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Death {
    /// Offset of its last tombstone; 0 if there is none.
    pub(super) tombstone: u64,
    /// Its funding output is spent.
    pub(super) dying: bool,
}

/// What all chains say.
pub(super) struct Survey {
    limits: Limits,
    channels: Map<u64, Facts>,
    deaths: Map<(u64, u8), Death>,
    /// The newest announcement of each node that nothing speaks against, and for each of [`JUDGED`] the
    /// newest that will not be rate-limited either.
    nodes: Map<[u8; 33], (u32, [u32; JUDGED.len()])>,
    /// Newest timestamp of each chain, of live messages.
    pub(super) newest: Vec<u32>,
    /// The same of all messages, also of those marked DELETED.
    pub(super) latest: Vec<u32>,
    pub(super) limited: bool,
    /// An update was met before its channel's capacity, and taken for one that fits; or something that
    /// a signature may prove before the keys of its channel.
    guessed: bool,
    /// Whatever is known of capacities and keys was known before this survey began.
    settled: bool,
    /// Something of a channel is what the first chain says that says anything of it, and another
    /// chain says otherwise, or may.
    first_counts: bool,
}

impl Survey {
    pub(super) fn new(limits: Limits, seed: u64) -> Survey {
        let state = foldhash::fast::FixedState::with_seed(seed);
        Survey {
            limits,
            channels: Map::with_hasher(state.clone()),
            deaths: Map::with_hasher(state.clone()),
            nodes: Map::with_hasher(state),
            newest: Vec::new(),
            latest: Vec::new(),
            limited: false,
            guessed: false,
            settled: false,
            first_counts: false,
        }
    }

    /// Whether chains in another order could make it tell something else.
    pub(super) fn depends_on_order(&self) -> bool {
        self.first_counts && self.newest.len() > 1
    }

    /// Whether a second survey can tell more of updates than the first: whether some were met before
    /// what they are judged by. What is to be surveyed anew is forgotten then.
    pub(super) fn knows_better(&mut self) -> bool {
        if self.settled || !self.guessed {
            return false;
        }
        self.settled = true;
        for facts in self.channels.values_mut() {
            facts.newest = [[0; 2]; STANDING.len()];
            facts.plain = [[0; 2]; JUDGED.len()];
        }
        true
    }

    pub(super) fn facts(&self, scid: u64) -> Option<&Facts> {
        self.channels.get(&scid)
    }

    /// The newest announcement of a node in any chain, and the newest that will not be rate-limited
    /// in a store of this version.
    pub(super) fn newest_node(&self, id: &[u8; 33], target: Version) -> [u32; 2] {
        let (newest, plain) = self.nodes.get(id).copied().unwrap_or_default();
        [newest, plain[judge(target)]]
    }

    pub(super) fn death(&self, scid: u64, chain: u8) -> Option<Death> {
        self.deaths.get(&(scid, chain)).copied()
    }

    /// The keys of a channel's nodes, read again from where it is announced.
    pub(super) fn keys(&self, sources: &[&dyn Source], scid: u64) -> Option<[[u8; 33]; 2]> {
        let (source, at, len) = self.channels.get(&scid)?.announcement;
        let source = sources.get(usize::from(source)).filter(|_| at != NONE)?;
        let body = read_span(*source, at, len.into()).ok()?;
        match decode(Version::NEWEST, &body) {
            Ok(Message::ChannelAnnouncement(message)) => {
                Some([*message.node_id_1, *message.node_id_2])
            }
            _ => None,
        }
    }

    fn channel(&mut self, scid: u64) -> Option<&mut Facts> {
        if self.channels.len() >= self.limits.channels as usize
            && !self.channels.contains_key(&scid)
        {
            self.limited = true;
            return None;
        }
        Some(self.channels.entry(scid).or_insert(Facts {
            alive: 0,
            satoshis: NONE,
            announcement: (0, NONE, 0),
            first_update: 0,
            newest: [[0; 2]; STANDING.len()],
            plain: [[0; 2]; JUDGED.len()],
        }))
    }

    fn die(&mut self, scid: u64, chain: u8) -> Option<&mut Death> {
        if self.deaths.len() >= self.limits.channels as usize
            && !self.deaths.contains_key(&(scid, chain))
        {
            self.limited = true;
            return None;
        }
        Some(self.deaths.entry((scid, chain)).or_default())
    }
}

impl Facts {
    /// Whether the chain of this number ends with the channel announced.
    pub(super) fn is_alive_in(&self, chain: u8) -> bool {
        self.alive & 1 << chain != 0
    }

    /// Whether any chain does.
    pub(super) fn is_alive(&self) -> bool {
        self.alive != 0
    }

    /// The newest update of a direction that may stand in a store of this version; and the newest that
    /// will not be rate-limited in it either.
    pub(super) fn newest(&self, direction: usize, target: Version) -> Option<[u32; 2]> {
        let (newest, plain) = (&self.newest[standing(target)], &self.plain[judge(target)]);
        Some([*newest.get(direction)?, *plain.get(direction)?])
    }

    /// The capacity, where some announcement has it.
    pub(super) fn satoshis(&self) -> Option<u64> {
        (self.satoshis != NONE).then_some(self.satoshis)
    }

    /// An announcement's capacity; whether another one said otherwise.
    fn take_satoshis(&mut self, satoshis: u64) -> bool {
        if satoshis > MAX_SATOSHI {
            return false;
        }
        if self.satoshis == NONE {
            self.satoshis = satoshis;
        }
        self.satoshis != satoshis
    }
}

/// Surveys one chain.
pub(super) struct Surveyor<'a> {
    survey: &'a mut Survey,
    sources: &'a [&'a dyn Source],
    desk: Desk<'a>,
    chain: Chain,
    number: u8,
    /// The announcement that the next record ought to be the amount of.
    waiting: &'a mut Option<(u64, u64)>,
    /// Somebody has asked for keys that are not known yet.
    asked_in_vain: Cell<bool>,
}

impl<'a> Surveyor<'a> {
    /// `number` is that of the chain; `waiting` is kept from step to step.
    pub(super) fn new(
        survey: &'a mut Survey,
        sources: &'a [&'a dyn Source],
        desk: Desk<'a>,
        (number, chain): (u8, Chain),
        waiting: &'a mut Option<(u64, u64)>,
    ) -> Surveyor<'a> {
        while survey.newest.len() <= usize::from(number) {
            survey.newest.push(0);
            survey.latest.push(0);
        }
        // The timestamp that its headers lack is that of the channel's first update in any chain.
        survey.first_counts |= !chain.version.layout().has_flags();
        let asked_in_vain = Cell::new(false);
        Surveyor { survey, sources, desk, chain, number, waiting, asked_in_vain }
    }

    /// Whether nothing speaks against a record, as far as that is known yet: what the third pass asks.
    fn is_sound(&self, item: &Item, body: &[u8]) -> bool {
        let (layout, version) = (self.desk.input.layout, self.chain.version);
        if contradiction(layout, version, item.header.timestamp, body).is_some() {
            return false;
        }
        let bench =
            Bench { layout, version, verifier: self.desk.verifier, keys: &|scid| self.keys(scid) };
        !item.suspect || bench.signed(body) == Some(true)
    }

    fn see(&mut self, item: &Item, timestamp: u32) {
        if item.suspect {
            return;
        }
        let number = usize::from(self.number);
        let live = self.survey.newest.get_mut(number).filter(|_| !item.is_dead());
        for newest in self.survey.latest.get_mut(number).into_iter().chain(live) {
            *newest = timestamp.max(*newest);
        }
    }

    fn announce(&mut self, item: &Item, scid: u64, satoshis: Option<u64>) {
        let number = self.number;
        if item.is_dead() {
            // Deleted without a tombstone in sight: one that was compacted away.
            self.survey.die(scid, number);
            return;
        }
        let as_written = item.patch.is_empty() && !item.suspect;
        let Some(facts) = self.survey.channel(scid) else { return };
        facts.alive |= 1 << number;
        if facts.announcement.1 == NONE && as_written {
            let len = u16::try_from(item.message_len).unwrap_or(u16::MAX);
            facts.announcement = (item.source, item.message_at, len);
        }
        let differs = satoshis.filter(|_| !item.suspect).is_some_and(|s| facts.take_satoshis(s));
        self.survey.first_counts |= differs;
    }
}

impl Visit for Surveyor<'_> {
    fn record(&mut self, item: &Item, body: &[u8]) -> Result<(), SourceError> {
        let mut item = item.clone();
        let waiting = self.waiting.take();
        if target::is_zombie(&item, self.chain.version) {
            return Ok(());
        }
        let limited = target::is_rate_limited(&item, self.chain.version);
        let plain_in = |target: Version| !limited || target.0 < 10;
        let sound = self.is_sound(&item, body);
        self.survey.guessed |= self.asked_in_vain.take();
        match Said::read(self.chain.version, &mut item, body) {
            Said::Announcement { scid, satoshis, .. } => {
                self.announce(&item, scid, satoshis);
                if !item.is_dead() && !item.suspect {
                    *self.waiting = Some((scid, item.end));
                }
            }
            Said::Amount(satoshis) => {
                let announced = waiting.filter(|(_, end)| *end == item.at && !item.suspect);
                let facts = announced.and_then(|(scid, _)| self.survey.channel(scid));
                let differs = facts.is_some_and(|facts| facts.take_satoshis(satoshis));
                self.survey.first_counts |= differs;
            }
            Said::Update { timestamp, .. } | Said::Node { timestamp, .. } if item.is_dead() => {
                self.see(&item, timestamp);
            }
            Said::Update { scid, direction, timestamp, maximum } => {
                self.see(&item, timestamp);
                let mut guessed = false;
                if let Some(facts) = self.survey.channel(scid) {
                    if facts.first_update == 0 {
                        facts.first_update = timestamp;
                    }
                    let capacity = facts.satoshis();
                    guessed = capacity.is_none();
                    for (newest, target) in facts.newest.iter_mut().zip(STANDING) {
                        if sound && maximum.fits(capacity, target) {
                            newest[direction] = timestamp.max(newest[direction]);
                        }
                    }
                    for (plain, target) in facts.plain.iter_mut().zip(JUDGED) {
                        if sound && plain_in(target) && maximum.fits(capacity, target) {
                            plain[direction] = timestamp.max(plain[direction]);
                        }
                    }
                }
                self.survey.guessed |= guessed;
            }
            Said::Node { id, timestamp } => {
                self.see(&item, timestamp);
                let room = self.survey.nodes.len() < self.survey.limits.nodes as usize;
                if room || self.survey.nodes.contains_key(id) {
                    let (newest, plain) = self.survey.nodes.entry(*id).or_default();
                    if sound {
                        *newest = timestamp.max(*newest);
                    }
                    for (plain, target) in plain.iter_mut().zip(JUDGED) {
                        if sound && plain_in(target) {
                            *plain = timestamp.max(*plain);
                        }
                    }
                } else {
                    self.survey.limited = true;
                }
            }
            Said::Tombstone(scid) if !item.is_dead() => {
                let number = self.number;
                if let Some(death) = self.survey.die(scid, number) {
                    death.tombstone = item.at;
                }
                if let Some(facts) = self.survey.channels.get_mut(&scid) {
                    facts.alive &= !(1 << number);
                }
            }
            Said::Dying(scid) if !item.is_dead() => {
                let number = self.number;
                if let Some(death) = self.survey.die(scid, number) {
                    death.dying = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn lost(&mut self, _source: u8, _span: Span) -> Result<(), SourceError> {
        self.survey.guessed |= self.asked_in_vain.take();
        *self.waiting = None;
        Ok(())
    }

    fn keys(&self, scid: ShortChannelId) -> Option<[[u8; 33]; 2]> {
        let keys = self.survey.keys(self.sources, scid.0);
        if keys.is_none() {
            self.asked_in_vain.set(true);
        }
        keys
    }
}

/// The header of a record that is made, not copied.
pub(super) fn made(flags: u16, body: &[u8]) -> RecordHeader {
    RecordHeader {
        flags: crate::gossip::format::Flags(flags),
        len: u32::try_from(body.len()).unwrap_or(0),
        crc: crate::gossip::crc::crc32c(0, body),
        timestamp: 0,
    }
}
