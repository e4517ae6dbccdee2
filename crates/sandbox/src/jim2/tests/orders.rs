//! Purchases and quotes: made by their create calls, and purchases (quotes by a switch) changed by the API.

use serde_json::json;

use super::site::Site;

#[tokio::test]
async fn a_purchase_is_made_without_lines_and_gets_them_after() {
    let site = Site::new().await;
    let vendor = site.customer().await;
    let body = json!({"poType": "Purchase", "seller": {"cardNo": vendor}, "ourRef": "1001/1"});
    let reply = site.post("pocreate", body.clone()).await;
    assert_eq!(reply.status, 201);
    let no = reply.body["poNo"].to_string();
    let line = json!({"stockCode": "SSD.1TB", "qty": "2", "unitPriceTF": "74.5"});
    let path = format!("pos/{no}/stock");
    let made = site.add(&path, "PurchaseStock", line).await;
    assert_eq!(made.attributes()["unitPriceTF"], "74.5000");
    assert_eq!(made.attributes()["suppliedQty"], "0.0000", "nothing came");
    let at = format!("{path}/{no}-1");
    let more = json!({"qty": "3"});
    let changed = site.patch(&at, "PurchaseStock", more).await;
    assert_eq!(changed.attributes()["qty"], "3.0000");
    assert_eq!(site.delete(&at).await.status, 204);
    let fixed = json!({"ourRef": "1002/1"});
    let reply = site.patch(&format!("pos/{no}"), "Purchase", fixed).await;
    assert_eq!(reply.refusal(), (403, "attribute-read-only"));
    let mut with_lines = body;
    with_lines["stock"] = json!([{"stockCode": "SSD.1TB"}]);
    let reply = site.post("pocreate", with_lines).await;
    assert_eq!(reply.refusal(), (422, "unknown-field"));
    assert_eq!(reply.pointer(), "/stock");
    site.stop().await;
}

#[tokio::test]
async fn a_received_purchase_is_closed_and_another_vendor_is_needed_for_none() {
    let site = Site::new().await;
    let reply = site.post("pocreate", json!({"ourRef": "1001/1"})).await;
    assert_eq!(reply.refusal(), (422, "card-required"));
    let body = json!({"seller": {"cardNo": site.customer().await}});
    let no = site.post("pocreate", body).await.body["poNo"].to_string();
    let at = format!("pos/{no}");
    let received = json!({"status": "Received"});
    site.patch(&at, "Purchase", received).await;
    let line = json!({"stockCode": "SSD.1TB"});
    let reply = site
        .add(&format!("{at}/stock"), "PurchaseStock", line)
        .await;
    assert_eq!(reply.refusal(), (422, "closed"));
    let filtered = site.get("pos?filter[OurRef]=1001/1").await;
    assert!(filtered.status >= 400, "no page lists the filters");
    site.stop().await;
}

#[tokio::test]
async fn a_switch_takes_lines_when_a_purchase_or_a_quote_is_made_and_another_refuses_fields() {
    let site = Site::with(|options| {
        options.create_lines = true;
        options.create_refuses = ["quotecreate.probability".to_owned()].into();
    })
    .await;
    let card = json!({"cardNo": site.customer().await});
    let lines = json!([{"stockCode": "SSD.1TB", "qty": "2", "unitPriceTF": "74.5"}]);
    let purchase = json!({"seller": card, "stock": lines});
    let made = site.post("pocreate", purchase).await;
    let made = site.record("Purchase", &made.body["poNo"]).await;
    assert_eq!(made["stock"][0]["qty"], "2.0000");
    let mut quote = json!({"customer": card, "ourRef": "Q7/1", "stock": lines});
    let made = site.post("quotecreate", quote.clone()).await;
    let made = site.record("Quote", &made.body["quoteNo"]).await;
    assert_eq!(made["stock"][0]["stockCode"], "SSD.1TB");
    quote["probability"] = json!(50);
    let reply = site.post("quotecreate", quote).await;
    assert_eq!(reply.refusal(), (422, "unknown-field"));
    site.stop().await;
}

#[tokio::test]
async fn quotes_are_nowhere_but_in_named_queries_unless_a_switch_says_so() {
    let site = Site::new().await;
    let body = json!({"customer": {"cardNo": site.customer().await}, "ourRef": "Q7/1"});
    let no = site.post("quotecreate", body).await.body["quoteNo"].to_string();
    for path in [
        "quotes".to_owned(),
        format!("quotes/{no}"),
        format!("quotes/{no}/stock"),
    ] {
        assert_eq!(site.get(&path).await.status, 404, "{path}");
    }
    let status = json!({"status": "Won"});
    let patched = site
        .patch(&format!("quotes/{no}"), "Quote", status.clone())
        .await;
    assert_eq!(patched.status, 404);
    let told = site
        .get(&format!(
            "custom/getdata?queryname=crossbill_quotes&qp1={no}"
        ))
        .await;
    assert_eq!(told.body["resultSets"][0]["rows"][0][3], "Q7/1");
    assert_eq!(told.body["resultSets"][1]["rows"], json!([]));
    let named = "custom/getdata?queryname=crossbill_quotes_by_ref&qp1=q7/1";
    let told = site.get(named).await;
    assert_eq!(told.body["resultSets"][0]["rows"][0][0].to_string(), no);
    site.stop().await;

    let site = Site::with(|options| options.quotes = true).await;
    let body = json!({"customer": {"cardNo": site.customer().await}, "ourRef": "Q7/1"});
    let no = site.post("quotecreate", body).await.body["quoteNo"].to_string();
    let line = json!({"stockCode": "SSD.1TB", "qty": "2", "unitPriceTF": "140"});
    let made = site
        .add(&format!("quotes/{no}/stock"), "QuoteStock", line.clone())
        .await;
    assert_eq!(made.attributes()["unitPriceTF"], "140.0000");
    let won = site.patch(&format!("quotes/{no}"), "Quote", status).await;
    assert_eq!(won.attributes()["status"], "Won");
    let closed = site
        .add(&format!("quotes/{no}/stock"), "QuoteStock", line)
        .await;
    assert_eq!(closed.refusal(), (422, "closed"));
    site.stop().await;
}
