//! A model of `common/gossmap.c`: how gossipd (from v24.02), plugins and connectd (from v24.08)
//! read a store, strictly or not.
//!
//! Both ways are one walk: they part only where the strict one gives up, so the strict verdict is
//! noted there and the walk goes on as the lenient one.
//!
//! Fields are read by their place in the *file*, as upstream does, even where a record is shorter
//! than they are: then they are those of the records behind it, or lie behind the end of the file,
//! which is an assertion's failure. So the walk keeps what such a field can reach:
//! [`REACH`] bytes.

mod messages;

use alloc::format;
use alloc::string::String;

use hashbrown::HashMap;

use super::degrees::Degrees;
use super::outcome::{Check, Trouble};
use super::rules::{Ended, Gossmap, Reads};
use super::window::Window;
use crate::gossip::crc;
use crate::gossip::format::{Flags, Layout, RecordHeader, Version};
use crate::gossip::network::Limits;

/// How far behind a header a field can lie: that of a private channel's announcement with the
/// longest features.
const REACH: usize = HEADER + 12 + 260 + 65_535 + 32 + 8 + 66;

const HEADER: usize = 12;

/// The length of a record header, as an offset.
const HDR: u64 = HEADER as u64;

type State = foldhash::fast::FixedState;

/// The walk.
#[derive(Debug)]
pub(super) struct Walk {
    rules: Gossmap,
    /// Whether this is gossipd.
    gossipd: bool,
    limits: Limits,
    window: Window,
    /// How far the walk is: upstream's `map_end`.
    end: u64,
    channels: HashMap<u64, Channel, State>,
    nodes: Degrees,
    updates: u64,
    /// Channels of whose capacity nobody may ask, and the first of them.
    unaskable: (u64, Option<Unaskable>),
    limited: bool,
    unsure: bool,
    /// Whether the record where the walk is stands in the file as a whole.
    whole: bool,
    /// Where an `ended` record stands and where it points.
    jump: Option<(u64, u64)>,
    strict: Option<Trouble>,
    stop: Option<Trouble>,
}

/// A channel without an amount behind it, or with one that is too large.
#[derive(Clone, Copy, Debug)]
struct Unaskable {
    source: u64,
    satoshis: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    announced: u64,
    nodes: [u32; 2],
    halves: u8,
    unaskable: bool,
    private: bool,
}

/// What the walk came to.
#[derive(Clone, Debug)]
pub(super) struct Walked {
    /// What made the strict load fail.
    pub(super) strict: Option<Trouble>,
    /// What ended the lenient one before the end of the file.
    pub(super) stop: Option<Trouble>,
    /// What kills whoever asks for capacities.
    pub(super) capacity: Option<Trouble>,
    /// How far it came.
    pub(super) processed: u64,
    /// Of how many bytes.
    pub(super) size: u64,
    /// Channels, directions with an update, nodes.
    pub(super) counts: [u64; 3],
    /// Whether a limit was reached.
    pub(super) limited: bool,
    /// Whether what made it end is a whole record: whoever only goes by lengths passes over it.
    pub(super) passable: bool,
    /// Whether the file goes on to be read from a place that a marker names, which is not
    /// followed here: how that ends is a guess.
    pub(super) unsure: bool,
}

impl Walk {
    /// A walk over a file; `rewritten` if [`Walk::mark`] will say where its records come from.
    pub(super) fn new(
        rules: Gossmap,
        gossipd: bool,
        rewritten: bool,
        limits: Limits,
        seed: u64,
    ) -> Walk {
        let state = State::with_seed(seed);
        Walk {
            rules,
            gossipd,
            limits,
            window: Window::new(rewritten),
            end: 1,
            channels: HashMap::with_hasher(state.clone()),
            nodes: Degrees::new(state, limits.nodes),
            updates: 0,
            unaskable: (0, None),
            whole: false,
            jump: None,
            limited: false,
            unsure: false,
            strict: None,
            stop: None,
        }
    }

    /// Says that the next pushed byte begins a record that stood at this offset.
    pub(super) fn mark(&mut self, source: u64) {
        if self.stop.is_none() {
            self.window.mark(source);
        }
    }

    /// Takes the next bytes of the file.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            bytes = self.window.push(bytes, 2 * REACH);
            if self.window.held() >= 2 * REACH || self.stop.is_some() {
                self.run(false);
                let needed = if self.stop.is_some() { self.window.size() } else { self.end };
                self.window.forget(needed);
            }
        }
    }

    /// Says that there are no more bytes. `own` is the version that the release writes.
    pub(super) fn finish(mut self, own: u8) -> Walked {
        match self.window.version() {
            None => {
                let assertion = self.assertion(0);
                let died = Trouble::new(Check::Version, 0, assertion).deadly();
                (self.strict, self.stop) = (Some(died.clone()), Some(died));
            }
            Some(byte) if !self.opens(byte, own) => {
                let complains = self.rules.checks;
                let line = complains.then(|| format!("Unknown gossip_store version {byte}"));
                let log = line.into_iter().collect();
                let trouble = Trouble { check: Check::Version, at: 0, log, dies: false };
                (self.strict, self.stop) = (Some(trouble.clone()), Some(trouble));
            }
            Some(_) => self.run(true),
        }
        self.settle_jump();
        if self.strict.is_none() && self.end != self.window.size() {
            let log = format!(
                "gossip_store only processed {} bytes of {} (expected {})",
                self.end,
                self.window.size(),
                self.window.size()
            );
            let check = match &self.stop {
                Some(stop) => stop.check,
                None if self.end < self.window.size() => Check::Stray,
                None => Check::Torn,
            };
            let at = self.stop.as_ref().map_or(self.window.source(self.end), |stop| stop.at);
            self.strict = Some(Trouble::new(check, at, log));
        }
        for trouble in self.strict.iter_mut().chain(&mut self.stop) {
            for line in &mut trouble.log {
                *line = line.replace("{size}", &format!("{}", self.window.size()));
            }
        }
        let passable = self.stop.is_some() && self.whole;
        let capacity =
            self.unaskable.1.filter(|_| self.rules.capacity_asserts && self.unaskable.0 > 0);
        let capacity = capacity.map(|channel| {
            let line = match channel.satoshis {
                Some(satoshis) => format!("invalid capacity {satoshis}sat"),
                None => "gossmap_chan_get_capacity: Assertion `type == \
                         WIRE_GOSSIP_STORE_CHANNEL_AMOUNT' failed."
                    .into(),
            };
            Trouble::new(Check::Amount, channel.source, line).deadly()
        });
        Walked {
            strict: self.strict,
            stop: self.stop,
            capacity,
            processed: self.end,
            size: self.window.size(),
            counts: [self.channels.len() as u64, self.updates, self.nodes.known()],
            limited: self.limited,
            passable,
            unsure: self.unsure,
        }
    }

    /// An `ended` record that points into the file: some releases read on from there. If it points
    /// at itself they meet it again, until the stack is used up; what they would meet elsewhere
    /// is not followed here.
    fn settle_jump(&mut self) {
        let Some((marker, to)) =
            self.jump.filter(|_| self.end.saturating_add(HDR) < self.window.size())
        else {
            return;
        };
        self.unsure = self.rules.ended != Ended::Jumps && to != marker;
        if self.rules.ended == Ended::Rereads
            && let Some(stop) = self.stop.take()
        {
            self.end = marker;
            let trouble = self.deadly(stop.deadly());
            self.stop = Some(trouble);
        }
    }

    fn opens(&self, byte: u8, own: u8) -> bool {
        match self.rules.reads {
            Reads::Same => byte == own,
            Reads::MajorZero => Version(byte).major() == 0,
        }
    }

    /// Walks as far as what is there allows.
    fn run(&mut self, last: bool) {
        while self.stop.is_none() {
            let enough = self.window.size() >= self.end.saturating_add(REACH as u64);
            if !(enough || last && self.end.saturating_add(HDR) < self.window.size()) {
                return;
            }
            if let Err(trouble) = self.record() {
                self.stop = Some(trouble);
            }
        }
    }

    /// A trouble of which gossipd dies too, if it has not given up before.
    fn deadly(&mut self, trouble: Trouble) -> Trouble {
        self.fails(&trouble);
        trouble
    }

    /// The strict load ends here, if it has not before.
    fn fails(&mut self, trouble: &Trouble) {
        if self.strict.is_none() {
            self.strict = Some(trouble.clone());
        }
    }

    /// One record; an error ends the walk.
    fn record(&mut self) -> Result<(), Trouble> {
        let at = self.end;
        let source = self.window.source(at);
        let header = self.bytes(at, HEADER, source)?;
        // The slice is as long as was asked for.
        let Some(header) = RecordHeader::parse(Layout::Long, header) else { return Ok(()) };
        let len = header.len as usize;
        let next = at + HDR + u64::from(header.len);
        self.whole = next <= self.window.size();
        if self.rules.completed && !header.flags.contains(Flags::COMPLETED) {
            return Err(Trouble::silent(Check::Completed, source));
        }
        let skipped = self.rules.skips_zombies && header.flags.contains(Flags::ZOMBIE);
        if header.flags.is_deleted() || skipped {
            self.end = next;
            return Ok(());
        }
        if !self.whole {
            return Err(Trouble::silent(Check::Torn, source));
        }
        let off = at + HDR;
        if self.rules.checks {
            self.check(at, off, &header, source)?;
        }
        let kind = self.be16(off, source)?;
        match kind {
            256 => self.announcement(off, len, at, source)?,
            4104 if self.rules.private => self.announcement(off + 12, 0, at, source)?,
            258 => self.update(off, source)?,
            4102 if self.rules.private => self.update(off + 4, source)?,
            257 => self.node(off, source)?,
            4103 => {
                let scid = self.be64(off + 2, source)?;
                self.remove(scid);
            }
            4105 if self.rules.ended != Ended::Unknown => return self.ended(off, next, source),
            // The length is given to a `%s`: the process dies of it, but only gossipd parses this.
            4106 if self.gossipd && self.rules.dying_crashes && len < 14 => {
                self.fails(&Trouble::silent(Check::Dying, source).deadly());
            }
            4101 | 4106 => {}
            4107 if self.rules.knows_uuid => {}
            _ if self.rules.checks => {
                let log = format!("Unknown record {kind}@{off} (size {len}) in gossmap: ignoring");
                self.fails(&Trouble::new(Check::Type, source, log));
            }
            _ => {}
        }
        self.end = next;
        Ok(())
    }

    /// Length and checksum, from v25.02. The lines tell the file's size, which only the end of the
    /// walk knows: `{size}` keeps its place.
    fn check(
        &mut self,
        at: u64,
        off: u64,
        header: &RecordHeader,
        source: u64,
    ) -> Result<(), Trouble> {
        let disabling = if self.rules.completed { " and disabling mmap" } else { "" };
        let trouble = if header.len < 2 {
            let len = header.len;
            let log =
                format!("Truncated gossmap record @{at}/{{size}} (len {len}): waiting{disabling}");
            Trouble::new(Check::TooShort, source, log)
        } else {
            let body = self.bytes(off, header.len as usize, source)?;
            if crc::crc32c(header.timestamp, body) == header.crc {
                return Ok(());
            }
            let crc = header.crc;
            let log = format!(
                "Bad checksum on gossmap record @{at}/{{size}} should be {crc} (<hex>): \
                 waiting{disabling}"
            );
            Trouble::new(Check::Checksum, source, log)
        };
        self.fails(&trouble);
        Err(trouble)
    }

    fn be16(&mut self, at: u64, source: u64) -> Result<u16, Trouble> {
        let bytes = self.bytes(at, 2, source)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    fn be64(&mut self, at: u64, source: u64) -> Result<u64, Trouble> {
        let bytes = self.bytes(at, 8, source)?;
        Ok(bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    fn id(&mut self, at: u64, source: u64) -> Result<[u8; 33], Trouble> {
        let bytes = self.bytes(at, 33, source)?;
        let mut id = [0; 33];
        id.copy_from_slice(bytes);
        Ok(id)
    }

    /// `map_copy`: bytes of the file, or an assertion's failure. What is returned has the length
    /// that was asked for.
    fn bytes(&mut self, at: u64, len: usize, source: u64) -> Result<&[u8], Trouble> {
        if self.window.get(at, len).is_none() {
            let trouble = Trouble::new(Check::Fields, source, self.assertion(at)).deadly();
            return Err(self.deadly(trouble));
        }
        Ok(self.window.get(at, len).unwrap_or_default())
    }

    /// The assertion that fails where a field lies behind the end of the file.
    fn assertion(&self, at: u64) -> String {
        let expression = match (at >= self.window.size(), self.rules.two_locals) {
            (false, _) => "offset + len <= map->map_size",
            (true, true) => "localchanoff + len <= tal_bytelen(map->local_updates)",
            (true, false) if self.rules.ended != Ended::Unknown => {
                "localoff + len <= tal_bytelen(map->local)"
            }
            (true, false) => "offset < map->map_size",
        };
        format!("map_copy: Assertion `{expression}' failed.")
    }
}
