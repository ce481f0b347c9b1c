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
                name => names.push(name),
            }
        }
        self.state.clock = self.state.clock.max(self.state.input_at);
        let line = self.state.input.next_line();
        self.state.status = i32::from(line.is_none());
        let line = line.unwrap_or_default();
        let (last, others) = names.split_last().unwrap_or((&"REPLY", &[]));
        let separators = self.separators();
        let separates = |c: char| separators.contains(c);
        let blank = |c: char| c.is_whitespace() && separators.contains(c);
        let mut line = line.trim(&blank);
        if list {
            let items = line.split(&separates).into_iter().filter(|item| !item.is_empty() || !separators.contains(' ')).collect();
            return self.set_list(others.first().unwrap_or(last), items);
        }
        for name in others {
            let (word, behind) = line.split_once(&separates).unwrap_or((line, Text::new()));
            self.set(name, word);
            line = behind.trim_start(&blank);
        }
        self.set(last, line);
    }

    pub(super) fn mapfile(&mut self, arguments: &[Text]) {
        let name = arguments.iter().rfind(|word| !word.starts_with('-')).map_or("MAPFILE", |name| name).to_owned();
        let items = self.take_input().lines();
        self.set_list(&name, items);
    }
}
