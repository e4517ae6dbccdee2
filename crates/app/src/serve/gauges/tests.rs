use std::{collections::BTreeSet, fs, path::Path};

use domain::{Clock as _, Kind, System, SystemClock};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use sqlx::PgPool;
use store::{alert, sweep};

use super::*;
use crate::operate::bench::Bench;

/// The rules that we bring for Prometheus.
fn rules() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    fs::read_to_string(root.unwrap().join("ops/alerts.yml")).unwrap()
}

/// Our metrics that a text names.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words
        .filter(|word| word.starts_with("crossbill_"))
        .collect()
}

/// What a reconciler saw: two records wait, for a problem that lasts.
async fn see(bench: &Bench, causes: &[alert::Seen]) {
    let (db, minute) = (bench.db(), Duration::from_mins(1));
    assert!(alert::take_look(db, "one", minute).await.unwrap());
    assert!(
        alert::see(db, "one", causes, SystemClock.now())
            .await
            .unwrap()
    );
}

fn held() -> alert::Seen {
    let body = json!({
        "identity": "held|a", "class": "held", "code": "lookup-missing", "says": "a code is missing", "items": 2,
        "net": "4310.20", "who": "finance", "step": "give it one", "continues": true,
    });
    alert::Seen {
        cause: "held|a".to_owned(),
        body,
        calm_seconds: 0,
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_rules_for_prometheus_name_only_what_is_told_and_what_is_over_is_told_as_0(
    pool: PgPool,
) {
    let recorder = PrometheusBuilder::new().build_recorder();
    let rendered = recorder.handle();
    // The runtime of a test has one thread, so that it is for all that follows here.
    let _recorded = metrics::set_default_local_recorder(&recorder);
    let bench = Bench::over(pool).await;
    let now = SystemClock.now();
    let tickets = sweep::Swept {
        kind: Kind::new("ticket"),
        system: System::Autotask,
        trail: String::new(),
    };
    sweep::plant(bench.db(), &tickets, now).await.unwrap();
    let passed = "update sweep set complete_to = now()";
    sqlx::query(passed).execute(&bench.pool).await.unwrap();
    let read = "insert into cursor (name, position) values ('jim2-changes', 7)";
    sqlx::query(read).execute(&bench.pool).await.unwrap();
    see(&bench, &[held()]).await;
    let on = ("held|a", "mail");
    let minute = Duration::from_mins(1);
    assert!(
        alert::claim(bench.db(), on, None, ("one", minute))
            .await
            .unwrap()
    );
    alert::give_back(bench.db(), on, "one", "nobody answers")
        .await
        .unwrap();

    let (mut queues, mut alarms) = (Queues::new(), Alarms::default());
    queues.take(&bench.parts).await;
    stored(&bench.parts, &mut alarms).await.unwrap();
    let told = rendered.render();
    let rules = rules();
    let unknown: Vec<_> = named(&rules).difference(&named(&told)).copied().collect();
    assert_eq!(unknown, [""; 0], "{told}");
    assert!(named(&rules).len() > 10);
    let labels = "{class=\"held\",code=\"lookup-missing\",who=\"finance\"}";
    for line in [
        format!("crossbill_alert_causes{labels} 1\n"),
        format!("crossbill_alert_items{labels} 2\n"),
        format!("crossbill_alert_dollars{labels} 4310.2\n"),
        "crossbill_alerts_unsent{outlet=\"mail\"} 1\n".to_owned(),
    ] {
        assert!(told.contains(&line), "{line}{told}");
    }

    see(&bench, &[]).await;
    stored(&bench.parts, &mut alarms).await.unwrap();
    let told = rendered.render();
    assert!(
        told.contains(&format!("crossbill_alert_causes{labels} 0\n")),
        "{told}"
    );
    assert!(
        told.contains("crossbill_alerts_unsent{outlet=\"mail\"} 0\n"),
        "{told}"
    );
}
