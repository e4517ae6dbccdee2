//! Cardfiles: customers, ships, users and vendors are all cards.

mod read;
mod write;

use chrono::{DateTime, Utc};
use domain::Told;
use serde::Serialize;

use crate::{Error, json_api::Resource, record::Record, time::Times};

pub use write::{CardFileChanges, CardFileCreate, CardFileCreated};

/// A cardfile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardFile {
    /// CardNo; never changes.
    pub card_no: i64,
    /// Card code; unique, and can be changed.
    pub card_code: Told<String>,
    /// Name.
    pub name: Told<String>,
    /// Australian Business Number, as written.
    pub abn: Told<String>,
    /// Australian Company Number, as written.
    pub acn: Told<String>,
    /// Street address, of one or more lines.
    pub street_address: Told<String>,
    /// Suburb.
    pub suburb: Told<String>,
    /// State, of three letters.
    pub state: Told<String>,
    /// Postcode, as text.
    pub post_code: Told<String>,
    /// Country.
    pub country: Told<String>,
    /// Whether it is a customer.
    pub is_customer: Told<bool>,
    /// Whether it is a delivery or site address.
    pub is_ship: Told<bool>,
    /// Whether it is a user.
    pub is_user: Told<bool>,
    /// Whether it is active as a customer.
    pub active: Told<bool>,
    /// Initials of the account manager.
    pub acc_mgr_init: Told<String>,
    /// Phone of the primary contact.
    pub phone: Told<String>,
    /// Whether the customer is on credit hold.
    pub credit_hold: Told<bool>,
    /// How invoices are sent.
    pub send_inv_via: Told<String>,
    /// The card that is invoiced for this one.
    pub parent_card_no: Told<i64>,
    /// When it was last changed.
    pub last_modified: Told<DateTime<Utc>>,
    /// Initials of who changed it last.
    pub modified_by: Told<String>,
}

/// An address to write. It is always written whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Street address, of one or more lines.
    pub street_address: String,
    /// Suburb.
    pub suburb: String,
    /// State, of three letters.
    pub state: String,
    /// Postcode.
    pub post_code: String,
    /// Country.
    pub country: String,
}

impl CardFile {
    /// A row of a named query.
    pub(crate) fn of_row(row: &Record) -> Result<Self, Error> {
        Ok(Self {
            is_customer: row.flag("IsCustomer")?,
            credit_hold: row.flag("CreditHold")?,
            send_inv_via: row.text("SendInvVia"),
            ..Self::of_record(row.key("CardNo")?, row, row)?
        })
    }

    /// A `CardFile` resource.
    pub(crate) fn of_resource(resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        let address = record.inner("address")?;
        let address = address.as_ref().unwrap_or(&record);
        let card = Self::of_record(resource.number()?, &record, address)?;
        let customer = record.inner("customer")?;
        Ok(Self {
            // An object says that it is a customer, null that it is not.
            is_customer: match record.presence("customer") {
                Told::Not => Told::Not,
                Told::Empty => Told::Is(false),
                Told::Is(()) => Told::Is(true),
            },
            credit_hold: match &customer {
                Some(customer) => customer.flag("creditHold")?,
                None => Told::Not,
            },
            send_inv_via: customer.map_or(Told::Not, |customer| customer.text("sendInvVia")),
            ..card
        })
    }

    /// What a row and a resource name alike.
    fn of_record(card_no: i64, record: &Record, address: &Record) -> Result<Self, Error> {
        Ok(Self {
            card_no,
            card_code: record.text("CardCode"),
            name: record.text("Name"),
            abn: record.text("ABN"),
            acn: record.text("ACN"),
            street_address: address.text("StreetAddress"),
            suburb: address.text("Suburb"),
            state: address.text("State"),
            post_code: address.text("PostCode"),
            country: address.text("Country"),
            is_customer: Told::Not,
            is_ship: record.flag("IsShip")?,
            is_user: record.flag("IsUser")?,
            active: record.flag("Active")?,
            acc_mgr_init: record.text("AccMgrInit"),
            phone: record.text("Phone"),
            credit_hold: Told::Not,
            send_inv_via: Told::Not,
            parent_card_no: record.number("ParentCardNo")?,
            last_modified: record.time("LastModified")?,
            modified_by: record.text("ModifiedBy"),
        })
    }
}
