//! Policies and calendars, and what a change of them does to clocks that run.

use tests::on_both_engines;

use super::*;
use crate::attributes::customer_id;
use crate::stage::{messages, texts};

const POLICIES: &str = "query Policies($id: ID!) {
    slaPolicies(projectId: $id, first: 10) { nodes {
        version warningPercent pauseWhileWaiting changedAt changedBy { id } calendar { id name }
        types { standard { firstResponseSeconds nextResponseSeconds resolutionSeconds }
            escalated { firstResponseSeconds resolutionSeconds } complaint { firstResponseSeconds resolutionSeconds } }
        priorities {
            urgent { targets { firstResponseSeconds resolutionSeconds } onTimeout }
            high { targets { firstResponseSeconds resolutionSeconds } onTimeout }
            medium { targets { firstResponseSeconds resolutionSeconds } onTimeout }
            low { targets { firstResponseSeconds resolutionSeconds } onTimeout }
        }
    } }
}";

async fn policies(client: &Client, project: &str) -> Vec<Value> {
    let mut data = client.query(POLICIES, json!({ "id": project })).await;
    let Value::Array(policies) = data["slaPolicies"]["nodes"].take() else { panic!("policies are a list: {data}") };
    policies
}

fn targets(first_response: i64, resolution: i64) -> Value {
    json!({ "firstResponseSeconds": first_response, "resolutionSeconds": resolution })
}

/// Escalates a session, and answers what its customer is told of that.
async fn escalated(client: &Client, session: &str) -> String {
    let input =
        json!({ "sessionId": session, "level": "L2", "reason": "OTHER", "description": "at once", "quick": true });
    mutate(client, "ticketEscalate", input, "ticket { id }").await;
    let said = messages(client, session).await;
    texts(&said, "OUTBOUND").pop().expect("the customer is told of it").to_owned()
}

on_both_engines! {
    async fn a_project_begins_with_the_tables_of_the_guide(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let [policy] = &policies(&desk.admin, &sandbox).await[..] else { panic!("there is one") };
        assert_eq!((&policy["version"], &policy["warningPercent"]), (&json!(1), &json!(80)));
        assert_eq!((&policy["changedAt"], &policy["calendar"]), (&Value::Null, &Value::Null));
        let standard = json!({ "firstResponseSeconds": 300, "nextResponseSeconds": 300, "resolutionSeconds": 1800 });
        assert_eq!(policy["types"]["standard"], standard);
        assert_eq!(policy["types"]["escalated"], targets(15 * MINUTE, HOUR));
        assert_eq!(policy["types"]["complaint"], targets(0, 2 * HOUR));
        for (priority, times, action) in [
            ("urgent", targets(15 * MINUTE, 2 * HOUR), "NOTIFY_ADMINISTRATORS"),
            ("high", targets(30 * MINUTE, 4 * HOUR), "NOTIFY_TEAM_LEADERS"),
            ("medium", targets(2 * HOUR, 24 * HOUR), "REMIND_SECOND_LINE"),
            ("low", targets(4 * HOUR, 48 * HOUR), "NOTHING"),
        ] {
            let level = &policy["priorities"][priority];
            assert_eq!((&level["targets"], &level["onTimeout"]), (&times, &json!(action)), "{priority}");
        }
    }

    async fn a_change_of_the_policy_reaches_the_clocks_that_run_and_leaves_what_is_late(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let late = session_of_new_customer(&desk, &sandbox, 7).await;
        advance(&desk.admin, &sandbox, 10 * MINUTE).await;
        until_state(&desk.admin, &late, "FIRST_RESPONSE", "BREACHING").await;
        let session = session_of_new_customer(&desk, &sandbox, 8).await;
        let before = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        assert_eq!(before["policyVersion"], 1);

        let change = json!({ "types": { "standard": { "firstResponseSeconds": 20 * MINUTE } } });
        assert_eq!(set_policy(&desk.admin, &sandbox, change.clone()).await["version"], 2);
        let moved = || async {
            let clock = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
            if clock["policyVersion"] == 2 { Ok(clock) } else { Err(clock) }
        };
        let after = eventually(PATIENCE, moved).await;
        assert_eq!(seconds(&after["startedAt"], &after["dueAt"]), 20 * MINUTE);
        until_state(&desk.admin, &late, "FIRST_RESPONSE", "BREACHING").await;

        // The same again is nothing new, and what was before is known.
        assert_eq!(set_policy(&desk.admin, &sandbox, change).await["version"], 2);
        let versions: Vec<Value> =
            policies(&desk.admin, &sandbox).await.iter().map(|policy| policy["version"].clone()).collect();
        assert_eq!(versions, [2, 1]);
        for (arguments, version, more) in [("first: 1", 2, [true, false]), ("last: 1", 1, [false, true])] {
            let document = format!(
                "query Page($id: ID!) {{ slaPolicies(projectId: $id, {arguments}) {{
                    nodes {{ version }} totalCount pageInfo {{ hasNextPage hasPreviousPage }}
                }} }}"
            );
            let page = desk.admin.query(&document, json!({ "id": sandbox })).await["slaPolicies"].take();
            let info = json!({ "hasNextPage": more[0], "hasPreviousPage": more[1] });
            assert_eq!(page, json!({ "nodes": [{ "version": version }], "totalCount": 2, "pageInfo": info }));
        }
        let input = json!({ "projectId": sandbox, "policy": { "warningPercent": 50 }, "expectedVersion": 1 });
        let payload = try_mutate(&desk.admin, "slaPolicyUpdate", input, "slaPolicy { version }").await;
        assert_eq!(payload["userErrors"][0]["code"], "VERSION_CONFLICT");
        assert_eq!(payload["slaPolicy"]["version"], 2);
    }

    async fn what_cannot_be_promised_is_refused(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for (policy, code) in [
            (json!({ "types": { "standard": { "resolutionSeconds": -1 } } }), "TARGET_INVALID"),
            (json!({ "priorities": { "low": { "targets": { "resolutionSeconds": 7_776_001 } } } }), "TARGET_INVALID"),
            (json!({ "warningPercent": 0 }), "WARNING_PERCENT_INVALID"),
            (json!({ "warningPercent": 300 }), "WARNING_PERCENT_INVALID"),
        ] {
            let input = json!({ "projectId": sandbox, "policy": policy });
            let payload = try_mutate(&desk.admin, "slaPolicyUpdate", input, "slaPolicy { version }").await;
            assert_eq!(payload["userErrors"][0]["code"], code, "{policy}");
        }
        let hours = |zone: &str, opens: &str, closes: &str| {
            let time = json!({ "weekday": "MONDAY", "opens": opens, "closes": closes });
            json!({ "timeZone": zone, "openingTimes": [time] })
        };
        for (hours, code) in [
            (hours("Mars/Olympus", "09:00", "17:00"), "TIME_ZONE_UNKNOWN"),
            (hours("UTC", "17:00", "09:00"), "OPENING_TIME_INVALID"),
            (hours("UTC", "9 o'clock", "17:00"), "OPENING_TIME_INVALID"),
            (hours("UTC", "09:00", "09:59"), "TOO_LITTLE_TIME"),
        ] {
            let input = json!({ "projectId": sandbox, "name": "Office", "hours": hours });
            let payload = try_mutate(&desk.admin, "slaCalendarCreate", input, "slaCalendar { id }").await;
            assert_eq!(payload["userErrors"][0]["code"], code, "{hours}");
        }
    }

    async fn by_a_calendar_no_time_goes_by_while_nobody_works(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let (_, hours) = later_today(&desk.admin, &sandbox).await;
        let calendar = make_calendar(&desk.admin, &sandbox, hours).await;
        set_policy(&desk.admin, &sandbox, json!({ "calendarId": calendar })).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let clock = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        assert!(seconds(&clock["startedAt"], &clock["dueAt"]) > HOUR, "{clock}");
        advance(&desk.admin, &sandbox, HOUR).await;
        let clock = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        assert_eq!(clock["explain"][0]["reason"], "OUTSIDE_HOURS");
        assert_eq!(clock["explain"][0]["counted"], false);

        // By other hours the time goes on, and the policy is another one.
        let always: Vec<Value> = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
            .iter()
            .map(|weekday| json!({ "weekday": weekday, "opens": "00:00", "closes": "24:00" }))
            .collect();
        let hours = json!({ "timeZone": "Asia/Kolkata", "openingTimes": always });
        let input = json!({ "slaCalendarId": calendar, "hours": hours, "expectedVersion": 1 });
        let changed = mutate(&desk.admin, "slaCalendarUpdate", input, "slaCalendar { version timeZone }").await;
        assert_eq!(changed["slaCalendar"], json!({ "version": 2, "timeZone": "Asia/Kolkata" }));
        assert_eq!(policies(&desk.admin, &sandbox).await[0]["version"], 3);
        let moved = || async {
            let clock = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
            if clock["policyVersion"] == 3 { Ok(clock) } else { Err(clock) }
        };
        let clock = eventually(PATIENCE, moved).await;
        let late = seconds(&clock["startedAt"], &clock["dueAt"]);
        assert!((HOUR + 5 * MINUTE..HOUR + 6 * MINUTE).contains(&late), "{clock}");

        let remove = json!({ "slaCalendarId": calendar });
        let payload = try_mutate(&desk.admin, "slaCalendarRemove", remove.clone(), "project { id }").await;
        assert_eq!(payload["userErrors"][0]["code"], "IN_USE");
        set_policy(&desk.admin, &sandbox, json!({ "calendarId": null })).await;
        mutate(&desk.admin, "slaCalendarRemove", remove, "project { id } removedSlaCalendarId").await;
        let left = "query Calendars($id: ID!) { slaCalendars(projectId: $id) { id } }";
        assert_eq!(desk.admin.query(left, json!({ "id": sandbox })).await["slaCalendars"], json!([]));
    }

    async fn who_is_escalated_while_nobody_works_is_told_by_their_own_clocks_when_work_goes_on(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        mutate(&desk.admin, "teamCreate", team, "team { id }").await;
        let (opens, hours) = later_today(&desk.admin, &sandbox).await;
        let calendar = make_calendar(&desk.admin, &sandbox, hours).await;
        set_policy(&desk.admin, &sandbox, json!({ "calendarId": calendar })).await;
        // Zones that are ahead and behind all the year round; of the last one nobody knows where they are.
        for (customer, zone, minutes_ahead) in
            [(7, Some("Asia/Kolkata"), 330), (8, Some("America/Phoenix"), -420), (9, None, 0)]
        {
            let session = session_of_new_customer(&desk, &sandbox, customer).await;
            if let Some(zone) = zone {
                let customer = customer_id(&desk.admin, &sandbox, customer).await;
                let input = json!({ "customerId": customer, "timeZone": zone });
                mutate(&desk.admin, "customerUpdate", input, "customer { id }").await;
            }
            let there = (opens + chrono::Duration::minutes(minutes_ahead)).format("%Y-%m-%d %H:%M");
            let shown = format!("{there} ({})", zone.unwrap_or("UTC"));
            let goes_on = format!(" Work on your ticket continues at {shown}. If it is an emergency, reply “urgent”.");
            let told = escalated(&desk.admin, &session).await;
            assert!(told.ends_with(&goes_on), "{told}: {goes_on}");
        }

        // While the team works there is nothing to go on with.
        set_policy(&desk.admin, &sandbox, json!({ "calendarId": null })).await;
        let session = session_of_new_customer(&desk, &sandbox, 10).await;
        let expected = "Your issue was escalated to the team Second line (ticket #4). Expect a response within 15 min. \
                        If it is an emergency, reply “urgent”.";
        assert_eq!(escalated(&desk.admin, &session).await, expected);
    }
}
