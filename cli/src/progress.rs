//! A bar on stderr for work that takes longer than half a second, if stderr is a terminal.

use std::io::{IsTerminal as _, stderr};
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::exit::shown;

/// How far a file is read. The bar goes away when this is dropped.
pub(crate) struct Progress {
    label: String,
    total: u64,
    since: Instant,
    state: State,
}

enum State {
    Off,
    Waiting,
    Bar(ProgressBar),
}

impl Progress {
    /// Work that is done quickly shows no bar.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// Of a file with so many bytes to read.
    pub(crate) fn of(path: &Path, total: u64) -> Progress {
        let state = if stderr().is_terminal() { State::Waiting } else { State::Off };
        Progress { label: shown(path), total, since: Instant::now(), state }
    }

    /// Never a bar: rows on the same terminal would be torn apart by it.
    pub(crate) fn off() -> Progress {
        Progress { label: String::new(), total: 0, since: Instant::now(), state: State::Off }
    }

    /// So many bytes are done.
    pub(crate) fn at(&mut self, done: u64) {
        match &self.state {
            State::Off => {}
            State::Waiting if self.since.elapsed() < Self::PATIENCE => {}
            State::Waiting => self.state = State::Bar(self.bar(done)),
            State::Bar(bar) => bar.set_position(done),
        }
    }

    /// So much of so much is done, whatever the unit.
    pub(crate) fn share(&mut self, done: u64, total: u64) {
        let share = u128::from(done) * u128::from(self.total) / u128::from(total.max(1));
        self.at(u64::try_from(share).unwrap_or(self.total));
    }

    fn bar(&self, done: u64) -> ProgressBar {
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let bar = ProgressBar::with_draw_target(Some(self.total), target);
        let template = "{wide_bar} {bytes} / {total_bytes}, {eta} · {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(self.label.clone());
        bar.set_elapsed(self.since.elapsed());
        bar.set_position(done);
        bar
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let State::Bar(bar) = &self.state {
            bar.finish_and_clear();
        }
    }
}
