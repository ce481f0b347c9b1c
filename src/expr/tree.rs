//! What a text with expressions is, once it is parsed. Everything borrows from the text.
//!
//! An expression is a chain: one operand and what is done to it, one step after the other. Operators that stand side by side
//! lengthen the chain and do not nest, so that only brackets, right operands and branches make a tree deeper.

use std::ops::Range;

use super::dialect::{Dialect, Wording};
use crate::value::Value;

/// A whole text.
#[derive(Debug, Default)]
pub(super) struct Template<'a> {
    /// What prints, in order.
    pub body: Vec<Piece<'a>>,
    /// `{% macro %}`, from anywhere in the text.
    pub macros: Vec<Macro<'a>>,
    /// `{% block %}`, from anywhere in the text.
    pub blocks: Vec<(&'a str, Vec<Piece<'a>>)>,
}

/// A part of a text.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// Prints unchanged.
    Text(&'a str),
    /// `{{ … }}`
    Print(Expr<'a>),
    /// `{% if %}`: conditions with what they guard, and what prints when none holds.
    If(Vec<(Condition<'a>, Vec<Piece<'a>>)>, Vec<Piece<'a>>),
    /// `{% for %}`
    For(Box<For<'a>>),
    /// `{% set %}`
    Set(&'a str, Expr<'a>),
    /// A block: its index in [`Template::blocks`].
    Block(usize),
}

/// `{% for name in list %} body {% else %} otherwise {% endfor %}`
#[derive(Debug)]
pub(super) struct For<'a> {
    pub name: &'a str,
    pub list: Condition<'a>,
    pub body: Vec<Piece<'a>>,
    pub otherwise: Vec<Piece<'a>>,
}

/// `{% macro name(parameters) %} body {% endmacro %}`
#[derive(Debug)]
pub(super) struct Macro<'a> {
    pub name: &'a str,
    pub parameters: Vec<(&'a str, Option<Expr<'a>>)>,
    pub body: Vec<Piece<'a>>,
}

/// An operand and the steps applied to it, in order.
#[derive(Debug)]
pub(super) struct Expr<'a> {
    pub first: First<'a>,
    /// Where the operand begins, in bytes of the text.
    pub at: usize,
    pub steps: Vec<Step<'a>>,
}

/// An expression that decides what is evaluated.
#[derive(Debug)]
pub(super) struct Condition<'a> {
    pub expr: Expr<'a>,
    /// As it is written.
    pub text: &'a str,
}

/// What a chain begins with.
#[derive(Debug)]
pub(super) enum First<'a> {
    Literal(Value),
    Name(&'a str),
    List(Vec<Expr<'a>>),
    Map(Vec<(Expr<'a>, Expr<'a>)>),
    Call(&'a str, Args<'a>),
    Group(Box<Expr<'a>>),
    Not(Box<Expr<'a>>),
    /// `-x` is -1 times x, `+x` 1 times x.
    Sign(i64, Box<Expr<'a>>),
    /// `"a #{b} c"`
    Joined(Vec<Expr<'a>>),
    /// `a ? b : c`
    Choice(Box<(Condition<'a>, Expr<'a>, Expr<'a>)>),
}

/// A step applied to the value before it.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub kind: StepKind<'a>,
    /// Where it stands.
    pub at: usize,
}

/// Kinds of steps.
#[derive(Debug)]
pub(super) enum StepKind<'a> {
    /// `.name`
    Field(&'a str),
    /// `[x]`
    Index(Expr<'a>),
    /// `.name(…)`
    Method(&'a str, Vec<Expr<'a>>),
    /// `+ x`
    Binary(Op, Expr<'a>),
    /// `| name(…)`
    Filter(&'a str, Args<'a>),
    /// `is name(…)`, or `is not`.
    Test(bool, &'a str, Args<'a>),
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Contains,
    In,
    NotIn,
    Equal,
    Unequal,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Concat,
    Range,
    /// `??`
    IfNull,
    /// `???`
    IfUndefined,
}

/// The arguments of a call.
#[derive(Debug, Default)]
pub(super) struct Args<'a> {
    pub positional: Vec<Expr<'a>>,
    pub named: Vec<(&'a str, Expr<'a>)>,
}

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub kind: FaultKind,
    pub span: Range<usize>,
}

/// Kinds of faults.
#[derive(Debug)]
pub(super) enum FaultKind {
    /// There is no such name, key or attribute.
    Missing(String),
    /// Pebble's message, without text and line yet.
    Message(String),
    /// The whole message of a text that was rendered within this one.
    Whole(String),
}

/// Boxed, since it is rare.
pub(super) type Outcome<T> = Result<T, Box<Fault>>;

impl Fault {
    /// A fault in Pebble's words.
    pub fn new(message: impl Into<String>, span: Range<usize>) -> Box<Self> {
        Box::new(Self { kind: FaultKind::Message(message.into()), span })
    }

    /// A missing name.
    pub fn missing(name: &str, at: usize) -> Box<Self> {
        Box::new(Self { kind: FaultKind::Missing(name.to_owned()), span: at..at.saturating_add(name.len()) })
    }

    /// The message that a server gives for this text. A message that begins with `java.` is one of Java itself.
    pub fn say(self, text: &str, dialect: &Dialect, class: &str) -> String {
        let line = text.bytes().take(self.span.start).filter(|byte| *byte == b'\n').count().saturating_add(1);
        match self.kind {
            FaultKind::Missing(name) => format!("Unable to find `{name}` used in the expression `{text}` at line {line}"),
            FaultKind::Message(message) if message.starts_with("java.") => {
                let words = message.split_once(": ").map_or(&*message, |(_, words)| words);
                match dialect.wording {
                    Wording::Plain => format!("{words} ({text}:{line})"),
                    Wording::Classes => words.to_owned(),
                    Wording::AllClasses => message,
                }
            }
            FaultKind::Message(message) => format!("{}{message} ({text}:{line})", dialect.class(class)),
            FaultKind::Whole(message) => message,
        }
    }
}
