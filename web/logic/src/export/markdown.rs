//! A report for an issue tracker.

use fulgurite_core::finding::{Severity, Values};
use fulgurite_core::words::{self, Language, Text};

use super::document::{Document, Group};
use super::escape::{code, markdown as escape};
use super::lnd::Lnd;
use crate::format::count;
use crate::labels::{self, fill, lnd as lnd_labels};

/// The columns of the table of types.
pub const TYPE_COLUMNS: [Text; 6] = [
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
    if let Some(lnd) = &document.lnd {
        out.push_str(&board(lnd, language));
    }
    if !document.groups.is_empty() {
        put!(out, "\n### {}\n", say(labels::FINDINGS));
    }
    for group in &document.groups {
        out.push_str(&group_of(group, language));
    }
    if let Some(lnd) = &document.lnd {
        put!(out, "\n### {}\n", say(lnd_labels::STORES));
        for (title, rows) in &lnd.stores {
            put!(out, "\n**{}**\n\n", escape(title));
            for (label, value) in rows {
                put!(out, "- {}: {}\n", escape(label), escape(value));
            }
        }
    }
    if !document.types.is_empty() || !document.figures.is_empty() {
        put!(out, "\n### {}\n\n", say(labels::COMPOSITION));
    }
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
    let note = if document.lnd.is_some() { lnd_labels::EXPORT_NOTE } else { labels::EXPORT_NOTE };
    put!(out, "\n{} {}\n", say(note), escape(&made));
    out
}

/// Where LND's stores are, what LND would do, the way forward.
fn board(lnd: &Lnd, language: Language) -> String {
    let say = |label: Text| escape(label.get(language));
    let mut out = format!("\n### {}\n\n", say(lnd_labels::WHERE));
    for place in &lnd.states {
        let number = place.number.map(|number| format!("**{number}** "));
        put!(out, "{}{}\n\n", number.unwrap_or_default(), escape(&place.text));
    }
    put!(out, "{}:\n\n", say(lnd_labels::FOLLOWS_FROM));
    for (label, value) in &lnd.evidence {
        put!(out, "- {}: {}\n", escape(label), escape(value));
    }
    put!(out, "\n{}:\n\n", say(lnd_labels::FILES_READ));
    for file in &lnd.files {
        put!(out, "- {}\n", escape(file));
    }
    put!(out, "\n### {}\n", say(lnd_labels::BOARD));
    for plan in &lnd.board {
        put!(out, "\n**{} {}**\n\n", plan.severity.map_or("✔", sign), escape(plan.word));
        for when in &plan.when {
            put!(out, "- {}\n", escape(&when.line(language)));
        }
        put!(out, "\n{}\n", escape(&plan.text));
        if let Some(log) = &plan.log {
            put!(out, "\n{}\n", escape(log));
        }
        for (severity, text) in &plan.notes {
            put!(out, "\n{} {}\n", sign(*severity), escape(text));
        }
    }
    put!(out, "\n### {}\n\n", say(lnd_labels::WAY));
    for (number, step) in (1..).zip(&lnd.way) {
        put!(out, "{number}. {}\n", escape(step));
    }
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
