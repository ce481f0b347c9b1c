//! How bytes are written as text: hexadecimal digits, Base64 (RFC 4648) and percent coding (RFC 3986). Text that comes back is
//! UTF-8.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

/// Bytes as hexadecimal digits, in lower case.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn digit(four: u8) -> char {
    char::from_digit(u32::from(four), 16).unwrap_or('0')
}

/// Which signs Base64 is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base64 {
    /// Section 4: `+` and `/`, and `=` up to a whole group of four.
    Standard,
    /// Section 5: `-` and `_`, without `=`.
    Url,
}

impl Base64 {
    fn sign(self, six: u8) -> char {
        const PLAIN: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        char::from(match (PLAIN.get(usize::from(six)), six, self) {
            (Some(plain), ..) => *plain,
            (None, 62, Self::Standard) => b'+',
            (None, _, Self::Standard) => b'/',
            (None, 62, Self::Url) => b'-',
            (None, _, Self::Url) => b'_',
        })
    }

    /// Bytes as text.
    #[must_use]
    pub fn encode(self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
        for three in bytes.chunks(3) {
            let [a, b, c] = [0, 1, 2].map(|at| three.get(at).copied().unwrap_or(0));
            let sixes = [a >> 2, a << 4 & 63 | b >> 4, b << 2 & 63 | c >> 6, c & 63];
            for (at, six) in sixes.into_iter().enumerate() {
                match self {
                    _ if at <= three.len() => out.push(self.sign(six)),
                    Self::Standard => out.push('='),
                    Self::Url => {}
                }
            }
        }
        out
    }

    /// The bytes that a text stands for; bits that make no whole byte are dropped.
    ///
    /// # Errors
    /// The first byte that is no sign of Base64.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, u8> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut last = 0;
        for (nth, sign) in text.trim_end_matches('=').bytes().enumerate() {
            let six = (0..64_u8).find(|six| self.sign(*six) == char::from(sign)).ok_or(sign)?;
            match nth % 4 {
                0 => {}
                1 => bytes.push(last << 2 | six >> 4),
                2 => bytes.push(last << 4 | six >> 2),
                _ => bytes.push(last << 6 | six),
            }
            last = six;
        }
        Ok(bytes)
    }
}

/// Writes a text with its letters and digits of ASCII, and those of `plain`, as they are; of all else each byte becomes `%` and two digits.
pub fn push_percent_encoded(text: &str, plain: &[u8], out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([digit(byte >> 4), digit(byte & 15)].map(|digit| digit.to_ascii_uppercase()));
        }
    }
}

/// The bytes of a text with `%..` decoded. A `%` without two digits after it stands for itself; `is_whole` then is false.
#[must_use]
pub fn percent_decoded(text: &str) -> (Vec<u8>, bool) {
    let mut bytes = Vec::with_capacity(text.len());
    let mut is_whole = true;
    let mut rest = text.as_bytes();
    let value = |digit: u8| char::from(digit).to_digit(16);
    while let [first, tail @ ..] = rest {
        let digits = tail.split_first_chunk().filter(|_| *first == b'%');
        let decoded = digits.and_then(|([high, low], behind)| Some(((value(*high)? << 4 | value(*low)?) as u8, behind)));
        is_whole &= *first != b'%' || decoded.is_some();
        let (byte, behind) = decoded.unwrap_or((*first, tail));
        bytes.push(byte);
        rest = behind;
    }
    (bytes, is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let standard = texts.map(|text| Base64::Standard.encode(text.as_bytes()));
        assert_eq!(standard, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
        let url = texts.map(|text| Base64::Url.encode(text.as_bytes()));
        assert_eq!(url, ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"]);
        assert_eq!(Base64::Standard.encode(&[0xfb, 0xff]), "+/8=");
        assert_eq!(Base64::Url.encode(&[0xfb, 0xff]), "-_8");
        assert_eq!(Base64::Url.decode("Zm9v!"), Err(b'!'));
        assert_eq!(Base64::Url.decode("Z"), Ok(Vec::new()), "half a byte is none");
    }

    #[test]
    fn a_percent_sign_alone_is_told_from_a_code() {
        assert_eq!(percent_decoded("a%20%C3%A9"), ("a é".into(), true));
        assert_eq!(percent_decoded("5%, %zz, %é, %4"), ("5%, %zz, %é, %4".into(), false));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(bytes in prop::collection::vec(any::<u8>(), 0..40), text in ".*") {
            for base in [Base64::Standard, Base64::Url] {
                prop_assert_eq!(base.decode(&base.encode(&bytes)), Ok(bytes.clone()));
            }
            let mut encoded = String::new();
            push_percent_encoded(&text, b"-", &mut encoded);
            prop_assert!(encoded.is_ascii());
            prop_assert_eq!(percent_decoded(&encoded), (text.into_bytes(), true));
        }
    }
}
