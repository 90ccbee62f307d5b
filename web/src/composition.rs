//! What the file holds: bytes by type as bars, ages of updates, and everything else in figures.

use fulgurite_core::gossip::listing::State;
use fulgurite_core::gossip::tally::TallyRow;
use leptos::prelude::*;

use crate::browser;
use crate::export::figures;
use crate::format::{count, share, size};
use crate::labels;
use crate::list::CollectList as _;
use crate::state::{Opened, tr, use_page};
use crate::view::View;

/// The last part of a store's page.
#[component]
pub(crate) fn Composition(opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let report = opened.report.clone();
    let list = move || {
        let rows = figures(&report, language.get()).into_iter();
        rows.map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
            .collect_list()
    };
    let gossip = opened.report.gossip.clone();
    let view = opened.listed().map(|_| opened.view);
    view! {
        <section class="composition" aria-labelledby="composition-title">
            <h2 id="composition-title">{tr(labels::COMPOSITION)}</h2>
            {gossip
                .map(|gossip| {
                    view! {
                        <Types
                            rows=gossip.types
                            wounded=gossip.wounded_bytes
                            all=opened.report.input.size
                            view
                        />
                        <Ages days=gossip.network.update_ages_days />
                    }
                })}
            <dl class="figures">{list}</dl>
        </section>
    }
}

/// A bar of live and deleted bytes for each type, the longest first.
#[component]
fn Types(rows: Vec<TallyRow>, wounded: u64, all: u64, view: Option<View>) -> impl IntoView {
    let language = use_page().language;
    let mut rows = rows;
    // A report that was changed by hand may have any number of them.
    rows.truncate(200);
    rows.sort_by_key(|row| std::cmp::Reverse(row.live_bytes + row.deleted_bytes));
    let longest = rows.iter().map(|row| row.live_bytes + row.deleted_bytes);
    let longest = longest.chain([wounded]).max().unwrap_or(0).max(1);
    let bars = rows.into_iter().map(|row| {
        let number = row.number.map(|number| number.to_string()).unwrap_or_default();
        let (live, dead) = (row.live_bytes, row.deleted_bytes);
        view! {
            <tr>
                <th scope="row">{row.name.into_owned()} " " <span class="faint">{number}</span></th>
                <td class="bar-cell"><Bar parts=vec![(ink(row.number), live), ("deleted", dead)] longest /></td>
                <td>{leading(view, row.live, row.number, State::Live)}</td>
                <td>{leading(view, row.deleted, row.number, State::Deleted)}</td>
                <td class:bad=row.bad_checksum != 0>
                    {leading(view, row.bad_checksum, row.number, State::Wounded)}
                </td>
                <td>{count(live)}</td>
                <td>{count(dead)}</td>
                <td>{share(live + dead, all)}</td>
            </tr>
        }
    });
    let wound = (wounded > 0).then(|| {
        view! {
            <tr>
                <th scope="row">{move || labels::INKS[5].get(language.get())}</th>
                <td class="bar-cell"><Bar parts=vec![("wound", wounded)] longest /></td>
                <td></td>
                <td></td>
                <td></td>
                <td class="bad">{count(wounded)}</td>
                <td></td>
                <td>{share(wounded, all)}</td>
            </tr>
        }
    });
    let heads = [
        labels::LIVE,
        labels::DELETED,
        labels::BAD_CHECKSUM,
        labels::BYTES_LIVE,
        labels::BYTES_DELETED,
        labels::SHARE,
    ];
    let heads = heads.map(|label| view! { <th scope="col">{tr(label)}</th> });
    view! {
        <div class="types" tabindex="0" role="group" aria-label=tr(labels::COMPOSITION)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr(labels::TYPE)}</th>
                        <th scope="col" class="bar-cell">
                            <span class="visually-hidden">{tr(labels::SHARE)}</span>
                        </th>
                        {heads.into_iter().collect_list()}
                    </tr>
                </thead>
                <tbody>{bars.collect_list()} {wound}</tbody>
            </table>
        </div>
    }
}

/// A count that leads to its rows, if there are any to list.
fn leading(
    view: Option<View>,
    number: u64,
    record_type: Option<u16>,
    state: State,
) -> impl IntoView {
    match view.filter(|_| number != 0 && record_type.is_some()) {
        Some(view) => {
            let list = move |_| {
                view.list(record_type, state);
                if let Some(panel) = browser::element("panel") {
                    let options = web_sys::ScrollIntoViewOptions::new();
                    options.set_block(web_sys::ScrollLogicalPosition::Center);
                    panel.scroll_into_view_with_scroll_into_view_options(&options);
                }
            };
            view! { <button class="leads" on:click=list>{count(number)}</button> }.into_any()
        }
        None => count(number).into_any(),
    }
}

/// Parts of a bar, in thousandths of the longest one. What is there is never too small to see.
#[component]
fn Bar(parts: Vec<(&'static str, u64)>, longest: u64) -> impl IntoView {
    let mut x = 0;
    let parts = parts.into_iter().filter(|(_, bytes)| *bytes > 0).map(move |(ink, bytes)| {
        let width = (u128::from(bytes) * 1_000 / u128::from(longest)).max(3);
        let left = x;
        x += width;
        view! {
            <rect class=ink x=left.to_string() y="0" width=width.to_string() height="10">
                <title>{size(bytes)}</title>
            </rect>
        }
    });
    view! {
        <svg class="bar-svg" viewBox="0 0 1006 10" preserveAspectRatio="none" aria-hidden="true">
            {parts.collect_list()}
        </svg>
    }
}

/// How old the updates of live channels are, in days before now.
#[component]
fn Ages(days: Vec<u64>) -> impl IntoView {
    let language = use_page().language;
    let days: Vec<u64> = days.into_iter().take(64).collect();
    let most = days.iter().copied().max().unwrap_or(0);
    let last = days.len().saturating_sub(1);
    let name = move |day: usize, count_of: u64| {
        let values = fulgurite_core::finding::Values::new().with("n", count_of).with("day", day);
        let label = if day == last { labels::AGE_OLDER } else { labels::AGE_DAY };
        labels::fill(label, language.get(), &values)
    };
    let rows = days.clone();
    let bars = move || {
        let bar = |(day, updates): (usize, &u64)| {
            let height = u128::from(*updates) * 100 / u128::from(most.max(1));
            let height = if *updates > 0 { height.max(2) } else { 0 };
            let style = if day < 14 { "update" } else { "deleted" };
            view! {
                <rect
                    class=style
                    x=(day * 20 + 2).to_string()
                    y=(100 - height).to_string()
                    width="16"
                    height=height.to_string()
                >
                    <title>{name(day, *updates)}</title>
                </rect>
            }
        };
        rows.iter().enumerate().map(bar).collect_list()
    };
    let words = days.clone();
    let text = move || {
        let item = |(day, updates): (usize, &u64)| {
            (*updates > 0).then(|| view! { <li>{name(day, *updates)}</li> })
        };
        words.iter().enumerate().filter_map(item).collect_list()
    };
    let wide = days.len() * 20;
    let line = 14 * 20;
    view! {
        <Show when=move || { most > 0 }>
            <figure class="ages">
                <figcaption>{tr(labels::AGES)}</figcaption>
                <svg
                    viewBox=format!("0 0 {wide} 100")
                    preserveAspectRatio="none"
                    aria-hidden="true"
                >
                    {bars.clone()}
                    <line class="prune" x1=line.to_string() x2=line.to_string() y1="0" y2="100"></line>
                </svg>
                <div class="axis" aria-hidden="true">
                    <span>"0"</span>
                    <span style=format!("left:{}%", line * 100 / wide.max(1))>"14"</span>
                    <span class="end">{format!("{last}+")}</span>
                </div>
                <ul class="visually-hidden">{text.clone()}</ul>
            </figure>
        </Show>
    }
}

/// The ink of a type's live records, as on the map.
fn ink(number: Option<u16>) -> &'static str {
    crate::map::pieces::ink_of(number.unwrap_or(0), false).name()
}
