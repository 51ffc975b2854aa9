//! How often something is escalated, and how often without need.

use serde_json::json;
use tests::on_both_engines;

use super::scene::{Scene, codes};
use crate::session_life::{HOUR, in_future};
use crate::stage::mutate;

on_both_engines! {
    async fn needless_escalations_are_counted_and_raise_a_flag(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, sandbox, .. } = &scene;
        let escalation = scene.escalate_quickly(ada, "L2").await["escalation"]["id"].take();
        let judge = |unnecessary: bool| json!({ "escalationId": escalation, "unnecessary": unnecessary, "note": "see the FAQ" });
        assert_eq!(codes(bob, "escalationJudge", judge(true)).await, ["NOT_SUPERVISOR"]);
        assert_eq!(codes(ada, "escalationJudge", judge(true)).await, ["ESCALATION_NOT_FOUND"]);
        let selection = "escalation { unnecessary judgedBy { email } judgementNote judgedAt }";
        let judged = mutate(eve, "escalationJudge", judge(true), selection).await["escalation"].take();
        assert_eq!((&judged["unnecessary"], &judged["judgedBy"]["email"]), (&json!(true), &json!("eve@desk.test")));
        let document = "query Rates($id: ID!, $from: DateTime!, $to: DateTime!) {
            escalationStatistics(projectId: $id, range: { from: $from, to: $to }) {
                share { sessions escalated escalationRate trainingNeeded }
                all { escalated judged unnecessary unnecessaryRate trainingNeeded } quick
                byAgent { agent { email } share { sessions escalated trainingNeeded } rate { escalated trainingNeeded } }
                byTrigger { rate { escalated } }
            }
        }";
        let (from, to) = (in_future(eve, sandbox, -HOUR).await, in_future(eve, sandbox, HOUR).await);
        let ever = json!({ "id": sandbox, "from": from, "to": to });
        let rates = eve.query(document, ever.clone()).await["escalationStatistics"].take();
        let share = json!({ "sessions": 1, "escalated": 1, "escalationRate": 1.0, "trainingNeeded": true });
        let all = json!({ "escalated": 1, "judged": 1, "unnecessary": 1, "unnecessaryRate": 1.0, "trainingNeeded": true });
        assert_eq!((&rates["share"], &rates["all"], &rates["quick"]), (&share, &all, &json!(1)));
        let hers = json!([{
            "agent": { "email": "ada@desk.test" }, "rate": { "escalated": 1, "trainingNeeded": true },
            "share": { "sessions": 1, "escalated": 1, "trainingNeeded": true },
        }]);
        assert_eq!((&rates["byAgent"], &rates["byTrigger"]), (&hers, &json!([])));
        mutate(eve, "escalationJudge", judge(false), "escalation { id }").await;
        let rates = eve.query(document, ever).await["escalationStatistics"].take();
        assert_eq!(rates["all"]["trainingNeeded"], false, "the last word counts");
        assert_eq!(rates["share"]["trainingNeeded"], true, "whether or not there was need");
        let before = json!({ "id": sandbox, "from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z" });
        let rates = eve.query(document, before).await["escalationStatistics"].take();
        assert_eq!(rates["all"]["escalated"], 0);
    }
}
