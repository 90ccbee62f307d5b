//! Figures as a person reads them: separators, sizes, times, spans. No locale of the machine: the
//! same report looks the same everywhere.

use fulgurite_core::finding::{Span, Value, Values};
use fulgurite_core::words::{self, Language};

use crate::labels::{self, fill};

/// A count with separators: `38,918,975`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A size in three figures and a unit: `264 kB`, `5.31 GB`. Decimal units, as disks have.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let Some((unit, name)) = UNITS.iter().find(|(unit, _)| bytes >= *unit) else {
        return format!("{bytes} B");
    };
    let hundredths = bytes / (unit / 100).max(1);
    match hundredths {
        0..1_000 => format!("{}.{:02} {name}", hundredths / 100, hundredths % 100),
        1_000..10_000 => format!("{}.{} {name}", hundredths / 100, hundredths % 100 / 10),
        _ => format!("{} {name}", bytes / unit),
    }
}

/// A share: `12.3 %`; something that is there is never `0.0 %`.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 || part == 0 {
        return "0 %".to_owned();
    }
    let thousandths = u128::from(part) * 1_000 / u128::from(whole);
    match thousandths {
        0 => "< 0.1 %".to_owned(),
        _ => format!("{}.{} %", thousandths / 10, thousandths % 10),
    }
}

/// Seconds since 1970 as a date in UTC: `2026-02-02 02:18:30`.
pub fn time(seconds: u32) -> String {
    // The catalogue writes `1769998710 (2026-02-02 02:18:30 UTC)`.
    let text = words::value("newest_timestamp", &Value::Number(seconds.into()), Language::English);
    let date = text.split_once('(').and_then(|(_, rest)| rest.strip_suffix(" UTC)"));
    date.unwrap_or(&text).to_owned()
}

/// A stretch of time still to go: `12 s`, `3 min 05 s`.
pub fn remaining(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// A range of offsets in words.
pub fn span(span: Span, size: u64, language: Language) -> String {
    if span.start == 0 && span.end == size {
        return labels::WHOLE_FILE.get(language).to_owned();
    }
    let label = if span.is_empty() { labels::AT_OFFSET } else { labels::OFFSETS };
    let values = Values::new().with("start", count(span.start)).with("end", count(span.end));
    fill(label, language, &values.with("bytes", span.len()))
}

/// A key or another long run of digits, shortened in the middle.
pub fn short(digits: &str) -> String {
    match (digits.get(..10), digits.len().checked_sub(6).and_then(|from| digits.get(from..))) {
        (Some(head), Some(tail)) if digits.len() > 20 => format!("{head}…{tail}"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_and_rounded_down() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(38_918_975), "38,918,975");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_000), "1.00 kB");
        assert_eq!(size(264_399), "264 kB");
        assert_eq!(size(38_918_975), "38.9 MB");
        assert_eq!(size(5_310_000_000), "5.31 GB");
        assert_eq!(share(1, 1_000_000), "< 0.1 %");
        assert_eq!(share(238_781, 264_399), "90.3 %");
        assert_eq!(share(0, 0), "0 %");
    }

    #[test]
    fn times_are_dates() {
        assert_eq!(time(1_769_998_710), "2026-02-02 02:18:30");
        assert_eq!(remaining(185), "3 min 05 s");
    }

    #[test]
    fn long_keys_are_shortened() {
        let key = "02eeb3fa847e741932ebac1a4cbae7d19a7ba0b75fcf46021b3e90929f980ebc34";
        assert_eq!(short(key), "02eeb3fa84…0ebc34");
        assert_eq!(short("814301x0x2"), "814301x0x2");
    }
}
