//! A table of known lines, and the search in it.

use alloc::vec::Vec;

use super::kind::Says;
use super::pattern::{self, Gaps};
use crate::finding::{Value, Values};
use crate::text::visible;

/// A line that upstream prints.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// What it says.
    pub says: Says,
    /// Its fixed words; see `log/pattern.rs`.
    pub words: &'static str,
    /// The names of its gaps, parted by commas; a gap without a name is not kept.
    pub gaps: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The releases whose source has it, as far as they were looked at.
    pub releases: &'static str,
}

/// Rows of a table: what it says, words, gaps, file, releases.
macro_rules! known {
    ($($says:ident $words:literal [$gaps:literal] $file:literal $releases:literal;)*) => {
        &[$($crate::log::known::Known {
            says: $crate::log::kind::Says::$says,
            words: $words,
            gaps: $gaps,
            file: $file,
            releases: $releases,
        }),*]
    };
}
pub(super) use known;

/// A table with its rows by first byte.
///
/// Most lines are of no row, and there are millions: a row whose first eight bytes are not the
/// line's is left after one comparison.
#[derive(Debug)]
pub(super) struct Table {
    rows: &'static [Known],
    by_first: Vec<Vec<Head>>,
}

/// The first bytes of a row's words, and which of eight they are.
#[derive(Clone, Copy, Debug)]
struct Head {
    bytes: u64,
    mask: u64,
    row: u16,
}

/// The first eight bytes, with zeros behind fewer.
fn head(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    }
}

impl Table {
    pub(super) fn new(rows: &'static [Known]) -> Table {
        let mut by_first = alloc::vec![Vec::new(); 256];
        for (known, row) in rows.iter().zip(0..) {
            let fixed = known.words.split('%').next().unwrap_or_default().as_bytes();
            let fixed = fixed.get(..8).unwrap_or(fixed);
            let mask = head([0xff; 8].get(..fixed.len()).unwrap_or_default());
            let first = fixed.first().copied().unwrap_or_default();
            if let Some(list) = by_first.get_mut(usize::from(first)) {
                list.push(Head { bytes: head(fixed), mask, row });
            }
        }
        Table { rows, by_first }
    }

    /// The first row that fits.
    pub(super) fn find<'t>(&self, text: &'t [u8]) -> Option<(&'static Known, Gaps<'t>)> {
        let first = usize::from(*text.first()?);
        let begins = head(text);
        let mut like = self.by_first.get(first)?.iter().filter(|h| begins & h.mask == h.bytes);
        like.find_map(|like| {
            let row = self.rows.get(usize::from(like.row))?;
            Some((row, pattern::fits(row.words, text)?))
        })
    }
}

/// The longest text that is kept of a gap.
const GAP: usize = 200;

impl Known {
    /// What stood in the named gaps.
    pub(super) fn values(&self, gaps: &Gaps<'_>) -> Values {
        let mut values = Values::new();
        for (name, gap) in self.gaps.split(',').zip(gaps) {
            if name.is_empty() {
                continue;
            }
            let value = match pattern::number(gap) {
                Some(number) => Value::Number(number),
                None => Value::Text(visible(gap.get(..GAP).unwrap_or(gap))),
            };
            values = values.with(name, value);
        }
        values
    }

    /// The number in the gap of that name.
    pub(super) fn number(&self, name: &str, gaps: &Gaps<'_>) -> Option<u64> {
        pattern::number(gaps.get(self.gap(name)?)?)
    }

    /// Which gap has that name. Asked for each known line, and nearly always there is none.
    pub(super) fn gap(&self, name: &str) -> Option<usize> {
        if self.gaps.len() < name.len() {
            return None;
        }
        self.gaps.split(',').position(|known| known == name)
    }
}
