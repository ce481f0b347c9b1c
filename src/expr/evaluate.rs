//! A parsed text and a place it stands in to what it prints. Rules: Pebble with strict variables; unknown values pass through
//! whatever they meet.

use std::cell::Cell;
use std::rc::Rc;

use super::tree::{Args, Expr, Fault, FaultKind, First, For, Op, Outcome, Piece, Step, StepKind, Template};
use super::{Scope, filters, functions, operators as ops};
use crate::value::{Map, Unknown, Value};

/// How much one text may cost, with all that is rendered within it.
const MOST_STEPS: u32 = 1_000_000;
/// How deep evaluation may go into itself.
const DEEPEST: u32 = 150;
/// How deep a list that an expression makes may be.
const DEEPEST_VALUE: u32 = 100;
/// The longest text, in bytes.
pub(super) const LONGEST_TEXT: usize = 16 << 20;

/// What is used up of what one text may cost.
#[derive(Debug, Default)]
pub(super) struct Limits {
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl Limits {
    fn step(&self, n: usize) -> Result<(), String> {
        let steps = self.steps.get().saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
        self.steps.set(steps);
        if steps > MOST_STEPS { Err(format!("more than {MOST_STEPS} steps")) } else { Ok(()) }
    }
}

/// What has been printed so far.
#[derive(Debug, Default)]
pub(super) struct Output {
    text: String,
    unknown: Option<Rc<str>>,
}

impl Output {
    /// Adds a value as it prints.
    fn print(&mut self, value: &Value) -> Result<(), String> {
        if self.unknown.is_none() {
            self.unknown = unknown_in(value);
        }
        self.write(&value.print())
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        if self.text.len() + text.len() > LONGEST_TEXT {
            return Err(format!("the text is longer than {} MB", LONGEST_TEXT >> 20));
        }
        self.text += text;
        Ok(())
    }

    /// The text; unknown when a part of it is.
    pub fn value(self) -> Value {
        tainted(self.text.into(), self.unknown)
    }
}

fn tainted(text: Rc<str>, unknown: Option<Rc<str>>) -> Value {
    match unknown {
        Some(path) => Value::Unknown(Rc::new(Unknown { path, text })),
        None => Value::Text(text),
    }
}

/// The path of the first unknown value in a value.
fn unknown_in(value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Unknown(unknown) => Some(unknown.path.clone()),
        Value::List(items) => items.iter().find_map(unknown_in),
        Value::Map(map) => map.iter().find_map(|(_, value)| unknown_in(value)),
        _ => None,
    }
}

/// What an unknown value is after anything was done to it.
fn passed(unknown: &Unknown) -> Value {
    Value::unknown(&unknown.path)
}

/// How many values a value consists of; `None` beyond what an expression may make.
pub(super) fn weight(value: &Value, depth: u32, so_far: usize) -> Option<usize> {
    if depth > DEEPEST_VALUE || so_far > MOST_STEPS as usize {
        return None;
    }
    match value {
        Value::List(items) => items.iter().try_fold(so_far + 1, |sum, item| weight(item, depth + 1, sum)),
        Value::Map(map) => map.iter().try_fold(so_far + 1, |sum, (_, value)| weight(value, depth + 1, sum)),
        Value::Text(text) => Some(so_far + 1 + text.len() / 256),
        _ => Some(so_far + 1),
    }
}

/// Names that a text gives itself.
#[derive(Debug, Default)]
struct Frame<'t> {
    /// Of a macro: names outside cannot be seen.
    is_local: bool,
    names: Vec<(&'t str, Value)>,
}

impl<'t> Frame<'t> {
    fn get(&mut self, name: &str) -> Option<&mut Value> {
        self.names.iter_mut().rev().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn set(&mut self, name: &'t str, value: Value) {
        match self.get(name) {
            Some(place) => *place = value,
            None => self.names.push((name, value)),
        }
    }
}

/// Evaluates one text.
pub(super) struct Evaluator<'t> {
    template: &'t Template<'t>,
    /// Where it stands.
    pub scope: &'t dyn Scope,
    limits: &'t Limits,
    frames: Vec<Frame<'t>>,
}

/// What a text prints, with `{% raw %}` still in it.
///
/// # Errors
/// In Kestra's words.
fn render_once(text: &str, scope: &dyn Scope, limits: &Limits, names: Vec<(&str, Value)>) -> Result<Value, String> {
    if super::template::opening(text, 0).is_none() {
        return Ok(Value::text(text));
    }
    let printed = super::template::parse(text).and_then(|template| {
        let mut evaluator = Evaluator { template: &template, scope, limits, frames: vec![Frame { is_local: false, names }] };
        let mut out = Output::default();
        evaluator.run(&template.body, &mut out)?;
        Ok(out.value())
    });
    printed.map_err(|fault| fault.say(text))
}

/// What a text prints.
///
/// # Errors
/// In Kestra's words.
pub(super) fn render(text: &str, scope: &dyn Scope) -> Result<Value, String> {
    let value = render_once(text, scope, &Limits::default(), Vec::new())?;
    let without = |text: &Rc<str>| text.contains("endraw").then(|| Rc::from(super::template::without_raw_tags(text)));
    Ok(match &value {
        Value::Text(text) => without(text).map_or(value, Value::Text),
        Value::Unknown(unknown) => without(&unknown.text).map_or(value.clone(), |text| tainted(text, Some(unknown.path.clone()))),
        _ => value,
    })
}

/// The value of a text that is one `{{ … }}` alone, white space round it left out; `None` for any other text.
pub(super) fn only_value(text: &str, scope: &dyn Scope) -> Option<Result<Value, String>> {
    let limits = Limits::default();
    let template = super::template::parse(text).ok()?;
    let mut printed = None;
    for piece in &template.body {
        match piece {
            Piece::Text(text) if text.trim().is_empty() => {}
            Piece::Print(expr) if printed.is_none() => printed = Some(expr),
            _ => return None,
        }
    }
    let expr = printed?;
    let mut evaluator = Evaluator { template: &template, scope, limits: &limits, frames: vec![Frame::default()] };
    match evaluator.value(expr) {
        Ok(Value::Text(_)) => None,
        value => Some(value.map_err(|fault| fault.say(text))),
    }
}

impl<'t> Evaluator<'t> {
    /// Does one thing that may do others within it.
    fn within<T>(&mut self, at: usize, inner: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        self.limits.step(1).map_err(|message| Fault::new(message, at..at))?;
        let depth = self.limits.depth.get();
        if depth >= DEEPEST {
            return Err(Fault::new(format!("more than {DEEPEST} expressions within each other"), at..at));
        }
        self.limits.depth.set(depth + 1);
        let done = inner(self);
        self.limits.depth.set(depth);
        done
    }

    /// Prints parts.
    fn run(&mut self, pieces: &'t [Piece<'t>], out: &mut Output) -> Outcome<()> {
        self.within(0, |this| pieces.iter().try_for_each(|piece| this.piece(piece, out)))
    }

    fn piece(&mut self, piece: &'t Piece<'t>, out: &mut Output) -> Outcome<()> {
        match piece {
            Piece::Text(text) => out.write(text).map_err(|message| Fault::new(message, 0..0)),
            Piece::Print(expr) => {
                let value = self.value(expr)?;
                out.print(&value).map_err(|message| Fault::new(message, expr.at..expr.at))
            }
            Piece::If(arms, otherwise) => {
                for (condition, body) in arms {
                    let value = self.value(condition)?;
                    if self.holds(&value, "null value given to if statement and strict variables is set to true", condition.at)? {
                        return self.run(body, out);
                    }
                }
                self.run(otherwise, out)
            }
            Piece::For(each) => self.each(each, out),
            Piece::Set(name, expr) => {
                let value = self.value(expr)?;
                self.set(name, value);
                Ok(())
            }
            Piece::Block(idx) => match self.template.blocks.get(*idx) {
                Some((_, body)) => self.run(body, out),
                None => Ok(()),
            },
        }
    }

    fn each(&mut self, each: &'t For<'t>, out: &mut Output) -> Outcome<()> {
        let list = match self.value(&each.list)? {
            Value::Null => return Ok(()),
            Value::List(items) => items,
            Value::Map(map) => match ops::entries(&map) {
                Value::List(entries) => entries,
                _ => return Ok(()),
            },
            Value::Unknown(unknown) => {
                let sample = |idx: i64| self.below(&unknown.path, &Value::Int(idx));
                Rc::new((0..3).map(sample).collect())
            }
            other => {
                let message = format!("Not an iterable object. Value = [{}]", ops::java_text(&other));
                return Err(Fault::new(message, each.list.at..each.list.at));
            }
        };
        if list.is_empty() {
            return self.run(&each.otherwise, out);
        }
        self.frames.push(Frame::default());
        let done = list.iter().enumerate().try_for_each(|(idx, item)| {
            let n = list.len();
            let place = |number: usize| Value::Int(number as i64);
            let about = [
                ("index", place(idx)),
                ("revindex", place(n - 1 - idx)),
                ("first", Value::Bool(idx == 0)),
                ("last", Value::Bool(idx + 1 == n)),
                ("length", place(n)),
            ];
            if let Some(frame) = self.frames.last_mut() {
                frame.set("loop", Value::map(about));
                frame.set(each.name, item.clone());
            }
            self.run(&each.body, out)
        });
        self.frames.pop();
        done
    }

    /// Sets a name where it is known already, else here.
    fn set(&mut self, name: &'t str, value: Value) {
        let outer = self.scope.variable(name).is_some();
        let n = self.frames.len();
        let here = n.saturating_sub(1);
        let known = (0..n).rev().find(|at| {
            let frame = &mut self.frames[*at];
            frame.is_local || frame.get(name).is_some() || (*at == 0 && outer)
        });
        if let Some(frame) = self.frames.get_mut(known.unwrap_or(here)) {
            frame.set(name, value);
        }
    }

    /// What a name leads to. `None` when it is not defined.
    pub fn variable(&mut self, name: &str) -> Option<Value> {
        for frame in self.frames.iter_mut().rev() {
            if let Some(value) = frame.get(name) {
                return Some(value.clone());
            }
            if frame.is_local {
                return None;
            }
        }
        self.scope.variable(name)
    }

    /// What an unknown value has under a key.
    fn below(&self, path: &str, key: &Value) -> Value {
        let path = match key {
            Value::Int(idx) => format!("{path}[{idx}]"),
            key => format!("{path}.{}", ops::java_text(key)),
        };
        self.assumed(&path)
    }

    /// The value that is assumed for a path, else one that is unknown.
    pub fn assumed(&self, path: &str) -> Value {
        self.scope.assumed(path).unwrap_or_else(|| Value::unknown(path))
    }

    /// Whether a condition holds; one that is unknown does.
    fn holds(&self, value: &Value, if_null: &str, at: usize) -> Outcome<bool> {
        match value {
            Value::Unknown(_) => Ok(true),
            Value::Null => Err(Fault::new(if_null, at..at)),
            other => ops::holds(other).ok_or_else(|| Fault::new("Wrong operand(s) type in conditional expression", at..at)),
        }
    }

    /// The value of an expression.
    pub fn value(&mut self, expr: &'t Expr<'t>) -> Outcome<Value> {
        self.within(expr.at, |this| {
            let mut value = this.first(expr);
            for (idx, step) in expr.steps.iter().enumerate() {
                this.limits.step(1).map_err(|message| Fault::new(message, step.at..step.at))?;
                let root = match &expr.first {
                    First::Name(name) if idx == 0 => Some(*name),
                    _ => None,
                };
                value = this.step(value, step, root);
            }
            value
        })
    }

    fn first(&mut self, expr: &'t Expr<'t>) -> Outcome<Value> {
        match &expr.first {
            First::Literal(value) => Ok(value.clone()),
            First::Name(name) => self.variable(name).ok_or_else(|| Fault::missing(name, expr.at)),
            First::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect::<Outcome<Vec<Value>>>()?;
                self.made(Value::list(items), expr.at)
            }
            First::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    let key = self.value(key)?.print();
                    map.insert(key, self.value(value)?);
                }
                self.made(Value::Map(Rc::new(map)), expr.at)
            }
            First::Call(name, args) => self.call(name, args, expr.at),
            First::Group(inner) => self.value(inner),
            First::Not(inner) => match self.value(inner)? {
                Value::Unknown(unknown) => Ok(passed(&unknown)),
                value => {
                    let truth = self.holds(&value, "null value given to not() and strict variables is set to true", expr.at)?;
                    Ok(Value::Bool(!truth))
                }
            },
            First::Sign(sign, inner) => match self.value(inner)? {
                Value::Unknown(unknown) => Ok(passed(&unknown)),
                value => ops::arithmetic(Op::Multiply, &Value::Int(*sign), &value).map_err(|message| Fault::new(message, expr.at..expr.at)),
            },
            First::Joined(parts) => {
                let mut joined = Value::text("");
                for part in parts {
                    let part = self.value(part)?;
                    joined = self.joined(&joined, &part, expr.at)?;
                }
                Ok(joined)
            }
            First::Choice(choice) => {
                let [condition, then, otherwise] = &**choice;
                let truth = match self.value(condition)? {
                    Value::Null => false,
                    value => self.holds(&value, "", condition.at)?,
                };
                self.value(if truth { then } else { otherwise })
            }
        }
    }

    /// What a step makes of what stands before it; `root` is the name that stands there, when it is nothing else.
    fn step(&mut self, before: Outcome<Value>, step: &'t Step<'t>, root: Option<&str>) -> Outcome<Value> {
        let is_missing = matches!(&before, Err(fault) if matches!(fault.kind, FaultKind::Missing(_)));
        match &step.kind {
            StepKind::Binary(Op::IfNull, other) if is_missing || matches!(before, Ok(Value::Null)) => self.value(other),
            StepKind::Binary(Op::IfUndefined, other) if is_missing => self.value(other),
            StepKind::Binary(Op::IfNull | Op::IfUndefined, _) => before,
            StepKind::Binary(op, right) => self.binary(*op, before?, right, step.at),
            StepKind::Filter(name, args) => {
                let before = if is_missing && *name == "default" { Ok(Value::Null) } else { before };
                self.filter(before, name, args, step.at)
            }
            StepKind::Test(positive, "defined", _) => {
                if is_missing {
                    return Ok(Value::Bool(!positive));
                }
                Ok(Value::Bool((before? != Value::Null) == *positive))
            }
            StepKind::Test(positive, name, args) => {
                let input = before?;
                let args = self.bind("*", args, step.at)?;
                match first_unknown(&input, &args) {
                    Some(unknown) => Ok(passed(unknown)),
                    None => match filters::test(name, &input, &args) {
                        Ok(truth) => Ok(Value::Bool(truth == *positive)),
                        Err(message) => Err(Fault::new(message, step.at..step.at)),
                    },
                }
            }
            StepKind::Field(name) => self.attribute(before?, &Value::text(name), None, step.at, root),
            StepKind::Index(key) => {
                let before = before?;
                let key = self.value(key)?;
                self.attribute(before, &key, None, step.at, root)
            }
            StepKind::Method(name, args) => {
                let before = before?;
                let args = args.iter().map(|arg| self.value(arg)).collect::<Outcome<Vec<Value>>>()?;
                self.attribute(before, &Value::text(name), Some(args), step.at, root)
            }
        }
    }

    fn attribute(&mut self, of: Value, key: &Value, args: Option<Vec<Value>>, at: usize, root: Option<&str>) -> Outcome<Value> {
        let name = ops::java_text(key);
        let missing = || Fault::missing(&name, at);
        match (&of, key, &args) {
            (Value::Null, ..) => return Err(Fault::missing(root.unwrap_or(&name), at)),
            (Value::Unknown(unknown), _, None) => return Ok(self.below(&unknown.path, key)),
            (Value::Unknown(unknown), ..) | (_, Value::Unknown(unknown), _) => return Ok(passed(unknown)),
            (Value::Map(_), Value::Int(_) | Value::Float(_), None) => {
                return Err(Fault::new(format!("type class java.lang.String not supported for key {name}"), at..at));
            }
            (Value::Map(map), _, None) => return map.get(&name).cloned().ok_or_else(missing),
            (Value::List(items), _, None) => {
                if let Ok(idx) = name.parse::<i32>() {
                    return usize::try_from(idx).ok().and_then(|idx| items.get(idx)).cloned().ok_or_else(missing);
                }
            }
            _ => {}
        }
        match ops::method(&of, &name, args.as_deref().unwrap_or_default()) {
            Ok(Some(value)) => self.made(value, at),
            Ok(None) => Err(missing()),
            Err(message) => Err(Fault::new(message, at..at)),
        }
    }

    fn binary(&mut self, op: Op, left: Value, right: &'t Expr<'t>, at: usize) -> Outcome<Value> {
        if matches!(op, Op::And | Op::Or) {
            let word = if op == Op::And { "and" } else { "or" };
            let if_null = format!("null value used in {word} operator and strict variables is set to true");
            if let Value::Unknown(unknown) = left {
                return Ok(passed(&unknown));
            }
            let truth = self.holds(&left, &if_null, at)?;
            if truth == (op == Op::Or) {
                return Ok(Value::Bool(truth));
            }
            return match self.value(right)? {
                Value::Unknown(unknown) => Ok(passed(&unknown)),
                right => Ok(Value::Bool(self.holds(&right, &if_null, at)?)),
            };
        }
        let right = self.value(right)?;
        if op == Op::Concat {
            return self.joined(&left, &right, at);
        }
        if let Value::Unknown(unknown) = [&left, &right].into_iter().find(|side| matches!(side, Value::Unknown(_))).unwrap_or(&Value::Null)
        {
            let is_text = |side: &Value| matches!(side, Value::Text(_)) || matches!(side, Value::Unknown(unknown) if !is_bare(unknown));
            return if op == Op::Add && (is_text(&left) || is_text(&right)) { self.joined(&left, &right, at) } else { Ok(passed(unknown)) };
        }
        let said = match op {
            Op::Equal => Ok(Value::Bool(ops::equal(&left, &right))),
            Op::Unequal => Ok(Value::Bool(!ops::equal(&left, &right))),
            Op::Contains => ops::contains(&left, &right).map(Value::Bool),
            Op::In => Ok(Value::Bool(ops::is_in(&left, &right))),
            Op::NotIn => Ok(Value::Bool(!ops::is_in(&left, &right))),
            Op::Range => functions::range(&left, &right, &Value::Int(1)),
            Op::Greater | Op::GreaterEqual | Op::Less | Op::LessEqual => ops::compare(op, &left, &right).map(Value::Bool),
            _ => ops::arithmetic(op, &left, &right),
        };
        let value = said.map_err(|message| Fault::new(message, at..at))?;
        // What is not the same or not contained may be so once all is known.
        if matches!((op, &value), (Op::Equal | Op::Contains | Op::In, Value::Bool(false)) | (Op::Unequal | Op::NotIn, Value::Bool(true)))
            && matches!((&left, &right), (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_)))
            && let Some(path) = unknown_in(&left).or_else(|| unknown_in(&right))
        {
            return Ok(Value::unknown(&path));
        }
        self.made(value, at)
    }

    /// `a ~ b`: nothing is an empty text here.
    fn joined(&self, left: &Value, right: &Value, at: usize) -> Outcome<Value> {
        let text = |side: &Value| if *side == Value::Null { String::new() } else { ops::java_text(side) };
        let text = text(left) + &text(right);
        self.made(tainted(text.into(), unknown_in(left).or_else(|| unknown_in(right))), at)
    }

    /// A value that was made: it counts by its size, and must not be too large or too deep.
    fn made(&self, value: Value, at: usize) -> Outcome<Value> {
        let size = match &value {
            Value::Text(text) => Some(text.len() / 256).filter(|_| text.len() <= LONGEST_TEXT),
            Value::Unknown(unknown) => Some(unknown.text.len() / 256).filter(|_| unknown.text.len() <= LONGEST_TEXT),
            Value::List(_) | Value::Map(_) => weight(&value, 0, 0),
            _ => return Ok(value),
        };
        match size.ok_or_else(|| "a value is too large".to_owned()).and_then(|size| self.limits.step(size)) {
            Ok(()) => Ok(value),
            Err(message) => Err(Fault::new(message, at..at)),
        }
    }

    /// What is given to each of these names; with `*` all that is given, in order.
    fn bind(&mut self, names: &str, args: &'t Args<'t>, at: usize) -> Outcome<Vec<Option<Value>>> {
        let names: Vec<&str> = names.split_ascii_whitespace().collect();
        let is_open = names == ["*"];
        let mut values = vec![None; if is_open { args.positional.len() } else { names.len() }];
        let n = values.len();
        for (idx, arg) in args.positional.iter().enumerate() {
            let value = self.value(arg)?;
            match values.get_mut(idx) {
                Some(place) => *place = Some(value),
                None => {
                    let message = format!("The argument at position {} is not allowed. Only {n} argument(s) are allowed.", idx + 1);
                    return Err(Fault::new(message, arg.at..arg.at));
                }
            }
        }
        for (name, arg) in args.named.iter().filter(|_| !is_open) {
            let value = self.value(arg)?;
            match names.iter().position(|known| known == name).and_then(|idx| values.get_mut(idx)) {
                Some(place) => *place = Some(value),
                None => return Err(Fault::new(format!("The following named argument does not exist: {name}"), at..at)),
            }
        }
        Ok(values)
    }

    fn filter(&mut self, input: Outcome<Value>, name: &str, args: &'t Args<'t>, at: usize) -> Outcome<Value> {
        let Some((names, filter)) = filters::find(name) else {
            return Err(Fault::new(format!("Filter [{name}] does not exist."), at..at));
        };
        let input = input?;
        let args = self.bind(names, args, at)?;
        if let Some(unknown) = first_unknown(&input, &args) {
            return Ok(passed(unknown));
        }
        match filter(&input, &args).map_err(|message| Fault::new(message, at..at))? {
            Value::Unknown(unknown) if !matches!(input, Value::List(_) | Value::Map(_)) => Ok(self.assumed(&unknown.path)),
            Value::Text(text) if matches!(input, Value::List(_) | Value::Map(_)) => self.made(tainted(text, unknown_in(&input)), at),
            value => self.made(value, at),
        }
    }

    fn call(&mut self, name: &'t str, args: &'t Args<'t>, at: usize) -> Outcome<Value> {
        if let Some(function) = functions::find(name) {
            let args = self.bind(function.names, args, at)?;
            if let Some(unknown) = first_unknown(&Value::Null, &args).filter(|_| !function.takes_unknown) {
                return Ok(passed(unknown));
            }
            return match (function.run)(self, name, &args) {
                Ok(value) => self.made(value, at),
                Err(message) => Err(Fault::new(message, at..at)),
            };
        }
        match name {
            "render" | "renderOnce" => {
                let args = self.bind("template recursive", args, at)?;
                self.render(name, &args, at)
            }
            "block" => {
                let args = self.bind("name", args, at)?;
                let name = args.first().and_then(Option::as_ref).map(ops::java_text).unwrap_or_default();
                let template = self.template;
                let mut out = Output::default();
                if let Some((_, body)) = template.blocks.iter().find(|(known, _)| *known == name) {
                    self.run(body, &mut out)?;
                }
                self.made(out.value(), at)
            }
            name => {
                let template = self.template;
                let Some(found) = template.macros.iter().rev().find(|known| known.name == name) else {
                    return Err(Fault::new(format!("Function or Macro [{name}] does not exist."), at..at));
                };
                let names: Vec<&str> = found.parameters.iter().map(|(name, _)| *name).collect();
                let given = self.bind(&names.join(" "), args, at)?;
                let mut frame = Frame { is_local: true, names: Vec::new() };
                for ((name, otherwise), value) in found.parameters.iter().zip(given) {
                    let value = match (value, otherwise) {
                        (Some(value), _) => value,
                        (None, Some(otherwise)) => self.value(otherwise)?,
                        (None, None) => continue,
                    };
                    frame.set(name, value);
                }
                self.frames.push(frame);
                let mut out = Output::default();
                let done = self.run(&found.body, &mut out);
                self.frames.pop();
                done?;
                self.made(out.value(), at)
            }
        }
    }

    /// `render(text)`: again and again until nothing changes, at most 100 times; `renderOnce(text)`: once.
    fn render(&mut self, name: &str, args: &[Option<Value>], at: usize) -> Outcome<Value> {
        let is_recursive = name == "render" && args.get(1) != Some(&Some(Value::Bool(false)));
        let whole = |message| Box::new(Fault { kind: FaultKind::Whole(message), span: at..at });
        let mut names: Vec<(&str, Value)> = Vec::new();
        for frame in &self.frames {
            if frame.is_local {
                names.clear();
            } else {
                names.extend(frame.names.iter().cloned());
            }
        }
        let mut text = match args.first() {
            Some(Some(Value::Text(text))) => text.clone(),
            Some(Some(Value::Unknown(unknown))) => return Ok(Value::Unknown(unknown.clone())),
            Some(Some(Value::Null)) if name == "renderOnce" => return Ok(Value::Null),
            Some(Some(_)) => {
                return Err(Fault::new(format!("The '{name}' function expects an argument 'template' with type string."), at..at));
            }
            _ => return Err(Fault::new(format!("The '{name}' function expects an argument 'template'."), at..at)),
        };
        let mut unknown = None;
        for _ in 0..=100 {
            let (scope, limits) = (self.scope, self.limits);
            let once = self.within(at, |_| render_once(&text, scope, limits, names.clone()).map_err(whole))?;
            let next = once.print();
            unknown = unknown.or_else(|| unknown_in(&once));
            if !is_recursive || next == text {
                return self.made(tainted(next, unknown), at);
            }
            text = next;
        }
        Err(Fault::new("Too many rendering attempts", at..at))
    }
}

/// Whether it prints as nothing but itself.
fn is_bare(unknown: &Unknown) -> bool {
    unknown.text.strip_prefix('⟨').and_then(|text| text.strip_suffix('⟩')) == Some(&*unknown.path)
}

fn first_unknown<'v>(input: &'v Value, args: &'v [Option<Value>]) -> Option<&'v Unknown> {
    std::iter::once(input).chain(args.iter().flatten()).find_map(|value| match value {
        Value::Unknown(unknown) => Some(&**unknown),
        _ => None,
    })
}
