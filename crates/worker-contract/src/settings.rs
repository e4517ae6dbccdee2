//! What the hands need to know of the site.

use sync::{Facts, Way};

use crate::{KIND, rules::SERVICES};

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContractSettings {
    /// The company's user-defined field that keeps its contracts out of Jim2 (`udf.opt_out`).
    pub opt_out_udf: Option<String>,
    /// Whether it is told what contracts sell: only where the site switched that field on, as it costs three calls.
    pub tells_services: bool,
}

impl ContractSettings {
    /// The settings that a snapshot of the mappings holds, with the defaults for the rest.
    pub fn of(facts: &Facts) -> Self {
        Self {
            opt_out_udf: Some(facts.setting("udf.opt_out").unwrap_or("Jim2 opt-out"))
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            tells_services: facts.rule(&KIND, &SERVICES).0 != Way::Off,
        }
    }
}
