//! What a contract sells, in words.

use std::collections::HashMap;

use autotask::{ContractService, ContractServiceUnit, Service};
use chrono::NaiveDate;

/// The services of contracts as read now.
#[derive(Debug, Default)]
pub(crate) struct Sold {
    /// What is sold, by contract.
    pub(crate) services: Vec<ContractService>,
    /// How many units, by period.
    pub(crate) units: Vec<ContractServiceUnit>,
    /// What the services are called.
    pub(crate) names: HashMap<i64, String>,
}

impl Sold {
    /// Takes the names of services.
    pub(crate) fn name(&mut self, services: &[Service]) {
        let name = |one: &Service| Some((one.id, one.name.get()?.clone()));
        self.names.extend(services.iter().filter_map(name));
    }
}

/// `3 × Managed workstation; 1 × Mailbox backup` on that day, by name; empty where it sells nothing. The quantity is that
/// of the row of units whose period the day is in (`autotask.md` §4).
pub(crate) fn sold(contract: i64, sold: &Sold, today: NaiveDate) -> String {
    let own = sold.services.iter();
    let own = own.filter(|one| one.contract_id.get() == Some(&contract));
    let mut lines: Vec<(String, String)> = own
        .map(|service| {
            let name = name(service, sold);
            let line = match units(service.id, sold, today) {
                Some(units) => format!("{units} × {name}"),
                None => name.clone(),
            };
            (name, line)
        })
        .collect();
    lines.sort();
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    lines.join("; ")
}

fn name(service: &ContractService, sold: &Sold) -> String {
    let id = service.service_id.get();
    let known = id.and_then(|id| sold.names.get(id)).cloned();
    let own = || service.invoice_description.get().cloned();
    known
        .or_else(own)
        .unwrap_or_else(|| format!("service {}", service.id))
}

fn units(service: i64, sold: &Sold, today: NaiveDate) -> Option<i64> {
    let holds = |one: &&ContractServiceUnit| {
        let day = |at: &domain::Told<chrono::DateTime<chrono::Utc>>| {
            at.get().map(chrono::DateTime::date_naive)
        };
        let begins = day(&one.start_date).is_none_or(|begins| begins <= today);
        let ends = day(&one.end_date).is_none_or(|ends| today <= ends);
        one.contract_service_id.get() == Some(&service) && begins && ends
    };
    let row = sold.units.iter().filter(holds).max_by_key(|one| one.id);
    row.and_then(|row| row.units.get().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_units_are_those_of_the_period_that_the_day_is_in() {
        let service = |id: i64, of: i64| {
            read(serde_json::json!({"id": id, "contractID": 1, "serviceID": of}))
        };
        let units = |id: i64, of: i64, from: &str, to: &str, units: i64| {
            read(serde_json::json!({
                "id": id, "contractID": 1, "contractServiceID": of, "units": units,
                "startDate": format!("{from}T00:00:00Z"), "endDate": format!("{to}T00:00:00Z"),
            }))
        };
        let all = Sold {
            services: vec![service(5, 50), service(4, 40), service(6, 60)],
            units: vec![
                units(1, 5, "2026-10-01", "2026-10-31", 2),
                units(2, 5, "2026-11-01", "2026-11-30", 3),
                units(3, 4, "2026-11-01", "2026-11-30", 1),
                // Entered late, for a time that is over.
                units(4, 5, "2026-09-01", "2026-09-30", 9),
            ],
            names: [(50, "Workstation".to_owned()), (40, "Backup".to_owned())].into(),
        };
        for (day, expected) in [
            ("2026-10-31", "Backup; 2 × Workstation; service 6"),
            ("2026-11-01", "1 × Backup; 3 × Workstation; service 6"),
        ] {
            assert_eq!(sold(1, &all, day.parse().unwrap()), expected);
        }
        assert_eq!(sold(2, &all, "2026-11-01".parse().unwrap()), "");
    }
}
