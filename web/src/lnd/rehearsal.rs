//! LND's migration rehearsed: how it would end, by which release and onto which engine, and every
//! invoice that it would stumble over.

use fulgurite_core::finding::{Code, Finding, Value};
use fulgurite_core::lnd::migration::SqlEngine;
use fulgurite_core::lnd::rehearse::Target;
use fulgurite_core::words::{self, Language, Text, rehearse as told};
use leptos::prelude::*;
use serde::Deserialize;

use super::Stores;
use super::document::{self, Document, Kind, Listed, text};
use crate::address::Choice;
use crate::engine::lnd::{Asked, What};
use crate::labels::lnd as own;
use crate::state::{Opened, tr, use_page};
use crate::table::grid::Column;
use crate::view::View;

/// What it is saved as.
const NAME: &str = "fulgurite-rehearsal.json";

const COLUMNS: [Column; 5] = [
    (own::INVOICE, "right"),
    (own::ADD, "right"),
    (own::RULE, "kind"),
    (own::WHAT, "kind"),
    (LND_SAYS, "wide"),
];

const LND_SAYS: Text = Text { en: "LND says", zh: "LND 的报错" };

/// A rehearsal's own part, as far as it is shown.
#[derive(Deserialize)]
struct Rehearsed {
    rehearsal: Rehearsal,
}

#[derive(Deserialize)]
struct Rehearsal {
    invoices: u64,
    brought: u64,
    htlcs: u64,
    seconds_least: u64,
    seconds_most: Option<u64>,
    rules: Vec<RuleCount>,
}

#[derive(Deserialize)]
struct RuleCount {
    rule: String,
    count: u64,
}

/// What is asked for. What an address names and nobody knows is as nothing.
fn what(view: View) -> What {
    let release = view.choice(Choice::Release).get();
    let engine = view.choice(Choice::Engine).get();
    let known = SqlEngine::ALL.iter().any(|one| one.name() == engine);
    What::Rehearsed {
        release: Target::named(&release).unwrap_or_else(Target::newest).name().to_owned(),
        engine: if known { engine } else { String::new() },
    }
}

/// The view.
#[component]
pub(super) fn Rehearsal(opened: Opened, stores: Stores) -> impl IntoView {
    let view = opened.view;
    let asked = move || Asked { what: what(view), reveal: view.reveal.get() };
    let kind = Kind { busy: own::REHEARSING, nothing: (own::NO_KV, told::NO_KV), told: rehearsed };
    view! {
        <div class="listing told">
            <Choices view /> {document::content(opened, stores, asked, kind)}
        </div>
    }
}

/// By which release, onto which engine.
#[component]
fn Choices(view: View) -> impl IntoView {
    let language = use_page().language;
    let newest = Target::newest();
    let (first, others) = (newest.name().to_owned(), newest.clone());
    let releases = Target::all().into_iter().rev().filter(|target| *target != others);
    let releases = releases.map(|target| {
        let name = target.name().to_owned();
        (name.clone(), Signal::derive(move || name.clone()))
    });
    let engines = SqlEngine::ALL
        .iter()
        .map(|engine| (engine.name().to_owned(), Signal::derive(|| engine.name().to_owned())));
    let as_is = move || own::ENGINE_AS_IS.get(language.get()).to_owned();
    view! {
        <div class="bar" role="group" aria-label=tr(own::REHEARSAL)>
            <label>
                {tr(own::BY_RELEASE)} " "
                {document::choose(
                    own::BY_RELEASE,
                    move || first.clone(),
                    releases.collect(),
                    view.choice(Choice::Release),
                )}
            </label>
            <label>
                {tr(own::ON_ENGINE)} " "
                {document::choose(
                    own::ON_ENGINE,
                    as_is,
                    engines.collect(),
                    view.choice(Choice::Engine),
                )}
            </label>
        </div>
    }
}

fn rehearsed(opened: &Opened, stores: &Stores, document: &Document) -> AnyView {
    let language = use_page().language;
    let view = opened.view;
    let Some(Rehearsed { rehearsal }) = document.part() else { return ().into_any() };
    let (all, counted) = document.rows(told::what);
    let none = all.is_empty();
    let figures = move || {
        let language = language.get();
        let label =
            |name: &str| words::label(name).map_or(name, |label| label.get(language)).to_owned();
        let mut rows = vec![
            (label("kv_invoices"), rehearsal.invoices),
            (label("brought"), rehearsal.brought),
            (label("htlcs"), rehearsal.htlcs),
            (label("seconds_least"), rehearsal.seconds_least),
        ];
        rows.extend(rehearsal.seconds_most.map(|seconds| (label("seconds_most"), seconds)));
        rows.extend(rehearsal.rules.iter().map(|rule| {
            let name = Value::Text(rule.rule.clone());
            (words::value("rule", &name, language), rule.count)
        }));
        document::figures(rows)
    };
    let list = Listed {
        name: "offenders",
        label: own::REHEARSAL,
        columns: &COLUMNS,
        cells,
        class: |finding| match finding.values.get("stops_here") {
            Some(Value::Flag(true)) => "wound",
            _ => "",
        },
        rows: Signal::derive(move || all.clone()),
        counted,
    };
    let bar = view! {
        <div class="bar">
            <span class="space"></span>
            {document::download(stores.case, NAME, untrack(|| what(view)))}
        </div>
    };
    let rows = if none { Err(own::NONE_OFFENDS) } else { Ok(list) };
    document::laid_out((opened, stores, document), figures, bar, rows, Code::LndRehearsal)
}

fn cells(finding: &Finding, language: Language) -> Vec<AnyView> {
    let Finding { code, values, place, .. } = finding;
    let shown = |name: &str| document::shown(values, name, language);
    let mut what = told::what(*code).map_or("", |word| word.get(language)).to_owned();
    if values.get("stops_here") == Some(&Value::Flag(true)) {
        what = words::label("stops_here").map_or(what, |label| label.get(language).to_owned());
    }
    vec![
        place.key.clone().into_any(),
        shown("add_index").into_any(),
        text(shown("rule")),
        text(what),
        text(shown("lnd_error")),
    ]
}
