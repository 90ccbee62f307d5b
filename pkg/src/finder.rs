//! A search: bytes pushed once more, rows that pass a filter handed out.

use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::listing::{Privacy, pieces};
use fulgurite_core::gossip::scan::{Batch, Scanner};

use crate::filter::Filter;
use crate::session::Session;
use crate::tables::Row;

/// A search through one store.
#[derive(Debug)]
pub struct Finder {
    filter: Filter,
    /// The version byte; none in a file that is no store.
    version: Option<Version>,
    scanner: Scanner,
    batch: Batch,
    privacy: Privacy,
    start: u64,
    /// Number of the next row.
    row: u64,
    /// So many more rows are wanted.
    left: u64,
    /// There were more than that.
    more: bool,
    done: bool,
}

impl Finder {
    /// A search through this store for at most so many rows.
    pub fn new(session: &Session, filter: Filter, limit: u64) -> Finder {
        let from = session.before_offset(filter.from);
        let (version, layout) = (session.scanner.version(), session.scanner.layout());
        Finder {
            version,
            scanner: Scanner::resume(version.unwrap_or(Version::NEWEST), layout, from.offset),
            batch: Batch::new(),
            privacy: session.privacy.clone(),
            start: from.offset,
            row: from.row,
            left: limit,
            more: false,
            done: version.is_none() || from.offset >= session.size,
            filter,
        }
    }

    /// The file offset from which bytes are to be pushed.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// Whether nothing more can be found.
    pub fn done(&self) -> bool {
        self.done
    }

    /// Whether there are more rows than were wanted.
    pub fn more(&self) -> bool {
        self.more
    }

    /// Takes the next bytes and hands out the rows found, each with its number.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(u64, &Row<'_>)) {
        for window in chunk.chunks(256 * 1024) {
            if !self.done {
                self.scanner.push(window, &mut self.batch);
                self.look(window, &mut each);
            }
        }
    }

    /// Says that there are no more bytes.
    pub fn finish(&mut self, mut each: impl FnMut(u64, &Row<'_>)) {
        if !self.done {
            self.scanner.finish(&mut self.batch);
            self.look(&[], &mut each);
            self.done = true;
        }
    }

    fn look(&mut self, chunk: &[u8], each: &mut dyn FnMut(u64, &Row<'_>)) {
        let Some(version) = self.version else { return };
        for piece in pieces(chunk, &self.batch) {
            let (start, _) = piece.span();
            if self.filter.to.is_some_and(|to| start >= to) {
                self.done = true;
                return;
            }
            let row = Row::new(version, &piece, &self.privacy);
            if self.filter.passes(start, &row) {
                if self.left == 0 {
                    self.more = true;
                    self.done = true;
                    return;
                }
                self.left -= 1;
                each(self.row, &row);
            }
            self.row += 1;
        }
    }
}
