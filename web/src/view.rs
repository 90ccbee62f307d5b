//! What is being looked at in one file: which table, which bytes, which filters.

use fulgurite_core::finding::{Code, Severity, Span};
use fulgurite_core::gossip::listing::State;
use leptos::prelude::*;

use crate::address::{Address, Choice};
use crate::map::axis::Window;
use crate::tab::Tab;

/// What is being looked at. Signals, so that it can be handed around freely.
#[derive(Clone, Copy)]
pub(crate) struct View {
    /// Which table.
    pub(crate) tab: RwSignal<Tab>,
    /// The file whose bytes are shown, where there are several.
    pub(crate) input: RwSignal<u32>,
    /// The offset whose bytes are shown.
    pub(crate) at: RwSignal<Option<u64>>,
    /// The stretch of the map that the records are limited to.
    pub(crate) range: RwSignal<Option<Span>>,
    /// What is searched for in the records.
    pub(crate) search: RwSignal<String>,
    /// Only findings that are this bad.
    pub(crate) severity: RwSignal<Option<Severity>>,
    /// Only findings of this code.
    pub(crate) code: RwSignal<Option<Code>>,
    /// Only findings in whose words this stands.
    pub(crate) text: RwSignal<String>,
    /// Only records of this type.
    pub(crate) record_type: RwSignal<Option<u16>>,
    /// Only records in this state.
    pub(crate) state: RwSignal<Option<&'static str>>,
    /// The part of the file that the map shows.
    pub(crate) window: RwSignal<Window>,
    /// What is chosen in the views of LND's stores.
    choices: StoredValue<[RwSignal<String>; 5]>,
    /// Show the bytes of channels that are not announced.
    pub(crate) reveal: RwSignal<bool>,
    /// A dump of buckets is wanted, as soon as there is somebody to write it.
    pub(crate) dump: RwSignal<bool>,
    /// The record or wound whose bytes are shown.
    pub(crate) piece: RwSignal<Option<Span>>,
}

impl View {
    /// The view that an address asks for.
    pub(crate) fn new(address: &Address, size: u64) -> View {
        View {
            tab: RwSignal::new(address.tab.unwrap_or_default()),
            input: RwSignal::new(0),
            at: RwSignal::new(address.at.filter(|at| *at < size)),
            range: RwSignal::new(address.range.filter(|range| range.end <= size)),
            search: RwSignal::new(address.search.clone()),
            severity: RwSignal::new(address.severity),
            code: RwSignal::new(address.code),
            text: RwSignal::new(String::new()),
            record_type: RwSignal::new(None),
            state: RwSignal::new(None),
            window: RwSignal::new(Window::whole(size)),
            choices: StoredValue::new(address.choices.clone().map(RwSignal::new)),
            reveal: RwSignal::new(false),
            dump: RwSignal::new(false),
            piece: RwSignal::new(None),
        }
    }

    /// What is chosen there.
    pub(crate) fn choice(self, choice: Choice) -> RwSignal<String> {
        let [meaning, field, cost, release, engine] = self.choices.get_value();
        match choice {
            Choice::Meaning => meaning,
            Choice::Field => field,
            Choice::Cost => cost,
            Choice::Release => release,
            Choice::Engine => engine,
        }
    }

    /// Lists the records of one type in one state.
    pub(crate) fn list(self, record_type: Option<u16>, state: State) {
        self.search.set(String::new());
        self.range.set(None);
        self.record_type.set(record_type);
        self.state.set(Some(state.name()));
        self.tab.set(Tab::Records);
    }

    /// Lists the records in which this stands.
    pub(crate) fn look_for(self, text: String) {
        self.range.set(None);
        self.record_type.set(None);
        self.state.set(None);
        self.search.set(text);
        self.tab.set(Tab::Records);
    }

    /// Looks at what an address says.
    pub(crate) fn go_to(self, address: &Address) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
        let size = self.window.get_untracked().size as u64;
        self.tab.set(address.tab.unwrap_or_default());
        self.range.set(address.range.filter(|range| range.end <= size));
        self.search.set(address.search.clone());
        self.severity.set(address.severity);
        self.code.set(address.code);
        for (choice, value) in self.choices.get_value().iter().zip(&address.choices) {
            choice.set(value.clone());
        }
        match address.at.filter(|at| *at < size) {
            Some(at) => self.show(at),
            None => self.at.set(None),
        }
    }

    /// The address of what is being looked at; it follows every change.
    pub(crate) fn address(self) -> Address {
        Address {
            sample: false,
            tab: Some(self.tab.get()),
            at: self.at.get(),
            range: self.range.get(),
            search: self.search.get(),
            severity: self.severity.get(),
            code: self.code.get(),
            choices: self.choices.get_value().map(|choice| choice.get()),
            language: None,
        }
    }
}

impl View {
    /// Shows the bytes of a stretch of one of several files.
    pub(crate) fn show_in(self, input: u32, span: Span) {
        self.input.set(input);
        self.piece.set(Some(span));
        self.at.set(Some(span.start));
    }

    /// Shows the bytes at an offset, and brings them into sight on the map.
    #[expect(clippy::cast_precision_loss, reason = "no file has 2^53 bytes")]
    pub(crate) fn show(self, at: u64) {
        self.at.set(Some(at));
        self.window.update(|window| *window = window.reveal(at as f64));
    }
}
