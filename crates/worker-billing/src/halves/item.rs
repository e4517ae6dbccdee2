//! A billing item as the half that its source is.

use autotask::{BillingItem, Company, Contract, Invoice};
use domain::{Order, OrderFor, Told, Value};
use rust_decimal::Decimal;
use sync::{Fields, Half};

use crate::{
    amount::{Split, split},
    source::{Place, Source},
};

/// The longest description of a line in Jim2.
const DESCRIPTION_MAX: usize = 1000;

/// What was read around an item.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around<'a> {
    pub(crate) company: Option<&'a Company>,
    pub(crate) contract: Option<&'a Contract>,
    pub(crate) invoice: Option<&'a Invoice>,
    /// The product that the item's charge sells.
    pub(crate) product: Option<i64>,
    /// Whether the item's time entry is to be shown where it costs nothing.
    pub(crate) is_shown: bool,
    /// How many items name this source now; more than one cannot be told apart.
    pub(crate) many: usize,
    /// What is not attached yet to the invoice that the item is on.
    pub(crate) unattached: Option<Decimal>,
    /// The purchase order of the ticket or project, which its job names.
    pub(crate) po_of_job: Option<&'a str>,
}

/// The half that an item is, under its source's identity.
pub(crate) fn item(source: Source, item: &BillingItem, around: Around<'_>) -> Half {
    let text = |told: &Told<String>| told.get().map_or("", |text| text.trim()).to_owned();
    let (name, words) = (text(&item.item_name), text(&item.description));
    let mut half = Half::new(source.record_id(), label(source, &name));
    let other_po = other_po(item, around.po_of_job);
    let words = if words.is_empty() { &name } else { &words };
    money(&mut half, source, item, words, other_po);
    half.know("other_po", other_po.map(Value::from));
    half.know("po_of_job", around.po_of_job.map(Value::from));
    let numbers = [
        ("item", Some(item.id)),
        ("company", item.company_id.get().copied()),
        ("ticket", item.ticket_id.get().copied()),
        ("project", item.project_id.get().copied()),
        ("invoice", item.invoice_id.get().copied()),
        ("billing_code", item.billing_code_id.get().copied()),
        ("role", item.role_id.get().copied()),
        ("item_type", item.billing_item_type.get().copied()),
        ("product", around.product),
        (
            "currency",
            around.company.and_then(|it| it.currency_id.get().copied()),
        ),
    ];
    for (name, number) in numbers {
        half.know(name, number.map(Value::Number));
    }
    let times = [
        (
            "posted",
            item.posted_on_time.get().or(item.posted_date.get()),
        ),
        ("exported", item.web_service_date.get()),
        (
            "invoiced",
            around.invoice.and_then(|it| it.create_date_time.get()),
        ),
    ];
    for (name, at) in times {
        half.know(name, at.map(|at| at.to_rfc3339().into()));
    }
    let is_labour = source.kind.word == "time-entry";
    let flags = [
        ("labour", is_labour),
        ("shown", around.is_shown),
        ("twin", around.many > 1),
        ("foreign", is_foreign(item)),
        ("not_told", !half.fields.contains_key("net")),
    ];
    for (name, flag) in flags {
        half.know(name, Some(flag.into()));
    }
    let missing = around.unattached.map(Value::from);
    half.know("unattached", missing);
    let order = order(source, item, around);
    let payer = order
        .map(|order| order.payer)
        .or_else(|| payer(item, around));
    half.know("payer", payer.map(Value::Number));
    half.know("order", order.map(|it| it.to_string().into()));
    let is_on_ticket = order.is_some_and(|order| order.of == OrderFor::Ticket);
    half.know("on_ticket", Some(is_on_ticket.into()));
    half.changed_at = item.posted_on_time.get().copied();
    half
}

/// What marking an item as carried takes of it: its number, when it was posted, and at what.
pub(crate) const POSTING: [&str; 3] = ["item", "posted", "net"];

/// What was told of that.
pub(crate) fn posting(item: &Half) -> Fields {
    let told = |name| item.fact(name).or_else(|| item.fields.get(name)).cloned();
    let all = POSTING.into_iter();
    all.filter_map(|name| Some((name.to_owned(), told(name)?)))
        .collect()
}

/// The half of a source whose item was taken back: a line of nothing, which a later posting fills again.
pub(crate) fn taken_back(source: Source, name: &str) -> Half {
    let mut half = Half::new(source.record_id(), label(source, name));
    let nothing = Split {
        qty: Decimal::ZERO,
        price: Decimal::ZERO,
    };
    half.tell("net", Some(Decimal::ZERO.into()));
    half.tell("split", Some(nothing.text().into()));
    let words = format!("Taken back in Autotask: {name}");
    half.tell("description", Some(described(&words, "", source).into()));
    half.know("gone", Some(true.into()));
    half
}

fn label(source: Source, name: &str) -> String {
    let (kind, id) = (source.kind.label, source.id);
    format!("{kind} {id} {name}").trim_end().to_owned()
}

/// The item's purchase order, where the job's reference does not say it (rule 9).
fn other_po<'a>(item: &'a BillingItem, of_job: Option<&str>) -> Option<&'a str> {
    let order = item.purchase_order_number.get()?.trim();
    let is_same = of_job.is_some_and(|of_job| of_job.trim().eq_ignore_ascii_case(order));
    Some(order).filter(|order| !order.is_empty() && !is_same)
}

fn money(half: &mut Half, source: Source, item: &BillingItem, words: &str, po: Option<&str>) {
    let amounts = (
        item.quantity.get(),
        item.rate.get(),
        item.extended_price.get(),
    );
    let (Some(qty), Some(rate), Some(extended)) = amounts else {
        return; // Rule 7: what was not told takes no part.
    };
    let (split, in_words) = split(*qty, *rate, *extended);
    half.tell("net", Some(crate::amount::cents(*extended).into()));
    half.tell("split", Some(split.text().into()));
    let said = in_words.then(|| {
        let unit = if source.kind.word == "time-entry" {
            " h"
        } else {
            ""
        };
        format!("{}{unit} at ${}", qty.normalize(), rate.normalize())
    });
    let said = said.into_iter().chain(po.map(|po| format!("PO {po}")));
    let said = said.collect::<Vec<_>>().join(", ");
    half.tell("description", Some(described(words, &said, source).into()));
    half.know("tax", item.tax_dollars.clone().into_value());
}

/// The item's words, what quantity and job cannot say, and the mark; cut before the mark, not after it.
fn described(words: &str, said: &str, source: Source) -> String {
    let mark = source.mark();
    let said = match said {
        "" => String::new(),
        said => format!(" ({said})"),
    };
    let room = DESCRIPTION_MAX.saturating_sub(mark.chars().count() + said.chars().count() + 1);
    let words: String = words.chars().take(room).collect();
    format!("{}{said} {mark}", words.trim_end())
        .trim_start()
        .to_owned()
}

/// The amounts in the provider's own currency are others than those of the item.
fn is_foreign(item: &BillingItem) -> bool {
    let both = (
        item.extended_price.get(),
        item.internal_currency_extended_price.get(),
    );
    matches!(both, (Some(own), Some(internal)) if own != internal)
}

fn payer(item: &BillingItem, around: Around<'_>) -> Option<i64> {
    let contract = item.contract_id.get().map(|id| (*id, around.contract));
    let own = *item.company_id.get()?;
    Some(autotask::payer(own, around.company, contract))
}

/// The order that the item belongs to. One that hangs on a ticket goes on the ticket's own job, unless somebody else pays
/// for it than for that.
fn order(source: Source, item: &BillingItem, around: Around<'_>) -> Option<Order> {
    let hangs_on = match source.kind.place {
        Place::Ticket | Place::Project => {
            let ticket = item.ticket_id.get().map(|id| (OrderFor::Ticket, *id));
            ticket.or_else(|| item.project_id.get().map(|id| (OrderFor::Project, *id)))
        }
        Place::Invoice => None,
    };
    let invoice = || Some((OrderFor::Invoice, *item.invoice_id.get()?));
    let (of, id) = hangs_on.or_else(invoice)?;
    // All of an invoice is on one job, which whoever gets the invoice pays for.
    let invoiced = around.invoice.and_then(|it| it.company_id.get().copied());
    let payer = match of {
        OrderFor::Invoice => invoiced.or_else(|| payer(item, around)),
        OrderFor::Ticket | OrderFor::Project => payer(item, around),
    };
    Some(Order {
        of,
        id,
        payer: payer?,
    })
}
