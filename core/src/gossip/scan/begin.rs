//! The start of a file: its version byte, and how its records are framed.
//!
//! The byte says so, and nothing protects it: the first sector of a file may be what was lost. Where
//! the first record does not hold as the byte says, all layouts are tried over the first
//! [`MAX_CARRY`] bytes, at every offset, and the one counts under which records hold that have the
//! most bytes. What a peer may have put inside a message has fewer than the message.

use super::{MAX_CARRY, Scanner, View, proven};
use crate::gossip::format::{Layout, Version};

impl Scanner {
    /// Reads the version byte and settles the layout; where the first record begins. None: more
    /// bytes are needed.
    pub(super) fn begin(&mut self, view: &View<'_>) -> Option<usize> {
        let version = Version(*view.buffer.first()?);
        let own = version.layout();
        let layout = if proven(view.buffer, own, 1) {
            own
        } else if view.last || view.buffer.len() >= MAX_CARRY {
            self.likeliest(view, own)
        } else {
            return None;
        };
        self.version = Some(version);
        self.layout = layout;
        Some(1)
    }

    /// The layout of the most bytes; the version byte's own, unless another one has more.
    fn likeliest(&mut self, view: &View<'_>, own: Layout) -> Layout {
        // The same bytes whatever the chunks.
        let buffer = view.buffer.get(..MAX_CARRY).unwrap_or(view.buffer);
        let last = view.last && buffer.len() == view.buffer.len();
        let window = View { buffer, last, ..*view };
        let (mut other, mut most) = (own, 0);
        for layout in Layout::ALL.into_iter().filter(|layout| *layout != own) {
            let covered = self.covered(&window, layout);
            if covered > most {
                (other, most) = (layout, covered);
            }
        }
        // Mostly no other has any.
        if most > 0 && most > self.covered(&window, own) { other } else { own }
    }

    /// How many bytes of the window are those of records that prove themselves under this layout.
    fn covered(&mut self, window: &View<'_>, layout: Layout) -> usize {
        self.layout = layout;
        let (mut pos, mut covered) = (1, 0);
        while pos < window.buffer.len() {
            let end = self.record_at(window, pos);
            covered += end.map_or(0, |end| end - pos);
            pos = end.unwrap_or(pos + 1);
        }
        covered
    }
}
