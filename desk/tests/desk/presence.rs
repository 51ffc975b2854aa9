//! Who counts as being there, by the clock.

use std::sync::Arc;

use chrono::TimeDelta;
use desk::presence::PresenceKeeper;
use desk::{Actor, Desk, PageRequest};
use domain::ProjectId;
use domain::routing::Presence;
use tests::on_both_engines;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::stage::{Stage, eventually};
use crate::visibility::agent;

on_both_engines! {
    async fn who_has_gone_is_there_for_a_minute_and_not_longer(engine: Engine) {
        let stage = Stage::new(engine).await;
        let project = stage.project().await;
        let ada = agent(&stage, project, "ada").await;
        let _keeping = keep_presence(&stage.desk);
        let feed = stage.desk.project_events(&ada, project, None).await.unwrap();
        until(&stage, project, &ada, Presence::Online).await;
        drop(feed);
        let gone = "FROM presence WHERE NOT live";
        eventually(async || (stage.count(gone).await == 1).then_some(())).await;
        stage.clock.advance(TimeDelta::seconds(50));
        assert_eq!(presence(&stage, project, &ada).await, Presence::Online);
        stage.clock.advance(TimeDelta::seconds(10));
        assert_eq!(presence(&stage, project, &ada).await, Presence::Offline);

        // Through two processes at once they are there until the last of the two is gone.
        let other = stage.another_process().await;
        let _keeping_there = keep_presence(&other);
        let here = stage.desk.project_events(&ada, project, None).await.unwrap();
        let there = other.project_events(&ada, project, None).await.unwrap();
        eventually(async || (stage.count("FROM presence WHERE live").await == 2).then_some(())).await;
        drop(here);
        eventually(async || (stage.count("FROM presence WHERE live").await == 1).then_some(())).await;
        assert_eq!(presence(&stage, project, &ada).await, Presence::Online);
        drop(there);
    }
}

fn keep_presence(desk: &Desk) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(PresenceKeeper::new(desk.clone()).run(CancellationToken::new())))
}

async fn presence(stage: &Stage, project: ProjectId, agent: &Arc<Actor>) -> Presence {
    let request = PageRequest { first: Some(100), after: None, last: None, before: None, counted: false };
    let agents = stage.desk.agents_at_work(&stage.actor, project, request).await.unwrap().edges;
    let mut candidates = agents.into_iter().map(|edge| edge.node.candidate);
    candidates.find(|one| one.agent_id == agent.agent.id).unwrap().presence
}

async fn until(stage: &Stage, project: ProjectId, agent: &Arc<Actor>, wanted: Presence) {
    eventually(async || (presence(stage, project, agent).await == wanted).then_some(())).await;
}
