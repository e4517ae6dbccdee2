//! Webhooks: what Autotask tells us of by itself.
//!
//! Created in steps: the webhook, the fields it watches, the resources whose changes it leaves
//! out, and only then a look whether Autotask calls it ready. The steps go one after the other,
//! as three calls at once on one endpoint are too many.

mod choices;
mod draft;
mod given_up;
mod record;

use reqwest::Method;
use serde::de::DeserializeOwned;

pub use self::{
    choices::FieldChoices,
    draft::{Subscription, WebhookDraft},
    given_up::GivenUp,
    record::{Subscribed, Webhook},
};
use crate::{Client, Error, Query, client::Request, read::Rows};

/// The entities that we have webhooks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WebhookKind {
    /// Companies, which payloads call `Account`.
    Company,
    /// Contacts.
    Contact,
    /// Tickets.
    Ticket,
    /// Notes of tickets.
    TicketNote,
    /// Configuration items, which payloads call `InstalledProduct`.
    ConfigurationItem,
}

impl WebhookKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Company,
        Self::Contact,
        Self::Ticket,
        Self::TicketNote,
        Self::ConfigurationItem,
    ];

    /// The word before `Webhooks` in the path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Company => "Company",
            Self::Contact => "Contact",
            Self::Ticket => "Ticket",
            Self::TicketNote => "TicketNote",
            Self::ConfigurationItem => "ConfigurationItem",
        }
    }

    /// Whether user-defined fields can be watched.
    pub const fn has_udfs(self) -> bool {
        match self {
            Self::Company | Self::Contact | Self::Ticket | Self::ConfigurationItem => true,
            Self::TicketNote => false,
        }
    }

    fn path(self) -> String {
        format!("{}Webhooks", self.as_str())
    }
}

/// The webhooks of one kind.
#[derive(Debug, Clone)]
pub struct Webhooks<'a> {
    client: &'a Client,
    kind: WebhookKind,
}

impl Client {
    /// The webhooks of one kind.
    pub fn webhooks(&self, kind: WebhookKind) -> Webhooks<'_> {
        Webhooks { client: self, kind }
    }
}

impl Webhooks<'_> {
    /// All webhooks that we may see, other integrations' too: tell ours by name or address.
    pub async fn list(&self) -> Result<Vec<Webhook>, Error> {
        let path = format!("{}/query", self.kind.path());
        let body = Query::everything().body(&[], None);
        let rows: Rows<Webhook> = self
            .client
            .post_query("autotask.webhook.list", "webhook", &path, body)
            .await?;
        Ok(rows.items)
    }

    /// The webhook with this id.
    pub async fn get(&self, id: i64) -> Result<Option<Webhook>, Error> {
        let path = format!("{}/{id}", self.kind.path());
        self.client
            .item("autotask.webhook.get", "webhook", &path)
            .await
    }

    /// Creates a webhook, which watches nothing yet, and returns its id.
    pub async fn create(&self, draft: &WebhookDraft) -> Result<i64, Error> {
        self.write(
            "autotask.webhook.create",
            Method::POST,
            "",
            Some(draft.body(None)),
        )
        .await
    }

    /// Makes webhook `id` equal to the draft, its secret too, and switches it on.
    pub async fn update(&self, id: i64, draft: &WebhookDraft) -> Result<(), Error> {
        let body = Some(draft.body(Some(id)));
        self.write("autotask.webhook.update", Method::PATCH, "", body)
            .await?;
        Ok(())
    }

    /// Switches webhook `id` on. What was missed in between is not told again.
    pub async fn activate(&self, id: i64) -> Result<(), Error> {
        let body = serde_json::json!({ "id": id, "isActive": true }).to_string();
        self.write(
            "autotask.webhook.activate",
            Method::PATCH,
            "",
            Some(body.into_bytes()),
        )
        .await?;
        Ok(())
    }

    /// Deletes webhook `id`.
    pub async fn delete(&self, id: i64) -> Result<(), Error> {
        let path = format!("/{id}");
        self.write("autotask.webhook.delete", Method::DELETE, &path, None)
            .await?;
        Ok(())
    }

    /// The fields that can be watched, with their numbers.
    pub async fn field_choices(&self) -> Result<FieldChoices, Error> {
        let path = format!("{}WebhookFields", self.kind.as_str());
        Ok(FieldChoices::of(&self.client.fields_of(&path).await?))
    }

    /// The user-defined fields that can be watched, with the ids of their definitions.
    pub async fn udf_choices(&self) -> Result<FieldChoices, Error> {
        if !self.kind.has_udfs() {
            return Ok(FieldChoices::default());
        }
        let path = format!("{}WebhookUdfFields", self.kind.as_str());
        Ok(FieldChoices::of(&self.client.fields_of(&path).await?))
    }

    /// Makes webhook `id` watch a field.
    pub async fn add_field(&self, id: i64, field: i64, how: Subscription) -> Result<i64, Error> {
        let body = how.body(id, "fieldID", field);
        self.write(
            "autotask.webhook.field",
            Method::POST,
            &format!("/{id}/Fields"),
            Some(body),
        )
        .await
    }

    /// Makes webhook `id` watch a user-defined field.
    pub async fn add_udf_field(
        &self,
        id: i64,
        definition: i64,
        how: Subscription,
    ) -> Result<i64, Error> {
        let body = how.body(id, "udfFieldID", definition);
        let path = format!("/{id}/UdfFields");
        self.write(
            "autotask.webhook.udf-field",
            Method::POST,
            &path,
            Some(body),
        )
        .await
    }

    /// Makes webhook `id` leave out what this resource does.
    pub async fn exclude(&self, id: i64, resource: i64) -> Result<i64, Error> {
        let body = serde_json::json!({ "webhookID": id, "resourceID": resource }).to_string();
        let path = format!("/{id}/ExcludedResources");
        self.write(
            "autotask.webhook.exclude",
            Method::POST,
            &path,
            Some(body.into_bytes()),
        )
        .await
    }

    /// The fields that webhook `id` watches.
    pub async fn fields(&self, id: i64) -> Result<Vec<Subscribed>, Error> {
        self.children(id, "Fields").await
    }

    /// The user-defined fields that webhook `id` watches.
    pub async fn udf_fields(&self, id: i64) -> Result<Vec<Subscribed>, Error> {
        if !self.kind.has_udfs() {
            return Ok(Vec::new());
        }
        self.children(id, "UdfFields").await
    }

    /// The resources that webhook `id` leaves out.
    pub async fn excluded(&self, id: i64) -> Result<Vec<Subscribed>, Error> {
        self.children(id, "ExcludedResources").await
    }

    async fn children<T: DeserializeOwned>(&self, id: i64, what: &str) -> Result<Vec<T>, Error> {
        let path = format!("{}/{id}/{what}", self.kind.path());
        let request = Request::lookup("autotask.webhook.children", "webhook", &path);
        let rows: Rows<T> = self.client.ask(request).await?;
        Ok(rows.items)
    }

    async fn write(
        &self,
        operation: &'static str,
        method: Method,
        below: &str,
        body: Option<Vec<u8>>,
    ) -> Result<i64, Error> {
        let path = format!("{}{below}", self.kind.path());
        self.client
            .write_at(operation, "webhook", method, &path, body)
            .await
    }
}
