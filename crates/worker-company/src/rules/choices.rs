//! What a site can choose of companies.

use sync::{Choices, Filter, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "company",
    filters: FILTERS,
    settings: SETTINGS,
    ..Choices::NONE
};

const FILTERS: &[Filter] = &[Filter {
    default: "the type Customer",
    ..Filter::meant("types", "types of companies that get cards", "companyType")
}];

const SETTINGS: &[Setting] = &[
    Setting::new(
        "notes.company",
        Holds::Switch,
        "off",
        "whether notes of cards become notes of their companies; Jim2 tells them by the named query crossbill_card_notes",
    ),
    Setting::new(
        "company_note.action_type",
        Holds::Number(Some("companyNoteAction")),
        "connect proposes one where notes.company is on; none: such notes are held",
        "the action type of notes made from those of cards",
    ),
    Setting::new(
        "default.company_type",
        Holds::Number(Some("companyType")),
        "1",
        "the type of companies made from cards",
    ),
    Setting::new(
        "default.owner",
        Holds::Number(Some("technician")),
        Setting::HELD,
        "the owner of companies made from cards, where the account manager is nobody we know",
    ),
    Setting::new(
        "default.phone",
        Holds::Text,
        Setting::HELD,
        "the phone of companies made from cards without one",
    ),
    Setting::new(
        "udf.card_no",
        Holds::Text,
        "Jim2 CardNo",
        "the field of companies with their card",
    ),
    Setting::new(
        "udf.credit_hold",
        Holds::Text,
        "Jim2 credit hold",
        "the field of companies that says they are on hold",
    ),
    Setting::new(
        "udf.opt_out",
        Holds::Text,
        "Jim2 opt-out",
        "the field of companies that keeps them out of Jim2",
    ),
];
