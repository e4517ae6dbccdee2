//! What the system's package manager brings must not start, now or at the next boot; what was there stays as it was.

use std::{
    fs,
    io::Write as _,
    net::{TcpListener, TcpStream},
    os::unix::fs::symlink,
};

use super::shell::Shell;

/// What a system's owner has put there.
const FOREIGN_POLICY: &str = "#!/bin/sh\n# everything may start\nexit 0\n";
/// So that a test needs no root.
const INSTALL: &str = r#"packages_may_be_root() { true; }; packages_as_root() { "$@"; };
    PACKAGES_SYSTEM=$SHELL_FOLDER/system; packages_install "$RUN/log" rabbitmq-server curl"#;
const FINISH: &str = r#"packages_may_be_root() { true; }; packages_as_root() { "$@"; };
    PACKAGES_SYSTEM=$SHELL_FOLDER/system; packages_finish"#;

/// A package manager that does what Debian's does when it sets up RabbitMQ.
const APT_GET: &str = r#"
cd "$SHELL_FOLDER/system" || exit
echo "apt-get $*" >>../calls
case " $* " in *" install "*) ;; *) exit ;; esac
usr/sbin/policy-rc.d rabbitmq-server start
echo "may start: $?; needrestart: $NEEDRESTART_SUSPEND$NEEDRESTART_MODE; $(cat etc/postgresql-common/createcluster.d/*.conf | tail -n 1)" >>../calls
ln -s /lib/systemd/system/rabbitmq-server.service etc/systemd/system/multi-user.target.wants/
ln -s ../init.d/rabbitmq-server etc/rc2.d/S01rabbitmq-server
mv etc/rc2.d/S01cron etc/rc2.d/S02cron
"#;

fn system(apt_get: &str) -> Shell {
    let shell = Shell::create();
    for folder in [
        "run",
        "usr/sbin",
        "var/lib",
        "etc/rc2.d",
        "etc/systemd/system/multi-user.target.wants",
    ] {
        fs::create_dir_all(shell.path("system").join(folder)).unwrap();
    }
    shell.executable("system/usr/sbin/policy-rc.d", FOREIGN_POLICY);
    let link =
        |target: &str, name: &str| symlink(target, shell.path("system/etc").join(name)).unwrap();
    link(
        "/lib/systemd/system/cron.service",
        "systemd/system/multi-user.target.wants/cron.service",
    );
    link("../init.d/cron", "rc2.d/S01cron");
    shell.program("apt-get", apt_get);
    shell.program("apt-cache", "echo '  Candidate: 3.12.1-1'");
    shell.program("dpkg", r#"echo "dpkg $*" >>"$SHELL_FOLDER/calls"; "$SHELL_FOLDER/system/usr/sbin/policy-rc.d"; echo "may start: $?" >>"$SHELL_FOLDER/calls""#);
    shell.program("update-rc.d", r#"echo "update-rc.d $*" >>"$SHELL_FOLDER/calls"; cd "$SHELL_FOLDER/system/etc/rc2.d" && mv "S01$1" "K01$1""#);
    shell
}

/// Every file, link and folder of the system, the installed ones too.
fn listing(shell: &Shell) -> Vec<String> {
    let said = shell
        .run(r#"cd "$SHELL_FOLDER/system" && find . ! -type d ! -name '*.lock' | sort && ls etc"#);
    said.answer().lines().map(str::to_owned).collect()
}

fn assert_is_as_it_was(shell: &Shell) {
    assert_eq!(
        listing(shell),
        [
            "./etc/rc2.d/K01rabbitmq-server",
            "./etc/rc2.d/S02cron",
            "./etc/systemd/system/multi-user.target.wants/cron.service",
            "./usr/sbin/policy-rc.d",
            "rc2.d",
            "systemd",
        ]
    );
    assert_eq!(shell.read("system/usr/sbin/policy-rc.d"), FOREIGN_POLICY);
}

#[test]
fn nothing_that_is_installed_starts_now_or_at_the_next_boot() {
    let shell = system(APT_GET);
    shell.run(INSTALL).answer();
    let calls = shell.read("calls");
    let calls: Vec<&str> = calls.lines().collect();
    assert!(calls[0].ends_with(" update"), "{calls:?}");
    assert!(
        calls[1].ends_with("install -y --no-install-recommends --no-remove rabbitmq-server curl"),
        "{calls:?}"
    );
    assert_eq!(
        calls[2..],
        [
            "may start: 101; needrestart: 1l; create_main_cluster = false",
            "update-rc.d rabbitmq-server disable"
        ]
    );
    assert_is_as_it_was(&shell);
}

#[test]
fn nothing_is_installed_where_it_could_not_be_kept_from_starting() {
    let shell = system(APT_GET);
    fs::remove_dir_all(shell.path("system/usr")).unwrap();
    let refusal = shell.run(INSTALL).refusal();
    assert!(
        refusal.starts_with("installing rabbitmq-server curl failed: "),
        "{refusal}"
    );
    assert!(
        !shell.read("calls").contains("install"),
        "{}",
        shell.read("calls")
    );
    assert!(!shell.path("system/var/lib/crossbill-install").exists());
}

#[test]
fn an_installation_that_was_killed_is_finished_and_its_traces_removed() {
    let shell = system(&format!("{APT_GET}\nkill -9 $PPID"));
    shell.run(INSTALL).refusal();
    assert_ne!(shell.read("system/usr/sbin/policy-rc.d"), FOREIGN_POLICY);
    fs::remove_file(shell.path("calls")).unwrap();

    shell.run(FINISH).answer();
    assert_eq!(
        shell.read("calls").lines().collect::<Vec<_>>(),
        [
            "dpkg --configure -a",
            "may start: 101",
            "update-rc.d rabbitmq-server disable"
        ]
    );
    assert_is_as_it_was(&shell);
    assert_eq!(
        shell.run(FINISH).said,
        "",
        "there is nothing left to finish"
    );
}

#[test]
fn two_installations_at_once_take_turns() {
    let gate = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = gate.local_addr().unwrap().port().to_string();
    let shell = system(
        r#"case " $* " in *" install "*) ;; *) exit ;; esac
        echo begins >>"$SHELL_FOLDER/calls"
        exec 3<>"/dev/tcp/127.0.0.1/$PORT" && read -r _ <&3
        "$SHELL_FOLDER/system/usr/sbin/policy-rc.d"
        echo "may start: $?" >>"$SHELL_FOLDER/calls""#,
    );
    let settings = [("PORT", port.as_str())];
    let open = |mut comer: TcpStream| comer.write_all(b"go\n").unwrap();

    let first = shell.start(&settings, INSTALL);
    let (first_is_installing, _) = gate.accept().unwrap();
    let second = shell.start(&settings, INSTALL);
    let lock = r#"flock -n "$SHELL_FOLDER/system/run/crossbill-install.lock" true"#;
    assert!(!shell.run(lock).succeeded, "the second waits for it");
    open(first_is_installing);
    first.end().answer();
    open(gate.accept().unwrap().0);
    second.end().answer();

    let calls = shell.read("calls");
    let one = ["begins", "may start: 101"];
    assert_eq!(calls.lines().collect::<Vec<_>>(), [one, one].concat());
    assert_eq!(shell.read("system/usr/sbin/policy-rc.d"), FOREIGN_POLICY);
}

#[test]
fn where_nothing_can_be_installed_the_remedies_fit_what_is_missing() {
    let shell = Shell::create();
    let ask = |packages: &str| {
        let commands = format!("PATH=/nonexistent; packages_install log {packages}");
        shell.run(&commands).refusal()
    };
    assert_eq!(
        ask("curl gcc libc6-dev"),
        "missing here: curl, the C compiler that Rust links with (cc), and there is no apt-get to install with: \
         install curl; install the C compiler that Rust links with (cc)."
    );
    assert_eq!(
        ask("postgresql rabbitmq-server"),
        "missing here: PostgreSQL, RabbitMQ, and there is no apt-get to install with: install PostgreSQL 14 or later, \
         or set DATABASE_URL to a running one; install RabbitMQ 3.10 or later, or set AMQP_URL to a running one with \
         its management plugin."
    );
}

#[test]
fn too_old_a_version_is_not_installed() {
    let shell = system(APT_GET);
    shell.program("apt-cache", "echo '  Candidate: 3.9.27-0ubuntu0.2'");
    assert_eq!(
        shell.run(INSTALL).refusal(),
        "this system's packages offer 3.9.27-0ubuntu0.2 of rabbitmq-server, and Crossbill needs 3.10 or later: install \
         RabbitMQ 3.10 or later, or set AMQP_URL to a running one with its management plugin."
    );
    assert!(
        !shell.read("calls").contains("install"),
        "{}",
        shell.read("calls")
    );
}

#[test]
fn too_old_a_version_is_not_used_and_of_several_the_newest_is() {
    let shell = Shell::create();
    shell.program("erl", "");
    shell.program("pg_config", "exit 1");
    let rabbitmq = |version| {
        let program = format!("rabbitmq/rabbitmq_server-{version}/sbin/rabbitmq-server");
        shell.executable(&program, "");
    };
    let postgres = |version| {
        let folder = format!("postgres/{version}/bin");
        let answer =
            format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian {version}-1)'\n");
        shell.executable(&format!("{folder}/initdb"), "");
        shell.executable(&format!("{folder}/postgres"), &answer);
    };
    let run = |commands: &str| {
        let here =
            "RABBITMQ_VERSIONS=$SHELL_FOLDER/rabbitmq POSTGRES_VERSIONS=$SHELL_FOLDER/postgres";
        shell.run(&format!("{here}; {commands}"))
    };

    ["3.8.9", "3.9.27"].into_iter().for_each(rabbitmq);
    ["9.6", "13.20"].into_iter().for_each(postgres);
    assert_eq!(
        run("rabbitmq_install").refusal(),
        "RabbitMQ 3.9.27 is installed here, and Crossbill needs 3.10 or later: set AMQP_URL to a running one with its \
         management plugin."
    );
    assert!(!run("postgres_find").succeeded);

    ["3.10.8", "3.10.25"].into_iter().for_each(rabbitmq);
    ["14.2", "14.10"].into_iter().for_each(postgres);
    let found = "rabbitmq_find; postgres_find; echo ${RABBITMQ_BIN#$SHELL_FOLDER} ${POSTGRES_BIN#$SHELL_FOLDER}";
    assert_eq!(
        run(found).answer(),
        "/rabbitmq/rabbitmq_server-3.10.25/sbin /postgres/14.10/bin"
    );
}
