//! Whether a set-up makes sense, told before anything starts.

use super::Options;
use crate::jim2::{create, list};

impl Options {
    /// The first thing that makes no sense, in a sentence that names the setting.
    pub(in crate::jim2) fn check(&self) -> Result<(), String> {
        self.check_names()?;
        self.check_numbers()?;
        self.check_jobcreate()?;
        for (item, users) in &self.item_users {
            if list::find_item(item).is_none() {
                return Err(format!("item-users: {}", no_item(item)));
            }
            if let Some(user) = users.iter().find(|user| !is_initials(user)) {
                return Err(format!(
                    "item-users: {user:?} is no initials: one to three characters."
                ));
            }
        }
        if list::find_item(&self.default_item).is_none() {
            return Err(format!("default-item: {}", no_item(&self.default_item)));
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), String> {
        let is_segment = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.');
        let is_only_points = self.app.chars().all(|one| one == '.');
        if is_only_points || !self.app.chars().all(is_segment) || self.app == "sandbox" {
            return Err(format!(
                "app: {:?} cannot be the first segment of an address: take letters, digits, '_', '-' and '.', but not \"sandbox\".",
                self.app
            ));
        }
        for (setting, value) in [
            ("client-id", &self.client_id),
            ("client-secret", &self.client_secret),
            ("database-id", &self.database_id),
        ] {
            if value.trim().is_empty() {
                return Err(format!("{setting} is empty."));
            }
        }
        if !is_initials(&self.api_initials) {
            return Err(format!(
                "api-initials: {:?} is no initials: one to three characters.",
                self.api_initials
            ));
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), String> {
        if self.build.parse::<u32>().is_err() {
            return Err(format!("build: {:?} is no number like 9804.", self.build));
        }
        for (setting, status) in [
            ("ready-status", self.ready_status),
            ("invoiced-status", self.invoiced_status),
            ("locked-status", self.locked_status),
            ("no-licence-status", self.no_licence_status),
        ] {
            if !(400..600).contains(&status) {
                return Err(format!(
                    "{setting} is {status}; a refusal is from 400 to 599."
                ));
            }
        }
        for (setting, is_right, wanted) in [
            (
                "api-level",
                (1..=10).contains(&self.api_level),
                "from 1 to 10",
            ),
            (
                "token-life-minutes",
                self.token_life_minutes > 0,
                "at least 1",
            ),
            ("pageno-base", self.pageno_base <= 1, "0 or 1"),
            ("page-size-max", self.page_size_max > 0, "at least 1"),
            (
                "page-size",
                (1..=self.page_size_max).contains(&self.page_size),
                "from 1 to page-size-max",
            ),
        ] {
            if !is_right {
                return Err(format!("{setting} must be {wanted}."));
            }
        }
        Ok(())
    }

    fn check_jobcreate(&self) -> Result<(), String> {
        for (setting, names, known) in [
            (
                "jobcreate-takes",
                &self.jobcreate_takes,
                create::JOB_UNDOCUMENTED,
            ),
            (
                "jobcreate-refuses",
                &self.jobcreate_refuses,
                create::JOB_OF_QUOTES,
            ),
        ] {
            if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
                return Err(format!(
                    "{setting}: {name:?} is not one of {}.",
                    known.join(", ")
                ));
            }
        }
        Ok(())
    }
}

fn is_initials(text: &str) -> bool {
    (1..=3).contains(&text.chars().count()) && !text.contains(char::is_whitespace)
}

fn no_item(code: &str) -> String {
    let codes: Vec<&str> = list::ITEMS.iter().map(|item| item.code).collect();
    format!("there is no Item {code:?}; there are {}.", codes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_makes_sense() {
        assert_eq!(Options::default().check(), Ok(()));
        assert_eq!(
            Options::default().taking_every_jobcreate_field().check(),
            Ok(())
        );
    }

    #[test]
    fn what_makes_no_sense_is_told_by_its_setting() {
        type Change = fn(&mut Options);
        let cases: [(&str, Change); 20] = [
            ("app", |options| options.app.clear()),
            ("app", |options| options.app = "a/b".into()),
            ("app", |options| options.app = "..".into()),
            ("app", |options| options.app = "sandbox".into()),
            ("client-id", |options| options.client_id.clear()),
            ("client-secret", |options| {
                options.client_secret = " ".into();
            }),
            ("database-id", |options| options.database_id.clear()),
            ("build", |options| options.build = "4.6".into()),
            ("api-initials", |options| {
                options.api_initials = "LONG".into();
            }),
            ("api-level", |options| options.api_level = 0),
            ("token-life-minutes", |options| {
                options.token_life_minutes = 0;
            }),
            ("page-size", |options| options.page_size = 0),
            ("page-size", |options| options.page_size = 201),
            ("page-size-max", |options| options.page_size_max = 0),
            ("pageno-base", |options| options.pageno_base = 2),
            ("locked-status", |options| options.locked_status = 200),
            ("default-item", |options| options.default_item = "SW".into()),
            ("item-users", |options| {
                options.item_users.insert("SW".into(), ["JC".into()].into());
            }),
            ("jobcreate-takes", |options| {
                options.jobcreate_takes.insert("prioritty".into());
            }),
            ("jobcreate-refuses", |options| {
                options.jobcreate_refuses.insert("customer".into());
            }),
        ];
        for (setting, change) in cases {
            let mut options = Options::default();
            change(&mut options);
            let said = options.check().unwrap_err();
            assert!(said.starts_with(setting), "{setting}: {said}");
        }
    }
}
