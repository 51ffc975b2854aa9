//! Triggers: what the desk does by itself when customers write certain words.

use serde_json::{Value, json};
use tests::{Client, Sql, eventually, on_both_engines};

use crate::customers_data::{customer_of, export};
use crate::notes::{give, refusal, told_of};
use crate::stage::{
    Desk, PATIENCE, Telegram, customer_writes, errors_of, event_cursor, mutate, project_called, reply, sandbox,
    try_mutate, until_session, until_written,
};

const SHOWN: &str = "query Shown($id: ID!) {
    session(id: $id) {
        version priority tags { name }
        triggerFirings { id phrases judgement judgedBy { email } message { text } trigger { name } }
    }
}";

on_both_engines! {
    async fn words_tag_a_session_and_raise_it_in_spite_of_disguises_whichever_way_they_come_in(engine: Engine) {
        let telegram = Telegram::start().await;
        let mut desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let list = list(&desk.admin, &project, "Money", &["refund*", "money back"]).await;
        let tag = tag(&desk.admin, &project, "REFUND").await;
        let input = json!({ "projectId": project, "name": "Refunds", "wordListIds": [list], "tagIds": [tag],
            "raisePriorityTo": "HIGH" });
        let selection = "trigger { id name active raisePriorityTo tags { name } wordLists { phrases } }";
        let made = mutate(&desk.admin, "triggerCreate", input, selection).await["trigger"].take();
        assert_eq!((&made["active"], &made["raisePriorityTo"]), (&json!(true), &json!("HIGH")));
        assert_eq!(made["tags"], json!([{ "name": "Refund" }]));

        // Alone, as the first message of a session; with letters of another alphabet.
        let document = "subscription Told($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            ... on SessionUpdated { cause session { tags { name } priority } }
        } }";
        let after = event_cursor(&desk.admin, &project).await;
        let mut told = desk.admin.subscribe(document, json!({ "id": project, "after": after })).await;
        telegram.customer_writes(7, "I want a rеfund").await;
        let first = until_session(&desk.admin, &project, 7).await;
        let event = told_of(&mut told, "TRIGGER").await;
        assert_eq!((&event["session"]["tags"], &event["session"]["priority"]), (&json!([{ "name": "Refund" }]), &json!("HIGH")));
        let looked = shown(&desk.admin, &first).await;
        let firing = &looked["triggerFirings"][0];
        assert_eq!((&firing["phrases"], &firing["trigger"]["name"]), (&json!(["refund*"]), &json!("Refunds")));
        assert_eq!(firing["message"]["text"], "I want a rеfund");

        // Many at once, from customers who are known.
        let mut sessions = Vec::new();
        for customer in 20..24 {
            telegram.customer_writes(customer, "hello").await;
            sessions.push(until_session(&desk.admin, &project, customer).await);
        }
        desk.server.terminate().await;
        for (customer, text) in (20..).zip(["R.E.F.U.N.D!", "thanks", "my m0ney back", "refunded already"]) {
            telegram.customer_writes(customer, text).await;
        }
        desk.restart().await;
        for customer in 20..24 {
            until_written(&desk.admin, &project, customer, 2).await;
        }
        for (session, phrases) in sessions.iter().zip([Some("refund*"), None, Some("money back"), Some("refund*")]) {
            let looked = shown(&desk.admin, session).await;
            let tags = if phrases.is_some() { json!([{ "name": "Refund" }]) } else { json!([]) };
            assert_eq!(looked["tags"], tags);
            assert_eq!(looked["priority"], if phrases.is_some() { "HIGH" } else { "MEDIUM" });
            assert_eq!(looked["triggerFirings"][0]["phrases"][0].as_str(), phrases);
        }
        let audit = Sql::connect(&desk.database).await.unwrap();
        let moments = "SELECT count(DISTINCT created_at) FROM messages WHERE direction = 'INBOUND' AND text IN \
                       ('R.E.F.U.N.D!', 'thanks', 'my m0ney back', 'refunded already')";
        assert_eq!(audit.number(moments).await.unwrap(), 1, "they were worked off together");
        let count = audit
            .number("SELECT count(*) FROM audit_log WHERE action = 'TRIGGER' AND agent_id IS NULL")
            .await
            .unwrap();
        assert_eq!(count, 4);
    }

    async fn a_trigger_fires_once_for_an_issue_or_at_each_row_of_messages(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let list = list(&desk.admin, &sandbox, "Anger", &["unacceptable", "terrible"]).await;
        let (once, rows) = (tag(&desk.admin, &sandbox, "SENSITIVE").await, tag(&desk.admin, &sandbox, "COMPLAINT").await);
        let input = json!({ "projectId": sandbox, "name": "Once", "wordListIds": [list], "tagIds": [once] });
        mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await;
        let input = json!({ "projectId": sandbox, "name": "Rows", "wordListIds": [list], "tagIds": [rows],
            "messagesInARow": 2 });
        mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await;

        let mut written = 0;
        let mut fired_after = async |text: &str| {
            customer_writes(&desk.admin, &sandbox, 7, text).await;
            written += 1;
            until_written(&desk.admin, &sandbox, 7, written).await;
            let session = until_session(&desk.admin, &sandbox, 7).await;
            let looked = shown(&desk.admin, &session).await;
            let firings = looked["triggerFirings"].as_array().unwrap().clone();
            let names: Vec<String> =
                firings.iter().map(|firing| firing["trigger"]["name"].as_str().unwrap().to_owned()).collect();
            (session, names)
        };
        let (session, names) = fired_after("Unacceptable!").await;
        assert_eq!(names, ["Once"]);
        assert_eq!(fired_after("my number is 12").await.1, ["Once"], "which ends the row");
        assert_eq!(fired_after("terrible").await.1, ["Once"], "an issue is told of once");
        assert_eq!(fired_after("TERRIBLE").await.1, ["Once", "Rows"]);
        assert_eq!(fired_after("unacceptable").await.1, ["Once", "Rows"], "the next row begins");
        assert_eq!(fired_after("unacceptable").await.1, ["Once", "Rows", "Rows"]);
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        assert_eq!(fired_after("terrible").await.1, ["Once", "Rows", "Rows", "Once"], "it is another issue");
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        assert_eq!(fired_after("terrible").await.1.len(), 5, "and another one");
    }

    async fn a_firing_that_changes_nothing_and_what_is_thought_of_it_are_told(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let words = list(&desk.admin, &sandbox, "Words", &["alpha"]).await;
        let vip = tag(&desk.admin, &sandbox, "VIP").await;
        let input = json!({ "projectId": sandbox, "name": "Each", "wordListIds": [words], "tagIds": [vip],
            "raisePriorityTo": "HIGH", "messagesInARow": 1 });
        mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await;
        let document = "subscription Told($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            ... on SessionUpdated { cause session { version } }
        } }";
        let start = event_cursor(&desk.admin, &sandbox).await;
        let mut told = ada.subscribe(document, json!({ "id": sandbox, "after": start })).await;
        customer_writes(&desk.admin, &sandbox, 7, "alpha").await;
        told_of(&mut told, "TRIGGER").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let before = shown(&ada, &session).await;

        // The tags and the priority are what they were.
        customer_writes(&desk.admin, &sandbox, 7, "alpha").await;
        told_of(&mut told, "TRIGGER").await;
        let fired = shown(&ada, &session).await;
        assert_eq!((&fired["tags"], &fired["priority"]), (&before["tags"], &before["priority"]));
        assert_eq!(fired["triggerFirings"].as_array().unwrap().len(), 2);
        assert!(fired["version"].as_i64() > before["version"].as_i64(), "{before} {fired}");

        let input = json!({ "triggerFiringId": fired["triggerFirings"][1]["id"], "judgement": "UNNECESSARY" });
        mutate(&desk.admin, "triggerFiringJudge", input, "triggerFiring { id }").await;
        told_of(&mut told, "JUDGEMENT").await;
        let judged = shown(&ada, &session).await;
        assert_eq!(judged["triggerFirings"][1]["judgement"], "UNNECESSARY");
        assert_eq!(judged["version"].as_i64(), fired["version"].as_i64().map(|version| version + 1));
        let entry = "query Entry($id: ID!) {
            auditEntries(projectId: $id, first: 1, filter: { actions: [\"triggerFiringJudge\"] }) { nodes { details } }
        }";
        let found = desk.admin.query(entry, json!({ "id": sandbox })).await["auditEntries"]["nodes"][0].take();
        let details: Value = serde_json::from_str(found["details"].as_str().unwrap()).unwrap();
        assert_eq!(details, json!({ "session": session, "judgement": "UNNECESSARY" }));
    }

    async fn the_lists_of_a_project_have_so_many_phrases_in_all(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let phrases: Vec<String> = (0..1000).map(|number| format!("phrase {number}")).collect();
        let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
        let mut lists = Vec::new();
        for number in 0..5 {
            lists.push(list(&desk.admin, &sandbox, &format!("List {number}"), &phrases).await);
        }
        let one_more = json!({ "projectId": sandbox, "name": "One more", "phrases": ["phrase"] });
        assert_eq!(refusal(&desk.admin, "wordListCreate", one_more.clone()).await, "TOO_MANY_PHRASES");
        let fewer = json!({ "wordListId": lists[0], "phrases": &phrases[1..] });
        mutate(&desk.admin, "wordListUpdate", fewer, "wordList { id }").await;
        mutate(&desk.admin, "wordListCreate", one_more, "wordList { id }").await;
        let again = json!({ "wordListId": lists[0], "phrases": phrases });
        assert_eq!(refusal(&desk.admin, "wordListUpdate", again).await, "TOO_MANY_PHRASES");
    }

    async fn a_session_shows_the_newest_of_what_fired_and_to_who_left_those_of_then(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let words = list(&desk.admin, &sandbox, "Words", &["terrible"]).await;
        let vip = tag(&desk.admin, &sandbox, "VIP").await;
        let input = json!({ "projectId": sandbox, "name": "Each", "wordListIds": [words], "tagIds": [vip],
            "messagesInARow": 1 });
        mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await;
        let texts = async |client: &Client, session: &str| -> Vec<String> {
            let firings = shown(client, session).await["triggerFirings"].take();
            let text = |firing: &Value| firing["message"]["text"].as_str().unwrap().to_owned();
            firings.as_array().unwrap().iter().map(text).collect()
        };
        let write = async |numbers: std::ops::Range<usize>| {
            for number in numbers.clone() {
                customer_writes(&desk.admin, &sandbox, 7, &format!("terrible {number}")).await;
            }
            until_written(&desk.admin, &sandbox, 7, numbers.end).await;
        };
        write(0..3).await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "oh").await;
        give(&ada, &session, &bob).await;
        write(3..54).await;
        let newest: Vec<String> = (4..54).map(|number| format!("terrible {number}")).collect();
        assert_eq!(texts(&bob, &session).await, newest);
        assert_eq!(texts(&ada, &session).await, ["terrible 0", "terrible 1", "terrible 2"]);
    }

    async fn a_project_takes_over_what_the_desk_has_ready_in_several_languages(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let eve = desk.add_agent("eve@desk.test", "Sandbox", "supervisor").await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let install = json!({ "projectId": sandbox });
        assert_eq!(refusal(&ada, "triggerDefaultsInstall", install.clone()).await, "NOT_SUPERVISOR");
        // A list of the project's own is not mistaken for one of these.
        let own = list(&eve, &sandbox, "Threats", &["boo"]).await;
        assert_eq!(refusal(&eve, "triggerDefaultsInstall", install.clone()).await, "NAME_TAKEN");
        mutate(&eve, "wordListRemove", json!({ "wordListId": own }), "project { id }").await;
        let archive = json!({ "tagId": tag(&eve, &sandbox, "COMPLAINT").await });
        mutate(&eve, "tagArchive", archive.clone(), "tag { id }").await;
        assert_eq!(refusal(&eve, "triggerDefaultsInstall", install.clone()).await, "TAG_ARCHIVED");
        mutate(&eve, "tagRestore", archive, "tag { id }").await;
        // What it is called and looks for is the project's from then on.
        let selection = "triggers { id name tags { name } raisePriorityTo messagesInARow }
            project { triggers { id name } wordLists { id name phrases } }";
        let first = mutate(&eve, "triggerDefaultsInstall", install.clone(), selection).await;
        let named = |triggers: &Value| {
            let names = triggers.as_array().unwrap().iter().map(|trigger| trigger["name"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        let all = [
            "A complaint",
            "A sensitive matter",
            "Complaints in a row",
            "Insults and threats",
            "Unresolved for long",
            "A low rating",
        ];
        assert_eq!(named(&first["triggers"]), all, "{first}");
        assert_eq!(first["triggers"][3]["tags"], json!([{ "name": "Complaint" }]));
        assert_eq!((&first["triggers"][3]["raisePriorityTo"], &first["triggers"][2]["messagesInARow"]), (&json!("HIGH"), &json!(3)));
        assert_eq!(first["project"]["wordLists"].as_array().unwrap().len(), 5);

        for (customer, text, expected) in [
            (11, "I want a refund", "Sensitive"),
            (12, "Ich möchte eine Rückerstattung", "Sensitive"),
            (13, "Верните деньги, мошенники", "Sensitive"),
            (14, "我要退款", "Sensitive"),
            (15, "¡Quiero un reembolso!", "Sensitive"),
            (16, "This is unacceptable", "Complaint"),
            (17, "Das ist eine Frechheit", "Complaint"),
            (18, "Ужасный сервис", "Complaint"),
            (19, "我要投诉你们", "Complaint"),
            (20, "Es inaceptable", "Complaint"),
            (21, "Good morning, guten Morgen, доброе утро, 早上好, buenos días", ""),
        ] {
            customer_writes(&desk.admin, &sandbox, customer, text).await;
            until_written(&desk.admin, &sandbox, customer, 1).await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            let tags = shown(&desk.admin, &session).await["tags"].take();
            let has = tags.as_array().unwrap().iter().any(|tag| tag["name"] == expected);
            assert!(has || (expected.is_empty() && tags == json!([])), "{text}: {tags}");
        }

        // Again, it changes nothing that people made of it, and brings back what they removed.
        let lists = first["project"]["wordLists"].as_array().unwrap();
        let update = json!({ "wordListId": lists[0]["id"], "name": "Ours", "phrases": ["our word"] });
        mutate(&eve, "wordListUpdate", update, "wordList { id }").await;
        let again = mutate(&eve, "triggerDefaultsInstall", install.clone(), selection).await;
        assert_eq!(again["triggers"], json!([]));
        assert_eq!(again["project"]["triggers"], first["project"]["triggers"]);
        let ours = again["project"]["wordLists"].as_array().unwrap().iter().find(|list| list["name"] == "Ours");
        assert_eq!((&ours.unwrap()["phrases"], again["project"]["wordLists"].as_array().unwrap().len()), (&json!(["our word"]), 5));
        mutate(&eve, "triggerRemove", json!({ "triggerId": first["triggers"][1]["id"] }), "project { id }").await;
        let again = mutate(&eve, "triggerDefaultsInstall", install, selection).await;
        assert_eq!(named(&again["triggers"]), ["A sensitive matter"]);
    }

    async fn triggers_are_changed_at_once_and_tell_how_often_they_were_right(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let eve = desk.add_agent("eve@desk.test", "Sandbox", "supervisor").await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let words = list(&eve, &sandbox, "Words", &["alpha"]).await;
        let tags = [tag(&eve, &sandbox, "VIP").await, tag(&eve, &sandbox, "REFUND").await];
        let usual = json!({ "projectId": sandbox, "name": "One", "wordListIds": [words], "tagIds": [tags[0]] });
        let trigger = mutate(&eve, "triggerCreate", usual.clone(), "trigger { id }").await["trigger"]["id"].take();
        for (client, change, code) in [
            (&ada, json!({}), "NOT_SUPERVISOR"),
            (&eve, json!({ "name": " " }), "NAME_EMPTY"),
            (&eve, json!({ "wordListIds": [] }), "NO_WORD_LIST"),
            (&eve, json!({ "tagIds": [] }), "NO_ACTION"),
            (&eve, json!({ "messagesInARow": 0 }), "MESSAGES_IN_A_ROW_OUT_OF_RANGE"),
            (&eve, json!({ "messagesInARow": -3 }), "MESSAGES_IN_A_ROW_OUT_OF_RANGE"),
            (&eve, json!({ "tagIds": [words] }), "INVALID_ID"),
        ] {
            assert_eq!(refusal(client, "triggerCreate", with(&usual, &change)).await, code);
        }
        for (phrases, code, path) in [
            (json!([]), "EMPTY", json!(["input", "phrases"])),
            (json!(["good", "b*d"]), "PHRASE_INVALID", json!(["input", "phrases", "1"])),
        ] {
            let input = json!({ "projectId": sandbox, "name": "Other", "phrases": phrases });
            let document = "mutation Make($input: WordListCreateInput!) {
                wordListCreate(input: $input) { userErrors { code path } }
            }";
            let errors = eve.query(document, json!({ "input": input })).await["wordListCreate"]["userErrors"].take();
            assert_eq!(errors, json!([{ "code": code, "path": path }]));
        }
        let input = json!({ "projectId": sandbox, "name": "Words", "phrases": ["x"] });
        assert_eq!(refusal(&eve, "wordListCreate", input).await, "NAME_TAKEN");
        assert_eq!(refusal(&eve, "wordListRemove", json!({ "wordListId": words })).await, "IN_USE");

        // What is looked for changes with the next message.
        customer_writes(&desk.admin, &sandbox, 7, "beta").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let input = json!({ "wordListId": words, "phrases": ["beta", "beta"], "expectedVersion": 1 });
        let changed = mutate(&eve, "wordListUpdate", input.clone(), "wordList { phrases version }").await;
        assert_eq!(changed["wordList"], json!({ "phrases": ["beta"], "version": 2 }));
        assert_eq!(refusal(&eve, "wordListUpdate", input).await, "VERSION_CONFLICT");
        assert_eq!(after(&desk, &sandbox, 7, "beta", 2).await, ["VIP"]);
        let input = json!({ "triggerId": trigger, "tagIds": [tags[1]], "messagesInARow": 1, "expectedVersion": 1 });
        let changed = mutate(&eve, "triggerUpdate", input.clone(), "trigger { version messagesInARow }").await;
        assert_eq!(changed["trigger"], json!({ "version": 2, "messagesInARow": 1 }));
        let conflict = try_mutate(&eve, "triggerUpdate", input, "trigger { version }").await;
        assert_eq!((errors_of(&conflict), &conflict["trigger"]["version"]), (vec!["VERSION_CONFLICT"], &json!(2)));
        assert_eq!(after(&desk, &sandbox, 7, "beta", 3).await, ["Refund", "VIP"]);
        let input = json!({ "triggerId": trigger, "active": false });
        mutate(&eve, "triggerUpdate", input, "trigger { active }").await;
        after(&desk, &sandbox, 7, "beta", 4).await;
        assert_eq!(shown(&ada, &session).await["triggerFirings"].as_array().unwrap().len(), 2, "it rests");

        // Whoever has the session says whether it was right.
        let firings = shown(&ada, &session).await["triggerFirings"].take();
        for (firing, judgement) in [(&firings[0], "ACCEPTED"), (&firings[1], "ACCEPTED"), (&firings[1], "UNNECESSARY")] {
            let input = json!({ "triggerFiringId": firing["id"], "judgement": judgement });
            let judged = mutate(&ada, "triggerFiringJudge", input, "triggerFiring { judgement judgedBy { email } }").await;
            let expected = json!({ "judgement": judgement, "judgedBy": { "email": "ada@desk.test" } });
            assert_eq!(judged["triggerFiring"], expected);
        }
        let document = "query Triggers($id: ID!) { project(id: $id) {
            triggers { id name statistics { fired accepted unnecessary } } wordLists { id name }
        } }";
        let listed = eve.query(document, json!({ "id": sandbox })).await["project"].take();
        assert_eq!(listed["triggers"][0]["statistics"], json!({ "fired": 2, "accepted": 1, "unnecessary": 1 }));
        let listed = ada.query(document, json!({ "id": sandbox })).await["project"].take();
        assert_eq!((&listed["triggers"][0]["statistics"], &listed["wordLists"][0]["id"]), (&Value::Null, &json!(words)));

        let two = mutate(&eve, "triggerCreate", with(&usual, &json!({ "name": "Two" })), "trigger { id }").await;
        let two = two["trigger"]["id"].clone();
        let input = json!({ "projectId": sandbox, "triggerIds": [two] });
        assert_eq!(refusal(&eve, "triggerReorder", input).await, "NOT_ALL_ONCE");
        let input = json!({ "projectId": sandbox, "triggerIds": [two, trigger] });
        let ordered = mutate(&eve, "triggerReorder", input, "project { triggers { name } }").await;
        assert_eq!(ordered["project"]["triggers"], json!([{ "name": "Two" }, { "name": "One" }]));

        // A merged tag goes on as the other one, and what is removed stays in what it did.
        mutate(&eve, "tagMerge", json!({ "fromId": tags[0], "intoId": tags[1] }), "tag { id }").await;
        let node = "query Node($id: ID!) { node(id: $id) { ... on Trigger { tags { name } } } }";
        let tags = eve.query(node, json!({ "id": two })).await["node"]["tags"].take();
        assert_eq!(tags, json!([{ "name": "Refund" }]));
        for id in [&two, &trigger] {
            let removed = mutate(&eve, "triggerRemove", json!({ "triggerId": id }), "removedTriggerId project { triggers { id } }").await;
            assert_eq!(removed["removedTriggerId"], *id);
            assert!(removed["project"]["triggers"].as_array().unwrap().iter().all(|trigger| trigger["id"] != *id));
        }
        assert_eq!(refusal(&eve, "triggerUpdate", json!({ "triggerId": two, "name": "x" })).await, "TRIGGER_NOT_FOUND");
        assert_eq!(shown(&ada, &session).await["triggerFirings"][0]["trigger"]["name"], "One");
        let removed = mutate(&eve, "wordListRemove", json!({ "wordListId": words }), "removedWordListId project { id }").await;
        assert_eq!(removed["removedWordListId"], json!(words));
    }

    async fn a_trigger_keeps_a_tag_that_was_put_away_and_gets_no_other(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let list = list(&desk.admin, &sandbox, "Money", &["refund*"]).await;
        let (refund, vip) = (tag(&desk.admin, &sandbox, "REFUND").await, tag(&desk.admin, &sandbox, "VIP").await);
        let input = json!({ "projectId": sandbox, "name": "Refunds", "wordListIds": [list], "tagIds": [refund],
            "raisePriorityTo": "HIGH" });
        let made = mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await["trigger"]["id"].take();
        for tag in [&refund, &vip] {
            mutate(&desk.admin, "tagArchive", json!({ "tagId": tag }), "tag { id }").await;
        }
        let renamed = json!({ "triggerId": made, "name": "Money back" });
        let renamed = mutate(&desk.admin, "triggerUpdate", renamed, "trigger { name tags { id } }").await;
        assert_eq!(renamed["trigger"], json!({ "name": "Money back", "tags": [{ "id": refund }] }));
        let both = json!({ "triggerId": made, "tagIds": [refund, vip] });
        assert_eq!(errors_of(&try_mutate(&desk.admin, "triggerUpdate", both, "trigger { id }").await), ["TAG_NOT_FOUND"]);

        // Without it, it is as for all others.
        mutate(&desk.admin, "triggerUpdate", json!({ "triggerId": made, "tagIds": [] }), "trigger { id }").await;
        let again = json!({ "triggerId": made, "tagIds": [refund] });
        assert_eq!(errors_of(&try_mutate(&desk.admin, "triggerUpdate", again, "trigger { id }").await), ["TAG_NOT_FOUND"]);
    }

    async fn what_fires_after_a_session_was_handed_over_its_old_agent_does_not_learn(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let words = list(&desk.admin, &sandbox, "Words", &["alpha", "omega"]).await;
        let tag = tag(&desk.admin, &sandbox, "VIP").await;
        let input = json!({ "projectId": sandbox, "name": "Each", "wordListIds": [words], "tagIds": [tag],
            "messagesInARow": 1 });
        mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await;
        customer_writes(&desk.admin, &sandbox, 7, "alpha").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        give(&ada, &session, &bob).await;
        after(&desk, &sandbox, 7, "omega", 2).await;
        let whole = shown(&bob, &session).await["triggerFirings"].take();
        assert_eq!(whole.as_array().unwrap().len(), 2);
        let input = json!({ "triggerFiringId": whole[0]["id"], "judgement": "ACCEPTED" });
        mutate(&bob, "triggerFiringJudge", input.clone(), "triggerFiring { id }").await;
        let left = shown(&ada, &session).await["triggerFirings"].take();
        assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
        assert_eq!((&left[0]["phrases"], &left[0]["judgement"]), (&json!(["alpha"]), &Value::Null));
        let node = "query Node($id: ID!) { node(id: $id) { id } }";
        assert_eq!(ada.query(node, json!({ "id": whole[1]["id"] })).await["node"], Value::Null);
        assert_eq!(refusal(&ada, "triggerFiringJudge", input).await, "TRIGGER_FIRING_NOT_FOUND");

        // What the customer wrote that made it fire is theirs.
        let customer = customer_of(&desk.admin, &session).await;
        let (_, document) = export(&desk, &desk.admin, customer["id"].as_str().unwrap()).await;
        assert_eq!(document["triggerFirings"][1]["phrases"], json!(["omega"]));
        let input = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", input, "customer { id }").await;
        for firing in shown(&desk.admin, &session).await["triggerFirings"].as_array().unwrap() {
            assert_eq!((&firing["phrases"], &firing["message"]), (&json!([]), &Value::Null));
        }
        let progress = Sql::connect(&desk.database).await.unwrap();
        assert_eq!(progress.number("SELECT count(*) FROM session_triggers").await.unwrap(), 0);
    }
}

async fn shown(client: &Client, session: &str) -> Value {
    client.query(SHOWN, json!({ "id": session })).await["session"].take()
}

/// The tags of a customer's session after they have written something, which is so many messages by then.
async fn after(desk: &Desk, sandbox: &str, customer: i64, text: &str, count: usize) -> Vec<String> {
    customer_writes(&desk.admin, sandbox, customer, text).await;
    until_written(&desk.admin, sandbox, customer, count).await;
    let session = until_session(&desk.admin, sandbox, customer).await;
    let shown = shown(&desk.admin, &session).await;
    shown["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap().to_owned()).collect()
}

/// Makes a list of words.
async fn list(client: &Client, project: &str, name: &str, phrases: &[&str]) -> String {
    let input = json!({ "projectId": project, "name": name, "phrases": phrases });
    let made = mutate(client, "wordListCreate", input, "wordList { id phrases }").await;
    made["wordList"]["id"].as_str().unwrap().to_owned()
}

/// The id of a preset tag.
async fn tag(client: &Client, project: &str, preset: &str) -> String {
    let document = "query Tags($id: ID!) { project(id: $id) { tags { id preset } } }";
    let tags = || async {
        let data = client.query(document, json!({ "id": project })).await;
        let tags = data["project"]["tags"].as_array()?.clone();
        tags.into_iter().find(|tag| tag["preset"] == preset)
    };
    eventually(PATIENCE, tags).await["id"].as_str().unwrap().to_owned()
}

fn with(input: &Value, more: &Value) -> Value {
    let fields = [input, more].into_iter().filter_map(Value::as_object).flatten();
    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
}
