//! A script as a tree.

use std::rc::Rc;

use crate::text::Text;

/// A command, or several.
#[derive(Debug, Clone)]
pub enum Node {
    /// Assignments, and words of which the first is the command, on this line of the script, from 0.
    Simple {
        line: u32,
        assigns: Vec<Assign>,
        words: Vec<Word>,
        redirects: Vec<Redirect>,
    },
    /// Commands of which each reads the output of the one before; `!` inverts the result.
    Pipe {
        stages: Vec<Node>,
        negated: bool,
    },
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Background(Rc<Node>),
    If {
        arms: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    /// `line` is the line of the script it begins on, from 0.
    While {
        line: u32,
        until: bool,
        condition: Box<Node>,
        body: Box<Node>,
    },
    /// `select` asks for one of the words each round.
    For {
        line: u32,
        head: Box<str>,
        name: String,
        words: Option<Vec<Word>>,
        selects: bool,
        body: Box<Node>,
    },
    ForArithmetic {
        line: u32,
        parts: [Word; 3],
        body: Box<Node>,
    },
    Case {
        head: Box<str>,
        word: Word,
        /// Patterns and body of each, and what ends it: `;&` goes on with the next one, `;;&` with the next that matches.
        arms: Vec<(Vec<Word>, Node, &'static str)>,
    },
    /// `{ ...; }`, or another compound command with redirections.
    Group {
        body: Box<Node>,
        redirects: Vec<Redirect>,
    },
    Subshell {
        body: Box<Node>,
        redirects: Vec<Redirect>,
    },
    Function {
        name: String,
        body: Rc<Node>,
    },
    /// `(( ... ))`.
    Arithmetic(Word),
    /// `[[ ... ]]`.
    Test(Vec<Word>),
}

impl Node {
    /// The line of the script that a loop begins on, from 0; `None` for anything else.
    pub fn loop_line(&self) -> Option<u32> {
        match self {
            Self::While { line, .. } | Self::For { line, .. } | Self::ForArithmetic { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// `name=value`, `name+=value`, `name=(a b)`.
#[derive(Debug, Clone)]
pub struct Assign {
    pub name: String,
    pub index: Option<Word>,
    pub append: bool,
    pub value: Assigned,
}

#[derive(Debug, Clone)]
pub enum Assigned {
    Word(Word),
    List(Vec<Word>),
}

/// A word: its parts follow each other without a gap.
pub type Word = Vec<Part>;

#[derive(Debug, Clone)]
pub enum Part {
    /// Text, and whether it was quoted.
    Text(Text, bool),
    /// `$name`, `${name...}`.
    Variable(Box<Variable>, bool),
    /// `$( ... )`.
    Command(Rc<Node>, bool),
    /// `$(( ... ))`.
    Arithmetic(Word, bool),
    /// `<( ... )`: the name of a file that holds what the commands print.
    File(Rc<Node>),
    /// `>( ... )`: the name of what the commands read.
    Reader(Rc<Node>),
}

impl Part {
    /// Known text.
    pub fn known(text: &str, quoted: bool) -> Self {
        Self::Text(text.into(), quoted)
    }
}

#[derive(Debug, Clone)]
pub struct Variable {
    pub name: String,
    /// `[...]`: an index, `@` or `*`.
    pub index: Option<Word>,
    pub change: Change,
}

/// What `${...}` does with the value.
#[derive(Debug, Clone)]
pub enum Change {
    None,
    /// `${!name}`: the variable that the value names; of a list its indexes.
    Named,
    Length,
    /// `-`, `=`, `+` or `?`, and whether an empty value counts as unset.
    Default(char, bool, Word),
    /// `#`, `##`, `%`, `%%`.
    Cut {
        from_end: bool,
        longest: bool,
        pattern: Word,
    },
    /// `/` and `//`.
    Replace {
        all: bool,
        pattern: Word,
        with: Word,
    },
    /// `^^`, `^`, `,,`, `,`, and which characters it changes; all if the pattern is empty.
    Case {
        upper: bool,
        all: bool,
        pattern: Word,
    },
    /// `@Q`, `@U`, `@u`, `@L`, `@E`.
    At(char),
    /// `${!name*}`: the names of variables that begin so.
    Names,
    Slice(Word, Option<Word>),
    /// What bash does not know; the name is all that stands between the braces.
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Redirect {
    /// Which stream: 0, 1, 2; `None` is standard output and error together.
    pub stream: Option<u32>,
    pub to: Target,
}

/// How a file is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Write,
    /// `>|`, also under `set -o noclobber`.
    Overwrite,
    Append,
}

#[derive(Debug, Clone)]
pub enum Target {
    /// A file to write to.
    Write(Word, Mode),
    /// A file to read.
    Read(Word),
    /// A copy of another stream; whether it is one to read from.
    Copy(Word, bool),
    /// `> >(...)`: commands that read it.
    Process(Rc<Node>),
    /// `> >(tee files)`: files to write to or append to besides.
    Tee(Vec<Word>, bool),
    /// A here-document or here-string.
    Text(Word),
}
