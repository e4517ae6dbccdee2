//! What the people who run a Jim2 do to it: its database, its password, its statuses and its stock.

use axum::Json;
use axum::extract::State;
use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Answer, Sorry, sorry};
use crate::jim2::api::App;
use crate::jim2::input::Input;
use crate::jim2::list::{PRIORITIES, spelling};
use crate::jim2::session::Scope;
use crate::jim2::status::Status;
use crate::jim2::world::Actor;

/// Makes the database another one, or a restored one, to its readers. Nobody stays signed in to it.
pub(super) async fn database(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    if let Some(id) = body["databaseId"].as_str() {
        id.clone_into(&mut world.options.database_id);
    }
    if let Some(epoch) = body["epoch"].as_i64() {
        world.options.epoch =
            i32::try_from(epoch).map_err(|_| sorry("epoch is too large.".to_owned()))?;
    }
    if let Some(name) = body["name"].as_str() {
        name.clone_into(&mut world.options.database_name);
    }
    let training = flag(&body, "training", world.options.training)?;
    world.options.training = training;
    world.sessions.close_all();
    Ok(Json(json!({
        "databaseId": world.options.database_id,
        "epoch": world.options.epoch,
        "name": world.options.database_name,
        "training": world.options.training,
    })))
}

/// Cleans the change table, as such tables are: `keepRows`, `keepDays` or both.
pub(super) async fn clean_changes(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let number = |name: &str| body[name].as_u64().and_then(|it| u32::try_from(it).ok());
    let (rows, days) = (number("keepRows"), number("keepDays"));
    if rows.is_none() && days.is_none() {
        return Err(sorry("keepRows or keepDays must be a number.".to_owned()));
    }
    let since = days.map(|days| world.now() - TimeDelta::days(i64::from(days)));
    let gone = world.changes.clean(since, rows.map(|rows| rows as usize));
    Ok(Json(
        json!({ "cleaned": gone, "oldest": world.changes.oldest() }),
    ))
}

/// Keeps the database as it is now.
pub(super) async fn back_up(State(app): State<App>) -> Answer {
    let mut world = app.world();
    world.back_up();
    Ok(Json(json!({ "safeMark": world.changes.safe_mark() })))
}

/// Puts the backup in the place of the database; `raiseEpoch` is true where it is not said.
pub(super) async fn restore(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    if !world.restore(flag(&body, "raiseEpoch", true)?) {
        return Err(sorry(
            "There is no backup: /sandbox/backup makes one.".to_owned(),
        ));
    }
    Ok(Json(json!({ "epoch": world.options.epoch })))
}

/// Gives the API's user another password; open sessions live on unless `endSessions` says otherwise.
pub(super) async fn password(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let secret = word(&body, "secret")?;
    let ends = flag(&body, "endSessions", false)?;
    world.options.client_secret = secret;
    if ends {
        world.sessions.close_all();
    }
    Ok(Json(json!({ "endedSessions": ends })))
}

/// Ends the API's sessions of a `scope`, or all of them.
pub(super) async fn log_off(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    match body["scope"].as_str() {
        None => world.sessions.close_all(),
        Some("all") => world.sessions.close_of(Scope::All),
        Some("view") => world.sessions.close_of(Scope::View),
        Some(_) => return Err(sorry("scope must be view or all.".to_owned())),
    }
    let now = world.now();
    Ok(Json(json!({ "licencesTaken": world.sessions.taken(now) })))
}

/// Adds a status, or changes the level and the links of one: `from` are the statuses that lead to it.
pub(super) async fn status(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let name = word(&body, "status")?;
    if name.chars().count() > 10 {
        return Err(sorry(format!(
            "A status has at most 10 characters, unlike {name:?}."
        )));
    }
    let known = world.workflow.find(&name).cloned();
    let level = match body["level"].as_u64() {
        None => known.as_ref().map_or(1, |status| status.level),
        Some(level) => u8::try_from(level)
            .ok()
            .filter(|level| (1..=10).contains(level))
            .ok_or_else(|| sorry("level must be from 1 to 10.".to_owned()))?,
    };
    let known_end = known.as_ref().is_some_and(|status| status.end);
    let status = Status {
        level,
        end: flag(&body, "end", known_end)?,
        links: names(&body, "links")?
            .or_else(|| known.as_ref().map(|status| status.links.clone()))
            .unwrap_or_default(),
        name: known.map_or(name, |status| status.name),
    };
    let from = names(&body, "from")?;
    let told = json!({ "status": status.name, "level": status.level, "links": status.links });
    world.workflow.set(status, from.as_deref()).map_err(sorry)?;
    Ok(Json(told))
}

/// Takes a priority out of the list, or brings it back; what has it keeps it.
pub(super) async fn priority(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let name = word(&body, "priority")?;
    let is_there = flag(&body, "there", true)?;
    let known = spelling(PRIORITIES, &name);
    let name = known.ok_or_else(|| sorry(format!("There is no priority {name:?}.")))?;
    if is_there {
        world.priorities_gone.remove(name);
    } else {
        world.priorities_gone.insert(name);
    }
    Ok(Json(json!({ "gone": world.priorities_gone })))
}

/// Changes stock: whether it is `active`, whether it is `special`, its retail `price`, whether GST is charged on it (`taxed`).
pub(super) async fn stock(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let code = word(&body, "code")?;
    let mut known = world.stock.iter();
    let known = known.find(|stock| stock.code.eq_ignore_ascii_case(&code));
    let no = known.ok_or_else(|| sorry(format!("There is no stock code {code:?}.")))?;
    let no = no.id;
    for name in ["active", "special", "taxed"] {
        flag(&body, name, false)?;
    }
    let price = match body.get("price").filter(|price| !price.is_null()) {
        None => None,
        Some(price) => crate::plain::plain(price)
            .parse()
            .ok()
            .filter(|price: &Decimal| {
                (Decimal::ZERO..Decimal::new(1_000_000_000, 0)).contains(price)
            })
            .map(|price| Value::from(price.to_string()))
            .map(Some)
            .ok_or_else(|| sorry("price must be a number from 0.".to_owned()))?,
    };
    let flags = ["active", "special", "taxed"].map(|name| (name, body.get(name).cloned()));
    let set = flags.into_iter().chain([("price", price)]);
    let set: Vec<Input> = set
        .filter_map(|(name, value)| Some(Input::new("", name, &value?)))
        .filter(|input| !input.value.is_null())
        .collect();
    world.edit_sold(no, &Actor::person("SYS"), &set)?;
    let stock = world.sold(no)?;
    Ok(Json(json!({
        "code": stock.code, "active": stock.active, "special": stock.special,
        "taxed": stock.taxed, "price": stock.retail.to_string(),
    })))
}

fn word(body: &Value, name: &str) -> Result<String, Sorry> {
    let word = body[name].as_str().filter(|word| !word.trim().is_empty());
    word.map(str::to_owned)
        .ok_or_else(|| sorry(format!("{name} must be a text that is not empty.")))
}

fn flag(body: &Value, name: &str, usual: bool) -> Result<bool, Sorry> {
    match &body[name] {
        Value::Null => Ok(usual),
        Value::Bool(flag) => Ok(*flag),
        Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Err(sorry(format!("{name} must be true or false.")))
        }
    }
}

fn names(body: &Value, name: &str) -> Result<Option<Vec<String>>, Sorry> {
    let wrong = || sorry(format!("{name} must be a list of texts."));
    let Some(list) = body.get(name).filter(|list| !list.is_null()) else {
        return Ok(None);
    };
    let list = list.as_array().ok_or_else(wrong)?.iter();
    let names: Option<Vec<String>> = list.map(|one| one.as_str().map(str::to_owned)).collect();
    names.map(Some).ok_or_else(wrong)
}
