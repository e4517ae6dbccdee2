//! The mapping table of billing.

use sync::{Compare, Field, Transform, Way};

/// One row a field. All of it comes from the posted item: its half tells the line as it is to be.
pub const FIELDS: &[Field] = &[
    // What the line comes to without GST: the one thing that must be equal to the cent.
    Field {
        way: Way::ToJim2,
        forward: Transform::Same,
        back: Transform::Same,
        compare: Compare::Exact,
        required: true,
        ..Field::text("net", "Amount")
    },
    // Quantity and price are one value, as `1.5 x 160`.
    Field {
        way: Way::ToJim2,
        forward: Transform::Same,
        back: Transform::Same,
        compare: Compare::Exact,
        required: true,
        ..Field::text("split", "Quantity and price")
    },
    Field {
        way: Way::ToJim2,
        back: Transform::None,
        jim2_max: Some(1000),
        ..Field::text("description", "Description")
    },
];
