use super::*;

const NUMBER: &str = "T20261123.0001";

fn ticket(id: i64, number: &str) -> Ticket {
    Ticket {
        id,
        number: number.to_owned(),
        title: "Printer on fire".to_owned(),
        card_no: Some(11),
        job_no: None,
    }
}

fn job(no: i64, our_ref: &str, cust_ref: &str) -> Job {
    Job {
        no,
        our_ref: our_ref.to_owned(),
        cust_ref: cust_ref.to_owned(),
        cards: vec![11],
    }
}

/// What is shown, jobs, the job and generation that is linked, how many are left to a person.
type Case = (&'static str, Vec<Job>, Option<(&'static str, i32)>, usize);

#[test]
fn a_ticket_is_linked_with_the_one_job_that_carries_its_number() {
    let cases: Vec<Case> = vec![
        (
            "in Our Ref",
            vec![job(5, NUMBER, ""), job(6, "T20261123.00012", "")],
            Some(("5", 1)),
            0,
        ),
        (
            "in Cust Ref",
            vec![job(5, "PO 1", NUMBER)],
            Some(("5", 1)),
            0,
        ),
        (
            "in both of one job",
            vec![job(5, NUMBER, NUMBER)],
            Some(("5", 1)),
            0,
        ),
        (
            "with a generation",
            vec![
                job(5, "T20261123.0001/1", ""),
                job(9, "T20261123.0001/2", ""),
            ],
            Some(("9", 2)),
            0,
        ),
        (
            "on two jobs",
            vec![job(5, NUMBER, ""), job(6, NUMBER, "")],
            None,
            2,
        ),
        (
            "ours and a person's",
            vec![job(5, "", NUMBER), job(6, "T20261123.0001/2", "")],
            None,
            2,
        ),
        ("on none", vec![job(5, "other", "")], None, 0),
        ("not quite", vec![job(5, "T20261123.0001/x", "")], None, 0),
    ];
    judge_all(cases);
}

#[test]
fn a_number_counts_in_any_words_but_not_inside_another_number() {
    judge_all(vec![
        (
            "in other words, in small letters",
            vec![
                job(5, "RE: [t20261123.0001] printer", ""),
                job(6, "", "Ticket #T20261123.00012"),
            ],
            Some(("5", 1)),
            0,
        ),
        (
            "in other words, with its generation",
            vec![job(5, "", "see T20261123.0001/2, urgent.")],
            Some(("5", 2)),
            0,
        ),
        (
            "as a part of another number",
            vec![job(5, "XT20261123.0001", "T20261123.0001.2")],
            None,
            0,
        ),
        (
            "in the words of one and as ours in another",
            vec![
                job(5, "T20261123.0001/2", ""),
                job(6, "for T20261123.0001", ""),
            ],
            None,
            2,
        ),
    ]);
}

fn judge_all(cases: Vec<Case>) {
    for (what, jobs, linked, candidates) in cases {
        let matched = tickets(&[ticket(1, NUMBER)], &jobs, &Settled::default());
        let link = matched.links.first();
        assert_eq!(
            link.map(|link| (link.jim2.as_str(), link.generation)),
            linked,
            "{what}"
        );
        let doubted: usize = matched
            .doubts
            .iter()
            .map(|doubt| doubt.candidates.len())
            .sum();
        assert_eq!(doubted, candidates, "{what}: {matched:?}");
    }
}

#[test]
fn the_job_that_a_ticket_names_goes_first_but_only_if_it_is_there() {
    let named = |no: i64| Ticket {
        job_no: Some(no),
        ..ticket(1, NUMBER)
    };
    let jobs = [job(5, NUMBER, ""), job(6, "", "")];
    let matched = tickets(&[named(6)], &jobs, &Settled::default());
    assert_eq!(
        (matched.links[0].jim2.as_str(), matched.links[0].by),
        ("6", By::Reference)
    );
    let matched = tickets(&[named(7)], &jobs, &Settled::default());
    assert!(matched.links.is_empty(), "{matched:?}");
}

#[test]
fn a_job_of_another_customer_or_of_another_ticket_is_left_to_a_person() {
    let elsewhere = Job {
        cards: vec![12, 13],
        ..job(5, NUMBER, "")
    };
    let matched = tickets(&[ticket(1, NUMBER)], &[elsewhere], &Settled::default());
    assert!(matched.links.is_empty(), "{matched:?}");
    assert!(matched.doubts[0].why.contains("card 11"), "{matched:?}");

    let twin = Ticket {
        job_no: Some(5),
        ..ticket(2, "T20261123.0002")
    };
    let matched = tickets(
        &[ticket(1, NUMBER), twin],
        &[job(5, NUMBER, "")],
        &Settled::default(),
    );
    assert_eq!((matched.links.len(), matched.doubts.len()), (0, 2));

    let settled = Settled {
        autotask: [9].into(),
        jim2: ["5".to_owned()].into(),
    };
    let matched = tickets(&[ticket(1, NUMBER)], &[job(5, NUMBER, "")], &settled);
    assert_eq!((matched.links.len(), matched.doubts.len()), (0, 1));
}
