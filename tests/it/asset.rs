//! Configuration items and assets: told of by webhooks of the one and the change table of the other.

use domain::{Key, Kind};
use sandbox::jim2::Options;
use serde_json::{Value, json};

use crate::system::{LATER, SOON, Site, System, eventually, only_if, text};

const ASSET: Kind = Kind::new("asset");

#[tokio::test(flavor = "multi_thread")]
async fn an_item_and_an_asset_of_one_serial_number_become_a_pair_and_stay_equal() {
    let system = System::start(Site::default()).await;
    let (item, asset) = system.pair_of_things("SN-1").await;
    let set = json!({"serialNo": "SN-1B", "warDateOut": "2029-06-30T00:00:00"});
    system.hands.edit_in_jim2("Asset", &asset, set).await;
    eventually(LATER, "the item has both", async || {
        let item = system.thing(item).await;
        let has_both = text(&item, "serialNumber") == "SN-1B"
            && text(&item, "warrantyExpirationDate").starts_with("2029-06-30");
        only_if(has_both, item.to_string())
    })
    .await;
    for _ in 0..2 {
        system
            .tell_of(Key::new(ASSET, domain::System::Autotask, item))
            .await;
    }
    system.quiet().await;
    assert_eq!(system.assets().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_assets_of_one_serial_number_a_person_says_which_it_is() {
    let system = System::start(Site::default()).await;
    let first = system.asset_of(json!({})).await;
    let second = system.asset_of(json!({})).await;
    let item = system.item(json!({})).await;
    eventually(SOON, "it is held, and both are named", async || {
        let held = system.crossbill(&["held", "list"]).await;
        let both = [&first, &second]
            .iter()
            .all(|no| held.contains(&format!("asset {no}")));
        only_if(both, held)
    })
    .await;
    // Nobody works on it while it is linked.
    system.quiet().await;
    system
        .crossbill(&["pairs", "link", "asset", &item.to_string(), &second])
        .await;
    // Both are read as they are before one is changed.
    system.quiet().await;
    let set = json!({"referenceTitle": "Back office"});
    system
        .hands
        .edit_in_autotask("ConfigurationItems", item, set)
        .await;
    system.described(&second, "Back office").await;
    system.described(&first, "Front desk").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_made_only_where_the_site_wants_it_and_only_once() {
    let system = System::start(Site::default()).await;
    let item = system.item(json!({})).await;
    let lonely = system.asset_of(json!({"serialNo": "SN-2"})).await;
    system.quiet().await;
    assert_eq!(system.assets().await.len(), 1, "nothing is made at first");

    system
        .crossbill(&["settings", "set", "default.product", "29690001"])
        .await;
    system.connect(&["--create", "asset,item-from-asset"]).await;
    system.release().await;
    for key in [
        Key::new(ASSET, domain::System::Autotask, item),
        Key::new(ASSET, domain::System::Jim2, lonely.parse::<i64>().unwrap()),
    ] {
        for _ in 0..2 {
            system.tell_of(key.clone()).await;
        }
    }
    let (company, card) = system.hands.customer().await;
    eventually(LATER, "both have their other half", async || {
        let assets = system.assets().await;
        let asset = assets.iter().find(|it| text(it, "serialNo") == "SN-1");
        let items = system.things().await;
        let made = items.iter().find(|it| text(it, "serialNumber") == "SN-2");
        let both = asset
            .is_some_and(|it| it["OwnerNo"] == card && text(it, "itemDesc") == "Front desk")
            && made.is_some_and(|it| it["companyID"] == company && it["isActive"] == true);
        only_if(both, format!("{assets:?} {items:?}"))
    })
    .await;
    system.quiet().await;
    assert_eq!(
        (system.assets().await.len(), system.things().await.len()),
        (2, 2)
    );
    assert_eq!(system.agrees_on(&["asset"]).await.compared["assets"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_about_the_asset_of_its_tickets_item_and_has_its_serial_number() {
    let mut site = Site::default();
    site.jim2 = Options {
        job_links_writable: true,
        ..site.jim2
    };
    let system = System::start(site).await;
    let (company, _) = system.hands.customer().await;
    let (first, of_first) = system.pair_of_things("SN-1").await;
    let (second, of_second) = system.pair_of_things("SN-2").await;
    let set = json!({"companyID": company, "title": "It is slow", "configurationItemID": first});
    let ticket = system.hands.raise_with(set).await;
    let job = system.hands.job_of(&ticket, LATER).await;
    let made = system.hands.job(&job).await;
    assert_eq!(
        (text(&made, "AssetNo"), text(&made, "serial")),
        (of_first, "SN-1".to_owned())
    );

    let set = json!({"configurationItemID": second});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, set)
        .await;
    eventually(LATER, "the job is about the other", async || {
        let of = text(&system.hands.job(&job).await, "AssetNo");
        only_if(of == of_second, of)
    })
    .await;
}

impl System {
    /// Somebody enters a machine of the usual customer in Autotask.
    async fn item(&self, changes: Value) -> i64 {
        let (company, _) = self.hands.customer().await;
        let set = json!({
            "companyID": company, "productID": 29_690_001, "serialNumber": "SN-1", "isActive": true,
            "referenceTitle": "Front desk", "installDate": "2026-01-01T00:00:00Z",
            "warrantyExpirationDate": "2028-12-31T00:00:00Z",
        });
        self.hands
            .create_in_autotask("ConfigurationItems", with(set, changes))
            .await
    }

    /// Somebody enters it in Jim2.
    async fn asset_of(&self, changes: Value) -> String {
        let (_, card) = self.hands.customer().await;
        let set = json!({
            "OwnerNo": card, "serialNo": "SN-1", "itemDesc": "Front desk", "warDateIn": "2026-01-01T00:00:00",
            "warDateOut": "2028-12-31T00:00:00",
        });
        self.hands.create_in_jim2("Asset", with(set, changes)).await
    }

    /// A machine and its asset; it is changed once, so that it is seen that they are a pair.
    async fn pair_of_things(&self, serial: &str) -> (i64, String) {
        let asset = self.asset_of(json!({"serialNo": serial})).await;
        let item = self.item(json!({"serialNumber": serial})).await;
        // They are a pair before one of them is changed.
        self.quiet().await;
        let set = json!({"referenceTitle": "Reception"});
        self.hands
            .edit_in_autotask("ConfigurationItems", item, set)
            .await;
        self.described(&asset, "Reception").await;
        (item, asset)
    }

    async fn described(&self, asset: &str, expected: &str) {
        eventually(LATER, "the asset says it", async || {
            let found = self
                .hands
                .jim2
                .record("Asset", asset)
                .await
                .unwrap()
                .unwrap();
            let said = text(&found, "itemDesc");
            only_if(said == expected, said)
        })
        .await;
    }

    async fn assets(&self) -> Vec<Value> {
        self.hands.jim2.records("Asset", None).await.unwrap()
    }

    async fn things(&self) -> Vec<Value> {
        let found = self
            .hands
            .autotask
            .records("ConfigurationItems", None)
            .await;
        found.unwrap()
    }

    async fn thing(&self, item: i64) -> Value {
        let found = self
            .hands
            .autotask
            .record("ConfigurationItems", &item.to_string())
            .await;
        found.unwrap().unwrap()
    }
}

fn with(mut set: Value, changes: Value) -> Value {
    if let Value::Object(changes) = changes {
        for (name, value) in changes {
            set[name] = value;
        }
    }
    set
}
