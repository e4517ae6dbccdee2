//! A kind's hands, whatever their type: the engine is compiled once, and not once for each kind.

use domain::{Failure, Problem, RecordId, System, Value};
use futures_util::future::BoxFuture;

use crate::{Act, Facts, Half, Hands, Match, Shadow};

/// What a call of [`AnyHands`] answers once it is done.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, Failure>>;

/// [`Hands`] as the engine holds them; see there for what each does. Nothing but [`Hands`] implements it.
pub trait AnyHands: Send + Sync {
    /// See [`Hands::resolve`].
    fn resolve(&self, on: System, ids: Vec<RecordId>) -> Answer<'_, Vec<Vec<RecordId>>>;

    /// See [`Hands::owners`].
    fn owners<'a>(&'a self, on: System, ids: &'a [RecordId]) -> Answer<'a, Vec<Option<Value>>>;

    /// See [`Hands::read`].
    fn read<'a>(&'a self, on: System, ids: &'a [RecordId]) -> Answer<'a, Vec<Half>>;

    /// See [`Hands::list`].
    fn list(&self, after: Option<i64>, rows: usize) -> Answer<'_, Option<Vec<Half>>>;

    /// See [`Hands::locate`].
    fn locate<'a>(
        &'a self,
        on: System,
        names: &'a [RecordId],
    ) -> Answer<'a, Vec<(RecordId, RecordId)>>;

    /// See [`Hands::counterpart`].
    fn counterpart<'a>(&'a self, on: System, half: &'a Half, facts: &'a Facts)
    -> Answer<'a, Match>;

    /// See [`Hands::keeps`].
    fn keeps<'a>(&'a self, jim2: &'a Half, shadow: &'a Shadow) -> Answer<'a, Option<Problem>>;

    /// See [`Hands::is_gone`].
    fn is_gone<'a>(&'a self, on: System, id: &'a RecordId) -> Answer<'a, bool>;

    /// See [`Hands::surely_new`].
    fn surely_new<'a>(&'a self, creations: &'a [Act]) -> Answer<'a, Vec<Act>>;

    /// See [`Hands::prepare`].
    fn prepare(&self, act: Act) -> Answer<'_, Act>;

    /// See [`Hands::find`].
    fn find<'a>(&'a self, act: &'a Act) -> Answer<'a, Vec<RecordId>>;

    /// See [`Hands::perform`].
    fn perform<'a>(&'a self, act: &'a Act) -> Answer<'a, Option<RecordId>>;
}

impl<H: Hands> AnyHands for H {
    fn resolve(&self, on: System, ids: Vec<RecordId>) -> Answer<'_, Vec<Vec<RecordId>>> {
        Box::pin(Hands::resolve(self, on, ids))
    }

    fn owners<'a>(&'a self, on: System, ids: &'a [RecordId]) -> Answer<'a, Vec<Option<Value>>> {
        Box::pin(Hands::owners(self, on, ids))
    }

    fn read<'a>(&'a self, on: System, ids: &'a [RecordId]) -> Answer<'a, Vec<Half>> {
        Box::pin(Hands::read(self, on, ids))
    }

    fn list(&self, after: Option<i64>, rows: usize) -> Answer<'_, Option<Vec<Half>>> {
        Box::pin(Hands::list(self, after, rows))
    }

    fn locate<'a>(
        &'a self,
        on: System,
        names: &'a [RecordId],
    ) -> Answer<'a, Vec<(RecordId, RecordId)>> {
        Box::pin(Hands::locate(self, on, names))
    }

    fn counterpart<'a>(
        &'a self,
        on: System,
        half: &'a Half,
        facts: &'a Facts,
    ) -> Answer<'a, Match> {
        Box::pin(Hands::counterpart(self, on, half, facts))
    }

    fn keeps<'a>(&'a self, jim2: &'a Half, shadow: &'a Shadow) -> Answer<'a, Option<Problem>> {
        Box::pin(Hands::keeps(self, jim2, shadow))
    }

    fn is_gone<'a>(&'a self, on: System, id: &'a RecordId) -> Answer<'a, bool> {
        Box::pin(Hands::is_gone(self, on, id))
    }

    fn surely_new<'a>(&'a self, creations: &'a [Act]) -> Answer<'a, Vec<Act>> {
        Box::pin(Hands::surely_new(self, creations))
    }

    fn prepare(&self, act: Act) -> Answer<'_, Act> {
        Box::pin(Hands::prepare(self, act))
    }

    fn find<'a>(&'a self, act: &'a Act) -> Answer<'a, Vec<RecordId>> {
        Box::pin(Hands::find(self, act))
    }

    fn perform<'a>(&'a self, act: &'a Act) -> Answer<'a, Option<RecordId>> {
        Box::pin(Hands::perform(self, act))
    }
}
