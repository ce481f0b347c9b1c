//! The icons: 16 px, strokes of 1.5 px, square ends.

use yew::prelude::*;

/// An icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Glyph {
    ToStart,
    Previous,
    Run,
    Pause,
    Next,
    ToEnd,
    Down,
    Settings,
    Minus,
    Plus,
    Fit,
    Check,
    Close,
    Problem,
    Undo,
    Keyboard,
    Moon,
    Sun,
    Share,
    Code,
    Redo,
    Sidebar,
    Screen,
}

/// Lines, and areas that are filled.
fn paths(glyph: Glyph) -> (&'static str, &'static str) {
    match glyph {
        Glyph::ToStart => ("M4 3v10", "M13 3v10L6 8z"),
        Glyph::Previous => ("M10 4 6 8l4 4", ""),
        Glyph::Run => ("", "M4 2.5v11l9-5.5z"),
        Glyph::Pause => ("", "M4 3h3v10H4zM9 3h3v10H9z"),
        Glyph::Next => ("m6 4 4 4-4 4", ""),
        Glyph::ToEnd => ("M12 3v10", "M3 3v10l7-5z"),
        Glyph::Down => ("m4.5 6.5 3.5 3.5 3.5-3.5", ""),
        Glyph::Settings => ("M2 5h6M12 5h2M2 11h2M8 11h6M8 5a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM4 11a2 2 0 1 0 4 0 2 2 0 0 0-4 0z", ""),
        Glyph::Minus => ("M4 8h8", ""),
        Glyph::Plus => ("M4 8h8M8 4v8", ""),
        Glyph::Fit => ("M2.5 4v8M13.5 4v8M5 8h6M6.5 6.25 4.75 8l1.75 1.75M9.5 6.25 11.25 8 9.5 9.75", ""),
        Glyph::Close => ("M4 4l8 8M12 4l-8 8", ""),
        Glyph::Check => ("m3 8.5 3.5 3.5L13 4.5", ""),
        Glyph::Problem => ("M8 2.25 14.5 13.5h-13zM8 6.5v3.25M8 11v1.25", ""),
        Glyph::Undo => ("M5.5 3 2.5 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6", ""),
        Glyph::Redo => ("m10.5 3 3 3-3 3M13 6H6.5a3.5 3.5 0 0 0 0 7H10", ""),
        Glyph::Sidebar => ("M2 3h12v10H2zM6.5 3v10", ""),
        Glyph::Screen => ("M2 6V3h3M11 3h3v3M14 10v3h-3M5 13H2v-3", ""),
        Glyph::Keyboard => ("M2 4.5h12v7.5H2zM5 9.5h6M4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01", ""),
        Glyph::Moon => ("M13 9.75A5.75 5.75 0 0 1 6.25 3 5.5 5.5 0 1 0 13 9.75z", ""),
        Glyph::Sun => (
            "M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4M10.5 8a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
            "",
        ),
        Glyph::Share => ("M8 10V2M5 4.75 8 1.75l3 3M4.5 7.5h-1.75v6h10.5v-6H11.5", ""),
        Glyph::Code => ("M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5", ""),
    }
}

/// An icon, hidden from screen readers: its button has a label.
pub fn icon(glyph: Glyph) -> Html {
    let (lines, solid) = paths(glyph);
    html! {
        <svg class="pg-icon" viewBox="0 0 16 16" aria-hidden="true">
            if !lines.is_empty() { <path d={lines} /> }
            if !solid.is_empty() { <path class="pg-icon__solid" d={solid} /> }
        </svg>
    }
}

/// The mark of the product: two slanted bars.
pub fn mark() -> Html {
    html! {
        <svg class="pg-glyph" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
            <path class="pg-glyph__a" d="M6 3h14l-2.57 6H3.43z" />
            <path class="pg-glyph__b" d="M2.57 11h14L14 17H0z" />
        </svg>
    }
}
