//! One of the few requests that an endpoint serves at once, within what the tenant may ask in its hour.

use std::sync::Arc;

use tokio::time::sleep;

use super::super::answer::Refusal;
use super::super::app::App;
use super::super::fault::Fault;
use super::super::limit::Lane;
use super::super::options::ApiUser;
use super::super::route::Route;
use super::super::world::World;

/// A thread of an endpoint; given back when dropped.
pub(super) struct Thread {
    app: Arc<App>,
    lane: Lane,
}

impl Thread {
    /// Takes a thread and counts the request; one that is refused for want of a thread is not counted.
    pub(super) fn take(app: &Arc<App>, user: &ApiUser, route: &Route) -> Result<Self, Refusal> {
        let (endpoint, label, is_write) = match route {
            Route::Entity(call) => (
                call.endpoint,
                format!("{} {}", call.entity.plural, call.deed.name()),
                call.deed.is_write(),
            ),
            Route::Threshold => (
                "ThresholdInformation",
                "ThresholdInformation".to_owned(),
                false,
            ),
            Route::Zone | Route::Versions | Route::Version => {
                ("Version", "Version".to_owned(), false)
            }
        };
        let lane = Lane {
            integration_code: user.integration_code.clone(),
            endpoint: endpoint.to_owned(),
        };
        let mut world = app.world();
        let now = world.now();
        world.traffic.note(&label, is_write);
        let (quota, threads) = (world.quota(), world.options.threads);
        if world.faults.strikes(Fault::HardStop) {
            return Err(quota.exceeded());
        }
        let entered = world.traffic.enter(&lane, threads);
        entered.map_err(|refusal| crowded(&mut world, refusal))?;
        if let Err(refusal) = world.traffic.count(now, quota) {
            world.traffic.leave(&lane);
            return Err(refusal);
        }
        drop(world);
        Ok(Self {
            app: Arc::clone(app),
            lane,
        })
    }
}

/// A request too many at once is not always refused with the status that one would expect.
fn crowded(world: &mut World, refusal: Refusal) -> Refusal {
    let struck = world.faults.strike(Fault::ThreadRefusal);
    match (refusal, struck.map(|struck| struck.word())) {
        (Refusal::TooMany(text), Some("503")) => Refusal::Busy(text),
        (Refusal::TooMany(text), Some(_)) => Refusal::invalid(text),
        (refusal, _) => refusal,
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let lag = self.app.world().options.thread_release_lag;
        if lag.is_zero() {
            return self.app.world().traffic.leave(&self.lane);
        }
        let (app, lane) = (Arc::clone(&self.app), self.lane.clone());
        self.app.tasks().spawn(async move {
            app.stopping().run_until_cancelled(sleep(lag)).await;
            app.world().traffic.leave(&lane);
        });
    }
}
