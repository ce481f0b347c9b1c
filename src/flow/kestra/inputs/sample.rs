//! A plausible value for an input that is not given.

use super::types::{InputType, ms, normalized, typed};
use super::{Input, types};
use crate::budget::Budget;
use crate::time::{SimTime, iso_duration, iso_instant};
use crate::value::Value;

/// A value that the input accepts, if one is easily found: the first of its choices, a bound of its range, its id as text.
/// For JSON and YAML it is an unknown value. A `validator` is met only when one of a few usual texts meets it.
#[must_use]
#[allow(clippy::wildcard_enum_match_arm, reason = "every other type has one usual value")]
pub fn sample(input: &Input, budget: &Budget) -> Value {
    let bound = input.least.as_ref().or(input.most.as_ref());
    let value = of_type(input.kind, input.item_kind, &input.id);
    match input.kind {
        // Its content can't be guessed, and the user can assume values by path.
        InputType::Json | InputType::Yaml => Value::unknown(&["inputs.", &input.id].concat()),
        InputType::Select => input.values.first().map_or(value, |first| Value::Text(first.clone())),
        InputType::Multiselect => match input.values.first() {
            Some(first) => Value::list([Value::Text(first.clone())]),
            None => value,
        },
        InputType::String => {
            let usual = [&*input.id, "sample", "Sample1", "A1", "abc", "ABC", "1", "123", "a-b", "2024-01-01", "a@example.org", ""];
            let meets = |text: &&&str| types::check(input, None, &Value::text(text), budget).is_ok();
            usual.iter().find(meets).map_or(value, |text| Value::text(text))
        }
        // The usual value may be out of range.
        _ => match bound {
            Some(bound) if types::check(input, None, &value, budget).is_err() => {
                typed(input.kind, None, &Value::Text(bound.clone())).unwrap_or(value)
            }
            _ => value,
        },
    }
}

fn of_type(kind: InputType, item_kind: Option<InputType>, id: &str) -> Value {
    const START_MS: i64 = 1_704_067_200_000; // 2024-01-01T00:00:00Z
    match kind {
        InputType::Int => Value::Int(1),
        InputType::Float => Value::Float(crate::syntax::Float(1.0)),
        InputType::Bool => Value::Bool(true),
        InputType::DateTime => Value::Date(START_MS),
        InputType::Date => Value::text(iso_instant(START_MS).get(..10).unwrap_or("2024-01-01")),
        InputType::Time => Value::text("12:00:00"),
        InputType::Duration => Value::text(&iso_duration(SimTime(60_000))),
        InputType::File => Value::text("kestra:///sample.txt"),
        InputType::Uri => Value::text("https://example.org"),
        InputType::Email => Value::text("sample@example.org"),
        InputType::Json | InputType::Yaml => Value::map([]),
        InputType::Array | InputType::Multiselect => {
            let of = item_kind.filter(|of| !matches!(of, InputType::Array | InputType::Multiselect)).unwrap_or(InputType::String);
            Value::list([of_type(of, None, id)])
        }
        InputType::Any => Value::text("sample"),
        InputType::String | InputType::Select | InputType::Secret => Value::text(id),
    }
}

/// A value as the text of a form field: lists and maps as JSON, dates as they are given.
#[must_use]
pub fn print(kind: InputType, value: &Value) -> String {
    match (kind, value) {
        // A placeholder for the user to replace; as long as it is unchanged no value is given.
        (_, Value::Unknown(_)) => "{}".to_owned(),
        (InputType::Date | InputType::Time | InputType::Duration, Value::Text(text)) if ms(kind, text).is_some() => {
            normalized(kind, text).unwrap_or_default()
        }
        _ => value.print().as_ref().to_owned(),
    }
}
