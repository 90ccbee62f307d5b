//! One file given on the command line: opened read-only, told by its content, unpacked if it is
//! packed, and watched for changes.

use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fulgurite_core::detect::{self, Kind};
use fulgurite_core::finding::Code as FindingCode;
use fulgurite_core::kv::bolt;
use fulgurite_core::lnd::check::is_of_lnd;
use fulgurite_core::report::Report;
use fulgurite_core::source::{Source as _, SourceError, read_span};
use fulgurite_core::text::visible;
use fulgurite_core::words as engine_words;

use crate::exit::{Code, Trouble, complain, shown};
use crate::output::Face;
use crate::source::FileSource;
use crate::unpack::{self, Unpacked};
use crate::words;

/// An open file.
pub(crate) struct Input {
    path: PathBuf,
    file: File,
    before: Stamp,
    kind: Kind,
    packed: Option<Packed>,
}

/// A packed file, and what came out of it.
struct Packed {
    kind: Kind,
    /// Or why nothing did.
    out: Result<Unpacked, String>,
}

impl Input {
    /// Opens a file, and unpacks it if need be, to at most so many bytes.
    pub(crate) fn open(path: &Path, max_unpacked: u64, face: Face) -> Result<Input, Trouble> {
        let fail = |error| Trouble::with(path, error);
        // Before it is opened: a pipe would block.
        let metadata = fs::metadata(path).map_err(fail)?;
        if !metadata.is_file() {
            let what = if metadata.is_dir() { words::DIRECTORY } else { words::NOT_A_FILE };
            return Err(Trouble::with(path, what.get(face.language)));
        }
        let file = File::open(path).map_err(fail)?;
        let before = Stamp::of(&file.metadata().map_err(fail)?);
        let kind = kind_of(path, FileSource::new(&file, before.len))?;
        let mut input = Input { path: path.to_owned(), file, before, kind, packed: None };
        if kind.is_compressed() {
            let out = unpack::unpack(kind, &input.file, before.len, max_unpacked, path, face)?;
            if let Ok(unpacked) = &out {
                input.kind = kind_of(path, FileSource::new(&unpacked.file, unpacked.len))?;
            }
            input.packed = Some(Packed { kind, out });
        }
        Ok(input)
    }

    /// Whether it is a database or a dump that may be LND's.
    pub(crate) fn is_of_lnd(&self) -> Result<bool, Trouble> {
        let source = self.source();
        let fail = |error: SourceError| Trouble::source(&self.path, &error);
        let head = read_span(&source, 0, detect::HEAD).map_err(fail)?;
        // The first meta page may be what was lost, and a log that was written back is empty.
        Ok(is_of_lnd(&head)
            || self.kind == Kind::GossipStore && bolt::is_bolt(source).map_err(fail)?
            || source.is_empty() && ends_with(&self.path, "-wal"))
    }

    /// What the content is, at first sight.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it was packed.
    pub(crate) fn was_packed(&self) -> bool {
        self.packed.is_some()
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// When it was last written, in seconds since 1970.
    pub(crate) fn modified(&self) -> Option<u64> {
        let since = self.before.modified?.duration_since(SystemTime::UNIX_EPOCH);
        since.ok().map(|since| since.as_secs())
    }

    /// What is to be read: the file, or what it unpacked to.
    pub(crate) fn source(&self) -> FileSource<'_> {
        match &self.packed {
            Some(Packed { out: Ok(unpacked), .. }) => FileSource::new(&unpacked.file, unpacked.len),
            _ => FileSource::new(&self.file, self.before.len),
        }
    }

    /// The report, if it is not a store.
    pub(crate) fn other(&self) -> Option<Report> {
        detect::report(self.kind, self.source().len())
    }

    /// A line about its unpacking, if it was packed, safe to print.
    pub(crate) fn unpacking(&self, face: Face) -> Option<Result<String, String>> {
        let packed = self.packed.as_ref()?;
        Some(match &packed.out {
            Ok(unpacked) => {
                let member = unpacked.member.as_deref().map(visible);
                Ok(words::unpacked(face.language, packed.kind.name(), unpacked.len, member))
            }
            Err(why) => Err(format!("{}: {why}", shown(&self.path))),
        })
    }

    /// For commands that need a store: an error that says what the file is instead.
    pub(crate) fn must_be_store(&self, face: Face) -> Result<(), Trouble> {
        if let Some(Err(why)) = self.unpacking(face) {
            return Err(Trouble::Failed(why));
        }
        let Some(report) = self.other() else { return Ok(()) };
        let title = report.findings.first().map(|f| engine_words::title(f, face.language));
        let steps = report.verdict.next.iter();
        let steps = steps.map(|step| engine_words::step(*step).get(face.language));
        let told: Vec<&str> = title.as_deref().into_iter().chain(steps).collect();
        Err(Trouble::Failed(format!("{}: {}", shown(&self.path), told.join("\n  "))))
    }

    /// For the command that reads logs, where no line of it is known: an error if it is no text.
    pub(crate) fn must_be_text(&self, face: Face) -> Result<(), Trouble> {
        let source = self.source();
        let head = read_span(&source, 0, detect::HEAD);
        let head = head.map_err(|error| Trouble::source(&self.path, &error))?;
        let text = if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            words::UTF16_LOG
        } else if head.contains(&0) {
            words::NOT_A_LOG
        } else {
            return Ok(());
        };
        Err(Trouble::with(&self.path, text.get(face.language)))
    }

    /// Whether the file is as it was when it was opened.
    pub(crate) fn is_still(&self) -> bool {
        let now = self.file.metadata();
        // Another file may have taken its place; one that is gone altogether has not changed.
        let there = fs::metadata(&self.path);
        now.is_ok_and(|now| Stamp::of(&now) == self.before)
            && there.map_or(true, |there| Stamp::of(&there) == self.before)
    }

    /// For commands that list: says so if the file has changed, and gives the code to end with.
    pub(crate) fn listed(&self, read: FileSource<'_>, face: Face) -> Code {
        if self.is_still() && read.len() == self.source().len() {
            return Code::Fine;
        }
        let text = engine_words::entry(FindingCode::NotStill).title.get(face.language);
        complain(&format!("{}: {text}", shown(&self.path)));
        Code::Found
    }
}

/// Whether the file's name ends so.
pub(crate) fn ends_with(path: &Path, end: &str) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(end.as_bytes())
}

fn kind_of(path: &Path, source: FileSource<'_>) -> Result<Kind, Trouble> {
    let head = read_span(&source, 0, detect::HEAD);
    Ok(detect::detect(&head.map_err(|error| Trouble::source(path, &error))?))
}

/// What changes when a file changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    identity: Option<(u64, u64)>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        let identity = identity(metadata);
        Stamp { len: metadata.len(), modified: metadata.modified().ok(), identity }
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}
