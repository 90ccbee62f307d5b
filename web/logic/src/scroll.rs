//! Scrolling through more rows than a browser can be as high as.
//!
//! An element beyond about 33 million pixels is clamped or collapses. The spacer that gives the
//! scroll bar its length stays below that; where the rows need more, its pixels stand for more
//! than a pixel each, and the wheel moves rows, not pixels.

/// The spacer is never higher, in pixels.
const HIGHEST: f64 = 8_000_000.0;

/// How a table of so many rows scrolls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scroll {
    /// How many rows there are.
    pub rows: u64,
    /// The height of a row, in pixels.
    pub row: f64,
    /// The height of what is in sight, in pixels.
    pub height: f64,
}

impl Scroll {
    /// The height of the spacer.
    pub fn spacer(self) -> f64 {
        self.whole().min(HIGHEST)
    }

    /// Whether pixels of the spacer stand for more than a pixel each.
    pub fn is_scaled(self) -> bool {
        self.whole() > HIGHEST
    }

    /// The row at the top, with its hidden part, where the scroll bar stands so.
    pub fn top(self, scrolled: f64) -> f64 {
        let most = self.spacer() - self.height;
        if most <= 0.0 {
            return 0.0;
        }
        (scrolled / most * self.last_top()).clamp(0.0, self.last_top())
    }

    /// Where the scroll bar stands when that row is at the top.
    pub fn scrolled(self, top: f64) -> f64 {
        let last = self.last_top();
        if last <= 0.0 {
            return 0.0;
        }
        (top / last).clamp(0.0, 1.0) * (self.spacer() - self.height).max(0.0)
    }

    /// The rows in sight: the first, and the one behind the last.
    pub fn visible(self, top: f64) -> (u64, u64) {
        let first = natural(top.floor());
        let last = natural((top + self.height / self.row).ceil());
        (first.min(self.rows), last.min(self.rows))
    }

    /// The top that brings a row into sight, moving as little as possible.
    pub fn reveal(self, top: f64, row: u64) -> f64 {
        let row = real(row);
        let fit = (self.height / self.row).floor().max(1.0);
        let top = if row < top {
            row
        } else if row + 1.0 > top + fit {
            row + 1.0 - fit
        } else {
            top
        };
        top.clamp(0.0, self.last_top())
    }

    /// The top of the last screen.
    pub fn last_top(self) -> f64 {
        (real(self.rows) - self.height / self.row).max(0.0)
    }

    /// How many whole rows are in sight.
    pub fn fit(self) -> u64 {
        natural((self.height / self.row).floor()).max(1)
    }

    fn whole(self) -> f64 {
        real(self.rows) * self.row
    }
}

/// A number of rows as what is measured in pixels.
#[expect(clippy::cast_precision_loss, reason = "no file has 2^53 rows")]
pub fn real(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows in sight")]
fn natural(number: f64) -> u64 {
    number.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_scroll_pixel_by_pixel() {
        let scroll = Scroll { rows: 1_000, row: 25.0, height: 500.0 };
        assert!(!scroll.is_scaled());
        assert!((scroll.spacer() - 25_000.0).abs() < 1e-9);
        assert!((scroll.top(250.0) - 10.0).abs() < 1e-9);
        assert_eq!(scroll.visible(10.5), (10, 31));
        assert!((scroll.top(24_500.0) - 980.0).abs() < 1e-9);
    }

    #[test]
    fn ten_million_rows_are_all_reached() {
        let scroll = Scroll { rows: 10_000_000, row: 25.0, height: 500.0 };
        assert!(scroll.is_scaled() && scroll.spacer() <= HIGHEST);
        assert!((scroll.top(scroll.spacer() - 500.0) - 9_999_980.0).abs() < 1e-6);
        assert_eq!(scroll.visible(scroll.last_top()).1, 10_000_000);
        for top in [0.0, 1.0, 123_456.0, 9_999_980.0] {
            assert!((scroll.top(scroll.scrolled(top)) - top).abs() < 1e-3);
        }
    }

    #[test]
    fn a_row_is_brought_into_sight() {
        let scroll = Scroll { rows: 100, row: 10.0, height: 105.0 };
        assert!((scroll.reveal(0.0, 5) - 0.0).abs() < 1e-9);
        assert!((scroll.reveal(0.0, 50) - 41.0).abs() < 1e-9);
        assert!((scroll.reveal(60.0, 50) - 50.0).abs() < 1e-9);
        let few = Scroll { rows: 3, row: 10.0, height: 100.0 };
        assert_eq!(few.visible(few.top(50.0)), (0, 3));
        assert_eq!(Scroll { rows: 0, ..few }.visible(0.0), (0, 0));
    }
}
