//! Which edition of inventory a tenant has: no document says by what it is decided, so both are asked.

use autotask::{Client, Entity, Error, Filter, InventoryItem, InventoryProduct};
use worker_stock::{EDITION, Edition};

use crate::connect::{Report, failure::of_autotask};

/// What the two editions told of themselves: how many records there are; `None` where the tenant does not have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    items: Option<u64>,
    products: Option<u64>,
}

/// The edition, where it shows. Where both are there, what a person chose stays, or what an earlier run found.
pub(super) async fn edition(
    client: &Client,
    report: &mut Report<'_>,
) -> anyhow::Result<Option<Edition>> {
    let told = Told {
        items: count::<InventoryItem>(client).await?,
        products: count::<InventoryProduct>(client).await?,
    };
    report.advance(2);
    if let (Some(items), Some(products)) = (told.items, told.products)
        && told.shows().is_none()
    {
        report.line(&format!(
            "Autotask has both editions of inventory ({items} inventory items, {products} inventory products): \
             crossbill settings set {EDITION} items, or products, where Crossbill is to count"
        ))?;
    }
    Ok(told.shows())
}

/// The edition in people's words.
pub(super) fn told(edition: Edition) -> String {
    match edition {
        Edition::Items => "counts with inventory items".to_owned(),
        Edition::Products => "counts with inventory products".to_owned(),
    }
}

async fn count<E: Entity>(client: &Client) -> anyhow::Result<Option<u64>> {
    match client.count::<E>(&Filter::gt("id", 0)).await {
        Err(Error::Forbidden { .. } | Error::NoSuchCall { .. }) => Ok(None),
        found => Ok(Some(found.map_err(|error| {
            of_autotask(error, &format!("count {}", super::plural::<E>()))
        })?)),
    }
}

impl Told {
    /// The one that is there; of both the one that is used, where the other is not.
    fn shows(self) -> Option<Edition> {
        match (self.items, self.products) {
            (Some(_), None) => Some(Edition::Items),
            (None, Some(_)) => Some(Edition::Products),
            (Some(items), Some(0)) if items > 0 => Some(Edition::Items),
            (Some(0), Some(products)) if products > 0 => Some(Edition::Products),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edition_is_the_one_that_is_there_or_the_one_that_is_used() {
        for (items, products, expected) in [
            (Some(0), None, Some(Edition::Items)),
            (None, Some(0), Some(Edition::Products)),
            (Some(7), Some(0), Some(Edition::Items)),
            (Some(0), Some(7), Some(Edition::Products)),
            (Some(0), Some(0), None),
            (Some(7), Some(7), None),
            (None, None, None),
        ] {
            let told = Told { items, products };
            assert_eq!(told.shows(), expected, "{told:?}");
        }
    }
}
