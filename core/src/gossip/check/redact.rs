//! Names of the operator's own channels and nodes, replaced by ordinals.
//!
//! Nearly everything in a store is public gossip. What is not: private records, and which records
//! are the node's own (the PUSH flag says so). Ordinals are given by first appearance, so that
//! findings about one channel can still be told to be about one, and so that every face gives the
//! same ones.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use crate::finding::{Code, Finding, Values};
use crate::gossip::damage::Look;
use crate::gossip::format::{Flags, RecordType, ShortChannelId};
use crate::gossip::network::Network;
use crate::gossip::wire::{Message, decode};
use crate::source::SourceError;
use crate::text::hex;

/// Replaces the names in findings, which must be in the order of the report.
pub(super) fn redact(
    findings: &mut [Finding],
    look: &Look<'_>,
    network: &Network,
    own: &[[u8; 33]],
) -> Result<(), SourceError> {
    let mut ordinals = BTreeMap::new();
    for finding in findings {
        let Some(key) = finding.place.key.clone() else { continue };
        if is_own(look, network, own, finding, &key)? {
            finding.place.key = Some(ordinal(&mut ordinals, &key));
            if finding.values.text("alias").is_some() {
                finding.values = without_alias(&finding.values);
            }
        }
    }
    Ok(())
}

fn is_own(
    look: &Look<'_>,
    network: &Network,
    own: &[[u8; 33]],
    finding: &Finding,
    key: &str,
) -> Result<bool, SourceError> {
    if own.iter().any(|id| hex(id) == key) {
        return Ok(true);
    }
    let nodes = ShortChannelId::parse(key).and_then(|scid| network.nodes_of(scid));
    if nodes.is_some_and(|nodes| nodes.iter().any(|id| own.contains(id))) {
        return Ok(true);
    }
    // Up to version 4 an update does not say whether its channel was ever announced.
    if look.version.0 <= 4 && finding.code == Code::OrphanUpdate {
        return Ok(true);
    }
    let Some(record) = finding.place.record else { return Ok(false) };
    let Some((header, record_type, end)) = look.header(record)? else { return Ok(false) };
    let push = look.version.0 >= 7 && header.flags.contains(Flags::PUSH);
    if push || record_type.is_some_and(RecordType::is_private) {
        return Ok(true);
    }
    // The network does not know what is deleted, by a turned bit perhaps.
    if record_type != Some(RecordType::CHANNEL_ANNOUNCEMENT) {
        return Ok(false);
    }
    let start = end.saturating_sub(header.len.into());
    let body = look.bytes(start, end.saturating_sub(start))?;
    Ok(match decode(look.version, &body) {
        Ok(Message::ChannelAnnouncement(message)) => {
            own.contains(message.node_id_1) || own.contains(message.node_id_2)
        }
        _ => false,
    })
}

/// `channel#1`, `node#2`: counted for each kind.
fn ordinal(ordinals: &mut BTreeMap<String, String>, key: &str) -> String {
    let kind = if key.contains('x') { "channel" } else { "node" };
    let next = 1 + ordinals.values().filter(|name| name.starts_with(kind)).count();
    ordinals.entry(key.into()).or_insert_with(|| format!("{kind}#{next}")).clone()
}

fn without_alias(values: &Values) -> Values {
    let mut out = Values::new();
    for (name, value) in values.iter() {
        out = match name {
            "alias" => out.with("alias", "(redacted)"),
            "first_channel" => out.with("first_channel", value.clone()),
            _ => out,
        };
    }
    out
}
