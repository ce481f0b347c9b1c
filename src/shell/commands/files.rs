//! Files and their names: `cat`, `tee`, `ls`, `touch`, `rm`, `cp`, `mv`, `basename`, `dirname`.

use std::rc::Rc;

use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn cat(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let names: Vec<&Text> = arguments.iter().filter(|name| **name == "-" || !name.starts_with('-')).collect();
        if names.is_empty() {
            let text = self.take_input();
            self.print(&io.out, &text);
        }
        for name in names {
            match self.read_file(name) {
                Some(text) => self.print(&io.out, &text),
                None => _ = self.fail(io, 1, &format!("cat: {name}: No such file or directory")),
            }
        }
        Flow::Next
    }

    pub(super) fn tee(&mut self, arguments: &[Text], io: &Io) {
        let input = self.take_input();
        let appends = arguments.iter().any(|argument| *argument == "-a");
        for file in arguments.iter().filter(|argument| !argument.starts_with('-')) {
            let text = self.files.or_default(Rc::from(&**file));
            if !appends {
                *text = Text::new();
            }
            text.push(&input);
        }
        self.print(&io.out, &input);
    }

    pub(super) fn ls(&mut self, io: &Io) {
        let names: String = self.files.keys().map(|name| format!("{name}\n")).collect();
        self.print(&io.out, &names.into());
    }

    pub(super) fn change_files(&mut self, command: &str, arguments: &[Text]) {
        match (command, arguments) {
            ("touch", names) => names.iter().for_each(|name| _ = self.files.or_default(Rc::from(&**name))),
            ("rm", names) => names.iter().for_each(|name| _ = self.files.remove(&**name)),
            (_, [from, to]) => {
                let Some(text) = self.file(from).cloned() else { return };
                self.files.insert(Rc::from(&**to), text);
                if command == "mv" {
                    self.files.remove(&**from);
                }
            }
            _ => {}
        }
    }

    /// `basename` and `dirname`.
    pub(super) fn path_part(&mut self, command: &str, arguments: &[Text], io: &Io) {
        let path = arguments.first().cloned().unwrap_or_default();
        let n_bytes = path.trim_end_matches('/').len();
        let path = path.slice(0..n_bytes);
        let slash = path.rfind('/');
        let part = if command == "basename" {
            let mut base = path.slice_from(slash.map_or(0, |at| at + 1));
            if let Some(n) = arguments.get(1).and_then(|suffix| base.strip_suffix(&**suffix)).map(str::len) {
                base.truncate(n);
            }
            base
        } else {
            match slash {
                None => ".".into(),
                Some(0) => "/".into(),
                Some(at) => path.slice(0..at),
            }
        };
        self.print_line_of(io, part);
    }
}
