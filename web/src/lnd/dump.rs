//! The redacted dump of a tree of buckets: written by the engine, saved, and what is in it.

use fulgurite_core::finding::Values;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::case::Case;
use crate::engine::lnd::{Dumped, Saved};
use crate::labels::{fill, lnd as own};
use crate::save;
use crate::state::{tr, use_page};
use crate::view::View;

/// What the dump is called.
const NAME: &str = "fulgurite-buckets.jsonl";

/// How far a dump is.
#[derive(Clone)]
enum Stage {
    None,
    Writing,
    Done(Saved),
    Failed(String),
}

/// The button, and what came of it. `of` is the file and the tree.
#[component]
pub(super) fn Dump(case: Case, of: Signal<(u32, Option<String>)>, view: View) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let stage = RwSignal::new(Stage::None);
    let write = move || {
        let (input, tree) = of.get_untracked();
        stage.set(Stage::Writing);
        spawn_local(async move {
            let answer = case.dump(input, tree.as_deref()).await;
            let ended = match answer {
                Ok(Some(Dumped { blob, saved })) => {
                    save::save_blob(NAME, &blob);
                    Stage::Done(saved)
                }
                Ok(None) => Stage::Failed(own::NO_TREES.get(language.get_untracked()).to_owned()),
                Err(failure) => Stage::Failed(failure.message),
            };
            stage.try_set(ended);
        });
    };
    Effect::new(move |_| {
        if view.dump.get() {
            view.dump.set(false);
            write();
        }
    });
    let text = move || {
        let language = language.get();
        match stage.get() {
            Stage::None => own::DUMP_WHAT.get(language).to_owned(),
            Stage::Writing => own::DUMPING.get(language).to_owned(),
            Stage::Failed(why) => fill(own::NO_DUMP, language, &Values::new().with("why", why)),
            Stage::Done(saved) => {
                let left_out = (!saved.left_out.is_empty()).then(|| saved.left_out.join(", "));
                let values = Values::new()
                    .with("values", saved.values)
                    .with("bytes", saved.bytes)
                    .with("rules", saved.redaction.unwrap_or_default())
                    .with("written", saved.written.join(", "))
                    .with_some("left_out", left_out);
                fill(own::DUMPED, language, &values)
            }
        }
    };
    view! {
        <div class="dump-bar">
            <button
                id="dump"
                disabled=move || matches!(stage.get(), Stage::Writing)
                on:click=move |_| write()
            >
                {tr(own::DUMP)}
            </button>
            <p class="note" role="status">{text}</p>
        </div>
    }
}
