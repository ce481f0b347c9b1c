//! What a row of the timeline asks for.

use std::rc::Rc;

use yew::prelude::*;

/// The callbacks of a row.
#[derive(Clone, PartialEq)]
pub struct RowCalls {
    /// Select this row, or none.
    pub on_select: Callback<Option<Rc<str>>>,
    /// Fold or open this row.
    pub on_fold: Callback<Rc<str>>,
    /// Show the menu of this row.
    pub on_menu: Callback<Rc<str>>,
    /// Give this group so many slots more.
    pub on_slots: Callback<(Rc<str>, i32)>,
    /// Make the task so many milliseconds longer.
    pub on_longer: Callback<(Rc<str>, i64)>,
    /// Let the second task wait for the first.
    pub on_link: Callback<(Rc<str>, Rc<str>)>,
    /// A link from the first row is dragged over the second, or over none.
    pub on_drag_link: Callback<Option<(Rc<str>, Rc<str>)>>,
}
