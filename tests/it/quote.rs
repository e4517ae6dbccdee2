//! Quotes of both systems. There are no webhooks for them: sweeps find them, or the tests tell of them.

use domain::{Key, Kind};
use sandbox::jim2::Options;
use serde_json::{Value, json};

use crate::{
    lined::{DRIVE, quantities_of, wanting},
    system::{LATER, Site, System, eventually, only_if, text},
};

const QUOTE: Kind = Kind::new("quote");

#[tokio::test(flavor = "multi_thread")]
async fn a_published_quote_becomes_one_quote_whose_lines_follow_the_items() {
    let system = offering(able()).await;
    let (_, quote) = system.offer(&[2]).await;
    for _ in 0..2 {
        system.tell_of_quote(quote).await;
    }
    system.has_lines("Quote", &["2"]).await;
    system.quiet().await;
    let there = system.only_lined("Quote").await;
    let (_, card) = system.hands.customer().await;
    let number = system.quote_of(quote).await["quoteNumber"].to_string();
    assert_eq!(text(&there, "ourRef"), format!("Q{number}/1"));
    assert_eq!(there["card"], card);
    assert_eq!(there["probability"], 60);
    assert_eq!(text(&there, "theirRef"), "PO 7");
    assert_eq!(text(&there["stock"][0], "stockCode"), "SSD.1TB");
    assert_eq!(
        text(&there["stock"][0], "unitPriceTF"),
        "140.0000",
        "after the discount"
    );
    let external = text(&system.quote_of(quote).await, "externalQuoteNumber");
    assert_eq!(external, text(&there, "id"));

    let theirs = json!({"no": there["id"], "stockCode": "CABLE.CAT6", "qty": 9});
    system.hands.create_in_jim2("QuoteStock", theirs).await;
    let item = system.items_of(quote).await[0];
    let set = json!({"quantity": 5});
    system.hands.edit_in_autotask("QuoteItems", item, set).await;
    system.item_of_quote(quote, 1).await;
    system.crossbill(&["sweep", "quote"]).await;
    system.has_lines("Quote", &["1", "5", "9"]).await;
    system.hands.delete_in_autotask("QuoteItems", item).await;
    system.crossbill(&["sweep", "quote"]).await;
    system.has_lines("Quote", &["1", "9"]).await;
    system.quiet().await;
    assert_eq!(system.lined("Quote").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_build_can_change_is_one_problem_for_all_quotes_and_their_lines_stay_as_made() {
    let mut site = able();
    site.jim2.quotes = false;
    let system = offering(site).await;
    let mut quotes = Vec::new();
    for (made, qty) in [2, 3].into_iter().enumerate() {
        let (_, quote) = system.offer(&[qty]).await;
        system.tell_of_quote(quote).await;
        eventually(LATER, "the quote is made", async || {
            let all = system.lined("Quote").await;
            only_if(all.len() == made + 1, format!("{}", all.len()))
        })
        .await;
        quotes.push(quote);
    }
    system.quiet().await;
    for quote in &quotes {
        let item = system.items_of(*quote).await[0];
        let set = json!({"quantity": 7});
        system.hands.edit_in_autotask("QuoteItems", item, set).await;
        system.tell_of_quote(*quote).await;
    }
    eventually(LATER, "both are held", async || {
        let held = system.crossbill(&["held", "list", "--items"]).await;
        let told = held.matches("Lines of quotes").count() == quotes.len();
        only_if(told, held)
    })
    .await;
    system.quiet().await;
    let sql =
        "select count(*) from problem where solved_at is null and says like '%Lines of quotes%'";
    assert_eq!(system.database.count(sql).await, 1);
    let mut all = quantities_of(&system.lined("Quote").await);
    all.sort();
    assert_eq!(all, ["2", "3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_makes_no_second_quote() {
    let system = offering(able()).await;
    let (_, quote) = system.offer(&[2, 4]).await;
    system.hands.jim2.fault("lost-answer", 1).await.unwrap();
    system.tell_of_quote(quote).await;
    system.has_lines("Quote", &["2", "4"]).await;
    eventually(LATER, "it is told the number", async || {
        let told = text(&system.quote_of(quote).await, "externalQuoteNumber");
        only_if(!told.is_empty(), told)
    })
    .await;
    system.quiet().await;
    assert_eq!(system.lined("Quote").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_half_way_through_a_quote_writes_no_line_twice() {
    let mut site = able();
    site.jim2.create_lines = false;
    let system = offering(site).await;
    let (_, quote) = system.offer(&[2, 3, 4]).await;
    system.tell_of_quote(quote).await;
    system.dies_at_writes().await;
    system.has_lines("Quote", &["2", "3", "4"]).await;
    system.quiet().await;
    system.has_lines("Quote", &["2", "3", "4"]).await;
    assert_eq!(system.lined("Quote").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_the_opportunity_follows_only_where_the_site_wants_it() {
    let system = offering(able()).await;
    let (opportunity, quote) = system.offer(&[2]).await;
    system.tell_of_quote(quote).await;
    system.has_lines("Quote", &["2"]).await;
    system.quiet().await;
    let won = json!({"status": 3});
    system
        .hands
        .edit_in_autotask("Opportunities", opportunity, won)
        .await;
    system.crossbill(&["sweep", "quote"]).await;
    system.quiet().await;
    assert_eq!(text(&system.only_lined("Quote").await, "status"), "Booked");

    for (status, to) in [("Active", "Booked"), ("Closed", "Won")] {
        system
            .crossbill(&["lookups", "set", "quoteStatus", "autotask", status, to])
            .await;
    }
    system
        .crossbill(&["mapping", "set", "quote", "status", "--way", "to-jim2"])
        .await;
    let lost = json!({"status": 2});
    system
        .hands
        .edit_in_autotask("Opportunities", opportunity, lost)
        .await;
    system.crossbill(&["sweep", "quote"]).await;
    eventually(LATER, "the quote is lost", async || {
        let status = text(&system.only_lined("Quote").await, "status");
        only_if(status == "Lost", status)
    })
    .await;
}

/// A Jim2 that takes lines when a quote is made, and changes of them.
fn able() -> Site {
    let site = Site::default();
    Site {
        jim2: Options {
            create_lines: true,
            quotes: true,
            ..site.jim2
        },
        ..site
    }
}

/// A site that wants quotes, and whose drive is paired with its stock.
async fn offering(site: Site) -> System {
    let system = wanting("quote", site).await;
    // What the provider has offered already is no business of the tests.
    let there = system.hands.autotask.records("Quotes", None).await.unwrap();
    for quote in there {
        let id = quote["id"].as_i64().unwrap();
        let set = json!({"isActive": false});
        system.hands.edit_in_autotask("Quotes", id, set).await;
    }
    system.quiet().await;
    system
}

impl System {
    /// Somebody publishes a quote of so many drives an item, at nine dollars off each; its opportunity and the quote.
    async fn offer(&self, quantities: &[i64]) -> (i64, i64) {
        let (company, _) = self.hands.customer().await;
        let day = "2026-12-31T00:00:00Z";
        let set = json!({
            "companyID": company, "title": "Faster disks", "status": 1, "stage": 29_682_791, "amount": 0,
            "cost": 0, "probability": 60, "projectedCloseDate": day, "useQuoteTotals": true,
            "ownerResourceID": self.hands.person().resource, "createDate": day,
        });
        let opportunity = self.hands.create_in_autotask("Opportunities", set).await;
        let at = json!({"city": "Sydney"});
        let at = self.hands.create_in_autotask("QuoteLocations", at).await;
        let set = json!({
            "opportunityID": opportunity, "name": "Faster disks", "effectiveDate": day,
            "expirationDate": day, "billToLocationID": at, "shipToLocationID": at,
            "soldToLocationID": at, "purchaseOrderNumber": "PO 7", "lastPublishedDateTime": day,
        });
        let quote = self.hands.create_in_autotask("Quotes", set).await;
        for qty in quantities {
            self.item_of_quote(quote, *qty).await;
        }
        (opportunity, quote)
    }

    async fn item_of_quote(&self, quote: i64, qty: i64) {
        let set = json!({
            "quoteID": quote, "quoteItemType": 1, "productID": DRIVE, "quantity": qty, "unitPrice": 149,
            "unitDiscount": 9, "lineDiscount": 0, "percentageDiscount": 0, "isOptional": false,
        });
        self.hands.create_in_autotask("QuoteItems", set).await;
    }

    async fn tell_of_quote(&self, quote: i64) {
        let key = Key::new(QUOTE, domain::System::Autotask, quote);
        self.tell_of(key).await;
    }

    async fn items_of(&self, quote: i64) -> Vec<i64> {
        let all = self
            .hands
            .autotask
            .records("QuoteItems", None)
            .await
            .unwrap();
        let own = all.iter().filter(|one| one["quoteID"] == quote);
        own.map(|one| one["id"].as_i64().unwrap()).collect()
    }

    async fn quote_of(&self, quote: i64) -> Value {
        let found = self
            .hands
            .autotask
            .record("Quotes", &quote.to_string())
            .await;
        found.unwrap().unwrap()
    }
}
