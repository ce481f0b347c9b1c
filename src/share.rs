//! What a link carries: named values in the fragment of an address, which never reaches a server.
//!
//! `#view=slots&t=0.5s&flow=1…`: each value is percent-encoded. `flow` is the text of the flow after a version: `1` is base64url
//! of the raw deflate of its UTF-8 bytes, which the browser packs and unpacks. It is written last, so that a link that was cut
//! off has lost only the end of the text.

use std::collections::BTreeMap;

use crate::encoding::{Base64, percent_decoded, push_percent_encoded};
use crate::flow::plan::{BLACKOUTS, periods};
use crate::sim::scenario::Scenario;
use crate::sim::server::ServerModel;
use crate::time::{parse_duration, parse_iso_instant};
use crate::tr;
use crate::value::Value;

/// What a parameter of a link is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The flow itself.
    Text,
    /// The settings of its run.
    Run,
    /// What the page shows of the run.
    View,
    /// What the page holds beside the run on show.
    Page,
    /// How an embed looks in the page around it.
    Frame,
    /// What the author of a page claims of the run.
    Claim,
}

/// The parameters of a link to the page or to an embed: the one table of their names, which `js/` and the
/// reference in `docs/` are tested against.
pub const PARAMETERS: &[(&str, About)] = &[
    ("flow", About::Text),
    ("yaml", About::Text),
    ("example", About::Text),
    ("c", About::Run),
    ("view", About::View),
    ("panel", About::View),
    ("heat", About::View),
    ("critical", About::View),
    ("t", About::View),
    ("sel", About::View),
    ("in", About::Run),
    ("assume", About::Run),
    ("seed", About::Run),
    ("start", About::Run),
    ("server", About::Run),
    ("delay", About::Run),
    ("workers", About::Run),
    ("cores", About::Run),
    ("executions", About::Run),
    ("blackout", About::Run),
    ("template", About::Run),
    ("kestra", About::Run),
    ("fold", About::View),
    ("speed", About::View),
    ("autoplay", About::View),
    ("kept", About::Page),
    ("upgrade", About::Page),
    ("lesson", About::Page),
    ("step", About::Page),
    ("lessons", About::Page),
    ("code", About::Frame),
    ("edit", About::Frame),
    ("theme", About::Frame),
    ("lang", About::Frame),
    ("height", About::Frame),
    ("expect", About::Claim),
];

/// The name of a parameter, when there is one with this name.
fn parameter(name: &str) -> Option<&'static str> {
    PARAMETERS.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// The values of a link, in the order in which they are written. No name comes twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    values: Vec<(&'static str, String)>,
}

impl Link {
    /// Reads a fragment, with or without its `#`. Parameters that are unknown or can't be read are left out, with a sentence for
    /// each.
    #[must_use]
    pub fn parse(fragment: &str) -> (Self, Vec<String>) {
        let (mut link, mut notes) = (Self::default(), Vec::new());
        for part in fragment.trim_start_matches('#').split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match (parameter(name), decoded(value)) {
                (Some(name), Some(value)) => link.set(name, value),
                (Some(_), None) => notes.push(tr!("`{name}` of the link is not percent-encoded text", name)),
                (None, _) => notes.push(tr!("a link has no `{name}`", name)),
            }
        }
        (link, notes)
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }

    /// Passes a value to `set`, if the link has it. A sentence when `set` can't read it.
    pub fn read(&self, name: &str, set: &mut dyn FnMut(&str) -> Option<()>) -> Option<String> {
        self.is_wrong(name, set).then(|| unreadable(name))
    }

    fn is_wrong(&self, name: &str, set: &mut dyn FnMut(&str) -> Option<()>) -> bool {
        self.get(name).is_some_and(|value| set(value).is_none())
    }

    /// The values with their names, in the order in which they are written.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().map(|(name, value)| (*name, &**value))
    }

    /// Sets a value, which is written last.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        debug_assert_eq!(parameter(name), Some(name), "a link has the parameters of the table");
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
            push_percent_encoded(value, b"-._~:,;@/", &mut fragment);
        }
        fragment
    }
}

/// The sentence for a parameter of a link whose value can't be read.
#[must_use]
pub fn unreadable(name: &str) -> String {
    tr!("`{name}` of the link has a value that can't be read", name)
}

/// Puts the settings of a run that a link carries into a scenario. The names of those whose values can't be read.
pub fn read_settings(link: &Link, scenario: &mut Scenario) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    let mut read = |name: &'static str, set: &mut dyn FnMut(&str) -> Option<()>| wrong.extend(link.is_wrong(name, set).then_some(name));
    read("c", &mut |value| limits(value).map(|limits| scenario.concurrent = limits));
    read("in", &mut |value| {
        let inputs = Value::from_json(&from_base64url(value)?)?;
        scenario.inputs = inputs.as_map()?.iter().map(|(id, value)| (id.to_string(), value.clone())).collect();
        Some(())
    });
    read("assume", &mut |value| {
        scenario.assumptions = Value::from_json(&from_base64url(value)?)?.as_map()?.clone();
        Some(())
    });
    read("seed", &mut |value| value.parse().ok().map(|seed| scenario.seed = seed));
    read("start", &mut |value| parse_iso_instant(value).map(|start| scenario.start_epoch_ms = start));
    // A delay that the link has counts in place of that of the server.
    read("server", &mut |value| ServerModel::from_name(value).map(|model| model.apply(scenario)));
    read("delay", &mut |value| parse_duration(value).map(|delay| scenario.dispatch_delay = delay));
    read("workers", &mut |value| positive(value).map(|n| scenario.workers = Some(n)));
    read("cores", &mut |value| positive(value).map(|n| scenario.cores = Some(n)));
    read("executions", &mut |value| {
        let (n, every) = value.split_once('@').unwrap_or((value, "0"));
        (scenario.executions, scenario.every) = (positive(n).filter(|n| *n <= 1000)?, parse_duration(every)?);
        Some(())
    });
    read("blackout", &mut |value| {
        scenario.assumptions.insert(BLACKOUTS, periods(value)?);
        Some(())
    });
    wrong
}

fn positive(text: &str) -> Option<u32> {
    text.parse().ok().filter(|n| *n > 0)
}

/// Limits of groups as one value: `parent:4,inner:2`.
#[must_use]
pub fn limits_text(limits: &BTreeMap<String, u32>) -> String {
    limits.iter().map(|(id, n)| [&*list([&**id]), ":", &n.to_string()].concat()).collect::<Vec<_>>().join(",")
}

/// Limits that [`limits_text`] wrote; 0 is no limit.
fn limits(text: &str) -> Option<BTreeMap<String, u32>> {
    let mut limits = BTreeMap::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let (id, n) = pair.rsplit_once(':')?;
        limits.insert(items(id).next()?, n.parse().ok()?);
    }
    Some(limits)
}

/// A list as one value: its items, with commas and colons in them encoded.
#[must_use]
pub fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let mut list = String::new();
    for item in items {
        if !list.is_empty() {
            list.push(',');
        }
        push_percent_encoded(item, b"-._~", &mut list);
    }
    list
}

/// The items of a value that [`list`] wrote.
pub fn items(list: &str) -> impl Iterator<Item = String> {
    list.split(',').filter(|item| !item.is_empty()).filter_map(decoded)
}

/// The text with each `%XX` decoded; `None` when that gives no UTF-8, or a `%` begins no code.
fn decoded(text: &str) -> Option<String> {
    let (bytes, is_whole) = percent_decoded(text);
    String::from_utf8(bytes).ok().filter(|_| is_whole)
}

/// Text as base64url, without padding.
#[must_use]
pub fn base64url(text: &str) -> String {
    Base64::Url.encode(text.as_bytes())
}

/// The text that [`base64url`] encoded; `None` when this is not base64url of UTF-8.
#[must_use]
pub fn from_base64url(text: &str) -> Option<String> {
    String::from_utf8(Base64::Url.decode(text).ok()?).ok()
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
    fn a_fragment_is_read_value_by_value_and_unknown_parameters_are_reported() {
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

    /// The words in quotes, from where `start` ends up to the next `end`.
    fn quoted<'a>(text: &'a str, start: &str, end: char) -> Vec<&'a str> {
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("there is no {start}"));
        let inside = rest.split(end).next().unwrap_or("");
        let mut words: Vec<&str> = inside.split(['"', '`']).skip(1).step_by(2).collect();
        words.sort_unstable();
        words
    }

    /// The names of all parameters of these kinds.
    fn about(kinds: &[About]) -> Vec<&'static str> {
        let mut names: Vec<&str> = PARAMETERS.iter().filter(|(_, about)| kinds.contains(about)).map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn scripts_and_docs_know_the_parameters_of_the_table() {
        let element = include_str!("../js/flow-playground.js");
        let embed = include_str!("../js/embed.js");
        let share = include_str!("../js/dialogs.js");
        let with_text = about(&[About::Run, About::View]);
        // The element reads the height itself.
        assert_eq!([quoted(element, "const LOOKS = [", ']'), vec!["height"]].concat(), {
            let mut frame = about(&[About::Frame]);
            frame.sort_by_key(|name| *name == "height");
            frame
        });
        assert_eq!(quoted(element, "const WITH_TEXT = [", ']'), about(&[About::Run, About::View, About::Claim]));
        let mut loadable = [with_text.clone(), vec!["yaml", "example", "expect"]].concat();
        loadable.sort_unstable();
        assert_eq!(quoted(embed, "const LOADABLE = [", ']'), loadable);
        assert!(quoted(embed, "const SETTABLE = [", ']').iter().all(|name| with_text.contains(name)));
        let some = [quoted(share, "const OF_THE_READER = [", ']'), quoted(element, "observedAttributes = [", ']')].concat();
        assert_eq!(some.iter().find(|name| parameter(name).is_none()), None);

        // A name in the program that is not in the table would never be read or written.
        let program = ["app", "web"].map(|folder| format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR")));
        let files = program.iter().flat_map(|folder| std::fs::read_dir(folder).expect("the sources are there"));
        let files: Vec<_> = files.map(|file| file.expect("its name can be read").path()).filter(|path| path.is_file()).collect();
        for path in &files {
            let text = std::fs::read_to_string(path).expect("sources are text");
            for call in ["link.set(\"", "link.get(\"", " read(\""] {
                let unknown = text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).find(|name| parameter(name).is_none());
                assert_eq!(unknown, None, "in {}", path.display());
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(values in proptest::collection::vec((0..PARAMETERS.len(), ".*"), 0..6), items in proptest::collection::vec(".+", 0..4)) {
            let mut link = Link::default();
            for (name, value) in values {
                link.set(PARAMETERS[name].0, value);
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
