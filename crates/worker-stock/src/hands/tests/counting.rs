//! Inventory items, in the stand-in of Autotask.

use autotask::InventoryItem;

use super::*;
use crate::inventory::INVENTORY;

const DRIVE: i64 = 29_690_001;

impl Site {
    /// One that has Autotask count at its first two locations.
    async fn counting() -> Self {
        let mut site = Self::new().await;
        site.hands.settings.inventory = Some([1, 2].into());
        site
    }

    /// Writes what is to lie at both.
    async fn count(&self, here: i64, there: i64) -> Result<(), Failure> {
        let act = Act::Update {
            on: System::Autotask,
            id: DRIVE.into(),
            fields: [(INVENTORY.name.to_owned(), counts(here, there))].into(),
        };
        self.hands.perform(&act).await.map(drop)
    }

    async fn counted(&self) -> Value {
        let half = self.half(System::Autotask, DRIVE).await;
        half.fields[INVENTORY.name].clone()
    }

    async fn items(&self) -> Vec<InventoryItem> {
        let all = autotask::Query::everything();
        self.hands.autotask.query_all(&all).await.unwrap()
    }
}

fn counts(here: i64, there: i64) -> Value {
    Value::parts([("1", here.into()), ("2", there.into())])
}

#[tokio::test]
async fn an_item_is_made_where_something_lies_and_counted_after_that() {
    let site = Site::counting().await;
    assert_eq!(site.counted().await, counts(0, 0));
    site.count(4, 0).await.unwrap();
    assert_eq!(site.items().await.len(), 1, "none for nothing");
    site.count(5, 7).await.unwrap();
    assert_eq!(site.counted().await, counts(5, 7));
    let calls = site.calls(System::Autotask).await;
    site.count(5, 7).await.unwrap();
    assert_eq!(site.calls(System::Autotask).await - calls, 1, "a look");
    site.count(5, 0).await.unwrap();
    assert_eq!(
        (site.counted().await, site.items().await.len()),
        (counts(5, 0), 2)
    );
}

#[tokio::test]
async fn an_item_whose_answer_was_lost_is_not_made_twice() {
    let site = Site::counting().await;
    let fault = json!({"name": "lost-answer", "on": true, "count": 1});
    site.hand(System::Autotask, "fault", fault).await;
    let lost = site.count(4, 0).await.unwrap_err();
    assert!(matches!(lost, Failure::Unsure { .. }), "{lost:?}");
    site.count(4, 0).await.unwrap();
    assert_eq!(
        (site.counted().await, site.items().await.len()),
        (counts(4, 0), 1)
    );
}

#[tokio::test]
async fn a_tenant_without_inventory_is_told_of_and_a_site_that_does_not_count_is_not_asked() {
    let site = Site::counting().await;
    let fault = json!({"name": "forbidden", "value": "InventoryItems"});
    site.hand(System::Autotask, "fault", fault).await;
    let held = site.hands.read(System::Autotask, &[DRIVE.into()]).await;
    assert!(matches!(held, Err(Failure::Hold { .. })), "{held:?}");
    let mut site = site;
    site.hands.settings.inventory = None;
    let half = site.half(System::Autotask, DRIVE).await;
    assert!(!half.fields.contains_key(INVENTORY.name));
}
