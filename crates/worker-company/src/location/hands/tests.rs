//! The hands against both stand-ins, over HTTP.

use reqwest::Method;
use serde_json::{Value as Json, json};
use sync::Fields;
use tokio::net::TcpListener;

use super::*;

/// The company of every location here.
const COMPANY_ID: i64 = 174;

struct Site {
    hands: LocationHands,
    facts: Facts,
    /// The company's card, and another customer's.
    cards: [i64; 2],
    at: sandbox::autotask::Autotask,
    j2: sandbox::jim2::Jim2,
    http: rest::Client,
}

impl Site {
    async fn start() -> Self {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let size = sandbox::provider::Size::small();
        let provider = sandbox::provider::Provider::generate(7, &size, now);
        let options = sandbox::autotask::Options::default();
        let at = sandbox::autotask::Autotask::start(listener().await, &provider, options);
        let options = sandbox::jim2::Options::default();
        let j2 = sandbox::jim2::Jim2::start(listener().await, &provider, options);
        let (at, j2) = (at.await.unwrap(), j2.await.unwrap());
        let http = rest::Client::new(&rest::Settings::default()).unwrap();
        let hands = LocationHands {
            autotask: autotask::testing::client(&http, &at.base_url()),
            jim2: jim2::testing::client(&http, &j2.base_url(), now),
        };
        let cards = hands.jim2.cardfiles_after(0, 50).await.unwrap();
        let mut customers = cards.iter().filter(|it| it.is_customer == Told::Is(true));
        let cards = [(); 2].map(|()| customers.next().unwrap().card_no);
        let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
        let company = Key::new(COMPANY, System::Autotask, COMPANY_ID);
        facts.pairs.insert(company, cards[0].into());
        Self {
            hands,
            facts,
            cards,
            at,
            j2,
            http,
        }
    }

    async fn create(&self, base: String, body: Json) -> RecordId {
        let request = self
            .http
            .request(Method::POST, format!("{base}/sandbox/create"));
        let answer = self.http.send("test", request.json(&body)).await.unwrap();
        let made: Json = answer.json().unwrap();
        made["id"]
            .as_i64()
            .or_else(|| made["id"].as_str()?.parse().ok())
            .unwrap()
            .into()
    }

    async fn ship(&self, name: &str, parent: i64) -> RecordId {
        let address = json!({"streetAddress": "1 Dock Rd", "suburb": "Berry", "state": "NSW", "postCode": "2535",
            "country": "Australia"});
        let set = json!({"name": name, "ship": true, "parentCardNo": parent, "address": address});
        let body = json!({"entity": "CardFile", "by": "JC", "set": set});
        self.create(self.j2.base_url(), body).await
    }

    async fn location(&self) -> Half {
        let set = json!({"companyID": COMPANY_ID, "name": " Warehouse ", "isActive": true, "address1": "1 Dock Rd",
            "address2": "", "city": "Berry", "state": "NSW", "postalCode": "2535"});
        let body = json!({"entity": "CompanyLocations", "set": set});
        let id = self.create(self.at.base_url(), body).await;
        let read = self.hands.read(System::Autotask, &[id]).await;
        read.unwrap().remove(0)
    }

    async fn found(&self, location: &Half) -> Match {
        let found = self
            .hands
            .counterpart(System::Autotask, location, &self.facts);
        found.await.unwrap()
    }

    async fn card(&self, id: &RecordId) -> CardFile {
        let cards = self.hands.jim2.cardfiles(&[id.number().unwrap()]).await;
        cards.unwrap().remove(0)
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn a_location_stands_for_the_one_ship_card_of_its_name_below_its_companys_card() {
    let site = Site::start().await;
    let location = site.location().await;
    assert_eq!(site.found(&location).await, Match::None);
    let [own, other] = site.cards;
    site.ship("Warehouse", other).await;
    assert_eq!(site.found(&location).await, Match::None, "another's site");
    let ship = site.ship("Warehouse", own).await;
    assert_eq!(site.found(&location).await, Match::One(ship.clone()));

    let second = site.ship("Warehouse", own).await;
    let Match::Doubtful(problem) = site.found(&location).await else {
        panic!("of two it took one");
    };
    for card in [ship, second] {
        assert!(problem.says.contains(card.as_str()), "{}", problem.says);
    }
}

#[tokio::test]
async fn a_location_of_a_company_without_a_card_stands_for_nothing() {
    let mut site = Site::start().await;
    let location = site.location().await;
    site.ship("Warehouse", site.cards[0]).await;
    site.facts.pairs.clear();
    assert_eq!(site.found(&location).await, Match::None);
}

#[tokio::test]
async fn an_address_is_written_to_the_ship_card_with_its_own_country_and_twice_is_once() {
    let site = Site::start().await;
    let ship = site.ship("Warehouse", site.cards[0]).await;
    let mut fields = Fields::new();
    let moved = CompanyLocation {
        address1: Told::Is("2 Dock Rd".to_owned()),
        ..moved()
    };
    let address = halves::of_location(&moved).fields["address"].clone();
    fields.insert("address".to_owned(), address);
    let act = Act::Update {
        on: System::Jim2,
        id: ship.clone(),
        fields,
    };
    for _ in 0..2 {
        assert_eq!(site.hands.perform(&act).await.unwrap(), None);
        let card = site.card(&ship).await;
        assert_eq!(card.street_address, Told::Is("2 Dock Rd".to_owned()));
        assert_eq!(card.country, Told::Is("Australia".to_owned()));
        assert_eq!(card.name, Told::Is("Warehouse".to_owned()));
    }
}

/// A location that tells all of its address.
fn moved() -> CompanyLocation {
    let told = json!({"id": 901, "address1": "", "address2": "", "city": "Berry", "state": "NSW", "postalCode": "2535"});
    serde_json::from_value(told).unwrap()
}
