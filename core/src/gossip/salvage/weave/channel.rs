//! Channels: an announcement waits for its amount, and what came too early for both.

use super::decide::Weaver;
use super::put::message;
use super::{Amount, Waiting};
use crate::gossip::format::Flags;
use crate::gossip::salvage::item::{Item, Mend, Proof};
use crate::gossip::salvage::plan::Reason;
use crate::gossip::salvage::survey::Facts;
use crate::source::SourceError;

impl Weaver<'_> {
    pub(super) fn announcement(
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
    pub(super) fn hold(
        &mut self,
        item: &Item,
        body: &[u8],
        scid: u64,
        nodes: [&[u8; 33]; 2],
        zombie: bool,
    ) {
        self.weave.held.clear();
        self.weave.held.extend_from_slice(body);
        let (item, nodes) = (item.clone(), nodes.map(|id| *id));
        self.weave.waiting = Some(Waiting { item, scid, nodes, zombie });
    }

    pub(super) fn amount(
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
}

/// The satoshi of a `gossip_store_channel_amount`.
fn amount_of(body: &[u8]) -> u64 {
    let satoshis = body.get(2..).and_then(<[u8]>::first_chunk);
    satoshis.copied().map_or(0, u64::from_be_bytes)
}
