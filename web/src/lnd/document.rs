//! What the engine says about a case beside its report: fetched, put into words, listed row by row,
//! downloaded. The comparison and the rehearsal are such documents.

use std::sync::Arc;

use fulgurite_core::finding::{Code, Finding, Values};
use fulgurite_core::json;
use fulgurite_core::report::Report;
use fulgurite_core::words::{self, Text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

use super::Stores;
use super::case::Case;
use crate::engine::lnd::{Asked, What};
use crate::format::count;
use crate::labels::{self, fill, lnd as own};
use crate::list::CollectList as _;
use crate::save;
use crate::state::{Opened, Page, tr, use_page};
use crate::table::grid::{Column, Table, table};

/// How far a document is.
#[derive(Clone)]
enum Stage {
    Busy,
    /// The files do not have what it takes.
    Nothing,
    Failed(String),
    There(Document),
}

/// A document: what all have.
#[derive(Clone)]
pub(super) struct Document {
    /// As it is saved.
    json: Arc<str>,
    /// Verdict and findings.
    pub(super) report: Arc<Report>,
}

impl Document {
    fn read(json: Arc<str>) -> Result<Document, String> {
        let report = Report::from_json(&json).map_err(|error| error.to_string())?;
        Ok(Document { report: Arc::new(report), json })
    }

    /// Its own part.
    pub(super) fn part<T: DeserializeOwned>(&self) -> Option<T> {
        json::from_str(&self.json).ok()
    }

    /// The findings that are a row each, those that are only counted, and whether any is there.
    pub(super) fn rows(&self, word: fn(Code) -> Option<Text>) -> (Arc<[Finding]>, u64) {
        let rows = self.report.findings.iter().filter(|finding| word(finding.code).is_some());
        let rows: Arc<[Finding]> = rows.cloned().collect();
        let counts = self.report.counts.iter().filter(|count| word(count.code).is_some());
        let all: u64 = counts.map(|count| count.count).sum();
        let kept = rows.len() as u64;
        (rows, all.saturating_sub(kept))
    }
}

/// Asks for a document whenever something else is wanted; the second signal asks anew.
fn ask(case: Case, asked: impl Fn() -> Asked + 'static) -> (RwSignal<Stage>, RwSignal<u32>) {
    let stage = RwSignal::new(Stage::Busy);
    let again = RwSignal::new(0_u32);
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let asked = asked();
        again.track();
        case.list_name.track();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        stage.set(Stage::Busy);
        spawn_local(async move {
            let answer = case.document(asked).await;
            // Something else is wanted by now.
            if turn.try_get_value() != Some(mine) {
                return;
            }
            stage.set(match answer.map(|json| json.map(Document::read)) {
                Ok(Some(Ok(document))) => Stage::There(document),
                Ok(Some(Err(why))) => Stage::Failed(why),
                Ok(None) => Stage::Nothing,
                Err(failure) => Stage::Failed(failure.message),
            });
        });
    });
    (stage, again)
}

/// A kind of document.
pub(super) struct Kind {
    /// What is shown while it is being made.
    pub(super) busy: Text,
    /// What is shown where there will be none, and what the files have instead.
    pub(super) nothing: (Text, Text),
    /// The document.
    pub(super) told: fn(&Opened, &Stores, &Document) -> AnyView,
}

/// A document of that kind, or what is shown in its place.
pub(super) fn content(
    opened: Opened,
    stores: Stores,
    asked: impl Fn() -> Asked + 'static,
    Kind { busy, nothing: (nothing, what), told }: Kind,
) -> impl IntoView {
    let language = use_page().language;
    let case = stores.case;
    let (stage, again) = ask(case, asked);
    let nothing = move || {
        let language = language.get();
        let values = Values::new().with("files", case.name()).with("what", what.get(language));
        fill(nothing, language, &values)
    };
    move || match stage.get() {
        Stage::There(document) => told(&opened, &stores, &document),
        other => instead(&other, busy, nothing, again),
    }
}

fn instead(
    stage: &Stage,
    busy: Text,
    nothing: impl Fn() -> String + Send + 'static,
    again: RwSignal<u32>,
) -> AnyView {
    match stage {
        Stage::Failed(why) => view! {
            <p class="nothing" role="alert">{why.clone()}</p>
            <p>
                <button on:click=move |_| again.update(|again| *again += 1)>{tr(labels::AGAIN)}</button>
            </p>
        }
        .into_any(),
        Stage::Nothing => view! { <p class="nothing" role="status">{nothing}</p> }.into_any(),
        _ => view! { <p class="nothing" aria-busy="true">{tr(busy)}</p> }.into_any(),
    }
}

/// A document from top to bottom: verdict, figures, what stands above its rows, these or that there
/// are none, and what to do.
pub(super) fn laid_out(
    (opened, stores, document): (&Opened, &Stores, &Document),
    figures: impl IntoView,
    bar: impl IntoView,
    rows: Result<Listed, Text>,
    summed_up: Code,
) -> AnyView {
    let rows = match rows {
        Ok(listed) => list(opened, stores, listed).into_any(),
        Err(none) => view! { <p class="nothing">{tr(none)}</p> }.into_any(),
    };
    view! {
        {verdict(document.report.clone())}
        {figures}
        {bar}
        {rows}
        {next(&document.report, summed_up)}
    }
    .into_any()
}

/// The verdict in a sentence.
fn verdict(report: Arc<Report>) -> impl IntoView {
    let language = use_page().language;
    let sentence = move || {
        let verdict = &report.verdict;
        words::heading(verdict.headline, &verdict.values, language.get())
    };
    view! { <p class="sum" role="status">{sentence}</p> }
}

/// What to do, and what the finding of that code says of the whole.
fn next(report: &Report, summed_up: Code) -> impl IntoView {
    let language = use_page().language;
    let steps = report.verdict.next.clone().into_iter().map(|step| {
        view! { <li>{move || words::step(step).get(language.get())}</li> }
    });
    let whole = report.findings.iter().find(|finding| finding.code == summed_up).cloned();
    let whole = move || whole.as_ref().map(|whole| words::meaning(whole, language.get()));
    view! {
        <details class="in-words" open>
            <summary>{tr(labels::NEXT)}</summary>
            <ol class="way">{steps.collect_list()}</ol>
            <p>{whole}</p>
        </details>
    }
}

/// Figures side by side.
pub(super) fn figures(rows: Vec<(String, u64)>) -> impl IntoView {
    let rows = rows.into_iter().map(|(label, number)| {
        view! { <div><dt>{label}</dt> <dd>{count(number)}</dd></div> }
    });
    view! { <dl class="side-by-side">{rows.collect_list()}</dl> }
}

/// A choice of one word among some; the empty one is `all`.
pub(super) fn choose(
    label: Text,
    all: impl Fn() -> String + Send + 'static,
    options: Vec<(String, Signal<String>)>,
    chosen: RwSignal<String>,
) -> impl IntoView {
    let options = options.into_iter().map(|(name, text)| {
        let own = name.clone();
        view! {
            <option value=name selected=move || chosen.with(|chosen| *chosen == own)>
                {move || text.get()}
            </option>
        }
    });
    view! {
        <select
            class="wide-select"
            aria-label=tr(label)
            on:change=move |event| chosen.set(event_target_value(&event))
        >
            <option value="" selected=move || chosen.with(String::is_empty)>
                {all}
            </option>
            {options.collect_list()}
        </select>
    }
}

/// The button that saves a document. A revealed one is made again redacted: whatever is saved, is.
pub(super) fn download(case: Case, name: &'static str, what: What) -> impl IntoView {
    let page = use_page();
    let save = move |_| {
        let asked = Asked { what: what.clone(), reveal: false };
        spawn_local(async move {
            match case.document(asked).await {
                Ok(Some(json)) => saved(page, name, &json),
                Ok(None) => {}
                Err(failure) => page.announce(failure.message),
            }
        });
    };
    view! { <button class="quiet save-json" on:click=save>{tr(own::SAVE_JSON)}</button> }
}

fn saved(page: Page, name: &str, json: &str) {
    save::save_text(name, "application/json", &format!("{json}\n"));
    let values = Values::new().with("file", name);
    page.announce(fill(labels::SAVED, page.language.get_untracked(), &values));
}

/// What a list of findings looks like.
pub(super) struct Listed {
    /// Its name, and what a screen reader calls it.
    pub(super) name: &'static str,
    pub(super) label: Text,
    pub(super) columns: &'static [Column],
    pub(super) cells: fn(&Finding, words::Language) -> Vec<AnyView>,
    pub(super) class: fn(&Finding) -> &'static str,
    /// Those that are shown, and how many more are only counted.
    pub(super) rows: Signal<Arc<[Finding]>>,
    pub(super) counted: u64,
}

/// A finding's value in words, empty where it has none of that name.
pub(super) fn shown(values: &Values, name: &str, language: words::Language) -> String {
    values.get(name).map(|value| words::value(name, value, language)).unwrap_or_default()
}

/// A cell of words, which are told whole where they are cut short.
pub(super) fn text(text: String) -> AnyView {
    let title = text.clone();
    view! { <bdi title=title>{text}</bdi> }.into_any()
}

/// The findings as a list; the one that is chosen is told in full, and its bytes are shown.
fn list(opened: &Opened, stores: &Stores, listed: Listed) -> impl IntoView {
    let language = use_page().language;
    let view = opened.view;
    let Listed { name, label, columns, cells, class, rows, counted } = listed;
    let chosen: RwSignal<Option<Finding>> = RwSignal::new(None);
    let files = stores.case.names().len();
    Effect::new(move |_| {
        let Some(place) = chosen.get().map(|finding| finding.place) else { return };
        let input = place.input.unwrap_or(0);
        // A list by lncli is none of the files.
        if (input as usize) < files && !place.span.is_empty() {
            view.show_in(input, place.span);
        }
    });
    // Of other rows, none is chosen.
    Effect::new(move |_| {
        rows.track();
        chosen.set(None);
    });
    let grid = table(Table {
        name,
        label,
        columns,
        cells,
        class,
        offset: |_| None,
        of: None,
        total: 0,
        fetch: Box::new(|_, _| Box::pin(async { Ok(Vec::new()) })),
        locate: None,
        chosen: Some(chosen),
        found: Signal::derive(move || Some(rows.get())),
        view,
    });
    let told = move || {
        let language = language.get();
        chosen.get().map(|finding| {
            view! {
                <b>{words::title(&finding, language)}</b>
                <br />
                {words::meaning(&finding, language)}
            }
        })
    };
    let none = move || rows.with(|rows| rows.is_empty());
    let only =
        move || fill(labels::ONLY_COUNTED, language.get(), &Values::new().with("n", counted));
    view! {
        <Show when=none>
            <p class="nothing">{tr(labels::NO_MATCH)}</p>
        </Show>
        {grid}
        {(counted > 0).then(|| view! { <p class="note">{only}</p> })}
        <div class="said" role="status">
            {move || told().is_none().then(|| view! { <span class="note">{tr(own::MORE_OF_ROW)}</span> })}
            {told}
        </div>
    }
}
