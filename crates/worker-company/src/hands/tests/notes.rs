//! Notes, read and written.

use super::*;

/// The first customer.
const COMPANY: i64 = 174;

/// A site that carries notes, with this Jim2.
async fn carrying(set_up: sandbox::jim2::Options) -> Site {
    let mut site = Site::between(sandbox::autotask::Options::default(), set_up).await;
    site.hands.settings = CompanySettings {
        notes: true,
        action_type: Some(2),
        default_owner: Some(OWNER),
        ..CompanySettings::default()
    };
    site
}

fn note(extra: &[(&str, Value)]) -> Act {
    let at = ("at".to_owned(), Value::text("2026-11-23T01:00:00+00:00"));
    let extra = extra.iter();
    let extra = extra.map(|(name, value)| ((*name).to_owned(), value.clone()));
    Act::CreateChild {
        on: System::Autotask,
        under: Some(COMPANY.into()),
        source: "1001-1".into(),
        text: "Pays late.\n\n[jim2:1001-1]".to_owned(),
        internal: true,
        extra: extra.chain([at]).collect(),
    }
}

async fn stored(site: &Site, id: &RecordId) -> autotask::CompanyNote {
    let id = id.number().unwrap();
    site.hands.autotask.get(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_note_is_made_for_its_author_with_what_autotask_asks_for_and_changed() {
    let site = carrying(sandbox::jim2::Options::default()).await;
    let author = OWNER + 1;
    let act = note(&[
        ("resource", author.into()),
        ("title", "Jim2 note: Credit".into()),
    ]);
    let id = site.hands.perform(&act).await.unwrap().unwrap();
    let made = stored(&site, &id).await;
    assert_eq!(made.assigned_resource_id.get(), Some(&author));
    assert_eq!(made.action_type.get(), Some(&2));
    assert_eq!(made.name.get().unwrap(), "Jim2 note: Credit");
    let at = "2026-11-23T01:00:00Z".parse().unwrap();
    assert_eq!(made.start_date_time.get(), Some(&at));
    assert_eq!(made.end_date_time.get(), Some(&at));

    let edit = Act::UpdateChild {
        on: System::Autotask,
        under: COMPANY.into(),
        id: id.clone(),
        source: "1001-1".into(),
        text: "Pays on time.\n\n[jim2:1001-1]".to_owned(),
    };
    site.hands.perform(&edit).await.unwrap();
    let half = site.half(System::Autotask, &COMPANY.into()).await;
    assert_eq!(half.children.len(), 1);
    assert_eq!(half.children[0].text, "Pays on time.");
    assert!(half.children[0].ours && half.is(sync::ALL_CHILDREN));
}

#[tokio::test]
async fn a_note_of_nobody_that_autotask_takes_is_for_the_companys_owner() {
    let site = carrying(sandbox::jim2::Options::default()).await;
    let company: Company = site.hands.autotask.get(COMPANY).await.unwrap().unwrap();
    let owner = company.owner_resource_id.get().copied();
    let nobody = 1_234;
    for extra in [Vec::new(), vec![("resource", nobody.into())]] {
        let id = site.hands.perform(&note(&extra)).await.unwrap().unwrap();
        let made = stored(&site, &id).await;
        assert_eq!(made.assigned_resource_id.get().copied(), owner);
    }
}

#[tokio::test]
async fn without_an_action_type_notes_wait_for_somebody_to_choose_one() {
    let mut site = carrying(sandbox::jim2::Options::default()).await;
    site.hands.settings.action_type = None;
    let failure = site.hands.perform(&note(&[])).await.unwrap_err();
    let Failure::Hold { problems } = failure else {
        panic!("{failure:?}");
    };
    assert_eq!(problems[0].code, "setting-missing");
    assert!(
        problems[0].remedy.step.contains("company_note.action_type"),
        "{}",
        problems[0].remedy.step
    );
}

#[tokio::test]
async fn notes_cost_one_query_a_batch_of_either_side_and_none_where_the_site_leaves_them_alone() {
    let mut site = carrying(sandbox::jim2::Options::default()).await;
    let cards = site.cards().await;
    let some: Vec<RecordId> = cards.iter().take(9).map(|it| it.card_no.into()).collect();
    let companies: Vec<RecordId> = (COMPANY..COMPANY + 9).map(RecordId::from).collect();
    let before = site.calls(System::Jim2, "getdata").await;
    let read = site.hands.read(System::Jim2, &some).await.unwrap();
    assert!(read.iter().all(|half| half.is(sync::ALL_CHILDREN)));
    assert_eq!(site.calls(System::Jim2, "getdata").await, before + 2);
    site.hands.read(System::Autotask, &companies).await.unwrap();
    assert_eq!(site.calls(System::Autotask, "CompanyNotes").await, 1);

    site.hands.settings.notes = false;
    let read = site.hands.read(System::Jim2, &some).await.unwrap();
    assert!(read.iter().all(|half| !half.is(sync::ALL_CHILDREN)));
    assert_eq!(site.calls(System::Jim2, "getdata").await, before + 3);
    site.hands.read(System::Autotask, &companies).await.unwrap();
    assert_eq!(site.calls(System::Autotask, "CompanyNotes").await, 1);
}

#[tokio::test]
async fn a_jim2_that_does_not_tell_its_notes_tells_all_else() {
    let site = carrying(sandbox::jim2::Options {
        missing_queries: ["crossbill_card_notes".to_owned()].into(),
        ..sandbox::jim2::Options::default()
    })
    .await;
    let card = site.cards().await.remove(0);
    let half = site.half(System::Jim2, &card.card_no.into()).await;
    assert!(half.children.is_empty() && !half.is(sync::ALL_CHILDREN));
    assert_eq!(half.fields["name"], card.name.into_value().unwrap());
}
