//! Which jobs become tickets: job types, Items or customers, as the filters that the ticket worker reads.

use std::{fmt, str::FromStr};

use anyhow::Context as _;
use domain::{Kind, Told};

use crate::{
    connect::{
        Args, Kit, Report, args::Create, failure::of_jim2, jim2_side::Jim2Side, pairing::TICKET,
    },
    operate::filters,
};

/// What an argument chooses by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    JobType,
    Item,
    Customer,
}

impl By {
    const ALL: [Self; 3] = [Self::JobType, Self::Item, Self::Customer];

    const fn word(self) -> &'static str {
        match self {
            Self::JobType => "job-type",
            Self::Item => "item",
            Self::Customer => "customer",
        }
    }

    const fn filter(self) -> &'static str {
        match self {
            Self::JobType => "job_types",
            Self::Item => "job_items",
            Self::Customer => "job_customers",
        }
    }
}

/// One `--tickets-from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TicketsFrom {
    by: By,
    values: Vec<String>,
}

impl fmt::Display for TicketsFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.by.word(), self.values.join(","))
    }
}

impl FromStr for TicketsFrom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write job-type=…, item=… or customer=…, several with commas".to_owned();
        let (word, values) = text.split_once('=').ok_or_else(wrong)?;
        let by = By::ALL
            .into_iter()
            .find(|by| by.word() == word)
            .ok_or_else(wrong)?;
        let values = values.split(',').map(|value| value.trim().to_owned());
        let values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
        if values.is_empty() {
            return Err(wrong());
        }
        Ok(Self { by, values })
    }
}

/// Refuses to switch tickets from jobs on where nobody said which jobs: before anything is looked at or stored.
pub(crate) async fn check(args: &Args, kit: &Kit) -> anyhow::Result<()> {
    let wanted = args.create.contains(&Create::TicketFromJob);
    if !wanted || !args.tickets_from.is_empty() || !chosen(kit).await?.is_empty() {
        return Ok(());
    }
    anyhow::bail!(
        "nobody said which jobs become tickets: say it with --create ticket-from-job --tickets-from job-type=… \
         (or item=…, or customer=…)"
    )
}

/// Stores what the arguments choose. Answers which jobs become tickets, to be told behind the switches.
pub(super) async fn keep(
    args: &Args,
    kit: &Kit,
    jim2: &Jim2Side,
    report: &mut Report<'_>,
) -> anyhow::Result<String> {
    for by in By::ALL {
        let said = args.tickets_from.iter().filter(|one| one.by == by);
        let said: Vec<&String> = said.flat_map(|one| &one.values).collect();
        if said.is_empty() {
            continue;
        }
        let mut values = Vec::new();
        for value in said {
            values.push(match by {
                By::JobType | By::Item => value.clone(),
                By::Customer => customer(jim2, value).await?,
            });
        }
        let values = serde_json::to_string(&values)?;
        filters::set(&kit.db, &TICKET, by.filter(), &values, &kit.who)
            .await
            .with_context(|| format!("--tickets-from {}", by.word()))?;
        let list = match by {
            By::JobType => "JobType",
            By::Item => "Item",
            By::Customer => continue,
        };
        if jim2.list(list).is_empty() {
            report.warn(format!(
                "Jim2 did not tell its lists, so --tickets-from {} is taken as you wrote it",
                by.word()
            ))?;
        }
    }
    let chosen = chosen(kit).await?;
    let told: Vec<String> = chosen
        .iter()
        .map(|line| {
            let passes = line
                .chosen
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            format!("{} {passes}", line.name)
        })
        .collect();
    Ok(if told.is_empty() {
        String::new()
    } else {
        format!("; tickets come from jobs of {}", told.join(" and "))
    })
}

/// The filters on jobs that are set.
async fn chosen(kit: &Kit) -> anyhow::Result<Vec<filters::Line>> {
    let is_ours =
        |kind: &Kind, name: &str| *kind == TICKET && By::ALL.iter().any(|by| by.filter() == name);
    let mut lines = filters::list(&kit.db).await?;
    lines.retain(|line| is_ours(&line.kind, line.name) && line.chosen.is_some());
    Ok(lines)
}

/// The Card# of a customer who is told by it, or by the card's code.
async fn customer(jim2: &Jim2Side, told: &str) -> anyhow::Result<String> {
    let failed = |error| of_jim2(error, "look a customer up");
    let found = if let Ok(number) = told.parse() {
        jim2.client.cardfiles(&[number]).await
    } else {
        let code = told.to_uppercase();
        jim2.client.cardfiles_by_code(&[code]).await
    };
    let found = found.map_err(failed)?;
    let customers: Vec<_> = found
        .iter()
        .filter(|card| card.is_customer != Told::Is(false))
        .collect();
    let [card] = customers.as_slice() else {
        anyhow::bail!(
            "--tickets-from customer: Jim2 has no customer with the Card# or card code \"{told}\""
        );
    };
    Ok(card.card_no.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_names_what_it_chooses_by_and_some_values() {
        let read: TicketsFrom = "job-type=Incident, Problem".parse().unwrap();
        assert_eq!(read.to_string(), "job-type=Incident,Problem");
        for wrong in ["item", "item=", "item= ,", "queue=5", "=SERVER"] {
            assert!(wrong.parse::<TicketsFrom>().is_err(), "{wrong}");
        }
    }
}
