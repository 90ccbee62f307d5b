//! Points in time as Go programs leave them: `time.Time` in its binary form, as nanoseconds since
//! 1970, and as the text that a database has.
//!
//! Binary (Go's `time.Time.MarshalBinary`): a version byte; seconds since the year 1 (i64, big-endian);
//! nanoseconds (i32); the zone in minutes east of UTC (i16), −1 for UTC itself; version 2, for
//! zones of uneven minutes, has a byte of seconds more.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::bytes::Reader;
use super::invoice::{DecodeError, DecodeErrorKind};

/// Seconds between the year 1 and 1970.
pub const YEAR_1_TO_1970: i64 = 62_135_596_800;

/// What LND before v0.13 wrote for the zero time of an HTLC: Go's `UnixNano` of the year 1, which
/// overflows. It reads back as 1754-08-30 22:43:41.128654848.
pub const OVERFLOWED_ZERO: i64 = -6_795_364_578_871_345_152;

/// A point in time, exactly as it was stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Seconds since 0001-01-01 00:00:00 UTC.
    pub seconds: i64,
    /// Nanoseconds of the second; from a damaged file not always below 10⁹.
    pub nanoseconds: i32,
    /// The zone that was stored beside it. It changes nothing about the point in time.
    pub zone: Zone,
}

/// A zone stored beside a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// None was stored.
    #[default]
    None,
    /// UTC by name.
    Utc,
    /// So many seconds east of UTC.
    Offset(i32),
}

impl Time {
    /// Go's zero time.
    pub const ZERO: Time = Time { seconds: 0, nanoseconds: 0, zone: Zone::None };

    /// From seconds since 1970.
    pub const fn from_unix(seconds: i64, nanoseconds: i32) -> Time {
        let seconds = seconds.saturating_add(YEAR_1_TO_1970);
        Time { seconds, nanoseconds, zone: Zone::None }
    }

    /// From nanoseconds since 1970 as an HTLC has them: 0 stands for the zero time.
    pub fn from_unix_nanoseconds(bits: u64) -> Time {
        let nanoseconds = bits.cast_signed();
        if nanoseconds == 0 {
            return Time::ZERO;
        }
        let of_second = nanoseconds.rem_euclid(1_000_000_000);
        Time::from_unix(
            nanoseconds.div_euclid(1_000_000_000),
            i32::try_from(of_second).unwrap_or_default(),
        )
    }

    /// Seconds since 1970, negative before.
    pub const fn unix(self) -> i64 {
        self.seconds.saturating_sub(YEAR_1_TO_1970)
    }

    /// Go's `IsZero`: the first moment of the year 1.
    pub const fn is_zero(self) -> bool {
        self.seconds == 0 && self.nanoseconds == 0
    }

    /// Whether it says that nothing happened yet: the zero time, or what LND before v0.13 wrote in
    /// its place ([`OVERFLOWED_ZERO`]).
    pub fn is_unset(self) -> bool {
        let overflowed = Time::from_unix_nanoseconds(OVERFLOWED_ZERO.cast_unsigned());
        self.is_zero() || self.same_moment(overflowed)
    }

    /// Whether both are the same moment, whatever the zones.
    pub const fn same_moment(self, other: Time) -> bool {
        self.seconds == other.seconds && self.nanoseconds == other.nanoseconds
    }

    /// Decodes Go's binary form.
    ///
    /// # Errors
    /// [`DecodeError`] for what Go refuses too: no bytes, another version, another length.
    pub fn decode(bytes: &[u8], at: u64, field: &'static str) -> Result<Time, DecodeError> {
        let mut reader = Reader::new(bytes, at);
        let version = reader.u8(field)?;
        let expected = match version {
            1 => 15,
            2 => 16,
            found => {
                return Err(DecodeError {
                    at,
                    field,
                    kind: DecodeErrorKind::TimeVersion { found },
                });
            }
        };
        if bytes.len() as u64 != expected {
            let kind = DecodeErrorKind::Length { expected, found: bytes.len() as u64 };
            return Err(DecodeError { at, field, kind });
        }
        let seconds = reader.u64(field)?.cast_signed();
        let nanoseconds = reader.u32(field)?.cast_signed();
        let minutes = reader.array(field).map(i16::from_be_bytes)?;
        // Go adds the byte as it stands, without a sign.
        let odd_seconds = if version == 2 { reader.u8(field)? } else { 0 };
        let zone = match i32::from(minutes) * 60 + i32::from(odd_seconds) {
            -60 => Zone::Utc,
            offset => Zone::Offset(offset),
        };
        Ok(Time { seconds, nanoseconds, zone })
    }

    /// Reads the text of a database: Go's `time.Time.String` (`2025-01-31 10:20:30.5 +0100 CET`,
    /// perhaps with ` m=+0.123` behind it, the monotonic clock), Postgres' timestamps with and
    /// without zone, RFC 3339. A text without a zone is UTC.
    pub fn parse(text: &str) -> Option<Time> {
        let text = text.trim();
        let (date, rest) = text.split_at_checked(text.find([' ', 'T'])?)?;
        let mut date = date.rsplitn(3, '-');
        let (day, month, year) = (date.next()?, date.next()?, date.next()?);
        let days = days_before(digits(year, 4, 9)?, digits(month, 2, 2)?, digits(day, 2, 2)?)?;
        let rest = rest.get(1..)?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'));
        let (clock, zone) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut clock = clock.split(':');
        let (hour, minute, second) =
            (below(clock.next()?, 24)?, below(clock.next()?, 60)?, below(clock.next()?, 60)?);
        if clock.next().is_some() {
            return None;
        }
        let zone = parse_zone(zone.trim_start())?;
        let offset = match zone {
            Zone::Offset(offset) => i64::from(offset),
            Zone::None | Zone::Utc => 0,
        };
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset;
        Some(Time { seconds, nanoseconds: nanoseconds(fraction)?, zone })
    }
}

/// `Z`, `+0100 CET`, `+01`, `-03:30`, `UTC`, each perhaps with more behind it, or nothing.
fn parse_zone(text: &str) -> Option<Zone> {
    let (offset, name) = text.split_once(' ').unwrap_or((text, ""));
    let (sign, hands) = match offset.split_at_checked(1) {
        None if text.is_empty() => return Some(Zone::None),
        Some(("+", hands)) => (1, hands),
        Some(("-", hands)) => (-1, hands),
        Some(_) if matches!(offset, "Z" | "UTC") => return Some(Zone::Utc),
        _ => return None,
    };
    let mut seconds = 0;
    let mut unit = 3_600;
    let mut rest = hands;
    while !rest.is_empty() {
        let (two, after) = rest.split_at_checked(2)?;
        seconds += i32::try_from(digits(two, 2, 2)?).ok()? * unit;
        unit /= 60;
        rest = after.strip_prefix(':').unwrap_or(after);
    }
    let utc = seconds == 0 && name.split(' ').next() == Some("UTC");
    Some(if utc { Zone::Utc } else { Zone::Offset(sign * seconds) })
}

fn digits(text: &str, least: usize, most: usize) -> Option<i64> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

fn below(text: &str, limit: i64) -> Option<i64> {
    digits(text, 2, 2).filter(|number| *number < limit)
}

/// Digits behind the point as nanoseconds; more than nine are cut.
fn nanoseconds(fraction: &str) -> Option<i32> {
    let mut number = 0;
    for place in 0..9 {
        let digit = match fraction.as_bytes().get(place) {
            Some(byte) => char::from(*byte).to_digit(10)?,
            None => 0,
        };
        number = number * 10 + i32::try_from(digit).ok()?;
    }
    Some(number)
}

/// Days from 0001-01-01 to that day of the Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = *lengths.get(before)?;
    if year < 1 || !(1..=length).contains(&day) {
        return None;
    }
    let years = year - 1;
    let of_years = years * 365 + years / 4 - years / 100 + years / 400;
    Some(of_years + lengths.iter().take(before).sum::<i64>() + day - 1)
}

impl Serialize for Time {
    /// `seconds` since the year 1 and `unix` as texts, `ns`, `zone` in seconds east of UTC.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("seconds", &Text(self.seconds))?;
        map.serialize_entry("ns", &self.nanoseconds)?;
        match self.zone {
            Zone::None => map.serialize_entry("zone", &())?,
            Zone::Utc => map.serialize_entry("zone", "UTC")?,
            Zone::Offset(offset) => map.serialize_entry("zone", &offset)?,
        }
        let unix = (!self.is_zero()).then(|| Text(self.unix()));
        map.serialize_entry("unix", &unix)?;
        map.end()
    }
}

/// A number as text: 64 bits may pass what JavaScript's numbers hold.
pub(super) struct Text<T>(pub(super) T);

impl<T: core::fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_s_binary_forms() {
        // 2026-02-02 02:40:00 UTC is 1770000000 + 62135596800 = 63905596800 = 0xe_e112_0580.
        let utc = [1, 0, 0, 0, 0x0e, 0xe1, 0x12, 0x05, 0x80, 0, 0, 0, 7, 0xff, 0xff];
        let time = Time::decode(&utc, 0, "t").unwrap();
        assert_eq!(time, Time { seconds: 63_905_596_800, nanoseconds: 7, zone: Zone::Utc });
        let lmt = [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x12, 32];
        let time = Time::decode(&lmt, 0, "t").unwrap();
        assert_eq!(time.zone, Zone::Offset(18 * 60 + 32));
        let zero = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        assert!(Time::decode(&zero, 0, "t").unwrap().is_zero());
    }

    #[test]
    fn what_go_refuses() {
        let kind = |bytes: &[u8]| Time::decode(bytes, 40, "t").unwrap_err().kind;
        assert_eq!(kind(&[]), DecodeErrorKind::Ends { need: 1, have: 0 });
        assert_eq!(kind(&[3; 15]), DecodeErrorKind::TimeVersion { found: 3 });
        assert_eq!(kind(&[1; 16]), DecodeErrorKind::Length { expected: 15, found: 16 });
        assert_eq!(kind(&[2; 15]), DecodeErrorKind::Length { expected: 16, found: 15 });
    }

    #[test]
    fn nanoseconds_of_htlcs() {
        assert!(Time::from_unix_nanoseconds(0).is_zero());
        let time = Time::from_unix_nanoseconds(1_770_000_000_000_000_001);
        assert_eq!((time.unix(), time.nanoseconds), (1_770_000_000, 1));
        let old = Time::from_unix_nanoseconds(OVERFLOWED_ZERO.cast_unsigned());
        // 1754-08-30 22:43:41.128654848 UTC.
        assert_eq!((old.unix(), old.nanoseconds), (-6_795_364_579, 128_654_848));
        assert!(old.is_unset() && !old.is_zero());
    }

    #[test]
    fn texts_of_databases() {
        let unix = |text| Time::parse(text).map(|time| (time.unix(), time.nanoseconds, time.zone));
        assert_eq!(unix("1970-01-01 00:00:00 +0000 UTC"), Some((0, 0, Zone::Utc)));
        assert_eq!(
            unix("2026-02-02 03:40:00.5 +0100 CET m=+0.123456789"),
            Some((1_770_000_000, 500_000_000, Zone::Offset(3_600))),
        );
        assert_eq!(
            unix("2026-02-02 02:40:00.123456"),
            Some((1_770_000_000, 123_456_000, Zone::None))
        );
        assert_eq!(unix("2026-02-02 02:40:00+00"), Some((1_770_000_000, 0, Zone::Offset(0))));
        assert_eq!(
            unix("2026-02-01T23:10:00-03:30"),
            Some((1_770_000_000, 0, Zone::Offset(-12_600)))
        );
        assert_eq!(unix("2024-02-29 00:00:00"), Some((1_709_164_800, 0, Zone::None)));
        assert_eq!(Time::parse("0001-01-01 00:00:00 +0000 UTC").map(Time::is_zero), Some(true));
        for text in ["", "2026-02-30 00:00:00", "2026-13-01 00:00:00", "2026-02-02", "x 1:2:3"] {
            assert_eq!(unix(text), None, "{text}");
        }
        assert_eq!(unix("2026-02-02 24:00:00"), None);
        assert_eq!(unix("2026-02-02 00:00:00 é"), None);
    }
}
