//! The hands against the stand-ins of both systems, which share no type with our clients.

use std::{sync::Arc, time::Duration};

use domain::{SystemClock, Told};
use reqwest::Method;
use sandbox::provider::{Provider, Size};
use serde_json::json;
use tokio::net::TcpListener;

use super::*;

/// Both systems, filled by one provider, and our hands between them.
struct Site {
    at: sandbox::autotask::Autotask,
    j2: sandbox::jim2::Jim2,
    http: rest::Client,
    hands: ContactHands,
}

impl Site {
    async fn new() -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider = Provider::generate(7, &Size::small(), now);
        let set_up = sandbox::autotask::Options::default();
        let at = sandbox::autotask::Autotask::start(listener().await, &provider, set_up);
        let at = at.await.unwrap();
        let set_up = sandbox::jim2::Options::default();
        let app = set_up.app.clone();
        let j2 = sandbox::jim2::Jim2::start(listener().await, &provider, set_up);
        let j2 = j2.await.unwrap();
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let hands = ContactHands {
            autotask: autotask_client(&http, &at.base_url()),
            jim2: jim2_client(&http, &format!("{}/{app}/", j2.base_url())),
            settings: ContactSettings::default(),
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

    /// People of all cards.
    async fn people(&self) -> Vec<jim2::Contact> {
        let cards = self.hands.jim2.cardfiles_after(0, 500).await.unwrap();
        let cards: Vec<i64> = cards.iter().map(|card| card.card_no).collect();
        self.hands.jim2.card_contacts(&cards).await.unwrap()
    }

    async fn contacts(&self) -> Vec<Contact> {
        let all = Query::everything();
        self.hands.autotask.query_all(&all).await.unwrap()
    }

    /// Where a creation on `on` can go: the fields that say it.
    async fn home(&self, on: System) -> (String, Value) {
        match on {
            System::Jim2 => ("card".to_owned(), self.people().await[0].card_no.into()),
            System::Autotask => {
                let contacts = self.contacts().await;
                let company = *contacts[0].company_id.get().unwrap();
                ("company".to_owned(), company.into())
            }
        }
    }

    async fn creation(&self, on: System) -> Act {
        let mut fields = Fields::from([
            ("name".to_owned(), name("Ann", "Lee")),
            ("job_title".to_owned(), "Owner".into()),
            ("email".to_owned(), "ann@lee.example".into()),
            ("mobile".to_owned(), "0412 345 678".into()),
            self.home(on).await,
        ]);
        if on == System::Autotask {
            fields.insert("active".to_owned(), 1.into());
            fields.insert("receives_notifications".to_owned(), false.into());
        }
        Act::Create {
            on,
            from: "900-1".into(),
            generation: 1,
            reference: String::new(),
            fields,
        }
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

fn name(first: &str, last: &str) -> Value {
    Value::parts([("first", first.into()), ("last", last.into())])
}

fn update(on: System, id: &RecordId, fields: impl IntoIterator<Item = (String, Value)>) -> Act {
    Act::Update {
        on,
        id: id.clone(),
        fields: fields.into_iter().collect(),
    }
}

fn field(name: &str, value: impl Into<Value>) -> (String, Value) {
    (name.to_owned(), value.into())
}

#[tokio::test]
async fn a_contact_is_made_on_either_side_and_read_back_as_meant() {
    let site = Site::new().await;
    for on in System::BOTH {
        let act = site.creation(on).await;
        assert_eq!(site.hands.find(&act).await.unwrap(), [], "{on}");
        let id = site.hands.perform(&act).await.unwrap().unwrap();
        assert_eq!(
            site.hands.find(&act).await.unwrap(),
            std::slice::from_ref(&id),
            "{on}"
        );
        let half = site.half(on, &id).await;
        assert_eq!(half.label, "Ann Lee");
        assert_eq!(half.fields["email"], "ann@lee.example".into());
        assert_eq!(half.fields["mobile"], "0412 345 678".into());
        assert_eq!(half.fields["phone"], Value::Empty);
        if on == System::Autotask {
            assert_eq!(half.points_to.unwrap().to, "900-1".into());
        }
    }
}

#[tokio::test]
async fn what_a_lost_answer_made_is_found_on_either_side() {
    let site = Site::new().await;
    let person = &site.people().await[0];
    let id = RecordId::from(part_id::join(person.card_no, person.cont_no));
    // The writing session is opened first, so that the lost answer is the creation's.
    let touch = update(System::Jim2, &id, [field("job_title", "Director")]);
    site.hands.perform(&touch).await.unwrap();
    for on in System::BOTH {
        let act = site.creation(on).await;
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
async fn somebody_else_of_the_same_name_is_not_the_one_we_made() {
    let site = Site::new().await;
    let mut act = site.creation(System::Jim2).await;
    site.hands.perform(&act).await.unwrap();
    for (email, found) in [("ANN@LEE.example", 1), ("ann2@lee.example", 0), ("", 1)] {
        let Act::Create { fields, .. } = &mut act else {
            panic!("it is a creation");
        };
        fields.insert("email".to_owned(), email.into());
        assert_eq!(site.hands.find(&act).await.unwrap().len(), found, "{email}");
    }
}

#[tokio::test]
async fn a_contact_that_the_company_may_have_is_a_persons_to_look_at() {
    let site = Site::new().await;
    let act = site.creation(System::Autotask).await;
    assert_eq!(site.hands.prepare(act.clone()).await.unwrap(), act);
    let made = site.hands.perform(&act).await.unwrap().unwrap();
    let again = |from: &str, first: &str, email: &str| {
        let mut act = act.clone();
        if let Act::Create {
            from: id, fields, ..
        } = &mut act
        {
            *id = from.into();
            fields.insert("name".to_owned(), name(first, "Lee"));
            fields.insert("email".to_owned(), email.into());
        }
        site.hands.prepare(act)
    };
    for (from, first, email, is_held) in [
        ("900-1", "Anna", "ANN@lee.example", true),
        ("900-1", "ann", "", true),
        ("900-1", "Anna", "", false),
        ("900-1", "Ann", "other@lee.example", false),
        ("900-2", "Bob", "ann@lee.example", false),
    ] {
        match again(from, first, email).await {
            Err(Failure::Hold { problems }) if is_held => {
                let step = format!("crossbill pairs link contact {made} 900-1");
                assert_eq!(problems[0].code, "made-before");
                assert!(problems[0].remedy.step.contains(&step), "{problems:?}");
            }
            Ok(_) if !is_held => {}
            other => panic!("{from} {first} {email}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_person_in_jim2_is_changed_and_keeps_its_other_details() {
    let site = Site::new().await;
    let people = site.people().await;
    let before = people
        .iter()
        .find(|person| person.details.get().is_some_and(|all| all.len() > 1))
        .unwrap();
    let id = RecordId::from(part_id::join(before.card_no, before.cont_no));
    let fields = [
        field("name", name("Ann", "Ray")),
        field("email", "ann@ray.example"),
    ];
    let act = update(System::Jim2, &id, fields);
    site.hands.perform(&act).await.unwrap();
    let numbers = [(before.card_no, before.cont_no)];
    let after = site.hands.jim2.contacts(&numbers).await.unwrap().remove(0);
    assert_eq!(after.display_name, Told::Is("Ann Ray".to_owned()));
    assert_eq!(
        after.details,
        Told::Is(before.details_with("EMail", "ann@ray.example"))
    );
    assert_eq!(after.job_title, before.job_title);
}

#[tokio::test]
async fn a_contact_in_autotask_is_changed_under_its_company() {
    let site = Site::new().await;
    let before = site.contacts().await.remove(0);
    let id = RecordId::from(before.id);
    let company = *before.company_id.get().unwrap();
    let fields = [
        field("name", name("-", "Reception")),
        field("phone", Value::Empty),
    ];
    let homeless = update(System::Autotask, &id, fields.clone());
    let refused = site.hands.perform(&homeless).await;
    assert!(matches!(refused, Err(Failure::Hold { .. })), "{refused:?}");
    let fields = fields.into_iter().chain([field("company", company)]);
    let act = update(System::Autotask, &id, fields);
    site.hands.perform(&act).await.unwrap();
    let half = site.half(System::Autotask, &id).await;
    assert_eq!(half.fields["name"], name("-", "Reception"));
    assert_eq!(half.fields["phone"], Value::Empty);
    assert_eq!(
        half.fields["email"],
        before.email_address.into_value().unwrap()
    );
}

#[tokio::test]
async fn a_reference_never_takes_the_place_of_another_systems() {
    let site = Site::new().await;
    let contacts = site.contacts().await;
    let refer = |contact: &Contact| Act::Refer {
        on: System::Autotask,
        id: contact.id.into(),
        to: Some("12-1".into()),
        generation: 1,
        knowing: sync::Fields::new(),
    };
    let (free, taken) = (&contacts[0], &contacts[1]);
    let company = *taken.company_id.get().unwrap();
    let draft = Draft::new().set("externalID", "AAD-9");
    let written = site
        .hands
        .autotask
        .update::<Contact>(company, taken.id, &draft);
    written.await.unwrap();
    for contact in [free, taken] {
        site.hands.perform(&refer(contact)).await.unwrap();
    }
    let half = site.half(System::Autotask, &free.id.into()).await;
    assert_eq!(half.points_to.unwrap().to, "12-1".into());
    let taken: Contact = site.hands.autotask.get(taken.id).await.unwrap().unwrap();
    assert_eq!(taken.external_id, Told::Is("AAD-9".to_owned()));
}

#[tokio::test]
async fn a_batch_is_one_call_and_one_for_the_cards_of_people_and_leaves_out_what_is_not_there() {
    let site = Site::new().await;
    let mut contacts: Vec<RecordId> = site
        .contacts()
        .await
        .iter()
        .map(|it| it.id.into())
        .collect();
    let people = site.people().await;
    let ids = people
        .iter()
        .map(|it| RecordId::from(part_id::join(it.card_no, it.cont_no)));
    let mut people: Vec<RecordId> = ids.collect();
    assert!(contacts.len() > 5 && people.len() > 5);
    contacts.push(987_654.into());
    people.extend(["12-987".into(), "12".into()]);
    for (on, word, ids, missing, calls) in [
        (System::Autotask, "Contacts", contacts, 1, 1),
        (System::Jim2, "getdata", people, 2, 2),
    ] {
        let before = site.calls(on, word).await;
        let read = site.hands.read(on, &ids).await.unwrap();
        assert_eq!(read.len(), ids.len() - missing, "{on}");
        assert_eq!(site.calls(on, word).await, before + calls, "{on}");
    }
    assert!(site.calls(System::Autotask, "Companies").await <= 1);
}

#[tokio::test]
async fn those_who_may_have_to_be_made_tell_whose_they_are() {
    let site = Site::new().await;
    let contact: RecordId = site.contacts().await[0].id.into();
    let half = site.half(System::Autotask, &contact).await;
    assert!(half.fact("company_type").is_some(), "{half:?}");
    let refer = Act::Refer {
        on: System::Autotask,
        id: contact.clone(),
        to: Some("12-1".into()),
        generation: 1,
        knowing: sync::Fields::new(),
    };
    site.hands.perform(&refer).await.unwrap();
    let before = site.calls(System::Autotask, "Companies").await;
    let half = site.half(System::Autotask, &contact).await;
    assert_eq!(half.fact("company_type"), None, "nobody needs it any more");
    assert_eq!(site.calls(System::Autotask, "Companies").await, before);

    let person = &site.people().await[0];
    let id = RecordId::from(part_id::join(person.card_no, person.cont_no));
    let half = site.half(System::Jim2, &id).await;
    assert!(half.fact("is_customer").is_some(), "{half:?}");
}
