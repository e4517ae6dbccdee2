//! What differs between a webhook as it is and as it is to be. Pure.

use autotask::{Webhook, WebhookDraft};
use domain::Told;

/// Something that is not as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// What it is about, a word for metrics.
    pub what: &'static str,
    /// What was found, as a part of a sentence whose subject is the webhook.
    pub says: String,
}

/// What a look at a webhook came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is not as it is to be.
    pub corrections: Vec<Correction>,
    /// Fields of its records that Autotask's webhooks cannot watch.
    pub cannot_watch: Vec<String>,
    /// Whose it is, where that is not us: it stops with that person's account, and nobody can change that.
    pub stranger: Option<i64>,
}

impl Correction {
    pub(super) fn new(what: &'static str, says: impl Into<String>) -> Self {
        let says = says.into();
        Self { what, says }
    }
}

/// What differs. What is not told is not compared.
pub(super) fn differences(now: &Webhook, draft: &WebhookDraft) -> Vec<Correction> {
    let mut all = Vec::new();
    if now.is_active == Told::Is(false) {
        all.push(Correction::new("inactive", "was switched off"));
    }
    for (what, told, wanted) in [
        ("address", &now.webhook_url, &draft.webhook_url),
        (
            "deactivation_address",
            &now.deactivation_url,
            &draft.deactivation_url,
        ),
        ("name", &now.name, &draft.name),
    ] {
        let other = match told {
            Told::Is(told) if !told.eq_ignore_ascii_case(wanted) => Some(told.as_str()),
            Told::Empty => Some("nothing"),
            Told::Is(_) | Told::Not => None,
        };
        let says = |other: &str| match what {
            "address" => format!("called {other}"),
            "name" => format!("was named {other}"),
            _ => format!("told {other} of being switched off"),
        };
        all.extend(other.map(|other| Correction::new(what, says(other))));
    }
    for (told, what) in [
        (&now.is_subscribed_to_create_events, "new records"),
        (&now.is_subscribed_to_update_events, "changes"),
        (&now.is_subscribed_to_delete_events, "deletions"),
    ] {
        if *told == Told::Is(false) {
            all.push(Correction::new("events", format!("did not tell of {what}")));
        }
    }
    all
}

/// Which of Autotask's webhooks is meant: by its address, by the id we know, by its name.
pub(super) fn among<'w>(
    there: &'w [Webhook],
    draft: &WebhookDraft,
    known: Option<i64>,
) -> Option<&'w Webhook> {
    let is = |told: &Told<String>, text: &str| {
        let told = told.get();
        told.is_some_and(|told| told.eq_ignore_ascii_case(text))
    };
    there
        .iter()
        .find(|webhook| is(&webhook.webhook_url, &draft.webhook_url))
        .or_else(|| there.iter().find(|webhook| Some(webhook.id) == known))
        .or_else(|| there.iter().find(|webhook| is(&webhook.name, &draft.name)))
}

/// Webhooks that call an address of ours and are not the one that is meant: each would tell everything once more.
pub(super) fn orphans(there: &[Webhook], meant: Option<i64>, address: &str) -> Vec<i64> {
    let ours = address.to_ascii_lowercase();
    let calls_us = |webhook: &&Webhook| {
        let told = webhook.webhook_url.get();
        told.is_some_and(|told| told.to_ascii_lowercase().starts_with(&ours))
    };
    let others = there.iter().filter(|webhook| Some(webhook.id) != meant);
    others.filter(calls_us).map(|webhook| webhook.id).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ADDRESS: &str = "https://hooks.example/autotask/webhooks/";

    fn draft() -> WebhookDraft {
        WebhookDraft {
            name: "crossbill-ticket".to_owned(),
            webhook_url: format!("{ADDRESS}crossbill-ticket"),
            deactivation_url: format!("{ADDRESS}crossbill-ticket/deactivated"),
            secret: "s".into(),
            notification_email: String::new(),
        }
    }

    fn webhook(id: i64, set: &serde_json::Value) -> Webhook {
        let mut told = json!({
            "id": id, "name": "crossbill-ticket", "isActive": true, "isReady": true,
            "webhookUrl": format!("{ADDRESS}crossbill-ticket"),
            "deactivationUrl": format!("{ADDRESS}crossbill-ticket/deactivated"),
            "isSubscribedToCreateEvents": true, "isSubscribedToUpdateEvents": true,
            "isSubscribedToDeleteEvents": true,
        });
        let set = set.as_object().unwrap().clone();
        told.as_object_mut().unwrap().extend(set);
        told.as_object_mut()
            .unwrap()
            .retain(|_, value| *value != json!("absent"));
        serde_json::from_value(told).unwrap()
    }

    #[test]
    fn each_difference_is_told_and_what_is_not_told_is_none() {
        for (set, found) in [
            (json!({}), None),
            (
                json!({"isActive": "absent", "deactivationUrl": "absent"}),
                None,
            ),
            (
                json!({"webhookUrl": format!("{ADDRESS}CROSSBILL-ticket")}),
                None,
            ),
            (json!({"isActive": false}), Some("was switched off")),
            (
                json!({"webhookUrl": "https://old.example/x"}),
                Some("called https://old.example/x"),
            ),
            (json!({"name": "mine"}), Some("was named mine")),
            (
                json!({"deactivationUrl": ""}),
                Some("told nothing of being switched off"),
            ),
            (
                json!({"isSubscribedToDeleteEvents": false}),
                Some("did not tell of deletions"),
            ),
            (
                json!({"isSubscribedToCreateEvents": false}),
                Some("did not tell of new records"),
            ),
        ] {
            let says: Vec<_> = differences(&webhook(1, &set), &draft())
                .into_iter()
                .map(|one| one.says)
                .collect();
            assert_eq!(says, found.into_iter().collect::<Vec<_>>(), "{set}");
        }
    }

    #[test]
    fn a_webhook_is_known_by_its_address_then_its_id_then_its_name() {
        let elsewhere = json!({"webhookUrl": "https://old.example/x"});
        let renamed = json!({"webhookUrl": "https://old.example/y", "name": "other"});
        let there = [
            webhook(1, &elsewhere),
            webhook(2, &renamed),
            webhook(3, &json!({"name": "third"})),
        ];
        let id = |there: &[Webhook], known| among(there, &draft(), known).map(|it| it.id);
        assert_eq!(id(&there, Some(2)), Some(3));
        assert_eq!(id(&there[..2], Some(2)), Some(2));
        assert_eq!(id(&there[..2], None), Some(1));
        assert_eq!(id(&there[1..2], None), None);
    }

    #[test]
    fn an_orphan_calls_us_and_is_not_the_one_that_is_meant() {
        let strange = json!({"webhookUrl": "https://hooks.example/autotask/other"});
        let nowhere = json!({"webhookUrl": "absent"});
        let upper = json!({"webhookUrl": "HTTPS://hooks.example/autotask/webhooks/crossbill-old"});
        let there = [
            webhook(1, &json!({})),
            webhook(2, &json!({})),
            webhook(3, &strange),
            webhook(4, &nowhere),
            webhook(5, &upper),
        ];
        assert_eq!(orphans(&there, Some(2), ADDRESS), [1, 5]);
    }
}
