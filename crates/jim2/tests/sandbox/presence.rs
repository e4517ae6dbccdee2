//! Which of many records are still there, by number or in a list.

use jim2::Presence;
use sandbox::{jim2::Paging, screen::Screen};
use serde_json::Value;

use super::Site;

const ALL: [(Presence, &str); 7] = [
    (Presence::Jobs, "Job"),
    (Presence::CardFiles, "CardFile"),
    (Presence::Contacts, "CardFileContact"),
    (Presence::Stock, "Stock"),
    (Presence::Projects, "Project"),
    (Presence::Assets, "Asset"),
    (Presence::Purchases, "Purchase"),
];

/// All ids there are of an entity.
async fn ids(site: &Site, entity: &str) -> Vec<String> {
    let screen = Screen::at(&site.jim2.base_url());
    let records = screen.records(entity, None).await.unwrap();
    let id = |record: &Value| {
        let id = &record["id"];
        id.as_str().map_or_else(|| id.to_string(), str::to_owned)
    };
    records.iter().map(id).collect()
}

/// Those of `asked` that are told, however that is asked.
async fn told(site: &Site, of: Presence, asked: &[String]) -> Vec<String> {
    let Some(mut listing) = site.client.listing(of) else {
        return site.client.present(of, asked).await.unwrap();
    };
    let mut listed = Vec::new();
    while let Some(page) = site.client.listed(&mut listing).await.unwrap() {
        assert!(page.len() <= 50 || site.is_unpaged(), "a page at a time");
        listed.extend(page);
    }
    let is_told = |id: &&String| listed.contains(*id);
    asked.iter().filter(is_told).cloned().collect()
}

impl Site {
    /// Whether a list comes whole.
    fn is_unpaged(&self) -> bool {
        !self.client.settings().named_queries
    }
}

#[tokio::test]
async fn what_is_there_is_told_and_what_is_not_is_not_with_and_without_named_queries() {
    for (named, paging) in [
        (true, Paging::JsonApi),
        (false, Paging::PageNoPageSize),
        (false, Paging::None),
    ] {
        let site = Site::with(
            |options| (options.named_queries, options.paging) = (named, paging),
            |settings| settings.named_queries = named,
        )
        .await;
        for (of, entity) in ALL {
            let there = ids(&site, entity).await;
            let gone = if of == Presence::Contacts {
                // Of a card that is there.
                format!("{}-99", there[0].split('-').next().unwrap())
            } else {
                "999999".to_owned()
            };
            let asked = [there.clone(), vec![gone]].concat();
            assert_eq!(told(&site, of, &asked).await, there, "{entity}");
        }
    }
}

#[tokio::test]
async fn a_build_without_the_list_tells_nothing_rather_than_that_all_is_gone() {
    let site = Site::with(
        |options| options.named_queries = false,
        |settings| settings.named_queries = false,
    )
    .await;
    // Neither query nor address tells quotes here.
    let asked = ["901".to_owned()];
    let quotes = site.client.present(Presence::Quotes, &asked).await;
    quotes.unwrap_err();
}
