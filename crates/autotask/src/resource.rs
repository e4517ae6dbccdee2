//! Who we are in Autotask.

use crate::{Client, Error, Filter, Query, Resource};

impl Client {
    /// The API user's own resource: to exclude its changes from webhooks, and to tell its notes.
    /// `None` where it cannot be told for sure.
    pub async fn whoami(&self) -> Result<Option<Resource>, Error> {
        let login = self.shared.settings.credentials.username.as_str();
        // Depending on the tenant's age the user name is the whole login or the part before the @.
        let short = login.split('@').next().unwrap_or(login);
        let filter = Filter::any([
            Filter::is_in("userName", [login, short]),
            Filter::eq("email", login),
        ]);
        let found: Vec<Resource> = self.query_all(&Query::of(filter)).await?;
        Ok(ours(&found, login, short))
    }
}

/// The resource whose login this is; of weaker matches only one that stands alone.
fn ours(found: &[Resource], login: &str, short: &str) -> Option<Resource> {
    let is = |told: &domain::Told<String>, text: &str| {
        told.get()
            .is_some_and(|told| told.eq_ignore_ascii_case(text))
    };
    let whole = |resource: &Resource| is(&resource.user_name, login);
    let mail = |resource: &Resource| is(&resource.email, login);
    let before_at = |resource: &Resource| is(&resource.user_name, short);
    let tests: [&dyn Fn(&Resource) -> bool; 3] = [&whole, &mail, &before_at];
    for test in tests {
        let mut matching = found.iter().filter(|resource| test(resource));
        if let Some(one) = matching.next() {
            return matching.next().is_none().then(|| one.clone());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(id: i64, user_name: &str, email: &str) -> Resource {
        let json = serde_json::json!({"id": id, "userName": user_name, "email": email});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_whole_login_wins_and_two_that_could_be_us_are_none() {
        let ours = |found: &[Resource]| ours(found, "api@msp.example", "api").map(|us| us.id);
        let human = resource(1, "api", "ann@msp.example");
        let exact = resource(2, "API@msp.example", "x@msp.example");
        let mailed = resource(3, "other", "api@msp.example");
        assert_eq!(ours(&[human.clone(), exact, mailed.clone()]), Some(2));
        assert_eq!(ours(&[human.clone(), mailed.clone()]), Some(3));
        assert_eq!(ours(&[human]), Some(1));
        assert_eq!(ours(&[mailed.clone(), mailed]), None);
        assert_eq!(ours(&[]), None);
    }
}
