//! The inbox of an agent is read from ranges of indexes, however much there is that is not theirs.

use diesel::SqliteConnection;
use domain::customer::CustomerFilter;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::{AgentId, ProjectId, Role, Sight, Status, TeamId};
use serde_json::Value;
use store::Store;
use tests::{Database, Engine, Sql, postgres};
use tokio_postgres::SimpleQueryMessage;

use crate::kept;
use crate::listener::last_statement;
use crate::plans::plan;

/// How many sessions there are; a few hundred of them are in the inbox.
const SESSIONS: usize = 20_000;
/// The most rows of sessions that a page or a count may look at.
const ROWS: f64 = 1500.0;
/// The ranges of a project as a whole in the order of waiting.
const WAITING: [&str; 2] = ["sessions_waiting", "sessions_waiting_open"];
/// The ranges: what is theirs, what nobody has, and single sessions.
const RANGES: [&str; 14] = [
    "sessions_inbox_by_assignee",
    "sessions_inbox_open_by_assignee",
    "sessions_pool",
    "sessions_pool_open",
    "sessions_pool_of_all",
    "sessions_pool_of_all_open",
    "sessions_created_by_assignee",
    "sessions_created_in_pool",
    "sessions_created_for_all",
    "sessions_waiting_by_assignee",
    "sessions_waiting_in_pool",
    "sessions_waiting_for_all",
    "sessions_pkey",
    "INTEGER PRIMARY KEY",
];

/// Makes up a project in which an agent and their team have little of all there is.
async fn make_up(database: &Database) -> (ProjectId, Sight) {
    let sql = Sql::connect(database).await.unwrap();
    let numbers =
        format!("WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {SESSIONS})");
    let statements = format!(
        "INSERT INTO workspaces (id, name, created_at) VALUES (900, 'Large', 0);
         INSERT INTO agents (id, workspace_id, email, name, password_hash, workspace_role, active, created_at)
         VALUES (901, 900, 'a@large.test', 'A', '', 'MEMBER', TRUE, 0), (902, 900, 'b@large.test', 'B', '', 'MEMBER', TRUE, 0);
         INSERT INTO projects (id, workspace_id, name, sandbox, clock_offset, last_session_number, version, created_at)
         VALUES (900, 900, 'Large', TRUE, 0, 0, 1, 0);
         INSERT INTO teams (id, project_id, name, line, version, created_at)
         VALUES (901, 900, 'Ours', 1, 1, 0), (902, 900, 'Theirs', 1, 1, 0);
         INSERT INTO customers (id, project_id, telegram_user_id, chat_id, name, created_at, kind)
         {numbers} SELECT 100000 + n, 900, n, n, 'Customer', 0, 'PERSON' FROM numbers;
         INSERT INTO sessions (id, project_id, number, customer_id, status, priority, assignee_id, team_id, last_message_at,
             last_direction, inbound_count, version, created_at, updated_at, chat_id, waiting_since)
         {numbers} SELECT 100000 + n, 900, n, 100000 + n, CASE WHEN n / 100 % 2 = 0 THEN 'UNREAD' ELSE 'CLOSED' END, 'MEDIUM',
             CASE WHEN n % 100 = 0 THEN 901 WHEN n % 100 < 20 THEN NULL ELSE 902 END,
             CASE WHEN n % 100 = 1 THEN 901 WHEN n % 100 BETWEEN 3 AND 30 THEN 902 END,
             n, 'INBOUND', 1, 1, n, n, n, CASE WHEN n / 100 % 2 = 0 AND n % 7 <> 0 THEN n END FROM numbers;
         INSERT INTO session_participants (session_id, agent_id, joined_at)
         SELECT id, 901, 0 FROM sessions WHERE project_id = 900 AND number % 400 = 50;
         INSERT INTO session_departures (session_id, agent_id, left_at, last_message_at, last_direction, inbound_count, status,
             priority, version)
         SELECT id, 901, 0, 0, 'INBOUND', 1, 'UNREAD', 'MEDIUM', 1 FROM sessions
         WHERE project_id = 900 AND number % 1000 = 1;
         INSERT INTO tags (id, project_id, name, color, created_at)
         VALUES (901, 900, 'rare', '#000000', 0), (902, 900, 'common', '#ffffff', 0);
         INSERT INTO session_tags (session_id, tag_id)
         SELECT id, CASE WHEN number % 5000 = 0 THEN 901 ELSE 902 END FROM sessions WHERE project_id = 900"
    );
    sql.execute(&statements).await.unwrap();
    if database.engine() == Engine::Postgres {
        sql.execute_alone("VACUUM ANALYZE").await.unwrap();
    }
    (ProjectId(900), Sight::of(Role::Agent, AgentId(901), &[TeamId(901)].into()))
}

/// Whatever of the inbox is asked for.
pub async fn check(database: &Database, store: &Store) {
    let (project, sight) = make_up(database).await;
    let open = || SessionFilter::Status(vec![Status::Unread, Status::Processing, Status::FollowUp]);
    for besides in [
        SessionFilter::All(vec![]),
        open(),
        SessionFilter::Status(vec![Status::Unread]),
        SessionFilter::All(vec![open(), SessionFilter::Assigned(false)]),
        SessionFilter::All(vec![open(), SessionFilter::Assignee(vec![AgentId(901)])]),
    ] {
        let filter = SessionFilter::All(vec![SessionFilter::VisibleTo(sight.clone()), besides]);
        for (field, descending, number) in [
            (SessionOrderField::LastMessageAt, true, 15_000),
            (SessionOrderField::CreatedAt, true, 15_000),
            (SessionOrderField::WaitingSince, false, 5_000),
        ] {
            let order = SessionOrder { field, descending };
            for after in [None, Some(SessionKey { micros: number, id: 100_000 + number })] {
                check_page(database, store, project, &filter, order, after, &RANGES).await;
            }
        }
        let count = store.read().await.unwrap().session_count(project, &filter).await.unwrap();
        assert!((51..700).contains(&count), "{count} of {filter:?}");
        check_plan(database, &last_statement(), &RANGES).await;
    }
    for filter in [SessionFilter::All(vec![]), open()] {
        for descending in [false, true] {
            let order = SessionOrder { field: SessionOrderField::WaitingSince, descending };
            for after in [None, Some(SessionKey { micros: 10_000, id: 110_000 })] {
                check_page(database, store, project, &filter, order, after, &WAITING).await;
            }
        }
    }
    check_customers(database, store, project, &sight).await;
    kept::check(database, store, project, &sight).await;
}

/// A page, which is full and read from these ranges.
async fn check_page(
    database: &Database,
    store: &Store,
    project: ProjectId,
    filter: &SessionFilter,
    order: SessionOrder,
    after: Option<SessionKey>,
    ranges: &[&str],
) {
    let page = Page { after, before: None, size: 51, from_end: false };
    let found = store.read().await.unwrap().session_page(project, filter, order, page).await.unwrap();
    assert_eq!(found.len(), 51, "{filter:?}");
    check_plan(database, &last_statement(), ranges).await;
}

/// Whoever has few sessions finds their customers by these, not by walking through all there are.
async fn check_customers(database: &Database, store: &Store, project: ProjectId, sight: &Sight) {
    let page = Page { after: None, before: None, size: 51, from_end: false };
    let filter = CustomerFilter::default();
    let found = store.read().await.unwrap().customer_page(project, sight, &filter, page).await.unwrap();
    assert_eq!(found.len(), 51);
    check_few_customers(database, &last_statement()).await;
    let count = store.read().await.unwrap().customer_count(project, sight, &filter).await.unwrap();
    assert!((51..700).contains(&count), "{count}");
    check_few_customers(database, &last_statement()).await;
}

async fn check_few_customers(database: &Database, statement: &str) {
    let statement = with_values(statement);
    if let Some(path) = database.url().strip_prefix("sqlite://") {
        let mut conn = <SqliteConnection as diesel::Connection>::establish(path).unwrap();
        let steps = plan(&mut conn, &statement);
        let of_customers = steps.iter().filter(|step| step.contains(" customers ")).collect::<Vec<_>>();
        assert!(of_customers.iter().all(|step| step.contains("rowid=?")), "{steps:#?}: {statement}");
        return;
    }
    let mut rows = 0.0;
    let explained = explained(database, &statement).await;
    walk(&explained[0]["Plan"], &mut |node| {
        if node["Relation Name"] == "customers" {
            let number = |name: &str| node[name].as_f64().unwrap_or_default();
            rows += (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops");
        }
    });
    assert!(rows > 0.0 && rows < ROWS, "{rows} customers are looked at: {explained}");
}

async fn check_plan(database: &Database, statement: &str, ranges: &[&str]) {
    let statement = with_values(statement);
    if let Some(path) = database.url().strip_prefix("sqlite://") {
        let mut conn = <SqliteConnection as diesel::Connection>::establish(path).unwrap();
        for step in plan(&mut conn, &statement).iter().filter(|step| step.contains(" sessions ")) {
            let is_range = ranges
                .iter()
                .any(|range| step.contains(&format!("INDEX {range} (")) || step.contains(&format!("USING {range} (")));
            assert!(step.starts_with("SEARCH") && is_range, "{step}: {statement}");
        }
        return;
    }
    let explained = explained(database, &statement).await;
    let mut rows = 0.0;
    walk(&explained[0]["Plan"], &mut |node| {
        if let Some(index) = node["Index Name"].as_str().filter(|index| index.starts_with("sessions_")) {
            assert!(ranges.contains(&index), "{index} is read: {explained}");
        }
        if node["Relation Name"] == "sessions" {
            assert_ne!(node["Node Type"], "Seq Scan", "{explained}");
            let number = |name: &str| node[name].as_f64().unwrap_or_default();
            rows += (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops");
        }
    });
    assert!(rows > 0.0 && rows < ROWS, "{rows} rows are looked at: {explained}");
}

/// What PostgreSQL did for a statement.
pub async fn explained(database: &Database, statement: &str) -> Value {
    let client = postgres::connect(database.url()).await.unwrap();
    let explained = client.simple_query(&format!("EXPLAIN (ANALYZE, FORMAT JSON) {statement}")).await.unwrap();
    let text: String = explained
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        })
        .collect();
    serde_json::from_str(&text).unwrap()
}

/// Visits a plan from its top down.
pub fn walk(node: &Value, visit: &mut impl FnMut(&Value)) {
    visit(node);
    for inner in node["Plans"].as_array().into_iter().flatten() {
        walk(inner, visit);
    }
}

/// A statement with its values in it, as a plan hangs on them.
pub fn with_values(statement: &str) -> String {
    let (text, values) = text_and_values(statement);
    let mut text = text.to_owned();
    for (place, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", place + 1), &literal(value));
    }
    for value in &values {
        text = text.replacen('?', &literal(value), 1);
    }
    text
}

/// The text of a statement, and its values.
pub fn text_and_values(statement: &str) -> (&str, Vec<Value>) {
    let (text, values) = statement.split_once(" -- binds: ").unwrap();
    (text, serde_json::from_str(&bare(values)).unwrap())
}

/// The values without the names of their types, which SQLite writes around them: `I64(5)`.
fn bare(values: &str) -> String {
    let mut bare = String::new();
    for piece in values.split_inclusive(['(', ')']) {
        match piece.strip_suffix('(') {
            Some(before) => bare.push_str(before.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric())),
            None => bare.push_str(piece.strip_suffix(')').unwrap_or(piece)),
        }
    }
    bare
}

/// A value in the words of a statement.
pub fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{text}'"),
        Value::Array(values) => format!("ARRAY[{}]", values.iter().map(literal).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
