//! `$(( ... ))`: 64-bit numbers that wrap around, with C's operators and their precedence.

use crate::text::Text;

/// What an expression may ask of the shell.
pub trait Names {
    /// The text of a variable; empty when it is not set.
    fn look_up(&mut self, name: &str) -> Text;
    /// Sets a variable.
    fn set(&mut self, name: &str, value: i64);
}

/// Deeper nesting is a mistake.
const DEEPEST: usize = 64;

/// The operators with two operands by precedence, lowest first.
const LEVELS: &[&[&str]] = &[
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
    &["**"],
];

/// The value of an expression; an empty one is 0.
pub fn evaluate(text: &Text, names: &mut dyn Names) -> Result<i64, String> {
    let mut parser = Parser { text, at: 0, names, depth: 0, quiet: 0 };
    parser.space();
    if parser.rest().is_empty() {
        return Ok(0);
    }
    let mut value = parser.assignment()?;
    while parser.eat(",") {
        value = parser.assignment()?;
    }
    if parser.rest().is_empty() {
        Ok(value)
    } else {
        Err(format!("{text}: syntax error in expression (error token is \"{}\")", parser.rest()))
    }
}

struct Parser<'a, 'n> {
    text: &'a Text,
    at: usize,
    names: &'n mut dyn Names,
    depth: usize,
    /// Above 0 nothing is assigned: within the operand of `&&`, `||` and `?:` that is not evaluated.
    quiet: usize,
}

impl<'a> Parser<'a, '_> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len() } else { 0 };
        self.space();
        found
    }

    fn name(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if rest.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &rest[..end] }
    }

    fn value_of(&mut self, name: &str) -> Result<i64, String> {
        // What is not evaluated need not be there.
        if self.quiet > 0 {
            return Ok(0);
        }
        let text = self.names.look_up(name);
        let trimmed = str::trim(&text);
        if trimmed.is_empty() {
            return Ok(0);
        }
        let value = number(trimmed).filter(|_| !text.has_unknown());
        value
            .or_else(|| (self.depth < DEEPEST).then(|| evaluate_deeper(&text, self.names, self.depth)).flatten())
            .ok_or_else(|| format!("{text}: syntax error: operand expected"))
    }

    fn set(&mut self, name: &str, value: i64) {
        if self.quiet == 0 {
            self.names.set(name, value);
        }
    }

    /// Reads something one level deeper.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<i64, String>) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("expression recursion level exceeded".to_owned());
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn assignment(&mut self) -> Result<i64, String> {
        self.space();
        let (start, name) = (self.at, self.name());
        if !name.is_empty() {
            self.at += name.len();
            self.space();
            let rest = self.rest();
            if rest.starts_with('=') && !rest.starts_with("==") {
                self.at += 1;
                let value = self.deeper(Self::assignment)?;
                self.set(name, value);
                return Ok(value);
            }
            let sign = ["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="].into_iter().find(|sign| rest.starts_with(sign));
            if let Some(sign) = sign {
                self.at += sign.len();
                let right = self.deeper(Self::assignment)?;
                let left = self.value_of(name)?;
                let value = apply(&sign[..sign.len() - 1], left, right)?;
                self.set(name, value);
                return Ok(value);
            }
            self.at = start;
        }
        self.choice()
    }

    fn choice(&mut self) -> Result<i64, String> {
        let condition = self.binary(0)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let skip = |yes: bool| usize::from(!yes);
        self.quiet += skip(condition != 0);
        let yes = self.deeper(Self::assignment);
        self.quiet -= skip(condition != 0);
        if !self.eat(":") {
            return Err("`:' expected for conditional expression".to_owned());
        }
        self.quiet += skip(condition == 0);
        let no = self.deeper(Self::choice);
        self.quiet -= skip(condition == 0);
        if condition != 0 { yes.and_then(|yes| no.map(|_| yes)) } else { no }
    }

    fn binary(&mut self, level: usize) -> Result<i64, String> {
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        loop {
            self.space();
            let rest = self.rest();
            let is_other = |sign: &str| {
                let behind = &rest[sign.len()..];
                let doubled = ["|", "&", "*", "<", ">"].contains(&sign) && behind.starts_with(sign);
                doubled || (behind.starts_with('=') && !["==", "!=", "<=", ">=", "<", ">"].contains(&sign))
            };
            let Some(sign) = signs.iter().find(|sign| rest.starts_with(**sign) && !is_other(sign)) else { return Ok(left) };
            self.at += sign.len();
            let decided = *sign == "&&" && left == 0 || *sign == "||" && left != 0;
            self.quiet += usize::from(decided);
            let right = if *sign == "**" { self.deeper(|parser| parser.binary(level))? } else { self.binary(level + 1)? };
            self.quiet -= usize::from(decided);
            left = if decided || self.quiet > 0 && right == 0 { i64::from(left != 0) } else { apply(sign, left, right)? };
        }
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.space();
        self.deeper(Self::unary_sign)
    }

    fn unary_sign(&mut self) -> Result<i64, String> {
        for (sign, step) in [("++", 1), ("--", -1)] {
            if self.eat(sign) {
                let name = self.name();
                self.at += name.len();
                let value = self.value_of(name)?.wrapping_add(step);
                self.set(name, value);
                return Ok(value);
            }
        }
        if self.eat("!") {
            return Ok(i64::from(self.unary()? == 0));
        }
        if self.eat("~") {
            return Ok(!self.unary()?);
        }
        if self.eat("-") {
            return Ok(self.unary()?.wrapping_neg());
        }
        if self.eat("+") {
            return self.unary();
        }
        if self.eat("(") {
            let value = self.assignment()?;
            return if self.eat(")") { Ok(value) } else { Err("missing `)'".to_owned()) };
        }
        self.operand()
    }

    fn operand(&mut self) -> Result<i64, String> {
        if let Some(end) = self.text.unknown_end(self.at) {
            // What is unknown counts as 1.
            self.at = end;
            return Ok(1);
        }
        let name = self.name();
        if !name.is_empty() {
            self.at += name.len();
            let value = self.value_of(name)?;
            for (sign, step) in [("++", 1), ("--", -1)] {
                if self.eat(sign) {
                    self.set(name, value.wrapping_add(step));
                }
            }
            return Ok(value);
        }
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).unwrap_or(rest.len());
        let value = number(&rest[..end]);
        self.at += end;
        value.ok_or_else(|| format!("{}: syntax error: operand expected (error token is \"{rest}\")", self.text))
    }
}

/// A variable may hold an expression.
fn evaluate_deeper(text: &Text, names: &mut dyn Names, depth: usize) -> Option<i64> {
    let mut parser = Parser { text, at: 0, names, depth: depth + 1, quiet: 0 };
    parser.assignment().ok().filter(|_| parser.rest().trim().is_empty())
}

/// A number: `12`, `0x1f`, `017`, `2#101`.
pub fn number(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (base, digits) = match digits.split_once('#') {
        Some((base, digits)) => (base.parse().ok().filter(|base| (2..=36).contains(base))?, digits),
        None if digits.starts_with("0x") || digits.starts_with("0X") => (16, &digits[2..]),
        None if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        None => (10, digits),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let value = i64::from_str_radix(digits, base).ok().filter(|_| plain)?;
    Some(if negative { value.wrapping_neg() } else { value })
}

fn apply(sign: &str, left: i64, right: i64) -> Result<i64, String> {
    Ok(match sign {
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "<<" => left.wrapping_shl(right as u32),
        ">>" => left.wrapping_shr(right as u32),
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        "/" | "%" if right == 0 => return Err("division by 0 (error token is \"0\")".to_owned()),
        "/" => left.wrapping_div(right),
        "%" => left.wrapping_rem(right),
        _ if right < 0 => return Err("exponent less than 0".to_owned()),
        _ => left.wrapping_pow(u32::try_from(right).unwrap_or(u32::MAX)),
    })
}
