//! Which place in the tree each page belongs to: the first one from which it was reached.
//!
//! In a sound file there is but one. In a damaged one pages may lead back to themselves, or be
//! reached from many places; because a page has one owner, every walk ends, and all walks together
//! read each page once as a page and once as another page's overflow.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::format::Pgid;

/// Pages to a chunk: memory follows the pages that were reached.
const CHUNK: u64 = 256;

/// The place from which a page was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The meta pages: the root bucket, the freelist, the metas themselves.
    Meta,
    /// An element of that page.
    Element(Pgid, u16),
}

/// Whether a page belongs to the place that claims it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It belonged to nobody.
    First,
    /// It is that place's already.
    Again,
    /// It belongs to another place.
    Other(Place),
}

#[derive(Clone, Copy, Debug, Default)]
struct Owner {
    /// The place that leads to this page, packed; 0 for none.
    from: u64,
    /// The page whose overflow it is; 0 for none, as page 0 has none.
    head: Pgid,
}

#[derive(Debug, Default)]
pub(super) struct Owners(BTreeMap<u64, Vec<Owner>>);

impl Owners {
    /// Claims a page for the place that leads to it.
    pub(super) fn claim(&mut self, page: Pgid, from: Place) -> Claim {
        let packed = pack(from);
        let owner = self.owner(page);
        match owner.from {
            0 => {
                owner.from = packed;
                Claim::First
            }
            known if known == packed => Claim::Again,
            known => Claim::Other(unpack(known)),
        }
    }

    /// Claims a page as the overflow of another one; `Err` with the page whose overflow it is
    /// already.
    pub(super) fn cover(&mut self, page: Pgid, head: Pgid) -> Result<(), Pgid> {
        let owner = self.owner(page);
        if owner.head == 0 {
            owner.head = head;
        }
        if owner.head == head { Ok(()) } else { Err(owner.head) }
    }

    /// Who leads to that page.
    pub(super) fn place(&self, page: Pgid) -> Option<Place> {
        let owner = self.get(page)?;
        (owner.from != 0).then(|| unpack(owner.from))
    }

    /// Whose overflow it is.
    pub(super) fn head(&self, page: Pgid) -> Option<Pgid> {
        self.get(page).map(|owner| owner.head).filter(|head| *head != 0)
    }

    fn get(&self, page: Pgid) -> Option<Owner> {
        let chunk = self.0.get(&(page / CHUNK))?;
        chunk.get(usize::try_from(page % CHUNK).ok()?).copied()
    }

    fn owner(&mut self, page: Pgid) -> &mut Owner {
        let chunk = self.0.entry(page / CHUNK).or_default();
        let index = usize::try_from(page % CHUNK).unwrap_or_default();
        if chunk.len() <= index {
            chunk.resize(index + 1, Owner::default());
        }
        // It was made long enough right above.
        &mut chunk[index]
    }
}

/// Pages of a file are fewer than 2^48: its length is less than 2^58 where pages have 1 KiB.
fn pack(place: Place) -> u64 {
    match place {
        Place::Meta => 1,
        Place::Element(page, index) => page.wrapping_shl(16) | u64::from(index),
    }
}

fn unpack(packed: u64) -> Place {
    match packed {
        1 => Place::Meta,
        // The lower 16 bits.
        _ => Place::Element(packed >> 16, (packed & 0xffff) as u16),
    }
}
