//! LND's stores for JavaScript: files that are judged together, and what can be listed of them.
//!
//! Reads must answer at once, as for a repair. Nothing is kept of the files but the report, the
//! maps of their pages, and the rows of invoices that were listed last.

mod compare;
mod disk;
mod dump;
mod rows;

use fulgurite_core::detect::Kind;
use fulgurite_core::finding::{Findings, Values};
use fulgurite_core::kv::sqlite::Sqlite;
use fulgurite_core::kv::sqlkv;
use fulgurite_core::kv::table::Tables;
use fulgurite_core::lnd::check::{self, Given, Map, Options, Role, Watch, roles};
use fulgurite_core::lnd::compare::is_list;
use fulgurite_core::lnd::migration::Network;
use fulgurite_core::lnd::outline;
use fulgurite_core::lnd::report::LndReport;
use fulgurite_core::lnd::stores::Tree;
use fulgurite_core::report::{Headline, Input, Report};
use fulgurite_core::source::{Cached, Source as _, SourceError};

pub use compare::Told;
pub use disk::Disk;
pub use dump::{Wanted, Written};
pub use rows::{Asked, Listed};

/// Of an input that is only looked into, so many bytes are kept at hand.
const CACHE: usize = 8 << 20;

/// Buckets are referred to by number; so many are remembered.
const BUCKETS: usize = 100_000;

/// A file and its name, which no report has.
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub disk: Disk,
}

/// Files that are judged together.
pub struct Case {
    files: Vec<File>,
    network: Option<Network>,
    report: Option<Report>,
    maps: Vec<(u32, Map)>,
    listed: Option<rows::Window>,
    buckets: Vec<Bucket>,
}

/// What a file is to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ours {
    /// One of LND's.
    Store,
    /// What `lncli listinvoices` printed.
    List,
    /// Neither.
    No,
}

/// A bucket that a row led to.
struct Bucket {
    input: u32,
    tree: Tree,
    path: Vec<Vec<u8>>,
}

/// A file that holds trees of buckets.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Trees {
    /// Which of the inputs.
    pub input: u32,
    /// The prefixes of its tables, if it is a database.
    pub prefixes: Vec<String>,
}

/// Which bucket is looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside {
    /// One that a row led to, by its number.
    Bucket(u32),
    /// From the root of a file's tree.
    Path {
        /// Which of the inputs; else the first that has such a tree.
        input: Option<u32>,
        /// Which tree.
        tree: Tree,
        /// Keys from the root, as they are in the store.
        path: Vec<Vec<u8>>,
    },
}

/// What stands in a bucket.
#[derive(Debug)]
pub struct Outlined {
    /// Which of the inputs.
    pub input: u32,
    /// The bucket.
    pub begun: outline::Begun,
    /// What was asked for, each with the number by which it is looked into if it is a bucket.
    pub rows: Vec<(outline::Row, Option<u32>)>,
    /// Whether more follows.
    pub more: bool,
}

/// How looking into a bucket ended.
#[derive(Debug)]
pub enum Look {
    /// It was stopped.
    Stopped,
    /// No file has such a tree.
    NoTree,
    /// The tree has no such bucket.
    NoBucket,
    /// This stands in it.
    Seen(Box<Outlined>),
}

impl Case {
    /// Of these files.
    pub fn new(files: Vec<File>) -> Case {
        Case {
            files,
            network: None,
            report: None,
            maps: Vec::new(),
            listed: None,
            buckets: Vec::new(),
        }
    }

    /// What each of the files is, looked at by itself. What cannot be read is neither.
    pub fn ours(&self) -> Vec<Ours> {
        let ours = |one: Given<'_>| {
            let roles = roles(&[one]).unwrap_or_default();
            match roles.first() {
                None | Some(Role::Other(_)) if is_list(one.source).unwrap_or(false) => Ours::List,
                None | Some(Role::Other(_)) => Ours::No,
                _ => Ours::Store,
            }
        };
        given(&self.files).into_iter().map(ours).collect()
    }

    /// Reads all of them. `false` if `watch` stopped it.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn check(&mut self, options: &Options, watch: &mut Watch<'_>) -> Result<bool, SourceError> {
        let Some(checked) = check::check(&given(&self.files), options, watch)? else {
            return Ok(false);
        };
        self.network = options.network;
        self.report = Some(checked.report);
        self.maps = checked.maps;
        Ok(true)
    }

    /// The report, once there is one.
    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    /// A file changed while it was read.
    pub fn not_still(&mut self) {
        self.report = self.report.take().map(Report::not_still);
    }

    /// A file changed, and its bytes cannot be had any more: the report says only that.
    pub fn unreadable(&mut self) {
        let size = self.files.iter().map(|file| file.disk.len()).sum();
        let input = Input { kind: Kind::Unknown, size };
        let (headline, none) = (Headline::NotStill, Findings::default());
        self.report = Some(Report::new(input, headline, Values::new(), none, None).not_still());
    }

    /// The pages of each file that has pages.
    pub fn maps(&self) -> &[(u32, Map)] {
        &self.maps
    }

    /// Bytes of a page of an input.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn page_size(&self, input: u32) -> Result<u64, SourceError> {
        let map = self.maps.iter().find(|(of, _)| *of == input);
        if let Some((_, Map::Bolt(map))) = map {
            return Ok(map.page_size);
        }
        let given = given(&self.files);
        let Some(Role::Sqlite { log }) = roles(&given)?.get(input as usize).copied() else {
            return Ok(0);
        };
        database(&given, input, log, |_, page_size| page_size)
    }

    /// The files that hold trees of buckets. A dump of Postgres is known to hold one only once it is
    /// read.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn trees(&self) -> Result<Vec<Trees>, SourceError> {
        let given = given(&self.files);
        let lnd = self.report.as_ref().and_then(|report| report.lnd.as_ref());
        let has_kv = |input| {
            let of = |lnd: &LndReport| lnd.kv.iter().any(|kv| kv.input == input);
            lnd.is_some_and(of)
        };
        let mut trees = Vec::new();
        for (input, role) in (0..).zip(roles(&given)?) {
            let prefixes = match role {
                Role::Bolt | Role::Dump => Vec::new(),
                Role::PgDump if has_kv(input) => Vec::new(),
                Role::Sqlite { log } => {
                    let prefixes = prefixes(&given, input, log)?;
                    if prefixes.is_empty() {
                        continue;
                    }
                    prefixes
                }
                _ => continue,
            };
            trees.push(Trees { input, prefixes });
        }
        Ok(trees)
    }

    /// What stands in a bucket, from its row `from` on, `count` rows at most.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn look(
        &mut self,
        inside: &Inside,
        (from, count): (u64, u32),
        reveal: bool,
        watch: &mut Watch<'_>,
    ) -> Result<Look, SourceError> {
        let (input, tree, path) = match inside {
            Inside::Bucket(number) => {
                let known = self.buckets.get(*number as usize);
                let Some(bucket) = known else { return Ok(Look::NoBucket) };
                (Some(bucket.input), bucket.tree.clone(), bucket.path.clone())
            }
            Inside::Path { input, tree, path } => (*input, tree.clone(), path.clone()),
        };
        let Some(input) = self.tree_of(input)? else { return Ok(Look::NoTree) };
        let options = outline::Options { tree: tree.clone(), path: path.clone(), depth: 1, reveal };
        let (mut rows, mut at, mut more) = (Vec::new(), 0_u64, false);
        let given = self.alone(input)?;
        let ended = outline::outline(&given, &options, watch, &mut |_, row| {
            more = at >= from && rows.len() >= count as usize;
            if at >= from && !more {
                rows.push(row);
            }
            at += 1;
            !more
        })?;
        let begun = match ended {
            outline::Ended::Stopped => return Ok(Look::Stopped),
            outline::Ended::NoTree => return Ok(Look::NoTree),
            outline::Ended::NoBucket => return Ok(Look::NoBucket),
            outline::Ended::Shown(begun) => begun,
        };
        let numbered = rows.into_iter().map(|row| {
            let is_bucket = matches!(row.what, outline::What::Bucket(_));
            let number = is_bucket.then(|| self.number(input, &tree, &path, &row.raw));
            (row, number)
        });
        let rows = numbered.collect();
        Ok(Look::Seen(Box::new(Outlined { input, begun, rows, more })))
    }

    /// The number by which a bucket is looked into.
    fn number(&mut self, input: u32, tree: &Tree, above: &[Vec<u8>], key: &[u8]) -> u32 {
        let mut path = above.to_vec();
        path.push(key.to_vec());
        let same =
            |known: &Bucket| known.input == input && known.tree == *tree && known.path == path;
        let place = self.buckets.iter().position(same).unwrap_or_else(|| {
            if self.buckets.len() < BUCKETS {
                self.buckets.push(Bucket { input, tree: tree.clone(), path });
            }
            self.buckets.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The input whose tree is meant: this one, or the first that has one.
    fn tree_of(&self, input: Option<u32>) -> Result<Option<u32>, SourceError> {
        Ok(match input {
            Some(input) => Some(input).filter(|input| (*input as usize) < self.files.len()),
            None => self.trees()?.first().map(|trees| trees.input),
        })
    }

    /// An input with its log, as if nothing else had been given.
    fn alone(&self, input: u32) -> Result<Vec<Given<'_>>, SourceError> {
        let all = given(&self.files);
        let log = match roles(&all)?.get(input as usize) {
            Some(Role::Sqlite { log }) => *log,
            _ => None,
        };
        let one = |input: u32| all.get(input as usize).copied();
        Ok(one(input).into_iter().chain(log.and_then(one)).collect())
    }
}

/// Files as the engine takes them.
fn given(files: &[File]) -> Vec<Given<'_>> {
    files.iter().map(|file| Given { source: &file.disk, name: Some(&file.name) }).collect()
}

/// The prefixes of a database's tables of keys and values.
fn prefixes(given: &[Given<'_>], input: u32, log: Option<u32>) -> Result<Vec<String>, SourceError> {
    // Names in files are whatever somebody wrote.
    let plain = |name: &&str| fulgurite_core::text::visible(name.as_bytes()) == **name;
    database(given, input, log, |tables, _| {
        sqlkv::prefixes(tables).into_iter().filter(plain).map(str::to_owned).collect()
    })
}

/// A database that is looked into: its tables, and the bytes of a page.
fn database<T: Default>(
    given: &[Given<'_>],
    input: u32,
    log: Option<u32>,
    look: impl FnOnce(&dyn Tables, u64) -> T,
) -> Result<T, SourceError> {
    let cached = |input: u32| given.get(input as usize).map(|one| Cached::new(one.source, CACHE));
    let Some(source) = cached(input) else { return Ok(T::default()) };
    let log = log.and_then(cached);
    let database = Sqlite::open(&source, log.as_ref())?;
    let page_size = u64::from(database.layout().page_size);
    Ok(look(&database, page_size))
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("files", &self.files.len()).finish_non_exhaustive()
    }
}
