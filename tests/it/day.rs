//! The whole scripted day of the demonstration, while Crossbill and its broker are ended without any warning.

use std::{
    collections::BTreeSet,
    io,
    pin::pin,
    process::{Output, Stdio},
};

use axum::{Router, extract::Path, routing::get};
use sandbox::{day::Script, jim2};
use tokio::{
    net::TcpListener,
    process::Command,
    sync::{mpsc, oneshot},
    task::JoinSet,
};

use crate::system::{Site, System, program, variable};

/// In these steps, counted from 1, the broker is restarted.
const BROKER: [usize; 2] = [6, 14];
/// In each step with a number that this divides and no restart, Crossbill is killed. Each kill costs the time of a claim.
const KILL: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_day_is_played_through_kill_after_kill_and_two_restarts_of_the_broker() {
    let system = site().await;
    system.serve().await;
    let (gate, mut asked) = Gate::open().await;
    let mut day = pin!(play(&system, &gate));
    let mut disturbed = BTreeSet::new();
    let output = loop {
        tokio::select! {
            output = &mut day => break output.unwrap(),
            Some((step, goes_on)) = asked.recv() => {
                disturb(&system, step).await;
                disturbed.insert(step);
                goes_on.send(()).unwrap();
            }
        }
    };
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    // The tickets that come all at once are one step more.
    let steps = Script::standard().unwrap().step_count() + 1;
    assert_eq!(disturbed, (1..=steps).collect(), "{told}");
    assert!(
        told.contains("Crossbill started again"),
        "it was never killed: {told}"
    );
    system.quiet().await;
    let made = [
        "contract",
        "asset",
        "stock",
        "purchase",
        "quote",
        "card-note",
        "attachment",
    ];
    let agreement = system.agrees_on(&made).await;
    for kind in [
        "contracts",
        "assets",
        "products",
        "purchases",
        "quotes",
        "notes of cards",
        "lists of attachments",
    ] {
        assert!(
            agreement.compared.contains_key(kind),
            "{kind}: {agreement:?}"
        );
    }
    let status = system.crossbill(&["status"]).await;
    assert!(status.contains("All is well"), "{status}");
}

/// What the demonstration allows, with a broker of its own.
async fn site() -> System {
    let usual = Site::default();
    let system = System::installed(Site {
        has_own_rabbitmq: true,
        jim2: jim2::Options {
            quotes: true,
            ..usual.jim2
        },
        ..usual
    })
    .await;
    system.crossbill(&["migrate"]).await;
    let more = [
        "--resume",
        "--create",
        "ticket-from-job,contract,asset,stock,purchase,quote",
        "--tickets-from",
        "job-type=Problem",
        "--stock-groups",
        "Hardware",
        "--price-level",
        "1-Retail",
        "--stock-locations",
        "1=Sydney,2=Melbourne",
    ];
    system.connect(&more).await;
    system.release().await;
    system
}

/// After people have acted and before anybody looks.
async fn disturb(system: &System, step: usize) {
    if BROKER.contains(&step) {
        system.rabbit.own().restart();
    } else if step.is_multiple_of(KILL) {
        system.kill();
        system.serve().await;
    }
}

type Asked = mpsc::UnboundedReceiver<(usize, oneshot::Sender<()>)>;

/// Where the day asks, in each step, whether it may go on.
struct Gate {
    address: String,
    _tasks: JoinSet<()>,
}

impl Gate {
    async fn open() -> (Self, Asked) {
        let (ask, asked) = mpsc::unbounded_channel();
        let wait = async move |Path(step): Path<usize>| {
            let (goes_on, waits) = oneshot::channel();
            ask.send((step, goes_on)).unwrap();
            waits.await.unwrap();
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/{step}", get(wait));
        let mut tasks = JoinSet::new();
        tasks.spawn(async { drop(axum::serve(listener, router).await) });
        let gate = Self {
            address,
            _tasks: tasks,
        };
        (gate, asked)
    }
}

/// The program that plays it for the demonstration, with this site's configuration; its report goes to standard output.
async fn play(system: &System, gate: &Gate) -> io::Result<Output> {
    let metrics = format!("http://{}/metrics", system.setting("ADMIN_LISTEN"));
    let ask = format!("curl -sSf --noproxy '*' {}/$STEP", gate.address);
    let (autotask, jim2) = &system.stand_ins;
    let mut command = Command::from(system.program("sandbox"));
    command
        .args(["day", "--tickets-burst", "20", "--patience", "75s"])
        .args(["--autotask", &autotask.base_url()])
        .args(["--jim2", &jim2.base_url()])
        .args(["--metrics", &metrics, "--amid-steps", &ask])
        .arg("--crossbill")
        .arg(program("crossbill"))
        .env("PATH", variable("PATH"))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
}
