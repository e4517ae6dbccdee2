//! The user-defined fields of Autotask: which of those that the site keeps things in are there, and making the others.
//!
//! Each is optional. Of a field that is not there nothing is asked, as Autotask refuses a whole query for it.

mod making;

use autotask::{Company, Contact, Entity, FieldInfo, Product, Ticket};
use store::Db;

use super::{
    Args, Kit, Report,
    autotask_side::plural,
    failure::of_autotask,
    settings::names::{COMPANY_UDFS, CONTACT_UDF, MISSING_UDFS, PRODUCT_UDFS, TICKET_UDFS, Udf},
};

/// What a user-defined field of the site is called in Autotask, by its setting; empty where it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The setting.
    pub(super) setting: &'static str,
    /// The name that a query has to use.
    pub(super) name: String,
}

/// Looks for the fields of all entities, and makes those that are missing where a person wants that. Answers those that
/// are not a person's own choice: `connect` chooses them.
pub(super) async fn look(
    args: &Args,
    kit: &Kit,
    report: &mut Report<'_>,
) -> anyhow::Result<Vec<Found>> {
    let mut seen = all(kit, report).await?;
    if making::is_wanted(args, &seen.missing, report)? {
        let refused = making::make(kit, &seen.missing, report).await?;
        report.expect(4);
        seen = all(kit, report).await?;
        let is_refused = |one: &Missing| refused.iter().any(|other| other.is(one));
        seen.missing.retain(|one| !is_refused(one));
        making::tell_unseen(&seen.missing, report)?;
    } else {
        tell(&seen.missing, report)?;
    }
    Ok(seen.found)
}

/// A field that the tenant does not have.
#[derive(Debug, Clone, Copy)]
struct Missing {
    /// Whose records should have it.
    of: Owner,
    udf: Udf,
}

impl Missing {
    fn is(&self, other: &Self) -> bool {
        self.udf.setting == other.udf.setting
    }
}

/// Whose records have user-defined fields that the site keeps things in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Tickets,
    Companies,
    Contacts,
    Products,
}

impl Owner {
    /// Several of its records, in people's words.
    fn plural(self) -> String {
        match self {
            Self::Tickets => plural::<Ticket>(),
            Self::Companies => plural::<Company>(),
            Self::Contacts => plural::<Contact>(),
            Self::Products => plural::<Product>(),
        }
    }
}

/// What was seen of the fields.
#[derive(Debug, Default)]
struct Seen {
    found: Vec<Found>,
    missing: Vec<Missing>,
}

async fn all(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<Seen> {
    let mut seen = Seen::default();
    of::<Ticket>(kit, (Owner::Tickets, &TICKET_UDFS), &mut seen).await?;
    report.advance(1);
    of::<Company>(kit, (Owner::Companies, &COMPANY_UDFS), &mut seen).await?;
    report.advance(1);
    if chosen(&kit.db, CONTACT_UDF).await? != Choice::Ours {
        of::<Contact>(kit, (Owner::Contacts, &[CONTACT_UDF]), &mut seen).await?;
    }
    report.advance(1);
    of::<Product>(kit, (Owner::Products, &PRODUCT_UDFS), &mut seen).await?;
    report.advance(1);
    Ok(seen)
}

/// Who chose the name of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    /// A person chose this name.
    Theirs(String),
    /// A person wants none.
    None,
    /// Nobody.
    Ours,
}

async fn chosen(db: &Db, udf: Udf) -> Result<Choice, store::Error> {
    let stored: Option<String> = store::setting::get(db, udf.setting).await?;
    let missing: Vec<String> = store::setting::get(db, MISSING_UDFS)
        .await?
        .unwrap_or_default();
    Ok(match stored {
        None => Choice::Ours,
        Some(name) if name == udf.default_name => Choice::Ours,
        Some(name) if !name.is_empty() => Choice::Theirs(name),
        Some(_) if missing.iter().any(|setting| setting == udf.setting) => Choice::Ours,
        Some(_) => Choice::None,
    })
}

async fn of<E: Entity>(
    kit: &Kit,
    (owner, udfs): (Owner, &[Udf]),
    seen: &mut Seen,
) -> anyhow::Result<()> {
    let reading = format!("read the user-defined fields of {}", owner.plural());
    let there = kit
        .autotask
        .udfs::<E>()
        .await
        .map_err(|error| of_autotask(error, &reading))?;
    for udf in udfs {
        match chosen(&kit.db, *udf).await? {
            Choice::None => {}
            Choice::Theirs(name) => {
                if named(&there, &name).is_none_or(|field| field.name != name) {
                    anyhow::bail!(no_such(owner, *udf, &name, named(&there, &name)));
                }
            }
            Choice::Ours => {
                let field = named(&there, udf.default_name);
                if field.is_none() {
                    seen.missing.push(Missing {
                        of: owner,
                        udf: *udf,
                    });
                }
                seen.found.push(Found {
                    setting: udf.setting,
                    name: field.map(|field| field.name.clone()).unwrap_or_default(),
                });
            }
        }
    }
    Ok(())
}

/// The field with this name, or with this label.
fn named<'a>(there: &'a [FieldInfo], name: &str) -> Option<&'a FieldInfo> {
    let by_name = there
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case(name));
    let is_label = |field: &&FieldInfo| {
        let label = field.label.as_deref().unwrap_or_default();
        label.eq_ignore_ascii_case(name)
    };
    by_name.or_else(|| there.iter().find(is_label))
}

fn no_such(owner: Owner, udf: Udf, name: &str, like: Option<&FieldInfo>) -> String {
    let instead = like.map_or_else(
        || "make the field in Autotask".to_owned(),
        |field| format!("crossbill settings set {} \"{}\"", udf.setting, field.name),
    );
    format!(
        "{} has the user-defined field \"{name}\", and {} in Autotask have none of that name: {instead}, or \
         crossbill settings set {} none; then connect again",
        udf.setting,
        owner.plural(),
        udf.setting
    )
}

/// Says what is not done without the fields, and the one step that makes them.
fn tell(missing: &[Missing], report: &mut Report<'_>) -> anyhow::Result<()> {
    for (owner, udfs) in by_owner(missing) {
        let without: Vec<&str> = udfs.iter().map(|udf| udf.without).collect();
        report.warn(format!(
            "{} have no field {}; Crossbill goes on without: {}. To have them made: crossbill connect --create-udfs \
             (where they have other names: crossbill settings set udf.… <name>)",
            owner.plural(),
            quoted(&udfs),
            without.join("; ")
        ))?;
    }
    Ok(())
}

/// The fields of each entity that lacks some.
fn by_owner(missing: &[Missing]) -> Vec<(Owner, Vec<Udf>)> {
    let owners = [
        Owner::Tickets,
        Owner::Companies,
        Owner::Contacts,
        Owner::Products,
    ];
    let fields = owners.map(|owner| {
        let own = missing.iter().filter(|one| one.of == owner);
        (owner, own.map(|one| one.udf).collect::<Vec<_>>())
    });
    fields
        .into_iter()
        .filter(|(_, udfs)| !udfs.is_empty())
        .collect()
}

/// The names of fields, each in quotes.
fn quoted(udfs: &[Udf]) -> String {
    let names = udfs.iter().map(|udf| format!("\"{}\"", udf.default_name));
    names.collect::<Vec<_>>().join(", ")
}

/// All fields with their entities: `"Jim2 Job#" of tickets, "Jim2 CardNo" of companies`.
fn listed(fields: &[Missing]) -> String {
    let of = |(owner, udfs): (Owner, Vec<Udf>)| format!("{} of {}", quoted(&udfs), owner.plural());
    let all: Vec<String> = by_owner(fields).into_iter().map(of).collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_found_by_its_name_then_by_its_label() {
        let field = |name: &str, label: &str| -> FieldInfo {
            serde_json::from_value(json!({"name": name, "label": label, "dataType": "string"}))
                .unwrap()
        };
        let there = [field("J2", "Jim2 Job#"), field("jim2 cardno", "Card")];
        for (name, expected) in [
            ("Jim2 Job#", Some("J2")),
            ("Jim2 CardNo", Some("jim2 cardno")),
            ("Jim2 opt-out", None),
        ] {
            let found = named(&there, name).map(|field| field.name.as_str());
            assert_eq!(found, expected, "{name}");
        }
    }
}
