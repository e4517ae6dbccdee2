//! Notes and comments: copied under their pair, never bounced back as new ones (rule 12). Pure.

use chrono::{DateTime, Utc};
use domain::{Problem, RecordId, System};

use crate::{Act, Child, ChildShadow, Facts, Fields, Half, Rules};

/// The last token of a copy: which record of the other system it is a copy of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Where the original is.
    pub system: System,
    /// The original.
    pub source: RecordId,
}

impl Mark {
    /// `text` with the mark as its last token.
    pub fn stamp(&self, text: &str) -> String {
        format!(
            "{}\n\n[{}:{}]",
            text.trim_end(),
            self.system.as_str(),
            self.source
        )
    }

    /// Takes a mark off the end of `text`.
    pub fn split(text: &str) -> (&str, Option<Self>) {
        let trimmed = text.trim_end();
        let Some((body, token)) = trimmed
            .strip_suffix(']')
            .and_then(|open| open.rsplit_once('['))
        else {
            return (text, None);
        };
        match token.split_once(':') {
            Some((word, source)) if !source.is_empty() && !source.contains(char::is_whitespace) => {
                match System::named(word) {
                    Some(system) => (
                        body.trim_end(),
                        Some(Self {
                            system,
                            source: source.into(),
                        }),
                    ),
                    None => (text, None),
                }
            }
            _ => (text, None),
        }
    }
}

/// Whether a child travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carry {
    /// It does, saying this.
    Yes {
        /// The text, without the mark.
        text: String,
        /// Whether only our own people may see it.
        internal: bool,
        /// What the kind's hands need to make it beside the text, by names that they know.
        extra: Fields,
    },
    /// It does not, and why.
    No(&'static str),
}

/// A text in at most so many characters, and a sign that there was more.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a copy says, whether only our own people may see it, and what its hands need beside.
type Said = (String, bool, Fields);

/// The fact of a half of which all children are told: one that is not among them is gone. Absent is not empty (rule 7),
/// so a half without it tells nothing by a child that is not there.
pub const ALL_CHILDREN: &str = "all_children";

/// The fact of a child of which no first copy is made: only one that is there is brought up to date.
pub const NO_FIRST_COPY: &str = "no_first_copy";

/// A child and its copy, as remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildPair {
    /// The note.
    pub autotask: Option<RecordId>,
    /// The comment.
    pub jim2: Option<RecordId>,
    /// What was copied.
    pub shadow: ChildShadow,
}

impl ChildPair {
    /// Its child on one side.
    pub fn id(&self, system: System) -> Option<&RecordId> {
        match system {
            System::Autotask => self.autotask.as_ref(),
            System::Jim2 => self.jim2.as_ref(),
        }
    }
}

/// What the children of one pair come to.
#[derive(Debug, Default)]
pub(crate) struct ChildrenPlan {
    pub(crate) acts: Vec<Act>,
    /// Copies found by their marks: they are remembered, nothing is written.
    pub(crate) links: Vec<ChildPair>,
    /// Originals that have two copies.
    pub(crate) doubled: Vec<RecordId>,
    /// What became of those of which one is gone.
    pub(crate) parted: Vec<Problem>,
}

/// What planning children may look at. One half may be about to be made.
pub(crate) struct Family<'a> {
    pub(crate) rules: &'a dyn Rules,
    pub(crate) autotask: Option<&'a Half>,
    pub(crate) jim2: Option<&'a Half>,
    pub(crate) known: &'a [ChildPair],
    /// Children older than this stay where they are.
    pub(crate) baseline: Option<DateTime<Utc>>,
    pub(crate) facts: &'a Facts,
}

impl<'a> Family<'a> {
    fn half(&self, system: System) -> Option<&'a Half> {
        match system {
            System::Autotask => self.autotask,
            System::Jim2 => self.jim2,
        }
    }

    fn children(&self, system: System) -> &'a [Child] {
        self.half(system).map_or(&[], |half| &half.children)
    }

    fn pair(&self, system: System, id: &RecordId) -> Option<&'a ChildPair> {
        self.known.iter().find(|pair| pair.id(system) == Some(id))
    }

    /// Plans the children: first the copies that marks tell of, then what is not copied yet.
    pub(crate) fn plan(&self) -> ChildrenPlan {
        let mut plan = ChildrenPlan::default();
        for system in System::BOTH {
            for child in self.children(system) {
                self.recognise(system, child, &mut plan);
            }
        }
        for system in System::BOTH {
            for child in self.children(system).iter().filter(|child| !child.ours) {
                let found = plan
                    .links
                    .iter()
                    .any(|link| link.id(system) == Some(&child.id));
                if !found {
                    plan.acts.extend(self.carry(system, child));
                }
            }
        }
        plan.parted = System::BOTH
            .into_iter()
            .flat_map(|on| self.gone(on).map(move |pair| (on, pair)))
            .filter(|(on, pair)| self.has(on.other(), pair))
            .filter_map(|(on, pair)| self.rules.child_gone(on, self.half(on)?, pair, self.facts))
            .collect();
        plan
    }

    /// Whether the child of a pair on `on` is there.
    fn has(&self, on: System, pair: &ChildPair) -> bool {
        let mut children = self.children(on).iter();
        children.any(|child| pair.id(on) == Some(&child.id))
    }

    /// The pairs whose child on `on` is not there any more, where that half tells all of its children.
    fn gone(&self, on: System) -> impl Iterator<Item = &'a ChildPair> + use<'a> {
        let half = self.half(on).filter(|half| half.is(ALL_CHILDREN));
        let children = half.map_or(&[] as &[Child], |half| &half.children);
        let is_there = |id: &RecordId| children.iter().any(|child| child.id == *id);
        let is_gone = move |pair: &&ChildPair| pair.id(on).is_some_and(|id| !is_there(id));
        let known = half.map_or(&[] as &[ChildPair], |_| self.known);
        known.iter().filter(is_gone)
    }

    /// Takes a copy of ours that is not remembered for what its mark says it is.
    fn recognise(&self, on: System, child: &Child, plan: &mut ChildrenPlan) {
        let Some(mark) = child.mark.as_ref().filter(|_| child.ours) else {
            return;
        };
        if self.pair(on, &child.id).is_some() {
            return;
        }
        // A copy of another pair's child stays from an earlier life of this half: it is nobody's here.
        let is_of = |child: &&Child| child.id == mark.source;
        let Some(original) = self.children(mark.system).iter().find(is_of) else {
            return;
        };
        let copied =
            |pair: &ChildPair| pair.id(mark.system) == Some(&mark.source) && pair.id(on).is_some();
        if self.known.iter().chain(&plan.links).any(copied) {
            plan.doubled.push(mark.source.clone());
            return;
        }
        let (autotask, jim2) = match on {
            System::Autotask => (child.id.clone(), mark.source.clone()),
            System::Jim2 => (mark.source.clone(), child.id.clone()),
        };
        plan.links.push(ChildPair {
            autotask: Some(autotask),
            jim2: Some(jim2),
            shadow: ChildShadow {
                source: mark.system,
                text: original.text.clone(),
            },
        });
        plan.acts.extend(self.refresh(on, child, original));
    }

    /// The write that a copy found by its mark asks for, where its original has been put in other words since. That its
    /// author is called otherwise by now is no reason.
    fn refresh(&self, on: System, copy: &Child, original: &Child) -> Option<Act> {
        let Carry::Yes { text, .. } = self.rules.carry(on.other(), original, self.facts) else {
            return None;
        };
        let plain = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
        let (says, words) = (plain(&copy.text), plain(&original.text));
        if says == plain(&text) || (!words.is_empty() && says.ends_with(&words)) {
            return None;
        }
        let source = original.id.clone();
        let mark = Mark {
            system: on.other(),
            source: source.clone(),
        };
        Some(Act::UpdateChild {
            on,
            under: self.half(on)?.id.clone(),
            id: copy.id.clone(),
            text: mark.stamp(&text),
            source,
        })
    }

    /// Whether `side` alone shows that no child of it is owed anything.
    pub(crate) fn is_quiet(&self, side: System) -> bool {
        let is_whole = self.gone(side).next().is_none();
        is_whole
            && self.children(side).iter().all(|child| {
                let is_known = self.pair(side, &child.id).is_some();
                if child.ours {
                    is_known || child.mark.is_none()
                } else {
                    self.owed(side, child).is_none()
                }
            })
    }

    /// What a child says on the other side, where its copy is missing or old.
    fn owed(&self, from: System, child: &Child) -> Option<Said> {
        let is_old =
            matches!((self.baseline, child.at), (Some(baseline), Some(at)) if at < baseline);
        let is_settled = match self.pair(from, &child.id) {
            Some(pair) => pair.shadow.source != from || pair.shadow.text == child.text,
            None => is_old || child.facts.get(NO_FIRST_COPY) == Some(&true.into()),
        };
        if is_settled {
            return None;
        }
        match self.rules.carry(from, child, self.facts) {
            Carry::Yes {
                text,
                internal,
                extra,
            } => Some((text, internal, extra)),
            Carry::No(_) => None,
        }
    }

    /// The write that a child asks for: its first copy, an update of it, or none. A copy that is gone is not made again.
    fn carry(&self, from: System, child: &Child) -> Option<Act> {
        let (text, internal, extra) = self.owed(from, child)?;
        let (on, source) = (from.other(), child.id.clone());
        let mark = Mark {
            system: from,
            source: source.clone(),
        };
        let text = mark.stamp(&text);
        let under = self.half(on).map(|half| half.id.clone());
        match self.pair(from, &child.id).and_then(|pair| pair.id(on)) {
            Some(id) if self.gone(on).any(|pair| pair.id(on) == Some(id)) => None,
            Some(id) => under.map(|under| Act::UpdateChild {
                on,
                under,
                id: id.clone(),
                source,
                text,
            }),
            None => Some(Act::CreateChild {
                on,
                under,
                source,
                text,
                internal,
                extra,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_the_last_token_and_comes_off_again() {
        let mark = Mark {
            system: System::Jim2,
            source: "5001-2".into(),
        };
        let stamped = mark.stamp("Rebooted [twice].\n");
        assert_eq!(stamped, "Rebooted [twice].\n\n[jim2:5001-2]");
        assert_eq!(Mark::split(&stamped), ("Rebooted [twice].", Some(mark)));
    }

    #[test]
    fn brackets_of_people_are_not_marks() {
        for text in [
            "see [note: urgent]",
            "[jim2:]",
            "x [jim3:1]",
            "plain",
            "[jim2:5001-2] and more",
        ] {
            assert_eq!(Mark::split(text), (text, None), "{text}");
        }
    }
}
