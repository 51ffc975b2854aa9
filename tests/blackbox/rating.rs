//! What customers think of the support: they are asked after a resolution, and answer with stars.

use serde_json::{Value, json};
use tests::{Client, Sql, eventually, on_both_engines};

use crate::session_life::{HOUR, MINUTE, Updates, advance};
use crate::stage::{
    Desk, Online, PATIENCE, customer_writes, errors_of, id_of, messages, mutate, online, reply, sandbox, sessions,
    texts, try_mutate, until_session, until_settled,
};

/// What a customer is asked whose language the desk does not know.
pub const QUESTION: &str = "How satisfied are you with our support? Please choose 1 to 5 stars; 5 is the best.";

/// The chat of whoever is told of few stars.
const STAFF_CHAT: i64 = 501;

on_both_engines! {
    async fn a_tap_rates_the_session_and_credits_those_who_had_it_when_it_was_resolved(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let lead = desk.add_agent("lead@desk.test", "Sandbox", "supervisor").await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        let team = mutate(&lead, "teamCreate", team, "team { id }").await["team"]["id"].take();
        for agent in [&lead, &ada] {
            let member = json!({ "teamId": team, "agentId": id_of(agent).await });
            mutate(&lead, "teamMemberAdd", member, "team { id }").await;
        }
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let handed = json!({ "sessionId": session, "toTeamId": team, "description": "a hard case" });
        mutate(&lead, "sessionTransfer", handed, "session { id }").await;
        assign(&lead, &session, &ada).await;
        reply(&ada, &session, "how can we help?").await;
        resolve(&ada, &session).await;
        advance(&desk.admin, &sandbox, MINUTE).await;
        let question = until_settled(&desk.admin, &session, QUESTION).await["id"].take();

        // Whoever gets it later has no part in it.
        assign(&lead, &session, &bob).await;
        let before = look(&desk.admin, &session).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        tap(&desk.admin, &question, "4 ⭐", None).await;
        events.until(&session, "RATED").await;
        let credit = json!({
            "agent": { "email": "ada@desk.test" }, "team": { "name": "Second line" },
            "supervisors": [{ "email": "lead@desk.test" }],
        });
        let shown = rating(&bob, &session).await;
        assert_eq!((&shown["score"], &shown["comment"], &shown["creditedTo"]), (&json!(4), &Value::Null, &credit));
        assert!(shown["ratedAt"].is_string(), "{shown}");
        assert_eq!(look(&desk.admin, &session).await, before, "nobody has to answer it");
        assert_eq!(sessions(&desk.admin, &sandbox).await.len(), 1);
        assert_eq!(rating(&ada, &session).await, Value::Null, "the session has ended for her");
    }

    async fn a_typed_digit_counts_while_the_survey_is_open_and_opens_nothing(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let (session, _) = asked(&desk, &sandbox, 7).await;
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&session, "RESOLVED_CLOSE").await;
        let before = look(&desk.admin, &session).await;
        customer_writes(&desk.admin, &sandbox, 7, "５").await;
        events.until(&session, "RATED").await;
        assert_eq!(rating(&desk.admin, &session).await["score"], 5);
        assert_eq!(look(&desk.admin, &session).await, before, "it is closed still");
        let said = messages(&desk.admin, &session).await;
        assert_eq!(texts(&said, "INBOUND"), ["hello", "５"]);
        assert_eq!(texts(&said, "OUTBOUND").last(), Some(&"Thank you! You gave 5 of 5 stars."));
        // Once the answer stands, another one changes nothing and opens nothing either.
        advance(&desk.admin, &sandbox, 10 * MINUTE).await;
        customer_writes(&desk.admin, &sandbox, 7, "1").await;
        until_settled(&desk.admin, &session, "Thank you, we have your answer already.").await;
        assert_eq!(rating(&desk.admin, &session).await["score"], 5);
        assert_eq!(look(&desk.admin, &session).await, before, "it is closed still");
        assert_eq!(running_clocks(&desk.admin, &session).await, [""; 0]);

        // What says more is a message, and in a session that goes on a digit is one as well.
        for text in ["5 stars, and one more thing", "1"] {
            customer_writes(&desk.admin, &sandbox, 7, text).await;
            let told = events.until(&session, "CUSTOMER_MESSAGE").await;
            assert_eq!(told["status"], "UNREAD", "{text}");
        }
        assert_eq!(rating(&desk.admin, &session).await["score"], 5);
        assert_eq!(sessions(&desk.admin, &sandbox).await.len(), 1);
    }

    async fn nobody_is_asked_who_came_back_or_was_asked_a_short_while_ago(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let settings = json!({ "projectId": sandbox, "minimumIntervalSeconds": HOUR });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let back = answered(&desk, &sandbox, 8).await;
        resolve(&desk.admin, &back).await;
        customer_writes(&desk.admin, &sandbox, 8, "it is still broken").await;
        events.until(&back, "CUSTOMER_MESSAGE").await;
        // The job of the other one was due before.
        let (session, _) = asked(&desk, &sandbox, 7).await;
        assert_eq!(questions(&desk, &back).await, 0);

        come_back_and_resolve(&desk, &sandbox, &session, &mut events).await;
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&session, "RESOLVED_CLOSE").await;
        assert_eq!(questions(&desk, &session).await, 1);
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        come_back_and_resolve(&desk, &sandbox, &session, &mut events).await;
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&session, "RESOLVED_CLOSE").await;
        assert_eq!(questions(&desk, &session).await, 2);

        let settings = json!({ "projectId": sandbox, "asks": false });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        advance(&desk.admin, &sandbox, HOUR).await;
        come_back_and_resolve(&desk, &sandbox, &session, &mut events).await;
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&session, "RESOLVED_CLOSE").await;
        assert_eq!(questions(&desk, &session).await, 2, "nobody is asked any more");
    }

    async fn late_double_and_foreign_taps_are_answered_and_do_no_harm(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let (session, question) = asked(&desk, &sandbox, 7).await;
        let (silent, unanswered) = asked(&desk, &sandbox, 8).await;
        for (label, score) in [("2 ⭐", 2), ("5 ⭐", 5)] {
            tap(&desk.admin, &question, label, None).await;
            events.until(&session, "RATED").await;
            assert_eq!(rating(&desk.admin, &session).await["score"], score);
        }
        tap(&desk.admin, &question, "1 ⭐", Some(99)).await;
        until_told(&desk, "This question is for somebody else").await;
        advance(&desk.admin, &sandbox, 10 * MINUTE).await;
        tap(&desk.admin, &question, "1 ⭐", None).await;
        until_told(&desk, "we have your answer already").await;
        assert_eq!(rating(&desk.admin, &session).await["score"], 5, "after ten minutes it stands");

        // The session is over, and by the end of the week for too long to be opened again.
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&silent, "RESOLVED_CLOSE").await;
        advance(&desk.admin, &sandbox, 7 * 24 * HOUR).await;
        tap(&desk.admin, &unanswered, "1 ⭐", None).await;
        until_told(&desk, "This question is closed").await;
        assert_eq!(rating(&desk.admin, &silent).await, Value::Null);
        assert_eq!(sessions(&desk.admin, &sandbox).await.len(), 2);
        // A digit is a message again.
        customer_writes(&desk.admin, &sandbox, 8, "1").await;
        let opened = || async {
            let found = sessions(&desk.admin, &sandbox).await;
            if found.len() == 3 { Ok(()) } else { Err(found) }
        };
        eventually(PATIENCE, opened).await;
        assert_eq!(rating(&desk.admin, &silent).await, Value::Null);
    }

    async fn few_stars_go_to_whom_the_project_names_for_them_and_only_once(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let settings = json!({ "projectId": sandbox, "lowRatingAgentId": id_of(&ada).await });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let (session, question) = asked(&desk, &sandbox, 7).await;
        tap(&desk.admin, &question, "2 ⭐", None).await;
        let moved = events.until(&session, "ESCALATION").await;
        assert_eq!((&moved["status"], &moved["resolution"]), (&json!("UNREAD"), &Value::Null));
        let expected = json!({ "number": 1, "type": "ESCALATED", "line": 2, "team": null,
            "assignee": { "email": "ada@desk.test" },
            "escalations": [{ "level": "L2", "reason": "LOW_RATING", "toTeam": null, "by": null, "trigger": null,
                "toAgent": { "email": "ada@desk.test" } }] });
        assert_eq!(tickets(&ada, &session).await, json!([expected]), "she sees it");
        assert_eq!(look(&desk.admin, &session).await["assignee"]["email"], "ada@desk.test");
        let told = "Your issue was escalated to a dedicated agent (ticket #1). Expect a response within 15 min. \
                    If it is an emergency, reply “urgent”.";
        until_settled(&desk.admin, &session, told).await;

        // They think again, and again.
        for label in ["1 ⭐", "5 ⭐", "1 ⭐"] {
            tap(&desk.admin, &question, label, None).await;
            events.until(&session, "RATED").await;
            assert_eq!(tickets(&ada, &session).await, json!([expected]), "she has it already: {label}");
        }

        // A digit that is typed when the session is closed brings it back, and nobody owes an answer to the digit.
        let (closed, _) = asked(&desk, &sandbox, 8).await;
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&closed, "RESOLVED_CLOSE").await;
        customer_writes(&desk.admin, &sandbox, 8, "1").await;
        let moved = events.until(&closed, "ESCALATION").await;
        assert_eq!((&moved["status"], &moved["waitingSince"]), (&json!("UNREAD"), &Value::Null));
        assert_eq!(tickets(&ada, &closed).await[0]["escalations"], expected["escalations"]);
        assert_eq!(running_clocks(&desk.admin, &closed).await, [""; 0]);
        assert_eq!(sessions(&desk.admin, &sandbox).await.len(), 2);
    }

    async fn without_a_named_agent_few_stars_go_to_the_second_line_and_then_to_an_administrator(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let settings = json!({ "projectId": sandbox, "minimumIntervalSeconds": 0 });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let to_administrator = json!([{ "level": "L3", "reason": "LOW_RATING", "toTeam": null, "by": null,
            "toAgent": { "email": tests::server::ADMIN_EMAIL }, "trigger": null }]);
        let (session, question) = asked(&desk, &sandbox, 6).await;
        tap(&desk.admin, &question, "3 ⭐", None).await;
        events.until(&session, "ESCALATION").await;
        assert_eq!(tickets(&desk.admin, &session).await[0]["escalations"], to_administrator, "there is no second line");

        second_line(&desk, &sandbox).await;
        let (session, question) = asked(&desk, &sandbox, 7).await;
        tap(&desk.admin, &question, "1 ⭐", None).await;
        let moved = events.until(&session, "ESCALATION").await;
        assert_eq!((&moved["status"], &moved["resolution"]), (&json!("UNREAD"), &Value::Null));
        let to_team = json!([{ "level": "L2", "reason": "LOW_RATING", "toTeam": { "name": "Second line" },
            "toAgent": null, "by": null, "trigger": null }]);
        for label in ["5 ⭐", "2 ⭐"] {
            tap(&desk.admin, &question, label, None).await;
            events.until(&session, "RATED").await;
            let found = tickets(&desk.admin, &session).await;
            assert_eq!((found.as_array().unwrap().len(), &found[0]["escalations"]), (1, &to_team), "they have it: {label}");
        }

        // What they do about it is not good enough either.
        reply(&desk.admin, &session, "we are sorry").await;
        resolve(&desk.admin, &session).await;
        advance(&desk.admin, &sandbox, MINUTE).await;
        let question = nth_question(&desk, &session, 2).await;
        tap(&desk.admin, &question, "2 ⭐", None).await;
        events.until(&session, "ESCALATION").await;
        let found = tickets(&desk.admin, &session).await;
        assert_eq!((&found[0]["escalations"], &found[1]["escalations"]), (&to_team, &to_administrator));
    }

    async fn few_stars_for_an_earlier_session_leave_the_present_one_where_it_is(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let settings = json!({ "projectId": sandbox, "lowRatingAgentId": id_of(&ada).await });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let (rated, question) = asked(&desk, &sandbox, 7).await;
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&rated, "RESOLVED_CLOSE").await;
        advance(&desk.admin, &sandbox, 25 * HOUR).await;
        customer_writes(&desk.admin, &sandbox, 7, "something else").await;
        let present = || async {
            let newest = until_session(&desk.admin, &sandbox, 7).await;
            if newest == rated { Err(newest) } else { Ok(newest) }
        };
        let present = eventually(PATIENCE, present).await;
        assign(&desk.admin, &present, &bob).await;
        let before = look(&desk.admin, &present).await;

        tap(&desk.admin, &question, "1 ⭐", None).await;
        let moved = events.until(&rated, "ESCALATION").await;
        assert_eq!((&moved["status"], moved["resolution"].is_object()), (&json!("CLOSED"), true));
        assert_eq!(look(&desk.admin, &present).await, before, "he goes on with it");
        assert_eq!(tickets(&desk.admin, &present).await, json!([]));
        let found = tickets(&ada, &rated).await;
        assert_eq!((&found[0]["assignee"]["email"], &found[0]["type"]), (&json!("ada@desk.test"), &json!("ESCALATED")));
        let document = "query Packet($id: ID!) { session(id: $id) { tickets(first: 1) { nodes {
            escalations(first: 1) { nodes { packet { problem } } } sla { metric endedAt }
        } } } }";
        let ticket = ada.query(document, json!({ "id": rated })).await["session"]["tickets"]["nodes"][0].take();
        assert_eq!(ticket["escalations"]["nodes"][0]["packet"]["problem"], "hello", "what they rated");
        let promised = ticket["sla"].as_array().unwrap();
        assert!(!promised.is_empty() && promised.iter().all(|clock| clock["endedAt"].is_null()), "{ticket}");
    }

    async fn who_is_to_make_up_for_few_stars_answers_where_the_customer_goes_on(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let settings = json!({ "projectId": sandbox, "lowRatingAgentId": id_of(&ada).await });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        let link = format!(
            "INSERT INTO staff_links (project_id, agent_id, chat_id, telegram_name, linked_at)
            SELECT projects.id, agents.id, {STAFF_CHAT}, 'Ada', 0 FROM projects CROSS JOIN agents
            WHERE projects.name = 'Sandbox' AND agents.email = 'ada@desk.test'"
        );
        Sql::connect(&desk.database).await.unwrap().execute(&link).await.unwrap();
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let (rated, present, _console) = few_stars_from_a_later_session(&desk, &sandbox, &bob, &mut events).await;
        events.until(&present, "JOIN").await;
        assert_eq!(participants(&bob, &present).await, json!([{ "email": "ada@desk.test" }]));
        assert_eq!(told_where_to_answer(&desk).await, 1);

        // He is there, and goes on only until she takes over.
        mutate(&ada, "sessionTakeOver", json!({ "sessionId": present }), "session { id }").await;
        reply(&ada, &present, "we are sorry").await;
        let input = json!({ "sessionId": present, "text": "so am I" });
        assert_eq!(errors_of(&try_mutate(&bob, "messageSend", input, "message { id }").await), ["NOT_ACTIVE_REPLIER"]);
        let document = "query Kept($id: ID!) { session(id: $id) { tickets(first: 1) { nodes { sla { metric state } } } } }";
        let ticket = ada.query(document, json!({ "id": rated })).await["session"]["tickets"]["nodes"][0].take();
        let kept = json!({ "metric": "FIRST_RESPONSE", "state": "ACHIEVED" });
        assert!(ticket["sla"].as_array().unwrap().contains(&kept), "{ticket}");
    }

    async fn a_team_that_is_to_make_up_for_few_stars_is_told_where_the_customer_goes_on(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let team = second_line(&desk, &sandbox).await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let eve = desk.add_agent("eve@desk.test", "Sandbox", "agent").await;
        let member = json!({ "teamId": team, "agentId": id_of(&eve).await });
        mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        let group = format!(
            "INSERT INTO team_groups (project_id, chat_id, team_id, title, linked_at)
            SELECT project_id, {STAFF_CHAT}, id, 'Group', 0 FROM teams"
        );
        Sql::connect(&desk.database).await.unwrap().execute(&group).await.unwrap();
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let (rated, present, _console) = few_stars_from_a_later_session(&desk, &sandbox, &bob, &mut events).await;
        events.until(&rated, "ESCALATION").await;
        assert_eq!(told_where_to_answer(&desk).await, 1);
        assert_eq!(participants(&desk.admin, &present).await, json!([]), "nobody of them answers yet");

        // Whoever of them takes the ticket answers, although he is there.
        let document = "query Rated($id: ID!) { session(id: $id) { tickets(first: 1) { nodes { id } } } }";
        let ticket = eve.query(document, json!({ "id": rated })).await["session"]["tickets"]["nodes"][0]["id"].take();
        let taken = json!({ "ticketId": ticket, "assigneeId": id_of(&eve).await });
        mutate(&eve, "ticketUpdate", taken, "ticket { id }").await;
        events.until(&present, "JOIN").await;
        mutate(&eve, "sessionTakeOver", json!({ "sessionId": present }), "session { id }").await;
        reply(&eve, &present, "we are sorry").await;
    }

    async fn a_resolved_ticket_is_asked_about_once_though_its_session_goes_on(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let team = second_line(&desk, &sandbox).await;
        let member = json!({ "teamId": team, "agentId": id_of(&bob).await });
        mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let session = answered(&desk, &sandbox, 7).await;
        let input = json!({ "sessionId": session, "level": "L2", "reason": "OTHER", "description": "x", "quick": true });
        let made = mutate(&desk.admin, "ticketEscalate", input, "ticket { id }").await;
        reply(&bob, &session, "it works again").await;
        let done = json!({ "ticketId": made["ticket"]["id"], "resolution": "a new cable" });
        mutate(&bob, "ticketResolve", done, "ticket { id }").await;
        assert_eq!(return_visits(&desk.admin, &session).await, ["OPEN"]);
        advance(&desk.admin, &sandbox, MINUTE).await;
        until_settled(&desk.admin, &session, QUESTION).await;
        let before = look(&desk.admin, &session).await;
        assert_eq!(before["resolution"], Value::Null, "it goes on");
        customer_writes(&desk.admin, &sandbox, 7, "4").await;
        events.until(&session, "RATED").await;
        let shown = rating(&desk.admin, &session).await;
        assert_eq!((&shown["score"], &shown["creditedTo"]["agent"]["email"]), (&json!(4), &json!("bob@desk.test")));
        assert_eq!(look(&desk.admin, &session).await, before, "nobody has to answer it");

        resolve(&bob, &session).await;
        assert_eq!(return_visits(&desk.admin, &session).await, ["OPEN"], "one visit is for both");
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&session, "RESOLVED_CLOSE").await;
        assert_eq!(questions(&desk, &session).await, 1);
    }

    async fn where_nobody_is_named_for_them_the_triggers_say_what_few_stars_bring_about(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        second_line(&desk, &sandbox).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let trigger = json!({ "projectId": sandbox, "name": "Few stars", "wordListIds": [], "lowRatingStars": 2,
            "escalate": "L2" });
        mutate(&desk.admin, "triggerCreate", trigger, "trigger { id }").await;
        let (session, question) = asked(&desk, &sandbox, 7).await;
        tap(&desk.admin, &question, "3 ⭐", None).await;
        events.until(&session, "RATED").await;
        assert_eq!(tickets(&desk.admin, &session).await, json!([]), "it waits for fewer");
        tap(&desk.admin, &question, "2 ⭐", None).await;
        events.until(&session, "ESCALATION").await;
        let expected = json!([{ "level": "L2", "reason": "LOW_RATING", "toTeam": { "name": "Second line" },
            "toAgent": null, "by": null, "trigger": { "name": "Few stars" } }]);
        assert_eq!(tickets(&desk.admin, &session).await[0]["escalations"], expected);
        tap(&desk.admin, &question, "1 ⭐", None).await;
        events.until(&session, "RATED").await;
        assert_eq!(tickets(&desk.admin, &session).await[0]["escalations"], expected, "it has fired for it");

        // Where both say something, it is one escalation: to whom the project names.
        let settings = json!({ "projectId": sandbox, "lowRatingAgentId": id_of(&ada).await });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        let (both, question) = asked(&desk, &sandbox, 8).await;
        tap(&desk.admin, &question, "2 ⭐", None).await;
        events.until(&both, "ESCALATION").await;
        let expected = json!([{ "level": "L2", "reason": "LOW_RATING", "toTeam": null, "by": null,
            "toAgent": { "email": "ada@desk.test" }, "trigger": { "name": "Few stars" } }]);
        assert_eq!(tickets(&desk.admin, &both).await[0]["escalations"], expected);
    }

    async fn a_project_asks_in_its_own_words_and_invites_who_is_satisfied(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let eve = id_of(&desk.add_stranger("eve@desk.test").await).await;
        let selection = "project { version rating { asks delaySeconds minimumIntervalSeconds openForSeconds reviewUrl
            question { language text } invitation { language text } lowRatingAgent { email } } }";
        for (field, value, code) in [
            ("delaySeconds", json!(-1), "SECONDS_OUT_OF_RANGE"),
            ("openForSeconds", json!(366 * 24 * HOUR + 1), "SECONDS_OUT_OF_RANGE"),
            ("question", json!([]), "FALLBACK_MISSING"),
            ("question", json!([{ "language": "german!", "text": "Gut?" }]), "LANGUAGE_INVALID"),
            ("question", json!([{ "text": "Well? We answer soon." }]), "VAGUE_WORD"),
            ("invitation", json!([{ "text": " " }]), "TEXT_INVALID"),
            ("reviewUrl", json!("example.org"), "URL_INVALID"),
            ("lowRatingAgentId", eve, "NO_SUCH_AGENT"),
            ("expectedVersion", json!(99), "VERSION_CONFLICT"),
        ] {
            let input = json!({ "projectId": sandbox, field: value });
            let refused = try_mutate(&desk.admin, "projectRatingUpdate", input, selection).await;
            assert_eq!(errors_of(&refused), [code], "{field}");
        }
        let input = json!({ "projectId": sandbox, "delaySeconds": 5 * MINUTE, "minimumIntervalSeconds": 0,
            "question": [{ "text": "Stars?" }], "reviewUrl": "https://example.org/reviews",
            "lowRatingAgentId": id_of(&desk.admin).await });
        let changed = mutate(&desk.admin, "projectRatingUpdate", input, selection).await["project"]["rating"].take();
        assert_eq!(changed, json!({
            "asks": true, "delaySeconds": 5 * MINUTE, "minimumIntervalSeconds": 0, "openForSeconds": 7 * 24 * HOUR,
            "reviewUrl": "https://example.org/reviews", "question": [{ "language": null, "text": "Stars?" }],
            "invitation": null, "lowRatingAgent": { "email": tests::server::ADMIN_EMAIL },
        }));

        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        for (customer, label, is_invited) in [(7, "3 ⭐", false), (8, "4 ⭐", true)] {
            let session = answered(&desk, &sandbox, customer).await;
            resolve(&desk.admin, &session).await;
            advance(&desk.admin, &sandbox, 5 * MINUTE).await;
            let question = until_settled(&desk.admin, &session, "Stars?").await["id"].take();
            tap(&desk.admin, &question, label, None).await;
            events.until(&session, "RATED").await;
            let said = messages(&desk.admin, &session).await;
            let invited = texts(&said, "OUTBOUND").iter().any(|text| text.contains("https://example.org/reviews"));
            assert_eq!(invited, is_invited, "{label}");
        }
    }

    async fn what_is_written_in_answer_is_a_comment_that_is_erased_with_the_customer(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let (session, question) = asked(&desk, &sandbox, 7).await;
        let written = json!({ "projectId": sandbox, "telegramUserId": "7", "name": "Customer 7",
            "text": "one moment", "replyToId": question });
        mutate(&desk.admin, "sandboxCustomerSend", written.clone(), "").await;
        events.until(&session, "CUSTOMER_MESSAGE").await;
        tap(&desk.admin, &question, "5 ⭐", None).await;
        events.until(&session, "RATED").await;
        assert_eq!(rating(&desk.admin, &session).await["comment"], Value::Null, "it came before the stars");
        let mut comment = written;
        comment["text"] = json!("quick and kind");
        mutate(&desk.admin, "sandboxCustomerSend", comment, "").await;
        let told = events.until(&session, "CUSTOMER_MESSAGE").await;
        assert_eq!(told["status"], "UNREAD", "somebody reads it as well");
        assert_eq!(rating(&desk.admin, &session).await["comment"], "quick and kind");

        let document = "query Customer($id: ID!) { session(id: $id) { customer { id name } } }";
        let customer = desk.admin.query(document, json!({ "id": session })).await["session"]["customer"].take();
        let erase = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", erase, "customer { id }").await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let kept = sql.number("SELECT count(*) FROM surveys WHERE score = 5 AND comment IS NULL").await.unwrap();
        assert_eq!(kept, 1, "the stars stay, so that the numbers stay right");
    }
}

async fn start(engine: tests::Engine) -> (Desk, String) {
    let desk = Desk::start(engine).await;
    let sandbox = sandbox(&desk.admin).await;
    (desk, sandbox)
}

/// A session of a customer in which an agent had the last word.
async fn answered(desk: &Desk, sandbox: &str, customer: i64) -> String {
    customer_writes(&desk.admin, sandbox, customer, "hello").await;
    let session = until_session(&desk.admin, sandbox, customer).await;
    reply(&desk.admin, &session, "how can we help?").await;
    session
}

/// A resolved session whose customer was asked, and the question.
async fn asked(desk: &Desk, sandbox: &str, customer: i64) -> (String, Value) {
    let session = answered(desk, sandbox, customer).await;
    resolve(&desk.admin, &session).await;
    advance(&desk.admin, sandbox, MINUTE).await;
    let question = until_settled(&desk.admin, &session, QUESTION).await["id"].take();
    (session, question)
}

/// Customer 7 comes back so late after a resolution that it is another session.
async fn later_session(desk: &Desk, sandbox: &str, earlier: &str, events: &mut Updates) -> String {
    advance(&desk.admin, sandbox, 30 * MINUTE).await;
    events.until(earlier, "RESOLVED_CLOSE").await;
    advance(&desk.admin, sandbox, 25 * HOUR).await;
    customer_writes(&desk.admin, sandbox, 7, "something else").await;
    let later = || async {
        let newest = until_session(&desk.admin, sandbox, 7).await;
        if newest == earlier { Err(newest) } else { Ok(newest) }
    };
    eventually(PATIENCE, later).await
}

/// Customer 7 gives few stars for what is over, while an agent has the later session in which they go on. Answers both
/// sessions; the agent is there as long as the last value is.
async fn few_stars_from_a_later_session(
    desk: &Desk,
    sandbox: &str,
    agent: &Client,
    events: &mut Updates,
) -> (String, String, Online) {
    let (rated, question) = asked(desk, sandbox, 7).await;
    let present = later_session(desk, sandbox, &rated, events).await;
    assign(&desk.admin, &present, agent).await;
    let console = online(agent, sandbox).await;
    tap(&desk.admin, &question, "1 ⭐", None).await;
    (rated, present, console)
}

/// Those who read along in a session.
async fn participants(client: &Client, session: &str) -> Value {
    let document = "query Participants($id: ID!) { session(id: $id) { participants { email } } }";
    client.query(document, json!({ "id": session })).await["session"]["participants"].take()
}

/// How often the chat of the staff was told of the first ticket, with the session in which to answer.
async fn told_where_to_answer(desk: &Desk) -> i64 {
    let told = format!(
        "SELECT count(*) FROM outbox WHERE chat_id = {STAFF_CHAT} AND payload LIKE \
         '%Ticket #1: session #1 was escalated. Its customer waits for an answer in session #2.%'"
    );
    Sql::connect(&desk.database).await.unwrap().number(&told).await.unwrap()
}

/// Customer 7 comes back, and that is resolved as well.
async fn come_back_and_resolve(desk: &Desk, sandbox: &str, session: &str, events: &mut Updates) {
    customer_writes(&desk.admin, sandbox, 7, "one more thing").await;
    events.until(session, "CUSTOMER_MESSAGE").await;
    resolve(&desk.admin, session).await;
}

/// A team of the second line with the administrator in it.
async fn second_line(desk: &Desk, sandbox: &str) -> Value {
    let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
    let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
    let member = json!({ "teamId": team, "agentId": id_of(&desk.admin).await });
    mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
    team
}

/// What became of the return visits of a session.
async fn return_visits(client: &Client, session: &str) -> Vec<String> {
    let document =
        "query Visits($id: ID!) { session(id: $id) { todos(first: 5) { nodes { kind state } totalCount } } }";
    let found = client.query(document, json!({ "id": session })).await["session"]["todos"].take();
    let visits = found["nodes"].as_array().unwrap();
    assert_eq!(found["totalCount"], visits.len());
    assert!(visits.iter().all(|visit| visit["kind"] == "RETURN_VISIT"), "{found}");
    visits.iter().map(|visit| visit["state"].as_str().unwrap().to_owned()).collect()
}

async fn resolve(client: &Client, session: &str) {
    mutate(client, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
}

async fn assign(client: &Client, session: &str, agent: &Client) {
    let input = json!({ "sessionId": session, "agentId": id_of(agent).await });
    mutate(client, "sessionAssign", input, "session { id }").await;
}

/// The customer of a message, or another user, taps a button of it.
async fn tap(client: &Client, message: &Value, label: &str, user: Option<i64>) {
    let user = user.map(|user| user.to_string());
    let input = json!({ "messageId": message, "label": label, "telegramUserId": user });
    mutate(client, "sandboxButtonPress", input, "").await;
}

async fn rating(client: &Client, session: &str) -> Value {
    let document = "query Rating($id: ID!) { session(id: $id) { rating {
        score comment ratedAt creditedTo { agent { email } team { name } supervisors { email } }
    } } }";
    client.query(document, json!({ "id": session })).await["session"]["rating"].take()
}

/// Where a session stands and whether anybody waits in it.
async fn look(client: &Client, session: &str) -> Value {
    let document = "query Look($id: ID!) { session(id: $id) {
        status closeReason waitingSince unreadCount resolution { at } assignee { email }
    } }";
    client.query(document, json!({ "id": session })).await["session"].take()
}

/// The tickets of a session with their escalations.
async fn tickets(client: &Client, session: &str) -> Value {
    let document = "query Tickets($id: ID!) { session(id: $id) { tickets(first: 5) { nodes {
        number type line team { name } assignee { email }
        escalations(first: 5) { nodes { level reason toTeam { name } toAgent { email } by { email } trigger { name } } }
    } } } }";
    let mut tickets = client.query(document, json!({ "id": session })).await["session"]["tickets"]["nodes"].take();
    for ticket in tickets.as_array_mut().unwrap() {
        ticket["escalations"] = ticket["escalations"]["nodes"].take();
    }
    tickets
}

/// What is still promised about a session itself.
async fn running_clocks(client: &Client, session: &str) -> Vec<String> {
    let document = "query Clocks($id: ID!) { session(id: $id) { sla { metric endedAt } } }";
    let mut data = client.query(document, json!({ "id": session })).await;
    let Value::Array(clocks) = data["session"]["sla"].take() else { panic!("clocks are a list: {data}") };
    let running = clocks.iter().filter(|clock| clock["endedAt"].is_null());
    running.map(|clock| clock["metric"].as_str().unwrap().to_owned()).collect()
}

/// The question with which the customer of a session is asked for the nth time.
async fn nth_question(desk: &Desk, session: &str, nth: usize) -> Value {
    let asked = || async {
        let said = messages(&desk.admin, session).await;
        let question = said.into_iter().filter(|message| message["text"] == QUESTION).nth(nth - 1);
        question.filter(|question| question["delivery"]["state"] != "QUEUED")
    };
    eventually(PATIENCE, asked).await["id"].take()
}

/// How often the customer of a session was asked.
async fn questions(desk: &Desk, session: &str) -> usize {
    let said = messages(&desk.admin, session).await;
    texts(&said, "OUTBOUND").into_iter().filter(|text| *text == QUESTION).count()
}

/// Waits until whoever tapped is told this.
async fn until_told(desk: &Desk, text: &str) {
    let query = format!("SELECT count(*) FROM outbox WHERE method = 'answerCallbackQuery' AND payload LIKE '%{text}%'");
    let told = || async {
        let count = Sql::connect(&desk.database).await.unwrap().number(&query).await.unwrap();
        if count > 0 { Ok(()) } else { Err(count) }
    };
    eventually(PATIENCE, told).await;
}
