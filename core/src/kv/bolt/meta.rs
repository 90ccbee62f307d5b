//! The two meta pages: how large a page is, which meta holds, and what that says of the file.
//!
//! bbolt writes them in turn, the one of transaction N on page N mod 2, and trusts the valid one
//! with the higher transaction. If the newer cannot be read, the older one holds: the last
//! transaction is undone. Upstream: bbolt v1.4.3, db.go, `getPageSize`, `mmap`, `meta`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::format::{Header, MAGIC, Meta, PageType, VERSION, is_page_size};
use crate::source::{Source, SourceError, read_span};

/// What is wrong with a meta page, the first thing that bbolt meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MetaFault {
    /// The file ends before it.
    Missing,
    /// All bytes are zero.
    Zero,
    /// Not bbolt's magic number.
    Magic,
    /// Not version 2.
    Version,
    /// The checksum does not hold.
    Checksum,
    /// The checksum holds, but the page size cannot be one, or is not that of the other meta.
    PageSize,
    /// The checksum holds, but the root or the freelist is no page of the tree.
    Pages,
    /// The checksum holds, but the page's header is not that of this meta page.
    Header,
}

impl MetaFault {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            MetaFault::Missing => "missing",
            MetaFault::Zero => "zero",
            MetaFault::Magic => "magic",
            MetaFault::Version => "version",
            MetaFault::Checksum => "checksum",
            MetaFault::PageSize => "page_size",
            MetaFault::Pages => "pages",
            MetaFault::Header => "header",
        }
    }

    /// What bbolt says of it when both metas are bad; nothing of what it does not look at.
    pub const fn upstream(self) -> Option<&'static str> {
        match self {
            MetaFault::Missing | MetaFault::Zero | MetaFault::Magic => Some("invalid database"),
            MetaFault::Version => Some("version mismatch"),
            MetaFault::Checksum => Some("checksum error"),
            MetaFault::PageSize | MetaFault::Pages | MetaFault::Header => None,
        }
    }

    /// Whether bbolt takes the meta in spite of it.
    pub const fn is_accepted(self) -> bool {
        self.upstream().is_none()
    }
}

/// One meta page as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetaPage {
    /// Its offset.
    pub at: u64,
    /// Its fields, if the file has so many bytes.
    pub meta: Option<Meta>,
    /// What is wrong with it.
    pub fault: Option<MetaFault>,
}

impl MetaPage {
    /// The meta, if bbolt would take it.
    pub fn valid(&self) -> Option<Meta> {
        self.meta.filter(|_| self.fault.is_none_or(MetaFault::is_accepted))
    }

    /// The meta, if only its checksum speaks against it.
    fn plausible(&self) -> Option<Meta> {
        self.meta.filter(|meta| {
            self.fault == Some(MetaFault::Checksum)
                && is_page_size(meta.page_size.into())
                && meta.root >= 2
                && meta.root < meta.hwm
        })
    }
}

/// Both meta pages and what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metas {
    /// Bytes of a page.
    pub page_size: u64,
    /// Whether a meta with a good checksum says so; otherwise it is what a damaged one says.
    pub page_size_proven: bool,
    /// Page 0 and page 1.
    pub pages: [MetaPage; 2],
    /// Which of them holds.
    pub used: Option<usize>,
    /// Whether bbolt would use it too: the checksum holds.
    pub accepted: bool,
}

impl Metas {
    /// The meta that holds.
    pub fn meta(&self) -> Option<Meta> {
        self.used.and_then(|used| self.pages.get(used)?.meta)
    }

    /// Whether the meta that does not hold was the newer one: then the last transaction is undone.
    /// Nothing if it cannot be read that far.
    pub fn lost_newer(&self) -> Option<bool> {
        let used = self.meta()?;
        let other = self.other()?.meta?;
        let readable = other.magic == MAGIC && other.version == VERSION;
        let near = other.txid.abs_diff(used.txid) == 1;
        (readable && near).then_some(other.txid > used.txid)
    }

    /// The meta page that does not hold.
    pub fn other(&self) -> Option<&MetaPage> {
        self.pages.get(1 - self.used?.min(1))
    }

    /// Whether the two belong to different moments: not to two transactions that follow each
    /// other. A file that bbolt wrote alone has no such pair.
    pub fn torn(&self) -> bool {
        let [Some(first), Some(second)] = self.pages.map(|page| page.valid()) else { return false };
        first.txid.abs_diff(second.txid) != 1 || first.txid % 2 != 0
    }
}

/// What the beginning of a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A bbolt file. If [`Metas::used`] is nothing, neither meta leads to the tree.
    Metas(Box<Metas>),
    /// A bbolt file of a big-endian machine.
    BigEndian,
    /// Neither meta page shows bbolt's magic number.
    NotBolt,
}

/// Bytes of a meta page that matter.
const HEAD: usize = 80;

/// Looks for the meta pages as bbolt does, and then for damaged ones.
///
/// # Errors
/// [`SourceError`] where the source cannot be read.
pub fn find<S: Source + ?Sized>(source: &S) -> Result<Found, SourceError> {
    let first = read_span(source, 0, HEAD)?;
    let candidates = candidates(source)?;
    let valid = |meta: &Meta| fault_of(meta).is_none() && is_page_size(meta.page_size.into());
    let seems = |meta: &Meta| {
        meta.magic == MAGIC && meta.version == VERSION && is_page_size(meta.page_size.into())
    };
    let zero = Meta::read(&first);
    let at_its_place = |(at, meta): &&(u64, Meta)| seems(meta) && u64::from(meta.page_size) == *at;
    let size = |meta: Meta| u64::from(meta.page_size);
    let proven = zero
        .filter(valid)
        .or_else(|| candidates.iter().map(|(_, meta)| *meta).find(valid))
        .map(size);
    let guessed = || {
        let second = candidates.iter().find(at_its_place).map(|(_, meta)| *meta);
        second.or(zero.filter(seems)).map(size)
    };
    let Some(page_size) = proven.or_else(guessed) else {
        return unreadable(source, zero.as_ref(), &candidates);
    };
    let second = read_span(source, page_size, HEAD)?;
    let mut pages = [
        MetaPage { at: 0, meta: zero, fault: page_fault(&first, 0, page_size) },
        MetaPage {
            at: page_size,
            meta: Meta::read(&second),
            fault: page_fault(&second, 1, page_size),
        },
    ];
    let usable = |page: &MetaPage| page.valid().is_some_and(|meta| size(meta) == page_size);
    let newest = |usable: &dyn Fn(&MetaPage) -> bool| {
        // Of two that are alike bbolt takes the first.
        let pages = pages.iter().enumerate().rev().filter(|(_, page)| usable(page));
        pages.max_by_key(|(_, page)| page.meta.map(|meta| meta.txid)).map(|(index, _)| index)
    };
    let accepted = newest(&usable);
    let used = accepted.or_else(|| newest(&|page| page.plausible().is_some()));
    for page in &mut pages {
        if page.fault.is_none() && page.meta.is_some_and(|meta| !leads_into_file(&meta)) {
            page.fault = Some(MetaFault::Pages);
        }
    }
    Ok(Found::Metas(Box::new(Metas {
        page_size,
        page_size_proven: proven.is_some(),
        pages,
        used,
        accepted: accepted.is_some(),
    })))
}

/// The second meta stands behind the first page, and how large that is only a meta says: so bbolt
/// tries each size from 1 KiB on.
fn candidates<S: Source + ?Sized>(source: &S) -> Result<Vec<(u64, Meta)>, SourceError> {
    let mut all = Vec::new();
    for shift in 0..=14 {
        let at = 1_024 << shift;
        if at >= source.len().saturating_sub(1_024) {
            break;
        }
        let head = read_span(source, at, HEAD)?;
        all.extend(Meta::read(&head).map(|meta| (at, meta)));
    }
    Ok(all)
}

/// No meta says how large a page is; other pages may, for each names its number.
fn unreadable<S: Source + ?Sized>(
    source: &S,
    zero: Option<&Meta>,
    candidates: &[(u64, Meta)],
) -> Result<Found, SourceError> {
    let all = || {
        let first = zero.into_iter().map(|meta| (0, meta));
        first.chain(candidates.iter().map(|(at, meta)| (*at, meta)))
    };
    if all().any(|(_, meta)| meta.magic == MAGIC.swap_bytes()) {
        return Ok(Found::BigEndian);
    }
    let magic = all().find(|(_, meta)| meta.magic == MAGIC).map(|(at, _)| at);
    let second = match (page_size_of_pages(source)?, magic) {
        (Some(size), _) => size,
        (None, Some(0)) => 4_096,
        (None, Some(at)) => at,
        (None, None) => return Ok(Found::NotBolt),
    };
    let page = |index: u64, at| {
        let head = read_span(source, at, HEAD)?;
        let fault = page_fault(&head, index, second).or(Some(MetaFault::PageSize));
        Ok(MetaPage { at, meta: Meta::read(&head), fault })
    };
    Ok(Found::Metas(Box::new(Metas {
        page_size: second,
        page_size_proven: false,
        pages: [page(0, 0)?, page(1, second)?],
        used: None,
        accepted: false,
    })))
}

/// The page size at which most of the first pages say that they are what they are.
fn page_size_of_pages<S: Source + ?Sized>(source: &S) -> Result<Option<u64>, SourceError> {
    let mut best = (2, None);
    for shift in 0..=14 {
        let size = 1_024_u64 << shift;
        let mut right = 0;
        for page in 2..18 {
            let head = read_span(source, page * size, 16)?;
            right += usize::from(Header::read(&head).is_some_and(|header| {
                header.id == page && header.page_type().is_some_and(|of| of != PageType::Meta)
            }));
        }
        if right >= best.0 {
            best = (right + 1, Some(size));
        }
    }
    Ok(best.1)
}

/// What bbolt's own test says.
fn fault_of(meta: &Meta) -> Option<MetaFault> {
    if meta.magic != MAGIC {
        Some(MetaFault::Magic)
    } else if meta.version != VERSION {
        Some(MetaFault::Version)
    } else if meta.checksum != meta.computed {
        Some(MetaFault::Checksum)
    } else {
        None
    }
}

fn page_fault(head: &[u8], index: u64, page_size: u64) -> Option<MetaFault> {
    let Some(meta) = Meta::read(head) else { return Some(MetaFault::Missing) };
    if head.iter().all(|byte| *byte == 0) {
        return Some(MetaFault::Zero);
    }
    let header = Header::read(head)
        .is_some_and(|header| header.id == index && header.page_type() == Some(PageType::Meta));
    fault_of(&meta)
        .or((u64::from(meta.page_size) != page_size).then_some(MetaFault::PageSize))
        .or((!header).then_some(MetaFault::Header))
}

/// Whether what it names are pages of a tree. bbolt refuses to write another.
fn leads_into_file(meta: &Meta) -> bool {
    let page = |pgid| pgid >= 2 && pgid < meta.hwm;
    page(meta.root) && (!meta.has_freelist() || page(meta.freelist))
}
