//! Contacts: the people of a company.

use chrono::{DateTime, Utc};

super::entity! {
    /// A contact. Its company is fixed at creation. `isActive` is a number, 1 or 0, and must be
    /// written as one.
    Contact, "contact", read at "Contacts",
    written under i64: |company| format!("Companies/{company}/Contacts"),
    user defined fields user_defined_fields,
    {
        company_id: i64 = "companyID",
        company_location_id: i64 = "companyLocationID",
        external_id: String = "externalID",
        first_name: String = "firstName",
        last_name: String = "lastName",
        middle_initial: String = "middleInitial",
        name_prefix: i64 = "namePrefix",
        title: String = "title",
        email_address: String = "emailAddress",
        email_address2: String = "emailAddress2",
        email_address3: String = "emailAddress3",
        phone: String = "phone",
        extension: String = "extension",
        mobile_phone: String = "mobilePhone",
        alternate_phone: String = "alternatePhone",
        is_active: i64 = "isActive",
        primary_contact: bool = "primaryContact",
        receives_email_notifications: bool = "receivesEmailNotifications",
        create_date: DateTime<Utc> = "createDate",
        last_activity_date: DateTime<Utc> = "lastActivityDate",
        last_modified_date: DateTime<Utc> = "lastModifiedDate",
    }
}
