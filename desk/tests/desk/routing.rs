//! Giving out sessions when there are many of them, and when somebody gets in the way.

use std::sync::Arc;

use chrono::TimeDelta;
use desk::Actor;
use desk::routing::RoutingChange;
use desk::session::{NewFollowUp, NewStatus};
use domain::session::Awaited;
use domain::{ProjectId, Session, SessionId, Status};
use tests::{Engine, Sql, on_both_engines};

use crate::jobs::run_jobs;
use crate::letters::{Letters, letter};
use crate::stage::{Stage, eventually};
use crate::visibility::agent;

/// A team in which there is nobody, unless somebody is put into it.
const TEAM: i64 = 900;
/// More than were once looked at.
const MANY: i64 = 2_040;

/// The first of many sessions, none of whose customers has written as late as those of the next.
const FIRST: i64 = 1_000_001;
const SECOND: i64 = 2_000_001;
const THIRD: i64 = 3_000_001;

on_both_engines! {
    async fn however_many_wait_for_others_each_gets_an_agent_who_has_room(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let ada = agent(&stage, project, "ada").await;
        team(&stage, project).await;
        crowd(&stage, project, FIRST, MANY, &format!("team_id = {TEAM}")).await;
        crowd(&stage, project, SECOND, 3, "version = 1").await;
        crowd(&stage, project, THIRD, 1, "priority = 'URGENT'").await;
        come(&stage, project, &ada).await;
        enable(&stage, project, Some(1)).await;
        let _running = run_jobs(&stage.desk);
        let hers = format!("FROM sessions WHERE assignee_id = {}", ada.agent.id);
        eventually(async || (stage.count(&hers).await == 1).then_some(())).await;
        assert_eq!(stage.count(&format!("{hers} AND id = {THIRD}")).await, 1, "what presses comes first");
        enable(&stage, project, None).await;
        stage.desk.bell().ring();
        eventually(async || (stage.count(&hers).await == 4).then_some(())).await;
        let others = format!("FROM sessions WHERE team_id = {TEAM} AND assignee_id IS NULL");
        assert_eq!(stage.count(&others).await, MANY);
    }

    async fn those_whom_rules_keep_for_others_hide_nobody_either(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let ada = agent(&stage, project, "ada").await;
        team(&stage, project).await;
        crowd(&stage, project, FIRST, MANY, "version = 1").await;
        stage.tamper("UPDATE customers SET language_code = 'de'").await;
        rule(&stage, project).await;
        crowd(&stage, project, SECOND, 3, "version = 1").await;
        come(&stage, project, &ada).await;
        enable(&stage, project, None).await;
        let _running = run_jobs(&stage.desk);
        let hers = format!("FROM sessions WHERE assignee_id = {}", ada.agent.id);
        eventually(async || (stage.count(&hers).await == 3).then_some(())).await;
        assert_eq!(stage.count(&format!("{hers} AND id >= {SECOND}")).await, 3);
        // Nor from whoever comes last, and who writes German is told, though there are more than are looked at at once.
        let last = write(&stage, project, 1, 7).await;
        eventually(async || (stage.session(last).await.assignee_id == Some(ada.agent.id)).then_some(())).await;
        let told = format!("FROM session_queue_notes WHERE session_id = {}", FIRST + MANY - 1);
        stage.tamper(&format!("UPDATE sessions SET queued_at = 1 WHERE id = {}", FIRST + MANY - 1)).await;
        eventually(async || (stage.count(&told).await == 1).then_some(())).await;
    }

    async fn nobody_is_told_a_place_that_is_not_theirs(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        crowd(&stage, project, FIRST, MANY, "version = 1").await;
        enable(&stage, project, None).await;
        let _running = run_jobs(&stage.desk);
        let last = write(&stage, project, 1, 7).await;
        let told = async |session| {
            eventually(async || stage.messages(session).await.into_iter().find(|one| one.text.contains("in line"))).await
        };
        let place = usize::try_from(MANY).unwrap() + 1;
        assert!(told(last).await.text.contains(&format!("number {place} in line")));
        let places = stage.desk.queue_places(&stage.actor, &[last]).await.unwrap();
        assert_eq!(places, [(last, place)]);
        // Where rules decide who is in which line, so far behind the place is not known.
        team(&stage, project).await;
        rule(&stage, project).await;
        let next = write(&stage, project, 2, 8).await;
        assert!(told(next).await.text.contains("You are in line"));
        assert!(stage.desk.queue_places(&stage.actor, &[next]).await.unwrap().is_empty());
    }

    async fn who_begins_to_wait_is_looked_after_before_long(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        enable(&stage, project, None).await;
        let _running = run_jobs(&stage.desk);
        let round_within = async |seconds: i64| {
            let by = (stage.desk.now() + TimeDelta::seconds(seconds)).timestamp_micros();
            stage.count(&format!("FROM jobs WHERE kind = 'routing_round' AND due_at <= {by}")).await == 1
        };
        eventually(async || (!round_within(50).await && round_within(60).await).then_some(())).await;
        write(&stage, project, 1, 7).await;
        eventually(async || round_within(5).await.then_some(())).await;
    }

    async fn what_is_resolved_waits_for_nobody_until_the_customer_comes_back(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (ada, bob) = (agent(&stage, project, "ada").await, agent(&stage, project, "bob").await);
        let (nobodys, hers) = (write(&stage, project, 1, 7).await, write(&stage, project, 2, 8).await);
        stage.desk.session_resolve(&stage.actor, nobodys, "", None).await.unwrap();
        stage.desk.session_assign(&ada, hers, Some(ada.agent.id), None).await.unwrap();
        stage.desk.session_resolve(&ada, hers, "", None).await.unwrap();
        come(&stage, project, &bob).await;
        enable(&stage, project, None).await;
        let _running = run_jobs(&stage.desk);
        stage.desk.agent_deactivate(&stage.actor, ada.agent.id).await.unwrap();
        let given = async |session| {
            let is_his = async || (stage.session(session).await.assignee_id == Some(bob.agent.id)).then_some(());
            eventually(is_his).await;
        };
        given(write(&stage, project, 3, 9).await).await;
        for resolved in [nobodys, hers] {
            let seen = stage.session(resolved).await;
            assert_eq!((seen.assignee_id, seen.queued_at), (None, None), "{}", seen.id);
            assert!(seen.resolution.is_some());
        }
        write(&stage, project, 4, 7).await;
        given(nobodys).await;
    }

    async fn whoever_nobody_has_waits_for_an_agent_as_soon_as_they_wait_for_nothing_else(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        enable(&stage, project, None).await;
        let mut sessions = Vec::new();
        for customer in 1..=4 {
            let session = write(&stage, project, customer, customer).await;
            let until = Some(stage.desk.now() + TimeDelta::hours(1));
            let waits = NewFollowUp { awaited: Awaited::ThirdParty, until, note: String::new() };
            let waits = NewStatus::FollowUp(waits);
            let waiting = stage.desk.session_status_update(&stage.actor, session, &waits, None).await.unwrap();
            assert_eq!(waiting.queued_at, None);
            sessions.push(session);
        }
        let is_in_line = |session: &Session| session.queued_at.is_some() && session.status == Status::Unread;
        let said = stage.desk.session_status_update(&stage.actor, sessions[0], &NewStatus::Unread, None).await.unwrap();
        assert!(is_in_line(&said));
        // Two at once, which are usually taken in together.
        stage.desk.store_updates(project, vec![letter(12, 2, "Hello?"), letter(13, 3, "Hello?")]).await.unwrap();
        stage.work_off(&Letters).await;
        for session in &sessions[1..3] {
            assert!(is_in_line(&stage.session(*session).await));
        }
        let _running = run_jobs(&stage.desk);
        assert_eq!(stage.session(sessions[3]).await.status, Status::FollowUp);
        stage.clock.advance(TimeDelta::hours(1));
        stage.desk.bell().ring();
        eventually(async || is_in_line(&stage.session(sessions[3]).await).then_some(())).await;
    }

    async fn very_many_sessions_of_who_goes_are_put_in_line_bit_by_bit(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let ada = agent(&stage, project, "ada").await;
        let give = format!("assignee_id = {}, status = 'PROCESSING'", ada.agent.id);
        crowd(&stage, project, FIRST, 130, &give).await;
        enable(&stage, project, None).await;
        stage.desk.agent_deactivate(&stage.actor, ada.agent.id).await.unwrap();
        let hers = format!("FROM sessions WHERE assignee_id = {}", ada.agent.id);
        assert_eq!(stage.count(&hers).await, 80, "nobody waits until all are done");
        assert_eq!(stage.count("FROM jobs WHERE kind = 'route'").await, 0, "one goes round for all");
        let _running = run_jobs(&stage.desk);
        eventually(async || (stage.count(&hers).await == 0).then_some(())).await;
        eventually(async || (stage.count("FROM session_queue_notes").await == 130).then_some(())).await;

        // Who took long about giving one to her is found out as well.
        for (after, left) in [(5, 2), (60, 1), (600, 0)] {
            stage.tamper(&format!("UPDATE sessions SET assignee_id = {} WHERE id = {FIRST}", ada.agent.id)).await;
            stage.clock.advance(TimeDelta::seconds(after));
            stage.desk.bell().ring();
            eventually(async || (stage.count(&hers).await == 0).then_some(())).await;
            let looks = "FROM jobs WHERE kind = 'session_release'";
            eventually(async || (stage.count(looks).await == left).then_some(())).await;
        }

        // What was noted while they waited goes when they are over.
        for table in ["session_let_lie", "session_queue_notes"] {
            assert_eq!(stage.count(&format!("FROM {table} WHERE session_id = {FIRST}")).await, 1);
        }
        stage.desk.session_close(&stage.actor, SessionId(FIRST), None).await.unwrap();
        for table in ["session_let_lie", "session_queue_notes"] {
            assert_eq!(stage.count(&format!("FROM {table} WHERE session_id = {FIRST}")).await, 0);
        }
    }

    async fn what_changes_while_it_is_decided_about_is_decided_about_anew(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let ada = agent(&stage, project, "ada").await;
        team(&stage, project).await;
        crowd(&stage, project, FIRST, 2, "version = 1").await;
        // As one who hands the second to a team between the look at the line and the gift.
        let meanwhile = format!("UPDATE sessions SET team_id = {TEAM}, version = version + 1 WHERE id = {};", FIRST + 1);
        stage.tamper(&match engine {
            Engine::Sqlite => {
                format!("CREATE TRIGGER meanwhile AFTER INSERT ON routing_agents BEGIN {meanwhile} END")
            }
            Engine::Postgres => format!(
                "CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql \
                 AS $$ BEGIN {meanwhile} RETURN NULL; END $$; \
                 CREATE TRIGGER meanwhile AFTER INSERT ON routing_agents FOR EACH ROW EXECUTE FUNCTION meanwhile()"
            ),
        })
        .await;
        come(&stage, project, &ada).await;
        enable(&stage, project, None).await;
        let _running = run_jobs(&stage.desk);
        let first = async || (stage.session(SessionId(FIRST)).await.assignee_id == Some(ada.agent.id)).then_some(());
        eventually(first).await;
        assert_eq!(stage.session(SessionId(FIRST + 1)).await.assignee_id, None, "it is for a team that she is not in");
    }

    async fn what_is_taken_from_who_let_it_lie_waits_for_others_whenever_its_customer_was_told(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let ada = agent(&stage, project, "ada").await;
        crowd(&stage, project, FIRST, 1, &format!("assignee_id = {}", ada.agent.id)).await;
        // By a process whose clock is ahead.
        let told = format!("INSERT INTO session_queue_notes (session_id, told_at) VALUES ({FIRST}, 9000000000000000)");
        stage.tamper(&told).await;
        enable(&stage, project, None).await;
        let _running = run_jobs(&stage.desk);
        let waits = async || stage.session(SessionId(FIRST)).await.queued_at.map(|_| ());
        eventually(waits).await;
        let seen = stage.session(SessionId(FIRST)).await;
        assert_eq!((seen.assignee_id, seen.version), (None, 2), "and that is told");
    }

    async fn those_that_stay_with_their_agents_hide_none_that_moves_on(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (ada, bob) = (agent(&stage, project, "ada").await, agent(&stage, project, "bob").await);
        team(&stage, project).await;
        stage.tamper(&format!("INSERT INTO team_members (team_id, agent_id) VALUES ({TEAM}, {})", ada.agent.id)).await;
        crowd(&stage, project, FIRST, 510, &format!("team_id = {TEAM}, assignee_id = {}", ada.agent.id)).await;
        crowd(&stage, project, SECOND, 1, &format!("assignee_id = {}", bob.agent.id)).await;
        come(&stage, project, &ada).await;
        enable(&stage, project, None).await;
        let _running = run_jobs(&stage.desk);
        let moved = async || (stage.session(SessionId(SECOND)).await.assignee_id == Some(ada.agent.id)).then_some(());
        eventually(moved).await;
    }
}

/// Has the desk give out the sessions of a project.
async fn enable(stage: &Stage, project: ProjectId, capacity: Option<u32>) {
    let change = RoutingChange { enabled: Some(true), capacity: Some(capacity), ..RoutingChange::default() };
    stage.desk.routing_settings_update(&stage.actor, project, &change).await.unwrap();
}

/// Has an agent be there for good.
async fn come(stage: &Stage, project: ProjectId, agent: &Arc<Actor>) {
    let there = format!(
        "INSERT INTO presence (holder, project_id, agent_id, since, last_seen, live) \
         VALUES ('elsewhere', {project}, {}, 0, 9000000000000000, TRUE)",
        agent.agent.id
    );
    stage.tamper(&there).await;
}

async fn team(stage: &Stage, project: ProjectId) {
    let new = format!(
        "INSERT INTO teams (id, project_id, name, line, version, created_at) VALUES ({TEAM}, {project}, 'Experts', 2, 1, 0)"
    );
    stage.tamper(&new).await;
}

/// Keeps those who write German for the team, in which the administrator is, who is not there.
async fn rule(stage: &Stage, project: ProjectId) {
    let new = format!(
        "INSERT INTO team_members (team_id, agent_id) VALUES ({TEAM}, {}); \
         INSERT INTO routing_rules (project_id, place, name, conditions, scope, active, version, created_at) \
         VALUES ({project}, 1, 'German', '[{{\"language\":[\"de\"]}}]', '{{\"team\":{TEAM}}}', TRUE, 1, 0)",
        stage.actor.agent.id
    );
    stage.tamper(&new).await;
}

/// Makes up sessions whose customers wait, numbered from the first one, with something set in each.
pub async fn crowd(stage: &Stage, project: ProjectId, first: i64, count: i64, set: &str) {
    let last = first + count - 1;
    let numbers =
        format!("WITH RECURSIVE numbers (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})");
    stage
        .tamper(&format!(
            "INSERT INTO customers (id, project_id, telegram_user_id, chat_id, name, created_at, kind)
             {numbers} SELECT n, {project}, n, n, 'Customer', 0, 'PERSON' FROM numbers;
             INSERT INTO sessions (id, project_id, number, customer_id, status, priority, last_message_at, waiting_since,
                 last_direction, inbound_count, version, created_at, updated_at, chat_id)
             {numbers} SELECT n, {project}, n, n, 'UNREAD', 'MEDIUM', n, n, 'INBOUND', 1, 1, n, n, n FROM numbers;
             UPDATE sessions SET {set} WHERE id BETWEEN {first} AND {last}"
        ))
        .await;
}

/// A customer writes, and the desk takes it in; answers the session.
async fn write(stage: &Stage, project: ProjectId, number: i64, customer: i64) -> SessionId {
    stage.desk.store_updates(project, vec![letter(number, customer, "Hello")]).await.unwrap();
    stage.work_off(&Letters).await;
    let theirs = format!(
        "SELECT max(sessions.id) FROM sessions JOIN customers ON customers.id = sessions.customer_id \
         WHERE telegram_user_id = {customer}"
    );
    SessionId(Sql::connect(&stage.database).await.unwrap().number(&theirs).await.unwrap())
}
