//! What was done to the text, to take it back: one history for typing, sliders and examples.

use crate::edit::Edit;

/// Edits that were made and edits that were taken back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    past: Vec<Step>,
    future: Vec<Step>,
}

/// How many edits are kept.
const LONGEST: usize = 500;

/// An edit and the one that takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    redo: Edit,
    undo: Edit,
}

impl History {
    /// The history after the text went from `old` to `new`. Letters typed one after another are one
    /// step, up to the next word.
    #[must_use]
    pub fn record(mut self, old: &str, new: &str) -> Self {
        if old == new {
            return self;
        }
        self.future.clear();
        let redo = Edit::between(old, new);
        let undo = Edit { range: redo.range.start..redo.range.start + redo.text.len(), text: old[redo.range.clone()].to_owned() };
        match self.past.last_mut().filter(|last| last.continues_with(&redo)) {
            Some(last) => {
                last.redo.text += &redo.text;
                last.undo.range.end += redo.text.len();
            }
            None => self.past.push(Step { redo, undo }),
        }
        let too_many = self.past.len().saturating_sub(LONGEST);
        self.past.drain(..too_many);
        self
    }

    /// The history and the text with the last step taken back; `None` when there is none.
    #[must_use]
    pub fn undo(mut self, text: &str) -> Option<(Self, String)> {
        let step = self.past.pop()?;
        let text = step.undo.apply(text);
        self.future.push(step);
        Some((self, text))
    }

    /// The history and the text with the last undone step made again; `None` when there is none.
    #[must_use]
    pub fn redo(mut self, text: &str) -> Option<(Self, String)> {
        let step = self.future.pop()?;
        let text = step.redo.apply(text);
        self.past.push(step);
        Some((self, text))
    }

    /// Whether there is a step to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }
}

impl Step {
    /// Whether `next` types one more letter right behind this step.
    fn continues_with(&self, next: &Edit) -> bool {
        let one_letter = next.range.is_empty() && next.text.chars().count() == 1 && next.text != "\n";
        let typed = self.redo.range.is_empty() && !self.redo.text.is_empty() && !self.redo.text.contains('\n');
        let new_word = next.text == " " && !self.redo.text.ends_with(' ');
        one_letter && typed && !new_word && self.undo.range.end == next.range.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts that undoing leads through, latest first.
    fn undone(texts: &[&str]) -> Vec<String> {
        let mut history = texts.windows(2).fold(History::default(), |history, pair| history.record(pair[0], pair[1]));
        let mut text = texts.last().expect("there is a text").to_string();
        let mut seen = Vec::new();
        while let Some((before, earlier)) = history.undo(&text) {
            let redone = before.clone().redo(&earlier).map(|(_, text)| text);
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
        let history = History::default().record("a", "ab");
        let (history, text) = history.undo("ab").expect("there is a step");
        assert!(history.record(&text, "ac").redo("ac").is_none());
    }
}
