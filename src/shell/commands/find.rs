//! `find`, over the files that are known. All of them are new: none is older than a day.

use crate::regex::{Posix, Regex};
use crate::shell::Stopped;
use crate::shell::escape::unescape;
use crate::shell::glob::{self, Atom};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

/// Deeper nesting is a mistake.
const DEEPEST: usize = 32;

/// What is asked of a file, or done with it.
enum Test {
    Name(Vec<Atom>, bool),
    Path(Vec<Atom>),
    IsDirectory(bool),
    Empty,
    Truth(bool),
    /// A size in units of so many bytes, compared by its sign.
    Size(Option<char>, usize, usize),
    Print(&'static str),
    /// `%f`, `%p`, `%h`, `%s` and `%y` between other text.
    Printf(Text),
    Executable,
    /// A regular expression for the whole path.
    Matches(Box<Regex>),
    Exec(Vec<Text>),
    /// Each file of `-exec … +` is kept under a number.
    Collect(usize),
    Delete,
    Prune,
    Quit,
    Not(Box<Test>),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
}

/// An expression, and what else holds for all files.
#[derive(Default)]
struct Query {
    test: Option<Test>,
    least: usize,
    most: Option<usize>,
    is_depth_first: bool,
    acts: bool,
    /// The commands of `-exec … +`, with what they are given.
    collected: Vec<(Vec<Text>, Vec<Text>)>,
}

/// What follows a file.
enum Then {
    Next,
    Prune,
    Quit,
}

impl Shell<'_> {
    pub(super) fn find(&mut self, words: &[Text], io: &Io) -> Flow {
        let arguments = words.get(1..).unwrap_or_default();
        let n_paths = arguments.iter().take_while(|word| !word.starts_with(['-', '!', '('])).count();
        let (paths, rest) = arguments.split_at_checked(n_paths).unwrap_or((arguments, &[]));
        let paths = if paths.is_empty() { vec![Text::from(".")] } else { paths.to_vec() };
        let mut query = Query::default();
        let mut rest = rest.iter().peekable();
        let test = if rest.peek().is_none() { Some(Test::Truth(true)) } else { query.either(&mut rest, 0) };
        let Some(test) = test.filter(|_| rest.next().is_none()) else { return self.not_simulated(words, io) };
        if paths.iter().any(|path| !self.is_directory(path) && self.file(path).is_none() && self.is_elsewhere(path)) {
            return self.not_simulated(words, io);
        }
        query.test = Some(if query.acts { test } else { Test::And(Box::new(test), Box::new(Test::Print("\n"))) });
        for path in paths {
            if self.file(&path).is_none() && !self.is_directory(&path) {
                self.fail(io, 1, &format!("find: '{path}': No such file or directory"));
                continue;
            }
            match self.walk(&path, 0, &mut query, io) {
                Ok(Then::Quit) => break,
                Ok(_) => {}
                Err(flow) => return flow,
            }
        }
        let status = self.state.status;
        for (command, files) in std::mem::take(&mut query.collected) {
            if files.is_empty() {
                continue;
            }
            let words: Vec<Text> = command.into_iter().chain(files).collect();
            if self.wrapped(&words, io) == Flow::Stop {
                return Flow::Stop;
            }
            self.state.status = i32::from(self.state.status != 0 || status != 0);
        }
        Flow::Next
    }

    fn walk(&mut self, path: &Text, depth: usize, query: &mut Query, io: &Io) -> Result<Then, Flow> {
        if !self.steps(1) {
            return Err(Flow::Stop);
        }
        if depth > DEEPEST {
            return Ok(Then::Next);
        }
        let is_shown = depth >= query.least;
        let test = query.test.take();
        let mut then = Then::Next;
        if let (true, false, Some(test)) = (is_shown, query.is_depth_first, &test) {
            self.tests(test, path, query, &mut then, io)?;
        }
        query.test = test;
        if matches!(then, Then::Quit) {
            return Ok(then);
        }
        if self.is_directory(path) && matches!(then, Then::Next) && query.most.is_none_or(|most| depth < most) {
            for name in self.names_in(path) {
                let below = Text::from([path.strip_suffix('/').unwrap_or(path), "/", &name].concat());
                if let Then::Quit = self.walk(&below, depth.saturating_add(1), query, io)? {
                    return Ok(Then::Quit);
                }
            }
        }
        let test = query.test.take();
        if let (true, true, Some(test)) = (is_shown, query.is_depth_first, &test) {
            self.tests(test, path, query, &mut then, io)?;
        }
        query.test = test;
        Ok(if let Then::Quit = then { then } else { Then::Next })
    }

    fn tests(&mut self, test: &Test, path: &Text, query: &mut Query, then: &mut Then, io: &Io) -> Result<bool, Flow> {
        let name = || path.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned();
        Ok(match test {
            Test::Name(atoms, ignores_case) => {
                let name = if *ignores_case { name().to_lowercase() } else { name() };
                glob::matches(atoms, &name)
            }
            Test::Path(atoms) => glob::matches(atoms, path),
            Test::IsDirectory(wanted) => self.is_directory(path) == *wanted,
            Test::Empty => match self.file(path) {
                Some(text) => text.is_empty(),
                None => self.names_in(path).is_empty(),
            },
            Test::Truth(truth) => *truth,
            Test::Size(sign, wanted, unit) => {
                let n = self.file(path).map_or(4096, |text| text.len()).div_ceil(*unit);
                match sign {
                    Some('+') => n > *wanted,
                    Some(_) => n < *wanted,
                    None => n == *wanted,
                }
            }
            Test::Print(end) => {
                let mut line = path.clone();
                line.push_str(end);
                self.print(&io.out, &line);
                true
            }
            Test::Printf(format) => {
                let mut pieces = str::split(format, '%');
                let mut line = Text::from(pieces.next().unwrap_or(""));
                for piece in pieces {
                    let (kind, behind) = piece.split_at_checked(1).unwrap_or(("", piece));
                    let whole = path.trim_end_matches('/');
                    line.push_str(&match kind {
                        "p" => path.to_string(),
                        "f" => name(),
                        "h" => whole.rsplit_once('/').map_or(".", |(before, _)| before).to_owned(),
                        "s" => self.file(path).map_or(4096, |text| text.len()).to_string(),
                        "y" => if self.is_directory(path) { "d" } else { "f" }.to_owned(),
                        kind => ["%", kind].concat(),
                    });
                    line.push_str(behind);
                }
                self.print(&io.out, &line);
                true
            }
            Test::Executable => self.is_directory(path) || self.may_run(path),
            Test::Matches(regex) => {
                if !regex.affords(path.len(), self.setup.budget) {
                    return Err(self.stop(Stopped::Steps));
                }
                regex.find(path).and_then(|groups| groups.get(0)).is_some_and(|found| found.as_str().len() == path.len())
            }
            Test::Exec(words) => {
                let words: Vec<Text> = words.iter().map(|word| replaced(word, "{}", path)).collect();
                let status = self.state.status;
                match self.wrapped(&words, io) {
                    Flow::Next => {}
                    flow => return Err(flow),
                }
                std::mem::replace(&mut self.state.status, status) == 0
            }
            Test::Collect(nth) => {
                if let Some((_, files)) = query.collected.get_mut(*nth) {
                    files.push(path.clone());
                }
                true
            }
            Test::Delete => {
                if self.place(path).is_empty() || !self.names_in(path).is_empty() {
                    let is_start = self.place(path).is_empty();
                    if !is_start {
                        self.fail(io, 1, &format!("find: cannot delete '{path}': Directory not empty"));
                    }
                    return Ok(is_start);
                }
                self.remove_all(path);
                true
            }
            Test::Prune => {
                *then = Then::Prune;
                true
            }
            Test::Quit => {
                *then = Then::Quit;
                true
            }
            Test::Not(test) => !self.tests(test, path, query, then, io)?,
            Test::And(first, second) => {
                self.tests(first, path, query, then, io)? && !matches!(then, Then::Quit) && self.tests(second, path, query, then, io)?
            }
            Test::Or(first, second) => {
                self.tests(first, path, query, then, io)? || !matches!(then, Then::Quit) && self.tests(second, path, query, then, io)?
            }
        })
    }
}

type Words<'w> = std::iter::Peekable<std::slice::Iter<'w, Text>>;

impl Query {
    /// Tests with `-o` between them; nothing if one of them is not simulated.
    fn either(&mut self, words: &mut Words<'_>, depth: usize) -> Option<Test> {
        let mut test = self.all(words, depth)?;
        while words.next_if(|word| **word == "-o" || **word == "-or").is_some() {
            test = Test::Or(Box::new(test), Box::new(self.all(words, depth)?));
        }
        Some(test)
    }

    fn all(&mut self, words: &mut Words<'_>, depth: usize) -> Option<Test> {
        let mut test = self.one(words, depth)?;
        while words.peek().is_some_and(|word| !matches!(&***word, "-o" | "-or" | ")")) {
            words.next_if(|word| **word == "-a" || **word == "-and");
            test = Test::And(Box::new(test), Box::new(self.one(words, depth)?));
        }
        Some(test)
    }

    fn one(&mut self, words: &mut Words<'_>, depth: usize) -> Option<Test> {
        if depth > DEEPEST || words.len() > 200 {
            return None;
        }
        let depth = depth.saturating_add(1);
        let word = words.next()?;
        let pattern = |text: &str| glob::read(std::iter::once((text, false)));
        Some(match &**word {
            "!" | "-not" => Test::Not(Box::new(self.one(words, depth)?)),
            "(" => {
                let test = self.either(words, depth)?;
                words.next_if(|word| **word == ")")?;
                test
            }
            "-name" => Test::Name(pattern(words.next()?), false),
            "-iname" => Test::Name(pattern(&words.next()?.to_lowercase()), true),
            "-path" | "-wholename" => Test::Path(pattern(words.next()?)),
            "-type" => match &**words.next()? {
                "f" => Test::IsDirectory(false),
                "d" => Test::IsDirectory(true),
                _ => Test::Truth(false),
            },
            "-empty" => Test::Empty,
            "-true" => Test::Truth(true),
            "-false" => Test::Truth(false),
            "-maxdepth" => {
                self.most = Some(words.next()?.parse().ok()?);
                Test::Truth(true)
            }
            "-mindepth" => {
                self.least = words.next()?.parse().ok()?;
                Test::Truth(true)
            }
            "-depth" => {
                self.is_depth_first = true;
                Test::Truth(true)
            }
            "-mtime" | "-mmin" | "-ctime" | "-atime" | "-amin" | "-cmin" => {
                let age = words.next()?;
                Test::Truth(!age.starts_with('+') && (age.starts_with('-') || *age == "0"))
            }
            "-size" => size(words.next()?)?,
            "-print" => self.act(Test::Print("\n")),
            "-printf" => {
                let format = unescape(words.next()?).0;
                self.act(Test::Printf(format))
            }
            "-executable" => Test::Executable,
            "-regex" => Test::Matches(Box::new(Regex::posix(&["^", words.next()?, "$"].concat(), Posix::Basic, false).ok()?)),
            "-print0" => self.act(Test::Print("\0")),
            "-delete" => {
                self.is_depth_first = true;
                self.act(Test::Delete)
            }
            "-prune" => Test::Prune,
            "-quit" => self.act(Test::Quit),
            "-exec" => {
                let mut command = Vec::new();
                loop {
                    match &**words.next()? {
                        ";" => break self.act(Test::Exec(command)),
                        "+" if command.last().is_some_and(|last: &Text| *last == "{}") => {
                            command.pop();
                            self.collected.push((command, Vec::new()));
                            let nth = self.collected.len().saturating_sub(1);
                            break self.act(Test::Collect(nth));
                        }
                        word => command.push(word.into()),
                    }
                }
            }
            _ => return None,
        })
    }

    fn act(&mut self, test: Test) -> Test {
        self.acts = true;
        test
    }
}

/// `+10k`.
fn size(text: &str) -> Option<Test> {
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'));
    let digits = text.trim_start_matches(['+', '-']);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, unit) = digits.split_at_checked(end)?;
    let unit = match unit {
        "c" => 1,
        "w" => 2,
        "" | "b" => 512,
        "k" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    Some(Test::Size(sign, number.parse().ok()?, unit))
}

/// A text with another in place of a sign.
pub fn replaced(text: &Text, sign: &str, with: &Text) -> Text {
    let mut out = Text::new();
    for (part, is_unknown) in text.parts() {
        if is_unknown {
            out.push_unknown(part);
            continue;
        }
        for (nth, piece) in part.split(sign).enumerate() {
            if nth > 0 {
                out.push(with);
            }
            out.push_str(piece);
        }
    }
    out
}
