//! The tables of live channels and of nodes. A search in them is a search through the live
//! announcements.

use std::sync::Arc;

use fulgurite_core::words::Text;
use leptos::prelude::*;

use super::cells;
use super::grid::{Column, Table, table};
use super::search::Search;
use crate::engine::calls::Filter;
use crate::labels;
use crate::rows::{ChannelRow, NodeRow, RecordRow};
use crate::state::{Opened, Store, tr, use_page};

const CHANNEL_COLUMNS: [Column; 5] = [
    (labels::CHANNEL, "scid"),
    (labels::CAPACITY, "right"),
    (labels::NODE_1, "key"),
    (labels::NODE_2, "key"),
    (labels::UPDATES, "wide"),
];

const NODE_COLUMNS: [Column; 5] = [
    (labels::ALIAS, "alias-cell"),
    (labels::NODE, "key"),
    (labels::figures::CHANNELS, "right"),
    (labels::ANNOUNCED, "time"),
    (labels::ADDRESSES, "wide"),
];

/// The live channels.
#[component]
pub(crate) fn Channels(opened: Opened, store: Store) -> impl IntoView {
    let page = use_page();
    let handle = store.handle;
    let (text, search) = searched(store, 256);
    let total = opened.report.gossip.as_ref().map_or(0, |gossip| gossip.network.channels);
    let rows = table(Table {
        name: "channels",
        label: labels::CHANNELS,
        columns: &CHANNEL_COLUMNS,
        cells: cells::channel,
        class: |_| "",
        offset: |row: &ChannelRow| Some(row.announcement),
        of: None,
        total,
        fetch: Box::new(move |from, wanted| {
            let engine = page.engine();
            Box::pin(async move { engine.channels(handle, from, wanted).await })
        }),
        locate: None,
        chosen: None,
        found: found(search, |row| ChannelRow {
            scid: row.scid.clone().unwrap_or_default(),
            announcement: row.offset,
            satoshis: row.satoshis.clone(),
            node_id_1: row.node_id_1.clone().unwrap_or_default(),
            node_id_2: row.node_id_2.clone().unwrap_or_default(),
            updates: Vec::new(),
        }),
        view: opened.view,
    });
    view! {
        <div class="listing">
            {bar(labels::SEARCH_CHANNELS, text, search, total)} {rows}
        </div>
    }
}

/// The nodes that have live channels.
#[component]
pub(crate) fn Nodes(opened: Opened, store: Store) -> impl IntoView {
    let page = use_page();
    let handle = store.handle;
    let (text, search) = searched(store, 257);
    let total = opened.report.gossip.as_ref().map_or(0, |gossip| gossip.network.nodes);
    let rows = table(Table {
        name: "nodes",
        label: labels::NODES,
        columns: &NODE_COLUMNS,
        cells: cells::node,
        class: |_| "",
        offset: |row: &NodeRow| row.announcement,
        of: None,
        total,
        fetch: Box::new(move |from, wanted| {
            let engine = page.engine();
            Box::pin(async move { engine.nodes(handle, from, wanted).await })
        }),
        locate: None,
        chosen: None,
        found: found(search, |row| NodeRow {
            node_id: row.node_id.clone().unwrap_or_default(),
            announcement: Some(row.offset),
            alias: row.alias.clone(),
            timestamp: row.timestamp,
            ..NodeRow::default()
        }),
        view: opened.view,
    });
    view! {
        <div class="listing">
            {bar(labels::SEARCH_NODES, text, search, total)} {rows}
        </div>
    }
}

/// A search through live records of one type.
fn searched(store: Store, record_type: u16) -> (RwSignal<String>, Search) {
    let text = RwSignal::new(String::new());
    let filter = Memo::new(move |_| {
        let text = text.get().trim().to_owned();
        if text.is_empty() {
            return Filter::default();
        }
        Filter { text, record_type: Some(record_type), state: Some("live"), ..Filter::default() }
    });
    (text, Search::new(store, filter.into()))
}

fn found<T: Send + Sync + 'static>(
    search: Search,
    row: fn(&RecordRow) -> T,
) -> Signal<Option<Arc<[T]>>> {
    Signal::derive(move || {
        search.found.with(|found| found.as_ref().map(|found| found.iter().map(row).collect()))
    })
}

fn bar(label: Text, text: RwSignal<String>, search: Search, total: u64) -> impl IntoView {
    view! {
        <div class="bar" role="search">
            <input
                type="search"
                id="search"
                placeholder=tr(label)
                aria-label=tr(label)
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            {search.status(total)}
        </div>
    }
}
