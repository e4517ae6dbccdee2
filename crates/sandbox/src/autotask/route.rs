//! Which deed a method and a path mean. Paths are read in any letter case.

use axum::http::Method;

use super::answer::Refusal;
use super::schema::{self, Entity, Place, Verb};
use super::write::Scope;

/// What is called.
#[derive(Debug)]
pub(super) enum Route {
    /// Where a user's tenant is; needs no login.
    Zone,
    /// Which versions of the API there are; needs no login.
    Versions,
    /// The version of this API.
    Version,
    /// The hourly threshold and its use.
    Threshold,
    /// Something about an entity.
    Entity(Call),
}

/// A deed on an entity.
#[derive(Debug)]
pub(super) struct Call {
    /// The entity in whose name threads are counted: the first of the address.
    pub endpoint: &'static str,
    pub entity: &'static Entity,
    /// The record in the address below which this one is.
    pub parent: Option<i64>,
    pub deed: Deed,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Info,
    Fields,
    UserDefinedFields,
    Get(i64),
    List,
    Query,
    Page,
    Count,
    Create,
    Update(Scope),
    Delete(i64),
}

impl Deed {
    /// Tells whether it changes anything.
    pub(super) fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Update(_) | Self::Delete(_))
    }

    /// The word that `/sandbox/stats` counts it under.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Fields => "fields",
            Self::UserDefinedFields => "user-defined fields",
            Self::Get(_) => "get",
            Self::List => "list",
            Self::Query | Self::Page => "query",
            Self::Count => "count",
            Self::Create => "create",
            Self::Update(Scope::Named) => "patch",
            Self::Update(Scope::All) => "put",
            Self::Delete(_) => "delete",
        }
    }
}

/// Reads a method and a path.
pub(super) fn read(method: &Method, path: &str) -> Result<Route, Refusal> {
    let lower = path.to_ascii_lowercase();
    let mut segments: Vec<_> = lower
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let no_route = || Refusal::NoRoute(path.to_owned());
    let only_get = |route| {
        if method == Method::GET {
            Ok(route)
        } else {
            Err(Refusal::NoMethod(method.to_string()))
        }
    };
    if segments.first() != Some(&"atservicesrest") {
        return Err(no_route());
    }
    if segments[1..] == ["versioninformation"] {
        return only_get(Route::Versions);
    }
    if segments.get(1) != Some(&"v1.0") {
        return Err(no_route());
    }
    segments.drain(..2);
    match segments[..] {
        ["zoneinformation"] => only_get(Route::Zone),
        ["version"] => only_get(Route::Version),
        ["thresholdinformation"] => only_get(Route::Threshold),
        [first, ref rest @ ..] => {
            let entity = schema::entity(entity_of(first, rest)).ok_or_else(no_route)?;
            call(method, entity, rest)
                .ok_or_else(no_route)?
                .map(Route::Entity)
        }
        [] => Err(no_route()),
    }
}

/// The entity that an address begins with. Expense items hang below `Expenses`, which is nothing else's address.
fn entity_of<'a>(first: &'a str, rest: &[&str]) -> &'a str {
    match (first, rest) {
        ("expenses", [_, "items", ..]) => "expensereports",
        _ => first,
    }
}

/// The call, nothing where there is no such address, or a refusal where the method is not for it.
fn call(method: &Method, entity: &'static Entity, rest: &[&str]) -> Option<Result<Call, Refusal>> {
    let (entity, endpoint, parent, rest) = match *rest {
        [parent, segment, ref below @ ..] if parent.parse::<i64>().is_ok() => (
            schema::child(entity, segment)?,
            entity.plural,
            parent.parse().ok(),
            below,
        ),
        _ => (entity, entity.plural, None, rest),
    };
    let deeds = deeds(entity, parent.is_some(), rest)?;
    let deed = deeds
        .into_iter()
        .find(|(known, _)| known == method)
        .map(|(_, deed)| Call {
            endpoint,
            entity,
            parent,
            deed,
        });
    Some(deed.ok_or_else(|| Refusal::NoMethod(method.to_string())))
}

/// The methods an address takes; nothing where there is no such address.
fn deeds(entity: &'static Entity, is_below: bool, rest: &[&str]) -> Option<Vec<(Method, Deed)>> {
    let written_here = is_below == matches!(entity.place, Place::Child { .. });
    if entity.allows(Verb::Unread) && !matches!(rest, [] | ["entityinformation", ..]) {
        return None;
    }
    let deeds = match *rest {
        ["entityinformation"] => vec![(Method::GET, Deed::Info)],
        ["entityinformation", "fields"] => vec![(Method::GET, Deed::Fields)],
        ["entityinformation", "userdefinedfields"] => vec![(Method::GET, Deed::UserDefinedFields)],
        ["query"] if !is_below => vec![(Method::GET, Deed::Query), (Method::POST, Deed::Query)],
        ["query", "count"] if !is_below => {
            vec![(Method::GET, Deed::Count), (Method::POST, Deed::Count)]
        }
        ["query", "next" | "previous"] if !is_below => vec![(Method::POST, Deed::Page)],
        [] => {
            let mut deeds = if written_here {
                collection(entity)
            } else {
                Vec::new()
            };
            if is_below && !entity.allows(Verb::Unread) {
                deeds.push((Method::GET, Deed::List));
            }
            if deeds.is_empty() {
                return None;
            }
            deeds
        }
        [id] => {
            let id = id.parse().ok()?;
            let mut deeds = vec![(Method::GET, Deed::Get(id))];
            if written_here && entity.allows(Verb::Delete) {
                deeds.push((Method::DELETE, Deed::Delete(id)));
            }
            deeds
        }
        _ => return None,
    };
    Some(deeds)
}

fn collection(entity: &Entity) -> Vec<(Method, Deed)> {
    let mut deeds = Vec::new();
    if entity.allows(Verb::Create) {
        deeds.push((Method::POST, Deed::Create));
    }
    if entity.allows(Verb::Update) {
        deeds.push((Method::PATCH, Deed::Update(Scope::Named)));
        deeds.push((Method::PUT, Deed::Update(Scope::All)));
    }
    deeds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(method: &Method, path: &str) -> String {
        match read(method, &format!("/ATServicesRest/V1.0/{path}")) {
            Ok(Route::Entity(call)) => format!("{} {}", call.entity.plural, call.deed.name()),
            Ok(other) => format!("{other:?}"),
            Err(Refusal::NoRoute(_)) => "404".to_owned(),
            Err(Refusal::NoMethod(_)) => "405".to_owned(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_address_and_the_method_say_what_is_done() {
        let cases = [
            (Method::GET, "zoneInformation", "Zone"),
            (Method::POST, "ThresholdInformation", "405"),
            (Method::GET, "Tickets/7001", "Tickets get"),
            (Method::POST, "tickets/QUERY", "Tickets query"),
            (Method::GET, "Tickets/query/count", "Tickets count"),
            (Method::POST, "Tickets/query/next", "Tickets query"),
            (Method::GET, "Tickets/query/next", "405"),
            (Method::POST, "Tickets", "Tickets create"),
            (Method::PATCH, "Tickets", "Tickets patch"),
            (Method::PUT, "Tickets", "Tickets put"),
            (Method::GET, "Tickets", "405"),
            (Method::PATCH, "Tickets/7001", "405"),
            (Method::PUT, "Tickets/7001", "405"),
            (Method::DELETE, "Tickets/7001", "405"),
            (Method::POST, "Tickets/7001/Notes", "TicketNotes create"),
            (Method::GET, "Tickets/7001/Notes", "TicketNotes list"),
            (Method::GET, "Tickets/7001/Notes/9", "TicketNotes get"),
            (Method::DELETE, "Tickets/7001/Notes/9", "405"),
            (Method::POST, "TicketNotes", "404"),
            (Method::PATCH, "TicketNotes", "404"),
            (Method::GET, "TicketNotes/9", "TicketNotes get"),
            (Method::POST, "TicketNotes/query", "TicketNotes query"),
            (Method::POST, "Tickets/7001/Notes/query", "404"),
            (Method::POST, "Contacts", "404"),
            (Method::DELETE, "Contacts/5", "405"),
            (
                Method::DELETE,
                "Companies/174/Contacts/5",
                "Contacts delete",
            ),
            (Method::POST, "Resources", "405"),
            (Method::POST, "BillingCodes", "404"),
            (
                Method::GET,
                "Tickets/7001/Notes/entityInformation/fields",
                "TicketNotes fields",
            ),
            (
                Method::POST,
                "TicketWebhooks/12/Fields",
                "TicketWebhookFields create",
            ),
            (Method::POST, "TicketNoteWebhooks/12/UdfFields", "404"),
            (Method::PATCH, "TicketWebhooks/12/ExcludedResources", "405"),
            (Method::POST, "TicketCharges", "404"),
            (Method::POST, "Tickets/7001/Charges", "TicketCharges create"),
            (
                Method::DELETE,
                "Tickets/7001/Charges/9",
                "TicketCharges delete",
            ),
            (Method::POST, "BillingItems", "405"),
            (Method::PATCH, "BillingItems", "BillingItems patch"),
            (Method::PATCH, "Invoices", "Invoices patch"),
            (
                Method::POST,
                "ContractServiceAdjustments",
                "ContractServiceAdjustments create",
            ),
            (Method::POST, "ContractServiceAdjustments/query", "404"),
            (Method::GET, "ContractServiceAdjustments/9", "404"),
            (Method::POST, "Expenses/9/Items", "ExpenseItems create"),
            (Method::POST, "Expenses/query", "404"),
            (Method::GET, "Wombats/1", "404"),
            (Method::GET, "Tickets/abc", "404"),
        ];
        for (method, path, expected) in cases {
            assert_eq!(outcome(&method, path), expected, "{method} {path}");
        }
    }
}
