//! What a bookkeeper does with an invoice: takes a payment, takes one back, credits what was returned.

use axum::Json;
use axum::extract::State;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Answer, Sorry, sorry, whole};
use crate::jim2::api::App;

/// Takes a payment of `amount`, or of all that is owed.
pub(super) async fn pay(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let no = whole(&body, "invoice")?;
    app.world().pay(no, amount(&body)?)?;
    Ok(Json(json!({ "invNo": no })))
}

/// Takes the last payment back.
pub(super) async fn reverse(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let no = whole(&body, "invoice")?;
    app.world().reverse_payment(no)?;
    Ok(Json(json!({ "invNo": no })))
}

/// Credits `amount`, with tax, or all of it.
pub(super) async fn credit(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let no = whole(&body, "invoice")?;
    app.world().credit(no, amount(&body)?)?;
    Ok(Json(json!({ "invNo": no })))
}

fn amount(body: &Value) -> Result<Option<Decimal>, Sorry> {
    let Some(amount) = body.get("amount").filter(|amount| !amount.is_null()) else {
        return Ok(None);
    };
    crate::plain::plain(amount)
        .parse()
        .map(Some)
        .map_err(|_| sorry("amount must be a number.".to_owned()))
}
