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
    /// How long every answer takes at least; the thread is held meanwhile.
    pub answer_delay: Duration,
    /// Whether the fault `missing-id-404` is on from the start.
    pub missing_id_404: bool,
    /// Whether the fault `naive-dates` is on from the start.
    pub naive_dates: bool,
    /// Whether the fault `odd-udfs` is on from the start, set to `missing`.
    pub omit_empty_udfs: bool,
    /// Whether the tenant has the user-defined fields that Crossbill keeps things in; one that never saw it has not.
    pub crossbill_udfs: bool,
    /// Whether a ticket needs a queue, or a resource and role, to be saved.
    pub queue_required: bool,
    /// Whether time of a ticket or a task needs a work type to be saved.
    pub work_type_required: bool,
    /// How long after a change its webhooks are called.
    pub webhook_latency: Duration,
    /// How long after a failed call it is made again.
    pub webhook_retry_delay: Duration,
    /// How often a call is made before its event is dropped.
    pub webhook_tries: u32,
    /// How long a receiver may take to answer.
    pub webhook_timeout: Duration,
    /// How many webhooks of one entity can be active.
    pub webhook_cap: usize,
    /// Whether an edited or deleted note moves the activity of its ticket, as a new one does.
    pub note_edits_move_tickets: bool,
    /// Products beside those of the provider, each counted at every location.
    pub catalogue: usize,
    /// What the tenant counts its inventory with.
    pub inventory: Inventory,
    /// Whether reserved and picked pieces are counted apart from those on hand.
    pub inventory_reserved_apart: bool,
    /// Whether each movement of pieces has to say why.
    pub inventory_reasons: bool,
    /// Whether webhooks can be had for `https` addresses only, as the real system demands.
    pub webhook_https_only: bool,
    /// What the API users may not see from the start, by the plural name of the entity.
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

/// What a tenant counts its inventory with: no document tells which edition has what, nor how the other one shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inventory {
    /// `InventoryItems`; 403 to what is about the others.
    Items,
    /// `InventoryProducts` with their stocked items; 403 to what is about the others.
    Products,
    /// The same; 404 to what is about the others, as if there were no such address.
    ProductsAlone,
    /// Both, each for itself.
    Both,
}

impl Inventory {
    /// Whether the tenant has this entity.
    pub(super) fn has(self, plural: &str) -> bool {
        let is_older = matches!(plural, "InventoryItems" | "InventoryItemSerialNumbers");
        let is_newer = plural == "InventoryProducts" || plural.starts_with("InventoryStocked");
        match self {
            Self::Items => !is_newer,
            Self::Products | Self::ProductsAlone => !is_older,
            Self::Both => true,
        }
    }
}

/// How a missing permission on an entity shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// 403: the fault `forbidden`.
    Forbidden,
    /// 500 with a sentence on permissions: the fault `no-permission`.
    Text,
    /// Reads find nothing; writes are refused with the sentence: the fault `hidden`.
    Silence,
}

impl Options {
    /// Every fault that is on from the start.
    pub(super) fn switches(&self) -> Vec<Switch> {
        let denied = [
            (Denial::Forbidden, "forbidden"),
            (Denial::Text, "no-permission"),
            (Denial::Silence, "hidden"),
        ];
        let denied = denied.into_iter().filter_map(|(denial, fault)| {
            let meant = self.denied.iter().filter(|(_, own)| **own == denial);
            let names: Vec<_> = meant.map(|(name, _)| name.as_str()).collect();
            (!names.is_empty()).then(|| Switch::on(fault).set_to(names.join("+")))
        });
        let plain = [
            (self.missing_id_404, "missing-id-404"),
            (self.naive_dates, "naive-dates"),
            (self.omit_empty_udfs, "odd-udfs"),
        ];
        let plain = plain.into_iter().filter(|(is_on, _)| *is_on);
        let plain = plain.map(|(_, fault)| Switch::on(fault));
        denied.chain(plain).chain(self.faults.clone()).collect()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            users: vec![ApiUser::crossbill()],
            hourly_threshold: 10_000,
            threads: 3,
            thread_release_lag: Duration::ZERO,
            answer_delay: Duration::ZERO,
            missing_id_404: false,
            naive_dates: false,
            omit_empty_udfs: false,
            crossbill_udfs: true,
            queue_required: true,
            work_type_required: true,
            webhook_latency: Duration::ZERO,
            webhook_retry_delay: Duration::from_secs(30),
            webhook_tries: 5,
            webhook_timeout: Duration::from_secs(10),
            webhook_cap: 50,
            note_edits_move_tickets: true,
            catalogue: 0,
            inventory: Inventory::Items,
            inventory_reserved_apart: false,
            inventory_reasons: false,
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
