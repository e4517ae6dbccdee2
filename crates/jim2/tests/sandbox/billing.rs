//! Stock lines, stock and invoices.

use domain::Told;
use jim2::{Error, JobStockChanges, JobStockCreate, Object};
use rust_decimal::Decimal;
use serde_json::json;

use super::{Site, is};

fn dollars(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn line(code: &str, qty: &str, price: &str) -> JobStockCreate {
    JobStockCreate {
        stock_code: code.to_owned(),
        qty: dollars(qty),
        unit_price_tf: dollars(price),
        description: format!("{code} as agreed"),
    }
}

impl Site {
    /// Takes a job to an invoice, as people do.
    async fn invoiced(&self, job: i64) -> i64 {
        for status in ["Proceed", "Checked", "FINISH"] {
            self.client.set_job_status(job, status).await.unwrap();
        }
        self.hand("ready", json!({"job": job})).await;
        let made = self.hand("invoice", json!({"jobs": [job]})).await;
        made["invNo"].as_i64().unwrap()
    }
}

#[tokio::test]
async fn a_line_keeps_the_price_that_was_sent_also_when_it_is_nothing() {
    let site = Site::new().await;
    let (_, job) = site.job().await;
    for price in ["0", "12.3456", "-185"] {
        let made = site
            .client
            .add_job_stock(job, &line("LAB.ONSITE", "1.5", price))
            .await
            .unwrap();
        assert_eq!(made.unit_price_tf, Told::Is(dollars(price)), "not 185");
        assert_eq!(made.qty, Told::Is(dollars("1.5")));
        assert_eq!(made.description, is("LAB.ONSITE as agreed"));
        assert_eq!(made.add_init, is("API"));
    }
}

#[tokio::test]
async fn lines_are_read_many_at_once_or_job_by_job_alike() {
    let site = Site::new().await;
    let (_, one) = site.job().await;
    let (_, other) = site.job().await;
    for job in [one, other] {
        site.client
            .add_job_stock(job, &line("PARTS", "2", "10"))
            .await
            .unwrap();
    }
    let at_once = site.client.job_stock(&[one, other, 1]).await.unwrap();
    assert_eq!(at_once.len(), 2);
    assert_eq!((at_once[0].job_no, at_once[0].line_id), (one, 1));
    assert_eq!(at_once[0].supplied_qty, Told::Is(dollars("2")));
    let slow = Site::with(|_| (), |settings| settings.named_queries = false).await;
    let (_, job) = slow.job().await;
    slow.client
        .add_job_stock(job, &line("PARTS", "2", "10"))
        .await
        .unwrap();
    let single = slow.client.job_stock(&[job, 1]).await.unwrap();
    assert_eq!(single.len(), 1);
    assert_eq!(single[0].unit_price_tf, at_once[0].unit_price_tf);
}

#[tokio::test]
async fn a_changed_quantity_is_supplied_too_and_a_line_can_go() {
    let site = Site::new().await;
    let (_, job) = site.job().await;
    let made = site
        .client
        .add_job_stock(job, &line("PARTS", "1", "10"))
        .await
        .unwrap();
    let changes = JobStockChanges {
        qty: Some(dollars("3")),
        unit_price_tf: Some(dollars("9.99")),
        description: None,
    };
    let at = (job, made.line_id);
    let line_now = site.client.update_job_stock(at, &changes).await.unwrap();
    assert_eq!(line_now.supplied_qty, Told::Is(dollars("3")));
    assert_eq!(line_now.unit_price_tf, Told::Is(dollars("9.99")));
    assert_eq!(line_now.description, is("PARTS as agreed"));
    site.client.delete_job_stock(job, 1).await.unwrap();
    assert!(site.client.job_stock(&[job]).await.unwrap().is_empty());
    let again = site.client.delete_job_stock(job, 1).await.unwrap_err();
    assert!(matches!(again, Error::NotFound), "{again:?}");
}

#[tokio::test]
async fn lines_of_an_invoiced_job_take_no_write_and_say_which_invoice() {
    let site = Site::new().await;
    let (_, job) = site.job().await;
    site.client
        .add_job_stock(job, &line("PARTS", "1", "10"))
        .await
        .unwrap();
    let no = site.invoiced(job).await;
    let error = site
        .client
        .add_job_stock(job, &line("PARTS", "1", "10"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::JobInvoiced { invoice: Some(invoice) } if invoice == no),
        "{error:?}"
    );
}

#[tokio::test]
async fn stock_tells_its_sell_tax_code_by_query_or_by_list() {
    for named in [true, false] {
        let site = Site::with(
            |options| {
                options.named_queries = named;
                options.page_size = 5;
            },
            |settings| settings.named_queries = named,
        )
        .await;
        let codes = ["lab.onsite", "FREIGHT.GF", "NOPE"].map(str::to_owned);
        let mut found = site.client.stock(&codes).await.unwrap();
        found.sort_by_key(|stock| stock.stock_no);
        let told: Vec<_> = found
            .iter()
            .map(|stock| (stock.code.clone(), stock.sell_tax_code.clone()))
            .collect();
        assert_eq!(
            told,
            [(is("LAB.ONSITE"), is("G")), (is("FREIGHT.GF"), is("N"))],
            "named queries: {named}"
        );
    }
}

#[tokio::test]
async fn an_invoice_is_told_with_its_jobs_and_what_was_paid_of_it() {
    let site = Site::new().await;
    let (card, job) = site.job().await;
    site.client
        .add_job_stock(job, &line("PARTS", "1", "0.05"))
        .await
        .unwrap();
    let no = site.invoiced(job).await;
    let invoice = site.client.invoice(no).await.unwrap().unwrap();
    assert_eq!(invoice.jobs, Told::Is(vec![job]));
    assert_eq!(invoice.cust_no, Told::Is(card));
    assert_eq!(invoice.tax, Told::Is(dollars("0.01")));
    assert_eq!(site.client.invoice(1).await.unwrap(), None);

    let row = site.client.invoiced_jobs(&[no, 1]).await.unwrap().remove(0);
    assert_eq!((row.inv_no, row.job_no), (no, job));
    assert_eq!(row.total, Told::Is(dollars("0.06")));
    assert_eq!(row.paid_date, Told::Empty);
    site.hand("pay", json!({"invoice": no})).await;
    let later = site.client.invoiced_jobs(&[no]).await.unwrap().remove(0);
    assert_eq!(later.paid, Told::Is(dollars("0.06")));
    assert!(later.paid_date.get().is_some());
    let changes = site.client.changes(0, 1000).await.unwrap().rows;
    let of_invoices = changes.iter().filter(|row| row.object == Object::Invoice);
    let keys: Vec<_> = of_invoices.map(|row| row.key.clone()).collect();
    assert_eq!(keys, [no.to_string(), no.to_string()]);
}
