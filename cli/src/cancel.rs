//! Ctrl-C, and SIGTERM as systemd sends it: the first asks to stop, the second stops.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit::{Code, Trouble};

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// From here on these signals are noted instead of killing the process, which would leave behind
/// what is half written.
pub(crate) fn listen() {
    for signal in [SIGINT, SIGTERM] {
        // Without a handler it kills, which is no worse. This one comes first: it asks whether the
        // signal has come before.
        let code = Code::Cancelled.number().into();
        let _ = flag::register_conditional_shutdown(signal, code, Arc::clone(&ASKED));
        let _ = flag::register(signal, Arc::clone(&ASKED));
    }
}

/// An error once it was asked for; long work asks this in every round.
pub(crate) fn check() -> Result<(), Trouble> {
    if ASKED.load(Ordering::Relaxed) { Err(Trouble::Cancelled) } else { Ok(()) }
}
