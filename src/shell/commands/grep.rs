//! `grep`, `egrep`, `fgrep`.

use super::options::{Known, Options};
use crate::regex::{Posix, Regex, push_extended_plain};
use crate::shell::glob;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

const KNOWN: Known = Known(
    "i(ignore-case)v(invert-match)c(count)n(line-number)l(files-with-matches)L(files-without-match)q(quiet)o(only-matching)E(extended-regexp)\
     F(fixed-strings)P(perl-regexp)G(basic-regexp)w(word-regexp)x(line-regexp)e:(regexp)f:(file)m:(max-count)A:(after-context)\
     B:(before-context)C:(context)r(recursive)R(dereference-recursive)h(no-filename)H(with-filename)s(no-messages)a(text)y\
     Ip:(include)k:(exclude)K:(exclude-dir)",
);

/// What is searched for. Without a `regex` the pattern is not simulated, and each line is assumed to match.
struct Wanted<'o> {
    regex: Option<Regex>,
    /// The group that counts: what `\K`, `(?<=...)` and `(?=...)` leave of a match.
    group: usize,
    options: &'o Options,
}

impl Shell<'_> {
    pub(super) fn grep(&mut self, words: &[Text], io: &Io) -> Flow {
        let silent = Text::from("-q");
        let arguments: Vec<Text> =
            words.iter().skip(1).map(|word| if *word == "--silent" || word == "--quiet" { silent.clone() } else { word.clone() }).collect();
        let options = Options::known(&arguments, KNOWN, false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let mut patterns: Vec<Text> = options.values_of('e').cloned().collect();
        for file in options.values_of('f') {
            patterns.extend(self.read_file(file).map(|text| Text::join(&text.lines(), "\n")));
        }
        let mut files = options.operands.clone();
        if options.values_of('e').chain(options.value('f')).next().is_none() {
            if files.is_empty() {
                return self.fail(io, 2, "Usage: grep [OPTION]... PATTERNS [FILE]...");
            }
            patterns.push(files.remove(0));
        }
        let is_recursive = options.has('r') || options.has('R');
        if is_recursive && files.is_empty() {
            files.push(".".into());
        }
        let mut status = 0;
        let mut inputs = Vec::new();
        for file in &files {
            if is_recursive && self.is_directory(file) {
                let found = self.files_below(file);
                inputs.extend(
                    found.into_iter().filter(|file| is_included(file, &options)).filter_map(|file| Some((self.read_file(&file)?, file))),
                );
            } else if self.is_directory(file) {
                status = 2;
                self.print_line(&io.err, &format!("grep: {file}: Is a directory"));
            } else if let Some(text) = self.read_file(file) {
                inputs.push((text, file.clone()));
            } else {
                status = 2;
                if !options.has('s') {
                    self.print_line(&io.err, &format!("grep: {file}: No such file or directory"));
                }
            }
        }
        if files.is_empty() {
            inputs.push(((*self.take_input()).clone(), "(standard input)".into()));
        }
        let n_bytes = inputs.iter().map(|(text, _)| text.len()).sum();
        let name = words.first().map_or("grep", |name| name);
        let (mut group, mut patterns) = (0, patterns);
        if let (true, [pattern]) = (options.has('P'), patterns.as_mut_slice())
            && let Some((around, nth)) = looking_around(pattern)
        {
            (*pattern, group) = (around.into(), nth);
        }
        let wanted = Wanted { regex: self.wanted(name, &patterns, &options, n_bytes), group, options: &options };
        let names = options.has('H') || !options.has('h') && (inputs.len() > 1 || is_recursive || files.len() > 1);
        let mut any = false;
        for (input, file) in &inputs {
            any |= self.grep_one(input, file, names, &wanted, io);
            if any && options.has('q') {
                status = 0;
                break;
            }
        }
        self.state.status = if status == 0 { i32::from(!any) } else { status };
        Flow::Next
    }

    /// The pattern of all that is looked for.
    fn wanted(&mut self, name: &str, patterns: &[Text], options: &Options, n_bytes: usize) -> Option<Regex> {
        let is_fixed = options.has('F') || name.ends_with("fgrep");
        let is_perl = options.has('P');
        let is_extended = options.has('E') || is_perl || name.ends_with("egrep");
        let mut wanted = String::new();
        for (nth, pattern) in patterns.iter().flat_map(|pattern| str::split(pattern, '\n')).enumerate() {
            wanted += match nth {
                0 => "",
                _ if is_fixed || is_extended => "|",
                _ => "\\|",
            };
            if is_fixed { push_extended_plain(pattern, &mut wanted) } else { wanted += pattern }
        }
        let ignores_case = options.has('i') || options.has('y');
        let regex = match is_perl {
            true => Regex::java(&[if ignores_case { "(?i)" } else { "" }, &wanted].concat()),
            false => Regex::posix(&wanted, if is_extended || is_fixed { Posix::Extended } else { Posix::Basic }, ignores_case),
        };
        let is_known = !patterns.iter().any(Text::has_unknown);
        let regex = regex.ok().filter(|regex| is_known && regex.affords(n_bytes, self.setup.budget));
        if regex.is_none() {
            self.note(format!("the pattern `{}` is not simulated, each line is taken to match", Text::join(patterns, "\n")));
            self.guess_if(true);
        }
        regex
    }

    /// Looks through one text; whether it has found a line.
    fn grep_one(&mut self, input: &Text, file: &Text, names: bool, wanted: &Wanted<'_>, io: &Io) -> bool {
        let options = wanted.options;
        let is_silent = options.has('q');
        // What is looked for in something unknown is taken to be there.
        if self.is_unknown(input) {
            let found = if options.has('c') { Text::join(&[Text::unknown("grep"), Text::new()], "\n") } else { input.clone() };
            if !is_silent {
                self.print(&io.out, &found);
            }
            return true;
        }
        let most = options.number_of('m').unwrap_or(usize::MAX);
        let context = |flag: char| options.number_of(flag).or(options.number_of('C')).or(options.number()).unwrap_or(0);
        let (n_before, n_after) = (context('B'), context('A'));
        let lines: Vec<&str> = str::lines(input).collect();
        let prefix = |nth: usize, sign: &str| {
            let name = if names { [&**file, sign].concat() } else { String::new() };
            if options.has('n') { format!("{name}{}{sign}", nth.saturating_add(1)) } else { name }
        };
        let (mut out, mut n_found) = (String::new(), 0usize);
        // The first line that is not printed yet, and how many behind the last match are still to be.
        let (mut next, mut n_left) = (0usize, 0usize);
        for (nth, line) in lines.iter().enumerate() {
            let found = wanted.in_line(line);
            if found.is_empty() != options.has('v') || n_found >= most {
                if n_left > 0 && nth >= next {
                    out.extend([&*prefix(nth, "-"), line, "\n"]);
                    (next, n_left) = (nth.saturating_add(1), n_left.saturating_sub(1));
                } else if n_found >= most {
                    break;
                }
                continue;
            }
            n_found = n_found.saturating_add(1);
            if options.has('o') {
                if !options.has('v') {
                    found.iter().filter(|found| !found.is_empty()).for_each(|found| out.extend([&*prefix(nth, ":"), found, "\n"]));
                }
                continue;
            }
            let from = nth.saturating_sub(n_before).max(next);
            if from > next && next > 0 && n_before.max(n_after) > 0 {
                out += "--\n";
            }
            for (nth, line) in lines.iter().enumerate().take(nth).skip(from) {
                out.extend([&*prefix(nth, "-"), line, "\n"]);
            }
            out.extend([&*prefix(nth, ":"), line, "\n"]);
            (next, n_left) = (nth.saturating_add(1), n_after);
        }
        if options.has('l') || options.has('L') {
            let shows = (n_found > 0) == options.has('l');
            out = if shows { [&**file, "\n"].concat() } else { String::new() };
        } else if options.has('c') {
            out = format!("{}{n_found}\n", if names { [&**file, ":"].concat() } else { String::new() });
        }
        if !is_silent {
            self.print(&io.out, &out.into());
        }
        n_found > 0
    }

    /// The files in a directory and below, with the name of the directory before them.
    pub(super) fn files_below(&mut self, directory: &Text) -> Vec<Text> {
        let (mut files, mut open) = (Vec::new(), vec![directory.to_string()]);
        while let Some(directory) = open.pop() {
            let names = self.names_in(&directory);
            for name in names.into_iter().rev() {
                open.push([directory.trim_end_matches('/'), "/", &name].concat());
            }
            while let Some(last) = open.pop() {
                if self.is_directory(&last) {
                    open.push(last);
                    break;
                }
                files.push(last.into());
            }
        }
        files
    }
}

/// Whether `--include` and `--exclude` let a file through.
fn is_included(file: &str, options: &Options) -> bool {
    let name = file.rsplit('/').next().unwrap_or("");
    let fits = |pattern: &Text| glob::matches(&glob::read(std::iter::once((&**pattern, false))), name);
    let is_left_out =
        |part: &str| options.values_of('K').any(|pattern| glob::matches(&glob::read(std::iter::once((&**pattern, false))), part));
    if file.rsplit('/').skip(1).any(is_left_out) {
        return false;
    }
    options.values_of('p').next().is_none_or(|_| options.values_of('p').any(fits)) && !options.values_of('k').any(fits)
}

/// A pattern that also takes what it only looks at, and the group of what it finds; nothing when it does not look around.
fn looking_around(pattern: &str) -> Option<(String, usize)> {
    let (before, rest) = match pattern.strip_prefix("(?<=") {
        Some(rest) => rest.split_once(')')?,
        None => pattern.split_once("\\K").unwrap_or(("", pattern)),
    };
    let (found, behind) = match rest.rsplit_once("(?=") {
        Some((found, behind)) => (found, behind.strip_suffix(')')?),
        None => (rest, ""),
    };
    let n_groups = before.matches('(').count().saturating_sub(before.matches("(?").count()).saturating_sub(before.matches("\\(").count());
    (found.len() < pattern.len()).then(|| (format!("(?:{before})({found})(?:{behind})"), n_groups.saturating_add(1)))
}

impl Wanted<'_> {
    /// What is found in a line.
    fn in_line<'t>(&self, line: &'t str) -> Vec<&'t str> {
        let Some(regex) = &self.regex else { return vec![line] };
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let is_word = |from: usize, to: usize| {
            let before = line.get(..from).and_then(|before| before.chars().next_back());
            !is_part(before) && !is_part(line.get(to..).and_then(|behind| behind.chars().next()))
        };
        let found = regex.find_all(line).filter_map(|groups| groups.get(self.group)).filter(|found| match () {
            () if self.options.has('x') => found.start() == 0 && found.end() == line.len(),
            () if self.options.has('w') => is_word(found.start(), found.end()),
            () => true,
        });
        let all = if self.options.has('o') { usize::MAX } else { 1 };
        found.map(|found| found.as_str()).take(all).collect()
    }
}
