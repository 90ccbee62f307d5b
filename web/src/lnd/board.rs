//! The state board: where the stores are and what that follows from, what LND would do in each
//! configuration, the way forward.

use fulgurite_core::finding::Severity;
use leptos::prelude::*;

use crate::export::lnd::{Configuration, Lnd, Plan, lnd};
use crate::labels::lnd as own;
use crate::list::CollectList as _;
use crate::mark;
use crate::state::{Opened, tr, use_page};

/// The board; nothing where no side was found.
#[component]
pub(super) fn Board(opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let report = opened.report.clone();
    let names = opened.stores.as_ref().map(|stores| stores.case.names()).unwrap_or_default();
    let told = Memo::new(move |_| lnd(&report, language.get()));
    move || told.get().map(|lnd| view! { <Told lnd names=names.clone() /> })
}

#[component]
fn Told(lnd: Lnd, names: Vec<String>) -> impl IntoView {
    let Lnd { files, states, evidence, board, way, stores } = lnd;
    let mut states = states.into_iter();
    let first = states.next();
    let besides = states.map(|place| {
        view! {
            <li>
                {place.number.map(|number| view! { <b>{number}</b> " " })} {place.text}
            </li>
        }
    });
    let besides = besides.collect_list();
    let files = files.into_iter().enumerate().map(|(number, file)| {
        let name = names.get(number).cloned();
        view! { <li>{name.map(|name| view! { <bdi>{name}</bdi> " · " })} {file}</li> }
    });
    let way = way.into_iter().map(|step| view! { <li>{step}</li> });
    let plans = board.into_iter().map(plan);
    let stores = stores.into_iter().map(|(title, rows)| {
        view! { <div><h3>{title}</h3> <dl class="pairs">{pairs(rows)}</dl></div> }
    });
    view! {
        <section id="board" class="board" aria-labelledby="board-where">
            <div class="where">
                <h2 id="board-where">{tr(own::WHERE)}</h2>
                {first
                    .map(|place| {
                        view! {
                            <p class="state">
                                {place
                                    .number
                                    .map(|number| view! { <b class="number">{number}</b> " " })}
                                {place.text}
                            </p>
                        }
                    })}
                {(!besides.is_empty())
                    .then(|| view! { <h3>{tr(own::BESIDES)}</h3> <ul>{besides}</ul> })}
                <div class="sides">
                    <div>
                        <h3>{tr(own::FOLLOWS_FROM)}</h3>
                        <dl class="pairs">{pairs(evidence)}</dl>
                    </div>
                    <div>
                        <h3>{tr(own::WAY)}</h3>
                        <ol class="way">{way.collect_list()}</ol>
                        <h3>{tr(own::FILES_READ)}</h3>
                        <ol class="read">{files.collect_list()}</ol>
                    </div>
                </div>
            </div>
            <div class="plans">
                <h2 id="plans-title">{tr(own::BOARD)}</h2>
                <div class="types" tabindex="0" role="group" aria-labelledby="plans-title">
                    <table class="releases" aria-labelledby="plans-title">
                        <thead>
                            <tr>
                                <th scope="col">{tr(own::OUTCOME)}</th>
                                <th scope="col">{tr(own::RELEASES)}</th>
                                <th scope="col">{tr(own::BACKEND)}</th>
                                <th scope="col">{tr(own::NATIVE)}</th>
                                <th scope="col">{tr(own::SKIP)}</th>
                            </tr>
                        </thead>
                        {plans.collect_list()}
                    </table>
                </div>
            </div>
            <details class="in-words">
                <summary>{tr(own::STORES)}</summary>
                <div class="sides">{stores.collect_list()}</div>
            </details>
        </section>
    }
}

fn pairs(rows: Vec<(String, String)>) -> Vec<AnyView> {
    let rows = rows.into_iter();
    rows.map(|(label, value)| view! { <div><dt>{label}</dt> <dd>{value}</dd></div> }).collect_list()
}

/// A decision: a row for each group of configurations, and what happens beside all of them.
fn plan(plan: Plan) -> AnyView {
    let Plan { severity, word, when, text, log, notes } = plan;
    let fine = severity.is_none();
    let style = severity.map_or("fine", mark::class);
    let notes = notes.into_iter().map(|(severity, text)| {
        view! { <li class=mark::class(severity)>{mark::shape(severity, false)} " " {text}</li> }
    });
    let notes = notes.collect_list();
    let span = when.len().to_string();
    let head = view! {
        <th scope="rowgroup" rowspan=span>
            <span class=format!("badge {style}")>
                {mark::shape(severity.unwrap_or(Severity::Info), fine)} " " {word}
            </span>
            <p>{text}</p>
            {log.map(|log| view! { <p class="log">{log}</p> })}
            {(!notes.is_empty()).then(|| view! { <ul class="here">{notes}</ul> })}
        </th>
    };
    let mut head = Some(head);
    let rows = when.into_iter().map(|when| {
        let Configuration { releases, backend, native, skip } = when;
        view! {
            <tr>
                {head.take()} <td>{releases}</td> <td>{backend}</td> <td>{native}</td> <td>{skip}</td>
            </tr>
        }
    });
    view! { <tbody class=style>{rows.collect_list()}</tbody> }.into_any()
}
