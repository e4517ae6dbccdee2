//! What the hands need to know of the site.

use sync::Facts;

/// The field that keeps a company out, unless the site calls it otherwise.
const OPT_OUT: &str = "Jim2 opt-out";

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactSettings {
    /// The contact's user-defined field that names the person in Jim2, where the contact's
    /// `externalID` belongs to another system (`udf.contact_no`).
    pub contact_no_udf: Option<String>,
    /// The company's user-defined field that keeps it out of Jim2, and its contacts with it (`udf.opt_out`).
    pub opt_out_udf: Option<String>,
}

impl ContactSettings {
    /// The settings that a snapshot of the mappings holds.
    pub fn of(facts: &Facts) -> Self {
        Self {
            contact_no_udf: facts
                .setting("udf.contact_no")
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            opt_out_udf: Some(facts.setting("udf.opt_out").unwrap_or(OPT_OUT))
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
        }
    }
}
