//! Texts to YAML scalars.

use std::fmt::Write;

/// Words that some version of YAML does not read as text.
const RESERVED: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan"];

/// A text as a YAML scalar on one line, for block style and for flow style: plain where that can't be misread, else in double
/// quotes. Every YAML reader gives the same text back.
#[must_use]
pub fn scalar(text: &str) -> String {
    // A plain text that begins with a letter is neither a number nor a date.
    let is_plain = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_alphanumeric() || " _-./()".contains(c))
        && RESERVED.iter().all(|word| !word.eq_ignore_ascii_case(text));
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            '\t' => quoted += "\\t",
            // Characters that YAML does not allow in a text, and its other line breaks.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What `serde_yaml` reads from a block list, a flow list and a flow map.
    fn read_back(text: &str) -> Vec<String> {
        let written = scalar(text);
        assert!(!written.contains(['\n', '\r']), "{written}");
        let yaml = format!("- {written}\n- [{written}, {written}]\n- {{key: {written}}} # comment\n");
        let read: serde_yaml::Value = serde_yaml::from_str(&yaml).unwrap_or_else(|error| panic!("{error}: {yaml}"));
        let places = [&read[0], &read[1][0], &read[1][1], &read[2]["key"]];
        places.map(|value| value.as_str().unwrap_or_else(|| panic!("not a text: {yaml}")).to_owned()).to_vec()
    }

    #[test]
    fn what_looks_like_something_else_is_quoted() {
        assert_eq!(["a", "a b-c/d (e)", "Déploy"].map(scalar), ["a", "a b-c/d (e)", "Déploy"]);
        assert_eq!(
            ["no", "NaN", "1e3", "a ", "a: b", "\"\\\n\u{85}"].map(scalar),
            [r#""no""#, r#""NaN""#, r#""1e3""#, r#""a ""#, r#""a: b""#, r#""\"\\\n\u0085""#]
        );
        let texts = [
            "",
            " ",
            "~",
            "null",
            "true",
            "Yes",
            "off",
            "0",
            "-1",
            "0x1f",
            "0o7",
            "1_000",
            "1e3",
            ".inf",
            ".nan",
            "2024-01-01",
            "12:30:45",
            "=",
            "<<",
            "- a",
            "? a",
            ": ",
            "a: b",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "'",
            "\"",
            "\\",
            "[",
            "]",
            "{",
            "}",
            ",",
            "a,b",
            "---",
            "...",
            " a",
            "a ",
            "\ta",
            "a\t",
            "\n",
            "a\nb",
            "\r\n",
            "\0",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{2028}",
            "\u{feff}",
            "\u{ffff}",
            "\u{1f600}",
            "é",
        ];
        for text in texts {
            assert!(read_back(text).iter().all(|read| read == text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_reads_back(text in any::<String>()) {
            prop_assert!(read_back(&text).iter().all(|read| *read == text));
        }

        #[test]
        fn every_short_text_of_the_signs_of_yaml_reads_back(text in "[-a-f0-9xXoOeEnyYN.:#,'\"&*!|>%@`~=<? \\\\\\[\\]{}\t\n\r_+é]{0,6}") {
            prop_assert!(read_back(&text).iter().all(|read| *read == text));
        }
    }
}
