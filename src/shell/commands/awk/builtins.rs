//! The functions of `awk`, and its regular expressions.

use std::rc::Rc;

use super::run::{Cell, Halt, Outcome, Run};
use super::tree::{self, Expr};
use super::value::{Array, Separator, Value};
use crate::regex::{Posix, Regex};
use crate::shell::commands::date;
use crate::shell::escape::control;

/// How many compiled patterns are kept.
const MOST_PATTERNS: usize = 64;

impl Run<'_, '_> {
    pub fn builtin(&mut self, name: &str, arguments: &[Expr]) -> Outcome<Value> {
        let text = |text: String| Value::Text(text.into());
        Ok(match (name, arguments) {
            ("length", []) => Value::Number(self.whole_record().chars().count() as f64),
            ("length", [Expr::Name(name)]) if matches!(self.cell(*name), Some(Cell::Array(_))) => {
                Value::Number(self.array(*name)?.borrow().size() as f64)
            }
            ("length", [of, ..]) => Value::Number(self.text(of)?.chars().count() as f64),
            ("substr", [of, from, rest @ ..]) => {
                let (of, from) = (self.text(of)?, self.number(from)?.round());
                let length = rest.first().map_or(Ok(f64::INFINITY), |length| self.number(length))?.round();
                let begin = from.max(1.0);
                let n = from + length - begin;
                text(of.chars().skip((begin - 1.0) as usize).take(n.max(0.0) as usize).collect())
            }
            ("index", [of, wanted]) => {
                let (of, wanted) = (self.text(of)?, self.text(wanted)?);
                let found = of.find(&*wanted).and_then(|at| of.get(..at));
                Value::Number(found.map_or(0.0, |before| before.chars().count() as f64 + 1.0))
            }
            ("split", [of, Expr::Name(name), rest @ ..]) => {
                let of = self.text(of)?;
                let by = match rest.first() {
                    Some(Expr::Regex(regex)) => Separator::Regex(self.regex(regex)?),
                    Some(by) => {
                        let by = self.text(by)?;
                        self.separator(&by)?
                    }
                    None => {
                        let by = self.special(tree::FS);
                        self.separator(&by)?
                    }
                };
                let pieces = self.pieces(&of, &by)?;
                let n_pieces = pieces.len();
                let mut items = Array::default();
                // The keys are texts: in the order of their numbers each would move many others.
                let mut keyed: Vec<(Rc<str>, String)> = (1..=n_pieces).map(|nth| nth.to_string().into()).zip(pieces).collect();
                keyed.sort();
                keyed.into_iter().for_each(|(key, piece)| items.insert(key, Value::Read(piece.into())));
                *self.array(*name)?.borrow_mut() = items;
                Value::Number(n_pieces as f64)
            }
            ("sub" | "gsub", [pattern, with, to @ ..]) => {
                let (pattern, with) = (self.pattern(pattern)?, self.text(with)?);
                let record = Expr::Field(Box::new(Expr::Number(0.0)));
                let to = to.first().unwrap_or(&record);
                let of = self.text(to)?;
                let (made, n) = self.replaced(&of, &pattern, &with, if name == "sub" { Some(1) } else { None }, false)?;
                if n > 0 {
                    self.assign(to, text(made))?;
                }
                Value::Number(n as f64)
            }
            ("gensub", [pattern, with, how, of @ ..]) => {
                let (pattern, with, how) = (self.pattern(pattern)?, self.text(with)?, self.eval(how)?);
                let of = match of.first() {
                    Some(of) => self.text(of)?,
                    None => self.whole_record(),
                };
                let all = self.text_of(&how).starts_with(['g', 'G']);
                let nth = if all { None } else { Some(how.number().max(1.0) as usize) };
                text(self.replaced(&of, &pattern, &with, nth, true)?.0)
            }
            ("match", [of, pattern, rest @ ..]) => {
                let (of, pattern) = (self.text(of)?, self.pattern(pattern)?);
                let regex = self.regex(&pattern)?;
                self.affords(&regex, &of)?;
                let groups = regex.find(&of);
                let found = groups.as_ref().and_then(|groups| groups.get(0));
                let start = found.and_then(|found| of.get(..found.start())).map_or(0.0, |before| before.chars().count() as f64 + 1.0);
                self.sets(tree::RSTART, Value::Number(start));
                self.sets(tree::RLENGTH, Value::Number(found.map_or(-1.0, |found| found.as_str().chars().count() as f64)));
                if let Some(Expr::Name(name)) = rest.first() {
                    let groups = groups.iter().flat_map(|groups| groups.iter()).enumerate();
                    let items = groups.filter_map(|(nth, group)| Some((nth.to_string().into(), Value::Read(group?.as_str().into()))));
                    *self.array(*name)?.borrow_mut() = items.collect();
                }
                Value::Number(start)
            }
            ("sprintf", values) => text(self.formatted(values)?),
            ("tolower", [of]) => text(self.text(of)?.to_lowercase()),
            ("toupper", [of]) => text(self.text(of)?.to_uppercase()),
            ("int", [of]) => Value::Number(self.number(of)?.trunc()),
            ("sqrt", [of]) => Value::Number(self.number(of)?.sqrt()),
            ("rand", _) => Value::Number((self.shell.draw() >> 11) as f64 / (1u64 << 53) as f64),
            ("srand", rest) => {
                if let Some(seed) = rest.first() {
                    self.eval(seed)?;
                }
                Value::Number(0.0)
            }
            ("systime", _) => Value::Number(self.now().div_euclid(1000) as f64),
            ("strftime", rest) => {
                let format = rest.first().map_or_else(|| Ok("%a %b %e %H:%M:%S UTC %Y".into()), |format| self.text(format))?;
                let at = match rest.get(1) {
                    Some(seconds) => (self.number(seconds)? as i64).saturating_mul(1000),
                    None => self.now(),
                };
                text(date::formatted(at, &format))
            }
            ("system", [command]) => {
                let command = self.text(command)?;
                Value::Number(f64::from(self.runs(&command, None)?))
            }
            ("close", [name]) => {
                let name = self.text(name)?;
                Value::Number(self.closes(&name)?)
            }
            ("fflush", _) => {
                self.flushes();
                Value::Number(0.0)
            }
            _ => return Err(Halt::Unsupported),
        })
    }

    fn now(&self) -> i64 {
        self.shell.state.clock.epoch_ms(self.shell.setup.start_epoch_ms)
    }

    /// A text with its matches replaced, all or the n-th, and how many were. With groups `\1` is the first of them.
    fn replaced(&mut self, of: &str, pattern: &str, with: &str, nth: Option<usize>, has_groups: bool) -> Outcome<(String, usize)> {
        let regex = self.regex(pattern)?;
        self.affords(&regex, of)?;
        let (mut n_found, mut n_replaced) = (0usize, 0usize);
        let mut most = crate::shell::state::MOST_BYTES;
        let made = regex.replace(of, &mut |groups, out| {
            n_found = n_found.saturating_add(1);
            let group = |nth: usize| groups.get(nth).map_or("", |group| group.as_str());
            if nth.is_some_and(|nth| nth != n_found) {
                *out += group(0);
                return;
            }
            n_replaced = n_replaced.saturating_add(1);
            let before = out.len();
            let mut chars = with.chars().peekable();
            while let Some(c) = chars.next().filter(|_| most > 0) {
                match c {
                    '&' => *out += group(0),
                    '\\' => match chars.peek().copied() {
                        Some(next @ ('&' | '\\')) => {
                            chars.next();
                            out.push(next);
                        }
                        Some(digit) if has_groups && digit.is_ascii_digit() => {
                            chars.next();
                            *out += group(digit.to_digit(10).unwrap_or(0) as usize);
                        }
                        _ => out.push('\\'),
                    },
                    c => out.push(c),
                }
            }
            most = most.saturating_sub(out.len().saturating_sub(before));
        });
        self.work(if most == 0 { usize::MAX } else { made.len() })?;
        Ok((made, n_replaced))
    }

    pub fn matches(&mut self, text: &str, pattern: &str) -> Outcome<bool> {
        let regex = self.regex(pattern)?;
        self.affords(&regex, text)?;
        Ok(regex.find(text).is_some())
    }

    /// A search that takes too much work is not simulated.
    pub fn affords(&self, regex: &Regex, text: &str) -> Outcome<()> {
        if regex.affords(text.len(), self.shell.setup.budget) { Ok(()) } else { Err(Halt::Unsupported) }
    }

    /// A compiled pattern.
    pub fn regex(&mut self, pattern: &str) -> Outcome<Rc<Regex>> {
        if let Some(regex) = self.regexes.get(pattern) {
            return Ok(Rc::clone(regex));
        }
        self.work(pattern.len().saturating_add(16).saturating_mul(64))?;
        let regex = Regex::posix(&extended(pattern), Posix::Extended, false).map_err(|_| Halt::Unsupported)?;
        let regex = Rc::new(regex);
        if self.regexes.size() >= MOST_PATTERNS {
            self.regexes = crate::collections::Sorted::default();
        }
        self.regexes.insert(pattern.into(), Rc::clone(&regex));
        Ok(regex)
    }
}

/// A pattern of `awk` as an extended one of POSIX, in whose brackets a backslash is plain.
fn extended(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c) => match plain(c) {
                    Some(control) => out.push(control),
                    None if matches!(c, '/' | '"') => out.push(c),
                    None if c == 'y' => out += "\\b",
                    None => out.extend(['\\', c]),
                },
                None => out += "\\\\",
            },
            '[' => {
                // What stands in brackets; a closing one comes first, and a minus last.
                let is_negated = chars.next_if_eq(&'^').is_some();
                let (mut inner, mut has_close, mut has_minus) = (String::new(), chars.next_if_eq(&']').is_some(), false);
                while let Some(c) = chars.next().filter(|c| *c != ']') {
                    match c {
                        '\\' => match chars.next() {
                            Some(']') => has_close = true,
                            Some('-') => has_minus = true,
                            Some(c) => inner.push(plain(c).unwrap_or(c)),
                            None => {}
                        },
                        '[' if chars.next_if_eq(&':').is_some() => {
                            inner += "[:";
                            inner.extend(std::iter::from_fn(|| chars.next_if(|c| *c != ']')));
                            inner.extend(chars.next());
                        }
                        c => inner.push(c),
                    }
                }
                let (close, minus) = (if has_close { "]" } else { "" }, if has_minus { "-" } else { "" });
                out.extend(["[", if is_negated { "^" } else { "" }, close, &inner, minus, "]"]);
            }
            c => out.push(c),
        }
    }
    out
}

/// The control character that a backslash and this letter stand for in a pattern, where `\b` is no character.
fn plain(letter: char) -> Option<char> {
    control(letter).filter(|_| letter != 'b')
}
