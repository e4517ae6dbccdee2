//! From texts to how people are told.

use chrono::{NaiveTime, TimeDelta};
use reconciler::alerts::{Form, Mail, MailSettings};
use secrecy::SecretString;
use url::Url;

use super::{Reader, plain, sealed};
use crate::config::Alerts;

/// The longest window: two weeks.
const LONGEST_MINUTES: i64 = 14 * 24 * 60;

pub(super) fn alerts(reader: &mut Reader<'_>) -> Option<Alerts> {
    let url = reader.optional("alerts.webhook_url", hidden);
    let form = reader.with("alerts.webhook_form", form);
    let mail = mail(reader);
    let patience = reader.with("alerts.patience_minutes", |text| minutes(text, 0));
    let window = reader.with("alerts.window_minutes", |text| minutes(text, 1));
    let digest_at = reader.optional("alerts.digest_at", time);
    Some(Alerts {
        webhook: url.zip(form),
        mail,
        patience: patience?,
        window: window?,
        digest_at,
    })
}

/// All of it, or nothing.
fn mail(reader: &mut Reader<'_>) -> Option<MailSettings> {
    let url = reader.optional("alerts.smtp_url", smtp);
    let user = reader.optional("alerts.smtp_user", plain);
    let password = reader.optional("alerts.smtp_password", sealed);
    let from = reader.optional("alerts.mail_from", plain);
    let to = reader.optional("alerts.mail_to", plain);
    let names = [
        "smtp_url",
        "smtp_user",
        "smtp_password",
        "mail_from",
        "mail_to",
    ];
    let [has_url, has_user, has_password, has_from, has_to] = names.map(|name| {
        reader
            .values
            .contains_key(format!("alerts.{name}").as_str())
    });
    if has_user != has_password {
        let half =
            "ALERTS_SMTP_USER and ALERTS_SMTP_PASSWORD belong together: set both, or neither";
        reader.problems.push(half.to_owned());
    }
    if has_url != has_from || has_url != has_to {
        let part = "ALERTS_SMTP_URL, ALERTS_MAIL_FROM and ALERTS_MAIL_TO belong together: set all three, or none";
        reader.problems.push(part.to_owned());
    }
    let settings = MailSettings {
        url: url?,
        login: user.zip(password),
        from: from?,
        to: to?.split(',').map(|to| to.trim().to_owned()).collect(),
    };
    let checked = Mail::new(&settings);
    let why = checked
        .err()
        .map(|why| format!("mail cannot be sent by ALERTS_SMTP_URL to ALERTS_MAIL_TO: {why}"));
    reader.problems.extend(why);
    Some(settings)
}

/// Whoever knows the address can post there: it is not repeated.
fn hidden(text: &str) -> Result<SecretString, String> {
    let url = Url::parse(text.trim());
    if url.is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return sealed(text);
    }
    Err("it is no address that begins with https://".to_owned())
}

/// An address is shown; one with a password in it is not taken, and not repeated either.
fn smtp(text: &str) -> Result<Url, String> {
    let example = "write it as smtps://mail.example.com or smtp://mail.example.com:587";
    let url = Url::parse(text.trim()).map_err(|_| format!("it is no address; {example}"))?;
    if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
        return Err(
            "leave user and password out: they are ALERTS_SMTP_USER and ALERTS_SMTP_PASSWORD"
                .to_owned(),
        );
    }
    Ok(url)
}

fn form(text: &str) -> Result<Form, String> {
    match text.trim() {
        "json" => Ok(Form::Json),
        "teams" => Ok(Form::Teams),
        _ => Err(format!("{text} is neither json nor teams")),
    }
}

fn minutes(text: &str, least: i64) -> Result<TimeDelta, String> {
    let minutes = text.trim().parse().ok();
    let minutes = minutes.filter(|minutes| (least..=LONGEST_MINUTES).contains(minutes));
    minutes
        .map(TimeDelta::minutes)
        .ok_or_else(|| format!("is not a number of minutes from {least} to {LONGEST_MINUTES}"))
}

fn time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M")
        .map_err(|_| format!("{text} is no time of a day; write it as 07:30"))
}
