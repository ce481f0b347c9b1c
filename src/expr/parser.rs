//! The words of an expression to its tree. Rules and messages: Pebble's expression parser, with Kestra's operators.

use std::borrow::Cow;
use std::rc::Rc;

use super::dialect::{Dialect, Wording};
use super::lexer::{Kind, Lexer, Token};
use super::tree::{Args, Condition, Expr, Fault, First, Op, Outcome, Step, StepKind};
use crate::cursor::Cursor;
use crate::syntax::Float;
use crate::value::Value;

/// How deep brackets, branches and tags may nest.
pub(super) const DEEPEST: usize = 100;

/// The precedence of operators with one operand: above all that have two.
const UNARY: u8 = 200;

/// Reads expressions, from one position of a text.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    /// The word to be read next.
    pub token: Token<'a>,
    depth: usize,
}

/// The precedence of an operator, and which it is. `is` and `|` are not an [`Op`]: what follows them is not an expression.
fn binary(word: &str, dialect: &Dialect) -> Option<(u8, Option<Op>)> {
    Some(match word {
        "or" => (10, Some(Op::Or)),
        "and" => (15, Some(Op::And)),
        "is" | "is not" => (20, None),
        "contains" => (20, Some(Op::Contains)),
        "isIn" => (dialect.membership, Some(Op::In)),
        "isNotIn" => (30, Some(Op::NotIn)),
        "==" | "equals" => (30, Some(Op::Equal)),
        "!=" => (30, Some(Op::Unequal)),
        ">" => (30, Some(Op::Greater)),
        ">=" => (30, Some(Op::GreaterEqual)),
        "<" => (30, Some(Op::Less)),
        "<=" => (30, Some(Op::LessEqual)),
        "+" => (40, Some(Op::Add)),
        "-" => (40, Some(Op::Subtract)),
        "*" => (60, Some(Op::Multiply)),
        "/" => (60, Some(Op::Divide)),
        "%" => (60, Some(Op::Modulo)),
        "|" => (100, None),
        "~" => (110, Some(Op::Concat)),
        ".." => (120, Some(Op::Range)),
        "??" => (dialect.fallback, Some(Op::IfNull)),
        "???" => (dialect.fallback, Some(Op::IfUndefined)),
        _ => return None,
    })
}

impl<'a> Parser<'a> {
    /// A parser that begins at this place of a text and reads up to `close`.
    pub fn new(cursor: Cursor<'a>, dialect: &'a Dialect, close: &'static str, depth: usize) -> Outcome<Self> {
        let mut lexer = Lexer { cursor, dialect, close, brackets: 0 };
        let token = lexer.next()?;
        Ok(Self { lexer, token, depth })
    }

    /// Reads the next word, and returns the one before it.
    pub fn advance(&mut self) -> Outcome<Token<'a>> {
        let read = self.token;
        self.token = self.lexer.next()?;
        Ok(read)
    }

    /// How a message names this word when it is not expected.
    pub fn unexpected<T>(&self, expected: &str) -> Outcome<T> {
        let Token { kind, text, .. } = self.token;
        let text = if kind == Kind::End { "null" } else { text };
        Err(Fault::new(
            format!("Unexpected token of value \"{text}\" and type {}, expected token of type {expected}", kind.name()),
            self.token.span(),
        ))
    }

    fn mark(&mut self, mark: &str) -> Outcome<()> {
        if self.token.is(mark) {
            return self.advance().map(drop);
        }
        let value = if self.lexer.dialect.wording == Wording::Plain { format!(" with value \"{mark}\"") } else { String::new() };
        self.unexpected(&format!("PUNCTUATION{value}"))
    }

    /// A name that a value is assigned to.
    pub fn name(&mut self) -> Outcome<&'a str> {
        if self.token.kind == Kind::Name {
            return Ok(self.advance()?.text);
        }
        self.unexpected("NAME")
    }

    /// The place behind the words read so far, when the last of them closes the braces; and whether white space behind
    /// it is removed.
    pub fn close(&self) -> Outcome<(Cursor<'a>, bool)> {
        if self.token.kind == Kind::Close {
            return Ok((self.lexer.cursor, self.token.text.len() == 3));
        }
        self.unexpected(if self.lexer.close == "}}" { "PRINT_END" } else { "EXECUTE_END" })
    }

    /// An expression.
    pub fn expression(&mut self) -> Outcome<Expr<'a>> {
        self.chain(0)
    }

    /// An expression that decides what is evaluated.
    pub fn condition(&mut self) -> Outcome<Condition<'a>> {
        let expr = self.expression()?;
        Ok(self.condition_of(expr))
    }

    /// As a condition, the expression that was just read.
    fn condition_of(&self, expr: Expr<'a>) -> Condition<'a> {
        let text = self.lexer.cursor.text().get(expr.at..self.token.at).unwrap_or_default().trim_ascii();
        Condition { expr, text }
    }

    /// An expression whose operators have at least this precedence.
    fn chain(&mut self, weakest: u8) -> Outcome<Expr<'a>> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(Fault::new(format!("more than {DEEPEST} expressions within each other"), self.token.span()));
        }
        let mut expr = self.operand()?;
        while self.token.kind == Kind::Operator
            && let Some((strength, op)) = binary(self.token.text, self.lexer.dialect)
            && strength >= weakest
        {
            let operator = self.advance()?;
            let kind = match op {
                Some(op) => StepKind::Binary(op, self.chain(strength.saturating_add(1))?),
                None => {
                    let (name, args) = self.call()?;
                    if operator.text == "|" { StepKind::Filter(name, args) } else { StepKind::Test(operator.text == "is", name, args) }
                }
            };
            expr.steps.push(Step { kind, at: operator.at });
        }
        if weakest == 0 && self.token.is("?") {
            let (at, condition) = (expr.at, self.condition_of(expr));
            self.advance()?;
            let then = self.expression()?;
            self.mark(":")?;
            let otherwise = self.expression()?;
            expr = Expr { at, first: First::Choice(Box::new((condition, then, otherwise))), steps: Vec::new() };
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(expr)
    }

    /// The name of a filter or a test, with its arguments.
    fn call(&mut self) -> Outcome<(&'a str, Args<'a>)> {
        let name = self.name()?;
        Ok((name, if self.token.is("(") { self.arguments()? } else { Args::default() }))
    }

    /// Filters with `|` between them.
    pub fn filters(&mut self) -> Outcome<Vec<Step<'a>>> {
        let mut steps = Vec::new();
        loop {
            let at = self.token.at;
            let (name, args) = self.call()?;
            steps.push(Step { kind: StepKind::Filter(name, args), at });
            if !self.token.is("|") {
                return Ok(steps);
            }
            self.advance()?;
        }
    }

    fn operand(&mut self) -> Outcome<Expr<'a>> {
        let Token { kind, text, at } = self.token;
        let first = match kind {
            Kind::Operator if matches!(text, "not" | "-" | "+") => {
                self.advance()?;
                let operand = Box::new(self.chain(UNARY)?);
                match text {
                    "not" => First::Not(operand),
                    sign => First::Sign(if sign == "-" { -1 } else { 1 }, operand),
                }
            }
            Kind::Punctuation if text == "(" => {
                self.advance()?;
                let inner = self.expression()?;
                self.mark(")")?;
                return self.postfix(First::Group(Box::new(inner)), at);
            }
            Kind::Punctuation if text == "[" => {
                self.advance()?;
                First::List(self.items("]", Self::expression)?)
            }
            Kind::Punctuation if text == "{" => {
                self.advance()?;
                First::Map(self.items("}", |parser| {
                    let key = parser.expression()?;
                    parser.mark(":")?;
                    Ok((key, parser.expression()?))
                })?)
            }
            Kind::Quote => {
                let joined = self.joined()?;
                return self.postfix(joined, at);
            }
            Kind::Name => {
                self.advance()?;
                let first = match text {
                    "true" | "TRUE" => First::Literal(Value::Bool(true)),
                    "false" | "FALSE" => First::Literal(Value::Bool(false)),
                    "null" | "NULL" | "none" | "NONE" => First::Literal(Value::Null),
                    name if self.token.is("(") => First::Call(name, self.arguments()?),
                    name => First::Name(name),
                };
                return self.postfix(first, at);
            }
            Kind::Number => {
                let value = match text.contains('.') {
                    true => text.parse().ok().map(|number| Value::Float(Float(number))),
                    false => text.trim_end_matches('L').parse().ok().map(Value::Int),
                };
                let value = value.ok_or_else(|| {
                    Fault::new(format!("java.lang.NumberFormatException: For input string: \"{text}\""), self.token.span())
                })?;
                self.advance()?;
                return self.postfix(First::Literal(value), at);
            }
            Kind::Text => {
                self.advance()?;
                return self.postfix(First::Literal(Value::text(&literal_text(text))), at);
            }
            _ => {
                let text = if kind == Kind::End { "null" } else { text };
                return Err(Fault::new(format!("Unexpected token \"{}\" of value \"{text}\"", kind.name()), self.token.span()));
            }
        };
        Ok(Expr { first, at, steps: Vec::new() })
    }

    /// What is taken from an operand: `.name`, `[x]`, `.name(…)`.
    fn postfix(&mut self, first: First<'a>, at: usize) -> Outcome<Expr<'a>> {
        let mut steps = Vec::new();
        loop {
            if self.token.is(".") {
                self.advance()?;
                let at = self.token.at;
                let name = self.name()?;
                let kind = if self.token.is("(") {
                    let args = self.arguments()?;
                    if let Some((_, value)) = args.named.first() {
                        return Err(Fault::new("Can not use named arguments when calling a bean method", value.at..value.at));
                    }
                    StepKind::Method(name, args.positional)
                } else {
                    StepKind::Field(name)
                };
                steps.push(Step { kind, at });
            } else if self.token.is("[") {
                self.advance()?;
                let at = self.token.at;
                let index = self.expression()?;
                self.mark("]")?;
                steps.push(Step { kind: StepKind::Index(index), at });
            } else {
                return Ok(Expr { first, at, steps });
            }
        }
    }

    /// Items with commas between them, up to a bracket; the opening one has been read.
    fn items<T>(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Outcome<T>) -> Outcome<Vec<T>> {
        let mut items = Vec::new();
        while !self.token.is(end) {
            if !items.is_empty() {
                self.mark(",")?;
            }
            items.push(item(self)?);
        }
        self.advance()?;
        Ok(items)
    }

    /// The arguments of a call, up to its bracket.
    fn arguments(&mut self) -> Outcome<Args<'a>> {
        self.advance()?;
        let mut positional = Vec::new();
        let mut named = Vec::new();
        for (name, value) in self.items(")", Self::argument)? {
            match name {
                Some(name) => named.push((name, value)),
                None if named.is_empty() => positional.push(value),
                None => return Err(Fault::new("Positional arguments must be declared before any named arguments.", value.at..value.at)),
            }
        }
        Ok(Args { positional, named })
    }

    fn argument(&mut self) -> Outcome<(Option<&'a str>, Expr<'a>)> {
        let mut ahead = self.lexer;
        let mut name = None;
        if self.token.kind == Kind::Name && ahead.next().is_ok_and(|next| next.is("=")) {
            name = Some(self.name()?);
            self.advance()?;
        }
        Ok((name, self.expression()?))
    }

    /// The parameters of a macro: names, with their defaults.
    pub fn parameters(&mut self) -> Outcome<Vec<(&'a str, Option<Expr<'a>>)>> {
        self.mark("(")?;
        self.items(")", |parser| {
            let name = parser.name()?;
            let given = parser.token.is("=");
            if given {
                parser.advance()?;
            }
            Ok((name, if given { Some(parser.expression()?) } else { None }))
        })
    }

    /// `"a #{b} c"`, from behind the first quote on.
    fn joined(&mut self) -> Outcome<First<'a>> {
        let mut parts = Vec::new();
        loop {
            let at = self.lexer.cursor.at();
            let Some(piece) = plain_piece(&mut self.lexer.cursor) else {
                return Err(Fault::new("Unclosed \"\"\"", self.token.at..self.lexer.cursor.text().len()));
            };
            if !piece.is_empty() {
                parts.push(Expr { first: First::Literal(Value::Text(Rc::from(piece))), at, steps: Vec::new() });
            }
            if self.lexer.cursor.eat("\"") {
                self.advance()?;
                return Ok(First::Joined(parts));
            }
            self.lexer.cursor.eat("#{");
            self.lexer.brackets = self.lexer.brackets.saturating_add(1);
            self.advance()?;
            parts.push(self.expression()?);
            if !self.token.is("}") {
                return self.unexpected("STRING_INTERPOLATION_END");
            }
        }
    }
}

/// Moves to the quote that ends a text, or to a `#{` in it, and returns what it moved over; `None` when neither comes.
fn plain_piece<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let start = cursor.at();
    loop {
        match cursor.peek()? {
            '"' => return Some(cursor.since(start)),
            '#' if cursor.peek_at(1) == Some('{') => return Some(cursor.since(start)),
            '\\' => cursor.bump(),
            _ => None,
        };
        cursor.bump();
    }
}

/// The text between quotes: `\` escapes only the quote itself.
fn literal_text(quoted: &str) -> Cow<'_, str> {
    let quote = quoted.get(..1).unwrap_or_default();
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains('\\') { Cow::Owned(inner.replace(&format!("\\{quote}"), quote)) } else { Cow::Borrowed(inner) }
}

/// The key in `[…]` when it is written out there: `'my-task'` or `0`.
pub(super) fn literal_key(token: &Token<'_>) -> Option<String> {
    match token.kind {
        Kind::Text => Some(literal_text(token.text).into_owned()),
        Kind::Number => Some(token.text.to_owned()),
        _ => None,
    }
}
