//! The kinds as full sweeps need them.

use std::{fmt, sync::Arc};

use domain::Kind;
use sync::{AnyHands, Facts, Rules};

/// How a kind reads and thinks, as the site's settings stand.
pub struct Reader {
    /// Its thinking.
    pub rules: Box<dyn Rules>,
    /// Its reading.
    pub hands: Box<dyn AnyHands>,
}

/// Makes the reader of a kind; `None` of one that this build does not know.
type Make = dyn Fn(&Kind, &Facts) -> Option<Reader> + Send + Sync;

/// Makes readers.
#[derive(Clone)]
pub struct Readers(Arc<Make>);

impl Readers {
    /// Those that `make` makes.
    pub fn new(make: impl Fn(&Kind, &Facts) -> Option<Reader> + Send + Sync + 'static) -> Self {
        Self(Arc::new(make))
    }

    pub(super) fn of(&self, kind: &Kind, facts: &Facts) -> Option<Reader> {
        (self.0)(kind, facts)
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}
