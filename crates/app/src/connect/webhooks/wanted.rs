//! What each webhook watches: the fields that the mapping uses.

use autotask::WebhookKind;

use crate::connect::settings::names::{COMPANY_UDFS, TICKET_UDFS, Udf};

/// What a webhook is called and watches.
pub(super) struct Wanted {
    /// Its name in Autotask and in its address.
    pub(super) webhook: &'static str,
    /// Fields whose change is told, by REST names.
    pub(super) fields: &'static [&'static str],
    /// Fields that are told with every change.
    pub(super) always_sent: &'static [&'static str],
    /// User-defined fields whose change is told.
    pub(super) udfs: &'static [Udf],
}

/// What the webhook of a kind is to be like.
pub(super) const fn wanted(kind: WebhookKind) -> &'static Wanted {
    match kind {
        WebhookKind::Company => &COMPANY,
        WebhookKind::Contact => &CONTACT,
        WebhookKind::Ticket => &TICKET,
        WebhookKind::TicketNote => &TICKET_NOTE,
        WebhookKind::ConfigurationItem => &CONFIGURATION_ITEM,
    }
}

const COMPANY: Wanted = Wanted {
    webhook: "crossbill-company",
    fields: &[
        "companyName",
        "companyType",
        "taxID",
        "address1",
        "address2",
        "city",
        "state",
        "postalCode",
        "isActive",
        "parentCompanyID",
    ],
    always_sent: &[],
    udfs: &[COMPANY_UDFS[0], COMPANY_UDFS[2]],
};

const CONTACT: Wanted = Wanted {
    webhook: "crossbill-contact",
    fields: &[
        "firstName",
        "lastName",
        "middleInitial",
        "namePrefix",
        "title",
        "emailAddress",
        "phone",
        "mobilePhone",
        "isActive",
        "externalID",
    ],
    always_sent: &[],
    udfs: &[],
};

const TICKET: Wanted = Wanted {
    webhook: "crossbill-ticket",
    fields: &[
        "title",
        "description",
        "status",
        "priority",
        "ticketType",
        "issueType",
        "subIssueType",
        "queueID",
        "dueDateTime",
        "purchaseOrderNumber",
        "companyID",
        "contractID",
        "configurationItemID",
        "assignedResourceID",
        "assignedResourceRoleID",
        "externalID",
    ],
    always_sent: &["ticketNumber"],
    udfs: &[TICKET_UDFS[0]],
};

const TICKET_NOTE: Wanted = Wanted {
    webhook: "crossbill-ticket-note",
    fields: &["title", "description", "publish", "noteType"],
    always_sent: &["ticketID"],
    udfs: &[],
};

const CONFIGURATION_ITEM: Wanted = Wanted {
    webhook: "crossbill-configuration-item",
    fields: &[
        "serialNumber",
        "referenceTitle",
        "installDate",
        "warrantyExpirationDate",
        "isActive",
        "productID",
    ],
    always_sent: &[],
    udfs: &[],
};
