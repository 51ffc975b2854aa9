//! Paging through the inbox of a project.

use std::sync::Arc;

use serde_json::{Value, json};
use tests::Client;

use super::Setting;
use super::asking::looker;
use crate::Result;
use crate::arguments::{InboxOptions, InboxView, Looker};
use crate::dice::Dice;
use crate::drive::{self, drive, expect};
use crate::http::{Answer, write_operation};
use crate::measurement::Measurement;
use crate::report::{Row, Table};
use crate::stage::{list_at, text_at, token_of};

const DOCUMENT: &str = "query Inbox($project: ID!, $filter: SessionFilter, $after: String) {
  sessions(projectId: $project, filter: $filter, first: 50, after: $after) {
    edges {
      cursor
      node {
        id number status priority lastMessageAt unreadCount version
        customer { id name username }
        assignee { id name }
        lastMessage { id text direction createdAt delivery { state } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}";

const PAGE_SIZE: usize = 50;
/// How deep to go: a person who looks for something rarely goes further.
const PAGES: usize = 10;

/// Requests for pages, in groups that are asked for equally often.
type Groups = Arc<[Vec<Vec<u8>>]>;

pub async fn measure(setting: &Setting<'_>, options: &InboxOptions, by: Looker) -> Result<Row> {
    let running = setting.stage.start().await?;
    let client = looker(&running, by).await;
    let groups: Groups = request_groups(&client, &setting.project.id, options.view, by).await?.into();
    let readers = |seed: usize| -> Vec<_> {
        let seeds = (0..options.clients).map(|client| seed + client);
        seeds.map(|seed| Reader { groups: groups.clone(), dice: Dice::seeded(seed) }).collect()
    };
    drive(running.address, readers(0), setting.periods.warm_up).await?;
    let readers = |round: usize| readers((round + 1) * options.clients);
    let mut measurement =
        Measurement::fastest(running.processes, running.address, readers, setting.periods.measured).await?;
    Ok(Row::new(Table::Inbox)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .text("pages", format!("{:?}", options.view).to_lowercase())
        .text("by", format!("{by:?}").to_lowercase())
        .count("clients", options.clients)
        .measurement("pages/s", &mut measurement))
}

/// Walks through the first pages of each list as a client would, and keeps the requests.
async fn request_groups(client: &Client, project: &str, view: InboxView, by: Looker) -> Result<Vec<Vec<Vec<u8>>>> {
    let all = requests(client, project, Value::Null).await?;
    let first = vec![all[0].clone()];
    let open = json!({ "status": { "in": ["UNREAD", "PROCESSING", "FOLLOW_UP"] } });
    let assignee = match by {
        Looker::Supervisor => first_assignee(client, project).await?,
        // An agent sees next to nothing of what others answer.
        Looker::Agent => text_at(&client.query("{ viewer { id } }", Value::Null).await, "/viewer/id")?.to_owned(),
    };
    let assignee = json!({ "assigneeId": { "eq": assignee } });
    Ok(match view {
        InboxView::First => vec![first],
        InboxView::Deep => vec![all],
        InboxView::Open => vec![requests(client, project, open).await?],
        InboxView::Assignee => vec![requests(client, project, assignee).await?],
        InboxView::Mixed => {
            vec![first, all, requests(client, project, open).await?, requests(client, project, assignee).await?]
        }
    })
}

/// The requests for the first pages of a list.
async fn requests(client: &Client, project: &str, filter: Value) -> Result<Vec<Vec<u8>>> {
    let mut variables = json!({ "project": project, "filter": filter });
    let mut requests = Vec::with_capacity(PAGES);
    for _ in 0..PAGES {
        let data = client.query(DOCUMENT, variables.clone()).await;
        if list_at(&data, "/sessions/edges")?.len() < PAGE_SIZE {
            break;
        }
        let mut request = Vec::new();
        let operation = json!({ "query": DOCUMENT, "variables": variables });
        write_operation(&mut request, token_of(client), &operation.to_string());
        requests.push(request);
        variables["after"] = data["sessions"]["pageInfo"]["endCursor"].clone();
    }
    if requests.is_empty() {
        return Err(
            format!("there is no full page of sessions with the filter {filter}: ask for more --sessions").into()
        );
    }
    Ok(requests)
}

async fn first_assignee(client: &Client, project: &str) -> Result<String> {
    let data = client.query(DOCUMENT, json!({ "project": project })).await;
    let edges = list_at(&data, "/sessions/edges")?;
    let assigned = edges.iter().find(|edge| edge["node"]["assignee"].is_object()).ok_or("no session has an agent")?;
    Ok(text_at(assigned, "/node/assignee/id")?.to_owned())
}

/// Somebody who turns pages.
struct Reader {
    groups: Groups,
    dice: Dice,
}

impl drive::Client for Reader {
    fn write_request(&mut self, request: &mut Vec<u8>) -> bool {
        let group = &self.groups[self.dice.index(self.groups.len())];
        request.extend_from_slice(&group[self.dice.index(group.len())]);
        true
    }

    fn check(&self, answer: Answer<'_>) -> Result<()> {
        let sessions = memchr::memmem::find_iter(answer.body, b"\"node\":{").count();
        let has_errors = memchr::memmem::find(answer.body, b"\"errors\":").is_some();
        expect(answer.status == 200 && sessions == PAGE_SIZE && !has_errors, answer)
    }
}
