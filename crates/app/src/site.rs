//! What `connect` found out about this site and stored.
//!
//! Roles are built for one such state and built anew when it changes, so that `connect` may run after `serve`.

use std::{collections::HashMap, sync::LazyLock, time::Duration};

use domain::System;
use jim2::{ContactIds, ContactTypes, DateReading};
use serde_json::Value;
use store::{
    Db,
    lookup::{Entry, MapRow},
    mapping::FieldRule,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::kinds;

/// The setting that `connect` stores once it knows who we are in Autotask: without it there is nothing to run.
pub(crate) const CONNECTED: &str = sync::OWN_RESOURCE;
/// The setting that says whether Jim2 has our named queries.
pub(crate) const NAMED_QUERIES: &str = "jim2.named_queries";
/// The setting: whether comments can be written on jobs.
pub(crate) const COMMENTS_WRITABLE: &str = "jim2.comments_writable";
/// The setting that says how Jim2's dates count.
pub(crate) const DATE_READING: &str = "jim2.date_reading";
/// The setting that says how Jim2 writes a contact's id.
pub(crate) const CONTACT_IDS: &str = "jim2.contact_ids";
/// The settings that say what Jim2 calls an e-mail address, a phone and a mobile of a contact.
pub(crate) const CONTACT_TYPES: [&str; 3] = [
    "jim2.contact_type.email",
    "jim2.contact_type.phone",
    "jim2.contact_type.mobile",
];
/// The words for how dates count.
pub(crate) const DATE_READINGS: [(&str, DateReading); 2] = [
    ("instant", DateReading::Instant),
    ("wall-clock", DateReading::WallClock),
];
/// The words for how a contact's id is written.
pub(crate) const CONTACT_ID_FORMS: [(&str, ContactIds); 2] = [
    ("cardno-contno", ContactIds::CardAndContact),
    ("contno", ContactIds::ContactOnly),
];

/// The settings that keep which fields of jobs Jim2 was found not to take: when it makes one, and when it changes one.
pub(crate) static REFUSED_FIELDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let said = kinds::choices().flat_map(|choices| choices.learnt);
    said.copied().collect()
});

/// The list of people, which `connect` fills.
const PEOPLE: &str = "technician";
/// The list of places where stock lies.
const LOCATIONS: &str = "stockLocation";

/// How often the stored state is looked at.
const LOOK: Duration = Duration::from_secs(3);

/// The stored state of the site.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Site {
    /// All settings.
    pub(crate) settings: HashMap<String, Value>,
    /// The people of both systems, whose names travel with notes.
    pub(crate) people: Vec<Entry>,
    /// The fields whose way the site changed: what a field alone needs is read only where it travels.
    pub(crate) field_rules: Vec<FieldRule>,
    /// What Jim2's locations stand for: only what lies there is read in Autotask.
    pub(crate) locations: Vec<MapRow>,
}

impl Site {
    /// Reads it.
    pub(crate) async fn load(db: &Db) -> Result<Self, store::Error> {
        let mut people = store::lookup::list(db, PEOPLE, System::Autotask).await?;
        people.extend(store::lookup::list(db, PEOPLE, System::Jim2).await?);
        let mut settings = store::setting::all(db).await?;
        // Learnt while roles run, and read with the mappings: no reason to build roles anew.
        settings.retain(|name, _| !REFUSED_FIELDS.contains(&name.as_str()));
        Ok(Self {
            settings,
            people,
            field_rules: store::mapping::field_rules(db).await?,
            locations: store::lookup::map_of(db, LOCATIONS).await?,
        })
    }

    /// Whether `connect` has run.
    pub(crate) fn is_connected(&self) -> bool {
        self.settings.contains_key(CONNECTED)
    }

    /// Whether Jim2 has our named queries. They are looked for until `connect` has found that they are missing.
    pub(crate) fn has_named_queries(&self) -> bool {
        self.settings
            .get(NAMED_QUERIES)
            .and_then(Value::as_bool)
            .unwrap_or(true)
    }

    /// Whether Autotask is asked for changes, as it cannot call us.
    pub(crate) fn is_polled(&self) -> bool {
        let is_polled = self.settings.get(sync::POLL_ONLY).and_then(Value::as_bool);
        is_polled == Some(true)
    }

    /// How Jim2's dates count.
    pub(crate) fn date_reading(&self) -> DateReading {
        self.meant(DATE_READING, &DATE_READINGS).unwrap_or_default()
    }

    /// How Jim2 writes a contact's id.
    pub(crate) fn contact_ids(&self) -> ContactIds {
        self.meant(CONTACT_IDS, &CONTACT_ID_FORMS)
            .unwrap_or_default()
    }

    /// What Jim2 calls the details of a contact that we use.
    pub(crate) fn contact_types(&self) -> ContactTypes {
        let usual = ContactTypes::default();
        let [email, phone, mobile] = CONTACT_TYPES.map(|name| self.word(name).map(str::to_owned));
        ContactTypes {
            email: email.unwrap_or(usual.email),
            phone: phone.unwrap_or(usual.phone),
            mobile: mobile.unwrap_or(usual.mobile),
        }
    }

    fn word(&self, name: &str) -> Option<&str> {
        self.settings.get(name).and_then(Value::as_str)
    }

    /// What the word of a setting stands for.
    fn meant<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let word = self.word(name)?;
        let meant = words.iter().find(|(known, _)| *known == word)?;
        Some(meant.1)
    }
}

/// The word that stands for what was found.
pub(crate) fn word_for<T: PartialEq>(
    words: &[(&'static str, T)],
    found: &T,
) -> Option<&'static str> {
    let known = words.iter().find(|(_, meant)| meant == found)?;
    Some(known.0)
}

/// Waits until the site is connected; `None` when asked to stop first.
pub(crate) async fn connected(db: &Db, stop: &CancellationToken) -> Option<Site> {
    let mut has_told = false;
    loop {
        match Site::load(db).await {
            Ok(site) if site.is_connected() => return Some(site),
            Ok(_) if has_told => {}
            Ok(_) => {
                info!("waiting: this site is not connected yet; run `crossbill connect`");
                has_told = true;
            }
            Err(error) => warn!(
                error = &error as &dyn std::error::Error,
                "the site's settings cannot be read; trying again"
            ),
        }
        pause(stop).await?;
    }
}

/// Waits until the stored state differs from `site`, or until asked to stop.
pub(crate) async fn changed(db: &Db, site: &Site, stop: &CancellationToken) {
    while pause(stop).await.is_some() {
        // What cannot be read has not changed, as far as we know.
        if Site::load(db).await.is_ok_and(|now| now != *site) {
            info!("the site's settings have changed; roles take them in");
            return;
        }
    }
}

async fn pause(stop: &CancellationToken) -> Option<()> {
    tokio::select! {
        () = stop.cancelled() => None,
        () = tokio::time::sleep(LOOK) => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use sync::Holds;

    use crate::operate::settings::SETTINGS;

    fn site(settings: &[(&str, Value)]) -> Site {
        let owned = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
        Site {
            settings: settings.iter().map(owned).collect(),
            people: Vec::new(),
            field_rules: Vec::new(),
            locations: Vec::new(),
        }
    }

    #[test]
    fn what_was_found_of_jim2_is_read_back_and_the_usual_holds_where_nothing_was() {
        let none = site(&[]);
        assert_eq!(none.date_reading(), DateReading::Instant);
        assert_eq!(none.contact_ids(), ContactIds::CardAndContact);
        assert_eq!(none.contact_types(), ContactTypes::default());
        let found = site(&[
            (
                DATE_READING,
                json!(word_for(&DATE_READINGS, &DateReading::WallClock)),
            ),
            (
                CONTACT_IDS,
                json!(word_for(&CONTACT_ID_FORMS, &ContactIds::ContactOnly)),
            ),
            (CONTACT_TYPES[0], json!("E-Mail")),
        ]);
        assert_eq!(found.date_reading(), DateReading::WallClock);
        assert_eq!(found.contact_ids(), ContactIds::ContactOnly);
        let types = found.contact_types();
        assert_eq!(
            (types.email.as_str(), types.phone.as_str()),
            ("E-Mail", "Phone")
        );
    }

    #[sqlx::test(migrator = "store::MIGRATOR")]
    async fn roles_are_built_anew_when_a_field_goes_another_way(pool: sqlx::PgPool) {
        let db = Db::from(pool);
        let before = Site::load(&db).await.unwrap();
        let rule = FieldRule {
            kind: worker_contract::KIND,
            field: "services".to_owned(),
            way: "to-jim2".to_owned(),
            owner: System::Autotask,
        };
        store::mapping::set_field_rule(&db, &rule).await.unwrap();
        let now = Site::load(&db).await.unwrap();
        assert_ne!(now, before);
        assert_eq!(now, Site::load(&db).await.unwrap());
        let location = MapRow {
            list: LOCATIONS.to_owned(),
            system: System::Jim2,
            value: "3".to_owned(),
            to_value: Some("1".to_owned()),
            path: None,
            decided_by: "mia".to_owned(),
        };
        store::lookup::set_map(&db, &location).await.unwrap();
        assert_ne!(Site::load(&db).await.unwrap(), now);
    }

    #[test]
    fn what_jim2_refuses_is_kept_where_it_is_looked_for_and_forgotten() {
        let deeds = [sync::Deed::Create, sync::Deed::Update];
        for choices in kinds::choices().filter(|choices| !choices.learnt.is_empty()) {
            let kind = kinds::named(choices.kind).unwrap();
            let names = deeds.map(|deed| sync::refused_fields(System::Jim2, &kind, deed));
            assert_eq!(choices.learnt, names);
        }
        assert_eq!(REFUSED_FIELDS.len(), 12);
        for &name in REFUSED_FIELDS.iter() {
            let told = SETTINGS.iter().find(|setting| setting.name == name);
            assert_eq!(told.map(|setting| setting.is), Some(Holds::Found), "{name}");
        }
    }

    #[test]
    fn people_choose_among_the_words_that_are_read() {
        let choice = |name: &str| {
            let setting = SETTINGS.iter().find(|setting| setting.name == name);
            setting.map(|setting| setting.is)
        };
        let readings = DATE_READINGS.map(|(word, _)| word);
        assert!(matches!(choice(DATE_READING), Some(Holds::OneOf(words)) if words == readings));
        let forms = CONTACT_ID_FORMS.map(|(word, _)| word);
        assert!(matches!(choice(CONTACT_IDS), Some(Holds::OneOf(words)) if words == forms));
        for name in CONTACT_TYPES {
            assert_eq!(choice(name), Some(Holds::Text), "{name}");
        }
    }
}
