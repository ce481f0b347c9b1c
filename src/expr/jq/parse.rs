//! The text of a `jq` program to its tree. Rules: jq 1.6; `None` for what is not supported.

use crate::syntax::Float;
use crate::value::Value;

/// A part of a program: from one value to any number of values.
#[derive(Debug)]
pub(super) enum Jq {
    Identity,
    /// `..`
    Recurse,
    Literal(Value),
    /// What is taken from the results of the first: `.a`, `["a"]`, `[0]`.
    Index(Box<[Jq; 2]>),
    /// `[1:2]`
    Slice(Box<[Jq; 3]>),
    /// `[]`
    Iterate(Box<Jq>),
    /// `[f]`
    Array(Box<Jq>),
    /// `{k: v}`
    Object(Vec<(Jq, Jq)>),
    Pipe(Box<[Jq; 2]>),
    Comma(Box<[Jq; 2]>),
    Binary(&'static str, Box<[Jq; 2]>),
    Negative(Box<Jq>),
    If(Box<[Jq; 3]>),
    /// `f?`
    Try(Box<Jq>),
    Call(String, Vec<Jq>),
}

const DEEPEST: usize = 60;

/// Operators by precedence, lowest first; within a row, longer ones first.
const OPERATORS: [&[&str]; 8] =
    [&["|"], &[","], &["//"], &["or"], &["and"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

/// Parses a program.
pub(super) fn parse(text: &str) -> Option<Jq> {
    let mut reader = Reader { rest: text.trim(), depth: 0 };
    let program = reader.binary(0)?;
    reader.rest.is_empty().then_some(program)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Takes this sign or word, if it comes next.
    fn take(&mut self, word: &str) -> bool {
        let is_word = word.ends_with(|c: char| c.is_ascii_alphabetic());
        let after = self.rest.strip_prefix(word);
        let after = after.filter(|after| !is_word || !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
        if let Some(after) = after {
            self.rest = after.trim_start();
        }
        after.is_some()
    }

    fn name(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at_checked(end)?;
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.rest = after.trim_start();
        Some(name)
    }

    /// Operators of this row and those of higher precedence.
    fn binary(&mut self, row: usize) -> Option<Jq> {
        let Some(operators) = OPERATORS.get(row) else {
            return self.unary();
        };
        self.depth += usize::from(row == 0);
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.binary(row + 1)?;
        let mut n = 0;
        while let Some(operator) = self.operator(operators) {
            n += 1;
            if n > DEEPEST {
                return None;
            }
            // `|` and `//` group to the right; for `|` this makes no difference.
            let right = self.binary(if operator == "//" { row } else { row + 1 })?;
            let sides = Box::new([left, right]);
            left = match operator {
                "|" => Jq::Pipe(sides),
                "," => Jq::Comma(sides),
                operator => Jq::Binary(operator, sides),
            };
        }
        self.depth -= usize::from(row == 0);
        Some(left)
    }

    fn operator(&mut self, operators: &[&'static str]) -> Option<&'static str> {
        // `//` is not a division.
        let operators = operators.iter().copied().filter(|operator| *operator != "/" || !self.rest.starts_with("//"));
        let found = operators.into_iter().find(|operator| self.rest.starts_with(operator))?;
        self.take(found).then_some(found)
    }

    fn unary(&mut self) -> Option<Jq> {
        if self.take("-") {
            return Some(Jq::Negative(Box::new(self.postfix()?)));
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Option<Jq> {
        let mut term = self.term()?;
        for _ in 0..DEEPEST {
            if self.rest.starts_with('.') && !self.rest.starts_with("..") {
                self.take(".");
                if !self.rest.starts_with('[') {
                    let key = self.key()?;
                    term = Jq::Index(Box::new([term, key]));
                }
            } else if self.take("[") {
                if self.take("]") {
                    term = Jq::Iterate(Box::new(term));
                    continue;
                }
                let from = if self.rest.starts_with(':') { Jq::Literal(Value::Null) } else { self.binary(0)? };
                if self.take(":") {
                    let to = if self.rest.starts_with(']') { Jq::Literal(Value::Null) } else { self.binary(0)? };
                    term = Jq::Slice(Box::new([term, from, to]));
                } else {
                    term = Jq::Index(Box::new([term, from]));
                }
                if !self.take("]") {
                    return None;
                }
            } else if self.take("?") {
                term = Jq::Try(Box::new(term));
            } else {
                return Some(term);
            }
        }
        None
    }

    /// A name or a text, as it stands behind `.` and before `:`.
    fn key(&mut self) -> Option<Jq> {
        if self.rest.starts_with('"') { self.text() } else { self.name().map(|name| Jq::Literal(Value::text(name))) }
    }

    fn text(&mut self) -> Option<Jq> {
        let mut at = 1;
        let bytes = self.rest.as_bytes();
        while *bytes.get(at)? != b'"' {
            if bytes[at] == b'\\' {
                at += 1;
                if bytes.get(at) == Some(&b'(') {
                    return None; // a text with a program in it
                }
            }
            at += 1;
        }
        let (text, after) = self.rest.split_at_checked(at + 1)?;
        self.rest = after.trim_start();
        Value::from_json(text).map(Jq::Literal)
    }

    fn term(&mut self) -> Option<Jq> {
        let rest = self.rest;
        if self.take("..") {
            return Some(Jq::Recurse);
        }
        if self.take("(") {
            let inner = self.binary(0)?;
            return self.take(")").then_some(inner);
        }
        if self.take("[") {
            if self.take("]") {
                return Some(Jq::Literal(Value::list([])));
            }
            let inner = self.binary(0)?;
            return self.take("]").then(|| Jq::Array(Box::new(inner)));
        }
        if self.take("{") {
            return self.object();
        }
        if rest.starts_with('"') {
            return self.text();
        }
        if rest.starts_with('.') {
            self.take(".");
            let has_key = self.rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"') && !rest.starts_with(". ");
            return Some(if has_key { Jq::Index(Box::new([Jq::Identity, self.key()?])) } else { Jq::Identity });
        }
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, after) = rest.split_at_checked(end)?;
            self.rest = after.trim_start();
            let whole = number.parse().ok().map(Value::Int);
            return whole.or_else(|| number.parse().ok().map(|number| Value::Float(Float(number)))).map(Jq::Literal);
        }
        if self.take("if") {
            return self.condition();
        }
        let name = self.name()?;
        let literal = match name {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            "reduce" | "foreach" | "def" | "as" | "try" | "label" | "then" | "elif" | "else" | "end" => return None,
            _ => None,
        };
        if let Some(value) = literal {
            return Some(Jq::Literal(value));
        }
        let mut args = Vec::new();
        if self.take("(") {
            args.push(self.binary(0)?);
            while self.take(";") {
                args.push(self.binary(0)?);
            }
            if !self.take(")") {
                return None;
            }
        }
        Some(Jq::Call(name.to_owned(), args))
    }

    /// `if a then b elif c then d else e end`, behind its `if`.
    fn condition(&mut self) -> Option<Jq> {
        self.depth += 1;
        let condition = self.binary(0)?;
        if !self.take("then") {
            return None;
        }
        let then = self.binary(0)?;
        let otherwise = if self.take("elif") {
            self.condition()?
        } else {
            let otherwise = if self.take("else") { self.binary(0)? } else { Jq::Identity };
            if !self.take("end") {
                return None;
            }
            otherwise
        };
        self.depth -= 1;
        Some(Jq::If(Box::new([condition, then, otherwise])))
    }

    /// `{a: f, "b": g, (k): h, c}`, behind its bracket.
    fn object(&mut self) -> Option<Jq> {
        let mut entries = Vec::new();
        while !self.take("}") {
            if !entries.is_empty() && !self.take(",") {
                return None;
            }
            let is_computed = self.take("(");
            let key = if is_computed { self.binary(0)? } else { self.key()? };
            if is_computed && !self.take(")") {
                return None;
            }
            let value = if self.take(":") {
                // A value goes up to the next comma.
                self.binary(2)?
            } else {
                match &key {
                    Jq::Literal(name) => Jq::Index(Box::new([Jq::Identity, Jq::Literal(name.clone())])),
                    _ => return None,
                }
            };
            entries.push((key, value));
        }
        Some(Jq::Object(entries))
    }
}
