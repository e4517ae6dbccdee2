//! Field rules: which way a field goes, and whose value wins when both sides changed it.

use domain::{Kind, System};
use serde::Serialize;
use serde_json::json;
use store::{Db, mapping::FieldRule};
use sync::{Field, Rules, Transform, Way};

use super::{mistake, nearest};
use crate::kinds;

/// A field with its rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// The kind.
    pub(crate) kind: Kind,
    /// The field.
    pub(crate) field: &'static str,
    /// As people know it.
    pub(crate) label: &'static str,
    /// Which way it goes.
    pub(crate) way: Way,
    /// Whose value wins.
    pub(crate) owner: System,
    /// Whether somebody changed it.
    pub(crate) changed: bool,
}

/// All fields, or those of a kind.
pub(crate) async fn list(db: &Db, only: Option<&Kind>) -> anyhow::Result<Vec<Line>> {
    let changed = store::mapping::load(db).await?.field_rules;
    let mut lines = Vec::new();
    for rules in kinds::rules() {
        let kind = rules.kind();
        if only.is_none_or(|only| *only == kind) {
            lines.extend(
                rules
                    .fields()
                    .iter()
                    .map(|field| line(&kind, field, &changed)),
            );
        }
    }
    Ok(lines)
}

fn line(kind: &Kind, field: &Field, changed: &[FieldRule]) -> Line {
    let rule = changed
        .iter()
        .find(|rule| rule.kind == *kind && rule.field == field.name);
    let way = rule.and_then(|rule| Way::named(&rule.way));
    Line {
        kind: kind.clone(),
        field: field.name,
        label: field.label,
        way: way.unwrap_or(field.way),
        owner: rule.map_or(field.owner, |rule| rule.owner),
        changed: rule.is_some(),
    }
}

/// Changes the way, the owner, or both. Answers the rule as it is then.
pub(crate) async fn set(
    db: &Db,
    (kind, name): (&Kind, &str),
    (way, owner): (Option<Way>, Option<System>),
    who: &str,
) -> anyhow::Result<Line> {
    let field = known(kind, name)?;
    let now = line(kind, field, &store::mapping::load(db).await?.field_rules);
    let rule = FieldRule {
        kind: kind.clone(),
        field: field.name.to_owned(),
        way: way.unwrap_or(now.way).as_str().to_owned(),
        owner: owner.unwrap_or(now.owner),
    };
    if let Some(way) = way {
        check(kind, field, way)?;
    }
    store::mapping::set_field_rule(db, &rule).await?;
    store::audit::write(db, who, "mapping set", &json!(rule)).await?;
    Ok(line(kind, field, &[rule]))
}

/// Brings a field back to its default. Answers the rule as it is then, and whether it was changed before.
pub(crate) async fn reset(
    db: &Db,
    kind: &Kind,
    name: &str,
    who: &str,
) -> anyhow::Result<(Line, bool)> {
    let field = known(kind, name)?;
    let had = store::mapping::unset_field_rule(db, kind, field.name).await?;
    store::audit::write(
        db,
        who,
        "mapping reset",
        &json!({"kind": kind, "field": field.name}),
    )
    .await?;
    Ok((line(kind, field, &[]), had))
}

fn known(kind: &Kind, name: &str) -> anyhow::Result<&'static Field> {
    let rules = kinds::rules().find(|rules| rules.kind() == *kind);
    let fields = rules.map(Rules::fields).unwrap_or_default();
    match fields.iter().find(|field| field.name == name) {
        Some(field) => Ok(field),
        None => mistake(format!(
            "{kind} has no field {name}{}; crossbill mapping list --kind {kind} shows all",
            nearest(name, fields.iter().map(|field| field.name))
        )),
    }
}

/// A field that nothing leads to on one side cannot be made to go there.
fn check(kind: &Kind, field: &Field, way: Way) -> anyhow::Result<()> {
    for to in System::BOTH {
        if way.leads_to(to) && matches!(field.towards(to), Transform::None) {
            return mistake(format!(
                "{} of {kind} cannot go to {to}: {to} has no place for it, or it would mean something else there",
                field.label
            ));
        }
    }
    Ok(())
}
