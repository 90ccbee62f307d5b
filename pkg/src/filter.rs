//! What a search looks for.

use fulgurite_core::finding::Value;
use fulgurite_core::gossip::format::{RecordType, ShortChannelId};
use fulgurite_core::gossip::listing::{RecordRow, State, WoundRow};
use fulgurite_core::text::hex;

use crate::tables::Row;

/// A filter as it is given. Values of one kind are alternatives; different kinds must all hold.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// A short channel id or its beginning, the first digits of a node's key, or a part of an
    /// alias: whichever it can be.
    pub text: Option<String>,
    /// Types, by number or by name.
    pub types: Vec<String>,
    /// States.
    pub states: Vec<String>,
    /// Short channel ids.
    pub scids: Vec<String>,
    /// First digits of keys of nodes.
    pub nodes: Vec<String>,
    /// A part of an alias, whatever the case.
    pub alias: Option<String>,
    /// Only what begins at this offset or behind it.
    pub from: Option<u64>,
    /// Only what begins before this offset.
    pub to: Option<u64>,
}

/// A filter that has been understood.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: Option<Text>,
    types: Vec<u16>,
    states: Vec<State>,
    scids: Vec<ShortChannelId>,
    nodes: Vec<String>,
    alias: Option<String>,
    pub(crate) from: u64,
    pub(crate) to: Option<u64>,
}

impl Filter {
    /// Understands a filter, or says what is wrong with it.
    ///
    /// # Errors
    /// A line about a value that is none.
    pub fn new(wanted: Wanted) -> Result<Filter, String> {
        let Wanted { text, types, states, scids, nodes, alias, from, to } = wanted;
        let some = |text: Option<String>| {
            text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        Ok(Filter {
            text: some(text).map(|text| Text::new(&text)),
            alias: some(alias).map(|alias| alias.to_lowercase()),
            types: each(&types, |text| record_type(text).ok_or("no type of record"))?,
            states: each(&states, |name| State::from_name(name).ok_or("no state"))?,
            scids: each(&scids, |text| ShortChannelId::parse(text).ok_or("no short channel id"))?,
            nodes: each(&nodes, |text| digits(text).ok_or("not the first digits of a key"))?,
            from: from.unwrap_or(0),
            to,
        })
    }

    /// Whether a row that begins at this offset passes.
    pub fn passes(&self, offset: u64, row: &Row<'_>) -> bool {
        if offset < self.from || self.to.is_some_and(|to| offset >= to) {
            return false;
        }
        match row {
            Row::Record(record) => self.record(record),
            Row::Wound(wound) => self.wound(*wound),
        }
    }

    fn record(&self, row: &RecordRow<'_>) -> bool {
        let number = row.record_type.map(|record_type| record_type.0);
        any(&self.types, |wanted| Some(*wanted) == number)
            && any(&self.states, |wanted| row.is(*wanted))
            && any(&self.scids, |wanted| row.scid() == Some(*wanted))
            && any(&self.nodes, |wanted| names(row, wanted))
            && self.alias.as_ref().is_none_or(|part| alias_has(row, part))
            && self.text.as_ref().is_none_or(|text| text.is_in(row))
    }

    fn wound(&self, row: WoundRow<'_>) -> bool {
        let number = row.record_type().map(|record_type| record_type.0);
        any(&self.types, |wanted| Some(*wanted) == number)
            && any(&self.states, |wanted| *wanted == State::Wounded)
            && self.scids.is_empty()
            && self.nodes.is_empty()
            && self.alias.is_none()
            && self.text.is_none()
    }
}

/// A text that may be one of several things.
#[derive(Clone, Debug, Default)]
struct Text {
    /// A whole short channel id.
    scid: Option<ShortChannelId>,
    /// The beginning of one, with at least one `x`.
    scid_begins: Option<String>,
    /// The first digits of a key.
    node: Option<String>,
    /// A part of an alias, in small letters.
    alias: String,
}

impl Text {
    fn new(text: &str) -> Text {
        let raw = || text.parse::<u64>().ok().filter(|raw| raw >> 40 > 0).map(ShortChannelId);
        let scid = ShortChannelId::parse(text).or_else(raw);
        let form = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
        let begins = form && text.contains('x') && !text.starts_with('x');
        Text {
            scid_begins: (begins && scid.is_none()).then(|| text.to_owned()),
            scid,
            node: digits(text)
                .filter(|digits| digits.starts_with("02") || digits.starts_with("03")),
            alias: text.to_lowercase(),
        }
    }

    fn is_in(&self, row: &RecordRow<'_>) -> bool {
        let scid = row.scid();
        if scid.is_some() && scid == self.scid {
            return true;
        }
        if let (Some(scid), Some(begins)) = (scid, &self.scid_begins)
            && scid.to_string().starts_with(begins)
        {
            return true;
        }
        self.node.as_ref().is_some_and(|digits| names(row, digits)) || alias_has(row, &self.alias)
    }
}

/// Whether the row announces a node whose alias has this part, in small letters.
fn alias_has(row: &RecordRow<'_>, part: &str) -> bool {
    // Other types have none: their values need not be made.
    let announcement = [RecordType::NODE_ANNOUNCEMENT, RecordType::V3_NODE_ANNOUNCEMENT];
    row.record_type.is_some_and(|record_type| announcement.contains(&record_type))
        && matches!(row.facts().get("alias"), Some(Value::Text(alias))
            if alias.to_lowercase().contains(part))
}

/// Whether the row names a node whose key begins with these digits.
fn names(row: &RecordRow<'_>, digits: &str) -> bool {
    row.nodes().any(|id| hex(id).starts_with(digits))
}

/// No filter, or one of them holds.
fn any<T>(filters: &[T], holds: impl FnMut(&T) -> bool) -> bool {
    filters.is_empty() || filters.iter().any(holds)
}

fn digits(text: &str) -> Option<String> {
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (hex && (1..=66).contains(&text.len())).then(|| text.to_ascii_lowercase())
}

fn record_type(text: &str) -> Option<u16> {
    let known = RecordType::ALL.iter().find(|known| known.name() == text).map(|known| known.0);
    known.or_else(|| text.parse().ok())
}

fn each<T>(
    texts: &[String],
    understand: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<Vec<T>, String> {
    let one = |text: &String| understand(text).map_err(|what| format!("{text:?} is {what}"));
    texts.iter().map(one).collect()
}
