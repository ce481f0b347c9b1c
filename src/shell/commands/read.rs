//! What reads lines into variables: `read` and `mapfile`.

use super::options::{Known, Options};
use crate::shell::state::{Input, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn read(&mut self, arguments: &[Text], _io: &Io) {
        let options = Options::known(arguments, Known("ra:p:t:d:n:N:u:sei:"), true);
        let fd = options.number_of('u').unwrap_or(0) as u32;
        let end = options.value('d').map_or('\n', |end| end.chars().next().unwrap_or('\0'));
        let most = options.number_of('n').or(options.number_of('N'));
        let mut line = Text::new();
        self.state.status = i32::from(!self.input_mut(fd).read_to(end, most, &mut line));
        // Without `-r` a backslash takes the end of the line away.
        while !options.has('r') && line.ends_with('\\') && end == '\n' && !line.has_unknown() {
            line.truncate(line.len().saturating_sub(1));
            let mut more = Text::new();
            if !self.input_mut(fd).read_to(end, most, &mut more) && more.is_empty() {
                break;
            }
            line.push(&more);
        }
        let read_at = self.input_mut(fd).read_at();
        self.state.clock = self.state.clock.max(read_at);
        if !options.has('r') {
            line = line.map_known(&mut |known| known.replace('\\', ""));
        }
        let separators = self.separators();
        let separates = |c: char| separators.contains(c);
        let blank = |c: char| c.is_whitespace() && separators.contains(c);
        let names = &options.operands;
        let Some((last, others)) = names.split_last().filter(|_| options.value('N').is_none()) else {
            if let Some(list) = options.value('a') {
                let mut line = line.trim(&blank);
                let mut items = Vec::new();
                while !line.is_empty() {
                    let (word, behind) = line.split_once(&separates).unwrap_or((line, Text::new()));
                    items.push(word);
                    line = behind.trim_start(&blank);
                }
                let list = list.to_string();
                return self.set_list(&list, items);
            }
            return self.set(names.first().map_or("REPLY", |name| name), line);
        };
        let mut line = line.trim(&blank);
        for name in others {
            let (word, behind) = line.split_once(&separates).unwrap_or((line, Text::new()));
            self.set(name, word);
            line = behind.trim_start(&blank);
        }
        self.set(last, line);
    }

    /// What a stream reads from: standard input, or one that `exec` has opened.
    fn input_mut(&mut self, fd: u32) -> &mut Input {
        match self.state.inputs.iter().position(|(known, _)| *known == fd && fd != 0) {
            Some(at) => self.state.inputs.get_mut(at).map_or(&mut self.state.input, |(_, input)| input),
            None => &mut self.state.input,
        }
    }

    pub(super) fn mapfile(&mut self, arguments: &[Text]) {
        let options = Options::known(arguments, Known("td:n:s:u:O:"), true);
        let name = options.operands.first().map_or("MAPFILE", |name| name).to_owned();
        let text = self.take_input();
        let end = options.value('d').map_or('\n', |end| end.chars().next().unwrap_or('\0'));
        let mut input = Input::new((*text).clone());
        let most = options.number_of('n').filter(|n| *n > 0).unwrap_or(usize::MAX);
        let mut items = Vec::new();
        loop {
            let mut line = Text::new();
            let is_whole = input.read_to(end, None, &mut line);
            if !is_whole && line.is_empty() {
                break;
            }
            if is_whole && !options.has('t') {
                line.push_str(end.encode_utf8(&mut [0; 4]));
            }
            items.push(line);
        }
        let items = items.into_iter().skip(options.number_of('s').unwrap_or(0)).take(most).collect();
        self.set_list(&name, items);
    }
}
