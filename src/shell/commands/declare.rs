//! What sets options and declares variables: `set`, `export`, `declare`, `local`, `unset`.

use std::rc::Rc;

use crate::shell::simple::DECLARES;
use crate::shell::state::{Fault, Flow, Held, Io, Shell};
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
                let option = match flag {
                    'o' => self.set_option(rest.next().map_or("", |name| name)),
                    flag => self.set_option(flag.encode_utf8(&mut [0; 4])),
                };
                if let Some(option) = option {
                    *option = on;
                }
            }
        }
    }

    /// An option of `set`, by its letter or its name.
    pub(super) fn set_option(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "e" | "errexit" => &mut self.state.errexit,
            "u" | "nounset" => &mut self.state.nounset,
            "a" | "allexport" => &mut self.state.allexport,
            "E" | "errtrace" => &mut self.state.errtrace,
            "x" | "xtrace" => &mut self.state.xtrace,
            "C" | "noclobber" => &mut self.state.noclobber,
            "f" | "noglob" => &mut self.state.noglob,
            "pipefail" => &mut self.state.pipefail,
            _ => return None,
        })
    }

    pub(super) fn declare(&mut self, how: &str, arguments: &[Text], io: &Io) {
        let n_flags = arguments.iter().take_while(|word| word.starts_with(['-', '+'])).count();
        let (flags, names) = arguments.split_at_checked(n_flags).unwrap_or((arguments, &[]));
        let has = |flag: char| flags.iter().any(|word| word.starts_with('-') && word.contains(flag));
        if has('f') || has('F') {
            for name in names {
                match self.state.functions.get(&**name).is_some() {
                    true if has('F') => self.print_line(&io.out, name),
                    true => {}
                    false => self.state.status = 1,
                }
            }
            return;
        }
        if has('p') {
            return self.print_declared(names, how, io);
        }
        let is_local = how == "local" || self.state.n_calls > 0 && !has('g') && !matches!(how, "export" | "readonly");
        for argument in names {
            let (name, value) = argument.split_once(&|c| c == '=').map_or((argument.clone(), None), |(name, value)| (name, Some(value)));
            let appends = name.ends_with('+');
            let name = name.trim_end_matches('+');
            if value.is_some() && !is_local && self.var(name).is_some_and(|var| var.readonly) {
                self.fail(io, 1, &format!("bash: {name}: readonly variable"));
                return self.end_by_fault(Fault::Line);
            }
            if has('A') {
                if is_local || !matches!(self.get(name), Some(Held::Map(_))) {
                    self.set_local(name, Held::Map(Vec::new()));
                }
            } else if is_local {
                self.set_local(name, Held::Text(Text::new()));
                self.var_mut(name).into_iter().for_each(|var| var.how = '?');
            }
            let kind = "nilu".chars().find(|kind| has(*kind) && how != "export");
            if kind.is_some() && self.get(name).is_none() {
                self.set(name, Text::new());
            }
            if let (Some(kind), Some(var)) = (kind, self.var_mut(name)) {
                var.how = if kind == 'n' { ' ' } else { kind };
            }
            if let Some(value) = value {
                match self.get(name) {
                    Some(Held::Text(before)) if appends => self.set(name, Text::join(&[before.clone(), value], "")),
                    _ => self.set(name, value),
                }
            }
            if let (Some('n'), Some(var)) = (kind, self.var_mut(name)) {
                var.how = 'n';
            }
            if how == "export" && has('n') {
                self.var_mut(name).into_iter().for_each(|var| var.exported = false);
            } else if how == "export" || has('x') {
                self.export(name);
            }
        }
    }

    /// What `readonly` and `declare -r` name does not change any more.
    pub fn make_readonly(&mut self, words: &[Text]) {
        let is_readonly = |word: &Text| *word == "readonly" || word.starts_with('-') && word.contains('r');
        if !words.iter().take_while(|word| word.starts_with('-') || **word == *"readonly" || DECLARES.contains(&&***word)).any(is_readonly)
        {
            return;
        }
        for name in words.iter().skip(1).filter(|word| !word.starts_with('-')) {
            let name = name.split_once(&|c| c == '=').map_or_else(|| name.clone(), |(name, _)| name);
            self.var_mut(&name).into_iter().for_each(|var| var.readonly = true);
        }
    }

    /// `declare -p`.
    fn print_declared(&mut self, names: &[Text], how: &str, io: &Io) {
        let all: Vec<Text> = self.state.vars.iter().filter(|var| var.exported).map(|var| (*var.name).into()).collect();
        for name in if names.is_empty() { &all } else { names } {
            let Some(var) = self.var(name) else {
                self.fail(io, 1, &format!("bash: {how}: {name}: not found"));
                continue;
            };
            let quoted = |text: &Text| ["\"", &text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"), "\""].concat();
            let item = |key: &str, value: &Text| format!("[{key}]={}", quoted(value));
            let (kind, value) = match &var.value {
                Held::Text(text) => ("", quoted(text)),
                Held::List(items) => {
                    ("a", format!("({})", items.iter().map(|(at, v)| item(&at.to_string(), v)).collect::<Vec<_>>().join(" ")))
                }
                Held::Map(entries) => ("A", format!("({})", entries.iter().map(|(key, v)| item(key, v) + " ").collect::<String>())),
            };
            let mut flags = kind.to_owned();
            flags.extend(
                [(var.how, var.how != ' '), ('r', var.readonly), ('x', var.exported)].iter().filter(|(_, is)| *is).map(|(c, _)| *c),
            );
            let flags = if flags.is_empty() { "-" } else { &flags };
            let line = format!("declare -{flags} {name}={value}");
            self.print_line(&io.out, &line);
        }
    }

    /// `shopt -s` and `shopt -u`.
    pub(super) fn shopt(&mut self, arguments: &[Text]) {
        let Some((flag, names)) = arguments.split_first() else { return };
        for name in names {
            self.state.shopts.retain(|known| known != name);
            if *flag == "-s" {
                self.state.shopts.push(name.clone());
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
        for name in arguments {
            if self.var(name).is_some_and(|var| var.readonly) {
                self.fail(io, 1, &format!("bash: unset: {name}: cannot unset: readonly variable"));
                return;
            }
        }
        let is_unset = |name: &str| arguments.iter().any(|unset| *unset == name);
        self.state.vars.iter_mut().filter(|var| is_unset(&var.name)).for_each(|var| var.name = Rc::from(""));
    }
}
