//! The private PostgreSQL and RabbitMQ: started once, found again, and no trouble to whoever started them.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use super::shell::Shell;

#[test]
fn services_are_started_once_and_hold_no_lock_of_whoever_started_them() {
    let shell = Shell::create();
    let processes = "echo $(head -n 1 $POSTGRES_DATA/postmaster.pid) $(rabbitmq_processes | sort)";
    // As ops/demo does it.
    let demo = format!(
        r#"exec {{DEMO_LOCK}}>"$RUN/demo.lock"; flock -n "$DEMO_LOCK" || fail "a demo runs"; services_up >&2; {processes}"#
    );
    let first = shell.run(&demo).answer();
    assert!(first.split(' ').count() > 2, "{first}");

    let locks = r#"flock -n "$RUN/demo.lock" true; flock -n "$RUN/lock" true"#;
    shell.run(locks).answer();
    let second = shell.run(&demo).answer();
    assert_eq!(second, first, "the same processes serve the second");
}

#[test]
fn a_postgres_that_was_killed_is_started_again_on_its_data_and_on_a_free_port() {
    let shell = Shell::create();
    let ask = |commands: &str| {
        shell.run(&format!("postgres_start >&2; q() {{ psql -XqAt -d \"$(postgres_url)\" -c \"$1\"; }}; {commands}")).answer()
    };
    ask("q 'create table kept (number int)'; q 'insert into kept values (7)'");
    let port: u16 = shell.read(".run/postgres.port").trim().parse().unwrap();
    // With its process id and a cluster that was never finished left behind.
    shell
        .run(
            r#"kill -9 "$(head -n 1 "$POSTGRES_DATA/postmaster.pid")"; wait_until 20 postgres_is_gone
            test -s "$POSTGRES_DATA/postmaster.pid"; mkdir "$POSTGRES_HOME/data.new""#,
        )
        .answer();
    let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();

    assert_eq!(ask("q 'select number from kept'"), "7");
    assert_ne!(shell.read(".run/postgres.port").trim(), port.to_string());
}

#[test]
fn remembered_ports_are_kept_while_they_are_free_and_replaced_when_one_is_taken() {
    let shell = Shell::create();
    let settle = r#"ports_settle "$RUN/ports" 4; cat "$RUN/ports""#;
    let first: u16 = shell.run(settle).answer().parse().unwrap();
    assert_eq!(shell.run(settle).answer(), first.to_string());

    let _taken = TcpListener::bind(("127.0.0.1", first + 2)).unwrap();
    let done = shell.run(settle);
    assert!(
        done.said
            .contains(&format!("has taken a port from {first} to {}", first + 3)),
        "{done:?}"
    );
    assert_ne!(done.answer(), first.to_string());
}

/// Where root's PostgreSQL, which is not run as root, cannot reach the checkout, its cluster is elsewhere.
#[test]
fn a_folder_outside_the_checkout_is_made_for_a_cluster_and_for_nothing_less() {
    let shell = Shell::create();
    fs::create_dir(shell.path("elsewhere")).unwrap();
    fs::set_permissions(shell.path(""), fs::Permissions::from_mode(0o700)).unwrap();
    let elsewhere = shell.path("elsewhere");
    shell
        .run_with(
            &[("TMPDIR", elsewhere.to_str().unwrap())],
            "postgres_find || true; postgres_is_gone",
        )
        .answer();
    assert_eq!(fs::read_dir(elsewhere).unwrap().count(), 0);
}
