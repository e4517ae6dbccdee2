//! Fields of a plan in the words of the two systems.

use autotask::Draft;
use domain::{Told, Value};
use jim2::{Address, CardFileChanges};
use sync::Fields;

use super::{CompanyHands, address};

impl CompanyHands {
    /// What Autotask is to hold. Fields it does not have are passed over.
    pub(super) fn company_draft(&self, fields: &Fields) -> Draft {
        let mut draft = Draft::new();
        for (name, value) in fields {
            let value = value.clone();
            draft = match name.as_str() {
                "name" => draft.set("companyName", value),
                "address" => company_address(draft, &value),
                "country" => draft.set("countryID", value),
                "abn" => draft.set("taxID", value),
                "active" => draft.set("isActive", value),
                "phone" => draft.set("phone", value),
                "owner" => draft.set("ownerResourceID", value),
                "type" => draft.set("companyType", value),
                "credit_hold" if !self.settings.credit_hold_udf.is_empty() => draft.set_udf(
                    &self.settings.credit_hold_udf,
                    value.as_text().unwrap_or_default(),
                ),
                _ => draft,
            };
        }
        draft
    }
}

/// What a card of Jim2 is to hold. An address is written whole, and the country with it, so that the card's own country
/// is read first.
pub(crate) async fn card_changes(
    jim2: &jim2::Client,
    card_no: i64,
    fields: &Fields,
) -> Result<CardFileChanges, jim2::Error> {
    let mut changes = CardFileChanges::default();
    if let Some(name) = fields.get("name") {
        changes.name = name
            .as_text()
            .map_or(Told::Empty, |name| Told::Is(name.to_owned()));
    }
    if let Some(address) = fields.get("address") {
        let cards = jim2.cardfiles(&[card_no]).await?;
        let card = cards.into_iter().next().ok_or(jim2::Error::NotFound)?;
        let country = card.country.get().cloned().unwrap_or_default();
        changes.address = Told::Is(card_address(address, country));
    }
    Ok(changes)
}

fn company_address(draft: Draft, address: &Value) -> Draft {
    let (line1, line2) = address::lines(address);
    let [suburb, state, postcode] = address::place(address);
    draft
        .set("address1", line1)
        .set("address2", line2)
        .set("city", suburb)
        .set("state", state)
        .set("postalCode", postcode)
}

/// An address as Jim2 takes it.
pub(super) fn card_address(address: &Value, country: String) -> Address {
    let [suburb, state, post_code] = address::place(address);
    Address {
        street_address: address::street(address),
        suburb,
        state,
        post_code,
        country,
    }
}
