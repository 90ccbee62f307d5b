//! What stands before the words of a line: clock, level, daemon, peer; and what those who pass
//! lines on (docker, journald) put before that.

use alloc::vec::Vec;

use memchr::{memchr, memchr_iter, memchr2_iter};

use super::kind::Program;
use super::time::{Clock, Clocks, outer};
use crate::finding::serialize_by_name;

/// How grave the program thinks a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Messages to and from peers.
    Io,
    /// Finer than debug.
    Trace,
    /// For developers.
    Debug,
    /// For everybody.
    Info,
    /// lightningd's `UNUSUAL`, LND's `WRN`.
    Unusual,
    /// lightningd's `**BROKEN**`, LND's `ERR` and `CRT`.
    Broken,
}

impl Level {
    /// All of them.
    pub const ALL: &'static [Level] =
        &[Level::Io, Level::Trace, Level::Debug, Level::Info, Level::Unusual, Level::Broken];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Io => "io",
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Unusual => "unusual",
            Level::Broken => "broken",
        }
    }
}

serialize_by_name!(Level);

/// lightningd's words for levels. Before v0.7.3 daemons put theirs behind their name, with a colon.
const LEVELS: &[(&[u8], Level)] = &[
    (b"DEBUG", Level::Debug),
    (b"INFO", Level::Info),
    (b"UNUSUAL", Level::Unusual),
    (b"**BROKEN**", Level::Broken),
    (b"TRACE", Level::Trace),
    (b"IO", Level::Io),
    (b"BROKEN", Level::Broken),
];

/// The most frequent ones, as lightningd fills them up.
const PADDED: &[(u64, Level)] = &[
    (u64::from_le_bytes(*b"DEBUG   "), Level::Debug),
    (u64::from_le_bytes(*b"INFO    "), Level::Info),
    (u64::from_le_bytes(*b"UNUSUAL "), Level::Unusual),
    (u64::from_le_bytes(*b"TRACE   "), Level::Trace),
    (u64::from_le_bytes(*b"IO      "), Level::Io),
];

/// LND's.
const LND_LEVELS: &[(&[u8], Level)] = &[
    (b"[INF] ", Level::Info),
    (b"[DBG] ", Level::Debug),
    (b"[WRN] ", Level::Unusual),
    (b"[ERR] ", Level::Broken),
    (b"[TRC] ", Level::Trace),
    (b"[CRT] ", Level::Broken),
];

/// A line taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// When, in milliseconds since 1970.
    pub(super) at: Option<u64>,
    /// Whose, if its form says so.
    pub(super) program: Option<Program>,
    /// How grave.
    pub(super) level: Option<Level>,
    /// The daemon or subsystem, with the peer before it.
    pub(super) daemon: &'a [u8],
    /// The words behind it.
    pub(super) text: &'a [u8],
    /// The words with the daemon before them.
    pub(super) whole: &'a [u8],
    /// Not a line of the program's, but of whoever passes its lines on.
    pub(super) framing: bool,
}

impl<'a> Line<'a> {
    /// The peer that it is about: the 66 digits before the daemon's name.
    pub(super) fn peer(&self) -> Option<&'a [u8; 66]> {
        self.perhaps_peer().filter(|key| key.iter().all(u8::is_ascii_hexdigit))
    }

    /// The same, whether they are digits or not.
    pub(super) fn perhaps_peer(&self) -> Option<&'a [u8; 66]> {
        let (key, rest) = self.daemon.split_first_chunk::<66>()?;
        (rest.first() == Some(&b'-')).then_some(key)
    }
}

/// How lines come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As the program writes them, perhaps with something before them.
    #[default]
    Plain,
    /// `journalctl -o export`: a field a line.
    JournalExport,
    /// One JSON object a line: docker's own files, `journalctl -o json`.
    Json,
}

impl Form {
    /// All of them.
    pub const ALL: &'static [Form] = &[Form::Plain, Form::JournalExport, Form::Json];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Plain => "plain",
            Form::JournalExport => "journal_export",
            Form::Json => "json",
        }
    }
}

serialize_by_name!(Form);

/// How far into a line the program's own clock is looked for.
const PREFIX: usize = 400;

/// Takes lines apart; it remembers where the clock stood in the line before.
#[derive(Debug, Default)]
pub(super) struct Frames {
    clocks: Clocks,
    /// Where the program's clock began in the line before.
    guess: usize,
    /// How lines come, so far.
    pub(super) form: Form,
    /// The time of a journal's entry, which stands before its message.
    entry: Option<u64>,
    /// The log was last written then: seconds since 1970.
    until: Option<u64>,
    /// A line without its colours.
    clean: Vec<u8>,
}

impl Frames {
    /// Nothing read yet; the log was last written then, in seconds since 1970.
    pub(super) fn new(until: Option<u64>) -> Frames {
        Frames { until, ..Frames::default() }
    }

    /// Takes a line apart.
    pub(super) fn read<'a>(&'a mut self, bytes: &'a [u8]) -> Line<'a> {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if let Some((clock, at, len)) =
            bytes.get(self.guess..).and_then(|inner| self.clocks.strict(inner))
        {
            let rest = bytes.get(self.guess + len..).unwrap_or_default();
            if rest.first() != Some(&0x1b) && !rest.first().is_some_and(u8::is_ascii_digit) {
                return of_clock(clock, at, rest);
            }
        }
        self.slowly(bytes)
    }

    /// Whatever does not begin as the line before did.
    fn slowly<'a>(&'a mut self, bytes: &'a [u8]) -> Line<'a> {
        let Some(bytes) = self.unwrap(bytes) else {
            return Line { framing: true, ..Line::default() };
        };
        let head = bytes.get(..PREFIX).unwrap_or(bytes);
        if memchr(0x1b, head).is_some() {
            let mut clean = core::mem::take(&mut self.clean);
            without_colours(bytes, &mut clean);
            self.clean = clean;
            let found = clock_in(&mut self.clocks, &self.clean);
            return apart(found, &self.clean, self.entry, self.until);
        }
        let found = clock_in(&mut self.clocks, bytes);
        if let Some((begin, ..)) = found {
            self.guess = begin;
        }
        apart(found, bytes, self.entry, self.until)
    }

    /// The line inside an entry of a journal or a JSON object; `None` if there is none.
    fn unwrap<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        if bytes.starts_with(b"__CURSOR=") {
            self.form = Form::JournalExport;
            self.entry = None;
            return None;
        }
        if self.form == Form::JournalExport {
            if let Some(at) = bytes.strip_prefix(b"__REALTIME_TIMESTAMP=") {
                self.entry = super::pattern::number(at).map(|at| at / 1_000);
                return None;
            }
            if let Some(message) = bytes.strip_prefix(b"MESSAGE=") {
                return Some(message);
            }
            // Fields of a journal have names in capitals; a message that is not text stands alone.
            let name = bytes.iter().take_while(|byte| {
                byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_'
            });
            let name = name.count();
            let field =
                bytes.is_empty() || name > 0 && matches!(bytes.get(name), Some(b'=') | None);
            return (!field).then_some(bytes);
        }
        if bytes.first() == Some(&b'{') {
            for key in [&b"\"log\":\""[..], b"\"MESSAGE\":\"", b"\"MESSAGE\" : \""] {
                let Some(at) = super::pattern::find(bytes, key) else { continue };
                self.form = Form::Json;
                let inner = bytes.get(at + key.len()..)?;
                let end = memchr_iter(b'"', inner).find(|at| {
                    at.checked_sub(1).and_then(|before| inner.get(before)) != Some(&b'\\')
                });
                let inner = inner.get(..end.unwrap_or(inner.len()))?;
                return Some(inner.strip_suffix(b"\\n").unwrap_or(inner));
            }
        }
        Some(bytes)
    }
}

/// The program's clock, wherever in the first bytes it stands: where it begins, and where the rest.
fn clock_in(clocks: &mut Clocks, bytes: &[u8]) -> Option<(usize, Clock, u64, usize)> {
    let head = bytes.get(..PREFIX).unwrap_or(bytes);
    let mut found = None;
    for colon in memchr_iter(b':', head) {
        // The first colon of `2024-01-02T03:04:05.678Z`; the second one finds nothing.
        let Some(begin) = colon.checked_sub(13) else { continue };
        let inner = bytes.get(begin..)?;
        let end = found.map(|(_, _, _, end)| end);
        match clocks.strict(inner) {
            // docker's own clock may look like the program's, which then follows at once; another
            // one later in the line is part of the words.
            Some((clock, at, len)) if end.is_none_or(|end| begin == end) => {
                found = Some((begin, clock, at, begin + len));
            }
            _ if end.is_some_and(|end| begin > end) => break,
            _ => {}
        }
    }
    found
}

/// A line with the program's clock, or without.
fn apart(
    found: Option<(usize, Clock, u64, usize)>,
    bytes: &[u8],
    entry: Option<u64>,
    until: Option<u64>,
) -> Line<'_> {
    if let Some((_, clock, at, rest)) = found {
        return of_clock(clock, at, bytes.get(rest..).unwrap_or_default());
    }
    let (at, bytes) = passed_on(bytes, until);
    let bytes = without_prefix(bytes);
    let mut line = of_lightningd(at.or(entry), bytes, None);
    line.program = line.level.map(|_| Program::Lightningd);
    line
}

/// A line of somebody who passes lines on, without the program's clock: when, and what it says.
fn passed_on(bytes: &[u8], until: Option<u64>) -> (Option<u64>, &[u8]) {
    // docker compose: `lightningd-1  | `.
    let head = bytes.get(..80).unwrap_or(bytes);
    let bar = head.windows(3).position(|three| three == b" | ");
    let bytes = bar.and_then(|bar| bytes.get(bar + 3..)).unwrap_or(bytes);
    let Some((at, len)) = outer(bytes, until) else { return (None, bytes) };
    let rest = bytes.get(len..).unwrap_or_default();
    // Kubernetes (CRI): the stream, and whether the line is whole.
    for stream in [&b"stderr "[..], b"stdout "] {
        let line = rest.strip_prefix(stream);
        if let Some([b'F' | b'P', b' ', line @ ..]) = line {
            return (at, line);
        }
    }
    // journald: `host lightningd[123]: `.
    let head = rest.get(..PREFIX).unwrap_or(rest);
    let unit = head.windows(3).position(|three| three == b"]: ");
    let message = unit.and_then(|unit| rest.get(unit + 3..));
    (at, message.unwrap_or(rest))
}

/// So many words stand before a line at most, where the program's clock is turned off.
const WORDS: usize = 3;

/// A line of lightningd's without a clock, and without what stands before it: its own `log-prefix`,
/// `stderr F ` of Kubernetes (CRI), `host lightningd: ` of syslog. Its words for levels are filled
/// up to seven bytes, which nobody else does.
fn without_prefix(bytes: &[u8]) -> &[u8] {
    let levels = |line: &[u8]| {
        let padded = line.first_chunk().map(|padded| u64::from_le_bytes(*padded));
        PADDED.iter().any(|(word, _)| Some(*word) == padded) || line.starts_with(b"**BROKEN** ")
    };
    if levels(bytes) {
        return bytes;
    }
    let head = bytes.get(..PREFIX).unwrap_or(bytes);
    let lines = memchr_iter(b' ', head).take(WORDS).filter_map(|at| bytes.get(at + 1..));
    lines.into_iter().find(|line| levels(line)).unwrap_or(bytes)
}

#[inline]
fn of_clock(clock: Clock, at: u64, rest: &[u8]) -> Line<'_> {
    match clock {
        Clock::Lightningd => of_lightningd(Some(at), rest, Some(Program::Lightningd)),
        Clock::Lnd => of_lnd(at, rest),
    }
}

/// `UNUSUAL gossipd: words`; before v0.7.3 `lightning_gossipd(123): TRACE: words`.
#[inline]
fn of_lightningd(at: Option<u64>, rest: &[u8], program: Option<Program>) -> Line<'_> {
    let (mut level, whole) = lightningd_level(rest);
    let (daemon, mut text) = daemon(whole);
    if level.is_none() && !daemon.is_empty() {
        let (inner, words) = self::daemon(text);
        if let Some((_, known)) = LEVELS.iter().find(|(word, _)| *word == inner) {
            (level, text) = (Some(*known), words);
        }
    }
    if text.starts_with(b"STATUS_FAIL_")
        && let (b, words) = self::daemon(text)
        && !b.is_empty()
    {
        text = words;
    }
    Line { at, program, level, daemon, text, whole, framing: false }
}

#[inline]
fn lightningd_level(rest: &[u8]) -> (Option<Level>, &[u8]) {
    // Most lines by far: the word is filled up to seven bytes, and one space stands behind it.
    if let Some((padded, after)) = rest.split_first_chunk()
        && after.first() != Some(&b' ')
    {
        let padded = u64::from_le_bytes(*padded);
        for (word, level) in PADDED {
            if padded == *word {
                return (Some(*level), after);
            }
        }
    }
    for (word, level) in LEVELS {
        if let Some(after) = rest.strip_prefix(*word) {
            let spaces = after.iter().take_while(|byte| **byte == b' ').count();
            if (1..=8).contains(&spaces) {
                return (Some(*level), after.get(spaces..).unwrap_or_default());
            }
        }
    }
    (None, rest)
}

/// `[INF] LTND: words`, or with the place in the source `[INF] LTND lnd.go:165: words`.
fn of_lnd(at: u64, rest: &[u8]) -> Line<'_> {
    let known =
        LND_LEVELS.iter().find_map(|(word, level)| Some((*level, rest.strip_prefix(*word)?)));
    let (level, whole) = known.map_or((None, rest), |(level, whole)| (Some(level), whole));
    let colon = memchr(b':', whole.get(..80).unwrap_or(whole));
    let mut end = colon.unwrap_or_default();
    if memchr(b' ', whole.get(..end).unwrap_or_default()).is_some() {
        // The colon is that of the place: the next one ends it.
        let after = whole.get(end + 1..).unwrap_or_default();
        let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
        end += 1 + digits;
    }
    let text = whole.get(end..).and_then(|rest| rest.strip_prefix(b": "));
    let daemon = text.and_then(|_| whole.get(..end)).unwrap_or_default();
    let text = text.unwrap_or(whole);
    Line { at: Some(at), program: Some(Program::Lnd), level, daemon, text, whole, framing: false }
}

/// A name without spaces before a colon, and the words behind it.
fn daemon(whole: &[u8]) -> (&[u8], &[u8]) {
    let head = whole.get(..160).unwrap_or(whole);
    for at in memchr2_iter(b':', b' ', head) {
        let (name, rest) = whole.split_at_checked(at).unwrap_or_default();
        match rest {
            [b':', b' ', words @ ..] => return (name, words),
            [b':', ..] => {}
            _ => break,
        }
    }
    (&[], whole)
}

/// Without what a terminal takes for colours.
fn without_colours(bytes: &[u8], clean: &mut Vec<u8>) {
    clean.clear();
    let mut rest = bytes;
    while let Some(at) = memchr(0x1b, rest) {
        clean.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(sequence) = rest.strip_prefix(b"[") {
            let len = sequence.iter().take(32).take_while(|byte| !(0x40..0x7f).contains(*byte));
            rest = sequence.get(len.count() + 1..).unwrap_or_default();
        }
    }
    clean.extend_from_slice(rest);
}
