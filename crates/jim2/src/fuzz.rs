//! Whatever Jim2 may answer: read without a panic, and no change passed by that could not be read.
//!
//! The tests spoil answers of the stand-in; `ops/fuzz` lets a fuzzer look for worse.

use bytes::Bytes;
use chrono::{DateTime, Datelike as _, Utc};
use domain::Told;
use reqwest::{StatusCode, header::HeaderMap};
use rest::Answer;
use serde::{Deserialize, de::IgnoredAny};

use crate::{
    CardFile, Changes, Contact, Credentials, DateReading, Error, Job, JobComment, JobLabour, Query,
    Settings, body::simple_answer, client::of_write, getdata, grant::TokenAnswer, json_api,
    record::Record, refusal, time::Times,
};

/// Where the feed stands.
const CURSOR: i64 = 1_000;

/// What a page holds, whether or not we understand it.
#[derive(Deserialize)]
struct Page {
    #[serde(rename = "resultSets", alias = "ResultSets")]
    sets: Vec<Set>,
}

#[derive(Deserialize)]
struct Set {
    #[serde(alias = "Rows")]
    rows: Vec<IgnoredAny>,
}

/// A page of the change table. Every row of it is there, in order and above the cursor, or nothing is.
pub fn changes(body: &[u8]) {
    for reading in [DateReading::Instant, DateReading::WallClock] {
        let tables = getdata::read(&answer(body), Query::CHANGES, times(reading));
        let Ok(changes) = tables.and_then(|tables| Changes::read(&tables, CURSOR)) else {
            continue;
        };
        let mut last = CURSOR;
        for row in &changes.rows {
            assert!(row.position > last && row.position <= changes.safe_mark);
            assert!(!row.key.is_empty() && !row.key.contains('\0'));
            in_calendar(&row.at);
            last = row.position;
        }
        let Page { sets } = answer(body).json().expect("it was read before");
        assert_eq!(sets[1].rows.len(), changes.rows.len());
    }
}

/// The rows of any other named query.
pub fn rows(body: &[u8]) {
    for query in [Query::JOBS, Query::CARD_FILES, Query::CONTACTS] {
        let tables = getdata::read(&answer(body), query, times(DateReading::WallClock));
        for row in tables.into_iter().flatten().flat_map(|table| table.rows) {
            record(&row);
        }
    }
}

fn record(row: &Record) {
    if let Ok(job) = Job::of_row(row) {
        job_is_sound(&job);
    }
    if let Ok(card) = CardFile::of_row(row) {
        in_calendar(&card.last_modified);
    }
    if let Ok(contact) = Contact::of_row(row) {
        in_calendar(&contact.last_modified);
    }
    if let Ok(comment) = JobComment::of_row(row) {
        in_calendar(&comment.modify_date);
    }
}

/// A document of the API, and what a write answers. The next page is on our own server, wherever its link leads.
pub fn document(body: &[u8]) {
    let times = times(DateReading::Instant);
    drop(simple_answer("jim2.create_job", &answer(body), times));
    drop(json_api::written_resource("jim2.update_job", &answer(body)));
    let Ok((page, link)) = json_api::read("jim2.jobs", &answer(body)) else {
        return;
    };
    for resource in page.data.iter().chain(&page.included) {
        if let Ok(job) = Job::of_resource(resource, times) {
            job_is_sound(&job);
        }
        drop(CardFile::of_resource(resource, times));
        drop(Contact::of_resource(1, resource, times));
        drop(JobComment::of_resource(1, resource, times));
        drop(JobLabour::of_resource(1, resource, times));
    }
    let settings = settings();
    let next = link.map(|link| json_api::own_address(&settings, "jim2.jobs", &link));
    if let Some(Ok(next)) = next {
        assert_eq!(next.origin(), settings.base_url.origin());
        assert!(next.path().starts_with("/jim2/api/v1/"), "{next}");
    }
}

/// What a refusal says, of a read, a write or a sign-in; its length decides under which status.
pub fn refusal(body: &[u8]) {
    let statuses = [400, 401, 403, 404, 405, 409, 415, 422, 423, 500];
    let status = statuses[body.len() % statuses.len()];
    let body = String::from_utf8_lossy(body).into_owned();
    let read = refusal::read(status, &body);
    if matches!(read, Error::NotFound) {
        assert_eq!(status, 404, "{body}");
    }
    let refused = rest::Error::Refused {
        status: StatusCode::from_u16(status).expect("it is a status"),
        body,
    };
    let is_surely_not_done = !matches!(of_write(refused), Error::MaybeDone(_));
    assert!(is_surely_not_done || status == 500);
}

/// The answer to a sign-in: a grant that ends within a day, or none.
pub fn token(body: &[u8]) {
    if let Ok(granted) = answer(body).json::<TokenAnswer>() {
        let now = DateTime::UNIX_EPOCH;
        let life = granted.into_grant(now).expires_at - now;
        assert!((1..=86_400).contains(&life.num_seconds()));
    }
}

/// A time, in any of Jim2's forms, with room around it for whatever counts with it.
pub fn time(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    for reading in [DateReading::Instant, DateReading::WallClock] {
        let at = times(reading).read(&text);
        in_calendar(&at.map_or(Told::Empty, Told::Is));
    }
}

fn job_is_sound(job: &Job) {
    for at in [&job.status_date, &job.date_in, &job.date_due, &job.date_out] {
        in_calendar(at);
    }
    let texts = [&job.our_ref, &job.fault_desc, &job.invoice_desc];
    let texts = texts.into_iter().filter_map(Told::get);
    assert!(texts.into_iter().all(|text| !text.contains('\0')));
}

fn in_calendar(at: &Told<DateTime<Utc>>) {
    assert!(
        at.get().is_none_or(|at| (0..=10_000).contains(&at.year())),
        "{at:?}"
    );
}

fn answer(body: &[u8]) -> Answer {
    Answer {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body),
    }
}

fn times(reading: DateReading) -> Times {
    Times {
        zone: chrono_tz::Australia::Sydney,
        reading,
    }
}

fn settings() -> Settings {
    let credentials = Credentials {
        client_id: String::new(),
        secret: "secret".into(),
    };
    let base_url = "http://jim2.example/jim2/"
        .parse()
        .expect("it is an address");
    Settings::new(base_url, credentials, chrono_tz::Australia::Sydney)
}

/// Pages of the change table as the stand-in gives them, the second in the letters of another build.
pub const CHANGES: [&str; 2] = [
    r#"{"resultSets":[{"columns":[{"name":"SafeMark","type":"int"},{"name":"DatabaseId","type":"string"},{"name":"Epoch","type":"int"}],"rows":[[1012,"6f1c6e1e-0b6e-4d34-9f34-0c7d9c6f9f11",1]]},{"columns":[{"name":"Position"},{"name":"Object"},{"name":"ObjectKey"},{"name":"Operation"},{"name":"ChangedAt"},{"name":"ChangedBy"}],"rows":[[1001,"Job","5001","U","/Date(1795651200000+1100)/","JC"],[1002,"JobComment","5001-2","I","2026-11-26T11:00:00",null],[1005,"CardFileContact","1001-1","D",null,"API"]]}]}"#,
    r#"{"ResultSets":[{"Columns":[{"Name":"SAFEMARK"},{"Name":"databaseid"},{"Name":"EPOCH"}],"Rows":[["1012","x","1"]]},{"Columns":[{"Name":"Position"},{"Name":"Object"},{"Name":"ObjectKey"},{"Name":"Operation"},{"Name":"ChangedAt"},{"Name":"ChangedBy"}],"Rows":[]}]}"#,
];

/// Rows of other named queries, likewise.
pub const ROWS: [&str; 3] = [
    r#"{"resultSets":[{"columns":[{"name":"JobNo"},{"name":"CustNo"},{"name":"Status"},{"name":"OurRef"},{"name":"FaultDesc"},{"name":"DateIn"},{"name":"DateDue"},{"name":"Ready"},{"name":"LineCount"}],"rows":[[5001,1001,"Booked","T20261123.0001/2","Ünïcode \u0026 more","/Date(1795651200000)/","2026-11-26 11:00:00.500",false,"0"]]}]}"#,
    r#"{"resultSets":[{"columns":[{"name":"CardNo"},{"name":"CardCode"},{"name":"Name"},{"name":"ABN"},{"name":"Active"},{"name":"IsCustomer"},{"name":"LastModified"}],"rows":[[1001,"OBRIEN","O'Brien \u0026 S\u00f8n","51 824 753 556","T","1","2026-11-26"]]}]}"#,
    r#"{"resultSets":[{"columns":[{"name":"CardNo"},{"name":"ContNo"},{"name":"FirstName"},{"name":"IsPrimary"},{"name":"Details"},{"name":"LastModified"}],"rows":[[1001,2,"Zoë",true,"[{\"type\":\"EMail\",\"detail\":\"zoe@client.example\"}]",null]]}]}"#,
];

/// Documents of the API and of its create calls, likewise.
pub const DOCUMENTS: [&str; 5] = [
    r#"{"data":[{"type":"Job","id":"5001","attributes":{"status":"Booked","ourRef":"T20261123.0001","dateIn":"2026-11-26T11:00:00","jobDetails":{"customer":{"attn":"Zoë"}}},"relationships":{"customer":{"data":{"type":"CardFile","id":"1001"}},"ship":{"data":null}}}],"included":[{"type":"JobComment","id":"5001-2","attributes":{"comment":"Rang them","include":true,"modifyDate":"2026-11-26T11:00:00"}}],"links":{"next":"/jim2/api/v1/jobs?page[number]=2"}}"#,
    r#"{"data":{"type":"CardFile","id":1001,"attributes":{"cardCode":"OBRIEN","name":"O'Brien","address":{"suburb":"Darwin","postCode":"0800"},"customer":{"creditHold":false},"active":true}},"links":{"next":{"href":"http://inner:81/api/v1/cardfiles?pageno=2"}}}"#,
    r#"{"data":[{"type":"JobLabour","id":"5001-2","attributes":{"start":"2026-11-23T09:00:00","hours":1,"minutes":"15","labourType":"Remote","labourInit":"JC","comment":null,"addInit":"API","addDate":"2026-11-23T10:20:00+11:00"}}]}"#,
    r#"{"data":null}"#,
    r#"{"jobNo":5001,"cardNo":"1001","cardCode":"OBRIEN","requestNo":7}"#,
];

/// Refusals as they were seen.
pub const REFUSALS: [&str; 5] = [
    r#"{"errors":[{"status":"423","code":"record-locked","title":"Locked","detail":"Job 5001 is locked by JC","source":{"pointer":"/data"}}]}"#,
    r#"{"errors":[{"status":"409","code":"job-invoiced","detail":"Job 5001 is on invoice 90001"}]}"#,
    r#"{"message":"The status cannot go from Booked to FINISH because the workflow has no link."}"#,
    r#"{"error":"access_denied","error_description":"There is no free licence."}"#,
    "Attribute Ready is read-only",
];

/// Answers to a sign-in.
pub const TOKENS: [&str; 2] = [
    r#"{"access_token":"a.b-c","token_type":"bearer","expires_in":1200,"refresh_token":"d"}"#,
    r#"{"access_token":"a","expires_in":" 600 ","refresh_token":null}"#,
];

/// Times in every form, and beyond every calendar.
pub const TIMES: [&str; 7] = [
    "/Date(1795651200000)/",
    "/Date(1795651200000+1100)/",
    "/Date(-8334601228800000)/",
    "/Date(8210266876799999)/",
    "2026-10-04T02:30:00.5",
    "-262143-01-01 00:00:00",
    "+262142-12-31",
];

#[cfg(test)]
mod tests {
    use domain::testing::spoil;

    use super::*;

    #[test]
    fn no_spoiled_page_of_changes_is_read_in_part() {
        for page in CHANGES {
            changes(page.as_bytes());
        }
        spoil(1, 4_000, &CHANGES, changes);
    }

    #[test]
    fn no_spoiled_rows_make_us_panic() {
        spoil(2, 3_000, &ROWS, rows);
    }

    #[test]
    fn no_spoiled_document_makes_us_panic_or_leads_us_elsewhere() {
        spoil(3, 4_000, &DOCUMENTS, document);
    }

    #[test]
    fn no_spoiled_refusal_makes_us_panic_or_take_a_record_for_gone() {
        spoil(4, 5_000, &REFUSALS, refusal);
    }

    #[test]
    fn no_spoiled_token_lives_for_ever() {
        spoil(5, 5_000, &TOKENS, token);
    }

    #[test]
    fn no_spoiled_time_is_beyond_the_calendar() {
        for text in TIMES {
            time(text.as_bytes());
        }
        spoil(6, 10_000, &TIMES, time);
    }
}
