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
#[derive(Debug)]
pub(super) struct Table {
    rows: &'static [Known],
    by_first: Vec<Vec<u16>>,
}

impl Table {
    pub(super) fn new(rows: &'static [Known]) -> Table {
        let mut by_first = alloc::vec![Vec::new(); 256];
        for (row, index) in rows.iter().zip(0..) {
            let first = row.words.bytes().next().unwrap_or_default();
            if let Some(list) = by_first.get_mut(usize::from(first)) {
                list.push(index);
            }
        }
        Table { rows, by_first }
    }

    /// The first row that fits.
    pub(super) fn find<'t>(&self, text: &'t [u8]) -> Option<(&'static Known, Gaps<'t>)> {
        let first = usize::from(*text.first()?);
        self.by_first.get(first)?.iter().find_map(|index| {
            let row = self.rows.get(usize::from(*index))?;
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
        let index = self.gaps.split(',').position(|known| known == name)?;
        pattern::number(gaps.get(index)?)
    }
}
