//! The list for sign-off, as a person sees it.

/// The list for sign-off.
pub(in crate::connect::tests) struct List(pub(super) String);

impl List {
    /// Whether a record is on the list.
    pub(in crate::connect::tests) fn has(&self, kind: &str, id: &str) -> bool {
        let head = format!("{kind},{id},");
        self.0.lines().any(|line| line.starts_with(&head))
    }

    pub(in crate::connect::tests) fn text(&self) -> &str {
        &self.0
    }

    /// The list with a decision on a company filled in.
    pub(in crate::connect::tests) fn with_decision(&self, id: &str, decision: &str) -> String {
        let head = format!("company,{id},");
        let lines = self.0.lines().map(|line| {
            if line.starts_with(&head) {
                format!("{},{decision},\n", line.trim_end_matches(",,"))
            } else {
                format!("{line}\n")
            }
        });
        lines.collect()
    }

    /// A company that no card fits.
    pub(in crate::connect::tests) fn company_without_candidates(&self) -> String {
        let fields = self
            .0
            .lines()
            .map(|line| line.split(',').collect::<Vec<_>>());
        let mut companies = fields.filter(|fields| fields[0] == "company");
        let lonely = companies.find(|fields| !fields[1].is_empty() && fields[3].is_empty());
        lonely.unwrap()[1].to_owned()
    }

    /// Companies without a card, and a card without a company.
    pub(in crate::connect::tests) fn two_lonely_companies(&self) -> (Vec<String>, String) {
        let lines = self
            .0
            .lines()
            .skip(1)
            .filter(|line| line.starts_with("company,"));
        let fields = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let (with, without): (Vec<_>, Vec<_>) =
            lines.map(fields).partition(|fields| !fields[1].is_empty());
        let ids = with.iter().map(|fields| fields[1].clone()).collect();
        let card = &without[0];
        (
            ids,
            card.iter()
                .find(|field| field.parse::<i64>().is_ok())
                .unwrap()
                .clone(),
        )
    }
}
