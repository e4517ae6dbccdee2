//! What the command line takes and refuses.

use std::time::Duration;

use clap::{CommandFactory as _, Parser as _};
use sandbox::autotask::Autotask;
use sandbox::jim2::{ErrorBodies, Paging};
use serde_json::json;

use super::{Cli, Command, fault, serve};

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

/// What a line says to one of the commands.
macro_rules! args {
    ($command:ident, $line:literal) => {{
        let Ok(Cli {
            command: Command::$command(args),
        }) = parse($line)
        else {
            panic!("not read")
        };
        args
    }};
}

#[test]
fn the_command_line_does_not_contradict_itself() {
    Cli::command().debug_assert();
}

#[test]
fn switches_reach_the_options_and_the_rest_stays_default() {
    let args = args!(
        Autotask,
        "sandbox autotask --hourly-threshold 50 --webhook-latency 2s --fault hidden:value=Roles --no-queue-required --no-crossbill-udfs --inventory products"
    );
    let options = args.options();
    assert_eq!(
        (options.hourly_threshold, options.webhook_latency),
        (50, Duration::from_secs(2))
    );
    assert!(!options.queue_required && !options.crossbill_udfs && !options.webhook_https_only);
    assert_eq!(
        options.faults,
        [Autotask::fault("hidden:value=Roles").unwrap()]
    );
    assert_eq!(options.threads, 3);
    assert_eq!(options.inventory, sandbox::autotask::Inventory::Products);
}

#[test]
fn jim2_switches_reach_its_options() {
    let args = args!(
        Jim2,
        "sandbox jim2 --licences 1 --no-named-queries --item-users SERVER=JC,AB --jobcreate-refuses status,ourRef --jobcreate-takes all --error-bodies plain-text --paging pageno"
    );
    let options = args.options();
    assert_eq!(
        (
            options.licences,
            options.named_queries,
            options.refresh_grant
        ),
        (1, false, false)
    );
    assert_eq!(options.item_users["SERVER"].len(), 2);
    assert!(options.jobcreate_refuses.contains("ourRef"));
    assert!(options.jobcreate_takes.contains("priority"));
    assert_eq!(
        (options.error_bodies, options.paging),
        (ErrorBodies::PlainText, Paging::PageNoPageSize)
    );
}

#[test]
fn both_take_the_switches_of_both() {
    assert!(
        parse("sandbox both --listen 127.0.0.1:0 --threads 1 --licences 1 --seed 7 --tickets 5")
            .is_ok()
    );
}

#[test]
fn faults_are_on_from_the_start_and_drawn_by_the_seed() {
    let args = args!(
        Autotask,
        "sandbox autotask --seed 7 --fault lost-answer:count=1 --fault error-500"
    );
    let options = args.options();
    let names: Vec<_> = options.faults.iter().map(|fault| &fault.name).collect();
    assert_eq!(names, ["lost-answer", "error-500"]);
    assert_eq!(options.fault_seed, 7);
    let args = args!(
        Both,
        "sandbox both --seed 7 --autotask-fault repeated-webhook --jim2-fault lost-answer:rate=0.5"
    );
    let (autotask, jim2) = args.options();
    assert_eq!(autotask.faults[0].name, "repeated-webhook");
    assert_eq!(
        (jim2.faults[0].name.as_str(), jim2.fault_seed),
        ("lost-answer", 7)
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    for line in [
        "sandbox",
        "sandbox autotask --listen nowhere",
        "sandbox autotask --licences 1",
        "sandbox autotask --webhook-tries 0",
        "sandbox autotask --fault hidden:value=Wombats",
        "sandbox jim2 --api-level 11",
        "sandbox jim2 --time-zone Australia/Atlantis",
        "sandbox jim2 --ready-status 200",
        "sandbox generate --seed minus",
        "sandbox fault on unavailable",
        "sandbox fault on unavailable --url http://127.0.0.1:1 --rate 2",
        "sandbox fault on unavailable --url http://127.0.0.1:1 --rate 0",
        "sandbox fault on unavailable --url http://127.0.0.1:1 --count 0",
        "sandbox autotask --fault flood",
        "sandbox autotask --fault unavailable:rate=2",
        "sandbox jim2 --fault repeated-webhook",
        "sandbox both --fault unavailable",
    ] {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn jim2_listens_behind_autotask() {
    let next =
        |address: &str| serve::next_port(address.parse().unwrap()).map(|next| next.to_string());
    assert_eq!(next("127.0.0.1:18080").unwrap(), "127.0.0.1:18081");
    assert_eq!(next("[::1]:0").unwrap(), "[::1]:0");
    assert!(next("127.0.0.1:65535").is_err());
}

#[test]
fn faults_are_listed_with_their_limits() {
    let told = json!([
        {"name": "error-500", "does": "answers 500", "takes": null, "on": true, "rate": 0.5, "count": null, "value": null},
        {"name": "late", "does": "comes later", "takes": "a duration (2s)", "on": true, "rate": null, "count": 3, "value": "5s"},
        {"name": "night", "does": "is dark", "takes": null, "on": false, "rate": null, "count": null, "value": null},
    ]);
    assert_eq!(
        fault::listed(&told),
        "error-500              on, rate 0.5 answers 500\n\
         late                   on, count 3, value 5s comes later; takes a duration (2s)\n\
         night                  off   is dark"
    );
}
