//! A file that someone else writes to, read as it is now. It is opened read-only and never locked.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use fulgurite_core::gossip::follow::{FileId, Live};
use fulgurite_core::source::{SourceError, SourceErrorKind};

use crate::source::FileSource;

/// An open file.
#[derive(Debug)]
pub(crate) struct LiveFile {
    file: File,
    id: FileId,
}

impl LiveFile {
    /// Opens a regular file.
    pub(crate) fn open(path: &Path) -> io::Result<LiveFile> {
        // Before it is opened: a pipe would block.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let file = File::open(path)?;
        let id = id(&file.metadata()?);
        Ok(LiveFile { file, id })
    }

    /// What makes it that file.
    pub(crate) fn id(&self) -> FileId {
        self.id
    }
}

impl Live for LiveFile {
    fn len(&self) -> Result<u64, SourceError> {
        let metadata = self.file.metadata();
        metadata.map(|metadata| metadata.len()).map_err(|error| failed(0, 0, &error))
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        let len = buf.len() as u64;
        let source = FileSource::new(&self.file, u64::MAX);
        source.read_up_to(at, buf).map_err(|error| failed(at, len, &error))
    }
}

/// The same of a file of our own, such as one that is being written.
pub(crate) struct Own<'f>(pub(crate) &'f File);

impl Live for Own<'_> {
    fn len(&self) -> Result<u64, SourceError> {
        let metadata = self.0.metadata();
        metadata.map(|metadata| metadata.len()).map_err(|error| failed(0, 0, &error))
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        let len = buf.len() as u64;
        let source = FileSource::new(self.0, u64::MAX);
        source.read_up_to(at, buf).map_err(|error| failed(at, len, &error))
    }
}

fn failed(at: u64, len: u64, error: &io::Error) -> SourceError {
    SourceError::new(at, len, SourceErrorKind::Medium(error.to_string()))
}

/// The file of that name now, if there is one.
pub(crate) fn id_of(path: &Path) -> io::Result<Option<FileId>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(id(&metadata))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn id(metadata: &Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt as _;
    FileId(metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn id(metadata: &Metadata) -> FileId {
    let since = metadata.created().ok();
    let since = since.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    FileId(0, since.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)))
}
