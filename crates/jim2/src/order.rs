//! What is bought of vendors and what is quoted to customers: a header with stock lines (jim2help.happen.biz,
//! `api_v1_pocreate`, `api_v1_quotecreate`, `api_v1_pos` and `api_v1_pos_{pono}_stock`, build 9804).
//!
//! The page of a purchase's lines is said to have "stock attributes": they are taken to be those of a job's lines. That
//! lines can be sent when an order is made no page shows: a build may take them as `stock`. Of quotes no page shows more
//! than their making: they are read by a named query, and that a build has `quotes` as it has `pos` is found out by asking.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Told;
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::{
    Client, Error,
    body::simple_answer,
    client::{Style, written},
    json_api::{Resource, Sent},
    record::Record,
    time::Times,
};

mod line;
mod read;

pub use line::{OrderLine, OrderLineCreate};

/// The two kinds of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// What is bought of a vendor.
    Purchase,
    /// What is offered to a customer.
    Quote,
}

impl OrderKind {
    /// The resource type, which is also what people call one.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purchase => "Purchase",
            Self::Quote => "Quote",
        }
    }

    /// The resource type of its lines.
    pub(crate) const fn line(self) -> &'static str {
        match self {
            Self::Purchase => "PurchaseStock",
            Self::Quote => "QuoteStock",
        }
    }

    /// Where its resources are.
    const fn list(self) -> &'static str {
        match self {
            Self::Purchase => "pos",
            Self::Quote => "quotes",
        }
    }

    /// What its card is to it: the name of the relationship.
    const fn card(self) -> &'static str {
        match self {
            Self::Purchase => "vendor",
            Self::Quote => "customer",
        }
    }

    /// The attribute with the other party's reference.
    const fn their_ref(self) -> &'static str {
        match self {
            Self::Purchase => "vendorInvNo",
            Self::Quote => "custRefNo",
        }
    }
}

/// A purchase or a quote with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// PO# or Quote#.
    pub no: i64,
    /// The card of the vendor or of the customer.
    pub card_no: Told<i64>,
    /// Status.
    pub status: Told<String>,
    /// Our reference, which nobody can change through the API.
    pub our_ref: Told<String>,
    /// The number of the vendor's invoice, or the customer's reference.
    pub their_ref: Told<String>,
    /// When it was last changed, where the build tells it.
    pub last_modified: Told<DateTime<Utc>>,
    /// Its lines; empty in lists, which do not tell them.
    pub lines: Vec<OrderLine>,
}

/// A purchase or a quote to be made; what is `None` is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderCreate {
    /// The card of the vendor or of the customer.
    pub card_no: i64,
    /// Our reference.
    pub our_ref: String,
    /// Status, which must be within reach of Booked.
    pub status: Option<String>,
    /// The customer's reference, of a quote.
    pub their_ref: Option<String>,
    /// How likely a quote is taken, in per cent.
    pub probability: Option<i64>,
    /// The last day on which a quote holds.
    pub valid: Option<NaiveDate>,
    /// The day by which a quote's goods are wanted.
    pub required: Option<NaiveDate>,
    /// Its lines, where the build takes them at once.
    pub lines: Vec<OrderLineCreate>,
}

impl Order {
    fn of_resource(of: OrderKind, resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        Ok(Self {
            card_no: resource.related(of.card())?,
            their_ref: record.text(of.their_ref()),
            ..Self::of_record(resource.number()?, &record)?
        })
    }

    /// What resources and rows of named queries tell alike.
    fn of_record(no: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            no,
            card_no: Told::Not,
            status: record.text("status"),
            our_ref: record.text("ourRef"),
            their_ref: Told::Not,
            last_modified: record.time("LastModified")?,
            lines: Vec::new(),
        })
    }

    /// Whether this is its reference, letter case apart.
    fn is_named(&self, our_ref: &str) -> bool {
        let named = self.our_ref.get();
        named.is_some_and(|named| named.trim().eq_ignore_ascii_case(our_ref))
    }
}

impl OrderCreate {
    fn body(&self, of: OrderKind) -> Value {
        let card = json!({"cardNo": self.card_no});
        let mut body = match of {
            OrderKind::Purchase => json!({"poType": "Purchase", "seller": card}),
            OrderKind::Quote => json!({"quoteType": "Normal", "customer": card}),
        };
        body["ourRef"] = self.our_ref.as_str().into();
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string().into());
        let text = |text: &Option<String>| text.as_deref().map(Value::from);
        let named: [(&str, Option<Value>); 5] = [
            ("status", text(&self.status)),
            (of.their_ref(), text(&self.their_ref)),
            ("probability", self.probability.map(Value::from)),
            ("dateValid", day(self.valid)),
            ("dateRequired", day(self.required)),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                body[name] = value;
            }
        }
        if !self.lines.is_empty() {
            let lines = self.lines.iter().map(OrderLineCreate::attributes);
            body["stock"] = lines.collect();
        }
        body
    }
}

impl Client {
    /// Makes one and answers its number. Nothing but a look beforehand prevents a double.
    pub async fn create_order(&self, of: OrderKind, order: &OrderCreate) -> Result<i64, Error> {
        let (operation, call, key) = match of {
            OrderKind::Purchase => ("jim2.create_purchase", "pocreate", "poNo"),
            OrderKind::Quote => ("jim2.create_quote", "quotecreate", "quoteNo"),
        };
        let url = self.settings().url(&["api", "v1", call]);
        let sent = (Style::Simple, &order.body(of));
        let answer = self.write(operation, Method::POST, url, sent).await?;
        let record = simple_answer(call, &answer, self.settings().times());
        written(record.and_then(|record| record.key(key)))
    }

    /// Gives one another status.
    pub async fn set_order_status(
        &self,
        of: OrderKind,
        no: i64,
        status: &str,
    ) -> Result<(), Error> {
        let attributes = Map::from_iter([("status".to_owned(), status.into())]);
        let url = self.order_url(of, &[&no.to_string()]);
        let sent = Sent::changes(of.name(), no.to_string(), attributes);
        let sent = (Style::JsonApi, &sent);
        let done = self.write("jim2.set_order_status", Method::PATCH, url, sent);
        let done = done.await.map(drop);
        self.or_not_writable(of, "status", done).await
    }
}
