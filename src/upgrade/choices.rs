//! What a person can do where no rewrite is safe.

use crate::language::plain;
use crate::tr;

/// The key or the end of the type, and what can be done.
const CHOICES: &[(&str, &[&str])] = &[
    (
        "outputs",
        &[
            tr!(const "declare the outputs in the flow that is called, under `outputs:`"),
            tr!(const "read them with a task of the called flow that the caller waits for"),
        ],
    ),
    (
        "workerGroup",
        &[tr!(const "name the workers under `workerSelector:`"), tr!(const "take it out: in the open source edition it has no effect")],
    ),
    (".Template", &[tr!(const "make the template a flow, and call it with a Subflow"), tr!(const "write the tasks of the template here")]),
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
