//! The lists a Jim2 site sets up: statuses with their workflow, priorities, types, Items, stock.

use rust_decimal::Decimal;

/// A job status and where it may lead.
pub(crate) struct Status {
    /// Name, at most ten characters.
    pub(crate) name: &'static str,
    /// Level a user needs to set it, or to edit a job that stands on it.
    pub(crate) level: u8,
    /// Statuses a job may go to from here.
    pub(crate) links: &'static [&'static str],
    /// Whether work on the job is over.
    pub(crate) end: bool,
}

/// Every job status of the site, in the order of its screen.
pub(crate) const STATUSES: &[Status] = &[
    open("Booked", 1, &["Proceed", "Call", "CANCEL", "WAIT"]),
    open(
        "Proceed",
        1,
        &["Checked", "Parts", "WAIT", "Call", "Booked", "CANCEL"],
    ),
    open("Checked", 3, &["FINISH", "Proceed"]),
    open("Parts", 1, &["Proceed", "WAIT"]),
    open("WAIT", 1, &["Proceed", "Call"]),
    open("Call", 1, &["Proceed", "Booked", "WAIT"]),
    open("HOLD", 5, &["Proceed"]),
    end("FINISH", 5, &["Checked"]),
    end("CANCEL", 5, &["Booked"]),
    end("RAI.NR", 5, &[]),
    end("RAI.US", 5, &[]),
];

/// The status of a new job.
pub(crate) const BOOKED: &str = "Booked";
/// Statuses on which a job can be made Ready.
pub(crate) const FINISHED: &[&str] = &["FINISH", "RAI.NR", "RAI.US"];
/// Job priorities.
pub(crate) const PRIORITIES: &[&str] = &["Critical", "High", "Normal", "Low"];
/// Job types.
pub(crate) const JOB_TYPES: &[&str] =
    &["Service Request", "Incident", "Problem", "Alert", "Normal"];
/// Types of labour.
pub(crate) const LABOUR_TYPES: &[&str] = &["Admin", "Onsite", "Remote", "Workshop", "Travel"];
/// Types of a contact's details.
pub(crate) const CONTACT_TYPES: &[&str] = &["EMail", "Phone", "Mobile", "Fax", "Web"];

/// The thing a job is about, which decides whether it is a service or a sales job.
pub(crate) struct Item {
    /// Item#.
    pub(crate) code: &'static str,
    /// Default Item Desc.
    pub(crate) description: &'static str,
    /// Whether its jobs have a fault description.
    pub(crate) service: bool,
}

/// Every Item of the site.
pub(crate) const ITEMS: &[Item] = &[
    item("SERVICE", "IT service", true),
    item("NETWORK", "Network service", true),
    item("PRINTER", "Printer service", true),
    item("EMAIL", "E-mail service", true),
    item("SERVER", "Server service", true),
    item("SALE", "Sale of goods", false),
];

/// Something that can be sold, billable labour included.
pub(crate) struct Stock {
    /// Number of the stock record.
    pub(crate) id: i64,
    /// Stock code.
    pub(crate) code: &'static str,
    /// Default description of a line.
    pub(crate) description: &'static str,
    /// Unit it is sold in.
    pub(crate) unit: &'static str,
    /// Price without tax, in cents.
    cents: i64,
    /// Whether GST is charged on it.
    pub(crate) taxed: bool,
}

impl Stock {
    /// Price without tax.
    pub(crate) fn price(&self) -> Decimal {
        Decimal::new(self.cents, 2)
    }
}

/// The site's stock.
pub(crate) const STOCK: &[Stock] = &[
    stock(1, "LAB.ONSITE", "Labour onsite", "HOUR", 18_500, true),
    stock(2, "LAB.REMOTE", "Labour remote", "HOUR", 16_000, true),
    stock(3, "LAB.AFTER", "Labour after hours", "HOUR", 27_500, true),
    stock(4, "TRAVEL", "Travel", "UNIT", 9_500, true),
    stock(5, "PARTS", "Parts", "UNIT", 0, true),
    stock(6, "CABLE.CAT6", "Cat 6 patch lead 2 m", "UNIT", 895, true),
    stock(7, "SSD.1TB", "Solid state drive 1 TB", "UNIT", 14_900, true),
    stock(
        8,
        "FREIGHT.GF",
        "Freight overseas, GST free",
        "UNIT",
        4_500,
        false,
    ),
];

/// Finds a status, whatever its case.
pub(crate) fn status(name: &str) -> Option<&'static Status> {
    STATUSES
        .iter()
        .find(|status| status.name.eq_ignore_ascii_case(name))
}

/// Finds an Item, whatever its case.
pub(crate) fn find_item(code: &str) -> Option<&'static Item> {
    ITEMS
        .iter()
        .find(|item| item.code.eq_ignore_ascii_case(code))
}

/// Finds stock by its code, whatever its case.
pub(crate) fn find_stock(code: &str) -> Option<&'static Stock> {
    STOCK
        .iter()
        .find(|stock| stock.code.eq_ignore_ascii_case(code))
}

/// The list's own spelling of a value, whatever the case it was sent in.
pub(crate) fn spelling(list: &'static [&'static str], value: &str) -> Option<&'static str> {
    list.iter()
        .copied()
        .find(|entry| entry.eq_ignore_ascii_case(value))
}

const fn open(name: &'static str, level: u8, links: &'static [&'static str]) -> Status {
    Status {
        name,
        level,
        links,
        end: false,
    }
}

const fn end(name: &'static str, level: u8, links: &'static [&'static str]) -> Status {
    Status {
        name,
        level,
        links,
        end: true,
    }
}

const fn item(code: &'static str, description: &'static str, service: bool) -> Item {
    Item {
        code,
        description,
        service,
    }
}

const fn stock(
    id: i64,
    code: &'static str,
    description: &'static str,
    unit: &'static str,
    cents: i64,
    taxed: bool,
) -> Stock {
    Stock {
        id,
        code,
        description,
        unit,
        cents,
        taxed,
    }
}
