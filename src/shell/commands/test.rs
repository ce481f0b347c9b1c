//! Conditions: `test`, `[` and `[[`.

use crate::regex::{Fault, Posix, Regex, push_extended_plain};
use crate::shell::state::{Held, Io, Shell, Sink};
use crate::shell::tree::Word;
use crate::text::Text;

/// Deeper nesting is a mistake.
const DEEPEST: usize = 32;

impl Shell<'_> {
    /// The status of `test` and `[`.
    pub(super) fn test_words(&mut self, words: &[Text], io: &Io) -> i32 {
        match self.condition(words, 0, None) {
            Some(truth) => i32::from(!truth),
            None => {
                self.complain(io, &format!("test: {}: syntax error", Text::join(words, " ")));
                2
            }
        }
    }

    /// The truth of a condition; in `[[`, which has an `io`, numbers are arithmetic.
    fn condition(&mut self, words: &[Text], depth: usize, io: Option<&Io>) -> Option<bool> {
        if depth > DEEPEST {
            return None;
        }
        let deeper = depth.saturating_add(1);
        self.guess_if(words.iter().any(Text::has_unknown));
        if let Some((left, right)) = operands(words, "-o").or_else(|| operands(words, "||")) {
            return Some(self.condition(left, deeper, io)? || self.condition(right, deeper, io)?);
        }
        if let Some((left, right)) = operands(words, "-a").or_else(|| operands(words, "&&")) {
            return Some(self.condition(left, deeper, io)? && self.condition(right, deeper, io)?);
        }
        match words {
            [] => Some(false),
            [text] => Some(!text.is_empty()),
            [not, rest @ ..] if *not == "!" => self.condition(rest, deeper, io).map(|truth| !truth),
            [open, inner @ .., close] if *open == "(" && *close == ")" => self.condition(inner, deeper, io),
            [sign, text] => match &**sign {
                "-z" => Some(text.is_empty()),
                "-n" => Some(!text.is_empty()),
                "-v" => Some(match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
                    Some((name, key)) => self.item(name, key).is_some(),
                    None => self.get(text).is_some_and(|held| matches!(held, Held::Text(_)) || self.item(text, "0").is_some()),
                }),
                "-f" if text.starts_with("/dev/") && self.file(text).is_none() => Some(false),
                "-e" | "-f" | "-r" | "-w" | "-s" | "-d" | "-x" => {
                    let is_directory = !text.is_empty() && self.is_directory(text);
                    let here = match (self.file(text), is_directory) {
                        (_, true) => Some(*sign != "-f"),
                        (Some(file), _) => {
                            Some(*sign != "-d" && (*sign != "-x" || self.may_run(text)) && (*sign != "-s" || !file.is_empty()))
                        }
                        (None, false) => None,
                    };
                    Some(here.unwrap_or_else(|| self.is_elsewhere(text)))
                }
                "-L" | "-h" | "-t" | "-p" => Some(false),
                "-c" => Some(text.starts_with("/dev/")),
                "-o" | "-o " => Some(self.set_option(text).is_some_and(|on| *on)),
                _ => None,
            },
            // An unknown value is taken to be equal to what it is compared with.
            [left, sign, right] if left.has_unknown() || right.has_unknown() => {
                let truth = *sign != "!=" && *sign != "-ne";
                self.note(format!("`{left} {sign} {right}` depends on an unknown value, it is taken as {truth}"));
                Some(truth)
            }
            [left, sign, right] => match io.filter(|_| sign.starts_with('-') && compared("0", sign, "0").is_some()) {
                Some(io) => {
                    let (left, right) = (self.calculate_text(left, io)?, self.calculate_text(right, io)?);
                    compared(&left.to_string(), sign, &right.to_string())
                }
                None => compared(left, sign, right),
            },
            _ => None,
        }
    }

    /// The status of `[[ ... ]]`: what stands to the right of `==` is a pattern, to the right of `=~` a regular expression.
    pub fn double_bracket(&mut self, words: &[Word], io: &Io) -> i32 {
        let (mut texts, mut shown): (Vec<Text>, Vec<Text>) = (Vec::new(), vec!["[[".into()]);
        for word in words {
            let (left, is_regex) = match texts.as_slice() {
                [.., left, sign] if matches!(&**sign, "=" | "==" | "!=" | "=~") => (left.clone(), *sign == "=~"),
                _ => {
                    texts.push(self.expand_one(word, io));
                    shown.extend(texts.last().cloned());
                    continue;
                }
            };
            let pieces = self.pieces(word, io);
            let right: Text = pieces.iter().fold(Text::new(), |mut all, (piece, _)| {
                all.push(piece);
                all
            });
            shown.push(right.clone());
            let fits = if is_regex {
                if left.has_unknown() || right.has_unknown() {
                    texts.push(right);
                    continue;
                }
                match self.found(&left, &pieces) {
                    Ok(fits) => fits,
                    Err(Fault::Invalid) => return 2,
                    Err(Fault::Unsupported) => {
                        self.note(format!("the pattern `{right}` is not simulated, it is taken to match"));
                        self.guess_if(true)
                    }
                }
            } else {
                self.is_unknown(&left) || self.is_unknown(&right) || self.fits(&pieces, &left)
            };
            // The three words become a comparison of numbers that has the same result.
            if let [.., left, sign] = texts.as_mut_slice() {
                *left = "1".into();
                if is_regex {
                    *sign = "=".into();
                }
            }
            texts.push(if fits { "1" } else { "0" }.into());
        }
        shown.push("]]".into());
        self.trace_head(&Text::join(&shown, " "), io);
        for word in &mut texts {
            if *word == "-a" || *word == "-o" {
                word.push_str(" ");
            }
        }
        match self.condition(&texts, 0, Some(io)) {
            Some(truth) => i32::from(!truth),
            None => {
                self.print_line(&Sink::Current(2), "bash: conditional binary operator expected");
                2
            }
        }
    }

    /// Whether a regular expression matches, in pieces that are quoted or not; its groups become `BASH_REMATCH`.
    fn found(&mut self, text: &Text, pieces: &[(Text, bool)]) -> Result<bool, Fault> {
        let mut pattern = String::new();
        for (piece, quoted) in pieces {
            if *quoted { push_extended_plain(piece, &mut pattern) } else { pattern += piece }
        }
        let regex = Regex::posix(&pattern, Posix::Strict, false)?;
        if !regex.affords(text.len(), self.setup.budget) {
            return Err(Fault::Unsupported);
        }
        let found = regex.find(text);
        let groups = found.iter().flat_map(|groups| groups.iter());
        let groups = groups.map(|group| group.map_or("", |found| found.as_str()).into()).collect();
        self.set_list("BASH_REMATCH", groups);
        Ok(found.is_some())
    }
}

/// The words around the first `sign` outside of parentheses.
fn operands<'w>(words: &'w [Text], sign: &str) -> Option<(&'w [Text], &'w [Text])> {
    let mut open = 0_i32;
    let at = words.iter().position(|word| {
        open = match &**word {
            "(" => open.saturating_add(1),
            ")" => open.saturating_sub(1),
            _ => open,
        };
        open <= 0 && *word == sign
    })?;
    let (left, [_, right @ ..]) = words.split_at_checked(at)? else { return None };
    (words.len() > 3 && !left.is_empty()).then_some((left, right))
}

/// A comparison of known words; `None` when it is not one.
fn compared(left: &str, sign: &str, right: &str) -> Option<bool> {
    let numbers = || Some((left.trim().parse::<i64>().ok()?, right.trim().parse::<i64>().ok()?));
    Some(match sign {
        "=" | "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        ">" => left > right,
        "-eq" => numbers().map(|(a, b)| a == b)?,
        "-ne" => numbers().map(|(a, b)| a != b)?,
        "-lt" => numbers().map(|(a, b)| a < b)?,
        "-le" => numbers().map(|(a, b)| a <= b)?,
        "-gt" => numbers().map(|(a, b)| a > b)?,
        "-ge" => numbers().map(|(a, b)| a >= b)?,
        _ => return None,
    })
}
