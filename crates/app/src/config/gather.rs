//! Where values come from: the file, the environment over it, and files that hold secrets.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Environment,
    setting::{SETTINGS, Setting, find},
};

/// The file that is read where nobody names one.
const USUAL_FILE: &str = "crossbill.toml";
/// How alike an unknown name must be to a known one to be taken for a slip.
const ALIKE: f64 = 0.7;

/// Values by the settings' names in the file.
pub(super) type Values = BTreeMap<&'static str, String>;

/// All values that somebody gave, and what is wrong with how they were given.
pub(super) fn gather(path: Option<&Path>, environment: &Environment) -> (Values, Vec<String>) {
    let (mut values, mut problems) = (Values::new(), Vec::new());
    if let Err(problem) = from_file(path, environment, &mut values, &mut problems) {
        problems.push(problem);
    }
    for setting in SETTINGS {
        match from_environment(setting, environment) {
            Ok(Some(value)) => {
                values.insert(setting.key, value);
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    (values, problems)
}

fn from_file(
    path: Option<&Path>,
    environment: &Environment,
    values: &mut Values,
    problems: &mut Vec<String>,
) -> Result<(), String> {
    let named = path
        .map(Path::to_owned)
        .or_else(|| environment.get("CROSSBILL_CONFIG").map(PathBuf::from));
    let text = match &named {
        Some(path) => fs::read_to_string(path).map_err(|error| {
            format!(
                "the configuration file {} cannot be read ({error}); correct --config or CROSSBILL_CONFIG",
                path.display()
            )
        })?,
        None => match fs::read_to_string(USUAL_FILE) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(format!("{USUAL_FILE} cannot be read ({error})")),
        },
    };
    let file = named.unwrap_or_else(|| USUAL_FILE.into());
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        // Only the message: the error's own display quotes the line, which may hold a secret.
        format!("{} is not TOML: {}", file.display(), error.message())
    })?;
    flatten("", table, values, problems);
    Ok(())
}

fn flatten(prefix: &str, table: toml::Table, values: &mut Values, problems: &mut Vec<String>) {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        match (find(&key), value) {
            (Some(setting), toml::Value::Table(inner)) => {
                let text = listed(setting, inner, problems);
                values.insert(setting.key, text);
            }
            (None, toml::Value::Table(inner)) => {
                flatten(&format!("{key}."), inner, values, problems);
            }
            (None, _) => problems.push(unknown(&key)),
            (Some(setting), toml::Value::String(text)) => {
                values.insert(setting.key, text);
            }
            (Some(setting), toml::Value::Integer(number)) => {
                values.insert(setting.key, number.to_string());
            }
            (
                Some(setting),
                toml::Value::Float(_)
                | toml::Value::Boolean(_)
                | toml::Value::Datetime(_)
                | toml::Value::Array(_),
            ) => problems.push(format!(
                "{} must be text in quotes: {}",
                setting.names(),
                setting.help
            )),
        }
    }
}

/// A table as the one text that the environment has for it: `name=value, name=value`.
fn listed(setting: &Setting, table: toml::Table, problems: &mut Vec<String>) -> String {
    let mut entries = Vec::new();
    for (name, value) in table {
        match value {
            toml::Value::String(text) => entries.push(format!("{name}={text}")),
            toml::Value::Integer(number) => entries.push(format!("{name}={number}")),
            toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Array(_)
            | toml::Value::Table(_) => problems.push(format!(
                "{}.{name} must be a number or text in quotes: {}",
                setting.key, setting.help
            )),
        }
    }
    entries.join(", ")
}

fn unknown(key: &str) -> String {
    let nearest = SETTINGS
        .iter()
        .map(|setting| (strsim::jaro_winkler(key, setting.key), setting.key))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .filter(|(alike, _)| *alike >= ALIKE);
    match nearest {
        Some((_, known)) => {
            format!("there is no setting {key}; did you mean {known}? Else remove it")
        }
        None => format!(
            "there is no setting {key}; remove it (crossbill help config lists all settings)"
        ),
    }
}

fn from_environment(
    setting: &Setting,
    environment: &Environment,
) -> Result<Option<String>, String> {
    let value = environment.get(setting.env).map(str::to_owned);
    if !setting.is_secret {
        return Ok(value);
    }
    let name = format!("{}_FILE", setting.env);
    match (value, environment.get(&name)) {
        (value, None) => Ok(value),
        (Some(_), Some(_)) => Err(format!(
            "{} and {name} are both set; keep one of them",
            setting.env
        )),
        (None, Some(path)) => {
            let text = fs::read_to_string(path)
                .map_err(|error| format!("{name} names {path}, which cannot be read ({error})"))?;
            let text = text.strip_suffix('\n').unwrap_or(&text);
            let text = text.strip_suffix('\r').unwrap_or(text);
            if text.is_empty() {
                return Err(format!("{name} names {path}, which is empty"));
            }
            Ok(Some(text.to_owned()))
        }
    }
}
