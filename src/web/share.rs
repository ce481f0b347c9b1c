//! What the dialogs of `js/share.js` need to know of the page.

use super::bridge;
use crate::app::App;
use crate::app::link::link_of;
use crate::render::svg::svg;

/// Shows the link of the page, or the lines that embed it.
pub fn share(app: &App, embed: bool) {
    let Some(run) = &app.run else { return };
    let svg = if embed { String::new() } else { svg(&run.flows, &run.trace) };
    let n_lines = run.group_controls().len().clamp(1, 2) + usize::from(!run.mode_controls().is_empty());
    let height_px = (156 + 40 * n_lines + 28 * run.rows.len()).clamp(200, 1600);
    bridge::share(embed, &link_of(app).fragment(), app.text(), &run.flow().id, &svg, height_px as u32);
}
