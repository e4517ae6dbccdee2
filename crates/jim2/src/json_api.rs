//! JSON:API documents: one resource, a page of them, and what they relate to.

use std::collections::{BTreeMap, BTreeSet};

use domain::Told;
use rest::Answer;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use url::Url;

use crate::{Client, Error, Settings, cell::Cell, record::Record, time::Times};

/// More pages than any window of changes has; a server that pages for ever stops here.
const MOST_PAGES: usize = 2_000;

#[derive(Deserialize)]
struct Document {
    data: Box<RawValue>,
    #[serde(default)]
    included: Vec<Resource>,
    #[serde(default)]
    links: BTreeMap<String, Box<RawValue>>,
}

/// A resource of any type.
#[derive(Debug, Deserialize)]
pub(crate) struct Resource {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    id: Box<RawValue>,
    #[serde(default)]
    attributes: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    relationships: BTreeMap<String, Relationship>,
}

#[derive(Debug, Deserialize)]
struct Relationship {
    #[serde(default)]
    data: Told<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Identifier {
    id: Box<RawValue>,
}

/// Resources with those that came along.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) data: Vec<Resource>,
    pub(crate) included: Vec<Resource>,
    /// Whether `data` was a list, which may be empty; null is no empty list.
    is_list: bool,
}

/// A list that is read page by page.
#[derive(Debug)]
pub(crate) struct Pages {
    operation: &'static str,
    next: Option<Url>,
    seen: BTreeSet<String>,
}

impl Pages {
    /// From the page at `url` on.
    pub(crate) fn from(operation: &'static str, url: Url) -> Self {
        Self {
            operation,
            next: Some(url),
            seen: BTreeSet::new(),
        }
    }
}

impl Resource {
    /// The identifier, as text.
    pub(crate) fn id(&self) -> Result<String, Error> {
        identifier(&self.id, &self.kind)
    }

    /// The identifier, as the number it is.
    pub(crate) fn number(&self) -> Result<i64, Error> {
        let id = self.id()?;
        id.parse()
            .map_err(|error| Error::unreadable(&format!("{} {id}", self.kind), error))
    }

    /// The last number of the identifier: 2 of both `10-2` and `2`.
    pub(crate) fn last_number(&self) -> Result<i64, Error> {
        let id = self.id()?;
        let last = id.rsplit('-').next().unwrap_or_default();
        last.parse()
            .map_err(|error| Error::unreadable(&format!("{} {id}", self.kind), error))
    }

    /// The attributes.
    pub(crate) fn record(&self, times: Times) -> Result<Record, Error> {
        Record::of_object(format!("{}.attributes", self.kind), &self.attributes, times)
    }

    /// The number of the one resource that this one relates to by `name`.
    pub(crate) fn related(&self, name: &str) -> Result<Told<i64>, Error> {
        let Some(relationship) = self.relationships.get(name) else {
            return Ok(Told::Not);
        };
        let path = format!("{}.relationships.{name}", self.kind);
        match &relationship.data {
            Told::Not => Ok(Told::Not),
            Told::Empty => Ok(Told::Empty),
            Told::Is(raw) => {
                let identifier: Identifier = serde_json::from_str(raw.get())
                    .map_err(|error| Error::unreadable(&path, error))?;
                let id = self::identifier(&identifier.id, &path)?;
                id.parse()
                    .map(Told::Is)
                    .map_err(|error| Error::unreadable(&path, error))
            }
        }
    }
}

impl Resource {
    /// The numbers of all resources that this one relates to by `name`.
    pub(crate) fn all_related(&self, name: &str) -> Result<Told<Vec<i64>>, Error> {
        let path = format!("{}.relationships.{name}", self.kind);
        let data = self.relationships.get(name).map(|found| &found.data);
        let raw = match data {
            None | Some(Told::Not) => return Ok(Told::Not),
            Some(Told::Empty) => return Ok(Told::Empty),
            Some(Told::Is(raw)) => raw,
        };
        let all: Vec<Identifier> =
            serde_json::from_str(raw.get()).map_err(|error| Error::unreadable(&path, error))?;
        let numbers = all.iter().map(|one| {
            let id = identifier(&one.id, &path)?;
            id.parse().map_err(|error| Error::unreadable(&path, error))
        });
        numbers.collect::<Result<_, _>>().map(Told::Is)
    }
}

impl Client {
    /// One resource with those that came along; `None` where it is not there.
    pub(crate) async fn resource(
        &self,
        operation: &'static str,
        url: Url,
    ) -> Result<Option<(Resource, Vec<Resource>)>, Error> {
        let answer = match self.read(operation, url).await {
            Err(Error::NotFound) => return Ok(None),
            answer => answer?,
        };
        let (page, _) = read(operation, &answer)?;
        if page.is_list && page.data.is_empty() {
            // Taken for not there it would mean that a record is gone.
            return Err(Error::unreadable(
                operation,
                "a list came, with nothing in it",
            ));
        }
        let mut data = page.data.into_iter();
        Ok(data.next().map(|resource| (resource, page.included)))
    }

    /// All pages from `url` on. No page is asked for: a build that pages gives its first one with a link to the next;
    /// one that pages by `pageno` and `pagesize` (both or neither, as of named queries), or not at all, gives all.
    pub(crate) async fn resources(&self, operation: &'static str, url: Url) -> Result<Page, Error> {
        let mut all = Page::default();
        self.each_page(operation, url, |page| {
            all.data.extend(page.data);
            all.included.extend(page.included);
            Ok(())
        })
        .await?;
        Ok(all)
    }

    /// All pages of a list, asked for with a filter that no document shows; of a build that refuses it, all there is. The caller looks
    /// through either.
    pub(crate) async fn filtered_or_all(
        &self,
        operation: &'static str,
        all: Url,
        (filter, value): (&str, &str),
    ) -> Result<Page, Error> {
        let mut filtered = all.clone();
        filtered
            .query_pairs_mut()
            .append_pair(&format!("filter[{filter}]"), value);
        match self.resources(operation, filtered).await {
            Err(Error::Refused {
                status: 400..=499, ..
            }) => self.resources(operation, all).await,
            page => page,
        }
    }

    /// All pages, one at a time, so that not more than one need be kept.
    pub(crate) async fn each_page(
        &self,
        operation: &'static str,
        url: Url,
        mut take: impl FnMut(Page) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let mut pages = Pages::from(operation, url);
        while let Some(page) = self.next_page(&mut pages).await? {
            take(page)?;
        }
        Ok(())
    }

    /// The next page of a list; `None` after the last.
    pub(crate) async fn next_page(&self, pages: &mut Pages) -> Result<Option<Page>, Error> {
        let Some(url) = pages.next.take() else {
            return Ok(None);
        };
        let operation = pages.operation;
        if pages.seen.len() >= MOST_PAGES || !pages.seen.insert(url.to_string()) {
            return Err(Error::unreadable(
                operation,
                "paging does not come to an end",
            ));
        }
        let (page, link) = read(operation, &self.read(operation, url).await?)?;
        if !page.is_list {
            return Err(Error::unreadable(operation, "there is no list"));
        }
        pages.next = link
            .map(|link| own_address(self.settings(), operation, &link))
            .transpose()?;
        Ok(Some(page))
    }
}

/// The address a link means: below our application, whatever host and prefix it is written with.
/// Behind a proxy Jim2 writes its inner host, and some builds leave the application out.
pub(crate) fn own_address(settings: &Settings, operation: &str, link: &str) -> Result<Url, Error> {
    let written = settings
        .base_url
        .join(link)
        .map_err(|error| Error::unreadable(operation, error))?;
    let (_, below) = written
        .path()
        .split_once("/api/v1/")
        .ok_or_else(|| Error::unreadable(operation, "the next page is outside the API"))?;
    let mut own = settings.url(&["api", "v1"]);
    own.set_path(&format!("{}/{below}", own.path()));
    own.set_query(written.query());
    Ok(own)
}

pub(crate) fn read(operation: &str, answer: &Answer) -> Result<(Page, Option<String>), Error> {
    let unreadable = |error| Error::unreadable(operation, error);
    let document: Document = answer
        .json()
        .map_err(|error| Error::unreadable(operation, error))?;
    let data = match document.data.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str(document.data.get()).map_err(unreadable)?,
        Some(b'{') => vec![serde_json::from_str(document.data.get()).map_err(unreadable)?],
        Some(b'n') => Vec::new(),
        _ => return Err(Error::unreadable(operation, "the data is no resource")),
    };
    let page = Page {
        data,
        included: document.included,
        is_list: document.data.get().starts_with('['),
    };
    Ok((
        page,
        document.links.get("next").and_then(|raw| link_of(raw)),
    ))
}

/// The resource in the answer to a write.
pub(crate) fn written_resource(operation: &str, answer: &Answer) -> Result<Resource, Error> {
    let (page, _) = read(operation, answer)?;
    page.data
        .into_iter()
        .next()
        .ok_or_else(|| Error::unreadable(operation, "the answer holds no resource"))
}

/// A link is text, or an object with an `href`; null and empty text are none.
fn link_of(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Link {
        Plain(String),
        Object { href: String },
        Other(serde::de::IgnoredAny),
    }
    match serde_json::from_str(raw.get()).ok()? {
        Link::Plain(href) | Link::Object { href } => Some(href).filter(|href| !href.is_empty()),
        Link::Other(_) => None,
    }
}

fn identifier(raw: &RawValue, path: &str) -> Result<String, Error> {
    Cell::read(raw)
        .ok()
        .and_then(|cell| cell.letters().map(str::to_owned))
        .ok_or_else(|| Error::unreadable(path, "the identifier is missing"))
}

/// A document for a POST or a PATCH.
#[derive(Debug, Serialize)]
pub(crate) struct Sent<A> {
    data: SentResource<A>,
}

#[derive(Debug, Serialize)]
struct SentResource<A> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    attributes: A,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    relationships: BTreeMap<&'static str, Related>,
}

/// What a resource is to relate to; nothing is null.
#[derive(Debug, Serialize)]
struct Related {
    data: Option<RelatedTo>,
}

#[derive(Debug, Serialize)]
struct RelatedTo {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

impl<A: Serialize> Sent<A> {
    /// A resource to make.
    pub(crate) fn new(kind: &'static str, attributes: A) -> Self {
        Self {
            data: SentResource {
                kind,
                id: None,
                attributes,
                relationships: BTreeMap::new(),
            },
        }
    }

    /// The same, related by `name` to the resource of this type and number.
    pub(crate) fn of(self, name: &'static str, kind: &'static str, number: i64) -> Self {
        self.of_or_none(name, kind, Some(number))
    }

    /// The same, related to that or to nothing.
    pub(crate) fn of_or_none(
        mut self,
        name: &'static str,
        kind: &'static str,
        number: Option<i64>,
    ) -> Self {
        let data = number.map(|number| RelatedTo {
            kind,
            id: number.to_string(),
        });
        self.data.relationships.insert(name, Related { data });
        self
    }

    /// Changes of an existing resource.
    pub(crate) fn changes(kind: &'static str, id: String, attributes: A) -> Self {
        Self {
            data: SentResource {
                kind,
                id: Some(id),
                attributes,
                relationships: BTreeMap::new(),
            },
        }
    }
}
