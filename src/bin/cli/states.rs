//! States of real executions as lines, each printed once, as it comes.

use std::collections::BTreeMap;

use parallelogram::actual::{Execution, History};
use parallelogram::time::{SimTime, seconds};

/// How many states of each execution and taskrun were shown, by their ids.
#[derive(Default)]
pub struct States {
    shown: BTreeMap<(String, Option<String>), usize>,
}

impl States {
    /// A line for each state that was not shown yet, in the order in which they came.
    pub fn news(&mut self, executions: &[Execution]) -> Vec<String> {
        let mut news = Vec::new();
        for one in executions {
            self.add((one.id.clone(), None), &format!("execution of {}", one.flow), &one.history, &mut news);
            for run in &one.runs {
                self.add((one.id.clone(), Some(run.id.clone())), &run.name(), &run.history, &mut news);
            }
        }
        news.sort_by_key(|(at, _)| *at);
        news.into_iter().map(|(_, line)| line).collect()
    }

    fn add(&mut self, key: (String, Option<String>), name: &str, history: &History, news: &mut Vec<(SimTime, String)>) {
        let shown = self.shown.entry(key).or_default();
        news.extend(history.iter().skip(*shown).map(|(at, state)| (*at, line(*at, state.as_str(), name))));
        *shown = history.len().max(*shown);
    }
}

/// `    1.204 s  RUNNING    extract`.
pub fn line(at: SimTime, what: &str, name: &str) -> String {
    format!("{:>9} s  {what:<10} {}", seconds(at, 3), printable(name.trim_end()))
}

/// A text of others in one line, without what would change a terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
