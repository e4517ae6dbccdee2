use domain::Kind;
use uuid::Uuid;

use super::*;
use crate::alerts::testing::{ZONE, at, cause, noon};

fn quiet() -> Digest {
    let ticket = BTreeMap::from([
        (System::Autotask, Some(at("2026-11-26T20:21:00Z"))),
        (System::Jim2, None),
    ]);
    Digest {
        at: at("2026-11-26T20:30:00Z"),
        since: at("2026-11-25T20:30:00Z"),
        complete: BTreeMap::from([(Kind::new("ticket"), ticket)]),
        causes: Vec::new(),
        for_later: Vec::new(),
        released: Vec::new(),
        gaps: Vec::new(),
        mended: Vec::new(),
    }
}

#[test]
fn a_quiet_day_is_told_in_a_few_lines() {
    let message = quiet().message(ZONE);
    assert_eq!(message.subject, "Digest of Fri 27 Nov: nothing needs you");
    assert_eq!(
        message.text(),
        "Complete up to (Australia/Sydney):\n  ticket: Autotask Fri 27 Nov 07:21, Jim2 not yet\n\n\
         Nothing needs a person.\n\n\
         Nothing had to heal by itself since Thu 26 Nov 07:30."
    );
}

#[test]
fn a_digest_tells_who_is_needed_for_what_and_what_healed_by_itself() {
    let gap = Gap {
        id: Uuid::nil(),
        system: System::Autotask,
        kind: Some(Kind::new("ticket")),
        reason: "nobody took webhooks".to_owned(),
        since: at("2026-11-26T03:02:00Z"),
        until: Some(at("2026-11-26T03:31:00Z")),
        opened_at: noon(),
        missed: Some(17),
        found: Some(17),
        closed_at: Some(noon()),
    };
    let released = [("billing", 9), ("ticket", 1)].map(|(kind, items)| Released {
        kind: Kind::new(kind),
        items,
    });
    let digest = Digest {
        causes: vec![cause(12)],
        for_later: vec!["2 records: billing is frozen until 3 Dec – $80.00 ex GST".to_owned()],
        released: released.into(),
        gaps: vec![gap],
        mended: vec!["the webhook crossbill-ticket was mended: it was switched off".to_owned()],
        ..quiet()
    };
    let message = digest.message(ZONE);
    assert_eq!(
        message.subject,
        "Digest of Fri 27 Nov: 1 thing needs a person, 12 records held, $4,310.20 ex GST"
    );
    let text = message.text();
    for told in [
        "Needs a person:\n  - 12 records wait: billing code Onsite AH has no Jim2 stock code – $4,310.20 ex GST. Next, \
         for the bookkeeper: crossbill lookups set",
        "continues by itself:\n  - 2 records: billing is frozen",
        "Healed by itself since Thu 26 Nov 07:30:\n  - 10 records went on that had been held: 9 billing, 1 ticket\n",
        "  - The webhook crossbill-ticket was mended: it was switched off\n",
        "  - 2026-11-26 14:02 to 14:31, ticket in Autotask: nobody took webhooks; 17 calls missed; 17 records looked at \
         again; complete",
    ] {
        assert!(text.contains(told), "{told}\nin\n{text}");
    }
}

#[test]
fn of_very_many_things_the_first_are_told_and_the_others_counted() {
    let digest = Digest {
        mended: (0..25).map(|number| format!("thing {number}")).collect(),
        ..quiet()
    };
    let text = digest.message(ZONE).text();
    assert!(text.ends_with("  - Thing 19\n  and 5 more"), "{text}");
}
