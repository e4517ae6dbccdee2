//! Looking for what a record stands for by its serial number, among what its owner has.

use autotask::{ConfigurationItem, Filter, Query};
use domain::{Failure, Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use jim2::Asset;
use sync::{Facts, Fields, Half, Match};

use super::{AssetHands, Malformed, number};
use crate::{COMPANY, KIND, halves, rules::owner};

/// Something with that serial number: its id, and what people call it.
struct Found {
    id: i64,
    label: String,
}

impl AssetHands {
    /// The one on the other side with the same serial number and owner, where there is one here and there. Without a paired
    /// owner there is nowhere to look.
    pub(super) async fn of_serial(
        &self,
        on: System,
        half: &Half,
        facts: &Facts,
    ) -> Result<Match, Failure> {
        let key = Key::new(KIND, on, half.id.clone());
        let serial = half.fields.get("serial").and_then(Value::as_text);
        let (Some(serial), Some(own)) = (serial, owner(on, half)) else {
            return Ok(Match::None);
        };
        let partner = facts.other_half(&Key::new(COMPANY, on, own));
        let Some(partner) = partner.and_then(RecordId::number) else {
            return Ok(Match::None);
        };
        let there = self.with_serial(on.other(), serial, partner, &key).await?;
        if there.is_empty() {
            return Ok(Match::None);
        }
        let here = self.with_serial(on, serial, own, &key).await?;
        let is_only = here.iter().all(|one| half.id.number() == Some(one.id));
        Ok(match there.as_slice() {
            [only] if is_only => Match::One(only.id.into()),
            several => Match::Doubtful(Box::new(doubtful(on, half, several))),
        })
    }

    /// What an act that makes one has made, or what was there before.
    pub(super) async fn made(
        &self,
        on: System,
        from: &RecordId,
        fields: &Fields,
    ) -> Result<Vec<RecordId>, Failure> {
        let key = Key::new(KIND, on.other(), from.clone());
        let whose = match on {
            System::Autotask => "company",
            System::Jim2 => "owner",
        };
        let serial = fields.get("serial").and_then(Value::as_text);
        let (Some(serial), Some(owner)) = (serial, number(fields, whose)) else {
            let what = Malformed("a thing without an owner or a serial number");
            return Err(Failure::retry(what));
        };
        let found = self.with_serial(on, serial, owner, &key).await?;
        Ok(found.iter().map(|one| one.id.into()).collect())
    }

    /// What an owner has with this serial number and is in use.
    async fn with_serial(
        &self,
        on: System,
        serial: &str,
        owner: i64,
        key: &Key,
    ) -> Result<Vec<Found>, Failure> {
        match on {
            System::Autotask => {
                let items = self.items_with_serial(serial, owner).await;
                items.map_err(|error| error.into_failure(key))
            }
            System::Jim2 => {
                let assets = self.jim2.assets_with_serial(serial).await;
                let assets = assets.map_err(|error| error.into_failure(key))?;
                let theirs = assets
                    .iter()
                    .filter(|one| one.owner_no.get() == Some(&owner));
                let halves = theirs.map(|one: &Asset| (one.asset_no, halves::asset(one)));
                let in_use = halves.filter(|(_, half)| !half.is("inactive"));
                Ok(in_use
                    .map(|(id, half)| Found {
                        id,
                        label: format!("asset {id} {}", half.label),
                    })
                    .collect())
            }
        }
    }

    async fn items_with_serial(
        &self,
        serial: &str,
        company: i64,
    ) -> Result<Vec<Found>, autotask::Error> {
        let theirs = Filter::all([
            Filter::eq("serialNumber", serial.trim()),
            Filter::eq("companyID", company),
            Filter::eq("isActive", true),
        ]);
        let query = Query::of(theirs).only(&["serialNumber", "referenceTitle"]);
        let items: Vec<ConfigurationItem> = self.autotask.query_all(&query).await?;
        let found = |item: &ConfigurationItem| Found {
            id: item.id,
            label: format!("{} {}", item.id, halves::item(item, None).label),
        };
        Ok(items.iter().map(found).collect())
    }
}

/// Rule 17: what is there already is paired by a person, not made again.
pub(super) fn made_before(from: &RecordId, found: &RecordId) -> Failure {
    let problem = problem(
        "made-before",
        System::Jim2,
        from,
        format!(
            "asset {from} is in Autotask already as configuration item {found}, though they are not linked"
        ),
        format!(
            "if they are the same: crossbill pairs link {KIND} {found} {from}; if not, correct one of the serial numbers"
        ),
    );
    Failure::Hold {
        problems: vec![problem],
    }
}

/// Several have that serial number, here or there.
fn doubtful(on: System, half: &Half, there: &[Found]) -> Problem {
    let link = match on {
        System::Autotask => format!("{} <Asset#>", half.id),
        System::Jim2 => format!("<configuration item id> {}", half.id),
    };
    let named: Vec<&str> = there.iter().map(|one| one.label.as_str()).collect();
    problem(
        "counterpart-doubtful",
        on,
        &half.id,
        format!(
            "{} may be any of these in {}, or its owner has its serial number twice: {}",
            half.label,
            on.other(),
            named.join("; ")
        ),
        format!("crossbill pairs link {KIND} {link}; or correct the serial numbers"),
    )
}

fn problem(code: &str, on: System, id: &RecordId, says: String, step: String) -> Problem {
    Problem {
        code: code.to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: on,
            id: id.clone(),
        },
        field: None,
        says,
        remedy: Remedy {
            who: Fixer::Desk,
            step,
            continues: true,
        },
    }
}
