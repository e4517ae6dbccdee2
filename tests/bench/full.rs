//! `ops/bench full-sweep`: has every ticket compared in full, few of them and many, and tells calls, minutes and memory.

use std::{process::ExitCode, time::Duration};

use sandbox::{autotask, provider::Size};
use serde_json::{Value, json};
use sqlx::{PgPool, Row as _};
use tokio::time::{Instant, sleep};

use crate::{
    caller::{Caller, send},
    it::system::{Process, Rabbit, Site, System, memory},
    say::{note, tell},
};

/// Calls an hour that this tenant may make, so that nobody waits for the next hour.
const HOURLY_CALLS: usize = 100_000_000;
/// The longest that one of them may take.
const PATIENCE: Duration = Duration::from_hours(3);
/// How often memory is looked at.
const PACE: Duration = Duration::from_millis(200);
/// Tickets that are not as agreed.
const OTHER: i64 = 10;
/// Where it publishes them to.
const BULK: &str = "crossbill.ticket.bulk.v1";
/// Rows of a page.
const PAGE: usize = 500;
/// More than this much memory for a hundred times the records is a miss.
const FLAT: f64 = 1.1;

/// What one of them came to.
struct Swept {
    compared: i64,
    found: i64,
    calls: i64,
    took: Duration,
    memory: f64,
}

/// Sweeps a hundredth of so many, and all of them.
pub(crate) async fn run(records: usize) -> ExitCode {
    let few = sweep((records / 100).max(1)).await;
    let many = sweep(records).await;
    tell("tickets compared | not as agreed | calls to Autotask | seconds | memory at most (VmHWM)");
    for swept in [&few, &many] {
        tell(&format!(
            "{} | {} | {} | {:.1} | {:.1} MB",
            swept.compared,
            swept.found,
            swept.calls,
            swept.took.as_secs_f64(),
            swept.memory
        ));
    }
    let ratio = many.memory / few.memory;
    let verdict = if ratio <= FLAT { "met" } else { "missed" };
    tell(&format!(
        "memory for a hundred times as many: {ratio:.2} times (aim: at most {FLAT}, {verdict})"
    ));
    let pages = i64::try_from(records.div_ceil(PAGE)).unwrap_or(i64::MAX);
    let verdict = if many.calls <= pages + 1 {
        "met"
    } else {
        "missed"
    };
    tell(&format!(
        "calls: {} (aim: one a {PAGE} tickets, {pages}, {verdict})",
        many.calls
    ));
    if few.found == OTHER && many.found == OTHER {
        ExitCode::SUCCESS
    } else {
        note("it did not find exactly those that are not as agreed");
        ExitCode::FAILURE
    }
}

async fn sweep(records: usize) -> Swept {
    note(&format!("making {records} tickets and their pairs"));
    let usual = Site::default();
    let system = System::installed(Site {
        autotask: autotask::Options {
            hourly_threshold: HOURLY_CALLS,
            ..usual.autotask
        },
        is_direct: true,
        size: Size {
            companies: 300,
            contacts: 0,
            tickets: records,
            technicians: 4,
            work: None,
        },
        ..usual
    })
    .await;
    system.crossbill(&["migrate"]).await;
    system.connect(&["--resume"]).await;
    pair(&system).await;
    let_go(&system);
    note(&format!("comparing {records} tickets"));
    let began = Instant::now();
    let mut process = system.launch(&["sweep", "ticket", "--full"], "sweep");
    let most = watched(&mut process).await;
    let code = process.ended(PATIENCE).await;
    let took = began.elapsed();
    assert_eq!(code, Some(0), "the sweep");
    let row = sqlx::query(
        "select compared, calls,
                (select coalesce(sum(pairs), 0)::bigint from drift where system = 'autotask') as found
         from full_sweep where system = 'autotask' and ended_at is not null",
    )
    .fetch_one(&system.database.pool)
    .await
    .unwrap();
    Swept {
        compared: row.get("compared"),
        found: row.get("found"),
        calls: row.get("calls"),
        took,
        memory: most,
    }
}

/// Forgets what `connect` published: nobody works on it here, and a sweep would wait until somebody has.
fn let_go(system: &System) {
    if let Rabbit::Shared(vhost) = &system.rabbit {
        vhost.empty_queue(BULK);
    }
}

/// The most memory that a process has had, until it ends.
async fn watched(process: &mut Process) -> f64 {
    let mut most = 0.0;
    while process.lives().is_ok() {
        most = memory(process, "VmHWM").unwrap_or_default().max(most);
        sleep(PACE).await;
    }
    most
}

/// Pairs of all tickets, which agree on what these are called; but for some, which agreed on something else.
async fn pair(system: &System) {
    let autotask = system.stand_ins.0.base_url();
    let autotask = autotask.trim_start_matches("http://");
    let mut after = 0;
    loop {
        let page = page(autotask, after).await;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = *last;
        insert(&system.database.pool, page).await;
    }
    let other = r#"update pair set shadow = jsonb_set(shadow, '{autotask,item_desc}', '"Another"')
                   where id in (select id from pair where kind = 'ticket' and shadow is not null order by id limit $1)"#;
    let query = sqlx::query(other).bind(OTHER);
    query.execute(&system.database.pool).await.unwrap();
    sqlx::query("analyze pair")
        .execute(&system.database.pool)
        .await
        .unwrap();
}

/// The next tickets behind this one: ids and titles.
async fn page(autotask: &str, after: i64) -> Vec<(i64, String)> {
    let body = json!({
        "maxRecords": PAGE, "includeFields": ["id", "title"],
        "filter": [{"op": "gt", "field": "id", "value": after}],
    });
    let headers = [
        ("content-type", "application/json"),
        ("UserName", "crossbill@provider.example"),
        ("Secret", "sandbox-secret"),
        ("ApiIntegrationCode", "SANDBOX-CODE-OF-THE-INTEGRATION"),
    ];
    let path = "/ATServicesRest/V1.0/Tickets/query";
    let request = send("POST", path, &headers, body.to_string().as_bytes());
    let mut caller = Caller::to(autotask).await.unwrap();
    let answer = caller.call(&request).await.json();
    let rows = answer["items"].as_array().unwrap().iter();
    let read = |row: &Value| {
        let title = row["title"].as_str().unwrap_or_default();
        (row["id"].as_i64().unwrap(), title.to_owned())
    };
    rows.map(read).collect()
}

async fn insert(pool: &PgPool, page: Vec<(i64, String)>) {
    let (ids, titles): (Vec<i64>, Vec<String>) = page.into_iter().unzip();
    sqlx::query(
        "insert into pair (id, kind, autotask_id, jim2_id, state, label, shadow)
         select gen_random_uuid(), 'ticket', t.id::text, (t.id + 1000000000)::text, 'paired', t.title,
                jsonb_build_object('v', 1,
                    'autotask', jsonb_build_object('item_desc', t.title),
                    'jim2', jsonb_build_object('item_desc', t.title))
         from unnest($1::bigint[], $2::text[]) as t (id, title)
         on conflict do nothing",
    )
    .bind(ids)
    .bind(titles)
    .execute(pool)
    .await
    .unwrap();
}
