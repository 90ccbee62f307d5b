//! Findings, differences, rehearsal, invoices, buckets and pages, one at a time, and the switch that reveals.

use fulgurite_core::finding::Values;
use fulgurite_core::lnd::migration::Wal;
use fulgurite_core::report::Report;
use leptos::prelude::*;

use super::buckets::Buckets;
use super::case::Case;
use super::differences::Differences;
use super::invoices::Invoices;
use super::pages::Pages;
use super::rehearsal::Rehearsal;
use crate::findings::Findings;
use crate::format::{count, share};
use crate::labels::{self, fill, lnd as own};
use crate::page::file::tab_bar;
use crate::state::{Opened, tr, use_page};
use crate::tab::Tab;
use crate::view::View;

/// The tabs and what is chosen.
#[component]
pub(super) fn Tables(opened: Opened) -> impl IntoView {
    let view = opened.view;
    let name = |tab: Tab| match tab {
        Tab::Differences => own::DIFFERENCES,
        Tab::Rehearsal => own::REHEARSAL,
        Tab::Invoices => own::INVOICES,
        Tab::Buckets => own::BUCKETS,
        Tab::Pages => own::PAGES_TAB,
        _ => labels::FINDINGS,
    };
    let figure = {
        let report = opened.report.clone();
        move |tab: Tab| match tab {
            Tab::Findings => Some(report.counts.iter().map(|count| count.count).sum()),
            _ => None,
        }
    };
    let figures =
        move |tab: Tab| figure(tab).map(|n| view! { <span class="count">{count(n)}</span> });
    let shown = opened.clone();
    let panel = move || {
        let opened = shown.clone();
        match (view.tab.get(), opened.stores.clone()) {
            (Tab::Differences, Some(stores)) => view! { <Differences opened stores /> }.into_any(),
            (Tab::Rehearsal, Some(stores)) => view! { <Rehearsal opened stores /> }.into_any(),
            (Tab::Invoices, Some(stores)) => view! { <Invoices opened stores /> }.into_any(),
            (Tab::Buckets, Some(stores)) => view! { <Buckets opened stores /> }.into_any(),
            (Tab::Pages, Some(stores)) => view! { <Pages stores view /> }.into_any(),
            (tab, None) if Tab::LND.contains(&tab) && tab != Tab::Findings => {
                view! { <p class="nothing">{tr(labels::NO_ROWS_HERE)}</p> }.into_any()
            }
            _ => view! { <Findings opened lead=Some(View::show_in) /> }.into_any(),
        }
    };
    let case = opened.stores.map(|stores| stores.case);
    view! {
        <section class="tables">
            {tab_bar(&Tab::LND, view, name, figures)}
            {case.map(|case| view! { <Switch case view /> })}
            <div
                class="panel-of"
                id="panel"
                role="tabpanel"
                aria-labelledby=move || format!("tab-{}", view.tab.get().name())
            >
                {panel}
            </div>
        </section>
    }
}

/// Whether a row of an input surely stands in that very file: not if a log was read with it.
pub(super) fn leads(report: &Report, input: u32) -> bool {
    let Some(lnd) = &report.lnd else { return true };
    let kv = lnd.kv.iter().filter(|kv| kv.input == input).map(|kv| kv.wal);
    let sql = lnd.sql.iter().filter(|sql| sql.input == input).map(|sql| sql.wal);
    kv.chain(sql).all(|wal| wal != Wal::Applied)
}

/// The switch that reveals, and what is being done.
#[component]
fn Switch(case: Case, view: View) -> impl IntoView {
    let language = use_page().language;
    let busy = move || {
        case.busy.get().map(|(done, total)| {
            let values = Values::new().with("share", share(done, total));
            fill(own::BUSY, language.get(), &values)
        })
    };
    view! {
        <div class="bar">
            <button
                id="reveal"
                class="chip"
                aria-pressed=move || view.reveal.get().to_string()
                on:click=move |_| view.reveal.update(|reveal| *reveal = !*reveal)
            >
                {tr(own::REVEAL)}
            </button>
            <span class="status">
                {move || tr(if view.reveal.get() { own::REVEALED } else { own::HIDDEN })()}
            </span>
            <span class="space"></span>
            <span class="status" role="status">{busy}</span>
            <Show when=move || case.busy.get().is_some()>
                <button class="quiet" on:click=move |_| case.stop()>{tr(labels::CANCEL)}</button>
            </Show>
        </div>
    }
}
