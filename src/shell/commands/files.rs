//! Files and their names: `cat`, `tee`, `touch`, `mkdir`, `rm`, `cp`, `mv`, `cd`, `mktemp`, `basename`, `dirname`.

use std::rc::Rc;

use super::options::{Known, Options};
use crate::shell::disk::Change;
use crate::shell::state::{Flow, Held, Io, Shell, Sink};
use crate::text::Text;

/// A text in which all but tabs can be seen, as `cat -v` shows it.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        out += if byte >= 128 { "M-" } else { "" };
        match byte & 127 {
            b'\t' if byte < 128 => out.push('\t'),
            127 => out += "^?",
            low @ 0..32 => out.extend(['^', char::from(low.wrapping_add(64))]),
            plain => out.push(char::from(plain)),
        }
    }
    out
}

impl Shell<'_> {
    pub(super) fn cat(&mut self, words: &[Text], io: &Io) -> Flow {
        let known = Known("n(number)b(number-nonblank)s(squeeze-blank)uEA(show-all)(show-ends)T(show-tabs)vet");
        let options = Options::known(words.get(1..).unwrap_or_default(), known, false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let shows = |flags: &str| options.last_of(flags).is_some();
        let names = if options.operands.is_empty() { vec!["-".into()] } else { options.operands.clone() };
        let (mut number, mut was_empty) = (0usize, false);
        for name in &names {
            let shows_all = shows("nbsEATvet");
            if *name == "-" && !shows_all {
                self.pass_input(|shell, piece| shell.print(&io.out, piece));
                continue;
            }
            let Some(text) = self.read_or_fail("cat", name, io) else { continue };
            if !shows_all {
                self.print(&io.out, &text);
                continue;
            }
            let mut out = Text::new();
            for line in text.lines() {
                let is_empty = line.is_empty();
                if is_empty && std::mem::replace(&mut was_empty, true) && options.has('s') {
                    continue;
                }
                was_empty = is_empty;
                if options.has('b') && !is_empty || options.has('n') && !options.has('b') {
                    number = number.saturating_add(1);
                    out.push_str(&format!("{number:6}\t"));
                }
                let line = if shows("Avet") { line.map_known(&mut visible) } else { line };
                out.push(&if shows("ATt") { line.map_known(&mut |known| known.replace('\t', "^I")) } else { line });
                out.push_str(if shows("EAe") { "$\n" } else { "\n" });
            }
            self.print(&io.out, &out);
        }
        Flow::Next
    }

    pub(super) fn tee(&mut self, arguments: &[Text], io: &Io) {
        let appends = arguments.iter().any(|argument| *argument == "-a" || *argument == "--append");
        let names = arguments.iter().filter(|argument| !argument.starts_with('-') && **argument != "/dev/null");
        let sinks: Vec<Sink> =
            names.map(|name| if *name == "/dev/stderr" { io.err.clone() } else { self.sink_of(name, appends) }).collect();
        self.pass_input(|shell, piece| {
            for sink in sinks.iter().chain([&io.out]) {
                shell.print(sink, piece);
            }
        });
    }

    /// `touch`, `mkdir`, `rmdir`, `rm`.
    pub(super) fn change_files(&mut self, words: &[Text], io: &Io) -> Flow {
        let command = words.first().map_or("", |command| command);
        let known = match command {
            "touch" => Known("acd:(date)mt:r:(reference)"),
            "mkdir" => Known("p(parents)m:(mode)v"),
            "rmdir" => Known("p"),
            _ => Known("f(force)r(recursive)Rdvi"),
        };
        let options = Options::known(words.get(1..).unwrap_or_default(), known, false);
        if options.operands.is_empty() && !options.has('f') {
            return self.fail(io, 1, &format!("{command}: missing operand"));
        }
        for name in &options.operands {
            let (is_file, is_directory) = (self.file(name).is_some(), self.is_directory(name));
            let why = match command {
                "touch" | "mkdir" if !options.has('p') && !self.may_make(name) => Some("No such file or directory"),
                "touch" => {
                    if !is_directory && (is_file || !options.has('c')) {
                        self.make_file(name, true);
                    }
                    None
                }
                "mkdir" if is_file || is_directory && !options.has('p') => Some("File exists"),
                "mkdir" => {
                    // With all that it lies in.
                    let mut place = &*self.place(name);
                    while !is_directory && !place.is_empty() {
                        self.make_directory(&Rc::from(place));
                        place = place.rsplit_once('/').map_or("", |(above, _)| above);
                    }
                    None
                }
                _ if !is_file && !is_directory => {
                    let is_fine = options.has('f') || self.is_elsewhere(name);
                    (!is_fine).then_some("No such file or directory")
                }
                "rmdir" if is_file => Some("Not a directory"),
                "rmdir" if !self.names_in(name).is_empty() => Some("Directory not empty"),
                "rm" if is_directory && !options.has('r') && !options.has('R') => Some("Is a directory"),
                _ => {
                    self.remove_all(name);
                    None
                }
            };
            if let Some(why) = why {
                let what = match command {
                    "touch" => "cannot touch",
                    "mkdir" => "cannot create directory",
                    "rmdir" => "failed to remove",
                    _ => "cannot remove",
                };
                self.fail(io, 1, &format!("{command}: {what} '{name}': {why}"));
            }
        }
        Flow::Next
    }

    /// `cp` and `mv`.
    pub(super) fn copy(&mut self, words: &[Text], io: &Io) -> Flow {
        let command = words.first().map_or("", |command| command);
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("rRafpvnit:(target-directory)TuL"), false);
        let mut from = options.operands.clone();
        let Some(to) = options.value('t').cloned().or_else(|| from.pop()).filter(|_| !from.is_empty()) else {
            return self.fail(io, 1, &format!("{command}: missing file operand"));
        };
        let is_into = self.is_directory(&to);
        if from.len() > 1 && !is_into && !self.is_elsewhere(&to) {
            let why = if self.file(&to).is_some() { "Not a directory" } else { "No such file or directory" };
            return self.fail(io, 1, &format!("{command}: target '{to}': {why}"));
        }
        for name in from {
            let base = name.trim_end_matches('/').rsplit('/').next().unwrap_or("");
            let target = if is_into { Text::join(&[to.clone(), base.into()], "/") } else { to.clone() };
            if let Some(text) = self.file(&name).cloned().or_else(|| if self.is_directory(&name) { None } else { self.read_file(&name) }) {
                if !self.may_make(&target) {
                    self.fail(io, 1, &format!("{command}: cannot create regular file '{target}': No such file or directory"));
                    continue;
                }
                if command == "mv" {
                    self.change(Change::File(self.place(&name), None));
                }
                self.write_file(&target, text);
            } else if self.is_directory(&name) && (command == "mv" || ["r", "R", "a"].iter().any(|flag| options.last_of(flag).is_some())) {
                let place = self.place(&target);
                self.make_directory(&place);
                for file in self.files_below(&name) {
                    let rest = file.strip_prefix(name.trim_end_matches('/')).unwrap_or(&file);
                    if let Some(text) = self.file(&file).cloned() {
                        self.change(Change::File([&*place, rest].concat().into(), Some(text)));
                    }
                }
                if command == "mv" {
                    self.remove_all(&name);
                }
            } else if self.is_directory(&name) {
                self.fail(io, 1, &format!("cp: -r not specified; omitting directory '{name}'"));
            } else {
                self.fail(io, 1, &format!("{command}: cannot stat '{name}': No such file or directory"));
            }
        }
        Flow::Next
    }

    pub(super) fn cd(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let name = arguments.iter().find(|argument| *argument == "-" || !argument.starts_with('-'));
        let before = self.working_directory();
        let name = match name {
            Some(dash) if *dash == "-" => match self.get("OLDPWD") {
                Some(Held::Text(old)) => {
                    let old = old.clone();
                    self.print_line_of(io, old.clone());
                    old
                }
                _ => return self.fail(io, 1, "bash: cd: OLDPWD not set"),
            },
            Some(name) => name.clone(),
            None => match self.get("HOME") {
                Some(Held::Text(home)) => home.clone(),
                _ => self.special("HOME").unwrap_or_default().into(),
            },
        };
        if self.file(&name).is_some() {
            return self.fail(io, 1, &format!("bash: cd: {name}: Not a directory"));
        }
        // Other directories of a machine are taken to be there.
        let may = name.starts_with(['/', '~']) || name.has_unknown() || name.is_empty() || self.is_directory(&name);
        if !may && !self.is_elsewhere(&name) {
            return self.fail(io, 1, &format!("bash: cd: {name}: No such file or directory"));
        }
        if !name.is_empty() {
            self.state.directory = self.place(&name);
        }
        self.set("OLDPWD", before.into());
        Flow::Next
    }

    /// `pushd` and `popd`, which print the directories that are kept.
    pub(super) fn stacked(&mut self, command: &str, arguments: &[Text], io: &Io) -> Flow {
        let here: Text = self.working_directory().into();
        let to = if command == "pushd" {
            arguments.iter().find(|word| !word.starts_with('-')).cloned()
        } else {
            self.state.kept_directories.pop()
        };
        let Some(to) = to else { return self.fail(io, 1, &format!("bash: {command}: directory stack empty")) };
        let flow = self.cd(std::slice::from_ref(&to), io);
        if self.state.status == 0 {
            if command == "pushd" {
                self.state.kept_directories.push(here);
            }
            let others = self.state.kept_directories.iter().rev().cloned();
            let all: Vec<Text> = std::iter::once(self.working_directory().into()).chain(others).collect();
            self.print_line_of(io, Text::join(&all, " "));
        }
        flow
    }

    /// `mktemp`: a name that no other file has.
    pub(super) fn mktemp(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("d(directory)qtup:(tmpdir)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let given = options.operands.first().map_or("tmp.XXXXXXXXXX", |name| name);
        let mut drawn = self.draw();
        let name: String = given
            .chars()
            .map(|c| {
                let letter = char::from_digit((drawn % 36) as u32, 36).unwrap_or('x');
                drawn = drawn.rotate_right(7) ^ 0x9e37_79b9;
                if c == 'X' { letter } else { c }
            })
            .collect();
        let is_named = !options.operands.is_empty() && !options.has('t') && options.value('p').is_none();
        let directory = options.value('p').map_or("/tmp", |directory| directory);
        let path = if is_named { name } else { [directory, "/", &name].concat() };
        if options.has('d') {
            self.make_directory(&self.place(&path))
        } else {
            self.make_file(&path, false)
        }
        self.print_line(&io.out, &path);
        Flow::Next
    }

    /// `basename` and `dirname`.
    pub(super) fn path_part(&mut self, command: &str, arguments: &[Text], io: &Io) {
        let options = Options::known(arguments, Known("a(multiple)s:(suffix)z"), true);
        let (mut paths, mut suffix) = (options.operands.as_slice(), options.value('s'));
        if let (true, [path, rest @ ..]) = (command == "basename" && suffix.is_none() && !options.has('a'), paths) {
            (paths, suffix) = (std::slice::from_ref(path), rest.first());
        }
        if paths.is_empty() {
            self.fail(io, 1, &format!("{command}: missing operand"));
        }
        for path in paths {
            let n_bytes = path.trim_end_matches('/').len();
            let is_root = n_bytes == 0 && !path.is_empty();
            let path = path.slice(0..n_bytes);
            let part = if is_root {
                "/".into()
            } else if command == "basename" {
                let mut base = path.slice_from(path.trim_end_matches(|c| c != '/').len());
                if let Some(n) = suffix.and_then(|suffix| base.strip_suffix(&**suffix)).map(str::len).filter(|n| *n > 0) {
                    base.truncate(n);
                }
                base
            } else {
                match path.rfind('/') {
                    None => ".".into(),
                    Some(0) => "/".into(),
                    Some(at) => path.slice(0..at),
                }
            };
            self.print_line_of(io, part);
        }
    }
}
