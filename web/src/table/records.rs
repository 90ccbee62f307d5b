//! The table of records and wounds: all of them, or those that a search or a stretch of the map
//! leaves.

use fulgurite_core::finding::Values;
use fulgurite_core::gossip::format::RecordType;
use fulgurite_core::gossip::listing::State;
use leptos::prelude::*;

use super::cells;
use super::grid::{Column, Table, table};
use super::search::Search;
use crate::engine::calls::Filter;
use crate::labels::{self, fill};
use crate::list::CollectList as _;
use crate::state::{Opened, Store, tr, use_page};
use crate::typed::offset;
use crate::view::View;

const COLUMNS: [Column; 6] = [
    (labels::OFFSET, "right"),
    (labels::LENGTH, "right"),
    (labels::TYPE, "type"),
    (labels::SAYS, "wide"),
    (labels::TIME, "time"),
    (labels::STATE, "state"),
];

/// The table with its search.
#[component]
pub(crate) fn Records(opened: Opened, store: Store) -> impl IntoView {
    let page = use_page();
    let view = opened.view;
    let size = opened.report.input.size;
    let filter = Signal::derive(move || wanted(view, size));
    let search = Search::new(store, Memo::new(move |_| filter.get()).into());
    let handle = store.handle;
    let rows = table(Table {
        name: "records",
        label: labels::RECORDS,
        columns: &COLUMNS,
        cells: cells::record,
        class: cells::record_class,
        offset: |row| Some(row.offset),
        of: None,
        total: store.rows,
        fetch: Box::new(move |from, wanted| {
            let engine = page.engine();
            Box::pin(async move { engine.records(handle, from, wanted).await })
        }),
        locate: Some(Box::new(move |at| {
            let engine = page.engine();
            Box::pin(async move { engine.row_at(handle, at).await.ok().flatten() })
        })),
        chosen: None,
        found: search.found.into(),
        view,
    });
    view! {
        <div class="listing">
            <Bar opened view search total=store.rows />
            {rows}
        </div>
    }
}

/// What is to be found, from what was typed, chosen and selected.
fn wanted(view: View, size: u64) -> Filter {
    let text = view.search.get().trim().to_owned();
    let range = view.range.get();
    Filter {
        from: range.map(|range| range.start),
        to: range.map(|range| range.end),
        record_type: view.record_type.get(),
        state: view.state.get(),
        // An offset is gone to, not looked for.
        text: if offset(&text, size).is_some() { String::new() } else { text },
    }
}

#[component]
fn Bar(opened: Opened, view: View, search: Search, total: u64) -> impl IntoView {
    let language = use_page().language;
    let size = opened.report.input.size;
    let types = opened.report.gossip.as_ref().map(|gossip| gossip.types.clone());
    let types = types.unwrap_or_default().into_iter().filter_map(|row| {
        let number = row.number?;
        let name = RecordType(number).name();
        let chosen = move || view.record_type.get() == Some(number);
        Some(view! {
            <option value=number.to_string() selected=chosen>{format!("{number} {name}")}</option>
        })
    });
    let states = State::ALL.iter().map(|state| {
        let name = state.name();
        view! { <option value=name selected=move || view.state.get() == Some(name)>{name}</option> }
    });
    let range = move || {
        view.range.get().map(|range| {
            let text = crate::format::span(range, size, language.get());
            fill(labels::SELECTED, language.get(), &Values::new().with("span", text))
        })
    };
    view! {
        <div class="bar" role="search">
            <input
                type="search"
                id="search"
                placeholder=tr(labels::SEARCH_RECORDS)
                aria-label=tr(labels::SEARCH_RECORDS)
                prop:value=move || view.search.get()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    if let Some(at) = offset(&text, size) {
                        view.show(at);
                    }
                    view.search.set(text);
                }
            />
            <select
                aria-label=tr(labels::TYPE)
                on:change=move |event| view.record_type.set(event_target_value(&event).parse().ok())
            >
                <option value="">{tr(labels::TYPE)} ": " {tr(labels::ALL)}</option>
                {types.collect_list()}
            </select>
            <select
                aria-label=tr(labels::STATE)
                on:change=move |event| {
                    let state = State::from_name(&event_target_value(&event));
                    view.state.set(state.map(State::name));
                }
            >
                <option value="">{tr(labels::STATE)} ": " {tr(labels::ALL)}</option>
                {states.collect_list()}
            </select>
            {move || {
                range()
                    .map(|text| {
                        view! {
                            <button
                                class="chip"
                                aria-pressed="true"
                                title=tr(labels::UNSELECT)
                                on:click=move |_| view.range.set(None)
                            >
                                {text}
                                " ✕"
                            </button>
                        }
                    })
            }}
            {search.status(total)}
        </div>
    }
}
