//! Ctrl-C: the first asks to stop, the second stops.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::{Code, Trouble};

static ASKED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C is noted instead of killing the process.
pub(crate) fn listen() {
    // Without a handler Ctrl-C kills, which is no worse.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(Code::Cancelled.number().into());
        }
    });
}

/// An error once Ctrl-C was pressed; long work asks this in every round.
pub(crate) fn check() -> Result<(), Trouble> {
    if ASKED.load(Ordering::Relaxed) { Err(Trouble::Cancelled) } else { Ok(()) }
}
