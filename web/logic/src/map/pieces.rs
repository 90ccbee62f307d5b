//! Records one by one on the map, once it is magnified so far that each has room.

use fulgurite_core::finding::Span;
use fulgurite_core::gossip::atlas::Ink;

use super::axis::Window;
use crate::rows::RecordRow;

/// Never more than this many; a strip has hardly more pixels.
pub const MOST: u32 = 1_500;

/// Records are asked for where about so many bytes are shown, or fewer.
const NEAR: f64 = 96_000.0;

/// A record or a wound on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes.
    pub span: Span,
    /// What it belongs to.
    pub ink: Ink,
    /// What it is called; wounds have no name.
    pub name: Option<String>,
}

impl Piece {
    /// The piece of a row.
    pub fn of(row: &RecordRow) -> Piece {
        Piece {
            span: Span::new(row.offset, row.offset + row.len),
            ink: ink(row),
            name: row.name.clone(),
        }
    }
}

/// Whether so little is shown that records are worth asking for.
pub fn near(window: Window) -> bool {
    window.span() <= NEAR
}

fn ink(row: &RecordRow) -> Ink {
    if row.is_wound() {
        return Ink::Wound;
    }
    ink_of(row.number.unwrap_or(0), row.is("deleted"))
}

/// The ink of a record's type, as the engine's atlas has it.
pub fn ink_of(number: u16, deleted: bool) -> Ink {
    match number {
        _ if deleted => Ink::Deleted,
        256 | 4096 | 4101 | 3503 | 4100 | 4104 => Ink::Channel,
        258 | 4097 | 4102 => Ink::Update,
        257 | 4098 => Ink::Node,
        _ => Ink::Other,
    }
}
