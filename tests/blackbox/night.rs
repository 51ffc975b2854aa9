//! Who writes in the customer's night is warned, and it is sent all the same.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc, Weekday};
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
        let until = moment(&shown["night"]["until"]);
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

    async fn who_schedules_for_the_customers_night_is_warned(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let customer = customer_id(&desk.admin, &sandbox, 7).await;
        let (sunday, is_put_forward) = next_change_of_the_clocks(now(&desk.admin, &sandbox).await);
        let saturday = sunday - Days::new(1);
        let at = |day: NaiveDate, time: &str| format!("{day}T{time}Z");
        let (noon, midnight) = (at(saturday, "12:00:00"), at(sunday, "00:00:00"));
        let unknown = schedule(&desk.admin, &session, &midnight).await;
        assert_eq!(unknown["warnings"], json!([]), "nobody knows what time it will be there");
        let zone = json!({ "customerId": customer, "timeZone": "Europe/Berlin" });
        mutate(&desk.admin, "customerUpdate", zone, "customer { id }").await;

        // What the clocks show then and when the night is over, on both sides of the change and across it.
        let half_past_six =
            |day: NaiveDate| (at(day, "06:30:00"), format!("{day}T07:30:00+01:00"), at(day, "07:00:00"));
        let (evening, summer) = if is_put_forward {
            let evening = (at(saturday, "21:30:00"), format!("{saturday}T22:30:00+01:00"), at(sunday, "06:00:00"));
            (evening, sunday)
        } else {
            let evening = (at(saturday, "20:30:00"), format!("{saturday}T22:30:00+02:00"), at(sunday, "07:00:00"));
            (evening, saturday)
        };
        let winter = if is_put_forward { saturday } else { sunday };
        for (send_at, local_time, until) in [half_past_six(winter), evening] {
            let scheduled = schedule(&desk.admin, &session, &send_at).await;
            assert_eq!(scheduled["scheduledMessage"]["state"], "WAITING", "it is sent all the same");
            let warning = only_warning(&scheduled);
            assert_eq!((&warning["code"], &warning["localTime"]), (&json!("CUSTOMER_NIGHT"), &json!(local_time)));
            assert_eq!(moment(&warning["until"]), moment(&json!(until)), "{warning}");
            assert!(warning["message"].as_str().unwrap().contains("It will be night"), "{warning}");
            assert!(warning["message"].as_str().unwrap().contains("until 08:00 there"), "{warning}");
        }
        let (in_summer, _, _) = half_past_six(summer);
        for by_day in [&noon, &in_summer] {
            assert_eq!(schedule(&desk.admin, &session, by_day).await["warnings"], json!([]), "{by_day}");
        }

        // The same when it is changed: by the time that the message has then.
        let by_day = schedule(&desk.admin, &session, &noon).await["scheduledMessage"]["id"].take();
        let change = async |more: Value| {
            let mut input = more;
            input["scheduledMessageId"] = by_day.clone();
            try_mutate(&desk.admin, "scheduledMessageUpdate", input, SCHEDULED).await
        };
        let moved = change(json!({ "sendAt": midnight })).await;
        assert!(only_warning(&moved)["message"].is_string(), "{moved}");
        let reworded = change(json!({ "text": "good night" })).await;
        assert!(only_warning(&reworded)["message"].is_string(), "{reworded}");
        let refused = change(json!({ "text": "good day", "expectedVersion": 1 })).await;
        assert_eq!((errors_of(&refused), &refused["warnings"]), (vec!["VERSION_CONFLICT"], &json!([])));
        assert_eq!(change(json!({ "sendAt": noon })).await["warnings"], json!([]));
        let refused = json!({ "sessionId": session, "text": "good night", "sendAt": "2020-01-01T00:00:00Z" });
        let refused = try_mutate(&desk.admin, "messageSchedule", refused, SCHEDULED).await;
        assert_eq!((errors_of(&refused), &refused["warnings"]), (vec!["SEND_AT_PAST"], &json!([])));
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

const SCHEDULED: &str = "scheduledMessage { id state } warnings { code message localTime until }";

async fn schedule(client: &Client, session: &str, send_at: &str) -> Value {
    let input = json!({ "sessionId": session, "text": "good evening", "sendAt": send_at });
    mutate(client, "messageSchedule", input, SCHEDULED).await
}

fn only_warning(payload: &Value) -> &Value {
    assert_eq!(payload["warnings"].as_array().map(Vec::len), Some(1), "{payload}");
    &payload["warnings"][0]
}

fn moment(time: &Value) -> DateTime<Utc> {
    time.as_str().unwrap().parse().unwrap()
}

/// The next Sunday after tomorrow on which the clocks are changed in Berlin, and whether they are put forward then.
fn next_change_of_the_clocks(now: DateTime<Utc>) -> (NaiveDate, bool) {
    let is_last_of_its_month = |day: &NaiveDate| (*day + Days::new(7)).month() != day.month();
    let mut days = now.date_naive().iter_days().skip(2);
    let is_change =
        |day: &NaiveDate| day.weekday() == Weekday::Sun && [3, 10].contains(&day.month()) && is_last_of_its_month(day);
    let change = days.find(is_change).unwrap();
    (change, change.month() == 3)
}

/// The time on the project's clock.
async fn now(client: &Client, project: &str) -> DateTime<Utc> {
    let document = "query Now($id: ID!) { project(id: $id) { now } }";
    let now = client.query(document, json!({ "id": project })).await["project"]["now"].take();
    moment(&now)
}
