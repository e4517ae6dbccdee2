//! Full sweeps.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Failure, FixedClock, Key, RecordId};
use store::contents::{self, Cause, FullSweep};
use sync::{Act, Creation, Facts, Field, Fields, Half, Hands, Rules, Shadow};

use super::*;
use crate::upkeep::testing::TICKET;

static FIELDS: [Field; 2] = [Field::text("title", "Title"), Field::text("queue", "Queue")];

/// Tickets, with what they are called and where they lie; in Jim2 there is nothing.
#[derive(Debug, Clone)]
struct Titles {
    autotask: autotask::Client,
    is_listed: bool,
    /// How many pages were listed.
    pages: Arc<AtomicI64>,
}

/// A minute a page from a time on.
#[derive(Debug)]
struct MinuteAPage(DateTime<Utc>, Arc<AtomicI64>);

impl Clock for MinuteAPage {
    fn now(&self) -> DateTime<Utc> {
        self.0 + TimeDelta::minutes(self.1.load(Ordering::Relaxed))
    }
}

struct TitleRules;

impl Rules for TitleRules {
    fn kind(&self) -> Kind {
        TICKET
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn create(&self, _to: System, _half: &Half, _generation: i32, _facts: &Facts) -> Creation {
        Creation::No("nobody asks".to_owned())
    }

    fn owes_reference(&self, _: System, _: &Half, _: &RecordId, _: i32) -> bool {
        false
    }
}

fn half(ticket: &autotask::Ticket) -> Half {
    let mut half = Half::new(ticket.id, format!("Ticket {}", ticket.id));
    half.tell("title", ticket.title.clone().into_value());
    half.tell("queue", ticket.queue_id.clone().into_value());
    half.changed_at = ticket.last_activity_date.get().copied();
    half
}

impl Hands for Titles {
    async fn read(&self, _on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let ids: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        let tickets = self.autotask.by_ids(&ids, &[]).await.unwrap();
        Ok(tickets.iter().map(half).collect())
    }

    async fn list(&self, after: Option<i64>, rows: usize) -> Result<Option<Vec<Half>>, Failure> {
        if !self.is_listed {
            return Ok(None);
        }
        let tickets = self.autotask.next_ones(after, rows, &[]).await;
        self.pages.fetch_add(1, Ordering::Relaxed);
        let key = Key::new(TICKET, System::Autotask, 0);
        let tickets = tickets.map_err(|error| error.into_failure(&key))?;
        Ok(Some(tickets.iter().map(half).collect()))
    }

    async fn find(&self, _act: &Act) -> Result<Vec<RecordId>, Failure> {
        Ok(Vec::new())
    }

    async fn perform(&self, _act: &Act) -> Result<Option<RecordId>, Failure> {
        Ok(None)
    }
}

impl Stage {
    /// A site whose tickets are compared in full: where in its trails.
    async fn comparing(pool: PgPool, is_listed: bool) -> (Self, usize) {
        let mut stage = Self::open(pool).await;
        stage.reads(is_listed, Arc::default());
        let trailed = Trailed {
            trail: Trail::contents(System::Autotask),
            ..stage.trailed(TICKETS).clone()
        };
        stage.sweeps.trails.push(trailed);
        let last = stage.sweeps.trails.len() - 1;
        (stage, last)
    }

    fn reads(&mut self, is_listed: bool, pages: Arc<AtomicI64>) {
        let hands = Titles {
            autotask: self.sweeps.autotask.clone(),
            is_listed,
            pages,
        };
        self.sweeps.readers = Readers::new(move |kind, _| {
            (*kind == TICKET).then(|| Reader {
                rules: Box::new(TitleRules),
                hands: Box::new(hands.clone()),
            })
        });
    }

    /// Pairs of these tickets, which agree on what the tickets hold now.
    async fn agreed(&self, ids: &[i64]) {
        let tickets: Vec<autotask::Ticket> = self.sweeps.autotask.by_ids(ids, &[]).await.unwrap();
        for ticket in &tickets {
            let fields: Fields = half(ticket).fields;
            let shadow = Shadow {
                autotask: fields.clone(),
                jim2: fields,
                ..Shadow::default()
            };
            sqlx::query(
                "insert into pair (id, kind, autotask_id, jim2_id, state, label, shadow, changed_at)
                 values (gen_random_uuid(), 'ticket', $1, $2, 'paired', $3, $4, $5)",
            )
            .bind(ticket.id.to_string())
            .bind(format!("J{}", ticket.id))
            .bind(format!("Ticket {}", ticket.id))
            .bind(serde_json::to_value(shadow).unwrap())
            .bind(self.now())
            .execute(&self.site.pool)
            .await
            .unwrap();
        }
    }

    async fn last_full(&self) -> FullSweep {
        let [last] = contents::last(self.db()).await.unwrap().try_into().unwrap();
        last
    }

    /// A pass that a person asks for, or one that is due.
    async fn compare(&self, trail: usize, why: Why) -> Result<Passed, Trouble> {
        let trailed = self.trailed(trail);
        let taken = self.sweeps.take_now(trailed).await?.unwrap();
        self.sweeps
            .pass(trailed, taken, &Mutex::default(), why)
            .await
    }

    async fn sql(&self, sql: &'static str, ticket: i64) {
        let query = sqlx::query(sql).bind(ticket.to_string());
        let done = query.execute(&self.site.pool).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "{sql}");
    }

    /// What both sides agreed on becomes something else.
    async fn forget(&self, ticket: i64) {
        let forget = r#"update pair set shadow = jsonb_set(shadow, '{autotask,title}', '"Another"') where autotask_id = $1"#;
        self.sql(forget, ticket).await;
    }
}

fn causes(sweep: &FullSweep) -> Vec<(Cause, i64)> {
    let drift = sweep.drift.iter();
    drift.map(|drift| (drift.cause, drift.pairs)).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_not_as_agreed_is_looked_at_and_told_by_its_cause(pool: PgPool) {
    for is_listed in [true, false] {
        sqlx::query("truncate pair, sweep, full_sweep, gap cascade")
            .execute(&pool)
            .await
            .unwrap();
        let (stage, trail) = Stage::comparing(pool.clone(), is_listed).await;
        let tickets = stage.tickets().await;
        stage.agreed(&tickets[..9]).await;
        stage.wait(30).await;
        stage.retitle(tickets[0], "Nobody told").await;
        // Not paired: nobody's business.
        stage.retitle(tickets[9], "Nobody told either").await;
        // Somebody is at it.
        stage.retitle(tickets[1], "Somebody is at it").await;
        let claim = "update pair set claimed_by = 'us', claimed_until = now() + interval '1 hour' where autotask_id = $1";
        stage.sql(claim, tickets[1]).await;
        stage.wait(60).await;
        let gap = gap::NewGap {
            system: System::Autotask,
            kind: None,
            reason: "nobody took webhooks",
            since: stage.now() - TimeDelta::minutes(5),
            until: Some(stage.now() + TimeDelta::minutes(5)),
            missed: None,
        };
        gap::open(stage.db(), &gap).await.unwrap();
        stage.retitle(tickets[2], "In the gap").await;
        stage.retitle(tickets[3], "In the gap, too").await;
        stage.forget(tickets[4]).await;
        let other = r#"update pair set shadow = jsonb_set(shadow, '{jim2,title}', '"Another"') where autotask_id = $1"#;
        stage.sql(other, tickets[5]).await;
        stage.wait(60).await;
        // Its event may be on its way: it is nobody's fault.
        stage.retitle(tickets[6], "Just now").await;
        stage.wait(5).await;

        let passed = stage.compare(trail, Why::Asked(None)).await.unwrap();
        assert_eq!((passed.asked, passed.found), (Some(8), 5), "{is_listed}");
        let mut told = stage.told(5).await;
        told.sort_unstable();
        let mut expected = [0, 2, 3, 4, 6].map(|index| tickets[index].to_string());
        expected.sort_unstable();
        assert_eq!(
            told, expected,
            "what differs by the mapping is left to people"
        );
        let full = stage.last_full().await;
        assert_eq!(
            causes(&full),
            [
                (Cause::Missed, 1),
                (Cause::Outage, 2),
                (Cause::Mapping, 1),
                (Cause::Unexplained, 1)
            ]
        );
        assert_eq!(
            full.drift[0].example,
            format!("Ticket {}: title", tickets[0])
        );
        assert!(full.ended_at.is_some());
        assert_eq!(full.calls, 1, "a page");
        stage.site.stop().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_nobody_has_met_is_looked_at_where_it_was_changed_since_the_pass_before(pool: PgPool) {
    let (stage, trail) = Stage::comparing(pool, true).await;
    let tickets = stage.tickets().await;
    stage.agreed(&tickets[..7]).await;
    stage.wait(120).await;
    let passed = stage.compare(trail, Why::Asked(None)).await.unwrap();
    assert_eq!((passed.asked, passed.found), (Some(7), 0), "all is older");
    stage.wait(30).await;
    stage.retitle(tickets[8], "Nobody told").await;
    stage.wait(30).await;
    stage
        .retitle(tickets[9], "Its event may be on its way")
        .await;
    stage.wait(5).await;
    let passed = stage.compare(trail, Why::Asked(None)).await.unwrap();
    assert_eq!((passed.asked, passed.found), (Some(7), 1));
    assert_eq!(stage.told(1).await, [tickets[8].to_string()]);
    let full = stage.last_full().await;
    assert_eq!(causes(&full), [(Cause::Missed, 1)]);
    let example = format!("Ticket {}: never seen", tickets[8]);
    assert_eq!(full.drift[0].example, example);
    // What was too fresh then is not by now; and one that has a pair is told once.
    stage.wait(30).await;
    stage.retitle(tickets[0], "Nobody told of a pair").await;
    stage.wait(30).await;
    let passed = stage.compare(trail, Why::Asked(None)).await.unwrap();
    assert_eq!((passed.asked, passed.found), (Some(7), 2));
    let mut told = stage.told(2).await;
    told.sort_unstable();
    assert_eq!(told, [0, 9].map(|index| tickets[index].to_string()));
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_full_sweep_goes_on_where_it_was_killed_and_asks_for_no_page_twice(pool: PgPool) {
    let (mut stage, trail) = Stage::comparing(pool.clone(), true).await;
    stage.sweeps.pacing.page_rows = 3;
    let tickets = stage.tickets().await;
    stage.agreed(&tickets).await;
    for ticket in [tickets[1], tickets[7]] {
        stage.forget(ticket).await;
    }
    // Killed behind two pages.
    let of = stage.trailed(trail).swept();
    let other = Sweeps {
        holder: "another".to_owned(),
        ..stage.sweeps.clone()
    };
    other.take_now(stage.trailed(trail)).await.unwrap().unwrap();
    let began = contents::begin(stage.db(), &of, "another", stage.now());
    let began = began.await.unwrap().unwrap();
    let place = tickets[5].to_string();
    let page = contents::Page {
        moved: (None, Some(&place)),
        compared: 6,
        calls: 2,
        drift: &[],
    };
    let whose = ("another", began.began_at);
    assert!(
        contents::compared(stage.db(), &of, whose, &page)
            .await
            .unwrap()
    );
    sqlx::query("update sweep set leased_until = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();

    stage.wait(30).await;
    let calls = stage.calls(&stage.autotask).await;
    let passed = stage.compare(trail, Why::Asked(None)).await.unwrap();
    assert_eq!(passed.found, 1);
    assert_eq!(stage.told(1).await, [tickets[7].to_string()]);
    let pages = (tickets.len() - 6) / 3 + 1;
    let calls = stage.calls(&stage.autotask).await - calls;
    assert_eq!(calls, u64::try_from(pages).unwrap());
    let full = stage.last_full().await;
    assert_eq!(full.began_at, began.began_at);
    assert_eq!(full.compared, i64::try_from(tickets.len()).unwrap());
    assert_eq!(full.calls, i64::try_from(pages + 2).unwrap());
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_full_sweep_that_is_due_waits_for_the_night_and_one_that_is_asked_for_does_not(
    pool: PgPool,
) {
    let (stage, trail) = Stage::comparing(pool.clone(), true).await;
    let tickets = stage.tickets().await;
    stage.agreed(&tickets).await;
    let told = Mutex::default();
    let step = async || {
        let trailed = stage.trailed(trail);
        stage.sweeps.plant(trailed).await.unwrap();
        sqlx::query("update sweep set planted_at = now() - interval '8 days', passed_at = null")
            .execute(&pool)
            .await
            .unwrap();
        let calls = stage.calls(&stage.autotask).await;
        stage.sweeps.step(trailed, &told).await.unwrap();
        let row = stage.row(trail).await.unwrap();
        assert_eq!(row.trouble, None);
        (stage.calls(&stage.autotask).await > calls, row.complete_to)
    };
    // It is eleven in the morning in Sydney.
    assert_eq!(step().await, (false, None));
    let asked = stage.compare(trail, Why::Asked(None)).await.unwrap();
    assert_eq!(asked.asked, i64::try_from(tickets.len()).ok());
    let noon = stage.now();
    stage.wait(10 * 60).await;
    assert_eq!(step().await, (true, Some(stage.now())));
    assert!(stage.now() > noon);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_full_sweep_that_is_due_ends_with_the_night_and_goes_on_in_the_next_one(pool: PgPool) {
    let (mut stage, trail) = Stage::comparing(pool, true).await;
    let tickets = stage.tickets().await;
    stage.agreed(&tickets).await;
    // A minute before six in Sydney.
    let dawn: DateTime<Utc> = "2026-11-23T18:59:00Z".parse().unwrap();
    let pages = Arc::new(AtomicI64::default());
    stage.reads(true, Arc::clone(&pages));
    stage.sweeps.clock = Arc::new(MinuteAPage(dawn, pages));
    stage.sweeps.pacing.page_rows = 3;
    let ended = stage.compare(trail, Why::Due).await;
    assert!(matches!(ended, Err(Trouble::Day)), "{ended:?}");
    let full = stage.last_full().await;
    assert_eq!((full.compared, full.ended_at), (3, None), "one page");

    stage.sweeps.clock = Arc::new(FixedClock(dawn + TimeDelta::days(1)));
    let passed = stage.compare(trail, Why::Due).await.unwrap();
    let all = i64::try_from(tickets.len()).unwrap();
    assert_eq!(passed.asked, Some(all - 3));
    let full = stage.last_full().await;
    assert_eq!((full.compared, full.began_at), (all, dawn));
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_differs_by_the_mapping_is_none_of_jim2s_too(pool: PgPool) {
    let (mut stage, trail) = Stage::comparing(pool.clone(), false).await;
    stage.sweeps.trails[trail].trail = Trail::contents(System::Jim2);
    stage.sweeps.pacing.page_rows = 1;
    let tickets = stage.tickets().await;
    stage.agreed(&tickets[..2]).await;
    // As if each job were called like its ticket, and had its number.
    sqlx::query("update pair set jim2_id = autotask_id")
        .execute(&pool)
        .await
        .unwrap();
    stage.forget(tickets[0]).await;
    let passed = stage.compare(trail, Why::Asked(None)).await.unwrap();
    assert_eq!((passed.asked, passed.found), (Some(2), 0));
    assert_eq!(causes(&stage.last_full().await), [], "Autotask's tells it");
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_full_sweep_reads_nothing_more_once_a_system_is_paused(pool: PgPool) {
    let (stage, trail) = Stage::comparing(pool, true).await;
    let trailed = stage.trailed(trail);
    let taken = stage.sweeps.take_now(trailed).await.unwrap().unwrap();
    store::system::pause(stage.db(), System::Jim2, "mia")
        .await
        .unwrap();
    let calls = stage.calls(&stage.autotask).await;
    let told = Mutex::default();
    let ended = stage.sweeps.pass(trailed, taken, &told, Why::Asked(None));
    let ended = ended.await;
    assert!(matches!(ended, Err(Trouble::Closed)), "{ended:?}");
    assert_eq!(stage.calls(&stage.autotask).await, calls);
    stage.site.stop().await;
}
