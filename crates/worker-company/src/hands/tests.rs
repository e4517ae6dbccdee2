//! The hands against the stand-ins of both systems, which share no type with our clients.

mod notes;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::SystemClock;
use reqwest::Method;
use sandbox::provider::{Provider, Size};
use serde_json::json;
use tokio::net::TcpListener;

use super::*;

/// The first technician of the generated tenant.
const OWNER: i64 = 29_682_885;

/// Both systems, filled by one provider, and our hands between them.
struct Site {
    at: sandbox::autotask::Autotask,
    j2: sandbox::jim2::Jim2,
    http: rest::Client,
    hands: CompanyHands,
}

impl Site {
    async fn new() -> Self {
        Self::with(sandbox::autotask::Options::default()).await
    }

    async fn with(options: sandbox::autotask::Options) -> Self {
        Self::between(options, sandbox::jim2::Options::default()).await
    }

    async fn between(options: sandbox::autotask::Options, set_up: sandbox::jim2::Options) -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider = Provider::generate(7, &Size::small(), now);
        let at = sandbox::autotask::Autotask::start(listener().await, &provider, options);
        let at = at.await.unwrap();
        let app = set_up.app.clone();
        let j2 = sandbox::jim2::Jim2::start(listener().await, &provider, set_up);
        let j2 = j2.await.unwrap();
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let hands = CompanyHands {
            autotask: autotask_client(&http, &at.base_url()),
            jim2: jim2_client(&http, &format!("{}/{app}/", j2.base_url())),
            settings: CompanySettings::default(),
            chosen: Mutex::default(),
        };
        Self {
            at,
            j2,
            http,
            hands,
        }
    }

    fn base(&self, on: System) -> String {
        match on {
            System::Autotask => self.at.base_url(),
            System::Jim2 => self.j2.base_url(),
        }
    }

    async fn lose_the_next_answer(&self, on: System) {
        let url = format!("{}/sandbox/fault", self.base(on));
        let fault = json!({"name": "lost-answer", "on": true, "count": 1});
        let request = self.http.request(Method::POST, url).json(&fault);
        self.http.send("fault", request).await.unwrap();
    }

    /// Calls so far whose endpoint has this word in it.
    async fn calls(&self, on: System, word: &str) -> u64 {
        let url = format!("{}/sandbox/stats", self.base(on));
        let answer = self.http.send("stats", self.http.request(Method::GET, url));
        let stats: serde_json::Value = answer.await.unwrap().json().unwrap();
        let endpoints = stats["calls"]["byEndpoint"].as_object().unwrap();
        let called = endpoints.iter().filter(|(name, _)| name.contains(word));
        called.filter_map(|(_, count)| count.as_u64()).sum()
    }

    async fn half(&self, on: System, id: &RecordId) -> Half {
        let read = self.hands.read(on, std::slice::from_ref(id)).await;
        read.unwrap().remove(0)
    }

    async fn cards(&self) -> Vec<CardFile> {
        self.hands.jim2.cardfiles_after(0, 500).await.unwrap()
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn autotask_client(http: &rest::Client, base: &str) -> Autotask {
    let credentials = autotask::Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: "sandbox-secret".into(),
        integration_code: "SANDBOX".into(),
    };
    let settings = autotask::Settings {
        discovery_url: format!("{base}/ATServicesRest/").parse().unwrap(),
        deadline: Duration::from_secs(10),
        ..autotask::Settings::new(credentials)
    };
    let gate = Arc::new(autotask::LocalGate::default());
    Autotask::new(http.clone(), settings, gate).unwrap()
}

fn jim2_client(http: &rest::Client, base: &str) -> Jim2 {
    let credentials = jim2::Credentials {
        client_id: "crossbill".to_owned(),
        secret: "sandbox-secret".to_owned().into(),
    };
    let settings = jim2::Settings::new(
        base.parse().unwrap(),
        credentials,
        chrono_tz::Australia::Sydney,
    );
    let session = Arc::new(jim2::LocalSession::default());
    Jim2::new(http.clone(), settings, Arc::new(SystemClock), session)
}

fn address(street: &str) -> Value {
    Value::parts([
        ("street", street.into()),
        ("suburb", "Perth".into()),
        ("state", "WA".into()),
        ("postcode", "6000".into()),
    ])
}

fn create(on: System, name: &str) -> Act {
    let mut fields = Fields::from([
        ("name".to_owned(), name.into()),
        ("abn".to_owned(), "51824753556".into()),
        ("address".to_owned(), address("Level 2\n9 Bay St")),
    ]);
    match on {
        System::Jim2 => fields.extend([("country".to_owned(), "Australia".into())]),
        System::Autotask => fields.extend([
            ("country".to_owned(), 13.into()),
            ("type".to_owned(), 1.into()),
            ("phone".to_owned(), "08 9000 0000".into()),
            ("owner".to_owned(), OWNER.into()),
        ]),
    }
    Act::Create {
        on,
        from: 900.into(),
        generation: 1,
        reference: String::new(),
        fields,
    }
}

fn with_abn(mut act: Act, abn: &str) -> Act {
    if let Act::Create { fields, .. } = &mut act {
        fields.insert("abn".to_owned(), abn.into());
    }
    act
}

fn update(on: System, id: &RecordId, fields: &[(&str, Value)]) -> Act {
    let fields = fields.iter();
    Act::Update {
        on,
        id: id.clone(),
        fields: fields
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    }
}

#[tokio::test]
async fn a_card_is_made_under_a_code_that_was_free() {
    let site = Site::new().await;
    let mut made = Vec::new();
    for (name, abn) in [
        ("Zoë's Bäckerei Nord", "51824753556"),
        ("Zoes Backerei Süd", "53004085616"),
    ] {
        let act = with_abn(create(System::Jim2, name), abn);
        let act = site.hands.prepare(act).await.unwrap();
        assert_eq!(site.hands.find(&act).await.unwrap(), []);
        let id = site.hands.perform(&act).await.unwrap().unwrap();
        assert_eq!(
            site.hands.find(&act).await.unwrap(),
            std::slice::from_ref(&id)
        );
        let Act::Create { reference, .. } = act else {
            panic!("it is still a creation");
        };
        made.push((reference, id));
    }
    assert_eq!([&made[0].0, &made[1].0], ["ZOES.BACKE", "ZOES.BAC.2"]);
    let half = site.half(System::Jim2, &made[0].1).await;
    assert_eq!(half.label, "Zoë's Bäckerei Nord");
    assert_eq!(half.fields["address"], address("Level 2\n9 Bay St"));
    assert_eq!(half.fields["country"], "Australia".into());
    assert!(half.is("is_customer"));
}

#[tokio::test]
async fn a_code_that_somebody_takes_meanwhile_is_chosen_anew() {
    let site = Site::new().await;
    let (first, second) = ("Wattle Landscapes North", "Wattle Landscapes South");
    let abns = ["51824753556", "53004085616"];
    let prepare = async |name, abn| {
        let act = with_abn(create(System::Jim2, name), abn);
        site.hands.prepare(act).await.unwrap()
    };
    let late = prepare(second, abns[1]).await;
    // Another process, which knows nothing of what this one has chosen.
    site.hands.chosen.lock().unwrap().clear();
    let early = prepare(first, abns[0]).await;
    site.hands.perform(&early).await.unwrap();
    let failure = site.hands.perform(&late).await.unwrap_err();
    assert!(matches!(failure, Failure::Retry { .. }), "{failure:?}");
    let again = prepare(second, abns[1]).await;
    site.hands.perform(&again).await.unwrap();
}

/// The code that is chosen for the card of a company.
async fn code(site: &Site, company: i64, name: &str) -> String {
    let mut act = with_abn(create(System::Jim2, name), "");
    if let Act::Create { from, .. } = &mut act {
        *from = company.into();
    }
    let Act::Create { reference, .. } = site.hands.prepare(act).await.unwrap() else {
        panic!("it is still a creation");
    };
    reference
}

#[tokio::test]
async fn two_cards_that_are_made_at_once_get_two_codes() {
    let site = Site::new().await;
    let north = code(&site, 901, "Wattle Landscapes North").await;
    let south = code(&site, 902, "Wattle Landscapes South").await;
    assert_ne!(north, south);
    let again = code(&site, 901, "Wattle Landscapes North").await;
    assert_eq!(again, north, "it is chosen once, however often it is tried");
}

#[tokio::test]
async fn a_hundred_companies_whose_names_begin_alike_get_a_hundred_codes() {
    let site = Site::new().await;
    let mut codes = BTreeSet::new();
    for number in 0..100 {
        codes.insert(
            code(
                &site,
                1_000 + number,
                &format!("Wattle Landscapes {number}"),
            )
            .await,
        );
    }
    assert_eq!(codes.len(), 100);
}

#[tokio::test]
async fn a_card_of_the_same_name_is_a_persons_to_look_at() {
    let site = Site::new().await;
    let act = site
        .hands
        .prepare(create(System::Jim2, "Kangaroo Tyres"))
        .await
        .unwrap();
    site.hands.perform(&act).await.unwrap();
    let again = site
        .hands
        .prepare(create(System::Jim2, "KANGAROO TYRES"))
        .await;
    let Err(Failure::Hold { problems }) = again else {
        panic!("it must be held: {again:?}");
    };
    assert_eq!(problems[0].code, "made-before");
    assert!(problems[0].remedy.step.contains("pairs link company 900"));
}

#[tokio::test]
async fn a_card_of_the_same_name_or_abn_under_any_code_is_a_persons_to_look_at() {
    let site = Site::new().await;
    for (code, name, abn) in [
        ("OLD.1", "Kangaroo Tyres", ""),
        ("OLD.2", "Roo Holdings", "51 824 753 556"),
    ] {
        let card = CardFileCreate {
            card_code: Some(code.to_owned()),
            name: name.to_owned(),
            abn: Some(abn.to_owned()).filter(|abn| !abn.is_empty()),
            ..CardFileCreate::default()
        };
        site.hands.jim2.create_cardfile(&card).await.unwrap();
    }
    let other = "53004085616";
    for (name, abn, is_held) in [
        ("KANGAROO TYRES", other, true),
        ("Wallaby Tyres", "51824753556", true),
        ("Wallaby Tyres", other, false),
        ("Wallaby Tyres", "", false),
    ] {
        let act = with_abn(create(System::Jim2, name), abn);
        let prepared = site.hands.prepare(act.clone()).await;
        match &prepared {
            Err(Failure::Hold { problems }) if is_held => {
                assert_eq!(problems[0].code, "made-before");
                let step = &problems[0].remedy.step;
                assert!(step.contains("pairs link company 900 "), "{step}");
            }
            Ok(_) if !is_held => {}
            _ => panic!("{name} {abn}: {prepared:?}"),
        }

        // A person who has looked is not asked again.
        let mut decided = act;
        if let Act::Create { fields, .. } = &mut decided {
            fields.insert(SIGNED_OFF.to_owned(), true.into());
        }
        assert!(site.hands.prepare(decided).await.is_ok(), "{name} {abn}");
    }
}

#[tokio::test]
async fn a_company_that_autotask_may_have_is_a_persons_to_look_at() {
    let site = Site::new().await;
    let act = create(System::Autotask, "Kangaroo Tyres");
    let prepared = site.hands.prepare(act.clone()).await.unwrap();
    assert_eq!(prepared, act);
    let id = site.hands.perform(&act).await.unwrap().unwrap();
    let other = "53004085616";
    for (name, abn, card, is_held) in [
        ("KANGAROO TYRES", other, "900", true),
        ("Wallaby Tyres", "51824753556", "900", false),
        ("Wallaby Tyres", "51824753556", "", true),
        ("Wallaby Tyres", other, "", false),
    ] {
        let udf = Draft::new().set_udf("Jim2 CardNo", card);
        let number = id.number().unwrap();
        let written = site.hands.autotask.update::<Company>((), number, &udf);
        written.await.unwrap();
        let act = with_abn(create(System::Autotask, name), abn);
        match site.hands.prepare(act).await {
            Err(Failure::Hold { problems }) if is_held => {
                let step = format!("crossbill pairs link company {id} 900");
                assert_eq!(problems[0].code, "made-before");
                assert!(problems[0].remedy.step.contains(&step), "{problems:?}");
            }
            Ok(_) if !is_held => {}
            other => panic!("{name} {abn} {card}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_company_is_made_with_the_number_of_its_card() {
    let site = Site::new().await;
    let act = create(System::Autotask, "Kangaroo Tyres");
    let id = site.hands.perform(&act).await.unwrap().unwrap();
    let half = site.half(System::Autotask, &id).await;
    assert_eq!(half.points_to.unwrap().to, 900.into());
    assert_eq!(half.fields["address"], address("Level 2\n9 Bay St"));
    assert_eq!(half.fields["abn"], "51824753556".into());
}

#[tokio::test]
async fn what_a_lost_answer_made_is_found_on_either_side() {
    for on in System::BOTH {
        let site = Site::new().await;
        let act = site
            .hands
            .prepare(create(on, "Kangaroo Tyres"))
            .await
            .unwrap();
        // The writing session is opened first, so that the lost answer is the creation's.
        let card: RecordId = site.cards().await[0].card_no.into();
        let rename = update(System::Jim2, &card, &[("name", "Renamed".into())]);
        site.hands.perform(&rename).await.unwrap();
        site.lose_the_next_answer(on).await;
        let lost = site.hands.perform(&act).await;
        assert!(
            matches!(lost, Err(Failure::Unsure { .. })),
            "{on}: {lost:?}"
        );
        assert_eq!(site.hands.find(&act).await.unwrap().len(), 1, "{on}");
    }
}

#[tokio::test]
async fn both_sides_are_brought_up_to_date_field_by_field() {
    let site = Site::new().await;
    let card: RecordId = site.cards().await[0].card_no.into();
    let before = site.half(System::Jim2, &card).await;
    let fields = [
        ("name", "New Name".into()),
        ("address", address("1 High St")),
    ];
    site.hands
        .perform(&update(System::Jim2, &card, &fields))
        .await
        .unwrap();
    let half = site.half(System::Jim2, &card).await;
    assert_eq!(half.fields["name"], "New Name".into());
    assert_eq!(half.fields["address"], address("1 High St"));
    assert_eq!(
        half.fields["country"], before.fields["country"],
        "it is kept"
    );

    let company: RecordId = 174.into();
    let before = site.half(System::Autotask, &company).await;
    let fields = [
        ("name", "New Name".into()),
        ("address", address("1 High St")),
        ("credit_hold", "yes".into()),
        ("abn", Value::Empty),
    ];
    site.hands
        .perform(&update(System::Autotask, &company, &fields))
        .await
        .unwrap();
    let half = site.half(System::Autotask, &company).await;
    for (name, value) in fields {
        assert_eq!(half.fields[name], value, "{name}");
    }
    assert_eq!(half.fields["phone"], before.fields["phone"], "it is kept");
}

#[tokio::test]
async fn a_reference_is_written_to_the_company_and_needs_nothing_of_jim2() {
    let site = Site::new().await;
    let refer = |on, id: i64, to: i64| Act::Refer {
        on,
        id: id.into(),
        to: Some(to.into()),
        generation: 1,
        knowing: sync::Fields::new(),
    };
    site.hands
        .perform(&refer(System::Autotask, 174, 12))
        .await
        .unwrap();
    site.hands
        .perform(&refer(System::Jim2, 12, 174))
        .await
        .unwrap();
    let half = site.half(System::Autotask, &174.into()).await;
    assert_eq!(half.points_to.unwrap().to, 12.into());
    assert_eq!(site.calls(System::Jim2, "").await, 0);
}

#[tokio::test]
async fn a_batch_is_one_call_on_each_side_and_leaves_out_what_is_not_there() {
    let site = Site::new().await;
    let companies: Vec<RecordId> = (174..180).map(RecordId::from).collect();
    let mut cards: Vec<RecordId> = site
        .cards()
        .await
        .iter()
        .map(|it| it.card_no.into())
        .collect();
    cards.extend([987_654.into(), "12-1".into()]);
    let queries = site.calls(System::Jim2, "getdata").await;
    let read = site.hands.read(System::Autotask, &companies).await.unwrap();
    let named = read.iter().filter(|half| half.fact("card_no").is_some());
    assert_eq!((read.len(), named.count()), (read.len(), read.len()));
    assert!(!read.is_empty());
    assert_eq!(site.calls(System::Autotask, "Companies").await, 1);
    let read = site.hands.read(System::Jim2, &cards).await.unwrap();
    assert_eq!(read.len(), cards.len() - 2);
    assert_eq!(site.calls(System::Jim2, "getdata").await, queries + 1);
}

#[tokio::test]
async fn fields_that_a_query_did_not_tell_are_asked_for_by_id() {
    let options = sandbox::autotask::Options {
        omit_empty_udfs: true,
        ..sandbox::autotask::Options::default()
    };
    let site = Site::with(options).await;
    let half = site.half(System::Autotask, &174.into()).await;
    assert_eq!(half.fact("card_no"), Some(&Value::Empty));
    assert_eq!(site.calls(System::Autotask, "Companies").await, 2);
}
