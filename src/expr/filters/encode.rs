//! Filters that write texts for other places to carry: Base64 and URLs. Rules: Pebble; Java's `URLEncoder` and `URLDecoder`.

use super::{Done, Given, unless_null};
use crate::expr::operators::java_text;
use crate::value::Value;

const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn base64_encode(input: &Value, _: Given<'_>) -> Done {
    unless_null(input, || {
        let text = java_text(input);
        let mut out = String::with_capacity(text.len() / 3 * 4 + 4);
        for three in text.as_bytes().chunks(3) {
            let byte = |idx: usize| u32::from(three.get(idx).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for idx in 0..4 {
                let sign = SIGNS[(bits >> (18 - 6 * idx) & 63) as usize];
                out.push(if idx <= three.len() { sign as char } else { '=' });
            }
        }
        Ok(Value::text(&out))
    })
}

pub(super) fn base64_decode(input: &Value, _: Given<'_>) -> Done {
    unless_null(input, || {
        let text = java_text(input);
        let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
        let (mut bits, mut n_bits) = (0u32, 0);
        for sign in text.trim_end_matches('=').bytes() {
            let Some(value) = SIGNS.iter().position(|known| *known == sign) else {
                return Err(format!("Illegal base64 character {sign:x}"));
            };
            bits = bits << 6 | value as u32;
            n_bits += 6;
            if n_bits >= 8 {
                n_bits -= 8;
                bytes.push((bits >> n_bits) as u8);
            }
        }
        Ok(Value::text(&String::from_utf8_lossy(&bytes)))
    })
}

/// As in a form: a blank is `+`, other signs `%xx`.
pub(super) fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => out.push(byte as char),
            b' ' => out.push('+'),
            byte => {
                out.push('%');
                let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or('0').to_ascii_uppercase();
                out.extend([digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

/// The other way round; a `%` that is none stays.
pub(super) fn url_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digit = |idx: usize| behind.get(idx).and_then(|digit| (*digit as char).to_digit(16));
        rest = behind;
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = behind.get(2..).unwrap_or_default();
            }
            (b'+', ..) => bytes.push(b' '),
            (byte, ..) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
