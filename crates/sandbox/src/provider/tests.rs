//! What both stand-ins, and everybody who tests against them, may rely on.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::{Presence, Provider, Size, TicketStatus, abn, ticket_number};
use crate::card_code::is_code_letter;

fn now() -> DateTime<Utc> {
    "2026-11-23T00:30:00Z".parse().unwrap()
}

/// A few seeds at three sizes: none but the least, the tests', the demo's.
fn providers() -> Vec<Provider> {
    let sizes = [
        Size {
            companies: 1,
            contacts: 1,
            tickets: 1,
            technicians: 0,
            work: None,
        },
        Size::small(),
        Size::default(),
    ];
    sizes
        .iter()
        .flat_map(|size| (0..4).map(|seed| Provider::generate(seed, size, now())))
        .collect()
}

fn is_unique<T: Eq + std::hash::Hash>(mut values: impl Iterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    values.all(|value| seen.insert(value))
}

#[test]
fn the_same_seed_makes_the_same_provider() {
    assert_eq!(
        Provider::generate(7, &Size::small(), now()),
        Provider::generate(7, &Size::small(), now())
    );
}

#[test]
fn another_seed_makes_another_provider() {
    let (seven, eight) = (
        Provider::generate(7, &Size::small(), now()),
        Provider::generate(8, &Size::small(), now()),
    );
    assert_ne!(seven.companies[1].name, eight.companies[1].name);
    assert_ne!(seven.tickets, eight.tickets);
}

#[test]
fn a_larger_provider_keeps_the_businesses_of_a_smaller_one() {
    let small = Provider::generate(
        7,
        &Size {
            technicians: 12,
            ..Size::small()
        },
        now(),
    );
    let large = Provider::generate(7, &Size::default(), now());
    assert_eq!(
        small.companies[..],
        large.companies[..small.companies.len()]
    );
}

#[test]
fn there_are_as_many_records_as_asked_for() {
    let size = Size::default();
    let provider = Provider::generate(1, &size, now());
    let counted = (
        provider.companies.len() - 1,
        provider.people.len(),
        provider.tickets.len(),
        provider.technicians.len(),
    );
    assert_eq!(
        counted,
        (
            size.companies,
            size.contacts,
            size.tickets,
            size.technicians
        )
    );
}

#[test]
fn a_provider_without_customers_has_nobody_to_write_tickets_for() {
    let provider = Provider::generate(
        1,
        &Size {
            companies: 0,
            ..Size::small()
        },
        now(),
    );
    assert_eq!(
        (
            provider.companies.len(),
            provider.people.len(),
            provider.tickets.len()
        ),
        (1, 0, 0)
    );
}

#[test]
fn every_abn_is_valid_and_unique() {
    for provider in providers() {
        assert!(
            provider
                .companies
                .iter()
                .all(|business| abn::is_valid(&business.abn))
        );
        assert!(is_unique(
            provider.companies.iter().map(|business| &business.abn)
        ));
    }
}

#[test]
fn card_codes_are_legal_and_unique() {
    for provider in providers() {
        let codes = || {
            provider
                .companies
                .iter()
                .map(|business| business.card_code.as_str())
        };
        let is_legal =
            |code: &str| (1..=10).contains(&code.len()) && code.chars().all(is_code_letter);
        assert!(
            codes().all(is_legal),
            "{:?}",
            codes().find(|code| !is_legal(code))
        );
        assert!(is_unique(codes()));
    }
}

#[test]
fn technicians_have_initials_and_addresses_of_their_own() {
    for provider in providers() {
        let all = || provider.technicians.iter();
        assert!(
            all().all(|technician| (2..=3).contains(&technician.initials.len())
                && technician.initials != "API")
        );
        assert!(
            is_unique(all().map(|technician| &technician.initials))
                && is_unique(all().map(|technician| &technician.email))
        );
    }
}

#[test]
fn four_hundred_technicians_still_have_initials_of_their_own() {
    let provider = Provider::generate(
        1,
        &Size {
            technicians: 400,
            ..Size::small()
        },
        now(),
    );
    assert!(is_unique(
        provider
            .technicians
            .iter()
            .map(|technician| &technician.initials)
    ));
}

#[test]
fn every_index_points_at_something_that_fits() {
    for provider in providers() {
        for (number, business) in provider.companies.iter().enumerate() {
            assert_eq!(business.number as usize, number);
            assert!(provider.technicians[business.manager].active);
            assert!(
                business
                    .parent
                    .is_none_or(|parent| provider.companies[parent].is_customer && parent < number)
            );
        }
        assert!(
            provider
                .people
                .iter()
                .all(|person| (1..provider.companies.len()).contains(&person.company))
        );
        assert!(
            provider
                .technicians
                .iter()
                .all(|technician| technician.role < provider.roles.len())
        );
        for ticket in &provider.tickets {
            assert!(
                provider.companies[ticket.company].is_customer
                    && provider.companies[ticket.company].side.in_autotask()
            );
            let caller = ticket.contact.map(|contact| &provider.people[contact]);
            assert!(
                caller.is_none_or(
                    |person| person.company == ticket.company && person.side.in_autotask()
                )
            );
            assert!(
                ticket
                    .assigned
                    .is_none_or(|technician| technician < provider.technicians.len())
            );
            assert!(
                ticket
                    .notes
                    .iter()
                    .all(|note| note.author < provider.technicians.len())
            );
        }
    }
}

#[test]
fn people_are_known_only_where_their_business_is() {
    for provider in providers() {
        for person in &provider.people {
            let business = provider.companies[person.company].side;
            assert!(business == Presence::Both || person.side == business);
        }
    }
}

#[test]
fn each_system_sees_at_most_one_primary_contact_at_a_business() {
    for provider in providers() {
        let primaries = || provider.people.iter().filter(|person| person.primary);
        assert!(is_unique(
            primaries()
                .filter(|person| person.side.in_autotask())
                .map(|person| person.company)
        ));
        assert!(is_unique(
            primaries()
                .filter(|person| person.side.in_jim2())
                .map(|person| person.company)
        ));
    }
}

#[test]
fn mail_addresses_are_plain_and_unique_at_a_business() {
    for provider in providers() {
        assert!(
            provider
                .people
                .iter()
                .all(|person| person.email.is_ascii() && person.email.len() <= 254)
        );
        assert!(is_unique(
            provider
                .people
                .iter()
                .map(|person| (person.company, &person.email))
        ));
    }
}

#[test]
fn everything_fits_the_smaller_side_except_the_planned_names() {
    for provider in providers() {
        let too_long = provider
            .people
            .iter()
            .filter(|person| person.first.chars().count() > 25 || person.last.chars().count() > 25);
        let planned = if provider.companies.len() > Size::default().companies {
            2
        } else {
            0
        };
        assert_eq!(too_long.count(), planned);
        for person in &provider.people {
            assert!(
                person.title.len() <= 4
                    && person.job_title.len() <= 50
                    && person.phone.len() <= 25
                    && person.mobile.len() <= 25
            );
        }
        for business in &provider.companies {
            let address = &business.address;
            assert!(
                business.name.chars().count() <= 100
                    && business.phone.len() <= 25
                    && business.jim2_phone().len() <= 25
            );
            assert!(
                address.suburb.len() <= 30
                    && (2..=3).contains(&address.state.len())
                    && address.postcode.len() == 4
            );
        }
        for ticket in &provider.tickets {
            assert!(
                (1..=255).contains(&ticket.title.chars().count())
                    && ticket.description.chars().count() <= 8000
            );
            assert!(
                ticket.purchase_order.len() <= 50
                    && (1..=4).contains(&ticket.priority)
                    && ticket.issue < super::ISSUES.len()
            );
        }
    }
}

#[test]
fn the_two_systems_write_a_business_as_a_person_would_call_the_same() {
    let digits = |phone: &str| -> String {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        digits
            .strip_prefix("61")
            .map_or(digits.clone(), |national| format!("0{national}"))
    };
    let provider = Provider::generate(1, &Size::default(), now());
    for business in &provider.companies {
        assert_eq!(
            business.jim2_name().to_lowercase(),
            business.name.to_lowercase()
        );
        assert_eq!(digits(&business.jim2_phone()), digits(&business.phone));
    }
    let differing = provider.companies.iter().filter(|business| {
        business.jim2_name() != business.name || business.jim2_phone() != business.phone
    });
    assert_eq!(differing.count(), 8);
}

#[test]
fn names_have_the_signs_that_break_careless_code() {
    let provider = Provider::generate(1, &Size::default(), now());
    for sign in ['\'', '&', 'é', '(', '.'] {
        assert!(
            provider
                .companies
                .iter()
                .any(|business| business.name.contains(sign)),
            "no name has {sign}"
        );
    }
}

#[test]
fn nothing_happened_before_its_ticket_or_after_now() {
    for provider in providers() {
        assert!(provider.tickets.is_sorted_by_key(|ticket| ticket.created));
        for ticket in &provider.tickets {
            assert!(ticket.created < now() && ticket.notes.is_sorted_by_key(|note| note.at));
            assert!(
                ticket
                    .notes
                    .iter()
                    .all(|note| (ticket.created..=now()).contains(&note.at))
            );
        }
    }
}

#[test]
fn ticket_numbers_count_from_one_each_day() {
    let provider = Provider::generate(1, &Size::default(), now());
    let numbers: Vec<String> = (0..provider.tickets.len())
        .map(|index| ticket_number(&provider, index))
        .collect();
    assert!(is_unique(numbers.iter()) && numbers.is_sorted());
    assert!(
        numbers[0].starts_with(
            &provider.tickets[0]
                .created
                .format("T%Y%m%d.0001")
                .to_string()
        )
    );
}

#[test]
fn some_open_tickets_of_shared_customers_have_a_job_already() {
    for size in [Size::small(), Size::default()] {
        let provider = Provider::generate(1, &size, now());
        let with_job = || provider.tickets.iter().filter(|ticket| ticket.has_job);
        let open = provider
            .tickets
            .iter()
            .filter(|ticket| ticket.status != TicketStatus::Complete)
            .count();
        assert!((1..=open.div_ceil(10)).contains(&with_job().count()));
        assert!(
            with_job().all(|ticket| ticket.status != TicketStatus::Complete
                && provider.companies[ticket.company].side == Presence::Both)
        );
    }
}

#[test]
fn a_small_provider_has_each_kind_of_business() {
    let provider = Provider::generate(1, &Size::small(), now());
    for side in [Presence::Both, Presence::AutotaskOnly, Presence::Jim2Only] {
        assert!(
            provider
                .companies
                .iter()
                .any(|business| business.side == side)
        );
    }
    assert!(
        provider
            .companies
            .iter()
            .skip(1)
            .any(|business| !business.is_customer)
    );
    assert!(
        provider
            .companies
            .iter()
            .any(|business| business.parent.is_some())
    );
}
