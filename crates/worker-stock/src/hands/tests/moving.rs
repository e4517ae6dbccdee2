//! Inventory products, in a tenant of the newer edition.

use autotask::{InventoryProduct, Query};
use sandbox::autotask::{Inventory, Options};

use super::*;
use crate::{
    inventory::INVENTORY,
    movement::{AVAILABLE, Movement},
    settings::Edition,
};

const DRIVE: i64 = 29_690_001;
const VENDOR: i64 = 174;

impl Site {
    /// One that has Autotask count at its first two locations.
    async fn moving(set_up: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options {
            inventory: Inventory::Products,
            ..Options::default()
        };
        set_up(&mut options);
        let mut site = Self::of(options, |_| ()).await;
        site.hands.settings.inventory = Some([1, 2].into());
        site.hands.settings.edition = Edition::Products;
        site
    }

    /// What a plan makes of a location that has so many, and is to have so many.
    async fn moved(&self, at: i64, from: i64, to: i64) -> Result<(), Failure> {
        let movement = Movement {
            at,
            from,
            to,
            cost: Some("74.5".parse().unwrap()),
            vendor: Some(VENDOR),
        };
        let act = Act::Update {
            on: System::Autotask,
            id: DRIVE.into(),
            fields: movement.act(),
        };
        self.hands.perform(&act).await.map(drop)
    }

    async fn pieces(&self) -> Value {
        let half = self.half(System::Autotask, DRIVE).await;
        half.fields[INVENTORY.name].clone()
    }

    async fn rows(&self) -> Vec<InventoryProduct> {
        let all = Query::everything();
        self.hands.autotask.query_all(&all).await.unwrap()
    }

    /// What was received, as people see it.
    async fn stocked(&self) -> Vec<Json> {
        let url = format!(
            "{}/sandbox/state?entity=InventoryStockedItems",
            self.base(System::Autotask)
        );
        let answer = self.http.send("state", self.http.request(Method::GET, url));
        let state: Json = answer.await.unwrap().json().unwrap();
        state["InventoryStockedItems"].as_array().unwrap().clone()
    }
}

fn pieces(here: i64, there: i64) -> Value {
    Value::parts([("1", here.into()), ("2", there.into())])
}

#[tokio::test]
async fn pieces_come_and_go_by_the_difference_and_neither_cost_nor_price_moves_with_them() {
    let site = Site::moving(|_| ()).await;
    let before = site.products().await[0].clone();
    assert_eq!(site.pieces().await, pieces(0, 0));
    site.moved(1, 0, 4).await.unwrap();
    assert_eq!(site.rows().await.len(), 1, "none for nothing");
    site.moved(2, 0, 7).await.unwrap();
    site.moved(1, 4, 6).await.unwrap();
    site.moved(2, 7, 2).await.unwrap();
    assert_eq!(site.pieces().await, pieces(6, 2));
    assert_eq!(site.rows().await.len(), 2);
    let stocked = site.stocked().await;
    let came: Vec<_> = stocked
        .iter()
        .map(|it| it["onHandUnits"].as_i64())
        .collect();
    assert_eq!(came, [Some(4), Some(7), Some(2)], "only the difference");
    for one in &stocked {
        assert_eq!(
            (&one["unitCost"], &one["vendorID"]),
            (&json!(74.5), &json!(VENDOR))
        );
    }
    let after = site.products().await[0].clone();
    assert_eq!(
        (after.unit_price, after.unit_cost),
        (before.unit_price, before.unit_cost)
    );
    let calls = site.calls(System::Autotask).await;
    site.moved(1, 4, 6).await.unwrap();
    assert_eq!(site.calls(System::Autotask).await - calls, 1, "a look");
}

#[tokio::test]
async fn a_movement_whose_answer_was_lost_is_not_made_twice() {
    for lost in ["the row", "what came", "what went"] {
        let site = Site::moving(|_| ()).await;
        let (from, to) = match lost {
            "the row" => (0, 4),
            "what came" => {
                site.moved(1, 0, 1).await.unwrap();
                (1, 4)
            }
            _ => {
                site.moved(1, 0, 9).await.unwrap();
                (9, 4)
            }
        };
        let fault = json!({"name": "lost-answer", "on": true, "count": 1});
        site.hand(System::Autotask, "fault", fault).await;
        let unsure = site.moved(1, from, to).await.unwrap_err();
        assert!(
            matches!(unsure, Failure::Unsure { .. }),
            "{lost}: {unsure:?}"
        );
        site.moved(1, from, to).await.unwrap();
        assert_eq!(site.pieces().await, pieces(4, 0), "{lost}");
        assert_eq!(site.rows().await.len(), 1, "{lost}");
    }
}

#[tokio::test]
async fn what_somebody_else_moved_meanwhile_is_planned_anew() {
    let site = Site::moving(|_| ()).await;
    site.moved(1, 0, 3).await.unwrap();
    let elsewhere = site.moved(1, 0, 5).await.unwrap_err();
    assert!(matches!(elsewhere, Failure::Retry { .. }), "{elsewhere:?}");
    assert_eq!(site.pieces().await, pieces(3, 0));
}

#[tokio::test]
async fn what_is_reserved_lies_there_however_it_is_counted_and_is_not_free_to_go() {
    for is_apart in [false, true] {
        let site = Site::moving(|options| options.inventory_reserved_apart = is_apart).await;
        site.moved(1, 0, 5).await.unwrap();
        let row = site.rows().await[0].id;
        let reserved = json!({"id": row, "pieces": 2});
        site.hand(System::Autotask, "reserve", reserved).await;
        let half = site.half(System::Autotask, DRIVE).await;
        assert_eq!(
            half.fields[INVENTORY.name],
            pieces(5, 0),
            "apart: {is_apart}"
        );
        let free = half.fact(AVAILABLE).and_then(|all| all.part("1"));
        assert_eq!(free, Some(&3.into()), "apart: {is_apart}");
        site.moved(1, 5, 6).await.unwrap();
        assert_eq!(site.pieces().await, pieces(6, 0), "apart: {is_apart}");
    }
}

#[tokio::test]
async fn a_row_that_somebody_deleted_counts_nothing_and_is_made_again() {
    let site = Site::moving(|_| ()).await;
    site.moved(1, 0, 4).await.unwrap();
    let row = site.rows().await[0].id;
    let gone = json!({"entity": "InventoryProducts", "id": row});
    site.hand(System::Autotask, "delete", gone).await;
    assert_eq!(site.pieces().await, pieces(0, 0));
    site.moved(1, 0, 4).await.unwrap();
    assert_eq!(site.pieces().await, pieces(4, 0));
}

#[tokio::test]
async fn a_tenant_of_the_older_edition_is_told_of_and_one_that_asks_for_reasons_gets_them() {
    let site = Site::moving(|options| options.inventory = Inventory::Items).await;
    let held = site.hands.read(System::Autotask, &[DRIVE.into()]).await;
    assert!(matches!(held, Err(Failure::Hold { .. })), "{held:?}");
    let mut site = Site::moving(|options| options.inventory_reasons = true).await;
    site.moved(1, 0, 4).await.unwrap();
    site.moved(1, 4, 3).await.unwrap();
    assert_eq!(site.pieces().await, pieces(3, 0));
    site.hands.settings.reckoning.reason = String::new();
    let refused = site.moved(1, 3, 5).await.unwrap_err();
    assert!(matches!(refused, Failure::Hold { .. }), "{refused:?}");
}

#[tokio::test]
async fn thousands_of_products_are_read_with_their_counts_in_three_calls_for_two_hundred() {
    for (inventory, edition) in [
        (Inventory::Items, Edition::Items),
        (Inventory::Products, Edition::Products),
    ] {
        let mut site = Site::moving(|options| {
            options.inventory = inventory;
            options.catalogue = 2_000;
        })
        .await;
        site.hands.settings.edition = edition;
        site.hands.settings.udfs.clear();
        let all = site.products().await;
        let ids: Vec<RecordId> = all.iter().map(|product| product.id.into()).collect();
        let before = site.calls(System::Autotask).await;
        let mut counted = 0;
        for batch in ids.chunks(200) {
            let halves = site.hands.read(System::Autotask, batch).await.unwrap();
            let told = halves.iter().map(|half| &half.fields[INVENTORY.name]);
            counted += told.filter(|told| **told == pieces(4, 4)).count();
        }
        let calls = site.calls(System::Autotask).await - before;
        assert_eq!(counted, 400, "{edition:?}");
        // Three locations of a product are a row each, of which a page has five hundred.
        let batches = u64::try_from(ids.len().div_ceil(200)).unwrap();
        assert!(calls <= 3 * batches, "{edition:?}: {calls} calls");
    }
}
