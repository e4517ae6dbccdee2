//! Values of lists that desks name differently and mean the same by: data, and no more than a first proposal.

use domain::System::{self, Autotask, Jim2};

/// A proposal: the first of `names` that is a value's name or code stands for `to` on the other side.
pub(super) struct Synonym {
    /// The list.
    pub(super) list: &'static str,
    /// Whose values `names` are.
    pub(super) from: System,
    /// Names, in small letters and digits only.
    pub(super) names: &'static [&'static str],
    /// The other side's name or code, likewise; `None` leaves the other side as it is.
    pub(super) to: Option<&'static str>,
}

/// Statuses first, as most depends on them. Nothing is proposed that completes a ticket: that may send a survey to
/// the customer, so it is a person's decision.
pub(super) const SYNONYMS: &[Synonym] = &[
    means("status", Autotask, &["new", "open", "reopened"], "booked"),
    means(
        "status",
        Autotask,
        &[
            "inprogress",
            "workinprogress",
            "assigned",
            "dispatched",
            "scheduled",
            "onsite",
        ],
        "proceed",
    ),
    means(
        "status",
        Autotask,
        &[
            "waitingcustomer",
            "waitingoncustomer",
            "waitingclient",
            "waitingapproval",
            "onhold",
        ],
        "wait",
    ),
    means(
        "status",
        Autotask,
        &[
            "waitingmaterials",
            "waitingparts",
            "waitingvendor",
            "onorder",
        ],
        "parts",
    ),
    means(
        "status",
        Autotask,
        &["complete", "completed", "resolved", "closed"],
        "checked",
    ),
    means("status", Jim2, &["booked"], "new"),
    means("status", Jim2, &["proceed"], "inprogress"),
    means("status", Jim2, &["wait"], "waitingcustomer"),
    means("status", Jim2, &["parts"], "waitingmaterials"),
    leaves("status", Jim2, &["call", "hold", "checked"]),
    means(
        "priority",
        Autotask,
        &["medium", "normal", "standard"],
        "normal",
    ),
    means(
        "priority",
        Autotask,
        &["critical", "urgent", "emergency"],
        "critical",
    ),
    means("priority", Jim2, &["normal"], "medium"),
    means(
        "type",
        Autotask,
        &["changerequest", "request"],
        "servicerequest",
    ),
    means(
        "issueType",
        Autotask,
        &["network", "networking", "internet"],
        "network",
    ),
    means("issueType", Autotask, &["printer", "printing"], "printer"),
    means("issueType", Autotask, &["email", "mail"], "email"),
    means("issueType", Autotask, &["server", "servers"], "server"),
    means(
        "issueType",
        Autotask,
        &[
            "computer",
            "workstation",
            "desktop",
            "laptop",
            "hardware",
            "software",
            "user",
        ],
        "service",
    ),
    means(
        "workType",
        Autotask,
        &[
            "remote",
            "remotesupport",
            "remoteah",
            "phonesupport",
            "helpdesk",
        ],
        "remote",
    ),
    means(
        "workType",
        Autotask,
        &["onsite", "onsitesupport", "onsiteah", "fieldservice"],
        "onsite",
    ),
    means(
        "workType",
        Autotask,
        &["project", "projectwork", "bench", "benchwork"],
        "workshop",
    ),
    means("workType", Autotask, &["travel", "traveltime"], "travel"),
    means(
        "workType",
        Autotask,
        &[
            "administration",
            "documentation",
            "training",
            "trainingdocumentation",
        ],
        "admin",
    ),
    // Whether a project ends with its contract, or a contract with its project, is a person's decision.
    means(
        "contractStatus",
        Autotask,
        &["active", "ineffect"],
        "booked",
    ),
    leaves(
        "contractStatus",
        Autotask,
        &["inactive", "cancelled", "canceled", "complete"],
    ),
    means("contractStatus", Jim2, &["booked"], "active"),
    leaves("contractStatus", Jim2, &["template", "finish", "cancel"]),
    means("assetStatus", Autotask, &["active"], "booked"),
    leaves("assetStatus", Autotask, &["inactive"]),
    means("assetStatus", Jim2, &["booked"], "active"),
    leaves("assetStatus", Jim2, &["finish", "cancel"]),
];

const fn means(
    list: &'static str,
    from: System,
    names: &'static [&'static str],
    to: &'static str,
) -> Synonym {
    Synonym {
        list,
        from,
        names,
        to: Some(to),
    }
}

const fn leaves(list: &'static str, from: System, names: &'static [&'static str]) -> Synonym {
    Synonym {
        list,
        from,
        names,
        to: None,
    }
}
