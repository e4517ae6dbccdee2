//! How people are told.

use reconciler::alerts::Form;

use super::*;

/// [`RIGHT`], and these besides.
fn with(settings: &[(&str, &str)]) -> Result<Config, Wrong> {
    let lines = settings
        .iter()
        .map(|(name, value)| format!("{name} = {value:?}"));
    let text = format!("[alerts]\n{}", lines.collect::<Vec<_>>().join("\n"));
    Config::load(Some(file(&text).path()), &Environment::from(RIGHT))
}

const MAIL: [(&str, &str); 3] = [
    ("smtp_url", "smtp://mail.example.com:587"),
    ("mail_from", "Crossbill <crossbill@provider.example>"),
    ("mail_to", "desk@provider.example, mia@provider.example"),
];

#[test]
fn nobody_is_told_where_nothing_is_set() {
    let alerts = with(&[]).unwrap().alerts;
    assert!(alerts.webhook.is_none() && alerts.mail.is_none());
    assert_eq!(
        (alerts.patience.num_minutes(), alerts.window.num_minutes()),
        (5, 240)
    );
    assert_eq!(alerts.digest_at, None);
}

#[test]
fn a_webhook_and_mail_and_a_digest_are_read_and_no_secret_is_shown() {
    let secret = "https://prod-1.example/workflows/a-secret-part?sig=another";
    let mut settings = MAIL.to_vec();
    settings.extend([
        ("webhook_url", secret),
        ("webhook_form", "teams"),
        ("smtp_user", "crossbill"),
        ("smtp_password", "hunter2"),
        ("digest_at", "07:30"),
        ("patience_minutes", "0"),
        ("window_minutes", "60"),
    ]);
    let config = with(&settings).unwrap();
    let alerts = &config.alerts;
    let (url, form) = alerts.webhook.as_ref().unwrap();
    assert_eq!((url.expose_secret(), *form), (secret, Form::Teams));
    let mail = alerts.mail.as_ref().unwrap();
    assert_eq!(mail.to, ["desk@provider.example", "mia@provider.example"]);
    assert!(mail.login.is_some());
    assert_eq!(alerts.digest_at.unwrap().to_string(), "07:30:00");
    assert_eq!(
        (alerts.patience.num_minutes(), alerts.window.num_minutes()),
        (0, 60)
    );
    let shown = format!("{config:?}");
    assert!(
        !shown.contains("a-secret-part") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn what_cannot_be_meant_is_told_without_the_secret() {
    let cases: [(&[(&str, &str)], &str); 9] = [
        (&[("webhook_url", "a-secret-part")], "begins with https://"),
        (
            &[("webhook_form", "slack")],
            "slack is neither json nor teams",
        ),
        (
            &[MAIL[0], MAIL[1]],
            "belong together: set all three, or none",
        ),
        (
            &[MAIL[1], MAIL[2]],
            "belong together: set all three, or none",
        ),
        (
            &[MAIL[0], MAIL[1], MAIL[2], ("smtp_user", "x")],
            "set both, or neither",
        ),
        (
            &[
                ("smtp_url", "smtp://me:a-secret-part@mail.example"),
                MAIL[1],
                MAIL[2],
            ],
            "leave user and password out",
        ),
        (
            &[("smtp_url", "https://mail.example"), MAIL[1], MAIL[2]],
            "neither smtp:// nor smtps://",
        ),
        (&[("digest_at", "half past seven")], "write it as 07:30"),
        (&[("window_minutes", "0")], "from 1 to 20160"),
    ];
    for (settings, says) in cases {
        let told = with(settings).unwrap_err().to_string();
        assert!(told.contains(says), "{settings:?}: {told}");
        assert!(!told.contains("a-secret-part"), "{told}");
    }
}
