//! What an agent lets lie moves on.

use serde_json::{Value, json};
use tests::{Client, Sql, eventually, on_both_engines};

use super::scene::{advance, enable, look, look_on, team, until_assigned, until_in_place};
use crate::session_life::{HOUR, in_future};
use crate::stage::{
    Desk, Online, PATIENCE, customer_writes, id_of, mutate, online, reply, sandbox, sessions, until_session,
    until_written,
};

const FIVE_MINUTES: i64 = 300;

on_both_engines! {
    async fn an_unanswered_session_goes_to_another_agent_and_is_over_for_the_first(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let _console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        let answered = until_session(&desk.admin, &sandbox, 8).await;
        until_assigned(&desk.admin, &answered).await;
        reply(&ada, &answered, "good day").await;

        // While nobody else is there, an agent who may still answer is better than none.
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        customer_writes(&desk.admin, &sandbox, 9, "hello").await;
        let third = until_session(&desk.admin, &sandbox, 9).await;
        until_assigned(&desk.admin, &third).await;
        assert_eq!(look(&desk.admin, &session).await["assignee"]["email"], "ada@desk.test");

        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let _his_console = online(&bob, &sandbox).await;
        let moved = || async {
            let seen = look(&desk.admin, &session).await;
            if seen["assignee"]["email"] == "bob@desk.test" { Ok(()) } else { Err(seen) }
        };
        eventually(PATIENCE, moved).await;
        let hers: Vec<Value> = sessions(&ada, &sandbox).await;
        assert!(hers.iter().all(|one| one["id"] != session), "{hers:?}");
        customer_writes(&desk.admin, &sandbox, 7, "a secret").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        let document = "query Last($id: ID!) { session(id: $id) { lastMessage { text } } }";
        let seen = ada.query(document, json!({ "id": session })).await;
        assert_eq!(seen["session"]["lastMessage"]["text"], "hello", "what came before stays readable");
        // What she answered is still hers, however long ago that was.
        assert_eq!(look(&desk.admin, &answered).await["assignee"]["email"], "ada@desk.test");
        let audited = "SELECT count(*) FROM audit_log WHERE action = 'REROUTING'";
        assert_eq!(Sql::connect(&desk.database).await.unwrap().number(audited).await.unwrap(), 1);
    }

    async fn who_is_gone_loses_what_they_let_lie_and_gets_it_when_they_come_back_alone(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        until_assigned(&desk.admin, &session).await;
        leave(&desk, console, "ada@desk.test").await;
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        let waits = || async {
            let seen = look(&desk.admin, &session).await;
            if seen["assignee"].is_null() && seen["queuePlace"] == 1 { Ok(()) } else { Err(seen) }
        };
        eventually(PATIENCE, waits).await;
        assert_eq!(last_move(&desk.admin, &session).await, rerouting("ada@desk.test", None));

        let _console = online(&ada, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
    }

    async fn who_is_left_waiting_amid_a_conversation_gets_a_colleague(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let _her_console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        reply(&ada, &session, "good day").await;

        // Her console is open, and nobody is at it.
        let _his_console = online(&bob, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "my invoice is wrong").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        assert_eq!(until_other_agent(&desk.admin, &session, "ada@desk.test").await, "bob@desk.test");
        assert_eq!(last_move(&desk.admin, &session).await, rerouting("ada@desk.test", Some("bob@desk.test")));
    }

    async fn what_comes_back_to_an_agent_who_is_gone_goes_to_a_colleague(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let console = online(&ada, &sandbox).await;
        let mut answered = Vec::new();
        for customer in 7..=9 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
            reply(&ada, &session, "good day").await;
            answered.push(session);
        }
        let [open, closed, promised] = answered.try_into().unwrap();
        mutate(&ada, "sessionClose", json!({ "sessionId": closed }), "session { id }").await;
        let promise = json!({ "awaited": "PROMISED_TIME", "until": in_future(&ada, &sandbox, HOUR).await });
        let input = json!({ "sessionId": promised, "status": "FOLLOW_UP", "followUp": promise });
        mutate(&ada, "sessionStatusUpdate", input, "session { id }").await;

        // She goes. An hour later her promise is due, and both customers write once more.
        leave(&desk, console, "ada@desk.test").await;
        let _his_console = online(&bob, &sandbox).await;
        advance(&desk.admin, &sandbox, HOUR).await;
        for customer in [7, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "it is me again").await;
            until_written(&desk.admin, &sandbox, customer, 2).await;
        }
        for session in [&open, &closed, &promised] {
            let is_back = || async {
                let seen = look(&desk.admin, session).await;
                let is_back = ["UNREAD", "PROCESSING"].iter().any(|status| seen["status"] == **status);
                if is_back { Ok(seen) } else { Err(seen) }
            };
            let seen = eventually(PATIENCE, is_back).await;
            assert_eq!(seen["assignee"]["email"], "ada@desk.test", "she has five minutes");
        }
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        for session in [&open, &closed, &promised] {
            assert_eq!(until_other_agent(&desk.admin, session, "ada@desk.test").await, "bob@desk.test");
            let moved = rerouting("ada@desk.test", Some("bob@desk.test"));
            assert_eq!(last_move(&desk.admin, session).await, moved);
        }
        let sql = Sql::connect(&desk.database).await.unwrap();
        for told in ["audit_log WHERE action = 'REROUTING'", "events WHERE cause = 'REROUTING'"] {
            assert_eq!(sql.number(&format!("SELECT count(*) FROM {told}")).await.unwrap(), 3, "{told}");
        }
    }

    async fn what_agents_let_lie_goes_to_whoever_has_not_though_it_is_their_turn(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        enable(&desk.admin, &sandbox, json!({ "strategy": "ROUND_ROBIN", "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let emails = ["ada@desk.test", "bob@desk.test", "cyd@desk.test"];
        let (mut agents, mut consoles, mut given) = (Vec::new(), Vec::new(), Vec::new());
        for email in emails {
            let agent = desk.add_agent(email, "Sandbox", "agent").await;
            consoles.push(online(&agent, &sandbox).await);
            agents.push(agent);
        }
        for (customer, email) in (7..).zip(emails) {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            assert_eq!(until_assigned(&desk.admin, &session).await, email, "each in turn");
            given.push(session);
        }
        for (agent, session) in agents.iter().zip(&given).skip(1) {
            reply(agent, session, "good day").await;
        }

        // Nobody answers the first one. All the while it has been the turn of whoever had it first for the longest.
        for (from, to) in [(emails[0], emails[1]), (emails[1], emails[2])] {
            advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
            assert_eq!(until_other_agent(&desk.admin, &given[0], from).await, to);
        }
        // Who comes back begins anew. When everybody has let it lie, it is somebody's again rather than nobody's.
        leave(&desk, consoles.remove(1), emails[1]).await;
        let _his_console = online(&agents[1], &sandbox).await;
        until_there(&desk, emails[1], 1).await;
        for (from, to) in [(emails[2], emails[1]), (emails[1], emails[0])] {
            advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
            assert_eq!(until_other_agent(&desk.admin, &given[0], from).await, to);
        }
        assert_eq!(last_move(&desk.admin, &given[0]).await, rerouting(emails[1], Some(emails[0])));
        for (session, email) in given.iter().zip(emails).skip(1) {
            assert_eq!(look(&desk.admin, session).await["assignee"]["email"], email, "what is answered stays");
        }
    }

    async fn a_session_of_a_team_is_nobody_elses_however_long_it_waits(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let cyd = desk.add_agent("cyd@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        for client in [&ada, &cyd] {
            let member = json!({ "teamId": experts, "agentId": id_of(client).await });
            mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        }
        let input = json!({ "projectId": sandbox, "name": "Page", "teamId": experts });
        let link = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { code }").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let console = online(&ada, &sandbox).await;
        let start = format!("/start {}", link["diversionLink"]["code"].as_str().unwrap());
        customer_writes(&desk.admin, &sandbox, 7, &start).await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");

        // She is gone and lets it lie, while somebody is there who is not in the team.
        let _his_console = online(&bob, &sandbox).await;
        leave(&desk, console, "ada@desk.test").await;
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        until_it_waits_for_the_team(&desk, &sandbox, &session, 8).await;

        // She gets it when she is back, and puts it back herself.
        let _her_console = online(&ada, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        mutate(&ada, "sessionAssign", json!({ "sessionId": session, "agentId": null }), "session { id }").await;
        until_it_waits_for_the_team(&desk, &sandbox, &session, 9).await;

        // Whoever is of the team gets it; and when nobody of the team is active any more, it waits as before.
        let _their_console = online(&cyd, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "cyd@desk.test");
        for client in [&ada, &cyd] {
            let input = json!({ "agentId": id_of(client).await });
            mutate(&desk.admin, "agentDeactivate", input, "agent { id }").await;
        }
        until_it_waits_for_the_team(&desk, &sandbox, &session, 10).await;
    }

    async fn who_hands_a_session_to_a_team_of_their_own_does_not_get_it_back(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        for client in [&ada, &bob] {
            let member = json!({ "teamId": experts, "agentId": id_of(client).await });
            mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        }
        // He has more to do than she, so that it would be hers again and again.
        for customer in 1..=3 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            let input = json!({ "sessionId": session, "agentId": id_of(&bob).await });
            mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
        }
        enable(&desk.admin, &sandbox, json!({ "strategy": "LEAST_LOADED" })).await;
        let _her_console = online(&ada, &sandbox).await;
        let _his_console = online(&bob, &sandbox).await;
        let hand = json!({ "toTeamId": experts, "description": "for one of you" });
        let escalate = json!({ "level": "L2", "reason": "OTHER", "description": "for one of you", "quick": true });
        for (customer, mutation, input) in [(7, "sessionTransfer", hand), (8, "ticketEscalate", escalate)] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
            let mut input = input;
            input["sessionId"] = json!(session);
            mutate(&ada, mutation, input, "session { id }").await;
            assert_eq!(until_other_agent(&desk.admin, &session, "ada@desk.test").await, "bob@desk.test", "{mutation}");
        }
    }

    async fn who_handed_a_session_on_does_not_get_it_back_when_its_customer_writes_again(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        for client in [&ada, &bob] {
            let member = json!({ "teamId": experts, "agentId": id_of(client).await });
            mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        }
        enable(&desk.admin, &sandbox, json!({})).await;
        let _her_console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        reply(&ada, &session, "a colleague goes on").await;
        let hand = json!({ "sessionId": session, "toTeamId": experts, "description": "for one of you" });
        mutate(&ada, "sessionTransfer", hand, "session { id }").await;
        customer_writes(&desk.admin, &sandbox, 7, "thank you").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        until_it_waits_for_the_team(&desk, &sandbox, &session, 8).await;
        let _his_console = online(&bob, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "bob@desk.test");
    }

    async fn what_was_settled_or_put_off_is_let_lie_only_from_when_it_came_back(engine: Engine) {
        const MINUTE: i64 = 60;
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let _her_console = online(&ada, &sandbox).await;
        let mut answered = Vec::new();
        for customer in 7..=10 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
            reply(&ada, &session, "good day").await;
            customer_writes(&desk.admin, &sandbox, customer, "thank you").await;
            until_written(&desk.admin, &sandbox, customer, 2).await;
            answered.push(session);
        }
        let [settled, promised, put_off, taken_up] = answered.try_into().unwrap();
        mutate(&ada, "sessionResolve", json!({ "sessionId": settled }), "session { id }").await;
        let promise = json!({ "awaited": "PROMISED_TIME", "until": in_future(&ada, &sandbox, 11 * MINUTE).await });
        let bank = json!({ "awaited": "THIRD_PARTY" });
        for (session, follow_up) in [(&promised, &promise), (&put_off, &bank), (&taken_up, &bank)] {
            let input = json!({ "sessionId": session, "status": "FOLLOW_UP", "followUp": follow_up });
            mutate(&ada, "sessionStatusUpdate", input, "session { id }").await;
        }

        advance(&desk.admin, &sandbox, 10 * MINUTE).await;
        customer_writes(&desk.admin, &sandbox, 11, "hello").await;
        let unanswered = until_session(&desk.admin, &sandbox, 11).await;
        assert_eq!(until_assigned(&desk.admin, &unanswered).await, "ada@desk.test");
        advance(&desk.admin, &sandbox, 2 * MINUTE).await;
        for customer in [7, 9] {
            customer_writes(&desk.admin, &sandbox, customer, "it is me again").await;
            until_written(&desk.admin, &sandbox, customer, 3).await;
        }
        let input = json!({ "sessionId": taken_up, "status": "UNREAD" });
        mutate(&ada, "sessionStatusUpdate", input, "session { id }").await;
        let back = [&settled, &promised, &put_off, &taken_up];
        for session in back {
            let is_back = || async {
                let seen = look(&desk.admin, session).await;
                if seen["status"] == "UNREAD" { Ok(()) } else { Err(seen) }
            };
            eventually(PATIENCE, is_back).await;
        }
        // Five minutes are over for the one alone that nobody has answered since.
        let _his_console = online(&bob, &sandbox).await;
        advance(&desk.admin, &sandbox, 3 * MINUTE).await;
        assert_eq!(until_other_agent(&desk.admin, &unanswered, "ada@desk.test").await, "bob@desk.test");
        for session in back {
            assert_eq!(look(&desk.admin, session).await["assignee"]["email"], "ada@desk.test", "they are hers");
        }
        advance(&desk.admin, &sandbox, 2 * MINUTE).await;
        for session in back {
            assert_eq!(until_other_agent(&desk.admin, session, "ada@desk.test").await, "bob@desk.test");
        }
    }

    async fn what_was_handed_to_a_team_stays_there_whatever_the_rules_say(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let cyd = desk.add_agent("cyd@desk.test", "Sandbox", "agent").await;
        let (experts, others) =
            (team(&desk.admin, &sandbox, "Experts").await, team(&desk.admin, &sandbox, "Others").await);
        for (client, team) in [(&ada, &experts), (&cyd, &experts), (&bob, &others)] {
            let member = json!({ "teamId": team, "agentId": id_of(client).await });
            mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        }
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        // Every session is for the others, and without that rule for everybody.
        let mut rules = Vec::new();
        for (name, scope) in [("Others", json!({ "teamId": others })), ("Everybody", json!({ "allAgents": true }))] {
            let rule = json!({ "projectId": sandbox, "name": name, "scope": scope });
            let made = mutate(&desk.admin, "routingRuleCreate", rule, "routingRule { id }").await;
            rules.push(made["routingRule"]["id"].clone());
        }
        let _his_console = online(&bob, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "bob@desk.test");
        let escalation = json!({ "sessionId": session, "toTeamId": experts, "description": "for you" });
        mutate(&bob, "sessionTransfer", escalation, "session { id }").await;
        until_it_waits_for_the_team(&desk, &sandbox, &session, 8).await;

        // Who is of the team gets it, lets it lie and is gone.
        let console = online(&ada, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        leave(&desk, console, "ada@desk.test").await;
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        until_it_waits_for_the_team(&desk, &sandbox, &session, 9).await;
        let off = json!({ "routingRuleId": rules[0], "active": false });
        mutate(&desk.admin, "routingRuleUpdate", off, "routingRule { id }").await;
        until_it_waits_for_the_team(&desk, &sandbox, &session, 10).await;

        // And when nobody of the team is active any more, it waits as before.
        let _their_console = online(&cyd, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "cyd@desk.test");
        for client in [&ada, &cyd] {
            mutate(&desk.admin, "agentDeactivate", json!({ "agentId": id_of(client).await }), "agent { id }").await;
        }
        until_it_waits_for_the_team(&desk, &sandbox, &session, 11).await;
    }

    async fn whoever_took_a_session_over_keeps_it_while_nobody_else_may_have_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let vera = desk.add_agent("vera@desk.test", "Sandbox", "supervisor").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let to_experts = json!({ "sessionId": session, "toTeamId": experts, "description": "for you" });
        mutate(&desk.admin, "sessionTransfer", to_experts, "session { id }").await;
        // She is not in the team, where nobody is.
        let _console = online(&vera, &sandbox).await;
        let take_over = json!({ "sessionId": session, "keepPrevious": false });
        mutate(&vera, "sessionTakeOver", take_over, "session { id }").await;
        reply(&vera, &session, "good day").await;
        customer_writes(&desk.admin, &sandbox, 7, "and now?").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;

        // What somebody who is not there has had for less long moves on when hers was looked at.
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        let other = until_session(&desk.admin, &sandbox, 8).await;
        until_assigned(&desk.admin, &other).await;
        let to_bob = json!({ "sessionId": other, "agentId": id_of(&bob).await });
        mutate(&desk.admin, "sessionAssign", to_bob, "session { id }").await;
        advance(&desk.admin, &sandbox, FIVE_MINUTES + 10).await;
        assert_eq!(until_other_agent(&desk.admin, &other, "bob@desk.test").await, "vera@desk.test");
        let hers = look(&desk.admin, &session).await;
        assert_eq!((&hers["assignee"]["email"], &hers["queuedAt"]), (&json!("vera@desk.test"), &Value::Null));
    }
}

/// Somebody closes their console, and is gone as soon as the desk knows.
async fn leave(desk: &Desk, console: Online, email: &str) {
    drop(console);
    until_there(desk, email, 0).await;
    let sql = Sql::connect(&desk.database).await.unwrap();
    let theirs = format!("agent_id = (SELECT id FROM agents WHERE email = '{email}')");
    sql.execute(&format!("DELETE FROM presence WHERE {theirs}")).await.unwrap();
}

/// Waits until somebody is there by so many processes.
async fn until_there(desk: &Desk, email: &str, processes: i64) {
    let sql = Sql::connect(&desk.database).await.unwrap();
    let theirs = format!("agent_id = (SELECT id FROM agents WHERE email = '{email}')");
    let are_there = || async {
        let live = sql.number(&format!("SELECT count(*) FROM presence WHERE live AND {theirs}")).await.unwrap();
        if live == processes { Ok(()) } else { Err(live) }
    };
    eventually(PATIENCE, are_there).await;
}

/// How a session came into the hands in which it is now.
async fn last_move(client: &Client, session: &str) -> Value {
    let document = "query Moves($id: ID!) {
        session(id: $id) { transfers(last: 1) { nodes { kind fromAgent { email } toAgent { email } by { email } } } }
    }";
    client.query(document, json!({ "id": session })).await["session"]["transfers"]["nodes"][0].take()
}

/// What it says of a session that the desk took from one agent and gave to another one, or to nobody.
fn rerouting(from: &str, to: Option<&str>) -> Value {
    let to = to.map(|email| json!({ "email": email }));
    json!({ "kind": "REROUTING", "fromAgent": { "email": from }, "toAgent": to, "by": null })
}

/// Waits until a session is in line alone, and checks that nobody of those who get others gets it: another customer writes,
/// whose session goes to somebody when the line was served.
async fn until_it_waits_for_the_team(desk: &Desk, sandbox: &str, session: &str, customer: i64) {
    until_in_place(&desk.admin, session, 1).await;
    customer_writes(&desk.admin, sandbox, customer, "hello").await;
    let another = until_session(&desk.admin, sandbox, customer).await;
    until_assigned(&desk.admin, &another).await;
    let seen = look(&desk.admin, session).await;
    assert_eq!(
        (&seen["assignee"], &seen["team"]["name"], &seen["queuePlace"]),
        (&Value::Null, &json!("Experts"), &json!(1))
    );
}

/// Waits until a session is with another agent than this one, and answers who that is.
async fn until_other_agent(client: &Client, session: &str, agent: &str) -> String {
    let other = || async {
        let seen = look(client, session).await;
        let assignee = seen["assignee"]["email"].as_str().filter(|email| *email != agent).map(str::to_owned);
        assignee.ok_or(seen)
    };
    eventually(PATIENCE, other).await
}
