//! Whatever stands in the file and the environment: a configuration that holds, or sentences without a secret.

use std::{cell::Cell, io::Write as _};

use domain::testing::spoil;

use super::*;

/// Of every secret in [`RIGHT`] a part that no sentence of ours has.
const SECRET_PARTS: [&str; 5] = [
    "pg-password",
    "mq-password",
    "456789abcdef",
    "autotask-password",
    "jim2-password",
];

const FILE: &str = r#"
database_url = "postgres://crossbill:pg-password@db.example/crossbill"
amqp_url = "amqp://crossbill:mq-password@mq.example/site"
secret_key = "0123456789abcdef0123456789abcdef"
[autotask]
username = "crossbill@provider.example"
secret = "autotask-password"
integration_code = "SECRETCODE"
zone_url = "https://webservices14.autotask.net/ATServicesRest/"
[jim2]
url = "http://jim2.example:8080/jim2/"
client_id = "crossbill"
secret = "jim2-password"
[site]
time_zone = "Australia/Perth"
[ingress]
listen = "127.0.0.1:8080"
public_url = "https://crossbill.example"
[engine]
deadline_seconds = 30
patience_seconds = "60"
[log]
level = "info,lapin=off"
format = "json"
"#;

/// What we would go on with.
fn holds(config: &Config) {
    for url in [&config.jim2.url, &config.autotask.discovery_url] {
        assert!(matches!(url.scheme(), "http" | "https"), "{url}");
        assert!(url.username().is_empty() && url.password().is_none());
    }
    assert!(config.secret_key.expose_secret().chars().count() >= 32);
    assert!((1..=120).contains(&config.engine.deadline.as_secs()));
    assert!((1..=600).contains(&config.engine.patience.as_secs()));
    assert!(!config.jim2.client_id.trim().is_empty());
    assert!(!config.autotask.username.trim().is_empty());
}

#[test]
fn no_spoiled_environment_makes_us_panic_or_tell_a_secret() {
    for (name, right) in RIGHT {
        let (mut used, mut refused) = (Cell::new(0), Cell::new(0));
        spoil(1, 300, &[right], |value| {
            let value = String::from_utf8_lossy(value);
            match Config::load(None, &changed(name, &value)) {
                Ok(config) => {
                    holds(&config);
                    used.set(used.get() + 1);
                }
                Err(wrong) => {
                    let says = wrong.to_string();
                    let tells = SECRET_PARTS.iter().find(|part| says.contains(**part));
                    assert_eq!(tells, None, "{name}: {says}");
                    assert!(says.contains(name), "{says}");
                    refused.set(refused.get() + 1);
                }
            }
        });
        assert_eq!(*used.get_mut() + *refused.get_mut(), 300);
    }
}

#[test]
fn no_spoiled_file_makes_us_panic_or_go_on_with_what_does_not_hold() {
    let nothing = Environment::default();
    let used = Cell::new(0);
    let file = file("");
    spoil(2, 2_000, &[FILE], |text| {
        let mut written = fs::File::create(file.path()).unwrap();
        written.write_all(text).unwrap();
        match Config::load(Some(file.path()), &nothing) {
            Ok(config) => {
                holds(&config);
                used.set(used.get() + 1);
            }
            Err(wrong) => assert!(!wrong.problems.is_empty()),
        }
    });
    assert!(used.get() > 20, "{} of them were right", used.get());
}
