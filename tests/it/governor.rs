//! One allowance for all processes, beside an integration of somebody else's: the proof of `ops/bench governor`. The minute
//! has to roll, which is too long for the suite.

use std::time::Duration;

use sandbox::{autotask, fault::switch::Switch};
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};

use crate::system::{
    LATER, Process, SOON, Site, System, Ticket, eventually, free_port, get_as, only_if,
};

/// What the tenant may call in its minute, and how much of it another integration does.
pub(crate) const ALLOWANCE: u32 = 1_000;
const THEIRS: u32 = ALLOWANCE / 2;
/// Where the other integration calls, and nobody else.
const OTHERS: &str = "Version";
/// So many calls it makes at once.
const LOOPS: u32 = 3;
/// What Autotask allows an endpoint at once.
const AT_ONCE: u64 = 3;
/// More than there is room for in what is left of a minute.
const TICKETS: usize = 120;
/// How long it may take until all is done: the minute has to roll.
const ROLLED: Duration = Duration::from_mins(4);

/// What was kept to.
pub(crate) struct Kept {
    /// Tickets that were made equal.
    pub(crate) tickets: usize,
    /// How long that took.
    pub(crate) took: Duration,
    /// The most calls in a minute, everybody's.
    pub(crate) most_used: u64,
    /// The endpoint at which most calls were made at once, and how many.
    pub(crate) most_at_once: (String, u64),
}

/// Two processes at full load, one of them killed amid its calls. Panics where a limit was not kept to, or where not all is
/// equal in the end.
pub(crate) async fn play(note: fn(&str)) -> Kept {
    let system = System::installed(crowded()).await;
    let mut theirs = others_call(&system).await;
    system.crossbill(&["migrate"]).await;
    system.connect(&["--resume"]).await;
    system.release().await;
    system.serve().await;
    system.settle().await;
    let second = beside(&system);
    narrow(&system).await;

    note("two processes run; tickets are raised");
    let began = Instant::now();
    let tickets = raise(&system).await;
    kill_in_mid_call(&system, second).await;
    note("one of them was killed, and another is started");
    system.keep(beside(&system));
    for ticket in &tickets {
        system.hands.job_of(ticket, ROLLED).await;
    }
    system.quiet_within(ROLLED).await;
    let took = began.elapsed();
    let refused = theirs.try_join_next();
    assert!(refused.is_none(), "somebody else was refused");
    system.agrees().await;
    Kept {
        tickets: tickets.len(),
        took,
        ..judged(&system).await
    }
}

/// What the stand-in counted.
async fn judged(system: &System) -> Kept {
    let stats = system.hands.autotask.stats().await.unwrap();
    let endpoints = stats["maxConcurrent"].as_object().unwrap().iter();
    let endpoints = endpoints.filter(|(endpoint, _)| *endpoint != OTHERS);
    let counts = endpoints.map(|(endpoint, most)| (endpoint.clone(), most.as_u64().unwrap()));
    let most_at_once = counts.max_by_key(|(_, most)| *most).unwrap();
    assert!(most_at_once.1 <= AT_ONCE, "{most_at_once:?} at once");
    let most_used = stats["calls"]["mostUsed"].as_u64().unwrap();
    let all = u64::from(ALLOWANCE);
    assert!(most_used <= all / 10 * 9, "{most_used} of {all} were used");
    assert!(
        most_used >= all / 10 * 7,
        "{most_used} of {all}: there was no load"
    );
    Kept {
        tickets: 0,
        took: Duration::ZERO,
        most_used,
        most_at_once,
    }
}

/// Another integration calls, as if it had done so steadily for a minute before.
async fn others_call(system: &System) -> JoinSet<()> {
    let traffic = json!({"requests": THEIRS});
    let done = system.hands.autotask.act("traffic", &traffic).await;
    done.unwrap();
    let mut theirs = JoinSet::new();
    for _ in 0..LOOPS {
        theirs.spawn(call_steadily(system.stand_ins.0.base_url()));
    }
    theirs
}

/// The tenant's allowance becomes small and its answers slow, and Crossbill has measured it.
async fn narrow(system: &System) {
    for switch in [
        Switch::on("slow-answer").set_to("150ms"),
        Switch::on("threshold").set_to(ALLOWANCE.to_string()),
    ] {
        system.hands.autotask.switch(&switch).await.unwrap();
    }
    eventually(SOON, "the allowance is measured", async || {
        let told = system.crossbill(&["budget", "--json"]).await;
        let budget: Value = serde_json::from_str(&told).unwrap();
        only_if(budget["usage"]["allowance"] == ALLOWANCE, told)
    })
    .await;
}

/// A tenant that counts by the minute, with two integrations.
fn crowded() -> Site {
    let site = Site::default();
    let other = autotask::ApiUser {
        user_name: "reports@provider.example".to_owned(),
        integration_code: "REPORTS".to_owned(),
        resource: autotask::API_RESOURCE - 1,
        ..autotask::ApiUser::crossbill()
    };
    let mut options = site.autotask;
    options.users.push(other);
    options.faults.push(Switch::on("timeframe").set_to("1"));
    Site {
        autotask: options,
        ..site
    }
}

/// A second process with all roles.
fn beside(system: &System) -> Process {
    let ingress = format!("127.0.0.1:{}", free_port());
    system.launch_role_with(&[("INGRESS_LISTEN", &ingress)], &[], "serve-2")
}

/// A part of another integration's calls, until one is refused.
async fn call_steadily(base: String) {
    let url = format!("{base}/ATServicesRest/V1.0/{OTHERS}");
    let headers = [
        ("UserName", "reports@provider.example"),
        ("Secret", "sandbox-secret"),
        ("ApiIntegrationCode", "REPORTS"),
    ];
    let mut turns = interval(Duration::from_mins(1) * LOOPS / THEIRS);
    turns.set_missed_tick_behavior(MissedTickBehavior::Burst);
    loop {
        turns.tick().await;
        if !get_as(&url, &headers).await.unwrap().is_success() {
            return;
        }
    }
}

async fn raise(system: &System) -> Vec<Ticket> {
    let (company, _) = system.hands.customer().await;
    let mut tickets = Vec::new();
    for number in 0..TICKETS {
        let set = json!({"companyID": company, "title": format!("Call {number}")});
        tickets.push(system.hands.raise_with(set).await);
    }
    tickets
}

/// Kills the process while its calls run at the other end, and go on there.
async fn kill_in_mid_call(system: &System, process: Process) {
    let owner = format!("{}-%", process.id());
    eventually(LATER, "it makes two calls at once", async || {
        let places = sqlx::query_scalar("select count(*) from slot where owner like $1");
        let taken: i64 = places
            .bind(&owner)
            .fetch_one(&system.database.pool)
            .await
            .unwrap();
        only_if(taken > 1, format!("it makes {taken}"))
    })
    .await;
    process.kill();
}
