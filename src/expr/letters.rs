//! Upper and lower case of the most used alphabets. The tables of the standard library for all of Unicode would take more bytes
//! than the rest of `expr`.

/// Upper case of Latin and Cyrillic letters, and of Greek ones without accents.
pub(super) fn upper(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == 'ß' {
            out += "SS";
        } else {
            out.push(upper_letter(letter));
        }
    }
    out
}

/// The upper case of one letter, unless it has several.
pub(super) fn upper_letter(letter: char) -> char {
    let down = |by: u32| char::from_u32(u32::from(letter).saturating_sub(by)).unwrap_or(letter);
    let is_odd = u32::from(letter) % 2 == 1;
    match letter {
        'a'..='z' => letter.to_ascii_uppercase(),
        'à'..='ö' | 'ø'..='þ' | 'α'..='ρ' | 'σ'..='ω' | 'а'..='я' => down(32),
        'ÿ' => 'Ÿ',
        'ς' => 'Σ',
        'ı' => 'I',
        'ā'..='ķ' | 'ŋ'..='ŷ' if is_odd => down(1),
        'ĺ'..='ň' | 'ź'..='ž' if !is_odd => down(1),
        'ѐ'..='џ' => down(80),
        _ => letter,
    }
}

/// Lower case of the same letters.
pub(super) fn lower(text: &str) -> String {
    text.chars().map(lower_letter).collect()
}

fn lower_letter(letter: char) -> char {
    let up = |by: u32| char::from_u32(u32::from(letter).saturating_add(by)).unwrap_or(letter);
    let is_odd = u32::from(letter) % 2 == 1;
    match letter {
        'A'..='Z' => letter.to_ascii_lowercase(),
        'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ω' | 'А'..='Я' => up(32),
        'Ÿ' => 'ÿ',
        'İ' => 'i',
        'Ā'..='Ķ' | 'Ŋ'..='Ŷ' if !is_odd => up(1),
        'Ĺ'..='Ň' | 'Ź'..='Ž' if is_odd => up(1),
        'Ѐ'..='Џ' => up(80),
        _ => letter,
    }
}
