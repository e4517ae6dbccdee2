use axum::http::Method;
use domain::{Key, Kind, RecordId, System};
use jim2::{Created, JobCreate};
use serde_json::{Value, json};
use sqlx::PgPool;
use store::{State, database, system};
use sync::Mappings;

use crate::{
    kinds,
    operate::{
        adopt::{self, Came, Found},
        bench::Bench,
    },
    parts::Clients,
    site::Site,
};

const TICKET: Kind = worker_ticket::KIND;

/// A site whose Jim2 was read up to its end.
struct Shop {
    bench: Bench,
    pool: PgPool,
}

impl Shop {
    async fn open(pool: PgPool) -> Self {
        let shop = Self {
            bench: Bench::over(pool.clone()).await,
            pool,
        };
        for system in System::BOTH {
            system::resume(shop.bench.db(), system, "mia")
                .await
                .unwrap();
        }
        shop.read().await;
        shop
    }

    async fn hand(&self, deed: &str, body: Value) -> Value {
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let url = format!("{}/sandbox/{deed}", self.bench.jim2.base_url());
        let request = http.request(Method::POST, url).json(&body);
        http.send("test", request).await.unwrap().json().unwrap()
    }

    async fn any_jim2(&self) -> jim2::Client {
        let site = Site::load(self.bench.db()).await.unwrap();
        self.bench.parts.any_jim2(&site)
    }

    /// The feed has read all that there is.
    async fn read(&self) {
        let changes = self.any_jim2().await.changes(0, 1).await.unwrap();
        let identity = system::Identity {
            database_id: changes.identity.database_id,
            db_epoch: changes.identity.epoch,
        };
        let db = self.bench.db();
        system::set_identity(db, System::Jim2, &identity)
            .await
            .unwrap();
        let mark = Some(changes.safe_mark);
        database::agreed(db, System::Jim2, mark, None)
            .await
            .unwrap();
    }

    /// A job that is paired with a ticket.
    async fn pair(&self, ticket: i64) -> RecordId {
        let jim2 = self.any_jim2().await;
        let cards = jim2.cardfiles_after(0, 50).await.unwrap();
        let is_customer = |card: &&jim2::CardFile| card.is_customer.get() == Some(&true);
        let job = JobCreate {
            cust_no: cards.iter().find(is_customer).unwrap().card_no,
            ..JobCreate::default()
        };
        let made = jim2.create_job(&job, &format!("CB-{ticket}"), false).await;
        let Created::Job { job_no } = made.unwrap() else {
            unreachable!("it was not put on the queue")
        };
        let shadow = json!({"v": 1, "autotask": {"title": "x"}, "jim2": {"title": "x"}});
        sqlx::query(
            "insert into pair (id, kind, autotask_id, jim2_id, state, label, shadow)
             values (gen_random_uuid(), 'ticket', $1, $2, 'paired', 'T' || $1, $3)",
        )
        .bind(ticket.to_string())
        .bind(job_no.to_string())
        .bind(shadow)
        .execute(&self.pool)
        .await
        .unwrap();
        job_no.into()
    }

    async fn look(&self) -> anyhow::Result<Found> {
        let jim2 = self.any_jim2().await;
        adopt::look(self.bench.db(), &jim2, kinds::kinds(), None).await
    }

    async fn adopt(&self, found: &Found) -> anyhow::Result<Came> {
        let parts = &self.bench.parts;
        let clients = Clients {
            jim2: self.any_jim2().await,
            ..self.bench.clients().await
        };
        let mappings = Mappings::load(&parts.db, parts.config.time_zone)
            .await
            .unwrap();
        let now = parts.clock.now();
        let works = kinds::all(&clients, &mappings.facts(now));
        let on = (&parts.db, &parts.publish);
        Box::pin(adopt::adopt(on, &works, found, ("mia", now))).await
    }

    async fn row(&self, on: System, id: impl Into<RecordId>) -> Option<store::PairRow> {
        let key = Key::new(TICKET, on, id.into());
        store::pair::find(self.bench.db(), &key).await.unwrap()
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_restored_jim2_is_taken_as_it_is_and_what_it_lost_is_held_and_its_number_free(
    pool: PgPool,
) {
    let shop = Shop::open(pool).await;
    let error = shop.look().await.unwrap_err().to_string();
    assert!(error.contains("nothing to adopt"), "{error}");
    let kept = shop.pair(8001).await;
    sqlx::query(
        "insert into pair (id, kind, autotask_id, jim2_id, state, parent)
         select gen_random_uuid(), 'note', '9001', jim2_id || '-9', 'paired', id from pair",
    )
    .execute(&shop.pool)
    .await
    .unwrap();
    shop.hand("backup", json!({})).await;
    let lost = shop.pair(8002).await;
    shop.read().await;
    shop.hand("restore", json!({"raiseEpoch": false})).await;

    let found = shop.look().await.unwrap();
    assert!(
        found.why.contains("its change table ends at"),
        "{}",
        found.why
    );
    assert_eq!(found.pairs, [(TICKET, 2)]);
    let came = shop.adopt(&found).await.unwrap();
    assert_eq!((came.compared, came.lost), (1, 1));

    let row = shop.row(System::Jim2, kept).await.unwrap();
    assert_eq!(row.state, State::Paired);
    assert_eq!(
        row.shadow.as_ref().unwrap()["jim2"],
        json!({}),
        "nobody has changed it"
    );
    let notes = store::pair::children(shop.bench.db(), &[row.id])
        .await
        .unwrap();
    assert_eq!(
        notes[0].jim2_id, None,
        "a comment that is not there frees its number too"
    );
    assert_eq!(shop.row(System::Jim2, lost.clone()).await, None);
    let row = shop.row(System::Autotask, 8002).await.unwrap();
    assert_eq!((row.state, row.jim2_id), (State::Ignored, None));
    let held = store::held::groups(shop.bench.db()).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].problem.code, "lost-in-restore");
    let says = &held[0].problem.says;
    assert!(
        says.contains(&format!("paired with {lost} in Jim2")),
        "{says}"
    );

    let [_, jim2] = system::state(shop.bench.db()).await.unwrap();
    assert!(jim2.is_running());
    let gaps = store::gap::list(shop.bench.db()).await.unwrap();
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].reason, database::ADOPTED);
    assert!(shop.look().await.is_err(), "it is the one we know now");
    // The number is given again, and stands for nothing of ours.
    assert_eq!(shop.pair(8003).await, lost);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_training_copy_is_never_taken(pool: PgPool) {
    let shop = Shop::open(pool).await;
    shop.hand("database", json!({"training": true, "epoch": 2}))
        .await;
    let error = shop.look().await.unwrap_err().to_string();
    assert!(error.contains("never taken for the real one"), "{error}");
}
