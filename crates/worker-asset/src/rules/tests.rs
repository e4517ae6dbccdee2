//! The rules through [`sync::plan`], on configuration items and assets as the clients tell them.

use std::collections::HashMap;

use autotask::{Company, ConfigurationItem};
use domain::{Cause, Key, System, Told, Value};
use jim2::Asset;
use serde_json::{Value as Json, json};
use sync::{Act, Facts, Fields, Half, Known, Mapping, Next, Plan, Shadow};

use super::*;
use crate::{AssetSettings, halves};

const A: System = System::Autotask;
const J: System = System::Jim2;

/// A site in Sydney where company 174 is card 1001.
fn facts() -> Facts {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
    for (system, value, to) in [
        (A, "true", Some("Booked")),
        (A, "false", None),
        (J, "Booked", Some("true")),
        (J, "FINISH", Some("false")),
    ] {
        let key = ("assetStatus".to_owned(), system, value.to_owned());
        let mapping = Mapping {
            to: to.map(str::to_owned),
            path: Vec::new(),
        };
        facts.mappings.insert(key, mapping);
    }
    facts.creates = vec![(KIND, J), (KIND, A)];
    facts.settings = HashMap::from([("default.product".to_owned(), json!(29_690_001))]);
    facts.pairs = HashMap::from([
        (Key::new(COMPANY, A, 174), 1001.into()),
        (Key::new(COMPANY, J, 1001), 174.into()),
    ]);
    facts
}

/// A machine of company 174, changed by `changes`.
fn item(changes: Json) -> Half {
    let mut told = json!({
        "id": 29_695_001, "companyID": 174, "productID": 29_690_001, "serialNumber": "SN-1", "isActive": true,
        "referenceTitle": "Front desk", "installDate": "2026-01-01T00:00:00Z",
        "warrantyExpirationDate": "2028-12-31T00:00:00Z", "lastModifiedTime": "2026-11-22T00:00:00Z",
    });
    if let Json::Object(changes) = changes {
        for (name, value) in changes {
            told[name] = value;
        }
    }
    let item: ConfigurationItem = serde_json::from_value(told).unwrap();
    let mut half = halves::item(&item, Some(&"Workstation".to_owned()));
    let company = json!({"id": 174, "companyName": "Harbour", "companyType": 1});
    let company: Company = serde_json::from_value(company).unwrap();
    halves::whose(&mut half, &company, &AssetSettings::of(&facts()));
    half
}

/// Its asset.
fn asset() -> Asset {
    let day = |day: &str| Told::Is(day.parse().unwrap());
    let word = |word: &str| Told::Is(word.to_owned());
    Asset {
        asset_no: 701,
        code: word("701"),
        owner_no: Told::Is(1001),
        ship_no: Told::Is(1001),
        status: word("Booked"),
        serial_no: word("SN-1"),
        item_desc: word("Front desk"),
        warranty_in: day("2026-01-01"),
        warranty_out: day("2028-12-31"),
        last_modified: Told::Not,
    }
}

fn known(autotask: Option<Half>, jim2: Option<Half>, shadow: Option<Shadow>) -> Known {
    Known {
        autotask_id: autotask.as_ref().map(|half| half.id.clone()),
        jim2_id: jim2.as_ref().map(|half| half.id.clone()),
        autotask,
        jim2,
        generation: 1,
        shadow,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    }
}

/// What comes of a pair that agreed on both as they are by themselves.
fn together(item: Half, asset: &Asset, facts: &Facts) -> Plan {
    let (ours, theirs) = (self::item(json!({})), halves::asset(&self::asset()));
    let agreed = known(Some(ours), Some(theirs), Some(Shadow::default()));
    let shadow = sync::plan(&AssetRules, &agreed, facts).shadow;
    let known = known(Some(item), Some(halves::asset(asset)), Some(shadow));
    sync::plan(&AssetRules, &known, facts)
}

fn made(half: Half, from: System, facts: &Facts) -> Plan {
    let known = match from {
        System::Autotask => known(Some(half), None, None),
        System::Jim2 => known(None, Some(half), None),
    };
    sync::plan(&AssetRules, &known, facts)
}

fn written(plan: &Plan, on: System) -> Fields {
    let mut all = Fields::new();
    for act in plan.acts.iter().filter(|act| act.on() == on) {
        all.extend(act.fields().cloned().unwrap_or_default());
    }
    all
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    let owned = |(name, value): (&str, Value)| (name.to_owned(), value);
    fields.into_iter().map(owned).collect()
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn equal_halves_ask_for_nothing() {
    let plan = together(item(json!({})), &asset(), &facts());
    assert_eq!((&plan.next, codes(&plan)), (&Next::InStep, vec![]));
}

#[test]
fn what_changed_on_one_side_goes_to_the_other() {
    let changed = item(json!({
        "serialNumber": "SN-2", "referenceTitle": "Back office", "warrantyExpirationDate": "2029-06-30T00:00:00Z",
    }));
    let plan = together(changed, &asset(), &facts());
    let expected = fields([
        ("serial", "SN-2".into()),
        ("what", "Back office".into()),
        ("warranty_to", "2029-06-30".into()),
    ]);
    assert_eq!(written(&plan, J), expected);
    assert_eq!(written(&plan, A), Fields::new());

    let changed = Asset {
        serial_no: Told::Is("SN-3".to_owned()),
        warranty_in: Told::Is("2026-02-01".parse().unwrap()),
        status: Told::Is("FINISH".to_owned()),
        ..asset()
    };
    let plan = together(item(json!({})), &changed, &facts());
    let expected = fields([
        ("serial", "SN-3".into()),
        ("warranty_from", "2026-02-01".into()),
        ("status", false.into()),
    ]);
    assert_eq!(written(&plan, A), expected);
    assert_eq!(written(&plan, J), Fields::new());
}

#[test]
fn a_status_that_is_left_changes_nothing_on_the_other_side() {
    let plan = together(item(json!({"isActive": false})), &asset(), &facts());
    assert_eq!((&plan.next, codes(&plan)), (&Next::InStep, vec![]));
}

#[test]
fn blank_overwrites_nothing() {
    let blank = Asset {
        serial_no: Told::Empty,
        warranty_in: Told::Empty,
        ..asset()
    };
    let plan = together(item(json!({})), &blank, &facts());
    assert_eq!(plan.next, Next::InStep, "{:?}", plan.acts);
    let blank = item(json!({"serialNumber": null, "warrantyExpirationDate": null}));
    let plan = together(blank, &asset(), &facts());
    assert_eq!(plan.next, Next::InStep, "{:?}", plan.acts);
}

#[test]
fn what_a_title_is_not_told_for_is_called_by_its_product() {
    let half = item(json!({"referenceTitle": null}));
    assert_eq!(half.fields["what"], "Workstation".into());
}

#[test]
fn an_asset_of_another_owner_is_told_and_never_written() {
    let other = Asset {
        owner_no: Told::Is(1002),
        ..asset()
    };
    let plan = together(item(json!({"serialNumber": "SN-2"})), &other, &facts());
    assert_eq!(codes(&plan), ["owner-differs"]);
    let serial = fields([("serial", "SN-2".into())]);
    assert_eq!(written(&plan, J), serial, "it holds nothing back");
    let plan = together(item(json!({"companyID": 999})), &other, &facts());
    assert_eq!(codes(&plan), [""; 0], "what is not paired says nothing");
}

#[test]
fn an_item_becomes_an_asset_of_its_company() {
    let plan = made(item(json!({})), A, &facts());
    assert!(matches!(&plan.acts[0], Act::Create { reference, .. } if reference == "SN-1"));
    let expected = fields([
        ("serial", "SN-1".into()),
        ("what", "Front desk".into()),
        ("warranty_from", "2026-01-01".into()),
        ("warranty_to", "2028-12-31".into()),
        ("status", "Booked".into()),
        ("owner", 1001.into()),
        ("ship", 1001.into()),
    ]);
    assert_eq!(written(&plan, J), expected);
}

#[test]
fn an_asset_becomes_an_item_where_the_site_wants_it() {
    let plan = made(halves::asset(&asset()), J, &facts());
    let expected = fields([
        ("serial", "SN-1".into()),
        ("title", "Front desk".into()),
        ("warranty_from", "2026-01-01".into()),
        ("warranty_to", "2028-12-31".into()),
        ("status", true.into()),
        ("company", 174.into()),
        ("product", 29_690_001.into()),
    ]);
    assert_eq!(written(&plan, A), expected);
    let mut bare = facts();
    bare.settings.clear();
    bare.pairs.clear();
    let plan = made(halves::asset(&asset()), J, &bare);
    assert_eq!(codes(&plan), ["company-not-paired", "setting-missing"]);
}

#[test]
fn what_is_not_to_be_made_is_nobodys_problem() {
    let mut off = facts();
    off.creates.clear();
    let mut filtered = facts();
    filtered.filters = HashMap::from([((KIND, "types".to_owned()), json!([3]))]);
    for (changes, facts, reason) in [
        (json!({}), &off, "off"),
        (json!({"companyID": 0}), &facts(), "provider"),
        (json!({"isActive": false}), &facts(), "not active"),
        (json!({"serialNumber": " "}), &facts(), "no serial number"),
        (
            json!({"configurationItemType": 4}),
            &filtered,
            "type is filtered out",
        ),
    ] {
        let Next::Ignore(said) = made(item(changes), A, facts).next else {
            panic!("{reason}: it is not left alone");
        };
        assert!(said.contains(reason), "{said}");
    }
    let plan = made(item(json!({"configurationItemType": 3})), A, &filtered);
    assert_eq!(plan.next, Next::Write);
    let off = made(halves::asset(&asset()), J, &off).next;
    assert!(matches!(off, Next::Ignore(said) if said.contains("Autotask is off")));
}

#[test]
fn only_what_is_in_use_and_has_a_serial_number_is_looked_for() {
    for (half, on, expected) in [
        (item(json!({})), A, true),
        (item(json!({"companyID": 0})), A, false),
        (item(json!({"isActive": false})), A, false),
        (item(json!({"serialNumber": null})), A, false),
        (halves::asset(&asset()), J, true),
    ] {
        assert_eq!(AssetRules.seeks(on, &half), expected, "{half:?}");
    }
    let over = Asset {
        status: Told::Is("Cancel".to_owned()),
        ..asset()
    };
    assert!(!AssetRules.seeks(J, &halves::asset(&over)));
}
