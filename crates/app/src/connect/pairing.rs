//! Step 7: reads what both systems have, links what surely belongs together, and lists the rest.

mod doubtful;
mod first_load;
mod read;
mod rows;
mod sign_off;
mod stock;

use std::collections::BTreeSet;

use domain::{Key, Kind, RecordId, System};
use store::{State, pair::Linked};

use self::sign_off::{Decision, Decisions};
use super::{
    Args, Kit, Report,
    autotask_side::AutotaskSide,
    jim2_side::Jim2Side,
    matching::{self, By, Doubt, Link, Matched, Settled},
};

/// Companies and their cards.
pub(super) const COMPANY: Kind = Kind::new("company");
/// Contacts.
pub(super) const CONTACT: Kind = Kind::new("contact");
/// Configuration items and their assets.
pub(super) const ASSET: Kind = Kind::new("asset");
/// Contracts and their projects.
pub(super) const CONTRACT: Kind = Kind::new("contract");
/// Tickets and their jobs.
pub(super) const TICKET: Kind = Kind::new("ticket");
/// Jobs of projects, invoices and other payers.
pub(super) const ORDER: Kind = Kind::new("order");
/// Time entries and the labour on jobs.
pub(super) const TIME: Kind = Kind::new("time");
/// What was posted, and the lines on jobs.
pub(super) const BILLING: Kind = Kind::new("billing");
/// Products and stock.
pub(super) const STOCK: Kind = Kind::new("stock");

/// What pairing came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Paired {
    /// Pairs made just now.
    pub(super) linked: usize,
    /// Records that a person has to decide on.
    pub(super) undecided: usize,
    /// Records put on the queues.
    pub(super) published: usize,
}

/// Links, lists and loads. Contacts and tickets need their companies, so each kind is linked before the next is read.
pub(super) async fn pair(
    args: &Args,
    kit: &Kit,
    (autotask, jim2): (&AutotaskSide, &Jim2Side),
    report: &mut Report<'_>,
) -> anyhow::Result<Paired> {
    report.begin("Matching", 0);
    let decisions = Decisions::read(args.decisions.as_deref())?;
    // Before anything is linked: a list that cannot be written over stops here.
    sign_off::begun(&args.unmatched)?;
    ignore(kit, &decisions, report).await?;
    let mut round = Round {
        args,
        kit,
        decisions: &decisions,
        linked: 0,
        undecided: Vec::new(),
        results: Vec::new(),
    };

    let (companies, cards) = (
        read::companies(kit, report).await?,
        read::cards(&jim2.client, jim2.named_queries, report).await?,
    );
    let settled = doubtful::settled(kit, &COMPANY).await?;
    let found = matching::companies(&companies, &cards, &settled);
    round.settle(&COMPANY, found, report).await?;

    let card_of = rows::partners(kit, &COMPANY).await?;
    let (contacts, people) = (
        read::contacts(kit, &card_of, report).await?,
        read::people(&jim2.client, &card_of, report).await?,
    );
    let settled = doubtful::settled(kit, &CONTACT).await?;
    let found = matching::contacts(&contacts, &people, &settled);
    round.settle(&CONTACT, found, report).await?;

    let open = read::tickets(kit, autotask, &card_of, report).await?;
    let jobs = read::jobs(jim2, &open, report).await?;
    let tickets: Vec<matching::Ticket> = open.iter().map(|one| one.ticket.clone()).collect();
    let settled = doubtful::settled(kit, &TICKET).await?;
    let found = matching::tickets(&tickets, &jobs, &settled);
    round.settle(&TICKET, found, report).await?;

    let agreed = read::contracts(kit, &card_of, report).await?;
    let things = read::things(kit, &card_of, report).await?;
    let shelf = stock::read(kit, jim2, report).await?;
    let found = shelf.matched(&doubtful::settled(kit, &STOCK).await?);
    round.settle(&STOCK, found, report).await?;
    let settled = rows::settled(kit, &STOCK).await?;
    let load = first_load::Load {
        open: &open,
        agreed: &agreed,
        things: &things,
        stock: shelf.without_product(kit, &settled).await?,
    };
    let published = first_load::publish(kit, &decisions, load, report).await?;
    round.close(published, report).await
}

/// The kinds one after the other, and what they came to.
struct Round<'a> {
    args: &'a Args,
    kit: &'a Kit,
    decisions: &'a Decisions,
    linked: usize,
    undecided: Vec<(Kind, Doubt)>,
    results: Vec<String>,
}

impl Round<'_> {
    /// Links what a kind's matching and a person's decisions came to.
    async fn settle(
        &mut self,
        kind: &Kind,
        found: Matched,
        report: &mut Report<'_>,
    ) -> anyhow::Result<()> {
        let mut found = self.decisions.apply(kind, found);
        let question = format!(
            "Link {} of the kind {kind}{}?",
            found.links.len(),
            how(&found)
        );
        if !found.links.is_empty() && !self.args.yes && !report.ask(&question)? {
            found.doubts.extend(found.links.drain(..).map(declined));
        }
        report.expect(found.links.len());
        let mut made = 0;
        for link in &found.links {
            match link_one(self.kit, kind, link).await? {
                Linked::Made(_) => made += 1,
                Linked::Already(_) => {}
                Linked::Refused { why } => report.warn(format!("not linked: {why}"))?,
            }
            report.advance(1);
        }
        self.results.push(format!(
            "{kind}: {made} linked{}, {} left to you",
            how(&found),
            found.doubts.len()
        ));
        self.linked += made;
        doubtful::keep_apart(self.kit, kind, found.doubts.iter(), self.decisions).await?;
        let doubts = found.doubts.into_iter();
        self.undecided
            .extend(doubts.map(|doubt| (kind.clone(), doubt)));
        Ok(())
    }

    /// Writes the list for sign-off and tells the result.
    async fn close(self, published: usize, report: &mut Report<'_>) -> anyhow::Result<Paired> {
        let path = &self.args.unmatched;
        let mut settled = BTreeSet::new();
        for line in sign_off::begun(path)? {
            let row = store::pair::find(&self.kit.db, &line.key()).await?;
            if row.is_some_and(|row| row.is_complete() || row.state == State::Ignored) {
                settled.insert(line.key());
            }
        }
        let begun = sign_off::write(path, &self.undecided, self.decisions, &settled)?;
        report.done(&format!(
            "{}; {published} records wait to be compared and written",
            self.results.join("; ")
        ))?;
        if !self.undecided.is_empty() {
            report.warn(format!(
                "{} records are left for you in {path}: fill in its column decision (link, create or ignore), then \
                 crossbill connect --decisions {path}",
                self.undecided.len(),
                path = path.display()
            ))?;
        }
        if begun > 0 {
            report.warn(format!(
                "{begun} decisions in {path} are not taken in yet: crossbill connect --decisions {path}",
                path = path.display()
            ))?;
        }
        Ok(Paired {
            linked: self.linked,
            undecided: self.undecided.len(),
            published,
        })
    }
}

async fn link_one(kit: &Kit, kind: &Kind, link: &Link) -> Result<Linked, store::Error> {
    let link = store::pair::Link {
        kind,
        autotask_id: &RecordId::from(link.autotask),
        jim2_id: &link.jim2.as_str().into(),
        label: &link.label,
        generation: link.generation,
        who: &kit.who,
    };
    store::pair::link(&kit.db, &link).await
}

/// Takes the records out of the work that a person decided to ignore.
async fn ignore(kit: &Kit, decisions: &Decisions, report: &mut Report<'_>) -> anyhow::Result<()> {
    for decided in decisions.that(Decision::Ignore) {
        for key in decided.keys() {
            if !rows::ignore(kit, &key).await? {
                report.warn(format!(
                    "{key} is paired or in work just now, so it is not ignored"
                ))?;
            }
        }
    }
    Ok(())
}

fn declined(link: Link) -> Doubt {
    Doubt {
        autotask: Some(link.autotask),
        name: link.label,
        why: format!("matched by {}, but you said no", link.by),
        candidates: vec![link.jim2],
    }
}

/// What spoke for the links.
fn how(found: &Matched) -> String {
    let mut by: Vec<By> = found.links.iter().map(|link| link.by).collect();
    by.sort_unstable();
    by.dedup();
    let by: Vec<String> = by.iter().map(ToString::to_string).collect();
    if by.is_empty() {
        String::new()
    } else {
        format!(" (by {})", by.join(", "))
    }
}

/// The key of a record of Autotask.
fn in_autotask(kind: &Kind, id: i64) -> Key {
    Key::new(kind.clone(), System::Autotask, id)
}
