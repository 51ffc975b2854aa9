//! Who is told in Telegram that a promise runs out. A sandbox writes to nobody's Telegram: what it would have written
//! is in the outbox.

use bot::fake::{Fault, FaultScope, Repeat};
use domain::ChatId;
use tests::{Sql, on_both_engines};

use super::*;
use crate::staff_chats;
use crate::stage::{Telegram, project_called};

const AGENT_CHAT: i64 = 501;
const ADMIN_CHAT: i64 = 502;
const SUPERVISOR_CHAT: i64 = 503;
const SECOND_LINE_CHAT: i64 = -504;
const COLLEAGUE_CHAT: i64 = 505;
const LEADER_CHAT: i64 = 506;
const FIRST_LINE_CHAT: i64 = -507;
const EXPERTS_CHAT: i64 = -508;
/// What a warning and what the end of the time say.
const WARNING: &str = "runs out";
const BREACH: &str = "ran out";

/// Links the account of whoever is signed in.
async fn link(desk: &Desk, client: &Client, sandbox: &str, chat: i64) {
    let payload = mutate(client, "staffLinkCreate", json!({ "projectId": sandbox }), "invitation { code }").await;
    let code = payload["invitation"]["code"].as_str().unwrap();
    customer_writes(&desk.admin, sandbox, chat, &format!("/start {code}")).await;
    let linked = || async {
        let seen = client.query("{ viewer { staffLinks { telegramName } } }", Value::Null).await;
        if seen["viewer"]["staffLinks"] == json!([]) { Err(seen) } else { Ok(()) }
    };
    eventually(PATIENCE, linked).await;
}

/// A team of the second line with a group.
async fn second_line(desk: &Desk, sandbox: &str, sql: &Sql) {
    team_with_group(desk, sandbox, sql, ("Second line", 2, SECOND_LINE_CHAT)).await;
}

/// A team of a line with a group.
async fn team_with_group(desk: &Desk, sandbox: &str, sql: &Sql, (name, line, chat): (&str, i32, i64)) -> Value {
    let team = json!({ "projectId": sandbox, "name": name, "line": line });
    let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
    let group = format!(
        "INSERT INTO team_groups (project_id, chat_id, team_id, title, linked_at)
        SELECT project_id, {chat}, id, 'Group', 0 FROM teams WHERE name = '{name}'"
    );
    sql.execute(&group).await.unwrap();
    team
}

/// How many notices went to a chat that have these words about the first answer in a session.
async fn told(sql: &Sql, chat: i64, number: i64, words: &str) -> i64 {
    told_of(sql, chat, &format!("Session #{number}"), words).await
}

async fn until_told(sql: &Sql, chat: i64, number: i64, words: &str) {
    until_told_of(sql, chat, &format!("Session #{number}"), words).await;
}

/// The same about whatever has this name.
async fn told_of(sql: &Sql, chat: i64, name: &str, words: &str) -> i64 {
    let line = format!("{name}: the time for the first answer {words}");
    let query = format!("SELECT count(*) FROM outbox WHERE chat_id = {chat} AND payload LIKE '%{line}%'");
    sql.number(&query).await.unwrap()
}

async fn until_told_of(sql: &Sql, chat: i64, name: &str, words: &str) {
    let is_told = || async { if told_of(sql, chat, name, words).await == 1 { Ok(()) } else { Err(words) } };
    eventually(PATIENCE, is_told).await;
}

/// Waits until so many notices to the agent were withdrawn.
async fn until_withdrawn(sql: &Sql, count: i64) {
    let query = format!("SELECT count(*) FROM outbox WHERE chat_id = {AGENT_CHAT} AND state = 'WITHDRAWN'");
    let is_withdrawn = || async {
        let withdrawn = sql.number(&query).await.unwrap();
        if withdrawn == count { Ok(()) } else { Err(withdrawn) }
    };
    eventually(PATIENCE, is_withdrawn).await;
}

/// Somebody opens a ticket in their session that is their own.
async fn open_own_ticket(client: &Client, session: &str, kind: &str) -> Value {
    let input = json!({ "sessionId": session, "type": kind, "assigneeId": id_of(client).await,
        "description": "It is broken" });
    mutate(client, "ticketCreate", input, "ticket { id }").await["ticket"]["id"].take()
}

async fn resolve_ticket(client: &Client, ticket: &Value) {
    let done = json!({ "ticketId": ticket, "resolution": "A part was replaced" });
    mutate(client, "ticketResolve", done, "ticket { id }").await;
}

async fn set_priority(desk: &Desk, session: &str, priority: &str) {
    let input = json!({ "sessionId": session, "priority": priority });
    mutate(&desk.admin, "sessionPriorityUpdate", input, "session { id }").await;
}

on_both_engines! {
    async fn each_priority_has_those_told_whom_the_policy_names(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let sue = desk.add_agent("sue@desk.test", "Sandbox", "supervisor").await;
        for (client, chat) in [(&ada, AGENT_CHAT), (&desk.admin, ADMIN_CHAT), (&sue, SUPERVISOR_CHAT)] {
            link(&desk, client, &sandbox, chat).await;
        }
        second_line(&desk, &sandbox, &sql).await;
        let all = [AGENT_CHAT, ADMIN_CHAT, SUPERVISOR_CHAT, SECOND_LINE_CHAT];
        for (number, priority, concerned) in [
            (1, "URGENT", Some(ADMIN_CHAT)),
            (2, "HIGH", Some(SUPERVISOR_CHAT)),
            (3, "MEDIUM", Some(SECOND_LINE_CHAT)),
            (4, "LOW", None),
        ] {
            let session = session_of_new_customer(&desk, &sandbox, 7 + number).await;
            set_priority(&desk, &session, priority).await;
            let input = json!({ "sessionId": session, "agentId": id_of(&ada).await });
            mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
            advance(&desk.admin, &sandbox, 4 * MINUTE).await;
            until_told(&sql, AGENT_CHAT, number, WARNING).await;
            advance(&desk.admin, &sandbox, 2 * MINUTE).await;
            until_told(&sql, AGENT_CHAT, number, BREACH).await;
            if let Some(concerned) = concerned {
                until_told(&sql, concerned, number, BREACH).await;
            }
            for chat in all {
                let expected = i64::from(chat == AGENT_CHAT || Some(chat) == concerned);
                assert_eq!(told(&sql, chat, number, BREACH).await, expected, "{priority}: {chat}");
                assert_eq!(told(&sql, chat, number, WARNING).await, i64::from(chat == AGENT_CHAT), "{priority}: {chat}");
            }
            mutate(&desk.admin, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        }
    }

    async fn each_priority_of_a_ticket_has_those_told_whom_the_policy_names_for_its_team(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let sue = desk.add_agent("sue@desk.test", "Sandbox", "supervisor").await;
        let leader = desk.add_agent("lea@desk.test", "Sandbox", "supervisor").await;
        for (client, chat) in [
            (&ada, AGENT_CHAT),
            (&bob, COLLEAGUE_CHAT),
            (&desk.admin, ADMIN_CHAT),
            (&sue, SUPERVISOR_CHAT),
            (&leader, LEADER_CHAT),
        ] {
            link(&desk, client, &sandbox, chat).await;
        }
        let first_line = team_with_group(&desk, &sandbox, &sql, ("First line", 1, FIRST_LINE_CHAT)).await;
        let second_line = team_with_group(&desk, &sandbox, &sql, ("Second line", 2, SECOND_LINE_CHAT)).await;
        let experts = team_with_group(&desk, &sandbox, &sql, ("Experts", 2, EXPERTS_CHAT)).await;
        let member = json!({ "teamId": first_line, "agentId": id_of(&leader).await });
        mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        let all = [
            AGENT_CHAT,
            ADMIN_CHAT,
            SUPERVISOR_CHAT,
            LEADER_CHAT,
            COLLEAGUE_CHAT,
            FIRST_LINE_CHAT,
            SECOND_LINE_CHAT,
            EXPERTS_CHAT,
        ];
        // The priority and the team of each, the chat of who has it, and those of whoever else is told that it is late.
        let tickets = [
            ("URGENT", &first_line, COLLEAGUE_CHAT, vec![ADMIN_CHAT]),
            ("HIGH", &first_line, COLLEAGUE_CHAT, vec![LEADER_CHAT]),
            ("MEDIUM", &first_line, COLLEAGUE_CHAT, vec![SECOND_LINE_CHAT, EXPERTS_CHAT]),
            ("LOW", &first_line, COLLEAGUE_CHAT, vec![]),
            ("HIGH", &second_line, COLLEAGUE_CHAT, vec![SUPERVISOR_CHAT, LEADER_CHAT]),
            ("MEDIUM", &second_line, COLLEAGUE_CHAT, vec![SECOND_LINE_CHAT]),
            ("MEDIUM", &experts, EXPERTS_CHAT, vec![]),
            ("URGENT", &first_line, FIRST_LINE_CHAT, vec![ADMIN_CHAT]),
        ];
        for (number, (priority, team, owner, _)) in (1_i64..).zip(&tickets) {
            let session = session_of_new_customer(&desk, &sandbox, 7 + number).await;
            // What the session says counts for none of it.
            set_priority(&desk, &session, if *priority == "LOW" { "URGENT" } else { "LOW" }).await;
            let mut ticket = json!({ "sessionId": session, "type": "ESCALATED", "priority": priority, "teamId": team,
                "description": "It is broken" });
            if *owner == COLLEAGUE_CHAT {
                let hers = json!({ "sessionId": session, "agentId": id_of(&ada).await });
                mutate(&desk.admin, "sessionAssign", hers, "session { id }").await;
                ticket["assigneeId"] = id_of(&bob).await;
            }
            let made = mutate(&desk.admin, "ticketCreate", ticket, "ticket { number }").await;
            assert_eq!(made["ticket"]["number"], number);
        }
        for (minutes, words) in [(13, WARNING), (3, BREACH)] {
            advance(&desk.admin, &sandbox, minutes * MINUTE).await;
            for (number, (priority, _, owner, others)) in (1..=tickets.len()).zip(&tickets) {
                let name = format!("Ticket #{number} of session #{number}");
                until_told_of(&sql, *owner, &name, words).await;
                for chat in all {
                    let is_told = chat == *owner || (words == BREACH && others.contains(&chat));
                    let count = told_of(&sql, chat, &name, words).await;
                    assert_eq!(count, i64::from(is_told), "{name}, {priority}, {words}: {chat}");
                }
            }
        }
    }

    async fn what_nobody_else_can_be_told_of_is_told_to_the_administrators(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        link(&desk, &desk.admin, &sandbox, ADMIN_CHAT).await;
        // The one has an agent without a chat, the other has nobody, and there is no second line.
        let hers = session_of_new_customer(&desk, &sandbox, 7).await;
        let input = json!({ "sessionId": hers, "agentId": id_of(&ada).await });
        mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
        let nobodys = session_of_new_customer(&desk, &sandbox, 8).await;
        set_priority(&desk, &nobodys, "LOW").await;
        for (minutes, words) in [(4, WARNING), (2, BREACH)] {
            advance(&desk.admin, &sandbox, minutes * MINUTE).await;
            for number in [1, 2] {
                until_told(&sql, ADMIN_CHAT, number, words).await;
            }
        }
    }

    async fn what_a_notice_tells_and_whom_is_worked_out_again_when_it_is_sent(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        for (client, chat) in [(&ada, AGENT_CHAT), (&bob, COLLEAGUE_CHAT)] {
            staff_chats::link(client, &telegram, &project, chat).await;
            staff_chats::until_told(&telegram, chat, "linked to").await;
        }
        // Each further answer is owed at once.
        set_policy(&desk.admin, &project, json!({ "types": { "standard": { "nextResponseSeconds": 0 } } })).await;
        telegram.customer_writes(7, "hello").await;
        let session = until_session(&ada, &project, 7).await;
        reply(&ada, &session, "good day").await;
        let to_her = FaultScope::method("sendMessage").in_chat(ChatId(AGENT_CHAT));
        telegram.api.inject(to_her, Fault::too_many_requests(1), Repeat::UntilCleared);

        // She answers while Telegram has her notice wait.
        telegram.customer_writes(7, "it does not work").await;
        telegram.until(|ledger| ledger.refused_with(429) > 0).await;
        reply(&ada, &session, "does it now?").await;
        until_withdrawn(&sql, 1).await;

        // She hands the session over while Telegram has her notice wait: it is for who has the session then.
        let refused = telegram.api.ledger().refused_with(429);
        telegram.customer_writes(7, "no").await;
        telegram.until(|ledger| ledger.refused_with(429) > refused).await;
        let hand_over = json!({ "sessionId": session, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", hand_over, "transfer { at }").await;
        let told = staff_chats::until_told(&telegram, COLLEAGUE_CHAT, "the next answer ran out").await;
        until_withdrawn(&sql, 2).await;
        let late = |told: &[String]| told.iter().filter(|text| text.contains(BREACH)).count();
        assert_eq!(late(&told), 1, "{told:?}");
        assert_eq!(late(&telegram.received_by(AGENT_CHAT)), 0);
        let failed = format!("SELECT count(*) FROM outbox WHERE chat_id = {AGENT_CHAT} AND state = 'FAILED'");
        assert_eq!(sql.number(&failed).await.unwrap(), 0);
    }

    async fn nobody_is_told_of_what_is_resolved_while_its_notice_waits(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        staff_chats::link(&ada, &telegram, &project, AGENT_CHAT).await;
        staff_chats::until_told(&telegram, AGENT_CHAT, "linked to").await;
        // Of a ticket the first answer is owed at once.
        set_policy(&desk.admin, &project, json!({ "types": { "escalated": { "firstResponseSeconds": 0 } } })).await;
        telegram.customer_writes(7, "hello").await;
        let session = until_session(&ada, &project, 7).await;
        reply(&ada, &session, "good day").await;
        let to_her = FaultScope::method("sendMessage").in_chat(ChatId(AGENT_CHAT));
        telegram.api.inject(to_her, Fault::too_many_requests(1), Repeat::UntilCleared);

        // She resolves a ticket while Telegram has the notice wait that it is late.
        let ticket = open_own_ticket(&ada, &session, "ESCALATED").await;
        telegram.until(|ledger| ledger.refused_with(429) > 0).await;
        resolve_ticket(&ada, &ticket).await;
        until_withdrawn(&sql, 1).await;

        // And one while the notice waits that its customer is in a hurry.
        let refused = telegram.api.ledger().refused_with(429);
        let ticket = open_own_ticket(&ada, &session, "STANDARD").await;
        telegram.customer_writes(7, "urgent #2").await;
        telegram.until(|ledger| ledger.refused_with(429) > refused).await;
        resolve_ticket(&ada, &ticket).await;
        until_withdrawn(&sql, 2).await;

        // And at last the session, in which further answers are owed at once by now.
        reply(&ada, &session, "we are on it").await;
        set_policy(&desk.admin, &project, json!({ "types": { "standard": { "nextResponseSeconds": 0 } } })).await;
        let refused = telegram.api.ledger().refused_with(429);
        telegram.customer_writes(7, "it does not work").await;
        telegram.until(|ledger| ledger.refused_with(429) > refused).await;
        mutate(&ada, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        until_withdrawn(&sql, 3).await;

        // What she is told next is something else.
        telegram.api.clear_faults();
        telegram.customer_writes(8, "hello").await;
        let other = until_session(&ada, &project, 8).await;
        reply(&ada, &other, "good day").await;
        telegram.customer_writes(8, "it does not work either").await;
        let next = "Session #2: the time for the next answer ran out";
        let told = staff_chats::until_told(&telegram, AGENT_CHAT, next).await;
        let about_clocks = told.iter().filter(|text| text.contains(BREACH) || text.contains("urgent"));
        assert_eq!(about_clocks.count(), 1, "{told:?}");
        let failed = format!("SELECT count(*) FROM outbox WHERE chat_id = {AGENT_CHAT} AND state = 'FAILED'");
        assert_eq!(sql.number(&failed).await.unwrap(), 0);
        until_withdrawn(&sql, 3).await;
    }

    async fn nobody_is_told_of_what_was_done_in_time_or_is_resolved(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        link(&desk, &desk.admin, &sandbox, ADMIN_CHAT).await;
        let answered = session_of_new_customer(&desk, &sandbox, 7).await;
        reply(&desk.admin, &answered, "good day").await;
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": answered }), "session { id }").await;
        let resolved = session_of_new_customer(&desk, &sandbox, 8).await;
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": resolved }), "session { id }").await;
        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        // What comes later is told of when everything before was looked at.
        let late = session_of_new_customer(&desk, &sandbox, 9).await;
        set_priority(&desk, &late, "URGENT").await;
        advance(&desk.admin, &sandbox, HOUR).await;
        until_state(&desk.admin, &late, "RESOLUTION", "BREACHING").await;
        for session in [&answered, &resolved] {
            for clock in clocks(&desk.admin, session).await {
                assert!(clock["state"] == "ACHIEVED" || clock["state"] == "CANCELLED", "{clock}");
            }
        }
        only_the_last_session_ran_out(&sql).await;
    }
}
