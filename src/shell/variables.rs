//! Variables: reading, setting, assignments, and what arithmetic sees of them.

use std::rc::Rc;

use super::Stopped;
use super::arithmetic::{self, Names};
use super::processes::pid;
use super::state::{Fault, Held, Io, MOST_BYTES, Shell, Sink, Var};
use super::tree::{Assign, Assigned, Part, Word};
use crate::cursor::Cursor;
use crate::random::mix;
use crate::text::Text;

impl Shell<'_> {
    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&Held> {
        self.var(name).filter(|var| var.how != '?').map(|var| &var.value)
    }

    /// A variable, or that which it refers to.
    pub fn var(&self, name: &str) -> Option<&Var> {
        let found = |name: &str| self.state.vars.iter().rev().find(|var| &*var.name == name);
        match found(name) {
            Some(Var { how: 'n', value: Held::Text(other), .. }) => found(other),
            var => var,
        }
    }

    pub fn var_mut(&mut self, name: &str) -> Option<&mut Var> {
        let name = Rc::clone(&self.var(name)?.name);
        self.state.vars.iter_mut().rev().find(|var| var.name == name)
    }

    /// The entry of a list or a map.
    pub fn item(&self, name: &str, key: &str) -> Option<Text> {
        match self.get(name)? {
            Held::Text(_) => None,
            Held::List(items) => {
                let at = place_in(items, key.parse().ok()?);
                items.iter().find(|(known, _)| *known == at).map(|(_, item)| item.clone())
            }
            Held::Map(entries) => entries.iter().find(|(known, _)| *known == key).map(|(_, value)| value.clone()),
        }
    }

    /// Sets an entry of a map, or of a list, which a variable becomes; `append` adds to it.
    pub fn set_item(&mut self, name: &str, key: &str, append: bool, value: Text) {
        let mut items = match self.get(name).cloned() {
            Some(Held::Map(mut entries)) => {
                match entries.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, old)) if append => old.push(&value),
                    Some((_, old)) => *old = value,
                    None => entries.push((key.into(), value)),
                }
                return self.set_held(name, Held::Map(entries));
            }
            Some(Held::List(items)) => items,
            Some(Held::Text(text)) => vec![(0, text)],
            None => Vec::new(),
        };
        // All of it is copied.
        self.setup.budget.work(items.len() / 2);
        let index = place_in(&items, key.parse().unwrap_or(0));
        if index < 0 {
            self.print_line(&Sink::Current(2), &format!("bash: {name}[{key}]: bad array subscript"));
            self.substituted = Some(1);
            return;
        }
        let at = items.partition_point(|(known, _)| *known < index);
        match items.get_mut(at) {
            Some((known, item)) if *known == index && append => item.push(&value),
            Some((known, item)) if *known == index => *item = value,
            _ => items.insert(at, (index, value)),
        }
        self.set_held(name, Held::List(items));
    }

    /// Sets a variable to a text.
    pub fn set(&mut self, name: &str, value: Text) {
        self.set_held(name, Held::Text(value));
    }

    /// Sets a variable to a list.
    pub fn set_list(&mut self, name: &str, items: Vec<Text>) {
        self.set_held(name, Held::List((0..).zip(items).collect()));
    }

    pub fn set_held(&mut self, name: &str, value: Held) {
        self.work_of_name(value.size());
        let (how, is_readonly) = self.var(name).map_or((' ', false), |var| (var.how, var.readonly));
        if is_readonly {
            self.print_line(&Sink::Current(2), &format!("bash: {name}: readonly variable"));
            return self.end_by_fault(Fault::Line);
        }
        let io = Io::of_script();
        let value = match value {
            Held::Text(text) if how == 'i' => Held::Text(self.calculate_text(&text, &io).unwrap_or(0).to_string().into()),
            Held::Text(text) if how == 'l' => Held::Text(text.map_known(&mut |known| known.to_lowercase())),
            Held::Text(text) if how == 'u' => Held::Text(text.map_known(&mut |known| known.to_uppercase())),
            value => value,
        };
        if name == "SECONDS" {
            let seconds = if let Held::Text(text) = &value { text.parse().unwrap_or(0) } else { 0 };
            self.state.counted_from = ((self.state.clock.0 / 1000) as i64).saturating_sub(seconds);
            return;
        }
        match self.var_mut(name) {
            Some(var) => {
                var.value = value;
                var.how = if var.how == '?' { ' ' } else { var.how };
            }
            // A variable that is new within a function is global: it is put below the function's own.
            None => {
                // That of what it refers to.
                let name = match self.state.vars.iter().rev().find(|var| &*var.name == name) {
                    Some(Var { how: 'n', value: Held::Text(other), .. }) => Rc::from(&**other),
                    _ => Rc::from(name),
                };
                let exported = self.state.allexport || self.state.to_export.iter().any(|known| **known == *name);
                self.state.vars.insert(0, Var { exported, ..Var::new(name, value) });
                self.state.n_made = self.state.n_made.saturating_add(1);
            }
        }
    }

    /// Counts the work of a variable of so many bytes, whose name is looked for among all. False once the script is stopped.
    pub fn work_of_name(&mut self, n_bytes: usize) -> bool {
        self.work(self.state.vars.len().saturating_mul(8).saturating_add(n_bytes))
    }

    /// How many variables there are, and how many global ones were made, for [`Shell::forget_variables`].
    pub fn mark_variables(&self) -> (usize, usize) {
        (self.state.vars.len(), self.state.n_made)
    }

    /// Forgets the variables put above the others since then. Below them are the global ones that were made.
    pub fn forget_variables(&mut self, (n_vars, n_made): (usize, usize)) {
        let n_new = self.state.n_made.saturating_sub(n_made);
        self.state.vars.truncate(n_vars.saturating_add(n_new));
    }

    /// Makes a variable of the function that runs.
    pub fn set_local(&mut self, name: &str, value: Held) {
        self.state.vars.push(Var::new(Rc::from(name), value));
    }

    /// Passes a variable on to commands.
    pub fn export(&mut self, name: &str) {
        match self.var_mut(name) {
            Some(var) => var.exported = true,
            None => self.state.to_export.push(name.into()),
        }
    }

    /// The value of a variable that bash sets itself.
    pub fn special(&mut self, name: &str) -> Option<String> {
        let epoch_ms = self.state.clock.epoch_ms(self.setup.start_epoch_ms);
        Some(match name {
            "RANDOM" => (self.draw() % 32_768).to_string(),
            "SECONDS" => ((self.state.clock.0 / 1000) as i64).saturating_sub(self.state.counted_from).to_string(),
            "LINENO" => self.state.line.saturating_add(self.state.first_line).to_string(),
            "EPOCHSECONDS" => epoch_ms.div_euclid(1000).to_string(),
            "HOSTNAME" => "localhost".to_owned(),
            "HOME" => "/root".to_owned(),
            "USER" => "root".to_owned(),
            "PATH" => "/usr/local/bin:/usr/bin:/bin".to_owned(),
            "IFS" => " \t\n".to_owned(),
            "UID" | "EUID" => "0".to_owned(),
            "BASHPID" => pid(self.state.process),
            "PPID" | "OPTIND" | "SHLVL" => "1".to_owned(),
            "BASH_COMMAND" => self.latest_command.to_string(),
            "BASH" => "/bin/bash".to_owned(),
            "BASH_VERSION" => "5.2.15(1)-release".to_owned(),
            "OSTYPE" => "linux-gnu".to_owned(),
            _ => return None,
        })
    }

    /// What separates words: `$IFS`.
    pub fn separators(&self) -> String {
        if let Some(Held::Text(text)) = self.get("IFS") { text.to_string() } else { " \t\n".to_owned() }
    }

    /// A number for `$RANDOM`.
    pub fn draw(&mut self) -> u64 {
        self.n_draws = self.n_draws.wrapping_add(1);
        mix(self.setup.seed.wrapping_add(self.n_draws.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// Does an assignment.
    pub fn assign(&mut self, assign: &Assign, io: &Io) {
        if let Some(Held::Map(entries)) = self.get(&assign.name).cloned() {
            return self.assign_entries(assign, entries, io);
        }
        match &assign.value {
            Assigned::List(words) => {
                let is_placed = |word: &Word| matches!(word.first(), Some(Part::Text(text, false)) if text.starts_with('['));
                if words.first().is_some_and(is_placed) {
                    return self.assign_places(assign, words, io);
                }
                let items = self.expand_all(words, io);
                self.trace_assign(assign, None, &items, true, io);
                let mut all = match self.get(&assign.name) {
                    Some(Held::List(before)) if assign.append => before.clone(),
                    Some(Held::Text(before)) if assign.append => vec![(0, before.clone())],
                    _ => Vec::new(),
                };
                self.setup.budget.work(all.len() / 2);
                let next = all.last().map_or(0, |(last, _)| last.saturating_add(1));
                all.extend((next..).zip(items));
                self.set_held(&assign.name, Held::List(all));
            }
            Assigned::Word(word) => {
                let mut value = self.expand_one(word, io);
                let index = match (&assign.index, self.get(&assign.name)) {
                    (Some(index), _) => Some(self.calculate(index, io).unwrap_or(0)),
                    (None, Some(Held::List(_))) => Some(0),
                    (None, _) => None,
                };
                self.trace_assign(assign, index, std::slice::from_ref(&value), false, io);
                if let Some(index) = index {
                    return self.set_item(&assign.name, &index.to_string(), assign.append, value);
                }
                if let (true, Some(Held::Text(before))) = (assign.append, self.get(&assign.name)) {
                    let is_number = self.var(&assign.name).is_some_and(|var| var.how == 'i');
                    value = Text::join(&[before.clone(), value], if is_number { "+" } else { "" });
                }
                if value.len() > MOST_BYTES {
                    self.stop(Stopped::Steps);
                    return;
                }
                self.set(&assign.name, value);
            }
        }
    }

    /// Sets the places of a list: `l=([2]=c [0]=a)`.
    fn assign_places(&mut self, assign: &Assign, words: &[Word], io: &Io) {
        if !assign.append {
            self.set_held(&assign.name, Held::List(Vec::new()));
        }
        let mut next = 0_i64;
        for word in words {
            let item = self.expand_one(word, io);
            let mut cursor = Cursor::new(&item);
            let index = if cursor.eat("[") { cursor.take_until("]=") } else { None };
            let value = match index {
                Some(index) => {
                    next = self.calculate_text(&index.into(), io).unwrap_or(0);
                    cursor.eat("]=");
                    item.slice_from(cursor.at())
                }
                None => item.clone(),
            };
            self.set_item(&assign.name, &next.to_string(), false, value);
            next = next.saturating_add(1);
        }
    }

    /// Sets a key of a map, or all of them: `m[k]=v`, `m=([k]=v ...)`.
    fn assign_entries(&mut self, assign: &Assign, mut entries: Vec<(Text, Text)>, io: &Io) {
        match &assign.value {
            Assigned::List(words) => {
                if !assign.append {
                    entries.clear();
                }
                let mut set = |key: Text, value: Text| match entries.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, old)) => *old = value,
                    None => entries.push((key, value)),
                };
                for item in self.expand_all(words, io) {
                    let mut cursor = Cursor::new(&item);
                    if cursor.eat("[") && cursor.take_until("]=").is_some() {
                        let key = item.slice(1..cursor.at());
                        cursor.eat("]=");
                        set(key, item.slice_from(cursor.at()));
                    }
                }
                self.set_held(&assign.name, Held::Map(entries));
            }
            Assigned::Word(word) => {
                let key = assign.index.as_ref().map(|index| self.expand_one(index, io)).unwrap_or_default();
                let value = self.expand_one(word, io);
                self.set_item(&assign.name, &key, assign.append, value);
            }
        }
    }

    /// The value of an arithmetic expression; one that is wrong is reported, and fails.
    pub fn calculate(&mut self, word: &Word, io: &Io) -> Option<i64> {
        let text = self.expand_one(word, io);
        self.is_unknown(&text);
        self.calculate_text(&text, io)
    }

    /// As [`Shell::calculate`], of a command, `(( ... ))`, or of a part of `for ((...))`.
    pub fn calculate_command(&mut self, word: &Word, is_part: bool, io: &Io) -> Option<i64> {
        let text = self.expand_one(word, io);
        self.is_unknown(&text);
        if self.state.xtrace {
            self.trace_head(&format!("(( {} ))", if is_part { str::trim(&text) } else { &text }), io);
        }
        self.calculate_text(&text, io)
    }

    /// As [`Shell::calculate`], of a text that is expanded already.
    pub fn calculate_text(&mut self, text: &Text, io: &Io) -> Option<i64> {
        let value = arithmetic::evaluate(text, self);
        if std::mem::take(&mut self.unset_in_arithmetic) {
            self.complain(io, &format!("{text}: unbound variable"));
            self.state.status = 1;
            self.end_by_fault(Fault::Script);
            return None;
        }
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.complain(io, &error);
                self.state.status = 1;
                None
            }
        }
    }
}

/// The place in a list that an index means: a negative one counts from its end.
fn place_in(items: &[(i64, Text)], index: i64) -> i64 {
    let end = items.last().map_or(0, |(last, _)| last.saturating_add(1));
    if index < 0 { end.saturating_add(index) } else { index }
}

impl Names for Shell<'_> {
    fn look_up(&mut self, name: &str, key: Option<&str>) -> Text {
        match Shell::get(self, name) {
            Some(Held::Text(text)) if key.is_none_or(|key| key == "0") => text.clone(),
            Some(_) => self.item(name, key.unwrap_or("0")).unwrap_or_default(),
            None => {
                let special = self.special(name);
                self.unset_in_arithmetic |= self.state.nounset && special.is_none();
                special.unwrap_or_default().into()
            }
        }
    }

    fn set(&mut self, name: &str, key: Option<&str>, value: i64) {
        let value = value.to_string().into();
        match key {
            Some(key) => self.set_item(name, key, false, value),
            None => Shell::set(self, name, value),
        }
    }

    fn has_keys(&self, name: &str) -> bool {
        matches!(Shell::get(self, name), Some(Held::Map(_)))
    }
}
