//! What a store holds, in figures.

use std::io::{self, Write};

use fulgurite_core::gossip::report::{GossipReport, VersionReport};
use fulgurite_core::gossip::signatures::SignatureReport;
use fulgurite_core::words::{Language, Text};
use unicode_width::UnicodeWidthStr as _;

use crate::output::{FAINT, Face, STRONG, left, right};
use crate::words;

pub(super) fn print(
    out: &mut impl Write,
    size: u64,
    gossip: &GossipReport,
    face: Face,
) -> io::Result<()> {
    writeln!(out, "\n{STRONG}{}{STRONG:#}", words::CONTENT.get(face.language))?;
    types(out, gossip, face)?;
    let rows = rows(size, gossip, face);
    let width = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    for (label, value) in rows {
        writeln!(out, "  {FAINT}{}{FAINT:#}  {value}", left(label, width))?;
    }
    Ok(())
}

/// Records by type.
fn types(out: &mut impl Write, gossip: &GossipReport, face: Face) -> io::Result<()> {
    let heads = words::TYPE_COLUMNS.map(|head| head.get(face.language));
    let [name, live, deleted, bad, live_bytes, deleted_bytes] = heads;
    writeln!(
        out,
        "  {FAINT}{} {} {} {} {} {}{FAINT:#}",
        left(name, 30),
        right(live, 11),
        right(deleted, 11),
        right(bad, 13),
        right(live_bytes, 15),
        right(deleted_bytes, 15),
    )?;
    for row in &gossip.types {
        let number = row.number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let name = format!("{number:>5} {}", row.name);
        let counts = [row.live, row.deleted, row.bad_checksum, row.live_bytes, row.deleted_bytes];
        let [live, deleted, bad, live_bytes, deleted_bytes] = counts.map(|count| face.count(count));
        writeln!(
            out,
            "  {} {} {} {} {} {}",
            left(&name, 30),
            right(&live, 11),
            right(&deleted, 11),
            right(&bad, 13),
            right(&live_bytes, 15),
            right(&deleted_bytes, 15),
        )?;
    }
    writeln!(out)
}

fn rows(size: u64, gossip: &GossipReport, face: Face) -> Vec<(&'static str, String)> {
    let language = face.language;
    let count = |number| face.count(number);
    let network = &gossip.network;
    let mut rows = Vec::new();
    let mut add = |label: Text, value| rows.push((label.get(language), value));
    add(words::SIZE, words::bytes(language, &count(size)));
    add(words::VERSION, version(&gossip.version, face));
    let marked = words::marked_deleted(language, &count(gossip.deleted));
    add(words::RECORDS, format!("{}{marked}", count(gossip.records)));
    if gossip.wounds > 0 {
        let bytes = count(gossip.wounded_bytes);
        add(words::WOUNDS, words::wounds(language, &count(gossip.wounds), &bytes));
        let (lost, unknown) = (count(gossip.lost), gossip.uncounted_wounds);
        add(words::LOST, words::lost(language, &lost, unknown, &count(unknown)));
    }
    add(
        words::NODES,
        words::nodes(language, &count(network.nodes), &count(network.announced_nodes)),
    );
    let capacity = count(network.capacity_sat);
    add(words::CHANNELS, words::channels(language, &count(network.channels), &capacity));
    let disabled = count(network.disabled);
    add(words::UPDATES, words::updates(language, &count(network.updates), &disabled));
    let (live, dead) = (count(network.live_records), count(network.dead_records));
    add(words::UPSTREAM, words::live_and_dead(language, &live, &dead));
    add(words::LIVE_BYTES, words::bytes(language, &count(gossip.live_bytes)));
    add(words::DEAD_BYTES, words::bytes(language, &count(gossip.deleted_bytes)));
    add(words::UNPROTECTED, words::bytes(language, &count(gossip.unprotected_bytes)));
    let compaction = &gossip.compaction;
    add(words::COMPACTION, words::compaction(language, compaction.rule, compaction.size_rule_met));
    let sync = &gossip.sync;
    let (messages, wire) = (count(sync.messages), count(sync.wire_bytes));
    add(words::SYNC, words::sync(language, &messages, &wire));
    if let Some(signatures) = &gossip.signatures {
        add(words::SIGNATURES, verified(signatures, face));
    }
    if let (Some(oldest), Some(newest)) = (network.oldest_timestamp, network.newest_timestamp) {
        add(words::OLDEST, face.time(oldest));
        add(words::NEWEST, face.time(newest));
    }
    if network.channels > 0 {
        let (stay, all) = (count(network.channels_after_prune), count(network.channels));
        // "Now" is the newest timestamp unless it was chosen.
        let chosen = network.newest_timestamp != Some(network.now);
        let now = face.time(network.now);
        add(words::PRUNE, words::prune(language, &stay, &all, &now, chosen));
    }
    rows
}

fn verified(signatures: &SignatureReport, face: Face) -> String {
    let language = face.language;
    let [valid, records, count] =
        [signatures.valid, signatures.records, signatures.signatures].map(|n| face.count(n));
    let mut text = words::signatures(language, &valid, &records, &count);
    let mut add = |count, say: fn(Language, &str) -> String| {
        if count > 0 {
            text.push_str(&say(language, &face.count(count)));
        }
    };
    add(signatures.invalid, words::bad_signatures);
    add(signatures.all_zero, words::zero_signatures);
    add(signatures.unverifiable, words::unverifiable);
    text
}

fn version(version: &VersionReport, face: Face) -> String {
    let releases = |name, text: &str| {
        let word = fulgurite_core::words::word(name, text);
        word.map_or_else(|| text.to_owned(), |word| word.get(face.language).to_owned())
    };
    let written_by = releases("written_by", &version.written_by);
    let read_by = releases("read_by", &version.read_by);
    words::version(face.language, version.byte, version.read_as, &written_by, &read_by)
}
