//! Assets: what is looked after at a customer's, and the rules of their headers.

use chrono::{DateTime, Utc};

use super::change::{Object, Operation};
use super::input::Input;
use super::list;
use super::record::Stamp;
use super::refusal::Refusal;
use super::world::{Actor, World};

/// The header of an asset.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    pub(crate) no: i64,
    pub(crate) code: String,
    pub(crate) owner: i64,
    pub(crate) ship: i64,
    pub(crate) status: String,
    pub(crate) priority: String,
    pub(crate) cust_ref: String,
    pub(crate) serial: String,
    pub(crate) item_desc: String,
    pub(crate) attn: String,
    pub(crate) comment: String,
    pub(crate) date_in: Option<DateTime<Utc>>,
    pub(crate) date_out: Option<DateTime<Utc>>,
    pub(crate) warranty_in: Option<DateTime<Utc>>,
    pub(crate) warranty_out: Option<DateTime<Utc>>,
    pub(crate) made: Stamp,
    pub(crate) modified: Stamp,
}

impl World {
    /// An asset by its number.
    pub(crate) fn asset(&self, no: i64) -> Result<&Asset, Refusal> {
        let found = self.assets.get(&no);
        found.ok_or_else(|| Refusal::not_found("Asset", no))
    }

    /// Makes an asset, as `actor`, and answers its number.
    pub(crate) fn create_asset(&mut self, actor: &Actor, fields: &[Input]) -> Result<i64, Refusal> {
        let mut asset = self.blank_asset(actor);
        for field in fields {
            self.set_asset(&mut asset, field)?;
        }
        if asset.owner == 0 {
            return Err(Refusal::invalid(
                "owner-required",
                "An asset needs an owner.",
            ));
        }
        if asset.ship == 0 {
            asset.ship = asset.owner;
        }
        let no = asset.no;
        self.last_asset = no;
        self.assets.insert(no, asset);
        self.log(Object::Asset, no.to_string(), Operation::Insert, actor);
        Ok(no)
    }

    /// Changes fields of an asset: all of them, or none and why.
    pub(crate) fn edit_asset(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut asset = self.asset(no)?.clone();
        for field in fields {
            self.set_asset(&mut asset, field)?;
        }
        asset.modified = self.stamp(actor);
        self.assets.insert(no, asset);
        self.log(Object::Asset, no.to_string(), Operation::Update, actor);
        Ok(())
    }

    /// Deletes an asset that no job is about, as only a person can.
    pub(crate) fn delete_asset(&mut self, no: i64, actor: &Actor) -> Result<(), Refusal> {
        self.asset(no)?;
        if let Some(job) = self.jobs.values().find(|job| job.asset == Some(no)) {
            return Err(Refusal::invalid(
                "asset-in-use",
                format!("Asset {no} has job {} and cannot be deleted.", job.no),
            ));
        }
        self.assets.remove(&no);
        self.log(Object::Asset, no.to_string(), Operation::Delete, actor);
        Ok(())
    }

    /// The next asset, with nothing in it but the code that Jim2 gives it.
    fn blank_asset(&self, actor: &Actor) -> Asset {
        let no = self.last_asset + 1;
        Asset {
            no,
            code: no.to_string(),
            owner: 0,
            ship: 0,
            status: list::ASSET_STATUSES[0].to_owned(),
            priority: "Normal".to_owned(),
            cust_ref: String::new(),
            serial: String::new(),
            item_desc: String::new(),
            attn: String::new(),
            comment: String::new(),
            date_in: Some(self.now()),
            date_out: None,
            warranty_in: None,
            warranty_out: None,
            made: self.stamp(actor),
            modified: self.stamp(actor),
        }
    }

    fn set_asset(&self, asset: &mut Asset, field: &Input) -> Result<(), Refusal> {
        let zone = self.zone();
        match field.name.to_lowercase().as_str() {
            "assetcode" => asset.code = field.text(50)?,
            "owner" | "ownerno" => asset.owner = self.card_number(field)?,
            "ship" | "shipno" => asset.ship = self.card_number(field)?,
            "status" => asset.status = field.one_of(list::ASSET_STATUSES, "unknown-status")?,
            "priority" => asset.priority = field.one_of(list::PRIORITIES, "unknown-priority")?,
            "custref" => asset.cust_ref = field.text(50)?,
            "serialno" => asset.serial = field.text(50)?,
            "itemdesc" => asset.item_desc = field.text(255)?,
            "attn" => asset.attn = field.text(51)?,
            "comment" => asset.comment = field.long_text()?,
            "datein" => asset.date_in = field.moment(zone)?,
            "dateout" => asset.date_out = field.moment(zone)?,
            "wardatein" => asset.warranty_in = field.moment(zone)?,
            "wardateout" => asset.warranty_out = field.moment(zone)?,
            _ => return Err(field.unknown()),
        }
        Ok(())
    }
}
