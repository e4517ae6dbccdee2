use serde_json::json;
use sqlx::PgPool;

use super::stage::{Lacks, Stage, args};
use crate::{connect::args::Create, operate::settings};

const INVOICE: &str = "Jim2 invoice#";
const CREDIT_HOLD: &str = "Jim2 credit hold";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_tenant_without_some_fields_is_connected_and_takes_them_up_once_they_are_made(
    pool: PgPool,
) {
    let mut stage = Stage::new(pool).await;
    let lacks = Lacks {
        fields: vec![INVOICE, CREDIT_HOLD],
        ..Lacks::default()
    };
    let front = stage.front(lacks).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(
        told.contains("tickets have no field \"Jim2 invoice#\"; Crossbill goes on without"),
        "{told}"
    );
    assert!(!told.contains("cannot make them"), "{told}");
    let stored = stage.stored().await;
    assert_eq!(stored.settings["udf.invoice_no"], json!(""));
    assert_eq!(stored.settings["udf.credit_hold"], json!(""));
    assert_eq!(stored.settings["udf.job_no"], json!("Jim2 Job#"));
    assert!(
        stored.pairs.iter().any(|(kind, _)| kind == "ticket"),
        "{told}"
    );

    // A person wants none of one; the other is taken once it is there.
    settings::set(&stage.kit.db, "udf.credit_hold", "none", "mia")
        .await
        .unwrap();
    front.lacks(Lacks::default());
    let told = stage.connect(args()).await.unwrap();
    assert!(!told.contains("have no field"), "{told}");
    let stored = stage.stored().await;
    assert_eq!(stored.settings["udf.invoice_no"], json!(INVOICE));
    assert_eq!(stored.settings["udf.credit_hold"], json!(""));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_field_that_a_person_named_and_that_is_not_there_is_refused_with_its_setting(
    pool: PgPool,
) {
    let stage = Stage::new(pool).await;
    for (setting, name) in [
        ("udf.job_no", "Our job"),
        ("udf.contact_no", "Jim2 contact"),
    ] {
        settings::set(&stage.kit.db, setting, name, "mia")
            .await
            .unwrap();
        let error = stage.connect(args()).await.unwrap_err();
        assert!(
            error.contains(name) && error.contains(&format!("settings set {setting} none")),
            "{error}"
        );
        settings::set(&stage.kit.db, setting, "none", "mia")
            .await
            .unwrap();
    }
    stage.connect(args()).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_right_to_make_records_is_asked_for_only_where_they_are_to_be_made(pool: PgPool) {
    let mut stage = Stage::new(pool).await;
    let lacks = Lacks {
        create: vec!["Companies", "Contacts", "Tickets"],
        ..Lacks::default()
    };
    let front = stage.front(lacks).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("may not create companies"), "{told}");
    let mut making = args();
    making.create = vec![Create::Company];
    let error = stage.connect(making).await.unwrap_err();
    assert!(error.contains("create companies"), "{error}");
    front.lacks(Lacks {
        create: vec!["TicketNotes"],
        ..Lacks::default()
    });
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("create ticket notes"), "{error}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_missing_default_is_told_also_when_making_was_switched_on_before(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let mut making = args();
    making.create = vec![Create::Company];
    stage.connect(making).await.unwrap();
    store::setting::set(&stage.kit.db, "default.phone", &serde_json::Value::Null)
        .await
        .unwrap();
    store::lookup::unset(&stage.kit.db, "issueType", domain::System::Autotask, "")
        .await
        .unwrap();
    let told = stage.connect(args()).await.unwrap();
    assert!(
        told.contains("companies made from cards are held without default.phone"),
        "{told}"
    );
}
