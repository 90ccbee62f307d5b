//! The cells of rows.

use fulgurite_core::words::Language;
use leptos::prelude::*;

use crate::format::{count, short, time};
use crate::labels;
use crate::list::CollectList as _;
use crate::rows::{ChannelRow, NodeRow, RecordRow};

/// Text that is shortened, whole in its title.
pub(crate) fn key(digits: &str) -> AnyView {
    let whole = digits.to_owned();
    view! { <span class="mono" title=whole>{short(digits)}</span> }.into_any()
}

fn text(text: impl Into<String>) -> AnyView {
    text.into().into_any()
}

fn number(number: Option<&String>) -> String {
    let parsed = number.and_then(|digits| digits.parse::<u64>().ok());
    parsed.map(count).or_else(|| number.cloned()).unwrap_or_default()
}

/// A record or a wound.
pub(super) fn record(row: &RecordRow, language: Language) -> Vec<AnyView> {
    let name = row.name.clone().unwrap_or_else(|| labels::WOUND_HERE.get(language).to_owned());
    let known = row.number.map(|number| format!("{name} ({number})"));
    let kind = view! {
        <span class=format!("swatch {}", swatch(row)) aria-hidden="true"></span>
        <span title=known>{name.clone()}</span>
    };
    let states: Vec<&str> =
        row.states.iter().map(String::as_str).filter(|state| *state != "live").collect();
    vec![
        text(count(row.offset)),
        text(count(row.len)),
        kind.into_any(),
        says(row, language),
        text(row.timestamp.map(time).unwrap_or_default()),
        text(states.join(", ")),
    ]
}

fn swatch(row: &RecordRow) -> &'static str {
    crate::map::pieces::Piece::of(row).ink.name()
}

/// The class of a record's row.
pub(super) fn record_class(row: &RecordRow) -> &'static str {
    match () {
        () if row.is_wound() => "wound",
        () if row.is("deleted") => "dead",
        () => "",
    }
}

fn says(row: &RecordRow, language: Language) -> AnyView {
    if row.redacted {
        return view! { <i>{labels::REDACTED.get(language)}</i> }.into_any();
    }
    let mut parts: Vec<AnyView> = Vec::new();
    if let Some(scid) = &row.scid {
        let side = row.direction.map(|side| format!("/{side}")).unwrap_or_default();
        parts.push(text(format!("{scid}{side}")));
    }
    if let Some(alias) = row.alias.as_ref().filter(|alias| !alias.is_empty()) {
        parts.push(view! { <bdi class="alias">{alias.clone()}</bdi> }.into_any());
    }
    for node in [&row.node_id, &row.node_id_1, &row.node_id_2].into_iter().flatten() {
        parts.push(key(node));
    }
    if row.satoshis.is_some() {
        parts.push(text(format!("{} sat", number(row.satoshis.as_ref()))));
    }
    if let Some(base) = &row.fee_base_msat {
        let share = row.fee_proportional_millionths.unwrap_or_default();
        parts.push(text(format!("{base} msat + {share} ppm")));
    }
    if row.disabled == Some(true) {
        parts.push(text(labels::DISABLED.get(language)));
    }
    if let Some(height) = row.blockheight {
        parts.push(text(count(height.into())));
    }
    if let Some(offset) = &row.equivalent_offset {
        parts.push(text(format!("→ {offset}")));
    }
    if let Some(uuid) = &row.uuid {
        parts.push(key(uuid));
    }
    if let Some(zeros) = row.zeros {
        parts.push(text(format!("0x00 × {} @ {}", count(zeros.len), count(zeros.start))));
    }
    let parts = parts.into_iter().map(|part| view! { <span class="fact">{part}</span> });
    parts.collect_list().into_any()
}

/// A channel.
pub(super) fn channel(row: &ChannelRow, language: Language) -> Vec<AnyView> {
    let updates = row.updates.iter().map(|update| {
        let disabled = if update.disabled { labels::DISABLED.get(language) } else { "" };
        let text = format!(
            "/{} {} msat + {} ppm {disabled}",
            update.direction, update.fee_base_msat, update.fee_proportional_millionths
        );
        view! { <span class="fact">{text}</span> }
    });
    vec![
        text(row.scid.clone()),
        text(number(row.satoshis.as_ref())),
        key(&row.node_id_1),
        key(&row.node_id_2),
        updates.collect_list().into_any(),
    ]
}

/// A node.
pub(super) fn node(row: &NodeRow, language: Language) -> Vec<AnyView> {
    let alias = row.alias.clone().unwrap_or_default();
    let hidden = row.hidden.then(|| {
        view! { <i class="fact">{labels::HIDDEN.get(language)}</i> }
    });
    let channels = if row.channels == 0 { String::new() } else { count(row.channels.into()) };
    vec![
        view! { <bdi class="alias">{alias}</bdi> {hidden} }.into_any(),
        key(&row.node_id),
        text(channels),
        text(row.timestamp.map(time).unwrap_or_default()),
        text(row.addresses.join("  ")),
    ]
}
