//! A search through a whole file: started by what is typed, shown while it runs, cancelled by the
//! next one, continued on demand.

use std::rc::Rc;
use std::sync::Arc;

use fulgurite_core::finding::Values;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::calls::{self, Filter};
use crate::labels::{self, fill};
use crate::rows::RecordRow;
use crate::state::{Page, Store, tr, use_page};

/// So many rows are found at a time.
const LIMIT: u32 = 2_000;

/// How long typing pauses before a search begins, in milliseconds.
const PAUSE: u32 = 250;

/// How far a search is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Stage {
    /// Nothing is searched for.
    #[default]
    Off,
    /// So many thousandths of the file.
    Running(u64),
    /// Done; perhaps there are more.
    Done(bool),
    /// It failed.
    Failed(String),
}

/// A search and what it found.
#[derive(Clone, Copy)]
pub(super) struct Search {
    /// How far it is.
    pub(super) stage: RwSignal<Stage>,
    /// What it found; absent while nothing is searched for.
    pub(super) found: RwSignal<Option<Arc<[RecordRow]>>>,
    page: Page,
    store: Store,
    request: StoredValue<Option<u32>>,
    filter: StoredValue<Filter>,
    turn: StoredValue<u32>,
    timer: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Search {
    /// A search that follows a filter.
    pub(super) fn new(store: Store, filter: Signal<Filter>) -> Search {
        let search = Search {
            stage: RwSignal::default(),
            found: RwSignal::default(),
            page: use_page(),
            store,
            request: StoredValue::new(None),
            filter: StoredValue::new(Filter::default()),
            turn: StoredValue::new(0),
            timer: StoredValue::new_local(None),
        };
        Effect::new(move |before: Option<()>| {
            let filter = filter.get();
            if filter.is_empty() {
                search.stop();
                search.stage.set(Stage::Off);
                search.found.set(None);
            } else if before.is_none() {
                search.start(filter, None);
            } else {
                // What was found for another text is out of date from now on.
                search.stop();
                search.stage.set(Stage::Running(0));
                let timer = Timeout::new(PAUSE, move || search.start(filter, None));
                search.timer.set_value(Some(timer));
            }
        });
        on_cleanup(move || search.stop());
        search
    }

    /// Cancels what runs.
    pub(super) fn stop(self) {
        self.timer.try_update_value(|timer| *timer = None);
        self.turn.try_update_value(|turn| *turn += 1);
        if let Some(id) = self.request.try_update_value(Option::take).flatten() {
            self.page.engine().cancel(id);
        }
    }

    /// Looks for more, behind what was found.
    fn go_on(self) {
        let last = self.found.with_untracked(|found| {
            found.as_ref().and_then(|found| found.last().map(|row| row.offset))
        });
        let mut filter = self.filter.get_value();
        filter.from = last.map(|last| last + 1).max(filter.from);
        self.start(filter, self.found.get_untracked());
    }

    fn start(self, filter: Filter, before: Option<Arc<[RecordRow]>>) {
        self.stop();
        let turn = self.turn.get_value();
        self.filter.set_value(filter.clone());
        self.stage.set(Stage::Running(0));
        let tell = Rc::new(move |done: u64, total: u64| {
            if self.turn.try_get_value() == Some(turn) && total > 0 {
                self.stage.set(Stage::Running(done.saturating_mul(1_000) / total));
            }
        });
        let request = self.page.engine().find(self.store.handle, &filter, LIMIT, Some(tell));
        self.request.set_value(Some(request.id));
        spawn_local(async move {
            let answer = request.answer().await.and_then(|answer| calls::found(&answer));
            // Another search has begun, or nobody looks any more.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.request.set_value(None);
            match answer {
                Ok((rows, more)) => {
                    let mut all = before.map(|before| before.to_vec()).unwrap_or_default();
                    all.extend(rows);
                    self.found.set(Some(all.into()));
                    self.stage.set(Stage::Done(more));
                }
                Err(failure) if failure.is_cancelled() => self.stage.set(Stage::Done(true)),
                Err(failure) => self.stage.set(Stage::Failed(failure.message)),
            }
        });
    }

    /// What it says of itself, with the buttons that it needs.
    pub(super) fn status(self, total: u64) -> impl IntoView {
        let language = self.page.language;
        let say =
            move |label, number: u64| fill(label, language.get(), &Values::new().with("n", number));
        let found =
            move || self.found.with(|found| found.as_ref().map_or(0, |found| found.len() as u64));
        let text = move || match self.stage.get() {
            Stage::Off => say(labels::ROWS, total),
            Stage::Running(thousandths) => {
                let share = format!("{} %", thousandths / 10);
                fill(labels::SEARCHING, language.get(), &Values::new().with("share", share))
            }
            Stage::Done(false) => say(labels::ROWS_FOUND, found()),
            Stage::Done(true) => say(labels::ROWS_MORE, found()),
            Stage::Failed(why) => why,
        };
        let running = move || matches!(self.stage.get(), Stage::Running(_));
        view! {
            <span class="status" role="status">{text}</span>
            <Show when=running>
                <button
                    class="quiet"
                    on:click=move |_| {
                        self.stop();
                        self.found.update(|found| {
                            found.get_or_insert_with(Arc::default);
                        });
                        self.stage.set(Stage::Done(true));
                    }
                >
                    {tr(labels::CANCEL)}
                </button>
            </Show>
            <Show when=move || self.stage.get() == Stage::Done(true)>
                <button class="quiet" on:click=move |_| self.go_on()>{tr(labels::GO_ON)}</button>
            </Show>
        }
    }
}
