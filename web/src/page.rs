//! The page: its frame, and in it nothing, a file being read, a file, or files side by side.

pub(crate) mod file;
mod header;
mod home;

use fulgurite_core::words::Language;
use gloo_events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, KeyboardEvent};

use crate::address::Address;
use crate::compare::Compare;
use crate::engine::Engine;
use crate::list::CollectList as _;
use crate::state::{Page, Shown, State, tr};
use crate::{browser, keys, labels};
use file::File;
use header::Header;
use home::Home;

/// Everything.
pub(crate) fn app(engine: Engine) -> impl IntoView {
    let address = Address::parse(&browser::fragment());
    let guess = || {
        let known = |tag: &String| tag.starts_with("zh") || tag.starts_with("en");
        let best = browser::languages().into_iter().find(known).unwrap_or_default();
        Language::from_tag(&best)
    };
    let language = address.language.unwrap_or_else(guess);
    let sample = address.sample;
    let page = Page::new(engine, language, address);
    provide_context(page);
    let over = RwSignal::new(false);
    listen(page, over);
    follow(page);
    if sample {
        page.take_sample();
    }
    // The engine starts while nobody waits for it.
    spawn_local(async move {
        // If it cannot, whoever opens a file is told.
        let engine = page.engine();
        if engine.wake().await.is_ok() {
            let _ = engine.warm().await;
        }
    });
    let content = move || match page.shown.get() {
        Shown::Home => view! { <Home /> }.into_any(),
        Shown::Compare => view! { <Compare /> }.into_any(),
        Shown::File(id) => match page.entry(id) {
            Some(entry) => view! { <File entry /> }.into_any(),
            None => view! { <Home /> }.into_any(),
        },
    };
    view! {
        <Header />
        <main>{content}</main>
        <Keys />
        <p class="visually-hidden" role="status" aria-live="polite">{move || page.live.get()}</p>
        <div class="drop-here" hidden=move || !over.get() aria-hidden="true">
            <span>{tr(labels::DROP_NOW)}</span>
        </div>
    }
}

/// Files dropped anywhere, and keys pressed anywhere.
fn listen(page: Page, over: RwSignal<bool>) {
    let Some(window) = web_sys::window() else { return };
    let active = EventListenerOptions::enable_prevent_default();
    let on = |name: &'static str, handle: Box<dyn Fn(&web_sys::Event)>| {
        // It listens as long as there is a page.
        EventListener::new_with_options(&window, name, active, handle).forget();
    };
    let drag = |event: &web_sys::Event| {
        let event = event.dyn_ref::<DragEvent>()?;
        event.prevent_default();
        event.data_transfer()
    };
    on(
        "dragover",
        Box::new(move |event| {
            if let Some(transfer) = drag(event) {
                transfer.set_drop_effect("copy");
                over.set(true);
            }
        }),
    );
    on(
        "dragleave",
        Box::new(move |event| {
            // Leaving an element for another is no leaving; leaving the window is.
            let to = event.dyn_ref::<DragEvent>().and_then(|event| event.related_target());
            over.set(to.is_some());
        }),
    );
    on(
        "drop",
        Box::new(move |event| {
            over.set(false);
            if let Some(files) = drag(event).and_then(|transfer| transfer.files()) {
                page.take(&files);
            }
        }),
    );
    on("hashchange", Box::new(move |_| go_to(page, &Address::parse(&browser::fragment()))));
    on(
        "keydown",
        Box::new(move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                keys::pressed(page, event);
            }
        }),
    );
}

/// Goes where an address that was typed or pasted says.
fn go_to(page: Page, address: &Address) {
    if let Some(language) = address.language {
        page.chosen.set(true);
        page.language.set(language);
    }
    match untrack(|| page.opened()) {
        Some(opened) => opened.view.go_to(address),
        None if address.sample => page.take_sample(),
        None => {}
    }
}

/// Keeps the address, the language and the title of the document.
fn follow(page: Page) {
    Effect::new(move |before: Option<()>| {
        let mut address = match page.opened() {
            Some(opened) => opened.view.address(),
            // Until a file is read, what the address asks for stays.
            None if before.is_none() || page.shown.get() != Shown::Home => return,
            None => Address::default(),
        };
        let entry = match page.shown.get() {
            Shown::File(id) => page.entry(id),
            _ => None,
        };
        address.sample = entry.is_some_and(|entry| entry.sample);
        address.language = page.chosen.get().then(|| page.language.get());
        browser::set_fragment(&address.write());
    });
    Effect::new(move |_| {
        let language = page.language.get();
        let entry = match page.shown.get() {
            Shown::File(id) => page.entry(id),
            _ => None,
        };
        let title = labels::PAGE_TITLE.get(language);
        let title = match entry {
            Some(entry) => {
                let busy = matches!(entry.state.get(), State::Reading(_));
                format!("{}{} – Fulgurite", if busy { "… " } else { "" }, entry.name)
            }
            None => title.to_owned(),
        };
        browser::set_document(language.tag(), &title);
    });
}

/// The list of keys.
#[component]
fn Keys() -> impl IntoView {
    let rows = labels::KEY_TABLE.map(|(keys, label)| {
        let keys = keys.split(' ').filter(|key| !key.is_empty());
        let keys = keys.map(|key| view! { <kbd>{key}</kbd> " " }).collect_list();
        view! { <div><dt>{keys}</dt><dd>{tr(label)}</dd></div> }
    });
    view! {
        <div id="keys" class="panel" popover="auto" role="dialog" aria-labelledby="keys-title">
            <h2 id="keys-title">{tr(labels::KEYS)}</h2>
            <dl class="keys">{rows.into_iter().collect_list()}</dl>
        </div>
    }
}
