//! `crossbill pairs`, `mapping` and `preview`: the commands about records.

use anyhow::Context as _;
use domain::{Kind, Lane};
use store::pair::Filter;
use sync::Mappings;

use super::choices;
use crate::{
    cli::{Mapping, Pairs, PreviewOf},
    kinds,
    operate::{
        self, mapping as drift,
        pairs::{self, Wanted},
        preview::{self as previews, Desk},
        tieout,
    },
    output,
    parts::Parts,
    site::Site,
};

/// Runs one of `crossbill pairs`.
pub(super) async fn run(what: Pairs, parts: &Parts, who: &str) -> anyhow::Result<()> {
    match what {
        Pairs::List {
            date_out_moved: true,
            period,
            limit,
            json,
            ..
        } => date_out_moved(parts, (period, limit), json).await?,
        Pairs::List {
            text,
            kind,
            state,
            nothing_to_invoice,
            limit,
            json,
            date_out_moved: false,
            period: _,
        } => {
            let filter = Filter {
                kind,
                state: state.map(Into::into),
                text,
                agreed: nothing_to_invoice.then_some(sync::finish::NOTHING_TO_INVOICE),
            };
            list(parts, &filter, limit, json).await?;
        }
        Pairs::Link {
            kind,
            autotask,
            jim2,
        } => {
            let wanted = Wanted {
                kind: &kind,
                autotask: &autotask,
                jim2: &jim2,
            };
            let clients = parts.clients(&Site::load(&parts.db).await?)?;
            let mappings = Mappings::load(&parts.db, parts.config.time_zone).await?;
            let works = kinds::all(&clients, &mappings.facts(parts.clock.now()));
            let work = works.iter().find(|work| work.rules.kind() == kind);
            let work = work.context("this build knows every kind it takes as an argument")?;
            let on = (&parts.db, work);
            let is_new = pairs::link(on, &parts.publish, &wanted, who).await?;
            output::say(if is_new {
                "They are a pair now; it is looked at next."
            } else {
                "They were a pair before."
            });
        }
        Pairs::Unlink {
            kind,
            autotask,
            yes,
        } => {
            let row = pairs::complete(&parts.db, &kind, &autotask).await?;
            let question = format!(
                "Take {kind} {} apart, and leave both records alone?",
                row.label
            );
            if output::agreed(&question, yes)? {
                pairs::unlink(&parts.db, &row, who).await?;
                output::say("They are apart.");
            }
        }
    }
    Ok(())
}

/// The pairs that were changed last.
async fn list(parts: &Parts, filter: &Filter, limit: i64, json: bool) -> anyhow::Result<()> {
    let mut rows = pairs::list(&parts.db, filter, limit.saturating_add(1)).await?;
    let is_cut = operate::cut(&mut rows, limit);
    if json {
        output::json(&rows)?;
    } else {
        output::say(output::pairs(&rows));
    }
    output::cut(is_cut, limit);
    Ok(())
}

/// The jobs whose Date Out we moved to another month, of all months or of this one.
async fn date_out_moved(
    parts: &Parts,
    (month, limit): (Option<(i32, u32)>, i64),
    json: bool,
) -> anyhow::Result<()> {
    let zone = parts.config.time_zone;
    let month = month.map(|month| tieout::month(Some(month), parts.clock.now(), zone));
    let month = month.transpose()?.map(|month| month.range);
    let mut moved =
        pairs::date_out_moved(&parts.db, month.as_ref(), limit.saturating_add(1)).await?;
    let is_cut = operate::cut(&mut moved, limit);
    if json {
        output::json(&moved)?;
    } else {
        output::say(output::date_out_moved(&moved, zone));
    }
    output::cut(is_cut, limit);
    Ok(())
}

/// Runs `crossbill mapping`.
pub(super) async fn mapping(what: Mapping, parts: &Parts, who: &str) -> anyhow::Result<()> {
    match what {
        Mapping::List { kind, json } => choices::rules(kind, json, parts).await,
        Mapping::Set {
            kind,
            field,
            way,
            owner,
        } => choices::set_rule((&kind, &field), (way, owner), parts, who).await,
        Mapping::Reset { kind, field } => choices::reset_rule((&kind, &field), parts, who).await,
        Mapping::Apply { kind, yes } => apply(kind, yes, parts, who).await,
    }
}

/// Settles differences from before Crossbill.
async fn apply(kind: Option<Kind>, yes: bool, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let mappings = Mappings::load(&parts.db, parts.config.time_zone).await?;
    let facts = mappings.facts(parts.clock.now());
    let mut rows = Vec::new();
    for rules in kinds::rules() {
        if kind.as_ref().is_none_or(|kind| *kind == rules.kind()) {
            let drifting = drift::drifting(&parts.db, rules, &facts).await?;
            output::say(format!(
                "{}: {} pairs may differ",
                rules.kind(),
                drifting.len()
            ));
            rows.extend(drifting);
        }
    }
    if rows.is_empty() {
        output::say("Nothing to settle.");
        return Ok(());
    }
    let question = format!(
        "Settle these {} by each field's owner? (crossbill preview shows one)",
        rows.len()
    );
    if output::agreed(&question, yes)? {
        let bar = output::progress("Pairs", rows.len());
        let done = |pairs: usize| bar.inc(pairs as u64);
        let sent = drift::apply(&parts.db, &parts.publish, &rows, who, done).await?;
        bar.finish_and_clear();
        output::say(format!(
            "{sent} pairs are looked at now; those in step cost no write."
        ));
    }
    Ok(())
}

/// Runs `crossbill preview`.
pub(super) async fn preview(
    what: PreviewOf,
    id: &str,
    json: bool,
    parts: &Parts,
) -> anyhow::Result<()> {
    let clients = parts.clients(&Site::load(&parts.db).await?)?;
    let mappings = Mappings::load(&parts.db, parts.config.time_zone).await?;
    let desk = Desk {
        db: &parts.db,
        clients: &clients,
        mappings: &mappings,
        now: parts.clock.now(),
    };
    let preview = Box::pin(previews::preview(&desk, what, id));
    let preview = autotask::in_lane(Lane::Interactive, preview).await?;
    if json {
        return output::json(&preview);
    }
    output::say(output::preview(&preview));
    Ok(())
}
