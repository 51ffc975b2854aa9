//! What PostgreSQL plans a few times and then keeps, however long the list is.

use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::{AgentId, ProjectId, Sight, Status, TagId};
use serde_json::Value;
use store::Store;
use tests::{Database, Engine, postgres};
use tokio_postgres::SimpleQueryMessage;

use crate::agent_inbox::{literal, text_and_values};
use crate::listener::last_statement;

/// After as many plans PostgreSQL compares them with the one that it could keep
/// (<https://www.postgresql.org/docs/15/sql-prepare.html#SQL-PREPARE-NOTES>).
const TRIED: &str = "5";
const ROUNDS: usize = 8;

/// The pages of a long list, of which somebody has a part.
pub async fn check(database: &Database, store: &Store, project: ProjectId, own: &Sight) {
    if database.engine() != Engine::Postgres {
        return;
    }
    let open = SessionFilter::Status(vec![Status::Unread, Status::Processing, Status::FollowUp]);
    for sight in [&Sight::Everything, own] {
        for besides in [SessionFilter::All(vec![]), open.clone(), SessionFilter::Assignee(vec![AgentId(901)])] {
            for after in [None, Some(SessionKey { micros: 15_000, id: 115_000 })] {
                let statement = page(store, project, sight, &besides, after).await;
                assert_eq!(plans(database, &statement).await, TRIED, "{statement}");
            }
        }
    }
    // A rare tag leads to its sessions; most of the list has the other one.
    let statement = page(store, project, &Sight::Everything, &SessionFilter::Tag(vec![TagId(901)]), None).await;
    assert_eq!(plans(database, &statement).await, ROUNDS.to_string(), "{statement}");
}

/// The statement of a page of fifty sessions and one.
async fn page(
    store: &Store,
    project: ProjectId,
    sight: &Sight,
    besides: &SessionFilter,
    after: Option<SessionKey>,
) -> String {
    let filter = SessionFilter::All(vec![SessionFilter::VisibleTo(sight.clone()), besides.clone()]);
    let order = SessionOrder { field: SessionOrderField::LastMessageAt, descending: true };
    let page = Page { after, before: None, size: 51, from_end: false };
    store.read().await.unwrap().session_page(project, &filter, order, page).await.unwrap();
    last_statement()
}

/// How often a statement is planned by its values in so many rounds.
async fn plans(database: &Database, statement: &str) -> String {
    let (text, values) = text_and_values(statement);
    let kind = |value: &Value| match value {
        Value::String(_) => "text",
        Value::Array(_) => "bigint[]",
        _ => "bigint",
    };
    let kinds: Vec<&str> = values.iter().map(kind).collect();
    let values: Vec<String> = values.iter().map(literal).collect();
    let execute = format!("EXECUTE kept({});", values.join(", ")).repeat(ROUNDS);
    let script = format!(
        "PREPARE kept({}) AS {text}; {execute} SELECT custom_plans FROM pg_prepared_statements",
        kinds.join(", ")
    );
    let client = postgres::connect(database.url()).await.unwrap();
    let answers = client.simple_query(&script).await.unwrap();
    let rows = answers.iter().filter_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    rows.last().unwrap().to_owned()
}
