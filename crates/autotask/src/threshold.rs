//! How much of the tenant's hourly allowance is used, by all its integrations together.

use serde::Deserialize;

use crate::{Client, Error, client::Request};

/// The endpoint that tells of the allowance.
pub const THRESHOLD: &str = "ThresholdInformation";

/// The allowance and its use. Asking counts as a call, and no more than one at once is wise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Threshold {
    /// Calls allowed in the window.
    #[serde(rename = "externalRequestThreshold")]
    pub limit: u32,
    /// The length of the rolling window, in minutes.
    #[serde(rename = "requestThresholdTimeframe")]
    pub minutes: u32,
    /// Calls made in the window until now.
    #[serde(rename = "currentTimeframeRequestCount")]
    pub used: u32,
}

impl Client {
    /// Asks for the allowance and its use.
    pub async fn threshold(&self) -> Result<Threshold, Error> {
        self.ask(Request::get("autotask.threshold", "threshold", THRESHOLD))
            .await
    }
}
