//! The language of all that is said to people, and what depends on it: plural forms, the decimal mark, lists of names.
//!
//! English is written in the code, as the text of [`tr!`](crate::tr). A further language is a catalog: a gettext file with a translation
//! of each message, `languages/TAG/AREA.po`. Without a catalog, and for a message that it lacks, English is spoken.

use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};

/// The languages: the tag of each, and its name in itself. English has no catalog.
pub const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("de", "Deutsch")];

thread_local!(static SPOKEN: RefCell<Option<Rc<Catalog>>> = const { RefCell::new(None) });

/// From now on this thread speaks the language of a catalog; `None` is English.
pub fn speak(catalog: Option<Catalog>) {
    SPOKEN.set(catalog.map(Rc::new));
}

/// What is made in English, whatever language this thread speaks.
pub fn in_english<T>(make: impl FnOnce() -> T) -> T {
    let spoken = SPOKEN.take();
    let made = make();
    SPOKEN.set(spoken);
    made
}

/// The translations into one language.
#[derive(Default)]
pub struct Catalog {
    rules: Option<PluralRules>,
    /// Which number of things each form of a message is for.
    categories: Vec<PluralCategory>,
    /// By context and English text, in this order: the forms.
    messages: Vec<((String, String), Vec<String>)>,
}

impl Catalog {
    /// Reads the text of a `.po` file, or of several, one after another. Each entry is separated from the next by an empty line, and
    /// each of its texts is in one line. What can't be read is left out.
    #[must_use]
    #[inline(never)] // So that it can be fetched later.
    pub fn read(po: &str) -> Self {
        let mut catalog = Self::default();
        po.split("\n\n").for_each(|entry| catalog.add(entry));
        catalog.messages.sort();
        catalog
    }

    fn add(&mut self, entry: &str) {
        let (mut context, mut id, mut forms) = (String::new(), String::new(), Vec::new());
        for (keyword, quoted) in entry.lines().filter_map(|line| line.split_once(' ')) {
            match keyword {
                "msgctxt" => context = unquoted(quoted),
                "msgid" => id = unquoted(quoted),
                _ if keyword.starts_with("msgstr") => forms.push(unquoted(quoted)),
                _ => {}
            }
        }
        match &forms[..] {
            [head] if id.is_empty() => self.read_head(head),
            _ if forms.iter().any(String::is_empty) => {}
            _ => self.messages.push(((context, id), forms)),
        }
    }

    fn read_head(&mut self, head: &str) {
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        let tag = field("Language:").parse().ok();
        self.rules = tag.and_then(|tag: unic_langid::LanguageIdentifier| PluralRules::create(tag, PluralRuleType::CARDINAL).ok());
        let category = |name: &str| match name {
            "zero" => PluralCategory::ZERO,
            "one" => PluralCategory::ONE,
            "two" => PluralCategory::TWO,
            "few" => PluralCategory::FEW,
            "many" => PluralCategory::MANY,
            _ => PluralCategory::OTHER,
        };
        self.categories = field("X-Plural-Categories:").split(' ').map(category).collect();
    }

    /// A message in its form for so many things.
    #[inline(never)] // So that it can be fetched later.
    fn find(&self, context: &str, one: &str, n: u64) -> Option<&str> {
        let at = self.messages.binary_search_by(|((known, id), _)| (&**known, &**id).cmp(&(context, one))).ok()?;
        let forms = &self.messages[at].1;
        let category = self.rules.as_ref().and_then(|rules| rules.select(n).ok());
        let form = self.categories.iter().position(|known| category.as_ref() == Some(known)).unwrap_or_default();
        forms.get(form).or(forms.first()).map(String::as_str)
    }
}

/// The text between quotes, with `\"`, `\\` and `\n` read.
fn unquoted(quoted: &str) -> String {
    let inner = quoted.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match (char, char == '\\') {
            (_, true) => text.extend(chars.next().map(|escaped| if escaped == 'n' { '\n' } else { escaped })),
            (plain, _) => text.push(plain),
        }
    }
    text
}

/// The message for so many things, its holes still open. `one` is the English message for one thing, `many` that for any other number.
/// For most code this is [`tr!`](crate::tr).
#[must_use]
pub fn message(context: &str, one: &str, many: &str, n: u64) -> String {
    let english = if n == 1 { one } else { many };
    // Not borrowed while the text is made: that may give way.
    let spoken = SPOKEN.with_borrow(Option::clone);
    spoken.as_ref().and_then(|catalog| catalog.find(context, one, n)).unwrap_or(english).to_owned()
}

/// A message that depends on no number and has no context. Each [`tr!`](crate::tr) of one is a call with a text, which is few bytes.
#[must_use]
#[inline(never)]
pub fn plain(text: &str) -> String {
    message("", text, text, 1)
}

/// The message for so many things, with texts in its holes.
#[must_use]
#[inline(never)]
pub fn message_with(context: &str, one: &str, many: &str, n: u64, holes: &[(&str, &dyn Display)]) -> String {
    filled(&message(context, one, many, n), holes)
}

/// A message with texts in its holes; a hole for which there is none stays as it is.
#[must_use]
pub fn filled(message: &str, holes: &[(&str, &dyn Display)]) -> String {
    let mut text = String::new();
    for part in parts(message) {
        match part {
            Part::Words(words) => text += words,
            Part::Hole(name, written) => match holes.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => text += &value.to_string(),
                None => text += written,
            },
        }
    }
    text
}

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words of the message.
    Words(&'a str),
    /// The name of a hole, and the hole as it is written: `{name}`.
    Hole(&'a str, &'a str),
}

/// The words and holes of a message, in the order of its language.
pub fn parts(message: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = message;
    std::iter::from_fn(move || {
        let hole = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        if let Some((name, after)) = hole {
            let written = rest.strip_suffix(after)?;
            rest = after;
            return Some(Part::Hole(name, written));
        }
        let words = rest.split_inclusive('{').next()?;
        let words = words.strip_suffix('{').filter(|words| !words.is_empty()).unwrap_or(words);
        rest = rest.strip_prefix(words)?;
        Some(Part::Words(words))
    })
}

/// What is said, in the language that is set: `tr!("Open a file")`. The text is a whole phrase or sentence, with holes for what varies:
/// `tr!("late by {time}", time = human(late))`, or `time` alone for a variable of this name. Without values its holes stay open, for
/// [`say`](crate::analysis::sentence::say).
///
/// `tr!(const "a number")` is only the English text, for a constant: [`plain`](crate::language::plain) says it when it is read.
///
/// `tr!("one task" | "{n} tasks" % n)` depends on a number, `tr!("noun" => "open")` has a context, which sets it apart from the same
/// English text elsewhere.
#[macro_export]
macro_rules! tr {
    (const $text:literal) => { $text };
    (@value $hole:ident) => { $hole };
    (@value $hole:ident $value:expr) => { $value };
    ($context:literal => $one:literal | $many:literal % $n:expr $(, $hole:ident $(= $value:expr)?)* $(,)?) => {{
        let n = $n as u64;
        $crate::language::message_with(
            $context,
            $one,
            $many,
            n,
            &[("n", &n as &dyn ::std::fmt::Display) $(, (stringify!($hole), &$crate::tr!(@value $hole $($value)?)))*],
        )
    }};
    ($one:literal | $($rest:tt)*) => { $crate::tr!("" => $one | $($rest)*) };
    ("" => $text:literal) => { $crate::language::plain($text) };
    ($context:literal => $text:literal) => { $crate::language::message($context, $text, $text, 1) };
    ($context:literal => $text:literal, $($hole:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::language::message_with(
            $context,
            $text,
            $text,
            1,
            &[$((stringify!($hole), &$crate::tr!(@value $hole $($value)?) as &dyn ::std::fmt::Display)),+],
        )
    };
    ($text:literal $($rest:tt)*) => { $crate::tr!("" => $text $($rest)*) };
}

/// What stands between the whole part and the digits of a number that people read.
#[must_use]
pub fn decimal_mark() -> String {
    tr!("decimal mark" => ".")
}

/// What stands between two names of a list, and before the last of them: `, ` and ` and `.
#[must_use]
pub fn between_names() -> (String, String) {
    (tr!("between names" => ", "), tr!("before the last name" => " and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "msgid \"\"\nmsgstr \"Language: pl\\nX-Plural-Categories: one few many\\n\"\n\n";

    fn check(po: &str, said: impl FnOnce() -> String) -> String {
        speak(Some(Catalog::read(&[HEAD, po].concat())));
        let said = said();
        speak(None);
        said
    }

    #[test]
    fn english_needs_no_catalog() {
        let (name, n) = ("t1", 2);
        assert_eq!(tr!("Open a \"file\""), "Open a \"file\"");
        assert_eq!(tr!("{name} waits for {other}", name, other = 1 + 1), "t1 waits for 2");
        assert_eq!(tr!("one task of {name}" | "{n} tasks of {name}" % 1, name), "one task of t1");
        assert_eq!(tr!("one task" | "{n} tasks" % n), "2 tasks");
        assert_eq!((tr!("noun" => "open"), tr!("noun" => "{n} left" | "{n} left" % 3)), ("open".into(), "3 left".into()));
    }

    #[test]
    fn a_message_has_the_form_and_the_order_of_its_language() {
        let po = "msgid \"one file\"\nmsgid_plural \"{n} files\"\nmsgstr[0] \"plik\"\nmsgstr[1] \"{n} pliki\"\nmsgstr[2] \"{n} plików\"";
        let files = |n: u64| check(po, || tr!("one file" | "{n} files" % n));
        assert_eq!([1, 2, 5, 22, 112].map(files), ["plik", "2 pliki", "5 plików", "22 pliki", "112 plików"]);
        let po = "msgctxt \"a\"\nmsgid \"{x} in {y}\"\nmsgstr \"\\\"{y}\\\" \\\\ {x}\\n\"\n\nmsgid \"left\"\nmsgstr \"\"";
        assert_eq!(check(po, || tr!("a" => "{x} in {y}", x = 1, y = 2)), "\"2\" \\ 1\n");
        assert_eq!(check(po, || tr!("{x} in {y}", x = 1, y = 2) + &tr!("left")), "1 in 2left");
        let both = || in_english(|| tr!("a" => "{x} in {y}", x = 1, y = 2)) + &tr!("a" => "{x} in {y}", x = 1, y = 2);
        assert_eq!(check(po, both), "1 in 2\"2\" \\ 1\n");
    }

    #[test]
    fn any_text_has_parts_that_add_up_to_it() {
        for text in ["", "{", "}", "{a}", "a{b}c{d}", "{{ x }}", "{a", "a}{", "ä{ö}ü", "{}{"] {
            let written = |part| match part {
                Part::Words(words) => words,
                Part::Hole(_, written) => written,
            };
            assert_eq!(parts(text).map(written).collect::<String>(), text);
            assert_eq!(filled(text, &[]), text);
        }
    }
}
