//! Numbers for people: four significant digits, thousands separated, units said.

use domain::Timestamp;

use crate::pack::{Interval, Measure};

/// What stands where nothing was measured.
pub(crate) const NOTHING: &str = "–";

/// `12,345`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Four significant digits without idle zeros: `0.8432`, `3`, `1,235`, `2.5 × 10⁻⁵`.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return NOTHING.to_owned();
    }
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if (1e-3..1e6).contains(&size) {
        plain(value)
    } else {
        scientific(value)
    }
}

/// Four decimals, for shares and scores that stand in a column: `0.8432`.
pub(crate) fn score(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.4}")
    } else {
        NOTHING.to_owned()
    }
}

/// A share as `84.3 %`; what is not zero never reads as zero, what is not all never as all.
pub(crate) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return NOTHING.to_owned();
    }
    let rounded = format!("{:.1} %", share * 100.0);
    match rounded.as_str() {
        "0.0 %" if share > 0.0 => "< 0.1 %".to_owned(),
        "100.0 %" if share < 1.0 => "> 99.9 %".to_owned(),
        "0.0 %" | "-0.0 %" => "0 %".to_owned(),
        "100.0 %" => "100 %".to_owned(),
        _ => rounded,
    }
}

/// `0.41 s`, `12.3 s`, `2 min 05 s`.
pub(crate) fn seconds(value: f64) -> String {
    if !value.is_finite() || value < 0.0 {
        return NOTHING.to_owned();
    }
    if value < 9.995 {
        format!("{value:.2} s")
    } else if value < 99.95 {
        format!("{value:.1} s")
    } else {
        let whole = value.round();
        format!("{} min {:02} s", (whole / 60.0).floor(), whole % 60.0)
    }
}

/// `812 B`, `4.03 MB`; powers of ten.
pub(crate) fn bytes(length: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    UNITS.iter().find(|(unit, _)| length >= *unit).map_or_else(
        || format!("{length} B"),
        |(unit, name)| format!("{} {name}", number(length as f64 / *unit as f64)),
    )
}

/// `2026-11-22 15:23:44 UTC`.
pub(crate) fn moment(moment: Timestamp) -> String {
    let text = moment.to_string();
    match text.split_once('T') {
        Some((day, time)) => format!("{day} {} UTC", time.get(..8).unwrap_or(time)),
        None => text,
    }
}

/// `0.8432 (95 % interval 0.8361–0.8501)`.
pub(crate) fn measure(measure: &Measure) -> String {
    match &measure.interval {
        Some(interval) => format!("{} ({})", score(measure.value), interval_words(interval)),
        None => score(measure.value),
    }
}

/// `0.8361–0.8501`.
pub(crate) fn range(interval: &Interval) -> String {
    format!("{}–{}", score(interval.low), score(interval.high))
}

fn interval_words(interval: &Interval) -> String {
    format!(
        "{} % interval {}",
        number(interval.level * 100.0),
        range(interval)
    )
}

/// Fixed notation with as many decimals as four significant digits need.
fn plain(value: f64) -> String {
    let rounded = format!("{value:.3e}");
    let exponent = rounded
        .split_once('e')
        .and_then(|(_, power)| power.parse::<i32>().ok());
    let decimals = usize::try_from(3 - exponent.unwrap_or(0)).unwrap_or(0);
    let text = trimmed(&format!("{:.*}", decimals, value.abs()));
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

/// `2.5 × 10⁻⁵`, `10⁻⁵`.
fn scientific(value: f64) -> String {
    let text = format!("{value:.3e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power: String = exponent.chars().map(raised).collect();
    match trimmed(mantissa).as_str() {
        "1" => format!("10{power}"),
        mantissa => format!("{} × 10{power}", mantissa.replace('-', "−")),
    }
}

fn trimmed(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

const fn raised(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_significant_digits_and_no_idle_zeros() {
        let cases = [
            (0.0, "0"),
            (3.0, "3"),
            (0.5, "0.5"),
            (0.843_251, "0.8433"),
            (0.012_345_6, "0.01235"),
            (0.001_234_56, "0.001235"),
            (12.3456, "12.35"),
            (999.96, "1,000"),
            (1234.56, "1,235"),
            (123_456.7, "123,457"),
            (-2.5, "−2.5"),
            (1e-5, "10⁻⁵"),
            (2.5e-5, "2.5 × 10⁻⁵"),
            (3.2e9, "3.2 × 10⁹"),
            (f64::NAN, NOTHING),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn shares_never_round_to_nothing_or_to_all() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.0004), "< 0.1 %");
        assert_eq!(percent(0.9999), "> 99.9 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.2349), "23.5 %");
    }

    #[test]
    fn times_and_lengths_carry_their_units() {
        assert_eq!(seconds(0.4123), "0.41 s");
        assert_eq!(seconds(12.34), "12.3 s");
        assert_eq!(seconds(125.2), "2 min 05 s");
        assert_eq!(bytes(812), "812 B");
        assert_eq!(bytes(4_031_000), "4.031 MB");
        assert_eq!(count(1_234_567), "1,234,567");
        let timestamp = Timestamp::from_millis(1_795_359_604_123);
        assert_eq!(moment(timestamp), "2026-11-22 15:00:04 UTC");
    }
}
