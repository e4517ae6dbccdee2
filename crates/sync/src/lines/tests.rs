use super::*;

fn line(stock: i64, qty: &str, price: &str) -> Line {
    let number = |text: &str| text.parse().unwrap();
    Line::new(
        Some(Stock::Number(stock)),
        number(qty),
        number(price),
        "Patch lead",
    )
}

fn half(lines: &[(&str, Line)]) -> Half {
    let mut half = Half::new(800, "Purchase 800");
    let lines = lines.iter().cloned();
    tell_lines(
        &mut half,
        lines.map(|(source, line)| (source.to_owned(), line)),
    );
    half
}

fn facts(pairs: &[(i64, i64)]) -> Facts {
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, chrono::DateTime::UNIX_EPOCH);
    for (product, stock) in pairs {
        let key = Key::new(STOCK, System::Autotask, *product);
        facts.pairs.insert(key, (*stock).into());
    }
    facts
}

#[test]
fn a_line_ends_with_its_source_and_what_people_add_has_none() {
    let marked = line(301, "2", "4.50").marked("77");
    let told = source_of(&marked).unwrap();
    assert_eq!(told, ("77".to_owned(), "Patch lead".to_owned()));
    for theirs in ["Patch lead", "Patch lead\n\n[jim2:77]", ""] {
        assert_eq!(source_of(theirs), None, "{theirs:?}");
    }
}

#[test]
fn numbers_and_words_are_the_same_however_they_are_written() {
    let plain = line(301, "2", "4.5");
    let number = |text: &str| text.parse().unwrap();
    let told = Line::new(
        Some(Stock::Number(301)),
        number("2.0000"),
        number("4.50004"),
        " Patch lead\r\n",
    );
    assert_eq!(told, plain);
    assert_eq!(
        lines_in(&half(&[("77", plain.clone())]).fields)["77"],
        plain
    );
}

#[test]
fn each_line_is_a_step_of_its_own_and_leads_on_from_the_one_before() {
    let there = half(&[("1", line(301, "2", "4.5")), ("2", line(302, "1", "9"))]);
    let meant = half(&[("2", line(302, "3", "9")), ("3", line(303, "1", "1"))]);
    let mut fields = meant.fields.clone();
    fields.insert("vendor_invoice".to_owned(), "INV-1".into());
    let steps = one_by_one(&there, LINES.name, fields);
    let sources = |step: &Fields| lines_in(step).into_keys().collect::<Vec<_>>().join(",");
    let told: Vec<String> = steps.iter().map(sources).collect();
    assert_eq!(told, ["", "2", "2", "2,3"]);
    assert_eq!(steps[0]["vendor_invoice"], "INV-1".into());
    assert_eq!(steps[3][LINES.name], meant.fields[LINES.name]);
    for pair in steps[1..].windows(2) {
        let changes = line_changes(&lines_in(&pair[0]), &lines_in(&pair[1]));
        assert_eq!(changes.len(), 1, "one write an act");
    }
    assert_eq!(
        one_by_one(&there, LINES.name, Fields::new()),
        [Fields::new()]
    );
}

#[test]
fn a_product_becomes_the_stock_it_is_paired_with_and_one_without_holds_all() {
    let items = half(&[("1", line(7, "2", "4.5")), ("2", line(8, "1", "9"))]);
    let needs: Vec<Key> = needs_of_lines(&items).collect();
    assert_eq!(
        needs,
        [7, 8].map(|id| Key::new(STOCK, System::Autotask, id))
    );
    let raw = &items.fields[LINES.name];
    let mapped = LINES.map(System::Jim2, raw, &facts(&[(7, 301), (8, 302)]));
    let expected = half(&[("1", line(301, "2", "4.5")), ("2", line(302, "1", "9"))]);
    assert_eq!(mapped, Mapped::Value(expected.fields[LINES.name].clone()));
    let Mapped::Problem(problem) = LINES.map(System::Jim2, raw, &facts(&[(7, 301)])) else {
        panic!("a line without stock goes");
    };
    assert_eq!(problem.field.as_deref(), Some(LINES.name));
    assert!(problem.says.contains("product 8"), "{}", problem.says);
}

#[test]
fn two_lines_of_one_source_are_a_problem_and_never_silence() {
    let kind = Kind::new("purchase");
    let two = half(&[("1", line(301, "2", "4.5")), ("1", line(301, "2", "4.5"))]);
    assert_eq!(doubled(&kind, &two).unwrap().code, "doubled");
    assert_eq!(doubled(&kind, &half(&[("1", line(301, "2", "4.5"))])), None);
}
