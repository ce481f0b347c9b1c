//! `echo`.

use crate::shell::escape::unescape;
use crate::shell::state::{Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn echo(&mut self, arguments: &[Text], io: &Io) {
        let (mut newline, mut escapes, mut rest) = (true, false, arguments);
        while let Some((flag, behind)) = rest.split_first() {
            let letters = flag.strip_prefix('-').unwrap_or_default();
            if letters.is_empty() || !letters.chars().all(|c| "neE".contains(c)) {
                break;
            }
            newline &= !flag.contains('n');
            escapes = flag.contains('e') || escapes && !flag.contains('E');
            rest = behind;
        }
        let mut text = Text::join(rest, " ");
        if escapes {
            let (resolved, ended) = unescape(&text);
            (text, newline) = (resolved, newline && !ended);
        }
        text.push_str(if newline { "\n" } else { "" });
        self.print(&io.out, &text);
    }
}
