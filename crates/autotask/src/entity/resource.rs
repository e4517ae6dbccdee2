//! Resources: the provider's own people, and the users of the API.

use std::convert::Infallible;

super::entity! {
    /// A person who works in Autotask, or a user of its API.
    Resource, "resource", read at "Resources",
    written under Infallible: |never| match never {},
    {
        user_name: String = "userName",
        first_name: String = "firstName",
        last_name: String = "lastName",
        email: String = "email",
        initials: String = "initials",
        title: String = "title",
        is_active: bool = "isActive",
        resource_type: String = "resourceType",
        license_type: i64 = "licenseType",
        default_service_desk_role_id: i64 = "defaultServiceDeskRoleID",
    }
}
