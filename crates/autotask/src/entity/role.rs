//! Roles: what a resource works as, with its rate.

use std::convert::Infallible;

use rust_decimal::Decimal;

super::entity! {
    /// A role.
    Role, "role", read at "Roles",
    written under Infallible: |never| match never {},
    {
        name: String = "name",
        description: String = "description",
        hourly_rate: Decimal = "hourlyRate",
        hourly_factor: Decimal = "hourlyFactor",
        is_active: bool = "isActive",
        is_system_role: bool = "isSystemRole",
    }
}
