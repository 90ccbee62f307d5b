//! The head of the page: files, language, export.

use fulgurite_core::words::Language;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::home::Chooser;
use crate::export;
use crate::labels;
use crate::list::CollectList as _;
use crate::state::{Entry, Page, Shown, State, Stop, tr, use_page};
use crate::tab::Tab;
use crate::{browser, keys, mark, save};

/// The head of the page.
#[component]
pub(super) fn Header() -> impl IntoView {
    let page = use_page();
    let any = move || page.files.with(|files| !files.is_empty());
    let skip = move |_| {
        if let Some(verdict) =
            browser::element("verdict").and_then(|e| e.dyn_into::<HtmlElement>().ok())
        {
            // It has a tabindex.
            let _ = verdict.focus();
        }
    };
    view! {
        <header class="top">
            <button class="skip" on:click=skip>{tr(labels::SKIP)}</button>
            <button
                class="brand"
                on:click=move |_| page.shown.set(Shown::Home)
                aria-label="Fulgurite"
            >
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M9.6 0L4 8.2h3.1L5.4 12l-1.6 1 1.9.3L5 16l2.2-2.2 1.6 1-.2-2.1 2.2-.4-1.8-1.2L12 5.9H8.5z"></path>
                </svg>
                <span class="name">"Fulgurite"</span>
            </button>
            <Files />
            <span class="space"></span>
            <span class="offline" title=tr(labels::OFFLINE_WHY)>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M3.5 7.5h9v7h-9zM5.5 7.5V4.8a2.5 2.5 0 0 1 5 0v2.7"></path>
                </svg>
                {tr(labels::OFFLINE)}
            </span>
            <Show when=any>
                <Chooser primary=false />
            </Show>
            <Exports />
            <button class="icon" on:click=|_| keys::help() aria-label=tr(labels::KEYS) title="?">
                "?"
            </button>
            <Languages />
        </header>
    }
}

#[component]
fn Languages() -> impl IntoView {
    let page = use_page();
    let choose = move |event| {
        page.chosen.set(true);
        page.language.set(Language::from_tag(&event_target_value(&event)));
    };
    let options = Language::ALL.map(|language| {
        let chosen = move || page.language.get() == language;
        view! {
            <option value=language.tag() lang=language.tag() selected=chosen>
                {language.name()}
            </option>
        }
    });
    view! {
        <select class="language" aria-label=tr(labels::LANGUAGE) on:change=choose>
            {options.into_iter().collect_list()}
        </select>
    }
}

/// A tab for each file, and one for all stores side by side.
#[component]
fn Files() -> impl IntoView {
    let page = use_page();
    let stores = move || page.stores().len() > 1;
    view! {
        <nav class="files" aria-label=tr(labels::FILES)>
            <For each=move || page.files.get() key=|entry| entry.id let:entry>
                <FileTab entry />
            </For>
            <Show when=stores>
                <button
                    class="tab"
                    aria-current=move || (page.shown.get() == Shown::Compare).then_some("page")
                    on:click=move |_| page.shown.set(Shown::Compare)
                >
                    {tr(labels::COMPARE)}
                </button>
            </Show>
        </nav>
    }
}

#[component]
fn FileTab(entry: Entry) -> impl IntoView {
    let page = use_page();
    let Entry { id, name, state, .. } = entry;
    let shape = move || match state.get() {
        State::Reading(_) => view! { <span class="busy" aria-hidden="true"></span> }.into_any(),
        State::Ready(opened) => {
            let severity = opened.report.verdict.severity;
            let fine = severity == fulgurite_core::finding::Severity::Info;
            let style = if fine { "fine" } else { mark::class(severity) };
            view! { <span class=style>{mark::shape(severity, fine)}</span> }.into_any()
        }
        State::Stopped(Stop::Cancelled) => "–".into_any(),
        State::Stopped(_) => "!".into_any(),
    };
    let close = {
        let name = name.clone();
        move || {
            let values = fulgurite_core::finding::Values::new().with("file", &*name);
            labels::fill(labels::CLOSE_FILE, page.language.get(), &values)
        }
    };
    let tab = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if page.shown.get() == Shown::File(id)
            && let Some(tab) = tab.get()
        {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
            tab.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    view! {
        <span class="file-tab">
            <button
                node_ref=tab
                class="tab"
                aria-current=move || (page.shown.get() == Shown::File(id)).then_some("page")
                on:click=move |_| page.shown.set(Shown::File(id))
            >
                {shape}
                <bdi title=name.to_string()>{name.to_string()}</bdi>
            </button>
            <button class="close" aria-label=close.clone() title=close on:click=move |_| page.close(id)>
                "×"
            </button>
        </span>
    }
}

/// What a report can be saved as.
#[derive(Clone, Copy)]
enum Form {
    Html,
    Markdown,
    Json,
}

#[component]
fn Exports() -> impl IntoView {
    let page = use_page();
    let note = move || {
        let lnd = page.opened().is_some_and(|opened| opened.is_lnd());
        let note = if lnd { labels::lnd::EXPORT_NOTE } else { labels::EXPORT_NOTE };
        note.get(page.language.get())
    };
    let dump = move || page.opened().and_then(|opened| opened.stores).is_some();
    let item = move |label, form| {
        view! {
            <button popovertarget="exports" popovertargetaction="hide" on:click=move |_| export(page, form)>
                {tr(label)}
            </button>
        }
    };
    view! {
        <button popovertarget="exports" disabled=move || page.opened().is_none()>
            {tr(labels::EXPORT)}
            <span aria-hidden="true">" ▾"</span>
        </button>
        <div id="exports" class="panel menu" popover="auto" role="group" aria-label=tr(labels::EXPORT)>
            {item(labels::EXPORT_HTML, Form::Html)} {item(labels::EXPORT_MARKDOWN, Form::Markdown)}
            {item(labels::EXPORT_JSON, Form::Json)} <p class="note">{note}</p>
            <Show when=dump>
                <button
                    popovertarget="exports"
                    popovertargetaction="hide"
                    on:click=move |_| {
                        if let Some(opened) = untrack(|| page.opened()) {
                            opened.view.tab.set(Tab::Buckets);
                            opened.view.dump.set(true);
                        }
                    }
                >
                    {tr(labels::lnd::DUMP)}
                </button>
            </Show>
            <button
                popovertarget="exports"
                popovertargetaction="hide"
                on:click=move |_| page.save_tool()
            >
                {tr(labels::SAVE_TOOL)}
            </button>
        </div>
    }
}

/// Saves the report of the file that is shown. The name of the file is not part of it.
fn export(page: Page, form: Form) {
    let Some(opened) = untrack(|| page.opened()) else { return };
    let language = page.language.get_untracked();
    let (name, media_type, text) = match form {
        Form::Html => {
            ("fulgurite-report.html", "text/html", export::to_html(&opened.report, language))
        }
        Form::Markdown => {
            ("fulgurite-report.md", "text/markdown", export::to_markdown(&opened.report, language))
        }
        Form::Json => ("fulgurite-report.json", "application/json", format!("{}\n", opened.json)),
    };
    save::save_text(name, media_type, &text);
    let values = fulgurite_core::finding::Values::new().with("file", name);
    page.announce(labels::fill(labels::SAVED, language, &values));
}
