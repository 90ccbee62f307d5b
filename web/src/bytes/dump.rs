//! The bytes of a record, field by field; of a long wound, more of them on demand.

use fulgurite_core::finding::Values;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::format::count;
use crate::labels::{self, fill};
use crate::layout;
use crate::list::CollectList as _;
use crate::rows::{Detail, FieldRow};
use crate::state::{Store, use_page};

/// So many bytes are added at a time.
const MORE: u64 = 4_096;

/// So many bytes of one wound are shown at most; the map and the tables lead elsewhere in it.
const MOST: u64 = 65_536;

/// The bytes. A field's are one part in each line, so that a click or a pointer leads to it.
#[component]
pub(crate) fn Dump(
    detail: Detail,
    store: Option<Store>,
    hot: RwSignal<Option<usize>>,
) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let Detail { offset, len, fields, not_shown, .. } = detail;
    let bytes_end = offset + len;
    let shown_to = bytes_end - not_shown.min(len);
    let more: RwSignal<Vec<FieldRow>> = RwSignal::new(Vec::new());
    let known = fields.len();
    let lines = move || {
        let all = [fields.clone(), more.get()].concat();
        let line = |line| view_line(line, hot, known);
        layout::lines(&all, 16).into_iter().map(line).collect_list()
    };
    let added = move || more.with(|more| more.iter().map(|row| row.hex.len() as u64 / 2).sum());
    let left = move || not_shown.saturating_sub(added());
    let fetch = move |_| {
        let Some(store) = store else { return };
        let at = shown_to + added();
        let wanted = left().min(MORE);
        let engine = page.engine();
        spawn_local(async move {
            // What cannot be read is not added.
            if let Ok(hex) = engine.bytes(store.handle, at, wanted).await {
                let row = FieldRow { name: "bytes".to_owned(), offset: at, hex, value: None };
                more.try_update(|more| more.push(row));
            }
        });
    };
    let text =
        move |label, number: u64| fill(label, language.get(), &Values::new().with("n", number));
    view! {
        <div class="dump" on:pointerleave=move |_| hot.set(None)>
            {lines}
            <Show when=move || { left() > 0 }>
                <p class="skipped">
                    {move || text(labels::NOT_SHOWN, left())}
                    <Show when=move || { added() < MOST }>
                        <button class="quiet" on:click=fetch>
                            {move || text(labels::SHOW_MORE, left().min(MORE))}
                        </button>
                    </Show>
                </p>
            </Show>
        </div>
    }
}

fn view_line(line: layout::Line, hot: RwSignal<Option<usize>>, known: usize) -> AnyView {
    let part = |field: usize, text: String, class: &'static str| {
        let lead = move |_| {
            if let Some(row) = browser::element(&format!("field-{field}")) {
                row.scroll_into_view_with_bool(false);
            }
        };
        view! {
            <span
                class=class
                class:even=field.is_multiple_of(2) && known.gt(&field)
                class:hot=move || hot.get() == Some(field)
                on:pointerenter=move |_| hot.set(Some(field))
                on:click=lead
            >
                {text}
            </span>
        }
    };
    let hex = line.parts.iter().map(|p| part(p.field, p.hex.clone(), "part")).collect_list();
    let text = line.parts.iter().map(|p| part(p.field, p.text.clone(), "char")).collect_list();
    let skipped = (line.skipped != 0).then(|| {
        view! { <div class="skipped">"⋮ × " {count(line.skipped as u64)}</div> }
    });
    view! {
        <div class="line">
            <span class="at" title=format!("0x{:x}", line.offset)>
                {count(line.offset)}
            </span>
            <span class="hex">{hex}</span>
            <span class="text" aria-hidden="true">
                {text}
            </span>
        </div>
        {skipped}
    }
    .into_any()
}
