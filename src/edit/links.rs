//! Links between the tasks of one group: one waits for another. A template of XL Release gets a `links` entry, a Dag a
//! `dependsOn`; for a Parallel see [`super::chains`].

use super::chains::{self, chains, parallel_of};
use super::{Edit, TOO_UNUSUAL};
use crate::flow::plan::Dialect;
use crate::flow::{Flow, Kind, Task, TaskIdx, read_text};
use crate::source::{Source, Span};
use crate::syntax::{Document, Node};

/// The edit after which `to` starts only once `from` has ended.
///
/// # Errors
/// One sentence that says why it can't be: other groups, a circle, which is named, or a text that can't be changed safely.
pub fn link(source: &Source, document: &Document, flow: &Flow, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    let (from, to) = (end_of_chain(flow, from, |chain| chain.last()), end_of_chain(flow, to, |chain| chain.first()));
    if let Some(parallel) = parallel_of_both(flow, from, to) {
        return chains::link(source, document, flow, parallel, from, to);
    }
    let (group, places) = siblings(flow, from, to)?;
    let mut wanted = waits(flow, group);
    if let Some(why) = refused_in(flow, group, places, &wanted) {
        return Err(why);
    }
    wanted[places.1].push(places.0 as u32);
    let node = node_of(document, flow, group)?;
    let edit = match (flow.dialect, &flow.task(group).kind) {
        (Dialect::XlRelease, _) => add_link(source, node, &title_of(source, node, places.0)?, &title_of(source, node, places.1)?)?,
        _ => add_dependency(source, node, places.1, &flow.task(from).id)?,
    };
    proved(source, flow, group, &wanted, edit)
}

/// Why there can be no such link in whatever text: there is one, or it would close a circle, which is named.
#[must_use]
pub fn refused(flow: &Flow, from: TaskIdx, to: TaskIdx) -> Option<String> {
    let (from, to) = (end_of_chain(flow, from, |chain| chain.last()), end_of_chain(flow, to, |chain| chain.first()));
    if let Some(parallel) = parallel_of_both(flow, from, to) {
        return chains::refused(flow, &chains(flow, parallel), from, to);
    }
    match siblings(flow, from, to) {
        Ok((group, places)) => refused_in(flow, group, places, &waits(flow, group)),
        Err(why) => Some(why),
    }
}

fn refused_in(flow: &Flow, group: TaskIdx, (from, to): (usize, usize), waits: &[Vec<u32>]) -> Option<String> {
    let title = |place: &usize| &**flow.task(flow.task(group).lists.tasks[*place]).title();
    if waits[to].contains(&(from as u32)) {
        return Some(format!("`{}` waits for `{}` already", title(&to), title(&from)));
    }
    let circle = way(waits, from, to)?;
    let names: Vec<&str> = circle.iter().rev().chain(circle.last()).map(title).collect();
    Some(format!("this would close a circle: {}", names.join(" → ")))
}

/// The edit after which `to` no longer waits for `from`.
///
/// # Errors
/// As [`link`].
pub fn unlink(source: &Source, document: &Document, flow: &Flow, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    if let Some(parallel) = parallel_of_both(flow, from, to) {
        return chains::unlink(source, document, flow, parallel, from, to);
    }
    let (group, places) = siblings(flow, from, to)?;
    let mut wanted = waits(flow, group);
    wanted[places.1].retain(|place| *place != places.0 as u32);
    let node = node_of(document, flow, group)?;
    let edit = if flow.dialect == Dialect::XlRelease {
        let (first, second) = (title_of(source, node, places.0)?, title_of(source, node, places.1)?);
        let is_it = |item: &Node, key: &str, title: &str| item.get(key).and_then(|end| end.scalar_text(source)) == Some(title);
        let entry = node.entry("links").ok_or(TOO_UNUSUAL)?;
        let items = entry.value.items();
        let at = items.iter().position(|item| is_it(item, "source", &first) && is_it(item, "target", &second)).ok_or(TOO_UNUSUAL)?;
        without_item(source, entry.key_span, items, at)?
    } else {
        let item = node.get("tasks").and_then(|tasks| tasks.items().get(places.1)).ok_or(TOO_UNUSUAL)?;
        let entry = item.entry("dependsOn").ok_or(TOO_UNUSUAL)?;
        let items = entry.value.items();
        let at = items.iter().position(|wanted| wanted.scalar_text(source) == Some(&*flow.task(from).id)).ok_or(TOO_UNUSUAL)?;
        without_item(source, entry.key_span, items, at)?
    };
    proved(source, flow, group, &wanted, edit)
}

/// The tasks that can be linked with this one, itself among them; none where tasks take turns anyway.
#[must_use]
pub fn linkable(flow: &Flow, idx: TaskIdx) -> Vec<TaskIdx> {
    if let Some(parallel) = parallel_of_both(flow, idx, idx) {
        return chains(flow, parallel).concat();
    }
    let group = flow.task(idx).parent.filter(|group| matches!(flow.task(*group).kind, Kind::Parallel { .. } | Kind::Dag { .. }));
    group.map_or(Vec::new(), |group| flow.task(group).lists.tasks.clone())
}

/// The links among those: who is waited for, and who waits.
#[must_use]
pub fn pairs(flow: &Flow, idx: TaskIdx) -> Vec<(TaskIdx, TaskIdx)> {
    if let Some(parallel) = parallel_of_both(flow, idx, idx) {
        return chains(flow, parallel).iter().flat_map(|chain| chain.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    }
    let tasks = linkable(flow, idx);
    let waits = flow.task(idx).parent.filter(|_| !tasks.is_empty()).map_or(Vec::new(), |group| waits(flow, group));
    tasks.iter().zip(&waits).flat_map(|(to, from)| from.iter().map(|from| (tasks[*from as usize], *to))).collect()
}

/// Whether any tasks of a flow are linked.
#[must_use]
pub fn has_links(flow: &Flow) -> bool {
    let is_chain = |task: &Task| flow.dialect == Dialect::Kestra && matches!(task.kind, Kind::Sequential) && task.lists.tasks.len() > 1;
    let in_parallel = |task: &Task| task.parent.is_some_and(|group| matches!(flow.task(group).kind, Kind::Parallel { .. }));
    flow.tasks.iter().any(|task| match &task.kind {
        Kind::Dag { depends_on, .. } => depends_on.iter().any(|waits| !waits.is_empty()),
        _ => is_chain(task) && in_parallel(task),
    })
}

/// A Sequential in a Parallel stands for one end of its chain.
fn end_of_chain(flow: &Flow, idx: TaskIdx, end: fn(&[TaskIdx]) -> Option<&TaskIdx>) -> TaskIdx {
    let parallel =
        flow.task(idx).parent.filter(|group| flow.dialect == Dialect::Kestra && matches!(flow.task(*group).kind, Kind::Parallel { .. }));
    let chains = parallel.map_or(Vec::new(), |parallel| chains(flow, parallel));
    chains.iter().find_map(|chain| end(chain).filter(|task| flow.task(**task).parent == Some(idx))).copied().unwrap_or(idx)
}

/// The Parallel of Kestra in whose chains both stand.
fn parallel_of_both(flow: &Flow, from: TaskIdx, to: TaskIdx) -> Option<TaskIdx> {
    let parallel = parallel_of(flow, from).filter(|_| flow.dialect == Dialect::Kestra)?;
    (parallel_of(flow, to) == Some(parallel)).then_some(parallel)
}

/// For each child of a group the places of those it waits for.
fn waits(flow: &Flow, group: TaskIdx) -> Vec<Vec<u32>> {
    let task = flow.task(group);
    match &task.kind {
        Kind::Dag { depends_on, .. } => depends_on.clone(),
        _ => vec![Vec::new(); task.lists.tasks.len()],
    }
}

/// The group of two tasks and their places there.
fn siblings(flow: &Flow, from: TaskIdx, to: TaskIdx) -> Result<(TaskIdx, (usize, usize)), String> {
    let outside = "only tasks of one group can be linked";
    let group = flow.task(from).parent.filter(|group| flow.task(to).parent == Some(*group)).ok_or(outside)?;
    if from == to {
        return Err("a task can't wait for itself".to_owned());
    }
    if !matches!(flow.task(group).kind, Kind::Dag { .. } | Kind::Parallel { .. }) {
        return Err("the tasks of this group take turns already".to_owned());
    }
    let place = |idx: TaskIdx| flow.task(group).lists.tasks.iter().position(|child| *child == idx).ok_or(outside.to_owned());
    Ok((group, (place(from)?, place(to)?)))
}

/// The way from one place to another along what is waited for; `None` when there is none.
fn way(waits: &[Vec<u32>], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = vec![None; waits.len()];
    let mut next = vec![from];
    while let Some(place) = next.pop() {
        if place == to {
            let back = std::iter::successors(Some(to), |place| came_from[*place].filter(|_| *place != from));
            let mut way: Vec<usize> = back.collect();
            way.reverse();
            return Some(way);
        }
        for wanted in waits[place].iter().map(|wanted| *wanted as usize) {
            if came_from[wanted].is_none() && wanted != from {
                came_from[wanted] = Some(place);
                next.push(wanted);
            }
        }
    }
    None
}

pub(super) fn node_of<'a>(document: &'a Document, flow: &Flow, group: TaskIdx) -> Result<&'a Node, String> {
    document.roots.iter().find_map(|root| root.map_at(flow.task(group).span)).ok_or_else(|| TOO_UNUSUAL.to_owned())
}

/// The title of a child as it is written; two of the same title can't be told apart in a link.
fn title_of(source: &Source, group: &Node, place: usize) -> Result<String, String> {
    let items = group.get("tasks").map(Node::items).unwrap_or_default();
    let title = |item: &Node| ["name", "title"].iter().find_map(|key| item.get(key)?.scalar_text(source).map(str::to_owned));
    let own = items.get(place).and_then(title).ok_or(TOO_UNUSUAL)?;
    let same = items.iter().filter(|item| title(item).as_deref() == Some(&own)).count();
    if same > 1 { Err(format!("two tasks of this group are called `{own}`: give one of them another name")) } else { Ok(own) }
}

fn add_link(source: &Source, group: &Node, from: &str, to: &str) -> Result<Edit, String> {
    let (from, to) = (quoted(from), quoted(to));
    match group.entry("links").filter(|entry| !entry.value.items().is_empty()) {
        Some(entry) => add_item(source, entry.value.span, entry.value.items(), &[format!("source: {from}"), format!("target: {to}")]),
        None => {
            let tasks = group.entry("tasks").ok_or(TOO_UNUSUAL)?;
            let indent = " ".repeat(column(source, tasks.key_span.start)?);
            let at = end_of_line(source, last_byte(source, &tasks.value));
            Ok(Edit { range: at..at, text: format!("\n{indent}links:\n{indent}- source: {from}\n{indent}  target: {to}") })
        }
    }
}

fn add_dependency(source: &Source, group: &Node, place: usize, from: &str) -> Result<Edit, String> {
    let item = group.get("tasks").and_then(|tasks| tasks.items().get(place)).ok_or(TOO_UNUSUAL)?;
    if let Some(entry) = item.entry("dependsOn") {
        return add_item(source, entry.value.span, entry.value.items(), &[from.to_owned()]);
    }
    let task = item.entry("task").ok_or(TOO_UNUSUAL)?;
    if source.slice(item.span).starts_with('{') {
        let at = item.span.end as usize - 1;
        return Ok(Edit { range: at..at, text: format!(", dependsOn: [{from}]") });
    }
    let indent = " ".repeat(column(source, task.key_span.start)?);
    let at = end_of_line(source, last_byte(source, &task.value));
    Ok(Edit { range: at..at, text: format!("\n{indent}dependsOn: [{from}]") })
}

/// Adds an item behind the others, in their style. Several lines are the entries of a map.
fn add_item(source: &Source, list: Span, items: &[Node], lines: &[String]) -> Result<Edit, String> {
    if source.slice(list).starts_with('[') {
        let at = list.end as usize - 1;
        let comma = if items.is_empty() { "" } else { ", " };
        let text = if lines.len() > 1 { format!("{{{}}}", lines.join(", ")) } else { lines.concat() };
        return Ok(Edit { range: at..at, text: [comma, &text].concat() });
    }
    let last = items.last().ok_or(TOO_UNUSUAL)?;
    let dash = source.text[..last.span.start as usize].trim_end_matches(' ').strip_suffix('-').ok_or(TOO_UNUSUAL)?.len();
    let indent = " ".repeat(column(source, dash as u32)?);
    let at = end_of_line(source, last_byte(source, last));
    Ok(Edit { range: at..at, text: format!("\n{indent}- {}", lines.join(&format!("\n{indent}  "))) })
}

/// Takes an item out; with the last one its key goes as well.
fn without_item(source: &Source, key: Span, items: &[Node], at: usize) -> Result<Edit, String> {
    let line_of = |byte: usize| source.text[..byte].rfind('\n').map_or(0, |line| line + 1);
    let item = &items[at];
    let in_brackets = !source.text[..item.span.start as usize].trim_end_matches(' ').ends_with('-');
    if items.len() == 1 {
        // From the line before the key to the end of the item: the whole entry.
        let start = line_of(key.start as usize);
        if !source.text[start..key.start as usize].trim().is_empty() {
            return Err(TOO_UNUSUAL.to_owned());
        }
        let end = end_of_line(source, last_byte(source, item));
        return Ok(Edit { range: start.saturating_sub(1)..end, text: String::new() });
    }
    if in_brackets {
        let range = if at == 0 { item.span.start..items[1].span.start } else { items[at - 1].span.end..item.span.end };
        return Ok(Edit { range: range.start as usize..range.end as usize, text: String::new() });
    }
    let start = line_of(item.span.start as usize);
    Ok(Edit { range: start.saturating_sub(1)..end_of_line(source, last_byte(source, item)), text: String::new() })
}

/// Reads the edited text: it must be the same flow, but for what the children of the group wait for.
fn proved(source: &Source, flow: &Flow, group: TaskIdx, wanted: &[Vec<u32>], edit: Edit) -> Result<Edit, String> {
    let (_, flows, diagnostics) = read_text(&Source::new(source.name.clone(), edit.apply(&source.text)));
    let after = flows.first().filter(|_| !diagnostics.iter().any(crate::diag::Diagnostic::is_error)).ok_or(TOO_UNUSUAL)?;
    let sorted = |mut waits: Vec<Vec<u32>>| {
        waits.iter_mut().for_each(|places| places.sort_unstable());
        waits
    };
    let linked = sorted(waits(after, group)) == sorted(wanted.to_vec());
    let same =
        |(at, (before, after)): (usize, (&Task, &Task))| at == group.0 as usize || Task { span: before.span, ..after.clone() } == *before;
    let kept = after.tasks.len() == flow.tasks.len() && flow.tasks.iter().zip(&after.tasks).enumerate().all(same);
    if linked && kept { Ok(edit) } else { Err(TOO_UNUSUAL.to_owned()) }
}

/// A text as YAML takes it: as it is where that is safe, else in quotes.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '(' | ')');
    let plain = text.chars().all(is_plain) && text.starts_with(char::is_alphabetic) && !text.ends_with(' ');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if plain && !reserved { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

pub(super) fn column(source: &Source, at: u32) -> Result<usize, String> {
    let line = source.text[..at as usize].rfind('\n').map_or(0, |line| line + 1);
    let before = &source.text[line..at as usize];
    if before.trim().is_empty() || before.trim() == "-" { Ok(before.len()) } else { Err(TOO_UNUSUAL.to_owned()) }
}

/// Behind the last byte that belongs to a node: the blank lines behind a block are not its own.
pub(super) fn last_byte(source: &Source, node: &Node) -> usize {
    let text = source.slice(node.span).trim_end();
    let children = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    let inner = children.map(|child| last_byte(source, child)).max().filter(|_| !text.starts_with(['{', '[']));
    inner.unwrap_or(node.span.start as usize + text.len())
}

pub(super) fn end_of_line(source: &Source, at: usize) -> usize {
    at + source.text[at..].find(['\n', '\r']).unwrap_or(source.text.len() - at)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    const RELEASE: &str = "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: T\n  phases:\n  - phase: P\n    tasks:\n    - name: G\n      type: xlrelease.ParallelGroup\n      tasks:\n      - name: A\n        type: xlrelease.Task\n      - name: B # b\n        type: xlrelease.Task\n      - name: C\n        type: xlrelease.Task\n";

    #[test]
    fn a_template_gets_links() {
        assert_eq!(check(RELEASE, "A", "B"), "      links:\n      - source: A\n        target: B");
        let linked = RELEASE.to_owned() + "      links:\n      - source: A\n        target: B\n";
        assert_eq!(check(&linked, "B", "C"), "      - source: B\n        target: C");
        assert_eq!(check(&linked, "B", "A"), "this would close a circle: A → B → A");
        assert_eq!(check(&linked, "A", "B"), "`B` waits for `A` already");
    }

    #[test]
    fn a_dag_gets_dependencies() {
        let dag = "id: f\nnamespace: n\ntasks:\n  - id: g\n    type: io.kestra.plugin.core.flow.Dag\n    tasks:\n      - task:\n          id: a\n          type: io.kestra.plugin.core.debug.Return\n      - task:\n          id: b\n          type: io.kestra.plugin.core.debug.Return\n        dependsOn: [a]\n      - task:\n          id: c\n          type: io.kestra.plugin.core.debug.Return\n";
        assert_eq!(check(dag, "a", "c"), "", "the line itself stands there twice");
        assert_eq!(check(dag, "c", "b"), "        dependsOn: [a, c]");
        assert_eq!(check(dag, "b", "a"), "this would close a circle: a → b → a");
    }
}
