//! Records as JSON:API resources, with the attribute names and oddities of build 9804.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::jim2::asset::Asset;
use crate::jim2::clock::{local, local_with_offset};
use crate::jim2::invoice::Invoice;
use crate::jim2::list;
use crate::jim2::options::Options;
use crate::jim2::order::{Kind, Order};
use crate::jim2::project::Project;
use crate::jim2::record::{Address, CardFile, Comment, Contact, Job, LabourLine, StockLine};
use crate::jim2::stock::{Quantity, Stock};
use crate::jim2::world::World;

/// The address of a resource.
pub(crate) fn path(options: &Options, rest: &str) -> String {
    format!("/{}/api/v1/{rest}", options.app)
}

/// A resource object.
pub(crate) fn resource(kind: &str, id: &str, attributes: &Value, own: &str) -> Value {
    json!({ "type": kind, "id": id, "attributes": attributes, "links": { "self": own } })
}

/// A job's attributes.
pub(crate) fn job(world: &World, job: &Job) -> Value {
    let options = &world.options;
    let zone = world.zone();
    let mut told = json!({
        "Status": job.status,
        "CustRef": job.cust_ref,
        "OurRef": job.our_ref,
        "Priority": job.priority,
        "InvoiceDesc": job.invoice_desc,
        "ItemDesc": job.item_desc,
        "SubBranchCode": or_null(&job.sub_branch),
        "BranchCode": or_null(&job.branch),
        "dateIn": local(zone, job.date_in),
        "DateDue": moment(zone, job.date_due),
        "StatusDue": moment(zone, job.status_due),
        "Type": job.kind,
        "priceLevel": world.price_level(job),
        "taxPaid": job.tax_inc,
        "serial": job.serial,
        "currencyCode": "AUD",
        "source": "",
        "sourceValue": "",
        "companyCode": null,
        "exchangeRate": "1.0000",
        "rateLocked": false,
        "prevJobNo": job.previous,
        "quoteNo": null,
        "invoiceGroupNo": null,
        "GLDeptCode": or_null(&job.gl_dept),
        "TaxInc": job.tax_inc,
        "jobDetails": {
            "customer": party(world, job.customer, &job.attn, &job.cust_ref),
            "ship": party(world, job.ship, &job.attn, ""),
            "freight": { "amount": "0.0000", "tax": "0.0000", "taxCode": "G", "dispatch": {} },
        },
    });
    if list::find_item(&job.item).is_some_and(|item| item.service) {
        told["FaultDesc"] = job.fault_desc.clone().into();
    }
    if options.name_writable {
        told["Name"] = job.name.clone().into();
    }
    if options.item_writable {
        told["ItemNo"] = job.item.clone().into();
    }
    told
}

/// A project's attributes.
pub(crate) fn project(world: &World, project: &Project) -> Value {
    let zone = world.zone();
    json!({
        "projectCode": project.code,
        "priority": project.priority,
        "status": project.status,
        "custRef": project.cust_ref,
        "reqDays": null,
        "reqHours": null,
        "dateIn": moment(zone, project.date_in),
        "dateOut": moment(zone, project.date_out),
        "billingItemDesc": project.billing_item_desc,
        "companyCode": null,
        "projectTypeName": project.kind,
        "branchCode": null,
        "subBranchCode": null,
        "gLDeptCode": null,
        "groups": [],
    })
}

/// An asset's attributes.
pub(crate) fn asset(world: &World, asset: &Asset) -> Value {
    let zone = world.zone();
    json!({
        "assetCode": asset.code,
        "priority": asset.priority,
        "status": asset.status,
        "custRef": asset.cust_ref,
        "serialNo": asset.serial,
        "dateIn": moment(zone, asset.date_in),
        "dateOut": moment(zone, asset.date_out),
        "warDateIn": moment(zone, asset.warranty_in),
        "warDateOut": moment(zone, asset.warranty_out),
        "itemDesc": asset.item_desc,
        "attn": asset.attn,
        "comment": asset.comment,
        "costCentre": null,
        "costValue": null,
        "groups": [],
    })
}

/// A purchase's or quote's attributes. No page tells those of a quote: people's screens are told alike.
pub(crate) fn order(world: &World, kind: Kind, order: &Order) -> Value {
    let zone = world.zone();
    let mut told = json!({
        "status": order.status,
        "type": order.of,
        "ourRef": order.our_ref,
    });
    let more = match kind {
        Kind::Purchase => json!({
            "vendorInvNo": order.their_ref,
            "pODate": local(zone, order.made.at),
            "dateDue": moment(zone, order.due),
            "recDate": moment(zone, order.received),
            "priority": "Normal",
            "notes": "",
            "currencyCode": "AUD",
            "exchangeRate": "1.0000",
            "source": "",
        }),
        Kind::Quote => json!({
            "custRefNo": order.their_ref,
            "probability": order.probability,
            "dateRequired": moment(zone, order.due),
            "dateValid": moment(zone, order.valid),
        }),
    };
    if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
        told.extend(more);
    }
    told
}

/// A relationship to a card.
pub(crate) fn card_link(no: i64) -> Value {
    json!({ "data": { "type": "CardFile", "id": no.to_string() } })
}

/// A comment line's attributes.
pub(crate) fn comment(zone: Tz, line: &Comment) -> Value {
    json!({
        "include": line.include,
        "status": line.status,
        "comment": line.text,
        "modifyinit": line.modified.by,
        "modifydate": local(zone, line.modified.at),
    })
}

/// A stock line's attributes.
pub(crate) fn stock(zone: Tz, tax_inc: bool, line: &StockLine) -> Value {
    let unit_price = if tax_inc {
        line.price_incl
    } else {
        line.price_excl
    };
    json!({
        "stockId": line.stock_id,
        "stockCode": line.code,
        "unit": line.unit,
        "qty": decimal(line.qty),
        "suppliedQty": decimal(line.supplied),
        "backorderQty": decimal(line.backorder),
        "unitPrice": decimal(unit_price),
        "unitPriceTF": decimal(line.price_excl),
        "unitPriceTP": decimal(line.price_incl),
        "description": line.description,
        "addinit": line.added.by,
        "adddate": local(zone, line.added.at),
        "modifyinit": line.modified.by,
        "modifydate": local(zone, line.modified.at),
    })
}

/// A labour line's attributes; a fresh one tells its stamps with an offset.
pub(crate) fn labour(zone: Tz, line: &LabourLine, fresh: bool) -> Value {
    let stamp = if fresh { local_with_offset } else { local };
    json!({
        "start": local(zone, line.start),
        "hours": line.hours,
        "minutes": line.minutes,
        "labourType": line.kind,
        "labourInit": line.initials,
        "comment": line.comment,
        "addInit": line.added.by,
        "addDate": stamp(zone, line.added.at),
        "modifyInit": line.modified.by,
        "modifyDate": stamp(zone, line.modified.at),
    })
}

/// A cardfile's attributes.
pub(crate) fn card(card: &CardFile) -> Value {
    let mut told = json!({
        "cardNo": card.no,
        "cardCode": card.code,
        "contact": card.contact,
        "name": card.name,
        "aBN": card.abn,
        "aCN": card.acn,
        "shipVia": null,
        "shipAmount": null,
        "branchCode": null,
        "subBranchCode": null,
        "gLDeptCode": null,
        "customer": null,
        "address": address(&card.address),
        "delAddress": address(&card.delivery),
    });
    if let Some(customer) = &card.customer {
        told["customer"] = json!({
            "terms": customer.terms,
            "priceLevel": customer.price_level,
            "custPONo": "",
            "currencyCode": "AUD",
            "creditHold": if customer.credit_hold { "Y" } else { "N" },
            "creditLimit": "0.0000",
            "accFeePerc": "0.0000",
            "bPayRefNo": "",
            "backorder": "",
            "requiredDays": null,
            "requiredHours": null,
            "taxPaid": customer.tax_paid,
            "taxExclCode": "G",
            "taxInclCode": "G",
            "batchInvGroupBy": "",
            "sendStatementVia": "EMail",
            "sendInvVia": customer.send_invoice_via,
            "groups": [],
        });
    }
    told
}

/// An invoice's attributes.
pub(crate) fn invoice(world: &World, invoice: &Invoice) -> Value {
    let amount = if world.options.invoice_amount_without_tax {
        invoice.total - invoice.tax
    } else {
        invoice.total
    };
    json!({
        "invNo": invoice.no,
        "invoiceType": "Invoice",
        "invoiceDate": local(world.zone(), invoice.date),
        "status": "Invoiced",
        "amount": decimal(amount),
        "tax": decimal(invoice.tax),
        "taxPaid": invoice.tax_inc,
        "currencyCode": "AUD",
        "exchRate": "1.0000",
        "rateLocked": false,
        "accountFee": { "amount": "0.0000", "tax": "0.0000" },
        "companyCode": null,
        "gLDeptCode": null,
        "branchCode": null,
        "subBranchCode": null,
        "invoiceDetails": {
            "customer": party(world, invoice.customer, "", ""),
            "ship": party(world, invoice.customer, "", ""),
            "freight": { "dispatch": [] },
        },
    })
}

/// The attributes of what is sold.
pub(crate) fn sold(stock: &Stock) -> Value {
    json!({
        "code": stock.code,
        "description": stock.description,
        "type": stock.kind,
        "active": stock.active,
        "gLGroupCode": null,
        "labourContent": stock.unit == "HOUR",
        "buy": { "taxCode": stock.sell_tax_code() },
        "sell": { "taxCode": stock.sell_tax_code() },
        "listPriceExcl": decimal(stock.retail),
        "measure": [{ "unit": stock.unit, "qty": "1.0000", "unitDesc": stock.unit, "barcode": "" }],
        "warrantyMonths": 0,
        "serviceStock": false,
        "hideOnInvoice": false,
        "manufacturePartNumber": stock.part_number,
        "gTINumber": "",
        "shortDesc": stock.short,
        "detailedDesc": stock.detailed,
        "lastCost": decimal(stock.last_cost),
        "avgCost": decimal(stock.average_cost),
        "groups": stock.groups.iter().enumerate().map(|(index, name)| json!({
            "type": "Category", "id": index + 1, "name": name,
        })).collect::<Vec<_>>(),
    })
}

/// The attributes of a price; its tax code is the one it is sold with.
pub(crate) fn price(stock: &Stock, (level, excl, incl): (&str, Decimal, Decimal)) -> Value {
    json!({
        "priceLevel": level,
        "priceCalcMethod": "Fixed",
        "currencyCode": "AUD",
        "taxCode": stock.sell_tax_code(),
        "priceExcl": decimal(excl),
        "priceIncl": decimal(incl),
    })
}

/// The attributes of what lies at a location, in the documents' own spelling.
pub(crate) fn lying(there: Quantity) -> Value {
    let none = decimal(Decimal::ZERO);
    json!({
        "onHand": decimal(there.on_hand),
        "comitted": decimal(there.committed),
        "onTransfer": none,
        "reserved": none,
        "onPO": none,
        "available": decimal(there.available()),
        "backOrder": none,
        "manufacturing": none,
    })
}

/// A contact's attributes.
pub(crate) fn contact(contact: &Contact) -> Value {
    let details = contact.details.iter().map(
        |detail| json!({ "type": detail.kind, "value": detail.value, "comments": detail.comments }),
    );
    let web_account = contact
        .web_account
        .as_ref()
        .map(|account| json!({ "enabled": account.enabled, "logonId": account.logon }));
    json!({
        "contNo": contact.no,
        "title": contact.title,
        "firstName": contact.first,
        "middleName": contact.middle,
        "lastName": contact.last,
        "displayName": contact.display,
        "jobTitle": contact.job_title,
        "department": contact.department,
        "dob": contact.dob,
        "isPrimary": contact.primary,
        "details": details.collect::<Vec<_>>(),
        "webAccount": web_account,
    })
}

/// A contact's id, in the shape this build writes.
pub(crate) fn contact_id(options: &Options, card: i64, contact: i64) -> String {
    if options.contact_ids_name_the_card() {
        format!("{card}-{contact}")
    } else {
        contact.to_string()
    }
}

/// A cardfile as a resource.
pub(crate) fn card_resource(options: &Options, record: &CardFile) -> Value {
    let no = record.no.to_string();
    let own = path(options, &format!("cardfiles/{no}"));
    resource("CardFile", &no, &card(record), &own)
}

fn party(world: &World, card: i64, attn: &str, order: &str) -> Value {
    let card = world.cards.get(&card);
    let mut told = match card {
        Some(card) => address(&card.address),
        None => Value::Object(Map::new()),
    };
    told["attn"] = attn.into();
    told["name"] = card.map_or("", |card| &card.name).into();
    if !order.is_empty() {
        told["orderNo"] = order.into();
    }
    told
}

fn address(address: &Address) -> Value {
    json!({
        "isAddressResidential": address.residential,
        "streetAddress": address.street,
        "suburb": address.suburb,
        "state": address.state,
        "postCode": address.postcode,
        "country": address.country,
    })
}

fn moment(zone: Tz, at: Option<DateTime<Utc>>) -> Value {
    at.map_or(Value::Null, |at| local(zone, at).into())
}

fn or_null(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        text.into()
    }
}

/// A number as the documents' examples write it: text with four decimals.
pub(crate) fn decimal(number: Decimal) -> String {
    let mut number = number;
    number.rescale(4);
    number.to_string()
}
