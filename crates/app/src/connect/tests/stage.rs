//! Both stand-ins, a database, a broker, and what can be seen of them.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use autotask::{LocalGate, WebhookKind};
use axum::http::Method;
use broker::{Family, Limits, Publisher, Tiers, Topology, testing::Vhost};
use domain::{Clock, Key, Kind, RecordId, System, SystemClock};
use jim2::LocalSession;
use sandbox::{
    autotask::Autotask,
    jim2::Jim2,
    provider::{Provider, Size},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use store::{Db, State, webhook::Webhook};
use sync::Publish;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::connect::{Args, Kit, run};

/// A site, ready to be connected.
pub(super) struct Stage {
    pub(super) kit: Kit,
    autotask: Autotask,
    jim2: Jim2,
    folder: PathBuf,
    _stop: tokio_util::sync::DropGuard,
    _vhost: Vhost,
}

/// What is stored of a site.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    /// Kind and ids of both halves.
    pub(super) pairs: Vec<(String, String)>,
    /// Decisions on values.
    pub(super) maps: BTreeMap<(String, System, String), Option<String>>,
    /// Settings.
    pub(super) settings: HashMap<String, Value>,
    /// Switches, as text.
    pub(super) switches: Vec<String>,
    /// Webhooks, without when they were looked at.
    pub(super) webhooks: Vec<Webhook>,
    /// The version of the mappings: it moves with each change.
    version: i64,
}

/// The list for sign-off.
pub(super) struct List(String);

impl List {
    /// Whether a record is on the list.
    pub(super) fn has(&self, kind: &str, id: &str) -> bool {
        let head = format!("{kind},{id},");
        self.0.lines().any(|line| line.starts_with(&head))
    }

    /// A company that no card fits.
    pub(super) fn company_without_candidates(&self) -> String {
        let fields = self
            .0
            .lines()
            .map(|line| line.split(',').collect::<Vec<_>>());
        let mut companies = fields.filter(|fields| fields[0] == "company");
        let lonely = companies.find(|fields| !fields[1].is_empty() && fields[3].is_empty());
        lonely.unwrap()[1].to_owned()
    }

    /// Companies without a card, and a card without a company.
    pub(super) fn two_lonely_companies(&self) -> (Vec<String>, String) {
        let lines = self
            .0
            .lines()
            .skip(1)
            .filter(|line| line.starts_with("company,"));
        let fields = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let (with, without): (Vec<_>, Vec<_>) =
            lines.map(fields).partition(|fields| !fields[1].is_empty());
        let ids = with.iter().map(|fields| fields[1].clone()).collect();
        let card = &without[0];
        (
            ids,
            card.iter()
                .find(|field| field.parse::<i64>().is_ok())
                .unwrap()
                .clone(),
        )
    }
}

/// Arguments that ask nothing.
pub(super) fn args() -> Args {
    Args {
        yes: true,
        ..Args::default()
    }
}

impl Stage {
    pub(super) async fn new(pool: PgPool) -> Self {
        Self::with(pool, |_| (), |_| ()).await
    }

    pub(super) async fn with(
        pool: PgPool,
        of_autotask: impl FnOnce(&mut sandbox::autotask::Options),
        of_jim2: impl FnOnce(&mut sandbox::jim2::Options),
    ) -> Self {
        let (mut left, mut right) = Default::default();
        of_autotask(&mut left);
        of_jim2(&mut right);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let size = Size {
            companies: 40,
            contacts: 60,
            tickets: 200,
            technicians: 4,
        };
        let provider = Provider::generate(3, &size, clock.now());
        let listener = || TcpListener::bind("127.0.0.1:0");
        let autotask = Autotask::start(listener().await.unwrap(), &provider, left)
            .await
            .unwrap();
        let jim2 = Jim2::start(listener().await.unwrap(), &provider, right)
            .await
            .unwrap();
        let vhost = Vhost::create();
        let stop = CancellationToken::new();
        let kit = kit(pool, &vhost, clock, (&autotask, &jim2), &stop);
        let folder =
            std::env::temp_dir().join(format!("crossbill-connect-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            kit,
            autotask,
            jim2,
            folder,
            _stop: stop.drop_guard(),
            _vhost: vhost,
        }
    }

    /// Runs `connect`. What it told, or the whole chain of its error.
    pub(super) async fn connect(&self, mut args: Args) -> Result<String, String> {
        args.unmatched = self.folder.join("unmatched.csv");
        let mut out = Vec::new();
        match run(args, &self.kit, &mut out).await {
            Ok(()) => Ok(String::from_utf8(out).unwrap()),
            Err(error) => Err(format!("{error:#}")),
        }
    }

    pub(super) fn autotask_client(&self, secret: &str) -> autotask::Client {
        autotask_client(&self.autotask, secret)
    }

    pub(super) fn jim2_client(&self, secret: &str) -> jim2::Client {
        jim2_client(&self.jim2, secret, Arc::clone(&self.kit.clock))
    }

    pub(super) fn list(&self) -> List {
        List(std::fs::read_to_string(self.folder.join("unmatched.csv")).unwrap())
    }

    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(super) async fn stored(&self) -> Stored {
        let db = &self.kit.db;
        let mapping = store::mapping::load(db).await.unwrap();
        let id = |id: Option<RecordId>| id.map(|id| id.to_string()).unwrap_or_default();
        let page = store::pair::Page {
            offset: 0,
            limit: 10_000,
        };
        let rows = store::pair::list(db, &store::pair::Filter::default(), page)
            .await
            .unwrap();
        let mut pairs: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let halves = format!("{}={}", id(row.autotask_id), id(row.jim2_id));
                (row.kind.to_string(), halves)
            })
            .collect();
        pairs.sort();
        let mut webhooks = store::webhook::list(db).await.unwrap();
        for webhook in &mut webhooks {
            webhook.checked_at = None;
        }
        Stored {
            pairs,
            maps: mapping
                .maps
                .into_iter()
                .map(|row| ((row.list, row.system, row.value), row.to_value))
                .collect(),
            settings: mapping.settings,
            switches: mapping
                .switches
                .iter()
                .map(|one| {
                    format!(
                        "{} {} {}",
                        one.kind,
                        one.direction.as_str(),
                        one.create_enabled
                    )
                })
                .collect(),
            webhooks,
            version: mapping.version,
        }
    }

    pub(super) async fn state_of(&self, kind: &str, id: &str) -> Option<State> {
        let key = Key::new(Kind::from(kind.to_owned()), System::Autotask, id);
        let row = store::pair::find(&self.kit.db, &key).await.unwrap();
        row.map(|row| row.state)
    }

    /// How a record of Jim2 stands.
    pub(super) async fn state_in_jim2(&self, kind: &str, id: i64) -> Option<State> {
        let key = Key::new(Kind::from(kind.to_owned()), System::Jim2, id);
        let row = store::pair::find(&self.kit.db, &key).await.unwrap();
        row.map(|row| row.state)
    }

    /// A new card of a customer with the name of this company.
    pub(super) async fn card_like(&self, company: &str) -> i64 {
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
    pub(super) async fn watched(&self) -> Vec<String> {
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
    pub(super) async fn spoil_webhooks(&self) {
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
    pub(super) async fn ticket_with_a_job(&self) -> (String, String) {
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
    pub(super) async fn job_for(&self, number: &str) -> i64 {
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
    pub(super) async fn rename_job(&self, job: i64) {
        let body = json!({"entity": "Job", "id": job.to_string(), "by": "SYS", "set": {"OurRef": "other"}});
        self.hand(System::Jim2, "edit", body).await;
    }

    /// All records of both systems; webhooks are none.
    pub(super) async fn records(&self) -> Value {
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

    pub(super) async fn hand(&self, system: System, act: &str, body: Value) -> Value {
        self.sandbox(system, Method::POST, act, Some(body)).await
    }

    async fn state(&self, system: System) -> Value {
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

impl Drop for Stage {
    fn drop(&mut self) {
        // What is left in the folder for temporary files is nobody's loss.
        let _left = std::fs::remove_dir_all(&self.folder);
    }
}

fn kit(
    pool: PgPool,
    vhost: &Vhost,
    clock: Arc<dyn Clock>,
    (autotask, jim2): (&Autotask, &Jim2),
    stop: &CancellationToken,
) -> Kit {
    let db = Db::from(pool);
    let broker = vhost.broker();
    let (publisher, task) = Publisher::new(&broker, Limits::default());
    TaskTracker::new().spawn(task.run(stop.clone()));
    let kinds = ["company", "contact", "ticket"];
    Kit {
        publish: Publish::new(publisher, db.clone(), Arc::clone(&clock)),
        topology: Topology {
            families: kinds
                .map(|kind| Family::new(kind, [Kind::new(kind)]))
                .into(),
            tiers: Tiers::default(),
        },
        autotask: autotask_client(autotask, "sandbox-secret"),
        jim2: jim2_client(jim2, "sandbox-secret", Arc::clone(&clock)),
        http: http(),
        time_zone: chrono_tz::Australia::Sydney,
        secret_key: "a secret key of at least 32 letters".into(),
        public_url: Some("http://127.0.0.1:9/".parse().unwrap()),
        who: "tester".to_owned(),
        db,
        broker,
        clock,
    }
}

fn http() -> rest::Client {
    rest::Client::new(&rest::Settings::default()).unwrap()
}

fn autotask_client(autotask: &Autotask, secret: &str) -> autotask::Client {
    let credentials = autotask::Credentials {
        username: "crossbill@provider.example".to_owned(),
        secret: secret.into(),
        integration_code: "SANDBOX".into(),
    };
    let settings = autotask::Settings {
        discovery_url: format!("{}/ATServicesRest/", autotask.base_url())
            .parse()
            .unwrap(),
        deadline: Duration::from_secs(10),
        ..autotask::Settings::new(credentials)
    };
    autotask::Client::new(http(), settings, Arc::new(LocalGate::default())).unwrap()
}

fn jim2_client(jim2: &Jim2, secret: &str, clock: Arc<dyn Clock>) -> jim2::Client {
    let credentials = jim2::Credentials {
        client_id: "crossbill".to_owned(),
        secret: secret.into(),
    };
    let base = format!("{}/jim2/", jim2.base_url()).parse().unwrap();
    let settings = jim2::Settings::new(base, credentials, chrono_tz::Australia::Sydney);
    jim2::Client::new(http(), settings, clock, Arc::new(LocalSession::default()))
}
