//! The map in words: what stands under the pointer, what the colours mean, and all of it as text.

use fulgurite_core::gossip::atlas::Ink;
use fulgurite_core::report::Report;
use fulgurite_core::words::{self, Language};
use leptos::prelude::*;

use super::columns::Atlas;
use crate::format::{count, share, size};
use crate::labels;
use crate::list::CollectList as _;
use crate::mark;
use crate::problems::Problem;
use crate::state::{Opened, tr, use_page};

/// What stands at an offset: the problem, else what most of the bytes there belong to.
pub(super) fn under(
    report: &Report,
    atlas: &Atlas,
    problems: &[Problem],
    at: u64,
    language: Language,
) -> String {
    let here = |problem: &&Problem| problem.span.contains(at) || problem.span.start == at;
    let problem = problems.iter().rfind(here);
    let finding = problem.and_then(|problem| report.findings.get(problem.finding));
    let what = match finding {
        Some(finding) => words::title(finding, language),
        None => most(atlas, at, language).unwrap_or_default().to_owned(),
    };
    let separator = if what.is_empty() { "" } else { " · " };
    format!("{} (0x{at:x}){separator}{what}", count(at))
}

fn most(atlas: &Atlas, at: u64, language: Language) -> Option<&'static str> {
    let cell = atlas.cells.get(usize::try_from(at / atlas.cell_len.max(1)).ok()?)?;
    let most = (0..).zip(cell).max_by_key(|(_, bytes)| **bytes).filter(|(_, bytes)| **bytes > 0)?;
    labels::INKS.get(most.0).map(|label: &words::Text| label.get(language))
}

/// What the colours mean, and how many bytes of each there are.
#[component]
pub(super) fn Legend(opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let totals = opened.atlas.totals();
    let all: u64 = totals.iter().sum();
    let items = Ink::ALL.into_iter().zip(labels::INKS).zip(totals).filter(|(_, bytes)| *bytes > 0);
    let items = items.map(|((ink, label), bytes)| {
        view! {
            <li title=move || format!("{}: {}", label.get(language.get()), size(bytes))>
                <span class=format!("swatch {}", ink.name()) aria-hidden="true"></span>
                {move || label.get(language.get())}
                " "
                <span class="figure">{share(bytes, all)}</span>
            </li>
        }
    });
    view! { <ul class="legend">{items.collect_list()}</ul> }
}

/// So many problems are listed; the findings hold them all.
const LISTED: usize = 200;

/// The map as a table and a list.
#[component]
pub(super) fn InWords(opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let view = opened.view;
    let totals = opened.atlas.totals();
    let all: u64 = totals.iter().sum();
    let inks = labels::INKS.into_iter().zip(totals).map(|(label, bytes)| {
        view! {
            <tr>
                <th scope="row">{move || label.get(language.get())}</th>
                <td>{count(bytes)}</td>
                <td>{share(bytes, all)}</td>
            </tr>
        }
    });
    let report = opened.report.clone();
    let problems = opened.problems.clone();
    let list = move || {
        let language = language.get();
        let item = |problem: &Problem| {
            let finding = report.findings.get(problem.finding)?;
            let at = problem.span.start;
            Some(view! {
                <li>
                    <button class="place" on:click=move |_| view.show(at)>
                        {mark::badge(problem.severity)} " "
                        {crate::format::span(problem.span, report.input.size, language)} " · "
                        {words::title(finding, language)}
                    </button>
                </li>
            })
        };
        problems.iter().take(LISTED).filter_map(item).collect_list()
    };
    view! {
        <details class="in-words">
            <summary>{tr(labels::MAP_TEXT)}</summary>
            <div class="words">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{tr(labels::TYPE)}</th>
                            <th scope="col">{tr(labels::BYTES)}</th>
                            <th scope="col">{tr(labels::SHARE)}</th>
                        </tr>
                    </thead>
                    <tbody>{inks.collect_list()}</tbody>
                </table>
                <ol>{list}</ol>
            </div>
        </details>
    }
}
