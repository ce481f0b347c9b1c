//! The flows the page offers to begin with: each teaches one thing, and each is a flow that a real server takes.

/// A flow to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Its name in links; also the flow's own id and the name of its file in `examples/`.
    pub id: &'static str,
    /// What the list of examples calls it.
    pub title: &'static str,
    /// What it teaches, in one sentence.
    pub goal: &'static str,
    /// The flow.
    pub text: &'static str,
    /// How long it takes as it is written, in milliseconds.
    pub makespan_ms: u64,
}

/// All examples, the easiest first. The page opens with the first one.
pub const EXAMPLES: &[Example] = &[
    Example {
        id: "parallel",
        title: "Parallel, 3 slots",
        goal: "As soon as one of the running tasks ends, the next one takes its slot.",
        text: include_str!("../examples/parallel.yaml"),
        makespan_ms: 2000,
    },
    Example {
        id: "sequential",
        title: "Sequential groups",
        goal: "Groups run side by side while the tasks inside each of them take turns.",
        text: include_str!("../examples/sequential.yaml"),
        makespan_ms: 3000,
    },
    Example {
        id: "longest-first",
        title: "One long task",
        goal: "Order matters: a long task at the end of the list runs on alone, at the top of the list it costs no extra time.",
        text: include_str!("../examples/longest-first.yaml"),
        makespan_ms: 4000,
    },
    Example {
        id: "group-slot",
        title: "A group is one slot",
        goal: "A group holds its slot until its last task has ended, also between its tasks.",
        text: include_str!("../examples/group-slot.yaml"),
        makespan_ms: 6000,
    },
    Example {
        id: "nested-limits",
        title: "A limit inside a limit",
        goal: "A limit counts the group's own children only, so more tasks run at once than the outer limit says.",
        text: include_str!("../examples/nested-limits.yaml"),
        makespan_ms: 2000,
    },
    Example {
        id: "sub-second",
        title: "Fractions of a second",
        goal: "Time is exact to the millisecond, and the slowest branch of a group decides when the next step begins.",
        text: include_str!("../examples/sub-second.yaml"),
        makespan_ms: 800,
    },
];

/// The example with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::makespan::makespan;
    use crate::flow::read_text;
    use crate::sim::scenario::Scenario;
    use crate::sim::simulate;
    use crate::source::Source;

    /// How long a flow takes that must have nothing to be said against it.
    fn check(text: &str) -> u64 {
        let (_, flows, diagnostics) = read_text(&Source::new("flow.yaml", text));
        assert!(diagnostics.is_empty(), "{diagnostics:#?}");
        makespan(&simulate(&flows, &Scenario::default())).0
    }

    #[test]
    fn each_takes_the_time_it_says_and_has_no_faults() {
        for example in EXAMPLES {
            assert_eq!(check(example.text), example.makespan_ms, "{}", example.id);
            assert!(example.text.starts_with(&format!("id: {}\n", example.id)));
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

    #[test]
    fn the_picture_in_the_readme_is_the_first_example() {
        let (_, flows, _) = read_text(&Source::new("flow.yaml", EXAMPLES[0].text));
        let picture = crate::render::svg::svg(&flows, &simulate(&flows, &Scenario::default()));
        let how = "parallelogram simulate examples/parallel.yaml --format svg -o docs/parallel.svg";
        assert!(picture == include_str!("../docs/parallel.svg"), "docs/parallel.svg is stale, draw it again: {how}");
    }
}
