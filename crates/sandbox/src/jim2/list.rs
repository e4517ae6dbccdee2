//! The lists a Jim2 site sets up beside its statuses and its stock: priorities, types, Items.

/// Job priorities.
pub(crate) const PRIORITIES: &[&str] = &["Critical", "High", "Normal", "Low"];
/// Job types.
pub(crate) const JOB_TYPES: &[&str] =
    &["Service Request", "Incident", "Problem", "Alert", "Normal"];
/// Statuses of projects: Booked is in use, Template is what others are made of; the rest is assumed.
pub(crate) const PROJECT_STATUSES: &[&str] = &["Booked", "Template", "FINISH", "CANCEL"];
/// Statuses of assets; no page that we have names one.
pub(crate) const ASSET_STATUSES: &[&str] = &["Booked", "FINISH", "CANCEL"];
/// Statuses of quotes; no page that we have names one but the first.
pub(crate) const QUOTE_STATUSES: &[&str] = &["Booked", "Sent", "Won", "Lost", "FINISH", "CANCEL"];
/// Types of projects, as the documents name them.
pub(crate) const PROJECT_TYPES: &[&str] = &["Managed Service", "Machine", "Master", "Asset"];
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

/// Finds an Item, whatever its case.
pub(crate) fn find_item(code: &str) -> Option<&'static Item> {
    ITEMS
        .iter()
        .find(|item| item.code.eq_ignore_ascii_case(code))
}

/// The list's own spelling of a value, whatever the case it was sent in.
pub(crate) fn spelling(list: &'static [&'static str], value: &str) -> Option<&'static str> {
    list.iter()
        .copied()
        .find(|entry| entry.eq_ignore_ascii_case(value))
}

const fn item(code: &'static str, description: &'static str, service: bool) -> Item {
    Item {
        code,
        description,
        service,
    }
}
