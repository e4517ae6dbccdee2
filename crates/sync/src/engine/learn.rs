//! Learning from a refusal which fields a system does not take at all.

use std::collections::BTreeSet;

use domain::{Failure, Problem};

use super::Engine;
use crate::{Act, Deed, refused_fields};

impl Engine {
    /// Keeps the fields for which alone an act was refused, so that the pair is planned again without them. Whether that
    /// was so: surely nothing was done then.
    pub(super) async fn learns(&self, act: Option<&Act>, failure: &Failure) -> bool {
        let (Some(act), Failure::Hold { problems }) = (act, failure) else {
            return false;
        };
        let Some((deed, fields)) = refused(act, problems) else {
            return false;
        };
        let name = refused_fields(act.on(), &self.rules.kind(), deed);
        match self.keep(&name, fields).await {
            Ok(()) => true,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what a system does not take was not kept");
                false
            }
        }
    }

    /// Two at once may keep only one of their fields; the other is refused and learnt again.
    async fn keep(&self, name: &str, fields: BTreeSet<String>) -> Result<(), store::Error> {
        let known: Option<BTreeSet<String>> = store::setting::get(&self.db, name).await?;
        let known = known.unwrap_or_default();
        if !fields.is_subset(&known) {
            tracing::info!(setting = name, ?fields, "fields are left out from now on");
            store::setting::set(&self.db, name, &(&known | &fields)).await?;
        }
        Ok(())
    }
}

/// The fields of an act that were refused as such, where nothing else was.
fn refused(act: &Act, problems: &[Problem]) -> Option<(Deed, BTreeSet<String>)> {
    let (deed, sent) = match act {
        Act::Create { fields, .. } => (Deed::Create, fields),
        Act::Update { fields, .. } => (Deed::Update, fields),
        Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => return None,
    };
    let field = |problem: &Problem| {
        let field = problem.field.clone()?;
        (problem.code == Problem::NOT_WRITABLE && sent.contains_key(&field)).then_some(field)
    };
    let fields: Option<BTreeSet<String>> = problems.iter().map(field).collect();
    fields
        .filter(|fields| !fields.is_empty())
        .map(|fields| (deed, fields))
}
