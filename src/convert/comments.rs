//! The comments of a text by the tasks they belong to.

use std::ops::Range;

use crate::flow::{Flow, TaskIdx, task_of_comment};
use crate::source::Source;
use crate::syntax::Comment;

/// Comments that are yet to be written.
pub struct Comments {
    /// Those that belong to no task, in order.
    pub aside: Vec<String>,
    /// For each task the comments above it and the comments beside it.
    at: Vec<(Vec<String>, Vec<String>)>,
}

impl Comments {
    /// The comments that begin within these bytes.
    pub fn gather(flow: &Flow, comments: &[Comment], within: Range<u32>, source: &Source) -> Self {
        let mut gathered = Self { aside: Vec::new(), at: vec![Default::default(); flow.tasks.len()] };
        for comment in comments.iter().filter(|comment| within.contains(&comment.span.start)) {
            let text = source.slice(comment.span).trim_end().to_owned();
            let is_sim = comment.text.starts_with("sim:");
            match task_of_comment(&flow.tasks, comment, source) {
                // A `# sim:` note is always read beside its task, so it is written there.
                Some(task) if comment.own_line && !is_sim => gathered.at[task].0.push(text),
                Some(task) if is_sim => gathered.at[task].1.insert(0, text),
                Some(task) => gathered.at[task].1.push(text),
                None => gathered.aside.push(text),
            }
        }
        gathered
    }

    /// The comments to write above a task and the one to write beside it: there is room for one only.
    pub fn of(&mut self, idx: TaskIdx) -> (Vec<String>, Option<String>) {
        let (mut above, mut beside) = std::mem::take(&mut self.at[idx.at()]);
        let rest = beside.split_off(beside.len().min(1));
        above.extend(rest);
        (above, beside.pop())
    }

    /// The comments of a task that is left out.
    pub fn leave(&mut self, idx: TaskIdx) -> Vec<String> {
        let (above, beside) = std::mem::take(&mut self.at[idx.at()]);
        above.into_iter().chain(beside).collect()
    }
}
