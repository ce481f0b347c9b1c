//! What a person can do where no rewrite is safe.

use crate::language::plain;
use crate::tr;

/// The key or the end of the type, and what can be done.
const CHOICES: &[(&str, &[&str])] = &[
    (
        "listeners",
        &[
            tr!(const "run the tasks in `afterExecution:`, each with a `runIf:` on `execution.state`"),
            tr!(const "start a flow of its own by a Flow trigger, with `dependsOn:` this flow"),
        ],
    ),
    (
        "conditions",
        &[
            tr!(const "write one expression under `when:`, as `{{ isWeekend(trigger.date) }}`"),
            tr!(const "of a Flow trigger: write the flows under `dependsOn:`, with their `states:`"),
        ],
    ),
    ("scheduleConditions", &[tr!(const "write one expression under `when:`, as `{{ isWeekend(trigger.date) }}`")]),
    (
        "preconditions",
        &[
            tr!(const "write the flows under `dependsOn:`, each with `namespace:`, `flowId:` and `states:`"),
            tr!(const "write the time window under `window:`"),
        ],
    ),
    (
        "tasks",
        &[
            tr!(const "write the tasks after the Pause"),
            tr!(const "put the Pause and the tasks into a Sequential, if they are one branch of a group"),
        ],
    ),
    (
        "outputs",
        &[
            tr!(const "declare the outputs in the flow that is called, under `outputs:`"),
            tr!(const "read them with a task of the called flow that the caller waits for"),
        ],
    ),
    ("allowFailed", &[tr!(const "write `allowFailed:` under `options:`"), tr!(const "take it out, if a failed request may fail the task")]),
    ("sslOptions", &[tr!(const "write it as `ssl:` under `options:`")]),
    (
        "workerGroup",
        &[tr!(const "name the workers under `workerSelector:`"), tr!(const "take it out: in the open source edition it has no effect")],
    ),
    (".Template", &[tr!(const "make the template a flow, and call it with a Subflow"), tr!(const "write the tasks of the template here")]),
    (
        ".ForEachItem",
        &[
            tr!(const "split the file with `io.kestra.plugin.core.storage.Split`, and call the flow with a Subflow in a Loop over `uris`"),
            tr!(const "give the file itself to a Loop: it runs once for each line, read as ION"),
            tr!(const "call one flow with the whole file, and loop there"),
        ],
    ),
    (".Get", &[tr!(const "keep the value in the key-value store: `io.kestra.plugin.core.kv.Get`")]),
    (".Set", &[tr!(const "keep the value in the key-value store: `io.kestra.plugin.core.kv.Set`")]),
    (
        "currentEachOutput",
        &[tr!(const "in a Loop, read `outputs.TASK` without it"), tr!(const "after a Loop, read `outputs.LOOP.outputs`")],
    ),
];

/// What can be done about a key, a type or a function; nothing for what has an own help only.
pub fn choices(written: &str) -> Vec<String> {
    let written = written.trim_matches(['"', '\'']);
    let fits = |row: &&(&str, &[&str])| if row.0.starts_with('.') { written.ends_with(row.0) } else { written == row.0 };
    CHOICES.iter().find(fits).map(|row| row.1.iter().map(|choice| plain(choice)).collect()).unwrap_or_default()
}
