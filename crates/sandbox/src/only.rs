//! `/sandbox/state?entity=Job&id=5001`: a part of the whole, for callers who look often.

use serde::Deserialize;
use serde_json::Value;

use crate::plain::plain;

/// Which records to tell; all of them where nothing is said.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Only {
    /// Only this entity, spelt as in the whole state.
    entity: Option<String>,
    /// Only the record with this id.
    id: Option<String>,
    /// Only records with a higher id; of `10-2` the first number counts.
    after: Option<i64>,
}

impl Only {
    /// Whether records of this entity are wanted at all.
    pub(crate) fn takes_entity(&self, entity: &str) -> bool {
        self.entity.as_ref().is_none_or(|only| only == entity)
    }

    /// Whether a record whose id begins with this number can be wanted.
    pub(crate) fn takes_number(&self, number: i64) -> bool {
        let is_it = |id: &String| id.split('-').next() == Some(number.to_string().as_str());
        self.id.as_ref().is_none_or(is_it) && self.after.is_none_or(|after| number > after)
    }

    /// Whether the record is wanted, by its `id`.
    pub(crate) fn takes(&self, record: &Value) -> bool {
        let id = plain(&record["id"]);
        self.id.as_ref().is_none_or(|only| *only == id)
    }

    /// Whether only a part is asked for.
    pub(crate) fn is_part(&self) -> bool {
        self.entity.is_some() || self.id.is_some() || self.after.is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_said_takes_everything() {
        let only = Only::default();
        assert!(only.takes_entity("Job") && only.takes_number(1) && only.takes(&json!({"id": 1})));
        assert!(!only.is_part());
    }

    #[test]
    fn an_id_takes_one_record_and_its_number_the_records_around_it() {
        let only = Only {
            id: Some("10-2".to_owned()),
            ..Only::default()
        };
        assert!(only.takes_number(10) && !only.takes_number(1) && !only.takes_number(102));
        assert!(only.takes(&json!({"id": "10-2"})) && !only.takes(&json!({"id": "10-1"})));
    }

    #[test]
    fn after_takes_higher_numbers_only() {
        let only = Only {
            after: Some(10),
            ..Only::default()
        };
        assert!(only.takes_number(11) && !only.takes_number(10) && only.is_part());
    }
}
