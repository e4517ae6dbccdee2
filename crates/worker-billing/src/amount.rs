//! What a line comes to, and how it is split into a quantity and a price. Pure.
//!
//! Quantity and rate come from the billing item, which holds role and after-hours rates already; nothing is reckoned anew.

use rust_decimal::{Decimal, RoundingStrategy};

/// Jim2 keeps quantities and prices to four decimals.
const PLACES: u32 = 4;

/// A quantity and a price without GST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) qty: Decimal,
    /// Dollars a unit.
    pub(crate) price: Decimal,
}

impl Split {
    /// One of the whole amount.
    pub(crate) const fn one(net: Decimal) -> Self {
        Self {
            qty: Decimal::ONE,
            price: net,
        }
    }

    /// What it comes to, where a decimal holds that.
    pub(crate) fn net(self) -> Option<Decimal> {
        self.qty.checked_mul(self.price).map(cents)
    }

    /// `1.5 x 160`.
    pub(crate) fn text(self) -> String {
        format!("{} x {}", self.qty.normalize(), self.price.normalize())
    }

    /// Reads `1.5 x 160`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (qty, price) = text.split_once(" x ")?;
        Some(Self {
            qty: qty.parse().ok()?,
            price: price.parse().ok()?,
        })
    }
}

/// The split that comes to what was posted, to the cent; with it whether the quantity has to be told in words, as the
/// line is one of the whole amount.
pub(crate) fn split(qty: Decimal, rate: Decimal, extended: Decimal) -> (Split, bool) {
    let own = Split { qty, price: rate };
    let is_kept = |number: Decimal| number.round_dp(PLACES) == number;
    if is_kept(qty) && is_kept(rate) && own.net() == Some(cents(extended)) {
        return (own, false);
    }
    (Split::one(cents(extended)), qty != Decimal::ONE)
}

/// To the cent, half a cent away from zero, as both systems round a line.
pub(crate) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// A line of Jim2's, as far as money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Priced {
    /// What an invoice bills.
    pub(crate) supplied: Decimal,
    /// A unit without tax.
    pub(crate) price_tf: Decimal,
    /// A unit with tax.
    pub(crate) price_tp: Decimal,
}

impl Priced {
    /// Whether the price without tax is one that was sent, and not one that Jim2 reckoned back from whole cents with tax.
    pub(crate) fn is_as_sent(self) -> bool {
        let is_whole = |price: Decimal| cents(price) == price;
        let back = (self.price_tp / Decimal::new(11, 1)).round_dp(PLACES);
        self.price_tf == self.price_tp
            || is_whole(self.price_tf)
            || !is_whole(self.price_tp)
            || self.price_tf != back
    }

    /// What the line comes to without GST. On a job whose prices have tax in them Jim2 rounds with tax, and takes the
    /// eleventh part out.
    pub(crate) fn net(self) -> Option<Decimal> {
        if self.is_as_sent() {
            return self.supplied.checked_mul(self.price_tf).map(cents);
        }
        let gross = self.supplied.checked_mul(self.price_tp).map(cents)?;
        Some(gross - cents(gross / Decimal::from(11)))
    }

    /// The GST on it: a tenth of what it comes to, or what was taken out of a price with tax; none where both prices are
    /// one.
    pub(crate) fn gst(self) -> Option<Decimal> {
        if self.price_tf == self.price_tp {
            return Some(Decimal::ZERO);
        }
        let net = self.net()?;
        if self.is_as_sent() {
            return Some(cents(net / Decimal::TEN));
        }
        let gross = self.supplied.checked_mul(self.price_tp).map(cents)?;
        Some(gross - net)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_line_that_would_come_to_another_cent_is_one_of_the_whole_amount() {
        for (qty, rate, extended, text, in_words) in [
            ("1.5", "160", "240", "1.5 x 160", false),
            ("3", "12.345", "37.04", "3 x 12.345", false),
            ("3", "12.345", "37.03", "1 x 37.03", true),
            ("0.33333", "150", "50", "1 x 50", true),
            ("1", "0.00001", "0", "1 x 0", false),
            ("-2", "22.5", "-45", "-2 x 22.5", false),
            ("2", "0", "0", "2 x 0", false),
        ] {
            let (split, told) = split(decimal(qty), decimal(rate), decimal(extended));
            assert_eq!(
                (split.text().as_str(), told),
                (text, in_words),
                "{qty} x {rate}"
            );
            assert_eq!(split.net(), Some(decimal(extended)), "never a silent cent");
            assert_eq!(Split::read(&split.text()), Some(split));
        }
    }

    #[test]
    fn a_line_of_a_tax_inclusive_job_is_read_at_what_it_comes_to_without_tax() {
        let line = |supplied, tf, tp| Priced {
            supplied: decimal(supplied),
            price_tf: decimal(tf),
            price_tp: decimal(tp),
        };
        for (priced, as_sent, net, gst) in [
            (line("3", "12.345", "13.5795"), true, "37.04", "3.7"),
            (line("3", "45", "45"), true, "135", "0"),
            // 37.04 with tax is 40.744, which Jim2 keeps as 40.74 and reckons back from.
            (line("1", "37.0364", "40.74"), false, "37.04", "3.7"),
            (line("1.5", "160", "176"), true, "240", "24"),
            (line("1", "0.0455", "0.05"), false, "0.05", "0"),
        ] {
            assert_eq!(priced.is_as_sent(), as_sent, "{priced:?}");
            assert_eq!(priced.net(), Some(decimal(net)), "{priced:?}");
            assert_eq!(priced.gst(), Some(decimal(gst)), "{priced:?}");
        }
    }

    #[test]
    fn every_amount_survives_a_tax_inclusive_job_as_one_of_the_whole() {
        for whole in 1..=20_000 {
            let net = Decimal::new(whole, 2);
            let gross = cents(net * Decimal::new(11, 1));
            let priced = Priced {
                supplied: Decimal::ONE,
                price_tf: (gross / Decimal::new(11, 1)).round_dp(4),
                price_tp: gross,
            };
            assert_eq!(priced.net(), Some(net));
        }
    }

    #[test]
    fn an_amount_beyond_all_bounds_is_no_panic() {
        let most = Decimal::MAX;
        assert_eq!(
            Split {
                qty: most,
                price: most
            }
            .net(),
            None
        );
        assert_eq!(split(most, most, decimal("1")).0.text(), "1 x 1");
        let priced = Priced {
            supplied: most,
            price_tf: most,
            price_tp: most,
        };
        assert_eq!(priced.net(), None);
    }
}
