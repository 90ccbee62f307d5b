//! The rows that every face lists: records, wounds, channels and nodes, and one record byte by
//! byte. What stands in them is what the builder was told to write.

use fulgurite_core::gossip::format::{Layout, RecordType, ShortChannelId, Version};
use fulgurite_core::gossip::listing::{
    Detail, Listed, Listing, Piece, Privacy, RAW_BYTES, RecordRow, State, WoundRow, pieces,
};
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::text::hex;
use fulgurite_tests::fake::{key, nodes, uuid};
use fulgurite_tests::flags::{COMPLETED, DELETED, DYING, PUSH, RATELIMIT, ZOMBIE};
use fulgurite_tests::wire::Update;
use fulgurite_tests::{Address, Built, Direction, NodeBuilder, Store, T0};
use serde_json::{Value, json};

const OPEN: &str = "103x1x0";
const OWN: &str = "105x2x1";

/// Every piece of a file, read in one go.
fn each(bytes: &[u8], reveal: bool, mut with: impl FnMut(Version, Layout, &Piece<'_>, &Privacy)) {
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    let mut privacy = Privacy::new(reveal);
    for chunk in [bytes, &[]] {
        if chunk.is_empty() {
            scanner.finish(&mut batch);
        } else {
            scanner.push(chunk, &mut batch);
        }
        let Some(version) = scanner.version() else { continue };
        for piece in pieces(chunk, &batch) {
            privacy.learn(version, &piece);
            with(version, scanner.layout(), &piece, &privacy);
        }
    }
}

macro_rules! to_json {
    ($value:expr) => {
        serde_json::to_value($value).expect("it is JSON")
    };
}

/// The rows of a file as JSON, in its order.
fn rows(store: &Built, reveal: bool) -> Vec<Value> {
    let mut rows = Vec::new();
    each(&store.bytes, reveal, |version, _, piece, privacy| {
        rows.push(match piece {
            Piece::Record(record, body) => {
                to_json!(&RecordRow::new(version, record, body, privacy))
            }
            Piece::Wound(wound) => to_json!(&WoundRow::new(wound)),
        });
    });
    rows
}

fn details(store: &Built, reveal: bool) -> Vec<Detail> {
    let mut details = Vec::new();
    each(&store.bytes, reveal, |version, layout, piece, privacy| {
        let detail = Detail::of(piece, version, layout, &store.bytes, privacy);
        details.push(detail.expect("memory can be read"));
    });
    details
}

/// What stands in every row of a whole record that is shown.
fn head(store: &Built, number: usize, name: &str, flags: &str, rest: &Value) -> Value {
    let span = store.records[number];
    let mut row = json!({
        "kind": "record", "offset": span.offset, "len": span.len,
        "type": span.record_type, "name": name, "flags": flags,
    });
    let into = row.as_object_mut().expect("an object");
    into.extend(rest.as_object().expect("an object").clone());
    row
}

#[test]
fn a_row_of_every_type_says_what_its_body_says() {
    let update = Update::new(OPEN, Direction::Two, T0).disabled().fees(7, 250).htlc_maximum(990);
    let store = Store::new(16)
        .announce(OPEN, nodes(1, 2), 1_000_000)
        .update_with(update)
        .node(1, T0 + 1, "a\u{202e}b")
        .delete_chan(OWN)
        .dying(OPEN, 800_000)
        .ended(77)
        .raw_record(COMPLETED, 0, &[0x30, 0x39, 1, 2])
        .raw_record(COMPLETED, 0, &[9])
        .build();
    let [one, two] = nodes(1, 2).map(|node| hex(&node));
    let done = json!(["COMPLETED"]);
    let live = json!(["live"]);
    let bare = |more: Value| {
        let mut row = json!({ "flag_names": done, "timestamp": null, "states": live });
        row.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
        row
    };
    let expected = [
        ("uuid", bare(json!({ "uuid": hex(&uuid(0)) }))),
        (
            "channel_announcement",
            bare(json!({ "timestamp": T0, "scid": OPEN, "node_id_1": one, "node_id_2": two })),
        ),
        ("channel_amount", bare(json!({ "satoshis": "1000000" }))),
        (
            "channel_update",
            bare(json!({
                "timestamp": T0, "scid": OPEN, "direction": 1, "disabled": true,
                "fee_base_msat": "7", "fee_proportional_millionths": 250,
                "cltv_expiry_delta": 34, "htlc_minimum_msat": "1", "htlc_maximum_msat": "990",
            })),
        ),
        (
            "node_announcement",
            bare(json!({
                "timestamp": T0 + 1, "node_id": hex(&key(1)), "alias": "a\\u{202e}b",
            })),
        ),
        ("delete_chan", bare(json!({ "scid": OWN }))),
        (
            "chan_dying",
            bare(json!({ "states": ["live", "dying"], "scid": OPEN, "blockheight": 800_000 })),
        ),
        ("ended", bare(json!({ "equivalent_offset": "77", "uuid": hex(&uuid(1)) }))),
        ("unknown", bare(json!({}))),
    ];
    let all = rows(&store, false);
    assert_eq!(all.len(), expected.len() + 1);
    for (number, (name, rest)) in expected.iter().enumerate() {
        assert_eq!(all[number], head(&store, number, name, "2000", rest));
    }
    let untyped = json!({ "type": null, "flag_names": done, "timestamp": null,
        "states": ["live", "malformed"] });
    assert_eq!(all[9], head(&store, 9, "untyped", "2000", &untyped));
}

#[test]
fn every_flag_is_a_state_and_a_name_in_its_own_versions() {
    let of = |version, flags| {
        let store = Store::bare(version).update(OPEN, Direction::One, T0).flags(flags).build();
        let row = rows(&store, false).remove(0);
        (row["flag_names"].clone(), row["states"].clone())
    };
    for (version, flags, names, states) in [
        (5, 0x8000, json!(["DELETED"]), json!(["deleted"])),
        (6, 0x4000, json!(["unknown"]), json!(["live"])),
        (7, PUSH, json!(["PUSH"]), json!(["live", "push"])),
        (9, RATELIMIT, json!(["unknown"]), json!(["live"])),
        (10, RATELIMIT, json!(["RATELIMIT"]), json!(["live", "ratelimited"])),
        (11, ZOMBIE, json!(["unknown"]), json!(["live"])),
        (12, ZOMBIE | DYING, json!(["ZOMBIE", "DYING"]), json!(["live", "zombie", "dying"])),
        (14, RATELIMIT, json!(["RATELIMIT"]), json!(["live", "ratelimited"])),
        (14, ZOMBIE, json!(["unknown"]), json!(["live"])),
        (15, 0, json!([]), json!(["live", "uncompleted"])),
        (15, COMPLETED | DYING, json!(["COMPLETED", "DYING"]), json!(["live", "dying"])),
        (16, DELETED | 1, json!(["DELETED", "unknown"]), json!(["deleted", "uncompleted"])),
    ] {
        assert_eq!(of(version, flags), (names, states), "version {version}, {flags:04x}");
    }
    for state in State::ALL {
        assert_eq!(State::from_name(state.name()), Some(*state));
    }
    assert_eq!(State::from_name("alive"), None);
}

/// What a row of a record shows that is held back.
fn held_back(store: &Built, number: usize, name: &str) -> Value {
    let span = store.records[number];
    json!({ "kind": "record", "offset": span.offset, "len": span.len, "type": span.record_type,
        "name": name, "redacted": true, "states": ["private"] })
}

#[test]
fn channels_that_are_not_announced_are_held_back_unless_revealed() {
    for (version, names) in [
        (3, ["v3_local_add_channel", "v3_channel_update"]),
        (4, ["local_add_channel", "channel_update"]),
        (8, ["local_add_channel", "private_update"]),
        (12, ["private_channel", "private_update"]),
    ] {
        let store = Store::bare(version)
            .private_channel(OWN, 1, 2, 2_000_000)
            .private_update(OWN, Direction::One, T0)
            .build();
        let all = rows(&store, false);
        assert_eq!(all[0], held_back(&store, 0, names[0]), "version {version}");
        let mut update = held_back(&store, 1, names[1]);
        if version < 5 {
            // Its type alone does not tell.
            update["states"] = json!([]);
        }
        assert_eq!(all[1], update, "version {version}");

        let all = rows(&store, true);
        let [channel, update] = &all[..] else { panic!("{all:?}") };
        assert_eq!((&channel["scid"], &update["scid"]), (&json!(OWN), &json!(OWN)));
        assert_eq!(channel["satoshis"], json!("2000000"));
        assert_eq!(channel["states"], json!(["live", "private"]));
        assert_eq!(update["timestamp"], json!(T0));
        assert_eq!(update["direction"], json!(0));
        if version == 12 {
            let pair = nodes(1, 2).map(|node| json!(hex(&node)));
            assert_eq!([&channel["node_id_1"], &channel["node_id_2"]], [&pair[0], &pair[1]]);
        } else {
            assert_eq!(channel["node_id"], json!(hex(&key(2))));
        }
    }
}

#[test]
fn updates_of_ones_own_channels_are_held_back_and_no_others() {
    let own = Store::bare(4)
        .update(OWN, Direction::One, T0)
        .announce(OPEN, nodes(1, 2), 5)
        .local_add(OWN, key(2), 6)
        .update(OPEN, Direction::One, T0)
        .update(OWN, Direction::Two, T0)
        .delete_chan(OWN)
        .delete_chan(OPEN)
        .build();
    let redacted = |store: &Built| {
        let all = rows(store, false);
        all.iter().map(|row| row["redacted"] == true).collect::<Vec<_>>()
    };
    // The first stands before the channel is known to be one's own.
    assert_eq!(redacted(&own), [false, false, false, true, false, true, true, false]);
    // Behind a wound any channel may be one's own, in those versions only.
    let wounded = |version| {
        let store = Store::bare(version)
            .update(OPEN, Direction::One, T0)
            .amount(5)
            .update(OPEN, Direction::Two, T0)
            .build();
        let at = store.records[1].offset + 13;
        redacted(&store.flip(at, 0))
    };
    assert_eq!(wounded(4), [false, false, true]);
    assert_eq!(wounded(5), [false, false, false]);
    assert_eq!(wounded(16), [false, false, false]);
    // So may it behind a record of one's own channel that cannot be read.
    let torn =
        Store::bare(4).raw_record(0, 0, &[0x0d, 0xaf, 1]).update(OPEN, Direction::Two, T0).build();
    assert_eq!(redacted(&torn), [true, true]);
}

#[test]
fn a_wound_says_where_it_is_and_what_it_was() {
    let store = Store::new(16)
        .announce(OPEN, nodes(1, 2), 1_000_000)
        .update(OPEN, Direction::One, T0)
        .node(1, T0, "alias")
        .build();
    let update = store.records[3];
    let flipped = store.clone().flip(update.offset + 40, 3);
    let expected = json!({
        "kind": "wound", "offset": update.offset, "len": update.len, "type": 258,
        "name": "channel_update", "states": ["wounded"], "framed": true, "at_end": false,
    });
    assert_eq!(rows(&flipped, false)[3], expected);

    let node = store.records[4];
    let zeroed = store.clone().zero(node.offset..node.offset + 50).append(&[7; 5]);
    let expected = json!({
        "kind": "wound", "offset": node.offset, "len": node.len + 5, "states": ["wounded"],
        "framed": false, "at_end": true, "zeros": { "start": node.offset, "len": 50 },
    });
    assert_eq!(rows(&zeroed, false)[4], expected);
}

#[test]
fn every_byte_of_a_piece_is_shown_once() {
    for version in [3, 4, 6, 8, 9, 12, 14, 16] {
        let mut store = Store::new(version)
            .announce(OPEN, nodes(1, 2), 1_000_000)
            .update(OPEN, Direction::One, T0)
            .node(1, T0, "alias");
        if version < 13 {
            store =
                store.private_channel(OWN, 1, 2, 2_000_000).private_update(OWN, Direction::One, T0);
        }
        let store = store.build();
        let all = details(&store, true);
        assert_eq!(all.len(), store.records.len());
        for (detail, span) in all.iter().zip(&store.records) {
            assert_eq!((detail.kind, detail.redacted, detail.not_shown), ("record", false, 0));
            assert_eq!((detail.offset, detail.len), (span.offset as u64, span.len as u64));
            assert_eq!(
                (detail.span().start, detail.span().end),
                (span.offset as u64, span.end() as u64)
            );
            let checksum = detail.checksum.as_ref().expect("a checksum");
            assert!(checksum.holds);
            assert_eq!(checksum.stored, checksum.computed);
            let mut at = detail.offset;
            let mut bytes = String::new();
            for field in &detail.fields {
                assert_eq!(field.offset, at, "{}", field.name);
                at += field.hex.len() as u64 / 2;
                bytes += &field.hex;
            }
            assert_eq!(bytes, hex(store.record(*span)));
            let names: Vec<_> = detail.fields.iter().map(|field| field.name).take(4).collect();
            if version < 5 {
                assert_eq!(names[..3], ["len", "crc", "type"]);
            } else {
                assert_eq!(names, ["flags", "len", "crc", "timestamp"]);
            }
        }
        if version < 13 {
            let held: Vec<_> = details(&store, false);
            let redacted: Vec<bool> = held.iter().map(|detail| detail.redacted).collect();
            let private = redacted.len() - 2;
            assert!(redacted[..private].iter().all(|held| !held));
            assert_eq!(redacted[private..], [true, true]);
            assert!(held[private].fields.is_empty() && held[private].checksum.is_none());
        }
    }
}

#[test]
fn the_fields_of_an_update_and_of_an_announcement() {
    let update = Update::new(OPEN, Direction::Two, T0).disabled().fees(7, 250).htlc_maximum(990);
    let store = Store::bare(14)
        .update_with(update)
        .flags(0x4001)
        .node_with(
            NodeBuilder::new(1, T0)
                .alias("alias")
                .features(&[0x80])
                .rgb(1, 2, 3)
                .address(Address::Ipv4([1, 2, 3, 4], 9735)),
        )
        .build();
    let all = details(&store, false);
    let shown = |detail: &Detail| {
        let fields = detail.fields.iter().filter_map(|field| {
            field.value.as_ref().map(|value| (field.name.to_owned(), to_json!(value)))
        });
        Value::Object(fields.collect())
    };
    assert_eq!(
        shown(&all[0]),
        json!({
            "flags": ["PUSH", "unknown_0001"], "len": 138, "timestamp": T0, "type": 258,
            "short_channel_id": OPEN,
            "message_flags": ["must_be_one"], "channel_flags": ["direction", "disable"],
            "cltv_expiry_delta": 34, "htlc_minimum_msat": "1", "fee_base_msat": 7,
            "fee_proportional_millionths": 250, "htlc_maximum_msat": "990",
        })
    );
    let node = shown(&all[1]);
    assert_eq!(node["features"], json!([7]));
    assert_eq!((&node["alias"], &node["address"]), (&json!("alias"), &json!("1.2.3.4:9735")));
    assert_eq!((all[0].number, all[0].name), (Some(258), "channel_update"));
}

#[test]
fn a_wound_byte_by_byte() {
    let store = Store::new(16)
        .announce(OPEN, nodes(1, 2), 1_000_000)
        .update(OPEN, Direction::One, T0)
        .node(1, T0, "alias")
        .build();
    // One record with a bit turned: taken apart as what it is.
    let update = store.records[3];
    let detail = details(&store.clone().flip(update.offset + 40, 3), false).remove(3);
    assert_eq!((detail.kind, detail.number, detail.name), ("wound", Some(258), "channel_update"));
    let checksum = detail.checksum.expect("it is framed");
    assert!(!checksum.holds && checksum.seed == T0);
    assert_ne!(checksum.stored, checksum.computed);
    let last = detail.fields.last().expect("fields");
    assert_eq!((last.name, last.offset), ("htlc_maximum_msat", update.end() as u64 - 8));
    assert_eq!(detail.not_shown, 0);

    // Noise of no known type: the header, then so many bytes as they are.
    let noise = [0xee; 3_000];
    let detail = details(&store.clone().append(&noise), false).remove(5);
    let end = store.bytes.len() as u64;
    assert_eq!(
        (detail.kind, detail.number, detail.offset, detail.len),
        ("wound", None, end, 3_000)
    );
    assert_eq!((detail.name, detail.checksum.is_none()), ("untyped", true));
    let names: Vec<_> = detail.fields.iter().map(|field| (field.name, field.offset)).collect();
    let header = [("flags", end), ("len", end + 2), ("crc", end + 4), ("timestamp", end + 8)];
    assert_eq!(names[..4], header);
    assert_eq!(names[4..], [("bytes", end + 12)]);
    assert_eq!(detail.fields[4].hex, "ee".repeat(RAW_BYTES));
    assert_eq!(detail.not_shown, 3_000 - 12 - RAW_BYTES as u64);

    // Zeros are no record of length 0.
    let detail = details(&store.clone().append(&[0; 30]), false).remove(5);
    assert_eq!((detail.number, detail.checksum.is_none()), (None, false));
    assert_eq!(detail.fields.last().expect("bytes").hex, "00".repeat(18));
    // Too short for a header: bytes and nothing else.
    let detail = details(&store.append(&[7; 5]), false).remove(5);
    assert_eq!(detail.fields.len(), 1);
    assert_eq!((detail.fields[0].name, detail.fields[0].hex.as_str()), ("bytes", "0707070707"));
}

#[test]
fn a_wound_that_may_hold_an_own_channel_is_held_back() {
    let of = |version: u8, reveal: bool| {
        let store = Store::bare(version)
            .announce(OPEN, nodes(1, 2), 1_000_000)
            .update(OPEN, Direction::One, T0)
            .build();
        let last = store.last();
        let framed = details(&store.clone().flip(last.end() - 1, 0), reveal);
        let torn = details(&store.cut(last.end() - 20), reveal);
        [framed, torn].map(|mut all| all.pop().expect("a wound").redacted)
    };
    // Behind the announcement no channel of one's own can be missing, but the wound may be one,
    // unless it is one whole record of another type; before version 5 that does not tell.
    assert_eq!(of(4, false), [true, true]);
    for version in [5, 8, 12] {
        assert_eq!(of(version, false), [false, true], "version {version}");
        assert_eq!(of(version, true), [false, false], "version {version}");
    }
    assert_eq!(of(13, false), [false, false]);
    assert_eq!(of(16, false), [false, false]);
}

fn listed(store: &Built, step: usize) -> Listed {
    let mut listing = Listing::new(Limits::default(), 7);
    for chunk in store.bytes.chunks(step) {
        listing.push(chunk);
    }
    listing.finish()
}

#[test]
fn channels_and_nodes_say_what_their_newest_records_say() {
    for version in [3, 6, 10, 14, 16] {
        let maximum = (version >= 11).then_some(990);
        let update = |direction, timestamp, base| {
            let update = Update::new(OPEN, direction, timestamp).fees(base, 250);
            maximum.map_or(update, |msat| update.htlc_maximum(msat))
        };
        // The announcement is longer than what is read at first.
        let address = Address::Dns(vec![b'a'; 255], 1);
        let node = NodeBuilder::new(1, T0 + 1)
            .alias("name")
            .features(&[0x80])
            .rgb(1, 2, 3)
            .address(address.clone())
            .address(address)
            .address(Address::Ipv4([1, 2, 3, 4], 9735));
        let store = Store::new(version)
            .announce(OPEN, nodes(1, 2), 1_000_000)
            .update_with(update(Direction::One, T0 - 5, 1))
            .update_with(update(Direction::Two, T0, 8).disabled())
            .replace_if_it_can(update(Direction::One, T0, 7))
            .node_with(node)
            .build();
        let of = |number| store.of_type(number).map(|span| span.offset).collect::<Vec<_>>();
        let wrapped = version < 4;
        let announced = of(if wrapped { 4096 } else { 256 })[0];
        let updates = of(if wrapped { 4097 } else { 258 });
        let said = of(if wrapped { 4098 } else { 257 })[0];
        for step in [store.bytes.len(), 100] {
            let listed = listed(&store, step);
            assert!(!listed.limited());
            let channels: Vec<Value> = listed
                .channels(&store.bytes)
                .map(|channel| to_json!(&channel.expect("memory can be read")))
                .collect();
            let update = |direction: u8, offset: usize, base: u32| {
                json!({
                    "direction": direction, "offset": offset, "timestamp": T0,
                    "disabled": direction == 1, "fee_base_msat": base.to_string(),
                    "fee_proportional_millionths": 250, "cltv_expiry_delta": 34,
                    "htlc_minimum_msat": "1",
                    "htlc_maximum_msat": maximum.map(|msat| msat.to_string()),
                })
            };
            let [one, two] = nodes(1, 2).map(|node| hex(&node));
            assert_eq!(
                channels,
                [json!({
                    "scid": OPEN, "scid_raw": ((103u64 << 40) | (1 << 16)).to_string(),
                    "announcement": announced, "satoshis": "1000000",
                    "node_id_1": one, "node_id_2": two,
                    "updates": [update(0, updates[2], 7), update(1, updates[1], 8)],
                })],
                "version {version}"
            );
            let found: Vec<Value> = listed
                .nodes(&store.bytes)
                .map(|node| to_json!(&node.expect("memory can be read")))
                .collect();
            let long = format!("{}:1", "a".repeat(255));
            assert_eq!(
                found,
                [
                    json!({
                        "node_id": hex(&key(1)), "channels": 1, "announcement": said,
                        "hidden": false, "timestamp": T0 + 1, "alias": "name",
                        "alias_hex": "6e616d65", "rgb": "010203", "features": [7],
                        "addresses": [long, long, "1.2.3.4:9735"],
                    }),
                    json!({
                        "node_id": hex(&key(2)), "channels": 1, "announcement": null,
                        "hidden": false,
                    }),
                ],
                "version {version}"
            );
        }
    }
}

/// Versions 2 to 4 have no DELETED bit: there the newer update alone replaces the older one.
trait ReplaceIfItCan {
    fn replace_if_it_can(self, update: Update) -> Self;
}

impl ReplaceIfItCan for Store {
    fn replace_if_it_can(self, update: Update) -> Store {
        if self.version() < 5 { self.update_with(update) } else { self.replace_update_with(update) }
    }
}

#[test]
fn channels_stand_by_their_announcement_and_a_limit_is_told() {
    let store = Store::new(16)
        .announce("9x9x9", nodes(5, 6), 3)
        .node(3, T0, "three")
        .announcement("1x1x1", nodes(3, 4))
        .node(6, T0, "six")
        .node(4, T0, "four")
        .announce("5x5x5", nodes(1, 6), 4)
        .build();
    let found = listed(&store, 1_000);
    let channels: Vec<_> = found.channels(&store.bytes).map(Result::unwrap).collect();
    let scids: Vec<String> = channels.iter().map(|row| row.scid.to_string()).collect();
    assert_eq!(scids, ["9x9x9", "1x1x1", "5x5x5"]);
    let satoshis: Vec<_> = channels.iter().map(|row| row.satoshis).collect();
    assert_eq!(satoshis, [Some(3), None, Some(4)]);
    let all: Vec<_> = found.nodes(&store.bytes).map(Result::unwrap).collect();
    let at = |number: usize| Some(store.of_type(257).nth(number).expect("it").offset as u64);
    let mut silent = [1, 5].map(|number| (hex(&key(number)), None, false));
    silent.sort();
    let expected = [
        (hex(&key(3)), at(0), true),
        (hex(&key(6)), at(1), false),
        (hex(&key(4)), at(2), false),
        silent[0].clone(),
        silent[1].clone(),
    ];
    let shown: Vec<_> =
        all.iter().map(|node| (node.node_id.clone(), node.announcement, node.hidden)).collect();
    assert_eq!(shown, expected);
    assert_eq!(all[1].channels, 2);

    let limits = Limits { channels: 2, ..Limits::default() };
    let mut listing = Listing::new(limits, 7);
    listing.push(&store.bytes);
    let few = listing.finish();
    assert!(few.limited());
    assert_eq!(few.channels(&store.bytes).count(), 2);
}

#[test]
fn a_row_names_its_nodes_channel_and_time() {
    let store = Store::bare(8)
        .announce(OPEN, nodes(1, 2), 5)
        .update(OPEN, Direction::One, T0)
        .node(1, T0 + 1, "a")
        .local_add(OWN, key(3), 6)
        .build();
    let mut found = Vec::new();
    for reveal in [false, true] {
        each(&store.bytes, reveal, |version, _, piece, privacy| {
            let Piece::Record(record, body) = piece else { panic!("no wound") };
            let row = RecordRow::new(version, record, body, privacy);
            let nodes: Vec<[u8; 33]> = row.nodes().copied().collect();
            found.push((row.record_type, row.scid(), row.timestamp(), nodes));
        });
    }
    let scid = |text: &str| ShortChannelId::parse(text);
    let kind = |number: u16| Some(RecordType(number));
    let shown = [
        (kind(256), scid(OPEN), Some(T0), nodes(1, 2).to_vec()),
        (kind(4101), None, None, vec![]),
        (kind(258), scid(OPEN), Some(T0), vec![]),
        (kind(257), None, Some(T0 + 1), vec![key(1)]),
    ];
    assert_eq!(found[..4], shown);
    assert_eq!(found[4], (kind(3503), None, None, vec![]));
    assert_eq!(found[5..9], shown);
    assert_eq!(found[9], (kind(3503), scid(OWN), None, vec![key(3)]));
    // Before version 5 the header has no time: the message's is shown.
    let old = Store::bare(4).update(OPEN, Direction::One, T0).node(1, T0 + 1, "a").build();
    let times: Vec<Value> = rows(&old, false).iter().map(|row| row["timestamp"].clone()).collect();
    assert_eq!(times, [json!(T0), json!(T0 + 1)]);
}
