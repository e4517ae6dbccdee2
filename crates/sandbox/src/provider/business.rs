//! The provider's customers and suppliers.

use std::collections::HashSet;

use super::{
    Address, Business, Presence, Size, Technician, abn,
    draw::{Draw, Stream},
    person::LAST_NAMES,
    phone, place, spelling,
};
use crate::card_code;

/// The provider's own name.
pub(super) const PROVIDER_NAME: &str = "Southern Cross IT Pty Ltd";

const TRADES: [&str; 28] = [
    "Family Lawyers",
    "Dental Care",
    "Plumbing & Gas",
    "Accountants",
    "Veterinary Hospital",
    "Architects",
    "Joinery",
    "Early Learning Centre",
    "Physiotherapy",
    "Freight Services",
    "Conveyancing",
    "Wealth Management",
    "Civil Engineering",
    "Print & Sign",
    "Medical Centre",
    "Real Estate",
    "Electrical Contractors",
    "Wine Merchants",
    "Surveyors",
    "Insurance Brokers",
    "Landscaping",
    "Optometrists",
    "Steel Fabrication",
    "Travel",
    "Pharmacy",
    "Recruitment",
    "Auto Electrics",
    "Community Housing",
];

const FIRST_WORDS: [&str; 24] = [
    "Harbour",
    "Southern",
    "Bluegum",
    "Banksia",
    "Pacific",
    "Coastal",
    "Ironbark",
    "Kookaburra",
    "Lighthouse",
    "Goldfields",
    "Jacaranda",
    "Tasman",
    "Outback",
    "Riverbend",
    "Wattle Grove",
    "Great Divide",
    "Coral Sea",
    "Stringybark",
    "Two Rivers",
    "Red Centre",
    "Magpie",
    "Café",
    "Bäckerei",
    "Señor",
];

const SHOPS: [&str; 10] = [
    "Bakery",
    "Hardware",
    "Café",
    "Pâtisserie",
    "Butchery",
    "Nursery",
    "Cycles",
    "Books & Toys",
    "Fine Foods",
    "Brewing Co.",
];

const FORMS: [&str; 5] = [
    " Pty Ltd",
    " Pty. Ltd.",
    "",
    " Group",
    " (Australia) Pty Ltd",
];

/// What no two businesses may share.
#[derive(Default)]
struct Taken {
    names: HashSet<String>,
    abns: HashSet<String>,
    card_codes: HashSet<String>,
}

/// The provider, then as many others as asked for.
pub(super) fn all(seed: u64, size: &Size, technicians: &[Technician]) -> Vec<Business> {
    let mut draw = Draw::new(seed, Stream::Businesses);
    let mut taken = Taken::default();
    let mut businesses: Vec<Business> = Vec::with_capacity(size.companies + 1);
    for number in
        0..=u32::try_from(size.companies).expect("fewer than four thousand million companies")
    {
        let address = place::draw(&mut draw);
        let parent = parent_for(number, &businesses, &mut draw);
        let wanted = match (number, parent) {
            (0, _) => PROVIDER_NAME.to_owned(),
            (_, Some(parent)) => format!("{} ({})", businesses[parent].name, address.suburb),
            (_, None) => draw_name(&mut draw, &address),
        };
        let name = unique_name(wanted, &address, &mut taken.names);
        businesses.push(Business {
            number,
            abn: unique_abn(&mut draw, &mut taken.abns),
            phone: phone::fixed(&mut draw, &address.state),
            manager: draw_manager(&mut draw, technicians),
            is_customer: number != 0 && !is_supplier(number),
            side: presence(number),
            card_code: unique_card_code(&name, &mut taken.card_codes),
            parent,
            name,
            address,
        });
    }
    businesses
}

/// Of every twelve businesses two are known to Autotask only and one to Jim2 only; the first is always known to both.
fn presence(number: u32) -> Presence {
    match number % 12 {
        4 | 11 => Presence::AutotaskOnly,
        7 => Presence::Jim2Only,
        _ => Presence::Both,
    }
}

/// One business in fifteen sells to the provider instead of buying.
fn is_supplier(number: u32) -> bool {
    number % 15 == 6
}

/// One business in twenty is a branch of an earlier customer that both systems know.
fn parent_for(number: u32, earlier: &[Business], draw: &mut Draw) -> Option<usize> {
    if number % 20 != 8 {
        return None;
    }
    let may_own = |business: &Business| {
        business.is_customer && business.parent.is_none() && business.side == Presence::Both
    };
    let owners: Vec<usize> = (0..earlier.len())
        .filter(|&index| may_own(&earlier[index]))
        .collect();
    (!owners.is_empty()).then(|| *draw.one(&owners))
}

fn draw_name(draw: &mut Draw, address: &Address) -> String {
    let (one, two) = (*draw.one(&LAST_NAMES), *draw.one(&LAST_NAMES));
    let form = *draw.one(&FORMS);
    match draw.below(6) {
        0 => format!("{one} & {two} {}{form}", draw.one(&TRADES)),
        1 => format!("{one}'s {}", draw.one(&SHOPS)),
        2 => format!("{} {}{form}", address.suburb, draw.one(&TRADES)),
        3 => format!("{one} {}{form}", draw.one(&TRADES)),
        _ => format!("{} {}{form}", draw.one(&FIRST_WORDS), draw.one(&TRADES)),
    }
}

/// The name itself, or the name told apart by its suburb or a number, as the second of two namesakes would be. Letter
/// case does not tell names apart.
fn unique_name(wanted: String, address: &Address, taken: &mut HashSet<String>) -> String {
    let by_suburb = format!("{wanted} {}", address.suburb);
    let numbered = (2u32..).map(|number| format!("{by_suburb} No. {number}"));
    [wanted, by_suburb.clone()]
        .into_iter()
        .chain(numbered)
        .find(|name| taken.insert(name.to_lowercase()))
        .expect("numbers do not run out")
}

fn unique_abn(draw: &mut Draw, taken: &mut HashSet<String>) -> String {
    loop {
        let abn = abn::draw(draw);
        if taken.insert(abn.clone()) {
            return abn;
        }
    }
}

/// Somebody who still works here.
fn draw_manager(draw: &mut Draw, technicians: &[Technician]) -> usize {
    let active = technicians
        .iter()
        .filter(|technician| technician.active)
        .count();
    let chosen = draw.below(active);
    technicians
        .iter()
        .enumerate()
        .filter(|(_, technician)| technician.active)
        .nth(chosen)
        .map_or(0, |(index, _)| index)
}

/// The first code for the name that nobody has.
fn unique_card_code(name: &str, taken: &mut HashSet<String>) -> String {
    let code = spelling::code(name);
    card_code::candidates(&code)
        .find(|code| taken.insert(code.clone()))
        .expect("numbers do not run out")
}
