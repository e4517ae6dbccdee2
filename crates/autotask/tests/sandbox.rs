//! The client against the stand-in of Autotask, which shares no type with it.
#![expect(
    clippy::unwrap_used,
    reason = "a test may panic; clippy's own exception misses helpers"
)]

#[path = "sandbox/billing.rs"]
mod billing;
#[path = "sandbox/presence.rs"]
mod presence;

use std::{sync::Arc, time::Duration};

use autotask::{
    BillingCode, Client, Company, Contact, Credentials, Draft, Entity, Error, Filter, LocalGate,
    Query, Resource, Role, Settings, Subscription, Ticket, TicketNote, UdfDefinition, UdfKind,
    WebhookDraft, WebhookKind,
};
use chrono::{DateTime, Utc};
use domain::{Told, Value};
use sandbox::{
    autotask::{API_RESOURCE, Autotask, Denial, Options},
    provider::{Provider, Size},
};
use tokio::net::TcpListener;

fn now() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

async fn start(options: Options) -> (Autotask, Client) {
    let provider = Provider::generate(7, &Size::small(), now());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let autotask = Autotask::start(listener, &provider, options).await.unwrap();
    let client = client(&autotask, "sandbox-secret");
    (autotask, client)
}

fn client(autotask: &Autotask, secret: &str) -> Client {
    let credentials = Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: secret.into(),
        integration_code: "SANDBOX".into(),
    };
    let settings = Settings {
        discovery_url: format!("{}/ATServicesRest/", autotask.base_url())
            .parse()
            .unwrap(),
        deadline: Duration::from_secs(10),
        ..Settings::new(credentials)
    };
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    Client::new(http, settings, Arc::new(LocalGate::default())).unwrap()
}

/// A ticket's required fields for some company.
async fn ticket_draft(client: &Client) -> Draft {
    let customers = Query::of(Filter::gt("id", 0)).page_rows(1);
    let page = client
        .query_page::<Company>(&customers, None)
        .await
        .unwrap();
    Draft::new()
        .set("companyID", page.items[0].id)
        .set("title", "Printer is \"jammed\" – façade")
        .set("status", 1)
        .set("priority", 2)
        .set("queueID", 29_682_833)
}

#[tokio::test]
async fn a_ticket_is_created_found_changed_and_cleared() {
    let (_autotask, client) = start(Options::default()).await;
    let due = "2026-12-01T05:30:00.500Z".parse().unwrap();
    let draft = ticket_draft(&client)
        .await
        .set("externalID", "J10")
        .set_time("dueDateTime", due)
        .set_udf("Jim2 Job#", "10");
    let id = client.create::<Ticket>((), &draft).await.unwrap();
    let ticket: Ticket = client.get(id).await.unwrap().unwrap();
    assert_eq!(
        ticket.title,
        Told::Is("Printer is \"jammed\" – façade".to_owned())
    );
    assert_eq!(ticket.due_date_time, Told::Is(due));
    assert_eq!(ticket.creator_resource_id, Told::Is(API_RESOURCE));
    assert!(ticket.ticket_number.get().unwrap().starts_with('T'));
    assert_eq!(ticket.udf("Jim2 Job#"), Told::Is("10".to_owned()));
    assert_eq!(ticket.udf("Jim2 sync"), Told::Empty);

    let udfs = ["Jim2 Job#".to_owned()];
    let by_reference = client
        .where_in::<Ticket, _>("externalID", &["J10", "J11"], &udfs)
        .await
        .unwrap();
    assert_eq!(
        by_reference.iter().map(|row| row.id).collect::<Vec<_>>(),
        [id]
    );
    assert_eq!(by_reference[0].udf("Jim2 Job#"), Told::Is("10".to_owned()));

    let changes = Draft::new()
        .set("status", 8)
        .set("externalID", Value::Empty)
        .set_udf("Jim2 Job#", "");
    client.update::<Ticket>((), id, &changes).await.unwrap();
    let ticket: Ticket = client.get(id).await.unwrap().unwrap();
    assert_eq!(ticket.status, Told::Is(8));
    assert_eq!(ticket.external_id, Told::Empty);
    assert_eq!(ticket.udf("Jim2 Job#"), Told::Empty);
    assert_eq!(ticket.priority, Told::Is(2), "what is not named stays");
    assert_eq!(client.get::<Ticket>(987_654_321).await.unwrap(), None);
}

#[tokio::test]
async fn notes_and_contacts_are_written_under_their_parents() {
    let (_autotask, client) = start(Options::default()).await;
    let ticket = client
        .create::<Ticket>((), &ticket_draft(&client).await)
        .await
        .unwrap();
    let note = Draft::new()
        .set("ticketID", ticket)
        .set("title", "From Jim2")
        .set("description", "Parts ordered")
        .set("noteType", 3)
        .set("publish", 2);
    let note = client.create::<TicketNote>(ticket, &note).await.unwrap();
    let changed = Draft::new().set("description", "Parts arrived");
    client
        .update::<TicketNote>(ticket, note, &changed)
        .await
        .unwrap();
    let notes: Vec<TicketNote> = client.where_in("ticketID", &[ticket], &[]).await.unwrap();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].description, Told::Is("Parts arrived".to_owned()));
    assert_eq!(notes[0].publish, Told::Is(2));

    let contacts: Vec<Contact> = client.query_all(&Query::everything()).await.unwrap();
    let company = *contacts[0].company_id.get().unwrap();
    let draft = Draft::new()
        .set("firstName", "Ann")
        .set("lastName", "Lee")
        .set("isActive", 1);
    let contact = client.create::<Contact>(company, &draft).await.unwrap();
    let changed = Draft::new().set("isActive", 0).set("externalID", "12-1");
    client
        .update::<Contact>(company, contact, &changed)
        .await
        .unwrap();
    let read: Contact = client.get(contact).await.unwrap().unwrap();
    assert_eq!(
        (read.is_active, read.company_id),
        (Told::Is(0), Told::Is(company))
    );
    client.delete::<Contact>(company, contact).await.unwrap();
    let again = client
        .delete::<Contact>(company, contact)
        .await
        .unwrap_err();
    assert!(matches!(again, Error::Gone { .. }), "{again:?}");
}

#[tokio::test]
async fn everything_is_read_in_pages_and_counted() {
    let (_autotask, client) = start(Options::default()).await;
    let small_pages = Query::everything().page_rows(7);
    let companies: Vec<Company> = client.query_all(&small_pages).await.unwrap();
    let counted = client
        .count::<Company>(&Filter::everything())
        .await
        .unwrap();
    assert_eq!(u64::try_from(companies.len()).unwrap(), counted);
    assert_eq!(companies[0].id, 0, "the provider itself");
    let ids: Vec<i64> = companies.iter().map(|company| company.id).collect();
    let by_ids: Vec<Company> = client.by_ids(&ids, &[]).await.unwrap();
    assert_eq!(by_ids.len(), ids.len());
    let changed = Query::of(Filter::gte(
        "lastActivityDate",
        now() - chrono::TimeDelta::days(4000),
    ));
    assert!(
        !client
            .query_all::<Ticket>(&changed)
            .await
            .unwrap()
            .is_empty()
    );
    let only = client
        .query_page::<Ticket>(&changed.only(&["status"]), None)
        .await
        .unwrap();
    assert_eq!(only.items[0].title, Told::Not);
    assert!(only.items[0].status.is_told());
    let roles: Vec<Role> = client.query_all(&Query::everything()).await.unwrap();
    assert!(roles.iter().all(|role| role.hourly_rate.get().is_some()));
    let codes: Vec<BillingCode> = client.query_all(&Query::everything()).await.unwrap();
    assert!(codes.iter().all(|code| code.use_type.get().is_some()));
}

#[tokio::test]
async fn refusals_carry_the_reasons() {
    let (_autotask, client) = start(Options::default()).await;
    let wrong = ticket_draft(&client).await.set("priority", 99);
    let error = client.create::<Ticket>((), &wrong).await.unwrap_err();
    assert!(
        matches!(&error, Error::Invalid { messages, .. } if messages[0].contains("priority")),
        "{error:?}"
    );
    let missing = Draft::new().set("title", "x");
    let error = client.create::<Ticket>((), &missing).await.unwrap_err();
    assert!(
        matches!(&error, Error::Invalid { messages, .. } if messages.len() > 1),
        "{error:?}"
    );
    let nowhere = client
        .update::<Ticket>((), 987_654_321, &missing)
        .await
        .unwrap_err();
    assert!(matches!(nowhere, Error::Gone { .. }), "{nowhere:?}");
}

#[tokio::test]
async fn wrong_credentials_and_missing_rights_are_told_apart() {
    let denied = [
        ("Companies".to_owned(), Denial::Forbidden),
        ("Contacts".to_owned(), Denial::Text),
    ];
    let (autotask, client) = start(Options {
        denied: denied.into(),
        ..Options::default()
    })
    .await;
    let error = client.get::<Company>(0).await.unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error:?}");
    let error = client.get::<Contact>(1).await.unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error:?}");
    let stranger = self::client(&autotask, "guessed");
    let error = stranger.threshold().await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
}

#[tokio::test]
async fn the_hourly_threshold_stops_and_a_burst_does_not_meet_the_thread_limit() {
    let options = Options {
        hourly_threshold: 9,
        answer_delay: Duration::from_millis(20),
        ..Options::default()
    };
    let (_autotask, client) = start(options).await;
    let get = || client.get::<Company>(0);
    for _ in 0..2 {
        let (one, two, three, four) = tokio::join!(get(), get(), get(), get());
        for answer in [one, two, three, four] {
            assert!(answer.unwrap().is_some());
        }
    }
    assert_eq!(client.threshold().await.unwrap().used, 9);
    let error = get().await.unwrap_err();
    assert!(matches!(error, Error::SlowDown { .. }), "{error:?}");
}

#[tokio::test]
async fn metadata_name_picklists_rights_and_user_defined_fields() {
    let (_autotask, client) = start(Options::default()).await;
    let fields = client.fields::<Ticket>().await.unwrap();
    let status = fields.iter().find(|field| field.name == "status").unwrap();
    assert!(status.is_pick_list && status.is_required);
    let complete = status
        .picklist_values
        .iter()
        .find(|value| value.value == "5")
        .unwrap();
    assert_eq!(complete.label, "Complete");
    let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    for field in Ticket::FIELDS {
        assert!(
            known.contains(field),
            "{field} is in IncludeFields and not in the metadata"
        );
    }
    let udfs = client.udfs::<Ticket>().await.unwrap();
    assert!(udfs.iter().any(|field| field.name == "Jim2 Job#"));
    assert!(client.udfs::<Resource>().await.unwrap().is_empty());
    assert!(
        client
            .entity_information::<Ticket>()
            .await
            .unwrap()
            .supports_webhook_callouts
    );
    let us = client.whoami().await.unwrap().unwrap();
    assert_eq!(us.id, API_RESOURCE);
}

#[tokio::test]
async fn webhooks_are_made_watched_and_deleted() {
    let (_autotask, client) = start(Options::default()).await;
    for kind in WebhookKind::ALL {
        let webhooks = client.webhooks(kind);
        let draft = WebhookDraft {
            name: format!("crossbill {}", kind.as_str()),
            webhook_url: format!("https://hooks.example/{}", kind.as_str()),
            deactivation_url: format!("https://hooks.example/{}/off", kind.as_str()),
            secret: "0123456789abcdef".into(),
            notification_email: "ops@example.com".to_owned(),
        };
        let id = webhooks.create(&draft).await.unwrap();
        assert!(
            !webhooks.get(id).await.unwrap().unwrap().calls(),
            "{kind:?} watches nothing"
        );
        let name = match kind {
            WebhookKind::Company => "companyName",
            WebhookKind::Contact => "firstName",
            WebhookKind::Ticket => "ticketNumber",
            WebhookKind::TicketNote => "title",
            WebhookKind::ConfigurationItem => "serialNumber",
        };
        let choices = webhooks.field_choices().await.unwrap();
        let field = choices.number(name).unwrap();
        webhooks
            .add_field(id, field, Subscription::WatchedAndAlwaysSent)
            .await
            .unwrap();
        webhooks.exclude(id, API_RESOURCE).await.unwrap();
        let made = webhooks.get(id).await.unwrap().unwrap();
        assert!(made.calls() && made.guid.get().is_some(), "{made:?}");
        assert_eq!(
            webhooks.fields(id).await.unwrap()[0].field_id,
            Told::Is(field)
        );
        assert_eq!(
            webhooks.excluded(id).await.unwrap()[0].resource_id,
            Told::Is(API_RESOURCE)
        );
        webhooks.update(id, &draft).await.unwrap();
        webhooks.activate(id).await.unwrap();
        assert_eq!(webhooks.list().await.unwrap().len(), 1);
        webhooks.delete(id).await.unwrap();
        assert_eq!(webhooks.get(id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_watched_user_defined_field_is_found_by_name() {
    let (_autotask, client) = start(Options::default()).await;
    let webhooks = client.webhooks(WebhookKind::Ticket);
    let draft = WebhookDraft {
        name: "crossbill".to_owned(),
        webhook_url: "https://hooks.example/t".to_owned(),
        deactivation_url: "https://hooks.example/t/off".to_owned(),
        secret: "0123456789abcdef".into(),
        notification_email: String::new(),
    };
    let id = webhooks.create(&draft).await.unwrap();
    let definition = webhooks
        .udf_choices()
        .await
        .unwrap()
        .number("Jim2 Job#")
        .unwrap();
    webhooks
        .add_udf_field(id, definition, Subscription::Watched)
        .await
        .unwrap();
    let watched = webhooks.udf_fields(id).await.unwrap();
    assert_eq!(watched[0].udf_field_id, Told::Is(definition));
}

async fn text_udf<E: Entity>(client: &Client) -> UdfKind {
    let fields = client.fields::<UdfDefinition>().await.unwrap();
    UdfKind::text_of::<E>(&fields).unwrap()
}

#[tokio::test]
async fn a_user_defined_field_is_made_looked_for_and_not_made_twice() {
    let (_autotask, client) = start(Options {
        crossbill_udfs: false,
        ..Options::default()
    })
    .await;
    assert_eq!(client.udfs::<Ticket>().await.unwrap(), []);
    let kind = text_udf::<Ticket>(&client).await;
    let name = "Jim2 Job#";
    assert_eq!(client.udf_definition(kind, name).await.unwrap(), None);
    let id = client.create_udf(kind, name, "by Crossbill").await.unwrap();
    let made = client.udf_definition(kind, name).await.unwrap().unwrap();
    assert_eq!(
        (made.id, made.is_active, made.description),
        (id, Told::Is(true), Told::Is("by Crossbill".to_owned()))
    );
    let fields = client.udfs::<Ticket>().await.unwrap();
    assert_eq!((fields.len(), fields[0].name.as_str()), (1, name));
    assert_eq!(fields[0].data_type, "string");

    let error = client.create_udf(kind, name, "").await.unwrap_err();
    assert!(
        matches!(&error, Error::Invalid { messages, .. } if messages[0].contains("already exists")),
        "{error:?}"
    );
    let of_companies = text_udf::<Company>(&client).await;
    assert_eq!(
        client.udf_definition(of_companies, name).await.unwrap(),
        None,
        "another entity's is another field"
    );
    client.create_udf(of_companies, name, "").await.unwrap();
}

#[tokio::test]
async fn the_right_to_make_user_defined_fields_may_be_missing() {
    for denial in [Denial::Forbidden, Denial::Text, Denial::Silence] {
        let (_autotask, client) = start(Options {
            denied: [("UserDefinedFieldDefinitions".to_owned(), denial)].into(),
            ..Options::default()
        })
        .await;
        let kind = text_udf::<Ticket>(&client).await;
        let error = client.create_udf(kind, "New", "").await.unwrap_err();
        assert!(matches!(error, Error::Forbidden { .. }), "{error:?}");
    }
}

/// Switches a fault of the stand-in on for the next call that it concerns.
async fn arm(autotask: &Autotask, fault: &str) {
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let request = http
        .request(
            reqwest::Method::POST,
            format!("{}/sandbox/fault", autotask.base_url()),
        )
        .json(&serde_json::json!({"name": fault, "on": true, "count": 1}));
    http.send("test.fault", request).await.unwrap();
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_maybe_done_and_found_by_its_reference() {
    let (autotask, client) = start(Options::default()).await;
    let draft = ticket_draft(&client).await.set("externalID", "J10");
    arm(&autotask, "lost-answer").await;
    let error = client.create::<Ticket>((), &draft).await.unwrap_err();
    assert!(matches!(error, Error::MaybeDone(_)), "{error:?}");
    let found = client
        .where_in::<Ticket, _>("externalID", &["J10"], &[])
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn an_unexplained_500_and_an_outage_are_no_refusals() {
    let (autotask, client) = start(Options::default()).await;
    let draft = ticket_draft(&client).await;
    arm(&autotask, "error-500").await;
    let error = client.get::<Company>(0).await.unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error:?}");
    arm(&autotask, "error-500").await;
    let error = client.create::<Ticket>((), &draft).await.unwrap_err();
    assert!(matches!(error, Error::MaybeDone(_)), "{error:?}");
    arm(&autotask, "unavailable").await;
    let error = client.get::<Company>(0).await.unwrap_err();
    assert!(matches!(error, Error::Away(_)), "{error:?}");
}

#[tokio::test]
async fn a_tenant_that_answers_differently_is_read_the_same() {
    let (_autotask, client) = start(Options {
        missing_id_404: true,
        naive_dates: true,
        omit_empty_udfs: true,
        ..Options::default()
    })
    .await;
    let due = "2026-12-01T05:30:00.500Z".parse().unwrap();
    let draft = ticket_draft(&client).await.set_time("dueDateTime", due);
    let id = client.create::<Ticket>((), &draft).await.unwrap();
    let ticket: Ticket = client.get(id).await.unwrap().unwrap();
    assert_eq!(ticket.due_date_time, Told::Is(due));
    assert_eq!(ticket.udf("Jim2 Job#"), Told::Empty, "read by id");
    let udfs = ["Jim2 Job#".to_owned()];
    let queried: Vec<Ticket> = client.by_ids(&[id], &udfs).await.unwrap();
    assert_eq!(
        queried[0].udf("Jim2 Job#"),
        Told::Not,
        "a query says nothing"
    );
    assert_eq!(client.get::<Ticket>(987_654_321).await.unwrap(), None);
}
