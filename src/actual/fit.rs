//! Lengths that were measured as what a `# sim:` note can say: one length, a range, or a range with a middle.

use crate::flow::Takes;
use crate::time::SimTime;

/// Lengths that differ by less than this share of the middle one, or by less than these milliseconds, are taken as one.
const SAME: (u64, u64) = (50, 20);
/// From so many lengths on, one in twenty at each end counts as an outlier.
const MANY: usize = 20;

/// The value that so many of 1000 do not exceed, of values in order; `None` of none.
#[must_use]
pub fn quantile<T: Copy>(ordered: &[T], thousandths: usize) -> Option<T> {
    let rank = (ordered.len() * thousandths).div_ceil(1000);
    ordered.get(rank.clamp(1, ordered.len().max(1)) - 1).copied()
}

/// The mean of lengths in order, without one in twenty at each end; 0 of none.
#[must_use]
pub fn mean_without_outliers(ordered: &[SimTime]) -> SimTime {
    let rare = ordered.len() / MANY;
    let usual = ordered.get(rare..ordered.len() - rare).unwrap_or_default();
    let sum: u64 = usual.iter().fold(0, |sum, length| sum.saturating_add(length.0));
    SimTime(sum / (usual.len() as u64).max(1))
}

/// What these lengths, in order, are most like; `None` of none.
#[must_use]
pub fn takes(ordered: &[SimTime]) -> Option<Takes> {
    let middle = quantile(ordered, 500)?;
    let rare = if ordered.len() < MANY { 0 } else { 50 };
    let (shortest, longest) = (rounded(quantile(ordered, rare)?), rounded(quantile(ordered, 1000 - rare)?));
    let width = longest - shortest;
    if width.0 <= SAME.1.max(middle.0 / SAME.0) {
        return Some(Takes::always(rounded(middle)));
    }
    let sum: u64 = ordered.iter().fold(0, |sum, length| sum.saturating_add(length.clamp(&shortest, &longest).0));
    let mean = sum / ordered.len() as u64;
    // The mean of a triangle is that of its three corners.
    let peak = (mean * 3).saturating_sub(shortest.0 + longest.0).clamp(shortest.0, longest.0);
    let even = Takes { shortest, likeliest: None, longest };
    let peaked = Takes { likeliest: Some(rounded(SimTime(peak)).clamp(shortest, longest)), ..even };
    Some(if distance(peaked, ordered) < distance(even, ordered) { peaked } else { even })
}

/// How far the quartiles are from those of the lengths, in milliseconds.
fn distance(takes: Takes, ordered: &[SimTime]) -> u64 {
    let at =
        |quarter: u64| takes.drawn((u64::MAX / 4) * quarter).0.abs_diff(quantile(ordered, 250 * quarter as usize).unwrap_or_default().0);
    (1..=3).map(at).sum()
}

/// A length to three digits: nobody writes more.
#[must_use]
pub fn rounded(length: SimTime) -> SimTime {
    let unit = 10_u64.pow(length.0.checked_ilog10().unwrap_or(0).saturating_sub(2));
    SimTime((length.0 + unit / 2) / unit * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::takes_text;
    use crate::random::draw;

    /// The note for 200 lengths that are drawn from this one.
    fn check(takes_as: Takes, n: u64) -> String {
        let mut lengths: Vec<SimTime> = (0..n).map(|nth| takes_as.drawn(draw(1, "length", nth, 0))).collect();
        lengths.sort_unstable();
        takes(&lengths).map(takes_text).unwrap_or_default()
    }

    #[test]
    fn a_note_says_what_the_lengths_were_drawn_from() {
        let second = |n: u64| SimTime(1000 * n);
        let range = Takes { shortest: second(40), likeliest: None, longest: second(60) };
        let notes = [
            check(Takes::always(SimTime(1234)), 3),
            check(range, 200),
            check(Takes { likeliest: Some(second(42)), ..range }, 200),
            check(range, 1),
            check(range, 0),
        ];
        insta::assert_snapshot!(notes.join("\n"), @"
        1.23s
        40.9s..59s
        41.4s..44.6s..55.8s
        45.5s
        ");
    }
}
