//! What settings and user-defined fields are called: the contract with the workers.

use store::Db;

/// Items of sales jobs.
pub(in crate::connect) const SALES_ITEMS: &str = "jim2.sales_items";
/// From when on tickets get jobs.
pub(in crate::connect) const STARTS_FROM: &str = "starts_from";

/// The settings of user-defined fields that Autotask did not have when `connect` looked last.
pub(crate) const MISSING_UDFS: &str = "connect.missing_udfs";

/// A user-defined field: the setting that names it, and its name where nobody chose another.
#[derive(Debug, Clone, Copy)]
pub(in crate::connect) struct Udf {
    /// The setting.
    pub(in crate::connect) setting: &'static str,
    /// The name.
    pub(in crate::connect) default_name: &'static str,
    /// What is not done where the field is not there.
    pub(in crate::connect) without: &'static str,
}

/// The user-defined fields of tickets.
pub(in crate::connect) const TICKET_UDFS: [Udf; 3] = [
    Udf {
        setting: "udf.job_no",
        default_name: "Jim2 Job#",
        without: "the Job# is only in the ticket's external id, where that is free",
    },
    Udf {
        setting: "udf.earlier_jobs",
        default_name: "Jim2 earlier jobs",
        without: "a ticket does not name the jobs before its last one",
    },
    Udf {
        setting: "udf.invoice_no",
        default_name: "Jim2 invoice#",
        without: "a ticket does not name its invoice",
    },
];

/// The user-defined fields of companies.
pub(in crate::connect) const COMPANY_UDFS: [Udf; 3] = [
    Udf {
        setting: "udf.card_no",
        default_name: "Jim2 CardNo",
        without: "a company does not name its card, and no cards are made for companies",
    },
    Udf {
        setting: "udf.credit_hold",
        default_name: "Jim2 credit hold",
        without: "a company does not show that its customer is on credit hold",
    },
    Udf {
        setting: "udf.opt_out",
        default_name: "Jim2 opt-out",
        without: "no company can be kept out of Jim2 by a field",
    },
];

/// The user-defined field of products.
pub(in crate::connect) const PRODUCT_UDFS: [Udf; 1] = [Udf {
    setting: "udf.availability",
    default_name: worker_stock::AVAILABILITY_UDF,
    without: "products do not show what can be sold of their stock",
}];

/// The user-defined field of contacts: only where a site chose one, as `externalID` is the usual place.
pub(in crate::connect) const CONTACT_UDF: Udf = Udf {
    setting: "udf.contact_no",
    default_name: "",
    without: "a contact names its number in Jim2 in externalID only",
};

/// The name of a user-defined field at this site; `None` where it has none.
pub(in crate::connect) async fn udf_name(
    db: &Db,
    udf: Udf,
) -> Result<Option<String>, store::Error> {
    let chosen = store::setting::get(db, udf.setting).await?;
    let name = chosen.unwrap_or_else(|| udf.default_name.to_owned());
    Ok(Some(name).filter(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use sync::Facts;
    use worker_company::CompanySettings;
    use worker_stock::StockSettings;
    use worker_ticket::TicketSettings;

    use super::*;
    use crate::{kinds, operate::settings::SETTINGS};

    #[test]
    fn everybody_calls_the_fields_by_the_same_names() {
        let facts = Facts::empty(Tz::UTC, chrono::DateTime::UNIX_EPOCH);
        let tickets = TicketSettings::of(&facts);
        let companies = CompanySettings::of(&facts);
        let said = TICKET_UDFS.iter().chain(&COMPANY_UDFS).chain(&PRODUCT_UDFS);
        let names: Vec<&str> = said.clone().map(|udf| udf.default_name).collect();
        assert_eq!(
            names,
            [
                tickets.job_no_udf,
                tickets.earlier_jobs_udf,
                tickets.invoice_no_udf,
                companies.card_no_udf,
                companies.credit_hold_udf,
                tickets.opt_out_udf,
                StockSettings::of(&facts).udfs.remove(0),
            ]
        );
        for udf in said {
            let told = SETTINGS.iter().find(|one| one.name == udf.setting).unwrap();
            assert_eq!(told.default, udf.default_name);
        }
        for hook in kinds::hooks() {
            for (setting, usual) in hook.watch.udfs {
                let told = SETTINGS.iter().find(|one| one.name == *setting).unwrap();
                assert_eq!(told.default, *usual, "{}", hook.watch.name);
            }
        }
    }
}
