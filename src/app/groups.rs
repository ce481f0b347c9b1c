//! The controls of a row: that for the slots of its group, and that for its mode; and the slider for the slots.

use std::rc::Rc;

use super::controls::GroupControl;
use super::run::Run;
use crate::flow::{Kind, Task};
use crate::timeline::embed_height_px;
use crate::timeline::rows::Row;

/// A group that can be switched between Parallel and Sequential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeControl {
    /// Its id.
    pub id: Rc<str>,
    /// Whether it is Parallel now.
    pub is_parallel: bool,
}

/// Whether a group that can be switched is Parallel, not Sequential; `None` for any other task.
#[must_use]
pub fn is_parallel(task: &Task) -> Option<bool> {
    let is_parallel = matches!(task.kind, Kind::Parallel { .. });
    (is_parallel || matches!(task.kind, Kind::Sequential(_))).then_some(is_parallel)
}

impl Run {
    /// The groups that can be switched between Parallel and Sequential, in source order. A Parallel at the top has a slider,
    /// and is switched from its row.
    #[must_use]
    pub fn mode_controls(&self) -> Vec<ModeControl> {
        let mode = |task: &Task| {
            let is_parallel = is_parallel(task)?;
            let is_at_top = task.parent.is_none();
            (!is_parallel || !is_at_top).then(|| ModeControl { id: Rc::clone(&task.id), is_parallel })
        };
        self.flow().tasks.iter().filter(|_| self.flow().dialect.has_limits()).filter_map(mode).collect()
    }

    /// How many executions may run at once, where there are several and the flow limits them.
    #[must_use]
    pub fn at_once(&self) -> Option<u32> {
        let concurrency = self.flow().concurrency?;
        (self.trace.roots().count() > 1).then_some(concurrency.limit)
    }

    /// The mode of the row with this key, else of the group around it.
    #[must_use]
    pub fn mode_for(&self, key: Option<&str>) -> Option<ModeControl> {
        let modes = self.mode_controls();
        let mut around = self.around(key).filter_map(|id| modes.iter().find(|mode| mode.id == *id));
        // Without a slider its line is there from the start, so that a selection moves nothing.
        around.next().or(modes.first().filter(|_| self.controls.is_empty())).cloned()
    }

    /// The ids of the task of a row and of the groups around it, from the inside.
    fn around(&self, key: Option<&str>) -> impl Iterator<Item = &Rc<str>> {
        let flow = self.flow();
        let task = key.and_then(|key| self.row(key).and_then(Row::task_idx).or_else(|| flow.find(key)));
        std::iter::successors(task, |idx| flow.task(*idx).parent).map(|idx| &flow.task(idx).id)
    }

    /// Whether a row is of a group whose mode can be switched.
    #[must_use]
    pub fn has_mode(&self, row: &Row) -> bool {
        let task = row.task_idx().map(|idx| self.flow().task(idx)).filter(|task| task.id == row.key);
        task.is_some_and(|task| self.flow().dialect.has_limits() && is_parallel(task).is_some())
    }

    /// The limit that can be set in a row: 0 is no limit; `None` for a row that has none.
    #[must_use]
    pub fn limit_in(&self, row: &Row) -> Option<u32> {
        let task = self.flow().task(row.task_idx()?);
        task.slots().filter(|_| task.id == row.key && self.flow().dialect.has_limits()).map(|slots| slots.limit)
    }

    /// The control of the row with this key, else of the group around it, else the first of all.
    #[must_use]
    pub fn control_for(&self, key: Option<&str>) -> Option<GroupControl> {
        let mut of_task = self.around(key).filter_map(|id| self.controls.iter().find(|control| control.id == *id));
        of_task.next().or(self.controls.first()).cloned()
    }

    /// How high an embed has to be, in pixels.
    #[must_use]
    pub fn embed_height_px(&self) -> u32 {
        let n_controls = self.controls.len().clamp(1, 2) + usize::from(!self.mode_controls().is_empty());
        embed_height_px(n_controls, self.rows.len(), 0) as u32
    }
}

/// Pixels between the edge of a slider's drawing and its first and last number.
pub const SLIDER_EDGE_PX: f64 = 14.0;

/// Where a slider draws what, in pixels from its left edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Slider {
    /// Where the value stands.
    pub value_px: f64,
    /// Where the highest number stands.
    pub end_px: f64,
    /// The numbers that are written, with their places.
    pub numbers: Vec<(u32, f64)>,
}

impl Slider {
    /// The slider from 1 to `top` on a page of this width. It is shorter where its buttons leave less room.
    #[must_use]
    pub fn of(value: u32, top: u32, page_width_px: f64) -> Self {
        const TRACK_PX: f64 = 220.0;
        const WIDEST_STEP_PX: f64 = 44.0;
        const NUMBER_PX: f64 = 18.0;
        /// What the margin, a button and the gap take, on both sides.
        const BESIDE_PX: f64 = 2.0 * (16.0 + 44.0 + 8.0 + SLIDER_EDGE_PX);
        let track_px = (page_width_px - BESIDE_PX).clamp(100.0, TRACK_PX);
        let step_px = (track_px / f64::from(top - 1)).min(WIDEST_STEP_PX);
        let x = |n: u32| SLIDER_EDGE_PX + step_px * f64::from(n - 1);
        // Where numbers lack room, every second, fifth, tenth... is written.
        let steps = [1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000];
        let number_px = NUMBER_PX.max(8.0 * f64::from(top.ilog10() + 1) + 6.0);
        let every = steps.into_iter().find(|every| f64::from(*every) * step_px >= number_px).unwrap_or(1_000_000);
        // The value is always written, and the numbers that have room beside it and beside the ends.
        let is_near = |n: u32, other: u32| f64::from(n.abs_diff(other)) * step_px < number_px;
        let is_end = |n: u32| n == 1 || n == top;
        let has_room = |n: u32| !is_near(n, value) && (is_end(n) || !is_near(n, 1) && !is_near(n, top));
        let is_written = |n: &u32| *n == value || (is_end(*n) || n.is_multiple_of(every)) && has_room(*n);
        Self { value_px: x(value), end_px: x(top), numbers: (1..=top).filter(is_written).map(|n| (n, x(n))).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{App, Msg};

    #[test]
    fn a_slider_writes_the_numbers_that_have_room() {
        let numbers = |top, width| Slider::of(1, top, width).numbers.into_iter().map(|(n, _)| n).collect::<Vec<_>>();
        assert_eq!(numbers(6, 1440.0), [1, 2, 3, 4, 5, 6]);
        assert_eq!(numbers(40, 1440.0), [1, 5, 10, 15, 20, 25, 30, 35, 40]);
        assert_eq!(numbers(6, 100.0), [1, 2, 3, 4, 5, 6]);
        assert_eq!(Slider::of(12, 20, 1440.0).numbers.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [1, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
        assert_eq!(Slider::of(3, 6, 1440.0).value_px, SLIDER_EDGE_PX + 88.0);
    }

    #[test]
    fn the_control_is_that_of_the_selected_group_or_the_one_around() {
        let app = App::open().update(crate::app::Msg::Example("nested-limits"));
        let run = app.run.expect("it runs");
        let control = |key| run.control_for(key).map(|control| control.id.to_string());
        assert_eq!(control(None).as_deref(), Some("outer"));
        assert_eq!(control(Some("i3")).as_deref(), Some("inner"));
        assert_eq!(control(Some("last")).as_deref(), Some("outer"));
    }

    #[test]
    fn a_template_has_neither_limits_nor_modes() {
        let app = App::open().update(Msg::Example("release-nested"));
        let run = app.run.expect("it runs");
        assert_eq!((run.flow().dialect.has_limits(), run.controls.len(), run.mode_controls().len()), (false, 0, 0));
    }

    #[test]
    fn slots_are_counted_from_the_limit_or_from_as_many_as_are_used() {
        let app = App::open().update(Msg::Slots("parent".into(), 1));
        assert!(app.text().contains("concurrent: 4"));
        let app = app.update(Msg::SetConcurrent("parent".into(), None)).update(Msg::Slots("parent".into(), -1));
        assert!(app.text().contains("concurrent: 5"));
    }
}
