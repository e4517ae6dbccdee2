//! Reads and writes of products and stock. Nothing is decided here.

mod counting;
mod draft;
mod looking;
mod moving;
mod problem;

use autotask::{Client as Autotask, Entity as _, Product};
use domain::{Failure, Key, RecordId, System};
use jim2::Client as Jim2;
use sync::{Act, Fields, Half, Hands};

use self::problem::not_a_number;
use crate::{Edition, KIND, StockSettings, halves};

/// How many products are read in one call, so that one answer is about all of them.
const AT_ONCE: usize = 200;

/// The reads and writes of products and stock.
#[derive(Debug)]
pub struct StockHands {
    /// The caller of Autotask.
    pub autotask: Autotask,
    /// The caller of Jim2.
    pub jim2: Jim2,
    /// What the site calls its fields.
    pub settings: StockSettings,
}

impl Hands for StockHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => self.products(&numbers).await.map_err(autotask(key)),
            System::Jim2 => {
                let stock = self.jim2.stock_items(&numbers).await.map_err(jim2(key))?;
                Ok(stock.iter().map(halves::of_stock).collect())
            }
        }
    }

    /// What a query does not show is asked for by its number.
    async fn is_gone(&self, on: System, id: &RecordId) -> Result<bool, Failure> {
        let key = Key::new(KIND, on, id.clone());
        let number = number(id, &key)?;
        match on {
            System::Autotask => {
                let found = self.autotask.get::<Product>(number).await;
                Ok(found.map_err(autotask(key))?.is_none())
            }
            System::Jim2 => {
                let found = self.jim2.stock_record(number).await;
                Ok(found.map_err(jim2(key))?.is_none())
            }
        }
    }

    async fn list(&self, after: Option<i64>, rows: usize) -> Result<Option<Vec<Half>>, Failure> {
        let key = Key::new(KIND, System::Autotask, after.unwrap_or_default());
        let products = self.next_products(after, rows).await;
        products.map(Some).map_err(autotask(key))
    }

    async fn surely_new(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        self.new_products(creations).await
    }

    /// A product that may be this stock already is looked at by a person first.
    async fn prepare(&self, act: Act) -> Result<Act, Failure> {
        self.is_new(&act).await?;
        Ok(act)
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        self.made_by(act).await
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                on: System::Autotask,
                from,
                reference,
                fields,
                ..
            } => self.create(from, reference, fields).await.map(Some),
            Act::Update {
                on: System::Autotask,
                id,
                fields,
            } => self.update(id, fields).await.map(|()| None),
            Act::Refer {
                on: System::Autotask,
                id,
                to: Some(to),
                ..
            } => self.refer(id, to).await.map(|()| None),
            // Nothing is written to stock, and a product has no children.
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

impl StockHands {
    /// The next products behind `after`, and not what lies where: one call.
    async fn next_products(
        &self,
        after: Option<i64>,
        rows: usize,
    ) -> Result<Vec<Half>, autotask::Error> {
        let udfs = &self.settings.udfs;
        let products: Vec<Product> = self.autotask.next_ones(after, rows, udfs).await?;
        let half = |product| halves::of_product(product, &self.settings);
        Ok(products.iter().map(half).collect())
    }

    /// Products by id.
    async fn products(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let udfs = &self.settings.udfs;
        let mut halves = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            let mut products: Vec<Product> = self.autotask.by_ids(some, udfs).await?;
            if !udfs.is_empty() {
                self.tell_udfs(&mut products).await?;
            }
            let half = |product| halves::of_product(product, &self.settings);
            let mut some: Vec<Half> = products.iter().map(half).collect();
            self.tell_inventory(&mut some).await?;
            halves.append(&mut some);
        }
        Ok(halves)
    }

    /// Autotask leaves user-defined fields out where no row of an answer has a value in one (`autotask.md` §2). So where
    /// none was told, one row that is read by itself says whether that is so, for all of them; a row that was left out
    /// beside others is read by itself.
    async fn tell_udfs(&self, products: &mut [Product]) -> Result<(), autotask::Error> {
        let is_untold = |product: &Product| product.user_defined_fields.names().next().is_none();
        let has_value = |product: &Product| {
            let mut udfs = self.settings.udfs.iter();
            udfs.any(|name| product.udf(name).get().is_some())
        };
        let is_none_told = products.iter().all(is_untold);
        let mut are_all_empty = false;
        for product in products.iter_mut().filter(|product| is_untold(product)) {
            if are_all_empty {
                product.read_by_id();
            } else if let Some(whole) = self.autotask.get::<Product>(product.id).await? {
                are_all_empty = is_none_told && !has_value(&whole);
                *product = whole;
            }
        }
        Ok(())
    }

    async fn create(
        &self,
        from: &RecordId,
        reference: &str,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let key = Key::new(KIND, System::Jim2, from.clone());
        let draft = draft::product(fields).set("externalProductID", reference);
        let created = self.autotask.create::<Product>((), &draft).await;
        Ok(created.map_err(autotask(key))?.into())
    }

    async fn update(&self, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Autotask, id.clone());
        let number = number(id, &key)?;
        let draft = draft::product(fields);
        if !draft.is_empty() {
            let written = self.autotask.update::<Product>((), number, &draft).await;
            written.map_err(autotask(key))?;
        }
        match self.settings.edition {
            Edition::Items => self.count(number, fields).await,
            Edition::Products => self.move_pieces(number, fields).await,
        }
    }

    async fn refer(&self, id: &RecordId, to: &RecordId) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Autotask, id.clone());
        let number = number(id, &key)?;
        let draft = autotask::Draft::new().set("externalProductID", crate::reference(to));
        let written = self.autotask.update::<Product>((), number, &draft).await;
        written.map_err(autotask(key))
    }
}

fn number(id: &RecordId, key: &Key) -> Result<i64, Failure> {
    id.number().ok_or_else(|| Failure::Hold {
        problems: vec![not_a_number(key)],
    })
}

fn autotask(key: Key) -> impl FnOnce(autotask::Error) -> Failure {
    move |error| error.into_failure(&key)
}

fn jim2(key: Key) -> impl FnOnce(jim2::Error) -> Failure {
    move |error| error.into_failure(&key)
}

#[cfg(test)]
mod tests;
