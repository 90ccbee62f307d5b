//! gzip, xz, zip and zstd: unpacked to a temporary file without a name, within bounds.
//!
//! A few kilobytes can be made to unpack to a full disk, so the output is bounded, by a number of
//! bytes and by how many times larger than the packed file it may be; and so is the memory that a
//! packed file may ask for. A limit reached is no partial result: it is refused.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write as _};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use fulgurite_core::detect::Kind;
use fulgurite_core::text::visible;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use zip::ZipArchive;

use crate::cancel;
use crate::exit::Trouble;
use crate::output::Face;
use crate::progress::Progress;
use crate::words;

/// How many times its own size a file may unpack to.
const RATIO: u64 = 1_000;

/// So much is allowed whatever the ratio: a store of nothing but zeros packs very well.
const ALWAYS: u64 = 64 << 20;

/// The memory that decoding may take, in KiB: four times what `xz -9` and `zstd --ultra` need.
const MEMORY_KIB: u32 = 512 << 10;

/// What came out.
pub(crate) struct Unpacked {
    /// The bytes, in a file that vanishes when it is closed.
    pub(crate) file: File,
    /// How many.
    pub(crate) len: u64,
    /// The name of the member of a zip, as stored.
    pub(crate) member: Option<Vec<u8>>,
}

/// Why it was not unpacked.
enum Refusal {
    /// The packed file is damaged, or of a kind that is not supported.
    Packed(io::Error),
    /// More bytes would come out than are allowed.
    TooMuch(u64),
    /// The temporary file cannot be written, or it was cancelled.
    Stopped(Trouble),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        Refusal::Packed(error)
    }
}

/// Unpacks a file. The inner error says why that cannot be done, and is safe to print.
pub(crate) fn unpack(
    kind: Kind,
    file: &File,
    size: u64,
    max: u64,
    path: &Path,
    face: Face,
) -> Result<Result<Unpacked, String>, Trouble> {
    let limit = max.min(size.saturating_mul(RATIO).max(ALWAYS));
    let read = Cell::new(0);
    let mut packed = Counted { file, read: &read };
    let started = tempfile::tempfile().and_then(|file| {
        packed.seek(SeekFrom::Start(0))?;
        Ok(file)
    });
    let mut sink = Sink {
        file: started.map_err(|error| Trouble::with(&std::env::temp_dir(), error))?,
        len: 0,
        limit,
        read: &read,
        progress: Progress::of(path, size),
    };
    let done = match kind {
        Kind::Gzip => sink.fill(MultiGzDecoder::new(BufReader::new(packed))).map(|()| None),
        Kind::Xz => {
            let packed = BufReader::new(packed);
            sink.fill(XzReader::new_mem_limit(packed, true, MEMORY_KIB)).map(|()| None)
        }
        Kind::Zstd => zstd(packed, &mut sink).map(|()| None),
        _ => zip(packed, &mut sink).map(Some),
    };
    match done {
        Ok(member) => Ok(Ok(Unpacked { len: sink.len, file: sink.file, member })),
        Err(Refusal::Packed(error)) => {
            let why = visible(error.to_string().as_bytes());
            Ok(Err(words::cannot_unpack(face.language, kind.name(), &why)))
        }
        Err(Refusal::TooMuch(limit)) => {
            Ok(Err(words::unpacks_to_too_much(face.language, limit, limit == max)))
        }
        Err(Refusal::Stopped(trouble)) => Err(trouble),
    }
}

/// A zstd file is one frame after the other; some are to be skipped.
fn zstd(packed: Counted<'_>, sink: &mut Sink<'_>) -> Result<(), Refusal> {
    let mut packed = BufReader::new(packed);
    while !packed.fill_buf()?.is_empty() {
        match StreamingDecoder::new(&mut packed) {
            Ok(frame) => sink.fill(frame)?,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                io::copy(&mut packed.by_ref().take(length.into()), &mut io::sink())?;
            }
            Err(error) => return Err(Refusal::Packed(io::Error::other(error))),
        }
    }
    Ok(())
}

/// The only member of a zip, or the largest.
fn zip(packed: Counted<'_>, sink: &mut Sink<'_>) -> Result<Vec<u8>, Refusal> {
    let broken = |error: zip::result::ZipError| Refusal::Packed(io::Error::other(error));
    let mut archive = ZipArchive::new(packed).map_err(broken)?;
    let mut largest = None;
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(broken)?;
        if member.is_file() && largest.is_none_or(|(size, _)| size < member.size()) {
            largest = Some((member.size(), index));
        }
    }
    let Some((_, index)) = largest else {
        return Err(Refusal::Packed(io::Error::other("the archive holds no file")));
    };
    let member = archive.by_index(index).map_err(broken)?;
    let name = member.name_raw().to_vec();
    sink.fill(member)?;
    Ok(name)
}

/// Where the bytes go.
struct Sink<'a> {
    file: File,
    len: u64,
    limit: u64,
    /// Packed bytes read so far.
    read: &'a Cell<u64>,
    progress: Progress,
}

impl Sink<'_> {
    fn fill(&mut self, mut from: impl Read) -> Result<(), Refusal> {
        let mut buffer = vec![0; 256 * 1024];
        loop {
            cancel::check().map_err(Refusal::Stopped)?;
            self.progress.at(self.read.get());
            let more = match from.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(more) => more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            self.len += more as u64;
            if self.len > self.limit {
                return Err(Refusal::TooMuch(self.limit));
            }
            let written = self.file.write_all(buffer.get(..more).unwrap_or_default());
            written
                .map_err(|error| Refusal::Stopped(Trouble::with(&std::env::temp_dir(), error)))?;
        }
    }
}

/// A file that counts what is read of it.
struct Counted<'a> {
    file: &'a File,
    read: &'a Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let more = self.file.read(buf)?;
        self.read.set(self.read.get() + more as u64);
        Ok(more)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
