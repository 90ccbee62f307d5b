//! The strip: the canvas, and everything that is done on it.

use std::sync::Arc;

use fulgurite_core::finding::{Span, Values};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{CanvasRenderingContext2d, PointerEvent, ResizeObserver, WheelEvent};

use super::gestures::{Act, Gesture};
use super::paint::{self, HEIGHT, Look, OVERVIEW_TOP, Scene, TICKS};
use super::pieces::{self, Piece};
use super::{natural, real};
use crate::browser;
use crate::engine::calls::{self, Filter};
use crate::format::count;
use crate::labels::{self, fill};
use crate::problems::Problem;
use crate::state::{Opened, tr, use_page};
use crate::tab::Tab;

/// The strip, its keyboard focus and what a screen reader is told of it.
#[component]
pub(super) fn Strip(
    opened: Opened,
    select: RwSignal<bool>,
    hover: RwSignal<Option<u64>>,
) -> impl IntoView {
    let page = use_page();
    let language = page.language;
    let view = opened.view;
    let canvas = NodeRef::<Canvas>::new();
    let frame = NodeRef::<Div>::new();
    // In units: a unit is as many pixels of the page as the type is larger than usual.
    let width = RwSignal::new(0.0_f64);
    let unit = RwSignal::new(1.0_f64);
    let theme = RwSignal::new(0_u32);
    let pieces: RwSignal<Arc<[Piece]>> = RwSignal::new(Arc::default());
    watch(frame, width, unit, theme);
    ask_for_pieces(&opened, pieces);

    let (atlas, marks) = (opened.atlas.clone(), opened.problems.clone());
    Effect::new(move |_| {
        let (Some(canvas), width) = (canvas.get(), width.get()) else { return };
        theme.track();
        let at = view.at.get().map(|at| {
            view.piece.get().filter(|piece| piece.contains(at)).unwrap_or(Span::new(at, at + 1))
        });
        let scene = Scene {
            atlas: &atlas,
            window: view.window.get(),
            problems: &marks,
            pieces: &pieces.get(),
            wound: crate::labels::WOUND_HERE.get(language.get()),
            at,
            range: view.range.get(),
            width,
            ratio: browser::pixel_ratio() * unit.get(),
        };
        if width > 0.0 {
            draw(&canvas, &scene);
        }
    });

    let gesture = StoredValue::new(Gesture::default());
    let place = move |event: &web_sys::MouseEvent| {
        let unit = unit.get_untracked();
        (f64::from(event.offset_x()) / unit, f64::from(event.offset_y()) / unit)
    };
    let marks = opened.problems.clone();
    let click = move |x: f64, y: f64| {
        let window = view.window.get_untracked();
        if y >= OVERVIEW_TOP {
            let middle = x / width.get_untracked().max(1.0) * window.size;
            view.window.set(window.pan(middle - f64::midpoint(window.start, window.end)));
            return;
        }
        let near = |problem: &&Problem| {
            (window.x(real(problem.span.start), width.get_untracked()) - x).abs() < 8.0
        };
        let tick = marks.iter().find(near).filter(|_| y < TICKS);
        let at =
            tick.map_or_else(|| natural(window.offset(x, width.get_untracked())), |p| p.span.start);
        let last = natural(window.size).saturating_sub(1);
        view.at.set(Some(at.min(last)));
    };
    let act = move |act: Act, x: f64, y: f64| match act {
        Act::Show(window) => view.window.set(window),
        Act::Select(from, to) => {
            let range = Span::new(natural(from), natural(to.ceil()));
            view.range.set((!range.is_empty()).then_some(range));
            view.tab.set(Tab::Records);
        }
        Act::Click => click(x, y),
    };
    let moved = {
        let act = act.clone();
        move |event: PointerEvent| {
            let (x, y) = place(&event);
            let window = view.window.get_untracked();
            hover.set(Some(natural(window.offset(x, width.get_untracked()))));
            let mut done = None;
            gesture.update_value(|gesture| {
                done = gesture.moved(event.pointer_id(), x, width.get_untracked());
            });
            if let Some(done) = done {
                act(done, x, y);
            }
        }
    };
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(canvas) = canvas.get_untracked() {
            // Without it a drag ends at the edge; that is all.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        let (x, _) = place(&event);
        let selecting = event.shift_key() || select.get_untracked();
        gesture.update_value(|gesture| {
            gesture.down(event.pointer_id(), x, view.window.get_untracked(), selecting);
        });
    };
    let up = move |event: PointerEvent| {
        let (x, y) = place(&event);
        let mut done = None;
        gesture.update_value(|gesture| {
            done = gesture.up(event.pointer_id(), view.window.get_untracked());
        });
        if let Some(done) = done {
            act(done, x, y);
        }
    };
    let wheel = move |event: WheelEvent| {
        let window = view.window.get_untracked();
        let wanted = event.ctrl_key() || event.meta_key() || !window.is_whole();
        // Over the whole file, scrolling down is meant for the page, and so is scrolling back up.
        if !wanted && (event.delta_y() > 0.0 || browser::scrolled() > 0.0) {
            return;
        }
        event.prevent_default();
        let width = width.get_untracked();
        if event.delta_x().abs() > event.delta_y().abs() || event.shift_key() {
            let by = if event.delta_x() == 0.0 { event.delta_y() } else { event.delta_x() };
            view.window.set(window.pan(by / width.max(1.0) * window.span()));
        } else {
            let around = window.offset(place(&event).0, width);
            view.window.set(window.zoom(around, 1.002_f64.powf(-event.delta_y())));
        }
    };
    let report = opened.report.clone();
    let count_of = opened.problems.len() as u64;
    let says = move || {
        let window = view.window.get();
        let values = Values::new()
            .with("size", crate::format::size(report.input.size))
            .with("start", count(natural(window.start)))
            .with("end", count(natural(window.end)))
            .with("problems", count_of);
        fill(labels::MAP_SAYS, language.get(), &values)
    };
    view! {
        <div
            class="strip"
            node_ref=frame
            tabindex="0"
            role="application"
            aria-roledescription=tr(labels::MAP)
            aria-label=says
            aria-describedby="map-help"
        >
            <canvas
                node_ref=canvas
                class:selecting=move || select.get()
                aria-hidden="true"
                style:height=move || format!("{}px", HEIGHT * unit.get())
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up.clone()
                on:pointercancel=up
                on:pointerleave=move |_| hover.set(None)
                on:wheel=wheel
            ></canvas>
        </div>
    }
}

/// The size of type that a unit of the map is made for, in pixels.
const TYPE: f64 = 14.4;

/// Follows the strip's width, the size of the type and the theme.
fn watch(frame: NodeRef<Div>, width: RwSignal<f64>, unit: RwSignal<f64>, theme: RwSignal<u32>) {
    Effect::new(move |_| {
        let Some(frame) = frame.get() else { return };
        let seen = frame.clone();
        let resized = Closure::<dyn FnMut()>::new(move || {
            let scale = (browser::type_size(&seen) / TYPE).max(1.0);
            unit.set(scale);
            width.set(f64::from(seen.client_width()) / scale);
        });
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&frame);
            let held = StoredValue::new_local((observer, resized));
            on_cleanup(move || {
                held.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
        let list = web_sys::window()
            .and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
        if let Some(list) = list {
            let turned = move |_: &web_sys::Event| theme.update(|theme| *theme += 1);
            let heard =
                StoredValue::new_local(gloo_events::EventListener::new(&list, "change", turned));
            on_cleanup(move || heard.dispose());
        }
    });
}

/// Asks for the records in sight, once few enough are.
fn ask_for_pieces(opened: &Opened, pieces: RwSignal<Arc<[Piece]>>) {
    let page = use_page();
    let view = opened.view;
    let Some(store) = opened.listed() else { return };
    let window = view.window;
    let got = StoredValue::new(None::<(f64, f64)>);
    let latest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let window = window.get();
        if !pieces::near(window) {
            got.set_value(None);
            if !pieces.with_untracked(|pieces| pieces.is_empty()) {
                pieces.set(Arc::default());
            }
            return;
        }
        let covered = |(start, end): (f64, f64)| start <= window.start && end >= window.end;
        if got.get_value().is_some_and(covered) {
            return;
        }
        // A little more than is in sight, so that moving does not ask again at once.
        let margin = window.span() / 2.0;
        let from = (window.start - margin).max(0.0);
        let to = (window.end + margin).min(window.size);
        got.set_value(Some((from, to)));
        latest.update_value(|latest| *latest += 1);
        let mine = latest.get_value();
        // A record may begin before what is in sight and reach into it.
        let filter = Filter {
            from: Some(natural(from).saturating_sub(70_000)),
            to: Some(natural(to)),
            ..Filter::default()
        };
        let request = page.engine().find(store.handle, &filter, pieces::MOST, None);
        spawn_local(async move {
            let Ok(answer) = request.answer().await else { return };
            let Ok((rows, more)) = calls::found(&answer) else { return };
            if latest.try_get_value() != Some(mine) || got.get_value().is_none() {
                return;
            }
            let shown: Vec<Piece> =
                rows.iter().map(Piece::of).filter(|piece| real(piece.span.end) > from).collect();
            // Too many for the strip: the columns say more.
            pieces.set(if more { Arc::default() } else { shown.into() });
        });
    });
}

fn draw(canvas: &web_sys::HtmlCanvasElement, scene: &Scene<'_>) {
    let (width, height) = (scene.width * scene.ratio, HEIGHT * scene.ratio);
    let size = (natural(width.round()), natural(height.round()));
    let known = (u64::from(canvas.width()), u64::from(canvas.height()));
    if known != size {
        canvas.set_width(u32::try_from(size.0).unwrap_or(0));
        canvas.set_height(u32::try_from(size.1).unwrap_or(0));
    }
    let context = canvas.get_context("2d").ok().flatten();
    if let Some(context) = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok()) {
        paint::paint(&context, &Look::of(canvas), scene);
    }
}
