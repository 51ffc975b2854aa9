//! Searching in a project.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tests::Sql;
use tokio::time::{Instant, sleep};

use super::Setting;
use super::asking::{looker, measure, operation};
use crate::Result;
use crate::arguments::{Looker, SearchOptions};
use crate::report::{Row, Table};
use crate::stage::Stage;

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

/// Searches for each of those who look.
pub async fn search(setting: &Setting<'_>, options: &SearchOptions) -> Result<Vec<Row>> {
    let queries = queries(setting);
    let mixtures: Vec<&[Query]> = if options.each { queries.chunks(1).collect() } else { vec![&queries] };
    let mut rows = Vec::with_capacity(options.by.len() * mixtures.len());
    for by in &options.by {
        for mixture in &mixtures {
            rows.push(search_as(*by, mixture, setting, options.clients).await?);
        }
    }
    Ok(rows)
}

async fn search_as(by: Looker, queries: &[Query], setting: &Setting<'_>, clients: usize) -> Result<Row> {
    let running = setting.stage.start().await?;
    let client = looker(&running, by).await;
    let request = |query: &Query| {
        let variables = json!({ "project": setting.project.id, "query": query.text });
        operation(&client, SEARCH, &variables)
    };
    let requests: Arc<[Vec<u8>]> = queries.iter().map(request).collect();
    let mut measurement = measure(setting, &running, clients, &requests).await?;
    Ok(Row::new(Table::Search)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .text("messages", setting.messages)
        .text("words", if let [one] = queries { one.kind } else { "mixed" })
        .text("by", format!("{by:?}").to_lowercase())
        .count("clients", clients)
        .number("indexing s", setting.indexing.as_secs_f64(), 0)
        .measurement("searches/s", &mut measurement))
}

/// What somebody searches for.
struct Query {
    kind: &'static str,
    text: String,
}

/// Words that are common, rare, in parts and not there.
fn queries(setting: &Setting<'_>) -> Vec<Query> {
    let last = setting.project.customers.count - 1;
    let query = |(kind, text)| Query { kind, text };
    [
        ("common", "jacket".to_owned()),
        ("two common", "blue jacket".to_owned()),
        ("part", "parc".to_owned()),
        ("seldom together", "receipt weekend".to_owned()),
        ("absent", "nowhere".to_owned()),
        ("name", format!("customer {}", last / 2)),
        ("number", format!("{}", last / 3)),
        ("session", format!("#{}", setting.sessions / 2)),
    ]
    .map(query)
    .into()
}

/// What changes while the server merges what it has in pieces (`store::sqlite::text_index`).
const MERGED: &str = "SELECT count(*) FROM search_index_idx";
/// How many times in a row it has to be the same.
const STILL: usize = 3;

/// Has the server take in what was made up behind its back, and answers how long it took.
pub async fn index(stage: &Stage) -> Result<Duration> {
    let sql = stage.sql().await?;
    sql.execute_alone("UPDATE search_progress SET position = NULL").await?;
    let mut running = stage.start().await?;
    let begun = Instant::now();
    let left = "SELECT count(*) FROM search_progress \
                WHERE position IS NULL OR messages_below + customers_below + sessions_below > 0";
    let (mut merged, mut still) = (0, 0);
    while still < STILL {
        if begun.elapsed() > INDEXING {
            return Err("the index of texts is not done within an hour".into());
        }
        sleep(LOOK_EVERY).await;
        let before = merged;
        merged = match sql {
            Sql::Sqlite(_) => sql.number(MERGED).await?,
            Sql::Postgres(_) => 0,
        };
        still = if sql.number(left).await? == 0 && merged == before { still + 1 } else { 0 };
    }
    let elapsed = begun.elapsed();
    running.server.terminate().await;
    crate::made_up_data::settle(&sql).await?;
    Ok(elapsed)
}
