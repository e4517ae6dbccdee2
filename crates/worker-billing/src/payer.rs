//! Who pays (rule 5). Pure.

/// What is known of who may pay for an item; ids of companies in Autotask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Payers {
    /// Whose work it was.
    pub(crate) company: i64,
    /// Whom its contract bills, where it has one that says so.
    pub(crate) contract_bills: Option<i64>,
    /// Whether it is under a contract at all.
    pub(crate) has_contract: bool,
    /// The company's parent.
    pub(crate) parent: Option<i64>,
    /// Whether the parent pays for what no contract covers.
    pub(crate) parent_pays: bool,
}

impl Payers {
    /// The company that pays: whom the contract bills; else the parent, for what is under no contract; else the company.
    pub(crate) fn payer(self) -> i64 {
        let parent = self
            .parent
            .filter(|_| self.parent_pays && !self.has_contract);
        self.contract_bills.or(parent).unwrap_or(self.company)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_pays_for_what_a_contract_or_a_parent_pays_for() {
        let own = Payers {
            company: 174,
            ..Payers::default()
        };
        let parent = Payers {
            parent: Some(175),
            ..own
        };
        for (payers, expected) in [
            (own, 174),
            (parent, 174),
            (
                Payers {
                    parent_pays: true,
                    ..parent
                },
                175,
            ),
            (
                Payers {
                    parent_pays: true,
                    has_contract: true,
                    ..parent
                },
                174,
            ),
            (
                Payers {
                    parent_pays: true,
                    has_contract: true,
                    contract_bills: Some(176),
                    ..parent
                },
                176,
            ),
        ] {
            assert_eq!(payers.payer(), expected, "{payers:?}");
        }
    }
}
