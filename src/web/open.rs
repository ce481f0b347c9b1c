//! Opens the page that the address asks for, or the one that was left on this device.

use super::bridge::{kept_fragment, kept_has_failed, kept_text, warn};
use super::effects::{is_embed, wants_stillness};
pub use crate::app::opening::Opening;
use crate::app::opening::Unpacked;
use crate::language::{Catalog, speak};

/// The page at first, in the language of a catalog: what the fragment asks for, else the page as it was left on this device. An embed keeps
/// nothing.
#[must_use]
pub fn first_opening(catalog: &str, fragment: &str, text: &str, status: &str) -> Opening {
    if !catalog.is_empty() {
        speak(Some(Catalog::read(catalog)));
    }
    match kept_text().filter(|_| fragment.is_empty() && status == "none" && !is_embed()) {
        Some(text) if kept_has_failed() => Opening::after_failure(text),
        Some(text) => open(&kept_fragment(), &text, "whole"),
        None => open(fragment, text, status),
    }
}

/// The page that a fragment asks for, whose text was unpacked with this `status`: see `js/share.js`. What can't be understood is
/// reported in the console.
#[must_use]
pub fn open(fragment: &str, text: &str, status: &str) -> Opening {
    let opening = Opening::of(fragment, text, Unpacked::from_js(status), wants_stillness());
    opening.notes.iter().for_each(|note| warn(note));
    opening
}
