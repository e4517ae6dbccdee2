//! Whom a job refers to: cards by number or code, users by initials.

use crate::jim2::input::Input;
use crate::jim2::record::Job;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

impl World {
    /// The number of a project, given as a number or as `{projectNo}`; null is none.
    pub(super) fn contract_number(&self, input: &Input) -> Result<Option<i64>, Refusal> {
        let no = number_in(input, "projectNo")?;
        match no {
            Some(no) if !self.projects.contains_key(&no) => {
                Err(input.refuse("unknown-project", &format!("There is no project {no}")))
            }
            no => Ok(no),
        }
    }

    /// The number of an asset, given as a number or as `{assetNo}`; null is none.
    pub(super) fn asset_number(&self, input: &Input) -> Result<Option<i64>, Refusal> {
        let no = number_in(input, "assetNo")?;
        match no {
            Some(no) if !self.assets.contains_key(&no) => {
                Err(input.refuse("unknown-asset", &format!("There is no asset {no}")))
            }
            no => Ok(no),
        }
    }

    /// The number of an active card, given as a number or as `{cardNo, cardCode}` that agree.
    pub(in crate::jim2) fn card_number(&self, input: &Input) -> Result<i64, Refusal> {
        let no = if input.value.is_object() {
            self.card_reference(input)?
        } else {
            input.whole()?.ok_or_else(|| input.wrong("a card number"))?
        };
        match self.cards.get(&no) {
            Some(card) if card.active => Ok(no),
            Some(card) => Err(input.refuse(
                "card-inactive",
                &format!("CardFile {no} ({}) is not active", card.name),
            )),
            None => Err(input.refuse("unknown-card", &format!("There is no cardfile {no}"))),
        }
    }

    fn card_reference(&self, input: &Input) -> Result<i64, Refusal> {
        let (mut no, mut code) = (None, None);
        for member in input.members()? {
            match member.name.as_str() {
                "cardNo" => no = member.whole()?,
                "cardCode" => code = Some(member.text(10)?).filter(|code| !code.is_empty()),
                _ => return Err(member.unknown()),
            }
        }
        let by_code = match &code {
            Some(code) => Some(self.card_by_code(code).ok_or_else(|| {
                input.refuse(
                    "unknown-card",
                    &format!("There is no cardfile with the code {code}"),
                )
            })?),
            None => None,
        };
        match (no, by_code) {
            (Some(no), Some(card)) if card.no != no => Err(input.refuse(
                "card-mismatch",
                &format!(
                    "Card code {} belongs to cardfile {}, not {no}",
                    card.code, card.no
                ),
            )),
            (Some(no), _) => Ok(no),
            (None, Some(card)) => Ok(card.no),
            (None, None) => Err(input.refuse(
                "card-required",
                &format!("{} needs cardNo or cardCode", input.name),
            )),
        }
    }

    /// The initials of an active user whom the job's Item allows; empty for nobody.
    pub(super) fn allowed_name(&self, job: &Job, input: &Input) -> Result<String, Refusal> {
        let initials = input.text(3)?;
        if initials.is_empty() {
            return Ok(initials);
        }
        let Some(initials) = self.user_initials(&initials) else {
            return Err(input.refuse(
                "unknown-user",
                &format!("There is no active user with the initials {initials}"),
            ));
        };
        let mut listed = self.options.item_users.iter();
        let allowed = listed.find(|(item, _)| item.eq_ignore_ascii_case(&job.item));
        let is_it = |user: &String| user.eq_ignore_ascii_case(&initials);
        if allowed.is_some_and(|(_, users)| !users.iter().any(is_it)) {
            return Err(input.refuse(
                "name-not-allowed",
                &format!("{initials} is not ticked on Item {}", job.item),
            ));
        }
        Ok(initials)
    }

    /// The initials of an account manager, given as a card reference or as initials.
    pub(super) fn manager(&self, input: &Input) -> Result<String, Refusal> {
        let initials = if input.value.is_object() {
            let no = self.card_number(input)?;
            let user = self.cards.get(&no).and_then(|card| card.user.as_ref());
            user.map(|user| user.initials.clone())
        } else {
            self.user_initials(&input.text(3)?)
        };
        initials.ok_or_else(|| {
            input.refuse(
                "unknown-user",
                &format!("{} is not an active user", input.value),
            )
        })
    }
}

/// A number, or the one member of an object.
fn number_in(input: &Input, member: &str) -> Result<Option<i64>, Refusal> {
    if !input.value.is_object() {
        return input.whole();
    }
    match input.members()?.as_slice() {
        [only] if only.name == member => only.whole(),
        _ => Err(input.wrong(&format!("an object with the member {member}"))),
    }
}
