//! What entities the stand-in holds, as data: one line an entity in `schema/entities.txt`, one table of fields each in
//! `schema/tables/`, the tenant's picklists beside them. A new entity is a line and a table.

pub(super) mod field;
pub(super) mod picklist;
mod reading;

use std::sync::LazyLock;

use super::udf::Udfs;
use field::Field;
use picklist::Picklist;

/// In the order of `entities.txt`.
static ENTITIES: LazyLock<Vec<Entity>> = LazyLock::new(reading::entities);

/// One kind of record.
#[derive(Debug)]
pub(super) struct Entity {
    /// The name in addresses: `TicketNotes`.
    pub plural: &'static str,
    /// The name in metadata and error texts: `TicketNote`.
    pub singular: &'static str,
    /// The one address family at which it is written.
    pub place: Place,
    /// What can be done at that address.
    pub verbs: Vec<Verb>,
    /// Where ids of created rows begin.
    pub first_id: i64,
    /// The name webhook bodies call it by; none where no webhook can be had.
    pub payload: Option<&'static str>,
    /// Its fields, `id` first.
    pub fields: Vec<Field>,
}

/// Where an entity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At its own address.
    Root,
    /// Below its parent's address only.
    Child {
        /// The parent's plural.
        of: &'static str,
        /// The last part of the address: `Notes`.
        segment: &'static str,
        /// The field that holds the parent's id.
        key: &'static str,
    },
}

/// What can be done to an entity through the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Update,
    Delete,
    /// Not a deed but the want of one: records can be made and never be read.
    Unread,
}

/// Every entity.
pub(super) fn entities() -> &'static [Entity] {
    &ENTITIES
}

/// The entity of this plural name, in any letter case.
pub(super) fn entity(plural: &str) -> Option<&'static Entity> {
    entities()
        .iter()
        .find(|entity| entity.plural.eq_ignore_ascii_case(plural))
}

/// The entity that is written below this parent under this segment, in any letter case.
pub(super) fn child(parent: &Entity, segment: &str) -> Option<&'static Entity> {
    entities().iter().find(|entity| match entity.place {
        Place::Root => false,
        Place::Child {
            of, segment: own, ..
        } => of == parent.plural && own.eq_ignore_ascii_case(segment),
    })
}

/// The entity that the code itself names, which is therefore in the table.
pub(super) fn known(plural: &str) -> &'static Entity {
    entity(plural).expect("the code names entities of entities.txt only")
}

impl Entity {
    /// The field of this name, in any letter case.
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Tells whether the API can do this to it at all.
    pub(super) fn allows(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }

    /// The entity that holds the webhooks of this one.
    pub(super) fn webhooks(&self) -> Option<&'static Entity> {
        self.payload
            .and_then(|_| entity(&format!("{}Webhooks", self.singular)))
    }

    /// The picklist of a field, with the numbers of webhook fields made from the entity they stand for.
    pub(super) fn picklist(&self, field: &Field, udfs: &Udfs) -> Picklist {
        match (self.watched(), field.name) {
            (Some(watched), "fieldID") => Picklist::of_fields(watched),
            (Some(watched), "udfFieldID") => Picklist::of_udfs(udfs.of(watched)),
            _ => picklist::of(self.plural, field.name),
        }
    }

    /// The entity whose changes a webhook, or a field of one, is about.
    pub(super) fn watched(&self) -> Option<&'static Entity> {
        let (singular, _) = self.singular.rsplit_once("Webhook")?;
        entities()
            .iter()
            .find(|entity| entity.singular == singular && entity.payload.is_some())
    }

    /// The plural of the entity that a reference field points at.
    pub(super) fn target(&self, field: &Field) -> Option<&'static str> {
        match (field.reference, self.place) {
            (Some("{X}Webhooks"), Place::Child { of, .. }) => Some(of),
            (reference, _) => reference,
        }
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::field::{Flag, Kind};
    use super::*;

    #[test]
    fn every_entity_begins_with_its_id_and_names_each_field_once() {
        for entity in entities() {
            assert_eq!(
                entity.fields.first().map(|field| field.name),
                Some("id"),
                "{}",
                entity.plural
            );
            for field in &entity.fields {
                let same = entity
                    .fields
                    .iter()
                    .filter(|other| other.name == field.name)
                    .count();
                assert_eq!(same, 1, "{}.{}", entity.plural, field.name);
            }
        }
    }

    #[test]
    fn a_child_names_a_parent_and_a_field_that_exist() {
        for entity in entities() {
            if let Place::Child { of, key, .. } = entity.place {
                assert!(
                    super::entity(of).is_some(),
                    "{} is below {of}",
                    entity.plural
                );
                assert!(
                    entity.field(key).is_some(),
                    "{} has no {key}",
                    entity.plural
                );
            }
        }
    }

    #[test]
    fn a_webhook_names_what_it_watches() {
        assert_eq!(
            known("TicketNoteWebhooks").watched().map(|e| e.plural),
            Some("TicketNotes")
        );
        assert_eq!(
            known("TicketWebhookFields").watched().map(|e| e.plural),
            Some("Tickets")
        );
        assert_eq!(
            known("WebhookEventErrorLogs").watched().map(|e| e.plural),
            None
        );
        assert_eq!(
            known("Tickets").webhooks().map(|e| e.plural),
            Some("TicketWebhooks")
        );
    }

    #[test]
    fn the_lengths_and_flags_are_those_of_the_metadata() {
        let company = known("Companies");
        let name = company.field("COMPANYNAME").expect("any letter case");
        assert_eq!((name.kind, name.max_length), (Kind::Text, Some(100)));
        assert!(name.is(Flag::Required) && name.is(Flag::Webhook) && !name.is(Flag::ReadOnly));
        let fixed = known("Contacts").field("companyID").expect("it has one");
        assert!(fixed.is(Flag::Required) && fixed.is(Flag::CreateOnly));
        assert!(
            known("Tickets")
                .field("creatorType")
                .expect("it has one")
                .is(Flag::NotQueryable)
        );
    }
}
