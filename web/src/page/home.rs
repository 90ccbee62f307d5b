//! The empty page: what to drop, that nothing leaves this machine, how that is proven.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::labels;
use crate::state::{tr, use_page};

/// The empty page.
#[component]
pub(super) fn Home() -> impl IntoView {
    let page = use_page();
    view! {
        <section class="home" id="verdict" tabindex="-1" aria-labelledby="tagline">
            <h1 id="tagline">{tr(labels::TAGLINE)}</h1>
            <div class="target">
                <ul class="promises">
                    <li>{tr(labels::DROP_WHAT)}</li>
                    <li>{tr(labels::DROP_STAYS)}</li>
                    <li>{tr(labels::DROP_PROOF)}</li>
                </ul>
                <div class="ways">
                    <Chooser primary=true />
                    <button on:click=move |_| page.take_sample()>{tr(labels::TRY_SAMPLE)}</button>
                    <button on:click=move |_| page.save_tool()>{tr(labels::SAVE_TOOL)}</button>
                </div>
            </div>
            <p class="note">{tr(labels::MONEY)}</p>
            <p class="note">{tr(labels::COPY_FIRST)}</p>
        </section>
    }
}

/// The way to files for those who do not drag.
#[component]
pub(super) fn Chooser(primary: bool) -> impl IntoView {
    let page = use_page();
    let chosen = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(files) = input.files() {
            page.take(&files);
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    let label = if primary { labels::CHOOSE } else { labels::OPEN_MORE };
    let style = if primary { "button primary" } else { "button" };
    view! {
        <label class=style>
            <input type="file" multiple class="visually-hidden" on:change=chosen />
            {tr(label)}
        </label>
    }
}
