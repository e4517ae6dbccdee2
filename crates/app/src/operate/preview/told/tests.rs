use sync::Shadow;

use super::*;

#[test]
fn a_conflict_says_who_changed_the_field() {
    let notice = Notice {
        what: "conflict".to_owned(),
        field: "abn".to_owned(),
        kept: "1".into(),
        lost: "2".into(),
        before: None,
        by: Some(System::Jim2),
    };
    let rules = &worker_company::CompanyRules;
    for (then, says) in [
        (
            "1",
            "Autotask changed ABN to 2, which does not go to Jim2: 1 stays",
        ),
        ("0", "both sides changed ABN: 1 stays, 2 gives way"),
    ] {
        let mut shadow = Shadow::default();
        shadow.jim2.insert("abn".to_owned(), then.into());
        let known = Known {
            autotask: None,
            jim2: None,
            autotask_id: None,
            jim2_id: None,
            generation: 1,
            shadow: Some(shadow),
            children: Vec::new(),
            cause: domain::Cause::Live,
            evidence: Vec::new(),
        };
        assert_eq!(told(rules, &known, &notice), says);
    }
}
