mod alerts;
mod spoiled;

use std::{fs, path::PathBuf};

use secrecy::ExposeSecret as _;

use super::*;

/// The smallest configuration that is right.
const RIGHT: [(&str, &str); 9] = [
    (
        "DATABASE_URL",
        "postgres://crossbill:pg-password@db.example/crossbill",
    ),
    ("AMQP_URL", "amqp://crossbill:mq-password@mq.example/site"),
    ("CROSSBILL_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
    ("AUTOTASK_USERNAME", "crossbill@provider.example"),
    ("AUTOTASK_SECRET", "autotask-password"),
    ("AUTOTASK_INTEGRATION_CODE", "SECRETCODE"),
    ("JIM2_URL", "http://jim2.example:8080/jim2/"),
    ("JIM2_CLIENT_ID", "crossbill"),
    ("JIM2_SECRET", "jim2-password"),
];

/// [`RIGHT`] with one variable changed, or taken away where it is changed to nothing.
fn changed(name: &str, value: &str) -> Environment {
    Environment::from(RIGHT.map(|(it, was)| (it, if it == name { value } else { was })))
}

fn problems(environment: &Environment) -> Vec<String> {
    Config::load(None, environment).unwrap_err().problems
}

/// A file of its own, gone with the guard.
struct File(PathBuf);

impl File {
    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

fn file(text: &str) -> File {
    let path = std::env::temp_dir().join(format!("crossbill-{}", uuid::Uuid::now_v7()));
    fs::write(&path, text).unwrap();
    File(path)
}

#[test]
fn the_required_settings_are_enough() {
    let config = Config::load(None, &Environment::from(RIGHT)).unwrap();
    assert_eq!(config.time_zone, chrono_tz::Australia::Sydney);
    assert_eq!(config.ingress.listen.port(), 8080);
    assert_eq!(config.ingress.public_url, None);
    assert_eq!(config.admin_listen.to_string(), "127.0.0.1:9090");
    assert_eq!(config.log.format, LogFormat::Text);
}

#[test]
fn every_missing_setting_is_named_at_once_with_both_names() {
    let problems = problems(&Environment::default());
    assert_eq!(problems.len(), RIGHT.len(), "{problems:#?}");
    for (name, _) in RIGHT {
        assert!(
            problems
                .iter()
                .any(|problem| problem.contains(name) && problem.contains("is missing")),
            "{name}: {problems:#?}"
        );
    }
    assert!(problems[3].starts_with("autotask.username (AUTOTASK_USERNAME) is missing: the login"));
}

#[test]
fn a_wrong_value_is_named_with_its_remedy() {
    for (name, value, expected) in [
        (
            "DATABASE_URL",
            "mysql://root@db",
            "postgres://user:password@host",
        ),
        (
            "AMQP_URL",
            "http://mq.example",
            "amqps://user:password@host",
        ),
        ("CROSSBILL_SECRET_KEY", "short", "openssl rand -hex 32"),
        ("JIM2_URL", "jim2.example", "is no address"),
        ("JIM2_URL", "ftp://jim2.example/", "http://"),
        ("JIM2_CLIENT_ID", "", "is missing"),
    ] {
        let problems = problems(&changed(name, value));
        assert_eq!(problems.len(), 1, "{name}={value}: {problems:#?}");
        assert!(problems[0].contains(name), "{}", problems[0]);
        assert!(problems[0].contains(expected), "{}", problems[0]);
    }
}

#[test]
fn an_address_of_autotask_ends_where_its_versions_begin() {
    let set = |name: &'static str, value: &'static str| {
        let mut with = [(name, value); RIGHT.len() + 1];
        with[..RIGHT.len()].copy_from_slice(&RIGHT);
        Config::load(None, &Environment::from(with))
    };
    for name in ["AUTOTASK_ZONE_URL", "AUTOTASK_DISCOVERY_URL"] {
        for (value, expected) in [
            (
                "https://webservices14.autotask.net",
                "does not end in ATServicesRest",
            ),
            (
                "https://webservices14.autotask.net/",
                "does not end in ATServicesRest",
            ),
            (
                "https://ww14.autotask.net/Autotask35/",
                "does not end in ATServicesRest",
            ),
            ("http://127.0.0.1:8081", "does not end in ATServicesRest"),
            (
                "https://webservices14.autotask.net/ATServicesRest/V1.0/",
                "leave V1.0 out",
            ),
            ("https://proxy.example/autotask/v1.0", "leave V1.0 out"),
        ] {
            let problems = set(name, value).unwrap_err().problems;
            assert_eq!(problems.len(), 1, "{name}={value}: {problems:#?}");
            assert!(problems[0].contains(name), "{}", problems[0]);
            assert!(problems[0].contains(expected), "{}", problems[0]);
        }
        for value in [
            "https://webservices14.autotask.net/ATServicesRest/",
            "https://webservices14.autotask.net/atservicesrest",
            "http://127.0.0.1:8081/ATServicesRest/",
            "https://proxy.example/autotask/",
        ] {
            assert!(set(name, value).is_ok(), "{name}={value}");
        }
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = file(
        "[jim2]\nclient_id = \"of-the-file\"\n[site]\ntime_zone = \"Australia/Perth\"\n\
         [admin]\nlisten = \"127.0.0.1:9999\"\n[log]\nlevel = \"debug\"\nformat = \"json\"",
    );
    let config = Config::load(Some(file.path()), &Environment::from(RIGHT)).unwrap();
    assert_eq!(config.jim2.client_id, "crossbill");
    assert_eq!(config.time_zone, chrono_tz::Australia::Perth);
    assert_eq!(config.admin_listen.port(), 9999);
    assert_eq!(config.log.level.as_deref(), Some("debug"));
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn wrong_values_of_the_optional_settings_are_told_together() {
    let file = file(
        "[site]\ntime_zone = \"Sydney\"\n[ingress]\nlisten = \"8080\"\npublic_url = \"crossbill.example\"\n\
         [log]\nlevel = \"a=b=c\"\nformat = \"xml\"\n[autotask]\nzone_url = 7\ndiscovery_url = true",
    );
    let wrong = Config::load(Some(file.path()), &Environment::from(RIGHT)).unwrap_err();
    for name in [
        "SITE_TIME_ZONE",
        "INGRESS_LISTEN",
        "INGRESS_PUBLIC_URL",
        "CROSSBILL_LOG)",
        "CROSSBILL_LOG_FORMAT",
        "AUTOTASK_ZONE_URL",
        "AUTOTASK_DISCOVERY_URL",
    ] {
        assert!(wrong.to_string().contains(name), "{name}: {wrong}");
    }
}

#[test]
fn an_unknown_name_in_the_file_is_told_with_the_nearest_known_one() {
    let file = file("database = \"x\"\ncolour = \"red\"\n[jim2]\nclientid = \"x\"");
    let wrong = Config::load(Some(file.path()), &Environment::from(RIGHT)).unwrap_err();
    let says = wrong.to_string();
    assert!(
        says.contains("no setting database; did you mean database_url?"),
        "{says}"
    );
    assert!(
        says.contains("no setting jim2.clientid; did you mean jim2.client_id?"),
        "{says}"
    );
    assert!(says.contains("no setting colour; remove it"), "{says}");
}

#[test]
fn a_file_that_is_no_toml_or_not_there_is_told_without_its_content() {
    let file = file("secret_key = hunter2 and more");
    let wrong = Config::load(Some(file.path()), &Environment::from(RIGHT)).unwrap_err();
    assert!(wrong.to_string().contains("is not TOML"), "{wrong}");
    assert!(!wrong.to_string().contains("hunter2"), "{wrong}");
    let gone = Config::load(Some(Path::new("no-such-file")), &Environment::from(RIGHT));
    assert!(gone.unwrap_err().to_string().contains("--config"));
}

#[test]
fn a_secret_comes_from_a_file_without_its_line_end() {
    let file = file("of-the-file\r\n");
    let path = file.path().to_str().unwrap();
    let environment = Environment::from(RIGHT.map(|(name, value)| match name {
        "JIM2_SECRET" => ("JIM2_SECRET_FILE", path),
        _ => (name, value),
    }));
    let config = Config::load(None, &environment).unwrap();
    assert_eq!(config.jim2.secret.expose_secret(), "of-the-file");
}

#[test]
fn a_secret_in_two_places_or_in_no_readable_file_is_refused() {
    let twice = Environment::from(RIGHT.map(|(name, value)| match name {
        "JIM2_CLIENT_ID" => ("JIM2_SECRET_FILE", "/dev/null"),
        _ => (name, value),
    }));
    assert!(problems(&twice)[0].contains("both set"));
    for (path, expected) in [
        ("/no/such/file", "cannot be read"),
        ("/dev/null", "is empty"),
    ] {
        let environment = Environment::from(RIGHT.map(|(name, value)| match name {
            "JIM2_SECRET" => ("JIM2_SECRET_FILE", path),
            _ => (name, value),
        }));
        let problems = problems(&environment);
        assert!(problems[0].contains(expected), "{problems:#?}");
    }
}

#[test]
fn no_secret_is_shown() {
    let environment = Environment::from(RIGHT);
    let config = Config::load(None, &environment).unwrap();
    let shown = format!("{config:?} {environment:?}");
    for secret in [
        "pg-password",
        "mq-password",
        "autotask-password",
        "jim2-password",
        "SECRETCODE",
        "0123456789abcdef",
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn the_help_names_every_setting() {
    let help = help();
    for setting in SETTINGS {
        assert!(help.contains(setting.env), "{}", setting.env);
    }
    assert!(help.contains("[autotask]") && help.contains("JIM2_SECRET_FILE"));
}

#[test]
fn the_help_can_be_copied_into_a_file() {
    let help = help();
    let file = help.split_once("every setting:").unwrap().1;
    assert!(file.lines().all(|line| line.len() < 100), "{file}");
    let table: toml::Table = file.parse().unwrap();
    assert!(table.contains_key("autotask"));
}

#[test]
fn sweeps_are_configured_as_a_table_or_in_one_text() {
    let minutes = |config: Config| {
        let usual = std::time::Duration::from_mins(10);
        let every = ["ticket_autotask", "contact_jim2", "company_jim2"]
            .map(|word| config.sweep.of(word, usual));
        every.map(|every| every.map(|every| every.as_secs() / 60))
    };
    let in_file = file("[sweep]\nticket_autotask = 5\ncontact_jim2 = \"off\"\n");
    let environment = Environment::from(RIGHT);
    let config = Config::load(Some(in_file.path()), &environment).unwrap();
    assert_eq!(minutes(config), [Some(5), None, Some(10)]);
    let text = "ticket_autotask=5, contact_jim2=off";
    let in_environment = RIGHT.into_iter().chain([("CROSSBILL_SWEEP", text)]);
    let named: Vec<_> = in_environment.collect();
    let environment = Environment::from(<[_; 10]>::try_from(named).unwrap());
    let config = Config::load(None, &environment).unwrap();
    assert_eq!(minutes(config), [Some(5), None, Some(10)]);

    let wrong = file("[sweep]\nticket_autotask = true\ninvoice_jim2 = 5\n");
    let wrong = Config::load(Some(wrong.path()), &Environment::from(RIGHT)).unwrap_err();
    let told = wrong.to_string();
    assert!(told.contains("sweep.ticket_autotask must be"), "{told}");
    assert!(
        told.contains("no sweep invoice_jim2; there are company_autotask"),
        "{told}"
    );
}
