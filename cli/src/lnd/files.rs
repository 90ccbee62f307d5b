//! Which files belong together: those of one command line, those of a copied data directory, and
//! the write-ahead log that lies beside a database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fulgurite_core::detect::Kind;
use fulgurite_core::lnd::check::Given;
use fulgurite_core::lnd::migration::{Files, Network};
use fulgurite_core::source::Source;

use super::folder;
use crate::exit::Trouble;
use crate::input::Input;
use crate::output::Face;
use crate::source::FileSource;
use crate::words::lnd as words;

/// What was given, and what lies in the folders that were.
#[derive(Default)]
pub(crate) struct Gathered {
    all: Vec<Member>,
    whole: bool,
    passed_over: usize,
}

/// One file.
pub(crate) struct Member {
    /// The file, open.
    pub(crate) input: Input,
    /// Nobody named it, nor a folder of it: it lay beside its database.
    pub(crate) by_itself: bool,
    /// The network that its folders are named for.
    network: Option<Network>,
}

/// Files that are judged together.
pub(crate) struct Set {
    /// The files; never none.
    pub(crate) members: Vec<Member>,
    /// What is known of them as files.
    pub(crate) files: Files,
    /// So many other files in the folders were not looked at.
    pub(crate) passed_over: usize,
}

impl Gathered {
    /// Whether nothing was gathered.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes a file that was named.
    pub(crate) fn take(&mut self, input: Input) {
        self.put(Member { input, by_itself: false, network: None });
    }

    /// Each file once.
    fn put(&mut self, member: Member) {
        let place = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let new = place(member.input.path());
        if !self.all.iter().any(|known| place(known.input.path()) == new) {
            self.all.push(member);
        }
    }

    /// Takes whatever is LND's in a folder; how many files that were. Packed files (LND's old logs)
    /// are left alone.
    ///
    /// # Errors
    /// Where a file in it cannot be read: what is judged together is judged as a whole, and that file
    /// may be a part of it. Nothing of the folder is kept then.
    pub(crate) fn walk(
        &mut self,
        folder: &Path,
        max_unpacked: u64,
        face: Face,
    ) -> Result<usize, Trouble> {
        let before = self.all.len();
        let taken = self.take_all(folder, max_unpacked, face);
        taken.map_err(|trouble| {
            self.all.truncate(before);
            match trouble {
                Trouble::Failed(why) => {
                    let told = words::NOT_JUDGED.get(face.language);
                    Trouble::Failed(format!("{why}\n  {told}"))
                }
                other => other,
            }
        })
    }

    fn take_all(&mut self, folder: &Path, max_unpacked: u64, face: Face) -> Result<usize, Trouble> {
        let before = self.all.len();
        let mut passed_over = 0;
        for path in folder::files(folder, face)? {
            crate::cancel::check()?;
            let taken = self.found(&path, max_unpacked, face)?;
            passed_over += usize::from(!taken);
        }
        let taken = self.all.len() - before;
        if taken > 0 {
            self.whole = true;
            self.passed_over += passed_over;
        }
        Ok(taken)
    }

    /// Takes a file of a folder if it is LND's.
    fn found(&mut self, path: &Path, max: u64, face: Face) -> Result<bool, Trouble> {
        if is_packed(path)? {
            return Ok(false);
        }
        let input = Input::open(path, max, face)?;
        if !input.is_of_lnd()? {
            return Ok(false);
        }
        let network = network(path);
        self.put(Member { input, by_itself: false, network });
        Ok(true)
    }

    /// The sets: one, unless folders of several networks were given.
    pub(crate) fn sets(mut self, max_unpacked: u64, face: Face) -> Result<Vec<Set>, Trouble> {
        self.add_logs(max_unpacked, face)?;
        let mut networks: Vec<Network> = self.all.iter().filter_map(|one| one.network).collect();
        networks.sort_by_key(|network| network.name());
        networks.dedup();
        // Of one network, everything belongs together, also what was named beside the folder.
        let only = match networks.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let mut sets: BTreeMap<Option<&str>, Set> = BTreeMap::new();
        for member in self.all {
            let network = only.or(member.network);
            let files = || Files { whole: self.whole, network, ..Files::default() };
            let set = sets.entry(network.map(Network::name)).or_insert_with(|| Set {
                members: Vec::new(),
                files: files(),
                passed_over: self.passed_over,
            });
            set.members.push(member);
        }
        Ok(sets.into_values().collect())
    }

    /// Takes the log that lies beside a database, if it was not named.
    fn add_logs(&mut self, max_unpacked: u64, face: Face) -> Result<(), Trouble> {
        let databases = self
            .all
            .iter()
            .filter(|one| one.input.kind() == Kind::Sqlite && !one.input.was_packed());
        let logs: Vec<(PathBuf, Option<Network>)> = databases
            .map(|one| {
                let mut log = one.input.path().as_os_str().to_owned();
                log.push("-wal");
                (PathBuf::from(log), one.network)
            })
            .filter(|(log, _)| fs::metadata(log).is_ok_and(|metadata| metadata.is_file()))
            .collect();
        for (log, network) in logs {
            let input = Input::open(&log, max_unpacked, face)?;
            if input.is_of_lnd()? {
                self.put(Member { input, by_itself: true, network });
            }
        }
        Ok(())
    }
}

impl Set {
    /// What is to be read of each file.
    pub(crate) fn sources(&self) -> Vec<(FileSource<'_>, String)> {
        let each = self.members.iter().map(|member| {
            let path = member.input.path();
            // As it would be called unpacked, so that a log finds its database.
            let name = path.to_string_lossy();
            let ends = [".gz", ".xz", ".zst", ".zip"].iter().filter(|_| member.input.was_packed());
            let name = ends.fold(name.as_ref(), |name, end| name.strip_suffix(end).unwrap_or(name));
            (member.input.source(), name.to_owned())
        });
        each.collect()
    }

    /// All bytes.
    pub(crate) fn size(&self) -> u64 {
        self.members.iter().map(|member| member.input.source().len()).sum()
    }

    /// The first file.
    pub(crate) fn first(&self) -> &Path {
        self.members.first().map_or_else(|| Path::new(""), |member| member.input.path())
    }

    /// The file that changed while it was read, or the first.
    pub(crate) fn blamed(&self) -> &Path {
        let changed = self.members.iter().find(|member| !member.input.is_still());
        changed.map_or_else(|| self.first(), |member| member.input.path())
    }

    /// Whether all files are as they were.
    pub(crate) fn is_still(&self) -> bool {
        self.members.iter().all(|member| member.input.is_still())
    }

    /// What is to be said of each file above everything else: its path, and lines about how it was
    /// come by.
    pub(crate) fn heads(&self, face: Face) -> Vec<(&Path, Vec<String>)> {
        let last = self.members.len().saturating_sub(1);
        let each = self.members.iter().enumerate().map(|(index, member)| {
            let mut notes = Vec::new();
            if let Some(Ok(line)) = member.input.unpacking(face) {
                notes.push(line);
            }
            if member.by_itself {
                notes.push(words::BY_ITSELF.get(face.language).to_owned());
            }
            if index == last && self.passed_over > 0 {
                let count = face.count(self.passed_over as u64);
                notes.push(words::passed_over(face.language, &count));
            }
            (member.input.path(), notes)
        });
        each.collect()
    }
}

/// Sources as the engine takes them.
pub(crate) fn given<'a>(sources: &'a [(FileSource<'a>, String)]) -> Vec<Given<'a>> {
    sources.iter().map(|(source, name)| Given { source, name: Some(name) }).collect()
}

/// The network that the nearest folder is named for.
fn network(path: &Path) -> Option<Network> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let names = path.ancestors().skip(1).filter_map(|folder| folder.file_name()?.to_str());
    names.into_iter().find_map(Network::named)
}

/// Whether it would have to be unpacked.
fn is_packed(path: &Path) -> Result<bool, Trouble> {
    let fail = |error| Trouble::with(path, error);
    let file = fs::File::open(path).map_err(fail)?;
    let len = file.metadata().map_err(fail)?.len();
    let source = FileSource::new(&file, len);
    let mut head = vec![0; 512.min(usize::try_from(len).unwrap_or(512))];
    source.read_at(0, &mut head).map_err(|error| Trouble::source(path, &error))?;
    Ok(fulgurite_core::detect::detect(&head).is_compressed())
}
