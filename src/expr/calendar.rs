//! Functions about days: `isWeekend(date)`, `dayOfWeek(date)` and the like. Rules and messages: Kestra, "Functions".
//!
//! A date is a text such as `2024-03-04` or `2024-03-04T10:00:00+02:00`, and counts as it is written, in its own offset.

use super::dates::{civil_day, is_moment};
use super::operators::java_text;
use crate::time::{civil, days_in_month};
use crate::value::Value;

/// The first one is the day of 1970-01-01, moved to the Monday before it.
const DAYS: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
const POSITIONS: [&str; 5] = ["FIRST", "SECOND", "THIRD", "FOURTH", "LAST"];

/// What a function of this name gives for a date; `None` when there is no such function.
///
/// # Errors
/// A date or another argument that is missing or cannot be read.
pub(super) fn call(name: &str, given: &[Option<Value>]) -> Result<Value, String> {
    let text = |idx: usize, argument: &str| match given.get(idx) {
        Some(Some(value)) if *value != Value::Null => Ok(java_text(value)),
        _ => Err(format!("The '{name}()' function expects a '{argument}' argument.")),
    };
    let date = text(0, "date")?;
    let wrong = |reason: &str| format!("The '{name}()' function could not parse 'date': {reason}");
    let start = date.get(..10).and_then(civil_day).filter(|_| date.len() == 10 || is_moment(&date));
    if name == "hourOfDay" && date.len() == 10 && start.is_some() {
        return Err(wrong(&format!("Text '{date}' could not be parsed at index 10")));
    }
    let Some(day) = start else {
        let at = date.get(..10).and_then(civil_day).map_or(0, |_| 10);
        return Err(wrong(&format!("java.time.format.DateTimeParseException: Text '{date}' could not be parsed at index {at}")));
    };
    let weekday = |day: i64| DAYS.get(day.saturating_add(3).rem_euclid(7) as usize).copied().unwrap_or_default();
    let (year, month, day_of_month) = civil(day);
    let n_later = days_in_month(year, month).saturating_sub(day_of_month);
    let fits = |value: &str, argument: &str, known: &[&str], expected: &str| {
        let is_known = known.contains(&value);
        is_known
            .then_some(())
            .ok_or_else(|| format!("The '{name}()' function received an invalid '{argument}' value: '{value}'. {expected}"))
    };
    Ok(match name {
        "isWeekend" => Value::Bool(matches!(weekday(day), "SATURDAY" | "SUNDAY")),
        "dayOfWeek" => Value::text(weekday(day)),
        "dayOfMonth" => Value::Int(day_of_month),
        "monthOfYear" => Value::Int(month),
        "hourOfDay" => date.get(11..13).and_then(|hour| hour.parse().ok()).map_or(Value::Null, Value::Int),
        "isDayWeekInMonth" => {
            let wanted = text(1, "dayOfWeek")?.to_ascii_uppercase();
            fits(&wanted, "dayOfWeek", &DAYS, &format!("Expected one of: {}.", DAYS.join(", ")))?;
            let position = text(2, "position")?.to_ascii_uppercase();
            fits(&position, "position", &POSITIONS, &format!("Expected one of: {}.", POSITIONS.join(", ")))?;
            let is_there = match position.as_str() {
                "LAST" => n_later < 7,
                nth => POSITIONS.get((day_of_month as usize).saturating_sub(1) / 7) == Some(&nth),
            };
            Value::Bool(weekday(day) == wanted && is_there)
        }
        // isLastWorkingDay
        _ => {
            let written = match given.get(1) {
                // A list counts as the text it prints as, and no day begins with a bracket.
                Some(Some(value)) if *value != Value::Null => {
                    java_text(value).split(',').map(|day| day.trim().to_ascii_uppercase()).collect::<Vec<String>>()
                }
                _ => DAYS.iter().take(5).map(|day| (*day).to_owned()).collect(),
            };
            written.iter().try_for_each(|day| fits(day, "workingDays", &DAYS, "Expected day names like MONDAY, TUESDAY, etc."))?;
            let works = |day: i64| written.iter().any(|working| working == weekday(day));
            Value::Bool(works(day) && !(day..=day.saturating_add(n_later)).skip(1).any(works))
        }
    })
}
