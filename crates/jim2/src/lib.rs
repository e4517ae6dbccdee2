//! Jim2's Web API in Jim2's words: jobs, cardfiles, contacts, projects, assets, purchases, quotes, its change feed and its lists.
//!
//! Reads use a `view` token, which takes no licence; writes share one licensed session.
//! The client repeats nothing except a call whose token had run out: a refusal, a silence and
//! a perhaps-done write each have their own [`Error`], and the caller decides.

mod asset;
mod body;
mod capability;
mod card_file;
mod card_note;
mod cell;
mod change;
mod client;
mod contact;
mod database;
mod error;
mod failure;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzz;
mod getdata;
mod grant;
mod invoice;
mod job;
mod job_comment;
mod job_labour;
mod job_lines;
mod job_stock;
mod json_api;
mod list;
mod modified;
mod order;
pub mod part_id;
mod presence;
mod project;
mod query;
mod record;
mod refusal;
mod session;
mod settings;
mod stock;
mod stock_item;
mod system_info;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod time;
mod window;

pub use asset::{Asset, AssetChanges, AssetCreate};
pub use capability::{Capabilities, QueryState};
pub use card_file::{Address, CardFile, CardFileChanges, CardFileCreate, CardFileCreated};
pub use card_note::CardNote;
pub use change::{Change, Changes, Object, Operation};
pub use client::Client;
pub use contact::{Contact, ContactChanges, Detail};
pub use database::{Departure, Known, Seen, TopJob, sounds_like_training};
pub use error::{ApiError, Error};
pub use grant::Grant;
pub use invoice::{Invoice, InvoicedJob};
pub use job::{Created, Job, JobChanges, JobCreate, Which};
pub use job_comment::JobComment;
pub use job_labour::{JobLabour, LabourChanges};
pub use job_stock::{JobStock, JobStockChanges, JobStockCreate};
pub use list::ListEntry;
pub use modified::Modified;
pub use order::{Order, OrderCreate, OrderKind, OrderLine, OrderLineCreate};
pub use presence::{Listing, Presence};
pub use project::{Project, ProjectChanges, ProjectCreate};
pub use query::Query;
pub use session::{Kept, LocalSession, Session};
pub use settings::{ContactIds, ContactTypes, Credentials, Identity, Settings};
pub use stock::Stock;
pub use stock_item::{StockItem, StockPrice, StockQuantity};
pub use system_info::{ServerTime, SystemInfo};
pub use time::DateReading;
pub use window::read_again_from;
