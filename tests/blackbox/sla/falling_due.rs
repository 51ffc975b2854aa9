//! Thousands of promises run out in the same moment, in several processes and in one that is killed: of each everybody
//! whom it concerns is told once. What a sandbox would write to Telegram is in the outbox.

use tests::{Engine, Sql, on_both_engines};

use super::*;
use crate::session_life::in_future;

/// How many customers wait, each for an answer and for a resolution: enough for several batches of the sweeper.
const SESSIONS: i64 = 2_500;
const CLOCKS: i64 = 2 * SESSIONS;
/// A moment that is past, in microseconds since 1970.
const DUE: i64 = 1_750_000_000_000_000;
/// The largest number of a chat of people who write by themselves.
const OTHERS: i64 = 1_000_000;
/// How often the process is killed amid its work.
const KILLS: usize = 4;
/// How many customers wait where it is counted of what kind each notice is.
const SESSIONS_OF_EACH_KIND: i64 = 1_200;

const AGENT_CHAT: i64 = 501;
const ADMIN_CHAT: i64 = 502;
const GROUP: i64 = -503;
const SUPERVISOR_CHAT: i64 = 504;
const SECOND_LINE_GROUP: i64 = -505;

/// Of how many clocks was told.
const LATE: &str = "SELECT count(*) FROM sla_clocks WHERE state = 'BREACHING'";
/// The same where those are told of as well whose time is about to run out.
const TOLD: &str = "SELECT count(*) FROM sla_clocks WHERE state IN ('BREACHING', 'IMMINENT_BREACH')";

/// Links the chats of an agent, of the administrator and of a team.
async fn link_staff(desk: &Desk, sandbox: &str) {
    desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    let team = json!({ "projectId": sandbox, "name": "First line", "line": 1 });
    mutate(&desk.admin, "teamCreate", team, "team { id }").await;
    let links = format!(
        "INSERT INTO staff_links (project_id, agent_id, chat_id, telegram_name, linked_at)
        SELECT projects.id, agents.id,
            CASE WHEN agents.email = 'ada@desk.test' THEN {AGENT_CHAT} ELSE {ADMIN_CHAT} END, 'Staff', 0
        FROM projects CROSS JOIN agents WHERE projects.name = 'Sandbox';
        INSERT INTO team_groups (project_id, chat_id, team_id, title, linked_at)
        SELECT project_id, {GROUP}, id, 'Group', 0 FROM teams"
    );
    Sql::connect(&desk.database).await.unwrap().execute(&links).await.unwrap();
}

/// Links the chats of a supervisor and of a team of the second line as well.
async fn link_more_staff(desk: &Desk, sandbox: &str) {
    desk.add_agent("sue@desk.test", "Sandbox", "supervisor").await;
    let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
    mutate(&desk.admin, "teamCreate", team, "team { id }").await;
    let links = format!(
        "INSERT INTO staff_links (project_id, agent_id, chat_id, telegram_name, linked_at)
        SELECT projects.id, agents.id, {SUPERVISOR_CHAT}, 'Staff', 0
        FROM projects CROSS JOIN agents WHERE projects.name = 'Sandbox' AND agents.email = 'sue@desk.test';
        INSERT INTO team_groups (project_id, chat_id, team_id, title, linked_at)
        SELECT project_id, {SECOND_LINE_GROUP}, id, 'Group', 0 FROM teams WHERE name = 'Second line'"
    );
    Sql::connect(&desk.database).await.unwrap().execute(&links).await.unwrap();
}

/// Has so many customers wait, in sessions of a priority, which is an expression of SQL: a third of them for the agent,
/// a third for the first team, and a third for nobody, so that the groups are told.
async fn customers_wait(sql: &Sql, count: i64, priority: &str) {
    let sessions = format!(
        "INSERT INTO customers (project_id, telegram_user_id, chat_id, name, created_at)
        WITH RECURSIVE numbers (n) AS (
            SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}
        )
        SELECT projects.id, {OTHERS} + n, {OTHERS} + n, 'Customer', {DUE}
        FROM projects CROSS JOIN numbers WHERE projects.name = 'Sandbox';
        INSERT INTO sessions (
            project_id, number, customer_id, chat_id, status, priority, assignee_id, team_id, last_message_at,
            last_direction, inbound_count, waiting_since, version, created_at, updated_at
        )
        SELECT customers.project_id, customers.chat_id - {OTHERS}, customers.id, customers.chat_id, 'UNREAD',
            {priority},
            CASE WHEN customers.id % 3 = 0 THEN (SELECT max(id) FROM agents WHERE email = 'ada@desk.test') END,
            CASE WHEN customers.id % 3 = 1 THEN (SELECT min(id) FROM teams) END,
            {DUE}, 'INBOUND', 1, {DUE}, 1, {DUE}, {DUE}
        FROM customers WHERE customers.chat_id > {OTHERS};
        UPDATE projects SET last_session_number = {count} WHERE name = 'Sandbox'"
    );
    sql.execute(&sessions).await.unwrap();
}

/// Has customers wait for whom the time has run out, which administrators are to know.
async fn fall_due(desk: &Desk) {
    let sql = Sql::connect(&desk.database).await.unwrap();
    customers_wait(&sql, SESSIONS, "'URGENT'").await;
    for metric in ["FIRST_RESPONSE", "RESOLUTION"] {
        let clocks = format!(
            r#"INSERT INTO sla_clocks (project_id, session_id, customer_id, metric, kind, policy_version, started_at,
                terms, state, due_at, changes, next_at)
            SELECT project_id, id, customer_id, '{metric}', 'STANDARD', 1, {DUE},
                '{{"micros":0,"warn":80,"pauses":true}}', 'PENDING', {DUE}, 0, {DUE} + 1
            FROM sessions"#
        );
        sql.execute(&clocks).await.unwrap();
    }
}

/// Has customers wait, as many of each priority, for whom the time of one promise has run out and it is time to warn
/// that another one does. The one and the other come in turns, so that work that is cut off is of both kinds.
async fn fall_due_each_in_its_way(desk: &Desk, runs_out: Time) {
    const PRIORITY: &str =
        "CASE customers.id % 4 WHEN 0 THEN 'URGENT' WHEN 1 THEN 'HIGH' WHEN 2 THEN 'MEDIUM' ELSE 'LOW' END";
    let sql = Sql::connect(&desk.database).await.unwrap();
    customers_wait(&sql, SESSIONS_OF_EACH_KIND, PRIORITY).await;
    let due_at = runs_out.timestamp_micros();
    let target = due_at - DUE;
    let warn_at = DUE + target / 100;
    let clocks = format!(
        r#"INSERT INTO sla_clocks (project_id, session_id, customer_id, metric, kind, policy_version, started_at,
            terms, state, due_at, warn_at, changes, next_at)
        SELECT sessions.project_id, sessions.id, sessions.customer_id, promise.metric, 'STANDARD', 1, {DUE},
            promise.terms, 'PENDING', promise.due_at, promise.warn_at, 0, {DUE} + 1
        FROM sessions CROSS JOIN (
            SELECT 'FIRST_RESPONSE' AS metric, '{{"micros":0,"warn":80,"pauses":true}}' AS terms,
                CAST({DUE} AS BIGINT) AS due_at, CAST(NULL AS BIGINT) AS warn_at
            UNION ALL
            SELECT 'RESOLUTION', '{{"micros":{target},"warn":1,"pauses":true}}', {due_at}, {warn_at}
        ) AS promise
        ORDER BY sessions.id"#
    );
    sql.execute(&clocks).await.unwrap();
}

async fn count(desk: &Desk, query: &str) -> i64 {
    Sql::connect(&desk.database).await.unwrap().number(query).await.unwrap()
}

/// Starts the process again and again and kills it amid its work, until it is through or was killed often enough.
/// `told` counts of how many clocks of all was told. Answers how often something was left to be done.
async fn kill_amid_work(desk: &mut Desk, told: &str, all: i64) -> usize {
    let (mut done, mut interrupted) = (0, 0);
    while done < all && interrupted < KILLS {
        desk.restart().await;
        // One batch more is written, so that the next one is under way.
        until_more_than(desk, told, done).await;
        desk.server.kill();
        done = count(desk, told).await;
        interrupted += usize::from(done < all);
    }
    interrupted
}

/// Waits until more clocks than these were told of, by a query that counts them.
async fn until_more_than(desk: &Desk, query: &str, told: i64) {
    let sql = Sql::connect(&desk.database).await.unwrap();
    let more = || async {
        let count = sql.number(query).await.unwrap();
        if count > told { Ok(()) } else { Err(count) }
    };
    eventually(PATIENCE, more).await;
}

/// How many lines about clocks the notices to a chat have, and about how many clocks.
async fn lines(sql: &Sql, chat: i64) -> (i64, i64) {
    lines_that(sql, chat, "TRUE").await
}

/// The same of the lines that tell one kind of thing.
async fn lines_of(sql: &Sql, chat: i64, alert: &str) -> (i64, i64) {
    let told = match sql {
        Sql::Sqlite(_) => "json_extract(line.value, '$.alert')",
        Sql::Postgres(_) => "line ->> 'alert'",
    };
    lines_that(sql, chat, &format!("{told} = '{alert}'")).await
}

async fn lines_that(sql: &Sql, chat: i64, condition: &str) -> (i64, i64) {
    let (clock, lines) = match sql {
        Sql::Sqlite(_) => ("json_extract(line.value, '$.clock_id')", "json_each(payload, '$.desk_sla_lines')"),
        Sql::Postgres(_) => ("line ->> 'clock_id'", "json_array_elements(payload::json -> 'desk_sla_lines')"),
    };
    let count = async |what: &str| {
        let query = format!("SELECT count({what}) FROM outbox, {lines} AS line WHERE chat_id = {chat} AND {condition}");
        sql.number(&query).await.unwrap()
    };
    (count("*").await, count(&format!("DISTINCT {clock}")).await)
}

/// Waits until every clock was told of, and checks that nobody was told of one twice.
async fn each_was_told_of_once(desk: &Desk) {
    until_more_than(desk, LATE, CLOCKS - 1).await;
    let sql = Sql::connect(&desk.database).await.unwrap();
    for query in [
        "SELECT count(*) FROM sla_clock_events WHERE change = 'BREACHED'",
        "SELECT count(DISTINCT clock_id) FROM sla_clock_events WHERE change = 'BREACHED'",
        "SELECT count(*) FROM events WHERE cause = 'SLA_BREACH'",
        "SELECT count(DISTINCT clock_id) FROM events WHERE cause = 'SLA_BREACH'",
    ] {
        assert_eq!(sql.number(query).await.unwrap(), CLOCKS, "{query}");
    }
    let of_agent = 2 * sql.number("SELECT count(*) FROM sessions WHERE assignee_id IS NOT NULL").await.unwrap();
    for (chat, clocks) in [(ADMIN_CHAT, CLOCKS), (AGENT_CHAT, of_agent), (GROUP, CLOCKS - of_agent)] {
        assert_eq!(lines(&sql, chat).await, (clocks, clocks), "{chat}: lines and clocks that they are about");
    }
}

/// Waits until every clock was told of in its way, and checks that each of those concerned was told of each of theirs
/// once, and nobody of another one.
async fn each_was_told_of_once_in_its_way(desk: &Desk) {
    until_more_than(desk, TOLD, 2 * SESSIONS_OF_EACH_KIND - 1).await;
    let sql = Sql::connect(&desk.database).await.unwrap();
    for query in [
        "SELECT count(*) FROM sla_clock_events WHERE change = 'BREACHED'",
        "SELECT count(DISTINCT clock_id) FROM sla_clock_events WHERE change = 'BREACHED'",
        "SELECT count(*) FROM sla_clock_events WHERE change = 'WARNED'",
        "SELECT count(DISTINCT clock_id) FROM sla_clock_events WHERE change = 'WARNED'",
        "SELECT count(*) FROM events WHERE cause = 'SLA_BREACH'",
        "SELECT count(DISTINCT clock_id) FROM events WHERE cause = 'SLA_BREACH'",
        "SELECT count(*) FROM events WHERE cause = 'SLA_WARNING'",
        "SELECT count(DISTINCT clock_id) FROM events WHERE cause = 'SLA_WARNING'",
    ] {
        assert_eq!(sql.number(query).await.unwrap(), SESSIONS_OF_EACH_KIND, "{query}");
    }
    // In which sessions somebody is told of a warning, and in which of time that has run out.
    let all = [
        (AGENT_CHAT, "assignee_id IS NOT NULL", "assignee_id IS NOT NULL"),
        (GROUP, "assignee_id IS NULL", "assignee_id IS NULL"),
        (
            SECOND_LINE_GROUP,
            "assignee_id IS NULL AND team_id IS NULL",
            "(assignee_id IS NULL AND team_id IS NULL) OR priority = 'MEDIUM'",
        ),
        (ADMIN_CHAT, "FALSE", "priority = 'URGENT'"),
        (SUPERVISOR_CHAT, "FALSE", "priority = 'HIGH'"),
    ];
    let mut chats = Vec::new();
    for (chat, warned, late) in all {
        let mut total = 0;
        for (alert, concerned) in [("WARNING", warned), ("BREACH", late)] {
            let query = format!("SELECT count(*) FROM sessions WHERE {concerned}");
            let clocks = sql.number(&query).await.unwrap();
            assert_eq!(lines_of(&sql, chat, alert).await, (clocks, clocks), "{chat}: lines and clocks of a {alert}");
            total += clocks;
        }
        assert_eq!(lines(&sql, chat).await, (total, total), "{chat}: nothing else");
        chats.push(chat.to_string());
    }
    let others = format!(
        "SELECT count(*) FROM outbox WHERE payload LIKE '%desk_sla_lines%' AND chat_id NOT IN ({})",
        chats.join(", ")
    );
    assert_eq!(sql.number(&others).await.unwrap(), 0);
}

on_both_engines! {
    async fn a_process_that_is_killed_while_thousands_fall_due_has_each_told_once(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        link_staff(&desk, &sandbox).await;
        desk.server.kill();
        fall_due(&desk).await;
        let interrupted = kill_amid_work(&mut desk, LATE, CLOCKS).await;
        assert!(interrupted > 1, "it was through too soon");
        desk.restart().await;
        each_was_told_of_once(&desk).await;
    }

    async fn a_process_that_is_killed_does_each_kind_of_thing_once(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        link_staff(&desk, &sandbox).await;
        link_more_staff(&desk, &sandbox).await;
        let runs_out = time(&json!(in_future(&desk.admin, &sandbox, 24 * HOUR).await));
        desk.server.kill();
        fall_due_each_in_its_way(&desk, runs_out).await;
        let interrupted = kill_amid_work(&mut desk, TOLD, 2 * SESSIONS_OF_EACH_KIND).await;
        assert!(interrupted > 0, "it was through too soon");
        desk.restart().await;
        each_was_told_of_once_in_its_way(&desk).await;
    }

    async fn a_clock_that_cannot_be_told_of_holds_up_no_other_and_is_not_forgotten(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let broken = session_of_new_customer(&desk, &sandbox, 7).await;
        until_state(&desk.admin, &broken, "RESOLUTION", "PENDING").await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        sql.execute("UPDATE sla_clocks SET terms = 'no terms'").await.unwrap();
        let other = session_of_new_customer(&desk, &sandbox, 8).await;
        advance(&desk.admin, &sandbox, HOUR).await;
        for metric in ["FIRST_RESPONSE", "RESOLUTION"] {
            until_state(&desk.admin, &other, metric, "BREACHING").await;
        }
        let set_aside = || async {
            let query = "SELECT count(*) FROM sla_clocks WHERE attempts > 0 AND error <> '' AND state = 'PENDING'";
            let count = sql.number(query).await.unwrap();
            if count == 2 { Ok(()) } else { Err(count) }
        };
        eventually(PATIENCE, set_aside).await;

        let mended = format!(
            "UPDATE sla_clocks SET next_at = {DUE}, terms = (
                SELECT whole.terms FROM sla_clocks AS whole
                WHERE whole.metric = sla_clocks.metric AND whole.terms <> 'no terms'
            ) WHERE terms = 'no terms'"
        );
        sql.execute(&mended).await.unwrap();
        // The desk looks again when it hears of anything.
        session_of_new_customer(&desk, &sandbox, 9).await;
        for metric in ["FIRST_RESPONSE", "RESOLUTION"] {
            until_state(&desk.admin, &broken, metric, "BREACHING").await;
        }
        let none_is_set_aside = || async {
            let count = sql.number("SELECT count(*) FROM sla_clocks WHERE attempts > 0").await.unwrap();
            if count == 0 { Ok(()) } else { Err(count) }
        };
        eventually(PATIENCE, none_is_set_aside).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_have_each_told_once() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let sandbox = sandbox(&desk.admin).await;
    link_staff(&desk, &sandbox).await;
    let _other = desk.another_process().await;
    fall_due(&desk).await;
    // Both hear of it.
    advance(&desk.admin, &sandbox, MINUTE).await;
    each_was_told_of_once(&desk).await;
}
