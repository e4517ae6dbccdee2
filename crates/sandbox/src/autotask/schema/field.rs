//! One field of an entity, read from a line such as `companyName  str100  REQ wh`.

/// One field of an entity.
#[derive(Debug)]
pub(in crate::autotask) struct Field {
    /// The name in records: `companyName`.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// The longest text it takes.
    pub max_length: Option<usize>,
    /// The plural of the entity it points at.
    pub reference: Option<&'static str>,
    flags: Vec<Flag>,
}

/// What a field's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::autotask) enum Kind {
    Int,
    Long,
    Double,
    Bool,
    Datetime,
    Text,
}

/// What the metadata says of a field besides its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::autotask) enum Flag {
    /// Must have a value.
    Required,
    /// Cannot change after creation.
    CreateOnly,
    /// Written by the system only.
    ReadOnly,
    /// Cannot be used in a filter.
    NotQueryable,
    /// Takes the values of a picklist only.
    Picklist,
    /// Can be subscribed to by webhooks.
    Webhook,
}

impl Field {
    /// Tells whether the field carries this flag.
    pub(in crate::autotask) fn is(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    pub(super) fn read(line: &'static str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        let (kind, max_length) = kind(words.next()?)?;
        let mut field = Self {
            name,
            kind,
            max_length,
            reference: None,
            flags: Vec::new(),
        };
        for word in words {
            match (word.strip_prefix("->"), flags(word)) {
                (Some(target), _) => field.reference = Some(target),
                (None, Some(flags)) => field.flags.extend(flags),
                (None, None) => return None,
            }
        }
        Some(field)
    }
}

impl Kind {
    /// The name the metadata uses.
    pub(in crate::autotask) fn name(self) -> &'static str {
        match self {
            Self::Int => "integer",
            Self::Long => "long",
            Self::Double => "double",
            Self::Bool => "boolean",
            Self::Datetime => "datetime",
            Self::Text => "string",
        }
    }
}

fn kind(word: &str) -> Option<(Kind, Option<usize>)> {
    Some(match word {
        "int" => (Kind::Int, None),
        "long" => (Kind::Long, None),
        "double" => (Kind::Double, None),
        "bool" => (Kind::Bool, None),
        "datetime" => (Kind::Datetime, None),
        "string" => (Kind::Text, None),
        text => (Kind::Text, Some(text.strip_prefix("str")?.parse().ok()?)),
    })
}

/// `?` marks a field newer than the metadata the table was made from: nothing is known of it.
fn flags(word: &str) -> Option<Vec<Flag>> {
    Some(match word {
        "REQ" => vec![Flag::Required],
        "REQ@create" => vec![Flag::Required, Flag::CreateOnly],
        "ro" => vec![Flag::ReadOnly],
        "nq" => vec![Flag::NotQueryable],
        "PL" => vec![Flag::Picklist],
        "wh" => vec![Flag::Webhook],
        "?" => vec![],
        _ => return None,
    })
}
