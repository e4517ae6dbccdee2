use super::*;

fn doubt(autotask: Option<i64>, candidates: &[&str]) -> Doubt {
    Doubt {
        autotask,
        name: "O'Brien, \"& Sons\"".to_owned(),
        candidates: candidates.iter().map(|id| (*id).to_owned()).collect(),
        why: "2 customers in Jim2 have its ABN or name".to_owned(),
    }
}

fn decisions(text: &str) -> anyhow::Result<Decisions> {
    let head = "kind,autotask_id,name,jim2_candidates,why,decision,jim2_id\n";
    Decisions::parse(format!("{head}{text}").as_bytes())
}

#[test]
fn what_goes_out_comes_back_undecided() {
    let mut csv = Vec::new();
    let doubts = [
        (COMPANY, doubt(Some(174), &["1001", "1002"])),
        (COMPANY, doubt(None, &["1003"])),
    ];
    let lines = sheet::with_begun(&doubts, Vec::new(), |_| false);
    sheet::write_to(&mut csv, &lines).unwrap();
    let text = String::from_utf8(csv.clone()).unwrap();
    assert!(
        text.contains("company,174,\"O'Brien, \"\"& Sons\"\"\",1001 1002,"),
        "{text}"
    );
    assert_eq!(
        Decisions::parse(csv.as_slice()).unwrap(),
        Decisions::default()
    );
}

#[test]
fn a_link_decided_on_takes_the_place_of_the_doubt() {
    let decisions =
        decisions("company,174,Acme,1001 1002,why,link,1002\ncompany,,Beta,1003,why,ignore,\n")
            .unwrap();
    let found = Matched {
        links: Vec::new(),
        doubts: vec![
            doubt(Some(174), &["1001", "1002"]),
            doubt(None, &["1003"]),
            doubt(Some(175), &[]),
        ],
    };
    let found = decisions.apply(&COMPANY, found);
    assert_eq!(found.doubts, [doubt(Some(175), &[])]);
    assert_eq!(found.links.len(), 1);
    assert_eq!(
        (found.links[0].autotask, found.links[0].jim2.as_str()),
        (174, "1002")
    );
    let ignored: Vec<Key> = decisions
        .that(Decision::Ignore)
        .flat_map(Decided::keys)
        .collect();
    assert_eq!(ignored, [Key::new(COMPANY, System::Jim2, "1003")]);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let error = decisions(
        "company,174,A,1 2,w,link,\ninvoice,1,B,,w,ignore,\ncompany,x,C,,w,create,\ncompany,5,D,,w,later,\n",
    );
    let error = error.unwrap_err().to_string();
    for part in [
        "line 2: a link needs",
        "line 3: \"invoice\"",
        "line 4: \"x\"",
        "line 5: \"later\"",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn what_a_person_wrote_stays_on_a_list_that_is_written_anew() {
    let line = |autotask: &str, candidates: &str, decision: &str, jim2: &str| Line {
        kind: COMPANY.to_string(),
        autotask_id: autotask.to_owned(),
        jim2_candidates: candidates.to_owned(),
        decision: decision.to_owned(),
        jim2_id: jim2.to_owned(),
        ..Line::default()
    };
    let begun = vec![
        line("174", "1001 1002", "link", "1002"),
        line("", "1003", "ignore", ""),
        line("175", "", "create", ""),
        line("176", "", "link", "1009"),
    ];
    let doubts = [
        (COMPANY, doubt(Some(174), &["1001", "1002", "1004"])),
        (COMPANY, doubt(None, &["1003"])),
        (COMPANY, doubt(Some(177), &[])),
    ];
    let done = Key::new(COMPANY, System::Autotask, 176);
    let lines = sheet::with_begun(&doubts, begun, |key| *key == done);
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line.key().id.to_string(),
                line.decision.as_str(),
                line.jim2_id.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("174".to_owned(), "link", "1002"),
            ("1003".to_owned(), "ignore", ""),
            ("177".to_owned(), "", ""),
            ("175".to_owned(), "create", ""),
        ]
    );
    assert_eq!(
        lines[0].jim2_candidates, "1001 1002 1004",
        "the rest is of now"
    );
}
