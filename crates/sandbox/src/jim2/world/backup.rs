//! Last night's backup, and what is left when it is put in the place of the database.

use std::collections::BTreeMap;

use super::World;
use crate::jim2::asset::Asset;
use crate::jim2::change::Changes;
use crate::jim2::invoice::Invoice;
use crate::jim2::order::Orders;
use crate::jim2::project::Project;
use crate::jim2::queue::Queue;
use crate::jim2::record::{CardFile, Job};
use crate::jim2::status::Workflow;
use crate::jim2::stock::Stock;

/// Everything that is in the database.
#[derive(Clone, Debug)]
pub(crate) struct Backup {
    cards: BTreeMap<i64, CardFile>,
    jobs: BTreeMap<i64, Job>,
    invoices: BTreeMap<i64, Invoice>,
    projects: BTreeMap<i64, Project>,
    assets: BTreeMap<i64, Asset>,
    purchases: Orders,
    quotes: Orders,
    workflow: Workflow,
    stock: Vec<Stock>,
    changes: Changes,
    queue: Queue,
    last_card: i64,
    last_job: i64,
    last_invoice: i64,
    last_project: i64,
    last_asset: i64,
}

impl World {
    /// Keeps the database as it is now, in the place of an earlier backup. What is not committed is not in it.
    pub(crate) fn back_up(&mut self) {
        let mut changes = self.changes.clone();
        changes.roll_back();
        self.backup = Some(Box::new(Backup {
            cards: self.cards.clone(),
            jobs: self.jobs.clone(),
            invoices: self.invoices.clone(),
            projects: self.projects.clone(),
            assets: self.assets.clone(),
            purchases: self.purchases.clone(),
            quotes: self.quotes.clone(),
            workflow: self.workflow.clone(),
            stock: self.stock.clone(),
            changes,
            queue: self.queue.clone(),
            last_card: self.last_card,
            last_job: self.last_job,
            last_invoice: self.last_invoice,
            last_project: self.last_project,
            last_asset: self.last_asset,
        }));
    }

    /// Puts the backup in the place of the database: numbers are given again, and nobody is signed in or edits anything.
    /// Whether the epoch is raised is up to whoever restores. Answers whether there was a backup.
    pub(crate) fn restore(&mut self, raises_epoch: bool) -> bool {
        let Some(backup) = self.backup.clone() else {
            return false;
        };
        self.cards = backup.cards;
        self.jobs = backup.jobs;
        self.invoices = backup.invoices;
        self.projects = backup.projects;
        self.assets = backup.assets;
        self.purchases = backup.purchases;
        self.quotes = backup.quotes;
        self.workflow = backup.workflow;
        self.stock = backup.stock;
        self.changes = backup.changes;
        self.queue = backup.queue;
        self.last_card = backup.last_card;
        self.last_job = backup.last_job;
        self.last_invoice = backup.last_invoice;
        self.last_project = backup.last_project;
        self.last_asset = backup.last_asset;
        self.sessions.close_all();
        self.locks.clear();
        self.stats.forget_reader();
        if raises_epoch {
            self.options.epoch = self.options.epoch.saturating_add(1);
        }
        true
    }
}
