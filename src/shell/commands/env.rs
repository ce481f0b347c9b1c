//! What tells of the environment: `env`, `printenv`, and what a command is: `command -v`, `type`, `which`.

use std::rc::Rc;

use super::behind_options;
use crate::shell::state::{Flow, Held, Io, Shell, Var};
use crate::text::Text;

const KEYWORDS: &str = " if then elif else fi for while until do done case esac in function select time [[ ]] { } ! ";
const BUILTINS: &str = " . : [ alias bg break builtin cd command continue declare echo eval exec exit export false fg getopts hash jobs \
    kill let local mapfile popd printf pushd pwd read readarray readonly return set shift shopt source test times trap true type \
    typeset ulimit umask unset wait ";
/// Programs that are simulated.
pub const PROGRAMS: &str = " awk base64 basename bash bc cat chmod chown clear cmp column comm cp cut date diff dirname egrep env expr fgrep \
    find fold gawk grep head hostname id join jq ls mawk md5sum mkdir mktemp mv nawk nice nl nohup nproc paste printenv rev rm rmdir sed \
    seq sh sha1sum sha256sum sha512sum sleep sort stat stty sudo sync tac tail tee timeout touch tr uname uniq wc which whoami xargs yes ";

impl Shell<'_> {
    /// The exported variables.
    pub(super) fn env(&mut self, io: &Io) {
        let mut lines = Vec::new();
        for var in self.state.vars.iter().filter(|var| var.exported && !var.name.is_empty()) {
            if let Held::Text(text) = &var.value {
                lines.push(Text::join(&[(&*var.name).into(), text.clone()], "="));
            }
        }
        self.print_lines(io, &lines);
    }

    pub(super) fn printenv(&mut self, names: &[Text], io: &Io) {
        for name in names {
            let value = match self.var(name) {
                Some(Var { exported: true, value: Held::Text(text), .. }) => Some(text.clone()),
                Some(_) => None,
                None => self.special(name).filter(|_| matches!(&**name, "HOME" | "PATH" | "USER")).map(Text::from),
            };
            match value {
                Some(value) => self.print_line_of(io, value),
                None => self.state.status = 1,
            }
        }
    }

    /// `env -i -u NAME NAME=VALUE... COMMAND`.
    pub(super) fn env_command(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let before = self.state.vars.clone();
        let mut rest = arguments;
        while let Some((word, behind)) = rest.split_first().filter(|(word, _)| word.starts_with('-') || word.contains('=')) {
            rest = behind;
            match &**word {
                "-i" | "-" | "--ignore-environment" => self.state.vars.retain(|var| !var.exported),
                "-u" => {
                    if let Some((name, behind)) = rest.split_first() {
                        rest = behind;
                        self.state.vars.retain(|var| *var.name != **name);
                        self.state.vars.push(Var::new(Rc::from(&**name), Held::Text(Text::new())));
                    }
                }
                word if word.starts_with('-') => {}
                _ => {
                    let (name, value) = word.split_once(&|c| c == '=').unwrap_or_default();
                    self.state.vars.push(Var { exported: true, ..Var::new(Rc::from(&*name), Held::Text(value)) });
                }
            }
        }
        let flow = if rest.is_empty() {
            self.env(io);
            Flow::Next
        } else {
            self.wrapped(rest, io)
        };
        self.state.vars = before;
        flow
    }

    /// `command -v`, `type`, `which`.
    pub(super) fn kinds_of(&mut self, command: &str, arguments: &[Text], io: &Io) {
        let flags: String = arguments.iter().take_while(|flag| flag.starts_with('-')).map(|flag| flag.to_string()).collect();
        let is_short = command == "command" && flags.contains('v') || command == "which";
        let only_files = command == "which" || flags.contains('P');
        for name in behind_options(arguments, |word| word.starts_with('-')) {
            if name.has_unknown() {
                self.print_line_of(io, name.clone());
                continue;
            }
            let path = if name.contains('/') { name.to_string() } else { ["/usr/bin/", name].concat() };
            let (kind, said) = match () {
                () if !only_files && self.state.functions.get(&**name).is_some() => ("function", "is a function".to_owned()),
                () if !only_files && is_in(KEYWORDS, name) => ("keyword", "is a shell keyword".to_owned()),
                () if !only_files && is_in(BUILTINS, name) => ("builtin", "is a shell builtin".to_owned()),
                () if !self.has_program(name) => ("", String::new()),
                () => ("file", format!("is {path}")),
            };
            let line = match kind {
                "" => {
                    self.state.status = 1;
                    continue;
                }
                _ if flags.contains('t') => kind.to_owned(),
                "file" if is_short || flags.contains(['p', 'P']) => path,
                _ if is_short => name.to_string(),
                _ => format!("{name} {said}"),
            };
            self.print_line(&io.out, &line);
        }
    }

    /// Whether there is such a program. One that is not simulated is taken to be there, unless it is assumed to fail.
    fn has_program(&mut self, name: &Text) -> bool {
        if name.contains('/') {
            return self.file(name).is_some() || self.is_elsewhere(name);
        }
        is_in(PROGRAMS, name) || is_in(BUILTINS, name) || !(self.setup.command)(name).1
    }
}

/// Whether a name is in a list of names between blanks.
fn is_in(names: &str, name: &str) -> bool {
    names.contains(&[" ", name, " "].concat())
}

#[cfg(test)]
mod tests {
    use super::PROGRAMS;
    use crate::shell::tests::check;

    #[test]
    fn programs_are_simulated() {
        for program in PROGRAMS.split_whitespace() {
            let is_simulated = |arguments| !check(&format!("echo 1 | {program} {arguments} | cat")).contains(" is not simulated");
            assert!(["", "1", "-t", "-c :"].into_iter().any(is_simulated), "{program}");
        }
    }

    #[test]
    fn a_program_is_there_unless_it_is_assumed_to_fail() {
        insta::assert_snapshot!(check("which jq git; command -v helm || echo no helm; type -P git; type -t helm || echo $?"), @"
        0 Out /usr/bin/jq
        0 Out /usr/bin/git
        0 Out no helm
        0 Out /usr/bin/git
        0 Out 1
        0 exit 0
        ");
    }
}
