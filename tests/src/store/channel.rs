//! Channels: their announcement and amount, their updates, and their end.

use super::Store;
use crate::crc;
use crate::fake::Key;
use crate::flags::DELETED;
use crate::wire::{self, Announcement, Direction, Scid, Update};

impl Store {
    /// A channel_announcement (256) and its channel_amount (4101); in versions 2 and 3 a 4096
    /// that holds both.
    pub fn announce(self, scid: impl Into<Scid>, nodes: [Key; 2], satoshis: u64) -> Store {
        let announcement = self.announcement_of_chain(scid.into(), nodes);
        self.announce_with(announcement, satoshis)
    }

    /// [`Store::announce`] with a message of one's own.
    pub fn announce_with(mut self, announcement: Announcement, satoshis: u64) -> Store {
        let scid = announcement.scid;
        let message = self.encode_announcement(announcement);
        self.begin();
        if self.version <= 3 {
            let body = wire::v3_channel_announcement(&message, satoshis);
            self.write_of_channel(scid, 0, &body);
        } else {
            self.write_of_channel(scid, 0, &message);
            self.write_of_channel(scid, 0, &wire::channel_amount(satoshis));
        }
        self
    }

    /// A channel_announcement (256) with no amount behind it (from version 4).
    pub fn announcement(mut self, scid: impl Into<Scid>, nodes: [Key; 2]) -> Store {
        assert!(self.version >= 4, "4096 of version {} holds the amount", self.version);
        let announcement = self.announcement_of_chain(scid.into(), nodes);
        let scid = announcement.scid;
        let message = self.encode_announcement(announcement);
        self.begin();
        self.write_of_channel(scid, 0, &message);
        self
    }

    /// A channel_amount (4101, from version 4), whatever stands before it.
    pub fn amount(mut self, satoshis: u64) -> Store {
        assert!(self.version >= 4, "version {} has no 4101", self.version);
        self.begin();
        self.write(0, &wire::channel_amount(satoshis));
        self
    }

    /// A channel_update: 258, of 130 bytes before version 11 and of 138 from then on; 4097 in
    /// versions 2 and 3. As upstream does, the channel's first update gives its timestamp to the
    /// header of the announcement.
    pub fn update(self, scid: impl Into<Scid>, direction: Direction, timestamp: u32) -> Store {
        let update = self.update_of_version(scid.into(), direction, timestamp);
        self.update_with(update)
    }

    /// [`Store::update`] with a message of one's own.
    pub fn update_with(mut self, mut update: Update) -> Store {
        update.signature = self.sign(update.signature);
        let message = update.encode();
        self.begin();
        let index = match self.version {
            0..=3 => self.write_of_channel(update.scid, 0, &wire::wrapped(4097, &message)),
            _ => self.write_of_channel(update.scid, update.timestamp, &message),
        };
        self.updates.insert((update.scid.0, update.direction()), index);
        if self.version >= 5 {
            self.stamp_announcement(update.scid, update.timestamp);
        }
        self
    }

    /// A newer channel_update: the newest one of that direction so far becomes DELETED, after
    /// the new one is written.
    pub fn replace_update(
        self,
        scid: impl Into<Scid>,
        direction: Direction,
        timestamp: u32,
    ) -> Store {
        let update = self.update_of_version(scid.into(), direction, timestamp);
        self.replace_update_with(update)
    }

    /// [`Store::replace_update`] with a message of one's own.
    pub fn replace_update_with(mut self, update: Update) -> Store {
        let old = self.updates.get(&(update.scid.0, update.direction())).copied();
        self = self.update_with(update);
        if let Some(old) = old {
            self.set_flags(old, DELETED);
        }
        self
    }

    /// Sets these flags, beside those that are there, on every 256 and 258 of the channel: how
    /// DYING, ZOMBIE and PUSH are set.
    pub fn mark_channel(mut self, scid: impl Into<Scid>, flags: u16) -> Store {
        for index in self.of_channel(scid.into()) {
            if self.records[index].record_type != 4101 {
                self.set_flags(index, flags);
            }
        }
        self
    }

    /// The end of a channel as upstream writes it: the tombstone first, where the version has
    /// one (4099 up to version 4, 4103 from 8), then DELETED on all its records.
    pub fn close(mut self, scid: impl Into<Scid>) -> Store {
        let scid = scid.into();
        if !(5..=7).contains(&self.version) {
            self = self.delete_chan(scid);
        }
        if self.version >= 5 {
            for index in self.of_channel(scid) {
                self.set_flags(index, DELETED);
            }
        }
        self
    }

    /// The update that a release of this version writes.
    pub(super) fn update_of_version(
        &self,
        scid: Scid,
        direction: Direction,
        timestamp: u32,
    ) -> Update {
        let update = Update { chain: self.chain, ..Update::new(scid, direction, timestamp) };
        if self.version >= 11 { update.htlc_maximum(1_000_000_000) } else { update }
    }

    pub(super) fn announcement_of_chain(&self, scid: Scid, nodes: [Key; 2]) -> Announcement {
        Announcement { chain: self.chain, ..Announcement::new(scid, nodes) }
    }

    pub(super) fn encode_announcement(&self, mut announcement: Announcement) -> Vec<u8> {
        announcement.signatures = announcement.signatures.map(|signature| self.sign(signature));
        announcement.encode()
    }

    fn write_of_channel(&mut self, scid: Scid, timestamp: u32, body: &[u8]) -> usize {
        let index = self.write(timestamp, body);
        self.channels.entry(scid.0).or_default().push(index);
        index
    }

    fn of_channel(&self, scid: Scid) -> Vec<usize> {
        self.channels.get(&scid.0).cloned().unwrap_or_default()
    }

    /// Upstream's gossip_store_set_timestamp: header and CRC of the channel's newest announcement,
    /// if no update came since it.
    fn stamp_announcement(&mut self, scid: Scid, timestamp: u32) {
        let of_channel = self.channels.get(&scid.0).into_iter().flatten().rev();
        let Some(span) =
            of_channel.map(|index| self.records[*index]).find(|span| span.record_type == 256)
        else {
            return;
        };
        let stamp = span.offset + 8..span.offset + 12;
        if self.bytes[stamp.clone()] == [0; 4] {
            let crc = crc(self.version, timestamp, &self.bytes[span.body()]);
            self.bytes[stamp].copy_from_slice(&timestamp.to_be_bytes());
            self.bytes[span.offset + 4..span.offset + 8].copy_from_slice(&crc.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::T0;
    use crate::fake::nodes;
    use crate::flags::DYING;
    use crate::walk::walk;

    fn channel(version: u8) -> Store {
        Store::bare(version)
            .announce("103x1x0", nodes(1, 2), 1_000_000)
            .update("103x1x0", Direction::One, T0)
            .update("103x1x0", Direction::Two, T0 + 5)
    }

    #[test]
    fn a_channel_in_every_version() {
        for version in 2..=16 {
            let built = channel(version).build();
            let records = walk(&built.bytes).expect("a whole chain");
            assert!(records.iter().all(|record| record.crc_ok), "version {version}");
            let seen: Vec<_> =
                records.iter().map(|r| (r.record_type, r.body.len(), r.timestamp)).collect();
            let expected = match version {
                2 | 3 => vec![(4096, 444, 0), (4097, 134, 0), (4097, 134, 0)],
                4 => vec![(256, 432, 0), (4101, 10, 0), (258, 130, 0), (258, 130, 0)],
                5..=10 => vec![(256, 432, T0), (4101, 10, 0), (258, 130, T0), (258, 130, T0 + 5)],
                _ => vec![(256, 432, T0), (4101, 10, 0), (258, 138, T0), (258, 138, T0 + 5)],
            };
            assert_eq!(seen, expected, "version {version}");
        }
    }

    #[test]
    fn each_announcement_takes_the_timestamp_of_its_own_first_update() {
        let store = channel(14)
            .announce("103x1x0", nodes(1, 2), 1_000_000)
            .update("103x1x0", Direction::One, T0 + 9)
            .build();
        let records = walk(&store.bytes).unwrap();
        let stamps: Vec<u32> =
            records.iter().filter(|r| r.record_type == 256).map(|r| r.timestamp).collect();
        assert_eq!(stamps, [T0, T0 + 9]);
    }

    #[test]
    fn a_closed_channel_is_dead_and_its_tombstone_is_not() {
        let flags = |version| {
            let store = channel(version).close("103x1x0").build();
            let flags = store.records.iter().map(|span| store.flags(*span));
            (store.types(), flags.collect::<Vec<u16>>())
        };
        let of_v16 =
            (vec![256, 4101, 258, 258, 4103], vec![0xa000, 0xa000, 0xa000, 0xa000, 0x2000]);
        assert_eq!(flags(16), of_v16);
        assert_eq!(flags(7), (vec![256, 4101, 258, 258], vec![0x8000; 4]));
        assert_eq!(flags(3), (vec![4096, 4097, 4097, 4099], vec![0; 4]));
    }

    #[test]
    fn a_replaced_update_is_dead_and_its_opposite_is_not() {
        let store = channel(12).replace_update("103x1x0", Direction::Two, T0 + 60).build();
        let flags: Vec<u16> = store.of_type(258).map(|span| store.flags(span)).collect();
        assert_eq!(flags, [0, 0x8000, 0]);
    }

    #[test]
    fn a_mark_spares_the_amount() {
        let store = channel(14).mark_channel("103x1x0", DYING).build();
        let flags: Vec<u16> = store.records.iter().map(|span| store.flags(*span)).collect();
        assert_eq!(flags, [DYING, 0, DYING, DYING]);
    }
}
