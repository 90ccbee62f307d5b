//! The inspector: one page that works offline. It shows what the engine finds in a gossip_store, and
//! in LND's stores (`lnd`).
//!
//! Page and engine are two wasm modules. This one is the page: Leptos, drawing, words. The engine
//! runs in a worker and speaks by messages (`engine`); what it reports comes as the document that
//! is exported, so that the page says what the command line says. The page reads no bytes itself.
//!
//! From top to bottom: verdict → map → tables beside bytes → composition. What is looked at is in
//! the page's address (`address`). Whatever comes from a file is text and stays text: it reaches
//! the document as text nodes only. Nothing here opens a connection or navigates.
#![expect(clippy::needless_pass_by_value, reason = "components and events own what they are given")]
#![expect(unreachable_pub, reason = "Leptos makes what it derives from a component public")]

mod browser;
mod bytes;
mod compare;
mod composition;
mod engine;
mod files;
mod findings;
mod keys;
mod list;
mod lnd;
mod log;
mod map;
mod mark;
mod page;
mod releases;
mod repair;
mod save;
mod state;
mod table;
mod verdict;
mod verifying;
mod view;

use fulgurite_web_logic::{
    address, export, format, labels, layout, page_map, pages, problems, rows, saved, scroll, tab,
    typed,
};
use wasm_bindgen::prelude::wasm_bindgen;

pub use engine::Boot;

/// Puts the page into the document's body; the boot script calls it once, when all is unpacked.
#[wasm_bindgen]
pub fn mount(boot: Boot) {
    // What the page itself does wrong is told to whoever opens the console.
    std::panic::set_hook(Box::new(|why| web_sys::console::error_1(&why.to_string().into())));
    let engine = engine::Engine::new(boot);
    leptos::mount::mount_to_body(move || page::app(engine));
}
