//! The command `s` of `sed`.

use std::rc::Rc;

use crate::regex::Regex;
use crate::shell::escape::control;

/// `s/regex/with/flags`.
pub struct Substitution {
    /// What is looked for; none for what was looked for last.
    pub regex: Option<Rc<Regex>>,
    pub with: Vec<Part>,
    /// The first match that is replaced, from 1.
    pub first: usize,
    pub replaces_all: bool,
    pub prints: bool,
    /// The file that what it has changed is added to.
    pub file: Option<String>,
}

/// A part of what stands for a match.
pub enum Part {
    Text(String),
    Group(usize),
    /// `\U`, `\L`, `\u`, `\l` and `\E`.
    Case(char),
}

impl Substitution {
    /// A line with its matches replaced; `None` when there was none.
    pub fn apply(&self, regex: &Regex, line: &str) -> Option<String> {
        let mut nth = 0_usize;
        let text = regex.replace(line, &mut |groups, out| {
            nth = nth.saturating_add(1);
            if nth < self.first || nth > self.first && !self.replaces_all {
                *out += &groups[0];
                return;
            }
            // What is in force until `\E`, and for the next character.
            let (mut lasting, mut once) = (None, None);
            for part in &self.with {
                let text = match part {
                    Part::Case(case @ ('u' | 'l')) => {
                        once = Some(*case);
                        continue;
                    }
                    Part::Case(case) => {
                        lasting = Some(*case).filter(|case| *case != 'E');
                        continue;
                    }
                    Part::Text(text) => text,
                    Part::Group(nth) => groups.get(*nth).map_or("", |found| found.as_str()),
                };
                for c in text.chars() {
                    match once.take().or(lasting) {
                        Some('U' | 'u') => out.extend(c.to_uppercase()),
                        Some(_) => out.extend(c.to_lowercase()),
                        None => out.push(c),
                    }
                }
            }
        });
        (nth >= self.first).then_some(text)
    }
}

/// What stands for a match, part by part.
pub fn parts(with: &str) -> Vec<Part> {
    let (mut parts, mut text) = (Vec::new(), String::new());
    let mut chars = with.chars();
    while let Some(c) = chars.next() {
        let part = match c {
            '&' => Part::Group(0),
            '\\' => match chars.next() {
                Some(c) if c != 'b' && control(c).is_some() => {
                    text.extend(control(c));
                    continue;
                }
                Some(case @ ('U' | 'L' | 'u' | 'l' | 'E')) => Part::Case(case),
                Some(c) => match c.to_digit(10) {
                    Some(nth) => Part::Group(nth as usize),
                    None => {
                        text.push(c);
                        continue;
                    }
                },
                None => continue,
            },
            c => {
                text.push(c);
                continue;
            }
        };
        parts.push(Part::Text(std::mem::take(&mut text)));
        parts.push(part);
    }
    parts.push(Part::Text(text));
    parts
}
