//! What the hands need to know of the site.

use sync::Facts;

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactSettings {
    /// The contact's user-defined field that names the person in Jim2, where the contact's
    /// `externalID` belongs to another system (`udf.contact_no`).
    pub contact_no_udf: Option<String>,
}

impl ContactSettings {
    /// The settings that a snapshot of the mappings holds.
    pub fn of(facts: &Facts) -> Self {
        Self {
            contact_no_udf: facts.setting("udf.contact_no").map(str::to_owned),
        }
    }
}
