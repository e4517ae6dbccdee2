//! Addresses in the environment: read, completed, and shown without their passwords.

use std::os::unix::net::UnixListener;

use super::shell::Shell;

#[test]
fn host_and_port_are_found_in_every_form_of_address() {
    let shell = Shell::create();
    for (url, expected) in [
        ("postgres://app@db.example/crossbill", "db.example 5432"),
        (
            "postgres://app:p%40ss@db.example:5433/crossbill",
            "db.example 5433",
        ),
        ("postgres://app@[::1]/crossbill", "::1 5432"),
        ("postgres://app@[::1]:5433/crossbill", "::1 5433"),
        ("postgres:///crossbill", "localhost 5432"),
        (
            "postgres:///crossbill?host=/var/run/postgresql",
            "/var/run/postgresql 5432",
        ),
        (
            "postgres:///crossbill?port=5433&host=%2Frun%2Fpg",
            "/run/pg 5433",
        ),
    ] {
        let answer = shell
            .run_with(
                &[("U", url)],
                r#"urls_address "$U" 5432; echo "$URL_HOST $URL_PORT""#,
            )
            .answer();
        assert_eq!(answer, expected, "{url}");
    }
}

#[test]
fn a_login_is_decoded_and_a_password_is_never_shown() {
    let shell = Shell::create();
    let url = r"amqps://cross%40bill:p%2F%25\n:1@mq.example:5671/%2f?heartbeat=5&password=hunter2";
    let answer = shell
        .run_with(
            &[("U", url)],
            r#"urls_decode "$(urls_user "$U"):$(urls_password "$U")"; echo; urls_redacted "$U"; urls_with_path "$U" demo"#,
        )
        .answer();
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines[0], r"cross@bill:p/%\n:1");
    assert_eq!(
        lines[1],
        "amqps://cross%40bill:***@mq.example:5671/%2f?heartbeat=5&password=***"
    );
    assert_eq!(
        lines[2],
        r"amqps://cross%40bill:p%2F%25\n:1@mq.example:5671/demo?heartbeat=5&password=hunter2"
    );
}

#[test]
fn the_management_plugin_of_an_amqp_url_is_at_its_usual_port_unless_it_is_named() {
    let shell = Shell::create();
    for (amqp, api, expected) in [
        (
            "amqp://app:pw@mq.example:5673/%2f",
            "",
            "http://mq.example:15672",
        ),
        ("amqps://mq.example", "", "https://mq.example:15671"),
        ("amqp://[::1]", "", "http://[::1]:15672"),
        (
            "amqp://mq.example",
            "http://mq.example/rabbit",
            "http://mq.example/rabbit",
        ),
    ] {
        let settings = [
            ("DATABASE_URL", "postgres://db.example/site"),
            ("AMQP_URL", amqp),
            ("AMQP_API_URL", api),
        ];
        // Whatever listens there, or not.
        let commands = "services_reachable() { true; }; services_up; services_env";
        let answer = shell.run_with(&settings, commands).answer();
        let last = answer.lines().last().unwrap();
        assert_eq!(
            last.replace('\\', ""),
            format!("export AMQP_API_URL={expected}")
        );
    }
}

#[test]
fn an_address_where_nobody_answers_is_named_with_what_to_do() {
    let shell = Shell::create();
    let api_is_away = r#"services_reachable() { urls_address "$2" "$3"; [ "$1" != AMQP_API_URL ]; }; rabbitmq_up"#;
    for (settings, commands, expected) in [
        (
            &[("AMQP_URL", "amqp://mq.example")][..],
            api_is_away,
            "the management plugin of AMQP_URL's RabbitMQ does not answer at http://mq.example:15672, its usual place: \
             enable it with `rabbitmq-plugins enable rabbitmq_management`, or set AMQP_API_URL to where it is.",
        ),
        (
            &[("AMQP_API_URL", "http://mq.example:15672")],
            "rabbitmq_up",
            "AMQP_API_URL is set, but AMQP_URL, whose management it is, is not: set AMQP_URL too, or unset \
             AMQP_API_URL to get a private RabbitMQ.",
        ),
        (
            &[("DATABASE_URL", "postgres://app@127.0.0.1:1/site")],
            "postgres_up",
            "DATABASE_URL points at 127.0.0.1 port 1, where nobody answers: start it, or unset DATABASE_URL to get a \
             private one.",
        ),
        (
            &[("DATABASE_URL", "postgres://app@one:5432,two:5432/site")],
            "postgres_up",
            "DATABASE_URL names several hosts (one:5432,two), and Crossbill talks to one: leave one of them.",
        ),
    ] {
        assert_eq!(shell.run_with(settings, commands).refusal(), expected);
    }
}

#[test]
fn a_postgres_behind_a_socket_is_found() {
    let shell = Shell::create();
    // A socket's path is short: longer than 107 bytes it cannot be bound.
    let folder = std::env::temp_dir().join(format!("ops-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir(&folder).unwrap();
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5433")).unwrap();
    let url = format!("postgres:///site?host={}&port=5433", folder.display());
    let found = shell.run_with(&[("DATABASE_URL", &url)], "postgres_up");
    drop(listener);
    std::fs::remove_dir_all(&folder).unwrap();
    found.answer();
    let gone = shell
        .run_with(&[("DATABASE_URL", &url)], "postgres_up")
        .refusal();
    assert!(gone.contains("nobody answers"), "{gone}");
}
