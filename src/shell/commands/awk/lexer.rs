//! The text of a program of `awk` to its words and signs.

use std::iter::Peekable;
use std::rc::Rc;
use std::str::Chars;

use super::Fault;
use crate::shell::escape::control;

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Number(f64),
    Text(Rc<str>),
    Regex(Rc<str>),
    Name(Rc<str>),
    /// The name of a function of the program, with `(` right behind it.
    Call(Rc<str>),
    /// A function that is built in.
    Builtin(&'static str),
    /// A keyword, a sign, or the end of a line.
    Is(&'static str),
}

const KEYWORDS: &[&str] = &[
    "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile", "exit", "return",
    "delete", "in", "getline", "print", "printf",
];

const BUILTINS: &[&str] = &[
    "length", "substr", "index", "split", "sub", "gsub", "gensub", "match", "sprintf", "tolower", "toupper", "int", "sqrt", "rand",
    "srand", "systime", "strftime", "system", "close", "fflush",
];

/// Functions of some `awk` that are not simulated.
const UNSUPPORTED: &[&str] =
    &["sin", "cos", "atan2", "exp", "log", "mktime", "asort", "asorti", "strtonum", "patsplit", "and", "or", "xor"];

/// The longest first.
const SIGNS: &[&str] = &[
    "**=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "!~", ">>", "**", "{", "}", "(", ")", "[",
    "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", "<", ">", "|", "?", ":", "~", "$", "=",
];

/// The tokens of a program.
pub fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        match c {
            '\n' => {
                chars.next();
                tokens.push(Token::Is("\n"));
            }
            ' ' | '\t' | '\r' => _ = chars.next(),
            '\\' => {
                chars.next();
                chars.next_if_eq(&'\r');
                chars.next_if_eq(&'\n').ok_or(Fault::Syntax)?;
            }
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            '"' => {
                chars.next();
                tokens.push(Token::Text(quoted(&mut chars)?.into()));
            }
            '/' if !ends_operand(tokens.last()) => {
                chars.next();
                tokens.push(Token::Regex(regex(&mut chars)?.into()));
            }
            c if c.is_ascii_digit() || c == '.' => tokens.push(Token::Number(number(&mut chars)?)),
            c if c.is_ascii_alphabetic() || c == '_' => {
                let word: String = std::iter::from_fn(|| chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_')).collect();
                tokens.push(named(&word, chars.peek() == Some(&'('))?);
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| {
                    let mut ahead = chars.clone();
                    sign.chars().all(|c| ahead.next() == Some(c))
                });
                let sign = sign.ok_or(Fault::Syntax)?;
                sign.chars().for_each(|_| _ = chars.next());
                tokens.push(Token::Is(match *sign {
                    "**" => "^",
                    "**=" => "^=",
                    sign => sign,
                }));
            }
        }
    }
    Ok(tokens)
}

fn named(word: &str, is_called: bool) -> Result<Token, Fault> {
    let known = |words: &[&'static str]| words.iter().find(|known| **known == word).copied();
    if let Some(keyword) = known(KEYWORDS) {
        return Ok(Token::Is(if keyword == "func" { "function" } else { keyword }));
    }
    if let Some(name) = known(BUILTINS) {
        return Ok(Token::Builtin(name));
    }
    if is_called && known(UNSUPPORTED).is_some() {
        return Err(Fault::Unsupported);
    }
    Ok(if is_called { Token::Call(word.into()) } else { Token::Name(word.into()) })
}

/// Whether `/` behind a token divides.
fn ends_operand(token: Option<&Token>) -> bool {
    match token {
        Some(Token::Is(sign)) => matches!(*sign, ")" | "]" | "$" | "++" | "--"),
        Some(Token::Regex(_)) | None => false,
        Some(_) => true,
    }
}

fn quoted(chars: &mut Peekable<Chars<'_>>) -> Result<String, Fault> {
    let mut out = String::new();
    loop {
        match chars.next().ok_or(Fault::Syntax)? {
            '"' => return Ok(out),
            '\n' => return Err(Fault::Syntax),
            '\\' => escape(chars, &mut out),
            c => out.push(c),
        }
    }
}

/// What a backslash and the characters behind it stand for; an unknown one keeps its backslash.
fn escape(chars: &mut Peekable<Chars<'_>>, out: &mut String) {
    match chars.next() {
        Some(c) if control(c).is_some() => out.extend(control(c)),
        Some('\n') => {}
        Some(c @ ('"' | '\\' | '/')) => out.push(c),
        Some(c @ '0'..='7') => {
            let mut code = c.to_digit(8).unwrap_or(0);
            for _ in 0..2 {
                let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                chars.next();
                code = code.saturating_mul(8).saturating_add(digit);
            }
            out.extend(char::from_u32(code));
        }
        Some(c) => out.extend(['\\', c]),
        None => out.push('\\'),
    }
}

/// A text with the escapes of a string resolved: of `-F` and `-v`.
pub fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' { escape(&mut chars, &mut out) } else { out.push(c) }
    }
    out
}

/// The text up to the closing slash, which is taken.
fn regex(chars: &mut Peekable<Chars<'_>>) -> Result<String, Fault> {
    let (mut out, mut in_class) = (String::new(), false);
    loop {
        match chars.next().ok_or(Fault::Syntax)? {
            '/' if !in_class => return Ok(out),
            '\n' => return Err(Fault::Syntax),
            '\\' => match chars.next().ok_or(Fault::Syntax)? {
                '/' => out.push('/'),
                c => out.extend(['\\', c]),
            },
            c => {
                // A bracket that opens a class and those of `[:alpha:]` within it.
                in_class = match c {
                    '[' => true,
                    ']' => out.ends_with(['[', '^', ':']) && in_class,
                    _ => in_class,
                };
                out.push(c);
            }
        }
    }
}

fn number(chars: &mut Peekable<Chars<'_>>) -> Result<f64, Fault> {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || *c == '.') {
        text.push(c);
    }
    let mut ahead = chars.clone();
    if matches!(ahead.next(), Some('e' | 'E')) {
        let sign = ahead.next_if(|c| matches!(c, '+' | '-'));
        if ahead.peek().is_some_and(char::is_ascii_digit) {
            text.push('e');
            text.extend(sign);
            *chars = ahead;
            text.extend(std::iter::from_fn(|| chars.next_if(char::is_ascii_digit)));
        }
    }
    text.parse().map_err(|_| Fault::Syntax)
}
