//! The example flows of the page. Each teaches one thing. The first line of each Kestra flow names the version it is for, where
//! it runs as shown: `tests/kestra/real` holds the records.

use crate::sim::scenario::Scenario;
use crate::tr;

/// An example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Its name in links, which is also the id of the flow and the name of its file in `examples/`.
    pub id: &'static str,
    /// Its name in the list of examples, a message for [`plain`](crate::language::plain).
    pub title: &'static str,
    /// What it teaches, a message of one sentence.
    pub goal: &'static str,
    /// The flow.
    pub text: &'static str,
    /// How many executions it shows.
    pub executions: u32,
    /// The time until the last of them has ended, in milliseconds, before anything in it is changed.
    pub makespan_ms: u64,
}

impl Example {
    /// The settings that show its point.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        Scenario { executions: self.executions, ..Scenario::default() }
    }
}

/// All examples, the easiest first. The page opens with the first one.
pub const EXAMPLES: &[Example] = &[
    Example {
        id: "parallel",
        title: tr!(const "Parallel, 3 slots"),
        goal: tr!(const "As soon as one of the running tasks ends, the next one takes its slot."),
        text: include_str!("../examples/parallel.yaml"),
        executions: 1,
        makespan_ms: 2000,
    },
    Example {
        id: "sequential",
        title: tr!(const "Sequential groups"),
        goal: tr!(const "Groups run side by side while the tasks inside each of them take turns."),
        text: include_str!("../examples/sequential.yaml"),
        executions: 1,
        makespan_ms: 3000,
    },
    Example {
        id: "longest-first",
        title: tr!(const "One long task"),
        goal: tr!(const "Order matters: a long task at the end of the list runs on alone, at the top of the list it costs no extra time."),
        text: include_str!("../examples/longest-first.yaml"),
        executions: 1,
        makespan_ms: 4000,
    },
    Example {
        id: "group-slot",
        title: tr!(const "A group is one slot"),
        goal: tr!(const "A group holds its slot until its last task has ended, also between its tasks."),
        text: include_str!("../examples/group-slot.yaml"),
        executions: 1,
        makespan_ms: 6000,
    },
    Example {
        id: "nested-limits",
        title: tr!(const "A limit inside a limit"),
        goal: tr!(const "A limit counts the group's own children only, so more tasks run at once than the outer limit says."),
        text: include_str!("../examples/nested-limits.yaml"),
        executions: 1,
        makespan_ms: 2000,
    },
    Example {
        id: "sub-second",
        title: tr!(const "Fractions of a second"),
        goal: tr!(const "Time is exact to the millisecond, and the slowest branch of a group decides when the next step begins."),
        text: include_str!("../examples/sub-second.yaml"),
        executions: 1,
        makespan_ms: 800,
    },
    Example {
        id: "loop",
        title: tr!(const "Loop"),
        goal: tr!(const "A list of tasks for each value, in an execution of its own: the limit counts values."),
        text: include_str!("../examples/loop.yaml"),
        executions: 1,
        makespan_ms: 3000,
    },
    Example {
        id: "for-each",
        title: tr!(const "ForEach of Kestra 1.3"),
        goal: tr!(const "A list of tasks for each value: the limit counts values, the tasks of a value take turns."),
        text: include_str!("../examples/for-each.yaml"),
        executions: 1,
        makespan_ms: 3000,
    },
    Example {
        id: "dag",
        title: tr!(const "Dependencies"),
        goal: tr!(const "Each task waits for what it names and for nothing else."),
        text: include_str!("../examples/dag.yaml"),
        executions: 1,
        makespan_ms: 5000,
    },
    Example {
        id: "graham",
        title: tr!(const "Graham's anomaly"),
        goal: tr!(const "One more slot can make a run longer."),
        text: include_str!("../examples/graham.yaml"),
        executions: 1,
        makespan_ms: 12000,
    },
    Example {
        id: "retry",
        title: tr!(const "Retry"),
        goal: tr!(const "A failed attempt is tried again after a pause."),
        text: include_str!("../examples/retry.yaml"),
        executions: 1,
        makespan_ms: 8000,
    },
    Example {
        id: "retry-slot",
        title: tr!(const "A retry holds its slot"),
        goal: tr!(const "A task that is tried again keeps its slot while it waits for its next attempt."),
        text: include_str!("../examples/retry-slot.yaml"),
        executions: 1,
        makespan_ms: 7000,
    },
    Example {
        id: "timeout",
        title: tr!(const "Timeout"),
        goal: tr!(const "A task that takes too long is ended and fails."),
        text: include_str!("../examples/timeout.yaml"),
        executions: 1,
        makespan_ms: 3000,
    },
    Example {
        id: "error-branch",
        title: tr!(const "Error branch"),
        goal: tr!(const "A failure starts nothing new, interrupts what runs beside it in the group, and begins `errors`."),
        text: include_str!("../examples/error-branch.yaml"),
        executions: 1,
        makespan_ms: 2000,
    },
    Example {
        id: "on-child-failure",
        title: tr!(const "What a failure means"),
        goal: tr!(const "`onChildFailure` says what becomes of the other children of a group when one fails."),
        text: include_str!("../examples/on-child-failure.yaml"),
        executions: 1,
        makespan_ms: 1500,
    },
    Example {
        id: "finally",
        title: tr!(const "Finally"),
        goal: tr!(const "`finally` runs in any case, after `errors`."),
        text: include_str!("../examples/finally.yaml"),
        executions: 1,
        makespan_ms: 3500,
    },
    Example {
        id: "pause",
        title: tr!(const "A pause freezes all"),
        goal: tr!(const "While one branch pauses nothing new starts in the others."),
        text: include_str!("../examples/pause.yaml"),
        executions: 1,
        makespan_ms: 4500,
    },
    Example {
        id: "flow-concurrency",
        title: tr!(const "Executions in a queue"),
        goal: tr!(const "A limit of the flow counts whole executions."),
        text: include_str!("../examples/flow-concurrency.yaml"),
        executions: 3,
        makespan_ms: 6000,
    },
    Example {
        id: "subflow",
        title: tr!(const "Subflows"),
        goal: tr!(const "A subflow is an execution of its own, and the task waits for its end."),
        text: include_str!("../examples/subflow.yaml"),
        executions: 1,
        makespan_ms: 3000,
    },
    Example {
        id: "release-nested",
        title: tr!(const "XL Release: a group per server"),
        goal: tr!(const "Links make tasks of a parallel group take turns, and a group for each server keeps them together."),
        text: include_str!("../examples/release-nested.yaml"),
        executions: 1,
        makespan_ms: 1_500_000,
    },
    Example {
        id: "release-flat",
        title: tr!(const "XL Release: one flat group"),
        goal: tr!(const "One group with two chains takes as long, but no server can be collapsed any more."),
        text: include_str!("../examples/release-flat.yaml"),
        executions: 1,
        makespan_ms: 1_500_000,
    },
];

/// The example with this text.
#[must_use]
pub fn of_text(text: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.text == text)
}

/// The id of the example that a text was made from: the one with this text, else `before`, as long as the first line is still the same.
#[must_use]
pub fn origin(text: &str, before: Option<&'static str>) -> Option<&'static str> {
    let is_of = |example: &&Example| example.text.lines().next() == text.lines().next();
    of_text(text).or_else(|| find(before?).filter(is_of)).map(|example| example.id)
}

/// The example with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::makespan::makespan;
    use crate::flow::kestra::versions::Version;
    use crate::flow::read_text;
    use crate::sim::simulate;
    use crate::source::Source;

    /// The makespan of a flow, which must have no diagnostics.
    fn check(text: &str) -> u64 {
        let (_, flows, diagnostics) = read_text(&Source::new("flow.yaml", text));
        assert!(diagnostics.is_empty(), "{diagnostics:#?}");
        makespan(&simulate(&flows, &Scenario::default())).0
    }

    #[test]
    fn each_takes_the_time_it_says_and_has_no_faults() {
        for example in EXAMPLES {
            let source = Source::new("flow.yaml", example.text);
            let (document, flows, diagnostics) = read_text(&source);
            assert!(diagnostics.is_empty(), "{diagnostics:#?}");
            assert_eq!(simulate(&flows, &example.scenario()).end.0, example.makespan_ms, "{}", example.id);
            let version = Version::of_text(&document, &source).as_str();
            let kestra = format!("id: {} # for Kestra {version}\n", example.id);
            assert!(example.text.starts_with(&kestra) || example.text.contains(&format!("\n- template: {}\n", example.id)));
            assert_eq!(find(example.id), Some(example));
        }
        assert_eq!(find("nope"), None);
    }

    #[test]
    fn the_long_task_costs_nothing_at_the_top_of_the_list() {
        let text = find("longest-first").expect("there is such an example").text;
        let (at, end) = (text.find("      - id: long\n"), text.find("  - id: last\n"));
        let long = &text[at.expect("it has a long task")..end.expect("it has a last task")];
        let moved = text.replace(long, "").replacen("      - id: short1\n", &format!("{long}      - id: short1\n"), 1);
        assert_eq!(check(&moved), 3000);
    }

    /// What these examples teach, as makespans after an edit or with other settings.
    #[test]
    fn what_the_examples_teach_is_so() {
        let text = |id| find(id).expect("there is such an example").text;
        let with = |id, from: &str, to: &str| {
            assert!(text(id).contains(from), "{id}");
            check(&text(id).replace(from, to))
        };
        assert_eq!(with("for-each", "concurrencyLimit: 2", "concurrencyLimit: 4"), 1500);
        assert_eq!(with("graham", "concurrent: 3", "concurrent: 4"), 15_000, "a slot more, and it takes longer");
        let freed = text("graham").replacen("        dependsOn: [t4]\n", "", 2);
        assert_eq!(check(&freed), 16_000, "two waits less, and it takes longer");
        assert_eq!(with("retry", "exit 1", "exit 0"), 2000);
        assert_eq!(with("retry-slot", "'exit {{ taskrun.attemptsCount == 2 ? 0 : 1 }}'", "'exit 0'"), 4000, "the slot is free at 1 s");
        assert_eq!(with("loop", "concurrencyLimit: 2", "concurrencyLimit: 0"), 1500);
        assert_eq!(with("on-child-failure", "CANCEL\n", "CONTINUE\n"), 1500, "the execution does not wait for those that go on");
        assert_eq!(with("timeout", "    timeout: PT2S\n", ""), 6000);
        assert_eq!(with("error-branch", "exit 1", "exit 0"), 4000);
        assert_eq!(with("finally", "exit 1", "exit 0"), 4000);
        assert_eq!(with("pause", "pauseDuration: PT3S", "pauseDuration: PT1S"), 2500);
        assert_eq!(with("subflow", "wait: PT2S", "wait: PT4S"), 5000);
    }

    #[test]
    fn the_picture_in_the_readme_is_the_first_example() {
        let (_, flows, _) = read_text(&Source::new("flow.yaml", EXAMPLES[0].text));
        let picture = crate::render::svg::svg(&flows, &simulate(&flows, &Scenario::default()));
        let how = "parallelogram simulate examples/parallel.yaml --format svg -o docs/parallel.svg";
        assert!(picture == include_str!("../docs/parallel.svg"), "docs/parallel.svg is stale, draw it again: {how}");
    }
}
