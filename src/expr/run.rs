//! What the parts of a text print: tags, macros, and texts within texts. Rules: Pebble's tags, Kestra's `render`.

use std::rc::Rc;

use super::dialect::Wording;
use super::evaluator::{Evaluator, Frame};
use super::output::{Limits, Output, first_unknown, passed, tainted, unknown_in};
use super::tree::{Args, Condition, Fault, FaultKind, For, Outcome, Piece};
use super::{Scope, functions, operators as ops};
use crate::text::Text;
use crate::value::{Map, Unknown, Value};

/// What a text prints, with `{% raw %}` still in it.
///
/// # Errors
/// In Kestra's words.
fn render_once(text: &str, scope: &dyn Scope, limits: &Limits<'_>, names: Vec<(&str, Value)>) -> Result<Value, String> {
    if !super::template::has_opening(text) {
        return Ok(Value::text(text));
    }
    // Reading is work as well.
    limits.budget.work(text.len() / 64);
    let dialect = scope.dialect();
    let template = super::template::parse(text, dialect).map_err(|fault| fault.say(text, dialect, "ParserException"))?;
    let mut evaluator = Evaluator { template: &template, scope, limits, frames: vec![Frame { is_local: false, names }] };
    let mut out = Output::default();
    evaluator.run(&template.body, &mut out).map_err(|fault| fault.say(text, dialect, "PebbleException"))?;
    let value = out.value();
    limits.budget.work(value.as_str().map_or(0, str::len) / 64);
    Ok(value)
}

/// What a text prints.
///
/// # Errors
/// In Kestra's words.
pub(super) fn render(text: &str, scope: &dyn Scope) -> Result<Value, String> {
    let value = render_once(text, scope, &Limits::new(scope.budget()), Vec::new())?;
    let without = |text: &Text| {
        let mut out = Text::new();
        super::template::without_raw_tags(text).into_iter().for_each(|range| out.push(&text.slice(range)));
        out
    };
    Ok(match &value {
        Value::Text(text) if text.contains("endraw") => Value::text(&without(&Text::from(&**text))),
        Value::Unknown(unknown) if unknown.text.contains("endraw") => tainted(without(&unknown.text), Some(unknown.path.clone())),
        _ => value,
    })
}

/// The value of a text that is one `{{ … }}` alone, with white space around it left out; `None` for any other text.
pub(super) fn only_value(text: &str, scope: &dyn Scope) -> Option<Result<Value, String>> {
    let limits = Limits::new(scope.budget());
    let template = super::template::parse(text, scope.dialect()).ok()?;
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
        value => Some(value.map_err(|fault| fault.say(text, scope.dialect(), "PebbleException"))),
    }
}

impl<'t> Evaluator<'t> {
    /// Prints parts.
    fn run(&mut self, pieces: &'t [Piece<'t>], out: &mut Output) -> Outcome<()> {
        self.within(0, |this| pieces.iter().try_for_each(|piece| this.piece(piece, out)))
    }

    fn piece(&mut self, piece: &'t Piece<'t>, out: &mut Output) -> Outcome<()> {
        match piece {
            Piece::Text(text) => out.write(text).map_err(|message| Fault::new(message, 0..0)),
            Piece::Print(expr) => {
                let value = match self.value(expr)? {
                    Value::Map(entry) if entry.is_entry => {
                        let value = Value::Map(entry);
                        let mut text = Text::new();
                        ops::write_java(&value, &mut text);
                        tainted(text, unknown_in(&value))
                    }
                    value => value,
                };
                out.print(&value).map_err(|message| Fault::new(message, expr.at..expr.at))
            }
            Piece::If(arms, otherwise) => {
                for (condition, body) in arms {
                    let value = self.value(&condition.expr)?;
                    if self.decides(&value, condition, "null value given to if statement and strict variables is set to true")? {
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
        let list = match self.value(&each.list.expr)? {
            Value::Null => return Ok(()),
            Value::List(items) => items,
            Value::Map(map) => match map.as_entries() {
                Value::List(entries) => entries,
                _ => return Ok(()),
            },
            Value::Unknown(unknown) => {
                let sample = |idx: i64| self.below(&unknown.path, &Value::Int(idx));
                let why = "three samples stand for a list that only a real server knows";
                match self.choose(&unknown, &each.list, Value::list((0..3).map(sample)), why) {
                    Value::List(items) => items,
                    one => Rc::new(vec![one]),
                }
            }
            other => {
                let message = format!("Not an iterable object. Value = [{}]", ops::java_text(&other));
                return Err(Fault::new(message, each.list.expr.at..each.list.expr.at));
            }
        };
        if list.is_empty() {
            return self.run(&each.otherwise, out);
        }
        self.frames.push(Frame::default());
        let done = list.iter().enumerate().try_for_each(|(idx, item)| {
            let n = list.len();
            let n_after = n.saturating_sub(idx).saturating_sub(1);
            let place = |number: usize| Value::Int(number as i64);
            let about = [
                ("index", place(idx)),
                ("revindex", place(n_after)),
                ("first", Value::Bool(idx == 0)),
                ("last", Value::Bool(n_after == 0)),
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

    /// What is taken for an unknown value that decides what is evaluated.
    fn choose(&self, unknown: &Unknown, condition: &Condition<'_>, default: Value, why: &'static str) -> Value {
        let is_whole = !unknown.derived;
        self.scope.choose(if is_whole { &unknown.path } else { condition.text }, default, why)
    }

    /// Whether a condition holds; an unknown one does, unless something else is assumed for it.
    pub fn decides(&self, value: &Value, condition: &Condition<'_>, if_null: &str) -> Outcome<bool> {
        let Value::Unknown(unknown) = value else { return self.holds(value, if_null, condition.expr.at) };
        let why = "a condition in an expression that depends on what only a real server knows is taken as true";
        Ok(ops::holds(&self.choose(unknown, condition, Value::Bool(true), why)).unwrap_or(true))
    }

    /// Whether a value that is known counts as true.
    pub fn holds(&self, value: &Value, if_null: &str, at: usize) -> Outcome<bool> {
        match value {
            Value::Null => Err(Fault::new(if_null, at..at)),
            other => ops::holds(other).ok_or_else(|| Fault::new("Wrong operand(s) type in conditional expression", at..at)),
        }
    }

    pub fn call(&mut self, name: &'t str, args: &'t Args<'t>, at: usize) -> Outcome<Value> {
        let dialect = self.scope.dialect();
        if let Some(function) = functions::find(name).filter(|_| !dialect.without_functions.contains(&name)) {
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
                let names = if dialect.renders_values { "toRender recursive" } else { "template recursive" };
                let args = self.bind(names, args, at)?;
                match args.first() {
                    Some(Some(value)) if dialect.renders_values => self.rendered(name, value, &args, at),
                    _ => self.render(name, &args, at),
                }
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

    /// A value with each text in it rendered.
    fn rendered(&mut self, name: &str, value: &Value, args: &[Option<Value>], at: usize) -> Outcome<Value> {
        self.within(at, |this| {
            Ok(match value {
                Value::Text(_) => {
                    let mut args = args.to_vec();
                    if let Some(first) = args.first_mut() {
                        *first = Some(value.clone());
                    }
                    this.render(name, &args, at)?
                }
                Value::List(items) => {
                    Value::list(items.iter().map(|item| this.rendered(name, item, args, at)).collect::<Outcome<Vec<_>>>()?)
                }
                Value::Map(map) => {
                    let rendered = map.iter().map(|(key, value)| Ok((Rc::clone(key), this.rendered(name, value, args, at)?)));
                    Value::Map(Rc::new(rendered.collect::<Outcome<Map>>()?))
                }
                other => other.clone(),
            })
        })
    }

    /// `render(text)`: again and again until nothing changes, at most 100 times; `renderOnce(text)`: once.
    fn render(&mut self, name: &str, args: &[Option<Value>], at: usize) -> Outcome<Value> {
        let is_recursive = name == "render" && args.get(1) != Some(&Some(Value::Bool(false)));
        let dialect = self.scope.dialect();
        let (class, place) = (dialect.class("PebbleException"), if dialect.wording == Wording::Plain { "" } else { " (?:?)" });
        let whole = |message| Box::new(Fault { kind: FaultKind::Whole(format!("{class}{message}{place}")), span: at..at });
        let mut names: Vec<(&str, Value)> = Vec::new();
        for frame in &self.frames {
            if frame.is_local {
                names.clear();
            } else {
                names.extend(frame.names.iter().cloned());
            }
        }
        let mut text = match args.first() {
            Some(Some(Value::Text(text))) => Text::from(&**text),
            Some(Some(Value::Unknown(unknown))) => return Ok(Value::Unknown(unknown.clone())),
            Some(Some(Value::Null)) if name == "renderOnce" => return Ok(Value::Null),
            Some(Some(_)) => {
                return Err(Fault::new(format!("The '{name}' function expects an argument 'template' with type string."), at..at));
            }
            _ => {
                let argument = if dialect.renders_values { "toRender" } else { "template" };
                return Err(Fault::new(format!("The '{name}' function expects an argument '{argument}'."), at..at));
            }
        };
        let mut unknown = None;
        for _ in 0..=100 {
            let (scope, limits) = (self.scope, self.limits);
            let once = self.within(at, |_| render_once(&text, scope, limits, names.clone()).map_err(whole))?;
            let next = once.to_text();
            unknown = unknown.or_else(|| unknown_in(&once));
            let is_same = *next == *text;
            // What was found unknown before stays so when the text is only read again.
            text = if is_same && !next.has_unknown() { text } else { next };
            if !is_recursive || is_same {
                return self.made(tainted(text, unknown), at);
            }
        }
        Err(Fault::new("Too many rendering attempts", at..at))
    }
}
