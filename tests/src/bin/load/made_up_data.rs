//! A project full of made-up sessions, written by SQL because the API would take hours.
//!
//! Sessions are spread over the year 2025 in the order of their numbers, with some disorder. The newest are open, all
//! others closed; customers come back. The data is the same in every run. Events, which are kept for some time only,
//! are not made up.

use crate::Result;
use tests::Sql;

const AGENTS: &str = include_str!("made_up_data/agents.sql");
const PROJECT: &str = include_str!("made_up_data/project.sql");

/// How many agents there are beside the administrator.
pub const AGENT_COUNT: i64 = 200;

const MICROS_PER_SECOND: i64 = 1_000_000;
/// The year 2025 in UTC.
const START_MICROS: i64 = 1_735_689_600 * MICROS_PER_SECOND;
const YEAR_MICROS: i64 = 365 * 24 * 3_600 * MICROS_PER_SECOND;
/// Customers with smaller numbers are those of the fake Bot API.
const FIRST_TELEGRAM_USER: i64 = 100_000_000;
/// Telegram numbers messages from 1 in each chat; those of the fake Bot API stay below this.
const FIRST_TELEGRAM_MESSAGE: i64 = 500_000_000;

/// The address to sign in with of an agent, from 1 to [`AGENT_COUNT`]. All have the administrator's password.
pub fn agent_email(number: i64) -> String {
    format!("agent{number}@desk.test")
}

/// What a project is to be like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub sessions: i64,
    pub messages_per_session: i64,
    pub open_percent: i64,
}

/// The customers of a project.
#[derive(Debug, Clone, Copy)]
pub struct Customers {
    /// The Telegram number of the first one; the others follow.
    pub first_telegram_user: i64,
    pub count: i64,
}

impl Shape {
    fn open_sessions(self) -> i64 {
        self.sessions * self.open_percent / 100
    }

    /// Fewer than sessions, for some come back; but each has at most one open session.
    fn customers(self) -> i64 {
        (self.sessions * 3 / 5).max(self.open_sessions()).max(1)
    }
}

/// Makes up the agents.
pub async fn add_agents(sql: &Sql) -> Result<()> {
    let statements = fill_in(AGENTS, &[("agents", AGENT_COUNT)]);
    sql.execute(&statements).await
}

/// Makes up the sessions of a project that has none, with teams, customers, messages, read
/// markers, and who reads along or did once.
pub async fn add_sessions(sql: &Sql, project: i64, shape: Shape) -> Result<Customers> {
    let first_customer = next_id(sql, "customers").await?;
    let customers = Customers { first_telegram_user: FIRST_TELEGRAM_USER + first_customer, count: shape.customers() };
    let statements = fill_in(
        PROJECT,
        &[
            ("project", project),
            ("sessions", shape.sessions),
            ("open_sessions", shape.open_sessions()),
            ("messages", shape.messages_per_session),
            ("customers", customers.count),
            ("first_customer", first_customer),
            ("first_session", next_id(sql, "sessions").await?),
            ("first_team", next_id(sql, "teams").await?),
            ("first_message", next_id(sql, "messages").await?),
            ("first_telegram_user", customers.first_telegram_user),
            ("first_telegram_message", FIRST_TELEGRAM_MESSAGE),
            ("administrator", sql.number("SELECT min(id) FROM agents").await?),
            ("first_agent", sql.number("SELECT min(id) FROM agents WHERE email LIKE 'agent%'").await?),
            ("agents", AGENT_COUNT),
            ("start", START_MICROS),
            ("step", YEAR_MICROS / shape.sessions.max(1)),
        ],
    );
    let without_checks = match sql {
        Sql::Sqlite(_) => "PRAGMA foreign_keys = OFF",
        Sql::Postgres(_) => "SET session_replication_role = replica",
    };
    sql.execute_alone(without_checks).await?;
    sql.execute(&statements).await?;
    Ok(customers)
}

/// Leaves the database as it is after a quiet night: everything on disk, and PostgreSQL's statistics made.
pub async fn settle(sql: &Sql) -> Result<()> {
    match sql {
        Sql::Sqlite(_) => sql.execute_alone("PRAGMA wal_checkpoint(TRUNCATE)").await,
        Sql::Postgres(_) => {
            for table in ["agents", "teams", "customers", "sessions", "messages"] {
                let next = format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}");
                sql.number(&next).await?;
            }
            sql.execute_alone("VACUUM (ANALYZE)").await?;
            sql.execute_alone("CHECKPOINT").await
        }
    }
}

async fn next_id(sql: &Sql, table: &str) -> Result<i64> {
    sql.number(&format!("SELECT coalesce(max(id), 0) + 1 FROM {table}")).await
}

fn fill_in(template: &str, values: &[(&str, i64)]) -> String {
    values.iter().fold(template.to_owned(), |statements, (name, value)| {
        statements.replace(&format!("{{{name}}}"), &value.to_string())
    })
}
