//! What a life must not come to.

use super::super::world::World;

/// Which of the rules was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The work never comes to an end.
    Standstill,
    /// Both sides differ, and nothing says why.
    Unequal,
    /// Two records were made for one.
    MadeTwice,
    /// What was once a pair and vanished was made again.
    MadeAgain,
    /// A person's entry is gone, and the journal does not know of it.
    Swallowed,
    /// A conflict was not decided by the owner, or decided against a later entry of his own.
    NotTheOwner,
    /// A person's note has no copy, or an old one.
    NoteLost,
    /// A note has two copies, or a copy was copied.
    NoteTwice,
    /// A copy does not say who wrote the note.
    NoteAuthor,
    /// Something was written to a record that is off limits.
    Trespass,
    /// A field was emptied that nobody emptied.
    Emptied,
    /// Something waits for a person, and nothing gave cause.
    HeldForNothing,
    /// A pair of two that do not name each other and that we did not make.
    Stranger,
    /// A difference from before was written by itself.
    Drifted,
}

/// A broken rule, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) broken: Broken,
    pub(super) says: String,
    /// What happened in the world and what the journal says of it, in order.
    pub(super) story: String,
}

impl Violation {
    pub(super) fn new(broken: Broken, says: impl Into<String>) -> Self {
        Self {
            broken,
            says: says.into(),
            story: String::new(),
        }
    }
}

impl Violation {
    /// With its story.
    pub(super) fn told(self, world: &World, journal: &[String]) -> Self {
        let past = world.state().past.clone().into_iter();
        let story: Vec<String> = past
            .map(|it| format!("{it:?}"))
            .chain(journal.to_vec())
            .collect();
        Self {
            story: story.join("\n"),
            ..self
        }
    }
}
