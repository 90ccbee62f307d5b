//! Keys that work anywhere on a file's page, as long as nothing is being typed.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::browser;
use crate::problems;
use crate::state::Page;
use crate::tab::Tab;

/// How far a key moves the map, in what it shows.
const PAN: f64 = 0.2;

/// Does what a key stands for.
pub(crate) fn pressed(page: Page, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector: &str| {
        target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some())
    };
    if within("input, select, textarea, dialog, [popover]") {
        return;
    }
    let key = event.key();
    if key == "?" {
        help();
        event.prevent_default();
        return;
    }
    let Some(opened) = untrack(|| page.opened()) else { return };
    let view = opened.view;
    let arrows = !within("[role=grid], [role=tab], [role=group][tabindex], details, ol, ul");
    match key.as_str() {
        "." | "," => {
            let at = view.at.get_untracked();
            if let Some(problem) = problems::step(&opened.problems, at, key == ".") {
                view.show(problem.span.start);
            }
        }
        "+" | "=" | "w" => view.zoom(1.5),
        "-" | "_" | "s" => view.zoom(1.0 / 1.5),
        "0" => view.zoom(0.0),
        "a" => view.pan(-PAN),
        "d" => view.pan(PAN),
        "ArrowLeft" if arrows => view.pan(-PAN),
        "ArrowRight" if arrows => view.pan(PAN),
        "[" => view.beside(false),
        "]" => view.beside(true),
        "1" | "2" | "3" | "4" | "5" | "6" => {
            let number = key.parse::<usize>().unwrap_or(1) - 1;
            if let Some(tab) = opened.tabs().get(number) {
                view.tab.set(*tab);
            }
        }
        "/" => {
            let id = if view.tab.get_untracked() == Tab::Findings { "filter" } else { "search" };
            if let Some(input) = browser::element(id).and_then(|e| e.dyn_into::<HtmlElement>().ok())
            {
                // An input can be focused.
                let _ = input.focus();
            }
        }
        _ => return,
    }
    event.prevent_default();
}

/// Opens the list of keys.
pub(crate) fn help() {
    if let Some(list) = browser::element("keys").and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        // Where popovers are unknown, the map's own line tells the most of it.
        let _ = list.toggle_popover();
    }
}
