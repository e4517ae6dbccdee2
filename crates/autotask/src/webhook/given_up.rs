//! Calls that Autotask gave up after its last try: the log of them, kept for thirty days (Autotask help,
//! `WebhookEventErrorLogEntity`). Only the calls of our own webhooks are told to us.

use chrono::{DateTime, Utc};
use domain::Told;
use reqwest::Method;
use serde::Deserialize;

use crate::{Client, Error, Query, read::Rows, wire::told};

const LOG: &str = "WebhookEventErrorLogs";
/// What a row is called.
const ROW: &str = "row of the webhook error log";

/// A call that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenUp {
    /// Its identifier.
    pub id: i64,
    /// When it was given up.
    #[serde(default, deserialize_with = "told")]
    pub create_date_time: Told<DateTime<Utc>>,
    /// Why.
    #[serde(default, deserialize_with = "told")]
    pub error_message: Told<String>,
    /// What would have been said: the body of the call, which may be cut at 8,000 characters.
    #[serde(default, deserialize_with = "told")]
    pub payload: Told<String>,
    /// The number of the call.
    #[serde(default, deserialize_with = "told")]
    pub sequence_number: Told<i64>,
    /// The webhook, where it is one of companies; those of tickets and notes have no column.
    #[serde(default, rename = "accountWebhookID", deserialize_with = "told")]
    pub company_webhook: Told<i64>,
    /// The webhook, where it is one of contacts.
    #[serde(default, rename = "contactWebhookID", deserialize_with = "told")]
    pub contact_webhook: Told<i64>,
}

impl Client {
    /// The calls that were given up, the first page of them.
    pub async fn given_up(&self) -> Result<Vec<GivenUp>, Error> {
        let path = format!("{LOG}/query");
        let body = Query::everything().body(&[], None);
        let rows: Rows<GivenUp> = self
            .post_query("autotask.given_up.list", ROW, &path, body)
            .await?;
        Ok(rows.items)
    }

    /// Takes a call off the log that was seen to. One that is not there any more is none.
    pub async fn forget_given_up(&self, id: i64) -> Result<(), Error> {
        let path = format!("{LOG}/{id}");
        let operation = "autotask.given_up.forget";
        match self
            .write_at(operation, ROW, Method::DELETE, &path, None)
            .await
        {
            Ok(_) | Err(Error::Gone { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
