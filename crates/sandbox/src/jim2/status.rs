//! The job statuses of a site and its strict workflow: where each may lead, and who may set it.

/// A job status and where it may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    /// Name, at most ten characters.
    pub(crate) name: String,
    /// Level a user needs to set it, or to edit a job that stands on it.
    pub(crate) level: u8,
    /// Whether work on the job is over.
    pub(crate) end: bool,
    /// Statuses a job may go to from here.
    pub(crate) links: Vec<String>,
}

/// Name, level, whether work is over, links: in the order of the screen. `WAIT`, `Parts` and `HOLD` are the site's own
/// additions to those that every Jim2 has.
const STATUSES: &[(&str, u8, bool, &[&str])] = &[
    (
        "Booked",
        1,
        false,
        &["Proceed", "Call", "CANCEL", "WAIT", "HOLD"],
    ),
    (
        "Proceed",
        1,
        false,
        &[
            "Checked", "Parts", "WAIT", "Call", "Booked", "CANCEL", "Burn In",
        ],
    ),
    ("Burn In", 1, false, &["Checked", "Proceed"]),
    (
        "Checked",
        3,
        false,
        &["FINISH", "Proceed", "RAI.NR", "RAI.US"],
    ),
    ("Parts", 1, false, &["Proceed", "WAIT", "Ordered"]),
    ("Ordered", 1, false, &["Parts", "Proceed"]),
    ("WAIT", 1, false, &["Proceed", "Call", "HOLD"]),
    ("Call", 1, false, &["Proceed", "Booked", "WAIT"]),
    ("HOLD", 5, false, &["Proceed"]),
    ("FINISH", 5, true, &["Checked"]),
    ("CANCEL", 5, true, &["Booked"]),
    ("RAI.NR", 5, true, &["Checked"]),
    ("RAI.US", 5, true, &["Checked"]),
];

/// The status of a new job.
pub(crate) const BOOKED: &str = "Booked";
/// Statuses on which a job can be made Ready.
pub(crate) const FINISHED: &[&str] = &["FINISH", "RAI.NR", "RAI.US"];

/// Every status of a site.
#[derive(Clone, Debug)]
pub(crate) struct Workflow(Vec<Status>);

impl Default for Workflow {
    fn default() -> Self {
        let own = |(name, level, end, links): &(&str, u8, bool, &[&str])| Status {
            name: (*name).to_owned(),
            level: *level,
            end: *end,
            links: links.iter().map(|link| (*link).to_owned()).collect(),
        };
        Self(STATUSES.iter().map(own).collect())
    }
}

impl Workflow {
    /// Finds a status, whatever its case.
    pub(crate) fn find(&self, name: &str) -> Option<&Status> {
        let mut statuses = self.0.iter();
        statuses.find(|status| status.name.eq_ignore_ascii_case(name))
    }

    /// All of them, in the order of the screen.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Status> {
        self.0.iter()
    }

    /// Puts a status in the place of the one with its name, or adds it; `from`, where it is given, are all that lead to it.
    /// Whatever is linked must be there.
    pub(crate) fn set(&mut self, status: Status, from: Option<&[String]>) -> Result<(), String> {
        let mut statuses = self.clone();
        let name = status.name.clone();
        match statuses.0.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = status,
            None => statuses.0.push(status),
        }
        let linked = statuses.0.iter().flat_map(|status| &status.links);
        for link in linked.chain(from.into_iter().flatten()) {
            if !statuses.0.iter().any(|known| known.name == *link) {
                return Err(format!("There is no job status {link:?}."));
            }
        }
        for known in statuses.0.iter_mut().filter(|_| from.is_some()) {
            known.links.retain(|link| *link != name);
            if from.into_iter().flatten().any(|one| *one == known.name) {
                known.links.push(name.clone());
            }
        }
        *self = statuses;
        Ok(())
    }

    /// Whether work on a job with this status is over.
    pub(crate) fn is_end(&self, name: &str) -> bool {
        self.find(name).is_some_and(|status| status.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_reachable_from_a_new_job_and_every_link_leads_somewhere() {
        let workflow = Workflow::default();
        let mut reached = vec![BOOKED.to_owned()];
        let mut next = 0;
        while let Some(name) = reached.get(next).cloned() {
            next += 1;
            for link in &workflow.find(&name).unwrap().links {
                assert!(workflow.find(link).is_some(), "{name} leads to {link}");
                if !reached.contains(link) {
                    reached.push(link.clone());
                }
            }
        }
        assert_eq!(reached.len(), workflow.iter().count(), "{reached:?}");
    }
}
