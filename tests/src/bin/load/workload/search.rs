//! Searching in a project, and counting what saved views show.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tests::Client;
use tokio::time::{Instant, sleep};

use super::Setting;
use crate::Result;
use crate::arguments::{Looker, SearchOptions, ViewsOptions};
use crate::dice::Dice;
use crate::drive::{self, drive, expect};
use crate::http::{Answer, write_operation};
use crate::made_up_data::agent_email;
use crate::measurement::Measurement;
use crate::report::{Row, Table};
use crate::stage::{Running, token_of};

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

const VIEWS: &str = "query Views($project: ID!) { savedViews(projectId: $project) { id name count countIsExact } }";

/// How long the index may take for everything that is made up.
const INDEXING: Duration = Duration::from_secs(3_600);
/// How often to look whether it is done.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Searches for words that are common, rare, in parts and not there.
pub async fn search(setting: &Setting<'_>, options: &SearchOptions) -> Result<Row> {
    let indexing = index(setting).await?;
    let running = setting.stage.start().await?;
    let client = looker(&running, options.by).await;
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
    let mut measurement = measure(setting, &running, options.clients, &requests).await?;
    Ok(Row::new(Table::Search)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .text("by", format!("{:?}", options.by).to_lowercase())
        .count("clients", options.clients)
        .number("indexing s", indexing.as_secs_f64(), 0)
        .measurement("searches/s", &mut measurement))
}

/// Counts what the views show that a team has.
pub async fn views(setting: &Setting<'_>, options: &ViewsOptions) -> Result<Row> {
    let running = setting.stage.start().await?;
    let client = looker(&running, options.by).await;
    let agent = client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
    let open = json!({ "in": ["UNREAD", "PROCESSING", "FOLLOW_UP"] });
    for (name, filter) in [
        ("Unread", json!({ "status": { "eq": "UNREAD" } })),
        ("Mine", json!({ "status": open, "assigneeId": { "eq": agent } })),
        ("Nobody's", json!({ "status": open, "assigneeId": { "isNull": true } })),
        ("Urgent", json!({ "status": open, "priority": { "eq": "URGENT" } })),
        ("Everything", json!({})),
    ] {
        let document = "mutation Save($input: SavedViewCreateInput!) {
            savedViewCreate(input: $input) { userErrors { code } }
        }";
        let input = json!({ "projectId": setting.project.id, "name": name, "filter": filter, "idempotencyKey": name });
        client.query(document, json!({ "input": input })).await;
    }
    let requests: Arc<[Vec<u8>]> = [operation(&client, VIEWS, &json!({ "project": setting.project.id }))].into();
    let mut measurement = measure(setting, &running, options.clients, &requests).await?;
    Ok(Row::new(Table::Views)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .text("by", format!("{:?}", options.by).to_lowercase())
        .count("clients", options.clients)
        .measurement("lists/s", &mut measurement))
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

async fn looker(running: &Running, by: Looker) -> Client {
    match by {
        Looker::Supervisor => running.sign_in().await,
        Looker::Agent => running.sign_in_as(&agent_email(1)).await,
    }
}

async fn measure(
    setting: &Setting<'_>,
    running: &Running,
    clients: usize,
    requests: &Arc<[Vec<u8>]>,
) -> Result<Measurement> {
    let readers = |seed: usize| -> Vec<_> {
        let seeds = (0..clients).map(|client| seed + client);
        seeds.map(|seed| Reader { requests: requests.clone(), dice: Dice::seeded(seed) }).collect()
    };
    drive(running.address, readers(0), setting.periods.warm_up).await?;
    let readers = readers(clients);
    Measurement::of(running.processes, running.address, readers, setting.periods.measured).await
}

fn operation(client: &Client, document: &str, variables: &Value) -> Vec<u8> {
    let mut request = Vec::new();
    let operation = json!({ "query": document, "variables": variables });
    write_operation(&mut request, token_of(client), &operation.to_string());
    request
}

/// Somebody who asks again and again.
struct Reader {
    requests: Arc<[Vec<u8>]>,
    dice: Dice,
}

impl drive::Client for Reader {
    fn write_request(&mut self, request: &mut Vec<u8>) -> bool {
        request.extend_from_slice(&self.requests[self.dice.index(self.requests.len())]);
        true
    }

    fn check(&self, answer: Answer<'_>) -> Result<()> {
        let has_errors = memchr::memmem::find(answer.body, b"\"errors\":").is_some();
        expect(answer.status == 200 && !has_errors, answer)
    }
}
