//! What a site can choose of a kind beside its mapping table. A kind says it here, and the operator's commands and
//! `connect` take it from there.

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
    /// Settings that are off at first, with what they are for.
    pub switches: &'static [(&'static str, &'static str)],
    /// The settings that keep what Jim2 was found not to take (see [`crate::refused_fields`]): at making and at changing.
    pub learnt: &'static [&'static str],
}

/// Values of a fact that pass, all at first.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    /// The list that its values are of; empty: any number of Autotask goes.
    pub list: &'static str,
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

impl Choices {
    /// Nothing to choose, or nothing that is said here.
    pub const NONE: Self = Self {
        kind: "",
        makes: "",
        filters: &[],
        lists: &[],
        switches: &[],
        learnt: &[],
    };
}
