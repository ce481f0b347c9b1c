//! The commands that are simulated, a file for each or for a few that belong together. Each does what POSIX says, or GNU where
//! it is GNU's, as far as scripts in flows use it.

mod awk;
mod bc;
mod columns;
mod compare;
mod cut;
mod date;
mod date_words;
mod declare;
mod digest;
mod echo;
mod env;
mod expr;
mod files;
mod find;
mod float;
mod grep;
mod jq;
mod lines;
mod ls;
mod options;
mod printf;
mod read;
mod scripts;
mod sed;
mod seq;
mod signals;
mod sleep;
mod sort;
mod test;
mod tr;
mod xargs;

use super::state::{Flow, Io, Shell, Sink};
use crate::text::Text;
use crate::time::human;

/// Commands that print nothing here and succeed.
const SILENT: &[&str] = &["chown", "umask", "ulimit", "sync", "alias", "hash", "disown", "stty", "clear"];

impl Shell<'_> {
    /// Runs a command that is not a function.
    pub fn command(&mut self, words: &[Text], io: &Io) -> Flow {
        let Some((name, arguments)) = words.split_first() else { return Flow::Next };
        let last_status = std::mem::take(&mut self.state.status);
        self.is_foreign_status = false;
        match &**name {
            "echo" => self.echo(arguments, io),
            "sleep" => return self.sleep(arguments, io),
            ":" | "true" => {}
            "false" => self.state.status = 1,
            "exit" => {
                self.state.status = self.code(arguments, last_status);
                return Flow::Exit;
            }
            _ => return self.other_command(name, words, last_status, io),
        }
        Flow::Next
    }

    /// Runs one of the commands that most scripts do without. Not inlined, so that the first timeline of the page does without them.
    #[inline(never)]
    fn other_command(&mut self, name: &Text, words: &[Text], last_status: i32, io: &Io) -> Flow {
        let arguments = words.get(1..).unwrap_or_default();
        match &**name {
            "printf" => self.printf(arguments, io),
            "timeout" => return self.timeout(arguments, io),
            "wait" => return self.wait_command(arguments, io),
            "jobs" => return self.jobs(words, io),
            "kill" => return self.kill(words, io),
            "trap" => return self.trap(words, io),
            "shopt" => self.shopt(arguments),
            "return" => {
                self.state.status = self.code(arguments, last_status);
                return Flow::Return;
            }
            "break" | "continue" => {
                let n_loops = self.loops.len().saturating_sub(self.n_loops_outside);
                return match count(arguments).min(n_loops) {
                    0 => self.fail(io, 0, &format!("bash: {name}: only meaningful in a `for', `while', or `until' loop")),
                    n if *name == "break" => Flow::Break(n),
                    n => Flow::Continue(n),
                };
            }
            "test" => self.state.status = self.test_words(arguments, io),
            "[" => {
                let inner = arguments.split_last().filter(|(last, _)| **last == "]").map_or(arguments, |(_, inner)| inner);
                self.state.status = self.test_words(inner, io);
            }
            "set" => self.set_options(arguments),
            "local" if self.state.n_calls == 0 => return self.fail(io, 1, "bash: local: can only be used in a function"),
            "export" | "declare" | "typeset" | "readonly" | "local" => self.declare(name, arguments, io),
            "unset" => self.unset(arguments, io),
            "shift" => {
                let n = count(arguments);
                if n <= self.state.arguments.len() {
                    self.state.arguments.drain(..n);
                    // Those that stay are moved.
                    self.work(self.state.arguments.len().saturating_mul(size_of::<Text>()) / 16);
                } else {
                    self.state.status = 1;
                }
            }
            "let" => {
                let values: Vec<Option<i64>> = arguments.iter().map(|text| self.calculate_text(text, io)).collect();
                self.state.status = i32::from(!matches!(values.last(), Some(Some(value)) if *value != 0));
            }
            "expr" => return self.expr(words, io),
            "eval" => return self.eval(arguments, io),
            "." | "source" => return self.source(words, io),
            "bash" | "sh" | "/bin/bash" | "/bin/sh" | "zsh" | "dash" => return self.shell(words, io),
            "read" => self.read(arguments, io),
            "mapfile" | "readarray" => self.mapfile(arguments),
            "getopts" => return self.getopts(arguments, io),
            "seq" => return self.seq(words, io),
            "date" => self.date(arguments, io),
            "pwd" => self.print_line(&io.out, &self.working_directory()),
            "whoami" => self.print_line(&io.out, "root"),
            "hostname" => self.print_line(&io.out, "localhost"),
            "uname" => self.print_line(&io.out, "Linux"),
            "nproc" => self.print_line(&io.out, "1"),
            "basename" | "dirname" => self.path_part(name, arguments, io),
            "cat" => return self.cat(words, io),
            "tee" => self.tee(arguments, io),
            "touch" | "mkdir" | "rmdir" | "rm" => return self.change_files(words, io),
            "cp" | "mv" => return self.copy(words, io),
            "cd" => return self.cd(arguments, io),
            "pushd" | "popd" => return self.stacked(name, arguments, io),
            "mktemp" => return self.mktemp(words, io),
            "ls" => return self.ls(words, io),
            "find" => return self.find(words, io),
            "xargs" => return self.xargs(words, io),
            "head" | "tail" => return self.head_or_tail(words, io),
            "wc" => return self.wc(words, io),
            "sort" => return self.sort(words, io),
            "uniq" => return self.uniq(words, io),
            "nl" => return self.nl(words, io),
            "paste" => return self.paste(words, io),
            "rev" | "tac" => return self.reversed(name, arguments, io),
            "diff" | "cmp" => return self.diff(words, io),
            "comm" => return self.comm(words, io),
            "join" => return self.join(words, io),
            "fold" => return self.fold(words, io),
            "column" => return self.column(words, io),
            "base64" => return self.base64(words, io),
            "md5sum" | "sha1sum" | "sha256sum" | "sha512sum" => return self.sums(words, io),
            "jq" => return self.jq(words, io),
            "bc" => return self.bc(words, io),
            // As many lines as another stage of a pipe may read.
            "yes" if matches!(io.out, Sink::Gather(_)) => {
                let line = if arguments.is_empty() { "y".into() } else { Text::join(arguments, " ") };
                return self
                    .print_lines(io, std::iter::repeat_n(&line, 1000_usize.min(1_000_000_usize.checked_div(line.len()).unwrap_or(1000))));
            }
            "stat" => return self.stat(words, io),
            "chmod" => self.chmod(arguments, io),
            "id" => return self.id(words, io),
            "cut" => return self.cut(words, io),
            "tr" => return self.tr(words, io),
            "grep" | "egrep" | "fgrep" => return self.grep(words, io),
            "sed" => return self.sed(arguments, io),
            "awk" | "gawk" | "mawk" | "nawk" => return self.awk(words, io),
            "env" | "printenv" if arguments.is_empty() => self.env(io),
            "printenv" => self.printenv(arguments, io),
            "env" => return self.env_command(arguments, io),
            "command" if !arguments.first().is_some_and(|flag| matches!(&**flag, "-v" | "-V")) => {
                return self.wrapped(behind_options(arguments, |word| word.starts_with('-')), io);
            }
            "command" | "type" | "which" => self.kinds_of(name, arguments, io),
            "nohup" | "exec" | "builtin" | "sudo" | "nice" => {
                let mut rest = behind_options(arguments, |word| word.contains('='));
                while let Some((flag, behind)) = rest.split_first().filter(|(flag, _)| flag.starts_with('-')) {
                    // Some have a value: `-u user`, `-n 5`.
                    let has_value = matches!((&**name, &**flag), ("sudo", "-u" | "-g" | "-h" | "-p") | ("nice", "-n") | ("exec", "-a"));
                    rest = behind.get(usize::from(has_value)..).unwrap_or_default();
                }
                let rest = behind_options(rest, |word| word.contains('='));
                let flow = if rest.is_empty() { Flow::Next } else { self.wrapped(rest, io) };
                return if *name == "exec" && !rest.is_empty() && flow == Flow::Next { Flow::Exit } else { flow };
            }
            name if SILENT.contains(&name) => {}
            name if name.contains('/') && self.file(name).is_some_and(|text| !text.has_unknown()) => {
                let words: Vec<Text> = std::iter::once("bash".into()).chain(words.iter().cloned()).collect();
                return self.shell(&words, io);
            }
            _ => return self.not_simulated(words, io),
        }
        Flow::Next
    }

    /// Runs the command that another one, such as `sudo`, is given.
    fn wrapped(&mut self, words: &[Text], io: &Io) -> Flow {
        self.deeper(|shell| shell.command(words, io))
    }

    /// Takes the time that is assumed for it, prints nothing, or something unknown where its output is read, ends as is assumed,
    /// and says so.
    fn not_simulated(&mut self, words: &[Text], io: &Io) -> Flow {
        let name = words.first().and_then(|name| name.rsplit('/').next()).unwrap_or("");
        let (time, fails) = (self.setup.command)(name);
        let text = Text::join(words, " ");
        let line = str::lines(&text).next().unwrap_or("");
        self.note(format!("`{line}` is not simulated, it takes {}{}", human(time), if fails { " and fails" } else { "" }));
        self.is_foreign = true;
        if matches!(io.out, Sink::Gather(_) | Sink::File(_)) {
            self.print_line_of(io, Text::unknown(name));
        }
        let flow = self.wait(time);
        (self.state.status, self.is_foreign_status) = (i32::from(fails), !fails);
        flow
    }

    /// The code that `exit` or `return` is given; an unknown one is 0.
    fn code(&mut self, arguments: &[Text], otherwise: i32) -> i32 {
        let Some(code) = arguments.first() else { return otherwise };
        if self.is_unknown(code) { 0 } else { code.parse().unwrap_or(2) & 0xff }
    }

    /// Prints a text and the end of a line.
    fn print_line_of(&mut self, io: &Io, mut text: Text) {
        text.push_str("\n");
        self.print(&io.out, &text);
    }

    /// Prints each text as a line.
    fn print_lines<'t>(&mut self, io: &Io, lines: impl IntoIterator<Item = &'t Text>) -> Flow {
        let mut out = Text::new();
        for line in lines {
            out.push(line);
            out.push_str("\n");
        }
        self.print(&io.out, &out);
        Flow::Next
    }

    /// Fails with a message.
    fn fail(&mut self, io: &Io, status: i32, message: &str) -> Flow {
        self.print_line(&io.err, message);
        self.state.status = status;
        Flow::Next
    }

    /// Ends with a status, without a message.
    fn ends_with(&mut self, status: i32) -> Flow {
        self.state.status = status;
        Flow::Next
    }

    /// What a command reads: the files it is given one after another, or else its input. `None` when none of them is there.
    fn input_of(&mut self, name: &str, files: &[Text], io: &Io) -> Option<Text> {
        if files.is_empty() {
            return Some((*self.take_input()).clone());
        }
        let mut input: Option<Text> = None;
        for file in files {
            if let Some(text) = self.read_or_fail(name, file, io) {
                input.get_or_insert_default().push(&text);
            }
        }
        input
    }

    /// The text of a file; without one the command fails, and goes on with the next.
    fn read_or_fail(&mut self, name: &str, file: &Text, io: &Io) -> Option<Text> {
        if *file != "-" && self.is_directory(file) {
            self.fail(io, if name == "sort" { 2 } else { 1 }, &format!("{name}: {file}: Is a directory"));
            return None;
        }
        let text = self.read_file(file);
        if text.is_none() {
            let (status, message) = match name {
                "sort" => (2, format!("cannot read: {file}")),
                "sed" => (2, format!("can't read {file}")),
                "head" | "tail" => (1, format!("cannot open '{file}' for reading")),
                "tac" => (1, format!("failed to open '{file}' for reading")),
                _ => (1, file.to_string()),
            };
            self.fail(io, status, &format!("{name}: {message}: No such file or directory"));
        }
        text
    }
}

/// The words from the first one on that is no option.
fn behind_options(mut words: &[Text], is_option: impl Fn(&Text) -> bool) -> &[Text] {
    while let Some((_, behind)) = words.split_first().filter(|(word, _)| is_option(word)) {
        words = behind;
    }
    words
}

fn count(arguments: &[Text]) -> usize {
    arguments.first().and_then(|n| n.parse().ok()).unwrap_or(1)
}
