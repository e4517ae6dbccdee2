//! Companies and the cards of customers.

use std::collections::{BTreeMap, BTreeSet};

use super::{By, Doubt, Link, Matched, Settled, by_key, text};

/// A company of Autotask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Company {
    /// Its id.
    pub(in crate::connect) id: i64,
    /// Its name.
    pub(in crate::connect) name: String,
    /// Its business number, as written.
    pub(in crate::connect) abn: String,
    /// The card it names.
    pub(in crate::connect) card_no: Option<i64>,
    /// Whether it is a customer.
    pub(in crate::connect) is_customer: bool,
    /// Whether it is active.
    pub(in crate::connect) is_active: bool,
}

/// A card of Jim2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Card {
    /// Its number.
    pub(in crate::connect) no: i64,
    /// Its name.
    pub(in crate::connect) name: String,
    /// Its business number, as written.
    pub(in crate::connect) abn: String,
    /// Whether it is a customer.
    pub(in crate::connect) is_customer: bool,
    /// Whether it is active.
    pub(in crate::connect) is_active: bool,
}

/// Links companies and cards by reference, else by a business number or name that is there once on either side.
pub(in crate::connect) fn companies(
    companies: &[Company],
    cards: &[Card],
    settled: &Settled,
) -> Matched {
    let book = Book::of(companies, cards);
    let mut matched = Matched::default();
    for company in companies {
        if !company.is_customer || settled.autotask.contains(&company.id) {
            continue;
        }
        match book.judge(company, settled) {
            Ok((card, by)) => matched.links.push(Link {
                autotask: company.id,
                jim2: card.no.to_string(),
                label: company.name.clone(),
                generation: 1,
                by,
            }),
            // An inactive company that fits nothing is nobody's work.
            Err((candidates, _)) if candidates.is_empty() && !company.is_active => {}
            Err((candidates, why)) => matched.doubts.push(Doubt {
                autotask: Some(company.id),
                name: company.name.clone(),
                candidates: candidates.iter().map(i64::to_string).collect(),
                why,
            }),
        }
    }
    let mut matched = matched.without_doubles();
    let lonely = lonely_cards(cards, settled, &matched);
    matched.doubts.extend(lonely);
    matched
}

/// All companies and cards, by what they may be known by.
struct Book<'a> {
    companies: &'a [Company],
    cards: &'a [Card],
    /// How many companies name each card.
    named: BTreeMap<i64, usize>,
    company_abns: BTreeMap<String, Vec<usize>>,
    company_names: BTreeMap<String, Vec<usize>>,
    card_abns: BTreeMap<String, Vec<usize>>,
    card_names: BTreeMap<String, Vec<usize>>,
}

/// A card, and what says that it is the company's; or candidates, and why it is none of them.
type Verdict<'a> = Result<(&'a Card, By), (Vec<i64>, String)>;

impl<'a> Book<'a> {
    fn of(companies: &'a [Company], cards: &'a [Card]) -> Self {
        let mut named = BTreeMap::new();
        for card_no in companies.iter().filter_map(|company| company.card_no) {
            *named.entry(card_no).or_default() += 1;
        }
        let company = |key: fn(&str) -> Option<String>, of: fn(&Company) -> &str| {
            by_key(companies, |one| key(of(one)).filter(|_| one.is_customer))
        };
        let card = |key: fn(&str) -> Option<String>, of: fn(&Card) -> &str| {
            by_key(cards, |one| key(of(one)).filter(|_| one.is_customer))
        };
        Self {
            companies,
            cards,
            named,
            company_abns: company(text::abn, |one| &one.abn),
            company_names: company(text::business, |one| &one.name),
            card_abns: card(text::abn, |one| &one.abn),
            card_names: card(text::business, |one| &one.name),
        }
    }

    fn judge(&self, company: &Company, settled: &Settled) -> Verdict<'a> {
        let (card, by) = match company.card_no {
            Some(card_no) => (self.referred(card_no)?, By::Reference),
            None => self.alike(company)?,
        };
        if settled.jim2.contains(&card.no.to_string()) {
            let why = format!(
                "card {} is linked with another company, or ignored",
                card.no
            );
            return Err((vec![card.no], why));
        }
        if by != By::Reference && self.named.contains_key(&card.no) {
            let why = format!("another company names card {}", card.no);
            return Err((vec![card.no], why));
        }
        Ok((card, by))
    }

    /// The card that a company names.
    fn referred(&self, card_no: i64) -> Result<&'a Card, (Vec<i64>, String)> {
        let Some(card) = self.cards.iter().find(|card| card.no == card_no) else {
            return Err((
                Vec::new(),
                format!("it names card {card_no}, which is not in Jim2"),
            ));
        };
        if self.named[&card_no] > 1 {
            return Err((
                vec![card_no],
                format!("other companies name card {card_no} too"),
            ));
        }
        if !card.is_customer {
            return Err((
                vec![card_no],
                format!("it names card {card_no}, which is no customer"),
            ));
        }
        Ok(card)
    }

    /// The card with the same business number or name.
    fn alike(&self, company: &Company) -> Verdict<'a> {
        let abn = Evidence::of(text::abn(&company.abn), &self.company_abns, &self.card_abns);
        let name = Evidence::of(
            text::business(&company.name),
            &self.company_names,
            &self.card_names,
        );
        match (abn.sure(), name.sure()) {
            (Some(by_abn), Some(by_name)) if by_abn != by_name => Err((
                vec![self.cards[by_abn].no, self.cards[by_name].no],
                "one card has its ABN, another its name".to_owned(),
            )),
            (Some(card), _) => Ok((&self.cards[card], By::Abn)),
            (None, Some(card)) => {
                let card = &self.cards[card];
                let (ours, theirs) = (text::abn(&company.abn), text::abn(&card.abn));
                if ours.is_some() && theirs.is_some() && ours != theirs {
                    return Err((vec![card.no], "same name, another ABN".to_owned()));
                }
                Ok((card, By::Name))
            }
            (None, None) => Err(self.doubt(company, &abn, &name)),
        }
    }

    fn doubt(&self, company: &Company, abn: &Evidence, name: &Evidence) -> (Vec<i64>, String) {
        let places: BTreeSet<usize> = abn.cards.iter().chain(&name.cards).copied().collect();
        let candidates: Vec<i64> = places.iter().map(|place| self.cards[*place].no).collect();
        let why = if candidates.is_empty() {
            "no customer in Jim2 has its ABN or name".to_owned()
        } else if candidates.len() > 1 {
            format!(
                "{} customers in Jim2 have its ABN or name",
                candidates.len()
            )
        } else {
            let alike = abn.companies.iter().chain(&name.companies);
            let others: BTreeSet<i64> = alike
                .map(|place| self.companies[*place].id)
                .filter(|id| *id != company.id)
                .collect();
            let others: Vec<String> = others.iter().map(i64::to_string).collect();
            format!(
                "it shares its ABN or name with company {}",
                others.join(", ")
            )
        };
        (candidates, why)
    }
}

/// Who shares one property.
#[derive(Default)]
struct Evidence {
    companies: Vec<usize>,
    cards: Vec<usize>,
}

impl Evidence {
    fn of(
        key: Option<String>,
        companies: &BTreeMap<String, Vec<usize>>,
        cards: &BTreeMap<String, Vec<usize>>,
    ) -> Self {
        let Some(key) = key else {
            return Self::default();
        };
        Self {
            companies: companies.get(&key).cloned().unwrap_or_default(),
            cards: cards.get(&key).cloned().unwrap_or_default(),
        }
    }

    /// The card, where the property is there once on either side.
    fn sure(&self) -> Option<usize> {
        match (self.companies.as_slice(), self.cards.as_slice()) {
            ([_], [card]) => Some(*card),
            _ => None,
        }
    }
}

/// Customers of Jim2 that no company fits.
fn lonely_cards(cards: &[Card], settled: &Settled, matched: &Matched) -> Vec<Doubt> {
    let linked: BTreeSet<&str> = matched
        .links
        .iter()
        .map(|link| link.jim2.as_str())
        .collect();
    let mentioned = matched.doubts.iter().flat_map(|doubt| &doubt.candidates);
    let mentioned: BTreeSet<&str> = mentioned.map(String::as_str).collect();
    cards
        .iter()
        .filter(|card| card.is_customer && card.is_active)
        .map(|card| (card, card.no.to_string()))
        .filter(|(_, no)| {
            !settled.jim2.contains(no)
                && !linked.contains(no.as_str())
                && !mentioned.contains(no.as_str())
        })
        .map(|(card, no)| Doubt {
            autotask: None,
            name: card.name.clone(),
            candidates: vec![no],
            why: "no customer in Autotask has its ABN or name".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
