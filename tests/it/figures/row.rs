//! One line of the table: what was measured, its samples, and what it should be.

use serde_json::{Value, json};

use super::Spread;

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Aim {
    AtLeast(f64),
    AtMost(f64),
    /// It is told for its own sake.
    None,
}

impl Aim {
    /// Whether `figure` is as it should be; nothing where there is no aim.
    pub(crate) fn is_met_by(self, figure: f64) -> Option<bool> {
        match self {
            Self::AtLeast(bound) => Some(figure >= bound),
            Self::AtMost(bound) => Some(figure <= bound),
            Self::None => None,
        }
    }

    fn words(self, unit: &str) -> String {
        match self {
            Self::AtLeast(bound) => format!("≥ {}", with_unit(bound, unit)),
            Self::AtMost(bound) => format!("≤ {}", with_unit(bound, unit)),
            Self::None => "–".to_owned(),
        }
    }
}

/// A figure, with what it was made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// What it is called in the JSON and by `--only`.
    pub(crate) name: &'static str,
    /// What was measured, and against what.
    pub(crate) what: &'static str,
    /// The unit of its samples; nothing for a ratio.
    pub(crate) unit: &'static str,
    /// What it should be.
    pub(crate) aim: Aim,
    /// A sample a round.
    pub(crate) samples: Vec<f64>,
    /// What the samples were made of: what it is, its unit, and its own samples.
    pub(crate) made_of: Vec<(&'static str, &'static str, Vec<f64>)>,
}

impl Row {
    /// `thing` against `yardstick`, measured in the same rounds.
    pub(crate) fn ratios(thing: &[f64], yardstick: &[f64]) -> Vec<f64> {
        let rounds = thing.iter().zip(yardstick);
        rounds.map(|(thing, yardstick)| thing / yardstick).collect()
    }

    pub(crate) fn spread(&self) -> Spread {
        Spread::of(&self.samples)
    }

    /// What the table says of it, cell by cell.
    pub(super) fn cells(&self) -> [String; 5] {
        let spread = self.spread();
        let verdict = match self.aim.is_met_by(spread.median) {
            Some(true) => "met",
            Some(false) => "missed",
            None => "–",
        };
        let made_of = self.made_of.iter().map(|(what, unit, samples)| {
            let spread = Spread::of(samples);
            format!("{what} {}", told(spread, unit))
        });
        let made_of: Vec<String> = made_of.collect();
        [
            self.what.to_owned(),
            told(spread, self.unit),
            self.aim.words(self.unit),
            verdict.to_owned(),
            made_of.join("; "),
        ]
    }

    /// The same, for programs.
    pub(crate) fn to_json(&self) -> Value {
        let spread = self.spread();
        let made_of = self.made_of.iter().map(|(what, unit, samples)| {
            let spread = Spread::of(samples);
            json!({
                "what": what, "unit": unit, "samples": samples,
                "median": spread.median, "least": spread.least, "most": spread.most,
            })
        });
        json!({
            "row": self.name, "what": self.what, "unit": self.unit,
            "median": spread.median, "least": spread.least, "most": spread.most, "samples": self.samples,
            "aim": self.aim.words(self.unit), "met": self.aim.is_met_by(spread.median),
            "made_of": made_of.collect::<Vec<_>>(),
        })
    }
}

/// The middle, and from where to where the samples go.
fn told(spread: Spread, unit: &str) -> String {
    let Spread {
        median,
        least,
        most,
    } = spread;
    format!(
        "{} ({} to {})",
        with_unit(median, unit),
        number(least),
        number(most)
    )
}

fn with_unit(figure: f64, unit: &str) -> String {
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!(" {unit}")
    };
    format!("{}{unit}", number(figure))
}

/// With as many digits as mean something.
pub(super) fn number(figure: f64) -> String {
    let text = match figure.abs() {
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        size if size >= 1.0 => format!("{figure:.2}"),
        _ => format!("{figure:.3}"),
    };
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_met_at_its_bound_and_not_beyond() {
        for (aim, figure, is_met) in [
            (Aim::AtLeast(0.8), 0.8, Some(true)),
            (Aim::AtLeast(0.8), 0.79, Some(false)),
            (Aim::AtMost(25.0), 25.0, Some(true)),
            (Aim::AtMost(25.0), 25.1, Some(false)),
            (Aim::None, 0.0, None),
        ] {
            assert_eq!(aim.is_met_by(figure), is_met, "{aim:?} {figure}");
        }
    }

    #[test]
    fn a_number_has_no_more_digits_than_mean_something() {
        for (figure, text) in [
            (0.041_26, "0.041"),
            (0.8, "0.8"),
            (1.239, "1.24"),
            (34.56, "34.6"),
            (60.0, "60"),
            (2_000.0, "2000"),
            (12_345.6, "12346"),
        ] {
            assert_eq!(number(figure), text);
        }
    }

    #[test]
    fn a_ratio_is_made_of_what_was_measured_in_the_same_round() {
        assert_eq!(Row::ratios(&[8.0, 9.0], &[10.0, 6.0]), [0.8, 1.5]);
    }
}
