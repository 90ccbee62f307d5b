//! What becomes of each record: whether it is kept at all, and who takes it then.

use super::put::message;
use super::{Context, Weave};
use crate::finding::Span;
use crate::gossip::damage::flips::{Against, contradiction};
use crate::gossip::format::{RecordType, ShortChannelId};
use crate::gossip::salvage::chains::{Chain, Inspected};
use crate::gossip::salvage::item::Item;
use crate::gossip::salvage::mend::Bench;
use crate::gossip::salvage::message::Said;
use crate::gossip::salvage::plan::{Ledger, Reason};
use crate::gossip::salvage::reader::Visit;
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
    pub(super) fn objection(&self, item: &Item, body: &[u8]) -> Option<Reason> {
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
            Said::Update { scid, direction, timestamp, maximum } => {
                self.update(item, message(item, body), (scid, direction), timestamp, maximum);
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

    /// Why a channel announced here is gone nevertheless.
    pub(super) fn deletion(&self, at: u64, scid: u64) -> Option<Reason> {
        let survey = self.context.survey;
        if survey.death(scid, self.number).is_some_and(|death| death.tombstone > at) {
            return Some(Reason::Tombstone);
        }
        self.gone_in_newer(scid)
    }

    /// Why a channel is not revived from this chain.
    pub(super) fn gone_in_newer(&self, scid: u64) -> Option<Reason> {
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

    pub(super) fn lives_in_newer(&self, scid: u64) -> bool {
        let facts = self.context.survey.facts(scid);
        facts.is_some_and(|facts| self.newer().any(|chain| facts.is_alive_in(chain)))
    }
}
