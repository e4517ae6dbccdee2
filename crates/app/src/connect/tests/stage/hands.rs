//! What people do in both stand-ins, and what is to be seen there.

use autotask::WebhookKind;
use axum::http::Method;
use domain::System;
use serde_json::{Value, json};

use super::Stage;

impl Stage {
    /// A new card of a customer with the name of this company.
    pub(in crate::connect::tests) async fn card_like(&self, company: &str) -> i64 {
        let companies = self.state(System::Autotask).await["Companies"].take();
        let mut companies = companies.as_array().unwrap().iter();
        let company = companies
            .find(|one| one["id"].as_i64() == company.parse().ok())
            .unwrap();
        let set = json!({"name": company["companyName"], "customer": {"terms": "30 Days"}});
        let body = json!({"entity": "CardFile", "by": "SYS", "set": set});
        let made = self.hand(System::Jim2, "create", body).await;
        made["id"]
            .as_i64()
            .unwrap_or_else(|| made["id"].as_str().unwrap().parse().unwrap())
    }

    /// All that webhooks watch and leave out, as Autotask has it.
    pub(in crate::connect::tests) async fn watched(&self) -> Vec<String> {
        let mut all = Vec::new();
        for kind in WebhookKind::ALL {
            let webhooks = self.kit.autotask.webhooks(kind);
            for webhook in webhooks.list().await.unwrap() {
                let fields = webhooks.fields(webhook.id).await.unwrap();
                let udfs = webhooks.udf_fields(webhook.id).await.unwrap();
                let excluded = webhooks.excluded(webhook.id).await.unwrap();
                let mut numbers: Vec<_> = fields
                    .iter()
                    .map(|one| format!("{:?}", one.field_id))
                    .collect();
                numbers.extend(udfs.iter().map(|one| format!("{:?}", one.udf_field_id)));
                numbers.extend(excluded.iter().map(|one| format!("{:?}", one.resource_id)));
                numbers.sort();
                all.push(format!(
                    "{:?} {:?} {numbers:?}",
                    webhook.name, webhook.webhook_url
                ));
            }
        }
        all
    }

    /// Sends the ticket webhook elsewhere, and takes the one for companies away.
    pub(in crate::connect::tests) async fn spoil_webhooks(&self) {
        let companies = self.kit.autotask.webhooks(WebhookKind::Company);
        let id = companies.list().await.unwrap()[0].id;
        companies.delete(id).await.unwrap();
        let tickets = self.kit.autotask.webhooks(WebhookKind::Ticket);
        let id = tickets.list().await.unwrap()[0].id;
        let draft = autotask::WebhookDraft {
            name: "crossbill-ticket".to_owned(),
            webhook_url: "https://elsewhere.example/".to_owned(),
            deactivation_url: "https://elsewhere.example/off".to_owned(),
            secret: "not ours at all".into(),
            notification_email: String::new(),
        };
        tickets.update(id, &draft).await.unwrap();
    }

    /// An open ticket whose job was there before, with its number.
    pub(in crate::connect::tests) async fn ticket_with_a_job(&self) -> (String, String) {
        let jobs = self.state(System::Jim2).await;
        let tickets = self.state(System::Autotask).await;
        let refs: Vec<&str> = jobs["Job"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|job| job["OurRef"].as_str())
            .collect();
        let ticket = tickets["Tickets"].as_array().unwrap().iter();
        let mut open = ticket.filter(|ticket| ticket["status"] != json!(5));
        let ticket = open
            .find(|ticket| refs.contains(&ticket["ticketNumber"].as_str().unwrap()))
            .unwrap();
        (
            ticket["id"].to_string(),
            ticket["ticketNumber"].as_str().unwrap().to_owned(),
        )
    }

    /// One job more with the number of a ticket.
    pub(in crate::connect::tests) async fn job_for(&self, number: &str) -> i64 {
        let jobs = self.state(System::Jim2).await;
        let twin = jobs["Job"]
            .as_array()
            .unwrap()
            .iter()
            .find(|job| job["OurRef"] == json!(number))
            .unwrap();
        let customer = self
            .kit
            .jim2
            .jobs_by_ref(&[number.to_owned()])
            .await
            .unwrap()[0]
            .cust_no
            .get()
            .copied();
        let set = json!({"custNo": customer, "ourRef": number, "faultDesc": twin["FaultDesc"]});
        let made = self
            .hand(
                System::Jim2,
                "create",
                json!({"entity": "Job", "by": "SYS", "set": set}),
            )
            .await;
        made["id"]
            .as_i64()
            .unwrap_or_else(|| made["id"].as_str().unwrap().parse().unwrap())
    }

    /// The job has nothing to do with a ticket any more.
    pub(in crate::connect::tests) async fn rename_job(&self, job: i64) {
        let body = json!({"entity": "Job", "id": job.to_string(), "by": "SYS", "set": {"OurRef": "other"}});
        self.hand(System::Jim2, "edit", body).await;
    }

    /// All records of both systems; webhooks are none.
    pub(in crate::connect::tests) async fn records(&self) -> Value {
        let autotask = self.state(System::Autotask).await;
        let kept =
            ["Companies", "Contacts", "Tickets", "TicketNotes"].map(|name| autotask[name].clone());
        let jim2 = self.state(System::Jim2).await;
        let theirs =
            ["Job", "CardFile", "CardFileContact", "JobComment"].map(|name| jim2[name].clone());
        assert!(
            kept.iter().chain(&theirs).all(Value::is_array),
            "the stand-ins have all of these"
        );
        json!({"autotask": kept, "jim2": theirs})
    }

    pub(in crate::connect::tests) async fn hand(
        &self,
        system: System,
        act: &str,
        body: Value,
    ) -> Value {
        self.sandbox(system, Method::POST, act, Some(body)).await
    }

    /// Everything that a system has.
    pub(in crate::connect::tests) async fn state(&self, system: System) -> Value {
        self.sandbox(system, Method::GET, "state", None).await
    }

    async fn sandbox(
        &self,
        system: System,
        method: Method,
        act: &str,
        body: Option<Value>,
    ) -> Value {
        let base = match system {
            System::Autotask => self.autotask.base_url(),
            System::Jim2 => self.jim2.base_url(),
        };
        let mut request = self
            .kit
            .http
            .request(method, format!("{base}/sandbox/{act}"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = self.kit.http.send("hand", request).await.unwrap();
        answer.json().unwrap()
    }
}
