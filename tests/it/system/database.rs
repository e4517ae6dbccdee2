//! A Postgres database of a test's own, and a look into it.

use std::path::Path;

use sqlx::{
    AssertSqlSafe, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use url::Url;
use uuid::Uuid;

use super::{binary::variable, private::Private};

/// A PostgreSQL of a test's own.
#[derive(Debug)]
pub(crate) struct Server {
    private: Private,
    url: Url,
}

impl Server {
    pub(crate) fn start(home: &Path) -> Self {
        let private = Private::under(home, "postgres_install");
        let url = private.script("postgres_start >&2; postgres_url");
        Self {
            private,
            url: url.parse().unwrap(),
        }
    }

    /// Ends all its processes without any warning, and starts it again on what is on disk.
    pub(crate) fn crash(&self) {
        self.private
            .script("postgres_processes | xargs -r kill -9; postgres_start >&2");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.private.end("postgres_end");
    }
}

/// The database, dropped at the end.
#[derive(Debug)]
pub(crate) struct Database {
    server: Url,
    name: String,
    /// Straight into it, past any proxy.
    pub(crate) pool: PgPool,
}

impl Database {
    /// Makes an empty one on the server of `DATABASE_URL`, or on one of the test's own.
    pub(crate) async fn create(own: Option<&Server>) -> Self {
        let usual = || variable("DATABASE_URL").parse().unwrap();
        let server: Url = own.map_or_else(usual, |own| own.url.clone());
        let name = format!("it_{}", Uuid::now_v7().simple());
        run(&server, format!("create database {name}")).await;
        if own.is_none() {
            // Nobody kills that server: what it has answered may reach the disk a little later.
            let sooner = format!("alter database {name} set synchronous_commit = off");
            run(&server, sooner).await;
        }
        let options: PgConnectOptions = address(&server, &name).parse().unwrap();
        let pool = PgPoolOptions::new().max_connections(4);
        Self {
            pool: pool.connect_lazy_with(options),
            server,
            name,
        }
    }

    /// Its address, past any proxy.
    pub(crate) fn url(&self) -> String {
        address(&self.server, &self.name)
    }

    /// Host and port of the server.
    pub(crate) fn server(&self) -> String {
        let host = self.server.host_str().unwrap();
        format!("{host}:{}", self.server.port().unwrap_or(5432))
    }

    /// Its address by way of another port of this machine.
    pub(crate) fn url_by(&self, port: u16) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(port)).unwrap();
        url.to_string()
    }

    /// A number that a query answers; 0 where it answers nothing.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let row = sqlx::query(sql).fetch_optional(&self.pool).await.unwrap();
        row.map_or(0, |row| row.get(0))
    }

    /// The first column of what a query answers, as text.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        let rows = sqlx::query(sql).fetch_all(&self.pool).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Changes something, as time or an operator's hand would.
    pub(crate) async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.pool).await.unwrap();
    }
}

impl Drop for Database {
    /// On a thread of its own, as this one is inside a runtime.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let drop = format!("drop database if exists {name} with (force)");
            runtime.block_on(run(&server, drop));
        });
        let _ = thread.join();
    }
}

fn address(server: &Url, name: &str) -> String {
    let mut url = server.clone();
    url.set_path(name);
    url.to_string()
}

async fn run(server: &Url, sql: String) {
    let options: PgConnectOptions = server.as_str().parse().unwrap();
    let pool = PgPoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await.unwrap();
    // The name is made of letters and digits by us.
    sqlx::query(AssertSqlSafe(sql))
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
}
