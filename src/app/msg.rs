//! What can happen to the page.

use std::rc::Rc;

use super::advice::Advice;
use super::course;
use super::playback;
use super::real;
use super::run::{Reading, Run};
use super::study::Study;
use super::trials;
use super::upgrade;
use super::{App, Panel, PreviewAt, Stage, Tab, View, zoom};
use crate::analysis::claims::Change;
use crate::diag::Fix;
use crate::edit::Intent;
use crate::flow::{TaskIdx, Version};
use crate::share::Link;
use crate::sim::scenario::Scenario;
use crate::value::Value;

/// What a person, or the clock, does.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// The text is now this: typed, or put there by a script.
    Edit(Rc<str>),
    /// A new text that was read and run elsewhere. Of the old page only the history stays.
    Load(Rc<Reading>, Option<Rc<Run>>),
    /// Show another page, for example that of a link. The history stays.
    Show(Box<App>),
    /// Go on in a lesson.
    Course(course::Msg),
    /// Apply all of a link but its text.
    Apply(Link),
    /// Show this example.
    Example(&'static str),
    /// Set `concurrent` of this group; `None` is no limit.
    SetConcurrent(Rc<str>, Option<u32>),
    /// Take the limit of this group away, or give it the one back that it had in the run before, else as many slots as it can use.
    SwitchLimit(Rc<str>),
    /// Let so many executions of the flow run at once.
    AtOnce(u32),
    /// Give this group so many slots more; fewer when negative.
    Slots(Rc<str>, i32),
    /// Read and run what is pending, at once.
    Settle,
    /// The pending text was read and run in slices.
    Ready(Rc<str>, Rc<Reading>, Option<Rc<Run>>),
    /// Undo the last change.
    Undo,
    /// Make the change that was undone last.
    Redo,
    /// Move the playhead.
    Play(playback::Msg),
    /// Select a row, or none.
    Select(Option<Rc<str>>),
    /// Show this panel.
    Panel(Panel),
    /// Fold the panel into a bar, and select nothing.
    ClosePanel,
    /// Show this much of a wide page.
    Stage(Stage),
    /// Hide what comes after the playhead while the chart is presented, or show it again.
    Hide,
    /// Draw the run like this.
    View(View),
    /// Draw all links, or only those of the selected task.
    AllLinks(bool),
    /// Show only rows with this in their names.
    Find(Rc<str>),
    /// Select the next row that matches what is searched for.
    FindNext,
    /// The cursor of the editor was moved to this line, from 1: select the task that is written there.
    CursorAt(usize),
    /// Set or remove the break of this row.
    Break(Rc<str>),
    /// Set or remove the breaks of the task that is written on this line, from 1.
    BreakAt(usize),
    /// Change the text as a diagnostic advises.
    Fix(Fix),
    /// Change the text of this row's task.
    Change(Rc<str>, Intent),
    /// Give these tasks a length by `# sim:` comments, as people write it; an empty text takes it from them.
    SetTimes(Rc<[TaskIdx]>, String),
    /// Let this row's task take this long, as people write it.
    RowTakes(Rc<str>, String),
    /// Let the second row's task wait for the first row's.
    Link(Rc<str>, Rc<str>),
    /// Remove the link from the first row to the second.
    Unlink(Rc<str>, Rc<str>),
    /// Show no longer what the last action refused or lost.
    CloseNotices,
    /// Write the flow in the other dialect.
    Convert,
    /// Show the critical path, or no longer.
    Critical,
    /// What was found by simulating changes.
    Advised(Rc<Advice>),
    /// Keep the plan on show, or do something with those that were kept.
    Trials(trials::Act),
    /// Do something with real executions.
    Real(real::Act),
    /// Do something in the view of what changes in 2.0.
    Upgrade(upgrade::Act),
    /// A study has come further.
    Studied(Study),
    /// Show the heat map of two groups in place of the curve, or the curve again.
    HeatOf(Option<[Rc<str>; 2]>),
    /// Make a change that was advised.
    Make(Change),
    /// Show this tab.
    Tab(Tab),
    /// Show the place of the first problem in the text.
    GoToProblem,
    /// Show this line of the text, from 1.
    GoToLine(usize),
    /// Fold or open the rows below this one.
    Fold(Rc<str>),
    /// Read the text for this version of Kestra; `None` is the one the text is for.
    Version(Option<Version>),
    /// Run the flow of the text with this title or id.
    Choose(Rc<str>),
    /// Run with other settings.
    Set(Box<Scenario>),
    /// A person wrote a text for the setting of the server with this name; one that can't be read changes nothing.
    SetServer(&'static str, String),
    /// A person gave the input with this id a value; an empty text removes it.
    SetInput(Rc<str>, String),
    /// Assume this value at a path, or what is usual.
    Assume(Rc<str>, Option<Value>),
    /// A person resumes the paused task of this row, at the time of the playhead.
    Resume(Rc<str>),
    /// A person approves the gate of this row, at the time of the playhead.
    Approve(Rc<str>),
    /// Assume that the precondition of this row's item is met, or not.
    SetPrecondition(Rc<str>, bool),
    /// Open the menu of this row, or close it.
    Menu(Option<Rc<str>>),
    /// List the tasks that this row's task could wait for in its menu, or close the list.
    Linking(Option<Rc<str>>),
    /// Show what a link from the first row to the second would change, or no longer.
    PreviewLink(Option<(Rc<str>, Rc<str>, PreviewAt)>),
    /// Show another part of the run.
    Zoom(zoom::Zoom),
}
