use autotask::Ticket;
use axum::http::Method;
use domain::{System, Told};
use jim2::{Created, JobChanges, JobCreate, JobStockCreate};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::PgPool;
use sync::Mappings;

use crate::operate::{
    bench::Bench,
    tieout::{self, Desk, Tieout},
};

/// The material code for hardware.
const HARDWARE: i64 = 29_682_810;

/// A ticket of company 174 with a job, of which our database knows nothing: as after a restore of it.
struct Site {
    bench: Bench,
    ticket: i64,
    job: i64,
    http: rest::Client,
}

impl Site {
    async fn over(pool: PgPool) -> Self {
        let bench = Bench::over(pool).await;
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let mut site = Self {
            bench,
            ticket: 0,
            job: 0,
            http,
        };
        for (name, value) in [("billing_by", "ours"), ("billing_from", "2020-01-01")] {
            store::setting::set(site.bench.db(), name, &value)
                .await
                .unwrap();
        }
        let set = json!({"companyID": 174, "title": "Printer on fire"});
        let made = json!({"entity": "Tickets", "set": set});
        site.ticket = site.person(System::Autotask, "create", &made).await["id"]
            .as_i64()
            .unwrap();
        let clients = site.bench.clients().await;
        let ticket: Ticket = clients.autotask.get(site.ticket).await.unwrap().unwrap();
        let number = ticket.ticket_number.get().unwrap();
        let cards = clients.jim2.cardfiles_after(0, 50).await.unwrap();
        let is_customer = |card: &&jim2::CardFile| card.is_customer.get() == Some(&true);
        let job = JobCreate {
            cust_no: cards.iter().find(is_customer).unwrap().card_no,
            ..JobCreate::default()
        };
        let made = clients.jim2.create_job(&job, "CB-1", false).await;
        let Created::Job { job_no } = made.unwrap() else {
            unreachable!("it was not put on the queue")
        };
        site.job = job_no;
        let changes = JobChanges {
            our_ref: Told::Is(format!("{number}/1")),
            ..JobChanges::default()
        };
        clients.jim2.update_job(job_no, &changes).await.unwrap();
        site
    }

    async fn person(&self, on: System, deed: &str, body: &Value) -> Value {
        let base = match on {
            System::Autotask => self.bench.autotask.base_url(),
            System::Jim2 => self.bench.jim2.base_url(),
        };
        let url = format!("{base}/sandbox/{deed}");
        let request = self.http.request(Method::POST, url).json(body);
        let answer = self.http.send("test", request).await.unwrap();
        answer.json().unwrap()
    }

    /// A posted charge of the ticket, and its billing item.
    async fn posted(&self, price: &str) -> (i64, i64) {
        let set = json!({
            "ticketID": self.ticket, "name": "Toner", "chargeType": 1, "billingCodeID": HARDWARE,
            "datePurchased": "2026-11-20", "unitQuantity": 1, "unitPrice": price,
        });
        let made = json!({"entity": "TicketCharges", "set": set});
        let charge = self.person(System::Autotask, "create", &made).await["id"]
            .as_i64()
            .unwrap();
        let body = json!({"entity": "TicketCharges", "id": charge});
        let item = self.person(System::Autotask, "post", &body).await;
        (charge, item["id"].as_i64().unwrap())
    }

    /// A line with the mark of a charge; its number.
    async fn line(&self, charge: i64, price: &str) -> i64 {
        let line = JobStockCreate {
            stock_code: "PARTS".to_owned(),
            qty: Decimal::ONE,
            unit_price_tf: price.parse().unwrap(),
            description: format!("Toner [AT C{charge}.1]"),
        };
        let clients = self.bench.clients().await;
        let made = clients.jim2.add_job_stock(self.job, &line).await;
        made.unwrap().line_id
    }

    async fn tieout(&self, company: Option<&str>) -> anyhow::Result<Tieout> {
        let zone = self.bench.parts.config.time_zone;
        let desk = Desk {
            db: self.bench.db(),
            clients: &self.bench.clients().await,
            mappings: &Mappings::load(self.bench.db(), zone).await?,
            now: self.bench.parts.clock.now(),
        };
        let month = tieout::month(None, desk.now, zone)?;
        tieout::tieout(&desk, &month, company).await
    }

    async fn writes(&self) -> i64 {
        let url = format!("{}/sandbox/stats", self.bench.autotask.base_url());
        let request = self.http.request(Method::GET, url);
        let stats: Value = self
            .http
            .send("stats", request)
            .await
            .unwrap()
            .json()
            .unwrap();
        stats["calls"]["writes"].as_i64().unwrap()
    }
}

fn verdicts(told: &Tieout) -> Vec<&str> {
    let mut verdicts: Vec<&str> = told.items.iter().map(|item| item.verdict).collect();
    verdicts.sort_unstable();
    verdicts
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn lines_are_found_by_their_marks_where_our_database_has_lost_them(pool: PgPool) {
    let site = Site::over(pool).await;
    let (same, _) = site.posted("37.04").await;
    site.line(same, "37.04").await;
    let (dearer, _) = site.posted("10").await;
    site.line(dearer, "10.01").await;
    let (doubled, _) = site.posted("20").await;
    site.line(doubled, "20").await;
    site.line(doubled, "20").await;
    let (back, item) = site.posted("30").await;
    site.line(back, "30").await;
    site.person(System::Autotask, "unpost", &json!({"item": item}))
        .await;
    site.posted("40").await;
    let told = site.tieout(None).await.unwrap();
    let expected = [
        "different",
        "matched",
        "matched",
        "not in Autotask",
        "twice",
        "waits",
    ];
    assert_eq!(verdicts(&told), expected, "{told:#?}");
    assert!(!told.explained);
    assert_eq!(told.open.len(), 3);
    let ex = (told.total.posted.ex, told.total.on_jobs.ex);
    assert_eq!(ex, (Decimal::new(10_704, 2), Decimal::new(11_705, 2)));
    assert_eq!(told.total.posted.inc, Decimal::new(11_774, 2));
    let waits = told
        .items
        .iter()
        .find(|item| item.verdict == "waits")
        .unwrap();
    assert!(!waits.why.is_empty());
    let different = told
        .items
        .iter()
        .find(|item| item.verdict == "different")
        .unwrap();
    assert!(
        different.why.contains("posted at $10.00") && different.why.contains("stands at $10.01"),
        "{}",
        different.why
    );
    assert_eq!(site.writes().await, 0, "a look writes nothing");
    assert!(
        store::pair::counts(site.bench.db())
            .await
            .unwrap()
            .is_empty()
    );

    let shown = crate::output::tieout(&told);
    for words in [
        "3 not explained:",
        "next: delete line",
        "posted    107.04  117.74",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(tieout::csv(&told).unwrap().lines().count(), 7);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_company_is_asked_for_by_name_or_id_and_all_that_is_matched_is_explained(pool: PgPool) {
    let site = Site::over(pool).await;
    let (charge, _) = site.posted("37.04").await;
    site.line(charge, "37.04").await;
    let told = site.tieout(Some("174")).await.unwrap();
    assert_eq!(
        (verdicts(&told).as_slice(), told.explained),
        (&["matched"][..], true)
    );
    let name = told.companies[0].0.clone();
    let by_name = site.tieout(Some(&name.to_uppercase())).await.unwrap();
    assert_eq!(by_name, told);
    let nobody = site.tieout(Some("175")).await.unwrap();
    assert_eq!(nobody.items, []);
    let wrong = site.tieout(Some("No such company")).await.unwrap_err();
    assert!(
        wrong.to_string().contains("no company in Autotask"),
        "{wrong}"
    );
}
