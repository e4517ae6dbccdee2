//! The filters of cardfiles, those of their contacts included.

use super::{Rule, Told};
use crate::jim2::record::{CardFile, Contact};

/// Every documented cardfile filter that this Jim2 has values for.
pub(super) const RULES: &[Rule<CardFile>] = &[
    ("ABN", |_, card| text(&card.abn)),
    ("ACN", |_, card| text(&card.acn)),
    ("AccMng", |_, card| text(&card.account_manager)),
    ("Address", |_, card| words(&card.address.street)),
    ("CardCode", |_, card| words(&card.code)),
    ("Contact", |_, card| words(&card.contact)),
    ("ContactType", |_, card| details(card, |kind, _| kind)),
    ("Country", |_, card| words(&card.address.country)),
    ("CustActive", |_, card| {
        Told::Flag(card.customer.is_some() && card.active)
    }),
    ("Customer", |_, card| Told::Flag(card.customer.is_some())),
    ("DName", |_, card| people(card, |person| &person.display)),
    ("DelAddress", |_, card| words(&card.delivery.street)),
    ("DelCountry", |_, card| words(&card.delivery.country)),
    ("DelPostCode", |_, card| words(&card.delivery.postcode)),
    ("DelState", |_, card| words(&card.delivery.state)),
    ("DelSuburb", |_, card| words(&card.delivery.suburb)),
    ("Department", |_, card| {
        people(card, |person| &person.department)
    }),
    ("FName", |_, card| people(card, |person| &person.first)),
    ("HasWebLogon", |_, card| {
        Told::Flag(card.contacts.iter().any(|one| one.web_account.is_some()))
    }),
    ("JobTitle", |_, card| {
        people(card, |person| &person.job_title)
    }),
    ("LName", |_, card| people(card, |person| &person.last)),
    ("LastModified", |_, card| {
        Told::Moment(Some(card.last_touched().at))
    }),
    ("Name", |_, card| words(&card.name)),
    ("ParentCard", |world, card| {
        let parent = card.parent.and_then(|no| world.cards.get(&no));
        words(parent.map_or("", |parent| &parent.code))
    }),
    ("Personal", |_, _| Told::Flag(false)),
    ("PostCode", |_, card| words(&card.address.postcode)),
    ("ShipAddr", |_, card| Told::Flag(card.is_ship)),
    ("ShipAddrActive", |_, card| {
        Told::Flag(card.is_ship && card.active)
    }),
    ("Source", |_, _| text("")),
    ("SourceValue", |_, _| text("")),
    ("State", |_, card| words(&card.address.state)),
    ("Suburb", |_, card| words(&card.address.suburb)),
    ("TypeValue", |_, card| details(card, |_, value| value)),
    ("User", |_, card| Told::Flag(card.user.is_some())),
    ("UserActive", |_, card| {
        Told::Flag(card.user.is_some() && card.active)
    }),
    ("UserInitials", |_, card| {
        text(card.user.as_ref().map_or("", |user| &user.initials))
    }),
    ("VendActive", |_, card| {
        Told::Flag(is_vendor(card) && card.active)
    }),
    ("Vendor", |_, card| Told::Flag(is_vendor(card))),
];

fn text(text: &str) -> Told {
    Told::Text(text.to_owned())
}

fn words(text: &str) -> Told {
    Told::TextNoInverse(vec![text.to_owned()])
}

fn people(card: &CardFile, tell: fn(&Contact) -> &String) -> Told {
    Told::TextNoInverse(card.contacts.iter().map(tell).cloned().collect())
}

fn details(card: &CardFile, tell: for<'a> fn(&'a str, &'a str) -> &'a str) -> Told {
    let details = card.contacts.iter().flat_map(|person| &person.details);
    Told::TextNoInverse(
        details
            .map(|detail| tell(&detail.kind, &detail.value).to_owned())
            .collect(),
    )
}

fn is_vendor(card: &CardFile) -> bool {
    card.customer.is_none() && card.user.is_none()
}
