//! What stops `connect`, told as one sentence: which setting, and the remedy.

use anyhow::{Error, anyhow};

/// Why Autotask did not do it, while we were `doing` something.
pub(super) fn of_autotask(error: autotask::Error, doing: &str) -> Error {
    let sentence = match &error {
        autotask::Error::Unauthorized { reason } => format!(
            "Autotask refuses the credentials ({reason}): compare AUTOTASK_USERNAME, AUTOTASK_SECRET and \
             AUTOTASK_INTEGRATION_CODE with the API-only user in Autotask (Admin > Resources), then connect again"
        ),
        autotask::Error::Forbidden { entity, says } => format!(
            "Autotask does not let the API user {doing} ({says}): give its security level access to each {entity}, \
             then connect again"
        ),
        autotask::Error::SlowDown { .. } | autotask::Error::Budget(_) => format!(
            "Autotask's hourly allowance of calls is used up, so we cannot {doing}: connect again in an hour, or \
             find the integration that uses it up (Admin > API usage)"
        ),
        autotask::Error::Away(_) => format!(
            "Autotask does not answer, so we cannot {doing}: check the network, AUTOTASK_DISCOVERY_URL and \
             AUTOTASK_ZONE_URL, then connect again"
        ),
        autotask::Error::NoZone { says } => format!(
            "the address that is asked for Autotask's zone does not tell it ({says}): set AUTOTASK_DISCOVERY_URL to \
             https://webservices.autotask.net/ATServicesRest/, or unset it, then connect again"
        ),
        autotask::Error::NoSuchCall { says, .. } => format!(
            "what answers at Autotask's address does not let us {doing} ({says}): compare AUTOTASK_ZONE_URL with the \
             tenant's zone (as https://webservices14.autotask.net/ATServicesRest/), or unset it so that the zone is \
             asked for, then connect again"
        ),
        autotask::Error::Busy { .. } | autotask::Error::TooManyAtOnce { .. } => {
            format!("Autotask is busy, so we cannot {doing}: connect again in a minute")
        }
        autotask::Error::Invalid { .. }
        | autotask::Error::Gone { .. }
        | autotask::Error::MaybeDone(_)
        | autotask::Error::Unreadable { .. } => {
            format!(
                "Autotask does not let us {doing} ({error}): connect again, and tell us if it stays so"
            )
        }
    };
    Error::new(error).context(sentence)
}

/// Why Jim2 did not do it, while we were `doing` something.
pub(super) fn of_jim2(error: jim2::Error, doing: &str) -> Error {
    let sentence = match &error {
        jim2::Error::Unauthorized { setting } => format!(
            "Jim2 does not accept {setting}: compare JIM2_URL, JIM2_CLIENT_ID and JIM2_SECRET with the API's set-up \
             in Jim2 (Options > Web API), then connect again"
        ),
        jim2::Error::NoLicence => {
            "Jim2 has no free licence for the session that writes: free one (Users logged on) \
             or buy one more for the API, then connect again"
                .to_owned()
        }
        jim2::Error::Away(_) | jim2::Error::SlowDown { .. } => format!(
            "Jim2 does not answer, so we cannot {doing}: check JIM2_URL, the Web API's service and the firewall, \
             then connect again"
        ),
        jim2::Error::Forbidden { detail } => format!(
            "Jim2 does not let the API's user {doing} ({detail}): give it this right in Jim2's security groups, \
             then connect again"
        ),
        jim2::Error::OtherDatabase(reason) => other_database(&reason.to_string()),
        jim2::Error::NotFound
        | jim2::Error::Refused { .. }
        | jim2::Error::Locked { .. }
        | jim2::Error::JobReady
        | jim2::Error::JobInvoiced { .. }
        | jim2::Error::NotWritable { .. }
        | jim2::Error::Workflow { .. }
        | jim2::Error::NoSuchQuery(_)
        | jim2::Error::MaybeDone(_)
        | jim2::Error::Unreadable { .. }
        | jim2::Error::Session(_) => {
            format!(
                "Jim2 does not let us {doing} ({error}): check the build of its Web API, then connect again"
            )
        }
    };
    Error::new(error).context(sentence)
}

/// The database that answers is not the one that was connected.
pub(super) fn other_database(found: &str) -> String {
    format!(
        "Jim2 is not the database this site was connected to ({found}): point JIM2_URL at the right one; where it was \
         restored or replaced, and that was meant: crossbill adopt-restore"
    )
}

/// Why Autotask lets us see a kind of records only in part, or not at all.
pub(super) fn may_not(doing: &str, what: &str) -> Error {
    anyhow!(
        "Autotask does not let the API user {doing} {what}: give the security level of AUTOTASK_USERNAME this right, \
         then connect again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_address_of_autotask_names_its_setting_and_the_remedy() {
        let says = "a web page (404 Not Found) came instead of JSON".to_owned();
        let entity = "threshold".to_owned();
        for (error, setting) in [
            (
                autotask::Error::NoZone { says: says.clone() },
                "AUTOTASK_DISCOVERY_URL",
            ),
            (
                autotask::Error::NoSuchCall {
                    entity: entity.clone(),
                    says: says.clone(),
                    passing: true,
                },
                "AUTOTASK_ZONE_URL",
            ),
            (
                autotask::Error::NoSuchCall {
                    entity,
                    says,
                    passing: false,
                },
                "AUTOTASK_ZONE_URL",
            ),
        ] {
            let told = of_autotask(error, "ask for the allowance of calls").to_string();
            for part in [
                setting,
                "ATServicesRest/",
                "unset it",
                "404",
                "connect again",
            ] {
                assert!(told.contains(part), "{part}: {told}");
            }
        }
    }
}
