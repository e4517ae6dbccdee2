//! A change table that cannot be read whole is not read: the cursor stays, and nothing is published.

use std::{cell::RefCell, sync::Mutex};

use axum::{Router, extract::State, http::Uri, response::IntoResponse};
use domain::testing::spoil;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::*;

const PAGE: &str = r#"{"resultSets":[{"columns":[{"name":"SafeMark"},{"name":"DatabaseId"},{"name":"Epoch"}],"rows":[[12,"6f1c6e1e",1]]},{"columns":[{"name":"Position"},{"name":"Object"},{"name":"ObjectKey"},{"name":"Operation"},{"name":"ChangedAt"},{"name":"ChangedBy"}],"rows":[[1,"Job","5001","U","/Date(1795651200000+1100)/","JC"],[2,"JobComment","5001-2","I","2026-11-26T11:00:00",null],[5,"CardFileContact","1001-1","D",null,"API"]]}]}"#;
const CASES: usize = 150;

/// A Jim2 that answers whatever it is told to.
struct Jim2 {
    url: String,
    page: Arc<Mutex<Vec<u8>>>,
    _server: AbortOnDropHandle<()>,
}

impl Jim2 {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's server ends with the test"
    )]
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jim2/", listener.local_addr().unwrap());
        let page = Arc::new(Mutex::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&page));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            page,
            _server: AbortOnDropHandle::new(server),
        }
    }
}

async fn answer(State(page): State<Arc<Mutex<Vec<u8>>>>, at: Uri) -> impl IntoResponse {
    if at.path().ends_with("/token") {
        return br#"{"access_token":"a","expires_in":1200}"#.to_vec();
    }
    page.lock().unwrap().clone()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_page_that_cannot_be_read_moves_no_cursor_and_tells_nothing(pool: PgPool) {
    let site = Site::start(pool).await;
    let jim2 = Jim2::start().await;
    let credentials = jim2::Credentials {
        client_id: "crossbill".to_owned(),
        secret: "secret".into(),
    };
    let zone = chrono_tz::Australia::Sydney;
    let settings = jim2::Settings::new(jim2.url.parse().unwrap(), credentials, zone);
    let session = Arc::new(LocalSession::default());
    let http = crate::testing::http();
    let feed = Feed {
        jim2: jim2::Client::new(http, settings, Arc::clone(&site.clock), session),
        db: site.db.clone(),
        publish: site.publish.clone(),
        clock: Arc::clone(&site.clock),
        timing: Timing::default(),
    };
    let (mut read, mut refused) = (0, 0);
    for page in spoiled() {
        jim2.page.lock().unwrap().clone_from(&page);
        let before = site.waiting().await;
        let step = changes::step(&feed).await;
        let at = cursor::get(&site.db, CHANGES_CURSOR).await.unwrap();
        if step.is_err() {
            refused += 1;
            assert!(at.is_none(), "{at:?}");
            assert_eq!(site.waiting().await, before);
        } else {
            read += 1;
            assert!(at.is_some());
            assert!(is_whole(&page), "{}", page.escape_ascii());
            sqlx::query("delete from cursor")
                .execute(&site.pool)
                .await
                .unwrap();
        }
    }
    assert!(read > 5 && refused > 50, "{read} read, {refused} refused");
    site.stop().await;
}

/// Whether every row has what makes it a change; a table with other columns is not looked at.
fn is_whole(page: &[u8]) -> bool {
    let sent: Json = serde_json::from_str(PAGE).unwrap();
    let page: Json = serde_json::from_slice(page).unwrap_or_default();
    let (sent, table) = (&sent["resultSets"][1], &page["resultSets"][1]);
    let row_is_whole = |row: &Json| {
        let position = text(&row[0]).trim().parse::<i64>();
        let operation = row[3].as_str().unwrap_or_default().trim();
        position.is_ok() && ["I", "U", "D"].contains(&operation) && !text(&row[2]).is_empty()
    };
    let rows = table["rows"].as_array().into_iter().flatten();
    table["columns"] != sent["columns"] || rows.into_iter().all(row_is_whole)
}

fn spoiled() -> Vec<Vec<u8>> {
    let pages = RefCell::new(Vec::new());
    let keep = |page: &[u8]| pages.borrow_mut().push(page.to_vec());
    spoil(1, CASES, &[PAGE], keep);
    pages.into_inner()
}
