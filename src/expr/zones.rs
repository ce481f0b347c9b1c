//! Time zones by name: the most used ones, with the current rules applied to every year. Rules: IANA time zone database.

use crate::time::{civil, days_from_civil};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zone<'a> {
    /// Its name, as it is written.
    pub id: &'a str,
    /// Whether the name is that of a region, not just an offset.
    pub is_region: bool,
    /// Its offset from UTC outside summer time, in minutes.
    standard_min: i64,
    summer: Summer,
    /// Its short names, outside summer time and in it.
    short: (&'static str, &'static str),
}

/// When summer time is in force; it is one hour ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Summer {
    Never,
    /// Last Sunday of March, 01:00 UTC, to last Sunday of October, 01:00 UTC.
    Europe,
    /// Second Sunday of March, 02:00, to first Sunday of November, 02:00 summer time.
    America,
    /// First Sunday of October, 02:00, to first Sunday of April, 03:00 summer time.
    Australia,
}

/// UTC itself.
pub(super) const UTC: Zone<'_> = fixed("UTC", true, 0);

const fn fixed(id: &str, is_region: bool, standard_min: i64) -> Zone<'_> {
    Zone { id, is_region, standard_min, summer: Summer::Never, short: ("", "") }
}

/// The zone of a name such as `Europe/Paris`, `UTC`, `Z` or `+02:00`; `None` when it is not known here.
pub(super) fn zone(id: &str) -> Option<Zone<'_>> {
    use Summer::{America, Australia, Europe, Never};
    if let Some(offset_min) = id.strip_prefix("UTC").or_else(|| id.strip_prefix("GMT")).or(Some(id)).and_then(offset) {
        return Some(fixed(id, id.starts_with(['U', 'G']), offset_min));
    }
    let (place, name) = id.split_once('/').unwrap_or(("", id));
    let (standard_min, summer, short) = match (place, name) {
        ("", "UTC" | "GMT" | "UT") | ("Etc", "UTC" | "GMT" | "UCT" | "Universal" | "Zulu") => (0, Never, ("UTC", "")),
        ("Europe", "London") => (0, Europe, ("GMT", "BST")),
        ("Europe", "Dublin") => (0, Europe, ("GMT", "IST")),
        ("Europe", "Lisbon") => (0, Europe, ("WET", "WEST")),
        ("", "CET")
        | (
            "Europe",
            "Paris" | "Berlin" | "Madrid" | "Rome" | "Amsterdam" | "Brussels" | "Vienna" | "Zurich" | "Stockholm" | "Oslo" | "Copenhagen"
            | "Warsaw" | "Prague" | "Budapest" | "Luxembourg" | "Belgrade",
        ) => (60, Europe, ("CET", "CEST")),
        ("", "EET") | ("Europe", "Athens" | "Helsinki" | "Bucharest" | "Kiev" | "Kyiv" | "Sofia" | "Vilnius" | "Riga" | "Tallinn") => {
            (120, Europe, ("EET", "EEST"))
        }
        ("Europe", "Moscow") => (180, Never, ("MSK", "")),
        ("Europe", "Istanbul") => (180, Never, ("TRT", "")),
        ("America", "New_York" | "Toronto" | "Detroit") | ("US", "Eastern") => (-300, America, ("EST", "EDT")),
        ("America", "Chicago") | ("US", "Central") => (-360, America, ("CST", "CDT")),
        ("America", "Denver") | ("US", "Mountain") => (-420, America, ("MST", "MDT")),
        ("America", "Phoenix") => (-420, Never, ("MST", "")),
        ("America", "Los_Angeles" | "Vancouver") | ("US", "Pacific") => (-480, America, ("PST", "PDT")),
        ("America", "Sao_Paulo") => (-180, Never, ("BRT", "")),
        ("Asia", "Dubai") => (240, Never, ("GST", "")),
        ("Asia", "Kolkata" | "Calcutta") => (330, Never, ("IST", "")),
        ("Asia", "Shanghai") => (480, Never, ("CST", "")),
        ("Asia", "Singapore") => (480, Never, ("SGT", "")),
        ("Asia", "Hong_Kong") => (480, Never, ("HKT", "")),
        ("Asia", "Tokyo") => (540, Never, ("JST", "")),
        ("Asia", "Seoul") => (540, Never, ("KST", "")),
        ("Australia", "Sydney" | "Melbourne") => (600, Australia, ("AEST", "AEDT")),
        _ => return None,
    };
    Some(Zone { id, is_region: true, standard_min, summer, short })
}

/// The minutes of `Z`, `+02:00`, `+0200`, `+02` or `-5`.
pub(super) fn offset(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = match (rest.split_once(':'), rest.len()) {
        (Some(parts), _) => parts,
        (None, 4) => rest.split_at_checked(2)?,
        (None, 1 | 2) => (rest, "0"),
        _ => return None,
    };
    let number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 18 && minutes < 60).then(|| hours.saturating_mul(60).saturating_add(minutes).saturating_mul(sign))
}

/// The first Sunday of a month that is on this day or later, at this hour, in milliseconds since 1970-01-01T00:00:00Z.
fn sunday(year: i64, month: i64, earliest_day: i64, hour: i64) -> i64 {
    let earliest = days_from_civil(year, month, earliest_day);
    let day = earliest.saturating_add(3_i64.saturating_sub(earliest).rem_euclid(7));
    day.saturating_mul(DAY).saturating_add(hour.saturating_mul(60 * MINUTE))
}

impl Zone<'_> {
    /// Whether it is summer time at a moment, in milliseconds since 1970-01-01T00:00:00Z.
    fn is_summer(&self, epoch_ms: i64) -> bool {
        let standard = epoch_ms.saturating_add(self.standard_min.saturating_mul(MINUTE));
        let (year, _, _) = civil(standard.div_euclid(DAY));
        match self.summer {
            Summer::Never => false,
            Summer::Europe => (sunday(year, 3, 25, 1)..sunday(year, 10, 25, 1)).contains(&epoch_ms),
            Summer::America => (sunday(year, 3, 8, 2)..sunday(year, 11, 1, 1)).contains(&standard),
            Summer::Australia => !(sunday(year, 4, 1, 2)..sunday(year, 10, 1, 2)).contains(&standard),
        }
    }

    /// Its offset from UTC at a moment, in minutes.
    pub fn offset_min(&self, epoch_ms: i64) -> i64 {
        self.standard_min.saturating_add(if self.is_summer(epoch_ms) { 60 } else { 0 })
    }

    /// Its short name at a moment: `CET`, `CEST`.
    pub fn short(&self, epoch_ms: i64) -> &str {
        let short = if self.is_summer(epoch_ms) { self.short.1 } else { self.short.0 };
        if short.is_empty() { self.id } else { short }
    }

    /// The moment of a local date and time. Of two moments with that local time it is the first; a local time that is skipped
    /// counts as if the offset before it went on.
    pub fn moment(&self, local_ms: i64) -> i64 {
        let standard = local_ms.saturating_sub(self.standard_min.saturating_mul(MINUTE));
        let summer = standard.saturating_sub(60 * MINUTE);
        if self.is_summer(summer) { summer } else { standard }
    }
}
