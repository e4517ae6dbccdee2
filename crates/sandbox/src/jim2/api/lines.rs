//! `api/v1/jobs/{jobno}/stock|labour|comments`.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::attribute::{self, Attributes};
use super::jobs::number;
use super::page::{answer, answer_one};
use super::parameter::Parameters;
use super::reading::{Document, Reader, Writer};
use super::{App, render};
use crate::jim2::record::Job;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// A kind of lines.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Stock,
    Labour,
    Comments,
}

impl Kind {
    /// The kind that an address or `include` names so.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "stock" => Some(Self::Stock),
            "labour" => Some(Self::Labour),
            "comments" => Some(Self::Comments),
            _ => None,
        }
    }

    /// The resource type.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Stock => "JobStock",
            Self::Labour => "JobLabour",
            Self::Comments => "JobComment",
        }
    }

    /// Line ids of a job, newest first as the documents' examples list them.
    pub(super) fn ids(self, job: &Job) -> Vec<i64> {
        let mut ids: Vec<i64> = match self {
            Self::Stock => job.stock.iter().map(|line| line.line).collect(),
            Self::Labour => job.labour.iter().map(|line| line.line).collect(),
            Self::Comments => job.comments.iter().map(|line| line.line).collect(),
        };
        ids.reverse();
        ids
    }

    /// A line as a resource.
    pub(super) fn resource(self, world: &World, job: &Job, id: i64, fresh: bool) -> Option<Value> {
        let zone = world.zone();
        let attributes = match self {
            Self::Stock => {
                let line = job.stock.iter().find(|line| line.line == id)?;
                render::stock(zone, job.tax_inc, line)
            }
            Self::Labour => {
                let line = job.labour.iter().find(|line| line.line == id)?;
                render::labour(zone, line, fresh)
            }
            Self::Comments => {
                let line = job.comments.iter().find(|line| line.line == id)?;
                render::comment(zone, line)
            }
        };
        let key = format!("{}-{id}", job.no);
        let rest = format!("jobs/{}/{}/{key}", job.no, self.segment());
        let own = render::path(&world.options, &rest);
        Some(render::resource(self.name(), &key, &attributes, &own))
    }

    const fn segment(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Labour => "labour",
            Self::Comments => "comments",
        }
    }

    const fn attributes(self) -> &'static Attributes {
        match self {
            Self::Stock => &attribute::JOB_STOCK,
            Self::Labour => &attribute::JOB_LABOUR,
            Self::Comments => &attribute::JOB_COMMENT,
        }
    }

    /// The kind in an address.
    fn of(segment: &str) -> Result<Self, Refusal> {
        Self::named(segment)
            .ok_or_else(|| Refusal::not_found("Address", format!("jobs/…/{segment}")))
    }

    /// The kind in an address that writes.
    fn writable(segment: &str, world: &World) -> Result<Self, Refusal> {
        match Self::of(segment)? {
            Self::Comments if !world.options.job_comments_writable => Err(Refusal::method(
                "Comments of a job are read-only in this build of the API.",
            )),
            kind @ (Self::Stock | Self::Labour | Self::Comments) => Ok(kind),
        }
    }
}

/// `GET` of all lines.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    Path((no, lines)): Path<(String, String)>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|_| false)?;
    let kind = Kind::of(&lines)?;
    let world = app.world();
    let job = world.job(number(&no)?)?;
    let ids = kind.ids(job).into_iter();
    let data: Vec<Value> = ids
        .filter_map(|id| kind.resource(&world, job, id, false))
        .collect();
    Ok(answer(StatusCode::OK, &json!({ "data": data })))
}

/// `GET` of one line.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path((no, lines, key)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let kind = Kind::of(&lines)?;
    let no = number(&no)?;
    let told = told(&app.world(), kind, no, line_id(kind, no, &key)?, false)?;
    Ok(answer_one(StatusCode::OK, &told))
}

/// `POST` of a new line.
pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    Path((no, lines)): Path<(String, String)>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let kind = Kind::writable(&lines, &world)?;
    let no = number(&no)?;
    world.job(no)?;
    let sent = document.new_resource(kind.name())?;
    let fields = kind.attributes().for_creation(&sent.attributes)?;
    let actor = world.api_user();
    let id = match kind {
        Kind::Stock => world.add_stock(no, &actor, &fields)?,
        Kind::Labour => world.add_labour(no, &actor, &fields)?,
        Kind::Comments => world.add_comment(no, &actor, &fields)?,
    };
    let told = told(&world, kind, no, id, true)?;
    let rest = format!("jobs/{no}/{lines}/{no}-{id}");
    let own = render::path(&world.options, &rest);
    let answer = answer_one(StatusCode::CREATED, &told);
    Ok(([(header::LOCATION, own)], answer).into_response())
}

/// `PATCH` of a line.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path((no, lines, key)): Path<(String, String, String)>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let kind = Kind::writable(&lines, &world)?;
    let no = number(&no)?;
    let id = line_id(kind, no, &key)?;
    told(&world, kind, no, id, false)?;
    let sent = document.known_resource(kind.name(), |sent| sent == key)?;
    let fields = kind.attributes().for_change(&sent.attributes)?;
    let actor = world.api_user();
    match kind {
        Kind::Stock => world.edit_stock(no, id, &actor, &fields)?,
        Kind::Labour => world.edit_labour(no, id, &actor, &fields)?,
        Kind::Comments => world.edit_comment(no, id, &actor, &fields)?,
    }
    let told = told(&world, kind, no, id, false)?;
    Ok(answer_one(StatusCode::OK, &told))
}

/// `DELETE` of a line, which only stock has.
pub(super) async fn remove(
    State(app): State<App>,
    _: Writer,
    Path((no, lines, key)): Path<(String, String, String)>,
) -> Result<StatusCode, Refusal> {
    let kind = Kind::of(&lines)?;
    let no = number(&no)?;
    match kind {
        Kind::Stock => {
            let mut world = app.world();
            let actor = world.api_user();
            world.delete_stock(no, line_id(kind, no, &key)?, &actor)?;
            Ok(StatusCode::NO_CONTENT)
        }
        Kind::Labour | Kind::Comments => Err(Refusal::method(format!(
            "{} cannot be deleted.",
            kind.name()
        ))),
    }
}

fn told(world: &World, kind: Kind, no: i64, id: i64, fresh: bool) -> Result<Value, Refusal> {
    kind.resource(world, world.job(no)?, id, fresh)
        .ok_or_else(|| Refusal::not_found(kind.name(), format!("{no}-{id}")))
}

/// The line id in `jobno-lineid`.
fn line_id(kind: Kind, no: i64, key: &str) -> Result<i64, Refusal> {
    key.strip_prefix(&format!("{no}-"))
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| Refusal::not_found(kind.name(), key))
}
