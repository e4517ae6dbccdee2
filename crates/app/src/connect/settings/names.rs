//! What settings and user-defined fields are called: the contract with the workers.

use store::Db;

/// Whether Autotask is polled instead of telling by webhooks.
pub(in crate::connect) const POLL_ONLY: &str = "autotask.poll_only";
/// Items of sales jobs.
pub(in crate::connect) const SALES_ITEMS: &str = "jim2.sales_items";
/// From when on tickets get jobs.
pub(in crate::connect) const STARTS_FROM: &str = "starts_from";

/// A user-defined field: the setting that names it, and its name where nobody chose another.
#[derive(Debug, Clone, Copy)]
pub(in crate::connect) struct Udf {
    /// The setting.
    pub(in crate::connect) setting: &'static str,
    /// The name.
    pub(in crate::connect) default_name: &'static str,
}

/// The user-defined fields of tickets.
pub(in crate::connect) const TICKET_UDFS: [Udf; 3] = [
    udf("udf.job_no", "Jim2 Job#"),
    udf("udf.earlier_jobs", "Jim2 earlier jobs"),
    udf("udf.invoice_no", "Jim2 invoice#"),
];

/// The user-defined fields of companies.
pub(in crate::connect) const COMPANY_UDFS: [Udf; 3] = [
    udf("udf.card_no", "Jim2 CardNo"),
    udf("udf.credit_hold", "Jim2 credit hold"),
    udf("udf.opt_out", "Jim2 opt-out"),
];

const fn udf(setting: &'static str, default_name: &'static str) -> Udf {
    Udf {
        setting,
        default_name,
    }
}

/// The name of a user-defined field at this site.
pub(in crate::connect) async fn udf_name(db: &Db, udf: Udf) -> Result<String, store::Error> {
    let chosen = store::setting::get(db, udf.setting).await?;
    Ok(chosen.unwrap_or_else(|| udf.default_name.to_owned()))
}
