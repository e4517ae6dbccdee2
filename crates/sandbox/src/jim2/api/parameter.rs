//! The part of an address behind the question mark, and form bodies, which are written alike.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::App;
use crate::jim2::refusal::{Blame, Refusal};

/// Every parameter of an address, in order, repeated ones too.
pub(super) struct Parameters(pub(super) Vec<(String, String)>);

impl FromRequestParts<App> for Parameters {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        Ok(Self(parse(parts.uri.query().unwrap_or_default())))
    }
}

impl Parameters {
    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        find(&self.0, name)
    }

    /// Refuses the first parameter that is not one of `known`.
    pub(super) fn only(&self, known: impl Fn(&str) -> bool) -> Result<(), Refusal> {
        let strange = self.0.iter().find(|(name, _)| !known(name));
        strange.map_or(Ok(()), |(name, _)| {
            Err(Refusal::malformed(
                "unknown-parameter",
                format!("This address takes no parameter {name}."),
            )
            .blaming(Blame::Parameter(name.clone())))
        })
    }

    /// What is to come along with `what`, of what is `known` to.
    pub(super) fn includes(
        &self,
        what: &str,
        known: &[&'static str],
    ) -> Result<Vec<&'static str>, Refusal> {
        let text = self.get("include").unwrap_or_default();
        let names = text.split(',').map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(|name| {
                let found = known.iter().copied().find(|known| *known == name);
                found.ok_or_else(|| {
                    let choice = known.join(", ");
                    Refusal::malformed("include", format!("{what} include {choice}; not {name}."))
                        .blaming(Blame::Parameter("include".to_owned()))
                })
            })
            .collect()
    }
}

/// Takes `a=1&b=2` apart.
pub(super) fn parse(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// The value of the first parameter of this name.
pub(super) fn find<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        let parsed = parse("filter%5BOurRef%5D%5B-like%5D=T2026+1%2B1&filter[Ready][-eq]Y");
        assert_eq!(find(&parsed, "filter[OurRef][-like]"), Some("T2026 1+1"));
        assert_eq!(parsed[1], ("filter[Ready][-eq]Y".into(), String::new()));
    }
}
