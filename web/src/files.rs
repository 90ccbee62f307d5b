//! Files: taken in, read by the engine, let go of. And the two files that the page itself brings:
//! the sample and the page.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use fulgurite_core::report::Report;
use fulgurite_core::text::visible;
use fulgurite_core::words;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList};

use crate::engine::{Engine, Failure, calls, lnd};
use crate::labels;
use crate::lnd::Stores;
use crate::lnd::case::Case;
use crate::map::columns::Atlas;
use crate::problems::problems;
use crate::repair::Repairing;
use crate::save;
use crate::saved::{self, Refused};
use crate::state::{Entry, Opened, Page, Progress, Shown, State, Stop, Store};
use crate::tab::Tab;
use crate::verifying::Verifying;
use crate::view::View;

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
}

impl Page {
    /// Takes files in and reads them; the first of them is shown. What is LND's among them is one
    /// case, in the place of its first file.
    pub(crate) fn take(self, list: &FileList) {
        let files = (0..list.length()).filter_map(|number| list.get(number));
        let named = |file: File| (file.name(), file.unchecked_into());
        let files: Vec<(String, Blob)> = files.map(named).collect();
        spawn_local(async move {
            let ours = self.ours(&files).await.unwrap_or_default();
            let is = |number: usize, what: &str| ours.get(number).is_some_and(|word| word == what);
            let all = |what: &str| -> Vec<(String, Blob)> {
                let files = (0..).zip(files.iter().cloned());
                files.filter(|(number, _)| is(*number, what)).map(|(_, file)| file).collect()
            };
            let (case, list) = (all("store"), all("list").pop());
            // What lncli printed belongs to databases: these, or those that are looked at.
            let beside = untrack(|| self.opened()).filter(|_| case.is_empty());
            let beside = beside.and_then(|opened| Some((opened.stores?.case, opened.view)));
            let has_list = list.is_some() && (beside.is_some() || !case.is_empty());
            if let (Some((name, blob)), Some((case, view))) = (list.clone(), beside) {
                case.give_list(&name, blob);
                view.tab.set(Tab::Differences);
            }
            let is_ours = |number: usize| is(number, "store");
            let mut case = Some(case);
            for (number, (name, blob)) in files.into_iter().enumerate() {
                let first = number == 0;
                if has_list && is(number, "list") {
                    continue;
                }
                if !is_ours(number) {
                    // Names are as hostile as contents.
                    self.take_blob(&visible(name.as_bytes()), blob, false, first);
                } else if let Some(case) = case.take() {
                    self.take_case(case, list.clone(), first || has_list);
                }
            }
        });
    }

    /// What each of these files is to LND's stores, by its content.
    async fn ours(self, files: &[(String, Blob)]) -> Result<Vec<String>, Failure> {
        let engine = self.engine();
        engine.wake().await?;
        engine.ours(files).await
    }

    /// Takes in the built-in sample.
    pub(crate) fn take_sample(self) {
        spawn_local(async move {
            match self.engine().sample().await {
                Ok(blob) => self.take_blob("gossip_store (sample)", blob, true, true),
                Err(failure) => self.announce(failure.message),
            }
        });
    }

    /// Saves this very page as a file.
    pub(crate) fn save_tool(self) {
        match self.engine().page() {
            Ok(blob) => save::save_blob("fulgurite.html", &blob),
            Err(failure) => self.announce(failure.message),
        }
    }

    /// Takes LND's files in, to be judged together.
    fn take_case(self, files: Vec<(String, Blob)>, list: Option<(String, Blob)>, show: bool) {
        let (Some((_, blob)), engine) = (files.first().cloned(), self.engine().another()) else {
            return;
        };
        let case = self.lasting(|| Case::new(engine, files));
        if let Some((name, blob)) = list {
            case.give_list(&name, blob);
        }
        let name = case.name();
        let size = case.size();
        self.take_entry((&name, size, blob), false, Some(case), show);
    }

    fn take_blob(self, name: &str, blob: Blob, sample: bool, show: bool) {
        let size = length(&blob);
        self.take_entry((name, size, blob), sample, None, show);
    }

    fn take_entry(
        self,
        (name, size, blob): (&str, u64, Blob),
        sample: bool,
        case: Option<Case>,
        show: bool,
    ) {
        let id = LAST.get() + 1;
        LAST.set(id);
        let entry = self.lasting(|| Entry {
            id,
            name: name.into(),
            size,
            sample,
            case,
            state: RwSignal::new(State::Reading(Progress::default())),
            blob: StoredValue::new_local(blob),
            request: StoredValue::new(None),
        });
        // First asked for, then drawn.
        self.read(&entry);
        self.files.update(|files| files.push(entry));
        if show {
            self.shown.set(Shown::File(id));
        }
    }

    /// Reads a file, or reads it again.
    pub(crate) fn read(self, entry: &Entry) {
        let total = entry.size;
        entry.state.set(State::Reading(Progress { total, ..Progress::default() }));
        let entry = entry.clone();
        spawn_local(async move {
            let ended = |opened: Result<Opened, Failure>| match opened {
                Ok(opened) => State::Ready(opened),
                Err(failure) if failure.is_cancelled() => State::Stopped(Stop::Cancelled),
                Err(failure) => State::Stopped(Stop::Failed(failure)),
            };
            let state = match entry.case {
                Some(case) => ended(self.ask_case(&entry, case).await),
                None => match report_in(&entry).await {
                    Some(Ok((report, json))) => State::Ready(self.opened_of(report, json)),
                    Some(Err(why)) => State::Stopped(Stop::NotAReport(why)),
                    None => ended(self.ask(&entry).await),
                },
            };
            entry.request.set_value(None);
            self.tell(&entry, &state);
            // It may have been closed meanwhile.
            if self.files.with_untracked(|files| files.iter().any(|known| known.id == entry.id)) {
                entry.state.set(state);
            } else if let State::Ready(Opened { store: Some(store), .. }) = state {
                self.engine().close(store.handle);
            }
        });
    }

    async fn ask(self, entry: &Entry) -> Result<Opened, Failure> {
        let engine: Engine = self.engine();
        engine.wake().await?;
        let tell = progress(entry.state, entry.size);
        let request = engine.open(&entry.blob.get_value(), tell);
        entry.request.set_value(Some(request.id));
        let answer = calls::opened(&request.answer().await?)?;
        let mut opened = self.opened_of(report_of(&answer.json)?, answer.json);
        opened.store = Some(Store { handle: answer.handle, rows: answer.rows });
        opened.atlas = Arc::new(answer.atlas);
        Ok(opened)
    }

    async fn ask_case(self, entry: &Entry, case: Case) -> Result<Opened, Failure> {
        let tell = progress(entry.state, entry.size);
        let lnd::Checked { json, maps, trees } = case.check(tell).await?;
        let mut opened = self.opened_of(report_of(&json)?, json);
        opened.stores = Some(Stores { case, maps: maps.into(), trees: trees.into() });
        Ok(opened)
    }

    fn opened_of(self, report: Report, json: String) -> Opened {
        let size = report.input.size;
        // Only the first file is looked at as the address says.
        let address = self.asked.try_update_value(Option::take).flatten().unwrap_or_default();
        Opened {
            problems: problems(&report),
            report: Arc::new(report),
            json: json.into(),
            store: None,
            stores: None,
            atlas: Arc::new(Atlas::default()),
            view: self.lasting(|| View::new(&address, size)),
            repairing: self.lasting(Repairing::new),
            verifying: self.lasting(Verifying::new),
            edition: 0,
        }
    }

    /// Puts a new report in the place of a file's; what is being looked at stays. `None` where the
    /// file was closed meanwhile.
    pub(crate) fn put_report(
        self,
        handle: u32,
        json: String,
    ) -> Result<Option<Arc<Report>>, Failure> {
        let report = Arc::new(report_of(&json)?);
        let opened = |entry: &Entry| match entry.state.get_untracked() {
            State::Ready(opened) if opened.store.is_some_and(|store| store.handle == handle) => {
                Some((entry.state, opened))
            }
            _ => None,
        };
        let found = self.files.with_untracked(|files| files.iter().find_map(opened));
        let Some((state, opened)) = found else { return Ok(None) };
        state.set(State::Ready(Opened {
            problems: problems(&report),
            report: report.clone(),
            json: json.into(),
            edition: opened.edition + 1,
            ..opened
        }));
        Ok(Some(report))
    }

    /// Gives up reading.
    pub(crate) fn cancel(self, entry: &Entry) {
        if let Some(case) = entry.case {
            // If it had not begun yet, it fails as soon as it would.
            case.stop();
            entry.state.set(State::Stopped(Stop::Cancelled));
            return;
        }
        match entry.request.get_value() {
            Some(request) => self.engine().cancel(request),
            None => entry.state.set(State::Stopped(Stop::Cancelled)),
        }
    }

    /// Lets go of a file; what stood beside it is shown.
    pub(crate) fn close(self, id: u32) {
        let Some(entry) = self.entry(id) else { return };
        if let Some(request) = entry.request.get_value() {
            self.engine().cancel(request);
        }
        if let Some(case) = entry.case {
            case.stop();
        }
        if let State::Ready(Opened { store: Some(store), repairing, verifying, .. }) =
            entry.state.get_untracked()
        {
            repairing.dismiss(self);
            verifying.cancel(self);
            self.engine().close(store.handle);
        }
        self.files.update(|files| files.retain(|known| known.id != id));
        let left = self.files.with_untracked(|files| files.last().map(|entry| entry.id));
        self.shown.set(left.map_or(Shown::Home, Shown::File));
    }

    /// Reads the outcome out.
    fn tell(self, entry: &Entry, state: &State) {
        let language = self.language.get_untracked();
        let text = match state {
            State::Ready(opened) => {
                let verdict = &opened.report.verdict;
                words::heading(verdict.headline, &verdict.values, language)
            }
            State::Stopped(Stop::Cancelled) => labels::CANCELLED.get(language).to_owned(),
            State::Stopped(Stop::NotAReport(_)) => labels::REFUSED.get(language).to_owned(),
            State::Stopped(Stop::Failed(failure)) => failure.message.clone(),
            State::Reading(_) => return,
        };
        self.announce(format!("{}: {text}", entry.name));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a blob's length")]
pub(crate) fn length(blob: &Blob) -> u64 {
    blob.size() as u64
}

fn report_of(json: &str) -> Result<Report, Failure> {
    Report::from_json(json).map_err(|error| Failure::bad_answer(&error.to_string()))
}

/// The report in a file, if it looks like one; why not, if it only looks like one.
async fn report_in(entry: &Entry) -> Option<Result<(Report, String), Refused>> {
    if entry.size > saved::LONGEST {
        return None;
    }
    let blob = entry.blob.get_value();
    let head = text(&blob.slice_with_i32_and_i32(0, 64).ok()?).await?;
    if !saved::looks_like(&head) {
        return None;
    }
    Some(saved::read(&text(&blob).await?))
}

async fn text(blob: &Blob) -> Option<String> {
    JsFuture::from(blob.text()).await.ok()?.as_string()
}

/// Shows how far reading is, and from the second second on how long it will take.
fn progress(state: RwSignal<State>, size: u64) -> crate::engine::Tell {
    let begun = crate::browser::milliseconds();
    Rc::new(move |done, total| {
        let remaining = seconds_left(begun, done, total);
        let total = total.max(size);
        if matches!(state.get_untracked(), State::Reading(_)) {
            state.set(State::Reading(Progress { done, total, remaining }));
        }
    })
}

/// How long it will still take, from the second second on; `begun` is in milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "an estimate"
)]
pub(crate) fn seconds_left(begun: f64, done: u64, total: u64) -> Option<u64> {
    let elapsed = crate::browser::milliseconds() - begun;
    let left = total.saturating_sub(done) as f64;
    let known = elapsed > 1_000.0 && done > 0;
    known.then(|| (elapsed / done as f64 * left / 1_000.0).ceil() as u64)
}
