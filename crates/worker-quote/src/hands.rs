//! Reads and writes of quotes. Every decision was made before.

use std::collections::HashMap;

use autotask::{Entity, Error, Opportunity, Quote, QuoteItem, Service, ServiceBundle};
use domain::{Kind, Told, Value};
use jim2::{Order, OrderCreate, OrderKind};
use sync::{Fields, Half, LinedHands, Number};

use crate::{
    KIND,
    halves::{self, Codes},
    rules::OPPORTUNITY,
};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct QuoteHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
}

impl LinedHands for QuoteHands {
    type Record = Quote;

    const KIND: Kind = KIND;
    const OF: OrderKind = OrderKind::Quote;
    const NUMBER: Number = Number {
        field: "quoteNumber",
        mark: halves::MARK,
        is_whole: true,
    };
    const EXTERNAL: &'static str = "externalQuoteNumber";
    const SENT_AS: &'static [(&'static str, &'static [&'static str])] = &[
        ("stock", &["lines"]),
        ("status", &["status"]),
        ("custrefno", &["cust_ref"]),
        ("probability", &["probability"]),
        ("datevalid", &["valid"]),
        ("daterequired", &["required"]),
    ];
    const ABOVE: Option<(&'static str, &'static str)> = Some((OPPORTUNITY, "opportunityID"));

    fn clients(&self) -> (&autotask::Client, &jim2::Client) {
        (&self.autotask, &self.jim2)
    }

    /// Quotes, their items, their opportunities and what services and bundles are sold as: a call each.
    async fn records(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let quotes: Vec<Quote> = self.autotask.by_ids(ids, &[]).await?;
        let items: Vec<QuoteItem> = self.autotask.where_in("quoteID", ids, &[]).await?;
        let of = |told: &Told<i64>| told.get().copied();
        let above = quotes.iter().filter_map(|it| of(&it.opportunity_id));
        let above: Vec<i64> = above.collect();
        let opportunities: Vec<Opportunity> = self.autotask.by_ids(&above, &[]).await?;
        let services = items.iter().filter_map(|it| it.service_id.get());
        let bundles = items.iter().filter_map(|it| it.service_bundle_id.get());
        let codes = Codes {
            services: self.codes::<Service>(services).await?,
            bundles: self.bundles(bundles).await?,
        };
        let half = |quote: &Quote| {
            let is_own = |it: &&QuoteItem| it.quote_id.get() == Some(&quote.id);
            let own: Vec<&QuoteItem> = items.iter().filter(is_own).collect();
            let mut above = opportunities.iter();
            let above = above.find(|it| quote.opportunity_id.get() == Some(&it.id));
            halves::quote(quote, &own, above, &codes)
        };
        Ok(quotes.iter().map(half).collect())
    }

    fn order(&self, order: Order, mut half: Half) -> Half {
        half.tell("status", order.status.into_value());
        half
    }

    fn header(&self, fields: &Fields) -> OrderCreate {
        let text = |name: &str| fields.get(name).and_then(Value::as_text);
        let day = |name: &str| text(name).and_then(|day| day.parse().ok());
        OrderCreate {
            status: text("status").map(str::to_owned),
            their_ref: text("cust_ref").map(str::to_owned),
            probability: fields.get("probability").and_then(Value::as_number),
            valid: day("valid"),
            required: day("required"),
            ..OrderCreate::default()
        }
    }
}

impl QuoteHands {
    /// The billing codes of bundles. Where they cannot be read, or have no billing code there, they are sold by their type.
    async fn bundles(
        &self,
        ids: impl Iterator<Item = &i64>,
    ) -> Result<HashMap<i64, i64>, autotask::Error> {
        match self.codes::<ServiceBundle>(ids).await {
            Err(Error::Forbidden { .. } | Error::Invalid { .. } | Error::NoSuchCall { .. }) => {
                Ok(HashMap::new())
            }
            found => found,
        }
    }

    /// The billing codes of these records.
    async fn codes<E: Entity>(
        &self,
        ids: impl Iterator<Item = &i64>,
    ) -> Result<HashMap<i64, i64>, autotask::Error> {
        let ids: Vec<i64> = ids.copied().collect();
        let found: Vec<E> = self.autotask.by_ids(&ids, &[]).await?;
        let code = |one: &E| Some((one.id(), one.value("billingCodeID")?.as_number()?));
        Ok(found.iter().filter_map(code).collect())
    }
}

#[cfg(test)]
mod tests;
