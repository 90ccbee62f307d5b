//! When a line was written: the clocks that stand before lines.
//!
//! lightningd writes `2024-01-02T03:04:05.678Z`, in UTC; LND `2025-01-02 03:04:05.678`, in the
//! machine's own time, which it does not name: that is taken as if it were UTC, and the report
//! says so. What programs put before lines that they pass on (journald, docker) is more varied;
//! see [`outer`].

/// The calendar repeats every 400 years of 146,097 days.
const ERA: i64 = 146_097;

/// Days from 1970-01-01 to this day.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last of a year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Seconds since 1970 of a date and a time of day; `None` for what no calendar has.
fn seconds(date: [i64; 3], [hour, minute, second]: [i64; 3]) -> Option<u64> {
    let [year, month, day] = date;
    let fits = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    fits.then_some(seconds)?.try_into().ok()
}

/// A number of exactly so many digits at that place.
fn digits(text: &[u8], at: usize, len: usize) -> Option<i64> {
    let digits = text.get(at..at.checked_add(len)?)?;
    digits.iter().try_fold(0_i64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
    })
}

/// Whether that byte stands at that place.
fn is(text: &[u8], at: usize, byte: u8) -> bool {
    text.get(at) == Some(&byte)
}

/// Seconds since 1970 of `2024-01-02T03:04:05`, or the same with a space.
fn date_and_time(text: &[u8]) -> Option<u64> {
    let shape = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if !shape.iter().all(|(at, byte)| is(text, *at, *byte)) {
        return None;
    }
    if !is(text, 10, b'T') && !is(text, 10, b' ') {
        return None;
    }
    let part = |at, len| digits(text, at, len);
    seconds([part(0, 4)?, part(5, 2)?, part(8, 2)?], [part(11, 2)?, part(14, 2)?, part(17, 2)?])
}

/// Whose clock it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// lightningd's.
    Lightningd,
    /// LND's.
    Lnd,
}

/// Reads clocks. Lines of the same second follow each other: what was read last is remembered.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    last: [u8; 19],
    seconds: u64,
}

impl Clocks {
    /// The clock that stands right at the beginning, in milliseconds since 1970, and how many bytes
    /// it takes with the space behind it.
    #[inline]
    pub(super) fn strict(&mut self, text: &[u8]) -> Option<(Clock, u64, usize)> {
        let (clock, rest) = text.split_first_chunk::<19>()?;
        let [b'.', hundreds, tens, ones, behind, next, ..] = rest else { return None };
        let whose = match (clock.get(10)?, behind, next) {
            (b'T', b'Z', b' ') => (Clock::Lightningd, 25),
            (b' ', b' ', b'[' | 0x1b) => (Clock::Lnd, 24),
            _ => return None,
        };
        let mut milliseconds = 0;
        for digit in [hundreds, tens, ones] {
            let digit = digit.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            milliseconds = milliseconds * 10 + u64::from(digit);
        }
        if *clock != self.last {
            self.seconds = date_and_time(clock)?;
            self.last = *clock;
        }
        let at = self.seconds * 1_000 + milliseconds;
        Some((whose.0, at, whose.1))
    }
}

/// What a program that passes lines on puts before them: milliseconds since 1970, if the clock
/// says enough for that, and how many bytes it takes with the space behind it.
///
/// Known: RFC 3339 with any number of decimals and with `Z` or an offset (docker, journald's
/// `short-iso`), journald's `short-full`, `short-unix`, and syslog's, which has no year: it gets the
/// latest that is not after `until`.
pub(super) fn outer(text: &[u8], until: Option<u64>) -> Option<(Option<u64>, usize)> {
    rfc3339(text).or_else(|| full(text)).or_else(|| unix(text)).or_else(|| syslog(text, until))
}

/// `2024-01-02T03:04:05.678901+01:00 `.
fn rfc3339(text: &[u8]) -> Option<(Option<u64>, usize)> {
    let seconds = date_and_time(text)?;
    let mut at = 19;
    let mut milliseconds = 0;
    if is(text, at, b'.') || is(text, at, b',') {
        let decimals = text.get(at + 1..)?.iter().take_while(|byte| byte.is_ascii_digit());
        let count = decimals.count();
        milliseconds = digits(text, at + 1, count.min(3))?.unsigned_abs()
            * [1, 100, 10, 1].get(count.min(3)).copied().unwrap_or(1);
        at += 1 + count;
    }
    let mut east = 0;
    match text.get(at)? {
        b'Z' => at += 1,
        sign @ (b'+' | b'-') => {
            let colon = usize::from(is(text, at + 3, b':'));
            let minutes = digits(text, at + 1, 2)? * 60 + digits(text, at + 3 + colon, 2)?;
            east = if *sign == b'+' { minutes } else { -minutes };
            at += 5 + colon;
        }
        _ => {}
    }
    let seconds = seconds.checked_add_signed(-60 * east)?;
    is(text, at, b' ').then_some((Some(seconds * 1_000 + milliseconds), at + 1))
}

/// `Tue 2024-01-02 03:04:05 UTC `: the day of the week before it, the zone behind it. Another zone
/// than UTC is read as if it were UTC.
fn full(text: &[u8]) -> Option<(Option<u64>, usize)> {
    let inner = text.get(4..)?;
    if !is(text, 3, b' ') || !text.get(..3)?.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let seconds = date_and_time(inner)?;
    let zone = inner.get(20..)?.iter().take(6).position(|byte| *byte == b' ')?;
    Some((Some(seconds * 1_000), 4 + 20 + zone + 1))
}

/// `1704164645.678901 `.
fn unix(text: &[u8]) -> Option<(Option<u64>, usize)> {
    let seconds = digits(text, 0, 10)?.unsigned_abs();
    let milliseconds = digits(text, 11, 3)?.unsigned_abs();
    let at = text.iter().take(24).position(|byte| *byte == b' ')?;
    is(text, 10, b'.').then_some((Some(seconds * 1_000 + milliseconds), at + 1))
}

/// `Jan  2 03:04:05 `.
fn syslog(text: &[u8], until: Option<u64>) -> Option<(Option<u64>, usize)> {
    let names = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let name = text.get(..3)?;
    let month = names.chunks(3).zip(1..).find(|(known, _)| *known == name)?.1;
    let day = match digits(text, 4, 2) {
        Some(day) => day,
        None if is(text, 4, b' ') => digits(text, 5, 1)?,
        None => return None,
    };
    let shape = [(3, b' '), (6, b' '), (9, b':'), (12, b':')];
    if !shape.iter().all(|(at, byte)| is(text, *at, *byte)) {
        return None;
    }
    let time = [digits(text, 7, 2)?, digits(text, 10, 2)?, digits(text, 13, 2)?];
    let end = text.get(15..)?.iter().take(10).position(|byte| *byte == b' ')?;
    let at = until.and_then(|until| {
        // A day's grace: the zone is not known.
        let until = until.saturating_add(86_400);
        let year = 1970 + i64::try_from(until / 86_400).ok()? * 400 / ERA;
        let of = |year| seconds([year, month, day], time).filter(|at| *at <= until);
        Some(of(year + 1).or_else(|| of(year)).or_else(|| of(year - 1))? * 1_000)
    });
    Some((at, 15 + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2024-01-02 03:04:05 UTC, by `date -u -d … +%s`.
    const THEN: u64 = 1_704_164_645;

    #[test]
    fn both_programs_clocks_are_read() {
        let mut clocks = Clocks::default();
        for _ in 0..2 {
            let line = b"2024-01-02T03:04:05.678Z UNUSUAL gossipd: x";
            assert_eq!(clocks.strict(line), Some((Clock::Lightningd, THEN * 1_000 + 678, 25)));
            let line = b"2024-01-02 03:04:05.001 [INF] LTND: x";
            assert_eq!(clocks.strict(line), Some((Clock::Lnd, THEN * 1_000 + 1, 24)));
        }
        let mut second = |text: &[u8]| clocks.strict(text).map(|(_, at, _)| at / 1_000);
        assert_eq!(second(b"1970-01-01T00:00:00.000Z "), Some(0));
        assert_eq!(second(b"2000-02-29T23:59:59.000Z "), Some(951_868_799));
        assert_eq!(second(b"2100-03-01T00:00:00.999Z "), Some(4_107_542_400));
        for broken in [
            &b"2024-13-02T03:04:05.678Z "[..],
            b"2024-01-02T03:04:05.678Z",
            b"2024-01-02T03:04:05.67xZ ",
            b"2024-01-02T24:04:05.678Z ",
            b"2024-01-00T03:04:05.678Z ",
            b"20x4-01-02T03:04:05.678Z ",
            b"1969-12-31T23:59:59.678Z ",
            b"",
        ] {
            assert_eq!(clocks.strict(broken), None);
        }
    }

    #[test]
    fn clocks_of_those_who_pass_lines_on() {
        fn at(text: &str) -> Option<(Option<(u64, u64)>, &str)> {
            let (at, len) = outer(text.as_bytes(), Some(THEN))?;
            Some((at.map(|at| (at / 1_000, at % 1_000)), &text[len..]))
        }
        assert_eq!(at("2024-01-02T03:04:05.678901234Z a"), Some((Some((THEN, 678)), "a")));
        assert_eq!(at("2024-01-02T04:04:05+0100 a"), Some((Some((THEN, 0)), "a")));
        assert_eq!(at("2024-01-01T21:34:05.5-05:30 a"), Some((Some((THEN, 500)), "a")));
        assert_eq!(at("Tue 2024-01-02 03:04:05 UTC a"), Some((Some((THEN, 0)), "a")));
        assert_eq!(at("1704164645.123456 a"), Some((Some((THEN, 123)), "a")));
        assert_eq!(at("Jan 02 03:04:05 a"), Some((Some((THEN, 0)), "a")));
        assert_eq!(at("Jan  2 03:04:05.123456 a"), Some((Some((THEN, 0)), "a")));
        // 2023-12-31 23:00:00: the year before.
        assert_eq!(at("Dec 31 23:00:00 a"), Some((Some((1_704_063_600, 0)), "a")));
        assert_eq!(outer(b"Jan 02 03:04:05 a", None), Some((None, 16)));
        for other in ["gossipd: x", "Jan", "", "Foo 02 03:04:05 a", "1704164645 a"] {
            assert_eq!(at(other), None, "{other}");
        }
    }
}
