//! A report for an issue tracker.

use fulgurite_core::finding::{Severity, Values};
use fulgurite_core::words::{self, Language, Text};

use super::document::{Document, Group};
use super::escape::{code, markdown as escape};
use crate::format::count;
use crate::labels::{self, fill};

/// The columns of the table of types.
pub(super) const TYPE_COLUMNS: [Text; 6] = [
    labels::TYPE,
    labels::LIVE,
    labels::DELETED,
    labels::BAD_CHECKSUM,
    labels::BYTES_LIVE,
    labels::BYTES_DELETED,
];

/// So many places of one code are written out; an issue has readers.
const PLACES: usize = 20;

/// Writes the text.
pub fn write(document: &Document, language: Language) -> String {
    let say = |label: Text| escape(label.get(language));
    let mut out = format!(
        "## {} {}: {}\n\n{}\n\n### {}\n\n",
        sign(document.severity),
        say(labels::REPORT),
        escape(document.word),
        escape(&document.sentence),
        say(labels::NEXT)
    );
    for (number, step) in (1..).zip(&document.steps) {
        put!(out, "{number}. {}\n", escape(step));
    }
    if !document.groups.is_empty() {
        put!(out, "\n### {}\n", say(labels::FINDINGS));
    }
    for group in &document.groups {
        out.push_str(&group_of(group, language));
    }
    put!(out, "\n### {}\n\n", say(labels::COMPOSITION));
    if !document.types.is_empty() {
        let heads = TYPE_COLUMNS.map(say);
        put!(out, "| {} |\n|:--|--:|--:|--:|--:|--:|\n", heads.join(" | "));
        for row in &document.types {
            let counts = row.counts.map(count);
            put!(
                out,
                "| {} {} | {} |\n",
                escape(&row.number),
                escape(&row.name),
                counts.join(" | ")
            );
        }
        out.push('\n');
    }
    for (label, value) in &document.figures {
        put!(out, "- {}: {}\n", escape(label), escape(value));
    }
    let values = Values::new().with("schema", document.schema.as_str());
    let made = fill(labels::MADE_BY, language, &values);
    put!(out, "\n{} {}\n", say(labels::EXPORT_NOTE), escape(&made));
    out
}

fn group_of(group: &Group, language: Language) -> String {
    let times = if group.count > 1 { format!(" × {}", count(group.count)) } else { String::new() };
    let mut out = format!(
        "\n**{} {}: {}**{times} `{}`\n\n{}\n\n",
        sign(group.severity),
        escape(words::severity(group.severity).get(language)),
        escape(&group.title),
        code(group.code.name()),
        escape(&group.meaning),
    );
    for place in group.places.iter().take(PLACES) {
        put!(out, "- {}", escape(&place.place));
        if !place.values.is_empty() {
            put!(out, "  \n  {}", escape(&place.values));
        }
        out.push('\n');
    }
    let shown = group.places.len().min(PLACES) as u64;
    let more = group.count.saturating_sub(shown);
    if more > 0 {
        let text = fill(labels::PLACES_MORE, language, &Values::new().with("n", more));
        put!(out, "- {}\n", escape(&text));
    }
    out
}

/// A shape that every font has.
fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "●",
        Severity::Warning => "▲",
        Severity::Damage => "✖",
    }
}
