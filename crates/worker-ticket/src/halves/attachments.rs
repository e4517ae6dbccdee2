//! What is attached to a ticket, as one child of it: a list that a comment on the job follows.

use autotask::TicketAttachment;
use domain::Value;
use sync::{Child, NO_FIRST_COPY};

use crate::TicketSettings;

/// The fact that says that a child is the list, not a note.
pub(crate) const LIST: &str = "attachments";

/// The fact that says where the ticket is to be looked at.
pub(crate) const LINK: &str = "link";

/// The list of a ticket's attachments by their titles, in the order in which they came. It is always there, so that it
/// can become empty; a first copy is made of one only to which something was attached since the site wanted lists.
/// What is attached for our own people only stays out, unless their notes travel, too.
pub(super) fn list(
    ticket: i64,
    attachments: &[&TicketAttachment],
    link: Option<&str>,
    settings: &TicketSettings,
) -> Child {
    let shown = |one: &&&TicketAttachment| {
        let publish = one.publish.get();
        let is_public = publish.is_some_and(|it| settings.publish_customers.contains(it));
        is_public || settings.internal_notes
    };
    let shown: Vec<&TicketAttachment> = attachments.iter().filter(shown).copied().collect();
    let lines: Vec<String> = shown
        .iter()
        .map(|one| format!("- {}", title(one)))
        .collect();
    let at = shown.iter().filter_map(|one| one.attach_date.get()).max();
    let is_new = matches!((at, settings.attachments_from), (Some(at), Some(from)) if *at >= from);
    let link = link.map(|link| (LINK, Value::text(link)));
    let facts = [(LIST, true.into()), (NO_FIRST_COPY, (!is_new).into())];
    Child {
        id: format!("attachments-{ticket}").into(),
        text: lines.join("\n"),
        author: String::new(),
        at: at.copied(),
        ours: false,
        mark: None,
        facts: facts.into_iter().chain(link).collect(),
    }
}

fn title(attachment: &TicketAttachment) -> String {
    let told = [&attachment.title, &attachment.full_path];
    let mut told = told.into_iter().filter_map(|text| text.get());
    let title = told.find(|text| !text.trim().is_empty());
    title.map_or_else(
        || format!("attachment {}", attachment.id),
        |title| title.split_whitespace().collect::<Vec<_>>().join(" "),
    )
}
