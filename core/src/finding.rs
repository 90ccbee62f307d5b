//! What is wrong (or worth knowing), where, how sure, and what to do next: codes and values, no
//! prose. The words for a code are in [`crate::words`].

use crate::sorting::{sort, sort_by_key};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

mod code;
mod place;
mod read;

pub use code::{Code, Step};
pub use place::{Place, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Something will go wrong, or is not as it should be, without bytes being damaged.
    Warning,
    /// Bytes are damaged or lost, or lightningd will refuse them.
    Damage,
}

impl Severity {
    /// All of them, the mildest first.
    pub const ALL: &'static [Severity] = &[Severity::Info, Severity::Warning, Severity::Damage];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Damage => "damage",
        }
    }
}

/// How sure a finding is of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// One explanation among several.
    Possible,
    /// The evidence fits this and hardly anything else.
    Likely,
    /// The bytes prove it.
    Certain,
}

impl Confidence {
    /// Its stable name.
    pub const ALL: &'static [Confidence] =
        &[Confidence::Possible, Confidence::Likely, Confidence::Certain];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::Possible => "possible",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

pub(crate) use read::by_name;

macro_rules! serialize_by_name {
    ($($type:ty),*) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        $crate::finding::by_name!($type);
    )*};
}
pub(crate) use serialize_by_name;
serialize_by_name!(Severity, Confidence, Code, Step);

/// One value of a finding. There are no floats: shares are in parts per million.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// An offset, a length, a count.
    Number(u64),
    /// A yes or a no.
    Flag(bool),
    /// A stable word of ours, an id, or text from a file made visible.
    Text(String),
    /// Several of them, in a meaningful order.
    List(Vec<Value>),
    /// A group of named values.
    Group(Values),
}

impl From<u64> for Value {
    fn from(number: u64) -> Value {
        Value::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Number(number.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Value {
        Value::Number(number as u64)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Flag(flag)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Number(number) => serializer.serialize_u64(*number),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(list) => serializer.collect_seq(list),
            Value::Group(values) => values.serialize(serializer),
        }
    }
}

/// Named values in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(Vec<(Cow<'static, str>, Value)>);

impl Values {
    /// None yet.
    pub fn new() -> Values {
        Values::default()
    }

    /// With one more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Values {
        self.0.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// With one more, if there is one.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Values {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The number of that name.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The text of that name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Each name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Where.
    pub place: Place,
    /// Its figures and evidence.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub values: Values,
    /// What to do, the safest first.
    pub next: Cow<'static, [Step]>,
}

impl Finding {
    /// A finding with its code's usual severity and steps, certain, without values.
    pub fn new(code: Code, place: Place) -> Finding {
        Finding {
            code,
            severity: code.severity(),
            confidence: Confidence::Certain,
            place,
            values: Values::new(),
            next: Cow::Borrowed(code.steps()),
        }
    }

    /// The same, less sure.
    #[must_use]
    pub fn sure(mut self, confidence: Confidence) -> Finding {
        self.confidence = confidence;
        self
    }

    /// The same with its values.
    #[must_use]
    pub fn values(mut self, values: Values) -> Finding {
        self.values = values;
        self
    }
}

/// Findings as they are made: of each code the first [`Findings::KEPT`] are kept, the others
/// counted, so that memory is bounded whatever the file.
#[derive(Debug)]
pub struct Findings {
    kept: Vec<Finding>,
    counts: Vec<(Code, u64)>,
    limit: u64,
}

impl Default for Findings {
    fn default() -> Self {
        Findings::with_limit(Self::KEPT)
    }
}

impl Findings {
    /// How many findings of one code are kept.
    pub const KEPT: u64 = 1_000;

    /// Keeps at most `limit` findings of one code.
    pub fn with_limit(limit: u64) -> Findings {
        Findings { kept: Vec::new(), counts: Vec::new(), limit }
    }

    /// Those that another list kept, and how many it counted of each code.
    pub fn of(kept: Vec<Finding>, counts: Vec<(Code, u64)>) -> Findings {
        Findings { kept, counts, limit: Self::KEPT }
    }

    /// Takes all that another list has, as findings of that input where they name none.
    pub fn absorb(&mut self, other: Findings, input: u32) {
        let before = |code| self.count(code);
        let counts: Vec<(Code, u64)> =
            other.counts.iter().map(|(code, count)| (*code, before(*code) + count)).collect();
        for mut finding in other.kept {
            if finding.place.input.is_none() {
                finding.place = finding.place.of_input(input);
            }
            self.push(finding);
        }
        for (code, count) in counts {
            *self.count_mut(code) = count;
        }
    }

    /// Names the log as the file of all that stands in one; `log_of` knows the log of an input.
    pub fn settle(&mut self, log_of: &dyn Fn(u32) -> Option<u32>) {
        for finding in self.kept.iter_mut().filter(|finding| finding.place.logged) {
            let place = &mut finding.place;
            place.logged = false;
            if let Some(log) = log_of(place.input.unwrap_or(0)) {
                place.input = (log > 0).then_some(log);
            }
        }
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        let count = self.count_mut(finding.code);
        *count += 1;
        if *count <= self.limit {
            self.kept.push(finding);
        }
    }

    /// Whether one more of this code would only be counted: then it need not be made.
    pub fn is_full(&self, code: Code) -> bool {
        self.count(code) >= self.limit
    }

    /// Counts one without keeping it.
    pub fn count_only(&mut self, code: Code) {
        *self.count_mut(code) += 1;
    }

    /// Counts so many without keeping them.
    pub fn count_many(&mut self, code: Code, more: u64) {
        let count = self.count_mut(code);
        *count = count.saturating_add(more);
    }

    fn count_mut(&mut self, code: Code) -> &mut u64 {
        let known = self.counts.iter().position(|(known, _)| *known == code);
        let index = known.unwrap_or_else(|| {
            self.counts.push((code, 0));
            self.counts.len() - 1
        });
        &mut self.counts[index].1
    }

    /// How many of this code there were.
    pub fn count(&self, code: Code) -> u64 {
        self.counts.iter().find(|(known, _)| *known == code).map_or(0, |(_, count)| *count)
    }

    /// The kept ones so far, in the order of their making.
    pub fn kept(&self) -> &[Finding] {
        &self.kept
    }

    /// The kept ones, by input, offset and code, and how many there were of each code.
    pub fn into_sorted(mut self) -> (Vec<Finding>, Vec<(Code, u64)>) {
        sort_by_key(&mut self.kept, |finding| {
            let place = &finding.place;
            (place.input, place.span.start, place.span.end, finding.code)
        });
        sort(&mut self.counts);
        (self.kept, self.counts)
    }
}
