//! `api/v1/jobs`.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::page::{self, Page, answer, answer_one};
use super::parameter::Parameters;
use super::reading::{self, Document, Reader, Resource, Writer, read_only_relationship};
use super::{App, attribute, filter, lines, render};
use crate::jim2::input::Input;
use crate::jim2::job::JobField;
use crate::jim2::options::Options;
use crate::jim2::record::Job;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// What `include` may name, in the order of the documents.
const INCLUDES: &[&str] = &[
    "comments", "contract", "customer", "from", "ship", "stock", "labour",
];

/// `GET jobs`.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let world = app.world();
    page::only_of_lists(&parameters, &world.options, &["include"])?;
    let includes = parameters.includes("Jobs", INCLUDES)?;
    let jobs = filter::jobs(&world, &parameters.0)?;
    let cut = Page::of(&parameters, &world.options)?.cut(jobs);
    let data: Vec<Value> = cut
        .records
        .iter()
        .map(|job| resource(&world, job, &includes))
        .collect();
    let path = render::path(&world.options, "jobs");
    let mut document = json!({ "data": data, "links": cut.links(&path, &parameters) });
    if !includes.is_empty() {
        document["included"] = included(&world, &cut.records, &includes);
    }
    Ok(answer(StatusCode::OK, &document))
}

/// `GET jobs/{jobno}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|name| name == "include")?;
    let includes = parameters.includes("Jobs", INCLUDES)?;
    let world = app.world();
    let job = world.job(number(&no)?)?;
    let mut document = json!({ "data": resource(&world, job, &includes) });
    if !includes.is_empty() {
        document["included"] = included(&world, &[job], &includes);
    }
    Ok(answer(StatusCode::OK, &document))
}

/// `POST jobs`.
pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.new_resource("Job")?;
    let mut world = app.world();
    let mut fields = fields(&world, &sent)?;
    for (name, value) in &sent.relationships {
        fields.push(related(name, value, &world.options)?);
    }
    let actor = world.api_user();
    let no = world.create_job(&actor, fields)?;
    let own = render::path(&world.options, &format!("jobs/{no}"));
    let made = resource(&world, world.job(no)?, &[]);
    let answer = answer_one(StatusCode::CREATED, &made);
    Ok(([(header::LOCATION, own)], answer).into_response())
}

/// `PATCH jobs/{jobno}`.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.known_resource("Job", |id| id == no)?;
    let mut world = app.world();
    let no = number(&no)?;
    world.job(no)?;
    let mut fields = fields(&world, &sent)?;
    for (name, value) in &sent.relationships {
        match link(name, value) {
            Some(link) if world.options.job_links_writable => fields.push(link?),
            Some(_) | None => return Err(read_only_relationship("job", name)),
        }
    }
    let actor = world.api_user();
    world.edit_job(no, &actor, fields)?;
    let told = resource(&world, world.job(no)?, &[]);
    Ok(answer_one(StatusCode::OK, &told))
}

/// The number in an address; what is no number is no record.
pub(super) fn number(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::not_found("Record", text))
}

fn fields(world: &World, sent: &Resource) -> Result<Vec<(JobField, Input)>, Refusal> {
    let inputs = attribute::JOB.for_job(&sent.attributes, &world.options)?;
    Ok(inputs
        .into_iter()
        .filter_map(|input| JobField::named(&input.name).map(|field| (field, input)))
        .collect())
}

/// A to-one relationship of a new job as a field.
fn related(name: &str, value: &Value, options: &Options) -> Result<(JobField, Input), Refusal> {
    if let Some(link) = link(name, value).filter(|_| options.job_links_writable) {
        return link;
    }
    let input = reading::related(name, value, &["customer", "ship", "from"], "CardFile")?;
    let field = JobField::named(name).ok_or_else(|| input.unknown())?;
    Ok((field, input))
}

/// What a job is of, beside its cards; null takes it off. No document shows that it can be written.
fn link(name: &str, value: &Value) -> Option<Result<(JobField, Input), Refusal>> {
    let (field, kind) = match name {
        "contract" => (JobField::Contract, "Project"),
        "asset" => (JobField::Asset, "Asset"),
        _ => return None,
    };
    if value["data"].is_null() {
        let input = Input::new("/data/relationships", name, &Value::Null);
        return Some(Ok((field, input)));
    }
    let input = reading::related(name, value, &[name], kind);
    Some(input.map(|input| (field, input)))
}

/// A job as a resource.
pub(super) fn resource(world: &World, job: &Job, includes: &[&str]) -> Value {
    let no = job.no.to_string();
    let own = render::path(&world.options, &format!("jobs/{no}"));
    let mut told = render::resource("Job", &no, &render::job(world, job), &own);
    told["relationships"] = relationships(job, includes);
    told
}

fn relationships(job: &Job, includes: &[&str]) -> Value {
    let mut told = Map::new();
    for (name, card) in cards(job) {
        let data = json!({ "data": { "type": "CardFile", "id": card.to_string() } });
        told.insert(name.to_owned(), data);
    }
    for name in includes {
        if *name == "contract" {
            let of = |no: i64| json!({ "type": "Project", "id": no.to_string() });
            told.insert((*name).to_owned(), json!({ "data": job.contract.map(of) }));
        }
        if let Some(kind) = lines::Kind::named(name) {
            let ids = kind.ids(job).into_iter();
            let data: Vec<Value> = ids
                .map(|line| json!({ "type": kind.name(), "id": format!("{}-{line}", job.no) }))
                .collect();
            told.insert((*name).to_owned(), json!({ "data": data }));
        }
    }
    Value::Object(told)
}

/// What the jobs refer to, each resource once.
fn included(world: &World, jobs: &[&Job], includes: &[&str]) -> Value {
    let mut found: Vec<Value> = Vec::new();
    let mut companies: BTreeMap<i64, Value> = BTreeMap::new();
    for job in jobs {
        for (name, no) in cards(job) {
            if let Some(card) = world.cards.get(&no)
                && includes.contains(&name)
            {
                companies.insert(no, render::card_resource(&world.options, card));
            }
        }
        for kind in includes.iter().filter_map(|name| lines::Kind::named(name)) {
            let ids = kind.ids(job).into_iter();
            found.extend(ids.filter_map(|line| kind.resource(world, job, line, false)));
        }
    }
    found.extend(companies.into_values());
    Value::Array(found)
}

const fn cards(job: &Job) -> [(&'static str, i64); 3] {
    [
        ("customer", job.customer),
        ("from", job.from),
        ("ship", job.ship),
    ]
}
