//! The named queries Crossbill asks for: their names and columns are the contract.

/// A named query. Its name and its columns are the contract with whoever installs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Query {
    /// The database's identity and the server's zone.
    System,
    /// The change feed.
    Changes,
    /// Jobs by number.
    Jobs,
    /// Comments by job number.
    JobComments,
    /// Jobs by Our Ref, and those not invoiced yet by a part of Cust Ref.
    JobsByRef,
    /// Jobs in the order of their numbers.
    JobsAfter,
    /// Cardfiles by number.
    CardFiles,
    /// Cardfiles in the order of their numbers.
    CardFilesAfter,
    /// Cardfiles by card code.
    CardFilesByCode,
    /// Contacts by `cardno-contno`.
    Contacts,
    /// Contacts by card number.
    CardContacts,
    /// All lists.
    Lists,
    /// Stock lines by job number.
    JobLines,
    /// Stock by stock code.
    Stock,
    /// Invoices by number, with their jobs and payments.
    InvoicedJobs,
    /// Stock by number, with prices and quantities.
    StockItems,
    /// The same in the order of its numbers.
    StockAfter,
    /// Notes of cardfiles by card number.
    CardNotes,
    /// Quotes by number, and their lines.
    Quotes,
    /// Quotes by Our Ref.
    QuotesByRef,
}

impl Query {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::System,
        Self::Changes,
        Self::Jobs,
        Self::JobComments,
        Self::JobsByRef,
        Self::JobsAfter,
        Self::CardFiles,
        Self::CardFilesAfter,
        Self::CardFilesByCode,
        Self::Contacts,
        Self::CardContacts,
        Self::Lists,
        Self::JobLines,
        Self::Stock,
        Self::InvoicedJobs,
        Self::StockItems,
        Self::StockAfter,
        Self::CardNotes,
        Self::Quotes,
        Self::QuotesByRef,
    ];

    /// Whether a site that lacks it does all else with the others: only billing asks for it, or only stock, which are
    /// then read by the API; or only notes of companies, which are then not carried, or quotes, which then wait unless
    /// this build tells them.
    pub const fn may_be_missing(self) -> bool {
        matches!(
            self,
            Self::JobLines
                | Self::Stock
                | Self::InvoicedJobs
                | Self::StockItems
                | Self::StockAfter
                | Self::CardNotes
                | Self::Quotes
                | Self::QuotesByRef
        )
    }

    /// The name it is installed under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "crossbill_system",
            Self::Changes => "crossbill_changes",
            Self::Jobs => "crossbill_jobs",
            Self::JobComments => "crossbill_job_comments",
            Self::JobsByRef => "crossbill_jobs_by_ref",
            Self::JobsAfter => "crossbill_jobs_after",
            Self::CardFiles => "crossbill_cardfiles",
            Self::CardFilesAfter => "crossbill_cardfiles_after",
            Self::CardFilesByCode => "crossbill_cardfiles_by_code",
            Self::Contacts => "crossbill_contacts",
            Self::CardContacts => "crossbill_card_contacts",
            Self::Lists => "crossbill_lists",
            Self::JobLines => "crossbill_job_lines",
            Self::Stock => "crossbill_stock",
            Self::InvoicedJobs => "crossbill_invoiced_jobs",
            Self::StockItems => "crossbill_stock_items",
            Self::StockAfter => "crossbill_stock_after",
            Self::CardNotes => "crossbill_card_notes",
            Self::Quotes => "crossbill_quotes",
            Self::QuotesByRef => "crossbill_quotes_by_ref",
        }
    }

    /// The columns of each of its result sets, separated by spaces.
    pub const fn columns(self) -> &'static [&'static str] {
        const JOB: &str = "JobNo CustNo ShipNo FromNo Status StatusDate CustRef OurRef Priority \
            Type FaultDesc InvoiceDesc ItemDesc ItemCode NameInit DateIn DateDue DateOut Attn Ready \
            InvNo PrevJobNo LockedBy LineCount LastModified ModifiedBy";
        const CARD: &str = "CardNo CardCode Name ABN ACN StreetAddress Suburb State PostCode \
            Country IsCustomer IsShip IsUser Active AccMgrInit Phone CreditHold SendInvVia \
            ParentCardNo LastModified ModifiedBy";
        const CONTACT: &str = "CardNo ContNo Title FirstName MiddleName LastName DisplayName \
            JobTitle Department IsPrimary Details LastModified ModifiedBy";
        const STOCK: &str = "StockNo StockCode Description ShortDesc DetailedDesc Active Groups \
            ManufPartNumber LastCost AvgCost SellTaxCode Prices Quantities LastModified ModifiedBy";
        match self {
            Self::System => &["DatabaseId Epoch Build TimeZone ServerTime"],
            Self::Changes => &[
                "SafeMark DatabaseId Epoch",
                "Position Object ObjectKey Operation ChangedAt ChangedBy",
            ],
            Self::Jobs | Self::JobsAfter => &[JOB],
            Self::JobComments => &["JobNo LineId Include Status Comment ModifyInit ModifyDate"],
            Self::JobsByRef => &["JobNo OurRef CustRef CustNo InvNo"],
            Self::CardFiles | Self::CardFilesAfter | Self::CardFilesByCode => &[CARD],
            Self::Contacts | Self::CardContacts => &[CONTACT],
            Self::Lists => &["List Code Label Active Extra"],
            Self::JobLines => &[
                "JobNo LineId StockCode Qty SuppliedQty UnitPriceTF UnitPriceTP Description \
                 AddInit AddDate ModifyInit ModifyDate",
            ],
            Self::Stock => &["StockNo StockCode Description Active SellTaxCode"],
            Self::StockItems | Self::StockAfter => &[STOCK],
            Self::CardNotes => &["CardNo NoteNo Type Text Init NoteDate"],
            Self::Quotes => &[
                "QuoteNo CustNo Status OurRef LastModified",
                "QuoteNo LineId StockCode Qty UnitPriceTF Description",
            ],
            Self::QuotesByRef => &["QuoteNo OurRef"],
            Self::InvoicedJobs => &["InvNo InvDate JobNo CustNo Total Tax Paid Credited PaidDate"],
        }
    }

    /// Columns of its only result set that came with a later request: a site without them does all but what they tell.
    pub const fn later_columns(self) -> &'static str {
        match self {
            Self::Jobs | Self::JobsAfter => "ContractNo AssetNo SerialNo",
            Self::System
            | Self::Changes
            | Self::JobComments
            | Self::JobsByRef
            | Self::CardFiles
            | Self::CardFilesAfter
            | Self::CardFilesByCode
            | Self::Contacts
            | Self::CardContacts
            | Self::Lists
            | Self::JobLines
            | Self::Stock
            | Self::StockItems
            | Self::StockAfter
            | Self::CardNotes
            | Self::Quotes
            | Self::QuotesByRef
            | Self::InvoicedJobs => "",
        }
    }

    /// The column of its first result set without which its rows are no records.
    pub(crate) fn key(self) -> &'static str {
        let columns = self.columns().first();
        let key = columns.and_then(|columns| columns.split_whitespace().next());
        key.expect("every query has a result set with columns")
    }

    /// Parameters that ask for next to nothing.
    pub(crate) const fn harmless(self) -> &'static [&'static str] {
        match self {
            Self::System | Self::Lists => &[],
            Self::Changes | Self::CardFilesAfter | Self::StockAfter => &["0", "1"],
            Self::Jobs
            | Self::JobComments
            | Self::CardFiles
            | Self::CardContacts
            | Self::JobLines
            | Self::StockItems
            | Self::CardNotes
            | Self::Quotes
            | Self::InvoicedJobs => &["0"],
            Self::JobsByRef | Self::CardFilesByCode | Self::Stock | Self::QuotesByRef => &["-"],
            Self::JobsAfter => &["0", "1", "all"],
            Self::Contacts => &["0-0"],
        }
    }

    /// How many keys one call takes, so that its address stays below what servers accept.
    pub(crate) const fn keys_a_call(self) -> usize {
        match self {
            Self::JobsByRef | Self::CardFilesByCode | Self::Stock | Self::QuotesByRef => 100,
            Self::System
            | Self::Changes
            | Self::Jobs
            | Self::JobComments
            | Self::JobsAfter
            | Self::CardFiles
            | Self::CardFilesAfter
            | Self::Contacts
            | Self::CardContacts
            | Self::Lists
            | Self::JobLines
            | Self::InvoicedJobs
            | Self::StockItems
            | Self::CardNotes
            | Self::StockAfter
            | Self::Quotes => 200,
        }
    }

    /// The name of the call in spans and metrics.
    pub(crate) const fn operation(self) -> &'static str {
        match self {
            Self::System => "jim2.query.system",
            Self::Changes => "jim2.query.changes",
            Self::Jobs => "jim2.query.jobs",
            Self::JobComments => "jim2.query.job_comments",
            Self::JobsByRef => "jim2.query.jobs_by_ref",
            Self::JobsAfter => "jim2.query.jobs_after",
            Self::CardFiles => "jim2.query.cardfiles",
            Self::CardFilesAfter => "jim2.query.cardfiles_after",
            Self::CardFilesByCode => "jim2.query.cardfiles_by_code",
            Self::Contacts => "jim2.query.contacts",
            Self::CardContacts => "jim2.query.card_contacts",
            Self::Lists => "jim2.query.lists",
            Self::JobLines => "jim2.query.job_lines",
            Self::Stock => "jim2.query.stock",
            Self::InvoicedJobs => "jim2.query.invoiced_jobs",
            Self::StockItems => "jim2.query.stock_items",
            Self::StockAfter => "jim2.query.stock_after",
            Self::CardNotes => "jim2.query.card_notes",
            Self::Quotes => "jim2.query.quotes",
            Self::QuotesByRef => "jim2.query.quotes_by_ref",
        }
    }
}
