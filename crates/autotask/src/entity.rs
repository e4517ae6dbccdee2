//! The entities we read and write, as Autotask names them.

mod billing_code;
mod billing_item;
mod charge;
mod company;
mod company_location;
mod company_note;
mod configuration_item;
mod contact;
mod contract;
mod inventory;
mod product;
mod project;
mod purchase_order;
mod quote;
mod resource;
mod role;
mod task;
mod ticket;
mod ticket_attachment;
mod ticket_note;
mod time_entry;
mod udf_definition;

use std::fmt::Debug;

use domain::{Told, Value};
use serde::de::DeserializeOwned;

pub use self::{
    billing_code::BillingCode,
    billing_item::{BillingItem, Invoice, TaxCategory},
    charge::{ContractCharge, ProjectCharge, TicketCharge},
    company::Company,
    company_location::CompanyLocation,
    company_note::CompanyNote,
    configuration_item::ConfigurationItem,
    contact::Contact,
    contract::{Contract, ContractService, ContractServiceUnit, Service, ServiceBundle},
    inventory::{InventoryItem, InventoryLocation, InventoryProduct},
    product::Product,
    project::Project,
    purchase_order::{PurchaseOrder, PurchaseOrderItem, PurchaseOrderItemReceiving},
    quote::{Opportunity, Quote, QuoteItem},
    resource::Resource,
    role::Role,
    task::Task,
    ticket::Ticket,
    ticket_attachment::TicketAttachment,
    ticket_note::TicketNote,
    time_entry::TimeEntry,
    udf_definition::UdfDefinition,
};

/// A type of record of Autotask.
pub trait Entity: DeserializeOwned + Clone + Debug + Send + Sync + 'static {
    /// What records are written under: `()` for none, the parent's id, or `Infallible` where we
    /// only read.
    type Parent: Copy + Send;

    /// The path under which it is read, such as `Tickets`.
    const PATH: &'static str;
    /// What people call one of them, such as `ticket`.
    const NAME: &'static str;
    /// The fields we read, as `IncludeFields`. User-defined fields are named by each query.
    const FIELDS: &'static [&'static str];

    /// The path under which it is created and updated.
    fn collection(parent: Self::Parent) -> String;

    /// Its identifier.
    fn id(&self) -> i64;

    /// The value of the field with Autotask's name: `None` where it was not told.
    fn value(&self, field: &str) -> Option<Value>;

    /// The value of the user-defined field with this name.
    fn udf(&self, name: &str) -> Told<String>;

    /// Takes note that this was read by id, so that user-defined fields not told are empty.
    fn read_by_id(&mut self);
}

/// A field's value as a raw value.
fn raw<T: crate::wire::Wire>(told: &Told<T>) -> Option<Value> {
    match told {
        Told::Not => None,
        Told::Empty => Some(Value::Empty),
        Told::Is(value) => Some(value.to_value()),
    }
}

/// Declares an entity: one line a field, with Autotask's name and the type of its value.
macro_rules! entity {
    (
        $(#[$about:meta])*
        $name:ident, $called:literal, read at $path:literal,
        written under $parent:ty: $collection:expr,
        $(user defined fields $udfs:ident,)?
        { $($field:ident: $kind:ty = $wire:literal,)* }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, serde::Deserialize)]
        pub struct $name {
            /// Its identifier.
            pub id: i64,
            $(
                #[doc = concat!("Autotask's `", $wire, "`.")]
                #[serde(default, rename = $wire, deserialize_with = "crate::wire::told")]
                pub $field: domain::Told<$kind>,
            )*
            $(
                /// The tenant's own fields.
                #[serde(default, rename = "userDefinedFields")]
                pub $udfs: crate::UserDefinedFields,
            )?
        }

        impl crate::Entity for $name {
            type Parent = $parent;

            const PATH: &'static str = $path;
            const NAME: &'static str = $called;
            const FIELDS: &'static [&'static str] = &["id", $($wire,)*];

            fn collection(parent: Self::Parent) -> String {
                let collection: fn($parent) -> String = $collection;
                collection(parent)
            }

            fn id(&self) -> i64 {
                self.id
            }

            fn value(&self, field: &str) -> Option<domain::Value> {
                match field {
                    "id" => Some(self.id.into()),
                    $($wire => super::raw(&self.$field),)*
                    _ => None,
                }
            }

            fn udf(&self, name: &str) -> domain::Told<String> {
                let told: Option<&crate::UserDefinedFields> = [$(&self.$udfs)?].into_iter().next();
                told.map_or(domain::Told::Not, |fields| fields.get(name))
            }

            fn read_by_id(&mut self) {
                $(self.$udfs.read_by_id();)?
            }
        }
    };
}
use entity;
