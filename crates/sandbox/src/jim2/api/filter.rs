//! `filter[Name][-operator]=value`: the documented filters this Jim2 has values for.
//!
//! Text compares without case, as SQL Server's usual collation does.

mod asset;
mod card;
mod job;
mod order;
mod project;
mod stock;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::jim2::asset::Asset;
use crate::jim2::clock;
use crate::jim2::order::{Kind, Order};
use crate::jim2::project::Project;
use crate::jim2::record::{CardFile, Job};
use crate::jim2::refusal::{Blame, Refusal};
use crate::jim2::stock::Stock;
use crate::jim2::world::World;

/// One condition of an address.
struct Filter {
    parameter: String,
    name: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Like,
}

/// What a record tells for a filter.
enum Told {
    Text(String),
    /// Texts of which one must fit; the documents allow no inverse, so no `-ne`.
    TextNoInverse(Vec<String>),
    Number(Option<i64>),
    Flag(bool),
    Moment(Option<DateTime<Utc>>),
}

/// A filter of a record type: its documented name and what a record tells for it.
type Rule<Record> = (&'static str, fn(&World, &Record) -> Told);

/// Whether a parameter is a condition.
pub(super) fn is_filter(name: &str) -> bool {
    name.starts_with("filter[")
}

/// The jobs that meet every condition in the address, by number.
pub(super) fn jobs<'a>(
    world: &'a World,
    parameters: &[(String, String)],
) -> Result<Vec<&'a Job>, Refusal> {
    pick(world, world.jobs.values(), parameters, job::RULES)
}

/// The cardfiles that meet every condition in the address, by number.
pub(super) fn cards<'a>(
    world: &'a World,
    parameters: &[(String, String)],
) -> Result<Vec<&'a CardFile>, Refusal> {
    pick(world, world.cards.values(), parameters, card::RULES)
}

/// The stock that meets every condition in the address, by number.
pub(super) fn stock<'a>(
    world: &'a World,
    parameters: &[(String, String)],
) -> Result<Vec<&'a Stock>, Refusal> {
    pick(world, world.stock.iter(), parameters, stock::RULES)
}

/// The projects that meet every condition in the address, by number. No document that we have lists their filters; all
/// but `LastModified`, which other lists have too, are refused unless a switch allows them.
pub(super) fn projects<'a>(
    world: &'a World,
    parameters: &[(String, String)],
) -> Result<Vec<&'a Project>, Refusal> {
    let rules = if world.options.project_filters {
        project::RULES
    } else {
        &project::RULES[..1]
    };
    pick(world, world.projects.values(), parameters, rules)
}

/// The assets that meet every condition in the address, by number; of their filters holds what holds of projects'.
pub(super) fn assets<'a>(
    world: &'a World,
    parameters: &[(String, String)],
) -> Result<Vec<&'a Asset>, Refusal> {
    let rules = if world.options.project_filters {
        asset::RULES
    } else {
        &asset::RULES[..1]
    };
    pick(world, world.assets.values(), parameters, rules)
}

/// The purchases or quotes that meet every condition in the address, by number; of their filters holds what holds of
/// projects'.
pub(super) fn orders<'a>(
    world: &'a World,
    kind: Kind,
    parameters: &[(String, String)],
) -> Result<Vec<&'a Order>, Refusal> {
    let rules = if world.options.project_filters {
        order::RULES
    } else {
        &order::RULES[..1]
    };
    pick(world, world.orders(kind).all.values(), parameters, rules)
}

fn pick<'a, Record: 'a>(
    world: &'a World,
    records: impl Iterator<Item = &'a Record>,
    parameters: &[(String, String)],
    rules: &[Rule<Record>],
) -> Result<Vec<&'a Record>, Refusal> {
    let mut conditions = Vec::new();
    for (name, value) in parameters.iter().filter(|(name, _)| is_filter(name)) {
        let filter = Filter::read(name, value)?;
        let rule = rules.iter().find(|(known, _)| *known == filter.name);
        let Some((_, tell)) = rule else {
            let detail = format!(
                "There is no filter {}, or none that the sandbox has values for",
                filter.name
            );
            return Err(filter.refuse(&detail));
        };
        conditions.push((filter, tell));
    }
    let zone = world.zone();
    let mut picked = Vec::new();
    for record in records {
        let mut fits = true;
        for (filter, tell) in &conditions {
            fits &= filter.fits(tell(world, record), zone)?;
        }
        if fits {
            picked.push(record);
        }
    }
    Ok(picked)
}

impl Filter {
    /// Reads `filter[Name][-op]=value`, and also the documents' own `filter[Name][-op]value`.
    fn read(parameter: &str, value: &str) -> Result<Self, Refusal> {
        let mut filter = Self {
            parameter: parameter.to_owned(),
            name: String::new(),
            operator: Operator::Equal,
            value: value.to_owned(),
        };
        let inner = parameter.trim_start_matches("filter[");
        let Some((name, rest)) = inner.split_once(']') else {
            return Err(filter.refuse("A filter is written filter[Name]=value"));
        };
        name.clone_into(&mut filter.name);
        if rest.is_empty() {
            return Ok(filter);
        }
        let Some((operator, glued)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        else {
            return Err(filter.refuse("An operator is written filter[Name][-eq]=value"));
        };
        filter.operator = match operator {
            "-eq" => Operator::Equal,
            "-ne" => Operator::NotEqual,
            "-gt" => Operator::Greater,
            "-gte" => Operator::GreaterOrEqual,
            "-lt" => Operator::Less,
            "-lte" => Operator::LessOrEqual,
            "-like" => Operator::Like,
            _ => return Err(filter.refuse(&format!("There is no operator {operator}"))),
        };
        if !glued.is_empty() {
            glued.clone_into(&mut filter.value);
        }
        Ok(filter)
    }

    fn fits(&self, told: Told, zone: Tz) -> Result<bool, Refusal> {
        match told {
            Told::Text(text) => Ok(self.text_fits(&text)),
            Told::TextNoInverse(_) if self.operator == Operator::NotEqual => {
                Err(self.refuse(&format!("The filter {} has no inverse", self.name)))
            }
            Told::TextNoInverse(texts) => Ok(texts.iter().any(|text| self.text_fits(text))),
            Told::Number(number) => {
                let wanted: i64 = self.parse("a number")?;
                self.order_fits(number.map(|number| number.cmp(&wanted)))
            }
            Told::Flag(flag) => {
                let wanted = self.flag()?;
                self.order_fits(Some(flag.cmp(&wanted)))
            }
            Told::Moment(moment) => {
                let wanted = clock::parse(zone, &self.value).ok_or_else(|| {
                    self.refuse(&format!("{} is not a date in ISO format", self.value))
                })?;
                self.order_fits(moment.map(|moment| moment.cmp(&wanted)))
            }
        }
    }

    fn text_fits(&self, text: &str) -> bool {
        let (text, wanted) = (text.to_lowercase(), self.value.to_lowercase());
        let order = text.cmp(&wanted);
        match self.operator {
            Operator::Like => like(&text, &wanted),
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
        }
    }

    fn order_fits(&self, order: Option<std::cmp::Ordering>) -> Result<bool, Refusal> {
        let Some(order) = order else {
            return Ok(self.operator == Operator::NotEqual);
        };
        match self.operator {
            Operator::Equal => Ok(order.is_eq()),
            Operator::NotEqual => Ok(order.is_ne()),
            Operator::Greater => Ok(order.is_gt()),
            Operator::GreaterOrEqual => Ok(order.is_ge()),
            Operator::Less => Ok(order.is_lt()),
            Operator::LessOrEqual => Ok(order.is_le()),
            Operator::Like => Err(self.refuse(&format!("{} takes no -like", self.name))),
        }
    }

    fn flag(&self) -> Result<bool, Refusal> {
        match self.value.to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" => Ok(true),
            "false" | "f" | "no" | "n" | "0" => Ok(false),
            other => Err(self.refuse(&format!("{other} is neither true nor false"))),
        }
    }

    fn parse<T: std::str::FromStr>(&self, expected: &str) -> Result<T, Refusal> {
        self.value
            .parse()
            .map_err(|_| self.refuse(&format!("{:?} is not {expected}", self.value)))
    }

    fn refuse(&self, detail: &str) -> Refusal {
        Refusal::malformed("filter", format!("{detail}."))
            .blaming(Blame::Parameter(self.parameter.clone()))
    }
}

/// SQL's `like` with `%`; a pattern without `%` may stand anywhere in the text.
fn like(text: &str, pattern: &str) -> bool {
    if !pattern.contains('%') {
        return text.contains(pattern);
    }
    let parts: Vec<&str> = pattern.split('%').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_without_percent_means_anywhere() {
        for (text, pattern, expected) in [
            ("t.harbour", "har", true),
            ("t.harbour", "t.%", true),
            ("t.harbour", "%bour", true),
            ("t.harbour", "t%r", true),
            ("t.harbour", "%rb%o%", true),
            ("t.harbour", "har%", false),
            ("t", "t%t", false),
        ] {
            assert_eq!(like(text, pattern), expected, "{text} like {pattern}");
        }
    }
}
