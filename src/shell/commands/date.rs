//! `date`: the virtual date, in UTC.

use super::date_words::{self, DAYS};
use crate::cursor::Cursor;
use crate::shell::state::{Io, Shell};
use crate::text::Text;
use crate::time::iso_instant;

impl Shell<'_> {
    pub(super) fn date(&mut self, arguments: &[Text], io: &Io) {
        let mut at = self.state.clock.epoch_ms(self.setup.start_epoch_ms);
        if let Some(text) = other_date(arguments) {
            let is_known = !self.is_unknown(&text);
            match date_words::read(&text, at).filter(|_| is_known) {
                Some(other) => at = other,
                None => {
                    self.note(format!("`date -d \"{text}\"` is not simulated, it gives the current date"));
                    self.guess_if(true);
                }
            }
        }
        let format = match arguments.iter().find(|argument| argument.starts_with('+') || argument.starts_with("-I")) {
            Some(format) if format.starts_with('+') => format.slice_from(1),
            Some(iso) if iso.contains('s') => "%FT%T+00:00".into(),
            Some(_) => "%F".into(),
            None => "%a %b %e %H:%M:%S UTC %Y".into(),
        };
        let mut text = format.map_known(&mut |format| formatted(at, format));
        text.push_str("\n");
        self.print(&io.out, &text);
    }
}

/// The date that `-d` asks for.
fn other_date(arguments: &[Text]) -> Option<Text> {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument.starts_with("--date=") {
            return Some(argument.slice_from("--date=".len()));
        }
        let is_short = argument.starts_with('-') && !argument.starts_with("--") && !argument.starts_with("-I");
        if *argument == "--date" || is_short && argument.ends_with('d') {
            return rest.next().cloned();
        }
        let mut cursor = Cursor::new(argument);
        if is_short && cursor.take_until("d").is_some() {
            cursor.eat("d");
            return Some(argument.slice_from(cursor.at()));
        }
    }
    None
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A virtual date by a format of `date`, in UTC.
pub(super) fn formatted(epoch_ms: i64, format: &str) -> String {
    let iso = iso_instant(epoch_ms);
    let field = |from: usize, to: usize| iso.get(from..to).unwrap_or("");
    let number = |from: usize, to: usize| field(from, to).parse::<usize>().unwrap_or(0);
    let day = epoch_ms.div_euclid(86_400_000);
    let from_sunday = day.saturating_add(4).rem_euclid(7);
    let weekday = DAYS.get(day.rem_euclid(7) as usize).copied().unwrap_or_default();
    let month = MONTHS.get(number(5, 7).clamp(1, 12).saturating_sub(1)).copied().unwrap_or_default();
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let sign = chars.next();
        let sign = if matches!(sign, Some('-' | '_' | '^' | ':')) { chars.next() } else { sign };
        match sign {
            Some('Y') => out += field(0, 4),
            Some('y') => out += field(2, 4),
            Some('m') => out += field(5, 7),
            Some('d') => out += field(8, 10),
            Some('e') => out += &format!("{:>2}", number(8, 10)),
            Some('H') => out += field(11, 13),
            Some('I') => {
                let hour = number(11, 13) % 12;
                out += &format!("{:02}", if hour == 0 { 12 } else { hour });
            }
            Some('p') => out += if number(11, 13) < 12 { "AM" } else { "PM" },
            Some('M') => out += field(14, 16),
            Some('S') => out += field(17, 19),
            Some('N') => out += &format!("{}000000", field(20, 23)),
            Some('s') => out += &epoch_ms.div_euclid(1000).to_string(),
            Some('F') => out += field(0, 10),
            Some('T') => out += field(11, 19),
            Some('R') => out += field(11, 16),
            Some('D') => out += &format!("{}/{}/{}", field(5, 7), field(8, 10), field(2, 4)),
            Some('a') => out.extend(weekday.chars().take(3)),
            Some('A') => out += weekday,
            Some('b' | 'h') => out.extend(month.chars().take(3)),
            Some('B') => out += month,
            Some('u') => out += &if from_sunday == 0 { 7 } else { from_sunday }.to_string(),
            Some('w') => out += &from_sunday.to_string(),
            Some('z') => out += "+0000",
            Some('Z') => out += "UTC",
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('c') => out += &formatted(epoch_ms, "%a %b %e %H:%M:%S %Y"),
            Some('x') => out += &formatted(epoch_ms, "%D"),
            Some('X') => out += &formatted(epoch_ms, "%T"),
            Some('%') => out.push('%'),
            Some(other) => out.extend(['%', other]),
            None => out.push('%'),
        }
    }
    out
}
