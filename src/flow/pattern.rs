//! Regular expressions as Java writes them, for the `validator` of an input.
//!
//! In: a pattern and a text. Out: whether the whole text matches, or why that is not known. Patterns become a machine that
//! is in several places at once and takes each letter once, so that no pattern can make it slow. Left out, and then told:
//! look-around, references to groups, flags, classes of classes, Unicode classes.

/// The most steps a machine may have.
const MOST_STEPS: usize = 20_000;
/// How deep groups may nest.
const DEEPEST: usize = 50;
/// How much work one match may be, in steps looked at.
const MOST_WORK: usize = 5_000_000;

/// Why a pattern can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Java refuses it, too.
    Invalid,
    /// Java takes it, but it is not understood here.
    Unknown,
}

/// A pattern that can be matched.
#[derive(Debug)]
pub struct Pattern {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    /// Takes one letter.
    One(Letters),
    /// Goes on at both places.
    Split(usize, usize),
    Jump(usize),
    Start,
    End,
    /// Between a letter of a word and another; or, when false, not.
    Edge(bool),
    Done,
}

#[derive(Debug, Clone)]
struct Letters {
    /// First and last of each range.
    ranges: Vec<(char, char)>,
    others: bool,
}

impl Letters {
    fn have(&self, c: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != self.others
    }
}

/// Whether the whole text matches the pattern; `None` when that is not known, because the pattern can't be used.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> Option<bool> {
    Pattern::new(pattern).ok()?.matches(text)
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When Java refuses it, or when it is not understood here.
    pub fn new(pattern: &str) -> Result<Self, Fault> {
        let mut parser = Parser { rest: pattern.chars().collect(), at: 0, steps: Vec::new() };
        parser.choice(0)?;
        if parser.peek().is_some() {
            return Err(Fault::Invalid); // a closing parenthesis that nothing opened
        }
        parser.push(Step::Done)?;
        Ok(Self { steps: parser.steps })
    }

    /// Whether the whole text matches; `None` when finding out takes too long.
    #[must_use]
    pub fn matches(&self, text: &str) -> Option<bool> {
        let (mut now, mut next) = (Vec::new(), Vec::new());
        // The round in which a step was entered last: cheaper than wiping the marks for each letter.
        let mut seen = vec![0usize; self.steps.len()];
        let mut round = 1;
        let mut work = 0usize;
        let mut before = None;
        let mut letters = text.chars().peekable();
        self.enter(0, (before, letters.peek().copied()), &mut now, &mut seen, round);
        while let Some(letter) = letters.next() {
            work += now.len() + 1;
            if work > MOST_WORK {
                return None;
            }
            before = Some(letter);
            round += 1;
            next.clear();
            for at in &now {
                if let Step::One(wanted) = &self.steps[*at]
                    && wanted.have(letter)
                {
                    self.enter(at + 1, (before, letters.peek().copied()), &mut next, &mut seen, round);
                }
            }
            std::mem::swap(&mut now, &mut next);
        }
        Some(now.iter().any(|at| matches!(self.steps[*at], Step::Done)))
    }

    /// Adds a step, and all that can be reached from it without a letter, between those before and after.
    fn enter(&self, at: usize, (before, after): (Option<char>, Option<char>), places: &mut Vec<usize>, seen: &mut [usize], round: usize) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], round) == round {
                continue;
            }
            let goes_on = match &self.steps[at] {
                Step::One(_) | Step::Done => {
                    places.push(at);
                    false
                }
                Step::Split(one, other) => {
                    open.extend([*other, *one]);
                    false
                }
                Step::Jump(to) => {
                    open.push(*to);
                    false
                }
                Step::Start => before.is_none(),
                Step::End => after.is_none(),
                Step::Edge(wanted) => (before.is_some_and(is_word) != after.is_some_and(is_word)) == *wanted,
            };
            if goes_on {
                open.push(at + 1);
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

struct Parser {
    rest: Vec<char>,
    at: usize,
    steps: Vec<Step>,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn push(&mut self, step: Step) -> Result<(), Fault> {
        self.steps.push(step);
        if self.steps.len() > MOST_STEPS { Err(Fault::Unknown) } else { Ok(()) }
    }

    /// Puts a step before those from `at` on, and moves the places they name.
    fn insert(&mut self, at: usize, step: Step) -> Result<(), Fault> {
        let moved = |to: &mut usize| *to += usize::from(*to >= at);
        for known in &mut self.steps[at..] {
            match known {
                Step::Split(one, other) => [one, other].into_iter().for_each(moved),
                Step::Jump(to) => moved(to),
                Step::One(_) | Step::Start | Step::End | Step::Edge(_) | Step::Done => {}
            }
        }
        self.steps.insert(at, step);
        if self.steps.len() > MOST_STEPS { Err(Fault::Unknown) } else { Ok(()) }
    }

    /// `a|b|c`
    fn choice(&mut self, depth: usize) -> Result<(), Fault> {
        if depth > DEEPEST {
            return Err(Fault::Unknown);
        }
        let mut start = self.steps.len();
        let mut ends = Vec::new();
        loop {
            self.sequence(depth)?;
            if !self.eat('|') {
                break;
            }
            self.insert(start, Step::Split(start + 1, self.steps.len() + 2))?;
            ends.push(self.steps.len());
            self.push(Step::Jump(0))?;
            start = self.steps.len();
        }
        let end = self.steps.len();
        for at in ends {
            self.steps[at] = Step::Jump(end);
        }
        Ok(())
    }

    fn sequence(&mut self, depth: usize) -> Result<(), Fault> {
        while let Some(next) = self.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let start = self.steps.len();
            self.atom(depth)?;
            while matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
                self.repeat(start)?;
            }
        }
        Ok(())
    }

    fn atom(&mut self, depth: usize) -> Result<(), Fault> {
        let step = match self.next() {
            Some('(') => return self.group(depth),
            Some('[') => Step::One(self.class()?),
            Some('.') => {
                Step::One(Letters { ranges: ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'].map(|c| (c, c)).to_vec(), others: true })
            }
            Some('^') => Step::Start,
            Some('$') => Step::End,
            Some('*' | '+' | '?' | '{') => return Err(Fault::Invalid),
            Some('\\') => match self.next().ok_or(Fault::Invalid)? {
                'b' => Step::Edge(true),
                'B' => Step::Edge(false),
                'A' => Step::Start,
                'z' | 'Z' => Step::End,
                escaped => Step::One(self.escaped(escaped)?),
            },
            Some(letter) => Step::One(Letters { ranges: vec![(letter, letter)], others: false }),
            None => return Err(Fault::Invalid),
        };
        self.push(step)
    }

    fn group(&mut self, depth: usize) -> Result<(), Fault> {
        if self.eat('?') {
            match self.next() {
                Some(':') => {}
                // A name; but `(?<=` and `(?<!` look behind.
                Some('<') if self.peek().is_some_and(|c| c.is_ascii_alphabetic()) => while self.next().ok_or(Fault::Invalid)? != '>' {},
                _ => return Err(Fault::Unknown),
            }
        }
        self.choice(depth + 1)?;
        if self.eat(')') { Ok(()) } else { Err(Fault::Invalid) }
    }

    /// What stands behind a part that begins at the step `start`: how often it may come.
    fn repeat(&mut self, start: usize) -> Result<(), Fault> {
        let (least, most) = match self.next() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            _ => self.counts()?,
        };
        // Lazy or greedy, a whole match is the same; a possessive one may not be.
        if self.eat('+') {
            return Err(Fault::Unknown);
        }
        self.eat('?');
        let part: Vec<Step> = self.steps.drain(start..).collect();
        for _ in 0..least {
            self.copy(&part, start)?;
        }
        match most {
            None => {
                let split = self.steps.len();
                self.push(Step::Split(split + 1, split + part.len() + 2))?;
                self.copy(&part, start)?;
                self.push(Step::Jump(split))
            }
            Some(most) => {
                for _ in least..most {
                    let split = self.steps.len();
                    self.push(Step::Split(split + 1, split + part.len() + 1))?;
                    self.copy(&part, start)?;
                }
                Ok(())
            }
        }
    }

    /// Adds steps once more that were written for another place.
    fn copy(&mut self, part: &[Step], written_for: usize) -> Result<(), Fault> {
        let by = self.steps.len() - written_for;
        for step in part {
            self.push(match step {
                Step::Split(one, other) => Step::Split(one + by, other + by),
                Step::Jump(to) => Step::Jump(to + by),
                Step::One(_) | Step::Start | Step::End | Step::Edge(_) | Step::Done => step.clone(),
            })?;
        }
        Ok(())
    }

    /// `{2}`, `{2,}` or `{2,3}`, behind the brace.
    fn counts(&mut self) -> Result<(usize, Option<usize>), Fault> {
        let least = self.number().ok_or(Fault::Invalid)?;
        let most = if self.eat(',') { self.number() } else { Some(least) };
        if !self.eat('}') || most.is_some_and(|most| most < least) {
            return Err(Fault::Invalid);
        }
        if least.max(most.unwrap_or(0)) > MOST_STEPS { Err(Fault::Unknown) } else { Ok((least, most)) }
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.rest[start..self.at].iter().collect();
        (!digits.is_empty()).then(|| digits.parse().unwrap_or(usize::MAX))
    }

    /// `[a-z_]`, behind the bracket.
    fn class(&mut self) -> Result<Letters, Fault> {
        let others = self.eat('^');
        let mut ranges = Vec::new();
        let mut is_first = true;
        loop {
            let first = match self.next().ok_or(Fault::Invalid)? {
                ']' if !is_first => break,
                '[' => return Err(Fault::Unknown),
                '&' if self.peek() == Some('&') => return Err(Fault::Unknown),
                '\\' => {
                    let escaped = self.next().ok_or(Fault::Invalid)?;
                    let letters = self.escaped(escaped)?;
                    match letters.ranges[..] {
                        [(first, last)] if first == last && !letters.others => first,
                        _ if letters.others => return Err(Fault::Unknown),
                        _ => {
                            ranges.extend(letters.ranges);
                            is_first = false;
                            continue;
                        }
                    }
                }
                letter => letter,
            };
            is_first = false;
            let is_range = self.peek() == Some('-') && self.rest.get(self.at + 1).is_some_and(|c| *c != ']');
            let last = if is_range {
                self.at += 1;
                match self.next().ok_or(Fault::Invalid)? {
                    '\\' => {
                        let escaped = self.next().ok_or(Fault::Invalid)?;
                        match self.escaped(escaped)?.ranges[..] {
                            [(first, last)] if first == last => first,
                            _ => return Err(Fault::Invalid),
                        }
                    }
                    '[' => return Err(Fault::Unknown),
                    last => last,
                }
            } else {
                first
            };
            if last < first {
                return Err(Fault::Invalid);
            }
            ranges.push((first, last));
        }
        Ok(Letters { ranges, others })
    }

    /// The letters of `\d`, `\.` and the like.
    fn escaped(&mut self, escaped: char) -> Result<Letters, Fault> {
        let one = |c: char| Ok(Letters { ranges: vec![(c, c)], others: false });
        let ranges: &[(char, char)] = match escaped.to_ascii_lowercase() {
            'd' => &[('0', '9')],
            'w' => &[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
            's' => &[(' ', ' '), ('\t', '\r')],
            'h' => &[(' ', ' '), ('\t', '\t'), ('\u{a0}', '\u{a0}')],
            _ => {
                return match escaped {
                    't' => one('\t'),
                    'n' => one('\n'),
                    'r' => one('\r'),
                    'f' => one('\u{c}'),
                    'e' => one('\u{1b}'),
                    // Numbers of groups, Unicode classes, quotes and codes; what else is a letter Java keeps for itself.
                    c if c.is_ascii_digit() || "pPQExuckNGRvVX".contains(c) => Err(Fault::Unknown),
                    c if c.is_ascii_alphabetic() => Err(Fault::Invalid),
                    c => one(c),
                };
            }
        };
        Ok(Letters { ranges: ranges.to_vec(), others: escaped.is_ascii_uppercase() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts that match, of those parted by blanks; or the fault.
    fn check(pattern: &str, texts: &str) -> String {
        match Pattern::new(pattern) {
            Ok(pattern) => texts.split(' ').filter(|text| pattern.matches(text) == Some(true)).collect::<Vec<_>>().join(" "),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn the_whole_text_must_match() {
        assert_eq!(check(r"A\d+", "A1 A A123 xA1 A1x a1"), "A1 A123");
        assert_eq!(check("a|bc|d?", "a bc d abc b"), "a bc d");
        assert_eq!(check("^(?:ab)+$", "ab abab aba"), "ab abab");
        assert_eq!(check("(a(b|c)*)+x", "ax abcx aabax abc x"), "ax abcx aabax");
        assert_eq!(check("[a-c_-]{2,3}", "a ab ab- abca _d"), "ab ab-");
        assert_eq!(check(r"[^\s.]+", "ab a.b"), "ab");
        assert_eq!(check(r"[\w.+-]+@[\w-]+(\.[a-z]{2,})+", "a.b+c@d-e.fr a@b a@b.c"), "a.b+c@d-e.fr");
        assert_eq!(check(r"(?<year>\d{4})-\d\d-\d\d", "2024-01-31 24-01-31"), "2024-01-31");
        assert_eq!(check(r"a{2}b{1,}c{0,1}", "aab aabbc abc aabcc"), "aab aabbc");
        assert_eq!(check(r"\bab\b|x\By", "ab xy"), "ab xy");
        assert_eq!(check("(a|b|c|)z", "az bz cz z dz"), "az bz cz z");
        assert_eq!(check("(x+x+)+y", "xxxxy xy xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), "xxxxy");
        assert_eq!(check("[]a]+", "] a] b"), "] a]");
        assert_eq!(check(".*", "ä"), "ä");
    }

    #[test]
    fn what_java_refuses_is_told_from_what_is_not_understood() {
        for pattern in ["\\", "(", ")", "[a", "*a", "a{", "a{3,2}", "[z-a]", "\\y"] {
            assert_eq!(check(pattern, ""), "Invalid", "{pattern}");
        }
        for pattern in ["(?=a)", "(?i)a", r"(a)\1", r"\p{L}", "[a[bc]]", "[a-z&&[^b]]", "a++", "((a{99}){99}){99}"] {
            assert_eq!(check(pattern, ""), "Unknown", "{pattern}");
        }
        assert_eq!(check(&"(".repeat(10_000), ""), "Unknown");
    }

    #[test]
    fn a_hard_match_is_given_up() {
        assert_eq!(matches(&"a*".repeat(3000), &"a".repeat(100_000)), None);
        assert_eq!(matches("(a*)*", &"a".repeat(10_000)), Some(true));
    }
}
