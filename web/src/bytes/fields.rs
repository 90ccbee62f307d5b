//! The fields of a record: name, value, what they mean. A channel or a node leads to its records.

use fulgurite_core::finding::Value;
use fulgurite_core::words;
use leptos::prelude::*;

use crate::format::{count, short};
use crate::labels::{self, fields};
use crate::list::CollectList as _;
use crate::rows::FieldRow;
use crate::state::{tr, use_page};
use crate::view::View;

/// The table of fields; `hot` is the one that is highlighted, here and among the bytes.
#[component]
pub(super) fn Fields(
    fields: Vec<FieldRow>,
    hot: RwSignal<Option<usize>>,
    view: View,
) -> impl IntoView {
    let language = use_page().language;
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let meaning = move || {
        let name = names.get(hot.get()?)?;
        let (text, source) = fields::field(name)?;
        Some(format!("{name}: {} ({source})", text.get(language.get())))
    };
    let rows = fields.into_iter().enumerate().map(|(number, field)| {
        let leads = leads(&field);
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
        let shown = match leads {
            Some(text) => view! {
                <button
                    class="leads"
                    title=tr(labels::SEARCH_THIS)
                    on:click=move |_| view.look_for(text.clone())
                >
                    {shown}
                </button>
            }
            .into_any(),
            None => view! { <bdi>{shown}</bdi> }.into_any(),
        };
        view! {
            <tr
                id=format!("field-{number}")
                tabindex="0"
                class:hot=move || hot.get() == Some(number)
                on:pointerenter=move |_| hot.set(Some(number))
                on:focusin=move |_| hot.set(Some(number))
                on:focusout=move |_| hot.set(None)
            >
                <td class="right">{count(offset)}</td>
                <th scope="row">{name}</th>
                <td class="value">{shown}</td>
            </tr>
        }
    });
    view! {
        <table class="fields" on:pointerleave=move |_| hot.set(None)>
            <thead>
                <tr>
                    <th scope="col" class="right">
                        {tr(labels::OFFSET)}
                    </th>
                    <th scope="col">{tr(labels::FIELD)}</th>
                    <th scope="col">{tr(labels::VALUE)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_list()}</tbody>
        </table>
        <p class="meaning">{meaning}</p>
    }
}

/// What to search for, for a field that names a channel or a node.
fn leads(field: &FieldRow) -> Option<String> {
    match (field.name.as_str(), &field.value) {
        ("short_channel_id", Some(Value::Text(scid))) => Some(scid.clone()),
        ("node_id" | "node_id_1" | "node_id_2" | "remote_node_id", _) if !field.hex.is_empty() => {
            Some(field.hex.clone())
        }
        _ => None,
    }
}
