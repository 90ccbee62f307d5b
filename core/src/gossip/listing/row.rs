//! One record, or one wound, in one line.

use alloc::format;
use alloc::string::ToString as _;
use alloc::vec::Vec;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::Privacy;
use crate::finding::{Value, Values};
use crate::gossip::format::{
    FlagMeaning, Flags, RecordHeader, RecordType, ShortChannelId, Version,
};
use crate::gossip::scan::{RecordRef, Wound};
use crate::gossip::wire::{Message, decode};
use crate::text::hex;

macro_rules! states {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A state that a record can be in; it can be in several. The names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum State { $($(#[$doc])* $variant,)* }

        impl State {
            /// Every state.
            pub const ALL: &'static [State] = &[$(State::$variant),*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(State::$variant => $name,)* }
            }
        }
    };
}

states! {
    /// Not marked DELETED.
    Live = "live";
    /// Marked DELETED.
    Deleted = "deleted";
    /// Own gossip, marked PUSH.
    Push = "push";
    /// Marked RATELIMIT (versions 10 to 13).
    RateLimited = "ratelimited";
    /// Without the COMPLETED bit that version 15 and later call for.
    Uncompleted = "uncompleted";
    /// Marked ZOMBIE (versions 12 and 13).
    Zombie = "zombie";
    /// Marked DYING, or a `chan_dying`.
    Dying = "dying";
    /// Of a channel that is not announced.
    Private = "private";
    /// Found inside a span that a wounded header claims.
    Resynchronised = "resynchronised";
    /// The checksum holds, but the content cannot be what its type says.
    Malformed = "malformed";
    /// No record could be made of these bytes.
    Wounded = "wounded";
}

impl State {
    /// The state of that name.
    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.iter().copied().find(|state| state.name() == name)
    }
}

/// A record in one line. It borrows the body.
#[derive(Clone, Copy, Debug)]
pub struct RecordRow<'a> {
    /// File offset of its header.
    pub offset: u64,
    /// Its length, header included.
    pub len: u64,
    /// Its header.
    pub header: RecordHeader,
    /// Its type, if its body is long enough to have one.
    pub record_type: Option<RecordType>,
    /// Only type, offset and length are shown.
    pub redacted: bool,
    version: Version,
    resynchronised: bool,
    /// What it says: of a wrapped message the inside.
    message: Option<Message<'a>>,
    /// The capacity beside a wrapped announcement.
    satoshis: Option<u64>,
}

impl<'a> RecordRow<'a> {
    /// The row of a record.
    pub fn new(version: Version, record: &RecordRef, body: &'a [u8], privacy: &Privacy) -> Self {
        let message = decode(version, body).ok();
        let satoshis = match message {
            Some(Message::V3ChannelAnnouncement(outer)) => Some(outer.satoshis),
            Some(Message::PrivateChannel(outer)) => Some(outer.satoshis),
            _ => None,
        };
        let message = message.and_then(|message| message.inner().map_or(Some(message), Result::ok));
        RecordRow {
            offset: record.offset,
            len: record.end - record.offset,
            header: record.header,
            record_type: record.record_type,
            redacted: privacy.hides(record.record_type, message.as_ref()),
            version,
            resynchronised: record.resynchronised,
            message,
            satoshis,
        }
    }

    /// Upstream's name of its type.
    pub fn name(&self) -> &'static str {
        self.record_type.map_or("untyped", RecordType::name)
    }

    /// The names of its flags, highest bit first; none where it is redacted.
    pub fn flag_names(&self) -> impl Iterator<Item = &'static str> {
        let flags = if self.redacted { Flags(0) } else { self.header.flags };
        flags.meanings(self.version).map(|(_, meaning)| meaning.name())
    }

    /// Seconds since 1970: the header's, or where it has none the message's.
    pub fn timestamp(&self) -> Option<u32> {
        let message = match self.message {
            Some(Message::ChannelUpdate(update)) => update.timestamp,
            Some(Message::NodeAnnouncement(node)) => node.timestamp,
            _ => 0,
        };
        let header = self.header.timestamp;
        let timestamp = if header == 0 { message } else { header };
        (timestamp != 0 && !self.redacted).then_some(timestamp)
    }

    /// The channel that it speaks of.
    pub fn scid(&self) -> Option<ShortChannelId> {
        let scid = match self.message? {
            Message::ChannelAnnouncement(message) => message.scid,
            Message::ChannelUpdate(message) => message.scid,
            Message::LocalAddChannel(message) => message.scid,
            Message::V3ChannelDelete(message) => message.scid,
            Message::DeleteChan(message) => message.scid,
            Message::ChanDying(message) => message.scid,
            _ => return None,
        };
        (!self.redacted).then_some(scid)
    }

    /// The nodes that it names: none, one or two.
    pub fn nodes(&self) -> impl Iterator<Item = &'a [u8; 33]> {
        let named = match self.message.filter(|_| !self.redacted) {
            Some(Message::ChannelAnnouncement(message)) => {
                [Some(message.node_id_1), Some(message.node_id_2)]
            }
            Some(Message::NodeAnnouncement(message)) => [Some(message.node_id), None],
            Some(Message::LocalAddChannel(message)) => [Some(message.remote_node_id), None],
            _ => [None, None],
        };
        named.into_iter().flatten()
    }

    /// Whether it is in that state.
    pub fn is(&self, state: State) -> bool {
        let means =
            |wanted| self.header.flags.meanings(self.version).any(|(_, meaning)| meaning == wanted);
        match state {
            State::Live => !self.header.flags.is_deleted(),
            State::Deleted => self.header.flags.is_deleted(),
            State::Push => means(FlagMeaning::Push),
            State::RateLimited => means(FlagMeaning::RateLimit),
            State::Uncompleted => {
                self.version.has_completed() && !self.header.flags.contains(Flags::COMPLETED)
            }
            State::Zombie => means(FlagMeaning::Zombie),
            State::Dying => {
                means(FlagMeaning::Dying) || self.record_type == Some(RecordType::CHAN_DYING)
            }
            State::Private => self.record_type.is_some_and(RecordType::is_private),
            State::Resynchronised => self.resynchronised,
            State::Malformed => self.message.is_none(),
            State::Wounded => false,
        }
    }

    /// The states that it is in; those that its flags tell are left out where it is redacted.
    pub fn states(&self) -> impl Iterator<Item = State> {
        let told = [State::Private, State::Resynchronised, State::Malformed];
        State::ALL
            .iter()
            .copied()
            .filter(move |state| self.is(*state) && (!self.redacted || told.contains(state)))
    }

    /// What it says, in a few values; nothing where it is redacted.
    pub fn facts(&self) -> Values {
        let mut facts = Values::new();
        if self.redacted {
            return facts;
        }
        facts = facts.with_some("scid", self.scid().map(|scid| scid.to_string()));
        let text = |satoshis: u64| satoshis.to_string();
        match self.message {
            Some(Message::ChannelAnnouncement(message)) => facts
                .with("node_id_1", hex(message.node_id_1))
                .with("node_id_2", hex(message.node_id_2))
                .with_some("satoshis", self.satoshis.map(text)),
            Some(Message::ChannelUpdate(message)) => facts
                .with("direction", u32::from(message.direction()))
                .with("disabled", message.disabled())
                .with("fee_base_msat", text(message.fee_base_msat.into()))
                .with("fee_proportional_millionths", message.fee_proportional_millionths)
                .with("cltv_expiry_delta", u32::from(message.cltv_expiry_delta))
                .with("htlc_minimum_msat", text(message.htlc_minimum_msat))
                .with_some("htlc_maximum_msat", message.htlc_maximum_msat.map(text)),
            Some(Message::NodeAnnouncement(message)) => facts
                .with("node_id", hex(message.node_id))
                .with("alias", message.alias_text().visible()),
            Some(Message::LocalAddChannel(message)) => facts
                .with("node_id", hex(message.remote_node_id))
                .with("satoshis", text(message.satoshis)),
            Some(Message::ChannelAmount(message)) => facts.with("satoshis", text(message.satoshis)),
            Some(Message::ChanDying(message)) => facts.with("blockheight", message.blockheight),
            Some(Message::Uuid(message)) => facts.with("uuid", hex(message.uuid)),
            Some(Message::Ended(message)) => facts
                .with("equivalent_offset", text(message.equivalent_offset))
                .with_some("uuid", message.uuid.map(|uuid| hex(uuid))),
            _ => facts,
        }
    }
}

impl Serialize for RecordRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", "record")?;
        map.serialize_entry("offset", &self.offset)?;
        map.serialize_entry("len", &self.len)?;
        map.serialize_entry("type", &self.record_type.map(|record_type| record_type.0))?;
        map.serialize_entry("name", self.name())?;
        if self.redacted {
            map.serialize_entry("redacted", &true)?;
        } else {
            map.serialize_entry("flags", &format!("{:04x}", self.header.flags.0))?;
            map.serialize_entry("flag_names", &self.flag_names().collect::<Vec<_>>())?;
            map.serialize_entry("timestamp", &self.timestamp())?;
        }
        let states: Vec<&str> = self.states().map(State::name).collect();
        map.serialize_entry("states", &states)?;
        for (name, value) in self.facts().iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A wound in one line.
#[derive(Clone, Copy, Debug)]
pub struct WoundRow<'a> {
    wound: &'a Wound,
}

impl<'a> WoundRow<'a> {
    /// The row of a wound.
    pub fn new(wound: &'a Wound) -> Self {
        WoundRow { wound }
    }

    /// Its type, if it is one record.
    pub fn record_type(&self) -> Option<RecordType> {
        self.wound.record_type.filter(|_| self.wound.framed)
    }

    /// What is known of it, in a few values.
    pub fn facts(&self) -> Values {
        let wound = self.wound;
        let zeros = wound.zeros.map(|zeros| {
            Value::Group(Values::new().with("start", zeros.start).with("len", zeros.len))
        });
        Values::new()
            .with("framed", wound.framed)
            .with("at_end", wound.at_end)
            .with_some("zeros", zeros)
    }
}

impl Serialize for WoundRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", "wound")?;
        map.serialize_entry("offset", &self.wound.start)?;
        map.serialize_entry("len", &self.wound.len())?;
        if let Some(record_type) = self.record_type() {
            map.serialize_entry("type", &record_type.0)?;
            map.serialize_entry("name", record_type.name())?;
        }
        map.serialize_entry("states", &[State::Wounded.name()])?;
        for (name, value) in self.facts().iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
