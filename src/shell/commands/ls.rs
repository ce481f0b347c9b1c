//! `ls`. The long form has the size of a file, and the current date.

use super::date;
use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

const KNOWN: Known = Known("1aA(almost-all)l(long)d(directory)h(human-readable)trSRUgonpFGv");

impl Shell<'_> {
    pub(super) fn ls(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), KNOWN, false);
        if options.has_other || options.has('R') {
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
        for directory in &directories {
            if named.len() > 1 {
                self.print_line(&io.out, &format!("{}{directory}:", if is_first { "" } else { "\n" }));
            }
            is_first = false;
            let mut names = self.names_in(directory);
            names.retain(|name| options.has('a') || options.has('A') || !name.starts_with('.'));
            if options.has('a') {
                names.splice(0..0, [".".to_owned(), "..".to_owned()]);
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
                let (kind, n_links) = if size.is_some() { ("-rw-r--r--", 1) } else { ("drwxr-xr-x", 2) };
                out += &format!("{kind} {n_links} root root {:>4} {date} ", size.unwrap_or(4096));
            }
            let marks = options.has('p') || options.has('F');
            out.extend([&*name, if size.is_none() && marks { "/" } else { "" }, "\n"]);
        }
        self.print(&io.out, &out.into());
    }
}
