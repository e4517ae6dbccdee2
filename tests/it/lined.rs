//! What purchases and quotes have alike in these tests: stock lines of a drive, made where a site wants them.

use serde_json::Value;
use sync::Point;

use crate::system::{LATER, Site, System, eventually, only_if, text};

/// A product of the generated catalogue; it is bought and offered as the stock of its SKU.
pub(crate) const DRIVE: i64 = 29_690_001;

/// A site that has this kind made, and whose drive is paired with its stock.
pub(crate) async fn wanting(kind: &str, site: Site) -> System {
    let system = System::start(site).await;
    system.connect(&["--create", kind]).await;
    system.release().await;
    let stock = system.hands.jim2.records("Stock", None).await.unwrap();
    let stock = stock.iter().find(|one| text(one, "code") == "SSD.1TB");
    let stock = text(stock.unwrap(), "id");
    system
        .crossbill(&["pairs", "link", "stock", &DRIVE.to_string(), &stock])
        .await;
    system.quiet().await;
    system
}

impl System {
    /// The lines of the one record of Jim2's are of these quantities, in any order.
    pub(crate) async fn has_lines(&self, entity: &str, quantities: &[&str]) {
        eventually(LATER, "the lines are there", async || {
            let all = self.lined(entity).await;
            let mut told = quantities_of(&all);
            told.sort();
            only_if(all.len() == 1 && told == quantities, format!("{told:?}"))
        })
        .await;
    }

    /// Crossbill dies after a write, before one, and after one, and then runs on.
    #[cfg(debug_assertions)]
    pub(crate) async fn dies_at_writes(&self) {
        for point in [Point::AfterWrite, Point::BeforeWrite, Point::AfterWrite] {
            self.kill();
            self.dies_at(point).await;
        }
        self.kill();
        self.serve().await;
    }

    /// All records of Jim2's of this entity.
    pub(crate) async fn lined(&self, entity: &str) -> Vec<Value> {
        self.hands.jim2.records(entity, None).await.unwrap()
    }

    /// The one record there is of it.
    pub(crate) async fn only_lined(&self, entity: &str) -> Value {
        let mut all = self.lined(entity).await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

/// The quantities of all lines of these records.
pub(crate) fn quantities_of(records: &[Value]) -> Vec<String> {
    let lines = records
        .iter()
        .flat_map(|one| one["stock"].as_array().unwrap());
    let qty = |line: &Value| text(line, "qty").trim_end_matches(".0000").to_owned();
    lines.map(qty).collect()
}
