//! What a link carries: named values, as the fragment of an address. It never reaches a server.
//!
//! `#view=slots&t=0.5s&flow=1…`: each value percent-encoded. `flow` is the text of the flow, with a version before it: `1` is
//! base64url of the raw deflate of its UTF-8 bytes, which the browser packs and unpacks. It is written last, so that a link
//! that was cut on its way has lost nothing but the end of the text, and shows it.

/// The names that a link may have, of the page and of an embed alike.
pub const NAMES: &[&str] = &[
    "flow",
    "yaml",
    "example",
    "c",
    "view",
    "panel",
    "t",
    "sel",
    "in",
    "assume",
    "seed",
    "start",
    "delay",
    "workers",
    "executions",
    "fold",
    "speed",
    "autoplay",
    "code",
    "edit",
    "theme",
    "height",
    "expect",
];

/// The values of a link, in the order in which they are written. No name comes twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    values: Vec<(&'static str, String)>,
}

impl Link {
    /// Reads a fragment, with or without its `#`. What no link has is left out, and told in a sentence for each.
    #[must_use]
    pub fn parse(fragment: &str) -> (Self, Vec<String>) {
        let (mut link, mut notes) = (Self::default(), Vec::new());
        for part in fragment.trim_start_matches('#').split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match (NAMES.iter().find(|known| **known == name), decoded(value)) {
                (Some(name), Some(value)) => link.set(name, value),
                (Some(_), None) => notes.push(["`", name, "` of the link is not percent-encoded text"].concat()),
                (None, _) => notes.push(["a link has no `", name, "`"].concat()),
            }
        }
        (link, notes)
    }

    /// The value with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }

    /// Sets a value, behind those there are.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value.into()));
    }

    /// The fragment, without its `#`.
    #[must_use]
    pub fn fragment(&self) -> String {
        let mut fragment = String::new();
        for (name, value) in &self.values {
            if !fragment.is_empty() {
                fragment.push('&');
            }
            fragment.push_str(name);
            fragment.push('=');
            encode(value, b"-._~:,;@/", &mut fragment);
        }
        fragment
    }
}

/// A list as one value: its items, with commas and colons in them encoded.
#[must_use]
pub fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let mut list = String::new();
    for item in items {
        if !list.is_empty() {
            list.push(',');
        }
        encode(item, b"-._~", &mut list);
    }
    list
}

/// The items of such a value.
pub fn items(list: &str) -> impl Iterator<Item = String> {
    list.split(',').filter(|item| !item.is_empty()).filter_map(decoded)
}

/// Letters, digits and `plain` stay, of all others each byte becomes `%` and two digits.
fn encode(text: &str, plain: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// The text with its `%..` decoded; `None` when that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digit = |at: usize| char::from(*tail.get(at)?).to_digit(16);
            bytes.push((digit(0)? * 16 + digit(1)?) as u8);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Text as base64url (RFC 4648 section 5), without padding.
#[must_use]
pub fn base64url(text: &str) -> String {
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().enumerate().fold(0u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
        for at in 0..=three.len() {
            out.push(char::from(BASE64URL[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    out
}

/// The text of such; `None` when it is none.
#[must_use]
pub fn from_base64url(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for (at, byte) in four.iter().enumerate() {
            let sextet = BASE64URL.iter().position(|known| known == byte)?;
            bits |= (sextet as u32) << (18 - 6 * at);
        }
        let [_, first, second, third] = bits.to_be_bytes();
        bytes.extend_from_slice(&[first, second, third][..four.len() - 1]);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(fragment: &str) -> String {
        let (link, notes) = Link::parse(fragment);
        let values = link.values.iter().map(|(name, value)| format!("{name} = {value:?}"));
        values.chain(notes.into_iter().map(|note| format!("note: {note}"))).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_fragment_is_read_value_by_value_and_what_is_unknown_is_told() {
        insta::assert_snapshot!(check("#yaml=id%3A%20a%0A&view=slots&t=1.25s&view=gantt&colour=red&sel=%C3%A9&&c=%zz&fold"), @r#"
        yaml = "id: a\n"
        t = "1.25s"
        view = "gantt"
        sel = "é"
        fold = ""
        note: a link has no `colour`
        note: `c` of the link is not percent-encoded text
        "#);
        assert_eq!(check("#"), "");
    }

    #[test]
    fn a_link_is_short_where_it_can_be() {
        let mut link = Link::default();
        link.set("c", "parent:4,inner:2");
        link.set("start", "2024-01-01T00:00:00.000Z");
        link.set("sel", "two words");
        assert_eq!(link.fragment(), "c=parent:4,inner:2&start=2024-01-01T00:00:00.000Z&sel=two%20words");
        assert_eq!(list(["a,b", "c"]), "a%2Cb,c");
        assert_eq!(items("a%2Cb,c,").collect::<Vec<_>>(), ["a,b", "c"]);
    }

    #[test]
    fn base64url_is_that_of_the_rfc() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        assert_eq!(texts.map(base64url), ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"]);
        assert_eq!(from_base64url("Zm9v!"), None);
        assert_eq!(from_base64url("Z"), Some(String::new()), "half a byte is none");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(values in proptest::collection::vec((0..NAMES.len(), ".*"), 0..6), items in proptest::collection::vec(".+", 0..4)) {
            let mut link = Link::default();
            for (name, value) in values {
                link.set(NAMES[name], value);
            }
            prop_assert_eq!(Link::parse(&link.fragment()), (link, Vec::new()));
            let joined = list(items.iter().map(String::as_str));
            prop_assert_eq!(super::items(&joined).collect::<Vec<_>>(), items);
        }

        #[test]
        fn no_fragment_and_no_base64_is_too_odd_to_be_read(text in ".*") {
            let _ = Link::parse(&text);
            let _ = from_base64url(&text);
            prop_assert_eq!(from_base64url(&base64url(&text)), Some(text));
        }
    }
}
