//! The history in docs/benchmarks.md: a row for each day on which the times were saved.

use anyhow::{Context, Result};
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const BEGIN: &str = "<!-- history: from here -->\n";
const END: &str = "<!-- history: to here -->";
const CASES: [&str; 5] = ["unsigned", "signed", "dead", "five", "large"];

/// A day, in UTC.
#[derive(Clone, Copy)]
pub(super) struct Date {
    year: u64,
    month: u64,
    day: u64,
}

impl Date {
    pub(super) fn today() -> Result<Date> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock")?.as_secs();
        Ok(Date::of(seconds / 86_400))
    }

    /// So many days after 1970-01-01, by years that begin with March, so that a leap day is the
    /// last of its year.
    fn of(days: u64) -> Date {
        let days = days + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Date { year: 400 * era + year + later, month, day }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The document with a row of this date, which replaces one that is there. Of each case: the medians
/// on one thread and on two, and in brackets those of the command.
pub(super) fn with(document: &str, date: Date, note: &str, rows: &str) -> Result<String> {
    let (before, rest) = document.split_once(BEGIN).context("no history")?;
    let (table, after) = rest.split_once(END).context("no end of the history")?;
    let begin = format!("| {date} |");
    let kept = table.lines().filter(|row| !row.starts_with(&begin));
    let kept = kept.fold(String::new(), |rows, row| rows + row + "\n");
    let cells = CASES.map(|case| cell(rows, case).unwrap_or_default());
    let row = format!("{begin} {} | {note} |\n", cells.join(" | "));
    Ok(format!("{before}{BEGIN}{kept}{row}{END}{after}"))
}

fn cell(rows: &str, case: &str) -> Option<String> {
    let row = rows.lines().find(|row| row.starts_with(&format!("| {case} |")))?;
    let median = |at: usize| row.split('|').nth(at)?.split_whitespace().next();
    Some(format!("{} / {} ({} / {})", median(4)?, median(5)?, median(6)?, median(7)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        // By `date -u -d @$((86400 * DAYS)) +%F`.
        for (days, date) in [
            (0, "1970-01-01"),
            (11_016, "2000-02-29"),
            (20_779, "2026-11-22"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(Date::of(days).to_string(), date);
        }
    }

    #[test]
    fn a_day_has_one_row() {
        let rows = "| signed | 41 | 12.6 (12.4–13.0) | 2.79 (2.67–2.84) | 1.77 (1.73–1.95) | 3.09 (2.99–3.29) | 2.06 (1.96–2.25) |\n";
        let document = format!("# B\n{BEGIN}| 1970-01-01 | old |\n{END}\nMore.\n");
        let once = with(&document, Date::of(1), "why", rows).expect("a history");
        let row = "| 1970-01-02 |  | 2.79 / 1.77 (3.09 / 2.06) |  |  |  | why |\n";
        assert_eq!(once, format!("# B\n{BEGIN}| 1970-01-01 | old |\n{row}{END}\nMore.\n"));
        assert_eq!(with(&once, Date::of(1), "why", rows).expect("a history"), once);
    }
}
