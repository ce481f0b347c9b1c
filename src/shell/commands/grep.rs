//! `grep`, `egrep`, `fgrep`.

use super::options::Options;
use crate::regex::{Posix, Regex, push_extended_plain};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn grep(&mut self, name: &str, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::read(arguments, "emABC");
        let mut patterns: Vec<Text> = options.values_of('e').cloned().collect();
        let mut files = options.operands.as_slice();
        if let (true, Some((first, rest))) = (patterns.is_empty(), files.split_first()) {
            (patterns, files) = (vec![first.clone()], rest);
        }
        let Some(input) = self.input_of("grep", files, io) else { return Flow::Next };
        let is_silent = options.has('q');
        // What is looked for in something unknown is taken to be there.
        if self.is_unknown(&input) {
            let found = if options.has('c') { Text::join(&[Text::unknown("grep"), Text::new()], "\n") } else { input };
            if !is_silent {
                self.print(&io.out, &found);
            }
            return Flow::Next;
        }
        let is_fixed = options.has('F') || name == "fgrep";
        let is_extended = options.has('E') || options.has('P') || name == "egrep";
        let mut wanted = String::new();
        for (nth, pattern) in patterns.iter().flat_map(|pattern| str::lines(pattern)).enumerate() {
            wanted += if nth == 0 {
                ""
            } else if is_fixed || is_extended {
                "|"
            } else {
                "\\|"
            };
            if is_fixed { push_extended_plain(pattern, &mut wanted) } else { wanted += pattern }
        }
        let regex = Regex::posix(&wanted, if is_extended || is_fixed { Posix::Extended } else { Posix::Basic }, options.has('i'));
        let regex = regex.ok().filter(|regex| regex.affords(input.len(), self.setup.budget) && !patterns.iter().any(Text::has_unknown));
        if regex.is_none() {
            self.note(format!("the pattern `{}` is not simulated, each line is taken to match", Text::join(&patterns, "\n")));
            self.n_guesses += 1;
        }
        let is_word = |line: &str, from: usize, to: usize| {
            let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !part(line[..from].chars().next_back()) && !part(line[to..].chars().next())
        };
        let matches = |line: &str| -> Vec<String> {
            let Some(regex) = &regex else { return vec![line.to_owned()] };
            let found = regex.find_all(line).filter_map(|groups| groups.get(0)).filter(|found| match () {
                () if options.has('x') => found.start() == 0 && found.end() == line.len(),
                () if options.has('w') => is_word(line, found.start(), found.end()),
                () => true,
            });
            found.map(|found| found.as_str().to_owned()).collect()
        };
        let most = options.value('m').and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
        let mut out = String::new();
        let mut n_found = 0;
        for (nth, line) in str::lines(&input).enumerate() {
            let found = matches(line);
            if found.is_empty() != options.has('v') || n_found >= most {
                continue;
            }
            n_found += 1;
            let number = if options.has('n') { format!("{}:", nth + 1) } else { String::new() };
            if options.has('o') {
                found.iter().filter(|found| !found.is_empty()).for_each(|found| out.extend([&*number, found, "\n"]));
            } else {
                out.extend([&*number, line, "\n"]);
            }
        }
        self.state.status = i32::from(n_found == 0);
        if options.has('c') {
            out = format!("{n_found}\n");
        }
        if !is_silent {
            self.print(&io.out, &out.into());
        }
        Flow::Next
    }
}
