//! What the tests of expressions share. Each line of a case is a text of its own; beside it stands what it prints, or the error.

use std::cell::Cell;

use super::*;

mod decision;
mod filters_dates;
mod filters_lists;
mod filters_text;
mod functions;
mod hostile;
mod names;
mod operators;
mod parsing;
mod tags;
mod values;
mod versions;

struct Place {
    budget: Budget,
    drawn: Cell<u64>,
    dialect: &'static Dialect,
}

impl Scope for Place {
    fn variable(&self, name: &str) -> Option<Value> {
        let json = |text| Value::from_json(text);
        match name {
            "flow" => json(r#"{"id":"hello","namespace":"company.team"}"#),
            "task" => json(r#"{"id":"log","type":"io.kestra.plugin.core.log.Log"}"#),
            "taskrun" => json(r#"{"id":"1","value":"b","attemptsCount":0}"#),
            "execution" => Some(Value::map([("id", Value::text("e1")), ("startDate", Value::Date(1_704_067_200_123))])),
            "inputs" => {
                json(r#"{"name":"Ada","n":3,"half":0.5,"yes":true,"none":null,"empty":"","list":[3,1,2],"map":{"b":1,"a":{"c":[true]}}}"#)
            }
            "vars" => {
                json(r#"{"greeting":"Hi {{ inputs.name }}","twice":"{{ vars.greeting }}!","forever":"{{ vars.forever }}.","plain":"x"}"#)
            }
            "outputs" => {
                let each = json(r#"{"a":{"b":{"value":"ab"}},"x":{"b":{"value":"xb"}}}"#).unwrap_or_default();
                Some(Value::map([
                    ("my-task", Value::map([("value", Value::text("dash"))])),
                    ("each", each),
                    ("query", Value::unknown("outputs.query")),
                    ("mixed", Value::list([Value::Int(1), Value::unknown("outputs.mixed[1]")])),
                ]))
            }
            "parents" => json(r#"[{"outputs":{"o":1}},{"taskrun":{"value":"a"}}]"#),
            "parent" => json(r#"{"outputs":{"o":1}}"#),
            "tasks" => json(r#"{"t1":{"state":"SUCCESS"},"t2":{"b":{"state":"SUCCESS"},"c":{"state":"FAILED"}}}"#),
            _ => None,
        }
    }

    fn assumed(&self, path: &str) -> Option<Value> {
        (path == "outputs.query.size" || path == "secret('KNOWN')").then_some(Value::Int(7))
    }

    fn now_epoch_ms(&self) -> i64 {
        1_720_000_000_456
    }

    fn draw(&self) -> u64 {
        self.drawn.set(self.drawn.get() + 1);
        self.drawn.get().wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn error_logs(&self) -> Result<Value, String> {
        Ok(Value::list([Value::map([("taskId", Value::text("t")), ("message", Value::text("boom"))])]))
    }

    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

fn place() -> Place {
    Place { budget: Budget::default(), drawn: Cell::new(0), dialect: &Dialect::OLDEST }
}

fn say(value: Result<Value, String>) -> String {
    match value {
        Ok(Value::Text(text)) => text.to_string(),
        Ok(Value::Unknown(unknown)) => format!("{} (unknown: {})", unknown.text, unknown.path),
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error: {error}"),
    }
}

fn check(texts: &str) -> String {
    let lines = texts.trim().lines().map(|line| format!("{} => {}\n", line.trim(), say(render(line.trim(), &place())).escape_debug()));
    lines.collect::<String>().replace("\\\"", "\"").replace("\\'", "'")
}

/// As `check`, for expressions without their braces.
fn check_bare(expressions: &str) -> String {
    let lines = expressions.trim().lines().map(|line| {
        let text = format!("{{{{ {} }}}}", line.trim());
        let said = say(render(&text, &place())).replace(&text, "…");
        format!("{} => {}\n", line.trim(), said.escape_debug())
    });
    lines.collect::<String>().replace("\\\"", "\"").replace("\\'", "'")
}
