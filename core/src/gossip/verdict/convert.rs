//! Rewriting a store: `gossip_store_compact_offline`, `gossip_store_compact`,
//! `gossip_store_upgrade`. What is dead is left out, older records are brought to the new version,
//! and some releases look at what they copy.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use super::frames::Frame;
use super::outcome::{Check, Trouble};
use super::releases::Release;
use super::routing::read;
use super::rules::OldUpdates;
use crate::finding::Values;
use crate::gossip::crc;
use crate::gossip::format::Flags;

#[cfg(test)]
mod tests;

/// Copies record by record.
#[derive(Debug)]
pub(super) struct Converter {
    release: &'static Release,
    from: u8,
    /// A `channel_announcement` was copied whose amount has not come yet.
    waits_for_amount: bool,
    last: u64,
    pub(super) dropped: Dropped,
}

/// What was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dropped {
    pub(super) deleted: u64,
    pub(super) tombstones: u64,
    pub(super) private: u64,
    pub(super) zombies: u64,
    pub(super) old_updates: u64,
}

impl Dropped {
    pub(super) fn is_nothing(self) -> bool {
        self == Dropped::default()
    }

    /// As figures, those that are not 0.
    pub(super) fn figures(self, values: Values) -> Values {
        let some = |count: u64| (count > 0).then_some(count);
        values
            .with_some("deleted", some(self.deleted))
            .with_some("tombstones", some(self.tombstones))
            .with_some("private", some(self.private))
            .with_some("zombies", some(self.zombies))
            .with_some("old_updates", some(self.old_updates))
    }
}

/// A record as it is written anew.
#[derive(Debug)]
pub(super) struct Copied<'a> {
    pub(super) flags: Flags,
    pub(super) crc: u32,
    pub(super) timestamp: u32,
    pub(super) body: Cow<'a, [u8]>,
}

impl Copied<'_> {
    /// Header and body.
    pub(super) fn header(&self) -> [u8; 12] {
        let mut header = [0; 12];
        header[0..2].copy_from_slice(&self.flags.0.to_be_bytes());
        // A body is never longer: giants are not copied.
        header[2..4].copy_from_slice(&be16_len(&self.body));
        header[4..8].copy_from_slice(&self.crc.to_be_bytes());
        header[8..12].copy_from_slice(&self.timestamp.to_be_bytes());
        header
    }
}

impl Converter {
    pub(super) fn new(release: &'static Release, from: u8) -> Converter {
        Converter { release, from, waits_for_amount: false, last: 1, dropped: Dropped::default() }
    }

    /// The record as it is written, `None` if it is left out; an error ends the rewriting.
    pub(super) fn take<'a>(&mut self, frame: &Frame<'a>) -> Result<Option<Copied<'a>>, Trouble> {
        let rules = self.release.rules.rewriting;
        self.last = frame.at;
        if frame.flags.is_deleted() {
            self.dropped.deleted += 1;
            return Ok(None);
        }
        if rules.checksum && frame.crc != frame.sum {
            let (stored, sum) = (frame.crc, frame.sum);
            let bad = format!("checksum verification failed? {stored:08x} should be {sum:08x}");
            return Err(Trouble::new(Check::Checksum, frame.at, bad));
        }
        let kind = frame.kind();
        let mut copied = Copied {
            flags: frame.flags,
            crc: frame.crc,
            timestamp: frame.timestamp,
            body: Cow::Borrowed(frame.body),
        };
        if self.from != self.release.writes && !self.upgrade(kind, &mut copied, frame)? {
            return Ok(None);
        }
        let kind = crate::gossip::format::be16(&copied.body, 0);
        if rules.drops_tombstones && kind == Some(4103) {
            self.dropped.tombstones += 1;
            return Ok(None);
        }
        if rules.uuid && kind == Some(4107) {
            return Ok(None);
        }
        self.look(kind, &copied, frame.at)?;
        Ok(Some(copied))
    }

    /// What stood at the end of the file and ought not to.
    pub(super) fn finish(&self) -> Result<(), Trouble> {
        if self.release.rules.rewriting.wants_amounts && self.waits_for_amount {
            let bad = "channel_announcement without amount";
            return Err(Trouble::new(Check::Amount, self.last, bad));
        }
        Ok(())
    }

    /// `upgrade_field`: `false` drops the record.
    fn upgrade(
        &mut self,
        kind: Option<u16>,
        copied: &mut Copied<'_>,
        frame: &Frame<'_>,
    ) -> Result<bool, Trouble> {
        let (from, rules) = (self.from, &self.release.rules);
        let old_update = kind == Some(258) && frame.len == 130;
        let drops_old = match rules.old_updates {
            OldUpdates::Kept => false,
            OldUpdates::DroppedFromTen => from == 10,
            OldUpdates::DroppedUpToTen => from <= 10,
        };
        // From v24.02 on nothing private and no zombie is kept.
        let public_only = rules.old_updates == OldUpdates::DroppedUpToTen;
        let counter = if old_update && drops_old {
            &mut self.dropped.old_updates
        } else if public_only && from <= 12 && matches!(kind, Some(4102 | 4104)) {
            &mut self.dropped.private
        } else if public_only && from <= 13 && frame.flags.contains(Flags::ZOMBIE) {
            &mut self.dropped.zombies
        } else {
            self.rewrite(kind, copied, frame)?;
            return Ok(true);
        };
        *counter += 1;
        Ok(false)
    }

    fn rewrite(
        &self,
        kind: Option<u16>,
        copied: &mut Copied<'_>,
        frame: &Frame<'_>,
    ) -> Result<(), Trouble> {
        let rules = &self.release.rules;
        if kind == Some(3503) && self.from <= 8 {
            let body = self.local_channel(frame)?;
            copied.body = Cow::Owned(body);
        }
        // To v22.11 the new length was written over the flags.
        if self.release.writes <= 11 {
            copied.flags = Flags(0);
        }
        if rules.rewriting.completes && self.from <= 14 {
            copied.flags.0 |= Flags::COMPLETED.0;
        }
        copied.crc = crc::crc32c(frame.timestamp, &copied.body);
        Ok(())
    }

    /// A 3503 gets (empty) features with version 8, and becomes a 4104 with version 9. The node
    /// whose store this is is not in it; zeros stand for its id.
    fn local_channel(&self, frame: &Frame<'_>) -> Result<Vec<u8>, Trouble> {
        let mut body = frame.body.to_vec();
        if self.from == 7 {
            body.extend([0, 0]);
        }
        if self.release.writes == 8 {
            return Ok(body);
        }
        let Some(local) = read::local_channel(&body, true) else {
            return Err(Trouble::silent(Check::Private, frame.at));
        };
        let features = local.features;
        let mut announcement = Vec::from([1, 0]);
        announcement.extend([0; 256]);
        announcement.extend(be16_len(features));
        announcement.extend(features);
        announcement.extend([0; 32]);
        announcement.extend(local.scid.to_be_bytes());
        announcement.extend([0; 33]);
        announcement.extend(local.remote);
        announcement.extend([2; 66]);
        let mut out = Vec::from(4104u16.to_be_bytes());
        out.extend(local.satoshis.to_be_bytes());
        out.extend(be16_len(&announcement));
        out.extend(announcement);
        Ok(out)
    }

    /// What v24.02 to v25.12 look at while they copy.
    fn look(&mut self, kind: Option<u16>, copied: &Copied<'_>, at: u64) -> Result<(), Trouble> {
        let rules = self.release.rules.rewriting;
        match kind {
            Some(256) => {
                if rules.wants_amounts && self.waits_for_amount {
                    let bad = "channel_announcement without amount";
                    return Err(Trouble::new(Check::Amount, at, bad));
                }
                self.waits_for_amount = true;
            }
            Some(4101) => self.waits_for_amount = false,
            Some(4106) if rules.parses_dying && copied.body.len() < 14 => {
                return Err(Trouble::new(Check::Dying, at, "Bad gossip_store_chan_dying"));
            }
            Some(257 | 258 | 4106) => {}
            _ if rules.known_types_only => {
                return Err(Trouble::new(Check::Type, at, "Unknown message"));
            }
            _ => {}
        }
        Ok(())
    }
}

/// The length of bytes that stood in a record, so that it fits.
fn be16_len(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes()
}
