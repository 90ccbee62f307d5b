//! What `gossip_store_load` says to a store while it is being written: repair asks, so that it writes
//! nothing that makes those who write that version throw the store away (versions 9 to 13).

use super::releases::Release;
use super::routing::Tables;
use super::rules::Load;
use crate::gossip::format::{Flags, Version};
use crate::gossip::network::Limits;
use crate::gossip::wire::ChannelAmount;

/// The routing tables of the newest release that writes a version.
#[derive(Debug)]
pub(in crate::gossip) struct Gate {
    tables: Tables,
    version: Version,
}

impl Gate {
    /// None where no message of a store of this version is judged by what came before.
    pub(in crate::gossip) fn of(version: Version, limits: Limits, seed: u64) -> Option<Gate> {
        match Release::writing(version.0)?.rules.load {
            Load::Routing(habits) => {
                Some(Gate { tables: Tables::new(habits, limits, seed), version })
            }
            _ => None,
        }
    }

    /// Whether this record may come next; if so, it has.
    pub(in crate::gossip) fn admits(&mut self, flags: Flags, body: &[u8]) -> bool {
        self.tables.take(self.version, flags, body, (0, 0)).is_ok()
    }

    /// The same of an announcement and its amount.
    pub(in crate::gossip) fn admits_channel(&mut self, body: &[u8], satoshis: u64) -> bool {
        let amount = ChannelAmount { satoshis }.to_body();
        let flags = Flags::default();
        // Both, so that no announcement is left waiting.
        let announced = self.admits(flags, body);
        self.admits(flags, &amount) && announced
    }

    /// Whether it would know any channel.
    pub(in crate::gossip) fn knows_any(&self) -> bool {
        self.tables.counts()[0] > 0
    }

    /// The channels that no update has made known: at the end of the file none may be left.
    pub(in crate::gossip) fn unupdated(&self) -> impl Iterator<Item = u64> {
        self.tables.unupdated()
    }
}
