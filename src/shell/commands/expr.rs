//! `expr`.

use crate::regex::{Posix, Regex};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

/// Deeper nesting is a mistake.
const DEEPEST: usize = 32;

/// The operators by precedence, lowest first.
const LEVELS: &[&[&str]] = &[&["|"], &["&"], &["<", "<=", "=", "==", "!=", ">=", ">"], &["+", "-"], &["*", "/", "%"], &[":"]];

impl Shell<'_> {
    pub(super) fn expr(&mut self, words: &[Text], io: &Io) -> Flow {
        let arguments = words.get(1..).unwrap_or_default();
        if arguments.iter().any(Text::has_unknown) {
            self.guess_if(true);
            self.print_line_of(io, Text::unknown("expr"));
            return Flow::Next;
        }
        let mut reader = Reader { words: arguments.iter().map(|word| &**word).collect(), at: 0, depth: 0, shell: self };
        let value = reader.level(LEVELS);
        let is_whole = reader.at == arguments.len();
        match value {
            Ok(value) if is_whole => {
                self.print_line(&io.out, &value);
                self.ends_with(i32::from(!is_true(&value)))
            }
            Ok(_) => self.fail(io, 2, "expr: syntax error"),
            Err(why) => self.fail(io, 2, &format!("expr: {why}")),
        }
    }
}

struct Reader<'w, 's, 'a> {
    words: Vec<&'w str>,
    at: usize,
    depth: usize,
    shell: &'s mut Shell<'a>,
}

impl<'w> Reader<'w, '_, '_> {
    fn peek(&self) -> Option<&'w str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Result<&'w str, &'static str> {
        let word = self.peek().ok_or("syntax error: missing argument")?;
        self.at = self.at.saturating_add(1);
        Ok(word)
    }

    fn level(&mut self, levels: &[&[&str]]) -> Result<String, &'static str> {
        let Some((signs, tighter)) = levels.split_first() else { return self.operand() };
        let mut left = self.level(tighter)?;
        while let Some(sign) = self.peek().filter(|sign| signs.contains(sign)) {
            self.at = self.at.saturating_add(1);
            let right = self.level(tighter)?;
            left = self.applied(&left, sign, &right)?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<String, &'static str> {
        match self.next()? {
            "(" if self.depth < DEEPEST => {
                self.depth = self.depth.saturating_add(1);
                let value = self.level(LEVELS)?;
                self.depth = self.depth.saturating_sub(1);
                if self.next()? == ")" { Ok(value) } else { Err("syntax error") }
            }
            "length" => Ok(self.next()?.chars().count().to_string()),
            "substr" => {
                let (text, from, length) = (self.next()?, self.next()?, self.next()?);
                let number = |text: &str| text.parse::<usize>().unwrap_or(0);
                let length = if number(from) == 0 { 0 } else { number(length) };
                Ok(text.chars().skip(number(from).saturating_sub(1)).take(length).collect())
            }
            "index" => {
                let (text, wanted) = (self.next()?, self.next()?);
                Ok(text.chars().position(|c| wanted.contains(c)).map_or(0, |at| at.saturating_add(1)).to_string())
            }
            "match" => {
                let (text, pattern) = (self.next()?, self.next()?);
                self.applied(text, ":", pattern)
            }
            "+" => self.next().map(str::to_owned),
            word => Ok(word.to_owned()),
        }
    }

    fn applied(&self, left: &str, sign: &str, right: &str) -> Result<String, &'static str> {
        let numbers = || left.parse::<i64>().ok().zip(right.parse::<i64>().ok());
        let order = numbers().map_or_else(|| left.cmp(right), |(a, b)| a.cmp(&b));
        let truth = |truth: bool| Ok(i32::from(truth).to_string());
        match sign {
            "|" => Ok(if is_true(left) {
                left
            } else if is_true(right) {
                right
            } else {
                "0"
            }
            .to_owned()),
            "&" => Ok(if is_true(left) && is_true(right) { left } else { "0" }.to_owned()),
            "<" => truth(order.is_lt()),
            "<=" => truth(order.is_le()),
            "=" | "==" => truth(order.is_eq()),
            "!=" => truth(order.is_ne()),
            ">=" => truth(order.is_ge()),
            ">" => truth(order.is_gt()),
            ":" => {
                let pattern = if right.starts_with('^') { right.to_owned() } else { ["^", right].concat() };
                let regex = Regex::posix(&pattern, Posix::Basic, false).map_err(|_| "the pattern is not simulated")?;
                if !regex.affords(left.len(), self.shell.setup.budget) {
                    return Err("the pattern is not simulated");
                }
                let found = regex.find(left);
                let has_group = right.contains("\\(");
                Ok(match found {
                    Some(groups) if has_group => groups.get(1).map_or("", |group| group.as_str()).to_owned(),
                    Some(groups) => groups.get(0).map_or(0, |found| found.as_str().chars().count()).to_string(),
                    None if has_group => String::new(),
                    None => "0".to_owned(),
                })
            }
            sign => {
                let (a, b) = numbers().ok_or("non-integer argument")?;
                let value = match sign {
                    "+" => a.checked_add(b),
                    "-" => a.checked_sub(b),
                    "*" => a.checked_mul(b),
                    _ if b == 0 => return Err("division by zero"),
                    "/" => a.checked_div(b),
                    _ => a.checked_rem(b),
                };
                value.map(|value| value.to_string()).ok_or("result too large")
            }
        }
    }
}

fn is_true(value: &str) -> bool {
    !value.is_empty() && !value.trim_start_matches('-').chars().all(|c| c == '0')
}
