mod colors;
mod json;
mod svg;

use super::*;
use crate::flow::{Flow, read_text};
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::Trace;
use crate::source::Source;

const TEXT: &str = "
id: f
namespace: n
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 1
    tasks:
      - {id: a, type: io.kestra.plugin.scripts.shell.Commands, commands: ['echo \"hi <b>\"', sleep 1]}
      - {id: b, type: io.kestra.plugin.jdbc.Query}
  - {id: last, type: io.kestra.plugin.core.debug.Return, format: '{{task.id}} > {{taskrun.startDate}}'}
";

fn run() -> (Source, Vec<Flow>, Trace) {
    let source = Source::new("flow.yaml", TEXT);
    let (_, flows, _) = read_text(&source);
    let trace = simulate(&flows, &Scenario::default());
    (source, flows, trace)
}

#[test]
fn text_is_a_chart_and_the_numbers() {
    let (_, flows, trace) = run();
    insta::assert_snapshot!(text::text(&flows, &trace), @"
    n.f

                               0            0.5          1.0          1.5      2.0 s
    p                    2.0 s ===================================================S
      a                  1.0 s #########################S
      b                  1.0 s ::::::::::::::::::::::::::#########################S
    last                   0 s ....................................................*

    total 2.0 s   work 2.0 s   speed-up 1.0x   efficiency 100 % of 1 slot
    not simulated, taken as 1 s each: b
    ");
}

#[test]
fn events_are_a_line_each() {
    let (_, flows, trace) = run();
    insta::assert_snapshot!(events::events(&flows, &trace).replace('\t', " | "), @"
    0 | - | execution | CREATED
    0 | p | state | CREATED
    0 | - | execution | RUNNING
    0 | p | state | RUNNING
    0 | a | state | CREATED
    0 | a | state | SUBMITTED
    0 | a | state | RUNNING
    0 | a | log | INFO hi <b>
    1000 | a | state | SUCCESS
    1000 | b | state | CREATED
    1000 | b | state | SUBMITTED
    1000 | b | state | RUNNING
    2000 | b | state | SUCCESS
    2000 | p | state | SUCCESS
    2000 | last | state | CREATED
    2000 | last | state | SUBMITTED
    2000 | last | state | RUNNING
    2000 | last | log | DEBUG last > 2024-01-01T00:00:02.000000Z
    2000 | last | state | SUCCESS
    2000 | - | execution | SUCCESS
    ");
}

#[test]
fn a_failed_attempt_has_its_own_letter_and_outcome() {
    let example = crate::examples::find("retry-slot").expect("there is such an example");
    let source = Source::new("flow.yaml", example.text);
    let (_, flows, _) = read_text(&source);
    let trace = simulate(&flows, &Scenario::default());
    let of_shaky =
        |text: String| text.lines().filter(|line| line.contains("shaky")).map(|line| line.trim().to_owned() + "\n").collect::<String>();
    insta::assert_snapshot!(of_shaky(text::text(&flows, &trace)) + &of_shaky(csv::csv(&flows, &trace)), @"
    shaky              7.0 s ######F---------------######F---------------#######S
    1,shaky,1,RUNNING,0,1000,FAILED,
    1,shaky,1,RETRYING,1000,3000,SUCCESS,
    1,shaky,1,RUNNING,3000,4000,FAILED,
    1,shaky,1,RETRYING,4000,6000,SUCCESS,
    1,shaky,1,RUNNING,6000,7000,SUCCESS,
    1,b,1,wait-slot,0,2000,SUCCESS,shaky a
    1,c,1,wait-slot,0,4000,SUCCESS,shaky b
    ");
    let letters = super::svg::svg(&flows, &trace);
    let letters: Vec<&str> = letters.split("pg-bar__letter\"").skip(1).filter_map(|rest| rest.split_once('>')?.1.get(..1)).collect();
    assert_eq!(letters[..5].concat(), "FRFRS", "the letters of the first task");
}

#[test]
fn csv_has_a_line_a_segment() {
    let (_, flows, trace) = run();
    insta::assert_snapshot!(csv::csv(&flows, &trace), @"
    execution,task,run,kind,from_ms,to_ms,outcome,by
    1,p,1,RUNNING,0,2000,SUCCESS,
    1,a,1,RUNNING,0,1000,SUCCESS,
    1,b,1,wait-slot,0,1000,SUCCESS,a
    1,b,1,RUNNING,1000,2000,SUCCESS,
    1,last,1,wait-previous,0,2000,SUCCESS,p
    1,last,1,RUNNING,2000,2000,SUCCESS,
    ");
}
