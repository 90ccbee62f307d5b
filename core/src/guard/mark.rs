//! The two marks of a module, one in each store, and the bytes they are kept as.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What the old store keeps for a module. It is one record, replaced as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OldMark {
    /// The number of the attempt, from 1 on. A later attempt has a greater one.
    pub epoch: u64,
    /// How far it is.
    pub phase: Phase,
    /// Where the data go, in the embedder's own words (`sqlite`); shown to people only.
    pub target: String,
}

/// How far an attempt is, as the old store knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Announced: from here on the old store takes no writes. Whether the new store has
    /// committed, only the new store knows.
    Intent,
    /// The new store has committed. The old one stays closed for good.
    Done,
    /// Given up before the new store committed. The old store is open again.
    Aborted,
}

/// What the new store keeps for a module. It is the decision: whatever the old store's mark says,
/// an attempt counts as completed if and only if its epoch is committed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewMark {
    /// The data of this epoch are here, whole. Written in the transaction that brings them.
    Committed {
        /// The epoch of the attempt.
        epoch: u64,
    },
    /// This epoch, and all before it, must never be committed any more.
    Void {
        /// The last epoch that was given up.
        epoch: u64,
    },
}

/// The first byte of both marks.
const LAYOUT: u8 = 1;

impl OldMark {
    /// The mark as bytes: layout (1), phase (0 intent, 1 done, 2 aborted), epoch (8 bytes,
    /// big-endian), target (UTF-8, to the end).
    pub fn to_bytes(&self) -> Vec<u8> {
        let phase = match self.phase {
            Phase::Intent => 0,
            Phase::Done => 1,
            Phase::Aborted => 2,
        };
        let mut bytes = Vec::with_capacity(10 + self.target.len());
        bytes.extend([LAYOUT, phase]);
        bytes.extend(self.epoch.to_be_bytes());
        bytes.extend(self.target.as_bytes());
        bytes
    }

    /// Reads [`OldMark::to_bytes`]. `None` is for bytes that are no mark: an adapter must report
    /// them as unreadable, never as "no mark".
    pub fn from_bytes(bytes: &[u8]) -> Option<OldMark> {
        let (head, target) = bytes.split_at_checked(10)?;
        let (phase, epoch) = head_of(head)?;
        let phase = match phase {
            0 => Phase::Intent,
            1 => Phase::Done,
            2 => Phase::Aborted,
            _ => return None,
        };
        Some(OldMark { epoch, phase, target: core::str::from_utf8(target).ok()?.to_string() })
    }

    /// The same attempt, in another phase.
    pub(super) fn turned(&self, phase: Phase) -> OldMark {
        OldMark { phase, ..self.clone() }
    }
}

impl NewMark {
    /// The mark as bytes: layout (1), kind (0 committed, 1 void), epoch (8 bytes, big-endian).
    pub fn to_bytes(self) -> [u8; 10] {
        let (kind, epoch) = match self {
            NewMark::Committed { epoch } => (0, epoch),
            NewMark::Void { epoch } => (1, epoch),
        };
        let mut bytes = [0; 10];
        for (byte, value) in
            bytes.iter_mut().zip([LAYOUT, kind].into_iter().chain(epoch.to_be_bytes()))
        {
            *byte = value;
        }
        bytes
    }

    /// Reads [`NewMark::to_bytes`]; `None` as with [`OldMark::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<NewMark> {
        match head_of(bytes)? {
            (0, epoch) => Some(NewMark::Committed { epoch }),
            (1, epoch) => Some(NewMark::Void { epoch }),
            _ => None,
        }
    }

    /// Whether the transaction that brings the data of `epoch` may be committed where `stored`
    /// stands. An adapter asks this inside that transaction, and gives it up on `false`.
    ///
    /// ```
    /// use fulgurite_core::guard::NewMark;
    ///
    /// assert!(NewMark::admits(None, 1));
    /// assert!(NewMark::admits(Some(NewMark::Void { epoch: 1 }), 2));
    /// // A commit that arrives late, after its attempt was given up:
    /// assert!(!NewMark::admits(Some(NewMark::Void { epoch: 1 }), 1));
    /// // A second one of the same attempt:
    /// assert!(!NewMark::admits(Some(NewMark::Committed { epoch: 1 }), 1));
    /// ```
    pub fn admits(stored: Option<NewMark>, epoch: u64) -> bool {
        match stored {
            None => true,
            Some(NewMark::Void { epoch: void }) => void < epoch,
            Some(NewMark::Committed { .. }) => false,
        }
    }

    /// What stands after epoch `epoch` was asked to be void: [`NewStore::void`] must leave this.
    /// A commit that is there stays.
    ///
    /// [`NewStore::void`]: super::NewStore::void
    pub fn voided(stored: Option<NewMark>, epoch: u64) -> NewMark {
        match stored {
            Some(committed @ NewMark::Committed { .. }) => committed,
            Some(NewMark::Void { epoch: void }) => NewMark::Void { epoch: void.max(epoch) },
            None => NewMark::Void { epoch },
        }
    }
}

/// The byte behind the layout, and the epoch, of exactly ten bytes.
fn head_of(bytes: &[u8]) -> Option<(u8, u64)> {
    match bytes {
        [LAYOUT, kind, epoch @ ..] => Some((*kind, u64::from_be_bytes(epoch.try_into().ok()?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back_from_their_bytes() {
        let old = OldMark { epoch: 0x0102, phase: Phase::Done, target: "sqlite".into() };
        let bytes = [1, 1, 0, 0, 0, 0, 0, 0, 1, 2, b's', b'q', b'l', b'i', b't', b'e'];
        assert_eq!(old.to_bytes(), bytes);
        assert_eq!(OldMark::from_bytes(&bytes), Some(old));

        let new = NewMark::Void { epoch: 7 };
        assert_eq!(new.to_bytes(), [1, 1, 0, 0, 0, 0, 0, 0, 0, 7]);
        assert_eq!(NewMark::from_bytes(&new.to_bytes()), Some(new));
    }

    #[test]
    fn bytes_that_are_no_mark_are_not_taken_for_one() {
        for bytes in
            [&b""[..], b"1", &[1, 3, 0, 0, 0, 0, 0, 0, 0, 1], &[2, 0, 0, 0, 0, 0, 0, 0, 0, 1]]
        {
            assert_eq!(OldMark::from_bytes(bytes), None);
            assert_eq!(NewMark::from_bytes(bytes), None);
        }
        assert_eq!(OldMark::from_bytes(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff]), None);
        assert_eq!(NewMark::from_bytes(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]), None);
    }
}
