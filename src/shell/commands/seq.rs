//! `seq`.

use super::options::{Known, Options};
use super::{float, printf};
use crate::shell::Stopped;
use crate::shell::escape::unescape;
use crate::shell::state::{Flow, Io, MOST_BYTES, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn seq(&mut self, words: &[Text], io: &Io) -> Flow {
        let arguments = words.get(1..).unwrap_or_default();
        // A negative number is no option.
        let is_option = |word: &Text| word.starts_with('-') && !word.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || c == '.');
        let after_value =
            |at: usize| at.checked_sub(1).and_then(|before| arguments.get(before)).is_some_and(|before| *before == "-s" || *before == "-f");
        let numbers = arguments.iter().enumerate().position(|(at, word)| !is_option(word) && !after_value(at)).unwrap_or(arguments.len());
        let (options, numbers) = arguments.split_at_checked(numbers).unwrap_or((arguments, &[]));
        let options = Options::known(options, Known("s:(separator)f:(format)w(equal-width)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let mut parsed: Vec<f64> = Vec::new();
        for text in numbers {
            match text.parse::<f64>() {
                // An unknown number is 1.
                _ if text.has_unknown() => parsed.push(1.0),
                Ok(number) if number.is_finite() => parsed.push(number),
                _ => return self.fail(io, 1, &format!("seq: invalid floating point argument: '{text}'")),
            }
        }
        let (from, step, to) = match parsed.as_slice() {
            [to] => (1.0, 1.0, *to),
            [from, to] => (*from, 1.0, *to),
            [from, step, to] if *step != 0.0 => (*from, *step, *to),
            _ => return self.fail(io, 1, "seq: missing operand"),
        };
        let decimals = |text: &Text| text.split_once(&|c| c == '.').map_or(0, |(_, behind)| behind.len());
        let decimals = numbers.iter().rev().skip(1).map(decimals).max().unwrap_or(0).min(20);
        let shown = |number: f64| float::converted('f', number, "", Some(decimals));
        let width = if options.has('w') { shown(from).len().max(shown(to).len()) } else { 0 };
        let separator = options.value('s').map_or_else(|| "\n".into(), |separator| unescape(separator).0);
        let mut text = String::new();
        for nth in 0u32.. {
            let number = from + step * f64::from(nth);
            // What rounding adds to the last number does not count.
            let slack = step.abs() * 1e-9;
            if step > 0.0 && number > to + slack || step < 0.0 && number < to - slack {
                break;
            }
            if nth > 0 {
                text += &*separator;
            }
            match options.value('f') {
                Some(format) => text.push_str(&printf::formatted(format, &[shown(number).into()], &|_, _| String::new())),
                None => float::push_padded(&shown(number), "0", width, true, &mut text),
            }
            if text.len() > MOST_BYTES {
                return self.stop(Stopped::Steps);
            }
        }
        if !text.is_empty() {
            self.print_line(&io.out, &text);
        }
        Flow::Next
    }
}
