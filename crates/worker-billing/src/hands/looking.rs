//! What is looked at in Jim2 before a line is written, and how a line whose answer was lost is found.

use std::collections::BTreeSet;

use domain::{Failure, Key, RecordId, System, Value};
use sync::Act;

use super::{BillingHands, against::no_such_number, jim2, meant::Meant, seen::Seen};
use crate::KIND;

impl BillingHands {
    /// Looks at job and stock, and holds the line for all that speaks against it.
    pub(super) async fn look_around(&self, act: Act) -> Result<Act, Failure> {
        let Some(meant) = Meant::of(&act)? else {
            return Ok(act);
        };
        meant.is_whole()?;
        let seen = self.see(&[meant]).await.map_err(jim2(meant.key()))?;
        seen.lets(&meant, &self.settings.api_initials)?;
        let job = meant.job;
        Ok(seen.on_job(job, act))
    }

    /// Fills in the code of stock that is known by its number: codes can be renamed, and lines are written with them.
    pub(super) async fn name_stock(&self, act: &mut Act) -> Result<(), Failure> {
        let Act::Create { from, fields, .. } = act else {
            return Ok(());
        };
        let number = fields.get("stock_no").and_then(Value::as_number);
        let Some(number) = number.filter(|_| !fields.contains_key("stock_code")) else {
            return Ok(());
        };
        let key = Key::new(KIND, System::Autotask, from.clone());
        let found = self.jim2.stock_records(&[number]).await;
        let found = found.map_err(jim2(key.clone()))?;
        match found.first().and_then(|stock| stock.code.get()) {
            Some(code) => drop(fields.insert("stock_code".to_owned(), code.as_str().into())),
            None => {
                return Err(Failure::Hold {
                    problems: vec![no_such_number(&key, number)],
                });
            }
        }
        Ok(())
    }

    /// Of lines that are to be made, those that surely can be and are not there yet: a call for their jobs, one for what is on
    /// them, and one for the stock.
    pub(super) async fn new_lines(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        let mut all = Vec::new();
        for act in creations {
            all.extend(Meant::of(act)?.map(|meant| (act, meant)));
        }
        let Some((_, first)) = all.first() else {
            return Ok(Vec::new());
        };
        let meant: Vec<Meant<'_>> = all.iter().map(|(_, meant)| *meant).collect();
        let seen = self.see(&meant).await.map_err(jim2(first.key()))?;
        Ok(seen.surely_new(&all, &self.settings.api_initials))
    }

    /// The lines of the meant job that carry the mark of the source.
    pub(super) async fn lines_of(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Some(meant) = Meant::of(act)? else {
            return Ok(Vec::new());
        };
        let lines = self.jim2.job_stock(&[meant.job]).await;
        let seen = Seen {
            lines: lines.map_err(jim2(meant.key()))?,
            ..Seen::default()
        };
        Ok(seen.made(&meant))
    }

    async fn see(&self, meant: &[Meant<'_>]) -> Result<Seen, ::jim2::Error> {
        let jobs: BTreeSet<i64> = meant.iter().map(|meant| meant.job).collect();
        let jobs: Vec<i64> = jobs.into_iter().collect();
        let codes: BTreeSet<&str> = meant.iter().map(|meant| meant.stock_code).collect();
        let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
        Ok(Seen {
            jobs: self.jim2.jobs(&jobs).await?,
            lines: self.jim2.job_stock(&jobs).await?,
            stock: self.jim2.stock(&codes).await?,
            zone: self.jim2.settings().time_zone,
        })
    }
}
