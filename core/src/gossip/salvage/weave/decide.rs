//! What becomes of each record.

use alloc::boxed::Box;

use super::put::message;
use super::{Amount, Context, Early, Waiting, Weave};
use crate::finding::Span;
use crate::gossip::damage::flips::{Against, contradiction};
use crate::gossip::format::{Flags, RecordType, ShortChannelId};
use crate::gossip::salvage::chains::{Chain, Inspected};
use crate::gossip::salvage::item::{Item, Mend, Proof};
use crate::gossip::salvage::mend::Bench;
use crate::gossip::salvage::message::Said;
use crate::gossip::salvage::plan::{Ledger, Reason};
use crate::gossip::salvage::reader::Visit;
use crate::gossip::salvage::survey::Facts;
use crate::gossip::salvage::target::{self, is_zombie};
use crate::source::SourceError;

/// Takes the records of one chain.
pub(in super::super) struct Weaver<'w> {
    pub(super) weave: &'w mut Weave,
    pub(super) context: Context<'w>,
    pub(super) ledger: &'w mut dyn Ledger,
    pub(super) chain: Chain,
    /// The chain's number.
    pub(super) number: u8,
    pub(super) input: &'w Inspected,
}

impl Visit for Weaver<'_> {
    fn record(&mut self, item: &Item, body: &[u8]) -> Result<(), SourceError> {
        let mut item = item.clone();
        let before = self.weave.before.take();
        if item.record_type == Some(RecordType::CHANNEL_AMOUNT) {
            return self.amount(item, body, before);
        }
        self.settle()?;
        if let Some(why) = self.objection(&item, body) {
            self.ledger.dropped(&item, why);
            if item.record_type == Some(RecordType::CHANNEL_ANNOUNCEMENT) {
                self.weave.before = Some((item.source, item.end, why));
            }
            return Ok(());
        }
        let said = Said::read(self.chain.version, &mut item, body);
        self.take(&item, body, said)
    }

    fn lost(&mut self, source: u8, span: Span) -> Result<(), SourceError> {
        self.settle()?;
        self.weave.before = None;
        self.ledger.lost(source, span);
        Ok(())
    }

    fn keys(&self, scid: ShortChannelId) -> Option<[[u8; 33]; 2]> {
        self.context.survey.keys(self.context.sources, scid.0)
    }
}

impl Weaver<'_> {
    /// Why a record is not kept, whatever the others say.
    fn objection(&self, item: &Item, body: &[u8]) -> Option<Reason> {
        if item.is_dead() {
            return Some(Reason::Dead);
        }
        let timestamp = item.header.timestamp;
        match contradiction(self.input.layout, self.chain.version, timestamp, body) {
            Some(Against::UnknownType) => return Some(Reason::UnknownType),
            Some(Against::Malformed) => return Some(Reason::Malformed),
            Some(Against::Timestamp | Against::Amount) => return Some(Reason::Contradiction),
            None => {}
        }
        if item.suspect && self.signed(body) != Some(true) {
            return Some(Reason::Unproven);
        }
        target::refused(item, body.len(), self.chain.version, self.context.target)
    }

    fn signed(&self, body: &[u8]) -> Option<bool> {
        let keys = |scid| self.keys(scid);
        let (layout, version) = (self.input.layout, self.chain.version);
        Bench { layout, version, verifier: self.context.verifier, keys: &keys }.signed(body)
    }

    fn take(&mut self, item: &Item, body: &[u8], said: Said<'_>) -> Result<(), SourceError> {
        if is_zombie(item, self.chain.version) {
            match said {
                Said::Announcement { scid, nodes, .. } => self.hold(item, body, scid, nodes, true),
                _ => {
                    self.offer(item, body, item.header.timestamp);
                }
            }
            return Ok(());
        }
        match said {
            Said::Announcement { scid, nodes, satoshis } => {
                self.announcement(item, body, scid, nodes, satoshis)
            }
            Said::Update { scid, direction, timestamp, len } => {
                self.update(item, message(item, body), (scid, direction), timestamp, len);
                Ok(())
            }
            Said::Node { id, timestamp } => {
                self.node(item, message(item, body), id, timestamp);
                Ok(())
            }
            other => {
                match self.other(item, &other) {
                    Some(why) => self.ledger.dropped(item, why),
                    // What goes into the routing tables.
                    None if matches!(other, Said::Private) => {
                        self.offer(item, body, item.header.timestamp);
                    }
                    None => self.put(item, body, false),
                }
                Ok(())
            }
        }
    }

    /// Why a record that is no gossip message is not kept.
    fn other(&mut self, item: &Item, said: &Said<'_>) -> Option<Reason> {
        let newest = self.weave.rank == 0;
        let belongs = item.record_type.is_some_and(|t| target::belongs(t, self.context.target));
        match *said {
            Said::Ended => Some(Reason::Ended),
            Said::Uuid => Some(Reason::Uuid),
            Said::Private => (!newest || !belongs).then_some(Reason::Private),
            Said::Tombstone(_) if !newest || !belongs || self.context.compact => {
                Some(Reason::Applied)
            }
            Said::Tombstone(scid) => self.once(scid, 0),
            Said::Dying(_) if !belongs => Some(Reason::NotInVersion),
            Said::Dying(scid) if self.lives_in_newer(scid) => Some(Reason::Superseded),
            Said::Dying(scid) if !self.weave.channels.contains_key(&scid) => {
                Some(Reason::NoAnnouncement)
            }
            Said::Dying(scid) => self.once(scid, 1),
            Said::Malformed => Some(Reason::Malformed),
            _ => Some(Reason::UnknownType),
        }
    }

    /// One tombstone, and one `chan_dying`, is enough for a channel.
    fn once(&mut self, scid: u64, which: usize) -> Option<Reason> {
        let room = self.weave.ended.len() < self.context.limits.channels as usize;
        if !room && !self.weave.ended.contains_key(&scid) {
            return Some(Reason::Limit);
        }
        let said = self.weave.ended.entry(scid).or_default().get_mut(which)?;
        core::mem::replace(said, true).then_some(Reason::Duplicate)
    }

    fn announcement(
        &mut self,
        item: &Item,
        body: &[u8],
        scid: u64,
        nodes: [&[u8; 33]; 2],
        satoshis: Option<u64>,
    ) -> Result<(), SourceError> {
        let room = self.weave.channels.len() < self.context.limits.channels as usize
            && self.weave.nodes.len() < self.context.limits.nodes as usize;
        let why = if self.weave.channels.contains_key(&scid) {
            Some(Reason::Duplicate)
        } else if let Some(why) = self.deletion(item.at, scid) {
            Some(why)
        } else {
            (!room).then_some(Reason::Limit)
        };
        if let Some(why) = why {
            self.ledger.dropped(item, why);
            self.weave.before = Some((item.source, item.end, why));
            return Ok(());
        }
        if let Some(satoshis) = satoshis {
            let (message, nodes) = (message(item, body), nodes.map(|id| *id));
            return self.channel(item, message, scid, nodes, &Amount::Inline(satoshis));
        }
        self.hold(item, body, scid, nodes, false);
        Ok(())
    }

    /// An announcement waits for its amount.
    fn hold(&mut self, item: &Item, body: &[u8], scid: u64, nodes: [&[u8; 33]; 2], zombie: bool) {
        self.weave.held.clear();
        self.weave.held.extend_from_slice(body);
        let (item, nodes) = (item.clone(), nodes.map(|id| *id));
        self.weave.waiting = Some(Waiting { item, scid, nodes, zombie });
    }

    /// Why a channel announced here is gone nevertheless.
    fn deletion(&self, at: u64, scid: u64) -> Option<Reason> {
        let survey = self.context.survey;
        if survey.death(scid, self.number).is_some_and(|death| death.tombstone > at) {
            return Some(Reason::Tombstone);
        }
        self.gone_in_newer(scid)
    }

    /// Why a channel is not revived from this chain.
    fn gone_in_newer(&self, scid: u64) -> Option<Reason> {
        let survey = self.context.survey;
        self.newer().find_map(|chain| {
            let death = survey.death(scid, chain)?;
            if survey.facts(scid).is_some_and(|facts| facts.is_alive_in(chain)) {
                return None;
            }
            let only_dying = death.dying && death.tombstone == 0;
            Some(if only_dying { Reason::DyingInNewer } else { Reason::DeletedInNewer })
        })
    }

    /// The chains that are newer than this one.
    fn newer(&self) -> impl Iterator<Item = u8> {
        self.context.order.iter().take(self.weave.rank).copied()
    }

    fn lives_in_newer(&self, scid: u64) -> bool {
        let facts = self.context.survey.facts(scid);
        facts.is_some_and(|facts| self.newer().any(|chain| facts.is_alive_in(chain)))
    }

    fn amount(
        &mut self,
        mut item: Item,
        body: &[u8],
        before: Option<(u8, u64, Reason)>,
    ) -> Result<(), SourceError> {
        let follows = |source: u8, end: u64| source == item.source && end == item.at;
        let waits = self
            .weave
            .waiting
            .as_ref()
            .is_some_and(|waiting| follows(waiting.item.source, waiting.item.end));
        if !waits {
            self.settle()?;
            match before.filter(|(source, end, _)| follows(*source, *end)) {
                Some((.., why)) => self.ledger.dropped(&item, why),
                None if item.is_dead() => self.ledger.dropped(&item, Reason::Dead),
                None => self.ledger.dropped(&item, Reason::NoAnnouncement),
            }
            return Ok(());
        }
        if item.is_dead() {
            // Its announcement lives, so it does.
            let mut flags = item.header.flags.0 & !Flags::DELETED.0;
            item.mends.add(Mend::Deleted, Proof::Records);
            if self.chain.version.has_completed() {
                flags |= Flags::COMPLETED.0;
            }
            item.header.flags = Flags(flags);
        }
        // No signature covers an amount: inside a claimed span nothing proves it.
        let why = if item.suspect { Some(Reason::Unproven) } else { self.objection(&item, body) };
        if let Some(why) = why {
            self.settle()?;
            self.ledger.dropped(&item, why);
            return Ok(());
        }
        let Some(waiting) = self.weave.waiting.take() else { return Ok(()) };
        let held = core::mem::take(&mut self.weave.held);
        if waiting.zombie {
            let satoshis = amount_of(body);
            if self.admits_channel(waiting.scid, &held, satoshis) {
                self.put(&waiting.item, &held, false);
                self.put(&item, body, false);
            } else {
                self.ledger.dropped(&waiting.item, Reason::Refused);
                self.ledger.dropped(&item, Reason::Refused);
            }
        } else {
            let amount = Amount::Item(&item, body);
            self.channel(&waiting.item, &held, waiting.scid, waiting.nodes, &amount)?;
        }
        self.weave.held = held;
        Ok(())
    }

    /// The announcement that waits gets no amount of its own.
    pub(super) fn settle(&mut self) -> Result<(), SourceError> {
        let Some(waiting) = self.weave.waiting.take() else { return Ok(()) };
        let facts = self.context.survey.facts(waiting.scid);
        // Of a zombie nothing else is known.
        match facts.and_then(Facts::satoshis).filter(|_| !waiting.zombie) {
            Some(satoshis) => {
                let held = core::mem::take(&mut self.weave.held);
                let made = Amount::Made(satoshis);
                self.channel(&waiting.item, &held, waiting.scid, waiting.nodes, &made)?;
                self.weave.held = held;
            }
            None => self.ledger.dropped(&waiting.item, Reason::NoAmount),
        }
        Ok(())
    }

    /// Puts out a channel, and what waited for it.
    fn channel(
        &mut self,
        item: &Item,
        message: &[u8],
        scid: u64,
        nodes: [[u8; 33]; 2],
        amount: &Amount<'_>,
    ) -> Result<(), SourceError> {
        let satoshis = match *amount {
            Amount::Item(_, body) => amount_of(body),
            Amount::Made(satoshis) | Amount::Inline(satoshis) => satoshis,
        };
        if !self.admits_channel(scid, message, satoshis) {
            self.ledger.dropped(item, Reason::Refused);
            if let Amount::Item(item, _) = *amount {
                self.ledger.dropped(item, Reason::Refused);
            }
            return Ok(());
        }
        self.weave.channels.insert(scid, [None; 2]);
        self.weave.from_older += u64::from(self.weave.rank > 0 && !self.lives_in_newer(scid));
        // The header of an announcement has the timestamp of its first update.
        let first = self.context.survey.facts(scid).map_or(0, |facts| facts.first_update);
        self.put_at(item, message, first, false);
        match *amount {
            Amount::Item(item, body) => self.put(item, body, false),
            Amount::Made(satoshis) => {
                self.put_amount(satoshis);
                self.ledger.amount_made(item);
            }
            Amount::Inline(satoshis) => self.put_amount(satoshis),
        }
        for early in self.weave.early.remove(&scid).into_iter().flatten().enumerate() {
            let (direction, Some(early)) = early else { continue };
            let (item, timestamp) = *early;
            if !self.put_again(&item)? {
                continue;
            }
            if let Some(halves) = self.weave.channels.get_mut(&scid) {
                halves[direction] = Some(timestamp);
            }
        }
        for id in nodes {
            let node = self.weave.nodes.entry(id).or_default();
            node.channels += 1;
            let Some(early) = node.early.take() else { continue };
            let (item, timestamp) = *early;
            if !self.put_again(&item)? {
                continue;
            }
            if let Some(node) = self.weave.nodes.get_mut(&id) {
                node.announced = Some(timestamp);
            }
        }
        Ok(())
    }

    fn update(
        &mut self,
        item: &Item,
        message: &[u8],
        (scid, direction): (u64, usize),
        timestamp: u32,
        _len: usize,
    ) {
        let facts = self.context.survey.facts(scid);
        let newest = facts.and_then(|facts| facts.newest(direction, self.context.target));
        let replaced = newest.is_some_and(|newest| self.replaced(timestamp, newest));
        if self.context.admission.bars(scid) {
            return self.ledger.dropped(item, Reason::Refused);
        }
        let half = self.weave.channels.get_mut(&scid).and_then(|halves| halves.get_mut(direction));
        if let Some(half) = half {
            match older(*half, timestamp) {
                Some(why) => self.ledger.dropped(item, why),
                None if replaced => self.ledger.dropped(item, Reason::Superseded),
                None => {
                    if self.offer(item, message, timestamp)
                        && let Some(halves) = self.weave.channels.get_mut(&scid)
                    {
                        halves[direction] = Some(timestamp);
                    }
                }
            }
            return;
        }
        let comes = facts.is_some_and(Facts::is_alive) && self.gone_in_newer(scid).is_none();
        let room = self.weave.early.len() < self.context.limits.channels as usize
            || self.weave.early.contains_key(&scid);
        if !comes || !room {
            let why = match self.deletion(item.at, scid) {
                _ if comes => Reason::Limit,
                Some(why) => why,
                None => Reason::NoAnnouncement,
            };
            self.ledger.dropped(item, why);
            return;
        }
        if replaced {
            return self.ledger.dropped(item, Reason::Superseded);
        }
        let halves = self.weave.early.entry(scid).or_default();
        if let Some(half) = halves.get_mut(direction) {
            wait(half, item, timestamp, self.ledger);
        }
    }

    fn node(&mut self, item: &Item, message: &[u8], id: &[u8; 33], timestamp: u32) {
        let room = self.weave.nodes.len() < self.context.limits.nodes as usize;
        if !room && !self.weave.nodes.contains_key(id) {
            self.ledger.dropped(item, Reason::Limit);
            return;
        }
        let replaced = self.replaced(timestamp, self.context.survey.newest_node(id));
        let node = self.weave.nodes.entry(*id).or_default();
        // What comes too early would be put out before the newer one.
        if node.channels == 0 && !replaced {
            wait(&mut node.early, item, timestamp, self.ledger);
            return;
        }
        match older(node.announced, timestamp) {
            Some(why) => self.ledger.dropped(item, why),
            None if replaced => self.ledger.dropped(item, Reason::Superseded),
            None => {
                if self.offer(item, message, timestamp)
                    && let Some(node) = self.weave.nodes.get_mut(id)
                {
                    node.announced = Some(timestamp);
                }
            }
        }
    }

    /// Whether a newer one makes it superfluous. `newest`: of all, and of those that were not
    /// rate-limited, beside which releases up to v23.11 allow one that was.
    fn replaced(&self, timestamp: u32, [newest, plain]: [u32; 2]) -> bool {
        let judged = self.weave.gate.is_some();
        self.context.compact && timestamp < newest || judged && timestamp < plain
    }
}

/// Why a record is not put out behind one with the timestamp `have`.
fn older(have: Option<u32>, timestamp: u32) -> Option<Reason> {
    match have {
        Some(have) if timestamp == have => Some(Reason::Duplicate),
        Some(have) if timestamp < have => Some(Reason::Superseded),
        _ => None,
    }
}

/// Keeps the newer of two that came too early.
fn wait(place: &mut Early, item: &Item, timestamp: u32, ledger: &mut dyn Ledger) {
    let have = place.as_ref().map(|early| early.1);
    if let Some(why) = older(have, timestamp) {
        ledger.dropped(item, why);
        return;
    }
    if let Some(early) = place.replace(Box::new((item.clone(), timestamp))) {
        ledger.dropped(&early.0, Reason::Superseded);
    }
}

/// The satoshi of a `gossip_store_channel_amount`.
fn amount_of(body: &[u8]) -> u64 {
    let satoshis = body.get(2..).and_then(<[u8]>::first_chunk);
    satoshis.copied().map_or(0, u64::from_be_bytes)
}
