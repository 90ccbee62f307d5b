//! `fulgurite watch`: what happens to a gossip_store while lightningd uses it, one line for each
//! event. Nothing is written to it, nothing is locked.

mod metrics;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use fulgurite_core::finding::Severity;
use fulgurite_core::gossip::follow::{Event, FileId, Follower, Live, Next, Options, Seen};
use serde::Serialize;

use crate::args::Watch;
use crate::cancel;
use crate::exit::{Code, Trouble, complain};
use crate::live::{LiveFile, id_of};
use crate::output::{FAINT, Face, date, severity, stdout};
use crate::words;

/// A line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    /// Seconds since 1970.
    time: u64,
    #[serde(flatten)]
    event: &'a Event,
}

/// With `--once` there are so many looks, so close together.
const ONCE: (u32, Duration) = (4, Duration::from_millis(250));

/// Watches until Ctrl-C, or until nothing is in doubt.
pub(crate) fn run(arguments: &Watch, face: Face) -> Result<Code, Trouble> {
    if !arguments.folder.is_dir() {
        return Err(Trouble::with(&arguments.folder, words::watch::NO_FOLDER.get(face.language)));
    }
    if let Some(file) = &arguments.metrics {
        metrics::must_be_ours(file, face)?;
    }
    let mut watcher = Watcher::new(arguments);
    let mut worst = Severity::Info;
    let (mut failed, mut unwritten) = (None, None);
    let (mut looks, mut looked) = (0, 0);
    loop {
        let mut events = Vec::new();
        let now = seconds();
        match watcher.look(now, &mut events) {
            Ok(()) => (failed, looked) = (None, now),
            Err(trouble) => once(trouble, &mut failed)?,
        }
        for event in &events {
            worst = worst.max(event.severity);
            print(event, now, arguments.json, face)?;
        }
        if let Some(file) = &arguments.metrics {
            match metrics::write(file, &watcher.follower.figures(), looked) {
                Ok(()) => unwritten = None,
                // What cannot be written at all is told before anybody relies on it.
                Err(trouble) if looks == 0 => return Err(trouble),
                Err(trouble) => once(trouble, &mut unwritten)?,
            }
        }
        looks += 1;
        let decided = watcher.follower.settled() || looks >= 3 * ONCE.0 + 2;
        if arguments.once && decided && failed.is_some() {
            return Ok(Code::Unreadable);
        }
        if arguments.once && decided {
            return Ok(if worst > Severity::Info { Code::Found } else { Code::Fine });
        }
        let pause = if arguments.once { ONCE.1 } else { Duration::from_secs(arguments.interval) };
        if !wait(pause) {
            // That is how a watch ends.
            return if arguments.once { Err(Trouble::Cancelled) } else { Ok(Code::Fine) };
        }
    }
}

/// Tells what failed when it fails, not at every look.
fn once(trouble: Trouble, told: &mut Option<String>) -> Result<(), Trouble> {
    let Trouble::Failed(why) = trouble else { return Err(trouble) };
    if told.as_ref() != Some(&why) {
        complain(&why);
    }
    *told = Some(why);
    Ok(())
}

/// The directory, and what is open of it.
struct Watcher {
    follower: Follower,
    store: PathBuf,
    corrupt: PathBuf,
    open: Option<LiveFile>,
}

impl Watcher {
    fn new(arguments: &Watch) -> Watcher {
        let options = Options {
            patience: if arguments.once { ONCE.0 } else { arguments.patience },
            recheck: if arguments.once { 0 } else { arguments.recheck },
            growth_per_hour: arguments.growth_limit,
            ..Options::default()
        };
        Watcher {
            follower: Follower::new(options),
            store: arguments.folder.join("gossip_store"),
            corrupt: arguments.folder.join("gossip_store.corrupt"),
            open: None,
        }
    }

    /// Looks until there is nothing more to read for now.
    fn look(&mut self, now: u64, events: &mut Vec<Event>) -> Result<(), Trouble> {
        loop {
            // The directory first: what it says must be older than what is read.
            let name = |path: &PathBuf| -> Result<Option<FileId>, Trouble> {
                id_of(path).map_err(|error| Trouble::with(path, error))
            };
            let (path, corrupt) = (name(&self.store)?, name(&self.corrupt)?);
            let open = self.open.as_ref().map(|file| (file.id(), file as &dyn Live));
            let seen = Seen { now, path, corrupt, open };
            let next = self.follower.poll(&seen, events);
            match next.map_err(|error| Trouble::source(&self.store, &error))? {
                Next::Wait => return Ok(()),
                Next::Again if cancel::check().is_err() => return Ok(()),
                Next::Again => {}
                Next::Reopen => {
                    // What was open is no longer what is to be followed, whatever comes now.
                    self.open = None;
                    self.open = match LiveFile::open(&self.store) {
                        Ok(file) => Some(file),
                        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
                        Err(error) => return Err(Trouble::with(&self.store, error)),
                    };
                }
            }
        }
    }
}

fn print(event: &Event, now: u64, json: bool, face: Face) -> Result<(), Trouble> {
    let mut out = stdout();
    if json {
        let line = serde_json::to_string(&Line { time: now, event });
        writeln!(out, "{}", line.map_err(|error| Trouble::Failed(error.to_string()))?)?;
    } else {
        let (style, sign) = severity(event.severity);
        let time = date(u32::try_from(now).unwrap_or(u32::MAX));
        let text = words::watch::event(face, event);
        writeln!(out, "{FAINT}{time}{FAINT:#} {style}{sign}{style:#} {text}")?;
    }
    out.flush()?;
    Ok(())
}

/// Seconds since 1970.
pub(crate) fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Waits; `false` if Ctrl-C was pressed meanwhile.
pub(crate) fn wait(pause: Duration) -> bool {
    let since = Instant::now();
    loop {
        if cancel::check().is_err() {
            return false;
        }
        let left = pause.saturating_sub(since.elapsed());
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(Duration::from_millis(100)));
    }
}
