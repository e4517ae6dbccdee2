//! Tickets and their jobs, notes and comments.

use serde_json::json;

use crate::system::{SOON, Site, System, eventually, only_if, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_raised_in_autotask_becomes_a_job_and_its_number_comes_back() {
    let system = System::start(Site::default()).await;
    let (company, card) = system.hands.customer().await;
    let ticket = system
        .hands
        .raise_with(json!({
            "companyID": company, "title": "The printer on level 2 jams", "priority": 1, "purchaseOrderNumber": "PO 4711",
        }))
        .await;

    let number = system.hands.job_of(&ticket, SOON).await;

    let job = system.hands.job(&number).await;
    assert_eq!(text(&job, "OurRef"), format!("{}/1", ticket.number));
    assert_eq!(text(&job, "CustNo"), card.to_string());
    assert_eq!(text(&job, "CustRef"), "PO 4711");
    assert_eq!(text(&job, "Status"), "Booked");
    assert_eq!(text(&job, "Priority"), "High");
    let fault = "The printer on level 2 jams\n\nIt began this morning.";
    assert_eq!(text(&job, "FaultDesc"), fault);
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&ticket).await.len(), 1);
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_ticket_follows_to_the_job() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("No dial tone").await;
    let number = system.hands.job_of(&ticket, SOON).await;

    let set = json!({"title": "No dial tone on any phone", "priority": 4, "status": 8});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, set)
        .await;

    eventually(SOON, "the job says what the ticket says", async || {
        let job = system.hands.job(&number).await;
        let is_there = text(&job, "FaultDesc").starts_with("No dial tone on any phone\n")
            && (text(&job, "Priority"), text(&job, "Status"))
                == ("Critical".into(), "Proceed".into());
        only_if(is_there, job)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jobs_status_and_comment_come_back_to_the_ticket() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("The mailbox is full").await;
    let number = system.hands.job_of(&ticket, SOON).await;

    let set = json!({"status": "Proceed"});
    system.hands.edit_in_jim2("Job", &number, set).await;
    let set =
        json!({"jobNo": number.parse::<i64>().unwrap(), "comment": "Archived last year's mail."});
    system.hands.create_in_jim2("JobComment", set).await;

    let note = eventually(SOON, "the comment is a note on the ticket", async || {
        let notes = system.hands.notes(&ticket).await;
        let found = notes
            .iter()
            .find(|it| text(it, "description").contains("Archived last year's mail."));
        found
            .cloned()
            .ok_or_else(|| format!("{} other notes", notes.len()))
    })
    .await;
    assert!(
        text(&note, "description").contains(&system.hands.person().last_name),
        "it names its author: {note}"
    );
    assert_eq!(note["publish"], 2, "it is internal");
    eventually(SOON, "the ticket is in progress", async || {
        let ticket = system.hands.ticket(ticket.id).await;
        only_if(ticket["status"] == 8, &ticket["status"])
    })
    .await;
    system.quiet().await;
    assert_eq!(system.hands.notes(&ticket).await.len(), 1);
    assert_eq!(
        system.hands.comments(&number).await.len(),
        1,
        "no copy came back"
    );
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_for_the_customer_becomes_a_comment_and_an_internal_one_does_not() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("The monitor flickers").await;
    let number = system.hands.job_of(&ticket, SOON).await;

    for (publish, words) in [
        (2, "They never pay in time."),
        (1, "A new cable is on its way."),
    ] {
        let set = json!({
            "ticketID": ticket.id, "title": "News", "description": words, "noteType": 1, "publish": publish,
        });
        system.hands.create_in_autotask("TicketNotes", set).await;
    }

    eventually(SOON, "the note is a comment on the job", async || {
        let comments = system.hands.comments(&number).await;
        let is_copy = |it: &_| text(it, "comment").contains("A new cable is on its way.");
        only_if(
            comments.iter().any(is_copy),
            format!("{} comments", comments.len()),
        )
    })
    .await;
    system.quiet().await;
    let comments = system.hands.comments(&number).await;
    assert_eq!(comments.len(), 1, "the internal note stayed: {comments:?}");
    assert_eq!(
        comments[0]["include"], false,
        "it is not printed on the invoice"
    );
    assert_eq!(
        system.hands.notes(&ticket).await.len(),
        2,
        "no copy came back"
    );
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_attached_to_a_ticket_is_listed_on_its_job_with_a_link_until_it_is_gone() {
    let system = System::start(Site::default()).await;
    system
        .crossbill(&[
            "settings",
            "set",
            "attachments.from",
            "2026-01-01T00:00:00Z",
        ])
        .await;
    let ticket = system.hands.raise("The screen is black").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    let attach = async |title: &str| {
        let set = json!({"parentID": ticket.id, "title": title});
        system
            .hands
            .create_in_autotask("TicketAttachments", set)
            .await
    };
    let listed = async |what: &str, is_it: &dyn Fn(&str) -> bool| {
        eventually(SOON, what, async || {
            system.crossbill(&["sweep", "ticket"]).await;
            let comments = system.hands.comments(&job).await;
            let lists = comments.iter().map(|it| text(it, "comment"));
            let lists: Vec<String> = lists.filter(|it| it.contains("ttachments")).collect();
            only_if(
                lists.len() == 1 && is_it(&lists[0]),
                format!("{} {}", lists.len(), lists.join("; ")),
            )
        })
        .await;
    };
    let first = attach("screen.png").await;
    let link = format!("Code=OpenTicketDetail&TicketID={}", ticket.id);
    listed("the job lists it, with a link", &|list| {
        list.contains("- screen.png") && list.contains(&link)
    })
    .await;
    let second = attach("invoice.pdf").await;
    listed("the list has both", &|list| {
        list.contains("- screen.png\n- invoice.pdf")
    })
    .await;
    for id in [first, second] {
        system
            .hands
            .delete_in_autotask("TicketAttachments", id)
            .await;
    }
    listed("nothing is left", &|list| !list.contains("- ")).await;
    system.quiet().await;
    assert_eq!(
        system.hands.notes(&ticket).await.len(),
        0,
        "nothing came back"
    );
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_jim2_gives_a_ticket_to_gets_it_in_the_role_of_the_group_or_in_their_own() {
    let system = System::start(Site::default()).await;
    let [mapped, other] = [1, 2].map(|place: usize| system.hands.people[place].clone());
    let cards = system.hands.jim2.records("CardFile", None).await.unwrap();
    for (person, category) in [(&mapped, "Out and about"), (&other, "Workshop")] {
        let is_it = |card: &&serde_json::Value| card["user"]["initials"] == *person.initials;
        let card = cards.iter().find(is_it).unwrap();
        let mut user = card["user"].clone();
        user["category"] = category.into();
        let set = json!({ "user": user });
        let card = card["id"].to_string();
        system.hands.edit_in_jim2("CardFile", &card, set).await;
    }
    let roles = system.hands.autotask.records("Roles", None).await.unwrap();
    let resources = system.hands.autotask.records("Resources", None).await;
    let resources = resources.unwrap();
    let own = |person: i64| {
        let mut resources = resources.iter();
        let found = resources.find(|it| it["id"] == person).unwrap();
        found["defaultServiceDeskRoleID"].clone()
    };
    let wanted = roles.iter().find(|role| role["id"] != own(mapped.resource));
    let wanted = wanted.unwrap()["id"].clone();
    let said = system.connect(&["--resume"]).await;
    assert!(
        said.contains("\"Out and about\", \"Workshop\"") && said.contains("stand for no role"),
        "{said}"
    );
    let role = wanted.to_string();
    for command in [
        &["lookups", "set", "role", "jim2", "Out and about", &role][..],
        &["mapping", "set", "ticket", "assignee", "--way", "both"],
    ] {
        system.crossbill(command).await;
    }
    for (person, role) in [(&mapped, wanted), (&other, own(other.resource))] {
        let ticket = system.hands.raise("The fan is loud").await;
        let job = system.hands.job_of(&ticket, SOON).await;
        let set = json!({"name": person.initials});
        system.hands.edit_in_jim2("Job", &job, set).await;
        eventually(SOON, "the ticket is theirs", async || {
            let ticket = system.hands.ticket(ticket.id).await;
            let is_so = ticket["assignedResourceID"] == person.resource
                && ticket["assignedResourceRoleID"] == role;
            only_if(
                is_so,
                format!(
                    "{} {}",
                    ticket["assignedResourceID"], ticket["assignedResourceRoleID"]
                ),
            )
        })
        .await;
    }
    system.quiet().await;
    system.agrees().await;
}
