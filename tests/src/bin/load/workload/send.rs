//! Answering customers, and delivering the answers.
//!
//! The two are measured one after the other: as long as the fake Bot API does not know the bots, nothing is delivered.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::Client;

use super::Setting;
use crate::Result;
use crate::arguments::SendOptions;
use crate::drive::{self, drive, expect};
use crate::http::{Answer, write_operation};
use crate::made_up_data::{AGENT_COUNT, Shape, add_sessions, agent_email, settle};
use crate::measurement::Measurement;
use crate::report::{Row, Table, to_f64};
use crate::stage::{Running, list_at, text_at, token_of};
use crate::telegram::more_tokens;

const DOCUMENT: &str = "mutation Send($input: MessageSendInput!) {
  messageSend(input: $input) {
    message { id text direction createdAt delivery { state } }
    userErrors { code message }
  }
}";

/// For so many messages that are measured, one is sent before to warm up.
const MEASURED_PER_WARM_UP: u16 = 10;
/// How long sending, and how long delivering may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Pause between two looks whether everything has been settled.
const PAUSE: Duration = Duration::from_millis(20);

/// A session, and the access token of the agent who may answer in it.
struct Conversation {
    session_id: String,
    token: Arc<str>,
}

pub async fn measure(setting: &Setting<'_>, options: &SendOptions, shape: Shape) -> Result<[Row; 2]> {
    let measured = options.bots * usize::from(options.messages_per_bot);
    let warm_up_per_bot = options.messages_per_bot.div_ceil(MEASURED_PER_WARM_UP);
    let shape = Shape { sessions: i64::from(options.messages_per_bot + warm_up_per_bot), ..shape };
    let projects = add_projects(setting, options, shape).await?;

    let mut running = setting.stage.start().await?;
    let conversations: Arc<[_]> = conversations(&running, &projects).await?.into();
    let agents = |from: usize, to: usize| -> Vec<_> {
        let next = Arc::new(AtomicUsize::new(from));
        let agent = |_| Agent { conversations: conversations.clone(), next: next.clone(), end: to };
        (0..options.clients).map(agent).collect()
    };
    let warm_up = conversations.len() - measured;
    drive(running.address, agents(0, warm_up), PATIENCE).await?;
    let agents = agents(warm_up, conversations.len());
    let mut sending = Measurement::of(running.processes, running.address, agents, PATIENCE).await?;
    running.server.terminate().await;

    let base = |table| {
        let row = Row::new(table).text("engine", setting.engine).text("sessions", setting.sessions);
        row.count("bots", options.bots)
    };
    let sent = base(Table::Send).count("clients", options.clients).measurement("messages/s", &mut sending);
    Ok([sent, deliver(setting, base(Table::Delivery), options.bots, conversations.len()).await?])
}

/// Adds a project for each bot, with sessions that are all open, and returns their global ids.
async fn add_projects(setting: &Setting<'_>, options: &SendOptions, shape: Shape) -> Result<Vec<String>> {
    let document = "mutation Add($input: ProjectCreateInput!) {
      projectCreate(input: $input) { project { id } userErrors { message } }
    }";
    let mut running = setting.stage.start().await?;
    let client = running.sign_in().await;
    let sql = setting.stage.sql().await?;
    let last = sql.number("SELECT max(id) FROM projects").await?;
    let mut projects = Vec::new();
    for token in more_tokens(options.bots) {
        let input = json!({ "name": "One of many", "botToken": token.expose_secret(), "sandbox": false });
        let data = client.query(document, json!({ "input": input })).await;
        projects.push(text_at(&data, "/projectCreate/project/id")?.to_owned());
    }
    running.server.terminate().await;
    for index in 0..options.bots {
        // As many as were just added, which are numbered in order but not always without gaps.
        let next = format!("SELECT id FROM projects WHERE id > {last} ORDER BY id LIMIT 1 OFFSET {index}");
        add_sessions(&sql, sql.number(&next).await?, shape).await?;
    }
    settle(&sql).await?;
    Ok(projects)
}

/// All sessions of the projects with whoever may answer there: the first session of each project, then the second one
/// of each, and so on.
async fn conversations(running: &Running, projects: &[String]) -> Result<Vec<Conversation>> {
    let administrator = running.sign_in().await;
    let everybody: Arc<str> = token_of(&administrator).into();
    let mut tokens = HashMap::new();
    for number in 1..=AGENT_COUNT {
        let email = agent_email(number);
        let token: Arc<str> = token_of(&running.sign_in_as(&email).await).into();
        tokens.insert(email, token);
    }
    let mut ranked = Vec::new();
    for project in projects {
        for (rank, session) in open_sessions(&administrator, project).await?.into_iter().enumerate() {
            let assignee = session["assignee"]["email"].as_str().and_then(|email| tokens.get(email));
            let token = assignee.unwrap_or(&everybody).clone();
            ranked.push((rank, Conversation { session_id: text_at(&session, "/id")?.to_owned(), token }));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, conversation)| conversation).collect())
}

async fn open_sessions(client: &Client, project: &str) -> Result<Vec<Value>> {
    let document = "query Open($project: ID!, $after: String) {
      sessions(projectId: $project, first: 100, after: $after) {
        nodes { id assignee { email } }
        pageInfo { hasNextPage endCursor }
      }
    }";
    let mut sessions = Vec::new();
    let mut after = Value::Null;
    loop {
        let data = client.query(document, json!({ "project": project, "after": after })).await;
        sessions.extend_from_slice(list_at(&data, "/sessions/nodes")?);
        if data["sessions"]["pageInfo"]["hasNextPage"] != true {
            return Ok(sessions);
        }
        after = data["sessions"]["pageInfo"]["endCursor"].clone();
    }
}

/// Makes the bots known, starts the server again and waits until everything has been delivered.
async fn deliver(setting: &Setting<'_>, row: Row, bots: usize, messages: usize) -> Result<Row> {
    let telegram = &setting.stage.telegram.api;
    more_tokens(bots).for_each(|token| telegram.add_bot(token));
    let already = telegram.ledger().sends().count();
    let calls = telegram.ledger().calls("sendMessage");
    let expected = calls + u64::try_from(messages)?;

    let running = setting.stage.start().await?;
    let started = Instant::now();
    let before = running.processes.cpu_time()?;
    telegram.wait_for(|ledger| ledger.calls("sendMessage") >= expected, PATIENCE).await?;
    let sql = setting.stage.sql().await?;
    let unsettled = "SELECT count(*) FROM outbox WHERE state IN ('QUEUED', 'SENDING')";
    while sql.number(unsettled).await? > 0 {
        if started.elapsed() > PATIENCE {
            return Err(format!("the outbox is not empty after {PATIENCE:?}").into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    let cpu = running.processes.cpu_time()?.since(before);

    let ledger = telegram.ledger();
    let arrivals: Vec<_> = ledger.sends().skip(already).map(|entry| entry.received_at).collect();
    let (Some(first), Some(last)) = (arrivals.iter().min(), arrivals.iter().max()) else {
        return Err("the fake Bot API got no message".into());
    };
    if arrivals.len() != messages {
        return Err(format!("{} messages were delivered and {messages} were sent", arrivals.len()).into());
    }
    Ok(row
        .count("messages", messages)
        .number("delivered/s", to_f64(messages) / (*last - *first).as_secs_f64(), 0)
        .cpu(cpu, 1_000.0 / to_f64(messages))
        .memory(running.processes.memory()?))
}

/// One agent after the other, each answering once.
struct Agent {
    conversations: Arc<[Conversation]>,
    next: Arc<AtomicUsize>,
    end: usize,
}

impl drive::Client for Agent {
    fn write_request(&mut self, request: &mut Vec<u8>) -> bool {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let Some(conversation) = self.conversations.get(number).filter(|_| number < self.end) else { return false };
        let input = json!({
            "sessionId": conversation.session_id,
            "text": format!("Thank you for waiting. The parcel {number} is on its way and arrives tomorrow before noon."),
            "idempotencyKey": format!("load-{number}"),
        });
        let operation = json!({ "query": DOCUMENT, "variables": { "input": input } });
        write_operation(request, &conversation.token, &operation.to_string());
        true
    }

    fn check(&self, answer: Answer<'_>) -> Result<()> {
        let has = |text: &str| memchr::memmem::find(answer.body, text.as_bytes()).is_some();
        expect(answer.status == 200 && has("\"userErrors\":[]") && has("\"QUEUED\"") && !has("\"errors\":"), answer)
    }
}
