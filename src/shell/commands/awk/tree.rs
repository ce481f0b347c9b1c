//! A program of `awk` as a tree.

use std::rc::Rc;

/// A variable: its place among the global ones or among those of the function that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Global(usize),
    Local(usize),
}

#[derive(Debug)]
pub enum Expr {
    Number(f64),
    Text(Rc<str>),
    /// `/.../` on its own: whether the record matches.
    Regex(Rc<str>),
    Name(Name),
    Field(Box<Expr>),
    Item(Name, Box<Expr>),
    /// `i, j` as a key, or in parentheses before `in`.
    Key(Vec<Expr>),
    /// `=`, or `+=` and the like by the sign before `=`.
    Assign(Box<Expr>, Option<char>, Box<Expr>),
    /// `++` and `--`: by how much, and whether it stands before its operand.
    Step(Box<Expr>, f64, bool),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Plus(Box<Expr>),
    Calculate(char, Box<Expr>, Box<Expr>),
    Compare(&'static str, Box<Expr>, Box<Expr>),
    /// `~`, or `!~`.
    Match(bool, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    Concat(Vec<Expr>),
    In(Box<Expr>, Name),
    Call(usize, Vec<Expr>),
    Builtin(&'static str, Vec<Expr>),
    Getline(From, Option<Box<Expr>>),
}

/// Where `getline` reads.
#[derive(Debug)]
pub enum From {
    Input,
    File(Box<Expr>),
    Command(Box<Expr>),
}

#[derive(Debug)]
pub enum Stmt {
    Block(Vec<Stmt>),
    Expr(Expr),
    Print(Vec<Expr>, Option<(To, Expr)>),
    Printf(Vec<Expr>, Option<(To, Expr)>),
    If(Expr, Box<Stmt>, Option<Box<Stmt>>),
    /// The first and the last part of `for`, the condition and the body.
    For(Option<Box<Stmt>>, Option<Expr>, Option<Box<Stmt>>, Box<Stmt>),
    Do(Box<Stmt>, Expr),
    Each(Name, Name, Box<Stmt>),
    Next,
    NextFile,
    Break,
    Continue,
    Exit(Option<Expr>),
    Return(Option<Expr>),
    Delete(Name, Option<Expr>),
}

/// Where `print` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    File,
    FileEnd,
    Command,
}

#[derive(Debug)]
pub enum Pattern {
    Begin,
    End,
    Always,
    When(Expr),
    Range(Expr, Expr),
}

#[derive(Debug)]
pub struct Function {
    pub n_parameters: usize,
    pub body: Stmt,
}

#[derive(Debug, Default)]
pub struct Program {
    /// Patterns, each with its action; none prints the record.
    pub rules: Vec<(Pattern, Option<Stmt>)>,
    pub functions: Vec<Function>,
    /// The names of the global variables, those of [`SPECIAL`] first.
    pub globals: Vec<String>,
}

/// The variables that mean something, in the order of the places below.
pub const SPECIAL: &[&str] =
    &["NR", "NF", "FS", "OFS", "ORS", "RS", "FNR", "FILENAME", "SUBSEP", "RSTART", "RLENGTH", "CONVFMT", "OFMT", "ENVIRON"];
pub const NR: usize = 0;
pub const NF: usize = 1;
pub const FS: usize = 2;
pub const OFS: usize = 3;
pub const ORS: usize = 4;
pub const RS: usize = 5;
pub const FNR: usize = 6;
pub const FILENAME: usize = 7;
pub const SUBSEP: usize = 8;
pub const RSTART: usize = 9;
pub const RLENGTH: usize = 10;
pub const CONVFMT: usize = 11;
pub const OFMT: usize = 12;
pub const ENVIRON: usize = 13;
