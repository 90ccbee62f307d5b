//! The map: the file's offset axis as a strip that can be magnified, moved and selected from.
//!
//! What it shows is drawn on a canvas; what must be read is text beside it ([`words`]).

mod paint;
mod strip;
mod words;

use fulgurite_core::finding::Values;
use fulgurite_web_logic::map::gestures;
pub(crate) use fulgurite_web_logic::map::{axis, columns, pieces};
use leptos::prelude::*;

use crate::labels::{self, fill};
use crate::problems;
use crate::state::{Opened, tr, use_page};
use crate::view::View;
use axis::Window;
use strip::Strip;

/// The map with its buttons and its words.
#[component]
pub(crate) fn Map(opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let view = opened.view;
    let select = RwSignal::new(false);
    let hover = RwSignal::new(None::<u64>);
    let marks = opened.problems.clone();
    let atlas = opened.atlas.clone();
    let report = opened.report.clone();
    let under = move |at: u64| words::under(&report, &atlas, &marks, at, language.get());
    // What is chosen is read out; what the pointer passes over is only seen.
    let chosen = {
        let under = under.clone();
        move || view.at.get().map(&under)
    };
    let seen = move || hover.get().or(view.at.get()).map(&under);
    let saved = opened.atlas.cells.is_empty();
    view! {
        <section id="map" class="map" aria-labelledby="map-title">
            <div class="bar">
                <h2 id="map-title">{tr(labels::MAP)}</h2>
                <Walk opened=opened.clone() />
                <span class="space"></span>
                <Buttons view select />
            </div>
            <Strip opened=opened.clone() select hover />
            <div class="under">
                <span class="readout" aria-hidden="true">{seen}</span>
                <output class="visually-hidden">{chosen}</output>
                <words::Legend opened=opened.clone() />
            </div>
            <Show when=move || saved>
                <p class="note">{tr(labels::MAP_NONE)}</p>
            </Show>
            <p id="map-help" class="note wide-only">{tr(labels::MAP_HELP)}</p>
            <words::InWords opened />
        </section>
    }
}

/// Which problem, and the way to the next.
#[component]
fn Walk(opened: Opened) -> impl IntoView {
    let language = use_page().language;
    let view = opened.view;
    let problems = opened.problems;
    let all = problems.len();
    let label = {
        let problems = problems.clone();
        move || {
            let language = language.get();
            let values = Values::new().with("all", all);
            match problems::current(&problems, view.at.get()) {
                _ if all == 0 => labels::NO_PROBLEMS.get(language).to_owned(),
                Some(number) => fill(labels::NTH_PROBLEM, language, &values.with("n", number + 1)),
                None => fill(labels::PROBLEMS, language, &values),
            }
        }
    };
    let go = move |forward| {
        let problems = problems.clone();
        move |_| {
            if let Some(problem) = problems::step(&problems, view.at.get_untracked(), forward) {
                view.show(problem.span.start);
            }
        }
    };
    let button = |label, sign, key, forward| {
        view! {
            <button
                class="icon"
                disabled=all == 0
                aria-label=tr(label)
                title=move || format!("{} ({key})", label.get(language.get()))
                on:click=go(forward)
            >
                {sign}
            </button>
        }
    };
    view! {
        <div class="walk" role="group" aria-label=tr(labels::NEXT_PROBLEM)>
            {button(labels::PREVIOUS, "‹", ",", false)} <span class="figure">{label}</span>
            {button(labels::NEXT_PROBLEM, "›", ".", true)}
        </div>
    }
}

#[component]
fn Buttons(view: View, select: RwSignal<bool>) -> impl IntoView {
    let language = use_page().language;
    let button = move |label: fulgurite_core::words::Text, sign, key, factor: f64| {
        view! {
            <button
                class="icon"
                aria-label=tr(label)
                title=move || format!("{} ({key})", label.get(language.get()))
                on:click=move |_| view.zoom(factor)
            >
                {sign}
            </button>
        }
    };
    view! {
        <div class="tools" role="group" aria-label=tr(labels::MAP)>
            <button
                class="toggle"
                aria-pressed=move || select.get().to_string()
                on:click=move |_| select.update(|select| *select = !*select)
            >
                {tr(labels::SELECT)}
            </button>
            {button(labels::ZOOM_OUT, "−", "-", 0.5)} {button(labels::ZOOM_IN, "+", "+", 2.0)}
            {button(labels::ZOOM_ALL, "↔", "0", 0.0)}
        </div>
    }
}

impl View {
    /// Magnifies the map around what is looked at, else around its middle; 0 shows everything.
    pub(crate) fn zoom(self, factor: f64) {
        let window = self.window.get_untracked();
        if factor <= 0.0 {
            self.window.set(Window::whole(natural(window.size)));
            return;
        }
        let at = self.at.get_untracked().map(real);
        let seen = at.filter(|at| (window.start..window.end).contains(at));
        let around = seen.unwrap_or(f64::midpoint(window.start, window.end));
        self.window.set(window.zoom(around, factor));
    }

    /// Moves the map by a share of what it shows.
    pub(crate) fn pan(self, share: f64) {
        self.window.update(|window| *window = window.pan(window.span() * share));
    }
}

/// An offset on the axis.
#[expect(clippy::cast_precision_loss, reason = "no file has 2^53 bytes")]
fn real(offset: u64) -> f64 {
    offset as f64
}

/// A whole offset, or a number of pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "offsets and pixels")]
fn natural(number: f64) -> u64 {
    number.max(0.0) as u64
}
