//! People at the provider's customers and suppliers.

use std::collections::HashSet;

use super::{
    Business, Person, Presence, Size,
    draw::{Draw, Stream},
    phone, spelling,
    technician::unique_email,
};

pub(super) const FIRST_NAMES: [&str; 40] = [
    "Olivia",
    "Jack",
    "Chloé",
    "William",
    "Mia",
    "Noah",
    "Siobhán",
    "Liam",
    "Priya",
    "Ngoc Anh",
    "Mary-Jane",
    "Björn",
    "Fatima",
    "Arjun",
    "Grace",
    "Lachlan",
    "Zoë",
    "Hamish",
    "Giulia",
    "Tomasz",
    "Aroha",
    "Wei",
    "José",
    "Sienna",
    "Declan",
    "Bronwyn",
    "Kirra",
    "Bruce",
    "Sheila",
    "Darren",
    "Kylie",
    "Mohammed",
    "Ingrid",
    "Angus",
    "Talia",
    "Nikolaos",
    "Jedda",
    "Ravi",
    "Margaret",
    "Colin",
];

pub(super) const LAST_NAMES: [&str; 48] = [
    "Smith",
    "Nguyen",
    "O'Brien",
    "Williams",
    "Papadopoulos",
    "Singh",
    "D'Angelo",
    "Müller",
    "Taylor",
    "Kowalski",
    "Fernández",
    "Chen",
    "McDonald",
    "Van der Berg",
    "Jones",
    "Tran",
    "O'Sullivan",
    "Brown",
    "Kaur",
    "Søndergaard",
    "Wilson",
    "Rossi",
    "Lê",
    "Anderson",
    "Al-Hassan",
    "Thompson",
    "Smith-Jones",
    "Walker",
    "Mehta",
    "Harris",
    "Núñez",
    "Robinson",
    "Lawson",
    "MacKenzie",
    "Yamamoto",
    "Clarke",
    "Ioannou",
    "Edwards",
    "Hussain",
    "Murphy",
    "Novák",
    "Cooper",
    "Ah Kee",
    "Bennett",
    "Costa",
    "Wright",
    "St. John",
    "Zhang",
];

/// First and last names that Jim2, with its 25 characters for each, has no room for.
const TOO_LONG_FOR_JIM2: [(&str, &str); 2] = [
    ("Venkatanarasimharajuvaripeta", "Rao"),
    ("Dilhani", "Wickramasinghe-Kumarathunga"),
];

const TITLES: [&str; 8] = ["Mr", "Ms", "Mrs", "Miss", "Dr", "Mr", "Ms", ""];

const JOB_TITLES: [&str; 16] = [
    "Office Manager",
    "Director",
    "Bookkeeper",
    "Practice Manager",
    "Receptionist",
    "Operations Manager",
    "Accounts Payable",
    "Principal",
    "Warehouse Supervisor",
    "General Manager",
    "Executive Assistant",
    "Partner",
    "IT Coordinator",
    "Sales Manager",
    "Site Foreman",
    "",
];

/// At most as many as asked for; none where there is no business but the provider.
pub(super) fn all(seed: u64, size: &Size, companies: &[Business]) -> Vec<Person> {
    let mut draw = Draw::new(seed, Stream::People);
    let others = companies.len() - 1;
    let count = if others == 0 { 0 } else { size.contacts };
    let mut emails = HashSet::new();
    let mut people: Vec<Person> = (0..count)
        .map(|index| {
            // Everybody gets one person first; then the early, older customers get more of them.
            let company = if index < others {
                index + 1
            } else {
                1 + draw.below(others).min(draw.below(others))
            };
            let names = if size.is_full() {
                too_long(index)
            } else {
                None
            };
            person(&mut draw, company, &companies[company], names, &mut emails)
        })
        .collect();
    choose_primaries(&mut people, companies.len());
    people
}

/// The planned long names, spread so that they are not all at one customer.
fn too_long(index: usize) -> Option<(&'static str, &'static str)> {
    (index % 100 == 1)
        .then(|| TOO_LONG_FOR_JIM2.get(index / 100).copied())
        .flatten()
}

fn person(
    draw: &mut Draw,
    company: usize,
    business: &Business,
    names: Option<(&str, &str)>,
    emails: &mut HashSet<String>,
) -> Person {
    let drawn = (*draw.one(&FIRST_NAMES), *draw.one(&LAST_NAMES));
    let (first, last) = names.unwrap_or(drawn);
    let domain = format!(
        "{}.example",
        spelling::slug(&business.name)
            .chars()
            .take(40)
            .collect::<String>()
    );
    Person {
        company,
        first: first.to_owned(),
        last: last.to_owned(),
        title: (*draw.one(&TITLES)).to_owned(),
        job_title: (*draw.one(&JOB_TITLES)).to_owned(),
        email: unique_email(first, last, &domain, emails),
        phone: if draw.chance(60) {
            phone::fixed(draw, &business.address.state)
        } else {
            String::new()
        },
        mobile: if draw.chance(75) {
            phone::mobile(draw)
        } else {
            String::new()
        },
        primary: false,
        side: presence(draw, business.side, names.is_some()),
    }
}

/// People are known where their business is; one in ten to Autotask only, and one in ten to Jim2 only.
fn presence(draw: &mut Draw, business: Presence, planned: bool) -> Presence {
    let chosen = draw.below(10);
    match business {
        Presence::AutotaskOnly | Presence::Jim2Only => business,
        Presence::Both if planned || chosen > 1 => Presence::Both,
        Presence::Both if chosen == 0 => Presence::AutotaskOnly,
        Presence::Both => Presence::Jim2Only,
    }
}

/// The first person of a business whom both systems know, or the first one each system knows.
fn choose_primaries(people: &mut [Person], companies: usize) {
    let mut of_company: Vec<Vec<usize>> = vec![Vec::new(); companies];
    for (index, person) in people.iter().enumerate() {
        of_company[person.company].push(index);
    }
    for members in of_company {
        let first = |wanted: Presence| {
            members
                .iter()
                .copied()
                .find(|&index| people[index].side == wanted)
        };
        let chosen = match first(Presence::Both) {
            Some(both) => vec![both],
            None => [first(Presence::AutotaskOnly), first(Presence::Jim2Only)]
                .into_iter()
                .flatten()
                .collect(),
        };
        for index in chosen {
            people[index].primary = true;
        }
    }
}
