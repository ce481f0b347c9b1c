//! `date`: the virtual date, in UTC.

use super::date_words::{self, DAYS, MONTHS};
use crate::cursor::Cursor;
use crate::shell::state::{Io, Shell};
use crate::text::Text;
use crate::time::{civil, days_from_civil, iso_instant};

impl Shell<'_> {
    pub(super) fn date(&mut self, arguments: &[Text], io: &Io) {
        let mut at = self.state.clock.epoch_ms(self.setup.start_epoch_ms);
        if let Some(text) = other_date(arguments) {
            let is_known = !self.is_unknown(&text);
            match date_words::read(&text, at).filter(|_| is_known) {
                Some(other) => at = other,
                None if is_known && text.chars().all(|c| c.is_ascii_digit() || "-/: ".contains(c)) => {
                    self.fail(io, 1, &format!("date: invalid date '{text}'"));
                    return;
                }
                None => {
                    self.note(format!("`date -d \"{text}\"` is not simulated, it gives the current date"));
                    self.guess_if(true);
                }
            }
        }
        let format = match arguments
            .iter()
            .find(|argument| argument.starts_with('+') || argument.starts_with("-I") || argument.starts_with("--iso"))
        {
            Some(format) if format.starts_with('+') => format.slice_from(1),
            Some(iso) if iso.contains('s') => "%FT%T+00:00".into(),
            Some(iso) if iso.contains('m') => "%FT%R+00:00".into(),
            Some(iso) if iso.contains('h') => "%FT%H+00:00".into(),
            Some(_) => "%F".into(),
            None if arguments
                .iter()
                .any(|flag| *flag == "-R" || *flag == "-uR" || flag.starts_with("--rfc-e") || flag.starts_with("--rfc-2")) =>
            {
                "%a, %d %b %Y %T +0000".into()
            }
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

/// An hour of twelve.
fn twelve(hour: usize) -> usize {
    if hour.is_multiple_of(12) { 12 } else { hour % 12 }
}

/// The year and the week that ISO 8601 gives a day: that of its Thursday.
fn iso_week(day: i64) -> (i64, i64) {
    let thursday = day.saturating_sub(day.rem_euclid(7).saturating_add(3).rem_euclid(7)).saturating_add(3);
    let year = civil(thursday).0;
    (year, thursday.saturating_sub(days_from_civil(year, 1, 1)).div_euclid(7).saturating_add(1))
}

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
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let flags: String = std::iter::from_fn(|| chars.next_if(|c| "-_^:0".contains(*c))).collect();
        let width: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_digit)).collect();
        let hour = number(11, 13);
        let day_of_year = day.saturating_sub(days_from_civil(civil(day).0, 1, 1)).saturating_add(1);
        let (year, week) = iso_week(day);
        let piece = match chars.next() {
            Some('Y') => field(0, 4).to_owned(),
            Some('C') => field(0, 2).to_owned(),
            Some('y') => field(2, 4).to_owned(),
            Some('m') => field(5, 7).to_owned(),
            Some('d') => field(8, 10).to_owned(),
            Some('e') => format!("{:>2}", number(8, 10)),
            Some('j') => format!("{day_of_year:03}"),
            Some('q') => number(5, 7).div_ceil(3).to_string(),
            Some('H') => field(11, 13).to_owned(),
            Some('k') => format!("{hour:>2}"),
            Some('I') => format!("{:02}", twelve(hour)),
            Some('l') => format!("{:>2}", twelve(hour)),
            Some('p') => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            Some('P') => if hour < 12 { "am" } else { "pm" }.to_owned(),
            Some('M') => field(14, 16).to_owned(),
            Some('S') => field(17, 19).to_owned(),
            Some('N') => format!("{}000000", field(20, 23)).chars().take(width.parse().unwrap_or(9)).collect(),
            Some('s') => epoch_ms.div_euclid(1000).to_string(),
            Some('F') => field(0, 10).to_owned(),
            Some('T' | 'X') => field(11, 19).to_owned(),
            Some('R') => field(11, 16).to_owned(),
            Some('D' | 'x') => format!("{}/{}/{}", field(5, 7), field(8, 10), field(2, 4)),
            Some('a') => weekday.chars().take(3).collect(),
            Some('A') => weekday.to_owned(),
            Some('b' | 'h') => month.chars().take(3).collect(),
            Some('B') => month.to_owned(),
            Some('u') => if from_sunday == 0 { 7 } else { from_sunday }.to_string(),
            Some('w') => from_sunday.to_string(),
            Some('U') => format!("{:02}", day_of_year.saturating_add(6).saturating_sub(from_sunday).div_euclid(7)),
            Some('V') => format!("{week:02}"),
            Some('G') => year.to_string(),
            Some('z') if flags.contains(':') => "+00:00".to_owned(),
            Some('z') => "+0000".to_owned(),
            Some('Z') => "UTC".to_owned(),
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some('c') => formatted(epoch_ms, "%a %b %e %H:%M:%S %Y"),
            Some('r') => formatted(epoch_ms, "%I:%M:%S %p"),
            Some('%') | None => "%".to_owned(),
            Some(other) => format!("%{other}"),
        };
        let short = piece.trim_start_matches(['0', ' ']);
        let short =
            if short.starts_with(|c: char| c.is_ascii_digit()) { short } else { piece.get(piece.len().saturating_sub(1)..).unwrap_or("") };
        out += &match () {
            () if !piece.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                if flags.contains('^') {
                    piece.to_uppercase()
                } else {
                    piece
                }
            }
            () if flags.contains('-') => short.to_owned(),
            () if flags.contains('_') => format!("{short:>0$}", piece.len()),
            () if flags.contains('0') => format!("{short:0>0$}", piece.len()),
            () => piece,
        };
    }
    out
}
