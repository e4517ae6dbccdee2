//! One step: find, do, look until it is seen.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::sleep;

use super::crossbill::{self, Crossbill};
use super::meter::Meter;
use super::name::{Names, flat};
use super::script::{At, Deed, Pick, Records, Sight, Step};
use super::{Error, Settings, StepReport, pattern};
use crate::plain::plain;
use crate::screen::Screen;

/// How often to look.
const PACE: Duration = Duration::from_millis(50);

/// The entities whose records are numbered, so that new ones can be told by their ids.
const NUMBERED: [(At, &str); 6] = [
    (At::Autotask, "Companies"),
    (At::Autotask, "Contacts"),
    (At::Autotask, "Tickets"),
    (At::Autotask, "TicketNotes"),
    (At::Jim2, "CardFile"),
    (At::Jim2, "Job"),
];

/// Where the day is played.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) autotask: Screen,
    pub(super) jim2: Screen,
    pub(super) crossbill: Crossbill,
    pub(super) meter: Meter,
    pub(super) names: Names,
    /// How long nothing may move before it is quiet.
    pub(super) still: Duration,
    /// The highest ids of the morning.
    marks: BTreeMap<&'static str, i64>,
}

impl Stage {
    pub(super) async fn set(settings: &Settings) -> Result<Self, Error> {
        let mut stage = Self {
            autotask: Screen::at(&settings.autotask),
            jim2: Screen::at(&settings.jim2),
            crossbill: Crossbill::at(&settings.crossbill),
            meter: Meter::at(&settings.metrics),
            names: Names::default(),
            still: settings.still,
            marks: BTreeMap::new(),
        };
        for (at, entity) in NUMBERED {
            let last = stage.screen(at).records(entity, None).await?;
            let last = last.iter().filter_map(|record| record["id"].as_i64()).max();
            stage.marks.insert(entity, last.unwrap_or_default());
        }
        Ok(stage)
    }

    pub(super) const fn screen(&self, at: At) -> &Screen {
        match at {
            At::Autotask => &self.autotask,
            At::Jim2 => &self.jim2,
        }
    }

    /// Plays one step; what was not seen in time is in the report, with what was missing.
    pub(super) async fn play(
        &mut self,
        number: usize,
        step: &Step,
        settings: &Settings,
    ) -> Result<StepReport, Error> {
        for pick in &step.finds {
            self.find(pick).await?;
        }
        for deed in &step.does {
            self.act(deed).await?;
        }
        let began = Instant::now();
        if let Some(line) = &settings.amid_steps {
            crossbill::shell(line, number, &step.name).await?;
        }
        let deadline = Instant::now() + settings.patience;
        let missing = loop {
            let missing = self.look(&step.sees).await?;
            if missing.is_none() || Instant::now() >= deadline {
                break missing;
            }
            sleep(PACE).await;
        };
        let said = match missing {
            None => self.names.say(&step.seen)?,
            Some(_) => String::new(),
        };
        Ok(StepReport {
            number,
            name: self.names.say(&step.name)?,
            seconds: began.elapsed().as_secs_f64(),
            seen: said,
            missing,
        })
    }

    async fn find(&mut self, pick: &Pick) -> Result<(), Error> {
        let wanted = self.wanted(&pick.wanted)?;
        let records = self.screen(pick.at).records(&pick.entity, None).await?;
        let mut fitting = records.into_iter().map(flat);
        let found = fitting.find(|record| pattern::misfit(record, &wanted).is_none());
        let found = found.ok_or_else(|| Error::NothingFits {
            entity: pick.entity.clone(),
            wanted: pattern::description(&wanted),
        })?;
        self.names.bind(&pick.name, found);
        Ok(())
    }

    async fn act(&mut self, deed: &Deed) -> Result<(), Error> {
        match deed {
            Deed::Create {
                at,
                entity,
                by,
                set,
                name,
            } => {
                let body = json!({"entity": entity, "by": self.names.fill(by)?, "set": self.names.fill(set)?});
                let id = self.screen(*at).create(&body).await?;
                let record = self.screen(*at).record(entity, &plain(&id)).await?;
                self.names
                    .bind(name, flat(record.unwrap_or_else(|| json!({"id": id}))));
            }
            Deed::Edit {
                at,
                entity,
                id,
                by,
                set,
            } => {
                let (id, by) = (self.names.fill(id)?, self.names.fill(by)?);
                let body =
                    json!({"entity": entity, "id": id, "by": by, "set": self.names.fill(set)?});
                self.screen(*at).edit(&body).await?;
            }
            Deed::Act { at, deed, with } => {
                let with = self.names.fill(with)?;
                self.screen(*at).act(deed, &with).await?;
            }
            Deed::Fault { at, name, count } => self.screen(*at).fault(name, *count).await?,
            Deed::Crossbill { arguments } => {
                let arguments: Result<Vec<String>, Error> =
                    arguments.iter().map(|one| self.names.say(one)).collect();
                let arguments = arguments?;
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                self.crossbill.run(&arguments).await?;
            }
        }
        Ok(())
    }

    /// The first thing that is not to be seen yet.
    async fn look(&mut self, sights: &[Sight]) -> Result<Option<String>, Error> {
        for sight in sights {
            let missing = match sight {
                Sight::Records(records) => self.look_at(records).await?,
                Sight::Held(held) => {
                    let wanted = self.names.say(&held.held)?;
                    let is_held = self.crossbill.held().await?.contains(&wanted);
                    (!is_held).then(|| format!("nothing held names {wanted}"))
                }
            };
            if missing.is_some() {
                return Ok(missing);
            }
        }
        Ok(None)
    }

    async fn look_at(&mut self, sight: &Records) -> Result<Option<String>, Error> {
        let wanted = self.wanted(&sight.wanted)?;
        let screen = self.screen(sight.at);
        let records = if let Some(id) = &sight.id {
            let id = plain(&self.names.fill(id)?);
            let found = screen.record(&sight.entity, &id).await?;
            found.into_iter().collect()
        } else {
            let after = self.marks.get(sight.entity.as_str()).copied();
            screen.records(&sight.entity, after).await?
        };
        let records: Vec<Value> = records.into_iter().map(flat).collect();
        let mut fitting: Vec<&Value> = records.iter().collect();
        fitting.retain(|record| pattern::misfit(record, &wanted).is_none());
        if fitting.len() == sight.count {
            if let (Some(name), Some(found)) = (&sight.name, fitting.first()) {
                self.names.bind(name, (*found).clone());
            }
            return Ok(None);
        }
        if let ([record], Some(_)) = (records.as_slice(), &sight.id) {
            let misfit = pattern::misfit(record, &wanted).unwrap_or_default();
            return Ok(Some(format!(
                "{} {}: {misfit}",
                sight.entity,
                plain(&record["id"])
            )));
        }
        Ok(Some(format!(
            "{} {} with {}, where {} belong",
            fitting.len(),
            sight.entity,
            pattern::description(&wanted),
            sight.count
        )))
    }

    fn wanted(&self, wanted: &BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, Error> {
        let filled = wanted
            .iter()
            .map(|(path, value)| Ok((path.clone(), self.names.fill(value)?)));
        filled.collect()
    }
}
