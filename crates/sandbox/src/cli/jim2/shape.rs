//! How the shapes and ways that a Jim2 can have are spelt on the command line.

use std::collections::BTreeSet;

use clap::ValueEnum;
use sandbox::jim2::{ContactIds, ErrorBodies, Options, Paging, Queueing};

/// How the shape of contact ids is spelt.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ContactIdShape {
    /// As the build writes it.
    ByBuild,
    /// `12-1`.
    CardAndContact,
    /// `1`.
    ContactOnly,
}

/// How the treatment of queued requests is spelt.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum QueueingWay {
    AtOnce,
    Held,
    Failing,
}

/// How the shape of refusals is spelt.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ErrorBody {
    /// `{"errors":[…]}`.
    JsonApi,
    /// `{"message":"…"}`.
    Message,
    /// A sentence.
    PlainText,
}

/// How the reading of long lists is spelt.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PagingWay {
    /// `page[number]`, `page[size]` and links.
    JsonApi,
    /// `pageno` and `pagesize`.
    Pageno,
    /// Whole lists.
    None,
}

impl ErrorBody {
    pub(super) fn option(self) -> ErrorBodies {
        match self {
            Self::JsonApi => ErrorBodies::JsonApi,
            Self::Message => ErrorBodies::Message,
            Self::PlainText => ErrorBodies::PlainText,
        }
    }
}

impl PagingWay {
    pub(super) fn option(self) -> Paging {
        match self {
            Self::JsonApi => Paging::JsonApi,
            Self::Pageno => Paging::PageNoPageSize,
            Self::None => Paging::None,
        }
    }
}

/// The fields named, or all where one of the names is `all`.
pub(super) fn taken(names: Vec<String>) -> BTreeSet<String> {
    if names.iter().any(|name| name == "all") {
        return Options::default()
            .taking_every_jobcreate_field()
            .jobcreate_takes;
    }
    names.into_iter().collect()
}

impl ContactIdShape {
    pub(super) fn option(self) -> ContactIds {
        match self {
            Self::ByBuild => ContactIds::ByBuild,
            Self::CardAndContact => ContactIds::CardAndContact,
            Self::ContactOnly => ContactIds::ContactOnly,
        }
    }
}

impl QueueingWay {
    pub(super) fn option(self) -> Queueing {
        match self {
            Self::AtOnce => Queueing::AtOnce,
            Self::Held => Queueing::Held,
            Self::Failing => Queueing::Failing,
        }
    }
}
