//! The user-defined fields of Autotask: which of those that the site keeps things in are there.
//!
//! Each is optional. Of a field that is not there nothing is asked, as Autotask refuses a whole query for it.

use autotask::{Company, Contact, Entity, FieldInfo, Ticket};
use store::Db;

use super::{
    Kit, Report,
    autotask_side::plural,
    failure::of_autotask,
    settings::names::{COMPANY_UDFS, CONTACT_UDF, MISSING_UDFS, TICKET_UDFS, Udf},
};

/// What a user-defined field of the site is called in Autotask, by its setting; empty where it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The setting.
    pub(super) setting: &'static str,
    /// The name that a query has to use.
    pub(super) name: String,
}

/// Looks for the fields of all entities. Answers those that are not a person's own choice: `connect` chooses them.
pub(super) async fn look(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<Vec<Found>> {
    let mut found = of::<Ticket>(kit, &TICKET_UDFS, report).await?;
    found.extend(of::<Company>(kit, &COMPANY_UDFS, report).await?);
    if chosen(&kit.db, CONTACT_UDF).await? != Choice::Ours {
        of::<Contact>(kit, &[CONTACT_UDF], report).await?;
    }
    Ok(found)
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
    udfs: &[Udf],
    report: &mut Report<'_>,
) -> anyhow::Result<Vec<Found>> {
    let reading = format!("read the user-defined fields of {}", plural::<E>());
    let there = kit
        .autotask
        .udfs::<E>()
        .await
        .map_err(|error| of_autotask(error, &reading))?;
    report.advance(1);
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for udf in udfs {
        match chosen(&kit.db, *udf).await? {
            Choice::None => {}
            Choice::Theirs(name) => {
                if named(&there, &name).is_none_or(|field| field.name != name) {
                    anyhow::bail!(no_such::<E>(*udf, &name, named(&there, &name)));
                }
            }
            Choice::Ours => {
                let field = named(&there, udf.default_name);
                if field.is_none() {
                    missing.push(*udf);
                }
                found.push(Found {
                    setting: udf.setting,
                    name: field.map(|field| field.name.clone()).unwrap_or_default(),
                });
            }
        }
    }
    tell::<E>(&missing, report)?;
    Ok(found)
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

fn no_such<E: Entity>(udf: Udf, name: &str, like: Option<&FieldInfo>) -> String {
    let instead = like.map_or_else(
        || "make the field in Autotask".to_owned(),
        |field| format!("crossbill settings set {} \"{}\"", udf.setting, field.name),
    );
    format!(
        "{} has the user-defined field \"{name}\", and {} in Autotask have none of that name: {instead}, or \
         crossbill settings set {} none; then connect again",
        udf.setting,
        plural::<E>(),
        udf.setting
    )
}

fn tell<E: Entity>(missing: &[Udf], report: &mut Report<'_>) -> anyhow::Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let fields: Vec<&str> = missing.iter().map(|udf| udf.default_name).collect();
    let fields = fields.join("\", \"");
    let without: Vec<&str> = missing.iter().map(|udf| udf.without).collect();
    report.warn(format!(
        "{} have no field \"{fields}\"; Crossbill goes on without: {}",
        plural::<E>(),
        without.join("; ")
    ))?;
    report.request(format!(
        "Autotask administrator: make these user-defined fields of {} (Admin > Application-wide > User-Defined \
         Fields, type Text (single line)): \"{fields}\"; then crossbill connect again. Where they have other names: \
         crossbill settings set udf.…",
        plural::<E>()
    ));
    Ok(())
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
