use super::*;

fn contact(id: i64, first: &str, last: &str, email: &str) -> Contact {
    Contact {
        id,
        card_no: 11,
        first: first.to_owned(),
        last: last.to_owned(),
        email: email.to_owned(),
        refers_to: None,
        is_active: true,
    }
}

fn person(cont_no: i64, first: &str, last: &str, email: &str) -> Person {
    Person {
        card_no: 11,
        cont_no,
        first: first.to_owned(),
        last: last.to_owned(),
        email: email.to_owned(),
    }
}

fn links(matched: &Matched) -> Vec<(i64, &str)> {
    let links = matched.links.iter();
    links
        .map(|link| (link.autotask, link.jim2.as_str()))
        .collect()
}

#[test]
fn company_address_and_name_must_all_agree() {
    let ann = || contact(1, "Ann", "O'Neil", "Ann@acme.example");
    for (what, ours, theirs, linked) in [
        (
            "all agree",
            vec![ann()],
            vec![person(1, "ANN", "ONeil", "ann@ACME.example")],
            true,
        ),
        (
            "another name",
            vec![ann()],
            vec![person(1, "Anna", "ONeil", "ann@acme.example")],
            false,
        ),
        (
            "another address",
            vec![ann()],
            vec![person(1, "Ann", "ONeil", "info@acme.example")],
            false,
        ),
        (
            "no address",
            vec![contact(1, "Ann", "Lee", "")],
            vec![person(1, "Ann", "Lee", "")],
            false,
        ),
        (
            "twice in Jim2",
            vec![ann()],
            vec![
                person(1, "Ann", "ONeil", "ann@acme.example"),
                person(2, "Ann", "ONeil", "ann@acme.example"),
            ],
            false,
        ),
        (
            "twice in Autotask",
            vec![ann(), Contact { id: 2, ..ann() }],
            vec![person(1, "Ann", "ONeil", "ann@acme.example")],
            false,
        ),
        (
            "another company",
            vec![Contact {
                card_no: 12,
                ..ann()
            }],
            vec![person(1, "Ann", "ONeil", "ann@acme.example")],
            false,
        ),
    ] {
        let matched = contacts(&ours, &theirs, &Settled::default());
        assert_eq!(
            matched.links.len(),
            usize::from(linked),
            "{what}: {matched:?}"
        );
        assert_eq!(matched.doubts.is_empty(), linked, "{what}: {matched:?}");
    }
}

#[test]
fn a_reference_into_the_companys_own_card_is_enough() {
    let named = |id: &str| Contact {
        refers_to: Some(id.to_owned()),
        ..contact(1, "Ann", "Lee", "")
    };
    let people = [person(1, "Annabel", "Lee", "")];
    let matched = contacts(&[named("11-1")], &people, &Settled::default());
    assert_eq!(links(&matched), [(1, "11-1")]);
    for stale in ["11-9", "12-1"] {
        let matched = contacts(&[named(stale)], &people, &Settled::default());
        assert!(matched.links.is_empty(), "{stale}");
        assert!(matched.doubts[0].why.contains(stale), "{matched:?}");
    }
}

#[test]
fn somebody_inactive_whom_nobody_knows_is_nobodys_work() {
    let gone = Contact {
        is_active: false,
        ..contact(1, "Ann", "Lee", "ann@acme.example")
    };
    assert_eq!(
        contacts(&[gone], &[], &Settled::default()),
        Matched::default()
    );
}
