//! Step 2: Autotask. Credentials, who we are there, what we may do, how much of the allowance is left.

mod inventory;

use autotask::{
    Access, Client, Company, CompanyNote, ConfigurationItem, Contact, Contract, Entity, EntityInfo,
    Filter, PicklistValue, Product, Resource, Ticket, TicketNote, TimeEntry,
};
use domain::{Kind, System, Told};
use reconciler::lists;
use store::mapping::Direction;
use worker_stock::Edition;

use super::{
    Args, Kit, Report,
    args::Create,
    failure::{may_not, of_autotask},
    pairing::{COMPANY, CONTACT, STOCK, TICKET},
    udfs,
};
use crate::kinds;

/// From this share of the hourly allowance on, others leave too little of it to us.
const CROWDED: f64 = 0.5;

/// What Autotask told of itself.
#[derive(Debug, Default)]
pub(super) struct AutotaskSide {
    /// Our own resource, where it could be told.
    pub(super) own: Option<Resource>,
    /// The user-defined fields that the site has, where no person chose them.
    pub(super) udfs: Vec<udfs::Found>,
    /// What it counts products with, where that shows.
    pub(super) inventory: Option<Edition>,
    /// Fields by the entity's path.
    pub(super) fields: lists::Fields,
}

impl AutotaskSide {
    /// The values of a list: none where the entity has no such field.
    pub(super) fn picklist(&self, entity: &str, field: &str) -> &[PicklistValue] {
        lists::picklist(&self.fields, entity, field)
    }

    /// Our own resource's id.
    pub(super) fn own_id(&self) -> Option<i64> {
        self.own.as_ref().map(|own| own.id)
    }
}

/// Looks at Autotask. No record is written there; user-defined fields are made where a person wants that.
pub(super) async fn look(
    args: &Args,
    kit: &Kit,
    report: &mut Report<'_>,
) -> anyhow::Result<AutotaskSide> {
    report.begin("Autotask", 17);
    let making = making(args, kit).await?;
    let used = allowance(kit, report).await?;
    let mut side = AutotaskSide::default();
    let mut seen = Vec::new();
    seen.push(may_use::<Company>((&kit.autotask, &making), &mut side, report).await?);
    seen.push(may_use::<Contact>((&kit.autotask, &making), &mut side, report).await?);
    seen.push(may_use::<Ticket>((&kit.autotask, &making), &mut side, report).await?);
    may_use::<TicketNote>((&kit.autotask, &making), &mut side, report).await?;
    let client = &kit.autotask;
    optional::<TimeEntry>(client, &mut side, report, "no labour goes to Jim2").await?;
    optional::<Contract>(client, &mut side, report, "none is paired with a project").await?;
    let otherwise = "none is paired with an asset";
    optional::<ConfigurationItem>(client, &mut side, report, otherwise).await?;
    notes_of_companies(kit, &mut side, report).await?;
    products(client, making.contains(&Product::NAME), report).await?;
    side.inventory = inventory::edition(client, report).await?;
    seen.extend(side.inventory.map(inventory::told));
    for list in kinds::choices().flat_map(|choices| choices.lists) {
        of_list(client, list, &mut side, report).await?;
    }
    side.udfs = udfs::look(args, kit, report).await?;
    side.own = kit
        .autotask
        .whoami()
        .await
        .map_err(|error| of_autotask(error, "read resources"))?;
    if side.own.is_none() {
        report.warn(
            "which resource of Autotask we are could not be told, so our own changes come back as events and cost \
             calls; give the API user a resource of its own with its login as user name",
        )?;
    }
    store::system::clear_stop(&kit.db, System::Autotask).await?;
    report.done(&format!("Autotask answers: {}; {used}", seen.join(", ")))?;
    Ok(side)
}

/// The first call: it proves zone and credentials.
async fn allowance(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<String> {
    let threshold = sync::measure(&kit.db, &kit.autotask)
        .await?
        .map_err(|error| of_autotask(error, "ask for the allowance of calls"))?;
    let (used, limit) = (threshold.used, threshold.limit);
    report.advance(1);
    if f64::from(threshold.used) > CROWDED * f64::from(threshold.limit) {
        report.warn(format!(
            "{used} of {limit} calls of this hour are used already; others of your integrations leave little to Crossbill"
        ))?;
    }
    Ok(format!("{used} of {limit} calls used this hour"))
}

/// Refuses an entity that cannot be read; tells what else is missing. Answers how many records there are.
async fn may_use<E: Entity>(
    (client, making): (&Client, &[&'static str]),
    side: &mut AutotaskSide,
    report: &mut Report<'_>,
) -> anyhow::Result<String> {
    let reading = format!("read {}", plural::<E>());
    let failed = |error| of_autotask(error, &reading);
    let info = client.entity_information::<E>().await.map_err(failed)?;
    check_rights::<E>(&info, making.contains(&E::NAME), report)?;
    side.fields
        .insert(E::PATH, client.fields::<E>().await.map_err(failed)?);
    // Where a security level hides records, counting finds none or is refused.
    let count = client
        .count::<E>(&Filter::gt("id", 0))
        .await
        .map_err(failed)?;
    report.advance(2);
    if count == 0 {
        report.warn(format!(
            "Autotask shows us no {}; check the security level and lines of business of AUTOTASK_USERNAME",
            plural::<E>()
        ))?;
    }
    Ok(format!("{count} {}", plural::<E>()))
}

/// An entity that not every site lets us read. Where that is not allowed its kind comes to nothing, and all else goes on.
async fn optional<E: Entity>(
    client: &Client,
    side: &mut AutotaskSide,
    report: &mut Report<'_>,
    otherwise: &str,
) -> anyhow::Result<()> {
    let what = plural::<E>();
    let reading = format!("read {what}");
    let failed = |error| of_autotask(error, &reading);
    let info = client.entity_information::<E>().await.map_err(failed)?;
    let fields = client.fields::<E>().await.map_err(failed)?;
    side.fields.insert(E::PATH, fields);
    report.advance(1);
    if info.user_access_for_query == Access::None || !info.can_query {
        report.warn(format!(
            "the API user may not read {what} in Autotask, so {otherwise}; give it that right in Autotask, then \
             connect again"
        ))?;
    } else if info.user_access_for_query == Access::Restricted {
        report.warn(format!(
            "the API user sees only some {what}; what it does not see looks deleted to Crossbill"
        ))?;
    }
    Ok(())
}

/// Notes of companies are looked at where the site carries them.
async fn notes_of_companies(
    kit: &Kit,
    side: &mut AutotaskSide,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    let is_on: Option<bool> = store::setting::get(&kit.db, worker_company::NOTES).await?;
    if is_on != Some(true) {
        return Ok(());
    }
    let otherwise = "notes of cards are not carried as they should be";
    optional::<CompanyNote>(&kit.autotask, side, report, otherwise).await
}

/// The fields of the entity that a kind has a list from. Where they cannot be read the list stays as it is.
async fn of_list(
    client: &Client,
    list: &sync::List,
    side: &mut AutotaskSide,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    let (entity, _) = list.autotask;
    match client.fields_of(entity).await {
        Ok(fields) => drop(side.fields.insert(entity, fields)),
        Err(error) => report.warn(format!(
            "the fields of {entity} cannot be read in Autotask, so the list {} is not filled: {error}",
            list.name
        ))?,
    }
    report.advance(1);
    Ok(())
}

/// Products are kept where stock is carried; where it is not, they do not matter.
async fn products(client: &Client, is_making: bool, report: &mut Report<'_>) -> anyhow::Result<()> {
    let info = client
        .entity_information::<Product>()
        .await
        .map_err(|error| of_autotask(error, "read products"))?;
    report.advance(1);
    if is_making {
        check_rights::<Product>(&info, true, report)?;
    }
    Ok(())
}

/// What is or will be made in Autotask, by the names of its entities: notes always, the rest where that is on.
async fn making(args: &Args, kit: &Kit) -> anyhow::Result<Vec<&'static str>> {
    let switches = store::mapping::load(&kit.db).await?.switches;
    let is_on = |kind: &Kind, create: Create| {
        args.create.contains(&create)
            || switches.iter().any(|switch| {
                switch.kind == *kind
                    && switch.direction == Direction::Jim2ToAutotask
                    && switch.create_enabled
            })
    };
    let kinds = [
        (COMPANY, Create::Company, Company::NAME),
        (CONTACT, Create::Contact, Contact::NAME),
        (TICKET, Create::TicketFromJob, Ticket::NAME),
        (STOCK, Create::Stock, Product::NAME),
    ];
    let on = kinds
        .into_iter()
        .filter(|(kind, create, _)| is_on(kind, *create));
    Ok(on
        .map(|(_, _, name)| name)
        .chain([TicketNote::NAME])
        .collect())
}

/// The right to make records is asked for only where they are to be made.
fn check_rights<E: Entity>(
    info: &EntityInfo,
    is_making: bool,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    let what = plural::<E>();
    if info.user_access_for_query == Access::None || !info.can_query {
        return Err(may_not("read", &what));
    }
    if info.user_access_for_create == Access::None {
        if is_making {
            return Err(may_not("create", &what));
        }
        report.warn(format!(
            "the API user may not create {what} in Autotask; Crossbill goes on without, as making them there is off"
        ))?;
    }
    if info.user_access_for_update == Access::None {
        return Err(may_not("change", &what));
    }
    if info.user_access_for_query == Access::Restricted {
        report.warn(format!(
            "the API user sees only some {what}; what it does not see looks deleted to Crossbill"
        ))?;
    }
    Ok(())
}

/// Several records of an entity, in people's words.
pub(super) fn plural<E: Entity>() -> String {
    match E::NAME {
        "company" => "companies".to_owned(),
        "time entry" => "time entries".to_owned(),
        name => format!("{name}s"),
    }
}

/// The e-mail address or login of our own resource, in small letters.
pub(super) fn own_addresses(side: &AutotaskSide) -> Vec<String> {
    let own = side.own.iter();
    own.flat_map(|own| [&own.email, &own.user_name])
        .filter_map(Told::get)
        .map(|address| address.to_lowercase())
        .collect()
}

#[cfg(test)]
mod tests;
