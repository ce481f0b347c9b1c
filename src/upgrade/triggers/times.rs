//! Conditions about times, for the trigger's own date. Both bounds are outside. Rule: Kestra, "Versions".

use super::super::walk::only;
use crate::syntax::Node;

/// `DateTimeBetween`: moments, each with its own offset.
pub fn between_dates(condition: &Node) -> Option<String> {
    let bounds = bounds(condition)?;
    let compared = bounds.iter().map(|(sign, bound)| {
        let (date, time) = bound.split_once('T')?;
        let (time, offset) = time_of(time)?;
        let offset = zone_name(offset);
        is_date(date).then(|| format!("(trigger.date | date('yyyy-MM-dd HH:mm:ss', timeZone='{offset}')) {sign} '{date} {time}'"))
    });
    Some(compared.collect::<Option<Vec<_>>>()?.join(" and "))
}

/// `TimeBetween`: times of a day. They mean the same only in a zone that always has their offset: 1.3 compares them by the time that each is
/// in UTC, and does not look at the day.
pub fn between_times(condition: &Node, timezone: &Node) -> Option<String> {
    let zone = match timezone.as_str()? {
        "UTC" | "Etc/UTC" | "GMT" | "Etc/GMT" | "Z" => "Z",
        zone if is_offset(zone) => zone,
        _ => return None,
    };
    let bounds = bounds(condition)?;
    let times: Vec<(char, String)> = bounds
        .iter()
        .map(|(sign, bound)| time_of(bound).filter(|(_, offset)| same(offset) == same(zone)).map(|(time, _)| (*sign, time)))
        .collect::<Option<_>>()?;
    // From an evening to a morning: after the one, or before the other.
    let word = match &times[..] {
        [(_, after), (_, before)] if after >= before => " or ",
        _ => " and ",
    };
    let zone = zone_name(zone);
    let compared = times.iter().map(|(sign, time)| format!("(trigger.date | date('HH:mm:ss', timeZone='{zone}')) {sign} '{time}'"));
    Some(compared.collect::<Vec<_>>().join(word))
}

/// The bounds that are given, with the sign for a date within them: that of `after` first.
fn bounds(condition: &Node) -> Option<Vec<(char, &str)>> {
    only(condition, &["date", "after", "before"])?;
    let given = [('>', "after"), ('<', "before")].into_iter().filter_map(|(sign, key)| condition.get(key).map(|bound| (sign, bound)));
    let bounds: Vec<(char, &str)> = given.map(|(sign, bound)| bound.as_str().map(|bound| (sign, bound))).collect::<Option<_>>()?;
    (!bounds.is_empty()).then_some(bounds)
}

/// `08:00:00+02:00` as `08:00:00` and `+02:00`.
fn time_of(text: &str) -> Option<(String, &str)> {
    let at = text.find(['Z', '+', '-'])?;
    let (time, offset) = text.split_at_checked(at)?;
    let shape = shape(time);
    let time = match &*shape {
        "99:99" => format!("{time}:00"),
        "99:99:99" => time.to_owned(),
        _ => return None,
    };
    (offset == "Z" || is_offset(offset)).then_some((time, offset))
}

fn is_offset(text: &str) -> bool {
    matches!(&*shape(text), "+99:99" | "-99:99")
}

fn is_date(text: &str) -> bool {
    shape(text) == "9999-99-99"
}

/// A text with a 9 for each digit.
fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
}

fn same(offset: &str) -> &str {
    if matches!(offset, "+00:00" | "-00:00") { "Z" } else { offset }
}

fn zone_name(offset: &str) -> &str {
    if same(offset) == "Z" { "UTC" } else { offset }
}
