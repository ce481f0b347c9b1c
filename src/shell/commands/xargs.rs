//! `xargs`.

use super::find::replaced;
use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

const KNOWN: Known =
    Known("n:(max-args)I:(replace)0(null)r(no-run-if-empty)P:(max-procs)L:(max-lines)d:(delimiter)t(verbose)s:(max-chars)x(exit)");

impl Shell<'_> {
    pub(super) fn xargs(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), KNOWN, true);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let command = if options.operands.is_empty() { vec![Text::from("echo")] } else { options.operands.clone() };
        let input = self.take_input();
        let by = match options.value('d').map(|by| crate::shell::escape::unescape(by).0.chars().next().unwrap_or('\n')) {
            Some(by) => Some(by),
            None if options.has('0') => Some('\0'),
            None => None,
        };
        let is_replaced = options.value('I').is_some();
        let mut has_open_quote = false;
        let items: Vec<Text> = match by {
            Some(by) => {
                let mut items = input.split(&|c| c == by);
                if items.last().is_some_and(|last| last.is_empty()) {
                    items.pop();
                }
                items
            }
            None if is_replaced || options.value('L').is_some() => {
                let lines = input.lines().into_iter().map(|line| line.trim_start(&char::is_whitespace));
                lines.filter(|line| !line.is_empty()).collect()
            }
            None => {
                let (words, is_closed) = quoted_words(&input);
                has_open_quote = !is_closed;
                words
            }
        };
        if !self.work(input.len().saturating_add(items.len().saturating_mul(16))) {
            return Flow::Stop;
        }
        let mut calls: Vec<Vec<Text>> = Vec::new();
        match options.value('I') {
            Some(sign) => {
                for item in &items {
                    calls.push(command.iter().map(|word| replaced(word, sign, item)).collect());
                }
            }
            None => {
                let most = options.number_of('n').or(options.number_of('L')).unwrap_or(5000).max(1);
                let more = items.chunks(most).map(|items| command.iter().chain(items).cloned().collect());
                calls.extend(more);
                if items.is_empty() && !options.has('r') && !has_open_quote {
                    calls.push(command);
                }
            }
        }
        if options.value('L').is_some() {
            calls.iter_mut().for_each(|call| *call = call.iter().flat_map(|word| word.split(&|c| c == ' ')).collect());
        }
        let n_held = calls.iter().flatten().map(|word| word.len().saturating_add(size_of::<Text>())).fold(0, usize::saturating_add);
        let n_slots = options.number_of('P').map_or(1, |n| if n == 0 { calls.len() } else { n }).clamp(1, 10_000);
        let flow = self.holding(n_held.saturating_mul(4), |shell| shell.runs_all(&calls, n_slots, io));
        if has_open_quote && flow == Flow::Next {
            return self.fail(io, 1, "xargs: unmatched quote; by default quotes are special to xargs");
        }
        flow
    }

    /// Runs commands, so many at a time: each begins when one of those before it has ended.
    fn runs_all(&mut self, calls: &[Vec<Text>], n_slots: usize, io: &Io) -> Flow {
        let mut slots = vec![self.state.clock; n_slots];
        let (mut status, errexit) = (0, std::mem::take(&mut self.state.errexit));
        let mut flow = Flow::Next;
        for call in calls {
            let Some(slot) = slots.iter_mut().min() else { break };
            self.state.clock = *slot;
            self.state.status = 0;
            let known = call.first().is_some_and(|name| self.state.functions.get(&**name).is_some());
            flow = if known { self.not_simulated(call, io) } else { self.subshell(io, |shell| shell.wrapped(call, io)) };
            *slot = self.state.clock;
            if flow == Flow::Stop {
                break;
            }
            match self.state.status {
                0 => {}
                255 => {
                    status = 124;
                    break;
                }
                code @ (126 | 127) => {
                    status = code;
                    break;
                }
                _ => status = 123,
            }
        }
        self.state.clock = slots.into_iter().max().unwrap_or(self.state.clock);
        (self.state.status, self.state.errexit) = (status, errexit);
        if flow == Flow::Stop { flow } else { Flow::Next }
    }
}

/// Words between blanks; quotes and backslashes keep what is in them together. And whether each quote is closed: what follows one
/// that is not is left out.
fn quoted_words(input: &Text) -> (Vec<Text>, bool) {
    let mut words = Vec::new();
    let mut word: Option<Text> = None;
    for (part, is_unknown) in input.parts() {
        if is_unknown {
            word.get_or_insert_default().push_unknown(part);
            continue;
        }
        let mut chars = part.chars();
        while let Some(c) = chars.next() {
            match c {
                ' ' | '\t' | '\n' => words.extend(word.take()),
                '\'' | '"' => {
                    let open = word.get_or_insert_default();
                    loop {
                        match chars.next() {
                            Some(end) if end == c => break,
                            None | Some('\n') => return (words, false),
                            Some(other) => open.push_str(other.encode_utf8(&mut [0; 4])),
                        }
                    }
                }
                c => {
                    let c = if c == '\\' { chars.next().unwrap_or(c) } else { c };
                    word.get_or_insert_default().push_str(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }
    words.extend(word);
    (words, true)
}
