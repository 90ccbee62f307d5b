//! How bad something is, as a shape: what colour says, the shape says too.

use fulgurite_core::finding::Severity;
use fulgurite_core::words;
use leptos::prelude::*;

use crate::labels;
use crate::state::use_page;

/// The name of the style for a severity.
pub(crate) fn class(severity: Severity) -> &'static str {
    severity.name()
}

/// The shape: an octagon with a cross, a triangle, a ring, a tick.
pub(crate) fn shape(severity: Severity, fine: bool) -> impl IntoView {
    let (outline, sign) = match severity {
        Severity::Damage => ("M5 1h6l4 4v6l-4 4H5l-4-4V5z", "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"),
        Severity::Warning => ("M8 1.4l7.2 13H.8z", "M8 5.8v4.1M8 11.6v1.2"),
        Severity::Info if fine => ("M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1z", "M4.6 8.3l2.4 2.4 4.5-5"),
        Severity::Info => ("M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1z", "M8 7.2v4.3M8 4.2v1.2"),
    };
    view! {
        <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">
            <path class="outline" d=outline></path>
            <path class="sign" d=sign></path>
        </svg>
    }
}

/// Shape and word.
pub(crate) fn badge(severity: Severity) -> impl IntoView {
    let language = use_page().language;
    view! {
        <span class=format!("badge {}", class(severity))>
            {shape(severity, false)} {move || words::severity(severity).get(language.get())}
        </span>
    }
}

/// Shape and word of a verdict: one that is no warning is fine.
pub(crate) fn verdict(severity: Severity) -> impl IntoView {
    let language = use_page().language;
    let fine = severity == Severity::Info;
    let word = if fine { labels::FINE } else { words::severity(severity) };
    let style = if fine { "fine" } else { class(severity) };
    view! {
        <span class=format!("badge {style}")>
            {shape(severity, fine)} {move || word.get(language.get())}
        </span>
    }
}
