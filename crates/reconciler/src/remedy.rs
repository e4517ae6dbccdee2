//! What a person does about a system that is stopped: which setting, and where in that system.

use domain::System;

/// The remedy, as the end of a sentence. `code` is the reason's word, as `StopReason::as_str` tells it.
pub fn of_stop(system: System, code: &str) -> &'static str {
    match (system, code) {
        (System::Autotask, CREDENTIALS) => {
            "compare AUTOTASK_USERNAME, AUTOTASK_SECRET and AUTOTASK_INTEGRATION_CODE with the API-only user in \
             Autotask (Admin > Resources)"
        }
        (System::Jim2, CREDENTIALS) => {
            "compare JIM2_URL, JIM2_CLIENT_ID and JIM2_SECRET with the API's set-up in Jim2 (Options > Web API)"
        }
        (System::Autotask, AWAY) => {
            "check the network, AUTOTASK_DISCOVERY_URL and AUTOTASK_ZONE_URL"
        }
        (System::Jim2, AWAY) => "check JIM2_URL, the Web API's service and the firewall",
        (_, LICENCE) => "free one in Jim2 (Users logged on) or buy one more for the API",
        (_, IDENTITY) => {
            "point JIM2_URL at the right database, and it goes on by itself; if this one was put in its place and that is \
             meant: crossbill adopt-restore"
        }
        (_, RESTORED) => {
            "crossbill adopt-restore, which compares both sides again and lets it go on"
        }
        // Budget, and what a newer build may have stored.
        _ => "find the integration that uses it up (in Autotask Admin > API usage), or wait",
    }
}

// The words of reasons, as they are stored.
const CREDENTIALS: &str = "credentials";
const AWAY: &str = "away";
const LICENCE: &str = "licence";
const IDENTITY: &str = "identity";
const RESTORED: &str = "restored";

#[cfg(test)]
mod tests {
    use domain::StopReason;

    use super::*;

    #[test]
    fn every_reason_has_a_remedy_that_names_where_to_look() {
        let text = String::new;
        for (system, reason, named) in [
            (
                System::Autotask,
                StopReason::Credentials(text()),
                "AUTOTASK_SECRET",
            ),
            (System::Jim2, StopReason::Credentials(text()), "JIM2_SECRET"),
            (System::Autotask, StopReason::Away, "AUTOTASK_ZONE_URL"),
            (System::Jim2, StopReason::Away, "JIM2_URL"),
            (System::Autotask, StopReason::Budget, "API usage"),
            (System::Jim2, StopReason::Licence, "Users logged on"),
            (System::Jim2, StopReason::Identity(text()), "adopt-restore"),
            (
                System::Jim2,
                StopReason::Restored(text()),
                "crossbill adopt-restore, which",
            ),
        ] {
            let remedy = of_stop(system, reason.as_str());
            assert!(remedy.contains(named), "{system} {reason}: {remedy}");
        }
    }
}
