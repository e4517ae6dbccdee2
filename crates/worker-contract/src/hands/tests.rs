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
    let contract = site.contract(json!({"purchaseOrderNumber": "PO 9"})).await;
    let half = site.half(A, &contract).await;
    assert_eq!(half.label, "Contract Managed services (C-100)");
    for (name, value) in [
        ("name", "Managed services".into()),
        ("starts", "2026-01-01".into()),
        ("ends", "2026-12-31".into()),
        ("status", 1.into()),
        ("cust_ref", "PO 9".into()),
    ] {
        assert_eq!(half.fields[name], value, "{name}");
    }
    assert_eq!(half.fact("company"), Some(&site.company.into()));
    assert!(half.fact("company_type").is_some() && !half.is("inactive"));
    assert!(
        !half.fields.contains_key("services"),
        "it was not asked for"
    );

    let set = json!({"dateIn": "2026-01-01T00:00:00", "dateOut": "2026-12-31T00:00:00", "custRef": "PO 9"});
    let project = site.project(set).await;
    let half = site.half(J, &project).await;
    assert_eq!(
        half.label,
        format!("Project {project} (C-100) Managed services")
    );
    for (name, value) in [
        ("name", "Managed services".into()),
        ("starts", "2026-01-01".into()),
        ("ends", "2026-12-31".into()),
        ("status", "Booked".into()),
        ("cust_ref", "PO 9".into()),
    ] {
        assert_eq!(half.fields[name], value, "{name}");
    }
    assert_eq!(half.fact("customer"), Some(&site.card.into()));
}

#[tokio::test]
async fn what_a_contract_sells_is_told_where_the_site_wants_it() {
    let mut site = Site::start().await;
    site.hands.settings.tells_services = true;
    let contract = site.contract(json!({})).await;
    let half = site.half(A, &contract).await;
    assert_eq!(half.fields["services"], Value::Empty);
    let set = json!({
        "contractID": contract.number(), "serviceID": 29_691_001, "unitChange": 3, "effectiveDate": "2026-11-01T00:00:00Z",
    });
    site.person(
        A,
        "create",
        json!({"entity": "ContractServiceAdjustments", "set": set}),
    )
    .await;
    let half = site.half(A, &contract).await;
    let sold = half.fields["services"].to_string();
    assert!(sold.contains("Managed workstation"), "{sold}");
}

#[tokio::test]
async fn a_contract_and_its_project_find_each_other_by_number_or_name() {
    for project_says in [
        json!({"billingItemDesc": "Something else"}),
        json!({"projectCode": "9001", "billingItemDesc": "MANAGED services "}),
    ] {
        let site = Site::start().await;
        let contract = site.contract(json!({})).await;
        let project = site.project(project_says).await;
        site.project(json!({"projectCode": "9002", "billingItemDesc": "Backup"}))
            .await;
        assert_eq!(
            site.counterpart(A, &contract).await,
            Match::One(project.clone())
        );
        assert_eq!(site.counterpart(J, &project).await, Match::One(contract));
    }
}

#[tokio::test]
async fn what_is_over_or_a_template_or_anothers_is_no_counterpart() {
    let site = Site::start().await;
    let contract = site.contract(json!({})).await;
    for set in [
        json!({"status": "Template", "projectCode": "T-1"}),
        json!({"status": "FINISH", "projectCode": "T-2"}),
        json!({"CustNo": site.card + 1, "projectCode": "T-3"}),
    ] {
        site.project(set).await;
    }
    assert_eq!(site.counterpart(A, &contract).await, Match::None);
    // Last year's contract, and another company's, have the same name.
    site.contract(json!({"contractNumber": "C-099", "status": 0}))
        .await;
    site.contract(json!({"contractNumber": "C-101", "companyID": site.company + 1}))
        .await;
    let project = site.project(json!({"projectCode": "T-4"})).await;
    assert_eq!(site.counterpart(A, &contract).await, Match::One(project));
}

#[tokio::test]
async fn of_several_the_candidates_are_named() {
    let site = Site::start().await;
    let contract = site.contract(json!({"contractNumber": null})).await;
    let first = site.project(json!({"projectCode": "1"})).await;
    let second = site.project(json!({"projectCode": "2"})).await;
    let Match::Doubtful(problem) = site.counterpart(A, &contract).await else {
        panic!("it is sure of one of two");
    };
    for project in [&first, &second] {
        assert!(
            problem.says.contains(&format!("Project {project}")),
            "{}",
            problem.says
        );
    }
    assert!(
        problem
            .remedy
            .step
            .contains(&format!("pairs link contract {contract}"))
    );
    assert!(matches!(
        site.counterpart(J, &first).await,
        Match::Doubtful(_)
    ));
}

#[tokio::test]
async fn without_a_card_nothing_is_asked() {
    let mut site = Site::start().await;
    site.facts.pairs.clear();
    let contract = site.contract(json!({})).await;
    let project = site.project(json!({})).await;
    for (on, id) in [(A, contract), (J, project)] {
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
async fn a_build_with_filters_is_asked_for_one_customers_projects_only() {
    let options = Options {
        project_filters: true,
        ..Options::default()
    };
    let site = Site::with(options).await;
    let contract = site.contract(json!({})).await;
    let project = site.project(json!({})).await;
    let half = site.half(A, &contract).await;
    let calls = site.calls(J, async {
        let found = site.hands.counterpart(A, &half, &site.facts).await;
        assert_eq!(found.unwrap(), Match::One(project));
    });
    assert_eq!(calls.await, 1);
}

#[tokio::test]
async fn a_project_is_made_as_it_was_meant_and_found_again() {
    let site = Site::start().await;
    let contract = site.contract(json!({})).await;
    let act = site.act(&contract);
    assert_eq!(site.hands.find(&act).await.unwrap(), []);
    let made = site.hands.perform(&act).await.unwrap().unwrap();
    let half = site.half(J, &made).await;
    for name in ["name", "starts", "ends", "status", "cust_ref"] {
        assert_eq!(
            Some(&half.fields[name]),
            act.fields().unwrap().get(name),
            "{name}"
        );
    }
    assert_eq!(half.fact("number"), Some(&"C-100".into()));
    assert_eq!(site.hands.find(&act).await.unwrap(), [made]);
}

#[tokio::test]
async fn a_lost_answer_is_a_project_that_is_found_again() {
    let site = Site::start().await;
    let contract = site.contract(json!({})).await;
    let act = site.act(&contract);
    site.lose_an_answer().await;
    let lost = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(lost, Failure::Unsure { .. }), "{lost:?}");
    assert_eq!(site.hands.find(&act).await.unwrap().len(), 1);
}

#[tokio::test]
async fn both_sides_take_changes_and_days_stay_the_days_they_are() {
    let site = Site::start().await;
    let contract = site.contract(json!({})).await;
    let project = site.project(json!({})).await;
    let changes = fields([
        ("name", "Managed services plus".into()),
        ("starts", "2026-02-01".into()),
        ("ends", "2027-01-31".into()),
        ("cust_ref", "PO 10".into()),
    ]);
    for (on, id) in [(A, contract), (J, project)] {
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
        attributes_refused: ["Project.custRef".to_owned()].into(),
        ..Options::default()
    };
    let site = Site::with(options).await;
    let contract = site.contract(json!({})).await;
    let Failure::Hold { problems } = site.hands.perform(&site.act(&contract)).await.unwrap_err()
    else {
        panic!("it was taken");
    };
    assert_eq!(problems[0].code, Problem::NOT_WRITABLE);
    assert_eq!(problems[0].field.as_deref(), Some("cust_ref"));
}

#[tokio::test]
async fn a_number_that_another_project_has_is_a_persons_to_correct() {
    let site = Site::start().await;
    site.project(json!({"CustNo": site.card + 1})).await;
    let contract = site.contract(json!({})).await;
    let refused = site.hands.perform(&site.act(&contract)).await.unwrap_err();
    assert!(matches!(refused, Failure::Hold { .. }), "{refused:?}");
}

#[tokio::test]
async fn what_is_gone_is_absent_and_jim2_that_is_away_stops_it() {
    let site = Site::start().await;
    let project = site.project(json!({})).await;
    let deleted = json!({"entity": "Project", "id": project.number()});
    site.person(J, "delete", deleted).await;
    assert_eq!(
        site.hands
            .read(J, std::slice::from_ref(&project))
            .await
            .unwrap(),
        []
    );
    site.person(J, "fault", json!({"name": "unavailable", "on": true}))
        .await;
    let away = site.hands.read(J, &[project]).await.unwrap_err();
    assert!(matches!(away, Failure::Stop { system: J, .. }), "{away:?}");
}
