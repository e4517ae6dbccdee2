//! What a webhook tells of an edit that a write of ours took the place of (rule 10).

use super::*;

#[test]
fn an_edit_that_our_write_took_the_place_of_does_not_take_the_place_of_a_later_one() {
    let at = |second| chrono::DateTime::from_timestamp(second, 0).unwrap();
    let mut known = known(
        Some(referred(ticket(json!({"purchaseOrderNumber": "Later"})))),
        Some(job(&Job {
            cust_ref: Told::Is("Ours".to_owned()),
            ..base_job()
        })),
    );
    let shadow = known.shadow.as_mut().unwrap();
    shadow.agree("cust_ref", "Ours".into(), "Ours".into());
    let wrote = sync::Wrote::new(vec!["cust_ref".to_owned()], at(10), Some(at(20)));
    shadow.writes.insert(System::Autotask, wrote);
    let told = domain::Evidence {
        at: at(15),
        by: Some("29682885".to_owned()),
        fields: [("PurchaseOrderNumber".to_owned(), "Earlier".into())].into(),
    };
    known.evidence.push((System::Autotask, told));
    let plan = plan(&known, &facts());
    let later = fields([("cust_ref", "Later".into())]);
    assert_eq!(updates(&plan, System::Jim2), [later]);
    assert!(updates(&plan, System::Autotask).is_empty());
    assert_eq!(plan.notices[0].lost, "Earlier".into());
}

/// A pair whose purchase order we wrote from the state of 10.5 s, in which it was "Seen"; what a webhook then tells of the
/// tenth second, of which it tells whole seconds.
fn told_of_the_same_second(value: &str) -> Known {
    let at = |millis| chrono::DateTime::from_timestamp_millis(millis).unwrap();
    let mut known = known(
        Some(referred(ticket(json!({"purchaseOrderNumber": "Ours"})))),
        Some(job(&Job {
            cust_ref: Told::Is("Ours".to_owned()),
            ..base_job()
        })),
    );
    let shadow = known.shadow.as_mut().unwrap();
    shadow.agree("cust_ref", "Ours".into(), "Ours".into());
    let wrote = sync::Wrote {
        before: fields([("cust_ref", "Seen".into())]),
        ..sync::Wrote::new(vec!["cust_ref".to_owned()], at(10_500), Some(at(20_250)))
    };
    shadow.writes.insert(System::Autotask, wrote);
    let told = domain::Evidence {
        at: at(10_000),
        by: Some("29682885".to_owned()),
        fields: [("PurchaseOrderNumber".to_owned(), value.into())].into(),
    };
    known.evidence.push((System::Autotask, told));
    known
}

#[test]
fn an_edit_in_the_second_of_what_we_saw_is_not_swallowed_by_our_write() {
    let plan = plan(&told_of_the_same_second("Hers"), &facts());
    for side in System::BOTH {
        let hers = fields([("cust_ref", "Hers".into())]);
        assert_eq!(updates(&plan, side), [hers], "{side:?}");
    }
    assert_eq!(plan.notices[0].lost, "Ours".into());
}

#[test]
fn what_we_saw_in_that_second_is_no_edit_that_our_write_swallowed() {
    let plan = plan(&told_of_the_same_second("Seen"), &facts());
    assert_eq!((plan.acts, plan.notices), (Vec::new(), Vec::new()));
}
