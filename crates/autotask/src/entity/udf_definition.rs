//! What user-defined fields a tenant has: made and changed like records, never deleted.

use chrono::{DateTime, Utc};

super::entity! {
    /// The definition of a user-defined field.
    UdfDefinition, "user-defined field", read at "UserDefinedFieldDefinitions",
    written under (): |()| "UserDefinedFieldDefinitions".to_owned(),
    {
        name: String = "name",
        description: String = "description",
        udf_type: i64 = "udfType",
        data_type: i64 = "dataType",
        is_active: bool = "isActive",
        create_date: DateTime<Utc> = "createDate",
    }
}
