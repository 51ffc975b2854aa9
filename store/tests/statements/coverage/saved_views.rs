//! Saved views and the sessions they show.

use domain::filter::SessionFilter;
use domain::{AgentId, Position, ProjectId, Sight, TagId, TeamId};
use store::Tx;
use store::saved_views::NewSavedView;

use crate::now;

pub async fn write_saved_views(tx: &mut Tx, project_id: ProjectId, agent: AgentId) {
    for owner_id in [Some(agent), None] {
        let (filter, created_at) = (SessionFilter::Resolved(true), now());
        let new = NewSavedView { project_id, owner_id, name: "Mine".to_owned(), filter, place: 1, created_at };
        let view = tx.insert_saved_view(&new).await.unwrap();
        tx.update_saved_view(&view).await.unwrap();
        assert_eq!(tx.saved_views_of(project_id, owner_id).await.unwrap(), std::slice::from_ref(&view));
        assert_eq!(tx.saved_views(&[view.id.0]).await.unwrap(), std::slice::from_ref(&view));
        tx.delete_saved_view(view.id).await.unwrap();
    }
    let filter = SessionFilter::All(vec![SessionFilter::Tag(vec![TagId(1)]), SessionFilter::UnreadFor(agent, true)]);
    tx.session_ids(project_id, &filter).await.unwrap();
    tx.session_ids_among(project_id, &[&filter], &[1, 2]).await.unwrap();
    let sight = Sight::Own { agent_id: agent, team_ids: [TeamId(1)].into() };
    let inbox = SessionFilter::All(vec![SessionFilter::VisibleTo(sight), filter]);
    tx.session_ids(project_id, &inbox).await.unwrap();
    tx.session_ids_among(project_id, &[&inbox, &SessionFilter::All(Vec::new())], &[1, 2]).await.unwrap();
    tx.changed_sessions(project_id, Position::START, 10).await.unwrap();
    tx.saved_views_of_project(project_id).await.unwrap();
}
