use super::run;
use crate::render::json::json;

#[test]
fn json_is_a_kestra_execution_with_our_additions() {
    let (source, flows, trace) = run();
    insta::assert_snapshot!(json(&flows, &trace, std::slice::from_ref(&source)), @r#"
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
          "attempts": [
            {
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
              }
            }
          ],
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
                "state": "SUBMITTED",
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
                "state": "SUBMITTED",
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
            "value": "last > 2024-01-01T00:00:02.000000Z"
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
                "state": "SUBMITTED",
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
        "kestra": "2.0",
        "seed": 0,
        "makespanMs": 2000,
        "lastEndMs": 2000,
        "workMs": 2000,
        "events": 20,
        "truncated": null,
        "criticalPath": [
          "0Clgvb30vDng1G6P6TmSjY",
          "0pN5PEZCT3w88ZCX41Xkmy",
          "1LzLclOLglR2DLeb5ezmD5"
        ],
        "lowerBounds": {
          "chainMs": 1000,
          "areaMs": 2000,
          "bestMs": 2000
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
          "message": "last > 2024-01-01T00:00:02.000000Z"
        }
      ]
    }
    "#);
}
