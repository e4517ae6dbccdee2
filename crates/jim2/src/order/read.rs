//! Reading purchases and quotes.
//!
//! Purchases are resources. No page shows that quotes can be read: two named queries do it, and where Happen has not
//! installed them, `quotes` is tried as if it were `pos`. A build that has neither tells nothing of quotes, which must never
//! look as if they were gone.

use url::Url;

use super::{Order, OrderKind, OrderLine};
use crate::{Client, Error, Query, getdata::says_no_address};

impl Client {
    /// Those with these numbers, with their lines; those that are not there are left out. A call each, except of quotes
    /// where the named query is there.
    pub async fn orders(&self, of: OrderKind, nos: &[i64]) -> Result<Vec<Order>, Error> {
        if of == OrderKind::Purchase {
            return self.order_resources(of, nos).await;
        }
        match self.queried_quotes(nos).await {
            Err(Error::NoSuchQuery(name)) if self.has_orders(of).await? => {
                tracing::debug!(query = name, "quotes are read by the API");
                self.order_resources(of, nos).await
            }
            answer => answer,
        }
    }

    /// The numbers of those with this reference of ours, letter case apart. No document lists the filters of purchases: a
    /// build that does not take this one is asked for all of them.
    pub async fn orders_by_ref(&self, of: OrderKind, our_ref: &str) -> Result<Vec<i64>, Error> {
        if of == OrderKind::Purchase {
            return self.resources_by_ref(of, our_ref).await;
        }
        match self.rows(Query::QUOTES_BY_REF, &[our_ref]).await {
            Err(Error::NoSuchQuery(_)) if self.has_orders(of).await? => {
                self.resources_by_ref(of, our_ref).await
            }
            rows => {
                let quotes = rows?;
                let quotes = quotes
                    .iter()
                    .map(|row| Order::of_record(row.key("QuoteNo")?, row));
                named(our_ref, quotes)
            }
        }
    }

    async fn queried_quotes(&self, nos: &[i64]) -> Result<Vec<Order>, Error> {
        let mut quotes = Vec::with_capacity(nos.len());
        for batch in nos.chunks(Query::QUOTES.keys_a_call) {
            let keys: Vec<String> = batch.iter().map(i64::to_string).collect();
            let tables = self.tables(Query::QUOTES, &[&keys.join(",")]).await?;
            // An answer without its columns tells nothing: taken for no rows it would mean that all are gone.
            let [headers, lines] = tables.as_slice() else {
                return Err(Error::unreadable(
                    Query::QUOTES.name,
                    "there are not two result sets",
                ));
            };
            if !headers.has("QuoteNo") || !lines.has("LineId") {
                return Err(Error::unreadable(
                    Query::QUOTES.name,
                    "there is no column of keys",
                ));
            }
            for row in &headers.rows {
                quotes.push(Order {
                    card_no: row.number("CustNo")?,
                    ..Order::of_record(row.key("QuoteNo")?, row)?
                });
            }
            for row in &lines.rows {
                let (no, line_id) = (row.key("QuoteNo")?, row.key("LineId")?);
                if let Some(quote) = quotes.iter_mut().find(|quote| quote.no == no) {
                    quote.lines.push(OrderLine::of_record(line_id, row)?);
                }
            }
        }
        Ok(quotes)
    }

    async fn order_resources(&self, of: OrderKind, nos: &[i64]) -> Result<Vec<Order>, Error> {
        let times = self.settings().times();
        let mut orders = Vec::with_capacity(nos.len());
        for no in nos {
            let mut url = self.order_url(of, &[&no.to_string()]);
            let with = format!("{},stock", of.card());
            url.query_pairs_mut().append_pair("include", &with);
            let Some((resource, included)) = self.resource("jim2.order", url).await? else {
                continue;
            };
            let mut order = Order::of_resource(of, &resource, times)?;
            for line in included.iter().filter(|one| one.kind == of.line()) {
                let record = line.record(times)?;
                let line = OrderLine::of_record(line.last_number()?, &record)?;
                order.lines.push(line);
            }
            orders.push(order);
        }
        Ok(orders)
    }

    async fn resources_by_ref(&self, of: OrderKind, our_ref: &str) -> Result<Vec<i64>, Error> {
        let filter = ("OurRef", our_ref);
        let url = self.order_url(of, &[]);
        let found = self
            .filtered_or_all("jim2.orders_by_ref", url, filter)
            .await?;
        let times = self.settings().times();
        let orders = found.data.iter();
        named(
            our_ref,
            orders.map(|one| Order::of_resource(of, one, times)),
        )
    }

    /// Whether this build has the address of these; whatever it answers there but "nothing here" says so.
    async fn has_orders(&self, of: OrderKind) -> Result<bool, Error> {
        let mut url = self.order_url(of, &[]);
        url.query_pairs_mut().append_pair("filter[OurRef]", "-");
        match self.read("jim2.has_orders", url).await {
            Err(error) if is_nowhere(&error) => Ok(false),
            Ok(_) | Err(Error::Refused { .. } | Error::Forbidden { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// What a write of quotes came to: where nothing is at their address at all, this build has no way to change them.
    pub(super) async fn or_not_writable(
        &self,
        of: OrderKind,
        attribute: &str,
        done: Result<(), Error>,
    ) -> Result<(), Error> {
        match done {
            Err(error) if of == OrderKind::Quote && is_nowhere(&error) => {
                if self.has_orders(of).await? && says_no_address(&error) {
                    return Err(error);
                }
                Err(Error::NotWritable {
                    attribute: attribute.to_owned(),
                })
            }
            done => done,
        }
    }

    pub(super) fn order_url(&self, of: OrderKind, rest: &[&str]) -> Url {
        let list = ["api", "v1", of.list()];
        self.settings().url(&[&list, rest].concat())
    }
}

/// Whether nothing of this kind is at the address.
fn is_nowhere(error: &Error) -> bool {
    says_no_address(error) || matches!(error, Error::Refused { status: 405, .. })
}

fn named(
    our_ref: &str,
    orders: impl Iterator<Item = Result<Order, Error>>,
) -> Result<Vec<i64>, Error> {
    let mut numbers = Vec::new();
    for order in orders {
        let order = order?;
        if order.is_named(our_ref) {
            numbers.push(order.no);
        }
    }
    Ok(numbers)
}
