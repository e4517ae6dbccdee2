//! Australian Business Numbers: nine digits of identity behind two check digits.
//!
//! The rule (Australian Business Register, "Format of the ABN"): take 1 from the first digit, weigh the digits by
//! 10, 1, 3, 5, …, 19, and the sum is divisible by 89.

use super::draw::Draw;

const WEIGHTS: [u32; 11] = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
const MODULUS: u32 = 89;

/// Makes one with right check digits.
pub(super) fn draw(draw: &mut Draw) -> String {
    with_check_digits(&draw.digits(9))
}

/// Puts the two check digits before nine digits.
fn with_check_digits(identity: &str) -> String {
    let sum: u32 = identity
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .zip(&WEIGHTS[2..])
        .map(|(digit, weight)| digit * weight)
        .sum();
    // The first digit counts one less than it shows, so it is never 0.
    let missing = (MODULUS - sum % MODULUS) % MODULUS;
    format!("{}{}{identity}", missing / 10 + 1, missing % 10)
}

#[cfg(test)]
pub(super) fn is_valid(abn: &str) -> bool {
    let digits: Vec<u32> = abn.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let counted = digits.len() == 11 && abn.len() == 11 && digits[0] > 0;
    counted
        && (digits
            .iter()
            .zip(WEIGHTS)
            .map(|(digit, weight)| digit * weight)
            .sum::<u32>()
            - WEIGHTS[0])
            .is_multiple_of(MODULUS)
}

#[cfg(test)]
mod tests {
    use super::{is_valid, with_check_digits};

    #[test]
    fn the_registers_own_example_is_what_we_compute() {
        assert_eq!(with_check_digits("824753556"), "51824753556");
        assert!(is_valid("51824753556"));
    }

    #[test]
    fn a_swapped_digit_is_noticed() {
        assert!(!is_valid("51824753565"));
        assert!(!is_valid("5182475355"));
    }
}
