//! The catalogue behind what every provider sells: as many goods as somebody wants, each the same every time.

/// What the catalogue is made of: prefix of the code, words, group, price of the smallest in cents.
const GOODS: &[(&str, &str, &str, i64)] = &[
    ("MON", "Monitor", HARDWARE, 24_900),
    ("NB", "Notebook", HARDWARE, 149_900),
    ("SWI", "Network switch", HARDWARE, 12_900),
    ("TONER", "Toner cartridge", "Consumables", 8_990),
    ("UPS", "Uninterruptible power supply", HARDWARE, 19_900),
    ("HS", "Headset", "Accessories", 7_990),
    ("DOCK", "Docking station", "Accessories", 23_900),
];

/// The group of what lies on a shelf.
const HARDWARE: &str = "Hardware";

/// Who makes them.
const MAKERS: &[(&str, &str)] = &[
    ("AST", "Asterion"),
    ("BRK", "Brackwater"),
    ("COR", "Corvane"),
    ("DUN", "Dunmore"),
];

/// Something of the catalogue, before either system has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ware {
    /// Unique: `MON.AST.0007`.
    pub code: String,
    /// What it is: `Asterion monitor 7`.
    pub words: String,
    /// The maker's own number of it.
    pub part_number: String,
    /// The group it is in.
    pub group: &'static str,
    /// Price without tax.
    pub cents: i64,
}

impl Ware {
    /// The ware with this number in the catalogue.
    pub fn numbered(index: usize) -> Self {
        let (prefix, words, group, cents) = GOODS[index % GOODS.len()];
        let (short, maker) = MAKERS[index / GOODS.len() % MAKERS.len()];
        let model = index / (GOODS.len() * MAKERS.len()) + 1;
        let dearer = i64::try_from(model % 40).unwrap_or(0) * 995;
        Self {
            code: format!("{prefix}.{short}.{model:04}"),
            words: format!("{maker} {} {model}", words.to_lowercase()),
            part_number: format!("{short}-{prefix}{model:04}"),
            group,
            cents: cents + dearer,
        }
    }

    /// Whether Autotask has a product of the ware with this number: two of three have one.
    pub fn is_product(index: usize) -> bool {
        index % 3 != 2
    }
}
