//! LND's part of a report in words: state, board, way forward, what the stores hold. The page shows
//! it, and so do the exports.

use fulgurite_core::finding::{Confidence, Severity, Value, Values};
use fulgurite_core::lnd::migration::board::{Row, When};
use fulgurite_core::lnd::migration::releases::{RELEASES, Release};
use fulgurite_core::lnd::migration::{Decision, Outcome, StateKind, Store};
use fulgurite_core::report::Report;
use fulgurite_core::words::{self, Language, Text, migration as told};

use crate::format::size;
use crate::labels::{fill, lnd as own};

/// LND's part in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lnd {
    /// The files, in their order: what each is.
    pub files: Vec<String>,
    /// Where the stores are: what matters first, then what holds besides.
    pub states: Vec<Place>,
    /// What that follows from: label and value.
    pub evidence: Vec<(String, String)>,
    /// What LND would do.
    pub board: Vec<Plan>,
    /// The way forward.
    pub way: Vec<&'static str>,
    /// What either side holds: its heading, and figures with their labels.
    pub stores: Vec<(String, Vec<(String, String)>)>,
}

/// Where the stores are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `S2`, if it has a number.
    pub number: Option<&'static str>,
    /// In a sentence.
    pub text: String,
}

/// One decision of LND's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How bad; nothing where it is fine.
    pub severity: Option<Severity>,
    /// It runs, migrates, does not run.
    pub word: &'static str,
    /// In which configurations: releases, backend, switches.
    pub when: Vec<Configuration>,
    /// What happens, with LND's own words in it.
    pub text: String,
    /// What it logs before.
    pub log: Option<String>,
    /// What is lost or stays, and cautions.
    pub notes: Vec<(Severity, String)>,
}

/// A configuration of several releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The releases.
    pub releases: String,
    /// `db.backend`.
    pub backend: &'static str,
    /// `db.use-native-sql`.
    pub native: &'static str,
    /// `db.skip-native-sql-migration`.
    pub skip: &'static str,
}

impl Configuration {
    /// In one line.
    pub fn line(&self, language: Language) -> String {
        let colon = match language {
            Language::English => ": ",
            Language::SimplifiedChinese => "：",
        };
        let Configuration { releases, backend, native, skip } = self;
        let [native_sql, skipped] = [own::NATIVE, own::SKIP].map(|label| label.get(language));
        format!("{releases} · {backend} · {native_sql}{colon}{native} · {skipped}{colon}{skip}")
    }
}

/// What a file is called that has a number but no name.
pub fn file(number: u32, language: Language) -> String {
    fill(own::FILE, language, &Values::new().with("n", u64::from(number) + 1))
}

/// LND's part of the report, if it has one.
pub fn lnd(report: &Report, language: Language) -> Option<Lnd> {
    let lnd = report.lnd.as_ref()?;
    let one = [report.input];
    let inputs = if report.inputs.is_empty() { &one[..] } else { &report.inputs };
    let files = (0..).zip(inputs).map(|(number, input)| {
        let kind = words::value("kind", &input.kind.name().into(), language);
        format!("{}: {kind}, {}", file(number, language), size(input.size))
    });
    let several = inputs.len() > 1;
    let title = |side: Text, store: &str, input: u32| {
        let of = if several { format!(" · {}", file(input, language)) } else { String::new() };
        format!("{} · {store}{of}", side.get(language))
    };
    let kv = lnd.kv.iter();
    let kv = kv.map(|kv| {
        (title(told::side(Store::Kv), kv.store.name(), kv.input), figures(&kv.figures(), language))
    });
    let sql = lnd.sql.iter();
    let sql = sql.map(|sql| {
        (
            title(told::side(Store::Sql), sql.engine.name(), sql.input),
            figures(&sql.figures(), language),
        )
    });
    Some(Lnd {
        files: files.collect(),
        states: states(lnd.state.kind, &lnd.state.remarks, lnd.state.confidence, language),
        evidence: figures(&lnd.state.evidence, language),
        board: lnd.board.rows.iter().map(|row| plan(row, language)).collect(),
        way: lnd.way.iter().map(|step| words::step(*step).get(language)).collect(),
        stores: kv.chain(sql).collect(),
    })
}

fn states(
    first: StateKind,
    remarks: &[StateKind],
    confidence: Confidence,
    language: Language,
) -> Vec<Place> {
    let place = |kind: StateKind, more: String| {
        let text = format!("{}{more}", told::state(kind).get(language));
        Place { number: kind.number(), text }
    };
    let sure = match confidence {
        Confidence::Certain => String::new(),
        other => {
            let values = Values::new().with("sure", words::confidence(other).get(language));
            fill(own::SURE, language, &values)
        }
    };
    let besides = remarks.iter().map(|kind| place(*kind, String::new()));
    std::iter::once(place(first, sure)).chain(besides).collect()
}

fn plan(row: &Row, language: Language) -> Plan {
    let decision = &row.decision;
    let (severity, word) = sign(decision);
    let unsure = match decision.confidence {
        Confidence::Certain => "",
        _ => own::NOT_CERTAIN.get(language),
    };
    let log = match &decision.outcome {
        Outcome::Refuses { log: Some(log), .. } => {
            Some(format!("{}“{log}”", own::LOGGED.get(language)))
        }
        _ => None,
    };
    let damage = |text| (Severity::Damage, text);
    let warning = |text| (Severity::Warning, text);
    let loses = decision.loses.iter().map(|lost| damage(told::lost(lost, language)));
    let marks = decision.marks.iter().map(|mark| warning(told::left(mark, language)));
    let cautions = decision.warnings.iter();
    let cautions = cautions.map(|one| warning(told::caution(*one).get(language).to_owned()));
    Plan {
        severity,
        word: word.get(language),
        when: row.when.iter().map(|when| configuration(when, language)).collect(),
        text: format!("{unsure}{}", told::decision(&quoted(decision), language)),
        log,
        notes: loses.chain(marks).chain(cautions).collect(),
    }
}

/// How bad a decision is, and its word.
fn sign(decision: &Decision) -> (Option<Severity>, Text) {
    let (loses, warns) = (!decision.loses.is_empty(), !decision.warnings.is_empty());
    let runs = match (loses, warns) {
        (true, _) => Some(Severity::Damage),
        (false, true) => Some(Severity::Warning),
        (false, false) => None,
    };
    match &decision.outcome {
        Outcome::Proceeds { .. } => (runs, own::RUNS),
        Outcome::Migrates { .. } => (runs, own::MIGRATES),
        Outcome::Refuses { .. } | Outcome::Breaks { .. } => (Some(Severity::Damage), own::STOPS),
        Outcome::Unknown { .. } => (Some(Severity::Info), own::UNKNOWN),
    }
}

/// The same with LND's own words in quotation marks.
fn quoted(decision: &Decision) -> Decision {
    let mut quoted = decision.clone();
    if let Outcome::Refuses { error, .. } | Outcome::Breaks { error, .. } = &mut quoted.outcome {
        *error = format!("“{error}”");
    }
    quoted
}

fn configuration(when: &When, language: Language) -> Configuration {
    let switch = |on: bool| if on { own::ON } else { own::OFF }.get(language);
    Configuration {
        releases: releases(when),
        backend: when.backend.name(),
        native: switch(when.native),
        skip: when.skip.map_or(own::EITHER.get(language), switch),
    }
}

/// Rows of releases, those that follow one another as a span.
fn releases(when: &When) -> String {
    let mut spans: Vec<(usize, &Release, &Release)> = Vec::new();
    for name in &when.releases {
        let found = RELEASES.iter().enumerate().find(|(_, release)| release.name == name.as_ref());
        let Some((index, release)) = found else { continue };
        match spans.last_mut() {
            Some((last, _, end)) if *last + 1 == index => (*last, *end) = (index, release),
            _ => spans.push((index, release, release)),
        }
    }
    let span = |(_, first, last): &(usize, &Release, &Release)| {
        if first.name == last.last {
            first.name.to_owned()
        } else {
            format!("{} … {}", first.name, last.last)
        }
    };
    spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

/// Figures with their labels.
fn figures(figures: &Values, language: Language) -> Vec<(String, String)> {
    let row = |(name, value): (&str, &Value)| {
        let label = words::label(name).map_or(name, |label| label.get(language));
        (label.to_owned(), words::value(name, value, language))
    };
    figures.iter().map(row).collect()
}
