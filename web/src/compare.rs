//! Stores side by side: figure by figure, and what only one of two has.

use fulgurite_core::finding::Values;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::export::figures;
use crate::format::count;
use crate::labels::{self, fill};
use crate::list::CollectList as _;
use crate::mark;
use crate::repair::{Repair, Source};
use crate::state::{Entry, Opened, State, tr, use_page};

/// What only one of two stores has, as the engine tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Comparison {
    channels_in_both: u64,
    first: OneSided,
    second: OneSided,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct OneSided {
    channels: u64,
    scids: Vec<String>,
    nodes: u64,
    newer_updates: u64,
}

/// All stores that are open.
#[component]
pub(crate) fn Compare() -> impl IntoView {
    let page = use_page();
    let table = move || {
        let stores = page.stores();
        let language = page.language.get();
        let columns: Vec<Vec<(&'static str, String)>> =
            stores.iter().map(|(_, opened)| figures(&opened.report, language)).collect();
        // In the order of the store that has the most to say.
        let labels: Vec<&'static str> = columns
            .iter()
            .max_by_key(|column| column.len())
            .map(|column| column.iter().map(|(label, _)| *label).collect())
            .unwrap_or_default();
        let rows = labels.into_iter().map(|label| {
            let find = |column: &Vec<(&'static str, String)>| {
                let found = column.iter().find(|(known, _)| *known == label);
                found.map_or_else(|| "–".to_owned(), |(_, value)| value.clone())
            };
            let values: Vec<String> = columns.iter().map(find).collect();
            let differs = values.iter().any(|value| Some(value) != values.first());
            let cells = values.into_iter().map(|value| view! { <td>{value}</td> }).collect_list();
            let sign = if differs { "≠" } else { "" };
            view! {
                <tr class:differs=differs>
                    <th scope="row">{label}</th>
                    <td class="sign">
                        <span aria-hidden="true">{sign}</span>
                        {differs
                            .then(|| {
                                view! { <span class="visually-hidden">{tr(labels::DIFFERS)}</span> }
                            })}
                    </td>
                    {cells}
                </tr>
            }
        });
        let heads = stores.iter().map(|(name, opened)| {
            view! {
                <th scope="col">
                    <bdi>{name.to_string()}</bdi> <br />
                    {mark::verdict(opened.report.verdict.severity)}
                </th>
            }
        });
        view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr(labels::FIGURE)}</th>
                        <td></td>
                        {heads.collect_list()}
                    </tr>
                </thead>
                <tbody>{rows.collect_list()}</tbody>
            </table>
        }
    };
    let pair = Memo::new(move |_| {
        let handles = page.stores().into_iter().filter_map(|(name, opened): (_, Opened)| {
            Some((name.to_string(), opened.store?.handle))
        });
        handles.take(2).collect::<Vec<_>>()
    });
    let compared: RwSignal<Option<Comparison>> = RwSignal::new(None);
    Effect::new(move |_| {
        let [(_, first), (_, second)] = pair.get().try_into().unwrap_or_default();
        compared.set(None);
        if first == second {
            return;
        }
        let engine = page.engine();
        spawn_local(async move {
            // Without an answer the figures still stand.
            if let Ok(answer) = engine.compare(first, second).await {
                compared.try_set(Some(answer));
            }
        });
    });
    let only = move || {
        compared.get().map(|compared| {
            let names = pair.get();
            view! { <Only compared names=names.into_iter().map(|(name, _)| name).collect() /> }
        })
    };
    let sources = Memo::new(move |_| {
        page.files.with(|files| {
            let source = |entry: &Entry| match entry.state.get() {
                State::Ready(opened) => Some((entry.id, entry.name.clone(), opened.listed()?)),
                _ => None,
            };
            files.iter().filter_map(source).collect::<Vec<_>>()
        })
    });
    let merge = move || {
        let sources = sources.get().into_iter().filter_map(|(id, name, store)| {
            let view = page.view_of(id)?;
            Some(Source { shown: Some(id), name, handle: store.handle, view })
        });
        let sources: Vec<Source> = sources.collect();
        if sources.len() < 2 {
            return None;
        }
        let handles: Vec<u32> = sources.iter().map(|source| source.handle).collect();
        Some(view! { <Repair repairing=page.merging(&handles) sources /> })
    };
    view! {
        <section id="verdict" class="compare" tabindex="-1" aria-labelledby="compare-title">
            <h1 id="compare-title">{tr(labels::COMPARE)}</h1>
            <p class="note">{tr(labels::ONLY_COUNTS)}</p>
            <div class="types" tabindex="0" role="group" aria-label=tr(labels::COMPARE)>{table}</div>
            {only}
            {merge}
        </section>
    }
}

/// What only one of two has.
#[component]
fn Only(compared: Comparison, names: Vec<String>) -> impl IntoView {
    let language = use_page().language;
    let sides = [compared.first, compared.second];
    let side = |(side, name): (OneSided, String)| {
        let more = side.channels.saturating_sub(side.scids.len() as u64);
        let list = side.scids.into_iter().map(|scid| view! { <li>{scid}</li> });
        view! {
            <div class="side">
                <h2><bdi>{name}</bdi> ": " {tr(labels::ONLY_HERE)}</h2>
                <dl class="figures">
                    <div>
                        <dt>{tr(labels::CHANNELS_ONLY)}</dt>
                        <dd>{count(side.channels)}</dd>
                    </div>
                    <div>
                        <dt>{tr(labels::NODES_ONLY)}</dt>
                        <dd>{count(side.nodes)}</dd>
                    </div>
                    <div>
                        <dt>{tr(labels::NEWER)}</dt>
                        <dd>{count(side.newer_updates)}</dd>
                    </div>
                </dl>
                <ul class="scids" tabindex="0" aria-label=tr(labels::CHANNELS_ONLY)>
                    {list.collect_list()}
                    {(more > 0)
                        .then(|| {
                            view! {
                                <li>
                                    {move || {
                                        let values = Values::new().with("n", more);
                                        fill(labels::AND_MORE, language.get(), &values)
                                    }}
                                </li>
                            }
                        })}
                </ul>
            </div>
        }
    };
    view! {
        <p>{tr(labels::IN_BOTH)} ": " {count(compared.channels_in_both)}</p>
        <div class="sides">{sides.into_iter().zip(names).map(side).collect_list()}</div>
    }
}
