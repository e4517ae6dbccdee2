//! The settings that there are. One that is not in these tables, and that no kind says of itself, cannot be set.

mod jim2;
mod money;
mod tenant;
mod work;

use std::sync::LazyLock;

use crate::kinds;

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) is: Type,
    /// What holds where nobody chose; of what `connect` finds out, how to have it found out again.
    pub(crate) default: &'static str,
    /// What it is for.
    pub(crate) about: &'static str,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// What `connect` finds out each time.
    Found,
    /// A text.
    Text,
    /// Texts with commas between them.
    Words,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// On or off.
    Switch,
    /// A moment.
    Moment,
    /// A number of Autotask's; by its name too, where it is of a list.
    Number(Option<&'static str>),
    /// Several of them.
    Numbers(&'static str),
    /// Days on which something is not done.
    Freeze,
    /// Days of the week.
    WorkingDays,
}

/// Every setting: those of the tables below, and what kinds say of themselves.
pub(crate) static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let said = kinds::choices().flat_map(|choices| {
        let learnt = choices
            .learnt
            .iter()
            .map(|name| of(name, Type::Found, LEARNT, UNTAKEN));
        let switches = choices.switches.iter();
        learnt.chain(switches.map(|(name, about)| of(name, Type::Switch, "off", about)))
    });
    TABLES.concat().into_iter().chain(said).collect()
});

/// What no kind says of itself, in the order in which it is shown.
const TABLES: [&[Setting]; 4] = [work::ROWS, money::ROWS, jim2::ROWS, tenant::ROWS];

/// How it is found out what Jim2 does not take.
const LEARNT: &str = "none; learnt from refusals, and forgotten by connect";

/// What of a kind is learnt so.
const UNTAKEN: &str = "fields that this build of Jim2 does not take: when such a record is made, or when it is changed";

/// What a text is that has no limit.
const AS_LONG: &str = "as long as the ticket's";

/// What happens where a needed default is missing.
const HELD: &str = "none: such records are held";

const fn of(name: &'static str, is: Type, default: &'static str, about: &'static str) -> Setting {
    Setting {
        name,
        is,
        default,
        about,
    }
}
