//! Fills a tenant with a generated provider's records.

mod catalogue;
mod parts;
mod quote;
mod ticket;
mod udf;
mod work;

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use super::options::{API_RESOURCE, Options};
use super::row::Row;
use super::schema::{known, picklist};
use super::world::{API_LICENCE, World};
use crate::provider::{Business, Person, Provider, Technician};

/// Since when the provider has used Autotask.
const BEGINNING: &str = "2019-07-01T00:00:00.000Z";

/// The id of the country every address is in.
const AUSTRALIA: i64 = 13;

/// Indexes of the provider's records to ids of the tenant's.
#[derive(Default)]
struct Ids {
    roles: Vec<i64>,
    resources: Vec<i64>,
    billing_codes: Vec<i64>,
    companies: BTreeMap<usize, i64>,
    contacts: BTreeMap<usize, i64>,
}

/// A tenant with everything of the provider that Autotask knows.
pub(super) fn world(provider: &Provider, options: Options) -> World {
    let mut world = World::new(options);
    udf::all(&mut world);
    let mut ids = Ids::default();
    tables(&mut world, provider, &mut ids);
    catalogue::all(&mut world);
    parts::all(&mut world);
    resources(&mut world, provider, &mut ids);
    companies(&mut world, provider, &mut ids);
    contacts(&mut world, provider, &mut ids);
    quote::all(&mut world, provider, &ids);
    let tickets = ticket::all(&mut world, provider, &ids);
    work::all(&mut world, provider, &ids, &tickets);
    world
}

fn tables(world: &mut World, provider: &Provider, ids: &mut Ids) {
    for (id, code, name) in [(AUSTRALIA, "AU", "Australia"), (154, "NZ", "New Zealand")] {
        let mut row = Row::default();
        row.set("countryCode", code);
        row.set("displayName", name);
        row.set("name", name);
        row.set("isActive", true);
        row.set("isDefaultCountry", id == AUSTRALIA);
        world.put(known("Countries"), id, row);
    }
    for role in &provider.roles {
        let mut row = Row::default();
        row.set("name", role.name.as_str());
        row.set("hourlyRate", role.hourly_rate.to_f64());
        row.set("hourlyFactor", 1.0);
        row.set("isActive", true);
        row.set("isExcludedFromNewContracts", false);
        row.set("isSystemRole", false);
        row.set("roleType", 0);
        ids.roles.push(world.insert(known("Roles"), row));
    }
    for code in &provider.billing_codes {
        let mut row = Row::default();
        row.set("name", code.name.as_str());
        row.set("externalNumber", code.external_number.as_str());
        row.set("useType", code.use_type);
        row.set("billingCodeType", 0);
        row.set("isActive", true);
        row.set("isExcludedFromNewContracts", false);
        row.set("unitCost", 0.0);
        row.set("unitPrice", 0.0);
        ids.billing_codes
            .push(world.insert(known("BillingCodes"), row));
    }
}

fn resources(world: &mut World, provider: &Provider, ids: &mut Ids) {
    let mut next = known("Resources").first_id;
    for technician in &provider.technicians {
        if next == API_RESOURCE {
            next += 1;
        }
        world.put(known("Resources"), next, resource(technician, ids));
        ids.resources.push(next);
        next += 1;
    }
    for user in world.options.users.clone() {
        let mut row = resource_basics();
        row.set("firstName", "Crossbill");
        row.set("lastName", "API");
        row.set("email", user.user_name.as_str());
        row.set("userName", user.user_name.as_str());
        row.set("isActive", true);
        row.set("licenseType", API_LICENCE);
        row.set("userType", 17);
        world.put(known("Resources"), user.resource, row);
    }
}

fn resource(technician: &Technician, ids: &Ids) -> Row {
    let mut row = resource_basics();
    row.set("firstName", technician.first.as_str());
    row.set("lastName", technician.last.as_str());
    row.set("email", technician.email.as_str());
    row.set(
        "userName",
        technician.email.chars().take(32).collect::<String>(),
    );
    row.set("initials", technician.initials.as_str());
    row.set("isActive", technician.active);
    row.set(
        "defaultServiceDeskRoleID",
        ids.roles.get(technician.role).copied(),
    );
    row.set("licenseType", 1);
    row.set("userType", 1);
    row
}

fn resource_basics() -> Row {
    let mut row = Row::default();
    for (name, value) in [
        ("emailTypeCode", json!("PRIMARY")),
        ("dateFormat", json!("dd/MM/yyyy")),
        ("timeFormat", json!("HH:mm")),
        ("numberFormat", json!("X,XXX.XX")),
        ("payrollType", json!(1)),
        ("resourceType", json!("Employee")),
    ] {
        row.set(name, value);
    }
    row
}

/// The provider itself has id 0; the others count from 174.
fn companies(world: &mut World, provider: &Provider, ids: &mut Ids) {
    let first = known("Companies").first_id;
    let in_autotask = provider
        .companies
        .iter()
        .enumerate()
        .filter(|(index, company)| *index == 0 || company.side.in_autotask());
    for ((index, _), id) in in_autotask.zip(std::iter::once(0).chain(first..)) {
        ids.companies.insert(index, id);
    }
    for (index, id) in &ids.companies {
        let company = company(&provider.companies[*index], *id, ids);
        world.put(known("Companies"), *id, company);
    }
}

fn company(business: &Business, id: i64, ids: &Ids) -> Row {
    let mut row = Row::default();
    row.set("companyName", business.name.as_str());
    row.set(
        "companyType",
        if business.is_customer || id == 0 {
            1
        } else {
            5
        },
    );
    row.set("taxID", business.abn.as_str());
    row.set("address1", business.address.street.as_str());
    row.set("address2", business.address.street2.as_str());
    row.set("city", business.address.suburb.as_str());
    row.set("state", business.address.state.as_str());
    row.set("postalCode", business.address.postcode.as_str());
    row.set("countryID", AUSTRALIA);
    row.set("phone", business.phone.as_str());
    row.set(
        "ownerResourceID",
        ids.resources.get(business.manager).copied(),
    );
    row.set(
        "parentCompanyID",
        business
            .parent
            .and_then(|parent| ids.companies.get(&parent))
            .copied(),
    );
    row.set("isActive", true);
    row.set("isClientPortalActive", false);
    row.set("isTaskFireActive", false);
    row.set("isTaxExempt", false);
    for name in [
        "createDate",
        "lastActivityDate",
        "lastTrackedModifiedDateTime",
    ] {
        row.set(name, BEGINNING);
    }
    row
}

fn contacts(world: &mut World, provider: &Provider, ids: &mut Ids) {
    for (index, person) in provider.people.iter().enumerate() {
        let Some(company) = ids
            .companies
            .get(&person.company)
            .filter(|_| person.side.in_autotask())
        else {
            continue;
        };
        let id = world.insert(known("Contacts"), contact(person, *company));
        ids.contacts.insert(index, id);
    }
}

fn contact(person: &Person, company: i64) -> Row {
    let mut row = Row::default();
    let prefixes = picklist::of("Contacts", "namePrefix");
    let prefix = prefixes
        .choices
        .iter()
        .find(|choice| choice.label.trim_end_matches('.') == person.title.trim_end_matches('.'));
    row.set("companyID", company);
    row.set("firstName", person.first.as_str());
    row.set("lastName", person.last.as_str());
    row.set(
        "namePrefix",
        prefix.and_then(|choice| choice.value.parse::<i64>().ok()),
    );
    row.set("title", person.job_title.as_str());
    row.set("emailAddress", person.email.as_str());
    row.set("phone", person.phone.as_str());
    row.set("mobilePhone", person.mobile.as_str());
    row.set("primaryContact", person.primary);
    row.set("isActive", 1);
    row.set("receivesEmailNotifications", true);
    for name in ["createDate", "lastActivityDate", "lastModifiedDate"] {
        row.set(name, BEGINNING);
    }
    row
}
