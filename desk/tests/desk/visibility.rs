//! Who hands a session over learns of nothing later, wherever they look.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use desk::event::{Dispatcher, Feed, Item};
use desk::message::NewReply;
use desk::team::NewTeam;
use desk::{Actor, PageRequest, Rejected};
use domain::filter::{SessionFilter, SessionOrder, SessionOrderField};
use domain::session::Target;
use domain::{AgentId, Cursor, EventKind, MessageId, ProjectId, Role, Session, SessionId, WorkspaceRole};
use tests::{Sql, on_both_engines};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::stage::{PATIENCE, Stage, eventually};

const PASSWORD: &str = "correct horse battery staple";
/// An agent of the project who does nothing else.
pub async fn agent(stage: &Stage, project: ProjectId, name: &str) -> Arc<Actor> {
    let email = format!("{name}@example.com");
    stage.desk.admin_agent_create(&email, name, PASSWORD, WorkspaceRole::Member).await.unwrap();
    stage.desk.admin_agent_assign(&email, project, Role::Agent).await.unwrap();
    let grant = stage.desk.sign_in(Ipv4Addr::LOCALHOST.into(), &email, PASSWORD).await.unwrap();
    let (credential, _) = stage.desk.verify_access_token(&grant.access_token).unwrap();
    stage.desk.actor(credential).await.unwrap()
}

fn all<K>(counted: bool) -> PageRequest<K> {
    PageRequest { first: Some(100), after: None, last: None, before: None, counted }
}

/// The messages that somebody reads in a session, counted or not; nothing if they do not see the session.
async fn read(stage: &Stage, actor: &Actor, session: SessionId) -> Option<Vec<MessageId>> {
    let messages = read_page(stage, actor, session, true).await;
    assert_eq!(read_page(stage, actor, session, false).await, messages, "they are the same if they are not counted");
    messages
}

async fn read_page(stage: &Stage, actor: &Actor, session: SessionId, counted: bool) -> Option<Vec<MessageId>> {
    let page = match stage.desk.messages(actor, session, all(counted)).await {
        Ok(page) => page,
        Err(error) => {
            assert!(matches!(error, desk::Error::NotFound("session")), "{error}");
            return None;
        }
    };
    let ids: Vec<MessageId> = page.edges.into_iter().map(|edge| edge.node.id).collect();
    let total = counted.then(|| i64::try_from(ids.len()).unwrap());
    assert_eq!(page.total, total, "what is counted is what is read");
    Some(ids)
}

/// The sessions that somebody has in a list, counted or not.
async fn listed(stage: &Stage, actor: &Actor, project: ProjectId) -> Vec<Session> {
    let sessions = list_page(stage, actor, project, true).await;
    assert_eq!(list_page(stage, actor, project, false).await, sessions, "they are the same if they are not counted");
    sessions
}

async fn list_page(stage: &Stage, actor: &Actor, project: ProjectId, counted: bool) -> Vec<Session> {
    let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
    let everything = SessionFilter::All(Vec::new());
    let page = stage.desk.sessions(actor, project, &everything, order, all(counted)).await.unwrap();
    assert_eq!(page.total, counted.then(|| i64::try_from(page.edges.len()).unwrap()));
    page.edges.into_iter().map(|edge| edge.node).collect()
}

async fn assign(stage: &Stage, session: SessionId, to: Option<AgentId>) {
    stage.desk.session_assign(&stage.actor, session, to, None).await.unwrap();
}

/// Everything that a reader is told before a session that everybody sees, in short.
async fn told_before(feed: &mut Feed, marker: SessionId) -> Vec<(EventKind, Option<MessageId>)> {
    let mut told = Vec::new();
    loop {
        let item = timeout(PATIENCE, feed.next()).await.unwrap();
        let Item::Occurred { occurrence, .. } = item.unwrap() else { panic!("nothing was missed") };
        if occurrence.event.session_id == marker {
            return told;
        }
        told.push((occurrence.event.kind, occurrence.event.message_id));
    }
}

/// The newest place of the log, once all that was written until now can be read: on PostgreSQL other transactions may hide
/// it for a moment.
async fn here(stage: &Stage) -> Cursor {
    let sql = Sql::connect(&stage.database).await.unwrap();
    let newest = sql.number("SELECT COALESCE(max(seq), 0) FROM events").await.unwrap();
    eventually(async || {
        let head = stage.desk.head_cursor().await.unwrap();
        (head.position.sequence == newest).then_some(head)
    })
    .await
}

fn dispatch(stage: &Stage) -> CancellationToken {
    let stop = CancellationToken::new();
    tokio::spawn(Dispatcher::new(stage.desk.clone()).run(stop.clone()));
    stop
}

on_both_engines! {
    async fn who_hands_a_session_over_sees_it_as_it_was_then(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (ada, bob) = (agent(&stage, project, "ada").await, agent(&stage, project, "bob").await);
        let session = stage.hear(project, 1, 7, "Hello").await.id;
        stage.desk.message_send(&ada, &NewReply::text(session, "Good day")).await.unwrap();
        assert!(read(&stage, &bob, session).await.is_none(), "another agent's session");
        assert!(listed(&stage, &bob, project).await.is_empty());

        stage.desk.session_assign(&ada, session, Some(bob.agent.id), None).await.unwrap();
        let before = read(&stage, &ada, session).await.unwrap();
        stage.hear(project, 2, 7, "A secret").await;
        let later = stage.desk.message_send(&bob, &NewReply::text(session, "Understood")).await.unwrap().remove(0);
        assert_eq!(read(&stage, &ada, session).await.unwrap(), before);
        assert_eq!((before.len(), read(&stage, &bob, session).await.unwrap().len()), (2, 4));
        assert!(stage.desk.messages_by_id(&ada, &[later.id]).await.unwrap().is_empty());
        assert_eq!(stage.desk.messages_by_id(&ada, &before).await.unwrap().len(), 2);
        assert!(listed(&stage, &ada, project).await.is_empty());
        let seen = stage.desk.session(&ada, session).await.unwrap().unwrap();
        assert_eq!((seen.last_message_id, seen.inbound_count), (before.last().copied(), 1));
        assert_eq!(seen.assignee_id, Some(bob.agent.id), "who has it now they decided themselves");
        let answer = stage.desk.message_send(&ada, &NewReply::text(session, "One more thing")).await.unwrap_err();
        assert!(matches!(answer, Rejected::Refused(desk::message::MessageSendRefusal::SessionNotFound)), "{answer:?}");

        assign(&stage, session, Some(ada.agent.id)).await;
        assert_eq!(read(&stage, &ada, session).await.unwrap().len(), 4, "with everything that was said meanwhile");
        assert_eq!(read(&stage, &bob, session).await.unwrap().len(), 4);
    }

    async fn losing_a_session_is_told_and_nothing_behind_it(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (ada, bob) = (agent(&stage, project, "ada").await, agent(&stage, project, "bob").await);
        let stop = dispatch(&stage);
        let start = here(&stage).await;
        let mut live = stage.desk.project_events(&ada, project, Some(start)).await.unwrap();
        let session = stage.hear(project, 1, 7, "Hello").await.id;
        assign(&stage, session, Some(ada.agent.id)).await;
        assign(&stage, session, Some(bob.agent.id)).await;
        stage.hear(project, 2, 7, "A secret").await;
        let secret = stage.messages(session).await[1].id;
        let marker = stage.hear(project, 3, 8, "Somebody else").await.id;
        let mut whole = stage.desk.project_events(&stage.actor, project, Some(start)).await.unwrap();
        let whole = told_before(&mut whole, marker).await;
        assert!(whole.iter().any(|(_, message)| *message == Some(secret)), "a supervisor is told of all: {whole:?}");

        let followed = told_before(&mut live, marker).await;
        let mut replay = stage.desk.project_events(&ada, project, Some(start)).await.unwrap();
        let mut elsewhere = stage.another_process().await.project_events(&ada, project, Some(start)).await.unwrap();
        for told in [followed, told_before(&mut replay, marker).await] {
            assert_eq!(told.last().map(|one| one.0), Some(EventKind::SessionRemoved), "{told:?}");
            assert!(told.iter().all(|(_, message)| *message != Some(secret)), "{told:?}");
            assert!(told.iter().any(|(kind, ..)| *kind == EventKind::SessionOpened), "{told:?}");
        }
        let Item::Occurred { occurrence, .. } = elsewhere.next().await.unwrap() else { panic!("nothing was missed") };
        let shown = occurrence.session.clone().unwrap();
        assert!(shown.last_message_id < Some(secret), "as it was when it ended: {shown:?}");
        stop.cancel();
    }

    async fn whatever_happens_nobody_reads_what_came_after_their_part(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let agents = [agent(&stage, project, "ada").await, agent(&stage, project, "bob").await];
        let session = stage.hear(project, 1, 7, "Hello").await.id;
        let mut number = 1;
        let mut holder: Option<usize> = None;
        // What each agent may read once the session has ended for them.
        let mut left: BTreeMap<usize, usize> = BTreeMap::new();
        let mut dice = 0x2545_F491_u64;
        for round in 0..40 {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            let written = stage.messages(session).await.len();
            match dice % 4 {
                0 | 1 => {
                    number += 1;
                    stage.hear(project, number, 7, "More").await;
                }
                2 => {
                    let next = usize::from(dice % 8 == 2);
                    if let Some(before) = holder.filter(|before| *before != next) {
                        left.insert(before, written);
                    }
                    left.remove(&next);
                    assign(&stage, session, Some(agents[next].agent.id)).await;
                    holder = Some(next);
                }
                _ => {
                    assign(&stage, session, None).await;
                    holder = None;
                }
            }
            let total = stage.messages(session).await.len();
            for (place, agent) in agents.iter().enumerate() {
                let expected = match (holder, left.get(&place)) {
                    (_, Some(until)) => Some(*until),
                    (Some(holder), None) => (holder == place).then_some(total),
                    (None, None) => Some(total),
                };
                let seen = read(&stage, agent, session).await.map(|messages| messages.len());
                assert_eq!(seen, expected, "round {round}, agent {place}, held by {holder:?}");
                let goes_on = expected == Some(total) && !left.contains_key(&place);
                assert_eq!(listed(&stage, agent, project).await.len(), usize::from(goes_on), "round {round}");
            }
        }
    }

    async fn who_is_in_a_team_sees_what_waits_for_it(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let (ada, bob) = (agent(&stage, project, "ada").await, agent(&stage, project, "bob").await);
        let new = NewTeam { project_id: project, name: "Second line".to_owned(), line: 2, idempotency_key: None };
        let team = stage.desk.team_create(&stage.actor, &new).await.unwrap().id;
        let session = stage.hear(project, 1, 7, "Hello").await.id;
        stage.desk.team_member_add(&stage.actor, team, ada.agent.id).await.unwrap();
        stage.desk.session_transfer(&stage.actor, session, Target::Team(team), "Yours", None).await.unwrap();
        let ada = eventually(async || {
            let ada = stage.desk.actor(ada.credential).await.unwrap();
            (!listed(&stage, &ada, project).await.is_empty()).then_some(ada)
        })
        .await;
        assert_eq!(read(&stage, &ada, session).await.map(|messages| messages.len()), Some(1));
        assert!(read(&stage, &bob, session).await.is_none());
        assert!(timeout(PATIENCE, listed(&stage, &bob, project)).await.unwrap().is_empty());
    }
}
