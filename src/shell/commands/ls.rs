//! `ls` and what else tells of files: `stat`, `chmod`, `id`. The long form has the size of a file, and the current date.

use super::date;
use super::options::{Known, Options};
use crate::shell::disk::Change;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

const KNOWN: Known = Known("1a(all)A(almost-all)l(long)d(directory)h(human-readable)trSR(recursive)UgonpFGvmQ");

impl Shell<'_> {
    /// Whether a file may be run.
    pub(super) fn may_run(&self, name: &str) -> bool {
        self.disk.executables.get(&*self.place(name)).is_some()
    }

    /// `chmod`: what it says of running files.
    pub(super) fn chmod(&mut self, arguments: &[Text], io: &Io) {
        let mut rest = arguments.iter().filter(|word| !matches!(&***word, "-R" | "-v" | "-f"));
        let Some(mode) = rest.next() else { return };
        let is_octal = mode.chars().all(|c| c.is_digit(8));
        let runs = if is_octal { mode.contains(['1', '3', '5', '7']) } else { mode.contains('x') && !mode.contains("-x") };
        for name in rest {
            let place = self.place(name);
            if self.file(name).is_none() && !self.is_directory(name) && !self.is_elsewhere(name) {
                self.fail(io, 1, &format!("chmod: cannot access '{name}': No such file or directory"));
            } else if runs || is_octal || mode.contains('x') {
                self.change(Change::Executable(place, runs));
            }
        }
    }

    /// `stat -c`, of names, sizes and kinds.
    pub(super) fn stat(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("c:(format)"), false);
        let Some(format) = options.value('c').filter(|_| !options.has_other) else { return self.not_simulated(words, io) };
        let mut out = Text::new();
        for name in &options.operands {
            let size = self.file(name).map(|text| text.len());
            if size.is_none() && !self.is_directory(name) {
                if self.is_elsewhere(name) {
                    return self.not_simulated(words, io);
                }
                self.fail(io, 1, &format!("stat: cannot statx '{name}': No such file or directory"));
                continue;
            }
            let runs = size.is_none() || self.may_run(name);
            let mut pieces = str::split(format, '%');
            let mut line = pieces.next().unwrap_or("").to_owned();
            for piece in pieces {
                let (kind, behind) = piece.split_at_checked(1).unwrap_or(("", piece));
                line += &match kind {
                    "n" => name.to_string(),
                    "s" => size.unwrap_or(4096).to_string(),
                    "a" => if runs { "755" } else { "644" }.to_owned(),
                    "A" => [if size.is_some() { "-" } else { "d" }, if runs { "rwxr-xr-x" } else { "rw-r--r--" }].concat(),
                    "F" if size == Some(0) => "regular empty file".to_owned(),
                    "F" => if size.is_some() { "regular file" } else { "directory" }.to_owned(),
                    "U" | "G" => "root".to_owned(),
                    "Y" => self.state.clock.epoch_ms(self.setup.start_epoch_ms).div_euclid(1000).to_string(),
                    _ => return self.not_simulated(words, io),
                };
                line += behind;
            }
            out.push_str(&(line + "\n"));
        }
        self.print(&io.out, &out);
        Flow::Next
    }

    /// `id -u`, `id -un` and the like, of `root`.
    pub(super) fn id(&mut self, words: &[Text], io: &Io) -> Flow {
        let flags = words.get(1).map_or("", |flags| flags);
        let line = match flags {
            "" => "uid=0(root) gid=0(root) groups=0(root)",
            "-u" | "-g" | "-G" => "0",
            "-un" | "-gn" | "-nu" => "root",
            _ => return self.not_simulated(words, io),
        };
        self.print_line(&io.out, line);
        Flow::Next
    }

    pub(super) fn ls(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), KNOWN, false);
        let named_files = options.operands.iter().any(|name| !self.is_directory(name));
        if options.has_other || options.has('R') && (named_files || options.has('d')) {
            return self.not_simulated(words, io);
        }
        let named = if options.operands.is_empty() { vec![Text::from(".")] } else { options.operands.clone() };
        let (mut files, mut directories) = (Vec::new(), Vec::new());
        for name in &named {
            if self.is_directory(name) && !options.has('d') {
                directories.push(name.to_string());
            } else if self.is_directory(name) || self.file(name).is_some() {
                files.push(name.to_string());
            } else if self.is_elsewhere(name) {
                return self.not_simulated(words, io);
            } else {
                self.fail(io, 2, &format!("ls: cannot access '{name}': No such file or directory"));
            }
        }
        files.sort();
        directories.sort();
        let mut is_first = files.is_empty();
        self.lists("", files, &options, io);
        directories.reverse();
        while let Some(directory) = directories.pop() {
            if !self.steps(1) {
                return Flow::Stop;
            }
            let directory = &directory;
            if named.len() > 1 || options.has('R') {
                self.print_line(&io.out, &format!("{}{directory}:", if is_first { "" } else { "\n" }));
            }
            is_first = false;
            let mut names = self.names_in(directory);
            names.retain(|name| options.has('a') || options.has('A') || !name.starts_with('.'));
            if options.has('a') {
                names.splice(0..0, [".".to_owned(), "..".to_owned()]);
            }
            if options.has('R') {
                let below = names.iter().rev().map(|name| [directory, "/", name].concat());
                let below: Vec<String> = below.filter(|path| !path.ends_with("/.") && !path.ends_with("/..")).collect();
                directories.extend(below.into_iter().filter(|path| self.is_directory(path)));
            }
            if options.has('l') {
                self.print_line(&io.out, &format!("total {}", names.len().saturating_mul(4)));
            }
            self.lists(directory, names, &options, io);
        }
        Flow::Next
    }

    fn lists(&mut self, directory: &str, mut names: Vec<String>, options: &Options, io: &Io) {
        let path = |name: &str| if directory.is_empty() { name.to_owned() } else { [directory, "/", name].concat() };
        let size = |shell: &Self, name: &str| shell.file(&path(name)).map(|text| text.len());
        if options.has('S') {
            names.sort_by_key(|name| std::cmp::Reverse(size(self, name).unwrap_or(4096)));
        }
        if options.has('r') {
            names.reverse();
        }
        let date = date::formatted(self.state.clock.epoch_ms(self.setup.start_epoch_ms), "%b %e %H:%M");
        let mut out = String::new();
        for name in names {
            let size = size(self, &name);
            if options.has('l') {
                let (kind, n_links) = match size {
                    Some(_) if self.may_run(&path(&name)) => ("-rwxr-xr-x", 1),
                    Some(_) => ("-rw-r--r--", 1),
                    None => ("drwxr-xr-x", 2),
                };
                out += &format!("{kind} {n_links} root root {:>4} {date} ", size.unwrap_or(4096));
            }
            let marks = options.has('p') || options.has('F');
            let quote = if options.has('Q') { "\"" } else { "" };
            let end = if options.has('m') { ", " } else { "\n" };
            let mark = match size {
                None if marks => "/",
                Some(_) if options.has('F') && self.may_run(&path(&name)) => "*",
                _ => "",
            };
            out.extend([quote, &*name, quote, mark, end]);
        }
        if out.ends_with(", ") {
            out.truncate(out.len().saturating_sub(2));
            out.push('\n');
        }
        self.print(&io.out, &out.into());
    }
}
