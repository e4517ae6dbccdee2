//! The hands against both stand-ins, over HTTP.

use domain::{Failure, RecordId, System};
use reqwest::Method;
use sandbox::jim2::Options;
use serde_json::{Value as Json, json};
use sync::{Act, Hands as _, ItemType, LINES, Line, Sold, Stock, lines_in};
use tokio::net::TcpListener;

use super::*;

const A: System = System::Autotask;
const J: System = System::Jim2;
/// A product of the stand-in's catalogue, and a service.
const PRODUCT: i64 = 29_690_001;
const SERVICE: i64 = 29_691_001;
const BUNDLE: i64 = 29_691_501;
const COURIER: i64 = 29_691_801;
const ROLE: i64 = 29_683_387;

struct Site {
    hands: QuoteHands,
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
        let hands = QuoteHands {
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

    /// A build that takes lines when a quote is made, and changes of them.
    async fn able() -> Self {
        Self::with(Options {
            create_lines: true,
            quotes: true,
            ..Options::default()
        })
        .await
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

    async fn made_in_autotask(&self, entity: &str, set: Json) -> i64 {
        let body = json!({"entity": entity, "set": set});
        self.person(A, "create", body).await.as_i64().unwrap()
    }

    /// An opportunity with a quote without items.
    async fn quote(&self) -> (i64, i64) {
        let day = "2026-12-31T00:00:00Z";
        let set = json!({
            "companyID": 174, "title": "Faster disks", "status": 1, "stage": 29_682_791, "amount": 0,
            "cost": 0, "probability": 60, "projectedCloseDate": day, "useQuoteTotals": true,
            "ownerResourceID": 29_682_885, "createDate": day, "promisedFulfillmentDate": day,
        });
        let opportunity = self.made_in_autotask("Opportunities", set).await;
        let at = self
            .made_in_autotask("QuoteLocations", json!({"city": "Sydney"}))
            .await;
        let set = json!({
            "opportunityID": opportunity, "name": "Faster disks", "effectiveDate": day,
            "expirationDate": day, "billToLocationID": at, "shipToLocationID": at,
            "soldToLocationID": at, "purchaseOrderNumber": "PO 7",
        });
        (opportunity, self.made_in_autotask("Quotes", set).await)
    }

    async fn item(&self, quote: i64, set: Json) -> i64 {
        let mut whole = json!({
            "quoteID": quote, "quantity": 2, "unitDiscount": 0, "lineDiscount": 0,
            "percentageDiscount": 0, "isOptional": false,
        });
        for (name, value) in set.as_object().unwrap() {
            whole[name] = value.clone();
        }
        self.made_in_autotask("QuoteItems", whole).await
    }

    fn line(&self, qty: i64) -> Line {
        let stock = Some(Stock::Number(self.stock));
        Line::new(stock, qty.into(), "149".parse().unwrap(), "SSD")
    }

    /// The fields of a quote with these lines.
    fn fields(&self, lines: &[(&str, Line)]) -> Fields {
        let mut half = Half::new(1, "");
        let own = |(source, line): &(&str, Line)| ((*source).to_owned(), line.clone());
        sync::tell_lines(&mut half, lines.iter().map(own));
        half.fields.insert("customer".to_owned(), self.card.into());
        half.fields
    }

    async fn made(&self, lines: &[(&str, Line)]) -> RecordId {
        let made = self.hands.perform(&create(self.fields(lines))).await;
        made.unwrap().unwrap()
    }

    async fn write(&self, id: &RecordId, fields: Fields) -> Result<(), Failure> {
        let act = Act::Update {
            on: J,
            id: id.clone(),
            fields,
        };
        self.hands.perform(&act).await.map(drop)
    }

    async fn half(&self, on: System, id: impl Into<RecordId>) -> Half {
        let mut halves = self.hands.read(on, &[id.into()]).await.unwrap();
        assert_eq!(halves.len(), 1);
        halves.remove(0)
    }
}

/// What an item of this type is of that has no product.
fn sold(billing_code: Option<i64>, role: Option<i64>, kind: i64) -> Stock {
    Stock::Sold(Sold {
        billing_code,
        role,
        item_type: Some(ItemType::Offered(kind)),
    })
}

/// The act that makes a quote of these.
fn create(fields: Fields) -> Act {
    Act::Create {
        on: J,
        from: 30.into(),
        generation: 1,
        reference: "Q2001/1".to_owned(),
        fields,
    }
}

async fn free_port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn a_quote_is_told_with_its_items_its_opportunity_and_what_services_are_sold_as() {
    let site = Site::able().await;
    let (opportunity, quote) = site.quote().await;
    let goods = json!({"quoteItemType": 1, "productID": PRODUCT, "unitDiscount": 9});
    let goods = site.item(quote, goods).await;
    let service = json!({"quoteItemType": 11, "serviceID": SERVICE, "periodType": "Monthly"});
    let service = site.item(quote, service).await;
    let half = site.half(A, quote).await;
    let lines = lines_in(&half.fields);
    let line = &lines[&goods.to_string()];
    assert_eq!(line.stock, Some(Stock::Number(PRODUCT)));
    assert_eq!((line.qty, line.price), (2.into(), 140.into()));
    let line = &lines[&format!("{service}/code")];
    let services: Vec<Service> = site.hands.autotask.by_ids(&[SERVICE], &[]).await.unwrap();
    let code = services[0].billing_code_id.get().copied();
    assert_eq!(line.stock, Some(sold(code, None, 11)));
    assert_eq!(line.text, "Managed workstation (monthly)");
    assert!(
        !half.is("withdrawn") && !half.is("second") && half.is("draft") && half.is("no_reference")
    );
    assert_eq!(half.fact("company"), Some(&174.into()));
    for (name, value) in [
        ("probability", Value::from(60)),
        ("status", 1.into()),
        ("valid", "2026-12-31".into()),
        ("required", "2026-12-31".into()),
        ("cust_ref", "PO 7".into()),
    ] {
        assert_eq!(half.fields[name], value, "{name}");
    }
    let number: RecordId = half.fact("number").and_then(Value::as_text).unwrap().into();
    let found = site.hands.locate(A, &[number.clone(), "1001".into()]).await;
    assert_eq!(found.unwrap(), [(number, quote.into())]);
    let above = format!("opportunity:{opportunity}").as_str().into();
    let own = site.hands.resolve(A, vec![above, 7.into()]).await.unwrap();
    assert_eq!(own, [vec![RecordId::from(quote)], vec![7.into()]]);
}

#[tokio::test]
async fn labour_shipping_and_bundles_are_told_by_role_type_and_billing_code() {
    let site = Site::able().await;
    let (_, quote) = site.quote().await;
    let labour = json!({"quoteItemType": 3, "laborID": ROLE, "name": "Fit", "unitPrice": 185});
    let labour = site.item(quote, labour).await;
    let shipping =
        json!({"quoteItemType": 6, "shippingID": COURIER, "name": "Courier", "unitPrice": 22.95});
    let shipping = site.item(quote, shipping).await;
    let bundle = json!({"quoteItemType": 12, "serviceBundleID": BUNDLE, "periodType": "Monthly"});
    let bundle = site.item(quote, bundle).await;
    let bundles: Vec<ServiceBundle> = site.hands.autotask.by_ids(&[BUNDLE], &[]).await.unwrap();
    let code = bundles[0].billing_code_id.get().copied();
    assert!(code.is_some());
    let lines = lines_in(&site.half(A, quote).await.fields);
    let line = |item: i64| &lines[&format!("{item}/code")];
    assert_eq!(line(labour).stock, Some(sold(None, Some(ROLE), 3)));
    assert_eq!(line(shipping).stock, Some(sold(None, None, 6)));
    assert_eq!(line(bundle).stock, Some(sold(code, None, 12)));
    assert_eq!(line(bundle).text, "Managed desk (monthly)");
    let told = (line(bundle).qty, line(bundle).price);
    assert_eq!(told, (2.into(), "48.5".parse().unwrap()));

    let hidden = json!({"name": "forbidden", "on": true, "value": "ServiceBundles"});
    site.person(A, "fault", hidden).await;
    let lines = lines_in(&site.half(A, quote).await.fields);
    let line = &lines[&format!("{bundle}/code")];
    assert_eq!(line.stock, Some(sold(None, None, 12)), "its type stands in");
}

#[tokio::test]
async fn a_build_that_takes_lines_at_once_is_given_them_with_what_the_header_says() {
    let site = Site::able().await;
    let mut fields = site.fields(&[("77", site.line(2))]);
    let header = [
        ("probability", Value::from(60)),
        ("cust_ref", "PO 7".into()),
        ("valid", "2026-12-31".into()),
        ("required", "2026-12-24".into()),
        ("status", "Sent".into()),
    ];
    fields.extend(header.map(|(name, value)| (name.to_owned(), value)));
    let act = create(fields);
    let made = site.hands.perform(&act).await.unwrap().unwrap();
    let half = site.half(J, made.clone()).await;
    assert_eq!(lines_in(&half.fields)["77"], site.line(2));
    assert_eq!(half.fact("card"), Some(&site.card.into()));
    assert_eq!(half.fields["status"], "Sent".into());
    assert_eq!(half.points_to.unwrap().to, "Q2001".into());
    assert_eq!(site.hands.find(&act).await.unwrap(), [made]);
}

#[tokio::test]
async fn a_build_that_takes_no_lines_or_no_changes_of_them_says_so_by_our_word() {
    let site = Site::with(Options::default()).await;
    let act = create(site.fields(&[("77", site.line(2))]));
    let refused = site.hands.perform(&act).await.unwrap_err();
    let mut bare = site.fields(&[]);
    bare.remove(LINES.name);
    let made = site.hands.perform(&create(bare)).await.unwrap().unwrap();
    let later = site
        .write(&made, site.fields(&[("77", site.line(2))]))
        .await;
    let status = Fields::from([("status".to_owned(), "Won".into())]);
    let won = site.write(&made, status).await;
    for (refused, field) in [
        (refused, LINES.name),
        (later.unwrap_err(), LINES.name),
        (won.unwrap_err(), "status"),
    ] {
        let Failure::Hold { problems } = refused else {
            panic!("the stand-in takes what no document shows: {refused:?}");
        };
        assert_eq!(problems[0].code, domain::Problem::NOT_WRITABLE);
        assert_eq!(problems[0].field.as_deref(), Some(field));
    }
}

#[tokio::test]
async fn lines_become_what_they_are_meant_to_be_and_doing_it_again_writes_nothing() {
    let site = Site::able().await;
    let made = site.made(&[]).await;
    let theirs = json!({"no": made.number(), "stockCode": "CABLE.CAT6", "qty": 9});
    let theirs = json!({"entity": "QuoteStock", "set": theirs});
    site.person(J, "create", theirs).await;
    let other = site.hands.jim2.stock(&["CABLE.CAT6".to_owned()]).await;
    let other = Line {
        stock: Some(Stock::Number(other.unwrap()[0].stock_no)),
        ..site.line(1)
    };
    let coded = Line {
        stock: Some(Stock::code("cable.cat6")),
        ..site.line(3)
    };
    for meant in [
        vec![("77", site.line(2))],
        vec![("77", site.line(5)), ("78/code", coded.clone())],
        vec![("77", other), ("78/code", coded.clone())],
        vec![("78/code", coded)],
    ] {
        let fields = site.fields(&meant);
        for _ in 0..2 {
            site.write(&made, fields.clone()).await.unwrap();
        }
        let half = site.half(J, made.clone()).await;
        assert_eq!(half.fields[LINES.name], fields[LINES.name]);
        let number = made.number().unwrap();
        let all = site.hands.jim2.orders(OrderKind::Quote, &[number]).await;
        let lines = &all.unwrap()[0].lines;
        assert_eq!(lines.len(), meant.len() + 1, "people's line stays");
    }
}

#[tokio::test]
async fn a_lost_answer_is_a_line_that_is_found_by_its_mark() {
    let site = Site::able().await;
    let made = site.made(&[]).await;
    let lost = json!({"name": "lost-answer", "on": true, "count": 1});
    site.person(J, "fault", lost).await;
    let fields = site.fields(&[("77", site.line(2))]);
    let unsure = site.write(&made, fields.clone()).await.unwrap_err();
    assert!(matches!(unsure, Failure::Unsure { .. }), "{unsure:?}");
    site.write(&made, fields).await.unwrap();
    let half = site.half(J, made.clone()).await;
    assert!(!half.is("doubled"));
    assert_eq!(lines_in(&half.fields).len(), 1);
}

#[tokio::test]
async fn a_quote_of_autotask_is_given_the_number_of_jims_and_jims_the_status() {
    let site = Site::able().await;
    let (_, quote) = site.quote().await;
    let refer = Act::Refer {
        on: A,
        id: quote.into(),
        to: Some(901.into()),
        generation: 1,
        knowing: sync::Fields::new(),
    };
    site.hands.perform(&refer).await.unwrap();
    assert!(!site.half(A, quote).await.is("no_reference"));
    let made = site.made(&[]).await;
    let status = Fields::from([("status".to_owned(), "Won".into())]);
    site.write(&made, status).await.unwrap();
    assert_eq!(site.half(J, made).await.fields["status"], "Won".into());
}

#[tokio::test]
async fn without_the_named_queries_quotes_are_read_where_the_build_has_them() {
    let missing = ["crossbill_quotes", "crossbill_quotes_by_ref"];
    let missing = || missing.map(str::to_owned).into();
    let site = Site::with(Options {
        create_lines: true,
        quotes: true,
        missing_queries: missing(),
        ..Options::default()
    });
    let site = site.await;
    let made = site.made(&[("77", site.line(2))]).await;
    let half = site.half(J, made.clone()).await;
    assert_eq!(lines_in(&half.fields)["77"], site.line(2));
    assert_eq!(half.fact("card"), Some(&site.card.into()));
    let found = site.hands.find(&create(Fields::new())).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&made));
    assert_eq!(site.hands.read(J, &[9999.into()]).await.unwrap(), []);

    let blind = Site::with(Options {
        missing_queries: missing(),
        ..Options::default()
    });
    let blind = blind.await;
    let mut bare = blind.fields(&[]);
    bare.remove(LINES.name);
    let made = blind.hands.perform(&create(bare)).await.unwrap().unwrap();
    let unread = blind.hands.read(J, &[made]).await.unwrap_err();
    let unfound = blind.hands.find(&create(Fields::new())).await.unwrap_err();
    for held in [unread, unfound] {
        let Failure::Hold { problems } = held else {
            panic!("what cannot be read must not look gone: {held:?}");
        };
        assert_eq!(problems[0].code, "query-missing");
    }
}

#[tokio::test]
async fn what_is_gone_is_absent_and_a_system_that_is_away_stops_it() {
    let site = Site::able().await;
    assert_eq!(site.hands.read(J, &[9999.into()]).await.unwrap(), []);
    assert_eq!(site.hands.read(A, &[9999.into()]).await.unwrap(), []);
    let away = json!({"name": "unavailable", "on": true});
    site.person(J, "fault", away).await;
    let away = site.hands.read(J, &[901.into()]).await.unwrap_err();
    assert!(matches!(away, Failure::Stop { system: J, .. }), "{away:?}");
}
