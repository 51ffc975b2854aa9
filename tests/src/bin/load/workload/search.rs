//! Searching in a project.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::Setting;
use super::asking::{looker, measure, operation};
use crate::Result;
use crate::arguments::{Looker, SearchOptions};
use crate::report::{Row, Table};

const SEARCH: &str = "query Search($project: ID!, $query: String!) {
  search(projectId: $project, query: $query, first: 20) {
    edges {
      cursor score
      snippet { text ranges { offset length } }
      node {
        ... on Message { id text session { id number customer { id name } } }
        ... on Customer { id name }
        ... on Session { id number }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}";

/// How long the index may take for everything that is made up.
const INDEXING: Duration = Duration::from_secs(3_600);
/// How often to look whether it is done.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Has everything indexed once, and searches it for each of those who look.
pub async fn search(setting: &Setting<'_>, options: &SearchOptions) -> Result<Vec<Row>> {
    let indexing = index(setting).await?;
    let mut rows = Vec::with_capacity(options.by.len());
    for by in &options.by {
        rows.push(search_as(*by, setting, options.clients, indexing).await?);
    }
    Ok(rows)
}

/// Searches for words that are common, rare, in parts and not there.
async fn search_as(by: Looker, setting: &Setting<'_>, clients: usize, indexing: Duration) -> Result<Row> {
    let running = setting.stage.start().await?;
    let client = looker(&running, by).await;
    let last = setting.project.customers.count - 1;
    let queries = [
        "jacket".to_owned(),
        "blue jacket".to_owned(),
        "parc".to_owned(),
        "receipt weekend".to_owned(),
        "nowhere".to_owned(),
        format!("customer {}", last / 2),
        format!("{}", last / 3),
        format!("#{}", setting.sessions / 2),
    ];
    let request = |query: &String| {
        let variables = json!({ "project": setting.project.id, "query": query });
        operation(&client, SEARCH, &variables)
    };
    let requests: Arc<[Vec<u8>]> = queries.iter().map(request).collect();
    let mut measurement = measure(setting, &running, clients, &requests).await?;
    Ok(Row::new(Table::Search)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .text("messages", setting.messages)
        .text("by", format!("{by:?}").to_lowercase())
        .count("clients", clients)
        .number("indexing s", indexing.as_secs_f64(), 0)
        .measurement("searches/s", &mut measurement))
}

/// Has the server take in what was made up behind its back, and answers how long it took.
async fn index(setting: &Setting<'_>) -> Result<Duration> {
    let sql = setting.stage.sql().await?;
    sql.execute_alone("UPDATE search_progress SET position = NULL").await?;
    let mut running = setting.stage.start().await?;
    let begun = Instant::now();
    let left = "SELECT count(*) FROM search_progress \
                WHERE position IS NULL OR messages_below + customers_below + sessions_below > 0";
    while sql.number(left).await? > 0 {
        if begun.elapsed() > INDEXING {
            return Err("the index of texts is not done within an hour".into());
        }
        sleep(LOOK_EVERY).await;
    }
    let elapsed = begun.elapsed();
    running.server.terminate().await;
    crate::made_up_data::settle(&sql).await?;
    Ok(elapsed)
}
