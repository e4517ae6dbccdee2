//! The filters of jobs.

use super::{Rule, Told};
use crate::jim2::list;
use crate::jim2::record::Job;
use crate::jim2::world::World;

/// Every documented job filter that this Jim2 has values for.
pub(super) const RULES: &[Rule<Job>] = &[
    ("AccMngNo", |world, job| {
        Told::Number(user_card(world, &job.account_manager))
    }),
    ("Branch", |_, job| text(&job.branch)),
    ("Current", |_, job| Told::Flag(job.invoice.is_none())),
    ("CustNo", |_, job| Told::Number(Some(job.customer))),
    ("DateDue", |_, job| Told::Moment(job.date_due)),
    ("DateIn", |_, job| Told::Moment(Some(job.date_in))),
    ("DateOut", |_, job| Told::Moment(Some(job.date_out))),
    ("DuedateOverdue", |world, job| {
        Told::Flag(job.date_due.is_some_and(|due| due < world.now()))
    }),
    ("Finish", |world, job| {
        Told::Flag(world.workflow.is_end(&job.status))
    }),
    ("FromNo", |_, job| Told::Number(Some(job.from))),
    ("GLDept", |_, job| text(&job.gl_dept)),
    ("HasUnreadEmail", |_, _| Told::Flag(false)),
    ("Inved", |_, job| Told::Flag(job.invoice.is_some())),
    ("ItemNo", |_, job| text(&job.item)),
    ("JobNo", |_, job| Told::Number(Some(job.no))),
    ("JobStatus", |_, job| text(&job.status)),
    ("LastModified", |_, job| Told::Moment(Some(job.modified.at))),
    ("Manf", |_, _| Told::Flag(false)),
    ("Mode", |_, job| {
        text(&job.invoice.map(|no| no.to_string()).unwrap_or_default())
    }),
    ("Name", |_, job| text(&job.name)),
    ("OrderNo", |_, job| text(&job.cust_ref)),
    ("OurRef", |_, job| text(&job.our_ref)),
    ("Priority", |_, job| text(&job.priority)),
    ("Quote", |_, _| Told::Flag(false)),
    ("QuoteNo", |_, _| Told::Number(None)),
    ("Ready", |_, job| Told::Flag(job.ready)),
    // Stock is reserved for a job when it is made Ready.
    ("Reserved", |_, job| Told::Flag(job.ready)),
    ("Sale", |_, job| Told::Flag(!is_service(job))),
    ("SerialNo", |_, job| text(&job.serial)),
    ("Serv", |_, job| Told::Flag(is_service(job))),
    ("ShipNo", |_, job| Told::Number(Some(job.ship))),
    ("Source", |_, _| text("")),
    ("SourceValue", |_, _| text("")),
    ("StatusOverdue", |world, job| {
        Told::Flag(job.status_due.is_some_and(|due| due < world.now()))
    }),
    ("SubBranch", |_, job| text(&job.sub_branch)),
    ("TaxPaid", |_, job| Told::Flag(job.tax_inc)),
    ("Type", |_, job| text(&job.kind)),
];

fn text(text: &str) -> Told {
    Told::Text(text.to_owned())
}

fn is_service(job: &Job) -> bool {
    list::find_item(&job.item).is_some_and(|item| item.service)
}

fn user_card(world: &World, initials: &str) -> Option<i64> {
    let card = world.cards.values().find(|card| {
        card.user
            .as_ref()
            .is_some_and(|user| user.initials == initials)
    });
    card.map(|card| card.no)
}
