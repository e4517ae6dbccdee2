//! Looking for the contract or project that a record stands for, among those of its customer that are in use.

use std::collections::BTreeSet;

use autotask::{Contract, Filter, Query};
use domain::{Failure, Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use jim2::Project;
use sync::{Facts, Fields, Half, Match};

use super::{ContractHands, Malformed, number};
use crate::{
    COMPANY, KIND,
    alike::{Said, Verdict, judge, same},
    halves::{self, INACTIVE},
    rules::cards,
};

/// What is read of contracts to compare them.
const COMPARED: [&str; 3] = ["contractName", "contractNumber", "status"];

impl ContractHands {
    /// The project that a contract is. Its company must be paired: without a card there is nowhere to look.
    pub(super) async fn project_of(
        &self,
        contract: &Half,
        facts: &Facts,
    ) -> Result<Match, Failure> {
        let key = Key::new(KIND, System::Autotask, contract.id.clone());
        let (Some(own), cards) = (contract.id.number(), cards(contract, facts)) else {
            return Ok(Match::None);
        };
        let companies = ["company", "payer"].map(|fact| contract.fact(fact)?.as_number());
        let companies: Vec<i64> = companies.into_iter().flatten().collect();
        let there = self.projects_in_use(&cards).await;
        let there = there.map_err(|error| error.into_failure(&key))?;
        if there.is_empty() {
            return Ok(Match::None);
        }
        let here = self.contracts_in_use(companies).await;
        let here = here.map_err(|error| error.into_failure(&key))?;
        let there_said: Vec<Said> = there.iter().map(halves::said_project).collect();
        Ok(match judge(own, &here, &there_said) {
            Verdict::Nothing => Match::None,
            Verdict::One(project) => Match::One(project.into()),
            Verdict::Several(found) => {
                let named = there.iter().filter(|one| found.contains(&one.project_no));
                let named: Vec<String> = named.map(|one| halves::project(one).label).collect();
                Match::Doubtful(Box::new(doubtful(System::Autotask, contract, &named)))
            }
        })
    }

    /// The contract that a project is.
    pub(super) async fn contract_of(
        &self,
        project: &Half,
        facts: &Facts,
    ) -> Result<Match, Failure> {
        let key = Key::new(KIND, System::Jim2, project.id.clone());
        let card = project.fact("customer").and_then(Value::as_number);
        let (Some(own), Some(card)) = (project.id.number(), card) else {
            return Ok(Match::None);
        };
        let company = facts.other_half(&Key::new(COMPANY, System::Jim2, card));
        let Some(company) = company.and_then(RecordId::number) else {
            return Ok(Match::None);
        };
        let there = self.contracts_in_use(vec![company]).await;
        let there = there.map_err(|error| error.into_failure(&key))?;
        if there.is_empty() {
            return Ok(Match::None);
        }
        let here = self.projects_in_use(&[card]).await;
        let here = here.map_err(|error| error.into_failure(&key))?;
        let here: Vec<Said> = here.iter().map(halves::said_project).collect();
        Ok(match judge(own, &here, &there) {
            Verdict::Nothing => Match::None,
            Verdict::One(contract) => Match::One(contract.into()),
            Verdict::Several(found) => {
                let named = there.iter().filter(|one| found.contains(&one.id));
                let named = named.map(|one| format!("contract {} {}", one.id, one.name));
                let named: Vec<String> = named.collect();
                Match::Doubtful(Box::new(doubtful(System::Jim2, project, &named)))
            }
        })
    }

    /// Projects of the customer that say what one to be made is to say.
    pub(super) async fn projects_like(
        &self,
        from: &RecordId,
        fields: &Fields,
    ) -> Result<Vec<RecordId>, Failure> {
        let key = Key::new(KIND, System::Autotask, from.clone());
        let customer = number(fields, "customer")
            .ok_or_else(|| Failure::retry(Malformed("a project without a customer")))?;
        let found = self.projects_in_use(&[customer]).await;
        let found = found.map_err(|error| error.into_failure(&key))?;
        let word = |name: &str| {
            fields
                .get(name)
                .and_then(Value::as_text)
                .unwrap_or_default()
        };
        let is_it = |project: &&Project| {
            let said = halves::said_project(project);
            let code = word("code");
            if code.is_empty() {
                same(&said.name, word("name"))
            } else {
                same(&said.number, code)
            }
        };
        let alike = found.iter().filter(is_it);
        Ok(alike.map(|project| project.project_no.into()).collect())
    }

    async fn projects_in_use(&self, cards: &[i64]) -> Result<Vec<Project>, jim2::Error> {
        let mut projects = Vec::new();
        for card in cards {
            projects.extend(self.jim2.projects_of(*card).await?);
        }
        projects.retain(halves::is_in_use);
        Ok(projects)
    }

    /// The contracts that are of these companies, or that they pay for.
    async fn contracts_in_use(&self, companies: Vec<i64>) -> Result<Vec<Said>, autotask::Error> {
        let companies: BTreeSet<i64> = companies.into_iter().collect();
        let companies: Vec<i64> = companies.into_iter().collect();
        let theirs = Filter::any([
            Filter::is_in("companyID", companies.clone()),
            Filter::is_in("billToCompanyID", companies),
        ]);
        let query = Query::of(Filter::all([theirs, Filter::not_eq("status", INACTIVE)]));
        let found: Vec<Contract> = self.autotask.query_all(&query.only(&COMPARED)).await?;
        let found = found.iter().filter(|one| halves::is_current(one));
        Ok(found.map(halves::said_contract).collect())
    }
}

/// Several fit: a person links the one that it is.
fn doubtful(on: System, half: &Half, named: &[String]) -> Problem {
    let link = match on {
        System::Autotask => format!("{} <Project#>", half.id),
        System::Jim2 => format!("<contract id> {}", half.id),
    };
    Problem {
        code: "counterpart-doubtful".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: on,
            id: half.id.clone(),
        },
        field: None,
        says: format!(
            "{} may be any of these in {}, or others of its customer fit them as well: {}",
            half.label,
            on.other(),
            named.join("; ")
        ),
        remedy: Remedy {
            who: Fixer::Finance,
            step: format!(
                "crossbill pairs link {KIND} {link}; or give them numbers of their own, the same on both sides"
            ),
            continues: true,
        },
    }
}
