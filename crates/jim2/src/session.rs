//! Where the one writing session is kept, so that processes can share its licence.

use std::{fmt, future::Future, pin::Pin, sync::Mutex};

use domain::Source;

use crate::{Grant, Known};

/// What the methods of a [`Session`] return.
pub type Kept<'a, T> = Pin<Box<dyn Future<Output = Result<T, Source>> + Send + 'a>>;

/// Keeps the grant of the writing session. An implementer that stores it must seal the tokens.
pub trait Session: Send + Sync + fmt::Debug {
    /// What is known of the database, and whether it may be written to. Asked before every write.
    fn known(&self) -> Kept<'_, Known>;

    /// The grant now kept.
    fn load(&self) -> Kept<'_, Option<Grant>>;

    /// Keeps `grant` in place of `replaced` (`None`: of nothing), and answers the grant now kept:
    /// another one where somebody was faster.
    fn save<'a>(&'a self, grant: &'a Grant, replaced: Option<&'a Grant>) -> Kept<'a, Grant>;

    /// Forgets `grant`, if it is still the one kept.
    fn clear<'a>(&'a self, grant: &'a Grant) -> Kept<'a, ()>;
}

/// Keeps the writing session in this process.
#[derive(Debug, Default)]
pub struct LocalSession {
    kept: Mutex<Option<Grant>>,
    known: Mutex<Known>,
}

impl LocalSession {
    /// Takes this for known from now on.
    pub fn know(&self, known: Known) {
        *self
            .known
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = known;
    }

    fn with<T>(&self, change: impl FnOnce(&mut Option<Grant>) -> T) -> T {
        change(
            &mut self
                .kept
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }
}

impl Session for LocalSession {
    fn known(&self) -> Kept<'_, Known> {
        let known = self.known.lock();
        let known = known
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        Box::pin(async { Ok(known) })
    }

    fn load(&self) -> Kept<'_, Option<Grant>> {
        let kept = self.with(|kept| kept.clone());
        Box::pin(async { Ok(kept) })
    }

    fn save<'a>(&'a self, grant: &'a Grant, replaced: Option<&'a Grant>) -> Kept<'a, Grant> {
        let now_kept = self.with(|kept| match kept {
            Some(other) if !replaced.is_some_and(|replaced| replaced.is(other)) => other.clone(),
            Some(_) | None => kept.insert(grant.clone()).clone(),
        });
        Box::pin(async { Ok(now_kept) })
    }

    fn clear<'a>(&'a self, grant: &'a Grant) -> Kept<'a, ()> {
        self.with(|kept| {
            if kept.as_ref().is_some_and(|kept| kept.is(grant)) {
                *kept = None;
            }
        });
        Box::pin(async { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn grant(token: &str) -> Grant {
        Grant {
            access_token: token.to_owned().into(),
            refresh_token: None,
            expires_at: DateTime::<Utc>::UNIX_EPOCH,
            used_at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn of_two_grants_opened_at_once_the_first_is_kept() {
        let session = LocalSession::default();
        let (first, second) = (grant("first"), grant("second"));
        assert!(session.save(&first, None).await.unwrap().is(&first));
        assert!(session.save(&second, None).await.unwrap().is(&first));
        assert!(
            session
                .save(&second, Some(&first))
                .await
                .unwrap()
                .is(&second)
        );
    }

    #[tokio::test]
    async fn only_the_grant_that_is_kept_can_be_forgotten() {
        let session = LocalSession::default();
        let (first, second) = (grant("first"), grant("second"));
        session.save(&first, None).await.unwrap();
        session.clear(&second).await.unwrap();
        assert!(session.load().await.unwrap().is_some());
        session.clear(&first).await.unwrap();
        assert!(session.load().await.unwrap().is_none());
    }
}
