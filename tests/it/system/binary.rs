//! Where the built programs are, what the environment names, and which ports are free.

use std::{
    fmt::Debug,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    str::FromStr,
};

use uuid::Uuid;

/// A built program of the workspace, beside the tests' own binary.
pub(crate) fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(|deps| deps.parent()).unwrap();
    let path = profile.join(name);
    assert!(
        path.is_file(),
        "{} is not built: run `cargo build --bins`, then the tests again",
        path.display()
    );
    path
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A variable that `ops/test` sets.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no other configuration"
)]
pub(crate) fn variable(name: &str) -> String {
    let value = std::env::var(name);
    value.unwrap_or_else(|_| {
        unset(name);
        String::new()
    })
}

/// A number that somebody may set in the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no other configuration"
)]
pub(crate) fn setting<T: FromStr<Err: Debug>>(name: &str, usual: T) -> T {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

#[expect(clippy::panic, reason = "a test without its services must fail loudly")]
fn unset(name: &str) {
    panic!("{name} is not set: run the tests through `ops/test`, which starts the services")
}

/// A port nobody listens on, below those that Linux hands out to outgoing connections: nobody takes it by chance.
pub(crate) fn free_port() -> u16 {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let ports = std::iter::repeat_with(|| {
        let chance = Uuid::new_v4().as_u128() % 12_000;
        20_000 + u16::try_from(chance).unwrap()
    });
    ports.take(100).find(is_free).unwrap()
}
