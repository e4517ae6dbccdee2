//! The provider's own people and the roles they work in.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{
    Role, Size, Technician,
    draw::{Draw, Stream},
    person::{FIRST_NAMES, LAST_NAMES},
    spelling,
};

/// The mail domain of the provider; `.example` can never be anybody's.
const DOMAIN: &str = "provider.example";

/// Initials that nobody may have: the connector's own user's.
const TAKEN: &str = "API";

/// The roles, cheapest first.
pub(super) fn roles() -> Vec<Role> {
    let role = |name: &str, cents: i64| Role {
        name: name.to_owned(),
        hourly_rate: Decimal::new(cents, 2),
    };
    vec![
        role("Help Desk", 13_500),
        role("Field Engineer", 16_500),
        role("Systems Engineer", 19_850),
        role("Consultant", 24_000),
    ]
}

/// At least one; where there are four or more, the last one has left.
pub(super) fn all(seed: u64, size: &Size, roles: &[Role]) -> Vec<Technician> {
    let mut draw = Draw::new(seed, Stream::Technicians);
    let count = size.technicians.max(1);
    let mut initials = HashSet::from([TAKEN.to_owned()]);
    let mut emails = HashSet::new();
    (0..count)
        .map(|index| {
            let (first, last) = (*draw.one(&FIRST_NAMES), *draw.one(&LAST_NAMES));
            Technician {
                first: first.to_owned(),
                last: last.to_owned(),
                email: unique_email(first, last, DOMAIN, &mut emails),
                initials: unique_initials(first, last, &mut initials),
                role: draw.below(roles.len()),
                active: count < 4 || index + 1 < count,
            }
        })
        .collect()
}

/// `first.last@domain`, with a number behind it where that is taken.
pub(super) fn unique_email(
    first: &str,
    last: &str,
    domain: &str,
    taken: &mut HashSet<String>,
) -> String {
    let name = format!("{}.{}", spelling::slug(first), spelling::slug(last));
    let numbered = (2u32..).map(|number| format!("{name}{number}@{domain}"));
    std::iter::once(format!("{name}@{domain}"))
        .chain(numbered)
        .find(|email| taken.insert(email.clone()))
        .expect("numbers do not run out")
}

/// Two letters; where they are taken, three, of which the last is another one.
fn unique_initials(first: &str, last: &str, taken: &mut HashSet<String>) -> String {
    let letters = |name: &str| spelling::slug(name).to_ascii_uppercase();
    let (first, last) = (letters(first), letters(last));
    let two = format!("{}{}", &first[..1], &last[..1]);
    let others = last[1..]
        .chars()
        .chain(first[1..].chars())
        .chain('A'..='Z')
        .chain('0'..='9');
    let three = others.map(|letter| format!("{two}{letter}"));
    let any = ('A'..='Z').flat_map(|a| {
        ('A'..='Z').flat_map(move |b| ('A'..='Z').map(move |c| format!("{a}{b}{c}")))
    });
    std::iter::once(two.clone())
        .chain(three)
        .chain(any)
        .find(|initials| taken.insert(initials.clone()))
        .expect("a provider has fewer people than there are initials")
}
