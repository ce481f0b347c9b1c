//! The short scripts of preconditions and failure handlers, as far as they follow from known variables.
//!
//! A script is Python. Reads expressions over variables, `if`, assignments, and the calls that skip or retry a task. A script
//! with anything else has no known outcome. Rules: XL Release, "Scripts".

mod expression;

use expression::{Called, Expression, truth};

use crate::value::{Map, Value};

/// The most retries of one task that are counted; a handler with more goes on for ever.
const MOST_RETRIES: u32 = 100;

/// The most lines of a script that is read.
const MOST_LINES: usize = 200;

/// The name of the variable that holds the result of a precondition.
const RESULT: &str = "result";

/// A failure handler whose outcome is known: it retries a task, and then skips it or lets it fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    /// How many attempts are followed by a further one; `None` is all of them.
    pub retries: Option<u32>,
    /// Whether the task is skipped then.
    pub skips: bool,
}

/// Whether a precondition is met; `None` when that is not known.
pub fn condition(script: &str, variables: &Map) -> Option<bool> {
    let lines = lines(script)?;
    if lines.is_empty() {
        return Some(true);
    }
    let mut run = Run { variables: variables.clone(), locals: Map::new(), action: None, last: None };
    run.block(&lines)?;
    truth(&run.locals.get(RESULT).cloned().or(run.last)?)
}

/// What a failure handler does after each failure; `None` when that is not known.
pub fn handling(script: &str, variables: &Map) -> Option<Handling> {
    let lines = lines(script)?;
    let mut variables = variables.clone();
    for retries in 0..MOST_RETRIES {
        let mut run = Run { variables: variables.clone(), locals: Map::new(), action: None, last: None };
        run.block(&lines)?;
        if run.action != Some(Called::Retry) {
            return Some(Handling { retries: Some(retries), skips: run.action == Some(Called::Skip) });
        }
        if run.variables == variables {
            break;
        }
        variables = run.variables;
    }
    Some(Handling { retries: None, skips: false })
}

/// A logical line: its indent in columns, and its text without comment.
struct Line {
    indent: usize,
    text: String,
}

/// The logical lines of a script. `None` for one with an open bracket, and for one with too many lines.
fn lines(script: &str) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let mut open: Option<Line> = None;
    for written in script.lines() {
        let text = without_comment(written);
        let line = match open.take() {
            Some(before) => Line { text: format!("{} {}", before.text, text.trim()), ..before },
            None if text.trim().is_empty() => continue,
            None => Line { indent: text.len().saturating_sub(text.trim_start().len()), text: text.trim().to_owned() },
        };
        if let Some(before) = line.text.strip_suffix('\\') {
            open = Some(Line { text: before.to_owned(), ..line });
        } else if depth(&line.text) > 0 {
            open = Some(line);
        } else {
            lines.push(line);
        }
    }
    (open.is_none() && lines.len() <= MOST_LINES).then_some(lines)
}

/// The characters of a line that are not in quotes, with their bytes.
fn outside_quotes(line: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut is_escaped = false;
    line.char_indices().filter(move |(_, c)| {
        let is_inside = quote.is_some();
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if *c == '\\' => is_escaped = true,
            Some(open) if *c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(*c),
            _ => {}
        }
        !is_inside
    })
}

/// What is before and after the first `sign` outside quotes for which `is_it` holds, given both.
fn split_at_sign(line: &str, sign: char, is_it: impl Fn(&str, &str) -> bool) -> Option<(&str, &str)> {
    outside_quotes(line).find_map(|(at, _)| {
        let (before, from) = line.split_at_checked(at)?;
        let after = from.strip_prefix(sign)?;
        is_it(before, after).then_some((before, after))
    })
}

fn without_comment(line: &str) -> &str {
    split_at_sign(line, '#', |_, _| true).map_or(line, |(code, _)| code).trim_end()
}

/// How many more brackets are opened than closed.
fn depth(line: &str) -> i32 {
    outside_quotes(line).fold(0, |depth: i32, (_, c)| match c {
        '(' | '[' | '{' => depth.saturating_add(1),
        ')' | ']' | '}' => depth.saturating_sub(1),
        _ => depth,
    })
}

/// A run of a script.
struct Run {
    variables: Map,
    locals: Map,
    /// What the script does to its task.
    action: Option<Called>,
    /// The value of the last line that is an expression.
    last: Option<Value>,
}

impl Run {
    /// Runs lines of one indent, and the blocks below them. `None` when a line has no known outcome.
    fn block(&mut self, lines: &[Line]) -> Option<()> {
        let indent = lines.first()?.indent;
        let mut lines = lines;
        // Whether a branch of the `if` before has been taken.
        let mut taken = None;
        while let Some((line, after)) = lines.split_first() {
            if line.indent != indent {
                return None;
            }
            let n_below = after.iter().take_while(|below| below.indent > indent).count();
            let (below, after) = after.split_at_checked(n_below)?;
            lines = after;
            let Some((head, rest)) = branch(&line.text) else {
                below.is_empty().then_some(())?;
                taken = None;
                line.text.split(';').map(str::trim).filter(|text| !text.is_empty()).try_for_each(|text| self.statement(text))?;
                continue;
            };
            let is_chosen = match (head, taken) {
                (Branch::If(condition), _) => self.truth(condition)?,
                (Branch::Elif(_), Some(true)) => false,
                (Branch::Elif(condition), Some(false)) => self.truth(condition)?,
                (Branch::Else, Some(taken)) => !taken,
                (Branch::Elif(_) | Branch::Else, None) => return None,
            };
            let was_taken = !matches!(head, Branch::If(_)) && taken == Some(true);
            taken = Some(was_taken || is_chosen);
            match (is_chosen, rest.is_empty()) {
                (true, true) => self.block(below)?,
                (true, false) => self.statement(rest)?,
                (false, _) => {}
            }
        }
        Some(())
    }

    fn truth(&mut self, text: &str) -> Option<bool> {
        truth(&self.value(text)?)
    }

    fn value(&mut self, text: &str) -> Option<Value> {
        let mut expression = Expression::new(text, &self.variables, &self.locals)?;
        let value = expression.whole()?;
        if let Some(called) = expression.called {
            self.action = Some(called);
        }
        Some(value)
    }

    fn statement(&mut self, text: &str) -> Option<()> {
        let is_harmless = ["import ", "from ", "print ", "print(", "global "].iter().any(|word| text.starts_with(word));
        if is_harmless || text == "pass" {
            return Some(());
        }
        let Some((target, operator, value)) = assignment(text) else {
            self.last = Some(self.value(text)?);
            return Some(());
        };
        // A value that is not known leaves its variable unknown.
        let mut value = self.value(value);
        if let Some(operator) = operator {
            let before = self.value(target)?;
            value = value.and_then(|by| expression::calculate(operator, &before, &by));
        }
        let value = value.unwrap_or_else(|| Value::unknown(target));
        match expression::variable_name(target) {
            Some(key) => self.variables.insert(key, value),
            None if target.chars().all(|c| c.is_alphanumeric() || c == '_') => self.locals.insert(target, value),
            None => return None,
        }
        Some(())
    }
}

#[derive(Clone, Copy)]
enum Branch<'a> {
    If(&'a str),
    Elif(&'a str),
    Else,
}

/// The branch that a line begins, and what follows its colon.
fn branch(line: &str) -> Option<(Branch<'_>, &str)> {
    let (head, rest) = split_at_sign(line, ':', |head, _| depth(head) == 0)?;
    let (head, rest) = (head.trim(), rest.trim());
    let after = |word: &str| head.strip_prefix(word).filter(|rest| rest.starts_with([' ', '(']));
    let branch = match (after("if"), after("elif")) {
        (Some(condition), _) => Branch::If(condition),
        (_, Some(condition)) => Branch::Elif(condition),
        _ if head == "else" => Branch::Else,
        _ => return None,
    };
    Some((branch, rest))
}

/// Target, operator and value of an assignment.
fn assignment(line: &str) -> Option<(&str, Option<char>, &str)> {
    let is_comparison = |before: &str, after: &str| before.ends_with(['=', '!', '<', '>']) || after.starts_with('=');
    let (target, value) = split_at_sign(line, '=', |before, after| !is_comparison(before, after) && depth(before) == 0)?;
    let operator = target.chars().last().filter(|c| matches!(c, '+' | '-'));
    Some((target.strip_suffix(['+', '-']).unwrap_or(target).trim(), operator, value.trim()))
}

#[cfg(test)]
mod tests;
