//! Invoices, a window of them at a time: pseudonyms are counted through from the first row on, so a
//! row of its own for each question would read everything again.

use fulgurite_core::lnd::check::Watch;
use fulgurite_core::lnd::listing::{self, Ended, Options};
use fulgurite_core::lnd::migration::Store;
use fulgurite_core::source::SourceError;

use super::{Case, given};

/// So many bytes of rows are kept: tens of thousands of invoices, for most nodes all.
const KEPT: usize = 32 << 20;

/// So many rows before the one that was asked for are kept too.
const BEFORE: u64 = 2_000;

/// Rows from a place on, as JSON.
pub(super) struct Window {
    key: (Option<Store>, bool),
    listed: listing::Listed,
    from: u64,
    rows: Vec<Box<str>>,
}

/// Which invoices.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// The side; else the one in force.
    pub side: Option<Store>,
    /// The place of the first among all.
    pub from: u64,
    /// How many.
    pub count: u32,
    /// Tells hashes, addresses, amounts and texts.
    pub reveal: bool,
}

/// What was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It was stopped.
    Stopped,
    /// No file has that side.
    Nothing,
    /// Of this side, as one JSON text: an array of rows.
    Rows(listing::Listed, String),
}

impl Window {
    fn has(&self, asked: &Asked) -> bool {
        let behind = self.from + self.rows.len() as u64;
        let end = asked.from.saturating_add(asked.count.into()).min(self.listed.total);
        self.key == (asked.side, asked.reveal)
            && (asked.from >= self.from && end <= behind || asked.from >= self.listed.total)
    }

    fn json(&self, asked: &Asked) -> String {
        let skip = usize::try_from(asked.from - self.from.min(asked.from)).unwrap_or(usize::MAX);
        let rows = self.rows.iter().skip(skip).take(asked.count as usize);
        let rows: Vec<&str> = rows.map(AsRef::as_ref).collect();
        format!("[{}]", rows.join(","))
    }
}

impl Case {
    /// The invoices of one side.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn invoices(
        &mut self,
        asked: &Asked,
        watch: &mut Watch<'_>,
    ) -> Result<Listed, SourceError> {
        if let Some(window) = self.listed.as_ref().filter(|window| window.has(asked)) {
            return Ok(Listed::Rows(window.listed.clone(), window.json(asked)));
        }
        let from = asked.from.saturating_sub(BEFORE);
        let needed = asked.from - from + u64::from(asked.count);
        let options = Options {
            side: asked.side,
            from,
            count: None,
            reveal: asked.reveal,
            files: fulgurite_core::lnd::migration::Files::default(),
        };
        let mut rows: Vec<Box<str>> = Vec::new();
        let mut bytes = 0;
        let ended = listing::list(&given(&self.files), &options, watch, &mut |_, row| {
            // Writing to memory does not fail.
            let row = serde_json::to_string(&row).unwrap_or_default();
            bytes += row.len();
            rows.push(row.into());
            bytes < KEPT || (rows.len() as u64) < needed
        })?;
        let listed = match ended {
            Ended::Stopped => return Ok(Listed::Stopped),
            Ended::Nothing => return Ok(Listed::Nothing),
            Ended::Listed(listed) => listed,
        };
        let window = Window { key: (asked.side, asked.reveal), listed, from, rows };
        let answer = Listed::Rows(window.listed.clone(), window.json(asked));
        self.listed = Some(window);
        Ok(answer)
    }
}
