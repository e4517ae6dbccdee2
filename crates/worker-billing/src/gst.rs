//! Whether both systems tax an item alike (rule 9). A stock line has no tax code of its own. Pure.

use rust_decimal::Decimal;

use crate::amount::cents;

/// Tax codes with which Jim2 charges GST on a sale.
const TAXED: [&str; 1] = ["G"];

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// Autotask charges none, Jim2 would.
    Jim2Taxes,
    /// Autotask charges it, Jim2 would not.
    Jim2DoesNot,
}

/// Compares Autotask's tax on an amount with the sell tax code of a stock code. An amount so small that its tax is less
/// than a cent tells nothing.
pub(crate) fn check(net: Decimal, tax: Decimal, sell_tax_code: &str) -> Result<(), Mismatch> {
    if cents(net / Decimal::TEN).is_zero() {
        return Ok(());
    }
    let is_taxed = TAXED
        .iter()
        .any(|code| sell_tax_code.trim().eq_ignore_ascii_case(code));
    match (tax.is_zero(), is_taxed) {
        (true, true) => Err(Mismatch::Jim2Taxes),
        (false, false) => Err(Mismatch::Jim2DoesNot),
        (true, false) | (false, true) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_that_only_one_system_charges_is_found_before_anything_is_written() {
        for (net, tax, code, expected) in [
            ("100", "10", "G", Ok(())),
            ("100", "0", "N", Ok(())),
            ("100", "0", "G", Err(Mismatch::Jim2Taxes)),
            ("100", "10", "N", Err(Mismatch::Jim2DoesNot)),
            ("100", "10", "X", Err(Mismatch::Jim2DoesNot)),
            ("-50", "-5", "g ", Ok(())),
            ("0", "0", "G", Ok(())),
            ("0.04", "0", "G", Ok(())),
        ] {
            let found = check(net.parse().unwrap(), tax.parse().unwrap(), code);
            assert_eq!(found, expected, "{net} + {tax} with {code}");
        }
    }
}
