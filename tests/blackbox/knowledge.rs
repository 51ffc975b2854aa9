//! What the bot answers by itself, and what customers say about it.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::customers_data::export;
use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, id_of, messages, mutate, reply, sandbox, sessions, texts, try_mutate,
    until_session, until_settled, until_written,
};

const QUESTION: &str = "How do I change my password?";
const ANSWER: &str = "Open the menu and choose Password.";

on_both_engines! {
    async fn the_bot_answers_once_and_the_customer_says_whether_it_helped(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let less = json!({ "question": "How do I change my old password?", "answer": "That fits less." });
        entry(&desk.admin, &sandbox, less).await;
        let entry = entry(&desk.admin, &sandbox, json!({})).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello, how do I change my password").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let answer = until_settled(&desk.admin, &session, ANSWER).await["id"].take();
        let document = "query Look($id: ID!) { session(id: $id) { status waitingSince assignee { id } } }";
        let seen = desk.admin.query(document, json!({ "id": session })).await["session"].take();
        assert_eq!(seen["status"], "UNREAD");
        assert!(seen["waitingSince"].is_string(), "an automatic text answers nobody: {seen}");

        customer_writes(&desk.admin, &sandbox, 7, QUESTION).await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        assert_eq!(count(&desk.admin, &session).await, 1, "once in a session");
        let said = messages(&desk.admin, &session).await;
        assert_eq!(texts(&said, "OUTBOUND"), [ANSWER], "what fits less is no answer to the same question");
        for (label, statistics) in [
            ("👎 It did not help", [1, 0, 1, 0]),
            ("👍 That helped", [1, 1, 0, 0]),
            ("👍 That helped", [1, 1, 0, 0]),
            ("Talk to a person", [1, 1, 0, 1]),
        ] {
            let input = json!({ "messageId": answer, "label": label });
            mutate(&desk.admin, "sandboxButtonPress", input, "").await;
            until_counted(&desk.admin, &entry, statistics).await;
        }
        let said = until_written(&desk.admin, &sandbox, 7, 3).await;
        assert_eq!(said.last().map(String::as_str), Some("Talk to a person"), "agents see who wants one");

        // Somebody else taps, which counts for nothing.
        let input = json!({ "messageId": answer, "label": "👎 It did not help", "telegramUserId": "99" });
        mutate(&desk.admin, "sandboxButtonPress", input, "").await;
        customer_writes(&desk.admin, &sandbox, 8, QUESTION).await;
        let other = until_session(&desk.admin, &sandbox, 8).await;
        until_settled(&desk.admin, &other, ANSWER).await;
        until_counted(&desk.admin, &entry, [2, 1, 0, 1]).await;
        assert_eq!(sessions(&desk.admin, &sandbox).await.len(), 2);
    }

    async fn what_helped_resolves_the_session_until_the_customer_says_otherwise(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let entry = entry(&desk.admin, &sandbox, json!({})).await;
        customer_writes(&desk.admin, &sandbox, 7, QUESTION).await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let answer = until_settled(&desk.admin, &session, ANSWER).await["id"].take();
        let document = "query Look($id: ID!) { session(id: $id) {
            status waitingSince resolution { by { id } } sla { endedAt }
            knowledgeAnswers { helped askedForPerson entry { id } message { id } }
        } }";
        let look = async || desk.admin.query(document, json!({ "id": session })).await["session"].take();
        let answers = |helped: Value| {
            json!([{ "helped": helped, "askedForPerson": false, "entry": { "id": entry }, "message": { "id": answer } }])
        };
        assert_eq!(look().await["knowledgeAnswers"], answers(Value::Null));
        for (label, helped) in [("👍 That helped", true), ("👎 It did not help", false)] {
            mutate(&desk.admin, "sandboxButtonPress", json!({ "messageId": answer, "label": label }), "").await;
            let is_so = || async {
                let seen = look().await;
                let is_as_said = seen["knowledgeAnswers"] == answers(json!(helped));
                if is_as_said && seen["resolution"].is_object() == helped { Ok(seen) } else { Err(seen) }
            };
            let seen = eventually(PATIENCE, is_so).await;
            assert_eq!(seen["waitingSince"].is_null(), helped, "{seen}");
            let is_promised = seen["sla"].as_array().unwrap().iter().any(|clock| clock["endedAt"].is_null());
            assert_eq!(is_promised, !helped, "{seen}");
            if helped {
                assert_eq!(seen["resolution"]["by"], Value::Null, "the desk did it");
            } else {
                assert_eq!(seen["status"], "UNREAD");
            }
        }
        let said = messages(&desk.admin, &session).await;
        assert_eq!(texts(&said, "INBOUND"), [QUESTION, "👎 It did not help"], "agents see that it did not");
        let document = "query Customer($id: ID!) { session(id: $id) { customer { id } } }";
        let customer = desk.admin.query(document, json!({ "id": session })).await["session"]["customer"]["id"].take();
        let (_, exported) = export(&desk, &desk.admin, customer.as_str().unwrap()).await;
        assert_eq!(exported["knowledgeAnswers"][0]["helped"], false);
    }

    async fn what_is_escalated_is_for_people(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        entry(&desk.admin, &sandbox, json!({})).await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        mutate(&desk.admin, "teamCreate", team, "team { id }").await;
        let words = json!({ "projectId": sandbox, "name": "Passwords", "phrases": ["password"] });
        let words = mutate(&desk.admin, "wordListCreate", words, "wordList { id }").await["wordList"]["id"].take();
        let trigger = json!({ "projectId": sandbox, "name": "Passwords", "wordListIds": [words], "escalate": "L2" });
        mutate(&desk.admin, "triggerCreate", trigger, "trigger { id }").await;
        customer_writes(&desk.admin, &sandbox, 7, QUESTION).await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let escalated = || async {
            let said = messages(&desk.admin, &session).await;
            if texts(&said, "OUTBOUND").iter().any(|text| text.contains("ticket #1")) { Ok(()) } else { Err(said) }
        };
        eventually(PATIENCE, escalated).await;
        assert_eq!(count(&desk.admin, &session).await, 0);
    }

    async fn where_an_agent_has_answered_the_bot_is_silent(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let entry = entry(&desk.admin, &sandbox, json!({ "keywords": ["forgot*"] })).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&desk.admin, &session, "how can we help?").await;
        customer_writes(&desk.admin, &sandbox, 7, "I forgot it").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        assert_eq!(count(&desk.admin, &session).await, 0);

        // By a keyword, and no more once it was put away.
        customer_writes(&desk.admin, &sandbox, 8, "I forgot it").await;
        let other = until_session(&desk.admin, &sandbox, 8).await;
        until_settled(&desk.admin, &other, ANSWER).await;
        mutate(&desk.admin, "knowledgeEntryArchive", json!({ "knowledgeEntryId": entry }), "knowledgeEntry { id }").await;
        customer_writes(&desk.admin, &sandbox, 9, "I forgot it").await;
        let third = until_session(&desk.admin, &sandbox, 9).await;
        assert_eq!(count(&desk.admin, &third).await, 0);
        assert_eq!(found(&desk.admin, &sandbox, json!({})).await, [""; 0]);
        assert_eq!(found(&desk.admin, &sandbox, json!({ "archived": true })).await, [QUESTION]);
        mutate(&desk.admin, "knowledgeEntryRestore", json!({ "knowledgeEntryId": entry }), "knowledgeEntry { id }").await;
        assert_eq!(found(&desk.admin, &sandbox, json!({})).await, [QUESTION]);
    }

    async fn a_resolved_session_becomes_an_entry_that_is_found_again(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        customer_writes(&desk.admin, &sandbox, 7, "where is my parcel").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let input = json!({ "projectId": sandbox, "sessionId": session, "answer": "Look at /track.",
            "idempotencyKey": "once" });
        let refused = try_mutate(&desk.admin, "knowledgeEntryCreate", input.clone(), "knowledgeEntry { id }").await;
        assert_eq!(errors_of(&refused), ["SESSION_NOT_RESOLVED"]);
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        let selection = "knowledgeEntry { id question answer language session { id } version }";
        let made = mutate(&desk.admin, "knowledgeEntryCreate", input.clone(), selection).await["knowledgeEntry"].take();
        assert_eq!((&made["question"], &made["session"]["id"]), (&json!("where is my parcel"), &json!(session)));
        let again = mutate(&desk.admin, "knowledgeEntryCreate", input, selection).await["knowledgeEntry"].take();
        assert_eq!(again["id"], made["id"]);
        entry(&desk.admin, &sandbox, json!({})).await;
        for (query, questions) in
            [("parcel", vec!["where is my parcel"]), ("track", vec!["where is my parcel"]), ("nothing", vec![])]
        {
            assert_eq!(found(&desk.admin, &sandbox, json!({ "query": query })).await, questions, "{query}");
        }
        for (field, value, code) in [
            ("answer", json!("We tell you soon."), "VAGUE_WORD"),
            ("answer", json!(" "), "ANSWER_INVALID"),
            ("question", json!(" "), "QUESTION_EMPTY"),
            ("language", json!("german!"), "LANGUAGE_INVALID"),
            ("keywords", json!(["*"]), "KEYWORDS_INVALID"),
            ("expectedVersion", json!(99), "VERSION_CONFLICT"),
        ] {
            let input = json!({ "knowledgeEntryId": made["id"], field: value });
            let refused = try_mutate(&desk.admin, "knowledgeEntryUpdate", input, "knowledgeEntry { id }").await;
            assert_eq!(errors_of(&refused), [code]);
        }
    }

    async fn a_resolved_ticket_becomes_an_entry_that_names_its_session(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        customer_writes(&desk.admin, &sandbox, 7, "where is my parcel").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        let other = until_session(&desk.admin, &sandbox, 8).await;
        let ticket = json!({ "sessionId": session, "description": "find the parcel" });
        let ticket = mutate(&desk.admin, "ticketCreate", ticket, "ticket { id }").await["ticket"]["id"].take();
        let input = json!({ "projectId": sandbox, "ticketId": ticket, "answer": "Look at /track." });
        let refused = async |input: Value| {
            let payload = try_mutate(&desk.admin, "knowledgeEntryCreate", input, "knowledgeEntry { id }").await;
            errors_of(&payload).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(refused(input.clone()).await, ["TICKET_NOT_RESOLVED"]);
        let resolve = json!({ "ticketId": ticket, "resolution": "It was next door" });
        mutate(&desk.admin, "ticketResolve", resolve, "ticket { id }").await;
        let mut foreign = input.clone();
        foreign["sessionId"] = json!(other);
        assert_eq!(refused(foreign).await, ["SESSION_NOT_FOUND"]);
        // Whoever works on it makes it, and says only what is not known.
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let input = json!({ "projectId": sandbox, "ticketId": ticket, "keywords": ["parcel*"] });
        let theirs = try_mutate(&ada, "knowledgeEntryCreate", input.clone(), "knowledgeEntry { id }").await;
        assert_eq!(errors_of(&theirs), ["NOT_SUPERVISOR"]);
        let open = json!({ "ticketId": ticket, "status": "OPEN", "assigneeId": id_of(&ada).await });
        mutate(&desk.admin, "ticketUpdate", open, "ticket { id }").await;
        let resolve = json!({ "ticketId": ticket, "resolution": "It was next door" });
        mutate(&ada, "ticketResolve", resolve, "ticket { id }").await;
        let selection = "knowledgeEntry { id question answer session { id } }";
        let mut made = mutate(&ada, "knowledgeEntryCreate", input, selection).await["knowledgeEntry"].take();
        let id = made["id"].take();
        let expected = json!({ "id": null, "question": "where is my parcel", "answer": "It was next door",
            "session": { "id": session } });
        assert_eq!(made, expected);

        // What may be words of a customer goes with them.
        let document = "query Customer($id: ID!) { session(id: $id) { customer { id name } } }";
        let customer = desk.admin.query(document, json!({ "id": session })).await["session"]["customer"].take();
        let erase = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", erase, "customer { id }").await;
        let document = "query Entry($id: ID!) { node(id: $id) { ... on KnowledgeEntry { question keywords archivedAt } } }";
        let left = desk.admin.query(document, json!({ "id": id })).await["node"].take();
        assert_eq!((&left["question"], &left["keywords"]), (&json!(""), &json!([])));
        assert!(left["archivedAt"].is_string(), "{left}");
    }
}

async fn start(engine: tests::Engine) -> (Desk, String) {
    let desk = Desk::start(engine).await;
    let sandbox = sandbox(&desk.admin).await;
    (desk, sandbox)
}

/// An entry about passwords.
async fn entry(client: &Client, project: &str, more: Value) -> Value {
    let mut input = json!({ "projectId": project, "question": QUESTION, "answer": ANSWER });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    mutate(client, "knowledgeEntryCreate", input, "knowledgeEntry { id }").await["knowledgeEntry"]["id"].take()
}

/// How often a session got the answer.
async fn count(client: &Client, session: &str) -> usize {
    let said = messages(client, session).await;
    texts(&said, "OUTBOUND").into_iter().filter(|text| *text == ANSWER).count()
}

/// Waits until an entry was shown so often, helped, did not help, and was followed by the wish for a person.
async fn until_counted(client: &Client, entry: &Value, expected: [i64; 4]) {
    let document = "query Counted($id: ID!) { node(id: $id) { ... on KnowledgeEntry {
        statistics { shown helped didNotHelp askedForPerson }
    } } }";
    let [shown, helped, did_not_help, asked_for_person] = expected;
    let expected =
        json!({ "shown": shown, "helped": helped, "didNotHelp": did_not_help, "askedForPerson": asked_for_person });
    let counted = || async {
        let seen = client.query(document, json!({ "id": entry })).await["node"]["statistics"].take();
        if seen == expected { Ok(()) } else { Err(seen) }
    };
    eventually(PATIENCE, counted).await;
}

/// The questions of the entries in a list.
async fn found(client: &Client, project: &str, list: Value) -> Vec<String> {
    let document = "query Found($id: ID!, $query: String, $archived: Boolean!) {
        knowledgeEntries(projectId: $id, query: $query, includeArchived: $archived, first: 10) {
            nodes { question } totalCount
        }
    }";
    let variables =
        json!({ "id": project, "query": list["query"], "archived": list["archived"].as_bool().unwrap_or_default() });
    let data = client.query(document, variables).await["knowledgeEntries"].take();
    let nodes = data["nodes"].as_array().unwrap();
    assert_eq!(data["totalCount"], nodes.len());
    nodes.iter().map(|node| node["question"].as_str().unwrap().to_owned()).collect()
}
