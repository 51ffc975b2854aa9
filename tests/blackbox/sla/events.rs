//! Following what happens to clocks.

use tests::graphql::Subscription;
use tests::on_both_engines;

use super::*;

const EVENTS: &str = "subscription Events($project: ID!, $after: String) {
    slaEvents(projectId: $project, after: $after) {
        ... on SlaClockUpdated { cursor cause occurredAt clock { metric state session { id } } session { id } }
        ... on ResyncRequired { cursor }
    }
}";

on_both_engines! {
    async fn warnings_and_what_becomes_of_promises_are_told_in_order_and_again_by_a_cursor(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let start = event_cursor(&desk.admin, &sandbox).await;
        let variables = json!({ "project": sandbox, "after": start });
        let mut events = desk.admin.subscribe(EVENTS, variables.clone()).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let mut cursors = Vec::new();
        for (seconds, cause, state) in [
            (4 * MINUTE, "SLA_WARNING", "IMMINENT_BREACH"),
            (2 * MINUTE, "SLA_BREACH", "BREACHING"),
        ] {
            advance(&desk.admin, &sandbox, seconds).await;
            let event = events.next_within(PATIENCE).await["slaEvents"].take();
            assert_eq!((&event["cause"], &event["session"]["id"]), (&json!(cause), &json!(session)));
            assert_eq!((&event["clock"]["metric"], &event["clock"]["state"]), (&json!("FIRST_RESPONSE"), &json!(state)));
            assert_eq!(event["clock"]["session"]["id"], *session);
            cursors.push(event["cursor"].clone());
        }
        reply(&desk.admin, &session, "good day").await;
        let event = events.next_within(PATIENCE).await["slaEvents"].take();
        assert_eq!((&event["cause"], &event["clock"]["state"]), (&json!("SLA_ANSWERED"), &json!("BREACHED")));

        let mut again = desk.admin.subscribe(EVENTS, variables).await;
        for cause in ["SLA_WARNING", "SLA_BREACH", "SLA_ANSWERED"] {
            let event = again.next_within(PATIENCE).await["slaEvents"].take();
            assert_eq!(event["cause"], cause);
        }
        let later = json!({ "project": sandbox, "after": cursors[1] });
        let mut later = desk.admin.subscribe(EVENTS, later).await;
        assert_eq!(later.next_within(PATIENCE).await["slaEvents"]["cause"], "SLA_ANSWERED");
    }

    async fn an_agent_is_told_of_the_clocks_of_sessions_that_they_see(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let [mut hers, mut his] = [
            ada.subscribe(EVENTS, json!({ "project": sandbox, "after": event_cursor(&ada, &sandbox).await })).await,
            bob.subscribe(EVENTS, json!({ "project": sandbox, "after": event_cursor(&bob, &sandbox).await })).await,
        ];
        for (customer, agent) in [(7, &ada), (8, &bob)] {
            let session = session_of_new_customer(&desk, &sandbox, customer).await;
            let input = json!({ "sessionId": session, "agentId": id_of(agent).await });
            mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
        }
        let [of_ada, of_bob] =
            [until_session(&ada, &sandbox, 7).await, until_session(&bob, &sandbox, 8).await];
        advance(&desk.admin, &sandbox, 31 * MINUTE).await;
        for (events, session) in [(&mut hers, of_ada), (&mut his, of_bob)] {
            late(events, &session).await;
        }
    }

    async fn who_has_handed_a_session_over_is_told_of_its_clocks_no_more_live_or_by_an_old_cursor(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let before = json!({ "project": sandbox, "after": event_cursor(&ada, &sandbox).await });
        let mut hers = ada.subscribe(EVENTS, before.clone()).await;
        let mut his = bob.subscribe(EVENTS, before.clone()).await;
        let (given, kept) = (
            session_of_new_customer(&desk, &sandbox, 7).await,
            session_of_new_customer(&desk, &sandbox, 8).await,
        );
        for session in [&given, &kept] {
            let input = json!({ "sessionId": session, "agentId": id_of(&ada).await });
            mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
        }
        let hand = json!({ "sessionId": given, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", hand, "session { id }").await;

        advance(&desk.admin, &sandbox, 31 * MINUTE).await;
        late(&mut his, &given).await;
        let mut again = ada.subscribe(EVENTS, before).await;
        for events in [&mut hers, &mut again] {
            late(events, &kept).await;
        }
        // What happens to the other one's clocks meanwhile is not for her, and what comes next is about hers.
        reply(&bob, &given, "good day").await;
        assert_eq!(his.next_within(PATIENCE).await["slaEvents"]["cause"], "SLA_ANSWERED");
        reply(&ada, &kept, "good day").await;
        for events in [&mut hers, &mut again] {
            let event = events.next_within(PATIENCE).await["slaEvents"].take();
            assert_eq!((&event["cause"], &event["session"]["id"]), (&json!("SLA_ANSWERED"), &json!(kept)));
        }
    }
}

/// The next that is told is that both clocks of a session have run out.
async fn late(events: &mut Subscription, session: &str) {
    for _ in ["FIRST_RESPONSE", "RESOLUTION"] {
        let event = events.next_within(PATIENCE).await["slaEvents"].take();
        assert_eq!((&event["cause"], &event["session"]["id"]), (&json!("SLA_BREACH"), &json!(session)));
    }
}
