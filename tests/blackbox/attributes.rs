//! Integrations say what they know of customers, many at once and again and again.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, event_cursor, mutate, sandbox, try_mutate, until_session,
};

const RESULTS: &str = "results { customer { telegramUserId } userErrors { code path } }";

const ATTRIBUTES: &str = "name label type text number flag time";

const CHANGES: &str = "subscription Changes($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        __typename
        ... on SessionUpdated { cause session { customer { telegramUserId attributes { name text number } } } }
    }
}";

on_both_engines! {
    async fn a_thousand_attributes_are_pushed_twice_and_the_second_time_nobody_hears_of_it(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let customers = 20;
        for customer in 1..=customers {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
        }
        for customer in 1..=customers {
            until_session(&desk.admin, &sandbox, customer).await;
        }
        let closed = until_session(&desk.admin, &sandbox, 20).await;
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": closed }), "session { id }").await;
        let crm = integration(&desk.admin, "CUSTOMERS_WRITE").await;
        let start = event_cursor(&desk.admin, &sandbox).await;
        let mut changes = desk.admin.subscribe(CHANGES, json!({ "projectId": sandbox, "after": start })).await;

        let push = |total: i64| -> Value {
            let attributes = |customer: i64| {
                (0..50).map(move |number| json!({ "name": format!("n{number}"), "number": customer * number * total }))
            };
            let of = |customer: i64| {
                let attributes: Vec<Value> = attributes(customer).collect();
                json!({ "telegramUserId": customer.to_string(), "attributes": attributes })
            };
            json!({ "projectId": sandbox, "customers": (1..=customers).map(of).collect::<Vec<_>>() })
        };
        for _ in 0..2 {
            let pushed = mutate(&crm, "customerAttributesSet", push(1), "results { userErrors { code } }").await;
            let results = pushed["results"].as_array().unwrap();
            assert_eq!(results.len(), 20);
            assert!(results.iter().all(|result| errors_of(result).is_empty()), "{results:?}");
        }
        for customer in [1, 20] {
            let attributes = attributes_of(&desk.admin, &sandbox, customer).await;
            let attributes = attributes.as_array().unwrap();
            assert_eq!(attributes.len(), 50);
            let found = attributes.iter().find(|attribute| attribute["name"] == "n7").unwrap();
            assert_eq!((&found["number"], &found["type"]), (&json!((customer * 7) as f64), &json!("NUMBER")));
        }
        // Each open session was told of once: what comes next is what is done next.
        let told = until_told(&mut changes, 19).await;
        let mut told: Vec<&str> = told.iter().map(|event| event["telegramUserId"].as_str().unwrap()).collect();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), 19, "the one whose session is closed is not among them");
        customer_writes(&desk.admin, &sandbox, 21, "hello").await;
        assert_ne!(changes.next_within(PATIENCE).await["sessionEvents"]["cause"], "PROFILE", "the values were the same");

        let mut too_many = push(1);
        too_many["customers"][0]["attributes"].as_array_mut().unwrap().push(json!({ "name": "one.more", "flag": true }));
        let refused = try_mutate(&crm, "customerAttributesSet", too_many, RESULTS).await;
        assert_eq!((errors_of(&refused), &refused["results"]), (vec!["TOO_MANY"], &Value::Null));
    }

    async fn an_integration_that_may_only_push_reads_nobody(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        until_session(&desk.admin, &sandbox, 7).await;
        let crm = integration(&desk.admin, "CUSTOMERS_WRITE").await;
        let document = "mutation Push($input: CustomerAttributesSetInput!) {
            customerAttributesSet(input: $input) { results { customer { name username } userErrors { code } } }
        }";
        let attributes = json!([{ "name": "plan", "text": "gold" }]);
        let customers = json!([{ "telegramUserId": "7", "attributes": attributes }]);
        let input = json!({ "input": { "projectId": sandbox, "customers": customers } });
        let pushed = crm.try_query(document, input.clone()).await.unwrap();
        assert_eq!(pushed.errors[0]["extensions"]["code"], "FORBIDDEN", "{pushed:?}");
        let results = &pushed.data["customerAttributesSet"]["results"];
        assert_eq!(results, &json!([{ "customer": null, "userErrors": [] }]), "{pushed:?}");
        assert_eq!(attributes_of(&desk.admin, &sandbox, 7).await[0]["text"], "gold", "it is taken in all the same");
        let shown = desk.admin.query(document, input).await["customerAttributesSet"]["results"].take();
        assert!(shown[0]["customer"]["name"].is_string(), "{shown}");
    }

    async fn what_is_refused_of_one_customer_keeps_nothing_back_of_another(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        for customer in [7, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            until_session(&desk.admin, &sandbox, customer).await;
        }
        let seven = |attributes: Value| json!({ "telegramUserId": "7", "attributes": attributes });
        let good = json!({ "telegramUserId": "8", "attributes": [
            { "name": "plan", "text": "gold" }, { "name": "since", "time": "2026-02-03T04:05:06.5+01:00" },
            { "name": "beta", "flag": true }, { "name": "gone", "text": "soon" }, { "name": "gone" },
        ] });
        let input = json!({ "projectId": sandbox, "name": "seats", "type": "NUMBER", "label": "Seats paid for" });
        let defined = mutate(&desk.admin, "attributeDefine", input, "attributeDefinition { name type label } project { id }").await;
        assert_eq!(defined["attributeDefinition"]["label"], "Seats paid for");
        assert_eq!(defined["project"]["id"], json!(sandbox));

        let many: Vec<Value> = (0..101).map(|number| json!({ "name": format!("a{number}"), "flag": true })).collect();
        let ok = json!({ "name": "ok", "flag": true });
        let table = [
            (seven(json!([ok, { "name": "seats", "text": "3" }])), "WRONG_TYPE", "customers.0.attributes.1"),
            (seven(json!([ok, { "name": "2nd", "flag": true }])), "NAME_INVALID", "customers.0.attributes.1.name"),
            (seven(json!([{ "name": "x", "flag": true, "number": 1 }])), "VALUE_INVALID", "customers.0.attributes.0"),
            (seven(json!([{ "name": "x", "text": "x".repeat(501) }])), "VALUE_INVALID", "customers.0.attributes.0.text"),
            (seven(json!([{ "name": "time_zone", "text": "Moon" }])), "TIME_ZONE_UNKNOWN", "customers.0.attributes.0.text"),
            (seven(json!(many)), "TOO_MANY", "customers.0.attributes"),
            (json!({ "telegramUserId": "9", "attributes": [ok] }), "UNKNOWN_CUSTOMER", "customers.0"),
            (json!({ "telegramUserId": "nine", "attributes": [ok] }), "INVALID_ID", "customers.0.telegramUserId"),
            (json!({ "customerId": sandbox, "attributes": [ok] }), "INVALID_ID", "customers.0.customerId"),
            (json!({ "attributes": [ok] }), "INVALID_ID", "customers.0"),
        ];
        for (wrong, code, path) in table {
            let results = push(&desk.admin, &sandbox, json!([wrong, good])).await;
            let error = &results[0]["userErrors"][0];
            let place: Vec<&str> = error["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
            assert_eq!((&error["code"], place.join(".")), (&json!(code), format!("input.{path}")), "{results}");
            assert_eq!(results[0]["customer"], Value::Null);
            assert_eq!(results[1], json!({ "customer": { "telegramUserId": "8" }, "userErrors": [] }));
        }
        assert_eq!(attributes_of(&desk.admin, &sandbox, 7).await, json!([]));
        let none = json!({ "text": null, "number": null, "flag": null, "time": null, "label": null });
        let shown = |more: Value| {
            let mut shown = none.clone();
            shown.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            shown
        };
        let expected = json!([
            shown(json!({ "name": "beta", "type": "FLAG", "flag": true })),
            shown(json!({ "name": "plan", "type": "TEXT", "text": "gold" })),
            shown(json!({ "name": "since", "type": "TIME", "time": "2026-02-03T03:05:06.500000Z" })),
        ]);
        assert_eq!(attributes_of(&desk.admin, &sandbox, 8).await, expected);

        // The type of an attribute stays as it was first; what people call it does not.
        let results = push(&desk.admin, &sandbox, json!([seven(json!([{ "name": "plan", "number": 2 }]))])).await;
        assert_eq!(errors_of(&results[0]), ["WRONG_TYPE"]);
        let input = json!({ "projectId": sandbox, "name": "plan", "type": "NUMBER" });
        let refused = try_mutate(&desk.admin, "attributeDefine", input, "attributeDefinition { name }").await;
        assert_eq!(errors_of(&refused), ["WRONG_TYPE"]);
        let input = json!({ "projectId": sandbox, "name": "plan", "type": "TEXT", "label": "Plan" });
        mutate(&desk.admin, "attributeDefine", input, "attributeDefinition { name }").await;
        let document = "query Definitions($id: ID!) { project(id: $id) { attributeDefinitions { name type label } } }";
        let definitions = desk.admin.query(document, json!({ "id": sandbox })).await;
        let names: Vec<&Value> = definitions["project"]["attributeDefinitions"].as_array().unwrap().iter()
            .map(|definition| &definition["name"]).collect();
        assert_eq!(names, ["beta", "plan", "seats", "since"], "what was refused or taken back is not defined");
        assert_eq!(attributes_of(&desk.admin, &sandbox, 8).await[1]["label"], "Plan");

        let results = push(&desk.admin, &sandbox, json!([{ "telegramUserId": "8", "attributes": [
            { "name": "plan", "text": "free" }, { "name": "beta" }, { "name": "never.there" },
        ] }])).await;
        assert_eq!(errors_of(&results[0]), [""; 0]);
        let left = attributes_of(&desk.admin, &sandbox, 8).await;
        assert_eq!((left.as_array().unwrap().len(), &left[0]["text"]), (2, &json!("free")));
    }

    async fn a_push_that_was_done_is_not_done_again_under_its_key(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        until_session(&desk.admin, &sandbox, 7).await;
        let of = |plan: &str, key: Value| json!({ "projectId": sandbox, "idempotencyKey": key, "customers": [
            { "telegramUserId": "7", "attributes": [{ "name": "plan", "text": plan }] },
            { "telegramUserId": "8", "attributes": [] },
        ] });
        let first = mutate(&desk.admin, "customerAttributesSet", of("gold", json!("key")), RESULTS).await;
        assert_eq!(first["results"][1]["userErrors"][0]["code"], "UNKNOWN_CUSTOMER");
        mutate(&desk.admin, "customerAttributesSet", of("free", Value::Null), RESULTS).await;
        let again = mutate(&desk.admin, "customerAttributesSet", of("gold", json!("key")), RESULTS).await;
        assert_eq!(again, first);
        assert_eq!(attributes_of(&desk.admin, &sandbox, 7).await[0]["text"], "free", "the repetition is no news");
        for (key, plan, code) in [("key", "pro", "IDEMPOTENCY_KEY_REUSED"), ("", "pro", "IDEMPOTENCY_KEY_MALFORMED")] {
            let refused = try_mutate(&desk.admin, "customerAttributesSet", of(plan, json!(key)), RESULTS).await;
            assert_eq!(errors_of(&refused), [code]);
        }
        let twins = futures_util::future::join_all((0..6).map(|_| {
            mutate(&desk.admin, "customerAttributesSet", of("silver", json!("twins")), RESULTS)
        }));
        for twin in twins.await {
            assert_eq!(twin, first);
        }
        assert_eq!(attributes_of(&desk.admin, &sandbox, 7).await[0]["text"], "silver");

        // Who was not there then has got nothing by it, and is not said to have.
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        until_session(&desk.admin, &sandbox, 8).await;
        let again = mutate(&desk.admin, "customerAttributesSet", of("gold", json!("key")), RESULTS).await;
        assert_eq!(again, first);
    }

    async fn lists_of_customers_go_by_what_is_said_of_them(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        for (customer, language) in [(1, "pt-br"), (2, "pt"), (3, "de"), (4, "ptx")] {
            let input = json!({ "projectId": sandbox, "telegramUserId": customer.to_string(), "languageCode": language,
                "name": format!("Customer {customer}"), "username": format!("Name_{customer}"), "text": "hello" });
            mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
            until_session(&desk.admin, &sandbox, customer).await;
        }
        let said = [(1, "gold", 10.0), (2, "gold", 20.0), (3, "free", 30.0)];
        let said = said.map(|(customer, plan, total)| json!({ "telegramUserId": customer.to_string(), "attributes": [
            { "name": "plan", "text": plan }, { "name": "total", "number": total },
            { "name": "vip", "flag": customer == 3 }, { "name": "since", "time": format!("2026-01-0{customer}T00:00:00Z") },
        ] }));
        push(&desk.admin, &sandbox, json!(said)).await;
        let ban = customer_id(&desk.admin, &sandbox, 4).await;
        mutate(&desk.admin, "customerBan", json!({ "customerId": ban }), "customer { id }").await;

        let attribute = |condition: Value| json!({ "attributes": [condition] });
        let table: [(Value, &[&str]); 19] = [
            (Value::Null, &["4", "3", "2", "1"]),
            (json!({}), &["4", "3", "2", "1"]),
            (json!({ "telegramUserId": { "in": ["2", "3", "99"] } }), &["3", "2"]),
            (json!({ "telegramUserId": { "eq": "2", "in": ["3"] } }), &[]),
            (json!({ "telegramUserId": { "eq": "two" } }), &[]),
            (json!({ "username": "name_2" }), &["2"]),
            (json!({ "language": { "eq": "pt" } }), &["2", "1"]),
            (json!({ "language": { "in": ["de", "PT-BR"] } }), &["3", "1"]),
            (json!({ "banned": true }), &["4"]),
            (json!({ "banned": false, "reachable": true }), &["3", "2", "1"]),
            (json!({ "reachable": false }), &[]),
            (attribute(json!({ "name": "plan" })), &["3", "2", "1"]),
            (attribute(json!({ "name": "plan", "text": { "eq": "gold" } })), &["2", "1"]),
            (attribute(json!({ "name": "plan", "text": { "in": [] } })), &[]),
            (attribute(json!({ "name": "total", "number": { "gte": 10.5, "lte": 30 } })), &["3", "2"]),
            (attribute(json!({ "name": "total", "number": { "eq": 10 } })), &["1"]),
            (attribute(json!({ "name": "vip", "flag": false })), &["2", "1"]),
            (attribute(json!({ "name": "since", "time": { "gte": "2026-01-02T00:00:00Z", "lt": "2026-01-03T00:00:00Z" } })), &["2"]),
            (json!({ "attributes": [{ "name": "plan", "text": { "eq": "gold" } }, { "name": "total", "number": { "gte": 15 } }] }), &["2"]),
        ];
        for (filter, expected) in table {
            assert_eq!(listed(&desk.admin, &sandbox, &filter).await, expected, "{filter}");
        }
        let many = json!({ "attributes": vec![json!({ "name": "plan" }); 11] });
        let document = "query Many($id: ID!, $filter: CustomerFilter) {
            customers(projectId: $id, filter: $filter, first: 1) { totalCount }
        }";
        let refused = desk.admin.try_query(document, json!({ "id": sandbox, "filter": many })).await.unwrap();
        assert!(refused.body.to_string().contains("more than 10 conditions on attributes"), "{}", refused.body);
    }
}

async fn start(engine: tests::Engine) -> (Desk, String) {
    let desk = Desk::start(engine).await;
    let sandbox = sandbox(&desk.admin).await;
    (desk, sandbox)
}

/// A client that acts through an API token of the administrator with one scope.
async fn integration(admin: &Client, scope: &str) -> Client {
    let input = json!({ "name": "CRM", "scopes": [scope] });
    let token = mutate(admin, "apiTokenCreate", input, "secret").await;
    admin.with_token(token["secret"].as_str().unwrap())
}

/// The results of a push that is taken in.
pub async fn push(client: &Client, project: &str, customers: Value) -> Value {
    let input = json!({ "projectId": project, "customers": customers });
    mutate(client, "customerAttributesSet", input, RESULTS).await["results"].take()
}

async fn attributes_of(client: &Client, project: &str, customer: i64) -> Value {
    let document = format!(
        "query Attributes($id: ID!, $number: String) {{
            customers(projectId: $id, filter: {{ telegramUserId: {{ eq: $number }} }}, first: 1) {{
                nodes {{ attributes {{ {ATTRIBUTES} }} }}
            }}
        }}"
    );
    let variables = json!({ "id": project, "number": customer.to_string() });
    client.query(&document, variables).await["customers"]["nodes"][0]["attributes"].take()
}

pub async fn customer_id(client: &Client, project: &str, customer: i64) -> Value {
    let document = "query CustomerId($id: ID!, $number: String) {
        customers(projectId: $id, filter: { telegramUserId: { eq: $number } }, first: 1) { nodes { id } }
    }";
    let variables = json!({ "id": project, "number": customer.to_string() });
    client.query(document, variables).await["customers"]["nodes"][0]["id"].take()
}

/// The numbers of the customers of a list, read in pages of two from both ends.
async fn listed(client: &Client, project: &str, filter: &Value) -> Vec<String> {
    let document =
        "query Listed($id: ID!, $filter: CustomerFilter, $first: Int, $after: String, $last: Int, $before: String) {
        customers(projectId: $id, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
            nodes { telegramUserId }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            totalCount
        }
    }";
    let mut forwards = Vec::new();
    let mut backwards: Vec<String> = Vec::new();
    for (read, size, from, more, cursor) in [
        (&mut forwards, "first", "after", "hasNextPage", "endCursor"),
        (&mut backwards, "last", "before", "hasPreviousPage", "startCursor"),
    ] {
        let mut variables = json!({ "id": project, "filter": filter, size: 2 });
        loop {
            let page = client.query(document, variables.clone()).await["customers"].take();
            let mut numbers: Vec<String> = page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|customer| customer["telegramUserId"].as_str().unwrap().to_owned())
                .collect();
            if size == "last" {
                numbers.reverse();
            }
            read.extend(numbers);
            if page["pageInfo"][more] != true {
                assert_eq!(page["totalCount"], read.len());
                break;
            }
            variables[from] = page["pageInfo"][cursor].clone();
        }
    }
    backwards.reverse();
    assert_eq!(forwards, backwards);
    forwards
}

/// The customers of so many changes of profiles.
async fn until_told(changes: &mut Subscription, count: usize) -> Vec<Value> {
    let mut told = Vec::new();
    while told.len() < count {
        let mut event = changes.next_within(PATIENCE).await["sessionEvents"].take();
        if event["cause"] == "PROFILE" {
            assert_eq!(event["session"]["customer"]["attributes"].as_array().unwrap().len(), 50);
            told.push(event["session"]["customer"].take());
        }
    }
    told
}
