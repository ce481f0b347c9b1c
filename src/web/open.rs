//! Opens the page that the address asks for, or the one that was left on this device. A text of any length is read and run in slices.

use super::bridge::{kept_fragment, kept_has_failed, kept_text, warn};
use super::effects::{is_embed, wants_stillness};
use super::pace::in_slices;
pub use crate::app::opening::Opening;
use crate::app::opening::Unpacked;
use crate::language::{Catalog, speak};

/// The page at first, in the language of a catalog: what the fragment asks for, else the page as it was left on this device. An embed keeps
/// nothing.
pub async fn first_opening(catalog: String, fragment: String, text: String, status: String) -> Opening {
    if !catalog.is_empty() {
        speak(Some(Catalog::read(&catalog)));
    }
    match kept_text().filter(|_| fragment.is_empty() && status == "none" && !is_embed()) {
        Some(text) if kept_has_failed() => Opening::after_failure(text),
        Some(text) => open(kept_fragment(), text, "whole").await,
        None => open(fragment, text, &status).await,
    }
}

/// The page that a fragment asks for, whose text was unpacked with this `status`: see `js/share.js`. What can't be understood is
/// reported in the console.
pub async fn open(fragment: String, text: String, status: &str) -> Opening {
    let (unpacked, still) = (Unpacked::from_js(status), wants_stillness());
    let opening = in_slices(move || Opening::of(&fragment, &text, unpacked, still)).await;
    opening.notes.iter().for_each(|note| warn(note));
    opening
}
