//! An asset as a half.

use jim2::Asset;
use sync::Half;

use super::{day, label};

/// Statuses of assets that nobody looks after any more. No document names one; these are those of jobs.
const OVER: [&str; 2] = ["finish", "cancel"];

/// The half that an asset is.
pub(crate) fn asset(asset: &Asset) -> Half {
    let otherwise = format!("Asset {}", asset.asset_no);
    let mut half = Half::new(
        asset.asset_no,
        label(&asset.item_desc, &asset.serial_no, &otherwise),
    );
    half.tell("serial", asset.serial_no.clone().into_value());
    half.tell("what", asset.item_desc.clone().into_value());
    half.tell("warranty_from", day(asset.warranty_in.clone()));
    half.tell("warranty_to", day(asset.warranty_out.clone()));
    half.tell("status", asset.status.clone().into_value());
    half.know("owner", asset.owner_no.clone().into_value());
    let status = asset.status.get().map(|status| status.to_lowercase());
    let is_over = status.is_some_and(|status| OVER.contains(&status.trim()));
    half.flag("inactive", is_over);
    half.changed_at = asset.last_modified.get().copied();
    half
}
