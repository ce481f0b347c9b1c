//! Numbers drawn from a seed: the same seed, the same numbers, whatever else the run draws.

/// SplitMix64 (Steele, Lea, Flood 2014): a bijection on 64 bits, so that different numbers give different ones.
#[must_use]
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The `nth` number of a stream that belongs to a name: an edit elsewhere in a flow does not change what a task draws.
#[must_use]
pub fn draw(seed: u64, name: &str, stream: u64, nth: u64) -> u64 {
    // FNV-1a, 64 bits.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    mix(mix(mix(seed.wrapping_add(hash)).wrapping_add(stream)).wrapping_add(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

/// A number of a range, both ends among them; a bias of less than one in 2^32 is nothing a simulation could show.
#[must_use]
pub fn within(number: u64, from: u64, to: u64) -> u64 {
    let width = u128::from(to.saturating_sub(from)) + 1;
    from + ((u128::from(number) * width) >> 64) as u64
}

/// A number of the triangular distribution from `from` to `to` with its peak at `peak`, by the inverse of its distribution
/// function: whole numbers only, so that every machine gets the same.
#[must_use]
pub fn triangular(number: u64, from: u64, peak: u64, to: u64) -> u64 {
    let (width, left, right) = (u128::from(to - from), u128::from(peak - from), u128::from(to - peak));
    let part = |share: u128, side: u128| (((share * width) >> 64) * side).isqrt() as u64;
    let number = u128::from(number);
    let rest = u128::from(u64::MAX) - number;
    if number * width < (left << 64) { from + part(number, left) } else { to - part(rest, right) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_has_its_ends_and_its_peak() {
        let drawn = |tenth: u64| triangular(u64::MAX / 10 * tenth, 1000, 3000, 11_000);
        assert_eq!((drawn(0), triangular(u64::MAX, 1000, 3000, 11_000)), (1000, 11_000));
        // A fifth of the area lies before the peak.
        assert_eq!((drawn(2), triangular(0, 5, 5, 5)), (2999, 5));
        let numbers: Vec<u64> = (0..=10).map(drawn).collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
        let mean = (0..1000).map(|nth| triangular(mix(nth), 1000, 3000, 11_000)).sum::<u64>() / 1000;
        assert!(mean.abs_diff(5000) < 200, "{mean}");
    }
}
