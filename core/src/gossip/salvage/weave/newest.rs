//! Updates and announcements of nodes: of one direction, and of one node, the newest counts.

use alloc::boxed::Box;

use super::Early;
use super::decide::Weaver;
use crate::gossip::salvage::item::Item;
use crate::gossip::salvage::message::Maximum;
use crate::gossip::salvage::plan::{Ledger, Reason};
use crate::gossip::salvage::survey::Facts;

impl Weaver<'_> {
    pub(super) fn update(
        &mut self,
        item: &Item,
        message: &[u8],
        (scid, direction): (u64, usize),
        timestamp: u32,
        maximum: Maximum,
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
        // What comes is in the survey: no more of them wait than that has room for.
        let comes = facts.is_some_and(Facts::is_alive) && self.gone_in_newer(scid).is_none();
        if !comes {
            let why = self.deletion(item.at, scid).unwrap_or(Reason::NoAnnouncement);
            return self.ledger.dropped(item, why);
        }
        if replaced {
            return self.ledger.dropped(item, Reason::Superseded);
        }
        // It must not be what an older one waits in vain for.
        let capacity = facts.and_then(Facts::satoshis);
        if self.weave.gate.is_some() && !maximum.fits(capacity, self.context.target) {
            return self.ledger.dropped(item, Reason::Refused);
        }
        let halves = self.weave.early.entry(scid).or_default();
        if let Some(half) = halves.get_mut(direction) {
            wait(half, item, timestamp, self.ledger);
        }
    }

    pub(super) fn node(&mut self, item: &Item, message: &[u8], id: &[u8; 33], timestamp: u32) {
        let room = self.weave.nodes.len() < self.context.limits.nodes as usize;
        if !room && !self.weave.nodes.contains_key(id) {
            self.ledger.dropped(item, Reason::Limit);
            return;
        }
        let newest = self.context.survey.newest_node(id, self.context.target);
        let replaced = self.replaced(timestamp, newest);
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
