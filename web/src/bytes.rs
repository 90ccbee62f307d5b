//! The byte view: what stands at an offset, as bytes and as fields. Either highlights the other.

pub(crate) mod layout;

use fulgurite_core::finding::{Span, Value, Values};
use fulgurite_core::words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::rows::{Checksum, Detail, FieldRow};
use crate::format::{count, short, span};
use crate::labels::{self, fields, fill};
use crate::list::CollectList as _;
use crate::mark;
use crate::state::{Opened, Store, tr, use_page};
use crate::view::View;

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
    let fields = detail.fields;
    let not_shown = detail.not_shown;
    let redacted = detail.redacted;
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
            {detail.checksum.map(|checksum| view! { <Sum checksum /> })}
            <Hex fields=fields.clone() hot />
            {(not_shown > 0)
                .then(|| {
                    view! {
                        <p class="note">
                            {move || {
                                fill(
                                    labels::NOT_SHOWN,
                                    language.get(),
                                    &Values::new().with("n", not_shown),
                                )
                            }}
                        </p>
                    }
                })}
            {(!fields.is_empty()).then(|| view! { <Fields fields hot /> })}
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

/// The bytes. A field's bytes are one part in each line, so that a click or a pointer leads to it.
#[component]
fn Hex(fields: Vec<FieldRow>, hot: RwSignal<Option<usize>>) -> impl IntoView {
    let lines = layout::lines(&fields, 16);
    let lines = lines.into_iter().map(|line| {
        let part = |field: usize, text: String, class: &'static str| {
            view! {
                <span
                    class=class
                    class:even=field.is_multiple_of(2)
                    class:hot=move || hot.get() == Some(field)
                    on:pointerenter=move |_| hot.set(Some(field))
                    on:click=move |_| {
                        if let Some(row) = crate::browser::element(&format!("field-{field}")) {
                            row.scroll_into_view_with_bool(false);
                        }
                    }
                >
                    {text}
                </span>
            }
        };
        let hex = line.parts.iter().map(|p| part(p.field, p.hex.clone(), "part")).collect_list();
        let text = line.parts.iter().map(|p| part(p.field, p.text.clone(), "char")).collect_list();
        let skipped = (line.skipped > 0).then(|| {
            view! { <div class="skipped">"⋮ × " {count(line.skipped as u64)}</div> }
        });
        view! {
            <div class="line">
                <span class="at" title=format!("0x{:x}", line.offset)>{count(line.offset)}</span>
                <span class="hex">{hex}</span>
                <span class="text" aria-hidden="true">{text}</span>
            </div>
            {skipped}
        }
    });
    view! {
        <div class="dump" on:pointerleave=move |_| hot.set(None)>{lines.collect_list()}</div>
    }
}

/// The fields: name, value, and what they mean.
#[component]
fn Fields(fields: Vec<FieldRow>, hot: RwSignal<Option<usize>>) -> impl IntoView {
    let language = use_page().language;
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let meaning = move || {
        let name = names.get(hot.get()?)?;
        let (text, source) = fields::field(name)?;
        Some(format!("{name}: {} ({source})", text.get(language.get())))
    };
    let rows = fields.into_iter().enumerate().map(|(number, field)| {
        let FieldRow { name, offset, hex, value } = field;
        let shown = {
            let name = name.clone();
            move || match &value {
                Some(Value::Text(text)) => text.clone(),
                Some(value) => {
                    let name = if name == "timestamp" { "newest_timestamp" } else { &name };
                    words::value(name, value, language.get())
                }
                None => short(&hex),
            }
        };
        view! {
            <tr
                id=format!("field-{number}")
                tabindex="0"
                class:hot=move || hot.get() == Some(number)
                on:pointerenter=move |_| hot.set(Some(number))
                on:focus=move |_| hot.set(Some(number))
                on:blur=move |_| hot.set(None)
            >
                <td class="right">{count(offset)}</td>
                <th scope="row">{name}</th>
                <td class="value">
                    <bdi>{shown}</bdi>
                </td>
            </tr>
        }
    });
    view! {
        <table class="fields" on:pointerleave=move |_| hot.set(None)>
            <thead>
                <tr>
                    <th scope="col" class="right">{tr(labels::OFFSET)}</th>
                    <th scope="col">{tr(labels::FIELD)}</th>
                    <th scope="col">{tr(labels::VALUE)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_list()}</tbody>
        </table>
        <p class="meaning">{meaning}</p>
    }
}
