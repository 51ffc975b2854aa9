//! Counting what saved views show.

use std::sync::Arc;

use serde_json::json;
use tests::Client;

use super::Setting;
use super::asking::{looker, measure, operation};
use crate::Result;
use crate::arguments::{Looker, ViewsOptions};
use crate::report::{Row, Table};

const VIEWS: &str = "query Views($project: ID!) { savedViews(projectId: $project) { id name count } }";

/// Counts what the views show that a team has.
pub async fn count(setting: &Setting<'_>, options: &ViewsOptions, by: Looker) -> Result<Row> {
    let running = setting.stage.start().await?;
    let client = looker(&running, by).await;
    save_views(&client, &setting.project.id, false).await;
    let requests: Arc<[Vec<u8>]> = [operation(&client, VIEWS, &json!({ "project": setting.project.id }))].into();
    let mut measurement = measure(setting, &running, options.clients, &requests).await?;
    Ok(Row::new(Table::Views)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .text("by", format!("{by:?}").to_lowercase())
        .count("clients", options.clients)
        .measurement("lists/s", &mut measurement))
}

/// Saves the views that a team has, and answers how many they are. Those that are there already stay.
pub(super) async fn save_views(client: &Client, project: &str, shared: bool) -> usize {
    let open = json!({ "in": ["UNREAD", "PROCESSING", "FOLLOW_UP"] });
    let views = [
        ("Unread", json!({ "status": { "eq": "UNREAD" } })),
        ("Unseen", json!({ "status": open, "unread": true })),
        ("Nobody's", json!({ "status": open, "assigneeId": { "isNull": true } })),
        ("Urgent", json!({ "status": open, "priority": { "eq": "URGENT" } })),
        ("Everything", json!({})),
    ];
    for (name, filter) in &views {
        let document = "mutation Save($input: SavedViewCreateInput!) {
            savedViewCreate(input: $input) { userErrors { code } }
        }";
        let input = json!({ "projectId": project, "name": name, "filter": filter, "shared": shared });
        client.query(document, json!({ "input": input })).await;
    }
    views.len()
}
