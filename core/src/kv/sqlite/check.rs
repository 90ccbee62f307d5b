//! What is wrong with a file: a job that reads each page about once, from front to back.
//!
//! First the trees' interior pages and the freelist are walked: they say whose every page is.
//! Then all pages are read in the order of the file, and each is checked against what it should
//! be: its cells, its records, its keys against those of the page above. Chains of overflow pages
//! are followed in memory, by the pointers seen on the way. Whether an index has the entries of
//! its table is told by two sums, without looking up a single one; only where they differ are both
//! read again and compared.
//!
//! Memory: 15 bytes for each page, 24 for each record that goes on over other pages.

use alloc::vec::Vec;

use super::map::{Owner, PageKind, PageMap};
use super::node::Node;
use super::pager::{Origin, Pager};
use super::schema::{Known, KnownIndex, Object, ObjectKind};
use super::tree::Walk;
use super::wal::Wal;
use super::{Header, Sqlite};
use crate::finding::{Code, Finding, Findings, Place, Values};
use crate::job::{Job, Progress, Step, Work};
use crate::source::{Source, SourceError};
use crate::text::visible;

mod chains;
mod differences;
mod entries;
mod freelist;
mod orphans;
mod page;
mod pages;
mod trees;
mod values;
mod whole;

use super::lost::Lost;
use chains::Chain;
use differences::Differences;
use entries::{Compare, IndexState};
use pages::Pages;

/// How findings name the two files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// Which of the report's inputs the file is, for [`Place::input`].
    pub main_input: u32,
    /// Which of them its log is.
    pub wal_input: u32,
}

/// What a check came to.
#[derive(Debug)]
pub struct Checked {
    /// What is wrong.
    pub findings: Findings,
    /// What every page is for.
    pub map: PageMap,
    /// Rows of tables that could be reached, damaged ones included.
    pub rows: u64,
    /// Pages with rows that no tree leads to.
    pub lost: Lost,
}

/// Checks a file and its log.
pub struct CheckJob<'a> {
    pager: Pager<'a>,
    header: &'a Header,
    of_file: &'a Header,
    wal: Option<&'a Wal>,
    known: &'a [Known],
    indexes: &'a [KnownIndex],
    objects: &'a [Object],
    options: CheckOptions,
    findings: Findings,
    pages: Pages,
    trees: Vec<TreeState>,
    states: Vec<IndexState>,
    chains: Vec<Chain>,
    cache: PageCache,
    scratch: Scratch,
    differences: Option<Differences>,
    /// Pages of overflow chains that reading keys may still cost.
    budget: u64,
    rows: u64,
    unused: u64,
    lost: Lost,
    phase: Phase,
    done: u64,
}

/// Where the work stands.
enum Phase {
    Whole,
    Trees { next: usize, walk: Option<Walk> },
    Freelist(freelist::Trunks),
    Pages { next: u32 },
    Chains { next: usize },
    PointerMaps { next: u32 },
    Differences { next: u32 },
    Orphans { next: u32, second: bool },
    Over,
}

/// One tree: a table's or an index's.
struct TreeState {
    name: alloc::string::String,
    table_name: alloc::string::String,
    root: u32,
    /// Whether its keys are rowids.
    rowids: bool,
    /// The table whose rows it holds, if its statement could be read.
    table: Option<usize>,
    /// The index that it is.
    index: Option<usize>,
    /// Indexes of the table, to be compared with it.
    compared: Vec<usize>,
    leaf_depth: Option<usize>,
}

/// What the keys on a page are keys of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IndexOwner {
    /// An index.
    Index(usize),
    /// A table without rowids.
    Table(usize),
    /// Something whose statement cannot be read.
    Unknown,
}

/// Buffers used again and again.
#[derive(Default)]
struct Scratch {
    page: Vec<u8>,
    rooms: Vec<(usize, usize)>,
    slots: super::record::Slots,
}

/// The interior pages read last.
#[derive(Default)]
struct PageCache {
    pages: Vec<(u32, Origin, Vec<u8>)>,
    next: usize,
}

impl PageCache {
    const PAGES: usize = 16;

    /// That page's bytes.
    fn get<'c>(
        &'c mut self,
        pager: Pager<'_>,
        page: u32,
    ) -> Result<Option<(Origin, &'c [u8])>, SourceError> {
        let known = self.pages.iter().position(|(known, ..)| *known == page);
        let index = if let Some(index) = known {
            index
        } else {
            let mut bytes = Vec::new();
            let Some(origin) = pager.read(page, &mut bytes)? else { return Ok(None) };
            if self.pages.len() < Self::PAGES {
                self.pages.push((page, origin, bytes));
                self.pages.len() - 1
            } else {
                self.next = (self.next + 1) % Self::PAGES;
                if let Some(slot) = self.pages.get_mut(self.next) {
                    *slot = (page, origin, bytes);
                }
                self.next
            }
        };
        Ok(self.pages.get(index).map(|(_, origin, bytes)| (*origin, bytes.as_slice())))
    }
}

impl<'a> CheckJob<'a> {
    /// A check of this database.
    pub fn new<S: Source, W: Source>(
        database: &'a Sqlite<S, W>,
        options: CheckOptions,
    ) -> CheckJob<'a> {
        let pager = database.pager();
        let (known, indexes) = (database.known.as_slice(), database.indexes.as_slice());
        let trees = trees::list(&database.objects, known, indexes);
        let states = indexes.iter().map(|index| IndexState::new(index, known)).collect();
        let mut new = CheckJob {
            pager,
            header: &database.header,
            of_file: &database.of_file,
            wal: database.wal.as_ref(),
            known,
            indexes,
            objects: &database.objects,
            options,
            findings: Findings::default(),
            pages: Pages::new(pager.layout.readable),
            trees,
            states,
            chains: Vec::new(),
            cache: PageCache::default(),
            scratch: Scratch::default(),
            differences: None,
            budget: u64::from(pager.layout.readable).saturating_mul(4),
            rows: 0,
            unused: 0,
            lost: Lost::default(),
            phase: Phase::Whole,
            done: 0,
        };
        new.assign();
        new
    }

    /// Tells each table which indexes are compared with it.
    fn assign(&mut self) {
        for (number, (index, state)) in self.indexes.iter().zip(&self.states).enumerate() {
            let Some(table) = index.table.filter(|_| state.compare != Compare::Not) else {
                continue;
            };
            let of = self.trees.iter_mut().find(|tree| tree.table == Some(table));
            if let Some(tree) = of {
                tree.compared.push(number);
            }
        }
    }

    /// One unit of work of the phase at hand; the bytes read for it.
    fn work(&mut self) -> Result<u64, SourceError> {
        let page = u64::from(self.pager.layout.page_size);
        match core::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Whole => {
                self.check_whole();
                self.phase = Phase::Trees { next: 0, walk: None };
                Ok(page)
            }
            Phase::Trees { next, walk } => self.walk_trees(next, walk),
            Phase::Freelist(trunks) => self.walk_freelist(trunks),
            Phase::Pages { next } => self.check_pages(next),
            Phase::Chains { next } => Ok(self.follow_chains(next)),
            Phase::PointerMaps { next } => self.check_pointer_maps(next),
            Phase::Differences { next } => self.compare_again(next),
            Phase::Orphans { next, second } => self.look_at_orphans(next, second),
            Phase::Over => Ok(0),
        }
    }

    fn progress(&self) -> Progress {
        let size = u64::from(self.pager.layout.page_size);
        let total = u64::from(self.pager.layout.readable).saturating_mul(size);
        Progress { done: self.done, total: total.max(self.done) }
    }

    fn conclude(&mut self) -> Checked {
        if self.unused > 0 {
            let whole = Place::span(0, self.pager.main.len()).of_input(self.options.main_input);
            let values = Values::new().with("unused_pages", self.unused);
            self.findings.push(Finding::new(Code::SqliteUnusedPages, whole).values(values));
        }
        let mut map = PageMap::default();
        for tree in &self.trees {
            let (name, table) =
                (visible(tree.name.as_bytes()), visible(tree.table_name.as_bytes()));
            map.owners.push(Owner { name, table });
        }
        for page in 1..=self.pager.layout.readable {
            let kind = match self.pages.kind(page) {
                _ if page == 1 => PageKind::Header,
                _ if page == self.pager.layout.lock_page() => PageKind::LockByte,
                kind => kind,
            };
            map.push(page, kind, self.pages.owner(page));
        }
        let findings = core::mem::take(&mut self.findings);
        Checked { findings, map, rows: self.rows, lost: core::mem::take(&mut self.lost) }
    }

    /// The place of these bytes of a page.
    fn place(&self, page: u32, bytes: Option<(usize, usize)>) -> Place {
        let Some(origin) = self.pager.origin(page) else {
            let end = self.pager.main.len();
            return self.owned(Place::span(end, end).of_input(self.options.main_input), page);
        };
        let (from, to) = bytes.unwrap_or((0, origin.present));
        let span = origin.span(from, to);
        let input = if origin.in_wal { self.options.wal_input } else { self.options.main_input };
        self.owned(Place::span(span.start, span.end).of_input(input), page)
    }

    fn owned(&self, place: Place, page: u32) -> Place {
        match self.pages.owner(page).and_then(|owner| self.trees.get(owner)) {
            Some(tree) => place.within(tree.path()),
            None => place,
        }
    }

    /// The values that every finding about a page carries.
    fn of_page(&self, page: u32) -> Values {
        let in_wal = self.pager.origin(page).is_some_and(|origin| origin.in_wal);
        Values::new().with("page_no", page).with("in_wal", in_wal)
    }

    /// Adds a finding about a page or some of its bytes.
    fn find(
        &mut self,
        code: Code,
        page: u32,
        bytes: Option<(usize, usize)>,
        more: impl FnOnce(Values) -> Values,
    ) {
        if self.findings.is_full(code) {
            self.findings.count_only(code);
            return;
        }
        let values = more(self.of_page(page));
        let place = self.place(page, bytes);
        self.findings.push(Finding::new(code, place).values(values));
    }

    /// That page of a tree, as far as it is one, from the cache.
    fn with_node<T>(
        &mut self,
        page: u32,
        then: impl FnOnce(&Node<'_>) -> T,
    ) -> Result<Option<T>, SourceError> {
        let usable = self.pager.layout.usable;
        let read = self.cache.get(self.pager, page)?;
        Ok(read
            .and_then(|(origin, bytes)| Node::new(bytes, page, usable, origin.present))
            .map(|node| then(&node)))
    }
}

impl TreeState {
    /// Its name for a place: the table's, and behind it the index's.
    fn path(&self) -> alloc::string::String {
        let mut path = visible(self.table_name.as_bytes());
        if self.index.is_some() {
            path.push('/');
            path.push_str(&visible(self.name.as_bytes()));
        }
        path
    }
}

impl Job for CheckJob<'_> {
    type Out = Checked;

    fn step(&mut self, work: Work) -> Result<Step<Checked>, SourceError> {
        let mut left = work.bytes.max(1);
        loop {
            if matches!(self.phase, Phase::Over) {
                return Ok(Step::Done(self.conclude()));
            }
            if left == 0 {
                return Ok(Step::More(self.progress()));
            }
            let read = self.work()?.max(1);
            self.done = self.done.saturating_add(read);
            left = left.saturating_sub(read);
        }
    }
}

/// Whether an object of sqlite_schema has a tree that is to be walked.
fn has_tree(object: &Object) -> bool {
    object.root != 0 && object.kind != ObjectKind::Other
}
