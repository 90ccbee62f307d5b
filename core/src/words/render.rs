//! Templates and how they are filled.
//!
//! | in a template | becomes |
//! | --- | --- |
//! | `{name}` | the value as it is |
//! | `{name:n}` | the number with separators: `38,918,975` |
//! | `{name:n record\|records}` | the same with its noun: `1 record`, `38,918 records` |
//! | `{name:t}` | seconds since 1970, also as a date: `1759208366 (2025-09-30 04:59:26 UTC)` |
//! | `[name\|text]` | the text, which may hold placeholders, if the value is there and not 0 or no |
//!
//! A value that is missing becomes `?`. Values are data: what stands in them is not looked at
//! again. Nothing here panics, whatever the template.

use alloc::string::String;
use core::fmt::Write as _;

use super::Language;
use super::labels::{label, value as shown, word};
use crate::finding::{Value, Values};

/// Fills a template from the values.
///
/// ```
/// use fulgurite_core::finding::Values;
/// use fulgurite_core::words::{Language, render};
///
/// let values = Values::new().with("lost", 1_234_u64).with("start", 295_290_u64);
/// assert_eq!(
///     render("{lost:n record|records} from {start}; {other}", &values, Language::English),
///     "1,234 records from 295290; ?",
/// );
/// ```
pub fn render(template: &str, values: &Values, language: Language) -> String {
    fill(template, &[values], language)
}

/// The template as documentation shows it: `{name}` for every placeholder, the text of conditions.
pub fn outline(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    for piece in Pieces(template) {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Slot { name, form } => {
                let noun = form.noun(None);
                let space = if noun.is_empty() { "" } else { " " };
                push(&mut out, format_args!("{{{name}}}{space}{noun}"));
            }
            Piece::If { then, .. } => out.push_str(&outline(then)),
        }
    }
    out
}

/// Fills a template from the first of these that has the value.
pub(super) fn fill(template: &str, from: &[&Values], language: Language) -> String {
    let get = |name: &str| from.iter().find_map(|values| values.get(name));
    let mut out = String::with_capacity(template.len() + 32);
    for piece in Pieces(template) {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Slot { name, form } => push_slot(&mut out, name, form, get(name), language),
            Piece::If { name, then } => {
                if get(name).is_some_and(counts) {
                    out.push_str(&fill(then, from, language));
                }
            }
        }
    }
    out
}

/// Whether a value makes a conditional text appear.
fn counts(value: &Value) -> bool {
    match value {
        Value::Number(number) => *number != 0,
        Value::Flag(flag) => *flag,
        Value::Text(text) => !text.is_empty(),
        Value::List(list) => !list.is_empty(),
        Value::Group(values) => !values.is_empty(),
    }
}

fn push_slot(
    out: &mut String,
    name: &str,
    form: Form<'_>,
    value: Option<&Value>,
    language: Language,
) {
    match value {
        Some(value) => push_value(out, name, form, value, language),
        None => out.push('?'),
    }
    let noun = form.noun(value);
    if !noun.is_empty() {
        out.push(' ');
        out.push_str(noun);
    }
}

/// Writes one value.
pub(super) fn push_value(
    out: &mut String,
    name: &str,
    form: Form<'_>,
    value: &Value,
    language: Language,
) {
    match value {
        Value::Number(number) => match form {
            Form::Plain => push(out, format_args!("{number}")),
            Form::Count | Form::CountOf { .. } => push_grouped(out, *number),
            Form::Time => push_time(out, *number),
        },
        Value::Flag(flag) => {
            out.push_str(if *flag { text!("yes", "是") } else { text!("no", "否") }.get(language));
        }
        Value::Text(text) => match word(name, text) {
            Some(word) => out.push_str(word.get(language)),
            None if name == "evidence" => push_words(out, name, text, language),
            None => out.push_str(text),
        },
        Value::List(list) => {
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    out.push_str(text!(", ", "、").get(language));
                }
                let group = matches!(value, Value::Group(_));
                out.push_str(if group { text!("(", "（").get(language) } else { "" });
                push_value(out, name, form, value, language);
                out.push_str(if group { text!(")", "）").get(language) } else { "" });
            }
        }
        Value::Group(values) => {
            for (index, (name, value)) in values.iter().enumerate() {
                if index > 0 {
                    out.push_str(text!("; ", "；").get(language));
                }
                out.push_str(label(name).map_or(name, |label| label.get(language)));
                out.push_str(text!(": ", "：").get(language));
                out.push_str(&shown(name, value, language));
            }
        }
    }
}

/// Writes several stable words that one space parts.
fn push_words(out: &mut String, name: &str, words: &str, language: Language) {
    for (index, part) in words.split(' ').enumerate() {
        if index > 0 {
            out.push_str(text!(", ", "、").get(language));
        }
        out.push_str(word(name, part).map_or(part, |word| word.get(language)));
    }
}

fn push(out: &mut String, arguments: core::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = out.write_fmt(arguments);
}

/// `38918975` as `38,918,975`.
fn push_grouped(out: &mut String, number: u64) {
    if number >= 1000 {
        push_grouped(out, number / 1000);
        push(out, format_args!(",{:03}", number % 1000));
    } else {
        push(out, format_args!("{number}"));
    }
}

/// Seconds since 1970, and behind them the same as a date, up to the year 9999.
fn push_time(out: &mut String, seconds: u64) {
    push(out, format_args!("{seconds}"));
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    // The calendar repeats every 400 years of 146,097 days; its years begin in March here, so
    // that the leap day is the last of a year. 719,468 days lie between 0000-03-01 and 1970.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    if year <= 9_999 {
        let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
        push(
            out,
            format_args!(" ({year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC)"),
        );
    }
}

/// How a placeholder shows its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// As it is.
    Plain,
    /// With separators.
    Count,
    /// With separators and a noun.
    CountOf { one: &'a str, many: &'a str },
    /// As a date.
    Time,
}

impl<'a> Form<'a> {
    /// The noun behind that value, or none.
    fn noun(self, value: Option<&Value>) -> &'a str {
        match self {
            Form::CountOf { one, .. } if value == Some(&Value::Number(1)) => one,
            Form::CountOf { many, .. } => many,
            _ => "",
        }
    }

    fn parse(text: &'a str) -> Form<'a> {
        match text.split_once(' ') {
            Some(("n", nouns)) => {
                let (one, many) = nouns.split_once('|').unwrap_or((nouns, nouns));
                Form::CountOf { one, many }
            }
            _ if text == "n" => Form::Count,
            _ if text == "t" => Form::Time,
            _ => Form::Plain,
        }
    }
}

/// One piece of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text.
    Literal(&'a str),
    /// A placeholder.
    Slot { name: &'a str, form: Form<'a> },
    /// Text under a condition. It holds no further condition.
    If { name: &'a str, then: &'a str },
}

/// A template, piece by piece. What is not well formed is text.
pub(super) struct Pieces<'a>(pub(super) &'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let rest = self.0;
        if rest.is_empty() {
            return None;
        }
        let special = rest.bytes().position(|byte| matches!(byte, b'{' | b'['));
        let special = special.unwrap_or(rest.len());
        if special > 0 {
            let (text, after) = rest.split_at_checked(special).unwrap_or((rest, ""));
            self.0 = after;
            return Some(Piece::Literal(text));
        }
        if let Some((slot, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            self.0 = after;
            let (name, form) = slot.split_once(':').unwrap_or((slot, ""));
            return Some(Piece::Slot { name, form: Form::parse(form) });
        }
        let condition = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        if let Some(((name, then), after)) =
            condition.and_then(|(inner, after)| Some((inner.split_once('|')?, after)))
        {
            self.0 = after;
            return Some(Piece::If { name, then });
        }
        self.0 = "";
        Some(Piece::Literal(rest))
    }
}
