//! `bc`: decimal numbers of a fixed scale. Functions and statements of its language are not simulated.

use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

/// Deeper nesting is a mistake.
const DEEPEST: usize = 64;

/// A number: its digits, and how many of them are behind the point.
#[derive(Clone, Copy)]
struct Number(i128, u32);

impl Shell<'_> {
    pub(super) fn bc(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("l(mathlib)q(quiet)s(standard)"), false);
        let Some(input) = self.input_of("bc", &options.operands, io).filter(|_| !options.has_other) else {
            return self.not_simulated(words, io);
        };
        if self.is_unknown(&input) {
            self.print_line_of(io, Text::unknown("bc"));
            return Flow::Next;
        }
        let mut reader = Reader { rest: "", scale: if options.has('l') { 20 } else { 0 }, names: Vec::new(), depth: 0 };
        let mut out = String::new();
        for line in str::lines(&input).flat_map(|line| line.split(';')) {
            reader.rest = line.split('#').next().unwrap_or("").trim();
            if reader.rest.is_empty() {
                continue;
            }
            if reader.rest == "quit" {
                break;
            }
            match reader.statement() {
                Some(Some(number)) => out += &(number.shown() + "\n"),
                Some(None) => {}
                None => return self.not_simulated(words, io),
            }
        }
        self.print(&io.out, &out.into());
        Flow::Next
    }
}

struct Reader<'t> {
    rest: &'t str,
    scale: u32,
    names: Vec<(String, Number)>,
    depth: usize,
}

impl Reader<'_> {
    /// An assignment, or an expression whose value is printed.
    fn statement(&mut self) -> Option<Option<Number>> {
        let n_name = self.rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(self.rest.len());
        let (name, behind) = self.rest.split_at_checked(n_name)?;
        if let Some(value) = behind.trim_start().strip_prefix('=').filter(|value| !name.is_empty() && !value.starts_with('=')) {
            self.rest = value;
            let value = self.comparison()?;
            match name {
                "scale" => self.scale = u32::try_from(value.0).ok().filter(|scale| *scale <= 30 && value.1 == 0)?,
                _ => self.names.push((name.to_owned(), value)),
            }
            return self.rest.is_empty().then_some(None);
        }
        let value = self.comparison()?;
        self.rest.is_empty().then_some(Some(value))
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest).trim_start();
        found.is_some()
    }

    fn comparison(&mut self) -> Option<Number> {
        self.rest = self.rest.trim_start();
        let left = self.sum()?;
        let Some(sign) = ["==", "!=", "<=", ">=", "<", ">"].into_iter().find(|sign| self.eat(sign)) else { return Some(left) };
        let order = left.minus(self.sum()?)?.0.cmp(&0);
        let truth = match sign {
            "==" => order.is_eq(),
            "!=" => order.is_ne(),
            "<=" => order.is_le(),
            ">=" => order.is_ge(),
            "<" => order.is_lt(),
            _ => order.is_gt(),
        };
        Some(Number(i128::from(truth), 0))
    }

    fn sum(&mut self) -> Option<Number> {
        let mut left = self.product()?;
        loop {
            if self.eat("+") {
                left = left.plus(self.product()?)?;
            } else if self.eat("-") {
                left = left.minus(self.product()?)?;
            } else {
                return Some(left);
            }
        }
    }

    fn product(&mut self) -> Option<Number> {
        let mut left = self.power()?;
        loop {
            if self.eat("*") {
                let right = self.power()?;
                let scale = left.1.checked_add(right.1)?.min(self.scale.max(left.1).max(right.1));
                left = Number(left.0.checked_mul(right.0)?, left.1.checked_add(right.1)?).at(scale)?;
            } else if self.eat("/") {
                left = left.over(self.power()?, self.scale)?;
            } else if self.eat("%") {
                let right = self.power()?;
                let times = left.over(right, self.scale)?;
                left = left.minus(Number(times.0.checked_mul(right.0)?, times.1.checked_add(right.1)?))?;
            } else {
                return Some(left);
            }
        }
    }

    fn power(&mut self) -> Option<Number> {
        if self.eat("-") {
            let Number(digits, scale) = self.deeper(Self::power)?;
            return Some(Number(digits.checked_neg()?, scale));
        }
        let left = self.operand()?;
        if !self.eat("^") {
            return Some(left);
        }
        let times = self.deeper(Self::power).filter(|right| right.1 == 0).and_then(|right| u32::try_from(right.0).ok())?;
        let scale = left.1.checked_mul(times)?;
        Number(left.0.checked_pow(times)?, scale).at(scale.min(self.scale.max(left.1)))
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Option<Number>) -> Option<Number> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth < DEEPEST)?;
        let value = read(self);
        self.depth = self.depth.saturating_sub(1);
        value
    }

    fn operand(&mut self) -> Option<Number> {
        if self.eat("(") {
            let value = self.deeper(Self::comparison)?;
            return self.eat(")").then_some(value);
        }
        let is_name = self.rest.starts_with(|c: char| c.is_ascii_lowercase());
        let fits =
            |c: char| if is_name { c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit() } else { c.is_ascii_digit() || c == '.' };
        let end = self.rest.find(|c: char| !fits(c)).unwrap_or(self.rest.len());
        let (word, behind) = self.rest.split_at_checked(end)?;
        self.rest = behind.trim_start();
        if is_name {
            // Before a parenthesis it is a function.
            let known = self.names.iter().rev().find(|(name, _)| name == word).map_or(Number(0, 0), |(_, value)| *value);
            let value = if word == "scale" { Number(i128::from(self.scale), 0) } else { known };
            return (!self.rest.starts_with(['(', '['])).then_some(value);
        }
        let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
        let digits = [whole, fraction].concat();
        Some(Number(digits.parse().ok()?, u32::try_from(fraction.len()).ok().filter(|scale| *scale <= 60)?))
    }
}

impl Number {
    /// The same with so many digits behind the point; more are cut off.
    fn at(self, scale: u32) -> Option<Self> {
        let ten = |n: u32| 10_i128.checked_pow(n);
        let digits = match scale.checked_sub(self.1) {
            Some(more) => self.0.checked_mul(ten(more)?)?,
            None => self.0.checked_div(ten(self.1.saturating_sub(scale))?)?,
        };
        Some(Self(digits, scale))
    }

    fn plus(self, other: Self) -> Option<Self> {
        let scale = self.1.max(other.1);
        Some(Self(self.at(scale)?.0.checked_add(other.at(scale)?.0)?, scale))
    }

    fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self(other.0.checked_neg()?, other.1))
    }

    fn over(self, other: Self, scale: u32) -> Option<Self> {
        Some(Self(self.at(scale.checked_add(other.1)?)?.0.checked_div(other.0)?, scale))
    }

    /// As `bc` prints it: nothing before the point when it is less than one.
    fn shown(self) -> String {
        let digits = format!("{:0>width$}", self.0.unsigned_abs().to_string(), width = self.1 as usize);
        let (whole, fraction) = digits.split_at_checked(digits.len().saturating_sub(self.1 as usize)).unwrap_or((&digits, ""));
        if self.0 == 0 {
            return "0".to_owned();
        }
        let whole = if fraction.is_empty() { whole } else { whole.trim_start_matches('0') };
        [if self.0 < 0 { "-" } else { "" }, whole, if fraction.is_empty() { "" } else { "." }, fraction].concat()
    }
}
