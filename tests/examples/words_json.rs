//! The catalogue of one language as JSON: `words_json LANGUAGE FILE`, for the npm package.
//!
//! Texts are templates as `fulgurite_core::words::render` describes them.

use std::process::ExitCode;

use fulgurite_core::finding::{Code, Confidence, Severity, Step};
use fulgurite_core::gossip::verdict::{Check, Fate, Reads, Why};
use fulgurite_core::report::Headline;
use fulgurite_core::words::{self, Language, Text, releases};
use serde_json::{Map, Value, json};

/// Values of places and verdicts; those of findings are named by their codes.
const LABELS: &[&str] = &[
    "start",
    "end",
    "bytes",
    "record",
    "record_type",
    "key",
    "offset",
    "size",
    "version",
    "records",
    "live",
    "channels",
    "nodes",
    "wounds",
    "lost",
    "uncounted",
    "kind",
    "at",
    "check",
    "processed",
    "updates",
    "tombstones",
    "private",
    "zombies",
    "old_updates",
    "unsure",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [tag, file] = arguments.as_slice() else { return usage() };
    let Some(language) = Language::ALL.into_iter().find(|known| known.tag() == tag) else {
        return usage();
    };
    let mut text = format!("{:#}", catalogue(language));
    text.push('\n');
    match std::fs::write(file, text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{file}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: words_json en|zh-CN FILE");
    ExitCode::from(64)
}

fn catalogue(language: Language) -> Value {
    let say = |text: Text| Value::from(text.get(language));
    let findings = Code::ALL.iter().map(|code| {
        let entry = words::entry(*code);
        (code.name(), json!({ "title": say(entry.title), "meaning": say(entry.meaning) }))
    });
    let labels = Code::ALL.iter().flat_map(|code| code.values()).chain(LABELS);
    let labels = labels.filter_map(|name| Some((*name, say(words::label(name)?))));
    json!({
        "language": language.tag(),
        "name": language.name(),
        "headlines": object(Headline::ALL.iter().map(|it| (it.name(), say(words::headline(*it))))),
        "findings": object(findings),
        "steps": object(Step::ALL.iter().map(|it| (it.name(), say(words::step(*it))))),
        "severities": object(Severity::ALL.iter().map(|it| (it.name(), say(words::severity(*it))))),
        "confidences": object(
            Confidence::ALL.iter().map(|it| (it.name(), say(words::confidence(*it)))),
        ),
        "fates": object(Fate::ALL.iter().map(|it| (it.name(), say(releases::fate(*it))))),
        "readers": object(Reads::ALL.iter().map(|it| (it.name(), say(releases::reads(*it))))),
        "checks": object(Check::ALL.iter().map(|it| (it.name(), say(releases::check(*it))))),
        "whys": object(Why::ALL.iter().map(|it| (it.name(), say(releases::why(*it))))),
        "labels": object(labels),
    })
}

fn object<'a>(fields: impl Iterator<Item = (&'a str, Value)>) -> Value {
    fields.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}
