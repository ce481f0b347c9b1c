//! The value of an expression. Rules: Pebble with strict variables; operations on unknown values give unknown values.

use std::rc::Rc;

use super::dialect::HidesFaults;
use super::evaluator::Evaluator;
use super::output::{LONGEST_TEXT, MOST_STEPS, breadth, first_unknown, follows, is_bare, passed, tainted, unknown_in, weight};
use super::tree::{Args, Expr, Fault, FaultKind, First, Op, Outcome, Step, StepKind};
use super::{filters, functions, operators as ops};
use crate::text::Text;
use crate::tr;
use crate::value::{Map, Unknown, Value};

impl<'t> Evaluator<'t> {
    /// The value of an expression.
    pub fn value(&mut self, expr: &'t Expr<'t>) -> Outcome<Value> {
        self.within(expr.at, |this| {
            let mut value = this.first(expr);
            for (idx, step) in expr.steps.iter().enumerate() {
                let n = value.as_ref().map_or(1, breadth);
                this.limits.step(n).map_err(|message| Fault::new(message, step.at..step.at))?;
                let root = match &expr.first {
                    First::Name(name) if idx == 0 => Some(*name),
                    _ => None,
                };
                let before = idx.checked_sub(1).and_then(|before| expr.steps.get(before)).map(|step| &step.kind);
                value = match (before, &step.kind) {
                    (Some(StepKind::Filter("number", args)), StepKind::Filter("className", _)) => {
                        this.class_of_number(value, args, step.at)
                    }
                    _ => this.step(value, step, root),
                };
            }
            value
        })
    }

    /// The class of what the filter `number` has made. Other numbers have the class of their value.
    fn class_of_number(&mut self, value: Outcome<Value>, args: &'t Args<'t>, at: usize) -> Outcome<Value> {
        let kind = self.bind("type", args, at)?.into_iter().next().flatten().map(|kind| ops::java_text(&kind));
        Ok(filters::class_of_number(&value?, kind.as_deref().unwrap_or_default()))
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
                self.made(Value::Map(Rc::new(ops::by_hash(map, 1))), expr.at)
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
                value => ops::arithmetic(Op::Multiply, &Value::Int(*sign), &value, self.scope.dialect())
                    .map_err(|message| Fault::new(message, expr.at..expr.at)),
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
                let (condition, then, otherwise) = &**choice;
                let truth = match self.value(&condition.expr)? {
                    Value::Null => false,
                    value => self.decides(&value, condition, "")?,
                };
                self.value(if truth { then } else { otherwise })
            }
        }
    }

    /// The result of one step; `root` is the name before it, when there is nothing but a name.
    fn step(&mut self, before: Outcome<Value>, step: &'t Step<'t>, root: Option<&str>) -> Outcome<Value> {
        let before = match before {
            Ok(Value::Unknown(unknown)) if asks_for_absence(&step.kind) && self.is_unset(&unknown) => {
                Err(Fault::missing(&unknown.path, step.at))
            }
            before => before,
        };
        let is_missing = matches!(&before, Err(fault) if matches!(fault.kind, FaultKind::Missing(_)));
        match &step.kind {
            StepKind::Binary(Op::IfNull, other) if is_missing || matches!(before, Ok(Value::Null)) => self.value(other),
            StepKind::Binary(Op::IfUndefined, other) if is_missing => self.value(other),
            StepKind::Binary(Op::IfNull | Op::IfUndefined, _) => before,
            StepKind::Binary(op, right) => {
                let done = match before {
                    Ok(left) => self.binary(*op, left, right, step.at),
                    fault => fault,
                };
                done.map_err(|fault| {
                    if self.hides_faults(*op) { Fault::new(ops::not_performed(*op, self.scope.dialect()), step.at..step.at) } else { fault }
                })
            }
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
                    None => match filters::test(name, &input, &args, self.scope.dialect()) {
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

    /// Whether an unknown value counts as absent where that is asked for: a setting of the server that nobody gave.
    fn is_unset(&self, unknown: &Unknown) -> bool {
        const SETTINGS: [&str; 4] = ["envs.", "globals.", "trigger.", "kestra.environment"];
        let why = tr!(const "what only a server knows is taken as absent where an expression says what to use instead");
        let is_optional = unknown.path.starts_with("kv(") && unknown.path.ends_with(", false)");
        let is_setting = !unknown.derived && (is_optional || SETTINGS.iter().any(|start| unknown.path.starts_with(start)));
        is_setting && self.scope.dialect().falls_back && self.scope.choose(&unknown.path, Value::Null, why) == Value::Null
    }

    /// Whether an operator hides the faults of its operands.
    fn hides_faults(&self, op: Op) -> bool {
        match op {
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Modulo | Op::Equal | Op::Unequal => {
                self.scope.dialect().hides_faults != HidesFaults::Nowhere
            }
            Op::Greater | Op::GreaterEqual | Op::Less | Op::LessEqual => self.scope.dialect().hides_faults == HidesFaults::InComparisons,
            _ => false,
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
            (Value::Map(map), _, None) => {
                let rest = || map.rest.as_ref().map(|path| self.below(path, key));
                return map.get(&name).cloned().or_else(rest).ok_or_else(missing);
            }
            (Value::List(items), _, None) => {
                if let Ok(idx) = name.parse::<i32>() {
                    return usize::try_from(idx).ok().and_then(|idx| items.get(idx)).cloned().ok_or_else(missing);
                }
            }
            _ => {}
        }
        match ops::method(&of, &name, args.as_deref().unwrap_or_default(), self.limits.budget) {
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
        if let (Op::Subtract | Op::Contains, Value::List(items), Value::List(others)) = (op, &left, &right) {
            // Each item is compared with each other one.
            self.limits.step(items.len().saturating_mul(others.len()) / 64).map_err(|message| Fault::new(message, at..at))?;
        }
        let result = match op {
            Op::Equal => Ok(Value::Bool(ops::equal(&left, &right))),
            Op::Unequal => Ok(Value::Bool(!ops::equal(&left, &right))),
            Op::Contains => ops::contains(&left, &right).map(Value::Bool),
            Op::In => Ok(Value::Bool(ops::is_in(&left, &right))),
            Op::NotIn => Ok(Value::Bool(!ops::is_in(&left, &right))),
            Op::Range => functions::range(&left, &right, &Value::Int(1)),
            Op::Greater | Op::GreaterEqual | Op::Less | Op::LessEqual => {
                ops::compare(op, &left, &right, self.scope.dialect()).map(Value::Bool)
            }
            _ => ops::arithmetic(op, &left, &right, self.scope.dialect()),
        };
        let value = result.map_err(|message| Fault::new(message, at..at))?;
        // What is not equal or not contained now may be so once everything is known.
        if matches!((op, &value), (Op::Equal | Op::Contains | Op::In, Value::Bool(false)) | (Op::Unequal | Op::NotIn, Value::Bool(true)))
            && matches!((&left, &right), (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_)))
            && let Some(path) = unknown_in(&left).or_else(|| unknown_in(&right))
        {
            return Ok(follows(&path));
        }
        self.made(value, at)
    }

    /// `a ~ b`: null counts as an empty text.
    fn joined(&self, left: &Value, right: &Value, at: usize) -> Outcome<Value> {
        let mut text = Text::new();
        for side in [left, right].into_iter().filter(|side| **side != Value::Null) {
            ops::write_java(side, &mut text);
        }
        self.made(tainted(text, unknown_in(left).or_else(|| unknown_in(right))), at)
    }

    /// Charges a new value by its size, and refuses one that is too large or nested too deeply.
    pub fn made(&self, value: Value, at: usize) -> Outcome<Value> {
        let size = match &value {
            Value::Text(text) => {
                self.limits.budget.work(text.len() / 256);
                Some(text.len() / 256).filter(|_| text.len() <= LONGEST_TEXT)
            }
            Value::Unknown(unknown) => Some(unknown.text.len() / 256).filter(|_| unknown.text.len() <= LONGEST_TEXT),
            Value::List(_) | Value::Map(_) => {
                let size = weight(&value, 0, 0);
                self.limits.budget.work(size.unwrap_or(0));
                size
            }
            _ => return Ok(value),
        };
        match size.ok_or_else(|| "a value is too large".to_owned()).and_then(|size| self.limits.step(size)) {
            Ok(()) => Ok(value),
            Err(message) => Err(Fault::new(message, at..at)),
        }
    }

    /// The argument for each of these names; with `*` all arguments, in order.
    pub fn bind(&mut self, names: &str, args: &'t Args<'t>, at: usize) -> Outcome<Vec<Option<Value>>> {
        let names: Vec<&str> = names.split_ascii_whitespace().collect();
        let is_open = names == ["*"];
        let mut values = vec![None; if is_open { args.positional.len() } else { names.len() }];
        let n = values.len();
        for (idx, arg) in args.positional.iter().enumerate() {
            let value = self.value(arg)?;
            match values.get_mut(idx) {
                Some(place) => *place = Some(value),
                None => {
                    let message =
                        format!("The argument at position {} is not allowed. Only {n} argument(s) are allowed.", idx.saturating_add(1));
                    return Err(Fault::new(message, arg.at..arg.at));
                }
            }
        }
        for (name, arg) in &args.named {
            let value = self.value(arg)?;
            match names.iter().position(|known| known == name).and_then(|idx| values.get_mut(idx)) {
                Some(place) => *place = Some(value),
                None if is_open => values.push(Some(value)),
                None => return Err(Fault::new(format!("The following named argument does not exist: {name}"), at..at)),
            }
        }
        Ok(values)
    }

    fn filter(&mut self, input: Outcome<Value>, name: &str, args: &'t Args<'t>, at: usize) -> Outcome<Value> {
        let dialect = self.scope.dialect();
        let Some((names, filter)) = filters::find(name, dialect) else {
            return Err(Fault::new(format!("Filter [{name}] does not exist."), at..at));
        };
        let input = input?;
        // A filter without arguments ignores those that are given.
        let args = self.bind(if names.is_empty() { "*" } else { names }, args, at)?;
        if let Some(unknown) = first_unknown(&input, &args) {
            return Ok(passed(unknown));
        }
        self.limits.budget.work(cost(name, &input));
        let refusal = filters::refusal(name, &input, dialect);
        match refusal
            .map_or_else(|| filter(&input, filters::Given { args: &args, budget: self.limits.budget }), Err)
            .map_err(|message| Fault::new(message, at..at))?
        {
            Value::Unknown(unknown) if !matches!(input, Value::List(_) | Value::Map(_)) => Ok(self.assumed(&unknown.path)),
            Value::Text(text) if matches!(input, Value::List(_) | Value::Map(_)) => {
                self.made(tainted((*text).into(), unknown_in(&input)), at)
            }
            value => self.made(value, at),
        }
    }
}

/// Whether a step has a result where the value before it is absent.
/// The steps that a filter takes: it goes through a text character by character, or through all that a list or a map holds.
fn cost(name: &str, input: &Value) -> usize {
    /// What it is to read a format.
    const FORMAT: usize = 10;
    let steps = match input {
        Value::Text(text) => text.len() / 64,
        Value::List(_) | Value::Map(_) if !["className", "default", "first", "last", "length", "raw"].contains(&name) => {
            weight(input, 0, 0).unwrap_or(MOST_STEPS as usize).saturating_mul(2)
        }
        _ => 0,
    };
    steps.saturating_add(FORMAT)
}

fn asks_for_absence(step: &StepKind<'_>) -> bool {
    matches!(step, StepKind::Binary(Op::IfNull | Op::IfUndefined, _) | StepKind::Test(_, "defined", _) | StepKind::Filter("default", _))
}
