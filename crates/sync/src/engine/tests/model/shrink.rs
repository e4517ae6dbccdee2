//! From a life that breaks a rule to the shortest one found that breaks the same.

use super::{
    script::{Batch, CALM, Step},
    violation::Violation,
};

/// Runs at most so many lives on the way.
const TRIES: usize = 600;

/// Takes steps out, many at a time and then one by one, and makes what is left plainer, for as long as `breaks` says that
/// the life still breaks the same rule.
pub(super) async fn shrink(
    script: &[Step],
    found: Violation,
    breaks: impl AsyncFn(&[Step]) -> Option<Violation>,
) -> (Vec<Step>, Violation) {
    let mut best = Best {
        script: script.to_vec(),
        found,
        tries: 0,
    };
    let mut size = best.script.len() / 2;
    while size > 0 {
        best.without_chunks(size, &breaks).await;
        size /= 2;
    }
    best.plainer(&breaks).await;
    while best.without_chunks(1, &breaks).await {}
    (best.script, best.found)
}

struct Best {
    script: Vec<Step>,
    found: Violation,
    tries: usize,
}

impl Best {
    async fn take(
        &mut self,
        script: Vec<Step>,
        breaks: &impl AsyncFn(&[Step]) -> Option<Violation>,
    ) -> bool {
        self.tries += 1;
        if self.tries > TRIES {
            return false;
        }
        match breaks(&script).await {
            Some(found) if found.broken == self.found.broken => {
                (self.script, self.found) = (script, found);
                true
            }
            _ => false,
        }
    }

    async fn without_chunks(
        &mut self,
        size: usize,
        breaks: &impl AsyncFn(&[Step]) -> Option<Violation>,
    ) -> bool {
        let (mut at, mut is_shorter) = (0, false);
        while at < self.script.len() {
            let end = (at + size).min(self.script.len());
            let mut script = self.script.clone();
            script.drain(at..end);
            if self.take(script, breaks).await {
                is_shorter = true;
            } else {
                at = end;
            }
        }
        is_shorter
    }

    async fn plainer(&mut self, breaks: &impl AsyncFn(&[Step]) -> Option<Violation>) {
        for at in 0..self.script.len() {
            while self.one_plainer(at, breaks).await {}
        }
    }

    async fn one_plainer(
        &mut self,
        at: usize,
        breaks: &impl AsyncFn(&[Step]) -> Option<Violation>,
    ) -> bool {
        for plain in plainer(self.script[at]) {
            let mut script = self.script.clone();
            script[at] = plain;
            if script != self.script && self.take(script, breaks).await {
                return true;
            }
        }
        false
    }
}

/// A step with less in it, in several ways.
fn plainer(step: Step) -> Vec<Step> {
    if let Step::Edit(side, _, what, value) = step {
        return vec![Step::Edit(side, 0, what, value)];
    }
    let Step::Work(batch) = step else {
        return Vec::new();
    };
    let mut plain = vec![
        CALM,
        Batch {
            faults: [None; 3],
            ..batch
        },
        Batch {
            dies: None,
            ..batch
        },
        Batch {
            at: 0,
            meanwhile: 0,
            ..batch
        },
        Batch { from: 0, ..batch },
        Batch {
            take: CALM.take,
            ..batch
        },
    ];
    for place in 0..batch.faults.len() {
        let mut faults = batch.faults;
        faults[place] = None;
        plain.push(Batch { faults, ..batch });
    }
    if batch.meanwhile > 1 {
        plain.push(Batch {
            meanwhile: 1,
            ..batch
        });
    }
    plain.into_iter().map(Step::Work).collect()
}
