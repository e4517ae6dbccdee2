//! What a job is for that is no ticket's current one, and who pays for it.

use std::fmt;

use crate::RecordId;

/// What an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderFor {
    /// A project: its time and charges.
    Project,
    /// An invoice of Autotask: what it bills of contracts, services, milestones and blocks.
    Invoice,
    /// A ticket, where somebody else pays than for the ticket's own job.
    Ticket,
}

impl OrderFor {
    const ALL: [Self; 3] = [Self::Project, Self::Invoice, Self::Ticket];

    /// The letter before its id.
    const fn letter(self) -> char {
        match self {
            Self::Project => 'P',
            Self::Invoice => 'I',
            Self::Ticket => 'T',
        }
    }

    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Invoice => "Autotask invoice",
            Self::Ticket => "ticket",
        }
    }
}

/// A job that is wanted for a project, an invoice or a ticket of Autotask, and the company of Autotask that pays for it.
/// Written as `P12@175`, which is the id of its Autotask half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order {
    /// What it is for.
    pub of: OrderFor,
    /// The id of that in Autotask.
    pub id: i64,
    /// The id of the company that pays.
    pub payer: i64,
}

impl Order {
    /// Reads `P12@175`.
    pub fn read(text: &str) -> Option<Self> {
        let of = OrderFor::ALL
            .into_iter()
            .find(|of| text.starts_with(of.letter()))?;
        let (id, payer) = text.get(1..)?.split_once('@')?;
        let order = Self {
            of,
            id: id.parse().ok()?,
            payer: payer.parse().ok()?,
        };
        // One order has one text, or two jobs would be made for it.
        (order.to_string() == text).then_some(order)
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}@{}", self.of.letter(), self.id, self.payer)
    }
}

impl From<Order> for RecordId {
    fn from(order: Order) -> Self {
        Self::from(order.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_was_written_and_nothing_else_is_one() {
        for of in OrderFor::ALL {
            let order = Order {
                of,
                id: 12,
                payer: 175,
            };
            assert_eq!(Order::read(&order.to_string()), Some(order));
        }
        for odd in [
            "",
            "P12",
            "P@175",
            "P12@",
            "X12@175",
            "p12@175",
            "P012@175",
            "P+12@175",
            "P12@175/1",
            "T20261123.0001",
            "é12@175",
        ] {
            assert_eq!(Order::read(odd), None, "{odd}");
        }
    }
}
