//! What the dialogs of `js/share.js` need to know of the page.

use super::bridge;
use crate::app::App;
use crate::app::link::link_of;

/// Shows the link of the page, or the lines that embed it.
pub fn share(app: &App, embed: bool) {
    let Some(run) = &app.run else { return };
    let svg = if embed { String::new() } else { run.svg() };
    bridge::share(embed, &link_of(app).fragment(), app.text(), &run.flow().id, &svg, run.embed_height_px());
}
