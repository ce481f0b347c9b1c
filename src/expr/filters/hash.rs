//! Digests of texts: MD5 (RFC 1321), SHA-1, SHA-256 and SHA-512 (FIPS 180-4). Bytes in, bytes out.

/// The fractions of the cube roots of the first 80 primes; the upper halves of the first 64 are those of SHA-256.
#[rustfmt::skip]
const CUBE_ROOTS: [u64; 80] = [
    0x428a_2f98_d728_ae22, 0x7137_4491_23ef_65cd, 0xb5c0_fbcf_ec4d_3b2f, 0xe9b5_dba5_8189_dbbc, 0x3956_c25b_f348_b538, 0x59f1_11f1_b605_d019,
    0x923f_82a4_af19_4f9b, 0xab1c_5ed5_da6d_8118, 0xd807_aa98_a303_0242, 0x1283_5b01_4570_6fbe, 0x2431_85be_4ee4_b28c, 0x550c_7dc3_d5ff_b4e2,
    0x72be_5d74_f27b_896f, 0x80de_b1fe_3b16_96b1, 0x9bdc_06a7_25c7_1235, 0xc19b_f174_cf69_2694, 0xe49b_69c1_9ef1_4ad2, 0xefbe_4786_384f_25e3,
    0x0fc1_9dc6_8b8c_d5b5, 0x240c_a1cc_77ac_9c65, 0x2de9_2c6f_592b_0275, 0x4a74_84aa_6ea6_e483, 0x5cb0_a9dc_bd41_fbd4, 0x76f9_88da_8311_53b5,
    0x983e_5152_ee66_dfab, 0xa831_c66d_2db4_3210, 0xb003_27c8_98fb_213f, 0xbf59_7fc7_beef_0ee4, 0xc6e0_0bf3_3da8_8fc2, 0xd5a7_9147_930a_a725,
    0x06ca_6351_e003_826f, 0x1429_2967_0a0e_6e70, 0x27b7_0a85_46d2_2ffc, 0x2e1b_2138_5c26_c926, 0x4d2c_6dfc_5ac4_2aed, 0x5338_0d13_9d95_b3df,
    0x650a_7354_8baf_63de, 0x766a_0abb_3c77_b2a8, 0x81c2_c92e_47ed_aee6, 0x9272_2c85_1482_353b, 0xa2bf_e8a1_4cf1_0364, 0xa81a_664b_bc42_3001,
    0xc24b_8b70_d0f8_9791, 0xc76c_51a3_0654_be30, 0xd192_e819_d6ef_5218, 0xd699_0624_5565_a910, 0xf40e_3585_5771_202a, 0x106a_a070_32bb_d1b8,
    0x19a4_c116_b8d2_d0c8, 0x1e37_6c08_5141_ab53, 0x2748_774c_df8e_eb99, 0x34b0_bcb5_e19b_48a8, 0x391c_0cb3_c5c9_5a63, 0x4ed8_aa4a_e341_8acb,
    0x5b9c_ca4f_7763_e373, 0x682e_6ff3_d6b2_b8a3, 0x748f_82ee_5def_b2fc, 0x78a5_636f_4317_2f60, 0x84c8_7814_a1f0_ab72, 0x8cc7_0208_1a64_39ec,
    0x90be_fffa_2363_1e28, 0xa450_6ceb_de82_bde9, 0xbef9_a3f7_b2c6_7915, 0xc671_78f2_e372_532b, 0xca27_3ece_ea26_619c, 0xd186_b8c7_21c0_c207,
    0xeada_7dd6_cde0_eb1e, 0xf57d_4f7f_ee6e_d178, 0x06f0_67aa_7217_6fba, 0x0a63_7dc5_a2c8_98a6, 0x113f_9804_bef9_0dae, 0x1b71_0b35_131c_471b,
    0x28db_77f5_2304_7d84, 0x32ca_ab7b_40c7_2493, 0x3c9e_be0a_15c9_bebc, 0x431d_67c4_9c10_0d4c, 0x4cc5_d4be_cb3e_42b6, 0x597f_299c_fc65_7e2a,
    0x5fcb_6fab_3ad6_faec, 0x6c44_198c_4a47_5817,
];

/// The fractions of the square roots of the first 8 primes, in the same way.
#[rustfmt::skip]
const SQUARE_ROOTS: [u64; 8] = [
    0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1, 0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
];

/// The sines of 1 to 64, as unsigned fractions.
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501, 0x6980_98d8, 0x8b44_f7af,
    0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821, 0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa,
    0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8, 0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8,
    0x676f_02d9, 0x8d2a_4c8a, 0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665, 0xf429_2244, 0x432a_ff97,
    0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1, 0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1,
    0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

/// The bytes padded to whole blocks: a one bit, zeros, and in the last eighth of a block their length in bits.
fn padded<const BLOCK: usize>(bytes: &[u8], length: fn(u64) -> [u8; 8]) -> Vec<u8> {
    let n_bytes = bytes.len().saturating_add(1).saturating_add(BLOCK / 8).next_multiple_of(BLOCK);
    let mut out = Vec::with_capacity(n_bytes);
    out.extend_from_slice(bytes);
    out.push(0x80);
    out.resize(n_bytes.saturating_sub(8), 0);
    out.extend(length((bytes.len() as u64).wrapping_mul(8)));
    out
}

/// The words of a block.
fn words<T, const N: usize>(block: &[u8], of: fn([u8; N]) -> T) -> Vec<T> {
    block.as_chunks().0.iter().map(|bytes| of(*bytes)).collect()
}

/// The words of a block, extended to `n`: each further one follows from the 16 before it.
fn extended<T>(mut words: Vec<T>, n: usize, next: impl Fn(&[T; 16]) -> T) -> Vec<T> {
    words.reserve(n);
    while let Some(last) = words.last_chunk().filter(|_| words.len() < n) {
        let word = next(last);
        words.push(word);
    }
    words
}

/// MD5.
pub(super) fn md5(bytes: &[u8]) -> Vec<u8> {
    const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded::<64>(bytes, u64::to_le_bytes).as_chunks::<64>().0 {
        let words = words(block, u32::from_le_bytes);
        let [mut a, mut b, mut c, mut d] = state;
        for ((round, sines), turns) in SINES.as_chunks::<16>().0.iter().enumerate().zip(TURNS) {
            for (idx, sine) in sines.iter().enumerate() {
                let (mixed, word) = match round {
                    0 => ((b & c) | (!b & d), idx),
                    1 => ((d & b) | (!d & c), idx.wrapping_mul(5).wrapping_add(1)),
                    2 => (b ^ c ^ d, idx.wrapping_mul(3).wrapping_add(5)),
                    _ => (c ^ (b | !d), idx.wrapping_mul(7)),
                };
                let (word, turn) = (words.get(word % 16).copied(), turns.get(idx % 4).copied());
                let sum = a.wrapping_add(mixed).wrapping_add(*sine).wrapping_add(word.unwrap_or_default());
                (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(turn.unwrap_or_default())));
            }
        }
        for (was, is) in state.iter_mut().zip([a, b, c, d]) {
            *was = was.wrapping_add(is);
        }
    }
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// SHA-1.
pub(super) fn sha1(bytes: &[u8]) -> Vec<u8> {
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded::<64>(bytes, u64::to_be_bytes).as_chunks::<64>().0 {
        let next = |[a, _, b, _, _, _, _, _, c, _, _, _, _, d, _, _]: &[u32; 16]| (a ^ b ^ c ^ d).rotate_left(1);
        let words = extended(words(block, u32::from_be_bytes), 80, next);
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (idx, word) in words.into_iter().enumerate() {
            let (mixed, constant) = match idx / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
        }
        for (was, is) in state.iter_mut().zip([a, b, c, d, e]) {
            *was = was.wrapping_add(is);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// SHA-256.
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    let mut state = SQUARE_ROOTS.map(|root| (root >> 32) as u32);
    for block in padded::<64>(bytes, u64::to_be_bytes).as_chunks::<64>().0 {
        let next = |[first, early, _, _, _, _, _, _, _, middle, _, _, _, _, late, _]: &[u32; 16]| {
            let early = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
            let late = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
            first.wrapping_add(early).wrapping_add(*middle).wrapping_add(late)
        };
        let words = extended(words(block, u32::from_be_bytes), 64, next);
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (word, root) in words.into_iter().zip(CUBE_ROOTS) {
            let turned = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let sum = h.wrapping_add(turned).wrapping_add((e & f) ^ (!e & g)).wrapping_add((root >> 32) as u32).wrapping_add(word);
            let turned = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let other = turned.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(sum), c, b, a, sum.wrapping_add(other));
        }
        for (was, is) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *was = was.wrapping_add(is);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// SHA-512.
pub(super) fn sha512(bytes: &[u8]) -> Vec<u8> {
    let mut state = SQUARE_ROOTS;
    for block in padded::<128>(bytes, u64::to_be_bytes).as_chunks::<128>().0 {
        let next = |[first, early, _, _, _, _, _, _, _, middle, _, _, _, _, late, _]: &[u64; 16]| {
            let early = early.rotate_right(1) ^ early.rotate_right(8) ^ (early >> 7);
            let late = late.rotate_right(19) ^ late.rotate_right(61) ^ (late >> 6);
            first.wrapping_add(early).wrapping_add(*middle).wrapping_add(late)
        };
        let words = extended(words(block, u64::from_be_bytes), 80, next);
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (word, root) in words.into_iter().zip(CUBE_ROOTS) {
            let turned = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
            let sum = h.wrapping_add(turned).wrapping_add((e & f) ^ (!e & g)).wrapping_add(root).wrapping_add(word);
            let turned = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
            let other = turned.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(sum), c, b, a, sum.wrapping_add(other));
        }
        for (was, is) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *was = was.wrapping_add(is);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    /// Digests of so many `a`, as GNU coreutils print them: of an empty text, and of lengths around the ends of blocks.
    #[test]
    fn digests_are_those_of_other_programs() {
        type Digest = fn(&[u8]) -> Vec<u8>;
        let known: [(Digest, usize, &str); 8] = [
            (md5, 0, "d41d8cd98f00b204e9800998ecf8427e"),
            (md5, 56, "3b0c8ac703f828b04c6c197006d17218"),
            (sha1, 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (sha1, 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
            (sha256, 3, "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"),
            (sha256, 120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
            (
                sha512,
                3,
                "d6f644b19812e97b5d871658d6d3400ecd4787faeb9b8990c1e7608288664be77257104a58d033bcf1a0e0945ff06468ebe53e2dff36e248424c7273117dac09",
            ),
            (
                sha512,
                112,
                "c01d080efd492776a1c43bd23dd99d0a2e626d481e16782e75d54c2503b5dc32bd05f0f1ba33e568b88fd2d970929b719ecbb152f58f130a407c8830604b70ca",
            ),
        ];
        for (digest, n, expected) in known {
            assert_eq!(hex(&digest(&vec![b'a'; n])), expected);
        }
    }
}
