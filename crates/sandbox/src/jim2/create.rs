//! What the simple endpoints `jobcreate` and `cardfilecreate` take, and how they make it.

use serde_json::{Map, Value};

use super::clock;
use super::input::Input;
use super::job::JobField;
use super::queue::Create;
use super::refusal::{Blame, Refusal};
use super::world::World;

/// Fields that the page of `jobcreate` names, as far as it is known.
const JOB_DOCUMENTED: &[&str] = &[
    "jobType",
    "customer",
    "shipTo",
    "from",
    "dateDue",
    "accountMgr",
];

/// Fields that the page of its sister `quotecreate` names, and that mean the same for a job.
pub(super) const JOB_OF_QUOTES: &[&str] =
    &["status", "custRefNo", "ourRef", "serialNo", "shipAttn"];

/// Fields of a job's header that no page shows any create call to take.
pub(super) const JOB_UNDOCUMENTED: &[&str] = &[
    "item",
    "priority",
    "custRef",
    "faultDesc",
    "invoiceDesc",
    "itemDesc",
    "name",
    "attn",
    "contract",
    "asset",
];

const CARD_FIELDS: &[&str] = &[
    "cardCode",
    "name",
    "contact",
    "customer",
    "ship",
    "address",
    "deliveryAddress",
    "ACN",
    "ABN",
    "contacts",
];

impl World {
    /// Makes what a simple endpoint's body asks for and answers its number.
    pub(crate) fn make(&mut self, what: Create, body: &Value) -> Result<i64, Refusal> {
        let body = body.as_object().ok_or_else(|| {
            Refusal::malformed("not-an-object", "The body must be a JSON object.")
        })?;
        let actor = self.api_user();
        match what {
            Create::Job => {
                let fields = self.job_fields(body)?;
                self.create_job(&actor, fields)
            }
            Create::CardFile => {
                let fields = card_fields(body)?;
                self.create_card(&actor, &fields)
            }
            Create::Order(kind) => self.make_order(kind, &actor, body),
        }
    }

    fn job_fields(&self, body: &Map<String, Value>) -> Result<Vec<(JobField, Input)>, Refusal> {
        let mut fields = Vec::new();
        for input in inputs(body) {
            let name = input.name.as_str();
            let of_quotes =
                JOB_OF_QUOTES.contains(&name) && !self.options.jobcreate_refuses.contains(name);
            let is_taken = JOB_DOCUMENTED.contains(&name)
                || of_quotes
                || self.options.jobcreate_takes.contains(name);
            if !is_taken {
                return Err(input.unknown());
            }
            if name == "dateDue" && !is_date(&input.value) {
                return Err(input.wrong("a date like 2020-01-31"));
            }
            let field = JobField::named(name).ok_or_else(|| input.unknown())?;
            fields.push((field, input));
        }
        Ok(fields)
    }
}

/// The `submitRefId` in a body, empty or absent being none.
pub(crate) fn body_reference(body: &Value) -> Result<Option<String>, Refusal> {
    match body.get("submitRefId") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(Refusal::invalid("wrong-type", "submitRefId must be text.")
                .blaming(Blame::Pointer("/submitRefId".to_owned())))
        }
    }
}

fn card_fields(body: &Map<String, Value>) -> Result<Vec<Input>, Refusal> {
    let fields: Vec<Input> = inputs(body).collect();
    for field in &fields {
        if !CARD_FIELDS.contains(&field.name.as_str()) {
            return Err(field.unknown());
        }
        if field.name == "customer" && field.value.is_object() {
            let strange = field
                .members()?
                .into_iter()
                .find(|part| !["terms", "priceLevel"].contains(&part.name.as_str()));
            if let Some(part) = strange {
                return Err(part.unknown());
            }
        }
    }
    Ok(fields)
}

fn inputs(body: &Map<String, Value>) -> impl Iterator<Item = Input> {
    body.iter()
        .filter(|(name, _)| *name != "submitRefId")
        .map(|(name, value)| Input::new("", name, value))
}

fn is_date(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| clock::date(text).is_some())
}
