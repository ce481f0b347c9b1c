//! The text of a script to its tree. What stands before a mistake is kept: it runs, as it does in a shell that reads line
//! by line.

use std::rc::Rc;

use super::tree::{Assign, Assigned, Change, Node, Part, Redirect, Target, Variable, Word};

/// Deeper nesting is a mistake.
const DEEPEST: usize = 64;

/// Words that end a list of commands, each where it may.
const CLOSERS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// Commands that declare variables, lists among them.
pub const DECLARES: &[&str] = &["declare", "typeset", "local", "readonly", "export"];

/// The tree of a script, and what is wrong with the rest of it.
pub fn parse(text: &str) -> (Node, Option<String>) {
    let mut parser = Parser { text, at: 0, heredoc: None, depth: 0 };
    let mut nodes = Vec::new();
    loop {
        match parser.next_complete() {
            Ok(None) => return (Node::List(nodes), None),
            Ok(Some(node)) => nodes.push(node),
            Err(error) => return (Node::List(nodes), Some(error)),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Where the text goes on behind the here-documents of this line.
    heredoc: Option<usize>,
    depth: usize,
}

type Parsed<T> = Result<T, String>;

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn starts(&self, sign: &str) -> bool {
        self.rest().starts_with(sign)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.starts(sign);
        self.at += if found { sign.len() } else { 0 };
        found
    }

    /// The mark of an unknown value, which may hold any sign, or its first letter where it does not end.
    fn unknown(&mut self) -> &'a str {
        let mark = &self.rest()[..mark_len(self.rest()).unwrap_or(UNKNOWN.len_utf8())];
        self.at += mark.len();
        mark
    }

    /// How far it is to the end of what stands in single quotes.
    fn single_end(&self) -> Option<usize> {
        let mut at = 0;
        loop {
            let rest = &self.rest()[at..];
            let found = rest.find(['\'', UNKNOWN])?;
            at += found;
            if rest[found..].starts_with('\'') {
                return Some(at);
            }
            at += mark_len(&rest[found..]).unwrap_or(UNKNOWN.len_utf8());
        }
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn unexpected<T>(&self) -> Parsed<T> {
        let word: String = self.rest().chars().take_while(|c| !c.is_whitespace()).take(20).collect();
        Err(match word.as_str() {
            "" if self.rest().is_empty() => "syntax error: unexpected end of file".to_owned(),
            "" => "syntax error near unexpected token `newline'".to_owned(),
            word => format!("syntax error near unexpected token `{word}'"),
        })
    }

    /// Blanks, line continuations and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r']);
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with('#') {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("\\\n") {
                self.at += 2;
            } else {
                return;
            }
        }
    }

    /// Blanks and line ends; behind a line its here-documents are stepped over.
    fn lines(&mut self) {
        loop {
            self.blanks();
            if !self.eat("\n") {
                return;
            }
            if let Some(at) = self.heredoc.take() {
                self.at = at;
            }
        }
    }

    /// The plain word that stands here, which may be one of the language's own.
    fn keyword(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || ";&|<>()\"'\\$`".contains(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    fn keyword_is(&mut self, word: &str) -> bool {
        self.blanks();
        let found = self.keyword() == word;
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn expect(&mut self, word: &str) -> Parsed<()> {
        self.lines();
        if self.keyword_is(word) { Ok(()) } else { self.unexpected() }
    }

    /// The next commands up to the end of a line; `None` at the end of the text.
    fn next_complete(&mut self) -> Parsed<Option<Node>> {
        self.lines();
        if self.rest().is_empty() {
            return Ok(None);
        }
        if self.starts(";") || self.starts("&") || self.starts(")") || CLOSERS.contains(&self.keyword()) {
            return self.unexpected();
        }
        self.separated().map(Some)
    }

    /// Commands up to what closes them.
    fn list(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("syntax error: nested too deeply".to_owned());
        }
        let mut nodes = Vec::new();
        loop {
            self.lines();
            let closed =
                self.rest().is_empty() || self.starts(")") || self.starts(";;") || self.starts(";&") || CLOSERS.contains(&self.keyword());
            if closed {
                self.depth -= 1;
                return Ok(Node::List(nodes));
            }
            nodes.push(self.separated()?);
        }
    }

    fn body(&mut self) -> Parsed<Box<Node>> {
        match self.list()? {
            Node::List(nodes) if nodes.is_empty() => self.unexpected(),
            node => Ok(Box::new(node)),
        }
    }

    /// One chain of commands with its separator.
    fn separated(&mut self) -> Parsed<Node> {
        let mut node = self.pipe()?;
        loop {
            self.blanks();
            if self.eat("&&") {
                self.lines();
                node = Node::And(Box::new(node), Box::new(self.pipe()?));
            } else if self.eat("||") {
                self.lines();
                node = Node::Or(Box::new(node), Box::new(self.pipe()?));
            } else {
                break;
            }
        }
        if self.starts("&") && !self.starts("&>") {
            self.at += 1;
            return Ok(Node::Background(Rc::new(node)));
        }
        if !self.starts(";;") && !self.starts(";&") {
            self.eat(";");
        }
        Ok(node)
    }

    fn pipe(&mut self) -> Parsed<Node> {
        let mut negated = false;
        loop {
            self.blanks();
            if self.keyword() == "!" {
                self.at += 1;
                negated = !negated;
            } else if !self.keyword_is("time") {
                break;
            }
        }
        let mut stages = vec![self.command()?];
        loop {
            self.blanks();
            if self.starts("||") || !self.starts("|") {
                break;
            }
            self.at += 1;
            if self.eat("&") {
                let both = Redirect { stream: Some(2), to: Target::Copy(vec![Part::Text("1".to_owned(), false)]) };
                let last = stages.pop().map_or(Node::List(Vec::new()), |last| Node::Group { body: Box::new(last), redirects: vec![both] });
                stages.push(last);
            }
            self.lines();
            stages.push(self.command()?);
        }
        Ok(match stages.pop() {
            Some(only) if stages.is_empty() && !negated => only,
            last => {
                stages.extend(last);
                Node::Pipe { stages, negated }
            }
        })
    }

    fn command(&mut self) -> Parsed<Node> {
        self.blanks();
        let node = match self.keyword() {
            "if" => self.if_()?,
            "while" | "until" => {
                let until = self.keyword() == "until";
                self.at += 5;
                let condition = self.body()?;
                self.expect("do")?;
                let body = self.body()?;
                self.expect("done")?;
                Node::While { until, condition, body }
            }
            "for" => self.for_()?,
            "case" => self.case()?,
            "{" => {
                self.at += 1;
                let body = self.body()?;
                self.expect("}")?;
                Node::Group { body, redirects: Vec::new() }
            }
            "function" => {
                self.at += "function".len();
                self.blanks();
                let name = self.keyword().to_owned();
                self.at += name.len();
                self.blanks();
                if self.eat("(") {
                    self.blanks();
                    self.eat(")");
                }
                self.lines();
                return Ok(Node::Function { name, body: Rc::new(self.command()?) });
            }
            "[[" => {
                self.at += 2;
                Node::Test(self.test_words()?)
            }
            _ if self.starts("((") => {
                self.at += 2;
                let word = self.arithmetic()?;
                Node::Arithmetic(word)
            }
            _ if self.eat("(") => {
                let body = self.body()?;
                self.lines();
                if !self.eat(")") {
                    return self.unexpected();
                }
                Node::Subshell { body, redirects: Vec::new() }
            }
            _ => return self.simple(),
        };
        let mut more = Vec::new();
        while let Some(redirect) = self.redirect()? {
            more.push(redirect);
        }
        Ok(match node {
            node if more.is_empty() => node,
            Node::Subshell { body, .. } => Node::Subshell { body, redirects: more },
            node => Node::Group { body: Box::new(node), redirects: more },
        })
    }

    fn if_(&mut self) -> Parsed<Node> {
        self.at += 2;
        let mut arms = Vec::new();
        loop {
            let condition = *self.body()?;
            self.expect("then")?;
            arms.push((condition, *self.body()?));
            self.lines();
            if self.keyword_is("elif") {
                continue;
            }
            let otherwise = if self.keyword_is("else") { Some(self.body()?) } else { None };
            self.expect("fi")?;
            return Ok(Node::If { arms, otherwise });
        }
    }

    fn for_(&mut self) -> Parsed<Node> {
        self.at += 3;
        self.blanks();
        if self.eat("((") {
            let whole = self.arithmetic()?;
            let parts = split_at_semicolons(whole);
            self.blanks();
            self.eat(";");
            let body = self.loop_body()?;
            return Ok(Node::ForArithmetic { parts, body });
        }
        let name = self.keyword().to_owned();
        if !is_name(&name) {
            return self.unexpected();
        }
        self.at += name.len();
        self.lines();
        let words = if self.keyword_is("in") {
            let mut words = Vec::new();
            loop {
                self.blanks();
                if self.peek().is_none_or(|c| "\n;&|)".contains(c)) {
                    break;
                }
                words.push(self.word()?);
            }
            Some(words)
        } else {
            None
        };
        self.blanks();
        self.eat(";");
        let body = self.loop_body()?;
        Ok(Node::For { name, words, body })
    }

    fn loop_body(&mut self) -> Parsed<Box<Node>> {
        self.expect("do")?;
        let body = self.body()?;
        self.expect("done")?;
        Ok(body)
    }

    fn case(&mut self) -> Parsed<Node> {
        self.at += 4;
        self.blanks();
        let word = self.word()?;
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.lines();
            if self.keyword_is("esac") {
                return Ok(Node::Case { word, arms });
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                patterns.push(self.word()?);
                self.blanks();
                if self.eat(")") {
                    break;
                }
                if !self.eat("|") {
                    return self.unexpected();
                }
            }
            let body = self.list()?;
            self.lines();
            let falls = self.eat(";&");
            if !falls && !self.eat(";;&") && !self.eat(";;") && self.keyword() != "esac" {
                return self.unexpected();
            }
            arms.push((patterns, body, falls));
        }
    }

    fn simple(&mut self) -> Parsed<Node> {
        let (mut assigns, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.blanks();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            if self.peek().is_none_or(|c| "\n;&|()".contains(c)) {
                break;
            }
            if words.is_empty()
                && let Some(assign) = self.assign()?
            {
                assigns.push(assign);
                continue;
            }
            // `declare -A m=(...)`: the name for the command, and the list.
            let declares = matches!(words.first().map(Vec::as_slice), Some([Part::Text(name, _)]) if DECLARES.contains(&name.as_str()));
            if declares
                && self
                    .rest()
                    .find(['(', ' ', '\n', ';'])
                    .is_some_and(|at| self.rest()[..at].ends_with('=') && self.rest()[at..].starts_with('('))
                && let Some(assign) = self.assign()?
            {
                words.push(vec![Part::Text(assign.name.clone(), true)]);
                assigns.push(assign);
                continue;
            }
            let name = self.keyword();
            if words.is_empty() && assigns.is_empty() && is_name(&name.replace(['-', ':', '.'], "_")) {
                let behind = self.rest()[name.len()..].trim_start_matches([' ', '\t']);
                if behind.starts_with('(') && behind[1..].trim_start_matches([' ', '\t']).starts_with(')') {
                    self.at = self.text.len() - behind[1..].trim_start_matches([' ', '\t']).len() + 1;
                    self.lines();
                    return Ok(Node::Function { name: name.to_owned(), body: Rc::new(self.command()?) });
                }
            }
            words.push(self.word()?);
        }
        if assigns.is_empty() && words.is_empty() && redirects.is_empty() {
            return self.unexpected();
        }
        Ok(Node::Simple { assigns, words, redirects })
    }

    fn assign(&mut self) -> Parsed<Option<Assign>> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        if !is_name(name) || !behind.starts_with(['=', '+', '[']) {
            return Ok(None);
        }
        let start = self.at;
        self.at += end;
        let index = if self.eat("[") { Some(self.until("]")?) } else { None };
        let append = self.starts("+=");
        if !(self.eat("+=") || self.eat("=")) {
            self.at = start;
            return Ok(None);
        }
        let value = if self.eat("(") {
            let mut words = Vec::new();
            loop {
                self.lines();
                if self.eat(")") {
                    break;
                }
                if self.rest().is_empty() {
                    return self.unexpected();
                }
                words.push(self.word()?);
            }
            Assigned::List(words)
        } else if self.peek().is_none_or(|c| c.is_whitespace() || ";&|)<>".contains(c)) {
            Assigned::Word(Vec::new())
        } else {
            Assigned::Word(self.word()?)
        };
        Ok(Some(Assign { name: name.to_owned(), index, append, value }))
    }

    fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        self.blanks();
        let start = self.at;
        let both = self.eat("&>");
        let digit = self.peek().filter(|c| !both && c.is_ascii_digit() && self.rest()[1..].starts_with(['<', '>']));
        self.at += usize::from(digit.is_some());
        let stream = digit.map(|c| c as u8 - b'0');
        if !both && !self.starts("<") && !self.starts(">") || self.starts("<(") || self.starts(">(") {
            self.at = start;
            return Ok(None);
        }
        if self.eat("<<<") {
            self.blanks();
            let mut word = self.word()?;
            word.push(Part::Text("\n".to_owned(), true));
            return Ok(Some(Redirect { stream: Some(0), to: Target::Text(word) }));
        }
        if self.eat("<<") {
            let word = self.heredoc()?;
            return Ok(Some(Redirect { stream: Some(0), to: Target::Text(word) }));
        }
        let reads = self.eat("<");
        if !both && !reads {
            self.eat(">");
        }
        let append = !reads && self.eat(">");
        let copies = !both && self.eat("&");
        self.eat("|");
        self.blanks();
        let word = self.word()?;
        let to = match (copies, reads) {
            (true, _) => Target::Copy(word),
            (false, true) => Target::Read(word),
            (false, false) => Target::Write(word, append),
        };
        let stream = if both { None } else { Some(stream.unwrap_or(if reads { 0 } else { 1 })) };
        Ok(Some(Redirect { stream, to }))
    }

    /// A here-document: its text stands behind the line.
    fn heredoc(&mut self) -> Parsed<Word> {
        let no_tabs = self.eat("-");
        self.blanks();
        let start = self.at;
        let word = self.word()?;
        let quoted = self.text[start..self.at].contains(['\'', '"', '\\']);
        let end: String = word.iter().map(|part| if let Part::Text(text, _) = part { text.as_str() } else { "" }).collect();
        let mut at = self.heredoc.unwrap_or_else(|| self.rest().find('\n').map_or(self.text.len(), |at| self.at + at + 1));
        let mut body = String::new();
        while at < self.text.len() {
            let line = self.text[at..].split_inclusive('\n').next().unwrap_or("");
            at += line.len();
            let line = if no_tabs { line.trim_start_matches('\t') } else { line };
            if line.trim_end_matches(['\n', '\r']) == end {
                break;
            }
            body += line;
        }
        self.heredoc = Some(at);
        if quoted {
            return Ok(vec![Part::Text(body, true)]);
        }
        let mut inner = Parser { text: &body, at: 0, heredoc: None, depth: self.depth };
        inner.quoted(None)
    }

    /// The words of `[[ ... ]]`.
    fn test_words(&mut self) -> Parsed<Vec<Word>> {
        let mut words: Vec<Word> = Vec::new();
        loop {
            self.lines();
            if self.keyword_is("]]") {
                return Ok(words);
            }
            let sign = ["&&", "||", "(", ")", "<", ">"].into_iter().find(|sign| self.starts(sign));
            if let Some(sign) = sign {
                self.at += sign.len();
                words.push(vec![Part::Text(sign.to_owned(), false)]);
            } else if self.rest().is_empty() || self.starts(";") {
                return self.unexpected();
            } else if matches!(words.last().map(Vec::as_slice), Some([Part::Text(sign, false)]) if sign == "=~") {
                // A pattern has signs of its own up to the next blank.
                let end = self.rest().find([' ', '\n']).unwrap_or(self.rest().len());
                let pattern = self.rest()[..end].to_owned();
                self.at += end;
                words.push(vec![Part::Text(pattern, true)]);
            } else {
                words.push(self.word()?);
            }
        }
    }

    fn word(&mut self) -> Parsed<Word> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '<' | '>' if self.starts("<(") || self.starts(">(") => {
                    self.at += 2;
                    let node = self.list()?;
                    self.lines();
                    if !self.eat(")") {
                        return self.unexpected();
                    }
                    // What is written to a process is not followed further.
                    parts.push(if c == '<' { Part::File(Rc::new(node)) } else { Part::Text("/dev/null".to_owned(), true) });
                }
                ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => break,
                '\'' => {
                    self.at += 1;
                    let Some(end) = self.single_end() else { return Err(unclosed('\'')) };
                    parts.push(Part::Text(self.rest()[..end].to_owned(), true));
                    self.at += end + 1;
                }
                '"' => {
                    self.at += 1;
                    let mut inner = self.quoted(Some('"'))?;
                    if inner.is_empty() {
                        inner.push(Part::Text(String::new(), true));
                    }
                    parts.append(&mut inner);
                }
                '\\' => {
                    self.at += 1;
                    match self.bump() {
                        Some('\n') => {}
                        Some(escaped) => parts.push(Part::Text(escaped.to_string(), true)),
                        None => parts.push(Part::Text("\\".to_owned(), true)),
                    }
                }
                '$' if self.starts("$'") => {
                    self.at += 2;
                    parts.push(Part::Text(self.ansi()?, true));
                }
                '$' | '`' => parts.push(self.dollar(false)?),
                UNKNOWN => parts.push(Part::Text(self.unknown().to_owned(), true)),
                _ => {
                    let rest = self.rest();
                    let end = rest.find(|c: char| " \t\n\r;&|<>()'\"\\$`⟨".contains(c)).unwrap_or(rest.len());
                    parts.push(Part::Text(rest[..end].to_owned(), false));
                    self.at += end;
                }
            }
        }
        if parts.is_empty() { self.unexpected() } else { Ok(parts) }
    }

    /// Text with expansions, up to a closing sign or the end of the text.
    fn quoted(&mut self, close: Option<char>) -> Parsed<Word> {
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            match self.peek() {
                None if close.is_none() => break,
                None => return Err(unclosed(close.unwrap_or('"'))),
                Some(c) if Some(c) == close => {
                    self.at += 1;
                    break;
                }
                Some('\\') => {
                    self.at += 1;
                    match self.bump() {
                        Some('\n') => {}
                        Some(c) if "$`\\".contains(c) || Some(c) == close => text.push(c),
                        Some(c) => text.extend(['\\', c]),
                        None => text.push('\\'),
                    }
                }
                Some('$' | '`') => {
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text), true));
                    }
                    parts.push(self.dollar(true)?);
                }
                Some(UNKNOWN) => text += self.unknown(),
                Some(_) => {
                    let rest = self.rest();
                    let end = rest.find(|c: char| matches!(c, '$' | '`' | '\\' | UNKNOWN) || Some(c) == close).unwrap_or(rest.len());
                    text += &rest[..end];
                    self.at += end;
                }
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text, true));
        }
        Ok(parts)
    }

    /// `$'...'`.
    fn ansi(&mut self) -> Parsed<String> {
        let Some(end) = self.rest().match_indices('\'').map(|(at, _)| at).find(|at| !self.rest()[..*at].ends_with('\\')) else {
            return Err(unclosed('\''));
        };
        let raw = &self.rest()[..end];
        self.at += end + 1;
        Ok(super::texts::unescape(raw).0)
    }

    fn dollar(&mut self, quoted: bool) -> Parsed<Part> {
        if self.eat("`") {
            let Some(end) = self.rest().match_indices('`').map(|(at, _)| at).find(|at| !self.rest()[..*at].ends_with('\\')) else {
                return Err(unclosed('`'));
            };
            let script = self.rest()[..end].replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\");
            self.at += end + 1;
            if self.depth >= DEEPEST {
                return Err("syntax error: nested too deeply".to_owned());
            }
            let mut inner = Parser { text: &script, at: 0, heredoc: None, depth: self.depth + 1 };
            let node = inner.list()?;
            return Ok(Part::Command(Rc::new(node), quoted));
        }
        self.at += 1;
        if self.eat("((") {
            return Ok(Part::Arithmetic(self.arithmetic()?, quoted));
        }
        if self.eat("(") {
            let node = self.list()?;
            self.lines();
            return if self.eat(")") { Ok(Part::Command(Rc::new(node), quoted)) } else { self.unexpected() };
        }
        if self.eat("{") {
            return self.braces(quoted);
        }
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = match rest.chars().next() {
            Some(c) if c.is_ascii_digit() || "@*#?$!-".contains(c) => &rest[..1],
            Some(c) if c.is_ascii_alphabetic() || c == '_' => &rest[..end],
            _ => return Ok(Part::Text("$".to_owned(), quoted)),
        };
        self.at += name.len();
        Ok(Part::Variable(Box::new(Variable { name: name.to_owned(), index: None, change: Change::None }), quoted))
    }

    /// `${...}`.
    fn braces(&mut self, quoted: bool) -> Parsed<Part> {
        let length = self.starts("#") && !self.starts("#}");
        let behind = self.rest()[1.min(self.rest().len())..].chars().next();
        let named = self.starts("!") && behind.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        self.at += usize::from(length || named);
        let rest = self.rest();
        let special = rest.starts_with(|c: char| "@*#?$!-".contains(c));
        let end = if special { 1 } else { rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len()) };
        let name = rest[..end].to_owned();
        self.at += end;
        if name.is_empty() {
            return Err("bad substitution".to_owned());
        }
        let index = if self.eat("[") { Some(self.until("]")?) } else { None };
        let change = if length {
            Change::Length
        } else if self.starts("}") {
            if named { Change::Named } else { Change::None }
        } else if self.eat("##") || self.eat("%%") {
            let from_end = self.text[..self.at].ends_with('%');
            Change::Cut { from_end, longest: true, pattern: self.until_brace("")? }
        } else if self.eat("#") || self.eat("%") {
            let from_end = self.text[..self.at].ends_with('%');
            Change::Cut { from_end, longest: false, pattern: self.until_brace("")? }
        } else if self.eat("/") {
            let all = self.eat("/");
            let pattern = self.until_brace("/")?;
            let with = if self.eat("/") { self.until_brace("")? } else { Vec::new() };
            Change::Replace { all, pattern, with }
        } else if self.starts("^") || self.starts(",") {
            let sign = self.rest()[..1].to_owned();
            self.at += 1;
            let all = self.eat(&sign);
            Change::Case { upper: sign == "^", all }
        } else {
            let colon = self.eat(":");
            match self.peek() {
                Some(sign @ ('-' | '=' | '+' | '?')) => {
                    self.at += 1;
                    Change::Default(sign, colon, self.until_brace("")?)
                }
                _ if colon => {
                    let from = self.until_brace(":")?;
                    let length = if self.eat(":") { Some(self.until_brace("")?) } else { None };
                    Change::Slice(from, length)
                }
                _ => return Err("bad substitution".to_owned()),
            }
        };
        if !self.eat("}") {
            return Err("bad substitution".to_owned());
        }
        Ok(Part::Variable(Box::new(Variable { name, index, change }), quoted))
    }

    /// A word within braces, up to `}` or one of `ends`, which stay.
    fn until_brace(&mut self, ends: &str) -> Parsed<Word> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("syntax error: nested too deeply".to_owned());
        }
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '}' => break,
                c if ends.contains(c) => break,
                '\'' => {
                    self.at += 1;
                    let Some(end) = self.single_end() else { return Err(unclosed('\'')) };
                    parts.push(Part::Text(self.rest()[..end].to_owned(), true));
                    self.at += end + 1;
                }
                '"' => {
                    self.at += 1;
                    parts.append(&mut self.quoted(Some('"'))?);
                }
                '\\' => {
                    self.at += 1;
                    parts.extend(self.bump().map(|c| Part::Text(c.to_string(), true)));
                }
                '$' | '`' => parts.push(self.dollar(false)?),
                _ => {
                    let rest = self.rest();
                    let end = rest.find(|c: char| "}'\"\\$`".contains(c) || ends.contains(c)).unwrap_or(rest.len());
                    parts.push(Part::Text(rest[..end].to_owned(), false));
                    self.at += end;
                }
            }
        }
        self.depth -= 1;
        Ok(parts)
    }

    /// A word up to a closing sign, which is taken.
    fn until(&mut self, close: &str) -> Parsed<Word> {
        let mut parts = Vec::new();
        while !self.eat(close) {
            match self.peek() {
                None | Some('\n') => return Err("bad array subscript".to_owned()),
                Some('$' | '`') => parts.push(self.dollar(false)?),
                Some('"') => {
                    self.at += 1;
                    parts.append(&mut self.quoted(Some('"'))?);
                }
                Some(c) => {
                    self.at += c.len_utf8();
                    parts.push(Part::Text(c.to_string(), false));
                }
            }
        }
        Ok(parts)
    }

    /// An arithmetic expression up to `))`, which is taken.
    fn arithmetic(&mut self) -> Parsed<Word> {
        let (mut parts, mut text, mut open) = (Vec::new(), String::new(), 0u32);
        loop {
            if open == 0 && self.eat("))") {
                parts.push(Part::Text(text, true));
                return Ok(parts);
            }
            match self.peek() {
                None => return self.unexpected(),
                Some('$' | '`') => {
                    parts.push(Part::Text(std::mem::take(&mut text), true));
                    parts.push(self.dollar(true)?);
                }
                Some(c) => {
                    open = match c {
                        '(' => open + 1,
                        ')' => open.saturating_sub(1),
                        _ => open,
                    };
                    self.at += c.len_utf8();
                    if c != '"' {
                        text.push(c);
                    }
                }
            }
        }
    }
}

/// How an unknown value begins, as in `⟨outputs.query.rows⟩`.
const UNKNOWN: char = '⟨';

/// How long the mark of an unknown value is that a text begins with; others may stand within it.
fn mark_len(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += match c {
            UNKNOWN => 1,
            '⟩' => -1,
            _ => 0,
        };
        if depth == 0 {
            return Some(at + c.len_utf8());
        }
    }
    None
}

fn unclosed(sign: char) -> String {
    format!("unexpected EOF while looking for matching `{sign}'")
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The three parts of `for ((a; b; c))`.
fn split_at_semicolons(whole: Word) -> [Word; 3] {
    let mut parts: [Word; 3] = Default::default();
    let mut n = 0;
    for part in whole {
        let Part::Text(text, quoted) = part else {
            parts[n].push(part);
            continue;
        };
        for (nth, piece) in text.split(';').enumerate() {
            n = if nth > 0 { (n + 1).min(2) } else { n };
            parts[n].push(Part::Text(piece.to_owned(), quoted));
        }
    }
    parts
}
