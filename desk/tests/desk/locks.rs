//! Two transactions on PostgreSQL that need the same rows: neither of them waits for the other in a circle, and none
//! writes over what the other has just done. On SQLite there is one transaction at a time.

use std::collections::BTreeSet;
use std::fmt::Debug;

use desk::customer::{CustomerKey, CustomerPush, NewAttributes};
use desk::diversion::NewDiversion;
use desk::note::NewNote;
use desk::routing::{NewRoutingRule, RuleChange};
use desk::session::SessionRefusal;
use desk::tag::{MOST_TAGS, NewTag, TagChange, TagRefusal};
use desk::team::NewTeam;
use desk::{Actor, Connection, PageRequest, Rejected};
use domain::attribute::{AttributeValue, PushedAttribute};
use domain::note::NoteContent;
use domain::routing::{Condition, Scope};
use domain::session::Target;
use domain::{ProjectId, Session, SessionId, TagId};
use tests::{Engine, Sql};
use tokio::time::timeout;

use crate::routing::crowd;
use crate::stage::{PATIENCE, Stage, eventually};
use crate::visibility::agent;

const WAITING: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// A desk on PostgreSQL, if there is one, with another connection to its database that has begun a transaction, and one
/// that looks on.
struct Scene {
    stage: Stage,
    project: ProjectId,
    other: Sql,
    observer: Sql,
}

impl Scene {
    async fn new() -> Option<Self> {
        if !Engine::Postgres.is_available().await {
            return None;
        }
        let stage = Stage::new(Engine::Postgres).await;
        let project = stage.project().await;
        let other = Sql::connect(&stage.database).await.unwrap();
        let observer = Sql::connect(&stage.database).await.unwrap();
        other.execute_alone("BEGIN").await.unwrap();
        Some(Self { stage, project, other, observer })
    }

    async fn tag(&self, name: &str) -> TagId {
        let tags = self.stage.desk.tags(&self.stage.actor, self.project, true).await.unwrap();
        tags.into_iter().find(|tag| tag.name == name).unwrap().id
    }

    async fn give(&self, session: SessionId, tag: TagId) {
        self.stage.desk.session_tags_add(&self.stage.actor, session, &[tag]).await.unwrap();
    }

    /// Waits until so many transactions wait for another one, or something else is the case.
    async fn until_waiting(&self, count: i64, or: impl Fn() -> bool) {
        eventually(async || (self.observer.number(WAITING).await.unwrap() >= count || or()).then_some(())).await;
    }

    async fn other_does(&self, statement: &str) {
        self.other.execute_alone(statement).await.unwrap();
    }

    /// Three sessions of one customer, of which the last one is open, oldest first.
    async fn history(&self) -> [Session; 3] {
        let mut sessions = Vec::new();
        for number in 1..=3 {
            let session = self.stage.hear(self.project, number, 7, "Hello").await;
            if number < 3 {
                self.stage.desk.session_close(&self.stage.actor, session.id, None).await.unwrap();
                self.stage.tamper(&format!("UPDATE sessions SET closed_at = 0 WHERE id = {}", session.id)).await;
            }
            sessions.push(session);
        }
        sessions.try_into().unwrap()
    }

    async fn other_holds(&self, session: SessionId) {
        self.other_does(&format!("SELECT id FROM sessions WHERE id = {session} FOR NO KEY UPDATE")).await;
    }

    /// As soon as somebody waits, the other one takes a session, which they must not have, and ends.
    async fn other_takes(&self, session: SessionId) {
        self.until_waiting(1, || false).await;
        self.other_does(&format!("SELECT id FROM sessions WHERE id = {session} FOR NO KEY UPDATE NOWAIT")).await;
        self.other_does("COMMIT").await;
    }

    /// Somebody's read waits for a table while the session ends for them and something is added to the table behind the
    /// end. They read what there was before, and somebody else also what was added.
    async fn reads_nothing_later<K: Debug + PartialEq>(
        &self,
        (table, addition): (&str, &str),
        [reader, other]: [&Actor; 2],
        read: impl AsyncFn(&Actor) -> Vec<K>,
        end: impl Future<Output = ()>,
    ) {
        let before = read(reader).await;
        self.other_does(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await;
        let meanwhile = async {
            self.until_waiting(1, || false).await;
            end.await;
            self.other_does(addition).await;
            self.other_does("COMMIT").await;
        };
        let (seen, ()) = tokio::join!(read(reader), meanwhile);
        assert_eq!(seen, before, "{table}");
        assert_eq!(read(other).await.len(), before.len() + 1, "{table}");
        self.other_does("BEGIN").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_while_the_session_is_handed_over_reads_nothing_later() {
    let Some(scene) = Scene::new().await else { return };
    let (stage, desk, boss) = (&scene.stage, &scene.stage.desk, &scene.stage.actor);
    let ada = agent(stage, scene.project, "ada").await;
    let bob = agent(stage, scene.project, "bob").await;
    let (hers, his) = (ada.agent.id, bob.agent.id);
    // What is counted is read from a state of the database that is as old as the read.
    for (customer, counted) in [(7, false), (8, true)] {
        let session = stage.hear(scene.project, customer, customer, "Hello").await.id;
        let hand_over = async || {
            desk.session_transfer(&ada, session, Target::Agent(his), "For you", None).await.unwrap();
        };
        desk.session_assign(boss, session, Some(hers), None).await.unwrap();
        let content = NoteContent { text: "Known".to_owned(), ..NoteContent::default() };
        let new = NewNote { session_id: session, content, idempotency_key: None };
        desk.note_create(&ada, &new).await.unwrap();
        let later = format!(
            "INSERT INTO notes (project_id, session_id, agent_id, text, need, tried, next_step, version, created_at, \
             since_version) \
             SELECT project_id, id, {his}, 'A secret', '', '', '', 1, 0, version + 1 FROM sessions WHERE id = {session}"
        );
        let notes = async |reader: &Actor| keys(desk.notes(reader, session, everything(counted)).await.unwrap());
        scene.reads_nothing_later(("notes", &later), [&ada, &bob], notes, hand_over()).await;

        desk.session_assign(boss, session, Some(hers), None).await.unwrap();
        let later = format!(
            "INSERT INTO messages (project_id, session_id, customer_id, chat_id, direction, kind, text, created_at) \
             SELECT project_id, id, customer_id, chat_id, 'INBOUND', 'text', 'A secret', 0 FROM sessions \
             WHERE id = {session}"
        );
        let messages = async |reader: &Actor| keys(desk.messages(reader, session, everything(counted)).await.unwrap());
        scene.reads_nothing_later(("messages", &later), [&ada, &bob], messages, hand_over()).await;

        // A transfer would wait as well: it ends for her without one.
        desk.session_participant_add(boss, session, hers).await.unwrap();
        let leave = async {
            desk.session_participant_remove(boss, session, hers).await.unwrap();
        };
        let later = format!(
            "INSERT INTO session_transfers (session_id, session_version, from_agent_id, description, at) \
             SELECT id, version + 1, assignee_id, 'A secret', 0 FROM sessions WHERE id = {session}"
        );
        let transfers =
            async |reader: &Actor| keys(desk.transfers(reader, session, everything(counted)).await.unwrap());
        scene.reads_nothing_later(("session_transfers", &later), [&ada, &bob], transfers, leave).await;
    }
}

fn everything<K>(counted: bool) -> PageRequest<K> {
    PageRequest { first: Some(100), after: None, last: None, before: None, counted }
}

/// What is on a page of everything, which is counted as well if it was asked for.
fn keys<T, K>(page: Connection<T, K>) -> Vec<K> {
    if let Some(total) = page.total {
        assert_eq!(usize::try_from(total), Ok(page.edges.len()));
    }
    page.edges.into_iter().map(|edge| edge.key).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reopens_a_session_or_erases_its_customer_takes_the_newest_one_first() {
    let Some(scene) = Scene::new().await else { return };
    let (desk, actor) = (&scene.stage.desk, &scene.stage.actor);
    let [oldest, _, newest] = scene.history().await;
    let name = scene.stage.customer(&newest).await.name;
    scene.other_holds(newest.id).await;
    let reopens = desk.session_reopen(actor, oldest.id, None);
    let (reopened, ()) = tokio::join!(reopens, scene.other_takes(oldest.id));
    assert!(matches!(reopened, Err(Rejected::Refused(SessionRefusal::NewerSessionOpen))), "{reopened:?}");
    scene.other_does("BEGIN").await;
    scene.other_holds(newest.id).await;
    let erases = desk.customer_erase(actor, newest.customer_id, &name);
    let (erased, ()) = tokio::join!(erases, scene.other_takes(oldest.id));
    assert!(erased.unwrap().erased_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hands_a_session_over_takes_its_history_from_the_newest_down() {
    let Some(scene) = Scene::new().await else { return };
    let (desk, actor) = (&scene.stage.desk, &scene.stage.actor);
    let ada = agent(&scene.stage, scene.project, "ada").await.agent.id;
    let bob = agent(&scene.stage, scene.project, "bob").await.agent.id;
    let [oldest, later, newest] = scene.history().await;
    desk.session_assign(actor, newest.id, Some(ada), None).await.unwrap();
    scene.other_holds(later.id).await;
    let hands_over = desk.session_assign(actor, newest.id, Some(bob), None);
    let (handed, ()) = tokio::join!(hands_over, scene.other_takes(oldest.id));
    handed.unwrap();
    assert_eq!(scene.stage.count(&format!("FROM session_departures WHERE agent_id = {ada}")).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_releases_very_many_sessions_waits_for_no_look_that_is_going_on() {
    let Some(scene) = Scene::new().await else { return };
    let (stage, project) = (&scene.stage, scene.project);
    let ada = agent(stage, project, "ada").await.agent.id;
    crowd(stage, project, 1_000_001, 130, &format!("assignee_id = {ada}")).await;
    stage.desk.agent_deactivate(&stage.actor, ada).await.unwrap();
    stage.desk.agent_activate(&stage.actor, ada).await.unwrap();
    let going_on = "SELECT id FROM jobs WHERE kind = 'session_release' ORDER BY due_at LIMIT 1 FOR UPDATE";
    scene.other_does(going_on).await;
    timeout(PATIENCE / 2, stage.desk.agent_deactivate(&stage.actor, ada)).await.unwrap().unwrap();
    scene.other_does("COMMIT").await;
    assert_eq!(stage.count(&format!("FROM sessions WHERE assignee_id = {ada}")).await, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_merges_tags_and_who_is_at_work_in_a_session_wait_for_each_other_one_way_only() {
    let Some(scene) = Scene::new().await else { return };
    let (desk, actor) = (&scene.stage.desk, &scene.stage.actor);
    let (refund, vip, given) = (scene.tag("Refund").await, scene.tag("VIP").await, scene.tag("Complaint").await);
    let session = scene.stage.hear(scene.project, 1, 7, "Hello").await.id;
    scene.give(session, refund).await;
    // Whoever gives the third tag is held up in the midst of their transaction, with the session locked; what they go on
    // to write refers to the project.
    scene.other_does(&format!("SELECT id FROM tags WHERE id = {given} FOR UPDATE")).await;
    let tags = [given];
    let gives = desk.session_tags_add(actor, session, &tags);
    let merges = async {
        scene.until_waiting(1, || false).await;
        let lets_go = async {
            scene.until_waiting(2, || false).await;
            scene.other_does("COMMIT").await;
        };
        let (merged, ()) = tokio::join!(desk.tag_merge(actor, refund, vip), lets_go);
        merged.unwrap();
    };
    let (gives, ()) = tokio::join!(gives, merges);
    gives.unwrap();
    assert_eq!(tags_of(&scene, session).await, BTreeSet::from([given, vip]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_makes_something_under_a_key_keeps_themselves_from_nothing_else() {
    let Some(scene) = Scene::new().await else { return };
    let (desk, actor) = (&scene.stage.desk, &scene.stage.actor);
    let vip = scene.tag("VIP").await;
    let team = NewTeam { project_id: scene.project, name: "Team".to_owned(), line: 1, idempotency_key: None };
    let team = desk.team_create(actor, &team).await.unwrap().id;
    let new = NewDiversion {
        team_id: Some(team),
        idempotency_key: Some("key".to_owned()),
        ..NewDiversion::called(scene.project, "New")
    };
    // Whoever makes it is held up in the midst of their transaction, which has locked its agent; what they go on to write
    // refers to the project.
    scene.other_does(&format!("SELECT id FROM teams WHERE id = {team} FOR UPDATE")).await;
    let creates = desk.diversion_link_create(actor, &new);
    let updates = async {
        scene.until_waiting(1, || false).await;
        let change = TagChange { name: Some("Guest".to_owned()), color: None, expected_version: None };
        timeout(PATIENCE / 2, desk.tag_update(actor, vip, &change)).await.unwrap().unwrap();
        scene.other_does("COMMIT").await;
    };
    let (created, ()) = tokio::join!(creates, updates);
    assert_eq!(created.unwrap().name, "New");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_takes_the_sessions_of_its_customers_in_the_order_of_intake() {
    let Some(scene) = Scene::new().await else { return };
    let (stage, project) = (&scene.stage, scene.project);
    let first = stage.hear(project, 1, 7, "Hello").await;
    let lower = stage.hear(project, 2, 8, "Hello").await;
    // The customer who came first has the newer session.
    stage.desk.session_close(&stage.actor, first.id, None).await.unwrap();
    stage.tamper(&format!("UPDATE sessions SET closed_at = 0 WHERE id = {}", first.id)).await;
    let higher = stage.hear(project, 3, 7, "Another matter").await;
    assert!(lower.customer_id > higher.customer_id && lower.id < higher.id, "{lower:?} {higher:?}");
    let push = |customer| CustomerPush {
        customer: CustomerKey::Id(customer),
        attributes: vec![PushedAttribute {
            name: "plan".to_owned(),
            value: Some(AttributeValue::Text("gold".to_owned())),
        }],
    };
    let customers = vec![push(higher.customer_id), push(lower.customer_id)];
    let new = NewAttributes { project_id: project, customers, idempotency_key: None };
    // Intake works off what both have written.
    scene.other_holds(higher.id).await;
    let intake = scene.other_takes(lower.id);
    let (pushed, ()) = tokio::join!(stage.desk.customer_attributes_set(&stage.actor, &new), intake);
    assert!(pushed.unwrap().iter().all(Result::is_ok));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_tag_that_there_is_room_for_is_made_once() {
    let Some(scene) = Scene::new().await else { return };
    let (desk, actor) = (&scene.stage.desk, &scene.stage.actor);
    let tag = |name: &str| NewTag {
        project_id: scene.project,
        name: name.to_owned(),
        color: "#000000".to_owned(),
        idempotency_key: None,
    };
    let there = desk.tags(actor, scene.project, false).await.unwrap().len();
    let more = format!(
        "INSERT INTO tags (project_id, name, color, created_at) \
         SELECT {}, 'Tag ' || n, '#000000', 0 FROM generate_series(1, {}) AS n",
        scene.project,
        MOST_TAGS - 1 - there
    );
    scene.stage.tamper(&more).await;
    scene.other_does("LOCK TABLE tags IN SHARE MODE").await;
    let both_wait = async {
        scene.until_waiting(2, || false).await;
        scene.other_does("COMMIT").await;
    };
    let (one, two) = (tag("One"), tag("Two"));
    let (one, two, ()) = tokio::join!(desk.tag_create(actor, &one), desk.tag_create(actor, &two), both_wait);
    let refused = [one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(matches!(refused[..], [Rejected::Refused(TagRefusal::TooMany)]), "{refused:?}");
    assert_eq!(desk.tags(actor, scene.project, false).await.unwrap().len(), MOST_TAGS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_given_while_it_is_merged_is_the_other_one_afterwards() {
    let Some(scene) = Scene::new().await else { return };
    let (desk, actor) = (scene.stage.desk.clone(), scene.stage.actor.clone());
    let (refund, vip) = (scene.tag("Refund").await, scene.tag("VIP").await);
    let session = scene.stage.hear(scene.project, 1, 7, "Hello").await.id;
    scene.other_does(&format!("INSERT INTO session_tags (session_id, tag_id) VALUES ({session}, {refund})")).await;
    let gives = tokio::spawn(async move { desk.session_tags_add(&actor, session, &[refund]).await });
    scene.until_waiting(1, || false).await;
    let (desk, actor) = (scene.stage.desk.clone(), scene.stage.actor.clone());
    let merges = tokio::spawn(async move { desk.tag_merge(&actor, refund, vip).await });
    scene.until_waiting(2, || merges.is_finished()).await;
    scene.other_does("ROLLBACK").await;
    gives.await.unwrap().unwrap();
    merges.await.unwrap().unwrap();
    assert_eq!(tags_of(&scene, session).await, BTreeSet::from([vip]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_changed_while_its_tag_is_merged_is_changed_by_both() {
    let Some(scene) = Scene::new().await else { return };
    let (desk, actor) = (scene.stage.desk.clone(), scene.stage.actor.clone());
    let (refund, vip) = (scene.tag("Refund").await, scene.tag("VIP").await);
    let new = NewRoutingRule {
        project_id: scene.project,
        name: "Rule".to_owned(),
        conditions: vec![Condition::Tag(vec![refund])],
        scope: Some(Scope::All),
        strategy: None,
        idempotency_key: None,
    };
    let rule = desk.routing_rule_create(&actor, &new).await.unwrap().rule.id;
    scene.other_does(&format!("SELECT id FROM routing_rules WHERE id = {} FOR UPDATE", rule.0)).await;
    let change = RuleChange { name: Some("Renamed".to_owned()), ..RuleChange::default() };
    let updates = tokio::spawn(async move { desk.routing_rule_update(&actor, rule, &change).await });
    scene.until_waiting(1, || false).await;
    let (desk, actor) = (scene.stage.desk.clone(), scene.stage.actor.clone());
    let merges = tokio::spawn(async move { desk.tag_merge(&actor, refund, vip).await });
    scene.until_waiting(2, || false).await;
    scene.other_does("COMMIT").await;
    updates.await.unwrap().unwrap();
    merges.await.unwrap().unwrap();
    let listed = scene.stage.desk.routing_rules(&scene.stage.actor, scene.project).await.unwrap().remove(0);
    assert_eq!((listed.name.as_str(), &listed.rule.conditions), ("Renamed", &vec![Condition::Tag(vec![vip])]));
}

/// The tags of a session.
async fn tags_of(scene: &Scene, session: SessionId) -> BTreeSet<TagId> {
    let tags = scene.stage.desk.tags_of_sessions(&scene.stage.actor, &[session]).await.unwrap();
    tags.into_iter().map(|(_, tag)| tag.id).collect()
}
