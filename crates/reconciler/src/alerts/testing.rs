//! Causes, and ways to be told of them.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use store::{
    alert::Alert,
    held::{Group, OpenProblem},
    system::SystemState,
};
use tokio::{net::TcpListener, task::JoinSet};

use super::{Alerts, Cause, Facts, Form, Outlet, Web, alarming};

/// The zone of these tests.
pub(crate) const ZONE: chrono_tz::Tz = chrono_tz::Australia::Sydney;

/// Nobody is told.
pub(crate) fn silent() -> Alerts {
    Alerts {
        outlets: Vec::new(),
        patience: TimeDelta::zero(),
        window: TimeDelta::hours(4),
        digest_at: None,
        zone: ZONE,
    }
}

/// A time of these tests.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The noon that they begin at, by UTC.
pub(crate) fn noon() -> DateTime<Utc> {
    at("2026-11-27T12:00:00Z")
}

/// Both systems run, and nothing waits.
pub(crate) fn well() -> Facts {
    let runs = |system| SystemState {
        system,
        paused: false,
        paused_by: Some("mia".to_owned()),
        stop: None,
        identity: None,
        departed: None,
    };
    Facts {
        at: noon(),
        patience: TimeDelta::minutes(5),
        held: Vec::new(),
        systems: domain::System::BOTH.map(runs),
        gaps: Vec::new(),
        sweeps: Vec::new(),
        spilled: 0,
        unheard: None,
        cursors: Vec::new(),
    }
}

/// Records that wait for a stock code.
pub(crate) fn uncoded(items: i64) -> Group {
    Group {
        problem: OpenProblem {
            identity: "lookup-missing|lookup:billingCodeStock:autotask:29".to_owned(),
            code: "lookup-missing".to_owned(),
            subject: serde_json::json!({"is": "lookup", "list": "billingCodeStock", "system": "autotask", "value": "29"}),
            says: "billing code Onsite AH has no Jim2 stock code.".to_owned(),
            who: "finance".to_owned(),
            step: "crossbill lookups set billingCodeStock autotask 29 <stock code>".to_owned(),
            continues: true,
            opened_at: noon(),
        },
        items,
        since: at("2026-11-27T03:02:00Z"),
        net: Some("4310.20".parse().unwrap()),
        labels: vec!["line".to_owned()],
        companies: vec!["Bondi Bakery".to_owned(), "O'Brien & Sons".to_owned()],
        companies_in_all: 2,
    }
}

/// The cause of that.
pub(crate) fn cause(items: i64) -> Cause {
    let facts = Facts {
        held: vec![uncoded(items)],
        ..well()
    };
    alarming(&facts).remove(0)
}

/// A cause that is there since noon.
pub(crate) fn there(cause: &Cause) -> Alert {
    Alert {
        cause: cause.identity.clone(),
        body: serde_json::to_value(cause).unwrap(),
        since: noon(),
        over_at: None,
    }
}

/// What a webhook was sent, and how it answers.
#[derive(Debug, Default)]
struct Desk {
    bodies: Mutex<Vec<Value>>,
    answer: Mutex<StatusCode>,
}

/// A program that takes messages.
#[derive(Debug)]
pub(crate) struct Taker {
    url: String,
    desk: Arc<Desk>,
    _server: JoinSet<()>,
}

impl Taker {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/a-secret-part", listener.local_addr().unwrap());
        let desk = Arc::new(Desk::default());
        let router = Router::new()
            .route("/{secret}", post(taken))
            .with_state(Arc::clone(&desk));
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            desk,
            _server: server,
        }
    }

    /// The way to it.
    pub(crate) fn outlet(&self, form: Form) -> Outlet {
        to(&self.url, form)
    }

    /// From now on it answers so.
    pub(crate) fn answers(&self, status: StatusCode) {
        *self.desk.answer.lock().unwrap() = status;
    }

    /// What came since it was last asked for.
    pub(crate) fn taken(&self) -> Vec<Value> {
        std::mem::take(&mut *self.desk.bodies.lock().unwrap())
    }
}

/// A webhook at this address.
pub(crate) fn to(url: &str, form: Form) -> Outlet {
    Outlet::Web(Web {
        http: rest::Client::new(&rest::Settings::default()).unwrap(),
        url: url.into(),
        form,
    })
}

async fn taken(State(desk): State<Arc<Desk>>, body: axum::Json<Value>) -> StatusCode {
    let answer = *desk.answer.lock().unwrap();
    if answer.is_success() {
        desk.bodies.lock().unwrap().push(body.0);
    }
    answer
}
