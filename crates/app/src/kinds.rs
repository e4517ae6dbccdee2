//! The kinds: each brings its rules and its hands, and everything else follows from the three lists here.

use std::sync::Arc;

use broker::{Family, Lane, Queues, Settler, Tiers, Topology};
use domain::Kind;
use reconciler::Trailed;
use sync::{AnyHands, Crash, Engine, Facts, Hands, Mappings, Rules, Timing, Trail};
use tokio_util::sync::CancellationToken;
use worker_asset::{AssetHands, AssetRules, AssetSettings};
use worker_billing::{BillingHands, BillingRules, BillingSettings, InvoiceHands, InvoiceRules};
use worker_company::{CompanyHands, CompanyRules, CompanySettings};
use worker_contact::{ContactHands, ContactRules, ContactSettings};
use worker_contract::{ContractHands, ContractRules, ContractSettings};
use worker_order::{OrderHands, OrderRules};
use worker_purchase::{PurchaseHands, PurchaseRules};
use worker_stock::{StockHands, StockRules, StockSettings};
use worker_ticket::{TicketHands, TicketRules, TicketSettings};
use worker_time::{TimeHands, TimeRules, TimeSettings};

use crate::{
    config::{Config, Repeats},
    parts::{Clients, Parts},
};

/// The hands of a kind: each has the two callers and what its settings make of the mappings; what else it keeps begins
/// empty.
macro_rules! hands {
    ($hands:ident, $settings:ident, $autotask:ident, $jim2:ident, $facts:ident $(, $own:ident)?) => {
        $hands {
            autotask: $autotask.clone(),
            jim2: $jim2.clone(),
            settings: $settings::of($facts),
            $($own: Default::default(),)?
        }
    };
}

/// The kinds, in the order in which they are shown: what others need comes first.
pub(crate) const KINDS: [Kind; 11] = [
    Kind::new("company"),
    Kind::new("contact"),
    Kind::new("contract"),
    Kind::new("asset"),
    Kind::new("ticket"),
    Kind::new("order"),
    Kind::new("time"),
    Kind::new("billing"),
    Kind::new("invoice"),
    Kind::new("stock"),
    Kind::new("purchase"),
];

/// Every kind's rules and hands, in the order of [`KINDS`]. A new kind is one entry here, in [`KINDS`] and in
/// [`rules`].
pub(crate) fn all(clients: &Clients, facts: &Facts) -> Vec<Work> {
    let Clients { autotask, jim2 } = clients;
    vec![
        with(
            CompanyRules,
            hands!(CompanyHands, CompanySettings, autotask, jim2, facts, chosen),
        ),
        with(
            ContactRules,
            hands!(ContactHands, ContactSettings, autotask, jim2, facts),
        ),
        with(
            ContractRules,
            hands!(ContractHands, ContractSettings, autotask, jim2, facts),
        ),
        with(
            AssetRules,
            hands!(AssetHands, AssetSettings, autotask, jim2, facts),
        ),
        with(
            TicketRules,
            hands!(TicketHands, TicketSettings, autotask, jim2, facts),
        ),
        with(
            OrderRules,
            OrderHands {
                autotask: autotask.clone(),
                jim2: jim2.clone(),
            },
        ),
        with(
            TimeRules,
            hands!(TimeHands, TimeSettings, autotask, jim2, facts),
        ),
        with(
            BillingRules,
            hands!(BillingHands, BillingSettings, autotask, jim2, facts),
        ),
        with(
            InvoiceRules,
            InvoiceHands(hands!(BillingHands, BillingSettings, autotask, jim2, facts)),
        ),
        with(
            StockRules,
            hands!(StockHands, StockSettings, autotask, jim2, facts),
        ),
        with(
            PurchaseRules,
            PurchaseHands {
                autotask: autotask.clone(),
                jim2: jim2.clone(),
            },
        ),
    ]
}

/// Every kind's thinking, in the order of [`KINDS`].
pub(crate) fn rules() -> [&'static dyn Rules; 11] {
    [
        &CompanyRules,
        &ContactRules,
        &ContractRules,
        &AssetRules,
        &TicketRules,
        &OrderRules,
        &TimeRules,
        &BillingRules,
        &InvoiceRules,
        &StockRules,
        &PurchaseRules,
    ]
}

/// What is swept and how often, with the word that people have for each: `ticket_autotask`.
pub(crate) fn swept(repeats: &Repeats) -> Vec<(String, Trailed)> {
    let mut all = Vec::new();
    for rules in rules() {
        let kind = rules.kind();
        for trail in rules.trails() {
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

fn sweep_word(kind: &Kind, trail: &Trail) -> String {
    let name = match trail.name {
        "" => String::new(),
        name => format!("_{name}"),
    };
    format!("{kind}{name}_{}", trail.on().as_str())
}

/// The kind with this word.
pub(crate) fn named(word: &str) -> Option<Kind> {
    KINDS.into_iter().find(|kind| kind.as_str() == word)
}

/// The words of all kinds, for a sentence.
pub(crate) fn words() -> String {
    KINDS.map(|kind| kind.to_string()).join(", ")
}

/// What is declared in RabbitMQ: a family of queues a kind.
pub(crate) fn topology() -> Topology {
    Topology {
        families: KINDS.iter().map(family).collect(),
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

fn with(rules: impl Rules + 'static, hands: impl Hands + 'static) -> Work {
    Work {
        rules: Box::new(rules),
        hands: Box::new(hands),
    }
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
