//! What is only compared, and what stands until a person mends it.

use super::*;

fn without_abn() -> Half {
    card(|card| card.abn = Told::Empty)
}

#[test]
fn a_card_without_an_abn_never_empties_the_companys_tax_id() {
    let linked_then = || Known {
        shadow: Some(before()),
        ..known(Some(linked(&json!({}))), Some(without_abn()))
    };
    let apply = Known {
        cause: Cause::Apply,
        ..linked_then()
    };
    for (case, plan) in [
        ("linked", plan(&CompanyRules, &linked_then(), &facts())),
        ("drift is settled", plan(&CompanyRules, &apply, &facts())),
        (
            "emptied in Jim2",
            planned(linked(&json!({})), without_abn()),
        ),
        (
            "edited in Autotask",
            planned(linked(&json!({"taxID": "53004085616"})), without_abn()),
        ),
    ] {
        assert_eq!(plan.acts, [], "{case}");
        assert_eq!(codes(&plan), ["abn-missing-in-jim2"], "{case}");
        let lies = plan.notices.iter().any(|it| it.what == "conflict");
        assert!(!lies, "nothing gave way: {case}");
    }
}

#[test]
fn an_abn_that_jim2_has_goes_to_a_company_that_lost_it() {
    let plan = planned(linked(&json!({"taxID": null})), card(|_| ()));
    assert_eq!(
        written(&plan, System::Autotask, "abn").as_deref(),
        Some("51824753556")
    );
    assert_eq!(codes(&plan), Vec::<&str>::new());
}

#[test]
fn two_blank_abns_are_nobodys_problem_nor_is_one_that_the_site_turned_off() {
    let both = || known(Some(linked(&json!({"taxID": null}))), Some(without_abn()));
    assert_eq!(
        codes(&plan(&CompanyRules, &both(), &facts())),
        Vec::<&str>::new()
    );
    let mut off = facts();
    let rule = (Way::Off, System::Jim2);
    off.rules.insert((KIND, "abn".to_owned()), rule);
    let one = known(Some(linked(&json!({}))), Some(without_abn()));
    assert_eq!(codes(&plan(&CompanyRules, &one, &off)), Vec::<&str>::new());
}

#[test]
fn a_slip_in_an_abn_is_told_and_holds_nothing_back() {
    for (abn, problems) in [
        ("51 824 753 565", vec!["abn-wrong"]),
        ("51 824 753 556", vec![]),
        ("NZBN 94290 1", vec![]),
    ] {
        let card = card(|card| {
            card.abn = Told::Is(abn.to_owned());
            card.name = Told::Is("O'Brien Group".to_owned());
        });
        let plan = planned(linked(&json!({})), card);
        assert_eq!(codes(&plan), problems, "{abn}");
        assert_eq!(
            written(&plan, System::Autotask, "name").as_deref(),
            Some("O'Brien Group")
        );
    }
}

#[test]
fn another_way_of_sending_invoices_is_told_of_and_never_written() {
    let mut facts = facts();
    let mapping = sync::Mapping {
        to: Some("EMail".to_owned()),
        path: Vec::new(),
    };
    let place = ("invoiceMethod".to_owned(), System::Autotask, "2".to_owned());
    facts.mappings.insert(place, mapping);
    for (method, via, problems) in [
        (json!(2), Told::Is("email".to_owned()), vec![]),
        (
            json!(2),
            Told::Is("Print".to_owned()),
            vec!["invoice-method-differs"],
        ),
        (json!(2), Told::Empty, vec!["invoice-method-differs"]),
        (json!(2), Told::Not, vec![]),
        (json!(3), Told::Is("Print".to_owned()), vec![]), // Not mapped, so not compared.
        (json!(null), Told::Is("Print".to_owned()), vec![]),
    ] {
        let card = card(|card| card.send_inv_via = via.clone());
        let linked = linked(&json!({"invoiceMethod": method}));
        let pair = Known {
            shadow: Some(before()),
            ..known(Some(linked), Some(card))
        };
        let plan = plan(&CompanyRules, &pair, &facts);
        assert_eq!(codes(&plan), problems, "{method} {via:?}");
        assert_eq!(plan.acts, [], "{method} {via:?}");
    }
}
