//! Random flows that broke a law once, made as small as they get, each with the version it was run in.

use parallelogram::flow::Version;

/// Of laws about states and segments.
#[allow(dead_code)] // Each test uses one list.
pub const FLOWS: &[(Version, &str)] = &[
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Sequential
        tasks:
          - {id: t2, type: io.kestra.plugin.core.execution.Fail}
        errors:
          - id: t3
            type: io.kestra.plugin.core.execution.Fail
            condition: '{{ taskrun.attemptsCount < 1 }}'
            retry: {type: constant, interval: PT0S, maxAttempt: 2}
        finally:
          - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S, runIf: '{{ 1 > 2 }}'}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Sleep
        duration: PT0S
        retry: {type: constant, interval: PT0S, maxAttempt: 2}
      - id: t2
        type: io.kestra.plugin.core.flow.Switch
        value: x
        cases:
          y: [{id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
finally:
  - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V2_0,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.LoopUntil
    allowFailure: true
    retry: {type: constant, interval: PT0.001S, maxAttempts: 2}
    condition: 'false'
    checkFrequency: {interval: PT0.001S, maxIterations: 2}
    tasks:
      - {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S, disabled: true}
      - id: t2
        type: io.kestra.plugin.core.execution.Fail
        condition: '{{ taskrun.attemptsCount < 1 }}'
    errors:
      - id: t3
        type: io.kestra.plugin.core.flow.Sequential
        tasks: [{id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
    finally:
      - {id: t5, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V2_0,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.AllowFailure
    allowFailure: true
    allowWarning: true
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Sequential
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S, runIf: '{{ nope }}'}]
",
    ),
    (
        Version::V0_21,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    retry: {type: constant, interval: PT0S, maxAttempt: 2}
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.WorkingDirectory
        tasks:
          - {id: t2, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
          - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V2_0,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Loop
        values: ['a', 'b']
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}]
      - {id: t3, type: io.kestra.plugin.core.flow.Pause, pauseDuration: PT0.003S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Parallel
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT9H, timeout: PT0.006S}]
      - {id: t3, type: io.kestra.plugin.scripts.shell.Commands, commands: [sleep 0.006]}
      - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V0_21,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: 'false'
    checkFrequency: {interval: PT0S, maxIterations: 2}
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.LoopUntil
        condition: 'false'
        checkFrequency: {interval: PT0S, maxIterations: 1}
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
",
    ),
    (
        Version::V2_0,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Loop
        values: ['a', 'b']
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.002S}]
      - id: t3
        type: io.kestra.plugin.core.execution.Fail
        condition: '{{ taskrun.attemptsCount < 1 }}'
        retry: {type: constant, interval: PT0.005S, maxAttempts: 2}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Sleep
    duration: PT0.001S
  - id: t1
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - id: t2
        type: io.kestra.plugin.core.flow.Sequential
        retry: {type: constant, interval: PT0S, maxAttempt: 2}
        tasks:
          - {id: t3, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
      - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
      - {id: t5, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
finally:
  - {id: t6, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S, runIf: '{{ nope }}'}
      - id: t2
        type: io.kestra.plugin.core.flow.LoopUntil
        condition: 'false'
        checkFrequency: {interval: PT0S, maxIterations: 3}
        tasks: [{id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
    finally:
      - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
",
    ),
    (
        Version::V0_21,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.EachParallel
    value: ['a']
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Pause
        delay: PT0S
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
      - id: t3
        type: io.kestra.plugin.core.flow.Sleep
        duration: PT0S
        runIf: '{{ nope }}'
        retry: {type: constant, interval: PT0S, maxAttempt: 2, behavior: CREATE_NEW_EXECUTION}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    retry: {type: constant, interval: PT0.001S, maxAttempt: 2, behavior: RETRY_FAILED_TASK}
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: 'false'
    checkFrequency: {interval: PT0.002S, maxIterations: 2}
    tasks:
      - {id: t1, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
    finally:
      - {id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - {id: t1, type: io.kestra.plugin.core.execution.Fail}
errors:
  - id: t2
    retry: {type: constant, interval: PT0.001S, maxAttempt: 2, behavior: RETRY_FAILED_TASK}
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - id: t3
        type: io.kestra.plugin.core.flow.Sequential
        tasks:
          - {id: t4, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
          - {id: t5, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.009S}
        errors:
          - {id: t6, type: io.kestra.plugin.core.flow.Pause, delay: PT0.005S}
",
    ),
];

/// Of laws about claims.
#[allow(dead_code)] // Likewise.
pub const CLAIMED: &[(Version, &str)] = &[
    (
        Version::V0_21,
        "
id: f
namespace: n
tasks:
  - {id: t0, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Dag
    retry: {type: constant, interval: PT0S, maxAttempt: 2}
    tasks:
      - task: {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
      - task: {id: t2, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 2 }}'}
      - task: {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
    errors:
      - id: t4
        type: io.kestra.plugin.core.flow.Sequential
        tasks: [{id: t5, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
      - {id: t6, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.EachSequential
        retry: {type: constant, interval: PT0.001S, maxAttempt: 2}
        value: ['a']
        tasks:
          - {id: t2, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
        errors:
          - id: t3
            type: io.kestra.plugin.core.flow.WorkingDirectory
            tasks:
              - {id: t4, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
",
    ),
    (
        Version::V2_0,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: t1, type: io.kestra.plugin.scripts.shell.Commands, commands: [sleep 0.007]}
      - id: t2
        type: io.kestra.plugin.core.flow.Sequential
        tasks: [{id: t3, type: io.kestra.plugin.scripts.shell.Commands, commands: [sleep 0.007]}]
  - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Parallel
        tasks:
          - {id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.003S}
          - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.003S}
        finally:
          - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
",
    ),
    (
        Version::V0_21,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.EachParallel
    retry: {type: constant, interval: PT0.001S, maxAttempt: 2}
    value: ['a', 'b c']
    concurrent: 1
    tasks:
      - {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
      - {id: t2, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
      - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Sequential
    retry: {type: constant, interval: PT0.001S, maxAttempt: 2}
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Sequential
        runIf: '{{ nope }}'
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
    errors:
      - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT9H, timeout: PT0.001S}
    finally:
      - {id: t4, type: io.kestra.plugin.core.debug.Return, format: x}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 3
    tasks:
      - id: t1
        type: io.kestra.plugin.core.flow.Pause
        delay: PT0.001S
        tasks: [{id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}]
      - {id: t3, type: io.kestra.plugin.core.debug.Return, format: x}
      - {id: t4, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
      - {id: t5, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
    finally:
      - {id: t6, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    retry: {type: constant, interval: PT0.001S, maxAttempt: 2}
    concurrent: 1
    tasks:
      - {id: t1, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
      - {id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
    finally:
      - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
",
    ),
    (
        Version::V1_3,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.EachParallel
    retry: {type: constant, interval: PT0.001S, maxAttempt: 2}
    value: ['a', 'b c']
    concurrent: 2
    tasks:
      - {id: t1, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
      - {id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
",
    ),
];

/// Of laws about shared cores, with the number of cores.
#[allow(dead_code)] // Likewise.
pub const CORES: &[(Version, u32, &str)] = &[
    // A worker goes on with a task that the retry of its group has made the executor forget.
    (
        Version::V1_3,
        1,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Sequential
    retry: {type: constant, interval: PT0.001S, maxAttempt: 2, behavior: RETRY_FAILED_TASK}
    tasks:
      - {id: t1, type: io.kestra.plugin.core.execution.Fail, condition: '{{ taskrun.attemptsCount < 1 }}'}
    errors:
      - id: t2
        type: io.kestra.plugin.core.flow.Switch
        value: x
        cases:
          x:
            - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.002S}
",
    ),
    // A bar of 2 ms that holds 1 ms of work: its slack is work.
    (
        Version::V0_21,
        2,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
      - {id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
      - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
      - {id: t4, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.002S}
",
    ),
    // The executor ends the taskrun of t2 while its worker still sleeps.
    (
        Version::V1_3,
        1,
        "
id: f
namespace: n
tasks:
  - id: t0
    type: io.kestra.plugin.core.flow.ForEach
    values: []
    concurrencyLimit: 0
    tasks:
      - {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT0S}
    finally:
      - {id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
  - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.001S}
",
    ),
];
