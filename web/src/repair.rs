//! A repair: planned by the engine, written, saved, and what was saved opened and checked again.

mod shown;

use std::rc::Rc;
use std::sync::Arc;

use fulgurite_core::finding::{Severity, Values};
use fulgurite_core::gossip::salvage::Plan;
use fulgurite_core::gossip::verdict::ReleaseVerdict;
use fulgurite_core::report::{Report, Verdict};
use fulgurite_core::words::{self, Language, Text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use crate::engine::{Engine, Failure, Request, Tell, calls, repairs};
use crate::format::share;
use crate::labels::{fill, repair as own};
use crate::save;
use crate::state::Page;

pub(crate) use shown::{Repair, Source};

/// What the repaired store is called.
const NAME: &str = "gossip_store.repaired";

/// How far a repair is. Signals, so that it outlives the view of it.
#[derive(Clone, Copy)]
pub(crate) struct Repairing {
    /// The version to write, if another than that of the file.
    version: RwSignal<Option<u8>>,
    /// What the engine does just now.
    work: RwSignal<Option<Work>>,
    /// The plan, once there is one.
    plan: RwSignal<Option<Arc<Plan>>>,
    /// What was saved.
    outcome: RwSignal<Option<Outcome>>,
    /// Why there is no more.
    failed: RwSignal<Option<Failure>>,
    /// The request under way.
    request: StoredValue<Option<u32>>,
    /// What the engine knows the repair by.
    repair: StoredValue<Option<u32>>,
    /// Counts the plans: the answer to an earlier question is no longer wanted.
    turn: StoredValue<u32>,
}

/// What is being done, and how far it is.
#[derive(Clone, Copy)]
struct Work {
    what: Text,
    done: u64,
    total: u64,
}

/// The repaired store, read again.
#[derive(Clone)]
struct Outcome {
    /// What the check says of it.
    verdict: Arc<Verdict>,
    /// What lightningd does with it: the newest release that writes its version, and the newest.
    releases: Arc<[ReleaseVerdict]>,
    /// Its SHA-256, where it could be had.
    sha256: Option<Arc<str>>,
}

impl Outcome {
    /// Whether it is fit for use.
    fn is_sound(&self) -> bool {
        self.verdict.severity != Severity::Damage
    }
}

impl Repairing {
    /// One that has not begun.
    pub(crate) fn new() -> Repairing {
        Repairing {
            version: RwSignal::new(None),
            work: RwSignal::new(None),
            plan: RwSignal::new(None),
            outcome: RwSignal::new(None),
            failed: RwSignal::new(None),
            request: StoredValue::new(None),
            repair: StoredValue::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Forgets the plan, and lets the engine forget it.
    pub(crate) fn dismiss(self, page: Page) {
        self.turn.update_value(|turn| *turn += 1);
        self.cancel(page);
        if let Some(repair) = self.repair.try_update_value(Option::take).flatten() {
            page.engine().dismiss(repair);
        }
        self.work.set(None);
        self.plan.set(None);
        self.outcome.set(None);
        self.failed.set(None);
    }

    /// Ends what is under way.
    fn cancel(self, page: Page) {
        if let Some(request) = self.request.get_value() {
            page.engine().cancel(request);
        }
    }

    /// Plans a repair of these files.
    fn make_plan(self, page: Page, handles: Vec<u32>) {
        self.dismiss(page);
        let turn = self.turn.get_value();
        spawn_local(async move {
            let engine = page.engine();
            let tell = self.begin(page, own::PLANNING);
            let request = engine.repair(&handles, self.version.get_untracked(), tell);
            let answer = self.wait(request).await;
            let answer = answer.and_then(|answer| repairs::planned(&answer));
            if self.turn.get_value() != turn {
                // Something else is wanted by now.
                if let Ok((repair, _)) = answer {
                    engine.dismiss(repair);
                }
                return;
            }
            self.work.set(None);
            match answer {
                Ok((repair, plan)) => {
                    self.repair.set_value(Some(repair));
                    let language = page.language.get_untracked();
                    page.announce(words::plan::summary(&plan, language));
                    self.plan.set(Some(Arc::new(plan)));
                }
                Err(failure) => self.fail(page, failure),
            }
        });
    }

    /// Writes the repaired store, saves it, and checks what was saved.
    fn save(self, page: Page) {
        let Some(repair) = self.repair.get_value() else { return };
        let turn = self.turn.get_value();
        self.outcome.set(None);
        self.failed.set(None);
        spawn_local(async move {
            let outcome = self.write(page, repair).await;
            if self.turn.get_value() != turn {
                return;
            }
            self.work.set(None);
            match outcome {
                Ok(outcome) => {
                    let language = page.language.get_untracked();
                    let verdict = &outcome.verdict;
                    let says = words::heading(verdict.headline, &verdict.values, language);
                    let what = own::CHECKED.get(language);
                    page.announce(format!("{what}{}{says}", own::COLON.get(language)));
                    self.outcome.set(Some(outcome));
                }
                Err(failure) => self.fail(page, failure),
            }
        });
    }

    async fn write(self, page: Page, repair: u32) -> Result<Outcome, Failure> {
        let engine = page.engine();
        let request = engine.repaired(repair, self.begin(page, own::WRITING));
        let blob = repairs::written(&self.wait(request).await?)?;
        save::save_blob(NAME, &blob);
        self.check(page, &engine, &blob).await
    }

    /// Opens what was written as if it had been dropped here.
    async fn check(self, page: Page, engine: &Engine, blob: &Blob) -> Result<Outcome, Failure> {
        let request = engine.open(blob, self.begin(page, own::CHECKING));
        let answer = calls::opened(&self.wait(request).await?)?;
        let report = Report::from_json(&answer.json);
        // A plan to repair it once more names its hash, whatever its size.
        let request = engine.repair(&[answer.handle], None, self.begin(page, own::CHECKING));
        let again = self.wait(request).await;
        engine.close(answer.handle);
        let sha256 = match again.and_then(|answer| repairs::planned(&answer)) {
            Ok((repair, plan)) => {
                engine.dismiss(repair);
                plan.inputs.first().map(|input| input.sha256.as_str().into())
            }
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(_) => None,
        };
        match report {
            Ok(Report { verdict, releases, .. }) => {
                Ok(Outcome { verdict: Arc::new(verdict), releases: releases.into(), sha256 })
            }
            Err(error) => Err(Failure { name: "Error".to_owned(), message: error.to_string() }),
        }
    }

    /// Shows what begins, and then how far it is. A screen reader hears every quarter.
    fn begin(self, page: Page, what: Text) -> Tell {
        self.work.set(Some(Work { what, done: 0, total: 0 }));
        let said = std::cell::Cell::new(0);
        Rc::new(move |done, total| {
            self.work.set(Some(Work { what, done, total }));
            let quarter = done.saturating_mul(4) / total.max(1);
            if quarter > said.replace(quarter.max(said.get())) && quarter < 4 {
                page.announce(share(done, total));
            }
        })
    }

    async fn wait(self, request: Request) -> Result<wasm_bindgen::JsValue, Failure> {
        let id = request.id;
        self.request.set_value(Some(id));
        let answer = request.answer().await;
        self.request.update_value(|known| {
            if *known == Some(id) {
                *known = None;
            }
        });
        answer
    }

    fn fail(self, page: Page, failure: Failure) {
        page.announce(why(&failure, page.language.get_untracked()));
        self.failed.set(Some(failure));
    }
}

/// Why there is no repaired store.
fn why(failure: &Failure, language: Language) -> String {
    if failure.is_cancelled() {
        return own::STOPPED.get(language).to_owned();
    }
    let label = if failure.is_death() { crate::labels::ENGINE_DIED } else { own::REPAIR_FAILED };
    fill(label, language, &Values::new().with("why", failure.message.as_str()))
}
