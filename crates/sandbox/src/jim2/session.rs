//! Sessions of the API and the licences they hold.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Read only; takes no licence.
    View,
    /// Everything; takes a licence.
    All,
}

impl Scope {
    /// Name in a token request.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::All => "all",
        }
    }
}

/// A session and its tokens.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) scope: Scope,
    expires: DateTime<Utc>,
}

/// Every licence is taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoLicence;

/// The open sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    open: Vec<Session>,
    licences: usize,
    life: TimeDelta,
}

impl Sessions {
    /// No session, with `licences` to give away.
    pub(crate) fn new(licences: usize, life_minutes: u32) -> Self {
        Self {
            open: Vec::new(),
            licences,
            life: TimeDelta::minutes(life_minutes.into()),
        }
    }

    /// Seconds a token lives.
    pub(crate) fn life_seconds(&self) -> i64 {
        self.life.num_seconds()
    }

    /// Licences in use.
    pub(crate) fn taken(&mut self, now: DateTime<Utc>) -> usize {
        self.forget_expired(now);
        self.open
            .iter()
            .filter(|session| session.scope == Scope::All)
            .count()
    }

    /// Opens a session, beside the licences that others have taken.
    pub(crate) fn open(
        &mut self,
        scope: Scope,
        others: usize,
        now: DateTime<Utc>,
    ) -> Result<Session, NoLicence> {
        if scope == Scope::All && self.taken(now).saturating_add(others) >= self.licences {
            return Err(NoLicence);
        }
        let session = Session {
            access: token(),
            refresh: token(),
            scope,
            expires: now + self.life,
        };
        self.open.push(session.clone());
        Ok(session)
    }

    /// Gives a living session a new access token and a new life.
    pub(crate) fn refresh(&mut self, refresh: &str, now: DateTime<Utc>) -> Option<Session> {
        self.forget_expired(now);
        let expires = now + self.life;
        let session = self.open.iter_mut().find(|one| one.refresh == refresh)?;
        session.access = token();
        session.expires = expires;
        Some(session.clone())
    }

    /// What the bearer of an access token may do.
    pub(crate) fn scope(&mut self, access: &str, now: DateTime<Utc>) -> Option<Scope> {
        self.forget_expired(now);
        let session = self.open.iter().find(|one| one.access == access)?;
        Some(session.scope)
    }

    /// Ends a session and frees its licence.
    pub(crate) fn close(&mut self, access: &str) {
        self.open.retain(|session| session.access != access);
    }

    /// Ends the sessions of a scope.
    pub(crate) fn close_of(&mut self, scope: Scope) {
        self.open.retain(|session| session.scope != scope);
    }

    /// Ends every session.
    pub(crate) fn close_all(&mut self) {
        self.open.clear();
    }

    fn forget_expired(&mut self, now: DateTime<Utc>) {
        self.open.retain(|session| session.expires > now);
    }
}

fn token() -> String {
    Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[test]
    fn a_licence_is_free_again_after_twenty_minutes() {
        let mut sessions = Sessions::new(1, 20);
        assert!(sessions.open(Scope::All, 0, START).is_ok());
        let nearly = START + TimeDelta::minutes(19);
        assert_eq!(sessions.open(Scope::All, 0, nearly).err(), Some(NoLicence));
        let later = START + TimeDelta::minutes(20);
        assert!(sessions.open(Scope::All, 0, later).is_ok());
    }

    #[test]
    fn viewers_take_no_licence() {
        let mut sessions = Sessions::new(0, 20);
        assert!(sessions.open(Scope::View, 0, START).is_ok());
        assert_eq!(sessions.taken(START), 0);
    }

    #[test]
    fn refreshing_extends_and_replaces_the_access_token() {
        let mut sessions = Sessions::new(1, 20);
        let first = sessions.open(Scope::All, 0, START).unwrap();
        let later = START + TimeDelta::minutes(19);
        let second = sessions.refresh(&first.refresh, later).unwrap();
        let end = START + TimeDelta::minutes(30);
        assert_eq!(sessions.scope(&first.access, end), None);
        assert_eq!(sessions.scope(&second.access, end), Some(Scope::All));
    }
}
