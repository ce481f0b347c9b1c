//! `ForEach`, `EachSequential` and `EachParallel` as a `Loop`. Rules: Kestra, "ForEach", "EachSequential / EachParallel" and "Loop".
//!
//! A nest of loops is rewritten as a whole or not at all, since what is within names the values of all.

use std::collections::BTreeSet;

use super::names::{Around, Inside, Loops, Place, parts, read_elsewhere, reads};
use super::pen::{Done, Left, Pen, new_node};
use super::variables::{self, Changed, Variables};
use super::walk::{each_text, is_task, short_type, type_name};
use super::wrap;
use crate::flow::kestra::schema::{current_name, is_prose};
use crate::source::{Source, Span};
use crate::syntax::{Node, Value};
use crate::tr;

/// The type that takes the place of all of these.
const LOOP: &str = "io.kestra.plugin.core.flow.Loop";

/// Whether a task runs its tasks for each of several values, and is gone in 2.0.
pub fn is_each(node: &Node) -> bool {
    type_name(node).is_some_and(is_each_name)
}

/// Whether this is the type of such a task, by its current name or a former one.
pub fn is_each_name(name: &str) -> bool {
    let current = current_name(name);
    ["ForEach", "EachSequential", "EachParallel"].iter().any(|name| current == format!("io.kestra.plugin.core.flow.{name}"))
}

/// Why it is gone.
pub fn reason() -> String {
    tr!("2.0 runs the values of a Loop, each in an execution of its own that holds its slot until its last task has ended")
}

/// Writes a nest of loops anew. `outer` is the flow that it is in. The variables in the answer name the value of the loop.
pub fn rewrite(nest: &mut Node, outer: &Node, pen: &mut Pen<'_>) -> Result<Changed, Left> {
    let mut inside = Inside::new();
    gather(nest, &mut Vec::new(), &mut 0, &mut inside);
    let variables = Variables::of(outer, &inside)?;
    let (mut read, mut rendered, mut elsewhere) = (None, BTreeSet::new(), BTreeSet::new());
    let all = outer.get("variables");
    let is_variable = |node: &Node| all.is_some_and(|all| std::ptr::eq(all, node));
    each_text(nest, &|_| false, &mut |text| rendered.append(&mut variables.rendered_in(text)));
    each_text(outer, &|node| node.span == nest.span || is_variable(node), &mut |text| {
        read = read.or_else(|| reads(text, &inside));
        elsewhere.append(&mut variables.rendered_in(text));
    });
    if let Some(id) = read {
        return Err(read_elsewhere(id));
    }
    if let Some(name) = rendered.intersection(&elsewhere).next() {
        return Err(variables::by_hand(name));
    }
    let mut writer = Writer { pen, inside, n_loops: 0, variables: &variables, changed: Changed::new() };
    writer.task(nest, &Place::default())?;
    // What nothing renders may as well say what it would in a task.
    let in_nest = Place { loops: vec![0], own: Some(0), has_index: true, around: vec![Around::Plain] };
    for name in variables.names().filter(|name| !rendered.contains(name) && !elsewhere.contains(name)) {
        writer.variable(name, &in_nest)?;
    }
    Ok(writer.changed)
}

/// The loops around each task of a nest.
fn gather(node: &Node, loops: &mut Loops, n_loops: &mut u32, inside: &mut Inside) {
    let is_task = is_task(node);
    if let Some(id) = node.get("id").and_then(Node::as_str).filter(|_| is_task && !loops.is_empty()) {
        inside.insert(id.to_owned(), loops.clone());
    }
    let is_each = is_task && is_each(node);
    if is_each {
        loops.push(*n_loops);
        *n_loops += 1;
    }
    node.items().iter().for_each(|item| gather(item, loops, n_loops, inside));
    for entry in node.entries() {
        let is_handler = is_each && matches!(&*entry.key, "errors" | "finally");
        if !is_handler {
            gather(&entry.value, loops, n_loops, inside);
        }
    }
    if is_each {
        loops.pop();
    }
}

struct Writer<'p, 'a> {
    pen: &'p mut Pen<'a>,
    inside: Inside,
    n_loops: u32,
    variables: &'p Variables<'p>,
    changed: Changed,
}

impl Writer<'_, '_> {
    /// Rewrites a task and what is in it. `place` is that of its own texts.
    fn task(&mut self, task: &mut Node, place: &Place) -> Done {
        let is_each = is_each(task);
        let pauses = short_type(task) == "Pause" && !place.loops.is_empty();
        if pauses {
            let why = tr!("an execution whose Loop pauses stays PAUSED in 2.0.0, even when the Loop has ended");
            return Err(Left::because(why, [tr!("pause before the loop, or after it"), tr!("call a flow that pauses, with a Subflow")]));
        }
        let inner = self.inner_place(task, place, is_each);
        let mut wrapped = false;
        if is_each {
            let has_handlers = ["errors", "finally"].iter().any(|key| task.get(key).is_some());
            self.limit(task)?;
            wrapped = has_handlers;
        }
        let prose = task.entries().iter().position(|entry| is_prose(task, &entry.key));
        let Value::Map(entries) = &mut task.value else { return Ok(()) };
        for (_, entry) in entries.iter_mut().enumerate().filter(|(at, _)| Some(*at) != prose) {
            let holds_tasks = matches!(&*entry.key, "tasks" | "errors" | "finally" | "then" | "else" | "cases" | "defaults" | "onPause");
            let is_handler = is_each && matches!(&*entry.key, "errors" | "finally");
            let of_tasks = if is_handler { place } else { &inner };
            self.value(&mut entry.value, if holds_tasks { of_tasks } else { place }, place)?;
        }
        if is_each {
            // With several tasks, those of one value ran side by side.
            let is_side_by_side = short_type(task) == "EachParallel" && task.get("tasks").is_some_and(|tasks| tasks.items().len() > 1);
            let is_limited = task.get("concurrencyLimit").is_some_and(|limit| {
                let is_written = limit.span != Span::default();
                is_written && limit.scalar_text(self.pen.source).is_some_and(|n| n.trim() != "0")
            });
            if is_side_by_side && is_limited {
                let why = tr!("the limit counts each task of each value, and that of a Loop counts values");
                let choices = [
                    tr!("let so many values run at once, with all tasks of each side by side in a Parallel"),
                    tr!("run one value at a time, with so many of its tasks at once: a Parallel with `concurrent:`"),
                ];
                return Err(Left::because(why, choices));
            }
            if is_side_by_side {
                wrap::tasks_in_parallel(task, self.pen)?;
            }
            self.retype(task)?;
            if wrapped {
                wrap::in_sequential(task, self.pen)?;
            }
        }
        Ok(())
    }

    /// A value that may hold tasks, which then stand at `inner`; its texts stand at `own`.
    fn value(&mut self, node: &mut Node, inner: &Place, own: &Place) -> Done {
        if is_task(node) {
            return self.task(node, inner);
        }
        match &mut node.value {
            Value::List(items) => items.iter_mut().try_for_each(|item| self.value(item, inner, own)),
            Value::Map(entries) => entries.iter_mut().try_for_each(|entry| self.value(&mut entry.value, inner, own)),
            Value::Text(text) if text.contains('{') => {
                for name in self.variables.rendered_in(text) {
                    self.variable(name, own)?;
                }
                let parts = if own.loops.is_empty() { Vec::new() } else { parts(text, own, &self.inside)? };
                if parts.is_empty() { Ok(()) } else { self.pen.change_text(node, parts) }
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => Ok(()),
        }
    }

    /// A variable that is rendered at a place: it says the same wherever that is done.
    fn variable(&mut self, name: &str, own: &Place) -> Done {
        let text =
            self.variables.text(name).filter(|_| own.loops.len() == 1 && own.own == Some(0)).ok_or_else(|| variables::by_hand(name))?;
        let parts = parts(text, own, &self.inside)?;
        let is_same = self.changed.get(name).is_none_or(|before| *before == parts);
        self.changed.insert(name.to_owned(), parts);
        if is_same { Ok(()) } else { Err(variables::by_hand(name)) }
    }

    /// The place of the tasks in a task.
    fn inner_place(&mut self, task: &Node, place: &Place, is_each: bool) -> Place {
        let mut inner = place.clone();
        let around = match (place.own, short_type(task)) {
            (Some(level), _) => Around::Valued(level),
            (None, "Sequential" | "Parallel" | "Dag" | "AllowFailure" | "ForEach" | "EachSequential" | "EachParallel") => Around::Plain,
            (None, "If" | "Switch") => Around::WithOutputs,
            (None, _) => Around::Unsure,
        };
        inner.around.push(around);
        inner.has_index = false;
        if is_each {
            inner.loops.push(self.n_loops);
            self.n_loops += 1;
            inner.own = Some(inner.loops.len() - 1);
            inner.has_index = true;
        } else if short_type(task) != "WorkingDirectory" {
            inner.own = None;
        }
        inner
    }

    /// The limit, written out.
    fn limit(&mut self, task: &mut Node) -> Done {
        let (old, limit) = match short_type(task) {
            "EachParallel" => ("concurrent", 0),
            "EachSequential" => ("", 1),
            _ => ("concurrencyLimit", 1),
        };
        if let Some(written) = task.get(old) {
            // A server reads a number in quotes, too.
            if written.scalar_text(self.pen.source).is_none_or(|text| text.trim().parse::<u32>().is_err()) {
                let why = tr!("`{key}` is not a whole number, and a Loop takes nothing else", key = old);
                return Err(Left::because(why, [tr!("write a number"), tr!("write 0: no limit")]));
            }
        } else {
            self.pen.add(task, "concurrencyLimit", &new_node(Value::Int(limit)))?;
        }
        let Value::Map(entries) = &mut task.value else { return Ok(()) };
        if task_is(entries, "value") && task_is(entries, "values") {
            return Err(Left::unusual());
        }
        for entry in entries.iter_mut() {
            match &*entry.key {
                "value" => self.pen.rename(entry, "values"),
                "concurrent" => self.pen.rename(entry, "concurrencyLimit"),
                _ => {}
            }
        }
        Ok(())
    }

    fn retype(&mut self, task: &mut Node) -> Done {
        let Value::Map(entries) = &mut task.value else { return Ok(()) };
        let entry = entries.iter_mut().find(|entry| entry.key == "type").ok_or_else(Left::unusual)?;
        self.pen.set_word(&mut entry.value, LOOP)
    }
}

fn task_is(entries: &[crate::syntax::Entry], key: &str) -> bool {
    entries.iter().any(|entry| entry.key == key)
}

/// The place of the type of a task in the text.
pub fn type_span(task: &Node, source: &Source) -> Span {
    task.get("type").map_or_else(|| source.first_line(task.span), |written| written.span)
}
