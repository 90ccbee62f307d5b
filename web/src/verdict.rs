//! The verdict: how bad in a word and a shape, one sentence, and what to do next.

use fulgurite_core::finding::{Severity, Values};
use fulgurite_core::words;
use leptos::prelude::*;

use crate::labels::{self, fill};
use crate::list::CollectList as _;
use crate::state::{Opened, tr, use_page};
use crate::{browser, mark};

/// The top of a file's page.
#[component]
pub(crate) fn Verdict(opened: Opened) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let severity = opened.report.verdict.severity;
    let style = if severity == Severity::Info { "fine" } else { mark::class(severity) };
    let saved = opened.store.is_none() && opened.stores.is_none();
    let report = opened.report.clone();
    let sentence = move || {
        let verdict = &report.verdict;
        words::heading(verdict.headline, &verdict.values, language.get())
    };
    let report = opened.report;
    view! {
        <section id="verdict" class=format!("verdict {style}") tabindex="-1" aria-labelledby="sentence">
            <p class="word">{mark::verdict(severity)}</p>
            <h1 id="sentence">{sentence}</h1>
            <Show when=move || saved>
                <p class="note">{tr(labels::REOPENED)}</p>
            </Show>
            <Steps steps=report.verdict.next.clone() />
        </section>
    }
}

#[component]
fn Steps(steps: Vec<fulgurite_core::finding::Step>) -> impl IntoView {
    let language = use_page().language;
    let count = steps.len() as u64;
    // On a small screen the map must stay in sight.
    let all = RwSignal::new(browser::matches("(min-width: 60rem)") || count < 3);
    let label = move || {
        let language = language.get();
        if all.get() {
            labels::STEPS_FEWER.get(language).to_owned()
        } else {
            fill(labels::STEPS_MORE, language, &Values::new().with("n", count))
        }
    };
    let items = (0..).zip(steps).map(|(number, step)| {
        let later = number != 0;
        view! {
            <li hidden=move || later && !all.get()>
                {move || words::step(step).get(language.get())}
            </li>
        }
    });
    view! {
        <div class="steps">
            <h2>{tr(labels::NEXT)}</h2>
            <ol id="steps" class:all=move || all.get()>{items.collect_list()}</ol>
            <Show when=move || { count > 1 }>
                <button
                    class="quiet"
                    aria-expanded=move || all.get().to_string()
                    aria-controls="steps"
                    on:click=move |_| all.update(|all| *all = !*all)
                >
                    {label}
                </button>
            </Show>
        </div>
    }
}
