//! `sed`. A script that is wrong fails; one with a command that is not simulated passes its input on, and says so.

mod script;
mod substitution;

use std::rc::Rc;

use super::options::{Known, Options};
use crate::regex::{Posix, Regex};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;
use script::{Action, Address, Command, End, Fault, Jump, Script};

impl Shell<'_> {
    pub(super) fn sed(&mut self, arguments: &[Text], io: &Io) -> Flow {
        // What stands behind `-i` is no option, but the end of the name that the text before gets.
        let (mut kept, mut given) = (None, Vec::new());
        for argument in arguments {
            let long = argument.strip_prefix("--in-place=");
            match long.or_else(|| argument.strip_prefix("-i")).filter(|end| !end.is_empty() && !end.starts_with("n-place")) {
                Some(end) => {
                    kept = Some(end.to_owned());
                    given.push("-i".into());
                }
                None => given.push(argument.clone()),
            }
        }
        let known =
            Known("n(quiet)(silent)e:(expression)f:(file)E(regexp-extended)ri(in-place)s(separate)z(null-data)u(unbuffered)(posix)(debug)");
        let options = Options::known(&given, known, false);
        let mut scripts: Vec<Text> = options.values_of('e').cloned().collect();
        for file in options.values_of('f') {
            scripts.extend(self.read_or_fail("sed", file, io));
        }
        let mut files = options.operands.as_slice();
        if let (true, Some((first, rest))) = (scripts.is_empty(), files.split_first()) {
            (scripts, files) = (vec![first.clone()], rest);
        }
        let text = Text::join(&scripts, "\n");
        let kind = if options.has('E') || options.has('r') { Posix::Extended } else { Posix::Basic };
        let is_known = !text.has_unknown() && !options.has_other;
        let script = if is_known { script::read(&text, kind) } else { Err(Fault::NotSimulated) };
        if script.as_ref().err() == Some(&Fault::Wrong) {
            return self.fail(io, 1, &format!("sed: the expression is wrong: {text}"));
        }
        let each_alone = options.has('i') || options.has('s');
        for files in if each_alone && !files.is_empty() { files.chunks(1).collect() } else { vec![files] } {
            let Some(input) = self.input_of("sed", files, io) else { return Flow::Next };
            let (out, is_over) = self.edited(&input, &text, script.as_ref().ok(), &options);
            match files {
                [file] if options.has('i') => {
                    if let Some(end) = &kept {
                        self.write_file(&[&**file, end].concat(), input);
                    }
                    self.write_file(file, out);
                }
                _ => self.print(&io.out, &out),
            }
            if is_over && !options.has('i') {
                break;
            }
        }
        Flow::Next
    }

    /// What a script makes of a text, and whether it has quit.
    fn edited(&mut self, input: &Text, text: &Text, script: Option<&Script>, options: &Options) -> (Text, bool) {
        // What it gives of something unknown is unknown.
        if self.is_unknown(input) {
            return (input.clone(), false);
        }
        let (lines, end) = match options.has('z') {
            true => (input.strip_suffix('\0').unwrap_or(input).split('\0').filter(|_| !input.is_empty()).collect(), '\0'),
            false => (str::lines(input).collect(), '\n'),
        };
        let mut run = Run { lines, end: end.to_string(), is_silent: options.has('n'), ..Run::default() };
        match script.and_then(|script| run.all(script, self)) {
            Some(status) => {
                // A last line without an end is printed without one.
                if !input.ends_with(end) && run.ends_with_last == run.out.len() {
                    run.out.pop();
                }
                self.state.status = status.unwrap_or(0);
                (run.out.into(), status.is_some())
            }
            None => {
                self.note(format!("`sed {text}` is not simulated, its input is passed on"));
                self.guess_if(true);
                (input.clone(), false)
            }
        }
    }
}

/// A script at work.
#[derive(Default)]
struct Run<'t> {
    lines: Vec<&'t str>,
    /// What ends a line.
    end: String,
    /// How many lines have been read.
    n_read: usize,
    /// The lines it works on, and those it holds.
    space: String,
    hold: String,
    /// What is printed after the lines it works on.
    appended: String,
    out: String,
    /// The length of `out` behind the last line of the input.
    ends_with_last: usize,
    /// Whether only what it is asked for is printed.
    is_silent: bool,
    has_substituted: bool,
    /// The pattern that was looked for last.
    last: Option<Rc<Regex>>,
    /// The last line of the range that each command is in; none of a range that a match ends.
    ranges: Vec<Option<Option<usize>>>,
}

/// What follows a command.
enum Then {
    /// The command at this place.
    At(usize),
    /// The next line, after this one is printed or not.
    Line(bool),
    /// The script once more, with what is left.
    Again,
    /// The end.
    Over(Option<i32>, bool),
}

impl<'t> Run<'t> {
    /// Runs the script over all lines, to the status it quits with; nothing if something in it takes too much work.
    fn all(&mut self, script: &Script, shell: &mut Shell<'_>) -> Option<Option<i32>> {
        self.ranges = script.iter().map(|_| None).collect();
        let mut is_again = false;
        while is_again || self.reads() {
            let mut at = 0;
            let then = loop {
                let Some(command) = script.get(at) else { break Then::Line(true) };
                if !shell.steps(1) || !shell.work(self.space.len()) {
                    break Then::Over(None, false);
                }
                match self.step(command, at, shell)? {
                    Then::At(next) => at = next,
                    then => break then,
                }
            };
            is_again = matches!(then, Then::Again);
            if matches!(then, Then::Line(true) | Then::Over(_, true)) {
                self.prints_unless_silent();
            }
            self.out += &std::mem::take(&mut self.appended);
            if let Then::Over(status, _) = then {
                return Some(status);
            }
        }
        Some(None)
    }

    fn step(&mut self, command: &Command, at: usize, shell: &mut Shell<'_>) -> Option<Then> {
        let applies = self.applies(command, at, shell)? != command.is_negated;
        let next = Then::At(at.saturating_add(1));
        if !applies {
            return Some(if let Action::Block(end) = command.action { Then::At(end) } else { next });
        }
        let first = self.space.find('\n');
        match &command.action {
            Action::Substitute(with) => {
                let regex = self.known(&with.regex)?;
                affords(&regex, &self.space, shell)?;
                if let Some(text) = with.apply(&regex, &self.space) {
                    (self.space, self.has_substituted) = (text, true);
                    if with.prints {
                        self.prints();
                    }
                    with.file.iter().for_each(|file| self.adds(file, shell));
                }
            }
            Action::Translate(pairs) => {
                let to = |c: char| pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
                self.space = self.space.chars().map(to).collect();
            }
            Action::Print => self.prints(),
            Action::PrintFirst => {
                let line = self.space.split('\n').next().unwrap_or("").to_owned();
                self.out.extend([&line, "\n"]);
                if self.is_last() && first.is_none() {
                    self.ends_with_last = self.out.len();
                }
            }
            Action::PrintNumber => self.out += &format!("{}\n", self.n_read),
            Action::Delete => return Some(Then::Line(false)),
            Action::DeleteFirst => {
                let Some(end) = first else { return Some(Then::Line(false)) };
                self.space.drain(..=end);
                return Some(Then::Again);
            }
            Action::Next | Action::AppendNext if self.is_last() => return Some(Then::Over(None, true)),
            Action::Next => {
                self.prints_unless_silent();
                self.out += &std::mem::take(&mut self.appended);
                self.reads();
            }
            Action::AppendNext => {
                let before = std::mem::take(&mut self.space);
                self.reads();
                self.space = [&before, "\n", &self.space].concat();
            }
            Action::Quit(status, prints) => return Some(Then::Over(Some(*status), *prints)),
            Action::Append(text) => self.appended += text,
            Action::Read(file) => self.appended.push_str(&shell.read_file(&file.as_str().into()).unwrap_or_default()),
            Action::Write(file) => self.adds(file, shell),
            Action::Insert(text) => self.out += text,
            Action::Change(text) => {
                if command.is_negated || self.ranges.get(at).is_none_or(Option::is_none) {
                    self.out += text;
                }
                return Some(Then::Line(false));
            }
            Action::Hold => self.hold.clone_from(&self.space),
            Action::HoldMore => self.hold.extend(["\n", &self.space]),
            Action::Get => self.space.clone_from(&self.hold),
            Action::GetMore => self.space.extend(["\n", &self.hold]),
            Action::Exchange => std::mem::swap(&mut self.space, &mut self.hold),
            Action::Jump(to, Jump::Always) => return Some(Then::At(*to)),
            Action::Jump(to, when) => {
                if std::mem::take(&mut self.has_substituted) == (*when == Jump::Substituted) {
                    return Some(Then::At(*to));
                }
            }
            Action::Block(_) | Action::Nothing => {}
        }
        Some(next)
    }

    /// Whether the line is one that a command is for, but for its `!`.
    fn applies(&mut self, command: &Command, at: usize, shell: &mut Shell<'_>) -> Option<bool> {
        let Some(from) = &command.from else { return Some(true) };
        let Some(to) = &command.to else { return self.is_at(from, shell) };
        let range = self.ranges.get(at).copied().flatten();
        let begins_before = matches!(from, Address::Line(0)) && self.n_read == 1;
        let (applies, is_within) = match range {
            Some(Some(end)) => (self.n_read <= end, self.n_read < end),
            Some(None) => (true, !self.ends(to, shell)?),
            None if begins_before => (true, !self.ends(to, shell)?),
            None => {
                let begins = self.is_at(from, shell)?;
                (begins, begins && self.end_of(to).is_none_or(|end| end > self.n_read))
            }
        };
        let end = range.unwrap_or_else(|| self.end_of(to));
        if let Some(range) = self.ranges.get_mut(at) {
            *range = is_within.then_some(end);
        }
        Some(applies)
    }

    /// The last line of a range that begins here, where that is known by its number.
    fn end_of(&self, to: &End) -> Option<usize> {
        match to {
            End::Line(line) => Some(*line),
            End::Last => Some(self.lines.len()),
            End::After(n) => Some(self.n_read.saturating_add(*n)),
            End::Multiple(0) => Some(self.n_read),
            End::Multiple(n) => Some(self.n_read.div_ceil(*n).saturating_mul(*n)),
            End::Matches(_) => None,
        }
    }

    fn ends(&mut self, to: &End, shell: &mut Shell<'_>) -> Option<bool> {
        let End::Matches(regex) = to else { return Some(false) };
        self.matches(regex, shell)
    }

    fn is_at(&mut self, address: &Address, shell: &mut Shell<'_>) -> Option<bool> {
        Some(match address {
            Address::Line(line) => self.n_read == *line,
            Address::Last => self.is_last(),
            Address::Each(first, 0) => self.n_read == *first,
            Address::Each(first, step) => self.n_read.checked_sub(*first).is_some_and(|n| n.is_multiple_of(*step)),
            Address::Matches(regex) => return self.matches(regex, shell),
        })
    }

    /// The pattern itself, or the one that was looked for last.
    fn known(&mut self, regex: &Option<Rc<Regex>>) -> Option<Rc<Regex>> {
        self.last = regex.clone().or(self.last.take());
        self.last.clone()
    }

    fn matches(&mut self, regex: &Option<Rc<Regex>>, shell: &mut Shell<'_>) -> Option<bool> {
        let regex = self.known(regex)?;
        affords(&regex, &self.space, shell)?;
        Some(regex.find(&self.space).is_some())
    }

    /// Reads the next line, if there is one.
    fn reads(&mut self) -> bool {
        let Some(line) = self.lines.get(self.n_read) else { return false };
        self.n_read = self.n_read.saturating_add(1);
        (self.space, self.has_substituted) = ((*line).to_owned(), false);
        true
    }

    fn is_last(&self) -> bool {
        self.n_read == self.lines.len()
    }

    fn prints(&mut self) {
        self.out.extend([&*self.space, &*self.end]);
        if self.is_last() {
            self.ends_with_last = self.out.len();
        }
    }

    /// Adds the line to a file.
    fn adds(&mut self, file: &str, shell: &mut Shell<'_>) {
        let line = [&self.space, "\n"].concat();
        match file {
            "/dev/stdout" => self.out += &line,
            file => {
                let place = shell.place(file);
                shell.append(&place, &line.into());
            }
        }
    }

    fn prints_unless_silent(&mut self) {
        if !self.is_silent {
            self.prints();
        }
    }
}

/// Nothing if a match would take too much work.
fn affords(regex: &Regex, text: &str, shell: &Shell<'_>) -> Option<()> {
    regex.affords(text.len(), shell.setup.budget).then_some(())
}
