//! Creating, changing and deleting records. Autotask answers with the id and nothing else.

use reqwest::Method;
use serde::{Deserialize, de::IgnoredAny};

use crate::{Client, Draft, Entity, Error, client::Request, error::Effect};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Written {
    item_id: i64,
}

impl Client {
    /// Creates a record under `parent` and returns its id. There is no key against doing it twice:
    /// after [`Error::MaybeDone`] look for it before trying again.
    pub async fn create<E: Entity>(&self, parent: E::Parent, draft: &Draft) -> Result<i64, Error> {
        let path = E::collection(parent);
        self.write_at(
            "autotask.create",
            E::NAME,
            Method::POST,
            &path,
            Some(draft.body(None)),
        )
        .await
    }

    /// Changes the named fields of record `id`; all others stay.
    pub async fn update<E: Entity>(
        &self,
        parent: E::Parent,
        id: i64,
        draft: &Draft,
    ) -> Result<(), Error> {
        let path = E::collection(parent);
        let body = Some(draft.body(Some(id)));
        self.write_at("autotask.update", E::NAME, Method::PATCH, &path, body)
            .await?;
        Ok(())
    }

    /// Deletes record `id`. What is not there any more is [`Error::Gone`].
    pub async fn delete<E: Entity>(&self, parent: E::Parent, id: i64) -> Result<(), Error> {
        let path = format!("{}/{id}", E::collection(parent));
        self.write_at("autotask.delete", E::NAME, Method::DELETE, &path, None)
            .await?;
        Ok(())
    }

    /// Adds pieces to those of an inventory product. Nothing tells whether it was done but the count itself: after
    /// [`Error::MaybeDone`] look at that before trying again.
    pub async fn add_pieces(&self, to: i64, draft: &Draft) -> Result<(), Error> {
        self.move_pieces(&format!("InventoryProducts/{to}/StockedItemsAdd"), draft)
            .await
    }

    /// Removes pieces from those of an inventory product; the same holds.
    pub async fn remove_pieces(&self, from: i64, draft: &Draft) -> Result<(), Error> {
        let path = format!("InventoryProducts/{from}/StockedItemsRemove");
        self.move_pieces(&path, draft).await
    }

    /// What an answer to a movement tells no document says, and nobody needs it.
    async fn move_pieces(&self, path: &str, draft: &Draft) -> Result<(), Error> {
        let request = Request {
            operation: "autotask.move",
            entity: "movement of stock",
            method: Method::POST,
            path,
            body: Some(draft.body(None)),
            effect: Effect::Write,
        };
        let _: IgnoredAny = self.ask(request).await?;
        Ok(())
    }

    /// Writes at a path and returns the id that the answer names.
    pub(crate) async fn write_at(
        &self,
        operation: &'static str,
        entity: &str,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<i64, Error> {
        let request = Request {
            operation,
            entity,
            method,
            path,
            body,
            effect: Effect::Write,
        };
        let Written { item_id } = self.ask(request).await?;
        Ok(item_id)
    }
}
