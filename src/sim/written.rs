//! The settings of a run as people write them. Each error is what may be written.

use crate::flow::plan::read_period;
use crate::time::{SimTime, parse_duration, parse_iso_instant};

/// A date, in milliseconds since 1970-01-01T00:00:00Z. A date alone is its midnight, UTC.
pub fn instant(text: &str) -> Result<i64, &'static str> {
    let read = parse_iso_instant(text).or_else(|| parse_iso_instant(&format!("{text}T00:00:00Z")));
    read.ok_or("a date such as 2024-01-01 or 2024-01-01T00:00:00Z")
}

/// A length of time.
pub fn duration(text: &str) -> Result<SimTime, &'static str> {
    parse_duration(text).ok_or("a length of time such as 500ms, 2s, 1.5m or PT2S")
}

/// How many executions are started, and how long after each other.
pub fn executions(text: &str) -> Result<(u32, SimTime), &'static str> {
    let (n, every) = text.split_once('@').unwrap_or((text, "0"));
    let n = n.parse().ok().filter(|n| (1..=10_000).contains(n));
    n.zip(parse_duration(every)).ok_or("a number from 1 to 10000, such as 3, or 3@1s for one each second")
}

/// A blackout period, as it is written.
pub fn period(text: &str) -> Result<String, &'static str> {
    read_period(text).map(|_| text.to_owned()).ok_or("two dates such as 2026-01-12T08:00:00Z/2026-01-12T12:00:00Z")
}
