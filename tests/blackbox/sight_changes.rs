//! Whoever sees other sessions than before, by a role or a team, is told to load everything anew: also when they come back.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Client, Engine, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Reader, client_at, customer_writes, event_cursor, id_of, mutate, reply, sandbox, sessions,
    until_session,
};

on_both_engines! {
    async fn who_comes_back_is_told_that_they_see_other_sessions_by_now(engine: Engine) {
        let stage = Stage::start(engine).await;
        let Stage { desk, sandbox, ada, .. } = &stage;
        let mut reader = Reader::from_now(ada, sandbox).await;
        stage.hears(&mut reader, "is anybody there?").await;
        for change in Change::ALL {
            let cursor = reader.cursor().to_owned();
            drop(reader);
            stage.make(change).await;
            reader = Reader::after(ada, sandbox, &cursor).await;
            reader.until("ResyncRequired", |_| true).await;
            // Once: who goes on from there has loaded everything.
            reader = Reader::after(ada, sandbox, reader.cursor()).await;
            stage.hears(&mut reader, &format!("after {change:?}")).await;
        }

        // What changes nothing for a supervisor, and what is about somebody else or about another project.
        stage.set_role(sandbox, &stage.ada_id, "SUPERVISOR").await;
        reader.until("ResyncRequired", |_| true).await;
        let cursor = reader.cursor().to_owned();
        let team = stage.new_team(sandbox, "Third line").await;
        stage.set_member("teamMemberAdd", &team, &stage.ada_id).await;
        stage.set_role(sandbox, &stage.ada_id, "ADMIN").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        stage.set_member("teamMemberAdd", &team, &id_of(&bob).await).await;
        let input = json!({ "name": "Elsewhere", "sandbox": true });
        let elsewhere = mutate(&desk.admin, "projectCreate", input, "project { id }").await["project"]["id"].take();
        stage.set_role(elsewhere.as_str().unwrap(), &stage.ada_id, "AGENT").await;
        let mut reader = Reader::after(ada, sandbox, &cursor).await;
        stage.hears(&mut reader, "still there?").await;
    }

    async fn so_is_who_follows_something_else_than_sessions(engine: Engine) {
        let stage = Stage::start(engine).await;
        let Stage { sandbox, ada, .. } = &stage;
        let cursor = event_cursor(ada, sandbox).await;
        stage.make(Change::ToSupervisor).await;
        for field in ["ticketEvents", "slaEvents", "todoEvents"] {
            let document = format!(
                "subscription Followed($id: ID!, $after: String) {{ {field}(projectId: $id, after: $after) {{ __typename }} }}"
            );
            let mut back = ada.subscribe(&document, json!({ "id": sandbox, "after": cursor })).await;
            assert_eq!(back.next_within(PATIENCE).await[field]["__typename"], "ResyncRequired", "{field}");
        }
    }

    async fn who_was_away_while_they_were_no_agent_is_told_when_they_are_one_again(engine: Engine) {
        let stage = Stage::start(engine).await;
        let Stage { desk, sandbox, ada, .. } = &stage;
        let mut reader = Reader::from_now(ada, sandbox).await;
        stage.hears(&mut reader, "is anybody there?").await;
        let cursor = reader.cursor().to_owned();
        drop(reader);
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": stage.ada_id }), "agent { id }").await;
        mutate(&desk.admin, "agentActivate", json!({ "agentId": stage.ada_id }), "agent { id }").await;
        let ada = Client::sign_in(desk.server.url(), "ada@desk.test", ADMIN_PASSWORD).await;
        Reader::after(&ada, sandbox, &cursor).await.until("ResyncRequired", |_| true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loads_everything_anew_sees_at_once_what_another_process_gave_them() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let stage = Stage::start(Engine::Postgres).await;
    let other = stage.desk.another_process().await;
    let there = client_at(&other, &stage.ada);
    let mut reader = Reader::from_now(&there, &stage.sandbox).await;
    stage.hears(&mut reader, "is anybody there?").await;
    // An agent does not see the session of somebody else.
    let (few, all) = (1, 2);
    for _ in 0..4 {
        for (change, count) in [(Change::ToSupervisor, all), (Change::ToAgent, few)] {
            stage.make(change).await;
            reader.until("ResyncRequired", |_| true).await;
            assert_eq!(sessions(&there, &stage.sandbox).await.len(), count, "{change:?}");
        }
    }
}

/// Something by which Ada sees other sessions.
#[derive(Debug, Clone, Copy)]
enum Change {
    ToSupervisor,
    ToAgent,
    IntoTeam,
    OutOfTeam,
    IntoTeamAgain,
    TeamDeleted,
}

impl Change {
    const ALL: [Self; 6] =
        [Self::ToSupervisor, Self::ToAgent, Self::IntoTeam, Self::OutOfTeam, Self::IntoTeamAgain, Self::TeamDeleted];
}

/// A desk with an agent, Ada, and a session of somebody else's.
struct Stage {
    desk: Desk,
    sandbox: String,
    ada: Client,
    ada_id: Value,
    team: Value,
}

impl Stage {
    async fn start(engine: Engine) -> Self {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let ada_id = id_of(&ada).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&desk.admin, &session, "good day").await;
        let mut stage = Self { desk, sandbox, ada, ada_id, team: Value::Null };
        stage.team = stage.new_team(&stage.sandbox, "Second line").await;
        stage.desk.until_told().await;
        stage
    }

    async fn new_team(&self, project: &str, name: &str) -> Value {
        let team = json!({ "projectId": project, "name": name, "line": 2 });
        mutate(&self.desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take()
    }

    async fn make(&self, change: Change) {
        match change {
            Change::ToSupervisor => self.set_role(&self.sandbox, &self.ada_id, "SUPERVISOR").await,
            Change::ToAgent => self.set_role(&self.sandbox, &self.ada_id, "AGENT").await,
            Change::IntoTeam | Change::IntoTeamAgain => {
                self.set_member("teamMemberAdd", &self.team, &self.ada_id).await;
            }
            Change::OutOfTeam => self.set_member("teamMemberRemove", &self.team, &self.ada_id).await,
            Change::TeamDeleted => {
                mutate(&self.desk.admin, "teamDelete", json!({ "teamId": self.team }), "deletedTeamId").await;
            }
        }
    }

    async fn set_role(&self, project: &str, agent: &Value, role: &str) {
        let set = json!({ "projectId": project, "agentId": agent, "role": role });
        mutate(&self.desk.admin, "projectRoleSet", set, "member { role }").await;
    }

    async fn set_member(&self, verb: &str, team: &Value, agent: &Value) {
        mutate(&self.desk.admin, verb, json!({ "teamId": team, "agentId": agent }), "team { id }").await;
    }

    /// A customer whom nobody has writes, and the reader is told of it and of no need to load anything anew before.
    async fn hears(&self, reader: &mut Reader, text: &str) {
        customer_writes(&self.desk.admin, &self.sandbox, 8, text).await;
        loop {
            let event = reader.next().await;
            assert_ne!(event["__typename"], "ResyncRequired", "{text}");
            if event["message"]["text"] == text {
                return;
            }
        }
    }
}
