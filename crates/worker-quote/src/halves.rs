//! Quotes of Autotask as halves, with what their opportunities say.

use std::collections::HashMap;

use autotask::{Opportunity, Quote, QuoteItem};
use chrono::{DateTime, Utc};
use domain::{Told, Value};
use sync::{Half, tell_lines};

use crate::item;

/// What Our Ref says before the number of a quote, so that it is no other kind's.
pub(crate) const MARK: &str = "Q";

/// The billing codes of what is sold month by month, by what it is: services, and bundles of them.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    pub(crate) services: HashMap<i64, i64>,
    pub(crate) bundles: HashMap<i64, i64>,
}

impl Codes {
    fn of(&self, item: &QuoteItem) -> Option<i64> {
        let of = |codes: &HashMap<i64, i64>, id: &Told<i64>| codes.get(id.get()?).copied();
        of(&self.services, &item.service_id).or_else(|| of(&self.bundles, &item.service_bundle_id))
    }
}

/// The half that a quote is.
pub(crate) fn quote(
    quote: &Quote,
    items: &[&QuoteItem],
    opportunity: Option<&Opportunity>,
    codes: &Codes,
) -> Half {
    let number = quote.quote_number.get();
    let label = number.map_or_else(|| quote.id.to_string(), i64::to_string);
    let name = quote.name.get().map_or("", String::as_str);
    let mut half = Half::new(quote.id, format!("Quote {label} {name}").trim_end());
    let lines = items.iter().filter_map(|it| item::line(it, codes.of(it)));
    tell_lines(&mut half, lines);
    half.tell("cust_ref", quote.purchase_order_number.clone().into_value());
    half.tell("valid", day(&quote.expiration_date));
    half.know(
        "number",
        number.map(|no| Value::text(format!("{MARK}{no}"))),
    );
    half.know("approval", quote.approval_status.clone().into_value());
    half.know("company", quote.company_id.clone().into_value());
    half.flag("withdrawn", quote.is_active == Told::Is(false));
    half.flag("second", quote.primary_quote == Told::Is(false));
    half.flag("draft", quote.last_published_date_time == Told::Empty);
    half.flag("no_reference", quote.external_quote_number == Told::Empty);
    half.created_at = quote.create_date.get().copied();
    half.changed_at = quote.last_activity_date.get().copied();
    if let Some(opportunity) = opportunity {
        let status = opportunity.status.clone().into_value();
        half.know("company", opportunity.company_id.clone().into_value());
        half.know("status", status.clone());
        half.tell("status", status);
        half.tell("probability", opportunity.probability.clone().into_value());
        half.tell("required", day(&opportunity.promised_fulfillment_date));
        let mut ends = [&opportunity.closed_date, &opportunity.lost_date].into_iter();
        half.flag("over", ends.any(|end| end.get().is_some()));
    }
    half
}

/// A day of a field that has no time: Autotask tells its midnight without regard to zones (`autotask.md` §2.5).
fn day(at: &Told<DateTime<Utc>>) -> Option<Value> {
    let day = at.clone().map(|at| at.date_naive().to_string());
    day.into_value()
}
