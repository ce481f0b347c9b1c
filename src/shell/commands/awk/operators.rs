//! The expressions of a program of `awk`, by precedence.

use std::rc::Rc;

use super::Fault;
use super::lexer::Token;
use super::parser::{Parsed, Parser};
use super::tree::{Expr, From};

impl Parser {
    pub fn expr(&mut self) -> Parsed<Expr> {
        self.deeper(Self::choice)
    }

    fn choice(&mut self) -> Parsed<Expr> {
        let condition = self.or()?;
        if !self.takes("?") {
            return Ok(condition);
        }
        self.lines();
        let yes = self.expr()?;
        self.lines();
        self.expect(":")?;
        self.lines();
        Ok(Expr::Choice(Box::new(condition), Box::new(yes), Box::new(self.expr()?)))
    }

    fn or(&mut self) -> Parsed<Expr> {
        let mut left = self.and()?;
        while self.takes("||") {
            self.link()?;
            self.lines();
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed<Expr> {
        let mut left = self.membership()?;
        while self.takes("&&") {
            self.link()?;
            self.lines();
            left = Expr::And(Box::new(left), Box::new(self.membership()?));
        }
        Ok(left)
    }

    fn membership(&mut self) -> Parsed<Expr> {
        let mut left = self.matching()?;
        while self.takes("in") {
            self.link()?;
            let Some(Token::Name(array)) = self.next() else { return Err(Fault::Syntax) };
            left = Expr::In(Box::new(left), self.name(&array));
        }
        Ok(left)
    }

    fn matching(&mut self) -> Parsed<Expr> {
        let mut left = self.comparison()?;
        while let Some(sign) = self.takes_one(&["~", "!~"]) {
            self.link()?;
            left = Expr::Match(sign == "~", Box::new(left), Box::new(self.comparison()?));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Parsed<Expr> {
        let mut left = self.concatenation()?;
        loop {
            // The output of a command.
            if self.takes_getline() {
                self.link()?;
                left = Expr::Getline(From::Command(Box::new(left)), self.lvalue()?);
                continue;
            }
            let sign = self.takes_one(&["<=", "<", "==", "!=", ">="]);
            let sign = sign.or_else(|| if self.writes { None } else { self.takes_one(&[">"]) });
            let Some(sign) = sign else { return Ok(left) };
            self.link()?;
            left = Expr::Compare(sign, Box::new(left), Box::new(self.concatenation()?));
        }
    }

    fn takes_getline(&mut self) -> bool {
        let takes = self.is("|") && matches!(self.ahead(1), Some(Token::Is("getline")));
        if takes {
            self.takes("|");
            self.takes("getline");
        }
        takes
    }

    fn concatenation(&mut self) -> Parsed<Expr> {
        let first = self.sum()?;
        let mut all = Vec::new();
        loop {
            let begins = match self.peek() {
                Some(Token::Is(sign)) => matches!(*sign, "(" | "$" | "++" | "--"),
                token => token.is_some(),
            };
            if !begins {
                break;
            }
            all.push(self.sum()?);
        }
        if all.is_empty() {
            return Ok(first);
        }
        all.insert(0, first);
        Ok(Expr::Concat(all))
    }

    fn sum(&mut self) -> Parsed<Expr> {
        let mut left = self.product()?;
        while let Some(sign) = self.takes_one(&["+", "-"]) {
            self.link()?;
            left = calculation(sign, left, self.product()?);
        }
        Ok(left)
    }

    fn product(&mut self) -> Parsed<Expr> {
        let mut left = self.unary()?;
        while let Some(sign) = self.takes_one(&["*", "/", "%"]) {
            self.link()?;
            left = calculation(sign, left, self.unary()?);
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        match self.takes_one(&["!", "-", "+"]) {
            Some(sign) => self.deeper(|parser| {
                let operand = Box::new(parser.unary()?);
                Ok(match sign {
                    "!" => Expr::Not(operand),
                    "-" => Expr::Negate(operand),
                    _ => Expr::Plus(operand),
                })
            }),
            None => self.power(),
        }
    }

    fn power(&mut self) -> Parsed<Expr> {
        let base = self.postfix()?;
        if !self.takes("^") {
            return Ok(base);
        }
        self.deeper(|parser| Ok(calculation("^", base, parser.unary()?)))
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        if let Some(sign) = self.takes_one(&["++", "--"]) {
            let operand = self.lvalue()?.ok_or(Fault::Syntax)?;
            return Ok(Expr::Step(operand, if sign == "++" { 1.0 } else { -1.0 }, true));
        }
        let operand = self.primary()?;
        if !matches!(operand, Expr::Name(_) | Expr::Item(..) | Expr::Field(_)) {
            return Ok(operand);
        }
        if let Some(sign) = self.takes_one(&["++", "--"]) {
            return Ok(Expr::Step(Box::new(operand), if sign == "++" { 1.0 } else { -1.0 }, false));
        }
        let Some(sign) = self.takes_one(&["=", "+=", "-=", "*=", "/=", "%=", "^="]) else { return Ok(operand) };
        self.lines();
        let value = self.expr()?;
        Ok(Expr::Assign(Box::new(operand), sign.chars().next().filter(|sign| *sign != '='), Box::new(value)))
    }

    /// A variable, an item or a field, if there is one here.
    fn lvalue(&mut self) -> Parsed<Option<Box<Expr>>> {
        match self.peek() {
            Some(Token::Name(_) | Token::Is("$")) => Ok(Some(Box::new(self.primary()?))),
            _ => Ok(None),
        }
    }

    fn primary(&mut self) -> Parsed<Expr> {
        match self.next().ok_or(Fault::Syntax)? {
            Token::Number(number) => Ok(Expr::Number(number)),
            Token::Text(text) => Ok(Expr::Text(text)),
            Token::Regex(regex) => Ok(Expr::Regex(regex)),
            Token::Name(name) => {
                let name = self.name(&name);
                if !self.takes("[") {
                    return Ok(Expr::Name(name));
                }
                Ok(Expr::Item(name, Box::new(self.deeper(|parser| parser.key("]"))?)))
            }
            Token::Call(name) => self.call(&name),
            Token::Builtin(name) => {
                let arguments = if self.takes("(") { self.deeper(Self::arguments)? } else { Vec::new() };
                let (least, most) = match name {
                    "length" | "rand" | "srand" | "fflush" | "systime" => (0, 1),
                    "substr" | "match" => (2, 3),
                    "index" => (2, 2),
                    "split" => (2, 4),
                    "sub" | "gsub" => (2, 3),
                    "gensub" => (3, 4),
                    "sprintf" => (1, usize::MAX),
                    "strftime" => (0, 3),
                    _ => (1, 1),
                };
                if (least..=most).contains(&arguments.len()) { Ok(Expr::Builtin(name, arguments)) } else { Err(Fault::Syntax) }
            }
            Token::Is("$") => self.deeper(|parser| {
                if let Some(sign) = parser.takes_one(&["-", "+", "!"]) {
                    let operand = Box::new(parser.primary()?);
                    return Ok(Expr::Field(Box::new(if sign == "-" { Expr::Negate(operand) } else { Expr::Plus(operand) })));
                }
                if let Some(sign) = parser.takes_one(&["++", "--"]) {
                    let operand = parser.lvalue()?.ok_or(Fault::Syntax)?;
                    return Ok(Expr::Field(Box::new(Expr::Step(operand, if sign == "++" { 1.0 } else { -1.0 }, true))));
                }
                Ok(Expr::Field(Box::new(parser.primary()?)))
            }),
            Token::Is("(") => self.deeper(|parser| parser.key(")")),
            Token::Is("getline") => {
                let to = self.lvalue()?;
                if !self.takes("<") {
                    return Ok(Expr::Getline(From::Input, to));
                }
                let file = self.deeper(Self::primary)?;
                Ok(Expr::Getline(From::File(Box::new(file)), to))
            }
            Token::Is(_) => Err(Fault::Syntax),
        }
    }

    fn call(&mut self, name: &Rc<str>) -> Parsed<Expr> {
        let at = self.function(name);
        self.expect("(")?;
        Ok(Expr::Call(at, self.deeper(Self::arguments)?))
    }

    /// Values with commas between them.
    pub fn listed(&mut self) -> Parsed<Vec<Expr>> {
        let mut values = vec![self.expr()?];
        while self.takes(",") {
            self.lines();
            values.push(self.expr()?);
        }
        Ok(values)
    }

    /// Values up to a closing parenthesis, which is taken.
    pub fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        let before = std::mem::replace(&mut self.writes, false);
        self.lines();
        let values = if self.is(")") { Vec::new() } else { self.listed()? };
        self.lines();
        self.writes = before;
        self.expect(")")?;
        Ok(values)
    }

    /// The key of an item up to a closing sign, which is taken.
    pub fn key(&mut self, close: &str) -> Parsed<Expr> {
        let before = std::mem::replace(&mut self.writes, false);
        let mut values = self.listed()?;
        self.writes = before;
        self.expect(close)?;
        Ok(match values.pop() {
            Some(only) if values.is_empty() => only,
            last => {
                values.extend(last);
                Expr::Key(values)
            }
        })
    }
}

fn calculation(sign: &'static str, left: Expr, right: Expr) -> Expr {
    Expr::Calculate(sign.chars().next().unwrap_or('+'), Box::new(left), Box::new(right))
}
