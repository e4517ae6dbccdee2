//! Generated lives of a ticket's charges: posted, taken back, adjusted, posted again, looked at in any order, with answers
//! lost and work begun and not ended. Whatever happens, in the end each item is on one line, to the cent.
//!
//! `CROSSBILL_BILLING_SEED=7` lives one life again.

use std::collections::BTreeMap;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::{
    amount::{Priced, Split, cents},
    source::mark_of,
    tieout::{self, Line, Posted, Verdict},
};

const LIVES: u64 = 400;
const STEPS: usize = 40;
const CHARGES: i64 = 4;

/// What goes wrong while a source is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing.
    None,
    /// The write is done, and its answer is lost.
    Lost,
    /// The write never arrives.
    Away,
    /// We are killed after the first write.
    Killed,
}

/// A pair, or what is meant to be one.
#[derive(Debug, Clone, Default)]
struct Kept {
    line: Option<i64>,
    shadow: Option<Shadow>,
    /// A write was meant, and nobody knows whether it was done; with the shadow that it leaves.
    intent: Option<Shadow>,
}

/// Both systems and our database, as far as one job goes.
struct Life {
    random: ChaCha8Rng,
    items: Vec<Json>,
    lines: Vec<JobStock>,
    kept: BTreeMap<String, Kept>,
    told: Vec<String>,
    next: i64,
    /// Whether the job's prices have tax in them.
    is_inclusive: bool,
}

fn wish() -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test reads no configuration; which life it looks at is a person's wish"
    )]
    let seed = std::env::var("CROSSBILL_BILLING_SEED").ok()?;
    seed.parse().ok()
}

#[test]
fn whatever_is_posted_taken_back_and_lost_each_item_ends_on_one_line_to_the_cent() {
    let seeds = wish().map_or(0..LIVES, |seed| seed..seed + 1);
    for seed in seeds {
        let mut life = Life::of(seed);
        for _ in 0..STEPS {
            life.step();
        }
        life.settle();
        if let Err(found) = life.judged() {
            panic!("CROSSBILL_BILLING_SEED={seed}: {found}");
        }
    }
}

impl Life {
    fn of(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        Self {
            is_inclusive: random.random_bool(0.3),
            random,
            items: Vec::new(),
            lines: Vec::new(),
            kept: BTreeMap::new(),
            told: Vec::new(),
            next: 1,
        }
    }

    fn step(&mut self) {
        let charge = self.random.random_range(1..=CHARGES);
        match self.random.random_range(0..10) {
            0 | 1 => self.post(charge),
            2 => self.take_back(),
            3 => self.adjust(charge),
            _ => {
                let sub_type = self.random.random_range(1..=2);
                let fault = match self.random.random_range(0..8) {
                    0 | 1 => Fault::Lost,
                    2 => Fault::Away,
                    3 => Fault::Killed,
                    _ => Fault::None,
                };
                self.work(charge, sub_type, fault);
            }
        }
    }

    fn post(&mut self, charge: i64) {
        if self.of_source(charge, 1).is_empty() {
            let quantity = Decimal::new(self.random.random_range(1..400), 2);
            self.add(charge, 1, quantity);
        }
    }

    /// Hours or pieces more or fewer, as an item of its own; a second one is a twin of the first.
    fn adjust(&mut self, charge: i64) {
        let is_first = self.of_source(charge, 2).is_empty();
        if !self.of_source(charge, 1).is_empty() && (is_first || self.random.random_bool(0.1)) {
            let quantity = Decimal::new(self.random.random_range(-200..200), 2);
            self.add(charge, 2, quantity);
        }
    }

    fn add(&mut self, charge: i64, sub_type: i64, quantity: Decimal) {
        let places = self.random.random_range(0..=5);
        let rate = Decimal::new(self.random.random_range(0..30_000), places);
        let extended = cents(quantity * rate);
        let id = self.next;
        self.next += 1;
        let mut posted = json!({"id": id, "webServiceDate": null});
        posted["ticketChargeID"] = charge.into();
        posted["subType"] = sub_type.into();
        for (name, amount) in [
            ("quantity", quantity),
            ("rate", rate),
            ("extendedPrice", extended),
            ("internalCurrencyExtendedPrice", extended),
            ("taxDollars", cents(extended / Decimal::TEN)),
        ] {
            posted[name] = amount.to_string().into();
        }
        self.items.push(posted);
    }

    fn take_back(&mut self) {
        if !self.items.is_empty() {
            let which = self.random.random_range(0..self.items.len());
            self.items.remove(which);
        }
    }

    fn of_source(&self, charge: i64, sub_type: i64) -> Vec<BillingItem> {
        let own = self
            .items
            .iter()
            .filter(|item| item["ticketChargeID"] == charge && item["subType"] == sub_type);
        own.map(item).collect()
    }

    /// What a worker does for one source, whatever event it was for.
    fn work(&mut self, charge: i64, sub_type: i64, fault: Fault) {
        let source = source(charge, sub_type);
        let key = source.record_id().to_string();
        let mut kept = self.kept.get(&key).cloned().unwrap_or_default();
        self.look(source, &mut kept);
        let items = self.of_source(charge, sub_type);
        let now = match items.first() {
            Some(first) => {
                let around = Around {
                    many: items.len(),
                    ..Around::default()
                };
                half(first, around)
            }
            None => halves::taken_back(source, "Toner"),
        };
        let line = self
            .lines
            .iter()
            .find(|line| Some(line.line_id) == kept.line);
        let there = line.map(|line| halves::line(line, Some(&job(None, false))));
        let planned = plan(
            &BillingRules,
            &known(now, there, kept.shadow.clone()),
            &facts(),
        );
        self.told.extend(
            planned
                .problems
                .iter()
                .map(|it| format!("{key} {}", it.code)),
        );
        if planned.next != Next::Write {
            self.kept.insert(key, kept);
            return;
        }
        if !planned.acts.is_empty() {
            kept.intent = Some(planned.shadow.clone());
        }
        for act in &planned.acts {
            if fault == Fault::Away {
                break;
            }
            self.perform(act, &mut kept, fault);
            if matches!(fault, Fault::Lost | Fault::Killed) {
                break;
            }
        }
        if fault == Fault::None {
            kept.shadow = Some(planned.shadow);
            kept.intent = None;
        }
        self.kept.insert(key, kept);
    }

    /// An open intent: its line is looked for by its mark before anything else is done.
    fn look(&self, source: Source, kept: &mut Kept) {
        let Some(shadow) = kept.intent.take() else {
            return;
        };
        let mark = source.mark();
        let mut own = self
            .lines
            .iter()
            .filter(|line| line.description.get().and_then(|words| mark_of(words)) == Some(&mark));
        if kept.line.is_none()
            && let Some(line) = own.next()
        {
            kept.line = Some(line.line_id);
            kept.shadow = Some(shadow);
        }
    }

    fn perform(&mut self, act: &Act, kept: &mut Kept, fault: Fault) {
        match act {
            Act::Create { fields, .. } => {
                let id = i64::try_from(self.lines.len()).unwrap() + 1;
                let mut made = JobStock {
                    line_id: id,
                    ..line()
                };
                self.write(&mut made, fields);
                self.lines.push(made);
                if fault == Fault::None {
                    kept.line = Some(id);
                }
            }
            Act::Update { fields, .. } => {
                let at = self
                    .lines
                    .iter()
                    .position(|line| Some(line.line_id) == kept.line);
                let mut changed = self.lines[at.unwrap()].clone();
                self.write(&mut changed, fields);
                self.lines[at.unwrap()] = changed;
            }
            Act::Refer { id, .. } => {
                let named = Source::read(id).unwrap();
                let own = self.items.iter_mut().find(|item| {
                    item["ticketChargeID"] == named.id && item["subType"] == named.sub_type.unwrap()
                });
                own.unwrap()["webServiceDate"] = json!("2026-11-20T01:02:03Z");
            }
            Act::CreateChild { .. } | Act::UpdateChild { .. } => {}
        }
    }

    /// What Jim2 keeps of a write, and the second one of the whole amount where it altered the first.
    fn write(&self, line: &mut JobStock, fields: &sync::Fields) {
        let text = |name: &str| fields.get(name).and_then(Value::as_text);
        let net: Option<Decimal> = text("net").map(|net| net.parse().unwrap());
        let split = text("split").and_then(Split::read).or(net.map(Split::one));
        if let Some(words) = text("description") {
            line.description = Told::Is(words.to_owned());
        }
        if let Some(split) = split {
            self.price(line, split);
        }
        if let Some(net) = net.or_else(|| split.and_then(Split::net))
            && halves::priced(line).and_then(Priced::net) != Some(net)
        {
            self.price(line, Split::one(net));
        }
    }

    fn price(&self, line: &mut JobStock, split: Split) {
        let with_tax = Decimal::new(11, 1);
        let (mut without, mut with) = (split.price, (split.price * with_tax).round_dp(4));
        if self.is_inclusive {
            with = cents(split.price * with_tax);
            without = (with / with_tax).round_dp(4);
        }
        line.qty = Told::Is(split.qty);
        line.supplied_qty = Told::Is(split.qty);
        line.unit_price_tf = Told::Is(without);
        line.unit_price_tp = Told::Is(with);
    }

    /// Everything is looked at again, as a sweep would.
    fn settle(&mut self) {
        for round in 0..3 {
            if round == 2 {
                self.told.clear();
            }
            for charge in 1..=CHARGES {
                for sub_type in 1..=2 {
                    self.work(charge, sub_type, Fault::None);
                }
            }
        }
    }

    fn judged(&self) -> Result<(), String> {
        let net = |line: &JobStock| halves::priced(line).and_then(Priced::net).unwrap();
        let (mut posted, mut on_job) = (Decimal::ZERO, Decimal::ZERO);
        for charge in 1..=CHARGES {
            for sub_type in 1..=2 {
                let source = source(charge, sub_type);
                let mark = source.mark();
                let own = self.lines.iter().filter(|line| {
                    line.description.get().and_then(|words| mark_of(words)) == Some(&mark)
                });
                let own: Vec<Decimal> = own.map(net).collect();
                if own.len() > 1 {
                    return Err(format!("{mark} is billed {} times", own.len()));
                }
                let items = self.of_source(charge, sub_type);
                if items.len() > 1 {
                    let told = format!("{} two-items-of-one-source", source.record_id());
                    if !self.told.contains(&told) {
                        return Err(format!("{mark} was posted twice, and nobody is told"));
                    }
                    continue;
                }
                let own_posted = items.iter().filter_map(|it| it.extended_price.get());
                let own_posted: Decimal = own_posted.sum();
                let own_lines: Decimal = own.iter().sum();
                if own_posted != own_lines {
                    let lines = self.lines.iter();
                    let prices = lines.map(|it| {
                        (
                            &it.description,
                            &it.qty,
                            &it.unit_price_tf,
                            &it.unit_price_tp,
                        )
                    });
                    return Err(format!(
                        "{mark} is posted at ${own_posted} and stands at ${own_lines}: {:#?} {:?} {:?}",
                        items,
                        prices.collect::<Vec<_>>(),
                        self.told
                    ));
                }
                posted += own_posted;
                on_job += own_lines;
            }
        }
        if posted != on_job {
            return Err(format!("${posted} is posted and ${on_job} on the job"));
        }
        self.ties_out()
    }

    /// The comparison that people ask for says the same.
    fn ties_out(&self) -> Result<(), String> {
        let items = self.items.iter().map(item).map(|item| {
            let half = half(&item, Around::default());
            Posted {
                item: item.id,
                label: half.label.clone(),
                half: Some(half),
                company: None,
                ticket: None,
                project: None,
                invoice: None,
                posted_at: None,
                exported_at: None,
                net: item.extended_price.get().copied(),
                gst: None,
            }
        });
        let lines = self.lines.iter().map(|line| {
            let words = line.description.get().cloned().unwrap_or_default();
            Line {
                id: format!("5001-{}", line.line_id).into(),
                job: 5001,
                source: mark_of(&words)
                    .and_then(Source::marked)
                    .map(Source::record_id),
                net: halves::priced(line).and_then(Priced::net),
                gst: None,
                words,
            }
        });
        let rows = tieout::compare(items.collect(), lines.collect(), &tieout::Known::default());
        for row in rows {
            let source = row
                .posted
                .as_ref()
                .and_then(Posted::source)
                .and_then(Source::read);
            let is_twin = source.is_some_and(|source| {
                self.of_source(source.id, source.sub_type.unwrap_or_default())
                    .len()
                    > 1
            });
            if row.verdict != Verdict::Matched && !is_twin {
                return Err(format!("tieout: {:?} {:?}", row.verdict, row.why));
            }
        }
        Ok(())
    }
}

fn source(charge: i64, sub_type: i64) -> Source {
    let id = format!("ticket-charge:{charge}:{sub_type}");
    Source::read(&id.into()).unwrap()
}
