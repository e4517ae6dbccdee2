use super::*;

const ACME: &str = "51 824 753 556";
const BETA: &str = "53 004 085 616";

fn company(id: i64, name: &str, abn: &str) -> Company {
    Company {
        id,
        name: name.to_owned(),
        abn: abn.to_owned(),
        card_no: None,
        is_customer: true,
        is_active: true,
    }
}

fn naming(card_no: i64, company: Company) -> Company {
    Company {
        card_no: Some(card_no),
        ..company
    }
}

fn card(no: i64, name: &str, abn: &str) -> Card {
    Card {
        no,
        name: name.to_owned(),
        abn: abn.to_owned(),
        is_customer: true,
        is_active: true,
    }
}

/// `174=1001 by ABN` for a link, `174? 1001 1002` for a doubt.
fn told(matched: &Matched) -> Vec<String> {
    let links = matched
        .links
        .iter()
        .map(|link| format!("{}={} by {}", link.autotask, link.jim2, link.by));
    let doubts = matched.doubts.iter().map(|doubt| {
        let id = doubt.autotask.map(|id| id.to_string()).unwrap_or_default();
        format!("{id}? {}", doubt.candidates.join(" "))
    });
    links.chain(doubts).collect()
}

/// What is shown, companies, cards, what comes of it.
type Case = (&'static str, Vec<Company>, Vec<Card>, Vec<&'static str>);

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn only_what_is_unique_on_both_sides_is_linked() {
    let lead = Company {
        is_customer: false,
        ..company(1, "Acme", ACME)
    };
    let vendor = Card {
        is_customer: false,
        ..card(11, "Acme", ACME)
    };
    let acme = || company(1, "Acme Pty Ltd", ACME);
    let cases: Vec<Case> = vec![
        (
            "the ABN, however spaced",
            vec![acme()],
            vec![card(11, "Acme Group", "51824753556")],
            vec!["1=11 by ABN"],
        ),
        (
            "the name, however dressed",
            vec![company(1, "Acme Pty Ltd", "")],
            vec![card(11, "ACME", "")],
            vec!["1=11 by name"],
        ),
        (
            "the name where one side has no ABN",
            vec![acme()],
            vec![card(11, "ACME", "")],
            vec!["1=11 by name"],
        ),
        (
            "the same name with another ABN",
            vec![acme()],
            vec![card(11, "Acme", BETA)],
            vec!["1? 11"],
        ),
        (
            "two cards with its ABN",
            vec![acme()],
            vec![card(11, "A", ACME), card(12, "B", ACME)],
            vec!["1? 11 12"],
        ),
        (
            "two companies with its ABN",
            vec![acme(), company(2, "Acme North", ACME)],
            vec![card(11, "X", ACME)],
            vec!["1? 11", "2? 11"],
        ),
        (
            "the name tells branches apart",
            vec![acme(), company(2, "Acme North", ACME)],
            vec![card(11, "Acme", ACME), card(12, "Acme North", ACME)],
            vec!["1=11 by name", "2=12 by name"],
        ),
        (
            "ABN and name speak for two cards",
            vec![acme()],
            vec![card(11, "Beta", ACME), card(12, "Acme", "")],
            vec!["1? 11 12"],
        ),
        (
            "a lead is nobody's",
            vec![lead],
            vec![card(11, "Acme", ACME)],
            vec!["? 11"],
        ),
        (
            "a supplier is nobody's",
            vec![acme()],
            vec![vendor],
            vec!["1? "],
        ),
        (
            "nothing fits",
            vec![acme()],
            vec![card(11, "Beta", BETA)],
            vec!["1? ", "? 11"],
        ),
        (
            "one card, fit by ABN and by name for two",
            vec![company(1, "X", ACME), company(2, "Acme", "")],
            vec![card(11, "Acme", ACME)],
            vec!["1? 11", "2? 11"],
        ),
    ];
    for (what, ours, theirs, expected) in cases {
        let matched = companies(&ours, &theirs, &Settled::default());
        assert_eq!(told(&matched), expected, "{what}");
    }
}

#[test]
fn a_reference_goes_before_everything_else() {
    let beta = card(12, "Beta", BETA);
    let ours = [
        naming(12, company(1, "Acme", ACME)),
        company(2, "Beta", BETA),
    ];
    let theirs = [card(11, "Acme", ACME), beta.clone()];
    let matched = companies(&ours, &theirs, &Settled::default());
    assert_eq!(told(&matched), ["1=12 by reference", "2? 12", "? 11"]);

    for (what, ours, theirs) in [
        (
            "two name one card",
            vec![
                naming(12, company(1, "A", "")),
                naming(12, company(2, "B", "")),
            ],
            vec![beta.clone()],
        ),
        (
            "the card is gone",
            vec![naming(99, company(1, "Beta", BETA))],
            vec![beta.clone()],
        ),
    ] {
        let matched = companies(&ours, &theirs, &Settled::default());
        assert!(matched.links.is_empty(), "{what}: {matched:?}");
    }
}

#[test]
fn what_is_settled_stays_and_still_counts() {
    let settled = Settled {
        autotask: [1].into(),
        jim2: ["11".to_owned()].into(),
    };
    let ours = [company(1, "Acme", ACME), company(2, "Acme North", ACME)];
    let theirs = [card(11, "Acme", ACME), card(12, "North", ACME)];
    let matched = companies(&ours, &theirs, &settled);
    assert_eq!(told(&matched), ["2? 11 12"], "the ABN is still there twice");
    let matched = companies(&ours[..1], &theirs[..1], &settled);
    assert_eq!(matched, Matched::default());
}
