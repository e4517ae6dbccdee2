//! Which attributes the documents show to be writable; every other one is refused by name.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::jim2::input::Input;
use crate::jim2::options::Options;
use crate::jim2::order::Kind;
use crate::jim2::refusal::{Blame, Refusal};

const ATTRIBUTES: &str = "/data/attributes";

/// The attributes of a resource type.
pub(super) struct Attributes {
    kind: &'static str,
    writable: &'static [&'static str],
    at_creation: &'static [&'static str],
    read_only: &'static [&'static str],
}

/// A job's.
pub(super) const JOB: Attributes = Attributes {
    kind: "Job",
    writable: &[
        "Status",
        "CustRef",
        "OurRef",
        "Priority",
        "FaultDesc",
        "InvoiceDesc",
        "ItemDesc",
        "SubBranchCode",
        "BranchCode",
        "DateDue",
        "StatusDue",
        "Type",
        "GLDeptCode",
        "TaxInc",
    ],
    at_creation: &[],
    read_only: &[
        "dateIn",
        "priceLevel",
        "taxPaid",
        "serial",
        "currencyCode",
        "source",
        "sourceValue",
        "companyCode",
        "exchangeRate",
        "rateLocked",
        "prevJobNo",
        "quoteNo",
        "invoiceGroupNo",
        "manufacturing",
        "jobDetails",
    ],
};

/// A stock line's.
pub(super) const JOB_STOCK: Attributes = Attributes {
    kind: "JobStock",
    writable: &[
        "qty",
        "suppliedQty",
        "backorderQty",
        "unitPrice",
        "unitPriceTF",
        "unitPriceTP",
        "description",
    ],
    at_creation: &["stockCode"],
    read_only: &[
        "stockId",
        "unit",
        "addinit",
        "adddate",
        "modifyinit",
        "modifydate",
    ],
};

/// A labour line's.
pub(super) const JOB_LABOUR: Attributes = Attributes {
    kind: "JobLabour",
    writable: &[
        "start",
        "hours",
        "minutes",
        "labourType",
        "labourInit",
        "comment",
    ],
    at_creation: &[],
    read_only: &["addInit", "addDate", "modifyInit", "modifyDate"],
};

/// A comment line's, where comments can be written at all.
pub(super) const JOB_COMMENT: Attributes = Attributes {
    kind: "JobComment",
    writable: &["include", "comment"],
    at_creation: &[],
    read_only: &["status", "modifyinit", "modifydate"],
};

/// A cardfile's.
pub(super) const CARD_FILE: Attributes = Attributes {
    kind: "CardFile",
    writable: &["name", "address", "delAddress"],
    at_creation: &[],
    read_only: &[
        "cardNo",
        "cardCode",
        "contact",
        "aBN",
        "aCN",
        "shipVia",
        "shipAmount",
        "branchCode",
        "subBranchCode",
        "gLDeptCode",
        "customer",
    ],
};

/// A contact's.
pub(super) const CARD_FILE_CONTACT: Attributes = Attributes {
    kind: "CardFileContact",
    writable: &[
        "title",
        "firstName",
        "middleName",
        "lastName",
        "displayName",
        "jobTitle",
        "department",
        "dob",
        "details",
        "webAccount",
    ],
    at_creation: &[],
    read_only: &["contNo", "isPrimary"],
};

/// A project's. The documents list them without saying which can be written: what tells of other records is taken to
/// be fixed, and a switch refuses more.
pub(super) const PROJECT: Attributes = Attributes {
    kind: "Project",
    writable: &[
        "projectCode",
        "priority",
        "status",
        "custRef",
        "dateIn",
        "dateOut",
        "billingItemDesc",
    ],
    at_creation: &["projectTypeName"],
    read_only: &[
        "reqDays",
        "reqHours",
        "companyCode",
        "branchCode",
        "subBranchCode",
        "gLDeptCode",
        "groups",
    ],
};

/// An asset's; what holds of a project's holds of these.
pub(super) const ASSET: Attributes = Attributes {
    kind: "Asset",
    writable: &[
        "assetCode",
        "priority",
        "status",
        "custRef",
        "serialNo",
        "dateIn",
        "dateOut",
        "warDateIn",
        "warDateOut",
        "itemDesc",
        "attn",
        "comment",
    ],
    at_creation: &[],
    read_only: &["costCentre", "costValue", "groups"],
};

/// A purchase's: what seems to be writable (jim2.md §2.4); what its making says is fixed.
const PURCHASE: Attributes = Attributes {
    kind: "Purchase",
    writable: &["status", "recDate", "vendorInvNo"],
    at_creation: &[],
    read_only: &[
        "poType",
        "ourRef",
        "priority",
        "pODate",
        "dateDue",
        "origPONo",
        "prevPONo",
        "notes",
        "allowPartShip",
        "bidReference",
        "currencyCode",
        "exchangeRate",
        "totals",
        "source",
    ],
};

/// A purchase line's; its page is said to have a job line's attributes and serials.
const PURCHASE_STOCK: Attributes = Attributes {
    kind: "PurchaseStock",
    ..JOB_STOCK
};

/// A quote's, taken to be writable as a purchase's are, where a switch says that quotes can be changed at all.
const QUOTE: Attributes = Attributes {
    kind: "Quote",
    writable: &["status", "custRefNo", "probability"],
    at_creation: &[],
    read_only: &["quoteType", "ourRef", "dateRequired", "dateValid"],
};

/// A quote line's.
const QUOTE_STOCK: Attributes = Attributes {
    kind: "QuoteStock",
    ..JOB_STOCK
};

/// A purchase's or a quote's.
pub(super) const fn of_order(kind: Kind) -> &'static Attributes {
    match kind {
        Kind::Purchase => &PURCHASE,
        Kind::Quote => &QUOTE,
    }
}

/// Its lines'.
pub(super) const fn of_line(kind: Kind) -> &'static Attributes {
    match kind {
        Kind::Purchase => &PURCHASE_STOCK,
        Kind::Quote => &QUOTE_STOCK,
    }
}

/// Attributes of a job that only a switch makes writable, and visible.
pub(super) fn switched(options: &Options) -> impl Iterator<Item = &'static str> {
    let name = options.name_writable.then_some("Name");
    let item = options.item_writable.then_some("ItemNo");
    name.into_iter().chain(item)
}

impl Attributes {
    /// What was sent for a new resource.
    pub(super) fn for_creation(&self, sent: &Map<String, Value>) -> Result<Vec<Input>, Refusal> {
        self.check(sent, |name| {
            self.writable.contains(&name) || self.at_creation.contains(&name)
        })
    }

    /// What was sent for a resource that exists.
    pub(super) fn for_change(&self, sent: &Map<String, Value>) -> Result<Vec<Input>, Refusal> {
        self.check(sent, |name| self.writable.contains(&name))
    }

    /// What was sent for a new record of which a switch may refuse attributes.
    pub(super) fn created(
        &self,
        sent: &Map<String, Value>,
        options: &Options,
    ) -> Result<Vec<Input>, Refusal> {
        self.check(sent, |name| {
            let known = self.writable.contains(&name) || self.at_creation.contains(&name);
            known && !self.is_refused(name, options)
        })
    }

    /// The same for one that exists.
    pub(super) fn changed(
        &self,
        sent: &Map<String, Value>,
        options: &Options,
    ) -> Result<Vec<Input>, Refusal> {
        self.check(sent, |name| {
            self.writable.contains(&name) && !self.is_refused(name, options)
        })
    }

    fn is_refused(&self, name: &str, options: &Options) -> bool {
        let refused = format!("{}.{name}", self.kind);
        options.attributes_refused.contains(&refused)
    }

    /// What was sent for a job, where switches may have made more writable.
    pub(super) fn for_job(
        &self,
        sent: &Map<String, Value>,
        options: &Options,
    ) -> Result<Vec<Input>, Refusal> {
        self.check(sent, |name| {
            self.writable.contains(&name) || switched(options).any(|known| known == name)
        })
    }

    fn check(
        &self,
        sent: &Map<String, Value>,
        takes: impl Fn(&str) -> bool,
    ) -> Result<Vec<Input>, Refusal> {
        let inputs = sent.iter().map(|(name, value)| {
            if takes(name) {
                Ok(Input::new(ATTRIBUTES, name, value))
            } else {
                Err(self.refuse(name))
            }
        });
        inputs.collect()
    }

    fn refuse(&self, name: &str) -> Refusal {
        let kind = self.kind;
        let (code, detail) = if self.at_creation.contains(&name) {
            let detail = format!("{kind} takes the attribute {name} only when it is made.");
            ("attribute-create-only", detail)
        } else if self.read_only.contains(&name) || self.writable.contains(&name) {
            let detail = format!("The attribute {name} of {kind} is read-only.");
            ("attribute-read-only", detail)
        } else {
            let detail = format!("{kind} has no attribute {name}.");
            ("attribute-unknown", detail)
        };
        Refusal::new(StatusCode::FORBIDDEN, code, detail)
            .blaming(Blame::Pointer(format!("{ATTRIBUTES}/{name}")))
    }
}
