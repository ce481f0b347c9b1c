//! How long many runs of a flow take, in JSON and as a line of text.

use serde::Serialize;

use crate::analysis::spread::Spread;

/// How long many runs take, with different seeds: `percentile` of a spread.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpreadJson {
    pub(super) runs: usize,
    pub(super) min_ms: u64,
    pub(super) p10_ms: u64,
    pub(super) p50_ms: u64,
    pub(super) p90_ms: u64,
    pub(super) max_ms: u64,
}

impl SpreadJson {
    /// That of a spread.
    #[must_use]
    pub fn of(spread: &Spread) -> Self {
        let (shortest, longest) = spread.ends();
        let [p10_ms, p50_ms, p90_ms] = [10, 50, 90].map(|percent| spread.percentile(percent).0);
        Self { runs: spread.n_runs(), min_ms: shortest.0, p10_ms, p50_ms, p90_ms, max_ms: longest.0 }
    }
}

/// `in 9 of 10 of 1000 runs under 2 m 10 s, in 8 of 10 1 m 41 s to 2 m 10 s, in half at most 1 m 55 s`.
#[must_use]
pub fn spread_text(spread: &Spread) -> String {
    let (nine_of_ten, band, median) = (spread.nine_of_ten(), spread.band(), spread.median());
    format!("in 9 of 10 of {} runs {nine_of_ten}, in 8 of 10 {band}, in half at most {median}", spread.n_runs())
}
