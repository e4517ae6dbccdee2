//! The filters of assets.

use super::{Rule, Told};
use crate::jim2::asset::Asset;

/// Every filter of assets; the first is there always.
pub(super) const RULES: &[Rule<Asset>] = &[
    ("LastModified", |_, asset| {
        Told::Moment(Some(asset.modified.at))
    }),
    ("OwnerNo", |_, asset| Told::Number(Some(asset.owner))),
    ("SerialNo", |_, asset| Told::Text(asset.serial.clone())),
    ("AssetNo", |_, asset| Told::Number(Some(asset.no))),
];
