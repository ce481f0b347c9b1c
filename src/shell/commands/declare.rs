//! What sets options and declares variables: `set`, `export`, `declare`, `local`, `unset`.

use std::rc::Rc;

use crate::shell::state::{Flow, Held, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn set_options(&mut self, arguments: &[Text]) {
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let on = argument.starts_with('-');
            if *argument == "--" {
                self.state.arguments = rest.cloned().collect();
                return;
            }
            if !on && !argument.starts_with('+') {
                self.state.arguments = std::iter::once(argument).chain(rest).cloned().collect();
                return;
            }
            for flag in argument.chars().skip(1) {
                match flag {
                    'e' => self.state.errexit = on,
                    'u' => self.state.nounset = on,
                    'o' => match rest.next().map(|name| &**name) {
                        Some("pipefail") => self.state.pipefail = on,
                        Some("errexit") => self.state.errexit = on,
                        Some("nounset") => self.state.nounset = on,
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
    }

    pub(super) fn declare(&mut self, how: &str, arguments: &[Text]) {
        let is_map = arguments.iter().any(|flag| flag.starts_with('-') && flag.contains('A'));
        for argument in arguments.iter().filter(|argument| !argument.starts_with('-')) {
            let (name, value) = argument.split_once(&|c| c == '=').map_or((argument.clone(), None), |(name, value)| (name, Some(value)));
            if is_map {
                self.set_local(&name, Held::Map(Vec::new()));
                continue;
            }
            if how == "local" {
                self.set_local(&name, Held::Text(value.unwrap_or_default()));
                continue;
            }
            if let Some(value) = value {
                self.set(&name, value);
            }
            if how == "export" {
                self.export(&name);
            }
        }
    }

    /// `getopts`: the next option of the arguments; `$OPTIND` is the place of the next one, and a letter within it is kept beside.
    pub(super) fn getopts(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let [known, name, rest @ ..] = arguments else { return self.fail(io, 2, "bash: getopts: usage: getopts optstring name [arg ...]") };
        let given = if rest.is_empty() { self.state.arguments.clone() } else { rest.to_vec() };
        let number = |shell: &Self, name: &str| match shell.get(name) {
            Some(Held::Text(text)) => text.parse::<usize>().ok(),
            _ => None,
        };
        let place = number(self, "OPTIND").unwrap_or(1).max(1);
        let letter = if self.state.option.0 == place { self.state.option.1 } else { 1 };
        let word = given.get(place.saturating_sub(1)).cloned().unwrap_or_default();
        let next_place = place.saturating_add(1);
        let flag = word.chars().nth(letter).filter(|_| word.starts_with('-') && word != "--");
        let Some(flag) = flag else {
            if word == "--" {
                self.set("OPTIND", next_place.to_string().into());
            }
            self.set(name, "?".into());
            self.state.status = 1;
            return Flow::Next;
        };
        let behind: String = word.chars().skip(letter.saturating_add(1)).collect();
        let is_last = behind.is_empty();
        let mut at = if is_last { (next_place, 1) } else { (place, letter.saturating_add(1)) };
        let mut found = Text::from(flag.to_string());
        let is_quiet = known.starts_with(':');
        let mut options = known.chars().skip(usize::from(is_quiet)).skip_while(|c| *c != flag);
        let is_known = flag != ':' && options.next().is_some();
        if !is_known {
            if is_quiet {
                self.set("OPTARG", found);
            } else {
                self.print_line(&io.err, &format!("bash: illegal option -- {flag}"));
            }
            found = "?".into();
        } else if options.next() == Some(':') {
            let value = if is_last { given.get(place).cloned() } else { Some(behind.into()) };
            at = (place.saturating_add(1).saturating_add(usize::from(is_last)), 1);
            match value {
                Some(value) => self.set("OPTARG", value),
                None if is_quiet => {
                    self.set("OPTARG", found);
                    found = ":".into();
                }
                None => {
                    self.print_line(&io.err, &format!("bash: option requires an argument -- {flag}"));
                    found = "?".into();
                }
            }
        }
        self.state.option = at;
        self.set("OPTIND", at.0.to_string().into());
        self.set(name, found);
        Flow::Next
    }

    /// Clears the names and keeps the entries: the position of an entry tells whether it is global.
    pub(super) fn unset(&mut self, arguments: &[Text], io: &Io) {
        for (name, index) in arguments.iter().filter_map(|name| name.strip_suffix(']')?.split_once('[')) {
            match self.get(name).cloned() {
                Some(Held::List(mut items)) => {
                    let end = items.last().map_or(0, |(last, _)| last.saturating_add(1));
                    let at = self.calculate_text(&index.into(), io).unwrap_or(0);
                    let at = if at < 0 { end.saturating_add(at) } else { at };
                    items.retain(|(known, _)| *known != at);
                    self.set_held(name, Held::List(items));
                }
                Some(Held::Map(mut entries)) => {
                    entries.retain(|(key, _)| *key != index.trim_matches(['"', '\'']));
                    self.set_held(name, Held::Map(entries));
                }
                _ => {}
            }
        }
        // A name is that of a function when no variable has it.
        for name in arguments {
            if arguments.iter().any(|flag| *flag == "-f") || self.get(name).is_none() {
                self.state.functions.remove(&**name);
            }
        }
        if arguments.iter().any(|flag| *flag == "-f") {
            return;
        }
        let is_unset = |name: &str| arguments.iter().any(|unset| *unset == name);
        self.state.vars.iter_mut().filter(|var| is_unset(&var.name)).for_each(|var| var.name = Rc::from(""));
    }
}
