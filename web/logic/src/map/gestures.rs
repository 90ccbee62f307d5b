//! Pointers on the map: one drags or selects, two pinch, one that hardly moves clicks.

use super::axis::Window;

/// A pointer that is down.
#[derive(Clone, Copy, Debug)]
struct Pointer {
    id: i32,
    x: f64,
}

/// What the pointers have done since the first of them came down.
#[derive(Clone, Debug, Default)]
pub struct Gesture {
    pointers: Vec<Pointer>,
    start: f64,
    window: Option<Window>,
    selecting: bool,
    moved: bool,
}

/// What a movement comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Show this part.
    Show(Window),
    /// Select from one offset to another, the lesser first.
    Select(f64, f64),
    /// Look at the place that was clicked.
    Click,
}

/// So many pixels are no movement yet.
const STILL: f64 = 4.0;

impl Gesture {
    /// A pointer came down at `x`.
    pub fn down(&mut self, id: i32, x: f64, window: Window, selecting: bool) {
        self.pointers.retain(|pointer| pointer.id != id);
        if self.pointers.is_empty() {
            self.moved = false;
            self.selecting = selecting;
        } else {
            // Two fingers magnify, whatever one of them began.
            self.selecting = false;
            self.moved = true;
        }
        self.pointers.push(Pointer { id, x });
        self.begin(window);
    }

    /// A pointer moved; `width` is that of the strip.
    pub fn moved(&mut self, id: i32, x: f64, width: f64) -> Option<Act> {
        let window = self.window?;
        let before: Vec<f64> = self.pointers.iter().map(|pointer| pointer.x).collect();
        let pointer = self.pointers.iter_mut().find(|pointer| pointer.id == id)?;
        pointer.x = x;
        if let ([a, b], [c, d]) = (before.as_slice(), self.positions().as_slice()) {
            // The offsets under both fingers stay under them.
            let factor = (c - d).abs().max(8.0) / (a - b).abs().max(8.0);
            let middle = window.offset(f64::midpoint(*a, *b), width);
            let moved = f64::midpoint(*c, *d) - f64::midpoint(*a, *b);
            let closer = window.zoom(middle, factor);
            let closer = closer.pan(-moved / width.max(1.0) * closer.span());
            self.window = Some(closer);
            return Some(Act::Show(closer));
        }
        if !self.moved && (x - self.start).abs() < STILL {
            return None;
        }
        self.moved = true;
        if self.selecting {
            let (from, to) = (window.offset(self.start, width), window.offset(x, width));
            return Some(Act::Select(from.min(to), from.max(to)));
        }
        Some(Act::Show(window.pan((self.start - x) / width.max(1.0) * window.span())))
    }

    /// A pointer went up, `window` being what is shown now.
    pub fn up(&mut self, id: i32, window: Window) -> Option<Act> {
        let known = self.pointers.iter().any(|pointer| pointer.id == id);
        self.pointers.retain(|pointer| pointer.id != id);
        self.begin(window);
        if self.pointers.is_empty() {
            self.window = None;
        }
        (known && !self.moved && self.pointers.is_empty()).then_some(Act::Click)
    }

    fn begin(&mut self, window: Window) {
        self.window = Some(window);
        self.start = self.pointers.first().map_or(0.0, |pointer| pointer.x);
    }

    fn positions(&self) -> Vec<f64> {
        self.pointers.iter().map(|pointer| pointer.x).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_that_stays_clicks_and_one_that_goes_drags() {
        let window = Window::whole(1_000).zoom(500.0, 2.0);
        let mut gesture = Gesture::default();
        gesture.down(1, 50.0, window, false);
        assert_eq!(gesture.moved(1, 52.0, 100.0), None);
        assert_eq!(gesture.up(1, window), Some(Act::Click));
        gesture.down(1, 50.0, window, false);
        assert_eq!(gesture.moved(1, 40.0, 100.0), Some(Act::Show(window.pan(50.0))));
        assert_eq!(gesture.up(1, window), None);
    }

    #[test]
    fn with_shift_it_selects_in_either_direction() {
        let window = Window::whole(1_000);
        let mut gesture = Gesture::default();
        gesture.down(1, 50.0, window, true);
        assert_eq!(gesture.moved(1, 20.0, 100.0), Some(Act::Select(200.0, 500.0)));
    }

    #[test]
    fn two_pointers_pinch() {
        let window = Window::whole(1_000);
        let mut gesture = Gesture::default();
        gesture.down(1, 40.0, window, false);
        gesture.down(2, 60.0, window, false);
        let Some(Act::Show(closer)) = gesture.moved(2, 80.0, 100.0) else { panic!() };
        assert!((closer.span() - 500.0).abs() < 1e-6);
        // The second finger's offset, 600, is still under it.
        assert!((closer.offset(80.0, 100.0) - 600.0).abs() < 1e-6, "{closer:?}");
    }
}
