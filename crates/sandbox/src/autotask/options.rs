//! The switches of the stand-in: each stands for something the documents leave open, or for a setting of a tenant.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::fault::switch::Switch;

/// The resource id of Crossbill's own API user.
pub const API_RESOURCE: i64 = 29_682_999;

/// How the stand-in behaves where real tenants differ or the documents are silent.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, free of the others"
)]
pub struct Options {
    /// Who may call.
    pub users: Vec<ApiUser>,
    /// Requests that all integrations together may make in a rolling hour.
    pub hourly_threshold: usize,
    /// Requests of one integration code that one endpoint serves at once.
    pub threads: usize,
    /// How long after its answer a request still holds its thread.
    pub thread_release_lag: Duration,
    /// Whether use above half of the hourly threshold delays answers by 0.5 s, and above three quarters by 1 s.
    pub usage_latency: bool,
    /// How long every answer takes at least; the thread is held meanwhile.
    pub answer_delay: Duration,
    /// Whether GET of a missing id is 404 instead of 200 with a null item.
    pub missing_id_404: bool,
    /// Whether dates are told without the closing `Z`.
    pub naive_dates: bool,
    /// The last key of a webhook's body: `PersonID`, or `PersonId`.
    pub person_id_casing: PersonIdCasing,
    /// Whether `userDefinedFields` is missing from an answer in which no row has a value in one.
    pub omit_empty_udfs: bool,
    /// Whether a ticket needs a queue, or a resource and role, to be saved.
    pub queue_required: bool,
    /// How long after a change its webhooks are called.
    pub webhook_latency: Duration,
    /// How long after a failed call it is made again.
    pub webhook_retry_delay: Duration,
    /// How often a call is made before its event is dropped.
    pub webhook_tries: u32,
    /// How long a receiver may take to answer.
    pub webhook_timeout: Duration,
    /// Whether webhooks can be had for `https` addresses only, as the real system demands.
    pub webhook_https_only: bool,
    /// What the API users may not see, by the plural name of the entity.
    pub denied: BTreeMap<String, Denial>,
    /// The faults that are on from the start.
    pub faults: Vec<Switch>,
    /// Decides which cases a fault with a rate strikes.
    pub fault_seed: u64,
}

/// A login of the API.
#[derive(Clone, Debug)]
pub struct ApiUser {
    /// The header `UserName`.
    pub user_name: String,
    /// The header `Secret`.
    pub secret: String,
    /// The header `ApiIntegrationCode`.
    pub integration_code: String,
    /// The resource that acts.
    pub resource: i64,
}

/// How the last key of a webhook's body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PersonIdCasing {
    /// `PersonID`.
    #[default]
    Upper,
    /// `PersonId`.
    Lower,
}

/// How a missing permission on an entity shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// 403.
    Forbidden,
    /// 500 with a sentence on permissions.
    Text,
    /// Reads find nothing; writes are refused with the sentence.
    Silence,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            users: vec![ApiUser::crossbill()],
            hourly_threshold: 10_000,
            threads: 3,
            thread_release_lag: Duration::ZERO,
            usage_latency: false,
            answer_delay: Duration::ZERO,
            missing_id_404: false,
            naive_dates: false,
            person_id_casing: PersonIdCasing::default(),
            omit_empty_udfs: false,
            queue_required: true,
            webhook_latency: Duration::ZERO,
            webhook_retry_delay: Duration::from_secs(30),
            webhook_tries: 5,
            webhook_timeout: Duration::from_secs(10),
            webhook_https_only: false,
            denied: BTreeMap::new(),
            faults: Vec::new(),
            fault_seed: 0,
        }
    }
}

impl ApiUser {
    /// The user that Crossbill logs in as.
    pub fn crossbill() -> Self {
        Self {
            user_name: "crossbill@provider.example".to_owned(),
            secret: "sandbox-secret".to_owned(),
            integration_code: "SANDBOX".to_owned(),
            resource: API_RESOURCE,
        }
    }
}
