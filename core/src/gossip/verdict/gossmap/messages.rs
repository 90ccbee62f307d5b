//! What gossmap does with each message: `add_channel`, `update_channel`, `node_announcement`,
//! `remove_channel_by_deletemsg`, `reopen_store`.

use alloc::format;

use super::super::outcome::{Check, Trouble};
use super::super::rules::{Duplicate, Ended};
use super::{Channel, HDR, Unaskable, Walk};
use crate::gossip::format::{ShortChannelId, Version, be16};

impl Walk {
    /// `add_channel`; `off` is where the message begins, `len` 0 for one that needs no amount.
    pub(super) fn announcement(
        &mut self,
        off: u64,
        len: usize,
        at: u64,
        source: u64,
    ) -> Result<(), Trouble> {
        let features = self.be16(off + 258, source)?;
        let scid_at = off + 260 + u64::from(features) + 32;
        let ids = [self.id(scid_at + 8, source)?, self.id(scid_at + 41, source)?];
        let scid = self.be64(scid_at, source)?;
        if let Some(known) = self.channels.get(&scid) {
            let (was_private, known) = (known.private, known.announced);
            match self.rules.duplicate {
                Duplicate::AddedAgain => return Ok(()),
                Duplicate::ReplacesPrivate if !was_private || len == 0 => {
                    let expression = if was_private { "!private" } else { "chan->private" };
                    let line = format!("add_channel: Assertion `{expression}' failed.");
                    let trouble = Trouble::new(Check::Duplicate, source, line).deadly();
                    return Err(self.deadly(trouble));
                }
                Duplicate::ReplacesPrivate | Duplicate::Replaces => self.remove(scid),
                Duplicate::Asserts => {
                    let line = "add_channel: Assertion `!gossmap_find_chan(map, &scid)' failed.";
                    let trouble = Trouble::new(Check::Duplicate, source, line).deadly();
                    return Err(self.deadly(trouble));
                }
                Duplicate::ReadsOn | Duplicate::Stops | Duplicate::FailsStrict => {
                    let scid = ShortChannelId(scid);
                    let log = format!(
                        "gossmap: redundant channel_announce for {scid}, offsets {known} and {off}!"
                    );
                    let trouble = Trouble::new(Check::Duplicate, source, log);
                    if self.rules.duplicate == Duplicate::Stops {
                        return Err(trouble);
                    }
                    if self.rules.duplicate == Duplicate::FailsStrict {
                        self.fails(&trouble);
                    }
                    return Ok(());
                }
            }
        }
        let next = off + len as u64;
        if self.rules.waits_for_amount && len > 0 && self.window.size() < next + HDR + 10 {
            return Err(Trouble::silent(Check::Amount, source));
        }
        if self.rules.nodes_once && ids[0] == ids[1] && !self.nodes.knows(&ids[0]) {
            let line = "nodeidx_htable_add: Assertion `!nodeidx_htable_getmatch_(ht, k, h, v, \
                        &i)' failed.";
            let trouble = Trouble::new(Check::SameNode, source, line).deadly();
            return Err(self.deadly(trouble));
        }
        let unaskable = if len > 0 { self.unaskable(next, at) } else { None };
        let (private, bad) = (len == 0, unaskable.is_some());
        if self.add(scid, off, &ids, (private, bad)) && bad {
            self.unaskable.0 += 1;
            self.unaskable.1 = self.unaskable.1.or(unaskable);
        }
        Ok(())
    }

    /// Looks where the amount ought to stand, whatever stands there.
    fn unaskable(&self, next: u64, at: u64) -> Option<Unaskable> {
        let source = self.window.source(at);
        let amount = self.window.get(next + HDR, 10).unwrap_or_default();
        if be16(amount, 0) != Some(4101) {
            return Some(Unaskable { source, satoshis: None });
        }
        let satoshis = amount.get(2..)?.first_chunk::<8>().copied().map(u64::from_be_bytes);
        // Thousandths of it must fit into 64 bits.
        let satoshis = satoshis.filter(|satoshis| satoshis.checked_mul(1_000).is_none())?;
        Some(Unaskable { source, satoshis: Some(satoshis) })
    }

    fn add(
        &mut self,
        scid: u64,
        announced: u64,
        ids: &[[u8; 33]; 2],
        (private, unaskable): (bool, bool),
    ) -> bool {
        let room = self.channels.len() < self.limits.channels as usize;
        let nodes = if room { self.nodes.join(ids.each_ref()) } else { None };
        let Some(nodes) = nodes else {
            self.limited = true;
            return false;
        };
        self.channels.insert(scid, Channel { announced, nodes, halves: 0, unaskable, private });
        true
    }

    pub(super) fn remove(&mut self, scid: u64) {
        let Some(channel) = self.channels.remove(&scid) else { return };
        self.updates -= u64::from(channel.halves.count_ones());
        self.unaskable.0 -= u64::from(channel.unaskable);
        self.nodes.part(channel.nodes);
    }

    pub(super) fn update(&mut self, off: u64, source: u64) -> Result<(), Trouble> {
        // In upstream's order, which decides what the failed assertion says.
        let (minimum, maximum) = (off + 114, off + 130);
        if self.rules.whole_updates {
            self.be64(minimum, source)?;
            self.be64(maximum, source)?;
        }
        let scid = self.be64(off + 98, source)?;
        if !self.channels.contains_key(&scid) {
            // What a limit kept out may well be announced.
            if !self.rules.orphan_exits || self.limited {
                return Ok(());
            }
            let line = format!("update for channel {} not found!", ShortChannelId(scid));
            let trouble = Trouble::new(Check::Update, source, line).deadly();
            return Err(self.deadly(trouble));
        }
        self.be64(minimum, source)?;
        if !self.rules.maximum_by_flag || self.bytes(off + 110, 1, source)?[0] & 1 != 0 {
            self.be64(maximum, source)?;
        }
        let channel_flags = self.bytes(off + 111, 1, source)?[0];
        self.be64(off + 122, source)?;
        if let Some(channel) = self.channels.get_mut(&scid) {
            let half = 1 << (channel_flags & 1);
            self.updates += u64::from(channel.halves & half == 0);
            channel.halves |= half;
        }
        Ok(())
    }

    pub(super) fn node(&mut self, off: u64, source: u64) -> Result<(), Trouble> {
        let features = self.be16(off + 66, source)?;
        self.id(off + 68 + u64::from(features) + 4, source)?;
        Ok(())
    }

    /// The marker of a file that was replaced: upstream opens the file anew, which is this one.
    pub(super) fn ended(&mut self, off: u64, next: u64, source: u64) -> Result<(), Trouble> {
        let to = self.be64(off + 2, source)?;
        if self.rules.ended != Ended::Restarts {
            self.jump = Some((self.end, to));
            let further = if self.rules.ended == Ended::JumpsOn { next - self.end } else { 0 };
            self.end = to.saturating_add(further);
            return Err(Trouble::silent(Check::Ended, source));
        }
        let exits = |line: &str| Trouble::new(Check::Ended, source, line).deadly();
        let version = Version(self.window.version().unwrap_or(0));
        let named = self.bytes(off + 10, 32, source)?.to_vec();
        let trouble = match self.window.uuid() {
            _ if version.minor() < 16 => exits(&format!("Bad gossip_store version {version}")),
            Some((4107, uuid)) if uuid == named => {
                exits(&format!("Reopened gossip_store, reduced to offset {to}"))
            }
            Some((4107, _)) => exits("Reopened gossip_store, but we missed some (<hex> vs <hex>)"),
            _ => exits("First gossip_store record is not uuid?"),
        };
        Err(self.deadly(trouble))
    }
}
