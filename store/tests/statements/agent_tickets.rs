//! The tickets of an agent are found by the reasons to see them, and are those that the rule for a single one lets through.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use diesel::SqliteConnection;
use domain::filter::Page;
use domain::ticket::{TicketFilter, TicketKey, TicketOrder, TicketOrderField};
use domain::{AgentId, ProjectId, Role, Sight, TeamId};
use store::Store;
use tests::{Database, Sql};

use crate::agent_inbox::with_values;
use crate::listener::last_statement;
use crate::plans::plan;

/// The first of the sessions that were made up, and how many there are.
const FIRST: i64 = 100_001;
const SESSIONS: i64 = 20_000;
/// By what tickets are found: their agent, their team in each order, those who watch them, and the customer or the session.
const REASONS: [&str; 7] = [
    "INDEX tickets_of_assignee (assignee_id=?",
    "INDEX tickets_of_team (team_id=?",
    "INDEX tickets_of_team_by_change (team_id=?",
    "INDEX tickets_of_team_by_priority (team_id=?",
    "INDEX tickets_of_customer (customer_id=?",
    "INDEX tickets_of_session (session_id=?",
    "INTEGER PRIMARY KEY (rowid=?)",
];

/// Whatever of an agent's tickets is asked for. The sessions are those that were made up for the agent's inbox.
pub async fn check(database: &Database, store: &Store) {
    let sql = Sql::connect(database).await.unwrap();
    sql.execute(
        "INSERT INTO tickets (id, project_id, number, session_id, customer_id, kind, line, priority, status, team_id,
             assignee_id, description, created_at, updated_at, version)
         SELECT id, project_id, number, id, customer_id, 'STANDARD', 1,
             CASE number % 4 WHEN 0 THEN 'LOW' WHEN 1 THEN 'MEDIUM' WHEN 2 THEN 'HIGH' ELSE 'URGENT' END, 'OPEN',
             CASE WHEN number % 100 = 60 THEN 901 WHEN number % 100 > 60 THEN 902 END,
             CASE WHEN number % 100 = 70 THEN 901 ELSE 902 END, '', created_at, -created_at, 1
         FROM sessions WHERE project_id = 900;
         INSERT INTO ticket_watchers (ticket_id, agent_id, since, is_given)
         SELECT id, 901, 0, number % 200 = 180 FROM tickets WHERE project_id = 900 AND number % 100 = 80",
    )
    .await
    .unwrap();
    let project = ProjectId(900);
    let sight = Sight::of(Role::Agent, AgentId(901), &[TeamId(901)].into());
    let filter = TicketFilter::All(vec![TicketFilter::VisibleTo(sight.clone()), TicketFilter::default()]);
    let mut reader = store.read().await.unwrap();
    let ids: Vec<i64> = (FIRST..FIRST + SESSIONS).collect();
    let seen: BTreeSet<_> = reader.tickets_in_sight(&sight, &ids).await.unwrap().into_iter().collect();
    assert!((500..1_500).contains(&seen.len()), "{}", seen.len());
    for field in TicketOrderField::ALL.iter().copied() {
        let order = TicketOrder { field, descending: true };
        let whole = Page { after: None, before: None, size: 1_500, from_end: false };
        let found = reader.ticket_page(project, &filter, order, whole).await.unwrap();
        check_plan(database, &last_statement());
        let keys: Vec<_> = found.iter().map(|ticket| TicketKey::of(ticket, field)).collect();
        assert!(keys.is_sorted_by_key(|key| Reverse((key.micros, key.id))), "{field}");
        assert_eq!(found.iter().map(|ticket| ticket.id).collect::<BTreeSet<_>>(), seen, "{field}");
        if field == TicketOrderField::Priority {
            let rest = Page { after: Some(keys[99]), before: None, size: 1_500, from_end: false };
            let rest = reader.ticket_page(project, &filter, order, rest).await.unwrap();
            check_plan(database, &last_statement());
            assert_eq!(rest, found[100..]);
        }
    }
    let count = reader.ticket_count(project, &filter).await.unwrap();
    check_plan(database, &last_statement());
    assert_eq!(usize::try_from(count).unwrap(), seen.len());
    reader.end().await.unwrap();
}

fn check_plan(database: &Database, statement: &str) {
    let Some(path) = database.url().strip_prefix("sqlite://") else { return };
    let mut conn = <SqliteConnection as diesel::Connection>::establish(path).unwrap();
    let statement = with_values(statement);
    for step in plan(&mut conn, &statement).iter().filter(|step| step.contains(" tickets ")) {
        let is_reason = REASONS.iter().any(|reason| step.contains(reason));
        assert!(step.starts_with("SEARCH") && is_reason, "{step}: {statement}");
    }
}
