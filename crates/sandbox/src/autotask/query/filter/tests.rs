use serde_json::json;

use super::super::super::answer::Refusal;
use super::super::super::schema::known;
use super::reading::read;
use super::*;

const JOB_NO: i64 = 29_682_901;

fn udfs() -> [Udf; 1] {
    [Udf {
        id: JOB_NO,
        name: "Jim2 Job#".to_owned(),
        description: String::new(),
        is_required: false,
        kind: Kind::Text,
        choices: None,
    }]
}

fn ticket() -> Row {
    let mut row = Row::default();
    row.set("id", 7001);
    row.set("title", "Printer Jam");
    row.set("status", 1);
    row.set("estimatedHours", 2.5);
    row.set("createDate", "2026-01-31T15:04:05.307Z");
    row.set_udf(JOB_NO, Some("5001".to_owned()));
    row
}

fn holds(filter: &Value) -> bool {
    let nodes = read(
        (known("Tickets"), &udfs()),
        filter.as_array().expect("a list"),
    )
    .expect("a right filter");
    nodes.iter().all(|node| node.holds(&ticket()))
}

fn refusal(filter: &Value) -> String {
    match read(
        (known("Tickets"), &udfs()),
        filter.as_array().expect("a list"),
    ) {
        Err(Refusal::Invalid(errors)) => errors.join(" "),
        other => panic!("{filter} was taken: {other:?}"),
    }
}

#[test]
fn every_operator_says_yes_and_no() {
    let cases = [
        ("eq", "status", json!(1), json!(2)),
        ("eq", "status", json!("1"), json!("2")),
        ("eq", "title", json!("PRINTER jam"), json!("printer")),
        ("noteq", "status", json!(5), json!(1)),
        ("gt", "estimatedHours", json!(2.4), json!(2.5)),
        ("gte", "estimatedHours", json!(2.5), json!(2.6)),
        ("lt", "id", json!(7002), json!(7001)),
        ("lte", "id", json!(7001), json!(7000)),
        (
            "gte",
            "createDate",
            json!("2026-01-31T15:04:05.307"),
            json!("2026-01-31T15:04:05.308Z"),
        ),
        (
            "gt",
            "createDate",
            json!("2026-02-01T02:04:05+11:00"),
            json!("2026-01-31T15:04:05.307Z"),
        ),
        ("beginsWith", "title", json!("print"), json!("jam")),
        ("endsWith", "title", json!("JAM"), json!("printer")),
        ("contains", "title", json!("ter J"), json!("scanner")),
        ("in", "status", json!([1, 8, 19]), json!([8])),
        ("notIn", "status", json!([8]), json!([1, 8])),
    ];
    for (op, field, yes, no) in cases {
        assert!(
            holds(&json!([{"op": op, "field": field, "value": yes}])),
            "{op} {field} {yes}"
        );
        assert!(
            !holds(&json!([{"op": op, "field": field, "value": no}])),
            "{op} {field} {no}"
        );
    }
    assert!(holds(&json!([{"op": "exist", "field": "title"}])));
    assert!(!holds(&json!([{"op": "exist", "field": "externalID"}])));
    assert!(holds(&json!([{"op": "notExist", "field": "externalID"}])));
}

#[test]
fn a_field_without_a_value_meets_notexist_only() {
    assert!(!holds(
        &json!([{"op": "noteq", "field": "externalID", "value": "x"}])
    ));
    assert!(!holds(
        &json!([{"op": "notIn", "field": "externalID", "value": ["x"]}])
    ));
}

#[test]
fn groups_nest_and_the_outer_list_is_anded() {
    let either = json!({"op": "or", "items": [{"op": "eq", "field": "status", "value": 9}, {"op": "and", "items": [
        {"op": "gte", "field": "ID", "value": 0}, {"op": "exist", "field": "Title"}]}]});
    assert!(holds(&json!([either])));
    assert!(!holds(
        &json!([either, {"op": "eq", "field": "status", "value": 9}])
    ));
}

#[test]
fn one_user_defined_field_can_be_asked_by_name_and_two_cannot() {
    let job = json!({"op": "eq", "field": "Jim2 Job#", "udf": true, "value": "5001"});
    assert!(holds(&json!([job])));
    assert!(refusal(&json!([job, job])).contains("Only one user-defined field"));
    assert!(
        refusal(&json!([{"op": "eq", "field": "Jim2 Job#", "value": "5001"}]))
            .contains("Unable to find Jim2 Job# in the Ticket Entity")
    );
}

#[test]
fn wrong_values_leak_the_sentences_of_the_database() {
    let cases = [
        (
            json!([{"op": "eq", "field": "status", "value": "material"}]),
            "Conversion failed when converting varchar 'material' to data type int",
        ),
        (
            json!([{"op": "gte", "field": "createDate", "value": "soon"}]),
            "Conversion failed when converting date",
        ),
        (
            json!([{"op": "eq", "field": "status", "value": null}]),
            "must not be null",
        ),
        (
            json!([{"op": "eq", "field": "status", "value": true}]),
            "wrong type",
        ),
        (
            json!([{"op": "in", "field": "status", "value": "1,8"}]),
            "list of values",
        ),
        (
            json!([{"op": "contains", "field": "status", "value": "1"}]),
            "is not text",
        ),
        (
            json!([{"op": "EQ", "field": "status", "value": 1}]),
            "'EQ' is not an operator",
        ),
        (json!([{"op": "or"}]), "must have items"),
        (
            json!([{"op": "eq", "field": "creatorType", "value": 1}]),
            "cannot be queried",
        ),
        (json!([]), "at least one condition"),
    ];
    for (filter, sentence) in cases {
        let told = refusal(&filter);
        assert!(told.contains(sentence), "{filter}: {told}");
    }
}

#[test]
fn more_than_five_hundred_alternatives_are_refused() {
    let ids: Vec<_> = (0..501).collect();
    assert!(
        refusal(&json!([{"op": "in", "field": "id", "value": ids}]))
            .contains("500 or fewer 'OR' conditions")
    );
    let items: Vec<_> = ids
        .iter()
        .map(|id| json!({"op": "eq", "field": "id", "value": id}))
        .collect();
    assert!(
        refusal(&json!([{"op": "or", "items": items}])).contains("500 or fewer 'OR' conditions")
    );
    assert!(!holds(
        &json!([{"op": "in", "field": "id", "value": ids[..500]}])
    ));
}
