//! Explanations and plans as text, JSON and Markdown. The JSON is a contract: its fields keep their names and order.

use std::fmt::Write;

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::analysis::claims::{Cause, Change, Claim, Counterfactual, End, Named, Reason, Runs, Shared, Wait};
use crate::analysis::explanation::Row;
use crate::analysis::optimize::Plan;
use crate::analysis::segments::segments;
use crate::analysis::sentence::{capitalized, n_whole, plain, whole, whole_of};
use crate::flow::Flow;
use crate::sim::names::{run_name, taskrun_id};
use crate::sim::trace::{RunIdx, Trace};
use crate::time::human;
use crate::tr;

#[derive(Serialize)]
struct AllJson<'a> {
    rows: Vec<RowJson<'a>>,
    flow: Vec<SaidJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowJson<'a> {
    task_run_id: String,
    task_id: &'a str,
    sentences: Vec<SaidJson>,
    help: Vec<SaidJson>,
}

#[derive(Serialize)]
struct SaidJson {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimJson>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ClaimJson {
    #[serde(rename_all = "camelCase")]
    Waited {
        kind: &'static str,
        r#for: &'static str,
        from_ms: u64,
        to_ms: u64,
        by: Vec<NamedJson>,
        #[serde(skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        others: Option<usize>,
    },
    #[serde(rename_all = "camelCase")]
    Changed {
        kind: &'static str,
        change: ChangeJson,
        start_ms: Option<u64>,
        makespan_ms: u64,
        now_start_ms: Option<u64>,
        now_makespan_ms: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        slack: Option<SlackJson>,
        #[serde(skip_serializing_if = "Option::is_none")]
        runs: Option<RunsJson>,
    },
    Path {
        kind: &'static str,
        runs: Vec<String>,
        equals: Vec<String>,
    },
    #[serde(rename_all = "camelCase")]
    Bound {
        kind: &'static str,
        makespan_ms: u64,
    },
    #[serde(rename_all = "camelCase")]
    Shared {
        kind: &'static str,
        took_ms: u64,
        alone_ms: u64,
        cores: u32,
    },
    #[serde(rename_all = "camelCase")]
    Ended {
        kind: &'static str,
        at_ms: u64,
        by: Vec<NamedJson>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rule: Option<&'static str>,
    },
}

/// What a change does over runs with different seeds, the first of them that of the claim.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunsJson {
    n: u32,
    shorter: u32,
    best: u32,
    median_saving_ms: u64,
}

fn runs_json(runs: Runs) -> RunsJson {
    RunsJson { n: runs.n, shorter: runs.n_shorter, best: runs.n_best, median_saving_ms: runs.median_saving.0 }
}

/// By how much a task may be longer, and the makespan when it is shorter by this. It is slack when that is the present makespan.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SlackJson {
    longer_ms: u64,
    is_most: bool,
    shorter_ms: u64,
    shorter_makespan_ms: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NamedJson {
    task_run_id: String,
    until_ms: Option<u64>,
}

/// An object with one field, named after the kind of change.
struct ChangeJson(Change);

impl Serialize for ChangeJson {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, value) = self.0.value();
        let mut map = serializer.serialize_map(Some(1))?;
        match self.0 {
            Change::Workers(n) | Change::Cores(n) => map.serialize_entry(name, &n)?,
            _ => map.serialize_entry(name, &value)?,
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OneJson<'a> {
    task_run_id: String,
    task_id: &'a str,
    waits: Vec<WaitJson>,
    counterfactuals: Vec<CounterfactualJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WaitJson {
    kind: &'static str,
    from_ms: u64,
    to_ms: u64,
    by: Vec<String>,
    sentence: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CounterfactualJson {
    change: ChangeJson,
    start_ms: Option<u64>,
    makespan_ms: u64,
    sentence: String,
}

fn named(trace: &Trace, by: &[Named]) -> Vec<NamedJson> {
    by.iter().map(|by| NamedJson { task_run_id: taskrun_id(trace.seed, by.run), until_ms: by.until.map(|until| until.0) }).collect()
}

fn claim_json(trace: &Trace, claim: &Claim) -> Option<ClaimJson> {
    Some(match claim {
        Claim::Waited(Wait { cause, from, to, by, group, limit, others, .. }) => ClaimJson::Waited {
            kind: "waited",
            r#for: cause.as_str(),
            from_ms: from.0,
            to_ms: to.0,
            by: named(trace, by),
            group: group.map(|group| taskrun_id(trace.seed, group)),
            limit: *limit,
            others: Some(*others).filter(|others| *others > 0),
        },
        Claim::Started(..) | Claim::Capped(..) | Claim::Alike(_) => return None,
        Claim::Path(path) => ClaimJson::Path {
            kind: "path",
            runs: path.runs.iter().map(|run| taskrun_id(trace.seed, *run)).collect(),
            equals: path.equals.iter().map(|run| taskrun_id(trace.seed, *run)).collect(),
        },
        Claim::Bound(bound) => ClaimJson::Bound { kind: "bound", makespan_ms: bound.at.0 },
        Claim::Shared(Shared { took, alone, cores, .. }) => {
            ClaimJson::Shared { kind: "shared", took_ms: took.0, alone_ms: alone.0, cores: *cores }
        }
        Claim::Ended(End { at, reason: Reason::Execution(since, _), .. }) => ClaimJson::Waited {
            kind: "waited",
            r#for: Cause::Concurrency.as_str(),
            from_ms: since.0,
            to_ms: at.0,
            by: Vec::new(),
            group: None,
            limit: None,
            others: None,
        },
        Claim::Ended(End { how, at, by, reason, .. }) => {
            ClaimJson::Ended { kind: how.as_str(), at_ms: at.0, by: named(trace, by), rule: reason.rule() }
        }
        Claim::Changed(Counterfactual { change, start, now_start, makespan, now_makespan, slack, runs, .. }) => ClaimJson::Changed {
            kind: "counterfactual",
            change: ChangeJson(change.clone()),
            start_ms: start.map(|start| start.0),
            makespan_ms: makespan.0,
            now_start_ms: now_start.map(|start| start.0),
            now_makespan_ms: now_makespan.0,
            slack: slack.map(|slack| SlackJson {
                longer_ms: slack.by.0,
                is_most: slack.is_most,
                shorter_ms: slack.shorter_by.0,
                shorter_makespan_ms: slack.shorter_makespan.0,
            }),
            runs: runs.map(runs_json),
        },
    })
}

fn said(flows: &[Flow], trace: &Trace, claims: &[Claim]) -> Vec<SaidJson> {
    let one = |claim: &Claim| SaidJson { text: plain(&claim.sentence(flows, trace)), claim: claim_json(trace, claim) };
    claims.iter().map(one).collect()
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("strings and numbers can always be written") + "\n"
}

/// `{ "rows": [...], "flow": [...] }`: all rows, then what is said about the flow.
#[must_use]
pub fn json(flows: &[Flow], trace: &Trace, rows: &[Row], flow: &[Claim]) -> String {
    let row = |row: &Row| RowJson {
        task_run_id: taskrun_id(trace.seed, row.run),
        task_id: &trace.task_of(flows, row.run).id,
        sentences: said(flows, trace, &row.sentences),
        help: said(flows, trace, &row.help),
    };
    pretty(&AllJson { rows: rows.iter().map(row).collect(), flow: said(flows, trace, flow) })
}

/// One row: `{ "taskRunId", "taskId", "waits", "counterfactuals" }`.
#[must_use]
pub fn json_of_row(flows: &[Flow], trace: &Trace, row: &Row) -> String {
    let kinds = segments(trace, row.run);
    let wait = |claim: &Claim| match claim {
        Claim::Waited(wait) => {
            let kind = kinds.iter().find(|segment| segment.kind.is_wait() && segment.from == wait.from && segment.to == wait.to);
            Some(WaitJson {
                kind: kind.map_or("wait", |segment| segment.kind.as_str()),
                from_ms: wait.from.0,
                to_ms: wait.to.0,
                by: wait.by.iter().map(|by| taskrun_id(trace.seed, by.run)).collect(),
                sentence: plain(&claim.sentence(flows, trace)),
            })
        }
        _ => None,
    };
    let changed = |claim: &Claim| match claim {
        Claim::Changed(Counterfactual { change, start, makespan, .. }) => Some(CounterfactualJson {
            change: ChangeJson(change.clone()),
            start_ms: start.map(|start| start.0),
            makespan_ms: makespan.0,
            sentence: plain(&claim.sentence(flows, trace)),
        }),
        _ => None,
    };
    pretty(&OneJson {
        task_run_id: taskrun_id(trace.seed, row.run),
        task_id: &trace.task_of(flows, row.run).id,
        waits: row.sentences.iter().filter_map(wait).collect(),
        counterfactuals: row.help.iter().filter_map(changed).collect(),
    })
}

/// A paragraph for each row, under its name; then what is said about the flow.
#[must_use]
pub fn text(flows: &[Flow], trace: &Trace, rows: &[Row], flow: &[Claim]) -> String {
    paragraphs(flows, trace, rows, flow, |name| format!("{name}\n"), "  ", &(tr!("flow") + "\n"))
}

/// The same with headings and lists.
#[must_use]
pub fn markdown(flows: &[Flow], trace: &Trace, rows: &[Row], flow: &[Claim]) -> String {
    paragraphs(flows, trace, rows, flow, |name| format!("## {name}\n\n"), "- ", &format!("## {}\n\n", tr!("The flow")))
}

fn paragraphs(
    flows: &[Flow],
    trace: &Trace,
    rows: &[Row],
    flow: &[Claim],
    heading: impl Fn(&str) -> String,
    item: &str,
    flow_heading: &str,
) -> String {
    let mut out = String::new();
    let mut list = |heading: String, claims: &mut dyn Iterator<Item = &Claim>| {
        let sentences: Vec<String> = claims.map(|claim| plain(&claim.sentence(flows, trace))).collect();
        if !sentences.is_empty() {
            out += if out.is_empty() { "" } else { "\n" };
            out += &heading;
            sentences.iter().for_each(|sentence| _ = writeln!(out, "{item}{sentence}"));
        }
    };
    for row in rows {
        list(heading(&name(flows, trace, row.run)), &mut row.sentences.iter().chain(&row.help));
    }
    list(flow_heading.to_owned(), &mut flow.iter());
    out
}

fn name(flows: &[Flow], trace: &Trace, run: RunIdx) -> String {
    run_name(flows, trace, run).to_string()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlanJson {
    now_ms: u64,
    lower_bound_ms: u64,
    next: Option<SaidJson>,
    set: String,
    makespan_ms: u64,
    within_one_percent: bool,
    limits: Vec<LimitJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitJson {
    group: String,
    now: u32,
    limit: u32,
    makespan_without_ms: u64,
}

fn set(plan: &Plan) -> String {
    plan.limits.iter().map(|limit| format!("{}={}", limit.group, limit.limit)).collect::<Vec<_>>().join(",")
}

/// `{ "nowMs", "lowerBoundMs", "next", "set", "makespanMs", "withinOnePercent", "limits" }`; `set` is what `--set` takes.
#[must_use]
pub fn plan_json(flows: &[Flow], trace: &Trace, plan: &Plan) -> String {
    let next = plan.next.clone().map(Claim::Changed);
    pretty(&PlanJson {
        now_ms: plan.now.0,
        lower_bound_ms: plan.bound.0,
        next: next.and_then(|next| said(flows, trace, &[next]).pop()),
        set: set(plan),
        makespan_ms: plan.makespan.0,
        within_one_percent: plan.is_close,
        limits: plan
            .limits
            .iter()
            .map(|limit| LimitJson { group: limit.group.clone(), now: limit.now, limit: limit.limit, makespan_without_ms: limit.without.0 })
            .collect(),
    })
}

/// What the plan says, sentence by sentence.
fn plan_sentences(flows: &[Flow], trace: &Trace, plan: &Plan) -> Vec<String> {
    let whole = capitalized(&whole(trace));
    let mut sentences = vec![tr!(
        "{whole} takes {now}. With any limits it takes at least {bound}."
            | "{whole} take {now}. With any limits they take at least {bound}." % n_whole(trace),
        whole,
        now = human(plan.now),
        bound = human(plan.bound)
    )];
    sentences.push(match &plan.next {
        Some(next) => tr!("Best next change: {sentence}", sentence = plain(&Claim::Changed(next.clone()).sentence(flows, trace))),
        None => tr!("No single change helps: no limit and no order of a group that was tried makes {run} shorter.", run = plan.tried_on),
    });
    if plan.limits.is_empty() {
        sentences.push(tr!("It has no group with slots."));
        return sentences;
    }
    let fewest = match whole_of(trace) {
        Some(of) => tr!("The fewest slots for the best time {of}: {limits}.", of, limits = set(plan)),
        None => tr!("The fewest slots for the best time: {limits}.", limits = set(plan)),
    };
    let (n, makespan) = (n_whole(trace), human(plan.makespan));
    let close = if plan.is_close {
        tr!(
            "{whole} would take {makespan}, which is within 1 % of that."
                | "{whole} would take {makespan}, which is within 1 % of that." % n,
            whole,
            makespan
        )
    } else {
        tr!(
            "{whole} would take {makespan}, and none of the limits that were tried is better."
                | "{whole} would take {makespan}, and none of the limits that were tried is better." % n,
            whole,
            makespan
        )
    };
    sentences.push([fewest, close].join(" "));
    sentences.extend(plan.runs.map(|runs| runs.text(trace)));
    sentences
}

/// The sentences of a plan, then a line for each group.
#[must_use]
pub fn plan_text(flows: &[Flow], trace: &Trace, plan: &Plan) -> String {
    let mut out = plan_sentences(flows, trace, plan).join("\n") + "\n";
    if !plan.limits.is_empty() {
        let [group, now, then, stayed] = plan_columns();
        let _ = writeln!(out, "\n{group:<26} {now:>4} {then:>5}  {stayed:>12}");
    }
    for limit in &plan.limits {
        let _ = writeln!(out, "{:<26} {:>4} {:>5}  {:>12}", limit.group, count(limit.now), count(limit.limit), human(limit.without));
    }
    out
}

/// The sentences of a plan, then a table of the groups.
#[must_use]
pub fn plan_markdown(flows: &[Flow], trace: &Trace, plan: &Plan) -> String {
    let mut out = plan_sentences(flows, trace, plan).join("\n\n") + "\n";
    if !plan.limits.is_empty() {
        let _ = writeln!(out, "\n| {} |\n| --- | --- | --- | --- |", plan_columns().join(" | "));
    }
    for limit in &plan.limits {
        let _ = writeln!(out, "| {} | {} | {} | {} |", limit.group, count(limit.now), count(limit.limit), human(limit.without));
    }
    out
}

/// The heads of the columns of a table of limits.
fn plan_columns() -> [String; 4] {
    [tr!("group"), tr!("column" => "now"), tr!("column" => "then"), tr!("column" => "if it stayed")]
}

fn count(limit: u32) -> String {
    if limit == 0 { tr!("limit" => "none") } else { limit.to_string() }
}
