//! Tokens: one for reading in each process, one for writing among all of them.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use rest::Broken;
use secrecy::ExposeSecret as _;

use super::Client;
use crate::{Error, Grant, Known, Seen, grant::TokenAnswer, refusal};

/// How exactly the last use of the writing session is known.
const USE_IS_NOTED_EVERY: TimeDelta = TimeDelta::seconds(30);

/// What a token may do.
#[derive(Debug, Clone, Copy)]
enum Scope {
    /// Read; takes no licence.
    View,
    /// Everything; takes a licence.
    All,
}

impl Scope {
    const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::All => "all",
        }
    }
}

impl Client {
    /// Gives the licence back. Whoever writes next opens a new session.
    pub async fn close_writing_session(&self) -> Result<(), Error> {
        let _opening = self.inner.opening.lock().await;
        if let Some(grant) = self.load().await? {
            self.close(&grant).await?;
        }
        Ok(())
    }

    /// Gives the licence back if no process has written for [`crate::Settings::idle`].
    /// To be called every minute or so; answers whether a session was closed.
    pub async fn close_idle_writing_session(&self) -> Result<bool, Error> {
        let _opening = self.inner.opening.lock().await;
        let Some(grant) = self.load().await? else {
            return Ok(false);
        };
        let unused = self.inner.clock.now() - grant.used_at;
        if unused.to_std().unwrap_or_default() < self.inner.settings.idle {
            return Ok(false);
        }
        self.close(&grant).await?;
        Ok(true)
    }

    /// The token for reading, renewed before it ends.
    pub(super) async fn view_grant(&self) -> Result<Grant, Error> {
        let mut view = self.inner.view.lock().await;
        match &*view {
            Some(grant) if grant.holds(self.inner.clock.now()) => Ok(grant.clone()),
            Some(_) | None => Ok(view.insert(self.begin_reading().await?).clone()),
        }
    }

    /// A token for reading other than `refused`.
    pub(super) async fn renew_view_grant(&self, refused: &Grant) -> Result<Grant, Error> {
        let mut view = self.inner.view.lock().await;
        match &*view {
            Some(grant) if !grant.is(refused) => Ok(grant.clone()),
            Some(_) | None => {
                *view = None;
                Ok(view.insert(self.begin_reading().await?).clone())
            }
        }
    }

    /// A new token for reading, on the right database only: a backup that takes its place ends every session, and what
    /// is read then must not be taken for what people have done.
    async fn begin_reading(&self) -> Result<Grant, Error> {
        let grant = self.sign_in(Scope::View).await?;
        if self.settings().named_queries && self.settings().checks_database {
            let known = self.known().await?;
            if !known.is_nothing() {
                let look = self.changes_with(&grant, known.mark.unwrap_or_default(), 1);
                is_known(&known, &Seen::in_changes(&look.await?))?;
            }
        }
        Ok(grant)
    }

    /// The token of the writing session, which is opened or extended if need be.
    pub(super) async fn writing_grant(&self) -> Result<Grant, Error> {
        self.may_write().await?;
        let _opening = self.inner.opening.lock().await;
        let now = self.inner.clock.now();
        match self.load().await? {
            Some(grant) if grant.holds(now) => self.note_use(grant).await,
            Some(ending) => {
                let grant = self.extend(&ending).await?;
                self.keep(grant, Some(&ending)).await
            }
            None => {
                let grant = self.open().await?;
                self.keep(grant, None).await
            }
        }
    }

    /// A token for writing other than `refused`.
    pub(super) async fn renew_writing_grant(&self, refused: &Grant) -> Result<Grant, Error> {
        let _opening = self.inner.opening.lock().await;
        let kept = self.load().await?;
        if let Some(grant) = &kept
            && !grant.is(refused)
        {
            return Ok(grant.clone());
        }
        let grant = self.open().await?;
        self.keep(grant, kept.as_ref()).await
    }

    /// Refuses a write where somebody, in whatever process, has seen that this is not the database we know.
    async fn may_write(&self) -> Result<(), Error> {
        if !self.settings().checks_database {
            return Ok(());
        }
        match self.known().await?.departed {
            Some(reason) => Err(Error::OtherDatabase(reason)),
            None => Ok(()),
        }
    }

    async fn known(&self) -> Result<Known, Error> {
        self.inner.session.known().await.map_err(Error::Session)
    }

    async fn load(&self) -> Result<Option<Grant>, Error> {
        self.inner.session.load().await.map_err(Error::Session)
    }

    async fn note_use(&self, grant: Grant) -> Result<Grant, Error> {
        let now = self.inner.clock.now();
        if now - grant.used_at < USE_IS_NOTED_EVERY {
            return Ok(grant);
        }
        let used = Grant {
            used_at: now,
            ..grant.clone()
        };
        self.inner
            .session
            .save(&used, Some(&grant))
            .await
            .map_err(Error::Session)
    }

    /// Keeps a session just opened. Where another process was faster its session is used, and
    /// ours gives its licence back.
    async fn keep(&self, opened: Grant, replaced: Option<&Grant>) -> Result<Grant, Error> {
        let kept = self
            .inner
            .session
            .save(&opened, replaced)
            .await
            .map_err(Error::Session)?;
        if !kept.is(&opened) {
            self.log_off(&opened).await;
        }
        Ok(kept)
    }

    /// A session in place of one that is about to end, without holding two licences. The documents show no way to
    /// extend one; where a build gives no refresh token or refuses it, the session ends and another is opened.
    async fn extend(&self, ending: &Grant) -> Result<Grant, Error> {
        self.check_database().await?;
        if ending.expires_at > self.inner.clock.now() {
            if let Some(token) = &ending.refresh_token
                && let Ok(grant) = self
                    .token(&[
                        ("grant_type", "refresh_token"),
                        ("refresh_token", token.expose_secret()),
                    ])
                    .await
            {
                return Ok(grant);
            }
            self.log_off(ending).await;
        }
        self.sign_in(Scope::All).await
    }

    /// Opens a writing session, on the right database only.
    async fn open(&self) -> Result<Grant, Error> {
        self.check_database().await?;
        self.sign_in(Scope::All).await
    }

    /// Refuses another database than the one we know, and an earlier state of it.
    async fn check_database(&self) -> Result<(), Error> {
        if !self.settings().checks_database {
            return Ok(());
        }
        let known = self.known().await?;
        if known.is_nothing() {
            return Ok(());
        }
        is_known(&known, &self.look_at_database(&known).await?)
    }

    async fn close(&self, grant: &Grant) -> Result<(), Error> {
        self.inner
            .session
            .clear(grant)
            .await
            .map_err(Error::Session)?;
        self.log_off(grant).await;
        Ok(())
    }

    /// Frees the licence. A failure only means that Jim2 frees it itself when the token ends.
    async fn log_off(&self, grant: &Grant) {
        let url = self.inner.settings.url(&["logoff"]);
        let request = self.request(Method::POST, url);
        if let Err(error) = self.send("jim2.logoff", request, grant).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "could not log off from jim2; the licence is free when the token ends"
            );
        }
    }

    async fn sign_in(&self, scope: Scope) -> Result<Grant, Error> {
        let parameters = [
            ("grant_type", "client_credentials"),
            ("scope", scope.as_str()),
        ];
        self.token(&parameters).await
    }

    async fn token(&self, parameters: &[(&str, &str)]) -> Result<Grant, Error> {
        let credentials = &self.inner.settings.credentials;
        let mut form = parameters.to_vec();
        form.push(("client_id", &credentials.client_id));
        form.push(("client_secret", credentials.secret.expose_secret()));
        let url = self.inner.settings.url(&["token"]);
        let request = self.request(Method::POST, url).form(&form);
        let asked_at = self.inner.clock.now();
        let answer = self
            .within_limit("jim2.token", request)
            .await
            .map_err(of_sign_in)?;
        let granted: TokenAnswer = answer.json().map_err(unreadable_grant)?;
        Ok(granted.into_grant(asked_at))
    }
}

fn is_known(known: &Known, seen: &Seen) -> Result<(), Error> {
    match known.departure(seen) {
        Some(departure) => Err(Error::OtherDatabase(departure.reason())),
        None => Ok(()),
    }
}

/// An answer cut off is a server going down; one of another shape stays so, and somebody has to look.
fn unreadable_grant(error: rest::Error) -> Error {
    if matches!(error, rest::Error::Broken(Broken::Unreadable { .. })) {
        return Error::unreadable("token", error);
    }
    Error::Away(error.into())
}

/// What a failure to sign in means. Nothing was written yet.
fn of_sign_in(error: rest::Error) -> Error {
    match error {
        rest::Error::Refused { status, body } => of_refused_sign_in(status, &body),
        rest::Error::SlowDown { after, .. } => Error::SlowDown { after },
        rest::Error::NoAnswer { .. } | rest::Error::Broken(_) => Error::Away(error.into()),
    }
}

fn of_refused_sign_in(status: StatusCode, body: &str) -> Error {
    if refusal::is_about_licences(body) {
        return Error::NoLicence;
    }
    match status {
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Error::Unauthorized {
                setting: "the client id or its secret (the Jim2 password of the API's user)",
            }
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::Unauthorized {
            setting: "the base URL (it has no token address there)",
        },
        _ => Error::Away(refusal::read(status.as_u16(), body).into()),
    }
}
