//! The table of settings: their names, what they are for, and what they are when nobody says.

use std::fmt::Write as _;

/// One setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its name in the file; a dot separates table and key.
    pub(crate) key: &'static str,
    /// Its name in the environment.
    pub(crate) env: &'static str,
    /// Whether it may also come from a file named by `…_FILE`, and is never shown.
    pub(crate) is_secret: bool,
    /// What it is when nobody says.
    pub(crate) default: Default,
    /// What it is for, and what it looks like.
    pub(crate) help: &'static str,
}

/// What a setting is when nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Default {
    /// There is none: it must be set.
    Required,
    /// It may stay away.
    Absent,
    /// This.
    Is(&'static str),
}

/// All settings, in the order in which they are shown.
pub(crate) const SETTINGS: &[Setting] = &[
    required(
        "database_url",
        "DATABASE_URL",
        true,
        "Postgres, as postgres://user:password@host:5432/database",
    ),
    required(
        "amqp_url",
        "AMQP_URL",
        true,
        "RabbitMQ, as amqps://user:password@host:5671/virtual-host",
    ),
    required(
        "secret_key",
        "CROSSBILL_SECRET_KEY",
        true,
        "32 random characters or more, to be kept: seals tokens, derives webhook secrets",
    ),
    Setting {
        key: "sweep",
        env: "CROSSBILL_SWEEP",
        is_secret: false,
        default: Default::Absent,
        help: "repeat minutes of sweeps, as ticket_autotask=5, contact_jim2=off; also as a table [sweep]",
    },
    required(
        "autotask.username",
        "AUTOTASK_USERNAME",
        false,
        "the login of the API-only user made for Crossbill, as crossbill@provider.com.au",
    ),
    required(
        "autotask.secret",
        "AUTOTASK_SECRET",
        true,
        "that user's secret",
    ),
    required(
        "autotask.integration_code",
        "AUTOTASK_INTEGRATION_CODE",
        true,
        "that user's API tracking identifier",
    ),
    Setting {
        key: "autotask.discovery_url",
        env: "AUTOTASK_DISCOVERY_URL",
        is_secret: false,
        default: Default::Is("https://webservices.autotask.net/ATServicesRest/"),
        help: "who is asked for the tenant's zone; ends in ATServicesRest/",
    },
    Setting {
        key: "autotask.zone_url",
        env: "AUTOTASK_ZONE_URL",
        is_secret: false,
        default: Default::Absent,
        help: "the tenant's zone, where it cannot be asked for; ends in ATServicesRest/",
    },
    required(
        "jim2.url",
        "JIM2_URL",
        false,
        "the address of Jim2's Web API with its application, as http://host:port/jim2/",
    ),
    required(
        "jim2.client_id",
        "JIM2_CLIENT_ID",
        false,
        "the client id configured in Jim2 for the API",
    ),
    required(
        "jim2.secret",
        "JIM2_SECRET",
        true,
        "the password of the Jim2 user behind that client id",
    ),
    Setting {
        key: "site.time_zone",
        env: "SITE_TIME_ZONE",
        is_secret: false,
        default: Default::Is("Australia/Sydney"),
        help: "the time zone of the site and of its Jim2 server, as Australia/Perth",
    },
    Setting {
        key: "ingress.listen",
        env: "INGRESS_LISTEN",
        is_secret: false,
        default: Default::Is("0.0.0.0:8080"),
        help: "the address on which webhooks are taken, as 0.0.0.0:8080",
    },
    Setting {
        key: "ingress.public_url",
        env: "INGRESS_PUBLIC_URL",
        is_secret: false,
        default: Default::Absent,
        help: "the https address by which Autotask reaches ingress; not needed with connect --poll-only",
    },
    Setting {
        key: "admin.listen",
        env: "ADMIN_LISTEN",
        is_secret: false,
        default: Default::Is("127.0.0.1:9090"),
        help: "the address of /health/live, /health/ready and /metrics; keep it private",
    },
    Setting {
        key: "engine.deadline_seconds",
        env: "CROSSBILL_DEADLINE_SECONDS",
        is_secret: false,
        default: Default::Is("60"),
        help: "the longest that one call to Autotask or Jim2 may take, 1 to 120",
    },
    Setting {
        key: "engine.patience_seconds",
        env: "CROSSBILL_PATIENCE_SECONDS",
        is_secret: false,
        default: Default::Is("60"),
        help: "how long a lost write may still arrive, 1 to 600; new records may be late ten times that",
    },
    Setting {
        key: "alerts.webhook_url",
        env: "ALERTS_WEBHOOK_URL",
        is_secret: true,
        default: Default::Absent,
        help: "where alerts are posted, a workflow of Teams or any program; whoever has it can post",
    },
    Setting {
        key: "alerts.webhook_form",
        env: "ALERTS_WEBHOOK_FORM",
        is_secret: false,
        default: Default::Is("json"),
        help: "what is posted there: json, or teams for an Adaptive Card",
    },
    absent(
        "alerts.smtp_url",
        "ALERTS_SMTP_URL",
        "mail: smtps://host (TLS) or smtp://host:587 (STARTTLS; none to this machine itself)",
    ),
    absent(
        "alerts.smtp_user",
        "ALERTS_SMTP_USER",
        "whom the mail server knows, where it asks",
    ),
    Setting {
        key: "alerts.smtp_password",
        env: "ALERTS_SMTP_PASSWORD",
        is_secret: true,
        default: Default::Absent,
        help: "that user's password",
    },
    absent(
        "alerts.mail_from",
        "ALERTS_MAIL_FROM",
        "who writes, as Crossbill <crossbill@provider.com.au>",
    ),
    absent(
        "alerts.mail_to",
        "ALERTS_MAIL_TO",
        "to whom, with commas between addresses",
    ),
    Setting {
        key: "alerts.patience_minutes",
        env: "ALERTS_PATIENCE_MINUTES",
        is_secret: false,
        default: Default::Is("5"),
        help: "how long something is wrong before it is told, where it may be over by itself",
    },
    Setting {
        key: "alerts.window_minutes",
        env: "ALERTS_WINDOW_MINUTES",
        is_secret: false,
        default: Default::Is("240"),
        help: "a cause is told once in so many minutes, and again only where it got worse or after a day",
    },
    absent(
        "alerts.digest_at",
        "ALERTS_DIGEST_AT",
        "when the digest of the day is told, by the site's clocks, as 07:30",
    ),
    Setting {
        key: "log.level",
        env: "CROSSBILL_LOG",
        is_secret: false,
        default: Default::Absent,
        help: "error, warn, info, debug, or info,sync=debug; else info for roles, warn for commands",
    },
    Setting {
        key: "log.format",
        env: "CROSSBILL_LOG_FORMAT",
        is_secret: false,
        default: Default::Is("text"),
        help: "text or json",
    },
];

const fn required(
    key: &'static str,
    env: &'static str,
    is_secret: bool,
    help: &'static str,
) -> Setting {
    Setting {
        key,
        env,
        is_secret,
        default: Default::Required,
        help,
    }
}

/// What may stay away and is no secret.
const fn absent(key: &'static str, env: &'static str, help: &'static str) -> Setting {
    Setting {
        key,
        env,
        is_secret: false,
        default: Default::Absent,
        help,
    }
}

impl Setting {
    /// Both its names, as messages tell them.
    pub(crate) fn names(&self) -> String {
        let file = if self.is_secret { " or …_FILE" } else { "" };
        format!("{} ({}{file})", self.key, self.env)
    }
}

/// The setting with this name in the file.
pub(crate) fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The settings for people: a file to copy from, every setting with its environment name.
pub(crate) fn help() -> String {
    let mut text = "Settings come from a TOML file (--config PATH, else CROSSBILL_CONFIG, else ./crossbill.toml \
         where there is one), and then from the environment, which wins. Every secret may also be read from a \
         file: set NAME_FILE to its path.\n\nThe file, with every setting:\n"
        .to_owned();
    let mut table = "";
    for setting in SETTINGS {
        let (group, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if group != table {
            table = group;
            let _infallible = write!(text, "\n  [{group}]\n");
        }
        let (mark, value) = match setting.default {
            Default::Required => ("", "…"),
            Default::Absent => ("# ", "…"),
            Default::Is(value) => ("# ", value),
        };
        let env = if setting.is_secret {
            format!("{0}, {0}_FILE", setting.env)
        } else {
            setting.env.to_owned()
        };
        let _infallible = write!(
            text,
            "  # {}\n  # {env}\n  {mark}{name} = \"{value}\"\n",
            setting.help
        );
    }
    text
}
