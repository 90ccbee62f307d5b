//! A table on the page: head, rows in sight, scrolling, keys, the row that is looked at.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use fulgurite_core::finding::Span;
use fulgurite_core::words::{Language, Text};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{KeyboardEvent, ResizeObserver, WheelEvent};

use crate::browser;
use crate::engine::Failure;
use crate::list::CollectList as _;
use crate::pages::{PAGE, Pages};
use crate::scroll::{Scroll, real};
use crate::state::{tr, use_page};
use crate::view::View;

/// A column: its head, and the class that gives it its width and side.
pub(crate) type Column = (Text, &'static str);

/// What a page of rows comes from: from which row, how many.
pub(crate) type Fetch<T> =
    Box<dyn Fn(u64, u32) -> Pin<Box<dyn Future<Output = Result<Vec<T>, Failure>>>>>;

/// A file among several, and the bytes of it that a row leads to.
pub(crate) type Of<T> = (u32, fn(&T) -> Span);

/// What stands at an offset, as the number of a row.
pub(crate) type Locate = Box<dyn Fn(u64) -> Pin<Box<dyn Future<Output = Option<u64>>>>>;

/// What a table shows.
pub(crate) struct Table<T: Send + Sync + 'static> {
    /// Its name; also the beginning of the ids of its rows.
    pub(crate) name: &'static str,
    /// What a screen reader calls it.
    pub(crate) label: Text,
    /// Its columns.
    pub(crate) columns: &'static [Column],
    /// The cells of a row.
    pub(crate) cells: fn(&T, Language) -> Vec<AnyView>,
    /// A class for a row.
    pub(crate) class: fn(&T) -> &'static str,
    /// The offset that a row leads to.
    pub(crate) offset: fn(&T) -> Option<u64>,
    /// Of a file among several: which, and the bytes that a row leads to.
    pub(crate) of: Option<Of<T>>,
    /// How many rows there are.
    pub(crate) total: u64,
    /// Where rows come from.
    pub(crate) fetch: Fetch<T>,
    /// The row at an offset.
    pub(crate) locate: Option<Locate>,
    /// What was searched for and found, instead of all rows.
    pub(crate) found: Signal<Option<Arc<[T]>>>,
    /// Where the row that is looked at is put, for whoever tells more of it.
    pub(crate) chosen: Option<RwSignal<Option<T>>>,
    /// What is being looked at.
    pub(crate) view: View,
}

/// Everything that the parts of a table share.
struct Parts<T: Send + Sync + 'static> {
    table: StoredValue<Table<T>, LocalStorage>,
    pages: StoredValue<Pages<T>, LocalStorage>,
    found: Signal<Option<Arc<[T]>>>,
    /// Counts the pages that arrived.
    arrived: RwSignal<u32>,
    /// The row at the top, with its hidden part.
    top: RwSignal<f64>,
    /// Height of a row, and of what is in sight.
    measure: RwSignal<(f64, f64)>,
    cursor: RwSignal<Option<u64>>,
    /// Where the scroll bar was last put by us.
    put: StoredValue<f64>,
    /// The offset that the table itself chose last.
    own: StoredValue<Option<u64>>,
    /// The row that was chosen before it was there.
    awaited: StoredValue<Option<u64>>,
    frame: NodeRef<Div>,
    view: View,
}

impl<T: Send + Sync> Clone for Parts<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Parts<T> {}

/// The table.
pub(crate) fn table<T: Clone + Send + Sync + 'static>(table: Table<T>) -> impl IntoView {
    let (name, label, columns) = (table.name, table.label, table.columns);
    let parts = Parts {
        found: table.found,
        view: table.view,
        table: StoredValue::new_local(table),
        pages: StoredValue::new_local(Pages::default()),
        arrived: RwSignal::new(0),
        top: RwSignal::new(0.0),
        measure: RwSignal::new((26.0, 0.0)),
        cursor: RwSignal::new(None),
        put: StoredValue::new(-1.0),
        own: StoredValue::new(None),
        awaited: StoredValue::new(None),
        frame: NodeRef::new(),
    };
    parts.watch();
    parts.fetch();
    parts.follow();
    let heads = columns.iter().map(|(label, class)| {
        view! { <div role="columnheader" class=*class>{tr(*label)}</div> }
    });
    let active = move || parts.cursor.get().map(|row| format!("{name}-{row}"));
    view! {
        <div
            class=format!("grid {name}")
            id=format!("grid-{name}")
            node_ref=parts.frame
            role="grid"
            tabindex="0"
            aria-label=tr(label)
            aria-rowcount=move || (parts.rows() + 1).to_string()
            aria-activedescendant=active
            on:scroll=move |_| parts.scrolled()
            on:wheel=move |event| parts.wheel(&event)
            on:keydown=move |event| parts.key(&event)
        >
            <div class="head" role="row" aria-rowindex="1">{heads.collect_list()}</div>
            <div
                class="spacer"
                role="presentation"
                style:height=move || format!("{}px", parts.scroll().spacer())
            >
                <div
                    class="rows"
                    role="rowgroup"
                    style:height=move || format!("{}px", parts.measure.get().1)
                >
                    {move || parts.in_sight()}
                </div>
            </div>
        </div>
    }
}

impl<T: Clone + Send + Sync + 'static> Parts<T> {
    fn rows(self) -> u64 {
        match self.found.get() {
            Some(found) => found.len() as u64,
            None => self.table.with_value(|table| table.total),
        }
    }

    fn scroll(self) -> Scroll {
        let (row, height) = self.measure.get();
        Scroll { rows: self.rows(), row, height }
    }

    fn row(self, number: u64) -> Option<T> {
        match self.found.get_untracked() {
            Some(found) => found.get(usize::try_from(number).ok()?).cloned(),
            None => self.pages.with_value(|pages| pages.row(number)),
        }
    }

    /// The rows in sight.
    fn in_sight(self) -> impl IntoView {
        let (scroll, top) = (self.scroll(), self.top.get());
        let (first, last) = scroll.visible(top);
        self.arrived.track();
        self.found.with(|_| ());
        let language = use_page().language.get();
        let name = self.table.with_value(|table| table.name);
        let row = move |number: u64| {
            let content = self.row(number);
            let (class, cells) = self.table.with_value(|table| {
                if let Some(row) = &content {
                    return ((table.class)(row), (table.cells)(row, language));
                }
                let coming = || view! { <span class="coming"></span> }.into_any();
                ("", table.columns.iter().map(|_| coming()).collect())
            });
            let columns = self.table.with_value(|table| table.columns);
            let cells = columns.iter().zip(cells).map(|((_, class), cell)| {
                view! { <div role="gridcell" class=*class>{cell}</div> }
            });
            let y = (real(number) - top) * scroll.row;
            view! {
                <div
                    class=format!("row {class}")
                    class:odd=number % 2 == 1
                    id=format!("{name}-{number}")
                    role="row"
                    aria-rowindex=(number + 2).to_string()
                    aria-selected=move || (self.cursor.get() == Some(number)).to_string()
                    style=format!("transform:translateY({y:.1}px);height:{}px", scroll.row)
                    on:click=move |_| self.choose(number)
                >
                    {cells.collect_list()}
                </div>
            }
        };
        (first..last).map(row).collect_list()
    }

    /// Looks at a row.
    fn choose(self, number: u64) {
        self.cursor.set(Some(number));
        let row = self.row(number);
        self.awaited.set_value(row.is_none().then_some(number));
        let Some(row) = row else { return };
        let (offset, of, chosen) = self.table.with_value(|table| {
            let of = table.of.map(|(input, span)| (input, span(&row)));
            ((table.offset)(&row), of, table.chosen)
        });
        if let Some(chosen) = chosen {
            chosen.set(Some(row));
        }
        if let Some(offset) = offset {
            self.own.set_value(Some(offset));
            match of {
                Some((input, span)) => self.view.show_in(input, span),
                None => self.view.show(offset),
            }
        }
    }

    /// Moves the rows, and the scroll bar with them.
    fn move_to(self, top: f64) {
        let scroll = self.scroll_untracked();
        let top = top.clamp(0.0, scroll.last_top());
        self.top.set(top);
        let put = scroll.scrolled(top).round();
        self.put.set_value(put);
        if let Some(frame) = self.frame.get_untracked() {
            #[expect(clippy::cast_possible_truncation, reason = "below 8,000,000")]
            frame.set_scroll_top(put as i32);
        }
    }

    fn scroll_untracked(self) -> Scroll {
        untrack(move || self.scroll())
    }

    fn scrolled(self) {
        let Some(frame) = self.frame.get_untracked() else { return };
        let at = f64::from(frame.scroll_top());
        // Our own doing: the exact row is known already.
        if (at - self.put.get_value()).abs() > 1.5 {
            self.put.set_value(-1.0);
            self.top.set(self.scroll_untracked().top(at));
        }
    }

    fn wheel(self, event: &WheelEvent) {
        let scroll = self.scroll_untracked();
        let sideways = event.delta_x().abs() > event.delta_y().abs();
        if !scroll.is_scaled() || event.ctrl_key() || event.shift_key() || sideways {
            return;
        }
        event.prevent_default();
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { 1.0 } else { scroll.row };
        self.move_to(self.top.get_untracked() + event.delta_y() / unit);
    }

    fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let scroll = self.scroll_untracked();
        let Some(last) = scroll.rows.checked_sub(1) else { return };
        let top = self.top.get_untracked();
        let now = self.cursor.get_untracked();
        let from = now.unwrap_or_else(|| scroll.visible(top).0);
        let to = match event.key().as_str() {
            "ArrowDown" => now.map_or(from, |now| now + 1),
            "ArrowUp" => from.saturating_sub(1),
            "PageDown" => from + scroll.fit(),
            "PageUp" => from.saturating_sub(scroll.fit()),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => from,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let to = to.min(last);
        self.move_to(scroll.reveal(top, to));
        self.choose(to);
    }

    /// Follows the size of the frame and of the type.
    fn watch(self) {
        Effect::new(move |_| {
            let Some(frame) = self.frame.get() else { return };
            let seen = frame.clone();
            let measure = move || {
                let row = (browser::type_size(&seen) * 2.0).round();
                let head = seen.first_element_child().map_or(0, |head| head.client_height());
                let height = f64::from((seen.client_height() - head).max(0));
                if self.measure.get_untracked() != (row, height) {
                    self.measure.set((row, height));
                }
            };
            let resized = Closure::<dyn FnMut()>::new(measure);
            if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
                observer.observe(&frame);
                let held = StoredValue::new_local((observer, resized));
                on_cleanup(move || {
                    held.try_with_value(|(observer, _)| observer.disconnect());
                });
            }
        });
        // Other rows: from the top.
        Effect::new(move |before: Option<()>| {
            self.found.with(|_| ());
            if before.is_some() {
                self.cursor.set(None);
                self.move_to(0.0);
            }
        });
    }

    /// Fetches the pages in sight.
    fn fetch(self) {
        Effect::new(move |_| {
            self.arrived.track();
            let (first, last) = self.scroll().visible(self.top.get());
            if self.found.get().is_some() {
                return;
            }
            let total = self.rows();
            while let Some(page) =
                self.pages.try_update_value(|pages| pages.wanted(first, last)).flatten()
            {
                let from = page * PAGE;
                let wanted = u32::try_from((total - from).min(PAGE)).unwrap_or(0);
                let rows = self.table.with_value(|table| (table.fetch)(from, wanted));
                spawn_local(async move {
                    let rows = rows.await.ok();
                    if self.pages.try_update_value(|pages| pages.arrived(page, rows)).is_some() {
                        self.arrived.update(|arrived| *arrived += 1);
                    }
                });
            }
        });
    }

    /// Follows what is looked at elsewhere.
    fn follow(self) {
        Effect::new(move |_| {
            let Some(at) = self.view.at.get() else { return };
            if self.own.get_value() == Some(at) {
                return;
            }
            if let Some(found) = self.found.get_untracked() {
                let offset = self.table.with_value(|table| table.offset);
                let row = found.iter().position(|row| offset(row) == Some(at));
                self.cursor.set(row.map(|row| row as u64));
                return;
            }
            let located = self.table.with_value(|table| table.locate.as_ref().map(|l| l(at)));
            let Some(located) = located else { return };
            spawn_local(async move {
                let Some(row) = located.await else { return };
                // Closed meanwhile, or looking elsewhere already.
                if self.view.at.try_get_untracked().flatten() == Some(at)
                    && self.cursor.try_set(Some(row)).is_none()
                {
                    let scroll = self.scroll_untracked();
                    self.move_to(scroll.reveal(self.top.get_untracked(), row));
                }
            });
        });
        // A row that was chosen before it was there.
        Effect::new(move |_| {
            self.arrived.track();
            let waited = self.awaited.get_value().filter(|row| self.row(*row).is_some());
            if let Some(row) = waited.filter(|row| self.cursor.get_untracked() == Some(*row)) {
                self.choose(row);
            }
        });
    }
}
