//! `${...}` in a word: a parameter, its index, and how its value is changed.

use super::parser::{Parsed, Parser};
use super::tree::{Change, Part, Variable, Word};
use super::words::unclosed;

impl Parser<'_> {
    /// What follows `${`, up to its `}`. A parameter that bash does not know is an error where the script comes to it, and not
    /// before.
    pub fn braces(&mut self, quoted: bool) -> Parsed<Part> {
        let start = self.cursor;
        let variable = match self.parameter(quoted)? {
            Some(variable) if self.eat("}") => variable,
            _ => {
                self.cursor = start;
                self.skip_braces()?;
                let text = self.since(start);
                Variable { name: text.strip_suffix('}').unwrap_or(&text).to_owned(), index: None, change: Change::Unknown }
            }
        };
        Ok(Part::Variable(Box::new(variable), quoted))
    }

    /// A parameter as far as it is known; `None` when it is not.
    fn parameter(&mut self, quoted: bool) -> Parsed<Option<Variable>> {
        let length = self.starts("#") && !self.starts("#}");
        let named = self.starts("!#}") || self.starts("!") && self.cursor.peek_at(1).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        self.cursor.eat_if(|_| length || named);
        let mut name = self.variable_name();
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            // `${10}` has more digits than `$1`.
            name += self.known_until(|c| !c.is_ascii_alphanumeric() && c != '_');
        }
        if name.is_empty() {
            return Ok(None);
        }
        let index = if self.eat("[") { Some(self.until("]")?) } else { None };
        let change = if length {
            Change::Length
        } else if self.starts("}") {
            if named { Change::Named } else { Change::None }
        } else {
            match self.change(named, quoted)? {
                Some(change) => change,
                None => return Ok(None),
            }
        };
        Ok(Some(Variable { name, index, change }))
    }

    /// What changes the value, in front of `}`; `None` when it is not known.
    fn change(&mut self, named: bool, quoted: bool) -> Parsed<Option<Change>> {
        Ok(Some(if self.eat("##") || self.eat("%%") {
            let from_end = self.cursor.before().ends_with('%');
            Change::Cut { from_end, longest: true, pattern: self.until_brace("")? }
        } else if self.eat("#") || self.eat("%") {
            let from_end = self.cursor.before().ends_with('%');
            Change::Cut { from_end, longest: false, pattern: self.until_brace("")? }
        } else if self.eat("/") {
            let all = self.eat("/");
            let pattern = self.until_brace("/")?;
            let with = if self.eat("/") { self.until_brace("")? } else { Vec::new() };
            Change::Replace { all, pattern, with }
        } else if self.eat("^") {
            Change::Case { upper: true, all: self.eat("^"), pattern: self.until_brace("")? }
        } else if self.eat(",") {
            Change::Case { upper: false, all: self.eat(","), pattern: self.until_brace("")? }
        } else if named && ["@}", "*}"].iter().any(|sign| self.starts(sign)) {
            self.cursor.bump();
            Change::Names
        } else if self.eat("@") {
            return Ok(self.cursor.eat_if(|c| "QUuLE".contains(c)).map(Change::At));
        } else {
            let colon = self.eat(":");
            match self.peek() {
                Some(sign @ ('-' | '=' | '+' | '?')) => {
                    self.cursor.bump();
                    Change::Default(sign, colon, if quoted { self.until_brace("\'")? } else { self.until_brace("")? })
                }
                _ if colon && !self.starts("}") => {
                    let from = self.until_brace(":")?;
                    let length = if self.eat(":") { Some(self.until_brace("")?) } else { None };
                    Change::Slice(from, length)
                }
                _ => return Ok(None),
            }
        }))
    }

    /// Skips a parameter that is not known, with its `}`. A brace within quotes or behind a backslash does not close it.
    fn skip_braces(&mut self) -> Parsed<()> {
        let (mut open, mut before) = (1u32, ' ');
        while open > 0 {
            match self.cursor.bump() {
                None => return Err(unclosed('}')),
                Some('\\') => drop(self.cursor.bump()),
                Some('\'') => drop(self.single_quoted()?),
                Some('"') => loop {
                    match self.cursor.bump() {
                        None => return Err(unclosed('"')),
                        Some('"') => break,
                        Some('\\') => drop(self.cursor.bump()),
                        Some(_) => {}
                    }
                },
                Some('{') if before == '$' => open = open.saturating_add(1),
                Some('}') => open = open.saturating_sub(1),
                Some(_) => {}
            }
            before = self.cursor.before().chars().next_back().unwrap_or(' ');
        }
        Ok(())
    }

    /// A word within braces, up to `}` or one of `ends`, which is not taken. With `'` among them it is within quotes, where that
    /// sign stands for itself.
    fn until_brace(&mut self, ends: &str) -> Parsed<Word> {
        let next = |parser: &mut Self, parts: &mut Word| {
            match parser.peek() {
                None | Some('}') => return Ok(false),
                Some('\'') if ends.contains('\'') => {
                    parser.cursor.bump();
                    parts.push(Part::known("'", true));
                }
                Some(c) if ends.contains(c) => return Ok(false),
                Some('\'') => {
                    parser.cursor.bump();
                    parts.push(parser.single_quoted()?);
                }
                Some('"') => {
                    parser.cursor.bump();
                    parts.append(&mut parser.quoted(Some('"'))?);
                }
                Some('$') if parser.eat("$'") => parts.push(Part::Text(parser.ansi()?, true)),
                Some('\\') => {
                    parser.cursor.bump();
                    parts.extend(parser.cursor.bump().map(|c| Part::known(c.encode_utf8(&mut [0; 4]), true)));
                }
                Some('$' | '`') => parts.push(parser.dollar(false)?),
                Some(_) => {
                    let text = parser.known_until(|c| "}'\"\\$`".contains(c) || ends.contains(c));
                    parts.push(Part::known(text, false));
                }
            }
            Ok(true)
        };
        self.deeper(|parser| parser.parts(next))
    }
}
