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

#[cfg(test)]
mod tests {
    use super::*;

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
