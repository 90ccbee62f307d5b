//! A store that is in use: followed record by record, without writing to it or locking it.
//!
//! The follower does no input or output. At each poll the face says what it sees in the directory
//! ([`Seen`]) and lends the open file ([`Live`]); the follower reads what it wants of it, a bounded
//! amount, puts [`Event`]s out, and says what to do next. Its memory is constant: counts, the last
//! [`REMEMBERED`] wounds, one window.
//!
//! Two things go on at once. The *tail* reads what lightningd appends. A record counts once it is
//! finished: from version 15 on that is what its COMPLETED bit says, before that its checksum. One
//! that is not finished is waited for. It is called a wound only if bytes stand behind it
//! (lightningd writes one record after the other, and the doubtful bytes are read once more after
//! the length that proves it), or if it is still so after [`Options::patience`] polls. *Rounds* go
//! over everything that was read before, a little at each poll, because timestamps, checksums and
//! flags are rewritten in place and because disks rot in place. What looks wrong there may be half
//! of such a rewriting, so it too must look wrong for that many polls.
//!
//! A file is known by its identity, its version byte and the last record that was read of it.
//! lightningd replaces its store by renaming another over it, and then appends an `ended` record to
//! the old one: the follower reads the old file to its end before it asks for the new one.
//!
//! Sources upstream: `gossipd/gossip_store.c` (`append_msg`, `gossip_store_set_flag`,
//! `gossip_store_set_timestamp`, `gossip_store_compact`), `gossipd/gossmap_manage.c`
//! (`compactd_done`, `gossmap_manage_maybe_compact`), at v24.11, v25.12 and v26.06.

mod event;
mod growth;
pub(crate) mod live;
pub(crate) mod record;
pub(crate) mod seek;
mod store;

use alloc::boxed::Box;
use alloc::vec::Vec;

pub use event::{Event, What};
use growth::Growth;
pub use live::Live;
pub use record::Trouble;
use store::Store;
pub use store::{Counts, REMEMBERED};

use super::report::COMPACT_FROM;
use crate::finding::Values;
use crate::source::SourceError;

/// What makes a file that file, whatever its name: on Unix device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId(pub u64, pub u64);

/// How patient, how busy, and what is too much.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// So many polls a record may look unfinished.
    pub patience: u32,
    /// At most so many bytes are read in one poll of what is new.
    pub burst: u64,
    /// So many bytes of what is old are read again at each poll; 0: none.
    pub recheck: u64,
    /// More bytes appended in an hour are told.
    pub growth_per_hour: u64,
    /// So many seconds compaction may be due.
    pub overdue: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            patience: 6,
            burst: 64 << 20,
            recheck: 4 << 20,
            growth_per_hour: 64 << 20,
            overdue: 7_200,
        }
    }
}

/// What the face sees, in this order: the directory first, then the open file.
pub struct Seen<'a> {
    /// Seconds since any moment.
    pub now: u64,
    /// The file that is called gossip_store.
    pub path: Option<FileId>,
    /// The file that is called gossip_store.corrupt.
    pub corrupt: Option<FileId>,
    /// The file that is open: the one last asked for by [`Next::Reopen`].
    pub open: Option<(FileId, &'a dyn Live)>,
}

/// What to do after a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Poll again at once: there is more to read.
    Again,
    /// Poll again after the interval.
    Wait,
    /// Close the file, open what is called gossip_store now, and poll again.
    Reopen,
}

/// Figures of what is followed, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// There is a store, its version is known, and it was read to its end.
    pub following: bool,
    /// The version byte.
    pub version: Option<u8>,
    /// Bytes of the file.
    pub size: u64,
    /// Records; as of the last round, with what was appended since.
    pub counts: Counts,
    /// Wounds that are there now.
    pub wounds: u64,
    /// The last record has been unfinished for long.
    pub unfinished: bool,
    /// There is a gossip_store.corrupt.
    pub corrupt: bool,
    /// The rule of v26.04 for compaction is met.
    pub due: bool,
    /// Rounds over this file.
    pub rounds: u64,
    /// Records appended since the follower began.
    pub appended_records: u64,
    /// Bytes appended since the follower began.
    pub appended_bytes: u64,
    /// Bytes appended in the last hour.
    pub bytes_per_hour: u64,
    /// Bytes appended in the last day.
    pub bytes_per_day: u64,
    /// Stores that took the place of another since the follower began.
    pub replacements: u64,
    /// Events above a note since the follower began.
    pub alarms: u64,
}

/// Follows a store. See the [module](self).
#[derive(Debug)]
pub struct Follower {
    options: Options,
    store: Option<(FileId, Box<Store>)>,
    corrupt: Option<FileId>,
    /// The directory has been looked at.
    looked: bool,
    /// Polls without a store.
    missing: u32,
    /// Polls at which another file had the name.
    gone: u32,
    /// Where the new store begins to differ from the one that ended.
    copied: Option<u64>,
    growth: Growth,
    growing: bool,
    due_since: Option<u64>,
    overdue: bool,
    totals: Figures,
}

impl Follower {
    /// One that has seen nothing.
    pub fn new(options: Options) -> Follower {
        Follower {
            options,
            store: None,
            corrupt: None,
            looked: false,
            missing: 0,
            gone: 0,
            copied: None,
            growth: Growth::new(),
            growing: false,
            due_since: None,
            overdue: false,
            totals: Figures::default(),
        }
    }

    /// Looks once.
    ///
    /// # Errors
    /// What reading the open file failed with. The next poll may be better.
    pub fn poll(&mut self, seen: &Seen<'_>, out: &mut Vec<Event>) -> Result<Next, SourceError> {
        let before = out.len();
        let next = self.look(seen, out);
        let alarms = out.iter().skip(before);
        let alarms = alarms.filter(|event| event.severity > crate::finding::Severity::Info);
        self.totals.alarms += alarms.count() as u64;
        next
    }

    fn look(&mut self, seen: &Seen<'_>, out: &mut Vec<Event>) -> Result<Next, SourceError> {
        self.growth.add(seen.now, 0);
        self.corrupt_file(seen, out);
        let Some((id, live)) = seen.open else { return Ok(self.without(seen, out)) };
        if self.missing > self.options.patience {
            out.push(Event::new(What::Back, Values::new()));
        }
        self.missing = 0;
        let mut store = match self.store.take() {
            Some((known, store)) if known == id => store,
            _ => Box::new(Store::new(self.copied.take())),
        };
        let current = seen.path == Some(id);
        let went = store.go(live, current, &self.options, out);
        let more = went.as_ref().is_ok_and(|went| went.more);
        if let Ok(went) = &went {
            self.totals.appended_records += went.appended_records;
            self.totals.appended_bytes += went.appended_bytes;
            self.growth.add(seen.now, went.appended_bytes);
        }
        let next = if more {
            Next::Again
        } else if current {
            self.gone = 0;
            self.in_use(&mut store, seen.now, out);
            Next::Wait
        } else {
            self.replaced(&store, seen, out)
        };
        self.store = (next != Next::Reopen).then_some((id, store));
        went.map(|_| next)
    }

    /// Whether nothing is in doubt: for a face that looks only once.
    pub fn settled(&self) -> bool {
        match &self.store {
            Some((_, store)) => self.gone == 0 && store.settled(),
            None => self.missing > self.options.patience,
        }
    }

    /// What is known now.
    pub fn figures(&self) -> Figures {
        let (bytes_per_hour, bytes_per_day) = self.growth.rates();
        let totals = Figures {
            corrupt: self.corrupt.is_some(),
            bytes_per_hour,
            bytes_per_day,
            ..self.totals
        };
        let Some((_, store)) = &self.store else { return totals };
        let known = store.format.is_some_and(|format| format.version.is_known());
        Figures {
            following: store.caught_up && known,
            version: store.format.map(|format| format.version.0),
            size: store.len,
            counts: store.counts(),
            wounds: store.wounds(),
            unfinished: store.unfinished(),
            due: is_due(store),
            rounds: store.rounds,
            ..totals
        }
    }

    fn corrupt_file(&mut self, seen: &Seen<'_>, out: &mut Vec<Event>) {
        let what = if self.looked { What::CorruptAppeared } else { What::CorruptThere };
        if self.looked && self.corrupt == seen.corrupt {
            return;
        }
        (self.looked, self.corrupt) = (true, seen.corrupt);
        if seen.corrupt.is_some() {
            out.push(Event::new(what, Values::new()));
        }
    }

    /// No file is open.
    fn without(&mut self, seen: &Seen<'_>, out: &mut Vec<Event>) -> Next {
        self.store = None;
        if seen.path.is_some() {
            return Next::Reopen;
        }
        self.missing = self.missing.saturating_add(1);
        // Between moving one aside and making another there is none for a moment.
        if self.missing == self.options.patience.saturating_add(1) {
            out.push(Event::new(What::Missing, Values::new()));
        }
        Next::Wait
    }

    /// The file that is followed is the store.
    fn in_use(&mut self, store: &mut Store, now: u64, out: &mut Vec<Event>) {
        if let Some(ended) = store.ended.as_mut().filter(|ended| ended.before && !ended.told) {
            // It was there before the face looked at the directory.
            ended.told = true;
            out.push(Event::new(What::EndedInUse, Values::new().with("offset", ended.offset)));
        }
        let (bytes_per_hour, _) = self.growth.rates();
        let limit = self.options.growth_per_hour;
        if self.growing != (bytes_per_hour > limit) {
            self.growing = !self.growing;
            let what = if self.growing { What::Growing } else { What::GrowthNormal };
            let values = Values::new().with("bytes_per_hour", bytes_per_hour).with("limit", limit);
            out.push(Event::new(what, values));
        }
        self.compaction(store, now, out);
    }

    fn compaction(&mut self, store: &Store, now: u64, out: &mut Vec<Event>) {
        if !(store.caught_up && is_due(store)) {
            self.due_since = None;
            self.overdue = false;
            return;
        }
        let counts = store.counts();
        let values = Values::new()
            .with("size", store.len)
            .with("live", counts.live)
            .with("dead", counts.dead);
        let by_size = store.format.is_some_and(|format| format.version.0 >= 16);
        let Some(since) = self.due_since else {
            self.due_since = Some(now);
            let what = if by_size { What::CompactionDue } else { What::Bloated };
            out.push(Event::new(what, values));
            return;
        };
        let seconds = now.saturating_sub(since);
        if by_size && seconds >= self.options.overdue && !self.overdue {
            self.overdue = true;
            out.push(Event::new(What::CompactionOverdue, values.with("seconds", seconds)));
        }
    }

    /// Another file has the name, or none.
    fn replaced(&mut self, store: &Store, seen: &Seen<'_>, out: &mut Vec<Event>) -> Next {
        self.gone = self.gone.saturating_add(1);
        let size = Values::new().with("size", store.len);
        let moved = seen.corrupt.is_some() && seen.corrupt == seen.open.map(|(id, _)| id);
        let (what, values) = if let Some(ended) = &store.ended {
            self.copied = Some(ended.equivalent);
            (What::Compacted, size.with("new_size", ended.equivalent))
        } else if moved {
            (What::MovedAside, size)
        } else if self.gone < self.options.patience {
            // The `ended` record is written after the renaming.
            return Next::Wait;
        } else if seen.path.is_none() {
            // Without a store there is nothing to follow, which is told in its own time.
            return Next::Reopen;
        } else {
            (What::Replaced, size)
        };
        let mut event = Event::new(what, values);
        // Up to v23.11 the `ended` record went astray.
        if what == What::Replaced && store.format.is_some_and(|format| format.version.0 < 14) {
            event.severity = crate::finding::Severity::Info;
        }
        out.push(event);
        self.totals.replacements += 1;
        self.gone = 0;
        self.due_since = None;
        self.overdue = false;
        Next::Reopen
    }
}

/// The rule of v26.04 and later (`gossmap_manage_maybe_compact`).
fn is_due(store: &Store) -> bool {
    let counts = store.counts();
    store.len >= COMPACT_FROM && counts.dead >= counts.live.saturating_mul(4)
}
