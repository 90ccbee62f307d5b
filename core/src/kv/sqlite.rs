//! SQLite files with their write-ahead log, read only, whatever state they are in.
//!
//! `header`, `wal` → `pager` → `node` (one page) → `payload`, `record` (one row) · `tree` (the
//! pages of a table) · `token` → `ddl`, `constant` → `schema` · `table_rows`, `row` · `check`
//! (findings and the map of pages) · `lost` (rows on pages that no tree leads to).
//!
//! The format: "Database File Format", sqlite.org/fileformat2.html. What SQLite itself checks:
//! `sqlite3BtreeIntegrityCheck` in btree.c and `PRAGMA integrity_check` in pragma.c, at 3.54; what
//! its `.recover` reads: ext/recover.
//!
//! ```
//! use fulgurite_core::kv::bucket::Room;
//! use fulgurite_core::kv::sqlite::Sqlite;
//! use fulgurite_core::kv::table::Tables as _;
//! # let file: Vec<u8> = Vec::new();
//!
//! let database = Sqlite::open(file.as_slice(), None::<&[u8]>)?;
//! for (index, table) in database.tables().iter().enumerate() {
//!     let mut from = None;
//!     loop {
//!         let page = database.rows(index, from.as_ref(), Room::default())?;
//!         println!("{}: {} rows", table.name, page.rows.len());
//!         let Some(next) = page.next else { break };
//!         from = Some(next);
//!     }
//! }
//! # Ok::<(), fulgurite_core::source::SourceError>(())
//! ```

use alloc::vec::Vec;
use core::cell::{OnceCell, RefCell, RefMut};
use core::ops::{Deref, DerefMut};

use super::bucket::{Cursor, Room};
use super::table::{Cell, Row, Rows, Table, Tables};
use crate::finding::Span;
use crate::source::{Source, SourceError};

mod bytes;
mod check;
mod constant;
mod ddl;
mod header;
mod key;
mod lost;
mod map;
mod node;
mod pager;
mod payload;
mod record;
mod row;
mod schema;
mod table_rows;
mod token;
mod tree;
mod wal;

pub use check::{CheckJob, CheckOptions, Checked};
pub use header::{Encoding, Header, MAGIC};
pub use lost::{Lost, LostPage, LostRow, LostRows};
pub use map::{Owner, PageKind, PageMap, Run};
pub use pager::{Layout, Origin};
pub use schema::{Object, ObjectKind};
pub use wal::{Wal, WalEnd, WalMisfit};

use pager::{Held, Pager};
use row::RowReader;
use schema::{Known, KnownIndex};
use table_rows::{Place, Stray, Then, each_row};
use tree::{Entered, Tree};

/// A database: a file and, if there is one, its `-wal`.
#[derive(Debug)]
pub struct Sqlite<S, W = S> {
    main: S,
    log: Option<W>,
    wal: Option<Wal>,
    of_file: Header,
    header: Header,
    layout: Layout,
    objects: Vec<Object>,
    tables: Vec<Table>,
    known: Vec<Known>,
    indexes: Vec<KnownIndex>,
    /// Of each table the page that was read last.
    held: Vec<RefCell<Held>>,
    /// Of each table the rows that stand where they are not sought, once one was.
    strays: Vec<OnceCell<Vec<Stray>>>,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// The number of its page.
    pub page: u32,
    /// In the write-ahead log; then the span is of that file.
    pub in_wal: bool,
    /// Its bytes on its page.
    pub span: Span,
}

impl<S: Source, W: Source> Sqlite<S, W> {
    /// Opens a file with its `-wal`, if there is one: reads the log, sqlite_schema and the
    /// interior pages of all tables.
    ///
    /// Whatever the bytes are, it opens; what is wrong with them, [`CheckJob`] says.
    ///
    /// # Errors
    /// [`SourceError`] where the source cannot be read.
    pub fn open(main: S, log: Option<W>) -> Result<Sqlite<S, W>, SourceError> {
        let of_file = Header::read(&crate::source::read_span(&main, 0, header::LEN)?);
        let believed = of_file.magic && of_file.page_size != 0 && main.len() > 0;
        let mut wal = match &log {
            Some(log) => Some(Wal::read(log, believed.then_some(of_file.page_size))?),
            None => None,
        };
        let (header, layout) = pager::lay_out(&main, both(log.as_ref(), wal.as_ref()))?;
        if let Some(wal) = &mut wal
            && wal.frames.contains_key(&1)
            && header.change_counter < of_file.change_counter
        {
            wal.misfit = Some(WalMisfit::OlderThanFile);
        }
        let (objects, tables, known, indexes, held, strays) = Default::default();
        let mut new = Sqlite {
            main,
            log,
            wal,
            of_file,
            header,
            layout,
            objects,
            tables,
            known,
            indexes,
            held,
            strays,
        };
        new.read_schema()?;
        Ok(new)
    }

    fn read_schema(&mut self) -> Result<(), SourceError> {
        let pager = self.pager();
        let reader = RowReader { pager };
        let mut entered = Entered::new(pager.layout.readable);
        let schema = tree::collect(pager, 1, true, 1, &mut entered)?;
        let objects = schema::objects(&reader, &schema)?;
        let mut known: Vec<Known> = objects.iter().filter_map(schema::known).collect();
        for (number, one) in (2..).zip(&mut known) {
            let rowids = !one.def.without_rowid;
            one.tree = tree::collect(pager, one.root, rowids, number, &mut entered)?;
        }
        let indexes = objects.iter().filter_map(|object| schema::known_index(object, &known));
        self.indexes = indexes.collect();
        self.tables = known.iter().map(|one| one.table.clone()).collect();
        self.held = known.iter().map(|_| RefCell::default()).collect();
        self.strays = known.iter().map(|_| OnceCell::new()).collect();
        self.known = known;
        self.objects = objects;
        Ok(())
    }

    fn pager(&self) -> Pager<'_> {
        let log = both(self.log.as_ref(), self.wal.as_ref());
        Pager { main: &self.main, log, layout: self.layout }
    }

    /// The header in force: the log's, if page 1 stands there.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header of the file itself.
    pub fn file_header(&self) -> &Header {
        &self.of_file
    }

    /// What the log holds, if one was given.
    pub fn wal(&self) -> Option<&Wal> {
        self.wal.as_ref()
    }

    /// Page size, number of pages, encoding.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Everything that sqlite_schema lists.
    pub fn schema(&self) -> &[Object] {
        &self.objects
    }

    /// Where that page stands.
    pub fn origin(&self, page: u32) -> Option<Origin> {
        self.pager().origin(page)
    }

    /// Where the row of a [`Row::handle`] stands, and in which of the two files.
    ///
    /// # Errors
    /// As [`Tables::rows`].
    pub fn place(&self, table: usize, handle: u64) -> Result<Option<RowPlace>, SourceError> {
        let Some((leaf, cell)) = self.find(table, handle)? else { return Ok(None) };
        let mut place = Place { leaf, cell, spent: 0 };
        let mut found = None;
        let reader = RowReader { pager: self.pager() };
        let Some(known) = self.known.get(table) else { return Ok(None) };
        let mut held = self.held(table);
        each_row(&reader, &known.tree, &mut place, &mut held, &mut |row| {
            let (span, in_wal) = (row.at.span(), row.at.in_log);
            found = Some(RowPlace { page: row.page, in_wal, span });
            Ok(Then::Stop(0))
        })?;
        Ok(found)
    }

    /// The leaf and cell of a handle.
    fn find(&self, table: usize, handle: u64) -> Result<Option<(usize, usize)>, SourceError> {
        let Some(known) = self.known.get(table) else { return Ok(None) };
        if known.def.without_rowid {
            let leaf = usize::try_from(handle >> 16).unwrap_or(usize::MAX);
            return Ok(Some((leaf, usize::try_from(handle & 0xffff).unwrap_or(0))));
        }
        let reader = RowReader { pager: self.pager() };
        let rowid = handle.cast_signed();
        let sought = table_rows::seek(&reader, &known.tree, rowid, &mut self.held(table))?;
        if sought.is_some() {
            return Ok(sought);
        }
        let Some(strays) = self.strays.get(table) else { return Ok(None) };
        if strays.get().is_none() {
            // Whoever came first has found the same ones.
            let _ = strays.set(table_rows::strays(&reader, &known.tree)?);
        }
        Ok(strays.get().and_then(|strays| table_rows::stray(strays, rowid)))
    }

    /// The page of that table that was read last; nobody holds it while another row is read.
    fn held(&self, table: usize) -> HeldBy<'_> {
        match self.held.get(table).and_then(|held| held.try_borrow_mut().ok()) {
            Some(held) => HeldBy::Table(held),
            None => HeldBy::Nobody(Held::default()),
        }
    }

    /// Rows from a place on; the place moves behind them.
    fn read_rows(&self, table: usize, place: &mut Place, room: Room) -> Result<Rows, SourceError> {
        let Some(known) = self.known.get(table) else { return Ok(Rows::default()) };
        let fields = known.fields_of(room.columns);
        let mut held = self.held(table);
        let reader = RowReader { pager: self.pager() };
        let mut rows = Vec::new();
        let mut bytes = 0_usize;
        let (first, leaf) = (place.leaf, core::cell::Cell::new(place.leaf));
        let pages: &Tree = &known.tree;
        let passed = each_row(&reader, pages, place, &mut held, &mut |found| {
            let (at, page, cell) = (found.at, found.page, found.cell);
            let handle = if known.def.without_rowid {
                while pages.leaves.get(leaf.get()).is_some_and(|leaf| leaf.page != page) {
                    leaf.set(leaf.get() + 1);
                }
                (leaf.get().max(first) as u64) << 16 | cell as u64
            } else {
                found.rowid.cast_unsigned()
            };
            let (cells, left) = found.cells(&reader, known, fields, room.value)?;
            bytes = cells.iter().fold(bytes, |bytes, cell| bytes.saturating_add(weight(cell)));
            rows.push(Row { at, handle, cells });
            let full = rows.len() >= room.entries || bytes >= room.bytes;
            Ok(if full { Then::Stop(left) } else { Then::On(left) })
        })?;
        let next = (!passed.ended)
            .then(|| Cursor(Vec::from([place.leaf as u64, place.cell as u64, place.spent])));
        Ok(Rows { rows, next, unreadable: passed.unreadable })
    }
}

/// The page that was read last, or room for one.
enum HeldBy<'a> {
    Table(RefMut<'a, Held>),
    Nobody(Held),
}

impl Deref for HeldBy<'_> {
    type Target = Held;

    fn deref(&self) -> &Held {
        match self {
            HeldBy::Table(held) => held,
            HeldBy::Nobody(held) => held,
        }
    }
}

impl DerefMut for HeldBy<'_> {
    fn deref_mut(&mut self) -> &mut Held {
        match self {
            HeldBy::Table(held) => held,
            HeldBy::Nobody(held) => held,
        }
    }
}

/// A log that is applied.
fn both<'a, W: Source>(
    log: Option<&'a W>,
    wal: Option<&'a Wal>,
) -> Option<(&'a dyn Source, &'a Wal)> {
    let (log, wal) = (log?, wal?);
    (wal.committed > 0).then_some((log as &dyn Source, wal))
}

/// Bytes that a cell holds.
fn weight(cell: &Cell) -> usize {
    match cell {
        Cell::Text(bytes) | Cell::Blob(bytes) => bytes.len().saturating_add(8),
        _ => 8,
    }
}

/// A row's handle is its rowid, by its bits; in a table without rowids, page and cell.
impl<S: Source, W: Source> Tables for Sqlite<S, W> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn rows(&self, table: usize, from: Option<&Cursor>, room: Room) -> Result<Rows, SourceError> {
        let mut place = Place::default();
        if let Some(Cursor(numbers)) = from {
            let number = |index: usize| numbers.get(index).copied().unwrap_or(0);
            place.leaf = usize::try_from(number(0)).unwrap_or(usize::MAX);
            place.cell = usize::try_from(number(1)).unwrap_or(usize::MAX);
            place.spent = number(2);
        }
        self.read_rows(table, &mut place, room)
    }

    fn row(&self, table: usize, handle: u64) -> Result<Option<Row>, SourceError> {
        let Some((leaf, cell)) = self.find(table, handle)? else { return Ok(None) };
        let mut place = Place { leaf, cell, spent: 0 };
        let room = Room { entries: 1, ..Room::default() };
        let rows = self.read_rows(table, &mut place, room)?;
        Ok(rows.rows.into_iter().next().filter(|row| row.handle == handle))
    }
}
