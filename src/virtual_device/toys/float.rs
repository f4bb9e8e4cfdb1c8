//! Numbers with a fraction as C's `printf` writes them.

/// C's `%e`.
pub fn scientific(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(("+", power), |power| ("-", power));
    format!("{digits}e{sign}{power:0>2}")
}

/// C's `%g`: the shorter of two forms, without zeros at its end.
pub fn general(number: f64, precision: usize) -> String {
    let precision = precision.max(1);
    let text = scientific(number, precision - 1);
    let power: i32 = text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if power < -4 || power >= i32::try_from(precision).unwrap_or(i32::MAX) {
        let (digits, power) = text.split_once('e').unwrap_or((&text, "+00"));
        return format!("{}e{power}", trimmed(digits));
    }
    let after = usize::try_from(i32::try_from(precision).unwrap_or(6) - 1 - power).unwrap_or(0);
    trimmed(&format!("{number:.after$}"))
}
