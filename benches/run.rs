//! Reading and running long flows, each beside a reference in the same run: only ratios within one run are meaningful.
//!
//! The reference of reading is `serde_yaml` into plain structs, without places or checks; that of running is a bare list
//! schedule on a heap, without states, logs or events.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use parallelogram::analysis::curve::curve;
use parallelogram::analysis::explanation::{of_flow, rows};
use parallelogram::analysis::why::why;
use parallelogram::flow::{Flow, Task, TaskIdx, read_text};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{RunIdx, Trace, What};
use parallelogram::source::Source;
use serde::Deserialize;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const SLOTS: usize = 100;

/// The most tasks that are written as text; a longer text would be over the limit of the reader.
const MOST_WRITTEN: usize = 100_000;

/// Lengths of 1 to 1000 ms from Park and Miller's generator, the same numbers everywhere, repeating from [`MOST_WRITTEN`] on.
fn lengths_ms(n: usize) -> Vec<u64> {
    let next = |x: &u64| Some(x * 16_807 % 2_147_483_647);
    let written: Vec<u64> = std::iter::successors(next(&42), next).take(n.min(MOST_WRITTEN)).map(|x| 1 + x % 1000).collect();
    written.into_iter().cycle().take(n).collect()
}

const HEAD: &str = "id: bench\nnamespace: company.team\n\ntasks:\n  - id: parent\n    type: io.kestra.plugin.core.flow.Parallel\n";

/// A `Parallel` of chains of ten shell tasks, as people write them: 262 bytes a task.
fn chains(n_tasks: usize) -> String {
    let mut text = HEAD.to_owned() + "    concurrent: 3\n    tasks:\n";
    for n in 0..n_tasks {
        if n % 10 == 0 {
            write!(text, "      - id: seq{}\n        type: io.kestra.plugin.core.flow.Sequential\n        tasks:\n", n / 10).expect(WRITES);
        }
        write!(
            text,
            "          - id: t{n}\n            type: io.kestra.plugin.scripts.shell.Commands\n            taskRunner:\n              \
             type: io.kestra.plugin.core.runner.Process\n            commands:\n              - 'echo \"running {{{{task.id}}}}\"'\n              \
             - 'sleep {}'\n",
            1 + n * 7 % 9
        )
        .expect(WRITES);
    }
    text + "  - id: last\n    type: io.kestra.plugin.core.debug.Return\n    format: \"{{task.id}} > {{taskrun.startDate}}\"\n"
}

/// One `Parallel` of tasks of these lengths; `task` gives the properties of each.
fn parallel(lengths_ms: &[u64], task: impl Fn(f64) -> String) -> Vec<Flow> {
    let mut text = format!("{HEAD}    concurrent: {SLOTS}\n    tasks:\n");
    for (n, ms) in lengths_ms.iter().take(MOST_WRITTEN).enumerate() {
        writeln!(text, "      - {{id: t{n}, {}}}", task(*ms as f64 / 1000.0)).expect(WRITES);
    }
    let (_, flows, diagnostics) = read_text(&Source::new("bench.yaml", text));
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let mut flows = flows;
    let Flow { tasks, .. } = &mut flows[0];
    for n in MOST_WRITTEN..lengths_ms.len() {
        let again = Task { id: format!("t{n}").into(), ..tasks[1 + n % MOST_WRITTEN].clone() };
        let idx = TaskIdx(tasks.len() as u32);
        tasks[0].lists.tasks.push(idx);
        tasks.push(again);
    }
    flows
}

const WRITES: &str = "a string takes all that is written to it";

/// The ends of all tasks by a list schedule: the least that any simulation has to do.
fn list_schedule(lengths_ms: &[u64]) -> Vec<u64> {
    let mut busy: BinaryHeap<Reverse<u64>> = BinaryHeap::with_capacity(SLOTS);
    let end = |length: &u64| {
        let start = if busy.len() < SLOTS { 0 } else { busy.pop().map_or(0, |Reverse(end)| end) };
        busy.push(Reverse(start + length));
        start + length
    };
    lengths_ms.iter().map(end).collect()
}

/// The ends of all tasks of a run, in the order in which they were created.
fn ends(trace: &Trace) -> Vec<u64> {
    trace.iter().filter(|(_, run)| run.parent.is_some()).map(|(run, _)| trace.ended(run).0).collect()
}

#[derive(Deserialize)]
#[allow(dead_code)] // Deserializing it is what is measured.
struct PlainTask {
    id: String,
    r#type: String,
    concurrent: Option<u32>,
    #[serde(default)]
    commands: Vec<String>,
    #[serde(default)]
    tasks: Vec<PlainTask>,
}

#[derive(Deserialize)]
#[allow(dead_code)] // Likewise.
struct PlainFlow {
    id: String,
    namespace: String,
    tasks: Vec<PlainTask>,
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for n in SIZES {
        let source = Source::new("bench.yaml", chains(n));
        assert_eq!(read_text(&source).1[0].tasks.len(), n + n / 10 + 2);
        group.throughput(Throughput::Bytes(source.text.len() as u64));
        group.bench_with_input(BenchmarkId::new("reference", n), &source, |bencher, source| {
            bencher.iter(|| serde_yaml::from_str::<PlainFlow>(&source.text).expect("it is a flow"));
        });
        group.bench_with_input(BenchmarkId::new("flow", n), &source, |bencher, source| bencher.iter(|| read_text(black_box(source))));
    }
    group.finish();
}

fn run(criterion: &mut Criterion) {
    let scenario = Scenario { max_events: usize::MAX, max_work: u64::MAX, max_bytes: u64::MAX, ..Scenario::default() };
    let mut group = criterion.benchmark_group("simulate");
    for n in SIZES.into_iter().chain([1_000_000]) {
        let lengths_ms = lengths_ms(n);
        let sleeps = parallel(&lengths_ms, |seconds| format!("type: io.kestra.plugin.core.flow.Sleep, duration: PT{seconds}S"));
        let command = "type: io.kestra.plugin.scripts.shell.Commands, commands: ['echo \"running {{task.id}}\"', 'sleep";
        let shells = parallel(&lengths_ms, |seconds| format!("{command} {seconds}']"));
        let trace = simulate(&shells, &scenario);
        assert_eq!(ends(&trace), list_schedule(&lengths_ms));
        assert_eq!(trace.events.iter().filter(|event| matches!(event.what, What::Log(_))).count(), n);
        group.throughput(Throughput::Elements(n as u64));
        group.bench_with_input(BenchmarkId::new("reference", n), &lengths_ms, |bencher, lengths| bencher.iter(|| list_schedule(lengths)));
        group.bench_with_input(BenchmarkId::new("sleep", n), &sleeps, |bencher, flows| bencher.iter(|| simulate(flows, &scenario)));
        group.bench_with_input(BenchmarkId::new("shell", n), &shells, |bencher, flows| bencher.iter(|| simulate(flows, &scenario)));
    }
    group.finish();
}

/// Why the last of 1,000 tasks waited, all that is said about 5,000, and the makespans of 200 tasks for 64 numbers of slots.
fn explain(criterion: &mut Criterion) {
    let sleeps = |n| parallel(&lengths_ms(n), |seconds| format!("type: io.kestra.plugin.core.flow.Sleep, duration: PT{seconds}S"));
    let scenario = Scenario::default();
    let mut group = criterion.benchmark_group("explain");
    let flows = sleeps(1_000);
    let trace = simulate(&flows, &scenario);
    let last = RunIdx(trace.runs.len() as u32 - 1);
    group.bench_function("why of 1 in 1000", |bencher| bencher.iter(|| why(&flows, &trace, black_box(last))));
    let flows = sleeps(5_000);
    let trace = simulate(&flows, &scenario);
    let runs: Vec<RunIdx> = trace.iter().map(|(run, _)| run).collect();
    group.bench_function("all of 5000", |bencher| {
        bencher.iter(|| (rows(&flows, &scenario, &trace, &runs), of_flow(&flows, &scenario, &trace)));
    });
    let flows = sleeps(200);
    group.bench_function("curve of 64 for 200", |bencher| bencher.iter(|| curve(&flows, &scenario, "parent", 1..=64)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = read, run, explain
}
criterion_main!(benches);
