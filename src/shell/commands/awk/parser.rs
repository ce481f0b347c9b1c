//! The statements of a program of `awk`.

use std::rc::Rc;

use super::Fault;
use super::lexer::{self, Token};
use super::tree::{Expr, Function, Name, Pattern, Program, SPECIAL, Stmt, To};

/// Deeper nesting is a mistake.
const DEEPEST: usize = 48;
/// As many operators in a row nest as deeply: `1 + 1 + ...`.
const MOST_LINKS: usize = 200;

pub struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// How many operators the statement has so far.
    n_links: usize,
    program: Program,
    /// The names of the functions, and what is known of each.
    functions: Vec<(Rc<str>, Option<Function>)>,
    /// The parameters of the function that is read.
    locals: Vec<Rc<str>>,
    /// Whether `>` writes to a file here.
    pub writes: bool,
    in_function: bool,
}

pub type Parsed<T> = Result<T, Fault>;

/// Reads a program.
pub fn parse(text: &str) -> Parsed<Program> {
    let mut parser = Parser {
        tokens: lexer::tokens(text)?,
        at: 0,
        depth: 0,
        n_links: 0,
        program: Program { globals: SPECIAL.iter().map(|name| (*name).to_owned()).collect(), ..Program::default() },
        functions: Vec::new(),
        locals: Vec::new(),
        writes: false,
        in_function: false,
    };
    parser.program()?;
    let functions: Option<Vec<Function>> = parser.functions.into_iter().map(|(_, function)| function).collect();
    Ok(Program { functions: functions.ok_or(Fault::Syntax)?, ..parser.program })
}

impl Parser {
    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at = self.at.saturating_add(1);
        token
    }

    pub fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Is(found)) if *found == sign)
    }

    /// The sign or keyword so many tokens ahead.
    pub fn ahead(&self, n: usize) -> Option<&Token> {
        self.tokens.get(self.at.saturating_add(n))
    }

    pub fn takes(&mut self, sign: &str) -> bool {
        let takes = self.is(sign);
        self.at = self.at.saturating_add(usize::from(takes));
        takes
    }

    /// Takes the first of these that is there.
    pub fn takes_one(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        signs.iter().find(|sign| self.takes(sign)).copied()
    }

    pub fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.takes(sign) { Ok(()) } else { Err(Fault::Syntax) }
    }

    /// Reads something one level deeper.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(Fault::Unsupported);
        }
        let read = read(self);
        self.depth = self.depth.saturating_sub(1);
        read
    }

    /// Counts an operator.
    pub fn link(&mut self) -> Parsed<()> {
        self.n_links = self.n_links.saturating_add(1);
        if self.n_links > MOST_LINKS { Err(Fault::Unsupported) } else { Ok(()) }
    }

    /// What a name stands for.
    pub fn name(&mut self, name: &str) -> Name {
        if let Some(at) = self.locals.iter().position(|local| **local == *name) {
            return Name::Local(at);
        }
        Name::Global(place(&mut self.program.globals, name))
    }

    /// The place of a function, which may be defined later.
    pub fn function(&mut self, name: &Rc<str>) -> usize {
        self.functions.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.functions.push((Rc::clone(name), None));
            self.functions.len().saturating_sub(1)
        })
    }

    pub fn lines(&mut self) {
        while self.takes("\n") {}
    }

    fn ends(&mut self) {
        while self.takes("\n") || self.takes(";") {}
    }

    fn program(&mut self) -> Parsed<()> {
        loop {
            self.ends();
            self.n_links = 0;
            if self.peek().is_none() {
                return Ok(());
            }
            if self.takes("function") {
                self.definition()?;
                continue;
            }
            let pattern = if self.takes("BEGIN") {
                Pattern::Begin
            } else if self.takes("END") {
                Pattern::End
            } else if self.is("{") {
                Pattern::Always
            } else {
                let first = self.expr()?;
                if self.takes(",") {
                    self.lines();
                    Pattern::Range(first, self.expr()?)
                } else {
                    Pattern::When(first)
                }
            };
            let action = if self.is("{") { Some(self.block()?) } else { None };
            if action.is_none() && matches!(pattern, Pattern::Begin | Pattern::End) {
                return Err(Fault::Syntax);
            }
            self.program.rules.push((pattern, action));
            if self.peek().is_some() && !self.is("\n") && !self.is(";") && !matches!(self.program.rules.last(), Some((_, Some(_)))) {
                return Err(Fault::Syntax);
            }
        }
    }

    fn definition(&mut self) -> Parsed<()> {
        let (Some(Token::Name(name)) | Some(Token::Call(name))) = self.next() else { return Err(Fault::Syntax) };
        let at = self.function(&name);
        self.expect("(")?;
        while !self.takes(")") {
            let Some(Token::Name(parameter)) = self.next() else { return Err(Fault::Syntax) };
            self.locals.push(parameter);
            self.lines();
            if !self.is(")") {
                self.expect(",")?;
                self.lines();
            }
        }
        self.lines();
        self.in_function = true;
        let body = self.block()?;
        self.in_function = false;
        let n_parameters = std::mem::take(&mut self.locals).len();
        match self.functions.get_mut(at) {
            Some((_, function @ None)) => *function = Some(Function { n_parameters, body }),
            _ => return Err(Fault::Syntax),
        }
        Ok(())
    }

    fn block(&mut self) -> Parsed<Stmt> {
        self.expect("{")?;
        let mut statements = Vec::new();
        loop {
            self.ends();
            if self.takes("}") {
                return Ok(Stmt::Block(statements));
            }
            statements.push(self.statement()?);
        }
    }

    /// A statement with its end.
    fn statement(&mut self) -> Parsed<Stmt> {
        self.deeper(|parser| {
            parser.n_links = 0;
            if parser.is("{") {
                return parser.block();
            }
            match parser.takes_one(&["if", "while", "for", "do"]) {
                Some("if") => parser.if_(),
                Some("while") => {
                    let condition = parser.condition()?;
                    Ok(Stmt::For(None, Some(condition), None, Box::new(parser.body()?)))
                }
                Some("for") => parser.for_(),
                Some(_) => {
                    let body = parser.body()?;
                    parser.ends();
                    parser.expect("while")?;
                    let condition = parser.condition()?;
                    parser.end()?;
                    Ok(Stmt::Do(Box::new(body), condition))
                }
                None => {
                    let statement = parser.simple()?;
                    parser.end()?;
                    Ok(statement)
                }
            }
        })
    }

    /// The end of a simple statement; a closing brace is left there.
    fn end(&mut self) -> Parsed<()> {
        if self.takes(";") || self.takes("\n") || self.is("}") || self.peek().is_none() { Ok(()) } else { Err(Fault::Syntax) }
    }

    fn condition(&mut self) -> Parsed<Expr> {
        self.expect("(")?;
        let condition = self.expr()?;
        self.expect(")")?;
        Ok(condition)
    }

    /// The statement that a condition or a loop is for; `;` alone does nothing.
    fn body(&mut self) -> Parsed<Stmt> {
        self.lines();
        if self.takes(";") { Ok(Stmt::Block(Vec::new())) } else { self.statement() }
    }

    fn if_(&mut self) -> Parsed<Stmt> {
        let condition = self.condition()?;
        let body = self.body()?;
        let before = self.at;
        self.ends();
        if self.takes("else") {
            return Ok(Stmt::If(condition, Box::new(body), Some(Box::new(self.body()?))));
        }
        self.at = before;
        Ok(Stmt::If(condition, Box::new(body), None))
    }

    fn for_(&mut self) -> Parsed<Stmt> {
        self.expect("(")?;
        if let (Some(Token::Name(each)), Some(Token::Is("in")), Some(Token::Name(array)), Some(Token::Is(")"))) =
            (self.peek().cloned(), self.ahead(1), self.ahead(2).cloned(), self.ahead(3))
        {
            self.at = self.at.saturating_add(4);
            let (each, array) = (self.name(&each), self.name(&array));
            return Ok(Stmt::Each(each, array, Box::new(self.body()?)));
        }
        let first = if self.is(";") { None } else { Some(Box::new(self.simple()?)) };
        self.expect(";")?;
        self.lines();
        let condition = if self.is(";") { None } else { Some(self.expr()?) };
        self.expect(";")?;
        self.lines();
        let step = if self.is(")") { None } else { Some(Box::new(self.simple()?)) };
        self.expect(")")?;
        Ok(Stmt::For(first, condition, step, Box::new(self.body()?)))
    }

    fn simple(&mut self) -> Parsed<Stmt> {
        let sign = self.takes_one(&["print", "printf", "next", "nextfile", "break", "continue", "exit", "return", "delete"]);
        Ok(match sign {
            Some(sign @ ("print" | "printf")) => {
                let values = self.printed()?;
                let to = match self.takes_one(&[">", ">>", "|"]) {
                    None => None,
                    Some(sign) => {
                        let to = match sign {
                            ">" => To::File,
                            ">>" => To::FileEnd,
                            _ => To::Command,
                        };
                        Some((to, self.target()?))
                    }
                };
                match sign {
                    "print" => Stmt::Print(values, to),
                    _ if values.is_empty() => return Err(Fault::Syntax),
                    _ => Stmt::Printf(values, to),
                }
            }
            Some("next") => Stmt::Next,
            Some("nextfile") => Stmt::NextFile,
            Some("break") => Stmt::Break,
            Some("continue") => Stmt::Continue,
            Some("exit") => Stmt::Exit(self.optional()?),
            Some("return") if self.in_function => Stmt::Return(self.optional()?),
            Some("delete") => {
                let Some(Token::Name(name)) = self.next() else { return Err(Fault::Syntax) };
                let name = self.name(&name);
                Stmt::Delete(name, if self.takes("[") { Some(self.key("]")?) } else { None })
            }
            Some(_) => return Err(Fault::Syntax),
            None => Stmt::Expr(self.expr()?),
        })
    }

    /// The name of a file or a command behind `>` or `|`.
    fn target(&mut self) -> Parsed<Expr> {
        let before = std::mem::replace(&mut self.writes, true);
        let target = self.expr();
        self.writes = before;
        target
    }

    fn is_at_end(&self) -> bool {
        self.peek().is_none() || [";", "\n", "}", ")"].iter().any(|sign| self.is(sign))
    }

    fn optional(&mut self) -> Parsed<Option<Expr>> {
        if self.is_at_end() { Ok(None) } else { self.expr().map(Some) }
    }

    /// What `print` prints: a list, in parentheses or without.
    fn printed(&mut self) -> Parsed<Vec<Expr>> {
        if self.is_at_end() || [">", ">>", "|"].iter().any(|sign| self.is(sign)) {
            return Ok(Vec::new());
        }
        if self.is("(") && self.is_list() {
            self.takes("(");
            return self.arguments();
        }
        let before = std::mem::replace(&mut self.writes, true);
        let values = self.listed();
        self.writes = before;
        values
    }

    /// Whether what follows the parenthesis here ends the values of `print`.
    fn is_list(&self) -> bool {
        let mut open = 0usize;
        for (at, token) in self.tokens.iter().enumerate().skip(self.at) {
            match token {
                Token::Is("(") => open = open.saturating_add(1),
                Token::Is(")") => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                let next = self.tokens.get(at.saturating_add(1));
                return matches!(next, None | Some(Token::Is(";" | "\n" | "}" | ">" | ">>" | "|")));
            }
        }
        false
    }
}

/// The place of a name among others, where it is added if it is new.
pub fn place(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len().saturating_sub(1)
    })
}
