//! What a site can choose of contacts.

use sync::{Choices, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "contact",
    settings: SETTINGS,
    ..Choices::NONE
};

const SETTINGS: &[Setting] = &[
    Setting::new(
        "jim2.contact_type.email",
        Holds::Text,
        "EMail",
        "what Jim2 calls an e-mail address of a contact",
    ),
    Setting::new(
        "jim2.contact_type.phone",
        Holds::Text,
        "Phone",
        "what Jim2 calls a fixed line of a contact",
    ),
    Setting::new(
        "jim2.contact_type.mobile",
        Holds::Text,
        "Mobile",
        "what Jim2 calls a mobile of a contact",
    ),
    Setting::new(
        "udf.contact_no",
        Holds::Text,
        "externalID",
        "the field of contacts with their number in Jim2",
    ),
];
