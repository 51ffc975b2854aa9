//! Whose work is, as it was then.

use chrono::Duration;
use domain::statistics::Whose;
use domain::{AgentId, Project, TeamId, TimeRange};
use store::Tx;
use store::people::NewTeam;
use store::statistics::Of;
use tests::on_both_engines;

use crate::fixture::{Fixture, at};

/// A team of a project with an agent in it.
async fn team_of(tx: &mut Tx, project: &Project, name: &str, agent: AgentId) -> TeamId {
    let new = NewTeam { project_id: project.id, name: name.to_owned(), line: 1, created_at: at(0) };
    let team = tx.insert_team(&new).await.unwrap().id;
    tx.add_team_member(team, agent).await.unwrap();
    team
}

on_both_engines! {
    async fn an_agent_works_for_the_team_of_the_session_or_else_for_their_only_one(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (agent, project) = (fixture.agent("ada@example.org").await, fixture.project.id);
        let elsewhere = fixture.project().await;
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.team_of_work(project, None, Some(agent)).await.unwrap(), None, "they are in none");
        team_of(&mut tx, &elsewhere, "other", agent).await;
        let first = team_of(&mut tx, &fixture.project, "first", agent).await;
        assert_eq!(tx.team_of_work(project, None, Some(agent)).await.unwrap(), Some(first));
        assert_eq!(tx.team_of_work(project, None, None).await.unwrap(), None);
        let second = team_of(&mut tx, &fixture.project, "second", agent).await;
        assert_eq!(tx.team_of_work(project, None, Some(agent)).await.unwrap(), None, "nobody knows for which");
        assert_eq!(tx.team_of_work(project, Some(second), Some(agent)).await.unwrap(), Some(second));
        let gone = tx.teams(&[second.0]).await.unwrap().remove(0);
        tx.delete_team(&gone, at(1)).await.unwrap();
        assert_eq!(tx.team_of_work(project, None, Some(agent)).await.unwrap(), Some(first));
    }

    async fn the_first_answer_stays_the_first_and_the_end_is_the_last(engine: Engine) {
        const SECOND: i64 = 1_000_000;
        let fixture = Fixture::new(engine).await;
        let (ada, bob) = (fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await);
        let mut session = fixture.session(7, at(0)).await;
        let of = Of { range: TimeRange::new(at(0), at(1)).unwrap(), agent_id: None, team_id: None };
        let mut tx = fixture.begin().await.unwrap();
        let team = team_of(&mut tx, &fixture.project, "first", ada).await;
        let second_line = team_of(&mut tx, &fixture.project, "second", bob).await;
        let times = |whose: (AgentId, TeamId), seconds| {
            [(Whose { agent_id: Some(whose.0), team_id: Some(whose.1) }, (Duration::seconds(seconds), 1_i64))]
        };
        // It ends without an answer first, and is taken up again.
        tx.note_conclusion(&session, Some(ada), at(2 * SECOND)).await.unwrap();
        tx.note_first_answer(&session, Some(ada), at(3 * SECOND + 1)).await.unwrap();
        session.team_id = Some(second_line);
        tx.note_first_answer(&session, Some(bob), at(4 * SECOND)).await.unwrap();
        assert_eq!(tx.first_responses(fixture.project.id, of).await.unwrap(), times((ada, team), 3));
        assert_eq!(tx.handling_times(fixture.project.id, of).await.unwrap(), times((ada, team), 2));
        tx.note_conclusion(&session, Some(bob), at(5 * SECOND)).await.unwrap();
        // Whoever gets it after that has no part in it.
        tx.note_conclusion(&session, Some(ada), at(5 * SECOND)).await.unwrap();
        assert_eq!(tx.handling_times(fixture.project.id, of).await.unwrap(), times((bob, second_line), 5));
        let theirs = Of { agent_id: Some(bob), team_id: Some(second_line), ..of };
        assert_eq!(tx.handling_times(fixture.project.id, theirs).await.unwrap().len(), 1);
        assert!(tx.first_responses(fixture.project.id, theirs).await.unwrap().is_empty());
        assert_eq!(tx.worked_sessions(fixture.project.id, of.range, 5).await.unwrap(), 1);
        assert_eq!(tx.worked_sessions(fixture.project.id, of.range, 0).await.unwrap(), 0, "it is counted no further");
    }
}
