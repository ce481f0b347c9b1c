//! Each language has a translation of each message of the areas that are done, and no text of these is hard-coded.
//!
//! `UPDATE_LANGUAGES=1` writes the catalogs anew: sorted, with an empty entry for each new message, and without what is no message
//! any more.
#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::analysis::explanation::{of_flow, rows};
use parallelogram::analysis::sentence::plain as plain_text;
use parallelogram::analysis::story::story;
use parallelogram::app::hints::hints;
use parallelogram::app::result::{facts, total_text};
use parallelogram::app::settings::SERVER_FIELDS;
use parallelogram::app::table::{heads, last_head};
use parallelogram::app::terms::Term;
use parallelogram::app::trials::Act;
use parallelogram::app::{App, Msg, Panel};
use parallelogram::examples::find;
use parallelogram::flow::read_text;
use parallelogram::language::{Catalog, LANGUAGES, Part, parts, speak};
use parallelogram::render::explain;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::RunIdx;
use parallelogram::source::Source;
use parallelogram::time::SimTime;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use regex_lite::Regex;

/// The areas that are done: the name of the catalog, and the files and folders below `src`, or `js`. The longest path that fits decides.
const DONE: [(&str, &[&str]); 6] = [
    ("analysis", &["analysis", "language.rs", "render/explain.rs", "sim/names.rs"]),
    (
        "diagnostics",
        &[
            "actual",
            "analysis/endless.rs",
            "analysis/expectation.rs",
            "analysis/faults",
            "complete",
            "convert",
            "diag.rs",
            "docs",
            "edit",
            "expr",
            "flow",
            "share.rs",
            "shell",
            "sim",
            "syntax",
            "upgrade",
        ],
    ),
    ("element", &["js/flow-playground.js"]),
    ("page", &["app", "examples.rs", "quiz", "render/actual/mod.rs", "web"]),
    ("script", &["js"]),
    ("timeline", &["analysis/segments.rs", "time.rs", "timeline"]),
];

/// Literals that are no text: names, headings of the rules, what is found in a diagnostic or in the log, the keys of messages of the text
/// editor, and what a browser reads.
const NO_TEXT: [&str; 19] = [
    "XL Release",
    "Astro, Starlight",
    "Sphinx, MyST Markdown",
    "Sphinx, reStructuredText",
    "Control character",
    "Folded lines",
    "Selection deleted",
    "Unfolded lines",
    "Invalid type: {name}",
    " and fails",
    "concurrent: {n}",
    "Task properties",
    "Flowable tasks",
    "Flow-level concurrency",
    ": concurrency.limit",
    " is not simulated, it takes ",
    "(prefers-reduced-motion: reduce)",
    "input:not([type=checkbox]), select, textarea, .pg-timeline *, dialog *, [role=menu] *, [role=grid] *",
    "<svg class=\"pg-defs\" aria-hidden=\"true\"><defs>{}</defs></svg>",
];

/// The area whose files also hold what servers and shells say, which stays as it is. There only the texts count that are given to one of
/// these, and `Diagnostic::note`.
const MIXED: (&str, [&str; 6]) = ("diagnostics", ["error", "warning", "label", "help", "says", "lose"]);

/// Messages that are the same in a language as in English.
const SAME: [(&str, &[&str]); 1] = [(
    "de",
    &[
        "Code",
        "Details",
        "flow",
        "Flow",
        "Gantt",
        "ideal",
        "Log",
        "Link",
        "Parallel",
        "Pause",
        "Quiz: {flow}",
        "Seed",
        "Server",
        "Subflows",
        "Text",
        "Esc",
        "{down} {first}, {across} {second}: {time}",
        "Kestra {version} {does}",
        "{speed}, in {n} s",
        "{clauses}.",
        "{first}; {then}",
        "{happened}.",
        "{happened}: {message}.",
        "{name} in {title}",
        "{name}: {message}",
        "{name}: {message} ({help})",
        "Release",
        "{value}: {text}",
        "worker",
        ", ",
    ],
)];

/// The context, the English text, and that for several things.
type Message = (String, String, Option<String>);

/// What a source file says.
#[derive(Default)]
struct Said {
    messages: BTreeSet<Message>,
    /// Literals outside of messages.
    literals: Vec<String>,
}

impl Said {
    /// Walks through tokens, without attributes, tests, and what only a programmer reads. `counts` is whether literals count here.
    fn read(&mut self, tokens: TokenStream, counts: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let group = |at: usize| if let Some(TokenTree::Group(group)) = tokens.get(at) { Some(group) } else { None };
            let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.to_string() == text);
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' && group(at + usize::from(is(at, "!"))).is_some() => {
                    let attribute = group(at + usize::from(is(at, "!"))).map(ToString::to_string).unwrap_or_default();
                    at += 1 + usize::from(is(at, "!"));
                    if attribute.replace(' ', "") == "[cfg(test)]" {
                        let is_end = |token: &TokenTree| match token {
                            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                            other => other.to_string() == ";",
                        };
                        at += tokens[at..].iter().position(is_end).map_or(tokens.len(), |end| end + 1);
                    }
                }
                TokenTree::Ident(ident) if ident == "tr" && is(at, "!") && group(at + 1).is_some() => {
                    self.message(group(at + 1).expect("it is there"), counts);
                    at += 2;
                }
                TokenTree::Ident(ident) if !counts && is_read(ident, at >= 2 && is(at - 2, ":")) => {
                    if let Some(given) = group(at).filter(|group| group.delimiter() == Delimiter::Parenthesis) {
                        self.read(given.stream(), true);
                        at += 1;
                    }
                }
                TokenTree::Ident(ident) if is_for_programmers(&ident.to_string()) => {
                    at += usize::from(is(at, "!"));
                    at += usize::from(group(at).is_some());
                }
                TokenTree::Group(group) => self.read(group.stream(), counts),
                TokenTree::Literal(_) => self.literals.extend(text(Some(token)).filter(|_| counts)),
                _ => {}
            }
        }
    }

    /// Reads a script: what `tr` is called with, and what begins like a sentence, but for comments and what only a programmer reads.
    fn read_script(&mut self, script: &str) {
        let comment = Regex::new(r"^\s*(//|/?\*).*|\s// .*|.*(console\.|Error\().*").expect("the pattern is valid");
        let literal = Regex::new(r#"(\btr\()?("(?:[^"\\]|\\.)*"|`[^`]*`)"#).expect("the pattern is valid");
        let sentence = Regex::new(r"^`?[A-Z][a-z]*,? ").expect("the pattern is valid");
        for line in script.lines() {
            for found in literal.captures_iter(&comment.replace(line, "")) {
                let text = syn::parse_str::<syn::LitStr>(&found[2]).map_or_else(|_| found[2].to_owned(), |literal| literal.value());
                if found.get(1).is_some() {
                    self.messages.insert((String::new(), text, None));
                } else if sentence.is_match(&text) {
                    self.literals.push(text);
                }
            }
        }
    }

    fn message(&mut self, of: &Group, counts: bool) {
        let mut tokens: Vec<TokenTree> = of.stream().into_iter().collect();
        if tokens.first().is_some_and(|token| token.to_string() == "const") {
            tokens.remove(0);
        }
        let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.to_string() == text);
        let (context, at) = if is(1, "=") && is(2, ">") { (text(tokens.first()), 3) } else { (Some(String::new()), 0) };
        let many = if is(at + 1, "|") { text(tokens.get(at + 2)) } else { None };
        if let (Some(context), Some(one)) = (context, text(tokens.get(at))) {
            self.messages.insert((context, one, many));
        }
        // The values in its holes may be messages, too.
        self.read(tokens.into_iter().filter(|token| text(Some(token)).is_none()).collect(), counts);
    }
}

/// Whether people read what this is given: it is a name of [`MIXED`], or `note` of a type.
fn is_read(name: &Ident, is_of_type: bool) -> bool {
    MIXED.1.iter().any(|known| name == known) || name == "note" && is_of_type
}

/// What panics, and its text.
fn is_for_programmers(name: &str) -> bool {
    ["expect", "panic", "unreachable", "assert", "assert_eq", "debug_assert", "debug_assert_eq"].contains(&name)
}

fn text(token: Option<&TokenTree>) -> Option<String> {
    syn::parse2::<syn::LitStr>(TokenStream::from(token?.clone())).ok().map(|literal| literal.value())
}

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All source files, by their paths below `src`, and all scripts, by their paths from `js/` on.
fn sources() -> Vec<(String, String)> {
    let (mut files, mut folders) = (Vec::new(), vec![project().join("src"), project().join("js")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder can be listed") {
            let path = entry.expect("a folder can be listed").path();
            let name =
                path.strip_prefix(project().join("src")).or(path.strip_prefix(project())).expect("it is there").display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") || name.ends_with(".js") {
                files.push((name, fs::read_to_string(path).expect("a source file can be read")));
            }
        }
    }
    files
}

/// The area of a file; `None` for one that is not done.
fn area(file: &str) -> Option<&'static str> {
    let is_in = |path: &&&str| file.starts_with(**path);
    let of = |paths: &'static [&'static str]| paths.iter().filter(is_in).map(|path| path.len()).max().unwrap_or(0);
    let (length, name) = DONE.iter().map(|(name, paths)| (of(paths), *name)).max()?;
    (length > 0).then_some(name)
}

/// What the files of each area that is done say, and the messages elsewhere.
fn said() -> (BTreeMap<&'static str, Said>, BTreeSet<Message>) {
    let (mut by_area, mut elsewhere) = (BTreeMap::<_, Said>::new(), Said::default());
    for (file, source) in sources() {
        let area = area(&file);
        let said = area.map_or(&mut elsewhere, |area| by_area.entry(area).or_default());
        if file.ends_with(".js") {
            said.read_script(&source);
        } else {
            said.read(source.parse().unwrap_or_else(|error| panic!("{file}: {error}")), area != Some(MIXED.0));
        }
    }
    (by_area, elsewhere.messages)
}

/// A catalog: its head, and by message the forms.
fn read(path: &Path) -> (String, BTreeMap<Message, Vec<String>>) {
    let po = fs::read_to_string(path).unwrap_or_default();
    let (head, rest) = po.split_once("\n\n").unwrap_or((&po, ""));
    let entry = |entry: &str| {
        let fields: Vec<(&str, String)> = entry
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(keyword, quoted)| (keyword, syn::parse_str::<syn::LitStr>(quoted).expect("a text in quotes").value()))
            .collect();
        let field = |name: &str| fields.iter().find(|(keyword, _)| *keyword == name).map(|(_, text)| text.clone());
        let forms = fields.iter().filter(|(keyword, _)| keyword.starts_with("msgstr")).map(|(_, text)| text.clone()).collect();
        ((field("msgctxt").unwrap_or_default(), field("msgid").expect("an entry has a message"), field("msgid_plural")), forms)
    };
    (head.to_owned(), rest.split("\n\n").filter(|entry| !entry.trim().is_empty()).map(entry).collect())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn written(head: &str, catalog: &BTreeMap<Message, Vec<String>>) -> String {
    let mut po = format!("{}\n", head.trim_end());
    let mut entries: Vec<_> = catalog.iter().collect();
    entries.sort_by_key(|((context, one, _), _)| (one, context));
    for ((context, one, many), forms) in entries {
        po += "\n";
        if !context.is_empty() {
            po += &format!("msgctxt {}\n", quoted(context));
        }
        po += &format!("msgid {}\n", quoted(one));
        match many {
            Some(many) => {
                po += &format!("msgid_plural {}\n", quoted(many));
                forms.iter().enumerate().for_each(|(n, form)| po += &format!("msgstr[{n}] {}\n", quoted(form)));
            }
            None => forms.iter().for_each(|form| po += &format!("msgstr {}\n", quoted(form))),
        }
    }
    po
}

/// The tags of all languages but English.
fn tags() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(tag, _)| *tag).filter(|tag| *tag != "en")
}

fn catalog(tag: &str, area: &str) -> PathBuf {
    project().join(format!("languages/{tag}/{area}.po"))
}

#[test]
fn each_message_is_translated_once() {
    let (by_area, elsewhere) = said();
    assert!(elsewhere.is_empty(), "no area has {elsewhere:#?}");
    let (mut wrong, mut translated) = (Vec::new(), BTreeMap::new());
    for (tag, (area, said)) in tags().flat_map(|tag| by_area.iter().map(move |said| (tag, said))) {
        let path = catalog(tag, area);
        let (head, known) = read(&path);
        let n_forms =
            head.split("X-Plural-Categories: ").nth(1).map_or(0, |rest| rest.split("\\n").next().unwrap_or("").split(' ').count());
        let empty = |message: &Message| vec![String::new(); if message.2.is_some() { n_forms } else { 1 }];
        let all = said.messages.iter().map(|message| (message.clone(), known.get(message).cloned().unwrap_or_else(|| empty(message))));
        let all: BTreeMap<Message, Vec<String>> = all.collect();
        let text = written(&head, &all);
        if std::env::var_os("UPDATE_LANGUAGES").is_some() {
            fs::write(&path, &text).expect("the catalog can be written");
        }
        let is_as_written = fs::read_to_string(&path).is_ok_and(|there| there == text);
        wrong.extend((!is_as_written).then(|| format!("{tag}/{area}.po is out of date: UPDATE_LANGUAGES=1 writes it")));
        let same = SAME.iter().filter(|(language, _)| *language == tag).flat_map(|(_, texts)| texts.iter()).collect::<Vec<_>>();
        for ((context, one, many), forms) in &all {
            let say = |what: &str| format!("{tag}/{area}.po: {what}: {one}");
            let before = translated.entry((tag, context.clone(), one.clone())).or_insert_with(|| forms.clone());
            wrong.extend((before != forms).then(|| say("another area has another translation")));
            wrong.extend((forms.len() != if many.is_some() { n_forms } else { 1 }).then(|| say("another number of forms")));
            wrong.extend(forms.iter().any(String::is_empty).then(|| say("not translated")));
            wrong.extend((forms.contains(one) && !same.contains(&&&**one)).then(|| say("as in English")));
            let holes = |text: &str| {
                parts(text)
                    .filter_map(|part| if let Part::Hole(name, _) = part { Some(name.to_owned()) } else { None })
                    .collect::<BTreeSet<_>>()
            };
            let mut expected: BTreeSet<String> = [one.clone()].iter().chain(many).flat_map(|text| holes(text)).collect();
            // Where there is one thing, its number may be in words.
            let is_counted = many.is_some() && expected.remove("n");
            let are_other = |form: &String| {
                let mut found = holes(form);
                found.retain(|hole| !is_counted || hole != "n");
                found != expected
            };
            wrong.extend(forms.iter().any(are_other).then(|| say("other holes")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scripts_know_the_languages() {
    let script = |name: &str| fs::read_to_string(project().join("js").join(name)).expect("a script can be read");
    let known: Vec<String> = LANGUAGES.iter().map(|(tag, _)| quoted(tag)).collect();
    assert!(script("language.js").contains(&format!("const LANGUAGES = [{}];", known.join(", "))));
    assert!(tags().all(|tag| script("flow-playground.js").contains(&format!("import {tag} from \"../languages/{tag}/element.po\";"))));
}

#[test]
fn no_text_is_hard_coded() {
    let words = Regex::new(r"[A-Za-z]{2,}[,;:.]? [A-Za-z{]{2,}|^[,;:]? [a-z]|[a-z],? $").expect("the pattern is valid");
    let (by_area, _) = said();
    // What is no text: classes of the page, and what is listed.
    let is_text = |text: &str| words.is_match(text) && !text.trim_start().starts_with("pg-") && !NO_TEXT.contains(&text);
    let hard_coded = |(area, said): (&&str, &Said)| {
        let found = said.literals.iter().filter(|text| is_text(text)).map(|text| format!("{area}: {text:?}"));
        found.collect::<Vec<_>>()
    };
    let found: Vec<String> = by_area.iter().flat_map(hard_coded).collect();
    assert!(found.is_empty(), "these are no messages:\n{}", found.join("\n"));
}

/// A catalog in which each message is its English text in other letters, 40 % longer: what stays plain is no message.
fn pseudo_language() -> Catalog {
    let (by_area, _) = said();
    let messages = by_area.values().flat_map(|said| &said.messages);
    let head = "msgid \"\"\nmsgstr \"Language: en\\nX-Plural-Categories: one other\\n\"".to_owned();
    let all = messages.map(|message| {
        let one = pseudo(&message.1);
        (message.clone(), message.2.as_ref().map_or_else(|| vec![one.clone()], |many| vec![one.clone(), pseudo(many)]))
    });
    Catalog::read(&written(&head, &all.collect()))
}

/// `[ǿƥḗƞ·]`: another letter for each of its own, and dots for the 40 %.
fn pseudo(message: &str) -> String {
    const LETTERS: &str = "aȧbƀcƈdḓeḗfƒgɠhħiījĵkķlŀmḿnƞoǿpƥqɋrřsştŧuŭvṽwẇxẋyẏzẑ";
    let other = |char: char| LETTERS.split_once(char.to_ascii_lowercase()).and_then(|(_, rest)| rest.chars().next()).unwrap_or(char);
    let longer = |word: &str| word.chars().map(other).chain(std::iter::repeat_n('·', word.chars().count() * 2 / 5)).collect::<String>();
    let of = |part| match part {
        Part::Words(words) => words.split(' ').map(longer).collect::<Vec<_>>().join(" "),
        Part::Hole(_, written) => written.to_owned(),
    };
    format!("[{}]", parts(message).map(of).collect::<String>())
}

#[test]
fn a_sentence_has_no_words_but_those_of_messages() {
    let plain = Regex::new(r"[a-z]{2,}[,;:.]? [a-z]{2,}|[a-z]{2,}\.$").expect("the pattern is valid");
    let mut found = Vec::new();
    for example in ["parallel", "graham", "dag", "nested-limits", "loop", "subflow", "flow-concurrency", "pause", "retry-slot"] {
        let source = Source::new("", fs::read_to_string(project().join(format!("examples/{example}.yaml"))).expect("an example is text"));
        let (flows, scenario) = (read_text(&source).1, Scenario::default());
        let trace = simulate(&flows, &scenario);
        let runs: Vec<RunIdx> = trace.iter().filter(|(_, run)| !run.dropped).map(|(run, _)| run).collect();
        let (rows, flow) = (rows(&flows, &scenario, &trace, &runs), of_flow(&flows, &scenario, &trace));
        let moments: BTreeSet<SimTime> = trace.events.iter().map(|event| event.at).collect();
        speak(Some(pseudo_language()));
        let stories = moments.into_iter().map(|at| plain_text(&story(&flows, &trace, at)));
        let said: Vec<String> = explain::text(&flows, &trace, &rows, &flow).lines().map(str::to_owned).chain(stories).collect();
        speak(None);
        assert!(said.iter().any(|line| line.contains("·")), "{example} is in English: {said:#?}");
        found.extend(said.into_iter().filter(|line| plain.is_match(line)));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Texts with many faults.
const BROKEN: [&str; 6] = [
    "a: [",
    "tasks:\n\t- id: a\n",
    "tasks:\n  - id: a\n   type: b\n",
    "- a",
    r#"
id: F!
namespace: N
concurrency: {limit: 0, behavior: WAIT}
inputs:
  - {id: a, type: STRNG}
  - {id: b, type: ENUM}
  - {id: c, type: STRING, dependsOn: {inputs: [c, d]}}
tasks:
  - id: p
    type: io.kestra.plugin.core.flow.Parallel
    concurent: 3
    tasks: []
  - id: p # sim: soon
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - {task: {id: x, type: io.kestra.plugin.core.log.Log}, dependsOn: [y]}
  - {id: s, type: io.kestra.plugin.core.flow.Switch}
  - {id: u, type: Log, retry: {type: never}}
  - {id: v, type: io.kestra.plugin.core.flow.EachParallel, value: 3, tasks: 5, timeout: soon}
  - {id: w, type: io.kestra.plugin.jdbc.postgresql.Query, sql: SELECT 1}
  - {id: f, type: io.kestra.plugin.core.flow.WorkingDirectory, tasks: [{id: g, type: io.kestra.plugin.core.flow.Sequential}]}
  - 7
triggers:
  - {id: t, type: no.such.Trigger}
  - {id: every, type: io.kestra.plugin.core.trigger.Schedule, cron: "* *"}
"#,
    r"
apiVersion: xl-release/v1
kind: Templates
spec:
- template: T
  phases:
  - phase: P
    links: [{source: a, target: b}]
    tasks:
    - {name: one}
    - name: G
      type: xlrelease.ParallelGroup
      links: [{source: A, target: A}, {source: A}, {source: B, target: one}, {source: A, target: B}, {source: B, target: A}]
      tasks:
      - {name: A, type: xlrelease.Task, plannedDuration: soon, scheduledStartDate: soon}
      - {name: B, type: xlrelease.Task}
",
];

#[test]
fn a_diagnostic_has_no_words_but_those_of_messages() {
    let plain = Regex::new(r"[a-z]{3,} [a-z]{3,}").expect("the pattern is valid");
    let quoted = Regex::new("`[^`]*`").expect("the pattern is valid");
    for text in BROKEN {
        speak(Some(pseudo_language()));
        let (_, _, found) = read_text(&Source::new("", text));
        speak(None);
        assert!(!found.is_empty(), "nothing is wrong with {text}");
        // What libyaml says of a text that is no YAML stays as it is.
        let said = found.into_iter().filter(|found| found.code != "syntax").flat_map(|found| [Some(found.message), found.help]).flatten();
        let left: Vec<String> = said.filter(|said| plain.is_match(&quoted.replace_all(said, ""))).collect();
        assert!(left.is_empty(), "{left:#?}");
    }
}

#[test]
fn the_page_has_no_words_but_those_of_messages() {
    let plain = Regex::new(r"[a-z]{3,} [a-z]{3,}|[a-z]{3,}\.$").expect("the pattern is valid");
    for example in ["parallel", "graham", "dag", "flow-concurrency", "pause", "retry-slot"] {
        speak(Some(pseudo_language()));
        let app = App::open().update(Msg::Example(find(example).expect("the example is there").id)).update(Msg::Panel(Panel::Curve));
        let run = app.run.clone().expect("it runs");
        let mut said = vec![total_text(&run), app.selected_place(), app.found_text(), last_head(&run, SimTime(1000))];
        said.extend(facts(&run).into_iter().flat_map(|(name, value)| [name, value]));
        said.extend(hints(&app.reading.source, &run).into_iter().map(|(_, text)| text));
        said.extend(app.story.iter().map(|story| story.next.clone()));
        said.extend(app.curve.iter().flat_map(|curve| [curve.caption(), curve.steps_text()]));
        said.extend(app.update(Msg::Trials(Act::Pin)).plan_table().into_iter().next().expect("it has heads"));
        said.extend(heads());
        said.extend(SERVER_FIELDS.iter().flat_map(|field| [(field.label)(), (field.help)()]));
        said.extend(Term::ALL.into_iter().flat_map(|term| [term.word(), term.text()]));
        speak(None);
        assert!(said.iter().filter(|text| text.contains('·')).count() > 20, "{example} is in English: {said:#?}");
        let found: Vec<&String> = said.iter().filter(|text| plain.is_match(text)).collect();
        assert!(found.is_empty(), "{example}: {found:#?}");
    }
}
