//! How far someone has come in each lesson, as it is kept on their device: `window:2,no-gain:done`.

use super::course::Course;

/// The most lessons that are remembered.
const MOST: usize = 200;

/// How far someone has come in each lesson that they have begun.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress(Vec<(String, Come)>);

/// How far someone has come in a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Come {
    /// To this step, from 1, at the furthest.
    To(usize),
    /// To the end.
    Done,
}

impl Progress {
    /// Reads what was kept; entries that can't be read are left out.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let one = |entry: &str| {
            let (id, come) = entry.split_once(':')?;
            let is_id =
                !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            let come = match come {
                "done" => Come::Done,
                step => Come::To(step.parse().ok().filter(|step| (1..1000).contains(step))?),
            };
            is_id.then(|| (id.to_owned(), come))
        };
        text.split(',').filter_map(one).take(MOST).fold(Self::default(), |all, (id, come)| all.with(&id, come))
    }

    /// As it is kept.
    #[must_use]
    pub fn text(&self) -> String {
        let one = |(id, come): &(String, Come)| match come {
            Come::To(step) => [id, ":", &step.to_string()].concat(),
            Come::Done => [id, ":done"].concat(),
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(",")
    }

    /// How far someone has come in this lesson; `None` when it was never begun.
    #[must_use]
    pub fn of(&self, id: &str) -> Option<Come> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, come)| *come)
    }

    /// With the step of a lesson that is on show, and whether what it asks for is done. It never goes back.
    #[must_use]
    pub fn after(self, course: &Course, is_done: bool) -> Self {
        let come = if course.is_last() && is_done { Come::Done } else { Come::To(course.at + 1) };
        self.with(&course.lesson.id, come)
    }

    fn with(mut self, id: &str, come: Come) -> Self {
        match self.0.iter_mut().find(|(known, _)| known == id) {
            Some((_, known)) => *known = furthest(*known, come),
            None => self.0.push((id.to_owned(), come)),
        }
        self
    }
}

fn furthest(one: Come, other: Come) -> Come {
    match (one, other) {
        (Come::To(one), Come::To(other)) => Come::To(one.max(other)),
        _ => Come::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_read_is_left_out_and_nothing_goes_back() {
        let read = |text: &str| Progress::read(text).text();
        assert_eq!(read("window:2,no-gain:done,window:1,no-gain:1"), "window:2,no-gain:done");
        assert_eq!(read("window:0,:1,a b:2,x:-1,window,window:3:4,<b>:1,ok:7,,"), "ok:7");
        assert_eq!(read(&(0..500).map(|n| format!("l{n}:1")).collect::<Vec<_>>().join(",")).split(',').count(), 200);
        let progress = Progress::read("a:2,b:done");
        assert_eq!((progress.of("a"), progress.of("b"), progress.of("c")), (Some(Come::To(2)), Some(Come::Done), None));
    }
}
