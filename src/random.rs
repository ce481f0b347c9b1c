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
