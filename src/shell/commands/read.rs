//! What reads lines into variables: `read` and `mapfile`.

use crate::shell::state::Shell;
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn read(&mut self, arguments: &[Text]) {
        let mut names = Vec::new();
        let mut list = false;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match &**argument {
                "-p" | "-t" | "-d" | "-n" | "-u" => _ = rest.next(),
                flag if flag.starts_with('-') => list |= flag.contains('a'),
                name => names.push(name.to_owned()),
            }
        }
        self.state.clock = self.state.clock.max(self.state.input_at);
        let line = self.state.input.next_line();
        self.state.status = i32::from(line.is_none());
        let line = line.unwrap_or_default();
        if names.is_empty() {
            names.push("REPLY".to_owned());
        }
        let separators = self.separators();
        let separates = |c: char| separators.contains(c);
        let blank = |c: char| c.is_whitespace() && separators.contains(c);
        let mut line = line.trim(&blank);
        if list {
            let items = line.split(&separates).into_iter().filter(|item| !item.is_empty() || !separators.contains(' ')).collect();
            return self.set_list(&names[0], items);
        }
        let last = names.len() - 1;
        for (n, name) in names.iter().enumerate() {
            let parts = if n == last { None } else { line.split_once(&separates) };
            let (word, behind) = parts.unwrap_or((line, Text::new()));
            self.set(name, word);
            line = behind.slice_from(behind.len() - behind.trim_start_matches(blank).len());
        }
    }

    pub(super) fn mapfile(&mut self, arguments: &[Text]) {
        let name = arguments.iter().rfind(|word| !word.starts_with('-')).map_or("MAPFILE", |name| name).to_owned();
        let items = self.take_input().lines();
        self.set_list(&name, items);
    }
}
