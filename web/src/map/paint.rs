//! The map on its canvas: ticks, strip, scale, and a strip of the whole file below.
//!
//! Everything is drawn in pixels of the screen, once for each change. Colours are the page's own,
//! read from its style, so that they follow the theme.

use fulgurite_core::finding::{Severity, Span};
use fulgurite_core::gossip::atlas::Ink;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::axis::{Window, marks};
use super::columns::{Atlas, Column};
use super::pieces::Piece;
use super::{natural, real};
use crate::format::count;
use crate::problems::Problem;

/// Where things stand, in pixels of the page, from the top.
pub(super) const TICKS: f64 = 18.0;
const STRIP: f64 = 64.0;
const SCALE: f64 = 20.0;
const OVERVIEW: f64 = 10.0;
/// Where the strip of the whole file begins.
pub(super) const OVERVIEW_TOP: f64 = TICKS + STRIP + SCALE;
/// The height of all of it.
pub(super) const HEIGHT: f64 = OVERVIEW_TOP + OVERVIEW;

/// The page's colours.
pub(super) struct Look {
    inks: [String; Ink::ALL.len()],
    hatch: String,
    text: String,
    faint: String,
    paper: String,
    empty: String,
    damage: String,
    warning: String,
    accent: String,
    select: String,
    font: String,
}

impl Look {
    /// What the style says of this element.
    pub(super) fn of(canvas: &HtmlCanvasElement) -> Look {
        let style =
            web_sys::window().and_then(|window| window.get_computed_style(canvas).ok().flatten());
        let get = |name: &str| {
            let value = style.as_ref().and_then(|style| style.get_property_value(name).ok());
            value.unwrap_or_default().trim().to_owned()
        };
        Look {
            inks: Ink::ALL.map(|ink| get(&format!("--ink-{}", ink.name()))),
            hatch: get("--ink-hatch"),
            text: get("--text"),
            faint: get("--faint"),
            paper: get("--paper"),
            empty: get("--ink-empty"),
            damage: get("--damage"),
            warning: get("--warning"),
            accent: get("--accent"),
            select: get("--select"),
            font: get("font-family"),
        }
    }
}

/// What is to be drawn.
pub(super) struct Scene<'a> {
    pub(super) atlas: &'a Atlas,
    pub(super) window: Window,
    pub(super) problems: &'a [Problem],
    pub(super) pieces: &'a [Piece],
    /// What a wound among them is called.
    pub(super) wound: &'a str,
    pub(super) at: Option<Span>,
    pub(super) range: Option<Span>,
    /// In pixels of the page.
    pub(super) width: f64,
    /// Pixels of the screen for each of the page.
    pub(super) ratio: f64,
}

struct Brush<'a> {
    to: &'a CanvasRenderingContext2d,
    look: &'a Look,
    ratio: f64,
    width: f64,
}

/// Draws everything.
pub(super) fn paint(to: &CanvasRenderingContext2d, look: &Look, scene: &Scene<'_>) {
    let Scene { window, ratio, .. } = *scene;
    let width = (scene.width * ratio).round();
    let brush = Brush { to, look, ratio, width };
    to.clear_rect(0.0, 0.0, width, (HEIGHT * ratio).round());
    let (top, bottom) = (brush.y(TICKS), brush.y(TICKS + STRIP));
    brush.fill(&look.empty, 0.0, top, width, bottom - top);
    if scene.pieces.is_empty() {
        let columns = scene.atlas.columns(window, whole(width));
        brush.columns(&columns, top, bottom, true);
    } else {
        brush.pieces(scene, top, bottom);
    }
    brush.scale(window, bottom);
    brush.overview(scene);
    if let Some(range) = scene.range {
        brush.range(window, range, top, bottom);
    }
    brush.ticks(scene, top, bottom);
    if let Some(at) = scene.at {
        brush.cursor(window, at, top, bottom);
    }
}

impl Brush<'_> {
    fn y(&self, y: f64) -> f64 {
        (y * self.ratio).round()
    }

    fn fill(&self, colour: &str, x: f64, y: f64, width: f64, height: f64) {
        self.to.set_fill_style_str(colour);
        self.to.fill_rect(x, y, width, height);
    }

    fn x(&self, window: Window, offset: u64) -> f64 {
        window.x(real(offset), self.width)
    }

    /// Stacked shares, column by column; what is no record hangs from the top, hatched, and is
    /// never too small to see.
    fn columns(&self, columns: &[Column], top: f64, bottom: f64, hatched: bool) {
        let height = bottom - top;
        let mut floors = vec![bottom; columns.len()];
        for ink in Ink::ALL {
            let Some(colour) = self.look.inks.get(ink as usize) else { continue };
            self.to.set_fill_style_str(colour);
            for ((x, column), floor) in (0_u32..).zip(columns).zip(&mut floors) {
                let share = column.get(ink as usize).copied().unwrap_or_default();
                if share <= 0.0 {
                    continue;
                }
                let x = f64::from(x);
                if ink == Ink::Wound {
                    let part = (f64::from(share) * height).max(height * 0.4).min(height).ceil();
                    self.to.fill_rect(x, top, 1.0, part);
                } else {
                    let next = (*floor - f64::from(share) * height).max(top);
                    self.to.fill_rect(x, next, 1.0, *floor - next);
                    *floor = next;
                }
            }
        }
        if hatched {
            for (x, column) in (0_u32..).zip(columns) {
                let share = column.get(Ink::Wound as usize).copied().unwrap_or_default();
                if share > 0.0 {
                    let part = (f64::from(share) * height).max(height * 0.4).min(height);
                    self.hatch(f64::from(x), 1.0, top, top + part);
                }
            }
        }
    }

    /// Slanting lines over whole columns of pixels.
    fn hatch(&self, x: f64, width: f64, top: f64, bottom: f64) {
        let step = (6.0 * self.ratio).round();
        let line = (2.0 * self.ratio).round();
        self.to.set_fill_style_str(&self.look.hatch);
        let mut column = x;
        while column < x + width {
            let mut y = top - step + (step - column.rem_euclid(step));
            while y < bottom {
                let from = y.max(top);
                let to = (y + line).min(bottom);
                if to > from {
                    self.to.fill_rect(column, from, 1.0, to - from);
                }
                y += step;
            }
            column += 1.0;
        }
    }

    /// Records as they are, once there is room for each.
    fn pieces(&self, scene: &Scene<'_>, top: f64, bottom: f64) {
        let Scene { pieces, window, wound, .. } = *scene;
        let size = (11.0 * self.ratio).round();
        self.to.set_font(&format!("{size}px {}", self.look.font));
        self.to.set_text_baseline("middle");
        self.to.set_text_align("left");
        for piece in pieces {
            let left = self.x(window, piece.span.start).max(0.0);
            let right = self.x(window, piece.span.end).min(self.width);
            let gap = if right - left > 4.0 * self.ratio { self.ratio.round() } else { 0.0 };
            let Some(colour) = self.look.inks.get(piece.ink as usize) else { continue };
            self.fill(colour, left, top, (right - left - gap).max(1.0), bottom - top);
            if piece.ink == Ink::Wound {
                self.hatch(left.round(), (right - left - gap).round().max(1.0), top, bottom);
            }
            let room = right - left - gap - 10.0 * self.ratio;
            let name = piece.name.as_deref().unwrap_or(wound);
            let wide = self.to.measure_text(name).map_or(f64::MAX, |text| text.width());
            if wide <= room {
                let middle = bottom - 10.0 * self.ratio;
                let plate = bottom - 20.0 * self.ratio;
                let wide = wide + 8.0 * self.ratio;
                self.fill(&self.look.paper, left + 1.0, plate, wide, bottom - plate - 1.0);
                self.to.set_fill_style_str(&self.look.text);
                let _ = self.to.fill_text(name, left + 4.0 * self.ratio, middle);
            }
        }
    }

    fn scale(&self, window: Window, top: f64) {
        let size = (11.0 * self.ratio).round();
        self.to.set_font(&format!("{size}px {}", self.look.font));
        self.to.set_text_baseline("top");
        let gap = 120.0 * self.ratio;
        for mark in marks(window, self.width, gap) {
            let x = window.x(mark, self.width).round();
            self.fill(&self.look.faint, x, top, self.ratio.round(), 4.0 * self.ratio);
            let text = count(natural(mark));
            let wide = self.to.measure_text(&text).map_or(0.0, |text| text.width());
            let left = (x + 4.0 * self.ratio).min(self.width - wide);
            self.to.set_text_align("left");
            let _ = self.to.fill_text(&text, left, top + 4.0 * self.ratio);
        }
    }

    /// The whole file, and which part of it the strip shows.
    fn overview(&self, scene: &Scene<'_>) {
        let (top, bottom) = (self.y(OVERVIEW_TOP + 3.0), self.y(HEIGHT));
        let all = Window { start: 0.0, end: scene.window.size, size: scene.window.size };
        self.fill(&self.look.empty, 0.0, top, self.width, bottom - top);
        let mut columns = scene.atlas.columns(all, whole(self.width));
        // Only what is whole and what is not.
        for column in &mut columns {
            let wound = column.get(Ink::Wound as usize).copied().unwrap_or_default();
            *column = Column::default();
            if let Some(share) = column.get_mut(Ink::Wound as usize) {
                *share = if wound > 0.0 { 1.0 } else { 0.0 };
            }
        }
        self.columns(&columns, top, bottom, false);
        let left = all.x(scene.window.start, self.width);
        let right = all.x(scene.window.end, self.width);
        let line = (1.5 * self.ratio).round();
        let width = (right - left).max(3.0 * self.ratio);
        self.to.set_stroke_style_str(&self.look.text);
        self.to.set_line_width(line);
        self.to.stroke_rect(
            left + line / 2.0,
            top + line / 2.0,
            (width - line).max(1.0),
            bottom - top - line,
        );
    }

    fn range(&self, window: Window, range: Span, top: f64, bottom: f64) {
        let left = self.x(window, range.start).clamp(0.0, self.width);
        let right = self.x(window, range.end).clamp(0.0, self.width);
        self.fill(&self.look.select, left, top, right - left, bottom - top);
        let line = (2.0 * self.ratio).round();
        self.fill(&self.look.text, left, top, line, bottom - top);
        self.fill(&self.look.text, right - line, top, line, bottom - top);
    }

    /// A mark above the strip for each problem: full triangles for damage, hollow ones for
    /// warnings. Of those that would overlap, the worst is drawn.
    fn ticks(&self, scene: &Scene<'_>, top: f64, bottom: f64) {
        let half = 4.5 * self.ratio;
        for wanted in [Severity::Warning, Severity::Damage] {
            let colour =
                if wanted == Severity::Damage { &self.look.damage } else { &self.look.warning };
            let mut last = f64::NEG_INFINITY;
            for problem in scene.problems.iter().filter(|problem| problem.severity == wanted) {
                let x = self.x(scene.window, problem.span.start);
                if x < -half || x > self.width + half || x - last < half {
                    continue;
                }
                last = x;
                let x = x.clamp(half, self.width - half);
                let (high, low) = (top - 13.0 * self.ratio, top - 3.0 * self.ratio);
                self.to.begin_path();
                self.to.move_to(x - half, high);
                self.to.line_to(x + half, high);
                self.to.line_to(x, low);
                self.to.close_path();
                if wanted == Severity::Damage {
                    self.to.set_fill_style_str(colour);
                    self.to.fill();
                    self.fill(colour, x.round(), low, self.ratio.round(), bottom - low);
                } else {
                    self.to.set_stroke_style_str(colour);
                    self.to.set_line_width(1.5 * self.ratio);
                    self.to.stroke();
                }
            }
        }
    }

    /// Where the bytes are that are shown.
    fn cursor(&self, window: Window, at: Span, top: f64, bottom: f64) {
        let left = self.x(window, at.start);
        let right = self.x(window, at.end);
        if right < 0.0 || left > self.width {
            return;
        }
        let line = (2.0 * self.ratio).round();
        let width = (right - left).max(line * 3.0);
        for (colour, grow) in [(&self.look.paper, line), (&self.look.accent, 0.0)] {
            self.to.set_stroke_style_str(colour);
            self.to.set_line_width(line);
            self.to.stroke_rect(
                left - line / 2.0 - grow,
                top - line / 2.0 - grow,
                width + line + 2.0 * grow,
                bottom - top + line + 2.0 * grow,
            );
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels")]
fn whole(pixels: f64) -> usize {
    pixels.clamp(0.0, 32_768.0) as usize
}
