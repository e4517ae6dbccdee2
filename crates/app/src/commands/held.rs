//! `crossbill held`.

use store::held::Which;

use crate::{
    cli::Held,
    operate::{self, held},
    output,
    parts::Parts,
};

/// Runs one of them.
pub(super) async fn run(what: Held, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let db = &parts.db;
    match what {
        Held::List {
            items,
            problem,
            limit,
            json,
        } => {
            if items || problem.is_some() {
                let which = problem.map_or(Which::All, Which::Problem);
                let mut rows = held::items(db, &which, limit.saturating_add(1)).await?;
                let is_cut = operate::cut(&mut rows, limit);
                if json {
                    output::json(&rows)?;
                } else {
                    output::say(output::items(&rows));
                }
                output::cut(is_cut, limit);
            } else {
                let groups = held::groups(db).await?;
                if json {
                    return output::json(&groups);
                }
                output::say(output::groups(&groups));
            }
        }
        Held::Show { id, json } => {
            let shown = held::show(db, id).await?;
            if json {
                return output::json(&shown);
            }
            output::say(output::shown(&shown));
        }
        Held::Replay { which, limit, yes } => {
            let which = which.into();
            let count = held::items(db, &which, limit).await?.len();
            if count > 0 && output::agreed(&format!("Try {count} held items again?"), yes)? {
                let desk = (&parts.publish, &parts.publisher);
                let by = (who, parts.clock.now());
                let bar = output::progress("Held items", count);
                let done = |items: usize| bar.inc(items as u64);
                let replayed = held::replay(db, desk, (&which, limit), by, done).await?;
                bar.finish_and_clear();
                output::say(format!("{} are back on their queues.", replayed.sent));
                if replayed.refused > 0 {
                    output::say(format!(
                        "{} were not taken by RabbitMQ and are still held.",
                        replayed.refused
                    ));
                }
            } else if count == 0 {
                output::say("Nothing of that is held.");
            }
        }
        Held::Archive { which, yes } => {
            let which = which.into();
            let count = held::items(db, &which, i64::MAX).await?.len();
            if count > 0 && output::agreed(&format!("Put {count} held items away?"), yes)? {
                let archived = held::archive(db, &which, who).await?;
                output::say(format!("{archived} put away."));
            } else if count == 0 {
                output::say("Nothing of that is held.");
            }
        }
    }
    Ok(())
}
