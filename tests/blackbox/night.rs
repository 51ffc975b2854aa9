//! Who writes in the customer's night is warned, and it is sent all the same.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::attributes::{customer_id, push};
use crate::stage::{Desk, customer_writes, errors_of, mutate, sandbox, try_mutate, until_session};

const CLOCK: &str = "timeZone timeZoneSource localTime night { isNight until }";

on_both_engines! {
    async fn who_writes_in_the_customers_night_is_warned_and_it_is_sent_all_the_same(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let customer = customer_id(&desk.admin, &sandbox, 7).await;
        let nowhere = clock(&desk.admin, &customer).await;
        let unknown = json!({ "timeZone": null, "timeZoneSource": null, "localTime": null, "night": null });
        assert_eq!(nowhere, unknown);
        assert_eq!(send(&desk.admin, &session).await["warnings"], json!([]), "nobody knows what time it is there");

        let input = json!({ "customerId": customer, "timeZone": "Asia/Kolkata" });
        mutate(&desk.admin, "customerUpdate", input, "customer { id }").await;
        let there = now(&desk.admin, &sandbox).await.with_timezone(&chrono::FixedOffset::east_opt(19_800).unwrap());
        // Two hours of night from an hour ago on, by the clocks there.
        let hour = |hours: i64| (there + chrono::Duration::hours(hours)).format("%H:%M").to_string();
        let input = json!({ "projectId": sandbox, "starts": hour(-1), "ends": hour(1) });
        let night = mutate(&desk.admin, "projectNightUpdate", input, "project { version night { starts ends } }").await;
        assert_eq!(night["project"]["night"], json!({ "starts": hour(-1), "ends": hour(1) }));
        let shown = clock(&desk.admin, &customer).await;
        assert_eq!((&shown["timeZone"], &shown["timeZoneSource"]), (&json!("Asia/Kolkata"), &json!("AGENT")));
        assert!(shown["localTime"].as_str().unwrap().ends_with("+05:30"), "{shown}");
        assert_eq!(shown["night"]["isNight"], true);
        let until: chrono::DateTime<chrono::Utc> = shown["night"]["until"].as_str().unwrap().parse().unwrap();
        assert_eq!(until.with_timezone(&there.timezone()).format("%H:%M").to_string(), hour(1));

        let sent = send(&desk.admin, &session).await;
        assert!(sent["message"]["id"].is_string(), "it is sent: {sent}");
        let warning = &sent["warnings"][0];
        assert_eq!((&warning["code"], &warning["until"]), (&json!("CUSTOMER_NIGHT"), &shown["night"]["until"]));
        assert!(warning["message"].as_str().unwrap().contains(&format!("until {} there", hour(1))), "{warning}");
        assert!(warning["localTime"].as_str().unwrap().ends_with("+05:30"), "{warning}");

        // The night goes by the clock of the project.
        mutate(&desk.admin, "sandboxClockAdvance", json!({ "projectId": sandbox, "seconds": 3600 }), "").await;
        assert_eq!(clock(&desk.admin, &customer).await["night"], json!({ "isNight": false, "until": null }));
        assert_eq!(send(&desk.admin, &session).await["warnings"], json!([]));
        mutate(&desk.admin, "sandboxClockAdvance", json!({ "projectId": sandbox, "seconds": 22 * 3600 }), "").await;
        assert_eq!(clock(&desk.admin, &customer).await["night"]["isNight"], true);
        // Without a night nobody is warned.
        let input = json!({ "projectId": sandbox, "starts": hour(1) });
        mutate(&desk.admin, "projectNightUpdate", input, "project { id }").await;
        assert_eq!(send(&desk.admin, &session).await["warnings"], json!([]));

        for (starts, version, code) in [
            (json!("24:00"), Value::Null, "TIME_INVALID"),
            (json!("7:00"), Value::Null, "TIME_INVALID"),
            (json!("07:00"), night["project"]["version"].clone(), "VERSION_CONFLICT"),
        ] {
            let input = json!({ "projectId": sandbox, "starts": starts, "expectedVersion": version });
            let refused = try_mutate(&desk.admin, "projectNightUpdate", input, "project { id }").await;
            assert_eq!(errors_of(&refused), [code]);
        }
    }

    async fn what_people_say_of_the_time_zone_counts_before_what_is_guessed(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let input = json!({ "projectId": sandbox, "telegramUserId": "7", "languageCode": "uk", "text": "hello" });
        mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
        until_session(&desk.admin, &sandbox, 7).await;
        let customer = customer_id(&desk.admin, &sandbox, 7).await;
        let known = async || {
            let mut shown = clock(&desk.admin, &customer).await;
            (shown["timeZone"].take(), shown["timeZoneSource"].take())
        };
        let said = |zone: Value| json!([{ "customerId": customer, "attributes": [{ "name": "time_zone", "text": zone }] }]);
        let noted = |zone: Value| json!({ "customerId": customer, "timeZone": zone });
        assert_eq!(known().await, (json!("Europe/Kyiv"), json!("LANGUAGE_GUESS")));
        push(&desk.admin, &sandbox, said(json!("Asia/Tokyo"))).await;
        assert_eq!(known().await, (json!("Asia/Tokyo"), json!("ATTRIBUTE")));
        mutate(&desk.admin, "customerUpdate", noted(json!("America/Lima")), "customer { id }").await;
        assert_eq!(known().await, (json!("America/Lima"), json!("AGENT")));
        push(&desk.admin, &sandbox, said(json!("Asia/Seoul"))).await;
        assert_eq!(known().await, (json!("America/Lima"), json!("AGENT")), "the agent knows better");
        let refused = try_mutate(&desk.admin, "customerUpdate", noted(json!("Lima")), "customer { id }").await;
        assert_eq!(errors_of(&refused), ["TIME_ZONE_UNKNOWN"]);
        mutate(&desk.admin, "customerUpdate", noted(Value::Null), "customer { id }").await;
        assert_eq!(known().await, (json!("Asia/Seoul"), json!("ATTRIBUTE")));
        push(&desk.admin, &sandbox, said(Value::Null)).await;
        assert_eq!(known().await, (json!("Europe/Kyiv"), json!("LANGUAGE_GUESS")));
    }
}

async fn start(engine: tests::Engine) -> (Desk, String) {
    let desk = Desk::start(engine).await;
    let sandbox = sandbox(&desk.admin).await;
    (desk, sandbox)
}

async fn clock(client: &Client, customer: &Value) -> Value {
    let document = format!("query Clock($id: ID!) {{ customer(id: $id) {{ {CLOCK} }} }}");
    client.query(&document, json!({ "id": customer })).await["customer"].take()
}

async fn send(client: &Client, session: &str) -> Value {
    let input = json!({ "sessionId": session, "text": "good evening" });
    mutate(client, "messageSend", input, "message { id } warnings { code message localTime until }").await
}

/// The time on the project's clock.
async fn now(client: &Client, project: &str) -> chrono::DateTime<chrono::Utc> {
    let document = "query Now($id: ID!) { project(id: $id) { now } }";
    let now = client.query(document, json!({ "id": project })).await["project"]["now"].take();
    now.as_str().unwrap().parse().unwrap()
}
