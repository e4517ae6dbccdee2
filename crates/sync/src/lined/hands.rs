//! The hands of such a kind, of which it brings only what is its own.

use autotask::{Draft, Entity};
use domain::{Failure, Key, Kind, RecordId, System, Value};
use jim2::{Order, OrderCreate, OrderKind};

use super::InJim2;
use crate::{Act, Fields, Half, Hands, Malformed};

/// How the records of Autotask are numbered.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    /// The field with the number.
    pub field: &'static str,
    /// What Our Ref says before it, so that it is no other kind's.
    pub mark: &'static str,
    /// Whether the field holds whole numbers; else it holds text.
    pub is_whole: bool,
}

/// What a kind's hands bring of their own; all else follows, as [`Hands`] has it.
pub trait LinedHands: Send + Sync {
    /// Its record in Autotask.
    type Record: Entity<Parent = ()>;

    /// The kind.
    const KIND: Kind;
    /// What it is in Jim2.
    const OF: OrderKind;
    /// How its records of Autotask are numbered.
    const NUMBER: Number;
    /// The field of Autotask that is given the number of the other half.
    const EXTERNAL: &'static str;
    /// Jim2's attributes, and the kind's words for what is sent as them, as [`crate::refusal`] takes them.
    const SENT_AS: &'static [(&'static str, &'static [&'static str])];
    /// What an id among those of the records begins with that is of another record above several of them, and the field
    /// with that record's id.
    const ABOVE: Option<(&'static str, &'static str)> = None;

    /// The callers of both systems.
    fn clients(&self) -> (&autotask::Client, &jim2::Client);

    /// The halves of Autotask.
    fn records(
        &self,
        ids: &[i64],
    ) -> impl Future<Output = Result<Vec<Half>, autotask::Error>> + Send;

    /// The half of Jim2, with what only this kind tells of it.
    fn order(&self, order: Order, half: Half) -> Half;

    /// What a new one of these fields says beside its card, its lines and Our Ref.
    fn header(&self, fields: &Fields) -> OrderCreate {
        let _ = fields;
        OrderCreate::default()
    }

    /// Tells the half of Autotask what goes back.
    fn tell_back(
        &self,
        id: i64,
        fields: &Fields,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let _ = (id, fields);
        async { Ok(()) }
    }

    /// What is alike in Jim2.
    fn in_jim2(&self) -> InJim2<'_> {
        InJim2 {
            jim2: self.clients().1,
            of: Self::OF,
            kind: Self::KIND,
            sent_as: Self::SENT_AS,
        }
    }

    /// Writes a record of Autotask.
    fn put(&self, id: i64, draft: &Draft) -> impl Future<Output = Result<(), Failure>> + Send {
        async move {
            let key = Key::new(Self::KIND, System::Autotask, id);
            let written = self.clients().0.update::<Self::Record>((), id, draft);
            written.await.map_err(|error| error.into_failure(&key))
        }
    }
}

impl<H: LinedHands> Hands for H {
    async fn resolve(&self, on: System, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        let Some((prefix, field)) = H::ABOVE else {
            return Ok(ids.into_iter().map(|id| vec![id]).collect());
        };
        let above = |id: &RecordId| id.as_str().strip_prefix(prefix)?.parse::<i64>().ok();
        let all: Vec<i64> = ids.iter().filter_map(above).collect();
        let mut below: Vec<H::Record> = Vec::new();
        if let Some(first) = ids.first().filter(|_| !all.is_empty()) {
            let found = self.clients().0.where_in(field, &all, &[]).await;
            let key = Key::new(H::KIND, on, first.clone());
            below = found.map_err(|error| error.into_failure(&key))?;
        }
        let own = |id: RecordId| match above(&id) {
            None => vec![id],
            Some(above) => {
                let is_below = |it: &&H::Record| it.value(field) == Some(above.into());
                let below = below.iter().filter(is_below);
                below.map(|it| it.id().into()).collect()
            }
        };
        Ok(ids.into_iter().map(own).collect())
    }

    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(H::KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => {
                let records = self.records(&numbers).await;
                records.map_err(|error| error.into_failure(&key))
            }
            System::Jim2 => {
                let orders = self.in_jim2().read(&numbers).await;
                let orders = orders
                    .map_err(|error| error.into_failure(&key))?
                    .into_iter();
                Ok(orders
                    .map(|(order, half)| self.order(order, half))
                    .collect())
            }
        }
    }

    /// Records by their numbers, as Our Ref names them.
    async fn locate(
        &self,
        on: System,
        names: &[RecordId],
    ) -> Result<Vec<(RecordId, RecordId)>, Failure> {
        let Number {
            field,
            mark,
            is_whole,
        } = H::NUMBER;
        let names = names
            .iter()
            .filter_map(|name| name.as_str().strip_prefix(mark));
        let names: Vec<&str> = names.collect();
        let Some(first) = names.first().filter(|_| on == System::Autotask) else {
            return Ok(Vec::new());
        };
        let key = Key::new(H::KIND, on, *first);
        let autotask = self.clients().0;
        let found: Result<Vec<H::Record>, _> = if is_whole {
            let whole = names.iter().filter_map(|name| name.parse().ok());
            let whole: Vec<i64> = whole.collect();
            autotask.where_in(field, &whole, &[]).await
        } else {
            autotask.where_in(field, &names, &[]).await
        };
        let found = found.map_err(|error| error.into_failure(&key))?;
        let pair = |record: &H::Record| {
            let number = record.value(field).filter(|number| !number.is_empty())?;
            Some((
                format!("{mark}{number}").as_str().into(),
                record.id().into(),
            ))
        };
        Ok(found.iter().filter_map(pair).collect())
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        self.in_jim2().find(act).await
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        let number = |id: &RecordId| {
            id.number()
                .ok_or_else(|| Failure::retry(Malformed("a number that is none")))
        };
        match act {
            Act::Create {
                on: System::Jim2,
                from,
                reference,
                fields,
                ..
            } => {
                let header = OrderCreate {
                    our_ref: reference.clone(),
                    ..self.header(fields)
                };
                self.in_jim2().make(from, header, fields).await.map(Some)
            }
            Act::Update {
                on: System::Jim2,
                id,
                fields,
            } => {
                let no = number(id)?;
                self.in_jim2().change_lines(no, fields).await?;
                self.in_jim2().change_status(no, fields).await?;
                Ok(None)
            }
            Act::Update {
                on: System::Autotask,
                id,
                fields,
            } => self.tell_back(number(id)?, fields).await.map(|()| None),
            Act::Refer {
                on: System::Autotask,
                id,
                to: Some(to),
                ..
            } => {
                let draft = Draft::new().set(H::EXTERNAL, Value::text(to.as_str()));
                self.put(number(id)?, &draft).await.map(|()| None)
            }
            Act::Create { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}
