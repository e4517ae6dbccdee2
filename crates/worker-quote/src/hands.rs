//! Reads and writes of quotes. Every decision was made before.

use std::collections::HashMap;

use autotask::{Draft, Opportunity, Quote, QuoteItem, Service};
use domain::{Failure, Key, RecordId, System, Told, Value};
use jim2::{OrderCreate, OrderKind};
use sync::{Act, Fields, Half, Hands, LinedHands, Malformed};

use crate::{
    KIND, halves,
    rules::{OPPORTUNITY, STATUS},
};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct QuoteHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
}

/// Jim2's attributes, and our words for what is sent as them.
const SENT_AS: &[(&str, &[&str])] = &[
    ("stock", &["lines"]),
    ("status", &["status"]),
    ("custrefno", &["cust_ref"]),
    ("probability", &["probability"]),
    ("datevalid", &["valid"]),
    ("daterequired", &["required"]),
];

impl QuoteHands {
    fn lined(&self) -> LinedHands<'_> {
        LinedHands {
            jim2: &self.jim2,
            of: OrderKind::Quote,
            kind: KIND,
            sent_as: SENT_AS,
        }
    }

    /// Quotes, their items, their opportunities and what services are sold as: a call each.
    async fn quotes(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let quotes: Vec<Quote> = self.autotask.by_ids(ids, &[]).await?;
        let items: Vec<QuoteItem> = self.autotask.where_in("quoteID", ids, &[]).await?;
        let of = |told: &Told<i64>| told.get().copied();
        let above = quotes.iter().filter_map(|it| of(&it.opportunity_id));
        let above: Vec<i64> = above.collect();
        let opportunities: Vec<Opportunity> = self.autotask.by_ids(&above, &[]).await?;
        let services = items.iter().filter_map(|it| of(&it.service_id));
        let services: Vec<i64> = services.collect();
        let services: Vec<Service> = self.autotask.by_ids(&services, &[]).await?;
        let codes = services.iter();
        let codes = codes.filter_map(|one| Some((one.id, of(&one.billing_code_id)?)));
        let codes: HashMap<i64, i64> = codes.collect();
        let half = |quote: &Quote| {
            let own = items
                .iter()
                .filter(|it| it.quote_id.get() == Some(&quote.id));
            let own: Vec<&QuoteItem> = own.collect();
            let mut above = opportunities.iter();
            let above = above.find(|it| quote.opportunity_id.get() == Some(&it.id));
            halves::quote(quote, &own, above, &codes)
        };
        Ok(quotes.iter().map(half).collect())
    }

    async fn make(
        &self,
        from: &RecordId,
        reference: &str,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let text = |name: &str| fields.get(name).and_then(Value::as_text);
        let day = |name: &str| text(name).and_then(|day| day.parse().ok());
        let header = OrderCreate {
            our_ref: reference.to_owned(),
            status: text(STATUS.name).map(str::to_owned),
            their_ref: text("cust_ref").map(str::to_owned),
            probability: fields.get("probability").and_then(Value::as_number),
            valid: day("valid"),
            required: day("required"),
            ..OrderCreate::default()
        };
        self.lined().make(from, header, fields).await
    }

    async fn change(&self, no: i64, fields: &Fields) -> Result<(), Failure> {
        self.lined().change_lines(no, fields).await?;
        let Some(status) = fields.get(STATUS.name).and_then(Value::as_text) else {
            return Ok(());
        };
        let key = Key::new(KIND, System::Jim2, no);
        let done = self
            .jim2
            .set_order_status(OrderKind::Quote, no, status)
            .await;
        done.map_err(|error| sync::refusal(error, &key, fields, SENT_AS))
    }
}

impl Hands for QuoteHands {
    /// An opportunity stands for all of its quotes.
    async fn resolve(&self, on: System, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        let above = |id: &RecordId| id.as_str().strip_prefix(OPPORTUNITY)?.parse::<i64>().ok();
        let all: Vec<i64> = ids.iter().filter_map(above).collect();
        let mut quotes: Vec<Quote> = Vec::new();
        if let Some(first) = ids.first().filter(|_| !all.is_empty()) {
            let found = self.autotask.where_in("opportunityID", &all, &[]).await;
            let key = Key::new(KIND, on, first.clone());
            quotes = found.map_err(|error| error.into_failure(&key))?;
        }
        let own = |id: RecordId| match above(&id) {
            None => vec![id],
            Some(above) => {
                let own = quotes.iter();
                let own = own.filter(|it| it.opportunity_id.get() == Some(&above));
                own.map(|it| it.id.into()).collect()
            }
        };
        Ok(ids.into_iter().map(own).collect())
    }

    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => {
                let quotes = self.quotes(&numbers).await;
                quotes.map_err(|error| error.into_failure(&key))
            }
            System::Jim2 => {
                let quotes = self.lined().read(&numbers).await;
                let quotes = quotes.map_err(|error| error.into_failure(&key))?;
                let told = quotes.into_iter().map(|(quote, mut half)| {
                    half.tell(STATUS.name, quote.status.into_value());
                    half
                });
                Ok(told.collect())
            }
        }
    }

    /// Quotes by their numbers, as Our Ref names them.
    async fn locate(
        &self,
        on: System,
        names: &[RecordId],
    ) -> Result<Vec<(RecordId, RecordId)>, Failure> {
        let number = |name: &RecordId| name.as_str().strip_prefix(halves::MARK)?.parse().ok();
        let sought: Vec<i64> = names.iter().filter_map(number).collect();
        let Some(first) = names
            .first()
            .filter(|_| on == System::Autotask && !sought.is_empty())
        else {
            return Ok(Vec::new());
        };
        let found = self.autotask.where_in("quoteNumber", &sought, &[]).await;
        let key = Key::new(KIND, on, first.clone());
        let found: Vec<Quote> = found.map_err(|error| error.into_failure(&key))?;
        let pair = |quote: &Quote| {
            let number = quote.quote_number.get()?;
            Some((
                format!("{}{number}", halves::MARK).as_str().into(),
                quote.id.into(),
            ))
        };
        Ok(found.iter().filter_map(pair).collect())
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        self.lined().find(act).await
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        let number = |id: &RecordId| {
            id.number()
                .ok_or_else(|| Failure::retry(Malformed("a number that is none")))
        };
        match act {
            Act::Create {
                on: System::Jim2,
                from,
                reference,
                fields,
                ..
            } => self.make(from, reference, fields).await.map(Some),
            Act::Update {
                on: System::Jim2,
                id,
                fields,
            } => self.change(number(id)?, fields).await.map(|()| None),
            Act::Refer {
                on: System::Autotask,
                id,
                to: Some(to),
                ..
            } => {
                let draft = Draft::new().set("externalQuoteNumber", to.as_str());
                let key = Key::new(KIND, System::Autotask, id.clone());
                let written = self.autotask.update::<Quote>((), number(id)?, &draft).await;
                written.map_err(|error| error.into_failure(&key))?;
                Ok(None)
            }
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
