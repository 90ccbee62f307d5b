//! LND's stores on the page: files of one drop that are judged together.
//!
//! From top to bottom: verdict → state board → findings, differences, rehearsal, invoices, buckets and
//! pages beside bytes.
//! Whatever identifies or pays stays hidden until revealing is asked for, bytes included.

mod board;
mod buckets;
mod bytes;
pub(crate) mod case;
mod differences;
mod document;
mod dump;
mod invoices;
pub(crate) mod pages;
mod rehearsal;
mod tables;

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::lnd::Trees;
use crate::page_map::PageMap;
use crate::state::Opened;
use crate::verdict::Verdict;
use board::Board;
use bytes::Bytes;
use case::Case;
use tables::Tables;

/// What stands behind a report on LND's stores.
#[derive(Clone)]
pub(crate) struct Stores {
    /// The files, and the engine that reads them.
    pub(crate) case: Case,
    /// The pages of each file that has pages.
    pub(crate) maps: Arc<[PageMap]>,
    /// The files that hold trees of buckets.
    pub(crate) trees: Arc<[Trees]>,
}

/// The page of a case.
#[component]
pub(crate) fn Page(opened: Opened) -> impl IntoView {
    let [board, tables, bytes] = [opened.clone(), opened.clone(), opened.clone()];
    view! {
        <Verdict opened />
        <Board opened=board />
        <div class="bench">
            <Tables opened=tables /> <Bytes opened=bytes />
        </div>
    }
}
