//! The hands against both stand-ins, over HTTP.

use domain::{RecordId, System, Value};
use reqwest::Method;
use sandbox::jim2::Options;
use serde_json::{Value as Json, json};
use sync::{Act, Hands as _, LINES, Line, Stock, lines_in};
use tokio::net::TcpListener;

use super::*;
use crate::rules::RECEIVED;

const A: System = System::Autotask;
const J: System = System::Jim2;
/// A product of the stand-in's catalogue, and its stock code.
const PRODUCT: i64 = 29_690_001;

struct Site {
    hands: PurchaseHands,
    card: i64,
    stock: i64,
    autotask: sandbox::autotask::Autotask,
    jim2: sandbox::jim2::Jim2,
    http: rest::Client,
}

impl Site {
    async fn with(options: Options) -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let size = sandbox::provider::Size::small();
        let provider = sandbox::provider::Provider::generate(7, &size, now);
        let own = sandbox::autotask::Options::default();
        let autotask = sandbox::autotask::Autotask::start(free_port().await, &provider, own);
        let jim2 = sandbox::jim2::Jim2::start(free_port().await, &provider, options);
        let (autotask, jim2) = (autotask.await.unwrap(), jim2.await.unwrap());
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let hands = PurchaseHands {
            autotask: autotask::testing::client(&http, &autotask.base_url()),
            jim2: jim2::testing::client(&http, &jim2.base_url(), now),
        };
        let cards = hands.jim2.cardfiles_after(0, 1).await.unwrap();
        let stock = hands.jim2.stock(&["SSD.1TB".to_owned()]).await.unwrap();
        Self {
            card: cards[0].card_no,
            stock: stock[0].stock_no,
            hands,
            autotask,
            jim2,
            http,
        }
    }

    async fn start() -> Self {
        Self::with(Options::default()).await
    }

    /// What a person does.
    async fn person(&self, on: System, deed: &str, mut body: Json) -> Json {
        let base = match on {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => self.jim2.base_url(),
        };
        if on == J {
            body["by"] = json!("JC");
        }
        let url = format!("{base}/sandbox/{deed}");
        let request = self.http.request(Method::POST, url).json(&body);
        let answer = self.http.send("test", request).await.unwrap();
        let answer: Json = answer.json().unwrap();
        answer["id"].clone()
    }

    /// A submitted order with one item of so many pieces.
    async fn order(&self, qty: i64) -> (i64, i64) {
        let set = json!({
            "vendorID": 174, "status": 2, "shipToName": "Depot", "shipToAddress1": "1 Dock Road",
        });
        let order = json!({"entity": "PurchaseOrders", "set": set});
        let order = self.person(A, "create", order).await.as_i64().unwrap();
        let set = json!({
            "orderID": order, "productID": PRODUCT, "quantity": qty, "unitCost": 74.5,
            "inventoryLocationID": 1,
        });
        let item = json!({"entity": "PurchaseOrderItems", "set": set});
        let item = self.person(A, "create", item).await;
        (order, item.as_i64().unwrap())
    }

    fn line(&self, qty: i64) -> Line {
        let stock = Some(Stock::Number(self.stock));
        Line::new(stock, qty.into(), "74.5".parse().unwrap(), "SSD")
    }

    /// The fields of a purchase with these lines.
    fn fields(&self, lines: &[(&str, Line)]) -> Fields {
        let mut half = Half::new(1, "");
        let own = |(source, line): &(&str, Line)| ((*source).to_owned(), line.clone());
        sync::tell_lines(&mut half, lines.iter().map(own));
        half.fields.insert("customer".to_owned(), self.card.into());
        half.fields
    }

    async fn made(&self) -> RecordId {
        let mut fields = self.fields(&[]);
        fields.remove(LINES.name);
        let made = self.hands.perform(&create(fields)).await;
        made.unwrap().unwrap()
    }

    async fn write(&self, on: System, id: &RecordId, fields: Fields) -> Result<(), Failure> {
        let id = id.clone();
        let act = Act::Update { on, id, fields };
        self.hands.perform(&act).await.map(drop)
    }

    async fn half(&self, on: System, id: impl Into<RecordId>) -> Half {
        let mut halves = self.hands.read(on, &[id.into()]).await.unwrap();
        assert_eq!(halves.len(), 1);
        halves.remove(0)
    }
}

/// The act that makes a purchase of these.
fn create(fields: Fields) -> Act {
    Act::Create {
        on: J,
        from: 30.into(),
        generation: 1,
        reference: "1001/1".to_owned(),
        fields,
    }
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn an_order_is_told_with_its_items_and_found_by_its_number() {
    let site = Site::start().await;
    let (order, item) = site.order(3).await;
    let half = site.half(A, order).await;
    let lines = lines_in(&half.fields);
    let line = &lines[&item.to_string()];
    let expected = Stock::Number(PRODUCT);
    assert_eq!((line.stock.as_ref(), line.qty), (Some(&expected), 3.into()));
    assert_eq!(line.text, "Solid state drive 1 TB");
    assert_eq!(line.price, "74.5".parse().unwrap());
    assert!(half.is("submitted") && half.is("no_reference") && !half.is("cancelled"));
    let number: RecordId = half.fact("number").and_then(Value::as_text).unwrap().into();
    let found = site.hands.locate(A, std::slice::from_ref(&number)).await;
    assert_eq!(found.unwrap(), [(number, order.into())]);
}

#[tokio::test]
async fn a_build_that_takes_lines_at_once_is_given_them_and_another_names_them_by_our_word() {
    let refusing = Site::start().await;
    let fields = refusing.fields(&[("77", refusing.line(2))]);
    let refused = refusing.hands.perform(&create(fields)).await;
    let Err(Failure::Hold { problems }) = refused else {
        panic!("the stand-in takes what no document shows: {refused:?}");
    };
    assert_eq!(problems[0].code, domain::Problem::NOT_WRITABLE);
    assert_eq!(problems[0].field.as_deref(), Some(LINES.name));

    let taking = Site::with(Options {
        create_lines: true,
        ..Options::default()
    });
    let taking = taking.await;
    let act = create(taking.fields(&[("77", taking.line(2))]));
    let made = taking.hands.perform(&act).await.unwrap().unwrap();
    let half = taking.half(J, made.clone()).await;
    assert_eq!(lines_in(&half.fields)["77"], taking.line(2));
    assert_eq!(taking.hands.find(&act).await.unwrap(), [made]);
}

#[tokio::test]
async fn lines_become_what_they_are_meant_to_be_and_doing_it_again_writes_nothing() {
    let site = Site::start().await;
    let made = site.made().await;
    let theirs = json!({"no": made.number(), "stockCode": "CABLE.CAT6", "qty": 9});
    let theirs = json!({"entity": "PurchaseStock", "set": theirs});
    site.person(J, "create", theirs).await;
    let other = site.hands.jim2.stock(&["CABLE.CAT6".to_owned()]).await;
    let other = Line {
        stock: Some(Stock::Number(other.unwrap()[0].stock_no)),
        ..site.line(1)
    };
    for meant in [
        vec![("77", site.line(2))],
        vec![("77", site.line(5)), ("78", site.line(1))],
        vec![("77", other), ("78", site.line(1))],
        vec![("78", site.line(1))],
    ] {
        let fields = site.fields(&meant);
        for _ in 0..2 {
            site.write(J, &made, fields.clone()).await.unwrap();
        }
        let half = site.half(J, made.clone()).await;
        assert_eq!(half.fields[LINES.name], fields[LINES.name]);
        let number = made.number().unwrap();
        let all = site.hands.in_jim2().read(&[number]).await;
        let lines = &all.unwrap()[0].0.lines;
        assert_eq!(lines.len(), meant.len() + 1, "people's line stays");
    }
}

#[tokio::test]
async fn a_lost_answer_is_a_line_that_is_found_by_its_mark() {
    let site = Site::start().await;
    let made = site.made().await;
    let lost = json!({"name": "lost-answer", "on": true, "count": 1});
    site.person(J, "fault", lost).await;
    let fields = site.fields(&[("77", site.line(2))]);
    let unsure = site.write(J, &made, fields.clone()).await.unwrap_err();
    assert!(matches!(unsure, Failure::Unsure { .. }), "{unsure:?}");
    site.write(J, &made, fields).await.unwrap();
    let half = site.half(J, made.clone()).await;
    assert!(!half.is("doubled"));
    assert_eq!(lines_in(&half.fields).len(), 1);
}

#[tokio::test]
async fn what_came_is_told_back_once_and_no_more_than_came() {
    let site = Site::start().await;
    let (order, item) = site.order(5).await;
    let received = |qty: &str| {
        let came = qty.parse().unwrap();
        let parts = crate::halves::quantities([(item.to_string(), came)]);
        Fields::from([(RECEIVED.name.to_owned(), parts)])
    };
    for (qty, told) in [("2", "2"), ("2", "2"), ("5", "5")] {
        site.write(A, &order.into(), received(qty)).await.unwrap();
        let half = site.half(A, order).await;
        assert_eq!(half.fields[RECEIVED.name], received(told)[RECEIVED.name]);
    }
    for never in ["4", "5.5"] {
        let held = site.write(A, &order.into(), received(never)).await;
        assert!(matches!(held, Err(Failure::Hold { .. })), "{never}");
    }
}

#[tokio::test]
async fn an_order_is_given_the_number_of_its_purchase_and_of_the_vendors_invoice() {
    let site = Site::start().await;
    let (order, _) = site.order(1).await;
    let refer = Act::Refer {
        on: A,
        id: order.into(),
        to: Some(801.into()),
        generation: 1,
        knowing: sync::Fields::new(),
    };
    site.hands.perform(&refer).await.unwrap();
    let invoice = [("vendor_invoice".to_owned(), "INV-7".into())];
    site.write(A, &order.into(), invoice.into()).await.unwrap();
    let half = site.half(A, order).await;
    assert!(!half.is("no_reference"));
    assert_eq!(half.fields["vendor_invoice"], "INV-7".into());
}

#[tokio::test]
async fn what_is_gone_is_absent_and_a_system_that_is_away_stops_it() {
    let site = Site::start().await;
    assert_eq!(site.hands.read(J, &[9999.into()]).await.unwrap(), []);
    assert_eq!(site.hands.read(A, &[9999.into()]).await.unwrap(), []);
    let away = json!({"name": "unavailable", "on": true});
    site.person(J, "fault", away).await;
    let away = site.hands.read(J, &[801.into()]).await.unwrap_err();
    assert!(matches!(away, Failure::Stop { system: J, .. }), "{away:?}");
}
