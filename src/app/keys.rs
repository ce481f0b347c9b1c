//! What keys do that depends on the selected row.

use super::playback;
use super::zoom::Zoom;
use super::{App, Msg, Stage};
use crate::edit::Intent;

impl App {
    /// Selects the row above (`by` is -1) or below (1); without a selection the last or the first row.
    #[must_use]
    pub fn select_neighbor(&self, by: isize) -> Option<Msg> {
        let rows = &self.run.as_ref()?.rows;
        let last = rows.len().saturating_sub(1);
        let next = match rows.iter().position(|row| Some(&row.key) == self.selected.as_ref()) {
            Some(at) => at.saturating_add_signed(by).min(last),
            None if by > 0 => 0,
            None => last,
        };
        rows.get(next).map(|row| Msg::Select(Some(row.key.clone())))
    }

    /// Shows the selected run across the width of the track, with a tenth of its length on both sides.
    #[must_use]
    pub fn fit_selected(&self) -> Option<Msg> {
        let trace = &self.run.as_ref()?.trace;
        let idx = self.selected_row()?.run()?;
        let (from, to) = (trace.created(idx).0 as f64, trace.ended(idx).0 as f64);
        let margin = ((to - from) * 0.1).max(1.0);
        Some(Msg::Zoom(Zoom::To((from - margin).max(0.0), to + margin)))
    }

    /// Folds or opens the selected group; `None` when it already is so.
    #[must_use]
    pub fn fold_selected(&self, folded: bool) -> Option<Msg> {
        let row = self.selected_row()?;
        (row.is_group && row.is_folded != folded).then(|| Msg::Fold(row.key.clone()))
    }

    /// Moves the playhead to the next or the previous edge of the selected row's segments.
    #[must_use]
    pub fn seek_edge(&self, is_forward: bool) -> Option<Msg> {
        let segments = self.selected_row()?.segments(&self.run.as_ref()?.trace);
        let now = self.playback.now();
        let edges = segments.iter().map(|segment| segment.from).chain(segments.last().map(|segment| segment.to));
        let edge = if is_forward { edges.filter(|edge| *edge > now).min() } else { edges.filter(|edge| *edge < now).max() };
        edge.map(|edge| Msg::Play(playback::Msg::Seek(edge)))
    }

    /// Gives one slot more or less to the selected group, else to the group around the selected task, else to the first.
    #[must_use]
    pub fn change_slots(&self, by: i32) -> Option<Msg> {
        let control = self.run.as_ref()?.control_for(self.selected.as_deref())?;
        Some(Msg::Slots(control.id, by))
    }

    /// Switches the limit of the group whose slots [`App::change_slots`] would change.
    #[must_use]
    pub fn switch_limit(&self) -> Option<Msg> {
        let control = self.run.as_ref()?.control_for(self.selected.as_deref())?;
        Some(Msg::SwitchLimit(control.id))
    }

    /// The slots of a group with so many more of them; without a limit it has as many as it can use.
    pub(super) fn slots_changed(&self, group: &str, by: i32) -> Option<u32> {
        let control = self.run.as_ref()?.controls.iter().find(|control| &*control.id == group)?;
        Some(control.value().saturating_add_signed(by).max(1))
    }

    /// Folds the editor away, or shows it again.
    #[must_use]
    pub fn fold_editor(&self) -> Msg {
        Msg::Stage(if self.stage == Stage::Split { Stage::Chart } else { Stage::Split })
    }

    /// Presents the chart, or no longer.
    #[must_use]
    pub fn present(&self) -> Msg {
        Msg::Stage(if self.stage == Stage::Present { Stage::Split } else { Stage::Present })
    }

    /// Closes the menu, else the panel with the selection, that is open in a presentation; else leaves it.
    #[must_use]
    pub fn close_or_leave(&self) -> Msg {
        match (&self.menu, self.is_panel_open || self.selected.is_some()) {
            (Some(_), _) => Msg::Menu(None),
            (None, true) => Msg::ClosePanel,
            (None, false) => self.present(),
        }
    }

    /// Makes the selected task a step longer, or shorter.
    #[must_use]
    pub fn change_length(&self, is_longer: bool) -> Option<Msg> {
        let key = self.selected.clone()?;
        let step = self.step_ms(&key);
        Some(Msg::Change(key, Intent::Longer(if is_longer { step } else { -step })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(app: &App, make: impl Fn(&App) -> Option<Msg>) -> App {
        make(app).map_or_else(|| app.clone(), |msg| app.clone().update(msg))
    }

    #[test]
    fn rows_are_walked_from_end_to_end() {
        let open = App::open();
        let keys = |by| {
            let mut app = open.clone();
            (0..9)
                .map(|_| {
                    app = pressed(&app, |app| app.select_neighbor(by));
                    app.selected.as_deref().unwrap_or("-").to_owned()
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(keys(1), "parent t1 t2 t3 t4 t5 t6 last last");
        assert_eq!(keys(-1), "last t6 t5 t4 t3 t2 t1 parent parent");
        assert_eq!(open.update(Msg::Select(Some("t2".into()))).selected_place(), "row 3 of 8");
    }

    #[test]
    fn keys_act_on_the_selected_row() {
        let t4 = App::open().update(Msg::Select(Some("t4".into())));
        let unlimited = pressed(&t4, App::switch_limit);
        assert_eq!(unlimited.text(), t4.text().replace("concurrent: 3", "concurrent: 0"));
        assert_eq!(pressed(&unlimited, App::switch_limit).text(), t4.text());
        // A flow that begins without a limit had none before.
        let begun = App::with_text(unlimited.text(), None);
        assert_eq!(pressed(&begun, App::switch_limit).text(), t4.text().replace("concurrent: 3", "concurrent: 6"));
        assert_eq!(pressed(&t4, |app| app.change_slots(1)).text(), t4.text().replace("concurrent: 3", "concurrent: 4"));
        assert_eq!(t4.fit_selected(), Some(Msg::Zoom(Zoom::To(900.0, 2100.0))));
        let edge = |app: &App, is_forward| pressed(app, |app| app.seek_edge(is_forward));
        let back = edge(&t4, false);
        assert_eq!((back.playback.now().0, edge(&back, false).playback.now().0, edge(&back, true).playback.now().0), (1000, 0, 2000));
        assert_eq!(t4.fold_selected(true), None);
        let parent = t4.update(Msg::Select(Some("parent".into())));
        let folded = pressed(&parent, |app| app.fold_selected(true));
        assert_eq!(folded.run.as_ref().map(|run| run.rows.len()), Some(2));
        assert_eq!(folded.fold_selected(true), None);
    }
}
