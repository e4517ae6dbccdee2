//! Invoices, payments, credits, and what is sold.

use serde_json::{Value, json};

use super::site::Site;

/// A Ready job with these lines: stock code, quantity, price without tax.
async fn ready(site: &Site, set: Value, lines: &[(&str, &str, &str)]) -> i64 {
    let job = site.job(set).await;
    for (code, qty, price) in lines {
        let line = json!({ "stockCode": code, "qty": qty, "unitPriceTF": price });
        let reply = site
            .add(&format!("jobs/{job}/stock"), "JobStock", line)
            .await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
    site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
    site.hands("ready", json!({ "job": job })).await;
    job
}

async fn invoice(site: &Site, jobs: &[i64]) -> i64 {
    let reply = site.hands("invoice", json!({ "jobs": jobs })).await;
    reply.body["invNo"].as_i64().unwrap()
}

/// The rows of an invoice.
async fn invoiced(site: &Site, no: i64) -> Vec<Value> {
    let query = format!("crossbill_invoiced_jobs&qp1={no}");
    site.query(&query).await.pop().unwrap()
}

/// What the change table tells of invoices.
async fn told_of(site: &Site) -> Vec<(Value, Value)> {
    let rows = site.query("crossbill_changes&qp1=0&qp2=1000").await.pop();
    let rows = rows.unwrap().into_iter();
    let of_invoices = rows.filter(|row| row["Object"] == "Invoice");
    of_invoices
        .map(|row| (row["ObjectKey"].clone(), row["Operation"].clone()))
        .collect()
}

#[tokio::test]
async fn an_invoice_adds_lines_rounded_to_the_cent_and_tax_line_by_line_or_on_the_whole() {
    let lines = [
        ("PARTS", "1", "0.05"),
        ("PARTS", "1", "0.05"),
        ("FREIGHT.GF", "3", "12.345"),
    ];
    for (on_the_whole, tax) in [(false, "0.0200"), (true, "0.0100")] {
        let site = Site::with(|options| options.gst_per_invoice = on_the_whole).await;
        let job = ready(&site, json!({}), &lines).await;
        let no = invoice(&site, &[job]).await;
        let told = site
            .get(&format!("invoices/{no}?include=jobs,customer"))
            .await;
        assert_eq!(told.attributes()["tax"], tax);
        let amount = if on_the_whole { "37.1500" } else { "37.1600" };
        assert_eq!(told.attributes()["amount"], amount);
        let jobs = &told.body["data"]["relationships"]["jobs"]["data"];
        assert_eq!(jobs[0]["id"], job.to_string());
        assert_eq!(told.body["included"].as_array().unwrap().len(), 2);
        site.stop().await;
    }
}

#[tokio::test]
async fn a_customer_whose_prices_have_tax_in_them_pays_whole_cents_of_that() {
    let site = Site::with(|options| options.invoice_amount_without_tax = true).await;
    let card = site.customer().await;
    let set = json!({ "customer": { "taxPaid": true } });
    let body = json!({ "entity": "CardFile", "id": card, "by": "JC", "set": set });
    assert_eq!(site.hands("edit", body).await.status, 200);
    let job = ready(&site, json!({}), &[("PARTS", "3", "10.123")]).await;
    assert_eq!(site.record("Job", &json!(job)).await["TaxInc"], true);
    let no = invoice(&site, &[job]).await;
    let told = site.get(&format!("invoices/{no}")).await;
    assert_eq!(told.attributes()["taxPaid"], true);
    // Three at 11.14 with tax.
    assert_eq!(told.attributes()["tax"], "3.0400");
    assert_eq!(told.attributes()["amount"], "30.3800", "without tax here");
    site.stop().await;
}

#[tokio::test]
async fn what_was_supplied_is_billed_and_not_what_was_ordered() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let path = format!("jobs/{job}/stock");
    let line = json!({ "stockCode": "PARTS", "qty": 1, "unitPriceTF": 10 });
    site.add(&path, "JobStock", line).await;
    let line = format!("{path}/{job}-1");
    site.patch(&line, "JobStock", json!({ "qty": 5 })).await;
    site.walk(job, &["Proceed", "Checked", "FINISH"]).await;
    site.hands("ready", json!({ "job": job })).await;
    let no = invoice(&site, &[job]).await;
    let told = site.get(&format!("invoices/{no}")).await;
    assert_eq!(told.attributes()["amount"], "11.0000");
    site.stop().await;
}

#[tokio::test]
async fn invoices_are_told_with_each_of_their_jobs_and_their_changes_in_the_change_table() {
    let site = Site::new().await;
    let line = [("PARTS", "1", "100")];
    let jobs = [
        ready(&site, json!({}), &line).await,
        ready(&site, json!({}), &line).await,
    ];
    let no = invoice(&site, &jobs).await;
    let rows = invoiced(&site, no).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (&row["InvNo"], &row["JobNo"]))
        .collect();
    assert_eq!(
        told,
        [(&json!(no), &json!(jobs[0])), (&json!(no), &json!(jobs[1]))]
    );
    assert_eq!(
        (&rows[0]["Total"], &rows[0]["Paid"]),
        (&json!("220.0000"), &json!("0.0000"))
    );
    assert!(rows[0]["PaidDate"].is_null());
    assert!(invoiced(&site, no + 1).await.is_empty());

    for (deed, body, paid, is_paid) in [
        (
            "pay",
            json!({ "invoice": no, "amount": "20.00" }),
            "20.0000",
            false,
        ),
        ("pay", json!({ "invoice": no }), "220.0000", true),
        (
            "reverse-payment",
            json!({ "invoice": no }),
            "20.0000",
            false,
        ),
    ] {
        assert_eq!(site.hands(deed, body).await.status, 200);
        let rows = invoiced(&site, no).await;
        assert_eq!(rows.len(), 2, "{deed}: each job");
        assert_eq!(rows[0]["Paid"], paid);
        assert_eq!(rows[0]["PaidDate"].is_string(), is_paid);
    }
    site.hands("credit", json!({ "invoice": no, "amount": 110 }))
        .await;
    assert_eq!(invoiced(&site, no).await[0]["Credited"], "110.0000");
    let key = json!(no.to_string());
    let all = ["I", "U", "U", "U", "U"].map(|operation| (key.clone(), json!(operation)));
    assert_eq!(told_of(&site).await, all);
    site.stop().await;
}

#[tokio::test]
async fn money_that_is_not_owed_is_not_taken() {
    let site = Site::new().await;
    let job = ready(&site, json!({}), &[("PARTS", "1", "10")]).await;
    let no = invoice(&site, &[job]).await;
    for (deed, body) in [
        ("pay", json!({ "invoice": no, "amount": "11.01" })),
        ("pay", json!({ "invoice": no, "amount": 0 })),
        ("pay", json!({ "invoice": no, "amount": "much" })),
        ("reverse-payment", json!({ "invoice": no })),
        ("credit", json!({ "invoice": no, "amount": 12 })),
    ] {
        let reply = site.hands(deed, body.clone()).await;
        assert!((400..500).contains(&reply.status), "{deed} {body}");
    }
    let reply = site.get("invoices/1").await;
    assert_eq!(reply.refusal(), (404, "not-found"));
    let reply = site.get(&format!("invoices/{no}?include=lines")).await;
    assert_eq!(reply.refusal(), (400, "include"));
    site.stop().await;
}

#[tokio::test]
async fn lines_and_stock_are_told_many_at_once() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    let line = json!({ "stockCode": "PARTS", "qty": "1.5", "unitPriceTF": "12.3456" });
    site.add(&format!("jobs/{job}/stock"), "JobStock", line)
        .await;
    let rows = site
        .query(&format!("crossbill_job_lines&qp1={job},1"))
        .await;
    let row = &rows[0][0];
    assert_eq!((&row["JobNo"], &row["LineId"]), (&json!(job), &json!(1)));
    assert_eq!(
        (&row["Qty"], &row["UnitPriceTF"], &row["AddInit"]),
        (&json!("1.5000"), &json!("12.3456"), &json!("API"))
    );
    site.hands("stock", json!({ "code": "PARTS", "taxed": false }))
        .await;
    let rows = site
        .query("crossbill_stock&qp1=parts,LAB.ONSITE,NOPE")
        .await;
    let told: Vec<_> = rows[0]
        .iter()
        .map(|row| {
            (
                row["StockCode"].as_str().unwrap(),
                row["SellTaxCode"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("LAB.ONSITE", "G"), ("PARTS", "N")]);
    let one = site.get("stock/5").await;
    assert_eq!(one.attributes()["sell"]["taxCode"], "N");
    let list = site.get("stock?page[size]=5").await;
    assert_eq!(list.ids().len(), 5);
    site.stop().await;
}

#[tokio::test]
async fn a_restore_takes_invoices_back_too() {
    let mut site = Site::new().await;
    let job = ready(&site, json!({}), &[("PARTS", "1", "10")]).await;
    site.hands("backup", json!({})).await;
    let no = invoice(&site, &[job]).await;
    site.hands("restore", json!({})).await;
    let token = site.sign_in("all").await;
    site.use_token(&token.body["access_token"]);
    assert_eq!(site.get(&format!("invoices/{no}")).await.status, 404);
    assert_eq!(invoice(&site, &[job]).await, no, "numbers are given again");
    site.stop().await;
}

#[tokio::test]
async fn stock_tells_prices_and_quantities_below_it_and_in_its_query_the_same() {
    let site = Site::with(|options| options.catalogue = 3).await;
    let prices = site.get("stock/7/prices").await;
    let price = &prices.body["data"][1];
    assert_eq!(price["id"], "7-2");
    assert_eq!(price["attributes"]["priceLevel"], "2-Trade");
    assert_eq!(price["attributes"]["priceExcl"], "134.1000");
    assert_eq!(price["attributes"]["priceIncl"], "147.5100");
    let lying = site.get("stock/7/qtybylocations").await;
    assert_eq!(lying.ids(), ["7-1", "7-2", "7-3"]);
    assert_eq!(lying.body["data"][0]["attributes"]["available"], "4.0000");
    assert_eq!(site.get("stock/7/serials").await.status, 404);
    assert_eq!(site.get("stock/99/prices").await.status, 404);

    let rows = site.query("crossbill_stock_items&qp1=7,13,99").await;
    let rows = &rows[0];
    assert_eq!(rows.len(), 2);
    let told: Value = serde_json::from_str(rows[0]["Prices"].as_str().unwrap()).unwrap();
    assert_eq!(told[1]["priceExcl"], "134.1000");
    assert_eq!(rows[1]["StockCode"], "MON.AST.0001");
    let after = site.query("crossbill_stock_after&qp1=12&qp2=2").await;
    assert_eq!(after[0].len(), 2);
    assert_eq!(after[0][1]["StockNo"], 14);
    site.stop().await;
}

#[tokio::test]
async fn stock_is_changed_by_people_only_and_its_time_moves_with_prices_where_that_is_so() {
    for moves in [false, true] {
        let site = Site::with(|options| options.stock_time_moves = moves).await;
        let since = "stock?filter[LastModified][-gte]=2026-11-22T00:00:00";
        assert_eq!(site.get(since).await.ids(), [""; 0]);
        let edit =
            |id: i64, set: Value| json!({ "entity": "Stock", "id": id, "by": "JC", "set": set });
        let price = json!({ "price": "151.25", "onHand": { "2": 9 } });
        assert_eq!(site.hands("edit", edit(7, price)).await.status, 200);
        let moved: &[&str] = if moves { &["7"] } else { &[] };
        assert_eq!(site.get(since).await.ids(), moved);
        let rename = json!({ "code": "ssd.2tb" });
        assert_eq!(site.hands("edit", edit(7, rename)).await.status, 200);
        assert_eq!(site.get(since).await.ids(), ["7"]);
        assert_eq!(site.get("stock/7").await.attributes()["code"], "SSD.2TB");

        for (set, wrong) in [
            (json!({ "code": "PARTS" }), "taken"),
            (json!({ "code": "a b" }), "no code"),
            (json!({ "onHand": { "9": 1 } }), "no location"),
            (json!({ "colour": "red" }), "no field"),
        ] {
            assert_eq!(
                site.hands("edit", edit(7, set)).await.status,
                422,
                "{wrong}"
            );
        }
        let sets = site.query("crossbill_changes&qp1=0&qp2=100").await;
        let told = sets[1].iter().map(|row| &row["Object"]);
        assert_eq!(told.collect::<Vec<_>>(), ["Stock", "Stock"]);
        site.stop().await;
    }
}

#[tokio::test]
async fn one_query_may_be_missing_while_the_others_are_there() {
    let site = Site::with(|options| {
        options.missing_queries = ["crossbill_stock_items".to_owned()].into();
    })
    .await;
    let reply = site
        .get("custom/getdata?queryname=crossbill_stock_items&qp1=7")
        .await;
    assert_eq!(reply.refusal(), (400, "unknown-query"));
    assert_eq!(
        site.query("crossbill_stock_after&qp1=0&qp2=1").await.len(),
        1
    );
    site.stop().await;
}
