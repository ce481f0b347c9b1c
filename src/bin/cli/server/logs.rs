//! The logs of an execution, each line once.

use std::collections::BTreeMap;

use parallelogram::time::{SimTime, parse_iso_instant};
use serde_json::Value;

use super::client::{Client, Trouble};
use crate::states::line;

/// Which lines were shown.
#[derive(Default)]
pub struct Logs {
    shown: BTreeMap<String, usize>,
}

impl Logs {
    /// The lines that were not shown yet, of the level INFO and above. Times count from `zero_epoch_ms`.
    pub fn news(&mut self, client: &Client, id: &str, zero_epoch_ms: i64) -> Result<Vec<String>, Trouble> {
        let found = client.json(&client.address.api(&["logs", id]), &[("minLevel", "INFO")])?.unwrap_or_default();
        let mut again: BTreeMap<String, usize> = BTreeMap::new();
        let mut news: Vec<(SimTime, String)> = Vec::new();
        for one in found.as_array().into_iter().flatten() {
            let n = again.entry(one.to_string()).or_default();
            *n += 1;
            if *n > self.shown.get(&one.to_string()).copied().unwrap_or(0) {
                news.push(printed(one, zero_epoch_ms));
            }
        }
        for (one, n) in again {
            let shown = self.shown.entry(one).or_default();
            *shown = n.max(*shown);
        }
        news.sort_by_key(|(at, _)| *at);
        Ok(news.into_iter().map(|(_, line)| line).collect())
    }
}

fn printed(one: &Value, zero_epoch_ms: i64) -> (SimTime, String) {
    let text = |key: &str| one[key].as_str().unwrap_or_default();
    let at = parse_iso_instant(text("timestamp")).unwrap_or(zero_epoch_ms).saturating_sub(zero_epoch_ms);
    let at = SimTime(u64::try_from(at).unwrap_or_default());
    let task = one["taskId"].as_str().unwrap_or("execution");
    (at, line(at, text("level"), &format!("{task}: {}", text("message"))))
}
