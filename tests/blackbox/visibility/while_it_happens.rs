//! Nobody sees what they must not while it happens: who looks without a pause at a session that goes to somebody else
//! gets nothing that was written behind its end, wherever between two steps of an answer the end falls.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Client, Engine, Role, Server, TcpProxy, on_both_engines};
use tokio::time::sleep;

use super::told::LOOK;
use crate::session_life::{HOUR, in_future};
use crate::stage::{
    Desk, Dice, Telegram, client_at, errors_of, id_of, messages, mutate, project_called, try_mutate, until_session,
    until_written,
};

/// How often it happens.
const ROUNDS: i64 = 20;
/// How much the customer writes around the end.
const AROUND: usize = 5;
/// The pause after each of that, so that some of it comes before the end and some behind it.
const BREATH: Duration = Duration::from_millis(10);
/// How long the process that is behind gets no answer of the database. An end and what comes behind it take less.
const BEHIND: Duration = Duration::from_millis(100);

/// Every list of a session, counted and not, several times at once: of most answers some list is amid its steps.
const LISTS: &str = "query Lists($id: ID!) {
    a: session(id: $id) { ...Shown }
    b: session(id: $id) { ...Shown }
    c: session(id: $id) { ...Shown }
    d: session(id: $id) { ...Shown }
}
fragment Shown on Session {
    lastMessage { text }
    messages(last: 20) { nodes { text } }
    notes(last: 20) { nodes { text } }
    transfers(last: 20) { nodes { description } }
    countedMessages: messages(last: 20) { totalCount nodes { text } }
    countedNotes: notes(last: 20) { totalCount nodes { text } }
    countedTransfers: transfers(last: 20) { totalCount nodes { description } }
    pinnedMessages { text }
    scheduledMessages { text }
}";

on_both_engines! {
    async fn nobody_sees_what_they_must_not_while_it_happens(engine: Engine) {
        play(&Scene::set(engine, 1).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_what_they_must_not_at_a_process_that_is_behind() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    play(&Scene::set(Engine::Postgres, 2).await).await;
}

async fn play(scene: &Scene) {
    let (mut dice, mut secrets) = (Dice::new(), Vec::new());
    for round in 0..ROUNDS {
        scene.round(round, dice.between_millis(0, 80), &mut secrets).await;
    }
}

/// A process at which ada looks, whose line to the database can falter.
struct Elsewhere {
    server: Server,
    line: TcpProxy,
}

impl Elsewhere {
    async fn start(desk: &Desk) -> Self {
        let postgres = desk.database.on_postgres().expect("several processes share PostgreSQL only");
        let line = TcpProxy::start(postgres.address()).await;
        let settings = desk.settings.clone().database_url(&postgres.url_by_way_of(line.address()));
        Self { server: settings.role(Role::Api).start().await, line }
    }
}

/// A project on Telegram with two agents and a supervisor.
struct Scene {
    /// The second process, on PostgreSQL.
    elsewhere: Option<Elsewhere>,
    desk: Desk,
    telegram: Telegram,
    project: String,
    ada: Client,
    bob: Client,
    boss: Client,
    adas: Value,
    bobs: Value,
    /// A team of which nobody is.
    team: Value,
    /// When messages are to go out that are written for later.
    later: String,
}

impl Scene {
    async fn set(engine: Engine, processes: usize) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        let boss = desk.add_agent("boss@desk.test", "Telegram", "supervisor").await;
        let (adas, bobs) = (id_of(&ada).await, id_of(&bob).await);
        let input = json!({ "projectId": project, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
        let later = in_future(&desk.admin, &project, HOUR).await;
        let elsewhere = if processes > 1 { Some(Elsewhere::start(&desk).await) } else { None };
        let ada = elsewhere.as_ref().map_or(ada.clone(), |elsewhere| client_at(&elsewhere.server, &ada));
        Self { elsewhere, desk, telegram, project, ada, bob, boss, adas, bobs, team, later }
    }

    /// A customer writes, and ada gets the session.
    async fn session(&self, customer: i64) -> String {
        self.telegram.customer_writes(customer, "hello").await;
        let session = until_session(&self.desk.admin, &self.project, customer).await;
        let input = json!({ "sessionId": session, "agentId": self.adas });
        mutate(&self.desk.admin, "sessionAssign", input, "session { id }").await;
        session
    }

    /// Ada's session ends for her while she looks at it. Nothing that she gets has a word of what came behind the end,
    /// here or in a round before.
    async fn round(&self, round: i64, moment: Duration, secrets: &mut Vec<String>) {
        let customer = 100 + round;
        let session = self.session(customer).await;
        let hello = messages(&self.desk.admin, &session).await.remove(0)["id"].take();
        let look = json!({ "project": self.project, "a": session, "b": session, "ids": [hello] });
        let lists = json!({ "id": session });
        let his = format!("secret of bob {round}.");
        let deed = self.deed(round, &session, &his);
        let over = AtomicBool::new(false);
        let happens = async {
            let last = self.happens(customer, &session, moment, deed).await;
            over.store(true, Ordering::Relaxed);
            last
        };
        let (looked, listed, last) =
            tokio::join!(looks(&self.ada, LOOK, &look, &over), looks(&self.ada, LISTS, &lists, &over), happens);

        let whole = messages(&self.desk.admin, &session).await;
        let end = whole.iter().position(|message| message["text"] == last).expect("the last one is among them") + 1;
        let (before, behind) = whole.split_at(end);
        let hers = messages(&self.ada, &session).await;
        assert_eq!(said(&hers), said(before), "round {round}: what she had when it ended");
        secrets.extend(said(behind).into_iter().map(str::to_owned));
        secrets.push(his.clone());
        for found in looked.iter().chain(&listed).map(Value::to_string) {
            let seen = secrets.iter().find(|secret| found.contains(secret.as_str()));
            assert_eq!(seen, None, "round {round}, ended behind {last}: {found}");
        }
        check_counts(&listed);
        let all = self.boss.query(LISTS, lists).await.to_string();
        for secret in said(behind).into_iter().chain([his.as_str()]) {
            assert!(all.contains(secret), "round {round}: a supervisor reads {secret} in {all}");
        }
    }

    /// What bob does as soon as a session is his, in words that ada must not read.
    fn deed(&self, round: i64, session: &str, words: &str) -> (&'static str, Value) {
        match round % 4 {
            0 => ("noteCreate", json!({ "sessionId": session, "text": words })),
            1 => ("messageSend", json!({ "sessionId": session, "text": words })),
            2 => ("sessionTransfer", json!({ "sessionId": session, "toTeamId": self.team, "description": words })),
            _ => ("messageSchedule", json!({ "sessionId": session, "text": words, "sendAt": self.later })),
        }
    }

    /// The customer writes, a supervisor gives the session to bob, and he does something, all at once; then the
    /// customer writes once more. Answers what was written last before it was bob's.
    async fn happens(&self, customer: i64, session: &str, moment: Duration, deed: (&str, Value)) -> Value {
        let writes = async {
            for number in 0..AROUND {
                self.telegram.customer_writes(customer, &secret(customer, number)).await;
                sleep(BREATH).await;
            }
        };
        let ends = async {
            sleep(moment).await;
            self.hand_over(session).await
        };
        let ((), last, ()) = tokio::join!(writes, ends, as_soon_as_it_is_theirs(&self.bob, deed));
        self.telegram.customer_writes(customer, &secret(customer, AROUND)).await;
        until_written(&self.desk.admin, &self.project, customer, AROUND + 2).await;
        last
    }

    /// A supervisor gives the session to bob, while the process at which ada looks is behind. Answers the last message
    /// as the supervisor is told it: the one that there was then, whatever has come since.
    async fn hand_over(&self, session: &str) -> Value {
        let input = json!({ "sessionId": session, "toAgentId": self.bobs, "description": "for him" });
        let gives = mutate(&self.boss, "sessionTransfer", input, "session { lastMessage { text } }");
        let line = self.elsewhere.as_ref().map(|elsewhere| &elsewhere.line);
        let is_behind = async {
            if let Some(line) = line {
                sleep(BEHIND).await;
                line.restore();
            }
        };
        if let Some(line) = line {
            line.pause();
        }
        let (mut given, ()) = tokio::join!(gives, is_behind);
        given["session"]["lastMessage"]["text"].take()
    }
}

/// What a customer writes that only those may read for whom the session goes on.
fn secret(customer: i64, number: usize) -> String {
    format!("secret of {customer}, {number}.")
}

/// Looks again and again until everything is over, and then once more.
async fn looks(client: &Client, document: &str, variables: &Value, over: &AtomicBool) -> Vec<Value> {
    let mut found = Vec::new();
    loop {
        let is_last = over.load(Ordering::Relaxed);
        found.push(client.query(document, variables.clone()).await);
        if is_last {
            return found;
        }
    }
}

/// Tries to do something until the session is theirs, so that it is done behind its end for whoever had it before.
async fn as_soon_as_it_is_theirs(client: &Client, (mutation, input): (&str, Value)) {
    loop {
        let payload = try_mutate(client, mutation, input.clone(), "").await;
        match errors_of(&payload).as_slice() {
            [] => return,
            ["SESSION_NOT_FOUND"] => {}
            others => panic!("{mutation}: {others:?}"),
        }
    }
}

fn said(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["text"].as_str().expect("a message has a text")).collect()
}

/// Nothing is counted in an answer that is not in the last one, which came when everything was over.
fn check_counts(listed: &[Value]) {
    let end = &listed.last().expect("the last look comes when everything is over")["a"];
    for list in ["countedMessages", "countedNotes", "countedTransfers"] {
        let most = end[list]["totalCount"].as_i64().expect("it is counted");
        for shown in listed.iter().flat_map(|found| ["a", "b", "c", "d"].map(|name| &found[name])) {
            let count = shown[list]["totalCount"].as_i64().expect("it is counted");
            assert!(count <= most, "{list}: {shown}\nand at the end {end}");
        }
    }
}
