//! The commands that are simulated. Each is as POSIX, or GNU where it is theirs, has it, as far as scripts in flows use it.

use std::rc::Rc;

use super::run::{Flow, Held, Io, Shell, Sink, Var};
use super::tree::Word;
use super::{Stopped, glob, sleep_length, texts};
use crate::time::{SimTime, human};

/// Commands that print nothing here and succeed.
const SILENT: &[&str] =
    &["mkdir", "chmod", "chown", "cd", "pushd", "popd", "umask", "ulimit", "sync", "alias", "shopt", "hash", "disown", "stty", "clear"];

impl Shell<'_> {
    /// Runs a command that is no function.
    pub fn command(&mut self, words: &[String], io: &Io) -> Flow {
        let Some((name, arguments)) = words.split_first() else { return Flow::Next };
        self.state.status = 0;
        self.is_foreign_status = false;
        match name.as_str() {
            "echo" => self.echo(arguments, io),
            "sleep" => return self.sleep(arguments, io),
            ":" | "true" => {}
            "false" => self.state.status = 1,
            "exit" => {
                self.state.status = self.code(arguments, self.last_status());
                return Flow::Exit;
            }
            "return" => {
                self.state.status = self.code(arguments, 0);
                return Flow::Return;
            }
            "break" => return Flow::Break(count(arguments)),
            "continue" => return Flow::Continue(count(arguments)),
            "test" => self.state.status = self.test_words(arguments, io),
            "[" => self.state.status = self.test_words(arguments.strip_suffix(&["]".to_owned()]).unwrap_or(arguments), io),
            "printf" => self.printf(arguments, io),
            "set" => self.set_options(arguments),
            "export" | "declare" | "typeset" | "readonly" | "local" => self.declare(name, arguments),
            // The name stays known, so that those of everybody are still told from a function's own.
            "unset" => self
                .state
                .vars
                .iter_mut()
                .filter(|var| arguments.iter().any(|name| **name == *var.name))
                .for_each(|var| var.name = Rc::from("")),
            "shift" => {
                let n = count(arguments).min(self.state.arguments.len());
                self.state.arguments.drain(..n);
            }
            "let" => {
                let values: Vec<Option<i64>> = arguments.iter().map(|text| self.calculate_text(text, io)).collect();
                self.state.status = i32::from(!matches!(values.last(), Some(Some(value)) if *value != 0));
            }
            "eval" => {
                let (node, error) = super::parser::parse(&arguments.join(" "));
                if let Some(error) = error {
                    return self.fail(io, 2, &format!("bash: eval: {error}"));
                }
                return self.exec(&node, io);
            }
            "wait" => {
                let job = arguments
                    .first()
                    .filter(|text| !text.starts_with('-'))
                    .map(|text| text.parse::<usize>().unwrap_or(0).wrapping_sub(4243));
                return self.wait_for(job);
            }
            "trap" => {
                if let Some((action, signals)) = arguments.split_first()
                    && signals.iter().any(|signal| signal == "EXIT" || signal == "0")
                {
                    self.state.trap = (action != "-").then(|| Rc::from(action.as_str()));
                }
            }
            "read" => self.read(arguments),
            "getopts" => self.state.status = 1,
            "mapfile" | "readarray" => {
                let name = arguments.iter().rfind(|word| !word.starts_with('-')).map_or("MAPFILE", String::as_str).to_owned();
                let items = self.take_input().lines().map(str::to_owned).collect();
                self.set_list(&name, items);
            }
            "." | "source" => {
                let file = arguments.first().map_or("", String::as_str);
                let Some(text) = self.files.get(file.strip_prefix("./").unwrap_or(file)).cloned() else {
                    return self.not_simulated(words, io);
                };
                return self.run_text(&text, (arguments.len() > 1).then(|| arguments[1..].to_vec()), io);
            }
            "bash" | "sh" | "/bin/bash" | "/bin/sh" | "zsh" | "dash" => return self.shell(words, io),
            "expr" => match self.calculate_text(&arguments.join(" "), io) {
                Some(value) => {
                    self.line(io, &value.to_string());
                    self.state.status = i32::from(value == 0);
                }
                None => self.state.status = 2,
            },
            "seq" => return self.seq(arguments, io),
            "date" => self.date(arguments, io),
            "cat" => return self.cat(arguments, io),
            "pwd" => self.line(io, "/tmp/work"),
            "whoami" => self.line(io, "root"),
            "hostname" => self.line(io, "localhost"),
            "uname" => self.line(io, "Linux"),
            "nproc" => self.line(io, "1"),
            "basename" => {
                let path = arguments.first().map_or("", |path| path.trim_end_matches('/'));
                let base = path.rsplit('/').next().unwrap_or("");
                let base = arguments.get(1).and_then(|suffix| base.strip_suffix(suffix.as_str())).unwrap_or(base).to_owned();
                self.line(io, &base);
            }
            "dirname" => {
                let path = arguments.first().map_or("", |path| path.trim_end_matches('/'));
                let folder = path.rsplit_once('/').map_or(".", |(folder, _)| if folder.is_empty() { "/" } else { folder }).to_owned();
                self.line(io, &folder);
            }
            "head" | "tail" | "wc" | "sort" | "uniq" | "tr" | "cut" | "grep" | "sed" | "tee" | "rev" | "tac" => {
                return self.filter(words, io);
            }
            "touch" => arguments.iter().for_each(|name| _ = self.files.or_default(Rc::from(name.as_str()))),
            "rm" => arguments.iter().for_each(|name| _ = self.files.remove(name.as_str())),
            "cp" | "mv" => {
                if let [from, to] = arguments
                    && let Some(text) = self.files.get(from.as_str()).cloned()
                {
                    self.files.insert(Rc::from(to.as_str()), text);
                    if name == "mv" {
                        self.files.remove(from.as_str());
                    }
                }
            }
            "ls" => {
                let names: String = self.files.keys().map(|name| format!("{name}\n")).collect();
                self.print(&io.out.clone(), &names);
            }
            "env" | "printenv" if arguments.is_empty() => {
                let exported = self.state.vars.iter().filter(|var| var.exported);
                let lines: String = exported
                    .map(|var| if let Held::Text(text) = &var.value { format!("{}={text}\n", var.name) } else { String::new() })
                    .collect();
                self.print(&io.out.clone(), &lines);
            }
            "command" | "type" | "which" => {
                let name = arguments.iter().find(|argument| !argument.starts_with('-')).cloned().unwrap_or_default();
                self.line(io, &name);
            }
            "env" | "nohup" | "exec" | "builtin" | "sudo" | "nice" => {
                let rest: Vec<String> = arguments.iter().skip_while(|word| word.starts_with('-') || word.contains('=')).cloned().collect();
                let flow = if rest.is_empty() { Flow::Next } else { self.command(&rest, io) };
                return if name == "exec" && !rest.is_empty() && flow == Flow::Next { Flow::Exit } else { flow };
            }
            "timeout" => return self.timeout(arguments, io),
            name if SILENT.contains(&name) => {}
            _ => return self.not_simulated(words, io),
        }
        Flow::Next
    }

    /// Takes its time, prints nothing, or something unknown to who reads it, succeeds, and says so.
    fn not_simulated(&mut self, words: &[String], io: &Io) -> Flow {
        let time = (self.setup.command_time)(&words[0]).unwrap_or(SimTime::ZERO);
        let text = words.join(" ");
        let line = text.lines().next().unwrap_or("");
        self.note(format!("`{line}` is not simulated, it takes {}", human(time)));
        (self.is_foreign, self.is_foreign_status) = (true, true);
        if matches!(io.out, Sink::Gather(_) | Sink::File(_)) {
            let name = words[0].rsplit('/').next().unwrap_or("");
            self.print(&io.out, &format!("⟨{name}⟩\n"));
        }
        self.wait(time)
    }

    /// The code that `exit` or `return` is given; an unknown one is 0.
    fn code(&mut self, arguments: &[String], otherwise: i32) -> i32 {
        let Some(code) = arguments.first() else { return otherwise };
        if self.is_unknown(code) { 0 } else { code.parse().unwrap_or(2) & 0xff }
    }

    fn last_status(&self) -> i32 {
        self.state.status
    }

    fn line(&mut self, io: &Io, text: &str) {
        self.print(&io.out.clone(), &format!("{text}\n"));
    }

    fn fail(&mut self, io: &Io, status: i32, message: &str) -> Flow {
        self.print(&io.err.clone(), &format!("{message}\n"));
        self.state.status = status;
        Flow::Next
    }

    /// A fault within an expansion ends the script.
    pub fn end_by_fault(&mut self) {
        self.state.faulted = true;
    }

    fn echo(&mut self, arguments: &[String], io: &Io) {
        let (mut newline, mut escapes, mut rest) = (true, false, arguments);
        while let Some((flag, behind)) = rest.split_first() {
            let is_flag = flag.len() > 1 && flag.starts_with('-') && flag[1..].chars().all(|c| "neE".contains(c));
            if !is_flag {
                break;
            }
            newline &= !flag.contains('n');
            escapes = flag.contains('e') || escapes && !flag.contains('E');
            rest = behind;
        }
        let mut text = rest.join(" ");
        if escapes {
            let (resolved, ended) = texts::unescape(&text);
            (text, newline) = (resolved, newline && !ended);
        }
        if newline {
            text.push('\n');
        }
        self.print(&io.out, &text);
    }

    fn sleep(&mut self, arguments: &[String], io: &Io) -> Flow {
        let mut time = SimTime::ZERO;
        for argument in arguments {
            match sleep_length(argument) {
                Some(length) => time = time + length,
                None if argument.contains('⟨') => {
                    self.note(format!("`sleep {argument}` hangs on an unknown value, it takes 1 s"));
                    time = time + SimTime(1000);
                }
                None if argument == "infinity" || argument == "inf" => time = SimTime(u64::MAX),
                None => return self.fail(io, 1, &format!("sleep: invalid time interval '{argument}'")),
            }
        }
        if arguments.is_empty() {
            return self.fail(io, 1, "sleep: missing operand");
        }
        self.wait(time)
    }

    fn timeout(&mut self, arguments: &[String], io: &Io) -> Flow {
        let rest: Vec<String> = arguments.iter().skip_while(|word| word.starts_with('-')).cloned().collect();
        let Some((length, command)) = rest.split_first().and_then(|(length, command)| sleep_length(length).map(|length| (length, command)))
        else {
            return self.fail(io, 125, "timeout: invalid time interval");
        };
        let began = self.state.clock;
        let flow = self.command(command, io);
        if self.state.clock > began + length {
            self.state.clock = began + length;
            self.state.status = 124;
            if self.stopped == Some(Stopped::Deadline) {
                self.stopped = None;
            }
            return Flow::Next;
        }
        flow
    }

    fn printf(&mut self, arguments: &[String], io: &Io) {
        let (variable, rest) = match arguments {
            [flag, name, rest @ ..] if flag == "-v" => (Some(name.clone()), rest),
            [flag, rest @ ..] if flag == "--" => (None, rest),
            rest => (None, rest),
        };
        let Some((format, values)) = rest.split_first() else { return };
        let text = texts::printf(format, values);
        match variable {
            Some(name) => self.set(&name, text),
            None => self.print(&io.out, &text),
        }
    }

    fn set_options(&mut self, arguments: &[String]) {
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let on = argument.starts_with('-');
            if argument == "--" {
                self.state.arguments = rest.cloned().collect();
                return;
            }
            if !on && !argument.starts_with('+') {
                self.state.arguments = std::iter::once(argument).chain(rest).cloned().collect();
                return;
            }
            for flag in argument[1..].chars() {
                match flag {
                    'e' => self.state.errexit = on,
                    'u' => self.state.nounset = on,
                    'o' => match rest.next().map(String::as_str) {
                        Some("pipefail") => self.state.pipefail = on,
                        Some("errexit") => self.state.errexit = on,
                        Some("nounset") => self.state.nounset = on,
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
    }

    fn declare(&mut self, how: &str, arguments: &[String]) {
        for argument in arguments.iter().filter(|argument| !argument.starts_with('-')) {
            let (name, value) = argument.split_once('=').map_or((argument.as_str(), None), |(name, value)| (name, Some(value)));
            if arguments.iter().any(|flag| flag.starts_with('-') && flag.contains('A')) {
                let value = Held::Map(Vec::new());
                self.state.vars.push(Var { name: Rc::from(name), value, exported: false });
                continue;
            }
            if how == "local" {
                let value = value.unwrap_or("").to_owned();
                self.state.vars.push(Var { name: Rc::from(name), value: Held::Text(value), exported: false });
                continue;
            }
            if let Some(value) = value {
                self.set(name, value.to_owned());
            }
            if how == "export"
                && let Some(var) = self.state.vars.iter_mut().rev().find(|var| &*var.name == name)
            {
                var.exported = true;
            }
        }
    }

    fn read(&mut self, arguments: &[String]) {
        let mut names = Vec::new();
        let mut list = false;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "-p" | "-t" | "-d" | "-n" | "-u" => _ = rest.next(),
                flag if flag.starts_with('-') => list |= flag.contains('a'),
                name => names.push(name.to_owned()),
            }
        }
        let input = self.take_input();
        self.state.status = i32::from(input.is_empty());
        let (line, left) = input.split_once('\n').unwrap_or((&input, ""));
        self.state.input = Rc::from(left);
        if names.is_empty() {
            names.push("REPLY".to_owned());
        }
        let separators = self.separators();
        let parts = |c: char| separators.contains(c);
        let blank = |c: char| c.is_whitespace() && separators.contains(c);
        let mut line = line.trim_matches(blank);
        if list {
            let items = line.split(parts).filter(|item| !item.is_empty() || !separators.contains(' ')).map(str::to_owned).collect();
            return self.set_list(&names[0], items);
        }
        let last = names.len() - 1;
        for (n, name) in names.iter().enumerate() {
            let (word, behind) = if n == last { (line, "") } else { line.split_once(parts).unwrap_or((line, "")) };
            self.set(name, word.to_owned());
            line = behind.trim_start_matches(blank);
        }
    }

    fn set_list(&mut self, name: &str, items: Vec<String>) {
        self.set(name, String::new());
        if let Some(var) = self.state.vars.iter_mut().rev().find(|var| &*var.name == name) {
            var.value = Held::List(items);
        }
    }

    /// `bash -c TEXT`, `bash FILE`, or a shell that reads its input.
    fn shell(&mut self, words: &[String], io: &Io) -> Flow {
        let mut rest = words[1..].iter().skip_while(|word| word.starts_with('-') && !word.ends_with('c'));
        let text = match rest.next().map(String::as_str) {
            Some(flag) if flag.starts_with('-') => {
                let text = rest.next().cloned();
                // What follows is its name.
                rest.next();
                text
            }
            Some(file) => match self.files.get(file.strip_prefix("./").unwrap_or(file)).cloned() {
                Some(text) => Some(text),
                None => return self.not_simulated(words, io),
            },
            None => Some(self.take_input().to_string()),
        };
        let arguments: Vec<String> = rest.cloned().collect();
        let errexit = std::mem::take(&mut self.state.errexit);
        let flow = self.subshell(|shell| shell.run_text(&text.unwrap_or_default(), Some(arguments), io));
        self.state.errexit = errexit;
        flow
    }

    fn seq(&mut self, arguments: &[String], io: &Io) -> Flow {
        let mut separator = "\n".to_owned();
        let mut numbers: Vec<i64> = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "-s" {
                separator = rest.next().cloned().unwrap_or_default();
            } else if argument != "-w" {
                match argument.parse() {
                    Ok(number) => numbers.push(number),
                    Err(_) if argument.contains('⟨') => numbers.push(1),
                    Err(_) => return self.fail(io, 1, &format!("seq: invalid floating point argument: '{argument}'")),
                }
            }
        }
        let (from, step, to) = match numbers[..] {
            [to] => (1, 1, to),
            [from, to] => (from, 1, to),
            [from, step, to] if step != 0 => (from, step, to),
            _ => return self.fail(io, 1, "seq: missing operand"),
        };
        let mut text = String::new();
        let mut at = from;
        while if step > 0 { at <= to } else { at >= to } {
            if !text.is_empty() {
                text += &separator;
            }
            text += &at.to_string();
            if text.len() > super::run::MOST_BYTES {
                return self.stop(Stopped::Steps);
            }
            let Some(next) = at.checked_add(step) else { break };
            at = next;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        self.print(&io.out, &text);
        Flow::Next
    }

    fn date(&mut self, arguments: &[String], io: &Io) {
        let now = self.state.clock.epoch_ms(self.setup.start_epoch_ms);
        let of_another = arguments.iter().any(|argument| argument.starts_with("-d") || argument.starts_with("--date"));
        if of_another {
            self.note("`date -d` is not simulated, it gives the date of now".to_owned());
        }
        let format = match arguments.iter().find(|argument| argument.starts_with('+') || argument.starts_with("-I")) {
            Some(format) if format.starts_with('+') => format[1..].to_owned(),
            Some(iso) if iso.contains('s') => "%FT%T+00:00".to_owned(),
            Some(_) => "%F".to_owned(),
            None => "%a %b %e %H:%M:%S UTC %Y".to_owned(),
        };
        let text = texts::date(now, &format);
        self.line(io, &text);
    }

    fn cat(&mut self, arguments: &[String], io: &Io) -> Flow {
        let names: Vec<&str> = arguments.iter().map(String::as_str).filter(|name| *name == "-" || !name.starts_with('-')).collect();
        if names.is_empty() {
            let text = self.take_input();
            self.print(&io.out, &text);
            return Flow::Next;
        }
        for name in names {
            match self.read_file(name) {
                Some(text) => self.print(&io.out, &text),
                None => _ = self.fail(io, 1, &format!("cat: {name}: No such file or directory")),
            }
        }
        Flow::Next
    }

    /// Commands that read lines and print lines.
    fn filter(&mut self, words: &[String], io: &Io) -> Flow {
        let (name, arguments) = (words[0].as_str(), &words[1..]);
        let flag =
            |flag: char| arguments.iter().any(|argument| argument.len() > 1 && argument.starts_with('-') && argument[1..].contains(flag));
        let value_of = |flag: &str| {
            let behind = arguments.iter().position(|argument| argument == flag).and_then(|at| arguments.get(at + 1).cloned());
            behind.or_else(|| {
                arguments.iter().find_map(|argument| argument.strip_prefix(flag).filter(|rest| !rest.is_empty()).map(str::to_owned))
            })
        };
        let takes_value = |argument: &str| {
            matches!(
                (name, argument),
                ("sed", "-e")
                    | ("head" | "tail", "-n" | "-c")
                    | ("cut", "-d" | "-f" | "-c")
                    | ("sort", "-k" | "-t")
                    | ("grep", "-e" | "-m" | "-A" | "-B")
            )
        };
        let mut plain: Vec<String> = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if takes_value(argument) {
                rest.next();
            } else if !argument.starts_with('-') || argument == "-" {
                plain.push(argument.clone());
            }
        }
        let n_before_files = match name {
            "grep" if !arguments.iter().any(|argument| argument == "-e") => 1,
            "sed" if !arguments.iter().any(|argument| argument == "-e") => 1,
            "tr" => plain.len(),
            "tee" => plain.len(),
            _ => 0,
        };
        let mut input = String::new();
        if plain.len() > n_before_files {
            for file in &plain[n_before_files..] {
                match self.read_file(file) {
                    Some(text) => input += &text,
                    None => return self.fail(io, 1, &format!("{name}: {file}: No such file or directory")),
                }
            }
        } else {
            input = self.take_input().to_string();
        }
        // What is looked for in something unknown is there, and what it gives is unknown.
        if matches!(name, "wc" | "grep" | "cut" | "sed") && self.is_unknown(&input) {
            if name == "wc" || flag('c') {
                input = format!("⟨{name}⟩\n");
            }
            if name != "grep" || !flag('q') {
                self.print(&io.out, &input);
            }
            return Flow::Next;
        }
        let lines: Vec<&str> = input.lines().collect();
        let join = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let text = match name {
            "head" if flag('c') => {
                let n = value_of("-c").and_then(|n| n.parse().ok()).unwrap_or(0);
                input.chars().take(n).collect()
            }
            "head" | "tail" => {
                let short = arguments.iter().find_map(|argument| argument.strip_prefix('-').and_then(|n| n.parse::<usize>().ok()));
                let n = value_of("-n").and_then(|n| n.parse().ok()).or(short).unwrap_or(10).min(lines.len());
                join(if name == "head" { &lines[..n] } else { &lines[lines.len() - n..] })
            }
            "wc" => {
                let counts = [lines.len(), input.split_whitespace().count(), input.len()];
                let chosen = [('l', 0), ('w', 1), ('c', 2)].into_iter().find(|(sign, _)| flag(*sign));
                match chosen {
                    Some((_, at)) => format!("{}\n", counts[at]),
                    None => format!("{:7} {:7} {:7}\n", counts[0], counts[1], counts[2]),
                }
            }
            "sort" => {
                let mut sorted = lines.clone();
                let number = |line: &str| {
                    line.trim()
                        .split(|c: char| !(c.is_ascii_digit() || c == '-'))
                        .next()
                        .and_then(|text| text.parse::<i64>().ok())
                        .unwrap_or(0)
                };
                if flag('n') {
                    sorted.sort_by_key(|line| number(line))
                } else {
                    sorted.sort_unstable()
                }
                if flag('r') {
                    sorted.reverse();
                }
                if flag('u') {
                    sorted.dedup();
                }
                join(&sorted)
            }
            "uniq" => {
                let mut counted: Vec<(&str, usize)> = Vec::new();
                for line in &lines {
                    match counted.last_mut() {
                        Some((last, n)) if last == line => *n += 1,
                        _ => counted.push((line, 1)),
                    }
                }
                counted.iter().map(|(line, n)| if flag('c') { format!("{n:7} {line}\n") } else { format!("{line}\n") }).collect()
            }
            "rev" => lines.iter().map(|line| line.chars().rev().chain(['\n']).collect::<String>()).collect(),
            "tac" => join(&lines.iter().rev().copied().collect::<Vec<_>>()),
            "tr" => translate(&input, &plain, flag('d'), flag('s')),
            "cut" => {
                let by = value_of("-d").unwrap_or_else(|| "\t".to_owned());
                let fields = value_of("-f").or_else(|| value_of("-c")).unwrap_or_default();
                let by_letter = arguments.iter().any(|argument| argument.starts_with("-c"));
                lines.iter().map(|line| cut(line, &by, &fields, by_letter) + "\n").collect()
            }
            "grep" => return self.grep(&lines, &value_of("-e").or_else(|| plain.first().cloned()).unwrap_or_default(), &flag, io),
            "sed" => {
                let scripts: Vec<&str> = arguments.windows(2).filter(|pair| pair[0] == "-e").map(|pair| pair[1].as_str()).collect();
                let script = if scripts.is_empty() { plain.first().cloned().unwrap_or_default() } else { scripts.join("; ") };
                match substitution(&script) {
                    Some((from, to, all)) => {
                        lines.iter().map(|line| if all { line.replace(&from, &to) } else { line.replacen(&from, &to, 1) } + "\n").collect()
                    }
                    None => {
                        self.note(format!("`sed {script}` is not simulated, its input goes through"));
                        self.n_guesses += 1;
                        input.clone()
                    }
                }
            }
            _ => {
                for file in &plain {
                    self.files.insert(Rc::from(file.as_str()), input.clone());
                }
                input.clone()
            }
        };
        self.print(&io.out, &text);
        Flow::Next
    }

    fn grep(&mut self, lines: &[&str], wanted: &str, flag: &dyn Fn(char) -> bool, io: &Io) -> Flow {
        let special = |c: char| "[](){}+?|*\\".contains(c);
        let unknown = wanted.replace(".*", "").contains(special) && !flag('F');
        if unknown {
            self.note(format!("the pattern `{wanted}` is not simulated, each line is taken as fitting"));
            self.n_guesses += 1;
        }
        let lower = |text: &str| if flag('i') { text.to_ascii_lowercase() } else { text.to_owned() };
        let mut atoms = if wanted.starts_with('^') { Vec::new() } else { vec![glob::Atom::Any] };
        for (n, piece) in lower(wanted.trim_start_matches('^').trim_end_matches('$')).split(".*").enumerate() {
            if n > 0 {
                atoms.push(glob::Atom::Any);
            }
            atoms.extend(piece.chars().map(|c| if c == '.' && !flag('F') { glob::Atom::One } else { glob::Atom::Letter(c) }));
        }
        if !wanted.ends_with('$') {
            atoms.push(glob::Atom::Any);
        }
        let fits = |line: &&&str| (unknown || glob::matches(&atoms, &lower(line).chars().collect::<Vec<_>>())) != flag('v');
        let found: Vec<&str> = lines.iter().filter(fits).copied().collect();
        self.state.status = i32::from(found.is_empty());
        if flag('c') {
            self.line(io, &found.len().to_string());
        } else if !flag('q') {
            let text: String = found.iter().map(|line| format!("{line}\n")).collect();
            self.print(&io.out, &text);
        }
        Flow::Next
    }

    /// The status of `test` and `[`.
    fn test_words(&mut self, words: &[String], io: &Io) -> i32 {
        match self.condition(words, 0) {
            Some(truth) => i32::from(!truth),
            None => {
                self.print(&io.err.clone(), &format!("bash: test: {}: syntax error\n", words.join(" ")));
                2
            }
        }
    }

    fn condition(&mut self, words: &[String], depth: usize) -> Option<bool> {
        if depth > 32 {
            return None;
        }
        self.n_guesses += usize::from(words.iter().any(|word| word.contains('⟨')));
        let mut open = 0i32;
        let outside: Vec<bool> = words
            .iter()
            .map(|word| {
                open += i32::from(word == "(") - i32::from(word == ")");
                open <= 0
            })
            .collect();
        let place = |sign: &str| words.iter().zip(&outside).position(|(word, outside)| *outside && word == sign);
        for sign in ["-o", "||"] {
            if let Some(at) = place(sign).filter(|at| *at > 0 && words.len() > 3) {
                return Some(self.condition(&words[..at], depth + 1)? || self.condition(&words[at + 1..], depth + 1)?);
            }
        }
        for sign in ["-a", "&&"] {
            if let Some(at) = place(sign).filter(|at| *at > 0 && words.len() > 3) {
                return Some(self.condition(&words[..at], depth + 1)? && self.condition(&words[at + 1..], depth + 1)?);
            }
        }
        match words {
            [] => Some(false),
            [text] => Some(!text.is_empty()),
            [not, rest @ ..] if not == "!" => self.condition(rest, depth + 1).map(|truth| !truth),
            [open, inner @ .., close] if open == "(" && close == ")" => self.condition(inner, depth + 1),
            [sign, text] => match sign.as_str() {
                "-z" => Some(text.is_empty()),
                "-n" => Some(!text.is_empty()),
                "-v" => Some(self.get(text).is_some()),
                "-e" | "-f" | "-r" | "-w" | "-s" | "-d" | "-x" => {
                    let here = self.files.get(text.strip_prefix("./").unwrap_or(text)).map(|file| sign != "-s" || !file.is_empty());
                    Some(here.unwrap_or_else(|| self.is_elsewhere(text)))
                }
                "-L" | "-h" | "-t" | "-p" => Some(false),
                _ => None,
            },
            // What is unknown is taken to be what it is compared with.
            [left, sign, right] if left.contains('⟨') || right.contains('⟨') => {
                let truth = sign != "!=" && sign != "-ne";
                self.note(format!("`{left} {sign} {right}` hangs on an unknown value, it is taken as {truth}"));
                Some(truth)
            }
            [left, sign, right] => match sign.as_str() {
                "=" | "==" => Some(left == right),
                "!=" => Some(left != right),
                "<" => Some(left < right),
                ">" => Some(left > right),
                "=~" => {
                    self.note(format!("the pattern `{right}` is not simulated, it is taken as fitting"));
                    self.n_guesses += 1;
                    Some(true)
                }
                "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
                    let (a, b) = (left.trim().parse::<i64>().ok()?, right.trim().parse::<i64>().ok()?);
                    Some(match sign.as_str() {
                        "-eq" => a == b,
                        "-ne" => a != b,
                        "-lt" => a < b,
                        "-le" => a <= b,
                        "-gt" => a > b,
                        _ => a >= b,
                    })
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The status of `[[ ... ]]`: to the right of `==` stands a pattern.
    pub fn double_bracket(&mut self, words: &[Word], io: &Io) -> i32 {
        let mut texts: Vec<String> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let is_match = texts.last().is_some_and(|sign| matches!(sign.as_str(), "=" | "==" | "!=")) && texts.len() > 1;
            if !is_match {
                texts.push(self.expand_one(&words[at], io));
                at += 1;
                continue;
            }
            let pieces = self.pieces(&words[at], io);
            at += 1;
            let atoms = glob::read(pieces.iter().map(|(text, quoted)| (text.as_str(), *quoted)));
            let left: Vec<char> = texts[texts.len() - 2].chars().collect();
            let n = texts.len();
            let fits = if self.is_unknown(&texts[n - 2].clone()) { true } else { glob::matches(&atoms, &left) };
            // The three words are told to the plain test as two that are equal, or not.
            texts[n - 2] = "1".to_owned();
            texts.push(if fits { "1" } else { "0" }.to_owned());
        }
        for word in &mut texts {
            if word == "-a" || word == "-o" {
                word.push(' ');
            }
        }
        match self.condition(&texts, 0) {
            Some(truth) => i32::from(!truth),
            None => {
                self.print(&Sink::Err, "bash: conditional binary operator expected\n");
                2
            }
        }
    }
}

fn count(arguments: &[String]) -> usize {
    arguments.first().and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// `tr`: sets of letters with ranges and classes.
fn translate(input: &str, sets: &[String], deletes: bool, squeezes: bool) -> String {
    let read = |set: &str| {
        let set = set.replace("[:lower:]", "a-z").replace("[:upper:]", "A-Z").replace("[:digit:]", "0-9").replace("[:space:]", " \t\n");
        let chars: Vec<char> = texts::unescape(&set).0.chars().collect();
        let mut all = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            if at + 2 < chars.len() && chars[at + 1] == '-' {
                all.extend(chars[at]..=chars[at + 2]);
                at += 3;
            } else {
                all.push(chars[at]);
                at += 1;
            }
        }
        all
    };
    let from = read(sets.first().map_or("", String::as_str));
    let to = read(sets.get(1).map_or("", String::as_str));
    let mut out = String::new();
    for c in input.chars() {
        let place = from.iter().position(|known| *known == c);
        if deletes && place.is_some() {
            continue;
        }
        let c = place.and_then(|at| to.get(at).or(to.last())).copied().unwrap_or(c);
        let again = squeezes && out.ends_with(c) && (place.is_some() || to.contains(&c));
        if !again {
            out.push(c);
        }
    }
    out
}

/// The fields of a line: `1`, `2-`, `1,3`.
fn cut(line: &str, by: &str, fields: &str, by_letter: bool) -> String {
    let parts: Vec<String> = if by_letter { line.chars().map(String::from).collect() } else { line.split(by).map(str::to_owned).collect() };
    if parts.len() == 1 && !by_letter {
        return line.to_owned();
    }
    let wanted = |n: usize| {
        fields.split(',').any(|range| match range.split_once('-') {
            Some((from, to)) => n >= from.parse().unwrap_or(1) && n <= to.parse().unwrap_or(usize::MAX),
            None => range.parse() == Ok(n),
        })
    };
    let chosen: Vec<&str> = parts.iter().enumerate().filter(|(n, _)| wanted(n + 1)).map(|(_, part)| part.as_str()).collect();
    chosen.join(if by_letter { "" } else { by })
}

/// The parts of `s/plain/plain/g`.
fn substitution(script: &str) -> Option<(String, String, bool)> {
    let rest = script.strip_prefix('s')?;
    let by = rest.chars().next()?;
    let parts: Vec<&str> = rest[by.len_utf8()..].split(by).collect();
    let [from, to, flags] = parts[..] else { return None };
    let plain = |text: &str| !text.contains(|c: char| ".*[]^$\\&+?(){}|".contains(c));
    (plain(from) && plain(to) && !from.is_empty() && flags.trim_matches('g').is_empty())
        .then(|| (from.to_owned(), to.to_owned(), flags.contains('g')))
}
