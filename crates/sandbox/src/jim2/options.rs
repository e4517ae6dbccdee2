//! How this Jim2 is set up: every switch stands for an assumption that the README lists.

mod check;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::create;
use crate::fault::switch::Switch;

/// The shape of a contact's id, which differs between builds of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactIds {
    /// As the build writes it.
    ByBuild,
    /// `12-1`, as build 9804 writes it.
    CardAndContact,
    /// `1`, as build 9148 writes it.
    ContactOnly,
}

/// What becomes of a request that was put on the eBusiness queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queueing {
    /// Processed in the background right after it was accepted.
    AtOnce,
    /// Waits until an operator processes it.
    Held,
    /// Fails, and waits for an operator's `ReProcess`.
    Failing,
}

/// The first build whose contact ids name their card.
const FIRST_OF_LONG_IDS: u32 = 9804;

/// How a refusal is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorBodies {
    /// `{"errors":[…]}`, as JSON:API 1.1 says.
    JsonApi,
    /// `{"message":"…"}`.
    Message,
    /// A sentence as plain text.
    PlainText,
}

/// How a long list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// `page[number]` and `page[size]` with links, as JSON:API 1.1 says.
    JsonApi,
    /// `pageno` and `pagesize`, both or neither, as `custom/getdata` has them; without links.
    PageNoPageSize,
    /// Not at all: every list is told whole.
    None,
}

/// The set-up of one Jim2; `Options::default()` refuses what the documents do not show.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent switch for one thing the documents leave open"
)]
pub struct Options {
    /// First segment of every address of the API.
    pub app: String,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret: the Jim2 password of the API's user.
    pub client_secret: String,
    /// Initials of the Jim2 user that the API acts as.
    pub api_initials: String,
    /// Status security level (1 to 10) of that user.
    pub api_level: u8,
    /// Licensed sessions that can be open at once.
    pub licences: usize,
    /// Minutes a session lives without being refreshed.
    pub token_life_minutes: u32,
    /// Whether `grant_type=refresh_token` extends a session.
    pub refresh_grant: bool,
    /// Time zone of the Jim2 server.
    pub time_zone: Tz,
    /// Where a manual clock starts; none for the system's clock.
    pub now: Option<DateTime<Utc>>,
    /// Identity of the database, as `crossbill_system` tells it.
    pub database_id: String,
    /// Rises when the database is restored or replaced.
    pub epoch: i32,
    /// What the database is called, as `crossbill_system` tells it.
    pub database_name: String,
    /// Whether it is a training copy, as it says itself.
    pub training: bool,
    /// Whether the named queries are those of the first request, which tell neither what the database is called and whether
    /// it is a training copy, nor what is left of the change table.
    pub first_queries: bool,
    /// Build of the web API.
    pub build: String,
    /// Item of a job that names none.
    pub default_item: String,
    /// Initials allowed on an Item; an Item not listed allows every active user.
    pub item_users: BTreeMap<String, BTreeSet<String>>,
    /// Shape of contact ids, where it is not that of the build.
    pub contact_ids: ContactIds,
    /// What happens to queued requests.
    pub queueing: Queueing,
    /// Whether a repeated `SubmitRefId` gets the first answer instead of 409.
    pub duplicate_answers_first: bool,
    /// Fields that no document shows and `jobcreate` takes all the same.
    pub jobcreate_takes: BTreeSet<String>,
    /// Fields that only the page of its sister `quotecreate` shows and `jobcreate` refuses.
    pub jobcreate_refuses: BTreeSet<String>,
    /// Whether `pocreate` and `quotecreate` take `stock`, the lines, which no document shows.
    pub create_lines: bool,
    /// Documented fields that a build refuses when it makes a purchase or a quote, such as `pocreate.ourRef`.
    pub create_refuses: BTreeSet<String>,
    /// Whether there is `quotes` with the lines below, as there is `pos`, which no document shows.
    pub quotes: bool,
    /// Whether `jobs/{jobno}/comments` takes POST and PATCH.
    pub job_comments_writable: bool,
    /// Whether a job tells and takes the attribute `Name`, the initials of who does it.
    pub name_writable: bool,
    /// Whether a job tells and takes the attribute `ItemNo`, the code of its Item.
    pub item_writable: bool,
    /// Whether jobs take the relationships `contract` and `asset` when they are made and changed.
    pub job_links_writable: bool,
    /// Whether lists of projects, assets, purchases and quotes take filters beside `LastModified`.
    pub project_filters: bool,
    /// Attributes of projects, assets, purchases, quotes and their lines that cannot be written, such as `Project.custRef`.
    pub attributes_refused: BTreeSet<String>,
    /// Whether Happen has installed the named queries.
    pub named_queries: bool,
    /// Named queries that Happen has not installed although it has installed the others.
    pub missing_queries: BTreeSet<String>,
    /// Stock codes of a catalogue beside what every provider sells.
    pub catalogue: usize,
    /// Whether a stock record's time of the last change moves with its prices and quantities.
    pub stock_time_moves: bool,
    /// Whether `getdata` tells local wall time as if it were UTC.
    pub getdata_local_dates: bool,
    /// Whether GST is reckoned on the taxed lines of a job together instead of line by line.
    pub gst_per_invoice: bool,
    /// Whether an invoice's `amount` leaves the tax out.
    pub invoice_amount_without_tax: bool,
    /// Whether a status stamp says `Status changed to X` instead of nothing.
    pub status_stamp_text: bool,
    /// Whether a person's comment carries the status the job had, as a stamp does.
    pub comments_carry_status: bool,
    /// HTTP status of a write to a Ready job.
    pub ready_status: u16,
    /// HTTP status of a write to an invoiced job.
    pub invoiced_status: u16,
    /// HTTP status of a write to a job that a user has open.
    pub locked_status: u16,
    /// HTTP status of a sign-in when every licence is taken.
    pub no_licence_status: u16,
    /// How refusals are told.
    pub error_bodies: ErrorBodies,
    /// How long lists are read.
    pub paging: Paging,
    /// The `pageno` of the first page: 0 or 1.
    pub pageno_base: usize,
    /// Records on a page when the caller does not say.
    pub page_size: usize,
    /// Most records on a page.
    pub page_size_max: usize,
    /// How long every answer of the API takes.
    pub answer_delay: Duration,
    /// The faults that are on from the start.
    pub faults: Vec<Switch>,
    /// Decides which cases a fault with a rate strikes.
    pub fault_seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            app: "jim2".into(),
            client_id: "crossbill".into(),
            client_secret: "sandbox-secret".into(),
            api_initials: "API".into(),
            api_level: 10,
            licences: 2,
            token_life_minutes: 20,
            refresh_grant: false,
            time_zone: chrono_tz::Australia::Sydney,
            now: None,
            database_id: "5b0c8f2e-7d0a-4c55-9a51-3f0f5d1c2b10".into(),
            epoch: 1,
            database_name: "Jim".into(),
            training: false,
            first_queries: false,
            build: "9804".into(),
            default_item: "SERVICE".into(),
            item_users: BTreeMap::new(),
            contact_ids: ContactIds::ByBuild,
            queueing: Queueing::AtOnce,
            duplicate_answers_first: false,
            jobcreate_takes: BTreeSet::new(),
            jobcreate_refuses: BTreeSet::new(),
            create_lines: false,
            create_refuses: BTreeSet::new(),
            quotes: false,
            job_comments_writable: false,
            name_writable: false,
            item_writable: false,
            job_links_writable: false,
            project_filters: false,
            attributes_refused: BTreeSet::new(),
            named_queries: true,
            missing_queries: BTreeSet::new(),
            catalogue: 0,
            stock_time_moves: false,
            getdata_local_dates: false,
            gst_per_invoice: false,
            invoice_amount_without_tax: false,
            status_stamp_text: false,
            comments_carry_status: false,
            ready_status: 409,
            invoiced_status: 409,
            locked_status: 423,
            no_licence_status: 403,
            error_bodies: ErrorBodies::JsonApi,
            paging: Paging::JsonApi,
            pageno_base: 0,
            page_size: 50,
            page_size_max: 200,
            answer_delay: Duration::ZERO,
            faults: Vec::new(),
            fault_seed: 0,
        }
    }
}

impl Options {
    /// Whether contact ids name their card: build 9804 does so, those before it do not.
    pub(super) fn contact_ids_name_the_card(&self) -> bool {
        match self.contact_ids {
            ContactIds::CardAndContact => true,
            ContactIds::ContactOnly => false,
            ContactIds::ByBuild => self
                .build
                .parse()
                .is_ok_and(|build: u32| build >= FIRST_OF_LONG_IDS),
        }
    }

    /// The same, with every field of a job's header taken by `jobcreate`, which no document shows.
    #[must_use]
    pub fn taking_every_jobcreate_field(mut self) -> Self {
        let undocumented = create::JOB_UNDOCUMENTED.iter();
        self.jobcreate_takes = undocumented.map(|name| (*name).to_owned()).collect();
        self
    }
}
