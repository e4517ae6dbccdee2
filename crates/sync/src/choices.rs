//! What a site can choose of a kind beside its mapping table. A kind says it here, and the operator's commands and
//! `connect` take it from there.

use domain::System;

/// What there is to choose. [`Choices::NONE`] is the base of all.
#[derive(Debug, Clone, Copy)]
pub struct Choices {
    /// The kind's word.
    pub kind: &'static str,
    /// What `connect --create` with that word makes in Jim2; nothing is made before it. Empty where it is not asked here.
    pub makes: &'static str,
    /// Which records take part.
    pub filters: &'static [Filter],
    /// Lists with values of both systems.
    pub lists: &'static [List],
    /// Settings.
    pub settings: &'static [Setting],
    /// The settings that keep what Jim2 was found not to take (see [`crate::refused_fields`]): at making and at changing.
    pub learnt: &'static [&'static str],
}

/// Values of a fact that pass, or that are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    /// What holds where nobody chose.
    pub default: &'static str,
    /// The list that its values are of, and whose; an empty name: none, any number goes.
    pub list: (&'static str, System),
    /// Whether it can also say what does not pass.
    pub excepts: bool,
    /// Whether it can say that nothing is meant.
    pub none: bool,
}

/// A list, and where each system has it.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// Our name of it.
    pub name: &'static str,
    /// The entity and the field of Autotask whose picklist it is.
    pub autotask: (&'static str, &'static str),
    /// What Jim2 calls it; empty where its values are stock codes, of which Jim2 tells no list.
    pub jim2: &'static str,
}

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub is: Holds,
    /// What holds where nobody chose; of what `connect` finds out, how to have it found out again.
    pub default: &'static str,
    /// What it is for.
    pub about: &'static str,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
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
    /// Hours of the week.
    Hours,
}

impl Choices {
    /// Nothing to choose, or nothing that is said here.
    pub const NONE: Self = Self {
        kind: "",
        makes: "",
        filters: &[],
        lists: &[],
        settings: &[],
        learnt: &[],
    };
}

impl Filter {
    /// What passes of Autotask's records; all does at first.
    pub const fn passing(name: &'static str, about: &'static str, list: &'static str) -> Self {
        Self {
            name,
            about,
            default: "all",
            list: (list, System::Autotask),
            excepts: true,
            none: false,
        }
    }

    /// The same, where it has to be said what is meant.
    pub const fn meant(name: &'static str, about: &'static str, list: &'static str) -> Self {
        Self {
            excepts: false,
            ..Self::passing(name, about, list)
        }
    }

    /// What is marked by it, which may be nothing, as it is at first.
    pub const fn marking(name: &'static str, about: &'static str, list: &'static str) -> Self {
        Self {
            none: true,
            default: "none",
            ..Self::meant(name, about, list)
        }
    }

    /// What passes of Jim2's records; a filter that nobody set is not looked at.
    pub const fn of_jim2(name: &'static str, about: &'static str, list: &'static str) -> Self {
        Self {
            default: "not looked at",
            list: (list, System::Jim2),
            ..Self::passing(name, about, list)
        }
    }
}

impl Setting {
    /// The default of what is needed: nothing is made up.
    pub const HELD: &'static str = "none: such records are held";

    /// A setting.
    pub const fn new(
        name: &'static str,
        is: Holds,
        default: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            is,
            default,
            about,
        }
    }

    /// One that is off at first.
    pub const fn switch(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Holds::Switch, "off", about)
    }
}
