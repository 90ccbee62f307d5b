//! The bytes of one of several files, hidden until revealing is asked for: they hold preimages, and
//! in a channel.db the secrets of channels.

use std::sync::Arc;

use fulgurite_core::finding::{Span, Values};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Stores;
use crate::bytes::dump::Dump;
use crate::files::length;
use crate::format::{count, span};
use crate::labels::{self, fill, lnd as own};
use crate::list::CollectList as _;
use crate::page_map::PageMap;
use crate::rows::{Detail, FieldRow};
use crate::state::{Opened, tr, use_page};
use crate::view::View;

/// So many bytes are shown at a time.
const SHOWN: u64 = 512;

/// What is shown: a stretch in the middle of others.
#[derive(Clone)]
struct Shown {
    detail: Detail,
    error: Option<String>,
}

/// The pane beside the tables.
#[component]
pub(super) fn Bytes(opened: Opened) -> impl IntoView {
    let view = opened.view;
    let content = match opened.stores {
        Some(stores) => view! { <Pane stores view /> }.into_any(),
        None => view! { <p class="nothing">{tr(labels::REOPENED)}</p> }.into_any(),
    };
    view! {
        <section id="bytes" class="bytes" aria-label=tr(labels::BYTES)>
            {content}
        </section>
    }
}

#[component]
fn Pane(stores: Stores, view: View) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let case = stores.case;
    let names = Arc::new(case.names());
    let input = view.input;
    let from = Memo::new(move |_| view.at.get().map(|at| at / 16 * 16));
    let shown: RwSignal<Option<Shown>> = RwSignal::new(None);
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (input, from, reveal) = (input.get(), from.get(), view.reveal.get());
        let piece = view.piece.get();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        shown.set(None);
        let (Some(from), true, Some(blob)) = (from, reveal, case.blob(input)) else { return };
        let engine = page.engine();
        spawn_local(async move {
            let wanted = SHOWN.min(length(&blob).saturating_sub(from));
            let hex = engine.peek(&blob, from, wanted).await;
            if turn.try_get_value() == Some(mine) {
                shown.set(Some(match hex {
                    Ok(hex) => Shown { detail: detail(from, &hex, piece), error: None },
                    Err(failure) => {
                        Shown { detail: Detail::default(), error: Some(failure.message) }
                    }
                }));
            }
        });
    });
    let maps = stores.maps.clone();
    let what = move || {
        let at = view.at.get()?;
        let language = language.get();
        let piece = view.piece.get().unwrap_or(Span::empty(at));
        Some((span(piece, u64::MAX, language), page_of(&maps, input.get(), at, language)))
    };
    let options = names.iter().enumerate().map(|(number, name)| {
        view! {
            <option value=number.to_string() selected=move || input.get() as usize == number>
                {name.clone()}
            </option>
        }
    });
    let options = options.collect_list();
    let step = move |later: bool| {
        let Some(at) = from.get_untracked() else { return };
        let size = case.blob(input.get_untracked()).map_or(0, |blob| length(&blob));
        let to = if later { at + SHOWN } else { at.saturating_sub(SHOWN) };
        if to < size {
            view.show_in(input.get_untracked(), Span::new(to, to));
        }
    };
    let content = move || match (view.at.get(), view.reveal.get(), shown.get()) {
        (None, ..) => view! { <p class="nothing">{tr(labels::BYTES_EMPTY)}</p> }.into_any(),
        (_, false, _) => view! { <p class="nothing">{tr(own::BYTES_HIDDEN)}</p> }.into_any(),
        (.., None) => view! { <p class="nothing" aria-busy="true">"…"</p> }.into_any(),
        (.., Some(Shown { error: Some(why), .. })) => {
            view! { <p class="nothing" role="alert">{why}</p> }.into_any()
        }
        (.., Some(Shown { detail, .. })) if detail.len == 0 => {
            view! { <p class="nothing">{tr(own::BYTES_NONE)}</p> }.into_any()
        }
        (.., Some(Shown { detail, .. })) => {
            let hot = RwSignal::new(None);
            view! { <Dump detail store=None hot /> }.into_any()
        }
    };
    view! {
        <div class="bar">
            <h2>{tr(labels::BYTES)}</h2>
            <select
                aria-label=tr(own::IN_FILE)
                on:change=move |event| {
                    let input = event_target_value(&event).parse().unwrap_or(0);
                    view.input.set(input);
                }
            >
                {options}
            </select>
            <span class="space"></span>
            <button class="quiet" on:click=move |_| step(false) disabled=move || from.get().is_none_or(|at| at == 0)>
                "‹ "
                {tr(own::EARLIER)}
            </button>
            <button class="quiet" on:click=move |_| step(true) disabled=move || from.get().is_none()>
                {tr(own::LATER)}
                " ›"
            </button>
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label=tr(labels::BYTES)>
            {move || {
                what()
                    .map(|(place, page)| {
                        view! { <p class="what">{place} {page.map(|page| view! { <br /> {page} })}</p> }
                    })
            }}
            {content}
        </div>
    }
}

/// Which page an offset is in, and what it is.
fn page_of(
    maps: &[PageMap],
    input: u32,
    at: u64,
    language: fulgurite_core::words::Language,
) -> Option<String> {
    let map = maps.iter().find(|map| map.input == input)?;
    let run = map.at(at)?;
    let values = Values::new()
        .with("page", count(at.checked_div(map.page_size)? + map.first_page))
        .with("kind", own::page_kind(&run.kind).get(language))
        .with_some("owner", run.owner);
    Some(fill(own::PAGE_IS, language, &values))
}

/// Bytes before a stretch, the stretch, bytes behind it.
fn detail(from: u64, hex: &str, piece: Option<Span>) -> Detail {
    let len = hex.len() as u64 / 2;
    let inside = |at: u64| at.clamp(from, from + len);
    let piece = piece.unwrap_or(Span::empty(from));
    let cuts = [from, inside(piece.start), inside(piece.end), from + len];
    let fields = cuts.windows(2).filter_map(|cut| {
        let [start, end] = cut else { return None };
        let place = |at: u64| usize::try_from((at - from) * 2).ok();
        let hex = hex.get(place(*start)?..place((*end).max(*start))?)?;
        let row = FieldRow { name: "bytes".into(), offset: *start, hex: hex.into(), value: None };
        (start < end).then_some(row)
    });
    Detail { offset: from, len, fields: fields.collect(), ..Detail::default() }
}
