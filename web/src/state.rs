//! What the page knows: the files that were given to it, which of them is shown, the language.

use std::sync::Arc;

use fulgurite_core::report::Report;
use fulgurite_core::words::{Language, Text};
use leptos::prelude::*;
use web_sys::Blob;

use crate::address::Address;
use crate::engine::{Engine, Failure};
use crate::lnd::Stores;
use crate::lnd::case::Case;
use crate::map::columns::Atlas;
use crate::problems::Problem;
use crate::repair::Repairing;
use crate::saved::Refused;
use crate::tab::Tab;
use crate::verifying::Verifying;
use crate::view::View;

/// What fills the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The empty page.
    #[default]
    Home,
    /// One file.
    File(u32),
    /// All stores side by side.
    Compare,
}

/// The page's state. Signals, so that it can be handed around freely.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// The language of everything.
    pub(crate) language: RwSignal<Language>,
    /// Whether it was chosen, not guessed from the browser.
    pub(crate) chosen: RwSignal<bool>,
    /// The files, in the order in which they came.
    pub(crate) files: RwSignal<Vec<Entry>>,
    /// What fills the page.
    pub(crate) shown: RwSignal<Shown>,
    /// What a screen reader is told.
    pub(crate) live: RwSignal<String>,
    engine: StoredValue<Engine, LocalStorage>,
    owner: StoredValue<Owner>,
    /// The repair of several stores into one: of which, and how far it is.
    merging: StoredValue<Option<(Vec<u32>, Repairing)>>,
    /// What the address asked for, until a file is read.
    pub(crate) asked: StoredValue<Option<Address>>,
}

/// A file that was given to the page.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Which.
    pub(crate) id: u32,
    /// Its name on the user's disk; shown, and never part of a report.
    pub(crate) name: Arc<str>,
    /// Its length.
    pub(crate) size: u64,
    /// It is the built-in sample.
    pub(crate) sample: bool,
    /// How far it is.
    pub(crate) state: RwSignal<State>,
    /// Its bytes.
    pub(crate) blob: StoredValue<Blob, LocalStorage>,
    /// The request that reads it.
    pub(crate) request: StoredValue<Option<u32>>,
    /// LND's files of one drop, judged together; the blob is the first of them.
    pub(crate) case: Option<Case>,
}

/// How far a file is.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there are as many as files, and files are read")]
pub(crate) enum State {
    /// Being read.
    Reading(Progress),
    /// Read.
    Ready(Opened),
    /// Reading was given up.
    Stopped(Stop),
}

/// How far reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Bytes read.
    pub(crate) done: u64,
    /// Bytes in all.
    pub(crate) total: u64,
    /// Seconds still to go, once that can be said.
    pub(crate) remaining: Option<u64>,
}

/// Why reading was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It was cancelled.
    Cancelled,
    /// It is JSON, but no report.
    NotAReport(Refused),
    /// Something failed.
    Failed(Failure),
}

/// A file that was read.
#[derive(Clone)]
pub(crate) struct Opened {
    /// The report.
    pub(crate) report: Arc<Report>,
    /// The report as it is exported, without a line end.
    pub(crate) json: Arc<str>,
    /// The engine's side of it; absent for a saved report.
    pub(crate) store: Option<Store>,
    /// LND's stores behind it.
    pub(crate) stores: Option<Stores>,
    /// What stands where; empty for a saved report.
    pub(crate) atlas: Arc<Atlas>,
    /// The places to walk to.
    pub(crate) problems: Arc<[Problem]>,
    /// What is being looked at.
    pub(crate) view: View,
    /// Its repair.
    pub(crate) repairing: Repairing,
    /// Verifying its signatures.
    pub(crate) verifying: Verifying,
    /// Counts the reports that took the place of one another.
    pub(crate) edition: u32,
}

/// The engine's side of an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Store {
    /// What requests name it by.
    pub(crate) handle: u32,
    /// How many records and wounds there are.
    pub(crate) rows: u64,
}

impl Opened {
    /// Whether it is about LND's stores.
    pub(crate) fn is_lnd(&self) -> bool {
        self.stores.is_some() || self.report.lnd.is_some()
    }

    /// Its tables, in order.
    pub(crate) fn tabs(&self) -> &'static [Tab] {
        if self.is_lnd() { &Tab::LND } else { &Tab::ALL }
    }

    /// The engine's side, if there is a store behind it whose records can be listed.
    pub(crate) fn listed(&self) -> Option<Store> {
        self.store.filter(|_| self.report.gossip.is_some())
    }
}

impl Page {
    /// The state of an empty page.
    pub(crate) fn new(engine: Engine, language: Language, asked: Address) -> Page {
        Page {
            language: RwSignal::new(language),
            chosen: RwSignal::new(asked.language.is_some()),
            files: RwSignal::default(),
            shown: RwSignal::default(),
            live: RwSignal::default(),
            engine: StoredValue::new_local(engine),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            merging: StoredValue::new(None),
            asked: StoredValue::new(Some(asked)),
        }
    }

    /// Makes signals that live as long as the page, not as long as the button that was pressed.
    pub(crate) fn lasting<T>(self, make: impl FnOnce() -> T) -> T {
        self.owner.get_value().with(make)
    }

    /// The engine.
    pub(crate) fn engine(self) -> Engine {
        self.engine.get_value()
    }

    /// The file of that number.
    pub(crate) fn entry(self, id: u32) -> Option<Entry> {
        self.files.with(|files| files.iter().find(|entry| entry.id == id).cloned())
    }

    /// The file that fills the page, once it is read.
    pub(crate) fn opened(self) -> Option<Opened> {
        let Shown::File(id) = self.shown.get() else { return None };
        match self.entry(id)?.state.get() {
            State::Ready(opened) => Some(opened),
            _ => None,
        }
    }

    /// What is being looked at in the file of that number.
    pub(crate) fn view_of(self, id: u32) -> Option<View> {
        match self.entry(id)?.state.get_untracked() {
            State::Ready(opened) => Some(opened.view),
            _ => None,
        }
    }

    /// The files that are read and are stores, with their names.
    pub(crate) fn stores(self) -> Vec<(Arc<str>, Opened)> {
        let ready = |entry: &Entry| match entry.state.get() {
            State::Ready(opened) if opened.report.gossip.is_some() => {
                Some((entry.name.clone(), opened))
            }
            _ => None,
        };
        self.files.with(|files| files.iter().filter_map(ready).collect())
    }

    /// The repair of these stores into one. Of others than before, it begins anew.
    pub(crate) fn merging(self, handles: &[u32]) -> Repairing {
        match self.merging.get_value() {
            Some((known, repairing)) if known == handles => return repairing,
            Some((_, repairing)) => repairing.dismiss(self),
            None => {}
        }
        let repairing = self.lasting(Repairing::new);
        self.merging.set_value(Some((handles.to_vec(), repairing)));
        repairing
    }

    /// Tells a screen reader.
    pub(crate) fn announce(self, text: impl Into<String>) {
        self.live.set(text.into());
    }
}

/// The state, anywhere in the page.
pub(crate) fn use_page() -> Page {
    expect_context()
}

/// A label in the language that is chosen, and again whenever another is.
pub(crate) fn tr(label: Text) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let language = use_page().language;
    move || label.get(language.get())
}
