//! Regular expressions, all matched by `regex-lite`.
//!
//! In: a pattern as Java or POSIX tools write it. Out: a [`Regex`], or why there is none: the pattern is wrong in its own
//! language ([`Fault::Invalid`]), or it is right but not supported here ([`Fault::Unsupported`]): look-around, references to
//! groups, possessive repetition, classes within classes, Unicode classes.
//!
//! Matching takes time in proportion to the pattern times the text, and never more than `MOST_WORK`. One difference to POSIX
//! remains: of alternatives that match at the same place the first wins, not the longest.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use crate::budget::Budget;
use regex_lite::{Captures, RegexBuilder};

/// The largest compiled pattern, in bytes.
const LARGEST: usize = 1 << 18;
/// How deep groups may nest.
const DEEPEST: usize = 50;
/// The most work of one match: states of the pattern times bytes of the text.
const MOST_WORK: usize = 50_000_000;
/// How many states are tried in the time of a step of a budget.
const STATES_A_STEP: usize = 16;
/// What a state of a compiled pattern takes, in bytes.
const STATE_SIZE: usize = 32;

/// Why a pattern can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its own language refuses it, too.
    Invalid,
    /// It is valid, but not supported here.
    Unsupported,
}

/// How a POSIX tool reads a pattern, with GNU's additions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posix {
    /// As `grep` and `sed` do: `\(`, `\+` and the like are operators.
    Basic,
    /// As `grep -E` does.
    Extended,
    /// As `[[ =~ ]]` does: extended, and a repetition of nothing is refused.
    Strict,
}

/// A compiled pattern.
#[derive(Debug)]
pub struct Regex {
    inner: regex_lite::Regex,
    /// No fewer than its states.
    n_states: usize,
}

/// Whether the whole text matches a Java pattern; `None` when that is not known.
#[must_use]
pub fn java_matches(pattern: &str, text: &str, budget: &Budget) -> Option<bool> {
    let regex = Regex::java_whole(pattern).ok()?;
    regex.affords(text.len(), budget).then(|| regex.find(text).is_some())
}

impl Regex {
    /// A Java pattern that is looked for within a text, as by `Matcher.find`.
    ///
    /// # Errors
    /// As the module says.
    pub fn java(pattern: &str) -> Result<Self, Fault> {
        Self::compile(&from_java(pattern)?, false)
    }

    /// A Java pattern that must match a whole text, as by `String.matches`.
    ///
    /// # Errors
    /// As the module says.
    pub fn java_whole(pattern: &str) -> Result<Self, Fault> {
        Self::compile(&["\\A(?:", &from_java(pattern)?, ")\\z"].concat(), false)
    }

    /// A pattern of POSIX that is looked for within a text.
    ///
    /// # Errors
    /// As the module says.
    pub fn posix(pattern: &str, kind: Posix, ignores_case: bool) -> Result<Self, Fault> {
        Self::compile(&from_posix(pattern, kind)?, ignores_case)
    }

    fn compile(pattern: &str, ignores_case: bool) -> Result<Self, Fault> {
        // The smallest limit that is kept tells how large the pattern is.
        let mut limit = 1_usize << 10;
        loop {
            match RegexBuilder::new(pattern).case_insensitive(ignores_case).size_limit(limit).build() {
                Ok(inner) => return Ok(Self { inner, n_states: limit / STATE_SIZE }),
                Err(error) if !error.to_string().contains("limit") => return Err(Fault::Invalid),
                Err(_) if limit >= LARGEST => return Err(Fault::Unsupported),
                Err(_) => limit = limit.saturating_mul(2),
            }
        }
    }

    /// Whether a text of so many bytes can be searched within `MOST_WORK` and the budget, from which it is drawn. Ask before each
    /// search.
    #[must_use]
    pub fn affords(&self, n_bytes: usize, budget: &Budget) -> bool {
        let work = self.n_states.saturating_mul(n_bytes.saturating_add(1));
        work <= MOST_WORK && budget.work(work / STATES_A_STEP)
    }

    /// The names of its groups; the first is the whole match, which has none.
    pub fn group_names(&self) -> impl Iterator<Item = Option<&str>> {
        self.inner.capture_names()
    }

    /// The first match, with its groups.
    #[must_use]
    pub fn find<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.inner.captures(text)
    }

    /// All matches, each with its groups; they do not overlap.
    pub fn find_all<'r, 't>(&'r self, text: &'t str) -> impl Iterator<Item = Captures<'t>> + use<'r, 't> {
        self.inner.captures_iter(text)
    }

    /// The text with matches replaced by what `with` writes for each.
    pub fn replace(&self, text: &str, with: &mut dyn FnMut(&Captures<'_>, &mut String)) -> String {
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for groups in self.find_all(text) {
            let Some(whole) = groups.get(0) else { continue };
            out += text.get(end..whole.start()).unwrap_or_default();
            with(&groups, &mut out);
            end = whole.end();
        }
        out + text.get(end..).unwrap_or_default()
    }
}

/// Writes a replacement of Java for a match: `$1` and `${name}` are groups, a backslash makes the next character plain.
///
/// # Errors
/// In Java's words, when the replacement names no group.
pub fn write_java_replacement(replacement: &str, groups: &Captures<'_>, out: &mut String) -> Result<(), String> {
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next().ok_or("character to be escaped is missing")?),
            '$' if chars.next_if_eq(&'{').is_some() => {
                let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                *out += groups.name(&name).map_or_else(|| Err(format!("No group with name {{{name}}}")), |found| Ok(found.as_str()))?;
            }
            '$' => {
                let digit = |c: &char| c.to_digit(10).map(|digit| digit as usize);
                let mut group = chars.next().as_ref().and_then(digit).ok_or("Illegal group reference")?;
                if group >= groups.len() {
                    return Err(format!("No group {group}"));
                }
                // Further digits belong to it as long as there is such a group.
                let longer = |group: usize, digit| Some(group.saturating_mul(10).saturating_add(digit)).filter(|n| *n < groups.len());
                while let Some(n) = chars.peek().and_then(digit).and_then(|digit| longer(group, digit)) {
                    group = n;
                    chars.next();
                }
                *out += groups.get(group).map_or("", |found| found.as_str());
            }
            c => out.push(c),
        }
    }
    Ok(())
}

/// A character that stands for itself, in the words of `regex-lite`.
fn push_plain(c: char, out: &mut String) {
    if c.is_ascii_punctuation() && c != '<' && c != '>' {
        out.push('\\');
    }
    out.push(c);
}

/// A text that stands for itself, as an extended pattern of POSIX.
pub fn push_extended_plain(text: &str, out: &mut String) {
    text.chars().for_each(|c| push_plain(c, out));
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// What matches any character of a line, for Java.
const JAVA_DOT: &str = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";
/// A blank within a line, for Java's `\h`.
const JAVA_BLANK: &str = " \\t\\x{a0}";

/// A Java pattern in the words of `regex-lite`.
fn from_java(pattern: &str) -> Result<String, Fault> {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let (mut depth, mut dot) = (0usize, JAVA_DOT);
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next().ok_or(Fault::Invalid)? {
                'Q' => {
                    while let Some(c) = chars.next().filter(|c| *c != '\\' || chars.next_if_eq(&'E').is_none()) {
                        push_plain(c, &mut out);
                    }
                }
                'Z' => out += "(?:\\r?\\n)?\\z",
                'h' => out.extend(["[", JAVA_BLANK, "]"]),
                'H' => out.extend(["[^", JAVA_BLANK, "]"]),
                c @ ('b' | 'B' | 'A' | 'z') => out.extend(['\\', c]),
                c => java_escape(c, &mut out)?,
            },
            '[' => java_class(&mut chars, &mut out)?,
            '(' => {
                depth = depth.saturating_add(1);
                if depth > DEEPEST {
                    return Err(Fault::Unsupported);
                }
                out.push('(');
                if chars.next_if_eq(&'?').is_some() {
                    out.push('?');
                    match chars.next().ok_or(Fault::Invalid)? {
                        ':' => out.push(':'),
                        // A name; `(?<=` and `(?<!` look behind.
                        '<' if chars.peek().is_some_and(char::is_ascii_alphabetic) => out.push('<'),
                        c @ ('i' | 's' | 'm' | '-') => {
                            let mut last = c;
                            while !matches!(last, ':' | ')') {
                                if last == 's' {
                                    dot = "(?s:.)";
                                }
                                out.push(last);
                                last = chars.next().filter(|c| "ismduxU-:)".contains(*c)).ok_or(Fault::Invalid)?;
                                if "duxU".contains(last) {
                                    return Err(Fault::Unsupported);
                                }
                            }
                            out.push(last);
                            depth = depth.saturating_sub(usize::from(last == ')'));
                        }
                        _ => return Err(Fault::Unsupported),
                    }
                }
            }
            ')' => {
                depth = depth.checked_sub(1).ok_or(Fault::Invalid)?;
                out.push(')');
            }
            '.' => out += dot,
            '*' | '+' | '?' | '{' => {
                out.push(c);
                if c == '{' {
                    out.extend(std::iter::from_fn(|| chars.next_if(|c| *c != '}')));
                    chars.next();
                    out.push('}');
                }
                // A possessive repetition may match less than a greedy one.
                if chars.peek() == Some(&'+') {
                    return Err(Fault::Unsupported);
                }
            }
            '^' | '$' | '|' => out.push(c),
            c => push_plain(c, &mut out),
        }
    }
    if depth == 0 { Ok(out) } else { Err(Fault::Invalid) }
}

/// `\d`, `\.` and the like, within a class or outside.
fn java_escape(c: char, out: &mut String) -> Result<(), Fault> {
    match c {
        'd' | 'D' | 'w' | 'W' | 's' | 'S' | 't' | 'n' | 'r' | 'f' | 'a' | 'x' | 'u' => out.extend(['\\', c]),
        'e' => *out += "\\x1b",
        // Numbers of groups, Unicode classes and codes; Java keeps the other letters of ASCII for itself.
        c if c.is_ascii_digit() || "pPEckNGRvVX".contains(c) => return Err(Fault::Unsupported),
        c if c.is_ascii_alphabetic() => return Err(Fault::Invalid),
        c => push_plain(c, out),
    }
    Ok(())
}

/// `[a-z_]`, after its opening bracket.
fn java_class(chars: &mut Chars<'_>, out: &mut String) -> Result<(), Fault> {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut is_first = true;
    loop {
        let c = chars.next().ok_or(Fault::Invalid)?;
        match c {
            ']' if !is_first => break,
            '[' => return Err(Fault::Unsupported),
            '&' if chars.peek() == Some(&'&') => return Err(Fault::Unsupported),
            // Between two characters of a range; at either end of the class it stands for itself.
            '-' if !is_first && chars.peek().is_some_and(|c| *c != ']') => {
                let after_escape = ["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", JAVA_BLANK].iter().any(|class| out.ends_with(class));
                *out += if after_escape { "\\-" } else { "-" };
            }
            '\\' => match chars.next().ok_or(Fault::Invalid)? {
                'h' => *out += JAVA_BLANK,
                'H' | 'Q' => return Err(Fault::Unsupported),
                c => java_escape(c, out)?,
            },
            c => push_plain(c, out),
        }
        is_first = false;
    }
    out.push(']');
    Ok(())
}

/// A POSIX pattern in the words of `regex-lite`.
fn from_posix(pattern: &str, kind: Posix) -> Result<String, Fault> {
    let is_extended = kind != Posix::Basic;
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut depth = 0usize;
    // Whether a branch begins here: a star there stands for itself, and so does a caret elsewhere in a basic pattern.
    let mut at_start = true;
    while let Some(c) = chars.next() {
        let escaped = if c == '\\' { Some(chars.next().ok_or(Fault::Invalid)?) } else { None };
        // Signs that are operators: in basic patterns the escaped ones.
        let operator = match escaped {
            None if is_extended && "(){|+?".contains(c) => Some(c),
            Some(c) if !is_extended && "(){|+?".contains(c) => Some(c),
            _ => None,
        };
        let was_start = std::mem::replace(&mut at_start, false);
        match (operator, escaped, c) {
            (Some('('), ..) => {
                depth = depth.saturating_add(1);
                if depth > DEEPEST {
                    return Err(Fault::Unsupported);
                }
                out.push('(');
                at_start = true;
            }
            (Some(')'), ..) => {
                depth = depth.checked_sub(1).ok_or(Fault::Invalid)?;
                out.push(')');
            }
            (Some('|'), ..) => {
                out.push('|');
                at_start = true;
            }
            (Some('{'), ..) if chars.peek().is_some_and(|c| c.is_ascii_digit() || *c == ',') => {
                let mut counts: String = std::iter::from_fn(|| chars.next_if(|c| c.is_ascii_digit() || *c == ',')).collect();
                if counts.starts_with(',') {
                    counts.insert(0, '0');
                }
                let close = if is_extended { "}" } else { "\\}" };
                if !close.chars().all(|c| chars.next_if_eq(&c).is_some()) {
                    return Err(Fault::Invalid);
                }
                out.extend(["{", &counts, "}"]);
            }
            (Some(sign @ ('+' | '?')), ..) if !was_start => push_repetition(sign, &mut out),
            (Some('+' | '?'), ..) | (None, None, '*') if was_start && kind == Posix::Strict => return Err(Fault::Invalid),
            (Some(sign), ..) => push_plain(sign, &mut out),
            (None, Some(c), _) => match c {
                'w' | 'W' | 's' | 'S' | 'b' | 'B' | '<' | '>' | 'n' | 't' => out.extend(['\\', c]),
                '`' => out += "\\A",
                '\'' => out += "\\z",
                '1'..='9' => return Err(Fault::Unsupported),
                c => push_plain(c, &mut out),
            },
            (None, None, '*') if !was_start => push_repetition('*', &mut out),
            (None, None, '.') => out += "(?s:.)",
            (None, None, '[') => posix_class(&mut chars, &mut out)?,
            (None, None, '^') if is_extended || was_start => {
                out.push('^');
                at_start = true;
            }
            (None, None, '$') if is_extended || ends_branch(&chars) => out.push('$'),
            _ => push_plain(c, &mut out),
        }
    }
    if depth == 0 { Ok(out) } else { Err(Fault::Invalid) }
}

/// `a+?` of POSIX repeats twice, where `regex-lite` would take it as lazy.
fn push_repetition(sign: char, out: &mut String) {
    if out.ends_with(['*', '+', '?', '}']) && !out.ends_with(['\\']) && !is_escaped_at_end(out) {
        // Of a repetition of a repetition the star is the sum, unless both are the same.
        if !out.ends_with(sign) {
            out.pop();
            out.push('*');
        }
        return;
    }
    out.push(sign);
}

fn is_escaped_at_end(out: &str) -> bool {
    out.chars().rev().skip(1).take_while(|c| *c == '\\').count() % 2 == 1
}

/// Whether a `$` of a basic pattern stands at the end of a branch.
fn ends_branch(chars: &Chars<'_>) -> bool {
    let rest: String = chars.clone().take(2).collect();
    rest.is_empty() || rest == "\\)" || rest == "\\|"
}

/// `[[:alpha:]_]`, after its opening bracket: a backslash stands for itself.
fn posix_class(chars: &mut Chars<'_>, out: &mut String) -> Result<(), Fault> {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut is_first = true;
    loop {
        match chars.next().ok_or(Fault::Invalid)? {
            ']' if !is_first => break,
            '[' if chars.peek() == Some(&':') => {
                let name: String = std::iter::from_fn(|| chars.next_if(|c| *c != ']')).collect();
                if chars.next().is_none() || name.len() < 3 || !name.ends_with(':') {
                    return Err(Fault::Invalid);
                }
                out.extend(["[", &name, "]"]);
            }
            '[' if matches!(chars.peek(), Some('.' | '=')) => return Err(Fault::Unsupported),
            '-' if !is_first && !out.ends_with(":]") && chars.peek().is_some_and(|c| *c != ']') => out.push('-'),
            c => push_plain(c, out),
        }
        is_first = false;
    }
    out.push(']');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The texts that match as a whole, of those separated by spaces; or the fault.
    fn java(pattern: &str, texts: &str) -> String {
        match Regex::java_whole(pattern) {
            Ok(regex) => texts.split(' ').filter(|text| regex.find(text).is_some()).collect::<Vec<_>>().join(" "),
            Err(fault) => format!("{fault:?}"),
        }
    }

    /// What matches in a text, each in brackets; or the fault.
    fn posix(pattern: &str, is_extended: bool, text: &str) -> String {
        match Regex::posix(pattern, if is_extended { Posix::Extended } else { Posix::Basic }, false) {
            Ok(regex) => regex.replace(text, &mut |groups, out| out.extend(["[", &groups[0], "]"])),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn the_whole_text_must_match_a_java_pattern() {
        assert_eq!(java(r"A\d+", "A1 A A123 xA1 A1x a1"), "A1 A123");
        assert_eq!(java("a|bc|d?", "a bc d abc b"), "a bc d");
        assert_eq!(java("^(?:ab)+$", "ab abab aba"), "ab abab");
        assert_eq!(java("(a(b|c)*)+x", "ax abcx aabax abc x"), "ax abcx aabax");
        assert_eq!(java("[a-c_-]{2,3}", "a ab ab- abca _d"), "ab ab-");
        assert_eq!(java(r"[^\s.]+", "ab a.b"), "ab");
        assert_eq!(java(r"[\w.+-]+@[\w-]+(\.[a-z]{2,})+", "a.b+c@d-e.fr a@b a@b.c"), "a.b+c@d-e.fr");
        assert_eq!(java(r"(?<year>\d{4})-\d\d-\d\d", "2024-01-31 24-01-31"), "2024-01-31");
        assert_eq!(java(r"a{2}b{1,}c{0,1}", "aab aabbc abc aabcc"), "aab aabbc");
        assert_eq!(java(r"\bab\b|x\By", "ab xy"), "ab xy");
        assert_eq!(java("(a|b|c|)z", "az bz cz z dz"), "az bz cz z");
        assert_eq!(java("(x+x+)+y", "xxxxy xy xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), "xxxxy");
        assert_eq!(java("[]a]+", "] a] b"), "] a]");
        assert_eq!(java(r"[\w-z]+", "a-z"), "a-z");
        assert_eq!(java(".*", "ä a\rb"), "ä");
        assert_eq!(java("(?i)ab(?s:.)", "ABc a\nb aB\n"), "ABc aB\n");
        assert_eq!(java(r"\Qa.b*\Ec+", "a.b*cc axb*c"), "a.b*cc");
        assert_eq!(java("a~b!<>@", "a~b!<>@"), "a~b!<>@");
    }

    #[test]
    fn a_pattern_that_java_refuses_differs_from_one_that_is_not_supported() {
        for pattern in ["\\", "(", ")", "a)(b", "[a", "*a", "a{", "a{3,2}", "[z-a]", "\\y"] {
            assert_eq!(java(pattern, ""), "Invalid", "{pattern}");
        }
        for pattern in ["(?=a)", "(?<!a)b", "(?x)a", r"(a)\1", r"\p{L}", "[a[bc]]", "[a-z&&[^b]]", "a++", "((a{99}){99}){99}"] {
            assert_eq!(java(pattern, ""), "Unsupported", "{pattern}");
        }
        assert_eq!(java(&"(".repeat(10_000), ""), "Unsupported");
    }

    #[test]
    fn a_match_that_takes_too_long_is_not_tried() {
        assert_eq!(java_matches(&"a*".repeat(3000), &"a".repeat(100_000), &Budget::default()), None);
        assert_eq!(java_matches("(a*)*", &"a".repeat(10_000), &Budget::default()), Some(true));
    }

    #[test]
    fn posix_patterns_are_basic_or_extended() {
        assert_eq!(posix(r"a\+(b)", false, "aa(b) ab"), "[aa(b)] ab");
        assert_eq!(posix("a+(b)", true, "aa(b) ab"), "aa(b) [ab]");
        assert_eq!(posix(r"^*ab*$", false, "*abb"), "[*abb]");
        assert_eq!(posix(r"\(x\|y\)\{2\}z^$", false, "xyz^$"), "xyz^$");
        assert_eq!(posix(r"\(x\|y\)\{2\}z^", false, "xyz^"), "[xyz^]");
        assert_eq!(posix("[[:digit:]]+[]x-]", true, "12x 3] 4- 5"), "[12x] [3]] [4-] 5");
        assert_eq!(posix(r"[\n]", true, r"a\n"), r"a[\][n]");
        assert_eq!(posix(r"\<is\>", false, "this is"), "this [is]");
        assert_eq!(posix("a{,2}b{x", true, "aab{x"), "[aab{x]");
        assert_eq!(posix("a|*b", true, "a*b"), "[a][*b]");
        assert_eq!(posix(r"a\.b\d", true, "a.bd axb1"), "[a.bd] axb1");
        for pattern in [r"\(a\)\1", "[[=a=]]"] {
            assert_eq!(posix(pattern, false, ""), "Unsupported", "{pattern}");
        }
        for pattern in ["(a", "a)", "[a", "a{1", "[[:nope:]]"] {
            assert_eq!(posix(pattern, true, ""), "Invalid", "{pattern}");
        }
    }

    #[test]
    fn a_replacement_of_java_names_groups() {
        let replaced = |pattern: &str, replacement: &str, text: &str| {
            let mut fault = None;
            let regex = Regex::java(pattern).expect("it is valid");
            let out = regex.replace(text, &mut |groups, out| fault = write_java_replacement(replacement, groups, out).err());
            fault.map_or(out, |fault| format!("fault: {fault}"))
        };
        assert_eq!(replaced(r"(\d+)-(?<b>\d+)", "${b}+$1\\$$10", "1-2 x 30-4"), "2+1$10 x 4+30$300");
        assert_eq!(replaced("a*", "-", "baac"), "-b-c-");
        assert_eq!(replaced("a", "$1", "a"), "fault: No group 1");
        assert_eq!(replaced("a", "$", "a"), "fault: Illegal group reference");
    }

    proptest! {
        #[test]
        fn no_pattern_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
            "a", "é", "\\", "(", ")", "[", "]", "^", "-", "[:", ":]", "{", "}", "1", ",", "*", "+", "?", "|", ".", "$", "(?", "i)", "<n>", "Q", "E", "x", "u", "d", "&&", " ",
        ]), 0..12)) {
            let pattern = parts.concat();
            for regex in [Regex::java(&pattern), Regex::java_whole(&pattern), Regex::posix(&pattern, Posix::Basic, true), Regex::posix(&pattern, Posix::Strict, false)].into_iter().flatten() {
                let _ = regex.replace("aé-(]\n x1", &mut |groups, out| _ = write_java_replacement("$1\\", groups, out));
            }
        }
    }
}
