//! Several processes give out the sessions of one project.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Engine, Role, Server, Sql, eventually};

use super::scene::{advance, check_fair, enable, until_shared_out};
use crate::stage::{
    BINARY, Desk, Dice, PATIENCE, client_at, customer_writes, migrated_database, online, sandbox, sessions,
};

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_never_give_out_one_session_twice_and_share_fairly() {
    const SESSIONS: i64 = 60;
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = migrated_database(Engine::Postgres).await;
    let settings =
        Server::builder(BINARY).without_rate_limit().database(&database).env("SWITCHBOARD_LEASE_SECONDS", "1");
    let serve = async || settings.clone().role(Role::Serve).start().await;
    let processes = [serve().await, serve().await];
    let admin = Client::sign_in(processes[0].url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let sandbox = sandbox(&admin).await;
    enable(&admin, &sandbox, json!({ "strategy": "ROUND_ROBIN" })).await;
    let mut consoles = Vec::new();
    for (number, process) in (0..4).zip(processes.iter().cycle()) {
        let email = format!("agent{number}@desk.test");
        let create = ["admin", "agent-create", "--email", &email, "--name", &email];
        let finished = settings.clone().env("SWITCHBOARD_NEW_PASSWORD", ADMIN_PASSWORD).run(create).await;
        assert!(finished.status.success(), "{}", finished.stderr());
        let assign = ["admin", "agent-assign", "--email", &email, "--project", "1", "--role", "agent"];
        assert!(settings.clone().run(assign).await.status.success());
        let agent = Client::sign_in(process.url(), &email, ADMIN_PASSWORD).await;
        consoles.push(online(&agent, &sandbox).await);
    }
    join_all((1..=SESSIONS).map(|customer| customer_writes(&admin, &sandbox, customer, "hello"))).await;
    let shares = until_shared_out(&admin, &sandbox, usize::try_from(SESSIONS).unwrap()).await;
    assert_eq!(shares.values().copied().collect::<Vec<_>>(), [15; 4], "{shares:?}");

    let sql = Sql::connect(&database).await.unwrap();
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'ROUTING'";
    assert_eq!(sql.number(audited).await.unwrap(), SESSIONS);
    let once = "SELECT count(DISTINCT object_id) FROM audit_log WHERE action = 'ROUTING'";
    assert_eq!(sql.number(once).await.unwrap(), SESSIONS);
    let told = "SELECT count(*) FROM events WHERE cause = 'ROUTING'";
    assert_eq!(sql.number(told).await.unwrap(), SESSIONS);
    let turns = "SELECT max(last_turn) FROM routing_agents";
    assert_eq!(sql.number(turns).await.unwrap(), SESSIONS, "each turn is taken once");
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_stay_fair_when_one_of_two_processes_is_killed_again_and_again() {
    const SESSIONS: usize = 100;
    const AGENTS: usize = 3;
    if !Engine::Postgres.is_available().await {
        return;
    }
    let mut dice = Dice::new();
    let database = migrated_database(Engine::Postgres).await;
    let settings =
        Server::builder(BINARY).without_rate_limit().database(&database).env("SWITCHBOARD_LEASE_SECONDS", "1");
    let stable = settings.clone().role(Role::Serve).start().await;
    let mut mortal = settings.clone().role(Role::Serve).start().await;
    let admin = Client::sign_in(stable.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let sandbox = sandbox(&admin).await;
    enable(&admin, &sandbox, json!({ "strategy": "ROUND_ROBIN" })).await;
    let mut consoles = Vec::new();
    for number in 0..AGENTS {
        let email = format!("agent{number}@desk.test");
        let create = ["admin", "agent-create", "--email", &email, "--name", &email];
        let finished = settings.clone().env("SWITCHBOARD_NEW_PASSWORD", ADMIN_PASSWORD).run(create).await;
        assert!(finished.status.success(), "{}", finished.stderr());
        let assign = ["admin", "agent-assign", "--email", &email, "--project", "1", "--role", "agent"];
        assert!(settings.clone().run(assign).await.status.success());
        consoles.push(online(&Client::sign_in(stable.url(), &email, ADMIN_PASSWORD).await, &sandbox).await);
    }
    let mut written = 0;
    while written < SESSIONS {
        let until = SESSIONS.min(written + 5 + usize::try_from(dice.below(20)).unwrap());
        let customers = (written + 1..=until).map(|customer| i64::try_from(customer).unwrap());
        join_all(customers.map(|customer| customer_writes(&admin, &sandbox, customer, "hello"))).await;
        written = until;
        mortal.kill();
        mortal.restart().await;
        if dice.below(2) == 0 {
            check_fair(&until_shared_out(&admin, &sandbox, written).await, AGENTS);
        }
    }
    check_fair(&until_shared_out(&admin, &sandbox, SESSIONS).await, AGENTS);
    let sql = Sql::connect(&database).await.unwrap();
    let once = "SELECT count(DISTINCT object_id) FROM audit_log WHERE action = 'ROUTING'";
    assert_eq!(sql.number(once).await.unwrap(), i64::try_from(SESSIONS).unwrap());
    let given = "SELECT count(*) FROM audit_log WHERE action = 'ROUTING'";
    assert_eq!(sql.number(given).await.unwrap(), i64::try_from(SESSIONS).unwrap(), "each is given out once");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_never_move_an_unanswered_session_twice() {
    const SESSIONS: usize = 60;
    const FIVE_MINUTES: i64 = 300;
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let other = desk.another_process().await;
    let sandbox = sandbox(&desk.admin).await;
    let settings = json!({ "strategy": "ROUND_ROBIN", "rerouteAfterSeconds": FIVE_MINUTES });
    enable(&desk.admin, &sandbox, settings).await;
    let mut consoles = Vec::new();
    for number in 0..4 {
        let agent = desk.add_agent(&format!("agent{number}@desk.test"), "Sandbox", "agent").await;
        let agent = if number % 2 == 0 { agent } else { client_at(&other, &agent) };
        consoles.push(online(&agent, &sandbox).await);
    }
    let customers = (1..=SESSIONS).map(|customer| i64::try_from(customer).unwrap());
    join_all(customers.map(|customer| customer_writes(&desk.admin, &sandbox, customer, "hello"))).await;
    until_shared_out(&desk.admin, &sandbox, SESSIONS).await;
    let before = holders(&desk.admin, &sandbox).await;

    advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
    let count = i64::try_from(SESSIONS).unwrap();
    let sql = Sql::connect(&desk.database).await.unwrap();
    let are_moved = || async {
        let moved = sql.number("SELECT count(*) FROM session_transfers WHERE kind = 'REROUTING'").await.unwrap();
        if moved >= count { Ok(()) } else { Err(moved) }
    };
    eventually(PATIENCE, are_moved).await;
    // By the time that whoever comes next has an agent, each of them could have been moved once more.
    customer_writes(&desk.admin, &sandbox, count + 1, "hello").await;
    until_shared_out(&desk.admin, &sandbox, SESSIONS + 1).await;
    for moved in [
        "count(*) FROM session_transfers WHERE kind = 'REROUTING'",
        "count(*) FROM events WHERE cause = 'REROUTING'",
        "count(*) FROM audit_log WHERE action = 'REROUTING'",
        "count(DISTINCT object_id) FROM audit_log WHERE action = 'REROUTING'",
        "count(*) FROM session_let_lie",
    ] {
        assert_eq!(sql.number(&format!("SELECT {moved}")).await.unwrap(), count, "{moved}");
    }
    let now = holders(&desk.admin, &sandbox).await;
    assert!(before.iter().zip(&now).all(|(before, now)| before != now), "{before:?} {now:?}");
}

/// Who has each of the sessions, the oldest first.
async fn holders(client: &Client, project: &str) -> Vec<Value> {
    sessions(client, project).await.into_iter().map(|mut session| session["assignee"]["email"].take()).collect()
}
