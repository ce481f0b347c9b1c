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
    no known time, taken as 1.0 s: b
    ");
}

#[test]
fn text_names_what_was_assumed_and_decided_how_the_run_ended() {
    let text = "
id: f
namespace: n
tasks:
  - {id: rows, type: io.kestra.plugin.jdbc.Query}
  - id: gate
    type: io.kestra.plugin.core.flow.If
    condition: '{{ outputs.rows.size > 0 }}'
    then: [{id: blocked, type: io.kestra.plugin.core.execution.Fail}]
";
    let (_, flows, _) = read_text(&Source::new("flow.yaml", text));
    let trace = simulate(&flows, &Scenario::default());
    let lines = text::text(&flows, &trace);
    insta::assert_snapshot!(lines.split_once("total").unwrap_or_default().1, @"
     1.0 s   work 1.0 s   speed-up 1.0x
    the execution ended FAILED
    blocked failed at 1.0 s: Task failure
    no known time, taken as 1.0 s: rows
    assumed: tasks.gate.condition = true (a condition that depends on what only a real server knows takes `then`)
    ");
}

#[test]
fn markdown_is_a_line_and_a_table_in_which_no_name_is_markup() {
    let (_, flows, trace) = run();
    insta::assert_snapshot!(markdown::markdown(&flows, &trace), @"
    **f**: 2.0 s, SUCCESS

    | task | waited | starts | ends | state |
    | --- | ---: | ---: | ---: | --- |
    | p | 0 s | 0 s | 2.0 s | SUCCESS |
    | &emsp;a | 0 s | 0 s | 1.0 s | SUCCESS |
    | &emsp;b | 1.0 s | 1.0 s | 2.0 s | SUCCESS |
    | last | 2.0 s | 2.0 s | 2.0 s | SUCCESS |
    ");
    let source = Source::new(
        "flow.yaml",
        r#"
id: f
namespace: n
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: ["a|b", "<b>*_`[x](http://y)", "@team #1 \\ &lt;"]
    tasks: [{id: nap, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}]
"#,
    );
    let (_, flows, _) = read_text(&source);
    insta::assert_snapshot!(markdown::markdown(&flows, &simulate(&flows, &Scenario::default())), @r"
    **f**: 3.0 s, SUCCESS

    | task | waited | starts | ends | state |
    | --- | ---: | ---: | ---: | --- |
    | each | 0 s | 0 s | 3.0 s | SUCCESS |
    | &emsp;nap \[a\|b\] | 0 s | 0 s | 1.0 s | SUCCESS |
    | &emsp;nap \[&lt;b>\*\_\`\[x\](http&#58;//y)\] | 1.0 s | 1.0 s | 2.0 s | SUCCESS |
    | &emsp;nap \[&#64;team \#1 \\ &amp;lt;\] | 2.0 s | 2.0 s | 3.0 s | SUCCESS |
    ");
}

#[test]
fn a_picture_that_plays_is_the_picture_with_a_playhead_over_it() {
    let (_, flows, trace) = run();
    let (rest, plays) = (super::svg::svg(&flows, &trace), play::playing(&flows, &trace));
    let [before, after] = rest.split("</style>").collect::<Vec<_>>()[..] else { panic!("there is one style") };
    let style = plays.strip_prefix(before).and_then(|added| added.split_once("</style>")).expect("it begins as the picture");
    let over = style.1.strip_prefix(after.strip_suffix("</svg>\n").expect("it ends")).expect("the picture is under it");
    insta::assert_snapshot!(format!("{}\n{over}", style.0), @r#"
    .pg-play{visibility:hidden}.pg-play__rest{fill:var(--g);fill-opacity:.65}.pg-play__head{stroke:var(--i);stroke-width:1.5}@keyframes pg-play{50%,to{transform:translateX(676px)}}@media screen and (prefers-reduced-motion:no-preference){.pg-play{visibility:visible;animation:pg-play 4000ms linear infinite}}
    <g class="pg-play"><rect class="pg-play__rest" x="184" y="28" width="708" height="124"/><path class="pg-play__head" d="M184 28v124"/></g></svg>
    "#);
    let none =
        read_text(&Source::new("flow.yaml", "id: f\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.log.Log, message: a}\n"))
            .1;
    let trace = simulate(&none, &Scenario::default());
    assert_eq!(play::playing(&none, &trace), super::svg::svg(&none, &trace));
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

#[test]
fn a_mermaid_chart_has_a_section_for_each_group() {
    let (_, flows, trace) = run();
    insta::assert_snapshot!(mermaid::mermaid(&flows, &trace), @"
    gantt
        title f#58; 2.0 s
        dateFormat x
        axisFormat %S.%L s
        section p
        a :done, r1, 0, 1000
        b :done, r2, 1000, 2000
        section f
        last :done, milestone, r3, 2000, 2000
    ");
}

#[test]
fn a_chrome_trace_has_a_track_for_each_slot() {
    let (_, flows, trace) = run();
    insta::assert_snapshot!(chrome_trace::chrome_trace(&flows, &trace), @r#"
    {"displayTimeUnit":"ms","traceEvents":[
    {"args":{"name":"f"},"name":"process_name","ph":"M","pid":1},
    {"args":{"name":"f"},"name":"thread_name","ph":"M","pid":1,"tid":1},
    {"args":{"sort_index":1},"name":"thread_sort_index","ph":"M","pid":1,"tid":1},
    {"args":{"state":"SUCCESS","taskRunId":"6shBnJN7RNkCKIkwwF7j4R","type":"io.kestra.plugin.core.flow.Parallel"},"cat":"group","dur":2000000,"name":"p","ph":"X","pid":1,"tid":1,"ts":0},
    {"args":{"state":"SUCCESS","taskRunId":"1LzLclOLglR2DLeb5ezmD5","type":"io.kestra.plugin.core.debug.Return"},"cat":"task","dur":0,"name":"last","ph":"X","pid":1,"tid":1,"ts":2000000},
    {"args":{"name":"p"},"name":"thread_name","ph":"M","pid":1,"tid":2},
    {"args":{"sort_index":2},"name":"thread_sort_index","ph":"M","pid":1,"tid":2},
    {"args":{"state":"SUCCESS","taskRunId":"0Clgvb30vDng1G6P6TmSjY","type":"io.kestra.plugin.scripts.shell.Commands"},"cat":"task","dur":1000000,"name":"a","ph":"X","pid":1,"tid":2,"ts":0},
    {"args":{"state":"SUCCESS","taskRunId":"0pN5PEZCT3w88ZCX41Xkmy","type":"io.kestra.plugin.jdbc.Query"},"cat":"task","dur":1000000,"name":"b","ph":"X","pid":1,"tid":2,"ts":1000000},
    {"cat":"hand-over","id":2,"name":"hand-over","ph":"s","pid":1,"tid":2,"ts":999999},
    {"bp":"e","cat":"hand-over","id":2,"name":"hand-over","ph":"f","pid":1,"tid":2,"ts":1000000},
    {"cat":"hand-over","id":3,"name":"hand-over","ph":"s","pid":1,"tid":1,"ts":1999999},
    {"bp":"e","cat":"hand-over","id":3,"name":"hand-over","ph":"f","pid":1,"tid":1,"ts":2000000},
    {"args":{"running":1},"name":"tasks running","ph":"C","pid":1,"ts":0},
    {"args":{"running":1},"name":"tasks running","ph":"C","pid":1,"ts":1000000},
    {"args":{"running":0},"name":"tasks running","ph":"C","pid":1,"ts":2000000}
    ]}
    "#);
}
