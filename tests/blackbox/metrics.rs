//! What the desk measures is for those who run it.

use reqwest::StatusCode;
use tests::{Engine, Server};

use crate::stage::{BINARY, Desk};

/// Asks as a program on this machine does, or as a proxy on it does for somebody else.
async fn ask(url: &str, header: Option<&str>) -> (StatusCode, String) {
    let request = reqwest::Client::new().get(format!("{url}/metrics"));
    let request = match header {
        Some(name) => request.header(name, "198.51.100.7"),
        None => request,
    };
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_programs_on_this_machine_read_the_metrics() {
    let desk = Desk::start(Engine::Sqlite).await;
    let (status, page) = ask(desk.server.url(), None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("# TYPE switchboard_connections gauge"), "{page}");
    for header in ["X-Forwarded-For", "Forwarded", "X-Real-IP"] {
        assert_eq!(ask(desk.server.url(), Some(header)).await, (StatusCode::NOT_FOUND, String::new()), "{header}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_with_a_listener_of_their_own_are_nowhere_else() {
    let settings = Server::builder(BINARY).env("SWITCHBOARD_METRICS_LISTEN", "127.0.0.1:0");
    let mut server = settings.start().await;
    assert_eq!(ask(server.url(), None).await.0, StatusCode::NOT_FOUND);
    let line = server.wait_for_log("Metrics are at").await;
    let (_, address) = line.split_once(" at ").unwrap();
    let url = address.trim().strip_suffix("/metrics").unwrap();
    for header in [None, Some("X-Forwarded-For")] {
        let (status, page) = ask(url, header).await;
        assert!(status.is_success() && page.contains("switchboard_"), "{status}: {page}");
    }
    let elsewhere = reqwest::get(format!("{url}/graphql")).await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
    assert!(server.terminate().await.success());
}
