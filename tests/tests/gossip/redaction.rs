//! A report names nothing of the operator's own unless asked to.

use fulgurite_core::finding::Code;
use fulgurite_core::gossip::check::{Options, check};
use fulgurite_core::gossip::compare::Comparison;
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::wire::{Message, decode};
use fulgurite_core::text::hex;
use fulgurite_tests::wire::Direction;
use fulgurite_tests::{Store, T0, fake, scid, walk, wounded};

/// Two orphaned updates of an own channel (PUSH), one of a stranger's.
fn store() -> Vec<u8> {
    Store::new(14)
        .update(scid("700x1x0"), Direction::One, T0)
        .push()
        .update(scid("700x1x0"), Direction::Two, T0)
        .push()
        .update(scid("800x1x0"), Direction::One, T0)
        .build()
        .bytes
}

fn keys(options: Options) -> Vec<String> {
    let report = check(&store(), options).expect("readable");
    assert_eq!(report.count(Code::OrphanUpdate), 3);
    let orphans = report.findings.iter().filter(|finding| finding.code == Code::OrphanUpdate);
    orphans.map(|finding| finding.place.key.clone().expect("a channel")).collect()
}

#[test]
fn own_channels_are_ordinals_unless_revealed() {
    assert_eq!(keys(Options::default()), ["channel#1", "channel#1", "800x1x0"]);
    let revealed = keys(Options { reveal: true, ..Options::default() });
    assert_eq!(revealed, ["700x1x0", "700x1x0", "800x1x0"]);
}

#[test]
fn hidden_names_are_numbered_within_their_kind() {
    let own = |number: u32| scid(&format!("70{number}x1x0"));
    let store = (1..=3).chain(1..=2).fold(Store::new(14), |store, number| {
        let direction = if store.len() == 1 { Direction::One } else { Direction::Two };
        store.update(own(number), direction, T0 + number).push()
    });
    let report = check(&store.build().bytes, Options::default()).expect("readable");
    let orphans = report.findings.iter().filter(|finding| finding.code == Code::OrphanUpdate);
    let keys: Vec<_> = orphans.filter_map(|finding| finding.place.key.as_deref()).collect();
    assert_eq!(keys[..3], ["channel#1", "channel#2", "channel#3"]);
    assert!(keys[3..].iter().all(|key| ["channel#1", "channel#2"].contains(key)), "{keys:?}");
}

#[test]
fn nodes_named_as_own_are_redacted_with_their_aliases() {
    let bytes = fulgurite_tests::fixtures::hidden_alias().bytes;
    let open = check(&bytes, Options::default()).expect("readable");
    let hidden: Vec<_> =
        open.findings.iter().filter(|finding| finding.code == Code::HiddenAlias).collect();
    let id = hidden[0].place.key.clone().expect("a node");
    let alias = hidden[0].values.text("alias").expect("an alias").to_owned();
    let mut own = [0; 33];
    for (byte, pair) in own.iter_mut().zip(id.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).expect("hex");
        *byte = u8::from_str_radix(pair, 16).expect("hex");
    }
    let report = check(&bytes, Options { own: vec![own], ..Options::default() }).expect("readable");
    let text = report.to_json().expect("json");
    assert!(text.contains("node#1") && !text.contains(&id) && !text.contains(&alias));
    assert!(open.to_json().expect("json").contains(&id));
}

#[test]
fn what_only_one_store_has() {
    use fulgurite_core::gossip::check::Fold;
    use fulgurite_core::gossip::scan::{Batch, Scanner};
    let folded = |bytes: &[u8]| {
        let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
        let mut fold = Fold::new(Options::default());
        scanner.push(bytes, &mut batch);
        fold.take(&scanner, bytes, &batch);
        scanner.finish(&mut batch);
        fold.take(&scanner, &[], &batch);
        fold
    };
    let base = || Store::new(16).announce(scid("1x1x1"), fake::nodes(1, 2), 10);
    let first = base()
        .update(scid("1x1x1"), Direction::One, T0)
        .announce(scid("2x1x1"), fake::nodes(3, 4), 10)
        .build();
    let second = base()
        .update(scid("1x1x1"), Direction::One, T0 + 5)
        .announce(scid("3x1x1"), fake::nodes(1, 5), 10)
        .build();
    let (a, b) = (folded(&first.bytes), folded(&second.bytes));
    let both = Comparison::of(a.network(), b.network());
    assert_eq!(both.channels_in_both, 1);
    assert_eq!((both.first.scids, both.second.scids), (vec!["2x1x1".into()], vec!["3x1x1".into()]));
    assert_eq!((both.first.nodes, both.second.nodes), (2, 1));
    assert_eq!((both.first.newer_updates, both.second.newer_updates), (0, 1));
}

/// Ids of nodes, channels and aliases of nodes that a store names, as reports write them.
fn names(store: &[u8]) -> (Vec<[u8; 33]>, Vec<String>) {
    let (mut nodes, mut names) = (Vec::new(), Vec::new());
    let version = Version(store[0]);
    for record in walk(store).expect("whole") {
        match decode(version, record.body) {
            Ok(Message::ChannelAnnouncement(body)) => {
                nodes.extend([body.node_id_1, body.node_id_2].map(|id| *id));
                names.push(body.scid.to_string());
            }
            Ok(Message::NodeAnnouncement(body)) => nodes.push(*body.node_id),
            _ => {}
        }
    }
    names.extend(nodes.iter().map(|id| hex(id)));
    (nodes, names)
}

#[test]
fn where_every_node_is_ones_own_nothing_is_named() {
    for seed in 0..300 {
        let wounded = wounded(seed);
        let (own, names) = names(&wounded.whole);
        let report = check(&wounded.bytes, Options { own, ..Options::default() });
        for finding in report.expect("readable").findings {
            // Whose channel it is, nothing in the store says.
            if finding.code != Code::OrphanUpdate {
                let told = format!("{finding:?}");
                let named = names.iter().find(|name| told.contains(*name));
                assert_eq!(named, None, "{seed}: {told}");
            }
        }
    }
}
