//! What can be done with the task of a row.

use std::rc::Rc;

use super::groups::is_parallel;
use super::{App, Msg, playback};
use crate::edit::{Intent, linkable, pairs, refused};
use crate::flow::{Flow, TaskIdx};
use crate::time::SimTime;
use crate::tr;

/// The actions for the task of a row.
#[derive(Debug, Clone)]
pub struct Menu {
    /// The key of the row.
    pub key: Rc<str>,
    /// The name of the row.
    pub name: Rc<str>,
    /// What changes the task itself.
    pub edits: Vec<Action>,
    /// The tasks it could wait for; empty until they are asked for, as there may be thousands.
    pub candidates: Vec<Candidate>,
    /// Whether there are tasks it could wait for.
    pub has_candidates: bool,
    /// Whether they are listed.
    pub is_linking: bool,
    /// The tasks it waits for: ids with titles.
    pub predecessors: Vec<(Rc<str>, String)>,
    /// What moves the playhead, or stops it.
    pub plays: Vec<Action>,
}

/// Two menus are equal when they are one and the same.
impl PartialEq for Menu {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Something that can be done.
#[derive(Debug, Clone)]
pub struct Action {
    /// Its name in test ids: `do-{name}`.
    pub name: &'static str,
    /// What the button says.
    pub label: String,
    /// What it does, or one sentence that says why it can't be done.
    pub msg: Result<Msg, String>,
}

/// A task that another could wait for.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its id.
    pub id: Rc<str>,
    /// Its name for people.
    pub title: String,
    /// Why it can't be waited for.
    pub refused: Option<String>,
}

/// The actions for the task of a row; `None` for a row without a task.
#[must_use]
pub fn menu(app: &App, key: &Rc<str>) -> Option<Rc<Menu>> {
    let run = app.run.as_ref()?;
    let row = run.row(key)?;
    let task = row.task(&run.flows)?;
    let change = |name, label: String, intent: Intent| {
        let msg = app.can_change(key, intent).map(|()| Msg::Change(Rc::clone(key), intent));
        Action { name, label, msg }
    };
    let began = row.run().and_then(|idx| run.trace.began(idx));
    let edits = if task.is_group() {
        let label = |is_parallel| if is_parallel { tr!("Make it sequential") } else { tr!("Make it parallel") };
        let limit = run.limit_in(row).map(|limit| {
            let msg = Ok(Msg::SwitchLimit(Rc::clone(key)));
            Action { name: "no-limit", label: if limit == 0 { tr!("Limit its slots") } else { tr!("No limit") }, msg }
        });
        let mode = is_parallel(task).filter(|_| run.flow().dialect.has_limits());
        let mode = mode.map(|is_parallel| change("switch", label(is_parallel), Intent::Switch));
        limit.into_iter().chain(mode).collect()
    } else {
        let length_ms = row.run().zip(began).map_or(0, |(idx, began)| (run.trace.ended(idx) - began).0 as i64);
        // Of a range each end, whatever was drawn from it.
        let range = task.sim_note.and_then(|note| note.takes).filter(|takes| takes.only().is_none());
        let scaled = |scale: fn(u64) -> u64| range.map(|range| Intent::Takes(Some(range.map(|length| SimTime(scale(length.0))))));
        let always_fails = task.sim_note.is_some_and(|note| note.fails_percent == 100);
        vec![
            change("slower", tr!("Twice as long"), scaled(|ms| ms.saturating_mul(2)).unwrap_or(Intent::Longer(length_ms.max(1000)))),
            change("faster", tr!("Half as long"), scaled(|ms| ms / 2).unwrap_or(Intent::Longer(-length_ms / 2))),
            change(
                "fail",
                if always_fails { tr!("No longer make it fail") } else { tr!("Make it fail") },
                Intent::Fails(if always_fails { 0 } else { 100 }),
            ),
            change("retry", tr!("Retry failures"), Intent::Retry),
        ]
    };
    let has_break = app.breaks.contains(key);
    let seek = began.map(|at| Msg::Play(playback::Msg::Seek(at))).ok_or_else(|| tr!("it never runs"));
    let plays = vec![
        Action { name: "run-here", label: tr!("Go to its start"), msg: seek },
        Action {
            name: "break",
            label: if has_break { tr!("Do not pause there") } else { tr!("Pause there when playing") },
            msg: Ok(Msg::Break(Rc::clone(key))),
        },
    ];
    let is_linking = app.linking.as_ref() == Some(key);
    let empty = Menu {
        key: Rc::clone(key),
        name: Rc::clone(&row.name),
        edits,
        plays,
        is_linking,
        has_candidates: false,
        candidates: vec![],
        predecessors: vec![],
    };
    Some(Rc::new(match row.task_idx() {
        Some(idx) => with_links(empty, run.flow(), idx),
        None => empty,
    }))
}

/// The menu with the tasks that its task could wait for, and those it waits for.
fn with_links(menu: Menu, flow: &Flow, idx: TaskIdx) -> Menu {
    let own: Vec<TaskIdx> = pairs(flow, idx).into_iter().filter(|(_, to)| *to == idx).map(|(from, _)| from).collect();
    let others: Vec<TaskIdx> = linkable(flow, idx).into_iter().filter(|other| *other != idx && !own.contains(other)).collect();
    let candidate = |other: &TaskIdx| {
        let task = flow.task(*other);
        Candidate { id: Rc::clone(&task.id), title: task.title().to_string(), refused: refused(flow, *other, idx) }
    };
    let predecessors = own.iter().map(|from| flow.task(*from)).map(|from| (Rc::clone(&from.id), from.title().to_string())).collect();
    let candidates = if menu.is_linking { others.iter().map(candidate).collect() } else { Vec::new() };
    Menu { has_candidates: !others.is_empty(), candidates, predecessors, ..menu }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(app: &App, key: &str) -> String {
        let menu = menu(app, &Rc::from(key)).expect("there is a task");
        let action = |action: &Action| match &action.msg {
            Ok(_) => action.label.clone(),
            Err(why) => format!("({}: {why})", action.label),
        };
        let candidate = |other: &Candidate| match &other.refused {
            None => format!("after {}", other.title),
            Some(why) => format!("(after {}: {why})", other.title),
        };
        let waits = menu.predecessors.iter().map(|(_, title)| format!("waits for {title}"));
        let lines = menu.edits.iter().map(action).chain(menu.candidates.iter().map(candidate)).chain(waits);
        lines.chain(menu.plays.iter().map(action)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_row_offers_what_can_be_done() {
        insta::assert_snapshot!(text_of(&App::open(), "parent"), @"
        No limit
        Make it sequential
        Go to its start
        Pause there when playing
        ");
        insta::assert_snapshot!(text_of(&App::open().update(Msg::Link("t1".into(), "t2".into())).update(Msg::Linking(Some("t2".into()))), "t2"), @"
        Twice as long
        Half as long
        Make it fail
        Retry failures
        after t3
        after t4
        after t5
        after t6
        waits for t1
        Go to its start
        Pause there when playing
        ");
    }
}
