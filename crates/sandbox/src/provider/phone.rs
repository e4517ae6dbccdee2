//! Phone numbers, from the ranges that the Australian Communications and Media Authority keeps for fiction.

use super::draw::Draw;

/// A fixed line in a state, in one of the formats people type.
pub(super) fn fixed(draw: &mut Draw, state: &str) -> String {
    let area = area_of(state);
    let (exchange, line) = (*draw.one(&["5550", "7010"]), draw.digits(4));
    match draw.below(4) {
        0 => format!("+61 {} {exchange} {line}", &area[1..]),
        1 => format!("({area}) {exchange} {line}"),
        2 => format!("{area}{exchange}{line}"),
        _ => format!("{area} {exchange} {line}"),
    }
}

/// A mobile, in one of the formats people type.
pub(super) fn mobile(draw: &mut Draw) -> String {
    let (middle, last) = (format!("57{}", draw.digits(1)), draw.digits(3));
    match draw.below(3) {
        0 => format!("+61 491 {middle} {last}"),
        1 => format!("0491{middle}{last}"),
        _ => format!("0491 {middle} {last}"),
    }
}

/// The same number as somebody else would type it.
pub(super) fn in_another_format(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("61") {
        Some(national) if phone.starts_with('+') => format!("0{national}"),
        _ => format!("+61 {}", digits.trim_start_matches('0')),
    }
}

fn area_of(state: &str) -> &'static str {
    match state {
        "NSW" | "ACT" => "02",
        "VIC" | "TAS" => "03",
        "QLD" => "07",
        _ => "08",
    }
}

#[cfg(test)]
mod tests {
    use super::in_another_format;

    #[test]
    fn another_format_is_the_same_number() {
        assert_eq!(in_another_format("+61 2 5550 1234"), "0255501234");
        assert_eq!(in_another_format("(02) 5550 1234"), "+61 255501234");
        assert_eq!(in_another_format("0255501234"), "+61 255501234");
    }
}
