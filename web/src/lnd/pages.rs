//! The page map of bbolt and SQLite files: what each page is, drawn as a strip, counted, and listed
//! run by run.

use std::sync::Arc;

use fulgurite_core::words::Language;
use leptos::prelude::*;

use super::Stores;
use crate::format::{count, share};
use crate::labels::{self, lnd as own};
use crate::list::CollectList as _;
use crate::page_map::{PageMap, Run, is_bad};
use crate::state::{tr, use_page};
use crate::table::grid::{Column, Table, table};
use crate::view::View;

/// The class of a kind of page: what it is to whoever looks, not to the format.
fn class(kind: &str) -> &'static str {
    match kind {
        "damaged" | "missing" | "lost" => "wound",
        "unreachable" => "other",
        "free" | "freelist" | "tail" | "unused" | "lock_byte" => "deleted",
        "branch" | "table_interior" | "index_interior" | "meta" | "header" | "pointer_map" => {
            "node"
        }
        "index_leaf" => "channel",
        _ => "update",
    }
}

const COLUMNS: [Column; 4] = [
    (labels::OFFSET, "right"),
    (own::PAGES, "right"),
    (own::KIND, "kind"),
    (own::BELONGS_TO, "wide"),
];

/// The maps of all files that have one.
#[component]
pub(super) fn Pages(stores: Stores, view: View) -> impl IntoView {
    let names = stores.case.names();
    let chosen = RwSignal::new(0_usize);
    let maps = stores.maps.clone();
    if maps.is_empty() {
        return view! { <p class="nothing">{tr(own::NO_PAGES)}</p> }.into_any();
    }
    let options = maps.iter().enumerate().map(|(number, map)| {
        let name = names.get(map.input as usize).cloned().unwrap_or_default();
        view! {
            <option value=number.to_string() selected=move || chosen.get() == number>
                {name}
            </option>
        }
    });
    let options = options.collect_list();
    let shown = move || maps.get(chosen.get()).cloned().map(|map| one(Arc::new(map), view));
    view! {
        <div class="listing">
            <div class="bar">
                <select
                    class="wide-select"
                    aria-label=tr(labels::FILES)
                    on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))
                >
                    {options}
                </select>
            </div>
            {shown}
        </div>
    }
    .into_any()
}

fn one(map: Arc<PageMap>, view: View) -> AnyView {
    let language = use_page().language;
    let all = map.pages();
    let input = map.input;
    let lead = {
        let map = map.clone();
        move |first: u64| {
            if let Some(run) = map.at(first.saturating_mul(map.page_size)) {
                view.show_in(input, run.span());
            }
        }
    };
    let rects = map.strip().into_iter().map(|(first, len, kind)| {
        let lead = lead.clone();
        view! {
            <rect
                class=class(&kind)
                x=first.to_string()
                y="0"
                width=len.to_string()
                height="1"
                on:click=move |_| lead(first)
            ></rect>
        }
    });
    let legend = map.kinds().into_iter().map(|(kind, pages)| {
        let label = own::page_kind(&kind);
        view! {
            <li>
                <span class=format!("swatch {}", class(&kind)) aria-hidden="true"></span>
                {move || label.get(language.get())}
                " "
                <span class="count">{count(pages)} " · " {share(pages, all)}</span>
            </li>
        }
    });
    let total = map.count();
    let rows = table(Table {
        name: "pages",
        label: own::PAGE_MAP,
        columns: &COLUMNS,
        cells,
        class: |run: &Run| if is_bad(&run.kind) { "wound" } else { "" },
        offset: |run: &Run| Some(run.span().start),
        of: Some((input, |run| run.span())),
        total,
        fetch: {
            let map = map.clone();
            Box::new(move |from, wanted| {
                let rows = map.some(from, wanted);
                Box::pin(async move { Ok(rows) })
            })
        },
        locate: None,
        chosen: None,
        found: Signal::derive(|| None),
        view,
    });
    view! {
        <div class="page-strip">
            <svg
                viewBox=format!("0 0 {} 1", all.max(1))
                preserveAspectRatio="none"
                role="img"
                aria-label=tr(own::PAGE_MAP)
            >
                {rects.collect_list()}
            </svg>
            <ul class="legend">{legend.collect_list()}</ul>
        </div>
        {rows}
    }
    .into_any()
}

fn cells(run: &Run, language: Language) -> Vec<AnyView> {
    let kind = own::page_kind(&run.kind).get(language);
    let swatch = format!("swatch {}", class(&run.kind));
    let owner = run.owner.clone().unwrap_or_default();
    vec![
        count(run.span().start).into_any(),
        count(run.pages).into_any(),
        view! { <span class=swatch aria-hidden="true"></span> {kind} }.into_any(),
        view! { <bdi>{owner}</bdi> }.into_any(),
    ]
}
