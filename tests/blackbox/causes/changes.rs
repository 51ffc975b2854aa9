//! Everything that can be done to a session and to what is in it, each time with the event that tells of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Client, Sql, eventually};

use crate::session_life::{HOUR, in_future};
use crate::stage::{Desk, PATIENCE, customer_writes, id_of, messages, mutate, reply, until_session, until_settled};

/// Mutations that are no event, with the reason.
pub const EXEMPT: [(&str, &str); 2] = [
    ("knowledgeEntryCreate", "changes nothing in the session that it is made from"),
    ("typingSet", "is over in a moment, of which `typing` tells"),
];

/// The names of inputs that stand for a session or for something that is in one.
const IN_SESSIONS: [&str; 9] = [
    "sessionId",
    "sessionIds",
    "messageId",
    "noteId",
    "scheduledMessageId",
    "triggerFiringId",
    "ticketId",
    "escalationId",
    "todoId",
];

/// The mutations whose input names a session or something that is in one.
pub async fn mutations_of_sessions(client: &Client) -> BTreeSet<String> {
    let document =
        "{ __schema { mutationType { fields { name args { type { ofType { inputFields { name } } } } } } } }";
    let mut schema = client.query(document, Value::Null).await;
    let fields = schema["__schema"]["mutationType"]["fields"].take();
    let is_of_session = |field: &&Value| {
        let inputs = field["args"][0]["type"]["ofType"]["inputFields"].as_array().into_iter().flatten();
        inputs.filter_map(|input| input["name"].as_str()).any(|name| IN_SESSIONS.contains(&name))
    };
    let named = |field: &Value| field["name"].as_str().unwrap().to_owned();
    fields.as_array().unwrap().iter().filter(is_of_session).map(named).collect()
}

/// The session of a desk that has no other one, to which the administrator does things.
pub struct Changes<'a> {
    desk: &'a Desk,
    sandbox: &'a str,
    session: String,
    sql: Sql,
    done: BTreeSet<String>,
}

impl<'a> Changes<'a> {
    /// Does everything once, and answers the names of the mutations.
    ///
    /// # Panics
    /// When one of them is followed by no event.
    pub async fn make(desk: &'a Desk, sandbox: &'a str) -> BTreeSet<String> {
        customer_writes(&desk.admin, sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, sandbox, 7).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let mut changes = Self { desk, sandbox, session, sql, done: BTreeSet::new() };
        changes.change_hands().await;
        changes.mark().await;
        changes.write().await;
        changes.fail_to_write().await;
        changes.note_and_plan().await;
        changes.judge().await;
        changes.owe().await;
        changes.have_a_ticket().await;
        changes.end().await;
        changes.done
    }

    async fn change_hands(&mut self) {
        let ada = id_of(&self.desk.add_agent("ada@desk.test", "Sandbox", "agent").await).await;
        let me = id_of(&self.desk.admin).await;
        self.does_in("sessionMarkViewed", "VIEWED", json!({})).await;
        self.does_in("sessionAssign", "ASSIGNMENT", json!({ "agentId": me })).await;
        self.does_in("sessionParticipantAdd", "JOIN", json!({ "agentId": ada })).await;
        self.does_in("sessionParticipantRemove", "LEAVE", json!({ "agentId": ada })).await;
        let to_her = json!({ "toAgentId": ada, "description": "for you" });
        self.does_in("sessionTransfer", "TRANSFER", to_her).await;
        self.does_in("sessionTakeOver", "TAKE_OVER", json!({ "keepPrevious": false })).await;
    }

    async fn mark(&mut self) {
        self.does_in("sessionPriorityUpdate", "PRIORITY", json!({ "priority": "HIGH" })).await;
        let bulk = json!({ "projectId": self.sandbox, "sessionIds": [self.session], "action": "PRIORITY",
            "priority": "LOW" });
        self.does("sessionsBulk", "PRIORITY", bulk, "").await;
        let tag = json!({ "projectId": self.sandbox, "name": "Loud", "color": "#d93025" });
        let tag = mutate(&self.desk.admin, "tagCreate", tag, "tag { id }").await["tag"]["id"].take();
        self.does_in("sessionTagsAdd", "TAGGING", json!({ "tagIds": [tag] })).await;
        self.does_in("sessionTagsRemove", "TAGGING", json!({ "tagIds": [tag] })).await;
    }

    async fn write(&mut self) {
        let first = messages(&self.desk.admin, &self.session).await[0]["id"].take();
        let edited = json!({ "messageId": first, "text": "hello!" });
        self.does("sandboxCustomerEdit", "CUSTOMER_EDIT", edited, "").await;
        let question = json!({ "sessionId": self.session, "text": "Well?", "buttons": [[{ "text": "Yes" }]] });
        self.does("messageSend", "AGENT_REPLY", question, "").await;
        let question = until_settled(&self.desk.admin, &self.session, "Well?").await["id"].take();
        let pressed = json!({ "messageId": question, "label": "Yes" });
        self.does("sandboxButtonPress", "BUTTON_PRESS", pressed, "").await;

        reply(&self.desk.admin, &self.session, "good day").await;
        let answer = until_settled(&self.desk.admin, &self.session, "good day").await["id"].take();
        let liked = json!({ "messageId": answer, "emoji": ["👍"] });
        self.does("sandboxCustomerReact", "CUSTOMER_REACTION", liked, "").await;
        self.does("messagePin", "PIN", json!({ "messageId": answer }), "").await;
        // That it is pinned is told as well, with the same cause.
        let document = "query Pinned($id: ID!) { node(id: $id) { ... on Message { pinnedAt } } }";
        let pinned = || async {
            let seen = self.desk.admin.query(document, json!({ "id": answer })).await;
            if seen["node"]["pinnedAt"].is_string() { Ok(()) } else { Err(seen) }
        };
        eventually(PATIENCE, pinned).await;
        self.does("messageUnpin", "PIN", json!({ "messageId": answer }), "").await;
        self.does("messageEdit", "AGENT_EDIT", json!({ "messageId": answer, "text": "good evening" }), "").await;
        self.does("messageDelete", "AGENT_DELETE", json!({ "messageId": answer }), "").await;
    }

    /// The last message does not arrive. What became of those before it has been told.
    async fn fail_to_write(&mut self) {
        let fault = json!({ "projectId": self.sandbox, "kind": "REFUSE", "method": "sendMessage", "errorCode": 400,
            "count": 1 });
        mutate(&self.desk.admin, "sandboxFaultInject", fault, "").await;
        reply(&self.desk.admin, &self.session, "good night").await;
        let failed = until_settled(&self.desk.admin, &self.session, "good night").await;
        assert_eq!(failed["delivery"]["state"], "FAILED");
        let arrived = json!({ "messageId": failed["id"], "resolution": "DELIVERED" });
        self.does("messageDeliverySettle", "DELIVERY", arrived, "").await;
    }

    async fn note_and_plan(&mut self) {
        let text = json!({ "sessionId": self.session, "text": "They were here before" });
        let note = self.does("noteCreate", "NOTE", text, "note { id }").await;
        let note = json!({ "noteId": note["note"]["id"] });
        self.does("noteUpdate", "NOTE", json!({ "noteId": note["noteId"], "text": "Twice" }), "").await;
        self.does("noteDelete", "NOTE", note, "").await;
        let send_at = in_future(&self.desk.admin, self.sandbox, HOUR).await;
        let later = json!({ "sessionId": self.session, "text": "Did it work?", "sendAt": send_at });
        let planned = self.does("messageSchedule", "SCHEDULED", later, "scheduledMessage { id }").await;
        let later = json!({ "scheduledMessageId": planned["scheduledMessage"]["id"] });
        let reworded = json!({ "scheduledMessageId": later["scheduledMessageId"], "text": "Does it work?" });
        self.does("scheduledMessageUpdate", "SCHEDULED", reworded, "").await;
        self.does("scheduledMessageCancel", "SCHEDULED", later, "").await;
    }

    async fn judge(&mut self) {
        let admin = &self.desk.admin;
        let words = json!({ "projectId": self.sandbox, "name": "Lost", "phrases": ["lost"] });
        let words = mutate(admin, "wordListCreate", words, "wordList { id }").await["wordList"]["id"].take();
        let trigger = json!({ "projectId": self.sandbox, "name": "Losses", "wordListIds": [words],
            "raisePriorityTo": "HIGH" });
        mutate(admin, "triggerCreate", trigger, "").await;
        customer_writes(admin, self.sandbox, 7, "my parcel is lost").await;
        let firing = until_fired(admin, &self.session).await;
        let judged = json!({ "triggerFiringId": firing, "judgement": "ACCEPTED" });
        self.does("triggerFiringJudge", "JUDGEMENT", judged, "").await;
    }

    async fn owe(&mut self) {
        let due_at = in_future(&self.desk.admin, self.sandbox, HOUR).await;
        let promise = json!({ "sessionId": self.session, "kind": "PROMISE", "text": "call back", "dueAt": due_at });
        let todo = self.does("todoCreate", "TODO", promise, "todo { id }").await["todo"]["id"].take();
        self.does("todoUpdate", "TODO", json!({ "todoId": todo, "text": "call back twice" }), "").await;
        self.does("todoDone", "TODO", json!({ "todoId": todo }), "").await;
    }

    async fn have_a_ticket(&mut self) {
        let parcel = json!({ "sessionId": self.session, "description": "find the parcel" });
        let ticket = self.does("ticketCreate", "TICKET", parcel, "ticket { id }").await["ticket"]["id"].take();
        self.does("ticketUpdate", "TICKET", json!({ "ticketId": ticket, "priority": "URGENT" }), "").await;
        self.does("ticketWatch", "TICKET", json!({ "ticketId": ticket }), "").await;
        self.does("ticketUnwatch", "TICKET", json!({ "ticketId": ticket }), "").await;
        let first = messages(&self.desk.admin, &self.session).await[0]["id"].take();
        let link = json!({ "ticketId": ticket, "messageIds": [first] });
        self.does("ticketMessagesLink", "TICKET", link, "").await;
        let emergency = json!({ "ticketId": ticket, "level": "L3", "reason": "SECURITY", "description": "a leak",
            "quick": true });
        let escalated = self.does("ticketEscalate", "ESCALATION", emergency, "escalation { id }").await;
        let needless = json!({ "escalationId": escalated["escalation"]["id"], "unnecessary": true });
        self.does("escalationJudge", "TICKET", needless, "").await;
        let found = json!({ "ticketId": ticket, "resolution": "It was next door" });
        self.does("ticketResolve", "TICKET", found, "").await;
    }

    async fn end(&mut self) {
        let follow_up = json!({ "status": "FOLLOW_UP", "followUp": { "awaited": "CUSTOMER" } });
        self.does_in("sessionStatusUpdate", "STATUS_CHANGE", follow_up).await;
        self.does_in("sessionResolve", "RESOLVED", json!({})).await;
        self.does_in("sessionClose", "AGENT_CLOSE", json!({})).await;
        self.does_in("sessionReopen", "AGENT_REOPEN", json!({})).await;
    }

    async fn does_in(&mut self, mutation: &str, cause: &str, mut more: Value) {
        more["sessionId"] = json!(self.session);
        self.does(mutation, cause, more, "").await;
    }

    /// Does something, which must be told with this cause: with the answer, or soon if Telegram tells the desk of it.
    async fn does(&mut self, mutation: &str, cause: &str, input: Value, selection: &str) -> Value {
        let before = self.told(cause).await;
        let payload = mutate(&self.desk.admin, mutation, input, selection).await;
        if mutation.starts_with("sandbox") {
            let told = || async { (self.told(cause).await > before).then_some(()) };
            eventually(PATIENCE, told).await;
        }
        assert!(self.told(cause).await > before, "{mutation} is no event with the cause {cause}");
        self.done.insert(mutation.to_owned());
        payload
    }

    /// How many events have a cause.
    async fn told(&self, cause: &str) -> i64 {
        self.sql.number(&format!("SELECT count(*) FROM events WHERE cause = '{cause}'")).await.unwrap()
    }
}

/// Waits until a trigger has fired in a session, and answers the id of that.
pub async fn until_fired(client: &Client, session: &str) -> Value {
    let document = "query Firings($id: ID!) { session(id: $id) { triggerFirings { id } } }";
    let fired = || async {
        client.query(document, json!({ "id": session })).await.pointer("/session/triggerFirings/0/id").cloned()
    };
    eventually(PATIENCE, fired).await
}
