//! The hands against both stand-ins, over HTTP.

mod site;

use domain::{Failure, Key, Problem, RecordId, System, Value};
use sandbox::jim2::Options;
use serde_json::{Value as Json, json};
use sync::{Act, Facts, Fields, Half, Hands as _, Match};

use self::site::Site;
use super::*;

const A: System = System::Autotask;
const J: System = System::Jim2;

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    let owned = |(name, value): (&str, Value)| (name.to_owned(), value);
    fields.into_iter().map(owned).collect()
}

#[tokio::test]
async fn both_halves_are_told_with_their_days_and_owners() {
    let site = Site::start().await;
    let item = site.item(json!({})).await;
    let half = site.half(A, &item).await;
    assert_eq!(half.label, "Front desk (SN-1)");
    for (name, value) in [
        ("serial", "SN-1".into()),
        ("what", "Front desk".into()),
        ("warranty_from", "2026-01-01".into()),
        ("warranty_to", "2028-12-31".into()),
        ("status", true.into()),
    ] {
        assert_eq!(half.fields[name], value, "{name}");
    }
    assert_eq!(half.fact("company"), Some(&site.company.into()));
    assert!(half.fact("company_type").is_some() && half.changed_at.is_some());
    let set = json!({"warDateIn": "2026-01-01T00:00:00", "warDateOut": "2028-12-31T00:00:00"});
    let asset = site.asset(set).await;
    let half = site.half(J, &asset).await;
    for (name, value) in [
        ("serial", "SN-1".into()),
        ("what", "Front desk".into()),
        ("warranty_from", "2026-01-01".into()),
        ("warranty_to", "2028-12-31".into()),
        ("status", "Booked".into()),
    ] {
        assert_eq!(half.fields[name], value, "{name}");
    }
    assert_eq!(half.fact("owner"), Some(&site.card.into()));
}

#[tokio::test]
async fn what_has_no_title_is_called_by_its_product() {
    let site = Site::start().await;
    let item = site.item(json!({"referenceTitle": null})).await;
    let half = site.half(A, &item).await;
    assert_eq!(half.fields["what"], "Solid state drive 1 TB".into());
}

#[tokio::test]
async fn an_item_and_its_asset_find_each_other_by_their_serial_number() {
    let site = Site::start().await;
    let item = site.item(json!({"serialNumber": "sn-1"})).await;
    let asset = site.asset(json!({})).await;
    site.asset(json!({"serialNo": "SN-2"})).await;
    assert_eq!(site.counterpart(A, &item).await, Match::One(asset.clone()));
    assert_eq!(site.counterpart(J, &asset).await, Match::One(item));
}

#[tokio::test]
async fn what_is_over_or_anothers_is_no_counterpart() {
    let site = Site::start().await;
    let item = site.item(json!({})).await;
    site.asset(json!({"status": "CANCEL"})).await;
    site.asset(json!({"OwnerNo": site.card + 1})).await;
    assert_eq!(site.counterpart(A, &item).await, Match::None);
    site.item(json!({"isActive": false})).await;
    site.item(json!({"companyID": site.company + 1})).await;
    let asset = site.asset(json!({})).await;
    assert_eq!(site.counterpart(A, &item).await, Match::One(asset));
}

#[tokio::test]
async fn of_several_the_candidates_are_named() {
    let site = Site::start().await;
    let item = site.item(json!({})).await;
    let (first, second) = (site.asset(json!({})).await, site.asset(json!({})).await);
    let Match::Doubtful(problem) = site.counterpart(A, &item).await else {
        panic!("it is sure of one of two");
    };
    for asset in [&first, &second] {
        assert!(
            problem.says.contains(&format!("asset {asset}")),
            "{}",
            problem.says
        );
    }
    assert!(matches!(
        site.counterpart(J, &first).await,
        Match::Doubtful(_)
    ));
}

#[tokio::test]
async fn without_a_paired_owner_nothing_is_asked() {
    let mut site = Site::start().await;
    site.facts.pairs.clear();
    let item = site.item(json!({})).await;
    let asset = site.asset(json!({})).await;
    for (on, id) in [(A, item), (J, asset)] {
        let half = site.half(on, &id).await;
        for asked in System::BOTH {
            let calls = site.calls(asked, async {
                let found = site.hands.counterpart(on, &half, &site.facts).await;
                assert_eq!(found.unwrap(), Match::None);
            });
            assert_eq!(calls.await, 0, "{on} {asked}");
        }
    }
}

#[tokio::test]
async fn a_build_with_filters_is_asked_for_one_serial_number_only() {
    let options = Options {
        project_filters: true,
        ..Options::default()
    };
    let site = Site::with(options).await;
    let item = site.item(json!({})).await;
    let asset = site.asset(json!({})).await;
    let half = site.half(A, &item).await;
    let calls = site.calls(J, async {
        let found = site.hands.counterpart(A, &half, &site.facts).await;
        assert_eq!(found.unwrap(), Match::One(asset));
    });
    assert_eq!(calls.await, 1);
}

#[tokio::test]
async fn what_is_made_on_either_side_is_as_it_was_meant_and_found_again() {
    let site = Site::start().await;
    for (on, from) in [(J, RecordId::from(29_695_001)), (A, RecordId::from(701))] {
        let act = site.act(on, &from);
        assert_eq!(site.hands.find(&act).await.unwrap(), []);
        assert_eq!(site.hands.prepare(act.clone()).await.unwrap(), act);
        let made = site.hands.perform(&act).await.unwrap().unwrap();
        let half = site.half(on, &made).await;
        for name in ["serial", "warranty_from", "warranty_to"] {
            assert_eq!(
                half.fields[name],
                act.fields().unwrap()[name],
                "{on} {name}"
            );
        }
        assert_eq!(half.fields["what"], "Front desk".into());
        assert!(!half.is("inactive"));
        assert_eq!(site.hands.find(&act).await.unwrap(), [made]);
    }
}

#[tokio::test]
async fn an_item_that_is_there_already_is_linked_by_a_person_and_not_made_again() {
    let site = Site::start().await;
    let item = site.item(json!({})).await;
    let asset = site.asset(json!({})).await;
    let held = site.hands.prepare(site.act(A, &asset)).await.unwrap_err();
    let Failure::Hold { problems } = held else {
        panic!("it is made again");
    };
    assert_eq!(problems[0].code, "made-before");
    let link = format!("pairs link asset {item} {asset}");
    assert!(problems[0].remedy.step.contains(&link));
}

#[tokio::test]
async fn a_lost_answer_is_an_asset_that_is_found_again() {
    let site = Site::start().await;
    let act = site.act(J, &29_695_001.into());
    site.lose_an_answer().await;
    let lost = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(lost, Failure::Unsure { .. }), "{lost:?}");
    assert_eq!(site.hands.find(&act).await.unwrap().len(), 1);
}

#[tokio::test]
async fn both_sides_take_changes_and_days_stay_the_days_they_are() {
    let site = Site::start().await;
    let item = site.item(json!({})).await;
    let asset = site.asset(json!({})).await;
    let changes = fields([
        ("serial", "SN-9".into()),
        ("warranty_from", "2026-02-01".into()),
        ("warranty_to", "2029-01-31".into()),
    ]);
    for (on, id, status) in [
        (A, item, Value::from(false)),
        (J, asset, Value::from("FINISH")),
    ] {
        let mut changes = changes.clone();
        changes.insert("status".to_owned(), status);
        let act = Act::Update {
            on,
            id: id.clone(),
            fields: changes.clone(),
        };
        assert_eq!(site.hands.perform(&act).await.unwrap(), None);
        let half = site.half(on, &id).await;
        for (name, value) in &changes {
            assert_eq!(half.fields[name], *value, "{on} {name}");
        }
    }
}

#[tokio::test]
async fn an_attribute_that_jim2_does_not_take_is_named_by_our_word() {
    let options = Options {
        attributes_refused: ["Asset.warDateOut".to_owned()].into(),
        ..Options::default()
    };
    let site = Site::with(options).await;
    let act = site.act(J, &29_695_001.into());
    let Failure::Hold { problems } = site.hands.perform(&act).await.unwrap_err() else {
        panic!("it was taken");
    };
    assert_eq!(problems[0].code, Problem::NOT_WRITABLE);
    assert_eq!(problems[0].field.as_deref(), Some("warranty_to"));
}

#[tokio::test]
async fn what_is_gone_is_absent_and_jim2_that_is_away_stops_it() {
    let site = Site::start().await;
    let asset = site.asset(json!({})).await;
    let deleted = json!({"entity": "Asset", "id": asset.number()});
    site.person(J, "delete", deleted).await;
    assert_eq!(
        site.hands
            .read(J, std::slice::from_ref(&asset))
            .await
            .unwrap(),
        []
    );
    site.person(J, "fault", json!({"name": "unavailable", "on": true}))
        .await;
    let away = site.hands.read(J, &[asset]).await.unwrap_err();
    assert!(matches!(away, Failure::Stop { system: J, .. }), "{away:?}");
}
