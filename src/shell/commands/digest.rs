//! `base64`, and the sums of files: `md5sum`, `sha1sum`, `sha256sum`, `sha512sum`.

use super::options::{Known, Options};
use crate::encoding::{Base64, hex};
use crate::expr::digest;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn base64(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("d(decode)D(-)w:(wrap)i(ignore-garbage)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let Some(input) = self.input_of("base64", &options.operands, io) else { return Flow::Next };
        if self.is_unknown(&input) {
            self.print_line_of(io, Text::unknown("base64"));
            return Flow::Next;
        }
        if options.has('d') || options.has('D') {
            let text: String = input.chars().filter(|c| !c.is_whitespace()).collect();
            return match Base64::Standard.decode(&text) {
                Ok(bytes) => {
                    self.print(&io.out, &(*String::from_utf8_lossy(&bytes)).into());
                    Flow::Next
                }
                Err(_) => self.fail(io, 1, "base64: invalid input"),
            };
        }
        let width = options.number_of('w').unwrap_or(76);
        let mut out = String::new();
        for (nth, c) in Base64::Standard.encode(input.as_bytes()).chars().enumerate() {
            if width > 0 && nth > 0 && nth.is_multiple_of(width) {
                out.push('\n');
            }
            out.push(c);
        }
        if width > 0 && !out.is_empty() {
            out.push('\n');
        }
        self.print(&io.out, &out.into());
        Flow::Next
    }

    pub(super) fn sums(&mut self, words: &[Text], io: &Io) -> Flow {
        let name = words.first().map_or("", |name| name).to_owned();
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("c(check)b(binary)t(text)(quiet)q(status)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let of = |text: &str| digest(name.trim_end_matches("sum"), text.as_bytes()).map(|bytes| hex(&bytes)).unwrap_or_default();
        if options.has('c') {
            let Some(list) = self.input_of(&name, &options.operands, io) else { return Flow::Next };
            let mut n_wrong = 0usize;
            for line in list.lines() {
                let Some((sum, file)) = line.split_once(&|c| c == ' ') else { continue };
                let file = file.trim_start(&|c| c == ' ' || c == '*');
                let Some(text) = self.read_or_fail(&name, &file, io) else { continue };
                let is_right = self.is_unknown(&text) || of(&text) == *sum;
                n_wrong = n_wrong.saturating_add(usize::from(!is_right));
                if !options.has('q') {
                    self.print_line(&io.out, &format!("{file}: {}", if is_right { "OK" } else { "FAILED" }));
                }
            }
            return if n_wrong > 0 {
                self.fail(io, 1, &format!("{name}: WARNING: {n_wrong} computed checksum did NOT match"))
            } else {
                Flow::Next
            };
        }
        let files = if options.operands.is_empty() { vec![Text::from("-")] } else { options.operands.clone() };
        for file in &files {
            let Some(text) = self.read_or_fail(&name, file, io) else { continue };
            let sum = if self.is_unknown(&text) { Text::unknown(&name) } else { of(&text).into() };
            self.work(text.len().saturating_mul(4));
            self.print_line_of(io, Text::join(&[sum, file.clone()], "  "));
        }
        Flow::Next
    }
}
