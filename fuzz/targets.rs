//! What is done with any text, for `cargo fuzz` and for `tests/fuzz.rs`: nothing here may panic, hang or lose the reader's text.
//!
//! A target takes a text. Most take its first line or its length as a setting, so that one text tries one thing.

use parallelogram::analysis::explanation::{of_flow, rows};
use parallelogram::app::App;
use parallelogram::app::link::{applied, link_of};
use parallelogram::app::opening::{Opening, Unpacked};
use parallelogram::budget::Budget;
use parallelogram::complete::{completions, hover};
use parallelogram::convert::convert;
use parallelogram::diag::{self, has_errors};
use parallelogram::docs::{Format, places, with_figures};
use parallelogram::edit::{self, Edit, Intent, set_concurrent};
use parallelogram::expr::{self, Scope};
use parallelogram::flow::{Dialect, Flow, TaskIdx, Version, read_text, read_text_for};
use parallelogram::regex::{Posix, Regex};
use parallelogram::render::{chrome_trace, csv, events, explain, json, markdown, mermaid, play, svg, text};
use parallelogram::share::Link;
use parallelogram::shell::{self, Setup};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{RunIdx, Trace};
use parallelogram::source::Source;
use parallelogram::syntax::{parse, parse_changed};
use parallelogram::text::Text;
use parallelogram::time::SimTime;
use parallelogram::upgrade::runs::compare;
use parallelogram::upgrade::{Move, applied as rewritten, upgrade};
use parallelogram::value::Value;

use crate::claim_checker::Checker;

/// A target: its name, and what it does with a text.
pub type Target = (&'static str, fn(&str));

pub const TARGETS: &[Target] = &[
    ("pipeline", pipeline),
    ("yaml", yaml),
    ("expression", expression),
    ("script", script),
    ("jq", jq),
    ("pattern", pattern),
    ("link", link),
    ("message", message),
    ("page", page),
    ("xl_release", xl_release),
    ("edits", edits),
    ("completion", completion),
    ("conversion", conversion),
    ("upgrades", upgrades),
    ("claims", claims),
];

/// Few enough that a text takes some milliseconds.
fn scenario() -> Scenario {
    Scenario { max_events: 5_000, ..Scenario::default() }
}

/// The version that a text is read by.
fn version(text: &str) -> Version {
    Version::ALL[text.len() % Version::ALL.len()]
}

/// The flows of a text without errors, and a run.
fn run(text: &str) -> Option<(Source, Vec<Flow>, Trace)> {
    let source = Source::new("flow.yaml", text);
    let (_, flows, found) = read_text_for(&source, Some(version(text)));
    for diagnostic in &found {
        assert!(diagnostic.span.end as usize <= source.text.len());
        let _ = diag::render(diagnostic, &source);
    }
    assert!(!has_errors(&found) || flows.is_empty());
    (!flows.is_empty()).then(|| {
        let trace = simulate(&flows, &scenario());
        (source, flows, trace)
    })
}

/// A text as a flow for 1.3: it is rewritten for 2.0, and nothing is left to rewrite then.
pub fn upgrades(input: &str) {
    let source = Source::new("flow.yaml", input);
    let versions = Move { from: Version::V1_3, to: Version::V2_0, keep: input.len().is_multiple_of(2) };
    let done = upgrade(&source, versions);
    for change in done.changes.iter().chain(&done.keeps) {
        assert!(change.span.end as usize <= input.len());
        assert!(change.rewrite.as_ref().is_none_or(|edits| rewritten(input, edits).is_some()), "{change:?}");
    }
    let after = Source::new("flow.yaml", &*done.text);
    assert_eq!(upgrade(&after, versions).text, done.text);
    let _ = compare(&source, versions.from, &after, versions.to, &scenario());
}

/// A text as a flow: it is read, run, and written in every form.
pub fn pipeline(input: &str) {
    let Some((source, flows, trace)) = run(input) else { return };
    let execution = json::json(&flows, &trace, &[source]);
    assert!(serde_json::from_str::<serde_json::Value>(&execution).is_ok());
    assert!(serde_json::from_str::<serde_json::Value>(&chrome_trace::chrome_trace(&flows, &trace)).is_ok());
    let forms = [svg::svg, play::playing, text::text, markdown::markdown, mermaid::mermaid, csv::csv, events::events];
    assert!(forms.iter().all(|form| !form(&flows, &trace).is_empty()));
}

/// A text as YAML: each place lies in the text. Without one of its words, and with it again, it is read as a change; that the text as a
/// whole says the same is asserted there.
pub fn yaml(input: &str) {
    let source = Source::new("flow.yaml", input);
    let (document, found) = parse(&source);
    let words: Vec<&str> = input.split_inclusive([' ', '\n', ':']).collect();
    let without = input.len().checked_rem(words.len()).map(|n| [words[..n].concat(), words[n + 1..].concat()].concat());
    if let Some(without) = without.map(|text| Source::new("flow.yaml", text)) {
        let (changed, _) = parse_changed(&source, &document, &without);
        let _ = parse_changed(&without, &changed, &source);
    }
    let n_bytes = source.text.len();
    assert!(document.roots.iter().all(|root| root.span.end as usize <= n_bytes));
    assert!(found.iter().all(|diagnostic| diagnostic.span.end as usize <= n_bytes));
}

/// What a text that is no flow may use: little, so that many are tried.
fn budget() -> Budget {
    Budget::new(20_000, 1 << 20)
}

struct Names(Budget);

impl Scope for Names {
    fn variable(&self, name: &str) -> Option<Value> {
        match name {
            "n" => Some(Value::Int(7)),
            "s" => Some(Value::text("abc é 👩‍👩‍👧")),
            "inputs" => Some(Value::unknown("inputs")),
            _ => None,
        }
    }

    fn assumed(&self, _path: &str) -> Option<Value> {
        None
    }

    fn now_epoch_ms(&self) -> i64 {
        1_767_225_600_000
    }

    fn draw(&self) -> u64 {
        4
    }

    fn error_logs(&self) -> Result<Value, String> {
        Err("nothing failed".to_owned())
    }

    fn dialect(&self) -> &'static expr::Dialect {
        &Version::V2_0.rules().expressions
    }

    fn budget(&self) -> &Budget {
        &self.0
    }
}

fn names() -> Names {
    Names(budget())
}

/// A text as one with expressions, and as an expression.
pub fn expression(input: &str) {
    let _ = expr::render(input, &names());
    let _ = expr::evaluate(input, &names());
    assert!(expr::check(input).is_none_or(|(_, at)| at.end <= input.len()));
    assert!(expr::paths(input).iter().all(|(_, at)| at.end <= input.len()));
}

/// A text as a script of the shell.
pub fn script(input: &str) {
    let setup = Setup {
        env: &[("HOME".to_owned(), "/root".into())],
        start_epoch_ms: 1_767_225_600_000,
        deadline: SimTime(3_600_000),
        max_steps: 500,
        budget: &budget(),
        command: &|_| (SimTime(1000), false),
        errexit: input.len().is_multiple_of(2),
        seed: 1,
        files: &[("data.txt".to_owned(), "one\ntwo é\n".into())],
        other_files: input.len().is_multiple_of(3),
    };
    let _ = shell::run(&Text::from(input), &setup);
}

/// A text as a program of jq.
pub fn jq(input: &str) {
    let quoted = input.replace('\\', "\\\\").replace('\'', "\\'");
    let _ = expr::evaluate(&format!("'{{\"a\": [1, 2, {{\"b\": null}}]}}' | jq('{quoted}')"), &names());
}

/// The first line of a text as a pattern, the rest as what it is looked for in.
pub fn pattern(input: &str) {
    let (pattern, rest) = input.split_once('\n').unwrap_or((input, "aab é"));
    let compiled = [
        Regex::java(pattern),
        Regex::java_whole(pattern),
        Regex::posix(pattern, Posix::Basic, true),
        Regex::posix(pattern, Posix::Extended, false),
    ];
    for regex in compiled.iter().flatten() {
        if regex.affords(rest.len(), &budget()) {
            regex.replace(rest, &mut |groups, out| out.push_str(&groups[0]));
        }
    }
}

/// A text as the fragment of a link: a page opens, and its own link opens the same page.
pub fn link(input: &str) {
    let (fragment, packed) = input.split_once('\n').unwrap_or((input, ""));
    let unpacked = if packed.is_empty() { Unpacked::None } else { Unpacked::Whole };
    let opening = Opening::of(fragment, packed, unpacked, true);
    let written = link_of(&opening.app).fragment();
    let again = Opening::of(&written, opening.app.text(), Unpacked::Whole, true);
    assert_eq!(link_of(&again.app).fragment(), written);
}

/// A text as what the page around an embed asks for.
pub fn message(input: &str) {
    let (link, _) = Link::parse(input);
    // Its flow is small: many messages run it again.
    const FLOW: &str = "id: a\nnamespace: n\ntasks: [{id: t, type: io.kestra.plugin.core.log.Log, message: m}]";
    thread_local!(static OPEN: App = Opening::of("", FLOW, Unpacked::Whole, true).app);
    let (app, _) = applied(OPEN.with(App::clone), &link);
    assert!(!app.text().is_empty() || link.get("yaml").is_some());
}

/// A text as a page of docs, in each format.
pub fn page(input: &str) {
    for format in [Format::Markdown, Format::Rst, Format::Html, Format::Yaml] {
        assert!(places(input, format).iter().all(|place| place.line >= 1));
    }
    let _ = with_figures(input, "https://example.org/");
    let _ = parallelogram::markdown::flows(input);
}

/// A text as what follows the head of a template of XL Release.
pub fn xl_release(input: &str) {
    pipeline(&format!("apiVersion: xl-release/v1\nkind: Templates\nspec:\n{input}"));
}

/// Each edit of a task: what it writes is read again, and lines far from the task stay.
pub fn edits(input: &str) {
    let source = Source::new("flow.yaml", input);
    let (document, flows, _) = read_text(&source);
    let Some(flow) = flows.first() else { return };
    for (idx, task) in (0..20).zip(&flow.tasks).map(|(n, task)| (TaskIdx(n), task)) {
        let mut found: Vec<Edit> = Vec::new();
        for intent in [Intent::Longer(1000), Intent::Fails(30), Intent::Retry, Intent::Switch, Intent::Takes(None)] {
            found.extend(edit::edit(&source, &document, flow, idx, intent).ok().flatten());
        }
        if task.slots().is_some() && flow.dialect.has_limits() {
            found.extend(set_concurrent(&source, &document, flow, idx, Some(2)).ok().flatten().map(|proof| proof.edit));
        }
        for edit in found {
            let (_, again, diagnostics) = read_text(&Source::new("flow.yaml", edit.apply(&source.text)));
            assert!(!again.is_empty() && !has_errors(&diagnostics), "{diagnostics:?} in\n{}", edit.apply(&source.text));
        }
    }
}

/// Completions and explanations at a place in a text.
pub fn completion(input: &str) {
    let source = Source::new("flow.yaml", input);
    let n_bytes = u32::try_from(source.text.len()).unwrap_or(0);
    for at in [0, n_bytes / 3, n_bytes / 2, n_bytes] {
        let _ = completions(&source, at, Some(version(input)));
        let _ = hover(&source, at, Some(version(input)));
    }
}

/// A flow in the other dialect, which can be read.
pub fn conversion(input: &str) {
    let source = Source::new("flow.yaml", input);
    let (document, flows, _) = read_text(&source);
    let Some(flow) = flows.first() else { return };
    let to = if flow.dialect == Dialect::Kestra { Dialect::XlRelease } else { Dialect::Kestra };
    let converted = convert(&source, &document, &flows, to);
    let (_, again, diagnostics) = read_text(&Source::new("flow.yaml", converted.text.clone()));
    assert!(converted.text.is_empty() || !again.is_empty() && !has_errors(&diagnostics), "{}", converted.text);
}

/// What is claimed of a run is true.
pub fn claims(input: &str) {
    let Some((_, flows, trace)) = run(input) else { return };
    let runs: Vec<RunIdx> = trace.iter().filter(|(_, run)| !run.dropped).map(|(run, _)| run).take(30).collect();
    let scenario = scenario();
    let said = explain::json(&flows, &trace, &rows(&flows, &scenario, &trace, &runs), &of_flow(&flows, &scenario, &trace));
    let (_, wrong) = Checker::new(&flows, &scenario, &trace).all(&said);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
