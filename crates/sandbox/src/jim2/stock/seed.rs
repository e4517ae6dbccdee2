//! The stock that is there at the start: what every provider sells, and as long a catalogue as somebody wants.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{LOCATIONS, Quantity, Stock};
use crate::jim2::record::Stamp;
use crate::provider::Ware;

/// When everything that was there before was made.
const BEGINNING: DateTime<Utc> =
    DateTime::from_timestamp(1_593_561_600, 0).expect("a moment of July 2020");

/// Code, description, unit, price in cents, whether it is taxed, group.
const STOCK: &[(&str, &str, &str, i64, bool, &str)] = &[
    ("LAB.ONSITE", "Labour onsite", "HOUR", 18_500, true, LABOUR),
    ("LAB.REMOTE", "Labour remote", "HOUR", 16_000, true, LABOUR),
    (
        "LAB.AFTER",
        "Labour after hours",
        "HOUR",
        27_500,
        true,
        LABOUR,
    ),
    ("TRAVEL", "Travel", "UNIT", 9_500, true, LABOUR),
    ("PARTS", "Parts", "UNIT", 0, true, "Sundries"),
    (
        "CABLE.CAT6",
        "Cat 6 patch lead 2 m",
        "UNIT",
        895,
        true,
        HARDWARE,
    ),
    (
        "SSD.1TB",
        "Solid state drive 1 TB",
        "UNIT",
        14_900,
        true,
        HARDWARE,
    ),
    (
        "FREIGHT.GF",
        "Freight overseas, GST free",
        "UNIT",
        4_500,
        false,
        "Sundries",
    ),
    (
        "LAB.PROJ",
        "Labour on projects",
        "HOUR",
        19_500,
        true,
        LABOUR,
    ),
    ("LAB.TRAIN", "Training", "HOUR", 15_000, true, LABOUR),
    ("SW.LIC", "Software licence", "UNIT", 0, true, "Software"),
    ("FREIGHT", "Freight", "UNIT", 1_500, true, "Sundries"),
];

/// The group of what people do.
const LABOUR: &str = "Labour";
/// The group of what lies on a shelf.
const HARDWARE: &str = "Hardware";

/// The site's stock as it is at the start, with so many codes of a catalogue behind it.
pub(crate) fn seeded(catalogue: usize) -> Vec<Stock> {
    let known = (1..).zip(STOCK).map(|(id, row)| of_row(id, row));
    let first = i64::try_from(STOCK.len()).unwrap_or(i64::MAX);
    let goods = (0..catalogue).zip(first + 1..);
    known
        .chain(goods.map(|(index, id)| of_catalogue(id, index)))
        .collect()
}

fn of_row(id: i64, row: &(&str, &str, &str, i64, bool, &str)) -> Stock {
    let (code, description, unit, cents, taxed, group) = *row;
    let mut stock = made(id, code, description, cents, group);
    unit.clone_into(&mut stock.unit);
    stock.taxed = taxed;
    if group != HARDWARE {
        "Non-Depleting".clone_into(&mut stock.kind);
        stock.quantities.clear();
    }
    stock
}

fn of_catalogue(id: i64, index: usize) -> Stock {
    let ware = Ware::numbered(index);
    let mut stock = made(id, &ware.code, &ware.words, ware.cents, ware.group);
    stock.detailed = format!("{}. Three years of warranty, return to base.", ware.words);
    stock.part_number = ware.part_number;
    stock
}

fn made(id: i64, code: &str, words: &str, cents: i64, group: &str) -> Stock {
    let retail = Decimal::new(cents, 2);
    let lying = |no: i64| Quantity {
        on_hand: Decimal::from((id * 7 + no * 3) % 12),
        committed: Decimal::ZERO,
    };
    Stock {
        id,
        code: code.to_owned(),
        description: words.to_owned(),
        short: words.to_owned(),
        detailed: String::new(),
        unit: "UNIT".to_owned(),
        kind: "Depleting".to_owned(),
        groups: vec![group.to_owned()],
        part_number: String::new(),
        last_cost: (retail * Decimal::new(62, 2)).round_dp(4),
        average_cost: (retail * Decimal::new(60, 2)).round_dp(4),
        retail,
        taxed: true,
        active: true,
        special: false,
        quantities: LOCATIONS.iter().map(|(no, _)| (*no, lying(*no))).collect(),
        modified: Stamp {
            by: "SYS".to_owned(),
            at: BEGINNING,
        },
        moved: BEGINNING,
    }
}
