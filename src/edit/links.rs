//! Links between the tasks of one group: one waits for another. A template gets an entry in `links`, a Dag one in `dependsOn`;
//! for a Parallel see [`super::chains`].

use super::chains::{self, chains, parallel_of};
use super::proof::proved;
use super::text::node_of;
use super::{Edit, dag, template};
use crate::flow::{Flow, Kind, Task, TaskIdx};
use crate::graph::Graph;
use crate::source::Source;
use crate::syntax::Document;
use crate::tr;

/// The edit after which `to` starts only once `from` has ended.
///
/// # Errors
/// One sentence that says why not: the tasks are of different groups, the link would close a cycle, which is named, or the text
/// can't be changed safely.
pub fn link(source: &Source, document: &Document, flow: &Flow, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    let (from, to) = (end_of_chain(flow, from, |chain| chain.last()), end_of_chain(flow, to, |chain| chain.first()));
    if let Some(parallel) = parallel_of_both(flow, from, to) {
        return chains::link(source, document, flow, parallel, from, to);
    }
    let pair = Siblings::of(flow, from, to)?;
    let mut wanted = waits(flow, pair.group);
    if let Some(why) = pair.refused(flow, &wanted) {
        return Err(why);
    }
    wanted[pair.to].push(pair.from as u32);
    let node = node_of(document, flow, pair.group)?;
    let edit = if flow.dialect.has_link_entries() {
        template::add_link(source, node, pair.from, pair.to)?
    } else {
        dag::add_dependency(source, node, pair.to, &flow.task(from).id)?
    };
    proved_links((source, document), flow, pair.group, &wanted, edit)
}

/// The edit after which `to` no longer waits for `from`.
///
/// # Errors
/// As [`link`].
pub fn unlink(source: &Source, document: &Document, flow: &Flow, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    if let Some(parallel) = parallel_of_both(flow, from, to) {
        return chains::unlink(source, document, flow, parallel, from, to);
    }
    let pair = Siblings::of(flow, from, to)?;
    let mut wanted = waits(flow, pair.group);
    wanted[pair.to].retain(|position| *position != pair.from as u32);
    let node = node_of(document, flow, pair.group)?;
    let edit = if flow.dialect.has_link_entries() {
        template::remove_link(source, node, pair.from, pair.to)?
    } else {
        dag::remove_dependency(source, node, pair.to, &flow.task(from).id)?
    };
    proved_links((source, document), flow, pair.group, &wanted, edit)
}

/// Why two tasks can't be linked, however the text is written: they are linked already, or the link would close a cycle, which
/// is named.
#[must_use]
pub fn refused(flow: &Flow, from: TaskIdx, to: TaskIdx) -> Option<String> {
    let (from, to) = (end_of_chain(flow, from, |chain| chain.last()), end_of_chain(flow, to, |chain| chain.first()));
    if let Some(parallel) = parallel_of_both(flow, from, to) {
        return chains::refused(flow, &chains(flow, parallel), from, to);
    }
    match Siblings::of(flow, from, to) {
        Ok(pair) => pair.refused(flow, &waits(flow, pair.group)),
        Err(why) => Some(why),
    }
}

/// The tasks that this one can be linked with, itself among them; none where tasks run one after another anyway.
#[must_use]
pub fn linkable(flow: &Flow, idx: TaskIdx) -> Vec<TaskIdx> {
    if let Some(parallel) = parallel_of_both(flow, idx, idx) {
        return chains(flow, parallel).concat();
    }
    let group = flow.task(idx).parent.filter(|group| matches!(flow.task(*group).kind, Kind::Parallel { .. } | Kind::Dag { .. }));
    group.map_or(Vec::new(), |group| flow.task(group).lists.tasks.clone())
}

/// The links among the [`linkable`] tasks: the one that is waited for, and the one that waits.
#[must_use]
pub fn pairs(flow: &Flow, idx: TaskIdx) -> Vec<(TaskIdx, TaskIdx)> {
    if let Some(parallel) = parallel_of_both(flow, idx, idx) {
        return chains(flow, parallel).into_iter().flat_map(|chain| chain.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    }
    let tasks = linkable(flow, idx);
    let waits = flow.task(idx).parent.filter(|_| !tasks.is_empty()).map_or(Vec::new(), |group| waits(flow, group));
    tasks.iter().zip(&waits).flat_map(|(to, from)| from.iter().map(|from| (tasks[*from as usize], *to))).collect()
}

/// Whether any tasks of a flow are linked.
#[must_use]
pub fn has_links(flow: &Flow) -> bool {
    let is_chain = |task: &Task| !flow.dialect.has_link_entries() && matches!(task.kind, Kind::Sequential(_)) && task.lists.tasks.len() > 1;
    let in_parallel = |task: &Task| task.parent.is_some_and(|group| matches!(flow.task(group).kind, Kind::Parallel { .. }));
    flow.tasks.iter().any(|task| match &task.kind {
        Kind::Dag(dag) => dag.depends_on.iter().any(|waits| !waits.is_empty()),
        _ => is_chain(task) && in_parallel(task),
    })
}

/// One end of the chain of a Sequential in a Parallel, which is linked in its place; any other task itself.
fn end_of_chain(flow: &Flow, idx: TaskIdx, end: fn(&[TaskIdx]) -> Option<&TaskIdx>) -> TaskIdx {
    let parallel =
        flow.task(idx).parent.filter(|group| !flow.dialect.has_link_entries() && matches!(flow.task(*group).kind, Kind::Parallel { .. }));
    let chains = parallel.map_or(Vec::new(), |parallel| chains(flow, parallel));
    chains.iter().find_map(|chain| end(chain).filter(|task| flow.task(**task).parent == Some(idx))).copied().unwrap_or(idx)
}

/// The Parallel with both tasks in its chains.
fn parallel_of_both(flow: &Flow, from: TaskIdx, to: TaskIdx) -> Option<TaskIdx> {
    let parallel = parallel_of(flow, from).filter(|_| !flow.dialect.has_link_entries())?;
    (parallel_of(flow, to) == Some(parallel)).then_some(parallel)
}

/// For each child of a group the positions of the children it waits for.
fn waits(flow: &Flow, group: TaskIdx) -> Vec<Vec<u32>> {
    let task = flow.task(group);
    match &task.kind {
        Kind::Dag(dag) => dag.depends_on.clone(),
        _ => vec![Vec::new(); task.lists.tasks.len()],
    }
}

/// Two children of a group, by their positions among its tasks.
struct Siblings {
    group: TaskIdx,
    from: usize,
    to: usize,
}

impl Siblings {
    fn of(flow: &Flow, from: TaskIdx, to: TaskIdx) -> Result<Self, String> {
        let outside = || tr!("only tasks of one group can be linked");
        let group = flow.task(from).parent.filter(|group| flow.task(to).parent == Some(*group)).ok_or_else(outside)?;
        if from == to {
            return Err(tr!("a task can't wait for itself"));
        }
        if !matches!(flow.task(group).kind, Kind::Dag { .. } | Kind::Parallel { .. }) {
            return Err(tr!("the tasks of this group take turns already"));
        }
        let position = |idx: TaskIdx| flow.task(group).lists.tasks.iter().position(|child| *child == idx).ok_or_else(outside);
        Ok(Self { group, from: position(from)?, to: position(to)? })
    }

    fn refused(&self, flow: &Flow, waits: &[Vec<u32>]) -> Option<String> {
        let Self { group, from, to } = *self;
        let title = |position: usize| &**flow.task(flow.task(group).lists.tasks[position]).title();
        if waits[to].contains(&(from as u32)) {
            return Some(tr!("`{task}` waits for `{other}` already", task = title(to), other = title(from)));
        }
        // The new link is the first edge of `to`; a group that was read without errors has no cycle without it.
        let edge = |child: usize, nth: usize| match nth {
            0 if child == to => Some(from),
            nth => waits[child].get(nth - usize::from(child == to)).map(|child| *child as usize),
        };
        let mut cycle = Graph { n_nodes: waits.len(), edge: &edge }.cycle()?;
        let start = cycle.iter().position(|child| *child == to).unwrap_or(0);
        cycle.rotate_left(start);
        // From the one that is waited for to the one that waits.
        let names: Vec<&str> = cycle.iter().chain(cycle.first()).rev().map(|child| title(*child)).collect();
        Some(tr!("this would close a cycle: {names}", names = names.join(" → ")))
    }
}

/// Proves that only the waiting of the children of a group has changed.
fn proved_links(
    (source, document): (&Source, &Document),
    flow: &Flow,
    group: TaskIdx,
    wanted: &[Vec<u32>],
    edit: Edit,
) -> Result<Edit, String> {
    let sorted = |mut waits: Vec<Vec<u32>>| {
        waits.iter_mut().for_each(|positions| positions.sort_unstable());
        waits
    };
    let is_same = |idx: TaskIdx, before: &Task, after: &Task| idx == group || Task { span: before.span, ..after.clone() } == *before;
    proved(source, document, edit, |edited| {
        edited.flow(flow).is_some_and(|after| {
            after.tasks.len() == flow.tasks.len()
                && flow.iter().zip(&after.tasks).all(|((idx, before), after)| is_same(idx, before, after))
                && sorted(waits(&after, group)) == sorted(wanted.to_vec())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::template::tests::GROUP;
    use crate::flow::read_text;

    /// The text after linking two tasks, only the lines that are new, or the reason why not; and back again.
    fn check(text: &str, from: &str, to: &str) -> String {
        let source = Source::new("flow.yaml", text);
        let (document, flows, diagnostics) = read_text(&source);
        let flow = flows.first().unwrap_or_else(|| panic!("{diagnostics:#?}"));
        let find = |title: &str| flow.iter().find(|(_, task)| &**task.title() == title).expect("it is there").0;
        match link(&source, &document, flow, find(from), find(to)) {
            Ok(edit) => {
                let linked = edit.apply(text);
                let new = Source::new("flow.yaml", linked.as_str());
                let (document, flows, _) = read_text(&new);
                let (one, other) = (find(from), find(to));
                let back = unlink(&new, &document, &flows[0], one, other).map(|edit| edit.apply(&linked));
                assert_eq!(back.as_deref(), Ok(text));
                let old: Vec<&str> = text.lines().collect();
                linked.lines().filter(|line| !old.contains(line)).collect::<Vec<_>>().join("\n")
            }
            Err(why) => why,
        }
    }

    #[test]
    fn a_template_gets_links() {
        assert_eq!(check(GROUP, "A", "B"), "      links:\n      - source: A\n        target: B");
        let linked = GROUP.to_owned() + "      links:\n      - source: A\n        target: B\n";
        assert_eq!(check(&linked, "B", "C"), "      - source: B\n        target: C");
        assert_eq!(check(&linked, "B", "A"), "this would close a cycle: A → B → A");
        assert_eq!(check(&linked, "A", "B"), "`B` waits for `A` already");
    }

    #[test]
    fn a_dag_gets_dependencies() {
        let dag = "id: f\nnamespace: n\ntasks:\n  - id: g\n    type: io.kestra.plugin.core.flow.Dag\n    tasks:\n      - task:\n          id: a\n          type: io.kestra.plugin.core.debug.Return\n      - task:\n          id: b\n          type: io.kestra.plugin.core.debug.Return\n        dependsOn: [a]\n      - task:\n          id: c\n          type: io.kestra.plugin.core.debug.Return\n";
        assert_eq!(check(dag, "a", "c"), "", "the line itself stands there twice");
        assert_eq!(check(dag, "c", "b"), "        dependsOn: [a, c]");
        assert_eq!(check(dag, "b", "a"), "this would close a cycle: a → b → a");
    }
}
