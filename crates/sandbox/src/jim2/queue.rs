//! The eBusiness queue: creates that were accepted, and what became of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::order;
use super::refusal::Refusal;
use super::world::World;

/// What the simple endpoints make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Create {
    Job,
    CardFile,
    Order(order::Kind),
}

impl Create {
    const fn name(self) -> &'static str {
        match self {
            Self::Job => "jobcreate",
            Self::CardFile => "cardfilecreate",
            Self::Order(kind) => kind.create(),
        }
    }
}

/// How far a queued request has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Waits to be processed.
    Waiting,
    /// Made the record with this number.
    Processed(i64),
    /// Could not be processed, and why.
    Failed(String),
}

/// A request on the queue.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    what: Create,
    body: Value,
    /// `SubmitRefId` from wherever it was given.
    reference: Option<String>,
    /// `submitRefId` of the body: the only one that still protects when an operator processes again.
    body_reference: Option<String>,
    progress: Progress,
    /// When it is processed by itself; none for when an operator does.
    due: Option<DateTime<Utc>>,
}

/// The queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    requests: BTreeMap<u64, Request>,
}

impl Queue {
    /// Puts a request on the queue, to be processed when it is due, and answers its number.
    pub(crate) fn put(
        &mut self,
        what: Create,
        body: Value,
        reference: Option<String>,
        body_reference: Option<String>,
        due: Option<DateTime<Utc>>,
    ) -> u64 {
        let number = self.requests.keys().last().map_or(1, |last| last + 1);
        let request = Request {
            what,
            body,
            reference,
            body_reference,
            progress: Progress::Waiting,
            due,
        };
        self.requests.insert(number, request);
        number
    }

    /// The number of the request that came with this reference.
    pub(crate) fn number_of(&self, reference: &str) -> Option<u64> {
        self.requests
            .iter()
            .find(|(_, request)| request.reference.as_deref() == Some(reference))
            .map(|(number, _)| *number)
    }

    /// The numbers of the requests whose time has come.
    fn due(&self, now: DateTime<Utc>) -> Vec<u64> {
        let is_due = |request: &Request| {
            let is_due = request.due.is_some_and(|due| due <= now);
            is_due && request.progress == Progress::Waiting
        };
        let due = self.requests.iter().filter(|(_, one)| is_due(one));
        due.map(|(number, _)| *number).collect()
    }

    /// Marks a request as failed, for a reason.
    pub(crate) fn fail(&mut self, number: u64, reason: String) {
        if let Some(request) = self.requests.get_mut(&number) {
            request.progress = Progress::Failed(reason);
        }
    }

    /// Every request, oldest first, as an operator sees them.
    pub(crate) fn told(&self) -> Value {
        let requests = self.requests.iter().map(|(number, request)| {
            let (progress, made, message) = match &request.progress {
                Progress::Waiting => ("Waiting", None, None),
                Progress::Processed(made) => ("Processed", Some(*made), None),
                Progress::Failed(why) => ("Failed", None, Some(why.clone())),
            };
            json!({
                "requestNo": number,
                "request": request.what.name(),
                "submitRefId": request.reference,
                "progress": progress,
                "made": made,
                "message": message,
                "source": request.body,
            })
        });
        Value::Array(requests.collect())
    }
}

impl World {
    /// Processes every request whose time has come.
    pub(crate) fn process_due(&mut self) {
        for number in self.queue.due(self.now()) {
            if let Err(refusal) = self.process(number) {
                tracing::debug!(request = number, detail = refusal.detail, "request failed");
            }
        }
    }

    /// Processes a request, for the first time or again, and answers the number of what it made.
    pub(crate) fn process(&mut self, number: u64) -> Result<i64, Refusal> {
        let Some(request) = self.queue.requests.get(&number).cloned() else {
            return Err(Refusal::not_found("Request", number));
        };
        let outcome = match self.already_made(number, &request) {
            Some(made) => Err(Refusal::invalid(
                "already-processed",
                format!("submitRefId of request {number} has already made {made}."),
            )),
            None => self.make(request.what, &request.body),
        };
        let progress = match &outcome {
            Ok(made) => Progress::Processed(*made),
            Err(refusal) => Progress::Failed(refusal.detail.clone()),
        };
        let kept = matches!(request.progress, Progress::Processed(_)) && outcome.is_err();
        if let Some(request) = self.queue.requests.get_mut(&number)
            && !kept
        {
            request.progress = progress;
        }
        outcome
    }

    fn already_made(&self, number: u64, request: &Request) -> Option<i64> {
        let reference = request.body_reference.as_ref()?;
        self.queue.requests.iter().find_map(|(other, known)| {
            let same = *other == number || known.body_reference.as_ref() == Some(reference);
            match known.progress {
                Progress::Processed(made) if same => Some(made),
                Progress::Processed(_) | Progress::Waiting | Progress::Failed(_) => None,
            }
        })
    }
}
