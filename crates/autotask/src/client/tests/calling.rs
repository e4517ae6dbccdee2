//! Identity, zones, limits.

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::Told;
use wiremock::matchers::{header, query_param};

use super::*;
use crate::{Entering, GateRefused, Pass, Ticket};
use domain::Lane;

/// Mounts a zone that is told under `url`.
async fn tell_zone(server: &MockServer, url: &str, times: u64) {
    Mock::given(method("GET"))
        .and(path(below("zoneInformation")))
        .and(query_param("user", "api@msp.example"))
        .respond_with(ok(
            &json!({"zoneName": "x", "url": url, "webUrl": "x", "ci": 1}),
        ))
        .up_to_n_times(times)
        .mount(server)
        .await;
}

/// Mounts a ticket 7 of that title under a zone.
async fn ticket_in(server: &MockServer, zone: &str, title: &str) {
    Mock::given(method("GET"))
        .and(path(format!("{zone}/V1.0/Tickets/7")))
        .and(header("Secret", "hunter2"))
        .respond_with(ok(&json!({"item": {"id": 7, "title": title}})))
        .mount(server)
        .await;
}

async fn title(client: &Client) -> Result<Told<String>, Error> {
    let ticket = client.get::<Ticket>(7).await?;
    Ok(ticket.map_or(Told::Not, |ticket| ticket.title))
}

#[tokio::test]
async fn the_zone_is_asked_once_without_credentials_and_used_with_them() {
    let server = MockServer::start().await;
    let zone = format!("{}/zone1", server.uri());
    tell_zone(&server, &zone, 1).await;
    ticket_in(&server, "/zone1", "here").await;
    let client = client_of(settings(&server));
    for _ in 0..2 {
        assert_eq!(title(&client).await.unwrap(), Told::Is("here".to_owned()));
    }
    let requests = received(&server).await;
    assert_eq!(requests.len(), 3);
    assert!(!requests[0].headers.contains_key("Secret"));
    let sent = |name: &str| requests[1].headers[name].to_str().unwrap().to_owned();
    assert_eq!(sent("UserName"), "api@msp.example");
    assert_eq!(sent("ApiIntegrationCode"), "TRACKER");
}

#[tokio::test]
async fn where_people_look_is_what_the_zone_says_if_it_says_so() {
    for (web_url, expected) in [
        (
            json!("https://ww14.autotask.net"),
            Some("https://ww14.autotask.net/"),
        ),
        (json!("x"), None),
        (json!(null), None),
    ] {
        let server = MockServer::start().await;
        let told = json!({"url": server.uri(), "webUrl": web_url});
        Mock::given(method("GET"))
            .and(path(below("zoneInformation")))
            .respond_with(ok(&told))
            .expect(1)
            .mount(&server)
            .await;
        let client = client_of(settings(&server));
        for _ in 0..2 {
            let web = client.web().await.unwrap();
            assert_eq!(web.as_ref().map(url::Url::as_str), expected, "{told}");
        }
    }
}

#[tokio::test]
async fn a_moved_tenant_is_followed_once() {
    let server = MockServer::start().await;
    tell_zone(&server, &format!("{}/old/", server.uri()), 1).await;
    tell_zone(&server, &format!("{}/new/", server.uri()), 1).await;
    Mock::given(path("/old/V1.0/Tickets/7"))
        .respond_with(ResponseTemplate::new(401))
        .mount(&server)
        .await;
    ticket_in(&server, "/new", "moved").await;
    let client = client_of(settings(&server));
    assert_eq!(title(&client).await.unwrap(), Told::Is("moved".to_owned()));
    assert_eq!(title(&client).await.unwrap(), Told::Is("moved".to_owned()));
}

/// A zone that the tenant has left may answer with nothing instead of 401.
#[tokio::test]
async fn a_zone_that_was_asked_for_long_ago_is_asked_for_again() {
    let server = MockServer::start().await;
    tell_zone(&server, &format!("{}/old/", server.uri()), 1).await;
    tell_zone(&server, &format!("{}/new/", server.uri()), 1).await;
    ticket_in(&server, "/old", "left behind").await;
    ticket_in(&server, "/new", "moved").await;
    let client = client_of(Settings {
        zone_for: Duration::ZERO,
        ..settings(&server)
    });
    assert_eq!(client.known_zone().await, None);
    let left = Told::Is("left behind".to_owned());
    assert_eq!(title(&client).await.unwrap(), left);
    let moved = Told::Is("moved".to_owned());
    assert_eq!(title(&client).await.unwrap(), moved);
    // By now nobody tells the zone.
    assert_eq!(title(&client).await.unwrap(), moved);
    let known = client.known_zone().await.unwrap();
    assert_eq!(known.path(), "/new/");
}

/// How often the server was asked for a zone.
async fn asked_for_zones(server: &MockServer) -> usize {
    let requests = received(server).await;
    let asked = requests.iter();
    asked
        .filter(|request| request.url.path().ends_with("zoneInformation"))
        .count()
}

#[tokio::test]
async fn where_nobody_tells_the_zone_again_the_old_one_is_used_for_as_long_again() {
    let server = MockServer::start().await;
    tell_zone(&server, &format!("{}/old/", server.uri()), 1).await;
    ticket_in(&server, "/old", "still here").await;
    let client = client_of(settings(&server));
    let here = Told::Is("still here".to_owned());
    assert_eq!(title(&client).await.unwrap(), here);
    tokio::time::pause();
    tokio::time::advance(Duration::from_hours(1)).await;
    tokio::time::resume();
    for _ in 0..2 {
        assert_eq!(title(&client).await.unwrap(), here);
        assert_eq!(asked_for_zones(&server).await, 2);
    }
}

#[tokio::test]
async fn a_call_that_was_refused_in_the_zone_before_is_sent_to_the_one_that_is_known() {
    let server = MockServer::start().await;
    let new: url::Url = format!("{}/new/", server.uri()).parse().unwrap();
    tell_zone(&server, new.as_str(), 1).await;
    let client = client_of(settings(&server));
    assert_eq!(client.zone().await.unwrap(), new);
    let old = "https://old.example/".parse().unwrap();
    assert_eq!(client.zone_after(&old).await.unwrap(), Some(new));
    assert_eq!(asked_for_zones(&server).await, 1);
}

#[tokio::test]
async fn a_zone_that_is_fixed_is_never_asked_for() {
    let server = server("GET", "Tickets/7", ResponseTemplate::new(401)).await;
    tell_zone(&server, &format!("{}/elsewhere/", server.uri()), 9).await;
    let client = client(&server);
    let error = title(&client).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert_eq!(client.web().await.unwrap(), None);
    assert_eq!(client.known_zone().await, None);
    assert_eq!(asked_for_zones(&server).await, 0);
}

#[tokio::test]
async fn a_401_in_the_right_zone_is_final() {
    let server = MockServer::start().await;
    tell_zone(&server, &format!("{}/zone", server.uri()), 9).await;
    Mock::given(path("/zone/V1.0/Tickets/7"))
        .respond_with(ResponseTemplate::new(401))
        .expect(1)
        .mount(&server)
        .await;
    let error = title(&client_of(settings(&server))).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert_eq!(received(&server).await.len(), 3);
}

#[tokio::test]
async fn a_user_name_that_no_zone_knows_is_a_matter_of_credentials() {
    let refused = refusal(500, "User not found");
    let server = server("GET", "zoneInformation", refused).await;
    let error = title(&client_of(settings(&server))).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
}

#[tokio::test]
async fn an_address_that_tells_no_zone_is_not_a_matter_of_credentials_or_of_a_record() {
    let told = |url: &str| ok(&json!({ "url": url }));
    for answer in [
        ResponseTemplate::new(404),
        ResponseTemplate::new(404).set_body_string("<html>404</html>"),
        ResponseTemplate::new(200).set_body_string("<html>Welcome to nginx!</html>"),
        ResponseTemplate::new(301).insert_header("Location", "https://elsewhere.example/"),
        ok(&json!({"status": "ok"})),
        told("webservices14"),
    ] {
        let server = server("GET", "zoneInformation", answer).await;
        let error = title(&client_of(settings(&server))).await.unwrap_err();
        assert!(matches!(error, Error::NoZone { .. }), "{error:?}");
    }
}

/// What a gate was told of the call.
async fn outcome_of(answer: ResponseTemplate) -> Outcome {
    let server = server("GET", "Tickets/7", answer).await;
    let zone = format!("{}/ATServicesRest", server.uri()).parse().unwrap();
    let fixed = Settings {
        zone_url: Some(zone),
        ..settings(&server)
    };
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let gate = Arc::new(Telling::default());
    let client = Client::new(http, fixed, Arc::clone(&gate) as Arc<dyn Gate>).unwrap();
    drop(title(&client).await);
    let told = gate.told.lock().unwrap().take();
    told.unwrap()
}

/// A gate that keeps how the last call ended.
#[derive(Debug, Default)]
struct Telling {
    told: Arc<std::sync::Mutex<Option<Outcome>>>,
}

impl Gate for Telling {
    fn enter<'a>(&'a self, _: Call<'a>) -> Entering<'a> {
        let told = Arc::clone(&self.told);
        Box::pin(async move {
            Ok(Pass::new(move |outcome| {
                *told.lock().unwrap() = Some(outcome);
            }))
        })
    }
}

#[tokio::test]
async fn a_place_is_kept_while_the_call_may_run_and_rests_after_a_refusal_of_the_crowd() {
    let threads = "Thread Threshold Exceeded";
    for (answer, expected) in [
        (ResponseTemplate::new(504), Outcome::Abandoned),
        (ResponseTemplate::new(503), Outcome::Answered),
        (ResponseTemplate::new(502), Outcome::Answered),
        (refusal(503, threads), Outcome::TooManyAtOnce),
        (refusal(504, threads), Outcome::TooManyAtOnce),
        (refusal(429, threads), Outcome::TooManyAtOnce),
        (refusal(500, threads), Outcome::TooManyAtOnce),
        (
            ResponseTemplate::new(429),
            Outcome::SlowedDown { after: None },
        ),
        (ok(&json!({"item": null})), Outcome::Answered),
    ] {
        assert_eq!(outcome_of(answer).await, expected);
    }
}

#[tokio::test]
async fn each_way_of_not_answering_has_its_class() {
    let page = ResponseTemplate::new(200).set_body_string("<html>maintenance</html>");
    let cut = ResponseTemplate::new(200).set_body_string(r#"{"item":{"id":7,"#);
    let shapeless = ok(&json!({"item": {"id": "seven"}}));
    let unsaid = ok(&json!({}));
    let threads = refusal(429, "Thread Threshold Exceeded");
    let hourly = ResponseTemplate::new(429).insert_header("Retry-After", "30");
    for (answer, expected) in [
        (page, "Away"),
        (ResponseTemplate::new(503), "Away"),
        (cut, "Away"),
        (shapeless, "Unreadable"),
        (unsaid, "Unreadable"),
        (threads, "TooManyAtOnce"),
        (refusal(500, "code Itgenatr005"), "TooManyAtOnce"),
        (hourly, "SlowDown"),
        (ResponseTemplate::new(403), "Forbidden"),
    ] {
        let server = server("GET", "Tickets/7", answer).await;
        let error = title(&client(&server)).await.unwrap_err();
        let shown = format!("{error:?}");
        assert!(shown.starts_with(expected), "{expected}: {shown}");
        assert_eq!(received(&server).await.len(), 1, "nothing is retried");
    }
}

#[tokio::test]
async fn secrets_are_in_no_text_about_us() {
    let server = server("GET", "Tickets/7", ResponseTemplate::new(403)).await;
    let client = client(&server);
    let error = title(&client).await.unwrap_err();
    let shown = format!("{client:?} {:?} {error:?} {error}", settings(&server));
    assert!(shown.contains("api@msp.example"));
    for secret in ["hunter2", "TRACKER"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let unsendable = Credentials {
        secret: "hunter2\n".into(),
        ..credentials()
    };
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let gate = Arc::new(LocalGate::default());
    let error = Client::new(http, Settings::new(unsendable), gate).unwrap_err();
    assert!(!format!("{error:?}").contains("hunter2"));
}

/// A gate that counts how many calls are inside at once.
#[derive(Debug, Default)]
struct Counting {
    inner: LocalGate,
    inside: Arc<AtomicUsize>,
    most: AtomicUsize,
}

impl Gate for Counting {
    fn enter<'a>(&'a self, call: Call<'a>) -> Entering<'a> {
        Box::pin(async move {
            let pass = self.inner.enter(call).await?;
            let now = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            let inside = Arc::clone(&self.inside);
            Ok(Pass::new(move |outcome| {
                inside.fetch_sub(1, Ordering::SeqCst);
                pass.leave(outcome);
            }))
        })
    }
}

#[tokio::test]
async fn never_more_than_two_calls_are_on_one_endpoint() {
    let slow = ok(&json!({"item": null})).set_delay(Duration::from_millis(20));
    let server = server("GET", "Tickets/7", slow).await;
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let zone = format!("{}/ATServicesRest", server.uri()).parse().unwrap();
    let fixed = Settings {
        zone_url: Some(zone),
        ..settings(&server)
    };
    let gate = Arc::new(Counting::default());
    let client = Client::new(http, fixed, Arc::clone(&gate) as Arc<dyn Gate>).unwrap();
    let (a, b, c, d) = tokio::join!(
        title(&client),
        title(&client),
        title(&client),
        title(&client)
    );
    for answer in [a, b, c, d] {
        assert_eq!(answer.unwrap(), Told::Not);
    }
    assert_eq!(gate.most.load(Ordering::SeqCst), 2);
    assert_eq!(gate.inside.load(Ordering::SeqCst), 0);
}

#[derive(Debug)]
struct Refusing;

impl Gate for Refusing {
    fn enter<'a>(&'a self, call: Call<'a>) -> Entering<'a> {
        let reason = format!("{} {}", call.lane.as_str(), call.endpoint);
        let after = Duration::from_secs(9);
        Box::pin(async move {
            let is_for_all = false;
            Err(GateRefused {
                after,
                reason,
                is_for_all,
            })
        })
    }
}

#[tokio::test]
async fn the_gate_is_told_lane_and_endpoint_and_its_refusal_costs_no_call() {
    let server = MockServer::start().await;
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let fixed = Settings {
        zone_url: Some(server.uri().parse().unwrap()),
        ..settings(&server)
    };
    let client = Client::new(http, fixed, Arc::new(Refusing)).unwrap();
    let error = client
        .lane(Lane::Bulk)
        .fields::<Ticket>()
        .await
        .unwrap_err();
    let Error::Budget(refused) = error else {
        panic!("{error:?}");
    };
    assert_eq!(refused.reason, "bulk Tickets");
    assert!(received(&server).await.is_empty());
}
