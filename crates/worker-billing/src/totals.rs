//! Sums: of an Autotask invoice that is still being attached, and of what was posted against what is on a job. Pure.

use rust_decimal::Decimal;

/// What an Autotask invoice says it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invoiced {
    /// With GST.
    pub(crate) total: Decimal,
    pub(crate) tax: Decimal,
}

/// How much of an invoice is not attached yet; none where all of it is. Autotask shows an invoice with its totals before
/// the last of its items hang on it, so nothing of it is written before.
pub(crate) fn unattached(invoice: Invoiced, nets: &[Decimal]) -> Option<Decimal> {
    let missing = invoice.total - invoice.tax - nets.iter().sum::<Decimal>();
    (!missing.is_zero()).then_some(missing)
}

/// A line's amount without GST in each system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Both {
    /// As people know the line.
    pub(crate) label: String,
    /// As it was posted in Autotask.
    pub(crate) posted: Decimal,
    /// As it is on the job.
    pub(crate) on_job: Decimal,
}

/// Two sums that should be one, and what makes them differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) posted: Decimal,
    pub(crate) on_job: Decimal,
    /// The lines that differ.
    pub(crate) lines: Vec<Both>,
}

/// Compares the sums and the lines: a cent more here and a cent less there is no agreement.
pub(crate) fn difference(lines: &[Both]) -> Option<Difference> {
    let differing = lines.iter().filter(|line| line.posted != line.on_job);
    let differing: Vec<Both> = differing.cloned().collect();
    (!differing.is_empty()).then(|| Difference {
        posted: lines.iter().map(|line| line.posted).sum(),
        on_job: lines.iter().map(|line| line.on_job).sum(),
        lines: differing,
    })
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "${:.2} was posted in Autotask and ${:.2} is on the job, without GST:",
            self.posted, self.on_job
        )?;
        for (index, line) in self.lines.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(
                f,
                "{comma} {} was posted at ${:.2} and stands at ${:.2}",
                line.label, line.posted, line.on_job
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(amounts: &[i64]) -> Vec<Decimal> {
        amounts
            .iter()
            .map(|cents| Decimal::new(*cents, 2))
            .collect()
    }

    #[test]
    fn an_invoice_is_not_taken_over_before_the_last_of_its_items_hangs_on_it() {
        let invoice = Invoiced {
            total: Decimal::new(10_998, 2),
            tax: Decimal::new(999, 2),
        };
        for (nets, missing) in [
            (&[3333, 3333][..], Some(3333)),
            (&[3333, 3333, 3333], None),
            (&[], Some(9999)),
            (&[3333, 3333, 3333, 1], Some(-1)),
        ] {
            let missing = missing.map(|cents| Decimal::new(cents, 2));
            assert_eq!(unattached(invoice, &cents(nets)), missing, "{nets:?}");
        }
    }

    #[test]
    fn no_cent_is_silent_and_the_line_that_makes_it_is_named() {
        let both = |label: &str, posted, on_job| Both {
            label: label.to_owned(),
            posted: Decimal::new(posted, 2),
            on_job: Decimal::new(on_job, 2),
        };
        let same = [both("Toner", 3704, 3704), both("Drive", 14_900, 14_900)];
        assert_eq!(difference(&same), None);
        let evened_out = [both("Toner", 3704, 3705), both("Drive", 14_900, 14_899)];
        let found = difference(&evened_out).unwrap();
        assert_eq!((found.lines.len(), found.posted == found.on_job), (2, true));
        let one = [both("Toner", 3704, 3705), both("Drive", 14_900, 14_900)];
        assert_eq!(
            difference(&one).unwrap().to_string(),
            "$186.04 was posted in Autotask and $186.05 is on the job, without GST: Toner was posted at $37.04 and stands at $37.05"
        );
    }
}
