//! Filters that encode texts: Base64 and URLs. Rules: Pebble; Java's `URLEncoder` and `URLDecoder`.

use super::{Done, Given, unless_null};
use crate::encoding::{Base64, percent_decoded, push_percent_encoded};
use crate::expr::operators::java_text;
use crate::value::Value;

pub(super) fn base64_encode(input: &Value, _: Given<'_>) -> Done {
    unless_null(input, || Ok(Value::text(&Base64::Standard.encode(java_text(input).as_bytes()))))
}

pub(super) fn base64_decode(input: &Value, _: Given<'_>) -> Done {
    unless_null(input, || {
        let bytes = Base64::Standard.decode(&java_text(input)).map_err(|sign| format!("Illegal base64 character {sign:x}"))?;
        Ok(Value::text(&String::from_utf8_lossy(&bytes)))
    })
}

/// As in a form: a space becomes `+`, other characters `%xx`.
pub(super) fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (nth, part) in text.split(' ').enumerate() {
        out += if nth > 0 { "+" } else { "" };
        push_percent_encoded(part, b".-*_", &mut out);
    }
    out
}

/// The text that [`url_encode`] was given; a `%` without two hexadecimal digits after it is kept.
pub(super) fn url_decode(text: &str) -> String {
    String::from_utf8_lossy(&percent_decoded(&text.replace('+', " ")).0).into_owned()
}
