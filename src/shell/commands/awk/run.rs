//! A program of `awk` at work: its rules, its statements and its functions.

use std::cell::RefCell;
use std::rc::Rc;

use super::tree::{self, Expr, Name, Pattern, Program, Stmt};
use super::value::{Array, Records, Value};
use crate::collections::Sorted;
use crate::regex::Regex;
use crate::shell::state::{Held, Io, MOST_BYTES, Shell};
use crate::text::Text;

/// How deep statements, expressions and calls may nest.
const DEEPEST: usize = 300;

/// A variable.
#[derive(Debug, Clone)]
pub enum Cell {
    Value(Value),
    Array(Rc<RefCell<Array>>),
}

/// Why statements end early.
#[derive(Debug)]
pub enum Halt {
    /// `next` and `nextfile`.
    Record,
    File,
    Exit,
    /// The shell was stopped.
    Stopped,
    /// Something in it is not simulated, or its input is not known.
    Unsupported,
    Unknown,
    /// What `awk` itself ends with.
    Fault(String),
}

/// What follows a statement.
#[derive(Debug)]
pub enum Then {
    Next,
    Break,
    Continue,
    Return(Value),
}

pub type Outcome<T> = Result<T, Halt>;

pub struct Run<'r, 's> {
    pub shell: &'r mut Shell<'s>,
    pub io: &'r Io,
    pub program: &'r Program,
    pub globals: Vec<Cell>,
    pub locals: Vec<Cell>,
    /// The record; its fields, once they are asked for; and whether the record is what they say.
    pub record: Rc<str>,
    pub fields: Option<Vec<Value>>,
    pub is_joined: bool,
    /// The files and assignments that are left, and what is read now.
    pub operands: std::slice::Iter<'r, Text>,
    pub input: Option<Records>,
    pub has_read: bool,
    pub out: String,
    pub status: i32,
    /// The ranges that are open, by rule.
    ranges: Vec<bool>,
    pub regexes: Sorted<Rc<str>, Rc<Regex>>,
    /// What `getline` reads from, and what goes to commands, by name.
    pub readers: Vec<(Rc<str>, Records)>,
    pub pipes: Vec<(Rc<str>, String)>,
    pub files: Vec<Rc<str>>,
    depth: usize,
}

impl<'r, 's> Run<'r, 's> {
    pub fn new(shell: &'r mut Shell<'s>, io: &'r Io, program: &'r Program, operands: &'r [Text]) -> Self {
        let mut globals = vec![Cell::Value(Value::Unset); program.globals.len()];
        let texts = [(tree::FS, " "), (tree::OFS, " "), (tree::ORS, "\n"), (tree::RS, "\n"), (tree::SUBSEP, "\u{1c}")];
        let formats = [(tree::CONVFMT, "%.6g"), (tree::OFMT, "%.6g")];
        for (at, text) in texts.into_iter().chain(formats) {
            put(&mut globals, at, Cell::Value(Value::Text(text.into())));
        }
        for at in [tree::NR, tree::FNR, tree::RSTART] {
            put(&mut globals, at, Cell::Value(Value::Number(0.0)));
        }
        put(&mut globals, tree::RLENGTH, Cell::Value(Value::Number(-1.0)));
        let mut environment = Array::default();
        for name in ["HOME", "PATH", "USER"] {
            environment.insert(Rc::from(name), Value::Read(Rc::from(shell.special(name).unwrap_or_default())));
        }
        for var in shell.state.vars.iter().filter(|var| var.exported) {
            if let Held::Text(text) = &var.value {
                environment.insert(Rc::clone(&var.name), Value::Read(Rc::from(&**text)));
            }
        }
        put(&mut globals, tree::ENVIRON, Cell::Array(Rc::new(RefCell::new(environment))));
        Self {
            shell,
            io,
            program,
            globals,
            locals: Vec::new(),
            record: Rc::from(""),
            fields: None,
            is_joined: true,
            operands: operands.iter(),
            input: None,
            has_read: false,
            out: String::new(),
            status: 0,
            ranges: vec![false; program.rules.len()],
            regexes: Sorted::default(),
            readers: Vec::new(),
            pipes: Vec::new(),
            files: Vec::new(),
            depth: 0,
        }
    }

    /// Runs the program to its status.
    pub fn whole(&mut self) -> Outcome<i32> {
        let program = self.program;
        let is_main = |pattern: &Pattern| !matches!(pattern, Pattern::Begin | Pattern::End);
        let mut end = self.rules(|pattern| matches!(pattern, Pattern::Begin));
        if end.is_ok() && program.rules.iter().any(|(pattern, _)| !matches!(pattern, Pattern::Begin)) {
            end = loop {
                match self.next_record() {
                    Ok(true) => {}
                    Ok(false) => break Ok(()),
                    Err(halt) => break Err(halt),
                }
                match self.rules(is_main) {
                    Ok(()) | Err(Halt::Record) => {}
                    Err(Halt::File) => self.input = None,
                    Err(halt) => break Err(halt),
                }
            };
        }
        if matches!(end, Ok(()) | Err(Halt::Exit)) {
            end = self.rules(|pattern| matches!(pattern, Pattern::End));
        }
        match end {
            Ok(()) | Err(Halt::Exit | Halt::Record | Halt::File) => {}
            Err(halt) => return Err(halt),
        }
        self.closes_all()?;
        Ok(self.status)
    }

    /// Runs the rules of a kind that fit.
    fn rules(&mut self, is_wanted: impl Fn(&Pattern) -> bool) -> Outcome<()> {
        let program = self.program;
        for (nth, (pattern, action)) in program.rules.iter().enumerate() {
            let fits = is_wanted(pattern)
                && match pattern {
                    Pattern::Begin | Pattern::End | Pattern::Always => true,
                    Pattern::When(condition) => self.truth(condition)?,
                    Pattern::Range(first, last) => {
                        let is_open = self.ranges.get(nth).copied().unwrap_or(false);
                        let fits = is_open || self.truth(first)?;
                        let stays = fits && !self.truth(last)?;
                        put(&mut self.ranges, nth, stays);
                        fits
                    }
                };
            if !fits {
                continue;
            }
            match action {
                Some(action) => _ = self.exec(action)?,
                None => {
                    let text = self.whole_record();
                    self.prints(&text, true)?;
                }
            }
        }
        Ok(())
    }

    /// Something within something else; the script is stopped when it goes too deep.
    pub fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.depth >= DEEPEST || !self.shell.steps(1) {
            self.shell.stop(crate::shell::Stopped::Steps);
            return Err(Halt::Stopped);
        }
        self.depth = self.depth.saturating_add(1);
        let done = run(self);
        self.depth = self.depth.saturating_sub(1);
        done
    }

    /// Counts bytes that are gone through or made.
    pub fn work(&mut self, n_bytes: usize) -> Outcome<()> {
        if n_bytes > MOST_BYTES {
            self.shell.stop(crate::shell::Stopped::Steps);
        }
        if self.shell.work(n_bytes) && self.shell.stopped.is_none() { Ok(()) } else { Err(Halt::Stopped) }
    }

    pub fn exec(&mut self, statement: &Stmt) -> Outcome<Then> {
        self.deeper(|run| run.exec_one(statement))
    }

    fn exec_one(&mut self, statement: &Stmt) -> Outcome<Then> {
        match statement {
            Stmt::Block(statements) => {
                for statement in statements {
                    match self.exec(statement)? {
                        Then::Next => {}
                        then => return Ok(then),
                    }
                }
            }
            Stmt::Expr(expr) => _ = self.eval(expr)?,
            Stmt::Print(values, to) => self.print_statement(values, to.as_ref())?,
            Stmt::Printf(values, to) => self.printf_statement(values, to.as_ref())?,
            Stmt::If(condition, body, otherwise) => {
                if self.truth(condition)? {
                    return self.exec(body);
                }
                if let Some(body) = otherwise {
                    return self.exec(body);
                }
            }
            Stmt::For(first, condition, step, body) => {
                if let Some(first) = first {
                    self.exec(first)?;
                }
                loop {
                    if let Some(condition) = condition
                        && !self.truth(condition)?
                    {
                        break;
                    }
                    match self.exec(body)? {
                        Then::Break => break,
                        then @ Then::Return(_) => return Ok(then),
                        Then::Next | Then::Continue => {}
                    }
                    if let Some(step) = step {
                        self.exec(step)?;
                    }
                }
            }
            Stmt::Do(body, condition) => loop {
                match self.exec(body)? {
                    Then::Break => break,
                    then @ Then::Return(_) => return Ok(then),
                    Then::Next | Then::Continue => {}
                }
                if !self.truth(condition)? {
                    break;
                }
            },
            Stmt::Each(each, array, body) => return self.each(*each, *array, body),
            Stmt::Next => return Err(Halt::Record),
            Stmt::NextFile => return Err(Halt::File),
            Stmt::Break => return Ok(Then::Break),
            Stmt::Continue => return Ok(Then::Continue),
            Stmt::Exit(code) => {
                if let Some(code) = code {
                    self.status = self.eval(code)?.number() as i32 & 0xff;
                }
                return Err(Halt::Exit);
            }
            Stmt::Return(value) => return Ok(Then::Return(self.optional(value.as_ref())?)),
            Stmt::Delete(name, key) => {
                let array = self.array(*name)?;
                match key {
                    Some(key) => {
                        let key = self.key(key)?;
                        let n_keys = array.borrow().size();
                        self.work(n_keys.saturating_mul(8))?;
                        array.borrow_mut().remove(&*key);
                    }
                    None => *array.borrow_mut() = Array::default(),
                }
            }
        }
        Ok(Then::Next)
    }

    fn optional(&mut self, value: Option<&Expr>) -> Outcome<Value> {
        value.map_or(Ok(Value::Unset), |value| self.eval(value))
    }

    /// The keys of an array one after another: numbers in their order, then texts.
    fn each(&mut self, each: Name, array: Name, body: &Stmt) -> Outcome<Then> {
        let array = self.array(array)?;
        let mut keys: Vec<Rc<str>> = array.borrow().keys().cloned().collect();
        self.work(keys.len().saturating_mul(32))?;
        keys.sort_by_key(|key| key.parse::<i64>().unwrap_or(i64::MAX));
        for key in keys {
            if array.borrow().get(&*key).is_none() {
                continue;
            }
            self.assign_name(each, Value::Read(key))?;
            match self.exec(body)? {
                Then::Break => break,
                then @ Then::Return(_) => return Ok(then),
                Then::Next | Then::Continue => {}
            }
        }
        Ok(Then::Next)
    }

    /// Calls a function of the program. An array is passed as it is, and so is a variable that becomes one.
    pub fn call(&mut self, at: usize, arguments: &[Expr]) -> Outcome<Value> {
        let program = self.program;
        let Some(function) = program.functions.get(at) else { return Err(Halt::Unsupported) };
        if arguments.len() > function.n_parameters {
            return Err(Halt::Fault("function called with too many arguments".to_owned()));
        }
        let mut cells = Vec::with_capacity(function.n_parameters);
        for argument in arguments {
            cells.push(match argument {
                Expr::Name(name) => match self.cell(*name) {
                    Some(Cell::Array(array)) => Cell::Array(Rc::clone(array)),
                    _ => Cell::Value(self.eval(argument)?),
                },
                argument => Cell::Value(self.eval(argument)?),
            });
        }
        cells.resize(function.n_parameters, Cell::Value(Value::Unset));
        let before = std::mem::replace(&mut self.locals, cells);
        let then = self.exec(&function.body);
        let after = std::mem::replace(&mut self.locals, before);
        for (argument, cell) in arguments.iter().zip(after) {
            if let (Expr::Name(name), Cell::Array(array)) = (argument, cell)
                && matches!(self.cell(*name), Some(Cell::Value(Value::Unset)))
            {
                self.put(*name, Cell::Array(array));
            }
        }
        Ok(if let Then::Return(value) = then? { value } else { Value::Unset })
    }

    pub fn cell(&self, name: Name) -> Option<&Cell> {
        match name {
            Name::Global(at) => self.globals.get(at),
            Name::Local(at) => self.locals.get(at),
        }
    }

    pub fn put(&mut self, name: Name, cell: Cell) {
        match name {
            Name::Global(at) => put(&mut self.globals, at, cell),
            Name::Local(at) => put(&mut self.locals, at, cell),
        }
    }

    /// The array of a name; a variable that is not set becomes one.
    pub fn array(&mut self, name: Name) -> Outcome<Rc<RefCell<Array>>> {
        match self.cell(name) {
            Some(Cell::Array(array)) => Ok(Rc::clone(array)),
            Some(Cell::Value(Value::Unset)) => {
                let array = Rc::new(RefCell::new(Array::default()));
                self.put(name, Cell::Array(Rc::clone(&array)));
                Ok(array)
            }
            _ => Err(Halt::Fault("a variable is used as an array".to_owned())),
        }
    }
}

fn put<T>(cells: &mut [T], at: usize, value: T) {
    if let Some(cell) = cells.get_mut(at) {
        *cell = value;
    }
}
