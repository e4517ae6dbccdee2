mod smtp;

use axum::http::StatusCode;
use secrecy::SecretString;

use self::smtp::Server;
use super::*;
use crate::alerts::testing::{Taker, ZONE, cause, noon, there, to};
use crate::alerts::{Form, What};

fn message() -> Message {
    let cause = cause(12);
    Message::about(What::Raised, &cause, &there(&cause), noon(), ZONE)
}

fn mail(url: &str, password: Option<&str>) -> Outlet {
    let settings = MailSettings {
        url: url.parse().unwrap(),
        login: password.map(|password| ("crossbill".to_owned(), SecretString::from(password))),
        from: "Crossbill <crossbill@provider.example>".to_owned(),
        to: vec![
            "desk@provider.example".to_owned(),
            "mia@provider.example".to_owned(),
        ],
    };
    Outlet::Mail(Box::new(Mail::new(&settings).unwrap()))
}

async fn refusal(outlet: &Outlet) -> String {
    outlet.send(&message()).await.unwrap_err().to_string()
}

#[tokio::test]
async fn any_program_is_sent_the_message_as_json_with_what_it_is_made_of() {
    let desk = Taker::start().await;
    desk.outlet(Form::Json).send(&message()).await.unwrap();
    let taken = desk.taken().remove(0);
    assert_eq!(taken["what"], "raised");
    assert_eq!(taken["subject"], message().subject);
    assert!(
        taken["text"]
            .as_str()
            .unwrap()
            .starts_with("Affected: Bondi Bakery")
    );
    assert_eq!(taken["causes"][0]["items"], 12);
    assert_eq!(taken["causes"][0]["net"], "4310.20");
    assert_eq!(taken["causes"][0]["companies"][1], "O'Brien & Sons");
    assert_eq!(taken["at"], "2026-11-27T12:00:00Z");
}

#[tokio::test]
async fn teams_is_sent_an_adaptive_card_whose_lines_are_no_markdown() {
    let desk = Taker::start().await;
    desk.answers(StatusCode::ACCEPTED);
    let mut message = message();
    message.lines.push(String::new());
    desk.outlet(Form::Teams).send(&message).await.unwrap();
    let taken = desk.taken().remove(0);
    assert_eq!(taken["type"], "message");
    let attachment = &taken["attachments"][0];
    assert_eq!(
        attachment["contentType"],
        "application/vnd.microsoft.card.adaptive"
    );
    let card = &attachment["content"];
    assert_eq!(
        (&card["type"], &card["version"]),
        (&"AdaptiveCard".into(), &"1.4".into())
    );
    let body = card["body"].as_array().unwrap();
    assert_eq!(body.len(), 1 + message.lines.len());
    assert_eq!(body[0]["inlines"][0]["text"], message.subject);
    assert!(body.iter().all(|part| part["type"] == "RichTextBlock"));
    assert!(body.iter().all(|part| part["inlines"][0]["text"] != ""));
}

#[tokio::test]
async fn a_card_is_no_larger_than_teams_takes() {
    let desk = Taker::start().await;
    let mut message = message();
    message.lines = (0..2_000)
        .map(|number| format!("{number} {}", "ü".repeat(40)))
        .collect();
    desk.outlet(Form::Teams).send(&message).await.unwrap();
    let taken = desk.taken().remove(0);
    assert!(
        taken.to_string().len() < 28 * 1024,
        "{}",
        taken.to_string().len()
    );
    assert!(
        taken
            .to_string()
            .contains("There is more: crossbill alerts")
    );
}

#[tokio::test]
async fn a_webhook_that_is_away_or_refuses_is_told_without_its_address() {
    let desk = Taker::start().await;
    let outlet = desk.outlet(Form::Json);
    for (status, says) in [
        (StatusCode::BAD_GATEWAY, "does not answer"),
        (StatusCode::BAD_REQUEST, "refused with 400"),
        (StatusCode::NOT_FOUND, "refused with 404"),
        (StatusCode::TOO_MANY_REQUESTS, "slow down"),
    ] {
        desk.answers(status);
        let told = refusal(&outlet).await;
        assert!(told.contains(says), "{status}: {told}");
        assert!(told.contains("ALERTS_WEBHOOK_URL"), "{told}");
        assert!(!told.contains("a-secret-part"), "{told}");
    }
    let nobody = to("http://127.0.0.1:1/a-secret-part", Form::Json);
    let told = refusal(&nobody).await;
    assert!(
        told.contains("does not answer") && !told.contains("a-secret-part"),
        "{told}"
    );
    assert!(!format!("{nobody:?}").contains("a-secret-part"));
}

#[tokio::test]
async fn mail_goes_to_everybody_as_plain_text_with_the_subject_first() {
    let server = Server::start("220", "250").await;
    let outlet = mail(&server.url("smtp", "127.0.0.1"), Some("right"));
    outlet.send(&message()).await.unwrap();
    let letter = server.letters().remove(0);
    assert_eq!(
        letter.to,
        ["<desk@provider.example>", "<mia@provider.example>"]
    );
    assert!(
        letter
            .text
            .contains("From: Crossbill <crossbill@provider.example>"),
        "{}",
        letter.text
    );
    assert!(
        letter.text.contains("text/plain; charset=utf-8"),
        "{}",
        letter.text
    );
    assert!(letter.text.contains("Subject: "), "{}", letter.text);
    assert!(
        letter.text.contains("billing code Onsite AH has no"),
        "{}",
        letter.text
    );
    assert!(
        letter
            .text
            .contains("Affected: Bondi Bakery, O'Brien & Sons."),
        "{}",
        letter.text
    );
}

#[tokio::test]
async fn a_mail_server_that_is_away_refuses_or_does_not_know_us_is_told_with_what_to_check() {
    let nobody = mail("smtp://127.0.0.1:1", None);
    let told = refusal(&nobody).await;
    assert!(
        told.contains("does not answer; check ALERTS_SMTP_URL"),
        "{told}"
    );

    let refuses = Server::start("220", "550").await;
    let told = refusal(&mail(&refuses.url("smtp", "127.0.0.1"), Some("right"))).await;
    assert!(
        told.contains("refused the message (550); check ALERTS_MAIL_FROM"),
        "{told}"
    );

    let server = Server::start("220", "250").await;
    let told = refusal(&mail(&server.url("smtp", "127.0.0.1"), Some("wrong"))).await;
    assert!(
        told.contains("(535); check ALERTS_SMTP_USER and ALERTS_SMTP_PASSWORD"),
        "{told}"
    );
    assert_eq!(server.letters().len(), 0);
    let shown = format!(
        "{:?}",
        mail(&server.url("smtp", "127.0.0.1"), Some("hunter2"))
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn no_password_leaves_this_machine_without_tls() {
    // Whoever is reached by an address that is not this machine's own has to begin TLS, or is told nothing.
    for (scheme, host) in [("smtp", "0.0.0.0"), ("smtps", "127.0.0.1")] {
        let server = Server::start("220", "250").await;
        let outlet = mail(&server.url(scheme, host), Some("right"));
        refusal(&outlet).await;
        let heard = server.heard();
        assert!(
            heard.iter().all(|line| !line.starts_with("AUTH")),
            "{scheme}: {heard:?}"
        );
        assert!(
            heard.iter().all(|line| !line.starts_with("MAIL")),
            "{scheme}: {heard:?}"
        );
    }
}

#[test]
fn what_cannot_be_a_way_to_send_mail_is_told() {
    let with = |url: &str, to: &str| {
        let settings = MailSettings {
            url: url.parse().unwrap(),
            login: None,
            from: "crossbill@provider.example".to_owned(),
            to: vec![to.to_owned()],
        };
        Mail::new(&settings).map(drop)
    };
    assert_eq!(
        with("smtp://mail.example:587", "desk@provider.example"),
        Ok(())
    );
    for (url, to, says) in [
        (
            "http://mail.example",
            "desk@provider.example",
            "neither smtp:// nor smtps://",
        ),
        (
            "smtp:mail.example",
            "desk@provider.example",
            "names no host",
        ),
        ("smtp://mail.example", "desk", "desk is no mail address"),
    ] {
        let told = with(url, to).unwrap_err();
        assert!(told.contains(says), "{url}: {told}");
    }
}
