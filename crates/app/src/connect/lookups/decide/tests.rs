use super::*;

fn entry(value: &str, label: &str, extra: &str) -> Entry {
    Entry {
        value: value.to_owned(),
        label: label.to_owned(),
        active: true,
        is_default: false,
        extra: Some(extra.to_owned()),
    }
}

fn told(rows: &[MapRow]) -> Vec<String> {
    let told = |row: &MapRow| {
        let to = row.to_value.as_deref().unwrap_or("(leave)");
        format!("{} {} -> {to}", row.system.as_str(), row.value)
    };
    rows.iter().map(told).collect()
}

#[test]
fn statuses_that_desks_name_differently_are_proposed_and_no_job_completes_its_ticket() {
    let autotask = [
        entry("1", "New", ""),
        entry("8", "In Progress", ""),
        entry("5", "Complete", ""),
        entry("20", "Lost in space", ""),
    ];
    let jim2 = ["Booked", "Proceed", "Checked", "FINISH", "RAI.NR"];
    let jim2 = jim2.map(|status| entry(status, status, ""));
    assert_eq!(
        told(&by_synonym("status", &autotask, &jim2)),
        [
            "autotask 1 -> Booked",
            "autotask 8 -> Proceed",
            "autotask 5 -> Checked",
            "jim2 Booked -> 1",
            "jim2 Proceed -> 8",
            "jim2 Checked -> (leave)",
        ]
    );
}

#[test]
fn people_are_matched_by_address_then_by_a_name_that_stands_alone() {
    let mut left = entry("7", "Ann Lee", "ann@msp.example");
    left.active = false;
    let resources = [
        entry("1", "Ann Lee", "Ann@msp.example"),
        left,
        entry("2", "Bo Chan", ""),
        entry("3", "Kim Ng", "kim@msp.example"),
        entry("4", "Kim Ng", ""),
        entry("9", "Crossbill API", "api@msp.example"),
    ];
    let users = [
        entry("AL", "Ann Lee", "ann@msp.example "),
        entry("BC", "BO CHAN", "bo@old.example"),
        entry("KN", "Kim Ng", "other@msp.example"),
        entry("API", "Crossbill API", "api@msp.example"),
    ];
    let rows = people(&resources, &users, Some(9));
    assert_eq!(
        told(&rows),
        [
            "autotask 1 -> AL",
            "jim2 AL -> 1",
            "autotask 2 -> BC",
            "jim2 BC -> 2",
        ],
        "two people called Kim Ng are left to a person, and we are nobody's technician"
    );
}

#[test]
fn a_title_is_found_with_and_without_its_point() {
    let rows = by_name(
        "prefix",
        &[entry("1", "Mr.", "")],
        &[entry("Mr.", "Mr.", "")],
    );
    assert_eq!(
        told(&rows),
        ["autotask 1 -> Mr.", "jim2 Mr. -> 1", "jim2 Mr -> 1"]
    );
}

#[test]
fn a_decision_that_is_there_stays() {
    let rows = by_name(
        "prefix",
        &[entry("1", "Mr.", "")],
        &[entry("Mr.", "Mr.", "")],
    );
    let mut known = rows[0].clone();
    known.to_value = None;
    assert_eq!(
        told(&undecided(rows, &[known])),
        ["jim2 Mr. -> 1", "jim2 Mr -> 1"]
    );
}

#[test]
fn blank_takes_the_default_item_and_the_normal_priority() {
    let items = Items {
        default: Some("SERVICE".to_owned()),
        sales: Vec::new(),
    };
    let rows = blanks(&items, &[entry("Normal", "Normal", "")], &[]);
    assert_eq!(told(&rows), ["autotask  -> SERVICE", "autotask  -> Normal"]);
    assert!(blanks(&Items::default(), &[], &[]).is_empty());
}
