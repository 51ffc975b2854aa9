//! Everything that an administrator can do, so that the log has an entry of it.

use serde_json::{Value, json};
use tests::{Client, Sql, eventually};

use super::{PRIVATE, text};
use crate::stage::{
    Desk, PATIENCE, customer_writes, id_of, messages, mutate, reply, send, until_session, until_settled,
};

/// Has the administrator do everything once that can be done.
pub async fn do_everything(desk: &Desk, sandbox: &str) {
    let admin = &desk.admin;
    let me = id_of(admin).await;
    // Teams, tags, links, texts and the project itself.
    let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
    let team = mutate(admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
    mutate(admin, "teamUpdate", json!({ "teamId": team, "line": 3 }), "team { id }").await;
    mutate(admin, "teamMemberAdd", json!({ "teamId": team, "agentId": me }), "team { id }").await;
    mutate(admin, "teamMemberRemove", json!({ "teamId": team, "agentId": me }), "team { id }").await;
    mutate(admin, "teamGroupLinkCreate", json!({ "teamId": team }), "invitation { expiresAt }").await;
    let group = "INSERT INTO team_groups (project_id, chat_id, team_id, title, linked_at)
        SELECT project_id, -5, id, 'Group', 0 FROM teams";
    Sql::connect(&desk.database).await.unwrap().execute(group).await.unwrap();
    mutate(admin, "teamGroupRemove", json!({ "teamId": team, "telegramChatId": "-5" }), "team { id }").await;
    let tag = json!({ "projectId": sandbox, "name": "Loud", "color": "#d93025" });
    let tag = mutate(admin, "tagCreate", tag, "tag { id }").await["tag"]["id"].take();
    let link = json!({ "projectId": sandbox, "name": "Page", "teamId": team });
    let link = mutate(admin, "diversionLinkCreate", link, "diversionLink { id }").await["diversionLink"]["id"].take();
    mutate(admin, "diversionLinkUpdate", json!({ "diversionLinkId": link, "active": false }), "diversionLink { id }")
        .await;
    mutate(admin, "teamDelete", json!({ "teamId": team }), "deletedTeamId").await;
    let texts = json!([{ "text": "Welcome" }]);
    mutate(admin, "projectGreetingUpdate", json!({ "projectId": sandbox, "texts": texts }), "project { id }").await;
    mutate(admin, "projectCommandsUpdate", json!({ "projectId": sandbox, "commands": [] }), "project { id }").await;
    let life = json!({ "projectId": sandbox, "reopenWindowSeconds": 3600 });
    mutate(admin, "projectSessionLifeUpdate", life, "project { id }").await;
    let other = json!({ "name": "Other", "sandbox": true });
    let other = mutate(admin, "projectCreate", other, "project { id }").await["project"]["id"].take();
    mutate(admin, "projectUpdate", json!({ "projectId": other, "name": "Another" }), "project { id }").await;
    mutate(admin, "projectArchive", json!({ "projectId": other }), "project { id }").await;
    mutate(admin, "projectRestore", json!({ "projectId": other }), "project { id }").await;

    // People.
    let role = json!([{ "projectId": sandbox, "role": "AGENT" }]);
    let invited = json!({ "email": "ada@desk.test", "name": "Ada", "projects": role });
    let invited = mutate(admin, "agentInvite", invited, "acceptCode").await;
    let accept = json!({ "code": invited["acceptCode"], "password": "a password of one's own" });
    let ada = mutate(&Client::anonymous(desk.server.url()), "invitationAccept", accept, "agent { id }").await;
    let ada = &ada["agent"]["id"];
    let invited = json!({ "email": "eve@desk.test", "name": "Eve" });
    let invited = mutate(admin, "agentInvite", invited, "invitation { id }").await;
    mutate(admin, "invitationRevoke", json!({ "invitationId": invited["invitation"]["id"] }), "invitation { id }")
        .await;
    let set = json!({ "projectId": sandbox, "agentId": ada, "role": "SUPERVISOR" });
    mutate(admin, "projectRoleSet", set, "member { role }").await;
    do_routing(admin, sandbox, ada).await;
    let shared = session(desk, sandbox, 8).await;
    let joins = json!({ "sessionId": shared, "agentId": ada });
    mutate(admin, "sessionParticipantAdd", joins.clone(), "session { id }").await;
    mutate(admin, "sessionParticipantRemove", joins, "session { id }").await;
    let transfer = json!({ "sessionId": shared, "toAgentId": ada, "description": PRIVATE[0] });
    mutate(admin, "sessionTransfer", transfer, "session { id }").await;
    mutate(admin, "sessionTakeOver", json!({ "sessionId": shared, "keepPrevious": false }), "session { id }").await;
    mutate(admin, "agentDeactivate", json!({ "agentId": ada }), "agent { id }").await;
    mutate(admin, "agentActivate", json!({ "agentId": ada }), "agent { id }").await;
    mutate(admin, "projectRoleRemove", json!({ "projectId": sandbox, "agentId": ada }), "agent { id }").await;
    let token = json!({ "name": "Import", "scopes": ["PROJECTS_READ"] });
    let token = mutate(admin, "apiTokenCreate", token, "apiToken { id }").await["apiToken"]["id"].take();
    mutate(admin, "apiTokenRevoke", json!({ "id": token }), "apiToken { id }").await;

    // A session and what is in it.
    let session = session(desk, sandbox, 7).await;
    let id = json!({ "sessionId": session });
    mutate(admin, "sessionAssign", json!({ "sessionId": session, "agentId": me }), "session { id }").await;
    let tags = json!({ "sessionId": session, "tagIds": [tag] });
    mutate(admin, "sessionTagsAdd", tags.clone(), "session { id }").await;
    mutate(admin, "sessionTagsRemove", tags, "session { id }").await;
    mutate(admin, "sessionPriorityUpdate", json!({ "sessionId": session, "priority": "HIGH" }), "session { id }").await;
    reply(admin, &session, PRIVATE[0]).await;
    let sent = until_settled(admin, &session, PRIVATE[0]).await;
    let message = |more: Value| {
        let mut input = json!({ "messageId": sent["id"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    mutate(admin, "messagePin", message(json!({})), "message { id }").await;
    mutate(admin, "messageUnpin", message(json!({})), "message { id }").await;
    mutate(admin, "messageEdit", message(json!({ "text": PRIVATE[1] })), "message { id }").await;
    mutate(admin, "messageDelete", message(json!({})), "message { id }").await;
    fail_one_send(desk, sandbox, &session).await;
    let status = json!({ "sessionId": session, "status": "FOLLOW_UP", "followUp": { "awaited": "CUSTOMER" } });
    mutate(admin, "sessionStatusUpdate", status, "session { id }").await;
    mutate(admin, "sessionResolve", id.clone(), "session { id }").await;
    mutate(admin, "sessionClose", id.clone(), "session { id }").await;
    mutate(admin, "sessionReopen", id, "session { id }").await;

    do_desk_tools(admin, sandbox, &session).await;
    do_service_levels(admin, sandbox).await;

    // Customers and updates.
    let define = json!({ "projectId": sandbox, "name": "plan", "type": "TEXT" });
    mutate(admin, "attributeDefine", define, "__typename").await;
    let said = json!([{ "telegramUserId": "7", "attributes": [{ "name": "plan", "text": "gold" }] }]);
    mutate(admin, "customerAttributesSet", json!({ "projectId": sandbox, "customers": said }), "__typename").await;
    mutate(admin, "projectNightUpdate", json!({ "projectId": sandbox, "starts": "21:00" }), "__typename").await;
    mutate(admin, "projectRatingUpdate", json!({ "projectId": sandbox, "delaySeconds": 5 }), "__typename").await;
    mutate(admin, "projectChatThemeUpdate", json!({ "projectId": sandbox, "appearance": "DARK" }), "__typename").await;
    let document = "query Customer($id: ID!) { session(id: $id) { customer { id name } } }";
    let data = admin.query(document, json!({ "id": session })).await;
    let customer = &data["session"]["customer"];
    let known = json!({ "customerId": customer["id"], "note": PRIVATE[0] });
    mutate(admin, "customerUpdate", known, "customer { id }").await;
    let ban = json!({ "customerId": customer["id"], "reason": PRIVATE[2] });
    mutate(admin, "customerBan", ban, "customer { id }").await;
    customer_writes(admin, sandbox, 7, "let me in").await;
    mutate(
        admin,
        "telegramUpdateRetry",
        json!({ "telegramUpdateId": shelved(admin, sandbox).await }),
        "telegramUpdate { id }",
    )
    .await;
    mutate(admin, "customerUnban", json!({ "customerId": customer["id"] }), "customer { id }").await;
    let erase = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
    mutate(admin, "customerErase", erase, "customer { id }").await;
}

/// Everything about who gets sessions.
async fn do_routing(admin: &Client, sandbox: &str, agent: &Value) {
    mutate(admin, "routingSettingsUpdate", json!({ "projectId": sandbox, "capacity": 5 }), "__typename").await;
    let mut rules = Vec::new();
    for name in ["First", "Second"] {
        let rule = json!({ "projectId": sandbox, "name": name, "strategy": "ROUND_ROBIN" });
        let rule = mutate(admin, "routingRuleCreate", rule, "routingRule { id }").await["routingRule"]["id"].take();
        rules.insert(0, rule);
    }
    let order = json!({ "projectId": sandbox, "routingRuleIds": rules });
    mutate(admin, "routingRuleReorder", order, "__typename").await;
    let update = json!({ "routingRuleId": rules[0], "active": false });
    mutate(admin, "routingRuleUpdate", update, "__typename").await;
    mutate(admin, "routingRuleRemove", json!({ "routingRuleId": rules[0] }), "__typename").await;
    let capacity = json!({ "projectId": sandbox, "agentId": agent, "capacity": 3 });
    mutate(admin, "agentCapacityUpdate", capacity, "__typename").await;
}

/// Everything that an agent has at hand beside the messages: notes, tags, canned replies, messages for later, triggers.
async fn do_desk_tools(admin: &Client, sandbox: &str, session: &str) {
    let note = json!({ "sessionId": session, "text": PRIVATE[0] });
    let note = mutate(admin, "noteCreate", note, "note { id }").await["note"]["id"].take();
    mutate(admin, "noteUpdate", json!({ "noteId": note, "text": PRIVATE[1] }), "note { id }").await;
    mutate(admin, "noteDelete", json!({ "noteId": note }), "session { id }").await;

    let reply = json!({ "projectId": sandbox, "shared": true, "shortcut": "hi", "title": "Hello",
        "texts": [{ "text": "Hello" }] });
    let reply = mutate(admin, "cannedReplyCreate", reply, "cannedReply { id }").await["cannedReply"]["id"].take();
    mutate(admin, "cannedReplyUpdate", json!({ "cannedReplyId": reply, "title": "Hi" }), "cannedReply { id }").await;
    mutate(admin, "cannedReplyDelete", json!({ "cannedReplyId": reply }), "project { id }").await;

    let view = json!({ "projectId": sandbox, "name": "All", "filter": {}, "shared": true });
    let view = mutate(admin, "savedViewCreate", view, "savedView { id }").await["savedView"]["id"].take();
    mutate(admin, "savedViewUpdate", json!({ "savedViewId": view, "name": "Everything" }), "savedView { id }").await;
    let order = json!({ "projectId": sandbox, "shared": true, "savedViewIds": [view] });
    mutate(admin, "savedViewReorder", order, "savedViews { id }").await;
    mutate(admin, "savedViewDelete", json!({ "savedViewId": view }), "savedViewId").await;

    let project = admin.query("query Now($id: ID!) { project(id: $id) { now } }", json!({ "id": sandbox })).await;
    let now: chrono::DateTime<chrono::Utc> = text(&project["project"]["now"]).parse().unwrap();
    let send_at = (now + chrono::Duration::days(1)).to_rfc3339();
    let later = json!({ "sessionId": session, "text": PRIVATE[0], "sendAt": send_at });
    let later =
        mutate(admin, "messageSchedule", later, "scheduledMessage { id }").await["scheduledMessage"]["id"].take();
    let update = json!({ "scheduledMessageId": later, "text": PRIVATE[1] });
    mutate(admin, "scheduledMessageUpdate", update, "scheduledMessage { id }").await;
    let cancel = json!({ "scheduledMessageId": later });
    mutate(admin, "scheduledMessageCancel", cancel, "scheduledMessage { id }").await;

    let entry = json!({ "projectId": sandbox, "question": "How do I pay?", "answer": "By card." });
    let entry = mutate(admin, "knowledgeEntryCreate", entry, "knowledgeEntry { id }").await;
    let entry = &entry["knowledgeEntry"]["id"];
    let update = json!({ "knowledgeEntryId": entry, "keywords": ["pay"] });
    mutate(admin, "knowledgeEntryUpdate", update, "knowledgeEntry { id }").await;
    for mutation in ["knowledgeEntryArchive", "knowledgeEntryRestore"] {
        mutate(admin, mutation, json!({ "knowledgeEntryId": entry }), "knowledgeEntry { id }").await;
    }

    let todo = json!({ "sessionId": session, "kind": "PROMISE", "text": PRIVATE[0], "dueAt": send_at });
    let todo = mutate(admin, "todoCreate", todo, "todo { id }").await["todo"]["id"].take();
    mutate(admin, "todoUpdate", json!({ "todoId": todo, "text": PRIVATE[1] }), "todo { id }").await;
    mutate(admin, "todoDone", json!({ "todoId": todo }), "todo { id }").await;

    do_tags(admin, sandbox, session).await;
    do_triggers(admin, sandbox, session).await;
    do_tickets(admin, session).await;
}

async fn do_service_levels(admin: &Client, sandbox: &str) {
    let opening = json!({ "weekday": "MONDAY", "opens": "09:00", "closes": "17:00" });
    let hours = json!({ "timeZone": "Europe/Berlin", "openingTimes": [opening] });
    let calendar = json!({ "projectId": sandbox, "name": "Office", "hours": hours });
    let calendar = mutate(admin, "slaCalendarCreate", calendar, "slaCalendar { id }").await["slaCalendar"]["id"].take();
    let update = json!({ "slaCalendarId": calendar, "name": "Monday" });
    mutate(admin, "slaCalendarUpdate", update, "slaCalendar { id }").await;
    mutate(admin, "slaCalendarRemove", json!({ "slaCalendarId": calendar }), "project { id }").await;
    let policy = json!({ "projectId": sandbox, "policy": { "warningPercent": 70 } });
    mutate(admin, "slaPolicyUpdate", policy, "slaPolicy { version }").await;
}

async fn do_tags(admin: &Client, sandbox: &str, session: &str) {
    let mut tags = Vec::new();
    for name in ["One", "Two"] {
        let tag = json!({ "projectId": sandbox, "name": name, "color": "#d93025" });
        tags.push(mutate(admin, "tagCreate", tag, "tag { id }").await["tag"]["id"].take());
    }
    mutate(admin, "tagUpdate", json!({ "tagId": tags[0], "name": "The first" }), "tag { id }").await;
    let document = "query Customer($id: ID!) { session(id: $id) { customer { id } } }";
    let customer = admin.query(document, json!({ "id": session })).await["session"]["customer"]["id"].take();
    let has = json!({ "customerId": customer, "tagIds": [tags[0]] });
    mutate(admin, "customerTagsAdd", has.clone(), "customer { id }").await;
    mutate(admin, "customerTagsRemove", has, "customer { id }").await;
    mutate(admin, "tagMerge", json!({ "fromId": tags[1], "intoId": tags[0] }), "tag { id }").await;
    mutate(admin, "tagArchive", json!({ "tagId": tags[0] }), "tag { id }").await;
    mutate(admin, "tagRestore", json!({ "tagId": tags[0] }), "tag { id }").await;
}

async fn do_triggers(admin: &Client, sandbox: &str, session: &str) {
    let words = json!({ "projectId": sandbox, "name": "Lost", "phrases": ["lost"] });
    let words = mutate(admin, "wordListCreate", words, "wordList { id }").await["wordList"]["id"].take();
    mutate(admin, "wordListUpdate", json!({ "wordListId": words, "name": "Losses" }), "wordList { id }").await;
    let trigger =
        json!({ "projectId": sandbox, "name": "Losses", "wordListIds": [words], "raisePriorityTo": "URGENT" });
    let trigger = mutate(admin, "triggerCreate", trigger, "trigger { id }").await["trigger"]["id"].take();
    mutate(admin, "triggerDefaultsInstall", json!({ "projectId": sandbox }), "triggers { id }").await;
    let defaults = "query Triggers($id: ID!) { project(id: $id) { triggers { id } } }";
    let defaults = admin.query(defaults, json!({ "id": sandbox })).await["project"]["triggers"].take();
    for installed in &defaults.as_array().unwrap()[1..] {
        mutate(admin, "triggerRemove", json!({ "triggerId": installed["id"] }), "project { id }").await;
    }
    let other = json!({ "projectId": sandbox, "name": "Again", "wordListIds": [words], "raisePriorityTo": "URGENT" });
    let other = mutate(admin, "triggerCreate", other, "trigger { id }").await["trigger"]["id"].take();
    let order = json!({ "projectId": sandbox, "triggerIds": [other, trigger] });
    mutate(admin, "triggerReorder", order, "project { id }").await;
    customer_writes(admin, sandbox, 7, "my parcel is lost").await;
    let document = "query Firings($id: ID!) { session(id: $id) { triggerFirings { id } } }";
    let fired = || async {
        let data = admin.query(document, json!({ "id": session })).await;
        data["session"]["triggerFirings"][0]["id"].as_str().map(str::to_owned)
    };
    let judge = json!({ "triggerFiringId": eventually(PATIENCE, fired).await, "judgement": "UNNECESSARY" });
    mutate(admin, "triggerFiringJudge", judge, "triggerFiring { id }").await;
    mutate(admin, "triggerUpdate", json!({ "triggerId": other, "active": false }), "trigger { id }").await;
    for trigger in [trigger, other] {
        mutate(admin, "triggerRemove", json!({ "triggerId": trigger }), "project { id }").await;
    }
    mutate(admin, "wordListRemove", json!({ "wordListId": words }), "project { id }").await;
}

async fn do_tickets(admin: &Client, session: &str) {
    let ticket = json!({ "sessionId": session, "description": PRIVATE[0] });
    let ticket = mutate(admin, "ticketCreate", ticket, "ticket { id }").await["ticket"]["id"].take();
    mutate(admin, "ticketUpdate", json!({ "ticketId": ticket, "description": PRIVATE[1] }), "ticket { id }").await;
    for mutation in ["ticketWatch", "ticketUnwatch"] {
        mutate(admin, mutation, json!({ "ticketId": ticket }), "ticket { id }").await;
    }
    let first = messages(admin, session).await[0]["id"].take();
    let link = json!({ "ticketId": ticket, "messageIds": [first] });
    mutate(admin, "ticketMessagesLink", link, "ticket { id }").await;
    let emergency = json!({ "ticketId": ticket, "level": "L3", "reason": "SECURITY", "description": PRIVATE[2],
        "packet": { "problem": PRIVATE[0] }, "quick": true });
    let escalation = mutate(admin, "ticketEscalate", emergency, "escalation { id }").await["escalation"]["id"].take();
    let judge = json!({ "escalationId": escalation, "unnecessary": true, "note": PRIVATE[1] });
    mutate(admin, "escalationJudge", judge, "escalation { id }").await;
    let resolve = json!({ "ticketId": ticket, "resolution": PRIVATE[2] });
    mutate(admin, "ticketResolve", resolve, "ticket { id }").await;
}

async fn session(desk: &Desk, project: &str, customer: i64) -> String {
    customer_writes(&desk.admin, project, customer, "hello").await;
    until_session(&desk.admin, project, customer).await
}

/// Has a message of a session fail, and notes that the customer has it.
async fn fail_one_send(desk: &Desk, project: &str, session: &str) {
    let fault =
        json!({ "projectId": project, "kind": "REFUSE", "method": "sendMessage", "errorCode": 400, "count": 1 });
    mutate(&desk.admin, "sandboxFaultInject", fault, "arranged").await;
    let sent = send(&desk.admin, json!({ "sessionId": session, "text": PRIVATE[0] })).await;
    let failed = || async {
        let all = messages(&desk.admin, session).await;
        let found = all.into_iter().find(|message| message["id"] == sent["id"])?;
        (found["delivery"]["state"] == "FAILED").then_some(())
    };
    eventually(PATIENCE, failed).await;
    let settle = json!({ "messageId": sent["id"], "resolution": "DELIVERED" });
    mutate(&desk.admin, "messageDeliverySettle", settle, "message { id }").await;
}

/// An update that was put by.
async fn shelved(client: &Client, project: &str) -> Value {
    let document = "query Shelved($id: ID!) {
        project(id: $id) { telegramUpdates(state: SHELVED, first: 1) { nodes { id } } }
    }";
    let found = || async {
        let data = client.query(document, json!({ "id": project })).await;
        let id = data["project"]["telegramUpdates"]["nodes"][0]["id"].clone();
        id.is_string().then_some(id)
    };
    eventually(PATIENCE, found).await
}
