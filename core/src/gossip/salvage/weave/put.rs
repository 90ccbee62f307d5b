//! Putting records out: as they stand where that will do, with a new header where it will not.

use alloc::vec::Vec;

use super::decide::Weaver;
use crate::gossip::crc::crc32c;
use crate::gossip::damage::flips::message_timestamp;
use crate::gossip::format::{Flags, RecordType, Version, be16};
use crate::gossip::salvage::chains::Chain;
use crate::gossip::salvage::item::Item;
use crate::gossip::salvage::plan::Reason;
use crate::gossip::salvage::segments::Output;
use crate::gossip::salvage::survey::made;
use crate::gossip::salvage::target;
use crate::gossip::wire::ChannelAmount;
use crate::source::{SourceError, read_span};

impl Weaver<'_> {
    /// Puts out a record where it stood.
    pub(super) fn put(&mut self, item: &Item, message: &[u8], moved: bool) {
        self.put_at(item, message, 0, moved);
    }

    /// The same, if whoever writes the output's version takes it; whether it was put out.
    pub(super) fn offer(&mut self, item: &Item, message: &[u8], timestamp: u32) -> bool {
        let versions = (self.chain.version, self.context.target);
        let header = target::header(item, self.input.layout, versions, message, timestamp);
        if !self.admits(header, message) {
            self.ledger.dropped(item, Reason::Refused);
            return false;
        }
        self.put_at(item, message, timestamp, false);
        true
    }

    /// Puts it out; `timestamp` is for headers that have none.
    pub(super) fn put_at(&mut self, item: &Item, message: &[u8], timestamp: u32, moved: bool) {
        let versions = (self.chain.version, self.context.target);
        let header = target::header(item, self.input.layout, versions, message, timestamp);
        let out = &mut self.weave.out;
        if header.as_stored {
            out.copy(item.source, item.at, item.end - item.at);
        } else {
            self.weave.rewritten = true;
            out.bytes(&header.bytes);
            if item.patch.is_empty() {
                out.either(item.source, item.message_at, message);
            } else {
                out.bytes(message);
            }
        }
        self.weave.records += 1;
        self.ledger.kept(item, moved);
    }

    /// Puts out a record that came too early, read again from its source; whether it was.
    pub(super) fn put_again(&mut self, item: &Item) -> Result<bool, SourceError> {
        let source = self.context.sources.get(usize::from(item.source));
        let Some(source) = source else { return Ok(false) };
        let mut message = read_span(*source, item.message_at, item.message_len as usize)?;
        item.patch.apply(&mut message);
        // It may be of an older chain than the announcement, never of a newer one; layouts and
        // versions are those of its own.
        let input = self.context.inputs.get(usize::from(item.source)).unwrap_or(self.input);
        let version = self.version_of(item);
        let timestamp = own_timestamp(&message);
        let versions = (version, self.context.target);
        let header = target::header(item, input.layout, versions, &message, timestamp);
        if !self.admits(header, &message) {
            self.ledger.dropped(item, Reason::Refused);
            return Ok(false);
        }
        if header.as_stored {
            self.weave.out.copy(item.source, item.at, item.end - item.at);
        } else {
            self.weave.out.bytes(&header.bytes);
            self.weave.out.bytes(&message);
        }
        self.weave.records += 1;
        self.ledger.kept(item, true);
        Ok(true)
    }

    /// Whether those who write the output's version take this record next.
    fn admits(&mut self, header: target::Header, message: &[u8]) -> bool {
        let flags = Flags(u16::from_be_bytes([header.bytes[0], header.bytes[1]]));
        self.weave.gate.as_mut().is_none_or(|gate| gate.admits(flags, message))
    }

    /// The same of an announcement with its amount.
    pub(super) fn admits_channel(&mut self, scid: u64, message: &[u8], satoshis: u64) -> bool {
        let gate = self.weave.gate.as_mut();
        !self.context.admission.bars(scid)
            && gate.is_none_or(|gate| gate.admits_channel(message, satoshis))
    }

    fn version_of(&self, item: &Item) -> Version {
        let of = |chain: &&Chain| chain.source == item.source && chain.span.contains(item.at);
        self.context.chains.iter().find(of).map_or(self.chain.version, |chain| chain.version)
    }

    pub(super) fn put_amount(&mut self, satoshis: u64) {
        let body = ChannelAmount { satoshis }.to_body();
        put_made(&mut self.weave.out, &body, self.context.target);
        self.weave.records += 1;
    }
}

/// The message that a body is, or wraps.
pub(super) fn message<'b>(item: &Item, body: &'b [u8]) -> &'b [u8] {
    let outer = item.message_len as usize != body.len();
    let from = if outer { 4 } else { 0 };
    body.get(from..from + item.message_len as usize).unwrap_or(body)
}

/// The timestamp that a 257 or 258 carries.
fn own_timestamp(message: &[u8]) -> u32 {
    let record_type = be16(message, 0).map(RecordType);
    record_type.and_then(|record_type| message_timestamp(record_type, message)).unwrap_or(0)
}

/// Puts out a record that no input has.
pub(super) fn put_made(out: &mut Output, body: &[u8], target: Version) {
    let flags = if target.has_completed() { Flags::COMPLETED.0 } else { 0 };
    let header = made(flags, body);
    let mut bytes = Vec::from(header.flags.0.to_be_bytes());
    bytes.extend_from_slice(&u16::try_from(header.len).unwrap_or(0).to_be_bytes());
    bytes.extend_from_slice(&crc32c(0, body).to_be_bytes());
    bytes.extend_from_slice(&0u32.to_be_bytes());
    bytes.extend_from_slice(body);
    out.bytes(&bytes);
}
