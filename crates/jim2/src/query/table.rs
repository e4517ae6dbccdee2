//! Every named query: a new one is an entry here and a line in [`Query::ALL`].

use super::Query;

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

/// What most of them have alike.
const BASE: Query = Query {
    name: "",
    operation: "",
    asks: "",
    answers: &[],
    harmless: &[],
    keys_a_call: 200,
    is_optional: false,
    later: "",
};

impl Query {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::SYSTEM,
        Self::CHANGES,
        Self::JOBS,
        Self::JOB_COMMENTS,
        Self::JOBS_BY_REF,
        Self::JOBS_AFTER,
        Self::CARD_FILES,
        Self::CARD_FILES_AFTER,
        Self::CARD_FILES_BY_CODE,
        Self::CONTACTS,
        Self::CARD_CONTACTS,
        Self::LISTS,
        Self::JOB_LINES,
        Self::STOCK,
        Self::INVOICED_JOBS,
        Self::STOCK_ITEMS,
        Self::STOCK_AFTER,
        Self::CARD_NOTES,
        Self::QUOTES,
        Self::QUOTES_BY_REF,
    ];

    /// The database's identity and the server's zone.
    pub const SYSTEM: Self = Self {
        name: "crossbill_system",
        operation: "jim2.query.system",
        asks: "none",
        answers: &[
            "one row: DatabaseId (the database's guid), Epoch int (rises with each restore), Build, \
             TimeZone (IANA name), ServerTime datetime, DatabaseName, Training bit (whether it is a \
             training copy)",
        ],
        harmless: &[],
        later: "DatabaseName Training",
        ..BASE
    };

    /// The change feed.
    pub const CHANGES: Self = Self {
        name: "crossbill_changes",
        operation: "jim2.query.changes",
        asks: "qp1 position (exclusive), qp2 most rows",
        answers: &[
            "first set, taken before the rows: SafeMark bigint (all changes up to it are visible), \
             DatabaseId, Epoch int, OldestPosition bigint (the lowest one that is still there; nothing \
             where all were cleaned away), Training bit",
            "second set, ascending: Position bigint, Object (Job, JobComment, JobStock, JobLabour, \
             CardFile, CardFileContact, CardFileNote, Project, Asset, Invoice: made, paid or \
             credited, Stock: also when a price of it or what lies at a location changes), ObjectKey, \
             Operation (I, U, D), ChangedAt datetime, ChangedBy (initials)",
        ],
        harmless: &["0", "1"],
        later: "OldestPosition Training",
        ..BASE
    };

    /// Jobs by number.
    pub const JOBS: Self = Self {
        name: "crossbill_jobs",
        operation: "jim2.query.jobs",
        asks: "qp1 job numbers, at most 200, with commas",
        answers: &[JOB],
        harmless: &["0"],
        later: "ContractNo AssetNo SerialNo",
        ..BASE
    };

    /// Comments by job number.
    pub const JOB_COMMENTS: Self = Self {
        name: "crossbill_job_comments",
        operation: "jim2.query.job_comments",
        asks: "qp1 job numbers with commas",
        answers: &[
            "JobNo int, LineId int, Include bit, Status, Comment, ModifyInit, ModifyDate datetime",
        ],
        harmless: &["0"],
        ..BASE
    };

    /// Jobs by Our Ref, and those not invoiced yet by a part of Cust Ref.
    pub const JOBS_BY_REF: Self = Self {
        name: "crossbill_jobs_by_ref",
        operation: "jim2.query.jobs_by_ref",
        asks: "qp1 references with commas; finds OurRef equal to one, or to one with / and more behind \
             it, and of jobs not invoiced yet also CustRef with one in it",
        answers: &["JobNo int, OurRef, CustRef, CustNo int, InvNo int"],
        harmless: &["-"],
        keys_a_call: 100,
        ..BASE
    };

    /// Jobs in the order of their numbers.
    pub const JOBS_AFTER: Self = Self {
        name: "crossbill_jobs_after",
        operation: "jim2.query.jobs_after",
        asks: "qp1 job number (exclusive), qp2 most rows, qp3 open or all",
        answers: &[JOB],
        harmless: &["0", "1", "all"],
        later: "ContractNo AssetNo SerialNo",
        ..BASE
    };

    /// Cardfiles by number.
    pub const CARD_FILES: Self = Self {
        name: "crossbill_cardfiles",
        operation: "jim2.query.cardfiles",
        asks: "qp1 card numbers with commas",
        answers: &[CARD],
        harmless: &["0"],
        ..BASE
    };

    /// Cardfiles in the order of their numbers.
    pub const CARD_FILES_AFTER: Self = Self {
        name: "crossbill_cardfiles_after",
        operation: "jim2.query.cardfiles_after",
        asks: "qp1 card number (exclusive), qp2 most rows",
        answers: &[CARD],
        harmless: &["0", "1"],
        ..BASE
    };

    /// Cardfiles by card code.
    pub const CARD_FILES_BY_CODE: Self = Self {
        name: "crossbill_cardfiles_by_code",
        operation: "jim2.query.cardfiles_by_code",
        asks: "qp1 card codes with commas",
        answers: &[CARD],
        harmless: &["-"],
        keys_a_call: 100,
        ..BASE
    };

    /// Contacts by `cardno-contno`.
    pub const CONTACTS: Self = Self {
        name: "crossbill_contacts",
        operation: "jim2.query.contacts",
        asks: "qp1 cardno-contno with commas",
        answers: &[CONTACT],
        harmless: &["0-0"],
        ..BASE
    };

    /// Contacts by card number.
    pub const CARD_CONTACTS: Self = Self {
        name: "crossbill_card_contacts",
        operation: "jim2.query.card_contacts",
        asks: "qp1 card numbers with commas",
        answers: &[CONTACT],
        harmless: &["0"],
        ..BASE
    };

    /// All lists.
    pub const LISTS: Self = Self {
        name: "crossbill_lists",
        operation: "jim2.query.lists",
        asks: "none",
        answers: &[
            "List (JobStatus, JobType, Priority, Item, User, LabourType, ContactType, StatusLink, \
             ProjectStatus, AssetStatus, PriceLevel, StockGroup, StockLocation with its number as \
             Code, UserCategory), Code, Label, Active bit, Extra (of a User its e-mail address, of an \
             Item service or sales; a StatusLink leads from Code to Label; a UserCategory has a \
             user's initials as Code and the category of his user group as Label)",
        ],
        harmless: &[],
        ..BASE
    };

    /// Stock lines by job number.
    pub const JOB_LINES: Self = Self {
        name: "crossbill_job_lines",
        operation: "jim2.query.job_lines",
        asks: "qp1 job numbers, at most 200, with commas; for billing only",
        answers: &[
            "JobNo int, LineId int, StockCode, Qty, SuppliedQty, UnitPriceTF, UnitPriceTP, \
             Description, AddInit, AddDate datetime, ModifyInit, ModifyDate datetime",
        ],
        harmless: &["0"],
        is_optional: true,
        ..BASE
    };

    /// Stock by stock code.
    pub const STOCK: Self = Self {
        name: "crossbill_stock",
        operation: "jim2.query.stock",
        asks: "qp1 stock codes with commas; for billing only",
        answers: &["StockNo int, StockCode, Description, Active bit, SellTaxCode (its letter)"],
        harmless: &["-"],
        is_optional: true,
        keys_a_call: 100,
        ..BASE
    };

    /// Invoices by number, with their jobs and payments.
    pub const INVOICED_JOBS: Self = Self {
        name: "crossbill_invoiced_jobs",
        operation: "jim2.query.invoiced_jobs",
        asks: "qp1 invoice numbers with commas; for billing only",
        answers: &[
            "a row for each job of an invoice: InvNo int, InvDate datetime, JobNo int, CustNo int, \
             Total (with tax), Tax, Paid, Credited, PaidDate datetime (when the last of it was paid, \
             null before)",
        ],
        harmless: &["0"],
        is_optional: true,
        ..BASE
    };

    /// Stock by number, with prices and quantities.
    pub const STOCK_ITEMS: Self = Self {
        name: "crossbill_stock_items",
        operation: "jim2.query.stock_items",
        asks: "qp1 stock numbers, at most 200, with commas; for stock only",
        answers: &[STOCK],
        harmless: &["0"],
        is_optional: true,
        ..BASE
    };

    /// The same in the order of its numbers.
    pub const STOCK_AFTER: Self = Self {
        name: "crossbill_stock_after",
        operation: "jim2.query.stock_after",
        asks: "qp1 stock number (exclusive), qp2 most rows; for stock only",
        answers: &[STOCK],
        harmless: &["0", "1"],
        is_optional: true,
        ..BASE
    };

    /// Notes of cardfiles by card number.
    pub const CARD_NOTES: Self = Self {
        name: "crossbill_card_notes",
        operation: "jim2.query.card_notes",
        asks: "qp1 card numbers, at most 200, with commas; for notes of companies only",
        answers: &[
            "CardNo int, NoteNo int (within its card), Type, Text nvarchar, Init (who wrote it), \
             NoteDate datetime",
        ],
        harmless: &["0"],
        is_optional: true,
        ..BASE
    };

    /// Quotes by number, and their lines.
    pub const QUOTES: Self = Self {
        name: "crossbill_quotes",
        operation: "jim2.query.quotes",
        asks: "qp1 quote numbers, at most 200, with commas; for quotes only",
        answers: &[
            "first set: QuoteNo int, CustNo int, Status, OurRef, LastModified datetime",
            "second set, their lines: QuoteNo int, LineId int, StockCode, Qty, UnitPriceTF, \
             Description",
        ],
        harmless: &["0"],
        is_optional: true,
        ..BASE
    };

    /// Quotes by Our Ref.
    pub const QUOTES_BY_REF: Self = Self {
        name: "crossbill_quotes_by_ref",
        operation: "jim2.query.quotes_by_ref",
        asks: "qp1 references with commas; for quotes only",
        answers: &["QuoteNo int, OurRef"],
        harmless: &["-"],
        is_optional: true,
        keys_a_call: 100,
        ..BASE
    };
}
