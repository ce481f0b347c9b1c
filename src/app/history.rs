//! The changes of the text and of the settings, to undo and redo them: one history for typing, sliders, settings and examples.

use std::rc::Rc;

use crate::edit::Edit;
use crate::sim::scenario::Scenario;

/// Changes that were made, and changes that were undone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    past: Vec<Step>,
    future: Vec<Step>,
}

/// How many changes are kept.
const LONGEST: usize = 500;

/// A change, as an edit and the edit that undoes it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    redo: Edit,
    undo: Edit,
    /// The settings before and after it, when it changed them.
    settings: Option<[Rc<Scenario>; 2]>,
}

/// A text and the settings it is run with.
pub type State = (String, Rc<Scenario>);

impl History {
    /// Whether there is a change to undo, and one to make again.
    #[must_use]
    pub fn can(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }

    /// The history after text and settings changed from `old` to `new`. Characters typed one after another are one step, up to
    /// the next word.
    #[must_use]
    pub fn record(mut self, old: (&str, &Rc<Scenario>), new: (&str, &Rc<Scenario>)) -> Self {
        if old == new {
            return self;
        }
        self.future.clear();
        let redo = Edit::between(old.0, new.0);
        let undo = Edit { range: redo.range.start..redo.range.start + redo.text.len(), text: old.0[redo.range.clone()].to_owned() };
        let settings = (old.1 != new.1).then(|| [Rc::clone(old.1), Rc::clone(new.1)]);
        match self.past.last_mut().filter(|last| settings.is_none() && last.continues_with(&redo)) {
            Some(last) => {
                last.redo.text += &redo.text;
                last.undo.range.end += redo.text.len();
            }
            None => self.past.push(Step { redo, undo, settings }),
        }
        let too_many = self.past.len().saturating_sub(LONGEST);
        self.past.drain(..too_many);
        self
    }

    /// The history, the text and the settings with the last step undone; `None` when there is none.
    #[must_use]
    pub fn undo(mut self, text: &str, settings: &Rc<Scenario>) -> Option<(Self, State)> {
        let step = self.past.pop()?;
        let state = (step.undo.apply(text), Rc::clone(step.settings.as_ref().map_or(settings, |[before, _]| before)));
        self.future.push(step);
        Some((self, state))
    }

    /// The history, the text and the settings with the last undone step redone; `None` when there is none.
    #[must_use]
    pub fn redo(mut self, text: &str, settings: &Rc<Scenario>) -> Option<(Self, State)> {
        let step = self.future.pop()?;
        let state = (step.redo.apply(text), Rc::clone(step.settings.as_ref().map_or(settings, |[_, after]| after)));
        self.past.push(step);
        Some((self, state))
    }
}

impl Step {
    /// Whether `next` types one more character right after this step.
    fn continues_with(&self, next: &Edit) -> bool {
        let is_one_char = next.range.is_empty() && next.text.chars().take(2).count() == 1 && next.text != "\n";
        let is_typed = self.redo.range.is_empty() && !self.redo.text.is_empty() && !self.redo.text.contains('\n');
        let is_new_word = next.text == " " && !self.redo.text.ends_with(' ');
        is_one_char && is_typed && !is_new_word && self.settings.is_none() && self.undo.range.end == next.range.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts that undoing leads through, latest first.
    fn undone(texts: &[&str]) -> Vec<String> {
        let none = &Rc::default();
        let mut history = texts.windows(2).fold(History::default(), |history, pair| history.record((pair[0], none), (pair[1], none)));
        let mut text = texts.last().expect("there is a text").to_string();
        let mut seen = Vec::new();
        while let Some((before, (earlier, _))) = history.undo(&text, none) {
            let redone = before.clone().redo(&earlier, none).map(|(_, (text, _))| text);
            assert_eq!(redone.as_deref(), Some(text.as_str()));
            (history, text) = (before, earlier);
            seen.push(text.clone());
        }
        seen
    }

    #[test]
    fn a_word_is_one_step_and_a_slider_another() {
        assert_eq!(undone(&["n: 3", "n: 3 a", "n: 3 ab", "n: 3 abc", "n: 6 abc"]), ["n: 3 abc", "n: 3"]);
        assert_eq!(undone(&["", "a", "a ", "a b"]), ["a", ""]);
        assert_eq!(undone(&["abc", "ac", "c"]), ["ac", "abc"]);
    }

    #[test]
    fn a_new_edit_forgets_what_was_undone() {
        let none = &Rc::default();
        let history = History::default().record(("a", none), ("ab", none));
        let (history, (text, _)) = history.undo("ab", none).expect("there is a step");
        assert!(history.record((&text, none), ("ac", none)).redo("ac", none).is_none());
    }
}
