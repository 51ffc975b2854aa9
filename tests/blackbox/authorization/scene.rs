//! What the operations are about.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Client, eventually};
use tokio::time::timeout;

use super::cast::{AGENT, Actor, Cast, INTEGRATOR};
use super::outcome::{of_ending, of_response};
use super::table::{Row, Table};
use crate::stage::{
    PATIENCE, customer_writes, event_cursor, id_of, messages, mutate, reply, sessions, until_session, until_written,
};

/// The customer whose session everybody looks at.
const CUSTOMER: i64 = 7;
/// The customer who waits in line.
const WAITING: i64 = 8;
/// The customer whose session is escalated.
const ESCALATED: i64 = 9;
/// The first of the customers whose sessions are changed, each by one actor.
const FIRST_EXTRA: i64 = 1000;

/// A project with a conversation in it, and sessions to be changed.
pub struct Scene {
    owner: Client,
    agent: Client,
    project: String,
    /// What stands for the names in angle brackets, and is the same for all.
    names: BTreeMap<&'static str, String>,
    fresh_sessions: Vec<String>,
    /// Sessions that the administrator of the workspace answers in.
    taken_sessions: Vec<String>,
    closed_sessions: Vec<String>,
    /// How many canned replies were made for one actor each.
    canned_replies: usize,
}

impl Scene {
    pub async fn set(cast: &Cast, table: &Table) -> Self {
        let (owner, project) = (cast.workspace_admin().client.clone(), cast.project.clone());
        let start = event_cursor(&owner, &project).await;
        customer_writes(&owner, &project, CUSTOMER, "hello").await;
        let session = until_session(&owner, &project, CUSTOMER).await;
        until_written(&owner, &project, CUSTOMER, 1).await;
        let message = messages(&owner, &session).await.remove(0)["id"].take();
        let ids =
            owner.query("query Ids($id: ID!) { session(id: $id) { customer { id } } }", json!({ "id": session })).await;
        let customer = &ids["session"]["customer"]["id"];

        let said = json!({ "customerId": customer, "attributes": [{ "name": "plan", "text": "gold" }] });
        let input = json!({ "projectId": project, "customers": [said] });
        mutate(&owner, "customerAttributesSet", input, "results { userErrors { code } }").await;

        let mut names = BTreeMap::new();
        let mut name = |name, value: &Value| names.insert(name, value.as_str().expect("a text").to_owned());
        name("<project>", &json!(project));
        name("<session>", &json!(session));
        name("<message>", &message);
        name("<customer>", customer);
        let updates = "query Updates($id: ID!) {
            project(id: $id) { telegramUpdates(state: DONE, first: 1) { nodes { id } } }
        }";
        let updates = owner.query(updates, json!({ "id": project })).await;
        name("<telegram update>", &updates["project"]["telegramUpdates"]["nodes"][0]["id"]);
        let input = json!({ "projectId": project, "name": "Everybody's", "line": 1 });
        let team = mutate(&owner, "teamCreate", input, "team { id }").await["team"]["id"].take();
        name("<team>", &team);
        let agent = id_of(&cast.agent().client).await;
        mutate(&owner, "teamMemberAdd", json!({ "teamId": team, "agentId": agent }), "team { id }").await;
        let role = json!([{ "projectId": project, "role": "AGENT" }]);
        let input = json!({ "email": "invited@desk.test", "name": "Invited", "projects": role });
        name("<invitation>", &mutate(&owner, "agentInvite", input, "invitation { id }").await["invitation"]["id"]);
        let inactive = owner.query("{ agents(active: false, first: 1) { nodes { id } } }", Value::Null).await;
        name("<inactive agent>", &inactive["agents"]["nodes"][0]["id"]);
        let agents = owner.query("{ agents(active: true, first: 100) { nodes { id email } } }", Value::Null).await;
        let agents = agents["agents"]["nodes"].as_array().expect("a list of agents");
        let absent = agents.iter().find(|agent| agent["email"] == INTEGRATOR).expect("the maker of the tokens");
        let absent = absent["id"].clone();
        name("<without role>", &absent);
        let input = json!({ "projectId": project, "name": "Gold", "color": "#d93025" });
        let tag = mutate(&owner, "tagCreate", input, "tag { id }").await["tag"]["id"].take();
        let input = json!({ "sessionId": session, "tagIds": [tag] });
        mutate(&owner, "sessionTagsAdd", input, "session { id }").await;
        name("<tag>", &tag);
        for (view, shared) in [("<saved view>", false), ("<shared view>", true)] {
            let input = json!({ "projectId": project, "name": view, "filter": {}, "shared": shared });
            name(view, &mutate(&owner, "savedViewCreate", input, "savedView { id }").await["savedView"]["id"]);
        }
        let input = json!({ "customerId": customer, "tagIds": [tag] });
        mutate(&owner, "customerTagsAdd", input, "customer { id }").await;
        name("<note>", &json!(new_note(&owner, &session).await));
        let input =
            json!({ "projectId": project, "question": "How do I change my password?", "answer": "In the menu." });
        let entry = mutate(&owner, "knowledgeEntryCreate", input, "knowledgeEntry { id }").await;
        name("<knowledge entry>", &entry["knowledgeEntry"]["id"]);
        name("<todo>", &json!(new_todo(&owner, &session, "THIRD_PARTY").await));
        name("<canned reply>", &json!(new_canned_reply(&owner, &project, "hello").await));
        let input = json!({ "projectId": project, "name": "Page" });
        let link = mutate(&owner, "diversionLinkCreate", input, "diversionLink { id }").await;
        name("<diversion link>", &link["diversionLink"]["id"]);
        let input = json!({ "projectId": project, "name": "All in turn", "strategy": "ROUND_ROBIN" });
        let rule = mutate(&owner, "routingRuleCreate", input, "routingRule { id }").await;
        name("<routing rule>", &rule["routingRule"]["id"]);
        name("<agent>", &agent);
        name("<start>", &json!(start));
        name("<api token>", &json!(cast.api_token));
        name("<file>", &json!(cast.file));
        let words = json!({ "projectId": project, "name": "Greetings", "phrases": ["hello"] });
        let words = mutate(&owner, "wordListCreate", words, "wordList { id }").await["wordList"]["id"].take();
        name("<word list>", &words);
        let trigger = new_trigger(&owner, &project, &words, &tag).await;
        name("<trigger>", &json!(trigger));
        name("<sla calendar>", &json!(new_calendar(&owner, &project).await));
        let clocks = "query Clocks($id: ID!) { session(id: $id) { sla { id } } }";
        let clocks = owner.query(clocks, json!({ "id": session })).await;
        name("<sla clock>", &clocks["session"]["sla"][0]["id"]);
        let mut extra = extra_sessions(&owner, &project, table).await;
        let taken_sessions = extra.split_off(extra.len() - table.uses_of("<taken session>"));
        let mut answers = Vec::new();
        for id in &taken_sessions {
            answers.push(reply(&owner, id, "hello").await["id"].take());
        }
        name("<assigned session>", &json!(taken_sessions[0]));
        let firings = "query Firings($id: ID!) { session(id: $id) { triggerFirings { id } } }";
        let firings = owner.query(firings, json!({ "id": taken_sessions[0] })).await;
        name("<trigger firing>", &firings["session"]["triggerFirings"][0]["id"]);
        let rest = json!({ "triggerId": trigger, "active": false });
        mutate(&owner, "triggerUpdate", rest, "trigger { id }").await;
        name("<scheduled message>", &json!(new_scheduled_message(&owner, &taken_sessions[0]).await));
        name("<answer>", &answers[0]);
        let closed_sessions = extra.split_off(extra.len() - table.uses_of("<closed session>"));
        for id in &closed_sessions {
            let document = "mutation Close($input: SessionCloseInput!) {
                sessionClose(input: $input) { session { id } }
            }";
            let data = owner.query(document, json!({ "input": { "sessionId": id } })).await;
            assert_eq!(data["sessionClose"]["session"]["id"], **id);
        }
        names.insert("<waiting session>", have_one_wait(&owner, &project, &absent).await);
        let [ticket, escalation] = have_one_escalated(&owner, &project, &names["<agent>"]).await;
        names.insert("<ticket>", ticket);
        names.insert("<escalation>", escalation);
        let agent = cast.agent().client.clone();
        let canned_replies = 0;
        Self { owner, agent, project, names, fresh_sessions: extra, taken_sessions, closed_sessions, canned_replies }
    }

    /// Has an actor do what a row says, and says in one word what came of it.
    pub async fn play(&mut self, row: &Row, actor: &Actor) -> String {
        let document = self.fill_in(&row.document, actor).await;
        if row.is_subscription() {
            return self.listen(row, &actor.client, &document).await;
        }
        let client =
            if row.ends_sign_in() && actor.signs_in { sign_in_anew(actor).await } else { actor.client.clone() };
        of_response(&client.try_query(&document, Value::Null).await.expect("the server answers"))
    }

    async fn listen(&self, row: &Row, client: &Client, document: &str) -> String {
        let mut subscription = match client.try_subscribe(document, Value::Null).await {
            Ok(subscription) => subscription,
            Err(ending) => return of_ending(&ending),
        };
        if row.waits_for_news() {
            customer_writes(&self.owner, &self.project, CUSTOMER, "news").await;
        }
        if row.field() == "Subscription.ticketEvents" {
            // One of them changes it, however it is.
            for priority in ["HIGH", "LOW"] {
                let input = json!({ "ticketId": self.names["<ticket>"], "priority": priority });
                mutate(&self.owner, "ticketUpdate", input, "").await;
            }
        }
        if row.field() == "Subscription.todoEvents" {
            new_todo(&self.owner, &self.names["<session>"], "PROMISE").await;
        }
        if row.field() == "Subscription.typing" {
            // Two, since nobody is told of themselves.
            for client in [&self.owner, &self.agent] {
                mutate(client, "typingSet", json!({ "sessionId": self.names["<session>"] }), "").await;
            }
        }
        if row.field() == "Subscription.slaEvents" {
            // Its clocks stand still, or go on with what the customer writes.
            let waits = json!({ "sessionId": self.names["<session>"], "status": "FOLLOW_UP",
                "followUp": { "awaited": "CUSTOMER" } });
            mutate(&self.owner, "sessionStatusUpdate", waits, "").await;
        }
        match timeout(PATIENCE, subscription.next()).await {
            Ok(Some(payload)) if payload.get("errors").is_none() => "event".to_owned(),
            Ok(Some(payload)) => panic!("an event came with errors: {payload}"),
            Ok(None) => of_ending(subscription.ending().expect("a subscription without a next event has ended")),
            Err(_) => panic!("{document} neither tells of an event nor ends"),
        }
    }

    /// The document with everything in place of its names in angle brackets.
    async fn fill_in(&mut self, document: &str, actor: &Actor) -> String {
        let mut document = document.to_owned();
        for (name, value) in &self.names {
            document = document.replace(name, value);
        }
        while document.contains('<') {
            let start = document.find('<').expect("it is there");
            let end = document.find('>').unwrap_or_else(|| panic!("a name has no end in {document}")) + 1;
            let value = match &document[start..end] {
                "<email>" => actor.email.clone(),
                "<password>" => ADMIN_PASSWORD.to_owned(),
                "<refresh token>" => refresh_token(&self.owner, actor).await,
                "<fresh session>" => self.fresh_sessions.pop().expect("enough were made"),
                "<taken session>" => self.taken_sessions.pop().expect("enough were made"),
                "<closed session>" => self.closed_sessions.pop().expect("enough were made"),
                "<fresh todo>" => new_todo(&self.owner, &self.names["<session>"], "PROMISE").await,
                "<fresh note>" => new_note(&self.owner, &self.names["<session>"]).await,
                "<fresh canned reply>" => {
                    self.canned_replies += 1;
                    new_canned_reply(&self.owner, &self.project, &self.canned_replies.to_string()).await
                }
                "<fresh scheduled message>" => {
                    new_scheduled_message(&self.owner, &self.names["<assigned session>"]).await
                }
                "<fresh trigger>" => {
                    let (words, tag) = (&self.names["<word list>"], &self.names["<tag>"]);
                    new_trigger(&self.owner, &self.project, &json!(words), &json!(tag)).await
                }
                "<now>" => event_cursor(&self.owner, &self.project).await,
                unknown => panic!("matrix.txt has no meaning for {unknown}"),
            };
            document.replace_range(start..end, &value);
        }
        document
    }
}

/// A session that waits in line, since the desk gives sessions to a team of somebody who is never there. From then on the
/// others that nobody has wait as well.
async fn have_one_wait(owner: &Client, project: &str, absent: &Value) -> String {
    let team = json!({ "projectId": project, "name": "Nobody's", "line": 2 });
    let team = mutate(owner, "teamCreate", team, "team { id }").await["team"]["id"].take();
    mutate(owner, "teamMemberAdd", json!({ "teamId": team, "agentId": absent }), "team { id }").await;
    mutate(owner, "routingSettingsUpdate", in_line_for(project, &team), "routing { enabled }").await;
    customer_writes(owner, project, WAITING, "hello").await;
    let session = until_session(owner, project, WAITING).await;
    until_in_line(owner, &session).await;
    session
}

/// A ticket that was escalated to the team of somebody who is never there, and that an agent watches, with its escalation.
async fn have_one_escalated(owner: &Client, project: &str, agent: &str) -> [String; 2] {
    customer_writes(owner, project, ESCALATED, "hello").await;
    let session = until_session(owner, project, ESCALATED).await;
    let input = json!({ "sessionId": session, "level": "L2", "reason": "OTHER", "description": "x", "quick": true });
    let made = mutate(owner, "ticketEscalate", input, "ticket { id } escalation { id }").await;
    let watch = json!({ "ticketId": made["ticket"]["id"], "agentId": agent });
    mutate(owner, "ticketWatch", watch, "ticket { id }").await;
    ["ticket", "escalation"].map(|name| made[name]["id"].as_str().expect("an id").to_owned())
}

/// Settings by which the desk gives every session to a team, and says nothing to those who wait for it.
pub fn in_line_for(project: &str, team: &Value) -> Value {
    json!({ "projectId": project, "enabled": true, "scope": { "teamId": team }, "queueMessage": [] })
}

/// Waits until a session waits in line.
pub async fn until_in_line(client: &Client, session: &str) {
    let document = "query Place($id: ID!) { session(id: $id) { queuePlace routingGrounds { queueReason } } }";
    let waits = || async {
        let mut seen = client.query(document, json!({ "id": session })).await["session"].take();
        let is_in_line = seen["queuePlace"].is_u64() && seen["routingGrounds"]["queueReason"].is_string();
        if is_in_line { Ok(()) } else { Err(seen.take()) }
    };
    eventually(PATIENCE, waits).await;
}

/// A calendar around the clock by which the policy goes.
async fn new_calendar(owner: &Client, project: &str) -> String {
    let weekdays = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
    let opening = weekdays.map(|weekday| json!({ "weekday": weekday, "opens": "00:00", "closes": "24:00" }));
    let input = json!({ "projectId": project, "name": "Office",
        "hours": { "timeZone": "UTC", "openingTimes": opening } });
    let made = mutate(owner, "slaCalendarCreate", input, "slaCalendar { id }").await;
    let id = made["slaCalendar"]["id"].as_str().expect("a calendar has an id").to_owned();
    let policy = json!({ "projectId": project, "policy": { "calendarId": id } });
    mutate(owner, "slaPolicyUpdate", policy, "slaPolicy { version }").await;
    id
}

/// A session for each actor of each operation that changes one.
async fn extra_sessions(owner: &Client, project: &str, table: &Table) -> Vec<String> {
    let count: usize =
        ["<fresh session>", "<taken session>", "<closed session>"].map(|name| table.uses_of(name)).into_iter().sum();
    for customer in FIRST_EXTRA..FIRST_EXTRA + i64::try_from(count).expect("a small number") {
        customer_writes(owner, project, customer, "hello").await;
    }
    let opened = || async {
        let sessions = sessions(owner, project).await;
        let extra = sessions.iter().filter(|session| session["customer"]["telegramUserId"] != *CUSTOMER.to_string());
        let ids: Vec<String> = extra.map(|session| session["id"].as_str().expect("an id").to_owned()).collect();
        if ids.len() == count { Ok(ids) } else { Err(ids.len()) }
    };
    eventually(PATIENCE, opened).await
}

async fn new_trigger(owner: &Client, project: &str, words: &Value, tag: &Value) -> String {
    let input = json!({ "projectId": project, "name": "Greetings", "wordListIds": [words], "tagIds": [tag] });
    let made = mutate(owner, "triggerCreate", input, "trigger { id }").await;
    made["trigger"]["id"].as_str().expect("an id").to_owned()
}

async fn new_note(owner: &Client, session: &str) -> String {
    let input = json!({ "sessionId": session, "text": "be kind" });
    let made = mutate(owner, "noteCreate", input, "note { id }").await;
    made["note"]["id"].as_str().expect("an id").to_owned()
}

async fn new_todo(owner: &Client, session: &str, kind: &str) -> String {
    let due_at = in_nine_days(owner, session).await;
    let input = json!({ "sessionId": session, "kind": kind, "text": "the bank answers", "dueAt": due_at });
    let made = mutate(owner, "todoCreate", input, "todo { id }").await;
    made["todo"]["id"].as_str().expect("an id").to_owned()
}

async fn new_canned_reply(owner: &Client, project: &str, shortcut: &str) -> String {
    let texts = json!([{ "text": "Hello!" }]);
    let input = json!({ "projectId": project, "shared": true, "shortcut": shortcut, "title": "Hello", "texts": texts });
    let made = mutate(owner, "cannedReplyCreate", input, "cannedReply { id }").await;
    made["cannedReply"]["id"].as_str().expect("an id").to_owned()
}

async fn in_nine_days(owner: &Client, session: &str) -> String {
    let document = "query Now($id: ID!) { session(id: $id) { project { now } } }";
    let now = owner.query(document, json!({ "id": session })).await["session"]["project"]["now"].take();
    let now: chrono::DateTime<chrono::Utc> = now.as_str().expect("a time").parse().expect("a time");
    (now + chrono::Duration::days(9)).to_rfc3339()
}

async fn new_scheduled_message(owner: &Client, session: &str) -> String {
    let send_at = in_nine_days(owner, session).await;
    let input = json!({ "sessionId": session, "text": "later", "sendAt": send_at });
    let made = mutate(owner, "messageSchedule", input, "scheduledMessage { id }").await;
    made["scheduledMessage"]["id"].as_str().expect("an id").to_owned()
}

/// A client of the actor with a sign-in of its own.
async fn sign_in_anew(actor: &Actor) -> Client {
    let grant = grant(&actor.client, &actor.email).await;
    actor.client.with_token(grant["accessToken"].as_str().expect("the actor signs in"))
}

/// A refresh token that nobody has used, of the actor or, if they cannot sign in, of the agent.
async fn refresh_token(client: &Client, actor: &Actor) -> String {
    let email = if actor.signs_in { &actor.email } else { AGENT };
    let grant = grant(client, email).await;
    grant["refreshToken"].as_str().expect("the actor signs in").to_owned()
}

async fn grant(client: &Client, email: &str) -> Value {
    let document = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken refreshToken } }";
    let input = json!({ "email": email, "password": ADMIN_PASSWORD });
    client.query(document, json!({ "input": input })).await["signIn"].take()
}
