//! Step 8: where things stand, what others must do, and what to run next.

use domain::System;

use super::{Args, Kit, Report};

/// Resumes where that is asked for, and says everything once more. Answers whether both systems run.
pub(super) async fn close(args: &Args, kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<bool> {
    report.begin("Where things stand", 0);
    if args.resume {
        for system in System::BOTH {
            store::system::resume(&kit.db, system, &kit.who).await?;
        }
    }
    let counts = store::pair::counts(&kit.db).await?;
    let pairs: Vec<String> = counts
        .iter()
        .map(|count| format!("{} {} {}", count.pairs, count.kind, count.state.as_str()))
        .collect();
    let states = store::system::state(&kit.db).await?;
    let is_running = states.iter().all(|state| !state.paused);
    let pairs = if pairs.is_empty() {
        "no pairs".to_owned()
    } else {
        pairs.join(", ")
    };
    let standing = if is_running {
        "running"
    } else {
        "paused: nothing is written"
    };
    report.done(&format!("connected and {standing}; {pairs}"))?;
    report.repeat()?;
    report.next(if is_running {
        &["crossbill serve", "crossbill status", "crossbill held list"]
    } else {
        &[
            "crossbill serve                      (collects events; writes nothing while paused)",
            "crossbill preview ticket <number>    (what would be written, and why)",
            "crossbill resume                     (shows what would happen, asks, and begins)",
        ]
    })?;
    Ok(is_running)
}
