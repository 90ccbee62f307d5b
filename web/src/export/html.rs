//! A report as a page of its own: one file, no script, nothing to load.

use fulgurite_core::finding::{Severity, Values};
use fulgurite_core::words::{self, Language, Text};

use super::document::{Document, Group};
use super::escape::html as escape;
use crate::format::count;
use crate::labels::{self, fill};

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
    if !document.groups.is_empty() {
        put(&format!("<h2>{}</h2>\n", say(labels::FINDINGS)));
    }
    for group in &document.groups {
        put(&group_of(group, language));
    }
    put(&format!("<h2>{}</h2>\n", say(labels::COMPOSITION)));
    if !document.types.is_empty() {
        put(&types(document, language));
    }
    put("<dl>\n");
    for (label, value) in &document.figures {
        put(&format!("<dt>{}</dt><dd>{}</dd>\n", escape(label), escape(value)));
    }
    put("</dl>\n");
    let made =
        fill(labels::MADE_BY, language, &Values::new().with("schema", document.schema.as_str()));
    put(&format!("<footer><p>{}</p><p>{}</p></footer>\n", say(labels::EXPORT_NOTE), escape(&made)));
    put("</main>\n</body>\n</html>\n");
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
