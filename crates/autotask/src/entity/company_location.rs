//! Locations of companies: the sites that their people and machines are at.

super::entity! {
    /// A location. It tells no time at which it was made or changed (`autotask.md` §7.1).
    CompanyLocation, "company location", read at "CompanyLocations",
    written under i64: |company| format!("Companies/{company}/Locations"),
    {
        company_id: i64 = "companyID",
        name: String = "name",
        address1: String = "address1",
        address2: String = "address2",
        city: String = "city",
        state: String = "state",
        postal_code: String = "postalCode",
        is_active: bool = "isActive",
        is_primary: bool = "isPrimary",
    }
}
