//! `seq`.

use crate::shell::Stopped;
use crate::shell::state::{Flow, Io, MOST_BYTES, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn seq(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let mut separator = "\n".to_owned();
        let mut numbers: Vec<i64> = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if *argument == "-s" {
                separator = rest.next().map_or_else(String::new, Text::to_string);
            } else if *argument != "-w" {
                match argument.parse() {
                    // An unknown number is 1.
                    _ if argument.has_unknown() => numbers.push(1),
                    Ok(number) => numbers.push(number),
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
            if text.len() > MOST_BYTES {
                return self.stop(Stopped::Steps);
            }
            let Some(next) = at.checked_add(step) else { break };
            at = next;
        }
        if !text.is_empty() {
            self.print_line(&io.out, &text);
        }
        Flow::Next
    }
}
