//! `jq`, by the same programs as the filter of that name. What that does not know is not simulated.

use super::options::{Known, Options};
use crate::expr::jq_results;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;
use crate::value::Value;

const KNOWN: Known = Known(
    "r(raw-output)c(compact-output)n(null-input)e(exit-status)s(slurp)j(join-output)S(sort-keys)M(monochrome-output)C(color-output)\
     R(raw-input)",
);

impl Shell<'_> {
    pub(super) fn jq(&mut self, words: &[Text], io: &Io) -> Flow {
        // What `--arg` and `--argjson` define stands before the program.
        let (mut defined, mut others) = (String::new(), Vec::new());
        let mut rest = words.iter().skip(1);
        while let Some(word) = rest.next() {
            let (name, value) = match &**word {
                "--arg" | "--argjson" => (rest.next(), rest.next()),
                _ => {
                    others.push(word.clone());
                    continue;
                }
            };
            let (Some(name), Some(value)) = (name, value) else { return self.fail(io, 2, &format!("jq: {word} takes two parameters")) };
            let value = if *word == "--arg" { Value::text(value).to_json() } else { value.to_string() };
            defined += &format!("{value} as ${name} | ");
        }
        let options = Options::known(&others, KNOWN, false);
        let Some((program, files)) = options.operands.split_first().filter(|_| !options.has_other && !options.has('R')) else {
            return self.not_simulated(words, io);
        };
        let Some(input) = (if options.has('n') { Some("null".into()) } else { self.input_of("jq", files, io) }) else {
            return self.ends_with(2);
        };
        if self.is_unknown(&input) || self.is_unknown(program) {
            self.print_line_of(io, Text::unknown("jq"));
            return Flow::Next;
        }
        let mut values = Vec::new();
        for text in values_of(&input) {
            let Some(value) = Value::from_json(text) else {
                return self.fail(io, 2, &format!("jq: parse error: {}", text.chars().take(40).collect::<String>()));
            };
            values.push(value);
        }
        if options.has('s') {
            values = vec![Value::list(values)];
        }
        let mut last = None;
        for value in values {
            let (results, is_whole) = match jq_results(&[&*defined, program].concat(), value, self.setup.budget) {
                Some(results) => results,
                None => return self.not_simulated(words, io),
            };
            for value in results {
                let mut text = match &value {
                    Value::Text(text) if options.has('r') || options.has('j') => text.to_string(),
                    value => {
                        let mut out = String::new();
                        write(value, if options.has('c') { None } else { Some(0) }, options.has('S'), &mut out);
                        out
                    }
                };
                if !options.has('j') {
                    text.push('\n');
                }
                self.print(&io.out, &text.into());
                last = Some(value);
            }
            if !is_whole {
                self.fail(io, 5, "jq: error: the program does not fit its input");
            }
        }
        if options.has('e') && self.state.status == 0 {
            self.state.status = match last {
                None => 4,
                Some(Value::Null | Value::Bool(false)) => 1,
                _ => 0,
            };
        }
        Flow::Next
    }
}

/// The values of a text, which stand one behind another.
fn values_of(text: &str) -> Vec<&str> {
    let (mut values, mut start, mut open) = (Vec::new(), 0usize, 0i32);
    let (mut in_text, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices() {
        let mut ends = None;
        match c {
            _ if in_text => {
                let closes = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                in_text = !closes;
                ends = (closes && open == 0).then(|| at.saturating_add(1));
            }
            '"' => {
                in_text = true;
                ends = (open == 0).then_some(at);
            }
            '{' | '[' => {
                ends = (open == 0).then_some(at);
                open = open.saturating_add(1);
            }
            '}' | ']' => {
                open = open.saturating_sub(1);
                ends = (open == 0).then(|| at.saturating_add(1));
            }
            c if c.is_whitespace() && open == 0 => ends = Some(at),
            _ => {}
        }
        if let Some(end) = ends {
            values.extend(text.get(start..end));
            start = end;
        }
    }
    values.extend(text.get(start..));
    values.retain(|value| !value.trim().is_empty());
    values
}

/// Writes JSON, over several lines with an indent or on one line.
fn write(value: &Value, indent: Option<usize>, sorts: bool, out: &mut String) {
    let inner = indent.map(|indent| indent.saturating_add(2));
    let line = |indent: Option<usize>, out: &mut String| {
        if let Some(indent) = indent {
            out.push('\n');
            *out += &" ".repeat(indent);
        }
    };
    match value {
        Value::List(items) if !items.is_empty() => {
            for (nth, item) in items.iter().enumerate() {
                out.push(if nth == 0 { '[' } else { ',' });
                line(inner, out);
                write(item, inner, sorts, out);
            }
            line(indent, out);
            out.push(']');
        }
        Value::Map(map) if !map.is_empty() => {
            let mut entries: Vec<_> = map.iter().collect();
            if sorts {
                entries.sort_by_key(|(key, _)| (*key).clone());
            }
            for (nth, (key, value)) in entries.into_iter().enumerate() {
                out.push(if nth == 0 { '{' } else { ',' });
                line(inner, out);
                *out += &Value::Text(key.clone()).to_json();
                *out += if indent.is_some() { ": " } else { ":" };
                write(value, inner, sorts, out);
            }
            line(indent, out);
            out.push('}');
        }
        value => *out += &value.to_json(),
    }
}
