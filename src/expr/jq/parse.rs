//! The text of a `jq` program to its tree. Rules: jq 1.6; `None` for a text that is no program.

use std::rc::Rc;

use crate::cursor::Cursor;
use crate::syntax::Float;
use crate::value::Value;

/// A part of a program.
pub(super) type Node = Rc<Jq>;

/// A part of a program: from one value to any number of values.
#[derive(Debug)]
pub(super) enum Jq {
    Identity,
    /// `..`
    Recurse,
    Literal(Value),
    /// `$x`
    Variable(Rc<str>),
    /// What is taken from the results of the first: `.a`, `["a"]`, `[0]`.
    Index(Node, Node),
    /// `[1:2]`
    Slice(Node, Node, Node),
    /// `[]`
    Iterate(Node),
    /// `[f]`
    Array(Option<Node>),
    /// `{k: v}`
    Object(Vec<(Node, Node)>),
    /// `"a\(b)"`, each result written in a format: `text`, `base64`, ...
    Joined(Rc<str>, Vec<Node>),
    /// `@base64`
    Format(Rc<str>),
    Pipe(Node, Node),
    Comma(Node, Node),
    Binary(&'static str, Node, Node),
    /// `a |= b`, `a = b`, `a += b`, ...
    Update(&'static str, Node, Node),
    Negative(Node),
    If(Node, Node, Node),
    /// `f?`, `try f catch g`
    Try(Node, Option<Node>),
    Call(Rc<str>, Vec<Node>),
    /// `a as $x | b`
    Bind(Node, Pattern, Node),
    /// `reduce a as $x (b; c)`
    Reduce(Node, Pattern, Node, Node),
    /// `foreach a as $x (b; c; d)`
    Foreach(Node, Pattern, Node, Node, Node),
    /// `def f: a; b`
    Define(Rc<Definition>, Node),
    /// `label $x | a`
    Label(Rc<str>, Node),
    /// `break $x`
    Break(Rc<str>),
}

/// What takes a value apart: `$x`, `[$x, $y]`, `{a: $x}`.
#[derive(Debug)]
pub(super) enum Pattern {
    Variable(Rc<str>),
    Array(Vec<Pattern>),
    /// The key, and the pattern of what is behind it.
    Object(Vec<(Node, Pattern)>),
}

/// `def name(a; $b): body;`
#[derive(Debug)]
pub(super) struct Definition {
    pub name: Rc<str>,
    /// Those that are values begin with `$`.
    pub parameters: Vec<Rc<str>>,
    pub body: Node,
}

const DEEPEST: usize = 60;

/// Operators by precedence, lowest first; within a row, longer ones first.
const OPERATORS: [&[&str]; 9] = [
    &["|"],
    &[","],
    &["//"],
    &["//=", "|=", "+=", "-=", "*=", "/=", "%=", "="],
    &["or"],
    &["and"],
    &["==", "!=", "<=", ">=", "<", ">"],
    &["+", "-"],
    &["*", "/", "%"],
];
const ALTERNATIVE: usize = 2;
const UPDATES: usize = 3;

/// Parses a program.
pub(super) fn parse(text: &str) -> Option<Node> {
    let mut reader = Reader { cursor: Cursor::new(text), depth: 0 };
    reader.skip_space();
    let program = reader.program()?;
    reader.cursor.is_at_end().then_some(program)
}

/// Parses a definition, from its `def` to its semicolon.
pub(super) fn definition(text: &str) -> Option<Definition> {
    let mut reader = Reader { cursor: Cursor::new(text), depth: 0 };
    if reader.take("def") { reader.definition() } else { None }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Takes this sign or word, if it comes next.
    fn take(&mut self, word: &str) -> bool {
        let is_word = word.ends_with(|c: char| c.is_ascii_alphabetic());
        let mut ahead = self.cursor;
        let is_next = ahead.eat(word) && !(is_word && ahead.peek().is_some_and(is_of_name));
        if is_next {
            self.cursor = ahead;
            self.skip_space();
        }
        is_next
    }

    /// Takes this sign or word; nothing when another comes.
    fn need(&mut self, word: &str) -> Option<()> {
        self.take(word).then_some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        let mut ahead = self.cursor;
        let name = ahead.take_while(is_of_name);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.cursor = ahead;
        self.skip_space();
        Some(name)
    }

    /// `$name`
    fn variable(&mut self) -> Option<Rc<str>> {
        self.need("$")?;
        self.name().map(Rc::from)
    }

    /// Parses what stands within another part, or nothing when it is nested too deeply.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        let found = inner(self);
        self.depth = self.depth.saturating_sub(1);
        found
    }

    /// A whole program, as it stands in brackets.
    fn program(&mut self) -> Option<Node> {
        self.nested(|reader| {
            if !reader.take("def") {
                return reader.binary(0);
            }
            let definition = Rc::new(reader.definition()?);
            Some(Rc::new(Jq::Define(definition, reader.program()?)))
        })
    }

    /// Operators of this row and those of higher precedence.
    fn binary(&mut self, row: usize) -> Option<Node> {
        let Some(operators) = OPERATORS.get(row) else {
            return self.unary();
        };
        let mut left = self.binary(row.saturating_add(1))?;
        let mut n = 0_usize;
        while let Some(operator) = self.operator(row, operators) {
            n = n.saturating_add(1);
            if n > DEEPEST {
                return None;
            }
            // `|` and `//` group to the right, and a definition may stand behind `|`.
            let right = match row {
                0 => self.program()?,
                ALTERNATIVE => self.nested(|reader| reader.binary(ALTERNATIVE))?,
                row => self.binary(row.saturating_add(1))?,
            };
            left = Rc::new(match operator {
                "|" => Jq::Pipe(left, right),
                "," => Jq::Comma(left, right),
                operator if row == UPDATES => Jq::Update(operator, left, right),
                operator => Jq::Binary(operator, left, right),
            });
        }
        Some(left)
    }

    /// The operator of this row that comes next. One with `=` at its end is another one: `//` is not that of `//=`.
    fn operator(&mut self, row: usize, operators: &[&'static str]) -> Option<&'static str> {
        let found = operators.iter().copied().find(|operator| self.cursor.rest().starts_with(operator))?;
        let is_longer = |signs: &[&str]| signs.iter().any(|sign| sign.len() > found.len() && self.cursor.rest().starts_with(sign));
        let others = OPERATORS.iter().enumerate().filter(|(other, _)| *other != row);
        if others.into_iter().any(|(_, signs)| is_longer(signs)) {
            return None;
        }
        self.take(found).then_some(found)
    }

    fn unary(&mut self) -> Option<Node> {
        if self.take("-") {
            return Some(Rc::new(Jq::Negative(self.postfix()?)));
        }
        let term = self.postfix()?;
        if !self.take("as") {
            return Some(term);
        }
        let pattern = self.pattern(0)?;
        self.need("|")?;
        Some(Rc::new(Jq::Bind(term, pattern, self.program()?)))
    }

    fn pattern(&mut self, depth: usize) -> Option<Pattern> {
        if depth > DEEPEST {
            return None;
        }
        if self.take("[") {
            let mut items = vec![self.pattern(depth.saturating_add(1))?];
            while self.take(",") {
                items.push(self.pattern(depth.saturating_add(1))?);
            }
            self.need("]")?;
            return Some(Pattern::Array(items));
        }
        if !self.take("{") {
            return self.variable().map(Pattern::Variable);
        }
        let mut entries = Vec::new();
        while entries.is_empty() || self.take(",") {
            if self.cursor.rest().starts_with('$') {
                let name = self.variable()?;
                entries.push((literal(&name), Pattern::Variable(name)));
                continue;
            }
            let key = self.object_key()?;
            self.need(":")?;
            entries.push((key, self.pattern(depth.saturating_add(1))?));
        }
        self.need("}")?;
        Some(Pattern::Object(entries))
    }

    /// `name(a; $b): body;`, behind its `def`.
    fn definition(&mut self) -> Option<Definition> {
        let name = Rc::from(self.name()?);
        let mut parameters: Vec<Rc<str>> = Vec::new();
        if self.take("(") {
            while parameters.is_empty() || self.take(";") {
                let is_value = self.take("$");
                let name = self.name()?;
                parameters.push(if is_value { format!("${name}").into() } else { name.into() });
            }
            self.need(")")?;
        }
        self.need(":")?;
        let body = self.program()?;
        self.need(";")?;
        Some(Definition { name, parameters, body })
    }

    fn postfix(&mut self) -> Option<Node> {
        let mut term = self.term()?;
        for _ in 0..DEEPEST {
            if self.cursor.rest().starts_with('.') && !self.cursor.rest().starts_with("..") {
                self.take(".");
                if !self.cursor.rest().starts_with('[') {
                    let key = self.key()?;
                    term = Rc::new(Jq::Index(term, key));
                }
            } else if self.take("[") {
                if self.take("]") {
                    term = Rc::new(Jq::Iterate(term));
                    continue;
                }
                let from = if self.cursor.rest().starts_with(':') { Rc::new(Jq::Literal(Value::Null)) } else { self.program()? };
                if self.take(":") {
                    let to = if self.cursor.rest().starts_with(']') { Rc::new(Jq::Literal(Value::Null)) } else { self.program()? };
                    term = Rc::new(Jq::Slice(term, from, to));
                } else {
                    term = Rc::new(Jq::Index(term, from));
                }
                self.need("]")?;
            } else if self.take("?") {
                term = Rc::new(Jq::Try(term, None));
            } else {
                return Some(term);
            }
        }
        None
    }

    /// A name or a text, as it stands behind `.` and before `:`.
    fn key(&mut self) -> Option<Node> {
        if self.cursor.rest().starts_with('"') { self.text("text") } else { self.name().map(literal) }
    }

    /// A key of an object: a name, a text, or `(f)`.
    fn object_key(&mut self) -> Option<Node> {
        if !self.take("(") {
            return self.key();
        }
        let key = self.program()?;
        self.need(")")?;
        Some(key)
    }

    /// A text in quotes; what its programs give is written in a format.
    fn text(&mut self, format: &str) -> Option<Node> {
        let mut parts = Vec::new();
        self.cursor.bump();
        loop {
            parts.push(unquoted(self.plain()?)?);
            if self.cursor.eat("\"") {
                break;
            }
            self.cursor.eat("\\(");
            self.skip_space();
            parts.push(self.program()?);
            // The text goes on right behind the bracket.
            self.cursor.eat(")").then_some(())?;
        }
        self.skip_space();
        if let [text] = &*parts {
            return Some(Rc::clone(text));
        }
        Some(Rc::new(Jq::Joined(format.into(), parts)))
    }

    /// Moves to the quote that ends a text, or to a `\(` in it, and returns what it moved over.
    fn plain(&mut self) -> Option<&'a str> {
        let start = self.cursor.at();
        loop {
            match (self.cursor.peek()?, self.cursor.peek_at(1)) {
                ('"', _) | ('\\', Some('(')) => return Some(self.cursor.since(start)),
                ('\\', _) => self.cursor.bump(),
                _ => None,
            };
            self.cursor.bump();
        }
    }

    /// Moves over white space and comments. A comment goes from `#` to the end of its line.
    fn skip_space(&mut self) {
        self.cursor.skip_space();
        while self.cursor.peek() == Some('#') {
            self.cursor.take_while(|c| !matches!(c, '\n' | '\r'));
            self.cursor.skip_space();
        }
    }

    fn term(&mut self) -> Option<Node> {
        let rest = self.cursor.rest();
        if self.take("..") {
            return Some(Rc::new(Jq::Recurse));
        }
        if self.take("(") {
            let inner = self.program()?;
            self.need(")")?;
            return Some(inner);
        }
        if self.take("[") {
            if self.take("]") {
                return Some(Rc::new(Jq::Array(None)));
            }
            let inner = self.program()?;
            self.need("]")?;
            return Some(Rc::new(Jq::Array(Some(inner))));
        }
        if self.take("{") {
            return self.object();
        }
        if rest.starts_with('"') {
            return self.text("text");
        }
        if rest.starts_with('$') {
            return self.variable().map(|name| Rc::new(Jq::Variable(name)));
        }
        if self.take("@") {
            let format = self.name()?;
            let format: &str = format;
            return if self.cursor.rest().starts_with('"') { self.text(format) } else { Some(Rc::new(Jq::Format(format.into()))) };
        }
        if let Some(behind) = rest.strip_prefix('.') {
            self.take(".");
            let has_key = behind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"');
            let identity = Rc::new(Jq::Identity);
            return Some(if has_key { Rc::new(Jq::Index(identity, self.key()?)) } else { identity });
        }
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        let name = self.name()?;
        Some(Rc::new(match name {
            "true" => Jq::Literal(Value::Bool(true)),
            "false" => Jq::Literal(Value::Bool(false)),
            "null" => Jq::Literal(Value::Null),
            "if" => return self.condition(),
            "try" => {
                let body = self.nested(Self::postfix)?;
                let handler = if self.take("catch") { Some(self.nested(Self::postfix)?) } else { None };
                Jq::Try(body, handler)
            }
            "reduce" | "foreach" => {
                let source = self.nested(Self::postfix)?;
                self.need("as")?;
                let pattern = self.pattern(0)?;
                self.need("(")?;
                let first = self.program()?;
                self.need(";")?;
                let update = self.program()?;
                let extract = if name == "foreach" && self.take(";") { self.program()? } else { Rc::new(Jq::Identity) };
                self.need(")")?;
                match name {
                    "reduce" => Jq::Reduce(source, pattern, first, update),
                    _ => Jq::Foreach(source, pattern, first, update, extract),
                }
            }
            "label" => {
                let name = self.variable()?;
                self.need("|")?;
                Jq::Label(name, self.program()?)
            }
            "break" => Jq::Break(self.variable()?),
            "def" | "as" | "then" | "elif" | "else" | "end" | "catch" | "and" | "or" | "import" | "include" => return None,
            _ => Jq::Call(name.into(), self.arguments()?),
        }))
    }

    fn number(&mut self) -> Option<Node> {
        let start = self.cursor.at();
        self.cursor.take_while(|c| c.is_ascii_digit() || c == '.');
        let mut exponent = self.cursor;
        if exponent.eat_if(|c| matches!(c, 'e' | 'E')).is_some() {
            exponent.eat_if(|c| matches!(c, '+' | '-'));
            if !exponent.take_while(|c| c.is_ascii_digit()).is_empty() {
                self.cursor = exponent;
            }
        }
        let number = self.cursor.since(start);
        self.skip_space();
        let whole = number.parse().ok().map(Value::Int);
        whole.or_else(|| number.parse().ok().map(|number| Value::Float(Float(number)))).map(|value| Rc::new(Jq::Literal(value)))
    }

    fn arguments(&mut self) -> Option<Vec<Node>> {
        let mut arguments = Vec::new();
        if self.take("(") {
            arguments.push(self.program()?);
            while self.take(";") {
                arguments.push(self.program()?);
            }
            self.need(")")?;
        }
        Some(arguments)
    }

    /// `if a then b elif c then d else e end`, behind its `if`.
    fn condition(&mut self) -> Option<Node> {
        let condition = self.program()?;
        self.need("then")?;
        let then = self.program()?;
        let otherwise = if self.take("elif") {
            self.nested(Self::condition)?
        } else {
            self.need("else")?;
            let otherwise = self.program()?;
            self.need("end")?;
            otherwise
        };
        Some(Rc::new(Jq::If(condition, then, otherwise)))
    }

    /// `{a: f, "b": g, (k): h, c, $d}`, behind its bracket.
    fn object(&mut self) -> Option<Node> {
        let mut entries = Vec::new();
        while !self.take("}") {
            if !entries.is_empty() {
                self.need(",")?;
            }
            if self.cursor.rest().starts_with('$') {
                let name = self.variable()?;
                entries.push((literal(&name), Rc::new(Jq::Variable(name))));
                continue;
            }
            let key = self.object_key()?;
            let value = if self.take(":") {
                // A value goes up to the next comma.
                self.binary(ALTERNATIVE)?
            } else {
                Rc::new(Jq::Index(Rc::new(Jq::Identity), Rc::clone(&key)))
            };
            entries.push((key, value));
        }
        Some(Rc::new(Jq::Object(entries)))
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn literal(text: &str) -> Node {
    Rc::new(Jq::Literal(Value::text(text)))
}

/// What a part of a text in quotes stands for.
fn unquoted(text: &str) -> Option<Node> {
    Value::from_json(&format!("\"{text}\"")).map(|value| Rc::new(Jq::Literal(value)))
}
