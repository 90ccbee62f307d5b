//! Every release line of lightningd from v0.6.2 on: which version it writes, which it upgrades,
//! and what it does with a store. The only table of these facts.
//!
//! Sources: Core Lightning (github.com/ElementsProject/lightning) at the commit of each row's
//! tag: `gossipd/gossip_store.c` for all of them; `gossipd/routing.c` to v23.11; `common/gossmap.c`
//! from v0.9.1; `gossipd/gossmap_manage.c` from v24.02; for sending `common/gossip_store.c` to
//! v22.11, then `connectd/gossip_store.c`, and `connectd/multiplex.c` from v24.08, from where on
//! nothing calls `gossip_store_next` any more, though it still stands in the source.

use crate::gossip::format::{Flags, Version};

use super::rules::{
    Corrupt, Duplicate, Ended, Gossmap, Load, NodeTlvs, OldUpdates, OtherVersion, Reads, Rewrite,
    Rewriting, Routing, Rules, Sender,
};

/// One row: releases that do the same with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// The first release of the line, as its tag is called.
    pub name: &'static str,
    /// The last one that does the same.
    pub last: &'static str,
    /// The commit of the first one's tag, abbreviated.
    pub commit: &'static str,
    /// The version it writes.
    pub writes: u8,
    /// The versions it upgrades, first and last.
    pub upgrades: Option<(u8, u8)>,
    /// What it does.
    pub rules: Rules,
    /// Upstream's files that say so.
    pub sources: &'static [&'static str],
}

const STORE: &str = "gossipd/gossip_store.c";
const ROUTING: &str = "gossipd/routing.c";
const MANAGE: &str = "gossipd/gossmap_manage.c";
const MAP: &str = "common/gossmap.c";
const COMMON: &str = "common/gossip_store.c";
const CONNECTD: &str = "connectd/gossip_store.c";
const MULTIPLEX: &str = "connectd/multiplex.c";

const V0_6_2: Rules = Rules {
    len_mask: 0xffff_ffff,
    rewriting: Rewriting {
        when: Rewrite::Never,
        checksum: false,
        drops_tombstones: false,
        known_types_only: false,
        wants_amounts: false,
        parses_dying: false,
        completes: false,
        uuid: false,
    },
    old_updates: OldUpdates::Kept,
    load: Load::Wrapped,
    other_version: OtherVersion::Truncated,
    corrupt: Corrupt::Truncated,
    gossmap: None,
    sender: Sender::Memory,
};

const ROUTING_V0_7_1: Routing = Routing {
    tombstones: false,
    local_channels: true,
    local_features: false,
    private_channels: false,
    names_private: false,
    spam: false,
    of_2022: false,
    zombies: false,
    node_tlvs: NodeTlvs::Unread,
    lenient_nodes: false,
};
const V0_7_1: Rules = Rules {
    len_mask: 0x7fff_ffff,
    rewriting: Rewriting { when: Rewrite::Offline, ..V0_6_2.rewriting },
    load: Load::Routing(ROUTING_V0_7_1),
    corrupt: Corrupt::MovedAside,
    sender: Sender::Channeld,
    ..V0_6_2
};
const V0_8_0: Rules =
    Rules { len_mask: 0x3fff_ffff, other_version: OtherVersion::TruncatedWithHole, ..V0_7_1 };

const ROUTING_V0_9_0: Routing = Routing { local_features: true, ..ROUTING_V0_7_1 };
const V0_9_0: Rules = Rules { load: Load::Routing(ROUTING_V0_9_0), ..V0_8_0 };

const MAP_V0_9_1: Gossmap = Gossmap {
    reads: Reads::Same,
    private: false,
    skips_zombies: false,
    duplicate: Duplicate::AddedAgain,
    orphan_exits: true,
    maximum_by_flag: true,
    ended: Ended::Unknown,
    whole_updates: false,
    waits_for_amount: false,
    capacity_asserts: false,
    checks: false,
    nodes_once: false,
    completed: false,
    dying_crashes: false,
    two_locals: false,
    knows_uuid: false,
};
const V0_9_1: Rules = Rules {
    load: Load::Routing(Routing { tombstones: true, ..ROUTING_V0_9_0 }),
    gossmap: Some(MAP_V0_9_1),
    ..V0_9_0
};

const ROUTING_V0_9_2: Routing =
    Routing { local_channels: false, private_channels: true, ..ROUTING_V0_7_1 };
const MAP_V0_9_2: Gossmap = Gossmap { private: true, ..MAP_V0_9_1 };
const V0_9_2: Rules = Rules {
    rewriting: Rewriting { drops_tombstones: true, ..V0_7_1.rewriting },
    load: Load::Routing(ROUTING_V0_9_2),
    gossmap: Some(MAP_V0_9_2),
    ..V0_9_1
};
const V0_10_0: Rules = Rules { other_version: OtherVersion::Truncated, ..V0_9_2 };
const MAP_V0_10_1: Gossmap = Gossmap { ended: Ended::JumpsOn, ..MAP_V0_9_2 };
const V0_10_1: Rules = Rules {
    load: Load::Routing(Routing { node_tlvs: NodeTlvs::Parsed, ..ROUTING_V0_9_2 }),
    gossmap: Some(MAP_V0_10_1),
    ..V0_10_0
};
const ROUTING_V0_11_0: Routing =
    Routing { names_private: true, node_tlvs: NodeTlvs::Checked, ..ROUTING_V0_9_2 };
const MAP_V0_11_0: Gossmap = Gossmap { orphan_exits: false, ..MAP_V0_10_1 };
const V0_11_0: Rules = Rules {
    load: Load::Routing(ROUTING_V0_11_0),
    gossmap: Some(MAP_V0_11_0),
    sender: Sender::Connectd { skips_dying: false, says_start: false },
    ..V0_10_1
};
const ROUTING_V0_12_0: Routing = Routing { spam: true, ..ROUTING_V0_11_0 };
const MAP_V0_12_0: Gossmap = Gossmap { duplicate: Duplicate::ReplacesPrivate, ..MAP_V0_11_0 };
const V0_12_0: Rules = Rules {
    len_mask: 0x1fff_ffff,
    load: Load::Routing(ROUTING_V0_12_0),
    gossmap: Some(MAP_V0_12_0),
    ..V0_11_0
};
const MAP_V0_12_1: Gossmap = Gossmap { duplicate: Duplicate::Replaces, ..MAP_V0_12_0 };
const V0_12_1: Rules = Rules {
    gossmap: Some(MAP_V0_12_1),
    sender: Sender::Connectd { skips_dying: false, says_start: true },
    ..V0_12_0
};

const ROUTING_V22_11: Routing = Routing { of_2022: true, ..ROUTING_V0_12_0 };
const MAP_V22_11: Gossmap =
    Gossmap { reads: Reads::MajorZero, maximum_by_flag: false, ..MAP_V0_12_1 };
const V22_11: Rules = Rules {
    len_mask: 0xffff,
    rewriting: Rewriting { checksum: true, ..V0_9_2.rewriting },
    old_updates: OldUpdates::DroppedFromTen,
    load: Load::Routing(ROUTING_V22_11),
    gossmap: Some(MAP_V22_11),
    ..V0_12_1
};
const MAP_V23_02: Gossmap = Gossmap { skips_zombies: true, ..MAP_V22_11 };
const V23_02_1: Rules = Rules { gossmap: Some(MAP_V23_02), ..V22_11 };
const V23_02: Rules =
    Rules { load: Load::Routing(Routing { zombies: true, ..ROUTING_V22_11 }), ..V23_02_1 };
const V23_08: Rules = Rules {
    load: Load::Routing(Routing { lenient_nodes: true, ..ROUTING_V22_11 }),
    sender: Sender::Connectd { skips_dying: true, says_start: true },
    ..V23_02_1
};

const MAP_V24_02: Gossmap =
    Gossmap { private: false, skips_zombies: false, duplicate: Duplicate::Asserts, ..MAP_V22_11 };
const V24_02: Rules = Rules {
    rewriting: Rewriting {
        when: Rewrite::Always,
        known_types_only: true,
        wants_amounts: true,
        parses_dying: true,
        ..V22_11.rewriting
    },
    old_updates: OldUpdates::DroppedUpToTen,
    load: Load::Gossmap,
    other_version: OtherVersion::ReplacedThenAborts,
    corrupt: Corrupt::MovedAsideNotTruncated,
    gossmap: Some(MAP_V24_02),
    ..V23_08
};
const MAP_V24_05: Gossmap = Gossmap { duplicate: Duplicate::ReadsOn, ..MAP_V24_02 };
const V24_05: Rules = Rules { gossmap: Some(MAP_V24_05), ..V24_02 };
const MAP_V24_08: Gossmap =
    Gossmap { duplicate: Duplicate::Stops, waits_for_amount: true, ..MAP_V24_05 };
const V24_08: Rules = Rules { gossmap: Some(MAP_V24_08), sender: Sender::Gossmap, ..V24_05 };
const MAP_V24_11: Gossmap =
    Gossmap { whole_updates: true, capacity_asserts: true, two_locals: true, ..MAP_V24_08 };
const V24_11: Rules = Rules { gossmap: Some(MAP_V24_11), ..V24_08 };

const MAP_V25_02: Gossmap = Gossmap {
    duplicate: Duplicate::FailsStrict,
    ended: Ended::Jumps,
    checks: true,
    nodes_once: true,
    ..MAP_V24_11
};
const V25_02: Rules = Rules {
    rewriting: Rewriting { known_types_only: false, wants_amounts: false, ..V24_02.rewriting },
    load: Load::StrictGossmap,
    corrupt: Corrupt::MovedAside,
    gossmap: Some(MAP_V25_02),
    ..V24_11
};
const MAP_V25_09_1: Gossmap = Gossmap { completed: true, ended: Ended::Rereads, ..MAP_V25_02 };
const V25_09_1: Rules = Rules {
    rewriting: Rewriting { completes: true, ..V25_02.rewriting },
    gossmap: Some(MAP_V25_09_1),
    ..V25_02
};
const MAP_V26_04: Gossmap =
    Gossmap { ended: Ended::Restarts, dying_crashes: true, knows_uuid: true, ..MAP_V25_09_1 };
const V26_04: Rules = Rules {
    rewriting: Rewriting {
        when: Rewrite::ForUpgrade,
        parses_dying: false,
        uuid: true,
        ..V25_09_1.rewriting
    },
    other_version: OtherVersion::MovedAside,
    gossmap: Some(MAP_V26_04),
    ..V25_09_1
};

macro_rules! releases {
    ($($name:literal ..= $last:literal, $commit:literal, $writes:literal <- $upgrades:expr, $rules:expr, [$($source:expr),*];)*) => {
        /// Every release line, oldest first.
        pub const RELEASES: &[Release] = &[$(Release {
            name: $name,
            last: $last,
            commit: $commit,
            writes: $writes,
            upgrades: $upgrades,
            rules: $rules,
            sources: &[$($source),*],
        }),*];
    };
}

releases! {
    "v0.6.2" ..= "v0.6.3", "608b1a236", 3 <- None, V0_6_2, [STORE, ROUTING];
    "v0.7.0" ..= "v0.7.0", "4a11bc07f", 3 <- None, V0_6_2, [STORE, ROUTING];
    "v0.7.1" ..= "v0.7.3", "43d549261", 7 <- None, V0_7_1, [STORE, ROUTING, COMMON];
    "v0.8.0" ..= "v0.8.2.1", "c15169b46", 7 <- None, V0_8_0, [STORE, ROUTING, COMMON];
    "v0.9.0" ..= "v0.9.0.1", "af4eec7b6", 8 <- Some((7, 7)), V0_9_0, [STORE, ROUTING, COMMON];
    "v0.9.1" ..= "v0.9.1", "817a7533d", 8 <- Some((7, 7)), V0_9_1, [STORE, ROUTING, MAP, COMMON];
    "v0.9.2" ..= "v0.9.3", "66b2bb9a9", 9 <- Some((7, 8)), V0_9_2, [STORE, ROUTING, MAP, COMMON];
    "v0.10.0" ..= "v0.10.0", "5ffc51613", 9 <- Some((7, 8)), V0_10_0, [STORE, ROUTING, MAP, COMMON];
    "v0.10.1" ..= "v0.10.2", "f935107d0", 9 <- Some((7, 8)), V0_10_1, [STORE, ROUTING, MAP, COMMON];
    "v0.11.0" ..= "v0.11.2", "27352d0a7", 9 <- Some((7, 8)), V0_11_0, [STORE, ROUTING, MAP, COMMON];
    "v0.12.0" ..= "v0.12.0", "3ce26735e", 10 <- Some((7, 9)), V0_12_0, [STORE, ROUTING, MAP, COMMON];
    "v0.12.1" ..= "v0.12.1", "fda3904d8", 10 <- Some((7, 9)), V0_12_1, [STORE, ROUTING, MAP, COMMON];
    "v22.11" ..= "v22.11.1", "280b49a67", 11 <- Some((9, 10)), V22_11, [STORE, ROUTING, MAP, COMMON];
    "v23.02" ..= "v23.02", "8c3baa98c", 12 <- Some((9, 10)), V23_02, [STORE, ROUTING, MAP, CONNECTD];
    "v23.02.1" ..= "v23.02.2", "be8ed8c7f", 12 <- Some((9, 10)), V23_02_1, [STORE, ROUTING, MAP, CONNECTD];
    "v23.05" ..= "v23.05.2", "d1cf88c62", 12 <- Some((9, 10)), V23_02_1, [STORE, ROUTING, MAP, CONNECTD];
    "v23.08" ..= "v23.08.1", "98ad46795", 12 <- Some((9, 11)), V23_08, [STORE, ROUTING, MAP, CONNECTD];
    "v23.11" ..= "v23.11.2", "5887be000", 12 <- Some((9, 11)), V23_08, [STORE, ROUTING, MAP, CONNECTD];
    "v24.02" ..= "v24.02.2", "8418989f9", 14 <- Some((9, 13)), V24_02, [STORE, MANAGE, MAP, CONNECTD];
    "v24.05" ..= "v24.05", "11586abf7", 14 <- Some((9, 13)), V24_05, [STORE, MANAGE, MAP, CONNECTD];
    "v24.08" ..= "v24.08.2", "5ec5580a5", 14 <- Some((9, 13)), V24_08, [STORE, MANAGE, MAP, MULTIPLEX];
    "v24.11" ..= "v24.11.2", "cb1bd82c8", 14 <- Some((9, 13)), V24_11, [STORE, MANAGE, MAP, MULTIPLEX];
    "v25.02" ..= "v25.02.2", "427c4c5ce", 14 <- Some((9, 13)), V25_02, [STORE, MANAGE, MAP, MULTIPLEX];
    "v25.05" ..= "v25.05.1", "2b8b709bf", 14 <- Some((9, 13)), V25_02, [STORE, MANAGE, MAP, MULTIPLEX];
    "v25.09" ..= "v25.09", "6a05f240d", 14 <- Some((9, 13)), V25_02, [STORE, MANAGE, MAP, MULTIPLEX];
    "v25.09.1" ..= "v25.09.3", "2ad10864b", 15 <- Some((9, 14)), V25_09_1, [STORE, MANAGE, MAP, MULTIPLEX];
    "v25.12" ..= "v25.12.1", "ed439772a", 15 <- Some((9, 14)), V25_09_1, [STORE, MANAGE, MAP, MULTIPLEX];
    "v26.04" ..= "v26.04.2", "6f9356fb9", 16 <- Some((9, 15)), V26_04, [STORE, MANAGE, MAP, MULTIPLEX];
    "v26.06" ..= "v26.06.6", "55617a524", 16 <- Some((9, 15)), V26_04, [STORE, MANAGE, MAP, MULTIPLEX];
}

impl Release {
    /// The newest line that is known.
    pub fn newest() -> &'static Release {
        // The table is not empty.
        RELEASES.last().unwrap_or(&RELEASES[0])
    }

    /// The newest line that writes this version of the store.
    pub fn writing(version: u8) -> Option<&'static Release> {
        RELEASES.iter().rev().find(|release| release.writes == version)
    }

    /// Bits of the flags that whoever writes this version of the store takes for a part of the length.
    /// From version 11 on the length has two bytes of its own.
    pub(in crate::gossip) fn flags_in_length(version: Version) -> Flags {
        let release = Release::writing(version.0).filter(|_| version.layout().has_flags());
        let mask = release.map_or(0, |release| release.rules.len_mask >> 16);
        Flags(u16::try_from(mask).unwrap_or(0))
    }

    /// The line of that name: `v25.12`, `25.12` or a later release of the same line, such as
    /// `v25.12.1`. Release candidates and other lines are not known.
    pub fn find(name: &str) -> Option<&'static Release> {
        let asked = numbers(name)?;
        let line = |release: &&Release| {
            numbers(release.name).is_some_and(|first| first[..2] == asked[..2] && first <= asked)
        };
        RELEASES.iter().rev().find(line)
    }

    /// Whether the release upgrades a store of that version.
    pub fn can_upgrade(&self, version: u8) -> bool {
        self.upgrades.is_some_and(|(first, last)| (first..=last).contains(&version))
    }
}

/// The parts of a release's number, filled up with zeros.
fn numbers(name: &str) -> Option<[u32; 4]> {
    let name = name.strip_prefix('v').unwrap_or(name);
    let mut numbers = [0; 4];
    let mut parts = 0;
    for part in name.split('.') {
        let digits =
            !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        *numbers.get_mut(parts)? = part.parse().ok().filter(|_| digits)?;
        parts += 1;
    }
    (parts >= 2).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::format::VERSIONS;

    #[test]
    fn every_line_has_its_source_and_they_are_in_order() {
        for release in RELEASES {
            assert!(release.sources.contains(&STORE), "{}", release.name);
            assert!(release.commit.len() == 9, "{}", release.name);
            assert!(numbers(release.name) <= numbers(release.last), "{}", release.name);
            let reads_map = release.sources.contains(&MAP);
            assert_eq!(release.rules.gossmap.is_some(), reads_map, "{}", release.name);
        }
        assert!(RELEASES.is_sorted_by_key(|release| numbers(release.name)));
        assert_eq!(Release::newest().name, "v26.06");
    }

    #[test]
    fn lines_are_found_by_any_of_their_releases() {
        let name = |asked| Release::find(asked).map(|release| release.name);
        assert_eq!(name("v25.12"), Some("v25.12"));
        assert_eq!(name("25.12"), Some("v25.12"));
        assert_eq!(name("v25.12.1"), Some("v25.12"));
        assert_eq!(name("v25.09"), Some("v25.09"));
        assert_eq!(name("v25.09.2"), Some("v25.09.1"));
        assert_eq!(name("v0.8.2.1"), Some("v0.8.0"));
        assert_eq!(name("v0.11.1"), Some("v0.11.0"));
        assert_eq!(name("v23.02.2"), Some("v23.02.1"));
        for unknown in
            ["", "v", "v26", "v26.03", "v25.13", "25.12rc1", "v0.6.1", "1.2.3.4.5", "v-1.2"]
        {
            assert_eq!(name(unknown), None, "{unknown}");
        }
        // What is read as a number need not be written like one of a release.
        for unknown in ["v25.+9", "v25.00012", "v25."] {
            assert_eq!(name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_lines_agree_with_the_table_of_versions() {
        for release in RELEASES {
            let facts = VERSIONS.iter().find(|row| row.version == release.writes).unwrap();
            assert!(!facts.written_by.is_empty(), "{}", release.name);
        }
        for row in VERSIONS.iter().filter(|row| row.version > 2 && !row.written_by.is_empty()) {
            let release = Release::writing(row.version).unwrap();
            let first = row.written_by.split([' ', ',']).next().unwrap();
            assert!(RELEASES.iter().any(|line| line.name == first), "{first}");
            assert_eq!(release.writes, row.version);
        }
    }
}
