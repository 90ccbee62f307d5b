//! A report as a page of its own: one file, no script, nothing to load.

use fulgurite_core::finding::{Severity, Values};
use fulgurite_core::words::{self, Language, Text};

use super::document::{Document, Group};
use super::escape::html as escape;
use super::lnd::Lnd;
use crate::format::count;
use crate::labels::{self, fill, lnd as lnd_labels};

/// The page may load nothing and run nothing; its own style is all that it has.
pub const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("report.css");

/// Writes the page.
pub fn write(document: &Document, language: Language) -> String {
    let say = |label: Text| escape(label.get(language));
    let mut out = String::with_capacity(16 * 1024);
    let mut put = |text: &str| out.push_str(text);
    put("<!DOCTYPE html>\n<html lang=\"");
    put(language.tag());
    put(
        "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
    );
    put(POLICY);
    put("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    put(&format!("{}: {}", say(labels::REPORT), escape(document.word)));
    put("</title>\n<style>\n");
    put(STYLE);
    put("</style>\n</head>\n<body>\n<main>\n");
    put(&format!(
        "<header class=\"{}\">\n<p class=\"word\">{} {}</p>\n<h1>{}</h1>\n</header>\n",
        document.severity.name(),
        sign(document.severity),
        escape(document.word),
        escape(&document.sentence)
    ));
    put(&format!("<h2>{}</h2>\n<ol>\n", say(labels::NEXT)));
    for step in &document.steps {
        put(&format!("<li>{}</li>\n", escape(step)));
    }
    put("</ol>\n");
    if let Some(lnd) = &document.lnd {
        put(&board(lnd, language));
    }
    if !document.groups.is_empty() {
        put(&format!("<h2>{}</h2>\n", say(labels::FINDINGS)));
    }
    for group in &document.groups {
        put(&group_of(group, language));
    }
    if let Some(lnd) = &document.lnd {
        put(&format!("<h2>{}</h2>\n", say(lnd_labels::STORES)));
        for (title, rows) in &lnd.stores {
            put(&format!("<h3>{}</h3>\n", escape(title)));
            put(&pairs(rows.iter().map(|(label, value)| (label.as_str(), value.as_str()))));
        }
    }
    if !document.types.is_empty() || !document.figures.is_empty() {
        put(&format!("<h2>{}</h2>\n", say(labels::COMPOSITION)));
    }
    if !document.types.is_empty() {
        put(&types(document, language));
    }
    if !document.figures.is_empty() {
        put(&pairs(document.figures.iter().map(|(label, value)| (*label, value.as_str()))));
    }
    let made =
        fill(labels::MADE_BY, language, &Values::new().with("schema", document.schema.as_str()));
    let note = if document.lnd.is_some() { lnd_labels::EXPORT_NOTE } else { labels::EXPORT_NOTE };
    put(&format!("<footer><p>{}</p><p>{}</p></footer>\n", say(note), escape(&made)));
    put("</main>\n</body>\n</html>\n");
    out
}

fn pairs<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::from("<dl>\n");
    for (label, value) in rows {
        put!(out, "<dt>{}</dt><dd>{}</dd>\n", escape(label), escape(value));
    }
    out.push_str("</dl>\n");
    out
}

/// Where LND's stores are, what LND would do, the way forward.
fn board(lnd: &Lnd, language: Language) -> String {
    let say = |label: Text| escape(label.get(language));
    let mut out = format!("<h2>{}</h2>\n", say(lnd_labels::WHERE));
    for place in &lnd.states {
        let number = place.number.map(|number| format!("<strong>{number}</strong> "));
        put!(out, "<p>{}{}</p>\n", number.unwrap_or_default(), escape(&place.text));
    }
    put!(out, "<h3>{}</h3>\n", say(lnd_labels::FOLLOWS_FROM));
    out.push_str(&pairs(lnd.evidence.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
    put!(out, "<h3>{}</h3>\n<ol>\n", say(lnd_labels::FILES_READ));
    for file in &lnd.files {
        put!(out, "<li>{}</li>\n", escape(file));
    }
    put!(out, "</ol>\n<h2>{}</h2>\n", say(lnd_labels::BOARD));
    for plan in &lnd.board {
        let severity = plan.severity.unwrap_or(Severity::Info);
        put!(out, "<section class=\"{}\">\n<h3>", severity.name());
        put!(out, "{} {}</h3>\n<ul>\n", plan.severity.map_or("✔", sign), escape(plan.word));
        for when in &plan.when {
            put!(out, "<li>{}</li>\n", escape(&when.line(language)));
        }
        put!(out, "</ul>\n<p>{}</p>\n", escape(&plan.text));
        if let Some(log) = &plan.log {
            put!(out, "<p>{}</p>\n", escape(log));
        }
        for (severity, text) in &plan.notes {
            put!(out, "<p>{} {}</p>\n", sign(*severity), escape(text));
        }
        out.push_str("</section>\n");
    }
    put!(out, "<h2>{}</h2>\n<ol>\n", say(lnd_labels::WAY));
    for step in &lnd.way {
        put!(out, "<li>{}</li>\n", escape(step));
    }
    out.push_str("</ol>\n");
    out
}

fn group_of(group: &Group, language: Language) -> String {
    let times = if group.count > 1 {
        format!(" <span>× {}</span>", count(group.count))
    } else {
        String::new()
    };
    let mut out = format!(
        "<section class=\"{}\">\n<h3>{} {}: {}{times} <code>{}</code></h3>\n<p>{}</p>\n<ul>\n",
        group.severity.name(),
        sign(group.severity),
        escape(words::severity(group.severity).get(language)),
        escape(&group.title),
        group.code.name(),
        escape(&group.meaning),
    );
    for place in &group.places {
        put!(out, "<li>{}", escape(&place.place));
        if !place.values.is_empty() {
            put!(out, "<br><small>{}</small>", escape(&place.values));
        }
        out.push_str("</li>\n");
    }
    let counted = group.count.saturating_sub(group.places.len() as u64);
    if counted > 0 {
        let text = fill(labels::ONLY_COUNTED, language, &Values::new().with("n", counted));
        put!(out, "<li>{}</li>\n", escape(&text));
    }
    out.push_str("</ul>\n</section>\n");
    out
}

fn types(document: &Document, language: Language) -> String {
    let mut out = String::from("<table>\n<thead><tr>");
    for label in super::markdown::TYPE_COLUMNS {
        put!(out, "<th scope=\"col\">{}</th>", escape(label.get(language)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &document.types {
        put!(out, "<tr><th scope=\"row\">{} {}</th>", escape(&row.number), escape(&row.name));
        for number in row.counts {
            put!(out, "<td>{}</td>", count(number));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    out
}

/// A shape beside the word, so that colour is never the only sign.
fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "●",
        Severity::Warning => "▲",
        Severity::Damage => "✖",
    }
}
