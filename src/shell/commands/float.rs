//! Numbers as C's `printf` writes them.

/// A number as `%d`, `%x`, `%f`, `%e`, `%g` and the like write it, without its width.
pub fn converted(kind: char, number: f64, flags: &str, precision: Option<usize>) -> String {
    let decimals = precision.unwrap_or(6);
    let whole = number as i64;
    let text = match kind {
        _ if !number.is_finite() => if number.is_nan() {
            "nan"
        } else if number < 0.0 {
            "-inf"
        } else {
            "inf"
        }
        .to_owned(),
        // Much faster, and most numbers are whole.
        'f' if decimals == 0 && number == whole as f64 && whole != 0 && number.abs() < 9e15 => whole.to_string(),
        'f' | 'F' => format!("{number:.decimals$}"),
        'e' => exponent(number, decimals),
        'E' => exponent(number, decimals).to_uppercase(),
        'g' => general(number, decimals),
        'G' => general(number, decimals).to_uppercase(),
        'x' => format!("{whole:x}"),
        'X' => format!("{whole:X}"),
        'o' => format!("{whole:o}"),
        'u' if whole < 0 => (whole as u64).to_string(),
        // Larger than 64 bits.
        _ if number.abs() >= 9.2e18 => format!("{:.0}", number.trunc()),
        _ => whole.to_string(),
    };
    let text = match precision {
        Some(n_digits) if !"fFeEgG".contains(kind) => {
            let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
            format!("{sign}{}{digits}", "0".repeat(n_digits.saturating_sub(digits.len())))
        }
        _ => text,
    };
    let text = match kind {
        'x' | 'X' if flags.contains('#') && whole != 0 => format!("0{kind}{text}"),
        _ => text,
    };
    let is_signed = !text.starts_with('-') && !"xXou".contains(kind);
    match () {
        () if is_signed && flags.contains('+') => format!("+{text}"),
        () if is_signed && flags.contains(' ') => format!(" {text}"),
        () => text,
    }
}

/// `1.5e+02`.
fn exponent(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{digits}e{sign}{power:0>2}")
}

/// `%g`: with so many digits, without zeros at the end.
pub fn general(number: f64, precision: usize) -> String {
    let precision = precision.max(1);
    let last = precision.saturating_sub(1);
    let text = format!("{number:.last$e}");
    let power: i64 = text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let plain = |text: &str| if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() };
    if power < -4 || power >= precision as i64 {
        let text = exponent(number, last);
        let (digits, power) = text.split_once('e').unwrap_or((&text, ""));
        return format!("{}e{power}", plain(digits));
    }
    let decimals = usize::try_from((last as i64).saturating_sub(power)).unwrap_or(0);
    plain(&format!("{number:.decimals$}"))
}

/// Adds a text, filled up to a width as the flags say.
pub fn push_padded(text: &str, flags: &str, width: usize, zeros: bool, out: &mut String) {
    // Most texts have no width.
    if width == 0 {
        return out.push_str(text);
    }
    let missing = width.saturating_sub(text.chars().count());
    if flags.contains('-') {
        out.push_str(text);
        out.extend(std::iter::repeat_n(' ', missing));
    } else if zeros && flags.contains('0') {
        let digits = text.trim_start_matches(['-', '+', ' ']);
        out.push_str(text.strip_suffix(digits).unwrap_or(""));
        out.extend(std::iter::repeat_n('0', missing));
        out.push_str(digits);
    } else {
        out.extend(std::iter::repeat_n(' ', missing));
        out.push_str(text);
    }
}
