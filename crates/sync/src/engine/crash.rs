//! Places between two steps at which a test ends the process. A release build has none of this.

/// A place between two steps of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// Messages are in our hands, nothing is claimed.
    BeforeClaim,
    /// The pairs are ours, nothing is read.
    AfterClaim,
    /// It is planned what to write, and not stored.
    BeforeIntent,
    /// The intent is stored, nothing is sent.
    AfterIntent,
    /// A write may have been done by somebody before us; nobody has looked.
    BeforeLookUp,
    /// It was looked for.
    AfterLookUp,
    /// An act is marked as being sent, and is not.
    BeforeWrite,
    /// The other side has done it, and we have not noted it.
    AfterWrite,
    /// All is written and read again, nothing is remembered.
    BeforeRemember,
    /// It is remembered, and what met the claim is not published.
    AfterRemember,
    /// Everything is remembered and published, no message is acknowledged.
    BeforeSettle,
    /// Some messages may be acknowledged, or copied and not acknowledged.
    AfterSettle,
}

impl Point {
    /// All, in the order in which a batch comes to them.
    pub const ALL: [Self; 12] = [
        Self::BeforeClaim,
        Self::AfterClaim,
        Self::BeforeIntent,
        Self::AfterIntent,
        Self::BeforeLookUp,
        Self::AfterLookUp,
        Self::BeforeWrite,
        Self::AfterWrite,
        Self::BeforeRemember,
        Self::AfterRemember,
        Self::BeforeSettle,
        Self::AfterSettle,
    ];

    /// The word by which a test names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeClaim => "before-claim",
            Self::AfterClaim => "after-claim",
            Self::BeforeIntent => "before-intent",
            Self::AfterIntent => "after-intent",
            Self::BeforeLookUp => "before-look-up",
            Self::AfterLookUp => "after-look-up",
            Self::BeforeWrite => "before-write",
            Self::AfterWrite => "after-write",
            Self::BeforeRemember => "before-remember",
            Self::AfterRemember => "after-remember",
            Self::BeforeSettle => "before-settle",
            Self::AfterSettle => "after-settle",
        }
    }

    /// The point with this word, where there is one.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|point| point.as_str() == word)
    }
}

/// What happens at the points: nothing, unless a test says otherwise.
#[derive(Clone, Default)]
pub struct Crash {
    #[cfg(debug_assertions)]
    dies_at: Option<std::sync::Arc<dyn Fn(Point) -> bool + Send + Sync>>,
}

impl Crash {
    /// Goes no further at a point of which `dies_at` says so.
    #[cfg(debug_assertions)]
    pub fn when(dies_at: impl Fn(Point) -> bool + Send + Sync + 'static) -> Self {
        Self {
            dies_at: Some(std::sync::Arc::new(dies_at)),
        }
    }

    /// Comes to a point.
    #[cfg_attr(
        not(debug_assertions),
        expect(
            clippy::unused_async,
            clippy::unused_self,
            reason = "only test builds have points"
        )
    )]
    pub(crate) async fn at(&self, point: Point) {
        #[cfg(debug_assertions)]
        if self.dies_at.as_ref().is_some_and(|dies_at| dies_at(point)) {
            std::future::pending::<()>().await;
        }
        #[cfg(not(debug_assertions))]
        let _ = point;
    }
}

impl std::fmt::Debug for Crash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crash")
    }
}
