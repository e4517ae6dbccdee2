//! Making the user-defined fields that are missing in Autotask, where a person wants that.
//!
//! Each is looked for among the definitions before it is made, so that none is made twice.

use std::io::{self, IsTerminal as _};

use autotask::{Company, Contact, Error, FieldInfo, Product, Ticket, UdfDefinition, UdfKind};
use domain::Told;
use serde_json::json;

use super::{Args, Kit, Missing, Owner, Report, listed, of_autotask};

/// What people read beside a field that we made.
const DESCRIPTION: &str = "Kept by Crossbill, which connects Autotask with Jim2";

/// What is done about missing fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offer {
    Make,
    Ask,
    Leave,
}

/// Whether the fields are to be made: by `--create-udfs`, or by a person's yes. `--yes` alone says only that nobody is to
/// be asked.
pub(super) fn is_wanted(
    args: &Args,
    missing: &[Missing],
    report: &mut Report<'_>,
) -> anyhow::Result<bool> {
    if missing.is_empty() {
        return Ok(false);
    }
    match offer(args, io::stdin().is_terminal()) {
        Offer::Make => Ok(true),
        Offer::Leave => Ok(false),
        Offer::Ask => report.ask(&format!(
            "Autotask has no user-defined fields {}. Make them?",
            listed(missing)
        )),
    }
}

fn offer(args: &Args, is_somebody_here: bool) -> Offer {
    if args.create_udfs {
        Offer::Make
    } else if args.yes || !is_somebody_here {
        Offer::Leave
    } else {
        Offer::Ask
    }
}

/// What came of making one field.
enum Outcome {
    Made,
    /// Autotask's reason.
    Refused(String),
    /// The API user may make none; the reason.
    Denied(String),
}

/// Makes the fields. Answers those that are still missing, for each of which it was told why and what to do.
pub(super) async fn make(
    kit: &Kit,
    missing: &[Missing],
    report: &mut Report<'_>,
) -> anyhow::Result<Vec<Missing>> {
    let (mut made, mut refused) = (Vec::new(), Vec::new());
    let mut lists = None;
    report.expect(missing.len());
    for (index, one) in missing.iter().enumerate() {
        match make_one(kit, one, &mut lists).await? {
            Outcome::Made => made.push(*one),
            Outcome::Refused(says) => {
                refuse(&[*one], &says, report)?;
                refused.push(*one);
            }
            Outcome::Denied(says) => {
                refuse(&missing[index..], &says, report)?;
                refused.extend_from_slice(&missing[index..]);
                break;
            }
        }
        report.advance(1);
    }
    if !made.is_empty() {
        let count = made.len();
        let fields = if count == 1 { "field" } else { "fields" };
        report.line(&format!(
            "made {count} user-defined {fields}: {}",
            listed(&made)
        ))?;
    }
    Ok(refused)
}

/// The fields of a definition with their lists, once they are read.
type Lists = Option<Vec<FieldInfo>>;

async fn make_one(kit: &Kit, one: &Missing, lists: &mut Lists) -> anyhow::Result<Outcome> {
    let name = one.udf.default_name;
    let doing = format!(
        "make the user-defined field \"{name}\" of {}",
        one.of.plural()
    );
    match try_one(kit, one, lists).await {
        Ok(None) => Ok(Outcome::Refused(
            "its lists do not say which number means this entity, or one line of text".to_owned(),
        )),
        Ok(Some(Tried::There { is_active })) => Ok(Outcome::Refused(if is_active {
            "it is there, and the API user is not shown it".to_owned()
        } else {
            "it is there and switched off; activating it is enough".to_owned()
        })),
        Ok(Some(Tried::Made(id))) => {
            let detail = json!({"of": one.of.plural(), "name": name, "id": id});
            store::audit::write(&kit.db, &kit.who, "connect create-udf", &detail).await?;
            Ok(Outcome::Made)
        }
        Err(error @ Error::Forbidden { .. }) => Ok(Outcome::Denied(error.to_string())),
        Err(error @ Error::Invalid { .. }) => Ok(Outcome::Refused(error.to_string())),
        Err(error) => Err(of_autotask(error, &doing)),
    }
}

enum Tried {
    Made(i64),
    There { is_active: bool },
}

/// Makes a field, unless it is there; nothing where Autotask's lists do not say how.
async fn try_one(kit: &Kit, one: &Missing, lists: &mut Lists) -> Result<Option<Tried>, Error> {
    let (autotask, name) = (&kit.autotask, one.udf.default_name);
    let fields = match lists {
        Some(fields) => fields,
        None => lists.insert(autotask.fields::<UdfDefinition>().await?),
    };
    let Some(kind) = kind(fields, one.of) else {
        return Ok(None);
    };
    if let Some(there) = autotask.udf_definition(kind, name).await? {
        let is_active = there.is_active != Told::Is(false);
        return Ok(Some(Tried::There { is_active }));
    }
    let id = match autotask.create_udf(kind, name, DESCRIPTION).await {
        // Its answer was lost: what it was about is looked for.
        Err(Error::MaybeDone(lost)) => match autotask.udf_definition(kind, name).await? {
            Some(made) => made.id,
            None => return Err(Error::MaybeDone(lost)),
        },
        made => made?,
    };
    Ok(Some(Tried::Made(id)))
}

fn kind(fields: &[FieldInfo], owner: Owner) -> Option<UdfKind> {
    match owner {
        Owner::Tickets => UdfKind::text_of::<Ticket>(fields),
        Owner::Companies => UdfKind::text_of::<Company>(fields),
        Owner::Contacts => UdfKind::text_of::<Contact>(fields),
        Owner::Products => UdfKind::text_of::<Product>(fields),
    }
}

/// One sentence on fields that Autotask does not make for us: why, and who makes them how.
fn refuse(fields: &[Missing], says: &str, report: &mut Report<'_>) -> anyhow::Result<()> {
    let without: Vec<&str> = fields.iter().map(|one| one.udf.without).collect();
    report.warn(format!(
        "the user-defined fields {} could not be made ({says}): an Autotask administrator makes them by hand (Admin > \
         Application-wide > User-Defined Fields, of just these names, type Text (single line)), then crossbill connect \
         again; Crossbill goes on without: {}",
        listed(fields),
        without.join("; ")
    ))?;
    Ok(())
}

/// Says which fields were made and are not told of yet.
pub(super) fn tell_unseen(fields: &[Missing], report: &mut Report<'_>) -> anyhow::Result<()> {
    if !fields.is_empty() {
        report.warn(format!(
            "Autotask does not show the fields {} yet, which were made just now: crossbill connect again in some minutes",
            listed(fields)
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_alone_makes_nothing_that_nobody_asked_for() {
        for (create_udfs, yes, is_somebody_here, expected) in [
            (true, false, false, Offer::Make),
            (true, true, true, Offer::Make),
            (false, true, true, Offer::Leave),
            (false, true, false, Offer::Leave),
            (false, false, false, Offer::Leave),
            (false, false, true, Offer::Ask),
        ] {
            let args = Args {
                yes,
                create_udfs,
                ..Args::default()
            };
            assert_eq!(offer(&args, is_somebody_here), expected, "{args:?}");
        }
    }
}
