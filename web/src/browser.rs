//! The few things that the page asks of the browser itself.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement, Window};

fn window() -> Option<Window> {
    web_sys::window()
}

/// The fragment of the page's address.
pub(crate) fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Replaces the fragment of the page's address. Nothing is loaded and no history is made.
pub(crate) fn set_fragment(fragment: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // A browser that forbids it keeps the old one; nothing depends on it.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
    }
}

/// The languages that the browser prefers, best first.
pub(crate) fn languages() -> Vec<String> {
    let list = window().map(|window| window.navigator().languages());
    list.map(|list| list.iter().filter_map(|tag| tag.as_string()).collect()).unwrap_or_default()
}

/// A clock for measuring.
pub(crate) fn milliseconds() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Pixels of the screen for each pixel of the page.
pub(crate) fn pixel_ratio() -> f64 {
    window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// Whether a media query matches now.
pub(crate) fn matches(query: &str) -> bool {
    let list = window().and_then(|window| window.match_media(query).ok().flatten());
    list.is_some_and(|list| list.matches())
}

/// The size of an element's type, in pixels.
pub(crate) fn type_size(element: &Element) -> f64 {
    let style = window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(14.0)
}

/// How far the page is scrolled down.
pub(crate) fn scrolled() -> f64 {
    window().and_then(|window| window.scroll_y().ok()).unwrap_or(0.0)
}

/// The element of that id.
pub(crate) fn element(id: &str) -> Option<Element> {
    window()?.document()?.get_element_by_id(id)
}

/// So many processors the browser says there are; 1 if it does not say.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
pub(crate) fn processors() -> usize {
    window().map_or(1, |window| window.navigator().hardware_concurrency().max(1.0) as usize)
}

/// Moves the focus to this element, once what was changed is drawn, if that has taken away what
/// had it.
pub(crate) async fn focus_if_lost(id: &str) {
    TimeoutFuture::new(0).await;
    let active = window().and_then(|window| window.document()?.active_element());
    if active.is_none_or(|active| active.tag_name() == "BODY")
        && let Some(element) = element(id).and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        // If it cannot be focused, nothing is lost.
        let _ = element.focus();
    }
}

/// Sets the document's language and title.
pub(crate) fn set_document(language: &str, title: &str) {
    if let Some(document) = window().and_then(|window| window.document()) {
        document.set_title(title);
        if let Some(root) = document.document_element() {
            // Any element takes the attribute.
            let _ = root.set_attribute("lang", language);
        }
    }
}
