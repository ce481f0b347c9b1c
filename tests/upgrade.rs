//! Flows for a newer version of Kestra: what is written, what is left for a person, and laws over all flows that the real engine ran.
//!
//! `tests/upgrade` has a case a file: the flow for 1.3, the flow for 2.0 behind `=== 2.0`, and what is left behind `=== left`.
//! `UPDATE_UPGRADES=1` writes the last two anew, to be read.

use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::diag::has_errors;
use parallelogram::flow::{Version, read_text_for};
use parallelogram::sim::scenario::Scenario;
use parallelogram::source::Source;
use parallelogram::upgrade::runs::{Row, compare};
use parallelogram::upgrade::{Change, Move, Upgrade, applied, upgrade};
use serde_json::Value;

const TO_2_0: Move = Move { from: Version::V1_3, to: Version::V2_0, keep: false };

fn upgraded(text: &str, versions: Move) -> Upgrade {
    upgrade(&Source::new("flow.yaml", text), versions)
}

fn is_taken(text: &str, version: Version) -> bool {
    !has_errors(&read_text_for(&Source::new("flow.yaml", text), Some(version)).2)
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    files
}

/// All flows of 1.3 that the repository has recorded, by name.
fn recorded() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> =
        fs::read_dir("tests/kestra/real/1.3").expect("there are records").map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    let text = |path: &PathBuf| fs::read_to_string(path).expect("records can be read");
    let case = |line: &str| {
        let case: Value = serde_json::from_str(line).expect("a record is JSON");
        let field = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
        (field("name"), field("flow"))
    };
    files.iter().map(text).flat_map(|text| text.lines().map(case).collect::<Vec<_>>()).collect()
}

fn line_of(text: &str, change: &Change) -> usize {
    Source::new("", text).position(change.span.start).line
}

#[test]
fn each_case_is_written_as_it_should_be() {
    let files = yaml_files(Path::new("tests/upgrade"));
    assert!(files.len() > 5);
    let update = std::env::var("UPDATE_UPGRADES").is_ok();
    for file in files {
        let case = fs::read_to_string(&file).expect("a case can be read");
        let old = case.split("=== 2.0\n").next().unwrap_or_default();
        let done = upgraded(old, TO_2_0);
        let left: String = done
            .changes
            .iter()
            .filter(|change| change.rewrite.is_none())
            .map(|change| {
                let choices: String = change.choices.iter().map(|choice| format!("  - {choice}\n")).collect();
                let why = if change.why.is_empty() { String::new() } else { format!(": {}", change.why) };
                format!("{}: {}{why}\n{choices}", line_of(old, change), change.message)
            })
            .collect();
        let left = if left.is_empty() { left } else { format!("=== left\n{left}") };
        let found = [old, "=== 2.0\n", &done.text, &left].concat();
        if update {
            fs::write(&file, &found).expect("a case can be written");
        } else {
            assert_eq!(found, case, "{}", file.display());
        }
        assert!(is_taken(old, Version::V1_3), "{}: 1.3 refuses it", file.display());
        assert_laws(&file.display().to_string(), old);
    }
}

/// What holds for every text: what is rewritten is taken, nothing is left to do, each rewrite can be made alone, and bytes that no edit
/// replaces stay.
fn assert_laws(name: &str, text: &str) {
    for keep in [false, true] {
        let versions = Move { keep, ..TO_2_0 };
        let done = upgraded(text, versions);
        let is_flow = is_taken(text, Version::V1_3);
        assert!(!is_flow || done.is_unfinished() || is_taken(&done.text, Version::V2_0), "{name} is refused:\n{}", done.text);
        let again = upgraded(&done.text, versions);
        assert_eq!(again.text, done.text, "{name} changes twice");
        assert!(again.changes.iter().all(|change| change.rewrite.is_none()), "{name} has more to rewrite");
        let n_left = |done: &Upgrade| done.changes.iter().filter(|change| change.rewrite.is_none()).count();
        assert!(n_left(&again) <= n_left(&done), "{name}: {:#?}", again.changes);
    }
    let done = upgraded(text, TO_2_0);
    let rewrites: Vec<_> = done.changes.iter().filter_map(|change| change.rewrite.as_ref()).collect();
    let stands_for_all = rewrites.len() > 1 && rewrites.iter().any(|edits| applied(text, edits).as_ref() == Some(&done.text));
    let mut edits: Vec<_> = done.changes.iter().filter_map(|change| change.rewrite.as_ref()).flatten().collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut rest = done.text.as_str();
    let mut at = 0;
    // A rewrite that needs another one stands for all of them.
    if !stands_for_all {
        for edit in edits {
            rest = rest.strip_prefix(&text[at..edit.range.start]).unwrap_or_else(|| panic!("{name}: a byte before {edit:?} changes"));
            rest = rest.strip_prefix(&*edit.text).unwrap_or_else(|| panic!("{name}: {edit:?} is not there"));
            at = edit.range.end;
        }
        assert_eq!(rest, &text[at..], "{name}");
    }
    for change in &done.changes {
        let alone = change.rewrite.as_ref().map(|edits| applied(text, edits));
        assert!(alone != Some(None), "{name}: {change:?} can't be made alone");
    }
}

#[test]
fn the_laws_hold_for_all_flows_that_the_engine_ran() {
    let flows = recorded();
    assert!(flows.len() > 500, "only {} flows", flows.len());
    flows.iter().for_each(|(name, text)| assert_laws(name, text));
}

#[test]
fn few_flows_are_left_for_a_person() {
    let flows: Vec<_> =
        recorded().into_iter().filter(|(_, text)| is_taken(text, Version::V1_3) && !is_taken(text, Version::V2_0)).collect();
    let left: Vec<&str> = flows.iter().filter(|(_, text)| upgraded(text, TO_2_0).is_unfinished()).map(|(name, _)| &**name).collect();
    eprintln!("{} of {}: {left:?}", left.len(), flows.len());
    assert!(left.len() * 10 <= flows.len(), "{} of {} are left: {left:?}", left.len(), flows.len());
}

/// The fences of the page about the move, in order: version, title, flow.
fn fences(page: &str) -> Vec<(&str, &str, &str)> {
    page.split("```yaml flow ")
        .skip(1)
        .map(|block| {
            let (head, flow) = block.split_once('\n').expect("a fence has a flow");
            let of = |name: &str| head.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
            (of("kestra"), of("title"), flow.split("```").next().unwrap_or_default())
        })
        .collect()
}

/// `parallelogram check` runs them, and holds their claims against the runs.
#[test]
fn the_page_about_the_move_shows_what_is_written() {
    let page = fs::read_to_string("docs/howto/moving.md").expect("the page is there");
    let fences = fences(&page);
    assert!(fences.len() > 30, "only {} flows", fences.len());
    let mut old = "";
    for (n, (version, title, flow)) in fences.iter().enumerate() {
        match *version {
            "1.3" => {
                assert!(fences.get(n + 1).is_some_and(|next| next.0 == "2.0"), "{title}: there is no flow for 2.0");
                old = flow;
            }
            _ => assert_eq!(upgraded(old, Move { keep: title.contains("--keep"), ..TO_2_0 }).text, *flow, "{title}"),
        }
    }
}

/// Each difference of a recorded flow, with what is said of it.
fn differences() -> Vec<(String, Row)> {
    let compared = |(name, text): (String, String)| {
        let before = Source::new("flow.yaml", &*text);
        let after = Source::new("flow.yaml", upgraded(&text, TO_2_0).text);
        let runs = compare(&before, TO_2_0.from, &after, TO_2_0.to, &Scenario::default());
        runs.into_iter().flat_map(|runs| runs.rows).map(move |row| (name.clone(), row)).collect::<Vec<_>>()
    };
    recorded().into_iter().flat_map(compared).collect()
}

#[test]
fn nearly_every_difference_has_a_rule_that_is_proved() {
    let all = differences();
    let unproved: Vec<String> = all
        .iter()
        .filter(|(_, row)| row.cause.sentence.starts_with("more than one rule"))
        .map(|(name, row)| format!("{name}: {}", row.name))
        .collect();
    assert!(all.len() > 100 && unproved.len() * 20 <= all.len(), "{} of {}: {unproved:#?}", unproved.len(), all.len());
}

#[test]
fn a_rule_is_cited_by_the_title_of_its_section() {
    let rules = fs::read_to_string("docs/rules/kestra.md").expect("the rules are there");
    let titles: Vec<&str> =
        rules.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with("##"))).collect();
    for (name, row) in differences() {
        assert!(titles.contains(&row.cause.section), "{name}: {}", row.cause.section);
    }
}

#[test]
fn a_text_that_is_no_flow_stays() {
    for text in [
        "",
        "a: [",
        "services:\n  web: {image: nginx}\n",
        "type: ForEach\n",
        "- 1\n---\n- 2\n",
        "id: a\ntasks: {type: io.kestra.plugin.core.flow.ForEach}\n",
    ] {
        assert_eq!(upgraded(text, TO_2_0).text, text);
    }
}

#[test]
fn what_keeps_the_run_is_written_when_it_is_asked_for() {
    let text = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel # all\n    tasks:\n      - {id: a, type: io.kestra.plugin.core.execution.Fail}\n      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";
    assert_eq!(upgraded(text, TO_2_0).text, text);
    let kept = upgraded(text, Move { keep: true, ..TO_2_0 });
    assert_eq!(kept.text, text.replace("# all\n", "# all\n    onChildFailure: CONTINUE\n"));
    assert_eq!(kept.keeps.len(), 1);
}
