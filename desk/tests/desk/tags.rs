//! Tags of very many sessions.

use domain::SessionId;
use domain::event::Cause;
use tests::on_both_engines;

use crate::jobs::run_jobs;
use crate::routing::crowd;
use crate::stage::{Stage, eventually};

const FIRST: i64 = 1_000_001;
const MANY: i64 = 130;

on_both_engines! {
    async fn the_tag_of_very_many_sessions_is_merged_at_once_and_told_of_bit_by_bit(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let tags = stage.desk.tags(&stage.actor, project, true).await.unwrap();
        let called = |name: &str| tags.iter().find(|tag| tag.name == name).unwrap().id;
        let (refund, vip) = (called("Refund"), called("VIP"));
        crowd(&stage, project, FIRST, MANY, "version = 1").await;
        let give = format!("INSERT INTO session_tags (session_id, tag_id) SELECT id, {refund} FROM sessions");
        stage.tamper(&give).await;
        stage.desk.tag_merge(&stage.actor, refund, vip).await.unwrap();
        for (tag, count) in [(refund, 0), (vip, MANY)] {
            assert_eq!(stage.count(&format!("FROM session_tags WHERE tag_id = {tag}")).await, count);
        }
        let told = format!("FROM events WHERE cause = '{}'", Cause::Tagging.name());
        assert_eq!(stage.count(&told).await, 50, "nobody waits until all are done");

        // One is over before its turn comes.
        stage.desk.session_close(&stage.actor, SessionId(FIRST), None).await.unwrap();
        let _running = run_jobs(&stage.desk);
        eventually(async || (stage.count("FROM jobs WHERE kind = 'tag_merged'").await == 0).then_some(())).await;
        assert_eq!(stage.count(&told).await, MANY - 1);
        assert_eq!(stage.count("FROM sessions WHERE version = 2").await, MANY, "the closed one is as it was closed");
    }
}
