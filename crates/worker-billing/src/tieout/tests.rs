//! Every verdict that an item or a line can have, and the sums.

use std::collections::BTreeMap;

use chrono::DateTime;
use domain::{Key, System};
use jim2::Job;
use serde_json::json;
use sync::{CODE_STOCK, Facts, Mapping};

use super::*;
use crate::{
    COMPANY, KIND, TICKET,
    halves::{self, Around},
    source::Source,
};

const POSTED_AT: &str = "2026-11-20T01:02:03Z";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A posted charge of ticket 7001, with a tenth of GST.
fn posted(item: i64, charge: i64, net: &str) -> Posted {
    let source = Source::read(&format!("ticket-charge:{charge}:1").into()).unwrap();
    let gst = crate::amount::cents(decimal(net) / Decimal::TEN);
    let row: autotask::BillingItem = serde_json::from_value(json!({
        "id": item, "subType": 1, "companyID": 174, "ticketID": 7001, "billingCodeID": 10, "itemName": "Toner",
        "quantity": 1, "rate": net, "extendedPrice": net, "taxDollars": gst.to_string(),
        "postedOnTime": POSTED_AT, "webServiceDate": null, "invoiceID": null, "ticketChargeID": charge,
    }))
    .unwrap();
    let half = halves::item(source, &row, Around::default());
    Posted {
        item,
        label: half.label.clone(),
        half: Some(half),
        company: Some(174),
        ticket: Some(7001),
        project: None,
        invoice: None,
        posted_at: Some(at(POSTED_AT)),
        exported_at: None,
        net: Some(decimal(net)),
        gst: Some(gst),
    }
}

fn source(charge: i64) -> RecordId {
    format!("ticket-charge:{charge}:1").into()
}

/// A line of job 5001 with the mark of a charge.
fn line(number: i64, charge: i64, net: &str) -> Line {
    Line {
        id: format!("5001-{number}").into(),
        job: 5001,
        source: Some(source(charge)),
        words: format!("Toner [AT C{charge}.1]"),
        net: Some(decimal(net)),
        gst: Some(crate::amount::cents(decimal(net) / Decimal::TEN)),
    }
}

fn verdicts(rows: &[Row]) -> Vec<Verdict> {
    rows.iter().map(|row| row.verdict).collect()
}

#[track_caller]
fn only(rows: Vec<Row>) -> Row {
    assert_eq!(rows.len(), 1, "{rows:#?}");
    rows.into_iter().next().unwrap()
}

fn says(row: &Row) -> &str {
    row.why.as_ref().map_or("", |why| &why.says)
}

fn held(charge: i64) -> Known {
    let reason = Reason::new(
        "lookup-missing",
        "billing code \"AH\" has no stock code",
        "map it",
    );
    Known {
        held: [(source(charge), reason)].into(),
        ..Known::default()
    }
}

#[test]
fn a_line_that_comes_to_what_was_posted_is_matched_by_its_mark_alone() {
    let row = only(compare(
        vec![posted(1, 9, "37.04")],
        vec![line(2, 9, "37.04")],
        &Known::default(),
    ));
    assert_eq!((row.verdict, row.why), (Verdict::Matched, None));
    assert!(Verdict::Matched.is_explained());
}

#[test]
fn a_cent_without_gst_is_a_difference_with_both_sums_and_the_line() {
    let row = only(compare(
        vec![posted(1, 9, "37.04")],
        vec![line(2, 9, "37.05")],
        &Known::default(),
    ));
    assert_eq!(row.verdict, Verdict::Different);
    assert_eq!(
        says(&row),
        "ticket charge 9 Toner was posted at $37.04 and line 5001-2 stands at $37.05, without GST"
    );
    assert!(!row.verdict.is_explained());
    let invoiced = compare(vec![posted(1, 9, "37.04")], vec![line(2, 9, "0")], &held(9));
    let why = only(invoiced).why.unwrap();
    assert_eq!(
        why.code, "lookup-missing",
        "the held problem says what to do"
    );
}

#[test]
fn an_amount_that_one_side_does_not_tell_is_no_agreement() {
    let mut untold = posted(1, 9, "37.04");
    untold.net = None;
    let mut unpriced = line(2, 10, "37.04");
    unpriced.net = None;
    let rows = compare(
        vec![untold, posted(2, 10, "37.04")],
        vec![line(1, 9, "37.04"), unpriced],
        &Known::default(),
    );
    assert_eq!(verdicts(&rows), [Verdict::Different; 2]);
}

#[test]
fn gst_that_is_off_by_a_cent_is_rounding_and_by_two_is_not() {
    for (gst, verdict) in [
        ("3.70", Verdict::Matched),
        ("3.69", Verdict::GstRounding),
        ("3.71", Verdict::GstRounding),
        ("3.68", Verdict::Different),
        ("0", Verdict::Different),
    ] {
        let line = Line {
            gst: Some(decimal(gst)),
            ..line(2, 9, "37.04")
        };
        let row = only(compare(
            vec![posted(1, 9, "37.04")],
            vec![line],
            &Known::default(),
        ));
        assert_eq!(row.verdict, verdict, "{gst}");
    }
    let untold = Line {
        gst: None,
        ..line(2, 9, "37.04")
    };
    let row = only(compare(
        vec![posted(1, 9, "37.04")],
        vec![untold],
        &Known::default(),
    ));
    assert_eq!(
        row.verdict,
        Verdict::Matched,
        "what is not told takes no part"
    );
}

#[test]
fn what_is_on_no_job_waits_for_a_reason_or_is_missing() {
    let row = only(compare(vec![posted(1, 9, "37.04")], vec![], &held(9)));
    assert_eq!(
        (row.verdict, says(&row)),
        (Verdict::Waits, "billing code \"AH\" has no stock code")
    );
    let reason = Reason::new("left-alone", "billing is off", "");
    let known = Known {
        reasons: [(source(9), reason)].into(),
        ..Known::default()
    };
    let row = only(compare(vec![posted(1, 9, "37.04")], vec![], &known));
    assert_eq!(row.verdict, Verdict::Waits);
    let row = only(compare(
        vec![posted(1, 9, "37.04")],
        vec![],
        &Known::default(),
    ));
    assert_eq!(row.verdict, Verdict::MissingInJim2);
    assert!(says(&row).contains("($37.04 ex GST)"), "{}", says(&row));
}

#[test]
fn what_was_carried_once_is_missing_whatever_would_keep_it_now() {
    let known = Known {
        pairs: [(source(9), "5001-2".into())].into(),
        reasons: [(source(9), Reason::new("left-alone", "billed before", ""))].into(),
        ..held(9)
    };
    let row = only(compare(vec![posted(1, 9, "37.04")], vec![], &known));
    assert_eq!(row.verdict, Verdict::MissingInJim2);
    assert!(
        says(&row).starts_with("line 5001-2 was made for"),
        "{}",
        says(&row)
    );
    let other = Line {
        id: "5001-2".into(),
        ..line(2, 10, "37.04")
    };
    let rows = compare(vec![posted(1, 9, "37.04")], vec![other], &known);
    assert_eq!(
        verdicts(&rows),
        [Verdict::MissingInJim2, Verdict::NotInAutotask],
        "its number is another source's line now"
    );
}

#[test]
fn a_line_whose_mark_was_taken_off_is_known_by_its_pair() {
    let bare = Line {
        source: None,
        words: "Toner".to_owned(),
        ..line(2, 9, "37.04")
    };
    let known = Known {
        pairs: [(source(9), "5001-2".into())].into(),
        ..Known::default()
    };
    let row = only(compare(vec![posted(1, 9, "37.04")], vec![bare], &known));
    assert_eq!(row.verdict, Verdict::Matched);
}

#[test]
fn a_second_line_of_one_source_is_told_and_one_of_nothing_is_not() {
    let known = Known {
        pairs: [(source(9), "5001-3".into())].into(),
        ..Known::default()
    };
    let lines = vec![line(2, 9, "37.04"), line(3, 9, "37.04"), line(4, 9, "0")];
    let rows = compare(vec![posted(1, 9, "37.04")], lines, &known);
    assert_eq!(verdicts(&rows), [Verdict::Matched, Verdict::Twice]);
    assert_eq!(
        rows[0].line.as_ref().unwrap().id.as_str(),
        "5001-3",
        "ours is the first"
    );
    let emptied = vec![line(2, 9, "37.04"), line(3, 9, "0")];
    let rows = compare(vec![posted(1, 9, "37.04")], emptied, &known);
    assert_eq!(verdicts(&rows), [Verdict::Matched]);
}

#[test]
fn a_line_for_which_nothing_is_posted_is_told_unless_it_was_posted_another_month() {
    let lines = || vec![line(2, 9, "37.04"), line(3, 10, "0")];
    let row = only(compare(vec![], lines(), &Known::default()));
    assert_eq!(row.verdict, Verdict::NotInAutotask);
    let known = Known {
        elsewhere: [source(9)].into(),
        ..Known::default()
    };
    assert_eq!(compare(vec![], lines(), &known), []);
    let both = vec![line(2, 9, "37.04"), line(4, 9, "37.04")];
    let row = only(compare(vec![], both, &known));
    assert_eq!(row.verdict, Verdict::Twice);
}

#[test]
fn a_second_posting_of_one_source_is_never_taken_for_carried() {
    let items = || vec![posted(1, 9, "37.04"), posted(2, 9, "37.04")];
    let rows = compare(items(), vec![line(2, 9, "37.04")], &Known::default());
    assert_eq!(verdicts(&rows), [Verdict::Matched, Verdict::MissingInJim2]);
    let rows = compare(items(), vec![line(2, 9, "37.04")], &held(9));
    assert_eq!(verdicts(&rows), [Verdict::Matched, Verdict::Waits]);
}

#[test]
fn what_names_no_source_is_missing_and_nothing_at_no_price_is_not() {
    let nameless = |net| Posted {
        half: None,
        ..posted(1, 9, net)
    };
    for (net, verdict) in [("500", Verdict::MissingInJim2), ("0", Verdict::Waits)] {
        let row = only(compare(vec![nameless(net)], vec![], &Known::default()));
        assert_eq!(row.verdict, verdict, "{net}");
    }
}

/// A site that carries billing since the first of November: company 174 is card 12, ticket 7001 has job 5001.
fn facts() -> Facts {
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, at("2026-11-21T00:00:00Z"));
    let mapping = Mapping {
        to: Some("PARTS".to_owned()),
        path: Vec::new(),
    };
    let key = (CODE_STOCK.to_owned(), System::Autotask, "10".to_owned());
    facts.mappings.insert(key, mapping);
    facts.creates = vec![(KIND, System::Jim2)];
    facts.settings.extend([
        ("billing_by".to_owned(), json!("ours")),
        ("billing_from".to_owned(), json!("2026-11-01T00:00:00Z")),
    ]);
    facts.pairs.extend([
        (Key::new(COMPANY, System::Autotask, 174), 12.into()),
        (Key::new(TICKET, System::Autotask, 7001), 5001.into()),
    ]);
    facts
}

fn why(item: &Posted, facts: &Facts, job: Job) -> Option<String> {
    reason(item, facts, &[(5001, job)].into()).map(|reason| reason.says)
}

fn open_job() -> Job {
    Job {
        job_no: 5001,
        ..Job::default()
    }
}

#[test]
fn the_reason_is_what_the_rules_would_say_of_it() {
    let item = posted(1, 9, "37.04");
    assert_eq!(why(&item, &facts(), open_job()), None, "nothing keeps it");
    for (name, value, says) in [
        ("billing_by", "theirs", "official connector"),
        ("billing_by", "off", "billing is off"),
        ("billing_from", "2026-12-01", "older than billing_from"),
        ("bill_when", "invoiced", "waits for its Autotask invoice"),
    ] {
        let mut facts = facts();
        facts.settings.insert(name.to_owned(), json!(value));
        let told = why(&item, &facts, open_job()).unwrap();
        assert!(told.contains(says), "{told}");
    }
    let unmapped = Facts {
        mappings: HashMap::new(),
        ..facts()
    };
    let told = why(&item, &unmapped, open_job()).unwrap();
    assert!(told.contains("has no Jim2 stock code"), "{told}");
    let unpaired = Facts {
        pairs: HashMap::new(),
        ..facts()
    };
    let told = why(&item, &unpaired, open_job()).unwrap();
    assert!(told.contains("before ticket 7001 is paired"), "{told}");
}

#[test]
fn a_job_that_takes_nothing_now_is_a_reason_and_so_are_the_first_minutes() {
    let item = posted(1, 9, "37.04");
    let ready = Job {
        ready: domain::Told::Is(true),
        ..open_job()
    };
    assert!(why(&item, &facts(), ready).unwrap().contains("Ready"));
    let invoiced = Job {
        inv_no: domain::Told::Is(900),
        ..open_job()
    };
    assert!(
        why(&item, &facts(), invoiced)
            .unwrap()
            .contains("follow-on job")
    );
    let soon = Facts {
        now: at("2026-11-20T01:10:03Z"),
        ..facts()
    };
    assert_eq!(
        why(&item, &soon, open_job()).unwrap(),
        "it was posted 8 minutes ago"
    );
}

#[test]
fn our_own_mark_on_an_item_says_that_its_line_was_there_and_a_strangers_says_billed_before() {
    let mut item = posted(1, 9, "37.04");
    let mark = |item: &mut Posted, when: &str| {
        item.exported_at = Some(at(when));
        let half = item.half.as_mut().unwrap();
        half.facts.insert("exported", when.into());
    };
    mark(&mut item, POSTED_AT);
    assert_eq!(why(&item, &facts(), open_job()), None);
    mark(&mut item, "2026-11-20T05:00:00Z");
    assert!(
        why(&item, &facts(), open_job())
            .unwrap()
            .contains("webServiceDate")
    );
}

#[test]
fn sums_go_from_posted_to_paid_and_only_what_is_paid_in_full_counts_as_paid() {
    let bill = |invoice, paid| Bill {
        invoice,
        paid,
        net: Some(decimal("100")),
        credited: Decimal::ZERO,
    };
    let on = |job: i64, charge, net| Line {
        id: format!("{job}-1").into(),
        job,
        ..line(1, charge, net)
    };
    let items = [(1, "100"), (2, "50"), (3, "25"), (4, "10")];
    let items = items.map(|(charge, net)| posted(charge, charge, net));
    let lines = vec![on(5001, 1, "100"), on(5002, 2, "50"), on(5003, 3, "25")];
    let rows = compare(items.into(), lines.clone(), &Known::default());
    let bills: BTreeMap<i64, Bill> = [
        (5001, bill(900, Paid::Whole)),
        (5002, bill(901, Paid::Part(Decimal::TEN))),
    ]
    .into();
    let sums = Sums::over(&rows, &bills);
    let money = |ex, inc| Money {
        ex: decimal(ex),
        inc: decimal(inc),
    };
    let expected = Sums {
        posted: money("185", "203.50"),
        on_jobs: money("175", "192.50"),
        invoiced: money("150", "165"),
        paid: money("100", "110"),
    };
    assert_eq!(sums, expected);

    let jobs = BTreeMap::from([(900, vec![5001]), (901, vec![5002])]);
    let unlike = unlike_its_lines(&bills, &jobs, &lines);
    assert_eq!(unlike, [(901, decimal("100"), decimal("50"))]);
    let more = BTreeMap::from([(900, vec![5001]), (901, vec![5002, 5009])]);
    assert_eq!(
        unlike_its_lines(&bills, &more, &lines),
        [],
        "job 5009 was not read"
    );
}
