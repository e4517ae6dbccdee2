//! Assets: what is looked after at a customer's (jim2help.happen.biz, `api_v1_assets`, build 9804).

use chrono::{DateTime, NaiveDate, Utc};
use domain::Told;
use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    Client, Error,
    body::{day_to_send, text_to_send},
    client::{Style, written},
    json_api::{Page, Resource, Sent, written_resource},
    time::Times,
};

/// Cards whose numbers an asset tells only when asked for them.
const CARDS: &str = "owner,ship";

/// The header of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asset {
    /// Asset#, as the API counts them.
    pub asset_no: i64,
    /// Asset#, as people write it.
    pub code: Told<String>,
    /// The card that owns it.
    pub owner_no: Told<i64>,
    /// The card where it is.
    pub ship_no: Told<i64>,
    /// Status.
    pub status: Told<String>,
    /// Serial number.
    pub serial_no: Told<String>,
    /// What it is.
    pub item_desc: Told<String>,
    /// The day on which its warranty begins.
    pub warranty_in: Told<NaiveDate>,
    /// The day on which its warranty ends.
    pub warranty_out: Told<NaiveDate>,
    /// When it was last changed, where the build tells it.
    pub last_modified: Told<DateTime<Utc>>,
}

/// An asset to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetCreate {
    /// The card that owns it.
    pub owner_no: i64,
    /// The card where it is.
    pub ship_no: Option<i64>,
    /// The rest of it.
    pub changes: AssetChanges,
}

/// Changes of an asset: what is [`Told::Not`] stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetChanges {
    /// Status.
    pub status: Told<String>,
    /// Serial number.
    pub serial_no: Told<String>,
    /// What it is.
    pub item_desc: Told<String>,
    /// The day on which its warranty begins.
    pub warranty_in: Told<NaiveDate>,
    /// The day on which its warranty ends.
    pub warranty_out: Told<NaiveDate>,
}

impl Asset {
    fn of_resource(resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        let day = |at: Told<DateTime<Utc>>| at.map(|at| times.wall_clock(at).date());
        Ok(Self {
            asset_no: resource.number()?,
            code: record.text("assetCode"),
            owner_no: resource.related("owner")?,
            ship_no: resource.related("ship")?,
            status: record.text("status"),
            serial_no: record.text("serialNo"),
            item_desc: record.text("itemDesc"),
            warranty_in: day(record.time("warDateIn")?),
            warranty_out: day(record.time("warDateOut")?),
            last_modified: record.time("LastModified")?,
        })
    }
}

impl Client {
    /// The assets with these numbers, a call each; those that are not there are left out.
    pub async fn assets(&self, asset_nos: &[i64]) -> Result<Vec<Asset>, Error> {
        let mut assets = Vec::with_capacity(asset_nos.len());
        for asset_no in asset_nos {
            let mut url = self.asset_url(Some(*asset_no));
            url.query_pairs_mut().append_pair("include", CARDS);
            if let Some((resource, _)) = self.resource("jim2.asset", url).await? {
                assets.push(Asset::of_resource(&resource, self.settings().times())?);
            }
        }
        Ok(assets)
    }

    /// The assets with this serial number, letter case apart, whoever owns them. No document lists the filters of assets: a
    /// build that does not take this one is asked for all of them.
    pub async fn assets_with_serial(&self, serial_no: &str) -> Result<Vec<Asset>, Error> {
        let mut url = self.asset_url(None);
        url.query_pairs_mut().append_pair("include", CARDS);
        let filter = ("SerialNo", serial_no);
        let found = self
            .filtered_or_all("jim2.assets_with_serial", url, filter)
            .await?;
        let is_it = |asset: &Asset| {
            let serial = asset.serial_no.get();
            serial.is_some_and(|serial| serial.trim().eq_ignore_ascii_case(serial_no.trim()))
        };
        self.assets_in(&found, is_it)
    }

    fn assets_in(&self, page: &Page, is_it: impl Fn(&Asset) -> bool) -> Result<Vec<Asset>, Error> {
        let times = self.settings().times();
        let mut assets = Vec::new();
        for resource in &page.data {
            let asset = Asset::of_resource(resource, times)?;
            if is_it(&asset) {
                assets.push(asset);
            }
        }
        Ok(assets)
    }

    /// Makes an asset and answers its number. Nothing but a look beforehand prevents a double.
    pub async fn create_asset(&self, asset: &AssetCreate) -> Result<i64, Error> {
        let operation = "jim2.create_asset";
        let attributes = asset.changes.attributes();
        let mut body = Sent::new("Asset", attributes).of("owner", "CardFile", asset.owner_no);
        if let Some(ship_no) = asset.ship_no {
            body = body.of("ship", "CardFile", ship_no);
        }
        let url = self.asset_url(None);
        let answer = self
            .write(operation, Method::POST, url, (Style::JsonApi, &body))
            .await?;
        written(written_resource(operation, &answer).and_then(|resource| resource.number()))
    }

    /// Changes attributes of an asset: all of them, or none.
    pub async fn update_asset(&self, asset_no: i64, changes: &AssetChanges) -> Result<(), Error> {
        let url = self.asset_url(Some(asset_no));
        let body = Sent::changes("Asset", asset_no.to_string(), changes.attributes());
        self.write(
            "jim2.update_asset",
            Method::PATCH,
            url,
            (Style::JsonApi, &body),
        )
        .await?;
        Ok(())
    }

    fn asset_url(&self, asset_no: Option<i64>) -> Url {
        match asset_no {
            Some(no) => self
                .settings()
                .url(&["api", "v1", "assets", &no.to_string()]),
            None => self.settings().url(&["api", "v1", "assets"]),
        }
    }
}

impl AssetChanges {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn attributes(&self) -> Map<String, Value> {
        let texts = [
            ("status", &self.status),
            ("serialNo", &self.serial_no),
            ("itemDesc", &self.item_desc),
        ];
        let days = [
            ("warDateIn", &self.warranty_in),
            ("warDateOut", &self.warranty_out),
        ];
        let texts = texts.map(|(name, text)| (name, text_to_send(text)));
        let days = days.map(|(name, day)| (name, day_to_send(day)));
        let all = texts.into_iter().chain(days);
        all.filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}
