//! A stock line as a half.

use domain::{Told, Value};
use jim2::{Job, JobStock, part_id};
use rust_decimal::Decimal;
use sync::{DATE_OUT, Half};

use crate::{
    amount::{Priced, Split},
    beside::Beside,
    source::mark_of,
};

/// The half that a line is, with what its job says of who may still write on it.
pub(crate) fn line(line: &JobStock, job: Option<&Job>) -> Half {
    let id = part_id::join(line.job_no, line.line_id);
    let code = line.stock_code.get().map_or("", String::as_str);
    let mut half = Half::new(id.as_str(), format!("line {id} {code}").trim_end());
    if let Some(priced) = priced(line) {
        half.tell("net", priced.net().map(Value::from));
        // What Jim2 made of a price with tax is not what was sent, and is compared by what it comes to.
        if priced.is_as_sent() {
            let split = Split {
                qty: priced.supplied,
                price: priced.price_tf,
            };
            half.tell("split", Some(split.text().into()));
        }
    }
    half.tell("description", line.description.clone().into_value());
    half.know("job", Some(line.job_no.into()));
    half.know("stock_code", line.stock_code.clone().into_value());
    let mark = line.description.get().and_then(|words| mark_of(words));
    half.know("mark", mark.map(Value::from));
    if let Some(job) = job {
        half.know("customer", job.cust_no.clone().into_value());
        half.know("ready", job.ready.clone().into_value());
        half.know("job_invoice", job.inv_no.clone().into_value());
        half.know_when(DATE_OUT, job.date_out.get());
    }
    half.changed_at = line.modify_date.get().copied();
    half
}

/// A line's money, where all of it was told.
pub(crate) fn priced(line: &JobStock) -> Option<Priced> {
    let price_tf = *line.unit_price_tf.get()?;
    Some(Priced {
        supplied: *line.supplied_qty.get().or(line.qty.get())?,
        price_tf,
        price_tp: line.unit_price_tp.get().copied().unwrap_or(price_tf),
    })
}

/// A line as another one of its job sees it.
pub(crate) fn beside(line: &JobStock) -> Beside {
    let text = |told: &Told<String>| told.get().cloned().unwrap_or_default();
    Beside {
        stock_code: text(&line.stock_code),
        description: text(&line.description),
        by: text(&line.add_init),
        added: line.add_date.get().copied(),
        net: priced(line).and_then(Priced::net).unwrap_or(Decimal::ZERO),
    }
}
