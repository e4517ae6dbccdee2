//! The request to Happen for the named queries: what each is called, asks for and answers.

use jim2::QueryState;

/// A job's columns, of two queries.
const JOB: &str = "JobNo int, CustNo int, ShipNo int, FromNo int, Status, StatusDate datetime, CustRef, OurRef, Priority, \
    Type, FaultDesc, InvoiceDesc, ItemDesc, ItemCode, NameInit, DateIn datetime, DateDue datetime, DateOut datetime, \
    Attn, Ready bit, InvNo int, PrevJobNo int, LockedBy, LineCount int, LastModified datetime, ModifiedBy (initials), \
    ContractNo int, AssetNo int, SerialNo";
/// A cardfile's columns, of three queries.
const CARD: &str = "CardNo int, CardCode, Name, ABN, ACN, StreetAddress, Suburb, State, PostCode, Country, IsCustomer bit, \
    IsShip bit, IsUser bit, Active bit, AccMgrInit, Phone, CreditHold bit, SendInvVia, ParentCardNo int, \
    LastModified datetime, ModifiedBy (initials)";
/// A contact's columns, of two queries.
const CONTACT: &str = "CardNo int, ContNo int, Title, FirstName, MiddleName, LastName, DisplayName, JobTitle, Department, \
    IsPrimary bit, Details nvarchar (JSON: [{type, value, comments}]), LastModified datetime, ModifiedBy (initials)";

/// A stock record's columns, of two queries.
const STOCK: &str = "StockNo int, StockCode, Description, ShortDesc, DetailedDesc, Active bit, Groups nvarchar (JSON: [name]), \
    ManufPartNumber, LastCost, AvgCost, SellTaxCode (its letter), Prices nvarchar (JSON: [{priceLevel, currencyCode, \
    taxCode, priceExcl}]), Quantities nvarchar (JSON: [{locationNo, onHand, available}]), LastModified datetime, \
    ModifiedBy (initials)";

/// Name, parameters, columns of the answer.
const QUERIES: [(&str, &str, &str); 20] = [
    (
        "crossbill_system",
        "none",
        "one row: DatabaseId (the database's guid), Epoch int (rises with each restore), Build, \
         TimeZone (IANA name), ServerTime datetime",
    ),
    (
        "crossbill_changes",
        "qp1 position (exclusive), qp2 most rows",
        "first set, taken before the rows: SafeMark bigint (all changes up to it are visible), DatabaseId, Epoch int; \
         second set, ascending: Position bigint, Object (Job, JobComment, JobStock, JobLabour, CardFile, \
         CardFileContact, CardFileNote, Project, Asset, Invoice: made, paid or credited, Stock: also when a price of it or what lies at a \
         location changes), ObjectKey, Operation (I, U, D), ChangedAt datetime, ChangedBy (initials)",
    ),
    (
        "crossbill_jobs",
        "qp1 job numbers, at most 200, with commas",
        JOB,
    ),
    (
        "crossbill_job_comments",
        "qp1 job numbers with commas",
        "JobNo int, LineId int, Include bit, Status, Comment, ModifyInit, ModifyDate datetime",
    ),
    (
        "crossbill_jobs_by_ref",
        "qp1 references with commas; finds OurRef equal to one, or to one with / and more behind it, and of jobs \
         not invoiced yet also CustRef with one in it",
        "JobNo int, OurRef, CustRef, CustNo int, InvNo int",
    ),
    (
        "crossbill_jobs_after",
        "qp1 job number (exclusive), qp2 most rows, qp3 open or all",
        JOB,
    ),
    ("crossbill_cardfiles", "qp1 card numbers with commas", CARD),
    (
        "crossbill_cardfiles_after",
        "qp1 card number (exclusive), qp2 most rows",
        CARD,
    ),
    (
        "crossbill_cardfiles_by_code",
        "qp1 card codes with commas",
        CARD,
    ),
    (
        "crossbill_contacts",
        "qp1 cardno-contno with commas",
        CONTACT,
    ),
    (
        "crossbill_card_contacts",
        "qp1 card numbers with commas",
        CONTACT,
    ),
    (
        "crossbill_lists",
        "none",
        "List (JobStatus, JobType, Priority, Item, User, LabourType, ContactType, StatusLink, ProjectStatus, AssetStatus, \
         PriceLevel, StockGroup, StockLocation with its number as Code, UserCategory), Code, Label, Active bit, \
         Extra (of a User its e-mail address, of an Item service or sales; a StatusLink leads from Code to Label; a UserCategory has a user's initials as Code and \
         the category of his user group as Label)",
    ),
    (
        "crossbill_job_lines",
        "qp1 job numbers, at most 200, with commas; for billing only",
        "JobNo int, LineId int, StockCode, Qty, SuppliedQty, UnitPriceTF, UnitPriceTP, Description, AddInit, \
         AddDate datetime, ModifyInit, ModifyDate datetime",
    ),
    (
        "crossbill_stock",
        "qp1 stock codes with commas; for billing only",
        "StockNo int, StockCode, Description, Active bit, SellTaxCode (its letter)",
    ),
    (
        "crossbill_invoiced_jobs",
        "qp1 invoice numbers with commas; for billing only",
        "a row for each job of an invoice: InvNo int, InvDate datetime, JobNo int, CustNo int, Total (with tax), Tax, Paid, \
         Credited, PaidDate datetime (when the last of it was paid, null before)",
    ),
    (
        "crossbill_stock_items",
        "qp1 stock numbers, at most 200, with commas; for stock only",
        STOCK,
    ),
    (
        "crossbill_stock_after",
        "qp1 stock number (exclusive), qp2 most rows; for stock only",
        STOCK,
    ),
    (
        "crossbill_card_notes",
        "qp1 card numbers, at most 200, with commas; for notes of companies only",
        "CardNo int, NoteNo int (within its card), Type, Text nvarchar, Init (who wrote it), NoteDate datetime",
    ),
    (
        "crossbill_quotes",
        "qp1 quote numbers, at most 200, with commas; for quotes only",
        "first set: QuoteNo int, CustNo int, Status, OurRef, LastModified datetime; \
         second set, their lines: QuoteNo int, LineId int, StockCode, Qty, UnitPriceTF, Description",
    ),
    (
        "crossbill_quotes_by_ref",
        "qp1 references with commas; for quotes only",
        "QuoteNo int, OurRef",
    ),
];

/// What to write to Happen about the queries that are missing or lack columns.
pub(super) fn text(lacking: &[(&str, &QueryState)]) -> String {
    let mut lines = vec![
        "Happen support: please install these named queries for the Web API of our Jim2 database, read-only, for \
         GET api/v1/custom/getdata?queryname=…:"
            .to_owned(),
    ];
    for (name, state) in lacking {
        let known = QUERIES.iter().find(|(query, ..)| query == name);
        let (parameters, columns) = known.map_or(("", ""), |(_, asks, answers)| (*asks, *answers));
        let wanted = match state {
            QueryState::Lacks(columns) => format!("is there but lacks {}", columns.join(", ")),
            QueryState::Missing | QueryState::Ready => columns.to_owned(),
        };
        lines.push(format!("{name} ({parameters}): {wanted}"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use jim2::Query;

    use super::*;

    /// The columns that a description names: of each result set, the first word of each part.
    fn columns_of(answers: &str) -> Vec<Vec<String>> {
        let mut depth = 0_i32;
        let outside = |letter: &char| {
            depth += i32::from(*letter == '(');
            let is_outside = depth == 0;
            depth -= i32::from(*letter == ')');
            is_outside
        };
        let plain: String = answers.chars().filter(outside).collect();
        let columns = |set: &str| {
            let columns = set.split_once(": ").map_or(set, |(_, columns)| columns);
            let words = columns
                .split(',')
                .filter_map(|part| part.split_whitespace().next());
            words.map(str::to_owned).collect()
        };
        plain.split(';').map(columns).collect()
    }

    #[test]
    fn every_query_we_ask_for_is_described_with_the_columns_that_are_read() {
        for query in Query::ALL {
            let known = QUERIES.iter().find(|(name, ..)| *name == query.name());
            let (name, _, answers) = known.unwrap();
            let later = query.later_columns().split_whitespace();
            let wanted: Vec<Vec<&str>> = query
                .columns()
                .iter()
                .map(|columns| columns.split_whitespace().chain(later.clone()).collect())
                .collect();
            assert_eq!(columns_of(answers), wanted, "{name}");
        }
        let lacks = QueryState::Lacks(vec!["Epoch".to_owned()]);
        let text = text(&[
            ("crossbill_lists", &QueryState::Missing),
            ("crossbill_system", &lacks),
        ]);
        assert!(
            text.contains("crossbill_lists (none): List (JobStatus"),
            "{text}"
        );
        assert!(
            text.contains("crossbill_system (none): is there but lacks Epoch"),
            "{text}"
        );
    }
}
