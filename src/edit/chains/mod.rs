//! Links in a Parallel: linked tasks become a chain, which is a Sequential in the Parallel. Links that no chains can express
//! turn the Parallel into a Dag.

mod text;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::Edit;
use super::proof::proved;
use super::text::too_unusual;
use crate::flow::{Flow, Kind, Lists, Task, TaskIdx};
use crate::source::Source;
use crate::syntax::Document;
use crate::tr;
use text::Text;
pub use text::blocks;

/// The children of a Parallel as chains: a Sequential is the chain of its tasks, any other child is a chain by itself.
pub fn chains(flow: &Flow, parallel: TaskIdx) -> Vec<&[TaskIdx]> {
    let children = &flow.task(parallel).lists.tasks;
    children.iter().map(|child| tasks_of_chain(flow.task(*child)).unwrap_or(std::slice::from_ref(child))).collect()
}

/// The tasks of a Sequential that is a chain in a Parallel.
fn tasks_of_chain(task: &Task) -> Option<&[TaskIdx]> {
    let Lists { tasks, errors, finally, .. } = &task.lists;
    let is_chain = matches!(task.kind, Kind::Sequential(_)) && errors.is_empty() && finally.is_empty() && !tasks.is_empty();
    is_chain.then_some(&**tasks)
}

/// The Parallel that a task is a child of, itself or through a Sequential that is a chain.
pub fn parallel_of(flow: &Flow, idx: TaskIdx) -> Option<TaskIdx> {
    let parallel_around = |child: TaskIdx| {
        let parallel = flow.task(child).parent.filter(|group| matches!(flow.task(*group).kind, Kind::Parallel { .. }))?;
        flow.task(parallel).lists.tasks.contains(&child).then_some(parallel)
    };
    let parent = flow.task(idx).parent?;
    match tasks_of_chain(flow.task(parent)) {
        Some(chain) => parallel_around(parent).filter(|_| chain.contains(&idx)),
        None => parallel_around(idx).filter(|_| tasks_of_chain(flow.task(idx)).is_none()),
    }
}

/// The chain of a task, and its position in that chain.
fn position(chains: &[&[TaskIdx]], idx: TaskIdx) -> Option<(usize, usize)> {
    chains.iter().enumerate().find_map(|(nth, chain)| Some((nth, chain.iter().position(|task| *task == idx)?)))
}

/// The edit after which `to` starts only once `from` has ended; both are in the chains of `parallel`.
///
/// # Errors
/// One sentence that says why not.
pub fn link(source: &Source, document: &Document, flow: &Flow, parallel: TaskIdx, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    let chains = chains(flow, parallel);
    let ((first, end), (second, start)) = position(&chains, from).zip(position(&chains, to)).ok_or_else(too_unusual)?;
    if let Some(why) = refused(flow, &chains, from, to) {
        return Err(why);
    }
    let mut wanted = waits(flow, parallel);
    waits_of(&mut wanted, flow, to)?.push(Rc::clone(&flow.task(from).id));
    let text = Text::of(source, document, flow, parallel, &chains)?;
    let edit = if end + 1 == chains[first].len() && start == 0 { text.joined(first, second) } else { text.as_dag(from, to) }?;
    proved_chains(source, document, flow, parallel, &wanted, edit)
}

/// The edit after which `to` no longer waits for `from`, the task before it in its chain.
///
/// # Errors
/// As [`link`].
pub fn unlink(source: &Source, document: &Document, flow: &Flow, parallel: TaskIdx, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    let chains = chains(flow, parallel);
    let ((chain, end), (same, start)) = position(&chains, from).zip(position(&chains, to)).ok_or_else(too_unusual)?;
    if chain != same || end + 1 != start {
        return Err(tr!("`{task}` does not wait for `{other}`", task = flow.task(to).id, other = flow.task(from).id));
    }
    let mut wanted = waits(flow, parallel);
    waits_of(&mut wanted, flow, to)?.clear();
    let edit = Text::of(source, document, flow, parallel, &chains)?.split(chain, start)?;
    proved_chains(source, document, flow, parallel, &wanted, edit)
}

/// Why two tasks of these chains can't be linked, however the text is written: they are linked already, or the link would close
/// a cycle, which is named.
pub fn refused(flow: &Flow, chains: &[&[TaskIdx]], from: TaskIdx, to: TaskIdx) -> Option<String> {
    let ((first, end), (second, start)) = position(chains, from).zip(position(chains, to))?;
    let id = |idx: &TaskIdx| &*flow.task(*idx).id;
    match first == second {
        true if from == to => Some(tr!("a task can't wait for itself")),
        true if end < start => Some(tr!("`{task}` waits for `{other}` already", task = id(&to), other = id(&from))),
        true => {
            let cycle: Vec<&str> = chains[first][start..=end].iter().chain([&to]).map(id).collect();
            Some(tr!("this would close a cycle: {names}", names = cycle.join(" → ")))
        }
        false => None,
    }
}

/// Tasks, each with those it waits for, by their ids.
type Waits = Vec<(Rc<str>, Vec<Rc<str>>)>;

/// What each task in the chains of a Parallel, or in a Dag, waits for.
fn waits(flow: &Flow, group: TaskIdx) -> Waits {
    let id = |idx: TaskIdx| Rc::clone(&flow.task(idx).id);
    let task = flow.task(group);
    let mut waits = Waits::new();
    if let Kind::Dag(dag) = &task.kind {
        for (idx, positions) in task.lists.tasks.iter().zip(&dag.depends_on) {
            waits.push((id(*idx), positions.iter().map(|position| id(task.lists.tasks[*position as usize])).collect()));
        }
        return waits;
    }
    for chain in chains(flow, group) {
        let mut before = Vec::new();
        for idx in chain {
            waits.push((id(*idx), std::mem::replace(&mut before, vec![id(*idx)])));
        }
    }
    waits
}

/// The ids that one task waits for.
fn waits_of<'a>(waits: &'a mut Waits, flow: &Flow, idx: TaskIdx) -> Result<&'a mut Vec<Rc<str>>, String> {
    let id = &flow.task(idx).id;
    waits.iter_mut().find(|(known, _)| known == id).map(|(_, ids)| ids).ok_or_else(too_unusual)
}

/// Proves that the edited text has the same tasks and comments, and that the tasks wait for each other as wanted.
fn proved_chains(source: &Source, document: &Document, flow: &Flow, parallel: TaskIdx, wanted: &Waits, edit: Edit) -> Result<Edit, String> {
    // The Sequentials between the Parallel and its tasks come and go. Everything else stays the same, but for its place.
    let is_kept = |after: &Flow, idx: TaskIdx, task: &Task| {
        let is_chain = task.parent == Some(parallel) && matches!(task.kind, Kind::Sequential(_));
        let Some(same) = after.find(&task.id).map(|idx| after.task(idx)) else { return is_chain };
        let moved = Task { span: task.span, parent: task.parent, lists: task.lists.clone(), ..same.clone() };
        idx == parallel || moved == *task
    };
    proved(source, document, edit, |edited| {
        let Some(after) = edited.flow(flow) else { return false };
        let Some(group) = after.find(&flow.task(parallel).id) else { return false };
        let found = waits(&after, group);
        let is_found = |(id, ids): &(Rc<str>, Vec<Rc<str>>)| {
            found.iter().any(|(other, others)| other == id && ids.len() == others.len() && ids.iter().all(|id| others.contains(id)))
        };
        found.len() == wanted.len()
            && wanted.iter().all(is_found)
            && flow.iter().all(|(idx, task)| is_kept(&after, idx, task))
            && edited.document.comments.len() == document.comments.len()
    })
}
