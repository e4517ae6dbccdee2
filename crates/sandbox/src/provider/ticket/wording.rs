//! What people write on tickets: titles, descriptions, notes, purchase orders.

use super::super::draw::Draw;

/// One kind of trouble.
pub(super) struct Case {
    pub(super) title: &'static str,
    text: &'static str,
}

const fn case(title: &'static str, text: &'static str) -> Case {
    Case { title, text }
}

/// By issue, in the order of [`super::super::ISSUES`].
pub(super) const CASES: [&[Case]; 5] = [COMPUTER, NETWORK, PRINTER, EMAIL, SERVER];

const COMPUTER: &[Case] = &[
    case(
        "Laptop won't wake from sleep",
        "Screen stays black after lunch, the fan spins.\nHolding the power button helps until the next day.",
    ),
    case(
        "New starter on Monday - laptop & accounts please",
        "Starts 8:30 am.\nSame set-up as the rest of accounts: MYOB, Outlook, two monitors.",
    ),
    case(
        "\"Your disk is almost full\" warning",
        "C: shows 1.2 GB free of 237 GB.",
    ),
    case(
        "PC extremely slow after update",
        "Takes > 10 minutes to log in since last night's update.",
    ),
    case(
        "Blue screen: DRIVER_IRQL_NOT_LESS_OR_EQUAL",
        "Twice this morning while on a Teams call. Docking station is the new one.",
    ),
    case(
        "Locked out - password expired",
        "Cannot log in, says the password has expired. Has a client at 2.",
    ),
    case(
        "Second monitor not detected",
        "Tried another cable & another port, no luck.",
    ),
];

const NETWORK: &[Case] = &[
    case(
        "Internet down at the shop",
        "NBN box has a red light. EFTPOS is down too, customers are waiting.",
    ),
    case(
        "Wi-Fi drops in the meeting room",
        "Every call freezes after about 5 minutes; fine at the front desk.",
    ),
    case(
        "VPN error 809 from home",
        "Worked last week. Home internet is OK.\n\nError: the network connection between your computer and the VPN server could not be established.",
    ),
    case(
        "Firewall licence expires this month",
        "Portal shows 14 days left. Please quote 1 & 3 years.",
    ),
    case(
        "Phones crackle on outgoing calls",
        "All handsets, mostly in the afternoon. Incoming calls are fine.",
    ),
    case(
        "Alert: WAN link flapping (12 times in 1 h)",
        "Monitor: PING loss 38 % <-> gateway 203.0.113.1",
    ),
];

const PRINTER: &[Case] = &[
    case(
        "Printer in reception jams every few pages",
        "Tray 2 only. We've cleaned the rollers as you showed us.",
    ),
    case(
        "Scan to email has stopped",
        "Message on the panel: \"SMTP authentication failed\".",
    ),
    case(
        "Prints come out with a grey stripe",
        "Down the left-hand side, on every page.",
    ),
    case(
        "Can't print labels from the dispatch PC",
        "Says 'offline', but the printer's light is green.",
    ),
    case(
        "Toner order - 2 x black, 1 x cyan",
        "Serial on the sticker. Please send to the Café's back door, not the front.",
    ),
];

const EMAIL: &[Case] = &[
    case(
        "Phishing email - did I click something bad?",
        "It said it was from the director & asked for gift cards. I opened the attachment.",
    ),
    case(
        "Shared mailbox missing in Outlook",
        "accounts@ has disappeared for two of us since yesterday.",
    ),
    case(
        "Emails to one customer bounce (550 5.7.1)",
        "Only to the council. Bounce says \"SPF check failed\".",
    ),
    case(
        "Mailbox full",
        "Outlook says 49.5 GB of 50 GB. Can the archive go on?",
    ),
    case(
        "Out of office for Siobhán while on leave",
        "From Monday, three weeks. Forward anything urgent to the office manager – thanks!",
    ),
    case(
        "Calendar invites arrive an hour late in QLD",
        "Since daylight saving began; the Brisbane office sees everything an hour out.",
    ),
];

const SERVER: &[Case] = &[
    case(
        "Backup failed: 3 nights in a row",
        "Job 'Nightly full' <failed>: not enough space on the target.",
    ),
    case(
        "Server room alarm - temperature 34°C",
        "Air-con tripped overnight, back on now. Please check nothing has died.",
    ),
    case(
        "Job system says \"database not available\"",
        "Everyone in the office; started at 9:05.",
    ),
    case(
        "Disk in slot 4 predicted to fail",
        "RAID is still optimal. Under warranty till June.",
    ),
    case(
        "Access to the 'Tenders 2027' folder",
        "For the new estimator, read & write. Approved by the GM.",
    ),
    case(
        "Monthly patching window",
        "Reboot both hosts after 7 pm Thursday, test the job system after.",
    ),
];

const NOTES: [(&str, bool); 12] = [
    ("Called back, left a message with reception.", true),
    (
        "Remoted in, reproduced the fault. Event log attached to the asset.",
        false,
    ),
    (
        "Updated the driver & firmware; asked the user to test until tomorrow.",
        true,
    ),
    ("Quoted a replacement, waiting for their approval.", true),
    (
        "Spoke to the carrier: ref INC-77120, technician booked between 8 and 12.",
        true,
    ),
    (
        "Third time this month, suggest replacing it at the next review.",
        false,
    ),
    (
        "Restarted the service, all users back in. Root cause: certificate expired.",
        false,
    ),
    ("Part ordered, ETA two business days.", true),
    (
        "User confirms it's working. Thanks for your patience!",
        true,
    ),
    (
        "Checked the backups: last good one is from Saturday.",
        false,
    ),
    (
        "Reset the password and walked her through MFA on the new phone.",
        true,
    ),
    (
        "Onsite: reseated the cables, cleaned the rollers, printed 50 test pages.\nNo jam.",
        true,
    ),
];

/// What the customer said; one ticket in twelve has no description, and most end with who to call.
pub(super) fn description(draw: &mut Draw, case: &Case, caller: Option<&str>) -> String {
    let (silent, told) = (draw.chance(8), draw.chance(60));
    match caller {
        _ if silent => String::new(),
        Some(first) if told => format!("{}\n\nPlease call {first}.", case.text),
        Some(_) | None => case.text.to_owned(),
    }
}

/// A technician's note, and whether the customer may read it.
pub(super) fn note(draw: &mut Draw) -> (&'static str, bool) {
    *draw.one(&NOTES)
}

/// One customer in seven gives a purchase order.
pub(super) fn purchase_order(draw: &mut Draw) -> String {
    let number = draw.digits(5);
    let form = draw.below(3);
    match form {
        _ if !draw.chance(15) => String::new(),
        0 => format!("PO-{number}"),
        1 => format!("PO {number}/26"),
        _ => number,
    }
}
