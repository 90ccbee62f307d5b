//! The part of a file that the map shows, and what a gesture makes of it. Offsets are floats here,
//! since half a byte is a pixel at the highest zoom; they are exact far beyond any file's length.

/// A part of the offset axis, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The first offset.
    pub start: f64,
    /// The offset behind the last.
    pub end: f64,
    /// The length of the file.
    pub size: f64,
}

/// The least that is ever shown, in bytes.
const LEAST: f64 = 128.0;

impl Window {
    /// All of a file of that length.
    #[expect(clippy::cast_precision_loss, reason = "no file has 2^53 bytes")]
    pub fn whole(size: u64) -> Window {
        let size = size.max(1) as f64;
        Window { start: 0.0, end: size, size }
    }

    /// How much is shown, in bytes.
    pub fn span(self) -> f64 {
        self.end - self.start
    }

    /// Whether it is the whole file.
    pub fn is_whole(self) -> bool {
        self.span() >= self.size
    }

    /// Magnifies by `factor`, the offset `around` staying where it is.
    #[must_use]
    pub fn zoom(self, around: f64, factor: f64) -> Window {
        let around = around.clamp(self.start, self.end);
        let span = (self.span() / factor).clamp(LEAST.min(self.size), self.size);
        let share = (around - self.start) / self.span();
        self.placed(around - share * span, span)
    }

    /// Moves by a number of bytes.
    #[must_use]
    pub fn pan(self, by: f64) -> Window {
        self.placed(self.start + by, self.span())
    }

    /// The same magnification, moved as little as brings this offset into sight.
    #[must_use]
    pub fn reveal(self, at: f64) -> Window {
        if at >= self.start && at < self.end {
            return self;
        }
        self.placed(at - self.span() / 2.0, self.span())
    }

    /// Where an offset stands on a strip of that width.
    pub fn x(self, offset: f64, width: f64) -> f64 {
        (offset - self.start) / self.span() * width
    }

    /// The offset at a place on a strip of that width.
    pub fn offset(self, x: f64, width: f64) -> f64 {
        let offset = self.start + x / width.max(1.0) * self.span();
        offset.clamp(0.0, self.size)
    }

    fn placed(self, start: f64, span: f64) -> Window {
        let start = start.clamp(0.0, self.size - span);
        Window { start, end: start + span, size: self.size }
    }
}

/// Offsets for the marks of a scale: about one for every `gap` pixels, at 1, 2 or 5 times a power
/// of ten.
pub fn marks(window: Window, width: f64, gap: f64) -> Vec<f64> {
    let wanted = window.span() * gap / width.max(1.0);
    let mut step = 1.0;
    while step < wanted {
        let lead = step / 10_f64.powf(step.log10().floor());
        step *= if (1.9..2.1).contains(&lead) { 2.5 } else { 2.0 };
    }
    let mut marks = Vec::new();
    let mut at = (window.start / step).ceil() * step;
    while at < window.end && marks.len() < 1_000 {
        marks.push(at);
        at += step;
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_offset_under_the_pointer() {
        let window = Window::whole(1_000_000);
        let closer = window.zoom(250_000.0, 4.0);
        assert!((closer.span() - 250_000.0).abs() < 1e-6);
        assert!((closer.x(250_000.0, 100.0) - 25.0).abs() < 1e-9);
        assert!(closer.zoom(0.0, 1e-9).is_whole());
        assert!((closer.zoom(250_000.0, 1e9).span() - LEAST).abs() < 1e-9);
    }

    #[test]
    fn it_never_leaves_the_file() {
        let window = Window::whole(1_000).zoom(500.0, 2.0);
        assert!((window.pan(-1e9).start).abs() < 1e-9);
        assert!((window.pan(1e9).end - 1_000.0).abs() < 1e-9);
        assert!((window.reveal(990.0).end - 1_000.0).abs() < 1e-9);
        assert!(Window::whole(0).zoom(0.0, 10.0).is_whole());
    }

    #[test]
    fn marks_stand_on_round_offsets() {
        assert_eq!(
            marks(Window::whole(264_399), 1_000.0, 150.0),
            [0.0, 50_000.0, 100_000.0, 150_000.0, 200_000.0, 250_000.0]
        );
        assert!(marks(Window::whole(1), 1_000.0, 150.0).len() <= 1);
    }
}
