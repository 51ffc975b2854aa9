//! Groups that become supergroups while a session is open in both chats.

use domain::ChatId;
use serde_json::{Value, json};
use tests::{Client, Engine, eventually, on_both_engines};

use crate::attributes::customer_id;
use crate::stage::{Desk, PATIENCE, Telegram, id_of, mutate, project_called, reply, until_session};

/// A group.
pub const GROUP: i64 = -500;
/// The supergroup that it becomes.
pub const SUPERGROUP: i64 = -1_000_000_000_500;

on_both_engines! {
    async fn who_answers_a_group_goes_on_in_its_supergroup(engine: Engine) {
        let club = Club::of_two_chats(engine).await;
        let Club { desk, later, .. } = &club;
        for (chat, note) in [(GROUP, "is a club"), (SUPERGROUP, "likes tea")] {
            let customer = customer_id(&desk.admin, &club.project, chat).await;
            mutate(&desk.admin, "customerUpdate", json!({ "customerId": customer, "note": note }), "customer { note }").await;
        }
        let seen = club.migrate().await;
        assert_eq!((&seen["assignee"]["email"], &seen["queuedAt"]), (&json!("bob@desk.test"), &Value::Null), "{seen}");
        assert!(seen["assignedAt"].is_string(), "{seen}");
        assert_eq!(seen["participants"], json!([{ "email": "ada@desk.test" }, { "email": "eve@desk.test" }]));
        assert_eq!(seen["customer"]["note"], "is a club\n\nlikes tea");
        reply(&club.bob, later, "good day to all of you").await;
    }

    async fn who_handed_the_session_of_a_supergroup_over_does_not_get_it_back_by_that_of_the_group(engine: Engine) {
        let club = Club::of_two_chats(engine).await;
        let Club { desk, later, ada, bob, eve, .. } = &club;
        reply(eve, later, "good day").await;
        let input = json!({ "sessionId": later, "toAgentId": id_of(ada).await, "description": "for you" });
        mutate(eve, "sessionTransfer", input, "session { id }").await;
        let seen = club.migrate().await;
        assert_eq!(seen["assignee"]["email"], "ada@desk.test");
        assert_eq!(seen["participants"], json!([{ "email": "bob@desk.test" }]), "who answered in the group reads along");
        let document = "query Left($id: ID!) { session(id: $id) { leftAt } }";
        for (client, has_left) in [(&desk.admin, false), (bob, false), (eve, true)] {
            let seen = client.query(document, json!({ "id": later })).await["session"]["leftAt"].take();
            assert_eq!(seen.is_string(), has_left, "{seen}");
        }
    }
}

/// A group that has become a supergroup, which the desk does not know yet: a session is open in both chats.
struct Club {
    telegram: Telegram,
    desk: Desk,
    project: String,
    ada: Client,
    bob: Client,
    eve: Client,
    later: String,
}

impl Club {
    /// In the session of the group Bob answers, and Ada and Eve read along. That of the supergroup waits in line.
    async fn of_two_chats(engine: Engine) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        let eve = desk.add_agent("eve@desk.test", "Telegram", "agent").await;
        writes_in_group(&telegram, GROUP, "group", 500).await;
        let earlier = until_session(&desk.admin, &project, GROUP).await;
        reply(&bob, &earlier, "good day").await;
        for client in [&ada, &eve] {
            let input = json!({ "sessionId": earlier, "agentId": id_of(client).await });
            mutate(&bob, "sessionParticipantAdd", input, "session { id }").await;
        }
        mutate(&desk.admin, "routingSettingsUpdate", json!({ "projectId": project, "enabled": true }), "").await;
        writes_in_group(&telegram, SUPERGROUP, "supergroup", 1).await;
        let later = until_session(&desk.admin, &project, SUPERGROUP).await;
        Self { telegram, desk, project, ada, bob, eve, later }
    }

    /// Telegram tells that it is one group, and the later session goes on for both.
    async fn migrate(&self) -> Value {
        let api = &self.telegram.api;
        api.migrate_group(self.telegram.bot(), ChatId(GROUP), ChatId(SUPERGROUP), "The club").await.unwrap();
        let document = "query Joined($id: ID!) { session(id: $id) {
            assignee { email } participants { email } assignedAt queuedAt
            customer { note } earlierSessions(first: 1) { totalCount }
        } }";
        let joined = || async {
            let seen = self.desk.admin.query(document, json!({ "id": self.later })).await["session"].take();
            if seen["earlierSessions"]["totalCount"] == 1 { Ok(seen) } else { Err(seen) }
        };
        eventually(PATIENCE, joined).await
    }
}

/// A message in a group, as Telegram tells it.
pub async fn writes_in_group(telegram: &Telegram, chat: i64, kind: &str, number: i64) {
    let update = json!({ "message": {
        "message_id": number, "date": 1_767_225_600 + number, "text": format!("text {number}"),
        "from": { "id": 7, "is_bot": false, "first_name": "Ada" },
        "chat": { "id": chat, "type": kind, "title": "The club" },
    } });
    telegram.tells(&update).await;
}
