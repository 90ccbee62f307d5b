//! A log beside a store: how much it says when, drawn under the store's map, and its lines, each of
//! which leads to the record that it names.

use std::fmt::Write as _;
use std::sync::Arc;

use fulgurite_core::finding::{Code, Finding, Place, Value, Values};
use fulgurite_core::gossip::report::Sync;
use fulgurite_core::log::{Event, Timeline as Times, Upload, Weight};
use fulgurite_core::report::Report;
use fulgurite_core::words;
use leptos::prelude::*;

use crate::format::time;
use crate::labels::{fill, log as labels};
use crate::list::CollectList as _;
use crate::state::{Opened, State, tr, use_page};
use crate::view::View;

/// So many lines are listed.
const LISTED: usize = 100;

/// The height of a row of the drawing.
const ROW: u64 = 20;

/// The timelines of all logs that were given; their lines lead into this store.
#[component]
pub(crate) fn Logs(store: Opened) -> impl IntoView {
    let page = use_page();
    let ready = Memo::new(move |_| {
        page.files.with(|files| {
            let logs = files.iter().filter(|entry| match entry.state.get() {
                State::Ready(opened) => opened.report.log.is_some(),
                _ => false,
            });
            logs.map(|entry| entry.id).collect::<Vec<u32>>()
        })
    });
    let view = store.view;
    let size = store.report.input.size;
    let sync = store.report.gossip.as_ref().map(|gossip| gossip.sync);
    move || {
        let logs = ready.get().into_iter().filter_map(|id| {
            let entry = page
                .files
                .with_untracked(|files| files.iter().find(|entry| entry.id == id).cloned())?;
            let State::Ready(opened) = entry.state.get_untracked() else { return None };
            let report = opened.report;
            let name = entry.name.to_string();
            Some(view! { <Log name report into=Some((view, size)) sync /> })
        });
        logs.collect_list()
    }
}

/// One log: its timeline and its lines.
#[component]
pub(crate) fn Log(
    #[prop(into)] name: String,
    report: Arc<Report>,
    /// The store that its lines lead into, and the length of that.
    into: Option<(View, u64)>,
    /// What a peer is sent of that store.
    #[prop(default = None)]
    sync: Option<Sync>,
) -> impl IntoView {
    let language = use_page().language;
    let Some(log) = report.log.clone() else { return ().into_any() };
    let title =
        move || fill(labels::TITLE, language.get(), &Values::new().with("file", name.as_str()));
    let upload = sync.map(|sync| {
        let values = Upload::beside(&log, &sync, None).values();
        let place = Place::span(0, report.input.size);
        let finding = Finding::new(Code::LogUpload, place).values(values);
        view! { <UploadOf finding /> }
    });
    let timeline = log.timeline.map(|times| view! { <Timeline times /> });
    let telling = |event: &&Event| {
        event.says.weight() >= Weight::Trouble || event.values.number("store_offset").is_some()
    };
    let telling: Vec<&Event> = log.events.iter().filter(telling).collect();
    let more = telling.len().saturating_sub(LISTED) as u64;
    let lines = telling.into_iter().take(LISTED).cloned();
    let lines = lines.map(|event| view! { <Line event into /> }).collect_list();
    let any = !lines.is_empty();
    let label = title.clone();
    view! {
        <section class="log" aria-label=label>
            <h2>{title}</h2>
            {timeline}
            <Show when=move || any>
                <h3>{tr(labels::LINES)}</h3>
            </Show>
            <ol class="log-lines">{lines}</ol>
            <Show when=move || { more > 0 }>
                <p class="note">
                    {move || fill(labels::MORE, language.get(), &Values::new().with("n", more))}
                </p>
            </Show>
            {upload}
        </section>
    }
    .into_any()
}

/// What the store costs to send, by the peers that the log tells apart.
#[component]
fn UploadOf(finding: Finding) -> impl IntoView {
    let language = use_page().language;
    let other = finding.clone();
    let title = move || words::title(&finding, language.get());
    let meaning = move || words::meaning(&other, language.get());
    view! {
        <div class="upload">
            <h3>{title}</h3>
            <p class="note">{meaning}</p>
        </div>
    }
}

/// A line, and where it leads.
#[component]
fn Line(event: Event, into: Option<(View, u64)>) -> impl IntoView {
    let language = use_page().language;
    let offset = event.values.number("store_offset");
    let said = event.says.name();
    let said = move || words::value("said", &Value::from(said), language.get());
    let number = event.line;
    let number = move || fill(labels::LINE, language.get(), &Values::new().with("line", number));
    let when = event.at.and_then(|at| u32::try_from(at).ok()).map(time);
    let text = event.text.clone();
    let text = move || text.clone().unwrap_or_else(said);
    let class = format!("log-line {}", event.says.weight().name());
    let body = view! {
        <span class="figure">{number}</span>
        " "
        <span class="faint">{when}</span>
        " "
        <bdi>{text}</bdi>
    };
    let lead = into.zip(offset).map(|((view, size), at)| (view, at, at < size));
    match lead {
        Some((view, at, true)) => {
            let leads = move || {
                let values = Values::new().with("said", said()).with("offset", at);
                fill(labels::LEADS, language.get(), &values)
            };
            let chosen = move || (view.at.get() == Some(at)).to_string();
            view! {
                <li>
                    <button
                        class=class
                        title=leads
                        aria-pressed=chosen
                        on:click=move |_| view.show(at)
                    >
                        {body}
                    </button>
                </li>
            }
            .into_any()
        }
        Some((_, _, false)) => view! {
            <li class=class>
                {body} " " <span class="faint">"(" {tr(labels::ELSEWHERE)} ")"</span>
            </li>
        }
        .into_any(),
        None => view! { <li class=class>{body}</li> }.into_any(),
    }
}

/// How much is said when: a row for each kind of line.
#[component]
fn Timeline(times: Times) -> impl IntoView {
    let language = use_page().language;
    let columns = times.lines.len().max(1) as u64;
    let end = times.start + times.width * columns;
    let sum = |row: &[u64]| row.iter().sum::<u64>();
    let values = Values::new()
        .with("from", times.start)
        .with("to", end)
        .with("lines", sum(&times.lines))
        .with("harmless", sum(&times.harmless))
        .with("trouble", sum(&times.trouble))
        .with("starts", sum(&times.starts));
    let said = move || fill(labels::WHEN, language.get(), &values);
    let rows = [
        ("lines", labels::ALL_LINES, &times.lines),
        ("harmless", labels::HARMLESS, &times.harmless),
        ("trouble", labels::TROUBLE, &times.trouble),
        ("starts", labels::STARTS, &times.starts),
    ];
    let paths = (0..).zip(&rows).map(|(number, (class, label, row))| {
        let label = *label;
        view! {
            <path class=*class d=bars(row, number * ROW)>
                <title>{move || label.get(language.get())}</title>
            </path>
        }
    });
    let paths = paths.collect_list();
    let names = rows.iter().map(|(_, label, _)| {
        let label = *label;
        view! { <li>{move || label.get(language.get())}</li> }
    });
    let ends = [times.start, end].map(|at| u32::try_from(at).map(time).unwrap_or_default());
    let [from, to] = ends;
    view! {
        <div class="timeline">
            <ul class="faint" aria-hidden="true">{names.collect_list()}</ul>
            <svg
                viewBox=format!("0 0 {columns} {}", 4 * ROW)
                preserveAspectRatio="none"
                role="img"
                aria-label=said
            >
                {paths}
            </svg>
            <p class="ends faint" aria-hidden="true">
                <span>{from}</span>
                <span>{to}</span>
            </p>
        </div>
    }
}

/// A bar for each number, as high as the power of two in it: a flood must not hide a single line.
fn bars(row: &[u64], top: u64) -> String {
    let of = |number: u64| number.checked_ilog2().map_or(0, |log| u64::from(log) + 1);
    let most = row.iter().map(|number| of(*number)).max().unwrap_or(0).max(1);
    let mut path = String::new();
    for (x, number) in row.iter().enumerate() {
        let height = (of(*number) * (ROW - 2)).div_ceil(most);
        if height > 0 {
            // Writing to a String does not fail.
            let _ = write!(path, "M{x} {}v-{height}h1v{height}z", top + ROW);
        }
    }
    path
}
