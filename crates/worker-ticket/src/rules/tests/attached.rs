//! What is attached to a ticket: a list on its job, and nothing else.

use autotask::TicketAttachment;
use sync::{ChildPair, ChildShadow, Next};

use super::*;

/// What is attached at an hour of the day, with this title.
fn attachment(id: i64, hour: u32, title: &str) -> TicketAttachment {
    let told = json!({
        "id": id, "parentID": 7001, "title": title, "fullPath": "C:\\x.png", "publish": 1,
        "attachDate": format!("2026-11-23T{hour:02}:00:00Z"),
    });
    serde_json::from_value(told).unwrap()
}

/// The ticket with its attachments, at a site that lists them from `from` on.
fn with_attachments(attached: &[TicketAttachment], from: &str) -> Half {
    let mut settings = settings();
    settings.attachments_from = Some(from.parse().unwrap());
    let attached: Vec<&TicketAttachment> = attached.iter().collect();
    let told = told(json!({}));
    let (contacts, items) = (HashMap::new(), HashMap::new());
    let around = halves::Around {
        attachments: Some((&attached, Some("https://at.example/7001"))),
        notes: &[],
        company: None,
        contacts: &contacts,
        items: &items,
        billed: None,
    };
    referred(halves::ticket(&told, around, &settings))
}

const MORNING: &str = "2026-11-23T08:00:00Z";

fn planned(ticket: Half, children: &[ChildPair]) -> Plan {
    let pair = Known {
        children: children.to_vec(),
        ..known(Some(ticket), Some(job(&base_job())))
    };
    plan(&pair, &facts())
}

fn copied(text: &str) -> ChildPair {
    ChildPair {
        autotask: Some("attachments-7001".into()),
        jim2: Some("5001-9".into()),
        shadow: ChildShadow {
            source: System::Autotask,
            text: text.to_owned(),
        },
    }
}

fn texts(plan: &Plan) -> Vec<&str> {
    let text = |act| match act {
        &Act::CreateChild { ref text, .. } | &Act::UpdateChild { ref text, .. } => {
            Some(text.as_str())
        }
        Act::Create { .. } | Act::Update { .. } | Act::Refer { .. } => None,
    };
    plan.acts.iter().filter_map(text).collect()
}

#[test]
fn what_is_attached_is_one_comment_with_its_titles_and_a_link_to_the_ticket() {
    let attached = [attachment(1, 9, "screen\n shot.png"), attachment(2, 10, "")];
    let plan = planned(with_attachments(&attached, MORNING), &[]);
    assert_eq!(
        texts(&plan),
        [
            "Attachments in Autotask:\n- screen shot.png\n- C:\\x.png\nhttps://at.example/7001\n\n\
             [autotask:attachments-7001]"
        ]
    );
}

#[test]
fn the_comment_follows_what_comes_and_goes_until_nothing_is_left() {
    let first = [attachment(1, 9, "a.png")];
    let same = planned(with_attachments(&first, MORNING), &[copied("- a.png")]);
    assert_eq!(same.next, Next::InStep);
    let both = [attachment(1, 9, "a.png"), attachment(2, 10, "b.pdf")];
    for (attached, says) in [
        (&both[..], "- a.png\n- b.pdf\n"),
        (&both[1..], "Autotask:\n- b.pdf\n"),
        (&both[..0], "has no attachments in Autotask any more"),
    ] {
        let plan = planned(with_attachments(attached, MORNING), &[copied("- a.png")]);
        let [Act::UpdateChild { id, text, .. }] = plan.acts.as_slice() else {
            panic!("{says}: {:?}", plan.acts);
        };
        assert_eq!(id.as_str(), "5001-9");
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn nothing_is_listed_of_a_ticket_to_which_nothing_came_since_the_site_wanted_lists() {
    let before = [attachment(1, 7, "a.png")];
    let plan = planned(with_attachments(&before, MORNING), &[]);
    assert_eq!(texts(&plan), [""; 0]);
    assert_eq!(
        texts(&planned(with_attachments(&[], MORNING), &[])),
        [""; 0]
    );
    let later = [attachment(1, 7, "a.png"), attachment(2, 9, "b.pdf")];
    let plan = planned(with_attachments(&later, MORNING), &[]);
    assert!(
        texts(&plan)[0].contains("- a.png\n- b.pdf"),
        "all of it then"
    );
    let shrunk = planned(
        with_attachments(&before, MORNING),
        &[copied("- a.png\n- b.pdf")],
    );
    assert!(!texts(&shrunk)[0].contains("b.pdf"), "{:?}", texts(&shrunk));
}

#[test]
fn what_is_attached_for_our_own_people_stays_out() {
    let mut internal = attachment(2, 10, "margin.xlsx");
    internal.publish = Told::Is(2);
    let attached = [attachment(1, 9, "a.png"), internal];
    let plan = planned(with_attachments(&attached, MORNING), &[]);
    assert!(!texts(&plan)[0].contains("margin"), "{:?}", texts(&plan));
}

#[test]
fn a_list_whose_answer_was_lost_is_known_by_its_mark_and_brought_up_to_date() {
    let line = JobComment {
        job_no: 5001,
        line_id: 9,
        comment: Told::Is(
            "Attachments in Autotask:\n- a.png\n- b.pdf\nhttps://at.example/7001\n\n[autotask:attachments-7001]"
                .to_owned(),
        ),
        modify_init: Told::Is("API".to_owned()),
        ..JobComment::default()
    };
    let ticket = with_attachments(&[attachment(1, 9, "a.png")], MORNING);
    let pair = known(Some(ticket), Some(job_with(&base_job(), &[&line])));
    let plan = plan(&pair, &facts());
    let [Act::UpdateChild { id, text, .. }] = plan.acts.as_slice() else {
        panic!("{:?}", plan.acts);
    };
    assert_eq!(id.as_str(), "5001-9");
    assert!(!text.contains("b.pdf"), "{text}");
}
