//! What a kind brings to the engine.

use domain::{Failure, Key, Kind, Problem, RecordId, System, Value};
use rust_decimal::Decimal;

use crate::{
    Act, Carry, Child, ChildPair, Choices, Facts, Field, Fields, Half, Notice, Shadow, Trail, Watch,
};

/// A kind's thinking. Pure: no I/O, no clock.
pub trait Rules: Send + Sync {
    /// The kind.
    fn kind(&self) -> Kind;

    /// Its mapping table.
    fn fields(&self) -> &'static [Field];

    /// Where changes of its records show on either side, for sweeps. A kind without any is swept by nobody.
    fn trails(&self) -> &'static [Trail] {
        &[]
    }

    /// The webhooks of Autotask that tell of it. Most kinds have none, and live on sweeps.
    fn watches(&self) -> &'static [Watch] {
        &[]
    }

    /// Whether what has just happened to its records goes on when the allowance is nearly used up: tickets and what is billed.
    fn is_essential(&self) -> bool {
        false
    }

    /// What a site can choose of it beside the mapping table.
    fn choices(&self) -> Choices {
        Choices::NONE
    }

    /// The records that planning for `half` needs the other half of (its company, its contact).
    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        let _ = (on, half);
        Vec::new()
    }

    /// Whether the half missing on `to` should be made from `half`, and what the engine cannot fill in by the table.
    fn create(&self, to: System, half: &Half, generation: i32, facts: &Facts) -> Creation;

    /// Why the half missing on `to` is not made before work waits for it, where that is so.
    fn waits_for_work(&self, to: System, half: &Half, facts: &Facts) -> Option<String> {
        let _ = (to, half, facts);
        None
    }

    /// Whether the Jim2 half takes no work any more, so that new work goes to another one. Asked only where work waits.
    fn is_over(&self, jim2: &Half) -> bool {
        let _ = jim2;
        false
    }

    /// Whether a field takes part now. One that is for later is not remembered meanwhile, and is met anew whenever the pair
    /// is planned.
    fn takes_part(&self, field: &str, autotask: &Half, jim2: &Half, facts: &Facts) -> bool {
        let _ = (field, autotask, jim2, facts);
        true
    }

    /// What is written on `half` once its other half is gone for good; `None` where a person has to find out where it went.
    fn outlives(&self, on: System, half: &Half, facts: &Facts) -> Option<Fields> {
        let _ = (on, half, facts);
        None
    }

    /// Whether two records may look the same because nothing in them says whose they are: what is found is then another
    /// pair's, if it is in one.
    fn may_look_alike(&self) -> bool {
        false
    }

    /// Whether what differs when two records are found to be a pair is from before Crossbill, and left until a person has
    /// it settled. A kind whose halves are a pair from the beginning has no such past: its owners decide.
    fn has_a_past(&self) -> bool {
        true
    }

    /// Whether a half without a pair is looked for on the other side by what it says, as nothing on it names its other
    /// half: then [`Hands::counterpart`] is asked before anything else is made of it.
    fn seeks(&self, on: System, half: &Half) -> bool {
        let _ = (on, half);
        false
    }

    /// Whether the two halves are still each other's (rule 6).
    fn identity(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
        let _ = (autotask, jim2, facts);
        Ok(())
    }

    /// The Jim2 customer the pair is made for, kept in the shadow and compared ever after; kinds without one say nothing.
    fn customer(&self, jim2: &Half) -> Option<Value> {
        let _ = jim2;
        None
    }

    /// The Autotask company the pair is made for, kept in the shadow; kinds without one say nothing.
    fn company(&self, autotask: &Half) -> Option<Value> {
        let _ = autotask;
        None
    }

    /// Whether the customer of the one is that of the other. Asked only where the company is not the one that the
    /// pair was made for: who pays for a company's work may be somebody else.
    fn ownership(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
        let _ = (autotask, jim2, facts);
        Ok(())
    }

    /// What is wrong with a pair although no write of ours could mend it. It holds nothing back.
    fn problems(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Vec<Problem> {
        let _ = (autotask, jim2, facts);
        Vec::new()
    }

    /// What the journal shall know of an act on `half` (or, where one is made, from it) beside what it writes.
    fn notices(&self, act: &Act, half: &Half, facts: &Facts) -> Vec<Notice> {
        let _ = (act, half, facts);
        Vec::new()
    }

    /// What is written to a Jim2 half on which nobody has worked, when the Autotask half goes on with another one; `None`
    /// where a person has to decide.
    fn retires(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Option<Fields> {
        let _ = (autotask, jim2, facts);
        None
    }

    /// Whether `half` on `on` lacks its reference to `to`.
    fn owes_reference(&self, on: System, half: &Half, to: &RecordId, generation: i32) -> bool;

    /// What whoever writes the reference of `half` on `on` needs to know of it: it was read for the plan, and need not be asked
    /// for again. Nothing, where something of it was not told.
    fn to_refer(&self, on: System, half: &Half) -> Fields {
        let _ = (on, half);
        Fields::new()
    }

    /// Whether `on` takes writes to `field` of `half` now.
    fn standing(&self, on: System, half: &Half, field: &str, facts: &Facts) -> Standing {
        let _ = (on, half, field, facts);
        Standing::Open
    }

    /// One write in the steps that the other side allows (a status path). The engine calls it for each update.
    fn steps(
        &self,
        on: System,
        half: &Half,
        fields: Fields,
        facts: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        let _ = (on, half, facts);
        Ok(vec![fields])
    }

    /// The money that Jim2 is owed by a pair, or by what there is of it, without GST, in the provider's currency: so much is
    /// held up while it is held. `None` where it is not known, or the kind is not about money.
    fn owed(&self, autotask: Option<&Half>, jim2: Option<&Half>) -> Option<Decimal> {
        let _ = (autotask, jim2);
        None
    }

    /// The company that a record belongs to, so that people can be told who is affected while it is held. Most kinds know it
    /// as a fact of either half.
    fn belongs_to(&self, autotask: Option<&Half>, jim2: Option<&Half>) -> Option<Key> {
        let known = |on: System, half: Option<&Half>, fact: &str| {
            let id = half?.fact(fact)?.as_number()?;
            Some(Key::new(Kind::new("company"), on, id))
        };
        known(System::Autotask, autotask, "company")
            .or_else(|| known(System::Jim2, jim2, "customer"))
            .or_else(|| known(System::Jim2, jim2, "card"))
    }

    /// Whether a child travels, and what it says on the other side (without the mark).
    fn carry(&self, from: System, child: &Child, facts: &Facts) -> Carry {
        let _ = (from, child, facts);
        Carry::No("this kind has no children")
    }

    /// What a person should know of a child on `on` that is gone while the other half of its pair is still there.
    /// Neither is made again nor written. Asked where `half` tells all of its children ([`crate::ALL_CHILDREN`]).
    fn child_gone(
        &self,
        on: System,
        half: &Half,
        pair: &ChildPair,
        facts: &Facts,
    ) -> Option<Problem> {
        let _ = (on, half, pair, facts);
        None
    }
}

/// What was to be done does not make sense: a stored act of another build.
#[derive(Debug, thiserror::Error)]
#[error("the stored act cannot be carried out: {0}")]
pub struct Malformed(pub &'static str);

/// Whether the missing half is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Creation {
    /// No, and nobody has to do anything: the plain reason.
    No(String),
    /// It should be, but these stand in the way.
    Held(Vec<Problem>),
    /// It should be, once this other record is paired: that is told that work waits for it. The problems are held
    /// meanwhile.
    Awaits(Key, Vec<Problem>),
    /// Yes.
    Yes(Draft),
}

/// What a kind adds to the record that the mapping table fills in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The text by which a lost answer is found again.
    pub reference: String,
    /// Values beside the mapping table (customer, ship-to, …), by names that the kind's hands know.
    pub extra: Fields,
}

/// What a half without a pair stands for on the other side, by what both say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// Nothing that is there.
    None,
    /// This record, and it stands for nothing else.
    One(RecordId),
    /// Several fit, here or there: a person has to decide.
    Doubtful(Box<Problem>),
}

/// Whether a half takes a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Open,
    /// Not now and perhaps never: one standing problem, raised only where there is something to write.
    Closed(Box<Problem>),
}

/// A kind's reads and writes.
pub trait Hands: Send + Sync {
    /// Turns ids as events bring them (such as a note's) into the kind's own record ids: none where there is no such
    /// record, several where an event is about several (all that an invoice bills).
    fn resolve(
        &self,
        on: System,
        ids: Vec<RecordId>,
    ) -> impl Future<Output = Result<Vec<Vec<RecordId>>, Failure>> + Send {
        let _ = on;
        async { Ok(ids.into_iter().map(|id| vec![id]).collect()) }
    }

    /// To what the pairs belong that events are about which name no record of the kind, as [`Rules::company`] tells it of
    /// them: `ticket:123` of a log that does not say which of a ticket's entries was deleted. `None` for all other ids.
    fn owners(
        &self,
        on: System,
        ids: &[RecordId],
    ) -> impl Future<Output = Result<Vec<Option<Value>>, Failure>> + Send {
        let _ = on;
        let nobody = vec![None; ids.len()];
        async { Ok(nobody) }
    }

    /// Reads records in as few calls as possible. What is not there is absent from the answer.
    fn read(
        &self,
        on: System,
        ids: &[RecordId],
    ) -> impl Future<Output = Result<Vec<Half>, Failure>> + Send;

    /// The next `rows` records of Autotask behind the id `after`, or the first ones, in the order of their ids; fewer at the end: as a full sweep
    /// compares them, the mapped fields of the records themselves and nothing around them, so that a page is one call. What
    /// only records around it would tell is not told. `None` where the kind's records are not listed so; then those that are
    /// paired are read by [`Hands::read`].
    fn list(
        &self,
        after: Option<i64>,
        rows: usize,
    ) -> impl Future<Output = Result<Option<Vec<Half>>, Failure>> + Send {
        let _ = (after, rows);
        async { Ok(None) }
    }

    /// The ids of records by the names people know them by, for pointers by name.
    fn locate(
        &self,
        on: System,
        names: &[RecordId],
    ) -> impl Future<Output = Result<Vec<(RecordId, RecordId)>, Failure>> + Send {
        let _ = (on, names);
        async { Ok(Vec::new()) }
    }

    /// The one record of the other side that a half stands for, where each is the only one that fits the other. Asked
    /// only of kinds that [`Rules::seeks`] says so of, and only while the half has no pair.
    fn counterpart(
        &self,
        on: System,
        half: &Half,
        facts: &Facts,
    ) -> impl Future<Output = Result<Match, Failure>> + Send {
        let _ = (on, half, facts);
        async { Ok(Match::None) }
    }

    /// What only the systems can tell that speaks against retiring a Jim2 half: work on it, or an owner that is gone.
    fn keeps(
        &self,
        jim2: &Half,
        shadow: &Shadow,
    ) -> impl Future<Output = Result<Option<Problem>, Failure>> + Send {
        let _ = (jim2, shadow);
        async { Ok(None) }
    }

    /// Whether a record that a read did not show is gone, by asking for it alone.
    fn is_gone(
        &self,
        on: System,
        id: &RecordId,
    ) -> impl Future<Output = Result<bool, Failure>> + Send {
        async move { Ok(self.read(on, std::slice::from_ref(id)).await?.is_empty()) }
    }

    /// Of these creations, those that are surely new: neither [`Hands::prepare`] nor [`Hands::find`] would find anything.
    /// Asked for a whole batch in as few calls as possible; all others are asked about one by one. What was seen of the
    /// record that one is made on may be added to it.
    fn surely_new(
        &self,
        creations: &[Act],
    ) -> impl Future<Output = Result<Vec<Act>, Failure>> + Send {
        let _ = creations;
        async { Ok(Vec::new()) }
    }

    /// Settles what only the other side can tell before the intent is stored (a card code that is free).
    fn prepare(&self, act: Act) -> impl Future<Output = Result<Act, Failure>> + Send {
        async { Ok(act) }
    }

    /// The records that an [`Act::Create`] made, if its answer was lost. More than one is a doubled record.
    fn find(&self, act: &Act) -> impl Future<Output = Result<Vec<RecordId>, Failure>> + Send;

    /// Does it. A new record's id comes back for an act that creates.
    fn perform(&self, act: &Act) -> impl Future<Output = Result<Option<RecordId>, Failure>> + Send;
}
