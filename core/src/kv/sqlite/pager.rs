//! Pages by number, wherever they stand: in the write-ahead log, else in the file.

use alloc::vec::Vec;

use super::header::{self, Encoding, Header};
use super::wal::Wal;
use crate::finding::Span;
use crate::source::{Source, SourceError, read_span};

/// The byte that SQLite locks; its page is never used.
const LOCK_BYTE: u64 = 1 << 30;

/// What is known of a file's pages, once its claims were held against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bytes of a page.
    pub page_size: u32,
    /// Of these, bytes that SQLite uses.
    pub usable: u32,
    /// Pages that the database has: by its log, its header, or its length.
    pub pages: u32,
    /// Pages that can be read; the last may be cut. It may be more or less than `pages`.
    pub readable: u32,
    /// How text is written.
    pub encoding: Encoding,
    /// Whether there are pointer maps.
    pub auto_vacuum: bool,
    /// The page size was found by the pages, not told by the header.
    pub guessed: bool,
}

impl Layout {
    /// The page with the lock byte, which holds nothing.
    pub(super) fn lock_page(&self) -> u32 {
        u32::try_from(LOCK_BYTE / u64::from(self.page_size)).unwrap_or(0).saturating_add(1)
    }

    /// How many pages a page of the pointer map speaks of.
    fn map_entries(&self) -> u32 {
        self.usable / 5
    }

    /// The page of the pointer map that speaks of this page; itself, if it is one.
    pub(super) fn map_page(&self, page: u32) -> u32 {
        let group = self.map_entries() + 1;
        let at = page.saturating_sub(2) / group * group + 2;
        if at == self.lock_page() { at + 1 } else { at }
    }

    /// Whether this page is one of the pointer map.
    pub(super) fn is_map(&self, page: u32) -> bool {
        self.auto_vacuum && page >= 2 && self.map_page(page) == page
    }

    /// Which entry of its pointer map's page speaks of this page.
    pub(super) fn map_entry(&self, page: u32) -> Option<usize> {
        let entry = page.checked_sub(self.map_page(page))?.checked_sub(1)?;
        usize::try_from(entry).ok()
    }
}

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// In the write-ahead log.
    pub in_wal: bool,
    /// The offset of its first byte there.
    pub offset: u64,
    /// How many of its bytes there are: all but where the file ends.
    pub present: usize,
}

impl Origin {
    /// The bytes `from .. to` of the page.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        Span::new(
            self.offset.saturating_add(from as u64),
            self.offset.saturating_add(to.max(from) as u64),
        )
    }
}

/// The page that was read last, in case the next row stands there, too.
#[derive(Debug, Default)]
pub(super) struct Held {
    page: Option<(u32, Origin)>,
    bytes: Vec<u8>,
}

/// Reads pages.
#[derive(Clone, Copy)]
pub(super) struct Pager<'a> {
    pub(super) main: &'a dyn Source,
    pub(super) log: Option<(&'a dyn Source, &'a Wal)>,
    pub(super) layout: Layout,
}

impl Pager<'_> {
    /// Where that page stands, if anywhere.
    pub(super) fn origin(&self, page: u32) -> Option<Origin> {
        let size = u64::from(self.layout.page_size);
        let logged = self.log.and_then(|(_, wal)| wal.frames.get(&page));
        if let Some(offset) = logged {
            let present = usize::try_from(size).ok()?;
            return Some(Origin { in_wal: true, offset: *offset, present });
        }
        let offset = u64::from(page.checked_sub(1)?).checked_mul(size)?;
        let left = self.main.len().checked_sub(offset).filter(|left| *left > 0)?;
        let present = usize::try_from(left.min(size)).ok()?;
        Some(Origin { in_wal: false, offset, present })
    }

    /// Reads that page; bytes beyond the file's end are zero.
    pub(super) fn read(&self, page: u32, buf: &mut Vec<u8>) -> Result<Option<Origin>, SourceError> {
        let Some(origin) = self.origin(page) else { return Ok(None) };
        buf.clear();
        buf.resize(usize::try_from(self.layout.page_size).unwrap_or(0), 0);
        if let Some(part) = buf.get_mut(..origin.present) {
            self.source(origin).read_at(origin.offset, part)?;
        }
        Ok(Some(origin))
    }

    /// The bytes of that page, read if it is not the one that is held.
    pub(super) fn hold<'h>(
        &self,
        page: u32,
        held: &'h mut Held,
    ) -> Result<Option<(&'h [u8], Origin)>, SourceError> {
        if let Some((_, origin)) = held.page.filter(|(known, _)| *known == page) {
            return Ok(Some((&held.bytes, origin)));
        }
        held.page = None;
        let Some(origin) = self.read(page, &mut held.bytes)? else { return Ok(None) };
        held.page = Some((page, origin));
        Ok(Some((&held.bytes, origin)))
    }

    /// Reads bytes from `from` on of that page; whether they are all there.
    pub(super) fn read_part(
        &self,
        page: u32,
        from: usize,
        buf: &mut [u8],
    ) -> Result<bool, SourceError> {
        let Some(origin) = self.origin(page) else { return Ok(false) };
        if from.checked_add(buf.len()).is_none_or(|end| end > origin.present) {
            return Ok(false);
        }
        self.source(origin).read_at(origin.offset.saturating_add(from as u64), buf)?;
        Ok(true)
    }

    fn source(&self, origin: Origin) -> &dyn Source {
        match self.log {
            Some((log, _)) if origin.in_wal => log,
            _ => self.main,
        }
    }
}

/// The header in force, and the layout that fits header, log and file.
pub(super) fn lay_out(
    main: &dyn Source,
    log: Option<(&dyn Source, &Wal)>,
) -> Result<(Header, Layout), SourceError> {
    let of_file = Header::read(&read_span(main, 0, header::LEN)?);
    let (page_size, guessed) = match log {
        Some((_, wal)) if wal.committed > 0 => (wal.page_size, false),
        _ => find_page_size(main, &of_file)?,
    };
    let mut header = of_file;
    if let Some((log, wal)) = log
        && let Some(at) = wal.frames.get(&1)
    {
        let logged = Header::read(&read_span(log, *at, header::LEN)?);
        if logged.magic {
            header = logged;
        }
    }
    let size = u64::from(page_size);
    let in_file = u32::try_from(main.len().div_ceil(size)).unwrap_or(u32::MAX);
    let logged = log.and_then(|(_, wal)| wal.frames.keys().next_back().copied());
    // A log's page number counts only as far as frames and file can reach.
    let reach = log.map_or(0, |(_, wal)| wal.frames.len());
    let reach = in_file.saturating_add(u32::try_from(reach).unwrap_or(u32::MAX));
    let readable = in_file.max(logged.unwrap_or(0).min(reach));
    let of_log = log.map(|(_, wal)| wal.pages).filter(|pages| *pages > 0);
    let pages = of_log.or(header.claimed_pages()).unwrap_or(in_file);
    let reserved = u32::from(header.reserved);
    let usable = page_size - reserved;
    let layout = Layout {
        page_size,
        usable: if usable < 480 { page_size } else { usable },
        pages,
        readable,
        encoding: header.text(),
        auto_vacuum: header.largest_root != 0,
        guessed,
    };
    Ok((header, layout))
}

/// The header's page size, if it is one and pages of that size are found where the file is as long
/// as it says; else the size of which most is found. The second: whether it was found so.
fn find_page_size(main: &dyn Source, header: &Header) -> Result<(u32, bool), SourceError> {
    let told = header.page_size;
    let claimed = u64::from(header.pages) * u64::from(told);
    if told != 0 && claimed == main.len() {
        return Ok((told, false));
    }
    let sizes = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];
    let mut found = [0_u64; 8];
    let blocks = main.len().div_ceil(65_536);
    // 64 blocks, spread over the file, are plenty.
    let stride = blocks.div_ceil(64).max(1);
    let mut block = 0;
    while block < blocks {
        let bytes = read_span(main, block * 65_536, 65_536)?;
        for (size, found) in sizes.iter().zip(&mut found) {
            let size = usize::try_from(*size).unwrap_or(512);
            let pages = bytes.chunks_exact(size).enumerate();
            let sound = pages.filter(|(index, page)| {
                let first = block == 0 && *index == 0;
                looks_like_leaf(page, if first { header::LEN } else { 0 })
            });
            *found += sound.count() as u64 * size as u64;
        }
        block += stride;
    }
    // Pages at multiples of the true size count for each divisor as well, but with fewer bytes.
    let best = sizes.iter().zip(found).max_by_key(|(_, found)| *found);
    let told_found = sizes.iter().zip(found).find(|(size, _)| **size == told);
    let told_found = told_found.map_or(0, |(_, found)| found);
    match best {
        Some((size, found)) if found > 0 && (told == 0 || told_found == 0) => {
            Ok((*size, *size != told))
        }
        _ if told != 0 => Ok((told, false)),
        _ => Ok((4_096, true)),
    }
}

/// Whether these bytes could be a leaf of some b-tree, whole.
fn looks_like_leaf(page: &[u8], start: usize) -> bool {
    use super::bytes::{u8_at, u16_at};
    let Some(kind) = u8_at(page, start) else { return false };
    let (Some(cells), Some(content)) = (u16_at(page, start + 3), u16_at(page, start + 5)) else {
        return false;
    };
    let content = if content == 0 { 65_536 } else { usize::from(content) };
    let array_end = start + 8 + 2 * usize::from(cells);
    if !matches!(kind, 10 | 13) || cells == 0 || array_end > content || content > page.len() {
        return false;
    }
    // Its content reaches the end of this very page, as SQLite fills pages from their end.
    let pointers = (0..usize::from(cells)).map(|cell| u16_at(page, start + 8 + 2 * cell));
    let mut highest = 0;
    for pointer in pointers {
        let Some(pointer) = pointer.map(usize::from) else { return false };
        if pointer < content || pointer + 4 > page.len() {
            return false;
        }
        highest = highest.max(pointer);
    }
    let Some((payload, len)) = super::bytes::varint_at(page, highest) else { return false };
    let Ok(payload) = usize::try_from(payload) else { return false };
    let from_end = page.len() - highest - len;
    payload.saturating_add(9) >= from_end.saturating_sub(264) || payload > page.len() / 8
}
