//! Simple commands: assignments, words, and redirections with their here-documents.

use std::rc::Rc;

use super::parser::{Parsed, Parser, is_name};
use super::tree::{Assign, Assigned, Node, Part, Redirect, Target, Word};
use crate::text::Text;

/// Commands that declare variables, lists among them.
pub const DECLARES: &[&str] = &["declare", "typeset", "local", "readonly", "export"];

impl Parser<'_> {
    pub fn simple(&mut self) -> Parsed<Node> {
        let (mut assigns, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.spaces();
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
            let declares = matches!(words.first().map(Vec::as_slice), Some([Part::Text(name, _)]) if DECLARES.contains(&&**name));
            if declares
                && self
                    .rest()
                    .find(['(', ' ', '\n', ';'])
                    .is_some_and(|at| self.rest()[..at].ends_with('=') && self.rest()[at..].starts_with('('))
                && let Some(assign) = self.assign()?
            {
                words.push(vec![Part::known(&assign.name, true)]);
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

    pub fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        self.spaces();
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
            self.spaces();
            let mut word = self.word()?;
            word.push(Part::known("\n", true));
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
        self.spaces();
        let word = self.word()?;
        let to = match (copies, reads) {
            (true, _) => Target::Copy(word),
            (false, true) => Target::Read(word),
            (false, false) => Target::Write(word, append),
        };
        let stream = if both { None } else { Some(stream.unwrap_or(if reads { 0 } else { 1 })) };
        Ok(Some(Redirect { stream, to }))
    }

    /// A here-document: its text follows the line.
    pub fn heredoc(&mut self) -> Parsed<Word> {
        let no_tabs = self.eat("-");
        self.spaces();
        let start = self.at;
        let word = self.word()?;
        let quoted = self.text[start..self.at].contains(['\'', '"', '\\']);
        let end: String = word.iter().map(|part| if let Part::Text(text, _) = part { &**text } else { "" }).collect();
        let mut at = self.heredoc.unwrap_or_else(|| self.rest().find('\n').map_or(self.text.len(), |at| self.at + at + 1));
        let mut body = Text::new();
        while at < self.text.len() {
            let line = self.text[at..].split_inclusive('\n').next().unwrap_or("");
            let kept = if no_tabs { line.trim_start_matches('\t') } else { line };
            at += line.len();
            if kept.trim_end_matches(['\n', '\r']) == end {
                break;
            }
            body.push(&self.text.slice(at - kept.len()..at));
        }
        self.heredoc = Some(at);
        if quoted { Ok(vec![Part::Text(body, true)]) } else { Parser::new(&body, self.depth).quoted(None) }
    }
}
