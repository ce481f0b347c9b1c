mod colors;

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
    0 | a | state | RUNNING
    0 | a | log | INFO hi <b>
    1000 | a | state | SUCCESS
    1000 | b | state | CREATED
    1000 | b | state | RUNNING
    2000 | b | state | SUCCESS
    2000 | p | state | SUCCESS
    2000 | last | state | CREATED
    2000 | last | state | RUNNING
    2000 | last | log | DEBUG last > 2024-01-01T00:00:02.000Z
    2000 | last | state | SUCCESS
    2000 | - | execution | SUCCESS
    ");
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
fn json_is_a_kestra_execution_with_our_additions() {
    let (source, flows, trace) = run();
    insta::assert_snapshot!(json::json(&flows, &trace, std::slice::from_ref(&source)), @r#"
    {
      "id": "3MSHIAeJge7krGnHuNtBHE",
      "namespace": "n",
      "flowId": "f",
      "flowRevision": 1,
      "taskRunList": [
        {
          "id": "6shBnJN7RNkCKIkwwF7j4R",
          "executionId": "3MSHIAeJge7krGnHuNtBHE",
          "namespace": "n",
          "flowId": "f",
          "taskId": "p",
          "outputs": {},
          "state": {
            "current": "SUCCESS",
            "duration": "PT2S",
            "startDate": "2024-01-01T00:00:00.000Z",
            "endDate": "2024-01-01T00:00:02.000Z",
            "histories": [
              {
                "state": "CREATED",
                "date": "2024-01-01T00:00:00.000Z"
              },
              {
                "state": "RUNNING",
                "date": "2024-01-01T00:00:00.000Z"
              },
              {
                "state": "SUCCESS",
                "date": "2024-01-01T00:00:02.000Z"
              }
            ]
          },
          "segments": [
            {
              "kind": "RUNNING",
              "fromMs": 0,
              "toMs": 2000,
              "by": []
            }
          ],
          "span": {
            "startLine": 5,
            "endLine": 10
          }
        },
        {
          "id": "0Clgvb30vDng1G6P6TmSjY",
          "executionId": "3MSHIAeJge7krGnHuNtBHE",
          "namespace": "n",
          "flowId": "f",
          "taskId": "a",
          "parentTaskRunId": "6shBnJN7RNkCKIkwwF7j4R",
          "attempts": [
            {
              "state": {
                "current": "SUCCESS",
                "duration": "PT1S",
                "startDate": "2024-01-01T00:00:00.000Z",
                "endDate": "2024-01-01T00:00:01.000Z",
                "histories": [
                  {
                    "state": "CREATED",
                    "date": "2024-01-01T00:00:00.000Z"
                  },
                  {
                    "state": "RUNNING",
                    "date": "2024-01-01T00:00:00.000Z"
                  },
                  {
                    "state": "SUCCESS",
                    "date": "2024-01-01T00:00:01.000Z"
                  }
                ]
              }
            }
          ],
          "outputs": {
            "exitCode": 0,
            "vars": {},
            "outputFiles": {}
          },
          "state": {
            "current": "SUCCESS",
            "duration": "PT1S",
            "startDate": "2024-01-01T00:00:00.000Z",
            "endDate": "2024-01-01T00:00:01.000Z",
            "histories": [
              {
                "state": "CREATED",
                "date": "2024-01-01T00:00:00.000Z"
              },
              {
                "state": "RUNNING",
                "date": "2024-01-01T00:00:00.000Z"
              },
              {
                "state": "SUCCESS",
                "date": "2024-01-01T00:00:01.000Z"
              }
            ]
          },
          "segments": [
            {
              "kind": "RUNNING",
              "fromMs": 0,
              "toMs": 1000,
              "by": []
            }
          ],
          "span": {
            "startLine": 9,
            "endLine": 9
          }
        },
        {
          "id": "0pN5PEZCT3w88ZCX41Xkmy",
          "executionId": "3MSHIAeJge7krGnHuNtBHE",
          "namespace": "n",
          "flowId": "f",
          "taskId": "b",
          "parentTaskRunId": "6shBnJN7RNkCKIkwwF7j4R",
          "attempts": [
            {
              "state": {
                "current": "SUCCESS",
                "duration": "PT1S",
                "startDate": "2024-01-01T00:00:01.000Z",
                "endDate": "2024-01-01T00:00:02.000Z",
                "histories": [
                  {
                    "state": "CREATED",
                    "date": "2024-01-01T00:00:01.000Z"
                  },
                  {
                    "state": "RUNNING",
                    "date": "2024-01-01T00:00:01.000Z"
                  },
                  {
                    "state": "SUCCESS",
                    "date": "2024-01-01T00:00:02.000Z"
                  }
                ]
              }
            }
          ],
          "outputs": {},
          "state": {
            "current": "SUCCESS",
            "duration": "PT1S",
            "startDate": "2024-01-01T00:00:01.000Z",
            "endDate": "2024-01-01T00:00:02.000Z",
            "histories": [
              {
                "state": "CREATED",
                "date": "2024-01-01T00:00:01.000Z"
              },
              {
                "state": "RUNNING",
                "date": "2024-01-01T00:00:01.000Z"
              },
              {
                "state": "SUCCESS",
                "date": "2024-01-01T00:00:02.000Z"
              }
            ]
          },
          "segments": [
            {
              "kind": "wait-slot",
              "fromMs": 0,
              "toMs": 1000,
              "by": [
                "0Clgvb30vDng1G6P6TmSjY"
              ]
            },
            {
              "kind": "RUNNING",
              "fromMs": 1000,
              "toMs": 2000,
              "by": []
            }
          ],
          "span": {
            "startLine": 10,
            "endLine": 10
          }
        },
        {
          "id": "1LzLclOLglR2DLeb5ezmD5",
          "executionId": "3MSHIAeJge7krGnHuNtBHE",
          "namespace": "n",
          "flowId": "f",
          "taskId": "last",
          "attempts": [
            {
              "state": {
                "current": "SUCCESS",
                "duration": "PT0S",
                "startDate": "2024-01-01T00:00:02.000Z",
                "endDate": "2024-01-01T00:00:02.000Z",
                "histories": [
                  {
                    "state": "CREATED",
                    "date": "2024-01-01T00:00:02.000Z"
                  },
                  {
                    "state": "RUNNING",
                    "date": "2024-01-01T00:00:02.000Z"
                  },
                  {
                    "state": "SUCCESS",
                    "date": "2024-01-01T00:00:02.000Z"
                  }
                ]
              }
            }
          ],
          "outputs": {
            "value": "last > 2024-01-01T00:00:02.000Z"
          },
          "state": {
            "current": "SUCCESS",
            "duration": "PT0S",
            "startDate": "2024-01-01T00:00:02.000Z",
            "endDate": "2024-01-01T00:00:02.000Z",
            "histories": [
              {
                "state": "CREATED",
                "date": "2024-01-01T00:00:02.000Z"
              },
              {
                "state": "RUNNING",
                "date": "2024-01-01T00:00:02.000Z"
              },
              {
                "state": "SUCCESS",
                "date": "2024-01-01T00:00:02.000Z"
              }
            ]
          },
          "segments": [
            {
              "kind": "wait-previous",
              "fromMs": 0,
              "toMs": 2000,
              "by": [
                "6shBnJN7RNkCKIkwwF7j4R"
              ]
            },
            {
              "kind": "RUNNING",
              "fromMs": 2000,
              "toMs": 2000,
              "by": []
            }
          ],
          "span": {
            "startLine": 11,
            "endLine": 11
          }
        }
      ],
      "labels": [
        {
          "key": "system.correlationId",
          "value": "3MSHIAeJge7krGnHuNtBHE"
        }
      ],
      "state": {
        "current": "SUCCESS",
        "duration": "PT2S",
        "startDate": "2024-01-01T00:00:00.000Z",
        "endDate": "2024-01-01T00:00:02.000Z",
        "histories": [
          {
            "state": "CREATED",
            "date": "2024-01-01T00:00:00.000Z"
          },
          {
            "state": "RUNNING",
            "date": "2024-01-01T00:00:00.000Z"
          },
          {
            "state": "SUCCESS",
            "date": "2024-01-01T00:00:02.000Z"
          }
        ]
      },
      "originalId": "3MSHIAeJge7krGnHuNtBHE",
      "deleted": false,
      "metadata": {
        "attemptNumber": 1,
        "originalCreatedDate": "2024-01-01T00:00:00.000Z"
      },
      "simulation": {
        "engine": "kestra",
        "seed": 0,
        "makespanMs": 2000,
        "lastEndMs": 2000,
        "workMs": 2000,
        "events": 17,
        "truncated": null,
        "criticalPath": [
          "0Clgvb30vDng1G6P6TmSjY",
          "0pN5PEZCT3w88ZCX41Xkmy",
          "1LzLclOLglR2DLeb5ezmD5"
        ],
        "lowerBounds": {
          "chainMs": 1000,
          "areaMs": 2000
        },
        "assumptions": [],
        "executions": []
      },
      "logs": [
        {
          "taskRunId": "0Clgvb30vDng1G6P6TmSjY",
          "taskId": "a",
          "atMs": 0,
          "level": "INFO",
          "message": "hi <b>"
        },
        {
          "taskRunId": "1LzLclOLglR2DLeb5ezmD5",
          "taskId": "last",
          "atMs": 2000,
          "level": "DEBUG",
          "message": "last > 2024-01-01T00:00:02.000Z"
        }
      ]
    }
    "#);
}

#[test]
fn svg_is_one_file_with_a_title_and_no_script() {
    let (_, flows, trace) = run();
    let file = svg::svg(&flows, &trace);
    assert!(file.contains("<title id=\"pg-title\">f: 2.0 s</title>") && !file.contains("<script") && !file.contains("href"));
    let body = file.split("</style>").nth(1).expect("there is a style");
    insta::assert_snapshot!(body.replace("><", ">\n<").lines().filter(|line| !line.contains("pattern")).collect::<Vec<_>>().join("\n"), @r#"
    <defs>
    </defs>
    <rect class="ground" width="892" height="152"/>
    <path class="grid" d="M184.5 28V152"/>
    <path class="tick" d="M184.5 23v5"/>
    <text class="muted" text-anchor="middle" x="184" y="18">0</text>
    <path class="grid" d="M353.5 28V152"/>
    <path class="tick" d="M353.5 23v5"/>
    <text class="muted" text-anchor="middle" x="353" y="18">0.5</text>
    <path class="grid" d="M522.5 28V152"/>
    <path class="tick" d="M522.5 23v5"/>
    <text class="muted" text-anchor="middle" x="522" y="18">1.0</text>
    <path class="grid" d="M691.5 28V152"/>
    <path class="tick" d="M691.5 23v5"/>
    <text class="muted" text-anchor="middle" x="691" y="18">1.5</text>
    <path class="grid" d="M860.5 28V152"/>
    <path class="tick" d="M860.5 23v5"/>
    <text class="muted" text-anchor="middle" x="860" y="18">2.0 s</text>
    <text class="muted" x="16" y="18">time since start</text>
    <g transform="translate(0 32)">
    <text class="name group" x="16" y="18">p</text>
    <text class="muted" text-anchor="end" x="164" y="18">2.0 s</text>
    <g transform="translate(176 0)">
    <rect class="pg-bar pg-bar__box--success" x="8.5" y="5.5" width="675" height="17" rx="3"/>
    <path class="pg-bar__cap--success" d="M13 5h-2a3 3 0 0 0-3 3v12a3 3 0 0 0 3 3h2z"/>
    <text class="pg-bar__text--plain" x="20" y="18">Parallel, 1 slot</text>
    <text class="pg-bar__letter pg-bar__letter--plain" x="674" y="18">S</text>
    </g>
    </g>
    <g transform="translate(0 60)">
    <text class="name" x="30" y="18">a</text>
    <text class="muted" text-anchor="end" x="164" y="18">1.0 s</text>
    <g transform="translate(176 0)">
    <rect class="pg-bar pg-bar--success" x="8.5" y="5.5" width="337" height="17" rx="3"/>
    <text class="pg-bar__text" x="16" y="18">1.0 s</text>
    <text class="pg-bar__letter" x="336" y="18">S</text>
    </g>
    </g>
    <g transform="translate(0 88)">
    <text class="name" x="30" y="18">b</text>
    <text class="muted" text-anchor="end" x="164" y="18">1.0 s</text>
    <g transform="translate(176 0)">
    <rect class="pg-bar pg-bar--wait-slot" x="8.5" y="5.5" width="337" height="17" rx="3"/>
    <rect fill="url(#pg-dots)" x="10" y="7" width="334" height="14"/>
    <rect class="pg-bar__plate" x="10" y="7" width="36.4" height="14"/>
    <text class="pg-bar__text--muted" x="18" y="18">slot</text>
    <rect class="pg-bar__plate" x="328" y="7" width="14" height="14"/>
    <text class="pg-bar__letter pg-bar__letter--muted" x="335" y="18">w</text>
    <rect class="pg-bar pg-bar--success" x="346.5" y="5.5" width="337" height="17" rx="3"/>
    <text class="pg-bar__text" x="354" y="18">1.0 s</text>
    <text class="pg-bar__letter" x="674" y="18">S</text>
    </g>
    </g>
    <g transform="translate(0 116)">
    <text class="name" x="16" y="18">last</text>
    <text class="muted" text-anchor="end" x="164" y="18">0 s</text>
    <g transform="translate(176 0)">
    <path class="pg-bar pg-bar--wait-previous" d="M8.5 11v6M8.5 14.5H683.5M683.5 11v6" shape-rendering="crispEdges"/>
    <path class="pg-bar pg-bar--success" d="M684 8l6 6-6 6-6-6z"/>
    </g>
    </g>
    </svg>
    "#);
    let desc = file.split("<desc id=\"pg-desc\">").nth(1).and_then(|rest| rest.split("</desc>").next());
    insta::assert_snapshot!(desc.expect("there is a description"), @"p, running 0 to 2 seconds, success. a, running 0 to 1 second, success. b, waiting for a slot 0 to 1 second, running 1 to 2 seconds, success. last, waiting for an earlier task 0 to 2 seconds, running at 2 seconds, success.");
}

#[test]
fn svg_gives_long_names_room_and_cuts_longer_ones() {
    let file = |id: &str| {
        let source = Source::new("flow.yaml", TEXT.replace("id: last", &format!("id: {id}")));
        let (_, flows, _) = read_text(&source);
        svg::svg(&flows, &simulate(&flows, &Scenario::default()))
    };
    let long = file("a-task-with-quite-a-long-name");
    assert!(long.contains(">a-task-with-quite-a-long-name</text>") && !long.contains("translate(176 0)"));
    let longer = file(&"n".repeat(100));
    assert!(longer.contains(&format!(">{}…</text>", "n".repeat(37))) && longer.contains("translate(356 0)"), "{longer}");
}
