//! A desk of before keeps everything when it is upgraded, and when it goes back.

use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use domain::filter::Page;
use domain::message::{Content, Thread};
use domain::sla::{Metric, PolicyVersion, Subject};
use domain::statistics::Whose;
use domain::ticket::TicketKind;
use domain::{
    AgentId, ChatId, CustomerId, CustomerKind, DeliveryState, MessageId, ProjectId, SessionId, Sight, TelegramUserId,
    TimeRange,
};
use store::Store;
use store::inbox::UpdateState;
use store::outbox::{Lane, Room};
use store::statistics::Of;
use tests::{Database, Engine, Sql, on_both_engines};

use crate::fixture::{Fixture, at, open};

/// How many migrations there were before 0004.
const BEFORE: usize = 3;
/// How many there were before tickets.
const BEFORE_TICKETS: usize = 32;

const PROJECT: ProjectId = ProjectId(1001);
const SESSION: SessionId = SessionId(1001);

/// What the desk of before had: two customers, one of them with a closed and an open session, an answer that waits, one
/// that is being sent, and updates in every state.
const CONTENT: &str = "
    INSERT INTO workspaces (id, name, created_at) VALUES (1001, 'Acme', 1);
    INSERT INTO agents (id, workspace_id, email, name, password_hash, workspace_role, active, created_at)
    VALUES (1001, 1001, 'ada@example.org', 'Ada', 'hash', 'ADMIN', TRUE, 1);
    INSERT INTO projects (id, workspace_id, name, sandbox, clock_offset, last_session_number, version, created_at)
    VALUES (1001, 1001, 'Support', FALSE, 0, 3, 1, 1);
    INSERT INTO customers (id, project_id, telegram_user_id, chat_id, name, created_at)
    VALUES (1001, 1001, 7, 7, 'Kim', 1), (1002, 1001, 8, 8, 'Lee', 1);
    INSERT INTO sessions (id, project_id, number, customer_id, status, priority, assignee_id, last_message_at,
        last_direction, inbound_count, close_reason, closed_at, version, created_at, updated_at)
    VALUES (1000, 1001, 1, 1001, 'CLOSED', 'MEDIUM', NULL, 1, 'INBOUND', 1, 'AGENT', 2, 2, 1, 2),
        (1001, 1001, 2, 1001, 'PROCESSING', 'HIGH', 1001, 3, 'OUTBOUND', 1, NULL, NULL, 5, 3, 3),
        (1002, 1001, 3, 1002, 'UNREAD', 'MEDIUM', NULL, 3, 'INBOUND', 1, NULL, NULL, 1, 3, 3);
    INSERT INTO messages (id, project_id, session_id, customer_id, chat_id, direction, kind, text, author_id,
        reply_to_id, telegram_message_id, delivery_state, created_at, edited_at)
    VALUES (1001, 1001, 1001, 1001, 7, 'INBOUND', 'text', 'Hello', NULL, NULL, 11, NULL, 3, 4),
        (1002, 1001, 1001, 1001, 7, 'OUTBOUND', 'text', 'Hi', 1001, 1001, NULL, 'QUEUED', 4, NULL),
        (1003, 1001, 1001, 1001, 7, 'OUTBOUND', 'text', 'How are you?', 1001, NULL, NULL, 'QUEUED', 4, NULL),
        (1004, 1001, 1002, 1002, 8, 'OUTBOUND', 'text', 'Yes', 1001, NULL, NULL, 'QUEUED', 4, NULL),
        (1005, 1001, 1002, 1002, 8, 'INBOUND', 'text', 'Really?', NULL, NULL, 12, NULL, 5, NULL),
        (1006, 1001, 1002, 1002, 8, 'INBOUND', 'text', 'Well?', NULL, NULL, 13, NULL, 6, NULL);
    INSERT INTO outbox (id, project_id, chat_id, lane, message_id, method, payload, state, attempt, attempts,
        not_before, created_at, settled_at)
    VALUES (1001, 1001, 7, 100, 1002, 'sendMessage', 'one', 'QUEUED', NULL, 0, 5, 4, NULL),
        (1002, 1001, 7, 100, 1003, 'sendMessage', 'two', 'QUEUED', NULL, 0, 4, 4, NULL),
        (1003, 1001, 8, 100, 1004, 'sendMessage', 'three', 'SENDING', 'try', 0, 4, 4, NULL),
        (1004, 1001, 8, 100, NULL, 'sendMessage', 'four', 'SENT', 'try', 1, 4, 4, 5);
    INSERT INTO tg_inbox (id, project_id, epoch, update_id, chat_id, kind, raw, state, attempts, not_before, error,
        received_at)
    VALUES (1001, 1001, 1, 1, 7, 'message', 'done', 'DONE', 0, 1, NULL, 1),
        (1002, 1001, 1, 2, 7, 'message', 'pending', 'PENDING', 0, 1, NULL, 2),
        (1003, 1001, 1, 3, 8, 'message', 'failed', 'POISON', 5, 1, 'why', 3);
    INSERT INTO tg_intake (project_id, epoch) VALUES (1001, 1);
    INSERT INTO idempotency_keys (agent_id, key, operation, fingerprint, object_id, created_at)
    VALUES (1001, 'key', 'messageSend', 'digest', 1002, 4);
    INSERT INTO jobs (id, key, project_id, kind, payload, due_at, state, attempts, created_at)
    VALUES (1001, 'idle:1001', 1001, 'idle_close', '1001', 9, 'WAITING', 0, 4);
    INSERT INTO events (project_id, kind, session_id, customer_id, message_id, cause, at, recorded_at)
    VALUES (1001, 'MESSAGE_ADDED', 1001, 1001, 1001, 'CUSTOMER_MESSAGE', 3, 3),
        (1001, 'SESSION_UPDATED', 1001, 1001, NULL, 'ASSIGNMENT', 4, 4)";

/// Runs migrations, or takes the latest ones back, until there are so many.
async fn reach(database: &Database, count: usize) {
    let url = database.url().to_owned();
    let engine = database.engine();
    tokio::task::spawn_blocking(move || match engine {
        Engine::Sqlite => {
            let mut conn = SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap();
            conn.batch_execute("PRAGMA foreign_keys = ON").unwrap();
            run(&mut conn, "../migrations/sqlite", count);
        }
        Engine::Postgres => {
            let mut conn = AsyncConnectionWrapper::<AsyncPgConnection>::establish(&url).unwrap();
            run(&mut conn, "../migrations/postgres", count);
        }
    })
    .await
    .unwrap();
}

fn run<DB: diesel::backend::Backend>(conn: &mut impl MigrationHarness<DB>, path: &str, count: usize) {
    let migrations = || FileBasedMigrations::from_path(path).unwrap();
    while conn.applied_migrations().unwrap().len() > count {
        conn.revert_last_migration(migrations()).unwrap();
    }
    while conn.applied_migrations().unwrap().len() < count {
        conn.run_next_migration(migrations()).unwrap();
    }
}

async fn assert_everything_is_there(store: &Store) {
    let mut reader = store.read().await.unwrap();
    let customers = reader.customers(&[1001, 1002]).await.unwrap();
    assert_eq!(customers.len(), 2);
    assert!(customers.iter().all(|customer| {
        customer.kind == CustomerKind::Person && customer.erased_at.is_none() && customer.banned_at.is_none()
    }));
    let mut sessions = reader.sessions(&[1000, 1001, 1002]).await.unwrap();
    sessions.sort_by_key(|session| session.id);
    let chats: Vec<i64> = sessions.iter().map(|session| session.chat_id.0).collect();
    assert_eq!(chats, [7, 7, 8], "answers go where they went");
    assert!(sessions.iter().all(|session| session.thread == Thread::default() && session.team_id.is_none()));
    assert_eq!((sessions[1].version, sessions[1].number, sessions[1].inbound_count), (5, 2, 1));
    let microsecond = |time: domain::Time| time.timestamp_micros();
    let waiting: Vec<_> = sessions.iter().map(|session| session.waiting_since.map(microsecond)).collect();
    assert_eq!(waiting, [None, None, Some(5)], "since the first message that nobody has answered");
    let assigned: Vec<_> = sessions.iter().map(|session| session.assigned_at.map(microsecond)).collect();
    assert_eq!(assigned, [None, Some(4), None], "when it was written down");

    let clocks = reader.sla_clocks_of_sessions(&[1000, 1001, 1002]).await.unwrap();
    let mut promised: Vec<_> = clocks
        .iter()
        .map(|clock| (clock.metric, clock.session_id.0, microsecond(clock.started_at), clock.due_at.map(microsecond)))
        .collect();
    promised.sort_unstable();
    let (response, resolution) = (Some(5 + 300_000_000), Some(5 + 1_800_000_000));
    let expected = [(Metric::NextResponse, 1002, 5, response), (Metric::Resolution, 1002, 5, resolution)];
    assert_eq!(promised, expected, "to who waits, from the first message on that nobody has answered");
    let policy = PolicyVersion::initial(PROJECT);
    let terms = |metric| policy.terms(metric, Subject::Session { kind: TicketKind::Standard });
    assert!(clocks.iter().all(|clock| clock.terms == terms(clock.metric)));
    assert_eq!(reader.next_sla_due().await.unwrap(), Some(5 + 240_000_000), "they are warned about");

    let micros = |micros| domain::Time::from_timestamp_micros(micros).unwrap();
    let of = Of { range: TimeRange::new(micros(0), micros(9)).unwrap(), agent_id: None, team_id: None };
    let at_once = |agent_id, many: i64| (Whose { agent_id, team_id: None }, (Duration::zero(), many));
    let answered = reader.first_responses(PROJECT, of).await.unwrap();
    assert_eq!(answered, [at_once(Some(AgentId(1001)), 2)], "who answered then counts");
    assert_eq!(reader.handling_times(PROJECT, of).await.unwrap(), [at_once(None, 1)], "and what was closed");

    let page = Page { after: None, before: None, size: 10, from_end: false };
    let messages = reader.message_page(SESSION, page).await.unwrap();
    let texts: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["Hello", "Hi", "How are you?"]);
    assert!(messages.iter().all(|message| message.content == Content::default() && message.changes.is_empty()));
    assert_eq!(messages[1].reply_to_id, Some(MessageId(1001)));
    assert_eq!(messages[1].delivery.as_ref().map(|delivery| delivery.state), Some(DeliveryState::Queued));
    let known = reader.message_by_telegram_id(PROJECT, ChatId(7), "", 11).await.unwrap();
    assert_eq!(known.map(|message| message.id), Some(MessageId(1001)));

    for (state, raw) in
        [(UpdateState::Done, "done"), (UpdateState::Pending, "pending"), (UpdateState::Failed, "failed")]
    {
        let page = Page { after: None, before: None, size: 10, from_end: false };
        let updates = reader.update_page(PROJECT, Some(state), page).await.unwrap();
        assert_eq!(updates.iter().map(|update| update.raw.as_str()).collect::<Vec<_>>(), [raw]);
    }
    let theirs = reader.updates_of(PROJECT, TelegramUserId(7), ChatId(7), 0, 10).await.unwrap();
    assert_eq!(theirs.len(), 2, "a customer's updates of before are found as well");
    assert_eq!(reader.intake_epoch(PROJECT).await.unwrap(), Some(1));
    assert_eq!(reader.waiting_calls(&[PROJECT.0]).await.unwrap(), [(PROJECT, 3)]);
    assert!(reader.next_job_due().await.unwrap().is_some());
    assert_eq!(reader.customer_session_count(CustomerId(1001), &Sight::Everything).await.unwrap(), 2);
}

/// The calls of a chat go out in their order, and none beside one that is under way.
async fn assert_calls_go_on(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    let room = [Room { project_id: PROJECT, limit: 10 }];
    let turns = tx.claim_calls(Lane::LiveReply, &room, at(0)).await.unwrap();
    assert_eq!(turns.iter().map(|turn| turn.id.0).collect::<Vec<_>>(), [1001]);
    let abandoned = tx.abandoned_calls(PROJECT).await.unwrap();
    assert_eq!(abandoned.iter().map(|(id, _, _)| id.0).collect::<Vec<_>>(), [1003]);
    tx.roll_back().await.unwrap();
}

on_both_engines! {
    async fn a_desk_of_before_keeps_everything_on_the_way_here_and_back(engine: Engine) {
        let database = Database::new(engine).await;
        reach(&database, BEFORE).await;
        let sql = Sql::connect(&database).await.unwrap();
        sql.execute(CONTENT).await.unwrap();
        for _ in 0..2 {
            let store = open(&database).await;
            assert_everything_is_there(&store).await;
            assert_calls_go_on(&store).await;
            drop(store);
            // What was not there before: a number that a chat has twice, and an update that was put by.
            sql.execute(
                "UPDATE messages SET telegram_message_id = 11, connection = 'business' WHERE id = 1003; \
                 UPDATE tg_inbox SET state = 'SHELVED', shelf = 'FLOOD' WHERE id = 1003",
            )
            .await
            .unwrap();
            reach(&database, BEFORE).await;
            assert_eq!(sql.number("SELECT count(*) FROM messages WHERE telegram_message_id = 11").await.unwrap(), 1);
            assert_eq!(sql.number("SELECT count(*) FROM tg_inbox WHERE state = 'POISON'").await.unwrap(), 1);
        }
    }

    async fn a_desk_without_tickets_can_read_what_one_with_tickets_has_written(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let session = fixture.session(7, at(0)).await;
        let (project, workspace, customer) = (fixture.project.id, fixture.workspace, session.customer_id);
        let sql = Sql::connect(&fixture.database).await.unwrap();
        sql.execute(&format!(
            "INSERT INTO triggers (project_id, name, word_list_ids, tag_ids, raise_to, suggest, low_rating, active, place,
                version, created_at)
            VALUES ({project}, 'Words', '[1]', '[1]', NULL, NULL, NULL, TRUE, 1, 1, 1),
                ({project}, 'Words that raise', '[1]', NULL, 'HIGH', NULL, NULL, TRUE, 2, 1, 1),
                ({project}, 'Stars', NULL, '[1]', NULL, NULL, 3, TRUE, 3, 1, 1),
                ({project}, 'Words that suggest', '[1]', NULL, NULL, 'L2', NULL, TRUE, 4, 1, 1);
            INSERT INTO events (project_id, kind, session_id, customer_id, cause, at, recorded_at)
            VALUES ({project}, 'SESSION_UPDATED', {session}, {customer}, 'ESCALATION', 1, 1),
                ({project}, 'SESSION_UPDATED', {session}, {customer}, 'RATED', 1, 1),
                ({project}, 'SESSION_UPDATED', {session}, {customer}, 'VIEWED', 1, 1),
                ({project}, 'TODO_UPDATED', {session}, {customer}, 'TODO', 1, 1);
            INSERT INTO session_transfers (session_id, session_version, description, at, kind)
            VALUES ({session}, 1, '', 1, 'ESCALATION');
            INSERT INTO jobs (key, project_id, kind, payload, due_at, state, attempts, created_at)
            VALUES ('a', {project}, 'session_unresolved', '1', 1, 'WAITING', 0, 1),
                ('b', {project}, 'sla_policy_apply', '1', 1, 'WAITING', 0, 1),
                ('c', {project}, 'survey', '1', 1, 'WAITING', 0, 1),
                ('d', {project}, 'todo_reminder', '1', 1, 'WAITING', 0, 1),
                ('e', {project}, 'session_idle_close', '1', 1, 'WAITING', 0, 1);
            INSERT INTO audit_log (workspace_id, project_id, action, object_kind, object_id, at)
            VALUES ({workspace}, {project}, 'ticketCreate', 'TICKET', 99, 1),
                ({workspace}, {project}, 'todoCreate', 'TODO', 99, 1),
                ({workspace}, {project}, 'sessionClose', 'SESSION', 99, 1)",
            session = session.id,
        ))
        .await
        .unwrap();
        let Fixture { store, database, .. } = fixture;
        drop(store);
        reach(&database, BEFORE_TICKETS).await;
        for (query, count) in [
            ("triggers WHERE active", 2),
            ("events WHERE cause = 'AUTOMATIC'", 2),
            ("events", 3),
            ("session_transfers WHERE kind = 'TRANSFER'", 1),
            ("jobs", 1),
            ("audit_log", 3),
            ("audit_log WHERE object_kind = 'PROJECT' AND object_id = project_id", 2),
        ] {
            assert_eq!(sql.number(&format!("SELECT count(*) FROM {query}")).await.unwrap(), count, "{query}");
        }
        assert!(sql.execute_alone("UPDATE audit_log SET object_id = 1").await.is_err(), "it is only added to");
        drop(open(&database).await);
    }
}
