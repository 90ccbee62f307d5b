//! A new file: written beside its place, and only when it is whole given its name.
//!
//! Nothing is ever overwritten. Until the last step there is only a file with a name of its own,
//! which goes away with the process.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::exit::Trouble;
use crate::output::Face;
use crate::words;

/// Says so if there is something of that name already.
pub(crate) fn must_be_new(new: &Path, face: Face) -> Result<(), Trouble> {
    match new.symlink_metadata() {
        Ok(_) => Err(Trouble::with(new, words::EXISTS.get(face.language))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Trouble::with(new, error)),
    }
}

/// A file that has not got its name yet. Dropped, it is gone.
pub(crate) struct NewFile<'p> {
    new: &'p Path,
    folder: &'p Path,
    file: NamedTempFile,
}

impl<'p> NewFile<'p> {
    /// In the folder where it is to be, with mode 0600.
    pub(crate) fn beside(new: &'p Path) -> Result<NewFile<'p>, Trouble> {
        let folder = match new.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let made =
            tempfile::Builder::new().prefix(".fulgurite-").suffix(".part").tempfile_in(folder);
        let file = made.map_err(|error| Trouble::with(new, error))?;
        Ok(NewFile { new, folder, file })
    }

    /// Makes what was written last.
    pub(crate) fn sync(&self) -> Result<(), Trouble> {
        self.file.as_file().sync_all().map_err(|error| Trouble::with(self.new, error))
    }

    /// Gives it its name, if that is free.
    pub(crate) fn keep(self, face: Face) -> Result<(), Trouble> {
        let NewFile { new, folder, file } = self;
        file.persist_noclobber(new).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => Trouble::with(new, words::EXISTS.get(face.language)),
            _ => Trouble::with(new, error.error),
        })?;
        sync_folder(folder).map_err(|error| Trouble::with(new, error))
    }
}

impl AsRef<File> for NewFile<'_> {
    fn as_ref(&self) -> &File {
        self.file.as_file()
    }
}

impl AsMut<File> for NewFile<'_> {
    fn as_mut(&mut self) -> &mut File {
        self.file.as_file_mut()
    }
}

/// Makes the new name as lasting as the bytes.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
