//! Step 3: Jim2. Tokens, a free licence, which database it is, and what its build can do.

mod forms;

use std::sync::Arc;

use domain::{System, Told};
use ingress::{OWN_INITIALS, feed::CHANGES_CURSOR};
use jim2::{
    Client, ContactIds, DateReading, ListEntry, LocalSession, QueryState, Settings,
    sounds_like_training,
};
use reconciler::lists::{InJim2, by_name};
use store::{cursor::Position, database::Known, system::Identity};

use super::{
    Args, Kit, Report,
    autotask_side::{self, AutotaskSide},
    failure::{of_jim2, other_database},
    jim2_request,
};

/// What Jim2 told of itself.
#[derive(Debug)]
pub(super) struct Jim2Side {
    /// A client for reading, told of everything below that reading depends on.
    pub(super) client: Client,
    /// Whether the site has all of our named queries.
    pub(super) named_queries: bool,
    /// Whether comments can be written on jobs.
    pub(super) comments_writable: bool,
    /// The initials Jim2 stamps on what we do, where they could be told.
    pub(super) initials: Option<String>,
    /// How dates count, where Jim2's clock tells.
    pub(super) date_reading: Option<DateReading>,
    /// How the ids of contacts are written, where one was found.
    pub(super) contact_ids: Option<ContactIds>,
    /// What Jim2's list calls an e-mail address, a fixed line and a mobile of a contact.
    pub(super) contact_types: [Option<String>; 3],
    /// All lists, by their names.
    pub(super) lists: InJim2,
}

impl Jim2Side {
    /// The entries of a list.
    pub(super) fn list(&self, name: &str) -> &[ListEntry] {
        self.lists.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Looks at Jim2. Nothing is written there; a session that writes is opened and logged off again.
pub(super) async fn look(
    args: &Args,
    kit: &Kit,
    autotask: &AutotaskSide,
    report: &mut Report<'_>,
) -> anyhow::Result<Jim2Side> {
    report.begin("Jim2", 4);
    let named_queries = queries(kit, report).await?;
    let mut settings = Settings {
        named_queries,
        ..kit.jim2.settings().clone()
    };
    let date_reading = if named_queries {
        identify(args, kit, report).await?
    } else {
        let known = store::database::known(&kit.db, System::Jim2).await?;
        training(args, kit, (None, None), &known).await?;
        if let Some(departed) = &known.departed {
            anyhow::bail!(other_database(&departed.reason));
        }
        None
    };
    settings.date_reading = date_reading.unwrap_or(settings.date_reading);
    report.advance(1);
    let comments_writable = comments(kit, report).await?;
    report.advance(1);
    let lists = lists(&reader(kit, settings.clone()), report).await?;
    let types = lists.get("ContactType").map_or(&[][..], Vec::as_slice);
    let contact_types = forms::named_types(types, report)?;
    settings.contact_types = forms::types(kit, &contact_types).await?;
    let client = reader(kit, settings);
    let mut side = Jim2Side {
        contact_ids: forms::contact_ids(kit, &client).await?,
        client,
        named_queries,
        comments_writable,
        initials: None,
        date_reading,
        contact_types,
        lists,
    };
    side.initials = initials(args, kit, autotask, &side, report).await?;
    store::system::clear_stop(&kit.db, System::Jim2).await?;
    let queries = if named_queries {
        "named queries"
    } else {
        "no named queries"
    };
    let comments = if comments_writable {
        "writable"
    } else {
        "read-only"
    };
    report.done(&format!(
        "Jim2 answers and has a licence free: {queries}, comments {comments}, we are {}",
        side.initials.as_deref().unwrap_or("unknown")
    ))?;
    Ok(side)
}

/// The first call: it proves address and credentials. Answers whether all named queries are there.
async fn queries(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<bool> {
    let found = kit
        .jim2
        .probe_named_queries()
        .await
        .map_err(|error| of_jim2(error, "try the named queries"))?;
    report.advance(1);
    let lacking: Vec<_> = found
        .queries
        .iter()
        .filter(|(_, state)| *state != QueryState::Ready)
        .map(|(query, state)| (*query, state))
        .collect();
    if found.named_queries() {
        if !lacking.is_empty() {
            report.warn(format!(
                "{} of {} named queries are missing in Jim2, without which billing and stock cost a call or more for each \
                 job and stock code",
                lacking.len(),
                found.queries.len()
            ))?;
            report.request(jim2_request::text(&lacking));
        }
        return Ok(true);
    }
    report.warn(format!(
        "{} of {} named queries are missing in Jim2, so changes are found by LastModified: later, with more calls, and \
         without knowing who made them. What was deleted in Jim2, and a contact that changed alone, is found when its \
         record is looked at for another reason; Jim2's lists are not told, so their values are mapped by hand; and a \
         restored database is noticed only by a job that is not there any more",
        lacking.len(),
        found.queries.len()
    ))?;
    report.request(jim2_request::text(&lacking));
    Ok(false)
}

/// Refuses another database than before, and a training copy that nobody meant; the first one is kept. Answers how its
/// dates count.
async fn identify(
    args: &Args,
    kit: &Kit,
    report: &mut Report<'_>,
) -> anyhow::Result<Option<DateReading>> {
    let system = kit
        .jim2
        .system()
        .await
        .map_err(|error| of_jim2(error, "ask which database it is"))?;
    let known = store::database::known(&kit.db, System::Jim2).await?;
    let told = Told::get(&system.name).map(String::as_str);
    training(args, kit, (system.training, told), &known).await?;
    let found = Identity {
        database_id: system.identity.database_id.clone(),
        db_epoch: system.identity.epoch,
    };
    match &known.identity {
        Some(known) if *known != found => {
            anyhow::bail!(other_database(&format!("{} answers", system.identity)))
        }
        Some(_) => {}
        None => store::system::set_identity(&kit.db, System::Jim2, &found).await?,
    }
    if let Some(departed) = &known.departed {
        anyhow::bail!(other_database(&departed.reason));
    }
    start_feed(kit, found).await?;
    forms::clock(kit, &system, report)
}

/// Refuses a training copy: what is tried out in it must not reach the real Autotask, nor must its numbers be taken for the
/// real ones. A site that is for trying things out says so once, and is then kept from the real database.
async fn training(
    args: &Args,
    kit: &Kit,
    (told, name): (Option<bool>, Option<&str>),
    known: &Known,
) -> anyhow::Result<()> {
    let sounds = [name, kit.jim2.settings().application()]
        .into_iter()
        .flatten()
        .find(|name| sounds_like_training(name));
    let why = match (told, sounds) {
        (Some(true), _) => Some("it says so itself".to_owned()),
        (None, Some(name)) => Some(format!("it is called {name}")),
        (Some(false), _) | (None, None) => None,
    };
    let is_meant = args.training || known.is_training;
    match why {
        Some(why) if !is_meant => anyhow::bail!(
            "this Jim2 is a training copy ({why}), and a site is not connected to one by mistake: point JIM2_URL at the real \
             database, or, if this site is for trying things out, connect with --training"
        ),
        None if args.training && told == Some(false) => anyhow::bail!(
            "this Jim2 is no training copy, as it says itself: connect without --training, or point JIM2_URL at the copy"
        ),
        Some(_) | None => {}
    }
    if args.training && !known.is_training {
        store::database::set_training(&kit.db, System::Jim2, true).await?;
    }
    Ok(())
}

/// The change feed begins here: what was changed before is matched, not replayed.
async fn start_feed(kit: &Kit, database: Identity) -> anyhow::Result<()> {
    if store::cursor::get(&kit.db, CHANGES_CURSOR).await?.is_some() {
        return Ok(());
    }
    let changes = kit
        .jim2
        .changes(0, 1)
        .await
        .map_err(|error| of_jim2(error, "read its change table"))?;
    let here = Position {
        position: changes.safe_mark,
        at: None,
        database_id: Some(database.database_id),
        db_epoch: Some(database.db_epoch),
    };
    store::cursor::move_to(&kit.db, CHANGES_CURSOR, None, &here).await?;
    Ok(())
}

/// Opens the writing session, which proves a licence. One that others use stays open.
async fn comments(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<bool> {
    let is_shared = store::session::load(&kit.db, System::Jim2).await?.is_some();
    let probed = kit.jim2.job_comments_writable().await;
    if !is_shared {
        kit.jim2
            .close_writing_session()
            .await
            .map_err(|error| of_jim2(error, "log off again"))?;
    }
    let writable = probed.map_err(|error| of_jim2(error, "open a session that writes"))?;
    if !writable {
        report.warn(
            "this build of Jim2 takes no comments from the API: notes of tickets stay in Autotask, comments of jobs \
             still become notes",
        )?;
    }
    Ok(writable)
}

/// A client that reads as this site can. It never writes, so its session stays closed.
fn reader(kit: &Kit, settings: Settings) -> Client {
    Client::new(
        kit.http.clone(),
        settings,
        Arc::clone(&kit.clock),
        Arc::new(LocalSession::default()),
    )
}

/// Jim2's lists; the API tells them by a named query only.
async fn lists(client: &Client, report: &mut Report<'_>) -> anyhow::Result<InJim2> {
    let mut lists = InJim2::new();
    match client.lists().await {
        Ok(entries) => lists = by_name(entries),
        Err(jim2::Error::NoSuchQuery(_)) => report.warn(
            "Jim2's lists can be read by a named query only: until Happen has installed it, map each value by hand \
             with `crossbill lookups set`",
        )?,
        Err(error) => return Err(of_jim2(error, "read its lists")),
    }
    report.advance(1);
    Ok(lists)
}

/// Our own initials: as told, as decided before, or those of the user with our e-mail address.
async fn initials(
    args: &Args,
    kit: &Kit,
    autotask: &AutotaskSide,
    side: &Jim2Side,
    report: &mut Report<'_>,
) -> anyhow::Result<Option<String>> {
    if let Some(initials) = &args.jim2_initials {
        return Ok(Some(initials.clone()));
    }
    if let Some(initials) = store::setting::get(&kit.db, OWN_INITIALS).await? {
        return Ok(Some(initials));
    }
    let ours = autotask_side::own_addresses(autotask);
    let mut users = side.list("User").iter().filter(|user| {
        let address = user.extra.get().map(|address| address.to_lowercase());
        address.is_some_and(|address| ours.contains(&address))
    });
    if let (Some(user), None) = (users.next(), users.next()) {
        return Ok(Some(user.code.clone()));
    }
    report.warn(
        "our own initials in Jim2 could not be told, so our own comments may come back as notes: connect again with \
         --jim2-initials",
    )?;
    Ok(None)
}
