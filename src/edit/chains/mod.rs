//! Links in a Parallel: tasks that wait for each other stand in a Sequential within it, as long as chains say it all; else the
//! Parallel becomes a Dag.

use std::ops::Range;
use std::rc::Rc;

use super::links::{column, end_of_line, last_byte, node_of};
use super::{Edit, TOO_UNUSUAL};
use crate::flow::{Flow, Kind, Lists, Task, TaskIdx, read_text};
use crate::source::{Source, Span};
use crate::syntax::{Document, Node};

/// The children of a Parallel as chains: a Sequential is the chain of its tasks, any other child one of its own.
pub fn chains(flow: &Flow, parallel: TaskIdx) -> Vec<Vec<TaskIdx>> {
    let chain = |child: &TaskIdx| {
        let task = flow.task(*child);
        let Lists { tasks, errors, finally, .. } = &task.lists;
        let is_chain = matches!(task.kind, Kind::Sequential) && errors.is_empty() && finally.is_empty() && !tasks.is_empty();
        if is_chain { tasks.clone() } else { vec![*child] }
    };
    flow.task(parallel).lists.tasks.iter().map(chain).collect()
}

/// The Parallel in which a task stands, as a child or in a Sequential that is one.
pub fn parallel_of(flow: &Flow, idx: TaskIdx) -> Option<TaskIdx> {
    let is_parallel = |group: &TaskIdx| matches!(flow.task(*group).kind, Kind::Parallel { .. });
    let parent = flow.task(idx).parent?;
    let outer = flow.task(parent).parent.filter(|_| matches!(flow.task(parent).kind, Kind::Sequential));
    Some(parent).filter(is_parallel).or(outer.filter(is_parallel)).filter(|group| place(&chains(flow, *group), idx).is_some())
}

fn place(chains: &[Vec<TaskIdx>], idx: TaskIdx) -> Option<(usize, usize)> {
    chains.iter().enumerate().find_map(|(at, chain)| Some((at, chain.iter().position(|task| *task == idx)?)))
}

/// The edit after which `to` starts only once `from` has ended; both stand in the chains of `parallel`.
///
/// # Errors
/// One sentence that says why it can't be.
pub fn link(source: &Source, document: &Document, flow: &Flow, parallel: TaskIdx, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    let chains = chains(flow, parallel);
    let ((first, end), (second, start)) = place(&chains, from).zip(place(&chains, to)).ok_or(TOO_UNUSUAL)?;
    if let Some(why) = refused(flow, &chains, from, to) {
        return Err(why);
    }
    let mut wanted = waits(flow, parallel);
    waits_of(&mut wanted, flow, to)?.push(Rc::clone(&flow.task(from).id));
    let text = Text::of(source, document, flow, parallel, &chains)?;
    let edit = if end + 1 == chains[first].len() && start == 0 { text.joined(first, second) } else { text.as_dag(from, to) }?;
    proved(source, document, flow, parallel, &wanted, edit)
}

/// Why two tasks of these chains can't be linked, whatever the text: they are, or it would close a circle, which is named.
pub fn refused(flow: &Flow, chains: &[Vec<TaskIdx>], from: TaskIdx, to: TaskIdx) -> Option<String> {
    let ((first, end), (second, start)) = place(chains, from).zip(place(chains, to))?;
    let id = |idx: &TaskIdx| &*flow.task(*idx).id;
    match first == second {
        true if from == to => Some("a task can't wait for itself".to_owned()),
        true if end < start => Some(format!("`{}` waits for `{}` already", id(&to), id(&from))),
        true => {
            let circle: Vec<&str> = chains[first][start..=end].iter().chain([&to]).map(id).collect();
            Some(format!("this would close a circle: {}", circle.join(" → ")))
        }
        false => None,
    }
}

/// The edit after which `to` no longer waits for `from`, the one before it in its Sequential.
///
/// # Errors
/// As [`link`].
pub fn unlink(source: &Source, document: &Document, flow: &Flow, parallel: TaskIdx, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
    let chains = chains(flow, parallel);
    let ((chain, end), (same, start)) = place(&chains, from).zip(place(&chains, to)).ok_or(TOO_UNUSUAL)?;
    if chain != same || end + 1 != start {
        return Err(format!("`{}` does not wait for `{}`", flow.task(to).id, flow.task(from).id));
    }
    let mut wanted = waits(flow, parallel);
    waits_of(&mut wanted, flow, to)?.clear();
    let edit = Text::of(source, document, flow, parallel, &chains)?.split(chain, start)?;
    proved(source, document, flow, parallel, &wanted, edit)
}

/// Tasks with those they wait for, by their ids.
type Waits = Vec<(Rc<str>, Vec<Rc<str>>)>;

/// Whom each task of the chains of a Parallel, or of a Dag, waits for.
fn waits(flow: &Flow, group: TaskIdx) -> Waits {
    let id = |idx: TaskIdx| Rc::clone(&flow.task(idx).id);
    let task = flow.task(group);
    let mut waits = Waits::new();
    if let Kind::Dag { depends_on, .. } = &task.kind {
        for (idx, places) in task.lists.tasks.iter().zip(depends_on) {
            waits.push((id(*idx), places.iter().map(|place| id(task.lists.tasks[*place as usize])).collect()));
        }
        return waits;
    }
    for chain in chains(flow, group) {
        let mut before = Vec::new();
        for idx in chain {
            waits.push((id(idx), std::mem::replace(&mut before, vec![id(idx)])));
        }
    }
    waits
}

/// Those of one task.
fn waits_of<'a>(waits: &'a mut Waits, flow: &Flow, idx: TaskIdx) -> Result<&'a mut Vec<Rc<str>>, String> {
    let id = &flow.task(idx).id;
    waits.iter_mut().find(|(known, _)| known == id).map(|(_, ids)| ids).ok_or_else(|| TOO_UNUSUAL.to_owned())
}

/// Where the children of a Parallel stand in the text.
struct Text<'a> {
    source: &'a Source,
    flow: &'a Flow,
    /// The Parallel itself.
    node: &'a Node,
    chains: Vec<Chain<'a>>,
    /// The column of the dashes of the children.
    column: usize,
}

struct Chain<'a> {
    /// The whole lines of the child, with the comments above it: from the end of the line before.
    block: Range<usize>,
    /// The node of a Sequential.
    sequential: Option<&'a Node>,
    /// The column of the dashes of its tasks.
    column: usize,
    members: Vec<Member>,
}

struct Member {
    idx: TaskIdx,
    block: Range<usize>,
    /// Its text, without the dash.
    own: Range<usize>,
}

impl<'a> Text<'a> {
    fn of(source: &'a Source, document: &'a Document, flow: &'a Flow, parallel: TaskIdx, chains: &[Vec<TaskIdx>]) -> Result<Self, String> {
        let node = node_of(document, flow, parallel)?;
        let children = &flow.task(parallel).lists.tasks;
        let (items, column) = blocks(source, node, children)?;
        let chain = |((item, tasks), child): ((Member, &Vec<TaskIdx>), &TaskIdx)| {
            if tasks[..] == [*child] {
                return Ok(Chain { block: item.block.clone(), sequential: None, column, members: vec![item] });
            }
            let sequential = node_of(document, flow, *child)?;
            let (members, column) = blocks(source, sequential, tasks)?;
            Ok(Chain { block: item.block, sequential: Some(sequential), column, members })
        };
        let chains = items.into_iter().zip(chains).zip(children).map(chain).collect::<Result<_, String>>()?;
        Ok(Self { source, flow, node, chains, column })
    }

    /// The second chain behind the first one, where one of them has a Sequential already in that, else in a new one.
    fn joined(&self, first: usize, second: usize) -> Result<Edit, String> {
        let (one, other) = (&self.chains[first], &self.chains[second]);
        let (place, text) = match (one.sequential, other.sequential) {
            (None, Some(_)) => (second, self.with_members(other, other.members[0].block.start, one)),
            (Some(_), _) => (first, self.with_members(one, one.members[one.members.len() - 1].block.end, other)),
            (None, None) => {
                let id = self.free_id(&[one.members[0].idx, other.members[0].idx]);
                (first, self.sequential(&id, &[one, other].map(|chain| (&chain.members[0], chain.column))))
            }
        };
        if other.sequential.is_some() && one.sequential.is_some() {
            self.is_plain(other)?;
        }
        Ok(self.with_chains(first.min(second)..first.max(second) + 1, &|at| match at {
            at if at == place => text.clone(),
            at if at == first || at == second => String::new(),
            at => self.source.text[self.chains[at].block.clone()].to_owned(),
        }))
    }

    /// The Sequential of a chain in two: before its member at `start`, and from it on. One task alone needs no Sequential.
    fn split(&self, at: usize, start: usize) -> Result<Edit, String> {
        let chain = &self.chains[at];
        let (before, after) = chain.members.split_at(start);
        let alone = |member: &Member| shifted(&self.source.text[member.block.clone()], self.column as isize - chain.column as isize);
        let first = if let [only] = before {
            self.is_plain(chain)?;
            // What is said above the Sequential stays above its only task.
            let dash = self.dash_of(chain.sequential.ok_or(TOO_UNUSUAL)?.span)?;
            let above = self.source.text[chain.block.start..dash].trim_end_matches(' ');
            [above.strip_suffix('\n').unwrap_or(above), &alone(only)].concat()
        } else {
            let text = &self.source.text;
            [&text[chain.block.start..after[0].block.start], &text[after[after.len() - 1].block.end..chain.block.end]].concat()
        };
        let second = if let [only] = after {
            alone(only)
        } else {
            let members: Vec<(&Member, usize)> = after.iter().map(|member| (member, chain.column)).collect();
            self.sequential(&self.free_id(&[after[0].idx, after[after.len() - 1].idx]), &members)
        };
        Ok(Edit { range: chain.block.clone(), text: first + &second })
    }

    /// All chains as the tasks of a Dag; `to` waits for `from` as well.
    fn as_dag(&self, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
        let kind = self.node.entry("type").filter(|entry| !entry.value.aliased).ok_or(TOO_UNUSUAL)?;
        let text = &self.source.text;
        let (start, first) = (kind.value.span.start as usize, self.chains.first().ok_or(TOO_UNUSUAL)?.block.start);
        let end = self.chains[self.chains.len() - 1].block.end;
        if start > first {
            return Err(TOO_UNUSUAL.to_owned());
        }
        let mut dag = self.source.slice(kind.value.span).replace("Parallel", "Dag");
        dag += &text[kind.value.span.end as usize..first];
        for chain in &self.chains {
            if chain.sequential.is_some() {
                self.is_plain(chain)?;
            }
            for (at, member) in chain.members.iter().enumerate() {
                let by = self.column as isize - chain.column as isize;
                let dash = self.dash_of(Span { start: member.own.start as u32, end: member.own.end as u32 })?;
                dag += &shifted(text[member.block.start..dash].trim_end_matches(' '), by);
                let indent = " ".repeat(self.column + 2);
                dag += &format!(
                    "{}- task:\n{indent}  {}",
                    " ".repeat(self.column),
                    shifted(&text[member.own.start..member.block.end], by + 2)
                );
                let before = at.checked_sub(1).map(|before| chain.members[before].idx);
                let waits: Vec<&str> =
                    before.into_iter().chain((member.idx == to).then_some(from)).map(|idx| &*self.flow.task(idx).id).collect();
                if !waits.is_empty() {
                    dag += &["\n", &*indent, "dependsOn: [", &waits.join(", "), "]"].concat();
                }
            }
        }
        Ok(Edit { range: start..end, text: dag })
    }

    /// The text of a chain with the members of another at this place of it.
    fn with_members(&self, chain: &Chain<'_>, at: usize, other: &Chain<'_>) -> String {
        let by = chain.column as isize - other.column as isize;
        let members: String = other.members.iter().map(|member| shifted(&self.source.text[member.block.clone()], by)).collect();
        [&self.source.text[chain.block.start..at], &members, &self.source.text[at..chain.block.end]].concat()
    }

    /// A new Sequential of these members, each with the column it stands in now.
    fn sequential(&self, id: &str, members: &[(&Member, usize)]) -> String {
        let (dash, indent) = (" ".repeat(self.column), " ".repeat(self.column + 2));
        let head = ["\n", &*dash, "- id: ", id, "\n", &indent, "type: io.kestra.plugin.core.flow.Sequential\n", &indent, "tasks:"].concat();
        let inner = self.column as isize + 4;
        members
            .iter()
            .fold(head, |text, (member, column)| text + &shifted(&self.source.text[member.block.clone()], inner - *column as isize))
    }

    /// `a-then-b`, or with a number where that is taken.
    fn free_id(&self, ends: &[TaskIdx; 2]) -> String {
        let [first, last] = ends.map(|idx| &*self.flow.task(idx).id);
        let id = [first, "-then-", last].concat();
        let numbered = (2..).map(|n: u32| [&*id, "-", &n.to_string()].concat());
        std::iter::once(id.clone()).chain(numbered).find(|id| self.flow.find(id).is_none()).unwrap_or(id)
    }

    /// Whether nothing is lost with the Sequential of a chain.
    fn is_plain(&self, chain: &Chain<'_>) -> Result<(), String> {
        let entries = chain.sequential.map_or(&[][..], Node::entries);
        match entries.iter().find(|entry| !["id", "type", "tasks"].contains(&&*entry.key)) {
            Some(entry) => Err(format!("the Sequential round this task has `{}`, which would be lost: change it in the text", entry.key)),
            None => Ok(()),
        }
    }

    fn with_chains(&self, places: Range<usize>, text: &dyn Fn(usize) -> String) -> Edit {
        let range = self.chains[places.start].block.start..self.chains[places.end - 1].block.end;
        Edit { range, text: places.map(text).collect() }
    }

    fn dash_of(&self, item: Span) -> Result<usize, String> {
        dash(self.source, item)
    }
}

/// The place of the dash before an item.
fn dash(source: &Source, item: Span) -> Result<usize, String> {
    Ok(source.text[..item.start as usize].trim_end_matches(' ').strip_suffix('-').ok_or(TOO_UNUSUAL)?.len())
}

/// Where the tasks of a group stand, a line or more for each, and the column of their dashes.
fn blocks(source: &Source, group: &Node, tasks: &[TaskIdx]) -> Result<(Vec<Member>, usize), String> {
    let entry = group.entry("tasks").filter(|entry| !entry.value.aliased).ok_or(TOO_UNUSUAL)?;
    let items = entry.value.items();
    if items.len() != tasks.len() || source.slice(entry.value.span).starts_with('[') || source.text.contains('\r') {
        return Err(TOO_UNUSUAL.to_owned());
    }
    let mut start = end_of_line(source, entry.key_span.end as usize);
    let (mut members, mut columns) = (Vec::new(), None);
    for (item, idx) in items.iter().zip(tasks) {
        let end = end_of_line(source, last_byte(source, item));
        let column = column(source, dash(source, item.span)? as u32)?;
        if item.aliased || end <= start || *columns.get_or_insert(column) != column {
            return Err(TOO_UNUSUAL.to_owned());
        }
        members.push(Member { idx: *idx, block: start..end, own: item.span.start as usize..last_byte(source, item) });
        start = end;
    }
    Ok((members, columns.ok_or(TOO_UNUSUAL)?))
}

/// Lines moved to the right, or to the left as far as they are indented. What stands before the first line end stays.
fn shifted(text: &str, by: isize) -> String {
    let mut lines = text.split('\n');
    let mut moved = lines.next().unwrap_or("").to_owned();
    for line in lines {
        moved.push('\n');
        let blanks = line.len() - line.trim_start_matches(' ').len();
        if by < 0 {
            moved += &line[blanks.min(by.unsigned_abs())..];
        } else {
            if blanks < line.len() {
                moved.extend(std::iter::repeat_n(' ', by.unsigned_abs()));
            }
            moved += line;
        }
    }
    moved
}

/// Reads the edited text: the same tasks and comments, which wait for each other as wanted.
fn proved(source: &Source, document: &Document, flow: &Flow, parallel: TaskIdx, wanted: &Waits, edit: Edit) -> Result<Edit, String> {
    let (read, flows, _) = read_text(&Source::new(source.name.clone(), edit.apply(&source.text)));
    let after = flows.first().ok_or(TOO_UNUSUAL)?;
    let group = after.find(&flow.task(parallel).id).ok_or(TOO_UNUSUAL)?;
    let found = waits(after, group);
    let is_found = |(id, ids): &(Rc<str>, Vec<Rc<str>>)| {
        found.iter().any(|(other, others)| other == id && ids.len() == others.len() && ids.iter().all(|id| others.contains(id)))
    };
    let linked = found.len() == wanted.len() && wanted.iter().all(is_found);
    // The Sequentials between the Parallel and its tasks come and go; all else is as it was, but for its place.
    let is_kept = |(idx, task): (TaskIdx, &Task)| {
        let is_chain = task.parent == Some(parallel) && matches!(task.kind, Kind::Sequential);
        let Some(same) = after.find(&task.id).map(|idx| after.task(idx)) else { return is_chain };
        let place = Task { span: task.span, parent: task.parent, lists: task.lists.clone(), ..same.clone() };
        idx == parallel || place == *task
    };
    let kept = flow.iter().all(is_kept) && read.comments.len() == document.comments.len();
    if linked && kept { Ok(edit) } else { Err(TOO_UNUSUAL.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::super::{link, unlink};
    use super::*;

    type Change = fn(&Source, &Document, &Flow, TaskIdx, TaskIdx) -> Result<Edit, String>;

    fn changed(text: &str, change: Change, from: &str, to: &str) -> Result<String, String> {
        let source = Source::new("flow.yaml", text);
        let (document, flows, diagnostics) = read_text(&source);
        let flow = flows.first().unwrap_or_else(|| panic!("{diagnostics:#?}\n{text}"));
        let find = |id: &str| flow.find(id).expect("it is there");
        change(&source, &document, flow, find(from), find(to)).map(|edit| edit.apply(text))
    }

    const HEAD: &str =
        "id: f\nnamespace: n\ntasks:\n  - id: g\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 2 # slots\n    tasks:\n";
    const TAIL: &str = "  - {id: z, type: io.kestra.plugin.core.debug.Return}\n";

    fn tasks(ids: &[&str]) -> String {
        let one = |id: &&str| {
            format!(
                "      # about {id}\n      - id: {id}\n        type: io.kestra.plugin.core.log.Log\n        message: |\n          of\n\n          {id}\n"
            )
        };
        [HEAD, &ids.iter().map(one).collect::<String>(), TAIL].concat()
    }

    #[test]
    fn two_tasks_get_a_sequential_that_goes_again_when_they_are_unlinked() {
        let text = tasks(&["a", "b", "c"]);
        let linked = changed(&text, link, "a", "c").expect("it can be linked");
        insta::assert_snapshot!(linked, @"
        id: f
        namespace: n
        tasks:
          - id: g
            type: io.kestra.plugin.core.flow.Parallel
            concurrent: 2 # slots
            tasks:
              - id: a-then-c
                type: io.kestra.plugin.core.flow.Sequential
                tasks:
                  # about a
                  - id: a
                    type: io.kestra.plugin.core.log.Log
                    message: |
                      of

                      a
                  # about c
                  - id: c
                    type: io.kestra.plugin.core.log.Log
                    message: |
                      of

                      c
              # about b
              - id: b
                type: io.kestra.plugin.core.log.Log
                message: |
                  of

                  b
          - {id: z, type: io.kestra.plugin.core.debug.Return}
        ");
        let alone = changed(&linked, unlink, "a", "c").expect("it can be unlinked");
        assert_eq!(alone, tasks(&["a", "c", "b"]), "c stays where it was put");
    }

    #[test]
    fn chains_grow_at_both_ends_join_and_part() {
        let text = tasks(&["a", "b", "c", "d", "e"]);
        let steps: [(Change, &str, &str); 5] = [(link, "b", "c"), (link, "a", "b"), (link, "d", "e"), (link, "c", "d"), (unlink, "b", "c")];
        let mut now = text.clone();
        let mut orders = Vec::new();
        for (change, from, to) in steps {
            now = changed(&now, change, from, to).unwrap_or_else(|why| panic!("{from} to {to}: {why}\n{now}"));
            let flow = read_text(&Source::new("f", now.as_str())).1.remove(0);
            let group = flow.find("g").expect("it is there");
            let ids = |chain: &Vec<TaskIdx>| chain.iter().map(|idx| flow.task(*idx).id.to_string()).collect::<Vec<_>>().join("-");
            orders.push(chains(&flow, group).iter().map(ids).collect::<Vec<_>>().join(" "));
        }
        assert_eq!(orders, ["a b-c d e", "a-b-c d e", "a-b-c d-e", "a-b-c-d-e", "a-b c-d-e"]);
        assert_eq!(now.matches("# about").count(), 5);
    }

    #[test]
    fn what_is_no_chain_becomes_a_dag_and_circles_are_named() {
        let linked = changed(&tasks(&["a", "b", "c"]), link, "a", "b").expect("it can be linked");
        assert_eq!(changed(&linked, link, "b", "a"), Err("this would close a circle: a → b → a".to_owned()));
        assert_eq!(changed(&linked, link, "a", "b"), Err("`b` waits for `a` already".to_owned()));
        assert_eq!(changed(&linked, link, "a", "z"), Err("only tasks of one group can be linked".to_owned()));
        insta::assert_snapshot!(changed(&linked, link, "a", "c").expect("it can be linked"), @"
        id: f
        namespace: n
        tasks:
          - id: g
            type: io.kestra.plugin.core.flow.Dag
            concurrent: 2 # slots
            tasks:
              # about a
              - task:
                  id: a
                  type: io.kestra.plugin.core.log.Log
                  message: |
                    of

                    a
              # about b
              - task:
                  id: b
                  type: io.kestra.plugin.core.log.Log
                  message: |
                    of

                    b
                dependsOn: [a]
              # about c
              - task:
                  id: c
                  type: io.kestra.plugin.core.log.Log
                  message: |
                    of

                    c
                dependsOn: [a]
          - {id: z, type: io.kestra.plugin.core.debug.Return}
        ");
    }

    #[test]
    fn a_sequential_with_more_to_say_is_kept() {
        let sequential = "      - id: s\n        type: io.kestra.plugin.core.flow.Sequential\n        timeout: PT1H\n        tasks:\n          - {id: a, type: io.kestra.plugin.core.debug.Return}\n          - {id: b, type: io.kestra.plugin.core.debug.Return}\n      - {id: c, type: io.kestra.plugin.core.debug.Return}\n";
        let text = [HEAD, sequential, TAIL].concat();
        let longer = changed(&text, link, "b", "c").expect("it can be linked");
        assert_eq!(longer, [HEAD, &sequential.replace("      - {id: c", "          - {id: c"), TAIL].concat());
        assert_eq!(changed(&text, link, "s", "c").as_deref(), Ok(&*longer), "a group stands for its last task");
        let why = "the Sequential round this task has `timeout`, which would be lost: change it in the text";
        assert_eq!(changed(&text, unlink, "a", "b"), Err(why.to_owned()));
        assert_eq!(changed(&text, link, "a", "c"), Err(why.to_owned()));
    }

    #[test]
    fn what_changes_is_told_without_what_only_moves() {
        let text = tasks(&["a", "b"]);
        let linked = changed(&text, link, "a", "b").expect("it can be linked");
        let lines = super::super::changed_lines(&text, &Edit::between(&text, &linked));
        assert_eq!(lines, ["+ - id: a-then-b", "+   type: io.kestra.plugin.core.flow.Sequential", "+   tasks:"]);
    }

    #[test]
    fn unusual_texts_are_left_alone() {
        let flow = "id: f\nnamespace: n\ntasks:\n  - {id: g, type: io.kestra.plugin.core.flow.Parallel, tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}, {id: b, type: io.kestra.plugin.core.debug.Return}]}\n";
        assert_eq!(changed(flow, link, "a", "b"), Err(TOO_UNUSUAL.to_owned()));
        assert_eq!(changed(&tasks(&["a", "b"]).replace('\n', "\r\n"), link, "a", "b"), Err(TOO_UNUSUAL.to_owned()));
    }
}
