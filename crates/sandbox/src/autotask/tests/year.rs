//! A year of a provider: all that its generator makes is there, entered by the rules that people obey.

use tokio::net::TcpListener;

use super::super::{Autotask, Options};
use super::bench::now;
use crate::provider::{Provider, Size};

#[tokio::test]
async fn a_part_of_a_year_has_its_time_items_subscriptions_and_products() {
    let size = Size::year().part(400);
    let provider = Provider::generate(7, &size, now());
    assert_eq!(provider, Provider::generate(7, &size, now()));
    let work = size.work.expect("a year has work");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let autotask = Autotask::start(listener, &provider, Options::default());
    let autotask = autotask.await.expect("it starts");
    let world = autotask.app.world();
    let count = |plural: &str| world.rows(plural).count();
    assert_eq!(count("Tickets"), size.tickets);
    assert_eq!(count("TimeEntries"), work.entries);
    assert_eq!(count("TicketCharges"), work.charges);
    assert_eq!(count("Contracts"), work.subscriptions);
    assert_eq!(
        count("Products"),
        3 + work.wares.div_ceil(3) + (work.wares + 1) / 3
    );
    let of_months = 12 * 2 * work.subscriptions;
    assert_eq!(
        count("BillingItems"),
        work.entries.div_ceil(3) + work.charges + of_months
    );
    assert!(count("Invoices") > 12, "{}", count("Invoices"));
    let of_time = |(_, item): &(i64, &super::super::row::Row)| item.int("timeEntryID").is_some();
    let posted = world.rows("BillingItems").filter(of_time).count();
    assert_eq!(posted, work.entries.div_ceil(3));
}

#[test]
fn a_year_without_work_is_what_it_always_was() {
    let provider = Provider::generate(7, &Size::small(), now());
    let with = Size {
        work: Size::year().part(400).work,
        ..Size::small()
    };
    let worked = Provider::generate(7, &with, now());
    assert_eq!(provider.companies, worked.companies);
    assert_eq!(provider.people, worked.people);
    assert!(provider.entries.is_empty() && provider.charges.is_empty() && provider.wares == 0);
}
