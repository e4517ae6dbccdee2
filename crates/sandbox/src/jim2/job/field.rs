//! The fields of a job's header and what each of them takes.

use crate::jim2::input::Input;
use crate::jim2::list;
use crate::jim2::record::Job;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::{Actor, World};

/// A field of a job's header, in the order in which fields are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JobField {
    Item,
    Customer,
    Ship,
    From,
    Contract,
    Asset,
    Type,
    Priority,
    CustRef,
    OurRef,
    FaultDesc,
    InvoiceDesc,
    ItemDesc,
    Serial,
    Attn,
    Name,
    AccountManager,
    Branch,
    SubBranch,
    GlDept,
    TaxInc,
    DateDue,
    StatusDue,
    Status,
}

impl JobField {
    /// The field that goes by this name in any of the API's spellings, or in an operator's.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "item" | "itemno" | "itemcode" => Self::Item,
            "customer" | "custno" => Self::Customer,
            "ship" | "shipto" | "shipno" => Self::Ship,
            "from" | "fromno" => Self::From,
            "contract" | "contractno" => Self::Contract,
            "asset" | "assetno" => Self::Asset,
            "type" | "jobtype" => Self::Type,
            "priority" => Self::Priority,
            "custref" | "custrefno" => Self::CustRef,
            "ourref" => Self::OurRef,
            "faultdesc" => Self::FaultDesc,
            "invoicedesc" => Self::InvoiceDesc,
            "itemdesc" => Self::ItemDesc,
            "serial" | "serialno" => Self::Serial,
            "attn" | "shipattn" => Self::Attn,
            "name" | "nameinit" => Self::Name,
            "accountmgr" | "accmgrinit" => Self::AccountManager,
            "branchcode" => Self::Branch,
            "subbranchcode" => Self::SubBranch,
            "gldeptcode" => Self::GlDept,
            "taxinc" => Self::TaxInc,
            "datedue" => Self::DateDue,
            "statusdue" => Self::StatusDue,
            "status" => Self::Status,
            _ => return None,
        })
    }
}

impl World {
    /// Writes one field into a job.
    pub(super) fn set(
        &self,
        job: &mut Job,
        actor: &Actor,
        field: JobField,
        input: &Input,
    ) -> Result<(), Refusal> {
        let zone = self.zone();
        match field {
            JobField::Item => set_item(job, input)?,
            JobField::Customer => job.customer = self.card_number(input)?,
            JobField::Ship => job.ship = self.card_number(input)?,
            JobField::From => job.from = self.card_number(input)?,
            JobField::Contract => job.contract = self.contract_number(input)?,
            JobField::Asset => job.asset = self.asset_number(input)?,
            JobField::Type => job.kind = input.one_of(list::JOB_TYPES, "unknown-type")?,
            JobField::Priority => {
                let priority = input.one_of(list::PRIORITIES, "unknown-priority")?;
                // What a record has it keeps; nobody can choose it.
                let is_gone = self.priorities_gone.contains(priority.as_str());
                if is_gone && job.priority != priority {
                    let why = format!("{} has no value {priority:?} any more", input.name);
                    return Err(input.refuse("unknown-priority", &why));
                }
                job.priority = priority;
            }
            JobField::CustRef => job.cust_ref = input.text(50)?,
            JobField::OurRef => job.our_ref = input.text(50)?,
            JobField::FaultDesc => job.fault_desc = fault_desc(job, input)?,
            JobField::InvoiceDesc => job.invoice_desc = input.long_text()?,
            JobField::ItemDesc => job.item_desc = input.text(255)?,
            JobField::Serial => job.serial = input.text(50)?,
            JobField::Attn => job.attn = input.text(51)?,
            JobField::Name => job.name = self.allowed_name(job, input)?,
            JobField::AccountManager => job.account_manager = self.manager(input)?,
            JobField::Branch => job.branch = input.text(10)?,
            JobField::SubBranch => job.sub_branch = input.text(10)?,
            JobField::GlDept => job.gl_dept = input.text(10)?,
            JobField::TaxInc => job.tax_inc = input.flag()?,
            JobField::DateDue => job.date_due = input.moment(zone)?,
            JobField::StatusDue => job.status_due = input.moment(zone)?,
            JobField::Status => self.change_status(job, actor, input)?,
        }
        Ok(())
    }
}

fn set_item(job: &mut Job, input: &Input) -> Result<(), Refusal> {
    let code = if input.value.is_object() {
        let members = input.members()?;
        match members.as_slice() {
            [member] if member.name == "code" => member.long_text()?,
            _ => return Err(input.wrong("an object with the member code")),
        }
    } else {
        input.long_text()?
    };
    let Some(item) = list::find_item(&code) else {
        return Err(input.refuse("unknown-item", &format!("Item:{code} is not Found!")));
    };
    item.code.clone_into(&mut job.item);
    item.description.clone_into(&mut job.item_desc);
    Ok(())
}

fn fault_desc(job: &Job, input: &Input) -> Result<String, Refusal> {
    let text = input.long_text()?;
    let service = list::find_item(&job.item).is_some_and(|item| item.service);
    if service || text.is_empty() {
        return Ok(text);
    }
    Err(input.refuse(
        "fault-desc-service-only",
        &format!(
            "Item {} is not a service Item, so its jobs have no fault description",
            job.item
        ),
    ))
}
