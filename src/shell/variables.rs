//! Variables: reading, setting, assignments, and what arithmetic sees of them.

use std::rc::Rc;

use super::Stopped;
use super::arithmetic::{self, Names};
use super::state::{Fault, Held, Io, MOST_BYTES, Shell, Var};
use super::tree::{Assign, Assigned, Word};
use crate::cursor::Cursor;
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
        self.set_held(name, Held::Text(value));
    }

    /// Sets a variable to a list.
    pub fn set_list(&mut self, name: &str, items: Vec<Text>) {
        self.set_held(name, Held::List((0..).zip(items).collect()));
    }

    pub fn set_held(&mut self, name: &str, value: Held) {
        self.work_of_name(value.size());
        match self.get_mut(name) {
            Some(var) => var.value = value,
            // A variable that is new within a function is global: it is put below the function's own.
            None => {
                self.state.vars.insert(0, Var { name: Rc::from(name), value, exported: false });
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
                let items = self.expand_all(words, io);
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
                let before = self.get(&assign.name).cloned();
                let index = match (&assign.index, &before) {
                    (Some(index), _) => Some(self.calculate(index, io).unwrap_or(0)),
                    (None, Some(Held::List(_))) => Some(0),
                    (None, _) => None,
                };
                if let Some(index) = index {
                    let mut items = match before {
                        Some(Held::List(items)) => items,
                        Some(Held::Text(text)) => vec![(0, text)],
                        Some(Held::Map(_)) | None => Vec::new(),
                    };
                    // All of it is copied.
                    self.setup.budget.work(items.len() / 2);
                    let end = items.last().map_or(0, |(last, _)| last.saturating_add(1));
                    let index = if index < 0 { end.saturating_add(index) } else { index };
                    if index < 0 {
                        self.complain(io, &format!("{}[{index}]: bad array subscript", assign.name));
                        self.state.status = 1;
                        return;
                    }
                    let at = items.partition_point(|(known, _)| *known < index);
                    match items.get_mut(at) {
                        Some((known, item)) if *known == index && assign.append => item.push(&value),
                        Some((known, item)) if *known == index => *item = value,
                        _ => items.insert(at, (index, value)),
                    }
                    return self.set_held(&assign.name, Held::List(items));
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
                    let mut cursor = Cursor::new(&item);
                    if cursor.eat("[") && cursor.take_until("]=").is_some() {
                        let key = item.slice(1..cursor.at());
                        cursor.eat("]=");
                        set(key, item.slice_from(cursor.at()));
                    }
                }
            }
            Assigned::Word(word) => {
                let key = assign.index.as_ref().map(|index| self.expand_one(index, io)).unwrap_or_default();
                let value = self.expand_one(word, io);
                set(key, value);
            }
        }
        self.set_held(&assign.name, Held::Map(entries));
    }

    /// The value of an arithmetic expression; one that is wrong is reported, and fails.
    pub fn calculate(&mut self, word: &Word, io: &Io) -> Option<i64> {
        let text = self.expand_one(word, io);
        self.is_unknown(&text);
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

impl Names for Shell<'_> {
    fn look_up(&mut self, name: &str) -> Text {
        match Shell::get(self, name) {
            Some(Held::Text(text)) => text.clone(),
            Some(Held::List(items)) => items.first().map(|(_, item)| item.clone()).unwrap_or_default(),
            Some(Held::Map(_)) => Text::new(),
            None if name == "SECONDS" => (self.state.clock.0 / 1000).to_string().into(),
            None if name == "RANDOM" => (self.draw() % 32_768).to_string().into(),
            None => {
                self.unset_in_arithmetic |= self.state.nounset;
                Text::new()
            }
        }
    }

    fn set(&mut self, name: &str, value: i64) {
        Shell::set(self, name, value.to_string().into());
    }
}
