//! The repaired store, woven record by record from the chains, newest first.
//!
//! Every record of every input gets one decision, told to the [`Ledger`]. What is kept is put out
//! in the order in which lightningd would have written it: an announcement and its amount at once,
//! updates and node_announcements behind the announcement that they need. Of one channel the first
//! announcement counts; of one direction, and of one node, an update or announcement that is not
//! newer than the one before it is dropped. Deletions win: what a newer chain has let go is not
//! revived from an older one.
//!
//! For versions 9 to 12 the releases that write them are asked first ([`Gate`]): they throw a whole
//! store away over one record. What they refuse is dropped, and channels that end without an update
//! that they accept are barred ([`Admission`]) when all is woven once more.

mod channel;
mod decide;
mod newest;
mod put;

use alloc::boxed::Box;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::chains::{Chain, Inspected};
use super::item::Item;
use super::plan::{Ledger, Reason};
use super::segments::Output;
use super::survey::Survey;
use crate::gossip::format::{RecordType, Version};
use crate::gossip::network::{Limits, PRUNE_AFTER};
use crate::gossip::signatures::VerifySignature;
use crate::gossip::verdict::Gate;
use crate::sorting::sort_by_key;
use crate::source::{Source, SourceError};
use decide::Weaver;
use put::put_made;

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What stays the same while weaving.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) sources: &'a [&'a dyn Source],
    pub(super) inputs: &'a [Inspected],
    /// By number.
    pub(super) chains: &'a [Chain],
    /// Their numbers, newest first.
    pub(super) order: &'a [u8],
    pub(super) survey: &'a Survey,
    pub(super) target: Version,
    pub(super) compact: bool,
    pub(super) limits: Limits,
    pub(super) verifier: Option<&'a dyn VerifySignature>,
    pub(super) admission: &'a Admission,
}

/// What those who write the output's version are known to refuse of it.
#[derive(Debug, Default)]
pub(super) struct Admission {
    /// They would not know any channel: the output is for those who read it later.
    unjudged: bool,
    /// Short channel ids of channels that no update makes known to them, in order.
    barred: Vec<u64>,
}

impl Admission {
    /// Whether there is anything that they refuse.
    pub(super) fn is_known(&self) -> bool {
        self.unjudged || !self.barred.is_empty()
    }

    pub(super) fn bars(&self, scid: u64) -> bool {
        self.barred.binary_search(&scid).is_ok()
    }
}

/// A record that came too early, and its timestamp.
type Early = Option<Box<(Item, u32)>>;

/// A node that was seen.
#[derive(Debug, Default)]
struct Node {
    /// Its channels in the output.
    channels: u32,
    /// Timestamp of its announcement in the output.
    announced: Option<u32>,
    /// The newest announcement that came before its first channel.
    early: Early,
}

/// An announcement whose amount ought to be the next record.
#[derive(Debug)]
struct Waiting {
    item: Item,
    scid: u64,
    nodes: [[u8; 33]; 2],
    /// It is put out as it is, with its amount, and counts for nothing.
    zombie: bool,
}

/// The amount of an announcement that is put out.
enum Amount<'a> {
    /// A record.
    Item(&'a Item, &'a [u8]),
    /// This many satoshi, which another record says.
    Made(u64),
    /// The announcement's own record said so (versions 2 and 3).
    Inline(u64),
}

/// The output so far.
#[derive(Debug)]
pub(super) struct Weave {
    channels: Map<u64, [Option<u32>; 2]>,
    nodes: Map<[u8; 33], Node>,
    /// Updates that came before their announcement, and the timestamp of each.
    early: Map<u64, [Early; 2]>,
    /// Channels with a tombstone in the output, and with a `chan_dying`.
    ended: Map<u64, [bool; 2]>,
    waiting: Option<Waiting>,
    /// The message of the waiting announcement.
    held: Vec<u8>,
    /// The announcement before, where that was dropped: its source, its end, and why. Its amount
    /// shares its fate.
    before: Option<(u8, u64, Reason)>,
    /// Index into the order of chains.
    rank: usize,
    /// What those who write this version would say to it.
    gate: Option<Gate>,
    /// A header is not as it stood.
    pub(super) rewritten: bool,
    pub(super) out: Output,
    pub(super) records: u64,
    pub(super) from_older: u64,
}

/// The output in figures.
pub(super) struct Figures {
    pub(super) channels: u64,
    pub(super) updates: u64,
    pub(super) nodes: u64,
    pub(super) announced_nodes: u64,
    pub(super) channels_after_prune: u64,
}

impl Weave {
    /// Nothing but the version byte and, from version 16, the uuid.
    pub(super) fn new(
        target: Version,
        uuid: Option<[u8; 32]>,
        (limits, seed): (Limits, u64),
        admission: &Admission,
        counts_only: bool,
    ) -> Weave {
        let state = foldhash::fast::FixedState::with_seed(seed);
        let mut out = Output::new(counts_only);
        out.bytes(&[target.0]);
        if let Some(uuid) = uuid {
            let mut body = Vec::from(RecordType::UUID.0.to_be_bytes());
            body.extend_from_slice(&uuid);
            put_made(&mut out, &body, target);
        }
        Weave {
            channels: Map::with_hasher(state.clone()),
            nodes: Map::with_hasher(state.clone()),
            early: Map::with_hasher(state.clone()),
            ended: Map::with_hasher(state),
            waiting: None,
            held: Vec::new(),
            before: None,
            rank: 0,
            rewritten: false,
            gate: Gate::of(target, limits, seed).filter(|_| !admission.unjudged),
            out,
            records: 0,
            from_older: 0,
        }
    }

    /// Ends a chain: the next one is older.
    pub(super) fn end_chain(
        &mut self,
        context: Context<'_>,
        ledger: &mut dyn Ledger,
    ) -> Result<(), SourceError> {
        if let Some(mut weaver) = self.weaver(context, ledger) {
            weaver.settle()?;
        }
        self.before = None;
        self.rank += 1;
        Ok(())
    }

    /// Ends the last chain: what still waits for an announcement waits in vain.
    pub(super) fn finish(&mut self, survey: &Survey, ledger: &mut dyn Ledger) {
        let mut left: Vec<(Item, Reason)> = Vec::new();
        for (scid, halves) in self.early.drain() {
            let lacks_amount = survey.facts(scid).is_some_and(|f| f.satoshis().is_none());
            let why = if lacks_amount { Reason::NoAmount } else { Reason::NoAnnouncement };
            left.extend(halves.into_iter().flatten().map(|early| (early.0, why)));
        }
        for node in self.nodes.values_mut() {
            left.extend(node.early.take().map(|early| (early.0, Reason::NoChannel)));
        }
        sort_by_key(&mut left, |(item, _)| (item.source, item.at));
        for (item, why) in left {
            ledger.dropped(&item, why);
        }
    }

    /// Who takes the records of the chain at hand.
    pub(super) fn weaver<'w>(
        &'w mut self,
        context: Context<'w>,
        ledger: &'w mut dyn Ledger,
    ) -> Option<Weaver<'w>> {
        let number = *context.order.get(self.rank)?;
        let chain = *context.chains.get(usize::from(number))?;
        let input = context.inputs.get(usize::from(chain.source))?;
        Some(Weaver { weave: self, context, ledger, chain, number, input })
    }

    /// What must be known before it can be woven: that there are channels in the output that no
    /// update makes known. None if there are none.
    pub(super) fn refused(&self) -> Option<Admission> {
        let gate = self.gate.as_ref()?;
        let mut barred: Vec<u64> = gate.unupdated().collect();
        if barred.is_empty() {
            return None;
        }
        if !gate.knows_any() {
            return Some(Admission { unjudged: true, barred: Vec::new() });
        }
        sort_by_key(&mut barred, |scid| *scid);
        Some(Admission { unjudged: false, barred })
    }

    /// `now`: seconds since 1970.
    pub(super) fn figures(&self, now: u32) -> Figures {
        let fresh_from = now.saturating_sub(PRUNE_AFTER);
        let halves = || self.channels.values();
        let with_channel = || self.nodes.values().filter(|node| node.channels > 0);
        let fresh = |half: &Option<u32>| half.is_some_and(|timestamp| timestamp >= fresh_from);
        Figures {
            channels: self.channels.len() as u64,
            updates: halves().flatten().flatten().count() as u64,
            nodes: with_channel().count() as u64,
            announced_nodes: with_channel().filter(|node| node.announced.is_some()).count() as u64,
            channels_after_prune: halves().filter(|both| both.iter().all(fresh)).count() as u64,
        }
    }
}
