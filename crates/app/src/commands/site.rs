//! The commands about the site as a whole.

use std::{io::stdout, time::Duration};

use anyhow::{Context as _, bail};
use axum::http::Method;
use reconciler::alerts::Form;

use super::Context;
use crate::{
    cli::{Pause, Resume},
    config::{Alerts, Config, Default, SETTINGS},
    connect, kinds, operate, output,
    parts::Parts,
    site::Site,
};

/// How long `health` waits.
const PATIENCE: Duration = Duration::from_secs(8);

/// The configuration without its secrets.
pub(super) fn configuration(config: &Config) -> String {
    let secrets: Vec<&str> = SETTINGS
        .iter()
        .filter(|setting| setting.is_secret && setting.default == Default::Required)
        .map(|setting| setting.key)
        .collect();
    let zone = config.autotask.zone_url.as_ref();
    let public = config.ingress.public_url.as_ref();
    format!(
        "The configuration is right.\n\
         RabbitMQ             {}\n\
         Autotask             {} as {}\n\
         Jim2                 {} as {}\n\
         Time zone            {}\n\
         Webhooks             on {}, reached by {}\n\
         Health and metrics   on {}\n\
         Alerts               {}\n\
         Secrets              set: {}",
        config.amqp_url.at(),
        zone.unwrap_or(&config.autotask.discovery_url),
        config.autotask.username,
        config.jim2.url,
        config.jim2.client_id,
        config.time_zone,
        config.ingress.listen,
        public.map_or("nobody (poll only)", |url| url.as_str()),
        config.admin_listen,
        told(&config.alerts),
        secrets.join(", "),
    )
}

/// Who is told of what is alarming, and when.
fn told(alerts: &Alerts) -> String {
    let mut ways = Vec::new();
    ways.extend(alerts.webhook.as_ref().map(|(_, form)| match form {
        Form::Json => "to the webhook".to_owned(),
        Form::Teams => "to the webhook, for Teams".to_owned(),
    }));
    let mail = alerts.mail.as_ref();
    ways.extend(mail.map(|mail| format!("by mail to {} ({})", mail.to.join(", "), mail.url)));
    if ways.is_empty() {
        return "to nobody (ALERTS_WEBHOOK_URL, ALERTS_SMTP_URL); metrics tell".to_owned();
    }
    let digest = alerts.digest_at.map_or_else(
        || "no digest (ALERTS_DIGEST_AT)".to_owned(),
        |at| format!("digest at {}", at.format("%H:%M")),
    );
    format!("{}; {digest}", ways.join(", "))
}

/// Brings the schema to this version.
pub(super) async fn migrate(context: &Context) -> anyhow::Result<()> {
    let db = context.database().await?;
    db.migrate().await?;
    db.close().await;
    output::say("The database is at this version.");
    Ok(())
}

/// Asks the process on this machine.
pub(super) async fn health(context: &Context, live: bool) -> anyhow::Result<()> {
    let mut address = context.config.admin_listen;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            std::net::SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            std::net::SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    let path = if live { "live" } else { "ready" };
    let http = rest::Client::new(&rest::Settings {
        deadline: PATIENCE,
        ..rest::Settings::default()
    })?;
    let request = http.request(Method::GET, format!("http://{address}/health/{path}"));
    match http.send("health", request).await {
        Ok(answer) => {
            output::say(String::from_utf8_lossy(&answer.body));
            Ok(())
        }
        Err(rest::Error::Broken(_)) => {
            bail!("not ready; http://{address}/health/{path} says what is missing")
        }
        Err(error) => Err(error).with_context(|| {
            format!("no answer from {address} (ADMIN_LISTEN); does crossbill serve run here?")
        }),
    }
}

/// Connects the site.
pub(super) async fn connect(args: connect::Args, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let site = Site::load(&parts.db).await?;
    let clients = parts.clients(&site)?;
    let kit = connect::Kit {
        db: parts.db.clone(),
        broker: parts.broker.clone(),
        topology: kinds::topology(),
        publish: parts.publish.clone(),
        autotask: clients.autotask,
        jim2: parts.any_jim2(&site),
        http: rest::Client::new(&rest::Settings::default())?,
        clock: std::sync::Arc::clone(&parts.clock),
        time_zone: parts.config.time_zone,
        secret_key: parts.config.secret_key.clone(),
        public_url: parts.config.ingress.public_url.clone(),
        who: who.to_owned(),
    };
    Box::pin(connect::run(args, &kit, &mut stdout())).await
}

/// Stops writing.
pub(super) async fn pause(what: &Pause, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let paused = operate::pause::pause(&parts.db, what.system, who).await?;
    if paused.is_empty() {
        output::say("It was paused before.");
    }
    for system in paused {
        output::say(format!(
            "{system} is paused: the writes in hand are finished, then none are begun. Go on with: crossbill resume"
        ));
    }
    Ok(())
}

/// Goes on, once somebody has seen what that means.
pub(super) async fn resume(what: &Resume, parts: &Parts, who: &str) -> anyhow::Result<()> {
    if !Site::load(&parts.db).await?.is_connected() {
        bail!("this site is not connected yet; next: crossbill connect");
    }
    let waiting = operate::pause::waiting(&parts.db, &parts.broker).await?;
    output::say(output::waiting(&waiting));
    if !output::agreed("Go on?", what.yes)? {
        return Ok(());
    }
    let resumed = operate::pause::resume(&parts.db, what.system, &what.release, who).await?;
    for kind in &what.release {
        output::say(format!("The brake on new {kind} records is off."));
    }
    for system in &resumed {
        output::say(format!("{system} goes on."));
    }
    if resumed.is_empty() {
        output::say("Nothing was paused.");
    }
    Ok(())
}

/// Shows how things stand.
pub(super) async fn status(parts: &Parts, json: bool) -> anyhow::Result<()> {
    let status = operate::status::status(
        &parts.db,
        &parts.broker,
        (parts.clock.now(), parts.config.time_zone),
        &kinds::swept(&parts.config.sweep),
    )
    .await?;
    if json {
        return output::json(&status);
    }
    output::say(output::status(&status, parts.config.time_zone));
    Ok(())
}

/// Shows Autotask's allowance.
pub(super) async fn budget(parts: &Parts, json: bool) -> anyhow::Result<()> {
    let zone = parts.config.time_zone;
    let budget = operate::budget::budget(&parts.db, parts.clock.now(), zone).await?;
    if json {
        return output::json(&budget);
    }
    output::say(output::budget(&budget));
    Ok(())
}

/// Shows when events may have been missed.
pub(super) async fn gaps(parts: &Parts, limit: i64, json: bool) -> anyhow::Result<()> {
    let mut gaps = store::gap::ledger(&parts.db, limit.saturating_add(1)).await?;
    let is_cut = operate::cut(&mut gaps, limit);
    if json {
        output::json(&gaps)?;
    } else {
        output::say(output::gaps(&gaps, parts.config.time_zone));
    }
    output::cut(is_cut, limit);
    Ok(())
}
