//! `$(( ... ))`: 64-bit numbers that wrap around, with C's operators and their precedence.

use crate::cursor::Cursor;
use crate::text::Text;

/// What an expression may ask of the shell.
pub trait Names {
    /// The text of a variable or of an entry of it; empty when it is not set.
    fn look_up(&mut self, name: &str, key: Option<&str>) -> Text;
    /// Sets a variable, or an entry of it.
    fn set(&mut self, name: &str, key: Option<&str>, value: i64);
    /// Whether the entries of a variable have keys instead of numbers.
    fn has_keys(&self, name: &str) -> bool;
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
    let mut parser = Parser::new(text, names, 0);
    parser.cursor.skip_space();
    if parser.cursor.is_at_end() {
        return Ok(0);
    }
    let mut value = parser.assignment()?;
    while parser.eat(",") {
        value = parser.assignment()?;
    }
    match parser.cursor.rest() {
        "" => Ok(value),
        rest => Err(format!("{text}: syntax error in expression (error token is \"{rest}\")")),
    }
}

/// A variable, or an entry of one.
struct Name<'a> {
    name: &'a str,
    key: Option<String>,
}

struct Parser<'a, 'n> {
    text: &'a Text,
    /// The position in `text`.
    cursor: Cursor<'a>,
    names: &'n mut dyn Names,
    depth: usize,
    /// Whether nothing is assigned: within the operand of `&&`, `||` and `?:` that is not evaluated.
    is_quiet: bool,
}

impl<'a, 'n> Parser<'a, 'n> {
    /// A parser for a text that is nested so deeply.
    fn new(text: &'a Text, names: &'n mut dyn Names, depth: usize) -> Self {
        Self { text, cursor: Cursor::new(text), names, depth, is_quiet: false }
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.cursor.skip_space();
        let found = self.cursor.eat(sign);
        self.cursor.skip_space();
        found
    }

    /// The name at this position, taken, with its index; `None` where no name begins.
    fn name(&mut self) -> Result<Option<Name<'a>>, String> {
        let name = self.cursor.clone().take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(None);
        }
        self.cursor.skip(name.len());
        if !self.cursor.eat("[") {
            return Ok(Some(Name { name, key: None }));
        }
        let key = if self.names.has_keys(name) {
            let key = self.cursor.take_until("]").unwrap_or("");
            key.trim_matches(['"', '\'']).to_owned()
        } else {
            self.deeper(Self::assignment)?.to_string()
        };
        if self.eat("]") { Ok(Some(Name { name, key: Some(key) })) } else { Err(format!("{}: bad array subscript", self.text)) }
    }

    /// Takes a name with its index, and the space behind.
    fn skip_name(&mut self) {
        self.cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.cursor.peek() == Some('[') {
            let mut open = 0i32;
            self.cursor.take_while(|c| {
                open = open.saturating_add(i32::from(c == '[')).saturating_sub(i32::from(c == ']'));
                open > 0
            });
            self.cursor.eat("]");
        }
        self.cursor.skip_space();
    }

    fn value_of(&mut self, name: &Name<'_>) -> Result<i64, String> {
        // What is not evaluated need not be there.
        if self.is_quiet {
            return Ok(0);
        }
        let text = self.names.look_up(name.name, name.key.as_deref());
        let trimmed = str::trim(&text);
        if trimmed.is_empty() {
            return Ok(0);
        }
        let value = number(trimmed).filter(|_| !text.has_unknown());
        value
            .or_else(|| (self.depth < DEEPEST).then(|| evaluate_deeper(&text, self.names, self.depth)).flatten())
            .ok_or_else(|| format!("{text}: syntax error: operand expected"))
    }

    fn set(&mut self, name: &Name<'_>, value: i64) {
        if !self.is_quiet {
            self.names.set(name.name, name.key.as_deref(), value);
        }
    }

    /// Reads something one level deeper.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<i64, String>) -> Result<i64, String> {
        if self.depth >= DEEPEST {
            return Err("expression recursion level exceeded".to_owned());
        }
        let inner = self.depth.saturating_add(1);
        let outer = std::mem::replace(&mut self.depth, inner);
        let value = read(self);
        self.depth = outer;
        value
    }

    /// Reads an operand; nothing is assigned in it unless it counts.
    fn operand_if(&mut self, counts: bool, read: impl FnOnce(&mut Self) -> Result<i64, String>) -> Result<i64, String> {
        let inner = self.is_quiet || !counts;
        let outer = std::mem::replace(&mut self.is_quiet, inner);
        let value = read(self);
        self.is_quiet = outer;
        value
    }

    fn assignment(&mut self) -> Result<i64, String> {
        self.cursor.skip_space();
        let start = self.cursor;
        self.skip_name();
        let rest = self.cursor.rest();
        self.cursor = start;
        let is_assigned = |sign: &&str| rest.strip_prefix(sign).is_some_and(|behind| behind.starts_with('=') && !behind.starts_with("=="));
        let signs = ["", "<<", ">>", "+", "-", "*", "/", "%", "&", "|", "^"];
        let Some(sign) = signs.into_iter().find(is_assigned) else { return self.choice() };
        let Some(name) = self.name()? else { return self.choice() };
        self.cursor.skip_space();
        self.cursor.eat(sign);
        self.cursor.eat("=");
        let right = self.deeper(Self::assignment)?;
        let value = if sign.is_empty() { right } else { apply(sign, self.value_of(&name)?, right)? };
        self.set(&name, value);
        Ok(value)
    }

    fn choice(&mut self) -> Result<i64, String> {
        let condition = self.binary(LEVELS)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.operand_if(condition != 0, |parser| parser.deeper(Self::assignment));
        if !self.eat(":") {
            return Err("`:' expected for conditional expression".to_owned());
        }
        let no = self.operand_if(condition == 0, |parser| parser.deeper(Self::choice));
        if condition != 0 { yes.and_then(|yes| no.map(|_| yes)) } else { no }
    }

    /// Operators of these levels and what binds tighter.
    fn binary(&mut self, levels: &[&[&str]]) -> Result<i64, String> {
        let Some((signs, tighter)) = levels.split_first() else { return self.unary() };
        let mut left = self.binary(tighter)?;
        loop {
            self.cursor.skip_space();
            let rest = self.cursor.rest();
            let is_next = |sign: &&&str| {
                let Some(behind) = rest.strip_prefix(**sign) else { return false };
                let is_doubled = ["|", "&", "*", "<", ">"].contains(sign) && behind.starts_with(**sign);
                let is_longer = behind.starts_with('=') && !["==", "!=", "<=", ">=", "<", ">"].contains(sign);
                !is_doubled && !is_longer
            };
            let Some(sign) = signs.iter().find(is_next) else { return Ok(left) };
            self.cursor.eat(sign);
            let decided = *sign == "&&" && left == 0 || *sign == "||" && left != 0;
            let right = self.operand_if(!decided, |parser| match *sign {
                "**" => parser.deeper(|parser| parser.binary(levels)),
                _ => parser.binary(tighter),
            })?;
            left = if decided || self.is_quiet && right == 0 { i64::from(left != 0) } else { apply(sign, left, right)? };
        }
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.cursor.skip_space();
        self.deeper(Self::unary_sign)
    }

    fn unary_sign(&mut self) -> Result<i64, String> {
        for (sign, step) in [("++", 1), ("--", -1)] {
            if self.eat(sign) {
                let Some(name) = self.name()? else { return Err(format!("{}: syntax error: operand expected", self.text)) };
                let value = self.value_of(&name)?.wrapping_add(step);
                self.set(&name, value);
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
        if let Some(end) = self.text.unknown_end(self.cursor.at()) {
            // What is unknown counts as 1.
            self.cursor = Cursor::at_byte(self.text, end);
            return Ok(1);
        }
        if let Some(name) = self.name()? {
            let value = self.value_of(&name)?;
            for (sign, step) in [("++", 1), ("--", -1)] {
                if self.eat(sign) {
                    self.set(&name, value.wrapping_add(step));
                }
            }
            return Ok(value);
        }
        let rest = self.cursor.rest();
        let value = number(self.cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '#'));
        value.ok_or_else(|| format!("{}: syntax error: operand expected (error token is \"{rest}\")", self.text))
    }
}

/// A variable may hold an expression.
fn evaluate_deeper(text: &Text, names: &mut dyn Names, depth: usize) -> Option<i64> {
    let mut parser = Parser::new(text, names, depth.saturating_add(1));
    parser.assignment().ok().filter(|_| parser.cursor.rest().trim().is_empty())
}

/// A number: `12`, `0x1f`, `017`, `2#101`.
pub fn number(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (base, digits) = if let Some((base, digits)) = digits.split_once('#') {
        (base.parse().ok().filter(|base| (2..=36).contains(base))?, digits)
    } else if let Some(digits) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        (16, digits)
    } else if let Some(digits) = digits.strip_prefix('0').filter(|digits| !digits.is_empty()) {
        (8, digits)
    } else {
        (10, digits)
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
        // The smallest number divided by -1, which is out of range, wraps around.
        "/" => left.checked_div(right).unwrap_or(i64::MIN),
        "%" => left.checked_rem(right).unwrap_or(0),
        _ if right < 0 => return Err("exponent less than 0".to_owned()),
        _ => left.wrapping_pow(u32::try_from(right).unwrap_or(u32::MAX)),
    })
}
