//! Whatever Autotask may answer: read without a panic, and no digit of it rounded off.
//!
//! The tests spoil answers of the stand-in; `ops/fuzz` lets a fuzzer look for worse.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, Datelike as _, Utc};
use domain::{Told, testing::Number};
use reqwest::{StatusCode, header::HeaderMap};
use rest::{Answer, Broken};
use rust_decimal::Decimal;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    BillingCode, Company, Contact, Entity, Error, FieldInfo, Resource, Role, Subscribed, Threshold,
    Ticket, TicketNote, TimeEntry, Webhook,
    error::{Asked, Effect, classify},
    metadata::{Fields, Info},
    read::{Item, Rows, advances},
    webhook::FieldChoices,
    write::Written,
    zone::ZoneInformation,
};

/// What a query may answer, or a read by id, or any other call.
pub fn answer(body: &[u8]) {
    rows::<Company>(body);
    rows::<Contact>(body);
    rows::<Ticket>(body);
    rows::<TicketNote>(body);
    rows::<Resource>(body);
    rows::<Role>(body);
    rows::<BillingCode>(body);
    rows::<TimeEntry>(body);
    decimals(body);
    drop(read::<Item<Ticket>>(body));
    drop(read::<Rows<Webhook>>(body));
    drop(read::<Rows<Subscribed>>(body));
    drop(read::<Info>(body));
    drop(read::<ZoneInformation>(body));
    drop(read::<Threshold>(body));
    drop(read::<Written>(body));
    if let Ok(Fields { fields }) = read(body) {
        choices(&fields);
    }
}

/// What a refusal may say, under one of the statuses; its length decides which, and what was asked.
pub fn refusal(body: &[u8]) {
    let statuses = [400, 401, 403, 404, 405, 409, 500, 505];
    let effects = [Effect::Read, Effect::Lookup, Effect::Write];
    let status = statuses[body.len() % statuses.len()];
    let effect = effects[body.len() / statuses.len() % effects.len()];
    let asked = Asked {
        entity: "ticket",
        effect,
    };
    let body = String::from_utf8_lossy(body).into_owned();
    let refused = rest::Error::Refused {
        status: StatusCode::from_u16(status).expect("it is a status"),
        body: body.clone(),
    };
    // Only a call about one record may find it gone.
    let may_be_gone = effect != Effect::Read || says_no_row(&body);
    let is_gone = matches!(classify(refused, asked), Error::Gone { .. });
    assert!(may_be_gone || !is_gone, "{status}");
    let gateway = Broken::Gateway {
        status: StatusCode::BAD_GATEWAY,
        after: None,
        body,
    };
    let gateway = classify(gateway.into(), asked);
    assert!(
        !matches!(gateway, Error::Gone { .. }),
        "a gateway knows of no record"
    );
}

fn says_no_row(body: &str) -> bool {
    let said: Result<serde_json::Value, _> = serde_json::from_str(body);
    let said = said.map(|said| said.to_string().to_lowercase());
    said.is_ok_and(|said| said.contains("no matching records found"))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, rest::Error> {
    let answer = Answer {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body),
    };
    answer.json()
}

/// Rows that are taken only rise, and each has what identifies it.
fn rows<E: Entity>(body: &[u8]) {
    let Ok(Rows { items, .. }) = read::<Rows<E>>(body) else {
        return;
    };
    if advances(&items, Some(0)).is_ok() {
        assert!(items.is_sorted_by(|one, other| one.id() < other.id()));
    }
    for item in &items {
        assert_eq!(item.value("id"), Some(item.id().into()));
        for field in E::FIELDS {
            // As shadows keep it, and read it again.
            let value = item.value(field);
            let json = serde_json::to_string(&value).expect("a value is plain JSON");
            assert_eq!(
                serde_json::from_str::<Option<domain::Value>>(&json).expect("and can be read"),
                value.filter(|value| *value != domain::Value::Empty),
                "{field}"
            );
        }
    }
}

/// A price is the number that stood there, to the last digit, or is not taken.
fn decimals(body: &[u8]) {
    #[derive(Deserialize)]
    struct Raw {
        items: Vec<BTreeMap<String, Box<RawValue>>>,
    }
    let (Ok(Rows { items, .. }), Ok(raw)) = (read::<Rows<BillingCode>>(body), read::<Raw>(body))
    else {
        return;
    };
    for (item, raw) in items.iter().zip(&raw.items) {
        for (field, told) in [
            ("unitPrice", &item.unit_price),
            ("unitCost", &item.unit_cost),
        ] {
            if let (Some(raw), Told::Is(told)) = (raw.get(field), told) {
                same_number(raw.get(), *told);
            }
        }
        for (field, told) in [
            ("useType", &item.use_type),
            ("department", &item.department),
        ] {
            if let (Some(raw), Told::Is(told)) = (raw.get(field), told) {
                same_number(raw.get(), (*told).into());
            }
        }
    }
}

fn same_number(json: &str, told: Decimal) {
    let written = Number::read(json.trim_matches('"'));
    assert_eq!(written, Number::read(&told.to_string()), "{json} as {told}");
}

fn choices(fields: &[FieldInfo]) {
    let listed = fields.iter().map(|field| field.picklist_values.len());
    assert!(FieldChoices::of(fields).len() <= listed.sum());
}

/// Times that are taken are of this calendar: whatever counts with them has room to.
pub fn time(text: &[u8]) {
    let json = serde_json::to_string(&String::from_utf8_lossy(text)).expect("text is plain JSON");
    if let Some(Told::Is(at)) = <DateTime<Utc> as crate::wire::Wire>::read(&json) {
        assert!((0..=10_000).contains(&at.year()), "{at}");
    }
}

/// Answers as the stand-in gives them.
pub const ANSWERS: [&str; 10] = [
    r#"{"items":[{"id":7001,"ticketNumber":"T20261123.0001","companyID":174,"title":"Überprüfung","description":null,"status":1,"priority":"2","queueID":29682833,"dueDateTime":"2026-11-23T03:15:47.307Z","createDate":"2026-11-22T01:00:00.000Z","userDefinedFields":[{"name":"Jim2 Job#","value":"5001"},{"name":"Jim2 sync","value":null}]},{"id":7002,"title":"","userDefinedFields":[]}],"pageDetails":{"count":2,"requestCount":500,"prevPageUrl":null,"nextPageUrl":"http://127.0.0.1:18080/ATServicesRest/V1.0/Tickets/query/next?paging=%7B%7D"}}"#,
    r#"{"items":[{"id":174,"companyName":"O'Brien & Søndergaard","companyType":1,"isActive":true,"phone":"(08) 5550 1234","lastActivityDate":"2026-11-23T03:15:47"},{"id":175,"isActive":"False"}],"pageDetails":null}"#,
    r#"{"items":[{"id":30683001,"companyID":174,"firstName":"Zoë","isActive":1,"emailAddress":"zoe@client.example"}]}"#,
    r#"{"items":[{"id":1,"name":"Onsite","unitPrice":150.0000,"unitCost":"12.5","useType":1,"department":4,"isActive":true},{"id":2,"unitPrice":1.5e2,"unitCost":-0.07,"useType":"3"}]}"#,
    r#"{"items":[{"id":40001,"ticketID":7001,"taskID":null,"resourceID":29682885,"hoursWorked":1.2500,"hoursToBill":"0.08","startDateTime":"2026-11-22T22:00:00Z","dateWorked":"2026-11-22T00:00:00","summaryNotes":"Disk","isNonBillable":false}]}"#,
    r#"{"item":{"id":7001,"title":"One","lastActivityDate":"2026-11-23"}}"#,
    r#"{"fields":[{"name":"fieldID","dataType":"integer","length":0,"isRequired":true,"isPickList":true,"picklistValues":[{"value":"2","label":"Ticket Number","isActive":true,"sortOrder":1,"parentValue":""},{"value":3,"label":"Account Name"}]},{"name":"Jim2 Job#","label":"Jim2 Job#","type":"string","length":255}]}"#,
    r#"{"info":{"canCreate":true,"canQuery":true,"userAccessForCreate":"All","userAccessForQuery":2,"supportsWebhookCallouts":true}}"#,
    r#"{"zoneName":"Sandbox","url":"https://webservices14.autotask.net/ATServicesRest/","webUrl":"https://ww14.autotask.net/","ci":1}"#,
    r#"{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":1234,"itemId":7001}"#,
];

/// Refusals as they were seen.
pub const REFUSALS: [&str; 5] = [
    r#"{"errors":["Picklist value [99] does not exist for priority.","Missing Required Field: title."]}"#,
    r#"{"errors":["No message. No matching records found. The logged in Resource may not have the required permissions to delete the data."]}"#,
    r#"{"errors":[{"message":"Transaction (Process ID 55) was deadlocked on lock resources"}]}"#,
    r#"{"Message":"No HTTP resource was found that matches the request URI 'x'."}"#,
    "<html><head><title>503</title></head></html>",
];

/// Times in every form, and beyond every calendar.
pub const TIMES: [&str; 5] = [
    "2026-11-23T03:15:47.307Z",
    "2026-11-23T03:15:47.307+10:00",
    "2026-11-23T03:15:47",
    "+12026-11-23T03:15:47",
    "2026-11-23",
];

#[cfg(test)]
mod tests {
    use domain::testing::spoil;

    use super::*;

    #[test]
    fn no_spoiled_answer_makes_us_panic_or_loses_a_digit() {
        spoil(1, 1_500, &ANSWERS, answer);
    }

    #[test]
    fn no_spoiled_refusal_makes_us_panic_or_take_a_record_for_gone() {
        spoil(2, 5_000, &REFUSALS, refusal);
    }

    #[test]
    fn no_spoiled_time_is_beyond_the_calendar() {
        spoil(3, 10_000, &TIMES, time);
    }
}
