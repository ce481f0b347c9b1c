//! The tasks whose times nobody knows, by type, and the lengths they are given by `# sim:` comments.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::App;
use super::run::{Reading, Run};
use crate::edit::{set_times, takes_text};
use crate::flow::{Task, TaskIdx, takes};
use crate::time::{SimTime, human};
use crate::tr;

/// How a length is written, for people.
#[must_use]
pub fn how() -> String {
    tr!("6m40s, a range 2m..10m, or with the most likely length 2m..3m..10m")
}

/// Of more types than this the others are counted together.
const MOST_TYPES: usize = 3;

/// All tasks without a known time, by type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Times {
    /// The types, in the order in which the text has them.
    pub types: Vec<TypeTimes>,
    /// How many of the tasks that ran have been given no time.
    pub n_unknown: usize,
}

/// The tasks of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeTimes {
    /// The type, without what all plugins have in common: `airbyte.connections.Sync`.
    pub name: String,
    /// Its tasks.
    pub tasks: Vec<TaskTime>,
    /// What they are given; empty when nothing, `None` when not the same.
    pub text: Option<String>,
}

/// A task, with what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskTime {
    /// The task.
    pub idx: TaskIdx,
    /// Its name for people.
    pub name: Rc<str>,
    /// What it is given; empty when nothing.
    pub text: String,
    /// What it takes when it is given nothing.
    pub usual: SimTime,
    /// Whether it ran; of a text that is not run all do.
    pub ran: bool,
}

impl TaskTime {
    /// Whether it ran with a time that is assumed.
    fn is_assumed(&self) -> bool {
        self.ran && self.text.is_empty()
    }
}

impl TypeTimes {
    /// Its tasks.
    #[must_use]
    pub fn idxs(&self) -> Rc<[TaskIdx]> {
        self.tasks.iter().map(|task| task.idx).collect()
    }

    /// `airbyte.connections.Sync × 14`.
    #[must_use]
    pub fn label(&self) -> String {
        if self.tasks.len() == 1 { self.name.clone() } else { format!("{} × {}", self.name, self.tasks.len()) }
    }
}

impl Times {
    /// `28 tasks have no known time`; empty when all have one.
    #[must_use]
    pub fn text(&self) -> String {
        match self.n_unknown {
            0 => String::new(),
            n => tr!("{n} task has no known time" | "{n} tasks have no known time" % n),
        }
    }
}

impl Times {
    /// Of which types how many tasks have no known time, and what each of them takes: sentences; empty when all have one.
    #[must_use]
    pub fn assumed(&self) -> String {
        if self.n_unknown == 0 {
            return String::new();
        }
        let unknown = self.types.iter().flat_map(|one| &one.tasks).filter(|task| task.is_assumed());
        let (shortest, longest) =
            unknown.map(|task| task.usual).fold((SimTime(u64::MAX), SimTime::ZERO), |(a, b), usual| (a.min(usual), b.max(usual)));
        let taken = match shortest == longest {
            true => human(shortest),
            false => tr!("{from} to {to}, by its type", from = human(shortest), to = human(longest)),
        };
        let n_of = |one: &TypeTimes| one.tasks.iter().filter(|task| task.is_assumed()).count();
        let mut counts: Vec<(usize, &str)> = self.types.iter().map(|one| (n_of(one), &*one.name)).filter(|(n, _)| *n > 0).collect();
        counts.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        let mut parts: Vec<String> = counts.iter().take(MOST_TYPES).map(|(n, name)| format!("{n} {name}")).collect();
        let n_others: usize = counts.iter().skip(MOST_TYPES).map(|(n, _)| n).sum();
        parts.extend((n_others > 0).then(|| tr!("{n} of other types" | "{n} of other types" % n_others)));
        let until = tr!("Until you give one, it takes {time}." | "Until you give one, each takes {time}." % self.n_unknown, time = taken);
        format!("{}: {}. {until}", self.text(), parts.join(", "))
    }
}

/// What a task is given by its `# sim:` comment; empty when nothing.
#[must_use]
pub fn given(task: &Task) -> String {
    task.sim_note.and_then(|note| note.takes).map(takes_text).unwrap_or_default()
}

/// The tasks of the first flow of a reading whose times are not known. `run` says which of them ran, when it is a run of that flow.
#[must_use]
pub fn times(reading: &Reading, run: Option<&Run>) -> Times {
    let Some(flow) = reading.flows.first() else { return Times::default() };
    let mut times = Times::default();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let began = run.filter(|run| Rc::ptr_eq(&run.flows, &reading.flows)).map(|run| run.trace.began_tasks(flow));
    for (idx, task) in flow.iter() {
        let Some(usual) = task.usual_length(&reading.flows) else { continue };
        let at = *known.entry(&task.type_name).or_insert_with(|| {
            let name = task.type_name.trim_start_matches("io.kestra.plugin.").to_owned();
            times.types.push(TypeTimes { name, tasks: Vec::new(), text: None });
            times.types.len() - 1
        });
        let text = given(task);
        let ran = began.as_ref().is_none_or(|began| began[idx.at()]);
        let task = TaskTime { idx, name: Rc::clone(task.title()), text, usual, ran };
        times.n_unknown += usize::from(task.is_assumed());
        times.types[at].tasks.push(task);
    }
    for of_type in &mut times.types {
        let first = of_type.tasks[0].text.clone();
        of_type.text = Some(first).filter(|first| of_type.tasks.iter().all(|task| task.text == *first));
    }
    times
}

/// A length as people write it, and as the page shows it: also `5 min`, `1 m 30 s`, `2m - 10m`, `6m40s–9m`.
fn read(text: &str) -> Option<Option<crate::flow::Takes>> {
    let text = text.replace(['–', '—', '-'], "..").replace(&tr!("{from} to {to}", from = "", to = ""), "..");
    if text.trim().is_empty() { Some(None) } else { takes(&text).map(Some) }
}

/// A length that can't be read, and what would be.
fn unreadable(text: &str) -> Vec<String> {
    vec![tr!("“{text}” is no length: write {how}", text, how = how())]
}

impl App {
    /// The page with these tasks given a length, as people write it; an empty text takes it from them.
    pub(super) fn timed(self, tasks: &[TaskIdx], text: &str) -> Self {
        let Some(takes) = read(text) else { return Self { notices: Rc::new(unreadable(text)), ..self } };
        let Some(flow) = self.reading.flows.first() else { return self };
        match set_times(&self.reading.source, &self.reading.document, flow, tasks, takes) {
            Ok(edit) => self.with_edit(edit),
            Err(why) => Self { notices: Rc::new(vec![why]), ..self },
        }
    }

    /// The page with the task of a row taking this long, as people write it.
    pub(super) fn row_timed(self, key: &str, text: &str) -> Self {
        let Some(takes) = read(text) else { return Self { notices: Rc::new(unreadable(text)), ..self } };
        let intent = crate::edit::Intent::Takes(takes);
        match self.can_change(key, intent) {
            Ok(()) => self.changed(key, intent),
            Err(why) => Self { notices: Rc::new(vec![why]), ..self },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Msg;

    const FLOW: &str = "id: f\nnamespace: n\ntasks:
  - {id: a, type: io.kestra.plugin.airbyte.Sync}
  - {id: b, type: io.kestra.plugin.airbyte.Sync} # why
  - {id: c, type: org.acme.Load}
  - {id: d, type: io.kestra.plugin.core.debug.Return}
  - {id: e, type: io.kestra.plugin.scripts.python.Script, script: time.sleep(2)}
";

    fn text_of(app: &App) -> String {
        let of_type = |of_type: &TypeTimes| {
            let tasks: Vec<String> = of_type.tasks.iter().map(|task| format!("{}={}", task.name, task.text)).collect();
            format!("{}: {:?} {}", of_type.label(), of_type.text.as_deref().unwrap_or("different"), tasks.join(" "))
        };
        let times = times(&app.reading, app.run.as_deref());
        times.types.iter().map(of_type).chain([times.assumed()]).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_type_is_given_its_time_in_one_step() {
        let app = App::with_text(FLOW, None);
        insta::assert_snapshot!(text_of(&app), @r#"
        airbyte.Sync × 2: "" a= b=
        org.acme.Load: "" c=
        3 tasks have no known time: 2 airbyte.Sync, 1 org.acme.Load. Until you give one, each takes 1.0 s.
        "#);
        let syncs = times(&app.reading, None).types[0].idxs();
        let given = app.clone().update(Msg::SetTimes(syncs, "2m – 5 min".to_owned()));
        insta::assert_snapshot!(text_of(&given), @r#"
        airbyte.Sync × 2: "2m..5m" a=2m..5m b=2m..5m
        org.acme.Load: "" c=
        1 task has no known time: 1 org.acme.Load. Until you give one, it takes 1.0 s.
        "#);
        assert!(given.text().contains("Sync} # sim: 2m..5m\n  # sim: 2m..5m\n  - {id: b"), "{}", given.text());
        let one = given.clone().update(Msg::RowTakes("b".into(), "1m..2m..9m".to_owned()));
        assert!(text_of(&one).contains("\"different\" a=2m..5m b=1m..2m..9m"), "{}", text_of(&one));
        assert_eq!(given.update(Msg::Undo).text(), app.text());
        for (written, note) in [
            ("8m50s", "8m50s"),
            ("1 h 20 m", "1h20m"),
            ("2.5 s", "2.5s"),
            ("250 ms", "250ms"),
            ("PT6M40S", "6m40s"),
            ("6m40s–9m", "6m40s..9m"),
        ] {
            let given = app.clone().update(Msg::RowTakes("a".into(), written.to_owned()));
            assert!(given.text().contains(&format!("# sim: {note}")), "{written}: {}", given.text());
        }
        let refused = app.clone().update(Msg::RowTakes("a".into(), "soon".to_owned()));
        assert_eq!((refused.text(), refused.notices.len()), (app.text(), 1));
    }

    #[test]
    fn a_call_of_a_flow_that_is_not_in_the_text_has_no_known_time() {
        let call =
            |id: &str, flow: &str| format!("  - {{id: {id}, type: io.kestra.plugin.core.flow.Subflow, namespace: n, flowId: {flow}}}\n");
        let other = "---\nid: here\nnamespace: n\ntasks: [{id: t, type: io.kestra.plugin.core.debug.Return}]\n";
        let text = ["id: f\nnamespace: n\ntasks:\n", &call("a", "here"), &call("b", "elsewhere"), other].concat();
        let app = App::with_text(&text, None);
        insta::assert_snapshot!(text_of(&app), @r#"
        core.flow.Subflow: "" b=
        1 task has no known time: 1 core.flow.Subflow. Until you give one, it takes 1.0 s.
        "#);
        let given = app.update(Msg::RowTakes("b".into(), "2m".to_owned()));
        assert_eq!(given.run.as_ref().map(|run| run.numbers.makespan.0), Some(120_000), "{}", given.text());
    }

    #[test]
    fn only_tasks_that_ran_are_counted_and_a_request_is_one() {
        let text = [
            FLOW,
            "  - {id: ask, type: io.kestra.plugin.core.http.Request, uri: \"https://example.org\"}\n",
            "errors:\n  - {id: page, type: org.acme.Alert}\n",
        ]
        .concat();
        let app = App::with_text(&text, None);
        insta::assert_snapshot!(text_of(&app), @r#"
        airbyte.Sync × 2: "" a= b=
        org.acme.Load: "" c=
        core.http.Request: "" ask=
        org.acme.Alert: "" page=
        4 tasks have no known time: 2 airbyte.Sync, 1 org.acme.Load, 1 core.http.Request. Until you give one, each takes 1.0 s.
        "#);
        let failed = app.update(Msg::Change("c".into(), crate::edit::Intent::Fails(100)));
        insta::assert_snapshot!(times(&failed.reading, failed.run.as_deref()).assumed(), @"4 tasks have no known time: 2 airbyte.Sync, 1 org.acme.Load, 1 org.acme.Alert. Until you give one, each takes 1.0 s.");
    }

    #[test]
    fn a_range_becomes_twice_as_long_and_half_as_long_at_each_end() {
        let app = App::with_text(&FLOW.replace("Sync} # why", "Sync} # sim: 50s..8m50s"), None);
        let act = |app: &App, name: &str| {
            let menu = crate::app::menu::menu(app, &"b".into()).expect("there is a task");
            let action = menu.edits.iter().find(|action| action.name == name).expect("it is offered");
            app.clone().update(action.msg.clone().expect("it can be done"))
        };
        let twice = act(&app, "slower");
        assert!(twice.text().contains("# sim: 1m40s..17m40s\n"), "{}", twice.text());
        assert_eq!(act(&twice, "faster").text(), app.text());
    }

    #[test]
    fn a_written_length_is_replaced() {
        let app = App::open().update(Msg::RowTakes("t2".into(), "2.5s".to_owned()));
        assert!(app.text().contains("sleep 2.5"), "{}", app.text());
        let app = app.update(Msg::RowTakes("t3".into(), "1s..3s".to_owned()));
        assert!(app.text().contains("# sim: 1s..3s"), "{}", app.text());
        let app = app.update(Msg::RowTakes("t3".into(), String::new()));
        assert!(!app.text().contains("# sim:"), "{}", app.text());
    }
}
