//! The tree of buckets, opened level by level; values by their length, and revealed with their bytes.

use fulgurite_core::finding::{Span, Values};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Stores;
use super::case::Case;
use super::dump::Dump;
use super::tables::leads;
use crate::engine::lnd::{Bucket, BucketRow, Inside};
use crate::format::count;
use crate::labels::{fill, lnd as own};
use crate::list::CollectList as _;
use crate::state::{Opened, tr, use_page};
use crate::view::View;

/// So many keys are shown at first, and so many more each time.
const FEW: u32 = 200;

/// Deeper buckets than these are not gone into: LND's own lie four deep.
const DEPTH: usize = 16;

/// What is asked of and shown by every level.
#[derive(Clone, Copy)]
struct Tree {
    case: Case,
    view: View,
    reveal: bool,
    /// Rows lead to their bytes.
    leads: bool,
}

/// The trees of all files, one at a time.
#[component]
pub(super) fn Buckets(opened: Opened, stores: Stores) -> impl IntoView {
    let (view, case) = (opened.view, stores.case);
    let names = case.names();
    let mut all: Vec<(u32, Option<String>, String)> = Vec::new();
    for trees in stores.trees.iter() {
        let name = names.get(trees.input as usize).cloned().unwrap_or_default();
        if trees.prefixes.is_empty() {
            all.push((trees.input, None, name));
            continue;
        }
        // That of channels and invoices stands first.
        let mut prefixes = trees.prefixes.clone();
        prefixes.sort_by_key(|prefix| prefix != "channeldb");
        for prefix in prefixes {
            let label = format!("{name} · {prefix}_kv");
            all.push((trees.input, Some(prefix), label));
        }
    }
    if all.is_empty() {
        return view! { <p class="nothing">{tr(own::NO_TREES)}</p> }.into_any();
    }
    let chosen = RwSignal::new(0_usize);
    let options = all.iter().enumerate().map(|(number, (_, _, label))| {
        view! {
            <option value=number.to_string() selected=move || chosen.get() == number>
                {label.clone()}
            </option>
        }
    });
    let options = options.collect_list();
    let all = StoredValue::new(all);
    let report = opened.report.clone();
    let of = move || all.with_value(|all| all.get(chosen.get()).cloned()).unwrap_or_default();
    let tree = move || {
        // Another engine knows nothing of the buckets of this one.
        case.life.track();
        let (input, prefix, _) = of();
        let tree = Tree { case, view, reveal: view.reveal.get(), leads: leads(&report, input) };
        level(&tree, Inside::Root(input, prefix), 0)
    };
    view! {
        <div class="listing">
            <div class="bar">
                <select
                    class="wide-select"
                    aria-label=tr(own::TREE)
                    on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))
                >
                    {options}
                </select>
            </div>
            <Dump case view of=Signal::derive(move || {
                let (input, prefix, _) = of();
                (input, prefix)
            }) />
            <div class="scroll buckets" tabindex="0" role="group" aria-label=tr(own::BUCKETS)>
                {tree}
            </div>
        </div>
    }
    .into_any()
}

/// How far a level is.
#[derive(Clone)]
enum Level {
    Busy,
    Gone,
    Failed(String),
    There,
}

fn level(tree: &Tree, inside: Inside, depth: usize) -> AnyView {
    let tree = *tree;
    let language = use_page().language;
    let rows: RwSignal<Vec<(u32, BucketRow)>> = RwSignal::new(Vec::new());
    let more = RwSignal::new(false);
    let state = RwSignal::new(Level::Busy);
    let fetch = move || {
        let inside = inside.clone();
        let from = rows.with_untracked(|rows| rows.len() as u64);
        spawn_local(async move {
            let answer = tree.case.bucket(&inside, (from, FEW), tree.reveal).await;
            // Nobody looks any more.
            if state.try_set(Level::There).is_some() {
                return;
            }
            match answer {
                Ok(Some(Bucket { input, rows: new, more: rest })) => {
                    rows.try_update(|rows| rows.extend(new.into_iter().map(|row| (input, row))));
                    more.try_set(rest);
                }
                Ok(None) => drop(state.try_set(Level::Gone)),
                Err(failure) => drop(state.try_set(Level::Failed(failure.message))),
            }
        });
    };
    fetch();
    let list = move || {
        rows.get().into_iter().map(|(input, row)| row_of(&tree, input, row, depth)).collect_list()
    };
    let note = move || match state.get() {
        Level::Busy => Some("…".to_owned()),
        Level::Gone => Some(own::NO_BUCKET.get(language.get()).to_owned()),
        Level::Failed(why) => Some(why),
        Level::There if rows.with(Vec::is_empty) => Some(own::EMPTY.get(language.get()).to_owned()),
        Level::There => None,
    };
    let next = fetch.clone();
    view! {
        <ul class="tree">{list}</ul>
        {move || note().map(|note| view! { <p class="note">{note}</p> })}
        {move || {
            let next = next.clone();
            more.get()
                .then(|| {
                    view! {
                        <button
                            class="quiet"
                            on:click=move |_| {
                                more.set(false);
                                next();
                            }
                        >
                            {tr(own::MORE_KEYS)}
                        </button>
                    }
                })
        }}
    }
    .into_any()
}

fn row_of(tree: &Tree, input: u32, row: BucketRow, depth: usize) -> AnyView {
    let tree = *tree;
    let language = use_page().language;
    let view = tree.view;
    let span = Span::new(row.span.start, row.span.end);
    let place = tree.leads.then(|| {
        view! {
            <button
                class="place"
                aria-pressed=move || {
                    (view.input.get() == input && view.at.get() == Some(span.start)).to_string()
                }
                on:click=move |_| view.show_in(input, span)
            >
                {count(span.start)}
            </button>
        }
    });
    let BucketRow { kind, key, bucket, sequence, buckets, values, unreadable, len, hex, .. } = row;
    let Some(bucket) = bucket else {
        let text = move || {
            let language = language.get();
            if kind == "unreadable" {
                return own::UNREADABLE.get(language).to_owned();
            }
            fill(own::LENGTH, language, &Values::new().with("n", len))
        };
        let hex = hex.map(|hex| {
            let whole = hex.clone();
            view! { <code class="mono" title=whole>{shortened(&hex)}</code> }
        });
        return view! {
            <li>
                <bdi class="mono">{key}</bdi>
                " "
                <span class="count">{text}</span>
                " "
                {hex}
                {place}
            </li>
        }
        .into_any();
    };
    let open = RwSignal::new(false);
    let counts = move || {
        let values = Values::new()
            .with("buckets", buckets)
            .with("values", values)
            .with("sequence", sequence.clone().unwrap_or_default())
            .with("unreadable", unreadable);
        fill(own::COUNTS, language.get(), &values)
    };
    let inner = move || open.get().then(|| level(&tree, Inside::Bucket(bucket), depth + 1));
    let deep = depth >= DEPTH;
    view! {
        <li>
            <button
                class="quiet key"
                aria-expanded=move || open.get().to_string()
                disabled=deep
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span aria-hidden="true">{move || if open.get() { "▾ " } else { "▸ " }}</span>
                <bdi class="mono">{key}</bdi>
            </button>
            " "
            <span class="count">{counts}</span>
            {place}
            {inner}
        </li>
    }
    .into_any()
}

/// A value's beginning; the whole is in its title.
fn shortened(hex: &str) -> String {
    hex.get(..96)
        .filter(|_| hex.len() > 96)
        .map_or_else(|| hex.to_owned(), |head| format!("{head}…"))
}
