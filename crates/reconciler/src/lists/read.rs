//! Reading the lists of both systems, under the names that the kinds look them up by.

use std::collections::{BTreeMap, BTreeSet};

use autotask::{BillingCode, Client, InventoryLocation, PicklistValue, Query, Resource, Role};
use domain::{System, Told};
use jim2::ListEntry;
use store::{lookup::Entry, mapping::STATUS_LINKS};
use sync::{BILLING_TYPE_STOCK, CODE_STOCK, ROLE_STOCK};

use super::{Error, Fields, InJim2, List, country, picklist, unread};

/// The list of people.
pub const TECHNICIAN: &str = "technician";

/// Titles of people: a list in Autotask, plain text in Jim2.
pub const PREFIX: &str = "prefix";

/// Work types: billing codes of that use in Autotask, labour types in Jim2.
pub const WORK_TYPE: &str = "workType";

/// Autotask's own types of time entries, where the work type has no labour type.
pub const ENTRY_TYPE: &str = "timeEntryType";

/// Statuses of contracts, and of the projects they are paired with.
pub const CONTRACT_STATUS: &str = "contractStatus";

/// Whether configuration items are active, and the statuses of the assets they are paired with.
pub const ASSET_STATUS: &str = "assetStatus";

/// Roles of resources in Autotask, and categories of user groups in Jim2.
pub const ROLE: &str = "role";

/// The category of each user's group, by initials.
const USER_CATEGORY: &str = "userCategory";

/// Where stock lies: Autotask's inventory locations, Jim2's locations.
pub const STOCK_LOCATION: &str = "stockLocation";

/// Where Autotask has titles of people.
const TITLES: (&str, &str) = ("Contacts", "namePrefix");

/// `useType` of a billing code that is a work type.
const WORK: i64 = 1;

/// The longest title of a person in Jim2.
const PREFIX_MAX: usize = 4;

/// Our name of a list, and where Autotask has it.
const PICKLISTS: [(&str, &str, &str); 15] = [
    ("status", "Tickets", "status"),
    ("priority", "Tickets", "priority"),
    ("type", "Tickets", "ticketType"),
    ("issueType", "Tickets", "issueType"),
    ("queue", "Tickets", "queueID"),
    ("source", "Tickets", "source"),
    ("companyType", "Companies", "companyType"),
    ("noteType", "TicketNotes", "noteType"),
    ("publish", "TicketNotes", "publish"),
    ("companyNoteAction", "CompanyNotes", "actionType"),
    (ENTRY_TYPE, "TimeEntries", "timeEntryType"),
    (BILLING_TYPE_STOCK, "BillingItems", "billingItemType"),
    (CONTRACT_STATUS, "Contracts", "status"),
    ("contractType", "Contracts", "contractType"),
    ("contractCategory", "Contracts", "contractCategory"),
];

/// Our name of a list, and Jim2's.
const JIM2_LISTS: [(&str, &str); 15] = [
    ("status", "JobStatus"),
    ("priority", "Priority"),
    ("type", "JobType"),
    ("issueType", "Item"),
    (TECHNICIAN, "User"),
    (USER_CATEGORY, "UserCategory"),
    ("labourType", "LabourType"),
    (WORK_TYPE, "LabourType"),
    (ENTRY_TYPE, "LabourType"),
    (CONTRACT_STATUS, "ProjectStatus"),
    (ASSET_STATUS, "AssetStatus"),
    ("contactType", "ContactType"),
    ("stockGroup", "StockGroup"),
    ("priceLevel", "PriceLevel"),
    (STOCK_LOCATION, "StockLocation"),
];

/// Our names of Autotask's picklists, each with its entity and its field; `said` are those that kinds say themselves.
pub(super) fn picklists(
    said: &[sync::List],
) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let said = said
        .iter()
        .map(|list| (list.name, list.autotask.0, list.autotask.1));
    let titles = (PREFIX, TITLES.0, TITLES.1);
    PICKLISTS.into_iter().chain(said).chain([titles])
}

/// All lists of both systems, from the fields of Autotask's entities and from Jim2's lists as they were told; what is no
/// picklist of Autotask's is asked for.
pub async fn all(
    autotask: &Client,
    fields: &Fields,
    jim2: &InJim2,
    said: &[sync::List],
) -> Result<Vec<List>, Error> {
    let in_jim2 = |name: &str| jim2.get(name).map(Vec::as_slice).unwrap_or_default();
    let names = said.iter().map(|list| (list.name, list.jim2));
    let mut lists: Vec<List> = picklists(said)
        .map(|(list, entity, field)| {
            let values = picklist(fields, entity, field).iter().map(of_picklist);
            (list, System::Autotask, values.collect())
        })
        .collect();
    lists.extend(JIM2_LISTS.into_iter().chain(names).map(|(list, name)| {
        let entries = in_jim2(name).iter().map(of_jim2);
        (list, System::Jim2, entries.collect())
    }));
    lists.push((STATUS_LINKS, System::Jim2, links(in_jim2("StatusLink"))));
    lists.push((ASSET_STATUS, System::Autotask, yes_and_no()));
    lists.extend(roles(autotask, in_jim2("UserCategory")).await?);
    let titles = picklist(fields, TITLES.0, TITLES.1);
    let titles = titles.iter().map(|title| title.label.as_str());
    lists.push((PREFIX, System::Jim2, as_text(titles)));
    let resources: Vec<Resource> = autotask
        .query_all(&Query::everything())
        .await
        .map_err(|error| unread(error, "read resources"))?;
    lists.push((
        TECHNICIAN,
        System::Autotask,
        resources.iter().map(of_resource).collect(),
    ));
    let codes: Vec<BillingCode> = autotask
        .query_all(&Query::everything())
        .await
        .map_err(|error| unread(error, "read billing codes"))?;
    let work = codes.iter().filter(|code| code.use_type == Told::Is(WORK));
    lists.push((
        WORK_TYPE,
        System::Autotask,
        work.map(of_billing_code).collect(),
    ));
    lists.push((
        CODE_STOCK,
        System::Autotask,
        codes.iter().map(of_billing_code).collect(),
    ));
    let locations = locations(autotask).await?;
    lists.push((STOCK_LOCATION, System::Autotask, locations));
    lists.extend(country::both(autotask).await?);
    Ok(lists)
}

/// Autotask's roles: what is offered by them is sold as stock. With them the categories of user groups that stand for them,
/// where Jim2 tells who is in which.
async fn roles(autotask: &Client, categories: &[ListEntry]) -> Result<Vec<List>, Error> {
    let categories: BTreeSet<&str> = categories
        .iter()
        .filter_map(|entry| entry.label.get())
        .map(|label| label.trim())
        .filter(|label| !label.is_empty())
        .collect();
    let roles = autotask.query_all(&Query::everything()).await;
    let roles: Vec<Role> = match roles {
        Err(autotask::Error::Forbidden { .. } | autotask::Error::NoSuchCall { .. }) => Vec::new(),
        roles => roles.map_err(|error| unread(error, "read roles"))?,
    };
    let roles: Vec<Entry> = roles.iter().map(of_role).collect();
    if categories.is_empty() {
        return Ok(vec![(ROLE_STOCK, System::Autotask, roles)]);
    }
    let category = |name: &&str| plain((*name).to_owned(), (*name).to_owned(), true);
    let categories = categories.iter().map(category).collect();
    Ok(vec![
        (ROLE_STOCK, System::Autotask, roles.clone()),
        (ROLE, System::Jim2, categories),
        (ROLE, System::Autotask, roles),
    ])
}

fn of_role(role: &Role) -> Entry {
    let name = role.name.get().cloned().unwrap_or_default();
    plain(
        role.id.to_string(),
        name,
        role.is_active.get() != Some(&false),
    )
}

/// Where Autotask counts products. A tenant without inventory, or one that does not let us see it, has none.
async fn locations(autotask: &Client) -> Result<Vec<Entry>, Error> {
    let found = autotask.query_all(&Query::everything()).await;
    let found: Vec<InventoryLocation> = match found {
        Err(autotask::Error::Forbidden { .. } | autotask::Error::NoSuchCall { .. }) => Vec::new(),
        found => found.map_err(|error| unread(error, "read inventory locations"))?,
    };
    let entry = |location: &InventoryLocation| {
        let name = location.location_name.get().cloned().unwrap_or_default();
        plain(
            location.id.to_string(),
            name,
            location.is_active.get() != Some(&false),
        )
    };
    Ok(found.iter().map(entry).collect())
}

/// What a flag of Autotask's can be, as a list.
fn yes_and_no() -> Vec<Entry> {
    let entry = |(value, label): (&str, &str)| plain(value.to_owned(), label.to_owned(), true);
    [("true", "Active"), ("false", "Inactive")]
        .map(entry)
        .into()
}

fn of_picklist(value: &PicklistValue) -> Entry {
    Entry {
        value: value.value.clone(),
        label: value.label.clone(),
        active: value.is_active,
        is_default: value.is_default,
        extra: None,
    }
}

fn of_jim2(entry: &ListEntry) -> Entry {
    let label = entry.label.get().filter(|label| !label.trim().is_empty());
    Entry {
        value: entry.code.clone(),
        label: label.unwrap_or(&entry.code).clone(),
        active: entry.active.get() != Some(&false),
        is_default: false,
        extra: entry.extra.get().cloned(),
    }
}

fn of_resource(resource: &Resource) -> Entry {
    let name = [&resource.first_name, &resource.last_name];
    let name: Vec<&str> = name
        .into_iter()
        .filter_map(Told::get)
        .map(String::as_str)
        .collect();
    Entry {
        value: resource.id.to_string(),
        label: name.join(" "),
        active: resource.is_active.get() != Some(&false),
        is_default: false,
        extra: resource.email.get().cloned(),
    }
}

fn of_billing_code(code: &BillingCode) -> Entry {
    let name = code.name.get().cloned();
    let name = name.unwrap_or_else(|| code.id.to_string());
    plain(
        code.id.to_string(),
        name,
        code.is_active.get() != Some(&false),
    )
}

/// A value of which nothing more is told.
fn plain(value: String, label: String, active: bool) -> Entry {
    Entry {
        value,
        label,
        active,
        is_default: false,
        extra: None,
    }
}

/// Values that Jim2 takes as text: each stands for itself.
fn as_text<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<Entry> {
    labels
        .map(|label| {
            let value: String = label.chars().take(PREFIX_MAX).collect();
            plain(value, label.to_owned(), true)
        })
        .collect()
}

/// A row a status, with the statuses it may move to.
fn links(entries: &[ListEntry]) -> Vec<Entry> {
    let mut from: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in entries {
        if let Told::Is(to) = &entry.label {
            from.entry(&entry.code).or_default().push(to);
        }
    }
    from.into_iter()
        .map(|(status, to)| Entry {
            value: status.to_owned(),
            label: status.to_owned(),
            active: true,
            is_default: false,
            extra: Some(to.join(",")),
        })
        .collect()
}
