//! The client against the stand-in of Jim2, which was written from the documents and knows no type of ours.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking")]

#[path = "sandbox/billing.rs"]
mod billing;
#[path = "sandbox/presence.rs"]
mod presence;

use std::{sync::Arc, time::Duration};

use domain::{SystemClock, Told};
use jim2::{
    Address, CardFileChanges, CardFileCreate, Client, ContactChanges, Created, Credentials, Error,
    JobChanges, JobCreate, LabourChanges, LocalSession, Object, Settings, Which,
};
use reqwest::Method;
use sandbox::{
    jim2::{ErrorBodies, Jim2, Options, Paging},
    provider::{Provider, Size},
};
use serde_json::{Value, json};

/// A small site, a client of it, and the hands of the people who work there.
struct Site {
    jim2: Jim2,
    http: rest::Client,
    client: Client,
}

impl Site {
    async fn new() -> Self {
        Self::with(|_| (), |_| ()).await
    }

    async fn with(
        options: impl FnOnce(&mut Options),
        settings: impl FnOnce(&mut Settings),
    ) -> Self {
        let mut set_up = Options::default().taking_every_jobcreate_field();
        options(&mut set_up);
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let provider = Provider::generate(7, &Size::small(), now);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let credentials = Credentials {
            client_id: set_up.client_id.clone(),
            secret: set_up.client_secret.clone().into(),
        };
        let zone = set_up.time_zone;
        let app = set_up.app.clone();
        let jim2 = Jim2::start(listener, &provider, set_up).await.unwrap();
        let base = format!("{}/{app}/", jim2.base_url()).parse().unwrap();
        let mut site_settings = Settings::new(base, credentials, zone);
        settings(&mut site_settings);
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let client = Client::new(
            http.clone(),
            site_settings,
            Arc::new(SystemClock),
            Arc::new(LocalSession::default()),
        );
        Self { jim2, http, client }
    }

    /// What a person does at a screen of Jim2.
    async fn hand(&self, act: &str, body: Value) -> Value {
        let url = format!("{}/sandbox/{act}", self.jim2.base_url());
        let request = self.http.request(Method::POST, url).json(&body);
        let answer = self.http.send("hand", request).await.unwrap();
        answer.json().unwrap()
    }

    /// A card that is a customer, and a job of it.
    async fn job(&self) -> (i64, i64) {
        let cards = self.client.cardfiles_after(0, 500).await.unwrap();
        let customer = cards
            .iter()
            .find(|card| card.is_customer == Told::Is(true) && card.active == Told::Is(true))
            .unwrap();
        let job = JobCreate {
            item_code: Some("SERVICE".to_owned()),
            our_ref: Some("T20261123.0001/1".to_owned()),
            fault_desc: Some("Printer on fire\n\nThird floor.".to_owned()),
            cust_no: customer.card_no,
            ..JobCreate::default()
        };
        let created = self.client.create_job(&job, "CB-1", false).await.unwrap();
        let Created::Job { job_no } = created else {
            unreachable!("it was not put on the queue");
        };
        (customer.card_no, job_no)
    }
}

fn is(text: &str) -> Told<String> {
    Told::Is(text.to_owned())
}

#[tokio::test]
async fn every_named_query_has_the_columns_agreed_upon() {
    let site = Site::new().await;
    let capabilities = site.client.probe_named_queries().await.unwrap();
    assert!(capabilities.named_queries(), "{capabilities:?}");
    let site = Site::with(|options| options.named_queries = false, |_| ()).await;
    let error = site.client.system().await.unwrap_err();
    assert!(matches!(error, Error::NoSuchQuery(_)), "{error:?}");
}

#[tokio::test]
async fn a_job_made_is_read_back_and_found_by_its_reference_without_the_generation() {
    let site = Site::new().await;
    let (customer, job_no) = site.job().await;
    let jobs = site.client.jobs(&[job_no, 999_999]).await.unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].cust_no, Told::Is(customer));
    assert_eq!(jobs[0].status, is("Booked"));
    assert_eq!(jobs[0].fault_desc, is("Printer on fire\n\nThird floor."));
    assert_eq!(jobs[0].inv_no, Told::Empty);
    let by_ref = site
        .client
        .jobs_by_ref(&["T20261123.0001".to_owned()])
        .await
        .unwrap();
    assert!(by_ref.iter().any(|job| job.job_no == job_no), "{by_ref:?}");
    let after = site
        .client
        .jobs_after(job_no - 1, 5, Which::Open)
        .await
        .unwrap();
    assert_eq!(after[0].job_no, job_no);
}

#[tokio::test]
async fn named_queries_and_resources_tell_the_same_of_a_job() {
    let site = Site::new().await;
    let (customer, job_no) = site.job().await;
    let mut settings = site.client.settings().clone();
    settings.named_queries = false;
    let plain = Client::new(
        site.http.clone(),
        settings,
        Arc::new(SystemClock),
        Arc::new(LocalSession::default()),
    );
    let due = Told::Is("2026-11-25T06:30:00Z".parse().unwrap());
    let changes = JobChanges {
        date_due: due.clone(),
        cust_ref: is("PO 77"),
        ..JobChanges::default()
    };
    site.client.update_job(job_no, &changes).await.unwrap();
    for client in [&site.client, &plain] {
        let job = client.jobs(&[job_no]).await.unwrap().remove(0);
        assert_eq!(job.date_due, due);
        assert_eq!(job.cust_ref, is("PO 77"));
        assert_eq!(job.our_ref, is("T20261123.0001/1"));
        assert!(job.cust_no.is_told());
        let comments = client.job_comments(&[job_no]).await.unwrap();
        assert_eq!(
            comments.len(),
            1,
            "the stamp of the first status: {comments:?}"
        );
        let found = client
            .jobs_by_ref(&["T20261123.0001".to_owned()])
            .await
            .unwrap();
        assert!(found.iter().any(|job| job.job_no == job_no));
        let mentioning = ["O 7".to_owned()];
        let found = client.jobs_mentioning(&mentioning, &[customer]).await;
        let mut found = found.unwrap().into_iter();
        assert!(found.any(|job| job.job_no == job_no && job.cust_ref == is("PO 77")));
    }
    let since = "2026-01-01T00:00:00Z".parse().unwrap();
    let all = plain.jobs_modified_since(since).await.unwrap();
    assert!(all.iter().any(|job| job.job_no == job_no));
}

#[tokio::test]
async fn a_job_made_twice_through_the_queue_is_made_once() {
    let site = Site::new().await;
    let (customer, _) = site.job().await;
    let job = JobCreate {
        cust_no: customer,
        our_ref: Some("T20261123.0002/1".to_owned()),
        ..JobCreate::default()
    };
    let first = site.client.create_job(&job, "CB-2", true).await.unwrap();
    assert!(matches!(first, Created::Queued { .. }), "{first:?}");
    let second = site
        .client
        .create_job(&job, "CB-2", true)
        .await
        .unwrap_err();
    assert!(
        matches!(second, Error::Refused { status: 409, .. }),
        "{second:?}"
    );
}

#[tokio::test]
async fn the_workflow_is_obeyed_step_by_step() {
    let site = Site::new().await;
    let (_, job_no) = site.job().await;
    let error = site
        .client
        .set_job_status(job_no, "FINISH")
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Workflow { from, to, .. } if from == "Booked" && to == "FINISH"),
        "{error:?}"
    );
    for status in ["Proceed", "Checked", "FINISH"] {
        site.client.set_job_status(job_no, status).await.unwrap();
    }
    let jobs = site.client.jobs(&[job_no]).await.unwrap();
    assert_eq!(jobs[0].status, is("FINISH"));
}

#[tokio::test]
async fn locked_ready_and_invoiced_jobs_refuse_each_in_its_own_way() {
    let site = Site::new().await;
    let (_, job_no) = site.job().await;
    for status in ["Proceed", "Checked", "FINISH"] {
        site.client.set_job_status(job_no, status).await.unwrap();
    }
    let by = initials_of_a_user(&site).await;
    let touch = async || {
        site.client
            .set_job_status(job_no, "Checked")
            .await
            .unwrap_err()
    };
    site.hand("lock", json!({"job": job_no, "by": by})).await;
    let error = touch().await;
    assert!(
        matches!(&error, Error::Locked { by: Some(who) } if *who == by),
        "{error:?}"
    );
    site.hand("unlock", json!({"job": job_no})).await;
    site.hand("ready", json!({"job": job_no, "ready": true}))
        .await;
    let error = touch().await;
    assert!(matches!(error, Error::JobReady), "{error:?}");
    let invoice = site.hand("invoice", json!({"jobs": [job_no]})).await["invNo"].as_i64();
    let error = touch().await;
    assert!(
        matches!(error, Error::JobInvoiced { invoice: told } if told == invoice && told.is_some()),
        "{error:?}"
    );
    let jobs = site.client.jobs(&[job_no]).await.unwrap();
    assert_eq!(jobs[0].inv_no.get().copied(), invoice);
}

async fn initials_of_a_user(site: &Site) -> String {
    let lists = site.client.lists().await.unwrap();
    let user = lists
        .iter()
        .find(|entry| entry.list == "User" && entry.active == Told::Is(true) && entry.code != "API")
        .unwrap();
    user.code.clone()
}

#[tokio::test]
async fn what_a_build_cannot_write_is_told_by_name() {
    let site = Site::new().await;
    let (_, job_no) = site.job().await;
    let changes = JobChanges {
        name_init: is("JC"),
        ..JobChanges::default()
    };
    let error = site.client.update_job(job_no, &changes).await.unwrap_err();
    assert!(
        matches!(&error, Error::NotWritable { attribute } if attribute == "Name"),
        "{error:?}"
    );
    assert!(!site.client.job_comments_writable().await.unwrap());
    let error = site
        .client
        .add_job_comment(job_no, "Hi", false)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotWritable { .. }), "{error:?}");
}

#[tokio::test]
async fn comments_are_added_and_changed_where_the_build_can() {
    let site = Site::with(|options| options.job_comments_writable = true, |_| ()).await;
    assert!(site.client.job_comments_writable().await.unwrap());
    let (_, job_no) = site.job().await;
    let line = site
        .client
        .add_job_comment(job_no, "Hi", true)
        .await
        .unwrap();
    site.client
        .update_job_comment(job_no, line, "Hello")
        .await
        .unwrap();
    let comments = site.client.job_comments(&[job_no]).await.unwrap();
    let comment = comments
        .iter()
        .find(|comment| comment.line_id == line)
        .unwrap();
    assert_eq!(comment.comment, is("Hello"));
    assert_eq!(comment.include, Told::Is(true));
    assert_eq!(comment.modify_init, is("API"));
}

#[tokio::test]
async fn the_change_feed_tells_who_changed_what_and_moves_on() {
    let site = Site::new().await;
    let start = site.client.changes(0, 10_000).await.unwrap();
    let system = site.client.system().await.unwrap();
    assert_eq!(start.identity, system.identity);
    let (_, job_no) = site.job().await;
    let by = initials_of_a_user(&site).await;
    let edit = json!({"entity": "Job", "id": job_no, "by": by, "set": {"CustRef": "PO 1"}});
    site.hand("edit", edit).await;
    let changes = site.client.changes(start.safe_mark, 100).await.unwrap();
    let of_job: Vec<_> = changes
        .rows
        .iter()
        .filter(|change| change.object == Object::Job && change.key == job_no.to_string())
        .map(|change| change.by.clone())
        .collect();
    assert_eq!(of_job, [is("API"), is(&by)]);
    let rest = site.client.changes(changes.safe_mark, 100).await.unwrap();
    assert_eq!(rest.rows, []);
}

#[tokio::test]
async fn a_change_still_uncommitted_holds_the_safe_mark_back() {
    let site = Site::new().await;
    let start = site.client.changes(0, 10_000).await.unwrap().safe_mark;
    site.hand("hold-transaction", json!({"until": "released"}))
        .await;
    let (_, job_no) = site.job().await;
    let held = site.client.changes(start, 100).await.unwrap();
    assert_eq!(held.rows, [], "{held:?}");
    site.hand("release-transaction", json!({})).await;
    let changes = site.client.changes(start, 100).await.unwrap();
    assert!(
        changes
            .rows
            .iter()
            .any(|change| change.key == job_no.to_string())
    );
}

fn harbour_view() -> CardFileCreate {
    CardFileCreate {
        card_code: Some("HARBOUR.V".to_owned()),
        name: "Harbour View Dental".to_owned(),
        is_customer: true,
        address: Some(Address {
            street_address: "1 George St".to_owned(),
            suburb: "Sydney".to_owned(),
            state: "NSW".to_owned(),
            post_code: "2000".to_owned(),
            country: "Australia".to_owned(),
        }),
        abn: Some("51824753556".to_owned()),
        contacts: vec![ContactChanges {
            first_name: is("Ann"),
            last_name: is("Lee"),
            ..ContactChanges::default()
        }],
        ..CardFileCreate::default()
    }
}

#[tokio::test]
async fn a_cardfile_is_made_once_and_changed_in_name_and_address() {
    let site = Site::new().await;
    let made = site.client.create_cardfile(&harbour_view()).await.unwrap();
    assert_eq!(made.card_code, is("HARBOUR.V"));
    let again = site
        .client
        .create_cardfile(&harbour_view())
        .await
        .unwrap_err();
    assert!(matches!(again, Error::Refused { .. }), "{again:?}");
    let changes = CardFileChanges {
        name: is("Harbour View Dental Care"),
        address: Told::Is(Address {
            suburb: "The Rocks".to_owned(),
            ..harbour_view().address.unwrap()
        }),
    };
    site.client
        .update_cardfile(made.card_no, &changes)
        .await
        .unwrap();
    let codes = ["HARBOUR.V".to_owned()];
    let card = site
        .client
        .cardfiles_by_code(&codes)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(card.card_no, made.card_no);
    assert_eq!(card.name, is("Harbour View Dental Care"));
    assert_eq!(card.suburb, is("The Rocks"));
    assert_eq!(card.post_code, is("2000"));
    assert_eq!(card.is_customer, Told::Is(true));
    let people = site.client.card_contacts(&[made.card_no]).await.unwrap();
    assert_eq!(people.len(), 1);
}

#[tokio::test]
async fn a_contact_is_made_and_one_detail_of_it_changed() {
    for contact_ids in [
        (
            sandbox::jim2::ContactIds::CardAndContact,
            jim2::ContactIds::CardAndContact,
        ),
        (
            sandbox::jim2::ContactIds::ContactOnly,
            jim2::ContactIds::ContactOnly,
        ),
    ] {
        let site = Site::with(
            |options| options.contact_ids = contact_ids.0,
            |settings| settings.contact_ids = contact_ids.1,
        )
        .await;
        let card_no = site
            .client
            .create_cardfile(&harbour_view())
            .await
            .unwrap()
            .card_no;
        let types = &site.client.settings().contact_types;
        let contact = ContactChanges {
            first_name: is("Bo"),
            last_name: is("Ng"),
            details: Told::Is(
                jim2::Contact::default().details_with(&types.email, "bo@example.com"),
            ),
            ..ContactChanges::default()
        };
        let cont_no = site.client.create_contact(card_no, &contact).await.unwrap();
        let read = async || {
            let contacts = site.client.contacts(&[(card_no, cont_no)]).await.unwrap();
            contacts.into_iter().next().unwrap()
        };
        let changes = ContactChanges {
            details: Told::Is(read().await.details_with(&types.mobile, "0400 000 000")),
            ..ContactChanges::default()
        };
        site.client
            .update_contact(card_no, cont_no, &changes)
            .await
            .unwrap();
        let contact = read().await;
        assert_eq!(contact.email(types), is("bo@example.com"));
        assert_eq!(contact.mobile(types), is("0400 000 000"));
        assert_eq!(contact.last_name, is("Ng"));
    }
}

#[tokio::test]
async fn reading_goes_on_when_every_licence_is_taken() {
    let site = Site::with(|options| options.licences = 0, |_| ()).await;
    assert!(!site.client.cardfiles_after(0, 5).await.unwrap().is_empty());
    let error = site
        .client
        .create_cardfile(&harbour_view())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NoLicence), "{error:?}");
}

#[tokio::test]
async fn closing_the_writing_session_frees_the_licence() {
    let site = Site::with(|options| options.licences = 1, |_| ()).await;
    site.client.create_cardfile(&harbour_view()).await.unwrap();
    site.client.close_writing_session().await.unwrap();
    let other = Client::new(
        site.http.clone(),
        site.client.settings().clone(),
        Arc::new(SystemClock),
        Arc::new(LocalSession::default()),
    );
    let card = CardFileCreate {
        card_code: None,
        ..harbour_view()
    };
    other.create_cardfile(&card).await.unwrap();
    let error = site.client.create_cardfile(&card).await.unwrap_err();
    assert!(matches!(error, Error::NoLicence), "{error:?}");
}

#[tokio::test]
async fn a_write_whose_answer_is_cut_off_may_have_been_done_and_was() {
    let site = Site::with(
        |_| (),
        |settings| settings.deadline = Duration::from_secs(5),
    )
    .await;
    site.job().await;
    site.hand(
        "fault",
        json!({"name": "lost-answer", "on": true, "count": 1}),
    )
    .await;
    let error = site
        .client
        .create_cardfile(&harbour_view())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::MaybeDone(_)), "{error:?}");
    let codes = ["HARBOUR.V".to_owned()];
    assert_eq!(
        site.client.cardfiles_by_code(&codes).await.unwrap().len(),
        1
    );
    site.hand(
        "fault",
        json!({"name": "unavailable", "on": true, "count": 1}),
    )
    .await;
    let error = site.client.jobs(&[1]).await.unwrap_err();
    assert!(matches!(error, Error::Away(_)), "{error:?}");
}

#[tokio::test]
async fn a_refusal_means_the_same_in_whatever_shape_it_is_told() {
    for bodies in [
        ErrorBodies::JsonApi,
        ErrorBodies::Message,
        ErrorBodies::PlainText,
    ] {
        let site = Site::with(|options| options.error_bodies = bodies, |_| ()).await;
        let (_, job_no) = site.job().await;
        let error = site.client.set_job_status(job_no, "FINISH").await;
        assert!(
            matches!(&error, Err(Error::Workflow { from, to, .. }) if from == "Booked" && to == "FINISH"),
            "{bodies:?}: {error:?}"
        );
        for status in ["Proceed", "Checked", "FINISH"] {
            site.client.set_job_status(job_no, status).await.unwrap();
        }
        let by = initials_of_a_user(&site).await;
        let touch = async || site.client.set_job_status(job_no, "Checked").await;
        site.hand("lock", json!({"job": job_no, "by": by})).await;
        let error = touch().await;
        assert!(
            matches!(&error, Err(Error::Locked { by: Some(who) }) if *who == by),
            "{bodies:?}: {error:?}"
        );
        site.hand("unlock", json!({"job": job_no})).await;
        site.hand("ready", json!({"job": job_no})).await;
        let error = touch().await;
        assert!(
            matches!(error, Err(Error::JobReady)),
            "{bodies:?}: {error:?}"
        );
        let invoice = site.hand("invoice", json!({"jobs": [job_no]})).await["invNo"].as_i64();
        let error = touch().await;
        assert!(
            matches!(error, Err(Error::JobInvoiced { invoice: told }) if told == invoice),
            "{bodies:?}: {error:?}"
        );
        assert!(!site.client.job_comments_writable().await.unwrap());
        let plain = without_queries(&site);
        assert_eq!(plain.jobs(&[999_999]).await.unwrap(), [], "{bodies:?}");
    }
}

#[tokio::test]
async fn missing_queries_and_licences_and_repeats_are_told_apart_in_every_shape() {
    for bodies in [ErrorBodies::Message, ErrorBodies::PlainText] {
        let site = Site::with(
            |options| {
                options.error_bodies = bodies;
                options.named_queries = false;
            },
            |_| (),
        )
        .await;
        let error = site.client.system().await;
        assert!(
            matches!(error, Err(Error::NoSuchQuery(_))),
            "{bodies:?}: {error:?}"
        );
        let set = |options: &mut Options| {
            options.error_bodies = bodies;
            options.licences = 0;
        };
        let site = Site::with(set, |_| ()).await;
        let error = site.client.create_cardfile(&harbour_view()).await;
        assert!(
            matches!(error, Err(Error::NoLicence)),
            "{bodies:?}: {error:?}"
        );
        let site = Site::with(|options| options.error_bodies = bodies, |_| ()).await;
        site.client.create_cardfile(&harbour_view()).await.unwrap();
        let again = site.client.create_cardfile(&harbour_view()).await;
        assert!(
            matches!(again, Err(Error::Refused { status: 409, .. })),
            "{bodies:?}: {again:?}"
        );
    }
}

/// The site's client, as if nobody had installed the named queries.
fn without_queries(site: &Site) -> Client {
    let mut settings = site.client.settings().clone();
    settings.named_queries = false;
    Client::new(
        site.http.clone(),
        settings,
        Arc::new(SystemClock),
        Arc::new(LocalSession::default()),
    )
}

#[tokio::test]
async fn a_list_is_read_whole_however_it_is_paged() {
    for paging in [Paging::JsonApi, Paging::PageNoPageSize, Paging::None] {
        let site = Site::with(
            |options| {
                options.paging = paging;
                options.page_size = 2;
                options.page_size_max = 3;
            },
            |_| (),
        )
        .await;
        let there = site.client.cardfiles_after(0, 500).await.unwrap().len();
        let since = "2026-01-01T00:00:00Z".parse().unwrap();
        let read = without_queries(&site).cardfiles_modified_since(since).await;
        assert_eq!(read.unwrap().len(), there, "{paging:?}");
        assert!(there > 3);
    }
}

#[tokio::test]
async fn a_writing_session_about_to_end_is_renewed_without_a_second_licence() {
    for refresh_grant in [false, true] {
        let site = Site::with(
            |options| {
                options.refresh_grant = refresh_grant;
                options.licences = 1;
                // Shorter than what a token must still hold, so that every write renews it.
                options.token_life_minutes = 1;
            },
            |_| (),
        )
        .await;
        for code in ["FIRST", "SECOND", "THIRD"] {
            let card = CardFileCreate {
                card_code: Some(code.to_owned()),
                ..harbour_view()
            };
            let made = site.client.create_cardfile(&card).await;
            assert!(made.is_ok(), "{refresh_grant} {code}: {made:?}");
        }
    }
}

#[tokio::test]
async fn a_field_that_jobcreate_does_not_take_is_told_by_its_name_and_nothing_is_made() {
    let site = Site::with(|options| *options = Options::default(), |_| ()).await;
    let cards = site.client.cardfiles_after(0, 500).await.unwrap();
    let customer = cards
        .iter()
        .find(|card| card.is_customer == Told::Is(true))
        .unwrap();
    let job = JobCreate {
        cust_no: customer.card_no,
        our_ref: Some("T20261123.0009/1".to_owned()),
        ..JobCreate::default()
    };
    let refused = JobCreate {
        fault_desc: Some("Smoke".to_owned()),
        ..job.clone()
    };
    let error = site.client.create_job(&refused, "CB-9", false).await;
    assert!(
        matches!(&error, Err(Error::NotWritable { attribute }) if attribute == "faultDesc"),
        "{error:?}"
    );
    let by_ref = async || {
        let key = ["T20261123.0009".to_owned()];
        site.client.jobs_by_ref(&key).await.unwrap().len()
    };
    assert_eq!(by_ref().await, 0);
    site.client.create_job(&job, "CB-9", false).await.unwrap();
    assert_eq!(by_ref().await, 1, "what the documents show is taken");
}

#[tokio::test]
async fn labour_is_added_changed_and_read_by_the_clock_on_the_wall() {
    let site = Site::new().await;
    let (_, job_no) = site.job().await;
    let lists = site.client.lists().await.unwrap();
    let user = lists
        .iter()
        .find(|entry| entry.list == "User" && entry.active == Told::Is(true));
    let user = user.unwrap().code.clone();
    // The second of the two half past twos of the night in which the clocks are set back: there is no way to say which.
    let start = "2026-04-05T02:30:00".parse().unwrap();
    let line = LabourChanges {
        start: Told::Is(start),
        minutes: Told::Is(95),
        labour_type: is("Remote"),
        labour_init: is(&user),
        comment: is("Restored the mailbox"),
    };
    let line_id = site.client.add_job_labour(job_no, &line).await.unwrap();
    let lines = site.client.job_labour(job_no).await.unwrap();
    assert_eq!((lines.len(), lines[0].line_id), (1, line_id));
    assert_eq!(
        (&lines[0].start, &lines[0].minutes),
        (&Told::Is(start), &Told::Is(95))
    );
    assert_eq!(lines[0].labour_init, is(&user));
    assert_eq!(lines[0].add_init, is("API"));
    let nothing = LabourChanges {
        minutes: Told::Is(0),
        comment: Told::Empty,
        ..LabourChanges::default()
    };
    let client = &site.client;
    client
        .update_job_labour(job_no, line_id, &nothing)
        .await
        .unwrap();
    let lines = client.job_labour(job_no).await.unwrap();
    assert_eq!(
        (&lines[0].minutes, &lines[0].comment),
        (&Told::Is(0), &Told::Empty)
    );
    assert_eq!(
        lines[0].labour_type,
        is("Remote"),
        "what was not named stays"
    );
    assert_eq!(client.job_labour(999_999).await.unwrap(), []);
    let nobody = LabourChanges {
        labour_init: is("ZZZ"),
        ..line
    };
    let refused = client.add_job_labour(job_no, &nobody).await.unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused:?}");
}
