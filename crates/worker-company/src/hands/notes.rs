//! Reading notes of both sides, and writing those of companies.

use autotask::{Company, CompanyNote, Draft, Filter, Query};
use chrono::{DateTime, Utc};
use domain::{Failure, Key, RecordId, System, Value};
use sync::{Fields, Half, Malformed};

use super::{
    CompanyHands, autotask, held, number,
    problem::{no_action_type, nobody_for_a_note},
};
use crate::{KIND, notes};

/// How every copy's mark begins, as [`sync::Mark`] writes it.
const MARK: &str = "[jim2:";

/// The field that says for whom a note is.
const ASSIGNED: &str = "assignedResourceID";

impl CompanyHands {
    /// Tells companies their copies: a query for a batch, and none where the site leaves notes alone. Who may not read
    /// them is told of none.
    pub(super) async fn tell_companies(&self, halves: &mut [Half]) -> Result<(), autotask::Error> {
        if !self.settings.notes || halves.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = halves.iter().filter_map(|half| half.id.number()).collect();
        let ours = |of: Filter| Query::of(Filter::all([of, Filter::contains("note", MARK)]));
        let copies: Vec<CompanyNote> = match self.autotask.in_batches("companyID", &ids, ours).await
        {
            Err(autotask::Error::Forbidden { .. }) => return Ok(()),
            found => found?,
        };
        for half in halves {
            notes::tell_company(half, &copies);
        }
        Ok(())
    }

    /// Tells cards their notes: a query for a batch. A Jim2 that does not tell them is left at that.
    pub(super) async fn tell_cards(&self, halves: &mut [Half]) -> Result<(), jim2::Error> {
        if !self.settings.notes || halves.is_empty() {
            return Ok(());
        }
        let cards: Vec<i64> = halves.iter().filter_map(|half| half.id.number()).collect();
        let Some(found) = self.jim2.card_notes(&cards).await? else {
            return Ok(());
        };
        for half in halves {
            notes::tell_card(half, &found);
        }
        Ok(())
    }

    /// Makes a note, for its author, else for the company's owner, else for the site's default owner: Autotask takes
    /// none for nobody, for a leaver, or for an API user (`autotask.md` §1.2, §3.2).
    pub(super) async fn make_note(
        &self,
        company: &RecordId,
        text: &str,
        extra: &Fields,
    ) -> Result<RecordId, Failure> {
        let key = Key::new(KIND, System::Autotask, company.clone());
        let id = number(company, &key)?;
        let Some(action_type) = self.settings.action_type else {
            return Err(held(no_action_type()));
        };
        let at = extra.get(notes::AT).and_then(Value::as_text);
        let at: Option<DateTime<Utc>> = at.and_then(|at| at.parse().ok());
        let at = at.ok_or_else(|| Failure::retry(Malformed("a note without its time")))?;
        let title = extra.get(notes::TITLE).and_then(Value::as_text);
        let draft = |resource: i64| {
            Draft::new()
                .set("name", title.unwrap_or("Jim2 note"))
                .set("note", text)
                .set("actionType", action_type)
                .set(ASSIGNED, resource)
                .set_time("startDateTime", at)
                .set_time("endDateTime", at)
        };
        let author = extra.get(notes::RESOURCE).and_then(Value::as_number);
        let mut refused = None;
        for candidate in [Whom::Author, Whom::Owner, Whom::Default] {
            let resource = match candidate {
                Whom::Author => author,
                Whom::Owner => self.owner(id).await.map_err(autotask(key.clone()))?,
                Whom::Default => self.settings.default_owner,
            };
            let Some(resource) = resource else { continue };
            match self
                .autotask
                .create::<CompanyNote>(id, &draft(resource))
                .await
            {
                Err(error) if is_about_whom(&error) => refused = Some(error),
                made => return made.map(RecordId::from).map_err(autotask(key)),
            }
        }
        Err(match refused {
            Some(error) => error.into_failure(&key),
            None => held(nobody_for_a_note(&key)),
        })
    }

    async fn owner(&self, company: i64) -> Result<Option<i64>, autotask::Error> {
        let query = Query::of(Filter::eq("id", company)).only(&["ownerResourceID"]);
        let found: Vec<Company> = self.autotask.query_all(&query).await?;
        let owner = found.first().and_then(|it| it.owner_resource_id.get());
        Ok(owner.copied())
    }

    pub(super) async fn write_note(
        &self,
        company: &RecordId,
        id: &RecordId,
        text: &str,
    ) -> Result<(), Failure> {
        let key = Key::new(KIND, System::Autotask, company.clone());
        let (company, note) = (number(company, &key)?, number(id, &key)?);
        let draft = Draft::new().set("note", text);
        let written = self.autotask.update::<CompanyNote>(company, note, &draft);
        written.await.map_err(autotask(key))
    }
}

/// For whom a note may be.
enum Whom {
    Author,
    Owner,
    Default,
}

/// Whether nothing but the resource is refused, so that another may do.
fn is_about_whom(error: &autotask::Error) -> bool {
    matches!(error, autotask::Error::Invalid { messages, .. }
        if !messages.is_empty() && messages.iter().all(|one| one.contains(ASSIGNED)))
}
