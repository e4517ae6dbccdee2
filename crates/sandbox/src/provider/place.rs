//! Suburbs with their right state and postcode, and streets in them.

use super::{Address, draw::Draw};

/// Suburb, state, postcode.
const SUBURBS: [(&str, &str, &str); 58] = [
    ("Parramatta", "NSW", "2150"),
    ("Surry Hills", "NSW", "2010"),
    ("Newtown", "NSW", "2042"),
    ("Chatswood", "NSW", "2067"),
    ("Manly", "NSW", "2095"),
    ("Bondi Junction", "NSW", "2022"),
    ("Penrith", "NSW", "2750"),
    ("Hornsby", "NSW", "2077"),
    ("Wollongong", "NSW", "2500"),
    ("Newcastle", "NSW", "2300"),
    ("Orange", "NSW", "2800"),
    ("Wagga Wagga", "NSW", "2650"),
    ("Dubbo", "NSW", "2830"),
    ("Byron Bay", "NSW", "2481"),
    ("Alexandria", "NSW", "2015"),
    ("North Sydney", "NSW", "2060"),
    ("Richmond", "VIC", "3121"),
    ("Fitzroy", "VIC", "3065"),
    ("Carlton", "VIC", "3053"),
    ("Brunswick", "VIC", "3056"),
    ("Footscray", "VIC", "3011"),
    ("Geelong", "VIC", "3220"),
    ("Ballarat Central", "VIC", "3350"),
    ("Bendigo", "VIC", "3550"),
    ("Dandenong", "VIC", "3175"),
    ("South Yarra", "VIC", "3141"),
    ("Box Hill", "VIC", "3128"),
    ("St Kilda", "VIC", "3182"),
    ("Fortitude Valley", "QLD", "4006"),
    ("Toowong", "QLD", "4066"),
    ("Southport", "QLD", "4215"),
    ("Cairns City", "QLD", "4870"),
    ("Townsville City", "QLD", "4810"),
    ("Woolloongabba", "QLD", "4102"),
    ("Ipswich", "QLD", "4305"),
    ("Noosa Heads", "QLD", "4567"),
    ("Toowoomba City", "QLD", "4350"),
    ("Glenelg", "SA", "5045"),
    ("Norwood", "SA", "5067"),
    ("Port Adelaide", "SA", "5015"),
    ("Unley", "SA", "5061"),
    ("Mount Gambier", "SA", "5290"),
    ("Fremantle", "WA", "6160"),
    ("Subiaco", "WA", "6008"),
    ("Joondalup", "WA", "6027"),
    ("Bunbury", "WA", "6230"),
    ("Osborne Park", "WA", "6017"),
    ("Sandy Bay", "TAS", "7005"),
    ("Battery Point", "TAS", "7004"),
    ("Launceston", "TAS", "7250"),
    ("Devonport", "TAS", "7310"),
    ("Braddon", "ACT", "2612"),
    ("Belconnen", "ACT", "2617"),
    ("Fyshwick", "ACT", "2609"),
    ("Darwin City", "NT", "0800"),
    ("Palmerston City", "NT", "0830"),
    ("Alice Springs", "NT", "0870"),
    ("Mosman", "NSW", "2088"),
];

const STREETS: [&str; 20] = [
    "George Street",
    "Church Street",
    "Station Road",
    "High Street",
    "Victoria Parade",
    "King William Road",
    "Railway Terrace",
    "Queen Street",
    "Wattle Lane",
    "Bourke Street",
    "Kangaroo Parade",
    "Military Road",
    "Swan Street",
    "Princes Highway",
    "Flinders Lane",
    "O'Connell Street",
    "Macquarie Avenue",
    "The Esplanade",
    "Banksia Crescent",
    "Hope & Anchor Lane",
];

const SECOND_LINES: [&str; 6] = [
    "Level 3",
    "Suite 12",
    "Unit 4B",
    "Shop 7",
    "Locked Bag 9",
    "Level 11, Tower B",
];

/// An address; one in four has a second line.
pub(super) fn draw(draw: &mut Draw) -> Address {
    let (suburb, state, postcode) = *draw.one(&SUBURBS);
    let street = format!("{} {}", draw.between(1, 480), draw.one(&STREETS));
    let street2 = if draw.chance(25) {
        (*draw.one(&SECOND_LINES)).to_owned()
    } else {
        String::new()
    };
    Address {
        street,
        street2,
        suburb: suburb.to_owned(),
        state: state.to_owned(),
        postcode: postcode.to_owned(),
        country: "Australia".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::SUBURBS;

    /// Each state's postcodes for street addresses; the ACT lies inside New South Wales' range.
    fn belongs(state: &str, postcode: u32) -> bool {
        match state {
            "NSW" => (2000..2600).contains(&postcode) || (2619..2900).contains(&postcode),
            "ACT" => (2600..2619).contains(&postcode) || (2900..2921).contains(&postcode),
            "VIC" => (3000..4000).contains(&postcode),
            "QLD" => (4000..5000).contains(&postcode),
            "SA" => (5000..5800).contains(&postcode),
            "WA" => (6000..6798).contains(&postcode),
            "TAS" => (7000..7800).contains(&postcode),
            "NT" => (800..900).contains(&postcode),
            _ => false,
        }
    }

    #[test]
    fn every_suburb_has_a_postcode_of_its_state() {
        for (suburb, state, postcode) in SUBURBS {
            assert!(
                postcode.len() == 4 && belongs(state, postcode.parse().unwrap()),
                "{suburb} {state} {postcode}"
            );
            assert!(suburb.len() <= 30);
        }
    }
}
