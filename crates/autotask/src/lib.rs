//! Autotask PSA's REST API in Autotask's words: entities, queries, writes, metadata, webhooks.
//!
//! Nothing here knows of pairs or jobs. Nothing is retried, except once after the tenant moved zone.
//! Every call passes a [`Gate`], which shares Autotask's limits (3 calls at once per endpoint,
//! 10,000 an hour per tenant) with whoever else calls.

mod client;
mod draft;
mod entity;
mod error;
mod filter;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzz;
mod gate;
mod metadata;
mod payer;
mod presence;
mod read;
mod resource;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod threshold;
mod trail;
mod udf;
mod webhook;
mod wire;
mod write;
mod zone;

pub use client::{Client, Credentials, Settings};
pub use draft::Draft;
pub use entity::{
    BillingCode, BillingItem, Company, CompanyLocation, CompanyNote, ConfigurationItem, Contact,
    Contract, ContractCharge, ContractService, ContractServiceUnit, Entity, InventoryItem,
    InventoryLocation, InventoryProduct, Invoice, Opportunity, Product, Project, ProjectCharge,
    PurchaseOrder, PurchaseOrderItem, PurchaseOrderItemReceiving, Quote, QuoteItem, Resource, Role,
    Service, ServiceBundle, Task, TaxCategory, Ticket, TicketAttachment, TicketCharge, TicketNote,
    TimeEntry, UdfDefinition,
};
pub use error::Error;
pub use filter::{Filter, Operand};
pub use gate::{
    Call, Entering, Gate, GateRefused, LocalGate, Outcome, Pass, counting, current_lane, in_lane,
};
pub use metadata::{Access, EntityInfo, FieldInfo, PicklistValue};
pub use payer::payer;
pub use presence::{Naming, Presence};
pub use read::{Page, Query};
pub use threshold::{THRESHOLD, Threshold};
pub use trail::{Changed, Trail, Window};
pub use udf::{UdfKind, UserDefinedFields};
pub use webhook::{
    FieldChoices, GivenUp, Subscribed, Subscription, Webhook, WebhookDraft, WebhookKind, Webhooks,
};
pub use wire::timestamp;
