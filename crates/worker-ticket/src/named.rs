//! The jobs that a ticket names, and how it is to name another. Pure.

use autotask::{Draft, Entity as _, Ticket};
use domain::{Told, Value};

use crate::settings::TicketSettings;

/// The fact that tells them, and what an act takes along of a ticket.
pub(crate) const NAMED: &str = "named";

const CURRENT: &str = "current";
const EARLIER: &str = "earlier";
const EXTERNAL: &str = "external";

/// What a ticket says of its jobs; empty where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// The job that it has now.
    current: String,
    /// The jobs before it, the latest first.
    earlier: String,
    /// Its external id, which may be somebody else's.
    external: String,
}

impl Named {
    /// What a ticket says that was read by id.
    pub(crate) fn of(ticket: &Ticket, settings: &TicketSettings) -> Self {
        let text = |told: &Told<String>| told.get().map_or("", |text| text.trim()).to_owned();
        let [current, earlier, external] = said(ticket, settings).map(|told| text(&told));
        Self {
            current,
            earlier,
            external,
        }
    }

    /// The same as a fact; `None` where something was not told, which is not the same as empty (rule 7).
    pub(crate) fn told(ticket: &Ticket, settings: &TicketSettings) -> Option<Value> {
        let is_whole = said(ticket, settings).iter().all(Told::is_told);
        is_whole.then(|| Self::of(ticket, settings).value())
    }

    /// Reads the fact.
    pub(crate) fn read(fact: &Value) -> Self {
        let part = |name| {
            let text = fact.part(name).and_then(Value::as_text);
            text.unwrap_or_default().to_owned()
        };
        Self {
            current: part(CURRENT),
            earlier: part(EARLIER),
            external: part(EXTERNAL),
        }
    }

    fn value(&self) -> Value {
        Value::parts([
            (CURRENT, Value::text(&self.current)),
            (EARLIER, Value::text(&self.earlier)),
            (EXTERNAL, Value::text(&self.external)),
        ])
    }

    /// Names the job as the ticket's current one; the one before it joins the earlier ones. The external id is somebody
    /// else's unless it is empty or names one of our jobs; the journal tells where it is.
    pub(crate) fn draft(&self, job: &str, settings: &TicketSettings) -> Draft {
        let Self {
            current,
            earlier,
            external,
        } = self;
        let mut draft = Draft::new();
        if current != job && !settings.job_no_udf.is_empty() {
            draft = draft.set_udf(&settings.job_no_udf, job);
            if !current.is_empty() && !settings.earlier_jobs_udf.is_empty() {
                let all = [current.as_str(), earlier.as_str()].into_iter();
                let all: Vec<&str> = all.filter(|jobs| !jobs.is_empty()).collect();
                draft = draft.set_udf(&settings.earlier_jobs_udf, &all.join(", "));
            }
        }
        let is_ours = external.is_empty()
            || external == current
            || earlier.split(", ").any(|job| job == external);
        if is_ours && external != job {
            draft = draft.set("externalID", job);
        }
        draft
    }
}

/// Current job, earlier jobs and external id. A field that the tenant does not have says nothing.
fn said(ticket: &Ticket, settings: &TicketSettings) -> [Told<String>; 3] {
    let udf = |name: &str| match name {
        "" => Told::Empty,
        name => ticket.udf(name),
    };
    [
        udf(&settings.job_no_udf),
        udf(&settings.earlier_jobs_udf),
        ticket.external_id.clone(),
    ]
}
