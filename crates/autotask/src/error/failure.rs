//! The one place that says what happens after each [`Error`].

use std::time::Duration;

use domain::{Failure, Fixer, Key, Problem, Remedy, StopReason, Subject, System};

use crate::Error;

/// How long to leave a tenant alone after a 401: every further one counts towards a lockout.
const AFTER_UNAUTHORIZED: Duration = Duration::from_mins(5);
const AFTER_AWAY: Duration = Duration::from_secs(30);
const AFTER_CROWD: Duration = Duration::from_secs(5);
const AFTER_THRESHOLD: Duration = Duration::from_mins(1);
const AFTER_THRESHOLD_AT_MOST: Duration = Duration::from_mins(5);

impl Error {
    /// What happens next with the record `key`, for which the call was made.
    pub fn into_failure(self, key: &Key) -> Failure {
        match self {
            Self::Unauthorized { ref reason } => {
                let reason = StopReason::Credentials(reason.clone());
                stop(reason, AFTER_UNAUTHORIZED, self)
            }
            Self::Away(_) | Self::NoZone { .. } => stop(StopReason::Away, AFTER_AWAY, self),
            Self::SlowDown { after } => {
                let after = after
                    .unwrap_or(AFTER_THRESHOLD)
                    .min(AFTER_THRESHOLD_AT_MOST);
                stop(StopReason::Budget, after, self)
            }
            Self::Budget(ref refused) if refused.is_for_all => {
                let after = refused.after;
                stop(StopReason::Budget, after, self)
            }
            Self::Budget(refused) => Failure::Defer {
                after: refused.after,
                source: refused.into(),
            },
            // The gate has slowed all processes at this endpoint.
            Self::TooManyAtOnce { after } => Failure::Defer {
                after: after.unwrap_or(AFTER_CROWD).min(AFTER_THRESHOLD_AT_MOST),
                source: self.into(),
            },
            Self::Busy { after, .. } => Failure::Retry {
                after,
                source: self.into(),
            },
            // The next attempt looks first, and finds what is there now.
            Self::Gone { .. } | Self::NoSuchCall { passing: true, .. } => Failure::retry(self),
            Self::MaybeDone(_) => Failure::Unsure {
                source: self.into(),
            },
            Self::Forbidden { entity, says } => hold(forbidden(&entity, &says)),
            Self::Invalid { entity, messages } => hold(refused(key, &entity, &messages)),
            Self::NoSuchCall { entity, says, .. } => hold(not_offered(&entity, &says)),
            Self::Unreadable { says } => hold(unreadable(key, &says)),
        }
    }
}

fn stop(reason: StopReason, after: Duration, source: Error) -> Failure {
    Failure::Stop {
        system: System::Autotask,
        reason,
        after,
        source: source.into(),
    }
}

fn hold(problem: Problem) -> Failure {
    Failure::Hold {
        problems: vec![problem],
    }
}

/// One problem for all records of the entity, as one change of the security level solves all.
fn forbidden(entity: &str, says: &str) -> Problem {
    Problem {
        code: "not-permitted-by-autotask".to_owned(),
        subject: Subject::Setting {
            name: format!("autotask permission: {entity}"),
        },
        field: None,
        says: format!("Autotask does not let our API user do this with a {entity}: {says}"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "In Autotask, allow this for a {entity} in the security level of the API user, \
                 then replay the held items of this problem."
            ),
            continues: false,
        },
    }
}

/// One problem for all records of the entity: it is about the address or the zone, and about no value.
fn not_offered(entity: &str, says: &str) -> Problem {
    Problem {
        code: "call-not-offered-by-autotask".to_owned(),
        subject: Subject::Setting {
            name: format!("autotask call: {entity}"),
        },
        field: None,
        says: format!(
            "Autotask does not offer what was asked for a {entity} at the address that we call ({says})"
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "Compare AUTOTASK_ZONE_URL, where it is set, with the address of the tenant's zone \
                   (https://webservices….autotask.net/ATServicesRest/); where it is right, this zone \
                   lacks the call: ask Autotask's support. Then replay the held items of this problem."
                .to_owned(),
            continues: false,
        },
    }
}

fn refused(key: &Key, entity: &str, messages: &[String]) -> Problem {
    Problem {
        code: "refused-by-autotask".to_owned(),
        subject: record(key),
        field: None,
        says: format!(
            "Autotask refuses what was asked for {key} ({entity}): {}",
            messages.join("; ")
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: "Correct the value that the message names, in either system.".to_owned(),
            continues: true,
        },
    }
}

fn unreadable(key: &Key, says: &str) -> Problem {
    Problem {
        code: "unreadable-from-autotask".to_owned(),
        subject: record(key),
        field: None,
        says: format!("Autotask's answer about {key} cannot be read: {says}"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "Report this text: Autotask's API has changed and Crossbill must follow."
                .to_owned(),
            continues: false,
        },
    }
}

fn record(key: &Key) -> Subject {
    Subject::Record {
        kind: key.kind.clone(),
        system: key.system,
        id: key.id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use domain::Kind;

    use super::*;
    use crate::GateRefused;

    fn after(error: Error) -> Failure {
        error.into_failure(&Key::new(Kind::new("ticket"), System::Autotask, 7))
    }

    #[test]
    fn trouble_of_the_whole_system_stops_it_and_holds_nothing() {
        let budget = GateRefused {
            after: Duration::from_secs(9),
            reason: "90 % are used".to_owned(),
            is_for_all: true,
        };
        for (error, word, seconds) in [
            (
                Error::Unauthorized {
                    reason: "401".to_owned(),
                },
                "credentials",
                300,
            ),
            (
                Error::NoZone {
                    says: "a web page came".to_owned(),
                },
                "away",
                30,
            ),
            (Error::SlowDown { after: None }, "budget", 60),
            (
                Error::SlowDown {
                    after: Some(Duration::from_hours(1)),
                },
                "budget",
                300,
            ),
            (Error::Budget(budget), "budget", 9),
        ] {
            let Failure::Stop { reason, after, .. } = after(error) else {
                panic!("{word} must stop");
            };
            assert_eq!((reason.as_str(), after.as_secs()), (word, seconds));
        }
    }

    #[test]
    fn what_is_not_its_turn_comes_again_and_stops_nobody() {
        let refused = GateRefused {
            after: Duration::from_secs(9),
            reason: "60 % are used".to_owned(),
            is_for_all: false,
        };
        let minute = Some(Duration::from_mins(1));
        for (error, seconds) in [
            (Error::Budget(refused), 9),
            (Error::TooManyAtOnce { after: None }, 5),
            (Error::TooManyAtOnce { after: minute }, 60),
        ] {
            let failure = after(error);
            assert!(
                matches!(failure, Failure::Defer { after, .. } if after.as_secs() == seconds),
                "{failure:?}"
            );
        }
    }

    #[test]
    fn a_refusal_is_held_under_the_record_with_every_reason() {
        let failure = after(Error::Invalid {
            entity: "ticket".to_owned(),
            messages: vec![
                "Field Title is required".to_owned(),
                "No such queue".to_owned(),
            ],
        });
        let Failure::Hold { problems } = failure else {
            panic!("a refusal must be held");
        };
        assert_eq!(
            problems[0].identity(),
            "refused-by-autotask|record:ticket:autotask:7"
        );
        assert!(
            problems[0]
                .says
                .contains("Field Title is required; No such queue")
        );
    }

    #[test]
    fn what_passes_is_retried() {
        let busy = Error::Busy {
            after: Some(Duration::from_secs(3)),
            says: "deadlock".to_owned(),
        };
        assert!(
            matches!(after(busy), Failure::Retry { after: Some(after), .. } if after.as_secs() == 3)
        );
        let gone = Error::Gone {
            entity: "ticket".to_owned(),
        };
        assert!(matches!(after(gone), Failure::Retry { after: None, .. }));
        assert!(matches!(
            after(not_there(true)),
            Failure::Retry { after: None, .. }
        ));
    }

    fn not_there(passing: bool) -> Error {
        Error::NoSuchCall {
            entity: "ticket".to_owned(),
            says: "HTTP 404 Not Found".to_owned(),
            passing,
        }
    }

    #[test]
    fn a_call_that_is_not_offered_is_the_integrators_and_one_problem_for_all_records() {
        let problem = |id: i64| {
            let key = Key::new(Kind::new("ticket"), System::Autotask, id);
            let Failure::Hold { mut problems } = not_there(false).into_failure(&key) else {
                panic!("not held");
            };
            problems.remove(0)
        };
        assert_eq!(problem(1).identity(), problem(2).identity());
        assert_eq!(problem(1).remedy.who, Fixer::Integrator);
        assert!(problem(1).remedy.step.contains("AUTOTASK_ZONE_URL"));
    }
}
