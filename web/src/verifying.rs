//! The signatures of a file: verified on demand, and told in a report that takes the place of the
//! one before.

use std::rc::Rc;

use fulgurite_core::finding::Values;
use fulgurite_core::words;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::engine::{Failure, signatures};
use crate::export;
use crate::files::seconds_left;
use crate::format::{remaining, share};
use crate::labels::{self, fill};
use crate::state::{Opened, Page, tr, use_page};

/// How far verifying is. Signals, so that it outlives the view of it.
#[derive(Clone, Copy)]
pub(crate) struct Verifying {
    /// What is done just now.
    work: RwSignal<Option<Work>>,
    /// Why there is no more.
    failed: RwSignal<Option<Failure>>,
    /// The request under way.
    request: StoredValue<Option<u32>>,
}

#[derive(Clone, Copy, Default)]
struct Work {
    done: u64,
    total: u64,
    /// Seconds still to go, once that can be said.
    remaining: Option<u64>,
}

impl Verifying {
    /// Nothing was asked for.
    pub(crate) fn new() -> Verifying {
        Verifying {
            work: RwSignal::new(None),
            failed: RwSignal::new(None),
            request: StoredValue::new(None),
        }
    }

    /// Ends what is under way.
    pub(crate) fn cancel(self, page: Page) {
        if let Some(request) = self.request.get_value() {
            page.engine().cancel(request);
        }
    }

    /// Verifies the signatures of this file.
    fn begin(self, page: Page, handle: u32) {
        if self.work.with_untracked(Option::is_some) {
            return;
        }
        self.failed.set(None);
        self.work.set(Some(Work::default()));
        spawn_local(async move {
            let json = self.ask(page, handle).await;
            self.request.set_value(None);
            self.work.set(None);
            let shown = json.and_then(|json| page.put_report(handle, json));
            match shown {
                Ok(Some(report)) => {
                    let language = page.language.get_untracked();
                    page.announce(words::heading(
                        report.verdict.headline,
                        &report.verdict.values,
                        language,
                    ));
                    browser::focus_if_lost("verdict").await;
                }
                // It was closed meanwhile.
                Ok(None) => {}
                Err(failure) => {
                    page.announce(why(&failure, page));
                    self.failed.set(Some(failure));
                    browser::focus_if_lost("verify").await;
                }
            }
        });
    }

    async fn ask(self, page: Page, handle: u32) -> Result<String, Failure> {
        let (request, helpers) = page.engine().verify(handle, self.tell(page)).await?;
        self.request.set_value(Some(request.id));
        let answer = request.answer().await;
        drop(helpers);
        signatures::verified(&answer?).ok_or_else(|| Failure::bad_answer("no report"))
    }

    /// Shows how far it is. A screen reader hears every quarter.
    fn tell(self, page: Page) -> crate::engine::Tell {
        let begun = browser::milliseconds();
        let said = std::cell::Cell::new(0);
        Rc::new(move |done, total| {
            let remaining = seconds_left(begun, done, total);
            self.work.set(Some(Work { done, total, remaining }));
            let quarter = done.saturating_mul(4) / total.max(1);
            if quarter > said.replace(quarter.max(said.get())) && quarter < 4 {
                page.announce(share(done, total));
            }
        })
    }
}

fn why(failure: &Failure, page: Page) -> String {
    let language = page.language.get_untracked();
    if failure.is_cancelled() {
        return labels::VERIFY_STOPPED.get(language).to_owned();
    }
    let label = if failure.is_death() { labels::ENGINE_DIED } else { labels::VERIFY_FAILED };
    fill(label, language, &Values::new().with("why", failure.message.as_str()))
}

/// What is known of a store's signatures; where nothing is, the button that changes that.
#[component]
pub(crate) fn Signatures(opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let verified = opened.report.gossip.as_ref().and_then(|gossip| gossip.signatures.clone());
    if let Some(signatures) = verified {
        let text = move || export::signatures(&signatures, language.get());
        return view! {
            <p id="signatures" class="note">
                {tr(labels::figures::SIGNATURES)} {tr(labels::repair::COLON)} {text}
            </p>
        }
        .into_any();
    }
    match opened.listed() {
        Some(store) => view! { <Ask verifying=opened.verifying handle=store.handle /> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn Ask(verifying: Verifying, handle: u32) -> impl IntoView {
    let page = use_page();
    let busy = Memo::new(move |_| verifying.work.with(Option::is_some));
    let failed = move || {
        let failure = verifying.failed.get()?;
        // Again in another language.
        page.language.track();
        Some(view! { <span class="note">{why(&failure, page)}</span> })
    };
    view! {
        <div id="signatures">
            <div class="bar">
                <button
                    id="verify"
                    title=tr(labels::VERIFY_WHAT)
                    aria-disabled=move || busy.get().to_string()
                    on:click=move |_| verifying.begin(page, handle)
                >
                    {tr(labels::VERIFY)}
                </button>
                {failed}
            </div>
            {move || busy.get().then(|| view! { <Busy verifying /> })}
        </div>
    }
}

#[component]
fn Busy(verifying: Verifying) -> impl IntoView {
    let page = use_page();
    let work = move || verifying.work.get().unwrap_or_default();
    let text = move || {
        let Work { done, total, remaining: left } = work();
        let mut text = if total > 0 { share(done, total) } else { String::new() };
        if let Some(left) = left {
            let values = Values::new().with("time", remaining(left));
            text.push_str(" · ");
            text.push_str(&fill(labels::REMAINING, page.language.get(), &values));
        }
        text
    };
    view! {
        <div class="working" id="verifying" aria-busy="true">
            <p>{tr(labels::VERIFYING)} " " <span class="count">{text}</span></p>
            <progress
                aria-label=tr(labels::VERIFYING)
                max=move || work().total.max(1).to_string()
                prop:value=move || work().done.to_string()
            ></progress>
            <button on:click=move |_| verifying.cancel(page)>{tr(labels::CANCEL)}</button>
        </div>
    }
}
