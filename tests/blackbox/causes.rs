//! Each change of a session says what caused it.

mod changes;

use serde_json::{Value, json};
use tests::{Client, Engine, on_both_engines};

use self::changes::{Changes, EXEMPT, mutations_of_sessions, until_fired};
use crate::rating::QUESTION;
use crate::session_life::{HOUR, MINUTE, Updates, advance, in_future};
use crate::stage::{
    Desk, PATIENCE, customer_writes, event_cursor, id_of, messages, mutate, online, reply, sandbox, send,
    until_session, until_settled,
};

/// The causes of what the desk does to find an agent: nobody is there, somebody comes, they let it lie.
const OF_ROUTING: [&str; 3] = ["QUEUED", "ROUTING", "REROUTING"];
/// The moment of the updates that are made up, in seconds of Unix time.
const DATE: i64 = 1_767_225_600;
/// The causes of what is told of tickets alone.
const OF_TICKETS: [&str; 2] = ["TICKET", "URGENT"];

on_both_engines! {
    async fn what_agents_do_with_a_session_is_told_by_its_cause(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let [adas, bobs] = [id_of(&ada).await, id_of(&bob).await];
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let send_at = in_future(&desk.admin, &sandbox, HOUR).await;
        for (client, mutation, more, cause) in [
            (&desk.admin, "sessionAssign", json!({ "agentId": adas }), "ASSIGNMENT"),
            (&ada, "sessionMarkViewed", json!({}), "VIEWED"),
            (&ada, "sessionParticipantAdd", json!({ "agentId": bobs }), "JOIN"),
            (&ada, "sessionParticipantRemove", json!({ "agentId": bobs }), "LEAVE"),
            (&ada, "sessionTransfer", json!({ "toAgentId": bobs, "description": "for you" }), "TRANSFER"),
            (&desk.admin, "sessionTakeOver", json!({ "keepPrevious": false }), "TAKE_OVER"),
            (&desk.admin, "messageSchedule", json!({ "text": "Did it work?", "sendAt": send_at }), "SCHEDULED"),
            (&desk.admin, "sessionClose", json!({}), "AGENT_CLOSE"),
            (&desk.admin, "sessionReopen", json!({}), "AGENT_REOPEN"),
        ] {
            let mut input = more;
            input["sessionId"] = json!(session);
            mutate(client, mutation, input, "").await;
            events.until(&session, cause).await;
        }
    }

    async fn what_the_desk_does_with_a_session_is_told_by_its_cause(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        // Who follows the project is there: the administrator looks on and gets no sessions.
        let role = json!({ "projectId": sandbox, "agentId": id_of(&desk.admin).await });
        mutate(&desk.admin, "projectRoleRemove", role, "agent { id }").await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let settings = json!({ "projectId": sandbox, "enabled": true, "rerouteAfterSeconds": 300 });
        mutate(&desk.admin, "routingSettingsUpdate", settings, "routing { enabled }").await;
        let [queued, routing, rerouting] = OF_ROUTING;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        events.until(&session, queued).await;
        let _console = online(&ada, &sandbox).await;
        events.until(&session, routing).await;
        let _his_console = online(&bob, &sandbox).await;
        advance(&desk.admin, &sandbox, 300).await;
        events.until(&session, rerouting).await;
    }

    async fn something_leads_to_each_cause_that_there_is(engine: Engine) {
        let mut scene = Scene::set(engine).await;
        let causes = causes(&scene.desk.admin).await;
        assert!(OF_ROUTING.iter().all(|cause| causes.iter().any(|known| known == cause)), "{causes:?}");
        for cause in causes.iter().filter(|cause| !OF_ROUTING.contains(&cause.as_str())) {
            let after = event_cursor(&scene.desk.admin, &scene.project).await;
            let session = scene.lead_to(cause).await;
            scene.until_told(&after, &session, cause).await;
        }
    }

    async fn no_change_of_a_session_is_silent(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let told = Changes::make(&desk, &sandbox).await;
        let mutations = mutations_of_sessions(&desk.admin).await;
        let is_exempt = |name: &str| EXEMPT.iter().any(|(exempt, _)| *exempt == name);
        let missing: Vec<&String> = mutations.difference(&told).filter(|name| !is_exempt(name)).collect();
        assert!(missing.is_empty(), "do these in `Changes`, or give a reason in EXEMPT: {missing:?}");
        let is_needless = |name: &&str| told.contains(*name) || !mutations.contains(*name);
        let needless: Vec<&str> = EXEMPT.iter().map(|(name, _)| *name).filter(is_needless).collect();
        assert!(needless.is_empty(), "these are not exempt: {needless:?}");
    }
}

/// The values of `EventCause`.
async fn causes(client: &Client) -> Vec<String> {
    let data = client.query("{ __type(name: \"EventCause\") { enumValues { name } } }", Value::Null).await;
    let values = data["__type"]["enumValues"].as_array().expect("the schema can be asked for");
    values.iter().map(|value| value["name"].as_str().expect("a value has a name").to_owned()).collect()
}

/// A sandbox with an agent, in which each cause has a session of its own.
struct Scene {
    desk: Desk,
    project: String,
    /// The id of the agent.
    ada: Value,
    /// The customer who came last.
    customer: i64,
}

impl Scene {
    async fn set(engine: Engine) -> Self {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = id_of(&desk.add_agent("ada@desk.test", "Sandbox", "agent").await).await;
        Self { desk, project, ada, customer: 100 }
    }

    /// Has happen what a cause stands for. Answers the session.
    async fn lead_to(&mut self, cause: &str) -> String {
        match cause {
            "CUSTOMER_DELETE" => self.business_chat("deleted_business_messages", json!({ "message_ids": [1] })).await,
            "CHAT_EVENT" => {
                let owner = json!({ "id": 99, "is_bot": false, "first_name": "Owner" });
                let written = json!({ "message_id": 2, "date": DATE, "from": owner, "text": "I see to it" });
                self.business_chat("business_message", written).await
            }
            "MIGRATION" => self.migration().await,
            "AUTOMATIC" => {
                let greets = json!({ "projectId": self.project, "texts": [{ "text": "Welcome" }] });
                self.does("projectGreetingUpdate", greets).await;
                self.session().await
            }
            _ => {
                let session = self.session().await;
                let is_known = self.clock_leads_to(cause, &session).await
                    || self.customer_leads_to(cause, &session).await
                    || self.agent_leads_to(cause, &session).await
                    || self.office_leads_to(cause, &session).await
                    || self.time_leads_to(cause, &session).await;
                assert!(is_known, "say here what leads to {cause}");
                session
            }
        }
    }

    /// What becomes of what is promised. False if it is nothing of that.
    async fn clock_leads_to(&self, cause: &str, session: &str) -> bool {
        let waits = json!({ "status": "FOLLOW_UP", "followUp": { "awaited": "CUSTOMER" } });
        match cause {
            "SLA_WARNING" => advance(&self.desk.admin, &self.project, 4 * MINUTE).await,
            "SLA_BREACH" => advance(&self.desk.admin, &self.project, 6 * MINUTE).await,
            "SLA_ANSWERED" => _ = reply(&self.desk.admin, session, "good day").await,
            "SLA_CANCELLED" => self.does_in(session, "sessionResolve", json!({})).await,
            "SLA_PAUSED" => self.does_in(session, "sessionStatusUpdate", waits).await,
            "SLA_RESUMED" => {
                self.does_in(session, "sessionStatusUpdate", waits).await;
                customer_writes(&self.desk.admin, &self.project, self.customer, "here I am").await;
            }
            "SLA_POLICY_CHANGED" => {
                let policy = json!({ "types": { "standard": { "resolutionSeconds": HOUR } } });
                self.does("slaPolicyUpdate", json!({ "projectId": self.project, "policy": policy })).await;
            }
            _ => return false,
        }
        true
    }

    /// What customers do. False if it is nothing of theirs.
    async fn customer_leads_to(&self, cause: &str, session: &str) -> bool {
        let first = messages(&self.desk.admin, session).await[0]["id"].clone();
        match cause {
            // They wrote when the session began.
            "CUSTOMER_MESSAGE" => {}
            "CUSTOMER_EDIT" => self.does("sandboxCustomerEdit", json!({ "messageId": first, "text": "hello!" })).await,
            "CUSTOMER_REACTION" => {
                let answer = self.answer(session).await;
                self.does("sandboxCustomerReact", json!({ "messageId": answer, "emoji": ["👍"] })).await;
            }
            "BUTTON_PRESS" => {
                let question = json!({ "sessionId": session, "text": "Well?", "buttons": [[{ "text": "Yes" }]] });
                let question = send(&self.desk.admin, question).await["id"].take();
                until_settled(&self.desk.admin, session, "Well?").await;
                self.does("sandboxButtonPress", json!({ "messageId": question, "label": "Yes" })).await;
            }
            "RATED" => {
                self.does_in(session, "sessionResolve", json!({})).await;
                advance(&self.desk.admin, &self.project, MINUTE).await;
                let question = until_settled(&self.desk.admin, session, QUESTION).await["id"].take();
                self.does("sandboxButtonPress", json!({ "messageId": question, "label": "5 ⭐" })).await;
            }
            "REACHABILITY" => {
                let customer = self.customer.to_string();
                let blocks = json!({ "projectId": self.project, "telegramUserId": customer });
                self.does("sandboxCustomerBlock", blocks).await;
            }
            "DIVERSION" => {
                let link = json!({ "projectId": self.project, "name": "Page" });
                let link = mutate(&self.desk.admin, "diversionLinkCreate", link, "diversionLink { code }").await;
                let start = format!("/start {}", link["diversionLink"]["code"].as_str().expect("a link has a code"));
                customer_writes(&self.desk.admin, &self.project, self.customer, &start).await;
            }
            "TRIGGER" => self.fires("lost").await,
            "URGENT" => {
                self.does_in(session, "ticketCreate", json!({ "description": "a parcel" })).await;
                customer_writes(&self.desk.admin, &self.project, self.customer, "urgent").await;
            }
            _ => return false,
        }
        true
    }

    /// What agents do in a session. False if it is nothing of theirs.
    async fn agent_leads_to(&self, cause: &str, session: &str) -> bool {
        let ada = json!({ "agentId": self.ada });
        let (mutation, more) = match cause {
            "AGENT_REPLY" | "DELIVERY" => {
                reply(&self.desk.admin, session, "good day").await;
                return true;
            }
            "AGENT_EDIT" | "AGENT_DELETE" | "PIN" => {
                let mut input = json!({ "messageId": self.answer(session).await });
                let mutation = match cause {
                    "AGENT_EDIT" => "messageEdit",
                    "AGENT_DELETE" => "messageDelete",
                    _ => "messagePin",
                };
                if cause == "AGENT_EDIT" {
                    input["text"] = json!("good evening");
                }
                self.does(mutation, input).await;
                return true;
            }
            "TAKE_OVER" => {
                self.does_in(session, "sessionAssign", ada).await;
                ("sessionTakeOver", json!({ "keepPrevious": false }))
            }
            "LEAVE" => {
                self.does_in(session, "sessionParticipantAdd", ada.clone()).await;
                ("sessionParticipantRemove", ada)
            }
            "AGENT_REOPEN" => {
                self.does_in(session, "sessionClose", json!({})).await;
                ("sessionReopen", json!({}))
            }
            "TAGGING" => {
                let tag = json!({ "projectId": self.project, "name": "Loud", "color": "#d93025" });
                let tag = mutate(&self.desk.admin, "tagCreate", tag, "tag { id }").await["tag"]["id"].take();
                ("sessionTagsAdd", json!({ "tagIds": [tag] }))
            }
            "SCHEDULED" => {
                let send_at = in_future(&self.desk.admin, &self.project, HOUR).await;
                ("messageSchedule", json!({ "text": "Did it work?", "sendAt": send_at }))
            }
            "TODO" => {
                let due_at = in_future(&self.desk.admin, &self.project, HOUR).await;
                ("todoCreate", json!({ "kind": "PROMISE", "text": "call back", "dueAt": due_at }))
            }
            "VIEWED" => ("sessionMarkViewed", json!({})),
            "ASSIGNMENT" => ("sessionAssign", ada),
            "JOIN" => ("sessionParticipantAdd", ada),
            "TRANSFER" => ("sessionTransfer", json!({ "toAgentId": self.ada, "description": "for you" })),
            "AGENT_CLOSE" => ("sessionClose", json!({})),
            "JUDGEMENT" => {
                self.fires("broken").await;
                let firing = until_fired(&self.desk.admin, session).await;
                self.does("triggerFiringJudge", json!({ "triggerFiringId": firing, "judgement": "ACCEPTED" })).await;
                return true;
            }
            "STATUS_CHANGE" => {
                ("sessionStatusUpdate", json!({ "status": "FOLLOW_UP", "followUp": { "awaited": "CUSTOMER" } }))
            }
            "RESOLVED" => ("sessionResolve", json!({})),
            "PRIORITY" => ("sessionPriorityUpdate", json!({ "priority": "HIGH" })),
            "TICKET" => ("ticketCreate", json!({ "description": "a parcel" })),
            "ESCALATION" => {
                let emergency = json!({ "level": "L3", "reason": "SECURITY", "description": "a leak", "quick": true });
                ("ticketEscalate", emergency)
            }
            "NOTE" => ("noteCreate", json!({ "text": "They were here before" })),
            _ => return false,
        };
        self.does_in(session, mutation, more).await;
        true
    }

    /// What is done to a customer or to an agent, whatever the session. False if it is nothing of that.
    async fn office_leads_to(&self, cause: &str, session: &str) -> bool {
        let document = "query Customer($id: ID!) { session(id: $id) { customer { id name } } }";
        let data = self.desk.admin.query(document, json!({ "id": session })).await;
        let customer = &data["session"]["customer"];
        match cause {
            "PROFILE" => {
                self.does("customerUpdate", json!({ "customerId": customer["id"], "note": "a regular" })).await
            }
            "BAN" => self.does("customerBan", json!({ "customerId": customer["id"], "reason": "spam" })).await,
            "ERASURE" => {
                let erases = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
                self.does("customerErase", erases).await;
            }
            "DEACTIVATION" => {
                let eve = id_of(&self.desk.add_agent("eve@desk.test", "Sandbox", "agent").await).await;
                self.does_in(session, "sessionAssign", json!({ "agentId": eve })).await;
                self.does("agentDeactivate", json!({ "agentId": eve })).await;
            }
            _ => return false,
        }
        true
    }

    /// What comes by itself when its time has come. False if it is nothing of that.
    async fn time_leads_to(&self, cause: &str, session: &str) -> bool {
        reply(&self.desk.admin, session, "good day").await;
        let seconds = match cause {
            "FOLLOW_UP_DUE" => {
                let until = in_future(&self.desk.admin, &self.project, HOUR).await;
                let follow_up = json!({ "awaited": "PROMISED_TIME", "until": until });
                let input = json!({ "status": "FOLLOW_UP", "followUp": follow_up });
                self.does_in(session, "sessionStatusUpdate", input).await;
                HOUR
            }
            "RESOLVED_CLOSE" => {
                self.does_in(session, "sessionResolve", json!({})).await;
                30 * MINUTE
            }
            "NO_RESPONSE" => 24 * HOUR,
            _ => return false,
        };
        advance(&self.desk.admin, &self.project, seconds).await;
        true
    }

    /// Has a trigger look for a word, which the customer then writes.
    async fn fires(&self, word: &str) {
        let words = json!({ "projectId": self.project, "name": word, "phrases": [word] });
        let words = mutate(&self.desk.admin, "wordListCreate", words, "wordList { id }").await;
        let trigger = json!({ "projectId": self.project, "name": word, "raisePriorityTo": "URGENT",
            "wordListIds": [words["wordList"]["id"]] });
        self.does("triggerCreate", trigger).await;
        let text = format!("my parcel is {word}");
        customer_writes(&self.desk.admin, &self.project, self.customer, &text).await;
    }

    /// The session of a new customer, who says hello.
    async fn session(&mut self) -> String {
        self.customer += 1;
        customer_writes(&self.desk.admin, &self.project, self.customer, "hello").await;
        until_session(&self.desk.admin, &self.project, self.customer).await
    }

    /// The id of an answer that the customer has got.
    async fn answer(&self, session: &str) -> Value {
        reply(&self.desk.admin, session, "good day").await;
        until_settled(&self.desk.admin, session, "good day").await["id"].take()
    }

    /// A new customer writes to a business account, and then something happens in that chat.
    async fn business_chat(&mut self, kind: &str, mut event: Value) -> String {
        self.customer += 1;
        let chat = json!({ "id": self.customer, "type": "private", "first_name": "Grace" });
        let from = json!({ "id": self.customer, "is_bot": false, "first_name": "Grace" });
        self.pushes(json!({ "business_message": { "message_id": 1, "date": DATE, "business_connection_id": "B",
            "chat": chat, "from": from, "text": "hello" } }))
            .await;
        let session = until_session(&self.desk.admin, &self.project, self.customer).await;
        event["business_connection_id"] = json!("B");
        event["chat"] = chat;
        self.pushes(json!({ kind: event })).await;
        session
    }

    /// A group gets another number.
    async fn migration(&self) -> String {
        let (from, to) = (-500, -1_001_234_567_890_i64);
        let ada = json!({ "id": 7, "is_bot": false, "first_name": "Ada" });
        let chat = json!({ "id": from, "type": "group", "title": "Neighbours" });
        self.pushes(
            json!({ "message": { "message_id": 1, "date": DATE, "chat": chat, "from": ada, "text": "before" } }),
        )
        .await;
        let session = until_session(&self.desk.admin, &self.project, from).await;
        self.pushes(json!({ "message": { "message_id": 2, "date": DATE, "chat": chat, "from": ada,
            "migrate_to_chat_id": to } }))
            .await;
        session
    }

    async fn pushes(&self, update: Value) {
        let input = json!({ "projectId": self.project, "json": update.to_string() });
        self.does("sandboxUpdatePush", input).await;
    }

    /// The administrator does something.
    async fn does(&self, mutation: &str, input: Value) {
        mutate(&self.desk.admin, mutation, input, "").await;
    }

    async fn does_in(&self, session: &str, mutation: &str, mut more: Value) {
        more["sessionId"] = json!(session);
        self.does(mutation, more).await;
    }

    /// Waits until something of the session is told that has this cause.
    async fn until_told(&self, after: &str, session: &str, cause: &str) {
        let variables = json!({ "projectId": self.project, "after": after });
        let (field, document) = match cause {
            "TODO" => ("todoEvents", TODO_EVENTS),
            cause if OF_TICKETS.contains(&cause) => ("ticketEvents", TICKET_EVENTS),
            cause if cause.starts_with("SLA_") => ("slaEvents", SLA_EVENTS),
            _ => ("sessionEvents", EVENTS),
        };
        let mut events = self.desk.admin.subscribe(document, variables).await;
        loop {
            let event = events.next_within(PATIENCE).await[field].take();
            let objects = [&event["ticket"]["session"], &event["todo"]["session"], &event["session"]];
            let told = objects.iter().any(|object| object["id"] == session);
            if told && event["cause"] == cause {
                return;
            }
        }
    }
}

const TICKET_EVENTS: &str = "subscription Events($projectId: ID!, $after: String) {
    ticketEvents(projectId: $projectId, after: $after) {
        ... on TicketOpened { cause ticket { session { id } } }
        ... on TicketUpdated { cause ticket { session { id } } }
    }
}";

const SLA_EVENTS: &str = "subscription Events($projectId: ID!, $after: String) {
    slaEvents(projectId: $projectId, after: $after) { ... on SlaClockUpdated { cause session { id } } }
}";

const EVENTS: &str = "subscription Events($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        ... on MessageAdded { cause session { id } }
        ... on MessageUpdated { cause session { id } }
        ... on SessionOpened { cause session { id } }
        ... on SessionUpdated { cause session { id } }
    }
}";

const TODO_EVENTS: &str = "subscription TodoEvents($projectId: ID!, $after: String) {
    todoEvents(projectId: $projectId, after: $after) { ... on TodoUpdated { cause todo { session { id } } } }
}";
