//! Contracts and projects. There are no webhooks for contracts: the tests tell of them themselves.

use domain::{Key, Kind};
use sandbox::jim2::Options;
use serde_json::{Value, json};

use crate::system::{LATER, SOON, Site, System, eventually, only_if, text};

const CONTRACT: Kind = Kind::new("contract");

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_and_a_project_that_say_the_same_become_a_pair_and_stay_equal() {
    let system = System::start(Site::default()).await;
    let project = system.project(json!({})).await;
    let contract = system.contract(json!({})).await;
    let set = json!({"contractName": "Managed services plus", "endDate": "2027-06-30T00:00:00Z"});
    system.change(contract, set).await;
    let project = system
        .told(&project, &[("billingItemDesc", "Managed services plus")])
        .await;
    assert!(
        text(&project, "dateOut").starts_with("2027-06-30"),
        "{project}"
    );

    let no = text(&project, "id");
    let set = json!({"custRef": "PO 4711"});
    system.hands.edit_in_jim2("Project", &no, set).await;
    eventually(LATER, "the order is on the contract", async || {
        let order = text(&system.agreement_of(contract).await, "purchaseOrderNumber");
        only_if(order == "PO 4711", order)
    })
    .await;
    for _ in 0..2 {
        system.tell_of_contract(contract).await;
    }
    system.quiet().await;
    assert_eq!(
        system
            .hands
            .jim2
            .records("Project", None)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_projects_that_fit_a_person_says_which_it_is() {
    let system = System::start(Site::default()).await;
    let first = system.project(json!({"projectCode": "A"})).await;
    let second = system.project(json!({"projectCode": "B"})).await;
    let contract = system.contract(json!({"contractNumber": null})).await;
    eventually(SOON, "it is held, and both are named", async || {
        let held = system.crossbill(&["held", "list"]).await;
        let both = [&first, &second]
            .iter()
            .all(|no| held.contains(&format!("Project {no}")));
        only_if(both, held)
    })
    .await;
    // Nobody works on it while it is linked.
    system.quiet().await;
    system
        .crossbill(&["pairs", "link", "contract", &contract.to_string(), &second])
        .await;
    system
        .change(contract, json!({"contractName": "Ours"}))
        .await;
    system.told(&second, &[("billingItemDesc", "Ours")]).await;
    system
        .told(&first, &[("billingItemDesc", "Managed services")])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_made_only_where_the_site_wants_it_and_only_once() {
    let system = System::start(Site::default()).await;
    let contract = system
        .contract(json!({"purchaseOrderNumber": "PO 9"}))
        .await;
    system.quiet().await;
    assert_eq!(
        system
            .hands
            .jim2
            .records("Project", None)
            .await
            .unwrap()
            .len(),
        0
    );

    system
        .crossbill(&["settings", "set", "project.type", "Managed Service"])
        .await;
    system.connect(&["--create", "contract"]).await;
    system.release().await;
    for _ in 0..2 {
        system.tell_of_contract(contract).await;
    }
    let made = eventually(LATER, "there is a project", async || {
        let projects = system.hands.jim2.records("Project", None).await.unwrap();
        projects.first().cloned().ok_or_else(|| "none".to_owned())
    })
    .await;
    let (_, card) = system.hands.customer().await;
    assert_eq!(made["CustNo"], card);
    for (name, value) in [
        ("projectCode", "C-100"),
        ("billingItemDesc", "Managed services"),
        ("projectTypeName", "Managed Service"),
        ("status", "Booked"),
        ("custRef", "PO 9"),
    ] {
        assert_eq!(text(&made, name), value, "{name}");
    }
    system.quiet().await;
    assert_eq!(
        system
            .hands
            .jim2
            .records("Project", None)
            .await
            .unwrap()
            .len(),
        1
    );
    let agreement = system.agrees_on(&["contract"]).await;
    assert_eq!(agreement.compared["contracts"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_of_the_project_of_its_tickets_contract() {
    let mut site = Site::default();
    site.jim2 = Options {
        job_links_writable: true,
        ..site.jim2
    };
    let system = System::start(site).await;
    let (company, _) = system.hands.customer().await;
    let [(first, of_first), (second, of_second)] = [
        system.pair_of("C-100", "Managed services").await,
        system.pair_of("C-200", "Backup").await,
    ];
    let set = json!({"companyID": company, "title": "It is covered", "contractID": first});
    let ticket = system.hands.raise_with(set).await;
    let job = system.hands.job_of(&ticket, LATER).await;
    assert_eq!(text(&system.hands.job(&job).await, "ContractNo"), of_first);

    let set = json!({"contractID": second});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, set)
        .await;
    eventually(LATER, "the job is of the other", async || {
        let of = text(&system.hands.job(&job).await, "ContractNo");
        only_if(of == of_second, of)
    })
    .await;
    // One that is paired with nothing leaves the job's as it is.
    let alone = system
        .contract(json!({"contractNumber": "C-300", "contractName": "Alone"}))
        .await;
    let set = json!({"contractID": alone, "title": "Still covered"});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, set)
        .await;
    system.quiet().await;
    assert_eq!(text(&system.hands.job(&job).await, "ContractNo"), of_second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jim2_that_takes_no_contract_gets_its_jobs_all_the_same() {
    let mut site = Site::default();
    site.jim2.jobcreate_takes.remove("contract");
    let system = System::start(site).await;
    let (company, _) = system.hands.customer().await;
    let (contract, _) = system.pair_of("C-100", "Managed services").await;
    let set = json!({"companyID": company, "title": "It is covered", "contractID": contract});
    let ticket = system.hands.raise_with(set).await;
    let job = system.hands.job_of(&ticket, LATER).await;
    assert_eq!(text(&system.hands.job(&job).await, "ContractNo"), "");
}

impl System {
    /// Somebody makes an agreement in Jim2 for the usual customer.
    async fn project(&self, changes: Value) -> String {
        let (_, card) = self.hands.customer().await;
        let set = json!({
            "CustNo": card, "projectCode": "C-100", "billingItemDesc": "Managed services", "status": "Booked",
            "dateIn": "2026-01-01T00:00:00", "dateOut": "2026-12-31T00:00:00",
        });
        self.hands
            .create_in_jim2("Project", with(set, changes))
            .await
    }

    /// Somebody makes a contract in Autotask for the same, and Crossbill hears of it.
    async fn contract(&self, changes: Value) -> i64 {
        let (company, _) = self.hands.customer().await;
        let set = json!({
            "companyID": company, "contractName": "Managed services", "contractNumber": "C-100", "contractType": 7,
            "status": 1, "timeReportingRequiresStartAndStopTimes": 0,
            "startDate": "2026-01-01T00:00:00Z", "endDate": "2027-12-31T00:00:00Z",
        });
        let made = self
            .hands
            .create_in_autotask("Contracts", with(set, changes));
        let contract = made.await;
        self.tell_of_contract(contract).await;
        contract
    }

    /// A contract and its project; they are changed once, so that it is seen that they are a pair.
    async fn pair_of(&self, number: &str, name: &str) -> (i64, String) {
        let set = json!({"projectCode": number, "billingItemDesc": name});
        let project = self.project(set).await;
        let set = json!({"contractNumber": number, "contractName": name});
        let contract = self.contract(set).await;
        self.change(contract, json!({"purchaseOrderNumber": "PO 1"}))
            .await;
        self.told(&project, &[("custRef", "PO 1")]).await;
        (contract, project)
    }

    async fn change(&self, contract: i64, set: Value) {
        // What was told before is worked on before.
        self.quiet().await;
        self.hands
            .edit_in_autotask("Contracts", contract, set)
            .await;
        self.tell_of_contract(contract).await;
    }

    async fn tell_of_contract(&self, contract: i64) {
        self.tell_of(Key::new(CONTRACT, domain::System::Autotask, contract))
            .await;
    }

    /// The contract as Autotask has it.
    async fn agreement_of(&self, contract: i64) -> Value {
        let found = self
            .hands
            .autotask
            .record("Contracts", &contract.to_string())
            .await;
        found.unwrap().unwrap()
    }

    /// Waits until a project says this; the project.
    async fn told(&self, project: &str, expected: &[(&str, &str)]) -> Value {
        eventually(LATER, "the project says it", async || {
            let found = self
                .hands
                .jim2
                .record("Project", project)
                .await
                .unwrap()
                .unwrap();
            let said = expected
                .iter()
                .all(|(name, value)| text(&found, name) == *value);
            only_if(said, found.to_string()).map(|()| found)
        })
        .await
    }
}

fn with(mut set: Value, changes: Value) -> Value {
    if let Value::Object(changes) = changes {
        for (name, value) in changes {
            set[name] = value;
        }
    }
    set
}
