//! What the words for times and their relations mean: the one place of these texts.

use crate::tr;

/// A word that is explained where it appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Term {
    Makespan,
    Work,
    SpeedUp,
    Efficiency,
    MeanParallelism,
    Slot,
    CriticalPath,
    Slack,
    SlotsHeld,
}

impl Term {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Makespan,
        Self::Work,
        Self::SpeedUp,
        Self::Efficiency,
        Self::MeanParallelism,
        Self::Slot,
        Self::CriticalPath,
        Self::Slack,
        Self::SlotsHeld,
    ];

    /// The word as it is written in labels.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Makespan => tr!("term" => "makespan"),
            Self::Work => tr!("term" => "work"),
            Self::SpeedUp => tr!("term" => "speed-up"),
            Self::Efficiency => tr!("term" => "efficiency"),
            Self::MeanParallelism => tr!("term" => "mean parallelism"),
            Self::Slot => tr!("term" => "slots"),
            Self::CriticalPath => tr!("term" => "critical path"),
            Self::Slack => tr!("term" => "slack"),
            Self::SlotsHeld => tr!("term" => "slots held"),
        }
    }

    /// What it means.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Makespan => tr!("Makespan: the time from the start of the execution until it reaches its final state."),
            Self::Work => tr!("Work: the time that all tasks run, added up. One after another they would take this long."),
            Self::SpeedUp => {
                tr!(
                    "Speed-up: work divided by the time that the flow takes. 3.0× is three times as fast as one after another. A pause adds to that time, not to work: it may be below 1×."
                )
            }
            Self::Efficiency => {
                tr!(
                    "Efficiency: the share of the slots' time in which a task runs. A slot that is free lowers it, and so does a task that waits in its slot to be tried again."
                )
            }
            Self::MeanParallelism => {
                tr!("Mean parallelism: how many tasks run at once on average, over the whole time that the flow takes.")
            }
            Self::Slot => {
                tr!(
                    "Slot: a place for one running task in a group. `concurrent` says how many a group has; a task waits until one is free."
                )
            }
            Self::CriticalPath => {
                tr!(
                    "Critical path: the tasks that fix the makespan, each starting when the one before it ends. With the same hand-overs, only a shorter task on it ends the flow sooner."
                )
            }
            Self::SlotsHeld => {
                tr!(
                    "Slots held: the share of the slots' time in which a task has them, also while it waits there to be tried again. Efficiency counts only tasks that run."
                )
            }
            Self::Slack => {
                tr!(
                    "Slack: by how much a task could be longer, or shorter, without the flow ending at another time. A millisecond longer still would move it."
                )
            }
        }
    }

    /// The term with this word, in the language that is set.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.word() == word)
    }
}

/// A text in parts, of which those with a term are one of its words. Each term is found once, where it is written first.
#[must_use]
pub fn terms_in(text: &str) -> Vec<(&str, Option<Term>)> {
    let is_end = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || "-_`".contains(c));
    let places = |(word, term): &(String, Term)| {
        let (length, term) = (word.len(), *term);
        let is_word = move |at: &usize| {
            text[..*at].matches('`').count() % 2 == 0
                && is_end(text[..*at].chars().next_back())
                && is_end(text[at + length..].chars().next())
        };
        text.match_indices(&**word).map(|(at, _)| at).filter(is_word).map(move |at| (at, at + length, term)).collect::<Vec<_>>()
    };
    let mut found: Vec<(usize, usize, Term)> = written().iter().flat_map(places).collect();
    found.sort_by_key(|(at, ..)| *at);
    let (mut parts, mut from) = (Vec::new(), 0);
    for (at, end, term) in found {
        if parts.iter().all(|(_, known)| *known != Some(term)) {
            parts.extend([(&text[from..at], None), (&text[at..end], Some(term))]);
            from = end;
        }
    }
    parts.push((&text[from..], None));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

/// How the terms are written in sentences. "Work" is left out, which is another word in most of them.
fn written() -> [(String, Term); 7] {
    [
        (tr!("in a sentence" => "critical path"), Term::CriticalPath),
        (tr!("in a sentence" => "makespan"), Term::Makespan),
        (tr!("in a sentence" => "slots"), Term::Slot),
        (tr!("in a sentence" => "slot"), Term::Slot),
        (tr!("in a sentence" => "slack"), Term::Slack),
        (tr!("in a sentence" => "speed-up"), Term::SpeedUp),
        (tr!("in a sentence" => "efficiency"), Term::Efficiency),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_found_once_in_a_sentence_as_a_word() {
        let said = |text: &str| {
            terms_in(text)
                .into_iter()
                .map(|(part, term)| if term.is_some() { format!("<{part}>") } else { part.to_owned() })
                .collect::<String>()
        };
        assert_eq!(
            said("A slot is free. The slots of a time-slot fix the makespan, the critical path."),
            "A <slot> is free. The slots of a time-slot fix the <makespan>, the <critical path>."
        );
        assert_eq!(said("In `a slot` one slot more: `slot-1`, the slot."), "In `a slot` one <slot> more: `slot-1`, the slot.");
        assert_eq!(said("é"), "é");
        assert_eq!(terms_in(""), []);
    }

    #[test]
    fn each_word_is_explained_in_full_sentences() {
        for term in Term::ALL {
            assert_eq!(Term::of(&term.word()), Some(term));
            let text = term.text();
            let word = term.word();
            let word = word.trim_end_matches('s');
            assert!(text.to_lowercase().starts_with(word) && text.ends_with('.') && text.len() < 180, "{text}");
        }
    }
}
