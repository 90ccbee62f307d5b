//! What holds for every message at once, over built, real and broken bodies.

use super::testing::{Random, V16, one_of_each};
use super::{Field, FieldValue, Message, decode, fields};
use crate::gossip::format::{RecordType, Version};
use alloc::vec;
use alloc::vec::Vec;

/// The promises of this room, for one body. Whether it could be read.
fn keeps_its_promises(version: Version, body: &[u8]) -> bool {
    let all = fields(version, body);
    let mut at = 0;
    for field in &all {
        assert_eq!(field.at, at, "{} in {body:02x?}", field.name);
        at += field.len;
    }
    assert_eq!(at, body.len(), "{body:02x?}");

    let record_type = decode(version, body).map(|message| message.record_type());
    let fits = record_type.map_or_else(
        |_| body.first_chunk().is_some_and(|head| RecordType(u16::from_be_bytes(*head)).fits(body)),
        |record_type| record_type.fits(body),
    );
    match decode(version, body) {
        Ok(message) => {
            assert!(fits, "{message:?}");
            let mut written = Vec::new();
            message.write(&mut written);
            assert_eq!(written, body);
            visit(&message);
            if let Some(inner) = message.inner() {
                let _ = inner.map(|inner| visit(&inner));
            }
            true
        }
        Err(error) => {
            assert!(!fits, "{error} in {body:02x?}");
            assert!(error.at() <= body.len(), "{error} in {body:02x?}");
            let undecoded = all.last().map_or("undecoded", |field| field.name);
            // A field that is torn off at its very start leaves nothing to show.
            assert!(undecoded == "undecoded" || error.at() == body.len(), "{error}");
            false
        }
    }
}

/// Runs everything that a message offers; it is enough that nothing panics.
fn visit(message: &Message<'_>) {
    match message {
        Message::ChannelAnnouncement(message) => {
            let _ = message.tlv_records().count();
        }
        Message::NodeAnnouncement(message) => {
            let shown = message.alias_text().visible();
            assert!(!shown.chars().any(char::is_control));
            for address in message.address_list() {
                let shown = alloc::format!("{address}");
                assert!(!shown.chars().any(char::is_control));
            }
            let _ = message.tlv_records().count();
        }
        Message::ChannelUpdate(message) => {
            let _ = message.tlv_records().count();
        }
        _ => {}
    }
}

#[test]
fn built_bodies_of_every_type_are_read_whole() {
    let mut seen: Vec<u16> = Vec::new();
    for body in one_of_each() {
        assert!(keeps_its_promises(V16, &body));
        seen.push(decode(V16, &body).unwrap().record_type().0);
    }
    for known in RecordType::ALL {
        assert!(seen.contains(&known.0), "{known:?} is not among the built bodies");
    }
}

#[test]
fn every_truncation_of_every_type() {
    for body in one_of_each() {
        for len in 0..body.len() {
            keeps_its_promises(V16, &body[..len]);
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn random_and_mutated_bodies() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let seeds = one_of_each();
    let (mut read, mut refused) = (0u32, 0u32);
    for _ in 0..60_000 {
        let mut body = seeds[random.below(seeds.len())].clone();
        match random.below(4) {
            0 => {
                let len = random.below(600);
                body = (0..len).map(|_| random.next().to_be_bytes()[0]).collect();
                if let [first, second, ..] = body.as_mut_slice() {
                    let known = RecordType::ALL[random.below(RecordType::ALL.len())];
                    [*first, *second] = known.0.to_be_bytes();
                }
            }
            1 => body.truncate(random.below(body.len() + 1)),
            2 => body.extend((0..random.below(20)).map(|_| 0x5a)),
            _ => {}
        }
        for _ in 0..random.below(4) {
            let len = body.len().max(1);
            if let Some(byte) = body.get_mut(random.below(len)) {
                *byte = random.next().to_be_bytes()[0];
            }
        }
        let version = Version(random.next().to_be_bytes()[0]);
        if keeps_its_promises(version, &body) {
            read += 1;
        } else {
            refused += 1;
        }
    }
    assert!(read > 10_000 && refused > 10_000, "{read} read, {refused} refused");
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn the_longest_body() {
    let mut random = Random(7);
    for kind in RecordType::ALL {
        let mut body: Vec<u8> = (0..65_535).map(|_| random.next().to_be_bytes()[0]).collect();
        body[..2].copy_from_slice(&kind.0.to_be_bytes());
        keeps_its_promises(V16, &body);
    }
}

#[test]
fn malformed_tlvs_are_undecoded_and_do_not_spoil_the_message() {
    let update = super::testing::Bytes::channel_update(1);
    let body = update.bytes(&[1, 1, 7, 1, 0]).0;
    assert!(decode(V16, &body).is_ok());
    let all = fields(V16, &body);
    let tail: Vec<_> = all.iter().skip(12).map(|field| (field.name, field.at)).collect();
    let expected = [("tlv_type", 138), ("tlv_length", 139), ("tlv_value", 140), ("undecoded", 141)];
    assert_eq!(tail, expected);
}

#[test]
fn tlv_errors_count_from_the_message() {
    for body in one_of_each() {
        let torn = [body.as_slice(), &[0xfe]].concat();
        let error = match decode(V16, &torn) {
            Ok(Message::ChannelAnnouncement(message)) => message.tlv_records().last(),
            Ok(Message::NodeAnnouncement(message)) => message.tlv_records().last(),
            Ok(Message::ChannelUpdate(message)) => message.tlv_records().last(),
            _ => continue,
        };
        let error = error.unwrap().unwrap_err();
        // Some of the built bodies have a fault of their own before that.
        let undecoded = fields(V16, &torn).last().map_or(0, |field| field.at);
        assert_eq!(error.at(), undecoded, "{error}");
    }
}

#[test]
fn a_list_too_long_for_its_length_is_cut() {
    let body = super::testing::Bytes::channel_announcement(&[], 1).0;
    let Ok(Message::ChannelAnnouncement(message)) = decode(V16, &body) else {
        panic!("it is well formed")
    };
    let features = vec![0; 70_000];
    let long = super::ChannelAnnouncement { features: &features, ..message };
    let mut written = Vec::new();
    Message::ChannelAnnouncement(long).write(&mut written);
    assert_eq!(written.len(), 432 + 65_535);
    assert!(decode(V16, &written).is_ok());
}

#[test]
fn an_unknown_type_and_no_type() {
    let all = fields(V16, &[0x27, 0x0f, 1, 2]);
    let expected = vec![
        Field { name: "type", at: 0, len: 2, value: FieldValue::Number(9999) },
        Field { name: "payload", at: 2, len: 2, value: FieldValue::Hex },
    ];
    assert_eq!(all, expected);
    assert_eq!(fields(V16, &[]), []);
    let lone = Field { name: "undecoded", at: 0, len: 1, value: FieldValue::Rest };
    assert_eq!(fields(V16, &[7]), [lone]);
}

#[cfg(feature = "std")]
mod real {
    use super::super::testing::{bodies, real};
    use super::*;
    use crate::gossip::format::ShortChannelId;
    use crate::gossip::wire::Alias;
    use alloc::string::ToString;

    /// Plain files (not compressed ones) of every version that there is.
    const STORES: &[&str] = &[
        "pyln/simple.v15.gs",
        "pyln/simple-private.v09.gs",
        "pyln/mesh-3x3.v15.gs",
        "pyln/parts-clean.v09.gs",
        "synth/synth-small.gs",
        "synth/synth-small-v14.gs",
        "canned/v03_test_gossip_store_load_47fbfe.gs",
        "canned/v07_test_gossip_store_load_935c57.gs",
        "canned/v07_test_gossip_store_upgrade_v7_v8_09ed07.gs",
        "canned/v08_test_gossip_store_load_announce_before_update_53c08a.gs",
        "canned/v10_test_gossip_store_load_6805be.gs",
        "canned/v11_test_gossip_store_load_no_channel_update_7e402e.gs",
        "canned/v12_test_gossip_store_load_18babd.gs",
        "canned/v13_test_gossip_store_load_no_channel_update_05d5dc.gs",
    ];

    #[test]
    fn every_record_of_the_real_stores() {
        for name in STORES {
            let Some(store) = real(name) else { continue };
            let (version, all) = bodies(&store);
            assert!(!all.is_empty(), "{name}");
            for body in all {
                assert!(keeps_its_promises(version, body), "{name}: {body:02x?}");
                let message = decode(version, body).unwrap();
                assert!(message.record_type().is_known(), "{name}");
                assert!(message.inner().is_none_or(|inner| inner.is_ok()), "{name}");
                let shown = fields(version, body);
                assert!(shown.iter().all(|field| field.name != "undecoded"), "{name}: {shown:?}");
            }
        }
    }

    #[test]
    fn the_worked_example() {
        let Some(store) = real("pyln/simple.v15.gs") else { return };
        let (version, all) = bodies(&store);
        let messages: Vec<_> = all.into_iter().map(|body| decode(version, body).unwrap()).collect();
        let [
            Message::ChannelAnnouncement(channel),
            Message::ChannelAmount(amount),
            Message::ChannelUpdate(first),
            Message::ChannelUpdate(second),
            Message::NodeAnnouncement(silent),
            Message::NodeAnnouncement(reachable),
        ] = messages.as_slice()
        else {
            panic!("{messages:?}")
        };
        assert_eq!(Some(channel.scid), ShortChannelId::parse("103x1x0"));
        assert_eq!((channel.node_id_1, channel.node_id_2), (silent.node_id, reachable.node_id));
        assert_eq!(amount.satoshis, 1_000_000);
        assert_eq!((first.direction(), second.direction()), (0, 1));
        assert_eq!(first.timestamp, 1_759_208_366);
        assert_eq!((first.fee_base_msat, first.fee_proportional_millionths), (1, 10));
        assert_eq!(first.htlc_maximum_msat, Some(990_000_000));
        let name = Alias::Utf8("SILENTARTIST--73-g31d1e15-modded");
        assert_eq!(silent.alias_text(), name);
        assert_eq!(silent.address_list().next(), None);
        let addresses: Vec<_> = reachable.address_list().collect();
        let shown: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        let expected = [
            "1.2.3.4:1234",
            "127.0.0.1:36817",
            "[::]:19846",
            "4acth47i6kxnvkewtm6q7ib2s3ufpo5sqbsnzjpbi7utijcltosqemad.onion:19846",
            "example.com:1236",
        ];
        assert_eq!(shown, expected);
    }
}
