//! The text of a Parallel: its children as blocks of lines, which are put together anew.

use std::ops::Range;

use super::super::Edit;
use super::super::text::{column, dash, last_byte, line_end, node_of, too_unusual};
use crate::flow::{Flow, TaskIdx};
use crate::source::{Source, Span};
use crate::syntax::{Document, Node, scalar};
use crate::tr;

/// Where the children of a Parallel stand in the text.
pub struct Text<'a> {
    source: &'a Source,
    flow: &'a Flow,
    /// The node of the Parallel.
    node: &'a Node,
    chains: Vec<Chain<'a>>,
    /// The column of the dashes of the children.
    column: usize,
}

struct Chain<'a> {
    /// The whole lines of the child and of the comments above it: from the end of the line before.
    block: Range<usize>,
    /// The node of the Sequential; `None` for a task by itself.
    sequential: Option<&'a Node>,
    /// The column of the dashes of its tasks.
    column: usize,
    members: Vec<Member>,
}

/// A task in the list of a group.
pub struct Member {
    idx: TaskIdx,
    /// Its whole lines, and the comments above them: from the end of the line before.
    pub block: Range<usize>,
    /// Its text, without the dash.
    own: Range<usize>,
}

impl<'a> Text<'a> {
    pub fn of(
        source: &'a Source,
        document: &'a Document,
        flow: &'a Flow,
        parallel: TaskIdx,
        chains: &[&[TaskIdx]],
    ) -> Result<Self, String> {
        let node = node_of(document, flow, parallel)?;
        let children = &flow.task(parallel).lists.tasks;
        let (items, column) = blocks(source, node, children)?;
        let chain = |((item, tasks), child): ((Member, &&[TaskIdx]), &TaskIdx)| {
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

    /// The two chains as one, the second after the first: in the Sequential of one of them, or in a new Sequential.
    pub fn joined(&self, first: usize, second: usize) -> Result<Edit, String> {
        let (one, other) = (&self.chains[first], &self.chains[second]);
        let (kept, text) = match (one.sequential, other.sequential) {
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
            at if at == kept => text.clone(),
            at if at == first || at == second => String::new(),
            at => self.source.text[self.chains[at].block.clone()].to_owned(),
        }))
    }

    /// The chain in two: the members before `start`, and the others. A single task needs no Sequential.
    pub fn split(&self, at: usize, start: usize) -> Result<Edit, String> {
        let chain = &self.chains[at];
        let (before, after) = chain.members.split_at(start);
        let alone = |member: &Member| shifted(&self.source.text[member.block.clone()], self.column as isize - chain.column as isize);
        let first = if let [only] = before {
            self.is_plain(chain)?;
            // The comments above the Sequential stay, now above its only task.
            let dash = dash(self.source, chain.sequential.ok_or_else(too_unusual)?.span)?;
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

    /// All chains as the tasks of a Dag, in which `to` waits for `from` as well.
    pub fn as_dag(&self, from: TaskIdx, to: TaskIdx) -> Result<Edit, String> {
        let kind = self.node.entry("type").filter(|entry| !entry.value.aliased).ok_or_else(too_unusual)?;
        let text = &self.source.text;
        let (start, first) = (kind.value.span.range().start, self.chains.first().ok_or_else(too_unusual)?.block.start);
        let end = self.chains[self.chains.len() - 1].block.end;
        if start > first {
            return Err(too_unusual());
        }
        let mut dag = self.source.slice(kind.value.span).replace("Parallel", "Dag");
        dag += &text[kind.value.span.range().end..first];
        for chain in &self.chains {
            if chain.sequential.is_some() {
                self.is_plain(chain)?;
            }
            for (at, member) in chain.members.iter().enumerate() {
                let by = self.column as isize - chain.column as isize;
                let dash = dash(self.source, Span::new(member.own.start, member.own.end))?;
                dag += &shifted(text[member.block.start..dash].trim_end_matches(' '), by);
                let indent = " ".repeat(self.column + 2);
                dag += &format!(
                    "{}- task:\n{indent}  {}",
                    " ".repeat(self.column),
                    shifted(&text[member.own.start..member.block.end], by + 2)
                );
                let before = at.checked_sub(1).map(|before| chain.members[before].idx);
                let waits = before.into_iter().chain((member.idx == to).then_some(from));
                let waits: Vec<String> = waits.map(|idx| scalar(&self.flow.task(idx).id)).collect();
                if !waits.is_empty() {
                    dag += &["\n", &*indent, "dependsOn: [", &waits.join(", "), "]"].concat();
                }
            }
        }
        Ok(Edit { range: start..end, text: dag })
    }

    /// The text of a chain with the members of another chain inserted at a byte.
    fn with_members(&self, chain: &Chain<'_>, at: usize, other: &Chain<'_>) -> String {
        let by = chain.column as isize - other.column as isize;
        let members: String = other.members.iter().map(|member| shifted(&self.source.text[member.block.clone()], by)).collect();
        [&self.source.text[chain.block.start..at], &members, &self.source.text[at..chain.block.end]].concat()
    }

    /// A new Sequential of these members, each with the column of its dash so far.
    fn sequential(&self, id: &str, members: &[(&Member, usize)]) -> String {
        let (dash, indent) = (" ".repeat(self.column), " ".repeat(self.column + 2));
        let head = ["\n", &*dash, "- id: ", &scalar(id), "\n", &indent, "type: io.kestra.plugin.core.flow.Sequential\n", &indent, "tasks:"]
            .concat();
        let inner = self.column as isize + 4;
        members
            .iter()
            .fold(head, |text, (member, column)| text + &shifted(&self.source.text[member.block.clone()], inner - *column as isize))
    }

    /// `a-then-b`, with a number after it where that id is taken.
    fn free_id(&self, ends: &[TaskIdx; 2]) -> String {
        let [first, last] = ends.map(|idx| &*self.flow.task(idx).id);
        let id = [first, "-then-", last].concat();
        let numbered = (2..).map(|n: u32| [&*id, "-", &n.to_string()].concat());
        std::iter::once(id.clone()).chain(numbered).find(|id| self.flow.find(id).is_none()).unwrap_or(id)
    }

    /// # Errors
    /// When the Sequential of a chain says more than its tasks, so that removing it would lose something.
    fn is_plain(&self, chain: &Chain<'_>) -> Result<(), String> {
        let entries = chain.sequential.map_or(&[][..], Node::entries);
        match entries.iter().find(|entry| !["id", "type", "tasks"].contains(&&*entry.key)) {
            Some(entry) => {
                Err(tr!("the Sequential around this task has `{key}`, which would be lost: change it in the text", key = entry.key))
            }
            None => Ok(()),
        }
    }

    /// These chains, each with another text.
    fn with_chains(&self, nths: Range<usize>, text: &dyn Fn(usize) -> String) -> Edit {
        let range = self.chains[nths.start].block.start..self.chains[nths.end - 1].block.end;
        Edit { range, text: nths.map(text).collect() }
    }
}

/// Where the tasks of a group stand, each in one or more lines of its own, and the column of their dashes.
pub fn blocks(source: &Source, group: &Node, tasks: &[TaskIdx]) -> Result<(Vec<Member>, usize), String> {
    let entry = group.entry("tasks").filter(|entry| !entry.value.aliased).ok_or_else(too_unusual)?;
    let items = entry.value.items();
    if items.len() != tasks.len() || source.slice(entry.value.span).starts_with('[') || source.text.contains('\r') {
        return Err(too_unusual());
    }
    let mut start = line_end(source, entry.key_span.range().end);
    let (mut members, mut columns) = (Vec::new(), None);
    for (item, idx) in items.iter().zip(tasks) {
        let end = line_end(source, last_byte(source, item));
        let column = column(source, dash(source, item.span)? as u32)?;
        if item.aliased || end <= start || *columns.get_or_insert(column) != column {
            return Err(too_unusual());
        }
        members.push(Member { idx: *idx, block: start..end, own: item.span.range().start..last_byte(source, item) });
        start = end;
    }
    Ok((members, columns.ok_or_else(too_unusual)?))
}

/// Lines moved to the right, or to the left as far as they are indented. The part before the first line break stays.
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
