//! The records that only a gossip_store has, and the private channels that it had until
//! version 12.

use super::Store;
use crate::fake::{self, Key, Signature, key};
use crate::wire::{self, Direction, Scid};

impl Store {
    /// A delete_chan tombstone: 4103 from version 8, 4099 up to 4.
    ///
    /// # Panics
    /// In versions 5 to 7, which had none.
    pub fn delete_chan(self, scid: impl Into<Scid>) -> Store {
        let body = match self.version {
            0..=4 => wire::v3_channel_delete(scid.into()),
            5..=7 => panic!("version {} has no tombstones", self.version),
            _ => wire::delete_chan(scid.into()),
        };
        self.internal(&body)
    }

    /// A chan_dying record (4106, from version 11). The DYING flags are [`Store::mark_channel`]'s.
    pub fn dying(self, scid: impl Into<Scid>, height: u32) -> Store {
        assert!(self.version >= 11, "version {} has no 4106", self.version);
        self.internal(&wire::chan_dying(scid.into(), height))
    }

    /// An ended record (4105, from version 9) that points into the store that replaced this one;
    /// from version 16 with that store's uuid.
    pub fn ended(self, equivalent_offset: u64) -> Store {
        assert!(self.version >= 9, "version {} has no 4105", self.version);
        let uuid = (self.version >= 16).then(|| fake::uuid(1));
        self.internal(&wire::ended(equivalent_offset, uuid))
    }

    /// A uuid record (4107, from version 16).
    pub fn uuid(self, uuid: [u8; 32]) -> Store {
        assert!(self.version >= 16, "version {} has no 4107", self.version);
        self.internal(&wire::uuid(uuid))
    }

    /// A channel of our own that is not announced: 3503 in a 4100 (versions 2 and 3), 3503 (4 to
    /// 7; 8 with features) or 4104 (9 to 12).
    ///
    /// `ours` and `theirs` number the nodes.
    ///
    /// # Panics
    /// From version 13, which dropped private channels.
    pub fn private_channel(
        self,
        scid: impl Into<Scid>,
        ours: u32,
        theirs: u32,
        satoshis: u64,
    ) -> Store {
        let scid = scid.into();
        match self.version {
            0..=8 => self.local_add(scid, key(theirs), satoshis),
            9..=12 => {
                let announcement = self.announcement_of_chain(scid, fake::nodes(ours, theirs));
                let message = announcement.signed(Signature::Zero).encode();
                self.internal(&wire::private_channel(satoshis, &message))
            }
            _ => panic!("version {} has no private channels", self.version),
        }
    }

    /// A local_add_channel (3503; inside a 4100 in versions 2 and 3).
    ///
    /// # Panics
    /// From version 9, where [`Store::private_channel`] took its place.
    pub fn local_add(self, scid: impl Into<Scid>, peer: Key, satoshis: u64) -> Store {
        let features = (self.version == 8).then_some(&[0x02, 0xaa, 0xa2][..]);
        let message = wire::local_add_channel(scid.into(), peer, satoshis, features);
        match self.version {
            0..=3 => self.internal(&wire::wrapped(4100, &message)),
            4..=8 => self.internal(&message),
            _ => panic!("version {} has no 3503", self.version),
        }
    }

    /// An update of a private channel: 4102 from version 5 to 12, and before that a
    /// [`Store::update`] like any other.
    ///
    /// # Panics
    /// From version 13, which dropped private channels.
    pub fn private_update(
        self,
        scid: impl Into<Scid>,
        direction: Direction,
        timestamp: u32,
    ) -> Store {
        let mut update = self.update_of_version(scid.into(), direction, timestamp);
        match self.version {
            0..=4 => self.update_with(update),
            5..=12 => {
                update.signature = self.sign(update.signature);
                self.internal(&wire::wrapped(4102, &update.encode()))
            }
            _ => panic!("version {} has no private updates", self.version),
        }
    }

    /// A call that writes one record whose header has no timestamp.
    fn internal(mut self, body: &[u8]) -> Store {
        self.begin();
        self.write(0, body);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::T0;

    fn private(version: u8) -> Vec<(u16, usize)> {
        let store = Store::bare(version)
            .private_channel("103x1x0", 1, 2, 1_000_000)
            .private_update("103x1x0", Direction::One, T0)
            .build();
        store.records.iter().map(|span| (span.record_type, span.body().len())).collect()
    }

    #[test]
    fn private_channels_as_each_version_keeps_them() {
        assert_eq!(private(2), [(4100, 55), (4097, 134)]);
        assert_eq!(private(3), private(2));
        assert_eq!(private(4), [(3503, 51), (258, 130)]);
        assert_eq!(private(5), [(3503, 51), (4102, 134)]);
        assert_eq!(private(7), private(5));
        assert_eq!(private(8), [(3503, 56), (4102, 134)]);
        assert_eq!(private(9), [(4104, 444), (4102, 134)]);
        assert_eq!(private(12), [(4104, 444), (4102, 142)]);
    }

    #[test]
    #[should_panic(expected = "version 13 has no private channels")]
    fn version_thirteen_has_none() {
        let _ = private(13);
    }

    #[test]
    fn ended_gains_a_uuid_with_version_sixteen() {
        let len = |version| Store::new(version).ended(1).build().last().body().len();
        assert_eq!((len(9), len(15), len(16)), (10, 10, 42));
    }
}
