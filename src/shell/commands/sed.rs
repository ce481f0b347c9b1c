//! `sed`: its command `s`. A script with any other command passes its input on, and says so.

use std::rc::Rc;

use super::options::Options;
use crate::regex::{Posix, Regex};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn sed(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::read(arguments, "e");
        let mut scripts: Vec<Text> = options.values_of('e').cloned().collect();
        let mut files = options.operands.as_slice();
        if let (true, Some((first, rest))) = (scripts.is_empty(), files.split_first()) {
            (scripts, files) = (vec![first.clone()], rest);
        }
        let script = Text::join(&scripts, "; ");
        let kind = if options.has('E') || options.has('r') { Posix::Extended } else { Posix::Basic };
        let substitutions = Some(&*script).filter(|_| !script.has_unknown() && !options.has('n')).and_then(|script| read(script, kind));
        let in_place: &[Text] = if options.has('i') { files } else { &[] };
        for files in if in_place.is_empty() { vec![files] } else { in_place.chunks(1).collect() } {
            let Some(input) = self.input_of("sed", files, io) else { return Flow::Next };
            let text = self.edited(&input, &script, substitutions.as_deref());
            match files {
                [file] if options.has('i') => self.files.insert(Rc::from(&**file), text),
                _ => self.print(&io.out, &text),
            }
        }
        Flow::Next
    }

    fn edited(&mut self, input: &Text, script: &Text, substitutions: Option<&[Substitution]>) -> Text {
        // What it gives of something unknown is unknown.
        if self.is_unknown(input) {
            return input.clone();
        }
        match substitutions.filter(|all| all.iter().all(|one| one.regex.affords(input.len(), self.setup.budget))) {
            Some(all) => {
                let edited = Iterator::map(str::lines(input), |line| all.iter().fold(line.to_owned(), |line, one| one.apply(&line)) + "\n");
                edited.collect::<String>().into()
            }
            None => {
                self.note(format!("`sed {script}` is not simulated, its input is passed on"));
                self.n_guesses += 1;
                input.clone()
            }
        }
    }
}

/// `s/regex/with/g`.
struct Substitution {
    regex: Regex,
    with: String,
    replaces_all: bool,
}

impl Substitution {
    /// A line with its matches replaced.
    fn apply(&self, line: &str) -> String {
        let mut is_done = false;
        self.regex.replace(line, &mut |groups, out| {
            if std::mem::replace(&mut is_done, !self.replaces_all) {
                *out += &groups[0];
                return;
            }
            let group = |nth: usize| groups.get(nth).map_or("", |found| found.as_str());
            let mut chars = self.with.chars();
            while let Some(c) = chars.next() {
                match c {
                    '&' => *out += group(0),
                    '\\' => match chars.next() {
                        Some('n') => out.push('\n'),
                        Some('t') => out.push('\t'),
                        Some(c) => match c.to_digit(10) {
                            Some(nth) => *out += group(nth as usize),
                            None => out.push(c),
                        },
                        None => {}
                    },
                    c => out.push(c),
                }
            }
        })
    }
}

/// The substitutions of a script, one after another; `None` when it has anything else, or a pattern that is not supported.
fn read(script: &str, kind: Posix) -> Option<Vec<Substitution>> {
    let mut substitutions = Vec::new();
    let mut rest = script;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', ';']);
        if rest.is_empty() {
            return Some(substitutions);
        }
        let by = rest.strip_prefix('s')?.chars().next().filter(|by| !by.is_alphanumeric() && *by != '\\')?;
        rest = &rest[1 + by.len_utf8()..];
        let pattern = part(&mut rest, by)?;
        let with = part(&mut rest, by)?;
        let end = rest.find([' ', '\t', '\n', ';']).unwrap_or(rest.len());
        let flags = &rest[..end];
        rest = &rest[end..];
        if pattern.is_empty() || !flags.chars().all(|flag| "giI".contains(flag)) {
            return None;
        }
        let regex = Regex::posix(&pattern, kind, flags.contains(['i', 'I'])).ok()?;
        substitutions.push(Substitution { regex, with, replaces_all: flags.contains('g') });
    }
}

/// The text up to the next separator without a backslash before it; both are taken.
fn part(rest: &mut &str, by: char) -> Option<String> {
    let mut out = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == by {
            *rest = &rest[at + c.len_utf8()..];
            return Some(out);
        }
        if c == '\\' {
            let (_, escaped) = chars.next()?;
            if escaped != by {
                out.push('\\');
            }
            out.push(escaped);
        } else {
            out.push(c);
        }
    }
    None
}
