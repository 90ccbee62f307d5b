//! The byte view: what stands at an offset, as bytes and as fields. Either highlights the other.

pub(crate) mod dump;
mod fields;

use fulgurite_core::finding::{Span, Values};
use fulgurite_core::words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::format::span;
use crate::labels::{self, fill};
use crate::list::CollectList as _;
use crate::mark;
use crate::rows::{Checksum, Detail};
use crate::state::{Opened, Store, tr, use_page};
use crate::view::View;
use dump::Dump;
use fields::Fields;

/// The pane beside the tables.
#[component]
pub(crate) fn Bytes(opened: Opened) -> impl IntoView {
    let view = opened.view;
    let detail: RwSignal<Option<Result<Detail, String>>> = RwSignal::new(None);
    let store = opened.store;
    if let Some(store) = store {
        fetch(view, store, detail);
    }
    let shown = opened.clone();
    let content = move || match (store, view.at.get(), detail.get()) {
        (None, ..) => view! { <p class="nothing">{tr(labels::REOPENED)}</p> }.into_any(),
        (_, None, _) => view! { <p class="nothing">{tr(labels::BYTES_EMPTY)}</p> }.into_any(),
        (.., None) => view! { <p class="nothing" aria-busy="true">"…"</p> }.into_any(),
        (.., Some(Err(why))) => view! { <p class="nothing" role="alert">{why}</p> }.into_any(),
        (.., Some(Ok(detail))) => view! { <Piece detail opened=shown.clone() /> }.into_any(),
    };
    view! {
        <section id="bytes" class="bytes" aria-label=tr(labels::BYTES)>
            <div class="bar">
                <h2>{tr(labels::BYTES)}</h2>
                <span class="space"></span>
                <button class="quiet" on:click=move |_| view.beside(false) disabled=move || view.piece.get().is_none_or(|p| p.start == 0)>
                    "‹ "
                    {tr(labels::BEFORE)}
                </button>
                <button
                    class="quiet"
                    on:click=move |_| view.beside(true)
                    disabled=move || view.piece.get().is_none()
                >
                    {tr(labels::BEHIND)}
                    " ›"
                </button>
            </div>
            <div class="scroll" tabindex="0" role="group" aria-label=tr(labels::BYTES)>
                {content}
            </div>
        </section>
    }
}

impl View {
    /// Shows the record before or behind the one that is shown.
    pub(crate) fn beside(self, behind: bool) {
        let Some(piece) = self.piece.get_untracked() else { return };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
        let size = self.window.get_untracked().size as u64;
        if behind && piece.end < size {
            self.show(piece.end);
        } else if !behind && piece.start > 0 {
            self.show(piece.start - 1);
        }
    }
}

/// Asks for what stands at the offset; the last question's answer is shown.
fn fetch(view: View, store: Store, detail: RwSignal<Option<Result<Detail, String>>>) {
    let page = use_page();
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (at, reveal) = (view.at.get(), view.reveal.get());
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let Some(at) = at else {
            detail.set(None);
            view.piece.set(None);
            return;
        };
        let engine = page.engine();
        spawn_local(async move {
            let answer = engine.detail(store.handle, at, reveal).await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            let piece = answer.as_ref().ok().map(|d| Span::new(d.offset, d.offset + d.len));
            view.piece.set(piece);
            detail.set(Some(answer.map_err(|failure| failure.message)));
        });
    });
}

#[component]
fn Piece(detail: Detail, opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let view = opened.view;
    let store = opened.store;
    let report = opened.report;
    let here = Span::new(detail.offset, detail.offset + detail.len);
    let size = report.input.size;
    let wound = detail.kind == "wound";
    let version = detail.kind == "version";
    let kind = match detail.kind.as_str() {
        "wound" => labels::WOUND_HERE,
        _ => labels::RECORD_HERE,
    };
    let number = detail.number.map(|number| format!(" ({number})")).unwrap_or_default();
    let name = format!("{}{number}", detail.name);
    let versions = report.gossip.as_ref().map(|gossip| gossip.version.byte);
    let findings = {
        let report = report.clone();
        move || {
            let language = language.get();
            let touches = |found: &&fulgurite_core::finding::Finding| {
                let span = found.place.span;
                let whole = span.start == 0 && span.end == size;
                let inside = span.start < here.end && here.start < span.end;
                !whole && (inside || span.is_empty() && here.contains(span.start))
            };
            let item = |found: &fulgurite_core::finding::Finding| {
                let (title, text) =
                    (words::title(found, language), words::meaning(found, language));
                view! {
                    <li class=mark::class(found.severity)>
                        {mark::badge(found.severity)} " " <b>{title}</b> <p>{text}</p>
                    </li>
                }
            };
            report.findings.iter().filter(touches).map(item).collect_list()
        }
    };
    let hot = RwSignal::new(None::<usize>);
    let fields = detail.fields.clone();
    let redacted = detail.redacted;
    let checksum = detail.checksum.clone();
    view! {
        <div class="piece">
            <p class="what" class:wound=wound>
                {(!version).then(|| view! { <b>{tr(kind)} " · " {name}</b> <br /> })}
                {move || span(here, size, language.get())}
            </p>
            {version
                .then(|| {
                    let number = versions.map_or_else(|| "?".to_owned(), |byte| byte.to_string());
                    view! {
                        <p>
                            {move || {
                                fill(
                                    labels::VERSION_BYTE,
                                    language.get(),
                                    &Values::new().with("version", number.clone()),
                                )
                            }}
                        </p>
                    }
                })}
            <ul class="here">{findings}</ul>
            {redacted
                .then(|| {
                    view! {
                        <p class="note">{tr(labels::PRIVATE)}</p>
                        <button on:click=move |_| view.reveal.set(true)>
                            {tr(labels::REVEAL)}
                        </button>
                    }
                })}
            {checksum.map(|checksum| view! { <Sum checksum /> })}
            <Dump detail store hot />
            {(!fields.is_empty()).then(|| view! { <Fields fields hot view /> })}
        </div>
    }
}

/// The stored checksum beside the true one, with the seed.
#[component]
fn Sum(checksum: Checksum) -> impl IntoView {
    let Checksum { stored, computed, seed, holds } = checksum;
    // Digit by digit, what differs.
    let digits = |mine: &str, other: &str| {
        let pairs = mine.chars().zip(other.chars());
        let digits = pairs.map(|(mine, other)| {
            view! { <span class:differs=mine != other>{mine.to_string()}</span> }
        });
        digits.collect_list()
    };
    let verdict = if holds { labels::HOLDS } else { labels::BROKEN };
    let severity = if holds {
        fulgurite_core::finding::Severity::Info
    } else {
        fulgurite_core::finding::Severity::Damage
    };
    let style = if holds { "badge fine" } else { "badge damage" };
    view! {
        <dl class="sum">
            <div>
                <dt>{tr(labels::CHECKSUM)} " CRC-32C"</dt>
                <dd class=style>{mark::shape(severity, holds)} " " {tr(verdict)}</dd>
            </div>
            <div>
                <dt>{tr(labels::STORED)}</dt>
                <dd class="mono">{digits(&stored, &computed)}</dd>
            </div>
            <div>
                <dt>{tr(labels::COMPUTED)}</dt>
                <dd class="mono">{digits(&computed, &stored)}</dd>
            </div>
            <div>
                <dt>{tr(labels::SEED)}</dt>
                <dd class="mono">{seed}</dd>
            </div>
        </dl>
    }
}
