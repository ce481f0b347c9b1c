//! Variables: reading, setting, assignments, and what arithmetic sees of them.

use std::rc::Rc;

use super::Stopped;
use super::arithmetic::{self, Names};
use super::state::{Held, Io, MOST_BYTES, Shell, Var};
use super::tree::{Assign, Assigned, Word};
use crate::random::mix;
use crate::text::Text;

impl Shell<'_> {
    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&Held> {
        self.state.vars.iter().rev().find(|var| &*var.name == name).map(|var| &var.value)
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut Var> {
        self.state.vars.iter_mut().rev().find(|var| &*var.name == name)
    }

    /// Sets a variable to a text.
    pub fn set(&mut self, name: &str, value: Text) {
        self.hold(name, Held::Text(value));
    }

    /// Sets a variable to a list.
    pub fn set_list(&mut self, name: &str, items: Vec<Text>) {
        self.hold(name, Held::List(items));
    }

    fn hold(&mut self, name: &str, value: Held) {
        // A name is looked for among all.
        self.work(value.size() + 8 * self.state.vars.len());
        match self.get_mut(name) {
            Some(var) => var.value = value,
            // A variable that is new within a function is global: it is put below the function's own.
            None => {
                self.state.vars.insert(0, Var { name: Rc::from(name), value, exported: false });
                self.state.n_made += 1;
            }
        }
    }

    /// Makes a variable of the function that runs.
    pub fn set_local(&mut self, name: &str, value: Held) {
        self.state.vars.push(Var { name: Rc::from(name), value, exported: false });
    }

    /// Passes a variable on to commands.
    pub fn export(&mut self, name: &str) {
        if let Some(var) = self.get_mut(name) {
            var.exported = true;
        }
    }

    /// What separates words: `$IFS`.
    pub fn separators(&self) -> String {
        if let Some(Held::Text(text)) = self.get("IFS") { text.to_string() } else { " \t\n".to_owned() }
    }

    /// A number for `$RANDOM`.
    pub fn draw(&mut self) -> u64 {
        self.n_draws += 1;
        mix(self.setup.seed.wrapping_add(self.n_draws.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// Does an assignment.
    pub fn assign(&mut self, assign: &Assign, io: &Io) {
        if let Some(Held::Map(entries)) = self.get(&assign.name).cloned() {
            return self.assign_entries(assign, entries, io);
        }
        let index = assign.index.as_ref().map(|index| self.calculate(index, io).unwrap_or(0).max(0) as usize);
        match &assign.value {
            Assigned::List(words) => {
                let mut items = self.expand_all(words, io);
                if let (true, Some(Held::List(before))) = (assign.append, self.get(&assign.name)) {
                    self.setup.budget.work(before.len() / 2);
                    items = before.iter().cloned().chain(items).collect();
                }
                self.set_list(&assign.name, items);
            }
            Assigned::Word(word) => {
                let mut value = self.expand_one(word, io);
                let before = self.get(&assign.name).cloned();
                if let Some(Held::List(items)) = &before {
                    // All of it is copied.
                    self.setup.budget.work(items.len() / 2);
                }
                if let Some(index) = index.filter(|index| *index < 100_000) {
                    let mut items = match before {
                        Some(Held::List(items)) => items,
                        Some(Held::Text(text)) => vec![text],
                        Some(Held::Map(_)) | None => Vec::new(),
                    };
                    if items.len() <= index {
                        items.resize(index + 1, Text::new());
                    }
                    if assign.append {
                        items[index].push(&value)
                    } else {
                        items[index] = value
                    }
                    return self.set_list(&assign.name, items);
                }
                if let (true, Some(Held::Text(mut before))) = (assign.append, before) {
                    before.push(&value);
                    value = before;
                }
                if value.len() > MOST_BYTES {
                    self.stop(Stopped::Steps);
                    return;
                }
                self.set(&assign.name, value);
            }
        }
    }

    /// Sets a key of a map, or all of them: `m[k]=v`, `m=([k]=v ...)`.
    fn assign_entries(&mut self, assign: &Assign, mut entries: Vec<(Text, Text)>, io: &Io) {
        let mut set = |key: Text, value: Text| match entries.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => entries.push((key, value)),
        };
        match &assign.value {
            Assigned::List(words) => {
                for item in self.expand_all(words, io) {
                    if let Some(close) = item.find("]=").filter(|_| item.starts_with('[')) {
                        set(item.slice(1..close), item.slice_from(close + 2));
                    }
                }
            }
            Assigned::Word(word) => {
                let key = assign.index.as_ref().map(|index| self.expand_one(index, io)).unwrap_or_default();
                let value = self.expand_one(word, io);
                set(key, value);
            }
        }
        self.hold(&assign.name, Held::Map(entries));
    }

    /// The value of an arithmetic expression; one that is wrong is reported, and fails.
    pub fn calculate(&mut self, word: &Word, io: &Io) -> Option<i64> {
        let text = self.expand_one(word, io);
        self.is_unknown(&text);
        self.calculate_text(&text, io)
    }

    /// As [`Shell::calculate`], of a text that is expanded already.
    pub fn calculate_text(&mut self, text: &Text, io: &Io) -> Option<i64> {
        match arithmetic::evaluate(text, self) {
            Ok(value) => Some(value),
            Err(error) => {
                self.complain(io, &error);
                self.state.status = 1;
                None
            }
        }
    }
}

impl Names for Shell<'_> {
    fn get(&self, name: &str) -> Text {
        match Shell::get(self, name) {
            Some(Held::Text(text)) => text.clone(),
            Some(Held::List(items)) => items.first().cloned().unwrap_or_default(),
            Some(Held::Map(_)) => Text::new(),
            None if name == "SECONDS" => (self.state.clock.0 / 1000).to_string().into(),
            None => Text::new(),
        }
    }

    fn set(&mut self, name: &str, value: i64) {
        Shell::set(self, name, value.to_string().into());
    }
}
