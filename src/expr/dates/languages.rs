//! The names of months and days in the languages that dates are written in. Rules: Java's locale data.

/// The names of a language, separated by spaces.
#[derive(Debug)]
pub(super) struct Language {
    /// Its code.
    pub code: &'static str,
    months: &'static str,
    short_months: &'static str,
    /// The first one is the day of 1970-01-01.
    days: &'static str,
    short_days: &'static str,
    /// Before and after noon.
    noon: [&'static str; 2],
}

pub(super) const ENGLISH: Language = Language {
    code: "en",
    months: "January February March April May June July August September October November December",
    short_months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    days: "Thursday Friday Saturday Sunday Monday Tuesday Wednesday",
    short_days: "Thu Fri Sat Sun Mon Tue Wed",
    noon: ["AM", "PM"],
};

const BRITISH: Language =
    Language { code: "en_GB", short_months: "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec", noon: ["am", "pm"], ..ENGLISH };

const LANGUAGES: [Language; 8] = [
    ENGLISH,
    BRITISH,
    Language {
        code: "fr",
        months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        short_months: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        days: "jeudi vendredi samedi dimanche lundi mardi mercredi",
        short_days: "jeu. ven. sam. dim. lun. mar. mer.",
        noon: ["AM", "PM"],
    },
    Language {
        code: "de",
        months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        short_months: "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        days: "Donnerstag Freitag Samstag Sonntag Montag Dienstag Mittwoch",
        short_days: "Do. Fr. Sa. So. Mo. Di. Mi.",
        noon: ["AM", "PM"],
    },
    Language {
        code: "es",
        months: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        short_months: "ene feb mar abr may jun jul ago sept oct nov dic",
        days: "jueves viernes sábado domingo lunes martes miércoles",
        short_days: "jue vie sáb dom lun mar mié",
        noon: ["a.\u{a0}m.", "p.\u{a0}m."],
    },
    Language {
        code: "it",
        months: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        short_months: "gen feb mar apr mag giu lug ago set ott nov dic",
        days: "giovedì venerdì sabato domenica lunedì martedì mercoledì",
        short_days: "gio ven sab dom lun mar mer",
        noon: ["AM", "PM"],
    },
    Language {
        code: "pt",
        months: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        short_months: "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
        days: "quinta-feira sexta-feira sábado domingo segunda-feira terça-feira quarta-feira",
        short_days: "qui. sex. sáb. dom. seg. ter. qua.",
        noon: ["AM", "PM"],
    },
    Language {
        code: "nl",
        months: "januari februari maart april mei juni juli augustus september oktober november december",
        short_months: "jan feb mrt apr mei jun jul aug sep okt nov dec",
        days: "donderdag vrijdag zaterdag zondag maandag dinsdag woensdag",
        short_days: "do vr za zo ma di wo",
        noon: ["a.m.", "p.m."],
    },
];

/// The language of a code such as `fr` or `fr_FR`; `None` for one whose names are not known here.
pub(super) fn language(code: &str) -> Option<&'static Language> {
    let code = code.replace('-', "_");
    let is_usual = |language: &&Language| match code.split_once('_') {
        None => language.code == code,
        Some((main, country)) => {
            language.code == main && (main != "en" && main.eq_ignore_ascii_case(country) || country == "US" && main == "en")
        }
    };
    LANGUAGES.iter().find(|language| language.code == code).or_else(|| LANGUAGES.iter().find(is_usual))
}

impl Language {
    /// Whether dates are written as in the United States where no pattern is given.
    pub fn is_american(&self) -> bool {
        self.code == "en"
    }

    /// The name of a month, from 0, in as many letters as the pattern asks for.
    pub fn month(&self, nth: i64, n_letters: usize) -> &'static str {
        name(self.months, self.short_months, nth, n_letters)
    }

    /// The name of a day, from the one of 1970-01-01.
    pub fn day(&self, nth: i64, n_letters: usize) -> &'static str {
        name(self.days, self.short_days, nth, n_letters)
    }

    /// Before or after noon.
    pub fn noon(&self, is_after: bool) -> &'static str {
        let [before, after] = self.noon;
        if is_after { after } else { before }
    }

    /// The month that a text begins with, and how long its name is.
    pub fn month_at(&self, text: &str, n_letters: usize) -> Option<(i64, usize)> {
        (0..12).map(|nth| (nth, self.month(nth, n_letters))).find(|(_, name)| text.starts_with(name)).map(|(nth, name)| (nth, name.len()))
    }

    /// How long the name of the day is that a text begins with.
    pub fn day_at(&self, text: &str, n_letters: usize) -> Option<usize> {
        (0..7).map(|nth| self.day(nth, n_letters)).find(|name| text.starts_with(name)).map(str::len)
    }
}

/// A name in full (4 letters), its first letter (5), or short.
fn name(names: &'static str, short: &'static str, nth: i64, n_letters: usize) -> &'static str {
    let of = |names: &'static str| names.split(' ').nth(nth as usize).unwrap_or_default();
    match n_letters {
        4 => of(names),
        // Spanish writes the letter of a day in upper case.
        5 => of(names).get(..1).map_or("", |letter| upper(letter)),
        _ => of(short),
    }
}

fn upper(letter: &'static str) -> &'static str {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let at = letter.bytes().next().map_or(0, |byte| usize::from(byte.to_ascii_uppercase().saturating_sub(b'A')));
    LETTERS.get(at..).and_then(|letters| letters.get(..1)).unwrap_or(letter)
}
