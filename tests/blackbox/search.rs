//! Messages, customers and sessions are found by what was written, in any language, by those who may see them.

use serde_json::{Value, json};
use tests::{Client, Engine, Sql, eventually, on_both_engines};

use crate::customers_data::customer_of;
use crate::stage::{
    Desk, PATIENCE, client_at, customer_writes, message_with_text, mutate, reply, sandbox, until_session, until_written,
};

const SEARCH: &str = "query Search($id: ID!, $query: String!, $kinds: [SearchKind!], $session: ID,
        $first: Int, $after: String, $last: Int, $before: String) {
    search(projectId: $id, query: $query, kinds: $kinds, sessionId: $session,
        first: $first, after: $after, last: $last, before: $before) {
        edges {
            cursor score
            snippet { text ranges { offset length } }
            node { __typename ... on Message { text } ... on Customer { name } ... on Session { number } }
        }
        pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
    }
}";

/// One page of results.
async fn page(client: &Client, mut variables: Value) -> Value {
    if variables.get("first").is_none() && variables.get("last").is_none() {
        variables["first"] = json!(100);
    }
    client.query(SEARCH, variables).await["search"].take()
}

/// What is found, in short and in order.
async fn found(client: &Client, project: &str, query: &str) -> Vec<String> {
    let page = page(client, json!({ "id": project, "query": query })).await;
    page["edges"].as_array().unwrap().iter().map(in_short).collect()
}

fn in_short(edge: &Value) -> String {
    let node = &edge["node"];
    match node["__typename"].as_str().unwrap() {
        "Message" => node["text"].as_str().unwrap().to_owned(),
        "Customer" => format!("customer {}", node["name"].as_str().unwrap()),
        _ => format!("session {}", node["number"]),
    }
}

/// Waits until exactly this is found.
async fn until_found(client: &Client, project: &str, query: &str, expected: &[&str]) {
    let is_found = || async {
        let found = found(client, project, query).await;
        if found == expected { Ok(()) } else { Err((query.to_owned(), found)) }
    };
    eventually(PATIENCE, is_found).await;
}

on_both_engines! {
    async fn words_of_any_language_and_parts_of_them_are_found(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let texts = [
            "Здравствуйте, верните деньги за заказ 4711",
            "我要退款，谢谢",
            "The parcel arrived broken 😡 please refund",
            "unrefundable? We shall see",
            "Café crème, s'il vous plaît",
        ];
        for (number, text) in texts.iter().enumerate() {
            customer_writes(&desk.admin, &project, 7, text).await;
            until_written(&desk.admin, &project, 7, number + 1).await;
        }
        for (query, expected) in [
            ("ДЕНЬГИ", &texts[..1]),
            ("еньг", &texts[..1]),
            ("заказ 471", &texts[..1]),
            ("退款", &texts[1..2]),
            ("谢", &texts[1..2]),
            ("😡", &texts[2..3]),
            ("cafe CREME", &texts[4..]),
            ("broken parcel", &texts[2..3]),
            ("refund", &["The parcel arrived broken 😡 please refund", "unrefundable? We shall see"]),
            ("деньги refund", &[]),
            ("customer", &["customer Customer 7"]),
            ("#1", &["session 1"]),
        ] {
            until_found(&desk.admin, &project, query, expected).await;
        }

        // Whole words come before parts of words, and each result says where it fits.
        let refunds = page(&desk.admin, json!({ "id": project, "query": "refund" })).await;
        assert_eq!((&refunds["edges"][0]["score"], &refunds["edges"][1]["score"]), (&json!(1.0), &json!(0.3)));
        let snippet = &refunds["edges"][1]["snippet"];
        assert_eq!(snippet, &json!({ "text": texts[3], "ranges": [{ "offset": 2, "length": 6 }] }));

        // Kinds are as asked for.
        let variables = json!({ "id": project, "query": "1", "kinds": ["MESSAGE", "CUSTOMER"] });
        assert_eq!(page(&desk.admin, variables).await["edges"], json!([]));

        for (query, code) in [(" ?! ".to_owned(), "QUERY_EMPTY"), ("x".repeat(201), "QUERY_TOO_LONG")] {
            let variables = json!({ "id": project, "query": query, "first": 5 });
            let response = desk.admin.try_query(SEARCH, variables).await.unwrap();
            assert_eq!(response.errors[0]["extensions"]["code"], code);
        }
    }

    async fn customers_and_sessions_are_found_in_any_language(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        for (customer, name, username) in
            [(1, "Анна Ёлкина", None), (2, "王小明", None), (3, "Zoë 🌹", Some("night_owl_77"))]
        {
            let input = json!({ "projectId": project, "telegramUserId": customer.to_string(), "name": name,
                "username": username, "text": "hello" });
            mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
            until_session(&desk.admin, &project, customer).await;
        }
        for (query, expected) in [
            ("ЁЛКИНА", "customer Анна Ёлкина"),
            ("лкин", "customer Анна Ёлкина"),
            ("小明", "customer 王小明"),
            ("🌹", "customer Zoë 🌹"),
            ("zoe", "customer Zoë 🌹"),
            ("night_owl_77", "customer Zoë 🌹"),
            ("owl", "customer Zoë 🌹"),
        ] {
            until_found(&desk.admin, &project, query, &[expected]).await;
        }

        // What a session waits for is found for as long as it does.
        let session = until_session(&desk.admin, &project, 2).await;
        reply(&desk.admin, &session, "One moment").await;
        let waits = json!({ "sessionId": session, "status": "FOLLOW_UP",
            "followUp": { "awaited": "THIRD_PARTY", "note": "等待银行的答复" } });
        mutate(&desk.admin, "sessionStatusUpdate", waits, "session { id }").await;
        until_found(&desk.admin, &project, "银行", &["session 2"]).await;
        let goes_on = json!({ "sessionId": session, "status": "PROCESSING" });
        mutate(&desk.admin, "sessionStatusUpdate", goes_on, "session { id }").await;
        until_found(&desk.admin, &project, "银行", &[]).await;
    }

    async fn results_are_read_page_by_page(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        for (customer, text) in [(1, "tea and cake"), (2, "teapot"), (3, "cake"), (4, "green tea"), (5, "black tea")] {
            customer_writes(&desk.admin, &project, customer, text).await;
            until_session(&desk.admin, &project, customer).await;
        }
        let all = ["black tea", "green tea", "tea and cake", "teapot"];
        until_found(&desk.admin, &project, "tea", &all).await;
        let (mut read, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "id": project, "query": "tea", "first": 1, "after": after });
            let page = page(&desk.admin, variables).await;
            read.extend(page["edges"].as_array().unwrap().iter().map(in_short));
            assert_eq!(page["pageInfo"]["hasNextPage"], read.len() < all.len(), "{read:?}");
            if read.len() == all.len() {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(read, all);

        // Backwards from the end, and backwards from a result.
        let (mut read, mut before) = (Vec::new(), Value::Null);
        while read.len() < all.len() {
            let variables = json!({ "id": project, "query": "tea", "last": 3, "before": before });
            let page = page(&desk.admin, variables).await;
            read.splice(..0, page["edges"].as_array().unwrap().iter().map(in_short));
            assert_eq!(page["pageInfo"]["hasPreviousPage"], read.len() < all.len(), "{read:?}");
            assert_eq!(page["pageInfo"]["hasNextPage"], !before.is_null());
            before = page["pageInfo"]["startCursor"].clone();
        }
        assert_eq!(read, all);
        let second = page(&desk.admin, json!({ "id": project, "query": "tea", "first": 2 })).await;
        let variables = json!({ "id": project, "query": "tea", "last": 5, "before": second["edges"][1]["cursor"] });
        let first = page(&desk.admin, variables).await;
        assert_eq!(first["edges"], json!([second["edges"][0]]));
        let both = json!({ "id": project, "query": "tea", "first": 1, "last": 1 });
        let response = desk.admin.try_query(SEARCH, both).await.unwrap();
        assert_eq!(response.errors[0]["extensions"]["code"], "INVALID_ARGUMENT", "{:?}", response.errors);

        let variables = json!({ "id": project, "query": "cake", "first": 1, "after": after });
        let response = desk.admin.try_query(SEARCH, variables).await.unwrap();
        assert_eq!(response.errors[0]["extensions"]["code"], "INVALID_CURSOR", "of another search");

        // Within one session nothing else is found.
        let session = until_session(&desk.admin, &project, 4).await;
        let variables = json!({ "id": project, "query": "tea", "session": session });
        let within: Vec<String> = page(&desk.admin, variables).await["edges"].as_array().unwrap().iter().map(in_short).collect();
        assert_eq!(within, ["green tea"]);
    }

    async fn what_is_gone_is_not_found_and_what_is_edited_is_found_by_its_new_words(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &project, 7, "my pasword is hunter").await;
        let session = until_session(&desk.admin, &project, 7).await;
        reply(&desk.admin, &session, "Nobody should know that").await;
        until_found(&desk.admin, &project, "hunter", &["my pasword is hunter"]).await;
        until_found(&desk.admin, &project, "should know", &["Nobody should know that"]).await;

        let id = message_with_text(&desk.admin, &session, "my pasword is hunter").await.unwrap()["id"].take();
        let input = json!({ "messageId": id, "text": "my password is secret" });
        mutate(&desk.admin, "sandboxCustomerEdit", input, "updateId").await;
        until_found(&desk.admin, &project, "password secret", &["my password is secret"]).await;
        assert!(found(&desk.admin, &project, "hunter").await.is_empty());

        let answer = message_with_text(&desk.admin, &session, "Nobody should know that").await.unwrap()["id"].take();
        let input = json!({ "messageId": answer, "text": "Nobody must learn it" });
        mutate(&desk.admin, "messageEdit", input, "message { id }").await;
        assert!(found(&desk.admin, &project, "should know").await.is_empty(), "at once");
        until_found(&desk.admin, &project, "must learn", &["Nobody must learn it"]).await;

        let customer = customer_of(&desk.admin, &session).await;
        let input = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", input, "customer { id }").await;
        for query in ["secret", "learn", "customer"] {
            assert!(found(&desk.admin, &project, query).await.is_empty(), "{query} is found no more, at once");
        }
        // Nothing is left of it in the index either, and nothing comes back.
        customer_writes(&desk.admin, &project, 8, "the end").await;
        until_found(&desk.admin, &project, "the end", &["the end"]).await;
        let documents = "SELECT count(*) FROM search_documents";
        let sql = Sql::connect(&desk.database).await.unwrap();
        assert_eq!(sql.number(documents).await.unwrap(), 2, "the new customer and what they wrote");
    }

    async fn who_hands_a_session_over_finds_nothing_of_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &project, 7, "where is my parcel").await;
        let session = until_session(&ada, &project, 7).await;
        until_found(&ada, &project, "parcel", &["where is my parcel"]).await;
        until_found(&bob, &project, "parcel", &["where is my parcel"]).await;
        reply(&ada, &session, "your parcel is on its way").await;
        until_found(&ada, &project, "parcel way", &["your parcel is on its way"]).await;
        assert!(found(&bob, &project, "parcel").await.is_empty(), "it is hers now");
        assert!(found(&bob, &project, "#1").await.is_empty());
        assert!(found(&bob, &project, "customer").await.is_empty(), "and so is the customer");
        assert_eq!(found(&ada, &project, "customer").await, ["customer Customer 7"]);

        let bobs = bob.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        mutate(&ada, "sessionAssign", json!({ "sessionId": session, "agentId": bobs }), "session { id }").await;
        for query in ["parcel", "where", "#1", "customer"] {
            assert!(found(&ada, &project, query).await.is_empty(), "{query}: not even what she read and wrote");
        }
        let variables = json!({ "id": project, "query": "parcel", "session": session });
        assert_eq!(page(&ada, variables).await["edges"], json!([]));
        assert_eq!(found(&bob, &project, "parcel").await.len(), 2);
        assert_eq!(found(&bob, &project, "#1").await, ["session 1"]);

        let resolved = json!({ "sessionId": session, "summary": "The courier had the wrong address" });
        mutate(&bob, "sessionResolve", resolved, "session { id }").await;
        until_found(&bob, &project, "courier", &["session 1"]).await;
        assert!(found(&ada, &project, "courier").await.is_empty());
    }

    async fn what_was_written_before_an_upgrade_is_found_after_it(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &project, 7, "written long ago").await;
        until_found(&desk.admin, &project, "long ago", &["written long ago"]).await;
        desk.server.terminate().await;
        // As the migration leaves a desk that had messages before.
        let empty = match engine {
            tests::Engine::Sqlite => "INSERT INTO search_index (search_index) VALUES ('delete-all')",
            tests::Engine::Postgres => "SELECT 1",
        };
        let statements = format!(
            "{empty}; DELETE FROM search_documents; UPDATE search_progress SET position = NULL, messages_below = 0, \
             customers_below = 0, sessions_below = 0"
        );
        Sql::connect(&desk.database).await.unwrap().execute(&statements).await.unwrap();
        desk.restart().await;
        until_found(&desk.admin, &project, "long ago", &["written long ago"]).await;
        until_found(&desk.admin, &project, "customer", &["customer Customer 7"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_found_once_with_two_processes_that_take_it_in() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let mut desk = Desk::start(Engine::Postgres).await;
    let other = desk.another_process().await;
    let project = sandbox(&desk.admin).await;
    let clients = [desk.admin.clone(), client_at(&other, &desk.admin)];
    let mut texts = Vec::new();
    for (customer, client) in (1..=12).zip(clients.iter().cycle()) {
        texts.push(format!("parcel {customer}"));
        customer_writes(client, &project, customer, &texts[texts.len() - 1]).await;
    }
    for client in &clients {
        until_found_in_any_order(client, &project, "parcel", &texts).await;
    }
    // Whoever is left goes on where the other one was.
    desk.server.kill();
    texts.push("parcel 13".to_owned());
    customer_writes(&clients[1], &project, 13, "parcel 13").await;
    until_found_in_any_order(&clients[1], &project, "parcel", &texts).await;
}

/// Waits until exactly these texts are found, each once.
async fn until_found_in_any_order(client: &Client, project: &str, query: &str, texts: &[String]) {
    let mut expected = texts.to_vec();
    expected.sort();
    let is_found = || async {
        let mut found = found(client, project, query).await;
        found.sort();
        if found == expected { Ok(()) } else { Err(found) }
    };
    eventually(PATIENCE, is_found).await;
}
