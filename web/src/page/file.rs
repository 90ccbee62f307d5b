//! A file's page: being read, given up, or verdict, map, tables beside bytes, composition.

use fulgurite_core::finding::Values;
use fulgurite_core::words::Text;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::bytes::Bytes;
use crate::composition::Composition;
use crate::findings::Findings;
use crate::format::{count, remaining, share, size};
use crate::labels::{self, fill, repair};
use crate::list::CollectList as _;
use crate::log::{Log, Logs};
use crate::map::Map;
use crate::releases::Releases;
use crate::repair::{Repair, Source};
use crate::saved::Refused;
use crate::state::{Entry, Opened, Progress, State, Stop, tr, use_page};
use crate::tab::Tab;
use crate::table::lists::{Channels, Nodes};
use crate::table::records::Records;
use crate::verdict::Verdict;
use crate::view::View;
use crate::{browser, lnd};

/// What follows the verdict: map, tables, bytes, composition.
const PARTS: u8 = 4;

/// One file, however far it is.
#[component]
pub(super) fn File(entry: Entry) -> impl IntoView {
    let state = entry.state;
    // Progress changes what the busy page says, not the page.
    let phase = Memo::new(move |_| match state.get() {
        State::Reading(_) => (0, 0),
        // Another report is drawn anew.
        State::Ready(opened) => (1, opened.edition),
        State::Stopped(_) => (2, 0),
    });
    move || {
        // A memo that is only tracked is never computed.
        let _ = phase.get();
        match state.get_untracked() {
            State::Reading(_) => view! { <Busy entry=entry.clone() /> }.into_any(),
            State::Ready(opened) => view! { <Ready opened /> }.into_any(),
            State::Stopped(why) => view! { <Given entry=entry.clone() why /> }.into_any(),
        }
    }
}

/// A file that is being read.
#[component]
fn Busy(entry: Entry) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let name = entry.name.to_string();
    let state = entry.state;
    let progress = move || match state.get() {
        State::Reading(progress) => progress,
        _ => Progress::default(),
    };
    let text = move || {
        let Progress { done, total, remaining: left } = progress();
        let values = Values::new().with("done", size(done)).with("total", size(total));
        let mut text = fill(labels::READ_SO_FAR, language.get(), &values);
        if let Some(left) = left {
            text.push_str(" · ");
            let values = Values::new().with("time", remaining(left));
            text.push_str(&fill(labels::REMAINING, language.get(), &values));
        }
        text
    };
    let heading =
        move || fill(labels::READING, language.get(), &Values::new().with("file", name.as_str()));
    // A screen reader hears every quarter.
    let said = StoredValue::new(0);
    Effect::new(move |_| {
        let Progress { done, total, .. } = progress();
        let quarter = done.saturating_mul(4) / total.max(1);
        if quarter > said.get_value() && quarter < 4 {
            said.set_value(quarter);
            page.announce(share(done, total));
        }
    });
    view! {
        <section class="busy-page" id="verdict" tabindex="-1" aria-busy="true" aria-labelledby="busy">
            <h1 id="busy">{heading}</h1>
            <progress
                aria-labelledby="busy"
                max=move || progress().total.max(1).to_string()
                prop:value=move || progress().done.to_string()
            ></progress>
            <p class="figure">{text}</p>
            <button on:click=move |_| page.cancel(&entry)>{tr(labels::CANCEL)}</button>
        </section>
    }
}

/// A file whose reading was given up.
#[component]
fn Given(entry: Entry, why: Stop) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let text = move || {
        let language = language.get();
        let because = |label, why: &str| fill(label, language, &Values::new().with("why", why));
        match &why {
            Stop::Cancelled => labels::CANCELLED.get(language).to_owned(),
            Stop::NotAReport(Refused::NotOne(why)) => because(labels::NOT_A_REPORT, why),
            Stop::NotAReport(Refused::Hidden) => {
                because(labels::NOT_A_REPORT, labels::HIDDEN_CHARACTERS.get(language))
            }
            Stop::Failed(failure) if failure.is_death() => {
                because(labels::ENGINE_DIED, &failure.message)
            }
            Stop::Failed(failure) => {
                let text = because(labels::FAILED, &failure.message);
                if failure.is_unread() {
                    [&text, " ", labels::PERHAPS_A_FOLDER.get(language)].concat()
                } else {
                    text
                }
            }
        }
    };
    view! {
        <section class="busy-page" id="verdict" tabindex="-1" aria-labelledby="given">
            <h1 id="given"><bdi>{entry.name.to_string()}</bdi></h1>
            <p role="alert">{text}</p>
            <button on:click=move |_| page.read(&entry)>{tr(labels::AGAIN)}</button>
        </section>
    }
}

/// A file that was read.
#[component]
fn Ready(opened: Opened) -> impl IntoView {
    if opened.is_lnd() {
        return view! { <lnd::Page opened /> }.into_any();
    }
    let store = opened.report.gossip.is_some();
    let view = opened.view;
    if !store {
        // Another file than a store: what it is, and what to do.
        let log = opened.report.log.is_some().then(|| {
            view! { <Log name="" report=opened.report.clone() into=None /> }
        });
        return view! {
            <Verdict opened=opened.clone() />
            {log}
            <section class="tables alone">
                <Findings opened lead=None />
            </section>
        }
        .into_any();
    }
    // On a small screen the bytes are below the tables: bring their head into sight.
    Effect::new(move |before: Option<Option<u64>>| {
        let at = view.at.get();
        let narrow = browser::matches("(max-width: 64rem)");
        let head = browser::element("bytes").and_then(|bytes| bytes.first_element_child());
        if let Some(head) = head.filter(|_| narrow && at.is_some())
            && before.is_some_and(|before| before != at)
        {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            head.scroll_into_view_with_scroll_into_view_options(&options);
        }
        at
    });
    // The verdict is read first, so it is drawn first. The rest follows part by part, each in a task
    // of its own, so that none is long.
    let drawn = RwSignal::new(0);
    spawn_local(async move {
        for part in 1..=PARTS {
            TimeoutFuture::new(0).await;
            // The file may have been closed meanwhile.
            if drawn.try_set(part).is_some() {
                return;
            }
        }
    });
    let from = move |part| Memo::new(move |_| drawn.get() >= part);
    let [map, tables, bytes, composition] = [from(1), from(2), from(3), from(PARTS)];
    let [file, of_tables, of_bytes, last] =
        [opened.clone(), opened.clone(), opened.clone(), opened.clone()];
    view! {
        <Verdict opened />
        {move || {
            map.get().then(|| view! { <Map opened=file.clone() /> <Logs store=file.clone() /> })
        }}
        <div class="bench">
            {move || tables.get().then(|| view! { <Tables opened=of_tables.clone() /> })}
            {move || bytes.get().then(|| view! { <Bytes opened=of_bytes.clone() /> })}
        </div>
        {move || {
            if composition.get() {
                view! { <Composition opened=last.clone() /> }.into_any()
            } else {
                view! { <p class="visually-hidden" aria-busy="true"></p> }.into_any()
            }
        }}
    }
    .into_any()
}

/// Findings, records, channels and nodes, one at a time.
#[component]
fn Tables(opened: Opened) -> impl IntoView {
    let view = opened.view;
    let name = |tab: Tab| match tab {
        Tab::Findings => labels::FINDINGS,
        Tab::Records => labels::RECORDS,
        Tab::Channels => labels::CHANNELS,
        Tab::Nodes => labels::NODES,
        Tab::Releases => repair::LIGHTNINGD,
        _ => repair::REPAIR,
    };
    let figures = {
        let report = opened.report.clone();
        let rows = opened.store.map(|store| store.rows);
        move |tab: Tab| {
            let number = match (tab, &report.gossip) {
                (Tab::Findings, _) => report.counts.iter().map(|count| count.count).sum(),
                (Tab::Records, Some(gossip)) => rows.unwrap_or(gossip.records + gossip.wounds),
                (Tab::Channels, Some(gossip)) => gossip.network.channels,
                (Tab::Nodes, Some(gossip)) => gossip.network.nodes,
                // There is nothing to count.
                _ => return None,
            };
            Some(view! { <span class="count">{count(number)}</span> })
        }
    };
    let panel = move || {
        let opened = opened.clone();
        match (view.tab.get(), opened.listed()) {
            (tab, _) if !Tab::ALL.contains(&tab) || tab == Tab::Findings => {
                view! { <Findings opened lead=Some(|view: View, _, span| view.show(span.start)) /> }
                    .into_any()
            }
            (Tab::Releases, _) => view! { <Releases opened /> }.into_any(),
            (Tab::Repair, None) => {
                view! { <p class="nothing">{tr(repair::NEEDS_FILE)}</p> }.into_any()
            }
            (Tab::Repair, Some(store)) => {
                let source = Source {
                    shown: None,
                    name: "".into(),
                    handle: store.handle,
                    view: opened.view,
                };
                view! { <Repair repairing=opened.repairing sources=vec![source] /> }.into_any()
            }
            (_, None) => view! { <p class="nothing">{tr(labels::NO_ROWS_HERE)}</p> }.into_any(),
            (Tab::Records, Some(store)) => view! { <Records opened store /> }.into_any(),
            (Tab::Channels, Some(store)) => view! { <Channels opened store /> }.into_any(),
            (_, Some(store)) => view! { <Nodes opened store /> }.into_any(),
        }
    };
    view! {
        <section class="tables">
            {tab_bar(&Tab::ALL, view, name, figures)}
            <div
                class="panel-of"
                id="panel"
                role="tabpanel"
                aria-labelledby=move || format!("tab-{}", view.tab.get().name())
            >
                {panel}
            </div>
        </section>
    }
}

/// A tab for each of these tables, with a figure where there is something to count.
pub(crate) fn tab_bar<F: IntoView + 'static>(
    all: &'static [Tab],
    view: View,
    name: fn(Tab) -> Text,
    figure: impl Fn(Tab) -> F,
) -> impl IntoView {
    let language = use_page().language;
    // An address may name a tab of another kind of file.
    let now = move || Some(view.tab.get()).filter(|tab| all.contains(tab)).unwrap_or_default();
    let tabs = all.iter().map(|tab| {
        let tab = *tab;
        let chosen = move || now() == tab;
        view! {
            <button
                role="tab"
                id=format!("tab-{}", tab.name())
                aria-controls="panel"
                aria-selected=move || chosen().to_string()
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| view.tab.set(tab)
                on:keydown=move |event| turn(all, view, &event)
            >
                {move || name(tab).get(language.get())}
                " "
                {figure(tab)}
            </button>
        }
    });
    view! {
        <div class="tabs" role="tablist" aria-label=tr(labels::COMPOSITION)>
            {tabs.collect_list()}
        </div>
    }
}

/// Arrow keys go from tab to tab.
fn turn(all: &[Tab], view: View, event: &KeyboardEvent) {
    let now = view.tab.get_untracked();
    let now = all.iter().position(|tab| *tab == now).unwrap_or(0);
    let last = all.len() - 1;
    let to = match event.key().as_str() {
        "ArrowRight" => {
            if now == last {
                0
            } else {
                now + 1
            }
        }
        "ArrowLeft" => {
            if now == 0 {
                last
            } else {
                now - 1
            }
        }
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(tab) = all.get(to) {
        view.tab.set(*tab);
        let button = browser::element(&format!("tab-{}", tab.name()));
        if let Some(button) = button.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            // A button can be focused.
            let _ = button.focus();
        }
    }
}
