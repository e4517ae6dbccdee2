//! The switches of the Jim2 stand-in.

mod shape;

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;
use sandbox::fault::setting::duration;
use sandbox::jim2::Options;

use self::shape::{ContactIdShape, ErrorBody, PagingWay, QueueingWay, taken};
use super::parse;

/// How this Jim2 is set up where sites differ or the documents are silent; the README tells the assumption behind each.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Jim2")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub(crate) struct Jim2Switches {
    /// First segment of every address of the API.
    #[arg(long)]
    app: Option<String>,
    /// OAuth client id.
    #[arg(long)]
    client_id: Option<String>,
    /// OAuth client secret.
    #[arg(long)]
    client_secret: Option<String>,
    /// Initials of the Jim2 user that the API acts as.
    #[arg(long)]
    api_initials: Option<String>,
    /// Status security level (1 to 10) of that user.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=10))]
    api_level: Option<u8>,
    /// Licensed sessions that can be open at once.
    #[arg(long, value_name = "COUNT")]
    licences: Option<usize>,
    /// Minutes a session lives without being refreshed.
    #[arg(long, value_name = "MINUTES")]
    token_life_minutes: Option<u32>,
    /// Extend a session with a refresh token.
    #[arg(long)]
    refresh_grant: bool,
    /// Time zone of the Jim2 server (Australia/Perth).
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Tz>,
    /// Where a clock that stands still starts; without it the system's time is used.
    #[arg(long, value_name = "TIME")]
    clock: Option<DateTime<Utc>>,
    /// Identity of the database.
    #[arg(long, value_name = "GUID")]
    database_id: Option<String>,
    /// Epoch of the database: higher after a restore.
    #[arg(long, value_name = "NUMBER")]
    epoch: Option<i32>,
    /// What the database is called.
    #[arg(long, value_name = "NAME")]
    database_name: Option<String>,
    /// The database is a training copy.
    #[arg(long)]
    training: bool,
    /// The named queries are those of the first request: they tell of no training copy and of no cleaning.
    #[arg(long)]
    first_queries: bool,
    /// Build of the web API.
    #[arg(long)]
    build: Option<String>,
    /// Item of a job that names none.
    #[arg(long, value_name = "ITEM")]
    default_item: Option<String>,
    /// Initials allowed on an Item (SERVER=JC,AB); may be given several times.
    #[arg(long, value_name = "ITEM=INITIALS", value_parser = parse::pair)]
    item_users: Vec<(String, String)>,
    /// Shape of contact ids.
    #[arg(long, value_enum)]
    contact_ids: Option<ContactIdShape>,
    /// What happens to queued requests.
    #[arg(long, value_enum)]
    queueing: Option<QueueingWay>,
    /// Answer a repeated `SubmitRefId` with the first answer instead of 409.
    #[arg(long)]
    duplicate_answers_first: bool,
    /// Undocumented fields that `jobcreate` takes (item,priority), or `all` of them.
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    jobcreate_takes: Vec<String>,
    /// Fields documented for `quotecreate` only that `jobcreate` refuses (status,ourRef).
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    jobcreate_refuses: Vec<String>,
    /// Take `stock`, the lines, in `pocreate` and `quotecreate`.
    #[arg(long)]
    create_lines: bool,
    /// Documented fields that are refused when a purchase or quote is made (pocreate.ourRef).
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    create_refuses: Vec<String>,
    /// Have `quotes` as there is `pos`: read, changed, with lines below.
    #[arg(long)]
    quotes: bool,
    /// Take POST and PATCH of job comments.
    #[arg(long)]
    job_comments_writable: bool,
    /// Tell and take a job's `Name`.
    #[arg(long)]
    name_writable: bool,
    /// Tell and take a job's `ItemNo`.
    #[arg(long)]
    item_writable: bool,
    /// Take the relationships `contract` and `asset` of jobs.
    #[arg(long)]
    job_links_writable: bool,
    /// Take filters of projects, assets, purchases and quotes beside `LastModified`.
    #[arg(long)]
    project_filters: bool,
    /// Attributes of projects, assets, purchases, quotes and their lines that cannot be written (Project.custRef,Asset.comment).
    #[arg(long, value_name = "ATTRIBUTES", value_delimiter = ',')]
    attributes_refused: Vec<String>,
    /// As if Happen had not installed the named queries.
    #[arg(long)]
    no_named_queries: bool,
    /// Named queries that are not installed although the others are (`crossbill_stock_items`).
    #[arg(long, value_name = "QUERIES", value_delimiter = ',')]
    missing_queries: Vec<String>,
    /// Stock codes of a catalogue beside what every provider sells.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    catalogue: usize,
    /// Move a stock record's time of the last change with its prices and quantities.
    #[arg(long)]
    stock_time_moves: bool,
    /// Tell local wall time as if it were UTC in `getdata`.
    #[arg(long)]
    getdata_local_dates: bool,
    /// Reckon GST on the taxed lines of a job together.
    #[arg(long)]
    gst_per_invoice: bool,
    /// Leave the tax out of an invoice's `amount`.
    #[arg(long)]
    invoice_amount_without_tax: bool,
    /// Write `Status changed to X` in status stamps.
    #[arg(long)]
    status_stamp_text: bool,
    /// Let people's comments carry the job's status, as a stamp does.
    #[arg(long)]
    comments_carry_status: bool,
    /// HTTP status of a write to a Ready job.
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(400..600))]
    ready_status: Option<u16>,
    /// HTTP status of a write to an invoiced job.
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(400..600))]
    invoiced_status: Option<u16>,
    /// HTTP status of a write to a job that a user has open.
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(400..600))]
    locked_status: Option<u16>,
    /// HTTP status of a sign-in when every licence is taken.
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(400..600))]
    no_licence_status: Option<u16>,
    /// How refusals are told.
    #[arg(long, value_enum)]
    error_bodies: Option<ErrorBody>,
    /// How long lists are read.
    #[arg(long, value_enum)]
    paging: Option<PagingWay>,
    /// The `pageno` of the first page.
    #[arg(long, value_name = "0|1")]
    pageno_base: Option<usize>,
    /// Records on a page when the caller does not say.
    #[arg(long, value_name = "COUNT")]
    page_size: Option<usize>,
    /// Most records on a page.
    #[arg(long, value_name = "COUNT")]
    page_size_max: Option<usize>,
    /// How long every answer takes (250ms, 2s).
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    jim2_answer_delay: Option<Duration>,
}

impl Jim2Switches {
    /// The default options with what the command line changes.
    pub(crate) fn options(self) -> Options {
        let usual = Options::default();
        let item_users = self.item_users.iter();
        Options {
            app: self.app.unwrap_or(usual.app),
            client_id: self.client_id.unwrap_or(usual.client_id),
            client_secret: self.client_secret.unwrap_or(usual.client_secret),
            api_initials: self.api_initials.unwrap_or(usual.api_initials),
            api_level: self.api_level.unwrap_or(usual.api_level),
            licences: self.licences.unwrap_or(usual.licences),
            token_life_minutes: self.token_life_minutes.unwrap_or(usual.token_life_minutes),
            refresh_grant: self.refresh_grant,
            time_zone: self.time_zone.unwrap_or(usual.time_zone),
            now: self.clock,
            database_id: self.database_id.unwrap_or(usual.database_id),
            epoch: self.epoch.unwrap_or(usual.epoch),
            database_name: self.database_name.unwrap_or(usual.database_name),
            training: self.training,
            first_queries: self.first_queries,
            build: self.build.unwrap_or(usual.build),
            default_item: self.default_item.unwrap_or(usual.default_item),
            item_users: item_users
                .map(|(item, initials)| (item.clone(), parse::set(initials)))
                .collect(),
            contact_ids: self
                .contact_ids
                .map_or(usual.contact_ids, ContactIdShape::option),
            queueing: self.queueing.map_or(usual.queueing, QueueingWay::option),
            duplicate_answers_first: self.duplicate_answers_first,
            jobcreate_takes: taken(self.jobcreate_takes),
            jobcreate_refuses: self.jobcreate_refuses.into_iter().collect(),
            create_lines: self.create_lines,
            create_refuses: self.create_refuses.into_iter().collect(),
            quotes: self.quotes,
            job_comments_writable: self.job_comments_writable,
            name_writable: self.name_writable,
            item_writable: self.item_writable,
            job_links_writable: self.job_links_writable,
            project_filters: self.project_filters,
            attributes_refused: self.attributes_refused.into_iter().collect(),
            named_queries: !self.no_named_queries,
            missing_queries: self.missing_queries.into_iter().collect(),
            catalogue: self.catalogue,
            stock_time_moves: self.stock_time_moves,
            getdata_local_dates: self.getdata_local_dates,
            gst_per_invoice: self.gst_per_invoice,
            invoice_amount_without_tax: self.invoice_amount_without_tax,
            status_stamp_text: self.status_stamp_text,
            comments_carry_status: self.comments_carry_status,
            ready_status: self.ready_status.unwrap_or(usual.ready_status),
            invoiced_status: self.invoiced_status.unwrap_or(usual.invoiced_status),
            locked_status: self.locked_status.unwrap_or(usual.locked_status),
            no_licence_status: self.no_licence_status.unwrap_or(usual.no_licence_status),
            error_bodies: self
                .error_bodies
                .map_or(usual.error_bodies, ErrorBody::option),
            paging: self.paging.map_or(usual.paging, PagingWay::option),
            pageno_base: self.pageno_base.unwrap_or(usual.pageno_base),
            page_size: self.page_size.unwrap_or(usual.page_size),
            page_size_max: self.page_size_max.unwrap_or(usual.page_size_max),
            answer_delay: self.jim2_answer_delay.unwrap_or(usual.answer_delay),
            faults: usual.faults,
            fault_seed: usual.fault_seed,
        }
    }
}
