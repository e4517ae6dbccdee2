//! How somebody switches a fault: as `NAME:rate=0.1,count=3,value=2s`, or as the JSON of `/sandbox/fault`.

use std::str::FromStr;

use serde_json::{Value, json};

/// A fault that is to be on or off; the stand-in refuses limits that make no sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    /// The fault's name.
    pub name: String,
    /// Whether it is to be on.
    pub on: bool,
    /// The share of the cases it strikes; every one without it.
    pub rate: Option<f64>,
    /// How often it strikes before it ends by itself.
    pub count: Option<u64>,
    /// What it is set to, as text.
    pub value: Option<String>,
}

impl Switch {
    /// A fault that strikes every time until it is switched off.
    pub fn on(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            on: true,
            rate: None,
            count: None,
            value: None,
        }
    }

    /// A fault that ends.
    pub fn off(name: &str) -> Self {
        Self {
            on: false,
            ..Self::on(name)
        }
    }

    /// The same fault, so often and no more.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// The same fault, set to this.
    #[must_use]
    pub fn set_to(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Reads `{"name":"unavailable","on":true,"rate":0.1,"count":3,"value":"2s"}`; `on` is true where it is not said.
    pub(crate) fn from_json(body: &Value) -> Result<Self, String> {
        let name = body["name"].as_str().ok_or("name the fault")?;
        let on = body.get("on").filter(|on| !on.is_null());
        let on = on.map_or(Some(true), Value::as_bool);
        let on = on.ok_or("on is true or false")?;
        let mut switch = Self {
            on,
            ..Self::on(name)
        };
        for limit in ["rate", "count", "value"] {
            let Some(said) = body.get(limit).filter(|said| !said.is_null()) else {
                continue;
            };
            let text = said
                .as_str()
                .map_or_else(|| said.to_string(), str::to_owned);
            switch.limit(limit, &text)?;
        }
        Ok(switch)
    }

    /// What [`Switch::from_json`] reads.
    pub(crate) fn to_json(&self) -> Value {
        json!({"name": self.name, "on": self.on, "rate": self.rate, "count": self.count, "value": self.value})
    }

    fn limit(&mut self, limit: &str, text: &str) -> Result<(), String> {
        match limit {
            "rate" => self.rate = Some(share(text)?),
            "count" => self.count = Some(times(text)?),
            "value" => self.value = Some(text.to_owned()),
            _ => {
                return Err(format!(
                    "'{limit}' is none of rate=SHARE, count=TIMES and value=SETTING"
                ));
            }
        }
        Ok(())
    }
}

impl FromStr for Switch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, limits) = text.split_once(':').unwrap_or((text, ""));
        let mut switch = Self::on(name);
        for limit in limits.split(',').filter(|limit| !limit.is_empty()) {
            let (limit, value) = limit.split_once('=').unwrap_or((limit, ""));
            switch.limit(limit, value)?;
        }
        Ok(switch)
    }
}

/// Reads a share of the cases: more than none of them, at most all.
pub fn share(text: &str) -> Result<f64, String> {
    let wrong = || format!("'{text}' is not a share above 0 and up to 1");
    let rate = text.parse().ok().filter(|rate| is_share(*rate));
    rate.ok_or_else(wrong)
}

/// Tells whether a fault can strike in this share of the cases.
pub(super) fn is_share(rate: f64) -> bool {
    rate > 0.0 && rate <= 1.0
}

/// Reads how often something happens, at least once.
pub fn times(text: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|times| *times > 0)
        .ok_or_else(|| format!("'{text}' is not a number of times, which is 1 or more"))
}
