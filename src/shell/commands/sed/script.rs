//! The script of a `sed`: its commands, in order. In: the text. Out: a [`Script`], or a [`Fault`]: it is wrong, or it has something
//! that is not simulated, such as `l`, `e`, and flags that are GNU's alone.

use std::rc::Rc;
use std::str::Chars;

use super::substitution::{Part, Substitution, parts};
use crate::regex::{self, Posix, Regex};

/// Its commands; a block is one that skips to its end.
pub type Script = Vec<Command>;

/// A command, for the lines it is given.
pub struct Command {
    pub from: Option<Address>,
    pub to: Option<End>,
    /// Whether it is for the other lines.
    pub is_negated: bool,
    pub action: Action,
}

/// Where a command applies, or where a range begins.
pub enum Address {
    Line(usize),
    Last,
    /// A pattern; none for the one that was looked for last.
    Matches(Option<Rc<Regex>>),
    /// Each so many lines, from this one on.
    Each(usize, usize),
}

/// Where a range ends.
pub enum End {
    Line(usize),
    Last,
    Matches(Option<Rc<Regex>>),
    /// So many lines after its first.
    After(usize),
    /// At the next multiple.
    Multiple(usize),
}

/// What a command does.
pub enum Action {
    Substitute(Substitution),
    Translate(Vec<(char, char)>),
    Print,
    PrintFirst,
    PrintNumber,
    Delete,
    DeleteFirst,
    Next,
    AppendNext,
    /// Ends with a status, and prints the line before or not.
    Quit(i32, bool),
    Append(String),
    /// Appends the text of a file.
    Read(String),
    /// Adds the line to a file.
    Write(String),
    Insert(String),
    Change(String),
    Hold,
    HoldMore,
    Get,
    GetMore,
    Exchange,
    /// Goes on at a command; always, after a substitution, or when there was none.
    Jump(usize, Jump),
    /// Goes on behind its block when its address does not apply.
    Block(usize),
    /// A label or the end of a block.
    Nothing,
}

/// When a jump is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    Always,
    Substituted,
    NotSubstituted,
}

/// Why a script cannot run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Wrong,
    NotSimulated,
}

/// Reads a script.
pub fn read(text: &str, kind: Posix) -> Result<Script, Fault> {
    let mut reader = Reader { rest: text.chars(), kind, is_beyond: false };
    let script = reader.script();
    script.ok_or(if reader.is_beyond { Fault::NotSimulated } else { Fault::Wrong })
}

struct Reader<'t> {
    rest: Chars<'t>,
    kind: Posix,
    /// Whether it has come to something that is not simulated.
    is_beyond: bool,
}

impl Reader<'_> {
    fn script(&mut self) -> Option<Script> {
        let (mut script, mut blocks) = (Script::new(), Vec::new());
        let (mut labels, mut jumps) = (Vec::new(), Vec::new());
        loop {
            self.skip(|c| c.is_whitespace() || c == ';');
            if self.peek().is_none() {
                break;
            }
            if self.takes('#') {
                self.skip(|c| c != '\n');
                continue;
            }
            let from = self.address()?;
            self.skip(char::is_whitespace);
            let to = if from.is_some() && self.takes(',') { Some(self.end()?) } else { None };
            // Line 0 stands before a range that a match ends, and nowhere else.
            if matches!(from, Some(Address::Line(0))) && !matches!(to, Some(End::Matches(_))) {
                return None;
            }
            self.skip(char::is_whitespace);
            let is_negated = self.takes('!');
            self.skip(char::is_whitespace);
            let name = self.rest.next()?;
            let at = script.len();
            let action = match name {
                '{' => {
                    blocks.push(at);
                    Action::Block(0)
                }
                '}' => {
                    script.get_mut(blocks.pop()?)?.action = Action::Block(at);
                    Action::Nothing
                }
                ':' => {
                    labels.push((Some(self.label()).filter(|label| !label.is_empty())?, at));
                    Action::Nothing
                }
                'b' | 't' | 'T' => {
                    jumps.push((self.label(), at));
                    Action::Jump(
                        0,
                        match name {
                            'b' => Jump::Always,
                            't' => Jump::Substituted,
                            _ => Jump::NotSubstituted,
                        },
                    )
                }
                _ => self.action(name)?,
            };
            let is_open = matches!(name, '{' | ':' | 'a' | 'i' | 'c' | 'r' | 'w')
                || matches!(&action, Action::Substitute(with) if with.file.is_some());
            script.push(Command { from, to, is_negated, action });
            self.skip(|c| c == ' ' || c == '\t');
            if !is_open && !matches!(self.peek(), None | Some(';' | '\n' | '}' | '#')) {
                return None;
            }
        }
        for (label, at) in jumps {
            // Without a label it goes to the end.
            let known = labels.iter().find(|(name, _)| *name == label).map(|(_, at)| *at);
            let to = if label.is_empty() { script.len() } else { known? };
            if let Some(Command { action: Action::Jump(target, _), .. }) = script.get_mut(at) {
                *target = to;
            }
        }
        blocks.is_empty().then_some(script)
    }

    fn action(&mut self, name: char) -> Option<Action> {
        Some(match name {
            's' => Action::Substitute(self.substitution()?),
            'y' => {
                let by = self.separator()?;
                let (from, to) = (self.part(by)?, self.part(by)?);
                let plain = |text: String| text.replace("\\\\", "\\");
                let (from, to) = (plain(from), plain(to));
                (from.chars().count() == to.chars().count()).then(|| Action::Translate(from.chars().zip(to.chars()).collect()))?
            }
            'p' => Action::Print,
            'P' => Action::PrintFirst,
            '=' => Action::PrintNumber,
            'd' => Action::Delete,
            'D' => Action::DeleteFirst,
            'n' => Action::Next,
            'N' => Action::AppendNext,
            'h' => Action::Hold,
            'H' => Action::HoldMore,
            'g' => Action::Get,
            'G' => Action::GetMore,
            'x' => Action::Exchange,
            'q' | 'Q' => {
                self.skip(|c| c == ' ');
                Action::Quit(self.number().unwrap_or(0) as i32 & 0xff, name == 'q')
            }
            'r' => Action::Read(self.file()),
            'w' => Action::Write(Some(self.file()).filter(|file| !file.is_empty())?),
            'a' | 'i' | 'c' if self.peek().is_none() => return None,
            'a' => Action::Append(self.text()),
            'i' => Action::Insert(self.text()),
            'c' => Action::Change(self.text()),
            name => {
                self.is_beyond = "leFzWRv".contains(name);
                return None;
            }
        })
    }

    fn address(&mut self) -> Option<Option<Address>> {
        Some(Some(match self.peek() {
            Some(c) if c.is_ascii_digit() => {
                let line = self.number()?;
                if self.takes('~') { Address::Each(line, self.number()?) } else { Address::Line(line) }
            }
            Some('$') => {
                self.rest.next();
                Address::Last
            }
            Some('/' | '\\') => Address::Matches(self.pattern()?),
            _ => return Some(None),
        }))
    }

    fn end(&mut self) -> Option<End> {
        self.skip(|c| c == ' ');
        Some(match self.peek()? {
            '+' => {
                self.rest.next();
                End::After(self.number()?)
            }
            '~' => {
                self.rest.next();
                End::Multiple(self.number()?)
            }
            _ => match self.address()?? {
                Address::Line(line) => End::Line(line),
                Address::Last => End::Last,
                Address::Matches(regex) => End::Matches(regex),
                Address::Each(..) => return None,
            },
        })
    }

    /// The pattern of an address: `/…/` or `\c…c`.
    fn pattern(&mut self) -> Option<Option<Rc<Regex>>> {
        let by = if self.takes('\\') { self.separator()? } else { self.rest.next()? };
        let pattern = self.pattern_part(by)?;
        let ignores_case = self.takes('I');
        if self.peek() == Some('M') {
            self.is_beyond = true;
            return None;
        }
        self.regex(&pattern, ignores_case)
    }

    fn regex(&mut self, pattern: &str, ignores_case: bool) -> Option<Option<Rc<Regex>>> {
        if pattern.is_empty() {
            return Some(None);
        }
        let regex = Regex::posix(pattern, self.kind, ignores_case);
        self.is_beyond = matches!(regex, Err(regex::Fault::Unsupported));
        regex.ok().map(|regex| Some(Rc::new(regex)))
    }

    /// The name of a file, which takes the rest of the line.
    fn file(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        let mut name = String::new();
        while let Some(c) = self.rest.next().filter(|c| *c != '\n') {
            name.push(c);
        }
        name
    }

    fn substitution(&mut self) -> Option<Substitution> {
        let by = self.separator()?;
        let (pattern, with) = (self.pattern_part(by)?, self.part(by)?);
        let (mut ignores_case, mut replaces_all, mut prints, mut first, mut file) = (false, false, false, 1, None);
        while let Some(flag) = self.peek() {
            match flag {
                'g' if !replaces_all => replaces_all = true,
                'p' if !prints => prints = true,
                'i' | 'I' => ignores_case = true,
                'w' => {
                    self.rest.next();
                    file = Some(self.file());
                    break;
                }
                '1'..='9' => {
                    first = self.number()?;
                    continue;
                }
                ';' | '}' | '#' => break,
                c if c.is_whitespace() => break,
                flag => {
                    self.is_beyond = "emM".contains(flag);
                    return None;
                }
            }
            self.rest.next();
        }
        let regex = self.regex(&pattern, ignores_case)?;
        let with = parts(&with);
        let n_groups = regex.as_ref().map_or(9, |regex| regex.group_names().count().saturating_sub(1));
        if with.iter().any(|part| matches!(part, Part::Group(nth) if *nth > n_groups)) {
            return None;
        }
        Some(Substitution { regex, with, first, replaces_all, prints, file })
    }

    /// What parts a command from its pattern, and that from what follows.
    fn separator(&mut self) -> Option<char> {
        self.rest.next().filter(|by| !by.is_alphanumeric() && !by.is_whitespace() && *by != '\\')
    }

    /// As [`Reader::part`], for a pattern: in brackets, a separator is a character like any other.
    fn pattern_part(&mut self, by: char) -> Option<String> {
        let mut out = String::new();
        // Where the brackets begin whose end has not come.
        let mut open = None;
        loop {
            match self.rest.next()? {
                c if c == by && open.is_none() => return Some(out),
                '\\' => match self.rest.next()? {
                    c if c == by => out.push(c),
                    c => out.extend(['\\', c]),
                },
                c => {
                    out.push(c);
                    open = match (c, open) {
                        ('[', None) => Some(out.len()),
                        (']', Some(start)) if out.get(start..).is_some_and(closes_brackets) => None,
                        _ => open,
                    };
                }
            }
        }
    }

    /// The text up to the next separator without a backslash before it; both are taken.
    fn part(&mut self, by: char) -> Option<String> {
        let mut out = String::new();
        loop {
            match self.rest.next()? {
                c if c == by => return Some(out),
                '\\' => match self.rest.next()? {
                    c if c == by => out.push(c),
                    c => out.extend(['\\', c]),
                },
                c => out.push(c),
            }
        }
    }

    /// The lines of `a`, `i` and `c`: up to the end of the line; a backslash before it goes on in the next.
    fn text(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        if self.takes('\\') {
            self.takes('\n');
        }
        let mut out = String::new();
        while let Some(c) = self.rest.next() {
            match c {
                '\n' => break,
                '\\' => out.extend(self.rest.next()),
                c => out.push(c),
            }
        }
        out.push('\n');
        out
    }

    fn label(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        let mut label = String::new();
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace() && *c != ';' && *c != '}') {
            label.push(c);
            self.rest.next();
        }
        label
    }

    fn number(&mut self) -> Option<usize> {
        let mut number: Option<usize> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
            self.rest.next();
        }
        number
    }

    fn skip(&mut self, which: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&which) {
            self.rest.next();
        }
    }

    fn takes(&mut self, wanted: char) -> bool {
        let takes = self.peek() == Some(wanted);
        if takes {
            self.rest.next();
        }
        takes
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }
}

/// Whether the last character of what stands in brackets closes them: it is not their first, and does not end a class such as
/// `[:alpha:]`.
fn closes_brackets(inside: &str) -> bool {
    let class = inside.strip_suffix(":]").and_then(|before| before.rsplit_once("[:"));
    !matches!(inside, "]" | "^]") && !class.is_some_and(|(_, name)| name.chars().all(|c| c.is_ascii_alphabetic()))
}
