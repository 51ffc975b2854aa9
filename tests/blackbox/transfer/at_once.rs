//! What people do with a session at the same moment comes to what it comes to one after the other, in one order or the
//! other one.

use serde_json::{Value, json};
use tests::{Client, Engine, Role, Server, Sql, on_both_engines};

use super::story::id_of;
use crate::stage::{
    Desk, PATIENCE, Telegram, client_at, errors_of, event_cursor, messages, mutate, project_called, texts, try_mutate,
    until_session,
};

/// How often it happens.
const ROUNDS: i64 = 20;
/// What the customer is told.
const ANSWER: &str = "good day";

const LOOK: &str = "query Look($id: ID!) {
    session(id: $id) {
        leftAt
        assignee { email }
        team { name }
        participants { email }
        transfers(last: 2) {
            totalCount
            nodes { kind description fromAgent { email } toAgent { email } toTeam { name } }
        }
    }
}";

const EVENTS: &str = "subscription Events($id: ID!, $after: String) {
    sessionEvents(projectId: $id, after: $after) {
        ... on MessageAdded { message { text direction session { id } } }
        ... on SessionUpdated { cause session { id } }
    }
}";

on_both_engines! {
    async fn of_two_transfers_at_once_one_counts(engine: Engine) {
        two_transfers(&Scene::set(engine, 1).await).await;
    }

    async fn what_is_said_during_a_transfer_is_said_before_it_or_not_at_all(engine: Engine) {
        a_transfer_and_an_answer(&Scene::set(engine, 1).await).await;
    }

    async fn what_is_said_during_a_take_over_is_said_before_it_or_not_at_all(engine: Engine) {
        a_take_over_and_an_answer(&Scene::set(engine, 1).await).await;
    }

    async fn of_two_supervisors_who_take_over_at_once_the_later_one_answers(engine: Engine) {
        two_take_overs(&Scene::set(engine, 1).await).await;
    }

    async fn who_is_asked_in_and_put_out_at_once_reads_along_or_has_left(engine: Engine) {
        joining_and_leaving(&Scene::set(engine, 1).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_comes_to_the_same_whatever_process_people_ask() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let scene = Scene::set(Engine::Postgres, 2).await;
    two_transfers(&scene).await;
    a_transfer_and_an_answer(&scene).await;
    a_take_over_and_an_answer(&scene).await;
    two_take_overs(&scene).await;
    joining_and_leaving(&scene).await;
}

/// She hands her session to an agent and to a team.
async fn two_transfers(scene: &Scene) {
    let (bobs, team) = (id_of(&scene.bob).await, scene.team("Second line").await);
    let elsewhere = scene.elsewhere(&scene.ada);
    for customer in 100..100 + ROUNDS {
        let session = scene.session(customer).await;
        let to_bob = json!({ "sessionId": session, "toAgentId": bobs, "description": "for him" });
        let to_team = json!({ "sessionId": session, "toTeamId": team, "description": "for them" });
        let (one, other) = tokio::join!(
            refusals(&scene.ada, "sessionTransfer", to_bob),
            refusals(&elsewhere, "sessionTransfer", to_team)
        );
        let refused = [one, other];
        let winner = refused.iter().position(Vec::is_empty).unwrap_or_else(|| panic!("it is nowhere: {refused:?}"));
        assert_eq!(refused[1 - winner], ["SESSION_NOT_FOUND"], "customer {customer}: it is hers no longer");
        let (description, agent, team) = match winner {
            0 => ("for him", json!({ "email": "bob@desk.test" }), Value::Null),
            _ => ("for them", Value::Null, json!({ "name": "Second line" })),
        };
        let seen = scene.look(&scene.desk.admin, &session).await;
        let transfer = json!({
            "kind": "TRANSFER", "description": description, "fromAgent": { "email": "ada@desk.test" },
            "toAgent": agent, "toTeam": team,
        });
        assert_eq!((&seen["assignee"], &seen["team"]), (&agent, &team));
        assert_eq!((&seen["transfers"]["totalCount"], &seen["transfers"]["nodes"][1]), (&json!(2), &transfer));
    }
}

/// She answers while she hands her session over.
async fn a_transfer_and_an_answer(scene: &Scene) {
    let (bobs, elsewhere) = (id_of(&scene.bob).await, scene.elsewhere(&scene.ada));
    let mut said = Vec::new();
    for customer in 200..200 + ROUNDS {
        let session = scene.session(customer).await;
        let transfer = json!({ "sessionId": session, "toAgentId": bobs, "description": "for you" });
        let answer = json!({ "sessionId": session, "text": ANSWER });
        let (handed_over, answered) = tokio::join!(
            refusals(&scene.ada, "sessionTransfer", transfer),
            refusals(&elsewhere, "messageSend", answer)
        );
        assert_eq!(handed_over, [""; 0], "customer {customer}");
        let expected = answer_unless(&answered, "SESSION_NOT_FOUND");
        for client in [&scene.ada, &scene.bob] {
            assert_eq!(texts(&messages(client, &session).await, "OUTBOUND"), expected, "customer {customer}");
        }
        let seen = scene.look(&scene.bob, &session).await;
        assert_eq!((&seen["assignee"]["email"], &seen["leftAt"]), (&json!("bob@desk.test"), &Value::Null));
        assert!(scene.look(&scene.ada, &session).await["leftAt"].is_string());
        said.push((customer, expected));
    }
    scene.check_received(&said).await;
}

/// She answers while a supervisor takes her session over.
async fn a_take_over_and_an_answer(scene: &Scene) {
    let elsewhere = scene.elsewhere(&scene.boss);
    let mut said = Vec::new();
    for (customer, keeps_previous) in (300..300 + ROUNDS).zip([true, false].into_iter().cycle()) {
        let session = scene.session(customer).await;
        let after = event_cursor(&scene.desk.admin, &scene.project).await;
        let answer = json!({ "sessionId": session, "text": ANSWER });
        let (answered, taken) = tokio::join!(
            refusals(&scene.ada, "messageSend", answer),
            refusals(&elsewhere, "sessionTakeOver", take_over(&session, keeps_previous))
        );
        assert_eq!(taken, [""; 0], "customer {customer}");
        let refusal = if keeps_previous { "NOT_ACTIVE_REPLIER" } else { "SESSION_NOT_FOUND" };
        let expected = answer_unless(&answered, refusal);
        assert_eq!(scene.said_before_take_over(&session, &after).await, expected, "customer {customer}: one voice");
        for client in [&scene.ada, &scene.boss] {
            assert_eq!(texts(&messages(client, &session).await, "OUTBOUND"), expected, "customer {customer}");
        }
        let seen = scene.look(&scene.boss, &session).await;
        let reads_along = if keeps_previous { json!([{ "email": "ada@desk.test" }]) } else { json!([]) };
        assert_eq!((&seen["assignee"]["email"], &seen["participants"]), (&json!("boss@desk.test"), &reads_along));
        said.push((customer, expected));
    }
    scene.check_received(&said).await;
}

/// Two supervisors take her session over.
async fn two_take_overs(scene: &Scene) {
    const EMAILS: [&str; 2] = ["boss@desk.test", "chief@desk.test"];
    let elsewhere = scene.elsewhere(&scene.chief);
    let ways = [[true, true], [true, false], [false, true], [false, false]];
    for (customer, keeps_previous) in (400..400 + ROUNDS).zip(ways.into_iter().cycle()) {
        let session = scene.session(customer).await;
        let (one, other) = tokio::join!(
            refusals(&scene.boss, "sessionTakeOver", take_over(&session, keeps_previous[0])),
            refusals(&elsewhere, "sessionTakeOver", take_over(&session, keeps_previous[1]))
        );
        assert_eq!([one, other], [[""; 0]; 2], "customer {customer}");
        let seen = scene.look(&scene.desk.admin, &session).await;
        let last = EMAILS.iter().position(|email| seen["assignee"]["email"] == **email);
        let last = last.unwrap_or_else(|| panic!("one of them answers: {seen}"));
        let (first, last) = ((EMAILS[1 - last], keeps_previous[1 - last]), (EMAILS[last], keeps_previous[last]));
        let kept = [("ada@desk.test", first.1), (first.0, last.1)].into_iter().filter(|(_, is_kept)| *is_kept);
        let kept: Vec<Value> = kept.map(|(email, _)| json!({ "email": email })).collect();
        assert_eq!(seen["participants"], json!(kept), "customer {customer}: {keeps_previous:?}");
        let moved = |from: &str, to: &str| {
            json!({ "kind": "TAKE_OVER", "description": "", "fromAgent": { "email": from }, "toAgent": { "email": to },
                "toTeam": null })
        };
        let transfers = json!({ "totalCount": 3, "nodes": [moved("ada@desk.test", first.0), moved(first.0, last.0)] });
        assert_eq!(seen["transfers"], transfers, "customer {customer}");
    }
}

/// A supervisor asks an agent in whom the one who answers puts out.
async fn joining_and_leaving(scene: &Scene) {
    let (cyds, elsewhere) = (id_of(&scene.cyd).await, scene.elsewhere(&scene.ada));
    let mut reading = 0;
    for (customer, has_joined) in (500..500 + ROUNDS).zip([true, false].into_iter().cycle()) {
        let session = scene.session(customer).await;
        let cyd = json!({ "sessionId": session, "agentId": cyds });
        if has_joined {
            mutate(&scene.boss, "sessionParticipantAdd", cyd.clone(), "session { id }").await;
        }
        let (joins, leaves) = tokio::join!(
            refusals(&scene.boss, "sessionParticipantAdd", cyd.clone()),
            refusals(&elsewhere, "sessionParticipantRemove", cyd)
        );
        assert_eq!([joins, leaves], [[""; 0]; 2], "customer {customer}");
        let reads_along =
            scene.look(&scene.ada, &session).await["participants"] == json!([{ "email": "cyd@desk.test" }]);
        let hers = scene.look(&scene.cyd, &session).await;
        assert!(hers.is_object(), "customer {customer}: she has read it");
        assert_eq!(hers["leftAt"].is_null(), reads_along, "customer {customer}: {hers}");
        reading += i64::from(reads_along);
    }
    let sql = Sql::connect(&scene.desk.database).await.unwrap();
    for (table, expected) in [("session_participants", reading), ("session_departures", ROUNDS - reading)] {
        let hers = format!(
            "SELECT count(*) FROM {table} WHERE agent_id = (SELECT id FROM agents WHERE email = 'cyd@desk.test')"
        );
        assert_eq!(sql.number(&hers).await.unwrap(), expected, "{table}");
    }
}

/// A project on Telegram with three agents and two supervisors.
struct Scene {
    /// The second process, on PostgreSQL.
    other: Option<Server>,
    desk: Desk,
    telegram: Telegram,
    project: String,
    ada: Client,
    bob: Client,
    cyd: Client,
    boss: Client,
    chief: Client,
}

impl Scene {
    async fn set(engine: Engine, processes: usize) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        let cyd = desk.add_agent("cyd@desk.test", "Telegram", "agent").await;
        let boss = desk.add_agent("boss@desk.test", "Telegram", "supervisor").await;
        let chief = desk.add_agent("chief@desk.test", "Telegram", "supervisor").await;
        let other = if processes > 1 { Some(desk.settings.clone().role(Role::Api).start().await) } else { None };
        Self { other, desk, telegram, project, ada, bob, cyd, boss, chief }
    }

    /// Somebody at the second process, if there is one.
    fn elsewhere(&self, client: &Client) -> Client {
        self.other.as_ref().map_or_else(|| client.clone(), |other| client_at(other, client))
    }

    async fn team(&self, name: &str) -> Value {
        let input = json!({ "projectId": self.project, "name": name, "line": 2 });
        mutate(&self.desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take()
    }

    /// A customer writes, and ada gets the session.
    async fn session(&self, customer: i64) -> String {
        self.telegram.customer_writes(customer, "hello").await;
        let session = until_session(&self.desk.admin, &self.project, customer).await;
        let input = json!({ "sessionId": session, "agentId": id_of(&self.ada).await });
        mutate(&self.desk.admin, "sessionAssign", input, "session { id }").await;
        session
    }

    /// The session as somebody sees it.
    async fn look(&self, client: &Client, session: &str) -> Value {
        client.query(LOOK, json!({ "id": session })).await["session"].take()
    }

    /// The answers in a session of which is told before it is taken over.
    async fn said_before_take_over(&self, session: &str, after: &str) -> Vec<String> {
        let variables = json!({ "id": self.project, "after": after });
        let mut events = self.desk.admin.subscribe(EVENTS, variables).await;
        let mut said = Vec::new();
        loop {
            let event = events.next_within(PATIENCE).await["sessionEvents"].take();
            let message = &event["message"];
            if event["cause"] == "TAKE_OVER" && event["session"]["id"] == *session {
                return said;
            }
            if message["session"]["id"] == *session && message["direction"] == "OUTBOUND" {
                said.push(message["text"].as_str().expect("a message has a text").to_owned());
            }
        }
    }

    /// Each of these customers has got what was said to them, and nothing else.
    async fn check_received(&self, said: &[(i64, Vec<&str>)]) {
        for (customer, expected) in said {
            assert_eq!(self.telegram.until_received(*customer, expected.len()).await, *expected, "customer {customer}");
        }
    }
}

/// Does something, and tells why it was refused.
async fn refusals(client: &Client, mutation: &str, input: Value) -> Vec<String> {
    let payload = try_mutate(client, mutation, input, "").await;
    errors_of(&payload).into_iter().map(str::to_owned).collect()
}

fn take_over(session: &str, keeps_previous: bool) -> Value {
    json!({ "sessionId": session, "keepPrevious": keeps_previous })
}

/// What is said by an answer, unless it was refused for this reason. It is for no other one.
fn answer_unless(refused: &[String], reason: &str) -> Vec<&'static str> {
    if refused.is_empty() {
        return vec![ANSWER];
    }
    assert_eq!(refused, [reason]);
    Vec::new()
}
