//! The kinds: each brings its rules and its hands, and everything else follows from the one list here.

use std::sync::Arc;

use broker::{Family, Lane, Queues, Settler, Tiers, Topology};
use domain::{Kind, System};
use reconciler::{
    Trailed,
    sweep::{Reader, Readers},
    webhooks::Hook,
};
use sync::{AnyHands, Choices, Crash, Engine, Facts, Mappings, Rules, Timing, Trail, Watch};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, Repeats},
    parts::{Clients, Parts},
};

/// A kind of this program: how it thinks, and how it is put to work.
struct Entry {
    rules: &'static dyn Rules,
    work: fn(&Clients, &Facts) -> Work,
}

/// A kind's entry: its crate, its rules, its hands. Hands have the two callers, what their settings make of the mappings
/// where they have any, and what else they keep, which begins empty. `with` are those that they are a part of.
macro_rules! kind {
    ($crate_:ident: $rules:ident, $hands:ident $(, $settings:ident $(, $own:ident)?)? $(; with $with:ident)?) => {
        Entry {
            rules: &$crate_::$rules,
            work: |clients, facts| {
                let _ = facts;
                let hands = $crate_::$hands {
                    autotask: clients.autotask.clone(),
                    jim2: clients.jim2.clone(),
                    $(settings: $crate_::$settings::of(facts), $($own: Default::default(),)?)?
                };
                $(let hands = $crate_::$with(hands);)?
                Work {
                    rules: Box::new($crate_::$rules),
                    hands: Box::new(hands),
                }
            },
        }
    };
}

/// The kinds, in the order in which they are shown: what others need comes first. A new kind is one line here.
static KINDS: [Entry; 13] = [
    kind!(worker_company: CompanyRules, CompanyHands, CompanySettings, chosen),
    kind!(worker_company: LocationRules, LocationHands),
    kind!(worker_contact: ContactRules, ContactHands, ContactSettings),
    kind!(worker_contract: ContractRules, ContractHands, ContractSettings),
    kind!(worker_asset: AssetRules, AssetHands, AssetSettings),
    kind!(worker_ticket: TicketRules, TicketHands, TicketSettings),
    kind!(worker_order: OrderRules, OrderHands, OrderSettings),
    kind!(worker_time: TimeRules, TimeHands, TimeSettings),
    kind!(worker_billing: BillingRules, BillingHands, BillingSettings),
    kind!(worker_billing: InvoiceRules, BillingHands, BillingSettings; with InvoiceHands),
    kind!(worker_stock: StockRules, StockHands, StockSettings),
    kind!(worker_purchase: PurchaseRules, PurchaseHands),
    kind!(worker_quote: QuoteRules, QuoteHands),
];

/// What of every kind is compared in full, on both sides.
static CONTENTS: [Trail; 2] = [
    Trail::contents(System::Autotask),
    Trail::contents(System::Jim2),
];

/// Every kind's rules and hands.
pub(crate) fn all(clients: &Clients, facts: &Facts) -> Vec<Work> {
    let work = |kind: &Entry| (kind.work)(clients, facts);
    KINDS.iter().map(work).collect()
}

/// Every kind's thinking.
pub(crate) fn rules() -> impl Iterator<Item = &'static dyn Rules> {
    KINDS.iter().map(|kind| kind.rules)
}

/// Every kind.
pub(crate) fn kinds() -> impl Iterator<Item = Kind> {
    rules().map(Rules::kind)
}

/// What a site can choose of the kinds, as far as they say it themselves.
pub(crate) fn choices() -> impl Iterator<Item = Choices> {
    rules().map(Rules::choices)
}

/// The webhooks that tell of any kind.
pub(crate) fn hooks() -> Vec<Hook> {
    let of = |rules: &'static dyn Rules| {
        let hook = move |watch: &Watch| Hook {
            kind: rules.kind(),
            watch: *watch,
        };
        rules.watches().iter().map(hook)
    };
    rules().flat_map(of).collect()
}

/// What is swept and how often, with the word that people have for each: `ticket_autotask`.
pub(crate) fn swept(repeats: &Repeats) -> Vec<(String, Trailed)> {
    let mut all = Vec::new();
    for rules in rules() {
        let kind = rules.kind();
        for trail in rules.trails().iter().chain(&CONTENTS) {
            let word = sweep_word(&kind, trail);
            let trailed = Trailed {
                every: repeats.of(&word, trail.every),
                queue: family(&kind).queue(Lane::Bulk),
                kind: kind.clone(),
                trail: *trail,
            };
            all.push((word, trailed));
        }
    }
    all
}

/// The words of all sweeps.
pub(crate) fn sweep_words() -> Vec<String> {
    let all = swept(&Repeats::default()).into_iter();
    all.map(|(word, _)| word).collect()
}

/// How kinds read what full sweeps compare.
pub(crate) fn readers(clients: &Clients) -> Readers {
    let clients = clients.clone();
    Readers::new(move |kind, facts| {
        let entry = KINDS.iter().find(|entry| entry.rules.kind() == *kind)?;
        let Work { rules, hands } = (entry.work)(&clients, facts);
        Some(Reader { rules, hands })
    })
}

fn sweep_word(kind: &Kind, trail: &Trail) -> String {
    let name = match trail.name {
        "" => String::new(),
        name => format!("_{name}"),
    };
    format!("{kind}{name}_{}", trail.on().as_str())
}

/// The kind with this word.
pub(crate) fn named(word: &str) -> Option<Kind> {
    kinds().find(|kind| kind.as_str() == word)
}

/// The words of all kinds, for a sentence.
pub(crate) fn words() -> String {
    let words: Vec<_> = kinds().map(|kind| kind.to_string()).collect();
    words.join(", ")
}

/// What is declared in RabbitMQ: a family of queues a kind.
pub(crate) fn topology() -> Topology {
    Topology {
        families: kinds().map(|kind| family(&kind)).collect(),
        tiers: Tiers::default(),
    }
}

/// The queues of a kind.
pub(crate) fn family(kind: &Kind) -> Family {
    Family::new(kind.as_str(), [kind.clone()])
}

/// A kind at work: its rules and its hands.
pub(crate) struct Work {
    /// Its thinking.
    pub(crate) rules: Box<dyn Rules>,
    /// Its reads and writes.
    pub(crate) hands: Box<dyn AnyHands>,
}

impl Work {
    /// Makes pairs equal until `stop`.
    pub(crate) async fn run(self, parts: Parts, mappings: Arc<Mappings>, stop: CancellationToken) {
        let queues = Queues::from(&family(&self.rules.kind()));
        let crash = crash(&parts.config);
        let engine = Engine {
            rules: self.rules,
            hands: self.hands,
            settler: Settler::new(parts.publisher, Tiers::default()),
            db: parts.db,
            publish: parts.publish,
            mappings,
            clock: parts.clock,
            timing: Timing::of(parts.config.engine.deadline, parts.config.engine.patience),
            holder: parts.holder,
            crash,
        };
        engine.run(&parts.broker, &queues, &stop).await;
    }
}

/// A test may end the process at a point between two steps, as a power cut would.
#[cfg(debug_assertions)]
fn crash(config: &Config) -> Crash {
    let crash_at = config.crash_at;
    Crash::when(move |point| {
        if Some(point) == crash_at {
            std::process::abort();
        }
        false
    })
}

/// Only test builds have such points.
#[cfg(not(debug_assertions))]
fn crash(_config: &Config) -> Crash {
    Crash::default()
}
