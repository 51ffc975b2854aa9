//! Two processes that escalate at once.

use serde_json::json;
use tests::{Client, Engine, Sql};

use super::scene::{Scene, refused};
use crate::stage::client_at;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_escalate_at_once_one_does() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let scene = Scene::set(Engine::Postgres).await;
    let other = scene.desk.another_process().await;
    let elsewhere: Client = client_at(&other, &scene.eve);
    let input = json!({ "sessionId": scene.session, "level": "L2", "reason": "OTHER", "description": "at once",
        "quick": true });
    let (here, there) = tokio::join!(refused(&scene.eve, input.clone()), refused(&elsewhere, input));
    let mut codes = [here[0]["code"].as_str().unwrap_or("done"), there[0]["code"].as_str().unwrap_or("done")];
    codes.sort_unstable();
    assert_eq!(codes, ["ALREADY_ESCALATED", "done"]);
    let sql = Sql::connect(&scene.desk.database).await.unwrap();
    for (table, count) in [("tickets", 1), ("escalations", 1), ("ticket_messages", 1)] {
        assert_eq!(sql.number(&format!("SELECT count(*) FROM {table}")).await.unwrap(), count, "{table}");
    }
}
