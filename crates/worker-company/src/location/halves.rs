//! Records of the two systems as halves of a location. Pure.

use autotask::CompanyLocation;
use domain::Told;
use jim2::CardFile;
use sync::Half;

use crate::{address, halves};

/// A location of Autotask.
pub(super) fn of_location(location: &CompanyLocation) -> Half {
    let label = halves::label(&location.name, "Location", location.id);
    let mut half = Half::new(location.id, label);
    half.tell("name", location.name.clone().into_value());
    let street = address::joined(&location.address1, &location.address2);
    let state = location.state.clone().map(|state| address::state(&state));
    let place = [&location.city, &state, &location.postal_code];
    half.tell("address", address::told(street, place));
    half.know("company", location.company_id.clone().into_value());
    half.know(
        "inactive",
        Some((location.is_active == Told::Is(false)).into()),
    );
    half
}

/// A ship card of Jim2, as far as it is one.
pub(super) fn of_card(card: &CardFile) -> Half {
    let whole = halves::of_card(card);
    let mut half = Half::new(whole.id, whole.label);
    for name in ["name", "address"] {
        half.tell(name, whole.fields.get(name).cloned());
    }
    half.know("parent", card.parent_card_no.clone().into_value());
    half.know("is_ship", card.is_ship.clone().into_value());
    half.changed_at = whole.changed_at;
    half
}
