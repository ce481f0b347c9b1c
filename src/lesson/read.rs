//! The file of a lesson to a [`Lesson`].

use std::rc::Rc;

use super::{Entry, Lesson, Question, Scene, Step, Task, Words, Wrong};
use crate::analysis::expectation::{self, Expectation};
use crate::diag::Diagnostic;
use crate::share::Link;
use crate::source::{Source, Span};
use crate::syntax::{self, Node, Value};

/// The first language of each lesson.
const FIRST_LANGUAGE: &str = "en";

const LESSON: &[&str] = &["lesson", "title", "idea", "flow", "steps"];
const STEP: &[&str] = &["say", "flow", "with", "holds", "do", "done", "ask", "answer", "wrong"];
const WRONG: &[&str] = &["guess", "why", "with", "flow"];

/// Whether a text is a lesson: that is its first key.
#[must_use]
pub fn is_lesson(text: &str) -> bool {
    let is_said = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    text.lines().find(is_said).is_some_and(|line| line.starts_with("lesson:"))
}

/// Reads a lesson.
///
/// # Errors
/// Everything that is wrong with the file, each at its place.
pub fn read(source: &Source) -> Result<Lesson, Vec<Diagnostic>> {
    let (document, found) = syntax::parse(source);
    let mut reader = Reader { source, languages: Vec::new(), found };
    let lesson = document.roots.first().and_then(|root| reader.lesson(root));
    match lesson {
        Some(lesson) if reader.found.is_empty() => Ok(lesson),
        _ => Err(reader.found),
    }
}

/// Reads the list of lessons that the build makes: for each its file and what stands above its flow. What can't be read is left out.
#[must_use]
pub fn read_list(source: &Source) -> Vec<Entry> {
    let (document, _) = syntax::parse(source);
    let mut reader = Reader { source, languages: Vec::new(), found: Vec::new() };
    document.roots.iter().filter_map(|root| reader.entry(root)).collect()
}

struct Reader<'a> {
    source: &'a Source,
    /// The languages of the title.
    languages: Vec<Rc<str>>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn wrong<T>(&mut self, span: Span, message: String, help: &str) -> Option<T> {
        let found = Diagnostic::error("lesson", self.source.first_line(span), message);
        self.found.push(if help.is_empty() { found } else { found.help(help) });
        None
    }

    fn entry(&mut self, root: &Node) -> Option<Entry> {
        let title = root.get("title")?;
        self.languages = title.entries().iter().map(|entry| Rc::from(&*entry.key)).collect();
        let (id, file) = (self.text(root, "a lesson", "lesson"), self.text(root, "a lesson", "file"));
        let idea = root.get("idea").and_then(|idea| self.words(idea));
        Some(Entry { id: id?, file: file?, title: self.words(title)?, idea: idea? })
    }

    fn lesson(&mut self, root: &Node) -> Option<Lesson> {
        self.known(root, "a lesson", LESSON);
        let title = self.needed(root, "a lesson", "title")?;
        self.languages = title.entries().iter().map(|entry| Rc::from(&*entry.key)).collect();
        if self.languages.first().is_none_or(|first| **first != *FIRST_LANGUAGE) {
            return self.wrong(
                title.span,
                "the title has no languages, or does not begin with English".to_owned(),
                "write `{en: …, de: …}`",
            );
        }
        let (id, title) = (self.text(root, "a lesson", "lesson"), self.words(title));
        let idea = self.needed(root, "a lesson", "idea").and_then(|node| self.words(node));
        let mut flow: Rc<str> = self.text(root, "a lesson", "flow").unwrap_or_default();
        let written = self.needed(root, "a lesson", "steps")?;
        let steps: Vec<Option<Step>> = written.items().iter().map(|node| self.step(node, &mut flow)).collect();
        if steps.is_empty() {
            return self.wrong(written.span, "a lesson has steps".to_owned(), "write a list, each with `say:`");
        }
        Some(Lesson { id: id?, title: title?, idea: idea?, steps: steps.into_iter().collect::<Option<_>>()? })
    }

    /// A step; `flow` is the text in force, which a step may change.
    fn step(&mut self, node: &Node, flow: &mut Rc<str>) -> Option<Step> {
        self.known(node, "a step", STEP);
        let say = self.needed(node, "a step", "say").and_then(|say| self.words(say));
        let scene = self.scene(node, flow);
        *flow = Rc::clone(&scene.flow);
        let holds = self.claims(node, "holds");
        let task = match (node.get("do"), node.get("ask")) {
            (Some(_), Some(ask)) => {
                return self.wrong(ask.span, "a step has either something to do or a question".to_owned(), "make two steps");
            }
            (Some(to_do), None) => {
                let words = self.words(to_do);
                let done = self.needed(node, "something to do", "done").map(|_| self.link(node, "done"));
                Some(Task::Do(words?, done?))
            }
            (None, Some(ask)) => Some(Task::Guess(self.question(node, ask, &scene)?)),
            (None, None) => None,
        };
        Some(Step { say: say?, scene, holds: holds?, task, span: node.span })
    }

    fn question(&mut self, node: &Node, ask: &Node, scene: &Scene) -> Option<Question> {
        let ask = self.words(ask);
        let answer = self.claim(node, "a question", "answer");
        let written = self.needed(node, "a question", "wrong")?;
        let wrong: Vec<Option<Wrong>> = written.items().iter().map(|node| self.wrong_guess(node, scene)).collect();
        let wrong: Vec<Wrong> = wrong.into_iter().collect::<Option<_>>()?;
        if wrong.is_empty() {
            return self.wrong(written.span, "a question has wrong answers".to_owned(), "say what someone may take for granted");
        }
        Some(Question { ask: ask?, answer: answer?, wrong })
    }

    fn wrong_guess(&mut self, node: &Node, scene: &Scene) -> Option<Wrong> {
        self.known(node, "a wrong answer", WRONG);
        let guess = self.claim(node, "a wrong answer", "guess");
        let why = self.needed(node, "a wrong answer", "why").and_then(|why| self.words(why));
        if node.get("with").is_none() && node.get("flow").is_none() {
            return self.wrong(
                node.span,
                "nothing shows where this guess would be right".to_owned(),
                "add settings `with:`, or another `flow:`",
            );
        }
        let scene = self.scene(node, &scene.flow);
        Some(Wrong { guess: guess?, why: why?, scene: Some(scene), span: node.span })
    }

    fn scene(&mut self, node: &Node, flow: &Rc<str>) -> Scene {
        let own = node.get("flow").and_then(|text| text.as_str()).map(Rc::from);
        Scene { flow: own.unwrap_or_else(|| Rc::clone(flow)), settings: self.link(node, "with") }
    }

    fn link(&mut self, node: &Node, key: &str) -> Link {
        let Some(written) = node.get(key) else { return Link::default() };
        let (link, notes) = Link::parse(written.scalar_text(self.source).unwrap_or_default());
        for note in notes {
            self.wrong::<()>(written.span, note, "write it as in a link: `c=parent:4&workers=2`");
        }
        link
    }

    fn claims(&mut self, node: &Node, key: &str) -> Option<Vec<Expectation>> {
        let Some(written) = node.get(key) else { return Some(Vec::new()) };
        match expectation::parse(written.scalar_text(self.source).unwrap_or_default()) {
            Ok(claims) => Some(claims),
            Err(message) => self.wrong(written.span, message, "write claims as in docs: `makespan=2s at=t4:1s`"),
        }
    }

    fn claim(&mut self, node: &Node, of: &str, key: &str) -> Option<Expectation> {
        let written = self.needed(node, of, key)?;
        match <[Expectation; 1]>::try_from(self.claims(node, key)?) {
            Ok([claim]) => Some(claim),
            Err(_) => self.wrong(written.span, format!("`{key}` is one claim"), "write one, such as `at=t4:1s`"),
        }
    }

    /// A text in each language of the title.
    fn words(&mut self, node: &Node) -> Option<Words> {
        let languages = self.languages.clone();
        if let Some(other) = node.entries().iter().find(|entry| !languages.iter().any(|language| **language == *entry.key)) {
            return self.wrong(other.key_span, format!("the title has no language `{}`", other.key), "take it out, or add it to the title");
        }
        let text = |language: Rc<str>| Some((Rc::clone(&language), Rc::from(node.get(&language)?.as_str()?.trim())));
        let missing = languages.iter().find(|language| text(Rc::clone(language)).is_none());
        match missing {
            Some(language) => self.wrong(
                node.span,
                format!("there is no text for the language `{language}`"),
                "each text is in all languages of the title",
            ),
            None => languages.into_iter().map(text).collect(),
        }
    }

    fn text(&mut self, node: &Node, of: &str, key: &str) -> Option<Rc<str>> {
        let written = self.needed(node, of, key)?;
        match written.as_str() {
            Some(text) => Some(Rc::from(text)),
            None => self.wrong(written.span, format!("`{key}` is a text, this is {}", written.kind_name()), "write it in quotes"),
        }
    }

    fn needed<'n>(&mut self, node: &'n Node, of: &str, key: &str) -> Option<&'n Node> {
        node.get(key).filter(|value| value.value != Value::Null).or_else(|| self.wrong(node.span, format!("{of} has no `{key}`"), ""))
    }

    fn known(&mut self, node: &Node, of: &str, keys: &[&str]) {
        for entry in node.entries().iter().filter(|entry| !keys.contains(&&*entry.key)) {
            self.wrong::<()>(entry.key_span, format!("{of} has no `{}`", entry.key), &format!("it has {}", keys.join(", ")));
        }
    }
}
