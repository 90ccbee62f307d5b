//! Message by message, against `gossip_store_load` and `gossipd/routing.c` at the tags that the
//! table of releases names: what is minded, with which words, and whose offset is told.

use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::gossip::verdict::releases::Release;
use crate::gossip::verdict::rules::Load;
use crate::gossip::verdict::tests::messages::announcement;

mod read;

fn rules(release: &str) -> Routing {
    match Release::find(release).unwrap().rules.load {
        Load::Routing(rules) => rules,
        other => panic!("{release} loads by {other:?}"),
    }
}

/// What is taken one behind the other: the first stands at offset 100 of the file that is read, and
/// at 1,100 of the one that was given, the next one 100 behind it.
struct Loading {
    tables: Tables,
    at: u64,
}

fn load(release: &str) -> Loading {
    load_within(release, Limits::default())
}

fn load_within(release: &str, limits: Limits) -> Loading {
    Loading { tables: Tables::new(rules(release), limits, 3), at: 100 }
}

/// The check that minds it, the offset that it tells, and its words.
type Minded = (Check, u64, String);

fn minded(result: Result<(), Trouble>) -> Option<Minded> {
    let trouble = result.err()?;
    assert!(!trouble.dies);
    Some((trouble.check, trouble.at, trouble.log.concat()))
}

impl Loading {
    fn flagged(&mut self, flags: u16, body: &[u8]) -> Option<Minded> {
        let at = (self.at, self.at + 1_000);
        self.at += 100;
        minded(self.tables.take(Version(10), Flags(flags), body, at))
    }

    fn take(&mut self, body: &[u8]) -> Option<Minded> {
        self.flagged(0, body)
    }

    /// Takes what nobody minds.
    fn fine(&mut self, bodies: &[&[u8]]) {
        for body in bodies {
            assert_eq!(self.take(body), None);
        }
    }

    fn end(&self) -> Option<Minded> {
        minded(self.tables.finish())
    }
}

#[allow(clippy::unnecessary_wraps)] // What `take` is compared with.
fn words(check: Check, at: u64, what: &str) -> Option<Minded> {
    Some((check, at, String::from(what)))
}

/// An update that says its maximum.
fn update(scid: u64, direction: u8, timestamp: u32, maximum: u64) -> Vec<u8> {
    let mut body = Vec::from([1, 2]);
    body.extend([7; 64]);
    body.extend([0; 32]);
    body.extend(scid.to_be_bytes());
    body.extend(timestamp.to_be_bytes());
    body.extend([1, direction]);
    body.extend([0; 18]);
    body.extend(maximum.to_be_bytes());
    body
}

/// The same without a maximum, as before it was mandatory.
fn old_update(scid: u64, direction: u8, timestamp: u32) -> Vec<u8> {
    let mut body = update(scid, direction, timestamp, 0);
    body.truncate(130);
    body[110] = 0;
    body
}

fn node(id: u8, timestamp: u32) -> Vec<u8> {
    let mut body = Vec::from([1, 1]);
    body.extend([7; 64]);
    body.extend([0, 0]);
    body.extend(timestamp.to_be_bytes());
    body.push(2);
    body.extend([id; 32]);
    body.extend([0; 37]);
    body
}

/// 1,000 satoshi.
const AMOUNT: [u8; 10] = [0x10, 5, 0, 0, 0, 0, 0, 0, 3, 0xe8];

fn wrapped(kind: [u8; 2], before: &[u8], message: &[u8]) -> Vec<u8> {
    let len = u16::try_from(message.len()).unwrap().to_be_bytes();
    [&kind[..], before, &len, message].concat()
}

fn private_update(update: &[u8]) -> Vec<u8> {
    wrapped([0x10, 6], &[], update)
}

const RATELIMIT: u16 = Flags::RATELIMIT.0;

#[test]
fn an_announcement_waits_for_its_amount() {
    let mut load = load("v0.12.0");
    let first = announcement(5, [1, 2]);
    load.fine(&[&first]);
    let minded = words(Check::Amount, 1_100, "dangling channel_announcement");
    assert_eq!(load.end(), minded);
    let minded = words(Check::Amount, 1_200, "channel_announcement without amount (<hex>)");
    assert_eq!(load.take(&first), minded);
    // What cannot be an amount; bytes behind one are nobody's business.
    let minded = words(Check::AmountFields, 1_300, "Bad gossip_store_channel_amount (<hex>)");
    assert_eq!(load.take(&AMOUNT[..9]), minded);
    load.fine(&[&[&AMOUNT[..], &[1]].concat()]);
    // Of the announcement before it, which may have been deleted, nothing is left to be judged.
    load.fine(&[&AMOUNT]);
    let minded = words(Check::Unupdated, 1_100, "Unupdated channel_announcement at 100");
    assert_eq!(load.end(), minded);
}

#[test]
fn a_channel_is_announced_once() {
    let mut load = load("v22.11");
    let (five, four) = (announcement(5, [1, 2]), announcement(4, [1, 3]));
    // Before an update of it comes, the table of those that wait keeps the first.
    load.fine(&[&five, &AMOUNT, &five, &AMOUNT, &four, &AMOUNT]);
    // The one with the smallest short channel id is named.
    let minded = words(Check::Unupdated, 1_500, "Unupdated channel_announcement at 500");
    assert_eq!(load.end(), minded);
    load.fine(&[&update(4, 0, 9, 1_000)]);
    let minded = words(Check::Unupdated, 1_100, "Unupdated channel_announcement at 100");
    assert_eq!(load.end(), minded);
    load.fine(&[&update(5, 1, 9, 1_000)]);
    assert_eq!((load.end(), load.tables.counts()), (None, [2, 2, 3]));
    // From then on it is a second one, minded at its amount, and its own offset is told.
    load.fine(&[&five]);
    let minded = words(Check::Announcement, 1_900, "Bad channel_announcement (<hex>)");
    assert_eq!(load.take(&AMOUNT), minded);
    // So is one that does not parse.
    load.fine(&[&five[..400]]);
    let minded = words(Check::Announcement, 2_100, "Bad channel_announcement (<hex>)");
    assert_eq!(load.take(&AMOUNT), minded);
}

#[test]
fn an_update_has_a_channel_a_place_and_a_maximum_within_the_capacity() {
    let bad = |at| words(Check::Update, at, "Bad channel_update (<hex>)");
    let begun = |release| {
        let mut load = load(release);
        load.fine(&[&announcement(5, [1, 2]), &AMOUNT]);
        load
    };
    let mut load = begun("v22.11");
    assert_eq!(load.take(&update(6, 0, 9, 1_000)), bad(1_300), "no such channel");
    assert_eq!(load.take(&update(5, 0, 9, 1_000_001)), bad(1_400), "1,000 satoshi are less");
    assert_eq!(load.take(&old_update(5, 0, 9)), bad(1_500), "htlc_maximum_msat is mandatory");
    assert_eq!(load.take(&update(5, 0, 9, 1_000)[..137]), bad(1_600), "it does not parse");
    load.fine(&[&update(5, 0, 9, 1_000_000)]);
    assert_eq!(load.take(&update(5, 0, 10, 1_000)), bad(1_800), "the second of its direction");
    load.fine(&[&update(5, 1, 9, 1_000)]);
    assert_eq!(load.tables.counts(), [1, 2, 2]);
    // Before, an update without a maximum was none to be compared with anything, whatever stands
    // where the maximum would; but one whose flag promises it was minded without it.
    let mut load = begun("v0.12.0");
    let mut promises = old_update(5, 0, 9);
    promises[110] = 1;
    assert_eq!(load.take(&promises), bad(1_300));
    load.fine(&[&old_update(5, 0, 9)]);
    let mut silent = update(5, 1, 9, u64::MAX);
    silent[110] = 0;
    load.fine(&[&silent]);
    assert_eq!(load.end(), None);
}

/// `amount_sat_to_msat` fails, `amount_msat_greater_sat` then says no.
#[test]
fn a_capacity_beyond_all_millisatoshis_is_minded_where_it_is_the_maximum() {
    let most = u64::MAX / 1_000;
    for (satoshis, fine) in [(most, true), (most + 1, false)] {
        let amount = [&[0x10, 5][..], &satoshis.to_be_bytes()].concat();
        let mut load = load("v0.12.0");
        load.fine(&[&announcement(5, [1, 2]), &amount, &update(5, 0, 9, u64::MAX / 1_000)]);
        assert_eq!(load.take(&old_update(5, 1, 9)).is_none(), fine, "{satoshis}");
        // From v22.11 on there is always a maximum to compare.
        let mut load = load_within("v22.11", Limits::default());
        load.fine(&[&announcement(5, [1, 2]), &amount, &update(5, 0, 9, 1_000)]);
    }
}

#[test]
fn one_rate_limited_update_may_stand_beside_the_other() {
    let bad = |at| words(Check::Update, at, "Bad channel_update (<hex>)");
    let begun = |release| {
        let mut load = load(release);
        load.fine(&[&announcement(5, [1, 2]), &AMOUNT, &update(5, 0, 9, 1_000)]);
        load
    };
    let mut new = begun("v0.12.0");
    // An older one is passed over, and is not the one that may be there.
    assert_eq!(new.flagged(RATELIMIT, &update(5, 0, 9, 1_000)), None);
    assert_eq!(new.flagged(RATELIMIT, &update(5, 0, 10, 1_000)), None);
    assert_eq!(new.flagged(RATELIMIT, &update(5, 0, 11, 1_000)), bad(1_600));
    assert_eq!(new.tables.counts(), [1, 1, 2]);
    // Releases without that flag know no such thing.
    let mut old = begun("v0.11.0");
    assert_eq!(old.flagged(RATELIMIT, &update(5, 0, 10, 1_000)), bad(1_400));
}

#[test]
fn a_node_has_a_channel_and_one_announcement() {
    let bad = |at| words(Check::Node, at, "Bad node_announcement (<hex>)");
    let mut load = load("v0.12.0");
    assert_eq!(load.take(&node(1, 9)), bad(1_100), "of no channel");
    load.fine(&[&announcement(5, [1, 2]), &AMOUNT]);
    // Until an update comes, it waits: the newest of those does.
    load.fine(&[&node(1, 9)]);
    assert_eq!(load.take(&node(1, 9)), bad(1_500));
    load.fine(&[&node(1, 10), &update(5, 0, 9, 1_000)]);
    assert_eq!(load.take(&node(1, 11)), bad(1_800), "the second");
    assert_eq!(load.flagged(RATELIMIT, &node(1, 10)), bad(1_900), "not newer");
    assert_eq!(load.flagged(RATELIMIT, &node(1, 11)), None);
    assert_eq!(load.flagged(RATELIMIT, &node(1, 12)), bad(2_100), "the second of those");
    // The other node of the channel waited for nothing.
    load.fine(&[&node(2, 9)]);
    assert_eq!(load.take(&node(2, 10)), bad(2_300));
    assert_eq!(load.take(&node(3, 9)), bad(2_400));
    assert_eq!(load.take(&node(2, 10)[..100]), bad(2_500), "it does not parse");
}

#[test]
fn from_v23_08_nodes_are_passed_over_instead() {
    let mut load = load("v23.08");
    load.fine(&[&node(1, 9), &node(1, 9)[..50], &announcement(5, [1, 2]), &AMOUNT]);
    load.fine(&[&update(5, 0, 9, 1_000), &node(1, 9), &node(1, 8), &node(1, 10)]);
    assert_eq!(load.end(), None);
}

const ZOMBIE: u16 = Flags::ZOMBIE.0;

/// `force_zombie_flag` of v23.02's `routing_add_channel_update`, which v23.02.1 is never given; and
/// `node_has_broadcastable_channels`, which leaves zombies out.
#[test]
fn zombies_count_for_no_node_in_v23_02_alone() {
    let bad = |at| words(Check::Node, at, "Bad node_announcement (<hex>)");
    let begun = |release, flags: u16| {
        let mut load = load(release);
        assert_eq!(load.flagged(flags, &announcement(5, [1, 2])), None);
        load.fine(&[&AMOUNT]);
        assert_eq!(load.flagged(flags, &update(5, 0, 9, 1_000)), None);
        load
    };
    let mut zombies = begun("v23.02", ZOMBIE);
    assert_eq!(zombies.take(&node(1, 9)), bad(1_400));
    // The second direction changes nothing, another channel does.
    zombies.fine(&[&update(5, 1, 9, 1_000)]);
    assert_eq!(zombies.take(&node(1, 9)), bad(1_600));
    zombies.fine(&[&announcement(6, [1, 3]), &AMOUNT, &update(6, 0, 9, 1_000), &node(1, 9)]);
    assert_eq!((zombies.tables.counts(), zombies.end()), ([2, 3, 3], None));
    assert_eq!(zombies.take(&node(2, 9)), bad(2_100));
    // The first update decides, whatever flags the others have.
    let mut alive = begun("v23.02", 0);
    assert_eq!(alive.flagged(ZOMBIE, &update(5, 1, 9, 1_000)), None);
    alive.fine(&[&node(1, 9)]);
    // What comes before it is kept for it, and then given up without a fuss.
    let mut waiting = load("v23.02");
    waiting.fine(&[&announcement(5, [1, 2]), &AMOUNT, &node(1, 9)]);
    assert_eq!(waiting.flagged(ZOMBIE, &update(5, 0, 9, 1_000)), None);
    assert_eq!(waiting.end(), None);
    assert_eq!(waiting.take(&node(1, 10)), bad(1_500));
    // An announcement that is a zombie itself is not even read.
    assert_eq!(waiting.flagged(ZOMBIE, &node(9, 9)[..20]), None);
    for release in ["v22.11", "v23.02.1", "v23.05"] {
        let mut load = begun(release, ZOMBIE);
        load.fine(&[&node(1, 9)]);
        assert_eq!(load.flagged(ZOMBIE, &node(9, 9)), bad(1_500), "{release}");
    }
}

#[test]
fn private_channels_have_a_record_of_their_own_in_each_generation() {
    let update = private_update(&update(5, 0, 9, 1_000));
    let local =
        [&[0x0d, 0xaf][..], &5u64.to_be_bytes(), &[6; 33], &1_000u64.to_be_bytes()].concat();
    let private = wrapped([0x10, 8], &1_000u64.to_be_bytes(), &announcement(5, [1, 2]));
    // local_add_channel, to v0.9.1.
    let mut old = load("v0.7.1");
    let bad = |at| words(Check::Update, at, "Bad channel_update (<hex>)");
    assert_eq!(old.take(&update), bad(1_100), "the channel is not there yet");
    old.fine(&[&local, &local, &update]);
    assert_eq!(old.take(&update), bad(1_500));
    let minded = words(Check::Private, 1_600, "Bad local_add_channel (<hex>)");
    assert_eq!(old.take(&local[..50]), minded);
    let unknown = |at| words(Check::Type, at, "Unknown message (<hex>)");
    assert_eq!(old.take(&private), unknown(1_700));
    // Nodes are counted by their announced channels.
    assert_eq!((old.tables.counts(), old.end()), ([1, 1, 0], None));
    // private_channel, from v0.9.2.
    for (release, words_of_malformed) in
        [("v0.9.2", "Bad add_private_channel (<hex>)"), ("v0.11.0", "Bad private_channel (<hex>)")]
    {
        let mut new = load(release);
        new.fine(&[&private, &update]);
        assert_eq!(new.take(&local), unknown(1_300));
        let minded = words(Check::Private, 1_400, words_of_malformed);
        assert_eq!(new.take(&private[..300]), minded, "{release}");
        let inside = wrapped([0x10, 8], &1_000u64.to_be_bytes(), &announcement(7, [1, 2])[..300]);
        let minded = words(Check::Private, 1_500, "Bad add_private_channel (<hex>)");
        assert_eq!(new.take(&inside), minded, "{release}");
        let minded = words(Check::Private, 1_600, "invalid gossip_store_private_update (<hex>)");
        assert_eq!(new.take(&update[..20]), minded);
        // Announcing it in public is announcing it twice.
        new.fine(&[&announcement(5, [1, 2])]);
        let minded = words(Check::Announcement, 1_700, "Bad channel_announcement (<hex>)");
        assert_eq!(new.take(&AMOUNT), minded);
    }
}

#[test]
fn each_generation_knows_its_types() {
    let tombstone = [0x10, 7, 0, 0, 0, 0, 0, 0, 0, 5];
    let dying = [0x10, 10, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 9];
    let unknown = |at| words(Check::Type, at, "Unknown message (<hex>)");
    let mut load = load("v0.9.1");
    load.fine(&[&tombstone]);
    assert_eq!(load.take(&dying), unknown(1_200));
    assert_eq!(load.take(&[0x10]), unknown(1_300));
    assert_eq!(load.take(&[0x27, 0x0f, 1]), unknown(1_400));
    let mut load = load_within("v22.11", Limits::default());
    assert_eq!(load.take(&tombstone), unknown(1_100));
    load.fine(&[&dying]);
    let minded = words(Check::Dying, 1_300, "Bad gossip_store_chan_dying (<hex>)");
    assert_eq!(load.take(&dying[..13]), minded);
}

#[test]
fn what_a_limit_keeps_out_is_not_held_against_the_store() {
    let limits = Limits { channels: 1, nodes: 2, findings: 9 };
    let private = wrapped([0x10, 8], &1_000u64.to_be_bytes(), &announcement(8, [8, 9]));
    for (more, nodes) in [([1, 2], 2), ([3, 4], 2)] {
        let mut load = load_within("v0.12.0", limits);
        load.fine(&[&announcement(5, [1, 2]), &AMOUNT, &update(5, 0, 9, 1_000)]);
        assert!(!load.tables.limited);
        // As long as everything is known, an unknown channel is one.
        assert!(load.take(&update(6, 0, 9, 1_000)).is_some());
        load.fine(&[&announcement(6, more), &AMOUNT]);
        assert!(load.tables.limited);
        load.fine(&[&update(6, 0, 9, 1_000), &node(7, 9), &private]);
        assert_eq!((load.tables.counts(), load.end()), ([1, 1, nodes], None));
    }
}
