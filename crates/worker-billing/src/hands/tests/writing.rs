//! Writing lines, and finding one whose answer was lost.

use domain::{Subject, Told};
use rust_decimal::Decimal;
use sync::{DATE_OUT, Fields, Rules as _};

use super::*;

#[tokio::test]
async fn a_line_is_made_at_the_posted_price_and_its_item_is_marked_when_it_is_read_back() {
    let site = Site::start().await;
    let source = site.posted("3", "12.345").await;
    let acts = site.planned(&source).await;
    let prepared = site.hands.prepare(acts[0].clone()).await.unwrap();
    let id = site.hands.perform(&prepared).await.unwrap().unwrap();
    let half = site.half(System::Jim2, &id).await.unwrap();
    assert_eq!(half.fields["net"], "37.04".into());
    assert_eq!(half.fields["split"], "3 x 12.345".into());
    let Act::Refer { on, knowing, .. } = &acts[1] else {
        panic!("{acts:?}");
    };
    assert_eq!((*on, knowing.len()), (System::Autotask, 3));
    // What the plan knew of the item is not asked for again; where it knew nothing, it is.
    for (knowing, calls) in [(knowing.clone(), 1), (Fields::new(), 2)] {
        let refer = Act::Refer {
            on: *on,
            id: source.clone(),
            to: Some(id.clone()),
            generation: 1,
            knowing,
        };
        let before = site.calls(System::Autotask).await;
        site.hands.perform(&refer).await.unwrap();
        assert_eq!(site.calls(System::Autotask).await - before, calls);
    }
    let item = site.half(System::Autotask, &source).await.unwrap();
    assert!(item.fact("exported").is_some());
}

#[tokio::test]
async fn a_job_whose_prices_have_tax_in_them_still_comes_to_what_was_posted() {
    let site = Site::start().await;
    let set = json!({"TaxInc": true});
    let edit = json!({"entity": "Job", "id": site.job, "by": "JC", "set": set});
    site.person(System::Jim2, "edit", edit).await;
    for (quantity, price, net) in [
        ("3", "12.345", "37.04"),
        ("1.5", "160", "240"),
        ("1", "0.05", "0.05"),
    ] {
        let source = site.posted(quantity, price).await;
        let id = site.made(&source).await;
        let half = site.half(System::Jim2, &id).await.unwrap();
        assert_eq!(half.fields["net"], net.into(), "{quantity} x {price}");
    }
}

#[tokio::test]
async fn a_quantity_and_price_alone_do_not_cost_a_cent_where_prices_have_tax_in_them() {
    let site = Site::start().await;
    let edit = json!({"entity": "Job", "id": site.job, "by": "JC", "set": {"TaxInc": true}});
    site.person(System::Jim2, "edit", edit).await;
    let source = site.posted("2.42", "2.6021").await;
    let id = site.made(&source).await;
    let net = async || {
        let half = site.half(System::Jim2, &id).await.unwrap();
        half.fields["net"].to_string()
    };
    assert_eq!(net().await, "6.3");
    let update = Act::Update {
        on: System::Jim2,
        id: id.clone(),
        fields: sync::Fields::from([("split".to_owned(), "2.42 x 2.6021".into())]),
    };
    site.hands.perform(&update).await.unwrap();
    assert_eq!(net().await, "6.3");
}

#[tokio::test]
async fn a_line_whose_answer_was_lost_is_found_and_its_twin_is_another() {
    let site = Site::start().await;
    let (one, twin) = (site.posted("1", "10").await, site.posted("1", "10").await);
    let fault = json!({"name": "lost-answer", "on": true, "count": 1});
    site.person(System::Jim2, "fault", fault).await;
    let acts = site.planned(&one).await;
    let answer = site.hands.perform(&acts[0]).await;
    assert!(matches!(answer, Err(Failure::Unsure { .. })), "{answer:?}");
    let found = site.hands.find(&acts[0]).await.unwrap();
    assert_eq!(found, [RecordId::from(format!("{}-1", site.job))]);
    let other = site.planned(&twin).await;
    let found = site.hands.find(&other[0]).await.unwrap();
    assert!(found.is_empty(), "the same name and price");
    assert_eq!(site.lines().await.len(), 1);
}

#[tokio::test]
async fn a_line_follows_its_item_down_to_nothing() {
    let site = Site::start().await;
    let source = site.posted("1", "10").await;
    let id = site.made(&source).await;
    let item = site.half(System::Autotask, &source).await.unwrap();
    let item = item.fact("item").and_then(Value::as_number).unwrap();
    site.person(System::Autotask, "unpost", json!({"item": item}))
        .await;
    let gone = site.half(System::Autotask, &source).await.unwrap();
    let update = Act::Update {
        on: System::Jim2,
        id: id.clone(),
        fields: gone.fields,
    };
    site.hands.perform(&update).await.unwrap();
    let line = &site.lines().await[0];
    assert_eq!(
        line.supplied_qty,
        Told::Is(Decimal::ZERO),
        "an invoice bills nothing"
    );
    let half = site.half(System::Jim2, &id).await.unwrap();
    assert_eq!(half.fields["net"], "0".into());
}

#[tokio::test]
async fn what_the_other_side_speaks_against_is_held_before_it_is_written() {
    let site = Site::start().await;
    let prepare = async |quantity: &str, price: &str| {
        let source = site.posted(quantity, price).await;
        let acts = site.planned(&source).await;
        site.hands.prepare(acts[0].clone()).await
    };
    let untaxed = json!({"code": "PARTS", "taxed": false});
    site.person(System::Jim2, "stock", untaxed).await;
    let problems = held(prepare("1", "100").await);
    assert_eq!(codes(&problems), ["gst-differs"]);
    assert!(
        problems[0].says.contains("$10.00 GST"),
        "{}",
        problems[0].says
    );
    let withdrawn = json!({"code": "PARTS", "taxed": true, "active": false});
    site.person(System::Jim2, "stock", withdrawn).await;
    assert_eq!(codes(&held(prepare("1", "100").await)), ["no-such-stock"]);
    let back = json!({"code": "PARTS", "active": true});
    site.person(System::Jim2, "stock", back).await;
    assert_eq!(
        codes(&held(prepare("-1", "50").await)),
        ["credit-too-large"]
    );
    prepare("1", "100").await.unwrap();
}

#[tokio::test]
async fn what_somebody_else_pays_for_waits_for_a_job_of_its_own() {
    let site = Site::start().await;
    let source = site.posted("1", "10").await;
    let mut act = site.planned(&source).await.remove(0);
    let order = format!("T{}@{COMPANY_ID}", site.ticket);
    if let Act::Create { fields, .. } = &mut act {
        assert_eq!(fields["apart"], order.as_str().into());
        fields.insert("customer".to_owned(), 1.into());
    }
    let waits = site.hands.prepare(act.clone()).await.unwrap_err();
    let order = Key::new(crate::ORDER, System::Autotask, order);
    assert!(
        matches!(&waits, Failure::Await { key, .. } if *key == order),
        "{waits:?}"
    );
    // The job of an order that is another customer's all the same is a person's to look at.
    if let Act::Create { fields, .. } = &mut act {
        fields.remove("apart");
    }
    assert_eq!(codes(&held(site.hands.prepare(act).await)), ["other-payer"]);
}

#[tokio::test]
async fn nothing_of_an_invoice_is_billed_before_all_of_it_is_attached() {
    let site = Site::start().await;
    let source = site.posted("1", "10").await;
    let mut act = site.planned(&source).await.remove(0);
    if let Act::Create { fields, .. } = &mut act {
        fields.insert("invoice".to_owned(), 3.into());
        fields.insert("unattached".to_owned(), "33.33".into());
    }
    let waits = site.hands.prepare(act).await.unwrap_err();
    let all = Key::new(KIND, System::Autotask, "invoice:3");
    assert!(
        matches!(&waits, Failure::Await { key, .. } if *key == all),
        "{waits:?}"
    );
    let why = std::error::Error::source(&waits).unwrap().to_string();
    assert_eq!(
        why,
        "$33.33 ex GST of Autotask invoice 3 is not attached to it yet"
    );
}

#[tokio::test]
async fn a_line_that_a_person_typed_holds_ours_until_somebody_looked() {
    let site = Site::start().await;
    let set = json!({"jobNo": site.job, "stockCode": "PARTS", "description": "Toner"});
    let typed = json!({"entity": "JobStock", "by": "JC", "set": set});
    site.person(System::Jim2, "create", typed).await;
    let source = site.posted("1", "10").await;
    let mut act = site.planned(&source).await.remove(0);
    let problems = held(site.hands.prepare(act.clone()).await);
    assert_eq!(codes(&problems), ["possibly-typed-twice"]);
    assert!(
        problems[0].says.contains("JC typed PARTS \"Toner\""),
        "{}",
        problems[0].says
    );
    if let Act::Create { fields, .. } = &mut act {
        fields.insert(sync::SIGNED_OFF.to_owned(), true.into());
    }
    site.hands.prepare(act).await.unwrap();
}

#[tokio::test]
async fn an_item_is_not_marked_while_its_line_comes_to_something_else() {
    let site = Site::start().await;
    let source = site.posted("1", "10").await;
    let id = site.made(&source).await;
    let edit =
        json!({"entity": "JobStock", "id": id.as_str(), "by": "JC", "set": {"unitPriceTF": 11}});
    site.person(System::Jim2, "edit", edit).await;
    let item = site.half(System::Autotask, &source).await.unwrap();
    for knowing in [
        BillingRules.to_refer(System::Autotask, &item),
        Fields::new(),
    ] {
        let refer = Act::Refer {
            on: System::Autotask,
            id: source.clone(),
            to: Some(id.clone()),
            generation: 1,
            knowing,
        };
        let problems = held(site.hands.perform(&refer).await);
        assert_eq!(codes(&problems), ["total-differs"]);
        assert!(
            problems[0]
                .says
                .contains("$10.00 was posted in Autotask and $11.00 is on the job"),
            "{}",
            problems[0].says
        );
    }
    let number = item.fact("item").and_then(Value::as_number).unwrap();
    let item: BillingItem = site.hands.autotask.get(number).await.unwrap().unwrap();
    assert_eq!(item.web_service_date, Told::Empty);
}

#[tokio::test]
async fn a_late_item_of_an_invoiced_job_waits_for_the_job_that_follows() {
    let site = Site::start().await;
    let source = site.posted("1", "10").await;
    site.made(&source).await;
    for status in ["Proceed", "Checked", "FINISH"] {
        site.hands
            .jim2
            .set_job_status(site.job, status)
            .await
            .unwrap();
    }
    site.person(System::Jim2, "ready", json!({"job": site.job}))
        .await;
    let late = site.posted("1", "20").await;
    let acts = site.planned(&late).await;
    let answer = site.hands.perform(&acts[0]).await;
    assert!(
        matches!(answer, Err(Failure::Retry { .. })),
        "Ready means wait: {answer:?}"
    );
    let ready = waits(site.hands.prepare(acts[0].clone()).await);
    let job = site.hands.jim2.jobs(&[site.job]).await.unwrap().remove(0);
    let since = job.last_modified.get().unwrap();
    let since = since.with_timezone(&site.hands.jim2.settings().time_zone);
    let says = format!(
        "Job {} has been Ready since {},",
        site.job,
        since.format("%a %-d %b")
    );
    assert!(ready.says.starts_with(&says), "{}", ready.says);
    assert_eq!(ready.subject, Subject::Job { number: site.job });
    let new = site.hands.surely_new(&acts[..1]).await.unwrap();
    assert_eq!(new, [], "it is looked at alone");
    let off = json!({"job": site.job, "ready": false});
    site.person(System::Jim2, "ready", off).await;
    let let_in = site.hands.prepare(acts[0].clone()).await;
    assert!(let_in.is_ok(), "Ready was taken off: {let_in:?}");
    site.person(System::Jim2, "ready", json!({"job": site.job}))
        .await;
    site.person(System::Jim2, "invoice", json!({"jobs": [site.job]}))
        .await;
    let ticket = Key::new(TICKET, System::Autotask, site.ticket);
    for refused in [
        site.hands.perform(&acts[0]).await.unwrap_err(),
        site.hands.prepare(acts[0].clone()).await.unwrap_err(),
    ] {
        assert!(
            matches!(&refused, Failure::Await { key, .. } if *key == ticket),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn of_a_batch_what_is_surely_new_costs_three_calls_and_the_rest_is_looked_at_alone() {
    let site = Site::start().await;
    let mut acts = Vec::new();
    for price in ["10", "20", "30", "40"] {
        let source = site.posted("1", price).await;
        acts.extend(site.planned(&source).await.into_iter().next());
    }
    site.hands.perform(&acts[0]).await.unwrap();
    let credit = site.posted("-1", "5").await;
    acts.extend(site.planned(&credit).await.into_iter().next());
    if let Act::Create { fields, .. } = &mut acts[3] {
        fields.insert("stock_code".to_owned(), "NO-SUCH".into());
    }
    let before = site.calls(System::Jim2).await;
    let new = site.hands.surely_new(&acts).await.unwrap();
    assert_eq!(site.calls(System::Jim2).await - before, 3);
    let froms = |acts: &[Act]| {
        acts.iter()
            .map(|act| format!("{:?}", source(act)))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        froms(&new),
        froms(&acts[1..3]),
        "not what is there, cannot be or takes off"
    );
    let job = site.hands.jim2.jobs(&[site.job]).await.unwrap().remove(0);
    let date_out = job.date_out.get().unwrap().to_rfc3339();
    for act in new {
        assert_eq!(act.fields().unwrap()[DATE_OUT], date_out.as_str().into());
    }
}

#[tokio::test]
async fn stock_that_is_known_by_its_number_is_written_by_the_code_that_it_has_now() {
    let site = Site::start().await;
    let source = site.posted("1", "10").await;
    let mut act = site.planned(&source).await.remove(0);
    let codes = ["PARTS".to_owned()];
    let number = site.hands.jim2.stock(&codes).await.unwrap()[0].stock_no;
    let with = |act: &mut Act, number: i64| {
        if let Act::Create { fields, .. } = act {
            fields.remove("stock_code");
            fields.insert("stock_no".to_owned(), number.into());
        }
    };
    with(&mut act, number);
    assert_eq!(
        site.hands
            .surely_new(std::slice::from_ref(&act))
            .await
            .unwrap(),
        [],
        "it is looked at alone"
    );
    let act = site.hands.prepare(act).await.unwrap();
    assert_eq!(act.fields().unwrap()["stock_code"], "PARTS".into());
    site.hands.perform(&act).await.unwrap();
    assert_eq!(site.lines().await.len(), 1);

    let mut gone = act;
    with(&mut gone, 999_999);
    let problems = held(site.hands.prepare(gone).await);
    assert_eq!(super::codes(&problems), ["no-such-stock"]);
}

/// The problem that is told of once an act has waited for people long enough.
#[track_caller]
fn waits<T: std::fmt::Debug>(answer: Result<T, Failure>) -> Problem {
    match answer {
        Err(Failure::Wait { problem }) => *problem,
        other => panic!("{other:?}"),
    }
}

/// The source that an act is for.
fn source(act: &Act) -> Option<&RecordId> {
    match act {
        Act::Create { from, .. } => Some(from),
        Act::Update { .. }
        | Act::Refer { .. }
        | Act::CreateChild { .. }
        | Act::UpdateChild { .. } => None,
    }
}
