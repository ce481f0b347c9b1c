//! Runs a program: each result is handed on as soon as it is there, so that `first` and `limit` end what has no end.
//!
//! A value may come with its path, the keys that lead to it: `path(f)` and updates such as `a |= b` need it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::parse::{Definition, Jq, Node, Pattern, definition};
use super::paths::{deleted, get, set};
use super::{Budget, Done, Found, LONGEST_TEXT, Map, Stop, Value, binary, fault, holds, index, slice, weight};

/// How many parts of a program may run within each other.
const DEEPEST: u32 = 300;
pub(super) const MOST_STEPS: usize = 1_000_000;

/// A value, and its path when it has one.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub value: Value,
    pub path: Option<Path>,
}

/// The keys that lead to a value, the last one first; `None` is where the path begins.
pub(super) type Path = Option<Rc<Key>>;

/// A key, and the path before it.
#[derive(Debug)]
pub(super) struct Key(Path, Value);

/// What takes the results.
pub(super) type Emit<'e> = &'e mut dyn FnMut(At) -> Done;

/// The names that a part of a program sees, the latest first.
pub(super) type Scope = Option<Rc<Name>>;

#[derive(Debug)]
pub(super) struct Name {
    outer: Scope,
    name: Rc<str>,
    what: What,
}

#[derive(Debug)]
enum What {
    Variable(Value),
    Function(Rc<Definition>),
    /// An argument: what the caller wrote, and what it sees.
    Argument(Node, Scope),
    Label(u32),
}

/// What runs one program.
#[derive(Debug)]
pub(super) struct Runner<'b> {
    /// What the whole run may still use.
    pub budget: &'b Budget,
    steps: Cell<usize>,
    depth: Cell<u32>,
    n_labels: Cell<u32>,
    /// The functions of the prelude that have been used.
    known: RefCell<Vec<Rc<Definition>>>,
}

impl At {
    /// A value that has no path.
    pub fn value(value: Value) -> Self {
        Self { value, path: None }
    }

    /// What it holds under a key.
    pub fn below(&self, key: &Value) -> Result<Self, Stop> {
        let path = self.path.as_ref().map(|path| Some(Rc::new(Key(path.clone(), key.clone()))));
        Ok(Self { value: index(&self.value, key)?, path })
    }
}

fn named(outer: &Scope, name: &Rc<str>, what: What) -> Scope {
    Some(Rc::new(Name { outer: outer.clone(), name: Rc::clone(name), what }))
}

impl<'b> Runner<'b> {
    /// Nothing is used yet.
    pub fn new(budget: &'b Budget) -> Self {
        Self { budget, steps: Cell::new(0), depth: Cell::new(0), n_labels: Cell::new(0), known: RefCell::default() }
    }

    /// All results of a program.
    pub fn all(&self, program: &Node, input: Value) -> Result<Vec<Value>, Stop> {
        self.collect(program, &None, &At::value(input))
    }

    pub fn collect(&self, program: &Node, scope: &Scope, at: &At) -> Result<Vec<Value>, Stop> {
        let mut results = Vec::new();
        self.run(program, scope, at, &mut |result| {
            results.push(result.value);
            Ok(())
        })?;
        Ok(results)
    }

    /// The first result; nothing when there is none.
    pub fn one(&self, program: &Node, scope: &Scope, at: &At) -> Result<Option<Value>, Stop> {
        Ok(self.collect(program, scope, at)?.into_iter().next())
    }

    /// Charges for comparing each item of two lists with each.
    pub fn charge_pairs(&self, left: &Value, right: &Value) -> Done {
        match (left, right) {
            (Value::List(left), Value::List(right)) => self.charge(left.len().saturating_mul(right.len()) / 64),
            _ => Ok(()),
        }
    }

    pub fn charge(&self, n: usize) -> Done {
        self.steps.set(self.steps.get().saturating_add(n));
        if self.steps.get() > MOST_STEPS || !self.budget.work(n) { Err(Stop::TooMuch) } else { Ok(()) }
    }

    /// Hands on a new value, and charges it by its size.
    pub fn give(&self, value: Value, emit: Emit<'_>) -> Done {
        let size = match &value {
            Value::Text(text) => Some(text.len() / 256).filter(|_| text.len() <= LONGEST_TEXT),
            other => weight(other, 0, 0),
        };
        self.charge(size.ok_or(Stop::TooMuch)?)?;
        emit(At::value(value))
    }

    pub fn run(&self, program: &Node, scope: &Scope, at: &At, emit: Emit<'_>) -> Done {
        self.charge(1)?;
        if self.depth.get() >= DEEPEST {
            return Err(Stop::Unknown);
        }
        self.depth.set(self.depth.get().saturating_add(1));
        let done = self.step(program, scope, at, emit);
        self.depth.set(self.depth.get().saturating_sub(1));
        done
    }

    fn step(&self, program: &Node, scope: &Scope, at: &At, emit: Emit<'_>) -> Done {
        match &**program {
            Jq::Identity => emit(at.clone()),
            Jq::Recurse => self.recurse(at, emit),
            Jq::Literal(value) => emit(At::value(value.clone())),
            Jq::Variable(name) => match find(scope, |known| known.name == *name && matches!(known.what, What::Variable(_))).as_deref() {
                Some(Name { what: What::Variable(value), .. }) => emit(At::value(value.clone())),
                _ => fault(),
            },
            Jq::Index(of, key) => self.run(of, scope, at, &mut |base| self.run(key, scope, at, &mut |key| emit(base.below(&key.value)?))),
            Jq::Slice(of, from, to) => self.run(of, scope, at, &mut |base| {
                if base.path.is_some() {
                    return Err(Stop::Unknown);
                }
                let (from, to) = (self.one(from, scope, at)?, self.one(to, scope, at)?);
                self.charge(base.value.as_str().map_or(0, |text| text.len() / 1024))?;
                self.give(slice(&base.value, &from.unwrap_or_default(), &to.unwrap_or_default())?, emit)
            }),
            Jq::Iterate(of) => self.run(of, scope, at, &mut |base| self.children(&base, emit)),
            Jq::Array(of) => {
                let items = of.as_ref().map_or(Ok(Vec::new()), |of| self.collect(of, scope, at))?;
                self.give(Value::list(items), emit)
            }
            Jq::Object(entries) => self.object(entries, scope, at, &Map::new(), emit),
            Jq::Format(name) => self.give(Value::text(&self.formatted(name, &at.value)?), emit),
            Jq::Joined(format, parts) => self.joined((format, parts), scope, at, "", emit),
            Jq::Pipe(left, right) => self.run(left, scope, at, &mut |value| self.run(right, scope, &value, emit)),
            Jq::Comma(left, right) => {
                self.run(left, scope, at, emit)?;
                self.run(right, scope, at, emit)
            }
            Jq::Negative(of) => self.run(of, scope, at, &mut |value| self.give(binary("-", &Value::Int(0), &value.value)?, emit)),
            Jq::If(condition, then, otherwise) => self.run(condition, scope, at, &mut |condition| {
                self.run(if holds(&condition.value) { then } else { otherwise }, scope, at, emit)
            }),
            Jq::Try(body, handler) => self.attempt(body, handler.as_ref(), scope, at, emit),
            Jq::Binary("//", left, right) => {
                let mut found = Vec::new();
                let all = self.run(left, scope, at, &mut |value| {
                    found.extend(Some(value).filter(|value| holds(&value.value)));
                    Ok(())
                });
                match all {
                    Err(Stop::Error(_)) | Ok(()) if found.is_empty() => self.run(right, scope, at, emit),
                    Err(Stop::Error(_)) | Ok(()) => found.into_iter().try_for_each(emit),
                    other => other,
                }
            }
            Jq::Binary(operator @ ("and" | "or"), left, right) => self.run(left, scope, at, &mut |left| {
                if holds(&left.value) == (*operator == "or") {
                    return emit(At::value(Value::Bool(holds(&left.value))));
                }
                self.run(right, scope, at, &mut |right| emit(At::value(Value::Bool(holds(&right.value)))))
            }),
            Jq::Binary(operator, left, right) => self.run(right, scope, at, &mut |right| {
                self.run(left, scope, at, &mut |left| {
                    self.charge_pairs(&left.value, &right.value)?;
                    self.give(binary(operator, &left.value, &right.value)?, emit)
                })
            }),
            Jq::Update(operator, left, right) => self.update((operator, left, right), scope, at, emit),
            Jq::Call(name, arguments) => self.call(name, arguments, scope, at, emit),
            Jq::Bind(source, pattern, body) => self.run(source, scope, at, &mut |value| {
                self.bind(pattern, &value.value, scope, at, &mut |inner| self.run(body, inner, at, emit))
            }),
            Jq::Reduce(source, pattern, first, update) => {
                let mut sum = self.one(first, scope, at)?.unwrap_or_default();
                self.run(source, scope, at, &mut |value| {
                    self.bind(pattern, &value.value, scope, at, &mut |inner| {
                        let before = At::value(std::mem::take(&mut sum));
                        sum = self.collect(update, inner, &before)?.pop().unwrap_or_default();
                        Ok(())
                    })
                })?;
                self.give(sum, emit)
            }
            Jq::Foreach(source, pattern, first, update, extract) => {
                let mut sum = At::value(self.one(first, scope, at)?.unwrap_or_default());
                self.run(source, scope, at, &mut |value| {
                    self.bind(pattern, &value.value, scope, at, &mut |inner| {
                        let before = sum.clone();
                        self.run(update, inner, &before, &mut |next| {
                            sum = At::value(next.value);
                            self.run(extract, inner, &sum, emit)
                        })
                    })
                })
            }
            Jq::Define(definition, body) => {
                let inner = named(scope, &definition.name, What::Function(Rc::clone(definition)));
                self.run(body, &inner, at, emit)
            }
            Jq::Label(name, body) => {
                let label = self.n_labels.get();
                self.n_labels.set(label.saturating_add(1));
                match self.run(body, &named(scope, name, What::Label(label)), at, emit) {
                    Err(Stop::Break(left)) if left == label => Ok(()),
                    done => done,
                }
            }
            Jq::Break(name) => match find(scope, |known| known.name == *name && matches!(known.what, What::Label(_))).as_deref() {
                Some(Name { what: What::Label(label), .. }) => Err(Stop::Break(*label)),
                _ => fault(),
            },
        }
    }

    fn recurse(&self, at: &At, emit: Emit<'_>) -> Done {
        self.charge(1)?;
        emit(at.clone())?;
        match &at.value {
            Value::List(_) | Value::Map(_) => self.children(at, &mut |child| self.recurse(&child, emit)),
            _ => Ok(()),
        }
    }

    /// The values in a list or a map.
    pub fn children(&self, at: &At, emit: Emit<'_>) -> Done {
        match &at.value {
            Value::List(items) => (0..items.len()).try_for_each(|nth| emit(at.below(&Value::Int(nth as i64))?)),
            Value::Map(map) => map.iter().try_for_each(|(key, _)| emit(at.below(&Value::Text(Rc::clone(key)))?)),
            _ => fault(),
        }
    }

    fn object(&self, entries: &[(Node, Node)], scope: &Scope, at: &At, map: &Map, emit: Emit<'_>) -> Done {
        let Some(((key, value), rest)) = entries.split_first() else {
            return self.give(Value::Map(Rc::new(map.clone())), emit);
        };
        self.run(key, scope, at, &mut |key| {
            let Some(key) = key.value.as_str().map(str::to_owned) else { return fault() };
            self.run(value, scope, at, &mut |value| {
                self.charge(map.len())?;
                let mut map = map.clone();
                map.insert(&*key, value.value);
                self.object(rest, scope, at, &map, emit)
            })
        })
    }

    /// A text with what its programs give, from the results of the first part on.
    fn joined(&self, (format, parts): (&str, &[Node]), scope: &Scope, at: &At, before: &str, emit: Emit<'_>) -> Done {
        let Some((part, rest)) = parts.split_first() else { return self.give(Value::text(before), emit) };
        // Texts and programs take turns, and a text comes last.
        let is_program = rest.len() % 2 == 1;
        self.run(part, scope, at, &mut |value| {
            let part = if is_program { self.formatted(format, &value.value)? } else { value.value.print().to_string() };
            self.joined((format, rest), scope, at, &format!("{before}{part}"), emit)
        })
    }

    /// `try`: only the errors of the body itself are caught, not those of what takes its results.
    fn attempt(&self, body: &Node, handler: Option<&Node>, scope: &Scope, at: &At, emit: Emit<'_>) -> Done {
        let mut outside = None;
        let done = self.run(body, scope, at, &mut |value| {
            emit(value).map_err(|stop| {
                outside = Some(stop);
                Stop::Break(u32::MAX)
            })
        });
        match (done, outside) {
            (_, Some(stop)) => Err(stop),
            (Err(Stop::Error(error)), None) => handler.map_or(Ok(()), |handler| self.run(handler, scope, &At::value(error), emit)),
            (done, None) => done,
        }
    }

    /// The names of a pattern, with the parts of a value.
    fn bind(&self, pattern: &Pattern, value: &Value, scope: &Scope, at: &At, then: &mut dyn FnMut(&Scope) -> Done) -> Done {
        match pattern {
            Pattern::Variable(name) => then(&named(scope, name, What::Variable(value.clone()))),
            Pattern::Array(items) => self.bind_items(items, 0, value, scope, at, then),
            Pattern::Object(entries) => self.bind_entries(entries, value, scope, at, then),
        }
    }

    fn bind_items(&self, items: &[Pattern], nth: i64, value: &Value, scope: &Scope, at: &At, then: &mut dyn FnMut(&Scope) -> Done) -> Done {
        let Some((first, rest)) = items.split_first() else { return then(scope) };
        let item = index(value, &Value::Int(nth))?;
        self.bind(first, &item, scope, at, &mut |inner| self.bind_items(rest, nth.saturating_add(1), value, inner, at, then))
    }

    fn bind_entries(
        &self,
        entries: &[(Node, Pattern)],
        value: &Value,
        scope: &Scope,
        at: &At,
        then: &mut dyn FnMut(&Scope) -> Done,
    ) -> Done {
        let Some(((key, pattern), rest)) = entries.split_first() else { return then(scope) };
        let key = self.one(key, scope, at)?.unwrap_or_default();
        self.bind(pattern, &index(value, &key)?, scope, at, &mut |inner| self.bind_entries(rest, value, inner, at, then))
    }

    /// The paths of the results of a program.
    pub fn paths(&self, program: &Node, scope: &Scope, value: &Value) -> Result<Vec<Vec<Value>>, Stop> {
        let mut paths = Vec::new();
        self.run(program, scope, &At { value: value.clone(), path: Some(None) }, &mut |at| {
            let Some(mut path) = at.path else { return fault() };
            let mut keys = Vec::new();
            while let Some(step) = path {
                keys.push(step.1.clone());
                path = step.0.clone();
            }
            keys.reverse();
            paths.push(keys);
            Ok(())
        })?;
        Ok(paths)
    }

    /// The value without what is at the end of a path.
    pub fn without(&self, value: Value, path: &[Value]) -> Found {
        let (value, n_moved) = deleted(value, path)?;
        self.charge(n_moved / 16)?;
        Ok(value)
    }

    fn update(&self, (operator, left, right): (&str, &Node, &Node), scope: &Scope, at: &At, emit: Emit<'_>) -> Done {
        let paths = self.paths(left, scope, &at.value)?;
        if operator == "|=" {
            let mut value = at.value.clone();
            for path in paths {
                value = match self.one(right, scope, &At::value(get(&value, &path)?))? {
                    Some(new) => set(value, &path, new)?,
                    None => self.without(value, &path)?,
                };
            }
            return self.give(value, emit);
        }
        self.run(right, scope, &At::value(at.value.clone()), &mut |with| {
            let mut value = at.value.clone();
            for path in &paths {
                let old = get(&value, path)?;
                let new = match operator {
                    "=" => with.value.clone(),
                    "//=" if holds(&old) => old,
                    "//=" => with.value.clone(),
                    operator => binary(operator.strip_suffix('=').unwrap_or(operator), &old, &with.value)?,
                };
                value = set(value, path, new)?;
            }
            self.give(value, emit)
        })
    }

    fn call(&self, name: &Rc<str>, arguments: &[Node], scope: &Scope, at: &At, emit: Emit<'_>) -> Done {
        let known = find(scope, |known| {
            known.name == *name
                && match &known.what {
                    What::Function(function) => function.parameters.len() == arguments.len(),
                    What::Argument(..) => arguments.is_empty(),
                    _ => false,
                }
        });
        match known {
            Some(known) => match &known.what {
                What::Argument(program, outer) => self.run(program, outer, at, emit),
                What::Function(function) => {
                    let inner = Some(Rc::clone(&known));
                    self.enter((&function.parameters, arguments), (&function.body, &inner), scope, at, emit)
                }
                _ => fault(),
            },
            None if self.native(name, arguments, scope, at, emit)? => Ok(()),
            None => {
                let Some(function) = self.of_prelude(name, arguments.len()) else { return fault() };
                self.enter((&function.parameters, arguments), (&function.body, &None), scope, at, emit)
            }
        }
    }

    /// Runs the body of a function once its arguments are known there.
    fn enter(
        &self,
        (parameters, arguments): (&[Rc<str>], &[Node]),
        (body, inner): (&Node, &Scope),
        scope: &Scope,
        at: &At,
        emit: Emit<'_>,
    ) -> Done {
        let Some(((name, parameters), (argument, arguments))) = parameters.split_first().zip(arguments.split_first()) else {
            return self.run(body, inner, at, emit);
        };
        let Some(name) = name.strip_prefix('$').map(Rc::from) else {
            let inner = named(inner, name, What::Argument(Rc::clone(argument), scope.clone()));
            return self.enter((parameters, arguments), (body, &inner), scope, at, emit);
        };
        self.run(argument, scope, &At::value(at.value.clone()), &mut |value| {
            let inner = named(inner, &name, What::Variable(value.value));
            self.enter((parameters, arguments), (body, &inner), scope, at, emit)
        })
    }

    fn of_prelude(&self, name: &str, n_arguments: usize) -> Option<Rc<Definition>> {
        let is_it = |known: &Definition| *known.name == *name && known.parameters.len() == n_arguments;
        if let Some(known) = self.known.borrow().iter().find(|known| is_it(known)) {
            return Some(Rc::clone(known));
        }
        let lines = include_str!("prelude.jq").lines().filter(|line| {
            let behind = line.strip_prefix("def ").and_then(|line| line.strip_prefix(name));
            behind.is_some_and(|behind| behind.starts_with(['(', ':']))
        });
        let found = Rc::new(lines.filter_map(definition).find(is_it)?);
        self.known.borrow_mut().push(Rc::clone(&found));
        Some(found)
    }

    /// The value of an argument; one without results is null.
    pub fn argument(&self, argument: &Node, scope: &Scope, at: &At) -> Found {
        Ok(self.one(argument, scope, &At::value(at.value.clone()))?.unwrap_or_default())
    }
}

fn find(scope: &Scope, is_it: impl Fn(&Name) -> bool) -> Scope {
    std::iter::successors(scope.clone(), |known| known.outer.clone()).find(|known| is_it(known))
}
